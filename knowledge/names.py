"""Which entity is meant, by any of its surface forms.

Knows the names of a store, nothing of questions or scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.model import Briefing
from knowledge.text import fold_name, without_article, words


@dataclass(frozen=True, slots=True)
class Mention:
    """Words *start* to *end* (exclusive) of a text name one of `entities`; several if ambiguous."""

    start: int
    end: int
    entities: tuple[str, ...]


def _key(name_words: Iterable[str]) -> tuple[str, ...]:
    return tuple(w for w in map(without_article, name_words) if w)


class NameLens:
    """Finds the entities of a store in a text by any of their surface forms."""

    def __init__(self, briefings: Sequence[Briefing]) -> None:
        forms: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for briefing in briefings:
            for entity in briefing.entities:
                for alias in (entity.name, *entity.aliases):
                    forms[_key(words(alias.replace("-", " ")))][entity.id] = None
            for alias, ids in briefing.ambiguous.items():
                forms[_key(words(alias.replace("-", " ")))].update(dict.fromkeys(ids))
        forms.pop((), None)
        self._forms: Mapping[tuple[str, ...], tuple[str, ...]] = {
            form: tuple(ids) for form, ids in forms.items()
        }
        self._longest = max(map(len, self._forms), default=0)
        self.words = frozenset(w for form in self._forms for w in form)

    def find(self, text_words: Sequence[str], *, within: bool = False) -> list[Mention]:
        """Mentions in *text_words* (folded), leftmost and longest first, without overlap.

        With *within*, the words are a name themselves, and only names inside it count.
        """
        bare = [(i, w) for i, w in enumerate(map(without_article, text_words)) if w]
        longest = min(self._longest, len(bare) - within)
        found, at = [], 0
        while at < len(bare):
            for size in range(min(longest, len(bare) - at), 0, -1):
                window = bare[at : at + size]
                entities = self._forms.get(tuple(w for _, w in window))
                if entities:
                    found.append(Mention(window[0][0], window[-1][0] + 1, entities))
                    at += size
                    break
            else:
                at += 1
        return found

    def exact(self, name: str) -> tuple[str, ...]:
        """The ids that the whole of *name* is a form of; empty if none."""
        return self._forms.get(_key(fold_name(name).split()), ())
