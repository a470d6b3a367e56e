"""A tally of questions that came out right, half, missed or wrong, and a briefing's two of them.

Values only, which know nothing of what was asked: a briefing holds what was measured of it. They
are counted, written and read in rates.py.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many questions came out right, half (the answer was among choices), missed, wrong."""

    right: int
    half: int
    missed: int
    wrong: int

    def __post_init__(self) -> None:
        if min(self.right, self.half, self.missed, self.wrong) < 0:
            raise ValueError(f"counts are not negative: {self}")

    @property
    def count(self) -> int:
        """All of them."""
        return self.right + self.half + self.missed + self.wrong

    def share(self, number: int) -> float:
        """*number* as a part of them, 0 to 1; 0 where there are none."""
        return number / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How a briefing did on its own judgements, asked by itself.

    `meaning` is whether the semantic extra was in use. `known` are the judgements that the
    briefing answers, `open` those that it does not; `false_answers` are how many of `open` got a
    direct answer that is not right. `thresholds` are those of the policy, as `name value`.
    """

    meaning: bool
    known: Tally
    open: Tally
    false_answers: int
    thresholds: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.false_answers <= self.open.wrong:
            raise ValueError(f"{self.false_answers} false answers of {self.open.wrong} wrong ones")

    @property
    def judgements(self) -> int:
        """How many questions it was measured on."""
        return self.known.count + self.open.count

    @property
    def unserved(self) -> int:
        """How many of `known` got neither a right answer nor a choice that has it."""
        return self.known.missed + self.known.wrong

    @property
    def false_rate(self) -> float:
        """The share of `open` that got a false answer, 0 to 1."""
        return self.open.share(self.false_answers)

    @property
    def miss_rate(self) -> float:
        """The share of `known` that got no right answer, 0 to 1; halves are no part of it."""
        return self.known.share(self.unserved)
