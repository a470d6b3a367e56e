"""Who may do what, what is deleted, who can read the files, and where the token never is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.admin import ORDERS
from bot.buttons import Unsubscribe, encode
from bot.model import State
from bot.store import STORE, keep
from bot.store.check import BACKUPS
from bot.texts import Texts
from tests.conftest import BRIEFINGS, HARBOUR, Bots, alter
from tests.fake_telegram import Chat, FakeTelegram, User
from tests.fake_telegram.html import Json
from tests.faults.population import populate
from tests.forgery import feed, forge, rows, subscriptions
from tests.test_admin import Desk, desk
from tests.test_process import Processes, processes

__all__ = ["desk", "processes"]

SAMPLE, SEED = 300, 20_261_123
NEWS = "2020-06-01-harbour"
NEWS_HEADLINE = "Ferries leave Port Alba again"
BOT_FATHER: Json = {"id": 93372553, "is_bot": True, "first_name": "BotFather"}
GROUP_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
TELEGRAM: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


async def subscribe(user: User) -> None:
    """Nothing; *user* has subscribed with two taps."""
    offer = await user.ask("/subscribe")
    yes = next(b for b in offer.buttons if b["callback_data"].startswith("s:yes"))
    await (await user.tap(offer, yes["text"])).answered()


# Presses


async def test_what_people_without_the_right_press_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count = int(os.environ.get("FORGERY", SAMPLE))
    report = await forge(count, int(os.environ.get("FORGERY_SEED", SEED)), tmp_path)
    with capsys.disabled():
        print(f"\n{report}")
    assert report.problems == []
    assert report.changed == 0
    assert report.kept > count / 50


@pytest.mark.parametrize("state", list(State))
async def test_the_button_under_an_old_push_ends_a_subscription_in_whatever_state(
    fake: FakeTelegram, bots: Bots, state: State
) -> None:
    amal = fake.user()
    await bots.start()
    await subscribe(amal)
    await alter(bots.data, "UPDATE subscription SET state = ?", (state,))
    tap = await amal.forge_tap(encode(Unsubscribe()), amal.chat.sent[0], inaccessible=True)
    await tap.answered()
    await fake.wait_drained()
    [row] = subscriptions(bots.data)
    assert row["state"] in (State.STOPPED, *({state} & {State.BLOCKED, State.GONE}))


# Orders


Sender = Callable[["Stage"], tuple[str, Json]]


class Stage:
    """An admin, and everybody who would like to be one."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake
        self.admin = fake.user(name="Admin", username="admin")
        self.stranger = fake.user(name="Admin", username="admln")
        self.member = fake.user()
        people: dict[str, Any] = {"members": [self.member], "admins": [self.admin]}
        self.group = fake.supergroup(**people)
        self.channel = fake.channel()
        for user in (self.admin, self.stranger):
            user.chat.state.known = True

    def message(self, chat: Chat, sender: Json | None, **more: Any) -> tuple[str, Json]:
        body: Json = {"chat": chat.state.as_json(), "date": int(self.fake.clock.now())}
        kind = "channel_post" if chat.state.type == "channel" else "message"
        return kind, body | ({"from": sender} if sender else {}) | more


def of(user: User) -> Json:
    return user.state.as_json()


SENDERS: dict[str, Sender] = {
    "a stranger": lambda s: s.message(s.stranger.chat, of(s.stranger)),
    "a stranger who forwards an admin": lambda s: s.message(
        s.stranger.chat, of(s.stranger), forward_origin=origin(s.admin)
    ),
    "a member of a group": lambda s: s.message(s.group, of(s.member)),
    "an admin, in a group": lambda s: s.message(s.group, of(s.admin)),
    "an anonymous admin of a group": lambda s: s.message(
        s.group, GROUP_ADMIN, sender_chat=s.group.state.as_json()
    ),
    "a linked channel": lambda s: s.message(
        s.group, TELEGRAM, sender_chat=s.channel.state.as_json(), is_automatic_forward=True
    ),
    "a channel": lambda s: s.message(s.channel, None, sender_chat=s.channel.state.as_json()),
    "a bot": lambda s: s.message(s.stranger.chat, BOT_FATHER),
    "an admin who forwards a stranger": lambda s: s.message(
        s.admin.chat, of(s.admin), forward_origin=origin(s.stranger)
    ),
    "an admin through another bot": lambda s: s.message(
        s.admin.chat, of(s.admin), via_bot=BOT_FATHER
    ),
    "an admin in the name of a channel": lambda s: s.message(
        s.admin.chat, of(s.admin), sender_chat=s.channel.state.as_json()
    ),
    "nobody, in an admin's chat": lambda s: s.message(s.admin.chat, None),
    "a stranger, in an admin's chat": lambda s: s.message(s.admin.chat, of(s.stranger)),
    "an admin, in a stranger's chat": lambda s: s.message(s.stranger.chat, of(s.admin)),
    "an admin who edits": lambda s: ("edited_message", s.message(s.admin.chat, of(s.admin))[1]),
    "an admin through a business": lambda s: (
        "business_message", s.message(s.admin.chat, of(s.admin))[1]
    ),
}  # fmt: skip


