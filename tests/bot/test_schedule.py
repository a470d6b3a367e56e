"""When a briefing is due, what holds it, and what each result of a send leads to."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import results
from bot.model import EVERY_DAY, Address, Delivery, Kind, Result, Slot, State, Wish
from bot.schedule import (
    CATCH_UP,
    ON_TIME,
    SOON,
    Ack,
    Again,
    Dead,
    Decision,
    Halt,
    HoldEdition,
    Quiet,
    TokenLost,
    changed_slot,
    decide,
    duration,
    lateness,
    may_go,
    next_slot,
    quiet_until,
)

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
UTC, BERLIN, TRIPOLI = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Tripoli")
NIGHT = Quiet()

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            *("UTC", "Africa/Tripoli", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
            *("America/Nuuk", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Kiritimati"),
            *("Pacific/Pago_Pago", "Pacific/Auckland", "Asia/Beirut", "America/Havana"),
        )
    ]
)
WISHES = st.builds(
    Wish, zone=ZONES, minute=st.integers(0, 1439), days=st.integers(1, EVERY_DAY)
) | st.builds(Wish, zone=ZONES, minute=st.integers(0, 1439))
INSTANTS = st.datetimes(
    dt.datetime(2020, 1, 1), dt.datetime(2037, 12, 1), timezones=st.just(dt.UTC)
)
HOURS = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def wish(zone: str, time: str, days: int = EVERY_DAY) -> Wish:
    hour, minute = map(int, time.split(":"))
    return Wish(zone=ZoneInfo(zone), minute=hour * 60 + minute, days=days)


def wanted(wish: Wish, date: dt.date) -> bool:
    return bool(wish.days >> date.weekday() & 1)


@pytest.mark.parametrize(
    ("zone", "time", "after", "at"),
    [
        ("Africa/Tripoli", "08:00", "2026-11-26 05:59", "2026-11-26 06:00"),
        ("Africa/Tripoli", "08:00", "2026-11-26 06:00", "2026-11-27 06:00"),  # strictly later
        ("Europe/Berlin", "02:30", "2026-03-28 12:00", "2026-03-29 01:30"),  # gap: shown as 03:30
        ("Europe/Berlin", "02:30", "2026-10-24 12:00", "2026-10-25 00:30"),  # twice: the first
        ("Europe/Berlin", "02:30", "2026-10-25 00:30", "2026-10-26 01:30"),  # and only the first
        ("Australia/Lord_Howe", "02:15", "2026-10-03 00:00", "2026-10-03 15:45"),  # half an hour
        ("America/Nuuk", "23:15", "2026-03-28 12:00", "2026-03-29 01:15"),  # gap to the next date
        ("America/Nuuk", "23:15", "2026-03-29 01:10", "2026-03-29 01:15"),  # still ahead
        ("America/Nuuk", "23:15", "2026-03-29 01:15", "2026-03-30 00:15"),
    ],
)
def test_the_next_slot(zone: str, time: str, after: str, at: str) -> None:
    assert next_slot(wish(zone, time), utc(after)).at == utc(at)


def test_weekdays_are_those_of_the_reader() -> None:
    mondays = wish("Pacific/Auckland", "08:00", days=0b1)
    slot = next_slot(mondays, utc("2026-11-22 00:00"))
    assert slot == Slot(date=dt.date(2026, 11, 23), at=utc("2026-11-22 19:00"))  # a Sunday in UTC
    assert next_slot(mondays, slot.at).date == dt.date(2026, 11, 30)


def test_times_without_a_zone_are_refused() -> None:
    naive = dt.datetime(2026, 11, 23, 8)
    aware = naive.replace(tzinfo=dt.UTC)
    for refused in (
        lambda: next_slot(wish("UTC", "08:00"), naive),
        lambda: changed_slot(wish("UTC", "08:00"), naive, None),
        lambda: changed_slot(wish("UTC", "08:00"), aware, naive),
        lambda: quiet_until(naive, UTC, NIGHT),
        lambda: may_go(aware, naive, UTC, NIGHT),
        lambda: lateness(naive, aware),
        lambda: decide(results.Sent(1), delivery(), naive),
    ):
        with pytest.raises(ValueError, match="without its zone"):
            refused()


@given(WISHES, INSTANTS, st.none() | st.integers(-3, 40))
def test_a_slot_is_the_first_that_is_later(
    wish: Wish, after: dt.datetime, ahead: int | None
) -> None:
    today = after.astimezone(wish.zone).date()
    beyond = None if ahead is None else today + ahead * DAY
    slot = next_slot(wish, after, beyond)
    assert slot.at > after
    assert beyond is None or slot.date > beyond
    assert wanted(wish, slot.date)
    assert slot.at.utcoffset() == dt.timedelta()
    if beyond is None or beyond < today - DAY:
        skipped = [slot.date - n * DAY for n in range(1, (slot.date - today).days + 1)]
        assert not any(
            wanted(wish, date) and next_slot(wish, slot.at - 40 * DAY, date - DAY).at > after
            for date in skipped
        )


@given(WISHES, INSTANTS)
def test_dates_and_instants_rise_and_no_wanted_date_is_left_out(
    wish: Wish, after: dt.datetime
) -> None:
    slots = [next_slot(wish, after)]
    for _ in range(20):
        slots.append(next_slot(wish, slots[-1].at, slots[-1].date))
    for earlier, later in pairwise(slots):
        assert later.date > earlier.date
        assert later.at > earlier.at
        between = (earlier.date + n * DAY for n in range(1, (later.date - earlier.date).days))
        assert not any(wanted(wish, date) for date in between)


@given(INSTANTS, st.lists(st.tuples(WISHES, st.integers(0, 3 * 24 * 60)), max_size=30))
def test_readers_who_change_hour_and_zone_get_one_a_day_and_miss_none(
    now: dt.datetime, changes: list[tuple[Wish, int]]
) -> None:
    last: dt.datetime | None = None
    for wish, minutes in changes:
        slot = changed_slot(wish, now, last)
        assert slot.at > now
        if last is not None:
            served = last.astimezone(wish.zone).date()
            assert slot.date > served
            for n in range(1, (slot.date - served).days):
                date = served + n * DAY
                missed = wanted(wish, date) and next_slot(wish, now - 40 * DAY, date - DAY)
                assert not missed or missed.at <= now + SOON or missed.date != date
        now += minutes * MINUTE
        while slot.at <= now:
            last, slot = slot.at, next_slot(wish, slot.at, slot.date)


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("UTC", "2026-11-23 21:59", None),
        ("UTC", "2026-11-23 22:00", "2026-11-24 06:30"),
        ("UTC", "2026-11-24 06:29", "2026-11-24 06:30"),
        ("UTC", "2026-11-24 06:30", None),
        ("Africa/Tripoli", "2026-11-23 20:30", "2026-11-24 04:30"),
        ("Europe/Berlin", "2026-03-28 22:00", "2026-03-29 04:30"),  # an hour shorter
        ("Europe/Berlin", "2026-10-24 22:00", "2026-10-25 05:30"),  # an hour longer
    ],
)
def test_quiet_hours(zone: str, now: str, until: str | None) -> None:
    expected = None if until is None else utc(until)
    assert quiet_until(utc(now), ZoneInfo(zone), NIGHT) == expected


def test_quiet_hours_may_lie_within_a_day_or_be_none_at_all() -> None:
    noon = Quiet(dt.time(12), dt.time(14, 30))
    assert quiet_until(utc("2026-11-23 12:00"), UTC, noon) == utc("2026-11-23 14:30")
    assert quiet_until(utc("2026-11-23 14:30"), UTC, noon) is None
    assert quiet_until(utc("2026-11-23 02:00"), UTC, noon) is None
    none = Quiet(dt.time(9), dt.time(9))
    assert quiet_until(utc("2026-11-23 09:00"), UTC, none) is None


@given(INSTANTS, ZONES, HOURS, HOURS)
def test_quiet_hours_end_and_are_over_then(
    now: dt.datetime, zone: ZoneInfo, start: dt.time, end: dt.time
) -> None:
    quiet = Quiet(start, end)
    until = quiet_until(now, zone, quiet)
    if until is not None:
        assert now < until <= now + 26 * HOUR
        assert quiet_until(until, zone, quiet) is None or start == until.astimezone(zone).time()
    elif start != end:
        local = now.astimezone(zone).time()
        inside = start <= local < end if start < end else local >= start or local < end
        shifted = zone.utcoffset(now.astimezone(zone).replace(tzinfo=None) - DAY) != zone.utcoffset(
            now.astimezone(zone).replace(tzinfo=None) + DAY
        )
        assert not inside or shifted


SLOT = utc("2026-11-23 12:00")


@pytest.mark.parametrize(
    ("slot", "late", "goes"),
    [
        ("12:00", 0 * HOUR, 0 * HOUR),
        ("12:00", 3 * HOUR, 0 * HOUR),
        ("12:00", CATCH_UP, 0 * HOUR),
        ("12:00", CATCH_UP + MINUTE, None),
        ("23:00", 0 * HOUR, 0 * HOUR),  # the hour that the reader chose
        ("23:00", ON_TIME, 0 * HOUR),
        ("23:00", HOUR, 6.5 * HOUR),  # till half past six
        ("21:00", 2 * HOUR, 7.5 * HOUR),
        ("05:00", 2 * HOUR, 0 * HOUR),
        ("23:00", 7 * HOUR, None),
    ],
)
def test_what_is_late_waits_for_the_morning_or_is_skipped(
    slot: str, late: dt.timedelta, goes: dt.timedelta | None
) -> None:
    due = utc(f"2026-11-23 {slot}")
    expected = None if goes is None else due + late + goes
    assert may_go(due, due + late, UTC, NIGHT) == expected


def test_what_is_not_due_yet_goes_when_it_is() -> None:
    assert may_go(SLOT, SLOT - HOUR, UTC, NIGHT) == SLOT


@given(INSTANTS, st.integers(0, 20 * 60), ZONES)
def test_late_pushes_never_go_in_quiet_hours(slot: dt.datetime, late: int, zone: ZoneInfo) -> None:
    now = slot + late * MINUTE
    at = may_go(slot, now, zone, NIGHT)
    if late * MINUTE > CATCH_UP:
        assert at is None
    else:
        assert at is not None
        assert at >= now
        assert late * MINUTE <= ON_TIME or quiet_until(at, zone, NIGHT) is None


def test_lateness_and_duration() -> None:
    assert lateness(SLOT, SLOT + HOUR) == HOUR
    assert lateness(SLOT + HOUR, SLOT) == dt.timedelta()
    assert duration(3000, 30) == dt.timedelta(seconds=100)
    with pytest.raises(ValueError, match="no rate"):
        duration(1, 0)


def delivery(kind: Kind = Kind.BRIEFING, ambiguous: int = 0) -> Delivery:
    return Delivery(
        id=1,
        subscription=1,
        address=Address(7),
        language="en",
        edition=1,
        kind=kind,
        revision=0,
        known=0,
        part=0,
        base=0,
        attempts=ambiguous,
        ambiguous=ambiguous,
        message=None,
    )


@pytest.mark.parametrize(
    ("result", "decision"),
    [
        (results.Sent(5), Ack(5)),
        (results.Same(), Ack(None)),
        (results.Unsent("x"), Again(SLOT + dt.timedelta(seconds=1), False, "x")),
        (results.Unknown("x"), Again(SLOT + dt.timedelta(seconds=30), True, "x")),
        (results.TooMany(3.0), Halt(3.0)),
        (results.Lost("x", State.BLOCKED), Dead("x", State.BLOCKED)),
        (results.NotFound("x"), Dead("x", strike=True)),
        (results.Moved(-100), results.Moved(-100)),
        (results.Missing("x"), Dead("x")),
        (results.Unfit("x"), HoldEdition("x")),
        (results.Refused("x"), Dead("x")),
        (results.Rejected(), TokenLost()),
    ],
)
def test_what_a_result_leads_to(result: Result, decision: Decision) -> None:
    assert decide(result, delivery(), SLOT) == decision


def test_an_edit_with_nothing_to_edit_is_done() -> None:
    for result in (results.Sent(5), results.Same(), results.Missing("gone")):
        assert decide(result, delivery(Kind.EDIT), SLOT) == Ack(None)


def test_an_edit_whose_end_nobody_knows_is_repeated_and_makes_no_copy() -> None:
    again = Again(SLOT + dt.timedelta(minutes=5), False, "ReadTimeout")
    for ambiguous in (0, 1, 2, 9):
        edit = delivery(Kind.EDIT, ambiguous=ambiguous)
        assert decide(results.Unknown("ReadTimeout"), edit, SLOT) == again


def test_a_third_copy_whose_end_nobody_knows_is_the_last() -> None:
    lost = results.Unknown("ReadTimeout")
    second = decide(lost, delivery(ambiguous=1), SLOT)
    assert second == Again(SLOT + dt.timedelta(minutes=5), True, "ReadTimeout")
    assert decide(lost, delivery(ambiguous=2), SLOT) == Dead("uncertain")
    unsent = decide(results.Unsent("x"), delivery(ambiguous=2), SLOT)
    assert unsent == Again(SLOT + dt.timedelta(seconds=1), False, "x")
