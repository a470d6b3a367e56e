"""Several briefings, asked one by one: whose answer counts, and which older one says otherwise.

Pure; what a single briefing makes of a question is decided in choice.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from knowledge.library import Library
from knowledge.model import Claim, EntityType, Item, QAPair, QuestionKind, text_of
from knowledge.numbers import Sort, figures
from knowledge.outcomes import Ambiguous, Answered, MissKind, Outcome, Smalltalk, Unanswered
from knowledge.text import phrasing_key

MOST_OLDER = 2
"""Older answers that are named beside the newest; more than a reader would read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one briefing says to a question, how sure that is (0 to 1), and whether names differ.

    `shared` is true where the outcome asks back because several share the name asked about.
    """

    outcome: Outcome
    confidence: float
    shared: bool = False


def settle(library: Library, said: Sequence[Said], *, margin: float) -> tuple[int, Outcome]:
    """Which of *said*, one a briefing and newest first, counts, and the outcome that comes of it.

    That is the newest that answers, unless an older one is surer by more than *margin* (0 to 1).
    Where none answers, the outcome says so of all.
    """
    best = max((_sureness(s) for s in said), default=0.0)
    if not best:
        return _miss(library, said)
    least = best - margin
    at = next(n for n, s in enumerate(said) if _sureness(s) >= least)
    chosen = said[at].outcome
    for n, newer in enumerate(said[:at]):
        if _same_question(newer.outcome, chosen):
            at, chosen = n, newer.outcome
            break
        known = isinstance(newer.outcome, Unanswered) and newer.outcome.gap is not None
        if known and _sureness(said[at]) < newer.confidence - margin:
            return n, newer.outcome
    if not isinstance(chosen, Answered):
        return at, chosen
    sure = chosen.confidence - margin
    older: list[Item] = []
    for other in said[at + 1 :]:
        if isinstance(other.outcome, Answered):
            told = other.confidence >= sure or _same_question(chosen, other.outcome)
            older += _otherwise(library, chosen, other.outcome, older) if told else ()
    others = dict.fromkeys((*_further(said, at, chosen, sure - 2 * margin), *chosen.others))
    return at, replace(chosen, older=tuple(older[:MOST_OLDER]), others=tuple(others))


def _further(said: Sequence[Said], at: int, chosen: Answered, least: float) -> list[Item]:
    """What may be meant as well: a newer answer nearly as sure, an older one's other parts."""
    found: list[Item] = []
    for n, one in enumerate(said):
        if n == at or not isinstance(one.outcome, Answered):
            continue
        if n < at and one.confidence >= least:
            found.append(one.outcome.item)
        elif n > at and one.outcome.parts and not chosen.parts:
            found += [i for i in one.outcome.items if not _twins(i, chosen.item)][:1]
    return found[:1]


def _sureness(said: Said) -> float:
    """How sure it is that the question is answered or rightly asked back; 0 where it is not."""
    match said.outcome:
        case Answered():
            return said.confidence
        case Ambiguous():
            return 1.0 if said.shared else said.confidence
        case Unanswered() | Smalltalk():
            return 0.0


def _miss(library: Library, said: Sequence[Said]) -> tuple[int, Outcome]:
    """A known gap, else what all make of it, else that none of them says it."""
    for at, one in enumerate(said):
        if isinstance(one.outcome, Unanswered) and one.outcome.gap:
            return at, one.outcome
    misses = [(n, s.outcome) for n, s in enumerate(said) if isinstance(s.outcome, Unanswered)]
    if not misses:
        return 0, said[0].outcome
    in_doubt = [m for m in misses if m[1].miss is MissKind.NOT_IN_BRIEFING]
    at, outcome = max(in_doubt or misses[:1], key=lambda m: said[m[0]].confidence)
    if len(said) > 1 and in_doubt:
        newest = next(b.id for b in library.briefings if b.id in {m.briefing for _, m in misses})
        outcome = replace(outcome, briefing=newest, everywhere=True)
    return at, outcome


def _same_question(one: Outcome, other: Outcome) -> bool:
    """Whether both answer, with items of one id or one phrasing."""
    if not isinstance(one, Answered) or not isinstance(other, Answered):
        return False
    return _twins(one.item, other.item)


def _twins(one: Item, other: Item) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, QAPair) and isinstance(other, QAPair):
        if one.kind is not other.kind:
            return False
        mine = set(map(phrasing_key, one.phrasings))
        return one.id == other.id or not mine.isdisjoint(map(phrasing_key, other.phrasings))
    return one.id == other.id


