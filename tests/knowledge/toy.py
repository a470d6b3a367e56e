"""An encoder that needs no semantic extra: a text points where its words do, each at random."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from knowledge.sparse import Floats
from knowledge.text import words

DIMENSIONS = 64


class Toy:
    """Texts with the same words have the same vector, texts without common ones are far apart."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*, of length 1."""
        found = [self._vector(text) for text in texts]
        return np.array(found, dtype=np.float32).reshape(len(found), DIMENSIONS)

    def stored(self, texts: Sequence[str], what: str = "phrasings") -> Floats:
        """The same; nothing is kept."""
        return self.encode(texts)

    def forget(self) -> None:
        """Nothing; there is nothing to forget."""

    def _vector(self, text: str) -> Floats:
        total = np.zeros(DIMENSIONS)
        for word in words(text):
            total += _direction(word)
        return np.asarray(total / (np.linalg.norm(total) or 1.0), dtype=np.float32)


class Same(Toy):
    """All texts mean the same."""

    def _vector(self, text: str) -> Floats:
        return np.asarray(np.eye(1, DIMENSIONS)[0], dtype=np.float32)


def _direction(word: str) -> Floats:
    found = np.random.default_rng(zlib.crc32(word.encode())).standard_normal(DIMENSIONS)
    return np.asarray(found, dtype=np.float32)
