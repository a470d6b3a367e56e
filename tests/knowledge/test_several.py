"""The questions of one message: when one answer serves them all, and when each has its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import Library, explain
from knowledge.article import sentences
from knowledge.choice import Policy
from knowledge.explanation import Explanation
from knowledge.model import Gap, Item
from knowledge.outcomes import Answered, MissKind, without_yes_or_no
from knowledge.question import Parts
from knowledge.several import combined, shares
from tests import factories

POLICY = Policy()
MESSAGE = "When was the vote, was it unanimous, and who builds it?"
PARTS = ("when was the vote", "was it unanimous")


@pytest.fixture(scope="module")
def told(town: Library) -> Library:
    """The town with one answer on two sentences, of which two pairs have one each."""
    briefing = town.newest
    when, denies = briefing.pair["vote-when"], briefing.pair["vote-unanimous"]
    both = replace(
        when,
        id="vote-all",
        phrasings=("Tell me all about the vote",),
        answer="The council of Marrowby voted on 3 March 2021, seven for it and four against.",
        citations=(*when.citations, *denies.citations),
    )
    return Library([replace(briefing, pairs=(*briefing.pairs, both))])


def item(library: Library, id_: str) -> Item | Gap:
    briefing = library.newest
    return briefing.pair.get(id_) or next(gap for gap in briefing.gaps if gap.id == id_)


def found(
    library: Library,
    text: str,
    answer: str,
    *candidates: tuple[str, float],
    sure: float = 0.9,
    unexplained: tuple[str, ...] = (),
) -> Explanation:
    """What *text* came to: *answer* (an id; "" for none), and ids with their confidences."""
    said = item(library, answer) if answer else None
    outcome = (
        Answered(item=said, confidence=sure)
        if said is not None and not isinstance(said, Gap)
        else library.miss(MissKind.NOT_IN_BRIEFING, ())
    )
    weighed = [factories.a_candidate(item(library, id_), much) for id_, much in candidates]
    return Explanation(
        outcome=outcome,
        question=library.understanding.read(text),
        candidates=tuple(replace(c, hit=replace(c.hit, unexplained=unexplained)) for c in weighed),
        reason="confident",
    )


def reply(library: Library, whole: Explanation, *parts: Explanation) -> Explanation:
    return combined(
        library, POLICY, whole, Parts(questions=tuple(p.question for p in parts)), parts
    )


def ids(explanation: Explanation) -> list[str]:
    """What is answered with; nothing if nothing is."""
    outcome = explanation.outcome
    return [i.id for i in outcome.items] if isinstance(outcome, Answered) else []


def a_part(library: Library, text: str, answer: str, whole: float) -> Explanation:
    """A part answered with *answer*, to which the answer of the whole came so near."""
    return found(library, text, answer, (answer, 0.9), ("vote-all", whole))


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        (POLICY.offer, POLICY.offer, True),
        (0.9, 0.9, True),
        (POLICY.offer - 0.01, 0.9, False),
        (0.9, POLICY.offer - 0.01, False),
        (0.0, 0.0, False),
    ],
)
def test_one_answer_serves_a_message_if_each_part_might_be_offered_it(
    told: Library, first: float, second: float, one: bool
) -> None:
    whole = found(told, MESSAGE, "vote-all", ("vote-all", 0.9))
    parts = (
        a_part(told, PARTS[0], "vote-when", first),
        a_part(told, PARTS[1], "vote-unanimous", second),
    )
    got = reply(told, whole, *parts)

    assert ids(got) == (["vote-all"] if one else ["vote-when", "vote-unanimous"])
    assert got.reason == ("confident" if one else "several questions")


def test_what_no_candidate_of_a_part_is_cannot_answer_it(told: Library) -> None:
    whole = found(told, MESSAGE, "vote-all", ("vote-all", 0.9))
    parts = (
        a_part(told, PARTS[0], "vote-when", 0.9),
        found(told, PARTS[1], "vote-unanimous", ("vote-unanimous", 0.9)),
    )

    assert ids(reply(told, whole, *parts)) == ["vote-when", "vote-unanimous"]


def test_what_answers_one_part_does_not_answer_all(told: Library) -> None:
    """Though it stands on the other's sentence too, and might be offered to it."""
    whole = found(told, MESSAGE, "vote-all", ("vote-all", 0.9))
    parts = (
        a_part(told, PARTS[0], "vote-when", 0.9),
        found(told, PARTS[1], "vote-all", ("vote-all", 0.9)),
    )

    assert ids(reply(told, whole, *parts)) == ["vote-when", "vote-all"]


