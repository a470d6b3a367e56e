"""The canary: a briefing for many goes to an admin before all others, the first who is reached.

If Telegram does not take it there, nobody else is troubled: the edition is held. So it is where
no admin is set: nothing goes to many unseen.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence

from bot.courier import Pages
from bot.log import brief
from bot.model import Address, Lost, Moved, NotFound, Rejected, Sent, TooMany, Unknown, Unsent
from bot.pacer import Lane, Pacer
from bot.post import Post
from bot.store import StoreError, TextDamaged
from bot.store.ledger import Ledger, Unproved
from bot.telling import Tells

MANY = 1_000
"""Chats beyond which a briefing goes to the admin first."""
AGAIN = 30.0
"""Seconds after a call whose end nobody knows; several such canaries do no harm."""

_LOG = logging.getLogger(__name__)


class _NotReachedError(Exception):
    """Why this admin cannot be written to."""


class Canary:
    """Proves editions. `prove` begins that, beside all else."""

    def __init__(
        self,
        ledger: Ledger,
        post: Post,
        pacer: Pacer,
        pages: Pages,
        alerts: Tells,
        admins: Sequence[int],
        language: str,
    ) -> None:
        self._ledger = ledger
        self._post = post
        self._pacer = pacer
        self._pages = pages
        self._alerts = alerts
        self._admins = admins
        self._language = language
        self._trial: asyncio.Task[None] | None = None
        self._next = 0.0

    async def prove(self) -> None:
        """Nothing; an edition for few is open, one for many is on its way to an admin."""
        if self._trial is not None and not self._trial.done():
            return
        found = await self._ledger.unproved(MANY)
        if found is None or time.monotonic() < self._next:
            return
        if found.count <= MANY:
            await self._ledger.prove(found.edition)
            return
        if not self._admins:
            await self._ledger.hold_edition(found.edition, "no admin")
            _LOG.error(
                "edition %d is held: more than %d chats want it, and there is no admin to get it"
                " first; set `admins`, then let the push go on",
                *(found.edition, MANY),
            )
            return
        self._trial = asyncio.create_task(self._try(found), name="canary")

    async def close(self) -> None:
        """Nothing; what has begun is broken off, to be begun anew after the start."""
        if self._trial is not None:
            self._trial.cancel()
            await asyncio.wait({self._trial})

    def forget(self) -> None:
        """Nothing; the next attempt need not wait."""
        self._next = 0.0

    async def _try(self, found: Unproved) -> None:
        try:
            why = await self._sent(found)
        except TextDamaged:
            why = "damaged"
        except StoreError as error:
            _LOG.error("the canary waits: %s", error)
            self._next = time.monotonic() + AGAIN
            return
        except Exception as error:
            _LOG.error("the canary cannot be made: %s", brief(error))
            why = "cannot be made"
        try:
            if why is None:
                _LOG.info("the canary of edition %d was taken", found.edition)
                await self._ledger.prove(found.edition)
            elif why:
                await self._ledger.hold_edition(found.edition, f"canary: {why}")
                briefing = await self._ledger.briefing(found.edition)
                await self._alerts.tell("alert.canary", briefing=briefing, reason=why)
            else:
                self._next = time.monotonic() + AGAIN
        except StoreError as error:
            _LOG.error("the canary waits: %s", error)

    async def _sent(self, found: Unproved) -> str | None:
        """None if an admin has all of it; why none will; empty if it is to be tried again."""
        why: str | None = "no admin"
        for number, admin in enumerate(self._admins, start=1):
            try:
                return await self._taken(found, Address(admin))
            except _NotReachedError as error:
                why = str(error)
                _LOG.warning("admin %d cannot be reached for the canary: %s", number, why)
        return why

    async def _taken(self, found: Unproved, address: Address) -> str | None:
        """As `_sent`, of one admin. _NotReachedError if it says nothing about the edition."""
        for part in await self._pages.parts(found.edition, found.revision, 0, self._language):
            await self._pacer.turn(Lane.CORRECTION, address.chat)
            match await self._post.send(address, part, silent=False):
                case Sent():
                    pass
                case TooMany(seconds):
                    self._pacer.halt(seconds)
                    return ""
                case Unsent() | Unknown() | Rejected():
                    return ""
                case Moved():
                    return "the admin's chat is no private chat"
                case Lost(reason) | NotFound(reason):
                    raise _NotReachedError(reason)
                case refused:
                    return getattr(refused, "reason", type(refused).__name__)
        return None
