"""A briefing as read from its files: the values, and where each of them was written.

What could not be read is left out and said to be so; a draft may be checked but not served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from knowledge.model import (
    Article,
    Briefing,
    Claim,
    Entity,
    FrontMatter,
    Gap,
    Paragraph,
    Point,
    QAPair,
    Sentence,
    SentenceRef,
)

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T_co]):
    """A value and the place where it was written.

    `lines` holds the lines of a key's values in their order; under "" the value's own line.
    `broken` are the keys that could not be read whole, and have been reported.
    """

    value: T_co
    file: str
    lines: Mapping[str, tuple[int, ...]]
    broken: frozenset[str] = frozenset()

    def line(self, key: str = "", index: int = 0) -> int:
        """The line of the *index*-th value under *key*; the value's own where there is none."""
        lines = self.lines.get(key, ())
        return lines[index] if index < len(lines) else self.lines[""][0]


@dataclass(frozen=True)
class Draft:
    """What the files of one briefing gave. `unread` names the files that gave nothing.

    `front` is None where the front matter has no date to be read. `paragraph_lines` are the
    lines of `article_file` where the paragraphs start.
    """

    id: str
    article_file: str
    front: FrontMatter | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    paragraph_lines: tuple[int, ...] = ()
    entities: tuple[Placed[Entity], ...] = ()
    ambiguous: tuple[Placed[tuple[str, tuple[str, ...]]], ...] = ()
    claims: tuple[Placed[Claim], ...] = ()
    pairs: tuple[Placed[QAPair], ...] = ()
    gaps: tuple[Placed[Gap], ...] = ()
    points: tuple[Placed[Point], ...] = ()
    suggested: Placed[tuple[str, ...]] | None = None
    vocabulary: tuple[Placed[tuple[str, ...]], ...] = ()
    unread: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def sentences(self) -> Mapping[SentenceRef, Sentence]:
        """Every sentence by its reference, in the order of the text."""
        return {s.ref: s for p in self.paragraphs for s in p.sentences}

    def items(self) -> Iterator[Placed[Any]]:
        """All that has an id: entities, claims, pairs, gaps, points, in that order."""
        for group in (self.entities, self.claims, self.pairs, self.gaps, self.points):
            yield from group

    def briefing(self) -> Briefing:
        """The finished value; ValueError where the front matter is missing."""
        if self.front is None:
            raise ValueError(f"{self.id}: a briefing needs its front matter")
        return Briefing(
            id=self.id,
            article=Article(self.front, self.paragraphs),
            entities=tuple(placed.value for placed in self.entities),
            ambiguous=dict(placed.value for placed in self.ambiguous),
            claims=tuple(placed.value for placed in self.claims),
            pairs=tuple(placed.value for placed in self.pairs),
            gaps=tuple(placed.value for placed in self.gaps),
            points=tuple(placed.value for placed in self.points),
            suggested=self.suggested.value if self.suggested else (),
            vocabulary=tuple(placed.value for placed in self.vocabulary),
        )
