"""What an update is to the bot: a question, a command, a tap, something it cannot read, or nothing.

Pure: from an update and the bot's own name. In groups the bot is addressed by a command, a
mention, or a reply to it; all else there is none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatType, MessageEntityType

_MEDIA = (
    "animation",
    "audio",
    "contact",
    "dice",
    "document",
    "game",
    "location",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
    "voice",
)
"""Fields of a message whose content the bot cannot read."""


@dataclass(frozen=True, slots=True)
class Question:
    """Free text for the bot, or a caption; empty where somebody only mentioned it."""

    message: Message
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command to the bot, known or not; `argument` is what follows it."""

    message: Message
    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that was edited and is a question now."""

    question: Question


@dataclass(frozen=True, slots=True)
class Media:
    """A message to the bot that holds something else than text, and no caption."""

    message: Message


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was pressed."""

    query: CallbackQuery


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, sent to the bot."""

    message: Message
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Migration:
    """A group became a supergroup: another chat, with another id."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was blocked, thrown out, added or let back in."""

    change: ChatMemberUpdated


Route = Question | Command | Edited | Media | Point | Tap | Migration | Membership
"""A closed union: match it exhaustively. What is none of the bot's business is None."""


def route(update: Update, me: User) -> Route | None:
    """What *update* is to the bot *me*."""
    if update.callback_query is not None:
        return Tap(update.callback_query)
    if update.my_chat_member is not None:
        return Membership(update.my_chat_member)
    if update.message is not None:
        return _of_message(update.message, me)
    if update.edited_message is not None:
        return _of_edit(update.edited_message, me)
    if update.channel_post is not None:
        return _of_post(update.channel_post, me)
    return None


def is_private(message: Message) -> bool:
    """Whether *message* stands in a chat of one person and the bot."""
    return message.chat.type == ChatType.PRIVATE


def _of_message(message: Message, me: User) -> Route | None:
    if message.migrate_to_chat_id is not None:
        return Migration(message.chat_id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Migration(message.migrate_from_chat_id, message.chat_id)
    if text := _text(message):
        return _of_text(message, text, me)
    addressed = is_private(message) or _answers(message, me)
    if addressed and message.location is not None:
        return Point(message, message.location.longitude, message.location.latitude)
    if addressed and any(getattr(message, field) for field in _MEDIA):
        return Media(message)
    return None


def _of_post(message: Message, me: User) -> Command | None:
    """Of what a channel posts, only commands are for the bot."""
    text = _text(message)
    found = _of_text(message, text, me) if text else None
    return found if isinstance(found, Command) else None


def _of_edit(message: Message, me: User) -> Edited | None:
    """An edit counts where it makes a question: of commands, only /ask is answered again."""
    text = _text(message)
    found = _of_text(message, text, me) if text else None
    if isinstance(found, Command) and found.name == "ask":
        found = Question(message, found.argument)
    return Edited(found) if isinstance(found, Question) and found.text else None


def _of_text(message: Message, text: str, me: User) -> Question | Command | None:
    entities = message.entities or message.caption_entities
    first = entities[0] if entities else None
    if first is not None and first.type == MessageEntityType.BOT_COMMAND and first.offset == 0:
        name, _, target = text[1 : first.length].partition("@")  # ASCII: units are characters
        if target and target.lower() != (me.username or "").lower():
            return None
        return Command(message, name.lower(), text[first.length :].strip())
    mentions = [entity for entity in entities if _names(_part(text, entity), entity, me)]
    if mentions:
        return Question(message, _without(text, mentions))
    if is_private(message) or _answers(message, me):
        return Question(message, text.strip())
    return None


def _text(message: Message) -> str:
    """What *message* says in words: its text, or the caption of what it shows; may be empty."""
    return message.text or message.caption or ""


def _answers(message: Message, me: User) -> bool:
    """Whether *message* is a reply to something the bot wrote."""
    target = message.reply_to_message
    return target is not None and target.from_user is not None and target.from_user.id == me.id


def _names(text: str, entity: MessageEntity, me: User) -> bool:
    if entity.type == MessageEntityType.MENTION:
        return text[1:].lower() == (me.username or "").lower()
    return (
        entity.type == MessageEntityType.TEXT_MENTION
        and entity.user is not None
        and entity.user.id == me.id
    )


def _part(text: str, entity: MessageEntity) -> str:
    """What of *text* is *entity*; its offset counts UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")[
        2 * entity.offset : 2 * (entity.offset + entity.length)
    ]
    return units.decode("utf-16-le", "replace")


def _without(text: str, mentions: list[MessageEntity]) -> str:
    """*text* without *mentions*; their offsets count UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(mentions, key=lambda found: found.offset, reverse=True):
        units = units[: 2 * entity.offset] + units[2 * (entity.offset + entity.length) :]
    return " ".join(units.decode("utf-16-le", "replace").split())
