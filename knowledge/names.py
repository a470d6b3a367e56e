"""Which entity is meant, by any of its surface forms.

Knows the names of a store, nothing of questions or scores.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

from knowledge.model import Briefing
from knowledge.text import fold_name, latin, skeleton, without_article, words

_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = (("oo", "u"), ("ou", "u"), ("ee", "i"), ("ei", "ai"), ("ey", "ai"), ("y", "i"))
_SUN_LETTERS = "dnrstz"
"""The Latin ones of those that the Arabic article takes on (`as-S…`)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words *start* to *end* (exclusive) of a text name one of `entities`; several if ambiguous."""

    start: int
    end: int
    entities: tuple[str, ...]


def _key(name_words: Iterable[str]) -> tuple[str, ...]:
    return tuple(w for w in map(without_article, name_words) if w)


def _sound(form: Iterable[str]) -> str:
    return "".join(map(skeleton, form))


def far_off(name: str, forms: Iterable[str]) -> bool:
    """Whether *name* is none of *forms*, even without articles, accents and doubled letters."""

    def bare(form: str) -> tuple[str, ...]:
        return tuple(_DOUBLED.sub(r"\1", w) for w in _key(words(form.replace("-", " "))))

    return bare(name) not in set(map(bare, forms))


def slips(word: str) -> int:
    """How many slips a word or name of this length may have and still be taken for another.

    Keyboard slips are mostly single (Damerau 1964: over 80 %); short words differ by one letter
    and mean something else.
    """
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2 if len(word) < 12 else 3


def alike(one: str, other: str) -> bool:
    """Whether words or names of one sound are near enough in letters to be spellings of one.

    Romanisations differ in the vowels; Arabic has few letters, and each tells more.
    """
    if one.isascii() and other.isascii():
        distance = DamerauLevenshtein.distance(latin(one), latin(other))
        return distance <= max(1, len(latin(one)) // 3)
    return DamerauLevenshtein.distance(one, other) <= slips(one)


def _word_by_word(name: Sequence[str], form: Sequence[str]) -> bool:
    """Whether each word of *name* has no more slips than it may have by itself.

    Else a long surname would lend its slips to the first name, and make it somebody else's. Where
    one has more words than the other, words of the longer have to be one word of the shorter.
    """
    if len(name) == len(form):
        return all(map(_as_one, name, form))
    longer, shorter = sorted((name, form), key=len, reverse=True)
    return _respaced(longer, shorter)


def _respaced(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """Whether the words of *longer*, some of them put together, are those of *shorter*."""
    if not shorter or len(longer) <= len(shorter):
        return len(longer) == len(shorter) and all(map(_as_one, longer, shorter))
    most = len(longer) - len(shorter) + 1
    return any(
        _put_together(longer[:count], shorter[0]) and _respaced(longer[count:], shorter[1:])
        for count in range(1, most + 1)
    )


def _put_together(pieces: Sequence[str], word: str) -> bool:
    """Whether *pieces* are *word* in several, the longest with its slips, the others to the letter.

    A word that has nothing to do with it ("Lind's dog") would else be so many slips.
    """
    if len(pieces) == 1:
        return _as_one(pieces[0], word)
    parts = [latin(piece) for piece in pieces]
    longest = max(range(len(parts)), key=lambda at: len(parts[at]))
    left, right = "".join(parts[:longest]), "".join(parts[longest + 1 :])
    whole = latin(word)
    if not (whole.startswith(left) and whole.endswith(right)):
        return False
    rest = whole[len(left) : len(whole) - len(right)]
    distance = DamerauLevenshtein.distance(parts[longest], rest)
    return distance <= slips(min(parts[longest], rest, key=len))


def _may_sound_as(name: Sequence[str], form: Sequence[str]) -> bool:
    """Whether *name*, of one sound with *form*, may be it; a surplus word without a sound is not.

    "Lind's eye" has the consonants of "Lind".
    """
    return len(name) == len(form) or all(map(skeleton, (*name, *form)))


def _as_one(own: str, other: str) -> bool:
    """Whether one word of a name may be another, for all slips that the whole may have."""
    one, two = (own, other) if not (own + other).isascii() else (latin(own), latin(other))
    if own.isascii() != other.isascii():
        one, two = latin(own), latin(other)
    distance = DamerauLevenshtein.distance(one, two)
    return distance <= max(slips(own), slips(other)) or (
        skeleton(own) == skeleton(other) and alike(own, other)
    )


def told_as(word: str, name: Sequence[str], *, alone: bool) -> str:
    """Which word of *name* the *word* of another form of it is; empty if none.

    Standing *alone* for a name of one word, it is that, whatever its letters.
    """
    own = [w for w in name if without_article(w)]
    if alone and len(own) == 1:
        return own[0]
    near = [w for w in own if skeleton(w) == skeleton(word) and len(skeleton(w)) > 1]
    near = near or [w for w in own if DamerauLevenshtein.distance(w, word) <= slips(word)]
    return min(near, key=lambda w: DamerauLevenshtein.distance(w, word), default="")


def _bones(word: str) -> str:
    """The consonants of *word* by their sounds; itself where it has none."""
    return skeleton(word) or word


def _respelt(word: str, other: str) -> bool:
    """Whether *word* and *other*, of one sound, are near enough in letters to be one name.

    A vowel at the beginning of one of them alone makes it another: Hamad is not Ahmad.
    """
    if (word[0] in "aeiou") is not (other[0] in "aeiou"):
        return False
    one, two = _plain_vowels(word), _plain_vowels(other)
    return one == two or (len(skeleton(word)) > 1 and alike(one, two))


def _plain_vowels(word: str) -> str:
    """*word* with one letter for each vowel that romanisations write in several ways."""
    for spelling, vowel in _VOWELS:
        word = word.replace(spelling, vowel)
    return _DOUBLED.sub(r"\1", word)


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
                    forms[_key(words(alias.replace("-", " ")))][entity.id] = None
            for alias, ids in briefing.ambiguous.items():
                forms[_key(words(alias.replace("-", " ")))].update(dict.fromkeys(ids))
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
            by_sound[_sound(form)].append((form, spelling))
        self._by_sound = dict(by_sound)
        self.words = frozenset(w for form in self._forms for w in form)
        self._of_several: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        """The forms of several words, by the sound of each."""
        for form in self._order:
            if len(form) > 1 and all(map(str.isascii, form)):
                self._of_several[tuple(map(_bones, form))].append(form)
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
        bare = [(i, w) for i, w in enumerate(map(without_article, text_words)) if w]
        found, at = [], 0
        while at < len(bare):
            size = 0
            if bare[at][1] in self._first:
                size = self._form_at(bare, at, len(bare) - max(at, int(within)))
            entities = self._forms[tuple(w for _, w in bare[at : at + size])] if size else ()
            if nearly and (near := self._sounding_at([w for _, w in bare[at:]])) and near[0] > size:
                size, entities = near[0], self._forms[near[1]]
            if size:
                found.append(Mention(bare[at][0], bare[at + size - 1][0] + 1, entities))
            at += size or 1
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
            window, sounds = (*window, word), (*sounds, _bones(word))
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
                and _respelt(own, other)
            )
            for own, other in zip(name, form, strict=True)
        )

    def _form_at(self, bare: Sequence[tuple[int, str]], at: int, most: int) -> int:
        """How many of the words from *at*, at most *most*, are the longest form; 0 if none."""
        longest, key = 0, tuple[str, ...]()
        for size in range(1, most + 1):
            key = (*key, bare[at + size - 1][1])
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
        key = _key(fold_name(name).split())
        if key in self._forms or not key or not nearly:
            return self._forms.get(key, ())
        sound, spelling = _sound(key), "".join(map(latin, key))
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
                if _word_by_word(key, self._order[at]):
                    note(self._order[at], distance)
        nearest = min(near.values(), default=0)
        return tuple(e for e, distance in near.items() if distance == nearest)

    def _sounding(self, key: tuple[str, ...], sound: str) -> list[tuple[tuple[str, ...], str]]:
        """The forms of that *sound* that the name *key* may be, with their spellings."""
        of_one_sound = self._by_sound.get(sound, ()) if len(sound) > 2 else ()
        return [(form, written) for form, written in of_one_sound if _may_sound_as(key, form)]

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
