"""Verdicts, the figures made of them, and the floors that the shipped store must hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge import Library, ask, show
from knowledge.judge import (
    Bin,
    Judged,
    Verdict,
    answerable,
    by_kind,
    calibration_error,
    confusions,
    judge,
    rates,
    refusals,
    reliability,
)
from knowledge.load import load_judgements
from knowledge.model import (
    Ambiguous,
    Judgement,
    MissKind,
    Outcome,
    QAPair,
    Smalltalk,
    Unanswered,
    items,
)
from knowledge.problems import ContentError

SHIPPED = Path(__file__).parents[2] / "knowledge/briefings/2017-08-29-libya/judgements.yaml"


@pytest.fixture(scope="session")
def judged(libya: Library) -> list[Judged]:
    known = {i.id for b in libya.briefings for i in items(b)} | {t.id for t in libya.smalltalk}
    return [
        judge(judgement, ask(libya, judgement.question, judgement.context))
        for judgement in load_judgements(SHIPPED, known)
    ]


def unanswered(miss: MissKind = MissKind.NOT_IN_BRIEFING) -> Unanswered:
    return Unanswered(miss=miss, briefing="b", confidence=0.0)


def test_each_outcome_gets_its_verdict(libya: Library) -> None:
    one, two, three = libya.newest.pairs[:3]
    choices = Ambiguous(choices=(one, two), confidence=0.5)
    chat = Smalltalk(topic=libya.smalltalk[0], confidence=1.0)
    wants_one = Judgement(kind="k", question="q", answer=(one.id,))
    wants_none = Judgement(kind="k", question="q", miss=MissKind.NOT_IN_BRIEFING)
    wants_either = Judgement(kind="k", question="q", miss=MissKind.OPINION, answer=(one.id,))
    wants_choice = Judgement(kind="k", question="q", choices=(two.id, three.id))
    wants_chat = Judgement(kind="k", question="q", smalltalk="any")
    table: list[tuple[Judgement, Outcome, Verdict]] = [
        (wants_one, show(libya, one), Verdict.RIGHT),
        (wants_one, show(libya, two), Verdict.WRONG),
        (wants_one, choices, Verdict.HALF),
        (wants_one, unanswered(), Verdict.MISSED),
        (wants_one, chat, Verdict.WRONG),
        (wants_none, unanswered(), Verdict.RIGHT),
        (wants_none, chat, Verdict.RIGHT),
        (wants_none, choices, Verdict.HALF),
        (wants_none, show(libya, one), Verdict.WRONG),
        (wants_either, show(libya, one), Verdict.RIGHT),
        (wants_either, unanswered(), Verdict.RIGHT),
        (wants_choice, choices, Verdict.RIGHT),
        (wants_choice, show(libya, three), Verdict.RIGHT),
        (wants_choice, unanswered(), Verdict.MISSED),
        (wants_chat, chat, Verdict.RIGHT),
        (wants_chat, unanswered(), Verdict.HALF),
    ]

    for judgement, outcome, verdict in table:
        assert judge(judgement, outcome).verdict is verdict, (judgement, outcome)


def test_rates_are_shares_of_the_verdicts(libya: Library) -> None:
    pair = libya.newest.pairs[0]
    wanted = Judgement(kind="k", question="q", answer=(pair.id,))
    some = [judge(wanted, show(libya, pair)), judge(wanted, unanswered())]

    found = rates(some)

    assert (found.count, found.right, found.missed, found.wrong) == (2, 0.5, 0.5, 0.0)
    assert found.utility == 0.5
    assert rates([]).count == 0


def test_kinds_reliability_and_confusions_cover_all_answers(judged: list[Judged]) -> None:
    table = by_kind(judged)
    answers = sum(b.count for b in reliability(judged))

    assert table["(all)"].count == len(judged)
    assert table["(answerable)"].count + table["(not answerable)"].count == len(judged)
    assert answers > 0
    assert all(taken != right for taken, right, _ in confusions(judged))


def test_several_answers_are_answers_and_smalltalk_is_none() -> None:
    def judgement(**wanted: Any) -> Judgement:
        return Judgement(kind="k", question="q", **wanted)

    assert answerable(judgement(answer=("a",)))
    assert answerable(judgement(choices=("a", "b")))
    assert not answerable(judgement(miss=MissKind.OPINION))
    assert not answerable(judgement(miss=MissKind.OPINION, answer=("a",)))
    assert not answerable(judgement(smalltalk="any"))


def test_calibration_is_the_mean_distance_of_confidence_and_right(libya: Library) -> None:
    one, two = libya.newest.pairs[:2]
    wanted = Judgement(kind="k", question="q", answer=(one.id,))

    def answered(pair: QAPair, confidence: float) -> Judged:
        return judge(wanted, replace(show(libya, pair), confidence=confidence))

    sure = [answered(one, 0.95), answered(one, 0.95), answered(one, 0.95), answered(two, 1.0)]
    unsure = [answered(two, 0.55), judge(wanted, unanswered())]

    filled = [b for b in reliability([*sure, *unsure]) if b.count]

    assert [(b.low, b.high, b.count, b.right) for b in filled] == [
        (0.5, 0.6, 1, 0.0),
        (0.9, 1.0, 4, 0.75),
    ]
    assert [b.confidence for b in filled] == pytest.approx([0.55, 0.9625])
    assert calibration_error(filled) == pytest.approx((1 * 0.55 + 4 * 0.2125) / 5)
    assert calibration_error([]) == 0.0
    perfect = Bin(low=0.7, high=0.8, count=4, confidence=0.75, right=0.75)
    assert calibration_error([perfect]) == 0.0


def test_refusals_are_counted_by_the_miss_that_was_said(libya: Library) -> None:
    pair = libya.newest.pairs[0]
    has_it = Judgement(kind="k", question="q", answer=(pair.id,))
    has_none = Judgement(kind="k", question="q", miss=MissKind.OPINION)
    some = [
        judge(has_it, unanswered()),
        judge(has_none, unanswered()),
        judge(has_none, unanswered(MissKind.OPINION)),
        judge(has_it, show(libya, pair)),
    ]

    assert refusals(some) == [
        ("not-in-briefing", 2, 0.5),
        ("opinion", 1, 1.0),
        ("(all)", 3, pytest.approx(2 / 3)),
    ]
    assert refusals(some[3:]) == []


def test_the_store_holds_its_floors(judged: list[Judged]) -> None:
    """What `python -m knowledge eval` prints may rise; it may not fall below this."""
    table = by_kind(judged)

    assert len(judged) >= 400
    assert table["(all)"].right >= 0.60
    assert table["(all)"].wrong <= 0.13
    assert table["(not answerable)"].right >= 0.70


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('- {kind: "k", question: "q", answer: [no-such]}', "there is no item 'no-such'"),
        ('- {kind: "k", question: "q", smalltalk: "helo"}', "did you mean 'hello'?"),
        ('- {kind: "k", question: "q"}', "needs one of"),
        ('- {kind: "k", question: "q", miss: "lost"}', "miss 'lost'"),
        ('- {kind: "k", question: "q", misses: "opinion"}', "unknown key 'misses'"),
        ('- &a {kind: "k", question: "q", miss: "opinion"}', "anchor"),
    ],
)
def test_a_bad_judgement_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "judgements.yaml"
    path.write_text(f"judgements:\n  {text}\n", encoding="utf-8")

    with pytest.raises(ContentError) as caught:
        load_judgements(path, {"hello", "pair-one"})

    assert f"{path.as_posix()}:2: " in str(caught.value)
    assert message in str(caught.value)


def test_a_question_is_judged_once(tmp_path: Path) -> None:
    path = tmp_path / "judgements.yaml"
    entry = '  - {kind: "k", question: "q", miss: "opinion"}\n'
    path.write_text("judgements:\n" + entry + entry, encoding="utf-8")

    with pytest.raises(ContentError, match="judged already at line 2"):
        load_judgements(path, ())
