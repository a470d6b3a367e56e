"""ask(): candidates and policy in, an outcome out. The only place where "good enough" is written.

Pure and synchronous; what it decides, and why, is also returned as a trace for editors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from knowledge.index import Hit
from knowledge.language import MISS_CUES, TITLES
from knowledge.library import Library
from knowledge.model import (
    MAX_CHOICES,
    Ambiguous,
    Answered,
    Citation,
    Claim,
    Gap,
    Item,
    MissKind,
    Outcome,
    QAPair,
    QuestionKind,
    SentenceRef,
    Smalltalk,
    Unanswered,
)
from knowledge.question import Question, name_in
from knowledge.text import fold, phrasing_key, stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is good enough; confidences are 0 to 1.

    answer: least confidence of a direct answer. offer: least confidence of a choice.
    margin: lead over the runner-up under which a short question counts as ambiguous.
    smalltalk: least token_sort_ratio (0 to 100) of a phrasing of smalltalk.
    """

    answer: float = 0.48
    offer: float = 0.35
    margin: float = 0.06
    smalltalk: float = 86.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A hit with the confidence that it answers the question, and what speaks against it."""

    hit: Hit
    confidence: float
    veto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An outcome, how the question was read, the candidates (best first) and the reason."""

    outcome: Outcome
    question: Question
    candidates: tuple[Candidate, ...]
    reason: str


_LONGEST_NAME = 9
"""Spaces that a name may have."""
_TITLE_TERMS = frozenset(map(stem, TITLES))
K = QuestionKind
_CLOSE = {
    frozenset({K.WHO, K.WHICH}),
    frozenset({K.WHO, K.LIST}),
    frozenset({K.WHICH, K.LIST}),
    frozenset({K.WHICH, K.WHERE}),
    frozenset({K.WHAT, K.WHICH}),
    frozenset({K.WHAT, K.LIST}),
    frozenset({K.WHAT, K.WHY}),
    frozenset({K.WHAT, K.HOW}),
    frozenset({K.WHAT, K.HOW_MANY}),
    frozenset({K.WHY, K.HOW}),
    frozenset({K.WHAT, K.WHO}),
}


def _fit(asked: QuestionKind | None, offered: QuestionKind) -> float:
    """How well a pair of the kind *offered* suits what is asked: 1 is the same kind."""
    if asked is None:
        return 0.9 if offered is K.WHETHER else 1.0
    if asked is offered:
        return 1.0
    if K.WHETHER in (asked, offered):
        return 0.75
    return 0.95 if frozenset({asked, offered}) in _CLOSE else 0.82


def ask(
    library: Library, question: str, context: Sequence[str] = (), policy: Policy | None = None
) -> Outcome:
    """What the library makes of *question*; *context* are the ones before it, newest last."""
    return explain(library, question, context, policy).outcome


def explain(
    library: Library, question: str, context: Sequence[str] = (), policy: Policy | None = None
) -> Explanation:
    """The outcome of `ask` with its candidates and the reason."""
    return _Desk(library, policy or Policy()).explain(question, context)


def who(library: Library, name: str) -> Outcome:
    """The entity that *name* is a form of; Ambiguous where several share it."""
    desk = _Desk(library, Policy())
    read = replace(library.understanding.read(name), text=fold(name), kind=None)
    return desk.named(read, bare=True) or desk.miss(read, MissKind.NOT_IN_BRIEFING, ())


def show(library: Library, item: Item) -> Answered:
    """*item* as an answer, as a reader gets it who chose it."""
    return Answered(
        item=item,
        confidence=1.0,
        entities=library.entities_named(item),
        related=library.related(item),
    )


