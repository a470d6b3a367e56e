"""ask(): a question and those before it in, an outcome out, by way of rules, ranking and choice.

Pure and synchronous; what it decides, and why, is also returned as a trace for editors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from knowledge.choice import Choice, Policy
from knowledge.confidence import Before, Candidate, weigh
from knowledge.coreference import points_to_a_person, resolved
from knowledge.editions import Said, settle
from knowledge.explanation import Explanation
from knowledge.kinds import BY_WHOM_TERM
from knowledge.language import CONTINUATIONS
from knowledge.library import Library
from knowledge.model import Entity, EntityType
from knowledge.naming import Asked, asked
from knowledge.outcomes import Ambiguous, Answered, MissKind, Outcome, Smalltalk, Unanswered
from knowledge.question import Parts, Question, asks_who
from knowledge.rules import RULES, cued, exact, named, show, with_taken
from knowledge.several import combined, shares
from knowledge.text import FRAMED, fold, words
from knowledge.veto import is_yes_or_no

_LONGEST_TALK = 10
"""Earlier questions that are looked at; the shell remembers fewer."""
_MOST_PARTS = 6
"""Questions of one message that are tried."""
RANKED = 30
"""Hits that compete for a question."""


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
        self.choice = Choice(library, policy)

    def explain(self, text: str, before: _Earlier | None) -> Explanation:
        """By rule, else as one question, else as the questions that the message is made of."""
        read = self.library.understanding.read(text)
        whole = self._by_rule(read, before)
        if whole is not None and whole.reason != cued.__name__:
            return whole
        parts = self.library.understanding.parts(read, _MOST_PARTS, follows=before is not None)
        whole = whole or self._in_conversation(read, before)
        if len(parts.questions) < 2:
            return whole
        if parts.heading:
            before = _Earlier(self, parts.heading, before)
        return self._of_parts(parts, before, whole)

    def _by_rule(self, read: Question, before: _Earlier | None) -> Explanation | None:
        """What a rule makes of *read*, unless it says nothing but with what came *before*."""
        follows = before is not None and read.points_back and read.kind is not None
        for rule in RULES:
            outcome = rule(self.library, read)
            if follows and isinstance(outcome, Smalltalk) and outcome.confidence < 1:
                continue  # "Who said so?" after a question is none
            if not outcome:
                continue
            if rule is exact and before is not None and _is_of_what_was_said(read):
                followed = self._after(read, before)  # "What was it about?" stands in the store
                if isinstance(followed.outcome, Answered):
                    return followed
            return Explanation(outcome=outcome, question=read, reason=rule.__name__)
        return None

    def _in_conversation(
        self,
        read: Question,
        before: _Earlier | None,
        won: Mapping[str, float] | None = None,
        beside: Before | None = None,
    ) -> Explanation:
        """*read* by itself and, where it points back, after *before*: what is surer counts.

        By itself it may stand *beside* another part of its message.
        """
        alone = self._decide(read, beside, won=won)
        if before is None or not read.points_back:
            return alone
        followed = self._after(read, before, won)
        card = alone.reason == "named" and (read.anaphoric or _goes_on(read))
        if isinstance(followed.outcome, Answered) and (
            card or not isinstance(alone.outcome, Answered)
        ):
            return followed
        if read.anaphoric and isinstance(followed.outcome, Answered | Unanswered):
            return followed if followed.confidence + 0.1 >= alone.confidence else alone
        return followed if followed.confidence > alone.confidence else alone

    def _after(
        self, read: Question, before: _Earlier, won: Mapping[str, float] | None = None
    ) -> Explanation:
        """*read* after *before*, as it is and with names for its pronouns: the surer answer."""
        stands_on = _before(self.library, before.outcome)
        bare = read.text if _is_of_what_was_said(read) else ""
        followed = self._decide(
            read.after(before.question), stands_on, alone=False, won=won, leave_out=bare
        )
        if not read.anaphoric or BY_WHOM_TERM in read.asks:  # "Who said it?": a sentence, no name
            return followed
        text = resolved(read.asking, self._spoken_of(before), self._named_in)
        if text == read.asking:
            return followed
        named = replace(self.library.understanding.read(text), whole=read.whole)
        other = self._decide(named.after(before.question), stands_on, alone=False, won=won)
        if isinstance(other.outcome, Answered) and not isinstance(followed.outcome, Answered):
            return other if other.confidence >= self.policy.whole else followed
        known = isinstance(other.outcome, Answered) or other.certainty > other.confidence
        return other if known and other.certainty >= followed.certainty else followed

    def _named_in(self, text: str) -> list[Entity]:
        """The entities that *text* names."""
        return self._entities(self.library.understanding.read(text).entities)

    def _spoken_of(self, before: _Earlier) -> list[Entity]:
        """Whom and what the question *before* names, else what its answer does."""
        answer = before.outcome.entities if isinstance(before.outcome, Answered) else ()
        return self._entities(before.question.entities or answer)

    def _entities(self, ids: Sequence[str]) -> list[Entity]:
        return [e for e in map(self.library.entity_by_id, ids) if e is not None]

    def _decide(
        self,
        read: Question,
        before: Before | None = None,
        *,
        alone: bool = True,
        won: Mapping[str, float] | None = None,
        leave_out: str = "",
    ) -> Explanation:
        if outcome := named(self.library, read):
            return Explanation(outcome=outcome, question=read, reason="named")
        candidates = self.candidates(read, before=before, won=won, leave_out=leave_out)
        outcome, reason = self.choice.of(read, candidates, alone=alone)
        return Explanation(outcome=outcome, question=read, candidates=candidates, reason=reason)

    def candidates(
        self,
        read: Question,
        limit: int = 16,
        *,
        before: Before | None = None,
        won: Mapping[str, float] | None = None,
        leave_out: str = "",
    ) -> tuple[Candidate, ...]:
        """The weighed hits, the likeliest first."""
        hits = self.library.index.search(read, RANKED, leave_out=leave_out)
        return weigh(self.library, read, hits, before, won)[:limit]

    def _part(
        self,
        part: Question,
        before: _Earlier | None,
        won: Mapping[str, float],
        *,
        led: bool,
        beside: Before | None,
    ) -> Explanation:
        """*part* of a message; one of little content, *led* by what is told before, after that.

        So it is if what answers it then has to do with what little the part says. *beside* is what
        the part before it stands on.
        """
        if before is not None and led and part.says_little:
            followed = self._after(part, before, won)
            if isinstance(followed.outcome, Answered) and _explains(followed, part):
                return followed
        found = self._in_conversation(part, before, won, beside)
        if before is not None and led and found.reason == "named":
            followed = self._after(part, before, won)  # "The vote: what did Calder do?"
            if isinstance(followed.outcome, Answered):
                return followed
        found = self._any_of(found)
        if before is not None and self._is_of_another(part, before, found):
            miss = self.library.miss(MissKind.NOT_IN_BRIEFING, (), found.question.entities)
            return replace(found, outcome=miss, reason="of another")
        return found

    def _is_of_another(self, part: Question, before: _Earlier, found: Explanation) -> bool:
        """Whether *part* asks of "him", whom *before* names, and *found* is a Yes or No on others.

        "Who is Calder, and did he meet the mayor?" is not answered by who else met the mayor.
        """
        if not isinstance(found.outcome, Answered) or not is_yes_or_no(found.outcome.item):
            return False
        if not points_to_a_person(part.text):
            return False
        people = {e.id for e in self._spoken_of(before) if e.type is EntityType.PERSON}
        return bool(people) and people.isdisjoint(self.library.beside(found.outcome.item)[0])

    def _any_of(self, found: Explanation) -> Explanation:
        """*found*; of choices on one sentence the likeliest, as any of them will do."""
        choices = found.outcome.choices if isinstance(found.outcome, Ambiguous) else ()
        cited = [self.library.cited(item) for item in choices]
        if found.reason != "choices" or not frozenset.intersection(*cited):
            return found
        shown = show(self.library, choices[0])
        return replace(found, outcome=replace(shown, confidence=found.confidence))

    def _of_parts(self, parts: Parts, before: _Earlier | None, whole: Explanation) -> Explanation:
        """Each part by itself, helped by what the *whole* message found; then all in one."""
        found: list[Explanation] = []
        won = shares(whole)
        heading = before.question if before is not None and parts.heading else None
        for part in parts.questions:
            declined = cued(self.library, part)
            found.append(
                Explanation(outcome=declined, question=part, reason=cued.__name__)
                if declined
                else self._part(
                    part,
                    before,
                    won,
                    led=bool(parts.heading or found),
                    beside=_before(self.library, found[-1].outcome) if found else None,
                )
            )
            before = _Earlier(self, part.whole, before, _under(heading, found[-1]))
        return combined(self.library, self.policy, whole, parts, found)


def _under(heading: Question | None, found: Explanation) -> Explanation:
    """*found* with a question that has what stands in the *heading* over it in it."""
    read = found.question
    if heading is None or {*heading.terms} <= {*read.terms, *read.background}:
        return found
    return replace(found, question=replace(read.after(heading), whole=read.whole))


def _explains(found: Explanation, part: Question) -> bool:
    """Whether what answers in *found* accounts for the terms of *part*; a card has no hit."""
    item = found.outcome.item if isinstance(found.outcome, Answered) else None
    open_terms = (c.hit.unexplained for c in found.candidates if c.hit.target is item)
    return {*part.terms}.isdisjoint(next(open_terms, ()))


def _is_of_what_was_said(read: Question) -> bool:
    """Whether *read* is about what came before, by its words alone, and not about the briefing."""
    return read.anaphoric and not read.terms and {*FRAMED}.isdisjoint(words(read.text))


def _goes_on(read: Question) -> bool:
    """Whether *read* goes on with what was asked before, and asks for no card of its own."""
    return read.text.startswith(CONTINUATIONS) and not asks_who(read.text)


def _before(library: Library, outcome: Outcome) -> Before | None:
    """What a follow-up to *outcome* stands on."""
    match outcome:
        case Answered():
            return Before(item=outcome.item, cited=library.cited(outcome.item))
        case Ambiguous() | Unanswered() | Smalltalk():
            return None
