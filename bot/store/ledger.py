"""The delivery ledger: one row a message, the truth about what was sent.

A row is claimed, and that is committed, before its message is sent; what became of it is written
after. What was claimed when the process died may have been sent: it is sent again, without sound,
and never more than three times.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.model import Delivery
from bot.schedule import MOST_COPIES, Ack, Quiet
from bot.store.claims import Turns, candidates, delivery_of, hindrance
from bot.store.file import Database, Session
from bot.store.outcomes import Outcome, Values, written
from bot.store.planning import seconds

SWEPT = 1_000
"""Messages of a cancelled edition that are skipped in one transaction."""
_RECOVER = """
    UPDATE delivery SET attempts = attempts + 1, ambiguous = ambiguous + (kind != 2), run = NULL,
        status = CASE WHEN kind != 2 AND ambiguous + 1 >= ?1 THEN 4 ELSE 0 END,
        reason = CASE WHEN kind != 2 AND ambiguous + 1 >= ?1 THEN 'uncertain' ELSE 'crash' END,
        done_at = CASE WHEN kind != 2 AND ambiguous + 1 >= ?1 THEN unixepoch() END
    WHERE status = 1
"""
"""An edit makes no copy, however often it is done: it is never given up for that."""
_UNPROVED = """
    SELECT id, revision, (SELECT count(*) FROM (
        SELECT 1 FROM subscription WHERE state = 0 LIMIT ?)) AS count
    FROM edition WHERE id = (SELECT max(id) FROM edition WHERE offered = 0 AND cancelled = 0)
        AND proved = 0 AND held IS NULL
"""
_CLAIM = """
    UPDATE delivery SET status = 1, run = ?1, sent_revision = CASE
        WHEN kind = 0 AND ambiguous > 0 THEN min(coalesce(sent_revision, ?2), ?2) ELSE ?2 END
    WHERE id = ?3 AND status = 0
"""
"""A copy that may have arrived said what it said: its reader is owed what was corrected since."""
_CANCELLED = """
    SELECT d.id FROM edition AS e CROSS JOIN delivery AS d ON d.edition = e.id
    WHERE e.cancelled = 1 AND d.status = 0 AND d.kind = 0 LIMIT ?
