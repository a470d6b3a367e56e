"""A claim that a reader asks about, without the words that only ask whether it is so.

"Would it be fair to say that the vote was close?" asks what "The vote was close, right?" does, and
no stored text says "fair" for it. Reads words alone: English, French, Italian and Arabic.
"""

from __future__ import annotations

import re

from knowledge.article import sentences
from knowledge.kinds import is_tag, kind_of
from knowledge.model import QuestionKind
from knowledge.openers import ASKS_IF_SO, SO_OPENS, SO_TAGS
from knowledge.text import fold

_OPENS = re.compile(rf"(?:(?:{SO_OPENS})[,:!.]?\s+)*(?:{ASKS_IF_SO})[\s:,]+", re.IGNORECASE)
_CLOSES = re.compile(rf"[\s,.;:–-]+(?:{SO_TAGS})\s*[?؟!.]*$", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|if|whether|for|to|is|are|was|were|do|does"
    r"|did|has|have|had|will|can|could)\b",
    re.IGNORECASE,
)
"""How what is left opens where it is no claim: "Is it safe for a bus to cross?"."""
_OF_WHAT_WAS_TOLD = re.compile(
    r"(?:so |and |but |now |then )?(?:"
    r"what (?:does|did) (?:(?:the|this|your) (?:article|briefing|text|report|piece|story)|it)"
    r"(?: actually| really)? (?:say|state|report)(?: (?:about|on) (?:it|this|that))?"
    r"|(?:what|which)(?: one| version| of (?:them|these|those|the two))?"
    r"(?:'s|s| is| was)(?: it| right| true| correct| accurate| the truth)?(?: then| now)?"
    r"|which(?: one)?|what now|(?:what )?do you have on (?:it|that|this))"
)
_LEAST = 3
"""Words that a claim has."""
_LONGEST = 300
"""Characters of a message in which a frame is looked for."""


def unframed(text: str) -> str:
    """*text*, a single claim in a frame that asks whether it is so, as that claim and ", right?".

    As it was where it is no such thing.
    """
    if len(text) > _LONGEST or kind_of(text) not in (QuestionKind.WHETHER, None):
        return text
    if len([s for s in sentences(text) if not is_tag(s)]) != 1:
        return text
    claim = _OPENS.sub("", text, count=1) if _OPENS.match(text) else text
    if claim != text and not _is_claim(claim):
        return text
    if not _ASKS.match(claim):
        shorter = _CLOSES.sub("", claim)
        claim = shorter if _is_claim(shorter) else claim
    return text if claim == text else f"{claim.rstrip(' ?؟!.,')}, right?"


def asks_of_what_was_told(text: str) -> bool:
    """Whether *text* asks only what is so of what was told before it: "Which is it?"."""
    return _OF_WHAT_WAS_TOLD.fullmatch(fold(text).strip(" ?!.,؟")) is not None


def _is_claim(text: str) -> bool:
    return len(text.split()) >= _LEAST and not _ASKS.match(text)
