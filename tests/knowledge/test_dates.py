"""Dates that readers write, in four languages, and whether a store tells of them."""

from __future__ import annotations

import pytest

from knowledge import Library
from knowledge.dates import Date, dates_in
from knowledge.text import fold


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 3 March 2021", [((2021, 3, 3),)]),
        ("March 3rd, or the 4th of March", [((None, 3, 3),), ((None, 3, 4),)]),
        ("in 2019", [((2019, None, None),)]),
        ("le 1er août 2022", [((2022, 8, 1),)]),
        ("il 4 maggio", [((None, 5, 4),)]),
        ("في 5 سبتمبر 2023", [((2023, 9, 5),)]),
        ("05/06/2022", [((2022, 6, 5), (2022, 5, 6))]),
        ("2022-06-05", [((2022, 6, 5),)]),
        ("77 days and 3 nights", []),
    ],
)
def test_dates_are_found_in_each_language(text: str, dates: list[tuple[Date, ...]]) -> None:
    assert dates_in(fold(text)) == dates


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ((2021, 3, 3), True),
        ((None, 3, 3), True),
        ((1998, 12, None), True),
        ((None, 12, 24), True),
        ((None, 3, 9), False),
        ((2022, None, None), False),
        ((2022, 3, 3), False),
    ],
)
def test_a_date_is_told_where_nothing_that_is_said_of_it_differs(
    town: Library, date: Date, told: bool
) -> None:
    """The briefing is of a vote on 3 March 2021, and of a plan of December 1998."""
    assert town.understanding.told.date(date) is told
