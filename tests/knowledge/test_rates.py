"""Measured rates: kept, sealed, believed only while all that they were measured on is the same."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml

from knowledge import Library, ask, report
from knowledge import __main__ as cli
from knowledge.choice import Policy
from knowledge.folder import JUDGEMENTS, LESSONS, MEASURED
from knowledge.judge import Judged, judge
from knowledge.load import (
    SMALLTALK,
    briefing_folders,
    fingerprint,
    load_briefing,
    load_judgements,
    load_measured,
)
from knowledge.measured import measured, thresholds
from knowledge.model import Briefing, items
from knowledge.rates import COMMAND, figures, measure, merged, written
from knowledge.tally import Measured, Tally
from knowledge.text import phrasing_key, words
from tests.knowledge import marrowby

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "knowledge" / "briefings"
README = (ROOT / "README.md").read_text(encoding="utf-8")
LABELS = yaml.safe_load(cli.LABELS.read_text(encoding="utf-8"))
JUDGED = """\
judgements:
  - {kind: "k", question: "How much will the barrier cost?", answer: ["barrier-cost"]}
  - {kind: "k", question: "When did the council vote?", answer: ["barrier-cost"]}
  - {kind: "k", question: "Who publishes this?", miss: "opinion"}
  - {kind: "k", question: "Who will build the barrier?", miss: "not-in-briefing"}
"""
"""Of two that are answered one is wrong, of two that are not one gets an answer."""
LEARNED = """\
judgements:
  - {kind: "k", question: "And the price of it?", says: ["12"], cites: [p2s1]}
"""
FIGURES = Measured(
    meaning=False,
    known=Tally(right=6, half=1, missed=2, wrong=1),
    open=Tally(right=3, half=0, missed=0, wrong=5),
    false_answers=4,
    thresholds=thresholds(),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The briefing of Marrowby with judgements and FIGURES."""
    files = {**marrowby.FILES, JUDGEMENTS: JUDGED, LESSONS: LEARNED}
    path = marrowby.write(tmp_path, files)
    keep(path, FIGURES)
    return path


def keep(folder: Path, *entries: Measured) -> None:
    """Nothing; *entries* are written as measured on what *folder* holds."""
    (folder / MEASURED).write_text(written(entries, fingerprint(folder)), encoding="utf-8")


def test_figures_come_back_from_the_file_as_they_were_measured(folder: Path) -> None:
    other = replace(FIGURES, meaning=True, false_answers=0)
    keep(folder, FIGURES, other)

    assert load_measured(folder) == ((FIGURES, other), ())
    assert load_briefing(folder).measured == (FIGURES, other)
    first, *_ = (folder / MEASURED).read_text(encoding="utf-8").splitlines()
    assert first.startswith("#")
    assert COMMAND in first


def test_rates_are_shares_of_what_they_are_said_to_be() -> None:
    assert FIGURES.judgements == 18
    assert FIGURES.false_rate == 4 / 8
    assert FIGURES.miss_rate == 3 / 10
    none = replace(FIGURES, open=Tally(right=0, half=0, missed=0, wrong=0), false_answers=0)
    assert none.false_rate == 0.0
    with pytest.raises(ValueError, match="6 false answers"):
        replace(FIGURES, false_answers=6)
    with pytest.raises(ValueError, match="not negative"):
        Tally(right=-1, half=0, missed=0, wrong=0)


def test_what_is_answered_and_what_is_not_are_told_apart(folder: Path) -> None:
    library = Library([load_briefing(folder)])
    known = {item.id for item in items(library.newest)}
    judged = [
        judge(j, ask(library, j.question)) for j in load_judgements(folder / JUDGEMENTS, known)
    ]

    found = measure(judged, meaning=False, thresholds=("a 1",))

    assert found == Measured(
        meaning=False,
        known=Tally(right=1, half=0, missed=0, wrong=1),
        open=Tally(right=1, half=0, missed=0, wrong=1),
        false_answers=1,
        thresholds=("a 1",),
    )


def test_every_line_that_is_edited_by_hand_makes_it_not_measured(folder: Path) -> None:
    lines = (folder / MEASURED).read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines):
        if '"' not in line:
            continue
        start, value, end = line.split('"')
        changed = value[:-1] + ("1" if value[-1] != "1" else "2")
        text = "".join([*lines[:number], f'{start}"{changed}"{end}', *lines[number + 1 :]])
        (folder / MEASURED).write_text(text, encoding="utf-8")
        assert load_measured(folder)[0] == (), line
        without = "".join([*lines[:number], *lines[number + 1 :]])
        (folder / MEASURED).write_text(without, encoding="utf-8")
        assert load_measured(folder)[0] == (), line


