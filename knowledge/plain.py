"""Outcomes as plain text and as JSON values, for the library's command line.

The labels are data (labels.yaml); nothing here knows Telegram.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from knowledge.library import Library
from knowledge.links import source_link
from knowledge.model import MAX_CITATIONS, AnyCitation, Citation, Item, label_of, text_of
from knowledge.outcomes import (
    BETWEEN_PARTS,
    Ambiguous,
    Answered,
    MissKind,
    Outcome,
    Smalltalk,
    Unanswered,
)

Labels = Mapping[str, str]


def answer_text(library: Library, labels: Labels, outcome: Outcome) -> str:
    """What a reader reads first: the curated answer, or a label that says why there is none."""
    match outcome:
        case Answered():
            said = outcome.text
            return labels["otherwise"].format(answer=said) if outcome.otherwise else said
        case Ambiguous():
            return labels["ambiguous"]
        case Unanswered():
            if outcome.gap:
                return outcome.gap.statement
            if outcome.everywhere and outcome.miss is MissKind.NOT_IN_BRIEFING:
                return labels["not-in-briefings"]
            front = (library.briefing(outcome.briefing) or library.newest).article.front
            return labels[outcome.miss.value].format(published=front.text("published"))
        case Smalltalk():
            return outcome.topic.answer
        case _ as never:
            assert_never(never)


def as_json(library: Library, labels: Labels, outcome: Outcome) -> dict[str, Any]:
    """*outcome* as JSON values, all of its keys present whatever its kind."""
    reply: dict[str, Any] = {
        "status": "",
        "answer": answer_text(library, labels, outcome),
        "confidence": 0.0,
        "citations": [],
        "choices": [],
        "older": [],
        "related": [],
        "entities": [],
        "taken": [],
        "left": [],
    }
    match outcome:
        case Answered():
            reply["status"] = "answer"
            reply["citations"] = _citations(library, outcome.citations)
            cut = [part.item for part in outcome.parts if not part.whole]
            reply["choices"] = [_choice(library, item) for item in (*cut, *outcome.others)]
            reply["older"] = [_older(library, item) for item in outcome.older]
            reply["taken"] = [{"written": w, "name": name} for w, name in outcome.taken]
            reply["left"] = list(outcome.left)
        case Ambiguous():
            reply["status"] = "clarify"
            reply["choices"] = [_choice(library, item) for item in outcome.choices]
        case Unanswered():
            reply["status"] = "unknown"
            reply["related"] = _citations(library, outcome.nearest)
        case Smalltalk():
            reply["status"] = "smalltalk"
        case _ as never:
            assert_never(never)
    reply["confidence"] = outcome.confidence
    if not isinstance(outcome, Smalltalk):
        reply["entities"] = list(outcome.entities)
    return reply


def _choice(library: Library, item: Item) -> dict[str, Any]:
    return {
        "label": label_of(item),
        "answer": text_of(item),
        "citations": _citations(library, item.citations),
    }


def _older(library: Library, item: Item) -> dict[str, Any]:
    briefing = library.briefing(item.briefing)
    if briefing is None:
        raise ValueError(f"the library has no briefing {item.briefing!r}")
    return {
        "briefing": briefing.id,
        "published": briefing.article.front.published.isoformat(),
        "answer": text_of(item),
        "citations": _citations(library, item.citations),
    }


def _citations(library: Library, citations: Sequence[AnyCitation]) -> list[dict[str, Any]]:
    return [_citation(library, c) for c in citations[:MAX_CITATIONS]]


def _citation(library: Library, citation: AnyCitation) -> dict[str, Any]:
    briefing = library.briefing(citation.briefing)
    if briefing is None:
        raise ValueError(f"the library has no briefing {citation.briefing!r}")
    place: dict[str, Any]
    if isinstance(citation, Citation):
        place = {"paragraph": citation.ref.paragraph, "sentence": citation.ref.sentence}
    else:
        place = {"field": citation.field}
    return {
        "briefing": briefing.id,
        **place,
        "quote": citation.quote,
        "source": briefing.article.front.publisher,
        "url": source_link(briefing, citation),
    }


def as_text(library: Library, labels: Labels, outcome: Outcome, width: int = 88) -> str:
    """*outcome* as a person reads it in a terminal: the answer, what it stands on, what else."""
    said = answer_text(library, labels, outcome).split(BETWEEN_PARTS)
    blocks = [textwrap.fill(paragraph, width) for paragraph in said]
    match outcome:
        case Answered():
            notes = [labels["left"].format(question=question) for question in outcome.left]
            notes += [labels["taken"].format(written=w, name=name) for w, name in outcome.taken]
            blocks += [textwrap.fill(note, width) for note in notes]
            blocks += _quotes(library, labels, outcome.citations, width)
            blocks += _as_of(library, labels, outcome.item.briefing, width)
            for item in outcome.older:
                blocks += [_said_before(library, labels, item, width)]
                blocks += _quotes(library, labels, item.citations, width)
            blocks += _list(labels["related"], [label_of(p) for p in outcome.related], width)
        case Ambiguous():
            blocks += _list("", [label_of(item) for item in outcome.choices], width)
        case Unanswered():
            if outcome.nearest:
                blocks.append(labels["nearest"])
            blocks += _quotes(library, labels, outcome.nearest, width)
            about_all = outcome.everywhere or outcome.miss is MissKind.NO_SUCH_BRIEFING
            key = "newest" if about_all else "as-of"
            blocks += _as_of(library, labels, outcome.briefing, width, key)
        case Smalltalk():
            pass
        case _ as never:
            assert_never(never)
    return "\n\n".join(b for b in blocks if b)


def _quotes(
    library: Library, labels: Labels, citations: Sequence[AnyCitation], width: int
) -> list[str]:
    blocks = []
    for citation in citations:
        place = labels["field"].format(field=getattr(citation, "field", ""))
        if isinstance(citation, Citation):
            ref = citation.ref
            place = labels["place"].format(paragraph=ref.paragraph, sentence=ref.sentence)
        briefing = library.briefing(citation.briefing)
        link = source_link(briefing, citation) if briefing else ""
        quote = textwrap.fill(
            f"“{citation.quote}”", width, initial_indent="  ", subsequent_indent="  "
        )
        blocks.append(f"{quote}\n  {place}\n  {link}")
    return blocks


def _said_before(library: Library, labels: Labels, item: Item, width: int) -> str:
    briefing = library.briefing(item.briefing)
    published = briefing.article.front.text("published") if briefing else ""
    return textwrap.fill(labels["older"].format(published=published, answer=text_of(item)), width)


def _as_of(
    library: Library, labels: Labels, briefing_id: str, width: int, key: str = "as-of"
) -> list[str]:
    briefing = library.briefing(briefing_id)
    if briefing is None:
        return []
    front = briefing.article.front
    line = labels[key].format(
        published=front.text("published"), headline=front.headline, publisher=front.publisher
    )
    return [textwrap.fill(line, width)]


def _list(title: str, entries: Sequence[str], width: int) -> list[str]:
    if not entries:
        return []
    lines = [
        textwrap.fill(f"{n}. {entry}", width, subsequent_indent="   ")
        for n, entry in enumerate(entries, start=1)
    ]
    return ["\n".join([title, *lines] if title else lines)]
