"""What the push looks like: a revision of an edition as messages, and what was corrected in it.

Pure. Markup, escaping and limits are those of `bot.render`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial

from telegram import InlineKeyboardMarkup

from bot import buttons
from bot.blocks import Block, Choice, Group, Link, Note, Point, Text, Title
from bot.render import Rendered, cut, fits, keyboard, markup
from bot.revision import Arrange, Mended, Place, Printed, Revision, day
from bot.texts import Texts
from knowledge.model import CorrectionKind

LONGEST_HEADLINE = 200
"""Units of a headline that are shown; it stands in every message."""
ROOM = 300
"""Units that a message leaves free for marks, and for corrections longer than what they correct."""
_CUTS = (800, 400, 200, 100)
"""Units to which texts are cut where corrections made a message longer than Telegram takes."""


@dataclass(frozen=True, slots=True)
class Look:
    """For whom a revision is rendered: what he had before, and the revision that he was sent.

    `before` is empty if he had nothing, or nothing that is known. `parts` is of how many messages
    that revision was; 0 if it is the one that is drawn.
    """

    known: int
    before: Revision | None = None
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """One revision in one language, for one look."""

    texts: Texts
    revision: Revision
    look: Look

    def parts(self) -> tuple[Rendered, ...]:
        """The messages in their order; the one that was the last has the questions."""
        total = len(self.revision.groups)
        last = self.look.parts or total
        return tuple(
            Rendered(self._fitting(number), self._buttons(asking=number == last))
            for number in range(1, total + 1)
        )

    def blocks(self, number: int, ids: Collection[str]) -> list[Block]:
        """Message *number*, from 1, whose points are *ids*."""
        head = self._head() if number == 1 else [self._continued(number)]
        numbered = enumerate(self.revision.points, start=1)
        return [*head, *(self._point(n, p) for n, p in numbered if p.id in ids)]

    def _fitting(self, number: int) -> str:
        """The HTML of message *number*; without links, then cut, only where it would not fit."""
        blocks = self.blocks(number, self.revision.groups[number - 1])
        for limit in (None, *_CUTS):
            shorter = [_cut(block, limit) for block in blocks]
            for drawn in (shorter, [_unlinked(block) for block in shorter]):
                if fits(markup(drawn)):
                    return markup(drawn)
        raise ValueError(f"{self.revision.briefing}: message {number} cannot be made to fit")

    def _head(self) -> list[Block]:
        say, revision = self.texts.say, self.revision
        publisher = cut(revision.publisher, LONGEST_HEADLINE)
        date = say("briefing.date", date=day(revision.published), publisher=publisher)
        since = self._since()
        return [Title(_short(revision.headline)), Note("\n".join(filter(None, [date, since])))]

    def _continued(self, number: int) -> Note:
        total, headline = len(self.revision.groups), _short(self.revision.headline)
        return Note(self.texts.say("push.continued", headline=headline, number=number, total=total))

    def _since(self) -> str:
        """The line on what is new; empty for who had nothing before."""
        say, before = self.texts.say, self.look.before
        if before is None:
            return ""
        old, now = before.standing(), self.revision.standing()
        new = sum(id_ not in old for id_ in now)
        mended = {m.point for m in self.revision.mended if m.revision > self.look.known}
        kept = (id_ for id_ in now if id_ in old and id_ not in mended)
        changed = sum(old[id_] != now[id_] for id_ in kept)
        date = day(before.published)
        if new == len(now):
            return say("push.all_new", date=date)
        if not new and not changed:
            return say("push.same", date=date)
        what = [say("push.new_points", count=new)] if new else []
        what += [say("push.changed_points", count=changed)] if changed else []
        both = len(what) == 2
        said = say("push.both", first=what[0], second=what[1]) if both else what[0]
        return say("push.since", date=date, what=said)

    def _point(self, number: int, point: Printed) -> Point:
        """A point with its number, its mark, and where it stands."""
        say = self.texts.say
        gone = self.revision.withdrawn(point.id)
        if gone is not None:
            lead = say("push.withdrawn", number=number, date=day(gone.on))
            had = gone.revision > self.look.known  # to others it is not told now
            return Point(point.text if had else "", "", (), lead, struck=True)
        mark = self._mark(point)
        lead = say("push.marked", number=number, mark=mark) if mark else ""
        note = say("answer.disputed") if point.disputed else ""
        places = tuple(place_of(self.texts, place) for place in point.places)
        return Point(point.text, note, places, lead or say("push.point", number=number))

    def _mark(self, point: Printed) -> str:
        """What is to be said of *point* before its text; empty if nothing is."""
        say, before, known = self.texts.say, self.look.before, self.look.known
        own = [m for m in self.revision.mended if m.point == point.id and m.told]
        if own and own[-1].revision > known:
            return say("push.corrected", date=day(own[-1].on))
        if before is None:
            return ""
        old = before.standing()
        if old.keys().isdisjoint(self.revision.standing()):
            return ""  # all are new, as the first line says
        if point.id not in old:
            return say("push.new")
        return say("push.changed") if old[point.id] != point.text else ""

    def _buttons(self, *, asking: bool) -> InlineKeyboardMarkup | None:
        if not asking:
            return keyboard([leaving(self.texts)])
        asked = [
            Choice(label, buttons.Show("q", self.revision.briefing, id_))
            for id_, label in self.revision.suggested
            if label.strip()
        ]
        return keyboard([Group("", tuple(asked)), leaving(self.texts)])


def arrange(texts: Texts, revision: Revision) -> Revision:
    """*revision* with each point in a message: where it was, or in the last one with room."""
    groups = [list(group) for group in revision.groups] or [[]]
    placed = {id_ for group in groups for id_ in group}
    drawing = Drawing(texts, revision, Look(0))
    for point in revision.points:
        if point.id in placed:
            continue
        longer = markup(drawing.blocks(len(groups), {*groups[-1], point.id})) + "x" * ROOM
        if groups[-1] and not fits(longer):
            groups.append([])
        groups[-1].append(point.id)
    return replace(revision, groups=tuple(map(tuple, groups)))


def notice_of(texts: Texts, revision: Revision, known: int) -> Rendered | None:
    """What was corrected after revision *known*, in one message; None if nothing to tell was."""
    told = [entry for entry in revision.mended if entry.told and entry.revision > known]
    blocks: list[Block] = []
    for at, entry in enumerate(told):
        left = len(told) - at
        more = [*blocks, *_correction(texts, revision, entry)]
        rest = [Note(texts.say("push.more", count=left))]
        if blocks and not fits(markup([*more, *rest])):
            blocks += rest
            break
        blocks = more
    if not blocks:
        return None
    drawn = markup(blocks)
    plain = drawn if fits(drawn) else markup(map(_unlinked, blocks))
    return Rendered(plain, keyboard([leaving(texts)]))


def quiet(texts: Texts) -> Rendered:
    """The line for a day without a new briefing."""
    return Rendered(markup([Text(texts.say("push.quiet"))]), keyboard([leaving(texts)]))


def _correction(texts: Texts, revision: Revision, entry: Mended) -> Iterator[Block]:
    """What was said, what is said now, where that stands, and why."""
    say = texts.say
    places = {p.id: (n, p) for n, p in enumerate(revision.points, start=1)}
    number, point = places[entry.point]
    headline, date = _short(revision.headline), day(revision.published)
    values = {"number": number, "headline": headline, "date": date}
    if entry.kind is CorrectionKind.RETRACTION:
        yield Title(say("push.withdrawal", **values))
        yield Point(_quoted(texts, point.text), "", (), say("push.said"), struck=True)
    else:
        yield Title(say("push.correction", **values))
        yield Point(_quoted(texts, entry.was), "", (), say("push.was"), struck=True)
        sources = tuple(place_of(texts, place) for place in point.places)
        yield Point(_quoted(texts, entry.now), "", sources, say("push.now"))
    yield Note(say("push.reason", reason=entry.reason))


def place_of(texts: Texts, place: Place) -> Link:
    """*place* in words, leading to it in the source."""
    if place.sentence:
        label = texts.say("cite.place", paragraph=place.paragraph, sentence=place.sentence)
    else:
        label = texts.say("cite.field", field=texts.field(place.field))
    return Link(label, place.url)


def leaving(texts: Texts) -> Group:
    """The way out, under every message of the push."""
    return Group("", (Choice(texts.say("push.unsubscribe"), buttons.Unsubscribe()),))


def arranger(texts: Texts) -> Arrange:
    """`arrange` in one language: where messages end is the same in all."""
    return partial(arrange, texts)


def _quoted(texts: Texts, text: str) -> str:
    return texts.say("cite.quote", quote=text)


def _short(headline: str) -> str:
    return cut(headline, LONGEST_HEADLINE)


def _cut(block: Block, limit: int | None) -> Block:
    if limit is None or not isinstance(block, Point):
        return block
    return replace(block, text=cut(block.text, limit))


def _unlinked(block: Block) -> Block:
    if not isinstance(block, Point):
        return block
    return replace(block, places=tuple(Link(place.label, "") for place in block.places))
