"""The operator's orders to the running bot: what they say is so, and they hold at once."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot import agenda, canary, ops
from bot.app import Application
from bot.model import BY_OPERATOR, Address, Wish
from bot.store import STORE, Store, planning
from bot.terms import Beat
from bot.texts import Texts
from tests.conftest import BRIEFINGS, HARBOUR, Bots, alter
from tests.fake_telegram import FakeTelegram, Message, User

BRIEFING = "2020-05-05-saltby"
READERS = 12


@pytest_asyncio.fixture
async def desk(fake: FakeTelegram, bots: Bots, tmp_path: Path) -> Desk:
    """An admin, readers who are due a briefing, and a directory that a new one can come to."""
    return Desk(fake, bots, tmp_path / "briefings")


class Desk:
    """What an operator has before him."""

    def __init__(self, fake: FakeTelegram, bots: Bots, briefings: Path) -> None:
        self.fake = fake
        self.bots = bots
        self.briefings = briefings
        self.admin = fake.user(name="Admin")
        self.admin.chat.state.known = True
        self.readers = [fake.user() for _ in range(READERS)]
        shutil.copytree(HARBOUR, briefings / HARBOUR.name)

    async def start(self, readers: int = READERS, **changes: Any) -> Application:
        """A running bot; the first *readers* want the briefing in half an hour."""
        now = self.bots.now()
        due = (now + dt.timedelta(minutes=30)).astimezone(ZoneInfo("Etc/UTC"))
        wish = Wish(zone=ZoneInfo("Etc/UTC"), minute=due.hour * 60 + due.minute)
        async with await Store.open(self.bots.data / STORE) as store:
            for reader in self.readers[:readers]:
                reader.chat.state.known = True
                before = now - dt.timedelta(hours=1)
                await store.subscriptions.put(Address(reader.id), "en", wish, before)
        settings: dict[str, Any] = {"admins": (self.admin.id,), "briefings_dir": self.briefings}
        settings |= {"quiet_from": dt.time(0), "quiet_to": dt.time(0)}
        bot = await self.bots.start(**settings | changes)
        await self.fake.wait_for(lambda: self.rows("SELECT 1 FROM revision"))
        return bot

    async def publish(self, name: str = BRIEFING, *, due: bool = True) -> None:
        """Nothing; a new briefing was taken up; with *due*, it is the readers' hour."""
        made = self.briefings.parent / name
        shutil.copytree(next(f for f in BRIEFINGS.iterdir() if f != HARBOUR), made)
        for file in made.glob("*"):
            if "judgements" in file.name or "lessons" in file.name:
                file.unlink()
        made.rename(self.briefings / name)
        taken = f"SELECT 1 FROM revision JOIN edition ON id = edition WHERE briefing = '{name}'"
        await self.fake.wait_for(lambda: self.rows(taken), 10)
        if due:
            self.fake.clock.advance(1900)

    def rows(self, sql: str) -> list[Any]:
        """What is in the file."""
        path = f"file:{self.bots.data / STORE}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
            return db.execute(sql).fetchall()

    def got(self) -> list[User]:
        """The readers who have had a message."""
        return [reader for reader in self.readers if reader.chat.sent]

    async def order(self, words: str) -> Message:
        """What the bot says to an order."""
        return await self.admin.ask(words)


async def test_the_push_goes_to_readers_and_status_says_so(desk: Desk, texts: Texts) -> None:
    await desk.start()
    nothing = await desk.order("/status")
    assert texts.say("admin.status.offered") in nothing.text
    assert f"{READERS} active" in nothing.text
    await desk.readers[0].block()
    await desk.publish()
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS - 1, 10)
    await desk.fake.wait_for(lambda: not desk.rows("SELECT 1 FROM delivery WHERE status < 2"))
    said = (await desk.order("/status")).text
    for part in (
        texts.say("admin.status.runs"),
        texts.say("admin.status.edition", briefing=BRIEFING, revision=1),
        texts.say("admin.status.on_time"),
        f"Sent: {READERS - 1}",
        f"{READERS - 1} active, 0 paused, 0 stopped, 1 blocked",
    ):
        assert part in said


async def test_a_hold_is_in_force_at_once_and_outlives_a_restart(desk: Desk, texts: Texts) -> None:
    bot = await desk.start(sends_per_second=4)
    await desk.publish()
    await desk.fake.wait_for(lambda: desk.got(), 10)
    began = time.monotonic()
    said = await desk.order("/hold")
    assert said.text == texts.say("admin.hold")
    assert time.monotonic() - began < 1
    had = len(desk.got())
    assert had < READERS
    await asyncio.sleep(1)
    assert len(desk.got()) == had
    assert "(operator)" in (await desk.order("/status")).text
    await desk.bots.stop(bot)
    await desk.start(readers=0)
    await asyncio.sleep(0.5)
    assert len(desk.got()) == had
    assert (await desk.order("/resume")).text == texts.say("admin.resume")
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS, 10)
    assert [len(reader.chat.sent) for reader in desk.readers] == [1] * READERS


