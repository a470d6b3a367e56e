"""What is done now and then beside the push: the mark, a backup an hour, old rows out."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.apart import apart
from bot.log import brief
from bot.store import Store, StoreError, keep

MARK = 10.0
"""Seconds from one mark to the next."""
BACKUP = 3600.0
"""Seconds from one backup to the next."""
PRUNE = 86_400.0
"""Seconds from one deletion of old rows to the next."""

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Upkeep:
    """Looks after the file of *store*. `now` is the time that the push goes by."""

    store: Store
    now: Callable[[], dt.datetime]

    async def run(self, stop: asyncio.Event) -> None:
        """Nothing; returns soon after *stop*."""
        stopping = asyncio.create_task(stop.wait())
        await self._quietly(self._tidy)
        jobs = [
            asyncio.create_task(self._each(seconds, wait, job), name="upkeep")
            for seconds, wait, job in (
                (MARK, 0.0, self._mark),
                (BACKUP, 60.0, self._backup),
                (PRUNE, 300.0, self._prune),
            )
        ]
        await asyncio.wait({stopping})
        for job in jobs:
            job.cancel()
        await asyncio.wait(jobs)
        await self._quietly(self._mark)

    async def _each(self, seconds: float, wait: float, job: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(wait)
        while True:
            await self._quietly(job)
            await asyncio.sleep(seconds)

    async def _quietly(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except StoreError as error:
            _LOG.error("%s", error)
        except Exception as error:
            _LOG.error("the upkeep broke off: %s", brief(error))

    async def _mark(self) -> None:
        await keep.Mark(self.store.db).set(self.now())

    async def _tidy(self) -> None:
        await apart(keep.tidy, self.store.db.path, self.now())

    async def _backup(self) -> None:
        made = await apart(keep.backup, self.store.db.path, self.now())
        _LOG.info("backup %s", made)
        await self.store.db.scrub()

    async def _prune(self) -> None:
        deleted = await keep.prune(self.store.db, self.now())
        if deleted:
            _LOG.info("%d rows deleted whose time was over", deleted)
