"""Whether what a curated text says stands where it cites: its numbers, dates and names.

A name is a capitalised word that does not merely open a sentence, or a form of an entity of
the store. A sentence that opens with a name nobody has curated passes: that is for the editor.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.article import sentences
from knowledge.draft import Draft, Placed
from knowledge.model import Citation, Derived, Entity, FrontMatter, SentenceRef
from knowledge.numbers import Figure, Sort, figures
from knowledge.parts import FRONT_KEYS
from knowledge.problems import Problem
from knowledge.text import fold

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_QUOTE_BEFORE = frozenset('“"«„')
_MIN_STEM = 4
_MAX_ENDING = 2
"""Letters by which two forms of a name may differ at their end: Libya, Libyan."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text; `key` is its form for comparison, without a possessive."""

    text: str
    key: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return any(letter.isupper() for letter in self.text)


def _words(text: str) -> list[_Word]:
    return [
        _Word(m[0], fold(m[0]).removesuffix("'s"), m.start(), m.end()) for m in _WORD.finditer(text)
    ]


def _value(figure: Figure) -> tuple[Sort, str]:
    return figure.sort, figure.value


class _Evidence:
    """Words and figures that a text may use."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.figures: set[tuple[Sort, str]] = set()
        self.days: set[str] = set()

    def add(self, text: str) -> None:
        self.words.update(word.key for word in _words(text))
        for figure in figures(text):
            self.figures.add(_value(figure))
            if figure.sort is Sort.DATE:
                self.days.add(figure.value.partition("-")[2])

    def join(self, other: _Evidence) -> None:
        self.words |= other.words
        self.figures |= other.figures
        self.days |= other.days

    def has_figure(self, figure: Figure) -> bool:
        """Whether *figure* is here; `the 23rd` is, where 23 August is."""
        if _value(figure) in self.figures:
            return True
        day = figure.sort is Sort.ORDINAL and figure.text[0].isdigit()
        return day and figure.value in self.days

    def has_word(self, key: str) -> bool:
        """Whether *key*, or a form with another ending (Libya, Libyan), is here."""
        return key in self.words or any(_akin(key, word) for word in self.words)


def _akin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (
        len(short) >= _MIN_STEM and len(long) - len(short) <= _MAX_ENDING and long.startswith(short)
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """A surface form of an entity."""

    text: str
    entity: Entity
    length: int

    def fits(self, words: Sequence[_Word]) -> bool:
        """Whether *words*, which have its keys, are meant as a name: `US` is not `us`."""
        if len(words) == 1 and self.text.isupper():
            return words[0].text.isupper() or words[0].text[:-2].isupper()
        return any(word.capital for word in words)


class Ground:
    """The article, the front matter and the entities of a draft, ready to be looked up."""

    def __init__(self, draft: Draft, front: FrontMatter) -> None:
        self._front = _Evidence()
        for key in FRONT_KEYS:
            self._front.add(front.text(key) or "")
        self._sentences = {}
        for ref, sentence in draft.sentences.items():
            self._sentences[ref] = _Evidence()
            self._sentences[ref].add(sentence.text)
        self._forms: dict[tuple[str, ...], list[_Form]] = defaultdict(list)
        owners = {placed.value.id: placed.value for placed in draft.entities}
        for entity in owners.values():
            self._enter(entity, (entity.name, *entity.aliases))
        for shared in draft.ambiguous:
            alias, ids = shared.value
            for owner in ids:
                if owner in owners:
                    self._enter(owners[owner], (alias,))
        sizes: dict[str, set[int]] = defaultdict(set)
        for keys in self._forms:
            sizes[keys[0]].add(len(keys))
        self._sizes = {first: sorted(found, reverse=True) for first, found in sizes.items()}

    def _enter(self, entity: Entity, forms: Iterable[str]) -> None:
        """Makes *entity* known by those of *forms* that are written as names."""
        for text in forms:
            keys = tuple(word.key for word in _words(text))
            if keys and any(letter.isupper() for letter in text):
                self._forms[keys].append(_Form(text, entity, len(keys)))

    def missing(
        self, text: str, refs: Iterable[SentenceRef], derived: Sequence[Derived] = ()
    ) -> Iterator[str]:
        """What *text* says that neither the sentences *refs*, the front matter nor *derived* has.

        Each as a half-sentence: `says 7`, `names Marrowby (which occurs in p1s1)`.
        """
        cited = set(refs)
        evidence = _Evidence()
        evidence.join(self._front)
        for ref in cited:
            if ref in self._sentences:
                evidence.join(self._sentences[ref])
        for entry in derived:
            evidence.add(entry.value)
        said = figures(text)
        taken: list[tuple[int, int]] = []
        names = list(self._missing_names(text, said, cited, evidence, taken))
        for figure in said:
            within = any(start <= figure.start and figure.end <= end for start, end in taken)
            if not within and not evidence.has_figure(figure):
                yield f"says {figure.text}"
        yield from names

    def _missing_names(
        self,
        text: str,
        said: Sequence[Figure],
        cited: set[SentenceRef],
        evidence: _Evidence,
        taken: list[tuple[int, int]],
    ) -> Iterator[str]:
        """The names that are not grounded; the spans decided on go to *taken*."""
        words = _words(text)
        openings = _openings(text)
        dates = [(f.start, f.end) for f in said if f.sort is Sort.DATE]
        at = 0
        while at < len(words):
            word = words[at]
            forms = self._find(words, at)
            if forms:
                span = words[at : at + forms[0].length]
                at += len(span)
                start, end = span[0].start, span[-1].end
                if any(cited.intersection(form.entity.sentences) for form in forms):
                    taken.append((start, end))
                elif not all(evidence.has_word(w.key) for w in span if w.capital):
                    taken.append((start, end))
                    yield _stray(text[start:end], forms)
                continue
            at += 1
            opens = word.start in openings or text[word.start - 1 : word.start] in _QUOTE_BEFORE
            if not word.text[0].isupper() or opens or word.text in ("I", "Yes", "No"):
                continue
            if any(start <= word.start < end for start, end in dates):
                continue
            if not evidence.has_word(word.key):
                yield f"names {word.text}"

    def _find(self, words: Sequence[_Word], at: int) -> list[_Form]:
        """The longest forms that stand at *at*, several where entities share one; may be empty."""
        for size in self._sizes.get(words[at].key, ()):
            span = words[at : at + size]
            forms = self._forms.get(tuple(word.key for word in span), ())
            found = [form for form in forms if form.fits(span)]
            if found:
                return found
        return []


def _openings(text: str) -> set[int]:
    """Where in *text* the first word of a sentence begins."""
    found, at = set(), 0
    for sentence in sentences(text):
        at = text.index(sentence, at)
        word = _WORD.search(sentence)
        if word:
            found.add(at + word.start())
        at += len(sentence)
    return found


def _stray(text: str, forms: Sequence[_Form]) -> str:
    refs = sorted({ref for form in forms for ref in form.entity.sentences})
    return f"names {text} (which occurs in {', '.join(map(str, refs)) or 'no sentence'})"


def problems(draft: Draft) -> Iterator[Problem]:
    """What in the texts of *draft* is not grounded in what they cite.

    Nothing for a text whose citations, or for a draft whose article or entities, were not read:
    those problems have been reported.
    """
    if draft.front is None or draft.unread & {"article.md", "entities.yaml"}:
        return
    ground = Ground(draft, draft.front)
    for group, kind, key in (
        (draft.entities, "entity", "description"),
        (draft.claims, "claim", "statement"),
        (draft.pairs, "pair", "answer"),
        (draft.points, "point", "text"),
    ):
        for placed in group:
            yield from _of_item(draft, ground, placed, kind, key)


def _of_item(
    draft: Draft, ground: Ground, placed: Placed[Any], kind: str, key: str
) -> Iterator[Problem]:
    item = placed.value
    refs = [citation.ref for citation in item.citations if isinstance(citation, Citation)]
    derived: tuple[Derived, ...] = getattr(item, "derived", ())
    text: str = getattr(item, key)
    if placed.broken & {"citations", "derived"} or any(ref not in draft.sentences for ref in refs):
        return
    where = f"the cited {' '.join(map(str, refs))}" if refs else "any cited sentence"
    mend = "cite a sentence that has it, or take it out"
    mend += ", or list it under 'derived' with its reason" if kind == "pair" else ""
    for stray in ground.missing(text, refs, derived):
        message = f"{key} of {kind} {item.id!r} {stray}, which is not in {where}"
        yield Problem(placed.file, placed.line(key), f"{message} or the front matter: {mend}")
    for index, entry in enumerate(derived):
        if entry.value and not _used(entry.value, text):
            message = f"derived value {entry.value!r} is not in the answer of pair {item.id!r}"
            yield Problem(placed.file, placed.line("derived", index), f"{message}: take it out")


def _used(value: str, text: str) -> bool:
    """Whether *text* says the figures and capitalised words of *value*, or *value* itself."""
    wanted = {_value(figure) for figure in figures(value)}
    names = {word.key for word in _words(value) if word.capital}
    if not wanted and not names:
        return fold(value) in fold(text) or (value == "1" and "one" in fold(text).split())
    said = {_value(figure) for figure in figures(text)}
    one = {(Sort.NUMBER, "1")} if "one" in fold(text).split() else set()
    return wanted <= said | one and names <= {word.key for word in _words(text)}
