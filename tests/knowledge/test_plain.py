"""Outcomes as JSON values and as text, for the library's command line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from knowledge import Library, ask, show, source_link
from knowledge.__main__ import LABELS
from knowledge.load import load_briefing
from knowledge.model import MAX_ANSWER, MAX_CITATIONS, Citation, items, text_of
from knowledge.outcomes import (
    MAX_CHOICES,
    Ambiguous,
    Answered,
    Excerpt,
    MissKind,
    Smalltalk,
    Unanswered,
    whole,
)
from knowledge.plain import Labels, answer_text, as_json, as_text
from knowledge.premises import ROOM
from knowledge.problems import Page
from knowledge.source import Fields, Text, parse
from tests.conftest import HARBOUR
from tests.knowledge.marrowby import ID

KEYS = {"status", "answer", "confidence", "citations", "choices", "older", "related", "entities"}
KEYS |= {"taken", "left"}
SENTENCE_KEYS = {"briefing", "paragraph", "sentence", "quote", "source", "url"}
FIELD_KEYS = {"briefing", "field", "quote", "source", "url"}


@pytest.fixture(scope="session")
def labels() -> Labels:
    """The sentences that the command line says."""
    node = parse(LABELS.read_bytes(), Page(LABELS.as_posix(), []))
    assert isinstance(node, Fields)
    return {key.value: value.value for key, value in node.entries if isinstance(value, Text)}


def check_citation(library: Library, value: dict[str, Any]) -> None:
    """Nothing; *value* is a citation with exactly the keys that were promised."""
    briefing = library.briefing(value["briefing"])
    assert briefing is not None
    assert value["source"] == briefing.article.front.publisher
    assert value["url"].startswith(briefing.article.front.source_url)
    if "field" in value:
        assert set(value) == FIELD_KEYS
        assert value["quote"] == briefing.article.front.text(value["field"])
    else:
        assert set(value) == SENTENCE_KEYS
        paragraph = briefing.article.paragraphs[value["paragraph"] - 1]
        assert value["quote"] in paragraph.sentences[value["sentence"] - 1].text


def check(library: Library, value: dict[str, Any]) -> None:
    """Nothing; *value* is an outcome in the shape of the issue's text, within its limits."""
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert set(value) == KEYS
    assert value["status"] in {"answer", "clarify", "unknown", "smalltalk"}
    assert isinstance(value["answer"], str)
    assert 0 < len(value["answer"]) <= MAX_ANSWER == 500
    assert 0 <= value["confidence"] <= 1
    assert len(value["citations"]) <= MAX_CITATIONS == 5
    assert len(value["choices"]) <= MAX_CHOICES == 6
    for choice in value["choices"]:
        assert set(choice) == {"label", "answer", "citations"}
        assert choice["label"]
        assert 0 < len(choice["answer"]) <= MAX_ANSWER
        assert 1 <= len(choice["citations"]) <= MAX_CITATIONS
    shown = [c for choice in value["choices"] for c in choice["citations"]]
    for citation in (*value["citations"], *value["related"], *shown):
        check_citation(library, citation)
    assert all(isinstance(entity, str) for entity in value["entities"])


def test_an_answer_carries_its_text_and_citations(town: Library, labels: Labels) -> None:
    value = as_json(town, labels, ask(town, "When did the council vote?"))

    check(town, value)
    pair = town.newest.pair["vote-when"]
    (citation,) = pair.citations
    assert value == {
        "status": "answer",
        "answer": "The town council of Marrowby voted on 3 March 2021.",
        "confidence": 1.0,
        "citations": [
            {
                "briefing": ID,
                "paragraph": 1,
                "sentence": 1,
                "quote": "On 3 March, the town council of Marrowby voted",
                "source": "The Marrowby Courier",
                "url": source_link(town.newest, citation),
            }
        ],
        "choices": [],
        "older": [],
        "related": [],
        "entities": ["marrowby"],
        "taken": [],
        "left": [],
    }


def test_a_correction_says_so_before_its_answer_and_drops_the_no(
    town: Library, labels: Labels
) -> None:
    outcome = replace(show(town, town.newest.pair["vote-unanimous"]), otherwise=True)
    said = "Mayor Ines Calder said that 7 councillors were for it and four against."

    value = as_json(town, labels, outcome)
    check(town, value)
    assert value["status"] == "answer"
    assert value["answer"] == f"The briefing says otherwise: {said}"
    assert as_text(town, labels, outcome, 200).startswith(f"The briefing says otherwise: {said}\n")


def test_a_yes_that_was_not_asked_for_goes_and_a_no_stays(town: Library, labels: Labels) -> None:
    pair = town.newest.pair["vote-unanimous"]
    denial = replace(show(town, pair), unasked=True)
    yes = replace(pair, answer="Yes, all of them did.")
    told = replace(show(town, pair), item=yes, unasked=True)
    assert as_json(town, labels, denial)["answer"] == pair.answer
    assert pair.answer.startswith("No, ")
    assert as_json(town, labels, told)["answer"] == "All of them did."


