"""Builds that are known to be bad, made of the real one. The checker must fail each of them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

BATCH, PATIENCE = 1_000, 5.0
"""Messages that are recorded together, and the seconds after which fewer are."""


def late() -> None:
    """What was sent is recorded when the batch is over, as a cursor moved after it would be."""
    from bot.store.ledger import Ledger

    plain = Ledger.settle
    kept: list[Any] = []
    timers: list[asyncio.Task[None]] = []

    async def flush(ledger: Ledger) -> None:
        outcomes, kept[:] = list(kept), []
        await plain(ledger, outcomes)

    async def flush_later(ledger: Ledger) -> None:
        await asyncio.sleep(PATIENCE)
        timers.clear()
        await flush(ledger)

    async def settle(self: Ledger, outcomes: Sequence[Any]) -> None:
        kept.extend(outcomes)
        if len(kept) >= BATCH:
            await flush(self)
        elif not timers:
            timers.append(asyncio.create_task(flush_later(self)))

    setattr(Ledger, "settle", settle)  # noqa: B010 - mypy would not have it assigned


class Limiter:
    """PTB's AIORateLimiter as documented: a bucket that starts empty, a halt that is an event.

    Whatever request ends lifts the halt. (aiolimiter, which PTB's own needs, is not installed.)
    """

    def __init__(self, per_second: int) -> None:
        self._rate = per_second
        self._level, self._seen = 0.0, time.monotonic()
        self._line = asyncio.Lock()
        self._open = asyncio.Event()
        self._open.set()
        self._halts: set[asyncio.Task[None]] = set()

    async def turn(self) -> None:
        """Nothing; returns when the bucket has room and no halt is on."""
        async with self._line:
            while not self._room():  # noqa: ASYNC110 - so does aiolimiter, more or less
                await asyncio.sleep(1 / self._rate)
            self._level += 1
        await self._open.wait()

    def halt(self, seconds: float) -> None:
        """Nothing; no turn until the time is over, or any request ends."""

        async def lift() -> None:
            await asyncio.sleep(seconds + 0.1)
            self._open.set()

        self._open.clear()
        task = asyncio.create_task(lift())
        self._halts.add(task)
        task.add_done_callback(self._halts.discard)

    def ended(self) -> None:
        """Nothing; a request ended, other than with 429."""
        self._open.set()

    def _room(self) -> bool:
        now = time.monotonic()
        self._level = max(0.0, self._level - (now - self._seen) * self._rate)
        self._seen = now
        return self._level + 1 <= self._rate


def aio() -> None:
    """PTB's limiter in the place of the pacer."""
    from bot.pacer import Pacer

    limiters: dict[int, Limiter] = {}

    def of(pacer: Pacer) -> Limiter:
        return limiters.setdefault(id(pacer), Limiter(pacer.per_second))

    async def turn(self: Pacer, lane: object, chat: int) -> None:
        await of(self).turn()

    async def opened(self: Pacer) -> None:
        return None

    def halt(self: Pacer, seconds: float) -> None:
        of(self).halt(seconds)

    plain = HTTPXRequest.do_request

    async def call(self: HTTPXRequest, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        found = await plain(self, url, *args, **more)
        if url.endswith("/sendMessage") and found[0] != 429:
            for limiter in limiters.values():
                limiter.ended()
        return found

    for owner, name, new in (
        (Pacer, "turn", turn),
        (Pacer, "open", opened),
        (Pacer, "halt", halt),
        (HTTPXRequest, "do_request", call),
    ):
        setattr(owner, name, new)


def retry() -> None:
    """`except NetworkError: retry`, as if none of them had ever arrived."""
    from bot import results
    from bot.model import Unsent

    plain = results.of

    def of(error: Exception) -> Any:
        return Unsent("NetworkError") if isinstance(error, NetworkError) else plain(error)

    for name, module in list(sys.modules.items()):
        if name.startswith("bot.") and getattr(module, "of", None) is plain:
            setattr(module, "of", of)  # noqa: B010 - mypy knows only that it is a module


VARIANTS: dict[str, Callable[[], None]] = {"late": late, "aio": aio, "retry": retry}
