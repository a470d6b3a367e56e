"""Corrections: declared by the editor, held against what readers have, and by the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.__main__ import main
from knowledge.corrections import Pushed, faults
from knowledge.load import examine, examine_pushed, load_briefing, load_pushed, read_content
from knowledge.model import Correction, CorrectionKind
from knowledge.problems import ContentError

HARBOUR = Path(__file__).parents[1] / "briefings" / "2020-05-04-harbour"
OPENING = "reopening"
COST = Correction(
    point="cost",
    was="4 million",
    now="5 million",
    reason="The mayor named another sum.",
    kind=CorrectionKind.CORRECTION,
)
GONE = Correction(
    point="repair",
    was="40 workers",
    now="",
    reason="It was untrue.",
    kind=CorrectionKind.RETRACTION,
)
TEXTS = {"reopening": "It opened.", "repair": "40 workers came.", "cost": "It cost 4 million."}


def said(points: dict[str, str], *entries: Correction, pushed: Pushed | None = None) -> list[str]:
    """What is wrong with *points* and *entries* after TEXTS, or *pushed*, was pushed."""
    return [fault.message for fault in faults(pushed or Pushed(TEXTS), points, entries)]


# Held against what readers have


def test_what_did_not_change_needs_no_entry() -> None:
    assert said(TEXTS) == []
    assert said({**TEXTS, "more": "A point that nobody has yet."}) == []


def test_a_changed_text_needs_an_entry() -> None:
    changed = {**TEXTS, "cost": "It cost 5 million."}
    [message] = said(changed)
    assert "the text of 'cost' was pushed and is another now" in message
    assert "'It cost 4 million.'" in message
    assert said(changed, COST) == []


def test_an_entry_must_give_the_very_text_of_today() -> None:
    assert said({**TEXTS, "cost": "It cost 6 million."}, COST) != []
    assert said(TEXTS, COST) != []  # declared, and not done


def test_entries_apply_in_order_and_to_the_first_place() -> None:
    twice = Pushed({"a": "one and one"})
    first = replace(COST, point="a", was="one", now="two")
    then = replace(COST, point="a", was="two and one", now="three")
    assert said({"a": "two and one"}, first, pushed=twice) == []
    assert said({"a": "three"}, first, then, pushed=twice) == []
    assert said({"a": "one and two"}, first, pushed=twice) != []
    assert "does not say 'two and one'" in said({"a": "three"}, then, first, pushed=twice)[0]


def test_a_point_goes_by_a_retraction_alone() -> None:
    left = {id_: text for id_, text in TEXTS.items() if id_ != "repair"}
    [message] = said(left)
    assert message.startswith("point 'repair' was pushed and is gone")
    assert said(left, GONE) == []
    assert "was retracted" in said(TEXTS, GONE)[0]


def test_a_retracted_id_is_not_used_again() -> None:
    left = {id_: text for id_, text in TEXTS.items() if id_ != "repair"}
    after = Pushed(left, (GONE,))
    assert said(left, GONE, pushed=after) == []
    assert said({**left, "repair": "Others came."}, GONE, pushed=after) != []


def test_an_entry_that_was_announced_stays_as_it_was() -> None:
    now = {**TEXTS, "cost": "It cost 5 million."}
    after = Pushed(now, (COST,))
    assert said(now, COST, pushed=after) == []
    for entries in ((), (replace(COST, reason="Another."),), (GONE, COST)):
        [message] = said(now, *entries, pushed=after)
        assert "was announced to readers as number 1" in message


def test_an_entry_on_what_nobody_has_is_refused() -> None:
    [message] = said(TEXTS, replace(COST, point="costs"))
    assert message == "readers have no point 'costs'; did you mean 'cost'?: it needs no entry"


@given(
    st.dictionaries(st.sampled_from("abc"), st.text("xyz ", min_size=1, max_size=8), min_size=1),
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.text("xyz", min_size=1, max_size=3),
            st.text("xyz", max_size=3),
        ),
        max_size=4,
    ),
)
def test_what_the_entries_make_of_the_texts_is_lawful_and_nothing_else(
    texts: dict[str, str], changes: list[tuple[str, str, str]]
) -> None:
    entries, today = [], dict(texts)
    for point, was, now in changes:
        if point in today and was in today[point]:
            today[point] = today[point].replace(was, now, 1)
            entries.append(replace(COST, point=point, was=was, now=now))
    assert not list(faults(Pushed(texts), today, entries))
    for point in today:
        assert list(faults(Pushed(texts), {**today, point: today[point] + "!"}, entries))


# In a folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A briefing that may be changed."""
    copy = tmp_path / "briefings" / HARBOUR.name
    shutil.copytree(HARBOUR, copy)
    return copy


def points_of(folder: Path) -> dict[str, str]:
    return {point.id: point.text for point in load_briefing(folder).points}


