"""Several answers in one reply: the leading sentences of each that fit, and what these stand on.

Nothing is worded anew: a text is cut behind one of its sentences, never before its first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from knowledge.article import sentences
from knowledge.evidence import Evidence, is_ordinary, value_of, words_of
from knowledge.model import (
    MAX_ANSWER,
    MAX_CITATIONS,
    AnyCitation,
    Briefing,
    Citation,
    Item,
    text_of,
)
from knowledge.numbers import figures
from knowledge.outcomes import BETWEEN_PARTS, Excerpt
from knowledge.text import content_words, fold, stem

_QUOTED = re.compile(r'"([^"]{12,})"')
"""What stands in quotation marks in a folded text, longer than a single word."""
_SHORTEST = 25
"""Characters of a beginning that says something: `Yes.` and `Two different sides.` do not."""


def together(
    briefing: Briefing, items: Sequence[Item], needed: Sequence[int] = ()
) -> tuple[Excerpt, ...]:
    """An excerpt of each of *items*, of *briefing*, that fit one reply; () if they do not.

    Each has its first sentence, or as many as are *needed* of it, what tells of a dispute all of
    them; from then on the shortest gets its next one, while all fits.
    """
    texts = [sentences(text_of(item)) for item in items]
    counts = [
        _whole_dispute(briefing, item, text, max(least, _least(text)))
        for item, text, least in zip(items, texts, needed or [0] * len(items), strict=True)
    ]
    shown = _shown(briefing, items, texts, counts)
    if not _fits(shown):
        return ()
    growing = {*range(len(items))}
    while growing := {n for n in growing if counts[n] < len(texts[n])}:
        at = min(sorted(growing), key=lambda n: len(shown[n].text))
        before = counts[at]
        counts[at] = _whole_dispute(briefing, items[at], texts[at], before + 1)
        longer = _shown(briefing, items, texts, counts)
        if _fits(longer):
            shown = longer
        else:
            counts[at] = before
            growing.remove(at)
    return shown


def _whole_dispute(briefing: Briefing, item: Item, text: Sequence[str], count: int) -> int:
    """*count*, or as many sentences of *text* as it takes to tell all sides of a dispute.

    No side of one is told by so many sentences without the others; all of *text*, if that is not
    enough.
    """
    while count < len(text):
        stands_on = standing(briefing, item, " ".join(text[:count]))
        if not _one_sided(briefing, stands_on, item.citations):
            break
        count += 1
    return count


def _least(text: Sequence[str]) -> int:
    """How many sentences of *text* there have to be: enough to say something by themselves."""
    length, count = 0, 0
    while count < len(text) and length < _SHORTEST:
        length += len(text[count])
        count += 1
    return count


def _one_sided(
    briefing: Briefing, shown: Sequence[AnyCitation], citations: Sequence[AnyCitation]
) -> bool:
    """Whether what *shown* says leaves out what of *citations* disagrees with it."""
    said, all_sides = _claimed(briefing, shown), _claimed(briefing, citations)
    return any(
        claim.id in said and not (all_sides & {*claim.conflicts}) <= said
        for claim in briefing.claims
    )


def _claimed(briefing: Briefing, citations: Sequence[AnyCitation]) -> frozenset[str]:
    """The ids of the claims that are made on sentences of *citations*: on what each cites first."""
    own = {c.ref for c in citations if isinstance(c, Citation)}
    return frozenset(
        claim.id
        for claim in briefing.claims
        if any(isinstance(c, Citation) and c.ref in own for c in claim.citations[:1])
    )


def _shown(
    briefing: Briefing,
    items: Sequence[Item],
    texts: Sequence[Sequence[str]],
    counts: Sequence[int],
) -> tuple[Excerpt, ...]:
    """So many of the sentences of each item, with all citations where these are few enough."""
    said = [" ".join(text[:count]) for text, count in zip(texts, counts, strict=True)]
    own = [
        item.citations if count == len(text) else standing(briefing, item, excerpt)
        for item, text, count, excerpt in zip(items, texts, counts, said, strict=True)
    ]
    if _count(own) > MAX_CITATIONS:
        own = [standing(briefing, item, text) for item, text in zip(items, said, strict=True)]
    return tuple(map(Excerpt, items, said, own))


def _count(citations: Sequence[tuple[AnyCitation, ...]]) -> int:
    return len({citation for own in citations for citation in own})


def _fits(shown: Sequence[Excerpt]) -> bool:
    length = len(BETWEEN_PARTS.join(part.text for part in shown))
    return length <= MAX_ANSWER and _count([p.citations for p in shown]) <= MAX_CITATIONS


def standing(briefing: Briefing, item: Item, text: str) -> tuple[AnyCitation, ...]:
    """The citations of *item* that an excerpt *text* stands on, in their order; one at least.

    For each sentence the one that has the most of its words, each that it quotes and each that adds
    a figure or name. Whoever is named in full in *text* need not be in what is cited: "Ines Calder"
    stands on "Calder", or on "she", where the store says that it is her.
    """
    read = [(citation, _passage(briefing, citation)) for citation in item.citations]
    chosen: list[AnyCitation] = []
    missing = frozenset(_telling(text))
    for sentence in sentences(text):
        about = frozenset(map(stem, content_words(sentence)))
        nearest = max(read, key=lambda one: (_shared(about, one[1]), _shared(about, one[0].quote)))
        own = [nearest] if _shared(about, nearest[1]) else []  # "The sources differ."
        quoted = [one for one in read if _is_quoted(one[1], sentence)]
        for citation, passage in (*own, *quoted):
            chosen.append(citation)
            missing -= _has(missing, passage) | _named(briefing, missing, citation)
    for citation, passage in read:
        if found := _has(missing, passage):
            chosen.append(citation)
            missing -= found | _named(briefing, missing, citation)
    return tuple(c for c in item.citations if c in chosen) or item.citations[:1]


def _is_quoted(passage: str, text: str) -> bool:
    """Whether *text* says words of *passage* in quotation marks."""
    folded = fold(passage)
    return any(quote in folded for quote in _QUOTED.findall(fold(text)))


def _named(
    briefing: Briefing, wanted: frozenset[tuple[str, str]], citation: AnyCitation
) -> frozenset[tuple[str, str]]:
    """Those *wanted* words that are a name of what occurs in the sentence of *citation*."""
    if not isinstance(citation, Citation):
        return frozenset()
    occurs = (e for e in briefing.entities if citation.ref in e.sentences)
    words = frozenset[str]().union(*(_words_of_names(e.name, *e.aliases) for e in occurs))
    return frozenset(w for w in wanted if not w[0] and w[1] in words)


@lru_cache(maxsize=1024)
def _words_of_names(*names: str) -> frozenset[str]:
    """The words of *names*, of an entity of the store, in their form for comparison."""
    return frozenset(word.key for name in names for word in words_of(name))


def _telling(text: str) -> Iterator[tuple[str, str]]:
    """The figures and names that *text* says."""
    yield from ((sort.value, value) for sort, value in map(value_of, figures(text)))
    for word in words_of(text):
        if word.text[0].isupper() and not is_ordinary(word.key):
            yield "", word.key


def _has(wanted: frozenset[tuple[str, str]], passage: str) -> frozenset[tuple[str, str]]:
    """Those of the *wanted* figures and names that *passage* has."""
    evidence = Evidence()
    evidence.add(passage)
    values = {(sort.value, value) for sort, value in evidence.figures}
    return frozenset(w for w in wanted if w in values or (not w[0] and evidence.has_word(w[1])))


def _shared(about: frozenset[str], text: str) -> int:
    return len(about & set(map(stem, content_words(text))))


def _passage(briefing: Briefing, citation: AnyCitation) -> str:
    """The whole sentence of *citation*, or the quoted field."""
    if isinstance(citation, Citation):
        return briefing.article.sentences[citation.ref].text
    return citation.quote
