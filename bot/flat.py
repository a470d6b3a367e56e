"""A small YAML file as flat entries with their lines, for settings and for texts.

Every scalar stays text: `no`, `12:30` and `1.10` mean what they say. Duplicate keys, lists,
anchors and tags are problems. What the entries mean is for the caller to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

_QUICK = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
_TEXT_TAG = yaml.resolver.BaseResolver.DEFAULT_SCALAR_TAG


@dataclass(frozen=True, slots=True)
class Entry:
    """A dotted key with its text, and the line of the key, from 1."""

    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, from 1; the message never repeats a value."""

    line: int
    message: str


def read(text: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of *text* in their order, nested keys joined by dots, and what is wrong."""
    try:
        root = _root(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return [], [Problem(mark.line + 1 if mark else 1, f"not YAML: {error.problem}")]
    except yaml.YAMLError:
        return [], [Problem(1, "not YAML: it holds a character that is not text")]
    reader = _Reader([], [], set())
    if isinstance(root, yaml.MappingNode):
        reader.mapping(root, "")
    elif root is not None:
        reader.problems.append(Problem(1, "write 'key: value', one a line"))
    return reader.entries, reader.problems


def _root(text: str) -> yaml.Node | None:
    """What *text* holds; YAMLError, by the loader that is slow and says best where it is broken."""
    try:
        return yaml.compose(text, Loader=_QUICK)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class _Reader:
    entries: list[Entry]
    problems: list[Problem]
    seen: set[int]

    def mapping(self, node: yaml.MappingNode, prefix: str) -> None:
        keys: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(Problem(line, "a key must be a word"))
            elif key.value in keys:
                first = keys[key.value]
                self.problems.append(Problem(line, f"{key.value!r} again, first in line {first}"))
            else:
                keys[key.value] = line
                self._value(value, prefix + key.value, line)

    def _value(self, node: yaml.Node, key: str, line: int) -> None:
        if id(node) in self.seen:
            self.problems.append(Problem(line, f"{key!r}: write it out, without an anchor"))
            return
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            self.mapping(node, f"{key}.")
        elif isinstance(node, yaml.ScalarNode) and node.tag == _TEXT_TAG:
            self.entries.append(Entry(key, str(node.value), line))
        else:
            self.problems.append(Problem(line, f"{key!r}: write a single value, without a tag"))
