"""Telegram's HTML: tdlib's ``parse_html`` with its rules, error texts and byte offsets.

It follows td/telegram/MessageEntity.cpp state by state, bytes in and UTF-16 offsets out, so that
a text refused by Telegram is refused here, with the same words. One rule is stricter on purpose:
a blockquote inside a blockquote is an error, while Telegram drops one of them without a word.
"""

from dataclasses import dataclass, field
from string import ascii_letters, digits
from typing import Any

from tests.fake_telegram.links import LinkError, check_link

Json = dict[str, Any]

_TYPES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
}
_TAGS = {*_TYPES, "a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_NAME_TOKEN = f"{ascii_letters}{digits}.-".encode()
_SPACE = b" \t\r\n\0\v"
_NAMED = {b"lt": 0x3C, b"gt": 0x3E, b"amp": 0x26, b"quot": 0x22}
_SURROGATES = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
    "surrogate code units"
)


class HtmlError(ValueError):
    """Markup that Telegram refuses; the text is tdlib's."""


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities, sorted as Telegram sorts them.

    Raises:
        HtmlError: with tdlib's words, such as ``Unclosed start tag at byte offset 3``.
    """
    return _Parser(source.encode("utf-8", "surrogatepass")).run()


def sort_entities(entities: list[Json]) -> list[Json]:
    """Return the entities by offset, the longer first, then by tdlib's priority of types."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _PRIORITY.get(e["type"], 50)))


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


