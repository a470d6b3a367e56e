"""When calls are kept back and editions held, and when they are not."""

from __future__ import annotations

import random
import time

import pytest

from bot.circuit import (
    AMONG,
    BROKEN,
    LONGEST_PROBE,
    PROBE,
    PROBE_TOKEN,
    REFUSALS,
    UNSURE,
    Breaker,
    Circuit,
)
from bot.model import NotFound, Refused, Rejected, Result, Sent, TooMany, Unfit, Unknown, Unsent

LOST, AWAY, TAKEN = Unknown("502"), Unsent("ConnectError"), Sent(1)


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The time that the circuit goes by."""
    found = Time()
    monkeypatch.setattr(time, "monotonic", found)
    return found


def is_open(circuit: Circuit) -> bool:
    """What changes between two looks."""
    return circuit.open


def pauses(circuit: Circuit, clock: Time, result: Result, probes: int) -> list[float]:
    """How long the circuit waits before each probe, all of which come to *result*."""
    found = []
    for _ in range(probes):
        begun = clock.at
        while not circuit.may_ask:
            clock.at += 0.5
        found.append(clock.at - begun)
        circuit.note(result)
    return found


def test_calls_of_unknown_end_in_a_row_open_it_and_the_first_answer_closes_it(clock: Time) -> None:
    circuit = Circuit()
    for _ in range(UNSURE - 1):
        circuit.note(LOST)
        assert not circuit.open
    circuit.note(LOST)
    assert circuit.open
    assert not circuit.may_ask
    for _ in range(30):
        circuit.note(LOST)  # they were under way when it opened
    assert pauses(circuit, clock, LOST, 9) == [1, 2, 4, 8, 16, 32, 60, 60, LONGEST_PROBE]
    circuit.note(TAKEN)
    assert not is_open(circuit)
    for _ in range(UNSURE):
        circuit.note(LOST)
    assert pauses(circuit, clock, LOST, 1) == [PROBE]


def test_a_refusal_is_an_answer(clock: Time) -> None:
    for word in (NotFound("x"), Refused("x"), Unfit("x"), TooMany(3)):
        circuit = Circuit()
        for _ in range(UNSURE):
            circuit.note(LOST)
        circuit.note(word)
        assert not circuit.open


def test_one_in_twenty_does_not_open_it() -> None:
    for seed in range(20):
        chance, circuit = random.Random(seed), Circuit()
        for _ in range(10_000):
            circuit.note(LOST if chance.random() < 0.05 else TAKEN)
            assert not circuit.open


def test_nobody_there_opens_it_at_once_and_is_asked_each_second(clock: Time) -> None:
    circuit = Circuit()
    circuit.note(AWAY)
    assert pauses(circuit, clock, AWAY, 4) == [PROBE] * 4
    circuit.note(Rejected())
    assert pauses(circuit, clock, AWAY, 1) == [PROBE_TOKEN]


def outcomes(edition: int, *results: Result) -> list[str | None]:
    """What a breaker says after each."""
    breaker = Breaker()
    return [breaker.broken(edition, result) for result in results]


def test_content_that_cannot_be_read_breaks_after_a_few_calls_however_far_apart() -> None:
    calls: list[Result] = [Unfit("can't parse"), *[TAKEN] * 100] * BROKEN
    said = outcomes(1, *calls)
    assert [n for n, why in enumerate(said) if why] == [101 * (BROKEN - 1)]


def test_refusals_break_when_they_are_many_of_few() -> None:
    refused = Refused("SOMETHING_NEW")
    spread: list[Result] = [refused, *[TAKEN] * 12] * 20  # four in any fifty
    assert not any(outcomes(1, *spread))
    close: list[Result] = [refused, *[TAKEN] * 11] * REFUSALS  # five in 49
    assert [why for why in outcomes(1, *close) if why] == ["SOMETHING_NEW"]


def test_lost_calls_do_not_thin_refusals_out_and_editions_are_apart() -> None:
    refused, breaker = Refused("x"), Breaker()
    for _ in range(REFUSALS - 1):
        assert breaker.broken(1, refused) is None
        for call in (LOST, AWAY) * AMONG:
            assert breaker.broken(1, call) is None
    assert breaker.broken(2, refused) is None
    assert breaker.broken(1, refused) == "x"
    breaker.reset()
    assert breaker.broken(1, refused) is None