def test_a_part_without_an_answer_has_no_say_in_it_and_is_not_left(told: Library) -> None:
    whole = found(told, MESSAGE, "vote-all", ("vote-all", 0.9))
    parts = (
        a_part(told, PARTS[0], "vote-when", 0.9),
        a_part(told, PARTS[1], "vote-unanimous", 0.9),
        found(told, "who builds it", ""),
    )

    assert reply(told, whole, *parts) is whole


@pytest.mark.parametrize(
    ("answer", "sure", "unexplained"),
    [
        ("vote-all", POLICY.whole - 0.01, ()),
        ("vote-all", 0.9, ("builder",)),
        ("vote-when", 0.9, ()),
        ("barrier-cost", 0.9, ()),
        ("", 0.9, ()),
    ],
    ids=["not sure", "leaves a word open", "is one part's", "on another sentence", "none"],
)
def test_what_does_not_serve_the_whole_gives_way_to_the_parts(
    told: Library, answer: str, sure: float, unexplained: tuple[str, ...]
) -> None:
    own = answer or "barrier-cost"
    whole = found(told, MESSAGE, answer, (own, 0.9), sure=sure, unexplained=unexplained)
    parts = [
        found(told, text, id_, (id_, 0.9), (own, 0.9))
        for text, id_ in zip(PARTS, ("vote-when", "vote-unanimous"), strict=True)
    ]

    assert ids(reply(told, whole, *parts)) == ["vote-when", "vote-unanimous"]


@pytest.mark.parametrize(("least", "one"), [(POLICY.unasked, True), (POLICY.unasked - 0.01, False)])
def test_what_is_sure_for_each_of_two_things_answers_one_question_on_both(
    told: Library, least: float, one: bool
) -> None:
    """Whose parts ask the same of each; a when and a who have an answer each."""
    texts = ("what of the vote on the barrier", "what of the vote on the bridge")
    whole = found(told, "what of both", "")
    parts = (
        found(told, texts[0], "vote-all", ("vote-all", 0.9)),
        found(told, texts[1], "vote-when", ("vote-when", 0.9), ("vote-all", least)),
    )
    got = reply(told, whole, *parts)

    assert ids(got) == (["vote-all"] if one else ["vote-all", "vote-when"])
    other = (
        parts[0],
        found(told, "who was it", "vote-when", ("vote-when", 0.9), ("vote-all", 0.9)),
    )
    assert ids(reply(told, whole, *other)) == ["vote-all", "vote-when"]


def together_of(library: Library, whole: Explanation, *parts: Explanation) -> Explanation:
    """What a question asked of several things comes to."""
    asked = Parts(questions=tuple(p.question for p in parts), alike=True)
    return combined(library, POLICY, whole, asked, parts)


def test_one_question_of_several_things_stays_one_where_that_says_all(told: Library) -> None:
    whole = found(told, MESSAGE, "vote-all", ("vote-all", POLICY.answer), sure=POLICY.answer)
    less = POLICY.answer - 0.01
    less_sure = found(told, MESSAGE, "vote-all", ("vote-all", less), sure=less)
    parts = (
        found(told, PARTS[0], "vote-when", ("vote-when", 0.9)),
        found(told, PARTS[1], "vote-unanimous", ("vote-unanimous", 0.9)),
    )
    card = replace(parts[1], reason="named")

    assert together_of(told, whole, *parts) is whole
    assert ids(together_of(told, less_sure, *parts)) == ["vote-when", "vote-unanimous"]
    assert together_of(told, less_sure, parts[0], card) is less_sure
    assert together_of(told, less_sure, parts[0], found(told, PARTS[1], "")) is less_sure


