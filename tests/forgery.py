"""Presses and commands of people without the right: ``python -m tests.forgery [COUNT [SEED]]``.

What belongs here: making them from a seed, through the real bot, and comparing every row that
anybody could be after. What a button says can be seen and sent by everybody: it must give no right.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from bot.buttons import Open, Setting, Show, Step, Unsubscribe, decode, encode
from bot.model import Address, State, Wish
from bot.store import STORE, Store
from knowledge import Library
from knowledge.load import SMALLTALK, load_briefing, load_smalltalk
from tests.conftest import HARBOUR, Bots
from tests.fake_telegram import Chat, FakeTelegram, User
from tests.fake_telegram.html import Json
from tests.fake_telegram.state import BOT_USER, CallbackQuery
from tests.fuzz import WAVE, Raw

TABLES = ("subscription", "delivery", "edition", "revision")
ZONE = "Africa/Tripoli"
_LETTERS = "abz:_-./0189 \x00é م😀{}<&'\"%*"


@dataclass
class Report:
    """What `count` attempts came to: `changed` are rows that differ, `problems` all that is wrong.

    `kept` is how many of the presses that are somebody's right still worked after them.
    """

    count: int
    seed: int
    kinds: Counter[str] = field(default_factory=Counter)
    changed: int = 0
    kept: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.kinds.items()))
        return (
            f"{self.count} attempts, seed {self.seed}: {self.changed} rows changed; after them"
            f" {self.kept} rightful presses worked; {len(self.problems)} problems;"
            f" {self.seconds:.0f} s ({kinds})"
        )


@dataclass(frozen=True)
class Home:
    """A subscribed chat: whose it is, and who is there without a right."""

    chat: Chat
    owner: User
    member: User
    topic: int = 0

    @property
    def address(self) -> Address:
        """Where it gets the briefing."""
        return Address(self.chat.id, self.topic)


def homes(fake: FakeTelegram, count: int) -> list[Home]:
    """*count* chats of every kind."""
    found = []
    for number in range(count):
        owner, member = fake.user(name="Owner"), fake.user(name="Member")
        people: dict[str, Any] = {"members": [member], "admins": [owner]}
        topic = 0
        match number % 5:
            case 0 | 1:
                chat = owner.chat
                chat.state.known = True
            case 2:
                chat = fake.group(**people)
            case 3:
                chat = fake.supergroup(**people)
            case _:
                chat, topic = fake.forum({2: "News"}, **people), 2
        found.append(Home(chat, owner, member, topic))
    return found


async def subscribe(data: Path, found: list[Home]) -> None:
    """Nothing; all are subscribed, some paused, for an hour that is far away."""
    now = dt.datetime.now(dt.UTC)
    far = (now + dt.timedelta(hours=11)).astimezone(ZoneInfo(ZONE))
    wish = Wish(zone=ZoneInfo(ZONE), minute=far.hour * 60 + far.minute)
    async with await Store.open(data / STORE) as store:
        for number, home in enumerate(found):
            await store.subscriptions.put(home.address, "en", wish, now)
            if number % 7 == 0:
                await store.subscriptions.pause(home.address, None, now)


def rows(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables that somebody could be after, and whether the push is held."""
    with contextlib.closing(sqlite3.connect(f"file:{data / STORE}?mode=ro", uri=True)) as db:
        found = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        return found | {"hold": db.execute("SELECT * FROM meta WHERE key = 'hold'").fetchall()}


