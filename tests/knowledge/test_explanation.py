"""How sure an explanation is of its outcome, and of what might have been said instead."""

from __future__ import annotations

import pytest

from knowledge import Library
from knowledge.confidence import Candidate
from knowledge.explanation import Explanation
from knowledge.outcomes import Ambiguous, Answered, MissKind, Outcome
from tests import factories

PAIR = factories.a_pair()
GAP = factories.a_gap()
WEIGHED = (factories.a_candidate(GAP, 0.8), factories.a_candidate(PAIR, 0.2, 0.3))


@pytest.fixture(scope="module")
def small() -> Library:
    """A library of one small briefing."""
    return factories.a_library()


def explained(
    library: Library, outcome: Outcome, *candidates: Candidate, reason: str
) -> Explanation:
    question = library.understanding.read("When was it?")
    return Explanation(outcome=outcome, question=question, candidates=candidates, reason=reason)


def test_an_answer_and_choices_are_as_sure_as_they_say(small: Library) -> None:
    choices = factories.PAIRS[:2]
    for outcome in (
        Answered(item=PAIR, confidence=0.7),
        Ambiguous(choices=choices, confidence=0.7),
    ):
        found = explained(small, outcome, *WEIGHED, reason="confident")

        assert found.confidence == 0.7
        assert found.certainty == 0.7


def test_where_nothing_is_said_the_best_item_tells_how_near_an_answer_was(small: Library) -> None:
    """A gap is none, and it is no answer's confidence that it has."""
    missed = small.miss(MissKind.NOT_IN_BRIEFING, ())
    found = explained(small, missed, *WEIGHED, reason="not confident")

    assert found.confidence == 0.3
    assert found.certainty == 0.3


def test_a_known_gap_is_as_sure_as_that_nothing_answers(small: Library) -> None:
    missed = small.miss(MissKind.NOT_IN_BRIEFING, (), gap=GAP)
    found = explained(small, missed, *WEIGHED, reason="known gap")

    assert found.confidence == 0.3
    assert found.certainty == 0.8


def test_without_candidates_the_outcome_says_how_sure_it_is(small: Library) -> None:
    known = small.miss(MissKind.NOT_IN_BRIEFING, (), gap=GAP)
    for missed in (known, small.miss(MissKind.TOO_VAGUE, ())):
        found = explained(small, missed, reason="exact")

        assert found.confidence == missed.confidence
        assert found.certainty == missed.confidence


@pytest.mark.parametrize(
    ("reason", "shared"), [("named", True), ("shared name", True), ("choices", False)]
)
def test_only_readings_of_one_name_are_shared(small: Library, reason: str, shared: bool) -> None:
    asked_back = Ambiguous(choices=factories.ENTITIES, confidence=0.5)

    assert explained(small, asked_back, reason=reason).shared is shared
    card = Answered(item=factories.ENTITIES[0], confidence=1.0)
    assert not explained(small, card, reason=reason).shared
