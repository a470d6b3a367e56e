"""The process ends: killed, at every step, in good order, while questions wait."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.texts import load, path_of
from tests.fake_telegram.arrivals import hash_of
from tests.faults.checker import Verdict
from tests.faults.history import Reader
from tests.faults.inject import DIED
from tests.faults.report import Result
from tests.faults.rig import Bot, Rig
from tests.faults.rounds import Round, merged, people, template

RATE = 200
SPAN = (2.0, 6.0)
"""Seconds from a start to its end, from and to."""

ENOUGH = 20
"""Kills from which on their average says something."""

MEAN, MOST = 25, 64
"""Second copies a kill: on average, and ever."""


def moment(rig: Rig, bot: Bot, calls: tuple[int, int] | None) -> Callable[[], bool]:
    """What tells whether *bot* has had its time: seconds within SPAN, or *calls* from and to."""
    if calls is not None:
        enough = len(rig.log.arrivals) + rig.dice.randint(*calls)
        return lambda: len(rig.log.arrivals) >= enough
    until = bot.started + rig.dice.uniform(*SPAN)
    return lambda: time.monotonic() >= until


async def alive(round_: Round, over: Callable[[], bool]) -> bool:
    """Whether readers are left at the moment that *over* tells."""
    while not over():
        round_.rig.log.read()
        if not round_.left():
            return False
        await asyncio.sleep(0.02)
    return bool(round_.left())


async def killed(
    rig: Rig,
    kills: int,
    size: int,
    fault: dict[str, Any] | None = None,
    calls: tuple[int, int] | None = None,
) -> Verdict:
    """What became of pushes to *size* readers that were killed so often, as a whole.

    With *calls*, not after some time but when so many have arrived.
    """
    readers, verdicts, left = people(size), [], kills
    data = await template(rig, [reader.address for reader in readers])
    while left:
        push = Round(rig, readers, RATE)
        await push.begin(data)
        while True:
            bot = await rig.start(fault)
            if not left or not await alive(push, moment(rig, bot, calls)):
                break
            push.kills.append(await bot.kill())
            left -= 1
        verdicts.append(await push.verdict(bot))
        print(f"  {kills - left} kills, second copies {verdicts[-1].per_kill}", flush=True)
    return merged(verdicts)


def judged(load_: str, verdict: Verdict) -> Result:
    """The marks of a push that was killed."""
    result = Result(load_)
    result.at_most("lost", verdict.lost, 0)
    mean = sum(verdict.per_kill) / max(1, verdict.kills_amid)
    result.mark("kills while messages were sent", verdict.kills_amid, verdict.kills_amid > 0)
    if verdict.kills_amid >= ENOUGH:
        result.at_most("second copies of such a kill on average", mean, MEAN)
    result.at_most("second copies of one kill", max(verdict.per_kill), MOST)
    result.at_most("of them with a sound", verdict.loud, 0)
    result.at_most("copies of one message", verdict.most_copies, 3)
    result.kept(verdict.broken)
    return result


async def kill(
    rig: Rig, kills: int = 100, size: int = 10_000, calls: tuple[int, int] | None = None
) -> Result:
    """Kill -9, each 2 to 6 s after the start."""
    found = await killed(rig, kills, size, calls=calls)
    return judged(f"{kills} kills, {size:,} readers, {RATE}/s, 80 ms", found)


async def recovery(rig: Rig, trials: int = 5, size: int = 1_000) -> Result:
    """Kill -9 five times in a row, each while the start after the last one recovers."""
    readers, verdicts = people(size), []
    data = await template(rig, [reader.address for reader in readers])
    for _ in range(trials):
        push = Round(rig, readers, RATE)
        await push.begin(data)
        bot = await rig.start()
        half = rig.dice.randrange(100, size // 2)
        await rig.until(lambda n=half: len(rig.log.arrivals) >= n, 60, f"{half} calls", bot)  # type: ignore[misc]
        push.kills.append(await bot.kill())
        for _ in range(5):
            seen = len(rig.log.arrivals)
            bot = await rig.start()
            sends = rig.dice.random() < 0.5  # else it dies before its first call
            if sends:
                await rig.until(lambda n=seen: len(rig.log.arrivals) > n, 60, "a call", bot)  # type: ignore[misc]
            await asyncio.sleep(rig.dice.uniform(0, 0.2) if sends else rig.dice.uniform(0.5, 1.5))
            push.kills.append(await bot.kill())
        verdicts.append(await push.verdict(await rig.start(), within=500))
        print(f"  second copies {verdicts[-1].per_kill}, named {verdicts[-1].named}", flush=True)
    total = merged(verdicts)
    result = Result(f"{trials} x 6 kills, {size:,} readers, {RATE}/s")
    result.at_most("neither copied nor named", total.lost, 0)
    result.mark("named", total.named, True)
    result.at_most("copies of one message", total.most_copies, 3)
    result.kept(total.broken)
    return result


async def sigterm(
    rig: Rig, stops: int = 50, size: int = 10_000, calls: tuple[int, int] | None = None
) -> Result:
    """SIGTERM, each 2 to 6 s after the start."""
    readers, verdicts, left, longest, codes = people(size), [], stops, 0.0, Counter[int]()
    data = await template(rig, [reader.address for reader in readers])
    while left:
        push = Round(rig, readers, RATE)
        await push.begin(data)
        while True:
            bot = await rig.start()
            if not left or not await alive(push, moment(rig, bot, calls)):
                break
            code, took = await bot.stop()
            longest, left = max(longest, took), left - 1
            codes[code] += 1
        verdicts.append(await push.verdict(bot))
    total = merged(verdicts)
    result = Result(f"{stops} stops, {size:,} readers, {RATE}/s, 80 ms")
    result.at_most("lost", total.lost, 0)
    result.at_most("second copies", total.seconds, 0)
    result.at_most("seconds to the exit", longest, 10)
    result.mark("exit code 0", dict(codes), set(codes) == {0})
    result.kept(total.broken)
    return result


async def questions(rig: Rig, kills: int = 10, count: int = 2_000) -> Result:
    """Kill -9 while questions wait."""
    await rig.fresh()
    rig.options |= {"sends_per_second": RATE, "questions_per_window": 1000}
    await rig.do("latency", seconds=0.08)
    asked = await rig.do("bulk", count=count, users=count // 4, text="Who offered help, case {n}?")
    wanted = {(q["chat"], q["message"]) for q in asked}
    for _ in range(kills):
        seen = len(rig.log.arrivals)
        bot = await rig.start()
        await rig.until(lambda n=seen: len(rig.log.arrivals) > n + 5, 60, "an answer", bot)  # type: ignore[misc]
        await asyncio.sleep(rig.dice.uniform(0.1, 0.8))
        await bot.kill()
    bot = await rig.start()

    def answers() -> Counter[tuple[int, int]]:
        return Counter((a.chat, a.reply) for a in rig.log.arrivals if a.processed and a.reply)

    await rig.until(lambda: wanted <= set(answers()), 180, "an answer to each question", bot)
    await rig.quiet(1, 60)
    await bot.stop()
    sorry = hash_of(load(path_of("en")).say("notice.gave_up"))
    given_up = sum(a.text == sorry for a in rig.log.arrivals)
    copies = answers()
    result = Result(f"{kills} kills, {count:,} questions of {count // 4} people")
    result.at_most("unanswered", len(wanted - set(copies)), 0)
    result.at_most("replies to one question, an apology among them", max(copies.values()), 3)
    result.mark("given up with an apology", given_up, given_up <= kills)
    result.mark("second answers", sum(copies.values()) - len(copies), True)
    return result


async def steps(
    rig: Rig, size: int = 200, only: int | None = None, scenarios: tuple[int, ...] = (1, 2)
) -> Result:
    """The process ends at every step that a push has, one run each."""
    readers = people(size)
    data = await template(rig, [reader.address for reader in readers])
    found = await _all_steps(rig, readers, data, scenarios)
    names = sorted(found)
    if only is not None:
        names = sorted(rig.dice.sample(names, min(only, len(names))))
    verdicts, missed, early = [], [], 0
    for name in names:
        scenario, count = found[name]
        nth = rig.dice.randint(1, max(1, count // 2))
        push = Round(rig, readers, RATE)
        await push.begin(data, long=True)
        died, verdict = await _play(push, scenario, {"crash": [name, nth]})
        if not died:
            missed.append(f"{name} #{nth}")
        if not died or verdict.broken:
            print(f"  {name} #{nth} of {count}: {verdict.broken or 'not visited'}", flush=True)
        if verdict.seconds and not any(a.at < push.kills[-1] for a in rig.log.arrivals):
            early += 1
        verdicts.append(verdict)
    total = merged(verdicts)
    result = Result(f"{len(names)} of {len(found)} steps, {size} readers")
    result.mark("steps", len(found), len(found) >= 40)
    result.mark("visited", f"{len(names) - len(missed)} of {len(names)} {missed[:3]}", not missed)
    result.at_most("lost", total.lost, 0)
    result.at_most("second copies of one crash", max(total.per_kill), MOST)
    result.at_most("second copies where nothing had been sent", early, 0)
    result.at_most("copies of one message", total.most_copies, 3)
    result.kept(total.broken)
    return result


async def _all_steps(
    rig: Rig, readers: tuple[Reader, ...], data: Path, scenarios: tuple[int, ...]
) -> dict[str, tuple[int, int]]:
    """The scenario in which each step is first reached, and how often it is there."""
    found: dict[str, tuple[int, int]] = {}
    for scenario in scenarios:
        push = Round(rig, readers, RATE)
        visited = rig.folder / f"visited-{scenario}"
        await push.begin(data, long=True)
        await _play(push, scenario, {"visited": str(visited)})
        counts = Counter(visited.read_text(encoding="utf-8").splitlines())
        found = {name: (scenario, count) for name, count in counts.items()} | found
    return found


async def _play(push: Round, scenario: int, fault: dict[str, Any]) -> tuple[bool, Verdict]:
    """Whether the process died at its step, and what became of the push in the end.

    Scenario 1 is a push from its begin to its end; scenario 2 begins after a kill and ends with
    an orderly stop amid the push.
    """
    rig = push.rig
    if scenario == 2:
        bot = await rig.start()
        few = len(push.readers) // 3
        await rig.until(lambda: len(rig.log.arrivals) > few, 60, f"{few} calls", bot)
        push.kills.append(await bot.kill())
    bot = await rig.start(fault)
    deadline = time.monotonic() + 60
    while bot.process.returncode is None and time.monotonic() < deadline:
        rig.log.read()
        if not push.left():
            await rig.quiet(0.3, 30)
        elif scenario == 1 or len(push.left()) > len(push.readers) // 3:
            await asyncio.sleep(0.02)
            continue
        break
    if bot.process.returncode is None:
        await bot.stop()
    died = await bot.ended() == DIED
    push.kills.append(time.monotonic())
    bot = await rig.start()
    await push.done(bot, 500)
    await rig.quiet(0.3, 30)
    return died, await push.verdict(bot, settle=0.0, ask=bool(push.left()))