def declare(folder: Path, *entries: dict[str, str]) -> None:
    """Writes corrections.yaml."""
    lines = ["corrections:"]
    for entry in entries:
        [first, *rest] = [f'{key}: "{value}"' for key, value in entry.items()]
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    (folder / "corrections.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in examine(folder)[1]]


def an_entry(folder: Path, **changes: str) -> dict[str, str]:
    """An entry on the first point, whose first word is what changed."""
    id_, text = next(iter(points_of(folder).items()))
    entry = {"point": id_, "was": "Onn", "now": text.split()[0], "reason": "r", "kind": "typo"}
    return entry | changes


def test_a_briefing_knows_its_corrections(folder: Path) -> None:
    entry = an_entry(folder)
    declare(folder, entry)
    [found] = load_briefing(folder).corrections
    assert found == Correction(
        point=entry["point"], was="Onn", now=entry["now"], reason="r", kind=CorrectionKind.TYPO
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "tipo"}, "did you mean 'typo'?"),
        ({"was": ""}, "'was' of a correction is empty"),
        ({"now": ""}, "'now' of a correction is empty"),
        ({"reason": ""}, "'reason' of a correction is empty"),
        ({"reason": "r" * 301}, "has 301 characters: at most 300"),
        ({"point": "nothing-of-it"}, "briefing.yaml has no point 'nothing-of-it'"),
        ({"now": "Never said"}, "does not say 'Never said' where it said 'Onn'"),
        ({"kind": "retraction", "now": "x"}, "leave 'now' empty"),
        ({"kind": "retraction", "now": ""}, "is retracted, and stands in briefing.yaml"),
        ({"was": "same", "now": "same"}, "are the same"),
        ({"more": "x"}, "unknown key 'more'"),
    ],
)
def test_an_entry_that_cannot_be_is_reported(
    folder: Path, changes: dict[str, str], message: str
) -> None:
    declare(folder, an_entry(folder, **changes))
    found = problems(folder)
    assert any(message in problem for problem in found), found
    assert all("corrections.yaml:" in problem for problem in found)


def test_three_points_less_the_retracted_are_enough(folder: Path) -> None:
    gone, text = last_point_taken_out(folder)
    assert any("at least 3" in problem for problem in problems(folder))
    declare(folder, {"point": gone, "was": text, "now": "", "reason": "r", "kind": "retraction"})
    assert problems(folder) == []
    assert examine_pushed(folder, Pushed({**points_of(folder), gone: text})) == ()


def last_point_taken_out(folder: Path) -> tuple[str, str]:
    """The id and text of the last point, which briefing.yaml no longer has; two are left."""
    points = load_briefing(folder).points
    path = folder / "briefing.yaml"
    head, _, rest = path.read_text(encoding="utf-8").partition(f"  - id: {points[2].id}\n")
    suggested = rest[rest.index("suggested:") :]
    path.write_text(head + suggested, encoding="utf-8")
    return points[2].id, points[2].text


def test_nothing_follows_on_a_retraction(folder: Path) -> None:
    gone, text = last_point_taken_out(folder)
    entry = {"point": gone, "was": text, "now": "", "reason": "r", "kind": "retraction"}
    declare(folder, entry, {**entry, "now": "x", "kind": "typo"})
    assert any("is retracted before (line 2)" in problem for problem in problems(folder))


def test_the_same_briefing_under_two_names_is_refused(folder: Path) -> None:
    (folder.parent / "2020-07-01-link").symlink_to(folder.name)
    with pytest.raises(ContentError, match=r"2020-07-01-link:1: this is .* once more"):
        read_content(folder.parent)


# Against what the bot wrote


def keep(folder: Path, texts: dict[str, str], entries: Sequence[str] = ()) -> Path:
    """Writes what readers have where the command line looks; the folder of it."""
    pushed = folder.parent.parent / "pushed"
    pushed.mkdir()
    lines = ["points:", *(f'  - id: "{i}"\n    text: "{text}"' for i, text in texts.items())]
    lines += [*entries] or ["corrections: []"]
    (pushed / f"{folder.name}.yaml").write_text("\n".join(lines), encoding="utf-8")
    return pushed


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `python -m knowledge check`: its status and what it prints."""

    def run(*arguments: str) -> tuple[int, str]:
        status = main(["check", "--briefings", str(folder.parent), *arguments])
        return status, capsys.readouterr().out

    return run


def test_check_refuses_what_was_changed_without_an_entry(folder: Path, check: Run) -> None:
    texts = points_of(folder)
    pushed = keep(folder, {**texts, "closing": texts["closing"].replace("2020", "2019")})
    status, out = check("--pushed", str(pushed))
    assert status == 1
    assert "briefing.yaml:9: the text of 'closing' was pushed and is another now" in out
    entry = {"was": "3 May 2019", "now": "3 May 2020", "reason": "r", "kind": "correction"}
    declare(folder, {"point": "closing", **entry})
    assert "pushed" not in check("--pushed", str(pushed))[1]


def test_check_looks_where_the_bot_writes(
    folder: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent.parent)
    assert "pushed" not in check()[1]
    pushed = keep(folder, {**points_of(folder), "more": "Gone."})
    (folder.parent.parent / "data").mkdir()
    pushed.rename(folder.parent.parent / "data" / "pushed")
    status, out = check()
    assert status == 1
    assert "point 'more' was pushed and is gone" in out


def test_check_says_if_what_the_bot_wrote_is_not_whole(folder: Path, check: Run) -> None:
    pushed = keep(folder, points_of(folder), ["corrections: [x]"])
    status, out = check("--pushed", str(pushed))
    assert status == 1
    assert "the bot writes this file" in out
    assert check("--pushed", str(pushed / "nowhere"))[0] == 1


def test_what_the_bot_wrote_is_read_as_it_was(folder: Path) -> None:
    declare(folder, an_entry(folder))
    written = (folder / "corrections.yaml").read_text(encoding="utf-8").splitlines()
    pushed = keep(folder, points_of(folder), written)
    found = load_pushed(pushed / f"{folder.name}.yaml")
    assert found == Pushed(points_of(folder), load_briefing(folder).corrections)
