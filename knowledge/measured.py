"""What was measured of the store that is loaded: in its mode, with the thresholds in force.

Pure; the figures themselves and their file are the business of rates.py.
"""

from __future__ import annotations

from dataclasses import asdict

from knowledge.choice import Policy
from knowledge.library import Library
from knowledge.model import Briefing
from knowledge.tally import Measured


def thresholds() -> tuple[str, ...]:
    """The thresholds in force, as `name value`, in the order of the policy."""
    return tuple(f"{name} {value}" for name, value in asdict(Policy()).items())


def in_force(entry: Measured) -> bool:
    """Whether *entry* was measured with the thresholds in force."""
    return entry.thresholds == thresholds()


def uses_meaning(library: Library) -> bool:
    """Whether *library* has the semantic extra in use."""
    return library.encoder is not None


def measured(library: Library, briefing: Briefing) -> Measured | None:
    """What was measured of *briefing* in the mode of *library*; None if not as it is now."""
    mode = uses_meaning(library)
    return next((e for e in briefing.measured if e.meaning is mode and in_force(e)), None)
