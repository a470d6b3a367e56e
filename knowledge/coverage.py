"""Which sentences of an article the curated store covers, and how well.

Thin coverage fails `python -m knowledge check` but not loading: a draft may be tried out
before it is complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.draft import Draft, Placed
from knowledge.model import Citation, SentenceRef
from knowledge.problems import Problem

MIN_PAIRS = 4
"""Pairs that are to cite each sentence."""
_FIRST_WORDS = 48


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, how many pairs and claims cite it, how many entities occur in it."""

    ref: SentenceRef
    pairs: int
    entities: int
    claims: int
    text: str


def coverage(draft: Draft) -> tuple[Row, ...]:
    """A row for each sentence of *draft*, in the order of the text."""
    pairs, claims = _citing(draft.pairs), _citing(draft.claims)
    entities = Counter(ref for placed in draft.entities for ref in set(placed.value.sentences))
    return tuple(
        Row(ref, pairs[ref], entities[ref], claims[ref], sentence.text)
        for ref, sentence in draft.sentences.items()
    )


def problems(draft: Draft) -> Iterator[Problem]:
    """The sentences of *draft* that fewer than MIN_PAIRS pairs cite."""
    for row in coverage(draft):
        if row.pairs < MIN_PAIRS:
            line = draft.paragraph_lines[row.ref.paragraph - 1]
            message = f"sentence {row.ref} is cited by {row.pairs} of {MIN_PAIRS} pairs: add pairs"
            yield Problem(draft.article_file, line, f"{message} on {_first_words(row.text)!r}")


def table(rows: Sequence[Row]) -> str:
    """*rows* as lines of text under a heading; a `!` marks the thinly covered."""
    lines = ["sentence  pairs  entities  claims"]
    for row in rows:
        mark = "!" if row.pairs < MIN_PAIRS else " "
        counts = f"{row.pairs:>5}{mark} {row.entities:>9}  {row.claims:>6}"
        lines.append(f"{row.ref!s:<9}{counts}  {_first_words(row.text)}")
    return "\n".join(lines)


def _citing(items: Iterable[Placed[Any]]) -> Counter[SentenceRef]:
    """How many of *items* cite each sentence, an item that does so twice counting once."""
    return Counter(
        ref
        for placed in items
        for ref in {c.ref for c in placed.value.citations if isinstance(c, Citation)}
    )


def _first_words(text: str) -> str:
    return text if len(text) <= _FIRST_WORDS else text[:_FIRST_WORDS].rsplit(" ", 1)[0] + " …"
