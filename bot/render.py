"""Replies as Telegram shows them: HTML and an inline keyboard. Pure, nothing is awaited.

What is shown is decided in `bot.reply` and `bot.pages`; here stand markup, escaping and limits.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardMarkupLimit, MessageLimit

from bot import buttons
from bot.blocks import Block, Choice, Group, Link, Note, Point, Quote, Reply, Text, Title
from bot.pages import Pages
from bot.texts import Texts
from knowledge import Library
from knowledge.model import Briefing
from knowledge.outcomes import Outcome

LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 units of a message after its markup is parsed (Bot API, sendMessage)."""
MOST_BYTES = 32_768
"""Bytes of a message with its markup (telegram-bot-api, Client.cpp)."""
MOST_ENTITIES = int(MessageLimit.MESSAGE_ENTITIES)
"""Marked stretches in a message; Telegram drops further ones without an error."""
LABEL = 64
"""UTF-16 units of a button's label."""
NARROW = 20
"""Units up to which two labels fit side by side on a phone."""
WIDE = 38
"""Units that a phone shows of a label that has the row to itself."""
ELLIPSIS = "…"

_MOST_BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
_TAG = re.compile(r"<[^>]*>")
_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a message says, in Telegram's HTML, and its buttons."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Renderer:
    """Every message that the bot can send. Call for one, send it with link preview off."""

    texts: Texts
    library: Library

    @property
    def pages(self) -> Pages:
        """What the pages say."""
        return Pages(self.texts, self.library)

    def outcome(
        self, outcome: Outcome, *, shown: Collection[str] = (), notices: Sequence[str] = ()
    ) -> Rendered:
        """The reply to a question; `shown` are pair ids not to be offered as related again."""
        return self.draw(self.pages.replies.outcome(outcome, shown=shown, notices=notices))

    def payload(
        self,
        payload: buttons.Payload,
        *,
        shown: Collection[str] = (),
        notices: Sequence[str] = (),
    ) -> Rendered | None:
        """What a tap or a deep link leads to; None if the library no longer has it."""
        reply = self.pages.payload(payload, shown=shown, notices=notices)
        return self.draw(reply) if reply else None

    def start(self) -> Rendered:
        """The first message of a chat."""
        return self.draw(self.pages.start())

    def help(self, commands: Iterable[str]) -> Rendered:
        """How to ask, and a line for each of *commands* (names without a slash)."""
        return self.draw(self.pages.help(commands))

    def briefing(self, briefing: Briefing) -> Rendered:
        """The main points of *briefing*."""
        return self.draw(self.pages.briefing(briefing))

    def sources(self, briefing: Briefing) -> Rendered:
        """Where *briefing* comes from."""
        return self.draw(self.pages.sources(briefing))

    def about(self) -> Rendered:
        """What the bot is and is not."""
        return self.draw(self.pages.about())

    def privacy(self, minutes: int) -> Rendered:
        """What is kept about readers; *minutes* is how long the memory of a chat lasts."""
        return self.draw(self.pages.privacy(minutes))

    def notice(self, key: str, /, **values: object) -> Rendered:
        """The sentence *key* alone."""
        return self.draw(self.pages.notice(self.texts.say(key, **values)))

    def draw(self, reply: Reply) -> Rendered:
        """*reply* within Telegram's limits: blocks are dropped from the end, buttons are kept."""
        blocks, rows = list(reply.blocks), []
        for group in reply.groups:
            choices = group.choices
            if group.pick and any(units(choice.label) > WIDE for choice in choices):
                choices, listed = self._numbered(group)
                blocks.append(listed)
            rows += _rows(choices, pairs=not group.pick, columns=group.columns)
        buttons_left = _MOST_BUTTONS
        for at, row in enumerate(rows):
            buttons_left -= len(row)
            if buttons_left < 0:
                rows = rows[:at]
                break
        return Rendered(_fit(blocks), InlineKeyboardMarkup(rows) if rows else None)

    def _numbered(self, group: Group) -> tuple[tuple[Choice, ...], Text]:
        """The choices with numbers, and a list that has them in full."""
        choices = tuple(
            Choice(self.texts.say("offer.numbered", number=n, label=choice.label), choice.payload)
            for n, choice in enumerate(group.choices, start=1)
        )
        return choices, Text("\n".join(choice.label for choice in choices))


