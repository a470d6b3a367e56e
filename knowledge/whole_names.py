"""Which entity a whole name is of: as a form of it, nearly, or as its words describe it.

Reads a name in the terms of a store; the descriptions themselves are in described.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, partial
from itertools import groupby

from knowledge.dates import MONTH_NAMES, MONTHS
from knowledge.described import Descriptions
from knowledge.language import STOP_WORDS
from knowledge.model import Briefing
from knowledge.name_words import GLUE, IN_ENGLISH
from knowledge.spelling import Speller, is_english
from knowledge.terms import Terms
from knowledge.text import in_english, plain_name, without_article, without_clitic, words

_PARTICIPLE = re.compile(r"[a-z]{3,}ed")
"""What was done (`kidnapped`), which asks for whom it was done to, not for the deed."""
_LEAST_MENDED = 5
"""Letters from which an Arabic word of a name may be a slip for another."""


class WholeNames:
    """Finds the entities of a store that a text, all of it a name, is of."""

    def __init__(self, briefings: Sequence[Briefing], terms: Terms, speller: Speller) -> None:
        self._briefings = tuple(briefings)
        self._terms = terms
        self._lens = terms.lens
        self._speller = speller

    @cached_property
    def _descriptions(self) -> Descriptions:
        """Which entities a name describes by the words of their forms."""
        return Descriptions(
            self._briefings,
            self._bare_words,
            self._name_terms,
            partial(self._name_terms, finely=True),
        )

    def named(self, name: str) -> tuple[str, ...]:
        """The ids that *name* as a whole is a form of, or nearly.

        Also without `l'`, dots, what Arabic joins to it, or with its words in another order.
        """
        plain = plain_name(name)
        for form in dict.fromkeys((name, plain, without_clitic(plain))):
            if ids := self._lens.whole(form, nearly=False):
                return ids
        if not STOP_WORDS.isdisjoint(words(plain)) or is_english(plain):
            return self._lens.whole(plain, nearly=not is_english(plain))
        # A word of its own is no slip: Austria is not Australia misspelt.
        return self._descriptions.same(plain) or self._lens.whole(plain)

    def described(self, name: str) -> tuple[str, ...]:
        """The ids that *name* describes, whatever the order of its words and their spelling.

        Empty if it is none: a word in it asks, points, or says what somebody did.
        """
        raw = words(plain_name(name).replace("-", " "))
        if not raw or (raw[-1] in STOP_WORDS and len(raw) > 1) or _PARTICIPLE.fullmatch(raw[0]):
            return ()
        if any(w in STOP_WORDS and w not in GLUE for w in raw):
            return ()
        return self._descriptions.whole(" ".join(map(self._mended, raw)))

    def _mended(self, word: str) -> str:
        """*word* of a name; mended, but where it is foreign or too short an Arabic one."""
        short = not word.isascii() and len(without_article(word)) < _LEAST_MENDED
        if not word.isascii() and word not in self._speller:
            bare = without_clitic(word)
            word = bare if bare in self._speller else word
        return word if word in IN_ENGLISH or short else self._speller.mend(word)

    def _bare_words(self, name: str) -> list[str]:
        """The words of a folded *name* but those that only hold it together."""
        return [w for w in words(name) if w not in STOP_WORDS and w not in GLUE]

    def _name_terms(self, name: str, *, finely: bool = False) -> list[str]:
        """The terms of a folded *name*, generic words in English; names within it by id."""
        found: list[str] = []
        for is_id, run in groupby(self._with_ids(words(name), finely), key=lambda w: w[0] == "@"):
            if is_id:
                found += run
            else:
                english = [w for w in words(in_english(" ".join(run))) if w not in GLUE]
                months = [MONTH_NAMES[MONTHS.get(w, 0)] or w for w in english]
                found += self._terms.of_plain(months)
        return found

    def _with_ids(self, name: Sequence[str], finely: bool) -> list[str]:
        """The words of a *name* with each proper name within it, not the whole, as its `@id`.

        *finely*, one that has others in it is taken apart: the town council of Marrowby.
        """
        found: list[str] = []
        at = 0
        for mention in self._lens.find(name, within=True):
            found += name[at : mention.start]
            inside = name[mention.start : mention.end]
            own = mention.entities[0] if len(mention.entities) == 1 else ""
            apart = self._with_ids(inside, finely) if len(inside) > 1 else inside
            whole = f"@{own}" in self._terms.proper
            if whole and (not finely or "@" not in {w[0] for w in apart}):
                found.append(f"@{own}")
            else:
                found += apart
            at = mention.end
        return [*found, *name[at:]]
