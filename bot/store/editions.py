"""Editions: which briefings were seen, what each said in each revision, who is owed a correction.

What an edition says is a text to this module; a hash stands beside it, and is compared whenever
it is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.model import Edition, Kind, State
from bot.store.file import Database, Session
from bot.store.rows import edition_of

FIRST = 1
"""The number of an edition's first revision."""
PLANNED_AT_ONCE = 2_000
"""Deliveries for which corrections are planned in one transaction."""
GOOD_FOR = dt.timedelta(days=30)
"""How long a correction may wait to be sent."""

THERE = "there"
"""Under which key the store keeps what lay there at the very first start and could not be used."""
SUPERSEDED = "superseded"
"""The reason of a correction that a later one took the place of."""

_KNOWN = """
    SELECT e.id, e.briefing, e.revision, e.seen_at, e.offered, e.held, e.cancelled, e.proved,
        r.points, r.hash,
        EXISTS (SELECT 1 FROM delivery WHERE edition = e.id AND kind = 0 AND status = 2)
        OR EXISTS (SELECT 1 FROM delivery WHERE edition = e.id AND kind = 0 AND status = 1)
        OR EXISTS (SELECT 1 FROM delivery WHERE edition = e.id AND kind = 0 AND ambiguous > 0)
        AS pushed
    FROM edition AS e LEFT JOIN revision AS r ON r.edition = e.id AND r.number = e.revision
    ORDER BY e.id
"""


