"""What the command line reads, and the one thing that it writes, while the bot may be running."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.model import Kind, Status
from bot.store.check import StoreError
from bot.store.file import BUSY_MS
from bot.store.planning import instant, seconds

DUE = "due"
"""The status of a subscription whose hour has come and for which nothing is planned yet."""

_DELIVERIES = """
    SELECT d.id, s.chat, s.topic, e.briefing AS edition, d.kind, d.part, d.status, d.reason,
        d.attempts, d.ambiguous + (d.status IN (1, 2)) AS copies, d.due, d.done_at
    FROM delivery AS d LEFT JOIN subscription AS s ON s.id = d.subscription
    LEFT JOIN edition AS e ON e.id = d.edition
    WHERE (?1 IS NULL OR e.briefing = ?1) AND (?2 IS NULL OR d.status = ?2)
    ORDER BY d.id
"""
_DUE = """
    SELECT id, chat, topic, next_due AS due FROM subscription
    WHERE state = 0 AND next_due <= ? ORDER BY next_due, id
"""
_OUTLOOK = """
    SELECT e.briefing, e.held, e.proved,
        (SELECT count(*) FROM subscription WHERE state = 0) AS active,
        (SELECT count(*) FROM subscription WHERE state = 0
            AND since < e.id AND last < e.id) AS wanting,
        (SELECT count(*) FROM subscription WHERE state = 0
            AND since < e.id AND last < e.id AND next_due <= ?1) AS soon,
        (SELECT count(*) FROM delivery WHERE status IN (0, 1)) AS waiting,
        (SELECT min(next_due) FROM subscription WHERE state = 0
            AND since < e.id AND last < e.id) AS next
    FROM edition AS e WHERE e.id = (SELECT max(id) FROM edition
        WHERE offered = 0 AND cancelled = 0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the push would do. `briefing` is the newest that is pushed; None if there is none.

    `wanting` chats are to get it, `soon` of them by the time that was asked for; `waiting`
    messages, of any kind, are planned already. `next` is when the first of those is due.
    """

    hold: str | None
    briefing: str | None
    held: str | None = None
    active: int = 0
    wanting: int = 0
    soon: int = 0
    waiting: int = 0
    next: dt.datetime | None = None


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The database *path*, to be read alone. StoreError if it cannot be."""
    if not path.exists():
        raise StoreError(f"there is no {path}: the bot has not run yet")
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            yield db
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error


def deliveries(
    path: Path, now: dt.datetime, briefing: str | None = None, status: str | None = None
) -> Iterator[dict[str, Any]]:
    """Every delivery, oldest first, and every subscription that is due one; one at a time.

    `copies` is how many may have reached the chat at most. Without a `briefing` nothing is
    planned yet. StoreError if the file cannot be read.
    """
    with _reading(path) as db:
        if status != DUE:
            number = Status[status.upper()] if status else None
            for row in db.execute(_DELIVERIES, (briefing, number)):
                yield {
                    "chat": row["chat"],
                    "topic": row["topic"],
                    "edition": row["edition"],
                    "kind": Kind(row["kind"]).name.lower(),
                    "part": row["part"],
                    "status": Status(row["status"]).name.lower(),
                    "reason": row["reason"],
                    "copies": row["copies"],
                    "due": _time(row["due"]),
                    "done": _time(row["done_at"]),
                }
        if status in (None, DUE) and briefing is None:
            for row in db.execute(_DUE, (seconds(now),)):
                nothing = dict.fromkeys(("edition", "kind", "part"))
                who = {"chat": row["chat"], "topic": row["topic"]}
                end = {"reason": None, "copies": 0, "due": _time(row["due"]), "done": None}
                yield who | nothing | {"status": DUE} | end


def outlook(path: Path, until: dt.datetime) -> Outlook:
    """What the push would do by *until*. StoreError if the file cannot be read."""
    with _reading(path) as db:
        holds = db.execute("SELECT value FROM meta WHERE key = 'hold'").fetchall()
        hold = str(holds[0][0]) if holds else None
        row = db.execute(_OUTLOOK, (seconds(until),)).fetchone()
        if row is None:
            return Outlook(hold=hold, briefing=None)
        return Outlook(
            hold=hold,
            briefing=row["briefing"],
            held=row["held"],
            active=row["active"],
            wanting=row["wanting"],
            soon=row["soon"],
            waiting=row["waiting"],
            next=instant(row["next"]) if row["next"] is not None else None,
        )


def steer(path: Path, hold: str | None) -> None:
    """Nothing; the push is on hold for that reason, or on again; a running bot sees it soon.

    StoreError if that cannot be written.
    """
    if not path.exists():
        raise StoreError(f"there is no {path}: the bot has not run yet")
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            db.execute("PRAGMA synchronous = FULL")
            if hold is None:
                db.execute("BEGIN IMMEDIATE")
                db.execute("DELETE FROM meta WHERE key = 'hold'")
                db.execute("UPDATE edition SET held = NULL, proved = 1 WHERE held IS NOT NULL")
                db.execute("COMMIT")
            else:
                db.execute("REPLACE INTO meta (key, value) VALUES ('hold', ?)", (hold,))
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be written: {error}") from error


def _time(at: int | None) -> str | None:
    return f"{instant(at):%Y-%m-%dT%H:%M:%SZ}" if at else None