async def test_a_cancelled_briefing_goes_to_nobody_else(desk: Desk, texts: Texts) -> None:
    await desk.start(sends_per_second=4)
    await desk.publish()
    await desk.fake.wait_for(lambda: desk.got(), 10)
    said = await desk.order(f"/cancel {BRIEFING}")
    assert said.text == texts.say("admin.cancel", briefing=BRIEFING)
    had = len(desk.got())
    await desk.fake.wait_for(
        lambda: desk.rows("SELECT 1 FROM delivery WHERE reason = 'cancelled'"), 10
    )
    await asyncio.sleep(1)
    assert len(desk.got()) == had < READERS
    status = (await desk.order("/status")).text
    assert texts.say("admin.status.cancelled") in status
    assert f"Skipped, cancelled: {READERS - had}." in status


async def test_a_cancel_that_names_nothing_asks_which(desk: Desk, texts: Texts) -> None:
    await desk.start(sends_per_second=4)
    assert (await desk.order("/cancel")).text == texts.say("admin.cancel_none")
    await desk.publish(due=False)
    said = await desk.order("/cancel")
    order = said.text.splitlines()[-1]
    assert order == f"/cancel {BRIEFING}"
    assert desk.rows("SELECT sum(cancelled) FROM edition") == [(0,)]
    assert (await desk.order(order)).text == texts.say("admin.cancel", briefing=BRIEFING)
    assert (await desk.order("/cancel")).text == texts.say("admin.cancel_none")


async def test_status_knows_of_a_hold_by_the_command_line_at_once(desk: Desk, texts: Texts) -> None:
    await desk.start(push={"look": 60.0})
    for steer, part in (
        (ops.hold, texts.say("admin.status.held", reason=BY_OPERATOR)),
        (ops.resume, texts.say("admin.status.runs")),
    ):
        await steered(desk, steer)
        assert part in (await desk.order("/status")).text


async def test_status_says_that_flood_control_slowed_the_push(desk: Desk) -> None:
    await desk.start(sends_per_second=100)
    assert "asked for pauses" not in (await desk.order("/status")).text
    parameters = {"retry_after": 1}
    first = desk.readers[0].id
    flood = "Too Many Requests: retry after 1"
    desk.fake.fail("sendMessage", 429, flood, chat=first, count=1, parameters=parameters)
    await desk.publish()
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS, 10)
    said = (await desk.order("/status")).text
    assert "a second, since Telegram asked for pauses." in said


async def test_a_hold_by_the_command_line_holds_within_a_second(desk: Desk) -> None:
    await desk.start(sends_per_second=4, push={"look": Beat().look})
    await desk.publish()
    await desk.fake.wait_for(lambda: desk.got(), 10)
    await steered(desk, ops.hold)
    await asyncio.sleep(1)
    had = len(desk.got())
    assert had < READERS
    await asyncio.sleep(1)
    assert len(desk.got()) == had


async def steered(desk: Desk, steer: Callable[[Path], Iterator[str]]) -> None:
    """Nothing; the command line gave that order."""
    await asyncio.to_thread(lambda: list(steer(desk.bots.data / STORE)))


async def test_the_preview_is_what_readers_get(desk: Desk, texts: Texts) -> None:
    await desk.start()
    await desk.order("/hold")
    await desk.publish()
    await desk.order("/preview")
    previewed = desk.admin.chat.sent[1:]
    await desk.fake.wait_for(lambda: "active" not in previewed[-1].text)
    count = await desk.admin.next_message()
    span = texts.say("admin.seconds", count=1)
    assert count.text == texts.say("admin.preview", count=READERS, span=span, rate=1000)
    shown = desk.admin.chat.sent[1:-1]
    await desk.order("/resume")
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS, 10)
    got = desk.readers[0].chat.sent
    assert [m.text for m in got] == [m.text for m in shown]
    assert [m.entities for m in got] == [m.entities for m in shown]
    assert [m.buttons for m in got] == [m.buttons for m in shown]


async def test_who_is_due_waits_for_no_tick_while_more_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await desk.start()
    await desk.publish(due=False)
    await desk.bots.stop(bot)
    desk.fake.clock.advance(1900)
    monkeypatch.setattr(planning, "CHUNK", 2)
    monkeypatch.setattr(agenda, "BUDGET", 0.0)
    await desk.start(readers=0, push={"tick": 60.0})
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS, 15)


async def test_an_unknown_briefing_is_answered_with_those_there_are(
    desk: Desk, texts: Texts
) -> None:
    await desk.start()
    for order in ("/cancel 2001-01-01-nothing", "/preview nothing"):
        said = await desk.order(order)
        assert said.text == texts.say("admin.no_such_edition", newest=HARBOUR.name)


