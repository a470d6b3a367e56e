"""A question as the matcher understands it: what is asked, of whom, in which terms.

Reads a reader's words into terms shared with the store; it has no opinion on the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.article import sentences
from knowledge.kinds import asks, kind_of, opener_and_rest
from knowledge.language import ANAPHORA, CONTINUATIONS, STOP_WORDS, WHO_IS
from knowledge.model import Briefing, EntityType, QuestionKind
from knowledge.names import Mention, NameLens, far_off
from knowledge.spelling import Speller
from knowledge.strangers import Told
from knowledge.text import fold, stem, without_politeness, words

_RAW_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LEADS = r"(?:(?:on|in|at|by|to|from|for|of|with|under|about) )?"
_ASKED_FOR = (
    r"(?:name|date|day|time|place|location|number|amount|sum|reason|purpose|topic|subject|toll)s? "
    r"(?:of|for)\b"
)
"""What (folded) is asked for by its own name, without a question word."""
_NAMED = re.compile(rf"(?:the|its|his|her|their) {_ASKED_FOR}")
_PARTS = re.compile(
    r"(?:,|;| -|\.)? (?:and|but|or|also|plus|then),? "
    rf"(?=(?:also )?{_LEADS}"
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had)\b"
    rf"|(?:the|its|his|her|their) {_ASKED_FOR})"
    rf"|, (?={_LEADS}(?:who|whom|what|which|when|where|why|how)\b)"
    r"|,? et (?=(?:(?:à|a|de|avec|par|pour|dans|en) )?"
    r"(?:qui|quand|où|combien|pourquoi|comment|quoi|quel(?:le)?s?|est-ce)\b)"
    r"|,? ed? (?=(?:(?:a|di|con|da|per|in) )?"
    r"(?:chi|quando|dove|quant[oiae]|perch[eé]|come|cosa|qual[ei]?)\b)"
    r"|[,،]? و(?=(?:كم|متى|متي|أين|اين|وين|لماذا|كيف|ماذا|هل|قداش|امتى|علاش|شن|شنو|من هو|من هي)\b)",
    re.IGNORECASE,
)
"""Where one question ends and the next of the same sentence begins."""
_HEADING = re.compile(
    rf"(?:: | - | – )(?={_LEADS}(?:who|whom|whose|what|which|when|where|why|how)\b)", re.IGNORECASE
)
"""Where what a sentence is about ends and its first question begins."""
_BARE = frozenset(
    {
        QuestionKind.WHO,
        QuestionKind.WHEN,
        QuestionKind.WHERE,
        QuestionKind.WHY,
        QuestionKind.HOW_MANY,
    }
)
"""What a question word alone asks of what was asked before."""
_ORDERS = re.compile(r"(?:please )?(?:name|list|give|tell|state|describe|explain|say|show)\b")
"""How (folded) a part opens that asks without a question word."""
_LONGEST_WRITTEN = 80
"""Characters of a name that are said again as a reader wrote them."""
_SHORT = 1
"""Terms up to which a question after another is likely to be about the same."""
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{8,300})[\"”»]")
_WHO_IS = re.compile("|".join(WHO_IS))
_PROPER = frozenset(
    {EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION, EntityType.ARMED_GROUP}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in the store's terms.

    `whole` is the message as it came, `asking` its asking sentences, `text` these folded; `asks`
    are its question words (`?when`). A term is a stem, a numeral, `~word` for a group of words that
    mean the same, or `@id` for an entity. `terms` are those of the asking sentences, `background`
    those of the others. `strangers` are names and numbers that the store does not tell of, though a
    question of it may; `doubtful` holds the readings of each name that several entities share;
    `quoted` are folded quotations.
    `taken` are names spelled far off, as written, with the id of the entity they are taken for.
    """

    whole: str
    text: str
    asking: str = ""
    kind: QuestionKind | None
    asks: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, ...], ...] = ()
    strangers: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    anaphoric: bool = False
    points_back: bool = False

    def after(self, before: Question) -> Question:
        """This question with what *before* was about, at less weight unless it says little."""
        own = {*self.terms}
        inherited = tuple(t for t in (*before.terms, *before.background) if t not in own)
        return replace(
            self,
            kind=self.kind or before.kind,
            asks=self.asks or before.asks,
            terms=self.terms if len(self.terms) > _SHORT else self.terms + inherited,
            background=inherited if len(self.terms) > _SHORT else (),
            entities=tuple(dict.fromkeys(self.entities + before.entities)),
            anaphoric=False,
            points_back=False,
        )


def name_in(text: str) -> str:
    """What *text* (folded) names, without the words that only ask who or what that is."""
    return _WHO_IS.sub("", _WHO_IS.sub("", text)).strip(" ?!.,;:؟\"'")


