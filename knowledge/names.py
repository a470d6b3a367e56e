"""Which entity is meant, by any of its surface forms.

Knows the names of a store, nothing of questions or scores. What makes one spelling a variant of
another is decided in variants.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

from knowledge.model import Briefing
from knowledge.text import fold_name, latin, without_article, words
from knowledge.variants import (
    alike,
    bones,
    may_sound_as,
    name_key,
    respelt,
    slips,
    sound_of,
    word_by_word,
)

_SUN_LETTERS = "dnrstz"
"""The Latin ones of those that the Arabic article takes on (`as-S…`)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words *start* to *end* (exclusive) of a text name one of `entities`; several if ambiguous."""

    start: int
    end: int
    entities: tuple[str, ...]


class NameLens:
    """Finds the entities of a store in a text by any of their surface forms.

    What *is_word* says is one, a common word, is no other spelling of a word of a name.
    """

    def __init__(
        self, briefings: Sequence[Briefing], is_word: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._is_word = is_word
        forms: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for briefing in briefings:
            for entity in briefing.entities:
                for alias in (entity.name, *entity.aliases):
                    forms[name_key(words(alias.replace("-", " ")))][entity.id] = None
            for alias, ids in briefing.ambiguous.items():
                forms[name_key(words(alias.replace("-", " ")))].update(dict.fromkeys(ids))
        forms.pop((), None)
        self._forms: Mapping[tuple[str, ...], tuple[str, ...]] = {
            form: tuple(ids) for form, ids in forms.items()
        }
        self._begun = frozenset(form[:size] for form in self._forms for size in range(1, len(form)))
        """Beginnings of forms, so that no more words are taken together than may be a name."""
        first = {form[0] for form in self._forms}
        # With a joined article too, so that most texts are seen to name nothing at a glance.
        self._first = {*first, *(f"ال{word}" for word in first)}
        self._order = list(self._forms)
        self._spellings = ["".join(map(latin, form)) for form in self._order]
        self._by_length: dict[int, list[int]] = defaultdict(list)
        for at, spelling in enumerate(self._spellings):
            self._by_length[len(spelling)].append(at)
        self._by_spelling: dict[str, list[int]] = defaultdict(list)
        for at, spelling in enumerate(self._spellings):
            self._by_spelling[spelling].append(at)
        scripts: dict[str, set[bool]] = defaultdict(set)
        for form, ids in self._forms.items():
            for entity_id in ids:
                scripts[entity_id].add(form[0].isascii())
        self._ids = frozenset(scripts)
        self._in_one_script = frozenset(id_ for id_, found in scripts.items() if len(found) < 2)
        by_sound: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for form, spelling in zip(self._order, self._spellings, strict=True):
            by_sound[sound_of(form)].append((form, spelling))
        self._by_sound = dict(by_sound)
        self.words = frozenset(w for form in self._forms for w in form)
        self._of_several: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        """The forms of several words, by the sound of each."""
        for form in self._order:
            if len(form) > 1 and all(map(str.isascii, form)):
                self._of_several[tuple(map(bones, form))].append(form)
        self._begun_by_sound = frozenset(
            sounds[:size] for sounds in self._of_several for size in range(1, len(sounds))
        )

    def find(
        self, text_words: Sequence[str], *, within: bool = False, nearly: bool = False
    ) -> list[Mention]:
        """Mentions in *text_words* (folded), leftmost and longest first, without overlap.

        With *within*, the words are a name themselves, and only names inside it count. *nearly*,
        words of a name of several may be spelled otherwise, each by itself, with its consonants.
        """
        if not nearly and self._first.isdisjoint(text_words):
            return []
        without = [*map(without_article, text_words)]
        places = [place for place, word in enumerate(without) if word]
        bare = tuple(filter(None, without))
        found, end = [], 0
        for at, word in enumerate(bare):
            known = word in self._first
            if at < end or not (known or nearly):  # most words, quickly
                continue
            size = self._form_at(bare, at, len(bare) - max(at, int(within))) if known else 0
            entities = self._forms[bare[at : at + size]] if size else ()
            if nearly and (near := self._sounding_at(bare[at:])) and near[0] > size:
                size, entities = near[0], self._forms[near[1]]
            if size:
                found.append(Mention(places[at], places[at + size - 1] + 1, entities))
            end = at + size
        return found

    def _sounding_at(self, bare: Sequence[str]) -> tuple[int, tuple[str, ...]] | None:
        """How many of the words *bare*, at its beginning, sound as a form of several, and that."""
        found: tuple[int, tuple[str, ...]] | None = None
        window: tuple[str, ...] = ()
        sounds: tuple[str, ...] = ()
        for at, word in enumerate(bare):
            following = bare[at + 1][:1] if at + 1 < len(bare) else ""
            if at and len(word) == 2 and word[1] in _SUN_LETTERS and word[1] == following:
                continue  # the article: `as-S…`
            window, sounds = (*window, word), (*sounds, bones(word))
            near = [f for f in self._of_several.get(sounds, ()) if self._spell_one(window, f)]
            if near:
                written = "".join(window)
                nearest = min(near, key=lambda f: DamerauLevenshtein.distance("".join(f), written))
                found = at + 1, nearest
            if sounds not in self._begun_by_sound:
                break
        return found

    def _spell_one(self, name: Sequence[str], form: Sequence[str]) -> bool:
        """Whether each word of *name* is that of *form*, or one of no language spelled so."""
        return all(
            own == other
            or (
                own.isascii()
                and not (self._is_word(own) or self._is_word(other))
                and respelt(own, other)
            )
            for own, other in zip(name, form, strict=True)
        )

    def _form_at(self, bare: tuple[str, ...], at: int, most: int) -> int:
        """How many of the words from *at*, at most *most*, are the longest form; 0 if none."""
        longest = 0
        for size in range(1, most + 1):
            key = bare[at : at + size]
            if key in self._forms:
                longest = size
            if key not in self._begun:
                break
        return longest

    def whole(self, name: str, *, nearly: bool = True) -> tuple[str, ...]:
        """The ids that *name* as a whole is a form of, or nearly; empty if none, several if shared.

        Nearly: the same consonants in any script or romanisation, or as few slips as its length
        allows. A shorter name has to be exact, since another one is never far; so has any without
        *nearly*.
        """
        key = name_key(fold_name(name).split())
        if key in self._forms or not key or not nearly:
            return self._forms.get(key, ())
        sound, spelling = sound_of(key), "".join(map(latin, key))
        near: dict[str, int] = {}

        def note(form: tuple[str, ...], distance: int, among: Container[str] = self._ids) -> None:
            for entity in self._forms[form]:
                if entity in among:
                    near[entity] = min(distance, near.get(entity, distance))

        for at in self._by_spelling.get(spelling, ()) if name.isascii() else ():
            note(self._order[at], 0)
        for form, form_spelling in self._sounding(key, sound):
            distance = DamerauLevenshtein.distance(spelling, form_spelling)
            if not name.isascii() and form[0].isascii():  # the vowels are not written
                note(form, distance, self._in_one_script)
            elif alike("".join(key), "".join(form)):
                note(form, distance)
        if not near and (limit := slips(spelling)):
            for _, distance, at in process.extract(
                spelling,
                self._near(spelling, limit),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=limit,
                limit=4,
            ):
                if word_by_word(key, self._order[at]):
                    note(self._order[at], distance)
        nearest = min(near.values(), default=0)
        return tuple(e for e, distance in near.items() if distance == nearest)

    def _sounding(self, key: tuple[str, ...], sound: str) -> list[tuple[tuple[str, ...], str]]:
        """The forms of that *sound* that the name *key* may be, with their spellings."""
        of_one_sound = self._by_sound.get(sound, ()) if len(sound) > 2 else ()
        return [(form, written) for form, written in of_one_sound if may_sound_as(key, form)]

    def _near(self, spelling: str, limit: int) -> dict[int, str]:
        """Spellings by their place, in order: all within *limit* slips of *spelling*, and more.

        A slip is at most two steps of Levenshtein's, whose distance is far quicker to tell.
        """
        places = sorted(
            self._by_length[length][at]
            for length in range(len(spelling) - limit, len(spelling) + limit + 1)
            if length in self._by_length
            for _, _, at in process.extract(
                spelling,
                [self._spellings[place] for place in self._by_length[length]],
                scorer=Levenshtein.distance,
                score_cutoff=2 * limit,
                limit=None,
            )
        )
        return {at: self._spellings[at] for at in places}
