"""What a text may say: the words and figures of the passages that it stands on.

Pure and without a view on content; which passages count is decided in grounding.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.numbers import Figure, Sort, figures
from knowledge.spelling import is_english, rarity
from knowledge.text import fold

WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_QUOTE_BEFORE = frozenset('“"«„')
_RARE = 5.4
"""Rarity from which an English word that opens a sentence may as well be a name: Trump, Nice."""
_ENDINGS = ("ly", "wards", "ing", "ed", "s", "es", "men")
_MIN_STEM = 4
_MAX_ENDING = 2
"""Letters by which two forms of a name may differ at their end: Cuba, Cuban."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text; `key` is its form for comparison, without a possessive."""

    text: str
    key: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it has a capital letter anywhere."""
        return any(letter.isupper() for letter in self.text)


def words_of(text: str) -> list[Word]:
    """The words of *text* in order."""
    return [
        Word(m[0], fold(m[0]).removesuffix("'s"), m.start(), m.end()) for m in WORD.finditer(text)
    ]


def value_of(figure: Figure) -> tuple[Sort, str]:
    """What makes two figures the same."""
    return figure.sort, figure.value


class Evidence:
    """Words and figures that a text may use."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.figures: set[tuple[Sort, str]] = set()
        self.days: set[str] = set()

    def add(self, text: str) -> None:
        """Nothing; *text* may be used from now on."""
        self.words.update(word.key for word in words_of(text))
        for figure in figures(text):
            self.figures.add(value_of(figure))
            if figure.sort is Sort.DATE:
                self.days.add(figure.value.partition("-")[2])

    def join(self, other: Evidence) -> None:
        """Nothing; what *other* has may be used from now on."""
        self.words |= other.words
        self.figures |= other.figures
        self.days |= other.days

    def has_figure(self, figure: Figure) -> bool:
        """Whether *figure* is here; `the 23rd` is, where 23 August is."""
        if value_of(figure) in self.figures:
            return True
        day = figure.sort is Sort.ORDINAL and figure.text[0].isdigit()
        return day and figure.value in self.days

    def has_word(self, key: str) -> bool:
        """Whether *key*, or a form with another ending (Cuba, Cuban), is here."""
        return key in self.words or any(_akin(key, word) for word in self.words)


def _akin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (
        len(short) >= _MIN_STEM and len(long) - len(short) <= _MAX_ENDING and long.startswith(short)
    )


def is_ordinary(key: str) -> bool:
    """Whether a sentence may open with *key* without naming anybody: a word that is no name."""
    if is_english(key) and rarity(key) < _RARE:
        return True
    stems = [key.removesuffix(ending) for ending in _ENDINGS if key.endswith(ending)]
    return any(is_english(stem) or is_english(f"{stem}e") for stem in stems if len(stem) > 2)
