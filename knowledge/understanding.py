"""The understanding of a store: it reads a reader's message into questions, in the store's terms.

Puts names, spelling, strangers and kinds together into the values of question.py; it has no opinion
on the answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import takewhile

from knowledge.framing import asks_of_what_was_told, unframed
from knowledge.kinds import asks, kind_of, opener_and_rest, without_tag
from knowledge.language import ANAPHORA, CONTINUATIONS, STOP_WORDS
from knowledge.message import (
    asking_and_telling,
    heading_and_questions,
    of_each,
    orders,
    without_greetings,
)
from knowledge.model import Briefing, EntityType, QuestionKind
from knowledge.names import Mention
from knowledge.openers import ASKING_WORDS
from knowledge.question import RAW_WORD, SHORT, Parts, Question, as_written, is_little
from knowledge.spelling import Speller, is_english
from knowledge.strangers import Told, names_in
from knowledge.terms import Terms, outside
from knowledge.text import all_words, fold, without_politeness, words
from knowledge.variants import far_off, told_as
from knowledge.whole_names import WholeNames

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
_LONGEST_HEAD = 4
"""Words after the question word that may say what kind of thing is asked for."""
_MOST_PARTS = 6
"""Questions that a message is cut into, unless fewer or more are wanted."""
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{8,300})[\"”»]")
_WHO_OR_WHAT = re.compile(r"(?:so |and |but )?(?:who or what|what or who) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What sentences of a message come to; the fields are those of a Question."""

    terms: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, ...], ...] = ()
    strangers: tuple[str, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    plain: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    respelt: Mapping[str, str] = field(default_factory=dict)
    """Words of names as the article spells them, by those that are meant."""


class Understanding(Terms):
    """Turns texts into questions, by the names and words of a store."""

    def __init__(self, briefings: Sequence[Briefing]) -> None:
        super().__init__(briefings)
        self.told = Told(briefings, self.lens.words)
        self.speller = Speller(
            self.told.all,
            self.lens.words,
            common=ASKING_WORDS,
            forms=(
                [words(name) for name in (e.name, *e.aliases)]
                for briefing in briefings
                for e in briefing.entities
                if e.type is not EntityType.PERSON  # one letter makes a surname another's
            ),
        )
        self._names = WholeNames(briefings, self, self.speller)
        articles = (s.text for b in briefings for s in b.article.sentences.values())
        self._told_words = all_words(articles)
        self._told_names = {
            e.id: words(e.name.replace("-", " "))
            for b in briefings
            for e in b.entities
            if f"@{e.id}" in self.proper
        }

    def named(self, name: str) -> tuple[str, ...]:
        """The ids that *name* as a whole is a form of, or nearly."""
        return self._names.named(name)

    def described(self, name: str) -> tuple[str, ...]:
        """The ids that *name* describes, whatever the order of its words and their spelling."""
        return self._names.described(name)

    def read(self, text: str) -> Question:
        """What *text* asks."""
        quoted = tuple(fold(q).strip(" .,!?؟") for q in _QUOTED.findall(text))
        said = unframed(without_greetings(unicodedata.normalize("NFC", text)))
        asking, telling = asking_and_telling(said)
        if telling and asks_of_what_was_told(asking):
            asking, telling = telling, ""
        mend = self._mending(said)
        asked, told = self._read_part(asking, mend), _Part()
        head = asked.head
        if telling and is_little(
            asked.terms, asked.entities, asked.doubtful
        ):  # "Which is it?": what was told
            asked = self._read_part(said, mend)
        elif telling:
            told = self._read_part(telling, mend)
        plainly = self._spelt(asking, mend, names=False)
        as_told = self._spelt(
            asking, lambda word: asked.respelt.get(word, "").capitalize() or mend(word)
        )
        core = without_politeness(plainly)
        core_words = words(core)
        return Question(
            whole=text,
            said=said,
            text=core,
            asking=asking,
            sought=(as_told,) if asked.respelt else tuple(dict.fromkeys((said, as_told))),
            spelt=without_politeness(as_told) if asked.respelt else core,
            kind=kind_of(plainly),
            asks=asks(plainly),
            terms=asked.terms,
            background=told.terms,
            entities=tuple(dict.fromkeys(asked.entities + told.entities)),
            doubtful=asked.doubtful,
            strangers=asked.strangers,
            taken=tuple(dict(asked.taken + told.taken).items()),
            quoted=quoted,
            plain=asked.plain,
            head=head,
            anaphoric=any(w in ANAPHORA for w in core_words),
            points_back=core.startswith(CONTINUATIONS)
            or any(w in ANAPHORA for w in core_words)
            or (len(asked.terms) <= SHORT and kind_of(plainly) is not None),
        )

    def _mending(self, text: str) -> Callable[[str], str]:
        """What each word of the message *text* is mended to, worked out once; only for this one."""
        names = names_in(text)
        return cache(lambda word: self.speller.mend(word, is_name=word in names))

    def _spelt(self, text: str, mend: Callable[[str], str], *, names: bool = True) -> str:
        """*text* with its misspelt words, *names* among them or not, as the store spells them.

        Words in other than plain Latin letters stay: their marks would be taken for ends of words.
        """

        def mended(found: re.Match[str]) -> str:
            written = words(found[0]) if found[0].isascii() else []
            meant = mend(written[0]) if len(written) == 1 else ""
            if not meant or meant == written[0] or not (names or meant not in self.lens.words):
                return found[0]
            return meant

        return RAW_WORD.sub(mended, text)

    def _respelt(
        self, raw: Sequence[str], mended: Sequence[str], mentions: Sequence[Mention]
    ) -> Mapping[str, str]:
        """The words of names that the article spells otherwise, with its own spelling."""
        found: dict[str, str] = {}
        for m in mentions:
            name = self._told_names.get(m.entities[0], []) if len(m.entities) == 1 else []
            for at in range(m.start, m.end):
                if mended[at] in self._told_words:
                    continue
                alone = m.end - m.start == 1 and not is_english(raw[at])  # "the capital" is not
                if told := told_as(mended[at], name, alone=alone):
                    found[raw[at]] = told
        return found

    def parts(self, read: Question, most: int = _MOST_PARTS, *, follows: bool = False) -> Parts:
        """The questions that *read* is made of, the first *most*; itself if it is a single one.

        Where *read* *follows* another message, its first question may be a mere question word.
        """
        if _WHO_OR_WHAT.match(read.text):
            return Parts(questions=(read,))  # one question, of a name
        heading, texts = heading_and_questions(read.said, most)
        if len(texts) < 2:
            each = tuple(self.read(text) for text in of_each(read.said)[:most])
            return (
                Parts(questions=each, alike=True)
                if each
                else Parts(heading=heading, questions=(read,))
            )
        found: list[Question] = []
        for part in map(self.read, texts):
            about = heading if not (found and part.anaphoric) else f"{heading} {found[-1].whole}"
            found.append(_with_strangers(part, read.strangers, about))
        led = follows or bool(heading)
        asking = tuple(p for n, p in enumerate(found) if _asks(p, follows=led or n > 0))
        return Parts(heading=heading, questions=asking)

    def _names_kept(self, raw: Sequence[str], mended: list[str]) -> list[str]:
        """The *mended* words, but *raw* those of a name that the store spells so and not as mended.

        A name of one language has words that are slips in another (`ministre`, `Nations unies`).
        """
        for m in self.lens.find(raw) if list(raw) != mended else ():
            at = slice(m.start, m.end)
            if raw[at] != mended[at] and not any(
                found.entities == m.entities for found in self.lens.find(mended[at])
            ):
                mended[at] = raw[at]
        return mended

    def _read_part(self, text: str, mend: Callable[[str], str]) -> _Part:
        core = without_politeness(without_tag(fold(text)))
        raw = words(core.replace("-", " "))
        mended = self._names_kept(raw, [mend(w) for w in raw])
        terms, mentions = self.of_words(mended, nearly=True)
        named = {w for m in mentions for w in mended[m.start : m.end]} - self.lens.words
        taken = tuple(
            (as_written(text, raw[m.start : m.end]), m.entities[0])
            for m in mentions
            if raw[m.start : m.end] != mended[m.start : m.end]
            and len(m.entities) == 1
            and f"@{m.entities[0]}" in self.proper
            and far_off(" ".join(raw[m.start : m.end]), [" ".join(mended[m.start : m.end])])
        )
        return _Part(
            terms=terms,
            entities=tuple(dict.fromkeys(m.entities[0] for m in mentions if len(m.entities) == 1)),
            doubtful=tuple(dict.fromkeys(m.entities for m in mentions if len(m.entities) > 1)),
            strangers=tuple(w for w in self.told.strangers(text, mended) if w not in named),
            taken=taken,
            plain=outside(mended, mentions),
            head=_head(core, mended, mentions),
            respelt=self._respelt(raw, mended, mentions),
        )


def _with_strangers(part: Question, strangers: Sequence[str], about: str) -> Question:
    """*part* of a message with those of its *strangers* that stand in it or what it is *about*.

    A name that opens the part has nothing before it, which would tell that its capital is one.
    """
    own = {*words(part.whole.replace("-", " ")), *words(about.replace("-", " "))}
    here = (s for s in strangers if s in own)
    return replace(part, strangers=tuple(dict.fromkeys((*part.strangers, *here))))


def _head(core: str, mended: Sequence[str], mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The content words, *mended*, right after the question word that opens *core*, up to a name.

    None where no question word does.
    """
    opener, _ = opener_and_rest(core)
    if not opener:
        return ()
    named = {at for m in mentions for at in range(m.start, m.end)}
    start = len(opener.split())
    places = range(start, min(start + _LONGEST_HEAD, len(mended)))
    after = takewhile(lambda at: at not in named and mended[at] not in STOP_WORDS, places)
    return tuple(mended[at] for at in after)


def _asks(part: Question, *, follows: bool) -> bool:
    """Whether *part* of a message asks; what *follows* something may be a mere question word."""
    if not (part.terms or part.doubtful):
        return follows and (part.kind in _BARE or (part.anaphoric and part.kind is not None))
    return part.kind is not None or orders(part.asking)
