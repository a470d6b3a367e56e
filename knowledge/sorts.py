"""Names and numbers by their sort: a place, a person, a group, a day, a count of something.

One of a sort may stand where another does. Reads the terms of a text into what is of a sort and
what is of none; whether anything is wrong with it is decided in premises.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from weakref import WeakKeyDictionary

from knowledge.library import Library
from knowledge.model import Entity, EntityType
from knowledge.text import stem

_YEARS = range(1900, 2100)
_SMALL = frozenset("12")
"""Numbers that also mean `first`, `both` and the like."""
MONTHS = {
    stem(month.lower()): number
    for number, month in enumerate(
        "January February March April May June July August September October November "
        "December".split(),
        start=1,
    )
}
"""The numbers of the months by the stems of their names."""


class Sort(StrEnum):
    """What a term is a member of: one of a sort may stand where another does."""

    PLACE = "place"
    PERSON = "person"
    GROUP = "group"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NUMBER = "number"


_SORTS = {
    EntityType.PLACE: Sort.PLACE,
    EntityType.PERSON: Sort.PERSON,
    EntityType.ORGANISATION: Sort.GROUP,
    EntityType.ARMED_GROUP: Sort.GROUP,
}


@dataclass(frozen=True, slots=True)
class Name:
    """A named thing or number: its sort, its term (`8-23` for a day) and what a number counts."""

    sort: Sort
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Parted:
    """What terms come to: the names in them, in order, and all other terms."""

    names: tuple[Name, ...]
    plain: frozenset[str]


_PARTED: WeakKeyDictionary[Library, dict[str, Parted]] = WeakKeyDictionary()
"""What texts of a library come to; never a reader's."""


def parted_text(library: Library, text: str) -> Parted:
    """What *text*, of the store of *library*, comes to; worked out once."""
    known = _PARTED.setdefault(library, {})
    if text not in known:
        known[text] = parted(library, library.understanding.terms(text)[0])
    return known[text]


def parted(library: Library, terms: Sequence[str]) -> Parted:
    """What *terms*, as *library* reads them, come to."""
    names: dict[Name, None] = {}
    plain: set[str] = set()
    at = 0
    while at < len(terms):
        size, name = _name_at(library, terms, at)
        if name is not None:
            names[name] = None
        else:
            plain.add(terms[at])
        at += size
    return Parted(tuple(names), frozenset(plain))


def _name_at(library: Library, terms: Sequence[str], at: int) -> tuple[int, Name | None]:
    """How many terms from *at* are one name or number, and that; None if they are none."""
    term = terms[at]
    following = terms[at + 1] if at + 1 < len(terms) else ""
    if term[0] == "@":
        entity = library.entity_by_id(term[1:])
        sort = _SORTS.get(entity.type) if entity is not None and has_a_name(entity) else None
        return 1, Name(sort, term) if sort else None
    if term in MONTHS:
        if _is_day(following):
            return 2, Name(Sort.DAY, f"{MONTHS[term]}-{following}")
        return 1, Name(Sort.MONTH, str(MONTHS[term]))
    if not term.isdecimal():
        return 1, None
    if following in MONTHS and _is_day(term):
        return 2, Name(Sort.DAY, f"{MONTHS[following]}-{term}")
    if len(term) == 4 and int(term) in _YEARS:
        return 1, Name(Sort.YEAR, term)
    return 1, Name(Sort.NUMBER, term, following) if term not in _SMALL and following else None


def has_a_name(entity: Entity) -> bool:
    """Whether the name is one, not a description: all its words but small ones begin big."""
    big = [w for w in re.findall(r"[^\W\d_]+", entity.name) if len(w) > 3]
    return all(w[0].isupper() for w in big)


def _is_day(term: str) -> bool:
    return term.isdecimal() and 1 <= int(term) <= 31