class TextDamaged(Exception):  # noqa: N818
    """A stored text is not what was written: it must not be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a briefing says from now on. `notice` is whether it corrects a fact that was pushed."""

    briefing: str
    text: str
    notice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An edition with its newest text, and whether somebody has it. A damaged text is None."""

    edition: Edition
    text: str | None
    pushed: bool


@dataclass(frozen=True, slots=True)
class Editions:
    """The tables of editions and their revisions."""

    db: Database

    async def known(self) -> tuple[Known, ...]:
        """Every edition with what it says, in the order in which they were seen."""
        rows = await self.db.read(_KNOWN)
        return tuple(
            Known(
                edition=edition_of(row),
                text=row["points"] if _whole(row["points"], row["hash"]) else None,
                pushed=bool(row["pushed"]),
            )
            for row in rows
        )

    async def text(self, edition: int, number: int) -> str | None:
        """What *edition* said in that revision; None if there is none. TextDamaged if it is not."""
        rows = await self.db.read(
            "SELECT points, hash FROM revision WHERE edition = ? AND number = ?", (edition, number)
        )
        if not rows:
            return None
        if not _whole(rows[0]["points"], rows[0]["hash"]):
            raise TextDamaged(f"the text of edition {edition}, revision {number}, is damaged")
        return str(rows[0]["points"])

    async def newest_text(self, edition: int) -> str | None:
        """What *edition* says now; None if there is none. TextDamaged if it is not that."""
        rows = await self.db.read("SELECT revision FROM edition WHERE id = ?", (edition,))
        return await self.text(edition, rows[0]["revision"]) if rows else None

    async def seen(
        self,
        sheets: Sequence[Sheet],
        known: Collection[Known],
        now: dt.datetime,
        there: Collection[str] = (),
    ) -> bool:
        """Whether *sheets* are what their briefings say from now on; else nothing changed.

        A briefing without an edition gets one, in the order of *sheets*, the newest last; these
        are offered if there was no edition at all, and so are those *there* whenever they come.
        The others get a further revision. *known* is what was known when the sheets were written:
        if that no longer holds, they are not taken.
        """
        at = int(now.timestamp())
        wanted = {k.edition.briefing: (k.edition.id, k.edition.revision, k.pushed) for k in known}

        async def take(db: Session) -> bool:
            found = await db.execute_fetchall(_KNOWN)
            if {r[1]: (r[0], r["revision"], bool(r["pushed"])) for r in found} != wanted:
                return False
            offered = await _offered(db, sheets, there, first=not wanted)
            for sheet in sheets:
                edition, number, _ = wanted.get(sheet.briefing, (None, FIRST - 1, False))
                await _further(db, sheet, edition, number + 1, at, sheet.briefing in offered)
            return True

        return await self.db.change(take)

    async def plan_corrections(
        self, now: dt.datetime, opens: Callable[[ZoneInfo], dt.datetime] | None = None
    ) -> int:
        """How many messages were found whose readers have an old text; now corrections wait.

        At most PLANNED_AT_ONCE a call: it is worth another as long as it finds any. Each such
        message gets an edit, and each reader one notice if a fact was corrected since: as the
        row's `known` says, since the revision that he was told of last (notice), or since the one
        that he was sent (edit). A stopped subscription gets the edits alone, one whose chat is
        gone neither, until it is back. A message that may have arrived, but has no id, is told of
        and not edited. *opens* gives the instant from which a notice may go to a zone; without it,
        notices may go at once. `sent_revision` of a message that is planned for rises to the
        edition's.
        """
        at, until = int(now.timestamp()), int((now + GOOD_FOR).timestamp())

        async def plan(db: Session) -> int:
            rows = list(await db.execute_fetchall(_OUTDATED, (PLANNED_AT_ONCE,)))
            edits, notices = [], []
            for row in rows:
                mine = row["state"] in (State.ACTIVE, State.PAUSED, State.STOPPED)
                if mine and row["message"] is not None:
                    edits.append((row, at, until))
                if row["wanted"] and row["state"] in (State.ACTIVE, State.PAUSED):
                    instant = opens(ZoneInfo(row["zone"])) if opens else now
                    notices.append((row, max(at, int(instant.timestamp())), until))
            older = [(SUPERSEDED, at, r["subscription"], r["edition"], r["revision"]) for r in rows]
            await db.executemany(_SUPERSEDE, older)
            await db.executemany(_INSERT, [_edit(*edit) for edit in edits])
            await db.executemany(_INSERT, [_notice(*notice) for notice in notices])
            await db.executemany(
                "UPDATE delivery SET sent_revision = ? WHERE id = ?",
                [(row["revision"], row["id"]) for row in rows],
            )
            return len(rows)

        if not await self.db.read(_OUTDATED, (1,)):
            return 0  # as in almost every tick: nothing is written
        return await self.db.change(plan)


async def _further(
    db: Session, sheet: Sheet, edition: int | None, number: int, at: int, offered: bool
) -> None:
    """Nothing; *sheet* is revision *number* of *edition*, or the first one of a new edition."""
    if edition is None:
        cursor = await db.execute(
            "INSERT INTO edition (briefing, revision, seen_at, offered) VALUES (?, ?, ?, ?)",
            (sheet.briefing, number, at, offered),
        )
        edition = cursor.lastrowid or 0
    else:
        await db.execute("UPDATE edition SET revision = ? WHERE id = ?", (number, edition))
    await db.execute(
        "INSERT INTO revision (edition, number, points, hash, notice, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (edition, number, sheet.text, _hash(sheet.text), sheet.notice, at),
    )


async def _offered(
    db: Session, sheets: Sequence[Sheet], there: Collection[str], *, first: bool
) -> set[str]:
    """The briefings that are not pushed, since they lay there at the very *first* start."""
    if first:
        await db.execute("REPLACE INTO meta (key, value) VALUES (?, ?)",
                         (THERE, json.dumps(sorted(there))))  # fmt: skip
        return {sheet.briefing for sheet in sheets}
    rows = list(await db.execute_fetchall("SELECT value FROM meta WHERE key = ?", (THERE,)))
    return set(json.loads(rows[0][0])) if rows else set()


_OUTDATED = """
    SELECT found.*, part = 0 AND EXISTS (SELECT 1 FROM revision AS r
        WHERE r.edition = found.edition AND r.notice = 1 AND r.number > found.told) AS wanted
    FROM (
        SELECT d.id, d.subscription, d.edition, d.part, d.base, d.message, s.state, s.zone,
            e.revision,
            coalesce((SELECT min(o.known) FROM delivery AS o
                WHERE o.subscription = d.subscription AND o.edition = d.edition
                AND o.kind = 2 AND o.part = d.part), d.sent_revision) AS got,
            coalesce((SELECT max(max(o.revision, coalesce(o.sent_revision, 0)))
                FROM delivery AS o WHERE o.subscription = d.subscription
                AND o.edition = d.edition AND o.kind = 1 AND o.status = 2),
                (SELECT min(o.known) FROM delivery AS o WHERE o.subscription = d.subscription
                AND o.edition = d.edition AND o.kind = 1), d.sent_revision) AS told
        FROM (
            SELECT d.id FROM edition AS e CROSS JOIN delivery AS d ON d.edition = e.id
                AND d.sent_revision < e.revision AND d.kind = 0 AND d.status = 2
            WHERE e.revision > 1
            UNION ALL
            SELECT d.id FROM edition AS e CROSS JOIN delivery AS d ON d.edition = e.id
                AND d.sent_revision < e.revision AND d.kind = 0 AND d.ambiguous > 0
            WHERE e.revision > 1 AND d.status IN (3, 4)
        ) AS old
        CROSS JOIN delivery AS d ON d.id = old.id
        CROSS JOIN edition AS e ON e.id = d.edition
        LEFT JOIN subscription AS s ON s.id = d.subscription
        WHERE coalesce(s.state, 0) NOT IN (3, 4) AND NOT EXISTS (SELECT 1 FROM delivery AS o
            WHERE o.subscription = d.subscription AND o.edition = d.edition
            AND o.kind IN (1, 2) AND o.status = 1)
        LIMIT ?
    ) AS found
"""
"""Messages with an old text that arrived, or may have before they were given up.

Not those whose reader is being written to, since nobody knows yet, nor those whose chat is blocked
or gone: they stay old until it is back.
"""

_SUPERSEDE = (
    "UPDATE delivery SET status = 3, reason = ?, done_at = ? WHERE subscription = ?"
    " AND edition = ? AND revision < ? AND kind IN (1, 2) AND status = 0"
)
_INSERT = (
    "INSERT OR IGNORE INTO delivery (subscription, edition, kind, revision, part, base, known,"
    " not_before, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

_Row = tuple[int, int, int, int, int, int, int, int, int]


def _edit(row: sqlite3.Row, at: int, until: int) -> _Row:
    who = (row["subscription"], row["edition"], int(Kind.EDIT), row["revision"], row["part"])
    return (*who, row["base"], row["got"], at, until)


def _notice(row: sqlite3.Row, at: int, until: int) -> _Row:
    who = (row["subscription"], row["edition"], int(Kind.CORRECTION), row["revision"], 0)
    return (*who, row["base"], row["told"], at, until)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _whole(text: object, digest: object) -> bool:
    return isinstance(text, str) and _hash(text) == digest
