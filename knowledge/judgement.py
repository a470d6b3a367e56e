"""A judgement: a question, and what an editor holds to be a right answer to it.

Values only; outcomes are judged by them in judge.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import SentenceRef
from knowledge.outcomes import MissKind


class Opening(StrEnum):
    """The word that the answer to a yes/no question opens with."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What answers one reading of an ambiguous question: `says` and `cites` of a judgement."""

    says: tuple[tuple[str, ...], ...] = ()
    cites: tuple[SentenceRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A question and what is right to make of it; `context` are the questions before it.

    `answer` are ids of items that answer it; `choices` of items to be offered, one of which may
    be the answer; `miss` is why it is left unanswered, or, with what answers, may be; `smalltalk`
    is a topic's id or `any`. An answer is right as well by what it holds: one alternative of each
    group in `says`, one sentence of `cites` and a third of what it cites from there, all of
    `cites_all`, and `opens` as its first word. Each of `readings` may be offered, or be the
    answer. At least one of all these but `opens` is set.
    """

    kind: str
    question: str
    context: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    miss: MissKind | None = None
    smalltalk: str = ""
    says: tuple[tuple[str, ...], ...] = ()
    cites: tuple[SentenceRef, ...] = ()
    cites_all: tuple[SentenceRef, ...] = ()
    opens: Opening | None = None
    readings: tuple[Reading, ...] = ()
