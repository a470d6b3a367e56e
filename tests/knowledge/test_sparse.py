"""Packed rows beside the same in plain Python: dictionaries, sets and loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import sparse
from knowledge.cosines import Lists, counts
from knowledge.sparse import (
    LETTER_BUCKETS,
    Floats,
    Ids,
    Rows,
    among,
    letters,
    spans,
    sums,
    unique,
)

IDS = st.integers(0, 40)
ROWS = st.lists(st.lists(IDS, max_size=6, unique=True), max_size=8)
WORD = st.text(st.characters(blacklist_characters=" "), min_size=1, max_size=8)
TEXTS = st.lists(st.lists(WORD, max_size=4).map(" ".join), max_size=6)
KEYS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2**31 - 1)), max_size=40)


def pack(rows: list[list[int]]) -> Rows:
    """*rows* as the index packs them."""
    waiting = Lists()
    for row in rows:
        waiting.add(row)
    return waiting.packed()


def lists(rows: Rows) -> list[list[int]]:
    """*rows* as they are thought of."""
    pairs = zip(rows.starts[:-1], rows.starts[1:], strict=True)
    return [rows.ids[first:end].tolist() for first, end in pairs]


def hashed(sequence: str) -> int:
    """The number of a sequence of letters, one letter after the other."""
    number = 0
    for letter in sequence:
        number = (number * 0x01000193 + ord(letter)) % 2**32
    return number * 0x9E3779B1 % 2**32 >> 16


def plain(text: str) -> set[str]:
    """The sequences of 2 to 5 letters of each word of *text*, a space at either end of it.

    Words are what single spaces part; two spaces in a row have an empty word between them.
    """
    found = set()
    for word in text.split(" "):
        ends = f" {word} "
        found |= {
            ends[at : at + size] for size in range(2, 6) for at in range(len(ends) - size + 1)
        }
    return found


@given(ROWS)
def test_packed_rows_are_the_rows(rows: list[list[int]]) -> None:
    packed = pack(rows)

    assert len(packed) == len(rows)
    assert lists(packed) == rows


@given(ROWS, st.data())
def test_taken_rows_are_those_asked_for(rows: list[list[int]], data: st.DataObject) -> None:
    packed = pack(rows)
    number = st.integers(0, max(0, len(rows) - 1))
    wanted = data.draw(st.lists(number, max_size=5)) if rows else []
    at, owner = packed.take(np.array(wanted, dtype=np.int64))

    expected = [(place, i) for place, row in enumerate(wanted) for i in rows[row]]
    assert list(zip(owner.tolist(), packed.ids[at].tolist(), strict=True)) == expected


@given(ROWS)
def test_counts_are_of_rows(rows: list[list[int]]) -> None:
    counted = counts(pack(rows), 50)

    assert counted.tolist() == [sum(i in row for row in rows) for i in range(50)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=10))
def test_spans_are_ranges(intervals: list[tuple[int, int]]) -> None:
    first = np.array([a for a, _ in intervals], dtype=np.int64)
    at, owner = spans(first, first + np.array([n for _, n in intervals], dtype=np.int64))

    expected = [(k, i) for k, (a, n) in enumerate(intervals) for i in range(a, a + n)]
    assert list(zip(owner.tolist(), at.tolist(), strict=True)) == expected


@given(ROWS, st.data())
def test_sums_are_of_each_row(rows: list[list[int]], data: st.DataObject) -> None:
    packed = pack(rows)
    value = st.floats(-100, 100, width=32)
    size = len(packed.ids)
    values = np.array(data.draw(st.lists(value, min_size=size, max_size=size)), dtype=np.float32)

    expected = [
        sum(values[a:b].tolist())
        for a, b in zip(packed.starts[:-1].tolist(), packed.starts[1:].tolist(), strict=True)
    ]
    assert sums(packed, values) == pytest.approx(expected, abs=1e-3)


@given(ROWS, st.data())
def test_sums_of_some_rows_are_of_what_their_ids_are_worth(
    rows: list[list[int]], data: st.DataObject
) -> None:
    """In the order asked for, the same row twice where it is asked for twice; 0 of an empty one."""
    packed = pack(rows)
    worth = data.draw(st.lists(st.integers(-100, 100), min_size=41, max_size=41))
    number = st.integers(0, max(0, len(rows) - 1))
    wanted = data.draw(st.lists(number, max_size=8)) if rows else []

    def worth_of(ids: Ids) -> Floats:
        return np.array([worth[i] for i in ids.tolist()], dtype=np.float32)

    found = packed.sums(np.array(wanted, dtype=np.int64), worth_of)

    assert found.tolist() == [sum(worth[i] for i in rows[row]) for row in wanted]


def test_sums_of_empty_rows_only_are_nothing() -> None:
    def worthless(ids: Ids) -> Floats:
        raise AssertionError(ids)

    assert pack([[], [7], []]).sums(np.array([2, 0]), worthless).tolist() == [0, 0]


@given(st.lists(IDS, max_size=20), st.sets(IDS, max_size=8), st.booleans())
def test_among_tells_which_are_wanted(values: list[int], wanted: set[int], small: bool) -> None:
    whole = np.array(values, dtype=np.int32)
    ids: Ids = whole.astype(np.uint16) if small else whole
    found = among(ids, np.array(sorted(wanted), dtype=np.int64))

    assert found.dtype == np.bool_
    assert found.tolist() == [value in wanted for value in values]


@given(KEYS)
def test_unique_keeps_each_id_once_a_row_sorted(keys: list[tuple[int, int]]) -> None:
    owner = np.array([row for row, _ in keys], dtype=np.int64)
    ids = np.array([i for _, i in keys], dtype=np.int64)

    expected = [sorted({i for row, i in keys if row == number}) for number in range(8)]
    assert lists(unique(owner, ids, 8)) == expected


@given(TEXTS)
def test_letters_are_those_of_each_word(texts: list[str]) -> None:
    expected = [sorted({hashed(sequence) for sequence in plain(text)}) for text in texts]

    assert lists(letters(texts)) == expected


@given(TEXTS, TEXTS)
def test_letters_of_a_text_do_not_depend_on_its_neighbours(
    texts: list[str], others: list[str]
) -> None:
    alone = [row for text in texts for row in lists(letters([text]))]

    assert lists(letters([*others, *texts]))[len(others) :] == alone
    assert lists(letters([*texts, *others]))[: len(texts)] == alone


@given(TEXTS)
def test_letters_do_not_depend_on_how_many_are_cut_at_a_time(texts: list[str]) -> None:
    whole = lists(letters(texts))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sparse, "_CHUNK", 2)
        assert lists(letters(texts)) == whole


@given(WORD, WORD)
def test_no_sequence_crosses_a_word(one: str, two: str) -> None:
    [together, first, second] = lists(letters([f"{one} {two}", one, two]))

    assert set(together) == set(first) | set(second)


def test_letters_fit_their_buckets() -> None:
    found = letters(["", "a", "the opening hours", "متى تفتح", "\ud800", "𝔸𝔹"])

    assert len(found) == 6
    assert found.ids.dtype == np.uint16
    assert counts(found, LETTER_BUCKETS).shape == (LETTER_BUCKETS,)
    assert len(letters([])) == 0
