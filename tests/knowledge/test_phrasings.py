"""Stored phrasings, word for word: the first of equal ones, and no other text of the same hash."""

from __future__ import annotations

from dataclasses import replace

from knowledge.phrasings import Phrasings
from knowledge.text import phrasing_key
from tests import factories


def test_a_phrasing_leads_to_its_target_and_the_first_of_equal_ones_counts() -> None:
    one = factories.a_pair("one", "How many were hurt?", "Four.")
    two = replace(one, id="two", phrasings=("how many were hurt", "Who was hurt?"))
    known = Phrasings([replace(factories.a_briefing(), pairs=(one, two))])

    assert known.get(phrasing_key("How many were hurt, please?")) is one
    assert known.get(phrasing_key("who was hurt")) is two
    assert known.get(phrasing_key("Where was it?")) is None
    assert phrasing_key("Who was hurt?") in known
    assert len(known) >= 3


class SameHash(str):
    """A text with the hash of another."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash("who was hurt")


def test_texts_of_one_hash_are_told_apart() -> None:
    pair = factories.a_pair("one", "Who was hurt?", "Four.")
    known = Phrasings([replace(factories.a_briefing(), pairs=(pair,))])

    assert known.get("who was hurt") is pair
    assert known.get(SameHash("where was it")) is None


def test_no_phrasings_are_no_error() -> None:
    none = Phrasings([replace(factories.a_briefing(), pairs=(), gaps=())])
    assert none.get("who") is None
    assert len(none) == 0
