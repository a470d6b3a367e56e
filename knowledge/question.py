"""A question as the matcher understands it: what is asked, of whom, in which terms.

The value, and what its folded words show by themselves. It is read from a message in
understanding.py, and has no opinion on the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.language import WHO_IS
from knowledge.model import QuestionKind
from knowledge.text import words

RAW_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word as it is written, with the apostrophes within it."""
_LONGEST_WRITTEN = 80
"""Characters of a name that are said again as a reader wrote them."""
SHORT = 1
"""Terms up to which a question after another is likely to be about the same."""
_WHO_IS = re.compile("|".join(WHO_IS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in the store's terms.

    `whole` is the message as it came, `said` that without sentences that only greet, `asking` its
    asking sentences, `text` these folded, with their misspelt words mended, names excepted;
    `spelt` is that with names as the article spells them; `sought` are the texts by whose meaning
    it is sought: `said` as it is, unless the article spells its names otherwise, and `asking` with
    its misspelt words mended, names as well. `asks` are its question words (`?when`). A term is a
    stem, a numeral, `~word` for a group of words that mean the same, or `@id` for an entity.
    `terms` are those of the asking sentences, `background` those of the others. `strangers` are
    names and numbers that the store does not tell of, though a question of it may; `doubtful` holds
    the readings of each name that several entities share; `quoted` are folded quotations. `plain`
    are the content words that are part of no name, `head` the words right after the question word
    (`which [brigade]`). `taken` are names spelled far off, as written, with the id of the entity
    they are taken for.
    """

    whole: str
    said: str = ""
    text: str
    spelt: str = ""
    asking: str = ""
    sought: tuple[str, ...]
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

    @property
    def says_little(self) -> bool:
        """Whether what it is about has to be known from what stands before it."""
        return is_little(self.terms, self.entities, self.doubtful)

    def after(self, before: Question) -> Question:
        """This question with what *before* was about, at less weight unless it says little."""
        own = {*self.terms}
        inherited = tuple(t for t in (*before.terms, *before.background) if t not in own)
        return replace(
            self,
            kind=self.kind or before.kind,
            asks=self.asks or before.asks,
            terms=self.terms if len(self.terms) > SHORT else self.terms + inherited,
            background=inherited if len(self.terms) > SHORT else (),
            plain=self.plain if len(self.terms) > SHORT else self.plain + before.plain,
            head=self.head if len(self.terms) > SHORT else self.head or before.head,
            entities=tuple(dict.fromkeys(self.entities + before.entities)),
            anaphoric=False,
            points_back=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The `questions` of a message, each read by itself; `heading` is what they are about.

    With `alike` they are one question, asked of each of several things.
    """

    heading: str = ""
    alike: bool = False
    questions: tuple[Question, ...]


def is_little(
    terms: Sequence[str], entities: Sequence[str], doubtful: Sequence[Sequence[str]]
) -> bool:
    """Whether what is asked with these, those of a Question, has to be known from elsewhere."""
    return len(terms) <= SHORT and not entities and not doubtful


def asks_who(text: str) -> bool:
    """Whether *text* (folded) asks in so many words who or what something is."""
    return bool(_WHO_IS.match(text))


def name_in(text: str) -> str:
    """What *text* (folded) names, without the words that only ask who or what that is."""
    return _WHO_IS.sub("", _WHO_IS.sub("", text)).strip(" ?!.,;:؟\"'")


def as_written(text: str, folded: Sequence[str]) -> str:
    """How the *folded* words stand in *text*; these joined where they stand in none, or apart."""
    found = [(m, word) for m in RAW_WORD.finditer(text) for word in words(m[0])]
    for at in range(len(found) - len(folded) + 1):
        run = found[at : at + len(folded)]
        if folded and [word for _, word in run] == list(folded):
            written = " ".join(text[run[0][0].start() : run[-1][0].end()].split())
            if len(written) <= _LONGEST_WRITTEN:
                return written
    return " ".join(folded)
