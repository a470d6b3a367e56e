"""One mapping of a content file, taken apart key by key; what does not fit becomes a problem.

Every method gives a value of its type, empty where the file has none, so that reading goes on
and the problems of all keys come out at once. It knows no particular kind of record.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from knowledge.draft import Placed
from knowledge.model import MAX_ID, SentenceRef, is_id
from knowledge.problems import Page, meant
from knowledge.source import Fields, Items, Node, Refused, Text

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class Record:
    """A mapping with known keys. *name* says what it is, with its article: `a pair`."""

    def __init__(self, node: Fields, page: Page, name: str, known: Sequence[str]) -> None:
        self.page = page
        self.name = name
        self.lines: dict[str, tuple[int, ...]] = {"": (node.line,)}
        self.broken: set[str] = set()
        self._nodes: dict[str, Node] = {}
        for key, value in node.entries:
            if key.value in known:
                self._nodes[key.value] = value
                self.lines[key.value] = (key.line,)
            else:
                hint = meant(key.value, known) or f"; known are {', '.join(known)}"
                page.report(key.line, f"unknown key {key.value!r} in {name}{hint}")

    @property
    def line(self) -> int:
        """The line where the record begins."""
        return self.lines[""][0]

    def has(self, key: str) -> bool:
        """Whether the file has *key* here, fit or not."""
        return key in self._nodes

    def note(self, key: str, message: str) -> None:
        """Nothing; *message* is reported on *key*, whose values are still good to check."""
        self.page.report(self.lines.get(key, self.lines[""])[0], message)

    def fail(self, key: str, message: str, line: int | None = None) -> None:
        """Nothing; *message* is reported and *key* counts as not read."""
        self.page.report(self.lines.get(key, self.lines[""])[0] if line is None else line, message)
        self.broken.add(key)

    def place(self, value: T) -> Placed[T]:
        """*value* with the lines read so far."""
        return Placed(value, self.page.file, self.lines, frozenset(self.broken))

    def text(
        self, key: str, *, longest: int | None = None, optional: bool = False, blank: bool = False
    ) -> str:
        """The text of *key*, without space around it; empty where there is none, or if *blank*."""
        node = self._get(key, optional=optional)
        if node is None or (blank and isinstance(node, Text) and not node.value.strip()):
            return ""
        return self._text(key, node, f"{key!r} of {self.name}", longest)

    def id(self) -> str:
        """The record's id, fit or not: others may refer to it."""
        text = self.text("id")
        if text and not is_id(text):
            message = f"id {text!r} does not fit a button or a link: write lower-case letters and "
            self.fail("id", f"{message}digits joined by single hyphens, at most {MAX_ID}")
        return text

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """The member of *kind* that *key* names; *default* where it names none."""
        text = self.text(key)
        if not text:
            return default
        try:
            return kind(text)
        except ValueError:
            known = [member.value for member in kind]
            hint = meant(text, known) or f"; write one of {', '.join(known)}"
            self.fail(key, f"{key} {text!r} of {self.name} is not known{hint}")
            return default

    def texts(self, key: str, *, least: int = 1, optional: bool = False) -> tuple[str, ...]:
        """The texts listed under *key*, in order; *least* is how many there must be."""
        what = f"an entry of {key!r} in {self.name}"
        nodes = self._listed(key, least=least, optional=optional)
        read = [(self._text(key, node, what), node.line) for node in nodes]
        return self._kept(key, [(text, line) for text, line in read if text])

    def refs(self, key: str, *, least: int = 0, optional: bool = False) -> tuple[SentenceRef, ...]:
        """The sentences (`p1s2`) listed under *key*; they need not exist."""
        found = []
        for node in self._listed(key, least=least, optional=optional):
            ref = self.as_ref(key, self._text(key, node, f"an entry of {key!r}"), node.line)
            if ref is not None:
                found.append((ref, node.line))
        return self._kept(key, found)

    def as_ref(self, key: str, text: str, line: int) -> SentenceRef | None:
        """The reference that *text* is; None, and reported, if it is none."""
        if not text:
            return None
        try:
            return SentenceRef.parse(text)
        except ValueError as error:
            self.fail(key, str(error), line)
            return None

    def lists(self, key: str) -> list[tuple[tuple[str, ...], int]]:
        """The lists of texts listed under *key*, each with its line."""
        found = []
        for node in self._listed(key):
            if isinstance(node, Items):
                texts = [self._text(key, n, f"an entry of {key!r}") for n in node.items]
                found.append((tuple(t for t in texts if t), node.line))
            elif not isinstance(node, Refused):
                self.fail(key, f"an entry of {key!r} is a list of texts", node.line)
        return found

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """The groups of texts listed under *key*, if it is there; a lone text is a group of one."""
        found = []
        for node in self._listed(key, least=1, optional=True):
            nodes = node.items if isinstance(node, Items) else (node,)
            if not nodes:
                self.fail(
                    key, f"a group in {key!r} is empty: write a text, or take it out", node.line
                )
            read = (self._text(key, n, f"a text in {key!r}") for n in nodes)
            texts = tuple(text for text in read if text)
            if texts:
                found.append((texts, node.line))
        return self._kept(key, found)

    def records(
        self,
        key: str,
        name: str,
        known: Sequence[str],
        *,
        least: int = 0,
        most: int | None = None,
        optional: bool = False,
    ) -> list[Record]:
        """The mappings listed under *key*, each a record with *name* and *known* keys."""
        found = []
        nodes = self._listed(key, least=least, optional=optional)
        for node in nodes:
            if isinstance(node, Fields):
                found.append(Record(node, self.page, name, known))
            else:
                self.broken.add(key)
                if not isinstance(node, Refused):
                    self.fail(key, f"{name} is keys with values, not {_kind(node)}", node.line)
        if most is not None and len(nodes) > most:
            self.note(key, f"{key!r} of {self.name} holds {len(nodes)}: at most {most}")
        return found

    def _kept(self, key: str, found: list[tuple[T, int]]) -> tuple[T, ...]:
        if found:
            self.lines[key] = tuple(line for _, line in found)
        return tuple(value for value, _ in found)

    def _get(self, key: str, *, optional: bool) -> Node | None:
        node = self._nodes.get(key)
        if node is None and not optional:
            self.fail(key, f"{self.name} needs {key!r}", self.line)
        return node

    def _listed(self, key: str, *, least: int = 0, optional: bool = False) -> tuple[Node, ...]:
        node = self._get(key, optional=optional)
        if isinstance(node, Items):
            if len(node.items) < least:
                count = f"holds {len(node.items)}: at least {least}"
                self.note(key, f"{key!r} of {self.name} {count}")
            return node.items
        if isinstance(node, Refused):
            self.broken.add(key)
        elif node is not None:
            self.fail(key, f"{key!r} of {self.name} is a list, not {_kind(node)}")
        return ()

    def _text(self, key: str, node: Node, what: str, longest: int | None = None) -> str:
        if isinstance(node, Refused):
            self.broken.add(key)
            return ""
        if not isinstance(node, Text):
            self.fail(key, f"{what} is text, not {_kind(node)}", node.line)
            return ""
        text = node.value.strip()
        if not text:
            self.fail(key, f"{what} is empty", node.line)
        elif longest is not None and len(text) > longest:
            self.page.report(node.line, f"{what} has {len(text)} characters: at most {longest}")
        return text


def _kind(node: Node) -> str:
    match node:
        case Items():
            return "a list"
        case Fields():
            return "keys with values"
        case _:
            return "text"
