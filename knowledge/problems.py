"""What is wrong with content, where, and how to mend it: one problem, and all of them together.

Knows no file format and no rule; whoever finds a problem writes its message.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

_NEAR = 60
"""Ratio (0 to 100) from which a known word is worth offering for an unknown one."""

_SEEN = {"\u00a0": "<no-break space>", "\u202f": "<narrow no-break space>"}
"""Signs that look like a plain space, and what a message shows in their place."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `line` counts from 1; what concerns a whole file stands on line 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """The problem in a line, in which no sign looks like another."""
        message = self.message
        for sign, name in _SEEN.items():
            message = message.replace(sign, name).replace(repr(sign).strip("'"), name)
        return f"{self.file}:{self.line}: {message}"


class ContentError(Exception):
    """Content that cannot be used: every problem that was found, by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Page:
    """A file under examination: its name, and the list that its problems go to."""

    file: str
    problems: list[Problem]

    def report(self, line: int, message: str) -> None:
        """Nothing; *message* is noted for *line* of this file."""
        self.problems.append(Problem(self.file, line, message))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of *known* that *word* is most like; None where none is like it."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return found[0] if found else None


def meant(word: str, known: Iterable[str]) -> str:
    """A half-sentence offering the nearest of *known*, with its semicolon; else empty."""
    found = nearest(word, known)
    return f"; did you mean {found!r}?" if found else ""
