"""Payloads: they come back as they went, fit everywhere, and nothing foreign gets through."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import buttons, zones
from bot.buttons import Open, Payload, Setting, Show, Step, Unsubscribe
from knowledge.model import MAX_BRIEFING_ID, MAX_ID, is_id
from tests.factories import BRIEFING, a_claim, a_pair, an_entity, linked


def ids(longest: int) -> st.SearchStrategy[str]:
    """Ids of any length up to *longest*, the longest among them."""
    return st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).map(
        lambda text: text[:longest].rstrip("-")
    ) | st.just("z" * longest)


shows = st.builds(Show, st.sampled_from(get_args(buttons.Kind)), ids(MAX_BRIEFING_ID), ids(MAX_ID))
contents: st.SearchStrategy[Show | Open] = shows | st.builds(Open, st.none() | ids(MAX_BRIEFING_ID))
regions = st.tuples(st.sampled_from(sorted(zones.regions())), st.integers(0, 9))
settings = st.builds(
    Setting,
    st.sampled_from(get_args(Step)),
    st.none() | st.integers(0, 1439),
    st.just("") | st.sampled_from(sorted(zones.names())),
    st.just("") | st.integers(1, 127).map(str) | regions.map(lambda part: f"{part[0]}.{part[1]}"),
)
payloads: st.SearchStrategy[Payload] = contents | settings | st.just(Unsubscribe())


@given(payloads)
def test_a_button_comes_back_and_fits(payload: Payload) -> None:
    data = buttons.encode(payload)
    assert buttons.decode(data) == payload
    assert 1 <= len(data.encode()) <= buttons.MAX_BYTES


@given(contents)
def test_a_deep_link_comes_back_and_fits(payload: Payload) -> None:
    text = linked(payload)
    assert buttons.from_start(text) == payload
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text)


@given(settings | st.just(Unsubscribe()))
def test_no_link_changes_anything(payload: Payload) -> None:
    assert buttons.from_start(linked(payload)) is None


@given(st.text() | st.text("qecbsuyesopnday:_-0az+./", max_size=70))
def test_any_text_decodes_to_a_payload_or_to_none(text: str) -> None:
    found = buttons.decode(text)
    if found is not None:
        assert buttons.encode(found) == text
    opened = buttons.from_start(text)
    if opened is not None:
        assert linked(opened) == text


@given(payloads, st.text(min_size=1, max_size=5), st.integers(0, 80))
def test_a_meddled_button_is_never_an_error(payload: Payload, more: str, at: int) -> None:
    data = buttons.encode(payload)
    found = buttons.decode(data[:at] + more + data[at:])
    if isinstance(found, Show | Open):
        assert found.briefing is None or is_id(found.briefing, MAX_BRIEFING_ID)
    assert found is None or len(buttons.encode(found)) <= buttons.MAX_BYTES + len(more)


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "q",
        "q:a",
        "q:a:",
        "q::b",
        "Q:a:b",
        "x:a:b",
        "q:a:b:c",
        "q:a:b\n",
        " q:a:b",
        "q:A:b",
        "q:a:b_c",
        "q:a:é",
        "q:a:٣",
        f"q:{'a' * 27}:b",
        f"q:a:{'b' * 33}",
        "b:a:b",
        "u:",
        "U",
        "s",
        "s:yes",
        "s:yes:480:Europe/Oslo",
        "s:nothing:::",
        "s:set:1440::",
        "s:set:-1::",
        "s:set:+1::",
        "s:set:01::",
        "s:set:٣::",
        "s:set::Europe Oslo:",
        "s:set:::a b",
        "s:set::::",
        "q_a_b",
        "\ud800",
    ],
)
def test_old_foreign_and_forged_buttons_are_none(data: str) -> None:
    assert buttons.decode(data) is None


@pytest.mark.parametrize("text", ["", "q:a:b", "q_a", "q_a_b_c", "q_a_" + "b" * 61, "ref-123"])
def test_old_foreign_and_forged_links_are_none(text: str) -> None:
    assert buttons.from_start(text) is None


def test_a_payload_with_a_bad_id_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="not an id"):
        Show("q", BRIEFING, "No Id")
    with pytest.raises(ValueError, match="not an id"):
        Open("../../etc")
    with pytest.raises(ValueError, match="no kind"):
        Show("x", BRIEFING, "toll")  # type: ignore[arg-type]


def test_a_setting_that_cannot_be_written_cannot_be_built() -> None:
    for wrong in ({"minute": 1440}, {"minute": -1}, {"zone": "a:b"}, {"value": "x" * 15}):
        with pytest.raises(ValueError, match="no setting"):
            Setting("set", **wrong)
    with pytest.raises(ValueError, match="no setting"):
        Setting("fly")  # type: ignore[arg-type]


def test_what_is_under_old_messages_stays_readable() -> None:
    """Buttons are as old as messages: what was once written here must lead where it led."""
    assert buttons.decode("u") == Unsubscribe()
    assert buttons.decode("s:yes:480:Europe/Oslo:") == Setting("yes", 480, "Europe/Oslo")
    assert buttons.decode("s:set:::") == Setting("set")
    assert buttons.decode("s:days:::31") == Setting("days", value="31")
    assert buttons.decode("s:region:::Europe.0") == Setting("region", value="Europe.0")


def test_each_sort_of_item_has_its_letter() -> None:
    items = (a_pair("a"), an_entity("b"), a_claim("c"))
    assert [buttons.encode(Show.of(item)) for item in items] == [
        f"q:{BRIEFING}:a",
        f"e:{BRIEFING}:b",
        f"c:{BRIEFING}:c",
    ]
