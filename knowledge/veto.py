"""What speaks against a hit: names and numbers of the question that nothing about it accounts for.

Says which they are; what they cost, confidence.py and choice.py say.
"""

from __future__ import annotations

import re

from knowledge.hit import Hit
from knowledge.library import Library
from knowledge.model import Gap, Item, QAPair, QuestionKind
from knowledge.question import Question
from knowledge.text import fold, stem

_SMALL = frozenset("12")
"""Numbers that also mean `first`, `both` and the like, and veto nothing."""


_OF_ME = re.compile(
    r"\b(?:can|could|should|would|shall|may|might|must|do) i"
    r"(?! (?:please )?(?:ask|know|have|get|hear|see|tell|say|find|quote|cite|be told|learn|check"
    r"|inquire|enquire|assume|conclude|read|understand|remember|recall|gather|take it|believe)\b)"
    r"(?!.* (?:who|what|when|where|which|whether)\b)|\b(?:tips|advice) (?:for|on)\b"
)
"""What asks (folded) about the reader's own doing, not how a plea is worded ("Can I ask ...?")."""


def is_of_the_reader(read: Question, hit: Hit) -> bool:
    """Whether *read* asks what the reader may or should do, and no text that leads to *hit* does.

    "Can I take a knife through security?" is no question on who secures what.
    """
    target = hit.target
    texts = target.phrasings if isinstance(target, QAPair | Gap) else (hit.text,)
    asked = _OF_ME.search(fold(read.asking))
    return asked is not None and not any(_OF_ME.search(fold(text)) for text in texts)


def is_yes_or_no(target: Item | Gap) -> bool:
    """Whether *target* answers with a Yes or No."""
    return isinstance(target, QAPair) and target.kind is QuestionKind.WHETHER


def strangers_to(read: Question, hit: Hit) -> list[str]:
    """The strangers of *read* that no text which leads to the target of *hit* has either."""
    if not read.strangers:
        return []
    own = {t for t in read.terms if t not in hit.unasked}
    return [s for s in read.strangers if stem(s) not in own]


def odd(library: Library, read: Question, hit: Hit) -> list[str]:
    """Names and numbers of the question that nothing about the target of *hit* accounts for.

    A Yes or No has to be about just the names and numbers asked about, no more and no other:
    those that it has beyond them stand behind a `+`.
    """
    target, yes_or_no = hit.target, is_yes_or_no(hit.target)
    open_terms = hit.unasked if yes_or_no else hit.unexplained
    asked = [t for t in open_terms if t in read.terms]
    found = [t for t in asked if t[0] == "@" and (yes_or_no or not _occurs(library, t[1:], target))]
    found += [t for t in asked if t[0].isdigit() and t not in {*read.strangers, *_SMALL}]
    if yes_or_no:
        found += [f"+{t}" for t in hit.added if t in library.understanding.proper]
    return [*found, *strangers_to(read, hit)]


def _occurs(library: Library, entity_id: str, target: Item | Gap) -> bool:
    return not isinstance(target, Gap) and library.occurs(entity_id, target)
