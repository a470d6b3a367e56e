"""What kind of thing a text asks for, by its question words.

Reads words alone; the words themselves are in language.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from knowledge.language import QUESTION_OPENERS, WHETHER_OPENERS
from knowledge.model import QuestionKind
from knowledge.text import without_politeness, words

_CLAUSE = re.compile(r"[,:;—]\s+| - | – |\n")
_LEADS = frozenset("and but so or then also in on at by to from for of".split())
"""Words that may stand before the one that opens a question."""


_ENGLISH_TOO = frozenset({"win", "come", "fin", "man"})
"""Question words of other languages that are English words within a sentence."""


def _by_first_word() -> Mapping[str, tuple[tuple[tuple[str, ...], QuestionKind], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], QuestionKind]]] = {}
    for opener, kind in QUESTION_OPENERS:
        opener_words = tuple(words(opener))
        table.setdefault(opener_words[0], []).append((opener_words, kind))
    return {first: tuple(openers) for first, openers in table.items()}


_OPENERS = _by_first_word()
_WHETHER = frozenset(words(opener)[0] for opener in WHETHER_OPENERS)


def kind_of(text: str) -> QuestionKind | None:
    """The kind of thing that *text* asks for, by the phrase that opens it or a clause of it.

    None for keywords and statements.
    """
    return _kind([words(clause) for clause in _CLAUSE.split(without_politeness(text))])


def _kind(clauses: Sequence[Sequence[str]]) -> QuestionKind | None:
    for clause in clauses:
        start = 1 if clause and clause[0] in _LEADS else 0
        _, kind = _opener(clause, start)
        if kind is not None:
            return kind
        if any(word in _WHETHER for word in clause[: start + 1]):
            return QuestionKind.WHETHER
    return next((kind for clause in clauses for kind in _openers(clause)), None)


def asks(text: str) -> tuple[str, ...]:
    """The question words of *text* as terms, `?how-many` for all that asks a number."""
    core = without_politeness(text)
    core_words, clauses = words(core), _CLAUSE.split(core)
    found = dict.fromkeys(_openers(core_words))
    kind = _kind([core_words] if len(clauses) == 1 else list(map(words, clauses)))
    if kind is QuestionKind.WHETHER:
        found[QuestionKind.WHETHER] = None
    return tuple(f"?{kind.value}" for kind in found)


def _openers(text_words: Sequence[str]) -> Iterator[QuestionKind]:
    at = 0
    while at < len(text_words):
        if text_words[at] not in _OPENERS:
            at += 1
            continue
        size, kind = _opener(text_words, at)
        if kind is not None and (at == 0 or text_words[at] not in _ENGLISH_TOO):
            yield kind
        at += size


def _opener(text_words: Sequence[str], at: int) -> tuple[int, QuestionKind | None]:
    """How many words from *at* open a question, and of what kind; (1, None) if none do."""
    for opener, kind in _OPENERS.get(text_words[at], ()) if at < len(text_words) else ():
        if tuple(text_words[at : at + len(opener)]) == opener:
            return len(opener), kind
    return 1, None
