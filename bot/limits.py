"""What limits the pacer beside the rate itself: each chat's limits, and flood control's answers.

Times are those of the clock that the pacer goes by.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

FORGET_EVERY = 1024
"""Turns after which chats are forgotten that may be written to at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Telegram's limits to one chat, with a margin. Tests loosen them."""

    chat_seconds: float = 1.05  # between two turns of a chat
    answers_at_once: int = 3  # which answers may have before that holds
    group: int = 20  # turns of a group or channel ...
    group_seconds: float = 61.0  # ... in any so many seconds


@dataclass(slots=True, eq=False)
class Given:
    """A turn that was given. `at` is when it was used.

    It is infinite until the one who waited for it runs again, and exact once it is `written`.
    """

    chat: int
    since: float
    at: float = math.inf
    written: bool = False


@dataclass(slots=True)
class _Chat:
    """What a chat has had. `free` is when its next turn would be due at an even pace."""

    free: float = -math.inf
    turns: deque[Given] = field(default_factory=deque)  # of a group or channel


class Chats:
    """When each chat may be written to. It remembers only those that may not be at once."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[int, _Chat] = {}
        self._given = 0  # since chats were forgotten

    def __len__(self) -> int:
        return len(self._known)

    def free(self, chat: int, ahead: int) -> float:
        """From when *chat* may be written to, so many turns *ahead* of an even pace."""
        known = self._known.get(chat)
        if known is None:
            return -math.inf
        limits = self._limits
        free = known.free - ahead * limits.chat_seconds
        if len(known.turns) >= limits.group:
            free = max(free, known.turns[-limits.group].at + limits.group_seconds)
        return free

    def wait(self, chat: int, now: float) -> float:
        """Seconds from *now* until *chat* is free at an even pace; 0.0 if it is."""
        free = self.free(chat, 0)
        if free == math.inf:  # a turn is being taken this moment
            return self._limits.chat_seconds
        return max(0.0, free - now)

    def give(self, given: Given) -> None:
        """Nothing; the turn counts. A negative chat is a group or a channel."""
        known = self._known.setdefault(given.chat, _Chat())
        known.free = max(known.free, given.since) + self._limits.chat_seconds
        if given.chat < 0:
            old = given.since - self._limits.group_seconds
            while known.turns and known.turns[0].at < old:
                known.turns.popleft()
            known.turns.append(given)
        self._given += 1
        if self._given >= FORGET_EVERY:
            self._given = 0
            self._forget(given.since)

    def delay(self, given: Given, seconds: float) -> None:
        """Nothing; the turn was used so much later than was known."""
        known = self._known.get(given.chat)
        if known is not None:
            known.free += seconds

    def take_back(self, given: Given) -> None:
        """Nothing; the turn does not count."""
        known = self._known.get(given.chat)
        if known is not None:
            known.free -= self._limits.chat_seconds
            if given in known.turns:
                known.turns.remove(given)

    def _forget(self, now: float) -> None:
        old = now - self._limits.group_seconds
        for chat, known in list(self._known.items()):
            if known.free < now and not any(given.at >= old for given in known.turns):
                del self._known[chat]


@dataclass(slots=True)
class Ceiling:
    """Which part of the permitted rate is used: less after each flood control, then more again."""

    fall: float = 0.95
    at_most_every: float = 60.0
    floor: float = 0.5
    rise_a_minute: float = 0.01
    _level: float = 1.0
    _since: float = -math.inf

    def at(self, now: float) -> float:
        """The part at that time, from `floor` to 1.0."""
        return min(1.0, self._level + self.rise_a_minute * (now - self._since) / 60)

    def lower(self, now: float) -> None:
        """Nothing; flood control spoke. Often in a minute is once."""
        if now - self._since >= self.at_most_every:
            self._level = max(self.floor, self.at(now) * self.fall)
            self._since = now
