"""ask(): candidates and policy in, an outcome out. The only place where "good enough" is written.

Pure and synchronous; what it decides, and why, is also returned as a trace for editors.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from knowledge.assent import answers_just_that
from knowledge.confidence import Before, Candidate, weigh
from knowledge.editions import Said, settle
from knowledge.excerpts import together
from knowledge.language import CONTINUATIONS, WHAT_ABOUT
from knowledge.library import Library
from knowledge.model import (
    MAX_CHOICES,
    Ambiguous,
    Answered,
    Gap,
    Item,
    MissKind,
    Outcome,
    QuestionKind,
    Smalltalk,
    Unanswered,
    text_of,
    without_yes,
)
from knowledge.naming import Asked, asked
from knowledge.premises import corrected
from knowledge.question import Question, asks_who
from knowledge.rules import RULES, cued, named, show, with_taken
from knowledge.text import fold
from knowledge.veto import is_yes_or_no, strangers_to

_LONGEST_TALK = 10
"""Earlier questions that are looked at; the shell remembers fewer."""
_MOST_PARTS = 6
"""Questions of one message that are tried."""
_MOST_ANSWERS = 3
"""Questions of one message that are answered in one reply."""
_LONGEST_SAID_AGAIN = 100
"""Characters of a reader's question that are said again."""
RANKED = 30
"""Hits that compete for a question."""
_LIKELIER = 0.5
"""Share won by gaps and by nothing, from which no choice is offered."""
_OFFERED = 4
"""Choices that are offered where a question means no one of them."""
_FEW = 2
"""Terms up to which a question with a name that several share may mean any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is good enough; confidences are 0 to 1.

    answer: least confidence of a direct answer, unless all that comes near says the same.
    unasked: the same of one that says Yes or No to something else than what is asked.
    offer: least confidence of a choice.
    near: share of what the likeliest won, from which another is offered with it.
    margin: lead in confidence from which an older briefing's answer goes before a newer one's.
    whole: confidence from which one answer serves a question of several parts.
    verbatim: score from which a hit is the question itself, whatever names are in it.
    gap: share from which a known gap's own sentence is said, not just that there is no answer.
    """

    answer: float = 0.60
    unasked: float = 0.75
    offer: float = 0.35
    near: float = 0.20
    margin: float = 0.03
    whole: float = 0.80
    verbatim: float = 0.95
    gap: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An outcome, how the question was read, the candidates (best first) and the reason."""

    outcome: Outcome
    question: Question
    candidates: tuple[Candidate, ...] = ()
    reason: str

    @property
    def confidence(self) -> float:
        """How sure it is: of an answer or choices the outcome's own, else the best item's.

        A gap's confidence is that of no answer; here it would be taken for one.
        """
        if not isinstance(self.outcome, Unanswered):
            return self.outcome.confidence
        found = (c for c in self.candidates if not isinstance(c.hit.target, Gap))
        return next((c.confidence for c in found), self.outcome.confidence)

    @property
    def certainty(self) -> float:
        """How sure the outcome is: where a known gap is named, that nothing answers."""
        known = isinstance(self.outcome, Unanswered) and self.outcome.gap is not None
        found = (c for c in self.candidates if known and isinstance(c.hit.target, Gap))
        return next((c.confidence for c in found), self.confidence)

    @property
    def shared(self) -> bool:
        """Whether it asks back because several share the name that was asked about."""
        return isinstance(self.outcome, Ambiguous) and self.reason in ("named", "shared name")


def ask(
    library: Library, question: str, context: Sequence[str] = (), policy: Policy | None = None
) -> Outcome:
    """What the library makes of *question*; *context* are the ones before it, newest last."""
    return explain(library, question, context, policy).outcome


def explain(
    library: Library, question: str, context: Sequence[str] = (), policy: Policy | None = None
) -> Explanation:
    """The outcome of `ask` with its candidates and the reason.

    Of several briefings each is asked by itself; candidates and reason are of the one that counts.
    """
    with library.forgetting():
        return _explained(library, question, context[-_LONGEST_TALK:], policy or Policy())


def _explained(
    library: Library, question: str, context: Sequence[str], policy: Policy
) -> Explanation:
    wanted = asked(library, question, context)
    if wanted.missing:
        read = library.edition(library.newest.id).understanding.read(wanted.text)
        outcome = library.miss(MissKind.NO_SUCH_BRIEFING, ())
        return Explanation(outcome=outcome, question=read, reason="no such briefing")
    likely = library.likely(wanted.briefings, wanted.text, wanted.context)
    found = [_explain(library.edition(id_), wanted, policy) for id_ in likely]
    return _settled(library, found, policy)


def _explain(edition: Library, wanted: Asked, policy: Policy) -> Explanation:
    """What one briefing makes of a question."""
    desk = _Desk(edition, policy)
    before: _Earlier | None = None
    for text in wanted.context:
        before = _Earlier(desk, text, before)
    found = desk.explain(wanted.text, before)
    return replace(found, outcome=with_taken(edition, found.question, found.outcome))


def _settled(library: Library, found: Sequence[Explanation], policy: Policy) -> Explanation:
    """The one of *found*, newest briefing first, that counts, with what older ones say."""
    if len(found) == 1:
        return found[0]
    said = [Said(outcome=e.outcome, confidence=e.certainty, shared=e.shared) for e in found]
    at, outcome = settle(library, said, margin=policy.margin)
    return replace(found[at], outcome=outcome)


def rank(
    library: Library, question: str, limit: int = 16, *, leave_out: str = ""
) -> tuple[Candidate, ...]:
    """The candidates of *question*, surest first, as `ask` weighs them; no rule, no policy.

    Stored texts equal to *leave_out* do not count, so that a phrasing can be tried as a question.
    """
    desk = _Desk(library, Policy())
    return desk.candidates(library.understanding.read(question), limit, leave_out=leave_out)


def who(library: Library, name: str) -> Outcome:
    """The entity that *name* is a form of; Ambiguous where several share it."""
    with library.forgetting():
        wanted = asked(library, name)
        if wanted.missing:
            return library.miss(MissKind.NO_SUCH_BRIEFING, ())
        likely = library.likely(wanted.briefings, wanted.text)
        found = [_who(library.edition(id_), wanted.text) for id_ in likely]
        return _settled(library, found, Policy()).outcome


def _who(edition: Library, name: str) -> Explanation:
    read = replace(edition.understanding.read(name), text=fold(name), kind=None)
    outcome = named(edition, read, bare=True)
    miss = edition.miss(MissKind.NOT_IN_BRIEFING, (), read.entities)
    outcome = with_taken(edition, read, outcome or miss)
    return Explanation(outcome=outcome, question=read, reason="named")


class _Earlier:
    """A question that came *before* another. What it came to is worked out at most once."""

    def __init__(
        self,
        desk: _Desk,
        text: str,
        before: _Earlier | None,
        explained: Explanation | None = None,
    ) -> None:
        self._desk = desk
        self._text = text
        self._before = before
        self._known = explained

    @cached_property
    def _explained(self) -> Explanation:
        return self._known or self._desk.explain(self._text, self._before)

    @property
    def outcome(self) -> Outcome:
        """What it came to in its own place of the conversation."""
        return self._explained.outcome

    @cached_property
    def question(self) -> Question:
        """The question as it was read there: a follow-up has what it follows in it."""
        read = self._explained.question
        if read.whole != self._text:  # one of its parts was answered
            read = self._desk.library.understanding.read(self._text)
        return read


class _Desk:
    """One question's way through the library."""

    def __init__(self, library: Library, policy: Policy) -> None:
        self.library = library
        self.policy = policy

    def explain(self, text: str, before: _Earlier | None) -> Explanation:
        """By rule, else as one question, else as the questions that the message is made of."""
        read = self.library.understanding.read(text)
        follows = before is not None and read.points_back and read.kind is not None
        whole: Explanation | None = None
        for rule in RULES:
            outcome = rule(self.library, read)
            if follows and isinstance(outcome, Smalltalk) and outcome.confidence < 1:
                continue  # "Who said so?" after a question is none
            if outcome:
                whole = Explanation(outcome=outcome, question=read, reason=rule.__name__)
                break
        if whole is not None and whole.reason != cued.__name__:
            return whole
        parts = self.library.understanding.parts(read, _MOST_PARTS, follows=before is not None)
        whole = whole or self._in_conversation(read, before)
        if len(parts.questions) < 2:
            return whole
        if parts.heading:
            before = _Earlier(self, parts.heading, before)
        return self._of_parts(parts.questions, before, whole)

    def _in_conversation(self, read: Question, before: _Earlier | None) -> Explanation:
        """*read* by itself and, where it points back, after *before*: what is surer counts."""
        alone = self._decide(read)
        if before is None or not read.points_back:
            return alone
        after = read.after(before.question)
        followed = self._decide(after, _before(self.library, before.outcome), alone=False)
        card = alone.reason == "named" and (read.anaphoric or _goes_on(read))
        if isinstance(followed.outcome, Answered) and (
            card or not isinstance(alone.outcome, Answered)
        ):
            return followed
        if read.anaphoric and isinstance(followed.outcome, Answered | Unanswered):
            return followed if followed.confidence + 0.1 >= alone.confidence else alone
        return followed if followed.confidence > alone.confidence else alone

    def _decide(
        self, read: Question, before: Before | None = None, *, alone: bool = True
    ) -> Explanation:
        if outcome := named(self.library, read):
            return Explanation(outcome=outcome, question=read, reason="named")
        candidates = self.candidates(read, before=before)
        outcome, reason = self._choose(read, candidates, alone=alone)
        return Explanation(outcome=outcome, question=read, candidates=candidates, reason=reason)

    def candidates(
        self, read: Question, limit: int = 16, *, before: Before | None = None, leave_out: str = ""
    ) -> tuple[Candidate, ...]:
        """The weighed hits, the likeliest first."""
        hits = self.library.index.search(read, RANKED, leave_out=leave_out)
        return weigh(self.library, read, hits, before)[:limit]

    def _of_parts(
        self, parts: Sequence[Question], before: _Earlier | None, whole: Explanation
    ) -> Explanation:
        """Each part by itself; two answers in one where they fit, else the surest reading."""
        found: list[Explanation] = []
        for part in parts:
            declined = cued(self.library, part)
            found.append(
                Explanation(outcome=declined, question=part, reason=cued.__name__)
                if declined
                else self._in_conversation(part, before)
            )
            before = _Earlier(self, part.whole, before, found[-1])
        answered = {e.outcome.item.id: e for e in found if isinstance(e.outcome, Answered)}
        items = [e.outcome.item for e in found if isinstance(e.outcome, Answered)]
        left = tuple(
            _shortened(part.whole)
            for part, e in zip(parts, found, strict=True)
            if isinstance(e.outcome, Unanswered) and part.kind is not None
        )
        if self._one_does(whole, items):
            return whole
        if len(answered) >= 2:
            several = tuple(answered.values())
            outcome = replace(_joined(self.library, several), left=left)
            return replace(several[0], outcome=outcome, reason="several questions")
        surest = max([whole, *answered.values()], key=lambda e: e.confidence)
        if not isinstance(surest.outcome, Answered) or surest.outcome.item.id not in answered:
            return surest
        return replace(surest, outcome=replace(surest.outcome, left=left))

    def _one_does(self, whole: Explanation, parts: Sequence[Item]) -> bool:
        """Whether one answer serves the whole message, whose *parts* are answered with these.

        It is sure, leaves nothing open, stands on a sentence of each of them, and is none of them:
        what answers one part does not answer all.
        """
        if not isinstance(whole.outcome, Answered) or whole.confidence < self.policy.whole:
            return False
        if whole.candidates and whole.candidates[0].hit.unexplained:
            return False
        own = whole.outcome.item
        cited = self.library.cited(own)
        return all(
            part.id != own.id and not cited.isdisjoint(self.library.cited(part)) for part in parts
        )

    def _choose(
        self, read: Question, candidates: Sequence[Candidate], *, alone: bool
    ) -> tuple[Outcome, str]:
        hits = [c.hit for c in candidates]

        def miss(kind: MissKind) -> Unanswered:
            return self.library.miss(kind, hits, read.entities)

        if not read.terms:
            return miss(MissKind.TOO_VAGUE), "no content words"
        choices = self._rivals(read, candidates)
        if not choices:
            return self._unanswered(read, candidates, "nothing near")
        top = self._at_least(candidates, choices[0])
        other = strangers_to(read, top.hit) or _of_another_number(top)
        strange = other and top.hit.score < self.policy.verbatim
        sure_gap = isinstance(candidates[0].hit.target, Gap) and candidates[0].share > _LIKELIER
        if read.doubtful and len(read.terms) <= _FEW and len(choices) >= 2 and not sure_gap:
            return Ambiguous(choices=choices[:_OFFERED], confidence=top.confidence), "shared name"
        if alone and _leaves_open(read) and not strange:
            said = _all_on(read, candidates)
            if len(said) >= 2:
                return Ambiguous(choices=said[:_OFFERED], confidence=top.confidence), "says little"
        if pair := corrected(self.library, read, candidates):
            shown = show(self.library, pair)
            return replace(shown, confidence=top.confidence, otherwise=True), "says otherwise"
        gap_is_likelier = any(
            isinstance(c.hit.target, Gap) and c.confidence > _LIKELIER for c in candidates
        )
        unasked = is_yes_or_no(choices[0]) and not answers_just_that(read, top.hit, top.veto)
        least = self.policy.unasked if unasked else self.policy.answer
        if not (unasked or gap_is_likelier) and self._all_say_so(choices):
            least = self.policy.offer  # which of them it is makes no difference
        if top.confidence >= least and not strange:
            answer = replace(
                show(self.library, choices[0]),
                confidence=top.confidence,
                others=choices[1:3],
                unasked=unasked,
            )
            return answer, "confident"
        if gap_is_likelier:
            return self._unanswered(read, candidates, "likelier not said")
        if top.confidence >= self.policy.offer and len(choices) >= 2 and not strange:
            return Ambiguous(choices=choices[:3], confidence=top.confidence), "choices"
        return self._unanswered(read, candidates, "not confident")

    def _at_least(self, candidates: Sequence[Candidate], item: Item) -> Candidate:
        """The candidate of *item*, as sure as the likeliest one in whose stead it is given.

        That one is a Yes or No on the same sentence, sure enough to be one that nobody asked for.
        """
        own = next(c for c in candidates if c.hit.target is item)
        likeliest = next(c for c in candidates if not isinstance(c.hit.target, Gap))
        if likeliest.confidence < max(own.confidence, self.policy.unasked):
            return own
        return replace(own, confidence=likeliest.confidence)

    def _all_say_so(self, choices: Sequence[Item]) -> bool:
        """Whether all of several *choices* say Yes, or all No, on the same sentences."""
        said = {(_opening(item), self.library.cited(item)) for item in choices}
        cites = bool(self.library.cited(choices[0]))
        return len(choices) > 1 and len(said) == 1 and cites and all(map(is_yes_or_no, choices))

    def _unanswered(
        self, read: Question, candidates: Sequence[Candidate], reason: str
    ) -> tuple[Outcome, str]:
        """That there is no answer; with the words of the known gap that the question is about."""
        gap = next((c for c in candidates if isinstance(c.hit.target, Gap)), None)
        known = gap is not None and gap.share >= self.policy.gap and not gap.veto
        target = gap.hit.target if gap is not None and known else None
        hits = [c.hit for c in candidates]
        found = self.library.miss(
            MissKind.NOT_IN_BRIEFING,
            hits,
            read.entities,
            gap=target if isinstance(target, Gap) else None,
        )
        return found, f"{reason}; known gap" if known else reason

    def _rivals(self, read: Question, candidates: Sequence[Candidate]) -> tuple[Item, ...]:
        """What may answer or be offered, likeliest first: all that came near the likeliest.

        Who asks who, when or how many is told it by what asks that, not by a Yes or No on it.
        """
        found = [c for c in candidates if not isinstance(c.hit.target, Gap)]
        least = found[0].share * self.policy.near if found else 0.0
        texts: dict[str, Item] = {}
        for candidate in found[:MAX_CHOICES]:
            target = candidate.hit.target
            if candidate.share >= least and not isinstance(target, Gap):
                texts.setdefault(text_of(target), target)
        rivals = tuple(texts.values())
        if rivals and is_yes_or_no(rivals[0]) and read.kind not in (QuestionKind.WHETHER, None):
            cited = self.library.cited(rivals[0])
            plain = (
                item
                for item in rivals
                if not is_yes_or_no(item) and not cited.isdisjoint(self.library.cited(item))
            )
            first = next(plain, rivals[0])
            rivals = (first, *(item for item in rivals if item is not first))
        return rivals