def test_what_is_asked_of_several_things_is_not_answered_with_a_yes_or_no(told: Library) -> None:
    whole = found(told, MESSAGE, "")
    parts = (
        found(told, PARTS[0], "vote-unanimous", ("vote-unanimous", 0.9)),
        found(told, PARTS[1], "vote-when", ("vote-when", 0.9)),
    )
    got = together_of(told, whole, *parts).outcome

    assert isinstance(got, Answered)
    assert not got.text.startswith(("Yes", "No"))


def test_where_the_answers_do_not_fit_together_one_that_serves_is_said(told: Library) -> None:
    """Though no part might be offered it; else the first, with the other as a choice."""
    long = Library([
        replace(
            told.newest,
            pairs=tuple(
                p if p.id == "vote-all" else replace(p, answer=f"{p.answer[:-1]}{' so' * 100}.")
                for p in told.newest.pairs
            ),
        )
    ])  # fmt: skip
    parts = (
        a_part(long, PARTS[0], "vote-when", 0.1),
        a_part(long, PARTS[1], "vote-unanimous", 0.1),
    )
    serves = found(long, MESSAGE, "vote-all", ("vote-all", 0.9))
    does_not = found(long, MESSAGE, "vote-all", ("vote-all", 0.7), sure=0.7)
    first = reply(long, does_not, *parts)

    assert reply(long, serves, *parts) is serves
    assert ids(first) == ["vote-when"]
    assert isinstance(first.outcome, Answered)
    assert [other.id for other in first.outcome.others] == ["vote-unanimous"]


@pytest.mark.parametrize(("unasked", "opening"), [(True, "Mayor"), (False, "Yes, ")])
def test_a_yes_that_nobody_asked_for_is_not_said_among_others(
    told: Library, unasked: bool, opening: str
) -> None:
    pair = told.newest.pair["vote-unanimous"]
    yes = replace(pair, answer=f"Yes, {without_yes_or_no(pair.answer)}")
    part = replace(
        a_part(told, PARTS[1], pair.id, 0.1),
        outcome=Answered(item=yes, confidence=0.9, unasked=unasked),
    )
    whole = found(told, MESSAGE, "")
    got = reply(told, whole, a_part(told, PARTS[0], "vote-when", 0.1), part).outcome

    assert isinstance(got, Answered)
    assert got.texts[1].startswith(opening)


def test_of_one_answer_the_surest_reading_counts_and_what_is_left_is_said(told: Library) -> None:
    part = a_part(told, PARTS[0], "vote-when", 0.1)
    left = found(told, "who builds it", "")
    unsure = found(told, MESSAGE, "barrier-cost", ("barrier-cost", 0.7), sure=0.7)
    sure = found(told, MESSAGE, "barrier-cost", ("barrier-cost", 0.95), sure=0.95)
    got = reply(told, unsure, part, left)

    assert ids(got) == ["vote-when"]
    assert isinstance(got.outcome, Answered)
    assert got.outcome.left == ("who builds it",)
    assert reply(told, sure, part, left) is sure


def test_what_a_message_won_is_told_by_item_and_gaps_tell_nothing(town: Library) -> None:
    explained = explain(town, "Who will build the barrier, and how much will it cost?")
    whole = found(town, MESSAGE, "", ("barrier-cost", 0.4), ("gap-builder", 0.3))

    assert shares(whole) == {"barrier-cost": 0.4}
    assert shares(replace(whole, candidates=())) == {}
    assert not {gap.id for gap in town.newest.gaps} & {*shares(explained)}


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        ("Which day, and what is the price?", ["vote-when", "barrier-cost"]),
        ("Which day, and what was the warning?", ["vote-when", "oakes-salmon"]),
        ("What will it harm, and who pays?", ["oakes-salmon", "barrier-cost"]),
    ],
)
def test_what_the_message_finds_helps_a_part_that_says_little(
    town: Library, message: str, answers: list[str]
) -> None:
    assert ids(explain(town, message)) == answers


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        ("What closed the harbour, and was it unsafe?", ["harbour-closed", "pier-unsafe"]),
        ("What day, and how many boats?", ["lighthouse-when", "ferries-damaged"]),
    ],
)
def test_so_it_does_in_another_briefing(library: Library, message: str, answers: list[str]) -> None:
    assert ids(explain(library, message)) == answers