@dataclass
class _Parser:
    data: bytes
    i: int = 0
    utf16: int = 0
    surrogate: bool = False
    out: bytearray = field(default_factory=bytearray)
    entities: list[Json] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def at(self, index: int) -> int:
        """Return the byte, or 0 past the end, as the C string has it."""
        return self.data[index] if index < len(self.data) else 0

    def run(self) -> tuple[str, list[Json]]:
        while self.i < len(self.data):
            char = self.data[self.i]
            if char == 0x26 and (code := self.reference(self.out)):
                self.utf16 += 1 + (code > 0xFFFF)
                self.surrogate |= 0xD800 <= code <= 0xDFFF
            elif char != 0x3C:
                if char & 0xC0 != 0x80:
                    self.utf16 += 1 + (char >= 0xF0)
                self.out.append(char)
                self.i += 1
            else:
                begin, self.i = self.i, self.i + 1
                if self.at(self.i) == 0x2F:
                    self.end_tag(begin)
                else:
                    self.start_tag(begin)
                self.i += 1
        if self.stack:
            tag = self.stack[-1].tag
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        if self.surrogate:
            raise HtmlError(_SURROGATES)
        for entity in self.entities:
            entity.pop("_language", None)
        return self.out.decode("utf-8", "surrogatepass"), sort_entities(self.entities)

    def reference(self, out: bytearray) -> int:
        """Decode a character reference at ``i`` into ``out``; 0 and no move if it is none."""
        end = self.i + 1
        if self.at(end) == 0x23:
            end += 1
            base, allowed = 10, b"0123456789"
            if self.at(end) == 0x78:
                end += 1
                base, allowed = 16, b"0123456789abcdefABCDEF"
            start = end
            while end < len(self.data) and self.data[end] in allowed:
                end += 1
            code = int(self.data[start:end] or b"0", base)
            if code == 0 or code >= 0x10FFFF or end - self.i >= 10:
                return 0
        else:
            while chr(self.at(end)).isascii() and chr(self.at(end)).isalpha():
                end += 1
            code = _NAMED.get(self.data[self.i + 1 : end], 0)
            if code == 0:
                return 0
        out += chr(code).encode("utf-8", "surrogatepass")
        self.i = end + 1 if self.at(end) == 0x3B else end
        return code

    def skip_space(self) -> None:
        while self.at(self.i) != 0 and self.at(self.i) in _SPACE:
            self.i += 1

    def name(self, start: int, stop: bytes = b">") -> str:
        """Read up to a space (the end counts as one) or a stop byte; ASCII lower case."""
        while self.at(self.i) not in _SPACE and self.at(self.i) not in stop:
            self.i += 1
        return self.data[start : self.i].lower().decode("utf-8", "replace")

    def start_tag(self, begin: int) -> None:
        tag = self.name(begin + 1)
        if self.at(self.i) == 0:
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while self.at(self.i) != 0x3E:
            self.skip_space()
            if self.at(self.i) == 0x3E:
                break
            argument = self.attribute(tag, begin, argument)
        if tag == "span" and argument != "spoiler":
            raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        if tag == "blockquote" and any(o.tag == tag for o in self.stack):
            raise HtmlError(f"Nested blockquote at byte offset {begin}")
        self.stack.append(_Open(tag, argument, self.utf16, len(self.out)))

    def attribute(self, tag: str, begin: int, argument: str) -> str:
        """Read one attribute and return the tag's argument, changed if this attribute sets it."""
        start = self.i
        self.name(start, b"=>/\"'")
        name = self.data[start : self.i].decode("utf-8", "replace")
        if not name:
            raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self.skip_space()
        if self.at(self.i) != 0x3D:
            if self.at(self.i) == 0:
                raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
            return "1" if (tag, name) == ("blockquote", "expandable") else argument
        self.i += 1
        self.skip_space()
        if self.at(self.i) == 0:
            raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value = self.value()
        if self.at(self.i) == 0:
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        match tag, name:
            case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
                return value
            case ("code", "class") if value.startswith("language-"):
                return value[9:]
            case ("span", "class") if value.startswith("tg-"):
                return value[3:]
            case ("blockquote", "expandable"):
                return "1"
        return argument

    def value(self) -> str:
        """Read an attribute's value: a quoted string, or a name token in lower case."""
        quote = self.at(self.i)
        if quote not in b"'\"":
            start = self.i
            while self.at(self.i) in _NAME_TOKEN:
                self.i += 1
            if self.at(self.i) not in _SPACE and self.at(self.i) != 0x3E:
                raise HtmlError(f"Unexpected end of name token at byte offset {start}")
            return self.data[start : self.i].lower().decode()
        self.i += 1
        value = bytearray()
        while self.at(self.i) not in (quote, 0):
            if self.at(self.i) == 0x26 and self.reference(value):
                continue
            value.append(self.at(self.i))
            self.i += 1
        if self.at(self.i) == quote:
            self.i += 1
        return value.decode("utf-8", "replace")

    def end_tag(self, begin: int) -> None:
        if not self.stack:
            raise HtmlError(f"Unexpected end tag at byte offset {begin}")
        tag = self.name(begin + 2)
        self.skip_space()
        if self.at(self.i) != 0x3E:
            raise HtmlError(f"Unclosed end tag at byte offset {begin}")
        opened = self.stack.pop()
        if tag not in ("", opened.tag):
            raise HtmlError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.utf16 > opened.offset:
            self.close(opened)

    def close(self, opened: _Open) -> None:
        """Add the entity of a tag that ends here."""
        span: Json = {"offset": opened.offset, "length": self.utf16 - opened.offset}
        last = self.entities[-1] if self.entities else {}
        same = {k: last.get(k) for k in ("offset", "length")} == span
        match opened.tag:
            case "a":
                self.link(opened, span)
            case "pre" if same and last["type"] == "code" and last.get("_language"):
                last.update(type="pre", language=last.pop("_language"))
            case "code" if same and last["type"] == "pre" and opened.argument:
                last["language"] = opened.argument
            case "code":
                self.entities.append({"type": "code", **span, "_language": opened.argument})
            case "pre":
                self.entities.append({"type": "pre", **span})
            case "blockquote":
                kind = "expandable_blockquote" if opened.argument else "blockquote"
                self.entities.append({"type": kind, **span})
            case "tg-emoji":
                if not opened.argument.isdecimal() or int(opened.argument) == 0:
                    raise HtmlError("Invalid custom emoji identifier specified")
                emoji = {"type": "custom_emoji", **span, "custom_emoji_id": opened.argument}
                self.entities.append(emoji)
            case "tg-time":
                unix = int(opened.argument) if opened.argument.isdecimal() else 0
                self.entities.append({"type": "date_time", **span, "unix_time": unix})
            case tag:
                self.entities.append({"type": _TYPES[tag], **span})

    def link(self, opened: _Open, span: Json) -> None:
        """Add a link, or nothing at all if Telegram does not take its address."""
        url = opened.argument or self.out[opened.begin :].decode("utf-8", "replace")
        if url.lower().startswith(("tg://user?id=", "tg:user?id=")):
            return  # a mention of a user: Telegram drops it unless the bot has met them
        try:
            self.entities.append({"type": "text_link", **span, "url": check_link(url)})
        except LinkError:
            return
