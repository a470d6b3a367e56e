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
from pathlib import Path

from bot import kept
from bot.store.check import BACKUPS, StoreError, check_header
from bot.store.file import Database, Session, take
from bot.store.planning import seconds

PRUNED = 2_000
"""Deliveries looked at in one transaction."""
AT_ONCE = 500
"""Subscriptions that are deleted in one transaction."""
MARK = "high-water.json"
"""Name of the file of the mark, beside the database."""
TICKED = "ticked"
"""Under which key the database keeps the time of its last mark, in Unix seconds."""
BEHIND = 120
"""Seconds by which the mark may be ahead of the database: a crash between the two."""

_STAMP, _ASIDE = "%Y-%m-%dT%H-%M", "%Y-%m-%dT%H-%M-%S"
_DAY = 86_400

_LOG = logging.getLogger(__name__)


def backup(path: Path, now: dt.datetime) -> Path:
    """A copy of the database *path* as it is now, checked; the oldest copies make room.

    StoreError if it cannot be made. It runs beside the bot, and takes a while.
    """
    folder = path.parent / BACKUPS
    target = folder / f"{now.astimezone(dt.UTC):{_STAMP}}.sqlite3"
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
        _thin(path, now)
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
        aside = path.with_name(f"{path.name}.before-{now.astimezone(dt.UTC):{_ASIDE}}")
        old = None
        if path.stat().st_size:
            old = aside
            for end in ("", "-wal", "-shm"):  # a database is not whole without them
                with contextlib.suppress(FileNotFoundError):
                    path.with_name(path.name + end).replace(aside.with_name(aside.name + end))
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{source} could not be put back: {error}") from error
    finally:
        os.close(lock)
    return old


def tidy(path: Path, now: dt.datetime) -> None:
    """Nothing; of the copies of the database *path* those are left that are to be kept at *now*.

    What a backup left that did not come to its end goes, too. StoreError if that fails.
    """
    try:
        for left in (path.parent / BACKUPS).glob("*.part*"):
            left.unlink(missing_ok=True)
        _thin(path, now)
    except OSError as error:
        raise StoreError(f"old backups cannot be deleted: {error}") from error


def _thin(path: Path, now: dt.datetime) -> None:
    """Nothing; the last copy of each of HOURLY hours and DAILY days stays.

    A copy from a time to come was made at a false hour: the last of each of DAILY days stays.
    """
    hours: set[str] = set()
    days: set[str] = set()
    ahead: set[str] = set()
    for file in sorted((path.parent / BACKUPS).glob("*.sqlite3"), reverse=True):
        at = _time_in(file.stem, _STAMP)
        if at is None:  # a name that is not ours
            continue
        hour, day, since = file.name[:13], file.name[:10], now - at
        keep = False
        if since < dt.timedelta(hours=-1):
            keep = day not in ahead and len(ahead) < kept.DAILY
            ahead.add(day)
        else:
            keep |= since < dt.timedelta(hours=kept.HOURLY) and hour not in hours
            age = (now.astimezone(dt.UTC).date() - at.date()).days
            keep |= age < kept.DAILY and day not in days
            hours.add(hour)
            days.add(day)
        if not keep:
            file.unlink(missing_ok=True)
    for file in path.parent.glob(f"{path.name}.before-*"):
        stamp = file.name.removeprefix(f"{path.name}.before-").removesuffix("-wal")
        at = _time_in(stamp.removesuffix("-shm"), _ASIDE)
        if at is not None and now - at > dt.timedelta(days=kept.BACKUPS):
            file.unlink(missing_ok=True)


def _time_in(stamp: str, form: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(stamp, form).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


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
    """How many rows were deleted whose time is over; what waits and can go no more is skipped."""
    at = seconds(now)
    deleted, above = 0, 0
    while True:
        last, gone = await _prune(db, at, above)
        deleted += gone
        if last is None:
            break
        above = last
    while gone := await _prune_ended(db, at - kept.ENDED * _DAY):
        deleted += gone
    return deleted


async def _prune(db: Database, at: int, above: int) -> tuple[int | None, int]:
    """The last id looked at of those *above* that, None at the end; how many were deleted."""
    before = at - kept.DELIVERIES * _DAY
    [(last, late, old)] = await db.read(_LOOK, (at - _DAY, before, above, PRUNED))
    if not late and not old:
        return last, 0

    async def prune(db: Session) -> int:
        await db.execute(_LATE, (at, above, last, at - _DAY))
        await db.execute(_GIVEN_UP, (above, last, before))
        cursor = await db.execute(_OLD, (above, last, before))
        return cursor.rowcount

    return last, await db.change(prune)


async def _prune_ended(db: Database, before: int) -> int:
    """How many subscriptions and deliveries of theirs were deleted, having ended *before*."""
    ended = [tuple(row) for row in await db.read(_ENDED, (before, AT_ONCE))]
    if not ended:
        return 0

    async def prune(db: Session) -> int:
        gone = 0
        for (id_,) in ended:
            cursor = await db.execute(_END, (id_, before))
            if cursor.rowcount:
                left = await db.execute("DELETE FROM delivery WHERE subscription = ?", (id_,))
                gone += cursor.rowcount + left.rowcount
        return gone

    return await db.change(prune)


_LOOK = """
    SELECT max(id), coalesce(sum(status = 0 AND expires_at < ?), 0),
        coalesce(sum(status >= 2 AND done_at < ?), 0)
    FROM (SELECT id, status, expires_at, done_at FROM delivery WHERE id > ? ORDER BY id LIMIT ?)
"""
_LATE = """
    UPDATE delivery SET status = 3, reason = 'late', done_at = ?
    WHERE id > ? AND id <= ? AND +status = 0 AND expires_at < ? AND NOT EXISTS (
        SELECT 1 FROM subscription AS s WHERE s.id = delivery.subscription AND s.state = 1)
"""
"""What a paused reader is owed is put off, not late."""
_GIVEN_UP = """
    UPDATE subscription SET since = max(since, d.edition) FROM (
        SELECT subscription, max(edition) AS edition FROM delivery
        WHERE id > ? AND id <= ? AND +status = 4 AND reason = 'uncertain' AND kind = 0
            AND done_at < ? GROUP BY subscription) AS d
    WHERE subscription.id = d.subscription
"""
"""Without its row, an edition that went out three times must not be planned anew."""
_OLD = "DELETE FROM delivery WHERE id > ? AND id <= ? AND +status >= 2 AND done_at < ?"
_ENDED = "SELECT id FROM subscription WHERE state IN (2, 3, 4) AND state_at < ? LIMIT ?"
_END = "DELETE FROM subscription WHERE id = ? AND state IN (2, 3, 4) AND state_at < ?"
