"""Sparse rows of numbers, packed: what each of many texts is made of, and dot products with few.

Knows numbers and letters only; what they stand for is the index's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ids = NDArray[np.uint16] | NDArray[np.int32]

LETTER_BUCKETS = 1 << 16
"""Letter sequences are numbered by a hash of 16 bits: two bytes each, and few share a number
among the 30,000 or so that a language has."""
_NGRAMS = (2, 3, 4, 5)
_CHUNK = 8_192
"""Texts cut at a time, which bounds the memory needed while building."""
_FACTOR = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)
"""Odd multipliers that spread neighbouring numbers (of FNV, and 2^32 by the golden ratio)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Row `r` holds `ids[starts[r]:starts[r + 1]]`; an id stands at most once in a row."""

    starts: Ints
    ids: Ids

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, rows: Ints) -> tuple[Ints, Ints]:
        """Positions in `ids` of all that *rows* hold, and for each its place in *rows*."""
        return spans(self.starts[rows], self.starts[rows + 1])

    def sums(self, rows: Ints, worth: Callable[[Ids], Floats]) -> NDArray[np.float64]:
        """For each of *rows* the sum of what its ids are *worth*; 0 of an empty row."""
        first = self.starts[rows]
        lengths = self.starts[rows + 1] - first
        begin = np.cumsum(lengths) - lengths
        at = np.arange(int(lengths.sum()))
        at += np.repeat(first - begin, lengths)
        found = np.zeros(len(rows))
        filled = lengths > 0
        if filled.any():
            found[filled] = np.add.reduceat(worth(self.ids[at]), begin[filled], dtype=np.float64)
        return found


def among(values: Ids | Ints, wanted: Ints) -> Bools:
    """Which of *values* are among *wanted*, which are sorted; quicker than `np.isin` for few."""
    if not len(wanted):
        return np.zeros(len(values), dtype=np.bool_)
    places = np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)
    return np.asarray(wanted[places] == values)


def spans(first: Ints, end: Ints) -> tuple[Ints, Ints]:
    """All integers of the half-open intervals, and for each the number of its interval."""
    lengths = end - first
    owner = np.repeat(np.arange(len(lengths)), lengths)
    offset = np.repeat(first - (np.cumsum(lengths) - lengths), lengths)
    return np.arange(int(lengths.sum())) + offset, owner


def sums(rows: Rows, values: Floats) -> Floats:
    """For each row the sum of *values*, which are given id by id; 0 for an empty row."""
    total = np.concatenate((np.zeros(1), np.cumsum(values, dtype=np.float64)))
    return (total[rows.starts[1:]] - total[rows.starts[:-1]]).astype(np.float32)


def unique(owner: Ints, ids: Ints, count: int) -> Rows:
    """*ids* as the rows that *owner* numbers (0 to *count* - 1), each id once a row, sorted."""
    keys = owner << 32 | ids
    keys.sort()
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
    starts = np.searchsorted(keys, np.arange(count + 1, dtype=np.int64) << 32)
    return Rows(starts, (keys & 0xFFFFFFFF).astype(np.int32))


def letters(texts: Sequence[str]) -> Rows:
    """The hashed sequences of 2 to 5 letters of each text's words, their ends marked by a space."""
    chunks = [_letters(texts[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)]
    if not chunks:
        return Rows(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint16))
    lengths = np.concatenate([np.diff(c.starts) for c in chunks])
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return Rows(starts, np.concatenate([c.ids for c in chunks]))


def _letters(texts: Sequence[str]) -> Rows:
    padded = [f" {text} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(texts), dtype=np.uint32), [len(p) for p in padded])
    spaces = np.cumsum(codes == ord(" "))
    found = []
    hashed = codes
    for size in range(2, max(_NGRAMS) + 1):
        hashed = hashed[:-1] * _FACTOR + codes[size - 1 :]
        if size in _NGRAMS:
            first, last = owner[: len(hashed)], owner[size - 1 :]
            # A space may open or close a sequence; one within would join two words.
            one_word = spaces[size - 2 : -1] == spaces[: len(hashed)]
            found.append((first << 16 | hashed * _MIX >> 16)[(first == last) & one_word])
    keys = np.concatenate(found)
    keys.sort()
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
    starts = np.searchsorted(keys >> 16, np.arange(len(texts) + 1))
    return Rows(starts, (keys & 0xFFFF).astype(np.uint16))
