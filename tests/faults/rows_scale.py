"""Load: how much of the permitted rate is used, how long answers wait, a million subscribers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.faults.checker import SECOND, most_within
from tests.faults.history import Arrival
from tests.faults.population import multiply, populate
from tests.faults.report import Result
from tests.faults.rig import ADMIN, NEWS, Rig
from tests.faults.rounds import FIRST_READER, FREE, Round, people, template


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which *part* of *values* lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def usage(calls: Sequence[Arrival], limit: int) -> tuple[float, int]:
    """The share of the permitted rate that was used, and the most in any second."""
    times = sorted(a.at for a in calls)
    share = (len(times) - 1) / (times[-1] - times[0]) / limit
    return share, most_within(times, SECOND)[0]


async def throughput(rig: Rig, size: int = 1_800, limit: int = FREE) -> Result:
    """A push at full rate, ours beside a bare loop and PTB's own limiter; answers meanwhile."""
    readers = people(size)
    data = await template(rig, [reader.address for reader in readers])
    result = Result(f"{size:,} readers, {limit}/s, 80 ms")
    bare, calm = await _bare(rig, size, limit), await _asked(rig, data, limit)
    for name, fault in (("ours", {}), ("PTB's limiter", {"variant": "aio"})):
        push = Round(rig, readers, limit)
        await push.begin(data)
        bot = await rig.start(fault)
        await rig.until(lambda: len(rig.log.arrivals) > limit * 2, 60, "its begin", bot)
        waits = await _answers(rig, int(size / limit * 0.8))
        found = await push.verdict(bot, within=size / limit + 60)
        share, most = usage([a for a in rig.log.arrivals if a.chat != ADMIN], limit)
        added = quantile(waits, 0.95) - quantile(calm, 0.95)
        seen = f"{share:.2%} used, {most} in the fullest second, answers wait {added * 1000:.0f} ms"
        if name != "ours":
            result.mark(name, seen + f"; {len(found.broken)} promises broken", True)
            continue
        result.mark("ours", seen, found.good)
        result.mark("share used at least 98%", f"{share:.2%}", share >= 0.98)
        result.at_most("most in any second", most, limit)
        result.at_most("added wait of answers (p95, ms)", added * 1000, 300)
        result.kept(found.broken)
    share, most = bare
    result.mark("a bare httpx loop", f"{share:.2%} used, {most} in the fullest second", True)
    return result


async def _bare(rig: Rig, size: int, limit: int) -> tuple[float, int]:
    """What a loop over httpx reaches that sleeps for what is left of each 1/limit s."""
    await rig.fresh()
    await rig.do("crowd", first=FIRST_READER, count=size)
    await rig.do("latency", seconds=0.08)
    async with httpx.AsyncClient() as client:
        begun = time.monotonic()
        calls = []
        for n in range(size):
            await asyncio.sleep(begun + n / limit - time.monotonic())
            data = {"chat_id": FIRST_READER + n, "text": "hello"}
            url = f"{rig.url}/bot{rig.token}/sendMessage"
            calls.append(asyncio.create_task(client.post(url, data=data)))
        await asyncio.gather(*calls)
    rig.log.read()
    return usage(rig.log.arrivals, limit)


async def _asked(rig: Rig, data: Path, limit: int) -> list[float]:
    """How long answers take when nothing is pushed."""
    push = Round(rig, people(1), limit)
    await push.begin(data, news=False)
    bot = await rig.start()
    await rig.polling(bot)
    waits = await _answers(rig, 20)
    await bot.stop()
    return waits


async def _answers(rig: Rig, seconds: int) -> list[float]:
    """How long each of two questions a second waited for its answer, latency aside."""
    asked: dict[tuple[int, int], float] = {}
    for _ in range(seconds * 2):
        [sent] = await rig.do("bulk", count=1, users=1, text="Who offered help?")
        asked[sent["chat"], sent["message"]] = time.monotonic()
        await asyncio.sleep(rig.dice.uniform(0.3, 0.7))
    await asyncio.sleep(1)
    rig.log.read()
    return [a.at - asked[a.chat, a.reply] for a in rig.log.arrivals if (a.chat, a.reply) in asked]


async def million(rig: Rig, size: int = 1_000_000, seconds: int = 60) -> Result:
    """A million subscribers, all due: start, tick, claim, memory."""
    await rig.fresh()
    bot = await rig.start()
    await rig.polling(bot)
    await bot.stop()
    await populate(rig.data, [(FIRST_READER, 0)])
    began = time.monotonic()
    await multiply(rig.data, size - 1, FIRST_READER + 1)
    print(f"  {size:,} subscribers written in {time.monotonic() - began:.1f} s", flush=True)
    rig.options["sends_per_second"] = FREE
    rig.add(NEWS)
    await rig.do("crowd", first=FIRST_READER, count=seconds * 250)
    timings = rig.folder / "timings.jsonl"
    bot = await rig.start({"timings": str(timings)})
    await rig.polling(bot, 60)
    start = time.monotonic() - bot.started
    await rig.until(lambda: rig.log.reached, 60, "a message", bot)
    most = 0
    for _ in range(seconds * 2):
        await asyncio.sleep(0.5)
        most = max(most, _memory(bot.pid))
    code, took = await bot.stop()
    rig.log.read()
    lines = [json.loads(line) for line in timings.read_text(encoding="utf-8").splitlines()]
    result = Result(f"{size:,} subscribers, all due, {FREE}/s for {seconds} s")
    result.at_most("seconds to the first poll", start, 10)
    result.at_most("ticks in the store, p99, ms", quantile(of_ticks(lines), 0.99), 250)
    claims = [line["took"] * 1000 for line in lines if line["what"].endswith(">.claim")]
    result.at_most("claims in the store, p99, ms", quantile(claims, 0.99), 20)
    for what in ("tick", "claim"):
        waits = [line["took"] * 1000 for line in lines if line["what"] == what]
        shown = ", ".join(f"{quantile(waits, part):.0f}" for part in (0.5, 0.99))
        result.mark(f"{what} with all that it waits for, median and p99, ms", shown, good=True)
    result.mark("claims measured", len(claims), len(claims) > 50)
    result.at_most("memory, MB", most / 1e6, 250)
    result.mark("sent", len(rig.log.reached), True)
    result.mark("exit", f"{code} after {took:.1f} s", code == 0 and took <= 10)
    return result


def of_ticks(lines: Sequence[Mapping[str, Any]]) -> list[float]:
    """How many ms the transactions of each tick took together."""
    sums = []
    own = [line for line in lines if line["what"].endswith((">.plan", ">.sweep", ">.rebuild"))]
    for tick in (line for line in lines if line["what"] == "tick"):
        begin = tick["at"] - tick["took"]
        sums.append(sum(x["took"] * 1000 for x in own if begin <= x["at"] <= tick["at"]))
    return sums


def _memory(pid: int) -> int:
    """Resident bytes of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
