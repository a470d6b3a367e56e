"""When a briefing is due, and what to do after each result of a send. Pure: no clock, no file.

Local time is known here and nowhere else but in `render`. Gaps and overlaps of local time are read
as in RFC 5545: a time that does not exist takes the offset before the gap, one that occurs twice
means the first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.model import (
    Delivery,
    Kind,
    Lost,
    Missing,
    Moved,
    NotFound,
    Refused,
    Rejected,
    Result,
    Same,
    Sent,
    Slot,
    State,
    TooMany,
    Unfit,
    Unknown,
    Unsent,
    Wish,
)

CATCH_UP = dt.timedelta(hours=6)
"""Later than this, a slot that was missed is skipped."""

ON_TIME = dt.timedelta(minutes=10)
"""Planned within this, a slot is the hour that the reader chose; after it, it is late."""

SOON = dt.timedelta(minutes=1)
"""How far from now the first slot of a wish that was just changed is at least."""

MOST_COPIES = 3
"""How many copies of one message may ever be written to Telegram."""

PAUSES = (dt.timedelta(seconds=30), dt.timedelta(minutes=5))
"""How long to wait after the first and after the second copy whose end nobody knows."""

SOON_AGAIN = dt.timedelta(seconds=1)
"""How long to wait after a call that never reached Telegram."""

_DAY = dt.timedelta(days=1)
_LOOK = 16
"""Days within which any wish has a slot: two weeks, since the calendar may drop one day."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours, in local time, in which nothing is sent that the reader did not choose."""

    start: dt.time = dt.time(22, 0)
    end: dt.time = dt.time(6, 30)


def next_slot(wish: Wish, after: dt.datetime, beyond: dt.date | None = None) -> Slot:
    """The first slot of *wish* strictly after *after*, on a later local date than *beyond*.

    ValueError for a naive *after*.
    """
    after = _utc(after)
    date = after.astimezone(wish.zone).date() - _DAY  # a gap may push a slot past midnight
    if beyond is not None:
        date = max(date, beyond + _DAY)
    for _ in range(_LOOK):
        if wish.days >> date.weekday() & 1:
            at = _instant(date, wish.minute, wish.zone)
            if at > after and _exists(date, wish.minute, wish.zone, at):
                return Slot(date=date, at=at)
        date += _DAY
    raise AssertionError("a wish has a day of the week")


def changed_slot(wish: Wish, now: dt.datetime, last: dt.datetime | None) -> Slot:
    """The first slot of *wish*, which its reader has just chosen. ValueError if *now* is naive.

    *last* is the instant of the slot that was planned last, whatever the wish was then; None if
    none was. The local date on which that fell, by the clocks of today's zone, gets no second one.
    """
    beyond = None if last is None else _utc(last).astimezone(wish.zone).date()
    return next_slot(wish, now + SOON, beyond)


def quiet_until(now: dt.datetime, zone: ZoneInfo, quiet: Quiet) -> dt.datetime | None:
    """When the quiet hours end in which *now* falls; None if it falls in none.

    Hours that start when they end are no hours. ValueError for a naive *now*.
    """
    now = _utc(now)
    if quiet.start == quiet.end:
        return None
    today = now.astimezone(zone).date()
    over = _DAY if quiet.end < quiet.start else _DAY * 0
    for date in (today - _DAY, today):
        end = _instant(date + over, _minute(quiet.end), zone)
        if _instant(date, _minute(quiet.start), zone) <= now < end:
            return end
    return None


def may_go(slot: dt.datetime, now: dt.datetime, zone: ZoneInfo, quiet: Quiet) -> dt.datetime | None:
    """From when on the briefing of *slot* may be sent, seen from *now*; None if it is too late.

    The hour that the reader chose is never held; what is late waits for the end of quiet hours.
    """
    late = lateness(slot, now)
    if late > CATCH_UP:
        return None
    if late <= ON_TIME:
        return max(_utc(now), _utc(slot))
    return quiet_until(now, zone, quiet) or _utc(now)


