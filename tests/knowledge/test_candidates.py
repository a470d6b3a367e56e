"""Candidates by their terms: what shares one is found, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.candidates import Candidates

ROWS = (
    ("cost", "barrier", "?how"),
    ("open", "~harbour", "@port"),
    ("cost", "open", "ferry"),
    (),
    ("cost",),
    ("cost", "ticket", "ferry"),
)
TERM = st.sampled_from(("cost", "open", "@port", "~ship", "?when", "12", "القاهره", "é"))


@pytest.fixture(scope="module")
def candidates() -> Candidates:
    return Candidates(ROWS)


def found(candidates: Candidates, limit: int = 10, **asked: float) -> list[int]:
    return list(candidates.find(asked, limit).tolist())


def test_rows_are_found_by_their_terms(candidates: Candidates) -> None:
    assert found(candidates, barrier=1) == [0]
    assert sorted(found(candidates, ferry=1)) == [2, 5]
    assert sorted(found(candidates, cost=1)) == [0, 2, 4, 5]


@pytest.mark.parametrize("term", ["@port", "~harbour"])
def test_a_term_is_one_whatever_its_signs(term: str, candidates: Candidates) -> None:
    assert candidates.find({term: 1.0}, 10).tolist() == [1]
    assert candidates.find({term[1:]: 1.0}, 10).tolist() == []


def test_who_shares_more_and_rarer_terms_comes_first(candidates: Candidates) -> None:
    assert found(candidates, cost=1, barrier=1)[0] == 0
    assert found(candidates, cost=1, ferry=1, ticket=1)[0] == 5


def test_weights_matter(candidates: Candidates) -> None:
    assert found(candidates, barrier=5, open=0.1)[0] == 0
    assert found(candidates, barrier=0.1, open=5)[-1] == 0


def test_no_more_than_the_limit_and_those_the_best(candidates: Candidates) -> None:
    for limit in range(1, 5):
        best = found(candidates, limit, cost=1, ferry=2)
        assert best == found(candidates, cost=1, ferry=2)[:limit]
        assert len(best) == limit


def test_unknown_terms_find_nothing_and_change_nothing(candidates: Candidates) -> None:
    assert found(candidates, salmon=1) == []
    assert found(candidates, Cost=1) == []
    assert candidates.find({}, 10).tolist() == []
    assert found(candidates, cost=1, salmon=3) == found(candidates, cost=1)


@pytest.mark.parametrize("term", ["", " ", "cost barrier", "co*", "cost^2", "-cost", "\0", '"'])
def test_a_term_is_no_query(term: str, candidates: Candidates) -> None:
    assert candidates.find({term: 1.0}, 10).tolist() == []


@pytest.mark.parametrize("rows", [(), ((),), ((), ())])
def test_where_nothing_is_stored_nothing_is_found(rows: tuple[tuple[str, ...], ...]) -> None:
    assert Candidates(rows).find({"cost": 1.0}, 10).tolist() == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(TERM, max_size=5), max_size=8),
    st.dictionaries(TERM, st.floats(0.125, 5, width=32), max_size=4),
)
def test_all_that_share_a_term_are_found_and_no_others(
    rows: list[list[str]], asked: dict[str, float]
) -> None:
    expected = [number for number, row in enumerate(rows) if set(row) & set(asked)]
    first = Candidates(rows).find(asked, 20).tolist()

    assert sorted(first) == expected
    assert Candidates(rows).find(asked, 20).tolist() == first
