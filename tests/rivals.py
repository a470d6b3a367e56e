"""Other matchers that ours is held beside: rapidfuzz, FTS5, BM25 and a rule on keywords.

Each is made for a store and then ranks its entries for a question. It scores phrasings; an entry
scores as its best one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import bm25s  # type: ignore[import-untyped]
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS  # type: ignore[import-untyped]
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils

DEPTH = 16
"""Entries of a ranking that count; `ask` weighs as many."""
_STOP = frozenset(STOPWORDS_EN_PLUS)

Store = Mapping[str, Sequence[str]]
"""The phrasings of each entry, by its id; at least one."""
Ranking = Sequence[tuple[str, float]]
"""Ids of entries and their scores, best first, each once."""
Matcher = Callable[[str], Ranking]


def _phrasings(store: Store) -> list[str]:
    return [text for phrasings in store.values() for text in phrasings]


class _Entries:
    """From the scores of phrasings to a ranking of entries."""

    def __init__(self, store: Store) -> None:
        self._ids = tuple(store)
        sizes = [len(phrasings) for phrasings in store.values()]
        self._starts = np.cumsum([0, *sizes[:-1]])

    def __call__(self, scores: NDArray[Any]) -> Ranking:
        """The entries with a score above 0, best first; ties in the order of the store."""
        best = np.maximum.reduceat(scores, self._starts)
        order = np.argsort(-best, kind="stable")[:DEPTH]
        return [(self._ids[at], float(best[at])) for at in order if best[at] > 0]


def by_rapidfuzz(store: Store, scorer: Callable[..., float]) -> Matcher:
    """A scorer of rapidfuzz, on texts that its own `default_process` has made plain."""
    entries = _Entries(store)
    texts = [utils.default_process(text) for text in _phrasings(store)]

    def match(question: str) -> Ranking:
        return entries(process.cdist([utils.default_process(question)], texts, scorer=scorer)[0])

    return match


def by_wratio(store: Store) -> Matcher:
    """WRatio of rapidfuzz."""
    return by_rapidfuzz(store, fuzz.WRatio)


def by_token_set(store: Store) -> Matcher:
    """token_set_ratio of rapidfuzz."""
    return by_rapidfuzz(store, fuzz.token_set_ratio)


def by_fts5(store: Store) -> Matcher:
    """SQLite's FTS5 with its Porter stemmer, any word of the question that is no stop word.

    A question of stop words alone is searched with all of them.
    """
    entries = _Entries(store)
    texts = _phrasings(store)
    sql = sqlite3.connect(":memory:")
    sql.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='porter')")
    sql.executemany("INSERT INTO t(rowid, text) VALUES (?, ?)", enumerate(texts))

    def match(question: str) -> Ranking:
        words = re.findall(r"[^\W_]+", question.casefold())
        query = " OR ".join(f'"{w}"' for w in [w for w in words if w not in _STOP] or words)
        scores = np.zeros(len(texts))
        if not words:
            return ()
        for row, score in sql.execute("SELECT rowid, -rank FROM t WHERE t MATCH ?", (query,)):
            scores[row] = score
        return entries(scores)

    return match


class _Bm25:
    """BM25 of bm25s over Snowball stems, English stop words left out."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self.tokens = self._tokens(texts)
        self._index = bm25s.BM25()
        self._index.index(self.tokens, show_progress=False)
        self._none = np.zeros(len(texts))

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        tokens: list[list[str]] = bm25s.tokenize(
            list(texts),
            stopwords=STOPWORDS_EN_PLUS,
            stemmer=self._stemmer,
            return_ids=False,
            show_progress=False,
        )
        return tokens

    def __call__(self, question: str) -> tuple[list[str], NDArray[Any]]:
        """The stems of *question* and the score of every text."""
        tokens = self._tokens([question])[0]
        return tokens, self._index.get_scores(tokens) if tokens else self._none


def by_bm25(store: Store) -> Matcher:
    """BM25 with Snowball stems and English stop words."""
    entries, bm25 = _Entries(store), _Bm25(_phrasings(store))
    return lambda question: entries(bm25(question)[1])


def by_keywords(store: Store) -> Matcher:
    """QnABot's keyword rule: of 1 or 2 keywords all must match, of more 75 %, rounded down.

    The score is the share of keywords that match; BM25 parts ties.
    """
    entries, bm25 = _Entries(store), _Bm25(_phrasings(store))
    rows: dict[str, list[int]] = {}
    for row, tokens in enumerate(bm25.tokens):
        for token in set(tokens):
            rows.setdefault(token, []).append(row)
    count = len(bm25.tokens)

    def match(question: str) -> Ranking:
        tokens, order = bm25(question)
        keywords = set(tokens)
        matched = np.zeros(count)
        for keyword in keywords:
            matched[rows.get(keyword, [])] += 1
        least = len(keywords) if len(keywords) <= 2 else len(keywords) * 3 // 4
        share = matched / max(len(keywords), 1)
        tie = 1e-4 * order / (1 + order)  # less than any two shares differ by
        return entries(np.where((matched >= least) & (matched > 0), share + tie, 0.0))

    return match


OTHERS: Mapping[str, Callable[[Store], Matcher]] = {
    "rapidfuzz WRatio": by_wratio,
    "token_set_ratio": by_token_set,
    "FTS5 porter": by_fts5,
    "BM25 Snowball": by_bm25,
    "QnABot keywords": by_keywords,
}
