"""Small content values for tests, each whole and with as little in it as can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot import buttons
from knowledge import Library
from knowledge.confidence import Candidate
from knowledge.documents import Target
from knowledge.hit import Hit
from knowledge.model import (
    Article,
    Briefing,
    Citation,
    Claim,
    Entity,
    EntityType,
    FieldCitation,
    FrontMatter,
    Gap,
    Paragraph,
    Point,
    QAPair,
    QuestionKind,
    Sentence,
    SentenceRef,
    SmalltalkTopic,
)

BRIEFING = "2017-08-29-libya"
SENTENCES = (
    "On 23 August, fighters attacked the checkpoint at al-Fugaha.",
    "Spokesman Ahmed Mismari said that eleven people were beheaded.",
    "The Amaq agency said that 21 were killed or injured, in 2017.",
)


def an_article(
    sentences: Sequence[str] = SENTENCES,
    *,
    headline: str = "Attack in Libya",
    publisher: str = "Geopolitics Alert",
    source_url: str = "https://example.org/libya?a=1&b=2",
    original: str = "weekly update of 29 August 2017",
) -> Article:
    """An article of one paragraph, published on 29 August 2017."""
    found = tuple(Sentence(SentenceRef(1, n), text) for n, text in enumerate(sentences, start=1))
    front = FrontMatter(
        headline=headline,
        author="Eye On ISIS in Libya",
        publisher=publisher,
        published=dt.date(2017, 8, 29),
        source_url=source_url,
        licence="republished with permission",
        language="en",
        period="23 to 28 August 2017",
        time_zone="Africa/Tripoli",
        original=original,
    )
    return Article(front, (Paragraph(1, found),))


def a_citation(sentence: int = 1, quote: str = "fighters attacked the checkpoint") -> Citation:
    """A quote from paragraph 1."""
    return Citation(BRIEFING, SentenceRef(1, sentence), quote)


def a_field_citation(field: str = "published", quote: str = "29 August 2017") -> FieldCitation:
    """A field of the front matter."""
    return FieldCitation(BRIEFING, field, quote)


def a_pair(
    id_: str = "attack-date",
    question: str = "When was the checkpoint attacked?",
    answer: str = "The checkpoint at al-Fugaha was attacked on 23 August 2017.",
    citations: Sequence[Citation | FieldCitation] | None = None,
) -> QAPair:
    """A pair with one phrasing; it cites sentence 1 unless told otherwise."""
    return QAPair(
        briefing=BRIEFING,
        id=id_,
        kind=QuestionKind.WHEN,
        phrasings=(question,),
        answer=answer,
        citations=(a_citation(),) if citations is None else tuple(citations),
    )


def an_entity(
    id_: str = "ahmed-mismari",
    name: str = "Ahmed Mismari",
    description: str = "Ahmed Mismari is the spokesman.",
) -> Entity:
    """A person in sentence 2."""
    return Entity(
        briefing=BRIEFING,
        id=id_,
        type=EntityType.PERSON,
        name=name,
        description=description,
        citations=(a_citation(2, "Spokesman Ahmed Mismari"),),
        sentences=(SentenceRef(1, 2),),
    )


def a_claim(
    id_: str = "mismari-toll",
    statement: str = "Ahmed Mismari said that eleven people were beheaded.",
    conflicts: Sequence[str] = (),
    sentence: int = 2,
    quote: str = "eleven people were beheaded",
) -> Claim:
    """A claim in sentence 2, opposed by *conflicts*."""
    return Claim(
        briefing=BRIEFING,
        id=id_,
        claimant="ahmed-mismari",
        verb="said",
        statement=statement,
        citations=(a_citation(sentence, quote),),
        conflicts=tuple(conflicts),
    )


def a_gap() -> Gap:
    """Something the briefing is known not to say."""
    return Gap(
        briefing=BRIEFING,
        id="gap-commander",
        phrasings=("What was the commander's name?",),
        statement="The briefing does not name the commander.",
        nearest=(SentenceRef(1, 2),),
    )


def a_topic(answer: str = "Hello!") -> SmalltalkTopic:
    """A greeting."""
    return SmalltalkTopic(id="greeting", phrasings=("hello",), answer=answer)


PAIRS = (
    a_pair(),
    a_pair("attack-place", "Where was the attack?", "It was at al-Fugaha."),
    a_pair(
        "toll",
        "How many people were beheaded?",
        "Eleven people were beheaded, said Ahmed Mismari.",
        [a_citation(2, "eleven people were beheaded")],
    ),
    a_pair(
        "published",
        "When was this published?",
        "It was published on 29 August 2017.",
        [a_field_citation()],
    ),
)
ENTITIES = (an_entity(), an_entity("amaq", "Amaq", "Amaq is a news agency."))
CLAIMS = (
    a_claim(conflicts=["amaq-toll"]),
    a_claim(
        "amaq-toll",
        "Amaq said that 21 were killed or injured.",
        ["mismari-toll"],
        3,
        "21 were killed or injured",
    ),
)
POINTS = (
    Point(
        id="point-attack",
        text="Fighters attacked the checkpoint on 23 August 2017.",
        citations=(a_citation(),),
        disputed=False,
    ),
    Point(
        id="point-toll",
        text="How many were hurt is disputed.",
        citations=(a_citation(2, "eleven people were beheaded"), a_citation(3, "21 were killed")),
        disputed=True,
    ),
)


def a_briefing(
    *,
    article: Article | None = None,
    pairs: Sequence[QAPair] = PAIRS,
    entities: Sequence[Entity] = ENTITIES,
    claims: Sequence[Claim] = CLAIMS,
    points: Sequence[Point] = POINTS,
    suggested: Sequence[str] = ("attack-date", "attack-place", "toll"),
) -> Briefing:
    """A briefing that is whole by itself."""
    return Briefing(
        id=BRIEFING,
        article=article or an_article(),
        entities=tuple(entities),
        claims=tuple(claims),
        pairs=tuple(pairs),
        gaps=(a_gap(),),
        points=tuple(points),
        suggested=tuple(suggested),
    )


def a_library(briefing: Briefing | None = None) -> Library:
    """A library of one briefing and one greeting."""
    return Library((briefing or a_briefing(),), (a_topic(),))


def a_hit(target: Target, score: float = 0.7) -> Hit:
    """A hit that explains all of the question."""
    return Hit(
        target=target,
        score=score,
        text="",
        by_words=score,
        by_letters=score,
        coverage=1.0,
        unexplained=(),
    )


def a_candidate(
    target: Target, share: float = 0.9, confidence: float | None = None, *, veto: str = ""
) -> Candidate:
    """A hit that won *share* of the question, and is as sure of it unless told otherwise."""
    sure = share if confidence is None else confidence
    return Candidate(hit=a_hit(target), share=share, confidence=sure, veto=veto)


def linked(payload: buttons.Payload) -> str:
    """What follows `?start=` in a deep link to *payload*."""
    return buttons.encode(payload).replace(":", "_")
