"""The editorial checks, one flaw at a time and all together; and what a sound store may do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge import coverage
from knowledge.folder import JUDGEMENTS, LESSONS
from knowledge.load import SMALLTALK, examine, examine_judgements
from tests.knowledge.marrowby import FILES, Flaw, spoilt, write

FLAWS = [
    # quotes and sentences
    Flaw("qa.yaml", "The barrier will cost €12", "The wall will cost €12", "is not in p2s1: copy"),
    Flaw("qa.yaml", "The barrier will cost €12", "the barrier will cost €12", "letter for letter"),
    Flaw("claims.yaml", "“badly and for ever.”", "'badly and for ever.'", "letter for letter"),
    Flaw("claims.yaml", "salmon – “", "salmon - “", "letter for letter"),
    Flaw(
        "qa.yaml", "The barrier will cost €12 million", "the Esk Anglers", "but in p2s2: cite that"
    ),
    Flaw(
        "qa.yaml",
        "The barrier will cost €12 million",
        "barrier",
        "is too short to find",
        'quote: "barrier"',
    ),
    Flaw(
        "qa.yaml",
        "The barrier will cost €12 million",
        "he barrier will",
        "cuts a word of p2s1",
        'quote: "he barrier',
    ),
    Flaw("qa.yaml", "sentence: p2s1", "sentence: p2s4", "no sentence p2s4: paragraph 2 has 3"),
    Flaw("qa.yaml", "sentence: p2s1", "sentence: p3s1", "no sentence p3s1: the article has 2"),
    Flaw("qa.yaml", "nearest: [p1s1, p2s1]", "nearest: [p1s1, p2s9]", "no sentence p2s9"),
    Flaw("entities.yaml", "sentences: [p2s2]", "sentences: [p2s2, p9s9]", "no sentence p9s9"),
    Flaw(
        "entities.yaml",
        "sentence: p1s1\n  - id",
        "sentence: p1s9\n  - id",
        "no sentence p1s9",
        '- date: "2021-03-03"',
    ),
    # ids
    Flaw("qa.yaml", "id: vote-unanimous", "id: vote-when ", "id 'vote-when' is taken already"),
    Flaw("qa.yaml", "id: gap-builder", "id: marrowby", "'marrowby' is taken already"),
    Flaw("briefing.yaml", "id: point-vote", "id: oakes-salmon", "'oakes-salmon' is taken already"),
    Flaw("briefing.yaml", "[vote-when,", "[vote-wen,", "did you mean 'vote-when'?"),
    Flaw("briefing.yaml", "[vote-when,", "[barrier-cost,", "'barrier-cost' is suggested twice"),
    Flaw("briefing.yaml", "[vote-when,", "[gap-builder,", "'gap-builder' is not a pair"),
    # claims
    Flaw("claims.yaml", "claimant: ines-calder", "claimant: ines-caldr", "mean 'ines-calder'?"),
    Flaw("claims.yaml", "claimant: ines-calder", "claimant: vote-when", "is not an entity"),
    Flaw("claims.yaml", "conflicts: [oakes-salmon]", "conflicts: [oakes-salmn]", "'oakes-salmon'?"),
    Flaw(
        "claims.yaml",
        "    conflicts: [oakes-salmon]\n",
        "",
        "claim 'calder-count' does not list 'oakes-salmon'",
        "conflicts: [calder-count]",
    ),
    Flaw(
        "claims.yaml",
        "conflicts: [oakes-salmon]",
        "conflicts: [oakes-salmon, calder-count]",
        "'calder-count' conflicts with itself",
    ),
    # names
    Flaw(
        "entities.yaml",
        '"Dr Oakes"',
        '"CALDER"',
        "'CALDER' of 'tom-oakes' belongs to 'ines-calder'",
    ),
    Flaw(
        "entities.yaml",
        '"Dr Oakes"',
        '"marrowby"',
        "'Marrowby' of 'marrowby' belongs to 'tom-oakes'",
        "name: Marrowby",
    ),
    Flaw("entities.yaml", '"Dr Oakes"', '"Oakes"', "'Oakes' of 'tom-oakes' is listed twice"),
    Flaw(
        "entities.yaml",
        "- alias: Esk",
        "- alias: Esq",
        "'Esk' of 'river-esk' belongs to 'tom-oakes'",
        '    aliases: ["Esk"]',
    ),
    Flaw(
        "entities.yaml",
        "[tom-oakes, river-esk]",
        "[marrowby, river-esk]",
        "'Esk' of 'tom-oakes' stands under 'ambiguous' without it",
        '"Dr Oakes", "Esk"]',
    ),
    Flaw(
        "entities.yaml",
        "[tom-oakes, river-esk]",
        "[tom-oakes, river-esk, river]",
        "'river' is not an",
    ),
    Flaw(
        "entities.yaml",
        "[tom-oakes, river-esk]",
        "[tom-oakes, river-esk, river-esk]",
        "listed twice",
    ),
    Flaw(
        "entities.yaml",
        "ambiguous:\n",
        "ambiguous:\n  - {alias: ESK, entities: [marrowby, tom-oakes]}\n",
        "'Esk' is 'ESK' (line 42) again",
        "- alias: Esk",
    ),
    # phrasings
    Flaw("qa.yaml", '"vote when"', '"DATE of the vote, please"', "keep one (case"),
    Flaw("qa.yaml", '"cost barrier"', '"Date of the vote?"', "stands in 'vote-when' already"),
    Flaw("qa.yaml", '"builder"', '"Publisher?"', "stands in 'who-publishes' already"),
    Flaw("qa.yaml", '"builder"', '"?!"', "has no words"),
    # answers
    Flaw("qa.yaml", "answer: No, Mayor", "answer: Mayor", "begin with Yes or No"),
    Flaw("qa.yaml", "answer: No, Mayor", "answer: Nobody but Mayor", "begin with Yes or No"),
    Flaw("vocabulary.yaml", "[vote, ballot]", "[vote]", "two words or more"),
    Flaw("vocabulary.yaml", "[vote, ballot]", "[vote, ballot, Vote]", "'vote' stands twice"),
    # numbers
    Flaw(
        "qa.yaml",
        "that 7 councillors",
        "that 8 councillors",
        "says 8, which is not in the cited p1s2",
    ),
    Flaw("qa.yaml", "that 7 councillors", "that seventeen councillors", "says seventeen, which"),
    Flaw("qa.yaml", "voted on 3 March 2021", "voted on 4 May 2021", "says 4 May, which"),
    Flaw("qa.yaml", "voted on 3 March 2021", "voted on 3 March 2020", "says 2020, which"),
    Flaw("qa.yaml", "cost twelve million", "cost twelve billion", "says twelve billion, which"),
    Flaw(
        "qa.yaml",
        '      - value: "four"\n        reason: "computed"\n',
        "",
        "says four, which",
        "answer: The barrier",
    ),
    Flaw(
        "qa.yaml",
        'value: "four"',
        'value: "five"',
        "'five' is not in the answer",
        '- value: "five"',
    ),
    Flaw("briefing.yaml", "the 2nd plan", "the third plan", "says third, which"),
    Flaw("claims.yaml", "and 4 against", "and 14 against", "says 14, which"),
    Flaw("entities.yaml", "flows by Marrowby", "flows 40 miles by Marrowby", "says 40, which"),
    # names in texts
    Flaw("qa.yaml", "Marrowby voted on", "Grimsdale voted on", "names Grimsdale, which is not in"),
    Flaw(
        "qa.yaml",
        "The town council of",
        "Ines Calder of",
        "names Ines Calder (which occurs in p1s2)",
    ),
    Flaw(
        "qa.yaml",
        "which is 3 million",
        "says Tom Oakes, 3 million",
        "names Tom Oakes (which occurs",
    ),
    Flaw("entities.yaml", "the mayor of Marrowby", "the mayor of Leeds", "description of entity"),
    Flaw("briefing.yaml", "since December 1998", "since October 1998", "names October, which"),
    Flaw(
        "qa.yaml", "its author is Ada Quill", "its author is Bea Quill", "not in any cited sentence"
    ),
    Flaw("qa.yaml", "answer: No, Mayor", "answer: No. Trump and Mayor", "names Trump (if that is"),
    Flaw("qa.yaml", "answer: The town council of", "answer: Zerbino of", "names Zerbino (if that"),
    # a day of the period, which is the front matter's
    Flaw("qa.yaml", "voted on 3 March 2021", "voted on 1 March 2021", "says 1 March, which"),
    Flaw("briefing.yaml", "barrier on 3 March 2021", "barrier on 1 March 2021", "says 1 March, wh"),
    # the statements of gaps
    Flaw("qa.yaml", "not say who will", "not say whether Zerbino will", "names Zerbino, which is"),
    Flaw("qa.yaml", "not say who will", "not say which 17 will", "gap 'gap-builder' says 17, wh"),
    Flaw("qa.yaml", "not say who will", "not say whether Bea Oakes will", "names Bea, which is"),
]


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: f"{flaw.file} {flaw.message}")
def test_a_flaw_is_reported_with_its_file_and_line(flaw: Flaw, tmp_path: Path) -> None:
    files = spoilt([flaw])

    _, problems = examine(write(tmp_path, files))

    found = [(Path(p.file).name, p.line) for p in problems if flaw.message in p.message]
    assert found == [(flaw.file, flaw.line(files))]


def test_many_flaws_are_all_reported_at_once(tmp_path: Path) -> None:
    flaws = [
        Flaw("article.md", "author: Ada", "auther: Ada", "did you mean 'author'?"),
        Flaw("entities.yaml", '"Dr Oakes"', '"CALDER"', "belongs to 'ines-calder'"),
        Flaw("entities.yaml", "type: place", "type: plaice", "did you mean 'place'?"),
        Flaw("claims.yaml", "[oakes-salmon]", "[oakes-salmn]", "is not a claim"),
        Flaw("claims.yaml", "verb: warned", "verb: &w warned", "anchors"),
        Flaw("claims.yaml", "verb: said", "verb: no", "quote it"),
        Flaw("qa.yaml", "voted on 3 March", "voted on 5 March", "says 5 March"),
        Flaw("qa.yaml", '"vote when"', '"?!"', "has no words"),
        Flaw("qa.yaml", "barrier will cost €12", "barrier will cost 12", "is not in p2s1"),
        Flaw("qa.yaml", "answer: No, Mayor", "answer: Mayor", "begin with Yes or No"),
        Flaw("qa.yaml", '"builder"', '"Publisher!"', "stands in 'who-publishes' already"),
        Flaw("qa.yaml", "nearest: [p1s1,", "nearest: [p1s7,", "no sentence p1s7"),
        Flaw("briefing.yaml", "[vote-when,", "[vote-wen,", "did you mean 'vote-when'?"),
        Flaw("vocabulary.yaml", "[vote, ballot]", "[vote]", "two words or more"),
    ]
    files = spoilt(flaws)

    _, problems = examine(write(tmp_path, files))

    found = {(Path(p.file).name, p.line): p.message for p in problems}
    for flaw in flaws:
        assert flaw.message in found[flaw.file, flaw.line(files)]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("qa.yaml", "Mayor Ines Calder said that 7", "the mayor of Marrowby said that seven"),
        ("qa.yaml", "The town council of Marrowby voted on 3 March 2021.", "On 3 March the Esk."),
        ("qa.yaml", "The town council of Marrowby", "Surprisingly, the Marrowby council"),
        ("qa.yaml", "The town council of Marrowby", "One of them, I hear, in Marrowby’s council"),
        ("qa.yaml", "twelve million euros", "€12,000,000"),
        ("qa.yaml", "3 million for each of four", "three million for each of 4"),
        ("briefing.yaml", "the 2nd plan", "the second plan"),
        ("entities.yaml", "flows by Marrowby", "flows by the Marrowbys"),
        ("entities.yaml", "- alias: Esk\n", "- alias: ESK\n"),
        ("qa.yaml", "answer: No, Mayor", "answer: No. Meanwhile, gunmen aside, Mayor"),
        ("qa.yaml", "answer: No, Mayor", "answer: No. Interviewed afterwards, Mayor"),
        ("qa.yaml", "answer: No, Mayor", "answer: No. Councillors voted otherwise; Mayor"),
        ("qa.yaml", "not say who will", "not say whether Dr Oakes, Ada Quill or the 7 will"),
        ("qa.yaml", "not say who will", "not say who, between 1 and 3 March 2021, will"),
    ],
)
def test_the_same_in_other_words_is_no_problem(
    file: str, old: str, new: str, tmp_path: Path
) -> None:
    _, problems = examine(write(tmp_path, spoilt([Flaw(file, old, new, "")])))

    assert problems == ()


def test_the_days_of_the_period_count_where_it_is_cited(tmp_path: Path) -> None:
    answer = Flaw("qa.yaml", "its author is Ada Quill", "it goes back to 1 March 2021", "1 March")
    cited = Flaw("qa.yaml", "field: author", "field: period", "")

    _, without = examine(write(tmp_path / "without", spoilt([answer])))
    _, having = examine(write(tmp_path / "having", spoilt([answer, cited])))

    assert ["says 1 March, which" in p.message for p in without] == [True]
    assert having == ()


def test_a_gap_may_say_what_its_phrasings_ask(tmp_path: Path) -> None:
    statement = Flaw("qa.yaml", "not say who will", "not say whether Zerbino will", "")
    asked = Flaw("qa.yaml", '"contractor"', '"does zerbino build it"', "")

    _, problems = examine(write(tmp_path, spoilt([statement, asked])))

    assert problems == ()


def test_an_entity_counts_where_it_occurs_by_pronoun(tmp_path: Path) -> None:
    answer = Flaw(
        "qa.yaml", "The barrier will cost twelve", "To Tom Oakes it is twelve", "names Tom"
    )
    occurs = Flaw("entities.yaml", "sentences: [p2s2]", "sentences: [p2s1, p2s2]", "")

    _, without = examine(write(tmp_path / "without", spoilt([answer])))
    _, having = examine(write(tmp_path / "having", spoilt([answer, occurs])))

    assert [answer.message in p.message for p in without] == [True]
    assert having == ()


def test_coverage_counts_pairs_entities_and_claims_by_sentence(tmp_path: Path) -> None:
    draft, _ = examine(write(tmp_path, FILES))

    rows = coverage.coverage(draft)

    counts = {str(row.ref): (row.pairs, row.entities, row.claims) for row in rows}
    assert counts["p1s1"] == (1, 2, 0)
    assert counts["p1s2"] == (1, 1, 1)
    assert counts["p2s3"] == (0, 0, 0)
    table = coverage.table(rows).splitlines()
    assert len(table) == 1 + len(rows)
    assert table[1].split()[:4] == ["p1s1", "1!", "2", "0"]
    assert table[5].endswith("It is the second plan since December 1998.")


def test_thin_coverage_is_a_problem_of_check_but_not_of_loading(tmp_path: Path) -> None:
    draft, problems = examine(write(tmp_path, FILES))

    thin = list(coverage.problems(draft))

    assert problems == ()
    assert [p.line for p in thin] == [13, 13, 16, 16, 16]
    assert "sentence p2s3 is cited by 0 of 4 pairs" in thin[-1].message


def test_a_large_briefing_is_checked_within_a_second(tmp_path: Path) -> None:
    pairs = [
        f"  - id: pair-{n}\n    kind: when\n    phrasings:\n"
        + "".join(f'      - "When did the council vote, {n} {m}?"\n' for m in range(9))
        + "    answer: Mayor Ines Calder and the town council of Marrowby voted on 3 March 2021.\n"
        + '    citations:\n      - sentence: p1s1\n        quote: "the town council of Marrowby"\n'
        + '      - sentence: p1s2\n        quote: "Mayor Ines Calder"\n'
        for n in range(250)
    ]
    files = FILES | {"qa.yaml": FILES["qa.yaml"].replace("pairs:\n", "pairs:\n" + "".join(pairs))}
    folder = write(tmp_path, files)
    start = time.perf_counter()

    _, problems = examine(folder)

    assert time.perf_counter() - start < 1
    assert problems == ()


JUDGED = """\
judgements:
  - kind: "k"
    question: "What will they pay?"
    answer: ["barrier-cost", "oakes-salmon", "tom-oakes"]
  - kind: "k"
    question: "And then?"
    context: ["When did the council vote?"]
    cites: [p1s1]
  - {kind: "k", question: "???", smalltalk: "greeting"}
