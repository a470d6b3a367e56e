"""Whether a question takes for given what the briefing contradicts, and the pair that corrects it.

Two signs count, both on bare terms: a pair that says No to just what is taken for given, and a pair
that asks for, or names, the one place, person, group, day or number on which the question differs.
What is merely not said contradicts nothing; in doubt there is no correction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.article import sentences
from knowledge.confidence import Candidate
from knowledge.hit import Hit
from knowledge.library import Library
from knowledge.model import MAX_ANSWER, EntityType, Gap, QAPair, QuestionKind, SentenceRef
from knowledge.outcomes import without_yes_or_no
from knowledge.question import Question
from knowledge.sorts import MONTHS, Name, Parted, Sort, parted, parted_text
from knowledge.text import fold, stem, words

MOST = 12
"""Candidates that are looked at, likeliest first."""
ROOM = 40
"""Characters that the words before a correction may have, so that both are a whole answer."""
_COVER = 0.6
"""Least share of the question's weight, the odd term left out, that a pair's phrasing has."""
_COVER_DOER = 0.9
"""The same where the odd one is who did it: others may have thought or said things of it."""
_COVER_NO = 0.5
"""The same where a pair says No: its phrasing is all in the question, which may add to it."""
_LEAST = 3
"""Terms that make something taken for given, one of them a name."""
_NEAR = 0.3
"""Least share of the question's weight that the phrasings of a pair have together."""
_SAME = 0.8
"""Share of the question's weight from which a phrasing asks the same."""
_FOCUS = 0.9
"""Least share of the phrasing's weight that the question has, the slot left out."""
_TURNS = re.compile(
    r"\b(?:not|never|no|none|nobody|nowhere|without|except|besides|else|other|others|another|also|"
    r"too|or|nor|neither|either|instead|rather|than|only|both|if|whether|before|after|since|until|"
    r"till|between|besides|apart|later|earlier|again|next|previous|last|first|second|"
    r"prior|following|compared?|versus|vs|difference|relation|relationship|link|connection|"
    r"really|true|correct|wrong|confirm(?:ed)?|\w+n't|(?:did|was|is|are|were|do|does|has|have|had|"
    r"could|would|should)nt)\b"
)
"""Words (folded) with which a name or number in a question is no longer what is taken for given."""
_LASTS = re.compile(r"-day\b|\b(?:days|weeks|months)\b")
"""What lasts is on further days than the one told."""
_SAYS_NO = re.compile(r"No\.\s")
K = QuestionKind
_ASKED = {
    K.WHERE: frozenset({Sort.PLACE}),
    K.WHO: frozenset({Sort.PERSON, Sort.GROUP}),
    K.WHEN: frozenset({Sort.DAY, Sort.MONTH, Sort.YEAR}),
    K.HOW_MANY: frozenset({Sort.NUMBER}),
}
"""The sorts that a pair of a kind asks for."""


def corrected(library: Library, read: Question, candidates: Sequence[Candidate]) -> QAPair | None:
    """The pair that says otherwise than *read* takes for given; None where none clearly does."""
    if read.background or read.quoted or _TURNS.search(fold(read.asking)):
        return None
    reader = _Reader(library, read)
    if not reader.fit:
        return None
    hits = [c.hit for c in candidates[:MOST] if c.hit.shared >= _NEAR]
    pairs = [h.target for h in hits if isinstance(h.target, QAPair)]
    pairs = [p for p in pairs if len(p.answer) <= MAX_ANSWER - ROOM]
    if any(map(reader.is_asked, hits)):
        return None
    if read.kind is K.WHETHER and pairs and pairs[0].kind is K.WHETHER:
        return None  # it has its Yes or No
    denying = next(filter(reader.denies, pairs), None)
    if denying is not None or any(p.kind is K.WHETHER and reader.has(p) for p in pairs):
        return denying
    pairs.sort(key=lambda p: p.kind is K.WHETHER)
    return next((p for p in pairs if reader.replaces(p)), None)


