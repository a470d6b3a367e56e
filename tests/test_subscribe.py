"""Subscribing and all that follows, with the running bot over a real socket, as readers see it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import app, kept
from bot.buttons import MAX_BYTES, Setting, Unsubscribe, encode
from bot.model import State
from bot.store import STORE
from bot.texts import Texts
from tests.conftest import Bots
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.driver import User
from tests.fake_telegram.state import Message

BRIEFING = "2020-05-04-harbour"
HOME = "Europe/Oslo"
"""The zone of the newest briefing."""


@pytest_asyncio.fixture
async def bot(bots: Bots, atlas: Path) -> app.Application:
    """A bot that has looked up places before."""
    bots.data.mkdir(mode=0o700)
    shutil.copy(atlas, bots.data)
    return await bots.start(questions_per_window=100)


def rows(bots: Bots, table: str = "subscription") -> list[dict[str, Any]]:
    """The rows of *table*, by a reader of its own."""
    with contextlib.closing(sqlite3.connect(bots.data / STORE)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY id")]


def the(bots: Bots) -> dict[str, Any]:
    """The only subscription."""
    [row] = rows(bots)
    return row


async def step(person: User, page: Message, label: str) -> Message:
    """*page* after a tap on the button *label*, which edits it."""
    before = len(page.history)
    tap = await person.tap(page, label)
    await tap.answered()
    await person.fake.wait_for(lambda: len(page.history) > before, what=f"an edit after {label}")
    return page


async def subscribed(person: User) -> Message:
    """The confirmation, two taps after hello."""
    page = await person.ask("/subscribe")
    return await step(person, page, page.labels[0])


# Two taps


async def test_two_taps_subscribe_and_say_when(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/subscribe")
    yes = texts.say("subscribe.yes", time="08:00", place="Oslo")
    assert page.labels == [
        yes,
        texts.say("subscribe.other_hour"),
        texts.say("subscribe.other_place"),
    ]
    assert HOME in page.text
    assert rows(bots) == []
    await step(amal, page, yes)
    assert texts.say("settings.every_day", time="08:00", zone=HOME) in page.text
    row = the(bots)
    assert (row["zone"], row["minute"], row["days"], row["state"]) == (HOME, 480, 127, 0)
    at = dt.datetime.fromtimestamp(row["next_due"], dt.UTC)
    day = f"{at:%A} {at.day} {at:%B}"
    assert f"Next: {day}, 08:00 {HOME}, in " in page.text
    assert row["next_due"] > fake.clock.now()


async def test_the_latest_is_offered_and_not_forced(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await subscribed(amal)
    assert len(amal.chat.sent) == 1
    await amal.tap(page, texts.say("subscribe.latest"))
    assert "Two ferries were damaged" in (await amal.chat.next_message()).text
    assert texts.say("settings.hour") in page.labels


async def test_hello_leads_there_and_tells_a_subscriber_when(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    hello = await amal.ask("/start")
    await amal.tap(hello, texts.say("subscribe.button"))
    offer = await amal.chat.next_message()
    assert hello.history == []
    await step(amal, offer, offer.labels[0])
    again = await amal.ask("/start")
    assert f"08:00 {HOME}" in again.text
    assert texts.say("subscribe.button") not in again.labels
    await amal.tap(hello, texts.say("subscribe.button"))
    assert texts.say("settings.title") in (await amal.chat.next_message()).text


async def test_a_double_tap_does_no_harm(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/subscribe")
    data = page.buttons[0]["callback_data"]
    for _ in range(3):
        await (await amal.forge_tap(data, page)).answered()
    await fake.wait_drained()
    assert the(bots)["state"] == State.ACTIVE
    for step_ in ("week", "days", "stop", "undo", "undo"):
        for _ in range(2):
            value = "3" if step_ == "days" else ""
            payload = encode(Setting(step_, value=value))
            await (await amal.forge_tap(payload, page)).answered()
    await fake.wait_drained()
    row = the(bots)
    assert (row["state"], row["days"]) == (State.PAUSED, 3)  # the week goes on
    assert row["paused_until"] is not None
    assert len(amal.chat.sent) == 1


# Another hour, another place


async def test_another_hour_by_button(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/subscribe")
    await step(amal, page, texts.say("subscribe.other_hour"))
    await step(amal, page, "06:30")
    await step(amal, page, texts.say("subscribe.yes", time="06:30", place="Oslo"))
    assert the(bots)["minute"] == 390


@pytest.mark.parametrize(("text", "minute"), [("7:15", 435), ("8 pm", 1200), ("٨:٣٠", 510)])
async def test_another_hour_typed(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts, text: str, minute: int
) -> None:
    amal = fake.user()
    page = await subscribed(amal)
    await step(amal, page, texts.say("settings.hour"))
    answer = await amal.ask(text)
    assert answer.text.startswith(texts.say("settings.title"))
    assert the(bots)["minute"] == minute


async def test_nonsense_is_refused_with_an_example_and_a_question_is_answered(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/subscribe")
    await step(amal, page, texts.say("subscribe.other_hour"))
    assert (await amal.ask("25:99")).text == texts.say("settings.no_hour")
    assert "Mara Lind" in (await amal.ask("Who opened the lighthouse?")).text
    offer = await amal.ask("noon")
    assert offer.labels[0] == texts.say("subscribe.yes", time="12:00", place="Oslo")
    assert "7:30" not in (await amal.ask("7:30")).text  # nothing is waited for any more
    assert rows(bots) == []


async def test_a_city_typed_and_chosen_among_namesakes(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/subscribe")
    await step(amal, page, texts.say("subscribe.other_place"))
    which = await amal.ask("Tripoli")
    assert which.labels[:3] == ["Tripoli, Libya", "Tripoli, Lebanon", "Trípoli, Greece"]
    await step(amal, which, "Tripoli, Lebanon")
    await step(amal, which, which.labels[0])
    assert the(bots)["zone"] == "Asia/Beirut"


@pytest.mark.parametrize(
    ("text", "zone"),
    [("بنغازي", "Africa/Tripoli"), ("Londres", "Europe/London"), ("Tunisie", "Africa/Tunis")],
)
async def test_a_place_typed_by_a_subscriber_is_stored_at_once(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts, text: str, zone: str
) -> None:
    amal = fake.user()
    page = await subscribed(amal)
    await step(amal, page, texts.say("settings.place"))
    assert zone in (await amal.ask(text)).text
    assert (the(bots)["zone"], the(bots)["minute"]) == (zone, 480)


async def test_a_misspelt_or_unknown_place_helps_on(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await subscribed(amal)
    await step(amal, page, texts.say("settings.place"))
    unknown = await amal.ask("Qwertyuiop")
    assert unknown.text == texts.say("settings.no_place", name="Qwertyuiop")
    assert "Africa" in unknown.labels
    perhaps = await amal.ask("Tripolli")
    assert perhaps.text == texts.say("settings.perhaps", name="Tripolli")
    await step(amal, perhaps, "Tripoli, Libya")
    assert the(bots)["zone"] == "Africa/Tripoli"


async def test_a_place_from_the_list(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/subscribe")
    await step(amal, page, texts.say("subscribe.other_place"))
    await step(amal, page, "Europe")
    await step(amal, page, texts.say("settings.later", number=2))
    await step(amal, page, texts.say("settings.back"))
    await step(amal, page, "Africa")
    await step(amal, page, "Cairo")
    assert all(len(button["callback_data"].encode()) <= MAX_BYTES for button in page.buttons)
    await step(amal, page, page.labels[0])
    assert the(bots)["zone"] == "Africa/Cairo"


async def test_a_shared_location_gives_its_zone_and_is_not_kept(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    offer = await amal.ask("", media="location")
    assert offer.labels[0] == texts.say("subscribe.yes", time="08:00", place="Tripoli")
    await step(amal, offer, offer.labels[0])
    assert the(bots)["zone"] == "Africa/Tripoli"
    stored = b"".join(path.read_bytes() for path in bots.data.glob(f"{STORE}*"))
    assert b"32.9" not in stored
    assert b"13.2" not in stored


@pytest.mark.parametrize(
    ("argument", "minute", "zone"),
    [("7:30 Cairo", 450, "Africa/Cairo"), ("8 pm New York", 1200, "America/New_York"),
     ("noon Tripoli, Lebanon", 720, "Asia/Beirut")],
)  # fmt: skip
async def test_all_in_one_line(
    fake: FakeTelegram, bots: Bots, bot: app.Application, argument: str, minute: int, zone: str
) -> None:
    assert zone in (await fake.user().ask(f"/subscribe {argument}")).text
    assert (the(bots)["minute"], the(bots)["zone"]) == (minute, zone)


async def test_a_line_that_is_not_clear_leads_on(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    hour = await amal.ask("/subscribe 7:30")
    assert hour.labels[0] == texts.say("subscribe.yes", time="07:30", place="Oslo")
    place = await amal.ask("/subscribe Cairo")
    assert place.labels[0] == texts.say("subscribe.yes", time="08:00", place="Cairo")
    which = await amal.ask("/subscribe 7:30 Tripoli")
    await step(amal, which, "Tripoli, Libya")
    assert which.labels[0] == texts.say("subscribe.yes", time="07:30", place="Tripoli")
    assert (await amal.ask("/subscribe 27:30")).text == texts.say("settings.no_hour")
    assert rows(bots) == []


async def test_a_subscriber_changes_one_thing_by_command_and_keeps_the_rest(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await subscribed(amal)
    await amal.forge_tap(encode(Setting("days", value="31")), page)
    await fake.wait_drained()
    for command, minute, zone in (
        ("7:30", 450, HOME), ("Cairo", 450, "Africa/Cairo"),
        ("9:00 Rome, Italy", 540, "Europe/Rome"),
    ):  # fmt: skip
        await amal.ask(f"/subscribe {command}")
        row = the(bots)
        assert (row["minute"], row["zone"], row["days"]) == (minute, zone, 31)
    assert (await amal.ask("/subscribe")).text.startswith(texts.say("settings.title"))


# Settings


async def test_settings_are_one_message_that_is_edited_in_place(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    say, amal = texts.say, fake.user()
    await subscribed(amal)
    page = await amal.ask("/settings")
    for label in (say("settings.hour"), "09:00", say("settings.place"), "Africa", "Cairo",
                  say("settings.days"), say("settings.chosen", label="Sun"),
                  say("settings.chosen", label="Sat"), say("settings.back"),
                  say("settings.pause"), say("settings.week")):  # fmt: skip
        await step(amal, page, label)
    row = the(bots)
    assert (row["minute"], row["zone"], row["days"]) == (540, "Africa/Cairo", 0b0011111)
    assert row["state"] == State.PAUSED
    assert abs(row["paused_until"] - fake.clock.now() - 7 * 86_400) < 60
    assert "Monday, Tuesday, Wednesday, Thursday, Friday at 09:00, Africa/Cairo" in page.text
    await step(amal, page, say("settings.resume"))
    assert the(bots)["state"] == State.ACTIVE
    await step(amal, page, say("settings.pause"))
    await step(amal, page, say("settings.until"))
    assert say("settings.paused") in page.text
    assert the(bots)["paused_until"] is None
    assert len(amal.chat.sent) == 2


async def test_the_last_day_cannot_be_taken_out(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await subscribed(amal)
    await amal.forge_tap(encode(Setting("days", value="1")), page)
    await fake.wait_for(lambda: texts.say("settings.days_title") in page.text)
    tap = await amal.tap(page, texts.say("settings.chosen", label="Mon"))
    await tap.answered()
    assert the(bots)["days"] == 1


async def test_settings_of_nobody_offer_a_subscription(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/settings")
    assert texts.say("subscribe.off") in page.text
    await step(amal, page, page.labels[0])
    assert the(bots)["state"] == State.ACTIVE


async def test_an_old_button_never_breaks(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/help")
    for data in ("s:hours:::", "s:set:480::", "s:days:::5", "s:week:::", "s:undo:::", "s:stop:::"):
        await (await amal.forge_tap(data, page)).answered()
    for data in ("s:yes:480:Mars/Olympus:", "s:set::Mars/Olympus:", "s:days:::0", "s:days:::x",
                 "s:region:480:Europe/Oslo:Mars.0", "s:region:480:Europe/Oslo:Europe.99",
                 "s:yes:::", "s:nonsense:::", "s:set:9999::", "s:set:+1::", "s"):  # fmt: skip
        answer = await (await amal.forge_tap(data, page)).answered()
        if data != "s:days:::0" and data != "s:days:::x":
            assert answer["text"] == texts.say("notice.out_of_date"), data
    await fake.wait_drained()
    assert rows(bots) == []


async def test_a_page_that_can_no_longer_be_edited_is_sent_anew(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await subscribed(amal)
    page.deleted = True
    await amal.forge_tap(encode(Setting("open")), page)
    assert (await amal.chat.next_message()).text.startswith(texts.say("subscribe.done")) is False
    assert (amal.chat.sent[-1]).text.startswith(texts.say("settings.title"))


async def test_settings_taps_are_limited_and_leaving_is_not(
    fake: FakeTelegram, bots: Bots, atlas: Path, texts: Texts
) -> None:
    await bots.start(questions_per_window=2)
    amal = fake.user()
    page = await subscribed(amal)
    answers = []
    for _ in range(10):
        tap = await amal.forge_tap(encode(Setting("open")), page)
        answers.append((await tap.answered())["text"])
    assert answers.count("") == 7
    assert answers[-1] == texts.say("notice.changes", count=30)
    await (await amal.forge_tap(encode(Unsubscribe()), page)).answered()
    assert the(bots)["state"] == State.STOPPED


async def test_settings_that_are_written_count_as_no_questions(
    fake: FakeTelegram, bots: Bots, atlas: Path, texts: Texts
) -> None:
    await bots.start(questions_per_window=2)
    amal = fake.user()
    page = await subscribed(amal)
    await (await amal.forge_tap(encode(Setting("hours")), page)).answered()
    assert (await amal.ask("7:30", 15)).text.startswith(texts.say("settings.title"))
    for _ in range(2):
        assert "offered help" in (await amal.ask("Who offered help?")).text
    assert (await amal.ask("/settings")).text == texts.say("notice.changes", count=30)
    assert (await amal.ask("Who offered help?")).text == texts.say("notice.rate", count=30)


# Leaving


async def test_unsubscribe_acts_at_once_and_can_be_undone(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    await amal.ask("/subscribe 7:30 Cairo")
    gone = await amal.ask("/unsubscribe")
    assert gone.text == texts.say("settings.stopped")
    assert the(bots)["state"] == State.STOPPED
    assert (await amal.ask("/unsubscribe")).text == texts.say("settings.not_subscribed")
    await step(amal, gone, texts.say("settings.undo"))
    row = the(bots)
    assert (row["state"], row["minute"], row["zone"]) == (State.ACTIVE, 450, "Africa/Cairo")


async def test_the_button_under_a_push_works_for_ever_and_leaves_the_push_alone(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    await subscribed(amal)
    push = fake.world.post(amal.chat.state, None, {"text": "the news"})
    for stale in (False, True):
        await amal.forge_tap(encode(Unsubscribe()), push, inaccessible=stale)
        gone = await fake.wait_for(lambda: [m for m in amal.chat.sent if m.labels == ["Undo"]])
        assert the(bots)["state"] == State.STOPPED
        assert push.text == "the news"
        again = await (await amal.forge_tap(encode(Unsubscribe()), push)).answered()
        assert again["text"] == texts.say("settings.not_subscribed")
        await step(amal, gone[-1], texts.say("settings.undo"))


async def test_leaving_late_still_counts(
    fake: FakeTelegram, bots: Bots, bot: app.Application
) -> None:
    amal = fake.user()
    await subscribed(amal)
    await amal.send("/unsubscribe", date=fake.clock.now() - 7200)
    await fake.wait_drained()
    assert the(bots)["state"] == State.STOPPED


# Data


async def test_my_data_is_everything_as_json(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    assert (await amal.ask("/mydata")).text == texts.say("mydata.nothing")
    await subscribed(amal)
    told = await amal.ask("/mydata")
    data = json.loads(told.text.removeprefix(texts.say("mydata.title")))
    assert data["chat"] == amal.id
    assert data["subscriptions"][0]["zone"] == HOME


async def test_long_data_come_as_a_file(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    await subscribed(amal)
    await add_deliveries(bots, the(bots)["id"], 40)
    file = await amal.ask("/mydata")
    assert file.data["document"]["file_name"] == "mydata.json"
    assert file.data["caption"] == texts.say("mydata.file")


async def test_forget_asks_deletes_reports_and_proves(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal, basma = fake.user(), fake.user()
    await subscribed(amal)
    await subscribed(basma)
    await add_deliveries(bots, rows(bots)[0]["id"], 3)
    ask = await amal.ask("/forget")
    await step(amal, ask, texts.say("forget.no"))
    assert ask.text == texts.say("forget.kept")
    assert len(rows(bots)) == 2
    ask = await amal.ask("/forget")
    await step(amal, ask, texts.say("forget.yes"))
    assert "Subscription: 1 row\nDeliveries: 3 rows" in ask.text
    assert texts.say("forget.proved") in ask.text
    assert [row["chat"] for row in rows(bots)] == [basma.id]
    assert rows(bots, "delivery") == []
    assert (await amal.ask("/mydata")).text == texts.say("mydata.nothing")


async def test_forget_clears_the_memory_too(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    await amal.ask("Who opened the lighthouse?")
    ask = await amal.ask("/forget")
    await step(amal, ask, texts.say("forget.yes"))
    follow_up = await amal.ask("and when was that?")
    assert not follow_up.text.startswith("The new lighthouse was opened")


async def add_deliveries(bots: Bots, subscription: int, count: int, message: int = 4) -> None:
    """Puts *count* old deliveries into the ledger, while the bot may be writing too."""
    old = [(subscription, 1000 + number, message) for number in range(count)]

    def add() -> None:
        with contextlib.closing(sqlite3.connect(bots.data / STORE, timeout=5)) as db, db:
            db.executemany(
                "INSERT INTO delivery (subscription, edition, kind, status, not_before,"
                " expires_at, done_at, message) VALUES (?, ?, 0, 2, 1, 2, 3, ?)",
                old,
            )

    await asyncio.to_thread(add)


async def test_privacy_says_what_is_kept_and_for_how_long(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    page = (await fake.user().ask("/privacy")).text
    delivered, ended = f"deleted after {kept.DELIVERIES} days", f"ended after {kept.ENDED} days"
    backups = f"after {kept.DAILY + 1} days nothing"
    for said in (
        "time zone",
        delivered,
        ended,
        backups,
        "/mydata",
        "/forget",
        "No names, no questions",
    ):
        assert said in page


# Chats that come, go and move


async def test_who_blocks_the_bot_gets_nothing_and_comes_back(
    fake: FakeTelegram, bots: Bots, bot: app.Application
) -> None:
    amal = fake.user()
    await subscribed(amal)
    for back in ("unblock", "start"):
        await amal.block()
        await fake.wait_drained()
        assert the(bots)["state"] == State.BLOCKED
        if back == "unblock":
            await amal.unblock()
        else:
            amal.state.blocked = False
            await amal.ask("/start")
        await fake.wait_drained()
        assert the(bots)["state"] == State.ACTIVE


async def test_a_group_that_throws_the_bot_out_asks_anew(
    fake: FakeTelegram, bots: Bots, bot: app.Application
) -> None:
    admin, member = fake.user(), fake.user()
    group = fake.supergroup(admins=[admin], members=[member])
    page = await admin.ask("/subscribe", chat=group)
    await admin.tap(page, page.labels[0])
    await group.next_edit(page)
    await group.kick_bot(admin)
    await fake.wait_drained()
    assert the(bots)["state"] == State.GONE
    await group.set_bot_status("member", member)
    await fake.wait_drained()
    assert the(bots)["state"] == State.GONE


async def test_a_group_that_becomes_a_supergroup_keeps_its_briefing(
    fake: FakeTelegram, bots: Bots, bot: app.Application
) -> None:
    admin = fake.user()
    group = fake.group(admins=[admin])
    page = await admin.ask("/subscribe", chat=group)
    await admin.tap(page, page.labels[0])
    await group.next_edit(page)
    new = await group.migrate(admin)
    await fake.wait_drained()
    assert (the(bots)["chat"], the(bots)["state"]) == (new.id, State.ACTIVE)


async def test_topics_of_a_forum_are_subscribed_apart(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    admin = fake.user()
    forum = fake.forum({5: "News", 6: "Talk"}, admins=[admin])
    pages = {}
    for topic, hour in ((5, "7:30"), (6, "9:30")):
        pages[topic] = await admin.ask(f"/subscribe {hour}", chat=forum, thread=topic)
        assert pages[topic].thread == topic
        await admin.tap(pages[topic], pages[topic].labels[0])
        await forum.next_edit(pages[topic])
    assert [(row["topic"], row["minute"]) for row in rows(bots)] == [(5, 450), (6, 570)]
    await admin.tap(pages[6], texts.say("settings.stop"))
    await forum.next_edit(pages[6])
    assert [row["state"] for row in rows(bots)] == [State.ACTIVE, State.STOPPED]


async def test_an_old_push_in_a_forum_still_knows_its_topic(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    admin = fake.user()
    forum = fake.forum({5: "News", 6: "Talk"}, admins=[admin])
    for topic in (5, 6):
        page = await admin.ask("/subscribe 7:30 Cairo", chat=forum, thread=topic)
        assert page.thread == topic
    push = fake.world.post(forum.state, None, {"text": "the news"}, thread=6)
    await add_deliveries(bots, rows(bots)[1]["id"], 1, push.id)
    await (await admin.forge_tap(encode(Unsubscribe()), push, inaccessible=True)).answered()
    await fake.wait_drained()
    assert [row["state"] for row in rows(bots)] == [State.ACTIVE, State.STOPPED]
    assert forum.sent[-1].thread == 6
    unknown = fake.world.post(forum.state, None, {"text": "older news"}, thread=6)
    await (await admin.forge_tap(encode(Unsubscribe()), unknown, inaccessible=True)).answered()
    await fake.wait_for(
        lambda: forum.sent[-1].text == texts.say("settings.which_topic"), what="the way to leave"
    )


async def test_a_channel_is_subscribed_by_a_post(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    admin, reader = fake.user(), fake.user()
    channel = fake.channel(admins=[admin], members=[reader])
    page = await admin.ask("/subscribe 7:30", chat=channel)
    tap = await reader.tap(page, page.labels[0])
    assert (await tap.answered())["text"] == texts.say("settings.admins")
    assert rows(bots) == []
    await admin.tap(page, page.labels[0])
    await channel.next_edit(page)
    assert (the(bots)["chat"], the(bots)["minute"]) == (channel.id, 450)
    await admin.send("When was the lighthouse opened?", chat=channel)
    await fake.wait_drained()
    assert len(channel.sent) == 1


async def test_in_a_group_an_hour_is_taken_from_an_admins_reply_alone(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    admin, member = fake.user(), fake.user()
    group = fake.supergroup(admins=[admin], members=[member])
    page = await admin.ask("/subscribe", chat=group)
    await admin.tap(page, texts.say("subscribe.other_hour"))
    await group.next_edit(page)
    assert "/subscribe" in page.text
    answer = await member.ask("7:30", chat=group, reply_to=page)
    assert texts.say("subscribe.yes", time="07:30", place="Oslo") not in answer.labels
    answer = await admin.ask("7:30", chat=group, reply_to=page)
    assert texts.say("subscribe.yes", time="07:30", place="Oslo") in answer.labels


async def test_a_subscription_outlives_a_restart_and_buttons_too(
    fake: FakeTelegram, bots: Bots, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    page = await amal.ask("/subscribe")
    await step(amal, page, texts.say("subscribe.other_hour"))
    await bots.stop(bot)
    await bots.start()
    await step(amal, page, "06:30")
    await step(amal, page, page.labels[0])
    assert the(bots)["minute"] == 390
