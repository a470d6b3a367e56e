"""Candidates and scores: what must hold of them whatever the ranking."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Library, index, vectors
from knowledge.documents import texts_to
from knowledge.hit import Hit
from knowledge.load import load_briefing
from knowledge.model import Entity, Gap, QAPair
from knowledge.sparse import Floats
from tests.conftest import HARBOUR
from tests.knowledge.toy import Toy

QUESTIONS = (
    "How much will the barrier cost?",
    "barrier cost",
    "was the vote unanimous, and who was against?",
    "which firm builds the wall",
    "salmon",
    "Calder said what about the councillors?",
)
ODD = (
    "AND",
    "barrier AND cost OR NOT vote",
    "NEAR(barrier cost, 2)",
    "barrier*",
    "^barrier",
    "terms:barrier",
    "{terms} : barrier",
    "-barrier +cost",
    '"',
    '"barrier',
    'barrier" OR "cost',
    "(((barrier",
    "barrier)",
    "'; DROP TABLE text; --",
    "\0",
    "barrier\0cost",
    "?!…,;:()[]{}",
    "🙂🙂🙂",
    "barrier 🙂",
    "@marrowby ~barrier ?when",
    "\ud800 barrier",
    "\u202ebarrier",
    "باريير",
    "１２",
    "²",
    "a" * 4_000,
    "barrier " * 500,
    "1" * 4_400,
    "٣" * 4_400,
    "," * 4_000,
)


def search(library: Library, text: str, limit: int = 12) -> tuple[Hit, ...]:
    """The hits of *text* in *library*."""
    return library.index.search(library.understanding.read(text), limit=limit)


def check(hits: tuple[Hit, ...]) -> None:
    """Nothing; *hits* are what any search gives."""
    scores = [hit.score for hit in hits]
    assert all(a >= b - 1e-6 for a, b in pairwise(scores)), "best first"
    targets = [(hit.target.briefing, type(hit.target), hit.target.id) for hit in hits]
    assert len(targets) == len(set(targets)), "each target once"
    for hit in hits:
        assert 0 <= hit.score <= 1 + 1e-9
        assert -1e-9 <= hit.coverage <= 1 + 1e-9
        assert hit.text


@pytest.mark.parametrize("text", QUESTIONS)
def test_hits_come_best_first_each_target_once_scored_within_bounds(
    town: Library, text: str
) -> None:
    hits = search(town, text)

    assert hits
    check(hits)


def test_the_shipped_briefings_keep_the_same_promises(libya: Library) -> None:
    pairs = libya.newest.pairs
    for pair in pairs[:: max(1, len(pairs) // 25)]:
        hits = search(libya, pair.phrasings[-1], limit=16)

        check(hits)
        assert any(hit.target is pair for hit in hits), pair.phrasings[-1]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_search_is_deterministic(town: Library, text: str) -> None:
    """Neither asking before nor building anew changes what is found."""
    again = Library(town.briefings, town.smalltalk)
    for other in reversed(QUESTIONS):
        search(again, other)

    assert search(again, text) == search(town, text) == search(town, text)


@pytest.mark.parametrize("limit", [0, 1, 3, 100])
def test_the_limit_cuts_the_end(town: Library, limit: int) -> None:
    assert search(town, "barrier cost vote", limit) == search(town, "barrier cost vote", 50)[:limit]


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:20]))
def test_no_query_is_too_odd(town: Library, text: str) -> None:
    check(search(town, text))


@given(
    st.text(max_size=60) | st.text(st.sampled_from('barie cost*^:()"-+~@?{}\0ANDORT'), max_size=40)
)
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_searched_for(town: Library, text: str) -> None:
    check(search(town, text))


@pytest.mark.parametrize("text", ["What happened at the vote?", "the attack"])
def test_of_what_scores_far_behind_the_best_only_few_are_hits(
    libya: Library, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked in (text, libya.newest.pairs[0].phrasings[0]):
        with monkeypatch.context() as patch:
            patch.setattr(index, "_FAR", 1.0)
            all_hits = search(libya, asked, limit=30)
        near = [hit for hit in all_hits if hit.score >= all_hits[0].score - index._FAR]

        assert index._RIVALS <= len(search(libya, asked, limit=30)) <= max(len(near), index._RIVALS)
        assert len(search(libya, asked, limit=3)) == 3


@pytest.mark.parametrize("text", ["qzxv wqjk", "zzzz", "🙂", "", "?", "who", "and what of it"])
def test_what_the_store_has_no_word_of_finds_nothing(town: Library, text: str) -> None:
    assert search(town, text) == ()


def test_a_phrasing_of_the_store_comes_first_for_itself(town: Library) -> None:
    briefing = town.newest
    targets: tuple[QAPair | Gap, ...] = (*briefing.pairs, *briefing.gaps)
    for target in targets:
        top = search(town, target.phrasings[0])[0]

        assert top.target is target
        assert top.by_words == pytest.approx(1)
        assert top.coverage == pytest.approx(1)
        assert top.unexplained == ()


def test_what_a_target_does_not_explain_is_named(town: Library) -> None:
    top = search(town, "When did the council of Oslo vote?")[0]

    assert "oslo" in top.unexplained
    assert top.coverage < 1


def test_a_rare_term_weighs_more_than_a_common_one(town: Library) -> None:
    index = town.index

    assert index.weight("unanim") > index.weight("~barrier") > 0
    assert index.weight("zymurgy") > 0


def test_gaps_and_claims_are_found_and_entities_left_to_the_names(town: Library) -> None:
    assert any(isinstance(hit.target, Gap) for hit in search(town, "which firm builds it"))
    for text in QUESTIONS:
        assert not any(isinstance(hit.target, Entity) for hit in search(town, text))


def test_targets_of_several_briefings_stand_side_by_side(town: Library) -> None:
    both = Library([*town.briefings, load_briefing(HARBOUR)], ())
    hits = search(both, "Who said that the pier would harm the salmon?")

    check(hits)
    assert {hit.target.briefing for hit in hits} == {b.id for b in both.briefings}


def test_a_text_that_asks_for_another_kind_of_thing_is_told_from_one_that_asks_for_it() -> None:
    library = Library((load_briefing(HARBOUR),))
    hits = {
        hit.target.id: hit for hit in search(library, "On what date was the lighthouse opened?")
    }
    when, who = hits["lighthouse-when"], hits["lighthouse-opened"]
    assert (when.same_kind, when.other_kind, when.unheard) == (True, False, False)
    assert (who.same_kind, who.unheard) == (False, True)
    assert when.alike > 0 == who.alike
    assert when.alike <= when.score


def test_where_no_kind_is_asked_texts_without_a_question_word_are_alike() -> None:
    library = Library((load_briefing(HARBOUR),))
    hit = next(h for h in search(library, "lighthouse price") if h.target.id == "lighthouse-cost")
    assert hit.alike > 0
    assert (hit.same_kind, hit.other_kind, hit.unheard) == (False, False, False)


def direction(found: Floats) -> Floats:
    """Where the mean of vectors points."""
    mean = found.astype(np.float64).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


@pytest.mark.parametrize(("many", "off"), [(vectors.MANY, 1e-5), (10, 1e-5), (3, 2e-3)])
@pytest.mark.parametrize(
    "text", [*QUESTIONS, "Wehre is the cuoncil's vote?", "they pay the builder for the day"]
)
def test_a_hit_knows_its_cosine_with_the_mean_of_all_that_leads_to_it(
    town: Library, text: str, many: int, off: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond so *many*, in half precision; the texts are more than ten, the targets than three."""
    monkeypatch.setattr(vectors, "MANY", many)
    toy = Toy()
    library = Library(town.briefings, encoder=toy)
    read = library.understanding.read(text)
    meant = direction(toy.encode(read.sought))
    hits = library.index.search(read, limit=50)

    assert len(hits) > 3
    for hit in hits:
        own = direction(toy.stored(texts_to(hit.target)))
        assert hit.centroid == pytest.approx(max(0.0, own @ meant), abs=off), hit.target.id
    assert any(0 < hit.centroid < 0.99 for hit in hits)


def test_without_an_encoder_no_hit_has_a_centroid(town: Library) -> None:
    assert {hit.centroid for text in QUESTIONS for hit in search(town, text)} == {0.0}
