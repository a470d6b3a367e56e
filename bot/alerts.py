"""Alerts: one sentence to each admin in private when something wants the operator.

Telling holds nobody up: the sentence goes out beside what it is about, between answers, again and
again while Telegram cannot be reached. It stands in the log in any case.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.api import wait_of
from bot.log import brief
from bot.pacer import Lane
from bot.render import LONGEST, cut
from bot.texts import Texts

ONCE_IN = 3600.0
"""Seconds in which the same sentence is told once, and for which a failing send is repeated."""
MOST_WAITING = 64
"""Sentences that wait for Telegram at a time; further ones stand in the log alone."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a send that failed is repeated; doubled each time."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LOG = logging.getLogger(__name__)


class Turns(Protocol):
    """Who says when a message may go out: the pacer."""

    async def turn(self, lane: Lane, chat: int) -> None:
        """Nothing; returns when a message to *chat* may be written."""

    def halt(self, seconds: float) -> None:
        """Nothing; Telegram asked for a pause of that many *seconds*."""


class Alerts:
    """Tells the admins. `close` it with the bot."""

    def __init__(
        self,
        bot: Bot,
        pacer: Turns,
        admins: Iterable[int],
        texts: Texts,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._pacer = pacer
        self._admins = tuple(admins)
        self._texts = texts
        self._clock = clock
        self._told: dict[str, float] = {}
        self._sending: set[asyncio.Task[None]] = set()

    async def tell(self, key: str, /, **values: object) -> None:
        """Nothing; the sentence *key* is on its way to each admin, unless it was told lately.

        KeyError and ValueError as for `Texts.say`: our own doing. Nothing that Telegram does
        raises here.
        """
        said, now = self._texts.say(key, **values), self._clock()
        self._told = {text: at for text, at in self._told.items() if now - at < ONCE_IN}
        if said in self._told:
            return
        self._told[said] = now
        _LOG.warning("for the operator: %s", said)
        for admin in self._admins:
            if len(self._sending) >= MOST_WAITING:
                _LOG.warning("admin %d is not told: too much waits already", admin)
                continue
            task = asyncio.create_task(self._send(admin, cut(said, LONGEST)), name="alert")
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Nothing; what could not be sent so far stays in the log."""
        for task in self._sending:
            task.cancel()
        if self._sending:
            await asyncio.wait(self._sending)

    async def _send(self, admin: int, text: str) -> None:
        """Nothing; *text* reached *admin*, or cannot, or its time is over."""
        over, pause = self._clock() + ONCE_IN, FIRST_PAUSE
        while self._clock() < over:
            try:
                await self._pacer.turn(Lane.ANSWER, admin)
                await self._bot.send_message(admin, text, link_preview_options=_NO_PREVIEW)
            except (Forbidden, BadRequest, ChatMigrated) as error:
                _LOG.warning("admin %d cannot be told: %s", admin, brief(error))
                return
            except RetryAfter as error:
                self._pacer.halt(wait_of(error))
            except TelegramError as error:
                _LOG.info("admin %d is told in %.0f s: %s", admin, pause, brief(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:  # nobody waits for us who could be told
                _LOG.error("admin %d cannot be told: %s", admin, brief(error))
                return
            else:
                return
