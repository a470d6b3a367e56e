"""What Telegram takes: markup, lengths and buttons of a message, checked as it would."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from telegram import InlineKeyboardButton

from bot import buttons
from bot.render import LONGEST, MOST_BYTES, Rendered, units, visible

TAG = re.compile(r"</?[a-z]+(?: expandable| href=\"[^\"<>]*\")?>")


class Balance(HTMLParser):
    """The open tags; an error for one that Telegram refuses or that closes another."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "a", "blockquote")
        assert self.open in ([], ["blockquote"])
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(rendered: Rendered) -> Balance:
    """The parsed message, once it is sure that Telegram takes it."""
    shown = visible(rendered.html)
    assert 1 <= units(shown) <= LONGEST
    assert shown.strip()
    assert len(rendered.html.encode()) <= MOST_BYTES
    assert "<" not in TAG.sub("", rendered.html)
    assert ">" not in TAG.sub("", rendered.html)
    assert set(re.findall(r"&[a-z0-9#]*;?", rendered.html)) <= {
        "&amp;", "&lt;", "&gt;", "&quot;", "&#x27;"
    }  # fmt: skip
    parser = Balance()
    parser.feed(rendered.html)
    parser.close()
    assert parser.open == []
    found = keys(rendered)
    assert len(found) <= 100
    for button in found:
        assert 1 <= units(button.text) <= 64
        assert button.text.strip()
        assert 1 <= len(str(button.callback_data).encode()) <= 64
        assert buttons.decode(str(button.callback_data)) is not None
    return parser


def keys(rendered: Rendered) -> list[InlineKeyboardButton]:
    """The buttons of *rendered* in their order."""
    rows = rendered.keyboard.inline_keyboard if rendered.keyboard else ()
    return [button for row in rows for button in row]


def labels(rendered: Rendered) -> list[list[str]]:
    rows = rendered.keyboard.inline_keyboard if rendered.keyboard else ()
    return [[button.text for button in row] for row in rows]
