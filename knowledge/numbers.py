"""The numbers, ordinals and dates in an English text, as values that can be compared.

Numerals and number words come out the same; it does not know what a number counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


def _list(words: str) -> list[str]:
    return words.split()


_UNITS = _list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _list("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINAL_UNITS = _list(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_MONTHS = _list(
    "January February March April May June July August September October November December"
)

_SMALL = {word: value for value, word in enumerate(_UNITS)}
_SMALL |= {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
_SMALL_ORDINAL = {word: value for value, word in enumerate(_ORDINAL_UNITS)}
_SMALL_ORDINAL |= {
    word[:-1] + "ieth": value for value, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6}
_SCALES |= {"billion": 10**9, "trillion": 10**12}
_OPENING = {*_SMALL, *_SMALL_ORDINAL, "a", "an"}
"""Words with which a number may open."""
_SCALE_SUFFIXES = {"k": 1_000, "bn": 10**9, "tn": 10**12, "mn": 10**6}

_LARGEST = 10**18

_MONTH = "|".join(f"{m[:3]}(?:{m[3:]})?" if len(m) > 3 else m for m in _MONTHS)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAYS = rf"{_DAY}(?:\s?(?:,\sand|,|to|and|or|through|until|–|-)\s?{_DAY}){{0,12}}"
_DATE = re.compile(
    rf"(?<![\w.,])(?:(?P<days>{_DAYS})\s(?:of\s)?(?P<month>{_MONTH})\b\.?"
    rf"|(?P<month2>{_MONTH})\.?\s(?P<days2>{_DAYS})(?![\w%])(?![.,]\d)"
    r"|(?P<iso>\d{4}-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)))(?!\d)"
)
_TOKEN = re.compile(
    r"(?P<numeral>(?<![\w.])\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,9})?(?![\d])"
    r"|(?<![\w.])\d{1,18}(?:\.\d{1,9})?)(?P<suffix>[^\W\d_]{1,9})?"
    r"|(?P<word>[^\W\d_]+)"
)
_JOIN = re.compile(r"[ \u00a0\u202f]?-?|[ \u00a0\u202f]and[ \u00a0\u202f]")


class Sort(StrEnum):
    """What a figure says: how many, which in a row, or a day of a month."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text, from `start` to `end` of it. A date's value is `month-day`."""

    sort: Sort
    value: str
    text: str
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """The figures of *text* in order. The word `one` alone is none: it is mostly a pronoun.

    Plurals (`thousands`) are none. A date's year is a number of its own.
    """
    found, text = _dates(text)
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        word = tokens[at]["word"]
        if word and word.casefold() not in _OPENING:  # most words, quickly
            at += 1
            continue
        run = _Run(text, tokens, at)
        if run.figure is not None:
            found.append(run.figure)
        at = max(run.end, at + 1)
    return sorted(found, key=lambda figure: figure.start)


def _dates(text: str) -> tuple[list[Figure], str]:
    """The dates in *text*, and *text* with something else, as long, in their places."""
    found, rest, done = [], [], 0
    for match in _DATE.finditer(text):
        if match["iso"]:
            month, days = int(match["iso_month"]), [match["iso_day"]]
            year = Figure(
                Sort.NUMBER, _plain(Decimal(match["iso"][:4])), match["iso"][:4], *match.span()
            )
            found.append(year)
        else:
            name = match["month"] or match["month2"]
            month = next(n for n, m in enumerate(_MONTHS, start=1) if m.startswith(name[:3]))
            days = re.findall(r"\d{1,2}", match["days"] or match["days2"])
        rest += [text[done : match.start()], "·" * len(match[0])]
        done = match.end()
        for day in days:
            value = f"{month}-{int(day)}"
            said = match[0] if match["iso"] else f"{int(day)} {_MONTHS[month - 1]}"
            found.append(Figure(Sort.DATE, value, said, *match.span()))
    return found, "".join(rest) + text[done:]


class _Run:
    """The longest run of tokens from *at* that say one number; `end` is the token after it."""

    def __init__(self, text: str, tokens: list[re.Match[str]], at: int) -> None:
        self._text = text
        self._tokens = tokens
        self._start = self.end = at
        self._total = Decimal(0)
        self._current: Decimal | None = None
        self._smallest = Decimal(1000)  # what the next small number must stay under
        self._ordinal = False
        first = tokens[at]
        if first["numeral"]:
            self._numeral(first)
        elif first["word"].casefold() in ("a", "an") and self._word(at + 1) in _SCALES:
            self._current, self.end = Decimal(1), at + 1
        if not self._ordinal:
            self._words()
        self.figure = self._figure()

    def _numeral(self, token: re.Match[str]) -> None:
        self._current = Decimal(token["numeral"].replace(",", ""))
        self._smallest = Decimal(0)  # "21 two": two numbers
        self.end += 1
        suffix = (token["suffix"] or "").casefold()
        if suffix in ("st", "nd", "rd", "th"):
            self._ordinal = True
        elif suffix in _SCALE_SUFFIXES:
            self._current *= _SCALE_SUFFIXES[suffix]
        elif suffix == "m" and self._text[token.start() - 1 : token.start()] in tuple("€$£"):
            self._current *= 10**6

    def _word(self, at: int) -> str:
        """The word at *at* if it goes on from the token before it; else empty."""
        if at >= len(self._tokens):
            return ""
        token = self._tokens[at]
        between = self._text[self._tokens[at - 1].end() : token.start()] if at else ""
        if at > self._start and not _JOIN.fullmatch(between):
            return ""
        return (token["word"] or "").casefold()

    def _words(self) -> None:
        while word := self._word(self.end):
            if word == "and":
                if self._current is None or not self._and_goes_on():
                    return
                self.end += 1
                continue
            if not self._take(word):
                return
            self.end += 1
            if self._ordinal:
                return

    def _and_goes_on(self) -> bool:
        """Whether an `and` here is within a number: `two hundred and ten`."""
        said = self._tokens[self.end - 1]["word"] or ""
        following = self._word(self.end + 1)
        small = following in _SMALL or following in _SMALL_ORDINAL
        return said.casefold() in ("hundred", "thousand") and small

    def _take(self, word: str) -> bool:
        """Whether *word* is part of the number; if so it is counted in."""
        if word in _SCALES:
            if self._current is None:
                return False
            scaled = self._current * _SCALES[word]
            if scaled > _LARGEST:
                return False
            if _SCALES[word] in (12, 100):
                self._current, self._smallest = scaled, Decimal(100)
            else:
                self._total, self._current = self._total + scaled, Decimal(0)
                self._smallest = Decimal(1000)
            return True
        ordinal = word in _SMALL_ORDINAL
        value = _SMALL_ORDINAL.get(word, _SMALL.get(word))
        if value is None or value >= self._smallest:
            return False
        self._current = (self._current or Decimal(0)) + value
        self._smallest = Decimal(10 if value >= 20 and value % 10 == 0 else 0)
        self._ordinal = ordinal
        return True

    def _figure(self) -> Figure | None:
        if self._current is None:
            return None
        start, end = self._tokens[self._start].start(), self._tokens[self.end - 1].end()
        said = self._text[start:end]
        if said.casefold() == "one":
            return None
        sort = Sort.ORDINAL if self._ordinal else Sort.NUMBER
        return Figure(sort, _plain(self._total + self._current), said, start, end)


def _plain(value: Decimal) -> str:
    """*value* without an exponent or closing zeros, so that 6.0 and 6 are one."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
