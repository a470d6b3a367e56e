"""Long polling that never goes deaf and never confirms what is not answered.

Our own loop over getUpdates: PTB's confirms a batch before its handlers ran, and ends for good at
one 401. Here the offset rises only when each update of the batch was answered or given up. While
Telegram wants nothing sent, nothing is fetched: it keeps what comes for a day.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import Bot, Update
from telegram.error import Conflict, NetworkError, RetryAfter

from bot.api import ALLOWED_UPDATES, unreachable, wait_of
from bot.health import Health
from bot.log import brief
from bot.pacer import Pacer
from bot.telling import Tells
from bot.work import Worker

CONFLICTS = 2
"""Refused polls in a row that show another process; one may be our own, or end an older one."""

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When the loop asks, in seconds. Telegram cuts `wait` to 50."""

    batch: int = 100
    wait: int = 30
    heartbeat: float = 25.0
    first_pause: float = 1.0
    longest_pause: float = 30.0
    farewell: float = 2.0


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """The stop was asked for while something waited."""


class Pauses:
    """How long to wait after each failure in a row: doubling, with jitter, within bounds."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0

    def after(self, error: BaseException) -> float:
        """Seconds to wait after *error*: what Telegram asks for, else by the count so far."""
        if isinstance(error, RetryAfter):
            return wait_of(error)
        steep: float = min(self._longest, self._first * 2 ** min(self._failures, 16))
        self._failures += 1
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return max(self._first, steep * jitter)

    def reset(self) -> None:
        """Nothing; the last try went well."""
        self._failures = 0


async def unless(stop: asyncio.Event, waiting: Awaitable[_T]) -> _T:
    """What *waiting* gives; Stopped, and *waiting* cancelled, once *stop* is set."""
    task = asyncio.ensure_future(waiting)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Stopped
        return task.result()
    finally:
        stopping.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


async def insist(
    what: str,
    call: Callable[[], Awaitable[_T]],
    stop: asyncio.Event,
    pauses: Pauses,
    final: tuple[type[Exception], ...] = (),
) -> _T:
    """What *call* gives, however often it fails first; Stopped once *stop* is set.

    An error of a *final* type is raised: trying again would not help.
    """
    while True:
        try:
            found = await unless(stop, call())
        except Exception as error:
            if isinstance(error, (Stopped, *final)):
                raise
            pause = pauses.after(error)
            _LOG.warning("%s failed, next in %.1f s: %s", what, pause, brief(error))
            await unless(stop, asyncio.sleep(pause))
        else:
            pauses.reset()
            return found


class Poller:
    """The loop. `run` returns once *stop* is set and what can be confirmed is confirmed."""

    def __init__(
        self,
        bot: Bot,
        worker: Worker,
        health: Health,
        rhythm: Rhythm,
        pacer: Pacer,
        alerts: Tells,
    ) -> None:
        self._bot = bot
        self._worker = worker
        self._health = health
        self._rhythm = rhythm
        self._pacer = pacer
        self._alerts = alerts
        self._offset: int | None = None
        self._pauses = Pauses(rhythm.first_pause, rhythm.longest_pause)
        self._conflicts = 0  # since the last poll that went well

    async def run(self, stop: asyncio.Event) -> None:
        """Nothing; whatever goes wrong, the loop goes on until *stop*."""
        with contextlib.suppress(Stopped):
            while not stop.is_set():
                if self._pacer.halt_left:
                    async with self._heartbeat():
                        await unless(stop, self._pacer.open())
                updates = await insist("getUpdates", self._next, stop, self._pauses)
                try:
                    async with self._heartbeat():
                        self._offset = await self._worker.work(updates, self._offset, stop)
                except Exception as error:
                    _LOG.error("the batch broke off: %s", brief(error))
                    await unless(stop, asyncio.sleep(self._pauses.after(error)))
        await self._confirm()

    async def _next(self) -> tuple[Update, ...]:
        """The next batch. The first call does not wait, so that a start is soon known to hear."""
        wait = self._rhythm.wait if self._health.heard else 0
        return await self._poll(self._rhythm.batch, wait)

    async def _poll(self, limit: int, wait: int) -> tuple[Update, ...]:
        try:
            updates = await self._bot.get_updates(
                offset=self._offset, limit=limit, timeout=wait, allowed_updates=ALLOWED_UPDATES
            )
        except NetworkError as error:
            if unreachable(error):
                self._health.excuse()
            raise
        except Conflict:
            self._conflicts += 1
            if self._conflicts >= CONFLICTS:
                await self._alerts.tell("alert.conflict")
            raise
        self._conflicts = 0
        self._health.note()
        return updates

    @contextlib.asynccontextmanager
    async def _heartbeat(self) -> AsyncIterator[None]:
        """Asks now and then while a batch is worked on, confirming nothing: we still hear."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(self._rhythm.heartbeat)
                try:
                    await self._poll(1, 0)
                except Exception as error:
                    _LOG.warning("heartbeat failed: %s", brief(error))

        task = asyncio.create_task(beat(), name="heartbeat")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _confirm(self) -> None:
        """Tells Telegram what is over; if that fails, the store knows it after a restart."""
        if self._offset is None:
            return
        try:
            async with asyncio.timeout(self._rhythm.farewell):
                await self._poll(1, 0)
        except Exception as error:
            _LOG.warning("the last batch could not be confirmed: %s", brief(error))
