"""Whether a Yes or No is said to just what is asked, or to something near it.

Reads words; what follows from it, choice.py says.
"""

from __future__ import annotations

import re

from knowledge.hit import Hit
from knowledge.model import QAPair, QuestionKind
from knowledge.question import Question
from knowledge.text import fold

_TO_COME = re.compile(r"\b(?:will|shall|won't|wont|going to|about to|due to|set to|to be)\b|'ll\b")
_PAST = re.compile(r"(?:so |and |but )?(?:did|has|have|had|was|were)(?:n't)? ")
"""How a question opens that asks whether something has happened."""
_LIMITS = (
    re.compile(r"\b(?:only|solely|exclusively|merely|nothing but|just one|alone)\b"),
    re.compile(r"\bstill\b"),
    re.compile(r"\b(?:again|twice|another time|once more|a second time)\b"),
    re.compile(r"\balready\b"),
    re.compile(r"\bnever\b"),
    re.compile(r"\b(?:before|prior to)\b"),
)
"""Small words, by what they do to a question: with one, it asks for more than without."""
_ORDERS = (
    re.compile(r"\b(?:before|ahead of|prior to|earlier than|preced\w+|avant|prima|قبل)\b"),
    re.compile(r"\b(?:after|following|later than|follow(?:s|ed)?|since|apres|dopo|بعد)\b"),
    re.compile(r"\b(?:during|at the same time|while|pendant|durante|mentre|اثناء|خلال)\b"),
)
"""Words for the order in which two things came: what is so of one is not of another."""


def answers_just_that(read: Question, hit: Hit, odd: str) -> bool:
    """Whether the Yes or No of *hit* is one to *read*; *odd* is what speaks against it.

    It is, where a Yes or No is asked for, on no other names and numbers, of the same time, of no
    other order of things than the nearest text leading to the target has, and with no small word
    that changes what is asked and that no such text has.
    """
    if read.kind not in (QuestionKind.WHETHER, None):
        return False
    if any(one[0] != "+" for one in odd.split(", ") if one):
        return False
    if not isinstance(hit.target, QAPair):
        return True
    asked = fold(read.asking)
    texts = [fold(text) for text in hit.target.phrasings]
    to_come = _TO_COME.search(asked) is not None
    if to_come and not any(map(_TO_COME.search, texts)):
        return False
    if not to_come and _PAST.match(asked) and all(map(_TO_COME.search, texts)):
        return False
    if _in_another_order(asked, fold(hit.text)):
        return False
    return all(any(map(limit.search, texts)) for limit in _LIMITS if limit.search(asked))


def _in_another_order(asked: str, text: str) -> bool:
    """Whether *asked* and *text* both put one thing before, in or after another, and differ."""
    orders = [{n for n, order in enumerate(_ORDERS) if order.search(t)} for t in (asked, text)]
    return bool(orders[0] and orders[1]) and orders[0].isdisjoint(orders[1])