class _Reader:
    """One question beside the pairs that come near it."""

    def __init__(self, library: Library, read: Question) -> None:
        self._library = library
        self._read = read
        self.asked = parted(library, read.terms)

    @property
    def fit(self) -> bool:
        """Whether the question has a name to be wrong about, and none that nobody knows."""
        strangers = self._read.strangers
        return bool(self.asked.names) and all(s.isdecimal() or stem(s) in MONTHS for s in strangers)

    def is_asked(self, hit: Hit) -> bool:
        """Whether what *hit* leads to, other than to a Yes or No, is just what is asked."""
        target = hit.target
        if not isinstance(target, QAPair | Gap) or hit.shared < _SAME:
            return False
        return not (isinstance(target, QAPair) and target.kind is K.WHETHER) and self.has(target)

    def has(self, target: QAPair | Gap) -> bool:
        """Whether a phrasing of *target* has every name of the question and most of the rest."""
        asked = {n for n in self.asked.names if self._may_be_odd(n)}
        return any(
            asked <= {*told.names} and self._cover(told, None) >= _SAME
            for told in map(self._of, target.phrasings)
        )

    def denies(self, pair: QAPair) -> bool:
        """Whether *pair* asks whether what is taken for given is so, and says No to it.

        Its answer has to name what is so instead.
        """
        whether = self._read.kind in (K.WHETHER, None)
        if whether or pair.kind is not K.WHETHER or not _SAYS_NO.match(pair.answer):
            return False
        lead = self._of(opening(pair.answer)).names
        instead = {n.sort for n in lead if n not in self.asked.names}
        return any(
            bool(told.names)
            and len(told.names) + len(told.plain) >= _LEAST
            and told.plain <= self.asked.plain
            and _in_order(told.names, self.asked.names)
            and not instead.isdisjoint(n.sort for n in told.names)
            and self._cover(told, None) >= _COVER_NO
            and self._accounted(pair, told, None)
            for told in map(self._of, pair.phrasings)
        )

    def replaces(self, pair: QAPair) -> bool:
        """Whether *pair* has another name or number of its sort in the place of just one asked."""
        if pair.kind is K.WHETHER and not pair.answer.startswith("Yes"):
            return False
        lead = self._of(opening(pair.answer)).names
        lasts = _LASTS.search(pair.answer) is not None
        odds = [
            n
            for n in self.asked.names
            if n not in lead and self._may_be_odd(n) and not (lasts and n.sort is Sort.DAY)
        ]
        return any(
            self._differs(pair, told, odd, lead)
            for told in map(self._of, pair.phrasings if odds else ())
            for odd in odds
            if odd not in told.names
        )

    def _differs(self, pair: QAPair, told: Parted, odd: Name, lead: Sequence[Name]) -> bool:
        """Whether the phrasing *told* of *pair* asks the same but for *odd*, and another is so.

        The other stands in the phrasing, or the answer opens with it (*lead*) as what is asked for.
        """
        added = [n for n in told.names if n not in self.asked.names]
        if len(added) > 1:
            return False
        other = added or (lead if odd.sort in _ASKED.get(pair.kind, ()) else ())
        slot = [
            n
            for n in other
            if n.sort is odd.sort and n.unit == odd.unit and n not in self.asked.names
        ]
        least = _COVER_DOER if odd.sort in (Sort.PERSON, Sort.GROUP) else _COVER
        return (
            bool(slot)  # first: it takes the least time, and there mostly is none
            and self._cover(told, odd) >= least
            and self._focus(told, added) >= _FOCUS
            and self._anchored(told, odd)
            and self._accounted(pair, told, odd)
            and not any(self._namesakes(odd, n) for n in slot)
            and not self._together(odd)
            and not self._beside(pair, odd, slot)
        )

    def _of(self, text: str) -> Parted:
        return parted_text(self._library, text)

    def _may_be_odd(self, name: Name) -> bool:
        """Whether *name* tells anything: not if it is what all of the briefing is about."""
        return name.value[1:] not in self._library.subjects

    def _cover(self, told: Parted, odd: Name | None) -> float:
        """The share of the question's weight, without *odd*, that *told* has."""
        asked = {*self._weights(self.asked, [odd] if odd else [])}
        has = {*self._weights(told, [])}
        return self._share(asked & has, asked)

    def _focus(self, told: Parted, added: Sequence[Name]) -> float:
        """The share of the weight of *told*, without *added*, that the question has."""
        has = {*self._weights(told, added)}
        return self._share(has & {*self._weights(self.asked, [])}, has)

    def _weights(self, told: Parted, but: Sequence[Name]) -> Iterator[str]:
        yield from told.plain
        yield from (n.value for n in told.names if n not in but and self._may_be_odd(n))

    def _share(self, some: Iterable[str], of: Iterable[str]) -> float:
        weight = self._library.index.weight
        return sum(map(weight, some)) / (sum(map(weight, of)) or 1.0)

    def _anchored(self, told: Parted, odd: Name) -> bool:
        """Whether question and phrasing share a name besides *odd*, and something done.

        Who did it is told only where both name the event or document itself.
        """
        rest = [n for n in self.asked.names if n != odd and self._may_be_odd(n)]
        both = told.plain & self.asked.plain
        if odd.sort in (Sort.PERSON, Sort.GROUP):  # else somebody else may have done the like
            return any(t[0] == "@" and self._definite(t[1:]) for t in both)
        shared = any(n in told.names for n in rest) or any(t[0] == "@" for t in both)
        doing = [t for t in both if t[0] != "@"]
        return bool(shared and doing) or (len(doing) > 1 and odd.sort is Sort.NUMBER)

    def _definite(self, entity_id: str) -> bool:
        entity = self._library.entity_by_id(entity_id)
        return entity is not None and entity.type in (EntityType.EVENT, EntityType.DOCUMENT)

    def _accounted(self, pair: QAPair, told: Parted, odd: Name | None) -> bool:
        """Whether *pair* says, cites or asks every name of the question but *odd*."""
        known = {*told.names, *self._of(pair.answer).names}
        return all(n == odd or n in known or not self._may_be_odd(n) for n in self.asked.names)

    def _namesakes(self, one: Name, other: Name) -> bool:
        """Whether a word of one entity's name begins like one of the other's: they may be kin."""
        first, second = (self._beginnings(n) for n in (one, other))
        return not first.isdisjoint(second)

    def _beginnings(self, name: Name) -> frozenset[str]:
        entity = self._library.entity_by_id(name.value[1:]) if name.value[0] == "@" else None
        return frozenset(w[:5] for w in words(entity.name) if len(w) > 3) if entity else frozenset()

    def _together(self, odd: Name) -> bool:
        """Whether a sentence of the article has *odd* and all other names of the question."""
        wanted = [n for n in self.asked.names if n == odd or self._may_be_odd(n)]
        return any(
            all(n in here or self._occurs(n, ref) for n in wanted)
            for ref, here in (
                (ref, self._of(s.text).names)
                for ref, s in self._library.newest.article.sentences.items()
            )
        )

    def _occurs(self, name: Name, ref: SentenceRef) -> bool:
        entity = self._library.entity_by_id(name.value[1:]) if name.value[0] == "@" else None
        return entity is not None and ref in entity.sentences

    def _beside(self, pair: QAPair, odd: Name, slot: Sequence[Name]) -> bool:
        """Whether a sentence that *pair* cites, or one of its answer, has *odd* and the other."""
        article = self._library.newest.article.sentences
        cited = [article[ref].text for ref in self._library.cited(pair)]
        found = (self._of(text).names for text in (*cited, *sentences(pair.answer)))
        return any(odd in names and any(n in names for n in slot) for names in found)


def opening(answer: str) -> str:
    """The first sentence of *answer* that says more than Yes or No."""
    return next(iter(sentences(without_yes_or_no(answer))), "")


def _in_order(some: Sequence[Name], of: Sequence[Name]) -> bool:
    """Whether *some* stand in *of*, in the same order."""
    rest = iter(of)
    return all(name in rest for name in some)