def _of_another_number(top: Candidate) -> bool:
    """Whether it says Yes of another number than the one asked about; a No may be one to it."""
    target, odd = top.hit.target, top.veto.split(", ")
    says_yes = is_yes_or_no(target) and not isinstance(target, Gap) and _opening(target) == "Yes"
    return says_yes and any(one[:1].isdigit() for one in odd)


def _shortened(text: str) -> str:
    """*text* as it is said again: its beginning, if it is long."""
    return textwrap.shorten(text, _LONGEST_SAID_AGAIN, placeholder=" …")


def _goes_on(read: Question) -> bool:
    """Whether *read* goes on with what was asked before, and asks for no card of its own."""
    return read.text.startswith(CONTINUATIONS) and not asks_who(read.text)


def _opening(item: Item) -> str:
    """The first word of what *item* says."""
    return text_of(item).partition(" ")[0].strip(".,")


def _leaves_open(read: Question) -> bool:
    """Whether *read* names something and does not say what is asked of it."""
    return len(read.terms) <= _FEW and fold(read.asking).startswith(WHAT_ABOUT)


def _all_on(read: Question, candidates: Sequence[Candidate]) -> tuple[Item, ...]:
    """What accounts for all that *read* names, likeliest first, each text once."""
    named = {*read.terms}
    texts: dict[str, Item] = {}
    for candidate in candidates:
        target = candidate.hit.target
        if not isinstance(target, Gap) and named.isdisjoint(candidate.hit.unexplained):
            texts.setdefault(text_of(target), target)
    return tuple(texts.values())


