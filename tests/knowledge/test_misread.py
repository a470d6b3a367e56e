"""What is easily misread: names among names, slips of slips, other languages, rights, parts."""

from __future__ import annotations

import pytest

from knowledge import Library, ask
from knowledge.cues import cue
from knowledge.outcomes import Answered
from knowledge.spelling import Speller
from knowledge.strangers import names_in
from knowledge.text import fold


@pytest.mark.parametrize(
    "question",
    [
        "Did Zeidan meet Ines Calder?",
        "When did Bob Miller pay Tom Oakes?",
        "Was Oslo Mayor Ines Calder against?",
    ],
)
def test_a_stranger_among_names_is_one(town: Library, question: str) -> None:
    assert town.understanding.read(question).strangers
    assert not isinstance(ask(town, question), Answered)


def test_a_name_with_an_article_is_a_name() -> None:
    assert "zeidan" in names_in("Al-Zeidan Brozek")


def test_a_slip_of_what_is_itself_a_slip_is_mended_to_the_end() -> None:
    names = [["old", "hall"], ["town", "allford"], ["town", "alford"], ["town", "afford"]]
    known = [word for name in names for word in name]
    speller = Speller(known, known, forms=[names])

    assert speller.mend(speller.mend("allford")) == speller.mend("allford")


def test_words_that_are_slips_of_one_another_are_left_alone() -> None:
    """Two rare English words, and a slip that leads to them: nobody can tell which is meant."""
    names = [["old", "hall"], ["town", "abduce"], ["town", "adduce"], ["town", "abdduce"]]
    known = [word for name in names for word in name]
    speller = Speller(known, known, forms=[names])

    assert [speller.mend(w) for w in ("abduce", "adduce")] == ["abduce", "adduce"]
    assert speller.mend(speller.mend("abdduce")) == speller.mend("abdduce")


@pytest.mark.parametrize("typed", ["algaurd", "elgaurd"])
def test_a_misspelt_name_with_an_article_is_mended_to_the_end(typed: str) -> None:
    names = [["old", "hall"], ["flood", "guard"], ["flood", "gaurd"]]
    known = [word for name in names for word in name]

    assert Speller(known, known, forms=[names]).mend(typed) != "gaurd"


@pytest.mark.parametrize("word", ["bene", "nera", "aout", "ging"])
def test_a_word_of_another_language_is_no_slip(town: Library, word: str) -> None:
    assert town.understanding.speller.mend(word) == word


def test_an_italian_opinion_is_seen_as_one(town: Library) -> None:
    read = town.understanding.read("Il consiglio ha fatto bene a votare?")

    assert cue(fold(read.text)) is not None


@pytest.mark.parametrize(
    "question",
    [
        "Was their right to fish lost?",
        "Was Marrowby's right to fish kept?",
        "Were the anglers given full right to fish?",
        "Is the council's right to decide disputed?",
    ],
)
def test_whose_right_it_is_is_a_fact(question: str) -> None:
    assert cue(fold(question)) is None


@pytest.mark.parametrize(
    "question", ["Is the council going to fall?", "Are the anglers going to give up?"]
)
def test_what_is_going_to_be_is_a_prediction(question: str) -> None:
    assert cue(fold(question)) is not None


def test_a_stranger_in_one_question_takes_no_answer_from_another(town: Library) -> None:
    vote, cost = "When did the council vote", "how much will the barrier cost"
    outcome = ask(town, f"{vote}, {cost}, and what did Zeidan eat?")

    assert isinstance(outcome, Answered)
    assert outcome.left == ("what did Zeidan eat",)


def test_what_is_written_in_another_form_is_sought_once(town: Library) -> None:
    sought = town.understanding.read("Le vote e\u0301tait quand ?").sought

    assert len(sought) == 1
