"""The editorial checks: what takes two records, or a record and the article, to be seen wrong.

Works on drafts, so that one look shows the problems of all files; what could not be read is
passed over here. Whether texts are grounded in what they cite is decided in grounding.py, what
is wrong with judgements and lessons in judgement_checks.py.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from knowledge import grounding
from knowledge.draft import Draft, Placed
from knowledge.model import Citation, QuestionKind, SentenceRef
from knowledge.problems import Problem, meant
from knowledge.text import fold_name, phrasing_key, sign

MIN_QUOTE_WORDS = 2
_OPENING = re.compile(r"(?:Yes|No)\b")
_MARKS = str.maketrans('‘’“”"–—‑', "'''''---")


def problems(draft: Draft) -> list[Problem]:
    """All that is wrong with *draft* beyond what its files alone showed; in no order."""
    return [
        *ids(list(draft.items())),
        *phrasings([*draft.pairs, *draft.gaps]),
        *_sentences(draft),
        *_quotes(draft),
        *_claims(draft),
        *_aliases(draft),
        *_shared(draft),
        *_whether(draft),
        *_suggested(draft),
        *_vocabulary(draft),
        *grounding.problems(draft),
    ]


def ids(items: Iterable[Placed[Any]]) -> Iterator[Problem]:
    """The ids that two of *items* have."""
    taken: dict[str, Placed[Any]] = {}
    for placed in items:
        name = placed.value.id
        first = taken.setdefault(name, placed)
        if name and first is not placed:
            where = f"{first.file}:{first.line('id')}"
            message = f"id {name!r} is taken already ({where}): ids are unique over all kinds"
            yield Problem(placed.file, placed.line("id"), message)


def phrasings(items: Iterable[Placed[Any]], *, signs: bool = False) -> Iterator[Problem]:
    """The phrasings that two of *items* share or that one has twice; politeness does not count.

    Each needs a word, or with *signs* at least a sign that is no mark of a sentence: an emoji.
    """
    taken: dict[str, tuple[Placed[Any], int]] = {}
    for placed in items:
        for index, phrasing in enumerate(placed.value.phrasings):
            line = placed.line("phrasings", index)
            key = phrasing_key(phrasing) or (sign(phrasing) if signs else "")
            if not key:
                yield Problem(placed.file, line, f"phrasing {phrasing!r} has no words")
                continue
            if key not in taken:
                taken[key] = (placed, line)
                continue
            first, first_line = taken[key]
            owner = "the same" if first is placed else repr(first.value.id)
            message = f"phrasing {phrasing!r} stands in {owner} already ({first.file}:{first_line})"
            yield Problem(placed.file, line, f"{message}: keep one (case, marks, politeness aside)")


def _sentences(draft: Draft) -> Iterator[Problem]:
    """The references to sentences that the article does not have."""
    if "article.md" in draft.unread:
        return
    for placed in draft.items():
        for key, refs in _references(placed.value):
            for index, ref in enumerate(refs):
                if ref is not None and ref not in draft.sentences:
                    line = placed.line(key, index)
                    yield Problem(placed.file, line, no_sentence(draft, ref))


def _references(item: Any) -> Iterator[tuple[str, list[SentenceRef | None]]]:
    """The sentences that *item* refers to, under the key that holds them; None for a field."""
    citations = getattr(item, "citations", ())
    yield "citations", [c.ref if isinstance(c, Citation) else None for c in citations]
    yield "sentences", list(getattr(item, "sentences", ()))
    yield "timeline", [moment.sentence for moment in getattr(item, "moments", ())]
    yield "nearest", list(getattr(item, "nearest", ()))


def no_sentence(draft: Draft, ref: SentenceRef) -> str:
    """What is wrong with *ref*, a sentence that the article of *draft* does not have."""
    if ref.paragraph > len(draft.paragraphs):
        has = f"the article has {len(draft.paragraphs)} paragraphs"
    else:
        count = len(draft.paragraphs[ref.paragraph - 1].sentences)
        has = f"paragraph {ref.paragraph} has {count} sentences"
    return f"there is no sentence {ref}: {has}"


def _quotes(draft: Draft) -> Iterator[Problem]:
    """The quotes that are not letter for letter in their sentence."""
    for placed in draft.items():
        for index, citation in enumerate(getattr(placed.value, "citations", ())):
            if isinstance(citation, Citation) and citation.ref in draft.sentences:
                message = _misquoted(draft, citation)
                if message:
                    yield Problem(placed.file, placed.line("quotes", index), message)


def _misquoted(draft: Draft, citation: Citation) -> str:
    """What is wrong with the quote of *citation*; empty if nothing is."""
    quote, text = citation.quote, draft.sentences[citation.ref].text
    if len(quote.split()) < MIN_QUOTE_WORDS:
        return f"quote {quote!r} is too short to find: quote {MIN_QUOTE_WORDS} words or more"
    if quote in text:
        whole = re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", text)
        return "" if whole else f"quote {quote!r} cuts a word of {citation.ref}: quote whole words"
    message = f"quote {quote!r} is not in {citation.ref}"
    elsewhere = [str(ref) for ref, sentence in draft.sentences.items() if quote in sentence.text]
    if elsewhere:
        return f"{message}, but in {', '.join(elsewhere)}: cite that"
    if _loosely(quote) in _loosely(text):
        return f"{message} letter for letter: copy its case, quotation marks, dashes and spaces"
    return f"{message}: copy the words from the article; a quote lies within one sentence"


def _loosely(text: str) -> str:
    return " ".join(text.translate(_MARKS).casefold().split())


def _claims(draft: Draft) -> Iterator[Problem]:
    """Claimants that are no entities; conflicts with nothing, oneself, or on one side only."""
    entities = [placed.value.id for placed in draft.entities]
    claims = {placed.value.id: placed.value for placed in draft.claims}
    for placed in draft.claims:
        claim = placed.value
        known = "entities.yaml" in draft.unread or claim.claimant in entities
        if claim.claimant and not known:
            message = _unknown("claimant", claim.claimant, "an entity", entities)
            yield Problem(placed.file, placed.line("claimant"), message)
        for index, other in enumerate(claim.conflicts):
            line = placed.line("conflicts", index)
            if other not in claims:
                message = _unknown("conflicts", other, "a claim", claims)
                yield Problem(placed.file, line, message)
            elif other == claim.id:
                yield Problem(placed.file, line, f"claim {other!r} conflicts with itself")
            elif claim.id not in claims[other].conflicts:
                message = f"claim {other!r} does not list {claim.id!r} under its conflicts: "
                yield Problem(placed.file, line, message + "both sides list each other")


def _unknown(key: str, name: str, kind: str, known: Iterable[str]) -> str:
    hint = meant(name, [k for k in known if k]) or ": use the id of one that exists"
    return f"{key} {name!r} is not {kind}{hint}"


def _forms(draft: Draft) -> Mapping[str, list[tuple[Placed[Any], int, str]]]:
    """By their folded form, the surface forms of all entities with owner and line."""
    forms: dict[str, list[tuple[Placed[Any], int, str]]] = defaultdict(list)
    for placed in draft.entities:
        entity = placed.value
        forms[fold_name(entity.name)].append((placed, placed.line("name"), entity.name))
        for index, alias in enumerate(entity.aliases):
            forms[fold_name(alias)].append((placed, placed.line("aliases", index), alias))
    forms.pop("", None)
    return forms


def _aliases(draft: Draft) -> Iterator[Problem]:
    """Surface forms that two entities claim without saying so, or that one lists twice."""
    shared = {fold_name(p.value[0]): set(p.value[1]) for p in draft.ambiguous}
    for key, uses in _forms(draft).items():
        first, first_line, _ = uses[0]
        for number, (placed, line, alias) in enumerate(uses):
            own = [earlier for p, _, earlier in uses[:number] if p is placed]
            owner = placed.value.id
            message = ""
            if own:
                if alias in own:
                    message = f"alias {alias!r} of {owner!r} is listed twice: keep one"
            elif key in shared:
                if owner not in shared[key]:
                    message = f"alias {alias!r} of {owner!r} stands under 'ambiguous' without it: "
                    message += "add it there, or take the alias out here"
            elif number:
                where = f"{first.value.id!r} ({first.file}:{first_line})"
                message = f"alias {alias!r} of {owner!r} belongs to {where} already: "
                message += "keep one, or list both under 'ambiguous'"
            if message:
                yield Problem(placed.file, line, message)


def _shared(draft: Draft) -> Iterator[Problem]:
    """Entries of `ambiguous` that are double or name what is no entity."""
    entities = [placed.value.id for placed in draft.entities]
    seen: dict[str, Placed[tuple[str, tuple[str, ...]]]] = {}
    for placed in draft.ambiguous:
        alias, owners = placed.value
        first = seen.setdefault(fold_name(alias), placed)
        if first is not placed and (first.value[0] == alias or set(first.value[1]) != set(owners)):
            where = f"{first.value[0]!r} (line {first.line('alias')})"
            message = f"shared alias {alias!r} is {where} again: write it once, with all its owners"
            yield Problem(placed.file, placed.line("alias"), message)
        for index, owner in enumerate(owners):
            line = placed.line("entities", index)
            if owner not in entities:
                message = _unknown("shared alias's", owner, "an entity", entities)
                yield Problem(placed.file, line, message)
            elif owner in owners[:index]:
                yield Problem(placed.file, line, f"entity {owner!r} is listed twice: keep one")


def _whether(draft: Draft) -> Iterator[Problem]:
    for placed in draft.pairs:
        pair = placed.value
        if pair.kind is QuestionKind.WHETHER and pair.answer and not _OPENING.match(pair.answer):
            message = f"answer of pair {pair.id!r}, a yes/no question, opens with neither: "
            message += "begin with Yes or No"
            yield Problem(placed.file, placed.line("answer"), message)


def _suggested(draft: Draft) -> Iterator[Problem]:
    placed = draft.suggested
    if placed is None or "qa.yaml" in draft.unread:
        return
    pairs = [pair.value.id for pair in draft.pairs]
    for index, name in enumerate(placed.value):
        line = placed.line("suggested", index)
        if name not in pairs:
            yield Problem(placed.file, line, _unknown("suggested", name, "a pair", pairs))
        elif name in placed.value[:index]:
            yield Problem(placed.file, line, f"pair {name!r} is suggested twice: choose another")


def _vocabulary(draft: Draft) -> Iterator[Problem]:
    for placed in draft.vocabulary:
        words = [word.casefold() for word in placed.value]
        if len(words) < 2:
            message = "a group of the vocabulary has two words or more: add one or delete it"
            yield Problem(placed.file, placed.line(), message)
        for word in sorted({word for word in words if words.count(word) > 1}):
            message = f"word {word!r} stands twice in its group of the vocabulary: keep one"
            yield Problem(placed.file, placed.line(), message)