class Forger:
    """Makes attempts from a seed."""

    def __init__(self, fake: FakeTelegram, seed: int, found: list[Home]) -> None:
        self.fake = fake
        self.random = random.Random(seed)
        self.homes = found
        self.stranger = fake.user(name="Stranger")
        self._number = 0

    def attempt(self) -> tuple[str, Json]:
        """What kind of attempt, and the update without its id."""
        kinds: tuple[tuple[Callable[[Home], Json], int], ...] = (
            (self.stranger_presses, 20),
            (self.member_presses, 20),
            (self.nobody_presses, 10),
            (self.bot_presses, 5),
            (self.replays_elsewhere, 15),
            (self.owner_presses_nonsense, 20),
            (self.member_commands, 5),
        )
        [make] = self.random.choices([k for k, _ in kinds], [w for _, w in kinds])
        return make.__name__.replace("_", " "), make(self.random.choice(self.homes))

    def stranger_presses(self, home: Home) -> Json:
        return self._press(home, self.stranger.state.as_json())

    def member_presses(self, home: Home) -> Json:
        return self._press(home, home.member.state.as_json())

    def nobody_presses(self, home: Home) -> Json:
        """Ids that Telegram does not know, or that are those of chats."""
        id_ = self.random.choice((home.chat.id if home.chat.id < 0 else 1, 0, -1, 2**62, 777000))
        return self._press(home, {"id": id_, "is_bot": False, "first_name": "x"})

    def bot_presses(self, home: Home) -> Json:
        return self._press(home, home.owner.state.as_json() | {"is_bot": True})

    def replays_elsewhere(self, home: Home) -> Json:
        """An owner presses his own button, in a chat that is another's."""
        others = [other for other in self.homes if other.chat.id != home.chat.id]
        return self._press(self.random.choice(others), home.owner.state.as_json())

    def owner_presses_nonsense(self, home: Home) -> Json:
        """Who may press, on data that no button of the bot ever had."""
        data = self._nonsense()
        return self._press(home, home.owner.state.as_json(), data)

    def member_commands(self, home: Home) -> Json:
        """A command in a group, of a member or in the name of another channel."""
        while home.chat.id > 0:
            home = self.random.choice(self.homes)
        names = ("subscribe 8", "unsubscribe", "settings", "mydata", "forget", "hold", "cancel")
        name = self.random.choice(names)
        self._number += 1
        message: Json = {
            "message_id": 10_000_000 + self._number,
            "date": int(self.fake.clock.now()),
            "chat": home.chat.state.as_json(),
            "from": home.member.state.as_json(),
            "text": f"/{name}",
            "entities": [{"type": "bot_command", "offset": 0, "length": len(name.split()[0]) + 1}],
        }
        if self.random.random() < 0.3:
            channel = {"id": -1009999999999, "type": "channel", "title": "Linked"}
            linked = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
            message |= {"from": linked, "sender_chat": channel}
        if home.topic:
            message |= {"message_thread_id": home.topic, "is_topic_message": True}
        return {"message": message}

    def right(self, home: Home, data: str, *, old: bool) -> Json:
        """A press by the one who may; *old* is whether Telegram no longer shows the message."""
        return self._press(home, home.owner.state.as_json(), data, shape=1 if old else 9)

    def _press(self, home: Home, who: Json, data: str | None = None, shape: int = -1) -> Json:
        self._number += 1
        query = f"forged{self._number}"
        data = self._wanted() if data is None else data
        chat = home.chat.state.as_json()
        message: Json = {"message_id": self._number, "chat": chat, "from": BOT_USER, "text": "x"}
        message["date"] = int(self.fake.clock.now())
        if home.topic:
            message |= {"message_thread_id": home.topic, "is_topic_message": True}
        body: Json = {"id": query, "from": who, "chat_instance": "1", "data": data}
        match self.random.randrange(8) if shape < 0 else shape:
            case 0 | 1:
                body["message"] = {"chat": chat, "message_id": self._number, "date": 0}
            case 2:
                body["inline_message_id"] = "x"
            case _:
                body["message"] = message
        known = CallbackQuery(query, int(who["id"]), home.chat.id, data, self.fake.clock.now())
        self.fake.world.callbacks[query] = known
        return {"callback_query": body}

    def _wanted(self) -> str:
        """Data of a button that changes something."""
        step = self.random.choice(("unsubscribe", *get_args(Step)))
        if step == "unsubscribe":
            return encode(Unsubscribe())
        minute = self.random.choice((None, 0, 480, 1439))
        value = self.random.choice(("", "1", "127", "0", "Africa"))
        return encode(Setting(step, minute, self.random.choice(("", ZONE)), value))

    def _nonsense(self) -> str:
        """Data that is not a button's, however near."""
        while True:
            data = self._wanted()
            at = self.random.randrange(len(data) + 1)
            match self.random.randrange(4):
                case 0:
                    data = data[:at] + self.random.choice(_LETTERS) + data[at + 1 :]
                case 1:
                    data = data[:at]
                case 2:
                    data += self.random.choice((":", ":1", ":x:y", "\x00", "9" * 40, "٨"))
                case _:
                    data = "".join(self.random.choices(_LETTERS, k=self.random.randint(1, 64)))
            if isinstance(decode(data), Show | Open | None):
                return data


