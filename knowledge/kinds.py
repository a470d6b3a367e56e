"""What kind of thing a text asks for, by its question words, and how far one kind suits another.

Reads words alone; the words themselves are in openers.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.model import QuestionKind
from knowledge.openers import (
    ACCORDING,
    BY_WHOM,
    BY_WHOM_WORDS,
    FIRST_OR_LAST,
    LEADS,
    ONLY_FIRST,
    QUESTION_OPENERS,
    SETTING,
    TAG_ENDS,
    TAGS,
    WHETHER_OPENERS,
)
from knowledge.text import cut, fold, without_politeness, words

_CLAUSE = re.compile(r"[,:;،؛—]\s+| - | – |\n")
_PARTING = (",", ":", ";", "،", "؛", " - ")
"""One of these stands wherever two clauses of folded text part: a look that spares a search."""
_TAGGED = re.compile(TAGS)
_SETTING = re.compile(SETTING, re.IGNORECASE)
_THAT = r"(?: (?:that|que|qu'|che|ان)\b)?"
_BY_WHOM = re.compile(rf"(?:(?:{'|'.join(sorted(LEADS))}) )?(?:{'|'.join(BY_WHOM)}){_THAT}")
_ACCORDING = re.compile(rf"(?<!\w)(?:{'|'.join(ACCORDING)}){_THAT}")
_TERM = {kind: f"?{kind.value}" for kind in QuestionKind}
BY_WHOM_TERM = "?by-whom"
"""The term of a question that asks whose word something is."""
_WHO = frozenset({"?who", "?which", "?what"})
_AND = "و"
"""Arabic writes it as one with the word that follows."""
_STATEMENT = 4
"""Words from which what has a question mark and no question word asks whether it is so.

