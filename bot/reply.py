"""What the reply to an outcome shows and offers, before any markup.

Pure; knows neither HTML nor Telegram.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import assert_never

from bot import buttons
from bot.blocks import Block, Choice, Group, Link, Note, Quote, Reply, Text, Title, groups_of
from bot.texts import Texts
from knowledge import Library, show, source_link
from knowledge.model import AnyCitation, Briefing, Citation, Claim, Item, QAPair, label_of, text_of
from knowledge.outcomes import Ambiguous, Answered, MissKind, Outcome, Smalltalk, Unanswered, whole

RELATED = 3
"""Related questions that a reply offers; more than a reader would read."""
NAMED = 4
"""Entities that a reply offers."""
OTHERS = 3
"""Further readings of the question, and opposing claims, that a reply offers."""


@dataclass(frozen=True, slots=True)
class Replies:
    """Composes replies to outcomes; `Pages` has those that no question leads to."""

    texts: Texts
    library: Library

    def outcome(
        self, outcome: Outcome, *, shown: Collection[str] = (), notices: Sequence[str] = ()
    ) -> Reply:
        """The reply to a question. `shown` are ids of pairs not to be offered as related again."""
        notes = [Note(notice) for notice in notices]
        match outcome:
            case Answered():
                return self._answered(outcome, shown, notes)
            case Ambiguous():
                readings = Group("", tuple(map(choice_of, outcome.choices)), pick=True)
                return Reply((Text(self.texts.say("offer.choices")), *notes), (readings,))
            case Unanswered():
                return self._unanswered(outcome, shown, notes)
            case Smalltalk():
                return Reply((Text(outcome.topic.answer), *notes))
            case _ as never:
                assert_never(never)

    def item(
        self, payload: buttons.Show, *, shown: Collection[str] = (), notices: Sequence[str] = ()
    ) -> Reply | None:
        """What *payload* shows; None if the library has no such item."""
        item = self.library.item(payload.briefing, payload.id)
        if item is None or buttons.kind_of(item) != payload.kind:
            return None
        return self.outcome(show(self.library, item), shown=shown, notices=notices)

    def quotes(self, citations: Iterable[AnyCitation]) -> Iterator[Quote]:
        """A quote for each of *citations*, in quotation marks, those of its own within them."""
        for citation in citations:
            briefing = self.library.briefing(citation.briefing)
            publisher = briefing.article.front.publisher if briefing else ""
            text = self.texts.say("cite.quote", quote=citation.quote)
            yield Quote(text, self.place(citation), publisher)

    def place(self, citation: AnyCitation) -> Link:
        """Where *citation* stands, leading to its words in the source."""
        briefing = self.library.briefing(citation.briefing)
        url = source_link(briefing, citation) if briefing else ""
        if isinstance(citation, Citation):
            ref = citation.ref
            label = self.texts.say("cite.place", paragraph=ref.paragraph, sentence=ref.sentence)
        else:
            label = self.texts.say("cite.field", field=self.texts.field(citation.field))
        return Link(label, url)

    def suggested(self, briefing: Briefing) -> Iterator[Choice]:
        """The questions that *briefing* suggests."""
        return (choice_of(briefing.pair[id_]) for id_ in briefing.suggested if id_ in briefing.pair)

    def open(self, briefing: Briefing) -> Choice:
        """The way to the main points of *briefing*."""
        return Choice(self.texts.say("offer.open"), buttons.Open(briefing.id))

    def _answered(self, outcome: Answered, shown: Collection[str], notes: list[Note]) -> Reply:
        say, item = self.texts.say, outcome.item
        briefing = self.library.briefing(item.briefing)
        said = outcome.texts
        if outcome.otherwise:
            said = (say("answer.otherwise", answer=outcome.text),)
        blocks: list[Block] = [
            *map(Text, said),
            *(Note(say("answer.left", question=question)) for question in outcome.left),
            *(Note(say("answer.taken", written=w, name=name)) for w, name in outcome.taken),
        ]
        opposing: list[Item] = []
        if isinstance(item, Claim) and briefing:
            opposing = [briefing.claim[id_] for id_ in item.conflicts if id_ in briefing.claim]
        if opposing:
            blocks.append(Note(say("answer.disputed")))
        blocks += [*self._as_of(briefing, outcome), *notes, *self.quotes(outcome.citations)]
        for older in outcome.older:
            blocks += [self._older(older), *self.quotes(older.citations)]
        related = chain(outcome.related, self._more_related(item, shown))
        parts = outcome.parts or (whole(item),)
        cut = (part.item for part in parts if not part.whole)
        full = (choice_of(part.item) for part in parts if part.whole)
        offers = (
            (say("offer.whole"), map(choice_of, cut)),
            (say("offer.others"), map(choice_of, outcome.others[:OTHERS])),
            (say("offer.conflicts"), map(choice_of, opposing[:OTHERS])),
            (say("offer.related"), _unseen(related, shown)),
            (say("offer.entities"), self._named(briefing, outcome.entities)),
        )
        return Reply(tuple(blocks), groups_of(offers, but=full))

    def _unanswered(self, outcome: Unanswered, shown: Collection[str], notes: list[Note]) -> Reply:
        say = self.texts.say
        briefing = self.library.briefing(outcome.briefing) or self.library.newest
        said = outcome.gap.statement if outcome.gap else self._miss(outcome, briefing)
        about_all = outcome.everywhere or outcome.miss is MissKind.NO_SUCH_BRIEFING
        newest = [Note(say("miss.newest", date=date_of(briefing)))]
        dated = newest if about_all else self._as_of(briefing)
        blocks: list[Block] = [Text(said), *dated, *notes]
        if outcome.nearest:
            blocks += [Title(say("miss.nearest")), *self.quotes(outcome.nearest)]
        offers = (
            (say("offer.related"), _unseen(outcome.related, shown)),
            (say("offer.entities"), self._named(briefing, outcome.entities)),
            ("", [self.open(briefing)]),
        )
        return Reply(tuple(blocks), groups_of(offers))

    def _miss(self, outcome: Unanswered, briefing: Briefing) -> str:
        match outcome.miss:
            case MissKind.NOT_IN_BRIEFING if outcome.everywhere:
                return self.texts.say("miss.not_in_briefings")
            case MissKind.NOT_IN_BRIEFING:
                return self.texts.say("miss.not_in_briefing")
            case MissKind.AFTER_ITS_DATE:
                return self.texts.say("miss.after_its_date", date=date_of(briefing))
            case MissKind.OPINION:
                return self.texts.say("miss.opinion")
            case MissKind.PREDICTION:
                return self.texts.say("miss.prediction")
            case MissKind.TOO_VAGUE:
                return self.texts.say("miss.too_vague")
            case MissKind.NO_SUCH_BRIEFING:
                return self.texts.say("miss.no_such_briefing")
            case _ as never:
                assert_never(never)

    def _as_of(self, briefing: Briefing | None, said: Answered | None = None) -> Iterator[Note]:
        """The date of *briefing*; and where *said* has its year, if not from its sentences."""
        if briefing is None:
            return
        line = self.texts.say("answer.as_of", date=date_of(briefing))
        year = str(briefing.article.front.published.year)
        if said is not None and year in said.text:
            refs = [c.ref for c in said.citations if isinstance(c, Citation)]
            sentences = briefing.article.sentences
            read = [c.quote for c in said.citations] + [sentences[r].text for r in refs]
            if not any(year in text for text in read):
                line = f"{line} {self.texts.say('answer.year')}"
        yield Note(line)

    def _older(self, item: Item) -> Text:
        """What *item*, of an older briefing, says otherwise."""
        briefing = self.library.briefing(item.briefing)
        date = date_of(briefing) if briefing else ""
        return Text(self.texts.say("answer.older", date=date, answer=text_of(item)))

    def _more_related(self, item: Item, shown: Collection[str]) -> Sequence[QAPair]:
        return self.library.related(item, limit=RELATED + len(shown))

    def _named(self, briefing: Briefing | None, ids: Iterable[str]) -> Iterator[Choice]:
        known = [briefing.entity[id_] for id_ in ids if id_ in briefing.entity] if briefing else []
        return map(choice_of, known[:NAMED])


def choice_of(item: Item) -> Choice:
    """The choice that shows *item*."""
    return Choice(label_of(item), buttons.Show.of(item))


def date_of(briefing: Briefing) -> str:
    """The day on which *briefing* was published, for a reader."""
    return briefing.article.front.text("published") or ""


def _unseen(pairs: Iterable[QAPair], shown: Collection[str]) -> list[Choice]:
    fresh = dict.fromkeys(choice_of(pair) for pair in pairs if pair.id not in shown)
    return list(fresh)[:RELATED]
