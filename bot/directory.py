"""The briefings' directory: looked at every minute, and read when it has changed and is at rest.

While it is read, and if it cannot be used, the library before it answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from pathlib import Path

from bot.apart import apart
from bot.polling import Stopped, unless
from bot.revision import for_check, read
from bot.store import StoreError
from bot.takeover import Parts, Refusals, Takeover
from knowledge import ContentError, Problem
from knowledge.load import briefing_folders

EVERY = 60.0
"""Seconds from one look to the next."""

_LOG = logging.getLogger(__name__)

Signature = tuple[tuple[object, ...], ...]
"""What changes whenever a file of a briefing does: names, sizes, times and numbers of files."""


class Directory:
    """Watches *folder*, of which *loaded* (its signature before it was read) is on the shelf."""

    def __init__(self, folder: Path, parts: Parts, loaded: Signature | None = None) -> None:
        self._folder = folder
        self._with = parts
        self._takeover = Takeover(folder, parts)
        self._settled = loaded if loaded is not None else signature(folder)
        self._last = self._settled
        self._kept: dict[str, int] = {}

    async def start(self, refused: Refusals | None = None) -> None:
        """Nothing; what is on the shelf is known as editions, or the admins know why not.

        They are told of what is *refused* of the directory and hence is not on the shelf.
        """
        await self._takeover.first(refused or {})
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
            content = await apart(self._with.load)
            after = await apart(signature, self._folder)
            if after != found:
                self._last = after
                return
            await self._takeover.further(content)
        except ContentError as error:
            await self._takeover.refuse(error)
        except StoreError:
            raise
        except Exception as error:  # content that no check foresaw
            _LOG.exception("%s cannot be loaded", self._folder)
            problem = Problem(self._folder.as_posix(), 1, str(error))
            await self._takeover.refuse(ContentError([problem]))
        self._settled = found

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
