"""The questions of one message: each by itself, then one reply to all of them.

It asks nobody; what each question came to is handed in.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.article import sentences
from knowledge.choice import Policy
from knowledge.excerpts import together
from knowledge.explanation import Explanation
from knowledge.library import Library
from knowledge.model import Citation, Gap, QuestionKind, text_of
from knowledge.outcomes import Answered, Outcome, Unanswered, without_opening, without_yes
from knowledge.question import Parts, Question
from knowledge.sorts import parted, parted_text
from knowledge.telling import is_bare, sentences_until_told, tells_what
from knowledge.text import content_words, stem

_MOST_ANSWERS = 3
"""Questions of one message that are answered in one reply."""
_TOLD_BESIDE = (QuestionKind.WHEN, QuestionKind.WHERE)
"""What an answer to another question tells beside."""
_HARDLY = 0.2
"""Confidence of its best answer up to which a message is surely about what is not said."""
_NEW = 0.25
"""Part of a sentence's words from which it says something new."""
_LONGEST_SAID_AGAIN = 100
"""Characters of a reader's question that are said again."""


def shares(whole: Explanation) -> Mapping[str, float]:
    """By id what each item won of a message as one question; gaps tell nothing of its parts."""
    found = (c for c in whole.candidates if not isinstance(c.hit.target, Gap))
    return {c.hit.target.id: c.share for c in found}


def combined(
    library: Library,
    policy: Policy,
    whole: Explanation,
    parts: Parts,
    found: Sequence[Explanation],
) -> Explanation:
    """Two or three answers of *found* in one where they fit, else the surest reading.

    *whole* is the message as one question, *found* what each of its *parts* came to; the parts that
    are not answered are named. One question asked of several things is left in one where not each
    has a direct answer, or where its own stands on what each of these stands on first.
    """
    if _is_gap_to_all(whole, parts, found):
        return whole
    parts, found, told = _but_told(library, parts, found)
    if parts.alike:
        if not all(map(_is_direct, found)) or _says_all(policy, whole, found):
            return whole
        found = [_without_opening(e) for e in found]
    several = {e.outcome.item.id: e for e in found if isinstance(e.outcome, Answered)}
    answers = tuple(several.values())
    if _serves(library, policy, whole, found) and _answers_each(policy, whole, found):
        return whole
    if len(several) >= 2:
        joined, cut = _joined(library, answers, told)
        if cut and _sums_up(library, policy, whole, found):
            return whole
        chosen = _of_several(library, policy, whole, answers, joined, parts.questions, found)
    else:
        readings = answers if _is_told_by(several, whole) else (whole, *answers)
        chosen = max(readings, key=lambda e: e.confidence)
    answered = chosen.outcome
    if not isinstance(answered, Answered) or answered.item.id not in several:
        return chosen
    left = tuple(
        _shortened(part.whole)
        for part, e in zip(parts.questions, found, strict=True)
        if isinstance(e.outcome, Unanswered) and part.kind is not None
    )
    return replace(chosen, outcome=replace(answered, left=left))


def _is_gap_to_all(whole: Explanation, parts: Parts, found: Sequence[Explanation]) -> bool:
    """Whether the *whole* surely asks what is known not to be said, and no part stands by itself.

    "What did the divers carry, and where did they take it?": where others took things is no answer.
    """
    outcome = whole.outcome
    if not isinstance(outcome, Unanswered) or outcome.gap is None or whole.confidence > _HARDLY:
        return False
    return all(
        isinstance(e.outcome, Unanswered) or _hangs_on_others(part, parts.heading)
        for part, e in zip(parts.questions, found, strict=True)
    )


def _hangs_on_others(part: Question, heading: str) -> bool:
    """Whether what *part* is about stands elsewhere in the message, as in its *heading*."""
    return part.anaphoric or (bool(heading) and not (part.entities or part.doubtful))


def _of_several(
    library: Library,
    policy: Policy,
    whole: Explanation,
    answers: Sequence[Explanation],
    joined: Answered,
    parts: Sequence[Question],
    found: Sequence[Explanation],
) -> Explanation:
    """One of the *answers* where it is good for each of *parts*, else some of them *joined*."""
    of_one_kind = len({part.kind for part in parts}) == 1
    if of_one_kind and (one := _good_for_each((whole, *answers), found, policy.unasked)):
        return one
    if not joined.parts:
        if _covers(library, policy, whole, found):
            return whole
        if one := _good_for_each(answers, found, policy.offer):
            return one
    return replace(answers[0], outcome=joined, reason="several questions")


