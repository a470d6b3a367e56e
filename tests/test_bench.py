"""What the measuring programs print is what they measured; ties flatter nobody."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests import bench, scale
from tests.archive import archive
from tests.rivals import OTHERS, Ranking, by_fts5, by_keywords

STORE = {
    "opening": ("When does the library open?", "opening hours of the library"),
    "card": ("How do I get a library card?", "How much is a reader's card?"),
    "fine": ("What is the fine for a late book?",),
    "pets": ("May I bring my dog into the reading room?",),
}
QUERIES = (
    ("when does the libary open", "opening"),
    ("price of a reader's card", "card"),
    ("fine for late books", "fine"),
    ("can I bring a dog into the reading room", "pets"),
    ("Who won the boat race?", None),
    ("How deep is the lake?", None),
)


def a_set(
    folder: Path,
    queries: Sequence[tuple[str, str | None]] = QUERIES,
    store: Mapping[str, Sequence[str]] = STORE,
) -> Path:
    """A matching set in *folder*, which is made."""
    folder.mkdir()
    entries = [{"id": id_, "phrasings": phrasings} for id_, phrasings in store.items()]
    asked = [{"q": text, "id": id_} for text, id_ in queries]
    for name, rows in (("store", entries), ("queries", asked)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _every_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests keep the cores that a measuring program gives up."""
    monkeypatch.setattr("os.sched_setaffinity", lambda *_: None)


def test_every_method_stands_in_one_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main([str(a_set(tmp_path / "desk"))]) == 0

    said = capsys.readouterr().out
    assert "desk: 4 entries, 6 phrasings; 4 questions in scope, 2 out of it" in said
    rows = {line[:17].strip(): line[17:].split() for line in said.splitlines() if line[24:25]}
    assert {"ours", *OTHERS} <= set(rows)
    assert rows["ours"][0] == "1.000"
    assert all(len(rows[name]) == 8 for name in ("ours", *OTHERS))


def test_a_set_without_questions_out_of_scope_leaves_three_figures_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.main([str(a_set(tmp_path / "inside", QUERIES[:4]))])

    ours = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("ours "))
    assert ours.split()[1:7] == ["1.000", "1.000", "1.000", "-", "-", "-"]


