"""What a text writes as names, and which of them a store does not tell of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Library
from knowledge.model import QuestionKind
from knowledge.strangers import Told, _names, _texts, names_in
from knowledge.text import words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Did Zeidan ever meet Ines Calder there?", ("zeidan", "ines", "calder")),
        ("Did Oslo vote as Oslo did?", ("oslo",)),
        ("Zeidan voted. Oslo did not: Bergen was away\nTromso too", ()),
        ("Did Oslo's mayor or O'Brozek vote?", ("oslo", "obrozek")),
        ("Was the Al-Zeidan party for it?", ("al", "zeidan")),
        ("did zeidan meet ines calder?", ()),
        ("did the council vote", ()),
        ("", ()),
        ("?!", ()),
    ],
)
def test_a_capital_within_a_sentence_makes_a_name(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zeidan Brozek", ("zeidan", "brozek")),
        ("Zeidan-Brozek", ("zeidan", "brozek")),
        ("Flood Barrier", ()),
        ("Salmon Price", ()),
        ("Zeidan Barrier", ("zeidan", "barrier")),
        ("When Did Zeidan Vote", ()),
        ("Which Council Voted", ()),
        ("Zeidan And Brozek", ()),
        ("Vote Of The Zeidan Council", ()),
        ("Combien Zeidan", ()),
        ("Zeidan Brozek 25", ("zeidan", "brozek")),
        ("Zeidan 4Th", ("zeidan",)),
    ],
)
def test_a_few_words_in_capitals_are_a_name_but_not_plain_words_or_a_question(
    text: str, names: tuple[str, ...]
) -> None:
    """Phones write a capital unasked, hence English words with nothing but such ones are none."""
    assert text.replace("-", " ").istitle()
    assert names_in(text) == names


def test_many_words_in_capitals_are_a_headline() -> None:
    assert names_in("Zeidan Brozek " * 2) == ("zeidan", "brozek")
    assert names_in("Zeidan Brozek " * 3) == ()


@pytest.mark.parametrize("text", ["Zeidan Brozek?", "Zeidan, Brozek", "Zeidan: Brozek", "(Zeidan)"])
def test_what_has_marks_in_it_is_no_mere_name(text: str) -> None:
    """Its words count by their places in sentences."""
    assert "zeidan" not in names_in(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who is Oakes? Who is Zeidan?", ("oakes", "zeidan")),
        ("Is Oakes? Is Zeidan? is it? was it?", ("oakes", "zeidan")),
        ("Who Is Oakes? Who Is Zeidan?", ()),
        ("WHO IS OAKES?", ()),
        ("WHO IS OAKES of the council of the town?", ("is", "oakes")),
        ("Who said NO to Zeidan?", ("no", "zeidan")),
        ("Zeidan! Zeidan! Was Zeidan there?", ("zeidan",)),
    ],
)
def test_who_shouts_is_told_by_the_words_within_sentences(
    text: str, names: tuple[str, ...]
) -> None:
    """Those that open one have their capital anyway, and count on neither side."""
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "stranger"),
    [
        ("When did Sato travel to Marrowby?", "sato"),
        ("What did Bing say about the barrier?", "bing"),
        ("What did Agan say of the vote, and when?", "agan"),
        ("When did Haev vote for the barrier?", "haev"),
        ("Did Mein vote for the barrier?", "mein"),
    ],
)
def test_a_stranger_a_letter_away_from_a_common_word_is_one_still(
    town: Library, text: str, stranger: str
) -> None:
    """`bing` in small letters is `being`, which tells nothing; a name stays what it is."""
    read = town.understanding.read(text)

    assert read.strangers == (stranger,)
    assert stranger in read.terms
    assert all(stranger in words(sought) for sought in read.sought)


def test_a_common_word_misspelt_is_no_stranger(town: Library) -> None:
    for text in ("was it bing voted on", "Was it voted on agian? Waht for?"):
        assert town.understanding.read(text).strangers == ()


@pytest.fixture(scope="module")
def asking(town: Library) -> Library:
    """The town's briefing with a gap that asks of names, small and great, and of a number."""
    gap = replace(
        town.newest.gaps[0],
        phrasings=(
            "Did the mayor go to Oslo?",
            "any trip to oslo in 2020",
            "Was there a Lantern of Baker Street?",
            "Zeidan Brozek",
            "WAS BERGEN SAFE?",
            "Did l'Oslo ship sail for Al-Tromso (Vardo)?",
        ),
    )
    return Library([replace(town.newest, gaps=(gap,))])


def test_names_of_a_store_are_those_of_all_its_questions(asking: Library) -> None:
    told = asking.understanding.told
    texts = [text for b in asking.briefings for text, _, asks in _texts(b) if asks]
    plainly = {name for text in texts for name in names_in(text)} & told._only_asked

    assert told._names == plainly
    assert {"oslo", "lantern", "street", "zeidan", "tromso", "vardo"} <= told._names
    assert told._names.isdisjoint({"mayor", "bergen", "calder", "safe"})


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        ("did they go to oslo", ("oslo",)),
        ("was zeidan there", ("zeidan",)),
        ("was there a Lantern too", ("lantern",)),
        ("was there a lantern too", ("lantern",)),
        ("was the street there", ()),
        ("was the Street there", ("street",)),
        ("was bergen safe", ()),
        ("was it in 2020", ("2020",)),
    ],
)
def test_what_only_a_question_holds_is_a_stranger_where_it_is_written_as_a_name(
    asking: Library, text: str, strangers: tuple[str, ...]
) -> None:
    """Without its capital too, where it can be nothing else."""
    assert asking.understanding.read(text).strangers == strangers


def test_a_question_that_is_denied_tells_nothing(town: Library) -> None:
    """Of a pair that says Yes its question is told, of one that says No it is only asked."""
    for answer, strangers in (("No, it was not.", ("bergen",)), ("Yes, it was.", ())):
        pairs = tuple(
            replace(p, phrasings=("Was it in Bergen?",), answer=answer)
            if p.kind is QuestionKind.WHETHER
            else p
            for p in town.newest.pairs
        )
        told = Told([replace(town.newest, pairs=pairs)], frozenset())
        assert told.strangers("Was it in Bergen?", ["was", "it", "in", "bergen"]) == strangers


PIECES = st.sampled_from(
    "Zeidan zeidan Oslo's oslo Al-Tromso L'Oslo (Bergen) bergen 2020 4th 12,000 400KM Was the of "
    "? ! . : - … ÉLAN Élan ΣΑΣ ǅ متى \n 🙂 U.N. U.N.-Oslo Baker BAKER".split(" ")
)
TEXTS = st.lists(st.lists(PIECES, max_size=7).map(" ".join), max_size=6)


@given(TEXTS | st.lists(st.text(max_size=20), max_size=3), st.data())
@settings(max_examples=200, deadline=None)
def test_names_sought_among_few_words_are_those_of_all_texts(
    texts: list[str], data: st.DataObject
) -> None:
    known = sorted({word for text in texts for word in words(text)})
    among = set(data.draw(st.lists(st.sampled_from(known)))) if known else set()
    as_written = {raw for text in texts for raw in text.split()}

    assert (
        _names(texts, as_written, among)
        == {name for text in texts for name in names_in(text)} & among
    )
