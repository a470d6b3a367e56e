"""Stored phrasings, word for word: the first of equal ones, and no other text of the same hash."""

from __future__ import annotations

from dataclasses import replace

from knowledge.model import Gap, QAPair
from knowledge.phrasings import Phrasings
from knowledge.text import phrasing_key
from tests import factories


def _of(*targets: QAPair | Gap) -> Phrasings:
    known = Phrasings()
    for target in targets:
        known.add(target)
    known.done()
    return known


def test_a_phrasing_leads_to_its_target_and_the_first_of_equal_ones_counts() -> None:
    one = factories.a_pair("one", "How many were hurt?", "Four.")
    two = replace(one, id="two", phrasings=("how many were hurt", "Who was hurt?"))
    known = _of(one, two)

    assert known.get(phrasing_key("How many were hurt, please?")) is one
    assert known.get(phrasing_key("who was hurt")) is two
    assert known.get(phrasing_key("Where was it?")) is None
    assert phrasing_key("Who was hurt?") in known
    assert len(known) == 3


class SameHash(str):
    """A text with the hash of another."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash("who was hurt")


def test_texts_of_one_hash_are_told_apart() -> None:
    pair = factories.a_pair("one", "Who was hurt?", "Four.")
    known = _of(pair)

    assert known.get("who was hurt") is pair
    assert known.get(SameHash("where was it")) is None


def test_no_phrasings_are_no_error() -> None:
    none = _of()
    assert none.get("who") is None
    assert len(none) == 0


def test_of_joined_ones_the_first_counts() -> None:
    one = factories.a_pair("one", "Who was hurt?", "Four.")
    two = replace(one, id="two", phrasings=("When was it?", "who was hurt"))
    three = replace(one, id="three", phrasings=("When was it?", "Why was it?"))

    known = Phrasings.joined([_of(one), _of(two, three)])

    assert known.get(phrasing_key("who was hurt?")) is one
    assert known.get(phrasing_key("when was it?")) is two
    assert known.get(phrasing_key("why was it?")) is three
    assert len(known) == 5
