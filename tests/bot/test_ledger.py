"""The ledger on a real file: what is planned, claimed, and known after each end of a send."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot import agenda
from bot.agenda import Agenda
from bot.model import Address, Delivery, Kind, Moved, State, Status, Wish
from bot.schedule import Ack, Again, Dead, Decision, Halt, HoldEdition, Quiet, TokenLost
from bot.store import Store, claims, ledger, outcomes, planning
from bot.store.editions import Sheet
from bot.store.outcomes import Outcome, Skip
from bot.store.planning import Planner

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
QUIET = Quiet()
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@dataclass
class Desk:
    """A store with its planner, and short ways to use them."""

    path: Path
    store: Store
    quiet: Quiet = QUIET
    quiet_line: bool = False
    chats: int = field(default=100)

    @property
    def planner(self) -> Planner:
        return Planner(self.store.db, self.quiet, self.quiet_line)

    async def subscribe(
        self, chat: int, at: str = "12:00", zone: str = "UTC", now: dt.datetime = NOON - HOUR
    ) -> int:
        hour, minute = map(int, at.split(":"))
        wish = Wish(zone=ZoneInfo(zone), minute=hour * 60 + minute)
        found = await self.store.subscriptions.put(Address(chat), "en", wish, now)
        return found.id

    async def edition(self, name: str, now: dt.datetime = NOON - DAY) -> int:
        """The id of a new edition, which was proved; the very first one is offered."""
        known = await self.store.editions.known()
        assert await self.store.editions.seen([Sheet(briefing=name, text=name)], known, now)
        edition = (await self.store.editions.known())[-1].edition.id
        await self.store.ledger.prove(edition)
        return edition

    async def plan(self, now: dt.datetime) -> int:
        return (await self.planner.plan(now)).rows

    async def claim(self, now: dt.datetime, limit: int = 32) -> tuple[Delivery, ...]:
        return (await self.store.ledger.claim(now, limit, self.quiet)).deliveries

    async def settle(
        self, delivery: Delivery, decision: Decision | Skip | None, now: dt.datetime = NOON,
        parts: int = 1,
    ) -> None:  # fmt: skip
        outcome = Outcome(delivery=delivery, decision=decision, began=now, at=now, parts=parts)
        await self.store.ledger.settle([outcome])

    def rows(self, sql: str = "SELECT * FROM delivery ORDER BY id", *values: Any) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(sql, values).fetchall()

    def statuses(self) -> list[tuple[Status, str | None]]:
        return [(Status(row["status"]), row["reason"]) for row in self.rows()]


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A fresh store, with one edition that lay there at the start."""
    path = tmp_path / "bot.sqlite3"
    async with await Store.open(path) as store:
        await store.ledger.recover()
        found = Desk(path, store)
        await found.edition("old")
        yield found


async def one(desk: Desk) -> Delivery:
    """The claimed delivery of a new edition to one subscriber."""
    await desk.subscribe(1)
    await desk.edition("new")
    assert await desk.plan(NOON) == 1
    [delivery] = await desk.claim(NOON)
    return delivery


# who changes his mind


@pytest.mark.parametrize("claimed", [False, True])
async def test_what_waits_when_its_reader_stops_comes_after_an_undo(
    desk: Desk, claimed: bool
) -> None:
    await desk.subscribe(1)
    await desk.edition("new")
    assert await desk.plan(NOON) == 1
    await desk.store.subscriptions.stop(Address(1), NOON)
    if claimed:
        assert await desk.claim(NOON) == ()
        assert desk.statuses() == [(Status.SKIPPED, "stopped")]
    back = await desk.store.subscriptions.undo_stop(Address(1), NOON + HOUR / 2)
    assert back is not None
    assert back.next.at == NOON + DAY
    assert await desk.plan(NOON + HOUR / 2) == 0
    [delivery] = await desk.claim(NOON + HOUR / 2)
    await desk.settle(delivery, Ack(5))
    assert desk.statuses() == [(Status.SENT, None)]


