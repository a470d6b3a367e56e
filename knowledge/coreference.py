"""Pronouns of a follow-up read as the names that they stand for.

Reads words and knows the types of entities; of a briefing it knows what it is handed. English
alone: "il" and "la" stand for things as well, and Arabic joins its pronouns to other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import Entity, EntityType

T = EntityType
_SOMEBODY = frozenset({T.PERSON})
_SEVERAL = frozenset({T.ARMED_GROUP, T.ORGANISATION})
_THAT_HAPPENED = frozenset({T.EVENT, T.DOCUMENT})
_SOMETHING = _THAT_HAPPENED | _SEVERAL | {T.PLACE}
_STANDS_FOR = {
    **dict.fromkeys(("he", "him", "she", "his"), _SOMEBODY),
    **dict.fromkeys(("it", "its"), _SOMETHING),
    **dict.fromkeys(("they", "them", "their"), _SEVERAL),
}
_OWNS = frozenset({"his", "its", "their"})
_PRONOUN = re.compile(rf"(?<![\w'’-])(?:{'|'.join(_STANDS_FOR)})(?![\w'’-])", re.IGNORECASE)


def resolved(text: str, before: Sequence[Entity]) -> str:
    """*text* with each pronoun replaced by the one entity of *before* that it can stand for.

    What could stand for several stays; an event or document goes before who or what else it was.
    """

    def name(found: re.Match[str]) -> str:
        pronoun = found[0].lower()
        can = {e.id: e for e in before if e.type in _STANDS_FOR[pronoun]}
        happened = {id_: e for id_, e in can.items() if e.type in _THAT_HAPPENED}
        likely = happened or can
        if len(likely) != 1:
            return found[0]
        (entity,) = likely.values()
        return entity.name + ("'s" if pronoun in _OWNS else "")

    return _PRONOUN.sub(name, text)
