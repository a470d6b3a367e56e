"""Verdicts, the figures made of them, and the floors that the shipped store must hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge import Library, show
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
    suits,
)
from knowledge.judgement import Judgement, Opening, Reading
from knowledge.load import load_judgements
from knowledge.model import (
    Citation,
    Claim,
    Entity,
    EntityType,
    FieldCitation,
    QAPair,
    QuestionKind,
    SentenceRef,
)
from knowledge.outcomes import (
    Ambiguous,
    Answered,
    Excerpt,
    MissKind,
    Outcome,
    Smalltalk,
    Unanswered,
    whole,
)
from knowledge.problems import ContentError

SHIPPED = "2017-08-29-libya"


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


def refs(*names: str) -> tuple[SentenceRef, ...]:
    return tuple(map(SentenceRef.parse, names))


def citations(*names: str) -> tuple[Citation, ...]:
    return tuple(Citation(briefing="b", ref=ref, quote="q") for ref in refs(*names))


def pair(answer: str, *cited: str, name: str = "a-pair") -> QAPair:
    return QAPair(
        briefing="b",
        id=name,
        kind=QuestionKind.WHAT,
        phrasings=("q",),
        answer=answer,
        citations=citations(*cited),
    )


def wants(**wanted: Any) -> Judgement:
    return Judgement(kind="k", question="q", **wanted)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("Benghazi", "He flew to BENGHAZI.", True),
        ("recogni", "A move recognizing him.", True),
        ("cogniz", "A move recognizing him.", False),
        ("Zürich", "He met her in Zurich.", True),
        ("Łódź", "He came to Łódź.", True),
        ("ódź", "He came to Łódź.", False),
        ("high-profile", "the first high profile visit", True),
        ("LNA", "an LNA-controlled checkpoint", True),
        ("BM", "a BMW was there", False),
        ("oil", "the oilfield", False),
        ("11", "eleven, or 11, were killed", True),
        ("1", "eleven, or 11, were killed", False),
        ("2016", "in 20167", False),
        ("6,000", "€6,000 million", True),
        ("6,000", "€6,0001", False),
        ("400km", "400kms south", True),
        ("مدني", "قتل المدنيون", True),
        ("مدن", "قتل المدنيون", False),
    ],
)
def test_what_an_answer_says_is_looked_for_by_word_start_or_anywhere(
    phrase: str, text: str, found: bool
) -> None:
    assert suits(wants(says=((phrase,),)), pair(text)) is found


def test_an_answer_says_one_text_of_each_group() -> None:
    wanted = wants(says=(("eleven", "11"), ("civilian",)))

    assert suits(wanted, pair("11 died, two of them civilians."))
    assert not suits(wanted, pair("11 died."))
    assert not suits(wanted, pair("Two civilians died."))


@pytest.mark.parametrize(
    ("wanted", "cited", "right"),
    [
        (wants(cites=refs("p1s1", "p1s2")), ("p1s2",), True),
        (wants(cites=refs("p1s1", "p1s2")), (), False),
        (wants(cites=refs("p1s1")), ("p2s1",), False),
        (wants(cites=refs("p1s1")), ("p1s1", "p2s1", "p3s1"), True),
        (wants(cites=refs("p1s1")), ("p1s1", "p2s1", "p2s1", "p3s1"), True),
        (wants(cites=refs("p1s1")), ("p1s1", "p2s1", "p3s1", "p4s1"), False),
        (wants(cites=refs("p1s1", "p4s1")), ("p1s1", "p2s1", "p3s1", "p4s1"), True),
        (wants(cites_all=refs("p1s1", "p1s2")), ("p1s2", "p1s1", "p1s3"), True),
        (wants(cites_all=refs("p1s1", "p1s2")), ("p1s1",), False),
        (wants(says=(("so",),), cites=refs("p1s1")), ("p1s1",), True),
        (wants(says=(("no",),), cites=refs("p1s1")), ("p1s1",), False),
    ],
)
def test_an_answer_cites_what_it_should_and_not_much_else(
    wanted: Judgement, cited: tuple[str, ...], right: bool
) -> None:
    assert suits(wanted, pair("So it is.", *cited)) is right


def test_a_field_of_the_front_matter_is_no_sentence() -> None:
    field = FieldCitation(briefing="b", field="author", quote="Somebody")
    mixed = replace(pair("Somebody.", "p1s1"), citations=(field, field, *citations("p1s1")))

    assert suits(wants(cites=refs("p1s1")), mixed)
    assert not suits(wants(cites=refs("p1s1")), replace(mixed, citations=(field,)))


def test_an_answer_opens_with_the_word_that_is_wanted() -> None:
    wanted = wants(says=(("Paris",),), opens=Opening.YES)

    assert suits(wanted, pair("Yes, in Paris."))
    assert not suits(wanted, pair("No, in Paris."))
    assert not suits(wanted, pair("In Paris, yes."))
    assert not suits(wanted, pair("Yesterday, in Paris."))
    assert suits(replace(wanted, opens=Opening.NO), pair("No: in Paris."))


def test_an_item_of_any_kind_suits_by_its_id_or_by_what_it_holds() -> None:
    entity = Entity(
        briefing="b",
        id="somebody",
        type=EntityType.PERSON,
        name="Somebody",
        description="Somebody is a mayor.",
        citations=citations("p1s1"),
        sentences=refs("p1s1"),
    )
    claim = Claim(
        briefing="b",
        id="a-claim",
        claimant="somebody",
        verb="said",
        statement="Somebody said that he is a mayor.",
        citations=citations("p1s1"),
    )
    for item in (entity, claim, pair("The mayor did.", "p1s1")):
        assert suits(wants(says=(("mayor",),), cites=refs("p1s1")), item)
        assert suits(wants(says=(("king",),), answer=(item.id,)), item)
        assert suits(wants(choices=(item.id, "other")), item)
        assert not suits(wants(says=(("king",),), cites=refs("p1s1")), item)
        assert not suits(wants(answer=("other",)), item)
        assert not suits(wants(miss=MissKind.OPINION), item)
        assert not suits(wants(smalltalk="any"), item)


def test_two_items_are_judged_as_one_answer_by_what_is_shown_of_them() -> None:
    one, two = pair("Yes, he was there.", "p1s1"), pair("It was in Paris.", "p2s1", name="two")
    wanted = wants(says=(("there",), ("Paris",)), cites_all=refs("p1s1", "p2s1"), opens=Opening.YES)

    def verdict(item: QAPair, second: QAPair | None) -> Verdict:
        parts = (whole(item), whole(second)) if second else ()
        return judge(wanted, Answered(item=item, parts=parts, confidence=1.0)).verdict

    assert verdict(one, two) is Verdict.RIGHT
    assert verdict(two, one) is Verdict.WRONG
    assert verdict(one, None) is Verdict.WRONG
    cut = Excerpt(two, "It was.", two.citations)
    shown = Answered(item=one, parts=(whole(one), cut), confidence=1.0)
    assert judge(wanted, shown).verdict is Verdict.WRONG
    assert not suits(wanted, one)
    assert not suits(wanted, two)


def test_what_is_said_and_cited_gets_its_verdict_as_ids_do() -> None:
    good, bad = pair("In Paris.", "p1s1"), pair("In Rome.", "p1s1", name="bad")
    worse = pair("In Bonn.", "p1s1", name="worse")
    offers, offers_none = (
        Ambiguous(choices=choices, confidence=0.5) for choices in ((bad, good), (bad, worse))
    )
    sure = {item.id: Answered(item=item, confidence=1.0) for item in (good, bad)}
    holds = wants(says=(("Paris",),), cites=refs("p1s1"))
    either = replace(holds, miss=MissKind.NOT_IN_BRIEFING)
    several = wants(readings=(Reading(says=(("Paris",),)), Reading(cites=refs("p9s9"))))
    table: list[tuple[Judgement, Outcome, Verdict]] = [
        (holds, sure["a-pair"], Verdict.RIGHT),
        (holds, sure["bad"], Verdict.WRONG),
        (holds, offers, Verdict.HALF),
        (holds, offers_none, Verdict.MISSED),
        (holds, unanswered(), Verdict.MISSED),
        (either, sure["a-pair"], Verdict.RIGHT),
        (either, sure["bad"], Verdict.WRONG),
        (either, unanswered(), Verdict.RIGHT),
        (several, sure["a-pair"], Verdict.RIGHT),
        (several, sure["bad"], Verdict.WRONG),
        (several, offers, Verdict.RIGHT),
        (several, offers_none, Verdict.HALF),
        (several, unanswered(), Verdict.MISSED),
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


def test_kinds_reliability_and_confusions_cover_all_answers(
    judged: dict[str, list[Judged]],
) -> None:
    found = judged[SHIPPED]
    table = by_kind(found)
    answers = sum(b.count for b in reliability(found))

    assert table["(all)"].count == len(found)
    assert table["(answerable)"].count + table["(not answerable)"].count == len(found)
    assert answers > 0
    assert all(taken != right for taken, right, _ in confusions(found))


def test_several_answers_are_answers_and_smalltalk_is_none() -> None:
    def judgement(**wanted: Any) -> Judgement:
        return Judgement(kind="k", question="q", **wanted)

    assert answerable(judgement(answer=("a",)))
    assert answerable(judgement(choices=("a", "b")))
    assert answerable(judgement(says=(("a",),)))
    assert answerable(judgement(cites=refs("p1s1")))
    assert answerable(judgement(cites_all=refs("p1s1")))
    assert answerable(judgement(readings=(Reading(says=(("a",),)),)))
    assert not answerable(judgement(says=(("a",),), miss=MissKind.OPINION))
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


def test_the_store_holds_its_floors(judged: dict[str, list[Judged]]) -> None:
    """What `python -m knowledge eval` prints may rise; it may not fall below this."""
    found = judged[SHIPPED]
    table = by_kind(found)

    assert len(found) >= 400
    assert table["(all)"].right >= 0.69
    assert table["(all)"].wrong <= 0.16
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
        ('- {kind: "k", question: "q", say: ["a"]}', "did you mean 'says'?"),
        ('- {kind: "k", question: "q", says: "a"}', "'says' of a judgement is a list"),
        ('- {kind: "k", question: "q", says: []}', "'says' of a judgement holds 0"),
        ('- {kind: "k", question: "q", says: ["a", []]}', "a group in 'says' is empty"),
        ('- {kind: "k", question: "q", says: [["a", ""]]}', "a text in 'says' is empty"),
        ('- {kind: "k", question: "q", says: [["a", ["b"]]]}', "a text in 'says' is text, not"),
        ('- {kind: "k", question: "q", says: [["a", "!"]]}', "'!' in 'says' has no words"),
        ('- {kind: "k", question: "q", cites: [p1]}', "'p1' is not a sentence"),
        ('- {kind: "k", question: "q", cites: []}', "'cites' of a judgement holds 0"),
        ('- {kind: "k", question: "q", cites_all: [p0s1]}', "'p0s1' is not a sentence"),
        ('- {kind: "k", question: "q", says: ["a"], opens: "yep"}', "opens 'yep'"),
        ('- {kind: "k", question: "q", answer: [pair-one], opens: "no"}', "'opens' needs"),
        ('- {kind: "k", question: "q", opens: "no"}', "a judgement needs one of"),
        ('- {kind: "k", question: "q", readings: []}', "'readings' of a judgement holds 0"),
        ('- {kind: "k", question: "q", readings: [{}]}', "a reading needs 'says' or 'cites'"),
        ('- {kind: "k", question: "q", readings: [{site: [p1s1]}]}', "did you mean 'cites'?"),
        ('- {kind: "k", question: "q", readings: [{cites: [s1]}]}', "'s1' is not a sentence"),
        ('- {kind: "k", question: "q", readings: [{says: ["?"]}]}', "'?' in 'says' has no words"),
    ],
)
def test_a_bad_judgement_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "judgements.yaml"
    path.write_text(f"judgements:\n  {text}\n", encoding="utf-8")

    with pytest.raises(ContentError) as caught:
        load_judgements(path, {"hello", "pair-one"})

    assert f"{path.as_posix()}:2: " in str(caught.value)
    assert message in str(caught.value)


def test_what_an_answer_holds_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(
        """judgements:
  - kind: "k"
    question: "q"
    says: [["eleven", "11"], "civilian"]
    cites: [p1s2, p1s3]
    cites_all: [p1s3]
    opens: "no"
  - {kind: "k", question: "r", readings: [{says: ["a"]}, {cites: [p1s1]}]}
""",
        encoding="utf-8",
    )

    first, second = load_judgements(path, ())

    assert first == wants(
        says=(("eleven", "11"), ("civilian",)),
        cites=refs("p1s2", "p1s3"),
        cites_all=refs("p1s3"),
        opens=Opening.NO,
    )
    assert second.readings == (Reading(says=(("a",),)), Reading(cites=refs("p1s1")))


def test_a_question_is_judged_once(tmp_path: Path) -> None:
    path = tmp_path / "judgements.yaml"
    entry = '  - {kind: "k", question: "q", miss: "opinion"}\n'
    path.write_text("judgements:\n" + entry + entry, encoding="utf-8")

    with pytest.raises(ContentError, match="judged already at line 2"):
        load_judgements(path, ())
