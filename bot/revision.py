"""What an edition says in one revision, as it is stored: enough to render it at any later time.

Made of a briefing, or of what readers have and the briefing as it is now. Pure; knows neither
HTML nor the store.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from knowledge import source_link
from knowledge.corrections import Fault, Pushed, faults
from knowledge.model import (
    AnyCitation,
    Briefing,
    Citation,
    Correction,
    CorrectionKind,
    FieldCitation,
    Point,
    label_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a point stands: a sentence, or (with sentence 0) a field of the front matter."""

    paragraph: int
    sentence: int
    field: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A main point. One that was withdrawn keeps the text that it had."""

    id: str
    text: str
    disputed: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A correction, the revision that it came with, and the day on which that was made."""

    point: str
    was: str
    now: str
    reason: str
    kind: CorrectionKind
    revision: int
    on: dt.date

    @property
    def told(self) -> bool:
        """Whether readers are told of it."""
        return self.kind is not CorrectionKind.TYPO

    @property
    def entry(self) -> Correction:
        """What the editor declared."""
        return Correction(
            point=self.point, was=self.was, now=self.now, reason=self.reason, kind=self.kind
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an edition says. Points keep their places for ever: their numbers are in notices.

    `suggested` are ids and labels of questions. `groups` are the ids of the points by message;
    a point that is in none has no message yet.
    """

    briefing: str
    headline: str
    published: dt.date
    publisher: str
    points: tuple[Printed, ...]
    suggested: tuple[tuple[str, str], ...]
    mended: tuple[Mended, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    def withdrawn(self, id_: str) -> Mended | None:
        """What took the point with that id back; None if it stands."""
        retraction = CorrectionKind.RETRACTION
        return next((m for m in self.mended if m.point == id_ and m.kind is retraction), None)

    def standing(self) -> Mapping[str, str]:
        """The texts of the points that stand, by id."""
        return {p.id: p.text for p in self.points if self.withdrawn(p.id) is None}

    def pushed(self) -> Pushed:
        """This, as what a later state of the briefing has to follow on."""
        return Pushed(self.standing(), tuple(m.entry for m in self.mended))


Arrange = Callable[[Revision], Revision]
"""Puts the points that are in no group into one."""


def first(
    briefing: Briefing, on: dt.date, arrange: Arrange, *, number: int, old: Revision | None = None
) -> Revision:
    """What *briefing* says, readers having nothing of it; revision *number*, made *on* that day.

    Corrections that *old* has as well keep their day.
    """
    made = {m.entry: m for m in old.mended} if old else {}
    mended = (made.get(entry) or _mended(entry, number, on) for entry in briefing.corrections)
    points = tuple(_printed(briefing, point) for point in briefing.points)
    return arrange(replace(_head(briefing), points=points, mended=tuple(mended)))


def following(
    old: Revision, briefing: Briefing, on: dt.date, arrange: Arrange, *, number: int
) -> Revision:
    """What *briefing* says to readers who have *old*; equal to it if nothing changed.

    Points keep their places, withdrawn ones too; new ones stand at the end. `unlawful` says
    whether it may be.
    """
    today, head = {p.id: _printed(briefing, p) for p in briefing.points}, _head(briefing)
    entries = briefing.corrections[len(old.mended) :]
    if not entries and all(id_ in briefing.pair for id_, _ in old.suggested):
        head = replace(head, suggested=old.suggested)  # other words are worth no edit
    kept = [today.pop(point.id, point) for point in old.points]
    fresh = tuple(_mended(entry, number, on) for entry in entries)
    made = replace(
        head,
        points=(*kept, *today.values()),
        mended=old.mended + fresh,
        groups=old.groups,
    )
    return arrange(replace(made, suggested=tuple(_still_asked(made, briefing))))


def _still_asked(revision: Revision, briefing: Briefing) -> Iterator[tuple[str, str]]:
    """The suggested questions but those that rest on withdrawn points alone."""
    places: dict[bool, set[tuple[int, int, str]]] = {True: set(), False: set()}
    for point in revision.points:
        withdrawn = revision.withdrawn(point.id) is not None
        places[withdrawn] |= {_spot(place) for place in point.places}
    gone = places[True] - places[False]
    for id_, label in revision.suggested:
        cited = {_spot(_place(briefing, c)) for c in briefing.pair[id_].citations}
        if not cited or not cited <= gone:
            yield id_, label


def _spot(place: Place) -> tuple[int, int, str]:
    return place.paragraph, place.sentence, place.field


def unlawful(old: Revision, briefing: Briefing) -> Iterator[Fault]:
    """Why *briefing* must not take the place of *old*, which readers have; nothing if it may."""
    points = {point.id: point.text for point in briefing.points}
    return faults(old.pushed(), points, briefing.corrections)


def same_story(one: Revision, other: Revision) -> bool:
    """Whether both say the same under whatever name their folder has."""
    return (one.headline, one.published, one.standing()) == (
        other.headline,
        other.published,
        other.standing(),
    )


def day(date: dt.date) -> str:
    """*date* for a reader, as the front matter writes it: 29 August 2017."""
    return f"{date.day} {date:%B %Y}"


def write(revision: Revision) -> str:
    """*revision* as JSON, the same for the same values."""
    return json.dumps(
        asdict(revision), ensure_ascii=False, sort_keys=True, default=dt.date.isoformat
    )


def read(text: str) -> Revision:
    """The revision that `write` made *text* of; ValueError if it is none."""
    try:
        data = json.loads(text)
        return Revision(
            briefing=data["briefing"],
            headline=data["headline"],
            published=dt.date.fromisoformat(data["published"]),
            publisher=data["publisher"],
            points=tuple(_read_point(point) for point in data["points"]),
            suggested=tuple((id_, label) for id_, label in data["suggested"]),
            mended=tuple(_read_mended(entry) for entry in data["mended"]),
            groups=tuple(map(tuple, data["groups"])),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a revision: {error!r}") from error


def for_check(revision: Revision) -> str:
    """What readers have of *revision* as YAML, which `python -m knowledge check` compares."""
    lines = ["# What readers have of this briefing. Written by the bot; do not edit.", "points:"]
    for id_, text in revision.standing().items():
        lines += [f"  - id: {_quoted(id_)}", f"    text: {_quoted(text)}"]
    lines += ["corrections:"] if revision.mended else ["corrections: []"]
    for entry in revision.mended:
        fields = {
            "point": entry.point,
            "was": entry.was,
            "now": entry.now,
            "reason": entry.reason,
            "kind": entry.kind.value,
        }
        written = [f"{key}: {_quoted(value)}" for key, value in fields.items()]
        lines += [f"  - {written[0]}", *(f"    {line}" for line in written[1:])]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _head(briefing: Briefing) -> Revision:
    front = briefing.article.front
    pairs = [briefing.pair[id_] for id_ in briefing.suggested if id_ in briefing.pair]
    return Revision(
        briefing=briefing.id,
        headline=front.headline,
        published=front.published,
        publisher=front.publisher,
        points=(),
        suggested=tuple((pair.id, label_of(pair)) for pair in pairs),
    )


def _printed(briefing: Briefing, point: Point) -> Printed:
    places = dict.fromkeys(_place(briefing, citation) for citation in point.citations)
    return Printed(id=point.id, text=point.text, disputed=point.disputed, places=tuple(places))


def _place(briefing: Briefing, citation: AnyCitation) -> Place:
    url = source_link(briefing, citation)
    match citation:
        case Citation(ref=ref):
            return Place(paragraph=ref.paragraph, sentence=ref.sentence, field="", url=url)
        case FieldCitation(field=field):
            return Place(paragraph=0, sentence=0, field=field, url=url)


def _mended(entry: Correction, revision: int, on: dt.date) -> Mended:
    return Mended(
        point=entry.point,
        was=entry.was,
        now=entry.now,
        reason=entry.reason,
        kind=entry.kind,
        revision=revision,
        on=on,
    )


def _read_point(data: dict[str, object]) -> Printed:
    places = data["places"]
    if not isinstance(places, list):
        raise TypeError("places")
    return Printed(
        id=str(data["id"]),
        text=str(data["text"]),
        disputed=bool(data["disputed"]),
        places=tuple(Place(**place) for place in places),
    )


def _read_mended(data: dict[str, str]) -> Mended:
    return Mended(
        point=data["point"],
        was=data["was"],
        now=data["now"],
        reason=data["reason"],
        kind=CorrectionKind(data["kind"]),
        revision=int(data["revision"]),
        on=dt.date.fromisoformat(data["on"]),
    )
