"""Of many briefings only the likeliest are asked, and it is those that answer."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge import Library, ask
from knowledge.library import MOST_LIKELY
from knowledge.outcomes import Answered
from tests.archive import archive, briefing

QUESTIONS = 120


@pytest.fixture(scope="module")
def many() -> Library:
    """Twelve invented briefings of twenty pairs each."""
    return Library(archive(12 * 20 * 6, QUESTIONS, 20)[0])


def test_few_are_all_asked(many: Library) -> None:
    few = [b.id for b in many.briefings][:4]
    assert many.likely(few, "What cost the bridge?") == tuple(few)


def test_of_many_those_with_the_answer_are_asked(many: Library) -> None:
    ids = [b.id for b in many.briefings]
    home = {pair.id: b.id for b in many.briefings for pair in b.pairs}
    asked = [q for q in archive(12 * 20 * 6, QUESTIONS, 20)[1] if q.id is not None]
    found = 0
    for query in asked:
        chosen = many.likely(ids, query.text)
        assert chosen == tuple(i for i in ids if i in chosen), "newest first"
        assert ids[0] in chosen
        assert len(chosen) <= MOST_LIKELY + 2
        found += query.id is not None and home[query.id] in chosen
    assert found >= 0.95 * len(asked)


def test_the_briefing_with_the_very_phrasing_is_asked(many: Library) -> None:
    ids = [b.id for b in many.briefings]
    for edition in many.briefings:
        for pair in edition.pairs:
            assert edition.id in many.likely(ids, pair.phrasings[-1])


def test_a_named_briefing_is_asked_whatever_is_likely(many: Library) -> None:
    pair = many.briefings[-1].pairs[0]
    outcome = ask(many, f"In the briefing of 1 January 2010, {pair.phrasings[0]}")
    assert isinstance(outcome, Answered)
    assert outcome.item is pair


def test_what_came_before_helps_to_find_the_briefing(many: Library) -> None:
    ids = [b.id for b in many.briefings]
    oldest = many.briefings[-1]
    assert oldest.id in many.likely(ids, "And why?", [oldest.pairs[3].phrasings[0]])


def test_a_library_of_empty_briefings_finds_nothing() -> None:
    empty = [briefing(f"2020-01-0{n}-x", dt.date(2020, 1, n), {}, []) for n in range(1, 7)]
    library = Library(empty)
    assert library.likely([b.id for b in library.briefings], "Who won?") == ("2020-01-06-x",)
