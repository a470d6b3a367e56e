"""A turn: one attempt at one update. What a handler is given, and all it may ask about the loop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Update


@dataclass(frozen=True, slots=True)
class Turn:
    """Attempt *number* (from 1) at *update*; it is cut off at *deadline* (event loop time)."""

    update: Update
    number: int
    deadline: float

    @property
    def again(self) -> bool:
        """Whether an earlier attempt may have reached the reader: then a copy makes no sound."""
        return self.number > 1

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - asyncio.get_running_loop().time()
