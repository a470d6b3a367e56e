"""How near a question's words come, one by one, to the words that lead to each target.

Plain words only: whom a name means is the lens's affair. It takes the semantic extra, for which a
word's meaning is a vector across languages; without it nothing is told apart here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.cosines import Lists
from knowledge.meaning import Encoder
from knowledge.sparse import Floats, Ints

_APART = 0.65
"""Cosine below which two words are taken not to mean the same; set by hand, and weighed by what is
learned."""
MOST_WORDS = 16
"""Words of a question that are compared, the rarest; long questions tell a story around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """Of a question's words, how near each comes to its nearest among those of a target.

    `mean` (by rarity), `least` and `head` (the least of the words right after the question word)
    are cosines, `apart` counts the words that come near none. As here where there is no such word.
    """

    mean: float = 1.0
    least: float = 1.0
    head: float = 1.0
    apart: int = 0


ALL_NEAR = Nearness()
"""Where there is nothing that could be far."""


class Wording:
    """The words that lead to each of many targets, and their meanings."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._waiting: Lists | None = Lists()
        self._vectors: NDArray[np.float16] | None = None

    def add(self, words: Iterable[str]) -> None:
        """Nothing; *words* lead to the next target."""
        if self._waiting is None:
            raise ValueError("all targets were added before")
        numbers = self._numbers
        self._waiting.add(sorted({numbers.setdefault(w, len(numbers)) for w in words}))

    def done(self, encoder: Encoder) -> None:
        """Nothing; what was added is all, and *encoder* says what it means."""
        if self._waiting is None:
            raise ValueError("all targets were added before")
        self._rows, self._waiting = self._waiting.packed(), None
        self._vectors = encoder.stored(list(self._numbers), "words").astype(np.float16)
        self._numbers = {}

    def near(
        self, words: Sequence[str], weights: Floats, head: Sequence[str], targets: Ints, by: Encoder
    ) -> list[Nearness]:
        """For each of *targets* how near *words*, which have *weights*, and *head* come to it."""
        if self._vectors is None or not (words or head):
            return [ALL_NEAR] * len(targets)
        at, owner = self._rows.take(targets)
        own, place = np.unique(self._rows.ids[at], return_inverse=True)
        asked = [*words, *head]
        cosines = by.encode(asked) @ self._vectors[own].astype(np.float32).T
        best = np.zeros((len(targets), len(asked)), dtype=np.float32)
        filled = np.unique(owner)
        if len(filled):
            starts = np.searchsorted(owner, filled)
            best[filled] = np.maximum.reduceat(cosines[:, place], starts, axis=1).T
        plain, leading = best[:, : len(words)], best[:, len(words) :]
        return [_nearness(row, weights, lead) for row, lead in zip(plain, leading, strict=True)]


def _nearness(cosines: Floats, weights: Floats, head: Floats) -> Nearness:
    plain = len(cosines) > 0
    return Nearness(
        mean=float(cosines @ weights / (weights.sum() or 1.0)) if plain else 1.0,
        least=float(cosines.min()) if plain else 1.0,
        head=float(head.min()) if len(head) else 1.0,
        apart=int((cosines < _APART).sum()),
    )
