"""What an index holds of a briefing: each target, the texts that lead to it, what it explains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from knowledge.model import (
    Briefing,
    Citation,
    Claim,
    Entity,
    Gap,
    Item,
    QAPair,
    SentenceRef,
    text_of,
)

Target = QAPair | Gap | Entity | Claim
"""What a stored text leads to."""


def texts_to(target: Target) -> tuple[str, ...]:
    """The stored texts that lead to *target*."""
    return target.phrasings if isinstance(target, QAPair | Gap) else (text_of(target),)


_Document = tuple[Target, Sequence[str], str, frozenset[str]]


def documents(briefing: Briefing) -> Iterable[_Document]:
    """Each target, the texts that lead to it, further text and the entities that it explains."""
    article = briefing.article.sentences
    occurring: dict[SentenceRef, set[str]] = defaultdict(set)
    for entity in briefing.entities:
        for ref in entity.sentences:
            occurring[ref].add(entity.id)

    def document(target: Target, texts: Sequence[str], refs: Iterable[SentenceRef]) -> _Document:
        refs = tuple(refs)
        own = target.statement if isinstance(target, Gap) else text_of(target)
        return (
            target,
            texts,
            " ".join([own, *(article[ref].text for ref in refs)]),
            frozenset().union(*(occurring[ref] for ref in refs)),
        )

    for pair in briefing.pairs:
        yield document(pair, texts_to(pair), _cited(pair))
    for gap in briefing.gaps:
        yield document(gap, texts_to(gap), gap.nearest)
    for claim in briefing.claims:
        yield document(claim, texts_to(claim), _cited(claim))


def _cited(item: Item) -> tuple[SentenceRef, ...]:
    return tuple(c.ref for c in item.citations if isinstance(c, Citation))