"""
TAUGHT = """\
judgements:
  - kind: "k"
    question: "And the price?"
    says: ["12"]
    cites: [p2s1]
  - kind: "k"
    question: "And then?"
    cites: [p1s2]
  - {kind: "k", question: "!!!", smalltalk: "any"}
  - {kind: "k", question: "how high is it?", readings: [{cites: [p2s1]}, {cites: [p1s2]}]}
"""


@pytest.mark.parametrize(
    "flaw",
    [
        Flaw(JUDGEMENTS, "[p1s1]", "[p1s1, p1s3]", "no sentence p1s3: paragraph 1 has 2 sentences"),
        Flaw(LESSONS, "[p1s2]\n", "[p3s1]\n", "no sentence p3s1: the article has 2 paragraphs"),
        Flaw(LESSONS, "s: [p1s2]\n", "s_all: [p2s9]\n", "no sentence p2s9"),
        Flaw(LESSONS, "[{cites: [p2s1]}", "[{cites: [p2s8]}", "no sentence p2s8"),
        Flaw(JUDGEMENTS, "oakes-salmon", "oakes-salmom", "did you mean 'oakes-salmon'?"),
        Flaw(JUDGEMENTS, '"greeting"', '"greetings"', "no smalltalk 'greetings'"),
        Flaw(LESSONS, 'says: ["12"]', 'say: ["12"]', "did you mean 'says'?"),
        Flaw(LESSONS, "And the price?", "what will they PAY, please", "is among the judgements"),
        Flaw(LESSONS, '"!!!"', '"???"', "is among the judgements"),
        Flaw(LESSONS, "And the price?", "Price of the barrier!", "a phrasing of 'barrier-cost'"),
        Flaw(LESSONS, "And the price?", "Contractor?", "is a phrasing of 'gap-builder'"),
        Flaw(LESSONS, "how high is it?", "And then?", "judged already at line 6", "readings"),
    ],
    ids=lambda flaw: f"{flaw.file} {flaw.message}",
)
def test_judgements_and_lessons_are_checked_against_the_rest(flaw: Flaw, tmp_path: Path) -> None:
    files = {**FILES, JUDGEMENTS: JUDGED, LESSONS: TAUGHT}
    sound = write(tmp_path / "sound", files)
    draft, problems = examine(sound)
    assert problems == ()
    assert examine_judgements(sound, draft) == ()
    flaw.spoil(files)

    [problem] = examine_judgements(write(tmp_path / "spoilt", files), draft)

    assert flaw.message in problem.message
    assert (Path(problem.file).name, problem.line) == (flaw.file, flaw.line(files))


def test_without_smalltalk_nothing_is_said_of_those_who_name_it(tmp_path: Path) -> None:
    folder = write(tmp_path, {**FILES, JUDGEMENTS: JUDGED.replace("p1s1", "p7s7")})
    draft, _ = examine(folder)

    assert [p.line for p in examine_judgements(folder, draft, SMALLTALK)] == [8]
    assert examine_judgements(folder, draft, tmp_path / "none.yaml") == ()
