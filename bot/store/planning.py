"""What is due: subscriptions whose hour has come get a row in the ledger, and their next hour.

Level-triggered: nothing is lost by a tick that did not happen, and a tick more changes nothing.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model import Kind, Slot, Status, Wish
from bot.schedule import CATCH_UP, Quiet, may_go, next_slot
from bot.store.file import Database, Session
from bot.store.rows import PUSHED

CHUNK = 200
"""Subscriptions planned in one transaction: deliveries wait no longer than that takes."""
PAUSE = dt.timedelta(days=7)
"""The longest pause that ends by itself."""
FARTHEST = PAUSE + dt.timedelta(days=1)
"""What is further ahead was written by a false clock."""
REBUILT = 2_000
"""Subscriptions whose hours are computed anew in one transaction."""
WAITS = dt.timedelta(days=1)
"""How long a briefing that was planned in time may wait in the queue, until about the next slot."""
EPOCH = dt.date(1970, 1, 1)

_DUE = (
    "SELECT id, zone, minute, days, next_due, next_date, since, last FROM subscription"
    " WHERE state = 0 AND next_due <= ? ORDER BY next_due, id LIMIT ?"
)
_NEWEST = "SELECT id FROM edition WHERE offered = 0 AND cancelled = 0 ORDER BY id DESC LIMIT 1"
_OLDER = "SELECT 1 FROM delivery WHERE status = 0 AND edition < ? AND kind = 0 LIMIT 1"
_SUPERSEDE = (
    "UPDATE delivery SET status = 3, reason = 'superseded', done_at = ?"
    " WHERE subscription = ? AND edition < ? AND kind = 0 AND part = 0 AND +status = 0"
)
_INSERT = (
    "INSERT INTO delivery"
    " (subscription, edition, kind, revision, base, due, not_before, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (subscription, edition, kind, revision, part) DO UPDATE SET"
    " status = 0, base = excluded.base, due = excluded.due, not_before = excluded.not_before,"
    " expires_at = excluded.expires_at, reason = NULL, done_at = NULL"
    " WHERE kind = 0 AND (status IN (0, 3) OR (status = 4 AND reason != 'uncertain'))"
)
"""A row that still waits, was skipped, or refused by a chat that is back, has another chance."""
_ADVANCE = "UPDATE subscription SET next_due = ?, next_date = ? WHERE id = ?"


_SHORTEN = "UPDATE subscription SET paused_until = ? WHERE id = ?"
_ENDED_BY = "UPDATE subscription SET state_at = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Planned:
    """How many subscriptions were due, and how many messages wait for that. `more` are due."""

    due: int
    rows: int
    more: bool


def seconds(at: dt.datetime) -> int:
    """*at* as the tables hold it: whole Unix seconds. ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"a time without its zone: {at}")
    return int(at.timestamp())


def instant(at: int) -> dt.datetime:
    """The time that the tables hold as *at*."""
    return dt.datetime.fromtimestamp(at, dt.UTC)


def day(date: dt.date) -> int:
    """*date* as the tables hold it: days since 1970."""
    return (date - EPOCH).days


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name."""
    return ZoneInfo(name)


class Slots:
    """The next slots of many wishes as seen from one instant: few differ."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now
        self._found: dict[tuple[str, int, int, int | None], Slot] = {}

    def of(self, zone: str, minute: int, days: int, beyond: int | None) -> Slot:
        """The slot after now on a later date than *beyond* (days since 1970)."""
        key = (zone, minute, days, beyond)
        slot = self._found.get(key)
        if slot is None:
            wish = Wish(zone=zone_of(zone), minute=minute, days=days)
            date = None if beyond is None else EPOCH + dt.timedelta(days=beyond)
            slot = self._found[key] = next_slot(wish, self._now, date)
        return slot