Of 2,400 such phrasings of a store, 84 % belong to a pair that says Yes or No."""
_YES_UNASKED = 0.65
"""A Yes or No is no answer to who, when or how many."""
_NO_YES = 0.6
"""Whoever asks whether, wants a Yes or No."""
_FAR = 0.82
_NEAR = 0.95
K = QuestionKind
_CLOSE = {
    frozenset({K.WHO, K.WHICH}),
    frozenset({K.WHO, K.LIST}),
    frozenset({K.WHICH, K.LIST}),
    frozenset({K.WHICH, K.WHERE}),
    frozenset({K.WHAT, K.WHICH}),
    frozenset({K.WHAT, K.LIST}),
    frozenset({K.WHAT, K.WHY}),
    frozenset({K.WHAT, K.HOW}),
    frozenset({K.WHAT, K.HOW_MANY}),
    frozenset({K.WHY, K.HOW}),
    frozenset({K.WHAT, K.WHO}),
}
"""Kinds that readers use for one another."""


class _Trie(dict[str, "_Trie"]):
    """What openers go on with after the same first words, by the next; `kind` of the one so far."""

    kind: QuestionKind | None = None


def _trie(openers: Iterable[tuple[str, QuestionKind]]) -> _Trie:
    """*openers* word by word; of equal ones the first counts."""
    root = _Trie()
    for opener, kind in openers:
        node = root
        for word in words(opener):
            node = node.setdefault(word, _Trie())
        node.kind = node.kind or kind
    return root


_OPENERS = _trie(QUESTION_OPENERS)
_WHETHER = _trie((opener, QuestionKind.WHETHER) for opener in WHETHER_OPENERS)
_OPENING = ((0, _OPENERS), (0, _WHETHER))
"""Where in a clause what opens a question may stand, first found first."""
_OPENING_LED = ((0, _WHETHER), (1, _OPENERS), (1, _WHETHER))
"""The same where one of LEADS is the first word."""


def kind_of(text: str) -> QuestionKind | None:
    """The kind of thing that *text* asks for, by the phrase that opens it or a clause of it.

    None for keywords and statements.
    """
    _, core = split_setting(without_politeness(text))
    clauses = [cut(clause) for clause in _CLAUSE.split(core)]
    return _kind(clauses, text, _within(clauses))


def _within(clauses: Iterable[Sequence[str]]) -> Iterator[QuestionKind]:
    """What the question words of *clauses* ask for, wherever they stand."""
    return (kind for clause in clauses for kind in _openers(clause))


def _kind(
    clauses: Sequence[Sequence[str]], text: str, within: Iterable[QuestionKind]
) -> QuestionKind | None:
    """The kind of thing that *text*, which is made of *clauses*, asks for; see `_within`."""
    for clause in clauses:
        for at, trie in _OPENING_LED if clause and clause[0] in LEADS else _OPENING:
            _, kind = _opener(clause, at, trie)
            if kind is not None:
                return kind
    if _is_tagged(fold(text)):
        return QuestionKind.WHETHER
    found = next(iter(within), None)
    asks_so = text.rstrip().endswith(("?", "؟")) and sum(map(len, clauses)) >= _STATEMENT
    return QuestionKind.WHETHER if found is None and asks_so else found


def _is_tagged(text: str) -> bool:
    """Whether folded *text* closes with what asks whether it is so."""
    end = text.rstrip(" ?!.؟")
    if end[-1:].isalnum() and not end.endswith(TAG_ENDS):  # most texts, quickly
        return False
    return _TAGGED.search(text) is not None


def is_tag(text: str) -> bool:
    """Whether *text* only asks whether it is so, what was said before it: "Correct?"."""
    return bool(_TAGGED.match(fold(text)))


def without_tag(text: str) -> str:
    """Folded *text* without the words at its end that ask whether it is so."""
    return _TAGGED.sub("", text) or text


def asks(text: str) -> tuple[str, ...]:
    """The question words of *text* as terms, `?how-many` for all that asks a number.

    Who asks whose word something is has `?by-whom` instead of what asks who.
    """
    _, core = split_setting(without_politeness(text))
    core_words = cut(core)
    found = dict.fromkeys(_openers(core_words))
    if any(map(core.__contains__, _PARTING)) and len(parts := _CLAUSE.split(core)) > 1:
        clauses = [cut(part) for part in parts]
        kind = _kind(clauses, text, _within(clauses))
    else:
        kind = _kind([core_words], text, found)
    if kind is QuestionKind.WHETHER:
        found[QuestionKind.WHETHER] = None
    kinds = [_TERM[kind] for kind in found]
    if not BY_WHOM_WORDS.isdisjoint(core_words) and (whose := _by_whom(core)):
        others = {_TERM[kind] for kind in _openers(cut(core[whose.end() :]))}
        kinds = [term for term in kinds if term not in _WHO or term in others]
        kinds.append(BY_WHOM_TERM)
    return tuple(kinds)


def _by_whom(core: str) -> re.Match[str] | None:
    """What of folded *core* asks whose word something is, if anything does."""
    return _BY_WHOM.match(core) or _ACCORDING.search(core)


def split_setting(text: str) -> tuple[str, str]:
    """The clause of *text* that only says when, or on what condition, and the question proper."""
    if "," not in text:  # most texts, quickly
        return "", text
    found = _SETTING.match(text)
    return (text[: found.end()], text[found.end() :]) if found else ("", text)


def opener_and_rest(text: str) -> tuple[str, str]:
    """The folded words that open *text* as a question, "" if none do, and the others."""
    text_words = words(text)
    size, kind = _opener(text_words, 0, _OPENERS)
    size = size if kind is not None else 0
    return " ".join(text_words[:size]), " ".join(text_words[size:])


def _openers(text_words: Sequence[str]) -> Iterator[QuestionKind]:
    end = 0
    for at, word in enumerate(text_words):
        if at < end or (word not in _OPENERS and word[0] != _AND):  # most words, quickly
            continue
        size, kind = _opener(text_words, at, _OPENERS)
        if kind is not None and _may_ask(word, at, len(text_words)):
            yield kind
        end = at + size


def _may_ask(word: str, at: int, count: int) -> bool:
    """Whether *word* is a question word at that place of so many words."""
    if word in FIRST_OR_LAST:
        return at in (0, count - 1)
    return at == 0 or word not in ONLY_FIRST


def _opener(text_words: Sequence[str], at: int, trie: _Trie) -> tuple[int, QuestionKind | None]:
    """How many words from *at* open a question, and of what kind; (1, None) if none do."""
    if at >= len(text_words):
        return 1, None
    first = text_words[at]
    if first not in trie and first[0] == _AND:
        first = first[1:]
    node, end = trie.get(first), at + 1
    size, kind = 1, None
    while node is not None:
        if node.kind is not None:
            size, kind = end - at, node.kind
        node = node.get(text_words[end]) if end < len(text_words) else None
        end += 1
    return size, kind


def fit(asked: QuestionKind | None, offered: QuestionKind) -> float:
    """How well a pair of the kind *offered* suits what is asked: 1 is the same kind."""
    if asked is None or asked is offered:
        return 1.0
    if offered is K.WHETHER:
        return _YES_UNASKED
    if asked is K.WHETHER:
        return _NO_YES
    return _NEAR if frozenset({asked, offered}) in _CLOSE else _FAR