def units(text: str) -> int:
    """The length of *text* as Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """*text* in at most *limit* units, with an ellipsis where something is missing.

    Cuts between words where one ends near, and never between a letter and its marks.
    """
    if units(text) <= limit:
        return text
    end = room = 0
    while room + units(text[end]) <= limit - 1:
        room += units(text[end])
        end += 1
    space = text.rfind(" ", max(0, end - 15), end + 1)
    if space > 0:
        end = space
    while end > 1 and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS


def visible(markup: str) -> str:
    """What Telegram shows of *markup*."""
    return html.unescape(_TAG.sub("", markup))


def markup(blocks: Iterable[Block]) -> str:
    """The HTML of all *blocks*, however long."""
    drawn = ""
    for block in blocks:
        drawn += _gap(block, first=not drawn) + _html(block)
    return drawn


def keyboard(groups: Iterable[Group]) -> InlineKeyboardMarkup | None:
    """The buttons of *groups*, whose choices are few; None without any."""
    rows = [row for group in groups for row in _rows_of(group)]
    return InlineKeyboardMarkup(rows) if rows else None


def _joins(character: str) -> bool:
    return character == "\u200d" or unicodedata.category(character).startswith("M")


def _fit(blocks: Sequence[Block]) -> str:
    """The HTML of as many *blocks* from the start as fit; a first one too long is cut."""
    drawn = ""
    for at, block in enumerate(blocks):
        more = drawn + _gap(block, first=not drawn) + _html(block)
        if fits(more):
            drawn = more
        elif at == 0:
            return _escape(cut(_plain(block), LONGEST))
        else:
            kept = blocks[:at]
            return _fit(kept[:-1]) if isinstance(kept[-1], Title) and at > 1 else drawn
    return drawn


def fits(markup: str) -> bool:
    """Whether Telegram takes *markup* as one message, with all that is marked in it."""
    return (
        units(visible(markup)) <= LONGEST
        and len(markup.encode("utf-8", "surrogatepass")) <= MOST_BYTES
        and markup.count("</") <= MOST_ENTITIES
    )


def _gap(block: Block, *, first: bool) -> str:
    if first:
        return ""
    return "\n" if isinstance(block, Quote) else "\n\n"


def _plain(block: Block) -> str:
    return block.label if isinstance(block, Link) else block.text


def _html(block: Block) -> str:
    match block:
        case Title():
            return f"<b>{_escape(block.text)}</b>"
        case Text():
            return _escape(block.text)
        case Note():
            return f"<i>{_escape(block.text)}</i>"
        case Link():
            return _link(block)
        case Quote():
            place = _BETWEEN.join(filter(None, [_link(block.place), _escape(block.publisher)]))
            return f"<blockquote expandable>{place}\n{_escape(block.text)}</blockquote>"
        case Point():
            note = f"<i>{_escape(block.note)}</i>" if block.note else ""
            places = _BETWEEN.join(map(_link, block.places))
            return "\n".join(filter(None, [_point(block), note, places]))
        case _ as never:
            assert_never(never)


def _point(point: Point) -> str:
    lead = f"<b>{_escape(point.lead)}</b>" if point.lead else "•"
    text = _escape(point.text)
    return " ".join(filter(None, [lead, f"<s>{text}</s>" if point.struck and text else text]))


def _link(link: Link) -> str:
    """An anchor; the bare label where the address is none that Telegram would link."""
    try:
        parts = urlsplit(link.url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or re.search(r"[\s\x00-\x1f]", link.url):
        return _escape(link.label)
    return f'<a href="{html.escape(link.url)}">{_escape(link.label)}</a>'


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _rows_of(group: Group) -> list[list[InlineKeyboardButton]]:
    return _rows(group.choices, pairs=not group.pick, columns=group.columns)


def _rows(
    choices: Sequence[Choice], *, pairs: bool, columns: int = 0
) -> list[list[InlineKeyboardButton]]:
    """A row each; with *pairs* two in a row where both labels are short, or *columns* of them."""
    rows: list[list[InlineKeyboardButton]] = []
    room = False
    for at, choice in enumerate(choices):
        label = cut(" ".join(choice.label.split()), LABEL)
        button = InlineKeyboardButton(label, callback_data=buttons.encode(choice.payload))
        if columns:
            rows += [] if at % columns else [[]]
            rows[-1].append(button)
            continue
        narrow = pairs and units(label) <= NARROW
        if room and narrow:
            rows[-1].append(button)
            room = False
        else:
            rows.append([button])
            room = narrow
    return rows
