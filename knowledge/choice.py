"""From weighed candidates to an outcome: the only place where "good enough" is written.

Pure: a question, its candidates and a policy go in; an outcome and the reason for it come out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.assent import answers_just_that, asks_of_anybody, in_that_order, turns_round
from knowledge.confidence import Candidate
from knowledge.language import WHAT_ABOUT
from knowledge.library import Library
from knowledge.model import EntityType, Gap, Item, QuestionKind, text_of
from knowledge.order import order_in
from knowledge.outcomes import (
    MAX_CHOICES,
    Ambiguous,
    MissKind,
    Outcome,
    Unanswered,
    without_opening,
)
from knowledge.premises import corrected
from knowledge.question import Question
from knowledge.rules import show
from knowledge.telling import tells_when
from knowledge.text import fold
from knowledge.veto import is_of_the_reader, is_yes_or_no, strangers_to

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


@dataclass(frozen=True, slots=True)
class Choice:
    """What a policy makes of the candidates of a question to *library*."""

    library: Library
    policy: Policy

    def of(
        self, read: Question, candidates: Sequence[Candidate], *, alone: bool
    ) -> tuple[Outcome, str]:
        """The outcome, and why; *alone*, the question follows no other one."""
        hits = [c.hit for c in candidates]

        def miss(kind: MissKind) -> Unanswered:
            return self.library.miss(kind, hits, read.entities)

        choices = self._rivals(read, candidates)
        if not read.terms:
            return self._of_no_words(read, candidates, choices)
        if not choices:
            return self._unanswered(read, candidates, "nothing near")
        top = self._at_least(candidates, choices[0])
        other = strangers_to(read, top.hit) or _of_another_number(top)
        silent = not tells_when(self.library, read, choices[0])
        unfit = other or silent or is_of_the_reader(read, top.hit)
        strange = unfit and top.hit.score < self.policy.verbatim
        sure_gap = isinstance(candidates[0].hit.target, Gap) and candidates[0].share > _LIKELIER
        if read.doubtful and len(read.terms) <= _FEW and len(choices) >= 2 and not sure_gap:
            return Ambiguous(choices=choices[:_OFFERED], confidence=top.confidence), "shared name"
        if alone and _leaves_open(read) and not strange:
            said = _all_on(read, candidates)
            if len(said) >= 2:
                return Ambiguous(choices=said[:_OFFERED], confidence=top.confidence), "says little"
        if not sure_gap and (pair := corrected(self.library, read, candidates)):
            shown = show(self.library, pair)
            return replace(shown, confidence=top.confidence, otherwise=True), "says otherwise"
        gap_is_likelier = any(
            isinstance(c.hit.target, Gap) and c.confidence > _LIKELIER for c in candidates
        )
        turned = is_yes_or_no(choices[0]) and self._turned(read, top)
        unasked = is_yes_or_no(choices[0]) and (
            turned or not answers_just_that(read, top.hit, top.veto)
        )
        least = self.policy.unasked if unasked else self.policy.answer
        if not (unasked or gap_is_likelier) and self._all_say_so(choices):
            least = self.policy.offer  # which of them it is makes no difference
        if top.confidence >= least and not strange:
            answer = replace(
                show(self.library, choices[0]),
                confidence=top.confidence,
                others=choices[1:3],
                unasked=unasked,
                turned=turned,
            )
            return answer, "confident"
        if gap_is_likelier:
            return self._unanswered(read, candidates, "likelier not said")
        if top.confidence >= self.policy.offer and len(choices) >= 2 and not strange:
            return Ambiguous(choices=choices[:3], confidence=top.confidence), "choices"
        return self._unanswered(read, candidates, "not confident")

    def _of_no_words(
        self, read: Question, candidates: Sequence[Candidate], choices: Sequence[Item]
    ) -> tuple[Outcome, str]:
        """What a mere question word may mean ("How many?"); that it is too little, if nothing."""
        likely = [c for c in candidates if not isinstance(c.hit.target, Gap)]
        surest = max((c.confidence for c in likely), default=0.0)
        if read.kind is None or len(choices) < 2 or surest < self.policy.offer:
            hits = [c.hit for c in candidates]
            found = self.library.miss(MissKind.TOO_VAGUE, hits, read.entities)
            return found, "no content words"
        return Ambiguous(choices=tuple(choices[:_OFFERED]), confidence=surest), "a question word"

    def _at_least(self, candidates: Sequence[Candidate], item: Item) -> Candidate:
        """The candidate of *item*, as sure as the likeliest one in whose stead it is given.

        That one is a Yes or No on the same sentence, sure enough to be one that nobody asked for;
        one on another sentence says nothing of how sure this is.
        """
        own = next(c for c in candidates if c.hit.target is item)
        likeliest = next(c for c in candidates if not isinstance(c.hit.target, Gap))
        if likeliest.confidence < max(own.confidence, self.policy.unasked):
            return own
        lends = likeliest.hit.target
        if isinstance(lends, Gap) or self.library.cited(lends).isdisjoint(self.library.cited(item)):
            return own
        return replace(own, confidence=likeliest.confidence)

    def _leaves_out_a_name(self, read: Question, candidate: Candidate) -> bool:
        """Whether *read* has a name that no text leading to *candidate* has."""
        asked = self.library.understanding.proper.intersection(read.terms)
        return not asked.isdisjoint(candidate.hit.unasked)

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
            plain = [
                item
                for item in rivals
                if not is_yes_or_no(item) and not cited.isdisjoint(self.library.cited(item))
            ]
            left_out = {id(c.hit.target) for c in found if self._leaves_out_a_name(read, c)}
            named = (item for item in plain if id(item) not in left_out)
            return _led_by(next(named, next(iter(plain), rivals[0])), rivals)
        if read.kind is QuestionKind.WHETHER and rivals and is_yes_or_no(rivals[0]):
            if somebody := self._of_somebody(read, found, rivals[0]):
                return _led_by(somebody, rivals)
            by_target = {id(c.hit.target): c for c in found}
            likeliest = by_target[id(rivals[0])]
            if _denies_of_others(likeliest):
                fuller = (i for i in rivals[1:] if self._affirms(read, by_target[id(i)], rivals[0]))
                if affirmed := next(fuller, None):
                    return _led_by(affirmed, rivals)
            if not answers_just_that(read, likeliest.hit, likeliest.veto):
                instead = (i for i in rivals[1:] if self._says(read, by_target[id(i)], rivals[0]))
                return _led_by(next(instead, rivals[0]), rivals)
        if read.kind is QuestionKind.WHETHER and rivals and not is_yes_or_no(rivals[0]):
            by_target = {id(c.hit.target): c for c in found}
            instead = (i for i in rivals[1:] if self._says(read, by_target[id(i)], rivals[0]))
            return _led_by(next(instead, rivals[0]), rivals)
        return rivals

    def _says(self, read: Question, candidate: Candidate, likeliest: Item) -> bool:
        """Whether *candidate* says Yes or No to *read*, where the *likeliest* does to other things.

        It does so surely, on a sentence of that one, of nobody but those asked about, and if the
        question is of an order of things, of just that order.
        """
        target = candidate.hit.target
        if isinstance(target, Gap) or not is_yes_or_no(target):
            return False
        if candidate.confidence < self.policy.answer or self._of_somebody_else(candidate):
            return False
        if self.library.cited(target).isdisjoint(self.library.cited(likeliest)):
            return False
        if order_in(fold(read.asking)) and not in_that_order(read, candidate.hit):
            return False
        return answers_just_that(read, candidate.hit, candidate.veto)

    def _affirms(self, read: Question, candidate: Candidate, likeliest: Item) -> bool:
        """Whether *candidate* says Yes to just what *read* names, and the *likeliest* No to more.

        "Did Calder see the mayor?" is not answered by a No to "Did Vane see the mayor?".
        """
        target = candidate.hit.target
        return (
            not isinstance(target, Gap)
            and _opening(target) == "Yes"
            and not candidate.veto
            and self._says(read, candidate, likeliest)
        )

    def _of_somebody(
        self, read: Question, found: Sequence[Candidate], likeliest: Item
    ) -> Item | None:
        """The surest of *found* that says Yes of somebody to "anybody"; the *likeliest* denies it.

        It stands on a sentence of that one, and nothing but whom it names speaks against it.
        """
        if not _says_no(likeliest) or not asks_of_anybody(read):
            return None
        for candidate in found:
            item, odd = candidate.hit.target, candidate.veto.split(", ")
            if (
                not isinstance(item, Gap)
                and _opening(item) == "Yes"
                and candidate.confidence >= self.policy.answer
                and all(one[:2] in ("", "+@") for one in odd)
                and not self.library.cited(item).isdisjoint(self.library.cited(likeliest))
            ):
                return item
        return None

    def _turned(self, read: Question, candidate: Candidate) -> bool:
        """Whether it says Yes or No to another side of *read*, or No to a name for "anybody"."""
        if turns_round(read, candidate.hit):
            return True
        target = candidate.hit.target
        if isinstance(target, Gap) or not _says_no(target) or not asks_of_anybody(read):
            return False
        said, _ = self.library.beside(target)
        return not {*_names_beyond(candidate)} <= {*said}

    def _of_somebody_else(self, candidate: Candidate) -> bool:
        """Whether its Yes or No names a person whom the question does not."""
        found = map(self.library.entity_by_id, _names_beyond(candidate))
        return any(e is not None and e.type is EntityType.PERSON for e in found)


def _names_beyond(candidate: Candidate) -> Iterator[str]:
    """The ids of what the nearest text of *candidate* names and the question does not."""
    return (one[2:] for one in candidate.veto.split(", ") if one.startswith("+@"))


def _denies_of_others(candidate: Candidate) -> bool:
    """Whether it says No of names that its nearest text has beyond all that the question names."""
    target, odd = candidate.hit.target, candidate.veto.split(", ")
    says_no = not isinstance(target, Gap) and _opening(target) == "No"
    return says_no and all(one[:1] == "+" for one in odd)


def _led_by(first: Item, rivals: Sequence[Item]) -> tuple[Item, ...]:
    """*rivals*, *first* of them first."""
    return (first, *(item for item in rivals if item is not first))


def _of_another_number(top: Candidate) -> bool:
    """Whether it says Yes of another number than the one asked about; a No may be one to it."""
    target, odd = top.hit.target, top.veto.split(", ")
    says_yes = is_yes_or_no(target) and not isinstance(target, Gap) and _opening(target) == "Yes"
    return says_yes and any(one[:1].isdigit() for one in odd)


def _says_no(item: Item) -> bool:
    """Whether *item* opens with a No that stands for itself."""
    text = text_of(item)
    return _opening(item) == "No" and without_opening(text) != text


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
