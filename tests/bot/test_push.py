"""The running push against the fake: each end of a send, and the end of the bot."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot import canary
from bot.app import Application
from bot.brake import Brake
from bot.circuit import REFUSALS, UNSURE
from bot.guard import DOUBT, Guard
from bot.limits import Limits
from bot.model import Address, State, Status, Wish
from bot.pacer import Lane
from bot.store import STORE, Store, report
from bot.texts import Texts
from tests.conftest import BRIEFINGS, HARBOUR, Bots
from tests.fake_telegram import FakeTelegram, User
from tests.fake_telegram.state import Call

BRIEFING = "2020-06-01-harbour"
SEND = "sendMessage"


class Stage:
    """Readers who are due what `publish` brings."""

    def __init__(self, fake: FakeTelegram, bots: Bots, briefings: Path) -> None:
        self.fake = fake
        self.bots = bots
        self.briefings = briefings
        self.readers: list[User] = []
        shutil.copytree(HARBOUR, briefings / HARBOUR.name)

    async def subscribe(self, *addresses: Address) -> None:
        """Nothing; these want the briefing in half an hour."""
        now = self.bots.now()
        due = now + dt.timedelta(minutes=30)
        wish = Wish(zone=ZoneInfo("Etc/UTC"), minute=due.hour * 60 + due.minute)
        async with await Store.open(self.bots.data / STORE) as store:
            for address in addresses:
                before = now - dt.timedelta(hours=1)
                await store.subscriptions.put(address, "en", wish, before)

    async def people(self, count: int) -> list[User]:
        """So many subscribers in private chats."""
        self.readers = [self.fake.user() for _ in range(count)]
        for reader in self.readers:
            reader.chat.state.known = True
        await self.subscribe(*(Address(reader.id) for reader in self.readers))
        return self.readers

    async def start(self, **changes: Any) -> Application:
        """A running bot that has seen what lies there."""
        settings: dict[str, Any] = {"briefings_dir": self.briefings}
        settings |= {"quiet_from": dt.time(0), "quiet_to": dt.time(0)}
        bot = await self.bots.start(**settings | changes)
        await self.seen(HARBOUR.name)
        return bot

    async def seen(self, name: str) -> None:
        """Nothing; the bot knows the briefing *name*."""
        sql = f"SELECT 1 FROM edition WHERE briefing = '{name}'"
        await self.fake.wait_for(lambda: self.rows(sql), 10)

    async def publish(self, *, due: bool = True) -> None:
        """Nothing; a new briefing was taken up; with *due*, it is the readers' hour."""
        made = self.briefings.parent / BRIEFING
        shutil.copytree(BRIEFINGS / BRIEFING, made)
        made.rename(self.briefings / BRIEFING)
        await self.seen(BRIEFING)
        if due:
            self.fake.clock.advance(1860)

    def rows(self, sql: str) -> list[Any]:
        """What is in the file."""
        path = f"file:{self.bots.data / STORE}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(sql).fetchall()

    def statuses(self) -> list[tuple[Status, str | None]]:
        """How each delivery stands, and why."""
        found = self.rows("SELECT status, reason FROM delivery ORDER BY id")
        return [(Status(row["status"]), row["reason"]) for row in found]

    async def until(self, condition: Callable[[], object]) -> None:
        """Nothing; *condition* came true."""
        await self.fake.wait_for(condition, 10)

    async def over(self) -> None:
        """Nothing; no delivery is left to be made."""
        await self.until(
            lambda: (
                self.rows("SELECT 1 FROM delivery")
                and not self.rows("SELECT 1 FROM delivery WHERE status < 2")
            )
        )

    def sends(self, chat: int | None = None) -> list[Call]:
        """The calls that sent, or tried to."""
        return [c for c in self.fake.calls(SEND) if chat in (None, c.params.get("chat_id"))]


@pytest_asyncio.fixture
async def stage(fake: FakeTelegram, bots: Bots, tmp_path: Path) -> Stage:
    """Before anybody subscribed."""
    return Stage(fake, bots, tmp_path / "briefings")