@dataclass(frozen=True, slots=True)
class Planner:
    """The step from subscriptions to the ledger. `quiet_line`: one is sent without news."""

    db: Database
    quiet: Quiet
    quiet_line: bool

    async def plan(self, now: dt.datetime, limit: int | None = None) -> Planned:
        """What was planned of that which was due by *now*, oldest first, in one transaction.

        At most *limit* subscriptions, CHUNK if none is given.
        """
        at, limit = seconds(now), limit or CHUNK
        if not await self.db.read(_DUE, (at, 1)):
            return Planned(0, 0, more=False)  # as in most ticks: nothing is written

        async def plan(db: Session) -> Planned:
            due = list(await db.execute_fetchall(_DUE, (at, limit)))
            newest = [row[0] for row in await db.execute_fetchall(_NEWEST)]
            edition = newest[0] if newest else 0
            rows = self._rows(due, edition, now)
            if list(await db.execute_fetchall(_OLDER, (edition,))):
                late = [(at, row[0], edition) for row in rows if row[2] == Kind.BRIEFING]
                await db.executemany(_SUPERSEDE, late)
            await db.executemany(_INSERT, rows)
            slots = Slots(now)
            await db.executemany(
                _ADVANCE,
                [
                    (seconds(slot.at), day(slot.date), row["id"])
                    for row in due
                    for slot in [
                        slots.of(row["zone"], row["minute"], row["days"], row["next_date"])
                    ]
                ],
            )
            return Planned(len(due), len(rows), more=len(due) == limit)

        return await self.db.change(plan)

    def _rows(
        self, due: Iterable[sqlite3.Row], edition: int, now: dt.datetime
    ) -> list[tuple[int, ...]]:
        """The rows of the ledger for *due*: a briefing for whom it is new, else perhaps a line.

        Of several slots that were missed, only the last may still be served.
        """
        recent, at = Slots(now - CATCH_UP), seconds(now)
        goes: dict[tuple[int, str], dt.datetime | None] = {}
        rows: list[tuple[int, ...]] = []
        for row in due:
            due_at, date, zone = row["next_due"], row["next_date"], row["zone"]
            if at - due_at > CATCH_UP.total_seconds():
                slot = recent.of(zone, row["minute"], row["days"], date - 1)
                due_at, date = seconds(slot.at), day(slot.date)
            if due_at > at:
                continue
            if (due_at, zone) not in goes:
                goes[due_at, zone] = may_go(instant(due_at), now, zone_of(zone), self.quiet)
            opens = goes[due_at, zone]
            kind, revision = Kind.BRIEFING, 0
            if edition <= max(row["since"], row["last"]):
                kind, revision = Kind.QUIET, date
            if opens is None or (kind is Kind.QUIET and not self.quiet_line):
                continue
            first = due_at if opens <= now else seconds(opens)
            until = first + int((CATCH_UP if kind is Kind.QUIET else WAITS).total_seconds())
            rows.append(
                (row["id"], edition, int(kind), revision, row["last"], due_at, first, until)
            )
        return rows

    async def rebuild(self, now: dt.datetime, above: int) -> int | None:
        """The last id done of subscriptions whose next hour was computed anew; None at the end.

        To be called with that until it is None: after a start, a change of the rules of zones,
        or a doubt about the clock. What is due already stays due. Times that a false clock wrote
        are put right: a pause too far ahead ends in a week, what ended ended by now.
        """
        at = seconds(now)
        far = at + int(FARTHEST.total_seconds())

        async def rebuild(db: Session) -> int | None:
            rows = list(
                await db.execute_fetchall(
                    "SELECT id, zone, minute, days, next_due, paused_until, state_at"
                    " FROM subscription WHERE id > ? ORDER BY id LIMIT ?",
                    (above, REBUILT),
                )
            )
            slots, changes = Slots(now), list[Sequence[int]]()
            for row in rows:
                if row["next_due"] > at:
                    slot = slots.of(row["zone"], row["minute"], row["days"], None)
                    if seconds(slot.at) != row["next_due"]:
                        beyond = await _pushed(db, row, at)
                        slot = slots.of(row["zone"], row["minute"], row["days"], beyond)
                        changes.append((seconds(slot.at), day(slot.date), row["id"]))
                if (row["paused_until"] or 0) > far:
                    await db.execute(_SHORTEN, (at + int(PAUSE.total_seconds()), row["id"]))
                if row["state_at"] > far:
                    await db.execute(_ENDED_BY, (at, row["id"]))
            await db.executemany(_ADVANCE, changes)
            return rows[-1]["id"] if len(rows) == REBUILT else None

        return await self.db.change(rebuild)


async def _pushed(db: Session, row: sqlite3.Row, at: int) -> int | None:
    """The local date of the last push to *row*, which gets no second one; None if none was.

    One that a false clock put into the time after *at* does not count.
    """
    pushed = (Kind.BRIEFING, Kind.QUIET, Status.PENDING, Status.SENDING, Status.SENT)
    [[last]] = await db.execute_fetchall(PUSHED, (row["id"], *pushed))
    if last is None or last > at:
        return None
    return day(instant(last).astimezone(zone_of(row["zone"])).date())
