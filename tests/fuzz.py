"""Updates that nobody would think of, through the real bot: ``python -m tests.fuzz COUNT SEED``.

What belongs here: making them from a seed, and judging what became of each. Telegram checks what
people send, yet not all of it, and what it sends itself changes; so fields are missing, of a
wrong kind or huge, texts are hostile, ids come twice and out of order, and buttons are forged.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from bot.buttons import Setting, Step, Unsubscribe, encode
from knowledge import Library
from knowledge.load import SMALLTALK, load_briefing, load_smalltalk
from tests.conftest import HARBOUR, Bots
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.html import Json
from tests.fake_telegram.state import BOT_USER, CallbackQuery, ChatState
from tests.fake_telegram.updates import Queued

WAVE = 500
"""Updates that wait at a time; a tap lives 150 seconds."""

HUGE = (0, -1, 2**31, 2**52, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**30)
JUNK: tuple[Any, ...] = (None, True, -1, 1.5, "", "x", [], {}, [None], {"id": "x"}, "9" * 400)

_QUIET = ("cannot be read", "refused an order of")
"""What the log says of an update that is passed over on purpose."""

_NOBODY = ("not found", "invalid user_id")
"""What Telegram says of chats and people that a fuzzed update names and nobody is."""

_WORDS = (
    "Who opened the lighthouse?",
    "and when was that?",
    "Who is Mara?",
    "من افتتح المنارة؟ \u202eWho opened\u202c",
    "\u2067\u202e\u2066" * 300 + "lighthouse",
    "קול \u200f\u200e mixed ↔ text",
    "😀" * 2000,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 90,
    "Z̷̢̛̖̲͎̝̎̔a̸̛̺l̶͙͗g̵̱̈́o̷̙͑ " * 60,
    "e" + "\u0301" * 4000,
    "\x00",
    "who\x00opened\x00it",
    "\x01\x02\x1b[31m\x7f\x85\u2028\u2029",
    "\ud800 half a letter",
    "' OR 1=1; DROP TABLE subscription; --",
    '"lighthouse" NEAR/3 "open*" AND NOT (x OR ^y:z)',
    "{count} {0} {name!r} %s %(x)d ${HOME} \\N{DIGIT ONE}",
    "<b>who</i> &amp; &#x3c;script&gt; <a href='tg://user?id=1'>x</a>",
    "?" * 4096,
    "lighthouse " * 372,
    "a" * 4096,
    "١٢:٣٠ ٨ ႐႑ ⅷ Ⅷ ½ ² 一二三",
    " ",
    "\u200b\u200c\u200d\ufeff\u00ad",
    "\t\r\n",
    "Sort of 10 ** 100 ferries in year 99999999999999999999?",
    "-0x1p-1074 NaN Infinity 1e999",
    "/",
    "//start @@",
    "http://127.0.0.1:1/ file:///etc/passwd",
)
_ARGUMENTS = (
    *("", "8", "7:30", "8 pm", "٨", "25:99", "-1:00", "24:00", "0:00 0:00", "½", "8 pm Paris"),
    *(
        "08:00 Tripoli",
        "99999999999999999999:00",
        "8:00 " + "x" * 4000,
        "noon",
        "8\x00am",
        "８：３０",
    ),
    *("06:30 ../../etc/passwd", "8:00 localtime", "8:00 Etc/GMT+99", "8 طرابلس", "8 São Tomé"),
    *("q_2020-05-04-harbour_lighthouse-opened", "b_2020-05-04-harbour", "%%", "_" * 64, "\ud800"),
)
_FIELDS = (
    *("from", "sender_chat", "reply_to_message", "entities", "text", "caption", "location", "date"),
    *("forward_origin", "via_bot", "message_thread_id", "is_topic_message", "media_group_id"),
    *("photo", "voice", "sticker", "document", "venue", "contact", "new_chat_members", "edit_date"),
    *("migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "caption_entities", "chat"),
    *("quote", "external_reply", "web_app_data", "message_id", "left_chat_member", "story"),
)
_KINDS = (
    *("edited_channel_post", "inline_query", "chosen_inline_result", "shipping_query", "poll"),
    *("pre_checkout_query", "poll_answer", "chat_member", "chat_join_request", "message_reaction"),
    *("message_reaction_count", "chat_boost", "removed_chat_boost", "business_connection"),
    *("business_message", "edited_business_message", "deleted_business_messages"),
    *("purchased_paid_media", "guest_message", "an_unknown_kind"),
)


class Wanted(Enum):
    """What an update is to come to."""

    REPLY = "exactly one reply"
    ANSWER = "exactly one answer to the tap"
    ANY = "one reply, or silence"
    SILENCE = "silence"


@dataclass(frozen=True)
class Raw(Queued):
    """An update as it is, whatever kinds it holds."""

    body: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        """Return the Update object."""
        return {"update_id": self.id} | self.body


@dataclass(frozen=True)
class Case:
    """One update: what it holds, what is wanted, and by what its reply is known."""

    body: Json
    wanted: Wanted
    chat: Any = None
    message: Any = None
    query: str = ""


@dataclass
class Report:
    """What became of `count` updates; `problems` is empty if all went as it should."""

    count: int
    seed: int
    kinds: Counter[Wanted] = field(default_factory=Counter)
    replies: int = 0
    passed_over: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{number} want {kind.value}" for kind, number in self.kinds.items())
        return (
            f"{self.count} updates, seed {self.seed}: {kinds}; {self.replies} replies,"
            f" {self.passed_over} passed over unread; {len(self.problems)} problems;"
            f" {self.seconds:.0f} s"
        )


class Maker:
    """Makes cases from a seed, with people and chats that the fake knows."""

    def __init__(self, fake: FakeTelegram, seed: int) -> None:
        self.fake = fake
        self.random = random.Random(seed)
        self._message = 0
        self._query = 0
        self.admin = fake.user(name="Admin")
        self.admin.chat.state.known = True
        self.people = [fake.user() for _ in range(5)]

    def group(self) -> ChatState:
        """A new group of any kind: each takes but so many replies a minute."""
        fake, people = self.fake, self.people
        made = self.random.choice(
            (
                lambda: fake.group(members=people),
                lambda: fake.supergroup(members=people, admins=people[:1]),
                lambda: fake.forum({2: "News"}, members=people, admins=people[:2]),
                lambda: fake.channel(),
            )
        )()
        return made.state

    def case(self) -> Case:
        """A case of any kind."""
        kinds: tuple[tuple[Callable[[], Case], int], ...] = (
            (self.private, 30),
            (self.in_group, 12),
            (self.broken, 25),
            (self.tap, 18),
            (self.edited, 5),
            (self.membership, 4),
            (self.strange, 6),
        )
        [make] = self.random.choices([k for k, _ in kinds], [w for _, w in kinds])
        return make()

    def private(self) -> Case:
        """A message to the bot alone, sound in its form."""
        user = self.fake.user(name=self.random.choice(("Amal", "\u202eلما", "😀" * 64, "\x00")))
        user.chat.state.known = True
        message = self._of(user.chat.state.as_json(), user.state.as_json())
        message |= self._content()
        words = message.get("text") or message.get("caption")
        wanted = Wanted.REPLY if words else Wanted.ANY
        return self._case("message", message, wanted)

    def in_group(self) -> Case:
        """A message in a group or channel: of a member, an anonymous admin, the channel itself."""
        group = self.group()
        sender = self.random.choice(
            (
                {"from": self.fake.user().state.as_json()},
                {"from": _ANONYMOUS, "sender_chat": group.as_json()},
                {"from": _LINKED, "sender_chat": {"id": -1009, "type": "channel", "title": "x"}},
                {"sender_chat": group.as_json()},
                {},
            )
        )
        message = self._of(group.as_json(), None) | sender | self._content()
        if group.topics is not None and self.random.random() < 0.5:
            message |= {"message_thread_id": 2, "is_topic_message": True}
        kind = "channel_post" if group.type == "channel" else "message"
        return self._case(kind, message, Wanted.ANY)

    def broken(self) -> Case:
        """A message with fields missing, of a wrong kind, or huge."""
        case = self.random.choice((self.private, self.in_group))()
        [(kind, message)] = case.body.items()
        message = dict(message)
        for _ in range(self.random.randint(1, 3)):
            self._break(message)
        return self._case(kind, message, Wanted.ANY)

    def tap(self) -> Case:
        """A press of a button whose data is forged, on a message that may not be there."""
        user = self.fake.user()
        user.chat.state.known = True
        self._query += 1
        query = f"fuzz{self._query}"
        data = self._data()
        message = self._of(user.chat.state.as_json(), BOT_USER) | {"text": "x"}
        if self.random.random() < 0.3:
            message = self._of(self.group().as_json(), BOT_USER)
        body: Json = {"id": query, "from": user.state.as_json(), "chat_instance": "1"}
        body |= {"message": message, "data": data}
        match self.random.randrange(8):
            case 0:
                body["message"] = {"chat": message["chat"], "message_id": 1, "date": 0}
            case 1:
                del body["message"]
                body["inline_message_id"] = "x"
            case 2:
                del body["data"]
                body["game_short_name"] = "x"
            case _:
                pass
        known = CallbackQuery(query, user.id, user.id, data, self.fake.clock.now())
        self.fake.world.callbacks[query] = known
        return Case({"callback_query": body}, Wanted.ANSWER, query=query)

    def edited(self) -> Case:
        """An edit of a message that may never have come."""
        case = self.private()
        message = dict(case.body["message"], edit_date=int(self.fake.clock.now()))
        return self._case("edited_message", message, Wanted.ANY)

    def membership(self) -> Case:
        """A change of the bot's own place."""
        chat = self.random.choice([self.group(), self.fake.user().chat.state]).as_json()
        statuses = ("member", "left", "kicked", "administrator", "restricted", "x")
        member = {"user": BOT_USER, "status": self.random.choice(statuses), "until_date": 0}
        change = {
            "chat": chat,
            "from": self.fake.user().state.as_json(),
            "date": int(self.fake.clock.now()),
            "old_chat_member": {"user": BOT_USER, "status": "member"},
            "new_chat_member": member,
        }
        if self.random.random() < 0.5:
            self._break(change)
        return Case({"my_chat_member": change}, Wanted.SILENCE)

    def strange(self) -> Case:
        """A kind that was not asked for, that nobody knows, or none at all; or two at once."""
        match self.random.randrange(4):
            case 0:
                return Case({}, Wanted.SILENCE)
            case 1:
                return Case({self.random.choice(_KINDS): self._junk()}, Wanted.SILENCE)
            case 2:
                case = self.private()
                body = {self.random.choice(_KINDS): case.body["message"]}
                return Case(body, Wanted.SILENCE, case.chat, case.message)
            case _:
                case = self.private()
                return Case(case.body | {"poll": {}}, Wanted.ANY, case.chat, case.message)

    def _of(self, chat: Json, sender: Json | None) -> Json:
        self._message += 1
        base = {"message_id": self._message, "chat": chat, "date": int(self.fake.clock.now())}
        return base | ({"from": sender} if sender else {})

    def _content(self) -> Json:
        """What a message says or shows."""
        match self.random.randrange(12):
            case 0 | 1 | 2 | 3 | 4:
                return self._said(self.random.choice(_WORDS))
            case 5 | 6 | 7:
                names = [*_COMMANDS, "nosuchcommand", "START", "x" * 32]
                name = self.random.choice(names)
                target = self.random.choice(("", "", "", f"@{BOT_USER['username']}", "@other_bot"))
                text = f"/{name}{target} {self.random.choice(_ARGUMENTS)}".strip(" ")
                command = {"type": "bot_command", "offset": 0, "length": len(f"/{name}{target}")}
                other = {} if target != "@other_bot" else {"text": "for another bot"}
                return {"text": text, "entities": [command]} | other
            case 8:
                spot = self.random.choice(((32.9, 13.2), (90.0, 180.0), (-91.0, 999.0), (0.0, 0.0)))
                return {"location": {"latitude": spot[0], "longitude": spot[1]}}
            case 9:
                return {self.random.choice(("photo", "new_chat_members")): []}
            case 10:
                said = self._said(self.random.choice(_WORDS))
                thing = {"document": {"file_id": "d", "file_unique_id": "d"}}
                return thing | {f"caption{'_entities' * (k == 'entities')}": v
                                for k, v in said.items()}  # fmt: skip
            case _:
                return self._said("".join(self.random.choices(_ALPHABET, k=40)))

    def _said(self, text: str) -> Json:
        """*text*, with marks that may lie outside of it."""
        if self.random.random() < 0.7:
            return {"text": text}
        marks = [
            {
                "type": self.random.choice(("bold", "mention", "text_mention", "bot_command", "x")),
                "offset": self.random.choice((0, 1, 5, 4096, -1, 10**9)),
                "length": self.random.choice((0, 1, 3, 4096, -5, 10**9)),
            }
            for _ in range(self.random.randint(1, 4))
        ]
        private = {"text": text, "entities": marks}
        return private if not any(m["type"] == "bot_command" for m in marks) else {"text": text}

    def _data(self) -> str:
        """Data of a button: sound, of another, cut, or made up."""
        data = self.random.choice(_BUTTONS)
        match self.random.randrange(5):
            case 0:
                return data
            case 1:
                at = self.random.randrange(len(data) + 1)
                return data[:at] + self.random.choice(_ALPHABET) + data[at + 1 :]
            case 2:
                return data[: self.random.randrange(len(data) + 1)]
            case 3:
                return data + self.random.choice((":", ":1", ":x:y", "\x00", "😀", "9" * 50))
            case _:
                return "".join(self.random.choices(_ALPHABET, k=self.random.randint(0, 64)))

    def _break(self, body: Json) -> None:
        """Changes one field of *body*, perhaps deep in it."""
        inner = [value for value in body.values() if isinstance(value, dict)]
        if inner and self.random.random() < 0.4:
            at = self.random.choice(inner)
            copy = dict(at)
            key = next(key for key, value in body.items() if value is at)
            self._break(copy)
            body[key] = copy
            return
        name = self.random.choice((*body, *_FIELDS) if body else _FIELDS)
        match self.random.randrange(3):
            case 0:
                body.pop(name, None)
            case 1:
                body[name] = self._junk()
            case _:
                body[name if "id" in name else "id"] = self.random.choice(HUGE)

    def _junk(self) -> Any:
        return self.random.choice(JUNK)

    def _case(self, kind: str, message: Json, wanted: Wanted) -> Case:
        chat = message.get("chat")
        chat_id = chat.get("id") if isinstance(chat, dict) else None
        return Case({kind: message}, wanted, chat_id, message.get("message_id"))


