"""Whether a file may be used: that it is a database, whole, and has room to grow."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from pathlib import Path

HEADER = b"SQLite format 3\0"
"""What the file of a database begins with."""
BACKUPS = "backups"
"""Name of the folder of backups, beside the file."""
ROOM, LEAST_ROOM = 200_000_000, 20_000_000
"""Bytes that are wanted free on the disk, with less a warning; and without which nothing starts."""

_LOG = logging.getLogger(__name__)


class StoreError(Exception):
    """The file cannot be used; the text says why and what to do."""


def check_header(path: Path) -> None:
    """Nothing; StoreError if the file at *path* holds something, and no database."""
    with path.open("rb") as file:
        begins = file.read(len(HEADER))
    if begins and begins != HEADER:
        raise StoreError(damaged(path, "file is not a database"))


def check_room(path: Path) -> None:
    """Nothing; StoreError if the disk is all but full, a warning if it may soon be.

    The database grows, its log beside it too, and each backup is as large as itself.
    """
    free, wanted = shutil.disk_usage(path.parent).free, max(ROOM, 2 * path.stat().st_size)
    if free >= wanted:
        return
    said = (
        f"{free // 1_000_000:,} MB are free where {path.parent} is, and"
        f" {wanted // 1_000_000:,} MB are wanted: make room there, or set another data_dir"
    )
    if free < LEAST_ROOM:
        raise StoreError(said)
    _LOG.warning("%s", said)


def damaged(path: Path, why: str) -> str:
    """What to tell the operator of a file that is damaged, and how."""
    kept = sorted((path.parent / BACKUPS).glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)
    newest = f"the newest is {kept[-1]}" if kept else f"there is none in {path.parent / BACKUPS}"
    return (
        f"it is damaged ({why[:200]}). `python -m bot restore FILE` puts a backup in its place;"
        f" {newest}"
    )


def is_damage(error: sqlite3.Error) -> bool:
    """Whether *error* speaks of a file that is not as SQLite left it."""
    return getattr(error, "sqlite_errorname", "") in ("SQLITE_CORRUPT", "SQLITE_NOTADB")
