"""What was found out about a store, as lines of text for editors. Pure."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from knowledge import judge, rates
from knowledge.choice import Policy
from knowledge.documents import Target
from knowledge.explanation import Explanation
from knowledge.judge import Judged, Verdict
from knowledge.measured import in_force
from knowledge.model import Briefing, Gap, label_of
from knowledge.outcomes import Ambiguous, Answered, Outcome, Smalltalk, Unanswered
from knowledge.plain import Labels
from knowledge.twins import Tried, couples, of_gaps, of_pairs, share_of_own

BEGIN = "<!-- measured -->"
END = "<!-- end of measured -->"
"""The marks in the README between which a command writes the rates."""
_CONFUSIONS = 10
_WIDTH = 98
_SHOWN = 8
_LEVELS = Policy()
_LEGEND = (
    "share       what it wins of the question, against the others and against no answer; the rows",
    "            stand in this order, and the first one that is no gap is what may be answered",
    "confidence  the chance that it answers; of a gap, that nothing does. An answer takes"
    f" {_LEVELS.answer:.2f},",
    f"            a Yes or No to something else than what is asked {_LEVELS.unasked:.2f},"
    f" a choice {_LEVELS.offer:.2f}",
    "score       how near its nearest phrasing is: words and letters in equal parts, and meaning",
    "covers      how much of the question it explains by all its phrasings and what it says; the",
    "            rest is `unexplained`",
    "against     names and numbers of the question that it does not account for; with a + those",
    "            that its Yes or No has beyond the question",
)
"""What the columns of candidates mean. Share and confidence weigh much more than is shown."""


def lines(judged: Sequence[Judged], seconds: Sequence[float]) -> Iterator[str]:
    """Rates by kind, calibration, the commonest confusions, and the time it took."""
    yield f"{'kind':22}{'n':>5}{'right':>9}{'half':>9}{'missed':>9}{'wrong':>9}{'utility':>9}"
    for kind, row in judge.by_kind(judged).items():
        shares = (row.right, row.half, row.missed, row.wrong, row.utility)
        yield f"{kind:22}{row.count:>5}" + "".join(f"{share:>9.1%}" for share in shares)
    yield from _calibration(judged)
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


def _calibration(judged: Sequence[Judged]) -> Iterator[str]:
    bins = judge.reliability(judged)
    yield ""
    yield "confidence of answers      n     mean    right"
    for b in bins:
        shares = f"{b.confidence:>9.1%}{b.right:>9.1%}"
        yield f"{b.low:.2f} to {b.high:.2f}         {b.count:>6}{shares}"
    yield f"expected calibration error: {judge.calibration_error(bins):.3f}"
    yield ""
    yield "left unanswered            n    right"
    for name, count, right in judge.refusals(judged):
        yield f"{name:22}{count:>6}{right:>9.1%}"


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


def explained(explanation: Explanation, places: Mapping[tuple[str, str], str]) -> list[str]:
    """Lines that tell an editor how the question was read and why it came out so.

    *places* are files and lines by the ids of briefing and item.
    """
    read = explanation.question

    def called(target: Target) -> str:
        place = places.get((target.briefing, target.id))
        return f"{type(target).__name__} {target.id}" + (f" ({place})" if place else "")

    lines = [
        f"read as   {read.kind or 'keywords'}: {' '.join(read.terms)}"
        + (f"  (background: {' '.join(read.background)})" if read.background else ""),
        f"names     {', '.join(read.entities) or '-'}"
        + (f"  shared: {read.doubtful}" if read.doubtful else "")
        + (f"  unknown: {', '.join(read.strangers)}" if read.strangers else ""),
        f"outcome   {type(explanation.outcome).__name__}: {explanation.reason}",
        *(f"{'':10}{called(target)}" for target in _said(explanation.outcome)),
    ]
    if not explanation.candidates:
        return lines
    lines += ["", "share  confidence  score  words  letters  meaning  covers  target"]
    for c in explanation.candidates[:_SHOWN]:
        hit, target = c.hit, c.hit.target
        label = target.phrasings[0] if isinstance(target, Gap) else label_of(target)
        lines.append(
            f"{c.share:5.3f}{c.confidence:12.3f}{hit.score:7.3f}{hit.by_words:7.3f}"
            f"{hit.by_letters:9.3f}{hit.by_meaning:9.3f}{hit.coverage:8.2f}"
            f"  {called(target)}: {label[:60]}"
        )
        if hit.unexplained:
            lines.append(f"{'':59}unexplained: {' '.join(hit.unexplained)}")
        if c.veto:
            lines.append(f"{'':59}against: {c.veto}")
    return [*lines, "", *_LEGEND]


def _said(outcome: Outcome) -> tuple[Target, ...]:
    """What *outcome* says or offers to choose from."""
    match outcome:
        case Answered():
            return outcome.items
        case Ambiguous():
            return outcome.choices
        case Unanswered():
            return (outcome.gap,) if outcome.gap else ()
        case Smalltalk():
            return ()
        case _ as never:
            assert_never(never)


def twins(found: Sequence[Tried], limit: int) -> Iterator[str]:
    """How many phrasings find their own without themselves, and up to *limit* couples; advice."""
    nothing = sum(t.found is None for t in found)
    yield f"{len(found)} phrasings, each asked as if it were not stored:"
    for kind, those in (("pair", of_pairs(found)), ("gap", of_gaps(found))):
        yield f"of {len(those)} that lead to a {kind}, {share_of_own(those):.1%} find their own"
    yield f"{nothing} find nothing"
    confused = couples(found)
    if not confused:
        return
    yield ""
    yield f"{len(confused)} couples take phrasings from each other. Of each couple: give them words"
    yield "that differ, merge them if one answer serves both, or drop the phrasing."
    for couple in confused[:limit]:
        yield ""
        yield f"{len(couple.stolen):>4}  {' and '.join(couple.ids)}"
        for t in couple.stolen:
            yield f"      {t.stored.phrasing!r} of {t.stored.target.id}"
    if len(confused) > limit:
        yield ""
        yield f"{len(confused) - limit} more couples: --limit {len(confused)}"


def readme(briefings: Iterable[Briefing], labels: Labels) -> str:
    """What the README says of the rates of *briefings*: a paragraph for each and each mode."""
    told = []
    for briefing in briefings:
        published = briefing.article.front.text("published")
        entries = [entry for entry in briefing.measured if in_force(entry)]
        for entry in entries:
            mode = labels["measured-with" if entry.meaning else "measured-without"]
            figures = rates.figures(entry)
            told.append(labels["measured"].format(published=published, mode=mode, **figures))
        if not entries:
            told.append(labels["not-measured"].format(published=published))
    return "\n\n".join(textwrap.fill(text, _WIDTH) for text in told)


def in_readme(document: str, text: str) -> str | None:
    """*document* with *text* between its marks; None where they do not stand there once each."""
    if document.count(BEGIN) != 1 or document.count(END) != 1:
        return None
    before, rest = document.split(BEGIN)
    if END not in rest:
        return None
    return f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}"
