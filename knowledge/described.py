"""Which entity a whole name describes that is no form of it: its words in another order, or more.

Knows the terms of names, nothing of questions or scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile

from knowledge.dates import MONTH_NAMES
from knowledge.model import Briefing, Entity, EntityType
from knowledge.name_words import GLUE, TITLES
from knowledge.text import plain_name, stem, without_article, words

Terms = Callable[[str], Iterable[str]]
"""What makes terms of a name: without words that tell nothing, forms of a word made one."""
Bag = frozenset[str]
_DATED = frozenset({EntityType.EVENT, EntityType.DOCUMENT})
_PERSONS = frozenset(map(without_article, TITLES[EntityType.PERSON]))
_OPENING = frozenset("the le la les l il lo i gli".split())
"""Articles, which may stand before a title, or between it and the name."""


class Descriptions:
    """Finds the entities that a name describes by the words of their forms.

    *bare* are its words as they are; each of *terms* makes words that mean the same one.
    """

    def __init__(self, briefings: Sequence[Briefing], bare: Terms, *terms: Terms) -> None:
        self._bare = bare
        self._same: Mapping[Bag, tuple[str, ...]] = _owners(
            (_bag(bare, form), ids) for b in briefings for form, ids in _forms(b)
        )
        self._readings = tuple(_Reading(briefings, one) for one in terms)

    def same(self, name: str) -> tuple[str, ...]:
        """The ids of the forms that have the words of *name* (folded), in any order."""
        return self._same.get(_bag(self._bare, name), ())

    def whole(self, name: str) -> tuple[str, ...]:
        """The ids that the words of *name* (folded) describe; several if they are shared.

        They are those of a form, in any order or language; or hold those of a form that is nobody
        else's, and for the rest words of the entity's other forms, its dates, or titles.
        """
        if same := self.same(name):
            return same
        for of in (_Reading.same, _Reading.more):
            for reading in self._readings:
                if found := of(reading, name):
                    return found
        return ()


class _Reading:
    """The forms of all entities in *terms*."""

    def __init__(self, briefings: Sequence[Briefing], terms: Terms) -> None:
        self._terms = terms
        titles = {kind: _bag(terms, " ".join(sorted(TITLES.get(kind, ())))) for kind in EntityType}
        self._titles = titles[EntityType.PERSON]
        self._people = frozenset(
            e.id for b in briefings for e in b.entities if e.type is EntityType.PERSON
        )
        own: dict[str, set[str]] = defaultdict(set)
        found: list[tuple[Bag, tuple[str, ...]]] = []
        for briefing in briefings:
            for entity in briefing.entities:
                own[entity.id] |= {*_dates(entity)}
                if entity.type in _DATED:
                    own[entity.id].add(str(briefing.article.front.published.year))
                if entity.type is not EntityType.PERSON:
                    own[entity.id] |= titles[entity.type]
                found.append((frozenset({f"@{entity.id}"}), (entity.id,)))
            for form, ids in _forms(briefing):
                bag = _bag(terms, form)
                found.append((bag, ids))
                # Not of a place: what stands beside its name may well be another.
                if len(ids) == 1 and briefing.entity[ids[0]].type is not EntityType.PLACE:
                    own[ids[0]] |= bag
        self._same = _owners(found)
        self._own: Mapping[str, Bag] = {id_: frozenset(own_terms) for id_, own_terms in own.items()}
        by_term: dict[str, list[Bag]] = defaultdict(list)
        for bag, ids in self._same.items():
            for term in bag if len(ids) == 1 else ():
                by_term[term].append(bag)
        self._by_term = dict(by_term)

    def same(self, name: str) -> tuple[str, ...]:
        """The ids of the forms that have the terms of *name*."""
        wanted = _bag(self._terms, name)
        if len(wanted) == 1 and not name.isascii():
            return ()  # Arabic words of one stem mean many things
        return self._same.get(wanted, ())

    def more(self, name: str) -> tuple[str, ...]:
        """The ids of the forms that *name* holds, if it says nothing more that is not theirs."""
        wanted = _bag(self._terms, name)
        titles = self._titles & _bag(self._terms, " ".join(titles_before(name)))
        held: dict[str, int] = {}
        for bag in {bag for term in wanted for bag in self._by_term.get(term, ())}:
            (entity,) = self._same[bag]
            own = self._own[entity] | titles if entity in self._people else self._own[entity]
            if bag < wanted and wanted - bag <= own:
                held[entity] = max(len(bag), held.get(entity, 0))
        most = max(held.values(), default=0)
        return tuple(entity for entity in self._own if held.get(entity) == most)


def titles_before(name: str) -> list[str]:
    """The titles that a *name* (folded) opens with; none if they are of somebody else.

    "Mayor Calder", not "Calder's mayor" or "mayor of Calder".
    """
    told = words(name)
    while told and told[0] in _OPENING:
        told = told[1:]
    titles = list(takewhile(lambda word: without_article(word) in _PERSONS, told))
    rest = told[len(titles) :]
    return titles if rest and (rest[0] in _OPENING or rest[0] not in GLUE) else []


def _forms(briefing: Briefing) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The forms of all entities of *briefing*, folded, with the ids that each is of."""
    for entity in briefing.entities:
        for form in (entity.name, *entity.aliases):
            yield plain_name(form), (entity.id,)
    for form, ids in briefing.ambiguous.items():
        yield plain_name(form), tuple(ids)


def _dates(entity: Entity) -> Iterable[str]:
    """The terms of the days, months and years of an entity's timeline."""
    for moment in entity.moments:
        year, *rest = moment.date.split("-")
        yield from (year, *(stem(MONTH_NAMES[int(month)]) for month in rest[:1]))
        yield from map(stem, rest[1:])


def _bag(terms: Terms, name: str) -> Bag:
    """The terms of a *name*, without joined articles."""
    bare = filter(None, map(without_article, words(name.replace("-", " "))))
    return frozenset(terms(" ".join(bare)))


def _owners(found: Iterable[tuple[Bag, Sequence[str]]]) -> Mapping[Bag, tuple[str, ...]]:
    """The ids of each bag that is not empty, once each, in order."""
    owners: dict[Bag, dict[str, None]] = defaultdict(dict)
    for bag, ids in found:
        owners[bag].update(dict.fromkeys(ids))
    return {bag: tuple(ids) for bag, ids in owners.items() if bag}
