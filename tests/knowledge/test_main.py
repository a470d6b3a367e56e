"""The library's command line: ask, ask --jsonl and check.

As a real process where it is the process that matters: its streams, its locale, its end. All else
is called within this one, which has read the modules and the semantic extra already.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from knowledge import __main__ as cli
from tests.knowledge import marrowby

ROOT = Path(__file__).parents[2]
KEYS = {
    *("id", "status", "answer", "confidence", "citations", "choices", "older", "related"),
    "entities",
    "taken",
    "left",
}
PATIENCE = 60.0
"""Seconds after which a process that does not answer is ended."""


def command(*arguments: str) -> list[str]:
    """`python -m knowledge` with *arguments*."""
    return [sys.executable, "-m", "knowledge", *arguments]


def run(
    *arguments: str, lines: Sequence[str | bytes] = (), environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The finished process, which was given *lines* on its standard input."""
    given = b"".join((s.encode() if isinstance(s, str) else s) + b"\n" for s in lines)
    done = subprocess.run(
        command(*arguments),
        input=given,
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=PATIENCE,
        env={**os.environ, **(environment or {})},
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


def call(*arguments: str, lines: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """What `run` would give, without a process of its own."""
    given, printed, said = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(3))
    given.writelines(f"{line}\n" for line in lines)
    given.seek(0)
    root = logging.getLogger()
    level = root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(root, "handlers", [])  # as in a process that has set up nothing yet
        for name, stream in (("stdin", given), ("stdout", printed), ("stderr", said)):
            patch.setattr(sys, name, stream)
        try:
            code = cli.main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            root.setLevel(level)
    printed.seek(0)
    said.seek(0)
    return subprocess.CompletedProcess(arguments, code, printed.read(), said.read())


@pytest.fixture(scope="session")
def folder(marrowby_folder: Path) -> str:
    """The folder with the briefing of Marrowby, as an argument."""
    return str(marrowby_folder)


# ask


def test_ask_prints_the_answer_and_below_it_the_citations(folder: str) -> None:
    done = run("ask", "How much will the barrier cost?", "--briefings", folder)

    assert (done.returncode, done.stderr) == (0, "")
    answer, quote, *_ = done.stdout.split("\n\n")
    assert " ".join(answer.split()).startswith("The barrier will cost twelve million euros")
    assert "“The barrier will cost €12 million”" in quote
    assert "https://courier.example/flood-barrier#:~:text=" in quote


def test_several_words_are_one_question(folder: str) -> None:
    words = "How much will the barrier cost?".split()
    done = call("ask", *words, "--briefings", folder)

    assert done.stdout == call("ask", " ".join(words), "--briefings", folder).stdout
    assert done.stdout.startswith("The barrier will cost twelve million euros")


def test_ask_answers_from_the_shipped_briefing_unless_told_otherwise(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shipped itself is asked by the commands of the documents."""
    assert cli.BRIEFINGS == ROOT / "knowledge" / "briefings"
    monkeypatch.setattr(cli, "BRIEFINGS", Path(folder))
    done = call("ask", "How much will the barrier cost?")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The barrier will cost twelve million euros")


def test_ask_explains_how_it_read_and_decided(folder: str) -> None:
    done = call("ask", "price barrier euros", "--explain", "--briefings", folder)

    assert done.returncode == 0
    lines = (Path(folder) / marrowby.ID / "qa.yaml").read_text(encoding="utf-8").splitlines()
    place = f"QAPair barrier-cost (qa.yaml:{lines.index('  - id: barrier-cost') + 1})"
    assert f"\n{'':10}{place}\n" in done.stdout
    for word in ("read as", "names", "outcome"):
        assert f"\n{word}" in done.stdout
    _, table, legend = done.stdout.rsplit("\n\n", 2)
    head, first, *rows = table.splitlines()
    assert place in first
    shares = [row.split()[0] for row in (first, *rows) if row[0] != " "]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) > 1
    explained = {line.split()[0] for line in legend.splitlines()}
    assert explained >= {*head.split()} - {"words", "letters", "meaning", "target"}


def test_ask_takes_earlier_questions_as_context(folder: str) -> None:
    done = call(
        "ask", "was it unanimous?", "--context", "Hello", "--context", "When did the council vote?",
        "--briefings", folder,
    )  # fmt: skip

    assert done.returncode == 0
    assert done.stdout.startswith("No, Mayor Ines Calder said")


def test_a_question_that_is_no_text_is_still_a_question(folder: str) -> None:
    for ask, question in (
        (call, ""),
        (call, "?"),
        (run, os.fsdecode(b"who is \xff\xfe?")),
        (call, "🙂"),
    ):
        done = ask("ask", question, "--explain", "--briefings", folder)

        assert (done.returncode, done.stderr) == (0, ""), question


def test_ask_prints_any_script_where_the_locale_is_plain(folder: str) -> None:
    plain = {"LC_ALL": "C", "LANG": "C"}
    done = run("ask", "barrier cost", "--briefings", folder, environment=plain)

    assert done.returncode == 0
    assert "€12 million" in done.stdout


# ask --jsonl


def answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The lines of standard output as JSON."""
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def test_each_line_gets_one_line_in_order_with_its_id(folder: str) -> None:
    requests: list[dict[str, Any]] = [
        {"id": "a", "q": "How much will the barrier cost?"},
        {"id": 2, "q": "Esk", "context": []},
        {"id": None, "q": "Hello", "context": None},
        {"id": "b", "q": "was it unanimous?", "context": ["When did the council vote?"]},
        {"id": "ü", "q": "When did Oslo vote?", "extra": 1},
        {"q": ""},
    ]
    found = answers(
        call("ask", "--jsonl", "--briefings", folder, lines=[json.dumps(r) for r in requests])
    )

    assert [reply["id"] for reply in found] == [r.get("id") for r in requests]
    assert [reply["status"] for reply in found] == (
        ["answer", "clarify", "smalltalk", "answer", "unknown", "unknown"]
    )
    assert all(set(reply) == KEYS for reply in found)


NO_QUESTION: list[str | bytes] = [
    '{"id": 1}',
    '{"id": 1, "q": 5}',
    '{"id": 1, "q": null}',
    '{"id": 1, "q": "hi", "context": "x"}',
    '{"id": 1, "q": "hi", "context": [1]}',
    '{"id": 1, "q": "hi", "context": {"a": 1}}',
    '{"id": 1, "q": "\\ud800"}',
    '{"id": 1, "q": "hi", "context": ["\\udc00"]}',
]
"""Lines that give an id and no question."""
MALFORMED: list[str | bytes] = [
    *NO_QUESTION,
    "nonsense",
    "{",
    "[]",
    "null",
    '"Who?"',
    "{}",
    '{"id": "\\ud800", "q": "hi"}',
    '{"id": NaN, "q": "hi"}',
    '{"id": 1e999, "q": "hi"}',
    b'{"id": 1, "q": "\xff"}',
    b"\xff\xfe",
    b"\x00",
    '{"id": 1, "q": "hi"} {"id": 2, "q": "hi"}',
    '{"q": "hi", "id": ' + "[" * 50_000 + "]" * 50_000 + "}",
    '{"id": 1, "q": ' + "1" * 5_000 + "}",
    '{"id": 1, "q": "' + "x" * 1_000_001 + '"}',
]


def test_a_malformed_line_is_named_and_the_next_one_is_served(folder: str) -> None:
    good = '{"id": "next", "q": "barrier cost"}'
    lines = [line for bad in MALFORMED for line in (bad, good)]
    found = answers(run("ask", "--jsonl", "--briefings", folder, lines=lines))

    assert len(found) == len(lines)
    for bad, error, reply in zip(MALFORMED, found[::2], found[1::2], strict=True):
        assert set(error) == {"id", "error"}, bad[:60]
        assert error["id"] == (1 if bad in NO_QUESTION else None), bad[:60]
        assert error["error"]
        assert len(error["error"]) < 300, "a huge line is not repeated"
        assert reply["id"] == "next"
        assert reply["status"] == "answer"


def test_blank_lines_are_passed_over_and_the_last_needs_no_end(folder: str) -> None:
    done = subprocess.run(
        command("ask", "--jsonl", "--briefings", folder),
        input=b'\n  \n\r\n{"id": 1, "q": "hi"}\r\n\n{"id": 2, "q": "hi"}',
        capture_output=True,
        check=True,
        cwd=ROOT,
        timeout=PATIENCE,
    )

    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]


def test_no_lines_give_no_lines(folder: str) -> None:
    done = run("ask", "--jsonl", "--briefings", folder)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_any_script_comes_back_as_it_is_in_utf_8(folder: str) -> None:
    (reply,) = answers(
        run(
            "ask", "--jsonl", "--briefings", folder,
            lines=['{"id": "حفتر \\u2028 🙂", "q": "barrier cost"}'],
            environment={"LC_ALL": "C"},
        )
    )  # fmt: skip

    assert reply["id"] == "حفتر \u2028 🙂"
    assert "€12 million" in reply["citations"][0]["quote"]


@contextmanager
def conversation(folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running `ask --jsonl`, ended after PATIENCE at the latest."""
    process = subprocess.Popen(
        command("ask", "--jsonl", "--briefings", folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    try:
        with process:
            yield process
    finally:
        watch.cancel()


def test_each_reply_comes_before_the_next_line_is_written(folder: str) -> None:
    """Neither input nor output is held back until a buffer is full or the input ends."""
    with conversation(folder) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(5):
            line = "nonsense" if number == 3 else json.dumps({"id": number, "q": "barrier cost"})
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            reply = json.loads(process.stdout.readline())
            assert reply["id"] == (None if number == 3 else number)
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_a_reader_who_leaves_ends_it_quietly(folder: str) -> None:
    process = subprocess.Popen(
        command("ask", "--jsonl", "--briefings", folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(b'{"id": 1, "q": "hi"}\n' * 3, timeout=PATIENCE)

    assert (process.returncode, errors) == (0, b"")


@pytest.mark.parametrize("what", ["check", "ask barrier cost"])
def test_a_pipe_that_closes_is_no_error(folder: str, what: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m knowledge {what} --briefings {folder} | true"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=PATIENCE,
    )

    assert done.stderr == b""


# check


def test_the_shipped_folder_passes_the_check() -> None:
    done = run("check")

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("\n0 problems\n")
    for folder in (ROOT / "knowledge" / "briefings").iterdir():
        assert f"{folder.name}: " in done.stdout


def test_a_sentence_that_too_few_pairs_cite_fails_the_check_by_its_line(folder: str) -> None:
    """Marrowby is flawless but for its four pairs."""
    done = run("check", "--briefings", folder)

    assert (done.returncode, done.stderr) == (1, "")
    assert f"{marrowby.ID}: 4 pairs, 1 gaps, 4 entities, 2 claims, 3 points" in done.stdout
    assert f"{marrowby.ID}/article.md:13: sentence p1s1 is cited by 1 of 4" in done.stdout
    assert done.stdout.endswith("\n5 problems\n")


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """The folder of Marrowby, with a question to judge it by."""
    question = '{kind: "k", question: "How much will the barrier cost?", answer: ["barrier-cost"]}'
    files = {**marrowby.FILES, "judgements.yaml": f"judgements:\n  - {question}\n"}
    return marrowby.write(tmp_path, files)


def test_the_check_notes_what_is_not_measured_and_eval_measures_it(judged: Path) -> None:
    note = f"{marrowby.ID}: not measured: run python -m knowledge eval --write\n"
    folder = ("--briefings", str(judged.parent))
    assert note in call("check", *folder).stdout
    readme = (ROOT / "README.md").read_bytes()

    done = call("eval", "--write", *folder)

    assert (done.returncode, done.stderr) == (0, "")
    assert "expected calibration error: " in done.stdout
    assert f"written: {judged / 'measured.yaml'}\n" in done.stdout
    checked = call("check", *folder).stdout
    assert "not measured" not in checked
    assert checked.endswith("\n5 problems\n"), "thin coverage, as before"
    assert (ROOT / "README.md").read_bytes() == readme
    with (judged / "qa.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert note in call("check", *folder).stdout


def test_without_judgements_the_check_says_what_comes_first(folder: str) -> None:
    assert (
        "not measured: write judgements.yaml, then run "
        in call("check", "--briefings", folder).stdout
    )


def test_a_malformed_measurement_is_a_problem_of_the_check(judged: Path) -> None:
    (judged / "measured.yaml").write_text("measured:\n  - mood: x\n", encoding="utf-8")

    done = call("check", "--briefings", str(judged.parent))

    assert done.returncode == 1
    assert "/measured.yaml:2: unknown key 'mood' in a measurement; did you mean 'mode'?" in (
        done.stdout
    )
    assert "run python -m knowledge eval --write" in done.stdout
    assert "not measured" not in done.stdout
    asked = call("ask", "barrier cost", "--briefings", str(judged.parent))
    assert (asked.returncode, asked.stderr) == (0, ""), "it is asked all the same"


def test_files_of_judgements_are_not_kept_as_the_briefings_own(judged: Path) -> None:
    file = str(judged / "judgements.yaml")
    done = call("eval", file, "--write", "--briefings", str(judged.parent))

    assert (done.returncode, done.stdout) == (2, "")
    assert "give no files" in done.stderr
    assert not (judged / "measured.yaml").exists()


# check --twins


def test_twins_are_looked_for_where_nothing_else_is_wrong(folder: str) -> None:
    done = call("check", "--twins", "--briefings", folder)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("\n5 problems\n")


def test_twins_come_with_progress_and_advice(tmp_path: Path) -> None:
    """The invented briefing again, its sentences cited by enough pairs to pass the check."""
    marrowby.write(tmp_path, {**marrowby.FILES, "qa.yaml": crowded()})
    done = run("check", "--twins", "--limit", "1", "--briefings", str(tmp_path))

    assert done.returncode == 0, done.stdout
    asking, *progress = done.stderr.splitlines()
    assert (
        asking == f"asking {done.stdout.split(' phrasings, each asked')[0].split()[-1]} phrasings"
    )
    assert progress == [f"{n:3} %" for n in range(10, 101, 10)]
    _, said = done.stdout.split("\n0 problems\n")
    assert "that lead to a pair" in said
    assert "that lead to a gap" in said
    assert "merge them if one answer serves both" in said
    assert said.count(" and vote-when-") == 1
    assert "more couples: --limit " in said


def test_twins_of_one_pair_are_looked_for_by_its_phrasings_alone(tmp_path: Path) -> None:
    marrowby.write(tmp_path, {**marrowby.FILES, "qa.yaml": crowded()})
    check = ("check", "--twins", "--briefings", str(tmp_path))
    done = call(*check, "--of", "vote-when-one")

    assert done.returncode == 0, done.stdout
    _, said = done.stdout.split("\n0 problems\n")
    count = crowded().split("id: vote-when-one")[1].split("answer:")[0].count("      - ")
    assert f"\n{count} phrasings, each asked as if it were not stored:" in said
    assert {line.split()[-1] for line in said.splitlines() if " of vote-" in line} <= {
        "vote-when-one"
    }
    unknown = call(*check, "--of", "vote-whne")
    assert unknown.returncode == 2
    assert "no pair or gap has the id vote-whne" in unknown.stderr


def crowded() -> str:
    """The pairs of Marrowby, the first of them in many forms, which cite all sentences."""
    pairs, gaps = marrowby.QA.split("gaps:\n")
    first = pairs[pairs.index("  - id: vote-when") : pairs.index("  - id: barrier-cost")]
    more = ""
    quotes = {
        "p1s1": "On 3 March, the town council of Marrowby voted",
        "p1s2": "Mayor Ines Calder said",
        "p2s1": "The barrier will cost",
        "p2s2": "Dr. Tom Oakes",
        "p2s3": "the second plan",
    }
    cited = "".join(
        f'      - sentence: {ref}\n        quote: "{quote}"\n' for ref, quote in quotes.items()
    )
    for number in ("one", "two", "three", "four"):
        pair = first.replace("id: vote-when", f"id: vote-when-{number}")
        pair = re.sub(r'^(      - ".*?)([?]?")$', rf"\1 {number}\2", pair, flags=re.MULTILINE)
        more += pair[: pair.index("    citations:")] + "    citations:\n" + cited
    return f"{pairs}{more}gaps:\n{gaps}"


def test_a_broken_folder_fails_with_each_problem_at_its_file_and_line(tmp_path: Path) -> None:
    flaws = [
        marrowby.Flaw("qa.yaml", "kind: when", "kind: whne", "did you mean 'when'?"),
        marrowby.Flaw("entities.yaml", "type: person", "type: persona", "did you mean 'person'?"),
    ]
    files = marrowby.spoilt(flaws)
    where = marrowby.write(tmp_path, files)
    done = call("check", "--briefings", str(tmp_path))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for flaw in flaws:
        place = f"{(where / flaw.file).as_posix()}:{flaw.line(files)}:"
        assert any(
            line.startswith(place) and flaw.message in line for line in done.stdout.splitlines()
        )


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("qa.yaml", "kind: when", "kind when", "look at the indentation"),
        ("qa.yaml", "pairs:", "pars:", "did you mean 'pairs'?"),
        ("entities.yaml", "    type: person", "   type: person", "look at the indentation"),
    ],
)
def test_a_file_that_cannot_be_read_brings_no_false_problems(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    marrowby.write(tmp_path, marrowby.spoilt([marrowby.Flaw(file, old, new, said)]))
    done = call("check", "--briefings", str(tmp_path))

    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{marrowby.ID}: nothing is counted")
    assert f"/{marrowby.ID}/{file}:" in lines[2]
    assert said in done.stdout
    assert "is cited by" not in done.stdout
    assert "0 pairs" not in done.stdout


def test_paths_are_relative_to_the_current_folder(tmp_path: Path) -> None:
    flaw = marrowby.Flaw("qa.yaml", "kind: when", "kind: whne", "did you mean 'when'?")
    marrowby.write(tmp_path / "all", marrowby.spoilt([flaw]))
    done = subprocess.run(
        command("check", "--briefings", str(tmp_path / "all")),
        capture_output=True,
        check=False,
        cwd=tmp_path,
        encoding="utf-8",
        timeout=PATIENCE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert f"\nall/{marrowby.ID}/qa.yaml:" in done.stdout


def test_a_no_break_space_can_be_seen(tmp_path: Path) -> None:
    flaw = marrowby.Flaw(
        "qa.yaml", "The barrier will cost €12", "The barrier will cost\u00a0€12", ""
    )
    marrowby.write(tmp_path, marrowby.spoilt([flaw]))
    done = call("check", "--briefings", str(tmp_path))

    assert "cost<no-break space>€12" in done.stdout
    assert "xa0" not in done.stdout


@pytest.mark.parametrize("question", [("ask", "barrier cost"), ("ask", "--jsonl")])
def test_a_broken_folder_is_not_asked(tmp_path: Path, question: Sequence[str]) -> None:
    flaw = marrowby.Flaw("qa.yaml", "kind: when", "kind: whne", "did you mean 'when'?")
    marrowby.write(tmp_path, marrowby.spoilt([flaw]))
    done = call(*question, "--briefings", str(tmp_path), lines=['{"id": 1, "q": "hi"}'])

    assert (done.returncode, done.stdout) == (1, "")
    assert flaw.message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("what", [("check",), ("ask", "Who?"), ("ask", "--jsonl")])
@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_briefings_is_a_problem(
    tmp_path: Path, what: Sequence[str], exists: bool
) -> None:
    where = tmp_path if exists else tmp_path / "nowhere"
    done = call(*what, "--briefings", str(where))

    assert (done.returncode, done.stdout) == (1, "")
    assert "no briefing here" in done.stderr
    assert "Traceback" not in done.stderr


# arguments


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("aks",),
        ("ask",),
        ("ask", "Who?", "--jsonl"),
        ("ask", "Who?", "--verbose"),
        ("ask", "Who?", "--briefings"),
        ("check", "Who?"),
        ("check", "--limit", "many"),
    ],
    ids=" ".join,
)
def test_arguments_that_make_no_sense_exit_with_2_and_a_line_that_says_why(
    arguments: Sequence[str],
) -> None:
    done = call(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "python -m knowledge" in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("ask", "--help"), ("check", "--help")])
def test_help_is_no_error(arguments: Sequence[str]) -> None:
    done = call(*arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: python -m knowledge" in done.stdout
