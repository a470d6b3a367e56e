"""Subscribers, put into the file through the bot's own store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.model import Address, Wish
from bot.store import STORE, Store
from bot.store.file import Session
from bot.store.subscriptions import Subscriptions

NOON = 12
A_MINUTE_AGO = dt.timedelta(minutes=-1)


def zone_with_noon(now: dt.datetime) -> ZoneInfo:
    """A zone where it is about noon: far from the silent hours, whenever the rows run."""
    east = (NOON - now.hour + 11) % 24 - 11
    return ZoneInfo(f"Etc/GMT{-east:+d}" if east else "Etc/GMT")


def wish_at(at: dt.datetime) -> Wish:
    """Every day at the minute of *at*."""
    local = at.astimezone(zone_with_noon(at))
    return Wish(zone=zone_with_noon(at), minute=local.hour * 60 + local.minute)


async def populate(
    data: Path, chats: Iterable[tuple[int, int]], due: dt.timedelta = A_MINUTE_AGO
) -> None:
    """Nothing; *chats* have been subscribed for an hour, and get what is new at now + *due*."""
    now = dt.datetime.now(dt.UTC)
    wish = wish_at(now + due)
    async with await Store.open(data / STORE) as store:
        await store.db._db.execute("PRAGMA synchronous = OFF")  # for a while: it is our own disk
        subscriptions = Subscriptions(store.db)
        for chat, topic in chats:
            before = now - dt.timedelta(hours=1)
            await subscriptions.put(Address(chat, topic), "en", wish, before)


async def multiply(data: Path, count: int, first: int) -> None:
    """Nothing; *count* more chats from the id *first* on are as the one that is subscribed."""

    async def copy(db: Session) -> None:
        await db.execute(
            "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
            " INSERT INTO subscription (chat, topic, language, zone, minute, days, state,"
            " next_due, next_date, since, state_at, created_at)"
            " SELECT ? + i, topic, language, zone, minute, days, state,"
            " next_due, next_date, since, state_at, created_at"
            " FROM n, (SELECT * FROM subscription LIMIT 1)",
            (count, first),
        )

    async with await Store.open(data / STORE) as store:
        await store.db.change(copy)
