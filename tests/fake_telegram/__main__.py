"""The fake as a process of its own: prints its URL, then serves until SIGTERM or SIGINT."""

import argparse
import asyncio
import json
import signal
from pathlib import Path
from typing import TextIO

from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.fake_telegram.state import Call


async def serve(port: int, token: str, journal: TextIO | None) -> None:
    """Serve until a signal; every finished call is a line of JSON in the journal."""
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
        print(fake.url, flush=True)
        await stop.wait()


def main() -> None:
    """Parse the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--token", default=TOKEN, help="the only token it accepts")
    parser.add_argument("--journal", type=Path, help="write each finished call there as a line")
    options = parser.parse_args()
    if options.journal is None:
        asyncio.run(serve(options.port, options.token, None))
        return
    with options.journal.open("a", encoding="utf-8") as file:
        asyncio.run(serve(options.port, options.token, file))


if __name__ == "__main__":
    main()
