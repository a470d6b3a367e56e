"""What the bot does with each kind of update. One short coroutine each; `answer` picks the one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message
from telegram.constants import ChatType

from bot import buttons
from bot.admin import Admin
from bot.commands import COMMANDS
from bot.memory import Allowance, Ask
from bot.routes import (
    Command,
    Edited,
    Media,
    Membership,
    Migration,
    Point,
    Question,
    Tap,
    is_private,
    route,
)
from bot.subscribe import Readers
from bot.talk import Talk, voice_of
from bot.turn import Turn

_SENTENCES = {
    "photo": "notice.photo",
    "video": "notice.photo",
    "animation": "notice.photo",
    "voice": "notice.voice",
    "audio": "notice.voice",
    "video_note": "notice.voice",
    "sticker": "notice.sticker",
}
"""What is said to a message that is no text, by the field that holds its content."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """The bot's side of every conversation."""

    readers: Readers
    admin: Admin | None = None

    @property
    def talk(self) -> Talk:
        """The steps that all of them share."""
        return self.readers.talk

    async def answer(self, turn: Turn) -> None:
        """Nothing; the update of *turn* is answered, if it wants an answer."""
        match route(turn.update, self.talk.sender.me):
            case Question() as question:
                await self.question(turn, question)
            case Command() as command:
                await self.command(turn, command)
            case Edited(question):
                await self.edited(turn, question)
            case Media(message):
                await self.media(turn, message)
            case Tap(query):
                await self.tap(turn, query)
            case Point() as point:
                if await self.talk.welcome(turn, point.message, "setting"):
                    await self.readers.located(turn, point)
            case Migration(old, new):
                await self.readers.moved(old, new)
            case Membership(change):
                await self.membership(change)
            case None:
                pass
            case never:
                assert_never(never)

    async def question(self, turn: Turn, question: Question) -> None:
        """Free text is a question, unless it is the hour or place that was just asked for."""
        expected = self.readers.expects(question)
        ask: Ask = "question" if expected is None else "setting"
        if not await self.talk.welcome(turn, question.message, ask):
            return
        if expected is None:
            await self.talk.respond(turn, question)
        else:
            await self.readers.heard(turn, question, expected)

    async def command(self, turn: Turn, command: Command) -> None:
        """Late, a command that only shows something is dropped. Other bots' commands are too."""
        row = COMMANDS.get(command.name)
        if row is None and self.admin is not None and await self.admin.command(turn, command):
            return
        if row is None and not is_private(command.message):
            return
        if not (row and row.waits(command)) and self.talk.late(command.message.date):
            return
        always = row is not None and row.always
        ask: Ask = "setting" if row is not None and row.settles else "question"
        if not always and not await self.talk.welcome(turn, command.message, ask):
            return
        if row is None:
            await self.talk.say(turn, command.message, "notice.unknown_command")
        else:
            await row.run(self.readers, turn, command)

    async def edited(self, turn: Turn, question: Question) -> None:
        """The answer follows the question. An edit that leaves its words alone changes nothing."""
        message = question.message
        earlier = self.talk.memory.answer(message.chat_id, message.message_id)
        if earlier is not None and earlier.answers(question.text):
            return
        if await self.talk.welcome(turn, message):
            await self.talk.respond(turn, question, earlier)

    async def media(self, turn: Turn, message: Message) -> None:
        """Pictures, voices and the like get a sentence."""
        if await self.talk.welcome(turn, message):
            kind = next((kind for kind in _SENTENCES if getattr(message, kind)), "")
            await self.talk.say(turn, message, _SENTENCES.get(kind, "notice.not_text"))

    async def tap(self, turn: Turn, query: CallbackQuery) -> None:
        """A button's payload may be old or forged: it opens what is there, and no more."""
        talk, message = self.talk, query.message
        payload = buttons.decode(query.data or "")
        if isinstance(payload, buttons.Setting | buttons.Unsubscribe):
            await self.readers.press(turn, query, payload)
            return
        page = talk.page(payload, message.chat.id) if message else None
        if message is None or page is None:
            await talk.sender.tapped(turn, query.id, talk.texts.say("notice.out_of_date"))
            return
        voice = voice_of(message, query.from_user)
        allowance = talk.allowance(turn, voice, talk.clock())
        notice = talk.patience() if allowance is Allowance.NOTICE else None
        await talk.sender.tapped(turn, query.id, notice)
        if allowance is Allowance.YES:
            await talk.reply(turn, message, page)
            talk.opened(payload, voice, -turn.update.update_id)

    async def membership(self, change: ChatMemberUpdated) -> None:
        """A chat that has no bot any more leaves nothing in the memory, and gets nothing.

        A reader who lets the bot in again gets what was subscribed to; a group asks anew.
        """
        chat, private = change.chat.id, change.chat.type == ChatType.PRIVATE
        if change.new_chat_member.status in (ChatMember.LEFT, ChatMember.BANNED):
            self.talk.memory.forget(chat)
            await self.readers.blocked(chat, private=private)
        elif private:
            await self.readers.unblocked(chat)

    async def apologise(self, turn: Turn) -> None:
        """Nothing; the chat is told that the update of *turn* stays unanswered."""
        match route(turn.update, self.talk.sender.me):
            case Question(message) | Command(message) | Media(message) | Point(message):
                await self.talk.say(turn, message, "notice.gave_up")
            case Edited(question):
                await self.talk.say(turn, question.message, "notice.gave_up")
            case Tap(query):
                notice = self.talk.renderer.notice("notice.gave_up")
                await self.talk.sender.tapped(turn, query.id)
                if query.message is not None:
                    await self.talk.reply(turn, query.message, notice)
            case _:
                pass