def origin(user: User) -> Json:
    return {"type": "user", "date": 1, "sender_user": of(user)}


async def test_orders_are_an_admins_alone(
    fake: FakeTelegram, bots: Bots, texts: Texts, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage(fake)
    await bots.start(admins=(stage.admin.id,), questions_per_window=1000)
    await fake.wait_for(lambda: rows(bots.data)["revision"])
    before = rows(bots.data)
    for kind_of_sender, sender in SENDERS.items():
        bodies = []
        for number, order in enumerate((*ORDERS, "cancel 2020-05-04-harbour", "RESUME"), start=1):
            kind, body = sender(stage)
            mark = {"type": "bot_command", "offset": 0, "length": len(order.split()[0]) + 1}
            said = {"message_id": number, "text": f"/{order}", "entities": [mark]}
            if kind == "edited_message":
                said["edit_date"] = body["date"]
            bodies.append({kind: body | said})
        await feed(fake, bodies)
        assert rows(bots.data) == before, kind_of_sender
    replies = [m.text for chat in fake.world.chats.values() for m in chat.messages.values()]
    assert set(replies) == {texts.say("notice.unknown_command")}
    assert f"refused an order of {stage.stranger.id}" in caplog.text
    assert "admln" not in caplog.text
    assert len(SENDERS) >= 12


async def test_an_admin_is_obeyed(fake: FakeTelegram, bots: Bots) -> None:
    """So the senders above fail for who they are."""
    stage = Stage(fake)
    await bots.start(admins=(stage.admin.id,))
    await stage.admin.ask("/hold")
    assert rows(bots.data)["hold"]


# What is deleted


def holding(data: Path, ids: set[int]) -> list[str]:
    """The places of the database in which one of *ids* stands, in whatever column or form."""
    found = []
    with contextlib.closing(sqlite3.connect(f"file:{data / STORE}?mode=ro", uri=True)) as db:
        names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            cursor = db.execute(f"SELECT * FROM {name}")
            columns = [column for column, *_ in cursor.description]
            for row in cursor:
                for column, value in zip(columns, row, strict=True):
                    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    if value in ids or any(id_ > 999 and str(id_) in text for id_ in ids):
                        found.append(f"{name}.{column}: {value}")
    return found


async def test_after_forget_no_row_of_any_table_knows_the_chat(
    fake: FakeTelegram, bots: Bots
) -> None:
    amal = fake.user(id=7_654_321_012_345)
    others = [fake.user() for _ in range(3)]
    await bots.start()
    for user in (others[0], amal, *others[1:]):
        await subscribe(user)
    [number] = [row["id"] for row in subscriptions(bots.data) if row["chat"] == amal.id]
    for kind in (0, 1, 2):
        await alter(
            bots.data,
            "INSERT INTO delivery (subscription, edition, kind, status, not_before, expires_at,"
            " message) VALUES (?, 1, ?, 2, 0, 0, 4)",
            (number, kind),
        )
    assert holding(bots.data, {amal.id})
    asked = await amal.ask("/forget")
    forget = next(b for b in asked.buttons if b["callback_data"].startswith("s:forget"))
    await (await amal.tap(asked, forget["text"])).answered()
    await fake.wait_for(lambda: not holding(bots.data, {amal.id}))
    with contextlib.closing(sqlite3.connect(bots.data / STORE, timeout=30)) as db:
        assert not db.execute("SELECT 1 FROM delivery WHERE subscription = ?", (number,)).fetchall()
    assert len(list(subscriptions(bots.data))) == 3
    assert "subscriptions" not in (await amal.ask("/mydata")).text


async def test_a_delivery_under_way_does_not_bring_a_forgotten_chat_back(desk: Desk) -> None:
    await desk.start()
    reader = desk.readers[0]
    held = desk.fake.fault("hold", "sendMessage", chat=reader.id)
    await desk.publish(NEWS)
    await desk.fake.wait_for(lambda: held.hits, 10)
    asked = await reader.ask("/forget", 10)
    forget = next(b for b in asked.buttons if b["callback_data"].startswith("s:forget"))
    await (await reader.tap(asked, forget["text"])).answered()
    await desk.fake.wait_for(lambda: not holding(desk.bots.data, {reader.id}))
    held.release()
    await desk.fake.wait_for(lambda: len(desk.got()) == len(desk.readers), 10)
    await asyncio.sleep(0.3)
    assert not holding(desk.bots.data, {reader.id})
    sent = "SELECT count(DISTINCT subscription) FROM delivery"
    assert desk.rows(sent) == [(len(desk.readers) - 1,)]


# Who can read the files


async def test_files_are_the_bots_alone(desk: Desk) -> None:
    before = os.umask(0)  # the least careful one
    data = desk.bots.data
    try:
        await desk.start()
        await desk.admin.ask("/subscribe 8 Paris", 30)
        await desk.publish(NEWS)
        await desk.fake.wait_for(lambda: (data / "pushed" / f"{NEWS}.yaml").exists(), 10)
        await asyncio.to_thread(keep.backup, data / STORE, desk.bots.now())
        found = {path: path.stat() for path in (data, *data.rglob("*"))}
    finally:
        os.umask(before)
    wrong = {
        str(path.relative_to(data)): oct(stat.S_IMODE(info.st_mode))
        for path, info in found.items()
        if stat.S_IMODE(info.st_mode) != (0o700 if path.is_dir() else 0o600)
    }
    assert wrong == {}
    names = {path.name for path in found}
    assert {STORE, f"{STORE}-wal", f"{STORE}.lock", BACKUPS, keep.MARK, "pushed"} <= names


# The token


async def test_the_token_is_nowhere(fake: FakeTelegram, processes: Processes) -> None:
    """A conversation, errors, a crash, a push and a refused start, all of it at DEBUG."""
    secret = fake.token.partition(":")[2]
    briefings = processes.folder / "briefings"
    processes.briefings = briefings
    shutil.copytree(HARBOUR, briefings / HARBOUR.name)
    fake.fail("getMe", 500, "Internal Server Error")
    fake.fault("cut", "setMyCommands")
    amal, basil = fake.user(), fake.user()
    await processes.listening(log_level="DEBUG")
    for words in ("/start", "Who opened the lighthouse?", "/subscribe", "/mydata", "/status"):
        await amal.ask(words, 10)
    for kind in ("cut", "garbage"):
        fake.fault(kind, "sendMessage")
        await basil.ask("/about", 10)
    for code, words in ((401, "Unauthorized"), (409, "Conflict"), (502, f"bot{fake.token}")):
        failed = fake.fail("getUpdates", code, words)
        fake.world.queue.abort()
        await fake.wait_for(lambda failed=failed: failed.hits, 10)  # type: ignore[misc]
    fake.raw_update("message", {"text": fake.token})
    await amal.ask(f"What is {fake.token}?", 15)
    await processes.kill(processes.alive[-1])
    await populate(processes.folder / "data", [(amal.id, 0), (basil.id, 0)])
    shutil.copytree(BRIEFINGS / NEWS, briefings / NEWS)
    fake.fault("cut", "sendMessage", after=True)
    fake.fail("sendMessage", 502, f"Bad Gateway for bot{fake.token}")
    pushed = await processes.listening(log_level="DEBUG")
    await fake.wait_for(lambda: any(NEWS_HEADLINE in m.text for m in basil.chat.sent), 40)
    for arguments in (("deliveries", "--json"), ("push", "--dry-run"), ("backup",), ("health",)):
        tool = await processes.start(*arguments, log_level="DEBUG")
        assert await processes.ended(tool) == 0
    pushed.send_signal(signal.SIGTERM)
    assert await processes.ended(pushed) == 0
    files = [path for path in processes.folder.rglob("*") if path.is_file()]
    (processes.folder / "data" / STORE).write_bytes(bytes(4096))
    assert await processes.ended(await processes.start(log_level="DEBUG")) == 2
    assert "getUpdates failed" in processes.text
    assert secret not in processes.text
    assert len(files) > 5
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