@pytest.mark.parametrize("order", ["/resume", "/cancel"])
async def test_an_order_that_comes_late_is_not_carried_out(
    desk: Desk, texts: Texts, order: str
) -> None:
    await desk.start()
    await desk.order("/hold")
    before = (
        desk.rows("SELECT key, value FROM meta WHERE key = 'hold'"),
        desk.rows("SELECT cancelled FROM edition"),
    )
    await desk.admin.send(order, date=desk.fake.clock.now() - 3600)
    said = await desk.admin.next_message()
    assert said.text == texts.say("admin.late", span=texts.say("admin.minutes", count=61)) or (
        said.text == texts.say("admin.late", span=texts.say("admin.minutes", count=60))
    )
    after = (
        desk.rows("SELECT key, value FROM meta WHERE key = 'hold'"),
        desk.rows("SELECT cancelled FROM edition"),
    )
    assert after == before


async def test_a_late_hold_holds(desk: Desk, texts: Texts) -> None:
    await desk.start()
    await desk.admin.send("/hold", date=desk.fake.clock.now() - 3600)
    assert (await desk.admin.next_message()).text == texts.say("admin.hold")


async def test_a_briefing_for_many_goes_to_the_admin_first(
    desk: Desk, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "MANY", 5)
    await desk.start()
    held = desk.fake.fault("hold", "sendMessage", chat=desk.admin.id)
    await desk.publish()
    await desk.fake.wait_for(lambda: held.hits, 10)
    await asyncio.sleep(0.5)
    assert not desk.got()
    held.release()
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS, 10)
    first = await desk.admin.next_message()
    assert first.text == desk.readers[0].chat.sent[0].text
    assert not first.silent


async def test_what_the_admin_cannot_get_nobody_gets(
    desk: Desk, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "MANY", 5)
    await desk.start()
    desk.fake.fail("sendMessage", 400, "Bad Request: can't parse entities: x", chat=desk.admin.id)
    await desk.publish()
    told = await desk.admin.next_message(10)
    assert told.text.startswith(f"Nobody gets {BRIEFING} yet")
    assert not desk.got()
    assert "It is held (canary: " in (await desk.order("/status")).text
    await desk.order("/resume")
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS, 10)


async def test_a_text_that_telegram_cannot_read_is_held_and_told(desk: Desk) -> None:
    await desk.start()
    broken = "Bad Request: can't parse entities: Unsupported start tag"
    for reader in desk.readers:
        desk.fake.fail("sendMessage", 400, broken, chat=reader.id)
    await desk.publish()
    told = await desk.admin.next_message(10)
    assert told.text.startswith(f"{BRIEFING} is held")
    calls = [c for c in desk.fake.calls("sendMessage") if c.chat_id != desk.admin.id]
    assert len(calls) == 5
    desk.fake.faults.clear()
    await desk.order("/resume")
    desk.fake.clock.advance(61)  # those who were tried are tried again a minute later
    await desk.fake.wait_for(lambda: len(desk.got()) == READERS, 10)


async def test_a_damaged_text_is_said_to_be_so(desk: Desk, texts: Texts) -> None:
    await desk.start()
    damage = "UPDATE revision SET points = replace(points, 'lighthouse', 'darkhouse')"
    await alter(desk.bots.data, damage)
    said = await desk.order("/preview")
    assert said.text == texts.say("admin.damaged", briefing=HARBOUR.name)


async def test_a_second_bot_of_the_same_token_is_told(desk: Desk, texts: Texts) -> None:
    await desk.start()
    words = "Conflict: terminated by other getUpdates request"
    desk.fake.fail("getUpdates", 409, words, count=3)
    desk.fake.world.queue.abort()
    assert (await desk.admin.next_message(10)).text == texts.say("alert.conflict")
    assert texts.say("admin.status.title") in (await desk.order("/status")).text


async def test_a_single_conflict_is_the_end_of_an_older_poll(
    desk: Desk, texts: Texts, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.start()
    for _ in range(2):
        caplog.clear()
        await desk.fake.wait_for(lambda: desk.fake.world.queue.polling)
        desk.fake.conflict()
        await desk.fake.wait_for(lambda: "getUpdates failed, next in" in caplog.text)
        assert texts.say("admin.status.title") in (await desk.order("/status")).text
        assert texts.say("alert.conflict") not in caplog.text


@pytest.mark.parametrize(("seconds", "told"), [(400, True), (2, False)])
async def test_a_long_pause_is_told(
    desk: Desk, caplog: pytest.LogCaptureFixture, seconds: int, *, told: bool
) -> None:
    await desk.start()
    flood = f"Too Many Requests: retry after {seconds}"
    parameters = {"retry_after": seconds}
    desk.fake.fail("sendMessage", 429, flood, count=1, parameters=parameters)
    await desk.publish()
    await desk.fake.wait_for(lambda: "asks for a pause" in caplog.text, 10)
    await asyncio.sleep(0.2)
    assert ("for the operator: Telegram wanted a long pause" in caplog.text) is told
