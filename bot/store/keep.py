"""Keeping the file: backups beside it, an old one put back, old rows out, a mark of how far it was.

The mark stands in a file of its own. If that is ahead of the database, an older database was put in
its place, and what it does not know was sent must not be sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.store.check import BACKUPS, StoreError, check_header
from bot.store.file import Database, Session, take
from bot.store.planning import seconds

HOURLY, DAILY = 24, 7
"""Backups that are kept: one an hour, then one a day."""
KEPT_DAYS = 30
"""Days after which a delivery, and a subscription that ended, is deleted."""
PRUNED = 2_000
"""Rows looked at in one transaction."""
MARK = "high-water.json"
"""Name of the file of the mark, beside the database."""
TICKED = "ticked"
"""Under which key the database keeps the time of its last mark, in Unix seconds."""
BEHIND = 120
"""Seconds by which the mark may be ahead of the database: a crash between the two."""

_LOG = logging.getLogger(__name__)


def backup(path: Path, now: dt.datetime) -> Path:
    """A copy of the database *path* as it is now, checked; the oldest copies make room.

    StoreError if it cannot be made. It runs beside the bot, and takes a while.
    """
    folder = path.parent / BACKUPS
    target = folder / f"{now.astimezone(dt.UTC):%Y-%m-%dT%H-%M}.sqlite3"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob("*.part*"):
            left.unlink()
        os.close(os.open(part, os.O_CREAT | os.O_RDWR, 0o600))
        with (
            contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
            contextlib.closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        check(part)
        part.replace(target)
        _thin(folder, now)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"no backup could be made in {folder}: {error}") from error
    return target


def check(path: Path) -> None:
    """Nothing; StoreError if *path* is no whole database of this bot."""
    try:
        check_header(path)
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            [[found]] = db.execute("PRAGMA integrity_check(1)")
            if found != "ok":
                raise StoreError(f"{path} is damaged ({found})")
            db.execute("SELECT max(number) FROM migration").fetchone()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} is no backup of this bot: {error}") from error


def restore(path: Path, source: Path, now: dt.datetime) -> Path | None:
    """Where the old database is now; *source* stands in its place, with the push on hold.

    None if there was no old one. StoreError if the bot runs, or *source* cannot be used: then
    nothing has changed.
    """
    check(source.resolve())
    lock = take(path)
    try:
        part = path.with_name(path.name + ".part")
        shutil.copyfile(source, part)
        part.chmod(0o600)
        with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as db:
            with contextlib.suppress(sqlite3.OperationalError):  # older than the push
                db.execute("REPLACE INTO meta (key, value) VALUES ('hold', 'restored')")
            db.execute("PRAGMA journal_mode = DELETE")
        aside = path.with_name(f"{path.name}.before-{now.astimezone(dt.UTC):%Y-%m-%dT%H-%M-%S}")
        kept = None
        if path.stat().st_size:
            kept = aside
            for end in ("", "-wal", "-shm"):  # a database is not whole without them
                with contextlib.suppress(FileNotFoundError):
                    path.with_name(path.name + end).replace(aside.with_name(aside.name + end))
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{source} could not be put back: {error}") from error
    finally:
        os.close(lock)
    return kept


def _thin(folder: Path, now: dt.datetime) -> None:
    """Nothing; the newest HOURLY copies stay, and the last one of each of DAILY days."""
    names = sorted((file for file in folder.glob("*.sqlite3")), reverse=True)
    days: dict[str, Path] = {}
    for file in names:
        days.setdefault(file.name[:10], file)
    keep = {*names[:HOURLY], *list(days.values())[:DAILY]}
    for file in names:
        if file not in keep:
            file.unlink()


class Mark:
    """How far the database was, in a file beside it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._path = db.path.with_name(MARK)

    async def behind(self) -> bool:
        """Whether the database is older than its mark, or has lost it."""
        rows = await self._db.read("SELECT key, value FROM meta WHERE key IN ('ticked', 'sent')")
        known = {row["key"]: int(row["value"]) for row in rows}
        try:
            mark = json.loads(self._path.read_text(encoding="utf-8"))
            ticked, sent = int(mark["ticked"]), int(mark["sent"])
        except FileNotFoundError:
            return TICKED in known
        except (OSError, ValueError, KeyError, TypeError) as error:
            _LOG.error("%s cannot be read: %s", self._path, type(error).__name__)
            return TICKED in known
        return ticked > known.get(TICKED, 0) + BEHIND or sent > known.get("sent", 0)

    async def set(self, now: dt.datetime) -> None:
        """Nothing; the database, then its mark, say that they were there at *now*."""
        at = seconds(now)
        await self._db.write("REPLACE INTO meta (key, value) VALUES ('ticked', ?)", (str(at),))
        rows = await self._db.read("SELECT value FROM meta WHERE key = 'sent'")
        sent = int(rows[0][0]) if rows else 0
        part = self._path.with_suffix(".part")
        try:
            await asyncio.to_thread(_write, part, json.dumps({"ticked": at, "sent": sent}))
            part.replace(self._path)
        except OSError as error:
            _LOG.error("%s cannot be written: %s", self._path, error.strerror)


def _write(path: Path, text: str) -> None:
    """Nothing; *path*, for its owner alone, holds *text*."""
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


async def prune(db: Database, now: dt.datetime) -> int:
    """How many rows were deleted whose time is over."""
    before = seconds(now - dt.timedelta(days=KEPT_DAYS))
    deleted, above = 0, 0
    while True:
        last, gone = await _prune(db, before, above)
        deleted += gone
        if last is None or not gone:  # rows come in the order of time: the rest is younger
            break
        above = last

    async def ended(db: Session) -> int:
        cursor = await db.execute(_ENDED, (before,))
        return cursor.rowcount

    return deleted + await db.change(ended)


async def _prune(db: Database, before: int, above: int) -> tuple[int | None, int]:
    async def prune(db: Session) -> tuple[int | None, int]:
        rows = list(await db.execute_fetchall(_OLD, (above, PRUNED)))
        old: Sequence[tuple[int]] = [
            (row["id"],) for row in rows if row["done_at"] is not None and row["done_at"] < before
        ]
        await db.executemany("DELETE FROM delivery WHERE id = ? AND status >= 2", old)
        return (rows[-1]["id"] if len(rows) == PRUNED else None), len(old)

    return await db.change(prune)


_OLD = "SELECT id, done_at FROM delivery WHERE id > ? ORDER BY id LIMIT ?"
_ENDED = """
    DELETE FROM subscription WHERE state IN (2, 3, 4) AND state_at < ?
        AND NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.subscription = subscription.id)
"""
