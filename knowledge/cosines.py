"""How near stored texts are to a question in words and in letters: cosines, of a few at a time.

Numbers of terms in, cosines out. Fed while a store is read, so that nothing is held twice.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.sparse import LETTER_BUCKETS, Floats, Ids, Ints, Rows, letters, spans, sums, unique

BESIDE = 0.7
"""Weight of two terms side by side, next to one term by itself."""
ASKS = 0.6
"""Weight of a question word beside a word of content."""
_MOST_PAIRS = 1 << 20
"""Numbers that pairs of neighbouring terms share by hash, at most; few pairs need fewer."""
_CHUNK = 8_192
"""Texts worked on at a time, which bounds the memory needed while building."""


Cosines = Callable[[Ints], Floats]
"""Numbers of texts in, how near each is to what is asked out."""


class Lists:
    """Lists of numbers one after another, four bytes each, to be packed when all are there."""

    def __init__(self) -> None:
        self._ids = array("i")
        self._ends = array("q", [0])

    def add(self, ids: Iterable[int]) -> None:
        """Nothing; *ids* are the next list."""
        self._ids.extend(ids)
        self._ends.append(len(self._ids))

    def packed(self) -> Rows:
        """All lists as rows, numbers as they were given."""
        return Rows(
            np.frombuffer(self._ends, dtype=np.int64), np.frombuffer(self._ids, dtype=np.int32)
        )


class Words:
    """Each text's vector of terms, of neighbouring terms and of its question words.

    *sequence* holds the terms of each text in order, *questions* its question words, as numbers
    below *count*; those in *asking* stand for question words.
    """

    def __init__(self, sequence: Rows, questions: Rows, count: int, asking: Sequence[int]) -> None:
        self.total, self._count = len(sequence), count
        self._buckets = min(_MOST_PAIRS, 1 << (4 * len(sequence.ids)).bit_length())
        self._rows = joined(
            [
                self._cut(sequence, questions, at, min(at + _CHUNK, self.total))
                for at in range(0, self.total, _CHUNK)
            ]
        )
        seen = counts(self._rows, count + self._buckets)
        self._rare = (1 + np.log((1 + self.total) / (1 + seen))).astype(np.float32)
        self._worth = self._rare.copy()
        self._worth[count:] *= BESIDE
        self._worth[list(asking)] *= ASKS
        self._lengths = lengths(self._rows, self._worth)
        self._tells = np.where(seen[:count] > 0, self._rare[:count], np.float32(0))

    def _cut(self, sequence: Rows, questions: Rows, start: int, end: int) -> Rows:
        """The rows of the texts from *start* to *end*."""
        ids, owner = _between(sequence, start, end)
        asked, asking = _between(questions, start, end)
        beside = owner[1:] == owner[:-1]
        pairs = self._pair(ids[:-1][beside], ids[1:][beside])
        return unique(
            np.concatenate((owner, owner[1:][beside], asking)),
            np.concatenate((ids, pairs, asked)),
            end - start,
        )

    def _pair(self, one: Ints, two: Ints) -> Ints:
        """The numbers of pairs of neighbouring terms."""
        return self._count + (one * 0x9E3779B1 + two * 0x85EBCA6B) % self._buckets

    def rare(self, number: int) -> float:
        """The inverse document frequency of a term; 0 where no text has it."""
        return float(self._tells[number])

    def rarities(self, numbers: Ids) -> Floats:
        """What `rare` says of each of *numbers*."""
        return self._tells[numbers]

    def beside(self, one: int, two: int) -> tuple[int, float]:
        """The number of two terms side by side, and what they weigh."""
        number = int(self._pair(np.array([one]), np.array([two]))[0])
        return number, BESIDE * float(self._rare[number])

    def to(self, wanted: Mapping[int, float], length: float) -> Cosines:
        """The cosines with a vector of that *length*, with the weights *wanted* by number."""
        keys = np.array([-1, *sorted(wanted)], dtype=np.int32)  # the first is none of a row's
        worth = np.array([wanted[k] for k in keys[1:].tolist()], dtype=np.float32)
        worth = np.concatenate((np.zeros(1, dtype=np.float32), worth * self._worth[keys[1:]]))

        def wanted_of(ids: Ids) -> Floats:
            places = np.searchsorted(keys, ids, side="right") - 1
            return np.where(keys[places] == ids, worth[places], np.float32(0))

        def cosines(rows: Ints) -> Floats:
            dots = self._rows.sums(rows, wanted_of)
            return _at_most_1(dots / (self._lengths[rows] * (length or 1.0)))

        return cosines


class Letters:
    """Each text's vector of letter sequences. All texts are added before the first cosine."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._cut: list[Rows] = []

    def add(self, texts: Iterable[str]) -> None:
        """Nothing; *texts*, folded, are the next."""
        self._waiting.extend(texts)
        if len(self._waiting) >= _CHUNK:
            self._cut.append(letters(self._waiting))
            self._waiting = []

    def done(self) -> None:
        """Nothing; what was added is all."""
        self._rows = joined([*self._cut, letters(self._waiting)])
        self._cut, self._waiting = [], []
        seen = counts(self._rows, LETTER_BUCKETS)
        # Of few texts most sequences are in none: what these weigh is kept once.
        self._known = np.flatnonzero(seen).astype(np.uint16)
        self._rare = _rare(len(self._rows), seen[self._known])
        self._unknown = float(_rare(len(self._rows), np.zeros(1, dtype=np.int64))[0])
        self._lengths = lengths(self._rows, self._table())

    def _table(self) -> Floats:
        """What each sequence weighs."""
        weights = np.full(LETTER_BUCKETS, self._unknown, dtype=np.float32)
        weights[self._known] = self._rare
        return weights

    def to(self, text: str) -> Cosines:
        """The cosines with the letter sequences of *text*, folded."""
        own = letters([text]).ids
        weights = np.zeros(LETTER_BUCKETS, dtype=np.float32)
        weights[own] = self._unknown**2
        places = np.searchsorted(self._known, own)
        at = np.minimum(places, len(self._known) - 1)
        seen = self._known[at] == own if len(self._known) else np.zeros(len(own), dtype=np.bool_)
        weights[own[seen]] = self._rare[at[seen]] ** 2
        length = float(np.sqrt(weights[own].sum())) or 1.0

        def cosines(rows: Ints) -> Floats:
            dots = self._rows.sums(rows, weights.__getitem__)
            return _at_most_1(dots / (self._lengths[rows] * length))

        return cosines


