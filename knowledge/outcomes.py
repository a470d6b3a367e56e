"""What a question can come to: Answered, Ambiguous, Unanswered or Smalltalk, and why it is missed.

Values only, built of those of the store in model.py, with the text and the citations that a reader
gets of an item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import AnyCitation, Citation, Gap, Item, QAPair, SmalltalkTopic, text_of

BETWEEN_PARTS = "\n\n"
"""What stands between the answers to two questions of one message."""
MAX_CHOICES = 6
"""Choices that an ambiguous question may be offered."""

_YES_OR_NO = re.compile(r"^(?:Yes|No)[.,:;]\s+(?=\S)")


class MissKind(StrEnum):
    """Why a question is left unanswered."""

    NOT_IN_BRIEFING = "not-in-briefing"
    AFTER_ITS_DATE = "after-its-date"
    OPINION = "opinion"
    PREDICTION = "prediction"
    TOO_VAGUE = "too-vague"
    NO_SUCH_BRIEFING = "no-such-briefing"


def without_yes_or_no(answer: str) -> str:
    """*answer* without the Yes or No that it opens with; its next word as it stands."""
    return _YES_OR_NO.sub("", answer, count=1)


def without_yes(answer: str) -> str:
    """*answer* without the Yes that it opens with; a No stays, since it denies what was asked."""
    return without_opening(answer) if answer.startswith("Yes") else answer


def without_opening(answer: str) -> str:
    """*answer* without the Yes or No that it opens with, its next word with a capital."""
    rest = without_yes_or_no(answer)
    return rest[:1].upper() + rest[1:]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of an item: its text up to the end of a sentence, and what that stands on."""

    item: Item
    text: str
    citations: tuple[AnyCitation, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing of the item's text is left out."""
        return self.text == text_of(self.item)


def whole(item: Item) -> Excerpt:
    """All of *item*."""
    return Excerpt(item, text_of(item), item.citations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The store has it. `entities` are ids (of `item.briefing`) that the answer names.

    `parts`, of one briefing and the first of `item`, answer one each of the questions of a message;
    there are none where `item` alone answers.
    `confidence` is 0 to 1. `related` are pairs on the same subject, nearest first.
    `others` are further readings of the question, worth offering; often empty.
    `older` are items of older briefings that say otherwise, newest first; no part of the answer.
    With `otherwise` the question takes for given what `item` contradicts: there are no parts.
    With `unasked` the item opens with a Yes to something else than what is asked: it goes. With
    `turned` that is another side of it, so that a No goes, too.
    `taken` are names spelled far off, as written, with the name of the entity they are taken for.
    `left` are questions of the message, as written, to which nothing here is an answer.
    """

    item: Item
    parts: tuple[Excerpt, ...] = ()
    confidence: float
    entities: tuple[str, ...] = ()
    related: tuple[QAPair, ...] = ()
    others: tuple[Item, ...] = ()
    older: tuple[Item, ...] = ()
    otherwise: bool = False
    unasked: bool = False
    turned: bool = False
    taken: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.parts and (len(self.parts) < 2 or self.parts[0].item != self.item):
            raise ValueError("two parts or more, the first of the item itself; or none")
        if self.parts and self.otherwise:
            raise ValueError("what says otherwise has no parts")

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that answer, one for each question."""
        return tuple(part.item for part in self.parts) or (self.item,)

    @property
    def texts(self) -> tuple[str, ...]:
        """What a reader reads, a paragraph for each question; no Yes or No but one asked for."""
        if self.parts:
            return tuple(part.text for part in self.parts)
        text = text_of(self.item)
        if self.otherwise:
            return (without_yes_or_no(text),)
        if self.turned:
            return (without_opening(text),)
        return (without_yes(text) if self.unasked else text,)

    @property
    def text(self) -> str:
        """The paragraphs in one; at most MAX_ANSWER characters."""
        return BETWEEN_PARTS.join(self.texts)

    @property
    def citations(self) -> tuple[AnyCitation, ...]:
        """What the text stands on, each once; at most MAX_CITATIONS."""
        parts = self.parts or (whole(self.item),)
        return tuple(dict.fromkeys(c for part in parts for c in part.citations))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """The question fits 2 to MAX_CHOICES items, likeliest first."""

    choices: tuple[Item, ...]
    confidence: float
    entities: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 2 <= len(self.choices) <= MAX_CHOICES:
            raise ValueError(f"2 to {MAX_CHOICES} choices, not {len(self.choices)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """The store does not have it: why, the nearest passages, and a curated gap if it is known.

    `briefing` is the id of the briefing that was asked; `related` are pairs worth offering.
    With `everywhere` several were asked, of which `briefing` is the newest, and none says it.
    """

    miss: MissKind
    briefing: str
    nearest: tuple[Citation, ...] = ()
    gap: Gap | None = None
    related: tuple[QAPair, ...] = ()
    confidence: float
    entities: tuple[str, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Smalltalk:
    """A greeting, thanks and the like."""

    topic: SmalltalkTopic
    confidence: float


Outcome = Answered | Ambiguous | Unanswered | Smalltalk
"""A closed union: match it exhaustively."""