def as_written(text: str, folded: Sequence[str]) -> str:
    """How the *folded* words stand in *text*; these joined where they stand in none, or apart."""
    found = [(m, word) for m in _RAW_WORD.finditer(text) for word in words(m[0])]
    for at in range(len(found) - len(folded) + 1):
        run = found[at : at + len(folded)]
        if folded and [word for _, word in run] == list(folded):
            written = " ".join(text[run[0][0].start() : run[-1][0].end()].split())
            if len(written) <= _LONGEST_WRITTEN:
                return written
    return " ".join(folded)


class Understanding:
    """Turns texts into terms, by the names and words of a store."""

    def __init__(self, briefings: Sequence[Briefing]) -> None:
        self.lens = NameLens(briefings)
        self._proper = frozenset(e.id for b in briefings for e in b.entities if e.type in _PROPER)
        self._groups = _groups(briefings)
        self._group_sizes: dict[str, int] = {}
        for key in self._groups:
            self._group_sizes[key[0]] = max(len(key), self._group_sizes.get(key[0], 0))
        self.told = Told(briefings, self.lens.words)
        self.speller = Speller(self.told.all, self.lens.words)

    def is_proper(self, term: str) -> bool:
        """Whether *term* stands for a person, a place, an organisation or an armed group."""
        return term[:1] == "@" and term[1:] in self._proper

    def terms(self, text: str) -> tuple[tuple[str, ...], list[Mention]]:
        """The terms of a text of the store, in order, and its mentions."""
        return self._terms(words(text.replace("-", " ")))

    def _terms(
        self, text_words: Sequence[str], *, within: bool = False
    ) -> tuple[tuple[str, ...], list[Mention]]:
        """Terms and mentions; a name that is no proper one keeps its words and what they name."""
        mentions = self.lens.find(text_words, within=within)
        found: list[str] = []
        at = 0
        for mention in mentions:
            found += self._plain_terms(text_words[at : mention.start])
            own = mention.entities[0] if len(mention.entities) == 1 else ""
            if own:
                found.append(f"@{own}")
            inside = text_words[mention.start : mention.end]
            terms, _ = self._terms(inside, within=True) if len(inside) > 1 or not own else ((), [])
            if own not in self._proper and not terms:
                terms = tuple(self._plain_terms(inside))
            proper = own in self._proper
            found += [t for t in terms if t != f"@{own}" and (t[0] == "@" or not proper)]
            at = mention.end
        found += self._plain_terms(text_words[at:])
        return tuple(found), mentions

    def _plain_terms(self, text_words: Sequence[str]) -> list[str]:
        found, at = [], 0
        while at < len(text_words):
            word = text_words[at]
            first = stem(word)
            if first not in self._group_sizes and word != "may":
                if word not in STOP_WORDS:
                    found.append(first)
                at += 1
                continue
            size, term = self._group_at(text_words, at)
            if term:
                found.append(term)
            at += size
        return found

    def _group_at(self, text_words: Sequence[str], at: int) -> tuple[int, str]:
        """How many words from *at* make one term, and that term; empty for a stop word."""
        word = text_words[at]
        if word == "may" and _beside_a_number(text_words, at):
            return 1, word
        first = stem(word)
        longest = min(self._group_sizes.get(first, 0), len(text_words) - at)
        for size in range(longest, 0, -1):
            key = (first, *map(stem, text_words[at + 1 : at + size]))
            if key in self._groups:
                return size, self._groups[key]
        return 1, "" if word in STOP_WORDS else first

    def read(self, text: str) -> Question:
        """What *text* asks."""
        quoted = tuple(fold(q).strip(" .,!?") for q in _QUOTED.findall(text))
        asking, telling = _split(text)
        terms, entities, doubtful, strangers, taken = self._read_part(asking)
        background: tuple[str, ...] = ()
        if telling and not terms and not doubtful:  # "Which is it?": what was told is asked
            terms, entities, doubtful, strangers, taken = self._read_part(text)
        elif telling:
            background, more, _, _, told = self._read_part(telling)
            taken += told
            entities = tuple(dict.fromkeys(entities + more))
        core = without_politeness(asking)
        core_words = words(core)
        return Question(
            whole=text,
            text=core,
            asking=asking,
            kind=kind_of(asking),
            asks=asks(asking),
            terms=terms,
            background=background,
            entities=entities,
            doubtful=doubtful,
            strangers=strangers,
            taken=tuple(dict(taken).items()),
            quoted=quoted,
            anaphoric=any(w in ANAPHORA for w in core_words),
            points_back=core.startswith(CONTINUATIONS)
            or any(w in ANAPHORA for w in core_words)
            or (len(terms) <= _SHORT and kind_of(asking) is not None),
        )

    def parts(self, read: Question) -> tuple[Question, ...]:
        """The questions that *read* is made of, each read by itself; one if it is a single one."""
        asking = _asking_and_orders(read.whole).split("?")
        bodies = [_HEADING.split(one, maxsplit=1)[-1] for one in asking]
        if sum(bool(_PARTS.search(body)) for body in bodies) == 0:
            bodies = asking
        texts = [part.strip(" ,;") for body in bodies for part in _PARTS.split(body)]
        texts = _completed([t for t in texts if t])
        if len(texts) < 2:
            return (read,)
        found = [replace(part, strangers=read.strangers) for part in map(self.read, texts)]
        led = bool(self.heading(read))
        return tuple(p for n, p in enumerate(found) if _asks(p, follows=led or n > 0))

    def heading(self, read: Question) -> str:
        """What stands in *read* before its questions and tells what they are about; may be empty.

        It is no question itself.
        """
        first = _asking_and_orders(read.whole).split("?")[0]
        said = _HEADING.split(first, maxsplit=1)
        return said[0].strip() if len(said) > 1 else _split(read.whole)[1]

    def _read_part(
        self, text: str
    ) -> tuple[
        tuple[str, ...],
        tuple[str, ...],
        tuple[tuple[str, ...], ...],
        tuple[str, ...],
        tuple[tuple[str, str], ...],
    ]:
        raw = words(without_politeness(text).replace("-", " "))
        mended = [self.speller.mend(w) for w in raw]
        terms, mentions = self._terms(mended)
        entities = tuple(dict.fromkeys(m.entities[0] for m in mentions if len(m.entities) == 1))
        doubtful = tuple(dict.fromkeys(m.entities for m in mentions if len(m.entities) > 1))
        taken = tuple(
            (as_written(text, raw[m.start : m.end]), m.entities[0])
            for m in mentions
            if raw[m.start : m.end] != mended[m.start : m.end]
            and len(m.entities) == 1
            and m.entities[0] in self._proper
            and far_off(" ".join(raw[m.start : m.end]), [" ".join(mended[m.start : m.end])])
        )
        return terms, entities, doubtful, self.told.strangers(text, mended), taken