@pytest.mark.parametrize("name", [*marrowby.FILES, JUDGEMENTS, LESSONS])
def test_any_other_content_makes_it_not_measured(folder: Path, name: str) -> None:
    before = (folder / name).read_bytes()
    for changed in (before + b"\n", before[:-1]):
        (folder / name).write_bytes(changed)
        assert load_measured(folder) == ((), ())
        assert load_briefing(folder).measured == ()
    (folder / name).write_bytes(before)
    assert load_measured(folder)[0] == (FIGURES,)


def test_other_smalltalk_or_a_missing_file_makes_it_not_measured(
    folder: Path, tmp_path: Path
) -> None:
    talk = tmp_path / SMALLTALK.name
    talk.write_bytes(SMALLTALK.read_bytes() + b"\n")

    assert load_measured(folder, talk) == ((), ())
    (folder / "vocabulary.yaml").unlink()
    assert load_measured(folder) == ((), ())
    (folder / MEASURED).unlink()
    assert load_measured(folder) == ((), ())


def test_only_the_thresholds_in_force_and_the_mode_of_the_library_count(folder: Path) -> None:
    def told(*entries: Measured) -> Measured | None:
        keep(folder, *entries)
        library = Library([load_briefing(folder)])
        return measured(library, library.newest)

    other = replace(FIGURES, thresholds=("answer 0.1", *FIGURES.thresholds[1:]))

    assert told(FIGURES) == FIGURES
    assert told(other) is None
    assert told(replace(FIGURES, meaning=True)) is None
    assert told(replace(FIGURES, meaning=True), FIGURES) == FIGURES
    assert len(thresholds()) == len(asdict(Policy()))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('mode: "without"', 'mode: "both"', "mode 'both' is none of with, without"),
        ('known_right: "6"', 'known_right: "six"', "known_right 'six' is no count"),
        ('known_right: "6"', 'known_right: "-6"', "known_right '-6' is no count"),
        ('known_right: "6"', 'known_rigth: "6"', "did you mean 'known_right'?"),
        ('false_answers: "4"', 'false_answers: "6"', "6 false answers of 5 wrong ones"),
        ("    thresholds:\n", "", "not YAML"),
        ("measured:\n", "measurements:\n", "did you mean 'measured'?"),
    ],
)
def test_a_malformed_file_is_named_with_its_line_and_how_to_mend_it(
    folder: Path, old: str, new: str, message: str
) -> None:
    text = (folder / MEASURED).read_text(encoding="utf-8")
    assert old in text
    (folder / MEASURED).write_text(text.replace(old, new, 1), encoding="utf-8")

    found, problems = load_measured(folder)

    assert found == ()
    told = "\n".join(map(str, problems))
    assert message in told
    assert all(p.file == (folder / MEASURED).as_posix() and p.line >= 1 for p in problems)
    assert all(COMMAND in p.message for p in problems)
    assert load_briefing(folder).measured == (), "it is asked all the same"


@pytest.mark.parametrize("data", [b"", b"\xff", b"- a", b"measured: no-list", b"&a {}", b"\0"])
def test_no_content_of_the_file_breaks_the_loading(folder: Path, data: bytes) -> None:
    (folder / MEASURED).write_bytes(data)

    found, problems = load_measured(folder)

    assert found == ()
    assert problems
    assert load_briefing(folder).measured == ()


def test_a_mode_that_is_measured_anew_takes_the_place_of_the_old() -> None:
    old = (FIGURES, replace(FIGURES, meaning=True))
    new = replace(FIGURES, false_answers=0)

    assert merged([new], old) == (new, old[1])
    assert merged([replace(old[1], false_answers=1)], [new]) == (
        new,
        replace(old[1], false_answers=1),
    )
    assert merged([new], []) == (new,)


def test_the_sentence_has_numbers_and_whole_percent() -> None:
    said = LABELS["measured"].format(published="4 March 2021", mode="m", **figures(FIGURES))

    assert "Measured on 18 questions written for the briefing of 4 March 2021, m:" in said
    assert "of 8 that it does not answer, 4 (50 %) got a false answer" in said
    assert "of 10 that it answers, 3 (30 %) got no right one" in said
    assert "1 (10 %) got it only among choices" in said


