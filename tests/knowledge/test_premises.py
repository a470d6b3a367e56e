"""What a question takes for given: corrected where a pair contradicts it, else left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import Library, ask
from knowledge.model import (
    Briefing,
    Citation,
    Entity,
    EntityType,
    QAPair,
    QuestionKind,
    SentenceRef,
)
from knowledge.outcomes import Answered, Unanswered
from tests import factories

SENTENCES = (
    "On 2 May, Mara Lind opened the market in Saltby.",
    "The fair drew 400 visitors, Tom Oakes said.",
    "Tom Oakes met Ada Quill in Marrowby.",
    "The Esk Anglers hosted the supper, a two-day event in Ravenby that began on 9 May.",
    "Mara Lind also visited Port Alba.",
)
K = QuestionKind


def a_pair(id_: str, kind: QuestionKind, answer: str, ref: int, *phrasings: str) -> QAPair:
    """A pair that cites the whole of a sentence."""
    cited = Citation(factories.BRIEFING, SentenceRef(1, ref), SENTENCES[ref - 1])
    return replace(factories.a_pair(id_, answer=answer, citations=[cited]), kind=kind,
                   phrasings=phrasings)  # fmt: skip


def an_entity(id_: str, name: str, kind: EntityType, *refs: int) -> Entity:
    """An entity in the sentences *refs*."""
    sentences = tuple(SentenceRef(1, n) for n in refs)
    return replace(
        factories.an_entity(id_, name, f"{name} is named."), type=kind, sentences=sentences
    )


def the_market() -> Briefing:
    """An invented briefing of five sentences."""
    pairs = [
        a_pair("where", K.WHERE, "In Saltby. Mara Lind opened the market there on 2 May 2017.", 1,
               "Where did Mara Lind open the market?", "place where Mara Lind opened the market"),
        a_pair("when", K.WHEN, "On 2 May 2017, when Mara Lind opened the market in Saltby.", 1,
               "When did Mara Lind open the market?", "date on which Mara Lind opened the market"),
        a_pair("visitors", K.HOW_MANY, "The fair drew 400 visitors.", 2,
               "How many visitors came to the market?", "How many visitors were at the market?"),
        a_pair("oakes-opened", K.WHETHER, "No. Mara Lind opened the market in Saltby.", 1,
               "Did Tom Oakes open the market?", "Was the market opened by Tom Oakes?"),
        a_pair("met", K.WHERE, "In Marrowby. Tom Oakes met Ada Quill there.", 3,
               "Where did Tom Oakes meet Ada Quill?", "Tom Oakes and Ada Quill met where?"),
        a_pair("met-who", K.WHO, "Tom Oakes. He met Ada Quill in Marrowby.", 3,
               "Who met Ada Quill?", "who did Ada Quill meet in Marrowby"),
        a_pair("supper", K.WHEN, "On 9 May 2017. The two-day supper was hosted by the Esk Anglers.",
               4, "When did the Esk Anglers host the supper?"),
    ]  # fmt: skip
    entities = [
        an_entity("lind", "Mara Lind", EntityType.PERSON, 1, 5),
        an_entity("oakes", "Tom Oakes", EntityType.PERSON, 2, 3),
        an_entity("quill", "Ada Quill", EntityType.PERSON, 3),
        an_entity("anglers", "Esk Anglers", EntityType.ORGANISATION, 4),
        an_entity("saltby", "Saltby", EntityType.PLACE, 1),
        an_entity("marrowby", "Marrowby", EntityType.PLACE, 3),
        an_entity("ravenby", "Ravenby", EntityType.PLACE, 4),
        an_entity("alba", "Port Alba", EntityType.PLACE, 5),
    ]
    article = factories.an_article(SENTENCES, headline="A market and a supper")
    return replace(
        factories.a_briefing(article=article, entities=entities, pairs=pairs, claims=()), gaps=()
    )


MARKET = Library([the_market()])


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("Why did Mara Lind open the market in Ravenby?", "where"),
        ("Why did Mara Lind open the market on 7 May?", "when"),
        ("Why did Mara Lind open the market on 2 June?", "when"),
        ("How did Tom Oakes meet Ada Quill in Saltby?", "met"),
        ("Where did the 900 visitors of the market come from?", "visitors"),
        ("Why did Tom Oakes open the market?", "oakes-opened"),
    ],
)
def test_a_premise_that_a_pair_contradicts_is_corrected(question: str, pair: str) -> None:
    outcome = ask(MARKET, question)

    assert isinstance(outcome, Answered)
    assert outcome.otherwise
    assert outcome.item.id == pair
    assert not outcome.text.startswith(("Yes", "No"))


@pytest.mark.parametrize(
    "question",
    [
        # right as they are
        "Why did Mara Lind open the market in Saltby?",
        "Why did Mara Lind open the market on 2 May?",
        "Who opened the market in Saltby on 2 May?",
        "Why did the 400 visitors come to the market?",
        "Where did Mara Lind open the market?",
        "Did Tom Oakes open the market?",
        # what the briefing does not say, it does not contradict
        "Why did Mara Lind visit Port Alba?",
        "What did Mara Lind do in Port Alba?",
        "Why did Mara Lind close the market on 7 May?",
        "Why did Mara Lind meet Ada Quill in Marrowby?",
        "When did Mara Lind meet Ada Quill?",
        "Where did the 900 anglers come from?",
        "Why did Bob Ray open the market in Oslo?",
        "Why was the market in Ravenby?",
        # what lasts, is on other days too
        "Why did the Esk Anglers host the supper on 10 May?",
        # not taken for given
        "Did Mara Lind open the market in Ravenby or Saltby?",
        "Why did Mara Lind not open the market in Ravenby?",
        "What did Mara Lind do after she opened the market on 7 May?",
        "“Mara Lind opened the market in Ravenby”, who said so?",
        "",
        "Saltby",
    ],
)
def test_nothing_else_is_corrected(question: str) -> None:
    outcome = ask(MARKET, question)

    assert not (isinstance(outcome, Answered) and outcome.otherwise)


def test_no_stored_phrasing_is_corrected() -> None:
    for pair in MARKET.newest.pairs:
        for phrasing in pair.phrasings:
            outcome = ask(MARKET, f"{phrasing} I ask for a friend.")

            assert not (isinstance(outcome, Answered) and outcome.otherwise), phrasing


def test_a_correction_that_leaves_no_room_for_its_words_is_none() -> None:
    briefing = the_market()
    long = [replace(p, answer=f"{p.answer} {'So it was. ' * 45}"[:490]) for p in briefing.pairs]
    outcome = ask(
        Library([replace(briefing, pairs=tuple(long))]),
        "Why did Mara Lind open the market in Ravenby?",
    )

    assert not (isinstance(outcome, Answered) and outcome.otherwise)


def test_a_known_gap_goes_before_a_correction() -> None:
    """Though what the question takes for given is not so: why it was is known not to be told."""
    asked = "Why did Mara Lind open the market in Ravenby?"
    phrasings = ("Why did Mara Lind open the market?",)
    gap = replace(factories.a_gap(), id="gap-why", phrasings=phrasings)
    outcome = ask(Library([replace(the_market(), gaps=(gap,))]), asked)

    assert isinstance(outcome, Unanswered)
