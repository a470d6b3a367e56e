"""Which pair or gap is asked for by a text, word for word: a table of hashes, not of the texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from knowledge.model import Gap, QAPair
from knowledge.text import phrasing_key


class Phrasings:
    """The stored phrasings of pairs and gaps; of equal ones the first counts.

    Sixteen bytes a phrasing, where the texts once more would be ten times that. What a hash finds
    is compared, so that no two texts are taken for one. All are added before the first is sought.
    """

    def __init__(self) -> None:
        self._targets: list[QAPair | Gap] = []
        self._waiting, self._of = array("q"), array("i")

    @classmethod
    def joined(cls, parts: Iterable[Phrasings]) -> Phrasings:
        """The phrasings of *parts*, the first of which go first."""
        whole = cls()
        for part in parts:
            # By target, so that those of one part stay in the order in which they were added.
            order = np.argsort(part._owners, kind="stable")
            whole._waiting.extend(part._hashes[order].tolist())
            whole._of.extend((part._owners[order] + len(whole._targets)).tolist())
            whole._targets += part._targets
        whole.done()
        return whole

    def add(self, target: QAPair | Gap) -> None:
        """Nothing; the phrasings of *target* are the next."""
        self._waiting.extend([hash(phrasing_key(text)) for text in target.phrasings])
        self._of.extend([len(self._targets)] * len(target.phrasings))
        self._targets.append(target)

    def done(self) -> None:
        """Nothing; what was added is all."""
        hashes = np.array(self._waiting, dtype=np.int64)
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._owners = hashes[order], np.array(self._of, dtype=np.int32)[order]
        self._waiting, self._of = array("q"), array("i")

    def get(self, key: str) -> QAPair | Gap | None:
        """The target with a phrasing of that phrasing_key; None where there is none."""
        wanted = hash(key)
        start = int(np.searchsorted(self._hashes, wanted))
        end = int(np.searchsorted(self._hashes, wanted, side="right"))
        for at in range(start, end):
            target = self._targets[int(self._owners[at])]
            if any(phrasing_key(text) == key for text in target.phrasings):
                return target
        return None

    def __len__(self) -> int:
        return len(self._hashes)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None
