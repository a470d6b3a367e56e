"""Subscriptions in the store: one push per local date, states, moves, what forgetting leaves."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.model import EVERY_DAY, Address, Kind, State, Status, Subscription, Wish
from bot.store import Store, Subscriptions
from bot.store.rows import OF, PUSHED
from bot.store.subscriptions import _LOST, _OF_CHAT, _WAKING, AT_ONCE

TRIPOLI = ZoneInfo("Africa/Tripoli")
AMAL = Address(1001)
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=TRIPOLI)
"""A Monday."""


def wish(hour: int = 8, zone: ZoneInfo = TRIPOLI, days: int = EVERY_DAY) -> Wish:
    return Wish(zone=zone, minute=hour * 60, days=days)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        yield opened


@pytest.fixture
def book(store: Store) -> Subscriptions:
    return store.subscriptions


async def edition(store: Store, number: int) -> None:
    await store.db.write(
        "INSERT INTO edition (id, briefing, seen_at, offered) VALUES (?, ?, 0, 0)",
        (number, f"2026-11-{number:02}-news"),
    )


async def delivered(
    store: Store,
    found: Subscription,
    number: int,
    at: dt.datetime,
    *,
    status: Status = Status.SENT,
    kind: Kind = Kind.BRIEFING,
    message: int | None = 7,
) -> None:
    at_ = int(at.timestamp())
    await store.db.write(
        "INSERT INTO delivery (subscription, edition, kind, status, not_before, expires_at,"
        " done_at, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (found.id, number, kind, status, at_, at_, at_ if status is Status.SENT else None, message),
    )


async def the(book: Subscriptions, address: Address = AMAL) -> Subscription:
    found = await book.of(address)
    assert found is not None
    return found


async def test_a_newcomer_gets_the_next_slot_and_no_old_briefing(
    store: Store, book: Subscriptions
) -> None:
    await edition(store, 3)
    found = await book.put(AMAL, "en", wish(), NOON)
    assert found == await the(book)
    assert found.state is State.ACTIVE
    assert (found.since, found.last) == (3, 0)
    assert found.next.date == dt.date(2026, 11, 24)
    assert found.next.at == dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)


async def test_twice_is_once(book: Subscriptions) -> None:
    first = await book.put(AMAL, "en", wish(), NOON)
    assert await book.put(AMAL, "en", wish(), NOON) == first


async def test_a_changed_hour_still_comes_today_if_nothing_came_yet(
    store: Store, book: Subscriptions
) -> None:
    await book.put(AMAL, "en", wish(), NOON)
    changed = await book.change(AMAL, wish(20), NOON)
    assert changed is not None
    assert changed.next.date == NOON.date()


@pytest.mark.parametrize("kind", [Kind.BRIEFING, Kind.QUIET])
@pytest.mark.parametrize("status", [Status.PENDING, Status.SENDING, Status.SENT])
async def test_a_changed_hour_or_zone_never_makes_two_pushes_on_one_local_date(
    store: Store, book: Subscriptions, kind: Kind, status: Status
) -> None:
    found = await book.put(AMAL, "en", wish(), NOON - dt.timedelta(days=3))
    await delivered(store, found, 1, NOON - dt.timedelta(hours=4), status=status, kind=kind)
    changed = await book.change(AMAL, wish(20), NOON)
    assert changed is not None
    assert changed.next.date == dt.date(2026, 11, 24)
    west = ZoneInfo("America/Los_Angeles")  # there it was the evening before
    changed = await book.change(AMAL, wish(20, west), NOON)
    assert changed is not None
    assert changed.next.date == dt.date(2026, 11, 23)
    assert changed.next.at > NOON


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.DEAD])
async def test_what_never_came_does_not_count(
    store: Store, book: Subscriptions, status: Status
) -> None:
    found = await book.put(AMAL, "en", wish(), NOON - dt.timedelta(days=3))
    await delivered(store, found, 1, NOON - dt.timedelta(hours=4), status=status)
    changed = await book.change(AMAL, wish(20), NOON)
    assert changed is not None
    assert changed.next.date == NOON.date()


async def test_stop_and_undo(store: Store, book: Subscriptions) -> None:
    await book.put(AMAL, "en", wish(9), NOON)
    await edition(store, 1)
    assert await book.stop(AMAL, NOON)
    assert not await book.stop(AMAL, NOON)
    assert (await the(book)).state is State.STOPPED
    assert await book.change(AMAL, wish(10), NOON) is None
    assert await book.pause(AMAL, None, NOON) is None
    back = await book.undo_stop(AMAL, NOON)
    assert back is not None
    assert (back.state, back.wish, back.since) == (State.ACTIVE, wish(9), 0)
    assert await book.undo_stop(AMAL, NOON) == back
    assert await book.undo_stop(Address(5), NOON) is None


@pytest.mark.parametrize("until", [NOON + dt.timedelta(days=3), None])
async def test_a_pause_goes_on_after_stop_and_undo(
    book: Subscriptions, until: dt.datetime | None
) -> None:
    await book.put(AMAL, "en", wish(9), NOON)
    await book.pause(AMAL, until, NOON)
    assert await book.stop(AMAL, NOON)
    assert await book.wake(NOON + dt.timedelta(days=4)) == 0
    back = await book.undo_stop(AMAL, NOON)
    assert back is not None
    assert (back.state, back.paused_until) == (State.PAUSED, until)
    assert await book.stop(AMAL, NOON)
    late = await book.undo_stop(AMAL, NOON + dt.timedelta(days=4))
    assert late is not None
    over = until is not None
    assert late.state is (State.ACTIVE if over else State.PAUSED)
    assert late.paused_until is None


async def test_who_subscribes_anew_has_no_pause(book: Subscriptions) -> None:
    await book.put(AMAL, "en", wish(9), NOON)
    await book.pause(AMAL, None, NOON)
    await book.stop(AMAL, NOON)
    assert (await book.put(AMAL, "en", wish(9), NOON)).state is State.ACTIVE
    await book.stop(AMAL, NOON)
    back = await book.undo_stop(AMAL, NOON)
    assert back is not None
    assert back.state is State.ACTIVE


async def test_who_comes_back_is_a_newcomer_and_who_changes_is_not(
    store: Store, book: Subscriptions
) -> None:
    await book.put(AMAL, "en", wish(), NOON)
    await edition(store, 1)
    assert (await book.put(AMAL, "en", wish(9), NOON)).since == 0
    await book.stop(AMAL, NOON)
    assert (await book.put(AMAL, "en", wish(9), NOON)).since == 1


async def test_a_pause_ends_by_itself_or_by_its_reader(book: Subscriptions) -> None:
    await book.put(AMAL, "en", wish(), NOON)
    week = NOON + dt.timedelta(days=7)
    paused = await book.pause(AMAL, week, NOON)
    assert paused is not None
    assert (paused.state, paused.paused_until) == (State.PAUSED, week)
    changed = await book.change(AMAL, wish(9), NOON)
    assert changed is not None
    assert (changed.state, changed.paused_until) == (State.PAUSED, week)
    assert await book.wake(week - dt.timedelta(seconds=1)) == 0
    assert await book.wake(week) == 1
    woken = await the(book)
    assert (woken.state, woken.paused_until) == (State.ACTIVE, None)
    assert woken.next.at > week
    await book.pause(AMAL, None, NOON)
    assert await book.wake(NOON + dt.timedelta(days=999)) == 0
    resumed = await book.resume(AMAL, NOON)
    assert resumed is not None
    assert resumed.state is State.ACTIVE
    assert await book.resume(AMAL, NOON) == resumed


async def test_many_pauses_end_in_portions(book: Subscriptions) -> None:
    for chat in range(1, 12):
        await book.put(Address(chat), "en", wish(), NOON)
        await book.pause(Address(chat), NOON, NOON)
    assert await book.wake(NOON) == 11
    assert AT_ONCE > 11


async def test_what_each_tick_asks_is_found_by_an_index(store: Store) -> None:
    """With a million subscriptions, a look at every row would take the tick's whole time."""
    for sql, values in ((_WAKING, (1, 2)), (_OF_CHAT, (1,)), (OF, (1, 2)), (_LOST, (1, 2, 3)),
                        (PUSHED, (1, 2, 3, 4, 5, 6))):  # fmt: skip
        plan = await store.db.read(f"EXPLAIN QUERY PLAN {sql}", values)
        assert all("USING" in row["detail"] and "INDEX" in row["detail"] for row in plan), sql


