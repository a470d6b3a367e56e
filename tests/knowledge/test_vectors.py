"""Vectors of few and of many texts: the nearest are found, in less room where there are many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sparse import Floats
from knowledge.vectors import MANY, Vectors, centroids


def some(count: int, spread: int) -> Floats:
    """*count* directions in 512 dimensions that vary in *spread* of them, the first ones most."""
    rng = np.random.default_rng(7)
    found = rng.standard_normal((count, spread), dtype=np.float32)
    found /= np.sqrt(np.arange(1, spread + 1, dtype=np.float32))
    turned = found @ rng.standard_normal((spread, 512), dtype=np.float32)
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    return np.asarray(turned, dtype=np.float32)


def test_of_few_all_is_exact() -> None:
    vectors = some(400, 300)
    kept = Vectors(vectors)
    exact = vectors @ vectors[7]

    near = kept.near(vectors[7], 10)
    assert set(near.tolist()) == set(np.argsort(-exact)[:10].tolist())
    cosines = kept.cosines(near, vectors[7])
    np.testing.assert_allclose(cosines, np.maximum(exact[near], 0), atol=1e-6)
    assert kept.best(vectors[7]) == pytest.approx(1)


def test_of_many_the_nearest_are_found_by_their_main_directions() -> None:
    vectors = some(MANY + 1_000, 200)
    kept = Vectors(vectors)
    found = 0
    for row in range(0, len(vectors), 1_000):
        exact = vectors @ vectors[row]
        near = kept.near(vectors[row], 50)
        found += len(set(near.tolist()) & set(np.argsort(-exact)[:10].tolist()))
        np.testing.assert_allclose(
            kept.cosines(near, vectors[row]), np.maximum(exact[near], 0), atol=0.01
        )
        assert row in near
    assert found >= 0.95 * 10 * len(range(0, len(vectors), 1_000))


@pytest.mark.parametrize("count", [1, 50, 51, 6_399, 6_500, 19_999])
def test_the_largest_are_found_whatever_their_number(count: int) -> None:
    row = np.zeros((count, 2), dtype=np.float32)
    row[:, 0] = np.random.default_rng(count).permutation(count)
    near = Vectors(row).near(np.array([1, 0], dtype=np.float32), 50)

    assert sorted(row[near, 0].tolist()) == list(range(max(0, count - 50), count))


def test_of_none_nothing_is_near() -> None:
    none = Vectors(np.zeros((0, 512), dtype=np.float32))

    assert len(none.near(np.ones(512, dtype=np.float32), 5)) == 0
    assert none.best(np.ones(512, dtype=np.float32)) == 0


@given(st.lists(st.integers(0, 4), max_size=8), st.integers(0, 2**16))
def test_a_centroid_points_where_the_mean_of_its_group_does(sizes: list[int], seed: int) -> None:
    """Groups stand one after another; of one without any it is zeros."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((sum(sizes), 8), dtype=np.float32)
    first = np.cumsum([0, *sizes])
    found = centroids(vectors, first)

    assert found.shape == (len(sizes), 8)
    assert found.dtype == np.float32
    for centroid, start, size in zip(found, first, sizes, strict=False):
        if not size:
            assert not centroid.any()
            continue
        mean = vectors[start : start + size].astype(np.float64).mean(axis=0)
        np.testing.assert_allclose(centroid, mean / np.linalg.norm(mean), atol=1e-4)


def test_what_points_in_opposite_directions_has_no_centroid_to_speak_of() -> None:
    pair = np.array([[1, 0], [-1, 0]], dtype=np.float32)

    assert np.linalg.norm(centroids(pair, np.array([0, 2]))) == 0
    assert centroids(np.zeros((0, 2), dtype=np.float32), np.array([0])).shape == (0, 2)
