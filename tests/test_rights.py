"""Twelve kinds of sender, and every way to change what is stored on a chat."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import buttons
from bot.buttons import Setting, Unsubscribe
from bot.model import Address, Wish
from bot.store import STORE, Store
from bot.texts import Texts
from tests.conftest import Bots
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.driver import Chat, User
from tests.fake_telegram.state import Message

OSLO = "Europe/Oslo"
COMMANDS = ("/subscribe 9:15", "/settings", "/unsubscribe", "/mydata", "/forget")
CHANGES: tuple[Setting | Unsubscribe, ...] = (
    Setting("yes", 540, "Europe/Rome"), Setting("set", 555), Setting("set", zone="Europe/Rome"),
    Setting("days", value="1"), Setting("week"), Setting("until"), Setting("stop"),
    Setting("forget"), Unsubscribe(),
)  # fmt: skip
SHOWS: tuple[Setting, ...] = (
    Setting("offer"), Setting("offer", 540, OSLO), Setting("open"), Setting("hours"),
    Setting("places"), Setting("region", value="Europe.0"), Setting("days"), Setting("pause"),
    Setting("resume"), Setting("undo"), Setting("keep"),
)  # fmt: skip
CHANGING_COMMANDS = ("/subscribe 9:15", "/unsubscribe")
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel"}


@dataclass
class Actor:
    """Somebody: how they are in a chat, and what Telegram says of their messages."""

    kind: str
    may_write: bool
    may_press: bool

    def chat(self, fake: FakeTelegram, number: int) -> tuple[Chat, User]:
        """A chat, and the one who acts in it."""
        person = fake.user(100 + number)
        owner = fake.user(500_000 + number)
        if self.kind in ("private owner", "stranger"):
            chat = fake.user(9_000 + number).chat
            chat.state.known = True
            return chat, (fake.user(9_000 + number) if self.kind == "private owner" else person)
        make = fake.channel if self.kind.startswith("channel") else fake.supergroup
        chat = make(id=-1_009_000_000_000 - number, admins=[owner])
        if self.kind in ("admin", "anonymous admin", "channel post"):
            chat.state.admins.add(person.id)
        elif self.kind in ("creator", "restricted", "left"):
            chat.state.standings[person.id] = self.kind
        elif self.kind == "banned":
            chat.state.standings[person.id] = "kicked"
        chat.state.members[person.id] = person.state
        return chat, person

    def extra(self, chat: Chat) -> dict[str, Any]:
        """What Telegram writes into a message of theirs."""
        if self.kind == "anonymous admin":
            return {"from": ANONYMOUS, "sender_chat": chat.state.as_json()}
        if self.kind == "linked channel":
            channel = {"id": -1_001_234, "type": "channel", "title": "Linked"}
            return {"from": CHANNEL_BOT, "sender_chat": channel, "is_automatic_forward": True}
        if self.kind == "bot":
            return {"from": {"id": 100, "is_bot": True, "first_name": "Robot"}}
        return {}


ACTORS = [
    Actor("private owner", True, True),
    Actor("stranger", False, False),
    Actor("member", False, False),
    Actor("admin", True, True),
    Actor("creator", True, True),
    Actor("anonymous admin", True, True),
    Actor("restricted", False, False),
    Actor("left", False, False),
    Actor("banned", False, False),
    Actor("channel post", True, True),
    Actor("linked channel", False, False),
    Actor("bot", False, False),
]


async def seed(bots: Bots, chats: list[int]) -> None:
    """Subscribes *chats* before the bot starts."""
    wish = Wish(zone=ZoneInfo(OSLO), minute=480)
    async with await Store.open(bots.data / STORE) as store:
        for chat in chats:
            await store.subscriptions.put(Address(chat), "en", wish, dt.datetime.now(dt.UTC))


def row(bots: Bots, chat: int) -> tuple[Any, ...] | None:
    """What is stored on *chat*, by a reader of its own."""
    with contextlib.closing(sqlite3.connect(bots.data / STORE)) as db:
        found: tuple[Any, ...] | None = db.execute(
            "SELECT zone, minute, days, state, paused_until FROM subscription WHERE chat = ?",
            (chat,),
        ).fetchone()
        return found


def page_in(fake: FakeTelegram, chat: Chat) -> Message:
    """A message of the bot that has been there for long."""
    return fake.world.post(chat.state, None, {"text": "an old page"})


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.kind)
async def test_a_command_of_each_kind_of_sender(
    fake: FakeTelegram, bots: Bots, texts: Texts, actor: Actor
) -> None:
    places = {command: actor.chat(fake, n) for n, command in enumerate(COMMANDS)}
    await seed(bots, [chat.id for chat, _ in places.values()])
    before = row(bots, places["/settings"][0].id)
    await bots.start()
    for command, (chat, person) in places.items():
        await person.send(command, chat=chat, **actor.extra(chat))
        reply = await chat.next_message()
        changed = row(bots, chat.id) != before
        assert changed is (actor.may_write and command in CHANGING_COMMANDS), command
        assert (reply.text == texts.say("settings.admins")) is not actor.may_write, command
        assert ("created_at" in reply.text) is (actor.may_write and command == "/mydata"), command


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.kind)
async def test_a_press_of_each_kind_of_sender(
    fake: FakeTelegram, bots: Bots, texts: Texts, actor: Actor
) -> None:
    payloads = (*CHANGES, *SHOWS)
    places = [actor.chat(fake, n) for n in range(len(payloads))]
    await seed(bots, [chat.id for chat, _ in places])
    before = row(bots, places[0][0].id)
    await bots.start()
    for payload, (chat, person) in zip(payloads, places, strict=True):
        page = page_in(fake, chat)
        tap = await pressed(fake, actor, person, page, buttons.encode(payload))
        answer = await tap()
        await fake.wait_drained()
        changed = row(bots, chat.id) != before
        assert changed is (actor.may_press and payload in CHANGES), payload
        refused = answer["text"] == texts.say("settings.admins")
        assert refused is not actor.may_press, payload
        seen = page.text != "an old page" or len(chat.sent) > 1
        assert seen is actor.may_press, payload


async def pressed(
    fake: FakeTelegram, actor: Actor, person: User, page: Message, data: str
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Presses; what is returned waits for the answer. A channel's or bot's press is forged."""
    if actor.kind not in ("bot", "linked channel"):
        return (await person.forge_tap(data, page)).answered
    tap = await person.forge_tap(data, page)
    raw = fake.world.queue.pending[-1]
    raw.payload["from"] = CHANNEL_BOT if actor.kind == "linked channel" else ANONYMOUS
    return tap.answered