async def test_a_blocked_reader_comes_back_and_one_who_left_does_not(book: Subscriptions) -> None:
    stopped, paused = Address(1001, 5), Address(1001, 6)
    for address in (AMAL, stopped, paused):
        await book.put(address, "en", wish(), NOON)
    await book.stop(stopped, NOON)
    await book.pause(paused, None, NOON)
    assert await book.block(AMAL.chat, State.BLOCKED, NOON) == 1
    states = [(await the(book, address)).state for address in (AMAL, stopped, paused)]
    assert states == [State.BLOCKED, State.STOPPED, State.PAUSED]
    later = NOON + dt.timedelta(days=30)
    assert await book.back(AMAL.chat, later) == 1
    states = [(await the(book, address)).state for address in (AMAL, stopped, paused)]
    assert states == [State.ACTIVE, State.STOPPED, State.PAUSED]
    assert (await the(book)).next.at > later
    assert await book.back(AMAL.chat, later) == 0


async def test_a_group_that_moves_keeps_its_subscription(store: Store, book: Subscriptions) -> None:
    found = await book.put(Address(-5), "en", wish(9), NOON)
    await delivered(store, found, 1, NOON)
    await book.block(-5, State.GONE, NOON)  # Telegram may say so before it says where to
    await book.move(-5, -1005, NOON)
    assert await book.of(Address(-5)) is None
    moved = await the(book, Address(-1005))
    assert (moved.id, moved.state, moved.wish) == (found.id, State.ACTIVE, wish(9))
    await book.move(-5, -1005, NOON)
    assert await the(book, Address(-1005)) == moved