async def test_each_reader_gets_it_once_with_sound_and_the_way_out(stage: Stage) -> None:
    readers = await stage.people(20)
    await stage.start()
    await stage.publish()
    await stage.over()

    for reader in readers:
        [message] = reader.chat.sent
        assert not message.silent
        assert message.labels[-1] == "Unsubscribe"
    assert {status for status, _ in stage.statuses()} == {Status.SENT}


async def test_what_lies_there_at_the_first_start_is_pushed_to_nobody(stage: Stage) -> None:
    await stage.people(3)
    await stage.start()
    stage.fake.clock.advance(1860)
    await stage.until(lambda: stage.rows("SELECT 1 FROM subscription WHERE next_due > 0"))
    due = int(stage.fake.clock.now())
    await stage.until(lambda: not stage.rows(f"SELECT 1 FROM subscription WHERE next_due <= {due}"))

    assert stage.sends() == []
    assert stage.statuses() == []


async def test_a_topic_of_a_forum_is_an_address_of_its_own(stage: Stage) -> None:
    forum = stage.fake.forum({5: "News"})
    await stage.subscribe(Address(forum.id, 5))
    await stage.start()
    await stage.publish()
    message = await forum.next_message(10)

    assert message.data["message_thread_id"] == 5


async def test_a_forum_of_many_topics_keeps_nobody_waiting(stage: Stage) -> None:
    forum = stage.fake.forum({topic: f"Topic {topic}" for topic in range(2, 42)})
    await stage.subscribe(*(Address(forum.id, topic) for topic in range(2, 42)))
    readers = await stage.people(100)
    bot = await stage.start(limits=Limits(chat_seconds=0.05, group=5), sends_per_second=100)
    await stage.publish()
    await stage.until(stage.sends)
    began = time.monotonic()
    await stage.until(lambda: all(reader.chat.sent for reader in readers))
    assert time.monotonic() - began < 5  # a second's worth of messages

    of_forum = (
        "SELECT d.status, d.run, d.attempts, d.ambiguous FROM delivery AS d"
        f" JOIN subscription AS s ON s.id = d.subscription WHERE s.chat = {forum.id}"
    )
    await stage.until(lambda: len(stage.rows(of_forum + " AND d.status = 2")) == 5)
    await stage.until(lambda: not stage.rows(of_forum + " AND d.status = 1"))
    waiting = stage.rows(of_forum + " AND d.status = 0")  # a kill would leave none uncertain
    assert {(row["attempts"], row["ambiguous"]) for row in waiting} == {(0, 0)}
    assert (len(waiting), len(forum.sent)) == (35, 5)
    await stage.bots.stop(bot)


async def test_a_group_that_answers_used_up_does_not_hold_the_trial(stage: Stage) -> None:
    group = stage.fake.group()
    await stage.subscribe(Address(group.id))
    readers = await stage.people(10)
    bot = await stage.start(limits=Limits(chat_seconds=0.0, group=1))
    await bot._pacer.turn(Lane.ANSWER, group.id)  # the one of this minute
    await stage.publish()
    await stage.until(lambda: all(reader.chat.sent for reader in readers))

    assert group.sent == []
    assert (Status.PENDING, None) in stage.statuses()


async def test_a_claimed_delivery_goes_back_when_its_chat_is_used_up(stage: Stage) -> None:
    group = stage.fake.group()
    await stage.subscribe(Address(group.id))
    bot = await stage.start(limits=Limits(chat_seconds=0.0, group=1), sends_per_second=1)
    await bot._pacer.turn(Lane.ANSWER, 1)
    others = asyncio.create_task(bot._pacer.turn(Lane.ANSWER, 2))  # the next turn, in a second
    mine = asyncio.create_task(bot._pacer.turn(Lane.ANSWER, group.id))
    await stage.publish()
    await mine
    await others
    await stage.until(stage.statuses)
    await stage.until(lambda: not stage.rows("SELECT 1 FROM delivery WHERE status = 1"))

    assert stage.statuses() == [(Status.PENDING, None)]
    assert group.sent == []


