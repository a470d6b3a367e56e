"""What hits and "nothing of these" win of a question by weighing what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from knowledge import Library, confidence
from knowledge.confidence import Candidate, Weights, weigh, weights
from knowledge.features import Features
from knowledge.model import Gap
from tests.knowledge.toy import Toy

QUESTIONS = ("How much will the barrier cost?", "Who votes and who builds the wall?", "the salmon")


@pytest.fixture(scope="module")
def meant(town: Library) -> Library:
    """The town with an encoder."""
    return Library(town.briefings, encoder=Toy())


def weighed(library: Library, text: str) -> dict[str, Candidate]:
    """The candidates of *text*, by the id of their target."""
    read = library.understanding.read(text)
    found = weigh(library, read, library.index.search(read, 30))
    assert [c.share for c in found] == sorted((c.share for c in found), reverse=True)
    return {c.hit.target.id: c for c in found}


def without(used: Mapping[str, float], *names: str) -> dict[str, float]:
    """The weights *used*, those of *names* at nothing."""
    assert {*names} <= {*used}
    return {name: 0.0 if name in names else weight for name, weight in used.items()}


CHANGES: dict[str, Callable[[Weights], Weights]] = {
    "hit": lambda used: replace(used, hit=without(used.hit, "centroid")),
    "gap": lambda used: replace(used, hit=without(used.hit, "gap: centroid")),
    "nothing": lambda used: replace(used, nothing=without(used.nothing, "centroid")),
    "nothing, of gaps": lambda used: replace(used, nothing=without(used.nothing, "gap: centroid")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_centroids_weigh_counts_where_there_is_an_encoder(
    town: Library, meant: Library, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [weighed(meant, text) for text in QUESTIONS]
    plain = [weighed(town, text) for text in QUESTIONS]

    def changed(meaning: bool) -> Weights:
        return CHANGES[change](weights(meaning))

    monkeypatch.setattr(confidence, "weights", changed)

    apart: list[float] = []
    for text, was, was_plain in zip(QUESTIONS, before, plain, strict=True):
        now = weighed(meant, text)
        assert weighed(town, text) == was_plain
        assert now.keys() == was.keys()
        apart += [abs(now[id_].share / was[id_].share - 1) for id_ in was]
    assert max(apart) > 1e-2


@pytest.mark.parametrize("share", [0.02, 0.3, 1.0])
def test_what_won_of_the_whole_message_gains_on_what_did_not(town: Library, share: float) -> None:
    """Against all others by the same factor: 1 for nothing won, and ever less for more."""
    read = town.understanding.read("Who votes and what will the wall cost?")
    hits = [h for h in town.index.search(read, 30) if not isinstance(h.target, Gap)]
    was = {c.hit.target.id: c for c in weigh(town, read, hits)}
    now = {c.hit.target.id: c for c in weigh(town, read, hits, won={"barrier-cost": share})}

    assert len(was) > 2
    assert now["barrier-cost"].confidence > was["barrier-cost"].confidence
    for id_, other in was.items():
        if id_ != "barrier-cost":
            before = was["barrier-cost"].share / other.share
            gained = now["barrier-cost"].share / now[id_].share / before
            assert gained == pytest.approx((1 + share / 0.02) ** 0.5)


@pytest.mark.parametrize("won", [None, {}, {"no-such-item": 0.9}])
def test_where_nothing_was_won_nothing_is_gained(
    town: Library, won: Mapping[str, float] | None
) -> None:
    read = town.understanding.read(QUESTIONS[1])
    hits = town.index.search(read, 30)

    assert weigh(town, read, hits, won=won) == weigh(town, read, hits)


def test_hits_gaps_and_nothing_share_the_question(meant: Library) -> None:
    for text in QUESTIONS:
        read = meant.understanding.read(text)
        hits = meant.index.search(read, 30)
        found = weigh(meant, read, hits)
        shares = sum(c.share for c in found)
        gaps = [c for c in found if isinstance(c.hit.target, Gap)]

        assert 0 < shares < 1
        for gap in gaps:
            refused = 1 - shares + sum(c.share for c in gaps)
            assert gap.confidence == pytest.approx(refused, abs=1e-4)


def test_every_weight_is_of_something_that_is_known(town: Library) -> None:
    """A weight that no feature has would count for nothing, and nobody would see it."""
    read = town.understanding.read(QUESTIONS[0])
    hits = town.index.search(read)
    known = Features(town, read, hits)
    for used in map(weights, (False, True)):
        assert {*used.hit} == {*known.of_hits()}
        assert {*used.nothing} == {*known.of_nothing()}
        shares = confidence.softmax(known.of_hits()["score"])
        padded = [*shares.tolist(), 0.0]
        assert {*used.right} == {*known.of_winners(np.array(padded))}