def _serves(
    library: Library, policy: Policy, whole: Explanation, found: Sequence[Explanation]
) -> bool:
    """Whether one answer may serve the whole message, whose parts were *found* to be so.

    It is sure, leaves nothing open, stands on a sentence of each of their answers, and is none of
    these: what answers one part does not answer all.
    """
    if whole.candidates and whole.candidates[0].hit.unexplained:
        return False
    return _covers(library, policy, whole, found)


def _sums_up(
    library: Library, policy: Policy, whole: Explanation, found: Sequence[Explanation]
) -> bool:
    """Whether the answer of *whole*, a sure one, answers one part and tells of all the others.

    It stands on all sentences that theirs stand on first.
    """
    if not isinstance(whole.outcome, Answered) or whole.confidence < policy.whole:
        return False
    own = whole.outcome.item
    parts = [e.outcome.item for e in found if isinstance(e.outcome, Answered)]
    first = {c.ref for p in parts for c in p.citations[:1] if isinstance(c, Citation)}
    return own in parts and first <= library.cited(own)


def _is_told_by(several: Mapping[str, Explanation], whole: Explanation) -> bool:
    """Whether the *whole* is not answered with what comes nearest, which answers a part.

    "When was the vote, and at what hour?": the day, which is not the hour, answers the first.
    """
    found = (c.hit.target for c in whole.candidates if not isinstance(c.hit.target, Gap))
    nearest = next(found, None)
    unanswered = isinstance(whole.outcome, Unanswered)
    return unanswered and nearest is not None and nearest.id in several


def _is_direct(one: Explanation) -> bool:
    """Whether *one* is an answer, and neither a card nor a correction."""
    outcome = one.outcome
    return isinstance(outcome, Answered) and not outcome.otherwise and one.reason != "named"


def _but_told(
    library: Library, parts: Parts, found: Sequence[Explanation]
) -> tuple[Parts, Sequence[Explanation], Mapping[str, Sequence[Question]]]:
    """*parts* and what was *found* for them, but what an answer tells beside; that by its id.

    "What was claimed, and when?" is answered by a claim with its date; and where it is not known
    what was claimed, nor is when.
    """
    kept: list[int] = []
    told: dict[str, list[Question]] = {}
    about: Outcome | None = None
    for at, (part, own) in enumerate(zip(parts.questions, found, strict=True)):
        read = own.question
        if about is None or read.kind not in _TOLD_BESIDE or not is_bare(part):
            about = own.outcome
        elif isinstance(about, Answered) and tells_what(library, read, about.text):
            told.setdefault(about.item.id, []).append(read)
            continue
        elif isinstance(about, Unanswered):
            continue
        kept.append(at)
    left = tuple(parts.questions[at] for at in kept)
    return replace(parts, questions=left), [found[at] for at in kept], told


def _says_all(policy: Policy, whole: Explanation, found: Sequence[Explanation]) -> bool:
    """Whether the answer of *whole* stands on what each of *found* stands on first, and is none."""
    if not isinstance(whole.outcome, Answered) or whole.confidence < policy.answer:
        return False
    own = whole.outcome.item
    parts = [e.outcome.item for e in found if isinstance(e.outcome, Answered)]
    cited = {c.ref for c in own.citations if isinstance(c, Citation)}
    first = {c.ref for p in parts for c in p.citations[:1] if isinstance(c, Citation)}
    return own not in parts and first <= cited


def _without_opening(one: Explanation) -> Explanation:
    """*one* without the Yes or No of its answer, which nobody asked for."""
    outcome = one.outcome
    return (
        replace(one, outcome=replace(outcome, turned=True))
        if isinstance(outcome, Answered)
        else one
    )


def _covers(
    library: Library, policy: Policy, whole: Explanation, found: Sequence[Explanation]
) -> bool:
    """Whether the answer of *whole*, a sure one, stands on a sentence of each part's answer."""
    if not isinstance(whole.outcome, Answered) or whole.confidence < policy.whole:
        return False
    own = whole.outcome.item
    cited = library.cited(own)
    parts = [e.outcome.item for e in found if isinstance(e.outcome, Answered)]
    return all(part.id != own.id and not cited.isdisjoint(library.cited(part)) for part in parts)


