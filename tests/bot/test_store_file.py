"""Keeping the file: damage is refused, backups are whole, an old one is noticed, old rows go."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import stat
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import kept
from bot.model import Address, Wish
from bot.store import Store, StoreError, check, keep
from bot.store.keep import Mark
from bot.upkeep import Upkeep

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
WISH = Wish(zone=ZoneInfo("UTC"), minute=480)
PAGE = 4096


async def filled(path: Path, count: int = 300) -> Path:
    """A store with some subscriptions, closed again."""
    async with await Store.open(path) as store:
        await asyncio.gather(
            *(store.subscriptions.put(Address(chat), "en", WISH, NOW) for chat in range(count))
        )
    return path


def chats(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM subscription").fetchone()[0])


async def test_a_zeroed_header_is_refused_with_the_way_back(tmp_path: Path) -> None:
    path = await filled(tmp_path / "bot.sqlite3")
    made = keep.backup(path, NOW)
    with path.open("r+b") as file:
        file.write(bytes(100))
    before = path.read_bytes()

    with pytest.raises(StoreError, match="python -m bot restore FILE") as refused:
        await Store.open(path)
    assert str(made) in str(refused.value)
    assert path.read_bytes() == before


async def test_a_page_that_was_overwritten_is_refused(tmp_path: Path) -> None:
    path = await filled(tmp_path / "bot.sqlite3")
    pages = path.stat().st_size // PAGE
    refused = []
    whole = path.read_bytes()
    for page in range(1, pages):
        with path.open("r+b") as file:
            file.seek(page * PAGE)
            file.write(os.urandom(PAGE))
        try:
            await (await Store.open(path)).close()
        except StoreError as error:
            refused.append(str(error))
        path.write_bytes(whole)
    assert all("is damaged" in message for message in refused)
    assert len(refused) >= pages - 3  # a page that holds nothing may be overwritten


async def test_a_refused_file_is_free_for_the_restore(tmp_path: Path) -> None:
    path = await filled(tmp_path / "bot.sqlite3")
    made = keep.backup(path, NOW)
    path.write_bytes(b"diary " * 999)
    with pytest.raises(StoreError):
        await Store.open(path)
    kept = keep.restore(path, made, NOW)

    assert kept is not None
    assert kept.read_bytes().startswith(b"diary")
    assert chats(path) == 300
    async with await Store.open(path) as store:
        assert await store.ledger.noted("hold") == "restored"


async def test_a_backup_is_made_while_the_store_is_written(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with await Store.open(path) as store:
        await store.subscriptions.put(Address(1), "en", WISH, NOW)
        task = asyncio.create_task(asyncio.to_thread(keep.backup, path, NOW))
        for chat in range(2, 30):
            await store.subscriptions.put(Address(chat), "en", WISH, NOW)
        made = await task

    assert made.name == "2026-11-23T12-00.sqlite3"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert [file.name for file in made.parent.iterdir()] == [made.name]
    assert 1 <= chats(made) <= 29


async def test_backups_make_room_an_hour_then_a_day_at_a_time(tmp_path: Path) -> None:
    path = await filled(tmp_path / "bot.sqlite3", 1)
    folder = tmp_path / "backups"
    folder.mkdir()
    for hours in range(24 * 12):
        at = NOW - dt.timedelta(hours=hours + 1)
        (folder / f"{at:%Y-%m-%dT%H-%M}.sqlite3").touch()
    keep.backup(path, NOW)

    names = sorted(file.name for file in folder.iterdir())
    assert names[-1] == "2026-11-23T12-00.sqlite3"
    days = {name[:10] for name in names}
    assert sorted(days) == [f"2026-11-{day}" for day in range(17, 24)]
    assert len(names) == kept.HOURLY + 5


def test_a_loop_of_starts_pushes_no_backup_out_and_age_alone_does(tmp_path: Path) -> None:
    path, folder = tmp_path / "bot.sqlite3", tmp_path / "backups"
    folder.mkdir()
    ages = {f"2026-11-23T11-{minute:02}": minute == 59 for minute in range(60)}
    ages |= {"2026-11-22T13-05": True, "2026-11-17T08-00": True, "2026-11-15T23-59": False}
    ages |= {"2036-11-23T00-00": True, "photo": True}
    for name in ages:
        (folder / f"{name}.sqlite3").touch()
    (folder / "2026-11-23T11-59.part").touch()
    asides = {"2026-11-15T11-59-00": False, "2026-11-15T12-01-00": True}
    for name in asides:
        for end in ("", "-wal", "-shm"):
            path.with_name(f"{path.name}.before-{name}{end}").touch()
    keep.tidy(path, NOW)

    left = {file.name for file in folder.iterdir()}
    assert left == {f"{name}.sqlite3" for name, stays in ages.items() if stays}
    aside = {file.name.partition("before-")[2] for file in tmp_path.glob("*.before-*")}
    assert aside == {f"2026-11-15T12-01-00{end}" for end in ("", "-wal", "-shm")}


async def test_rows_go_behind_many_of_which_none_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "PRUNED", 10)
    async with await Store.open(tmp_path / "bot.sqlite3") as store:
        old, late = int((NOW - dt.timedelta(days=11)).timestamp()), int(NOW.timestamp())
        found = await store.subscriptions.put(Address(1), "en", WISH, NOW)
        for edition in range(35):
            status, done = (2, late) if edition < 30 else (4, old)
            await store.db.write(
                "INSERT INTO delivery (subscription, edition, kind, status, not_before,"
                " expires_at, done_at, reason) VALUES (?, ?, 0, ?, 0, 0, ?, 'uncertain')",
                (found.id, edition, status, done),
            )
        assert await keep.prune(store.db, NOW) == 5
        again = await store.subscriptions.of(Address(1))
        assert again is not None
        assert again.since == 34  # else the next slot would bring it a fourth time


async def test_what_ended_goes_with_all_that_is_left_of_it(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "bot.sqlite3") as store:
        before = NOW - dt.timedelta(days=kept.ENDED, seconds=1)
        for chat in (1, 2):
            found = await store.subscriptions.put(Address(chat), "en", WISH, before)
            await store.subscriptions.stop(Address(chat), before if chat == 1 else NOW)
            await store.db.write(
                "INSERT INTO delivery (subscription, edition, kind, not_before, expires_at)"
                " VALUES (?, 1, 0, 0, ?)",
                (found.id, int(NOW.timestamp())),
            )
        assert await keep.prune(store.db, NOW) == 2
        for table in ("delivery", "subscription"):
            assert len(await store.db.read(f"SELECT id FROM {table}")) == 1


async def test_the_end_awaits_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, over = threading.Event(), threading.Event()

    def slow(path: Path, now: dt.datetime) -> Path:
        begun.set()
        over.wait(20)
        return path

    monkeypatch.setattr(keep, "backup", slow)
    async with await Store.open(tmp_path / "bot.sqlite3") as store:
        job = asyncio.create_task(Upkeep(store, lambda: NOW)._backup())
        assert await asyncio.to_thread(begun.wait, 5)
        assert all(t.daemon for t in threading.enumerate() if t.name == "apart")
        job.cancel()
        await asyncio.wait({job}, timeout=2)
        assert job.cancelled()
        over.set()


async def test_what_is_no_backup_is_not_put_back(tmp_path: Path) -> None:
    path = await filled(tmp_path / "bot.sqlite3")
    other = tmp_path / "other"
    with contextlib.closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE photos (id INTEGER)")
    for source in (other, tmp_path / "missing"):
        with pytest.raises(StoreError, match="no backup of this bot"):
            keep.restore(path, source, NOW)
    assert chats(path) == 300


async def test_nothing_is_put_back_under_a_running_bot(tmp_path: Path) -> None:
    path = await filled(tmp_path / "bot.sqlite3")
    made = keep.backup(path, NOW)
    async with await Store.open(path):
        with pytest.raises(StoreError, match="another bot uses"):
            keep.restore(path, made, NOW)


async def test_a_database_behind_its_mark_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with await Store.open(path) as store:
        assert not await Mark(store.db).behind()
        await Mark(store.db).set(NOW)
        assert not await Mark(store.db).behind()
    old = keep.backup(path, NOW).read_bytes()
    async with await Store.open(path) as store:
        await Mark(store.db).set(NOW + dt.timedelta(hours=1))
    path.write_bytes(old)
    async with await Store.open(path) as store:
        assert await Mark(store.db).behind()
        (tmp_path / keep.MARK).unlink()
        assert await Mark(store.db).behind()  # put back on another machine
        (tmp_path / keep.MARK).write_text("[]")
        assert await Mark(store.db).behind()
        assert stat.S_IMODE((tmp_path / "bot.sqlite3").stat().st_mode) == 0o600


async def test_a_crash_between_database_and_mark_is_no_old_database(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with await Store.open(path) as store:
        await Mark(store.db).set(NOW)
        mark = (tmp_path / keep.MARK).read_text()
        await Mark(store.db).set(NOW + dt.timedelta(hours=1))
        (tmp_path / keep.MARK).write_text(mark)
        assert not await Mark(store.db).behind()


async def test_rows_go_when_their_time_is_over(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "bot.sqlite3") as store:
        old, new = NOW - dt.timedelta(days=31), NOW - dt.timedelta(days=29)
        for chat, at in ((1, old), (2, new)):
            await store.subscriptions.put(Address(chat), "en", WISH, at)
            await store.subscriptions.stop(Address(chat), at)
        await store.subscriptions.put(Address(3), "en", WISH, old)
        sql = (
            "INSERT INTO delivery (subscription, edition, kind, status, not_before, expires_at,"
            " done_at) VALUES (3, ?, 0, ?, 0, 0, ?)"
        )
        fresh = NOW - dt.timedelta(days=kept.DELIVERIES - 1)
        for edition, (status, done) in enumerate(((2, old), (2, fresh), (0, None))):
            at_ = None if done is None else int(done.timestamp())
            await store.db.write(sql, (edition, status, at_))
        assert await keep.prune(store.db, NOW) == 2
        rows = await store.db.read("SELECT edition, status FROM delivery ORDER BY id")
        assert [tuple(row) for row in rows] == [(1, 2), (2, 3)]  # what waited can go no more
        rows = await store.db.read("SELECT chat FROM subscription ORDER BY id")
        assert [row[0] for row in rows] == [2, 3]


@pytest.mark.parametrize("at_once", [True, False])
async def test_what_is_forgotten_leaves_no_bytes(tmp_path: Path, at_once: bool) -> None:
    path, chat = tmp_path / "bot.sqlite3", 0x5A_6B_7C_8D_9E_AF
    traces = chat.to_bytes(6, "big")

    def found() -> bool:
        return any(traces in file.read_bytes() for file in tmp_path.glob("bot.sqlite3*"))

    async with await Store.open(path) as store:
        book = store.subscriptions
        for topic in range(200):  # whole pages, which become free
            await book.put(Address(chat, topic), "en", WISH, NOW)
            await book.put(Address(topic), "en", WISH, NOW)
        assert await store.db.scrub()
        assert found()
        with contextlib.closing(sqlite3.connect(path)) as reading:
            if not at_once:  # as a backup does, which is made just then
                reading.execute("BEGIN")
                reading.execute("SELECT count(*) FROM subscription").fetchone()
            assert (await book.forget(chat)).left == 0
        if not at_once:
            assert found()
            assert await store.db.scrub()
        assert not found()
        assert (await book.of(Address(5))) is not None


@pytest.mark.parametrize(("free", "said"), [(250, ""), (199, "warning"), (21, "warning"), (19, "")])
async def test_a_disk_that_is_all_but_full_is_refused_and_one_that_soon_may_be_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    free: int,
    said: str,
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free * 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    if free < 20:
        with pytest.raises(StoreError, match=r"19 MB are free .* 200 MB are wanted: make room"):
            await Store.open(tmp_path / "bot.sqlite3")
        return
    async with await Store.open(tmp_path / "bot.sqlite3"):
        pass
    assert (f"{free} MB are free" in caplog.text) == bool(said)


def test_a_large_database_wants_twice_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bot.sqlite3"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    usage = shutil.disk_usage(tmp_path)._replace(free=500_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    check.check_room(path)
    assert "500 MB are free" in caplog.text
    assert "600 MB are wanted" in caplog.text
