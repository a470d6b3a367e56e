"""How fast anything may be written to chats: one pacer for answers, corrections and briefings.

Never more than the permitted number in any second, as the receiver counts; answers before
corrections before briefings; nothing at all while Telegram asks us to wait, and a slow start
after that. One place decides, without a task of its own: what comes, ends or times out asks
`_serve` who is next.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import random
import time
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter

from bot.limits import Ceiling, Chats, Given, Limits

PACE = 1.0165
"""Seconds over which the turns of one second are spread: 98.4 % of the permitted rate."""

WINDOW = 1.012
"""Seconds in which no more calls are written than Telegram takes in one: the rest is for jitter."""

CATCH_UP = 0.1
"""Seconds of lost time that may be made up at once, as far as WINDOW has room."""

RAMP = 10.0
"""Seconds after a halt in which the rate rises from half to whole."""

JITTER = (0.1, 0.5)
"""Seconds, from and to, by which a halt is longer than Telegram asks."""

LONGEST_HALT = 86_400.0
"""Seconds; twice the longest that is known of. A false clock must not silence us for ever."""

ANSWERS_IN_A_ROW = 4
"""Turns that answers may have while something else waits; the one after is not theirs."""

_EARLY = 1e-6
"""Seconds by which a timer may be early, since sums of times are not exact."""


class Lane(IntEnum):
    """What a turn is for; the lower number goes first."""

    ANSWER = 0
    CORRECTION = 1
    BRIEFING = 2


@dataclass(slots=True, eq=False)
class _Waiter:
    chat: int
    turn: asyncio.Future[Given]


_TURN: ContextVar[Callable[[], None] | None] = ContextVar("turn", default=None)
"""What the task that took a turn last has to call when it writes."""


def written() -> None:
    """Nothing; a call has been written to its socket: the turn that it has counts from here.

    Opening a connection may take long, and calls that wait for it would arrive in a heap.
    """
    note = _TURN.get()
    if note is not None:
        note()


def utc_now() -> dt.datetime:
    """The time, with its zone."""
    return dt.datetime.now(dt.UTC)


class Pacer:
    """Gives turns. *clock* counts as the event loop's does; *wall* tells the time of day.

    *on_halt* is told when each halt ends, by the wall clock, so that it can be stored.
    """

    def __init__(
        self,
        per_second: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        limits: Limits | None = None,
        wall: Callable[[], dt.datetime] = utc_now,
        on_halt: Callable[[dt.datetime], None] | None = None,
    ) -> None:
        if per_second < 1:
            raise ValueError(f"no rate: {per_second}")
        self.per_second = per_second
        self.on_halt = on_halt
        self._clock = clock
        self._wall = wall
        limits = limits or Limits()
        self._chats = Chats(limits)
        self._ahead = dict.fromkeys(Lane, 0) | {Lane.ANSWER: limits.answers_at_once - 1}
        self._ceiling = Ceiling()
        self._lines: dict[Lane, OrderedDict[_Waiter, None]] = {lane: OrderedDict() for lane in Lane}
        self._given: list[Given] = []  # in the last second and a bit, by the time of their use
        self._answers_in_a_row = 0  # while something else waits
        self._next = -math.inf
        self._until = -math.inf
        self._until_wall: dt.datetime | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, lane: Lane, chat: int) -> None:
        """Nothing; returns when a call to *chat* may be written, which must be done at once.

        Who is cancelled while waiting takes no turn.
        """
        taken = await self._wait(lane, chat, first=False)
        while not taken:
            taken = await self._wait(lane, chat, first=True)

    def wait(self, chat: int) -> float:
        """Seconds for which *chat*'s own limits keep it from a push; 0.0 if they do not."""
        return self._chats.wait(chat, self._clock())

    async def open(self) -> None:
        """Nothing; returns when no halt is on. For calls that count towards no limit."""
        while (left := self.halt_left) > 0:  # noqa: ASYNC110 - it may be prolonged
            await asyncio.sleep(left)

    def halt(self, seconds: float) -> None:
        """Nothing; flood control asks for so many seconds without a turn, and has them.

        Nothing ends a halt early. The ceiling falls too.
        """
        self._ceiling.lower(self._clock())
        self._halt(seconds + random.uniform(*JITTER))  # noqa: S311 - no secret
        if self.on_halt is not None and self._until_wall is not None:
            self.on_halt(self._until_wall)

    def restore(self, until: dt.datetime) -> None:
        """Nothing; a halt that was on when the bot ended lasts to its end. ValueError if naive."""
        if until.tzinfo is None:
            raise ValueError(f"a time without its zone: {until}")
        self._halt((until - self._wall()).total_seconds())

    @property
    def halted_until(self) -> dt.datetime | None:
        """When the halt ends, by the wall clock; None if none is on."""
        return self._until_wall if self._clock() < self._until else None

    @property
    def halt_left(self) -> float:
        """Seconds until the halt ends; 0.0 if none is on."""
        return max(0.0, self._until - self._clock())

    def halted_since(self, at: float) -> bool:
        """Whether a halt was on at any time since *at*, by the clock."""
        return self._until > at

    @property
    def rate(self) -> float:
        """How many turns a second may be given now; 0.0 during a halt."""
        now = self._clock()
        return 0.0 if now < self._until else self._pace(now)

    async def _wait(self, lane: Lane, chat: int, *, first: bool) -> bool:
        """Whether a turn was taken; False if a halt came between its giving and its taking."""
        waiter = _Waiter(chat, asyncio.get_running_loop().create_future())
        line = self._lines[lane]
        line[waiter] = None
        line.move_to_end(waiter, last=not first)
        self._serve()
        try:
            given = await waiter.turn
        except asyncio.CancelledError:
            line.pop(waiter, None)
            if not waiter.turn.cancelled():
                self._take_back(waiter.turn.result())
            self._serve()
            raise
        if self._clock() < self._until:
            self._take_back(given)
            return False
        self._used(given)
        self._chats.delay(given, given.at - given.since)
        _TURN.set(lambda: self._written(given))
        self._serve()
        return True

    def _written(self, given: Given) -> None:
        """Nothing; the first call after a turn is the one that it was for."""
        if not given.written:
            given.written, before = True, given.at
            self._used(given)
            self._chats.delay(given, given.at - before)

    def _used(self, given: Given) -> None:
        """Nothing; the turn is used now, later than all that were."""
        self._remove(given)
        given.at = self._clock()
        insort(self._given, given, key=attrgetter("at"))

    def _remove(self, given: Given) -> None:
        for index in range(len(self._given) - 1, -1, -1):  # it is one of the last
            if self._given[index] is given:
                del self._given[index]
                return

    def _serve(self) -> None:
        """Nothing; who may go now is given a turn, and a timer is set for the one after."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while any(self._lines.values()):
            now = self._clock()
            at = self._opens()
            if at <= now + _EARLY:
                lane, waiter, at = self._pick(now)
                if waiter is not None:
                    self._give(lane, waiter, now)
                    continue
            if at < math.inf:  # else the one who was given a turn comes back here
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(max(0.0, at - now), self._serve)
            return

    def _opens(self) -> float:
        """When the next turn may be given, to whichever chat."""
        at = max(self._next, self._until)
        if len(self._given) >= self.per_second:
            at = max(at, self._given[-self.per_second].at + WINDOW)
        return at

    def _pick(self, now: float) -> tuple[Lane, _Waiter | None, float]:
        """Who is next, and of which lane; None, and when there will be one, if all chats wait."""
        lanes = list(Lane)
        if self._answers_in_a_row >= ANSWERS_IN_A_ROW:
            lanes = [*lanes[1:], lanes[0]]
        soonest = math.inf
        for lane in lanes:
            for waiter in self._lines[lane]:
                if waiter.turn.done():
                    continue  # cancelled, and about to leave
                free = self._chats.free(waiter.chat, self._ahead[lane])
                if free <= now + _EARLY:
                    return lane, waiter, now
                soonest = min(soonest, free)
        return Lane.ANSWER, None, soonest

    def _give(self, lane: Lane, waiter: _Waiter, now: float) -> None:
        del self._lines[lane][waiter]
        others = any(line for other, line in self._lines.items() if other is not Lane.ANSWER)
        kept_waiting = others and lane is Lane.ANSWER
        self._answers_in_a_row = self._answers_in_a_row + 1 if kept_waiting else 0
        while self._given and self._given[0].at + PACE < now:
            del self._given[0]
        given = Given(waiter.chat, now)
        self._given.append(given)
        self._chats.give(given)
        self._next = max(self._next + 1 / self._pace(now), now - CATCH_UP)
        waiter.turn.set_result(given)

    def _take_back(self, given: Given) -> None:
        """Nothing; a turn that was given and not taken is as if it had not been."""
        self._remove(given)
        self._chats.take_back(given)
        self._next = min(self._next, max(self._clock(), self._until))

    def _halt(self, seconds: float) -> None:
        now, wait = self._clock(), min(seconds, LONGEST_HALT)
        if wait > 0 and now + wait > self._until:
            self._until = now + wait
            self._until_wall = self._wall() + dt.timedelta(seconds=wait)
            self._next = max(self._next, self._until + 1 / self._pace(self._until))

    def _pace(self, now: float) -> float:
        """Turns a second: what is permitted, less what was learned, less after a halt."""
        risen = min(1.0, 0.5 + 0.5 * max(0.0, now - self._until) / RAMP)
        return self.per_second / PACE * self._ceiling.at(now) * risen
