"""Pronouns of a follow-up read as the names that they stand for.

Reads words and knows the types of entities; of a briefing it knows what it is handed. English
alone: "il" and "la" stand for things as well, and Arabic joins its pronouns to other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from knowledge.model import Entity, EntityType
from knowledge.text import words

_SOMEBODY = frozenset({EntityType.PERSON})
_SEVERAL = frozenset({EntityType.ARMED_GROUP, EntityType.ORGANISATION})
_THAT_HAPPENED = frozenset({EntityType.EVENT, EntityType.DOCUMENT})
_SOMETHING = _THAT_HAPPENED | _SEVERAL | {EntityType.PLACE}
_STANDS_FOR = {
    **dict.fromkeys(("he", "him", "she", "her", "his"), _SOMEBODY),
    **dict.fromkeys(("it", "its"), _SOMETHING),
    **dict.fromkeys(("they", "them", "their"), _SEVERAL),
}
"""The types of what a pronoun can stand for."""
_OWNS = frozenset({"his", "her", "its", "their"})
_OBJECTS = frozenset({"him", "her", "them"})
"""What is done to one of these is done by somebody else, who may be named."""
_PRONOUN = re.compile(rf"(?<![\w'’-])(?:{'|'.join(_STANDS_FOR)})(?![\w'’-])", re.IGNORECASE)
_OF_NOTHING = re.compile(
    r" (?:[\w'’-]+ ){0,2}(?:that|true|right|correct|possible|clear|known|likely|whether)\b",
    re.IGNORECASE,
)
"""What follows an `it` that stands for nothing: "Was it announced that ..."."""


def points_to_a_person(text: str) -> bool:
    """Whether *text* has a pronoun that stands for a person alone."""
    return any(_STANDS_FOR.get(word) is _SOMEBODY for word in words(text))


def resolved(text: str, before: Sequence[Entity], named: Callable[[str], Sequence[Entity]]) -> str:
    """*text* with each pronoun replaced by the one entity of *before* that it can stand for.

    *named* tells the entities of a text: "What did she say when he came?" is of no earlier `he`
    where "she" is a name. What could stand for several stays, and no name is put in for two
    pronouns; an event or document goes before who or what else it was.
    """
    used: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        pronoun = found[0].lower()
        if pronoun == "it" and _OF_NOTHING.match(text, found.end()):
            return found[0]
        types = _STANDS_FOR[pronoun]
        if pronoun not in _OBJECTS and any(e.type in types for e in named(text[: found.start()])):
            return found[0]
        can = {e.id: e for e in before if e.type in types}
        likely = {id_: e for id_, e in can.items() if e.type in _THAT_HAPPENED} or can
        if len(likely) != 1:
            return found[0]
        ((id_, entity),) = likely.items()
        if used.setdefault(id_, pronoun) != pronoun:
            return found[0]
        return entity.name + ("'s" if _owns(pronoun, text[found.end() :]) else "")

    return _PRONOUN.sub(name, text)


def _owns(pronoun: str, rest: str) -> bool:
    """Whether *pronoun* owns what *rest* names; `her` does where another word follows it."""
    return pronoun in _OWNS and (pronoun != "her" or re.match(r" [\w'’-]", rest) is not None)
