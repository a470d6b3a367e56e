"""Mending of misspelt words against those a store knows, and how common a word is in English.

rapidfuzz measures the slips; pyspellchecker's word list tells a slip from a word of its own.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import permutations

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from knowledge.text import latin, skeleton, without_article
from knowledge.variants import alike, slips

_REAL = 30
"""Occurrences from which a spelling in the word list counts as a word, not a common slip."""
_HARDLY = 200
"""Occurrences up to which a word among others may be a slip of one of them (`prime minster`)."""
_COMMON = 2.5
"""Rarity up to which a word is common: it stands 60,000 times in the list."""
_SHORT = 3
"""Letters up to which a slip makes another word."""
_UNLISTED = 3.0
"""Rarity of a word that the list has not: of another language, a slip or a name, hence middling."""
_JOINED = re.compile(r"[ae](?:l|([dnrstz])(?=\1))")
"""The Arabic article in one word with a name, also where it takes on a letter (`es` + `Said`)."""


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

    Of *common* English words of any question (`waht`) four letters are enough. *forms* are each
    thing's names: where two of one thing are the same but for one word, English in the one and a
    slip of that in the other, an editor has foreseen the slip; it is mended wherever it stands,
    unless it is a name of something by itself.
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
        for word in sorted(w for w in common if len(w) > _SHORT and rarity(w) <= _COMMON):
            for slip in _swapped_or_left_out(word):
                if slip not in self._known and not is_english(slip):
                    self._slips.setdefault(slip, word)
        forms = list(forms)
        right = {word for of_one in forms for word in of_one[0]}
        right |= {name[0] for of_one in forms for name in of_one if len(name) == 1}
        for of_one in forms:
            self._slips.update((w, meant) for w, meant in _slips_among(of_one) if w not in right)
        self._slips = {slip: meant for slip in self._slips if (meant := self._end(slip)) != slip}
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._by_skeleton: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known - self._slips.keys()):
            if len(word) > 3:
                self._by_letter[word[0]].append(word)
        for word in sorted(self._names - self._slips.keys()):
            self._by_skeleton[skeleton(word)].append(word)

    def _end(self, slip: str) -> str:
        """The word that *slip* is mended to in the end; itself where its slips go in a circle."""
        seen, meant = {slip}, self._slips[slip]
        while meant in self._slips:
            if meant in seen:
                return slip
            seen.add(meant)
            meant = self._slips[meant]
        return meant

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def mend(self, word: str, *, is_name: bool = False) -> str:
        """The known word that *word* most likely is a spelling of; *word* itself if none is.

        What is written as a name is no slip of a common word.
        """
        if word in self._slips and not is_name:
            return self._slips[word]
        if word in self._known or word.isdecimal() or len(word) < 3 or is_english(word):
            return word
        meant = self._sounding(word) or self._nearest(word)
        return self._slips.get(meant, meant) if meant else word

    def _sounding(self, word: str) -> str | None:
        """The name with the same consonants, by any romanisation or script."""
        forms = [word if word.isascii() else without_article(word)]
        if word.isascii() and len(word) > 5 and _JOINED.match(word):
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
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        if swapped != word:
            yield swapped
        if len(word) > _SHORT + 1:
            yield word[:at] + word[at + 1 :]


def _slips_among(names: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The words of *names* that are slips in another of them, each with the word that is meant.

    Where several may be, the commonest comes last.
    """
    places: dict[tuple[tuple[str, ...], tuple[str, ...]], set[str]] = defaultdict(set)
    for name in names:
        for at in range(len(name) if len(name) > 1 else 0):
            places[tuple(name[:at]), tuple(name[at + 1 :])].add(name[at])
    couples = {couple for words in places.values() for couple in permutations(words, 2)}
    found = {(slip, meant) for slip, meant in couples if _is_slip(slip, meant)}
    yield from sorted(found, key=lambda couple: (_english()[couple[1]], couple))


def _is_slip(word: str, meant: str) -> bool:
    """Whether *word*, which is hardly one, is a letter away from the English word that is *meant*.

    The first letter is the same, and there are five.
    """
    return (
        len(word) > _SHORT + 1
        and word[0] == meant[0]
        and _english().get(word, 0) < _HARDLY
        and is_english(meant)
        and DamerauLevenshtein.distance(word, meant, score_cutoff=1) == 1
    )