"""
_SKIP_CANCELLED = (
    "UPDATE delivery SET status = 3, reason = 'cancelled', done_at = ? WHERE id = ? AND status = 0"
)
_COUNT = (
    "INSERT INTO meta (key, value) VALUES ('sent', ?)"
    " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + excluded.value"
)


@dataclass(frozen=True, slots=True)
class Unproved:
    """An edition that waits to be proved, its revision, and how many chats it is for."""

    edition: int
    revision: int
    count: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """What may be sent now, and whether there may be more at once."""

    deliveries: tuple[Delivery, ...]
    more: bool


@dataclass(slots=True)
class Ledger:
    """The table of deliveries. `run` numbers the starts of the bot; `recover` begins one."""

    db: Database
    run: int = 0

    async def recover(self) -> int:
        """How many messages were being sent when the bot ended; they wait to be sent again.

        Each may have arrived, and counts as a copy: after the third it is given up as uncertain.
        """

        async def recover(db: Session) -> tuple[int, int]:
            rows = list(await db.execute_fetchall("SELECT value FROM meta WHERE key = 'run'"))
            run = int(rows[0][0]) + 1 if rows else 1
            await db.execute("REPLACE INTO meta (key, value) VALUES ('run', ?)", (str(run),))
            cursor = await db.execute(_RECOVER, (MOST_COPIES,))
            return run, cursor.rowcount

        self.run, count = await self.db.change(recover)
        return count

    async def claim(
        self,
        now: dt.datetime,
        limit: int,
        quiet: Quiet,
        waits: Callable[[int], float] = lambda _: 0.0,
    ) -> Claimed:
        """Up to *limit* messages that may go now; a crash from here on leaves them uncertain.

        Corrections first, then briefings, then edits, the longest due first; one a chat, and none
        to a chat that *waits* for some seconds. What may not go after all is put off or skipped.
        StoreError: nothing is claimed.
        """
        at = seconds(now)

        async def claim(db: Session) -> Claimed:
            rows = await candidates(db, at, limit)
            taken: list[tuple[sqlite3.Row, int]] = []
            turns, looked = Turns(now, waits), 0
            for row, revision in rows:
                if len(taken) == limit:
                    break
                looked += 1
                change = hindrance(row, now, quiet) or turns.hindrance(row)
                if change is None:
                    taken.append((row, revision))
                else:
                    await db.execute(*change)
            await db.executemany(_CLAIM, [(self.run, r, row["id"]) for row, r in taken])
            found = [await delivery_of(db, row, revision) for row, revision in taken]
            return Claimed(tuple(found), more=looked > len(taken) or len(rows) > looked)

        return await self.db.change(claim)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Nothing; what became of claimed messages is written. StoreError: none of it is.

        A row that is no longer ours to write, since its chat was forgotten, stays away.
        """

        async def settle(db: Session) -> None:
            statements: dict[str, list[Values]] = {}
            for outcome in outcomes:
                for sql, values in written(outcome, self.run):
                    statements.setdefault(sql, []).append(values)
            for sql, rows in statements.items():  # in the order of each outcome's own
                await db.executemany(sql, rows)
            sent = sum(isinstance(outcome.decision, Ack) for outcome in outcomes)
            if sent:
                await db.execute(_COUNT, (sent,))

        await self.db.change(settle)

    async def hold_edition(self, edition: int, reason: str) -> None:
        """Nothing; of *edition* nothing is claimed until `open_editions`."""
        await self.db.write(
            "UPDATE edition SET held = ? WHERE id = ? AND held IS NULL", (reason, edition)
        )

    async def open_editions(self) -> None:
        """Nothing; what was held may be sent, proved or not: the operator has seen it."""
        await self.db.write("UPDATE edition SET held = NULL, proved = 1 WHERE held IS NOT NULL", ())

    async def prove(self, edition: int) -> None:
        """Nothing; *edition* may go to its readers."""
        await self.db.write("UPDATE edition SET proved = 1 WHERE id = ?", (edition,))

    async def cancel(self, edition: int) -> None:
        """Nothing; the briefing of *edition* is claimed no more."""
        await self.db.write("UPDATE edition SET cancelled = 1 WHERE id = ?", (edition,))

    async def shut(self) -> set[int]:
        """The editions that are held or cancelled."""
        rows = await self.db.read("SELECT id FROM edition WHERE held IS NOT NULL OR cancelled = 1")
        return {row["id"] for row in rows}

    async def sweep(self, now: dt.datetime) -> int:
        """How many messages of cancelled editions were skipped; it is worth another call then."""
        if not await self.db.read(_CANCELLED, (1,)):
            return 0

        async def sweep(db: Session) -> int:
            rows = list(await db.execute_fetchall(_CANCELLED, (SWEPT,)))
            at = seconds(now)
            await db.executemany(_SKIP_CANCELLED, [(at, row["id"]) for row in rows])
            return len(rows)

        return await self.db.change(sweep)

    async def briefing(self, edition: int) -> str:
        """The briefing that *edition* is of; empty if there is none."""
        rows = await self.db.read("SELECT briefing FROM edition WHERE id = ?", (edition,))
        return str(rows[0][0]) if rows else ""

    async def noted(self, key: str) -> str | None:
        """What was noted under *key*; None if nothing was."""
        rows = await self.db.read("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    async def note(self, key: str, value: str | None) -> None:
        """Nothing; *value* is noted under *key* for the next start. None: nothing is."""
        if value is None:
            await self.db.write("DELETE FROM meta WHERE key = ?", (key,))
        else:
            await self.db.write("REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    async def unproved(self, most: int) -> Unproved | None:
        """The newest edition if it waits to be proved; None if none does.

        Its `count` of active subscriptions goes up to *most* + 1.
        """
        rows = await self.db.read(_UNPROVED, (most + 1,))
        return Unproved(*rows[0]) if rows else None
