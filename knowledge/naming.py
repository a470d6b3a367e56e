"""Which briefings a question names: by date, by subject, or as the latest or an older one.

The words that do so are cut, so that they do not count as what is asked. Holds words for dates in
English, French, Italian and Arabic, nothing about any briefing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from knowledge.dates import DATE, MONTHS, TOKEN, Date, date_in, dates_of
from knowledge.kinds import kind_of
from knowledge.language import ANAPHORA, CONTINUATIONS
from knowledge.library import Library
from knowledge.model import Briefing, QuestionKind
from knowledge.text import content_words, fold, phrasing_key, stem, without_politeness, words


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALWAYS = _set(
    "briefing briefings edition editions bulletin bulletins newsletter edizione bollettino "
    "احاطه الاحاطه موجز الموجز نشره النشره ايجاز الايجاز"
)
"""Words for a briefing. One of them with a date or place that fits none names one we lack."""
_ELSE = _set(
    "article articles report reports issue issues story piece numero rapport articolo rapporto "
    "تقرير التقرير مقال المقال مقاله المقاله"
)
"""Words that may mean something else as well: with a date that fits no briefing they do."""
_NEWEST, _PREVIOUS, _OLDER, _OLDEST = "newest", "previous", "older", "oldest"
_PLACES = {
    word: place
    for place, forms in (
        (
            _NEWEST,
            "newest latest last recent current new newer dernier derniere ultimo ultima "
            "الاخير الاخيره",
        ),
        (_PREVIOUS, "previous prior preceding precedent precedente السابق السابقه"),
        (_OLDER, "older earlier old anterieur anterieure ancien ancienne القديم القديمه"),
        (_OLDEST, "oldest earliest first"),
    )
    for word in forms.split()
}
"""Where in the row of briefings a word points."""
_AFTER = _set(
    "dernier derniere precedent anterieur ancien precedente "
    "السابق السابقه الاخير الاخيره القديم القديمه"
)
"""Those of them that follow the word for a briefing."""
_DETERMINERS = _set("the your this that a an le la les il lo")
_IN = _set("in from per dans selon nel nella secondo في حسب وفق")
"""Words that go with the name of a briefing, and are cut with it."""
_LEADS = _IN | _set("of by du de del della does did do has")
_SAYS = _set("say says said tell tells mention mentions report reports state states give gives")
_EVENT = _set("to by at with given")
"""What follows a briefing that somebody gives to somebody: an event, not one of ours."""
_OF = _set("of from dated published du de d del di بتاريخ المورخ المورخه الصادر الصادره لشهر")
_BESIDE_DATE = _OF | _set("for on in the le date en paru , ' يوم في شهر")
_FILLERS = _set("most ' s , - / .")

_MOST_BACK = 12
"""Tokens before the word for a briefing that may describe it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question without the words that only name briefings, and what came before it.

    `briefings` are ids, newest first, of those that may answer: all where `named` is false.
    `missing` is true where a briefing is named that there is none of.
    """

    text: str
    context: tuple[str, ...] = ()
    briefings: tuple[str, ...]
    named: bool = False
    missing: bool = False


def asked(library: Library, question: str, context: Sequence[str] = ()) -> Asked:
    """What *question* asks of which briefings; *context* are the questions before it, newest last.

    A follow-up stays with the briefing that the question before it named. What names a briefing
    and asks nothing ("And in the May briefing?") asks the question before it again.
    """
    own = _read(library, question)
    earlier = [_read(library, text) for text in context]
    if own.named and earlier and not content_words(own.text):
        own = replace(own, text=earlier.pop().text)
    scope, follows = own, _points_back(own.text)
    for before in reversed(earlier):
        if scope.named or not follows:
            break
        scope, follows = before, _points_back(before.text)
    texts = tuple(before.text for before in earlier)
    return replace(own, context=texts, briefings=scope.briefings, named=scope.named)


def _points_back(text: str) -> bool:
    core = without_politeness(text)
    return core.startswith(CONTINUATIONS) or not ANAPHORA.isdisjoint(words(core))


# Which briefing is named


@dataclass(frozen=True, slots=True)
class _Naming:
    """Where a text names the briefings `ids`, perhaps none, and what to read in that place."""

    start: int
    end: int
    instead: str
    ids: frozenset[str]


def _read(library: Library, text: str) -> Asked:
    """*text* by itself. A stored phrasing, word for word, names no briefing: it is a question."""
    every = tuple(briefing.id for briefing in library.briefings)
    namings: list[_Naming] = []
    if phrasing_key(text) not in library.exact_phrasing:
        namings = _namings(library.briefings, text)
    ids = frozenset[str]().union(*(naming.ids for naming in namings))
    missing = bool(namings) and not ids
    rest = text
    for naming in reversed(namings):
        rest = f"{rest[: naming.start]}{naming.instead}{rest[naming.end :]}"
    if namings:
        rest = re.sub(r"\s+(?=[?.!,؟])", "", " ".join(rest.split())).lstrip(" ,،;:")
    if kind_of(text) is QuestionKind.WHETHER and not content_words(rest):
        rest = text  # "Is the briefing of 4 May?": the date is what is asked
    found = tuple(id_ for id_ in every if id_ in ids) or every
    return Asked(text=rest, briefings=found, named=bool(ids), missing=missing)


def _namings(briefings: Sequence[Briefing], text: str) -> list[_Naming]:
    """The places of *text* that name a briefing, in order, without overlap."""
    if (_ALWAYS | _ELSE).isdisjoint(fold(m[0]).replace(" ", "") for m in TOKEN.finditer(text)):
        return []  # before the subjects of many briefings are gathered
    row = _Row(briefings, text)
    found: list[_Naming] = []
    for at, token in enumerate(row.tokens):
        if token in _ALWAYS or token in _ELSE:
            naming = row.naming(at)
            if naming is not None and (not found or found[-1].end <= naming.start):
                found.append(naming)
    return found


class _Row:
    """The folded tokens of a text, and what they say of *briefings*, newest first."""

    def __init__(self, briefings: Sequence[Briefing], text: str) -> None:
        marks = [(fold(m[0]).replace(" ", ""), m.span()) for m in TOKEN.finditer(text)]
        self._text = text
        self._briefings = briefings
        self._subjects = {b.id: _subject(b) for b in briefings}
        self._words = frozenset[str]().union(*self._subjects.values())
        self.tokens = [token for token, _ in marks if token]
        self._spans = [span for token, span in marks if token]

    def naming(self, at: int) -> _Naming | None:
        """What the word for a briefing at *at* names with the words around it; None if nothing."""
        first, last = self._first(at), at + 1
        before = self.tokens[first:at]
        date, rest = date_in(before)
        places = [_PLACES[token] for token in rest if token in _PLACES]
        subject = {stem(t) for t in rest if t not in _PLACES and t not in _FILLERS}
        certain = False
        if not date:
            last, date, certain = self._date_after(at)
        if self.tokens[at + 1 : at + 2] and self.tokens[at + 1] in _AFTER:
            last, places = at + 2, [*places, _PLACES[self.tokens[at + 1]]]
        if not (date or places or subject):
            return None
        start, lead, framed = self._frame(first, last)
        always = self.tokens[at] in _ALWAYS
        meant = framed or (always and _EVENT.isdisjoint(self.tokens[last : last + 1]))
        if date:
            meant = framed or certain or start < first or all(day for *_, day in date)
        ids = self._fitting(date, subject, places)
        tells = date or places or len(ids) < len(self._briefings)
        lacking = always and (framed or certain if date else bool(places))
        if not (meant and tells and (ids or lacking)):
            return None
        article, noun = (self._spans[start][0], self._spans[first][0]), self._spans[at]
        instead = "" if lead else self._text[slice(*article)] + self._text[slice(*noun)]
        begin = self._spans[start - lead][0]
        return _Naming(begin, self._spans[last - 1][1], instead, frozenset(ids))

    def _first(self, at: int) -> int:
        """Where the words begin that describe the word for a briefing at *at*."""
        first = at
        while first > max(0, at - _MOST_BACK) and self._describes(self.tokens[first - 1]):
            first -= 1
        while first < at and self.tokens[first] in _FILLERS - {"most"}:
            first += 1
        return first

    def _describes(self, token: str) -> bool:
        if token in _PLACES or token in _FILLERS or token in MONTHS:
            return True
        return token[0].isdecimal() or stem(token) in self._words

    def _date_after(self, at: int) -> tuple[int, tuple[Date, ...], bool]:
        """The end of the date after *at*, what it may mean, and whether it is the briefing's."""
        start = at + 1
        while start < min(len(self.tokens), at + 4) and self.tokens[start] in _BESIDE_DATE:
            start += 1
        match = DATE.match(" ".join(self.tokens[start : start + 8]))
        if match is None:
            return at + 1, (), False
        date = dates_of(match[0])
        of = not (_OF.isdisjoint(self.tokens[at + 1 : start]) and self.tokens[at].isascii())
        has_day = all(day is not None for *_, day in date)
        end = start + len(match[0].split())
        if (not of and not has_day) or (end < len(self.tokens) and self.tokens[end] == "'"):
            return at + 1, (), False
        return end, date, of or start == at + 1

    def _frame(self, first: int, last: int) -> tuple[int, int, bool]:
        """Where the name opens, its article with it; tokens before it to cut; whether it is framed.

        Framed are "in the ... briefing" and "does the ... briefing say".
        """
        start, tokens = first, self.tokens
        if start > 1 and tokens[start - 1] == "'" and tokens[start - 2] in {"l", "dell", "nell"}:
            start -= 2
        elif start and tokens[start - 1] in _DETERMINERS:
            start -= 1
        lead = 0
        if start and tokens[start - 1] in _IN:
            lead = 1
        elif tokens[max(0, start - 2) : start] == ["according", "to"]:
            lead = 2
        says = last < len(tokens) and tokens[last] in _SAYS
        return start, lead, says or bool(lead) or bool(start and tokens[start - 1] in _LEADS)

    def _fitting(self, date: Iterable[Date], subject: Set[str], places: Iterable[str]) -> list[str]:
        """Ids of the briefings of that date and subject, and of these the ones so placed."""
        ids = [b.id for b in self._briefings if subject <= self._subjects[b.id]]
        if date:
            published = {b.id: b.article.front.published for b in self._briefings}
            wanted = list(date)
            ids = [
                id_
                for id_ in ids
                for day in (published[id_],)
                if any(_fits(d, (day.year, day.month, day.day)) for d in wanted)
            ]
        for place in places:
            ids = {
                _NEWEST: ids[:1],
                _PREVIOUS: ids[1:2],
                _OLDER: ids[1:],
                _OLDEST: ids[-1:],
            }[place]
        return ids


def _subject(briefing: Briefing) -> frozenset[str]:
    """Stems of the words of content in a briefing's headline and id."""
    named = f"{briefing.article.front.headline} {briefing.id.replace('-', ' ')}"
    return frozenset(stem(w) for w in content_words(named) if not w[0].isdecimal())


def _fits(said: Date, day: tuple[int, int, int]) -> bool:
    return all(part is None or part == own for part, own in zip(said, day, strict=True))
