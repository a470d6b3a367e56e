"""A date asked for is a date told, an hour an hour; a question word alone asks for no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import Library, ask
from knowledge.model import QuestionKind as K
from knowledge.outcomes import Answered
from knowledge.telling import is_bare, sentences_until_told, tells, tells_when


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (K.WHEN, "They voted on 3 March.", True),
        (K.WHEN, "They voted in March.", True),
        (K.WHEN, "They voted in 1998.", True),
        (K.WHEN, "Ines Calder paid 12 million in Marrowby.", False),
        (K.WHERE, "They met in Marrowby.", True),
        (K.WHERE, "It stands near the River Esk.", True),
        (K.WHERE, "The Marrowby council met.", False),
        (K.WHERE, "Marrowby voted for it.", False),
        (K.WHERE, "Ines Calder voted on 3 March 2021.", False),
        (K.WHO, "It was Tom Oakes.", True),
        (K.WHO, "It was in Marrowby, on 3 March 2021.", False),
        (K.HOW_MANY, "Seven councillors were for it.", True),
        (K.HOW_MANY, "The councillors were for it on 3 March.", False),
        (K.WHY, "Ines Calder paid 12 million in Marrowby on 3 March 2021.", False),
        (None, "Ines Calder paid 12 million in Marrowby on 3 March 2021.", False),
    ],
)
def test_a_day_tells_when_a_place_where_and_a_name_who(
    town: Library, kind: K | None, text: str, told: bool
) -> None:
    assert tells(town, kind, text) is told


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("When did they vote?", "They voted on 3 March 2021.", True),
        ("When did they vote?", "They voted for it in Marrowby.", False),
        ("Where did they vote?", "They voted for it.", True),
        ("At what hour did they vote?", "They voted on 3 March 2021.", False),
        ("At what hour did they vote?", "They voted on 3 March at 17:30.", True),
        ("At what time of day did they vote?", "They voted in the evening.", True),
        ("At what time of the day did they vote?", "They voted on 3 March 2021.", False),
        ("On which day of the week did they vote?", "They voted on a Wednesday.", True),
        ("On which day of the week did they vote?", "They voted on 3 March 2021.", False),
        ("Quel jour de la semaine ont-ils voté ?", "They voted on 3 March 2021.", False),
        ("At what hour did they vote?", "They voted at 9 p.m. on that day.", True),
        ("When did they vote?", "No. They never did.", True),
        ("When did they vote?", "Nobody did.", True),
        ("When did they vote?", "North of the river they voted for it.", False),
    ],
)
def test_what_tells_no_day_or_hour_does_not_say_when(
    town: Library, question: str, answer: str, told: bool
) -> None:
    """But a No, which is one to any time."""
    item = replace(town.newest.pair["vote-unanimous"], answer=answer)

    assert tells_when(town, town.understanding.read(question), item) is told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("On which day did the council vote?", True),
        ("At what hour did the council vote?", False),
        ("On which day of the week did the council vote?", False),
        ("When will the barrier cost twelve million?", False),
        ("When will the barrier have cost twelve million euros?", False),
    ],
)
def test_a_date_asked_for_is_not_answered_by_what_tells_none(
    town: Library, question: str, told: bool
) -> None:
    assert isinstance(ask(town, question), Answered) is told


@pytest.mark.parametrize(
    ("question", "text", "count"),
    [
        ("When was it?", "On 3 March 2021. In the town.", 1),
        ("When was it?", "In the town. On 3 March 2021. In April.", 2),
        ("When was it?", "In the town. So it was.", 0),
        ("At what hour was it?", "On 3 March 2021. It was evening.", 2),
        ("Where was it?", "On 3 March 2021. In Marrowby.", 2),
        ("Why was it?", "On 3 March 2021. In Marrowby.", 0),
    ],
)
def test_a_text_is_read_up_to_the_first_sentence_that_tells(
    town: Library, question: str, text: str, count: int
) -> None:
    assert sentences_until_told(town, town.understanding.read(question), text) == count


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("When?", True),
        ("And when?", True),
        ("On what date?", True),
        ("But in which town was that?", True),
        ("And where did it happen?", True),
        ("When did they take place?", True),
        ("Et quand ?", True),
        ("ومتى حدث ذلك؟", True),
        ("When was the vote?", False),
        ("And where did Calder speak?", False),
        ("What day of the week was it?", False),
        ("It happened", False),
        ("", False),
    ],
)
def test_a_question_word_alone_asks_of_what_was_said(
    town: Library, question: str, bare: bool
) -> None:
    assert is_bare(town.understanding.read(question)) is bare
