"""Which pair or gap is asked for by a text, word for word: a table of hashes, not of the texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from knowledge.model import Briefing, Gap, QAPair
from knowledge.text import phrasing_key


class Phrasings:
    """The stored phrasings of briefings; of equal ones the first counts.

    Sixteen bytes a phrasing, where the texts once more would be ten times that. What a hash finds
    is compared, so that no two texts are taken for one.
    """

    def __init__(self, briefings: Iterable[Briefing]) -> None:
        self._targets: list[QAPair | Gap] = []
        hashes, owners = array("q"), array("i")
        for briefing in briefings:
            targets: tuple[QAPair | Gap, ...] = (*briefing.pairs, *briefing.gaps)
            for target in targets:
                hashes.extend(hash(phrasing_key(text)) for text in target.phrasings)
                owners.extend([len(self._targets)] * len(target.phrasings))
                self._targets.append(target)
        order = np.argsort(np.array(hashes, dtype=np.int64), kind="stable")
        self._hashes = np.array(hashes, dtype=np.int64)[order]
        self._owners = np.array(owners, dtype=np.int32)[order]

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
