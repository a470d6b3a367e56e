"""Vectors of many texts, and which of them point where a question does; kept small where many.

Numbers only; what makes vectors of texts is in meaning.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from knowledge.sparse import Floats, Ints

MANY = 20_000
"""Vectors from which they are kept in fewer dimensions: 40 MB otherwise, and 5 ms a question."""
_DIMENSIONS = 256
"""Principal dimensions kept of many vectors, in half precision."""
_SCANNED = 64
"""Principal dimensions that all of many vectors are looked through by."""
_TRIED = 500
"""Of many vectors, how many of the nearest by the scanned dimensions are told apart by all."""
_BLOCK = 64
_CHUNK = 8_192


class Vectors:
    """Vectors of length 1, `float32[n, d]`: exact up to MANY of them, beyond by main dimensions.

    These are the directions in which an even sample of MANY of the vectors spreads most.
    """

    def __init__(self, vectors: Floats) -> None:
        self._axes: Floats | None = None
        self._scanned = vectors
        self._kept: Floats | NDArray[np.float16] = vectors
        if len(vectors) <= MANY:
            return
        sample = vectors[:: -(-len(vectors) // MANY)]
        spread = sample.T @ sample
        _, axes = np.linalg.eigh(spread.astype(np.float64))
        self._axes = np.ascontiguousarray(axes[:, ::-1][:, :_DIMENSIONS], dtype=np.float32)
        kept = np.zeros((len(vectors), self._axes.shape[1]), dtype=np.float16)
        scanned = np.zeros((len(vectors), _SCANNED), dtype=np.float32)
        for at in range(0, len(vectors), _CHUNK):
            turned = vectors[at : at + _CHUNK] @ self._axes
            kept[at : at + _CHUNK] = turned
            scanned[at : at + _CHUNK] = turned[:, :_SCANNED]
        self._kept, self._scanned = kept, scanned

    def near(self, wanted: Floats, limit: int) -> Ints:
        """Numbers of the *limit* vectors, or all, nearest to *wanted*, in no order."""
        if self._axes is None:
            return _largest(self._scanned @ wanted, limit)
        turned = wanted @ self._axes
        tried = _largest(self._scanned @ turned[:_SCANNED], max(limit, _TRIED))
        return tried[_largest(self.cosines(tried, wanted), limit)]

    def best(self, wanted: Floats) -> float:
        """About the highest cosine of any vector with *wanted*; 0 of none."""
        rows = self.near(wanted, 1)
        return float(self.cosines(rows, wanted).max(initial=0.0))

    def cosines(self, rows: Ints, wanted: Floats) -> Floats:
        """The cosines of those vectors with *wanted*, which has length 1 as well; at least 0."""
        turned = wanted if self._axes is None else wanted @ self._axes
        found = self._kept[rows].astype(np.float32, copy=False) @ turned
        return np.maximum(found, np.float32(0))


def centroids(vectors: Floats, first: Ints) -> Floats:
    """The direction of the mean of each group of *vectors*; group n begins at *first*[n].

    The last of *first* is where the last group ends. Zeros of a group without any.
    """
    filled = np.flatnonzero(np.diff(first))
    found = np.zeros((len(first) - 1, vectors.shape[1]), dtype=np.float32)
    if len(filled):
        sums = np.add.reduceat(vectors, first[filled], axis=0)
        found[filled] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    return found


def _largest(values: Floats, limit: int) -> Ints:
    """Places of the *limit* largest values, or of all, in no order."""
    blocks = len(values) // _BLOCK
    if blocks > 2 * limit:  # they stand in the *limit* blocks with the largest maxima, or the rest
        inside = values[: blocks * _BLOCK].reshape(blocks, _BLOCK)
        best = np.argpartition(inside.max(axis=1), blocks - limit)[blocks - limit :]
        places = (best[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        places = np.concatenate((places, np.arange(blocks * _BLOCK, len(values))))
        return places[_largest(values[places], limit)]
    most = min(limit, len(values))
    return np.argpartition(values, len(values) - most)[len(values) - most :]
