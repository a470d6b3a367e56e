"""The checks of judgements and lessons: what they name in vain, or ask twice, or word for word.

Works on what their files gave, beside the draft of their briefing; each by itself is checked where
it is read, in parts.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from knowledge.check import no_sentence
from knowledge.draft import Draft, Placed
from knowledge.judge import spaced
from knowledge.judgement import Judgement
from knowledge.model import Gap, QAPair
from knowledge.problems import Problem, meant
from knowledge.text import phrasing_key


def judgements(
    found: Iterable[Placed[Judgement]], known: Collection[str], draft: Draft | None = None
) -> Iterator[Problem]:
    """What judgements name that is not *known*, want in vain, or ask twice.

    With a *draft* they cite only sentences of its article.
    """
    asked: dict[tuple[str, ...], Placed[Judgement]] = {}
    for placed in found:
        value = placed.value
        for key, ids_named in (("answer", value.answer), ("choices", value.choices)):
            for index, name in enumerate(ids_named):
                if name not in known:
                    message = f"there is no item {name!r}{meant(name, known)}"
                    yield Problem(placed.file, placed.line(key, index), message)
        if value.smalltalk and value.smalltalk != "any" and value.smalltalk not in known:
            message = f"there is no smalltalk {value.smalltalk!r}{meant(value.smalltalk, known)}"
            yield Problem(placed.file, placed.line("smalltalk"), message)
        yield from _wanted(placed, draft)
        first = asked.setdefault((*value.context, value.question), placed)
        if first is not placed:
            message = f"judged already at line {first.line()}: keep one"
            yield Problem(placed.file, placed.line("question"), message)


def _wanted(placed: Placed[Judgement], draft: Draft | None) -> Iterator[Problem]:
    """The wanted texts without a word, and the sentences that the article does not have."""
    value = placed.value
    says = [(placed.line("says", i), group) for i, group in enumerate(value.says)]
    refs = [(placed.line("cites", i), ref) for i, ref in enumerate(value.cites)]
    refs += [(placed.line("cites_all", i), ref) for i, ref in enumerate(value.cites_all)]
    for index, reading in enumerate(value.readings):
        line = placed.line("readings", index)
        says += [(line, group) for group in reading.says]
        refs += [(line, ref) for ref in reading.cites]
    for line, group in says:
        for text in group:
            if not spaced(text).strip():
                yield Problem(placed.file, line, f"{text!r} in 'says' has no words")
    for line, ref in refs:
        if draft is not None and ref not in draft.sentences:
            yield Problem(placed.file, line, no_sentence(draft, ref))


def lessons(
    found: Iterable[Placed[Judgement]],
    judged: Iterable[Placed[Judgement]],
    stored: Iterable[Placed[QAPair | Gap]],
) -> Iterator[Problem]:
    """The lessons that are, word for word, a question of *judged* or a phrasing of *stored*."""
    measuring = {_question_key(placed.value): placed for placed in judged}
    phrased = {
        phrasing_key(phrasing): (placed, placed.line("phrasings", index))
        for placed in stored
        for index, phrasing in enumerate(placed.value.phrasings)
    }
    for placed in found:
        question = placed.value.question
        line = placed.line("question")
        other = measuring.get(_question_key(placed.value))
        if other is not None:
            where = f"{other.file}:{other.line('question')}"
            message = f"question {question!r} is among the judgements ({where}): "
            yield Problem(placed.file, line, message + "what measures does not teach")
        owner, at = phrased.get(phrasing_key(question), (None, 0))
        if owner is not None:
            message = f"question {question!r} is a phrasing of {owner.value.id!r} "
            message += f"({owner.file}:{at}): ask in other words"
            yield Problem(placed.file, line, message)


def _question_key(judgement: Judgement) -> tuple[str, ...]:
    """What makes two judgements ask the same: their words, or their signs where there are none."""
    return tuple(phrasing_key(q) or q for q in (*judgement.context, judgement.question))
