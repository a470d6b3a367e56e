"""The people: what a test has users, chats and taps do, and how it reads what the bot did."""

# ruff: noqa: ASYNC109 - a timeout is what the callers of a test tool name

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import (
    CHANNEL,
    GROUP,
    PRIVATE,
    SUPERGROUP,
    CallbackQuery,
    ChatState,
    Clock,
    Message,
    UserState,
)
from tests.fake_telegram.text import find_entities
from tests.fake_telegram.world import World

T = TypeVar("T")

_MEDIA: dict[str, Any] = {
    "photo": [{"file_id": "p1", "file_unique_id": "pu1", "width": 90, "height": 60}],
    "voice": {"file_id": "v1", "file_unique_id": "vu1", "duration": 3},
    "sticker": {
        "file_id": "s1",
        "file_unique_id": "su1",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    },
    "document": {"file_id": "d1", "file_unique_id": "du1"},
    "location": {"latitude": 32.9, "longitude": 13.2},
}


class ButtonError(LookupError):
    """The message has no such button to tap."""


class Driver(ABC):
    """The half of FakeTelegram that tests drive; the other half serves HTTP."""

    world: World
    clock: Clock
    _ids: "itertools.count[int]"

    @abstractmethod
    async def wait_for(self, condition: Callable[[], T], timeout: float = 5.0, what: str = "") -> T:
        """Return the condition's value once it is true."""

    def user(
        self,
        id: int | None = None,  # noqa: A002 - Telegram's own name for it
        name: str = "Amal",
        username: str | None = None,
        language: str | None = "en",
    ) -> "User":
        """Return the user with this id, created if new; they have not written to the bot yet."""
        user_id = id if id is not None else 1000 + next(self._ids)
        state = self.world.users.get(user_id)
        if state is None:
            state = UserState(user_id, name, username, language)
            self.world.users[user_id] = state
            self.world.add_chat(ChatState(user_id, PRIVATE, user=state, known=False))
        return User(self, state)

    def chat(self, chat_id: int) -> "Chat":
        """Return the handle of a chat that exists."""
        return Chat(self, self.world.chats[chat_id])

    def group(self, title: str = "Group", **options: Any) -> "Chat":
        """Return a new basic group with the bot in it; see ``_new_chat`` for options."""
        return self._new_chat(GROUP, title, **options)

    def supergroup(self, title: str = "Supergroup", **options: Any) -> "Chat":
        """Return a new supergroup with the bot in it."""
        return self._new_chat(SUPERGROUP, title, **options)

    def forum(
        self, topics: dict[int, str] | None = None, title: str = "Forum", **options: Any
    ) -> "Chat":
        """Return a new forum; ``topics`` maps thread ids (from 2) to names."""
        chat = self._new_chat(SUPERGROUP, title, **options)
        chat.state.topics = {}
        for thread, name in (topics or {}).items():
            chat.add_topic(thread, name)
        return chat

    def channel(self, title: str = "Channel", **options: Any) -> "Chat":
        """Return a new channel with the bot as administrator."""
        return self._new_chat(CHANNEL, title, **({"bot_is_admin": True} | options))

    def _new_chat(
        self,
        kind: str,
        title: str,
        *,
        id: int | None = None,  # noqa: A002 - Telegram's own name for it
        members: Iterable["User"] = (),
        admins: Iterable["User"] = (),
        username: str | None = None,
        bot_is_admin: bool = False,
    ) -> "Chat":
        base = -4000 if kind == GROUP else -1_001_000_000_000
        state = ChatState(
            id if id is not None else base - next(self._ids),
            kind,
            title,
            username=username,
            bot_is_admin=bot_is_admin,
        )
        state.admins = {user.id for user in admins}
        state.members = {user.id: user.state for user in (*members, *admins)}
        return Chat(self, self.world.add_chat(state))

    def raw_update(self, kind: str, payload: Json, date: float | None = None) -> int | None:
        """Queue an update as it is and return its id."""
        return self.world.queue.add(kind, payload, self.clock.now() if date is None else date)

    async def bulk(self, count: int, text: str = "question {n}", users: int = 1) -> list[Message]:
        """Queue ``count`` messages, from users in turn; ``{n}`` counts from 1."""
        people = [self.user() for _ in range(users)]
        return [await people[n % users].send(text.replace("{n}", str(n + 1))) for n in range(count)]

    @property
    def edits(self) -> list[Message]:
        """The bot's messages in the order in which it edited them, once per edit."""
        return self.world.edits

    @property
    def callback_answers(self) -> list[Json]:
        """The answers to taps, in the order of the taps."""
        return [q.answer for q in self.world.callbacks.values() if q.answer is not None]


