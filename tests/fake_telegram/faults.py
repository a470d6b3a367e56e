"""What can go wrong on purpose, and flood control: which calls fail, when and how."""

import asyncio
import math
import random
import re
from collections import deque
from dataclasses import dataclass, field

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import ApiError, Clock

KINDS = ("error", "delay", "hold", "cut", "garbage", "truncated")


@dataclass
class Fault:
    """One planned fault.

    ``kind``: error (an error answer), delay (seconds), hold (until ``release``), cut (the
    connection is closed without an answer), garbage (``body`` instead of JSON), truncated (half
    of the real answer). ``method`` is a regex for the whole name, in any case. ``skip`` calls
    pass first, then ``count`` are hit (None: all). With ``after`` the call is processed first: a
    cut is then a lost reply, and a client that gives up on a delay was served all the same
    (without it, such a call is never processed). Delays and holds add up and the call goes on;
    the first fault of another kind ends it. ``chance`` hits only that share of the calls.
    """

    kind: str
    method: str = ".*"
    chat: int | None = None
    skip: int = 0
    count: int | None = 1
    after: bool = False
    status: int = 500
    description: str = "Internal Server Error"
    parameters: Json | None = None
    seconds: float = 0.0
    body: bytes = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
    chance: float = 1.0
    hits: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault of kind {self.kind!r}; there are {', '.join(KINDS)}")
        self.pattern = re.compile(self.method, re.IGNORECASE)

    def take(self, method: str, chat: int | None, dice: random.Random) -> bool:
        """Return whether this call is hit, counting it off ``skip`` or ``count``."""
        if not self.pattern.fullmatch(method) or (self.chat is not None and chat != self.chat):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.count is not None and self.hits >= self.count:
            return False
        if self.chance < 1.0 and dice.random() >= self.chance:
            return False
        self.hits += 1
        return True

    def release(self) -> None:
        """Let the held calls go on, and those that come later."""
        self.released.set()

    def error(self) -> ApiError:
        """Return the error answer."""
        return ApiError(self.status, self.description, self.parameters)

    async def wait(self) -> None:
        """Sit out a delay or a hold (at most ten minutes)."""
        if self.kind == "delay":
            await asyncio.sleep(self.seconds)
        elif self.kind == "hold":
            async with asyncio.timeout(600):
                await self.released.wait()


class FaultPlan:
    """The faults in the order in which they were planned."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.dice = random.Random(0)

    def add(self, fault: Fault) -> Fault:
        """Plan a fault and return it; its ``hits`` count."""
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """Drop every fault and release what is held."""
        for fault in self.faults:
            fault.release()
        self.faults.clear()

    def take(self, method: str, chat: int | None) -> list[Fault]:
        """Return the faults for this call: delays and holds, then at most one that ends it."""
        taken: list[Fault] = []
        for fault in self.faults:
            if fault.take(method, chat, self.dice):
                taken.append(fault)
                if fault.kind not in ("delay", "hold"):
                    break
        return taken


class Flood:
    """Telegram's windows: one chat 1/s after a burst of 3, a group 20/min, the bot 30/s."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.enabled = False
        self.chat_rate, self.chat_burst = 1.0, 3
        self.group_limit, self.group_seconds = 20, 60.0
        self.bot_limit, self.bot_seconds = 30, 1.0
        self.rejected = 0
        self._buckets: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}
        self._bot: deque[float] = deque()

    def check(self, chat: int, is_group: bool) -> None:
        """Count one message to this chat.

        Raises:
            ApiError: 429 with retry_after, if a window is full; the call is then not counted.
        """
        if not self.enabled:
            return
        now = self.clock.monotonic()
        level, since = self._buckets.get(chat, (float(self.chat_burst), now))
        level = min(self.chat_burst, level + (now - since) * self.chat_rate)
        group = self._groups.setdefault(chat, deque()) if is_group else deque()
        waits = [
            (1 - level) / self.chat_rate,
            self._wait(self._bot, self.bot_limit, self.bot_seconds, now),
            self._wait(group, self.group_limit, self.group_seconds, now) if is_group else 0.0,
        ]
        if (wait := max(waits)) > 0:
            self.rejected += 1
            seconds = max(1, math.ceil(wait))
            raise too_many_requests(seconds)
        self._buckets[chat] = (level - 1, now)
        self._bot.append(now)
        group.append(now)

    @staticmethod
    def _wait(times: deque[float], limit: int, window: float, now: float) -> float:
        while times and times[0] <= now - window:
            times.popleft()
        return times[0] + window - now if len(times) >= limit else 0.0


def too_many_requests(seconds: int) -> ApiError:
    """Return a 429 with retry_after."""
    text = f"Too Many Requests: retry after {seconds}"
    return ApiError(429, text, {"retry_after": seconds})
