"""What came of a question, and why: an outcome with the trace that editors read."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.confidence import Candidate
from knowledge.model import Gap
from knowledge.outcomes import Ambiguous, Outcome, Unanswered
from knowledge.question import Question


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