async def test_an_admin_who_is_one_no_longer_is_refused_at_the_next_press(
    fake: FakeTelegram, bots: Bots, texts: Texts
) -> None:
    admin = fake.user()
    group = fake.supergroup(admins=[admin])
    await seed(bots, [group.id])
    await bots.start()
    settings = await admin.ask("/settings", chat=group)
    await admin.tap(settings, texts.say("settings.pause"))
    await group.next_edit(settings)
    group.state.admins.clear()
    tap = await admin.tap(settings, texts.say("settings.week"))
    assert (await tap.answered())["text"] == texts.say("settings.admins")
    found = row(bots, group.id)
    assert found is not None
    assert found[3] == 0


async def test_a_button_says_nothing_of_another_chat(fake: FakeTelegram, bots: Bots) -> None:
    """The chat is the one that the button stands in: a payload copied elsewhere acts there."""
    amal, basma = fake.user(), fake.user()
    await seed(bots, [amal.id, basma.id])
    await bots.start()
    page = page_in(fake, basma.chat)
    basma.chat.state.known = True
    before = row(bots, amal.id)
    await (await basma.forge_tap(buttons.encode(Setting("forget")), page)).answered()
    await fake.wait_drained()
    assert row(bots, amal.id) == before
    assert row(bots, basma.id) is None
