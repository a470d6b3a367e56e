"""Runs the rows of the fault table: `python -m tests.faults [--row NAME] [--seed N]`.

One after the other, each in a rig of its own; the exit code is 0 if all passed.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults import rig
from tests.faults.report import Fault, Result
from tests.faults.table import ROWS


async def run(row: Fault, seed: int) -> Result:
    """The result of *row*; a failed one if it broke off or took too long."""
    try:
        async with asyncio.timeout(row.within), rig.rig(seed) as made:
            good = False
            try:
                result = await row.run(made)
                good = result.good
                return result
            finally:
                if not good:
                    keep(made)
    except (Exception, TimeoutError) as error:
        broken = Result("did not come to its end")
        broken.mark("end", f"{type(error).__name__}: {error}", good=False)
        return broken


def keep(made: rig.Rig) -> None:
    """Nothing; what arrived and what the bots printed outlives the row."""
    folder = Path(tempfile.mkdtemp(prefix="faults-failed-"))
    shutil.copy(made.log.path, folder)
    (folder / "printed").write_text(made.printed, encoding="utf-8")
    print(f"  what arrived and was printed: {folder}")


def show(row: Fault, seed: int, result: Result, seconds: float) -> None:
    """Nothing; the row is printed."""
    print(f"{'PASS' if result.good else 'FAIL'} {row.name}: {result.load}")
    for what, reached, good in result.marks:
        print(f"  {'ok  ' if good else 'FAIL'} {what}: {reached}")
    print(f"  seed {seed}, {seconds:.0f} s\n", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 if all rows passed, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--row", choices=[row.name for row in ROWS], help="only this one")
    parser.add_argument("--seed", type=int, default=None, help="default: a new one, printed")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else time.time_ns() % 1_000_000
    failed = []
    for row in ROWS:
        if options.row not in (None, row.name):
            continue
        print(f"{row.name}: {row.does}", flush=True)
        began = time.monotonic()
        result = asyncio.run(run(row, seed))
        show(row, seed, result, time.monotonic() - began)
        if not result.good:
            failed.append(row.name)
    print(f"failed: {', '.join(failed)}" if failed else "all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
