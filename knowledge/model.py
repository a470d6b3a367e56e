"""The words of the house as frozen values: the parts of an article, and of the store beside it.

Nothing here reads a file, matches a text or formats a sentence. Values cannot be built wrong:
what a constructor lets through is fit for buttons, links and citations. It is long because a
briefing holds all of them; what a question comes to is in outcomes.py.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from knowledge.tally import Measured

MAX_ANSWER = 500
"""Characters an answer may have: what a phone shows without scrolling."""
MAX_CITATIONS = 5
"""Citations an answer may have."""
MAX_ID = 32
"""Characters in the id of a pair, entity, claim or gap. With MAX_BRIEFING_ID and two
separators it fits a deep link's 64 characters and a button's 64 bytes (Bot API)."""
MAX_BRIEFING_ID = 26
"""Characters in a briefing's id: a date, a hyphen and up to 15 characters."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REF = re.compile(r"p([1-9]\d{0,3})s([1-9]\d{0,3})")


def is_id(text: str, longest: int = MAX_ID) -> bool:
    """Whether *text* is lower-case words of ASCII letters and digits joined by single hyphens."""
    return len(text) <= longest and _ID.fullmatch(text) is not None


class QuestionKind(StrEnum):
    """The kind of thing asked; a `whether` answer opens with Yes or No."""

    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how-many"
    HOW = "how"
    WHY = "why"
    WHICH = "which"
    WHETHER = "whether"
    LIST = "list"


class EntityType(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    ARMED_GROUP = "armed-group"
    PLACE = "place"
    EVENT = "event"
    DOCUMENT = "document"
    OFFICE = "office"


class Precision(StrEnum):
    """How exact a date is; the date's own form has as many parts."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class CorrectionKind(StrEnum):
    """What a correction mends; readers are told of all but a typo."""

    CORRECTION = "correction"
    TYPO = "typo"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True, order=True)
class SentenceRef:
    """Where a sentence stands: paragraph and sentence, both from 1. Written `p1s2`."""

    paragraph: int
    sentence: int

    def __post_init__(self) -> None:
        if self.paragraph < 1 or self.sentence < 1:
            raise ValueError(f"paragraph and sentence count from 1: {self}")

    def __str__(self) -> str:
        return f"p{self.paragraph}s{self.sentence}"

    @classmethod
    def parse(cls, text: str) -> SentenceRef:
        """The reference that *text* (`p1s2`) stands for; ValueError where it is no reference."""
        match = _REF.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a sentence: write p1s2 for paragraph 1, sentence 2")
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing that can be cited."""

    ref: SentenceRef
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the article; its sentences in order, numbered from 1."""

    number: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What is known about the article itself. `original` is empty where it was not republished."""

    headline: str
    author: str
    publisher: str
    published: dt.date
    source_url: str
    licence: str
    language: str
    period: str
    time_zone: str
    original: str = ""

    def text(self, name: str) -> str | None:
        """The field *name* as a reader sees it, a date as `29 August 2017`; None if unknown."""
        if name not in self.__slots__:
            return None
        value = getattr(self, name)
        if isinstance(value, dt.date):
            return f"{value.day} {value:%B %Y}"
        return str(value)


@dataclass(frozen=True)
class Article:
    """The source text, by paragraph and sentence."""

    front: FrontMatter
    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def sentences(self) -> Mapping[SentenceRef, Sentence]:
        """Every sentence by its reference, in the order of the text."""
        return {s.ref: s for p in self.paragraphs for s in p.sentences}


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote, letter for letter, within one sentence of a briefing's article."""

    briefing: str
    ref: SentenceRef
    quote: str


@dataclass(frozen=True, slots=True)
class FieldCitation:
    """A field of a briefing's front matter, for answers about the briefing itself."""

    briefing: str
    field: str
    quote: str


AnyCitation = Citation | FieldCitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point on an entity's timeline: `date` is ISO, cut to its precision (`2016-12`)."""

    date: str
    precision: Precision
    sentence: SentenceRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Somebody or something that the article names.

    `citations` carry the description; `sentences` are all places where it occurs, by name,
    title or pronoun. `aliases` are its other surface forms, in any script, without `name`.
    """

    briefing: str
    id: str
    type: EntityType
    name: str
    description: str
    citations: tuple[AnyCitation, ...]
    sentences: tuple[SentenceRef, ...]
    aliases: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement that somebody makes: `claimant` is an entity's id, `statement` names them.

    `conflicts` are ids of claims of the same briefing that do not agree with this one.
    """

    briefing: str
    id: str
    claimant: str
    verb: str
    statement: str
    citations: tuple[AnyCitation, ...]
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A figure or name in an answer that stands in no cited sentence, and why it is right."""

    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QAPair:
    """One curated answer and the ways in which readers ask for it; the first is its label."""

    briefing: str
    id: str
    kind: QuestionKind
    phrasings: tuple[str, ...]
    answer: str
    citations: tuple[AnyCitation, ...]
    derived: tuple[Derived, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something readers ask that the briefing is known not to say; `statement` says so."""

    briefing: str
    id: str
    phrasings: tuple[str, ...]
    statement: str
    nearest: tuple[SentenceRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A main point of a briefing; `disputed` where sources do not agree on it."""

    id: str
    text: str
    citations: tuple[AnyCitation, ...]
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A change of a point that readers have: `was` is words of it, `now` what stands there instead.

    `point` is its id. A retraction takes the point out; its `now` is empty.
    """

    point: str
    was: str
    now: str
    reason: str
    kind: CorrectionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SmalltalkTopic:
    """A friendly exchange that needs no briefing."""

    id: str
    phrasings: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Briefing:
    """One dated article with its curated store. `id` is the folder's name.

    `ambiguous` maps an alias that several entities share on purpose to their ids.
    `vocabulary` holds groups of words that mean the same in this briefing.
    `suggested` are the ids of the pairs offered with the main points.
    `measured` holds what was measured of it as it is now, at most once for each mode.
    `corrections` are the changes of its points since readers got them, oldest first.
    """

    id: str
    article: Article
    entities: tuple[Entity, ...] = ()
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    pairs: tuple[QAPair, ...] = ()
    gaps: tuple[Gap, ...] = ()
    points: tuple[Point, ...] = ()
    suggested: tuple[str, ...] = ()
    vocabulary: tuple[tuple[str, ...], ...] = ()
    measured: tuple[Measured, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @cached_property
    def pair(self) -> Mapping[str, QAPair]:
        """Pairs by id."""
        return {p.id: p for p in self.pairs}

    @cached_property
    def entity(self) -> Mapping[str, Entity]:
        """Entities by id."""
        return {e.id: e for e in self.entities}

    @cached_property
    def claim(self) -> Mapping[str, Claim]:
        """Claims by id."""
        return {c.id: c for c in self.claims}


Item = QAPair | Entity | Claim
"""What can be an answer."""


def text_of(item: Item) -> str:
    """The curated text with which *item* answers; at most MAX_ANSWER characters."""
    match item:
        case QAPair():
            return item.answer
        case Entity():
            return item.description
        case Claim():
            return item.statement


def label_of(item: Item) -> str:
    """How *item* is offered as a choice: a pair's first phrasing, a name, or a statement."""
    match item:
        case QAPair():
            return item.phrasings[0]
        case Entity():
            return item.name
        case Claim():
            return item.statement


def items(briefing: Briefing) -> Iterator[Item]:
    """All that can be an answer in *briefing*: pairs, then entities, then claims."""
    yield from briefing.pairs
    yield from briefing.entities
    yield from briefing.claims
