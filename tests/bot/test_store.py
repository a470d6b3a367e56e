"""The store: what it knows after a crash, and who may open it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import stat
from pathlib import Path
from unittest import mock

import pytest

from bot.store import Mark, Store, StoreError, schema


async def reopened(path: Path) -> dict[int, Mark]:
    async with await Store.open(path) as found:
        return dict(await found.work.begin([1, 2, 3], None))


async def test_what_was_begun_and_finished_is_known_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "data" / "bot.sqlite3"
    async with await Store.open(path) as opened:
        assert set((await opened.work.begin([1, 2, 3], None)).values()) == {Mark()}
        await asyncio.gather(opened.work.started(1), opened.work.started(2), opened.work.started(3))
        await opened.work.finished(1)
        await opened.work.released(3)
    assert await reopened(path) == {1: Mark(1, True), 2: Mark(1), 3: Mark()}


async def test_what_telegram_has_forgotten_is_forgotten(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        await opened.work.begin([1, 2], None)
        await opened.work.finished(1)
        await opened.work.finished(2)
        assert await opened.work.begin([2, 3], 2) == {2: Mark(0, True), 3: Mark()}
        with contextlib.closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as db:
            assert db.execute("SELECT update_id FROM work").fetchall() == [(2,), (3,)]


async def test_rows_older_than_telegram_keeps_updates_go(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        with mock.patch("bot.store.work.time.time", return_value=1_000_000.0):
            await opened.work.begin([1], None)
        assert await opened.work.begin([2], None) == {2: Mark()}


async def test_writes_that_wait_together_share_a_commit(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        ids = list(range(1, 51))
        await opened.work.begin(ids, None)
        statements: list[str] = []
        await opened.db._db.set_trace_callback(statements.append)
        await asyncio.gather(*(opened.work.started(i) for i in ids))
        assert statements.count("COMMIT") <= 2
        assert set((await opened.work.begin(ids, None)).values()) == {Mark(1)}


async def test_one_failed_write_does_not_stop_the_next(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        await opened.work.begin([1], None)
        with pytest.raises(StoreError):
            await opened.db.write("UPDATE nowhere SET x = ?", (1,))
        await opened.work.finished(1)
        assert await opened.work.begin([1], None) == {1: Mark(0, True)}


async def test_a_cancelled_writer_is_written_all_the_same(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        await opened.work.begin([1, 2], None)
        task = asyncio.create_task(opened.work.finished(1))
        await asyncio.sleep(0)
        task.cancel()
        await opened.work.finished(2)
        assert await opened.work.begin([1, 2], None) == {1: Mark(0, True), 2: Mark(0, True)}


async def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "bot.sqlite3"
    async with await Store.open(path) as opened:
        await opened.work.begin([1], None)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_two_processes_cannot_share_it_and_the_next_one_can_have_it(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with await Store.open(path):
        with pytest.raises(StoreError, match="another bot uses"):
            await Store.open(path)
    await (await Store.open(path)).close()


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    path.write_bytes(b"my diary " * 100)
    with pytest.raises(StoreError, match="cannot be used"):
        await Store.open(path)
    assert path.read_bytes() == b"my diary " * 100


async def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match="cannot be written"):
        await Store.open(tmp_path / "data" / "bot.sqlite3")


async def test_migrations_run_once_and_record_themselves(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    await (await Store.open(path)).close()
    more = (*schema.MIGRATIONS, "CREATE TABLE extra (x INTEGER) STRICT")
    with mock.patch("bot.store.file.MIGRATIONS", more):
        for _ in range(2):
            await (await Store.open(path)).close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        numbers = [row[0] for row in db.execute("SELECT number FROM migration")]
        assert numbers == list(range(1, len(more) + 1))
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with pytest.raises(StoreError, match="newer version"):
        await Store.open(path)


async def test_a_migration_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    broken = (*schema.MIGRATIONS, "CREATE TABLE work (again INTEGER) STRICT")
    with mock.patch("bot.store.file.MIGRATIONS", broken), pytest.raises(StoreError):
        await Store.open(path)
    assert await reopened(path) == {1: Mark(), 2: Mark(), 3: Mark()}