@pytest.mark.parametrize("reached", [True, False])
async def test_the_next_admin_gets_the_canary_if_the_first_cannot_be_reached(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, reached: bool
) -> None:
    monkeypatch.setattr(canary, "MANY", 2)
    first, second = stage.fake.user(), stage.fake.user()
    first.chat.state.known = second.chat.state.known = True
    first.state.blocked, second.state.blocked = True, not reached
    readers = await stage.people(3)
    await stage.start(admins=(first.id, second.id))
    await stage.publish()
    if reached:
        await stage.over()
        assert [len(reader.chat.sent) for reader in readers] == [1] * 3
        assert len(second.chat.sent) == 1
    else:
        held = "SELECT 1 FROM edition WHERE held LIKE 'canary: %blocked%'"
        await stage.until(lambda: stage.rows(held))
        assert not any(reader.chat.sent for reader in readers)


async def test_without_an_admin_a_briefing_for_many_is_held(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(canary, "MANY", 2)
    readers = await stage.people(3)
    await stage.start()
    await stage.publish()
    await stage.until(lambda: stage.rows("SELECT 1 FROM edition WHERE held = 'no admin'"))
    assert "there is no admin to get it" in caplog.text
    assert not any(reader.chat.sent for reader in readers)

    await asyncio.to_thread(report.steer, stage.bots.data / STORE, None)  # push --resume
    await stage.over()
    assert [len(reader.chat.sent) for reader in readers] == [1] * 3


class Slow:
    """What a brake asks of a ledger; what is read is on its way until `arrive`."""

    def __init__(self) -> None:
        self.hold: str | None = None
        self.closed: set[int] = set()
        self.arrive = asyncio.Event()

    async def noted(self, _: str) -> str | None:
        found = self.hold
        await self.arrive.wait()
        return found

    async def shut(self) -> set[int]:
        found = set(self.closed)
        await self.arrive.wait()
        return found

    async def note(self, _: str, value: str | None) -> None:
        self.hold = value


@pytest.mark.parametrize("order", ["hold", "shut"])
async def test_an_order_outlives_a_look_that_began_before_it(order: str) -> None:
    ledger: Any = Slow()
    brake = Brake(ledger, lambda _: None)
    looking = asyncio.create_task(brake.look())
    await asyncio.sleep(0)
    if order == "hold":
        await brake.hold("why")
        ledger.arrive.set()
    else:
        with brake.order():
            assert brake.shut(7)
            ledger.arrive.set()
            assert not await brake.look()  # the store does not know yet
            ledger.closed.add(7)
    assert not await looking
    assert brake.held == ("why" if order == "hold" else None)
    assert brake.shut(7) == (order == "hold")

    ledger.hold, ledger.closed = None, set()
    assert await brake.look()  # the command line opened all
    assert brake.held is None
    assert brake.shut(7)


async def test_who_cannot_be_written_to_is_called_once(stage: Stage) -> None:
    blocked, deactivated, fine = await stage.people(3)
    group = stage.fake.group()
    await stage.subscribe(Address(group.id))
    await stage.start()
    blocked.state.blocked = True
    deactivated.deactivate()
    group.state.state = "kicked"
    await stage.publish()
    await stage.over()

    assert [len(stage.sends(chat)) for chat in (blocked.id, deactivated.id, group.id)] == [1, 1, 1]
    assert len(fine.chat.sent) == 1
    states = stage.rows("SELECT state FROM subscription ORDER BY id")
    assert [State(row["state"]) for row in states] == [
        State.BLOCKED, State.GONE, State.ACTIVE, State.GONE,
    ]  # fmt: skip


async def test_a_group_that_moved_gets_one_message_where_it_is_now(stage: Stage) -> None:
    group = stage.fake.group()
    await stage.subscribe(Address(group.id))
    await stage.start()
    new = stage.fake.supergroup()
    group.state.state, group.state.migrated_to = "migrated", new.id
    await stage.publish()
    await stage.over()

    assert len(stage.sends(group.id)) == 1
    assert len(new.sent) == 1
    assert [row["chat"] for row in stage.rows("SELECT chat FROM subscription")] == [new.id]


async def test_a_lost_answer_brings_a_second_copy_later_and_without_sound(stage: Stage) -> None:
    [reader] = await stage.people(1)
    await stage.start()
    stage.fake.fault("cut", SEND, after=True)
    await stage.publish()
    await stage.until(lambda: stage.rows("SELECT 1 FROM delivery WHERE ambiguous = 1"))
    assert len(reader.chat.sent) == 1
    stage.fake.clock.advance(31)
    await stage.over()

    assert [message.silent for message in reader.chat.sent] == [False, True]


async def test_after_three_copies_it_is_given_up_by_name(stage: Stage) -> None:
    [reader] = await stage.people(1)
    await stage.start()
    stage.fake.fault("error", SEND, count=None, after=True, status=502, description="Bad Gateway")
    await stage.publish()
    for copies, wait in ((1, 31), (2, 301)):
        unsure = f"SELECT 1 FROM delivery WHERE status = 0 AND ambiguous = {copies}"
        await stage.until(lambda sql=unsure: stage.rows(sql))  # type: ignore[misc]
        stage.fake.clock.advance(wait)
    await stage.over()

    assert stage.statuses() == [(Status.DEAD, "uncertain")]
    assert [message.silent for message in reader.chat.sent] == [False, True, True]


async def test_flood_control_holds_all_and_costs_no_copy(stage: Stage) -> None:
    readers = await stage.people(30)
    await stage.start()
    stage.fake.fault("error", SEND, skip=10, status=429, description="Too Many Requests: retry "
                     "after 1", parameters={"retry_after": 1})  # fmt: skip
    await stage.publish()
    await stage.over()

    assert [len(reader.chat.sent) for reader in readers] == [1] * 30
    assert not any(message.silent for reader in readers for message in reader.chat.sent)
    [refused] = [call for call in stage.sends() if call.status == 429]
    over = (refused.finished or 0.0) + 0.2  # by then we know of it
    assert min(call.started - over for call in stage.sends() if call.started > over) >= 0.8


async def test_while_telegram_is_down_one_call_a_second_asks(stage: Stage) -> None:
    readers = await stage.people(30)
    await stage.start()
    await stage.fake._stop()
    await stage.publish()
    began = time.monotonic()
    await stage.until(lambda: time.monotonic() - began > 2.5)
    await stage.fake._start()
    await stage.over()

    assert [len(reader.chat.sent) for reader in readers] == [1] * 30
    assert not any(message.silent for reader in readers for message in reader.chat.sent)


async def test_while_telegram_stumbles_readers_are_not_used_up(stage: Stage) -> None:
    readers = await stage.people(12)
    await stage.start()
    broken = stage.fake.fault("error", SEND, count=None, status=502, description="Bad Gateway")
    await stage.publish()
    await stage.until(lambda: len(stage.sends()) == UNSURE)
    began = time.monotonic()
    await stage.until(lambda: time.monotonic() - began > 2.0)
    assert len(stage.sends()) == UNSURE + 1  # one asked after a second, the next after two more
    assert not stage.rows("SELECT 1 FROM delivery WHERE ambiguous > 1")
    stage.fake.faults.faults.remove(broken)
    await stage.until(lambda: sum(len(reader.chat.sent) for reader in readers) == 6)
    stage.fake.clock.advance(31)
    await stage.over()

    assert [len(reader.chat.sent) for reader in readers] == [1] * 12


async def test_an_unknown_refusal_of_all_holds_the_edition(stage: Stage) -> None:
    await stage.people(30)
    await stage.start()
    stage.fake.fault("error", SEND, count=None, status=400, description="Bad Request: New rule")
    await stage.publish()
    await stage.until(lambda: stage.rows("SELECT 1 FROM edition WHERE held = 'New rule'"))
    await stage.until(lambda: not stage.rows("SELECT 1 FROM delivery WHERE status = 1"))

    assert len(stage.sends()) == REFUSALS
    found = Counter(stage.statuses())
    assert found == {(Status.DEAD, "New rule"): REFUSALS, (Status.PENDING, None): 30 - REFUSALS}


async def test_a_text_that_telegram_cannot_read_is_tried_five_times(stage: Stage) -> None:
    await stage.people(30)
    await stage.start()
    stage.fake.fault("error", SEND, count=None, status=400, description="Bad Request: can't parse "
                     "entities: Unsupported start tag")  # fmt: skip
    await stage.publish()
    await stage.until(lambda: stage.rows("SELECT 1 FROM edition WHERE held IS NOT NULL"))
    await stage.until(lambda: not stage.rows("SELECT 1 FROM delivery WHERE status = 1"))

    assert len(stage.sends()) == 5
    assert {status for status, _ in stage.statuses()} == {Status.PENDING}


async def test_the_command_line_lets_a_held_edition_of_a_running_bot_go_on(stage: Stage) -> None:
    readers = await stage.people(8)
    await stage.start()
    broken = stage.fake.fault("error", SEND, count=None, status=400, description="Bad Request: "
                              "can't parse entities: Unsupported start tag")  # fmt: skip
    await stage.publish()
    await stage.until(lambda: stage.rows("SELECT 1 FROM edition WHERE held IS NOT NULL"))
    stage.fake.faults.faults.remove(broken)
    report.steer(stage.bots.data / STORE, None)
    stage.fake.clock.advance(61)
    await stage.over()

    assert [len(reader.chat.sent) for reader in readers] == [1] * 8


async def test_a_chat_that_is_forgotten_in_flight_stays_forgotten(stage: Stage) -> None:
    [reader] = await stage.people(1)
    await stage.start()
    held = stage.fake.fault("hold", SEND)
    await stage.publish()
    await stage.until(lambda: held.hits)
    await reader.send("/forget")
    held.release()
    question = next(m for m in [await reader.next_message(), await reader.next_message()]
                    if "Yes, delete everything" in m.labels)  # fmt: skip
    again = stage.fake.fault("hold", SEND, chat=-1)
    await reader.tap(question, "Yes, delete everything")
    await stage.until(lambda: not stage.rows("SELECT 1 FROM subscription"))
    again.release()

    assert stage.rows("SELECT 1 FROM delivery") == []


async def test_a_stop_amid_the_push_loses_nothing_and_repeats_nothing(stage: Stage) -> None:
    readers = await stage.people(60)
    bot = await stage.start(sends_per_second=40)
    stage.fake.fault("delay", SEND, count=None, seconds=0.1)
    await stage.publish()
    await stage.until(lambda: len(stage.sends()) > 15)
    await stage.bots.stop(bot)
    assert stage.rows("SELECT 1 FROM delivery WHERE status = 1") == []
    await stage.start(sends_per_second=1000)
    await stage.over()

    assert [len(reader.chat.sent) for reader in readers] == [1] * 60
    assert not any(message.silent for reader in readers for message in reader.chat.sent)


async def test_nothing_is_sent_after_a_claim_that_failed(stage: Stage) -> None:
    readers = await stage.people(10)
    bot = await stage.start()
    with contextlib.closing(sqlite3.connect(stage.bots.data / STORE)) as db:
        db.execute("CREATE TRIGGER full BEFORE UPDATE ON delivery WHEN new.status = 1"
                   " BEGIN SELECT RAISE(ABORT, 'disk is full'); END")  # fmt: skip
        await stage.publish()
        await stage.until(lambda: len(stage.statuses()) == 10)
        assert stage.sends() == []
        db.execute("DROP TRIGGER full")
    await stage.over()

    assert bot in stage.bots.running
    assert [len(reader.chat.sent) for reader in readers] == [1] * 10


async def test_a_result_that_cannot_be_written_is_kept_until_it_can(stage: Stage) -> None:
    readers = await stage.people(10)
    await stage.start()
    with contextlib.closing(sqlite3.connect(stage.bots.data / STORE)) as db:
        db.execute("CREATE TRIGGER full BEFORE UPDATE ON delivery WHEN new.status = 2"
                   " BEGIN SELECT RAISE(ABORT, 'disk is full'); END")  # fmt: skip
        await stage.publish()
        await stage.until(stage.sends)
        await stage.until(lambda: any(r.chat.sent for r in readers))
        db.execute("DROP TRIGGER full")
    await stage.over()

    assert [len(reader.chat.sent) for reader in readers] == [1] * 10


async def test_answers_and_pushes_keep_the_limit_of_a_chat(stage: Stage) -> None:
    [reader] = await stage.people(1)
    await stage.start(limits=Limits(chat_seconds=0.3))
    stage.fake.flood.chat_rate, stage.fake.flood.enabled = 1 / 0.29, True
    for number in range(6):
        await reader.send(f"Who opened the lighthouse? {number}")
    await stage.publish()
    await stage.until(lambda: len(reader.chat.sent) == 7)

    assert stage.fake.flood.rejected == 0


async def test_buttons_of_a_briefing_that_was_taken_away_say_so(stage: Stage, texts: Texts) -> None:
    first, second = await stage.people(2)
    await stage.start()
    held = stage.fake.fault("hold", SEND, chat=second.id)
    await stage.publish()
    await stage.until(lambda: held.hits)
    shutil.rmtree(stage.briefings / BRIEFING)
    message = await first.next_message(10)

    async def pressed(label: str) -> str:
        return str((await (await first.tap(message, label)).answered()).get("text", ""))

    async with asyncio.timeout(10):
        while not (said := await pressed(message.labels[0])):  # noqa: ASYNC110 - it looks at times
            await asyncio.sleep(0.1)
    assert said == texts.say("notice.out_of_date")
    held.release()
    assert (await second.next_message(10)).text == message.text
    assert await pressed("Unsubscribe") == ""
    await stage.until(lambda: stage.rows("SELECT 1 FROM subscription WHERE state = 2"))


async def test_a_day_without_news_brings_a_line_if_that_is_wanted(stage: Stage) -> None:
    [reader] = await stage.people(1)
    await stage.start(quiet_line=True)
    stage.fake.clock.advance(1860)
    message = await reader.next_message(10)

    assert "\n" not in message.text
    assert stage.statuses()[0][0] in (Status.SENT, Status.SENDING)


async def test_an_older_database_in_its_place_puts_the_push_on_hold(stage: Stage) -> None:
    await stage.people(3)
    bot = await stage.start()
    await stage.publish(due=False)
    await stage.bots.stop(bot)
    file = stage.bots.data / STORE
    shutil.copy(file, file.with_name("kept"))
    bot = await stage.start()
    stage.fake.clock.advance(1860)
    await stage.over()
    await stage.bots.stop(bot)
    shutil.move(file.with_name("kept"), file)
    sent = len(stage.sends())
    await stage.start()
    await stage.until(lambda: stage.rows("SELECT 1 FROM meta WHERE key = 'hold'"))
    await stage.until(stage.statuses)

    assert len(stage.sends()) == sent
    assert {status for status, _ in stage.statuses()} == {Status.PENDING}


class Times:
    """A clock that can be set, and time that passes whatever it says."""

    def __init__(self) -> None:
        self.at, self.boot = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), 100.0
        self.guard = Guard(lambda: self.at, lambda: self.boot)

    def passes(self, seconds: float) -> None:
        """Nothing; so much time passed."""
        self.at += dt.timedelta(seconds=seconds)
        self.boot += seconds

    def jumps(self, span: dt.timedelta) -> bool:
        """Whether that is doubted."""
        self.at += span
        assert self.guard.look() == dt.timedelta()
        return self.guard.doubts

    def believed(self) -> dt.timedelta:
        """By how much the clock was moved, if that is believed by now."""
        moved = self.guard.look()
        assert bool(moved) != self.guard.doubts
        return moved


HOUR = dt.timedelta(hours=1)


def test_a_clock_that_jumps_is_doubted_then_believed() -> None:
    times = Times()
    assert times.jumps(HOUR)
    assert times.guard.now() == times.at - HOUR
    times.passes(DOUBT)
    assert times.believed() == HOUR
    assert times.guard.now() == times.at


@pytest.mark.parametrize("days", [3650, -3650])
def test_a_jump_of_years_is_not_believed_until_the_operator_says_so(days: int) -> None:
    times = Times()
    assert times.jumps(dt.timedelta(days=days))
    times.passes(10 * DOUBT)
    assert not times.believed()
    times.guard.accept()
    assert not times.guard.doubts
    assert times.guard.now() == times.at


def test_a_clock_that_comes_back_is_trusted_at_once() -> None:
    times = Times()
    assert times.jumps(24 * HOUR)
    assert not times.jumps(-24 * HOUR)


def test_a_clock_that_is_put_right_bit_by_bit_is_trusted() -> None:
    times = Times()
    assert not any(times.jumps(dt.timedelta(seconds=100)) for _ in range(20))
