"""What is known of a question's hits, by name and as numbers; weights.yaml says what each is worth.

Of a hit as an answer, of there being none, and of the hit that won: measured here, weighed in
confidence.py, learned by `make fit`. It is long because all three read the same columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from knowledge.hit import Hit
from knowledge.kinds import fit, kind_of
from knowledge.library import Library
from knowledge.model import Claim, EntityType, Gap, QAPair, QuestionKind, SentenceRef
from knowledge.question import Question
from knowledge.sparse import Bools
from knowledge.veto import is_yes_or_no, odd, strangers_to

_WON_NOTHING = 1e-4
"""A share up to which a hit won nothing; no logit is of less, nor of what is nearer to 1."""
_MOST = 4
"""Up to which terms are counted; more say no more."""

_SORTS = {EntityType.ARMED_GROUP: "organisation", EntityType.OFFICE: "person"}
"""Types of entities of which one is named where another is meant."""

K = QuestionKind
Column = NDArray[np.float64]
"""A number for each hit."""
_TOLD = (
    *("score", "support", "centroid", "coverage", "shared", "focus", "by_meaning"),
    *("alike", "alike_support", "same_kind", "other_kind", "unheard"),
    *("nearness.mean", "nearness.least", "nearness.head", "nearness.apart"),
)
_told = attrgetter(*_TOLD)


class Features:
    """What is known of *hits*, nearest first, as answers to *read*.

    Words that nothing accounts for count where the question is on something that the store knows
    by name or vocabulary; of other questions, the nearest in wording is all that there is.
    ValueError without a hit.
    """

    def __init__(self, library: Library, read: Question, hits: Sequence[Hit]) -> None:
        if not hits:
            raise ValueError("nothing is known of no hits")
        self._library = library
        self._read = read
        self._hits = hits
        self._told: dict[str, Column] = dict(
            zip(_TOLD, np.array([_told(hit) for hit in hits], dtype=np.float64).T, strict=True)
        )
        self._gap = np.array([isinstance(hit.target, Gap) for hit in hits])
        self._yes_or_no = _column([is_yes_or_no(hit.target) for hit in hits])
        self._apart = np.minimum(_MOST, self._told["nearness.apart"])
        self._weights = {term: library.index.weight(term) for term in read.terms}
        self._special = frozenset(filter(_special, read.terms))
        self._heavy = sum(w for t, w in self._weights.items() if t in self._special) or 1.0
        self._named = float(any(t[0] in "@~" for t in read.terms))
        self._sorts_seen: dict[str, str] = {}
        self.odd = [odd(library, read, hit) for hit in hits]
        """By hit the names and numbers that speak against it."""

    def of_hits(self) -> dict[str, Column]:
        """Of the hits as answers."""
        read, hits, told, named = self._read, self._hits, self._told, self._named
        gap, yes_or_no = self._gap.astype(np.float64), self._yes_or_no
        asked, unexplained = self._unasked, self._left(hit.unexplained for hit in hits)
        apart = ([o for o in odd if o[0] != "+" and o not in read.strangers] for odd in self.odd)
        suits, same = self._kinds()
        whether = read.kind is K.WHETHER
        return {
            "score": told["score"],
            "support": told["support"],
            "centroid": told["centroid"],
            "coverage": named * told["coverage"],
            "shared": named * told["shared"],
            "focus": named * told["focus"],
            "special shared": asked.special,
            "special covered": unexplained.special,
            "special unasked": asked.specials,
            "special unexplained": unexplained.specials,
            "special added": _few([sum(map(_special, hit.added)) for hit in hits]),
            "plain unasked": named * asked.plains,
            "plain unexplained": named * unexplained.plains,
            "rarest unasked": named * asked.rarest,
            "rarest unexplained": named * unexplained.rarest,
            "odd": _few([*map(len, apart)]),
            "names unasked": self._names_unasked,
            "names added": self._names(hit.added for hit in hits),
            "kind fits": suits,
            "kind unheard": told["unheard"],
            "gap: kind unheard": gap * told["unheard"],
            "same kind": same,
            "yes or no unasked": yes_or_no * float(not whether and read.kind is not None),
            "wants yes or no": float(whether)
            * (1 - yes_or_no)
            * _column([isinstance(hit.target, QAPair) for hit in hits]),
            "claim": _column([isinstance(hit.target, Claim) for hit in hits]),
            "yes or no": yes_or_no,
            "yes or no: focus": yes_or_no * told["focus"],
            "yes or no: shared": yes_or_no * told["shared"],
            "gap": gap,
            "gap: score": gap * told["score"],
            "gap: support": gap * told["support"],
            "gap: centroid": gap * told["centroid"],
            "gap: coverage": gap * told["coverage"],
            "gap: shared": gap * told["shared"],
            "gap: focus": gap * told["focus"],
            "gap: kind fits": gap * suits,
            "strangers": (1 - gap) * _column([bool(strangers_to(read, hit)) for hit in hits]),
            **self._kinds_and_words(gap),
        }

    def _kinds_and_words(self, gap: Column) -> dict[str, Column]:
        """What is known of the kinds of question and of the single words, again for gaps apart."""
        told = self._told
        known = {
            "swapped": _column([self._swapped(hit.unasked, hit.added) for hit in self._hits]),
            "alike": told["alike"],
            "alike support": told["alike_support"],
            "text of the kind": told["same_kind"],
            "text of another kind": told["other_kind"],
            "words: mean": told["nearness.mean"],
            "words: least": told["nearness.least"],
            "words: head": told["nearness.head"],
            "words: apart": self._apart,
        }
        return known | {f"gap: {name}": gap * column for name, column in known.items()}

    def _left(self, by_hit: Iterable[Sequence[str]]) -> _Left:
        """What those of the terms *by_hit* come to that are asked about."""
        weights = self._weights
        found = []
        for terms in by_hit:
            heavy, count, plain, rarest = 0.0, 0, 0, 0.0
            for term in terms:
                weight = weights.get(term)
                if weight is None:
                    continue
                rarest = max(rarest, weight)
                if term in self._special:
                    heavy, count = heavy + weight, count + 1
                else:
                    plain += 1
            found.append((heavy, count, plain, rarest))
        special, specials, plains, rarest = np.array(found, dtype=np.float64).T
        return _Left(
            special=1 - special / self._heavy,
            specials=np.minimum(_MOST, specials),
            plains=np.minimum(_MOST, plains),
            rarest=rarest,
        )

    @cached_property
    def _unasked(self) -> _Left:
        return self._left(hit.unasked for hit in self._hits)

    def _names(self, by_hit: Iterable[Sequence[str]]) -> Column:
        """How many of the terms *by_hit* are proper names."""
        proper = self._library.understanding.proper
        return _few([len(proper.intersection(terms)) for terms in by_hit])

    @cached_property
    def _names_unasked(self) -> Column:
        return self._names([t for t in h.unasked if t in self._weights] for h in self._hits)

    def _swapped(self, unasked: Sequence[str], added: Sequence[str]) -> bool:
        """Whether the text has a name or number of the same sort in place of one that is asked."""
        sorts = {self._sort(t) for t in unasked if t in self._weights} - {""}
        return bool(sorts) and any(self._sort(t) in sorts for t in added)

    def _sort(self, term: str) -> str:
        """What a name or number is: groups are one sort, so are office and man; else empty."""
        found = self._sorts_seen.get(term)
        if found is None:
            entity = self._library.entity_by_id(term[1:]) if term[0] == "@" else None
            found = "number" if term[0].isdigit() else ""
            if entity is not None:
                found = _SORTS.get(entity.type, entity.type.value)
            self._sorts_seen[term] = found
        return found

    def _kinds(self) -> tuple[Column, Column]:
        """How well what a target answers suits what is asked, and whether it is just that."""
        asked, suits, same = self._read.kind, [], []
        for hit in self._hits:
            target = hit.target
            kind: QuestionKind | None = None
            if isinstance(target, QAPair):
                kind = target.kind
            elif isinstance(target, Gap):
                kind = kind_of(hit.text)
            suits.append(1.0 if kind is None or hit.few else fit(asked, kind))
            same.append(kind is not None and kind is asked)
        return _column(suits), _column(same)

    def of_nothing(self) -> dict[str, float]:
        """Of the question and its best hit, what speaks for or against no answer."""
        read, told = self._read, self._told
        at = int(np.argmax(told["score"]))
        best = self._hits[at]
        unexplained = self._left([best.unexplained])

        def most(name: str, of: Bools) -> float:
            return float(told[name][of].max(initial=0.0))

        answers = ~self._gap
        return {
            "always": 1.0,
            "score": best.score,
            "support": best.support,
            "meaning": most("by_meaning", answers | self._gap),
            "centroid": most("centroid", answers),
            "gap: centroid": most("centroid", self._gap),
            "coverage": best.coverage,
            "shared": best.shared,
            "focus": best.focus,
            "best is a gap": float(self._gap[at]),
            "plain unexplained": float(unexplained.plains[0]),
            "special unasked": float(self._unasked.specials[at]),
            "terms": float(min(8, len(read.terms))),
            "no question word": float(read.kind is None),
            "strangers": float(min(2, len(read.strangers))),
            "other script": float(any(ord(c) > 0x590 for c in read.asking)),
            "words: mean": most("nearness.mean", answers),
            "words: least": most("nearness.least", answers),
            "words: head": most("nearness.head", answers),
            "words: apart": float(self._apart[answers].min(initial=_MOST)),
        }

    def refused(self, shares: Column) -> float:
        """What gaps and nothing won together of *shares*: by hit, and last that of nothing."""
        return float(shares[-1] + shares[:-1][self._gap].sum())

    def of_winners(self, shares: Column) -> dict[str, Column]:
        """Of each hit, what it and others won: *shares* by hit, and last that of nothing."""
        told, yes_or_no = self._told, self._yes_or_no
        own = shares[:-1]
        runner_up, best = np.sort(own)[-2:] if len(own) > 1 else (0.0, 0.0)
        ones = np.ones(len(own))
        wanted = float(self._read.kind not in (K.WHETHER, None))
        return {
            "always": ones,
            "share": _logit(own),
            "siblings": _logit(np.where(own > _WON_NOTHING, own, 0) @ self._together),
            "second": _logit(np.where(own >= best, runner_up, best)),
            "refused": _logit(self.refused(shares) * ones),
            "score": told["score"],
            "coverage": told["coverage"],
            "shared": told["shared"],
            "yes or no": yes_or_no,
            "yes or no unasked": yes_or_no * wanted,
            "alike": told["alike"],
            "of another kind": told["other_kind"],
            "words: mean": told["nearness.mean"],
            "words: least": told["nearness.least"],
            "words: apart": self._apart,
            "names unasked": self._names(hit.unasked for hit in self._hits),
        }

    @cached_property
    def _together(self) -> Column:
        """Which hits cite a sentence that another cites, and each with itself; a gap cites none."""
        places: dict[SentenceRef, int] = {}
        cited = [
            (at, places.setdefault(ref, len(places)))
            for at, hit in enumerate(self._hits)
            if not isinstance(hit.target, Gap)
            for ref in self._library.cited(hit.target)
        ]
        table = np.zeros((len(self._hits), len(places)), dtype=np.float32)
        if cited:
            table[tuple(np.array(cited).T)] = 1
        return np.maximum(table @ table.T > 0, np.eye(len(table)))


@dataclass(frozen=True, slots=True)
class _Left:
    """Of the terms that hits leave open, what they weigh and how many are special or plain."""

    special: Column
    specials: Column
    plains: Column
    rarest: Column


def _special(term: str) -> bool:
    """Whether *term* stands for an entity, a vocabulary group or a number."""
    return term[0] in "@~" or term[0].isdigit()


def _column(values: Sequence[float]) -> Column:
    return np.array(values, dtype=np.float64)


def _few(counts: Sequence[int]) -> Column:
    """*counts*, each _MOST at most."""
    return np.minimum(_MOST, _column(counts))


def _logit(shares: Column) -> Column:
    return np.log(np.maximum(shares, _WON_NOTHING) / np.maximum(1 - shares, _WON_NOTHING))
