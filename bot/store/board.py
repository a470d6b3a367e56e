"""How the push stands, read for the operator. Nothing here is changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.model import Edition, Kind, Standing, State, Status
from bot.store.claims import READY
from bot.store.file import Database
from bot.store.rows import edition_of

RATE_SECONDS = 60
"""Over how long the rate is taken."""

_EDITION = "SELECT * FROM edition"
_OLDEST = f"""
    SELECT min((SELECT min(d.not_before) FROM delivery AS d
        WHERE d.status = 0 AND d.edition = r.edition AND d.kind = r.kind)) AS oldest
    FROM ({READY}) AS r
"""
"""Since when the oldest message waits of those that may be sent now."""
_RECENT = """
    SELECT count(*) FROM (SELECT id FROM edition UNION ALL SELECT 0) AS e
    CROSS JOIN delivery AS d ON d.edition = e.id
    WHERE d.status > 1 AND d.status = 2 AND d.done_at > ?
"""
"""What was sent of any edition; 0 is that of quiet lines before there was one."""
_GOING = """
    SELECT briefing FROM edition AS e WHERE offered = 0 AND cancelled = 0 AND (
        EXISTS (SELECT 1 FROM delivery WHERE status = 0 AND edition = e.id AND kind = 0)
        OR EXISTS (SELECT 1 FROM delivery WHERE status = 1 AND edition = e.id AND kind = 0)
        OR (id = (SELECT max(id) FROM edition WHERE offered = 0 AND cancelled = 0) AND EXISTS (
            SELECT 1 FROM subscription AS s WHERE state IN (0, 1) AND since < e.id AND last < e.id
            AND NOT EXISTS (SELECT 1 FROM delivery WHERE subscription = s.id AND edition = e.id
                AND kind = 0 AND status = 4 AND reason = 'uncertain'))))
    ORDER BY id DESC LIMIT ?
"""
_ENDS = """
    SELECT status, coalesce(reason, '?') AS reason, count(*) AS number FROM delivery
    WHERE status > 1 AND edition = ?1 GROUP BY 1, 2
    UNION ALL SELECT 0, '?', count(*) FROM delivery WHERE status = 0 AND edition = ?1
    UNION ALL SELECT 1, '?', count(*) FROM delivery WHERE status = 1 AND edition = ?1
    ORDER BY 3 DESC, 2
"""


@dataclass(frozen=True, slots=True)
class Board:
    """Editions, subscriptions and deliveries, counted."""

    db: Database

    async def edition(self, briefing: str | None = None) -> Edition | None:
        """The edition of *briefing*, or the newest of all; None if there is none."""
        where, values = ("WHERE briefing = ?", (briefing,)) if briefing else ("", ())
        rows = await self.db.read(f"{_EDITION} {where} ORDER BY id DESC LIMIT 1", values)
        return edition_of(rows[0]) if rows else None

    async def newest(self, count: int) -> tuple[str, ...]:
        """The briefings of the *count* newest editions, newest first."""
        rows = await self.db.read("SELECT briefing FROM edition ORDER BY id DESC LIMIT ?", (count,))
        return tuple(row["briefing"] for row in rows)

    async def going(self, count: int) -> tuple[str, ...]:
        """The briefings of the *count* newest editions that somebody is to get, newest first.

        Those of which messages wait or are under way, and the newest that is pushed, while it is
        still to be planned for a reader.
        """
        rows = await self.db.read(_GOING, (count,))
        return tuple(row["briefing"] for row in rows)

    async def standing(self, edition: int, now: dt.datetime) -> Standing:
        """How all subscriptions and the deliveries of *edition* stand."""
        seconds = int(now.timestamp())
        states = await self.db.read("SELECT state, count(*) FROM subscription GROUP BY state")
        [[due]] = await self.db.read(
            "SELECT count(*) FROM subscription WHERE state = 0 AND next_due <= ?", (seconds,)
        )
        [[oldest]] = await self.db.read(_OLDEST, (seconds,))
        [[recent]] = await self.db.read(_RECENT, (seconds - RATE_SECONDS,))
        rows = await self.db.read(_ENDS, (edition,))
        reasons = {
            status: {row["reason"]: row["number"] for row in rows if row["status"] == status}
            for status in Status
        }
        return Standing(
            subscriptions={State(state): number for state, number in states},
            due=due,
            pending=sum(reasons[Status.PENDING].values()),
            sending=sum(reasons[Status.SENDING].values()),
            sent=sum(reasons[Status.SENT].values()),
            skipped=reasons[Status.SKIPPED],
            dead=reasons[Status.DEAD],
            rate=recent / RATE_SECONDS,
            lateness=dt.timedelta(seconds=max(0, seconds - oldest) if oldest is not None else 0),
        )

    async def awaiting(self, edition: int) -> tuple[int, int]:
        """How many chats are to get *edition* and have not, and what most of them had before.

        The latter is an edition, 0 for none.
        """
        rows = await self.db.read(
            "SELECT last, count(*) AS number FROM subscription AS s"
            " WHERE state = ? AND since < ? AND last < ?"
            " AND EXISTS (SELECT 1 FROM edition"
            "  WHERE id = ? AND NOT offered AND NOT cancelled)"
            " AND NOT EXISTS (SELECT 1 FROM delivery WHERE subscription = s.id AND edition = ?"
            "  AND kind = ? AND status IN (?, ?, ?))"
            " GROUP BY last ORDER BY 2 DESC, 1 DESC",
            (
                *(State.ACTIVE, edition, edition, edition, edition),
                *(Kind.BRIEFING, Status.SENT, Status.SKIPPED, Status.DEAD),
            ),
        )
        return sum(row["number"] for row in rows), rows[0]["last"] if rows else 0
