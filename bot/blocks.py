"""What any reply consists of, before any markup: blocks in reading order and choices.

Both faces of the bot, Telegram and the terminal, draw the same Reply, so that nothing is decided
twice. Pure; knows neither HTML nor Telegram, nor what is replied to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot import buttons


@dataclass(frozen=True, slots=True)
class Title:
    """A heading."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph: what the reader came for."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A label that leads to *url*; plain text where the address is empty."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted words, the way to them, and who published them."""

    text: str
    place: Link
    publisher: str


@dataclass(frozen=True, slots=True)
class Point:
    """A main point with the places it stands on; `note` may be empty.

    `lead` stands before the text in place of a bullet; what is `struck` no longer holds.
    """

    text: str
    note: str
    places: tuple[Link, ...]
    lead: str = ""
    struck: bool = False


Block = Title | Text | Note | Link | Quote | Point


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to go on with; the label is uncut."""

    label: str
    payload: buttons.Payload


@dataclass(frozen=True, slots=True)
class Group:
    """Choices of one sort, never none. `heading` is empty where a block has said it already.

    `pick` marks the readings of an ambiguous question: these must be readable in full. With
    `columns`, so many stand side by side; without, short labels stand in pairs.
    """

    heading: str
    choices: tuple[Choice, ...]
    pick: bool = False
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """Blocks in reading order, the least needed last, and what to go on with."""

    blocks: tuple[Block, ...]
    groups: tuple[Group, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All choices in their order; no two lead to the same."""
        return tuple(choice for group in self.groups for choice in group.choices)


def groups_of(
    offers: Iterable[tuple[str, Iterable[Choice]]], *, but: Iterable[Choice] = ()
) -> tuple[Group, ...]:
    """A group for each heading that has choices; what was offered before, or in *but*, is out."""
    seen = {choice.payload for choice in but}
    groups = []
    for heading, choices in offers:
        fresh = []
        for choice in choices:
            if choice.payload not in seen and choice.label.strip():
                seen.add(choice.payload)
                fresh.append(choice)
        if fresh:
            groups.append(Group(heading, tuple(fresh)))
    return tuple(groups)
