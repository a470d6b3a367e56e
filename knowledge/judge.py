"""How good the library is, on hand-written judgements: verdicts, rates, calibration, confusion.

Pure: judges outcomes that it is given and counts; it neither asks nor reads a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from knowledge.model import Ambiguous, Answered, Judgement, Outcome, Smalltalk, Unanswered

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
"""Edges of the confidence bins in which reliability is shown."""


class Verdict(StrEnum):
    """What an outcome is worth: a half offers the right answer, a miss says too little."""

    RIGHT = "right"
    HALF = "half"
    MISSED = "missed"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement, what came of its question, and the verdict."""

    judgement: Judgement
    outcome: Outcome
    verdict: Verdict


def judge(judgement: Judgement, outcome: Outcome) -> Judged:
    """*outcome* judged. Where the judgement names answers and a miss, either is right."""
    return Judged(judgement, outcome, _verdict(judgement, outcome))


def _verdict(judgement: Judgement, outcome: Outcome) -> Verdict:
    good = {*judgement.answer, *judgement.choices}
    match outcome:
        case Smalltalk():
            known = judgement.smalltalk in ("any", outcome.topic.id)
            return Verdict.RIGHT if known or judgement.miss else Verdict.WRONG
        case Unanswered():
            if judgement.smalltalk:
                return Verdict.HALF
            return Verdict.RIGHT if judgement.miss else Verdict.MISSED
        case Answered():
            return Verdict.RIGHT if good & {i.id for i in outcome.items} else Verdict.WRONG
        case Ambiguous():
            offered = bool(good & {c.id for c in outcome.choices})
            if judgement.choices:
                return Verdict.RIGHT if offered else Verdict.HALF
            return Verdict.HALF if offered or judgement.miss else Verdict.MISSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Shares (0 to 1) of the four verdicts among `count` judgements."""

    count: int
    right: float
    half: float
    missed: float
    wrong: float

    @property
    def utility(self) -> float:
        """Right answers and half of the halves, less the wrong ones; -1 to 1."""
        return self.right + self.half / 2 - self.wrong


def rates(judged: Iterable[Judged]) -> Rates:
    """The shares of the verdicts; all 0 for none."""
    counts = Counter(j.verdict for j in judged)
    total = counts.total() or 1
    return Rates(count=counts.total(), **{v.value: counts[v] / total for v in Verdict})


def by_kind(judged: Sequence[Judged]) -> Mapping[str, Rates]:
    """Rates by the judgements' kinds in order of name, then of all that have an answer and not."""
    kinds = sorted({j.judgement.kind for j in judged})
    table = {kind: rates(j for j in judged if j.judgement.kind == kind) for kind in kinds}
    table["(answerable)"] = rates(j for j in judged if answerable(j.judgement))
    table["(not answerable)"] = rates(j for j in judged if not answerable(j.judgement))
    table["(all)"] = rates(judged)
    return table


def answerable(judgement: Judgement) -> bool:
    """Whether the store has an answer, so that leaving the question open is a miss."""
    return bool(judgement.answer) and judgement.miss is None


def reliability(judged: Iterable[Judged]) -> list[tuple[float, float, int, float]]:
    """For each bin of confidence its edges, the direct answers in it, and the share of right."""
    rows = []
    answers = [j for j in judged if isinstance(j.outcome, Answered)]
    for low, high in pairwise(BINS):
        inside = [j for j in answers if low <= j.outcome.confidence < high]
        right = sum(j.verdict is Verdict.RIGHT for j in inside)
        rows.append((low, min(high, 1.0), len(inside), right / len(inside) if inside else 0.0))
    return rows


def confusions(judged: Iterable[Judged]) -> list[tuple[str, str, int]]:
    """Items answered with in place of the first right one, and how often, most often first."""
    pairs = Counter(
        (j.outcome.item.id, j.judgement.answer[0])
        for j in judged
        if isinstance(j.outcome, Answered) and j.verdict is Verdict.WRONG and j.judgement.answer
    )
    return [(taken, right, count) for (taken, right), count in pairs.most_common()]
