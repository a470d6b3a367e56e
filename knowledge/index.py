"""Candidates and scores: which stored phrasings are nearest to a question. It never decides.

SQLite's FTS5 finds the candidates, cosines of words and of letters rank them. A score compares
within this index only.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from knowledge.kinds import asks
from knowledge.model import (
    Briefing,
    Citation,
    Claim,
    Entity,
    Gap,
    Item,
    QAPair,
    SentenceRef,
    text_of,
)
from knowledge.question import Question, Understanding
from knowledge.spelling import rarity
from knowledge.text import fold

Target = QAPair | Gap | Entity | Claim
"""What a stored text leads to."""

_CANDIDATES = 120
"""Texts that FTS5 hands to the ranking. Recall of the right text among 50 was .995 on 277,000
stored questions; small stores have more twins, hence more."""
_NGRAMS = (2, 3, 4)
_LITTLE = 2
"""Terms up to which a question leans on the sentences before it ("What was it about?")."""
_BACKGROUND_FOR_LITTLE = 0.6
_ASKS = 1.5
"""Weight of a question word beside a word of content."""
_BACKGROUND = 0.3
"""Weight of a term that stands in a sentence that does not ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A target, its score and what stands behind it.

    `score` is 0 to 1, the mean of `by_words` and `by_letters`; `text` is the stored phrasing that
    came nearest. `coverage` is the share of the question's weight that the target explains,
    `unexplained` the terms that it does not, heaviest first; `shared` and `unasked` are the same
    by the texts alone that lead to the target, without what it says. `focus` is the share of the
    text's weight that the question has, low where the text asks for something more special, and
    `added` what the text has beyond it.
    """

    target: Target
    score: float
    text: str
    by_words: float
    by_letters: float
    coverage: float
    unexplained: tuple[str, ...]
    shared: float = 1.0
    unasked: tuple[str, ...] = ()
    focus: float = 1.0
    added: tuple[str, ...] = ()


class Index:
    """All stored texts of a library, searchable by a question."""

    def __init__(self, briefings: Sequence[Briefing], understanding: Understanding) -> None:
        self._targets: list[Target] = []
        self._texts: list[tuple[int, str]] = []
        self._terms: list[tuple[str, ...]] = []
        self._asks: list[tuple[str, ...]] = []
        self._explains: list[frozenset[str]] = []
        self._asked_with: list[frozenset[str]] = []
        for briefing in briefings:
            for target, texts, knows, present in _documents(briefing):
                self._add(target, texts, knows, present, understanding)
        self._df: Counter[str] = Counter()
        self._letters: Counter[str] = Counter()
        for (_, text), terms, wh in zip(self._texts, self._terms, self._asks, strict=True):
            self._df.update({*_word_grams(terms), *wh})
            self._letters.update(set(_letter_grams(text)))
        self._vectors: dict[int, tuple[Mapping[str, float], Mapping[str, float]]] = {}
        self._sql = self._open()

    def _add(
        self,
        target: Target,
        texts: Sequence[str],
        knows: str,
        present: Iterable[str],
        understanding: Understanding,
    ) -> None:
        number = len(self._targets)
        self._targets.append(target)
        known = {f"@{e}" for e in present} | set(understanding.terms(knows)[0])
        used: set[str] = set()
        for text in texts:
            terms, _ = understanding.terms(text)
            used.update(terms)
            self._texts.append((number, fold(text)))
            self._terms.append(terms)
            self._asks.append(asks(text))
        self._explains.append(frozenset(known | used))
        self._asked_with.append(frozenset(used))

    def _open(self) -> sqlite3.Connection:
        sql = sqlite3.connect(":memory:", check_same_thread=False)
        sql.execute(
            "CREATE VIRTUAL TABLE text USING fts5(terms, content='', "
            "tokenize=\"unicode61 tokenchars '@~-'\")"
        )
        sql.executemany(
            "INSERT INTO text(rowid, terms) VALUES (?, ?)",
            ((row, " ".join(terms)) for row, terms in enumerate(self._terms)),
        )
        return sql

    def weight(self, term: str) -> float:
        """How much *term* tells: its inverse document frequency; its rarity if no text has it."""
        seen = self._df[term]
        if not seen:
            return rarity(term)
        return 1.0 + math.log((1 + len(self._texts)) / (1 + seen))

    def knows(self, term: str) -> bool:
        """Whether any stored text holds *term*."""
        return self._df[term] > 0

    def search(
        self, question: Question, limit: int = 12, *, leave_out: str = ""
    ) -> tuple[Hit, ...]:
        """The nearest targets, best first, each once; ties in the order of the store.

        Stored texts that are *leave_out*, folded, do not count: what if it were not stored?
        """
        left_out = fold(leave_out)
        little = len(question.terms) <= _LITTLE
        told = _BACKGROUND_FOR_LITTLE if little else _BACKGROUND
        asked = dict.fromkeys(question.background, told) | dict.fromkeys(question.terms, 1.0)
        if not asked:
            return ()
        words = self._normal(
            {g: asked.get(g, 1.0) * self.weight(g) for g in _word_grams(question.terms)}
            | {t: w * self.weight(t) for t, w in asked.items()}
            | {t: _ASKS * self.weight(t) for t in question.asks}
        )
        letters = self._normal(self._letter_weights(question.text))
        named = {*asked, *(f"@{e}" for readings in question.doubtful for e in readings)}
        best: dict[int, Hit] = {}
        for row in self._candidates(asked):
            number, text = self._texts[row]
            if left_out and text == left_out:
                continue
            stored_words, stored_letters = self._vector(row)
            by_words = _dot(words, stored_words)
            by_letters = _dot(letters, stored_letters)
            score = (by_words + by_letters) / 2
            if number not in best or score > best[number].score:
                coverage, unexplained = self._coverage(asked, self._explains[number])
                shared, unasked = self._coverage(asked, self._asked_with[number])
                focus, added = self._coverage(dict.fromkeys(self._terms[row], 1.0), named)
                best[number] = Hit(
                    target=self._targets[number],
                    score=score,
                    text=text,
                    by_words=by_words,
                    by_letters=by_letters,
                    coverage=coverage,
                    unexplained=unexplained,
                    shared=shared,
                    unasked=unasked,
                    focus=focus,
                    added=added,
                )
        ranked = sorted(best.items(), key=lambda item: (-round(item[1].score, 6), item[0]))
        return tuple(hit for _, hit in ranked[:limit])

    def _candidates(self, asked: Mapping[str, float]) -> list[int]:
        query = " OR ".join('"' + term.replace('"', "") + '"' for term in asked)
        rows = self._sql.execute(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank LIMIT ?", (query, _CANDIDATES)
        )
        return [row for (row,) in rows]

    def _coverage(
        self, asked: Mapping[str, float], explains: Set[str]
    ) -> tuple[float, tuple[str, ...]]:
        """The share of the weight of *asked* that *explains* has, and what it has not."""
        total = sum(w * self.weight(t) for t, w in asked.items())
        missing = {t: w * self.weight(t) for t, w in asked.items() if t not in explains}
        heaviest = sorted(missing, key=lambda t: (-missing[t], t))
        return 1 - sum(missing.values()) / (total or 1.0), tuple(heaviest)

    def _vector(self, row: int) -> tuple[Mapping[str, float], Mapping[str, float]]:
        if row not in self._vectors:
            terms = self._terms[row]
            self._vectors[row] = (
                self._normal(
                    {g: self.weight(g) for g in _word_grams(terms)}
                    | {t: _ASKS * self.weight(t) for t in self._asks[row]}
                ),
                self._normal(self._letter_weights(self._texts[row][1])),
            )
        return self._vectors[row]

    def _letter_weights(self, text: str) -> dict[str, float]:
        total = len(self._texts)
        return {
            gram: (1 + math.log(count)) * (1 + math.log((1 + total) / (1 + self._letters[gram])))
            for gram, count in Counter(_letter_grams(text)).items()
        }

    @staticmethod
    def _normal(weights: Mapping[str, float]) -> dict[str, float]:
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        return {key: w / length for key, w in weights.items()}


_Document = tuple[Target, Sequence[str], str, frozenset[str]]


def _documents(briefing: Briefing) -> Iterable[_Document]:
    """Each target, the texts that lead to it, further text and the entities that it explains."""
    article = briefing.article.sentences
    occurring: dict[SentenceRef, set[str]] = defaultdict(set)
    for entity in briefing.entities:
        for ref in entity.sentences:
            occurring[ref].add(entity.id)

    def document(target: Target, texts: Sequence[str], refs: Iterable[SentenceRef]) -> _Document:
        refs = tuple(refs)
        own = target.statement if isinstance(target, Gap) else text_of(target)
        return (
            target,
            texts,
            " ".join([own, *(article[ref].text for ref in refs)]),
            frozenset().union(*(occurring[ref] for ref in refs)),
        )

    for pair in briefing.pairs:
        yield document(pair, pair.phrasings, _cited(pair))
    for gap in briefing.gaps:
        yield document(gap, gap.phrasings, gap.nearest)
    for claim in briefing.claims:
        yield document(claim, (claim.statement,), _cited(claim))


def _cited(item: Item) -> tuple[SentenceRef, ...]:
    return tuple(c.ref for c in item.citations if isinstance(c, Citation))


def _word_grams(terms: Sequence[str]) -> list[str]:
    return [*terms, *(f"{a} {b}" for a, b in pairwise(terms))]


def _letter_grams(text: str) -> list[str]:
    padded = f" {text} "
    return [padded[i : i + n] for n in _NGRAMS for i in range(len(padded) - n + 1)]


def _dot(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    if len(b) < len(a):
        a, b = b, a
    return sum(w * b[key] for key, w in a.items() if key in b)