@pytest.mark.parametrize("why", ["cancelled", "newer", "late", "sent before"])
async def test_what_may_go_no_more_does_not_come_back_with_an_undo(desk: Desk, why: str) -> None:
    await desk.subscribe(1)
    edition = await desk.edition("new")
    assert await desk.plan(NOON) == 1
    after = NOON + HOUR
    if why == "sent before":
        [delivery] = await desk.claim(NOON)
        await desk.settle(delivery, Ack(5))
    await desk.store.subscriptions.stop(Address(1), NOON)
    assert await desk.claim(NOON) == ()
    if why == "cancelled":
        await desk.store.ledger.cancel(edition)
    elif why == "newer":
        await desk.edition("newer")
    elif why == "late":
        after = NOON + 25 * HOUR
    before = desk.statuses()
    assert await desk.store.subscriptions.undo_stop(Address(1), after) is not None
    assert desk.statuses() == before


# what is planned


async def test_who_subscribed_before_an_edition_gets_it_at_the_chosen_hour(desk: Desk) -> None:
    who = await desk.subscribe(1)
    edition = await desk.edition("new")

    assert await desk.plan(NOON - dt.timedelta(seconds=1)) == 0
    assert await desk.plan(NOON) == 1
    assert await desk.plan(NOON) == 0
    [delivery] = await desk.claim(NOON)

    assert (delivery.subscription, delivery.edition, delivery.kind) == (who, edition, Kind.BRIEFING)
    assert (delivery.address, delivery.base, delivery.silent) == (Address(1), 0, False)
    assert await desk.claim(NOON) == ()


async def test_what_lay_there_is_pushed_to_nobody(desk: Desk) -> None:
    await desk.subscribe(1)

    assert await desk.plan(NOON) == 0
    assert desk.rows() == []


async def test_a_newcomer_is_not_pushed_what_was_there_before(desk: Desk) -> None:
    await desk.edition("new")
    await desk.subscribe(1)

    assert await desk.plan(NOON) == 0


async def test_nobody_gets_an_edition_twice_and_the_next_one_at_the_next_slot(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, Ack(10))

    assert await desk.plan(NOON + DAY) == 0
    second = await desk.edition("newer")
    assert await desk.plan(NOON + DAY + HOUR) == 0  # its day was over without one
    assert await desk.plan(NOON + 2 * DAY) == 1
    [delivery] = await desk.claim(NOON + 2 * DAY)
    assert (delivery.edition, delivery.base) == (second, second - 1)


async def test_the_newest_edition_alone_is_pushed_after_a_pause_of_days(desk: Desk) -> None:
    await desk.subscribe(1)
    await desk.edition("new")
    newest = await desk.edition("newest")

    assert await desk.plan(NOON + 3 * DAY) == 1
    assert [d.edition for d in await desk.claim(NOON + 3 * DAY)] == [newest]
    assert await desk.plan(NOON + 3 * DAY) == 0


async def test_after_days_the_slot_that_was_missed_last_is_served(desk: Desk) -> None:
    who = await desk.subscribe(1)
    await desk.edition("new")

    assert await desk.plan(NOON + 3 * DAY + HOUR) == 1
    [row] = desk.rows()
    assert row["due"] == int((NOON + 3 * DAY).timestamp())
    [row] = desk.rows("SELECT next_due FROM subscription WHERE id = ?", who)
    assert row["next_due"] == int((NOON + 4 * DAY).timestamp())


async def test_a_slot_missed_for_six_hours_is_skipped_and_the_edition_comes_at_the_next(
    desk: Desk,
) -> None:
    await desk.subscribe(1)
    await desk.edition("new")
    late = NOON + 6 * HOUR + dt.timedelta(seconds=1)

    assert await desk.plan(late) == 0
    assert await desk.plan(NOON + DAY) == 1
    assert len(await desk.claim(NOON + DAY)) == 1


async def test_a_row_that_waited_too_long_is_skipped_and_planned_anew(desk: Desk) -> None:
    await desk.subscribe(1)
    await desk.edition("new")
    await desk.plan(NOON)

    assert await desk.claim(NOON + 25 * HOUR) == ()
    assert desk.statuses() == [(Status.SKIPPED, "late")]
    assert await desk.plan(NOON + 25 * HOUR) == 1
    assert len(await desk.claim(NOON + 25 * HOUR)) == 1