def beside(library: Library, *said: tuple[str, str]) -> Explanation:
    """What a message comes to whose parts are texts with the ids that answer them; "" for none."""
    parts = (found(library, text, id_, *([(id_, 0.9)] if id_ else [])) for text, id_ in said)
    return reply(library, found(library, MESSAGE, ""), *parts)


def left(explanation: Explanation) -> tuple[str, ...]:
    """What is left of a message; nothing if nothing is answered."""
    outcome = explanation.outcome
    return outcome.left if isinstance(outcome, Answered) else ()


VOTED, COST, PAPER = "vote-when", "barrier-cost", "who-publishes"


@pytest.mark.parametrize(
    ("said", "answers", "unanswered"),
    [
        # told by the answer before, whatever it would be answered with
        ([("what was decided", VOTED), ("and when", PAPER)], [VOTED], ()),
        ([("what was decided", VOTED), ("and when was that", "")], [VOTED], ()),
        ([("what was decided", VOTED), ("and where did it happen", "")], [VOTED], ()),
        ([("what was decided", VOTED), ("when", ""), ("and where", "")], [VOTED], ()),
        # not told by it
        ([("what is the price", COST), ("and when", "")], [COST], ("and when",)),
        ([("what is the price", COST), ("and when", VOTED)], [COST, VOTED], ()),
        (
            [("what is the price", COST), ("when", ""), ("and at what hour", "")],
            [COST],
            ("when", "and at what hour"),
        ),
        ([("what was decided", VOTED), ("and at what hour", "")], [VOTED], ("and at what hour",)),
        # of something else, or no part of what is told beside
        ([("what was decided", VOTED), ("when was it printed", PAPER)], [VOTED, PAPER], ()),
        ([("was it so", "vote-unanimous"), ("and who", PAPER)], ["vote-unanimous", PAPER], ()),
        ([("what was decided", VOTED), ("and who", "")], [VOTED], ("and who",)),
        # of what is not known
        (
            [("who pays", PAPER), ("who builds it", ""), ("and when", VOTED)],
            [PAPER],
            ("who builds it",),
        ),
    ],
)
def test_a_mere_when_is_told_by_the_answer_before_it_or_by_none(
    town: Library,
    said: list[tuple[str, str]],
    answers: list[str],
    unanswered: tuple[str, ...],
) -> None:
    got = beside(town, *said)

    assert ids(got) == answers
    assert left(got) == unanswered


def test_when_something_not_told_was_is_not_told_either(town: Library) -> None:
    assert ids(explain(town, "Who will build the barrier, and when?")) == []
    assert ids(explain(town, "Who will build the barrier, and when was the vote?")) == [VOTED]


def test_an_answer_is_not_cut_before_what_it_tells_beside(town: Library) -> None:
    """The day is told by its last sentence; without the "when", it is among what does not fit."""
    briefing = town.newest
    voted, cost = briefing.pair[VOTED], briefing.pair[COST]
    long = [
        replace(cost, answer=cost.answer + " It is told at length." * 14),
        replace(
            voted, answer=f"They voted for it.{' It is told at length.' * 12} It was on 3 March."
        ),
    ]
    library = Library([replace(briefing, pairs=tuple(long))])
    two = (("how much is it", COST), ("what did they do", VOTED))
    asked, plain = beside(library, *two, ("and when", "")).outcome, beside(library, *two).outcome

    assert isinstance(asked, Answered)
    assert isinstance(plain, Answered)
    assert [i.id for i in asked.items] == [i.id for i in plain.items] == [COST, VOTED]
    assert asked.texts[1].endswith("It was on 3 March.")
    assert not plain.texts[1].endswith("It was on 3 March.")


