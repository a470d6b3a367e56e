"""Which of two things came first, as a text has it: what stands on each side of a word of order.

Reads words of English, French, Italian and Arabic; "A before B" is "B after A".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from knowledge.text import content_words, stem


class When(Enum):
    """When one thing was, by another."""

    BEFORE = -1
    DURING = 0
    AFTER = 1


_WORDS = {
    When.BEFORE: r"before|ahead of|prior to|earlier than|preced\w+|avant|prima (?:di|che|del\w*)"
    r"|و?قبل",
    When.AFTER: r"after|later than|follow(?:s|ed)?|apres|dopo|(?<!علي )و?بعد",
    When.DURING: r"during|at the same time|pendant|durante|اثناء|خلال",
}
_WORD = re.compile(
    "|".join(rf"(?P<{when.name}>(?<!\w)(?:{r})(?!\w))" for when, r in _WORDS.items())
)


@dataclass(frozen=True, slots=True)
class Order:
    """That one thing was *when* another; both are stems of the words that name them."""

    one: frozenset[str]
    when: When
    other: frozenset[str]

    def agrees(self, text: Order) -> bool | None:
        """Whether *text* puts the same things in the same order; None where none can be told."""
        straight = len(self.one & text.one) + len(self.other & text.other)
        crossed = len(self.one & text.other) + len(self.other & text.one)
        if straight == crossed:
            return None
        return self.when.value == (1 if straight > crossed else -1) * text.when.value


def order_in(text: str) -> Order | None:
    """The order that folded *text* speaks of; None without a word of order, or with several."""
    found = [*_WORD.finditer(text)]
    if len(found) != 1:
        return None
    word = found[0]
    sides = (text[: word.start()], text[word.end() :])
    one, other = (frozenset(map(stem, content_words(side))) for side in sides)
    return Order(one, When[str(word.lastgroup)], other)