async def test_what_was_planned_in_time_goes_however_long_the_queue_is(desk: Desk) -> None:
    await desk.subscribe(1, "08:00", now=NOON - 5 * HOUR)
    await desk.edition("new")
    assert await desk.plan(NOON - 4 * HOUR) == 1

    assert len(await desk.claim(NOON + 9 * HOUR)) == 1


async def test_a_line_about_a_day_without_news_does_not_wait_for_long(desk: Desk) -> None:
    desk.quiet_line = True
    await desk.subscribe(1)
    assert await desk.plan(NOON) == 1

    assert await desk.claim(NOON + 7 * HOUR) == ()
    assert desk.statuses() == [(Status.SKIPPED, "late")]


async def test_a_claim_takes_one_row_a_chat_and_none_of_a_chat_that_waits(desk: Desk) -> None:
    wish = Wish(zone=ZoneInfo("UTC"), minute=12 * 60)
    for topic in range(1, 4):
        await desk.store.subscriptions.put(Address(-5, topic), "en", wish, NOON - HOUR)
    for chat in (-6, 7, 8):
        await desk.subscribe(chat)
    await desk.edition("new")
    await desk.plan(NOON)
    waits = {-6: 40.5}
    found = await desk.store.ledger.claim(NOON, 32, QUIET, lambda chat: waits.get(chat, 0.0))

    assert [d.address for d in found.deliveries] == [Address(-5, 1), Address(7), Address(8)]
    rows = desk.rows(
        "SELECT not_before - due AS wait, run, attempts FROM delivery WHERE status = 0"
    )
    assert [tuple(row) for row in rows] == [(1, None, 0), (2, None, 0), (41, None, 0)]
    second = dt.timedelta(seconds=1)
    assert [d.address.topic for d in await desk.claim(NOON + second)] == [2]
    assert [d.address.chat for d in await desk.claim(NOON + 41 * second)] == [-5, -6]


async def test_what_was_held_for_a_day_is_due_anew_at_the_next_slot(desk: Desk) -> None:
    await desk.subscribe(1)
    edition = await desk.edition("new")
    await desk.plan(NOON)
    await desk.store.ledger.hold_edition(edition, "why")
    await desk.plan(NOON + DAY)
    await desk.store.ledger.open_editions()

    assert len(await desk.claim(NOON + DAY + HOUR)) == 1


async def test_what_waits_of_an_older_edition_gives_way(desk: Desk) -> None:
    await desk.subscribe(1)
    await desk.edition("new")
    await desk.plan(NOON)
    newest = await desk.edition("newest")
    await desk.plan(NOON + DAY)

    assert desk.statuses() == [(Status.SKIPPED, "superseded"), (Status.PENDING, None)]
    assert [d.edition for d in await desk.claim(NOON + DAY)] == [newest]


async def test_a_day_without_news_has_a_line_if_the_operator_wants_one(desk: Desk) -> None:
    desk.quiet_line = True
    await desk.subscribe(1)

    for days in range(2):
        assert await desk.plan(NOON + days * DAY) == 1
        [delivery] = await desk.claim(NOON + days * DAY)
        assert delivery.kind is Kind.QUIET
        await desk.settle(delivery, Ack(10 + days), NOON + days * DAY)


async def test_hours_are_computed_anew_after_the_clock_was_put_back(desk: Desk) -> None:
    who = await desk.subscribe(1)
    await desk.plan(NOON + 10 * DAY)
    [row] = desk.rows("SELECT next_due FROM subscription WHERE id = ?", who)
    assert row["next_due"] == int((NOON + 11 * DAY).timestamp())

    assert await desk.planner.rebuild(NOON + HOUR, 0) is None
    [row] = desk.rows("SELECT next_due FROM subscription WHERE id = ?", who)
    assert row["next_due"] == int((NOON + DAY).timestamp())


async def test_what_a_false_clock_wrote_is_put_right(desk: Desk) -> None:
    false, book = NOON + 3650 * DAY, desk.store.subscriptions
    for chat in (1, 2, 3):
        await desk.subscribe(chat, now=false)
    await book.pause(Address(2), false + 7 * DAY, false)
    await book.stop(Address(3), false)
    await desk.subscribe(4, now=NOON)
    await book.pause(Address(4), NOON + 7 * DAY, NOON)
    assert await desk.planner.rebuild(NOON + HOUR, 0) is None

    rows = desk.rows("SELECT * FROM subscription ORDER BY id")
    assert {row["next_due"] for row in rows} == {int((NOON + DAY).timestamp())}
    week = int((NOON + HOUR + 7 * DAY).timestamp())
    assert [row["paused_until"] for row in rows] == [None, week, None, week - 3600]
    assert rows[2]["state_at"] == int((NOON + HOUR).timestamp())


