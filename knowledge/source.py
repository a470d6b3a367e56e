"""YAML as content may use it: mappings, lists and text, with the line of each.

Everything is text. What YAML 1.1 would turn into something else, or what makes a file mean
more than it shows (anchors, aliases, tags, merge keys), is refused. It knows no schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from knowledge.problems import Page

MAX_BYTES = 8_000_000
"""Bytes a content file may have."""
MAX_DEPTH = 12
"""Collections that may stand within each other; content needs 5."""
MAX_NODES = 200_000
"""Texts and collections a file may hold; 8 MB of `[a,a,...` would be four million."""

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, surrogates, and what YAML would count as further line ends."""

_NOT_TEXT = re.compile(
    r"""
      y|yes|n|no|true|false|on|off|null|~|<<|=
    | [-+]?0(?:b[01_]+|o[0-7_]+|x[0-9a-f_]+)
    | [-+]?[0-9][0-9_,]*(?::[0-9]+)*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?
    | [-+]?\.[0-9][0-9_]*(?:e[-+]?[0-9]+)?
    | [-+]?\.(?:inf|nan)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9:.]+[ \t]*(?:z|[-+][0-9:]+)?)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Plain scalars that some reader of YAML 1.1 takes for a truth value, null, number or time."""
_LONGEST_NOT_TEXT = 64
_LOOK = "look at the indentation, colons and quotation marks of this line and the one before"


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, as written."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in the order of the file; keys are unique."""

    entries: tuple[tuple[Text, Node], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Refused:
    """In place of what was reported already: no second complaint is due."""

    line: int


Node = Text | Items | Fields | Refused


def parse(data: bytes, page: Page, *, first_line: int = 1) -> Node | None:
    """The tree of *data*; None where it could not be read to its end. Never raises.

    All that is wrong goes to *page*. Reading goes on after what is wrong in one place only
    (a duplicate key, a tag), so that one look shows all. *first_line* is the number of the
    first line of *data* within its file.
    """
    shift = first_line - 1
    text = decode(data, page, first_line=first_line)
    if text is None:
        return None
    tree = _Tree(page, shift)
    try:
        for event in _events(text):
            if not tree.take(event):
                return None
    except yaml.YAMLError as error:
        line, message = _explain(error)
        page.report(line + shift, message)
        return None
    except (ValueError, OverflowError):  # the pure reader, on absurd escapes and versions
        page.report(first_line, "not YAML: it holds an impossible number or escape")
        return None
    if tree.root is None:
        page.report(first_line, "the file is empty: write its content or delete it")
    return tree.root


def decode(data: bytes, page: Page, *, first_line: int = 1) -> str | None:
    """The text of *data*; None (and a report) if too big, not UTF-8 or with control characters."""
    if len(data) > MAX_BYTES:
        page.report(1, f"the file has over {MAX_BYTES // 1_000_000} MB: split or shorten it")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + first_line
        page.report(line, "not UTF-8: save the file as UTF-8")
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + first_line
        page.report(line, f"control character U+{ord(found[0]):04X}: take it out")
        return None
    return text


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def _explain(error: yaml.YAMLError) -> tuple[int, str]:
    """The line, from 1, and what to write instead."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    message = f"not YAML: {problem}"
    if "undefined alias" in message:
        message = "aliases (*name) are refused: write the text out"
    elif "mapping values" in message:
        message += f": quote text that holds a colon, or {_LOOK}"
    elif "cannot start any token" in message:
        message += f": indent with spaces, not with tabs, and quote text with @ or %; {_LOOK}"
    else:
        message += f": {_LOOK}"
    return (mark.line + 1 if mark else 1), message


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("children", "key", "keys", "line")

    def __init__(self, line: int, *, mapping: bool) -> None:
        self.line = line
        self.children: list[Node] = []
        self.keys: dict[str, Text] | None = {} if mapping else None
        self.key: Text | None = None  # the key that waits for its value


class _Tree:
    """Events in, a tree out, on a stack of our own: no input can exhaust Python's."""

    def __init__(self, page: Page, shift: int) -> None:
        self.page = page
        self.shift = shift
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0

    def take(self, event: yaml.Event) -> bool:
        """Whether reading can go on after *event*."""
        mark = event.start_mark
        line = (mark.line if mark else 0) + 1 + self.shift
        match event:
            case yaml.DocumentStartEvent():
                return self._document(event, line)
            case yaml.AliasEvent():
                self.page.report(line, "aliases (*name) are refused: write the text out")
                return self._add(Refused(line))
            case yaml.ScalarEvent():
                self._refuse_extras(event, line)
                return self._add(self._scalar(event, line))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._refuse_extras(event, line)
                self.stack.append(_Open(line, mapping=isinstance(event, yaml.MappingStartEvent)))
                if len(self.stack) > MAX_DEPTH:
                    self.page.report(line, f"nested deeper than {MAX_DEPTH}: flatten it")
                    return False
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                return self._add(_closed(self.stack.pop()))
        return True

    def _document(self, event: yaml.DocumentStartEvent, line: int) -> bool:
        self.documents += 1
        if self.documents > 1:
            self.page.report(line, "a second document (---): one file holds one")
            return False
        if event.version or event.tags:
            self.page.report(line, "directives (%YAML, %TAG) are refused: take the line out")
        return True

    def _refuse_extras(
        self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int
    ) -> None:
        if event.anchor is not None:
            self.page.report(line, f"anchors (&{event.anchor}) are refused: write the text out")
        if event.tag is not None:
            self.page.report(line, f"tags ({event.tag}) are refused: everything is text")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Node:
        value: str = event.value
        if event.style:  # quoted or block: text, whatever it says; escapes may hide anything
            found = _CONTROL.search(value)
            if found is None:
                return Text(value, line)
            self.page.report(line, f"control character U+{ord(found[0]):04X}: take it out")
            return Refused(line)
        if not value:
            self.page.report(line, "nothing stands here: write a value, or delete the key")
            return Refused(line)
        if len(value) <= _LONGEST_NOT_TEXT and _NOT_TEXT.fullmatch(value):
            self.page.report(line, f'YAML would not read {value} as text: quote it ("{value}")')
        return Text(value, line)

    def _add(self, node: Node) -> bool:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.page.report(node.line, f"over {MAX_NODES} values in a file: split it")
            return False
        if not self.stack:
            self.root = node
            return True
        parent = self.stack[-1]
        if parent.keys is None:
            parent.children.append(node)
        elif parent.key is None:
            parent.key = self._key(node)
        else:
            self._entry(parent, parent.key, node)
            parent.key = None
        return True

    def _key(self, node: Node) -> Text:
        if isinstance(node, Text):
            return node
        if not isinstance(node, Refused):
            self.page.report(node.line, "a key is a word, not a list or mapping")
        return Text("", node.line)  # dropped with its value

    def _entry(self, parent: _Open, key: Text, node: Node) -> None:
        if parent.keys is None or not key.value:
            return
        earlier = parent.keys.get(key.value)
        if earlier is not None:
            message = f"key {key.value!r} stands twice here (first on line {earlier.line})"
            self.page.report(key.line, f"{message}: keep one")
            return
        parent.keys[key.value] = key
        parent.children.append(node)


def _closed(done: _Open) -> Items | Fields:
    if done.keys is None:
        return Items(tuple(done.children), done.line)
    return Fields(tuple(zip(done.keys.values(), done.children, strict=True)), done.line)
