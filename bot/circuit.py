"""What trips: calls that do not get through stop all but a probe, broken content its edition."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field

from bot.model import Refused, Rejected, Result, Unfit, Unknown, Unsent

PROBE = 1.0
"""Seconds between two calls while Telegram cannot be reached."""
PROBE_TOKEN = 5.0
"""Seconds between two calls while the token is not taken."""
UNSURE = 5
"""Calls in a row whose end nobody knows, after which one at a time asks."""
LONGEST_PROBE = 60.0
"""Seconds, at most, between two such calls: each may be a copy, so their pauses double."""
BROKEN = 5
"""Calls in which Telegram cannot read the content of an edition, before it is held."""
REFUSALS, AMONG = 5, 50
"""Calls that Telegram refuses for a reason that we do not know, among so many of an edition."""


@dataclass(slots=True)
class Circuit:
    """Whether calls reach Telegram; while they do not, one at a time asks."""

    _next: float | None = None
    _pause: float = PROBE
    _unsure: int = 0  # in a row

    @property
    def open(self) -> bool:
        """Whether calls are kept back."""
        return self._next is not None

    @property
    def may_ask(self) -> bool:
        """Whether it is time for a call that asks."""
        return self._next is not None and time.monotonic() >= self._next

    def note(self, result: Result) -> None:
        """Nothing; a call came to *result*. Any word of Telegram's own closes the circuit."""
        now = time.monotonic()
        match result:
            case Unsent():
                self._next = now + PROBE
            case Rejected():
                self._next = now + PROBE_TOKEN
            case Unknown():
                self._unsure += 1
                if self._next is None and self._unsure >= UNSURE:
                    self._next = now + self._pause
                elif self._next is not None and now >= self._next:  # else it was under way before
                    self._pause = min(2 * self._pause, LONGEST_PROBE)
                    self._next = now + self._pause
            case _:
                self._next, self._pause, self._unsure = None, PROBE, 0


@dataclass(slots=True)
class Breaker:
    """Which editions Telegram will not take, whoever they are for."""

    _unfit: Counter[int] = field(default_factory=Counter)
    _lately: dict[int, deque[bool]] = field(default_factory=dict)  # was a call refused?

    def broken(self, edition: int, result: Result) -> str | None:
        """Why *edition* is to be held now that a call of it came to *result*; None if it is not."""
        match result:
            case Unfit(reason):
                self._unfit[edition] += 1
                return reason if self._unfit[edition] >= BROKEN else None
            case Unsent() | Unknown() | Rejected():
                return None
        lately = self._lately.setdefault(edition, deque(maxlen=AMONG))
        lately.append(isinstance(result, Refused))
        if isinstance(result, Refused) and sum(lately) >= REFUSALS:
            return result.reason
        return None

    def reset(self) -> None:
        """Nothing; what was broken may be tried again."""
        self._unfit.clear()
        self._lately.clear()
