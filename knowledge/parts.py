"""The parts of a briefing, from a record of a content file to a value of the model.

What one record alone shows to be wrong is reported here; what takes two of them, or the
article's text, is the business of the checks.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields

from knowledge.draft import Placed
from knowledge.judgement import Judgement, Opening, Reading
from knowledge.model import (
    MAX_ANSWER,
    MAX_CITATIONS,
    AnyCitation,
    Citation,
    Claim,
    Derived,
    Entity,
    EntityType,
    FieldCitation,
    FrontMatter,
    Gap,
    Moment,
    Point,
    Precision,
    QAPair,
    QuestionKind,
    SmalltalkTopic,
)
from knowledge.outcomes import MissKind
from knowledge.problems import meant
from knowledge.records import Record

MIN_PAIR_PHRASINGS = 6
MIN_GAP_PHRASINGS = 4
MAX_GAP_STATEMENT = 300
"""Characters a gap's statement may have."""

FRONT_KEYS = tuple(field.name for field in fields(FrontMatter))
ENTITY_KEYS = (
    "id",
    "type",
    "name",
    "description",
    "citations",
    "sentences",
    "aliases",
    "timeline",
)
CLAIM_KEYS = ("id", "claimant", "verb", "statement", "citations", "conflicts")
PAIR_KEYS = ("id", "kind", "phrasings", "answer", "citations", "derived")
GAP_KEYS = ("id", "phrasings", "statement", "nearest")
POINT_KEYS = ("id", "text", "disputed", "citations")
TOPIC_KEYS = ("id", "phrasings", "answer")
_WANTED = ("answer", "choices", "says", "cites", "cites_all", "readings", "miss", "smalltalk")
"""What a judgement may want; one of them is needed."""
JUDGEMENT_KEYS = ("kind", "question", "context", *_WANTED, "opens")
READING_KEYS = ("says", "cites")

