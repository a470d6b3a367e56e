"""python -m tests.measure: how soon the real bot answers, and how much memory it holds.

Starts the process against the fake Bot API, beside a process that only imports the framework, so
that the figures of one run can be held against each other.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.fake_telegram import FakeTelegram

ROOT = Path(__file__).parent.parent
QUESTION = "Who claimed the attack?"
RUNS = 5


async def main() -> None:
    """Nothing; prints the medians of RUNS runs."""
    imports, answers, memory = [], [], []
    for _ in range(RUNS):
        imports.append(await _import())
        seconds, megabytes = await _bot()
        answers.append(seconds)
        memory.append(megabytes)
    base, first = statistics.median(imports), statistics.median(answers)
    print(f"import telegram.ext            {base:6.2f} s")
    print(f"start to first answer          {first:6.2f} s   ({first / base:.1f} times the import)")
    print(f"memory of the running bot      {statistics.median(memory):6.0f} MB resident")


async def _import() -> float:
    start = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import telegram.ext")
    await process.wait()
    return time.perf_counter() - start


async def _bot() -> tuple[float, float]:
    """Seconds from the start of the process to its first answer, and its memory then in MB."""
    async with FakeTelegram() as fake:
        user = fake.user(id=5, name="Reader")
        await user.send(QUESTION)
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "config.yaml"
            config.write_text(f"data_dir: {folder}/data\nlog_level: WARNING\n", encoding="utf-8")
            environ = {**os.environ, "BOT_TOKEN": fake.token, "BOT_API_URL": fake.url}
            start = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "--config", str(config)), cwd=ROOT, env=environ
            )
            await fake.wait_for(lambda: fake.calls("sendMessage"), timeout=60)
            seconds = time.perf_counter() - start
            megabytes = _resident(process.pid)
            process.terminate()
            await process.wait()
    return seconds, megabytes


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS: this needs Linux")


if __name__ == "__main__":
    asyncio.run(main())
