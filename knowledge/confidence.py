"""How sure it is that a hit answers a question, and what in the question it cannot explain.

One number from an index's scores and the kinds of thing asked and offered; it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.index import Hit
from knowledge.kinds import kind_of
from knowledge.library import Library
from knowledge.model import Claim, Gap, Item, QAPair, QuestionKind, SentenceRef
from knowledge.question import Question

_SCORE = 0.5
"""Weight of the score beside coverage; with _FULL, by trial on a briefing's judgements."""
_FULL = 0.7
"""The score from which a hit counts as word for word."""
_ENOUGH = 0.55
"""The coverage under which too much of the question is left open."""
_CLAIM = 0.85
"""A claim answers less directly than a pair that was written for the question."""
_KEYWORDS_FOR_GAP = 0.85
"""Keywords that match a gap's question ask at most for what stands around it."""
_YES_UNASKED = 0.65
"""A Yes or No is no answer to who, when or how many."""
_NO_YES = 0.6
"""Whoever asks whether, wants a Yes or No."""
_SMALL = frozenset("12")
"""Numbers that also mean `first`, `both` and the like, and veto nothing."""
_WHETHER_FOCUS = 0.6
"""What a Yes or No loses whose own question says more than was asked: it may turn on just that."""
_GAP_FOCUS = 0.0
"""What a gap loses whose own question says more than was asked."""
_CONTINUES = 0.12
"""What a follow-up's hit gains on the sentence that the last answer stood on."""

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
    """A hit, the confidence (0 to 1) that it answers, and what speaks against it."""

    hit: Hit
    confidence: float
    veto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a follow-up follows: the item last answered with, and the sentences it cites."""

    item: Item
    cited: frozenset[SentenceRef]


def weigh(library: Library, read: Question, hit: Hit, before: Before | None = None) -> Candidate:
    """*hit* as an answer to *read*, which follows *before* if it is not None."""
    target = hit.target
    yes_or_no = isinstance(target, QAPair) and target.kind is K.WHETHER
    coverage = hit.shared if yes_or_no else hit.coverage
    confidence = _SCORE * min(1.0, hit.score / _FULL) + (1 - _SCORE) * coverage
    confidence *= min(1.0, coverage / _ENOUGH)
    if isinstance(target, QAPair):
        confidence *= fit(read.kind, target.kind)
        if yes_or_no:
            confidence *= 1 - _WHETHER_FOCUS * (1 - hit.focus)
    if isinstance(target, Gap):
        confidence *= _gap_fit(read.kind, hit.text) * (1 - _GAP_FOCUS * (1 - hit.focus))
    if isinstance(target, Claim):
        confidence *= _CLAIM
    if before is not None:
        confidence += _continuity(library, before, target)
    veto = ", ".join(dict.fromkeys(_odd(library, read, hit, target)))
    return Candidate(hit=hit, confidence=round(min(1.0, confidence), 4), veto=veto)


def fit(asked: QuestionKind | None, offered: QuestionKind) -> float:
    """How well a pair of the kind *offered* suits what is asked: 1 is the same kind."""
    if asked is None:
        return 0.9 if offered is K.WHETHER else 1.0
    if asked is offered:
        return 1.0
    if offered is K.WHETHER:
        return _YES_UNASKED
    if asked is K.WHETHER:
        return _NO_YES
    return 0.95 if frozenset({asked, offered}) in _CLOSE else 0.82


def _gap_fit(asked: QuestionKind | None, phrasing: str) -> float:
    """How well a gap's *phrasing* suits what is asked: mere keywords hardly ask for a gap.

    The kind counts half: a gap leaves open all that its phrasings ask for around one thing.
    """
    offered = kind_of(phrasing)
    if asked is None:
        return 1.0 if offered is None else _KEYWORDS_FOR_GAP
    return 1.0 if offered is None else (1 + fit(asked, offered)) / 2


def _continuity(library: Library, before: Before, target: QAPair | Claim | Gap | Item) -> float:
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
    yes_or_no = isinstance(target, QAPair) and target.kind is K.WHETHER
    open_terms = hit.unasked if yes_or_no else hit.unexplained
    asked = [t for t in open_terms if t in read.terms]
    odd = [t for t in asked if t[0] == "@" and (yes_or_no or not _occurs(library, t[1:], target))]
    odd += [t for t in asked if t[0].isdigit() and t not in {*read.strangers, *_SMALL}]
    if yes_or_no:
        odd += [f"+{t}" for t in hit.added if library.understanding.is_proper(t)]
    return [*odd, *read.strangers]


def _occurs(library: Library, entity_id: str, target: Item | Gap) -> bool:
    return not isinstance(target, Gap) and library.occurs(entity_id, target)
