"""The terms of a text: stems, numerals, `~word` for words that mean the same, `@id` for entities.

Knows the names and the vocabulary of a store; not what a question is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import filterfalse

from knowledge.language import NOUNS_AT_THE_END, STOP_WORDS
from knowledge.model import Briefing, EntityType
from knowledge.names import Mention, NameLens
from knowledge.spelling import is_english
from knowledge.text import stem, words

_PROPER = frozenset(
    {EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION, EntityType.ARMED_GROUP}
)


class Terms:
    """Turns texts into terms, by the names and words of a store."""

    def __init__(self, briefings: Sequence[Briefing]) -> None:
        self.lens = NameLens(briefings, is_english)
        self.proper = frozenset(
            f"@{e.id}" for b in briefings for e in b.entities if e.type in _PROPER
        )
        """The terms that stand for a person, a place, an organisation or an armed group."""
        self._groups = _groups(briefings)
        self._names_seen: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._words_seen: dict[str, str | None] = {}
        """The term of each word of a stored text, "" for none; None where others beside it tell."""
        self._group_sizes: dict[str, int] = {}
        for key in self._groups:
            self._group_sizes[key[0]] = max(len(key), self._group_sizes.get(key[0], 0))

    def terms(self, text: str) -> tuple[tuple[str, ...], list[Mention]]:
        """The terms of a text of the store, in order, and its mentions."""
        return self.of_words(words(text.replace("-", " ")), stored=True)

    def plain(self, text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """The content words of a text of the store that are part of none of its *mentions*."""
        return outside(words(text.replace("-", " ")), mentions)

    def of_words(
        self,
        text_words: Sequence[str],
        *,
        within: bool = False,
        stored: bool = False,
        nearly: bool = False,
    ) -> tuple[tuple[str, ...], list[Mention]]:
        """Terms and mentions; a name that is no proper one keeps its words and what they name.

        Names and words in a *stored* text are remembered, since a store says the same ones over
        and over. *nearly*, names may be spelled otherwise, as readers do.
        """
        if stored:
            for word in filterfalse(self._words_seen.__contains__, text_words):
                self._words_seen[word] = self._by_itself(word)

        mentions = self.lens.find(text_words, within=within, nearly=nearly)
        if not mentions:
            return tuple(self.of_plain(text_words)), mentions
        found: list[str] = []
        at = 0
        for mention in mentions:
            found += self.of_plain(text_words[at : mention.start])
            name = tuple(text_words[mention.start : mention.end])
            terms = self._names_seen.get(name) or self._of_name(name, mention.entities)
            if stored:
                self._names_seen[name] = terms
            found += terms
            at = mention.end
        found += self.of_plain(text_words[at:])
        return tuple(found), mentions

    def _of_name(self, name: Sequence[str], entities: tuple[str, ...]) -> tuple[str, ...]:
        """The terms of a *name* of *entities*."""
        own = entities[0] if len(entities) == 1 else ""
        proper = f"@{own}" in self.proper
        terms = self.of_words(name, within=True)[0] if len(name) > 1 or not own else ()
        if not proper and not terms:
            terms = tuple(self.of_plain(name))
        inner = (t for t in terms if t != f"@{own}" and (t[0] == "@" or not proper))
        return (f"@{own}", *inner) if own else tuple(inner)

    def of_plain(self, text_words: Sequence[str]) -> list[str]:
        """The terms of words that name nothing."""
        seen = [*map(self._words_seen.get, text_words)]
        if None not in seen:  # most texts of a store, quickly
            return [*filter(None, seen)]
        found, at = [], 0
        while at < len(text_words):
            word, term = text_words[at], seen[at]
            if term is not None:
                if term:
                    found.append(term)
                at += 1
                continue
            first = stem(word)
            if first not in self._group_sizes and word != "may":
                if _tells(text_words, at):
                    found.append(first)
                at += 1
                continue
            size, term = self._group_at(text_words, at)
            if term:
                found.append(term)
            at += size
        return found

    def _by_itself(self, word: str) -> str | None:
        """The term of *word*, "" for none, whatever stands beside it; None where that matters."""
        first = stem(word)
        if word == "may" or self._group_sizes.get(first, 0) > 1:
            return None
        if first in self._group_sizes:
            return self._groups[first,]
        if word in NOUNS_AT_THE_END:
            return None
        return first if _tells((word, ""), 0) else ""

    def _group_at(self, text_words: Sequence[str], at: int) -> tuple[int, str]:
        """How many words from *at* make one term, and that term; empty for a stop word."""
        word = text_words[at]
        if word == "may" and _beside_a_number(text_words, at):
            return 1, word
        first = stem(word)
        longest = min(self._group_sizes.get(first, 0), len(text_words) - at)
        stems = tuple(map(stem, text_words[at : at + longest]))
        for size in range(longest, 0, -1):
            if stems[:size] in self._groups:
                return size, self._groups[stems[:size]]
        return 1, first if _tells(text_words, at) else ""


def outside(text_words: Sequence[str], mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The content words of *text_words* that are part of none of *mentions*, in order."""
    named = {at for m in mentions for at in range(m.start, m.end)}
    return tuple(w for at, w in enumerate(text_words) if at not in named and _tells(text_words, at))


def _tells(text_words: Sequence[str], at: int) -> bool:
    """Whether the word at *at* carries a subject."""
    word = text_words[at]
    return word not in STOP_WORDS or (at == len(text_words) - 1 and word in NOUNS_AT_THE_END)


def _beside_a_number(text_words: Sequence[str], at: int) -> bool:
    """Whether the word at *at* may be a month: `7 may`, `may 2017`."""
    return any(
        w.isdecimal() for w in (*text_words[max(0, at - 1) : at], *text_words[at + 1 : at + 2])
    )


def _groups(briefings: Sequence[Briefing]) -> Mapping[tuple[str, ...], str]:
    """Stems of each vocabulary word or phrase, with the term that its whole group shares."""
    groups: dict[tuple[str, ...], str] = {}
    for briefing in briefings:
        for group in briefing.vocabulary:
            term = "~" + "-".join(words(group[0]))
            for phrase in group:
                groups.setdefault(tuple(stem(w) for w in words(phrase)), term)
    groups.pop((), None)
    return groups