_COMMANDS = (
    *("start", "help", "ask", "briefing", "who", "sources", "about", "privacy", "subscribe"),
    *("settings", "unsubscribe", "mydata", "forget", "status", "preview", "hold", "resume"),
    *("cancel",),
)
_BUTTONS = (
    "q:2020-05-04-harbour:lighthouse-opened",
    "e:2020-05-04-harbour:mara-lind",
    "c:2020-05-04-harbour:nobody",
    "b:2020-05-04-harbour",
    encode(Unsubscribe()),
    *(encode(Setting(step, 480, "Africa/Tripoli")) for step in get_args(Step)),
    *(encode(Setting(step, None, zone, "1")) for step in get_args(Step) for zone in ("", "x")),
)
_ALPHABET = "abz:_-./0189 \x00\x7f\u00e9\u0645\u200f😀{}<&'\"%*"
_ANONYMOUS: Json = {
    "id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"
}  # fmt: skip
_LINKED: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


class _Ear(logging.Handler):
    """Hears what the bot logs; keeps what nobody meant to happen."""

    def __init__(self, report: Report) -> None:
        super().__init__(logging.WARNING)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if "cannot be read" in said:
            self._report.passed_over += 1
        if not any(quiet in said for quiet in _QUIET):
            self._report.problems.append(f"{record.name}: {said}")


