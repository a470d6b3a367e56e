"""What a store tells of, and what only its questions hold: names, numbers and dates.

Words in, words out; it knows no entity and no score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import cached_property
from itertools import pairwise

from knowledge.dates import Date, dates_in
from knowledge.language import STOP_WORDS
from knowledge.model import Briefing
from knowledge.spelling import is_english, rarity
from knowledge.text import fold, stem, without_article, words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SAYS_NO = re.compile(r"No\b")
_SHOUTING = 0.6
"""Share of words with a capital from which a capital tells nothing."""
_NUMBER = re.compile(r"\d(?:\d|$)")
"""How a number opens; a letter after one digit is Arabic in Latin script (`3lash`)."""
_ENDS = re.compile(r"[.?!:…\n]")
"""What stands between two words of which the second opens a sentence."""
_NAME_LIKE = 5.4
"""Rarity from which an English word that questions write as a name is one in small letters too."""
_READERS_TIME = frozenset({"min", "mins", "minute", "minutes", "hour", "hours", "sec", "seconds"})
"""Units of the reader's own haste ("in 10 min"), of which no number is asked about."""


class Told:
    """The words of a store: those that it tells, and those in which it is only asked.

    `all` are both, with the words that tell nothing.
    """

    def __init__(self, briefings: Sequence[Briefing], names: Set[str]) -> None:
        told = {w for b in briefings for text in _telling(b) for w in words(text)}
        told |= {w for b in briefings for g in b.vocabulary for p in g for w in words(p)}
        told |= STOP_WORDS
        asked = {w for b in briefings for text in _asking(b) for w in words(text)}
        self.all = frozenset(told | asked)
        told |= {without_article(w) for w in told} | names
        known = self.all | names
        self._known = known | {without_article(w) for w in known if not w.isascii()}
        self._only_asked = frozenset(asked - told)
        self._briefings = briefings
        self._names, self._plainly_names = _names_among(self._only_asked, briefings)

    def strangers(self, text: str, mended: Sequence[str]) -> tuple[str, ...]:
        """Names and numbers of *text*, of the *mended* words, that the store does not tell of.

        What only questions of the store hold is a name where one of them writes it as such.
        """
        unknown = {w for w in mended if w not in self._known}
        found = [
            word
            for word, following in zip(mended, [*mended[1:], ""], strict=False)
            if self._is_new_number(word) and following not in _READERS_TIME
        ]
        found += [w for w in _capitalised(text) if w in unknown or w in self._names]
        found += [w for w in mended if w in self._plainly_names]
        return tuple(dict.fromkeys(found))

    def date(self, asked: Date) -> bool:
        """Whether the store tells of that day, month or year, or of a time that may be it."""
        return any(_may_be(asked, told) for told in self._dates)

    @cached_property
    def _dates(self) -> frozenset[Date]:
        """The dates told; one without a year is of the year of its briefing."""
        return frozenset(
            (year or b.article.front.published.year, month, day)
            for b in self._briefings
            for text in _telling(b)
            for meanings in dates_in(fold(text))
            for year, month, day in meanings
        )

    def _is_new_number(self, word: str) -> bool:
        if word in self._known:
            return word.isdecimal() and word in self._only_asked
        return _NUMBER.match(stem(word)) is not None


def _telling(briefing: Briefing) -> Iterable[str]:
    """The texts in which *briefing* tells something, and the questions that it does not deny."""
    yield from (s.text for s in briefing.article.sentences.values())
    for pair in briefing.pairs:
        yield pair.answer
        if not _SAYS_NO.match(pair.answer):
            yield from pair.phrasings
    yield from (e.description for e in briefing.entities)
    yield from (c.statement for c in briefing.claims)


def _asking(briefing: Briefing) -> Iterable[str]:
    """The texts of *briefing* that ask, and those that say what it does not tell."""
    for pair in briefing.pairs:
        yield from pair.phrasings
    for gap in briefing.gaps:
        yield gap.statement
        yield from gap.phrasings


def _may_be(one: Date, other: Date) -> bool:
    """Whether what both say of year, month and day is the same, and that is something."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(both) and all(a == b for a, b in both)


def texts_of(briefing: Briefing) -> Iterable[str]:
    """All text of *briefing* whose words count as known."""
    yield from _telling(briefing)
    yield from _asking(briefing)


def _names_among(
    asked: Set[str], briefings: Sequence[Briefing]
) -> tuple[frozenset[str], frozenset[str]]:
    """Those of *asked* that questions write as names, and of these what can be nothing else."""
    texts = [text for b in briefings for text in _asking(b)]
    names = {w for text in texts for w in _capitalised(text)} & asked
    runs = (_WORD.findall(text) for text in texts)
    small = {w for run in runs for raw in run if raw.islower() for w in words(raw)}
    plain = {n for n in names if rarity(n) >= _NAME_LIKE or not (is_english(n) or n in small)}
    return frozenset(names), frozenset(plain)


def _capitalised(text: str) -> list[str]:
    """Words of *text* with a capital, folded, but those that open a sentence; none if all shout."""
    raw = list(_WORD.finditer(text.replace("-", " ")))
    if sum(m[0][:1].isupper() for m in raw) > _SHOUTING * len(raw):
        return []
    found = (
        words(word[0])[:1]
        for before, word in pairwise(raw)
        if word[0][:1].isupper() and not _ENDS.search(text[before.end() : word.start()])
    )
    return [folded for one in found for folded in one]
