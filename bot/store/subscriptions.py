"""Who wants the daily briefing, and when. Each change computes the next slot with it.

A reader gets one push per local date: a slot lies after the date of the last one.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.model import Address, Kind, Slot, State, Status, Subscription, Wish
from bot.schedule import changed_slot
from bot.store import own
from bot.store.file import Database, Session

EPOCH = dt.date(1970, 1, 1)
"""The day from which local dates are counted."""
AT_ONCE = 500
"""Pauses that end in one transaction, at most."""

WANTING = (State.ACTIVE, State.PAUSED)
"""The states of somebody who is subscribed."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The table of subscriptions; of deliveries it reads and deletes what belongs to a chat."""

    db: Database

    async def of(self, address: Address) -> Subscription | None:
        """The subscription of *address* in whatever state; None if there is none."""
        rows = await self.db.read(_OF, (address.chat, address.topic))
        return subscription_of(rows[0]) if rows else None

    async def put(
        self, address: Address, language: str, wish: Wish, now: dt.datetime
    ) -> Subscription:
        """The subscription of *address*, active with *wish* from *now* on, made if it was missing.

        To a newcomer, and to whoever comes back, what is there already is not pushed.
        """

        async def put(db: Session) -> Subscription:
            row = await _row(db, address)
            if row is None:
                slot = changed_slot(wish, now, None)
                await db.execute(_NEW, _new(address, language, wish, slot, now))
            else:
                await _set(db, row, wish, State.ACTIVE, now, language=language)
                if row["state"] not in WANTING:
                    await db.execute(_SINCE, (row["id"],))
            return await _found(db, address)

        return await self.db.change(put)

    async def change(self, address: Address, wish: Wish, now: dt.datetime) -> Subscription | None:
        """The subscription with *wish* from *now* on; None if *address* is not subscribed."""

        async def change(db: Session) -> Subscription | None:
            row = await _row(db, address)
            if row is None or row["state"] not in WANTING:
                return None
            until = _time(row["paused_until"])
            await _set(db, row, wish, State(row["state"]), now, until)
            return await _found(db, address)

        return await self.db.change(change)

    async def pause(
        self, address: Address, until: dt.datetime | None, now: dt.datetime
    ) -> Subscription | None:
        """The subscription, paused *until* then (None: until `resume`); None if off."""
        return await self._turn(address, WANTING, State.PAUSED, now, until)

    async def resume(self, address: Address, now: dt.datetime) -> Subscription | None:
        """The subscription, active again; None if *address* is not subscribed."""
        return await self._turn(address, WANTING, State.ACTIVE, now)

    async def stop(self, address: Address, now: dt.datetime) -> bool:
        """Whether *address* was subscribed; it no longer is."""
        return await self._turn(address, WANTING, State.STOPPED, now) is not None

    async def undo_stop(self, address: Address, now: dt.datetime) -> Subscription | None:
        """The subscription, active again after `stop`; None if there is none to go on with."""
        stopped = (State.STOPPED, *WANTING)
        found = await self.of(address)
        if found is not None and found.state in WANTING:
            return found
        return await self._turn(address, stopped, State.ACTIVE, now)

    async def block(self, chat: int, state: State, now: dt.datetime) -> int:
        """How many subscriptions of *chat* now get nothing, being in *state*: BLOCKED or GONE.

        What is paused stays paused: nothing is sent to it, and its pause outlives the block.
        """

        async def block(db: Session) -> int:
            done = await db.execute(
                "UPDATE subscription SET state = ?, state_at = ? WHERE chat = ? AND state = ?",
                (state, int(now.timestamp()), chat, State.ACTIVE),
            )
            return done.rowcount

        return await self.db.change(block)

    async def back(self, chat: int, now: dt.datetime) -> int:
        """How many subscriptions of *chat* were blocked or gone, and are active again."""
        lost = (chat, State.BLOCKED, State.GONE)
        if not await self.db.read(_LOST, lost):
            return 0

        async def back(db: Session) -> int:
            rows = list(await db.execute_fetchall(_LOST, lost))
            for row in rows:
                await _set(db, row, wish_of(row), State.ACTIVE, now)
            return len(rows)

        return await self.db.change(back)

    async def wake(self, now: dt.datetime) -> int:
        """How many pauses came to their end and are over; AT_ONCE at most."""
        due = (int(now.timestamp()), AT_ONCE)
        if not await self.db.read(_WAKING, due):
            return 0

        async def wake(db: Session) -> int:
            rows = list(await db.execute_fetchall(_WAKING, due))
            for row in rows:
                await _set(db, row, wish_of(row), State.ACTIVE, now)
            return len(rows)

        return await self.db.change(wake)

    async def move(self, old: int, new: int, now: dt.datetime) -> None:
        """Nothing; what chat *old* had is *new*'s. Of two subscriptions the one wanted stays.

        A chat that moved is there, whatever was said of the old one.
        """

        async def move(db: Session) -> None:
            for row in list(await db.execute_fetchall(_OF_CHAT, (old,))):
                there = await _row(db, Address(new, row["topic"]))
                if there is None:
                    await db.execute(_MOVE, (new, row["id"]))
                    kept = row
                else:
                    kept, other = there, row
                    if there["state"] not in WANTING and row["state"] in (*WANTING, State.GONE):
                        kept, other = row, there
                    await _merge(db, kept, other)
                    await db.execute(_MOVE, (new, kept["id"]))
                if kept["state"] == State.GONE:
                    await _set(db, kept, wish_of(kept), State.ACTIVE, now)

        await self.db.change(move)

    async def holder(self, chat: int, message: int) -> Address | None:
        """Whose delivery *message* of *chat* was; else the only subscription of *chat*, if one."""
        topic = await own.topic_of(self.db, chat, message)
        return None if topic is None else Address(chat, topic)

    async def everything(self, chat: int) -> dict[str, Any]:
        """All that is stored on *chat*, for its reader, fit for JSON."""
        return await own.everything(self.db, chat)

    async def forget(self, chat: int) -> own.Forgotten:
        """What was stored on *chat*; it is deleted, and that was read again."""
        return await own.forget(self.db, chat)

    async def _turn(
        self,
        address: Address,
        before: tuple[State, ...],
        state: State,
        now: dt.datetime,
        until: dt.datetime | None = None,
    ) -> Subscription | None:
        async def turn(db: Session) -> Subscription | None:
            row = await _row(db, address)
            if row is None or row["state"] not in before:
                return None
            await _set(db, row, wish_of(row), state, now, until)
            return await _found(db, address)

        return await self.db.change(turn)


