"""What the fake server remembers: users, chats, messages, calls and the clock; no HTTP."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fake_telegram.html import Json
from tests.fake_telegram.text import utf16_slice

BOT_ID = 7_000_000_001
BOT_USERNAME = "briefing_test_bot"
PRIVATE, GROUP, SUPERGROUP, CHANNEL = "private", "group", "supergroup", "channel"


class ApiError(Exception):
    """An error answer: HTTP status, Telegram's description, and perhaps parameters."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(reason: str) -> ApiError:
    """Return a 400 in the form that Telegram gives it."""
    return ApiError(400, f"Bad Request: {reason}")


class Clock:
    """The time that dates, expiry and flood windows use: real time plus what a test adds."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._frozen: tuple[float, float] | None = None

    def now(self) -> float:
        """Return seconds since 1970."""
        return (self._frozen[0] if self._frozen else time.time()) + self.offset

    def monotonic(self) -> float:
        """Return seconds on a scale of its own, moved by ``advance`` too."""
        return (self._frozen[1] if self._frozen else time.monotonic()) + self.offset

    def freeze(self) -> None:
        """Stop the clock: from here on only ``advance`` moves it."""
        self._frozen = (time.time(), time.monotonic())

    def advance(self, seconds: float) -> None:
        """Move the clock forward (or back, if negative)."""
        self.offset += seconds


@dataclass
class Message:
    """One message of a chat as it stands now; ``history`` holds its earlier versions."""

    chat_id: int
    data: Json
    outgoing: bool = False
    params: Json = field(default_factory=dict)
    history: list[Json] = field(default_factory=list)
    deleted: bool = False
    edits_read: int = 0
    update_id: int | None = None

    @property
    def id(self) -> int:
        """The message_id."""
        return int(self.data["message_id"])

    @property
    def text(self) -> str:
        """The text without markup; empty for media."""
        return str(self.data.get("text", ""))

    @property
    def entities(self) -> list[Json]:
        """The entities of the text, in Telegram's order."""
        return list(self.data.get("entities", ()))

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons, row by row in one list."""
        rows = self.data.get("reply_markup", {}).get("inline_keyboard", ())
        return [button for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        """The texts of the inline buttons."""
        return [button["text"] for button in self.buttons]

    @property
    def reply_to(self) -> int | None:
        """The id of the message this one answers, or None."""
        target = self.data.get("reply_to_message")
        return None if target is None else int(target["message_id"])

    @property
    def thread(self) -> int | None:
        """The forum topic, or None."""
        return self.data.get("message_thread_id")

    @property
    def silent(self) -> bool:
        """Whether it was sent with disable_notification (Telegram does not echo that)."""
        return bool(self.params.get("disable_notification"))

    def covered(self, kind: str) -> list[str]:
        """Return the parts of the text under entities of this type."""
        return [
            utf16_slice(self.text, e["offset"], e["length"])
            for e in self.entities
            if e["type"] == kind
        ]


@dataclass
class Call:
    """One request to the API; times are ``time.monotonic`` seconds."""

    number: int
    method: str
    params: Json
    started: float
    finished: float | None = None
    status: int | None = None
    description: str | None = None
    processed: bool = False
    """Whether the call took effect, whatever the client was told."""
    outcome: str = "open"
    """ok, error, cut (never processed), lost (processed, then cut), garbage, truncated, bug,
    gone (the client hung up first).
    """
    result: Any = None
    """What the bot was given; of getUpdates only the ids."""
    retry_after: int = 0
    """Seconds that a 429 asked to wait."""

    @property
    def time(self) -> float:
        """When the request arrived."""
        return self.started

    @property
    def chat_id(self) -> int | None:
        """The chat that the call names, or None."""
        value = self.params.get("chat_id")
        return value if isinstance(value, int) else None

    def as_json(self) -> Json:
        """Return the call for the journal of another process."""
        return dict(vars(self))


@dataclass
class CallbackQuery:
    """A tap that the bot was told of, and its answer once given."""

    id: str
    user_id: int
    chat_id: int
    data: str
    created: float
    answer: Json | None = None
    update_id: int | None = None


@dataclass
class UserState:
    """A person; ``reachable`` once they wrote to the bot in private."""

    id: int
    name: str
    username: str | None = None
    language: str | None = "en"
    blocked: bool = False
    deactivated: bool = False

    def as_json(self) -> Json:
        """Return the User object."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        if self.language:
            user["language_code"] = self.language
        return user


@dataclass
class ChatState:
    """A chat and its messages; ``state`` is active, kicked, left, deleted or migrated."""

    id: int
    type: str
    title: str | None = None
    user: UserState | None = None
    username: str | None = None
    topics: dict[int, Json] | None = None
    known: bool = True
    state: str = "active"
    migrated_to: int | None = None
    bot_is_admin: bool = False
    members: dict[int, UserState] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    standings: dict[int, str] = field(default_factory=dict)
    """Statuses of people by id, where they are neither plain members nor plain admins."""
    messages: dict[int, Message] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    cursor: int = 0
    actions: list[Json] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it is a group or supergroup."""
        return self.type in (GROUP, SUPERGROUP)

    def as_json(self) -> Json:
        """Return the Chat object."""
        chat: Json = {"id": self.id, "type": self.type}
        if self.user is not None:
            chat["first_name"] = self.user.name
            if self.user.username:
                chat["username"] = self.user.username
            return chat
        chat["title"] = self.title
        if self.username:
            chat["username"] = self.username
        if self.topics is not None:
            chat["is_forum"] = True
        return chat


BOT_USER: Json = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Briefing Test Bot",
    "username": BOT_USERNAME,
}


def bot_member(status: str) -> Json:
    """Return the ChatMember object of the bot itself with this status."""
    return chat_member(BOT_USER, status)


def chat_member(user: Json, status: str) -> Json:
    """Return a ChatMember object."""
    member: Json = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "restricted":
        rights = (
            "is_member can_change_info can_invite_users can_pin_messages can_send_messages"
            " can_send_polls can_send_other_messages can_add_web_page_previews can_manage_topics"
            " can_send_audios can_send_documents can_send_photos can_send_videos"
            " can_send_video_notes can_send_voice_notes can_edit_tag can_react_to_messages"
        )
        member.update(dict.fromkeys(rights.split(), False), until_date=0)
    if status == "creator":
        member["is_anonymous"] = False
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats"
            " can_restrict_members can_promote_members can_change_info can_invite_users"
            " can_post_stories can_edit_stories can_delete_stories can_pin_messages"
        )
        member.update({right: right == "can_manage_chat" for right in rights.split()})
    return member
