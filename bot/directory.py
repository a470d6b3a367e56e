"""The briefings' directory: looked at every minute, taken over whole or refused whole.

While a changed directory is read, and if it cannot be used, the library before it answers. A
briefing that was never seen becomes an edition; one that readers have changes by corrections alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.apart import apart
from bot.intake import Intake, take
from bot.polling import Stopped, unless
from bot.revision import Arrange, for_check, read
from bot.shelf import Shelf
from bot.store import Editions, StoreError
from knowledge import ContentError, Library, Problem
from knowledge.load import briefing_folders, examine_pushed

EVERY = 60.0
"""Seconds from one look to the next."""
MOST_PROBLEMS = 5
"""Problems that an alert names; the log has them all."""
_TRIES = 3
"""Times that editions are written anew because a push began meanwhile."""

_LOG = logging.getLogger(__name__)

Signature = tuple[tuple[object, ...], ...]
"""What changes whenever a file of a briefing does: names, sizes, times and numbers of files."""


class Alerts(Protocol):
    """Tells the admins."""

    async def tell(self, key: str, /, **values: object) -> None:
        """Nothing; each admin gets the sentence *key*, unless it was told lately."""


class Undeclared(ContentError):  # noqa: N818
    """Briefings, by id in `changed`, say other than what readers have, without an entry for it."""

    def __init__(self, problems: Iterable[Problem], changed: frozenset[str]) -> None:
        super().__init__(problems)
        self.changed = changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the directory works with. *load* reads it; `pushed` is where `check` looks."""

    load: Callable[[], Library]
    shelf: Shelf
    editions: Editions
    arrange: Arrange
    alerts: Alerts
    clock: Callable[[], dt.datetime]
    pushed: Path


