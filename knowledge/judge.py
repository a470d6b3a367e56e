"""How good the library is, on hand-written judgements: verdicts, rates, calibration, confusion.

Pure: judges outcomes that it is given and counts; it neither asks nor reads a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from knowledge.judgement import Judgement, Reading
from knowledge.model import Citation, Item, SentenceRef
from knowledge.outcomes import Ambiguous, Answered, Excerpt, Outcome, Smalltalk, Unanswered, whole
from knowledge.text import fold

_WORD = re.compile(r"[^\W_]+")
_WHOLE = 3
"""Letters up to which an alternative is a whole word: more of them say what they begin."""
_OF_CITED = 3
"""One in so many of the sentences that an answer cites is among those that it should cite."""
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
    match outcome:
        case Smalltalk():
            known = judgement.smalltalk in ("any", outcome.topic.id)
            return Verdict.RIGHT if known or judgement.miss else Verdict.WRONG
        case Unanswered():
            if judgement.smalltalk:
                return Verdict.HALF
            return Verdict.RIGHT if judgement.miss else Verdict.MISSED
        case Answered():
            shown = outcome.parts or (whole(outcome.item),)
            return Verdict.RIGHT if _right(judgement, shown) else Verdict.WRONG
        case Ambiguous():
            offered = any(suits(judgement, choice) for choice in outcome.choices)
            if judgement.choices or judgement.readings:
                return Verdict.RIGHT if offered else Verdict.HALF
            return Verdict.HALF if offered or judgement.miss else Verdict.MISSED


def suits(judgement: Judgement, item: Item) -> bool:
    """Whether *item* alone is a right answer: named in the judgement, or holding what it wants."""
    return _right(judgement, (whole(item),))


def _right(judgement: Judgement, shown: Sequence[Excerpt]) -> bool:
    """Whether what is *shown*, read as one answer, is right; one item that is named is enough."""
    named = {*judgement.answer, *judgement.choices}
    if any(part.item.id in named for part in shown):
        return True
    text = spaced(" ".join(part.text for part in shown))
    cited = {c.ref for part in shown for c in part.citations if isinstance(c, Citation)}
    if any(_holds(reading, text, cited) for reading in judgement.readings):
        return True
    if not (judgement.says or judgement.cites or judgement.cites_all):
        return False
    opens = judgement.opens is None or text.startswith(f" {judgement.opens} ")
    return opens and cited.issuperset(judgement.cites_all) and _holds(judgement, text, cited)


def _holds(wanted: Judgement | Reading, text: str, cited: set[SentenceRef]) -> bool:
    """Whether spaced *text* says, and *cited* has, what is wanted; nothing wanted is held."""
    good = len(cited.intersection(wanted.cites))
    if wanted.cites and not (good and _OF_CITED * good >= len(cited)):
        return False
    return all(any(_stands(phrase, text) for phrase in group) for group in wanted.says)


def _stands(phrase: str, text: str) -> bool:
    """Whether *phrase* is in spaced *text*: as whole words, or as their start, or anywhere.

    The first if it is digits or at most _WHOLE letters, the second if it is Latin.
    """
    wanted = spaced(phrase)
    word = wanted.strip()
    if len(word) <= _WHOLE or word.replace(" ", "").isdecimal():
        return wanted in text
    latin = word[0].isascii() or unicodedata.name(word[0], "").startswith("LATIN ")
    return (f" {word}" if latin else word) in text


def spaced(text: str) -> str:
    """The words of *text*, folded, with a space before and after each; a space if there are none.

    Between its words there is one space, so that what stands in it can be looked for as text.
    """
    return " ".join(("", *_WORD.findall(fold(text)), ""))


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
    """Whether the store has an answer, or several, so that leaving the question open is a miss."""
    wanted = (
        *(judgement.answer, judgement.choices, judgement.readings),
        *(judgement.says, judgement.cites, judgement.cites_all),
    )
    return any(wanted) and judgement.miss is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The `count` answers with confidences from `low` up to `high`: their mean, and how many right.

    `confidence` and `right` are 0 to 1, and 0 where there are none.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(judged: Iterable[Judged]) -> list[Bin]:
    """The direct answers by bins of confidence, lowest first."""
    rows = []
    answers = [j for j in judged if isinstance(j.outcome, Answered)]
    for low, high in pairwise(BINS):
        inside = [j for j in answers if low <= j.outcome.confidence < high]
        count = len(inside)
        rows.append(
            Bin(
                low=low,
                high=min(high, 1.0),
                count=count,
                confidence=sum(j.outcome.confidence for j in inside) / (count or 1),
                right=sum(j.verdict is Verdict.RIGHT for j in inside) / (count or 1),
            )
        )
    return rows


def calibration_error(bins: Iterable[Bin]) -> float:
    """The expected calibration error, 0 to 1: how far confidence is from the share of right.

    The mean over *bins*, weighed by their answers, of the distance between the two (Naeini,
    Cooper and Hauskrecht, 2015); 0 where there are no answers.
    """
    filled = [b for b in bins if b.count]
    total = sum(b.count for b in filled)
    return sum(b.count * abs(b.confidence - b.right) for b in filled) / (total or 1)


def refusals(judged: Iterable[Judged]) -> list[tuple[str, int, float]]:
    """For each kind of miss that was said, and over all: how often, and the share of right."""
    verdicts: dict[str, list[Verdict]] = {}
    for j in judged:
        if isinstance(j.outcome, Unanswered):
            for name in (j.outcome.miss.value, "(all)"):
                verdicts.setdefault(name, []).append(j.verdict)
    rows = [(n, len(v), v.count(Verdict.RIGHT) / len(v)) for n, v in verdicts.items()]
    return sorted(rows, key=lambda row: (row[0] == "(all)", row[0]))


def confusions(judged: Iterable[Judged]) -> list[tuple[str, str, int]]:
    """Items answered with in place of the first right one, and how often, most often first."""
    pairs = Counter(
        (j.outcome.item.id, j.judgement.answer[0])
        for j in judged
        if isinstance(j.outcome, Answered) and j.verdict is Verdict.WRONG and j.judgement.answer
    )
    return [(taken, right, count) for (taken, right), count in pairs.most_common()]