async def test_computed_anew_no_local_date_gets_a_second_slot(desk: Desk) -> None:
    who = await desk.subscribe(1)
    await desk.edition("new")
    assert await desk.plan(NOON)
    later = Wish(zone=ZoneInfo("UTC"), minute=20 * 60)
    await desk.store.subscriptions.change(Address(1), later, NOON + HOUR)
    await desk.planner.rebuild(NOON + HOUR, 0)
    [row] = desk.rows("SELECT next_due FROM subscription WHERE id = ?", who)
    assert row["next_due"] == int((NOON + DAY + 8 * HOUR).timestamp())


@pytest.mark.parametrize("away", [30, -30])
async def test_after_a_doubt_about_the_clock_hours_are_computed_anew(desk: Desk, away: int) -> None:
    agenda = Agenda(desk.store, QUIET, quiet_line=False, chunks=1, planned=lambda _: True)
    now = NOON + HOUR
    await agenda.bring(now)
    who = await desk.subscribe(1, now=NOON + 3650 * DAY)
    sql = "SELECT next_due FROM subscription WHERE id = ?"
    for at, right in ((now + dt.timedelta(seconds=1), False), (now + away * DAY / 86400, True)):
        await agenda.bring(at)
        [row] = desk.rows(sql, who)
        assert (row["next_due"] == int((NOON + DAY).timestamp())) is right


async def test_many_are_planned_a_chunk_at_a_time(desk: Desk) -> None:
    await asyncio.gather(*(desk.subscribe(chat) for chat in range(1, 12)))
    await desk.edition("new")

    found = [await desk.planner.plan(NOON, limit=5) for _ in range(3)]
    assert [(f.due, f.more) for f in found] == [(5, True), (5, True), (1, False)]


async def test_a_step_plans_no_longer_than_its_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 2)
    await asyncio.gather(*(desk.subscribe(chat) for chat in range(1, 8)))
    await desk.edition("new")
    waiting = "SELECT count(*) AS count FROM delivery"
    work = Agenda(desk.store, QUIET, quiet_line=False, chunks=25, planned=lambda _: True)
    monkeypatch.setattr(agenda, "BUDGET", 0.0)
    assert await work.bring(NOON)
    assert desk.rows(waiting)[0]["count"] == 2
    monkeypatch.setattr(agenda, "BUDGET", 60.0)
    assert not await work.bring(NOON)
    assert desk.rows(waiting)[0]["count"] == 7


# what holds a delivery


@pytest.mark.parametrize(
    ("state", "reason"),
    [(State.STOPPED, "stopped"), (State.BLOCKED, "blocked"), (State.GONE, "gone")],
)
async def test_who_left_between_plan_and_claim_gets_nothing(
    desk: Desk, state: State, reason: str
) -> None:
    await desk.subscribe(1)
    await desk.edition("new")
    await desk.plan(NOON)
    if state is State.STOPPED:
        await desk.store.subscriptions.stop(Address(1), NOON)
    else:
        await desk.store.subscriptions.block(1, state, NOON)

    assert await desk.claim(NOON) == ()
    assert desk.statuses() == [(Status.SKIPPED, reason)]


async def test_a_held_edition_waits_and_a_cancelled_one_never_goes(desk: Desk) -> None:
    await desk.subscribe(1)
    edition = await desk.edition("new")
    await desk.plan(NOON)
    await desk.store.ledger.hold_edition(edition, "why")
    assert await desk.claim(NOON) == ()
    await desk.store.ledger.open_editions()
    [delivery] = await desk.claim(NOON)
    await desk.settle(delivery, None)

    await desk.store.ledger.cancel(edition)
    assert await desk.claim(NOON) == ()
    assert await desk.store.ledger.sweep(NOON) == 1
    assert desk.statuses() == [(Status.SKIPPED, "cancelled")]
    assert await desk.store.ledger.sweep(NOON) == 0


