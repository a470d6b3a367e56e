"""What the push goes by: how often it does what, and what the operator set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.schedule import Quiet

MORE = 0.25
"""Seconds between two ticks while more is due than one of them plans: deliveries have these."""
LONG_HALT = dt.timedelta(minutes=5)
"""The admins are told of a longer pause, as soon as it lets them be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How often the push does what, in seconds. Tests make it short."""

    tick: float = 1.0
    look: float = 0.4
    idle: float = 0.25
    again: float = 1.0
    land: float = 7.0
    flush: float = 1.5
    chunks: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the operator set: who is told, when it is quiet, whether a day without news has a line.

    `language` is the one of the canary message.
    """

    admins: Sequence[int]
    quiet: Quiet
    quiet_line: bool
    language: str
