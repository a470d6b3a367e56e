"""What the operator is told of the store: counted right, and read only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.model import Kind, State, Status
from bot.store.board import _ENDS, _OLDEST, _RECENT, RATE_SECONDS, Board
from bot.store.file import Database

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
SECONDS = int(NOW.timestamp())


@pytest_asyncio.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def subscribe(
    db: Database, chat: int, state: State = State.ACTIVE, *, due: int = 60, since: int = 0,
    last: int = 0,
) -> None:  # fmt: skip
    await db.write(
        "INSERT INTO subscription (id, chat, language, zone, minute, days, state, next_due,"
        " next_date, since, last, state_at, created_at)"
        " VALUES (?1, ?1, 'en', 'Africa/Tripoli', 480, 127, ?2, ?3, 0, ?4, ?5, 0, 0)",
        (chat, state, SECONDS + due, since, last),
    )


async def deliver(
    db: Database, subscription: int, edition: int, status: Status, reason: str | None = None,
    *, kind: Kind = Kind.BRIEFING, since: int = 0, done: int | None = None,
) -> None:  # fmt: skip
    await db.write(
        "INSERT INTO delivery (subscription, edition, kind, status, reason, not_before,"
        " expires_at, done_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (subscription, edition, kind, status, reason, SECONDS - since, SECONDS + 3600, done),
    )


async def edition(db: Database, number: int, *, offered: bool = False, **changes: object) -> None:
    await db.write(
        "INSERT INTO edition (id, briefing, seen_at, offered) VALUES (?, ?, ?, ?)",
        (number, f"2026-11-{number:02}-news", SECONDS, offered),
    )
    for name, value in changes.items():
        await db.write(f"UPDATE edition SET {name} = ? WHERE id = ?", (value, number))


async def test_an_edition_is_found_by_its_briefing_or_as_the_newest(db: Database) -> None:
    board = Board(db)
    assert await board.edition() is None
    assert await board.newest(5) == ()
    for number in range(1, 8):
        await edition(db, number, offered=number == 1)
    await db.write("UPDATE edition SET held = 'unfit', proved = 1 WHERE id = ?", (7,))
    newest = await board.edition()
    assert newest is not None
    assert (newest.id, newest.held, newest.proved, newest.offered) == (7, "unfit", True, False)
    first = await board.edition("2026-11-01-news")
    assert first is not None
    assert (first.id, first.offered, first.seen_at) == (1, True, NOW)
    assert await board.edition("2026-11-09-news") is None
    assert await board.newest(2) == ("2026-11-07-news", "2026-11-06-news")


async def test_everything_is_counted_by_where_it_stands(db: Database) -> None:
    await edition(db, 1)
    await edition(db, 2, proved=1)
    for chat, state in enumerate((*State, State.ACTIVE, State.ACTIVE), start=1):
        await subscribe(db, chat, state, due=-5 if chat in (1, 2) else 60)
    await deliver(db, 1, 1, Status.SENT, done=SECONDS - 30)  # of another edition
    await deliver(db, 1, 2, Status.PENDING, since=40)
    await deliver(db, 2, 2, Status.PENDING, since=-90)
    await deliver(db, 3, 2, Status.SENDING)
    await deliver(db, 4, 2, Status.SENT, done=SECONDS - 59)
    await deliver(db, 5, 2, Status.SENT, done=SECONDS - 61)
    await deliver(db, 6, 2, Status.SKIPPED, "late")
    await deliver(db, 7, 2, Status.DEAD, "blocked")
    await deliver(db, 7, 2, Status.DEAD, "blocked", kind=Kind.CORRECTION)
    await deliver(db, 6, 2, Status.DEAD, "uncertain", kind=Kind.CORRECTION)
    found = await Board(db).standing(2, NOW)
    assert found.subscriptions == dict.fromkeys(State, 1) | {State.ACTIVE: 3}
    assert (found.due, found.pending, found.sending, found.sent) == (1, 2, 1, 2)
    assert (found.skipped, found.dead) == ({"late": 1}, {"blocked": 2, "uncertain": 1})
    assert found.rate * 60 == 2
    assert found.lateness == dt.timedelta(seconds=40)


async def test_an_empty_store_has_nothing_late(db: Database) -> None:
    found = await Board(db).standing(0, NOW)
    assert (found.due, found.pending, found.rate) == (0, 0, 0)
    assert found.lateness == dt.timedelta(0)
    await deliver(db, 1, 1, Status.PENDING, since=-60)
    assert (await Board(db).standing(1, NOW)).lateness == dt.timedelta(0)


@pytest.mark.parametrize(("why", "value"), [("held", "unfit"), ("cancelled", 1), ("proved", 0)])
async def test_what_may_not_be_sent_now_is_not_late(db: Database, why: str, value: object) -> None:
    await edition(db, 1, proved=1)
    await edition(db, 2, proved=1)
    await db.write(f"UPDATE edition SET {why} = ? WHERE id = 2", (value,))
    await deliver(db, 1, 2, Status.PENDING, since=900)
    assert (await Board(db).standing(2, NOW)).lateness == dt.timedelta(0)
    await deliver(db, 2, 1, Status.PENDING, since=40)
    assert (await Board(db).standing(2, NOW)).lateness == dt.timedelta(seconds=40)


async def test_a_quiet_line_before_any_edition_counts_in_the_rate(db: Database) -> None:
    await deliver(db, 1, 0, Status.SENT, kind=Kind.QUIET, done=SECONDS - 1)
    assert (await Board(db).standing(0, NOW)).rate * RATE_SECONDS == 1


@pytest.mark.parametrize(
    ("sql", "values", "index"),
    [
        (_OLDEST, (1,), "delivery_pending"),
        (_RECENT, (1,), "delivery_done"),
        (_ENDS, (1,), "delivery_done"),
    ],
)
async def test_no_count_looks_at_all_deliveries(
    db: Database, sql: str, values: tuple[int, ...], index: str
) -> None:
    plan = await db.read(f"EXPLAIN QUERY PLAN {sql}", values)
    steps = [row["detail"] for row in plan]
    assert any(index in step for step in steps)
    bare = [s for s in steps if re.match(r"SCAN (d|delivery)$", s)]
    assert not bare


async def test_an_edition_awaits_those_who_may_get_it_and_have_not(db: Database) -> None:
    board = Board(db)
    await edition(db, 1, offered=True)
    await edition(db, 2)
    await edition(db, 3)
    assert await board.awaiting(3) == (0, 0)
    for chat, last in enumerate((2, 2, 2, 0, 2, 3), start=1):  # the last has it
        await subscribe(db, chat, last=last)
    await subscribe(db, 7, State.STOPPED)
    await subscribe(db, 8, since=3)  # came when it was there
    await deliver(db, 1, 3, Status.DEAD, "blocked")
    await deliver(db, 2, 3, Status.PENDING)
    assert await board.awaiting(3) == (4, 2)
    assert await board.awaiting(1) == (0, 0)
    await db.write("UPDATE edition SET cancelled = 1 WHERE id = ?", (3,))
    assert await board.awaiting(3) == (0, 0)


async def test_an_edition_goes_while_somebody_is_to_get_it(db: Database) -> None:
    board = Board(db)
    await edition(db, 1, offered=True)
    for number in range(2, 7):
        await edition(db, number)
    names = [f"2026-11-{number:02}-news" for number in range(7)]
    assert await board.going(9) == ()
    await subscribe(db, 1, last=6)
    await subscribe(db, 2, since=6)
    await subscribe(db, 3, State.STOPPED)
    await subscribe(db, 4)
    await deliver(db, 1, 2, Status.SENT)
    await deliver(db, 1, 3, Status.PENDING)
    await deliver(db, 1, 4, Status.SENDING)
    await deliver(db, 1, 5, Status.PENDING, kind=Kind.CORRECTION)
    await deliver(db, 4, 6, Status.DEAD, "uncertain")  # never again
    assert await board.going(9) == (names[4], names[3])
    await subscribe(db, 5, State.PAUSED, last=2)
    assert await board.going(9) == (names[6], names[4], names[3])
    assert await board.going(1) == (names[6],)
    await db.write("UPDATE edition SET cancelled = 1 WHERE id IN (4, 6)", ())
    assert await board.going(9) == (names[5], names[3])