# the command


@pytest.fixture
def shipped_here(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A README of its own beside the folder of *folder*, which is taken for the shipped one."""
    readme = tmp_path / "readme" / "README.md"
    readme.parent.mkdir()
    readme.write_text(f"one\n{report.BEGIN}\nold\n{report.END}\ntwo\n", encoding="utf-8")
    monkeypatch.setattr(cli, "BRIEFINGS", briefings := tmp_path / "briefings")
    monkeypatch.setattr(cli, "README", readme)
    monkeypatch.setattr(cli, "load_encoder", lambda folder: None)
    briefings.mkdir()
    folder.rename(briefings / marrowby.ID)
    return readme


def test_the_command_keeps_what_it_measured_and_tells_the_readme(
    shipped_here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = cli.BRIEFINGS / marrowby.ID
    (home / "qa.yaml").write_bytes((home / "qa.yaml").read_bytes() + b"\n")
    assert load_briefing(home).measured == ()

    assert cli.main(["eval", "--write"]) == 0

    [found] = load_briefing(home).measured
    assert (found.known.right, found.known.wrong) == (1, 1)
    assert (found.open.count, found.false_answers) == (2, 1)
    assert MEASURED in capsys.readouterr().out
    text = shipped_here.read_text(encoding="utf-8")
    assert text.startswith(f"one\n{report.BEGIN}\nMeasured on 4 questions")
    assert text.endswith(f"\n{report.END}\ntwo\n")
    once = (home / MEASURED).read_bytes(), text
    assert cli.main(["eval", "--write"]) == 0
    assert ((home / MEASURED).read_bytes(), shipped_here.read_text(encoding="utf-8")) == once


@pytest.mark.parametrize(
    "text", ["no marks\n", f"{report.END}{report.BEGIN}", 2 * f"{report.BEGIN}{report.END}"]
)
def test_a_readme_without_one_place_for_the_rates_is_left_alone(
    shipped_here: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    shipped_here.write_text(text, encoding="utf-8")

    assert cli.main(["eval", "--write"]) == 0

    assert shipped_here.read_text(encoding="utf-8") == text
    assert "has no one place for the rates" in capsys.readouterr().err


def test_other_briefings_than_the_shipped_leave_the_readme_alone(
    shipped_here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shipped_here.read_bytes()
    marrowby.write(tmp_path / "others", {**marrowby.FILES, JUDGEMENTS: JUDGED})

    assert cli.main(["eval", "--write", "--briefings", str(tmp_path / "others")]) == 0

    assert shipped_here.read_bytes() == before
    assert (tmp_path / "others" / marrowby.ID / MEASURED).exists()
    assert "written: " in capsys.readouterr().out


# what is shipped


def known_in(library: Library, folder: Path) -> set[str]:
    """The ids that the judgements in *folder* may name."""
    found = {item.id for item in items(library.edition(folder.name).newest)}
    return found | {topic.id for topic in library.smalltalk}


def told(briefings: list[Briefing]) -> str:
    return report.readme(briefings, LABELS)


def test_the_readme_says_what_is_measured_of_the_shipped_briefings(libya: Library) -> None:
    start, end = README.index(report.BEGIN) + len(report.BEGIN), README.index(report.END)

    assert README[start:end].strip("\n") == told(list(libya.briefings)), f"run {COMMAND}"


def test_no_question_that_the_bot_is_judged_by_stands_in_its_store(libya: Library) -> None:
    """Such a one would be found by its very words, and say nothing of how well others are."""
    copied = [
        judgement.question
        for folder in briefing_folders(SHIPPED)
        for judgement in load_judgements(folder / JUDGEMENTS, known_in(libya, folder))
        for key in (phrasing_key(judgement.question), " ".join(words(judgement.question)))
        if libya.exact_phrasing.get(key) is not None
        or (key and libya.pleasantries.same(judgement.question))
    ]

    assert copied == []


def test_the_shipped_figures_are_what_comes_out_today(
    libya: Library, judged: dict[str, list[Judged]]
) -> None:
    """Without the semantic extra; a change of the code that changes them has them measured anew."""
    assert set(judged) == {briefing.id for briefing in libya.briefings}
    for id_, found in judged.items():
        edition = libya.edition(id_)

        today = measure(found, meaning=False, thresholds=thresholds())

        assert measured(edition, edition.newest) == today, f"run {COMMAND}"
