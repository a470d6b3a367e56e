"""The file: opened for one process, checked, written by one transaction at a time.

SQLite in WAL with `synchronous=FULL`: what was committed survives a power cut. One connection
writes, a second one reads beside it, so that a long look holds no delivery up.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from bot.store.check import StoreError, check_header, check_room, damaged, is_damage
from bot.store.schema import MIGRATIONS

BUSY_MS = 10_000
"""How long a statement waits for a lock that some other tool holds on the file."""
QUICK_FROM = 64_000_000
"""Bytes from which the check at the start leaves out whether indices agree with their tables."""
CACHE_KB = 16_000
"""Memory for pages of the file, for the connection that writes."""
SCRUB_MS = 100
"""How long emptying the log waits for who reads just then."""

_T = TypeVar("_T")
Statement = tuple[str, Sequence[Any]]
"""SQL and its values."""
Values = Sequence[Any] | Mapping[str, Any]
"""The values of a statement, in their order or by name."""


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """Turns what SQLite and its driver raise into StoreError."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise StoreError(str(error)) from error


class Session:
    """The statements of one transaction, as aiosqlite's connection has them; none of them waits."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        """The cursor of one statement."""
        return self.run(sql, lambda: self._db.execute(sql, values))

    async def executemany(self, sql: str, rows: Iterable[Values]) -> sqlite3.Cursor:
        """The cursor of one statement, done for each of *rows*."""
        return self.run(sql, lambda: self._db.executemany(sql, rows))

    async def execute_fetchall(self, sql: str, values: Values = ()) -> list[sqlite3.Row]:
        """All rows that one statement finds."""
        return self.run(sql, lambda: self._db.execute(sql, values).fetchall())

    def run(self, sql: str, work: Callable[[], _T]) -> _T:
        """What *work* gives, which is the statement *sql*. All statements come through here."""
        return work()


def _transact(db: sqlite3.Connection, what: Callable[[Session], Coroutine[Any, Any, _T]]) -> _T:
    """What *what* gives, its changes committed; or an error, and none of them made."""
    session = Session(db)
    session.run("BEGIN IMMEDIATE", lambda: db.execute("BEGIN IMMEDIATE"))
    try:
        found = _finished(what(session))
        session.run("COMMIT", lambda: db.execute("COMMIT"))
    except BaseException:
        db.rollback()
        raise
    return found


def _finished(work: Coroutine[Any, Any, _T]) -> _T:
    """What *work* returns, which must not wait for anything."""
    try:
        work.send(None)
    except StopIteration as done:
        found: _T = done.value
        return found
    work.close()
    raise RuntimeError("a transaction may wait for its own statements alone")


class Database:
    """One connection that writes, one that reads. Make it with `open`; end it with `close`."""

    def __init__(
        self, path: Path, db: aiosqlite.Connection, reader: aiosqlite.Connection, lock: int
    ) -> None:
        self.path = path
        self._db = db
        self._reader = reader
        self._lock_file = lock
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[Statement, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._changing: set[asyncio.Task[Any]] = set()

    @classmethod
    async def open(cls, path: Path) -> Self:
        """The database in the file *path*, made or brought up to date.

        StoreError if that fails, or if the file is damaged: then it is left as it is.
        """
        lock = take(path)
        try:
            check_header(path)
            check_room(path)
            db = await aiosqlite.connect(path, isolation_level=None)
            reader = await aiosqlite.connect(path, isolation_level=None)
        except (sqlite3.Error, OSError, StoreError) as error:
            os.close(lock)
            raise StoreError(f"{path} cannot be used: {error}") from error
        found = cls(path, db, reader, lock)
        try:
            await found._prepare()
        except StoreError as error:
            await found.close()
            raise StoreError(f"{path} cannot be used: {error}") from error
        except sqlite3.Error as error:
            await found.close()
            why = damaged(path, str(error)) if is_damage(error) else str(error)
            raise StoreError(f"{path} cannot be used: {why}") from error
        return found

    async def close(self) -> None:
        """Nothing; what was being written is written, then the file is free."""
        if self._writer is not None:
            await asyncio.wait([self._writer])
        if self._changing:
            await asyncio.wait(self._changing)
        await self._reader.close()
        await self._db.close()
        os.close(self._lock_file)

    async def change(self, what: Callable[[Session], Coroutine[Any, Any, _T]]) -> _T:
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
        with failing():
            return list(await self._reader.execute_fetchall(sql, values))

    async def write(self, sql: str, values: Sequence[Any]) -> None:
        """Nothing; *sql* is committed, together with what else waits. StoreError if it fails."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append(((sql, values), written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting(), name="store")
        with failing():
            await written

    async def scrub(self) -> bool:
        """Whether the log beside the file is empty now: it held what is deleted by now.

        False if somebody read it just then, or it cannot be done; it is worth another call later.
        """
        async with self._turn:
            try:
                await self._db.execute(f"PRAGMA busy_timeout = {SCRUB_MS}")
                [row] = await self._db.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                await self._db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            except (sqlite3.Error, ValueError):
                return False
        return not row[0]

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

    async def _change(self, what: Callable[[Session], Coroutine[Any, Any, _T]]) -> _T:
        async with self._turn:
            return await self._apart(what)

    async def _commit(self, statements: Sequence[Statement]) -> None:
        async def commit(db: Session) -> None:
            for sql, values in statements:
                await db.execute(sql, values)

        await self._apart(commit)

    async def _apart(self, what: Callable[[Session], Coroutine[Any, Any, _T]]) -> _T:
        """What *what* gives; all of it is one piece of work for the writer's thread.

        Each statement by itself would cost two changes of threads, which take long on a busy
        machine. aiosqlite has no public way to hand over more than one.
        """
        execute: Any = self._db._execute
        found: _T = await execute(_transact, self._db._conn, what)
        return found

    async def _prepare(self) -> None:
        self._db.row_factory = self._reader.row_factory = sqlite3.Row
        for db in (self._db, self._reader):
            await db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        await self._db.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        await self._check()
        await self._db.execute("PRAGMA journal_mode = WAL")
        await self._db.execute("PRAGMA synchronous = FULL")
        await self._db.execute("PRAGMA foreign_keys = ON")
        await self._db.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
        await self._reader.execute("PRAGMA query_only = ON")
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

    async def _check(self) -> None:
        """Nothing; StoreError if any page of the file is not as SQLite left it."""
        check = "quick" if self.path.stat().st_size > QUICK_FROM else "integrity"
        rows = list(await self._db.execute_fetchall(f"PRAGMA {check}_check(1)"))
        if rows[0][0] != "ok":
            raise StoreError(damaged(self.path, " ".join(str(rows[0][0]).split())))


def take(path: Path) -> int:
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