@pytest.mark.parametrize("fine", ["at what hour", "at what time of day"])
def test_the_day_answers_one_question_though_the_other_is_of_the_hour(
    town: Library, fine: str
) -> None:
    """As one question the message has no answer: nothing tells the hour."""
    got = explain(town, f"When did the council vote, and {fine}?")

    assert ids(got) == [VOTED]
    assert left(got) == (fine,)


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        ("The ferries: what was the cost, and how many were hurt?", ["ferries-damaged"]),
        ("The old pier: what was the cost, and how many were hurt?", []),
    ],
)
def test_a_part_that_says_little_is_about_what_stands_before_it(
    library: Library, message: str, answers: list[str]
) -> None:
    assert [id_ for id_ in ids(explain(library, message)) if id_ != "lighthouse-cost"] == answers


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        (
            "The ferries: how many crowns, what price, how many were hurt?",
            ["lighthouse-cost", "ferries-damaged"],
        ),
        (
            "The harbour union and the pier: what about Port Alba, and who said so?",
            ["port-alba", "pier-unsafe"],
        ),
        (
            "The storm: who is Mara Voss, and how many were hurt?",
            ["mara-voss", "ferries-damaged"],
        ),
    ],
)
def test_a_part_stays_under_what_stands_before_the_first(
    library: Library, message: str, answers: list[str]
) -> None:
    """Though the part between them is of something else, or has no answer."""
    assert ids(explain(library, message)) == answers


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        (
            "The vote of the council: what did Calder do, and what is the price?",
            ["calder-count", "barrier-cost"],
        ),
        (
            "The vote was held. What of Calder, and what is the price?",
            ["calder-count", "barrier-cost"],
        ),
        ("On the count: who is Calder, and what day?", ["ines-calder"]),
    ],
)
def test_who_somebody_is_is_no_answer_to_what_they_did_in_what_stands_before_it(
    town: Library, message: str, answers: list[str]
) -> None:
    """A card is, where it is asked who it is."""
    assert ids(explain(town, message)) == answers


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        (
            "The lighthouse: how was it opened, and how many ferries were damaged?",
            ["lighthouse-when", "ferries-damaged"],
        ),
        (
            "The opening of the lighthouse: what of its opening, and what price?",
            ["lighthouse-when", "lighthouse-cost"],
        ),
    ],
)
def test_of_choices_on_one_sentence_a_message_of_several_parts_has_the_likeliest(
    library: Library, message: str, answers: list[str]
) -> None:
    assert ids(explain(library, message)) == answers


def test_choices_on_several_sentences_are_none_of_an_answer(town: Library) -> None:
    assert ids(explain(town, "On the vote: who built it, and when was it?")) == [VOTED]


AGAIN = "The council of the town voted on 3 March"
HARDLY_MORE = "The council of the town, as is told, quietly voted on 3 March 2021 in Marrowby"
MORE = "Seven councillors were for it and four against, said Calder"


@pytest.mark.parametrize(
    ("further", "shown"),
    [
        ((AGAIN, MORE), [1, 2]),
        ((HARDLY_MORE, MORE), [1, 2]),
        ((MORE, AGAIN), [2, 1]),
        ((AGAIN, HARDLY_MORE), [2, 1]),
    ],
    ids=["new in the second", "hardly new in the first", "new in the first", "nothing new"],
)
def test_a_further_answer_is_shown_up_to_what_is_not_said_yet(
    town: Library, further: tuple[str, str], shown: list[int]
) -> None:
    """Else the first one, which is shorter, has its next sentence."""
    briefing = town.newest
    first = ("The town council of Marrowby voted on 3 March 2021", AGAIN)
    answers = {
        VOTED: " ".join(at_length(text, 100) for text in first),
        "vote-unanimous": " ".join(at_length(text, 170) for text in further),
    }
    pairs = tuple(replace(briefing.pair[id_], answer=text) for id_, text in answers.items())
    library = Library([replace(briefing, pairs=pairs)])
    outcome = beside(library, ("what of it", VOTED), ("was it so", "vote-unanimous")).outcome

    assert isinstance(outcome, Answered)
    assert [len(sentences(text)) for text in outcome.texts] == shown


def at_length(text: str, length: int) -> str:
    """*text* with words that say nothing, so long altogether."""
    return f"{text}{' so it was and is' * length}"[: length - 1].rstrip() + "."