_DATE_PARTS = {Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}", re.ASCII)
_URL = re.compile(r"https?://[^\s/]+(?:/\S*)?")
_ZONE = re.compile(r"[A-Za-z]+(?:[/_+\-][A-Za-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def front_matter(record: Record) -> FrontMatter | None:
    """What is known about the article, empty where it could not be read; None without its date."""
    texts = {
        name: record.text(name, optional=name == "original")
        for name in FRONT_KEYS
        if name != "published"
    }
    shapes = (
        ("source_url", _URL, "a web address: https://..."),
        ("time_zone", _ZONE, "a zone of the IANA list: Europe/Oslo"),
        ("language", _LANGUAGE, "a language tag: en"),
    )
    for key, shape, example in shapes:
        if texts[key] and not shape.fullmatch(texts[key]):
            record.note(key, f"{key} {texts[key]!r} is not {example}")
    text = record.text("published")
    published = _date(text, 3) if text else None
    if text and published is None:
        record.fail("published", f'published {text!r} is not a date: write "2017-08-29"')
    return FrontMatter(published=published, **texts) if published else None


def entity(record: Record, briefing: str, front: FrontMatter | None) -> Placed[Entity]:
    """The entity of *record*."""
    value = Entity(
        briefing=briefing,
        id=record.id(),
        type=record.choice("type", EntityType, EntityType.EVENT),
        name=record.text("name"),
        description=record.text("description", longest=MAX_ANSWER),
        citations=_citations(record, briefing, front),
        sentences=record.refs("sentences", least=1),
        aliases=record.texts("aliases", least=0, optional=True),
        moments=_moments(record),
    )
    return record.place(value)


def ambiguous(record: Record) -> Placed[tuple[str, tuple[str, ...]]]:
    """An alias shared on purpose, and the ids of those who share it."""
    return record.place((record.text("alias"), record.texts("entities", least=2)))


def claim(record: Record, briefing: str, front: FrontMatter | None) -> Placed[Claim]:
    """The claim of *record*."""
    value = Claim(
        briefing=briefing,
        id=record.id(),
        claimant=record.text("claimant"),
        verb=record.text("verb"),
        statement=record.text("statement", longest=MAX_ANSWER),
        citations=_citations(record, briefing, front),
        conflicts=record.texts("conflicts", least=0, optional=True),
    )
    return record.place(value)


def pair(record: Record, briefing: str, front: FrontMatter | None) -> Placed[QAPair]:
    """The pair of *record*."""
    derived = []
    entries = record.records("derived", "a derived value", ("value", "reason"), optional=True)
    for entry in entries:
        derived.append(Derived(value=entry.text("value"), reason=entry.text("reason")))
        record.broken |= {"derived"} if entry.broken else set()
    if entries:
        record.lines["derived"] = tuple(entry.line for entry in entries)
    value = QAPair(
        briefing=briefing,
        id=record.id(),
        kind=record.choice("kind", QuestionKind, QuestionKind.WHAT),
        phrasings=record.texts("phrasings", least=MIN_PAIR_PHRASINGS),
        answer=record.text("answer", longest=MAX_ANSWER),
        citations=_citations(record, briefing, front),
        derived=tuple(derived),
    )
    return record.place(value)


def gap(record: Record, briefing: str) -> Placed[Gap]:
    """The gap of *record*."""
    value = Gap(
        briefing=briefing,
        id=record.id(),
        phrasings=record.texts("phrasings", least=MIN_GAP_PHRASINGS),
        statement=record.text("statement", longest=MAX_GAP_STATEMENT),
        nearest=record.refs("nearest"),
    )
    return record.place(value)


def point(record: Record, briefing: str, front: FrontMatter | None) -> Placed[Point]:
    """The main point of *record*."""
    disputed = record.text("disputed")
    if disputed not in ("", "yes", "no"):
        record.fail("disputed", f'disputed is "yes" or "no", not {disputed!r}')
    value = Point(
        id=record.id(),
        text=record.text("text", longest=MAX_ANSWER),
        citations=_citations(record, briefing, front),
        disputed=disputed == "yes",
    )
    return record.place(value)


def topic(record: Record) -> Placed[SmalltalkTopic]:
    """The friendly exchange of *record*."""
    value = SmalltalkTopic(
        id=record.id(),
        phrasings=record.texts("phrasings"),
        answer=record.text("answer", longest=MAX_ANSWER),
    )
    return record.place(value)


def judgement(record: Record) -> Placed[Judgement]:
    """The judgement of *record*."""
    value = Judgement(
        kind=record.text("kind"),
        question=record.text("question"),
        context=record.texts("context", optional=True),
        answer=record.texts("answer", optional=True),
        choices=record.texts("choices", optional=True),
        miss=record.choice("miss", MissKind, MissKind.TOO_VAGUE) if record.has("miss") else None,
        smalltalk=record.text("smalltalk", optional=True),
        says=record.groups("says"),
        cites=record.refs("cites", least=1, optional=True),
        cites_all=record.refs("cites_all", least=1, optional=True),
        opens=record.choice("opens", Opening, Opening.YES) if record.has("opens") else None,
        readings=_readings(record),
    )
    if not any(record.has(key) for key in _WANTED):
        record.fail("", f"a judgement needs one of {', '.join(map(repr, _WANTED))}")
    if record.has("opens") and not any(record.has(key) for key in ("says", "cites", "cites_all")):
        record.note("opens", "'opens' needs 'says', 'cites' or 'cites_all' beside it")
    return record.place(value)


def _readings(record: Record) -> tuple[Reading, ...]:
    """The readings of the judgement *record*, if it has any."""
    entries = record.records("readings", "a reading", READING_KEYS, least=1, optional=True)
    found = []
    for entry in entries:
        if not any(entry.has(key) for key in READING_KEYS):
            entry.fail("", "a reading needs 'says' or 'cites'")
        cites = entry.refs("cites", least=1, optional=True)
        found.append(Reading(says=entry.groups("says"), cites=cites))
        record.broken |= {"readings"} if entry.broken else set()
    if entries:
        record.lines["readings"] = tuple(entry.line for entry in entries)
    return tuple(found)


def _citations(record: Record, briefing: str, front: FrontMatter | None) -> tuple[AnyCitation, ...]:
    """What *record* cites. The lines of the quotes go under `quotes`, in the same order."""
    found: list[AnyCitation] = []
    lines, quotes = [], []
    known = ("sentence", "quote", "field")
    for entry in record.records("citations", "a citation", known, least=1, most=MAX_CITATIONS):
        citation = _citation(entry, briefing, front)
        if citation is None:
            record.broken.add("citations")
            continue
        found.append(citation)
        lines.append(entry.line)
        quotes.append(entry.lines.get("quote", entry.lines[""])[0])
    if found:
        record.lines |= {"citations": tuple(lines), "quotes": tuple(quotes)}
    return tuple(found)


def _citation(record: Record, briefing: str, front: FrontMatter | None) -> AnyCitation | None:
    if record.has("field"):
        if record.has("sentence") or record.has("quote"):
            record.fail("field", "a citation has a field alone, or a sentence with its quote")
        name = record.text("field")
        if name and name not in FRONT_KEYS:
            hint = meant(name, FRONT_KEYS) or f"; known are {', '.join(FRONT_KEYS)}"
            record.fail("field", f"the front matter has no field {name!r}{hint}")
        if record.broken:
            return None
        quote = front.text(name) if front else ""
        if front and not quote:
            record.fail("field", f"the front matter's {name!r} is empty: there is nothing to cite")
            return None
        return FieldCitation(briefing=briefing, field=name, quote=quote or "")
    ref = record.as_ref("sentence", record.text("sentence"), record.line)
    quote = record.text("quote")
    if ref is None or not quote:
        return None
    return Citation(briefing=briefing, ref=ref, quote=quote)


def _moments(record: Record) -> tuple[Moment, ...]:
    found, lines = [], []
    keys = ("date", "precision", "sentence")
    for entry in record.records("timeline", "a moment of a timeline", keys, optional=True):
        date = entry.text("date")
        precision = entry.choice("precision", Precision, Precision.DAY)
        ref = entry.as_ref("sentence", entry.text("sentence"), entry.line)
        if date and "precision" not in entry.broken and not _date(date, _DATE_PARTS[precision]):
            form = "-".join(("2017", "08", "29")[: _DATE_PARTS[precision]])
            entry.fail("date", f'date {date!r} is not a {precision}: write it like "{form}"')
        if ref is None or entry.broken:
            record.broken.add("timeline")
            continue
        found.append(Moment(date=date, precision=precision, sentence=ref))
        lines.append(entry.line)
    if found:
        record.lines["timeline"] = tuple(lines)
    return tuple(found)


def _date(text: str, parts: int) -> dt.date | None:
    """The date that *text* begins with *parts* numbers of; None if it is none."""
    if not _DATE.fullmatch(text) or text.count("-") + 1 != parts:
        return None
    try:
        return dt.date.fromisoformat(text + "-01" * (3 - parts))
    except ValueError:
        return None
