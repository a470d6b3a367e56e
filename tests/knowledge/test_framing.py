"""A claim is read as it is, without the words that only ask whether it is so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Library, explain
from knowledge.framing import asks_of_what_was_told, unframed
from knowledge.model import QuestionKind
from knowledge.outcomes import Answered
from knowledge.text import fold

CLAIM = "the council voted on 3 March"
FRAMED = [
    f"Is it true that {CLAIM}?",
    f"So is it correct that {CLAIM}?",
    f"Would it be fair to say that {CLAIM}?",
    f"Am I right in thinking {CLAIM}?",
    f"Can you confirm that {CLAIM}?",
    f"Could it be that {CLAIM}?",
    f"Somebody told me {CLAIM}. Correct?",
    f"I heard {CLAIM}, is that right?",
    f"{CLAIM}, didn't they?",
    f"{CLAIM}, am I right",
    f"{CLAIM}, yes or no?",
    f"Est-il vrai que {CLAIM} ?",
    f"È vero che {CLAIM}?",
    f"هل صحيح أن {CLAIM}؟",
]
AS_THEY_ARE = [
    "Is it safe for a bus to cross the bridge?",
    "Is it true who voted?",
    "Did the council vote?",
    "Who voted, is that known?",
    "I heard there was a vote. When was it held, and who was for it?",
    "the commander, who is it?",
    "Is it true?",
    "Correct?",
    "",
]


@pytest.mark.parametrize("message", FRAMED)
def test_a_claim_is_read_without_its_frame(message: str) -> None:
    assert unframed(message) == f"{CLAIM}, right?"


@pytest.mark.parametrize("message", AS_THEY_ARE)
def test_what_frames_no_single_claim_stays(message: str) -> None:
    assert unframed(message) == message


@given(st.text(max_size=400) | st.sampled_from(FRAMED))
def test_something_is_left_of_every_message(message: str) -> None:
    left = unframed(message)

    assert fold(left) or not fold(message)
    assert left == message or left.endswith(", right?")


def test_a_framed_claim_asks_whether_and_is_kept_as_it_came(town: Library) -> None:
    message = f"Would it be fair to say that {CLAIM}?"
    read = town.understanding.read(message)

    assert read.kind is QuestionKind.WHETHER
    assert read.whole == message
    assert read.terms == town.understanding.read(f"{CLAIM}, right?").terms


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("Which is it?", True),
        ("What does the article say?", True),
        ("So which one is right?", True),
        ("what was it", True),
        ("What does the article say about the vote?", False),
        ("Which bridge is it?", False),
        ("What did the council say?", False),
    ],
)
def test_a_bare_which_is_it_asks_of_what_was_told(text: str, so: bool) -> None:
    assert asks_of_what_was_told(text) is so


def test_what_was_told_before_a_bare_question_is_what_is_asked(town: Library) -> None:
    read = town.understanding.read("Some say that the vote was unanimous. What does the text say?")

    assert read.asking == "Some say that the vote was unanimous."
    got = explain(town, "Some say that all agreed at the vote. Which is it?").outcome
    assert isinstance(got, Answered)
    assert got.item.id == "vote-unanimous"
