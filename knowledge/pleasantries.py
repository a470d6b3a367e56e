"""By what smalltalk is told: the same words, pieces of it, nearly the same letters, or meaning.

It finds topics; when a message may be smalltalk at all, rules.py says.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from knowledge.language import JOINTS
from knowledge.meaning import Encoder
from knowledge.model import SmalltalkTopic
from knowledge.sparse import Floats
from knowledge.text import content_words, phrasing_key, sign, words

LONGEST = 10
"""Words that a message, or a piece of one, may have to be smalltalk in other words."""
_NEAR = 86.0
"""Least token_sort_ratio (0 to 100) at which a message is smalltalk; real questions stay below."""


class Pleasantries:
    """Topics of smalltalk, by what readers write; *encoder* tells what means the same, if any."""

    def __init__(self, topics: Sequence[SmalltalkTopic], encoder: Encoder | None = None) -> None:
        self._topics = tuple(topics)
        self._encoder = encoder
        self._known = {
            key: topic
            for topic in topics
            for phrasing in topic.phrasings
            for key in _keys(phrasing)
        }
        self._sorted = {_sorted(key): topic for key, topic in self._known.items()}
        self.words = frozenset(word for key in self._known for word in key.split())
        self._vectors = self._meant()  # now, not while the first reader waits

    def same(self, text: str) -> SmalltalkTopic | None:
        """The topic that *text* is word for word, with or without pleas; signs go by themselves."""
        found = (self._known.get(key) for key in _asked(text))
        return next((topic for topic in found if topic), None)

    def of_pieces(self, text: str) -> SmalltalkTopic | None:
        """The topic of the longest of the pieces that *text* is all made of; None if it is not."""
        said = words(text)
        pieces: dict[int, tuple[str, ...]] = {0: ()}  # by the number of words so far
        for end in range(1, len(said) + 1):
            for start in range(max(0, end - LONGEST), end):
                piece = " ".join(said[start:end])
                if start in pieces and piece in self._known:
                    pieces.setdefault(end, (*pieces[start], piece))
                elif start in pieces and start and piece in JOINTS:
                    pieces.setdefault(end, pieces[start])
        found = pieces.get(len(said), ())
        return self._known[max(found, key=lambda p: len(p.split()))] if found else None

    def nearly(self, text: str) -> tuple[SmalltalkTopic, float] | None:
        """The topic whose words, in any order, nearly are those of *text*, and how nearly (0 to 1).

        That is rapidfuzz's token_sort_ratio, of words that are sorted beforehand.
        """
        for key in _asked(text):
            near = process.extractOne(
                _sorted(key), self._sorted.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR
            )
            if near is not None:
                return self._sorted[near[0]], near[1] / 100
        return None

    def like(self, text: str) -> tuple[SmalltalkTopic, float] | None:
        """The topic nearest to *text* in meaning, and the cosine; None without an encoder."""
        topics, vectors = self._vectors
        if self._encoder is None or vectors is None:
            return None
        near = vectors @ self._encoder.encode([text])[0]
        best = int(near.argmax())
        return topics[best], float(near[best])

    def opening(self, text: str) -> SmalltalkTopic | None:
        """The topic of the longest piece that *text* opens with."""
        said = words(text)
        sizes = range(min(len(said), LONGEST), 0, -1)
        found = (self._known.get(" ".join(said[:size])) for size in sizes)
        return next((topic for topic in found if topic), None)

    def _meant(self) -> tuple[tuple[SmalltalkTopic, ...], Floats | None]:
        """What each phrasing means, and whose it is; no vectors without an encoder."""
        told = [(topic, text) for topic in self._topics for text in topic.phrasings]
        topics = tuple(topic for topic, _ in told)
        if self._encoder is None or not told:
            return topics, None
        return topics, self._encoder.stored([text for _, text in told])


def _asked(text: str) -> tuple[str, ...]:
    full = " ".join(words(text))
    return (full, phrasing_key(text)) if full else (sign(text),)


def _sorted(key: str) -> str:
    return " ".join(sorted(key.split()))


def _keys(phrasing: str) -> tuple[str, ...]:
    """*phrasing* word for word, and without politeness if that leaves more than `what`.

    One without words goes by its sign.
    """
    if not words(phrasing):
        return (sign(phrasing),)
    full, core = " ".join(words(phrasing)), phrasing_key(phrasing)
    return (full, core) if content_words(core) else (full,)
