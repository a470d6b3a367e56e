"""What the stored texts that lead to each target come to for a question: their scores and kinds.

Numbers in, the best text of each target and some fields of its Hit out; it ranks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.kinds import BY_WHOM_TERM
from knowledge.model import QuestionKind
from knowledge.sparse import Floats, Ids, Ints

_SUPPORT = 3
"""Texts of one target whose mean score supports it."""
_BIT = {
    term: 1 << place
    for place, term in enumerate((*(f"?{kind.value}" for kind in QuestionKind), BY_WHOM_TERM))
}


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows of texts with what each scores: by words, letters and meaning (0 without), and all."""

    rows: Ints
    words: Floats
    letters: Floats
    meaning: Floats
    all: Floats


@dataclass(frozen=True, slots=True)
class Summary:
    """What the texts of a target come to: where its `best` stands among those scored, and `told`.

    `told` are the fields of a Hit on how many and of which kinds of question they are.
    """

    best: int
    told: Mapping[str, Any]


@cache
def bits_of(asking_words: tuple[str, ...]) -> int:
    """Question words as bits, one for each kind of question."""
    return sum(_BIT[word] for word in {*asking_words})


def in_order(one: Scored, other: Scored, rows: Ints) -> Scored:
    """Those of *one* and *other* that are *rows*, in the order of these; each is in one of both."""
    found = np.concatenate((one.rows, other.rows))
    order = np.argsort(found)
    at = order[np.searchsorted(found, rows, sorter=order)]
    return Scored(
        *(
            np.concatenate((getattr(one, column.name), getattr(other, column.name)))[at]
            for column in fields(Scored)
        )
    )


def summaries(scored: Scored, of: Ids, kinds: Ids, wanted: int) -> list[Summary]:
    """What the texts of each target come to, targets in the order in which *scored* has them.

    *of* is the target of each row of *scored*, those of one side by side; *kinds* are the kinds of
    question that it asks and *wanted* those that are asked, as bits.
    """
    rows, scores = scored.rows, scored.all
    starts = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
    sizes = np.diff(np.append(starts, len(rows)))
    group = np.repeat(np.arange(len(starts)), sizes)
    best = np.lexsort((rows, -scores.round(6), group))[starts]
    few = sizes < _SUPPORT
    asked = (kinds & wanted) > 0 if wanted else kinds == 0
    alike = np.where(asked | few[group], scores, np.float32(0))
    heard = np.maximum.reduceat(asked, starts)
    kind = kinds[best]
    columns = {
        "support": _top(scores, group, starts) / np.minimum(_SUPPORT, sizes),
        "few": few,
        "unheard": ~heard & ~few & (wanted > 0),
        "alike": np.maximum(np.maximum.reduceat(alike, starts), 0),
        "alike_support": _top(alike, group, starts) / _SUPPORT,
        "same_kind": ((kind & wanted) > 0) & ~few,
        "other_kind": (kind > 0) & ((kind & wanted) == 0) & ~few & (wanted > 0),
    }
    told = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [
        Summary(at, dict(zip(columns, values, strict=True)))
        for at, values in zip(best.tolist(), told, strict=True)
    ]


def _top(scores: Floats, group: Ints, starts: Ints) -> NDArray[np.float64]:
    """The sum of the highest _SUPPORT of *scores* in each *group*; groups begin at *starts*."""
    order = np.lexsort((-scores, group))
    within = np.arange(len(order)) - starts[group]
    high = within < _SUPPORT
    sums = np.bincount(group[high], scores[order[high]], len(starts))
    return np.asarray(sums, dtype=np.float64)
