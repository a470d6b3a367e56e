"""What outlives a crash: updates in work, subscriptions, editions, and the delivery ledger.

One SQLite file, one process, one writer. All SQL of the bot stands in this package, one module a
noun; another database would come beside it, behind the same methods.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from bot.store.board import Board
from bot.store.check import StoreError
from bot.store.editions import Editions, TextDamaged
from bot.store.file import Database
from bot.store.ledger import Ledger
from bot.store.subscriptions import Subscriptions
from bot.store.work import Mark, Work

__all__ = [
    "STORE",
    "Board",
    "Editions",
    "Ledger",
    "Mark",
    "Store",
    "StoreError",
    "Subscriptions",
    "TextDamaged",
    "Work",
]

STORE = "bot.sqlite3"
"""Name of the file in the data directory."""


class Store:
    """The tables of one file. Make it with `open`; end it with `close`."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.work = Work(db)
        self.editions = Editions(db)
        self.ledger = Ledger(db)
        self.board = Board(db)
        self.subscriptions = Subscriptions(db)

    @classmethod
    async def open(cls, path: Path) -> Self:
        """The store in the file *path*, made or brought up to date; StoreError if that fails."""
        return cls(await Database.open(path))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Nothing; what was being written is written, then the file is free."""
        await self.db.close()