async def forge(count: int, seed: int, folder: Path | None = None) -> Report:
    """What *count* attempts made from *seed* came to; the bot keeps its files in *folder*."""
    report, began = Report(count, seed), time.monotonic()
    with tempfile.TemporaryDirectory() as spare:
        data = (folder or Path(spare)) / "data"
        async with FakeTelegram() as fake:
            fake.world.callback_window = float("inf")
            library = Library([load_briefing(HARBOUR)], load_smalltalk(SMALLTALK))
            found = homes(fake, 20 + count // 50)
            await subscribe(data, found)
            bots = Bots(fake, library, data)
            admin = fake.user().id
            bot = await bots.start(questions_per_window=1000, admins=(admin,))
            try:
                await _run(fake, data, Forger(fake, seed, found), report)
            finally:
                await bots.stop(bot)
    report.seconds = time.monotonic() - began
    return report


async def _run(fake: FakeTelegram, data: Path, forger: Forger, report: Report) -> None:
    await fake.wait_for(lambda: rows(data)["revision"])  # what lies there has been taken up
    before = rows(data)
    for begin in range(0, report.count, WAVE):
        wave = [forger.attempt() for _ in range(min(WAVE, report.count - begin))]
        report.kinds.update(kind for kind, _ in wave)
        await feed(fake, [body for _, body in wave])
    after = rows(data)
    for table in before:
        changed = set(before[table]) ^ set(after[table])
        report.changed += len(changed)
        report.problems += [f"{table} changed: {row}" for row in sorted(changed, key=repr)[:5]]
    told = [c for c in fake.journal if c.method.lower() in ("editmessagetext", "senddocument")]
    told += [c for c in fake.calls("sendMessage") if '"subscriptions"' in str(c.params["text"])]
    if told:
        report.problems.append(f"{len(told)} were shown what is not theirs: {told[0].params}"[:400])
    unanswered = [q.id for q in fake.world.callbacks.values() if q.answer is None]
    if unanswered:
        report.problems.append(f"{len(unanswered)} presses unanswered, such as {unanswered[0]}")
    stop = encode(Unsubscribe())
    rightful = [forger.right(home, stop, old=n % 2 == 0) for n, home in enumerate(forger.homes)]
    await feed(fake, rightful)
    stopped = {
        (row["chat"], row["topic"]) for row in subscriptions(data) if row["state"] == State.STOPPED
    }
    report.kept = len(stopped)
    for home in forger.homes:
        if home.topic == 0 and (home.chat.id, 0) not in stopped:
            report.problems.append(f"the unsubscribe button no longer works: {home}"[:300])


def subscriptions(data: Path) -> Iterator[dict[str, Any]]:
    """The rows of the subscriptions."""
    with contextlib.closing(sqlite3.connect(f"file:{data / STORE}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        yield from map(dict, db.execute("SELECT * FROM subscription"))


async def feed(fake: FakeTelegram, bodies: list[Json]) -> None:
    """Nothing; the updates are over."""
    queue = fake.world.queue
    for body in bodies:
        queue._items.append(Raw(queue.next_id, "", {}, float("inf"), body))
        queue.next_id += 1
    queue.abort()
    await fake.wait_drained(300)


if __name__ == "__main__":
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    made = asyncio.run(forge(amount, chosen))
    print(made, *made.problems[:20], sep="\n")
    sys.exit(bool(made.problems))
