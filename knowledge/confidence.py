"""How sure it is that a hit answers a question, learned from judged questions; it decides nothing.

Two steps, each a sum of a few numbers with weights from weights.yaml: the hits and "nothing of
these" compete for the question, then the winner's share becomes the chance that it is right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from knowledge.hit import Hit
from knowledge.kinds import kind_of
from knowledge.library import Library
from knowledge.model import Claim, EntityType, Gap, Item, QAPair, QuestionKind, SentenceRef
from knowledge.question import Question
from knowledge.text import stem

WEIGHTS = Path(__file__).parent / "weights.yaml"
_YES_UNASKED = 0.65
"""A Yes or No is no answer to who, when or how many."""
_NO_YES = 0.6
"""Whoever asks whether, wants a Yes or No."""
_FAR = 0.82
_NEAR = 0.95
_SMALL = frozenset("12")
"""Numbers that also mean `first`, `both` and the like, and veto nothing."""
_CONTINUES = 1.2
"""What a follow-up's hit gains on the sentence that the last answer stood on, in logits."""
_LEAST = 1e-4

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A hit and how sure it is (0 to 1), with what speaks against it.

    `share` is what it wins of the question against the other hits and against nothing; of a pair
    or a claim `confidence` is the chance that it answers, of a gap that nothing does.
    """

    hit: Hit
    share: float
    confidence: float
    veto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a follow-up follows: the item last answered with, and the sentences it cites."""

    item: Item
    cited: frozenset[SentenceRef]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights by feature of a hit, of the question that no hit answers, and of the winner."""

    hit: Mapping[str, float]
    nothing: Mapping[str, float]
    right: Mapping[str, float]


@cache
def weights(meaning: bool) -> Weights:
    """The weights for an index with or without the cosine of *meaning*."""
    content = yaml.safe_load(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(**content["with meaning" if meaning else "without meaning"])


def weigh(
    library: Library, read: Question, hits: Sequence[Hit], before: Before | None = None
) -> tuple[Candidate, ...]:
    """*hits* as answers to *read*, which follows *before* if it is not None; best first."""
    if not hits:
        return ()
    used = weights(library.index.encoder is not None)
    odd = [_odd(library, read, hit, hit.target) for hit in hits]
    told = zip(hits, odd, strict=True)
    odds = [_sum(used.hit, features(library, read, hit, apart)) for hit, apart in told]
    if before is not None:
        odds = [o + _continuity(library, before, h.target) for o, h in zip(odds, hits, strict=True)]
    none = _sum(used.nothing, nothing(read, hits))
    shares = softmax([*odds, none])
    refused = _refused(hits, shares)
    candidates = []
    for at, hit in enumerate(hits):
        confidence = refused
        if not isinstance(hit.target, Gap):
            confidence = _chance(_sum(used.right, winner(library, read, hits, shares, at)))
        candidates.append(
            Candidate(
                hit=hit,
                share=shares[at],
                confidence=round(confidence, 4),
                veto=", ".join(dict.fromkeys(odd[at])),
            )
        )
    return tuple(sorted(candidates, key=lambda c: -c.share))


def features(
    library: Library, read: Question, hit: Hit, apart: Sequence[str] | None = None
) -> dict[str, float]:
    """What is known of *hit* as an answer to *read*, by name; the weights say what it is worth.

    *apart* are the names and numbers that speak against it, worked out here if they are not given.
    Words that nothing accounts for count where the question is on something that the store knows
    by name or vocabulary; of other questions, the nearest in wording is all that there is.
    """
    target = hit.target
    gap, yes_or_no = float(isinstance(target, Gap)), float(is_yes_or_no(target))
    weight = library.index.weight
    special = [t for t in read.terms if _special(t)]
    heavy = sum(map(weight, special)) or 1.0
    named = float(any(t[0] in "@~" for t in read.terms))
    unexplained = [t for t in hit.unexplained if t in read.terms]
    unasked = [t for t in hit.unasked if t in read.terms]
    found = _odd(library, read, hit, target) if apart is None else apart
    odd = [o for o in found if o[0] != "+" and o not in read.strangers]
    strange = min(1, len(strangers_to(read, hit)))
    kind = target.kind if isinstance(target, QAPair) else kind_of(hit.text) if gap else None
    suits = 1.0 if kind is None or hit.few else fit(read.kind, kind)
    is_proper = library.understanding.is_proper
    return {
        "score": hit.score,
        "support": hit.support,
        "coverage": named * hit.coverage,
        "shared": named * hit.shared,
        "focus": named * hit.focus,
        "special shared": 1 - sum(weight(t) for t in unasked if _special(t)) / heavy,
        "special covered": 1 - sum(weight(t) for t in unexplained if _special(t)) / heavy,
        "special unasked": _few(map(_special, unasked)),
        "special unexplained": _few(map(_special, unexplained)),
        "special added": _few(map(_special, hit.added)),
        "plain unasked": named * _few(not _special(t) for t in unasked),
        "plain unexplained": named * _few(not _special(t) for t in unexplained),
        "rarest unasked": named * max(map(weight, unasked), default=0.0),
        "rarest unexplained": named * max(map(weight, unexplained), default=0.0),
        "odd": _few([True] * len(odd)),
        "names unasked": _few(map(is_proper, unasked)),
        "names added": _few(map(is_proper, hit.added)),
        "kind fits": suits,
        "kind unheard": float(hit.unheard),
        "gap: kind unheard": gap * float(hit.unheard),
        "same kind": float(kind is not None and kind is read.kind),
        "yes or no unasked": yes_or_no * float(read.kind not in (K.WHETHER, None)),
        "wants yes or no": float(read.kind is K.WHETHER and isinstance(target, QAPair))
        * (1 - yes_or_no),
        "claim": float(isinstance(target, Claim)),
        "yes or no": yes_or_no,
        "yes or no: focus": yes_or_no * hit.focus,
        "yes or no: shared": yes_or_no * hit.shared,
        "gap": gap,
        "gap: score": gap * hit.score,
        "gap: support": gap * hit.support,
        "gap: coverage": gap * hit.coverage,
        "gap: shared": gap * hit.shared,
        "gap: focus": gap * hit.focus,
        "gap: kind fits": gap * suits,
        "strangers": (1 - gap) * strange,
        **_kinds_and_words(hit, gap, swapped=_swapped(library, unasked, hit.added)),
    }


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
        "words: apart": float(min(4, near.apart)),
    }
    return told | {f"gap: {name}": gap * value for name, value in told.items()}


def _swapped(library: Library, unasked: Iterable[str], added: Iterable[str]) -> bool:
    """Whether the text has a name or number of the same sort in place of one that is asked."""
    return not _sorts(library, unasked).isdisjoint(_sorts(library, added))


def _sorts(library: Library, terms: Iterable[str]) -> set[str]:
    """What the names and numbers among *terms* are: groups are one sort, so are office and man."""
    entities = (library.entity_by_id(t[1:]) for t in terms if t[0] == "@")
    found = {_SORTS.get(entity.type, entity.type.value) for entity in entities if entity}
    return found | {"number" for t in terms if t[0].isdigit()}


def nothing(read: Question, hits: Sequence[Hit]) -> dict[str, float]:
    """What is known of the question and its best hit, that speaks for or against no answer."""
    best = max(hits, key=lambda h: h.score)
    unexplained = [t for t in best.unexplained if t in read.terms]
    near = [h.nearness for h in hits if not isinstance(h.target, Gap)]
    return {
        "always": 1.0,
        "score": best.score,
        "support": best.support,
        "meaning": max(h.by_meaning for h in hits),
        "coverage": best.coverage,
        "shared": best.shared,
        "focus": best.focus,
        "best is a gap": float(isinstance(best.target, Gap)),
        "plain unexplained": _few(not _special(t) for t in unexplained),
        "special unasked": _few(_special(t) for t in best.unasked if t in read.terms),
        "terms": float(min(8, len(read.terms))),
        "no question word": float(read.kind is None),
        "strangers": float(min(2, len(read.strangers))),
        "other script": float(any(ord(c) > 0x590 for c in read.asking)),
        "words: mean": max((n.mean for n in near), default=0.0),
        "words: least": max((n.least for n in near), default=0.0),
        "words: head": max((n.head for n in near), default=0.0),
        "words: apart": float(min(4, min((n.apart for n in near), default=4))),
    }


def winner(
    library: Library, read: Question, hits: Sequence[Hit], shares: Sequence[float], at: int
) -> dict[str, float]:
    """What is known of the hit *at* that place, by what it and others won of the question.

    *shares* are those of *hits*, and last that of nothing.
    """
    hit = hits[at]
    refs = _refs(library, hit)
    siblings = sum(
        share
        for other, share in zip(hits, shares, strict=False)
        if share > _LEAST and (other is hit or not refs.isdisjoint(_refs(library, other)))
    )
    second = max((s for n, s in enumerate(shares[:-1]) if n != at), default=0.0)
    return {
        "always": 1.0,
        "share": _logit(shares[at]),
        "siblings": _logit(siblings),
        "second": _logit(second),
        "refused": _logit(_refused(hits, shares)),
        "score": hit.score,
        "coverage": hit.coverage,
        "shared": hit.shared,
        "yes or no": float(is_yes_or_no(hit.target)),
        "yes or no unasked": float(is_yes_or_no(hit.target) and read.kind not in (K.WHETHER, None)),
        "alike": hit.alike,
        "of another kind": float(hit.other_kind),
        "words: mean": hit.nearness.mean,
        "words: least": hit.nearness.least,
        "words: apart": float(min(4, hit.nearness.apart)),
        "names unasked": _few(map(library.understanding.is_proper, hit.unasked)),
    }


def fit(asked: QuestionKind | None, offered: QuestionKind) -> float:
    """How well a pair of the kind *offered* suits what is asked: 1 is the same kind."""
    if asked is None or asked is offered:
        return 1.0
    if offered is K.WHETHER:
        return _YES_UNASKED
    if asked is K.WHETHER:
        return _NO_YES
    return _NEAR if frozenset({asked, offered}) in _CLOSE else _FAR


def strangers_to(read: Question, hit: Hit) -> list[str]:
    """The strangers of *read* that no text which leads to the target of *hit* has either."""
    own = {t for t in read.terms if t not in hit.unasked}
    return [s for s in read.strangers if stem(s) not in own]


def _refs(library: Library, hit: Hit) -> frozenset[SentenceRef]:
    return frozenset() if isinstance(hit.target, Gap) else library.cited(hit.target)


def _refused(hits: Sequence[Hit], shares: Sequence[float]) -> float:
    """What gaps and nothing won together."""
    gaps = (s for h, s in zip(hits, shares, strict=False) if isinstance(h.target, Gap))
    return shares[-1] + sum(gaps)


def _special(term: str) -> bool:
    """Whether *term* stands for an entity, a vocabulary group or a number."""
    return term[0] in "@~" or term[0].isdigit()


def is_yes_or_no(target: Item | Gap) -> bool:
    """Whether *target* answers with a Yes or No."""
    return isinstance(target, QAPair) and target.kind is K.WHETHER


def _few(values: Iterable[bool]) -> float:
    """How many of *values* are true, 4 at most."""
    return float(min(4, sum(values)))


def _sum(known: Mapping[str, float], values: Mapping[str, float]) -> float:
    return sum(known[name] * value for name, value in values.items())


def softmax(odds: Sequence[float]) -> list[float]:
    """What each of *odds* (logits) wins of 1."""
    top = max(odds)
    raised = [math.exp(o - top) for o in odds]
    total = sum(raised)
    return [r / total for r in raised]


def _logit(share: float) -> float:
    return math.log(max(share, _LEAST) / max(1 - share, _LEAST))


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _continuity(library: Library, before: Before, target: Item | Gap) -> float:
    """What *target* gains by staying with what was said, or loses by only saying it again."""
    if target is before.item:
        return -2 * _CONTINUES
    refs = frozenset(target.nearest) if isinstance(target, Gap) else library.cited(target)
    if refs & before.cited:
        return _CONTINUES
    paragraphs = {ref.paragraph for ref in before.cited}
    return _CONTINUES / 2 if any(ref.paragraph in paragraphs for ref in refs) else 0.0


def _odd(library: Library, read: Question, hit: Hit, target: Item | Gap) -> list[str]:
    """Names and numbers of the question that nothing about *target* accounts for.

    A Yes or No has to be about just the names and numbers asked about, no more and no other.
    """
    yes_or_no = is_yes_or_no(target)
    open_terms = hit.unasked if yes_or_no else hit.unexplained
    asked = [t for t in open_terms if t in read.terms]
    odd = [t for t in asked if t[0] == "@" and (yes_or_no or not _occurs(library, t[1:], target))]
    odd += [t for t in asked if t[0].isdigit() and t not in {*read.strangers, *_SMALL}]
    if yes_or_no:
        odd += [f"+{t}" for t in hit.added if library.understanding.is_proper(t)]
    return [*odd, *strangers_to(read, hit)]


def _occurs(library: Library, entity_id: str, target: Item | Gap) -> bool:
    return not isinstance(target, Gap) and library.occurs(entity_id, target)
