"""Misspelt words mended against a store; English words left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.spelling import Speller, _swapped_or_left_out, is_english, rarity

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


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("stato", "sato"),
        ("perche", "perce"),
        ("comment", "commet"),
        ("duree", "dure"),
        ("menin", "mein"),
        ("whereabouts", "whereabuots"),
        ("which", "wihhc"),
        ("that", "tat"),
        ("who", "wo"),
    ],
)
def test_only_one_slip_in_a_common_english_word_is_mended(word: str, typed: str) -> None:
    """What asks in other languages, and rare words, may as well be a name with a letter more."""
    speller = Speller([], [], common=[word])

    assert speller.mend(typed) == typed


def test_what_is_written_as_a_name_is_no_slip_of_a_common_word() -> None:
    speller = Speller(KNOWN, NAMES, common=["being", "what"])

    assert speller.mend("bing") == "being"
    for typed in ("bing", "waht"):
        assert speller.mend(typed, is_name=True) == typed
    assert speller.mend("zubair", is_name=True) == "zubayr", "a name is still mended as one"


def test_what_the_store_knows_is_no_slip_of_a_common_word() -> None:
    assert Speller(["waht"], [], common=["what"]).mend("waht") == "waht"


@given(st.text("abcde'éو", max_size=7))
def test_a_slip_of_a_word_is_never_the_word_itself(word: str) -> None:
    """Nor is it any other than two neighbours swapped or one left out, behind the first letter."""
    places = range(1, len(word))
    swapped = {word[:at] + word[at : at + 2][::-1] + word[at + 2 :] for at in places} - {word}
    left_out = {word[:at] + word[at + 1 :] for at in places} if len(word) > 4 else set()

    assert word not in set(_swapped_or_left_out(word))
    assert set(_swapped_or_left_out(word)) == swapped | left_out


def foreseen(*names: str) -> Speller:
    """A speller that knows nothing but *names*, which are all of one thing, its own name first."""
    cut = [name.split() for name in names]
    known = [word for name in cut for word in name]
    return Speller(known, known, forms=[cut])


@pytest.mark.parametrize(
    ("names", "typed"),
    [
        (("old harbor", "flood guard", "flodo gaurd"), "gaurd"),
        (("old harbor", "flood guard", "gaurd"), "gaurd"),
        (("old harbor", "flood guard", "the flood gaurd"), "gaurd"),
        (("old harbor", "flood gate", "flood gaet"), "gaet"),
        (("old harbor", "flood guard", "flood uguard"), "uguard"),
        (("old harbor", "flood guard", "flood gaurdes"), "gaurdes"),
        (("old harbor", "flood house", "flood horse"), "horse"),
        (("old harbor", "flood guard", "flood gaurd house"), "gaurd"),
        (("old harbor", "flood zubeyr", "flood zubayr"), "zubayr"),
        (("flood gaurd", "flood guard"), "gaurd"),
        (("old harbor", "flood guard", "flood gaurd", "gaurd"), "gaurd"),
    ],
    ids=[
        "two words differ",
        "a word alone",
        "a word more",
        "four letters",
        "another first letter",
        "two letters",
        "a word of its own",
        "a word more at the end",
        "a slip of no English word",
        "the name itself",
        "a name by itself",
    ],
)
def test_no_slip_is_foreseen_in_a_name_that_differs_in_more_than_a_slip(
    names: tuple[str, ...], typed: str
) -> None:
    assert foreseen(*names).mend(typed) == typed


def test_a_name_by_itself_of_one_thing_is_no_slip_in_the_names_of_another() -> None:
    harbor = [["old", "harbor"], ["flood", "guard"], ["flood", "gaurd"]]
    known = [word for name in harbor for word in name]

    assert Speller(known, known, forms=[harbor]).mend("gaurd") == "guard"
    for other in ([["gaurd"]], [["the", "gaurd"]], [["north", "gate"], ["gaurd"]]):
        assert Speller(known, known, forms=[harbor, other]).mend("gaurd") == "gaurd"
        assert Speller(known, known, forms=[other, harbor]).mend("gaurd") == "gaurd"


@pytest.mark.parametrize("at", range(4))
def test_of_several_words_that_may_be_meant_it_is_the_commonest(at: int) -> None:
    """By the alphabet it would be another, at either end."""
    names = ["old brige", "old bribe", "old bridge", "old brine"]
    speller = foreseen("north gate", *names[at:], *names[:at])

    assert rarity("bridge") < rarity("bribe")
    assert rarity("bridge") < rarity("brine")
    assert speller.mend("brige") == "bridge"


MISSPELT = ("brige", "gaurd", "harbro")
FORESEEING = Speller(
    ["wall", "old", "flood", "bridge", "guard", "harbor", *MISSPELT],
    ["old", "flood", "bridge", "guard", "harbor", *MISSPELT],
    common=["about", "being", "which"],
    forms=[
        [["wall"], ["old", "bridge"], ["old", "brige"]],
        [["wall"], ["flood", "guard"], ["flood", "gaurd"]],
        [["wall"], ["old", "harbor"], ["old", "harbro"]],
    ],
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("brigge", "bridge"), ("gaurdd", "guard"), ("gaurrd", "guard"), ("harbroo", "harbor")],
)
def test_a_word_is_never_mended_to_what_an_editor_misspelt(typed: str, meant: str) -> None:
    assert FORESEEING.mend(typed) == meant


@given(
    st.sampled_from([*MISSPELT, "bridge", "about"]),
    st.integers(0, 9),
    st.text("abgirdeu", max_size=2),
)
@settings(max_examples=300, deadline=None)
def test_what_is_mended_needs_no_mending(word: str, at: int, more: str) -> None:
    mended = FORESEEING.mend(word[:at] + more + word[at + 1 :])

    assert mended not in MISSPELT
    assert FORESEEING.mend(mended) == mended
