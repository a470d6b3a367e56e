"""The disk fails: full for a time, each write once, the file damaged at rest or put back."""

from __future__ import annotations

import asyncio
import random
import resource
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.store import STORE
from tests.faults.checker import CLAIMED
from tests.faults.history import Reader
from tests.faults.report import Result
from tests.faults.rig import ADMIN, FIRST, NEWS, Rig
from tests.faults.rounds import Round, merged, people, points_of, published, template

RATE = 200
FULL = 3.0
"""Seconds for which the disk is full each time: longer than what may have been claimed before."""
PAGE = 4096


def fill(pid: int, full: bool) -> None:
    """Nothing; files of process *pid* cannot grow beyond a page, or can again."""
    limit = PAGE if full else resource.RLIM_INFINITY
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


async def full(rig: Rig, moments: int = 50, size: int = 2_000) -> Result:
    """The disk is full at random moments, and has room again some seconds later."""
    readers, verdicts, left = people(size), [], moments
    data = await template(rig, [reader.address for reader in readers])
    while left:
        push = Round(rig, readers, RATE)
        await push.begin(data)
        bot = await rig.start()
        await rig.until(lambda: rig.log.reached, 60, "a message", bot)
        while left:
            await asyncio.sleep(rig.dice.uniform(0.2, 1.5))
            rig.log.read()
            if len(push.left()) < RATE * (CLAIMED + 1):
                break
            fill(bot.pid, True)
            began = time.monotonic()
            await asyncio.sleep(FULL)
            push.jammed.append((began, time.monotonic()))
            fill(bot.pid, False)
            left -= 1
        verdicts.append(await push.verdict(bot))
    total = merged(verdicts)
    result = Result(f"{moments} times full for {FULL:g} s, {size:,} readers, {RATE}/s")
    result.at_most(f"sent later than {CLAIMED:g} s after the disk was full", total.jammed, 0)
    result.at_most("lost", total.lost, 0)
    result.at_most("second copies", total.seconds, 0)
    result.kept(total.broken)
    return result


async def writes(rig: Rig, first: int = 1, last: int = 100, size: int = 100) -> Result:
    """The n-th write fails, one run for each n."""
    readers, verdicts, ended = people(size), [], 0
    data = await template(rig, [reader.address for reader in readers])
    for nth in range(first, last + 1):
        push = Round(rig, readers, RATE)
        await push.begin(data)
        bot = await rig.start({"fail_write": nth})
        await push.done(bot, 60)
        if bot.process.returncode is not None:  # it would not begin: somebody starts it again
            ended += 1
            push.kills.append(time.monotonic())
            bot = await rig.start()
            await push.done(bot, 60)
        await rig.quiet(0.3, 30)
        verdicts.append(await push.verdict(bot, settle=0.0, ask=bool(push.left())))
        if verdicts[-1].broken:
            print(f"  write {nth}: {verdicts[-1].broken}", flush=True)
    total = merged(verdicts)
    result = Result(f"writes {first} to {last}, {size} readers; {ended} ended the process")
    result.at_most("lost", total.lost, 0)
    result.at_most("second copies", total.seconds, 0)
    result.kept(total.broken)
    return result


KINDS = ("page", "page", "page", "header", "old")
"""What is damaged, case by case."""


