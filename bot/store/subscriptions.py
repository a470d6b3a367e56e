"""Who wants the daily briefing, and when. Each change computes the next slot with it.

A reader gets one push per local date: a slot lies after the date of the last one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.model import Address, State, Subscription, Wish
from bot.store import own
from bot.store.file import Database, Session
from bot.store.rows import (
    OF,
    found_of,
    insert,
    merge,
    rewrite,
    row_of,
    subscription_of,
    time_of,
    wish_of,
)

AT_ONCE = 500
"""Pauses that end in one transaction, at most."""

UNTIL_SAID = dt.datetime.fromtimestamp(0, dt.UTC)
"""As the end of the pause in which a subscription was stopped: it had none."""

WANTING = (State.ACTIVE, State.PAUSED)
"""The states of somebody who is subscribed."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The table of subscriptions; of deliveries it reads and deletes what belongs to a chat."""

    db: Database

    async def of(self, address: Address) -> Subscription | None:
        """The subscription of *address* in whatever state; None if there is none."""
        rows = await self.db.read(OF, (address.chat, address.topic))
        return subscription_of(rows[0]) if rows else None

    async def put(
        self, address: Address, language: str, wish: Wish, now: dt.datetime
    ) -> Subscription:
        """The subscription of *address*, active with *wish* from *now* on, made if it was missing.

        To a newcomer, and to whoever comes back, what is there already is not pushed.
        """

        async def put(db: Session) -> Subscription:
            row = await row_of(db, address)
            if row is None:
                await insert(db, address, language, wish, now)
            else:
                await rewrite(db, row, wish, State.ACTIVE, now, language=language)
                if row["state"] not in WANTING:
                    await db.execute(_SINCE, (row["id"],))
            return await found_of(db, address)

        return await self.db.change(put)

    async def change(self, address: Address, wish: Wish, now: dt.datetime) -> Subscription | None:
        """The subscription with *wish* from *now* on; None if *address* is not subscribed."""

        async def change(db: Session) -> Subscription | None:
            row = await row_of(db, address)
            if row is None or row["state"] not in WANTING:
                return None
            until = time_of(row["paused_until"])
            await rewrite(db, row, wish, State(row["state"]), now, until)
            return await found_of(db, address)

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

        async def stop(db: Session) -> bool:
            row = await row_of(db, address)
            if row is None or row["state"] not in WANTING:
                return False
            paused = row["state"] == State.PAUSED
            until = (time_of(row["paused_until"]) or UNTIL_SAID) if paused else None
            await rewrite(db, row, wish_of(row), State.STOPPED, now, until)
            return True

        return await self.db.change(stop)

    async def undo_stop(self, address: Address, now: dt.datetime) -> Subscription | None:
        """The subscription as it was before `stop`; None if there is none to go on with.

        A pause goes on, and what was skipped meanwhile, and still may go, waits again.
        """

        async def undo(db: Session) -> Subscription | None:
            row = await row_of(db, address)
            if row is None or row["state"] not in (State.STOPPED, *WANTING):
                return None
            if row["state"] == State.STOPPED:
                at = int(now.timestamp())
                await db.execute(_REVIVE, {"id": row["id"], "since": row["state_at"], "now": at})
                until = time_of(row["paused_until"])
                paused = row["paused_until"] is not None and (until is None or until > now)
                state = State.PAUSED if paused else State.ACTIVE
                await rewrite(db, row, wish_of(row), state, now, until if paused else None)
            return await found_of(db, address)

        return await self.db.change(undo)

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
        """How many subscriptions of *chat* were blocked or gone, and are active again.

        Corrections that they missed meanwhile wait for them.
        """
        lost = (chat, State.BLOCKED, State.GONE)
        if not await self.db.read(_LOST, lost):
            return 0

        async def back(db: Session) -> int:
            rows = list(await db.execute_fetchall(_LOST, lost))
            at = int(now.timestamp())
            for row in rows:
                await rewrite(db, row, wish_of(row), State.ACTIVE, now)
                await db.execute(_MISSED, (at, row["id"], at))
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
                await rewrite(db, row, wish_of(row), State.ACTIVE, now)
            return len(rows)

        return await self.db.change(wake)

    async def move(self, old: int, new: int, now: dt.datetime) -> None:
        """Nothing; what chat *old* had is *new*'s. Of two subscriptions the one wanted stays.

        A chat that moved is there, whatever was said of the old one.
        """

        async def move(db: Session) -> None:
            for row in list(await db.execute_fetchall(_OF_CHAT, (old,))):
                there = await row_of(db, Address(new, row["topic"]))
                if there is None:
                    await db.execute(_MOVE, (new, row["id"]))
                    kept = row
                else:
                    kept, other = there, row
                    if there["state"] not in WANTING and row["state"] in (*WANTING, State.GONE):
                        kept, other = row, there
                    await merge(db, kept, other)
                    await db.execute(_MOVE, (new, kept["id"]))
                if kept["state"] == State.GONE:
                    await rewrite(db, kept, wish_of(kept), State.ACTIVE, now)

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
            row = await row_of(db, address)
            if row is None or row["state"] not in before:
                return None
            await rewrite(db, row, wish_of(row), state, now, until)
            return await found_of(db, address)

        return await self.db.change(turn)


_OF_CHAT = "SELECT * FROM subscription WHERE chat = ?"
_MISSED = """
    UPDATE delivery AS d SET status = 0, not_before = ?, reason = NULL, done_at = NULL
    WHERE subscription = ? AND kind IN (1, 2) AND expires_at > ?
        AND ((status = 3 AND reason IN ('blocked', 'gone'))
            OR (status = 4 AND reason != 'uncertain'))
        AND revision = (SELECT revision FROM edition WHERE id = d.edition)
"""
"""Notices and edits of what an edition says now: older ones are planned anew."""
_LOST = "SELECT * FROM subscription WHERE chat = ? AND state IN (?, ?)"
_WAKING = "SELECT * FROM subscription WHERE state = 1 AND paused_until <= ? LIMIT ?"
_SINCE = """
    UPDATE subscription SET since = (SELECT coalesce(max(id), 0) FROM edition) WHERE id = ?
"""
_REVIVE = """
    UPDATE delivery SET status = 0, reason = NULL, done_at = NULL
    WHERE subscription = :id AND status = 3 AND reason = 'stopped' AND done_at >= :since
        AND expires_at > :now AND (kind != 0 OR edition = (
            SELECT max(id) FROM edition WHERE offered = 0 AND cancelled = 0))
"""
_MOVE = "UPDATE subscription SET chat = ? WHERE id = ?"