def test_a_name_spelled_far_off_is_said_beside_the_answer_never_in_it(
    town: Library, labels: Labels
) -> None:
    outcome = ask(town, "Who is Ines Caldre?")

    value = as_json(town, labels, outcome)
    check(town, value)
    assert value["answer"] == "Ines Calder is the mayor of Marrowby."
    assert value["taken"] == [{"written": "Ines Caldre", "name": "Ines Calder"}]
    assert "\n\n(I took “Ines Caldre” for Ines Calder.)\n\n" in as_text(town, labels, outcome)


def test_a_question_without_an_answer_is_said_below_the_one_that_has_one(
    town: Library, labels: Labels
) -> None:
    outcome = ask(town, "When did the council vote, and who will build the barrier?")

    value = as_json(town, labels, outcome)
    check(town, value)
    assert value["answer"] == "The town council of Marrowby voted on 3 March 2021."
    assert value["left"] == ["who will build the barrier"]
    said = labels["left"].format(question="who will build the barrier")
    assert "{" not in said
    answer, note, *_ = as_text(town, labels, outcome, 200).split("\n\n")
    assert (answer, note) == (value["answer"], said)


def test_of_a_message_that_is_answered_nothing_is_left(town: Library, labels: Labels) -> None:
    outcome = ask(town, "When did the council vote, and how much will the barrier cost?")

    assert as_json(town, labels, outcome)["left"] == []
    assert labels["left"].partition("{")[0] not in as_text(town, labels, outcome)
    for other in ("Esk", "Hello", "Who will build the barrier?"):
        assert as_json(town, labels, ask(town, other))["left"] == []


def test_each_question_that_is_left_has_its_line(town: Library, labels: Labels) -> None:
    pair = town.newest.pair["vote-when"]
    outcome = replace(show(town, pair), left=("why {so}", "who"), taken=(("Caldre", "Calder"),))
    _, *notes = as_text(town, labels, outcome, 200).split("\n\n")[:4]

    assert as_json(town, labels, outcome)["left"] == ["why {so}", "who"]
    assert notes == [
        labels["left"].format(question="why {so}"),
        labels["left"].format(question="who"),
        labels["taken"].format(written="Caldre", name="Calder"),
    ]


def test_the_words_before_a_correction_leave_room_for_the_longest_answer(labels: Labels) -> None:
    assert len(labels["otherwise"].format(answer="")) <= ROOM


def test_an_answer_from_the_front_matter_cites_the_field(town: Library, labels: Labels) -> None:
    value = as_json(town, labels, ask(town, "Who publishes this?"))

    check(town, value)
    assert value["citations"][0] == {
        "briefing": ID,
        "field": "publisher",
        "quote": "The Marrowby Courier",
        "source": "The Marrowby Courier",
        "url": "https://courier.example/flood-barrier",
    }


def test_a_question_back_carries_its_choices_with_their_citations(
    town: Library, labels: Labels
) -> None:
    value = as_json(town, labels, ask(town, "Esk"))

    check(town, value)
    assert value["status"] == "clarify"
    assert value["answer"] == labels["ambiguous"]
    assert value["citations"] == []
    assert [choice["label"] for choice in value["choices"]] == ["Tom Oakes", "River Esk"]


@pytest.mark.parametrize("miss", MissKind)
def test_a_miss_says_why_and_shows_the_nearest_passages_as_related(
    town: Library, labels: Labels, miss: MissKind
) -> None:
    sentence = next(iter(town.newest.article.sentences.values()))
    nearest = Citation(ID, sentence.ref, sentence.text)
    value = as_json(
        town,
        labels,
        Unanswered(miss=miss, briefing=ID, nearest=(nearest,), confidence=0.0),
    )

    check(town, value)
    assert value["status"] == "unknown"
    assert value["citations"] == value["choices"] == []
    assert [c["quote"] for c in value["related"]] == [sentence.text]
    assert "{" not in value["answer"]
    assert ("4 March 2021" in value["answer"]) == (miss is MissKind.AFTER_ITS_DATE)


def test_a_known_gap_is_told_in_its_own_words(town: Library, labels: Labels) -> None:
    value = as_json(town, labels, ask(town, "Who will build the barrier?"))

    check(town, value)
    assert value["status"] == "unknown"
    assert value["answer"] == "The briefing does not say who will build the barrier."
    assert value["related"]


def test_smalltalk_cites_nothing(town: Library, labels: Labels) -> None:
    value = as_json(town, labels, ask(town, "Hello"))

    check(town, value)
    assert value["status"] == "smalltalk"
    assert value["citations"] == value["choices"] == value["related"] == value["entities"] == []


def test_every_item_every_gap_and_all_smalltalk_fit_the_limits(
    libya: Library, labels: Labels
) -> None:
    for briefing in libya.briefings:
        for item in items(briefing):
            value = as_json(libya, labels, show(libya, item))
            check(libya, value)
            assert value["status"] == "answer"
        for gap in briefing.gaps:
            check(libya, as_json(libya, labels, ask(libya, gap.phrasings[0])))
        everything = tuple(items(briefing))
        for at in range(0, len(everything) - MAX_CHOICES, MAX_CHOICES):
            outcome = Ambiguous(choices=everything[at : at + MAX_CHOICES], confidence=0.4)
            check(libya, as_json(libya, labels, outcome))
    for topic in libya.smalltalk:
        check(libya, as_json(libya, labels, Smalltalk(topic=topic, confidence=1.0)))