async def damage(
    rig: Rig, cases: int = 100, size: int = 300, kinds: Sequence[str] = KINDS
) -> Result:
    """The file is damaged while no bot runs: its header, any page, or an old one is put back."""
    readers = people(size)
    data = await template(rig, [reader.address for reader in readers])
    good, old = await _after_a_push(rig, readers, data)
    begun = await _amid_a_push(rig, readers, data)
    refused, harmless, held, wrong = 0, 0, 0, []
    old_ones = sum(kinds[case % len(kinds)] == "old" for case in range(cases))
    for case in range(cases):
        kind = kinds[case % len(kinds)]
        source = begun if kind == "page" and case % 2 else good
        _put_back(rig, source)
        sent_before = len(rig.log.arrivals)
        if kind == "old":
            shutil.copy(old, rig.data / STORE)
        else:
            _overwrite(rig.data / STORE, kind, rig.dice)
        code, calls, printed = await _try(rig, quiet=1.5)
        if kind == "old":
            held += not calls
            wrong += [f"case {case}: an old file, and {calls} calls"] if calls else []
        elif code == 2 and "restore" in printed and not calls:
            refused += 1
        elif code == 2 or kind == "header":
            wrong.append(f"case {case} ({kind}): exit {code}, {calls} calls: {printed[-200:]}")
        else:
            texts = {a.text for a in rig.log.arrivals[sent_before:] if a.chat != ADMIN}
            good_ones = published(rig.log.texts, points_of(rig.briefings / NEWS))[0]
            bad = [rig.log.texts[t] for t in texts if t not in good_ones]
            harmless += not bad
            wrong += [f"case {case}: sent {bad[0]!r}"] if bad else []
    result = Result(f"{cases} cases: header, pages overwritten, old file put back")
    result.mark("refused with the way to restore", refused, refused > 0)
    result.mark("held nothing that was used, and nothing wrong was sent", harmless, True)
    result.mark("old files put back, push on hold", f"{held} of {old_ones}", held == old_ones)
    result.mark("else", "; ".join(wrong[:3]) or "none", not wrong)
    return result


async def _after_a_push(rig: Rig, readers: tuple[Reader, ...], data: Path) -> tuple[Path, Path]:
    """A data directory after a whole push, and the file as it was before."""
    push = Round(rig, readers, RATE)
    await push.begin(data)
    old = rig.folder / "old.sqlite3"
    with closing(sqlite3.connect(rig.data / STORE)) as source, closing(sqlite3.connect(old)) as to:
        source.backup(to)
    bot = await rig.start()
    await push.done(bot, 60)
    await rig.quiet(0.5, 30)
    await bot.stop()
    good = rig.folder / "good"
    shutil.copytree(rig.data, good)
    return good, old


async def _amid_a_push(rig: Rig, readers: tuple[Reader, ...], data: Path) -> Path:
    """A data directory of a bot that was stopped amid a push."""
    push = Round(rig, readers, RATE)
    await push.begin(data)
    bot = await rig.start()
    few = len(readers) // 3
    await rig.until(lambda: len(rig.log.arrivals) > few, 60, f"{few} calls", bot)
    await bot.stop()
    begun = rig.folder / "begun"
    shutil.copytree(rig.data, begun)
    return begun


def _put_back(rig: Rig, source: Path) -> None:
    """Nothing; the data directory is as in *source*."""
    shutil.rmtree(rig.data, ignore_errors=True)
    shutil.copytree(source, rig.data)
    rig.add(FIRST, NEWS)


def _overwrite(path: Path, kind: str, dice: random.Random) -> None:
    """Nothing; the header of the file is zero, or one page of it is noise."""
    for extra in ("-wal", "-shm"):
        path.with_name(path.name + extra).unlink(missing_ok=True)
    with path.open("r+b") as file:
        if kind == "header":
            file.write(bytes(100))
            return
        page = dice.randrange(1, max(2, path.stat().st_size // PAGE))
        file.seek(page * PAGE)
        file.write(dice.randbytes(PAGE))


async def _try(rig: Rig, quiet: float) -> tuple[int | None, int, str]:
    """The exit code (None: it ran), how many calls to readers arrived, and what it printed."""
    rig.log.read()
    before = len(rig.log.arrivals)
    bot = await rig.start()
    deadline = time.monotonic() + 20
    polling = None
    while time.monotonic() < deadline and bot.process.returncode is None:
        if polling is None and (await rig.do("state"))["polling"]:
            polling = time.monotonic()
        if polling is not None and time.monotonic() - polling > quiet:
            break
        await asyncio.sleep(0.05)
    code = bot.process.returncode
    if code is None:
        await bot.stop()
    else:
        await bot.ended()
    rig.log.read()
    calls = sum(a.chat != ADMIN for a in rig.log.arrivals[before:])
    return code, calls, bot.output.decode("utf-8", "replace")
