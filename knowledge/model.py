"""The words of the house as frozen values: what a briefing holds and what a question can come to.

Nothing here reads a file, matches a text or formats a sentence. Values cannot be built wrong:
what a constructor lets through is fit for buttons, links and citations.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

MAX_ANSWER = 500
"""Characters an answer may have: what a phone shows without scrolling."""
MAX_CITATIONS = 5
"""Citations an answer may have."""
BETWEEN_PARTS = "\n\n"
"""What stands between the answers to two questions of one message."""
MAX_CHOICES = 6
"""Choices that an ambiguous question may be offered."""
MAX_ID = 32
"""Characters in the id of a pair, entity, claim or gap. With MAX_BRIEFING_ID and two
separators it fits a deep link's 64 characters and a button's 64 bytes (Bot API)."""
MAX_BRIEFING_ID = 26
"""Characters in a briefing's id: a date, a hyphen and up to 15 characters."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YES_OR_NO = re.compile(r"^(?:Yes|No)[.,:;]\s+(?=\S)")
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


class MissKind(StrEnum):
    """Why a question is left unanswered."""

    NOT_IN_BRIEFING = "not-in-briefing"
    AFTER_ITS_DATE = "after-its-date"
    OPINION = "opinion"
    PREDICTION = "prediction"
    TOO_VAGUE = "too-vague"
    NO_SUCH_BRIEFING = "no-such-briefing"


class CorrectionKind(StrEnum):
    """What a correction mends; readers are told of all but a typo."""

    CORRECTION = "correction"
    TYPO = "typo"
    RETRACTION = "retraction"


class Opening(StrEnum):
    """The word that the answer to a yes/no question opens with."""

    YES = "yes"
    NO = "no"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What answers one reading of an ambiguous question: `says` and `cites` of a judgement."""

    says: tuple[tuple[str, ...], ...] = ()
    cites: tuple[SentenceRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A question and what is right to make of it; `context` are the questions before it.

    `answer` are ids of items that answer it; `choices` of items to be offered, one of which may
    be the answer; `miss` is why it is left unanswered, or, with what answers, may be; `smalltalk`
    is a topic's id or `any`. An answer is right as well by what it holds: one alternative of each
    group in `says`, one sentence of `cites` and a third of what it cites from there, all of
    `cites_all`, and `opens` as its first word. Each of `readings` may be offered, or be the
    answer. At least one of all these but `opens` is set.
    """

    kind: str
    question: str
    context: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    miss: MissKind | None = None
    smalltalk: str = ""
    says: tuple[tuple[str, ...], ...] = ()
    cites: tuple[SentenceRef, ...] = ()
    cites_all: tuple[SentenceRef, ...] = ()
    opens: Opening | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many questions came out right, half (the answer was among choices), missed, wrong."""

    right: int
    half: int
    missed: int
    wrong: int

    def __post_init__(self) -> None:
        if min(self.right, self.half, self.missed, self.wrong) < 0:
            raise ValueError(f"counts are not negative: {self}")

    @property
    def count(self) -> int:
        """All of them."""
        return self.right + self.half + self.missed + self.wrong

    def share(self, number: int) -> float:
        """*number* as a part of them, 0 to 1; 0 where there are none."""
        return number / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How a briefing did on its own judgements, asked by itself.

    `meaning` is whether the semantic extra was in use. `known` are the judgements that the
    briefing answers, `open` those that it does not; `false_answers` are how many of `open` got a
    direct answer that is not right. `thresholds` are those of the policy, as `name value`.
    """

    meaning: bool
    known: Tally
    open: Tally
    false_answers: int
    thresholds: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.false_answers <= self.open.wrong:
            raise ValueError(f"{self.false_answers} false answers of {self.open.wrong} wrong ones")

    @property
    def judgements(self) -> int:
        """How many questions it was measured on."""
        return self.known.count + self.open.count

    @property
    def unserved(self) -> int:
        """How many of `known` got neither a right answer nor a choice that has it."""
        return self.known.missed + self.known.wrong

    @property
    def false_rate(self) -> float:
        """The share of `open` that got a false answer, 0 to 1."""
        return self.open.share(self.false_answers)

    @property
    def miss_rate(self) -> float:
        """The share of `known` that got no right answer, 0 to 1; halves are no part of it."""
        return self.known.share(self.unserved)


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


def label_of(item: Item) -> str:
    """How *item* is offered as a choice: a pair's first phrasing, a name, or a statement."""
    match item:
        case QAPair():
            return item.phrasings[0]
        case Entity():
            return item.name
        case Claim():
            return item.statement


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


def items(briefing: Briefing) -> Iterator[Item]:
    """All that can be an answer in *briefing*: pairs, then entities, then claims."""
    yield from briefing.pairs
    yield from briefing.entities
    yield from briefing.claims
