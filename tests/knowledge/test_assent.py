"""A Yes or No is said to just what is asked: of the same time, no more and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import Library
from knowledge.assent import answers_just_that, asks_if_not, asks_of_anybody, turns_round
from knowledge.model import QAPair
from knowledge.text import fold
from tests import factories

DONE = ("Did the council vote?", "has the council voted", "the council voted?")
TO_COME = ("Will the council vote?", "is the council going to vote", "the council to be voting")


def just_that(town: Library, question: str, *phrasings: str, odd: str = "") -> bool:
    """Whether the Yes or No of a pair with *phrasings*, the last the nearest, is one to it."""
    pair = replace(town.newest.pair["vote-unanimous"], phrasings=phrasings)
    hit = replace(factories.a_hit(pair), text=fold(phrasings[-1]))
    return answers_just_that(town.understanding.read(question), hit, odd)


@pytest.mark.parametrize(
    ("question", "phrasings", "same"),
    [
        ("Did the council vote on it?", DONE, True),
        ("Did the council vote on it?", TO_COME, False),
        ("Has the council voted on it?", TO_COME, False),
        ("So had the council voted on it?", TO_COME, False),
        ("But wasn't the council at the vote?", TO_COME, False),
        ("Was the council there?", (*TO_COME, DONE[0]), True),
        ("Will the council vote on it?", TO_COME, True),
        ("Will the council vote on it?", DONE, False),
        ("Will the council vote on it?", (*DONE, TO_COME[2]), True),
        ("Is the council going to vote?", DONE, False),
        ("Is the council about to vote?", DONE, False),
        ("Won't the council vote?", DONE, False),
        ("So they'll vote?", DONE, False),
        ("Is the vote due to be held?", DONE, False),
        ("Is the council for it?", DONE, True),
        ("Is the council for it?", TO_COME, True),
        ("the vote of the council", TO_COME, True),
    ],
)
def test_what_is_to_come_is_not_what_has_been(
    town: Library, question: str, phrasings: tuple[str, ...], same: bool
) -> None:
    assert just_that(town, question, *phrasings) is same


@pytest.mark.parametrize(
    ("limited", "also", "plain"),
    [
        ("Was only the mayor against?", "was the mayor alone against", "Was the mayor against?"),
        ("Was it nothing but a vote?", "a vote only", "Was it a vote?"),
        ("Is the mayor still against?", "still against it, is she", "Is the mayor against?"),
        ("Did they vote again?", "was there a vote twice", "Did they vote?"),
        ("Did they vote once more?", "did they vote a second time", "Did they vote?"),
        ("Have they already voted?", "already voted or not", "Have they voted?"),
        ("Did they vote before?", "had there been a vote prior to it", "Did they vote?"),
        ("Was it so prior to the vote?", "was it so before", "Was it so?"),
        ("Did both of them vote?", "did both the anglers vote", "Did they vote?"),
        ("Did all the councillors vote?", "did all of them vote", "Did councillors vote?"),
        ("Was it all of their votes?", "was it both votes", "Was it their votes?"),
        ("Was it the same vote?", "was it an identical vote", "Was it a vote?"),
        ("Was it on the very day?", "was it that very night", "Was it on the day?"),
    ],
)
def test_a_small_word_asks_for_more(town: Library, limited: str, also: str, plain: str) -> None:
    """It has to stand in one of the texts that lead to the answer; any of its sort will do."""
    assert not just_that(town, limited, plain)
    assert just_that(town, limited, plain, also)
    assert just_that(town, plain, also, plain), "without it, less is asked"


@pytest.mark.parametrize(
    ("question", "nearest", "same"),
    [
        ("Did it rain before the vote?", "did it rain ahead of the vote", True),
        ("Did it rain before the vote?", "did it rain after the vote", False),
        ("Did it rain before the vote?", "did it rain during the vote", False),
        ("Did it rain before the vote?", "did it rain at the vote", True),
        ("Did it rain earlier than they voted?", "did it rain after they voted", False),
        ("Did rain precede the vote?", "did rain follow the vote", False),
        ("Did it rain after the vote?", "did it rain following the vote", True),
        ("Did it rain after the vote?", "did it rain before the vote", False),
        ("Did it rain after the vote?", "did it rain at the same time", False),
        ("Did it rain after the vote?", "did it rain at the vote", True),
        ("Did it rain during the vote?", "did it rain while they voted", True),
        ("Did it rain during the vote?", "did it rain later than the vote", False),
        ("Did it rain at the vote?", "did it rain after the vote", True),
        ("Did it rain during and after the vote?", "did it rain after the vote", True),
        ("Did the rain come before the vote?", "did the vote come after the rain", True),
        ("Did the rain come before the vote?", "did the vote come before the rain", False),
        ("Did the rain follow the vote?", "did the vote come after the rain", False),
        ("Did the rain follow the vote?", "was the vote prior to the rain", True),
        ("Was the rain before the vote?", "did salmon spawn after a storm", False),
        ("A-t-il plu avant le vote ?", "did it rain after the vote", False),
        ("A-t-il plu après le vote ?", "did it rain after the vote", True),
        ("Ha piovuto durante il voto?", "ha piovuto dopo il voto", False),
        ("هل نزل المطر قبل التصويت؟", "هل نزل المطر بعد التصويت", False),
        ("هل نزل المطر أثناء التصويت؟", "هل نزل المطر خلال التصويت", True),
    ],
)
def test_what_came_after_did_not_come_before(
    town: Library, question: str, nearest: str, same: bool
) -> None:
    """The nearest text says in what order; that the others have all words makes no difference."""
    phrasings = ("did it rain before it", "was there rain after it", "was there rain during it")
    pair = replace(town.newest.pair["vote-unanimous"], phrasings=(*phrasings, nearest))
    hit = replace(factories.a_hit(pair), text=nearest)

    assert answers_just_that(town.understanding.read(question), hit, "") is same


@pytest.mark.parametrize(
    ("odd", "same"),
    [
        ("", True),
        ("+@tom-oakes", True),
        ("+@tom-oakes, +@river-esk", True),
        ("7", False),
        ("2021", False),
        ("@tom-oakes", False),
        ("oslo", False),
        ("+@tom-oakes, 7", False),
    ],
)
def test_it_is_on_no_other_names_and_numbers(town: Library, odd: str, same: bool) -> None:
    """What the pair has beyond those asked about, behind a plus, does no harm."""
    assert just_that(town, "Was the vote unanimous?", "Was the vote unanimous?", odd=odd) is same


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("Was the vote unanimous?", True),
        ("the vote unanimous", True),
        ("When was the vote unanimous?", False),
        ("Who was it unanimous for?", False),
        ("How many were in the unanimous vote?", False),
        ("Why was the vote unanimous?", False),
        ("Which vote was unanimous?", False),
    ],
)
def test_nobody_says_yes_to_when_or_who(town: Library, question: str, same: bool) -> None:
    assert just_that(town, question, "Was the vote unanimous?", "when was it") is same


@pytest.mark.parametrize(
    ("question", "nearest", "turned"),
    [
        ("Did the mayor vote against?", "did anyone else vote against", True),
        ("Did anybody vote against?", "did nobody vote against", True),
        ("Did anyone else vote against?", "did anyone else vote against", False),
        ("Was it settled before 2020?", "was it settled in 2020", True),
        ("Was it settled since the 3rd?", "was it settled by the 3rd", True),
        ("Was it settled since 3 March 2021?", "was it settled since the vote", False),
        ("Was it settled by the council on 3 March?", "was it settled on 4 March", False),
        ("Was it settled before the 210 left?", "was it settled in 2021", False),
        ("Has nobody voted against?", "has anybody voted against", True),
        ("Was it settled before 2020?", "was it long settled before 2020", False),
        ("Was it settled in 2020?", "was it settled in 2021", False),
        ("Was it settled before the vote?", "was it settled in 2021", False),
    ],
)
def test_a_no_to_others_or_another_date_is_one_to_another_side_of_it(
    town: Library, question: str, nearest: str, turned: bool
) -> None:
    pair = replace(town.newest.pair["vote-unanimous"], phrasings=(nearest,))
    hit = replace(factories.a_hit(pair), text=nearest)

    assert turns_round(town.understanding.read(question), hit) is turned


@pytest.mark.parametrize(
    ("question", "anybody"),
    [
        ("Did anybody object?", True),
        ("Has any party objected?", True),
        ("Did any one of them object?", True),
        ("Did the mayor object to it anyhow?", False),
    ],
)
def test_who_asks_of_anybody_names_nobody(town: Library, question: str, anybody: bool) -> None:
    assert asks_of_anybody(town.understanding.read(question)) is anybody


def test_what_is_no_pair_has_no_phrasings_to_be_compared(town: Library) -> None:
    hit = factories.a_hit(town.newest.claim["calder-count"])
    read = town.understanding.read("Will they only vote again?")

    assert not isinstance(hit.target, QAPair)
    assert answers_just_that(read, hit, "")
    assert not answers_just_that(read, hit, "7")


@pytest.mark.parametrize(
    ("question", "contrary"),
    [
        ("Did he not vote?", True),
        ("Has nobody voted?", True),
        ("They can't vote?", True),
        ("Did the mayor fail to vote?", True),
        ("Is the paper silent on it?", True),
        ("Did she leave without a vote?", True),
        ("Est-elle partie sans voter ?", True),
        ("È partita senza votare?", True),
        ("هل غادرت دون تصويت؟", True),
        ("هل غادرت بدون تصويت؟", True),
        # but for how it opens
        ("Didn't he vote?", False),
        ("So didn't he vote?", False),
        ("But wasn't it so?", False),
        ("Nobody voted?", False),
        ("Did he vote?", False),
        ("Was it nothing but a vote?", False),
        ("Was the vote unanimous or not?", False),
        ("Did she vote not long before?", False),
        ("Did she vote not long ago?", False),
        ("Did she live not far from it?", True),
        ("Were not many for it?", True),
        ("Did they vote without delay?", False),
        ("Did all vote for it without exception?", False),
    ],
)
def test_what_asks_whether_it_is_not_so_asks_to_the_contrary(question: str, contrary: bool) -> None:
    assert asks_if_not(fold(question)) is contrary


@pytest.mark.parametrize(
    ("question", "nearest", "same"),
    [
        ("Did the mayor vote?", "did the mayor not vote", False),
        ("Did the mayor not vote?", "did the mayor vote", False),
        ("Did the mayor not vote?", "did the mayor fail to vote", True),
        ("Didn't the mayor vote?", "did the mayor vote", True),
        ("Was the mayor at both votes and suppers?", "was the mayor there", True),
    ],
)
def test_a_yes_to_what_is_not_so_is_none_to_what_is(
    town: Library, question: str, nearest: str, same: bool
) -> None:
    """It is turned round just where it is not to that; "both ... and" is no more than each."""
    pair = replace(town.newest.pair["vote-unanimous"], phrasings=(nearest,))
    hit = replace(factories.a_hit(pair), text=nearest)

    assert just_that(town, question, nearest) is same
    assert turns_round(town.understanding.read(question), hit) is not same


def test_no_small_word_is_made_up_for_by_another_sort_of_denial(town: Library) -> None:
    assert not just_that(town, "Did they never vote?", "did they not vote")
    assert just_that(town, "Did they never vote?", "did they not vote", "was there never a vote")
