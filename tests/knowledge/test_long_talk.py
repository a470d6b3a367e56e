"""Long conversations and long messages: the work grows with their length, and is bounded."""

from __future__ import annotations

import time

import pytest

from knowledge import Library, ask
from knowledge.model import QAPair
from knowledge.outcomes import Answered

FOUR = (
    "who opened it, and when was it opened, and where was the lighthouse,"
    " and why was the ferry there?"
)


@pytest.mark.parametrize(
    ("question", "context"),
    [(FOUR, [FOUR] * 20), (f"{FOUR} " * 20, [f"{FOUR} " * 20] * 5), ("and when?", ["and?"] * 5000)],
    ids=["many turns of many parts", "many parts", "many turns"],
)
def test_neither_turns_nor_parts_multiply_the_work(
    library: Library, question: str, context: list[str]
) -> None:
    """Tried anew for each turn, twenty turns of four parts would take 4 to the power of 20."""
    start = time.process_time()
    ask(library, question, context)
    assert time.process_time() - start < 5


def test_a_follow_up_reaches_back_over_other_follow_ups(library: Library) -> None:
    context = ["Who opened the lighthouse?", "and when was that?", "and who was that?"]
    outcome = ask(library, "and when was that?", context)
    assert isinstance(outcome, Answered)
    assert isinstance(outcome.item, QAPair)
    assert "2 May 2020" in outcome.text