# Which older answer says otherwise


def _otherwise(
    library: Library, newer: Answered, older: Answered, named: Sequence[Item]
) -> list[Item]:
    """The items of *older* that say otherwise than *newer*, unless one of *named* says the same."""
    single = not newer.parts and not older.parts
    return [
        old
        for new in newer.items
        for old in older.items
        if (single or _twins(new, old))
        and differs(library, new, old)
        and not any(n.id == old.id and not differs(library, n, old) for n in named)
    ]


_NAMES_OF: dict[QuestionKind, frozenset[EntityType]] = {
    kind: types
    for kinds, types in (
        (
            (QuestionKind.WHO,),
            frozenset({EntityType.PERSON, EntityType.ORGANISATION, EntityType.ARMED_GROUP}),
        ),
        ((QuestionKind.WHERE,), frozenset({EntityType.PLACE})),
        (
            (QuestionKind.WHICH, QuestionKind.LIST),
            frozenset(EntityType) - {EntityType.EVENT, EntityType.DOCUMENT, EntityType.OFFICE},
        ),
    )
    for kind in kinds
}
"""Whose names are the answer to a question of a kind; to others names are told by the way."""
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_YEARS = range(1900, 2100)
_YES_OR_NO = re.compile(r"(Yes|No)\b")


def differs(library: Library, one: Item, other: Item) -> bool:
    """Whether two answers to one question cannot both be the whole of it.

    Yes against No, or figures, dates or names of which either has some that the other has not;
    what merely says less, or says it in other words, does not differ. Cards of entities never do.
    """
    if isinstance(one, QAPair) and isinstance(other, QAPair):
        if one.kind is not other.kind:
            return False
        kind = one.kind
    elif isinstance(one, Claim) and isinstance(other, Claim):
        kind = QuestionKind.WHAT
    else:
        return False
    mine, theirs = text_of(one), text_of(other)
    if kind is QuestionKind.WHETHER:
        said = _YES_OR_NO.match(mine), _YES_OR_NO.match(theirs)
        if said[0] and said[1] and said[0][1] != said[1][1]:
            return True
    if kind is QuestionKind.WHEN:
        return _days_differ(mine, theirs)
    if _against(_numbers(mine), _numbers(theirs)):
        return True
    types = _NAMES_OF.get(kind)
    return types is not None and _names_differ(library, one, other, types)


def _against(one: Set[str], other: Set[str]) -> bool:
    """Whether each has something that the other has not."""
    return not (one <= other or other <= one)


def _numbers(text: str) -> frozenset[str]:
    """The numbers in *text*; years and days are none."""
    return frozenset(
        f.value
        for f in figures(text)
        if f.sort is Sort.NUMBER
        and not (f.text == f.value and f.value.isdecimal() and int(f.value) in _YEARS)
    )


def _days_differ(one: str, other: str) -> bool:
    for part in (_days, _months, _years):
        mine, theirs = part(one), part(other)
        if mine and theirs and _against(mine, theirs):
            return True
    return False


def _days(text: str) -> frozenset[str]:
    return frozenset(f.value for f in figures(text) if f.sort is Sort.DATE)


def _months(text: str) -> frozenset[str]:
    """The months that *text* names."""
    return frozenset(month for month in _MONTHS if re.search(rf"\b{month}\b", text))


def _years(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b(?:19|20)\d\d\b", text))


def _names_differ(library: Library, one: Item, other: Item, types: frozenset[EntityType]) -> bool:
    """Whether each text names an entity of *types* that the other does not."""
    mine, theirs = _names(library, one, types), _names(library, other, types)
    lens = library.edition(one.briefing).understanding.lens
    known = {id_: lens.whole(name, nearly=False) for id_, name in theirs.items()}
    same = {known[id_][0] if known[id_] else f"{other.briefing}/{id_}" for id_ in theirs}
    return _against(set(mine), same)


def _names(library: Library, item: Item, types: frozenset[EntityType]) -> dict[str, str]:
    """Names of the entities of *types* that the text of *item* names, by id."""
    edition = library.edition(item.briefing)
    _, mentions = edition.understanding.terms(text_of(item))
    ids = [m.entities[0] for m in mentions if len(m.entities) == 1]
    found = [e for e in map(edition.newest.entity.get, ids) if e is not None]
    return {e.id: e.name for e in found if e.type in types}