class _Desk:
    """One question's way through the library."""

    def __init__(self, library: Library, policy: Policy) -> None:
        self.library = library
        self.policy = policy

    def explain(self, text: str, context: Sequence[str]) -> Explanation:
        read = self.library.understanding.read(text)
        for rule in (self.exact, self.smalltalk, self.quotation, self.cued):
            outcome = rule(read)
            if outcome is not None:
                return Explanation(
                    outcome=outcome, question=read, candidates=(), reason=rule.__name__
                )
        readings = [read]
        if context and read.points_back:
            readings.append(self._in_context(read, context))
        best: Explanation | None = None
        for reading in readings:
            explanation = self._decide(reading)
            if best is None or self._better(explanation, best, read):
                best = explanation
        assert best is not None  # noqa: S101 there is at least one reading
        return best

    @staticmethod
    def _better(new: Explanation, old: Explanation, read: Question) -> bool:
        def worth(explanation: Explanation) -> float:
            top = explanation.candidates[0].confidence if explanation.candidates else 0.0
            bonus = {Answered: 0.3, Ambiguous: 0.1}.get(type(explanation.outcome), 0.0)
            return top + bonus

        return worth(new) > worth(old)

    def exact(self, read: Question) -> Outcome | None:
        """The pair or gap that has the question, word for word, among its phrasings."""
        target = self.library.exact_phrasing.get(phrasing_key(read.whole))
        if isinstance(target, Gap):
            return self.miss(read, MissKind.NOT_IN_BRIEFING, (), target)
        return show(self.library, target) if target else None

    def smalltalk(self, read: Question) -> Outcome | None:
        """Smalltalk whose phrasing the question is, or nearly is."""
        key = phrasing_key(read.text)
        exact = self.library.exact_smalltalk
        if topic := exact.get(key):
            return Smalltalk(topic=topic, confidence=1.0)
        if read.entities or read.doubtful or len(key) > 60:
            return None
        near = process.extractOne(
            key, exact.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=self.policy.smalltalk
        )
        if near is None:
            return None
        return Smalltalk(topic=exact[near[0]], confidence=near[1] / 100)

    def quotation(self, read: Question) -> Outcome | None:
        """The claim or pair on the sentence from which the question quotes."""
        if read.kind not in (K.WHO, K.WHERE, K.WHICH, K.WHAT, None):
            return None
        for quote in read.quoted:
            if len(quote.split()) < 3:
                continue
            for briefing in self.library.briefings:
                for sentence in briefing.article.sentences.values():
                    if quote not in fold(sentence.text):
                        continue
                    for claim in briefing.claims:
                        if sentence.ref in self.library.cited(claim):
                            return show(self.library, claim)
        return None

    def cued(self, read: Question) -> Outcome | None:
        """A miss that the words of the question give away; None if a pair asks just that."""
        folded = fold(read.text)
        for miss, patterns in MISS_CUES:
            if any(re.search(p, folded) for p in patterns):
                hits = self.library.index.search(read, limit=5)
                if hits and hits[0].score > 0.8:
                    return None
                return self.miss(read, miss, hits)
        return None

    def _in_context(self, read: Question, context: Sequence[str]) -> Question:
        """*read* with what the question before it was about."""
        before = self.library.understanding.read(context[-1])
        if before.points_back and len(context) > 1:
            before = self._in_context(before, context[:-1])
        own = set(read.terms)
        inherited = tuple(t for t in before.terms if t not in own)
        return replace(
            read,
            text=f"{read.text} {before.text}",
            kind=read.kind or before.kind,
            terms=read.terms + inherited if len(read.terms) < 2 else read.terms,
            background=inherited if len(read.terms) >= 2 else (),
            entities=tuple(dict.fromkeys(read.entities + before.entities)),
            points_back=False,
        )

    def _decide(self, read: Question) -> Explanation:
        if named := self.named(read, bare=False):
            return Explanation(outcome=named, question=read, candidates=(), reason="named")
        hits = self.library.index.search(read, limit=16)
        candidates = sorted((self._weigh(read, hit) for hit in hits), key=lambda c: -c.confidence)
        outcome, reason = self._choose(read, candidates)
        return Explanation(
            outcome=outcome, question=read, candidates=tuple(candidates), reason=reason
        )

    def named(self, read: Question, *, bare: bool) -> Outcome | None:
        """The card of the entity that the question is nothing but the name of."""
        if read.kind not in (K.WHO, K.WHAT, None):
            return None
        name = name_in(read.text)
        if name.count(" ") > _LONGEST_NAME:
            return None
        ids = self.library.understanding.lens.whole(name)
        if not ids and not read.strangers:
            ids = self._alone(read)
        if not ids and bare:
            ids = read.entities or (read.doubtful[0] if read.doubtful else ())
        found = tuple(e for e in map(self.library.entity_by_id, ids) if e)
        if len(found) > 1:
            return Ambiguous(choices=found[:MAX_CHOICES], confidence=0.5)
        return show(self.library, found[0]) if found else None

    def _alone(self, read: Question) -> tuple[str, ...]:
        """The one entity that explains every term, but for titles and the place it is all about."""
        rest = {t for t in read.terms if t[0] != "@"} - _TITLE_TERMS
        own = tuple(e for e in read.entities if e not in self.library.subjects)
        named = own or read.entities
        return named if len(named) == 1 and not rest else ()

    def _weigh(self, read: Question, hit: Hit) -> Candidate:
        """How sure it is that *hit* answers; a veto says what in the question it cannot explain."""
        target = hit.target
        fit = _fit(read.kind, target.kind) if isinstance(target, QAPair) else 1.0
        if isinstance(target, Claim):
            fit = 0.85
        confidence = fit * (0.65 * min(1.0, hit.score / 0.75) + 0.35 * hit.coverage)
        veto = ""
        if not isinstance(target, Gap):
            asked = [t for t in hit.unexplained if t in read.terms]
            foreign = [t for t in asked if t[0] == "@" and not self._occurs(t[1:], target)]
            numbers = [t for t in asked if t[0].isdigit() and t not in read.strangers]
            odd = [*foreign, *numbers, *read.strangers]
            veto = ", ".join(odd)
        return Candidate(hit=hit, confidence=round(confidence, 4), veto=veto)

    def _occurs(self, entity_id: str, item: Item) -> bool:
        """Whether the store says that the entity occurs in a sentence that *item* cites."""
        briefing = self.library.briefing(item.briefing)
        entity = briefing.entity.get(entity_id) if briefing else None
        return entity is not None and bool(set(entity.sentences) & self.library.cited(item))

    def _choose(self, read: Question, candidates: Sequence[Candidate]) -> tuple[Outcome, str]:
        hits = [c.hit for c in candidates]
        if not read.terms:
            return self.miss(read, MissKind.TOO_VAGUE, hits), "no content words"
        if not candidates:
            return self.miss(read, MissKind.NOT_IN_BRIEFING, hits), "no candidate"
        top = candidates[0]
        if isinstance(top.hit.target, Gap):
            if top.confidence >= self.policy.answer:
                return self.miss(read, MissKind.NOT_IN_BRIEFING, hits, top.hit.target), "known gap"
            return self.miss(read, MissKind.NOT_IN_BRIEFING, hits), "nearest is a gap"
        if top.veto and top.hit.score < 0.95:
            return self.miss(read, MissKind.NOT_IN_BRIEFING, hits), f"unexplained: {top.veto}"
        rivals = [
            c
            for c in candidates[:MAX_CHOICES]
            if not isinstance(c.hit.target, Gap)
            and not c.veto
            and c.confidence >= max(self.policy.offer, top.confidence - self.policy.margin)
        ]
        choices = tuple(c.hit.target for c in rivals if not isinstance(c.hit.target, Gap))
        if top.confidence >= self.policy.answer:
            item = top.hit.target
            answer = Answered(
                item=item,
                confidence=min(1.0, top.confidence),
                entities=self.library.entities_named(item),
                related=self.library.related(item),
                others=tuple(c for c in choices if c is not item)[:2],
            )
            return answer, "confident"
        if top.confidence >= self.policy.offer and len(choices) >= 2:
            return Ambiguous(choices=choices[:3], confidence=top.confidence), "choices"
        return self.miss(read, MissKind.NOT_IN_BRIEFING, hits), "not confident"

    def miss(
        self, read: Question, miss: MissKind, hits: Sequence[Hit], gap: Gap | None = None
    ) -> Unanswered:
        """An unanswered question with the passages that come nearest."""
        briefing = self.library.newest
        refs: dict[SentenceRef, None] = dict.fromkeys(gap.nearest if gap else ())
        related: dict[str, QAPair] = {}
        for hit in hits:
            target = hit.target
            if isinstance(target, QAPair) and target.briefing == briefing.id:
                related.setdefault(target.id, target)
            if isinstance(target, QAPair | Claim) and target.briefing == briefing.id:
                refs.update(
                    dict.fromkeys(c.ref for c in target.citations if isinstance(c, Citation))
                )
        sentences = briefing.article.sentences
        return Unanswered(
            miss=miss,
            briefing=briefing.id,
            nearest=tuple(
                Citation(briefing.id, ref, sentences[ref].text) for ref in tuple(refs)[:2]
            ),
            gap=gap,
            related=tuple(related.values())[:3],
            confidence=0.0 if gap is None else 0.9,
            entities=read.entities,
        )