def test_citations_beyond_the_limit_are_left_out(town: Library, labels: Labels) -> None:
    pair = town.newest.pair["vote-when"]
    cited = replace(pair, citations=pair.citations * (MAX_CITATIONS + 2))
    value = as_json(town, labels, replace(show(town, pair), item=cited))

    assert len(value["citations"]) <= MAX_CITATIONS


def test_a_yes_or_no_question_is_answered_yes_or_no_first(libya: Library) -> None:
    for briefing in libya.briefings:
        for pair in briefing.pairs:
            if pair.kind.value == "whether":
                assert pair.answer.startswith(("Yes", "No")), pair.id


@pytest.mark.parametrize(
    "question",
    [
        "When did the council vote?",
        "Who publishes this?",
        "Who is Ines Calder?",
        "Esk",
        "Who will build the barrier?",
        "When did Oslo vote?",
        "Hello",
        "",
    ],
)
def test_a_person_reads_the_answer_first_and_then_what_it_stands_on(
    town: Library, labels: Labels, question: str
) -> None:
    outcome = ask(town, question)
    text = as_text(town, labels, outcome, width=60)
    first, *blocks = text.split("\n\n")

    assert " ".join(first.split()) == answer_text(town, labels, outcome)
    assert all(len(line) <= 60 for line in text.split("\n") if "://" not in line)
    assert "" not in blocks
    for citation in as_json(town, labels, outcome)["citations"]:
        assert citation["url"] in text
        assert citation["quote"] in " ".join(text.split())


def test_the_text_of_a_choice_is_numbered_from_one(town: Library, labels: Labels) -> None:
    lines = as_text(town, labels, ask(town, "Esk")).split("\n")

    assert lines[-2:] == ["1. Tom Oakes", "2. River Esk"]


def test_an_older_answer_that_says_otherwise_stands_apart_with_its_date(labels: Labels) -> None:
    folders = (HARBOUR, HARBOUR.parent / "2020-06-01-harbour")
    alba = Library([load_briefing(folder) for folder in folders])
    outcome = ask(alba, "How much did the lighthouse cost?")
    value = as_json(alba, labels, outcome)
    check(alba, value)
    assert value["answer"] == "Mara Lind said that the new lighthouse cost 4 million crowns."
    [older] = value["older"]
    assert set(older) == {"briefing", "published", "answer", "citations"}
    assert (older["briefing"], older["published"]) == ("2020-05-04-harbour", "2020-05-04")
    assert older["answer"] == "The lighthouse cost 3 million crowns."
    [citation] = older["citations"]
    check_citation(alba, citation)
    assert citation["briefing"] == "2020-05-04-harbour"

    text = as_text(alba, labels, outcome)
    newer, _, rest = text.partition("An older briefing, of 4 May 2020, said: ")
    assert "Briefing of 1 June 2020" in newer
    assert rest.startswith("The lighthouse cost 3 million crowns.\n\n  “The lighthouse cost 3")
    assert "3 million" not in newer

    assert as_json(alba, labels, ask(alba, "How many ferries were damaged?"))["older"] == []


@pytest.mark.parametrize(
    ("question", "said", "dated"),
    [
        ("Who won in Oslo?", "The briefings do not say.", "The newest briefing, of 1 June 2020:"),
        ("In the May briefing, who won in Oslo?", "The briefing does not say.",
         "Briefing of 4 May 2020:"),
        ("In the July briefing, who won?", "There is no such briefing here.",
         "The newest briefing, of 1 June 2020:"),
    ],
)  # fmt: skip
def test_a_miss_of_several_briefings_says_of_which(
    labels: Labels, question: str, said: str, dated: str
) -> None:
    folders = (HARBOUR, HARBOUR.parent / "2020-06-01-harbour")
    alba = Library([load_briefing(folder) for folder in folders])
    text = as_text(alba, labels, ask(alba, question))
    assert text.startswith(said)
    assert dated in text


def test_each_of_two_questions_has_its_paragraph_and_what_was_cut_is_a_choice(
    town: Library, labels: Labels
) -> None:
    one, two = town.item(ID, "vote-when"), town.item(ID, "barrier-cost")
    assert one is not None
    assert two is not None
    cut = Excerpt(two, "The barrier will cost twelve million euros.", two.citations)
    outcome = Answered(item=one, parts=(whole(one), cut), confidence=1.0)
    reply = as_json(town, labels, outcome)

    assert reply["answer"] == f"{text_of(one)}\n\n{cut.text}"
    assert [choice["answer"] for choice in reply["choices"]] == [text_of(two)]
    assert [c["sentence"] for c in reply["citations"]] == [1, 1]
    assert as_text(town, labels, outcome).startswith(f"{text_of(one)}\n\n{cut.text}\n\n")
