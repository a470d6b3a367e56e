"""Several briefings in one library: the newest that says it answers, an older one is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import Library, ask, explain, who
from knowledge.editions import MOST_OLDER, differs
from knowledge.load import SMALLTALK, load_briefing, load_smalltalk
from knowledge.model import Briefing, Item, QAPair, QuestionKind
from knowledge.outcomes import Answered, MissKind, Outcome, Smalltalk, Unanswered
from tests import factories
from tests.conftest import HARBOUR
from tests.knowledge.test_answer import check

OLD, NEW = "2020-05-04-harbour", "2020-06-01-harbour"
COST = "How much did the lighthouse cost?"


@pytest.fixture(scope="session")
def alba() -> Library:
    """Port Alba in May and in June 2020: of the lighthouse's cost they say two things."""
    briefings = [load_briefing(HARBOUR.parent / id_) for id_ in (OLD, NEW)]
    return Library(briefings, load_smalltalk(SMALLTALK))


def answered(outcome: Outcome) -> Answered:
    """*outcome*, which is an answer."""
    assert isinstance(outcome, Answered)
    return outcome


# Whose answer counts


@pytest.mark.parametrize(
    "question",
    [COST, "what was the price of the lighthouse", "how many crowns did the lighthouse cost"],
)
def test_the_newest_answers_and_an_older_one_that_differs_is_named(
    alba: Library, question: str
) -> None:
    outcome = answered(ask(alba, question))
    check(alba, outcome)
    assert outcome.text == "Mara Lind said that the new lighthouse cost 4 million crowns."
    [older] = outcome.older
    assert older is alba.item(OLD, "lighthouse-cost")
    assert "3 million" not in outcome.text
    assert older not in outcome.others


@pytest.mark.parametrize(
    "question", ["How many ferries were damaged?", "how many boats did the storm damage in all"]
)
def test_an_older_one_that_agrees_is_not_named(alba: Library, question: str) -> None:
    outcome = answered(ask(alba, question))
    assert (outcome.item.briefing, outcome.item.id) == (NEW, "ferries-damaged")
    assert outcome.older == ()


@pytest.mark.parametrize(
    ("question", "id_"),
    [
        ("Who offered help?", "help-offered"),
        ("who warned that the pier was unsafe", "pier-unsafe"),
        ("When was the lighthouse opened?", "lighthouse-when"),
    ],
)
def test_where_the_newer_is_silent_the_older_answers(
    alba: Library, question: str, id_: str
) -> None:
    outcome = answered(ask(alba, question))
    assert (outcome.item.briefing, outcome.item.id) == (OLD, id_)
    assert outcome.older == ()


def test_each_briefing_answers_as_if_it_were_alone(alba: Library) -> None:
    for briefing in alba.briefings:
        alone = Library([briefing], alba.smalltalk)
        date = briefing.article.front.text("published")
        for pair in briefing.pairs:
            question = f"in the briefing of {date}, {pair.phrasings[2]}"
            assert answered(ask(alba, question)).item is pair
            expected = ask(alone, pair.phrasings[2])
            assert ask(alba, question) == expected


def test_a_miss_speaks_of_the_briefing_that_was_named(alba: Library) -> None:
    outcome = ask(alba, "In the June briefing, who offered help?")
    assert isinstance(outcome, Unanswered)
    assert (outcome.briefing, outcome.everywhere) == (NEW, False)
    outcome = ask(alba, "Who won the election in Norway?")
    assert isinstance(outcome, Unanswered)
    assert (outcome.briefing, outcome.everywhere) == (NEW, True)


def test_a_briefing_that_there_is_none_of_is_a_miss_of_its_own(alba: Library) -> None:
    for outcome in (
        ask(alba, "In the briefing of 5 July 2020, who offered help?"),
        who(alba, "Mara in the July briefing"),
    ):
        assert isinstance(outcome, Unanswered)
        assert (outcome.miss, outcome.briefing) == (MissKind.NO_SUCH_BRIEFING, NEW)


def test_the_newest_card_of_an_entity_counts_and_older_ones_can_be_named(alba: Library) -> None:
    assert answered(who(alba, "Lind")).item.briefing == NEW
    assert answered(ask(alba, "Who is Mara Lind?")).item.briefing == NEW
    assert answered(ask(alba, "Who is Mara Lind in the May briefing?")).item.briefing == OLD
    assert answered(who(alba, "Voss")).item.briefing == OLD
    assert answered(ask(alba, "Who is Mara Lind?")).older == ()


def test_a_follow_up_of_an_older_answer_finds_its_way(alba: Library) -> None:
    outcome = answered(ask(alba, "And when was that?", ["Who opened the lighthouse?"]))
    assert (outcome.item.briefing, outcome.item.id) == (OLD, "lighthouse-when")
    outcome = answered(ask(alba, "And in the May briefing?", [COST]))
    assert (outcome.item.briefing, outcome.item.id) == (OLD, "lighthouse-cost")


