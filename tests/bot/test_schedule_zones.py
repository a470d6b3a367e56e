"""One slot per local date in every time zone, around every change of its clocks, 2020 to 2037.

The reference knows the instants at which offsets change, found by asking for the offset of every
day, and RFC 5545: nothing of `fold`. The zones are those of the tzdata package; such as agree for
all these years are one case.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.model import EVERY_DAY, Slot, Wish
from bot.schedule import next_slot

SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
BEGIN, END = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2038, 1, 1, tzinfo=dt.UTC)
QUARTERS = range(0, 24 * 60, 15)
AROUND = range(-1, 3)
"""Days from that of a change that are looked at: a gap may reach into the next one."""


@dataclass(frozen=True)
class Change:
    """The instant from which clocks show another offset."""

    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta


def offset(zone: ZoneInfo, at: dt.datetime) -> dt.timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found


def changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[Change]:
    """Each change of the offset, to the second. Two within a day that cancel would be missed."""
    before = offset(zone, begin)
    while begin < end:
        tomorrow = begin + DAY
        after = offset(zone, tomorrow)
        if after != before:
            yield Change(first_second(zone, begin, before), before, after)
        begin, before = tomorrow, after


def first_second(zone: ZoneInfo, low: dt.datetime, before: dt.timedelta) -> dt.datetime:
    high = low + DAY
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        if offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def shown(
    date: dt.date, minute: int, near: Sequence[Change], constant: dt.timedelta
) -> dt.datetime:
    """The instant that RFC 5545 gives the minute of the date: *near* are all changes close by."""
    wall = dt.datetime.combine(date, dt.time(), dt.UTC) + dt.timedelta(minutes=minute)
    if not near:
        return wall - constant
    edges = [None, *(change.at for change in near), None]
    offsets = [near[0].before, *(change.after for change in near)]
    for (start, stop), shift in zip(pairwise(edges), offsets, strict=True):
        at = wall - shift
        if (start is None or start <= at) and (stop is None or at < stop):
            return at  # the first of two
    return next(
        wall - change.before
        for change in near
        if change.at + change.before <= wall < change.at + change.after
    )


def chain(wish: Wish, after: dt.datetime, until: dt.date) -> list[Slot]:
    """The slots after *after*, each found from the one before, to the date *until*."""
    found: list[Slot] = []
    beyond = None
    while beyond is None or beyond < until:
        slot = next_slot(wish, after, beyond)
        found.append(slot)
        after, beyond = slot.at, slot.date
    return [slot for slot in found if slot.date <= until]


def check(zone: ZoneInfo, change: Change, near: Sequence[Change]) -> int:
    """How many slots were looked at; every quarter hour of the days around the change."""
    here = (change.at + change.before).date()
    dates = [here + DAY * n for n in AROUND]
    for minute in QUARTERS:
        expected = [Slot(date=d, at=shown(d, minute, near, change.before)) for d in dates]
        start = expected[0].at - SECOND
        every = chain(Wish(zone=zone, minute=minute), start, dates[-1])
        assert every == expected, (zone.key, change, minute)
        others = EVERY_DAY & ~(1 << here.weekday())
        without = chain(Wish(zone=zone, minute=minute, days=others), start, dates[-1])
        assert without == [s for s in expected if s.date != here], (zone.key, change, minute)
    return len(QUARTERS) * len(dates)


def test_every_zone_has_one_slot_per_local_date_around_every_change() -> None:
    names = [
        name
        for name in available_timezones()
        if name not in {"localtime", "posixrules", "Factory"}
        and not name.startswith(("posix/", "right/"))
    ]
    files: dict[bytes, list[str]] = {}
    for name in sorted(names):
        file = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
        files.setdefault(file.read_bytes(), []).append(name)
    cases: dict[tuple[dt.timedelta, tuple[Change, ...]], ZoneInfo] = {}
    seen = slots = 0
    for data, linked in files.items():
        zone = ZoneInfo.from_file(io.BytesIO(data), key=linked[0])
        found = tuple(changes(zone, BEGIN, END))
        cases.setdefault((offset(zone, BEGIN), found), zone)
        seen += len(found) * len(linked)
    for (constant, found), zone in cases.items():
        for change in found or (Change(BEGIN, constant, constant),):
            near = [other for other in found if abs(other.at - change.at) < 10 * DAY]
            slots += check(zone, change, near)

    assert len(names) > 590
    assert seen > 7000
    assert slots > 400_000


@pytest.mark.parametrize(
    ("name", "missing"), [("Pacific/Apia", "2011-12-30"), ("Pacific/Kwajalein", "1993-08-21")]
)
def test_a_date_that_a_zone_dropped_has_no_slot(name: str, missing: str) -> None:
    zone, gone = ZoneInfo(name), dt.date.fromisoformat(missing)
    dates = [gone + DAY * n for n in AROUND]
    begin = dt.datetime.combine(dates[0], dt.time(), zone) - DAY
    near = list(changes(zone, begin.astimezone(dt.UTC), begin.astimezone(dt.UTC) + 7 * DAY))
    assert len(near) == 1
    for minute in QUARTERS:
        expected = [
            Slot(date=d, at=shown(d, minute, near, near[0].before)) for d in dates if d != gone
        ]
        slots = chain(Wish(zone=zone, minute=minute), expected[0].at - SECOND, dates[-1])
        assert slots == expected
        alone = Wish(zone=zone, minute=minute, days=1 << gone.weekday())
        assert next_slot(alone, expected[0].at).date == gone + 7 * DAY
