"""The operator's commands: how the push stands, what it sends, and the brakes.

They are orders of the people whose numeric ids stand in the settings, from their own private
chats; to anybody else they are unknown commands, and stand in no menu.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from telegram import Message

from bot.blocks import Note, Reply, Text, Title
from bot.model import BY_OPERATOR, Edition, Standing, State
from bot.render import Rendered
from bot.routes import Command, is_private
from bot.schedule import duration
from bot.store import TextDamaged
from bot.talk import Talk
from bot.turn import Turn

NAMED = 5
"""Briefings that are named where one is to be chosen."""
SLOWED = 0.97
"""Less than this part of the permitted rate is what flood control left."""

_LOG = logging.getLogger(__name__)


class Brakes(Protocol):
    """The push as the operator steers it; each order holds within a second, and after a restart."""

    @property
    def held(self) -> str | None:
        """Why nothing is sent; None if the push runs."""

    @property
    def halted_until(self) -> dt.datetime | None:
        """When the pause that Telegram asked for is over; None if there is none."""

    @property
    def rate(self) -> float:
        """How many messages a second may go out now; 0.0 during a pause."""

    async def look(self) -> float:
        """Seconds to the next look; orders given on the command line count from here on."""

    async def hold(self, reason: str) -> None:
        """Nothing; from here on nothing is sent but what is being sent."""

    async def resume(self) -> None:
        """Nothing; the push goes on, and so do editions that were held."""

    async def cancel(self, edition: int) -> None:
        """Nothing; what was not sent of *edition* never will be."""


class Board(Protocol):
    """What the ledger says to the operator."""

    async def edition(self, briefing: str | None = None) -> Edition | None:
        """The edition of *briefing*, or the newest of all; None if there is none."""

    async def newest(self, count: int) -> tuple[str, ...]:
        """The briefings of the *count* newest editions, newest first."""

    async def going(self, count: int) -> tuple[str, ...]:
        """The briefings of the *count* newest editions that somebody is to get, newest first."""

    async def standing(self, edition: int, now: dt.datetime) -> Standing:
        """How all subscriptions and the deliveries of *edition* stand."""

    async def awaiting(self, edition: int) -> tuple[int, int]:
        """How many chats are to get *edition* and have not, and what most of them had before.

        The latter is an edition, 0 for none.
        """


class Pages(Protocol):
    """Renders what is pushed."""

    async def parts(
        self, edition_id: int, revision: int, base: int, language: str
    ) -> tuple[Rendered, ...]:
        """The messages of an edition, marked by what is new since the edition *base*.

        TextDamaged if what is stored is not what was written.
        """


@dataclass(frozen=True, slots=True)
class Order:
    """A command of the operator. One that is `stale` when late would do harm by then."""

    run: Callable[[Admin, Turn, Command], Awaitable[None]]
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """Obeys `admins`, and nobody else. `rate` is how many messages a second may go out."""

    talk: Talk
    admins: Collection[int]
    push: Brakes
    board: Board
    pages: Pages
    rate: int

    async def command(self, turn: Turn, command: Command) -> bool:
        """Whether *command* was an admin's order, and obeyed. To others it is no command."""
        order = ORDERS.get(command.name)
        if order is None:
            return False
        sender = orderer(command.message)
        if sender not in self.admins:
            person, chat = command.message.from_user, command.message.chat_id
            level = logging.WARNING if chat > 0 else logging.INFO  # in groups, other bots have some
            _LOG.log(level, "refused an order of %s in chat %d", person and person.id, chat)
            return False
        if order.stale and self.talk.late(command.message.date):
            span = self._span(self.talk.clock() - command.message.date)
            await self.notice(turn, command, "admin.late", span=span)
            return True
        _LOG.info("admin %d orders /%s", sender, command.name)
        await order.run(self, turn, command)
        return True

    async def status(self, turn: Turn, command: Command) -> None:
        """The page of /status."""
        await self.push.look()
        edition = await self.board.edition()
        standing = await self.board.standing(edition.id if edition else 0, self.talk.clock())
        blocks = (
            Title(self.say("admin.status.title")),
            Text("\n".join(self._of_push())),
            Text("\n".join(self._of_edition(edition))),
            Text("\n".join(self._of_deliveries(standing))),
            Note(self._of_subscriptions(standing)),
        )
        what = self.talk.renderer.draw(Reply(blocks))
        await self.talk.reply(turn, command.message, what)

    async def preview(self, turn: Turn, command: Command) -> None:
        """The messages of an edition as most of those see them who are to get it, and how many."""
        edition = await self._edition(turn, command)
        if edition is None:
            return
        count, base = await self.board.awaiting(edition.id)
        language = self.talk.texts.language
        try:
            parts = await self.pages.parts(edition.id, edition.revision, base, language)
        except TextDamaged:
            await self.notice(turn, command, "admin.damaged", briefing=edition.briefing)
            return
        for part in parts:
            await self.talk.reply(turn, command.message, part)
        span = self._span(duration(count, self.rate))
        await self.notice(turn, command, "admin.preview", count=count, span=span, rate=self.rate)

    async def hold(self, turn: Turn, command: Command) -> None:
        """The brake."""
        await self.push.hold(BY_OPERATOR)
        await self.notice(turn, command, "admin.hold")

    async def resume(self, turn: Turn, command: Command) -> None:
        """The brake is off."""
        await self.push.resume()
        await self.notice(turn, command, "admin.resume")

    async def cancel(self, turn: Turn, command: Command) -> None:
        """An edition goes no further; without a name it is asked which."""
        if not command.argument:
            await self._ask_which(turn, command)
            return
        edition = await self._edition(turn, command)
        if edition is not None:
            await self.push.cancel(edition.id)
            await self.notice(turn, command, "admin.cancel", briefing=edition.briefing)

    async def _ask_which(self, turn: Turn, command: Command) -> None:
        """Nothing; the orders that would cancel an edition are on offer, the newest first."""
        orders = [f"/{command.name} {briefing}" for briefing in await self.board.going(NAMED)]
        if orders:
            await self.notice(turn, command, "admin.cancel_which", orders="\n".join(orders))
        else:
            await self.notice(turn, command, "admin.cancel_none")

    async def _edition(self, turn: Turn, command: Command) -> Edition | None:
        """The edition that *command* names, or the newest; None, and said so, if there is none."""
        edition = await self.board.edition(command.argument or None)
        if edition is None:
            newest = ", ".join(await self.board.newest(NAMED))
            if newest:
                await self.notice(turn, command, "admin.no_such_edition", newest=newest)
            else:
                await self.notice(turn, command, "admin.no_edition")
        return edition

    def say(self, key: str, /, **values: object) -> str:
        """The sentence *key*."""
        return self.talk.texts.say(key, **values)

    async def notice(self, turn: Turn, command: Command, key: str, /, **values: object) -> None:
        """Nothing; the sentence *key* answers *command*."""
        what = self.talk.renderer.notice(key, **values)
        await self.talk.reply(turn, command.message, what)

    def _of_push(self) -> Iterator[str]:
        if self.push.held is None:
            yield self.say("admin.status.runs")
        else:
            yield self.say("admin.status.held", reason=self.push.held)
        until = self.push.halted_until
        if until is not None and until > self.talk.clock():
            time = f"{until.astimezone(dt.UTC):%H:%M:%S}"
            yield self.say("admin.status.halted", time=time)
        elif self.push.rate < SLOWED * self.rate:
            yield self.say("admin.status.slowed", rate=f"{self.push.rate:.1f}")

    def _of_edition(self, edition: Edition | None) -> Iterator[str]:
        if edition is None:
            yield self.say("admin.no_edition")
            return
        briefing, revision = edition.briefing, edition.revision
        yield self.say("admin.status.edition", briefing=briefing, revision=revision)
        if edition.offered:
            yield self.say("admin.status.offered")
        if edition.held is not None:
            yield self.say("admin.status.edition_held", reason=edition.held)
        if edition.cancelled:
            yield self.say("admin.status.cancelled")

    def _of_deliveries(self, standing: Standing) -> Iterator[str]:
        yield self.say(
            "admin.status.counts",
            due=standing.due,
            pending=standing.pending,
            sending=standing.sending,
            sent=standing.sent,
            skipped=sum(standing.skipped.values()),
            dead=sum(standing.dead.values()),
        )
        for reason, number in standing.dead.items():
            yield self.say("admin.status.dead", reason=reason, number=number)
        for reason, number in standing.skipped.items():
            yield self.say("admin.status.skipped", reason=reason, number=number)
        yield self.say("admin.status.rate", rate=f"{standing.rate:.1f}", most=self.rate)
        if standing.lateness > dt.timedelta(0):
            yield self.say("admin.status.late", span=self._span(standing.lateness))
        else:
            yield self.say("admin.status.on_time")

    def _of_subscriptions(self, standing: Standing) -> str:
        numbers = {state.name.lower(): standing.subscriptions.get(state, 0) for state in State}
        return self.say("admin.status.subscriptions", **numbers)

    def _span(self, span: dt.timedelta) -> str:
        """*span* in words: seconds, minutes or hours, rounded up."""
        seconds = max(0, -(-span // dt.timedelta(seconds=1)))
        if seconds < 120:
            return self.say("admin.seconds", count=seconds)
        if seconds < 7200:
            return self.say("admin.minutes", count=-(-seconds // 60))
        return self.say("admin.hours", count=-(-seconds // 3600))


def orderer(message: Message) -> int | None:
    """Who gives the order in *message*: its sender, in his own words, in his private chat."""
    person = message.from_user
    borrowed = message.sender_chat or message.forward_origin or message.via_bot
    if person is None or borrowed or not is_private(message) or message.chat.id != person.id:
        return None
    return person.id


ORDERS = {
    "status": Order(Admin.status),
    "preview": Order(Admin.preview),
    "hold": Order(Admin.hold),
    "resume": Order(Admin.resume, stale=True),
    "cancel": Order(Admin.cancel, stale=True),
}
"""Every order by the name of its command."""
