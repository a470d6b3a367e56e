"""The short memory of each chat: what was asked and shown, which answer belongs to which message.

In the process only, bounded in chats and in time; a restart forgets it all. The clock is given.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b
from typing import Any, Literal, Self

CONTEXT = 5
"""Earlier questions that are given to the library."""
SHOWN = 50
"""Pairs that count as seen."""
ANSWERS = 20
"""Messages whose answer can still be edited."""
ASKED = 4 * CONTEXT
"""Questions kept per chat, so that each voice of a busy group finds some of its own."""
SENDERS = 200
"""Senders of one chat whose questions are counted."""
TAPS = 4
"""How many taps on settings are allowed where one question is."""
PATIENCE = dt.timedelta(minutes=10)
"""How long something that was asked of a reader is waited for."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the chat, and in groups the topic and the sender, whose talk is one thread."""

    chat: int
    thread: int | None = None
    sender: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The message that answers a question, and a digest of the question as it then was.

    A question may have 4096 characters, and thousands of chats 20 each: texts would fill gigabytes.
    """

    message: int
    digest: bytes

    @classmethod
    def of(cls, message: int, question: str) -> Self:
        """*message* as the answer to *question*."""
        return cls(message, _digest(question))

    def answers(self, question: str) -> bool:
        """Whether it was *question*, to the letter, that this answers."""
        return self.digest == _digest(question)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a voice was asked to write: an hour or a place. The rest is what it had chosen before.

    `minute` (of the day) and `zone` are None and empty where they stand in the store.
    """

    what: Literal["hour", "place"]
    minute: int | None = None
    zone: str = ""


Ask = Literal["question", "setting", "tap"]
"""What is counted: questions; settings that are written; taps on settings, of which a change takes
several."""


class Allowance(Enum):
    """Whether a question may be answered: yes; no, and say so; no, and stay quiet."""

    YES = "yes"
    NOTICE = "notice"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class _Asked:
    thread: int | None
    sender: int | None
    message: int
    text: str


@dataclass(slots=True)
class _Rate:
    times: deque[dt.datetime] = field(default_factory=deque)
    noticed: dt.datetime | None = None


@dataclass(slots=True)
class _Chat:
    used: dt.datetime
    asked: deque[_Asked] = field(default_factory=lambda: deque(maxlen=ASKED))
    shown: OrderedDict[str, None] = field(default_factory=OrderedDict)
    answers: OrderedDict[int, Answer] = field(default_factory=OrderedDict)
    rates: OrderedDict[tuple[int | None, Ask], _Rate] = field(default_factory=OrderedDict)
    expected: OrderedDict[Voice, tuple[dt.datetime, Expected]] = field(default_factory=OrderedDict)


class Memory:
    """What the bot remembers of its chats; the one quiet for longest is forgotten first."""

    def __init__(
        self,
        *,
        chats: int,
        lasts: dt.timedelta,
        questions: int,
        window: dt.timedelta,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._most = chats
        self._lasts = lasts
        self._questions = questions
        self._window = window
        self._clock = clock
        self._chats: OrderedDict[int, _Chat] = OrderedDict()

    def __len__(self) -> int:
        return len(self._chats)

    def allow(self, voice: Voice, at: dt.datetime, ask: Ask = "question") -> Allowance:
        """Whether what *voice* asks *at* that time is answered; it counts only if it is.

        The notice comes at most once per window, however long somebody goes on. Each kind of *ask*
        is counted by itself.
        """
        rates = self._chat(voice.chat).rates
        rate = rates.setdefault((voice.sender, ask), _Rate())
        rates.move_to_end((voice.sender, ask))
        _trim(rates, SENDERS)
        while rate.times and at - rate.times[0] >= self._window:
            rate.times.popleft()
        if len(rate.times) < self._questions * (TAPS if ask == "tap" else 1):
            rate.times.append(at)
            return Allowance.YES
        if rate.noticed is not None and at - rate.noticed < self._window:
            return Allowance.QUIET
        rate.noticed = at
        return Allowance.NOTICE

    def asked(self, voice: Voice, message: int, text: str) -> None:
        """Nothing; *text* is what *voice* asked in *message*, in place of what stood there."""
        chat = self._chat(voice.chat)
        entry = _Asked(voice.thread, voice.sender, message, text)
        for place, earlier in enumerate(chat.asked):
            if (earlier.message, earlier.sender) == (message, voice.sender):
                chat.asked[place] = entry
                return
        chat.asked.append(entry)

    def context(self, voice: Voice, before: int | None = None) -> tuple[str, ...]:
        """The last questions of *voice*, newest last; with *before*, those asked earlier."""
        found: list[str] = []
        for entry in self._chat(voice.chat).asked:
            if entry.message == before:
                break
            if (entry.thread, entry.sender) == (voice.thread, voice.sender):
                found.append(entry.text)
        return tuple(found[-CONTEXT:])

    def show(self, chat: int, pair: str) -> None:
        """Nothing; *chat* has seen *pair*."""
        shown = self._chat(chat).shown
        shown[pair] = None
        shown.move_to_end(pair)
        _trim(shown, SHOWN)

    def shown(self, chat: int) -> frozenset[str]:
        """The ids of the pairs that *chat* has seen lately."""
        return frozenset(self._chat(chat).shown)

    def answered(self, chat: int, message: int, answer: Answer) -> None:
        """Nothing; *answer* belongs to *message* from now on."""
        answers = self._chat(chat).answers
        answers[message] = answer
        answers.move_to_end(message)
        _trim(answers, ANSWERS)

    def answer(self, chat: int, message: int) -> Answer | None:
        """What answered *message*; None if it is not remembered."""
        return self._chat(chat).answers.get(message)

    def expect(self, voice: Voice, what: Expected) -> None:
        """Nothing; what *voice* writes next may be *what*."""
        expected = self._chat(voice.chat).expected
        expected[voice] = (self._clock(), what)
        expected.move_to_end(voice)
        _trim(expected, SENDERS)

    def expected(self, voice: Voice) -> Expected | None:
        """What *voice* was asked to write lately; None if nothing is waited for."""
        at, what = self._chat(voice.chat).expected.get(voice, (None, None))
        return what if at is not None and self._clock() - at < PATIENCE else None

    def met(self, voice: Voice) -> None:
        """Nothing; nothing more is expected of *voice*."""
        self._chat(voice.chat).expected.pop(voice, None)

    def forget(self, chat: int) -> None:
        """Nothing; nothing of *chat* is remembered."""
        self._chats.pop(chat, None)

    def _chat(self, chat: int) -> _Chat:
        now = self._clock()
        for stale in list(self._chats):
            if now - self._chats[stale].used < self._lasts:
                break
            del self._chats[stale]
        found = self._chats.setdefault(chat, _Chat(now))
        found.used = now
        self._chats.move_to_end(chat)
        _trim(self._chats, self._most)
        return found


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _trim(entries: OrderedDict[Any, Any], most: int) -> None:
    while len(entries) > most:
        entries.popitem(last=False)
