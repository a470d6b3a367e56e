"""The file: opened for one process, brought up to date, written by one transaction at a time.

SQLite in WAL with `synchronous=FULL`: what was committed survives a power cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from bot.store.schema import MIGRATIONS

BUSY_MS = 10_000
"""How long a statement waits for a lock that some other tool holds on the file."""

_T = TypeVar("_T")
Statement = tuple[str, Sequence[Any]]
"""SQL and its values."""


class StoreError(Exception):
    """The file cannot be used; the text says why and what to do."""


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """Turns what SQLite and its driver raise into StoreError."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise StoreError(str(error)) from error


class Database:
    """One connection that writes. Make it with `open`; end it with `close`."""

    def __init__(self, path: Path, db: aiosqlite.Connection, lock: int) -> None:
        self.path = path
        self._db = db
        self._lock_file = lock
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[Statement, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._changing: set[asyncio.Task[Any]] = set()

    @classmethod
    async def open(cls, path: Path) -> Self:
        """The database in the file *path*, made or brought up to date; StoreError if that fails."""
        lock = _take(path)
        try:
            db = await aiosqlite.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            os.close(lock)
            raise StoreError(f"{path} cannot be opened: {error}") from error
        found = cls(path, db, lock)
        try:
            await found._prepare()
        except (sqlite3.Error, StoreError) as error:
            await found.close()
            raise StoreError(f"{path} cannot be used: {error}") from error
        return found

    async def close(self) -> None:
        """Nothing; what was being written is written, then the file is free."""
        if self._writer is not None:
            await asyncio.wait([self._writer])
        if self._changing:
            await asyncio.wait(self._changing)
        await self._db.close()
        os.close(self._lock_file)

    async def change(self, what: Callable[[aiosqlite.Connection], Coroutine[Any, Any, _T]]) -> _T:
        """What *what* gives, run in a transaction of its own, which is committed when it returns.

        StoreError if it fails; nothing is changed then. Who is cancelled while it runs does not
        undo it.
        """
        task = asyncio.create_task(self._change(what), name="store")
        self._changing.add(task)
        task.add_done_callback(self._changing.discard)
        with failing():
            return await asyncio.shield(task)

    async def read(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """The rows that *sql* finds, as they were last committed. StoreError if it fails."""
        async with self._turn:
            with failing():
                return list(await self._db.execute_fetchall(sql, values))

    async def write(self, sql: str, values: Sequence[Any]) -> None:
        """Nothing; *sql* is committed, together with what else waits. StoreError if it fails."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append(((sql, values), written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting(), name="store")
        with failing():
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

    async def _change(self, what: Callable[[aiosqlite.Connection], Awaitable[_T]]) -> _T:
        async with self._turn:
            await self._db.execute("BEGIN IMMEDIATE")
            try:
                found = await what(self._db)
                await self._db.execute("COMMIT")
            except BaseException:
                await self._db.rollback()
                raise
            return found

    async def _commit(self, statements: Iterable[Statement]) -> None:
        await self._db.execute("BEGIN IMMEDIATE")
        try:
            for sql, values in statements:
                await self._db.execute(sql, values)
            await self._db.execute("COMMIT")
        except BaseException:
            await self._db.rollback()
            raise

    async def _prepare(self) -> None:
        self._db.row_factory = sqlite3.Row
        await self._db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        await self._db.execute("PRAGMA journal_mode = WAL")
        await self._db.execute("PRAGMA synchronous = FULL")
        await self._db.execute("PRAGMA foreign_keys = ON")
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