def _beside_a_number(text_words: Sequence[str], at: int) -> bool:
    """Whether the word at *at* may be a month: `7 may`, `may 2017`."""
    return any(
        w.isdecimal() for w in (*text_words[max(0, at - 1) : at], *text_words[at + 1 : at + 2])
    )


def _groups(briefings: Sequence[Briefing]) -> Mapping[tuple[str, ...], str]:
    """Stems of each vocabulary word or phrase, with the term that its whole group shares."""
    groups: dict[tuple[str, ...], str] = {}
    for briefing in briefings:
        for group in briefing.vocabulary:
            term = "~" + "-".join(words(group[0]))
            for phrase in group:
                groups.setdefault(tuple(stem(w) for w in words(phrase)), term)
    groups.pop((), None)
    return groups


def _asks(part: Question, *, follows: bool) -> bool:
    """Whether *part* of a message asks; what *follows* something may be a mere question word."""
    if not (part.terms or part.doubtful):
        return follows and (part.kind in _BARE or (part.anaphoric and part.kind is not None))
    folded = fold(part.asking)
    return part.kind is not None or bool(_ORDERS.match(folded) or _NAMED.match(folded))


def _completed(texts: Sequence[str]) -> list[str]:
    """*texts*; one that is a question word alone asks what the next one does."""
    found: list[str] = []
    rest = ""
    for text in reversed(texts):
        opener, said = opener_and_rest(text)
        if opener and not said and rest:
            found.append(f"{opener} {rest}")
        else:
            found.append(text)
            rest = said if opener else ""
    return found[::-1]


def _asking_and_orders(text: str) -> str:
    """The sentences of *text* that ask or order to tell, the latter with a question mark."""
    parts = [s for line in text.splitlines() for s in sentences(line)]
    if not any(_ORDERS.match(fold(s)) for s in parts):
        return _split(text)[0]
    asking = _split(text)[0]
    return " ".join(s.rstrip(".!? ") + "?" for s in parts if s in asking or _ORDERS.match(fold(s)))


def _split(text: str) -> tuple[str, str]:
    """The sentences of *text* that ask, and the rest; all ask where none does so clearly."""
    parts = [s for line in text.splitlines() for s in sentences(line)]
    asking = [s for s in parts if s.rstrip().endswith(("?", "؟"))]
    if not asking:
        asking = [s for s in parts if kind_of(s) is not None]
    if not asking or len(asking) == len(parts):
        return text, ""
    return " ".join(asking), " ".join(s for s in parts if s not in asking)
