"""Time itself fails: the clock jumps amid a push, and is put right."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from pathlib import Path

from tests.faults.checker import Verdict
from tests.faults.history import Reader
from tests.faults.population import populate
from tests.faults.report import Result
from tests.faults.rig import Rig, rig
from tests.faults.rounds import FIRST_READER, Round, merged, people, template

RATE = 50
HOUR, DAY = 3_600, 86_400
JUMPS = tuple(sign * s for s in (HOUR, DAY, 3_652 * DAY) for sign in (1, -1))
WRONG_FOR = 12.0
"""Seconds for which the clock is wrong."""


async def clock(made: Rig, size: int = 1_000, waiting: int = 200) -> Result:
    """The clock jumps and comes back while half of the push is out; others are due in an hour."""
    verdicts, planned, took = [], 0, []
    for n in range(0, len(JUMPS), 3):  # side by side: mostly they wait
        jobs = (_alone(made.seed + jump, jump, size, waiting) for jump in JUMPS[n : n + 3])
        for verdict, early, seconds in await asyncio.gather(*jobs):
            verdicts.append(verdict)
            planned += early
            took.append(seconds)
    total = merged(verdicts)
    result = Result(f"{len(JUMPS)} jumps for {WRONG_FOR:g} s, {size:,} due and {waiting} not yet")
    result.at_most("lost", total.lost, 0)
    result.at_most("second copies", total.seconds, 0)
    result.at_most("sent to those who were not due", planned, 0)
    result.at_most("seconds to the end after the clock is right", max(took), 120)
    result.kept(total.broken)
    return result


async def _alone(seed: int, jump: int, size: int, waiting: int) -> tuple[Verdict, int, float]:
    async with rig(abs(seed)) as made:
        return await _jump(made, jump, size, waiting)


async def _jump(made: Rig, jump: int, size: int, waiting: int) -> tuple[Verdict, int, float]:
    """The verdict, how many were sent too early, and the seconds from the right time to the end."""
    readers = people(size)
    later = [Reader(address=(FIRST_READER + size + n, 0)) for n in range(waiting)]
    data = await template(made, [reader.address for reader in readers])
    await populate(data, [reader.address for reader in later], dt.timedelta(minutes=45))
    push = Round(made, readers, RATE)
    await push.begin(data)
    await made.do("crowd", first=later[0].address[0], count=waiting)
    offset = made.folder / "offset"
    turn(offset, 0)
    bot = await made.start({"clock": str(offset)})
    await made.until(lambda: len(made.log.arrivals) > size // 3, 90, "a third", bot)
    turn(offset, jump)
    await asyncio.sleep(WRONG_FOR)
    turn(offset, 0)
    right = time.monotonic()
    found = await push.verdict(bot, within=300)
    early = {reader.address for reader in later} & made.log.reached
    last = max(a.at for a in made.log.arrivals)
    return found, len(early), last - right


def turn(path: Path, seconds: int) -> None:
    """Nothing; the clock that reads *path* is off by so many seconds."""
    new = path.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(path)