class User:
    """A person."""

    def __init__(self, fake: Driver, state: UserState) -> None:
        self.fake = fake
        self.state = state

    @property
    def id(self) -> int:
        """The user id, and the id of the private chat."""
        return self.state.id

    @property
    def chat(self) -> "Chat":
        """The private chat with the bot."""
        return self.fake.chat(self.id)

    async def send(
        self,
        text: str = "",
        *,
        chat: "Chat | None" = None,
        thread: int | None = None,
        date: float | None = None,
        reply_to: Message | int | None = None,
        media: str | None = None,
        **extra: Any,
    ) -> Message:
        """Send a message; ``update_id`` is None if the bot is not told of it.

        ``media`` is photo, voice, sticker, document or location; ``date`` seconds since 1970;
        ``extra`` goes into the Message as it is.
        """
        where = (chat or self.chat).state
        self._enter(where)
        if isinstance(reply_to, int):
            reply_to = where.messages[reply_to]
        body = dict(extra)
        if media is not None:
            body[media] = _MEDIA[media]
        if text:
            body["text" if media is None else "caption"] = text
        if found := find_entities(text):
            body["entities" if media is None else "caption_entities"] = found
        world = self.fake.world
        message = world.post(where, self.state, body, date=date, thread=thread, reply_to=reply_to)
        if world.bot_sees(where, message):
            kind = "channel_post" if where.type == CHANNEL else "message"
            when = world.clock.now() if date is None else date
            message.update_id = world.queue.add(kind, message.data, when)
        world.changed()
        return message

    def _enter(self, where: ChatState) -> None:
        if where.user is self.state:
            if self.state.blocked or self.state.deactivated:
                raise RuntimeError(f"user {self.id} blocked the bot or is gone: unblock() first")
            where.known = True
        else:
            where.members.setdefault(self.id, self.state)

    async def send_photo(self, caption: str = "", **options: Any) -> Message:
        """Send a photo."""
        return await self.send(caption, media="photo", **options)

    async def send_voice(self, **options: Any) -> Message:
        """Send a voice message."""
        return await self.send(media="voice", **options)

    async def send_sticker(self, **options: Any) -> Message:
        """Send a sticker."""
        return await self.send(media="sticker", **options)

    async def edit(self, message: Message, text: str | None = None) -> int | None:
        """Edit an own message; the same text imitates an edit that bots cannot see."""
        if text is not None:
            changes = {"text": text, "entities": find_entities(text) or None}
        else:
            changes = {}
        world = self.fake.world
        world.edit(message, changes)
        if not world.bot_sees(world.chats[message.chat_id], message):
            return None
        return world.queue.add("edited_message", message.data, world.clock.now())

    async def tap(self, message: Message, button: str) -> "Tap":
        """Tap the button with this label or data.

        Raises:
            ButtonError: if the message, as it stands now, has no such callback button.
        """
        named = [b for b in message.buttons if button in (b["text"], b.get("callback_data"))]
        if message.deleted or not named:
            raise ButtonError(f"no button {button!r}; there are {message.labels}")
        if "callback_data" not in named[0]:
            raise ButtonError(f"button {button!r} is no callback button: {named[0]}")
        return await self.forge_tap(named[0]["callback_data"], message)

    async def forge_tap(
        self, data: str, message: Message | None = None, *, inaccessible: bool = False
    ) -> "Tap":
        """Send a callback query with any data, on any message, whether the button is there."""
        world = self.fake.world
        chat_id = self.id if message is None else message.chat_id
        query = world.callback(self.state, world.chats[chat_id], message, data, stale=inaccessible)
        return Tap(self.fake, query)

    async def block(self) -> int | None:
        """Block the bot; it is told by my_chat_member."""
        self.state.blocked = True
        return self.fake.world.bot_status(self.chat.state, self.state.as_json(), "member", "kicked")

    async def unblock(self) -> int | None:
        """Unblock the bot; it is told by my_chat_member."""
        self.state.blocked = False
        self.chat.state.known = True
        return self.fake.world.bot_status(self.chat.state, self.state.as_json(), "kicked", "member")

    def deactivate(self) -> None:
        """Delete the account; the bot is not told."""
        self.state.deactivated = True

    async def next_message(self, timeout: float = 5.0) -> Message:
        """Return the next message of the bot in the private chat; see ``Chat.next_message``."""
        return await self.chat.next_message(timeout)

    async def ask(self, text: str, timeout: float = 5.0, **options: Any) -> Message:
        """Send a message and return the bot's next one in that chat."""
        sent = await self.send(text, **options)
        return await self.fake.chat(sent.chat_id).next_message(timeout)


