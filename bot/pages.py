"""The replies that no question leads to: start, help, a briefing, sources, about, privacy.

As in `bot.reply`, nothing here knows HTML or Telegram.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot import __version__, buttons, kept
from bot.blocks import Block, Link, Note, Point, Reply, Text, Title, groups_of
from bot.reply import Replies, date_of
from bot.texts import Texts
from knowledge import Library
from knowledge.measured import measured
from knowledge.model import Briefing, label_of
from knowledge.rates import figures


@dataclass(frozen=True, slots=True)
class Pages:
    """Composes the pages; questions and their choices are composed by `replies`."""

    texts: Texts
    library: Library

    @property
    def replies(self) -> Replies:
        """Composes the replies to questions."""
        return Replies(self.texts, self.library)

    def notice(self, text: str) -> Reply:
        """One sentence, said already."""
        return Reply((Text(text),))

    def payload(
        self,
        payload: buttons.Payload,
        *,
        shown: Collection[str] = (),
        notices: Sequence[str] = (),
    ) -> Reply | None:
        """What *payload* leads to; None if it is no content, or the library no longer has it."""
        if isinstance(payload, buttons.Show):
            return self.replies.item(payload, shown=shown, notices=notices)
        if not isinstance(payload, buttons.Open):
            return None
        asked, library = payload.briefing, self.library
        briefing = library.newest if asked is None else library.briefing(asked)
        if briefing is None:
            return None
        reply = self.briefing(briefing)
        return replace(reply, blocks=(*map(Note, notices), *reply.blocks))

    def start(self) -> Reply:
        """What this is, the newest briefing, and where to begin."""
        say, newest = self.texts.say, self.library.newest
        front = newest.article.front
        blocks = (
            Text(say("start.welcome")),
            Note(say("help.languages")),
            Title(say("start.now", headline=front.headline, date=date_of(newest))),
            Text(say("start.how")),
        )
        offers = (
            (say("offer.suggested"), self.replies.suggested(newest)),
            ("", [self.replies.open(newest)]),
        )
        return Reply(blocks, groups_of(offers))

    def help(self, commands: Iterable[str], *, terminal: bool = False) -> Reply:
        """How to ask, and a line for each of *commands* (names without a slash).

        In a *terminal* it says what holds there: no groups, no edits.
        """
        say, newest = self.texts.say, self.library.newest
        examples = [label_of(newest.pair[i]) for i in newest.suggested if i in newest.pair]
        lines = {name: self.texts.line(name) for name in commands}
        if terminal:
            lines["ask"] = say("terminal.ask")
        listed = (say("help.line", command=name, line=line) for name, line in lines.items())
        how = say("terminal.how" if terminal else "help.how")
        blocks: list[Block] = [Title(say("help.title")), Text(how), Note(say("help.languages"))]
        if examples:
            blocks.append(Note(say("help.example", example=examples[0])))
        blocks.append(Text("\n".join(listed)))
        if not terminal:
            blocks.append(Note(say("help.groups")))
        return Reply(tuple(blocks))

    def briefing(self, briefing: Briefing) -> Reply:
        """The main points of *briefing*, each with where it stands, and questions to ask."""
        say, front = self.texts.say, briefing.article.front
        blocks: list[Block] = [
            Title(front.headline),
            Note(say("briefing.date", date=date_of(briefing), publisher=front.publisher)),
            Note(say("briefing.period", period=front.period)),
        ]
        for point in briefing.points:
            note = say("answer.disputed") if point.disputed else ""
            places = dict.fromkeys(map(self.replies.place, point.citations))
            blocks.append(Point(point.text, note, tuple(places)))
        offers = [(say("offer.suggested"), self.replies.suggested(briefing))]
        return Reply(tuple(blocks), groups_of(offers))

    def sources(self, briefing: Briefing) -> Reply:
        """Where *briefing* comes from: article, author, publisher, dates and rights."""
        say, front = self.texts.say, briefing.article.front
        facts = [
            say("sources.author", author=front.author),
            say("sources.published", publisher=front.publisher, date=date_of(briefing)),
        ]
        if front.original:
            facts.append(say("sources.original", original=front.original))
        facts.append(say("sources.licence", licence=front.licence))
        blocks = (
            Title(front.headline),
            Text("\n".join(facts)),
            Link(say("sources.read"), front.source_url),
            Note(say("sources.cited")),
        )
        return Reply(blocks, groups_of([("", [self.replies.open(briefing)])]))

    def about(self) -> Reply:
        """What the bot is and is not, and how often it was right on the newest briefing."""
        say, newest = self.texts.say, self.library.newest
        found, date = measured(self.library, newest), date_of(newest)
        rates = (
            say("about.measured", date=date, **figures(found))
            if found
            else say("about.not_measured", date=date)
        )
        return Reply(
            (
                Title(say("about.title")),
                Text(say("about.what")),
                Text(say("about.limits")),
                Text(rates),
                Note(say("about.version", version=__version__)),
            )
        )

    def privacy(self, minutes: int | None) -> Reply:
        """What is kept about readers, where, and for how long: *minutes* in memory.

        Without *minutes* the reader sits at a terminal, and leaving ends it.
        """
        say = self.texts.say
        if minutes is None:
            here = (Text(say("privacy.questions")), Text(say("terminal.memory")))
            return Reply((Title(say("privacy.title")), *here))
        return Reply(
            (
                Title(say("privacy.title")),
                Text(say("privacy.questions")),
                Text(say("privacy.memory", count=minutes)),
                Text(say("privacy.working")),
                Text(say("privacy.subscription", count=kept.DELIVERIES, ended=kept.ENDED)),
                Text(say("privacy.rights", count=kept.BACKUPS)),
                Note(say("privacy.telegram")),
            )
        )
