"""What became of deliveries, on its way into the ledger: a few at a time, until it is written."""

from __future__ import annotations

import asyncio
import logging
import time

from bot.store import StoreError
from bot.store.ledger import Ledger
from bot.store.outcomes import Outcome

FLUSH = 0.02
"""Seconds for which an outcome waits for others, at most."""
MOST = 256
"""Outcomes written in one transaction."""
AGAIN = 1.0
"""Seconds before a write that failed is tried again."""

_LOG = logging.getLogger(__name__)


class Acks:
    """Outcomes that are not yet in the ledger. They are kept until they are."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: list[Outcome] = []
        self._some = asyncio.Event()
        self.failing_since: float | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, outcome: Outcome) -> None:
        """Nothing; *outcome* is written soon."""
        self._waiting.append(outcome)
        self._some.set()

    async def run(self) -> None:
        """Never; writes what comes. Cancel it between two writes: then call `flush`."""
        while True:
            await self._some.wait()
            await asyncio.sleep(FLUSH)
            if not await self.flush():
                await asyncio.sleep(AGAIN)

    async def flush(self) -> bool:
        """Whether all that waited is written; if not, it still waits."""
        while self._waiting:
            batch = self._waiting[:MOST]
            try:
                await self._ledger.settle(batch)
            except StoreError as error:
                if self.failing_since is None:
                    _LOG.error("the ledger cannot be written, the push waits: %s", error)
                    self.failing_since = time.monotonic()
                return False
            del self._waiting[: len(batch)]
            if self.failing_since is not None:
                _LOG.warning("the ledger is written again")
                self.failing_since = None
        self._some.clear()
        return True

    async def close(self, seconds: float) -> None:
        """Nothing; all is written, or was tried again for so many *seconds*."""
        over = time.monotonic() + seconds
        while not await self.flush():
            if time.monotonic() >= over:
                _LOG.error("%d outcomes are lost: they stay uncertain", len(self._waiting))
                return
            await asyncio.sleep(FLUSH)
