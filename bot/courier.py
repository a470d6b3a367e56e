"""Carries claimed deliveries: rendered, in its turn, written to Telegram once, and accounted for.

Nothing is tried again here: what to do after each result is decided in `schedule`, written by
`acks`, and done by a later claim.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.acks import Acks
from bot.circuit import Breaker, Circuit
from bot.log import brief
from bot.model import (
    Delivery,
    Kind,
    Moved,
    Refused,
    Rejected,
    Result,
    Same,
    Sent,
    TooMany,
    Unfit,
)
from bot.pacer import Lane, Pacer
from bot.post import Post
from bot.render import Rendered
from bot.schedule import Again, Decision, decide
from bot.store import StoreError, TextDamaged
from bot.store.outcomes import Outcome, Skip

IN_FLIGHT = 32
"""Calls that are under way, at most."""
CLAIMED = 48
"""Deliveries that are claimed and whose end is open, at most: some wait for their turn."""
FEW = 8
"""Fewer are claimed only when even fewer wait: each claim is a write to the disk."""
HELD_UP = 2.0
"""Seconds that a chat's own limits may keep a claimed delivery; beyond, it goes back."""
NEXT = 1.0
"""Seconds that a chat is left alone, at least, while a delivery to it waits for its turn."""
STORE_PAUSE = dt.timedelta(seconds=5)
"""How long a delivery waits whose text could not be read from the store."""

_LOG = logging.getLogger(__name__)
_Key = tuple[int, int, Kind, int, int, str, int]


class Pages(Protocol):
    """Renders what is pushed, out of the store. TextDamaged if a text is not what was written."""

    async def parts(
        self, edition_id: int, revision: int, base: int, language: str
    ) -> tuple[Rendered, ...]:
        """The messages of an edition, marked by what is new since the edition *base* (0: none)."""

    async def edit(
        self, edition_id: int, known: int, revision: int, base: int, part: int, language: str
    ) -> Rendered:
        """Message *part* as it is to stand for a reader who was sent it in revision *known*."""

    async def correction(
        self, edition_id: int, known: int, revision: int, language: str
    ) -> Rendered | None:
        """The notice of what was corrected between two revisions; None if it was nothing."""

    def quiet(self, language: str) -> Rendered:
        """The line for a day without a new briefing."""


@dataclass(slots=True, kw_only=True)
class Events:
    """Whom the courier tells what concerns more than one delivery."""

    broken: Callable[[int, str], Awaitable[None]]  # the edition is to be held, and why
    moved: Callable[[int, int], Awaitable[None]]  # a chat has another id
    rejected: Callable[[], Awaitable[None]]  # the token is not taken
    changed: Callable[[], None]  # there is room again


@dataclass(slots=True)
class Flight:
    """A delivery under way. `written` from the moment in which a copy may reach Telegram."""

    delivery: Delivery
    written: bool = False
    accounted: bool = False
    began: dt.datetime | None = None
    parts: int = 1


