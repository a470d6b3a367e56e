"""The push: what is due is planned, claimed, sent, and recorded, each second and after any crash.

It runs beside the answers and never breaks them: whatever goes wrong here is logged, and tried
again. If the store cannot be written, nothing is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable
from typing import Any

from bot.acks import Acks
from bot.agenda import Agenda
from bot.brake import Brake
from bot.canary import Canary
from bot.courier import IN_FLIGHT, Courier, Events, Pages
from bot.guard import Guard
from bot.log import brief
from bot.model import Delivery, Kind
from bot.pacer import Pacer
from bot.post import Post
from bot.repeat import repeat
from bot.store import Store, StoreError
from bot.store.planning import Planned
from bot.telling import Tells
from bot.terms import LONG_HALT, MORE, Beat, Terms

HALT = "halted_until"
"""Under which key the store keeps until when Telegram wants nothing sent."""
_LOG = logging.getLogger(__name__)


class Push:
    """The loop. `run` it once; `hold`, `resume` and `cancel` steer it, and hold after a restart."""

    def __init__(
        self,
        store: Store,
        post: Post,
        pacer: Pacer,
        pages: Pages,
        alerts: Tells,
        terms: Terms,
        guard: Guard,
        beat: Beat | None = None,
    ) -> None:
        self._store = store
        self._ledger = store.ledger
        self._pacer = pacer
        self._alerts = alerts
        self._terms = terms
        self._guard = guard
        self._beat = beat or Beat()
        self._agenda = Agenda(
            *(store, terms.quiet),
            quiet_line=terms.quiet_line,
            chunks=self._beat.chunks,
            planned=self._planned,
        )
        self._acks = Acks(store.ledger)
        self._courier = self._carrier(post, pages)
        self._canary = Canary(
            store.ledger, post, pacer, pages, alerts, terms.admins, terms.language
        )
        self._brake = Brake(store.ledger, self._courier.recall)
        self._begun = self._stopping = False
        self._failing = False  # to claim
        self._woken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        pacer.on_halt = self._halted

    def _carrier(self, post: Post, pages: Pages) -> Courier:
        """What sends for this push, and tells it what concerns more than one delivery."""
        events = Events(
            broken=self._broken, moved=self._moved, rejected=self._rejected, changed=self._wake
        )
        return Courier(
            post=post,
            pacer=self._pacer,
            pages=pages,
            acks=self._acks,
            now=self._guard.now,
            barred=self._barred,
            events=events,
        )

    @property
    def held(self) -> str | None:
        """Why nothing is sent; None if the push runs."""
        return self._brake.held or ("clock" if self._guard.doubts else None)

    @property
    def halted_until(self) -> dt.datetime | None:
        """When the pause that Telegram asked for is over; None if there is none."""
        return self._pacer.halted_until

    @property
    def trouble(self) -> str | None:
        """What keeps the push from working, for who asks after the bot's health; None: nothing."""
        if self._failing or self._acks.failing_since is not None:
            return "the database cannot be written"
        return None

    @property
    def rate(self) -> float:
        """How many messages a second may go out now, by what Telegram let us learn."""
        return self._pacer.rate

    async def look(self) -> float:
        """Seconds to the next look; orders given on the command line count from here on."""
        if await self._brake.look():
            self._courier.breaker.reset()
            self._wake()
        return self._beat.look

    async def hold(self, reason: str) -> None:
        """Nothing; from here on nothing is sent but what is being sent."""
        await self._brake.hold(reason)

    async def resume(self) -> None:
        """Nothing; the push goes on, and so do editions that were held; the clock is believed."""
        await self._brake.release()
        self._guard.accept()
        self._courier.breaker.reset()
        self._canary.forget()
        self._wake()

    async def cancel(self, edition: int) -> None:
        """Nothing; what was not sent of *edition* never will be."""
        with self._brake.order():
            self._brake.shut(edition, lambda delivery: delivery.kind is Kind.BRIEFING)
            await self._ledger.cancel(edition)

    async def restore(self) -> None:
        """Nothing; the pause that Telegram asked for before the start lasts to its end, for all."""
        until = await self._ledger.noted(HALT)
        if until is not None:
            self._pacer.restore(dt.datetime.fromtimestamp(float(until), dt.UTC))

    async def run(self, stop: asyncio.Event) -> None:
        """Nothing; returns after *stop*, what was being sent recorded, the rest put back."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set() and not await self._begin():
                await asyncio.wait({stopping}, timeout=self._beat.again)
            if self._begun:
                await self._until(stop, stopping)
        finally:
            stopping.cancel()

    async def _until(self, stop: asyncio.Event, stopping: asyncio.Task[Any]) -> None:
        acks = asyncio.create_task(self._acks.run(), name="acks")
        feeding = asyncio.create_task(self._feed(), name="feed")
        ticks = repeat(self.tick, stop, "nothing can be planned", self._beat.again)
        looks = repeat(self.look, stop, "orders cannot be read", self._beat.again)
        ticking = asyncio.create_task(ticks, name="ticks")
        looking = asyncio.create_task(looks, name="looks")
        await asyncio.wait({stopping})
        self._stopping = True
        self._wake()
        self._courier.recall()
        await self._canary.close()
        await asyncio.wait({feeding, ticking, looking})
        self._courier.recall()  # what was being claimed at that moment
        await self._courier.land(self._beat.land)
        acks.cancel()
        await asyncio.wait({acks})
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._acks.close(self._beat.flush)

    async def _begin(self) -> bool:
        """Whether the push may begin: what a crash left open is counted from now on."""
        try:
            await self._brake.begin()
            await self._agenda.begin()
            count = await self._ledger.recover()
        except StoreError as error:
            _LOG.error("the push cannot begin: %s", error)
            return False
        if count:
            _LOG.warning("%d messages may have been sent when the bot ended", count)
        self._begun = True
        return True

    # what is sent

    async def _feed(self) -> None:
        while not self._stopping:
            wait = self._beat.again
            try:
                wait = await self._claim()
            except StoreError as error:
                if not self._failing:
                    _LOG.error("nothing can be claimed, nothing is sent: %s", error)
                self._failing = True
                await self._alerts.tell("alert.store")
            except Exception as error:
                _LOG.error("the push broke off: %s", brief(error))
            if wait and not self._stopping:
                self._woken.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), wait)

    async def _claim(self) -> float:
        """Seconds to wait before the next claim, unless something changes; 0.0 for none."""
        if self.held is not None or self._acks.failing_since is not None:
            return self._beat.idle
        if self._pacer.halted_until is not None:
            return 0.05
        if len(self._acks) >= IN_FLIGHT:
            return 0.01
        self._courier.give_way()
        room = self._courier.room(self._batch)
        if not room:
            return 0.05
        claimed = await self._ledger.claim(
            self._guard.now(), room, self._terms.quiet, self._courier.waits()
        )
        self._failing = False
        for delivery in claimed.deliveries:
            self._courier.carry(delivery)
        return 0.0 if claimed.deliveries or claimed.more else self._beat.idle

    @property
    def _batch(self) -> int:
        """Deliveries that may wait for their turn: a quarter of a second's."""
        return max(1, min(IN_FLIGHT, round(self._pacer.per_second / 4)))

    def _barred(self, delivery: Delivery) -> str | None:
        """Why *delivery* must not go; None if it may."""
        if self._stopping:
            return "stop"
        if self._brake.bars(delivery):
            return "closed"
        return self.held

    def _wake(self) -> None:
        self._woken.set()

    # what concerns more than one delivery

    async def _broken(self, edition: int, reason: str) -> None:
        with self._brake.order():
            if not self._brake.shut(edition):
                return
            await self._kept(self._ledger.hold_edition(edition, reason))
        briefing = await self._ledger.briefing(edition)
        await self._alerts.tell("alert.edition_held", briefing=briefing, reason=reason)

    async def _moved(self, old: int, new: int) -> None:
        _LOG.info("chat %d is chat %d now", old, new)
        await self._kept(self._store.subscriptions.move(old, new, self._guard.now()))

    async def _rejected(self) -> None:
        await self._alerts.tell("alert.token")

    def _halted(self, until: dt.datetime) -> None:
        task = asyncio.create_task(self._note_halt(until), name="halt")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _note_halt(self, until: dt.datetime) -> None:
        await self._kept(self._ledger.note(HALT, str(until.timestamp())))
        if until - self._guard.now() > LONG_HALT:
            await self._alerts.tell("alert.pause", time=f"{until.astimezone(dt.UTC):%d %B, %H:%M}")

    async def _kept(self, writing: Awaitable[object]) -> None:
        """Nothing; *writing* is done, or its failure is logged."""
        try:
            await writing
        except StoreError as error:
            _LOG.error("the store cannot be written: %s", error)

    # again and again

    async def tick(self) -> float:
        """Seconds to the next tick; what is due is in the ledger. At a false time nothing is."""
        moved = self._guard.look()
        if self._guard.doubts:
            self._courier.recall()
            await self._alerts.tell("alert.clock")
            return self._beat.tick
        if moved < dt.timedelta():
            self._agenda.anew()
        if self.held is None:
            await self._canary.prove()
        more = await self._agenda.bring(self._guard.now())
        self._wake()
        return min(MORE, self._beat.tick) if more else self._beat.tick

    def _planned(self, planned: Planned) -> bool:
        """Whether to plan on; what waits from now on need not wait for the rest."""
        if planned.rows:
            self._wake()
        return not self._stopping
