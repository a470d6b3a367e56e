"""Which stored phrasings would not find their own pair or gap if they were not stored.

Pure: each phrasing is asked with itself left out. What another target takes then was kept where
it belongs by nothing but itself, and so is what a reader asks in nearly the same words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.answer import rank
from knowledge.documents import Target
from knowledge.library import Library
from knowledge.model import Gap, QAPair


@dataclass(frozen=True, slots=True)
class Stored:
    """A phrasing and the pair or gap that it leads to."""

    target: QAPair | Gap
    phrasing: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a phrasing came nearest to without itself; `found` is None where nothing came."""

    stored: Stored
    found: Target | None

    @property
    def own(self) -> bool:
        """Whether it found its own pair or gap by the others of its phrasings."""
        return self.found is not None and _key(self.found) == _key(self.stored.target)


@dataclass(frozen=True, slots=True)
class Couple:
    """Two ids, in order of name, and the phrasings that one of them takes from the other."""

    ids: tuple[str, str]
    stolen: tuple[Tried, ...]


def stored(library: Library) -> tuple[Stored, ...]:
    """Every phrasing of *library*, in the order of the store."""
    targets: list[QAPair | Gap] = []
    for briefing in library.briefings:
        targets += (*briefing.pairs, *briefing.gaps)
    return tuple(Stored(target, text) for target in targets for text in target.phrasings)


def tried(library: Library, phrasings: Iterable[Stored]) -> Iterator[Tried]:
    """Each of *phrasings* tried on its own briefing, as soon as it is; some milliseconds each."""
    for one in phrasings:
        edition = library.edition(one.target.briefing)
        candidates = rank(edition, one.phrasing, leave_out=one.phrasing)
        yield Tried(one, candidates[0].hit.target if candidates else None)


def of_pairs(found: Iterable[Tried]) -> tuple[Tried, ...]:
    """Those of *found* whose phrasing leads to a pair, in the same order."""
    return tuple(t for t in found if isinstance(t.stored.target, QAPair))


def of_gaps(found: Iterable[Tried]) -> tuple[Tried, ...]:
    """Those of *found* whose phrasing leads to a gap, in the same order."""
    return tuple(t for t in found if isinstance(t.stored.target, Gap))


def share_of_own(found: Sequence[Tried]) -> float:
    """The share of *found* that came to its own pair or gap, 0 to 1; 1 for none."""
    return sum(t.own for t in found) / len(found) if found else 1.0


def couples(found: Iterable[Tried]) -> tuple[Couple, ...]:
    """Those that take from each other, those with the most stolen phrasings first."""
    taken: dict[tuple[tuple[str, str], ...], list[Tried]] = defaultdict(list)
    for one in found:
        if one.found is not None and not one.own:
            taken[tuple(sorted((_key(one.stored.target), _key(one.found))))].append(one)
    ranked = sorted(taken.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Couple((a[1], b[1]), tuple(stolen)) for (a, b), stolen in ranked)


def _key(target: Target) -> tuple[str, str]:
    return target.briefing, target.id
