"""Misspelt words mended against a store; English words left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.spelling import Speller, is_english, rarity

KNOWN = ("barrier", "council", "attacked", "harbour", "checkpoint", "vote", "salmon")
NAMES = ("zubayr", "mansour", "tamra", "زبير")
SPELLER = Speller(KNOWN, NAMES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("barier", "barrier"),
        ("barreir", "barrier"),
        ("barrierr", "barrier"),
        ("councl", "council"),
        ("concil", "council"),
        ("atacked", "attacked"),
        ("harbur", "harbour"),
        ("chekpoint", "checkpoint"),
        ("checkpiont", "checkpoint"),
        ("zubair", "zubayr"),
        ("zubeir", "zubayr"),
        ("mansur", "mansour"),
        ("alzubayr", "zubayr"),
        ("elzubayr", "zubayr"),
        ("زوبير", "زبير"),
        ("الزبير", "زبير"),
    ],
)
def test_a_slip_is_mended(typed: str, meant: str) -> None:
    assert SPELLER.mend(typed) == meant


@pytest.mark.parametrize(
    "word", ["carrier", "counsel", "vote", "boat", "from", "form", "harbor", "salon", "tambourine"]
)
def test_an_english_word_is_left_alone_however_near(word: str) -> None:
    assert is_english(word)
    assert SPELLER.mend(word) == word


@pytest.mark.parametrize("word", ["vot", "vte", "tmr", "bar", "ab", "x", "", "12345", "7", "٧"])
def test_short_words_and_numbers_are_left_alone(word: str) -> None:
    assert SPELLER.mend(word) == word


@pytest.mark.parametrize(
    "word",
    ["barrxxxr", "cxxncil", "hxrbxxr", "xbarrier"[1:4] + "zzzz", "qqqqqqqq", "zzzubayrrrr", "🙂"],
)
def test_a_word_with_too_many_slips_is_left_alone(word: str) -> None:
    assert SPELLER.mend(word) == word


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_mending_ends_at_a_known_word_or_changes_nothing(word: str) -> None:
    mended = SPELLER.mend(word)

    assert mended == word or mended in SPELLER
    assert SPELLER.mend(mended) == mended


def test_every_known_word_stays_what_it_is() -> None:
    for word in (*KNOWN, *NAMES):
        assert word in SPELLER
        assert SPELLER.mend(word) == word
    assert "ferry" not in SPELLER


def test_the_order_of_the_store_does_not_matter() -> None:
    other = Speller(reversed(KNOWN), reversed(NAMES))

    for typed in ("barier", "zubeir", "chekpiont", "concil", "الزبير"):
        assert other.mend(typed) == SPELLER.mend(typed)


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    common, middling, rare = rarity("the"), rarity("barrier"), rarity("zymurgy")

    assert 1 <= common < middling < rare <= 6
    assert rarity("the") <= rarity("town") <= rarity("salmon")
    assert common < rarity("qzxvw") < rare, "what no list has is a middling one"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("waht", "what"), ("wher", "where"), ("wehre", "where"), ("whihc", "which"), ("form", "form")],
)
def test_slips_in_the_words_of_any_question_are_mended_unless_they_are_words(
    typed: str, meant: str
) -> None:
    assert Speller(KNOWN, NAMES, common=("what", "where", "which", "from")).mend(typed) == meant


def test_a_slip_that_an_editor_foresaw_in_a_name_is_mended_by_itself() -> None:
    names = [["coast", "guard"], ["coast", "gaurd"], ["caost", "guard"], ["tamra"]]
    known = [*KNOWN, *(word for name in names for word in name)]
    speller = Speller(known, NAMES, forms=[names])

    assert speller.mend("gaurd") == "guard"
    assert speller.mend("caost") == "coast"
    assert speller.mend("coast") == "coast"


def test_the_name_itself_is_no_slip_of_another_form_of_it() -> None:
    names = [["harbor", "gaurd"], ["harbor", "guard"]]
    speller = Speller(["gaurd", "guard", "harbor"], NAMES, forms=[names])

    assert speller.mend("gaurd") == "gaurd"
