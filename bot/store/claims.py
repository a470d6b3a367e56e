"""Which messages may go now, and what keeps the others: the reader's state, the hour, the night."""

from __future__ import annotations

import datetime as dt
import math
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.model import Address, Delivery, Kind, State
from bot.schedule import CATCH_UP, ON_TIME, Quiet, quiet_until
from bot.store.file import Session
from bot.store.planning import instant, seconds, zone_of

ORDER = (Kind.CORRECTION, Kind.BRIEFING, Kind.QUIET, Kind.EDIT)
"""What goes first; an edit makes no sound, and nobody waits for it."""
LOOKED_AT = 16
"""Rows that a claim looks at beyond those that it may take: some may not go after all."""
PAUSE_CHECK = 3600
"""Seconds after which a correction for a paused reader is looked at again."""
STEP = 1
"""Seconds between the rows of one chat that are put off together."""
QUEUED = dt.timedelta(hours=1)
"""How long a briefing for a chosen quiet hour may wait in the queue and still go in that night."""

READY = """
    WITH RECURSIVE waiting (id) AS (
        SELECT (SELECT edition FROM delivery WHERE status = 0 ORDER BY edition LIMIT 1)
        UNION ALL
        SELECT (SELECT edition FROM delivery WHERE status = 0 AND edition > waiting.id
            ORDER BY edition LIMIT 1)
        FROM waiting WHERE waiting.id IS NOT NULL
    ), kind (id) AS (VALUES (0), (1), (2), (3))
    SELECT w.id AS edition, k.id AS kind, coalesce(e.revision, 0) AS revision
    FROM waiting AS w CROSS JOIN kind AS k LEFT JOIN edition AS e ON e.id = w.id
    WHERE w.id IS NOT NULL AND e.held IS NULL
        AND (k.id != 0 OR (e.proved = 1 AND e.cancelled = 0))
        AND EXISTS (SELECT 1 FROM delivery AS d WHERE d.status = 0 AND d.edition = w.id
            AND d.kind = k.id AND d.not_before <= ?)
"""
"""The editions and kinds with something to send: a few seeks, however many rows there are."""

_CANDIDATES = """
    SELECT d.id, d.subscription, d.edition, d.kind, d.part, d.base, d.known, d.attempts,
        d.ambiguous, d.due, d.not_before, d.expires_at,
        s.chat, s.topic, s.language, s.state, s.zone, s.paused_until
    FROM delivery AS d LEFT JOIN subscription AS s ON s.id = d.subscription
    WHERE d.status = 0 AND d.edition = ? AND d.kind = ? AND d.not_before <= ?
    ORDER BY d.not_before, d.id LIMIT ?
"""
_BRIEFING = """
    SELECT message FROM delivery
    WHERE subscription = ? AND edition = ? AND kind = 0 AND revision = 0 AND part = ?
"""
_PUT_OFF = "UPDATE delivery SET not_before = ?, expires_at = max(expires_at, ?) WHERE id = ?"
_LATER = "UPDATE delivery SET not_before = ? WHERE id = ?"
_SKIP = "UPDATE delivery SET status = 3, reason = ?, done_at = ? WHERE id = ? AND status = 0"


def hindrance(
    row: sqlite3.Row, now: dt.datetime, quiet: Quiet
) -> tuple[str, tuple[object, ...]] | None:
    """The statement that skips *row* or puts it off; None if it may go now."""
    kind, at, key = Kind(row["kind"]), seconds(now), row["id"]
    state = State.GONE if row["state"] is None else State(row["state"])
    if kind is Kind.EDIT and state in (State.PAUSED, State.STOPPED):
        state = State.ACTIVE  # what stands in the chat is put right for all who have it
    if kind is Kind.CORRECTION and state is State.PAUSED:
        return _PUT_OFF, (max(row["paused_until"] or 0, at + PAUSE_CHECK), 0, key)
    if state is not State.ACTIVE:
        return _SKIP, (state.name.lower(), at, key)
    if at > row["expires_at"]:
        return _SKIP, ("late", at, key)
    until = _hush(row, kind, now, quiet)
    if until is None:
        return None
    if kind is Kind.QUIET:
        return _SKIP, ("late", at, key)
    opens = seconds(until)
    return _PUT_OFF, (opens, opens + int(CATCH_UP.total_seconds()), key)


def _hush(row: sqlite3.Row, kind: Kind, now: dt.datetime, quiet: Quiet) -> dt.datetime | None:
    """When the quiet hours end that hold *row*; None if none do."""
    if kind is Kind.EDIT:
        return None  # makes no sound
    zone = zone_of(row["zone"])
    until = quiet_until(now, zone, quiet)
    if until is None or kind is Kind.CORRECTION:
        return until
    due = instant(row["due"])
    chosen = quiet_until(due, zone, quiet) is not None
    return None if now - due <= (QUEUED if chosen else ON_TIME) else until


@dataclass(slots=True)
class Turns:
    """One turn a chat in one claim; `waits` tells for how many seconds a chat has none.

    Rows that wait for their chat are put off, a step apart: claimed, they would be in the way.
    """

    now: dt.datetime
    waits: Callable[[int], float]
    _rows: Counter[int] = field(default_factory=Counter)  # of each chat

    def hindrance(self, row: sqlite3.Row) -> tuple[str, tuple[object, ...]] | None:
        """The statement that puts *row* off, which could go else; None if it has the turn."""
        wait, before = self.waits(row["chat"]), self._rows[row["chat"]]
        self._rows[row["chat"]] += 1
        if wait <= 0 and not before:
            return None
        free = math.ceil(self.now.timestamp() + wait + before * STEP)
        return _LATER, (max(free, seconds(self.now) + 1), row["id"])


async def candidates(db: Session, at: int, limit: int) -> list[tuple[sqlite3.Row, int]]:
    """Rows that may go at *at*, some more than *limit*, in their order; with their revision."""
    ready = list(await db.execute_fetchall(READY, (at,)))
    found: list[tuple[sqlite3.Row, int]] = []
    for kind in ORDER:
        of_kind = []
        for edition in (row for row in ready if row["kind"] == kind):
            values = (edition["edition"], int(kind), at, limit + LOOKED_AT)
            rows = await db.execute_fetchall(_CANDIDATES, values)
            of_kind += [(row, edition["revision"]) for row in rows]
        found += sorted(of_kind, key=lambda pair: (pair[0]["not_before"], pair[0]["id"]))
        if len(found) >= limit + LOOKED_AT:
            break
    return found


async def delivery_of(db: Session, row: sqlite3.Row, revision: int) -> Delivery:
    """The claimed *row* as what is to be sent, of the edition's newest *revision*."""
    kind = Kind(row["kind"])
    message = None
    if kind in (Kind.CORRECTION, Kind.EDIT):
        part = row["part"] if kind is Kind.EDIT else 0
        of = (row["subscription"], row["edition"], part)
        messages = list(await db.execute_fetchall(_BRIEFING, of))
        message = messages[0][0] if messages else None
    return Delivery(
        id=row["id"],
        subscription=row["subscription"],
        address=Address(row["chat"], row["topic"]),
        language=row["language"],
        edition=row["edition"],
        kind=kind,
        revision=revision,
        known=row["known"],
        part=row["part"],
        base=row["base"],
        attempts=row["attempts"],
        ambiguous=row["ambiguous"],
        message=message,
    )
