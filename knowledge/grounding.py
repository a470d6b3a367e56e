"""Whether what a curated text says stands where it cites: its numbers, dates and names.

A name is a capitalised word, or a form of an entity of the store. Where it opens a sentence, a
word that is ordinary English is none: what stands there in capitals may not be meant so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.article import sentences
from knowledge.draft import Draft, Placed
from knowledge.evidence import WORD, Evidence, Word, is_ordinary, value_of, words_of
from knowledge.model import (
    AnyCitation,
    Citation,
    Derived,
    Entity,
    FieldCitation,
    FrontMatter,
    Gap,
    SentenceRef,
)
from knowledge.numbers import Figure, Sort, figures
from knowledge.parts import FRONT_KEYS
from knowledge.problems import Problem
from knowledge.text import fold

_QUOTE_BEFORE = frozenset('"“«„')


@dataclass(frozen=True, slots=True)
class _Form:
    """A surface form of an entity."""

    text: str
    entity: Entity
    length: int

    def fits(self, words: Sequence[Word]) -> bool:
        """Whether *words*, which have its keys, are meant as a name: `US` is not `us`."""
        if len(words) == 1 and self.text.isupper():
            return words[0].text.isupper() or words[0].text[:-2].isupper()
        return any(word.capital for word in words)


class Ground:
    """The article, the front matter and the entities of a draft, ready to be looked up."""

    def __init__(self, draft: Draft, front: FrontMatter) -> None:
        self._front, self._period, self._store = Evidence(), Evidence(), Evidence()
        for key in FRONT_KEYS:
            part = self._period if key == "period" else self._front
            part.add(front.text(key) or "")
        # A period's days fit many a text and count where it is cited; its years are of them all.
        self._front.figures |= {found for found in self._period.figures if _is_year(found)}
        self._sentences = {}
        for ref, sentence in draft.sentences.items():
            self._sentences[ref] = Evidence()
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
        self._all = Evidence()
        for part in (self._front, self._period, self._store, *self._sentences.values()):
            self._all.join(part)

    def _enter(self, entity: Entity, forms: Iterable[str]) -> None:
        """Makes *entity* known by those of *forms* that are written as names."""
        for text in forms:
            self._store.add(text)
            keys = tuple(word.key for word in words_of(text))
            if keys and any(letter.isupper() for letter in text):
                self._forms[keys].append(_Form(text, entity, len(keys)))

    def missing(
        self, text: str, citations: Iterable[AnyCitation], derived: Sequence[Derived] = ()
    ) -> Iterator[str]:
        """What *text* says that neither *citations*, the front matter nor *derived* has.

        Each as a half-sentence: `says 7`, `names Marrowby (which occurs in p1s1)`.
        """
        citations = list(citations)
        cited = {c.ref for c in citations if isinstance(c, Citation)}
        evidence = Evidence()
        evidence.join(self._front)
        if any(isinstance(c, FieldCitation) and c.field == "period" for c in citations):
            evidence.join(self._period)
        for ref in cited & self._sentences.keys():
            evidence.join(self._sentences[ref])
        for entry in derived:
            evidence.add(entry.value)
        return self._beyond(text, cited, evidence)

    def strange(self, gap: Gap) -> Iterator[str]:
        """What the statement of *gap* says that neither article, store nor its phrasings have."""
        known = set(self._sentences)
        if not any(self._beyond(gap.statement, known, self._all)):
            return iter(())  # as of most, whose phrasings need not be read
        evidence = Evidence()
        evidence.join(self._all)
        for phrasing in gap.phrasings:
            evidence.add(phrasing)
        return self._beyond(gap.statement, known, evidence)

    def _beyond(self, text: str, cited: set[SentenceRef], evidence: Evidence) -> Iterator[str]:
        """What *text* says that *evidence* has not, names of what occurs in *cited* aside."""
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
        evidence: Evidence,
        taken: list[tuple[int, int]],
    ) -> Iterator[str]:
        """The names that are not grounded; the spans decided on go to *taken*."""
        words = words_of(text)
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
            if not word.text[0].isupper() or word.text in ("I", "Yes", "No"):
                continue
            if opens and is_ordinary(word.key):
                continue
            if any(start <= word.start < end for start, end in dates):
                continue
            if not evidence.has_word(word.key):
                hint = (
                    " (if that is no name, begin the sentence with another word)" if opens else ""
                )
                yield f"names {word.text}{hint}"

    def _find(self, words: Sequence[Word], at: int) -> list[_Form]:
        """The longest forms that stand at *at*, several where entities share one; may be empty."""
        for size in self._sizes.get(words[at].key, ()):
            span = words[at : at + size]
            forms = self._forms.get(tuple(word.key for word in span), ())
            found = [form for form in forms if form.fits(span)]
            if found:
                return found
        return []


def _is_year(figure: tuple[Sort, str]) -> bool:
    return figure[0] is Sort.NUMBER and len(figure[1]) == len("2017")


def _openings(text: str) -> set[int]:
    """Where in *text* the first word of a sentence begins."""
    found, at = set(), 0
    for sentence in sentences(text):
        at = text.index(sentence, at)
        word = WORD.search(sentence)
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
    for gap in draft.gaps:
        for stray in ground.strange(gap.value):
            message = f"statement of gap {gap.value.id!r} {stray}, which is not in the article"
            mend = "the front matter, a name or the gap's phrasings: take it out"
            yield Problem(gap.file, gap.line("statement"), f"{message}, {mend}")


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
    for stray in ground.missing(text, item.citations, derived):
        message = f"{key} of {kind} {item.id!r} {stray}, which is not in {where}"
        yield Problem(placed.file, placed.line(key), f"{message} or the front matter: {mend}")
    for index, entry in enumerate(derived):
        if entry.value and not _used(entry.value, text):
            message = f"derived value {entry.value!r} is not in the answer of pair {item.id!r}"
            yield Problem(placed.file, placed.line("derived", index), f"{message}: take it out")


def _used(value: str, text: str) -> bool:
    """Whether *text* says the figures and capitalised words of *value*, or *value* itself."""
    wanted = {value_of(figure) for figure in figures(value)}
    names = {word.key for word in words_of(value) if word.capital}
    if not wanted and not names:
        return fold(value) in fold(text) or (value == "1" and "one" in fold(text).split())
    said = {value_of(figure) for figure in figures(text)}
    one = {(Sort.NUMBER, "1")} if "one" in fold(text).split() else set()
    return wanted <= said | one and names <= {word.key for word in words_of(text)}