class Directory:
    """Watches *folder*, of which *loaded* (its signature before it was read) is on the shelf."""

    def __init__(self, folder: Path, parts: Parts, loaded: Signature | None = None) -> None:
        self._folder = folder
        self._with = parts
        self._settled = loaded if loaded is not None else signature(folder)
        self._last = self._settled
        self._kept: dict[str, int] = {}

    async def start(self) -> None:
        """Nothing; what is on the shelf is known as editions, or the admins know why not.

        A briefing that changes what readers have, and does not say so, answers no more.
        """
        library = self._with.shelf.library
        try:
            await self._record(library)
        except Undeclared as error:
            await self._leave_out(library, error)
        except ContentError as error:
            await self._refuse(error)
        await self._keep()

    async def run(self, stop: asyncio.Event, every: float = EVERY) -> None:
        """Nothing; looks *every* so many seconds until *stop*."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(every):
                    await stop.wait()
            if stop.is_set():
                return
            try:
                await unless(stop, self.look())
            except Stopped:
                return
            except StoreError as error:
                _LOG.warning("the briefings are looked at again later: %s", error)
            except Exception:
                _LOG.exception("the briefings could not be looked at")

    async def look(self) -> None:
        """Nothing; a change that was there at the last look already is taken over, or refused."""
        found = await apart(signature, self._folder)
        last, self._last = self._last, found
        if found not in (self._settled, last):
            _LOG.info("%s is changing: it is read when it has come to rest", self._folder)
        elif found != self._settled:
            await self._reload(found)
        await self._keep()

    async def _reload(self, found: Signature) -> None:
        """Nothing; the directory as *found* answers from here on, or the admins know why not."""
        _LOG.info("%s was changed and is read", self._folder)
        try:
            library = await apart(self._with.load)
            after = await apart(signature, self._folder)
            if after != found:
                self._last = after
                return
            await self._record(library)
        except ContentError as error:
            await self._refuse(error)
        except StoreError:
            raise
        except Exception as error:  # content that no check foresaw
            _LOG.exception("%s cannot be loaded", self._folder)
            await self._refuse(ContentError([Problem(self._folder.as_posix(), 1, str(error))]))
        else:
            self._with.shelf.replace(library)
            _LOG.info("%d briefings answer", len(library.briefings))
        self._settled = found

    async def _record(self, library: Library) -> None:
        """Nothing; what *library* says is what editions say. ContentError if it must not be."""
        editions = self._with.editions
        for _ in range(_TRIES):
            known, now = await editions.known(), self._with.clock()
            found = take(library, known, now, self._with.arrange)
            if not found.good:
                problems = await apart(self._problems, found)
                changed = frozenset(id_ for id_, _ in found.undeclared)
                raise Undeclared(problems, changed) if changed else ContentError(problems)
            if not found.sheets or await editions.seen(found.sheets, known, now):
                return
        raise StoreError("editions changed again and again while they were written")

    def _problems(self, refused: Intake) -> list[Problem]:
        """What the editor reads of it: with file and line."""
        folders = {folder.resolve().name: folder for folder in briefing_folders(self._folder)}
        problems: list[Problem] = []
        for id_, pushed in refused.undeclared:
            folder = folders.get(id_, self._folder / id_)
            message = "it changes what readers have: declare that in corrections.yaml"
            general = Problem(folder.as_posix(), 1, message)
            problems += examine_pushed(folder, pushed) or (general,)
        for id_, twin in refused.twins:
            message = f"this briefing was seen as {twin!r} before: give the folder that name again"
            problems.append(Problem(folders.get(id_, self._folder / id_).as_posix(), 1, message))
        return problems

    async def _leave_out(self, library: Library, error: Undeclared) -> None:
        """Nothing; what is left of *library* answers and is recorded, and the admins know that."""
        left = [b for b in library.briefings if b.id not in error.changed]
        briefings = ", ".join(sorted(error.changed))
        if not left:  # an empty shelf would answer nobody
            said = self._said(error)
            await self._with.alerts.tell("push.kept_all_the_same", briefings=briefings, **said)
            return
        await self._with.alerts.tell("push.left_out", briefings=briefings, **self._said(error))
        rest = await apart(Library, left, library.smalltalk, library.encoder)
        self._with.shelf.replace(rest)
        try:
            await self._record(rest)
        except ContentError as other:
            await self._refuse(other)

    async def _refuse(self, error: ContentError) -> None:
        """Nothing; the admins know what is wrong."""
        await self._with.alerts.tell("push.refused", **self._said(error))

    def _said(self, error: ContentError) -> dict[str, object]:
        """What an alert says of *error*, which the log has whole."""
        _LOG.warning("%s is refused:\n%s", self._folder, error)
        count = len(error.problems)
        first = "\n".join(map(str, error.problems[:MOST_PROBLEMS]))
        problems = first.replace(f"{self._folder.as_posix()}/", "")
        return {"count": count, "problems": problems}

    async def _keep(self) -> None:
        """Nothing; what readers have lies where `python -m knowledge check` looks for it."""
        for known in await self._with.editions.known():
            edition = known.edition
            if not known.pushed or known.text is None:
                continue
            if self._kept.get(edition.briefing) == edition.revision:
                continue
            try:
                text = for_check(read(known.text))
                await apart(self._write, edition.briefing, text)
            except (OSError, ValueError) as error:
                _LOG.warning("what readers have of %s is not kept: %s", edition.briefing, error)
            else:
                self._kept[edition.briefing] = edition.revision

    def _write(self, id_: str, text: str) -> None:
        """Nothing; the file of *id_* holds *text*, whole."""
        self._with.pushed.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._with.pushed / f".{id_}.part"
        part.touch(mode=0o600)
        part.write_text(text, encoding="utf-8")
        part.replace(self._with.pushed / f"{id_}.yaml")


def signature(folder: Path) -> Signature:
    """What *folder* looks like: the briefings in it and all their files. Nothing is read."""
    found: list[tuple[object, ...]] = []
    try:
        folders = briefing_folders(folder)
    except OSError as error:
        return (("unreadable", error.errno),)
    for briefing in folders:
        found.append((briefing.name, briefing.resolve().as_posix()))
        try:
            entries = sorted(os.scandir(briefing), key=lambda entry: entry.name)
        except OSError as error:
            found.append((briefing.name, "unreadable", error.errno))
            continue
        for entry in entries:
            try:
                at = entry.stat()
            except OSError as error:  # a link that leads nowhere, a file that just went
                found.append((briefing.name, entry.name, error.errno))
            else:
                times = (at.st_mtime_ns, at.st_ctime_ns)
                found.append((briefing.name, entry.name, at.st_size, at.st_ino, *times))
    return tuple(found)