def _before(library: Library, outcome: Outcome) -> Before | None:
    """What a follow-up to *outcome* stands on."""
    match outcome:
        case Answered():
            return Before(item=outcome.item, cited=library.cited(outcome.item))
        case Ambiguous() | Unanswered() | Smalltalk():
            return None


def _joined(edition: Library, found: Sequence[Explanation]) -> Answered:
    """The first answers of *found* in one, as many as fit; the next one as a further choice."""
    answers = [e.outcome for e in found if isinstance(e.outcome, Answered)]
    first, rest = answers[0], [a.item for a in answers[1:]]
    fit = [] if first.otherwise else [a for a in answers if not a.otherwise][:_MOST_ANSWERS]
    for count in range(len(fit), 1, -1):
        shown = fit[:count]
        if parts := together(edition.newest, [a.item for a in shown]):
            bare = [
                replace(part, text=without_yes(part.text)) if a.unasked else part
                for a, part in zip(shown, parts, strict=True)
            ]
            items = [a.item for a in shown]
            return replace(
                first,
                parts=tuple(bare),
                unasked=False,
                entities=tuple(dict.fromkeys(id_ for a in shown for id_ in a.entities)),
                others=tuple(item for item in rest if item not in items)[:1],
            )
    return replace(first, others=tuple(rest[:1]))