@dataclass(slots=True)
class Courier:
    """Carries what it is given. `barred` says why a delivery must not go; None if it may."""

    post: Post
    pacer: Pacer
    pages: Pages
    acks: Acks
    now: Callable[[], dt.datetime]
    barred: Callable[[Delivery], str | None]
    events: Events
    circuit: Circuit = field(default_factory=Circuit)
    breaker: Breaker = field(default_factory=Breaker)
    _flights: dict[asyncio.Task[None], Flight] = field(default_factory=dict)
    _proven: set[_Key] = field(default_factory=set)
    _trials: dict[_Key, asyncio.Lock] = field(default_factory=dict)
    _calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))

    @property
    def waiting(self) -> int:
        """How many were not written yet."""
        return sum(not flight.written for flight in self._flights.values())

    def room(self, batch: int) -> int:
        """How many deliveries may be claimed now, when *batch* may wait for their turn."""
        if self.circuit.open:
            return int(self.circuit.may_ask and not self._flights)
        waiting = self.waiting
        if waiting > batch // 2:
            return 0
        room = max(0, min(CLAIMED - len(self._flights), batch - waiting))
        return room if room >= FEW or waiting < FEW // 2 else 0

    def waits(self) -> Callable[[int], float]:
        """Tells how many seconds a chat is not free for a delivery; 0.0 if it is."""
        flights = self._flights.values()
        chats = {flight.delivery.address.chat for flight in flights if not flight.written}
        return lambda chat: max(self.pacer.wait(chat), NEXT if chat in chats else 0.0)

    def give_way(self) -> None:
        """Nothing; what was claimed for a chat that answers have used up since goes back."""
        self.recall(lambda delivery: self.pacer.wait(delivery.address.chat) > HELD_UP)

    def carry(self, delivery: Delivery) -> None:
        """Nothing; *delivery* is under way, and its end will be accounted for."""
        flight = Flight(delivery)
        task = asyncio.create_task(self._carry(flight), name="delivery")
        self._flights[task] = flight
        task.add_done_callback(self._landed)

    def recall(self, which: Callable[[Delivery], bool] = lambda _: True) -> None:
        """Nothing; of what is not written yet, *which* is not going to be, and waits again."""
        for task, flight in list(self._flights.items()):
            if not flight.written and which(flight.delivery):
                task.cancel()

    async def land(self, seconds: float) -> None:
        """Nothing; what is written has come to its end, or *seconds* are over."""
        if self._flights:
            await asyncio.wait(list(self._flights), timeout=seconds)
        left = list(self._flights)
        for task in left:
            task.cancel()
        if left:
            _LOG.warning("%d deliveries stay uncertain", len(left))
            await asyncio.wait(left)

    def _landed(self, task: asyncio.Task[None]) -> None:
        flight = self._flights.pop(task)
        if task.cancelled():
            if not flight.written:
                self._account(flight, None)
        elif (error := task.exception()) is not None:
            _LOG.error("delivery %d broke off: %s", flight.delivery.id, brief(error))
            if flight.written:
                again = Again(self.now() + STORE_PAUSE, ambiguous=True, reason="broke off")
            else:
                again = Again(self.now() + STORE_PAUSE, ambiguous=False, reason="broke off")
            self._account(flight, again)
        self.events.changed()

    def _account(self, flight: Flight, decision: Decision | Skip | None) -> None:
        if flight.accounted:
            return
        flight.accounted, now = True, self.now()
        self.acks.add(
            Outcome(
                delivery=flight.delivery,
                decision=decision,
                began=flight.began or now,
                at=now,
                parts=flight.parts,
            )
        )

    async def _carry(self, flight: Flight) -> None:
        delivery = flight.delivery
        try:
            what = await self._render(flight)
        except TextDamaged as error:
            _LOG.error("%s", error)
            self._account(flight, None)
            await self.events.broken(delivery.edition, "damaged")
            return
        except StoreError as error:
            _LOG.error("the text of delivery %d cannot be read: %s", delivery.id, error)
            again = Again(self.now() + STORE_PAUSE, ambiguous=False, reason="store")
            self._account(flight, again)
            return
        if isinstance(what, Skip):
            self._account(flight, what)
            return
        result = await self._in_turn(flight, what)
        if result is not None:
            await self._settle(flight, result)

    async def _render(self, flight: Flight) -> Rendered | Skip:
        """What to send; a Skip if there is nothing to it any more."""
        d = flight.delivery
        match d.kind:
            case Kind.BRIEFING:
                parts = await self.pages.parts(d.edition, d.revision, d.base, d.language)
                flight.parts = len(parts)
                return parts[d.part] if d.part < len(parts) else Skip("superseded")
            case Kind.CORRECTION:
                notice = await self.pages.correction(d.edition, d.known, d.revision, d.language)
                return notice or Skip("nothing to say")
            case Kind.EDIT:
                if d.message is None:
                    return Skip("no message")
                return await self.pages.edit(
                    d.edition, d.known, d.revision, d.base, d.part, d.language
                )
            case Kind.QUIET:
                return self.pages.quiet(d.language)

    async def _in_turn(self, flight: Flight, what: Rendered) -> Result | None:
        """What became of the one call; None if it was not made, which is accounted for."""
        delivery = flight.delivery
        lane = Lane.CORRECTION if delivery.kind is Kind.CORRECTION else Lane.BRIEFING
        async with self._trial(delivery) as key, self._calls:
            if self.pacer.wait(delivery.address.chat) > 0:  # the others need not wait for it
                self._account(flight, None)
                return None
            if self.barred(delivery) is None:
                await self.pacer.turn(lane, delivery.address.chat)
            if self.barred(delivery) is not None:
                self._account(flight, None)
                return None
            flight.began, flight.written = self.now(), True
            result = await self._call(delivery, what)
            if isinstance(result, (Sent, Same)):
                self._proven.add(key)
                self._trials.pop(key, None)
        self.events.changed()
        return result

    async def _call(self, d: Delivery, what: Rendered) -> Result:
        if d.kind is Kind.EDIT and d.message is not None:
            return await self.post.edit(d.address.chat, d.message, what)
        answers = d.message if d.kind is Kind.CORRECTION else None
        return await self.post.send(d.address, what, silent=d.silent, answers=answers)

    @contextlib.asynccontextmanager
    async def _trial(self, d: Delivery) -> AsyncIterator[_Key]:
        """A text that nobody has taken yet is sent to one chat at a time: it may be broken."""
        key = (d.edition, d.revision, d.kind, d.base, d.known, d.language, d.part)
        if key in self._proven:
            yield key
            return
        lock = self._trials.setdefault(key, asyncio.Lock())
        async with lock:
            if key not in self._proven:
                yield key
                return
        yield key

    async def _settle(self, flight: Flight, result: Result) -> None:
        delivery, shut = flight.delivery, self.circuit.open
        decision = decide(result, delivery, self.now())
        self.circuit.note(result)
        if self.circuit.open:
            if not shut:
                _LOG.warning("Telegram cannot be reached: %s", getattr(result, "reason", result))
            self.recall()
        match result:
            case Moved(chat):
                await self.events.moved(delivery.address.chat, chat)
            case TooMany(seconds):
                _LOG.warning("Telegram asks for a pause of %.0f s", seconds)
                self.pacer.halt(seconds)
                self.recall()
            case Rejected():
                await self.events.rejected()
            case Unfit(reason) | Refused(reason):
                _LOG.error("edition %d is refused: %s", delivery.edition, reason)
        self._account(flight, decision)
        broken = self.breaker.broken(delivery.edition, result)
        if broken is not None:
            await self.events.broken(delivery.edition, broken)
