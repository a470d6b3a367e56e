"""What outlives a crash: which updates are in work, by id. Never what a reader wrote.

One SQLite file, one process, one writer. Statements that wait at the same time share a commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiosqlite

BUSY_MS = 10_000
"""How long a statement waits for a lock that some other tool holds on the file."""

KEPT_SECONDS = 48 * 3600
"""Age at which a row is dropped whatever it says: Telegram itself keeps an update for 24 hours."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE work (
        update_id INTEGER PRIMARY KEY,
        attempts INTEGER NOT NULL DEFAULT 0,  -- begun, and not ended in good order
        done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),  -- answered or given up
        seen_at INTEGER NOT NULL  -- Unix seconds
    ) STRICT
    """,
)
"""One statement each, applied once, in this order; add at the end, never change one."""

_Statement = tuple[str, Sequence[Any]]


class StoreError(Exception):
    """The file cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of an update: how often work on it began, and whether it is over."""

    attempts: int = 0
    done: bool = False


@contextlib.contextmanager
def _failing() -> Iterator[None]:
    """Turns what SQLite and its driver raise into StoreError."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise StoreError(str(error)) from error


class Store:
    """The table of updates in work. Make it with `open`; end it with `close`."""

    def __init__(self, db: aiosqlite.Connection, lock: int) -> None:
        self._db = db
        self._lock_file = lock
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[_Statement, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path) -> Self:
        """The store in the file *path*, made or brought up to date; StoreError if that fails."""
        lock = _take(path)
        try:
            db = await aiosqlite.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            os.close(lock)
            raise StoreError(f"{path} cannot be opened: {error}") from error
        store = cls(db, lock)
        try:
            await store._prepare()
        except (sqlite3.Error, StoreError) as error:
            await store.close()
            raise StoreError(f"{path} cannot be used: {error}") from error
        return store

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Nothing; what was being written is written, then the file is free."""
        if self._writer is not None:
            await asyncio.wait([self._writer])
        await self._db.close()
        os.close(self._lock_file)

    async def begin(self, ids: Sequence[int], below: int | None) -> Mapping[int, Mark]:
        """What is known of each of *ids*. Rows under *below* go: Telegram has forgotten them."""
        now = int(time.time())
        kept = below if below is not None else -1
        forget = "DELETE FROM work WHERE update_id < ? OR seen_at < ?"
        remember = "INSERT OR IGNORE INTO work (update_id, seen_at) VALUES (?, ?)"
        async with self._turn:
            with _failing():
                await self._commit(
                    [(forget, (kept, now - KEPT_SECONDS)), *((remember, (i, now)) for i in ids)]
                )
                rows = await self._db.execute_fetchall("SELECT update_id, attempts, done FROM work")
        return {row[0]: Mark(row[1], bool(row[2])) for row in rows}

    async def started(self, update_id: int) -> None:
        """Nothing; once it returns, a crash counts as an attempt at this update."""
        await self._write("UPDATE work SET attempts = attempts + 1 WHERE update_id = ?", update_id)

    async def released(self, update_id: int) -> None:
        """Nothing; an attempt that an orderly stop cut short no longer counts."""
        await self._write("UPDATE work SET attempts = attempts - 1 WHERE update_id = ?", update_id)

    async def finished(self, update_id: int) -> None:
        """Nothing; once it returns, this update is not worked on again."""
        await self._write("UPDATE work SET done = 1 WHERE update_id = ?", update_id)

    async def _write(self, sql: str, update_id: int) -> None:
        written = asyncio.get_running_loop().create_future()
        self._waiting.append(((sql, (update_id,)), written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting(), name="store")
        with _failing():
            await written

    async def _write_waiting(self) -> None:
        """Commits all that waits, together, until nothing waits; errors go to those who wait."""
        while self._waiting:
            async with self._turn:
                batch, self._waiting = self._waiting, []
                error: Exception | None = None
                try:
                    await self._commit([statement for statement, _ in batch])
                except Exception as failed:
                    error = failed
            for _, written in batch:
                if written.done():
                    continue
                if error is None:
                    written.set_result(None)
                else:
                    written.set_exception(error)

    async def _commit(self, statements: Iterable[_Statement]) -> None:
        await self._db.execute("BEGIN IMMEDIATE")
        try:
            for sql, values in statements:
                await self._db.execute(sql, values)
            await self._db.execute("COMMIT")
        except BaseException:
            await self._db.rollback()
            raise

    async def _prepare(self) -> None:
        await self._db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        await self._db.execute("PRAGMA journal_mode = WAL")
        await self._db.execute("PRAGMA synchronous = FULL")
        await self._db.execute(
            "CREATE TABLE IF NOT EXISTS migration"
            " (number INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
        )
        found = list(await self._db.execute_fetchall("SELECT max(number) FROM migration"))
        applied = found[0][0] or 0
        if applied > len(MIGRATIONS):
            raise StoreError("it was written by a newer version of the bot; update the bot")
        for number, sql in enumerate(MIGRATIONS[applied:], start=applied + 1):
            note = "INSERT INTO migration VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
            await self._commit([(sql, ()), (note, (number,))])


def _take(path: Path) -> int:
    """The descriptor that keeps *path*, made if it was missing, for this process alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)
        except OSError:
            os.close(held)
            raise
    except BlockingIOError:
        raise StoreError(
            f"another bot uses {path.parent} already: stop it, or set another data_dir"
        ) from None
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
    return held
