"""What is due, and what else is to be done to the ledger at each tick of the push."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from importlib.metadata import version

from bot.schedule import Quiet, quiet_until
from bot.store import Store
from bot.store.planning import Planned, Planner

ZONES = "zones"
"""Under which key the store keeps by which rules of time zones the hours are computed."""

BUDGET = 0.12
"""Seconds after which a step plans no further: the rest is as due at the next one."""

MISSING = dt.timedelta(seconds=10)
"""Between two steps there is less, unless the clock was in doubt or the machine slept."""

_LOG = logging.getLogger(__name__)


class Agenda:
    """Brings the ledger up to a moment, of what is due *chunks* of `planning.CHUNK` at a time.

    *planned* is told of each; it says whether to go on.
    """

    def __init__(
        self,
        store: Store,
        quiet: Quiet,
        *,
        quiet_line: bool,
        chunks: int,
        planned: Callable[[Planned], bool],
    ) -> None:
        self._store = store
        self._quiet = quiet
        self._chunks = chunks
        self._planned = planned
        self._planner = Planner(store.db, quiet, quiet_line)
        self._last: dt.datetime | None = None
        self._rebuilt: int | None = None  # the last subscription whose hour was computed anew

    async def begin(self) -> None:
        """Nothing; hours are computed anew: rules of zones, and clocks, change between starts."""
        self.anew()
        rules, ledger = version("tzdata"), self._store.ledger
        before = await ledger.noted(ZONES)
        if before != rules:
            await ledger.note(ZONES, rules)
            if before is not None:
                _LOG.info("time zones changed (%s): hours are computed anew", rules)

    def anew(self) -> None:
        """Nothing; from now on all hours are computed anew, some at each step."""
        self._rebuilt = 0

    async def bring(self, now: dt.datetime) -> bool:
        """Whether more is due; one step: hours, pauses that end, what is due, cancelled, corrected.

        A step that is missing, or a time that came before: the clock was in doubt meanwhile.
        """
        over, last, self._last = time.monotonic() + BUDGET, self._last, now
        if last is not None and not dt.timedelta() <= now - last <= MISSING:
            self.anew()
        if self._rebuilt is not None:
            self._rebuilt = await self._planner.rebuild(now, self._rebuilt)
        while await self._store.subscriptions.wake(now):
            pass
        more = await self._plan(now, over)
        await self._store.ledger.sweep(now)
        await self._store.editions.plan_corrections(
            now, lambda zone: quiet_until(now, zone, self._quiet) or now
        )
        return more

    async def _plan(self, now: dt.datetime, over: float) -> bool:
        for _ in range(self._chunks):
            planned = await self._planner.plan(now)
            if planned.rows:
                _LOG.info("%d were due, %d messages wait", planned.due, planned.rows)
            if not self._planned(planned) or not planned.more:
                return False
            if time.monotonic() > over:
                break
        return True
