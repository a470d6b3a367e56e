"""What an error of a call to Telegram means: the one place where errors are told apart.

By type first, then by cause, by text last. PTB's family is a trap: BadRequest and TimedOut are
NetworkErrors, a refusal by a proxy looks like one by Telegram, and a request that never left has
the class of one whose answer was lost.
"""

from __future__ import annotations

import re

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.api import surely_unsent, wait_of
from bot.model import (
    Lost,
    Missing,
    Moved,
    NotFound,
    Refused,
    Rejected,
    Result,
    Same,
    Sent,
    State,
    TooMany,
    Unfit,
    Unknown,
    Unsent,
)

__all__ = [
    "Lost",
    "Missing",
    "Moved",
    "NotFound",
    "Refused",
    "Rejected",
    "Result",
    "Same",
    "Sent",
    "TooMany",
    "Unfit",
    "Unknown",
    "Unsent",
    "of",
]

UNSTATED_WAIT = 5.0
"""Seconds to wait after a 429 that does not say how long."""

LONGEST_REASON = 80
"""Characters of a text of Telegram's that are kept as a reason."""

_LOST = (
    ("blocked by the user", State.BLOCKED),
    ("user_is_blocked", State.BLOCKED),
    ("can't initiate conversation", State.BLOCKED),
    ("user is deactivated", State.GONE),
    ("input_user_deactivated", State.GONE),
    ("was kicked", State.GONE),
    ("not a member", State.GONE),
    ("chat was deleted", State.GONE),
    ("messages to bots", State.GONE),
)
_NOT_FOUND = (
    "chat not found",
    "peer_id_invalid",
    "thread not found",
    "topic_closed",
    "topic_deleted",
    "rights to send",
    "rights to write",
    "need administrator rights",
    "write_forbidden",
    "chat_restricted",
    "_plain_forbidden",
    "channel_private",
    "chat_admin_required",
    "banned_in_channel",
)
_SAME = ("message is not modified", "message_not_modified")
_MISSING = (
    "message to edit not found",
    "can't be edited",
    "message_id_invalid",
    "query is too old",
    "query id is invalid",
    "query_id_invalid",
)
_UNFIT = (
    "can't parse",
    "is too long",
    "_too_long",
    "text is empty",
    "text must be non-empty",
    "text must be encoded",
    "button_",
    "inline keyboard button",
    "wrong http url",
    "url host is empty",
    "entity_bounds_invalid",
    "entities_too_long",
    "reply_markup_",
)


def of(error: Exception) -> Result:
    """What became of the call that ended in *error*; Unknown if that tells us nothing."""
    match error:
        case RetryAfter():
            return TooMany(wait_of(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case TelegramError() if isinstance(error.__cause__, TelegramError):
            return Unknown(f"not Telegram's words: {_kind(error)}")  # a page of some proxy
        case Forbidden():
            return _forbidden(error)
        case InvalidToken():
            return Rejected()
        case Conflict():
            return Unsent(_reason(error))
        case BadRequest():
            return _bad_request(error)
        case NetworkError():
            return _network(error)
        case TelegramError():
            return Unknown(_reason(error))
        case _:
            return Unknown(_kind(error))


def _forbidden(error: Forbidden) -> Result:
    """A refusal that we cannot read may pass: better a few calls in vain than a reader lost."""
    text = error.message.lower()
    for words, state in _LOST:
        if words in text:
            return Lost(_reason(error), state)
    return NotFound(_reason(error))


def _bad_request(error: BadRequest) -> Result:
    text, reason = error.message.lower(), _reason(error)
    for words, state in _LOST:
        if words in text:
            return Lost(reason, state)
    if _says(text, _SAME):
        return Same()
    if _says(text, _MISSING):
        return Missing(reason)
    if _says(text, _NOT_FOUND):
        return NotFound(reason)
    if _says(text, _UNFIT):
        return Unfit(reason)
    return Refused(reason)


def _network(error: NetworkError) -> Result:
    text = error.message.lower()
    if surely_unsent(error):
        return Unsent(_kind(error.__cause__))
    if error.__cause__ is not None:
        return Unknown(_kind(error.__cause__))
    if text.startswith("too many requests"):  # without parameters, PTB knows it by its text alone
        said = re.search(r"retry after (\d{1,9})", text)
        return TooMany(float(said[1]) if said else UNSTATED_WAIT)
    if "entity too large" in text:
        return Unfit(_reason(error))
    return Unknown(_reason(error))


def _says(text: str, parts: tuple[str, ...]) -> bool:
    return any(part in text for part in parts)


def _reason(error: TelegramError) -> str:
    """Telegram's words, in one line, without the class of the error that it puts before them."""
    text = " ".join(error.message.split()) or _kind(error)
    return text.removeprefix("Forbidden: ").removeprefix("Bad Request: ")[:LONGEST_REASON]


def _kind(error: BaseException | None) -> str:
    return type(error).__name__
