"""Whether a Yes or No is said to just what is asked, or to something near it.

Reads words; what follows from it, choice.py says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.dates import MONTHS
from knowledge.hit import Hit
from knowledge.message import orders
from knowledge.model import QAPair, QuestionKind
from knowledge.order import order_in
from knowledge.question import Question
from knowledge.text import fold

_TO_COME = re.compile(r"\b(?:will|shall|won't|wont|going to|about to|due to|set to|to be)\b|'ll\b")
_PAST = re.compile(r"(?:so |and |but )?(?:did|has|have|had|was|were)(?:n't)? ")
"""How a question opens that asks whether something has happened."""
_LIMITS = (
    re.compile(
        r"\b(?:only|solely|exclusively|merely|nothing but|just one|alone"
        r"|seulement|uniquement|exclusivement|solo|soltanto|solamente|فقط)\b"
    ),
    re.compile(r"\b(?:still|encore|ancora|toujours|مازال|لا يزال|لازال)\b"),
    re.compile(r"\b(?:again|twice|another time|once more|a second time)\b"),
    re.compile(r"\balready\b"),
    re.compile(r"\bnever\b"),
    re.compile(r"\b(?:before|prior to)\b"),
    re.compile(
        r"\b(?:both|all) (?:of )?(?:the|these|those|them|their|men|people|\w+s)\b(?! and)"
        r"|\ball \w+ \w+\W*$|\bكلا\b"
    ),
    re.compile(r"\b(?:same|identical|very (?:day|date|night|hour))\b"),
)
"""Small words, by what they do to a question: with one, it asks for more than without."""


_OTHERS = re.compile(r"\b(?:other|others|else|besides|another|apart from|nobody|no one|never)\b")
"""Words that turn round what is asked: a Yes or No to them is none to a question without."""
_NO_DENIAL = re.compile(
    r"\bor not\b|\bnot (?:only|just|long (?:before|after|ago))\b"
    r"|\b\w+n't (?:i|you|he|she|it|we|they)\W*$"
    r"|\bwithout (?:delay|fail|exception|waiting|doubt)\b|\b(?:yes or )?no\W*$|\bn'est[- ]ce pas\b"
)
"""What has a word of _DENIES and asks to no contrary: "or not", "not only", "didn't he?"."""
_DENIES = re.compile(
    r"(?<=\w )(?<!^so )(?<!^and )(?<!^but )"
    r"(?:not|never|neither|nor|nobody|no one|no(?= \w)|none|nothing(?! but)|without|\w+n't|cannot)"
    r"\b"
    r"|\b(?:silent|unsaid|absent|left out|leaves? out|fail(?:s|ed)? to)\b"
    r"|\b(?:aucune?|n'\w+ (?:\w+ )?pas|ne \w+ (?:\w+ )?pas|nessun\w*|non (?=\w)|لم)\b"
    r"|\b(?:sans|senza|دون|بدون)\b"
)
"""What makes of a question one to the contrary, but for how it opens ("Didn't he ...?")."""
_ANYBODY = re.compile(r"\b(?:any|some)(?:body|one|thing| ?one| group| side| party| country)\b")
_MONTHS = "|".join(sorted(MONTHS))
_BOUND = re.compile(
    r"\b(before|after|since|until|till) (?:the )?"
    rf"((?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:of )?(?:{_MONTHS})\b(?: \d+)?"
    r"|\d{4}\b|\d{1,2}(?:st|nd|rd|th)\b)"
)
"""Up to or from when a question asks."""


def answers_just_that(read: Question, hit: Hit, odd: str) -> bool:
    """Whether the Yes or No of *hit* is one to *read*; *odd* is what speaks against it.

    It is, where a Yes or No is asked for, on no other names and numbers, of the same time, in the
    order of things, if any, that the nearest text leading to the target has, and with no small word
    that changes what is asked and that no such text has.
    """
    if read.kind not in (QuestionKind.WHETHER, None) or orders(read.asking):
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
    if _in_another_order(asked, hit.text) or _is_contrary(asked, hit.text, texts):
        return False
    return all(any(map(limit.search, texts)) for limit in _LIMITS if limit.search(asked))


def asks_if_not(text: str) -> bool:
    """Whether folded *text* asks whether something is not so."""
    return bool(_DENIES.search(_NO_DENIAL.sub("", text)))


def _is_contrary(asked: str, nearest: str, texts: Sequence[str]) -> bool:
    """Whether just one asks if something is not so: *asked*, or the *nearest* of *texts*."""
    if asks_if_not(asked):
        return not any(map(asks_if_not, texts))
    return asks_if_not(nearest)


def asks_of_anybody(read: Question) -> bool:
    """Whether *read* asks if anybody at all did it."""
    return bool(_ANYBODY.search(fold(read.asking)))


def turns_round(read: Question, hit: Hit) -> bool:
    """Whether the Yes or No of *hit* is one to another side of what *read* asks.

    That is so where just one of *read* and the nearest text asks after others or to the contrary
    (another text that does so keeps no opening: a false Yes harms more than a lost one); and where
    that text names a date, while *read* asks what was before or since one, and no text leading to
    the target does.
    """
    asked = fold(read.asking)
    texts = (
        [fold(t) for t in hit.target.phrasings] if isinstance(hit.target, QAPair) else [hit.text]
    )
    if _OTHERS.search(asked):
        return not any(map(_OTHERS.search, texts))
    if _OTHERS.search(hit.text) or asks_if_not(asked) is not asks_if_not(hit.text):
        return True
    bounds = {*_BOUND.findall(asked)}
    dated = any(map(str.isdigit, hit.text))
    return dated and not bounds <= {b for text in texts for b in _BOUND.findall(text)}


def in_that_order(read: Question, hit: Hit) -> bool:
    """Whether the nearest text leading to *hit* has things in the order that *read* asks about."""
    asked, told = order_in(fold(read.asking)), order_in(hit.text)
    return asked is not None and told is not None and bool(asked.agrees(told))


def _in_another_order(asked: str, text: str) -> bool:
    """Whether *text* has things in another order than *asked*, or of others, each in an order."""
    one, other = order_in(asked), order_in(text)
    if one is None or other is None:
        return False
    agrees = one.agrees(other)
    return one.when is not other.when if agrees is None else not agrees