def _at_most_1(cosines: Floats | NDArray[np.float64]) -> Floats:
    """*cosines* without what rounding adds to those of equal texts."""
    return np.minimum(cosines, 1).astype(np.float32)


def _rare(total: int, seen: Ints) -> Floats:
    return (1 + np.log((1 + total) / (1 + seen))).astype(np.float32)


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of *parts* one after another; none of none."""
    parts = parts or [Rows(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32))]
    starts = np.zeros(sum(map(len, parts)) + 1, dtype=np.int64)
    np.cumsum(np.concatenate([np.diff(part.starts) for part in parts]), out=starts[1:])
    return Rows(starts, np.concatenate([part.ids for part in parts]))


def counts(rows: Rows, size: int) -> Ints:
    """In how many rows each id below *size* stands."""
    found = np.zeros(size, dtype=np.int64)
    for start, end in _chunks(rows):
        found += np.bincount(rows.ids[rows.starts[start] : rows.starts[end]], minlength=size)
    return found


def lengths(rows: Rows, weights: Floats) -> Floats:
    """The length of each row, of which each id has the weight at its place in *weights*."""
    found = np.zeros(len(rows), dtype=np.float32)
    for start, end in _chunks(rows):
        starts = rows.starts[start : end + 1]
        part = Rows(starts - starts[0], rows.ids[starts[0] : starts[-1]])
        found[start:end] = np.sqrt(np.maximum(sums(part, (weights**2)[part.ids]), 1e-9))
    return found


def _chunks(rows: Rows) -> list[tuple[int, int]]:
    return [(at, min(at + _CHUNK, len(rows))) for at in range(0, len(rows), _CHUNK)]


def _between(rows: Rows, start: int, end: int) -> tuple[Ints, Ints]:
    """The ids of the rows from *start* to *end*, and for each its row, counted from *start*."""
    _, owner = spans(rows.starts[start:end], rows.starts[start + 1 : end + 1])
    return rows.ids[rows.starts[start] : rows.starts[end]].astype(np.int64), owner