def lateness(due: dt.datetime, now: dt.datetime) -> dt.timedelta:
    """How long ago *due* was; nothing if it is yet to come."""
    return max(_utc(now) - _utc(due), dt.timedelta())


def duration(count: int, per_second: float) -> dt.timedelta:
    """How long *count* messages take at that rate. ValueError for a rate that is not positive."""
    if per_second <= 0:
        raise ValueError(f"no rate: {per_second}")
    return dt.timedelta(seconds=count / per_second)


# What to do with a delivery now.


@dataclass(frozen=True, slots=True)
class Ack:
    """It is sent. `message` is the id of what was sent; None for an edit, or nothing to edit."""

    message: int | None


@dataclass(frozen=True, slots=True)
class Again:
    """It is pending again, not to be claimed earlier. `ambiguous`: a copy may have arrived."""

    not_before: dt.datetime
    ambiguous: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """It is given up. `state` is what the whole chat is from now on; None leaves it as it is.

    `strike`: the address was not found today; on the third day of that it is gone.
    """

    reason: str
    state: State | None = None
    strike: bool = False


@dataclass(frozen=True, slots=True)
class HoldEdition:
    """Its content is broken: it stays pending, and a few of these hold the edition."""

    reason: str


@dataclass(frozen=True, slots=True)
class Halt:
    """It is pending again, not counted; nobody is sent anything for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class TokenLost:
    """It is pending again, not counted; nothing can be sent until the operator acts."""


Decision = Ack | Again | Dead | Moved | HoldEdition | Halt | TokenLost
"""`Moved` is decided as it came: the address changes, and the delivery is pending again."""


def decide(result: Result, delivery: Delivery, now: dt.datetime) -> Decision:
    """What to do with *delivery* after *result*. ValueError for a naive *now*."""
    now = _utc(now)
    edited = delivery.kind is Kind.EDIT and isinstance(result, Sent | Missing)
    if edited or isinstance(result, Same):
        return Ack(None)
    match result:
        case Sent(message):
            return Ack(message)
        case Unsent(reason):
            return Again(now + SOON_AGAIN, ambiguous=False, reason=reason)
        case Unknown(reason):
            return _unsure(reason, delivery, now)
        case TooMany(seconds):
            return Halt(seconds)
        case Lost(reason, state):
            return Dead(reason, state)
        case NotFound(reason):
            return Dead(reason, strike=True)
        case Missing(reason) | Refused(reason):
            return Dead(reason)
        case Moved():
            return result
        case Unfit(reason):
            return HoldEdition(reason)
        case Rejected():
            return TokenLost()
        case never:
            assert_never(never)


def _unsure(reason: str, delivery: Delivery, now: dt.datetime) -> Decision:
    if delivery.kind is Kind.EDIT:  # makes no copy: it may be done as often as needed
        return Again(now + PAUSES[-1], ambiguous=False, reason=reason)
    copies = delivery.ambiguous + 1
    if copies >= MOST_COPIES:
        return Dead("uncertain")
    return Again(now + PAUSES[copies - 1], ambiguous=True, reason=reason)


def _utc(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time without its zone: {at}")
    return at.astimezone(dt.UTC)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _instant(date: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    """The instant (UTC) at which clocks in *zone* show that minute of *date*, by RFC 5545."""
    hour, minute = divmod(minute, 60)
    wall = dt.datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)  # fold=0
    return wall.astimezone(dt.UTC)


def _exists(date: dt.date, minute: int, zone: ZoneInfo, at: dt.datetime) -> bool:
    """Whether clocks in *zone* ever show *date*: a zone that crosses the date line drops one."""
    local = at.astimezone(zone)
    if local.date() == date:
        return True
    return _instant(date, 0, zone) < _instant(date + _DAY, 0, zone)
