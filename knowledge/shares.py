"""What share of the weight of a question targets and texts have, and the question of that of texts.

With each share go the terms that make up the rest. A term is there or not; how near a text is as a
whole, cosines tell (cosines.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.cosines import Words
from knowledge.sparse import Bools, Floats, Ints, Rows, among, spans, unique

Share = tuple[float, tuple[str, ...]]
"""A share of a weight, 0 to 1, and the terms of the rest, heaviest first."""


class Shares:
    """Shares of weights, by the terms of a store.

    *numbers* are those of its terms, *words* knows what these weigh; *known* are the terms that
    each target explains, *terms* those of each text, *first* the first text of each target.
    """

    def __init__(
        self, numbers: Mapping[str, int], words: Words, known: Rows, terms: Rows, first: Ints
    ) -> None:
        self._numbers, self._names = numbers, tuple(numbers)
        self._words = words
        self._known, self._terms = known, terms
        self._first = first

    def of_targets(
        self, weighed: Mapping[str, float], targets: Ints
    ) -> tuple[list[Share], list[Share]]:
        """What of *weighed* each target explains, and what the texts that lead to it have.

        *weighed* are the weights of terms that are asked.
        """
        names = sorted(weighed, key=lambda t: (-weighed[t], t))
        weights = np.array([weighed[t] for t in names])
        places = {self._numbers[t]: at for at, t in enumerate(names) if t in self._numbers}
        texts, of = spans(self._first[targets], self._first[targets + 1])
        at, owner = self._terms.take(texts)
        used = _table(_columns(self._terms.ids[at], places), of[owner], len(targets), len(names))
        at, owner = self._known.take(targets)
        known = (
            _table(_columns(self._known.ids[at], places), owner, len(targets), len(names)) | used
        )
        return _shares(known, names, weights), _shares(used, names, weights)

    def of_texts(self, rows: Ints, named: Collection[str]) -> list[Share]:
        """For each of *rows* the share of its weight that is *named*, and what it has beyond."""
        at, owner = self._terms.take(rows)
        told = unique(owner, self._terms.ids[at].astype(np.int64), len(rows))
        owner = np.repeat(np.arange(len(rows)), np.diff(told.starts))
        weights = self._words.rarities(told.ids)
        known = sorted(self._numbers[t] for t in named if t in self._numbers)
        beyond = ~among(told.ids, np.array(known, dtype=np.int64))
        total = np.bincount(owner, weights, len(rows))
        shares = 1 - np.bincount(owner[beyond], weights[beyond], len(rows)) / (total + (total == 0))
        order = np.lexsort((-weights[beyond], owner[beyond]))
        names = [self._names[number] for number in told.ids[beyond][order].tolist()]
        ends = np.searchsorted(owner[beyond], np.arange(len(rows) + 1)).tolist()
        added = (tuple(names[start:end]) for start, end in pairwise(ends))
        return list(zip(shares.tolist(), added, strict=True))


def _shares(has: Bools, names: Sequence[str], weights: Floats) -> list[Share]:
    """For each row of *has*: of the *weights* what share it has, and the *names* it has not."""
    lacks = ~has
    shares = 1 - lacks @ weights / (weights.sum() or 1.0)
    return [
        (share, tuple(compress(names, row)))
        for share, row in zip(shares.tolist(), lacks.tolist(), strict=True)
    ]


def _table(columns: Ints, rows: Ints, height: int, width: int) -> Bools:
    """True at each (row, column) given; a column of -1 is none."""
    table = np.zeros((height, width + 1), dtype=np.bool_)
    table[rows, columns] = True
    return table[:, :width]


def _columns(ids: Ints | NDArray[np.int32] | NDArray[np.uint16], places: Mapping[int, int]) -> Ints:
    """For each of *ids* its value in *places*, -1 where it has none."""
    found = np.full(len(ids), -1, dtype=np.int64)
    for number, place in places.items():
        found[ids == number] = place
    return found
