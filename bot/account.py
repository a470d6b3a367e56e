"""The bot's account at Telegram, from the first call of a start to the last one of its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import Bot, BotCommand
from telegram.error import InvalidToken

from bot.commands import COMMANDS
from bot.log import brief
from bot.polling import Pauses, Rhythm, Stopped, insist, unless
from bot.texts import Texts

REJECTED = "Telegram rejects the token: ask @BotFather for a valid one (/token)"

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


class StartError(Exception):
    """The bot cannot start until the operator changes something; the text says what."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is done with *bot* before and after all else; `stop` ends any waiting for that."""

    bot: Bot
    texts: Texts
    rhythm: Rhythm
    stop: asyncio.Event

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """A bot that knows its name, has no webhook, and shows its commands."""
        try:
            await self._insist("getMe", self.bot.initialize)
            await self._insist("deleteWebhook", self.bot.delete_webhook)
            await self._show_commands()
            _LOG.info("@%s is listening", self.bot.username)
            yield
        finally:
            await self.bot.shutdown()

    async def _show_commands(self) -> None:
        """Nothing; the menu is a nicety: if Telegram will not take it now, the bot starts."""
        line = self.texts.line
        menu = [BotCommand(name, line(name)) for name in COMMANDS]
        try:
            await unless(self.stop, self.bot.set_my_commands(menu))
        except Stopped:
            raise
        except Exception as error:
            _LOG.warning("the command menu was not set: %s", brief(error))

    async def _insist(self, what: str, call: Callable[[], Awaitable[_T]]) -> _T:
        """What *call* gives, tried until it works. StartError if the token is at fault."""

        async def once() -> _T:
            try:
                return await call()
            except InvalidToken as error:
                raise StartError(REJECTED) from error

        pauses = Pauses(self.rhythm.first_pause, self.rhythm.longest_pause)
        return await insist(what, once, self.stop, pauses, final=(StartError,))
