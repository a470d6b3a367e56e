"""Folders into briefings; and whatever one file, or one record, has wrong."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Library
from knowledge.load import (
    SMALLTALK,
    examine,
    load_briefing,
    load_smalltalk,
    places,
    read_content,
)
from knowledge.model import (
    Citation,
    Derived,
    FieldCitation,
    Moment,
    Precision,
    QuestionKind,
    SentenceRef,
)
from knowledge.problems import ContentError
from tests.knowledge import marrowby
from tests.knowledge.marrowby import FILES, ID, Flaw, spoilt, write

_TWO_POINTS = marrowby.BRIEFING.split("points:\n")[1].split("  - id: point-salmon")[0]
_FIELD = "    citations:\n      - field: publisher\n"

FLAWS = [
    # the front matter
    Flaw("article.md", "author: Ada Quill", "auther: Ada Quill", "did you mean 'author'?"),
    Flaw("article.md", "author: Ada Quill\n", "", "the front matter needs 'author'", "headline"),
    Flaw("article.md", '"2021-03-04"', '"4 March"', "'4 March' is not a date"),
    Flaw("article.md", '"2021-03-04"', '"2021-02-30"', "'2021-02-30' is not a date"),
    Flaw("article.md", '"2021-03-04"', "2021-03-04", "quote it"),
    Flaw("article.md", "https://courier", "javascript:courier", "is not a web address"),
    Flaw("article.md", "Europe/London", "../etc/passwd", "is not a zone"),
    Flaw("article.md", "language: en", "language: English!", "is not a language tag"),
    Flaw("article.md", "---\nheadline", "headline", "no front matter", "headline"),
    # one record
    Flaw("entities.yaml", "type: person", "type: persona", "did you mean 'person'?"),
    Flaw("entities.yaml", "type: person", "type: xyz", "write one of person, organisation"),
    Flaw("entities.yaml", '    aliases: ["Cal', '    alias: ["Cal', "did you mean 'aliases'?"),
    Flaw("entities.yaml", "entities:\n", "people:\n", "known are entities, ambiguous"),
    Flaw("entities.yaml", "id: marrowby", "id: Marrow_by", "does not fit a button or a link"),
    Flaw("entities.yaml", "id: marrowby", "id: " + "m" * 33, "at most 32"),
    Flaw(
        "entities.yaml", "- id: marrowby\n    type", "- type", "an entity needs 'id'", "- type: pl"
    ),
    Flaw("entities.yaml", "[p1s2]", "[]", "'sentences' of an entity holds 0: at least 1"),
    Flaw("entities.yaml", "[p1s2]", "[p1]", "'p1' is not a sentence"),
    Flaw(
        "entities.yaml",
        "[p1s2]",
        "p1s2",
        "'sentences' of an entity is a list, not text",
        "ces: p1s2",
    ),
    Flaw("entities.yaml", "precision: day", "precision: month", "not a month", 'date: "2021'),
    Flaw("entities.yaml", '"2021-03-03"', '"2021-03-33"', "not a day"),
    Flaw("entities.yaml", "is the mayor", "is the mayor" + " x" * 250, "characters: at most 500"),
    Flaw("entities.yaml", "[tom-oakes, river-esk]", "[tom-oakes]", "holds 1: at least 2"),
    Flaw("claims.yaml", "    verb: said\n", "", "a claim needs 'verb'", "- id: calder-count"),
    Flaw("qa.yaml", "kind: when", "kind: whne", "did you mean 'when'?"),
    Flaw("qa.yaml", '      - "vote when"\n', "", "holds 5: at least 6", "phrasings:"),
    Flaw(
        "qa.yaml",
        '    phrasings:\n      - "Who will build the barrier?"\n',
        "    phrasings:  # 3\n",
        "of a gap holds 3: at least 4",
    ),
    Flaw(
        "qa.yaml", '"vote when"', "[vote]", "an entry of 'phrasings' in a pair is text, not a list"
    ),
    Flaw("qa.yaml", '"vote when"', '" "', "an entry of 'phrasings' in a pair is empty"),
    Flaw("qa.yaml", "answer: The town", "answer: The town" + " of old" * 80, "at most 500"),
    Flaw("qa.yaml", "does not say", "does not say" + " so" * 100, "at most 300"),
    Flaw("qa.yaml", "field: author", "field: auther", "no field 'auther'; did you mean 'author'?"),
    Flaw("qa.yaml", "field: author", "field: original", "there is nothing to cite"),
    Flaw("qa.yaml", "- field: author", "- field: author\n        quote: x", "a field alone"),
    Flaw("qa.yaml", "- field: author", "- p1s1", "a citation is keys with values, not text"),
    Flaw("qa.yaml", "- field: author", "- {}", "a citation needs 'sentence'"),
    Flaw(
        "qa.yaml",
        _FIELD,
        "    citations:  # 6\n" + "      - field: publisher\n" * 5,
        "'citations' of a pair holds 6",
    ),
    Flaw(
        "qa.yaml",
        'reason: "computed"',
        'why: "computed"',
        "a derived value needs 'reason'",
        'value: "3 million"',
    ),
    Flaw("briefing.yaml", 'disputed: "no"', 'disputed: "perhaps"', 'disputed is "yes" or "no"'),
    Flaw("briefing.yaml", "[vote-when, barrier-cost, ", "[vote-when, ", "exactly 3", "suggested"),
    Flaw(
        "briefing.yaml", _TWO_POINTS, "", "'points' of briefing.yaml holds 1: at least 3", "points:"
    ),
    Flaw(
        "vocabulary.yaml", "[vote, ballot]", "vote", "an entry of 'vocabulary' is a list", "- vote"
    ),
    Flaw("claims.yaml", marrowby.CLAIMS, "- claims", "is keys with values: claims", "- claims"),
]


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.message)
def test_a_flaw_is_reported_with_its_file_and_line(flaw: Flaw, tmp_path: Path) -> None:
    files = spoilt([flaw])

    _, problems = examine(write(tmp_path, files))

    found = [(Path(p.file).name, p.line) for p in problems if flaw.message in p.message]
    assert found == [(flaw.file, flaw.line(files))]


def test_a_flawless_folder_becomes_a_briefing(tmp_path: Path) -> None:
    briefing = load_briefing(write(tmp_path, FILES))

    p1s1 = SentenceRef(1, 1)
    assert briefing.id == ID
    assert briefing.article.front.published == dt.date(2021, 3, 4)
    assert briefing.article.front.original == ""
    assert [len(p.sentences) for p in briefing.article.paragraphs] == [2, 3]
    assert briefing.entity["ines-calder"].aliases == ("Calder", "Mayor Calder", "the mayor")
    assert briefing.entity["marrowby"].moments == (
        Moment(date="2021-03-03", precision=Precision.DAY, sentence=p1s1),
    )
    assert briefing.ambiguous == {"Esk": ("tom-oakes", "river-esk")}
    assert briefing.claim["calder-count"].conflicts == ("oakes-salmon",)
    pair = briefing.pair["barrier-cost"]
    assert pair.kind is QuestionKind.HOW_MANY
    assert len(pair.phrasings) == 6
    assert pair.citations == (Citation(ID, SentenceRef(2, 1), "The barrier will cost €12 million"),)
    assert pair.derived[1] == Derived(value="four", reason="computed")
    assert briefing.pair["who-publishes"].citations == (
        FieldCitation(ID, "publisher", "The Marrowby Courier"),
        FieldCitation(ID, "author", "Ada Quill"),
    )
    assert [point.disputed for point in briefing.points] == [False, False, True]
    assert briefing.suggested == ("vote-when", "barrier-cost", "vote-unanimous")
    assert briefing.gaps[0].nearest == (p1s1, SentenceRef(2, 1))
    assert briefing.vocabulary == (("barrier", "wall", "dam"), ("vote", "ballot"))


def test_claims_vocabulary_and_gaps_may_be_absent(tmp_path: Path) -> None:
    files = {
        name: text for name, text in FILES.items() if name not in ("claims.yaml", "vocabulary.yaml")
    }
    files["qa.yaml"] = files["qa.yaml"].split("gaps:")[0]

    briefing = load_briefing(write(tmp_path, files))

    assert (briefing.claims, briefing.gaps, briefing.vocabulary) == ((), (), ())


def test_missing_files_are_all_named_and_nothing_follows_from_them(tmp_path: Path) -> None:
    (tmp_path / ID).mkdir()

    with pytest.raises(ContentError) as caught:
        load_briefing(tmp_path / ID)

    found = [(Path(p.file).name, p.message) for p in caught.value.problems]
    names = ("article.md", "briefing.yaml", "entities.yaml", "qa.yaml")
    assert found == [(name, "missing: this file is needed") for name in names]


@pytest.mark.parametrize(
    "name", ["article.md", "entities.yaml", "qa.yaml", "briefing.yaml", "claims.yaml"]
)
def test_an_unreadable_file_brings_no_problems_upon_the_others(name: str, tmp_path: Path) -> None:
    _, problems = examine(write(tmp_path, FILES | {name: "---\n- ["}))

    assert {Path(p.file).name for p in problems} == {name}


def test_problems_of_all_files_and_briefings_come_at_once(tmp_path: Path) -> None:
    one = [
        Flaw("article.md", "language: en", "lang: en", "unknown key 'lang'"),
        Flaw("entities.yaml", "type: place", "type: no", "quote it"),
        Flaw("claims.yaml", "verb: said", "verb: &v said", "anchors"),
        Flaw("briefing.yaml", "suggested: [vote-when", "suggested: [x", "'x' is not a pair"),
    ]
    two = [Flaw("qa.yaml", "kind: when", "kind: whenever", "did you mean 'when'?")]
    for name, flaws in ((ID, one), ("2021-03-05-marrowby", two)):
        write(tmp_path / "briefings", spoilt(flaws), name)
    smalltalk = tmp_path / "smalltalk.yaml"
    smalltalk.write_text("smalltalk:\n  - id: hi\n")

    with pytest.raises(ContentError) as caught:
        read_content(tmp_path / "briefings", smalltalk)

    problems = caught.value.problems
    assert list(problems) == sorted(problems)
    for name, flaws in ((ID, one), ("2021-03-05-marrowby", two)):
        for flaw in flaws:
            file = (tmp_path / "briefings" / name / flaw.file).as_posix()
            line = flaw.line(spoilt(flaws))
            assert any(
                (p.file, p.line) == (file, line) and flaw.message in p.message for p in problems
            )
    assert [p.message for p in problems if p.file == smalltalk.as_posix()] == [
        "a topic needs 'answer'",
        "a topic needs 'phrasings'",
    ]
    assert str(problems[0]) in str(caught.value).splitlines()


def test_the_newest_briefing_comes_first(tmp_path: Path) -> None:
    older = spoilt([Flaw("article.md", '"2021-03-04"', '"2020-12-31"', "")])
    write(tmp_path, older, "2021-12-31-marrowby")
    write(tmp_path, FILES)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "notes.txt").write_text("no briefing")

    briefings, topics = read_content(tmp_path)

    assert [briefing.id for briefing in briefings] == [ID, "2021-12-31-marrowby"]
    assert topics == load_smalltalk(SMALLTALK)


def test_a_folder_without_briefings_is_a_problem(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ContentError, match="no briefing here"):
            read_content(folder)


@pytest.mark.parametrize("name", ["Marrowby", "2021-03-04-a-very-long-name", "a_b"])
def test_a_folder_that_fits_no_link_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="does not fit a button or a link"):
        load_briefing(write(tmp_path, FILES, name))


def test_a_file_with_a_wrong_name_is_not_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES | {"vocabulry.yaml": "", "qa.yml": "", ".qa.yaml.swp": ""})

    _, problems = examine(folder)

    assert [p.message for p in problems] == [
        "unknown file 'qa.yml'; did you mean 'qa.yaml'?",
        "unknown file 'vocabulry.yaml'; did you mean 'vocabulary.yaml'?",
    ]


def test_only_files_of_the_folder_itself_are_read(tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text(FILES["qa.yaml"])
    folder = write(tmp_path, FILES)
    (folder / "qa.yaml").unlink()
    (folder / "qa.yaml").symlink_to(outside)
    (folder / "claims.yaml").unlink()
    os.mkfifo(folder / "claims.yaml")

    _, problems = examine(folder)

    assert [(Path(p.file).name, p.message.split(":")[0]) for p in problems] == [
        ("claims.yaml", "not a file of this folder"),
        ("qa.yaml", "not a file of this folder"),
    ]


def test_a_file_over_eight_megabytes_is_refused(tmp_path: Path) -> None:
    _, problems = examine(write(tmp_path, FILES | {"vocabulary.yaml": "#" * 8_000_001}))

    assert [p.message for p in problems] == ["the file has over 8 MB: split or shorten it"]


@given(
    name=st.sampled_from(sorted(FILES)),
    at=st.integers(0, 4_000),
    cut=st.integers(0, 40),
    junk=st.text(alphabet="ab1-:[]{}&*!'\"#| \n", max_size=6) | st.text(max_size=6),
)
def test_no_accident_in_a_file_raises_anything_but_problems(
    name: str, at: int, cut: int, junk: str
) -> None:
    text = FILES[name]
    at %= len(text)
    with tempfile.TemporaryDirectory() as parent:
        folder = write(Path(parent), FILES)
        spoilt_text = text[:at] + junk + text[at + cut :]
        (folder / name).write_bytes(spoilt_text.encode("utf-8", "surrogatepass"))

        draft, problems = examine(folder)

    assert problems or draft.briefing().id == ID


def test_smalltalk_is_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "smalltalk.yaml"
    path.write_text(marrowby.SMALLTALK)
    assert [topic.id for topic in load_smalltalk(path)] == ["greeting", "thanks"]

    path.write_text(
        marrowby.SMALLTALK.replace("id: thanks", "id: greeting").replace("thanks a lot", "Hi!")
    )
    with pytest.raises(ContentError) as caught:
        load_smalltalk(path)

    assert [p.line for p in caught.value.problems] == [5, 6]


def test_the_first_briefing_and_the_smalltalk_load(libya: Library) -> None:
    briefing = libya.briefing("2017-08-29-libya")

    assert briefing is not None
    assert len(briefing.article.sentences) == 25
    assert libya.smalltalk


def test_the_place_of_each_item_is_the_one_where_the_loader_found_it(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    draft, problems = examine(folder)
    told = places(folder)

    placed = [(p.value.id, p.file, p.lines) for p in draft.pairs]
    placed += [(p.value.id, p.file, p.lines) for p in draft.gaps]
    placed += [(p.value.id, p.file, p.lines) for p in draft.entities]
    placed += [(p.value.id, p.file, p.lines) for p in draft.claims]
    assert not problems
    assert len(placed) > 10
    for id_, file, lines in placed:
        assert told[id_] == f"{Path(file).name}:{lines[''][0]}"


def test_an_id_in_quotes_or_in_braces_has_a_place_and_broken_letters_do_no_harm(
    tmp_path: Path,
) -> None:
    (tmp_path / "qa.yaml").write_bytes(
        b'pairs:\n  - id: "one"\n  - {id: two, kind: who}\n  -\n    id: three # \xff\n'
    )

    assert places(tmp_path) == {"one": "qa.yaml:2", "two": "qa.yaml:3", "three": "qa.yaml:5"}
