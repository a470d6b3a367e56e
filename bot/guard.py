"""The time that the push goes by: the wall clock, as long as it moves as time does.

A clock that jumps is not believed at once. The time since the start of the machine, which no one
can set, tells by how much it jumped.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable

JUMP = dt.timedelta(minutes=2)
"""By how much the clock may be moved between two looks without a word."""
DOUBT = 60.0
"""Seconds for which the push rests after a jump; a clock that then stays is believed."""
FARTHEST = dt.timedelta(hours=26)
"""A longer jump is believed only when the operator says so, or at the next start."""

_LOG = logging.getLogger(__name__)


def boot_time() -> float:
    """Seconds since the machine started, time asleep included."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # macOS has no other
    return time.clock_gettime(clock)


class Guard:
    """Compares the *clock* with the time since *boot*, at each `look`."""

    def __init__(
        self, clock: Callable[[], dt.datetime], boot: Callable[[], float] = boot_time
    ) -> None:
        self._clock = clock
        self._boot = boot
        self._jumped_at: float | None = None
        self.accept()

    def now(self) -> dt.datetime:
        """The time as it would be without the jump that is in doubt."""
        return self._wall + dt.timedelta(seconds=self._boot() - self._then)

    @property
    def doubts(self) -> bool:
        """Whether the clock jumped, and is not believed yet."""
        return self._jumped_at is not None

    def accept(self) -> None:
        """Nothing; the clock is right as it is."""
        self._wall, self._then = self._clock(), self._boot()
        self._jumped_at = None

    def look(self) -> dt.timedelta:
        """By how much the clock was moved, once that is believed; nothing while it is in doubt."""
        moved = self._clock() - self.now()
        still = dt.timedelta()
        if abs(moved) <= JUMP:
            self.accept()
            return still
        if self._jumped_at is None:
            _LOG.error("the clock jumped by %s: the push rests", moved)
            self._jumped_at = self._boot()
        if self._boot() - self._jumped_at < DOUBT or abs(moved) > FARTHEST:
            return still
        _LOG.warning("the clock is believed, moved by %s", moved)
        self.accept()
        return moved
