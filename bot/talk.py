"""The steps that all handlers share: may this sender be answered, read, render, reply, remember.

Texts come from `texts`, layout from `renderer`, Telegram's errors go to `sender`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import MaybeInaccessibleMessage, Message, User
from telegram.constants import ChatType

from bot import buttons
from bot.blocks import Reply, Text
from bot.memory import Allowance, Answer, Ask, Memory, Voice
from bot.render import Rendered, Renderer
from bot.routes import Question
from bot.send import Place, Sender
from bot.shelf import Shelf
from bot.texts import Texts
from bot.turn import Turn
from knowledge import Library, ask, show
from knowledge.model import QAPair, label_of
from knowledge.outcomes import Answered, Outcome, Smalltalk


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """When the bot apologises, cuts and asks for patience, and how long it remembers."""

    late_after: dt.timedelta
    longest_question: int
    window_seconds: int
    memory_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a conversation needs; nothing in it changes but the memory and what is on the shelf.

    What is stored goes by `now`, which a false clock does not reach; talk goes by the `clock`.
    """

    shelf: Shelf
    texts: Texts
    memory: Memory
    sender: Sender
    manners: Manners
    clock: Callable[[], dt.datetime]
    now: Callable[[], dt.datetime]

    @property
    def library(self) -> Library:
        """What answers now; another after a reload."""
        return self.shelf.library

    @property
    def renderer(self) -> Renderer:
        """What draws the answers of `library`."""
        return self.shelf.renderer

    async def reply(self, turn: Turn, message: MaybeInaccessibleMessage, what: Rendered) -> None:
        """Nothing; *what* answers *message*, if anybody can be reached there."""
        await self.sender.reply(turn, Place.of(message), what)

    async def say(self, turn: Turn, message: Message, key: str) -> None:
        """Nothing; the sentence *key* answers *message*."""
        await self.reply(turn, message, self.renderer.notice(key))

    async def welcome(self, turn: Turn, message: Message, ask: Ask = "question") -> bool:
        """Whether the sender of *message* may be answered; if not, the notice is given once."""
        allowance = self.allowance(turn, voice_of(message), time_of(message), ask)
        if allowance is Allowance.NOTICE:
            notice = Reply((Text(self.patience(ask)),))
            await self.reply(turn, message, self.renderer.draw(notice))
        return allowance is Allowance.YES

    def allowance(
        self, turn: Turn, voice: Voice, at: dt.datetime, ask: Ask = "question"
    ) -> Allowance:
        """What the rate allows *voice*; a second attempt is not a second question."""
        return Allowance.YES if turn.again else self.memory.allow(voice, at, ask)

    def patience(self, ask: Ask = "question") -> str:
        """The sentence that asks for patience."""
        count = self.manners.window_seconds
        return self.texts.say("notice.rate" if ask == "question" else "notice.changes", count=count)

    async def respond(self, turn: Turn, question: Question, earlier: Answer | None = None) -> None:
        """Nothing; *question* is answered, in the message of *earlier* if that can be edited."""
        message, voice = question.message, voice_of(question.message)
        text, notices = self.read(question.text, time_of(message))
        if not text:
            await self.say(turn, message, "notice.ask")
            return
        outcome = ask(self.library, text, self.memory.context(voice, before=message.message_id))
        what = self.render(outcome, voice, notices)
        answer = earlier.message if earlier else None
        if answer is None or not await self.sender.edit(turn, voice.chat, answer, what):
            answer = await self.sender.reply(turn, Place.of(message), what)
        if answer is not None:
            said = Answer.of(answer, question.text)
            self.memory.answered(voice.chat, message.message_id, said)
            self.learn(outcome, voice, message.message_id, text)

    def read(self, text: str, at: dt.datetime) -> tuple[str, list[str]]:
        """What is read of *text*, and what there is to say about that and about the delay."""
        notices = [self.texts.say("notice.late")] if self.late(at) else []
        longest = self.manners.longest_question
        if len(text) > longest:
            notices.append(self.texts.say("notice.cut", count=longest))
        return text[:longest].strip(), notices

    def late(self, at: dt.datetime) -> bool:
        """Whether what was sent *at* that time waited so long that one should apologise."""
        return self.clock() - at > self.manners.late_after

    def render(self, outcome: Outcome, voice: Voice, notices: Sequence[str] = ()) -> Rendered:
        """The reply to a question of *voice*."""
        shown = self.memory.shown(voice.chat)
        return self.renderer.outcome(outcome, shown=shown, notices=notices)

    def page(
        self, payload: buttons.Payload | None, chat: int, notices: Sequence[str] = ()
    ) -> Rendered | None:
        """What *payload* leads to; None if it is no payload or leads nowhere."""
        if payload is None:
            return None
        return self.renderer.payload(payload, shown=self.memory.shown(chat), notices=notices)

    def learn(self, outcome: Outcome, voice: Voice, message: int, text: str) -> None:
        """Nothing; what was asked is context from now on, and what was shown is known."""
        if not isinstance(outcome, Smalltalk):
            self.memory.asked(voice, message, text)
        if isinstance(outcome, Answered):
            for item in outcome.items:
                if isinstance(item, QAPair):
                    self.memory.show(voice.chat, item.id)

    def opened(self, payload: buttons.Payload | None, voice: Voice, at: int) -> None:
        """Nothing; an item that a button showed counts as asked for, by its label.

        *at* tells this from other questions; message ids, which are positive, are taken.
        """
        if isinstance(payload, buttons.Show):
            item = self.library.item(payload.briefing, payload.id)
            if item is not None:
                self.learn(show(self.library, item), voice, at, label_of(item))


def time_of(message: Message) -> dt.datetime:
    """When *message* was written, or last edited."""
    return message.edit_date or message.date


def voice_of(message: MaybeInaccessibleMessage, person: User | None = None) -> Voice:
    """Who speaks in *message*: its sender, or *person*, who pressed a button of it."""
    if message.chat.type == ChatType.PRIVATE:
        return Voice(message.chat.id)
    if not isinstance(message, Message):
        return Voice(message.chat.id, None, person.id if person else None)
    thread = message.message_thread_id if message.is_topic_message else None
    speaker = person or message.from_user
    return Voice(message.chat.id, thread, speaker.id if speaker else None)