def test_a_floor_decides_what_the_program_returns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = str(a_set(tmp_path / "desk"))

    assert bench.main([desk, "--floor", "desk:accuracy=1", "--floor", "desk:mrr=0.9"]) == 0
    impossible = [*QUERIES[:4], ("when does the libary open", "pets")]
    hard = str(a_set(tmp_path / "hard", impossible))
    assert bench.main([desk, hard, "--floor", "hard:accuracy=0.81"]) == 1
    assert "hard: accuracy 0.800, at least 0.81" in capsys.readouterr().out
    assert bench.main([hard, "--floor", "hard:auroc=0.1"]) == 1
    assert "hard: auroc not measured, at least 0.1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "floor", ["desk:accuracy", "desk:speed=1", "other:mrr=0.5", "desk:mrr=1.2.3"]
)
def test_a_floor_that_means_nothing_is_refused(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        bench.main([str(a_set(tmp_path / "desk")), "--floor", floor])

    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def made(target: str, venv: Path, *variables: str) -> subprocess.CompletedProcess[str]:
    """`make` of *target*, where `python` prints what it is called with; nothing is installed."""
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    python.chmod(0o700)
    for stage in ("python", "run", "test"):
        (venv / f"{stage}.done").touch()
    return subprocess.run(
        ["make", "--no-print-directory", target, f"VENV={venv}", *variables],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")},
    )


def test_make_without_sets_says_what_to_name(tmp_path: Path) -> None:
    done = made("bench", tmp_path / "venv")

    assert done.returncode == 2
    assert done.stdout == ""
    assert 'make bench SETS="folder folder"' in done.stderr
    assert "CONTRIBUTING.md" in done.stderr


@pytest.mark.parametrize(
    ("target", "variable", "called"),
    [
        ("bench", "SETS=one two", "-m tests.bench one two"),
        ("scale", "SIZES=1000,10000", "-m tests.scale --sizes 1000,10000"),
        ("scale", "SIZES=", "-m tests.scale --limits"),
    ],
)
def test_make_hands_on_what_is_to_be_measured(
    tmp_path: Path, target: str, variable: str, called: str
) -> None:
    done = made(target, tmp_path / "venv", variable)

    assert (done.returncode, done.stdout) == (0, f"{called}\n"), done.stderr


def test_a_question_whose_answer_is_not_stored_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not in the store: bees"):
        bench.read(a_set(tmp_path / "set", [("Who keeps the bees?", "bees")]))


def test_figures_are_counted_by_hand(tmp_path: Path) -> None:
    rankings: dict[str, Ranking] = {
        "first": [("opening", 0.9), ("card", 0.2)],
        "second": [("card", 0.8), ("opening", 0.1)],
        "absent": [("card", 0.7)],
        "nothing": [],
        "stranger": [("card", 0.85)],
    }
    asked = [(text, None if text == "stranger" else "opening") for text in rankings]
    matching = bench.read(a_set(tmp_path / "set", asked))

    got = bench.measure("by hand", lambda text: rankings.get(text, ()), matching)

    assert got.accuracy == 1 / 4
    assert got.mrr == (1 + 1 / 2) / 4
    assert got.recall5 == 2 / 4
    assert got.right1 == got.right5 == 1 / 4
    assert got.auroc == 1 / 4
    assert 0 < got.p50 <= got.p99


def test_of_equal_scores_all_pass_or_none() -> None:
    outside = [1.0] * 6 + [0.5] * 94

    assert bench.passing([1.0, 1.0, 0.6], outside, 0.05) == 0, "six of a hundred are too many"
    assert bench.passing([1.0, 1.0, 0.6], outside, 0.06) == 3
    assert bench.passing([1.0, 0.4, float("-inf")], outside, 1.0) == 2
    assert bench.passing([0.1], [float("-inf")] * 100, 0.01) == 1


def test_equal_scores_count_half_in_the_area() -> None:
    assert bench.auroc([1.0, 1.0], [1.0, 1.0]) == 0.5
    assert bench.auroc([2.0, 1.0], [1.0, float("-inf")]) == 0.875


def test_two_keywords_must_both_match_and_three_of_four_do() -> None:
    match = by_keywords(
        {"boats": ["red boats sail"], "birds": ["blue birds sing loudly"], "fish": ["fish"]}
    )

    assert [id_ for id_, _ in match("red boats")] == ["boats"]
    assert match("red fish") == []
    assert [(id_, round(score, 2)) for id_, score in match("blue birds sing badly")] == [
        ("birds", 0.75)
    ]
    assert match("blue birds badly sung quickly") == []
    assert match("the of and") == []


@pytest.mark.parametrize("question", ["", "?!", "the of", '"', "AND OR NOT", "\U0001d538"])
@pytest.mark.parametrize("method", OTHERS)
def test_no_question_is_too_odd_for_a_method(method: str, question: str) -> None:
    ranking = OTHERS[method](STORE)(question)

    assert all(id_ in STORE and score > 0 for id_, score in ranking)


def test_an_entry_scores_as_its_best_phrasing_and_stands_once() -> None:
    ranking = by_fts5({"a": ["dog", "cat"], "b": ["cat dog bird fish"]})("cat")

    assert [id_ for id_, _ in ranking] == ["a", "b"]


def test_an_archive_is_the_same_each_time_and_as_large_as_was_asked() -> None:
    briefings, queries = archive(600, 200)
    again = archive(600, 200)
    pairs = [pair for briefing in briefings for pair in briefing.pairs]
    phrasings = [text for pair in pairs for text in pair.phrasings]

    assert again == (briefings, queries)
    assert len(phrasings) == 600
    assert len(set(phrasings)) == 600
    assert len({pair.id for pair in pairs}) == len(pairs) == 100
    assert len(queries) == 200
    assert {q.kind for q in queries} == {"typo", "keywords", "re-worded", "unanswerable"}
    assert {q.id for q in queries} - {pair.id for pair in pairs} == {None}
    assert all((q.id is None) == (q.kind == "unanswerable") for q in queries)
    stored = {text.casefold() for text in phrasings}
    assert all(q.text.casefold() not in stored for q in queries if q.kind != "typo")


def test_engines_are_measured_in_processes_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    engines = ("ours", "tantivy")
    assert scale.main(["--sizes", "300", *(f"--engine={name}" for name in engines)]) == 0

    rows = [
        line.split() for line in capsys.readouterr().out.splitlines() if line[:9].strip() == "300"
    ]
    assert [row[1] for row in rows] == [*engines]
    assert all(float(row[-1]) > 0.8 for row in rows), "most questions find their pair"
    assert all(float(row[-2]) > 5 for row in rows), "a Python process holds megabytes"


def some_figures(engine: str, size: int, p99: float) -> scale.Figures:
    return scale.Figures(
        engine=engine,
        size=size,
        build=1.0,
        p50=1.0,
        p99=p99,
        grown=1.0,
        peak=1.0,
        resident=1.0,
        accuracy=1.0,
        ask_p50=1.0,
        ask_p99=1.0,
    )


def test_a_limit_that_is_broken_or_not_measured_is_named() -> None:
    small, large = some_figures("ours", 10_000, 5.0), some_figures("ours", 300_000, 40.0)

    assert scale.broken([small, large], extra=False) == []
    slow = some_figures("ours", 300_000, 40.5)
    assert scale.broken([small, slow], extra=False) == [
        "ours, 300,000 phrasings: p99 40.5, at most 40"
    ]
    assert "ours, 10,000 phrasings: p99 not measured, at most 5" in scale.broken(
        [large], extra=False
    )
    assert any("meaning" in line for line in scale.broken([small, large], extra=True))