async def test_an_edition_that_is_not_proved_waits(desk: Desk) -> None:
    await desk.subscribe(1)
    edition = await desk.edition("new")
    await desk.plan(NOON)
    await desk.store.db.write("UPDATE edition SET proved = 0", ())

    assert await desk.claim(NOON) == ()
    found = await desk.store.ledger.unproved(1000)
    assert found is not None
    assert (found.edition, found.count) == (edition, 1)
    await desk.store.ledger.prove(edition)
    assert len(await desk.claim(NOON)) == 1


async def test_quiet_hours_hold_what_is_late_and_never_the_chosen_hour(desk: Desk) -> None:
    at = NOON.replace(hour=23)
    await desk.subscribe(1, "21:30")
    await desk.subscribe(2, "22:45")
    await desk.edition("new")
    await desk.planner.plan(NOON.replace(hour=22, minute=45))

    assert [d.address.chat for d in await desk.claim(at)] == [2]
    assert await desk.claim(at + 3 * HOUR) == ()
    morning = (at + DAY).replace(hour=6, minute=30)
    [delivery] = await desk.claim(morning)
    assert delivery.address.chat == 1


async def test_a_chosen_hour_in_the_queue_is_held_once_it_is_an_hour_late(desk: Desk) -> None:
    await desk.subscribe(1, "22:45")
    await desk.edition("new")
    await desk.planner.plan(NOON.replace(hour=22, minute=45))

    assert await desk.claim(NOON.replace(hour=23, minute=46)) == ()
    assert len(await desk.claim((NOON + DAY).replace(hour=6, minute=30))) == 1


async def test_the_longest_due_goes_first_and_no_more_than_asked_for(desk: Desk) -> None:
    for chat, at in ((1, "11:30"), (2, "11:10"), (3, "11:20")):
        await desk.subscribe(chat, at, now=NOON - 2 * HOUR)
    await desk.edition("new")
    await desk.plan(NOON)

    assert [d.address.chat for d in await desk.claim(NOON, 2)] == [2, 3]
    assert [d.address.chat for d in await desk.claim(NOON, 2)] == [1]


async def test_a_correction_goes_before_briefings_and_answers_the_message(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, Ack(77))
    known = await desk.store.editions.known()
    sheet = Sheet(briefing="new", text="corrected", notice=True)
    assert await desk.store.editions.seen([sheet], known, NOON)
    await desk.subscribe(2, "13:00")
    await desk.edition("newer")
    await desk.plan(NOON + HOUR)
    assert await desk.store.editions.plan_corrections(NOON) == 1

    found = await desk.claim(NOON + HOUR)
    assert [d.kind for d in found] == [Kind.CORRECTION, Kind.BRIEFING]
    [edit] = await desk.claim(NOON + HOUR + dt.timedelta(seconds=1))  # another turn of that chat
    assert edit.kind is Kind.EDIT
    assert [d.message for d in (*found, edit)] == [77, None, 77]
    assert [(d.known, d.revision) for d in (found[0], edit)] == [(1, 2), (1, 2)]


async def test_an_edit_lets_briefings_go_first(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, Ack(77))
    known = await desk.store.editions.known()
    assert await desk.store.editions.seen([Sheet(briefing="new", text="typo")], known, NOON)
    await desk.subscribe(2, "13:00")
    await desk.edition("newer")
    assert await desk.store.editions.plan_corrections(NOON) == 1
    await desk.plan(NOON + HOUR)

    assert [d.kind for d in await desk.claim(NOON + HOUR)] == [Kind.BRIEFING, Kind.EDIT]


# what became of it


async def test_a_sent_part_makes_room_for_the_next(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, Ack(10), parts=2)
    [second] = await desk.claim(NOON)
    await desk.settle(second, Ack(11), parts=2)

    assert (second.part, second.base) == (1, 0)
    assert [(r["part"], r["message"], r["status"]) for r in desk.rows()] == [(0, 10, 2), (1, 11, 2)]
    assert await desk.claim(NOON) == ()