async def test_of_two_subscriptions_the_wanted_one_stays_with_all_deliveries(
    store: Store, book: Subscriptions
) -> None:
    for old_on, new_on in ((True, True), (True, False), (False, True), (False, False)):
        old = await book.put(Address(-5), "en", wish(8), NOON)
        new = await book.put(Address(-1005), "en", wish(9), NOON)
        await delivered(store, old, 1, NOON)
        await delivered(store, new, 1, NOON)
        await delivered(store, old, 2, NOON)
        for found, on in ((old, old_on), (new, new_on)):
            if not on:
                await book.stop(found.address, NOON)
        await book.move(-5, -1005, NOON)
        assert await book.of(Address(-5)) is None
        kept = await the(book, Address(-1005))
        assert kept.state is (State.ACTIVE if old_on or new_on else State.STOPPED)
        assert kept.wish == (wish(8) if old_on and not new_on else wish(9))
        told = await book.everything(-1005)
        assert sorted(row["edition"] for row in told["deliveries"]) == [1, 2]
        assert [tuple(row) for row in await store.db.read("SELECT count(*) FROM delivery")] == [
            (2,)
        ]
        await book.forget(-1005)


async def test_a_message_tells_whose_delivery_it_was(store: Store, book: Subscriptions) -> None:
    topics = [await book.put(Address(-7, topic), "en", wish(), NOON) for topic in (2, 3)]
    await delivered(store, topics[1], 1, NOON, message=42)
    assert await book.holder(-7, 42) == Address(-7, 3)
    assert await book.holder(-7, 43) is None
    await book.put(Address(-8, 4), "en", wish(), NOON)
    assert await book.holder(-8, 43) == Address(-8, 4)


async def test_everything_is_told_column_by_column(store: Store, book: Subscriptions) -> None:
    await edition(store, 1)
    found = await book.put(AMAL, "en", wish(7, days=0b11), NOON)
    await delivered(store, found, 1, NOON)
    told = await book.everything(AMAL.chat)
    json.dumps(told)
    for table, rows in (("subscription", "subscriptions"), ("delivery", "deliveries")):
        columns = {row["name"] for row in await store.db.read(f"PRAGMA table_info({table})")}
        assert len(told[rows]) == 1
        assert columns <= told[rows][0].keys()
    mine = told["subscriptions"][0]
    assert (mine["minute"], mine["days"], mine["state"]) == (
        "07:00",
        ["Monday", "Tuesday"],
        "active",
    )
    assert mine["next_due"] == "2026-11-24T05:00:00Z"
    assert told["deliveries"][0]["briefing"] == "2026-11-01-news"
    assert (await book.everything(999)) == {"chat": 999, "subscriptions": [], "deliveries": []}


async def test_forgetting_leaves_nothing_of_the_chat_and_all_of_others(
    store: Store, book: Subscriptions
) -> None:
    mine = 987_654_321
    for address in (Address(mine), Address(mine, 4), Address(5)):
        found = await book.put(address, "en", wish(), NOON)
        for number in (1, 2):
            await delivered(store, found, number, NOON, message=6)
    done = await book.forget(mine)
    assert (dict(done.deleted), done.left) == ({"subscription": 2, "delivery": 4}, 0)
    with contextlib.closing(sqlite3.connect(store.db.path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            for row in db.execute(f"SELECT * FROM {table}"):
                assert mine not in row
        assert db.execute("SELECT count(*) FROM delivery").fetchone() == (2,)
    again = await book.forget(mine)
    assert (dict(again.deleted), again.left) == ({"subscription": 0, "delivery": 0}, 0)
    assert await book.of(Address(5)) is not None


async def test_only_what_is_promised_is_stored(store: Store) -> None:
    """No column for names, texts or locations: an addition here belongs into /privacy."""
    columns = {row["name"] for row in await store.db.read("PRAGMA table_info(subscription)")}
    assert columns == {
        *("id", "chat", "topic", "language", "zone", "minute", "days", "state", "paused_until"),
        *("next_due", "next_date", "since", "last", "strikes", "struck", "state_at", "created_at"),
    }