async def fuzz(count: int, seed: int, folder: Path | None = None) -> Report:
    """What became of *count* updates made from *seed*; the bot keeps its files in *folder*."""
    report, began = Report(count, seed), time.monotonic()
    ear, root = _Ear(report), logging.getLogger()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, found: report.problems.append(f"loop: {found}"))
    root.addHandler(ear)
    try:
        with tempfile.TemporaryDirectory() as spare:
            async with FakeTelegram() as fake:
                library = Library([load_briefing(HARBOUR)], load_smalltalk(SMALLTALK))
                bots = Bots(fake, library, (folder or Path(spare)) / "data")
                await _run(fake, bots, report)
    finally:
        root.removeHandler(ear)
        loop.set_exception_handler(None)
    report.seconds = time.monotonic() - began
    return report


async def _run(fake: FakeTelegram, bots: Bots, report: Report) -> None:
    maker = Maker(fake, report.seed)
    fake.world.callback_window = float("inf")
    _mix(fake, random.Random(report.seed))
    admin = maker.admin.id
    bot = await bots.start(
        pace={"attempt": 20.0}, questions_per_window=1000, admins=(admin,), log_level="INFO"
    )
    try:
        for begin in range(0, report.count, WAVE):
            cases = [maker.case() for _ in range(min(WAVE, report.count - begin))]
            since = len(fake.journal)
            _feed(fake, cases)
            await fake.wait_drained(300)
            report.problems += _judge(fake, cases, since, report)
        if not (await maker.admin.ask("/about", 10)).text:
            report.problems.append("it no longer answers")
    finally:
        await bots.stop(bot)