@pytest.mark.parametrize("decision", [None, Halt(3), TokenLost(), Moved(5)])
async def test_what_was_surely_not_sent_counts_for_nothing(
    desk: Desk, decision: Decision | None
) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, decision)

    [again] = await desk.claim(NOON)
    assert (again.attempts, again.ambiguous, again.silent) == (0, 0, False)


async def test_what_may_have_been_sent_comes_again_later_and_without_sound(desk: Desk) -> None:
    delivery = await one(desk)
    later = NOON + dt.timedelta(seconds=30)
    await desk.settle(delivery, Again(later, ambiguous=True, reason="time-out"))

    assert await desk.claim(NOON) == ()
    [again] = await desk.claim(later)
    assert (again.attempts, again.ambiguous, again.silent) == (1, 1, True)


async def test_after_three_crashes_it_is_given_up_by_name(desk: Desk) -> None:
    await one(desk)
    for copies in (1, 2):
        assert await desk.store.ledger.recover() == 1
        [again] = await desk.claim(NOON)
        assert (again.ambiguous, again.silent) == (copies, True)
    assert await desk.store.ledger.recover() == 1

    assert await desk.claim(NOON) == ()
    assert desk.statuses() == [(Status.DEAD, "uncertain")]


async def test_an_edit_is_done_however_often_the_bot_dies_meanwhile(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, Ack(77))
    known = await desk.store.editions.known()
    assert await desk.store.editions.seen([Sheet(briefing="new", text="typo")], known, NOON)
    assert await desk.store.editions.plan_corrections(NOON) == 1
    for _ in range(4):
        [edit] = await desk.claim(NOON + HOUR)
        assert (edit.kind, edit.ambiguous) == (Kind.EDIT, 0)
        assert await desk.store.ledger.recover() == 1
    assert desk.statuses() == [(Status.SENT, None), (Status.PENDING, "crash")]


@pytest.mark.parametrize("crash", [True, False])
async def test_a_copy_that_may_have_come_with_the_old_text_is_corrected(
    desk: Desk, crash: bool
) -> None:
    delivery = await one(desk)
    if crash:
        await desk.store.ledger.recover()
    else:
        await desk.settle(delivery, Again(NOON, ambiguous=True, reason="time-out"))
    known = await desk.store.editions.known()
    sheet = Sheet(briefing="new", text="corrected", notice=True)
    assert await desk.store.editions.seen([sheet], known, NOON)
    [again] = await desk.claim(NOON)
    assert (again.revision, again.silent) == (2, True)
    await desk.settle(again, Ack(77))

    assert await desk.store.editions.plan_corrections(NOON) == 1
    [notice] = await desk.claim(NOON)
    assert (notice.kind, notice.known, notice.message) == (Kind.CORRECTION, 1, 77)


async def test_what_surely_did_not_arrive_is_corrected_for_nobody(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, None)
    known = await desk.store.editions.known()
    sheet = Sheet(briefing="new", text="corrected", notice=True)
    assert await desk.store.editions.seen([sheet], known, NOON)
    [again] = await desk.claim(NOON)
    await desk.settle(again, Ack(77))

    assert await desk.store.editions.plan_corrections(NOON) == 0


async def test_a_late_word_of_an_earlier_run_changes_nothing(desk: Desk) -> None:
    delivery = await one(desk)
    outcome = Outcome(delivery=delivery, decision=Ack(10), began=NOON, at=NOON)
    await desk.store.ledger.recover()
    await desk.store.ledger.settle([outcome])

    assert desk.statuses() == [(Status.PENDING, "crash")]