def test_what_a_part_says_goes_before_what_stands_before_it(town: Library) -> None:
    message = "The vote of the council: which paper, and what is the price?"

    assert ids(explain(town, message)) == [PAPER, COST]


def test_a_yes_that_is_of_others_is_none_to_what_is_asked_of_him(libya: Library) -> None:
    outcome = explain(libya, "Who is Salame and did he meet Haftar?").outcome

    assert isinstance(outcome, Answered)
    assert outcome.text.startswith("Ghassan Salame")
    assert "Yes" not in outcome.text
    assert outcome.left == ("did he meet Haftar",)


@pytest.mark.parametrize(
    ("heading", "second", "answered"),
    [
        ("", "how much do they get", False),
        ("About those who build it", "how much is paid", False),
        ("", "how much is the barrier in Marrowby", True),
    ],
)
def test_where_nothing_is_said_of_the_whole_no_they_is_answered_with_others(
    town: Library, heading: str, second: str, answered: bool
) -> None:
    gap = town.newest.gaps[0]
    miss = town.miss(MissKind.NOT_IN_BRIEFING, (), gap=gap)
    whole = replace(found(town, "who builds it, and how much is it", "", (COST, 0.1)), outcome=miss)
    each = (found(town, "who builds it", ""), found(town, second, COST, (COST, 0.9)))
    parts = Parts(heading=heading, questions=tuple(one.question for one in each))

    assert ids(combined(town, POLICY, whole, parts, each)) == ([COST] if answered else [])


def test_what_may_be_said_of_the_whole_leaves_its_parts_their_answers(town: Library) -> None:
    gap = town.newest.gaps[0]
    miss = town.miss(MissKind.NOT_IN_BRIEFING, (), gap=gap)
    whole = replace(found(town, "who builds it, and how much is it", "", (COST, 0.5)), outcome=miss)
    each = (
        found(town, "who builds it", ""),
        found(town, "how much do they get", COST, (COST, 0.9)),
    )

    assert ids(reply(town, whole, *each)) == [COST]


def with_answers(library: Library, cost: str, voted: str) -> Library:
    """The *library* with just two pairs, of these answers."""
    briefing = library.newest
    pairs = (
        replace(briefing.pair[COST], answer=cost),
        replace(briefing.pair[VOTED], answer=voted),
    )
    return Library([replace(briefing, pairs=pairs)])


def test_an_answer_is_shown_up_to_what_is_asked_about(town: Library) -> None:
    """What is asked about stands in its second sentence; without it, more of the other fits."""
    library = with_answers(
        town,
        f"It is told{' at length' * 10}. It is told again{' at length' * 9}.",
        f"The council voted{' in the hall' * 11}. Calder said so{' to the press' * 12}.",
    )
    named = beside(library, ("how much is it", COST), ("what did Calder do", VOTED)).outcome
    plain = beside(library, ("how much is it", COST), ("what did they do", VOTED)).outcome

    assert isinstance(named, Answered)
    assert isinstance(plain, Answered)
    assert "Calder said so" in named.texts[1]
    assert "Calder said so" not in plain.texts[1]


def test_what_tells_of_all_parts_is_given_where_one_would_be_cut_before_what_is_asked(
    town: Library,
) -> None:
    library = with_answers(
        town,
        f"The barrier will cost €12 million{' at length' * 22}.",
        f"The council voted{' in the hall' * 11}. Calder said so{' to the press' * 10}.",
    )
    briefing = library.newest
    cost, voted = briefing.pair[COST], briefing.pair[VOTED]
    both = replace(voted, citations=(*voted.citations, *cost.citations))
    library = Library([replace(briefing, pairs=(cost, both))])
    each = (found(library, "how much is it", COST), found(library, "what did Calder do", VOTED))

    sure = reply(library, found(library, MESSAGE, VOTED, (VOTED, 0.95), sure=0.95), *each)
    unsure = reply(library, found(library, MESSAGE, VOTED, (VOTED, 0.7), sure=0.7), *each)

    assert ids(sure) == [VOTED]
    assert ids(unsure) == [COST, VOTED]
