"""Corrections: what an editor declares of a point that readers have, checked against the point.

A pushed text changes by declared entries alone: the text that readers have, with the entries
since applied in their order, is the text of today. Pure; files are read in load.py and folder.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.draft import Draft, Placed
from knowledge.model import MAX_ANSWER, Correction, CorrectionKind
from knowledge.problems import Problem, meant
from knowledge.records import Record

KEYS = ("point", "was", "now", "reason", "kind")
MAX_REASON = 300
"""Characters a reason may have: it stands in the notice that readers get."""
_MOST_READINGS = 64
"""Texts that a text with a repeated word may have come from, beyond which nobody looks."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What readers have: the texts of points by id, and the entries that have gone into them.

    A point that was retracted is no longer among them.
    """

    points: Mapping[str, str]
    entries: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a briefing cannot take the place of what was pushed: in an entry, or in a point.

    `entry` is its place among today's entries; None where the fault lies in `point`.
    """

    message: str
    entry: int | None = None
    point: str = ""


def read(record: Record) -> Placed[Correction]:
    """The correction of *record*."""
    kind = record.choice("kind", CorrectionKind, CorrectionKind.CORRECTION)
    retracts = kind is CorrectionKind.RETRACTION
    value = Correction(
        point=record.text("point"),
        was=record.text("was", longest=MAX_ANSWER),
        now=record.text("now", longest=MAX_ANSWER, optional=retracts, blank=retracts),
        reason=record.text("reason", longest=MAX_REASON),
        kind=kind,
    )
    if retracts and value.now:
        record.note("now", "a retraction takes the point out: leave 'now' empty")
    elif value.was and value.was == value.now:
        record.note("now", "'was' and 'now' are the same: write what was changed")
    return record.place(value)


def problems(entries: Sequence[Placed[Correction]], draft: Draft) -> Iterator[Problem]:
    """What *entries* say of the points of *draft* that cannot be so, whatever was pushed."""
    points = {placed.value.id: placed.value.text for placed in draft.points}
    for id_ in dict.fromkeys(e.value.point for e in entries if e.value.point):
        own = [entry for entry in entries if entry.value.point == id_]
        yield from _of_point(id_, own, points, unread="briefing.yaml" in draft.unread)


def _of_point(
    id_: str, entries: Sequence[Placed[Correction]], points: Mapping[str, str], *, unread: bool
) -> Iterator[Problem]:
    """What is wrong with the *entries* of the point with that id."""
    retracted = [n for n, e in enumerate(entries) if _retracts(e.value)]
    if retracted:
        entry = entries[retracted[0]]
        if id_ in points:
            message = f"point {id_!r} is retracted, and stands in briefing.yaml: take it out there"
            yield Problem(entry.file, entry.line("point"), message)
        for later in entries[retracted[0] + 1 :]:
            message = f"point {id_!r} is retracted before (line {entry.line()}): take this out"
            yield Problem(later.file, later.line("point"), message)
    elif id_ not in points:
        if not unread:
            entry = entries[0]
            hint = meant(id_, points) or ": use the id of one, or retract it"
            message = f"briefing.yaml has no point {id_!r}{hint}"
            yield Problem(entry.file, entry.line("point"), message)
    else:
        yield from _against_today(id_, entries, points[id_])


def _against_today(id_: str, entries: Sequence[Placed[Correction]], text: str) -> Iterator[Problem]:
    """The newest of *entries* that *text*, the point's today, cannot have come out of."""
    before = {text}
    for entry in reversed(entries):
        if not entry.value.was or not entry.value.now:
            return
        before = {earlier for later in before for earlier in _undone(later, entry.value)}
        if not before:
            message = f"point {id_!r} does not say {entry.value.now!r} where it said "
            message += f"{entry.value.was!r}: make 'now' the very words that stand there"
            yield Problem(entry.file, entry.line("now"), message)
            return
        before = set(sorted(before)[:_MOST_READINGS])


def _undone(text: str, entry: Correction) -> Iterator[str]:
    """Every text that *entry* makes *text* of."""
    at = text.find(entry.now)
    while at >= 0:
        earlier = text[:at] + entry.was + text[at + len(entry.now) :]
        if earlier.find(entry.was) == at:
            yield earlier
        at = text.find(entry.now, at + 1)


def _retracts(entry: Correction) -> bool:
    return entry.kind is CorrectionKind.RETRACTION


def faults(
    pushed: Pushed, points: Mapping[str, str], entries: Sequence[Correction]
) -> Iterator[Fault]:
    """Why today's *points* and *entries* cannot follow on what was *pushed*; nothing if they can.

    *points* are texts by id. Points that were not pushed may be there; they need no entry.
    """
    known = len(pushed.entries)
    for n, earlier in enumerate(pushed.entries):
        if n >= len(entries) or entries[n] != earlier:
            message = f"the entry on {earlier.point!r} that says {earlier.now!r} was announced to"
            message += f" readers as number {n + 1}: put it back as it was, and add a new one"
            yield Fault(message, entry=n if n < len(entries) else None, point=earlier.point)
            return
    texts = dict(pushed.points)
    for n, entry in enumerate(entries[known:], start=known):
        text = texts.get(entry.point)
        if text is None:
            message = f"readers have no point {entry.point!r}{meant(entry.point, texts)}"
            yield Fault(f"{message or ''}: it needs no entry", entry=n)
        elif entry.was not in text:
            message = f"the text that readers have of {entry.point!r} does not say {entry.was!r}: "
            yield Fault(f"{message}it says {text!r}", entry=n)
            del texts[entry.point]  # one complaint is enough
        elif _retracts(entry):
            del texts[entry.point]
        else:
            texts[entry.point] = text.replace(entry.was, entry.now, 1)
    yield from _of_texts(texts, points)
    gone = {e.point for e in entries if _retracts(e)}
    for id_ in sorted(gone.intersection(points)):
        yield Fault(f"point {id_!r} was retracted: give the new one another id", point=id_)


def _of_texts(texts: Mapping[str, str], points: Mapping[str, str]) -> Iterator[Fault]:
    """Where *points* differ from *texts*, which is what they are to say."""
    for id_, text in texts.items():
        if id_ not in points:
            message = f"point {id_!r} was pushed and is gone: put it back, or retract it in"
            yield Fault(f"{message} corrections.yaml", point=id_)
        elif points[id_] != text:
            message = f"the text of {id_!r} was pushed and is another now: declare what changed in"
            yield Fault(f"{message} corrections.yaml, or put back {text!r}", point=id_)
