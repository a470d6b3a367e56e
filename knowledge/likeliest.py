"""Which of many briefings may answer a question, by plain words; it reads no names and no kinds.

Each briefing is asked by itself, which takes time in their number: of many only a few are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from knowledge.candidates import Candidates
from knowledge.language import STOP_WORDS
from knowledge.model import Briefing
from knowledge.spelling import Speller
from knowledge.strangers import texts_of
from knowledge.text import stem, words

_LOOKED_AT = 120
"""Texts with words of the question whose briefings are looked at, nearest first."""
_EARLIER = 0.3
"""Weight of a word of the questions before, beside one of the question itself."""


class Likeliest:
    """The words of all texts and names of many briefings, to be searched by a question."""

    def __init__(self, briefings: Sequence[Briefing]) -> None:
        self._ids = tuple(briefing.id for briefing in briefings)
        known: set[str] = set()
        names: set[str] = set()
        owners: list[int] = []

        def rows() -> Iterator[list[str]]:
            for number, briefing in enumerate(briefings):
                for text in texts_of(briefing):
                    found = _words(text)
                    known.update(found)
                    owners.append(number)
                    yield list(map(stem, found))
                for entity in briefing.entities:
                    found = [w for name in (entity.name, *entity.aliases) for w in _words(name)]
                    names.update(found)
                    owners.append(number)
                    yield list(map(stem, found))

        self._candidates = Candidates(rows())
        self._owners = np.array(owners, dtype=np.int32)
        self._speller = Speller(known, names)

    def find(self, question: str, before: Sequence[str] = ()) -> tuple[str, ...]:
        """Ids of briefings with a text near *question* in words, the nearest first.

        *before* are the questions before it, whose words count as well, but less.
        """
        asked = {term: _EARLIER for text in before for term in self._terms(text)}
        asked |= dict.fromkeys(self._terms(question), 1.0)
        if not asked:
            return ()
        rows = self._candidates.find(asked, _LOOKED_AT)
        return tuple(dict.fromkeys(self._ids[number] for number in self._owners[rows].tolist()))

    def _terms(self, text: str) -> list[str]:
        return [stem(self._speller.mend(word)) for word in _words(text)]


def _words(text: str) -> list[str]:
    return [word for word in words(text.replace("-", " ")) if word not in STOP_WORDS]