class Chat:
    """A chat as a test sees it."""

    def __init__(self, fake: Driver, state: ChatState) -> None:
        self.fake = fake
        self.state = state

    @property
    def id(self) -> int:
        """The chat id."""
        return self.state.id

    @property
    def transcript(self) -> list[Message]:
        """Every message, of people and of the bot, oldest first, the deleted ones too."""
        return list(self.state.messages.values())

    @property
    def sent(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [m for m in self.state.messages.values() if m.outgoing]

    async def next_message(self, timeout: float = 5.0) -> Message:
        """Return the bot's next message that was not returned before.

        Raises:
            WaitTimeout: if none comes.
        """
        sent = await self.fake.wait_for(
            lambda: self.sent[self.state.cursor :], timeout, f"a message in chat {self.id}"
        )
        self.state.cursor += 1
        return sent[0]

    async def next_edit(self, message: Message, timeout: float = 5.0) -> Message:
        """Wait for the bot's next edit of this message that was not returned before."""
        await self.fake.wait_for(
            lambda: len(message.history) > message.edits_read,
            timeout,
            f"an edit of message {message.id}",
        )
        message.edits_read += 1
        return message

    def add_topic(self, thread: int, name: str) -> None:
        """Open a forum topic."""
        topics = self.state.topics
        if topics is None or thread < 2:
            raise ValueError("topics need a forum and a thread id of 2 or more")
        created = {"name": name, "icon_color": 7_322_096}
        topics[thread] = {
            "message_id": thread,
            "chat": self.state.as_json(),
            "date": int(self.fake.clock.now()),
            "message_thread_id": thread,
            "is_topic_message": True,
            "forum_topic_created": created,
        }

    async def set_bot_status(self, status: str, by: User) -> int | None:
        """Make the bot a member or administrator, or left or kicked; it is told."""
        state = self.state
        old = {"active": "administrator" if state.bot_is_admin else "member"}
        before = old.get(state.state, state.state)
        state.state = status if status in ("left", "kicked") else "active"
        state.bot_is_admin = status == "administrator"
        return self.fake.world.bot_status(state, by.state.as_json(), before, status)

    async def kick_bot(self, by: User) -> int | None:
        """Remove the bot."""
        return await self.set_bot_status("kicked", by)

    async def migrate(self, by: User) -> "Chat":
        """Turn the group into a supergroup, with both service messages; return the new chat."""
        options = {"bot_is_admin": self.state.bot_is_admin}
        new = self.fake.supergroup(self.state.title or "", **options)
        new.state.members |= self.state.members
        self.state.state, self.state.migrated_to = "migrated", new.id
        await by.send(chat=self, migrate_to_chat_id=new.id)
        await by.send(chat=new, migrate_from_chat_id=self.id)
        return new


class Tap:
    """A tap on a button, and the bot's answer to it."""

    def __init__(self, fake: Driver, query: CallbackQuery) -> None:
        self.fake = fake
        self.query = query

    @property
    def id(self) -> str:
        """The callback query's id."""
        return self.query.id

    @property
    def answer(self) -> Json | None:
        """The bot's answer (text, show_alert, url, cache_time), or None so far."""
        return self.query.answer

    async def answered(self, timeout: float = 5.0) -> Json:
        """Wait for the bot's answer and return it."""
        await self.fake.wait_for(
            lambda: self.query.answer is not None, timeout, f"an answer to tap {self.query.data}"
        )
        assert self.query.answer is not None
        return self.query.answer