def _good_for_each(
    among: Sequence[Explanation], found: Sequence[Explanation], enough: float
) -> Explanation | None:
    """The one *among* whose answer is sure *enough* for each part, the surest, if any is."""

    def least(one: Explanation) -> float:
        item = one.outcome.item if isinstance(one.outcome, Answered) else None
        return min(
            next((c.confidence for c in e.candidates if c.hit.target is item), 0.0)
            for e in found
            if isinstance(e.outcome, Answered)
        )

    best = max(among, key=least)
    return best if least(best) >= enough else None


def _answers_each(policy: Policy, whole: Explanation, found: Sequence[Explanation]) -> bool:
    """Whether the answer of *whole* might be offered to each part that is answered at all."""
    own = whole.outcome.item if isinstance(whole.outcome, Answered) else None
    return all(
        any(c.hit.target is own and c.confidence >= policy.offer for c in e.candidates)
        for e in found
        if isinstance(e.outcome, Answered)
    )


def _asked_for(answer: Answered, text: str) -> str:
    """*text*, which *answer* says, without the Yes or No that nobody asked for."""
    if answer.turned:
        return without_opening(text)
    return without_yes(text) if answer.unasked else text


def _shortened(text: str) -> str:
    """*text* as it is said again: its beginning, if it is long."""
    return textwrap.shorten(text, _LONGEST_SAID_AGAIN, placeholder=" …")


def _until_new(text: Sequence[str], said: Sequence[str]) -> int:
    """How many sentences of *text* there are up to one that says more than was *said*; 1 if none.

    One with hardly a word that was not said before says no more.
    """
    known = {stem(word) for one in said for word in content_words(one)}
    for count, sentence in enumerate(text, start=1):
        own = {*map(stem, content_words(sentence))}
        if len(own - known) > len(own) * _NEW:
            return count
    return 1


def _until_about(edition: Library, read: Question, text: Sequence[str]) -> int:
    """How many sentences of *text* there are up to the first with most of what *read* names.

    "What did he say about the vote?" is not answered by a beginning that tells what else he said.
    """
    asked = parted(edition, read.terms)
    named = {*asked.names, *(term for term in asked.plain if term[0] in "@~")}
    shared = [
        len(named.intersection((*told.names, *told.plain)))
        for told in (parted_text(edition, sentence) for sentence in text)
    ]
    return 1 + shared.index(max(shared))


def _joined(
    edition: Library, found: Sequence[Explanation], told: Mapping[str, Sequence[Question]]
) -> tuple[Answered, bool]:
    """The first answers of *found* in one, as many as fit; the next one as a further choice.

    Each has what tells its own question and those that are *told* beside it, by its id. And whether
    one of them is cut before what it is asked about, as all of it would not fit.
    """
    answers = [e.outcome for e in found if isinstance(e.outcome, Answered)]
    asked = {
        id(e.outcome): (e.question, *told.get(e.outcome.item.id, ()))
        for e in found
        if isinstance(e.outcome, Answered)
    }
    first, rest = answers[0], [a.item for a in answers[1:]]
    fit = [] if first.otherwise else [a for a in answers if not a.otherwise][:_MOST_ANSWERS]
    for count in range(len(fit), 1, -1):
        shown = fit[:count]
        items = [a.item for a in shown]
        needed: list[int] = []
        about: list[int] = []
        said: list[str] = []
        for a in shown:
            text = sentences(text_of(a.item))
            until = [sentences_until_told(edition, read, text_of(a.item)) for read in asked[id(a)]]
            needed.append(max(_until_new(text, said), *until))
            about.append(max(_until_about(edition, read, text) for read in asked[id(a)]))
            said += text[: needed[-1]]
        at_best = [max(counts) for counts in zip(needed, about, strict=True)]
        parts = together(edition.newest, items, at_best)
        cut = not parts
        if parts := parts or together(edition.newest, items, needed):
            bare = [
                replace(part, text=_asked_for(a, part.text))
                for a, part in zip(shown, parts, strict=True)
            ]
            joined = replace(
                first,
                parts=tuple(bare),
                unasked=False,
                turned=False,
                entities=tuple(dict.fromkeys(id_ for a in shown for id_ in a.entities)),
                others=tuple(item for item in rest if item not in items)[:1],
            )
            return joined, cut
    return replace(first, others=tuple(rest[:1])), False
