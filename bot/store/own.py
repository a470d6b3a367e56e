"""What belongs to a chat: told to its reader, every row in readable values, and forgotten."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.model import Kind, State, Status
from bot.store.file import Database, Session

_OF_CHAT = "SELECT id FROM subscription WHERE chat = ?"
_DELIVERIES_OF = "SELECT id FROM delivery WHERE subscription = ?"
_TOPICS = "SELECT topic FROM subscription WHERE chat = ?"
_RECEIVED = """
    SELECT DISTINCT s.topic FROM subscription AS s JOIN delivery AS d ON d.subscription = s.id
    WHERE s.chat = ? AND d.message = ?
"""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a deletion took, rows by table, and how many rows a second look still found."""

    deleted: Mapping[str, int]
    left: int


async def forget(db: Database, chat: int) -> Forgotten:
    """What was stored on *chat*; it is deleted, and that was read again."""

    async def forget(db: Session) -> tuple[list[int], Mapping[str, int]]:
        ids = [row["id"] for row in await db.execute_fetchall(_OF_CHAT, (chat,))]
        deliveries = await db.execute(
            "DELETE FROM delivery WHERE subscription IN"
            " (SELECT id FROM subscription WHERE chat = ?)",
            (chat,),
        )
        subscriptions = await db.execute("DELETE FROM subscription WHERE chat = ?", (chat,))
        counts = {"subscription": subscriptions.rowcount, "delivery": deliveries.rowcount}
        return ids, counts

    ids, deleted = await db.change(forget)
    await db.scrub()
    left = len(await db.read(_OF_CHAT, (chat,)))
    for id_ in ids:
        left += len(await db.read(_DELIVERIES_OF, (id_,)))
    return Forgotten(deleted, left)


async def topic_of(db: Database, chat: int, message: int) -> int | None:
    """The topic of the subscription whose delivery *message* of *chat* was, 0 for none.

    If that is not known, the topic of the only subscription of *chat*; None if there are more.
    """
    rows = await db.read(_RECEIVED, (chat, message)) or await db.read(_TOPICS, (chat,))
    return rows[0]["topic"] if len(rows) == 1 else None


async def everything(db: Database, chat: int) -> dict[str, Any]:
    """All that is stored on *chat*, fit for JSON: each row of each table, each column of it.

    Times are UTC; an edition is given by its number and its briefing.
    """
    subscriptions = await db.read(
        "SELECT * FROM subscription WHERE chat = ? ORDER BY topic", (chat,)
    )
    deliveries = await db.read(
        "SELECT d.*, e.briefing FROM delivery AS d LEFT JOIN edition AS e ON e.id = d.edition"
        " WHERE d.subscription IN (SELECT id FROM subscription WHERE chat = ?) ORDER BY d.id",
        (chat,),
    )
    return {
        "chat": chat,
        "subscriptions": [_told(row) for row in subscriptions],
        "deliveries": [_told(row) for row in deliveries],
    }


def _told(row: sqlite3.Row) -> dict[str, Any]:
    kinds = _READABLE | {"state": lambda value: State(value).name.lower()}
    told = {}
    for column in row.keys():  # noqa: SIM118 - the rows of sqlite3 iterate over values
        value = row[column]
        told[column] = value if value is None or column not in kinds else kinds[column](value)
    return told


def _time(value: int) -> str | None:
    if not value:
        return None
    return dt.datetime.fromtimestamp(value, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(value: int) -> str | None:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=value)).isoformat() if value else None


_READABLE: dict[str, Callable[[int], Any]] = {
    "kind": lambda value: Kind(value).name.lower(),
    "status": lambda value: Status(value).name.lower(),
    "minute": lambda value: f"{value // 60:02}:{value % 60:02}",
    "days": lambda value: [day for bit, day in enumerate(_DAYS) if value >> bit & 1],
    "next_date": _date,
    "struck": _date,
    **dict.fromkeys(
        ("paused_until", "next_due", "state_at", "created_at", "not_before", "expires_at",
         "done_at", "due"),
        _time,
    ),
}  # fmt: skip
