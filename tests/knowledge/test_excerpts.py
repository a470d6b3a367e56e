"""Several answers in one reply: what is shown of each, and the citations that it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from knowledge.excerpts import standing, together
from knowledge.model import MAX_ANSWER, MAX_CITATIONS, Citation, SentenceRef
from knowledge.outcomes import Answered, Excerpt, whole
from tests.factories import (
    a_briefing,
    a_citation,
    a_claim,
    a_field_citation,
    a_pair,
    an_article,
    an_entity,
)

SENTENCES = (
    "On 23 August, fighters attacked the checkpoint at al-Fugaha.",
    "Spokesman Ahmed Mismari said that eleven people were beheaded.",
    "The Amaq agency said that 21 were killed or injured, in 2017.",
    "Ines Calder of Marrowby opened the dam on the River Esk.",
)
BRIEFING = a_briefing(article=an_article(SENTENCES), claims=(), entities=())
DISPUTED = a_briefing(
    article=an_article(SENTENCES),
    claims=[
        a_claim("toll", sentence=2, quote="eleven people were beheaded", conflicts=["amaq"]),
        a_claim("amaq", sentence=3, quote="21 were killed or injured", conflicts=["toll"]),
    ],
)
WHEN = "The checkpoint was attacked on 23 August."
TOLL = "Ahmed Mismari said that eleven people were beheaded."
AMAQ = "The Amaq agency said that 21 were killed or injured."
ALL = [
    a_citation(1, "fighters attacked the checkpoint"),
    a_citation(2, "eleven people were beheaded"),
    a_citation(3, "21 were killed or injured"),
]


def filled(sentence: str, length: int) -> str:
    """*sentence* with further words, so long altogether."""
    words = " it is told at length"
    return f"{sentence[:-1]}{words * length}"[: length - 1].rstrip() + "."


def texts(*excerpts: Excerpt) -> list[str]:
    return [e.text for e in excerpts]


def refs(citations: Sequence[object]) -> list[str]:
    return [str(c.ref) for c in citations if isinstance(c, Citation)]


def test_what_fits_is_shown_whole_with_all_that_it_cites() -> None:
    one, two = a_pair("one", answer=f"{WHEN} {TOLL}", citations=ALL), a_pair("two", answer=AMAQ)

    assert together(BRIEFING, [one, two]) == (whole(one), whole(two))


def test_each_has_its_first_sentence_and_the_shortest_gets_the_next_while_there_is_room() -> None:
    long = filled(TOLL, 200)
    one = a_pair("one", answer=f"{WHEN} {AMAQ} {filled(TOLL, 190)}", citations=ALL)
    two = a_pair("two", answer=f"{long} {filled(AMAQ, 190)}", citations=ALL)
    first, second = together(BRIEFING, [one, two])

    assert first.text == f"{WHEN} {AMAQ} {filled(TOLL, 190)}"
    assert second.text == long
    assert first.whole
    assert not second.whole


def test_a_sentence_is_never_left_out_before_another_one() -> None:
    one = a_pair("one", answer=f"{WHEN} {filled(AMAQ, 400)} {TOLL}", citations=ALL)
    two = a_pair("two", answer=filled(TOLL, 200), citations=ALL)

    assert texts(*together(BRIEFING, [one, two])) == [WHEN, filled(TOLL, 200)]


@pytest.mark.parametrize("said", ["Yes.", "No.", "Yes,"])
def test_a_yes_or_no_comes_with_what_is_so(said: str) -> None:
    answer = f"{said} {filled(WHEN, 200)} {filled(TOLL, 200)}"
    one = a_pair("one", answer=answer, citations=ALL)
    two = a_pair("two", answer=filled(TOLL, 250), citations=ALL)

    assert texts(*together(BRIEFING, [one, two]))[0] == f"{said} {filled(WHEN, 200)}"


def test_where_not_even_the_first_sentences_fit_there_is_nothing() -> None:
    pairs = [a_pair(n, answer=filled(WHEN, 260)) for n in ("one", "two")]

    assert together(BRIEFING, pairs) == ()


def test_there_are_no_more_citations_than_a_reply_may_have_and_one_of_each_at_least() -> None:
    quotes = [a_citation(n, text[:25]) for n, text in enumerate(SENTENCES, start=1)]
    words = ("fighters attacked", "checkpoint at al-Fugaha", "On 23 August", "attacked the")
    more = [a_citation(1, quote) for quote in words]
    one = a_pair("one", answer=f"{WHEN} {TOLL} {AMAQ}", citations=quotes)
    two = a_pair("two", answer=WHEN, citations=more)
    shown = together(BRIEFING, [one, two])

    assert [p.whole for p in shown] == [True, True]
    assert refs(shown[0].citations) == ["p1s1", "p1s2", "p1s3"]
    assert refs(shown[1].citations) == ["p1s1"]
    outcome = Answered(item=one, parts=shown, confidence=1.0)
    assert len(outcome.citations) <= MAX_CITATIONS
    assert len(outcome.text) <= MAX_ANSWER


def test_nothing_is_said_without_the_sentences_that_it_stands_on() -> None:
    names = "Fighters, Ahmed Mismari, Amaq and Ines Calder are told of."
    quotes = [a_citation(n, text[:25]) for n, text in enumerate(SENTENCES, start=1)]
    others = [a_citation(n, text[5:]) for n, text in enumerate(SENTENCES, start=1)]
    pairs = [a_pair("one", answer=names, citations=quotes)]
    pairs += [a_pair("two", answer=names, citations=others)]

    assert together(BRIEFING, pairs) == ()


def test_who_is_named_in_full_stands_on_any_sentence_that_is_of_them() -> None:
    """The second sentence says `she`; that it is of her, the store says."""
    article = an_article((SENTENCES[3], "She warned the town on 2 May.", SENTENCES[0]))
    calder = replace(
        an_entity("calder", name="Ines Calder"),
        sentences=(SentenceRef(1, 1), SentenceRef(1, 2)),
    )
    text = "Ines Calder warned the town on 2 May."
    one = a_pair(
        "one",
        answer=f"{text} {filled(WHEN, 450)}",
        citations=[a_citation(2, "warned the town"), a_citation(1, "Ines Calder of Marrowby")],
    )

    known = a_briefing(article=article, claims=(), entities=[calder])
    assert refs(standing(known, one, text)) == ["p1s2"]
    unknown = a_briefing(article=article, claims=(), entities=())
    assert refs(standing(unknown, one, text)) == ["p1s2", "p1s1"]


def test_what_is_said_in_the_words_of_a_sentence_cites_it() -> None:
    text = "The attack of 23 August, when Mismari spoke of “eleven people were beheaded”."
    one = a_pair("one", answer=f"{text} {filled(WHEN, 450)}", citations=[ALL[0], ALL[2], ALL[1]])

    assert refs(standing(BRIEFING, one, text)) == ["p1s1", "p1s2"]


def test_of_a_dispute_no_side_is_left_out() -> None:
    answer = f"{TOLL} {filled(AMAQ, 150)}"
    one = a_pair("one", answer=answer, citations=ALL[1:])
    two = a_pair("two", answer=f"{filled(WHEN, 120)} {filled(WHEN, 190)}", citations=ALL[:1])
    assert texts(*together(DISPUTED, [one, two])) == [answer, filled(WHEN, 120)]


def test_an_excerpt_ends_with_the_sentence_that_completes_a_dispute() -> None:
    """What comes after it need not fit."""
    told = [TOLL, AMAQ, filled(WHEN, 200)]
    one = a_pair("one", answer=" ".join(told), citations=[*ALL[1:], ALL[0]])
    two = a_pair("two", answer=filled(WHEN, 250), citations=ALL[:1])

    assert texts(*together(DISPUTED, [one, two])) == [f"{TOLL} {AMAQ}", filled(WHEN, 250)]


def test_where_both_sides_do_not_fit_beside_another_answer_there_is_nothing() -> None:
    one = a_pair("one", answer=f"{filled(TOLL, 200)} {filled(AMAQ, 200)}", citations=ALL[1:])
    two = a_pair("two", answer=filled(WHEN, 150), citations=ALL[:1])
    assert together(DISPUTED, [one, two]) == ()
    assert together(BRIEFING, [one, two])


def test_a_dispute_that_an_excerpt_does_not_reach_is_left_for_its_answer() -> None:
    """The beginning stands on another sentence; what comes after it would not fit."""
    one = a_pair("one", answer=f"{WHEN} {filled(TOLL, 200)} {filled(AMAQ, 200)}", citations=ALL)
    two = a_pair("two", answer=filled(WHEN, 150), citations=ALL[:1])

    first, second = together(DISPUTED, [one, two])
    assert (first.text, second.text) == (WHEN, filled(WHEN, 150))
    assert refs(first.citations) == ["p1s1"]


@pytest.mark.parametrize(("room", "sentences"), [(150, 3), (320, 1)])
def test_what_reaches_a_dispute_has_all_of_it_or_stays_before_it(room: int, sentences: int) -> None:
    """With one side of it alone it would fit."""
    told = [WHEN, filled(TOLL, 90), filled(AMAQ, 90)]
    one = a_pair("one", answer=" ".join(told), citations=ALL)
    two = a_pair("two", answer=filled(WHEN, room), citations=ALL[:1])

    assert texts(*together(DISPUTED, [one, two]))[0] == " ".join(told[:sentences])
    beside = 2 if sentences == 1 else 3
    assert texts(*together(BRIEFING, [one, two]))[0] == " ".join(told[:beside])


def test_a_beginning_that_says_too_little_is_never_alone() -> None:
    one = a_pair("one", answer=f"Two sides. {filled(WHEN, 200)} {filled(AMAQ, 200)}", citations=ALL)
    two = a_pair("two", answer=filled(TOLL, 250), citations=ALL)

    assert texts(*together(BRIEFING, [one, two]))[0] == f"Two sides. {filled(WHEN, 200)}"


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (WHEN, ["p1s1"]),
        (TOLL, ["p1s2"]),
        (f"{WHEN} {AMAQ}", ["p1s1", "p1s3"]),
        ("Eleven people were beheaded in the attack of 23 August.", ["p1s1", "p1s2"]),
        ("Nothing is told of it.", ["p1s1"]),
    ],
)
def test_an_excerpt_cites_what_its_sentences_stand_on(text: str, cited: list[str]) -> None:
    assert refs(standing(BRIEFING, a_pair(citations=ALL), text)) == cited


def test_a_field_of_the_front_matter_is_cited_like_a_sentence() -> None:
    field = a_field_citation()
    pair = a_pair(citations=[ALL[1], field])

    assert standing(BRIEFING, pair, "It was published on 29 August 2017.") == (field,)


@pytest.mark.parametrize(
    ("needed", "shown"), [((), (1, 2)), ((0, 0), (1, 2)), ((1, 1), (1, 2)), ((2, 0), (2, 1))]
)
def test_so_many_sentences_are_shown_as_are_needed(
    needed: tuple[int, ...], shown: tuple[int, int]
) -> None:
    """Before the other one, which is shorter, gets its next one."""
    told = [filled(TOLL, 170), filled(AMAQ, 170)], [filled(WHEN, 100), filled(WHEN, 101)]
    pairs = [a_pair(f"of-{len(t[0])}", answer=" ".join(t), citations=ALL) for t in told]

    assert texts(*together(BRIEFING, pairs, needed)) == [
        " ".join(t[:count]) for t, count in zip(told, shown, strict=True)
    ]


def test_where_what_is_needed_does_not_fit_there_is_nothing() -> None:
    one = a_pair("one", answer=f"{filled(WHEN, 200)} {filled(TOLL, 200)}", citations=ALL)
    two = a_pair("two", answer=filled(AMAQ, 150), citations=ALL)

    assert together(BRIEFING, [one, two])
    assert together(BRIEFING, [one, two], (2, 1)) == ()


def test_an_answer_has_two_parts_or_more_and_begins_with_its_item() -> None:
    one, two = a_pair("one"), a_pair("two")
    for parts in ((whole(one),), (whole(two), whole(one))):
        with pytest.raises(ValueError, match="parts"):
            Answered(item=one, parts=parts, confidence=1.0)
    with pytest.raises(ValueError, match="otherwise"):
        Answered(item=one, parts=(whole(one), whole(two)), otherwise=True, confidence=1.0)
