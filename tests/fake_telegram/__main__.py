"""The fake as a process of its own: prints its URL, then serves until SIGTERM or SIGINT."""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import signal
from pathlib import Path
from typing import TextIO

from tests.fake_telegram.arrivals import Arrivals
from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.fake_telegram.state import Call


async def serve(
    port: int, token: str, journal: TextIO | None, log: TextIO | None = None, seed: int = 0
) -> None:
    """Serve until a signal; every finished call is a line in the journal or the log."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with FakeTelegram(port=port, token=token) as fake:
        if journal is not None:
            file = journal

            def write(call: Call) -> None:
                file.write(json.dumps(call.as_json()) + "\n")
                file.flush()

            fake.on_call = write
        if log is not None:
            fake.on_call = Arrivals(log).write
        fake.faults.dice.seed(seed)
        print(fake.url, flush=True)
        await stop.wait()


def main() -> None:
    """Parse the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--token", default=TOKEN, help="the only token it accepts")
    parser.add_argument("--journal", type=Path, help="write each finished call there as a line")
    parser.add_argument("--log", type=Path, help="write each call but getUpdates there, in short")
    parser.add_argument("--seed", type=int, default=0, help="of latencies and of faults by chance")
    options = parser.parse_args()
    with contextlib.ExitStack() as files:
        journal, log = (
            path and files.enter_context(path.open("a", encoding="utf-8"))
            for path in (options.journal, options.log)
        )
        if log is not None:  # its times are what limits are judged by
            gc.disable()
            with contextlib.suppress(OSError):
                os.nice(-10)
        asyncio.run(serve(options.port, options.token, journal, log, options.seed))


if __name__ == "__main__":
    main()
