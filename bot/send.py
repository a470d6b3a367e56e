"""Sending and editing with Telegram's errors sorted out: gone, wait, repeat, or a failed attempt.

BadRequest, TimedOut and NetworkError are a family in PTB: the order of the clauses matters.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self, TypeVar

from telegram import (
    Bot,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    ReplyParameters,
    User,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.api import surely_unsent, wait_of
from bot.render import Rendered
from bot.turn import Turn

FIRST_PAUSE = 0.5
"""Seconds before a call that never reached Telegram is repeated; doubled each time."""

_GONE = (
    "chat not found",
    "peer_id_invalid",
    "thread not found",
    "topic_closed",
    "topic_deleted",
    "rights to send",
    "write_forbidden",
)
_NO_EDIT = ("message to edit not found", "can't be edited", "message_id_invalid")
_TOO_OLD = ("query is too old", "query id is invalid", "query_id_invalid")

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: the chat, the forum topic, and the message it answers."""

    chat: int
    thread: int | None
    message: int

    @classmethod
    def of(cls, message: MaybeInaccessibleMessage) -> Self:
        """The place of a reply to *message*, in its topic if it stands in one."""
        thread = None
        if isinstance(message, Message) and message.is_topic_message:
            thread = message.message_thread_id
        return cls(message.chat.id, thread, message.message_id)


@dataclass(frozen=True, slots=True)
class Sender:
    """What handlers send with."""

    bot: Bot

    @property
    def me(self) -> User:
        """The bot's own account; known once the bot is initialised."""
        return self.bot.bot

    async def reply(self, turn: Turn, place: Place, what: Rendered) -> int | None:
        """The id of the message sent; None if nobody can be reached there."""

        async def send(chat: int) -> Message:
            return await self.bot.send_message(
                chat,
                what.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=what.keyboard,
                reply_parameters=ReplyParameters(place.message, allow_sending_without_reply=True),
                message_thread_id=place.thread,
                disable_notification=turn.again,
            )

        try:
            try:
                sent = await _patiently(turn, lambda: send(place.chat))
            except ChatMigrated as moved:
                new = moved.new_chat_id
                sent = await _patiently(turn, lambda: send(new))
        except Forbidden:
            _LOG.info("chat %d cannot be written to", place.chat)
            return None
        except BadRequest as error:
            if not _says(error, _GONE):
                raise
            _LOG.info("chat %d cannot be written to", place.chat)
            return None
        return sent.message_id

    async def edit(self, turn: Turn, chat: int, message: int, what: Rendered) -> bool:
        """Whether *message* now reads so; False if it can no longer be edited."""

        async def edit() -> object:
            return await self.bot.edit_message_text(
                what.html,
                chat,
                message,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=what.keyboard,
            )

        try:
            await _patiently(turn, edit)
        except (Forbidden, ChatMigrated):
            return False
        except BadRequest as error:
            if _says(error, ("message is not modified",)):
                return True
            if _says(error, _NO_EDIT + _GONE):
                return False
            raise
        return True

    async def tapped(self, turn: Turn, query: str, text: str | None = None) -> None:
        """Nothing; the button stops waiting and, with *text*, a note is shown over the chat."""
        try:
            await _patiently(
                turn, lambda: self.bot.answer_callback_query(query, text, show_alert=bool(text))
            )
        except BadRequest as error:
            if not _says(error, _TOO_OLD):
                raise


async def _patiently(turn: Turn, call: Callable[[], Awaitable[_T]]) -> _T:
    """What *call* gives, repeated while it is sure not to have arrived and there is time."""
    pause = FIRST_PAUSE
    failed: TelegramError
    while True:
        try:
            return await call()
        except RetryAfter as error:
            wait, failed = wait_of(error), error
        except NetworkError as error:
            if not surely_unsent(error):
                raise
            wait, failed, pause = pause, error, pause * 2
        if wait + 1 > turn.left():
            raise failed
        await asyncio.sleep(wait)


def _says(error: BadRequest, texts: tuple[str, ...]) -> bool:
    message = error.message.lower()
    return any(text in message for text in texts)
