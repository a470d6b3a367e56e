"""Whether one spelling of a word or name is a variant of another: by slips, vowels, spaces, script.

Compares two texts by their letters and sounds; it knows no store, and not what a name means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from knowledge.text import latin, skeleton, without_article, words

_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = (("oo", "u"), ("ou", "u"), ("ee", "i"), ("ei", "ai"), ("ey", "ai"), ("y", "i"))


def name_key(name_words: Iterable[str]) -> tuple[str, ...]:
    """*name_words* without articles: what two dresses of one form share."""
    return tuple(w for w in map(without_article, name_words) if w)


def sound_of(form: Iterable[str]) -> str:
    """The consonants of the words of *form* by their sounds, in one."""
    return "".join(map(skeleton, form))


def far_off(name: str, forms: Iterable[str]) -> bool:
    """Whether *name* is none of *forms*, even without articles, accents and doubled letters."""

    def bare(form: str) -> tuple[str, ...]:
        return tuple(_DOUBLED.sub(r"\1", w) for w in name_key(words(form.replace("-", " "))))

    return bare(name) not in set(map(bare, forms))


def slips(word: str) -> int:
    """How many slips a word or name of this length may have and still be taken for another.

    Keyboard slips are mostly single (Damerau 1964: over 80 %); short words differ by one letter
    and mean something else.
    """
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2 if len(word) < 12 else 3


def alike(one: str, other: str) -> bool:
    """Whether words or names of one sound are near enough in letters to be spellings of one.

    Romanisations differ in the vowels; Arabic has few letters, and each tells more.
    """
    if one.isascii() and other.isascii():
        distance = DamerauLevenshtein.distance(latin(one), latin(other))
        return distance <= max(1, len(latin(one)) // 3)
    return DamerauLevenshtein.distance(one, other) <= slips(one)


def word_by_word(name: Sequence[str], form: Sequence[str]) -> bool:
    """Whether each word of *name* has no more slips than it may have by itself.

    Else a long surname would lend its slips to the first name, and make it somebody else's. Where
    one has more words than the other, words of the longer have to be one word of the shorter.
    """
    if len(name) == len(form):
        return all(map(_as_one, name, form))
    longer, shorter = sorted((name, form), key=len, reverse=True)
    return _respaced(longer, shorter)


def _respaced(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """Whether the words of *longer*, some of them put together, are those of *shorter*."""
    if not shorter or len(longer) <= len(shorter):
        return len(longer) == len(shorter) and all(map(_as_one, longer, shorter))
    most = len(longer) - len(shorter) + 1
    return any(
        _put_together(longer[:count], shorter[0]) and _respaced(longer[count:], shorter[1:])
        for count in range(1, most + 1)
    )


def _put_together(pieces: Sequence[str], word: str) -> bool:
    """Whether *pieces* are *word* in several, the longest with its slips, the others to the letter.

    A word that has nothing to do with it ("Lind's dog") would else be so many slips.
    """
    if len(pieces) == 1:
        return _as_one(pieces[0], word)
    parts = [latin(piece) for piece in pieces]
    longest = max(range(len(parts)), key=lambda at: len(parts[at]))
    left, right = "".join(parts[:longest]), "".join(parts[longest + 1 :])
    whole = latin(word)
    if not (whole.startswith(left) and whole.endswith(right)):
        return False
    rest = whole[len(left) : len(whole) - len(right)]
    distance = DamerauLevenshtein.distance(parts[longest], rest)
    return distance <= slips(min(parts[longest], rest, key=len))


def may_sound_as(name: Sequence[str], form: Sequence[str]) -> bool:
    """Whether *name*, of one sound with *form*, may be it; a surplus word without a sound is not.

    "Lind's eye" has the consonants of "Lind".
    """
    return len(name) == len(form) or all(map(skeleton, (*name, *form)))


def _as_one(own: str, other: str) -> bool:
    """Whether one word of a name may be another, for all slips that the whole may have."""
    one, two = (own, other) if not (own + other).isascii() else (latin(own), latin(other))
    if own.isascii() != other.isascii():
        one, two = latin(own), latin(other)
    distance = DamerauLevenshtein.distance(one, two)
    return distance <= max(slips(own), slips(other)) or (
        skeleton(own) == skeleton(other) and alike(own, other)
    )


def told_as(word: str, name: Sequence[str], *, alone: bool) -> str:
    """Which word of *name* the *word* of another form of it is; empty if none.

    Standing *alone* for a name of one word, it is that, whatever its letters.
    """
    own = [w for w in name if without_article(w)]
    if alone and len(own) == 1:
        return own[0]
    near = [w for w in own if skeleton(w) == skeleton(word) and len(skeleton(w)) > 1]
    near = near or [w for w in own if DamerauLevenshtein.distance(w, word) <= slips(word)]
    return min(near, key=lambda w: DamerauLevenshtein.distance(w, word), default="")


def bones(word: str) -> str:
    """The consonants of *word* by their sounds; itself where it has none."""
    return skeleton(word) or word


def respelt(word: str, other: str) -> bool:
    """Whether *word* and *other*, of one sound, are near enough in letters to be one name.

    A vowel at the beginning of one of them alone makes it another: Hamad is not Ahmad.
    """
    if (word[0] in "aeiou") is not (other[0] in "aeiou"):
        return False
    one, two = _plain_vowels(word), _plain_vowels(other)
    return one == two or (len(skeleton(word)) > 1 and alike(one, two))


def _plain_vowels(word: str) -> str:
    """*word* with one letter for each vowel that romanisations write in several ways."""
    for spelling, vowel in _VOWELS:
        word = word.replace(spelling, vowel)
    return _DOUBLED.sub(r"\1", word)
