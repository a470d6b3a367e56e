"""Which briefings a question names, and what it asks without the words that do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Library
from knowledge.load import load_briefing
from knowledge.naming import asked
from tests.conftest import HARBOUR
from tests.knowledge.marrowby import ID as MARROWBY

OLD, NEW = "2020-05-04-harbour", "2020-06-01-harbour"
COST = "how much did the lighthouse cost?"


@pytest.fixture(scope="session")
def three(marrowby_folder: Path) -> Library:
    """Two briefings of Port Alba, of 4 May and 1 June 2020, and the one of Marrowby, of 2021."""
    folders = (HARBOUR, HARBOUR.parent / NEW, marrowby_folder / MARROWBY)
    return Library([load_briefing(folder) for folder in folders])


@pytest.mark.parametrize(
    ("question", "named", "rest"),
    [
        (f"In the briefing of 4 May 2020, {COST}", [OLD], COST),
        (f"In the briefing of May 4th, 2020: {COST}", [OLD], COST),
        (f"According to the article dated 2020-05-04, {COST}", [OLD], COST),
        (f"in the report from 04/05/2020 {COST}", [OLD], COST),
        (f"{COST[:-1]} in the May briefing?", [OLD], COST),
        (f"{COST[:-1]} in May's edition?", [OLD], COST),
        (f"in the 1 June briefing, {COST}", [NEW], COST),
        (f"in the 2020 briefings, {COST}", [NEW, OLD], COST),
        (f"in the briefing published on 4 March 2021, {COST}", [MARROWBY], COST),
        (f"in the storm briefing, {COST}", [OLD], COST),
        (f"in the harbour briefing, {COST}", [NEW, OLD], COST),
        (f"in the flood barrier article, {COST}", [MARROWBY], COST),
        (f"in the latest briefing, {COST}", [MARROWBY], COST),
        (f"in the most recent edition, {COST}", [MARROWBY], COST),
        (f"in the previous briefing, {COST}", [NEW], COST),
        (f"in the older briefings, {COST}", [NEW, OLD], COST),
        (f"in the first briefing, {COST}", [OLD], COST),
        (f"in the older harbour briefing, {COST}", [OLD], COST),
        (f"in the May briefing and in the June briefing, {COST}", [NEW, OLD], f"and, {COST}"),
        ("What does the May briefing say about the pier?", [OLD],
         "What does the briefing say about the pier?"),
        ("When was the briefing of 4 May published?", [OLD], "When was the briefing published?"),
        ("When was the storm briefing published?", [OLD], "When was the briefing published?"),
        ("Is this the briefing of 4 May 2020?", [OLD], "Is this the briefing of 4 May 2020?"),
        (f"Dans le briefing du 4 mai 2020, {COST}", [OLD], COST),
        (f"Selon l'article du 4 mai, {COST}", [OLD], COST),
        (f"Dans le briefing précédent, {COST}", [NEW], COST),
        (f"Nell'articolo del 4 maggio 2020, {COST}", [OLD], f"Nell'articolo, {COST}"),
        ("في إحاطة ٤ مايو 2020، كم ثمن المنارة؟", [OLD], "كم ثمن المنارة؟"),
        ("حسب التقرير المؤرخ 4 مايو 2020 كم ثمن المنارة؟", [OLD], "كم ثمن المنارة؟"),
    ],
)  # fmt: skip
def test_a_briefing_is_named_by_its_date_its_subject_or_its_place(
    three: Library, question: str, named: list[str], rest: str
) -> None:
    found = asked(three, question)
    assert (list(found.briefings), found.text) == (named, rest)
    assert found.named
    assert not found.missing


@pytest.mark.parametrize(
    "question",
    [
        COST,
        "What happened on 4 May 2020?",
        "When was the lighthouse opened, on 2 May?",
        "What did the report of 2 May say?",
        "What did the report on May's storm say?",
        "Who gave the latest briefing to the council?",
        "What does the briefing say on 2 ferries?",
        "May the briefing tell me who Mara is?",
        "In the Port Alba storm, was anybody hurt?",
        "Is there an issue of 5 ferries?",
        "what is the old pier",
        "When did the council vote?",  # a stored phrasing is what it is
        "briefing",
        "",
    ],
)
def test_a_bare_date_or_word_names_no_briefing(three: Library, question: str) -> None:
    found = asked(three, question)
    assert not found.named
    assert not found.missing
    assert found.text == question
    assert found.briefings == (MARROWBY, NEW, OLD)


@pytest.mark.parametrize(
    "question",
    [
        f"in the briefing of 5 May 2020, {COST}",
        f"in the briefing of 4 May 2019, {COST}",
        f"in the July briefing, {COST}",
        f"in the 2018 edition, {COST}",
    ],
)
def test_a_briefing_that_there_is_none_of_is_missing(three: Library, question: str) -> None:
    assert asked(three, question).missing


def test_one_briefing_alone_has_none_before_it(town: Library) -> None:
    assert asked(town, "What did the previous briefing say?").missing
    latest = asked(town, "What does the latest briefing say about Esk?")
    assert latest.briefings == (MARROWBY,)
    assert latest.text == "What does the briefing say about Esk?"


def test_a_follow_up_stays_with_the_briefing_that_was_named(three: Library) -> None:
    before = (f"In the May briefing, {COST}",)
    follow_up = asked(three, "And who opened it?", before)
    assert (follow_up.briefings, follow_up.context) == ((OLD,), (COST,))
    assert asked(three, "And who was hurt?", (*before, "and who opened it?")).briefings == (OLD,)
    assert not asked(three, "How many ferries were damaged?", before).named
    assert asked(three, "And in the June briefing, who opened it?", before).briefings == (NEW,)


def test_a_briefing_named_alone_asks_the_question_before_it_again(three: Library) -> None:
    found = asked(three, "And in the May briefing?", ("Who is Lind?", COST))
    assert (found.text, found.briefings, found.context) == (COST, (OLD,), ("Who is Lind?",))
    assert asked(three, "And in the May briefing?").briefings == (OLD,)


PIECES = st.sampled_from(
    "in the May briefing of 4 2020 , ' s latest older - / . ? article storm Alba 99 ٤ إحاطة".split()
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=14).map(" ".join), st.lists(PIECES))
@settings(max_examples=300, deadline=None)
def test_any_text_names_briefings_of_the_library(
    three: Library, text: str, before: list[str]
) -> None:
    found = asked(three, text, before)
    ids = [b.id for b in three.briefings]
    assert found.briefings
    assert list(found.briefings) == [i for i in ids if i in found.briefings]
