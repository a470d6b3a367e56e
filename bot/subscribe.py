"""What readers do about the daily briefing: subscribe, change it, end it.

Here stand the commands, what is written and shared on request, and the presses of buttons. What a
choice changes stands in `bot.wishes`, what pages say in `bot.settings_page`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.constants import ChatType

from bot.blocks import Choice, Group, Reply, Text
from bot.buttons import Setting, Unsubscribe
from bot.hours import hour_of, split
from bot.memory import Allowance, Expected
from bot.model import EVERY_DAY, Address, State
from bot.places import Places, PlacesError
from bot.rights import may_press, may_write
from bot.routes import Command, Point, Question, is_private
from bot.send import Place as Where
from bot.settings_page import Draft
from bot.store import StoreError, Subscriptions
from bot.talk import Talk, voice_of
from bot.turn import Turn
from bot.wishes import OutOfDate, Wishes, drafted, is_on

LONGEST = 200
"""Characters of what follows /subscribe that are read."""
WORDS = {"hour": 4, "place": 6}
"""More words than this, where one of these is waited for, are a question."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Subscriptions as readers handle them. `default` is the minute that is offered first."""

    talk: Talk
    subscriptions: Subscriptions
    places: Places
    default: int

    @property
    def wishes(self) -> Wishes:
        """Changes subscriptions and composes what follows."""
        return Wishes(self.talk, self.subscriptions, self.default)

    async def start(self, turn: Turn, message: Message) -> None:
        """Nothing; hello, to a subscriber with the next delivery, to others with a way to it."""
        wishes, page = self.wishes, self.talk.renderer.pages.start()
        found = None
        try:
            if is_private(message):
                await self.subscriptions.back(message.chat_id, self.talk.now())
            found = await self.subscriptions.of(address_of(message))
        except StoreError as error:
            _LOG.error("the store failed, hello is said all the same: %s", error)
        if found is not None and found.state is State.ACTIVE:
            page = Reply((*page.blocks, wishes.pages.started(found)), page.groups)
        else:
            daily = Choice(self.talk.texts.say("subscribe.button"), Setting("offer"))
            page = Reply(page.blocks, (*page.groups, Group("", (daily,), columns=1)))
        await self.show(turn, message, page)

    async def subscribe(self, turn: Turn, command: Command) -> None:
        """/subscribe [HOUR [PLACE]]."""
        message, wishes = command.message, self.wishes
        if not await self.may(turn, message):
            return
        address = address_of(message)
        minute, place = split(command.argument[:LONGEST])
        found = await self.subscriptions.of(address)
        if minute is None and place[:1].isdecimal():
            draft = None if is_on(found) else wishes.draft(found)
            await self._no_hour(turn, message, draft)
        elif place:
            had = wishes.draft(found)
            draft = Draft(had.minute if minute is None else minute, had.zone)
            if minute is None and is_on(found):
                draft = None
            await self._place(turn, message, place, draft, take=minute is not None)
        elif minute is not None:
            page = await wishes.choose(address, None, minute=minute)
            await self.show(turn, message, page)
        else:
            await self.show(turn, message, wishes.home(found))

    async def settings(self, turn: Turn, command: Command) -> None:
        """/settings: the one message of the settings."""
        if await self.may(turn, command.message):
            found = await self.subscriptions.of(address_of(command.message))
            await self.show(turn, command.message, self.wishes.home(found, off=True))

    async def unsubscribe(self, turn: Turn, command: Command) -> None:
        """/unsubscribe: at once, with a way back."""
        message = command.message
        if not await self.may(turn, message):
            return
        stopped = await self.subscriptions.stop(address_of(message), self.talk.now())
        if stopped or turn.again:
            await self.show(turn, message, self.wishes.pages.stopped())
        else:
            await self.talk.say(turn, message, "settings.not_subscribed")

    def expects(self, question: Question) -> Expected | None:
        """What *question* answers, if that was asked for; None if it is a question."""
        expected = self.talk.memory.expected(voice_of(question.message))
        if expected is None or _asks(question.text, WORDS[expected.what]):
            return None
        return expected

    async def heard(self, turn: Turn, question: Question, expected: Expected) -> None:
        """Nothing; *question* is taken as the hour or the place that was *expected*."""
        message, text = question.message, question.text
        if not await self.may(turn, message):
            return
        draft = drafted(expected)
        if expected.what == "place":
            await self._place(turn, message, text, draft)
        elif (minute := hour_of(text)) is None:
            await self._no_hour(turn, message, draft)
        else:
            self.talk.memory.met(voice_of(message))
            page = await self.wishes.choose(address_of(message), draft, minute=minute)
            await self.show(turn, message, page)

    async def located(self, turn: Turn, point: Point) -> None:
        """A shared location gives its zone, and is dropped."""
        message = point.message
        if not await self.may(turn, message):
            return
        voice, pages = voice_of(message), self.wishes.pages
        draft = drafted(self.talk.memory.expected(voice))
        try:
            zone = await self.places.at(point.longitude, point.latitude)
        except PlacesError as error:
            _LOG.warning("no zone of a point: %s", error)
            await self.show(turn, message, pages.no_lookup(draft))
            return
        if zone is None:
            await self.show(turn, message, pages.no_zone(draft))
            return
        self.talk.memory.met(voice)
        page = await self.wishes.choose(address_of(message), draft, zone=zone)
        await self.show(turn, message, page)

    async def press(self, turn: Turn, query: CallbackQuery, payload: Setting | Unsubscribe) -> None:
        """A button of the settings, or the one that unsubscribes, however old it is."""
        talk, message = self.talk, query.message
        refused = await self._refused(turn, query, payload)
        if message is None or refused is not None:
            await talk.sender.tapped(turn, query.id, refused)
            return
        address = await self._address(message)
        try:
            page = await self._pressed(turn, query, message, address, payload)
        except OutOfDate:
            await talk.sender.tapped(turn, query.id, talk.texts.say("notice.out_of_date"))
            return
        if page is None:
            await talk.sender.tapped(turn, query.id, talk.texts.say("settings.not_subscribed"))
            return
        await talk.sender.tapped(turn, query.id)
        drawn, chat = talk.renderer.draw(page), message.chat.id
        stays = isinstance(payload, Unsubscribe) or payload == Setting("offer")
        if stays or not await talk.sender.edit(turn, chat, message.message_id, drawn):
            topic = address.topic if address else 0
            await talk.sender.reply(turn, Where(chat, topic or None, message.message_id), drawn)

    async def blocked(self, chat: int, *, private: bool) -> None:
        """Nothing; *chat* blocked the bot, or threw it out."""
        state = State.BLOCKED if private else State.GONE
        await self.subscriptions.block(chat, state, self.talk.now())

    async def unblocked(self, chat: int) -> None:
        """Nothing; *chat* lets the bot in again, and gets what it had."""
        await self.subscriptions.back(chat, self.talk.now())

    async def moved(self, old: int, new: int) -> None:
        """Nothing; chat *old* is *new* from now on."""
        await self.subscriptions.move(old, new, self.talk.now())
        self.talk.memory.forget(old)

    async def _pressed(
        self,
        turn: Turn,
        query: CallbackQuery,
        message: MaybeInaccessibleMessage,
        address: Address | None,
        payload: Setting | Unsubscribe,
    ) -> Reply | None:
        """The page that the press leads to, done what it does; None if there is nothing to end."""
        if isinstance(payload, Unsubscribe):
            if address is None:
                return Reply((Text(self.talk.texts.say("settings.which_topic")),))
            stopped = await self.subscriptions.stop(address, self.talk.now())
            return self.wishes.pages.stopped() if stopped or turn.again else None
        address = address or Address(message.chat.id)
        if payload.step == "places":
            self.places.warm()
        voice = voice_of(message, query.from_user)
        group = message.chat.type != ChatType.PRIVATE
        return await self.wishes.step(payload, address, voice, group=group)

    async def _refused(
        self, turn: Turn, query: CallbackQuery, payload: Setting | Unsubscribe
    ) -> str | None:
        """Why the press is not obeyed; None if it is. Who leaves is never told to wait."""
        talk, message = self.talk, query.message
        if message is None:
            return talk.texts.say("notice.out_of_date")
        if isinstance(payload, Setting) and not turn.again:
            voice = voice_of(message, query.from_user)
            if talk.memory.allow(voice, talk.clock(), "tap") is not Allowance.YES:
                return talk.patience("tap")
        if await may_press(talk.sender, turn, query):
            return None
        _LOG.info("chat %d: a press by %d is refused", message.chat.id, query.from_user.id)
        return talk.texts.say("settings.admins")

    async def _place(
        self, turn: Turn, message: Message, text: str, draft: Draft | None, *, take: bool = False
    ) -> None:
        """Nothing; the place that *text* names is chosen (*take*: for good), or choices offered."""
        wishes, address = self.wishes, address_of(message)
        try:
            found = await self.places.find(text)
        except PlacesError as error:
            _LOG.warning("no place was looked up: %s", error)
            await self.show(turn, message, wishes.pages.no_lookup(draft))
            return
        if found.sure and len(found.places) == 1:
            self.talk.memory.met(voice_of(message))
            zone = found.places[0].zone
            if take and draft is not None:
                had = await self.subscriptions.of(address)
                days = had.wish.days if is_on(had) else EVERY_DAY
                page = await wishes.take(address, Draft(draft.minute, zone), days)
            else:
                page = await wishes.choose(address, draft, zone=zone)
        else:
            self._expect(message, "place", draft)
            name = " ".join(text.split())[:40]
            page = wishes.pages.which(name, found.places, draft, sure=found.sure)
            if not found.places:
                page = wishes.pages.no_place(name, draft)
        await self.show(turn, message, page)

    async def _no_hour(self, turn: Turn, message: Message, draft: Draft | None) -> None:
        self._expect(message, "hour", draft)
        group = not is_private(message)
        await self.show(turn, message, self.wishes.pages.hours(draft, group=group, again=True))

    def _expect(
        self, message: Message, what: Literal["hour", "place"], draft: Draft | None
    ) -> None:
        parts = (draft.minute, draft.zone) if draft else (None, "")
        self.talk.memory.expect(voice_of(message), Expected(what, *parts))

    async def may(self, turn: Turn, message: Message) -> bool:
        """Whether who wrote *message* may do this; if not, it is said."""
        if await may_write(self.talk.sender, turn, message):
            return True
        _LOG.info("chat %d: a command is refused", message.chat_id)
        await self.talk.say(turn, message, "settings.admins")
        return False

    async def show(self, turn: Turn, message: Message, page: Reply) -> None:
        """Nothing; *page* answers *message*."""
        await self.talk.reply(turn, message, self.talk.renderer.draw(page))

    async def _address(self, message: MaybeInaccessibleMessage) -> Address | None:
        """Where *message* stands. Of an old one in a forum the store may know; None if nobody."""
        if message.is_accessible or message.chat.type != ChatType.SUPERGROUP:
            return address_of(message)
        return await self.subscriptions.holder(message.chat.id, message.message_id)


def address_of(message: MaybeInaccessibleMessage) -> Address:
    """The chat and topic of *message*."""
    where = Where.of(message)
    return Address(where.chat, where.thread or 0)


def _asks(text: str, words: int) -> bool:
    return "?" in text or "؟" in text or len(text.split()) > words