async def test_a_forgotten_chat_is_not_brought_back_by_what_was_in_flight(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.store.subscriptions.forget(1)
    await desk.subscribe(2, now=NOON)
    await desk.settle(delivery, Ack(10), parts=3)
    await desk.settle(delivery, Dead("blocked", State.BLOCKED))
    await desk.settle(delivery, Dead("chat not found", strike=True))

    assert desk.rows() == []
    [row] = desk.rows("SELECT chat, state, last, strikes FROM subscription")
    assert tuple(row) == (2, State.ACTIVE, 0, 0)


async def test_a_block_holds_for_the_chat_unless_it_came_back_since(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, Dead("blocked", State.BLOCKED))
    [row] = desk.rows("SELECT state FROM subscription")
    assert row["state"] == State.BLOCKED

    await desk.store.subscriptions.back(1, NOON + HOUR)
    outcome = Outcome(delivery=delivery, decision=Dead("blocked", State.BLOCKED),
                      began=NOON, at=NOON + HOUR)  # fmt: skip
    await desk.store.ledger.settle([outcome])
    [row] = desk.rows("SELECT state FROM subscription")
    assert row["state"] == State.ACTIVE
    assert await desk.plan(NOON + DAY) == 1  # and is tried again


async def test_a_chat_is_gone_after_three_days_on_which_it_was_not_found(desk: Desk) -> None:
    await desk.subscribe(1)
    await desk.edition("new")
    for days in range(3):
        now = NOON + days * DAY
        assert await desk.plan(now) == 1
        [delivery] = await desk.claim(now)
        for _ in range(2):  # twice a day is one strike
            await desk.settle(delivery, Dead("chat not found", strike=True), now)
    [row] = desk.rows("SELECT state, strikes FROM subscription")
    assert tuple(row) == (State.GONE, 3)


async def test_a_moved_chat_gets_one_message_under_its_new_id(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.subscribe(-100, now=NOON - HOUR)
    await desk.store.subscriptions.move(1, -100, NOON)
    await desk.settle(delivery, Moved(-100))
    await desk.plan(NOON)

    assert [d.address.chat for d in await desk.claim(NOON)] == [-100]


async def test_what_a_group_got_before_it_moved_is_not_sent_to_its_new_id(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, Ack(10))
    await desk.subscribe(-100, now=NOON - HOUR)
    await desk.store.db.write("UPDATE subscription SET since = 0", ())
    assert await desk.plan(NOON) == 1
    await desk.store.subscriptions.move(1, -100, NOON)

    assert await desk.claim(NOON) == ()
    assert desk.statuses() == [(Status.SENT, None)]


async def test_broken_content_waits_and_a_skip_says_why(desk: Desk) -> None:
    delivery = await one(desk)
    await desk.settle(delivery, HoldEdition("can't parse entities"))
    assert await desk.claim(NOON) == ()
    [delivery] = await desk.claim(NOON + dt.timedelta(seconds=outcomes.BROKEN_PAUSE))
    await desk.settle(delivery, Skip("nothing to say"))
    assert desk.statuses() == [(Status.SKIPPED, "nothing to say")]


# speed rests on indices


def plan_of(desk: Desk, sql: str, values: int) -> list[str]:
    rows = desk.rows(f"EXPLAIN QUERY PLAN {sql}", *([1] * values))
    return [row["detail"] for row in rows]


def test_what_is_due_is_found_by_its_index(desk: Desk) -> None:
    [step] = plan_of(desk, planning._DUE, 2)
    assert step.startswith("SEARCH subscription USING INDEX subscription_due (next_due<?)")


def test_a_claim_reads_nothing_but_what_it_may_take(desk: Desk) -> None:
    steps = plan_of(desk, claims._CANDIDATES, 4)
    assert "USING INDEX delivery_pending (edition=? AND kind=? AND not_before<?)" in steps[0]
    assert steps[1].startswith("SEARCH s USING INTEGER PRIMARY KEY")
    assert len(steps) == 2  # sorted by the index


def test_whether_there_is_anything_to_send_is_asked_of_the_index_alone(desk: Desk) -> None:
    steps = [step for step in plan_of(desk, claims.READY, 1) if "delivery" in step or " d " in step]
    assert len(steps) == 3
    assert all("SEARCH" in s or "SCAN" in s for s in steps)
    assert all("USING INDEX delivery_pending" in step for step in steps)


def test_what_was_superseded_is_found_by_its_subscription(desk: Desk) -> None:
    steps = plan_of(desk, planning._SUPERSEDE, 3)
    assert "sqlite_autoindex_delivery_1 (subscription=? AND edition<?)" in steps[0]


def test_what_a_crash_left_open_is_found_by_its_index(desk: Desk) -> None:
    assert "USING INDEX delivery_sending" in plan_of(desk, ledger._RECOVER, 1)[0]


def test_what_was_cancelled_is_found_by_its_index(desk: Desk) -> None:
    assert any("delivery_pending" in step for step in plan_of(desk, ledger._CANCELLED, 1))