def test_what_only_the_older_says_of_two_things_asked_is_offered(alba: Library) -> None:
    outcome = answered(ask(alba, f"Who offered help? And {COST.lower()}"))
    check(alba, outcome)
    assert "4 million" in outcome.text
    assert alba.item(OLD, "help-offered") in outcome.others
    assert outcome.older == (alba.item(OLD, "lighthouse-cost"),)


def test_smalltalk_is_smalltalk_in_any_number_of_briefings(alba: Library) -> None:
    assert isinstance(ask(alba, "Hello there!"), Smalltalk)
    assert isinstance(ask(alba, "thank you"), Smalltalk)


# What an older briefing says otherwise


def editions(*answers: str, kind: QuestionKind = QuestionKind.HOW_MANY) -> Library:
    """A library of briefings that answer one question each, the newest first."""
    briefings: list[Briefing] = []
    for number, answer in enumerate(answers):
        id_ = f"20{30 - number}-01-01-x"
        base = factories.a_briefing()
        front = replace(
            base.article.front, published=base.article.front.published.replace(year=2030 - number)
        )

        def moved(item: Item, id_: str = id_) -> Item:
            cited = tuple(replace(c, briefing=id_) for c in item.citations)
            return replace(item, briefing=id_, citations=cited)

        pair = factories.a_pair("toll", "How many were hurt?", answer)
        pairs = tuple(p for p in (moved(replace(pair, kind=kind)),) if isinstance(p, QAPair))
        entities = tuple(replace(e, briefing=id_) for e in base.entities)
        article = replace(base.article, front=front)
        briefings.append(Briefing(id=id_, article=article, entities=entities, pairs=pairs))
    return Library(briefings)


def test_of_older_ones_that_say_the_same_the_newest_is_named() -> None:
    library = editions("Four were hurt.", "Three were hurt.", "3 were hurt.", "Two were hurt.")
    older = answered(ask(library, "How many were hurt?")).older
    assert [item.briefing for item in older] == ["2029-01-01-x", "2027-01-01-x"]
    many = editions(*(f"{n} were hurt." for n in range(10, 16)))
    assert len(answered(ask(many, "How many were hurt?")).older) == MOST_OLDER


def test_the_explanation_is_of_the_briefing_that_answers() -> None:
    library = editions("Four were hurt.", "Three were hurt.")
    explanation = explain(library, "how many were hurt then?")
    assert explanation.candidates[0].hit.target is answered(explanation.outcome).item


K = QuestionKind


@pytest.mark.parametrize(
    ("kind", "new", "old", "otherwise"),
    [
        (K.HOW_MANY, "It cost 4 million crowns.", "It cost 3 million crowns.", True),
        (K.HOW_MANY, "It cost 3,000,000 crowns.", "The cost was three million crowns.", False),
        (K.HOW_MANY, "Two were damaged.", "Two were damaged, and 5 were not.", False),
        (K.HOW_MANY, "Two were damaged on 3 May 2020.", "On 9 June 2019, two were.", False),
        (K.HOW_MANY, "Two were damaged.", "Several were damaged.", False),
        (K.WHEN, "It opened on 2 May 2020.", "It opened on 3 May 2020.", True),
        (K.WHEN, "It opened on 2 May 2020.", "On 2 May, at 9.", False),
        (K.WHEN, "It opened in May 2020.", "It opened in June 2020.", True),
        (K.WHEN, "It opened in 2021.", "It opened in 2020.", True),
        (K.WHETHER, "Yes, it is open.", "No, it is shut.", True),
        (K.WHETHER, "Yes, it is open.", "Yes, ships come and go.", False),
        (K.WHO, "Ahmed Mismari said it.", "Amaq said it.", True),
        (K.WHERE, "It was at al-Fugaha.", "It was elsewhere.", False),
        (K.WHY, "A storm closed it on 3 May.", "It was closed on 4 May by a storm.", False),
        (K.WHAT, "The pier is safe.", "The pier is unsafe.", False),
    ],
)
def test_figures_dates_and_yes_or_no_differ_words_do_not(
    kind: QuestionKind, new: str, old: str, otherwise: bool
) -> None:
    library = editions(new, old, kind=kind)
    newer, older = (b.pairs[0] for b in library.briefings)
    assert differs(library, newer, older) is otherwise
    assert differs(library, older, newer) is otherwise


def test_answers_to_other_kinds_of_question_are_not_compared(alba: Library) -> None:
    one, other = alba.item(NEW, "lighthouse-price"), alba.item(OLD, "lighthouse-when")
    card, older_card = alba.item(NEW, "port-alba"), alba.item(OLD, "port-alba")
    assert one
    assert other
    assert card
    assert older_card
    assert not differs(alba, one, other)
    assert not differs(alba, card, older_card)
    assert not differs(alba, one, card)
