"""The hour that a reader writes: what is taken, and what is never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import clock, hour_of, split


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("7:30", "07:30"), ("7.30", "07:30"), ("0730", "07:30"), ("730", "07:30"),
        ("7 30", "07:30"), ("8 pm", "20:00"), ("8pm", "20:00"), ("8 P.M.", "20:00"),
        ("8 a. m.", "08:00"), ("12 am", "00:00"), ("12 pm", "12:00"), ("8h", "08:00"),
        ("8h30", "08:30"), ("8 H 30", "08:30"), ("20", "20:00"), ("8", "08:00"),
        ("24:00", "00:00"), ("noon", "12:00"), ("Midnight", "00:00"), ("midi", "12:00"),
        ("minuit", "00:00"), ("at 8", "08:00"), ("à 8h", "08:00"), ("8 o'clock", "08:00"),
        ("8 o’clock", "08:00"), ("8 heures du soir", "20:00"), ("8 in the evening", "20:00"),
        ("٨:٣٠", "08:30"), ("٨", "08:00"), ("۸:۳۰", "08:30"), ("１９：３０", "19:30"),
        ("الساعة ٨ مساءً", "20:00"), ("٨ صباحا", "08:00"), ("ظهراً", "12:00"), ("7:30.", "07:30"),
    ],
)  # fmt: skip
def test_an_hour_is_read_as_people_write_it(text: str, shown: str) -> None:
    minute = hour_of(text)
    assert minute is not None
    assert clock(minute) == shown


@pytest.mark.parametrize(
    "text",
    ["", " ", "25:00", "12:75", "13 pm", "0 am", "7:3", "noonish", "8 apples", "1e3", "-8",
     "8:00:00", "1234567", "٨٨", "99", "2500", "8.30.1", "²", "½", "8 pm pm", "half past eight",
     "When was it opened?", "8" * 5000],
)  # fmt: skip
def test_nonsense_is_no_hour(text: str) -> None:
    assert hour_of(text) is None


@given(st.text())
def test_any_text_is_an_hour_of_the_day_or_none(text: str) -> None:
    minute = hour_of(text)
    assert minute is None or 0 <= minute < 24 * 60


@given(st.integers(0, 24 * 60 - 1))
def test_what_is_shown_can_be_written(minute: int) -> None:
    assert hour_of(clock(minute)) == minute


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("", (None, "")),
        ("7:30", (450, "")),
        ("7:30 Oslo", (450, "Oslo")),
        ("8 pm New York", (1200, "New York")),
        ("8 30 Oslo", (510, "Oslo")),
        ("noon in Rome, Italy", (720, "Rome, Italy")),
        ("8 in the evening Rome", (1200, "Rome")),
        ("New York", (None, "New York")),
        ("25:00", (None, "25:00")),
    ],
)
def test_an_hour_and_a_place_in_one_line(argument: str, found: tuple[int | None, str]) -> None:
    assert split(argument) == found
