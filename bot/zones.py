"""The time zones that a reader may choose: IANA names of the tzdata package, as lists by region.

The host's own zones count for nothing: `localtime` would be the server's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

_NEVER = frozenset({"localtime", "posixrules", "Factory"})
_TABLE = "zone.tab"
"""Zones that are in use, each with its country (tzdata)."""


@cache
def names() -> frozenset[str]:
    """Every zone that may be stored."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(
        name for name in listed if name not in _NEVER and not name.startswith(("posix/", "right/"))
    )


def zone(name: str) -> ZoneInfo | None:
    """The zone called *name*; None if there is none that may be stored."""
    return ZoneInfo(name) if name in names() else None


def written(text: str) -> str | None:
    """The zone whose name a reader wrote in any case: `europe/oslo`, `UTC`; None if it is none.

    Bare words are places, not the old names of zones that they may also be.
    """
    sought = "_".join(text.split()).casefold()
    if "/" not in sought and sought not in ("utc", "gmt"):
        return None
    return next((name for name in names() if name.casefold() == sought), None)


def label(name: str) -> str:
    """What a button shows of the zone *name* under its region."""
    return name.partition("/")[2].replace("_", " ") or name


@cache
def regions() -> Mapping[str, Sequence[str]]:
    """The zones in use by region, both in alphabetical order."""
    found: dict[str, list[str]] = {}
    for name in sorted(countries()):
        found.setdefault(name.partition("/")[0], []).append(name)
    return {region: tuple(found[region]) for region in sorted(found)}


@cache
def countries() -> Mapping[str, str]:
    """The country code of each zone in use."""
    table = resources.files("tzdata").joinpath("zoneinfo", _TABLE).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows if row[2] in names()}
