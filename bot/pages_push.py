"""The messages of the push, by edition and revision.

Made of the stored text of an edition alone, so that they are the same after a restart, and after
the briefing's folder is gone. What they look like is decided in `bot.push_text`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.push_text import Drawing, Look, notice_of, quiet
from bot.render import Rendered
from bot.revision import Revision, read
from bot.store import Editions, TextDamaged
from bot.texts import Texts

_KEPT = 256
"""Rendered messages that are kept: of an edition there are as many as readers had before it."""


@dataclass(slots=True)
class PushPages:
    """Renders what is pushed. `texts` are by language; `fallback` is that of all others.

    Everything that reads a text raises TextDamaged where it is not what was written.
    """

    editions: Editions
    texts: Mapping[str, Texts]
    fallback: str
    _drawn: dict[tuple[int, int, int, int, str], tuple[Rendered, ...]] = field(
        default_factory=dict, repr=False
    )

    async def parts(
        self, edition_id: int, revision: int, base: int, language: str
    ) -> tuple[Rendered, ...]:
        """The messages of an edition, marked by what is new since the edition *base* (0: none)."""
        return await self._parts(edition_id, revision, revision, base, language)

    async def edit(
        self, edition_id: int, known: int, revision: int, base: int, part: int, language: str
    ) -> Rendered:
        """Message *part*, from 0, as it is to stand for a reader who was sent revision *known*."""
        found = await self._parts(edition_id, known, revision, base, language)
        if part >= len(found):
            raise TextDamaged(f"edition {edition_id}, revision {revision}, has no message {part}")
        return found[part]

    async def correction(
        self, edition_id: int, known: int, revision: int, language: str
    ) -> Rendered | None:
        """The notice of what was corrected after revision *known*; None if nothing to tell was."""
        return notice_of(self._say(language), await self._revision(edition_id, revision), known)

    def quiet(self, language: str) -> Rendered:
        """The line for a day without a new briefing."""
        return quiet(self._say(language))

    async def _parts(
        self, edition: int, known: int, revision: int, base: int, language: str
    ) -> tuple[Rendered, ...]:
        key = (edition, known, revision, base, language)
        if key not in self._drawn:
            told = await self._revision(edition, revision)
            parts = await self._sent(edition, known) if known != revision else 0
            look = Look(known, await self._before(base), parts)
            self._drawn[key] = Drawing(self._say(language), told, look).parts()
            for old in list(self._drawn)[:-_KEPT]:
                del self._drawn[old]
        return self._drawn[key]

    async def _revision(self, edition: int, number: int) -> Revision:
        text = await self.editions.text(edition, number)
        if text is None:
            raise TextDamaged(f"edition {edition} has no revision {number}")
        return _read(text)

    async def _sent(self, edition: int, known: int) -> int:
        """How many messages revision *known* was; 0 where that is gone."""
        try:
            return len((await self._revision(edition, known)).groups)
        except TextDamaged:
            return 0

    async def _before(self, edition: int) -> Revision | None:
        """What a reader had before; None where that is gone: a briefing goes out without marks."""
        try:
            text = await self.editions.newest_text(edition) if edition else None
            return _read(text) if text is not None else None
        except TextDamaged:
            return None

    def _say(self, language: str) -> Texts:
        return self.texts.get(language) or self.texts[self.fallback]


def _read(text: str) -> Revision:
    try:
        return read(text)
    except ValueError as error:
        raise TextDamaged(str(error)) from error
