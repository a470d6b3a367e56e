"""How sure it is that a hit answers a question, learned from judged questions; it decides nothing.

Two steps, each a sum of a few numbers with weights from weights.yaml: the hits and "nothing of
these" compete for the question, then the winner's share becomes the chance that it is right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from knowledge.features import Column, Features
from knowledge.hit import Hit
from knowledge.library import Library
from knowledge.model import Gap, Item, SentenceRef
from knowledge.question import Question

WEIGHTS = Path(__file__).parent / "weights.yaml"
_CONTINUES = 1.2
"""What a follow-up's hit gains on the sentence that the last answer stood on, in logits."""
_WHOLE = 0.5
_HARDLY_WON = 0.02
"""A part's hit gains _WHOLE logits for each e-fold of the share that it won of the whole message,
counted from the share _HARDLY_WON. On judged messages of several questions half and twice as much
of either came out alike; without any gain more were wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A hit and how sure it is (0 to 1), with what speaks against it.

    `share` is what it wins of the question against the other hits and against nothing; of a pair
    or a claim `confidence` is the chance that it answers; of a gap the chance that nothing
    answers.
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
    library: Library,
    read: Question,
    hits: Sequence[Hit],
    before: Before | None = None,
    won: Mapping[str, float] | None = None,
) -> tuple[Candidate, ...]:
    """*hits* as answers to *read*, which follows *before* if it is not None; best first.

    Where *read* is a part of a message, *won* is by id what each item won of the whole of it; a
    part that by itself is led to a gap gains nothing by it.
    """
    if not hits:
        return ()
    used = weights(library.index.encoder is not None)
    known = Features(library, read, hits)
    odds = _sums(used.hit, known.of_hits())
    if before is not None:
        odds += [_continuity(library, before, hit.target) for hit in hits]
    nothing = _sums(used.nothing, known.of_nothing())
    shares = softmax(np.append(odds, nothing))
    leads = int(shares.argmax())
    if won and not (leads < len(hits) and isinstance(hits[leads].target, Gap)):
        odds += [_WHOLE * math.log1p(won.get(hit.target.id, 0.0) / _HARDLY_WON) for hit in hits]
        shares = softmax(np.append(odds, nothing))
    refused = known.refused(shares)
    chances = _chance(_sums(used.right, known.of_winners(shares)))
    candidates = []
    for at, hit in enumerate(hits):
        confidence = refused if isinstance(hit.target, Gap) else float(chances[at])
        candidates.append(
            Candidate(
                hit=hit,
                share=float(shares[at]),
                confidence=round(confidence, 4),
                veto=", ".join(dict.fromkeys(known.odd[at])),
            )
        )
    return tuple(sorted(candidates, key=lambda c: -c.share))


def _sums(weights: Mapping[str, float], known: Mapping[str, Column | float]) -> Column:
    """What is *known*, by name, each as much as its name weighs, added up."""
    return np.asarray(np.array([weights[name] for name in known]) @ np.array([*known.values()]))


def softmax(odds: Column) -> Column:
    """What each of *odds* (logits) wins of 1."""
    raised = np.exp(odds - odds.max())
    return np.asarray(raised / raised.sum())


def _chance(odds: Column) -> Column:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def _continuity(library: Library, before: Before, target: Item | Gap) -> float:
    """What *target* gains by staying with what was said, or loses by only saying it again."""
    if target is before.item:
        return -2 * _CONTINUES
    refs = frozenset(target.nearest) if isinstance(target, Gap) else library.cited(target)
    if refs & before.cited:
        return _CONTINUES
    paragraphs = {ref.paragraph for ref in before.cited}
    return _CONTINUES / 2 if any(ref.paragraph in paragraphs for ref in refs) else 0.0
