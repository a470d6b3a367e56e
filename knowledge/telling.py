"""Whether a text tells what a question asks for: a day, a place, a number, a person or a group.

Reads names and numbers; whether they are the right ones, it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge import numbers
from knowledge.article import sentences
from knowledge.kinds import opener_and_rest
from knowledge.language import ANAPHORA, HAPPENS, STOP_WORDS
from knowledge.library import Library
from knowledge.model import Item, QAPair, QuestionKind, text_of
from knowledge.openers import LEADS
from knowledge.question import Question
from knowledge.sorts import Name, Sort, parted_text
from knowledge.text import fold, words

_TOLD_BY: Mapping[QuestionKind, frozenset[Sort]] = {
    QuestionKind.WHEN: frozenset({Sort.DAY, Sort.MONTH, Sort.YEAR}),
    QuestionKind.WHERE: frozenset({Sort.PLACE}),
    QuestionKind.WHO: frozenset({Sort.PERSON, Sort.GROUP}),
}
"""The names and numbers, one of which tells what a question of a kind asks for."""
_FINELY = re.compile(
    r"\b(?:time of (?:the )?(?:day|night)|(?:what|which|at what) (?:hour|part of the day)"
    r"|what o'clock|days? of the week|week ?day|jour de la semaine|giorno della settimana)\b"
)
"""What asks (folded) for an hour or a day of the week."""
_FINE = re.compile(
    r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b|\b\d{1,2} ?[ap]\.?m\b|o'clock"
    r"|\b(?:dawn|morning|noon|midday|afternoon|dusk|evening|night|midnight"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
"""What tells an hour or a day of the week."""
_WHERE = re.compile(
    r" (?:in|at|to|from|near|around|on|of|between|and|through|inside|outside|towards?)"
    r"(?: the)? (?=[^ ])"
)
"""What stands (folded) before a place where something is."""
_OUGHT = re.compile(
    r"\b(?:should|must|can|could|may|ought|accept\w*|faut|doi\w+|peut|dev\w+|puo|possono)\b"
    r"|(?:يجب|ينبغي|يمكن)"
)
"""What asks (folded) when something should or may be."""
_DENIAL = re.compile(r"(?:No|Not|None|Nobody|Nothing)\b")
"""How a text opens that denies what is asked."""


def tells(library: Library, kind: QuestionKind | None, text: str) -> bool:
    """Whether *text*, of the store of *library*, has what a question of that *kind* asks for.

    False for kinds that no name and no number answers.
    """
    if kind is QuestionKind.HOW_MANY:
        return any(f.sort is numbers.Sort.NUMBER for f in numbers.figures(text))
    wanted = _TOLD_BY.get(kind, frozenset()) if kind is not None else frozenset()
    told = (name for name in parted_text(library, text).names if name.sort in wanted)
    return any(name.sort is not Sort.PLACE or _is_where(library, name, text) for name in told)


def _is_where(library: Library, place: Name, text: str) -> bool:
    """Whether *text* says of something that it is there, and not only British or Parisian."""
    entity = library.entity_by_id(place.value[1:])
    forms = (entity.name, *entity.aliases) if entity is not None else ()
    leads = _WHERE.split(f" {fold(text)}")[1:]
    return any(re.match(rf"{re.escape(fold(f))}\b", lead) for lead in leads for f in forms)


def tells_what(library: Library, read: Question, text: str) -> bool:
    """Whether *text* `tells` what *read* asks for, in so fine a measure as it does."""
    if read.kind is QuestionKind.WHEN and _FINELY.search(read.text):
        return bool(_FINE.search(text))
    return tells(library, read.kind, text)


def tells_when(library: Library, read: Question, item: Item) -> bool:
    """Whether *item* says when, in so fine a measure as *read* asks; True of what asks no such.

    A No is left to other rules. What an editor wrote as an answer to when may name a condition,
    where it is asked when something should be.
    """
    text = text_of(item)
    if read.kind is not QuestionKind.WHEN or _DENIAL.match(text) or tells_what(library, read, text):
        return True
    said_so = isinstance(item, QAPair) and item.kind is QuestionKind.WHEN
    finely = _FINELY.search(read.text) is not None
    return said_so and not finely and _OUGHT.search(read.text) is not None


def sentences_until_told(library: Library, read: Question, text: str) -> int:
    """How many sentences of *text* there are up to the first that `tells_what`; 0 if none does."""
    told = (tells_what(library, read, sentence) for sentence in sentences(text))
    return next((count for count, found in enumerate(told, start=1) if found), 0)


def is_bare(read: Question) -> bool:
    """Whether *read* is a question word alone, or asks of no more than what was said before.

    "On what date?", "And where did it happen?"
    """
    own = words(read.text)
    while own and own[0] in LEADS:
        own = own[1:]
    opener, rest = opener_and_rest(" ".join(own))
    return bool(opener) and all(
        w in STOP_WORDS or w in ANAPHORA or w in HAPPENS for w in words(rest)
    )
