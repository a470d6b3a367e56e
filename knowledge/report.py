"""An evaluation as lines of text, for the command line."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from knowledge import judge
from knowledge.judge import Judged, Verdict
from knowledge.model import Ambiguous, Answered, Outcome, Smalltalk, Unanswered

_CONFUSIONS = 10


def lines(judged: Sequence[Judged], seconds: Sequence[float]) -> Iterator[str]:
    """Rates by kind, reliability by confidence, the commonest confusions, and the time it took."""
    yield f"{'kind':22}{'n':>5}{'right':>9}{'half':>9}{'missed':>9}{'wrong':>9}{'utility':>9}"
    for kind, rates in judge.by_kind(judged).items():
        shares = (rates.right, rates.half, rates.missed, rates.wrong, rates.utility)
        yield f"{kind:22}{rates.count:>5}" + "".join(f"{share:>9.1%}" for share in shares)
    yield ""
    yield "confidence of answers      n    right"
    for low, high, count, right in judge.reliability(judged):
        yield f"{low:.2f} to {high:.2f}         {count:>6}{right:>9.1%}"
    confused = judge.confusions(judged)[:_CONFUSIONS]
    if confused:
        yield ""
        yield "answered with -> instead of"
        yield from (f"{count:>3}  {taken} -> {right}" for taken, right, count in confused)
    yield ""
    if len(seconds) > 1:
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        p50, p99 = (f"{1000 * cuts[at]:.1f} ms" for at in (49, 98))
        yield f"{len(seconds)} questions: p50 {p50}, p99 {p99}"


def failures(judged: Sequence[Judged], limit: int) -> Iterator[str]:
    """Up to *limit* judgements that did not come out right, with what came."""
    failed = [j for j in judged if j.verdict is not Verdict.RIGHT]
    for j in failed[:limit]:
        asked = " | ".join((*j.judgement.context, j.judgement.question))
        wanted = ", ".join((*j.judgement.answer, *j.judgement.choices)) or j.judgement.miss
        yield f"{j.verdict:7} {j.judgement.kind}: {asked}"
        yield f"        came {_short(j.outcome)}; wanted {wanted or j.judgement.smalltalk}"


def _short(outcome: Outcome) -> str:
    match outcome:
        case Answered():
            return ", ".join(item.id for item in outcome.items)
        case Ambiguous():
            return "choices " + ", ".join(item.id for item in outcome.choices)
        case Unanswered():
            return f"{outcome.miss}" + (f" ({outcome.gap.id})" if outcome.gap else "")
        case Smalltalk():
            return f"smalltalk {outcome.topic.id}"
