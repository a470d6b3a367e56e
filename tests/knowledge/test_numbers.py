"""Numbers, ordinals and dates in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numbers import figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eleven people, two civilians and nine fighters", "11 2 9"),
        ("€6 billion, €6bn, 6,000,000,000, six billion euros", "6000000000 " * 4),
        ("€6m but 400m, 400km and four hundred", "6000000 400 400 400"),
        ("twenty-one, twenty one, 21-member", "21 21 21"),
        ("a hundred, one hundred and five, two hundred two, a dozen", "100 105 202 12"),
        ("thirty-six thousand four hundred and five", "36405"),
        ("3.50 million or 3.5", "3500000 3.5"),
        ("one of them and no one, one civilian", ""),
        ("thousands of a few, p1s2, G7", ""),
        ("the second, the 2nd and the twenty-first", "2. 2. 21."),
        ("the 210 brigade and the 210th", "210 210."),
        ("On 23 August 2017, August 24, 2017 and 7 May", "8/23 2017 8/24 2017 5/7"),
        (
            "23 to 28 August, 1, 2 and 3 May, the 4th of June, June 5th",
            "8/23 8/28 5/1 5/2 5/3 6/4 6/5",
        ),
        ("2017-08-29, December 2016", "2017 8/29 2016"),
        ("in 12:30 and 20%", "12 30 20"),
        ("two’s meeting, a two-day visit", "2 2"),
        ("hundred dozen million", ""),
    ],
)
def test_numerals_and_words_come_out_the_same(text: str, expected: str) -> None:
    found = []
    for figure in figures(text):
        mark = {"number": "", "ordinal": ".", "date": ""}[figure.sort]
        found.append(figure.value.replace("-", "/") + mark)

    assert found == expected.split()


@given(st.integers(0, 999_999))
def test_every_number_is_found_in_its_own_numeral(number: int) -> None:
    for text in (f"{number}", f"{number:,}"):
        assert [figure.value for figure in figures(f"about {text} men")] == [str(number)]


@given(st.text(alphabet="0123, .-abtwohundrekmillion août\n", max_size=80) | st.text())
def test_any_text_may_be_searched(text: str) -> None:
    assert all(text[f.start : f.end] for f in figures(text))
