"""A question as the matcher understands it: what is asked, of whom, in which terms.

Reads a reader's words into terms shared with the store; it has no opinion on the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby, takewhile

from knowledge.article import sentences
from knowledge.dates import MONTH_NAMES, MONTHS
from knowledge.described import Descriptions
from knowledge.kinds import asks, kind_of, opener_and_rest
from knowledge.language import ANAPHORA, CONTINUATIONS, GLUE, IN_ENGLISH, STOP_WORDS, WHO_IS
from knowledge.model import Briefing, EntityType, QuestionKind
from knowledge.names import Mention, NameLens, far_off
from knowledge.spelling import Speller, is_english
from knowledge.strangers import Told
from knowledge.text import (
    fold,
    in_english,
    only_polite,
    plain_name,
    stem,
    without_article,
    without_clitic,
    without_politeness,
    words,
)

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
_LONGEST_HEAD = 4
"""Words after the question word that may say what kind of thing is asked for."""
_SHORT = 1
"""Terms up to which a question after another is likely to be about the same."""
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{8,300})[\"”»]")
_WHO_IS = re.compile("|".join(WHO_IS))
_WHO_OR_WHAT = re.compile(r"(?:so |and |but )?(?:who or what|what or who) ")
_PARTICIPLE = re.compile(r"[a-z]{3,}ed")
"""What was done (`kidnapped`), which asks for whom it was done to, not for the deed."""
_LEAST_MENDED = 5
"""Letters from which an Arabic word of a name may be a slip for another."""
_PROPER = frozenset(
    {EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION, EntityType.ARMED_GROUP}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in the store's terms.

    `whole` is the message as it came, `said` that without sentences that only greet, `asking` its
    asking sentences, `text` these folded; `asks`
    are its question words (`?when`). A term is a stem, a numeral, `~word` for a group of words that
    mean the same, or `@id` for an entity. `terms` are those of the asking sentences, `background`
    those of the others. `strangers` are names and numbers that the store does not tell of, though a
    question of it may; `doubtful` holds the readings of each name that several entities share;
    `quoted` are folded quotations. `plain` are the content words that are part of no name, `head`
    the words right after the question word (`which [brigade]`).
    `taken` are names spelled far off, as written, with the id of the entity they are taken for.
    """

    whole: str
    said: str = ""
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
    plain: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
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
            plain=self.plain if len(self.terms) > _SHORT else self.plain + before.plain,
            head=self.head if len(self.terms) > _SHORT else self.head or before.head,
            entities=tuple(dict.fromkeys(self.entities + before.entities)),
            anaphoric=False,
            points_back=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What sentences of a message come to; the fields are those of a Question."""

    terms: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, ...], ...] = ()
    strangers: tuple[str, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    plain: tuple[str, ...] = ()


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
        self._briefings = tuple(briefings)

    @cached_property
    def descriptions(self) -> Descriptions:
        """Which entities a name describes by the words of their forms."""
        return Descriptions(
            self._briefings,
            self._bare_words,
            self._name_terms,
            partial(self._name_terms, finely=True),
        )

    def named(self, name: str) -> tuple[str, ...]:
        """The ids that *name* as a whole is a form of, or nearly.

        Also without `l'`, dots, what Arabic joins to it, or with its words in another order.
        """
        plain = plain_name(name)
        for form in dict.fromkeys((name, plain, without_clitic(plain))):
            if ids := self.lens.whole(form, nearly=False):
                return ids
        if not STOP_WORDS.isdisjoint(words(plain)) or is_english(plain):
            return self.lens.whole(plain, nearly=not is_english(plain))
        # A word of its own is no slip: Austria is not Australia misspelt.
        return self.descriptions.same(plain) or self.lens.whole(plain)

    def described(self, name: str) -> tuple[str, ...]:
        """The ids that *name* describes, whatever the order of its words and their spelling.

        Empty if it is none: a word in it asks, points, or says what somebody did.
        """
        raw = words(plain_name(name).replace("-", " "))
        if not raw or (raw[-1] in STOP_WORDS and len(raw) > 1) or _PARTICIPLE.fullmatch(raw[0]):
            return ()
        if any(w in STOP_WORDS and w not in GLUE for w in raw):
            return ()
        return self.descriptions.whole(" ".join(map(self._mended, raw)))

    def _mended(self, word: str) -> str:
        """*word* of a name; mended, but where it is foreign or too short an Arabic one."""
        short = not word.isascii() and len(without_article(word)) < _LEAST_MENDED
        if not word.isascii() and word not in self.speller:
            bare = without_clitic(word)
            word = bare if bare in self.speller else word
        return word if word in IN_ENGLISH or short else self.speller.mend(word)

    def _bare_words(self, name: str) -> list[str]:
        """The words of a folded *name* but those that only hold it together."""
        return [w for w in words(name) if w not in STOP_WORDS and w not in GLUE]

    def _name_terms(self, name: str, *, finely: bool = False) -> list[str]:
        """The terms of a folded *name*, generic words in English; names within it by id."""
        found: list[str] = []
        for is_id, run in groupby(self._with_ids(words(name), finely), key=lambda w: w[0] == "@"):
            if is_id:
                found += run
            else:
                english = [w for w in words(in_english(" ".join(run))) if w not in GLUE]
                found += self._plain_terms([MONTH_NAMES[MONTHS.get(w, 0)] or w for w in english])
        return found

    def _with_ids(self, name: Sequence[str], finely: bool) -> list[str]:
        """The words of a *name* with each proper name within it, not the whole, as its `@id`.

        *finely*, one that has others in it is taken apart: the town council of Marrowby.
        """
        found: list[str] = []
        at = 0
        for mention in self.lens.find(name, within=True):
            found += name[at : mention.start]
            inside = name[mention.start : mention.end]
            own = mention.entities[0] if len(mention.entities) == 1 else ""
            apart = self._with_ids(inside, finely) if len(inside) > 1 else inside
            if own in self._proper and (not finely or "@" not in {w[0] for w in apart}):
                found.append(f"@{own}")
            else:
                found += apart
            at = mention.end
        return [*found, *name[at:]]

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

    def plain(self, text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """The content words of a text of the store that are part of none of its *mentions*."""
        return _outside(words(text.replace("-", " ")), mentions)

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
        said = _without_greetings(text)
        asking, telling = _split(said)
        asked, told = self._read_part(asking), _Part()
        if telling and not asked.terms and not asked.doubtful:  # "Which is it?": what was told
            asked = self._read_part(said)
        elif telling:
            told = self._read_part(telling)
        core = without_politeness(asking)
        core_words = words(core)
        return Question(
            whole=text,
            said=said,
            text=core,
            asking=asking,
            kind=kind_of(asking),
            asks=asks(asking),
            terms=asked.terms,
            background=told.terms,
            entities=tuple(dict.fromkeys(asked.entities + told.entities)),
            doubtful=asked.doubtful,
            strangers=asked.strangers,
            taken=tuple(dict(asked.taken + told.taken).items()),
            quoted=quoted,
            plain=asked.plain,
            head=_head(core),
            anaphoric=any(w in ANAPHORA for w in core_words),
            points_back=core.startswith(CONTINUATIONS)
            or any(w in ANAPHORA for w in core_words)
            or (len(asked.terms) <= _SHORT and kind_of(asking) is not None),
        )

    def parts(self, read: Question) -> tuple[Question, ...]:
        """The questions that *read* is made of, each read by itself; one if it is a single one."""
        if _WHO_OR_WHAT.match(read.text):
            return (read,)  # one question, of a name
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

    def _read_part(self, text: str) -> _Part:
        raw = words(without_politeness(text).replace("-", " "))
        mended = [self.speller.mend(w) for w in raw]
        terms, mentions = self._terms(mended)
        taken = tuple(
            (as_written(text, raw[m.start : m.end]), m.entities[0])
            for m in mentions
            if raw[m.start : m.end] != mended[m.start : m.end]
            and len(m.entities) == 1
            and m.entities[0] in self._proper
            and far_off(" ".join(raw[m.start : m.end]), [" ".join(mended[m.start : m.end])])
        )
        return _Part(
            terms=terms,
            entities=tuple(dict.fromkeys(m.entities[0] for m in mentions if len(m.entities) == 1)),
            doubtful=tuple(dict.fromkeys(m.entities for m in mentions if len(m.entities) > 1)),
            strangers=self.told.strangers(text, mended),
            taken=taken,
            plain=_outside(mended, mentions),
        )


def _outside(text_words: Sequence[str], mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The content words of *text_words* that are part of none of *mentions*, in order."""
    named = {at for m in mentions for at in range(m.start, m.end)}
    return tuple(w for at, w in enumerate(text_words) if at not in named and w not in STOP_WORDS)


def _head(core: str) -> tuple[str, ...]:
    """The content words right after the question word that opens *core*; none where none does."""
    opener, rest = opener_and_rest(core)
    return tuple(
        takewhile(lambda w: w not in STOP_WORDS, words(rest)[: _LONGEST_HEAD if opener else 0])
    )


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


def _without_greetings(text: str) -> str:
    """*text* without the sentences that only greet or plead; as it is if there are no others."""
    parts = [s for line in text.splitlines() for s in sentences(line)]
    kept = [s for s in parts if not only_polite(fold(s))]
    return " ".join(kept) if kept and len(kept) < len(parts) else text


def _split(text: str) -> tuple[str, str]:
    """The sentences of *text* that ask, and the rest; all ask where none does so clearly."""
    parts = [s for line in text.splitlines() for s in sentences(line)]
    asking = [s for s in parts if s.rstrip().endswith(("?", "؟"))]
    if not asking:
        asking = [s for s in parts if kind_of(s) is not None]
    if not asking or len(asking) == len(parts):
        return text, ""
    return " ".join(asking), " ".join(s for s in parts if s not in asking)
