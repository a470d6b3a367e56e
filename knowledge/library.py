"""A library: briefings, smalltalk, and what is derived from them once for all questions.

Holds and finds; it neither reads files nor decides on an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from knowledge.hit import Hit
from knowledge.index import Index
from knowledge.likeliest import Likeliest
from knowledge.load import read_content
from knowledge.meaning import Encoder
from knowledge.memory import give_back
from knowledge.model import (
    Briefing,
    Citation,
    Entity,
    EntityType,
    Gap,
    Item,
    QAPair,
    SentenceRef,
    SmalltalkTopic,
    items,
    text_of,
)
from knowledge.outcomes import MissKind, Unanswered
from knowledge.phrasings import Phrasings
from knowledge.pleasantries import Pleasantries
from knowledge.text import forget, phrasing_key
from knowledge.understanding import Understanding

_FEW = 4
"""Briefings up to which all are asked."""
MOST_LIKELY = 3
"""Of more, how many are asked beside the newest."""
_LARGE = 10_000
"""Phrasings from which building leaves enough memory behind to be worth giving back."""
_NEAREST = 2
"""Passages shown where there is no answer."""
_KNOWN_GAP = 0.9
"""Confidence that the briefing does not say what a curated gap says it does not."""


class Library:
    """Briefings, newest first, ready to be asked. Treat it as frozen: build another to change.

    Of several, each is a library by itself, so that what one briefing knows, and which words are
    rare in it, changes nothing in how another answers. Asking takes time in their number, hence of
    many only the likeliest are asked.
    """

    def __init__(
        self,
        briefings: Sequence[Briefing],
        smalltalk: Sequence[SmalltalkTopic] = (),
        encoder: Encoder | None = None,
        pleasantries: Pleasantries | None = None,
    ) -> None:
        if not briefings:
            raise ValueError("a library needs at least one briefing")
        self.briefings: tuple[Briefing, ...] = tuple(
            sorted(briefings, key=lambda b: (b.article.front.published, b.id), reverse=True)
        )
        self.smalltalk = tuple(smalltalk)
        self.encoder = encoder
        self.pleasantries = pleasantries or Pleasantries(smalltalk, encoder)
        self._editions = (
            {b.id: Library((b,), smalltalk, encoder, self.pleasantries) for b in self.briefings}
            if len(self.briefings) > 1
            else {self.newest.id: self}
        )
        self.exact_phrasing = (
            self.index.phrasings
            if len(self.briefings) == 1
            else Phrasings.joined(self.edition(b.id).index.phrasings for b in self.briefings)
        )
        self.subjects = frozenset(
            entity
            for b in self.briefings
            for mention in self.edition(b.id).understanding.terms(b.article.front.headline)[1]
            for entity in mention.entities
            if entity in b.entity and b.entity[entity].type is EntityType.PLACE
        )
        """Ids of the places in headlines: what all of a briefing is about, and tells little."""
        if len(self.briefings) == 1:
            self.index.weight("")  # made now, not while the first reader waits
            self.understanding.described("")
        elif len(self.briefings) > _FEW:
            self._likeliest.find("")
        self._cited: dict[tuple[str, str], frozenset[SentenceRef]] = {}
        self._beside: dict[tuple[str, str], tuple[tuple[str, ...], tuple[QAPair, ...]]] = {}
        self._briefing = {b.id: b for b in self.briefings}
        self._item = {b.id: {item.id: item for item in items(b)} for b in self.briefings}
        forget()
        if len(self.briefings) == 1:
            self._citing.get(SentenceRef(1, 1))
        if len(self.exact_phrasing) > _LARGE or len(self.briefings) > 1:
            give_back()

    @cached_property
    def understanding(self) -> Understanding:
        """How texts become terms, by the names and words of all briefings."""
        return Understanding(self.briefings)

    @cached_property
    def index(self) -> Index:
        """The stored texts of all briefings, searchable."""
        return Index(self.briefings, self.understanding, self.encoder)

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """While a reader's text is worked on: after it, whatever came of it, none of it lingers."""
        try:
            yield
        finally:
            forget()
            if self.encoder is not None:
                self.encoder.forget()

    def edition(self, briefing_id: str) -> Library:
        """The library of that briefing alone; KeyError where there is none."""
        return self._editions[briefing_id]

    def likely(
        self, ids: Sequence[str], question: str, before: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Those of the briefings *ids*, newest first, that are worth asking; all of a few.

        Of many: the one with the very phrasing, the newest, and the MOST_LIKELY with the texts
        nearest in words or meaning. *before* are the questions before it, newest last.
        """
        if len(ids) <= _FEW:
            return tuple(ids)
        same = self.exact_phrasing.get(phrasing_key(question))
        nearest = [self._likeliest.find(question, before)]
        if self.encoder is not None:
            near = {i: self.edition(i).index.nearest_in_meaning(question) for i in ids}
            nearest.append(tuple(sorted(near, key=lambda i: -near[i])[:MOST_LIKELY]))
        turns = (i for turn in zip_longest(*nearest) for i in turn if i is not None and i in ids)
        chosen = {*list(dict.fromkeys(turns))[:MOST_LIKELY], ids[0]}
        chosen |= {same.briefing} if same else set()
        return tuple(i for i in ids if i in chosen)

    @cached_property
    def _likeliest(self) -> Likeliest:
        return Likeliest(self.briefings)

    @property
    def newest(self) -> Briefing:
        """The briefing with the latest publication date."""
        return self.briefings[0]

    def briefing(self, briefing_id: str) -> Briefing | None:
        """The briefing with this id; None where there is none."""
        return self._briefing.get(briefing_id)

    def item(self, briefing_id: str, item_id: str) -> Item | None:
        """The pair, entity or claim with this id; None where there is none."""
        return self._item.get(briefing_id, {}).get(item_id)

    def entity_by_id(self, entity_id: str) -> Entity | None:
        """The entity with this id in the newest briefing that has it; None where none has."""
        for briefing in self.briefings:
            if entity_id in briefing.entity:
                return briefing.entity[entity_id]
        return None

    def cited(self, item: Item) -> frozenset[SentenceRef]:
        """The sentences that *item* cites; front matter left out."""
        key = (item.briefing, item.id)
        if key not in self._cited:
            self._cited[key] = _refs(item)
        return self._cited[key]

    def occurs(self, entity_id: str, item: Item) -> bool:
        """Whether the store says that the entity occurs in a sentence that *item* cites."""
        entity = self._briefing[item.briefing].entity.get(entity_id)
        return entity is not None and not self.cited(item).isdisjoint(entity.sentences)

    def miss(
        self,
        miss: MissKind,
        hits: Sequence[Hit],
        entities: tuple[str, ...] = (),
        gap: Gap | None = None,
    ) -> Unanswered:
        """An unanswered question with the passages that *hits* and *gap* come nearest to."""
        briefing = self._briefing[gap.briefing] if gap else self.newest
        refs: dict[SentenceRef, None] = dict.fromkeys(gap.nearest if gap else ())
        related: dict[str, QAPair] = {}
        for target in (hit.target for hit in hits):
            if isinstance(target, Gap) or target.briefing != briefing.id:
                continue
            refs.update(dict.fromkeys(c.ref for c in target.citations if isinstance(c, Citation)))
            if isinstance(target, QAPair):
                related[target.id] = target
        sentences = briefing.article.sentences
        nearest = [
            Citation(briefing.id, ref, sentences[ref].text) for ref in tuple(refs)[:_NEAREST]
        ]
        return Unanswered(
            miss=miss,
            briefing=briefing.id,
            nearest=tuple(nearest),
            gap=gap,
            related=tuple(related.values())[:3],
            confidence=_KNOWN_GAP if gap else 0.0,
            entities=entities,
        )

    @cached_property
    def _citing(self) -> Mapping[SentenceRef, Sequence[int]]:
        """Places among the newest briefing's pairs of those that cite a sentence, by sentence."""
        found: dict[SentenceRef, list[int]] = {}
        for at, pair in enumerate(self.newest.pairs):
            for ref in _refs(pair):
                found.setdefault(ref, []).append(at)
        return found

    def beside(self, item: Item) -> tuple[tuple[str, ...], tuple[QAPair, ...]]:
        """What `entities_named` and `related` say of *item*, worked out once for an own one."""
        key = (item.briefing, item.id)
        if self.item(*key) is not item:
            return self.entities_named(item), self.related(item)
        if key not in self._beside:
            self._beside[key] = self.entities_named(item), self.related(item)
        return self._beside[key]

    def related(self, item: Item, limit: int = 3) -> tuple[QAPair, ...]:
        """Pairs of the same briefing on the same sentences, most shared first; may be empty."""
        briefing = self._briefing[item.briefing]
        own = self.cited(item)
        citing = self.edition(item.briefing)._citing
        shared = {at for ref in own for at in citing.get(ref, ())}
        ranked = sorted(
            (-len(own & cited) / len(own | cited), at)
            for at in shared
            for cited in (self.cited(briefing.pairs[at]),)
            if briefing.pairs[at].id != item.id
        )
        return tuple(briefing.pairs[at] for _, at in ranked[:limit])

    def entities_named(self, item: Item, limit: int = 4) -> tuple[str, ...]:
        """Ids of the entities that the text of *item* names, in order of appearance."""
        _, mentions = self.edition(item.briefing).understanding.terms(text_of(item))
        ids = dict.fromkeys(
            m.entities[0] for m in mentions if len(m.entities) == 1 and m.entities[0] != item.id
        )
        return tuple(ids)[:limit]


def _refs(item: Item) -> frozenset[SentenceRef]:
    return frozenset(c.ref for c in item.citations if isinstance(c, Citation))


def load_library(briefings: Path, encoder: Encoder | None = None) -> Library:
    """The library of all briefings in a folder; ContentError with every problem of all of them."""
    return Library(*read_content(briefings), encoder)
