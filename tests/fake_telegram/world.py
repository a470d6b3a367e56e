"""The state of the fake as one thing: chats, people, messages, updates; used by both sides.

``methods`` acts on it for the bot, ``driver`` for the people.
"""

import itertools
from collections.abc import Callable
from typing import Any

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import (
    BOT_ID,
    BOT_USER,
    CHANNEL,
    PRIVATE,
    ApiError,
    CallbackQuery,
    ChatState,
    Clock,
    Message,
    UserState,
    bad_request,
    bot_member,
)
from tests.fake_telegram.updates import UpdateQueue


class World:
    """Everything that would live on Telegram's servers."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self.clock = clock
        self.changed = changed
        self.queue = UpdateQueue(clock, changed)
        self.users: dict[int, UserState] = {}
        self.chats: dict[int, ChatState] = {}
        self.callbacks: dict[str, CallbackQuery] = {}
        self.edits: list[Message] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.privacy = True
        self.callback_window = 15.0
        """Seconds in which a tap can be answered."""
        self._account_ids = itertools.count(1)
        self._callback_ids = itertools.count(4_000_000_000_000_000_001)

    def add_chat(self, chat: ChatState) -> ChatState:
        """Keep a new chat; private chats and basic groups share one series of message ids."""
        if chat.type in (PRIVATE, "group"):
            chat.ids = self._account_ids
        self.chats[chat.id] = chat
        return chat

    def find_chat(self, chat_id: Any) -> ChatState:
        """Return a chat that the bot knows and can see.

        Raises:
            ApiError: 400 or 403 with Telegram's words.
        """
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            named = (c for c in self.chats.values() if c.username == chat_id[1:] and not c.user)
            chat = next(named, None)
        else:
            chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or not chat.known:
            raise bad_request("chat not found")
        kind = f"the {chat.type} chat"
        if chat.state == "kicked":
            raise ApiError(403, f"Forbidden: bot was kicked from {kind}")
        if chat.state == "left":
            raise ApiError(403, f"Forbidden: bot is not a member of {kind}")
        return chat

    def find_writable(self, chat_id: Any) -> ChatState:
        """Return a chat that the bot may write to.

        Raises:
            ApiError: 400 or 403 with Telegram's words and, if it moved, the new id.
        """
        chat = self.find_chat(chat_id)
        if chat.user is not None and chat.user.deactivated:
            raise ApiError(403, "Forbidden: user is deactivated")
        if chat.user is not None and chat.user.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat.state == "deleted":
            raise ApiError(403, "Forbidden: the group chat was deleted")
        if chat.state == "migrated":
            reason = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, reason, {"migrate_to_chat_id": chat.migrated_to})
        if chat.type == CHANNEL and not chat.bot_is_admin:
            raise bad_request("need administrator rights in the channel chat")
        return chat

    def find_message(self, chat: ChatState, message_id: int, purpose: str) -> Message:
        """Return a message that still exists.

        Raises:
            ApiError: 400 "message to <purpose> not found".
        """
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request(f"message to {purpose} not found")
        return message

    def post(
        self,
        chat: ChatState,
        sender: UserState | None,
        body: Json,
        *,
        date: float | None = None,
        thread: int | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Put a message into a chat, of a person or (sender None) of the bot; no update yet."""
        data: Json = {"message_id": next(chat.ids)}
        if chat.type == CHANNEL:
            data["sender_chat"] = chat.as_json()
        else:
            data["from"] = BOT_USER if sender is None else sender.as_json()
        data["chat"] = chat.as_json()
        data["date"] = int(self.clock.now() if date is None else date)
        if thread is not None and chat.topics is not None:
            data.update(message_thread_id=thread, is_topic_message=True)
            data["reply_to_message"] = chat.topics[thread]
        if reply_to is not None:
            target = {k: v for k, v in reply_to.data.items() if k != "reply_to_message"}
            data["reply_to_message"] = target
        message = Message(chat.id, data | body, outgoing=sender is None)
        chat.messages[message.id] = message
        return message

    def edit(self, message: Message, changes: Json) -> None:
        """Change a message; a value of None removes the field."""
        message.history.append(message.data)
        merged = message.data | changes | {"edit_date": int(self.clock.now())}
        message.data = {k: v for k, v in merged.items() if v is not None}
        if message.outgoing:
            self.edits.append(message)
        self.changed()

    def bot_status(self, chat: ChatState, by: Json, old: str, new: str) -> int | None:
        """Tell the bot that its own standing in a chat changed; return the update's id."""
        date = self.clock.now()
        change = {
            "chat": chat.as_json(),
            "from": by,
            "date": int(date),
            "old_chat_member": bot_member(old),
            "new_chat_member": bot_member(new),
        }
        return self.queue.add("my_chat_member", change, date)

    def callback(
        self, user: UserState, chat: ChatState, message: Message | None, data: str, stale: bool
    ) -> CallbackQuery:
        """Tell the bot of a tap; ``stale`` sends the message as inaccessible."""
        now = self.clock.now()
        query = CallbackQuery(str(next(self._callback_ids)), user.id, chat.id, data, now)
        payload: Json = {
            "id": query.id,
            "from": user.as_json(),
            "chat_instance": str(-(abs(chat.id) * 7919 + 13)),
            "data": data,
        }
        if message is not None:
            inaccessible = {"chat": chat.as_json(), "message_id": message.id, "date": 0}
            payload["message"] = inaccessible if stale or message.deleted else message.data
        self.callbacks[query.id] = query
        query.update_id = self.queue.add("callback_query", payload, now)
        return query

    def bot_sees(self, chat: ChatState, message: Message) -> bool:
        """Return whether the message reaches the bot: privacy mode hides most group talk."""
        if chat.state not in ("active", "migrated"):
            return False
        if not chat.is_group or not self.privacy or chat.bot_is_admin:
            return True
        name = str(BOT_USER["username"]).lower()
        for command in message.covered("bot_command"):
            target = command.lower().partition("@")[2]
            if target in ("", name):
                return True
        target = message.data.get("reply_to_message", {})
        by_bot = target.get("from", {}).get("id") == BOT_ID
        content = {"text", "photo", "voice", "sticker", "document", "location", "venue"}
        return by_bot or not content & message.data.keys()
