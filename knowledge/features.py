"""What is known of a question's hits, by name and as numbers; weights.yaml says what each is worth.

Of a hit as an answer, of there being none, and of the hit that won: measured here, weighed in
confidence.py, learned by `make fit`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.hit import Hit
from knowledge.kinds import kind_of
from knowledge.library import Library
from knowledge.model import Claim, EntityType, Gap, QAPair, QuestionKind, SentenceRef
from knowledge.question import Question
from knowledge.veto import is_yes_or_no, odd, strangers_to

_YES_UNASKED = 0.65
"""A Yes or No is no answer to who, when or how many."""
_NO_YES = 0.6
"""Whoever asks whether, wants a Yes or No."""
_FAR = 0.82
_NEAR = 0.95
LEAST = 1e-4
"""A share up to which a hit won nothing."""
_MOST = 4
"""Up to which terms are counted; more say no more."""

_SORTS = {EntityType.ARMED_GROUP: "organisation", EntityType.OFFICE: "person"}
"""Types of entities of which one is named where another is meant."""

K = QuestionKind
_CLOSE = {
    frozenset({K.WHO, K.WHICH}),
    frozenset({K.WHO, K.LIST}),
    frozenset({K.WHICH, K.LIST}),
    frozenset({K.WHICH, K.WHERE}),
    frozenset({K.WHAT, K.WHICH}),
    frozenset({K.WHAT, K.LIST}),
    frozenset({K.WHAT, K.WHY}),
    frozenset({K.WHAT, K.HOW}),
    frozenset({K.WHAT, K.HOW_MANY}),
    frozenset({K.WHY, K.HOW}),
    frozenset({K.WHAT, K.WHO}),
}
"""Kinds that readers use for one another."""


@dataclass(frozen=True, slots=True)
class _Left:
    """Of the terms that a hit leaves open, what they weigh and how many are special or plain."""

    special: float
    specials: float
    plains: float
    rarest: float


class Features:
    """What is known of *hits*, nearest first, as answers to *read*.

    Words that nothing accounts for count where the question is on something that the store knows
    by name or vocabulary; of other questions, the nearest in wording is all that there is.
    """

    def __init__(self, library: Library, read: Question, hits: Sequence[Hit]) -> None:
        self._library = library
        self._read = read
        self._hits = hits
        self._gaps = [isinstance(hit.target, Gap) for hit in hits]
        self._terms = frozenset(read.terms)
        self._weights = {term: library.index.weight(term) for term in read.terms}
        self._heavy = sum(self._weights[t] for t in read.terms if _special(t)) or 1.0
        self._named = float(any(t[0] in "@~" for t in read.terms))
        self._is_proper = library.understanding.is_proper
        self.odd = [odd(library, read, hit) for hit in hits]
        """By hit the names and numbers that speak against it."""

    def of_hits(self) -> list[dict[str, float]]:
        """Of each hit as an answer."""
        return [self._of_hit(at, hit) for at, hit in enumerate(self._hits)]

    def _of_hit(self, at: int, hit: Hit) -> dict[str, float]:
        read, target = self._read, hit.target
        gap, yes_or_no = float(self._gaps[at]), float(is_yes_or_no(target))
        named, score = self._named, hit.score
        unasked = [t for t in hit.unasked if t in self._terms]
        asked, told = self._left(unasked), self._left(hit.unexplained)
        apart = [o for o in self.odd[at] if o[0] != "+" and o not in read.strangers]
        suits, same = self._kind(hit)
        whether = read.kind is K.WHETHER
        return {
            "score": score,
            "support": hit.support,
            "centroid": hit.centroid,
            "coverage": named * hit.coverage,
            "shared": named * hit.shared,
            "focus": named * hit.focus,
            "special shared": asked.special,
            "special covered": told.special,
            "special unasked": asked.specials,
            "special unexplained": told.specials,
            "special added": _few(map(_special, hit.added)),
            "plain unasked": named * asked.plains,
            "plain unexplained": named * told.plains,
            "rarest unasked": named * asked.rarest,
            "rarest unexplained": named * told.rarest,
            "odd": float(min(_MOST, len(apart))),
            "names unasked": _few(map(self._is_proper, unasked)),
            "names added": _few(map(self._is_proper, hit.added)),
            "kind fits": suits,
            "kind unheard": float(hit.unheard),
            "gap: kind unheard": gap * float(hit.unheard),
            "same kind": same,
            "yes or no unasked": yes_or_no * float(not whether and read.kind is not None),
            "wants yes or no": float(whether and isinstance(target, QAPair)) * (1 - yes_or_no),
            "claim": float(isinstance(target, Claim)),
            "yes or no": yes_or_no,
            "yes or no: focus": yes_or_no * hit.focus,
            "yes or no: shared": yes_or_no * hit.shared,
            "gap": gap,
            "gap: score": gap * score,
            "gap: support": gap * hit.support,
            "gap: centroid": gap * hit.centroid,
            "gap: coverage": gap * hit.coverage,
            "gap: shared": gap * hit.shared,
            "gap: focus": gap * hit.focus,
            "gap: kind fits": gap * suits,
            "strangers": (1 - gap) * min(1, len(strangers_to(read, hit))),
            **_kinds_and_words(hit, gap, swapped=_swapped(self._library, unasked, hit.added)),
        }

    def _left(self, terms: Iterable[str]) -> _Left:
        """What those of *terms* come to that are asked about."""
        weights = [(_special(t), self._weights[t]) for t in terms if t in self._terms]
        special = [weight for is_special, weight in weights if is_special]
        return _Left(
            special=1 - sum(special) / self._heavy,
            specials=float(min(_MOST, len(special))),
            plains=float(min(_MOST, len(weights) - len(special))),
            rarest=max((weight for _, weight in weights), default=0.0),
        )

    def _kind(self, hit: Hit) -> tuple[float, float]:
        """How well what the target answers suits what is asked, and whether it is just that."""
        target = hit.target
        kind: QuestionKind | None = None
        if isinstance(target, QAPair):
            kind = target.kind
        elif isinstance(target, Gap):
            kind = kind_of(hit.text)
        asked = self._read.kind
        suits = 1.0 if kind is None or hit.few else fit(asked, kind)
        return suits, float(kind is not None and kind is asked)

    def of_nothing(self) -> dict[str, float]:
        """Of the question and its best hit, what speaks for or against no answer.

        ValueError without a hit.
        """
        read = self._read
        best = max(self._hits, key=lambda h: h.score)
        told = self._left(best.unexplained)
        asked = self._left(best.unasked)
        centroids = [(h.centroid, gap) for h, gap in zip(self._hits, self._gaps, strict=True)]
        near = [h.nearness for h, gap in zip(self._hits, self._gaps, strict=True) if not gap]
        return {
            "always": 1.0,
            "score": best.score,
            "support": best.support,
            "meaning": max(h.by_meaning for h in self._hits),
            "centroid": max((c for c, gap in centroids if not gap), default=0.0),
            "gap: centroid": max((c for c, gap in centroids if gap), default=0.0),
            "coverage": best.coverage,
            "shared": best.shared,
            "focus": best.focus,
            "best is a gap": float(isinstance(best.target, Gap)),
            "plain unexplained": told.plains,
            "special unasked": asked.specials,
            "terms": float(min(8, len(read.terms))),
            "no question word": float(read.kind is None),
            "strangers": float(min(2, len(read.strangers))),
            "other script": float(any(ord(c) > 0x590 for c in read.asking)),
            "words: mean": max((n.mean for n in near), default=0.0),
            "words: least": max((n.least for n in near), default=0.0),
            "words: head": max((n.head for n in near), default=0.0),
            "words: apart": float(min(_MOST, min((n.apart for n in near), default=_MOST))),
        }

    def refused(self, shares: Sequence[float]) -> float:
        """What gaps and nothing won together of *shares*: by hit, and last that of nothing."""
        return shares[-1] + sum(s for s, gap in zip(shares, self._gaps, strict=False) if gap)

    def of_winner(self, shares: Sequence[float], at: int) -> dict[str, float]:
        """Of the hit *at* that place, what it and others won: *shares* by hit, last of nothing."""
        hit = self._hits[at]
        refs = self._refs[at]
        siblings = sum(
            share
            for n, share in enumerate(shares[:-1])
            if share > LEAST and (n == at or not refs.isdisjoint(self._refs[n]))
        )
        runner_up, best = sorted(shares[:-1])[-2:] if len(shares) > 2 else (0.0, 0.0)
        other = runner_up if shares[at] >= best else best
        return {
            "always": 1.0,
            "share": _logit(shares[at]),
            "siblings": _logit(siblings),
            "second": _logit(other),
            "refused": _logit(self.refused(shares)),
            "score": hit.score,
            "coverage": hit.coverage,
            "shared": hit.shared,
            "yes or no": float(is_yes_or_no(hit.target)),
            "yes or no unasked": float(
                is_yes_or_no(hit.target) and self._read.kind not in (K.WHETHER, None)
            ),
            "alike": hit.alike,
            "of another kind": float(hit.other_kind),
            "words: mean": hit.nearness.mean,
            "words: least": hit.nearness.least,
            "words: apart": float(min(_MOST, hit.nearness.apart)),
            "names unasked": _few(map(self._is_proper, hit.unasked)),
        }

    @cached_property
    def _refs(self) -> list[frozenset[SentenceRef]]:
        """By hit the sentences that it cites; a gap cites none."""
        return [
            frozenset() if isinstance(h.target, Gap) else self._library.cited(h.target)
            for h in self._hits
        ]


def _kinds_and_words(hit: Hit, gap: float, *, swapped: bool) -> dict[str, float]:
    """What is known of the kinds of question and of the single words, again for gaps apart."""
    near = hit.nearness
    told = {
        "swapped": float(swapped),
        "alike": hit.alike,
        "alike support": hit.alike_support,
        "text of the kind": float(hit.same_kind),
        "text of another kind": float(hit.other_kind),
        "words: mean": near.mean,
        "words: least": near.least,
        "words: head": near.head,
        "words: apart": float(min(_MOST, near.apart)),
    }
    return told | {f"gap: {name}": gap * value for name, value in told.items()}


def _swapped(library: Library, unasked: Sequence[str], added: Sequence[str]) -> bool:
    """Whether the text has a name or number of the same sort in place of one that is asked."""
    return not _sorts(library, unasked).isdisjoint(_sorts(library, added))


def _sorts(library: Library, terms: Sequence[str]) -> set[str]:
    """What the names and numbers among *terms* are: groups are one sort, so are office and man."""
    entities = (library.entity_by_id(t[1:]) for t in terms if t[0] == "@")
    found = {_SORTS.get(entity.type, entity.type.value) for entity in entities if entity}
    return found | {"number" for t in terms if t[0].isdigit()}


def fit(asked: QuestionKind | None, offered: QuestionKind) -> float:
    """How well a pair of the kind *offered* suits what is asked: 1 is the same kind."""
    if asked is None or asked is offered:
        return 1.0
    if offered is K.WHETHER:
        return _YES_UNASKED
    if asked is K.WHETHER:
        return _NO_YES
    return _NEAR if frozenset({asked, offered}) in _CLOSE else _FAR


def _special(term: str) -> bool:
    """Whether *term* stands for an entity, a vocabulary group or a number."""
    return term[0] in "@~" or term[0].isdigit()


def _few(values: Iterable[bool]) -> float:
    """How many of *values* are true, _MOST at most."""
    return float(min(_MOST, sum(values)))


def _logit(share: float) -> float:
    return math.log(max(share, LEAST) / max(1 - share, LEAST))