def _feed(fake: FakeTelegram, cases: Sequence[Case]) -> None:
    """Queues *cases*."""
    queue = fake.world.queue
    for case in cases:
        queue._items.append(Raw(queue.next_id, "", {}, float("inf"), case.body))
        queue.next_id += 1
    queue.abort()


def _mix(fake: FakeTelegram, random_: random.Random) -> None:
    """From here on some updates come twice in an answer of getUpdates, some out of order."""
    queue, sound = fake.world.queue, fake.world.queue._batch

    def mixed(limit: int) -> list[Json]:
        batch = sound(limit)
        for at in range(len(batch) - 1):
            if random_.random() < 0.03:
                batch[at], batch[at + 1] = batch[at + 1], batch[at]
        return [update for update in batch for _ in range(2 if random_.random() < 0.03 else 1)]

    queue._batch = mixed  # type: ignore[method-assign]


def _judge(fake: FakeTelegram, cases: Sequence[Case], since: int, report: Report) -> Iterator[str]:
    """What is wrong with what the bot did about *cases*, from the call *since* on."""
    sent: Counter[tuple[Any, Any]] = Counter()
    taps: Counter[Any] = Counter()
    for call in fake.journal[since:]:
        if call.method == "sendMessage":
            target = call.params.get("reply_parameters") or {}
            sent[str(call.chat_id), str(target.get("message_id"))] += 1
            report.replies += call.status == 200
        elif call.method == "answerCallbackQuery":
            taps[call.params.get("callback_query_id")] += 1
        if call.method == "getUpdates":
            continue
        if call.status not in (200, 400, 403):
            yield f"{call.method} got {call.status}: {call.description}"
        elif call.status == 400 and not any(w in str(call.description) for w in _NOBODY):
            yield f"{call.method} got {call.description}"
    for case in cases:
        report.kinds[case.wanted] += 1
        replies = sent[str(case.chat), str(case.message)]
        good = {
            Wanted.REPLY: replies == 1,
            Wanted.ANSWER: taps[case.query] == 1,
            Wanted.ANY: replies <= 1,
            Wanted.SILENCE: case.chat is None or replies == 0,
        }[case.wanted]
        if not good:
            got = taps[case.query] if case.query else replies
            yield f"wanted {case.wanted.value}, got {got}: {case.body}"[:600]


if __name__ == "__main__":
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    found = asyncio.run(fuzz(amount, chosen))
    print(found, *found.problems[:20], sep="\n")
    sys.exit(bool(found.problems))
