"""What a store tells of, and what only its questions hold: names, numbers and dates.

Words in, words out; it knows no entity and no score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import cached_property

from knowledge.dates import Date, dates_in
from knowledge.language import STOP_WORDS
from knowledge.model import Briefing
from knowledge.name_words import TITLES
from knowledge.openers import ASKING_WORDS
from knowledge.spelling import is_english, rarity
from knowledge.text import all_words, fold, stem, without_article, words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SAYS_NO = re.compile(r"No\b")
_SHOUTING = 0.6
"""Share of words within sentences with a capital from which a capital tells nothing, where all
have one, or such words that no name is made of."""
_LONGEST_NAME = 40
"""Characters of a message that may be nothing but a name."""
_SIGNS = re.compile(r"[^\w\s'’.]")
"""What no name has in it."""
_NUMBER = re.compile(r"\d(?:\d|$)")
"""How a number opens; a letter after one digit is Arabic in Latin script (`3lash`)."""
_GAP = r"['’]*[^\w.?!:…\n'’][^\w.?!:…\n]*+"
"""What parts two words: more than an apostrophe. The possessive run keeps it linear."""
_INNER_WORD = re.compile(rf"(?<=[^\W_]){_GAP}([^\W_]+(?:['’][^\W_]+)*)")
"""A word that another one stands before in its sentence."""
_NAME_LIKE = 5.4
"""Rarity from which an English word that questions write as a name is one in small letters too."""
_TITLES = frozenset(word for titles in TITLES.values() for t in titles for word in words(t))
_NO_NAMES = ASKING_WORDS | STOP_WORDS
_READERS_TIME = frozenset({"min", "mins", "minute", "minutes", "hour", "hours", "sec", "seconds"})
"""Units of the reader's own haste ("in 10 min"), of which no number is asked about."""


class Told:
    """The words of a store: those that it tells, and those in which it is only asked.

    `all` are both, with the words that tell nothing.
    """

    def __init__(self, briefings: Sequence[Briefing], names: Set[str]) -> None:
        texts = [found for b in briefings for found in _texts(b)]
        told = all_words(text for text, _, asks in texts if not asks)
        both = all_words(text for text, tells, asks in texts if tells and asks)
        asked = both | all_words(text for text, tells, _ in texts if not tells)
        told |= both
        told |= {w for b in briefings for g in b.vocabulary for p in g for w in words(p)}
        told |= STOP_WORDS
        self.all = frozenset(told | asked)
        told |= {without_article(w) for w in told} | names
        known = self.all | names
        self._known = known | {without_article(w) for w in known if not w.isascii()}
        self._only_asked = frozenset(asked - told)
        self._briefings = briefings
        asking = [text for text, tells, asks in texts if asks and not tells]  # the rest has none
        as_written = {raw for text in asking for raw in text.split()}
        self._names = frozenset(_names(asking, as_written, self._only_asked))
        raw_words = {raw for written in as_written for raw in _WORD.findall(written)}
        small = all_words(raw for raw in raw_words if raw.islower())
        self._plainly_names = frozenset(
            n for n in self._names if rarity(n) >= _NAME_LIKE or not (is_english(n) or n in small)
        )
        """Those of the names that can be nothing else."""

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
        names = [w for w in names_in(text) if w not in _TITLES]
        found += [w for w in names if w in unknown or w in self._names]
        found += [w for w in mended if w in self._plainly_names]
        return tuple(dict.fromkeys(found))

    def date(self, asked: Date) -> bool:
        """Whether the store tells of that day, month or year, or of a time that may be it."""
        return any(_may_be(asked, told) for told in self._dates)

    @cached_property
    def _dates(self) -> frozenset[Date]:
        """The dates told; one without a year is of the year of its briefing.

        Of years by themselves a question tells none: "Is it from this year or the next?"
        """
        return frozenset(
            (year or b.article.front.published.year, month, day)
            for b in self._briefings
            for text, tells, asks in _texts(b)
            if tells
            for meanings in dates_in(fold(text))
            for year, month, day in meanings
            if month or not asks
        )

    def _is_new_number(self, word: str) -> bool:
        if word in self._known:
            return word.isdecimal() and word in self._only_asked
        return _NUMBER.match(stem(word)) is not None


def _texts(briefing: Briefing) -> Iterable[tuple[str, bool, bool]]:
    """Each text of *briefing*, whether it tells something and whether it asks.

    A pair's questions tell what they ask about, but where its answer denies it. What says that
    the briefing is silent tells nothing.
    """
    for sentence in briefing.article.sentences.values():
        yield sentence.text, True, False
    for pair in briefing.pairs:
        yield pair.answer, True, False
        denied = _SAYS_NO.match(pair.answer) is not None
        for phrasing in pair.phrasings:
            yield phrasing, not denied, True
    for entity in briefing.entities:
        yield entity.description, True, False
    for claim in briefing.claims:
        yield claim.statement, True, False
    for gap in briefing.gaps:
        yield gap.statement, False, True
        for phrasing in gap.phrasings:
            yield phrasing, False, True


def _names(texts: Iterable[str], as_written: Iterable[str], among: Set[str]) -> set[str]:
    """Those *among* folded words that one of *texts*, the words *as_written*, writes as a name."""
    capital = (written for written in as_written if not written.islower())
    wanted = {written for written in capital if not among.isdisjoint(words(written))}
    some = (text for text in texts if not wanted.isdisjoint(text.split()))
    return {folded for text in some for folded in names_in(text)} & among


def _may_be(one: Date, other: Date) -> bool:
    """Whether what both say of year, month and day is the same, and that is something."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(both) and all(a == b for a, b in both)


def texts_of(briefing: Briefing) -> Iterable[str]:
    """All text of *briefing* whose words count as known."""
    return (text for text, *_ in _texts(briefing))


def _is_plain(word: str) -> bool:
    """Whether *word*, folded, is an English word that no name is likely to be."""
    return is_english(word) and rarity(word) < _NAME_LIKE


def names_in(text: str) -> tuple[str, ...]:
    """The words of *text*, folded, that it writes as names, each once."""
    found = (folded for word in _capitalised(text) for folded in words(word)[-1:])
    return tuple(dict.fromkeys(found))


def _capitalised(text: str) -> list[str]:
    """Words of *text* with a capital, but those that open a sentence; none if all shout.

    A few words that all begin with one, and go on in small letters, are a name, unless all are
    English words, which phones write so, or one of them only asks or joins.
    """
    if text[1:].islower():  # most questions: a quick look that spares a search
        return []
    text = text.replace("-", " ")
    if len(text) <= _LONGEST_NAME and text.istitle() and not _SIGNS.search(text):
        raw = _WORD.findall(text)
        if any(word in _NO_NAMES and without_article(word) for word in words(text)):
            return []
        named = [word for word in raw if word.isalpha()]
        return [] if all(_is_plain(word.lower()) for word in named) else named
    inner = _INNER_WORD.findall(text)
    capital = [word for word in inner if word[0].isupper()]
    shouts = len(capital) == len(inner) or any(word.lower() in STOP_WORDS for word in capital)
    return [] if shouts and len(capital) > _SHOUTING * len(inner) else capital