def subscription_of(row: sqlite3.Row) -> Subscription:
    """The subscription that *row* holds."""
    return Subscription(
        id=row["id"],
        address=Address(row["chat"], row["topic"]),
        language=row["language"],
        wish=wish_of(row),
        state=State(row["state"]),
        paused_until=_time(row["paused_until"]),
        next=Slot(
            date=EPOCH + dt.timedelta(days=row["next_date"]),
            at=dt.datetime.fromtimestamp(row["next_due"], dt.UTC),
        ),
        since=row["since"],
        last=row["last"],
        created_at=dt.datetime.fromtimestamp(row["created_at"], dt.UTC),
    )


def wish_of(row: sqlite3.Row) -> Wish:
    """The wish that *row* of subscription holds."""
    return Wish(zone=ZoneInfo(row["zone"]), minute=row["minute"], days=row["days"])


def _time(seconds: int | None) -> dt.datetime | None:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)


def _new(
    address: Address, language: str, wish: Wish, slot: Slot, now: dt.datetime
) -> tuple[object, ...]:
    at = int(now.timestamp())
    days = (slot.date - EPOCH).days
    where = (address.chat, address.topic, language, wish.zone.key)
    return (*where, wish.minute, wish.days, State.ACTIVE, int(slot.at.timestamp()), days, at, at)


async def _row(db: Session, address: Address) -> sqlite3.Row | None:
    rows = list(await db.execute_fetchall(_OF, (address.chat, address.topic)))
    return rows[0] if rows else None


async def _found(db: Session, address: Address) -> Subscription:
    rows = list(await db.execute_fetchall(_OF, (address.chat, address.topic)))
    return subscription_of(rows[0])


async def _set(
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
    [[last]] = await db.execute_fetchall(_PUSHED, (row["id"], *pushed))
    slot = changed_slot(wish, now, _time(last))
    await db.execute(
        _SET,
        (
            *(language or row["language"], wish.zone.key, wish.minute, wish.days, state),
            None if until is None else int(until.timestamp()),
            *(int(slot.at.timestamp()), (slot.date - EPOCH).days),
            *(row["state"], state, int(now.timestamp()), row["id"]),
        ),
    )


async def _merge(db: Session, kept: sqlite3.Row, other: sqlite3.Row) -> None:
    """Nothing; of two rows *kept* stays, with the deliveries of both; what both got counts once."""
    await db.execute(_SENT_WINS, (kept["id"], other["id"]))
    await db.execute(_TAKE_OVER, (kept["id"], other["id"]))
    await db.execute("DELETE FROM delivery WHERE subscription = ?", (other["id"],))
    await db.execute("DELETE FROM subscription WHERE id = ?", (other["id"],))
    last, since = max(kept["last"], other["last"]), max(kept["since"], other["since"])
    await db.execute("UPDATE subscription SET last = ?, since = ? WHERE id = ?",
                     (last, since, kept["id"]))  # fmt: skip


_OF = "SELECT * FROM subscription WHERE chat = ? AND topic = ?"
_OF_CHAT = "SELECT * FROM subscription WHERE chat = ?"
_LOST = "SELECT * FROM subscription WHERE chat = ? AND state IN (?, ?)"
_WAKING = "SELECT * FROM subscription WHERE state = 1 AND paused_until <= ? LIMIT ?"
_NEW = """
    INSERT INTO subscription (chat, topic, language, zone, minute, days, state, next_due,
        next_date, state_at, created_at, since)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM edition))
"""
_SINCE = """
    UPDATE subscription SET since = (SELECT coalesce(max(id), 0) FROM edition) WHERE id = ?
"""
_SET = """
    UPDATE subscription SET language = ?, zone = ?, minute = ?, days = ?, state = ?,
        paused_until = ?, next_due = ?, next_date = ?, strikes = 0, struck = 0,
        state_at = iif(? = ?, state_at, ?)
    WHERE id = ?
"""
_PUSHED = """
    SELECT max(coalesce(nullif(due, 0), done_at, not_before)) FROM delivery
    WHERE subscription = ? AND kind IN (?, ?) AND status IN (?, ?, ?)
"""
_MOVE = "UPDATE subscription SET chat = ? WHERE id = ?"
_SENT_WINS = """
    DELETE FROM delivery AS d WHERE subscription = ? AND status NOT IN (1, 2) AND EXISTS (
        SELECT 1 FROM delivery AS o WHERE o.subscription = ? AND o.status IN (1, 2)
            AND o.edition = d.edition AND o.kind = d.kind AND o.revision = d.revision
            AND o.part = d.part)
"""
_TAKE_OVER = "UPDATE OR IGNORE delivery SET subscription = ? WHERE subscription = ?"
