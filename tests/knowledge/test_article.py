"""Front matter, paragraphs and sentences of an article."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import knowledge
from knowledge.article import paragraphs, sentences, split_front_matter

LIBYA = Path(knowledge.__file__).parent / "briefings" / "2017-08-29-libya" / "article.md"


def libya() -> list[list[str]]:
    """The sentences of the first briefing, by paragraph."""
    split = split_front_matter(LIBYA.read_text(encoding="utf-8"))
    assert split is not None
    return [sentences(text) for _, text in paragraphs(split[1])]


def test_the_first_briefing_is_cut_as_its_readers_would() -> None:
    found = libya()

    assert [len(paragraph) for paragraph in found] == [4, 2, 3, 1, 4, 3, 1, 4, 2, 1]
    assert found[0][0].endswith("around 400km south of Sirte.")
    assert found[5][0].startswith("The BBC reported that Johnson said of the two’s meeting, “I")
    assert found[5][0].endswith(
        "to work with Mr Salame in order to amend the Libyan Political Agreement."
    )
    assert found[5][1].startswith("I have encouraged")
    assert found[5][1].endswith("international human rights law.”")
    assert found[5][2].startswith("He also warned Libya")
    assert found[7][3].endswith("“protecting human rights.”")
    assert found[8][1].endswith("at Cambridge University")


@pytest.mark.parametrize(
    "text",
    [
        "One. | Two! | Three? | Four… | Five",
        "Gen. J. K. Smith of the U.S. Navy met Dr. A. Oakes. | They talked.",
        "He paid $3.5 million, e.g. for No. 5 of Jan. 7. | That was all.",
        "It began at 5 p.m. | The end came at 6.30 p.m. on Monday.",
        "He lives in the U.S. | He likes it.",
        "George W. Bush spoke. | Plan B. | The rest was silence.",
        "“Why?” he asked. | “Stop!” Smith said. | “Go.” | The man left.",
        "He said “no.” | Then he left. | “I will,” she said.",
        '"No." | Then: "Yes (maybe)." | 400 people came.',
        "(He left.) | She too... | And then? | Really?! | Yes.",
        "The well... ran dry. | al-Hamra fell. | eBay too.",
        "1. First of all | ",
        "See example.org and v1.2 for it. | More there.",
        "هل وصل؟ | نعم وصل. | ثم غادر.",
        "« Il est là. » | Elle part ! | « Quoi ? » | Rien.",
    ],
)
def test_a_sentence_ends_where_it_ends(text: str) -> None:
    expected = [part for part in text.split(" | ") if part]

    assert sentences(" ".join(expected)) == expected


@given(st.text(alphabet=st.sampled_from("aBÉد.!?…”“»« \u00a0()'\"1-\n"), max_size=60) | st.text())
def test_no_character_is_lost(paragraph: str) -> None:
    def without_space(text: str) -> str:
        return "".join(text.split())

    found = sentences(paragraph)

    assert without_space("".join(found)) == without_space(paragraph)
    assert all(sentence == sentence.strip() and sentence for sentence in found)


@pytest.mark.parametrize(
    "piece", [".", "e.g. ", "A. ", "? »", '." ', "a.", ".) Aa said ", ". \u00a0", "“", "1. "]
)
def test_the_time_it_takes_is_linear(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    start = time.perf_counter()

    sentences(text)

    assert time.perf_counter() - start < 2


def test_front_matter_is_taken_off_and_lines_are_counted() -> None:
    split = split_front_matter("---\na: x\nb: y\n---\n\nOne.\ntwo\n\n\nThree.\n")

    assert split == ("a: x\nb: y", "\nOne.\ntwo\n\n\nThree.\n", 5)
    assert paragraphs(split[1], first_line=split[2]) == [(6, "One. two"), (10, "Three.")]


@pytest.mark.parametrize("text", ["", "One.", "---\na: x\n", "\n---\na: x\n---\n"])
def test_without_two_lines_of_dashes_there_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text) is None
