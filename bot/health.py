"""Whether the bot hears Telegram: the time of the last successful poll, in memory and on disk.

A thread ends a process that has gone deaf, since a wedged event loop cannot end itself.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

DEAF_AFTER = 90.0
"""Seconds without a successful poll after which the bot counts as deaf."""

DEAF_EXIT = 3
"""Exit code of a process that the watchdog ended."""

FILE = "health"
"""Name of the file in the data directory; its time of change is that of the last poll.

What it holds is wrong; UNHEARD until the first poll.
"""

UNHEARD = "unheard"
"""What the file holds while the bot runs and no poll has succeeded yet."""

_LOG = logging.getLogger(__name__)


class Health:
    """When the last poll succeeded. A start has its time, too; the file waits for a real poll."""

    def __init__(
        self,
        path: Path,
        limit: float = DEAF_AFTER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._limit = limit
        self._clock = clock
        self._last = clock()
        self._heard = False
        self._began = False
        self.trouble: Callable[[], str | None] = lambda: None
        """Asked at each poll: what is wrong although Telegram is heard; None if nothing is."""

    @property
    def limit(self) -> float:
        """Seconds that may pass between two successful polls."""
        return self._limit

    @property
    def heard(self) -> bool:
        """Whether any poll has succeeded yet."""
        return self._heard

    @property
    def healthy(self) -> bool:
        """Whether the last poll is recent enough."""
        return self._clock() - self._last < self._limit

    def begin(self) -> None:
        """Nothing; from now on the file says that the bot runs, and that it has heard nothing."""
        self._began = True
        self._write(UNHEARD)

    def note(self) -> None:
        """Nothing; a poll has just succeeded. A file that cannot be written is only logged."""
        self._last = self._clock()
        self._heard = True
        self._write(self.trouble() or "")

    def excuse(self) -> None:
        """Nothing; nobody is there to be heard, and no restart mends that.

        The file still has the time of the last poll; before the first one it says again that the
        bot runs.
        """
        self._last = self._clock()
        if self._began and not self._heard:
            self._write(UNHEARD)

    def _write(self, wrong: str) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            self._path.write_text(wrong, encoding="utf-8")
        except OSError as error:
            _LOG.error("cannot write %s: %s", self._path, error.strerror)

    def close(self) -> None:
        """Nothing; the bot has ended in order: the file no longer says that it hears."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _LOG.error("cannot remove %s: %s", self._path, error.strerror)


def found(path: Path, now: float, limit: float = DEAF_AFTER) -> str:
    """What *path* tells at *now* (Unix time), in a line for the operator."""
    try:
        age = max(0, round(now - path.stat().st_mtime))
    except FileNotFoundError:
        return f"not running, or still reading its briefings: there is no {path}"
    except OSError as error:
        return f"unknown: {path} cannot be read: {error.strerror}"
    trouble = _trouble(path)
    if trouble == UNHEARD and age < limit:
        return "unheard: it runs, and has not heard Telegram yet; its log says why"
    if trouble == UNHEARD:
        return f"not running: it broke off {age} s ago, and had not heard Telegram"
    if trouble:
        return f"unwell: {trouble}"
    if recent(path, now, limit):
        return f"healthy: Telegram was heard {age} s ago"
    return f"deaf: Telegram was last heard {age} s ago, and {limit:.0f} s is the limit"


def recent(path: Path, now: float, limit: float = DEAF_AFTER) -> bool:
    """Whether *path* was touched less than *limit* seconds before *now*, and tells no trouble."""
    try:
        return now - path.stat().st_mtime < limit and not _trouble(path)
    except OSError:
        return False


def _trouble(path: Path) -> str:
    """What *path* says is wrong; empty if it says nothing."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


class Watchdog(threading.Thread):
    """A thread that ends the process once *health* is bad, whatever the event loop does."""

    def __init__(self, health: Health, leave: Callable[[int], object] = os._exit) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._health = health
        self._leave = leave
        self._over = threading.Event()

    def run(self) -> None:
        """Nothing; looks several times per limit, until `stop`."""
        while not self._over.wait(self._health.limit / 10):
            if not self._health.healthy:
                _LOG.critical("no successful poll for %.0f s: exit", self._health.limit)
                logging.shutdown()
                self._leave(DEAF_EXIT)
                return

    def stop(self) -> None:
        """Nothing; the thread ends at once and the process stays."""
        self._over.set()
