"""Which updates are in work, by id. Never what a reader wrote."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.store.file import Database, Session

KEPT_SECONDS = 48 * 3600
"""Age at which a row is dropped whatever it says: Telegram itself keeps an update for 24 hours."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of an update: how often work on it began, and whether it is over."""

    attempts: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """The table of updates in work."""

    db: Database

    async def begin(self, ids: Sequence[int], below: int | None) -> Mapping[int, Mark]:
        """What is known of each of *ids*. Rows under *below* go: Telegram has forgotten them."""
        now = int(time.time())
        kept = below if below is not None else -1

        async def note(db: Session) -> Mapping[int, Mark]:
            await db.execute(
                "DELETE FROM work WHERE update_id < ? OR seen_at < ?", (kept, now - KEPT_SECONDS)
            )
            await db.executemany(
                "INSERT OR IGNORE INTO work (update_id, seen_at) VALUES (?, ?)",
                [(update_id, now) for update_id in ids],
            )
            rows = await db.execute_fetchall("SELECT update_id, attempts, done FROM work")
            return {row[0]: Mark(row[1], bool(row[2])) for row in rows}

        return await self.db.change(note)

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
        await self.db.write(sql, (update_id,))
