"""Rows of the tables: read into values, and those of subscriptions written from them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from zoneinfo import ZoneInfo

from bot.model import Address, Edition, Kind, Slot, State, Status, Subscription, Wish
from bot.schedule import changed_slot
from bot.store.file import Session

EPOCH = dt.date(1970, 1, 1)
"""The day from which local dates are counted."""


def subscription_of(row: sqlite3.Row) -> Subscription:
    """The subscription that *row* holds."""
    return Subscription(
        id=row["id"],
        address=Address(row["chat"], row["topic"]),
        language=row["language"],
        wish=wish_of(row),
        state=State(row["state"]),
        paused_until=time_of(row["paused_until"]),
        next=Slot(
            date=EPOCH + dt.timedelta(days=row["next_date"]),
            at=dt.datetime.fromtimestamp(row["next_due"], dt.UTC),
        ),
        since=row["since"],
        last=row["last"],
        created_at=dt.datetime.fromtimestamp(row["created_at"], dt.UTC),
    )


def edition_of(row: sqlite3.Row) -> Edition:
    """The edition that *row* holds."""
    return Edition(
        id=row["id"],
        briefing=row["briefing"],
        revision=row["revision"],
        seen_at=dt.datetime.fromtimestamp(row["seen_at"], dt.UTC),
        offered=bool(row["offered"]),
        held=row["held"],
        cancelled=bool(row["cancelled"]),
        proved=bool(row["proved"]),
    )


def wish_of(row: sqlite3.Row) -> Wish:
    """The wish that *row* of subscription holds."""
    return Wish(zone=ZoneInfo(row["zone"]), minute=row["minute"], days=row["days"])


def time_of(seconds: int | None) -> dt.datetime | None:
    """The time that the tables hold as *seconds*; None for none."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds else None


async def insert(
    db: Session, address: Address, language: str, wish: Wish, now: dt.datetime
) -> None:
    """Nothing; *address* has an active subscription, to what comes from *now* on."""
    slot, at = changed_slot(wish, now, None), int(now.timestamp())
    where = (address.chat, address.topic, language, wish.zone.key)
    when = (int(slot.at.timestamp()), (slot.date - EPOCH).days, at, at)
    await db.execute(_NEW, (*where, wish.minute, wish.days, State.ACTIVE, *when))


async def row_of(db: Session, address: Address) -> sqlite3.Row | None:
    """The row of *address*; None if there is none."""
    rows = list(await db.execute_fetchall(OF, (address.chat, address.topic)))
    return rows[0] if rows else None


async def found_of(db: Session, address: Address) -> Subscription:
    """The subscription of *address*, which is there."""
    rows = list(await db.execute_fetchall(OF, (address.chat, address.topic)))
    return subscription_of(rows[0])


async def rewrite(
    db: Session,
    row: sqlite3.Row,
    wish: Wish,
    state: State,
    now: dt.datetime,
    until: dt.datetime | None = None,
    *,
    language: str | None = None,
) -> None:
    """Nothing; *row* has *wish* and *state*, and its next slot lies after its last push."""
    pushed = (Kind.BRIEFING, Kind.QUIET, Status.PENDING, Status.SENDING, Status.SENT)
    [[last]] = await db.execute_fetchall(PUSHED, (row["id"], *pushed))
    slot = changed_slot(wish, now, time_of(last))
    await db.execute(
        _SET,
        (
            *(language or row["language"], wish.zone.key, wish.minute, wish.days, state),
            None if until is None else int(until.timestamp()),
            *(int(slot.at.timestamp()), (slot.date - EPOCH).days),
            *(row["state"], state, int(now.timestamp()), row["id"]),
        ),
    )


async def merge(db: Session, kept: sqlite3.Row, other: sqlite3.Row) -> None:
    """Nothing; of two rows *kept* stays, with the deliveries of both; what both got counts once."""
    await db.execute(_SENT_WINS, (kept["id"], other["id"]))
    await db.execute(_TAKE_OVER, (kept["id"], other["id"]))
    await db.execute("DELETE FROM delivery WHERE subscription = ?", (other["id"],))
    await db.execute("DELETE FROM subscription WHERE id = ?", (other["id"],))
    last, since = max(kept["last"], other["last"]), max(kept["since"], other["since"])
    await db.execute("UPDATE subscription SET last = ?, since = ? WHERE id = ?",
                     (last, since, kept["id"]))  # fmt: skip


OF = "SELECT * FROM subscription WHERE chat = ? AND topic = ?"
_NEW = """
    INSERT INTO subscription (chat, topic, language, zone, minute, days, state, next_due,
        next_date, state_at, created_at, since)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM edition))
"""
_SET = """
    UPDATE subscription SET language = ?, zone = ?, minute = ?, days = ?, state = ?,
        paused_until = ?, next_due = ?, next_date = ?, strikes = 0, struck = 0,
        state_at = iif(? = ?, state_at, ?)
    WHERE id = ?
"""
PUSHED = """
    SELECT max(coalesce(nullif(due, 0), done_at, not_before)) FROM delivery
    WHERE subscription = ? AND kind IN (?, ?) AND status IN (?, ?, ?)
"""
_SENT_WINS = """
    DELETE FROM delivery AS d WHERE subscription = ? AND status NOT IN (1, 2) AND EXISTS (
        SELECT 1 FROM delivery AS o WHERE o.subscription = ? AND o.status IN (1, 2)
            AND o.edition = d.edition AND o.kind = d.kind AND o.revision = d.revision
            AND o.part = d.part)
"""
_TAKE_OVER = "UPDATE OR IGNORE delivery SET subscription = ? WHERE subscription = ?"
