"""Rows that need no process: every zone in virtual time, fuzzed updates, forged presses."""

from __future__ import annotations

import asyncio
import re
import sys

from tests.faults.report import Result
from tests.faults.rig import ROOT, Rig

ZONES = "tests/bot/test_schedule_zones.py"


async def zones(rig: Rig) -> Result:
    """Every zone, every transition of 2020 to 2037, every quarter of an hour."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-v", ZONES),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    lines = printed.decode().strip().splitlines()
    seen = [line for line in lines if re.search(r"\d+ (zones|slots|transitions)", line)]
    result = Result(seen[-1] if seen else ZONES)
    result.mark("one push per local date", lines[-1], process.returncode == 0)
    return result


async def fuzz(rig: Rig, count: int = 10_000) -> Result:
    """Updates with missing fields, odd senders, strange letters and huge numbers."""
    from tests.fuzz import fuzz as throw

    report = await throw(count, rig.seed, rig.folder)
    result = Result(f"{count:,} updates")
    result.mark("unhandled exceptions", report, not report.problems)
    result.kept([problem[:300] for problem in report.problems[:3]])
    return result


async def forgery(rig: Rig, count: int = 10_000) -> Result:
    """Presses and commands that are forged, replayed elsewhere, or of people without the right."""
    from tests.forgery import forge

    report = await forge(count, rig.seed, rig.folder)
    result = Result(f"{count:,} attempts")
    result.at_most("rows changed", report.changed, 0)
    result.mark("unsubscribe still works, all answered", report, not report.problems)
    return result
