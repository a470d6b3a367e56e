"""Mending of misspelt words against those a store knows, and how common a word is in English.

rapidfuzz measures the slips; pyspellchecker's word list tells a slip from a word of its own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from knowledge.names import alike, slips
from knowledge.text import latin, skeleton, without_article

_REAL = 30
"""Occurrences from which a spelling in the word list counts as a word, not a common slip."""
_HARDLY = 200
"""Occurrences up to which a word among others may be a slip of one of them (`prime minster`)."""
_SHORT = 3
"""Letters up to which a slip makes another word."""
_UNLISTED = 3.0
"""Rarity of a word that the list has not: of another language, a slip or a name, hence middling."""


@cache
def _english() -> dict[str, int]:
    """English words with their number of occurrences (subtitles, 2018 list of pyspellchecker)."""
    return dict(SpellChecker(language="en").word_frequency.dictionary)


def is_english(word: str) -> bool:
    """Whether *word* (folded) is an English word in common use."""
    return _english().get(word, 0) >= _REAL


def rarity(word: str) -> float:
    """How much *word* tells by itself: 1 for the commonest English ones to 6 for rare ones."""
    count = _english().get(word, 0)
    return min(6.0, max(1.0, 13.5 - math.log(1 + count))) if count else _UNLISTED


class Speller:
    """Mends words that the store does not know against those it knows.

    Of *common* words of any question (`waht`) four letters are enough. *forms* are each
    thing's names, its own first: where all words of one but one are English, and that one a slip
    away from a word of the others, an editor has foreseen the slip; it is mended wherever it
    stands.
    """

    def __init__(
        self,
        known: Iterable[str],
        names: Iterable[str],
        *,
        common: Iterable[str] = (),
        forms: Iterable[Sequence[Sequence[str]]] = (),
    ) -> None:
        self._names = frozenset(names)
        known = frozenset(known) | self._names
        self._known = known | {without_article(w) for w in known if not w.isascii()}
        self._slips: dict[str, str] = {}
        for word in sorted(w for w in common if w.isascii() and len(w) > _SHORT):
            for slip in _swapped_or_left_out(word):
                if slip not in self._known and not is_english(slip):
                    self._slips.setdefault(slip, word)
        forms = list(forms)
        right = {word for names_of_one in forms for word in names_of_one[0]}
        for of_one in forms:
            self._slips.update((w, meant) for w, meant in _slips_among(of_one) if w not in right)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._by_skeleton: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) > 3:
                self._by_letter[word[0]].append(word)
        for word in sorted(self._names):
            self._by_skeleton[skeleton(word)].append(word)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def mend(self, word: str) -> str:
        """The known word that *word* most likely is a spelling of; *word* itself if none is."""
        if word in self._slips:
            return self._slips[word]
        if word in self._known or word.isdecimal() or len(word) < 3 or is_english(word):
            return word
        return self._sounding(word) or self._nearest(word) or word

    def _sounding(self, word: str) -> str | None:
        """The name with the same consonants, by any romanisation or script."""
        forms = [word if word.isascii() else without_article(word)]
        if word.isascii() and word[:2] in {"al", "el"} and len(word) > 5:
            forms.append(word[2:])
        for form in forms:
            if form in self._known:
                return form
            bones = skeleton(form)
            namesakes = self._by_skeleton.get(bones, ()) if len(bones) > 2 else ()
            if not word.isascii():
                arabic = [n for n in namesakes if not n.isascii()]
                namesakes = arabic or [n for n in namesakes if not is_english(n)]
                if arabic and not any(alike(form, n) for n in arabic):
                    continue
            if not namesakes:
                continue
            spelling = latin(form)
            distance, best = min(
                (DamerauLevenshtein.distance(latin(n), spelling), n) for n in namesakes
            )
            if not word.isascii() or distance <= max(1, len(spelling) // 3):
                return best
        return None

    def _nearest(self, word: str) -> str | None:
        """The known word within the slips that the length allows, first letter kept."""
        limit = slips(word)
        if not limit:
            return None
        best = process.extractOne(
            word,
            self._by_letter.get(word[0], ()),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=limit,
        )
        return str(best[0]) if best else None


def _swapped_or_left_out(word: str) -> Iterator[str]:
    """What *word* becomes where two neighbouring letters are swapped, or one is left out.

    The first letter stays, and four letters do.
    """
    for at in range(1, len(word)):
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        if len(word) > _SHORT + 1:
            yield word[:at] + word[at + 1 :]


def _slips_among(names: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The words of *names* that are slips of another word of them, each with that one."""
    english = {w for name in names for w in name if len(w) > _SHORT and is_english(w)}
    for name in names:
        odd = [w for w in name if _english().get(w, 0) < _HARDLY]
        if len(name) < 2 or len(odd) != 1 or len(odd[0]) <= _SHORT or not odd[0].isascii():
            continue
        slip = odd[0]
        meant = [w for w in sorted(english) if w[0] == slip[0] and _apart(w, slip) == 1]
        if meant:
            yield slip, max(meant, key=_english().__getitem__)


def _apart(one: str, other: str) -> int:
    return DamerauLevenshtein.distance(one, other, score_cutoff=1)
