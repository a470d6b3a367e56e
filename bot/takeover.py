"""What becomes of briefings that were just read: each is taken over whole, or refused whole.

What is refused stays as it was, and holds back no other. A briefing that was never seen becomes
an edition; one that readers have changes by corrections alone.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from bot.apart import apart
from bot.intake import Intake, take
from bot.revision import Arrange
from bot.shelf import Shelf
from bot.store import Editions, StoreError
from bot.telling import Tells
from knowledge import ContentError, Library, Problem
from knowledge.load import Content, briefing_folders, examine_pushed
from knowledge.model import Briefing, SmalltalkTopic

MOST_PROBLEMS = 5
"""Problems that an alert names; the log has them all."""
_TRIES = 3
"""Times that editions are written anew because a push began meanwhile."""

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")

Refusals = Mapping[str, tuple[Problem, ...]]
"""By briefing, why it cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the directory works with. *load* reads it, *bind* makes a library of what was read.

    `pushed` is where `check` looks for what readers have.
    """

    load: Callable[[], Content]
    bind: Callable[[Sequence[Briefing], Sequence[SmalltalkTopic]], Library]
    shelf: Shelf
    editions: Editions
    arrange: Arrange
    alerts: Tells
    clock: Callable[[], dt.datetime]
    pushed: Path


@dataclass(frozen=True, slots=True)
class Takeover:
    """Takes briefings over that were read from *folder*."""

    folder: Path
    parts: Parts

    async def first(self, refused: Refusals) -> None:
        """Nothing; at a start, what is on the shelf is known as editions.

        What is not there, since it is *refused*, is told to the admins. So is a briefing that
        changes what readers have without saying so, or was seen under another name: it answers no
        more.
        """
        library, tell = self.parts.shelf.library, self.parts.alerts.tell
        problems = await self._recorded(library.briefings, self._problems, refused)
        left = [b for b in library.briefings if b.id not in problems]
        out = {**refused, **problems} if left else refused
        if out:
            await tell("push.not_used", **self._said(out))
        if problems and left:
            self.parts.shelf.replace(await apart(self.parts.bind, left, library.smalltalk))
        elif problems:  # an empty shelf would answer nobody
            await tell("push.kept_all_the_same", **self._said(problems))

    async def further(self, content: Content) -> None:
        """Nothing; what is good of *content* answers, and is known as editions.

        Of the rest, what answered before goes on, and the admins know why. ContentError if nothing
        is good.
        """
        library, refused = await self._recorded(
            content.briefings, lambda found: self._joined(content, found)
        )
        self.parts.shelf.replace(library)
        _LOG.info("%d briefings answer", len(library.briefings))
        if refused:
            await self.parts.alerts.tell("push.some_refused", **self._said(refused))

    async def refuse(self, error: ContentError) -> None:
        """Nothing; the admins know what is wrong, and that nothing has changed."""
        folder = self.folder.as_posix()
        await self.parts.alerts.tell("push.refused", **self._found(folder, error.problems))

    async def _recorded(
        self,
        briefings: Sequence[Briefing],
        prepare: Callable[[Intake], _T],
        there: Collection[str] = (),
    ) -> _T:
        """What *prepare* makes of the intake of *briefings*, whose sheets are editions then.

        At the very first start, *there* are those that lie beside them and cannot be used yet.
        """
        editions = self.parts.editions
        for _ in range(_TRIES):
            known, now = await editions.known(), self.parts.clock()
            found = take(briefings, known, now, self.parts.arrange)
            prepared = await apart(prepare, found)
            if not found.sheets or await editions.seen(found.sheets, known, now, there):
                return prepared
        raise StoreError("editions changed again and again while they were written")

    def _joined(self, content: Content, found: Intake) -> tuple[Library, Refusals]:
        """What is to answer: what is good, and of the rest what answered before; and that rest."""
        refused = {**content.refused, **self._problems(found)}
        good = [b for b in content.briefings if b.id not in refused]
        if not good:
            raise ContentError(chain.from_iterable(refused.values()))
        ids = {b.id for b in good}
        stay = {*refused, *(twin for _, twin in found.twins)} - ids
        kept = [b for b in self.parts.shelf.library.briefings if b.id in stay]
        return self.parts.bind([*good, *kept], content.smalltalk), refused

    def _problems(self, found: Intake) -> dict[str, tuple[Problem, ...]]:
        """What the editor reads of what must not be taken, by briefing: with file and line."""
        folders = {folder.resolve().name: folder for folder in briefing_folders(self.folder)}
        problems: dict[str, tuple[Problem, ...]] = {}
        for id_, pushed in found.undeclared:
            folder = folders.get(id_, self.folder / id_)
            message = "it changes what readers have: declare that in corrections.yaml"
            general = Problem(folder.as_posix(), 1, message)
            problems[id_] = examine_pushed(folder, pushed) or (general,)
        for id_, twin in found.twins:
            message = f"this briefing was seen as {twin!r} before: give the folder that name again"
            problem = Problem(folders.get(id_, self.folder / id_).as_posix(), 1, message)
            problems[id_] = (problem,)
        return problems

    def _said(self, refused: Refusals) -> dict[str, object]:
        """What an alert says of what is *refused*."""
        names = ", ".join(sorted(refused))
        return {"briefings": names, **self._found(names, chain.from_iterable(refused.values()))}

    def _found(self, what: str, problems: Iterable[Problem]) -> dict[str, object]:
        """What an alert says of the *problems* of *what* is refused; the log has them whole."""
        every = sorted(set(problems))
        _LOG.warning("refused: %s\n%s", what, "\n".join(map(str, every)))
        first = "\n".join(map(str, every[:MOST_PROBLEMS]))
        return {"count": len(every), "problems": first.replace(f"{self.folder.as_posix()}/", "")}
