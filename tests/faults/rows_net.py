"""Telegram and the network fail: storms of 429, chats that are gone or moved, errors, an outage."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from statistics import median
from typing import Any

from tests.faults.history import Reader
from tests.faults.report import Result
from tests.faults.rig import ADMIN, Rig
from tests.faults.rounds import FREE, Round, people, template

RATE = 200
OLD, NEW = -10_000, -1_002_000_000_000
"""The first id of the groups, and of the supergroups that they become."""


async def storm(
    rig: Rig, size: int = 1_000, share: float = 0.1, fault: dict[str, Any] | None = None
) -> Result:
    """Each tenth call is answered with 429 and a second to wait."""
    readers = people(size)
    data = await template(rig, [reader.address for reader in readers])
    push = Round(rig, readers, FREE)
    await push.begin(data)
    await rig.do(
        "fault", kind="error", method="sendMessage", status=429, chance=share, count=None,
        description="Too Many Requests: retry after 1", parameters={"retry_after": 1},
    )  # fmt: skip
    found = await push.verdict(await rig.start(fault), within=size * 0.8)
    halts = sum(a.status == 429 for a in rig.log.arrivals)
    result = Result(f"{size:,} readers, {FREE}/s, {share:.0%} of calls 429: {halts} of them")
    result.at_most("lost", found.lost, 0)
    result.at_most("sent during a halt", found.in_halts, 0)
    result.at_most("most in any second", found.most_in_a_second, FREE)
    result.at_most("second copies", found.seconds, 0)
    result.kept(found.broken)
    return result


async def gone(rig: Rig, size: int = 10_000, groups: int = 500, merging: int = 50) -> Result:
    """Three of ten readers are gone; groups become supergroups amid the push, some known before."""
    count = size - groups - merging
    private = [
        Reader(address=reader.address, refuses=n % 10 < 3) for n, reader in enumerate(people(count))
    ]
    moving = [Reader(address=(OLD - n, 0), moved=(NEW - n, 0)) for n in range(groups)]
    there = [Reader(address=(NEW - n, 0)) for n in range(merging)]
    chats = [r.address for r in (*private, *moving, *there)]
    rig.dice.shuffle(chats)
    data = await template(rig, chats)
    push = Round(rig, (*private, *moving, *there), RATE)
    await push.begin(data)
    await rig.do("groups", first=OLD, count=groups)
    await rig.do("groups", first=NEW, count=groups, kind="supergroup")
    lost = [reader.address[0] for reader in private if reader.refuses]
    await rig.do("lose", people=lost[::2], how="blocked")
    await rig.do("lose", people=lost[1::2], how="deactivated")
    bot = await rig.start()
    await rig.until(lambda: len(rig.log.arrivals) > size // 20, 90, "a twentieth", bot)
    await rig.do("move", groups=[(OLD - n, NEW - n) for n in range(groups)])
    found = await push.verdict(bot, within=size / RATE + 120)
    copies = Counter(a.chat for a in rig.log.arrivals if a.processed and a.chat <= NEW)
    before = {a.chat for a in rig.log.arrivals if a.processed and NEW < a.chat <= OLD}
    twice = sum(copies[NEW - n] + (OLD - n in before) != 1 for n in range(merging, groups))
    twice += sum(copies[NEW - n] != 1 for n in range(merging) if OLD - n not in before)
    ours = [a.at for a in rig.log.arrivals if a.chat != ADMIN]
    full = Counter(int(at - min(ours)) for at in ours)
    pace = median(full[n] for n in range(max(full))) / RATE
    states = Counter(row.reason for row in push.rows if row.status == "dead")
    result = Result(f"{size:,} readers: {len(lost):,} gone, {groups} groups move, {RATE}/s")
    result.at_most("lost", found.lost, 0)
    result.at_most("calls to one that is gone", found.calls_to_gone, 1)
    result.at_most("new ids without exactly one message", twice, 0)
    result.mark("share of the rate used in half of all seconds", f"{pace:.1%}", pace >= 0.9)
    result.mark("reasons", dict(states), sum(states.values()) >= len(lost))
    result.kept(found.broken)
    return result


async def errors(
    rig: Rig,
    size: int = 10_000,
    outage: float = 120.0,
    fault: dict[str, Any] | None = None,
) -> Result:
    """5xx after the message was delivered, answers that never come, and nobody at the port."""
    readers = people(size)
    data = await template(rig, [reader.address for reader in readers])
    push = Round(rig, readers, RATE)
    await push.begin(data)
    share = {"method": "sendMessage", "count": None, "after": True}
    await rig.do("fault", kind="error", status=502, description="Bad Gateway", chance=0.05, **share)
    await rig.do("fault", kind="delay", seconds=40.0, chance=0.01, **share)
    bot = await rig.start(fault)
    await rig.until(lambda: len(rig.log.arrivals) > size // 3, 120, "a third", bot)
    await rig.do("outage", seconds=outage)
    away = time.monotonic() + outage
    await asyncio.sleep(outage)
    await push.done(bot, size / RATE + 240)
    await push.settled(420)
    found = await push.verdict(bot)
    back = [a.at - away for a in rig.log.arrivals if a.at > away]
    unsure = sum(not a.known for a in rig.log.arrivals)
    result = Result(
        f"{size:,} readers, {RATE}/s; 5% 502 after delivery, 1% no answer, refused {outage:g} s"
    )
    result.at_most("lost", found.lost, 0)
    result.mark("named as uncertain", found.named, True)
    result.at_most("copies of one message", found.most_copies, 3)
    result.at_most("second copies with a sound", found.loud, 0)
    result.mark("second copies, of calls of unknown end", f"{found.seconds} of {unsure}",
                found.seconds <= unsure)  # fmt: skip
    result.at_most("seconds until it sends again after the outage", min(back, default=999.0), 65)
    result.kept(found.broken)
    return result
