"""Answering: each call in its turn, and what Telegram refuses sorted out.

Gone, wait, repeat, or a failed attempt: `results` tells which.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self, TypeVar

from telegram import (
    Bot,
    InputFile,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    ReplyParameters,
    User,
)
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import ChatMigrated, TelegramError

from bot import results
from bot.pacer import Lane, Pacer
from bot.render import Rendered
from bot.results import Lost, Missing, Moved, NotFound, Refused, Same, TooMany, Unfit, Unsent
from bot.turn import Turn

FIRST_PAUSE = 0.5
"""Seconds before a call that never reached Telegram is repeated; doubled each time."""

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
    pacer: Pacer

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

        return await self._post(turn, place, send)

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
            await self._patiently(turn, chat, edit)
        except TelegramError as error:
            match results.of(error):
                case Same():
                    return True
                case Missing() | Lost() | NotFound() | Moved():
                    return False
                case _:
                    raise
        return True

    async def file(self, turn: Turn, place: Place, name: str, content: bytes, what: str) -> None:
        """Nothing; a file called *name* was sent there, under the text *what*, which is plain."""

        async def send(chat: int) -> Message:
            return await self.bot.send_document(
                chat,
                InputFile(content, name),
                caption=what,
                reply_parameters=ReplyParameters(place.message, allow_sending_without_reply=True),
                message_thread_id=place.thread,
                disable_notification=turn.again,
            )

        await self._post(turn, place, send)

    async def is_admin(self, turn: Turn, chat: int, person: int) -> bool:
        """Whether *person* is an admin of *chat* now, as Telegram has it."""
        try:
            found = await self._patiently(
                turn, None, lambda: self.bot.get_chat_member(chat, person)
            )
        except TelegramError as error:
            match results.of(error):
                case Lost() | NotFound() | Moved() | Missing() | Unfit() | Refused():
                    return False
                case _:
                    raise
        return found.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

    async def tapped(self, turn: Turn, query: str, text: str | None = None) -> None:
        """Nothing; the button stops waiting and, with *text*, a note is shown over the chat."""
        try:
            await self._patiently(
                turn,
                None,
                lambda: self.bot.answer_callback_query(query, text, show_alert=bool(text)),
            )
        except TelegramError as error:
            if not isinstance(results.of(error), Missing):
                raise

    async def _post(
        self, turn: Turn, place: Place, send: Callable[[int], Awaitable[Message]]
    ) -> int | None:
        """The id of the message that *send* sent there; None if nobody can be reached there."""
        try:
            try:
                sent = await self._patiently(turn, place.chat, lambda: send(place.chat))
            except ChatMigrated as moved:
                new = moved.new_chat_id
                sent = await self._patiently(turn, new, lambda: send(new))
        except TelegramError as error:
            if not isinstance(results.of(error), Lost | NotFound):
                raise
            _LOG.info("chat %d cannot be written to", place.chat)
            return None
        return sent.message_id

    async def _patiently(
        self, turn: Turn, chat: int | None, call: Callable[[], Awaitable[_T]]
    ) -> _T:
        """What *call* gives, repeated while it is sure not to have arrived and there is time.

        With *chat*, it writes there and waits for its turn; without, it counts towards no limit.
        """
        pause = FIRST_PAUSE
        while True:
            await (self.pacer.open() if chat is None else self.pacer.turn(Lane.ANSWER, chat))
            try:
                return await call()
            except TelegramError as error:
                match results.of(error):
                    case TooMany(seconds):
                        self.pacer.halt(seconds)  # it waits for us, to the deadline at most
                    case Unsent() if pause + 1 <= turn.left():
                        await asyncio.sleep(pause)
                        pause *= 2
                    case _:
                        raise
