"""The processes: a fake Bot API, bots that come and go, and a folder for what they keep.

Everything listens on 127.0.0.1. Only processes that were started here are ended here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.fake_telegram.server import TOKEN
from tests.faults.history import Log, Row, rows_of

ROOT = Path(__file__).parent.parent.parent
BRIEFINGS = ROOT / "tests" / "briefings"
FIRST, NEWS = "2020-05-04-harbour", "2020-06-01-harbour"
"""The briefing that lies there at the first start, and the one that is pushed."""

ADMIN = 99
_T = TypeVar("_T")


class TooLong(AssertionError):  # noqa: N818 - a failed assertion, not an error
    """What was waited for did not happen."""


@dataclass
class Bot:
    """One process of the bot. `output` is all that it printed."""

    process: asyncio.subprocess.Process
    output: bytearray
    reader: asyncio.Task[None]
    started: float = field(default_factory=time.monotonic)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    async def ended(self, within: float = 15.0) -> int:
        """The exit code, when all that it printed has been read."""
        async with asyncio.timeout(within):
            code = await self.process.wait()
            await self.reader
        return code

    async def kill(self) -> float:
        """The moment at which it had lost its memory; it had no chance to do anything."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        await self.ended()
        return time.monotonic() + 0.1  # what it wrote may still arrive

    async def stop(self, within: float = 15.0) -> tuple[int, float]:
        """The exit code after SIGTERM, and the seconds that it took."""
        began = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await self.ended(within), time.monotonic() - began


class Rig:
    """A fake, a folder, and the bots in it. Make it with `rig`."""

    def __init__(self, folder: Path, seed: int, log: Log, fake: Bot, url: str) -> None:
        self.folder = folder
        self.seed = seed
        self.dice = random.Random(seed)
        self.log = log
        self.url = url
        self.token = TOKEN
        self.bots: list[Bot] = []
        self.options: dict[str, object] = {}
        self.offered: Path | None = None
        """Where other rigs find, and leave, what a bot keeps after its very first start."""
        self._fake = fake
        self._client = httpx.AsyncClient(timeout=60)

    @property
    def data(self) -> Path:
        """The bot's data directory."""
        return self.folder / "data"

    @property
    def briefings(self) -> Path:
        """The folder of briefings that the bot looks at."""
        return self.folder / "briefings"

    @property
    def printed(self) -> str:
        """What all bots printed so far."""
        return b"".join(bytes(bot.output) for bot in self.bots).decode("utf-8", "replace")

    async def do(self, action: str, **arguments: Any) -> Any:
        """What the fake's control answers to *action*."""
        found = await self._client.post(f"{self.url}/_ctl/{action}", json=arguments)
        if found.status_code != 200:
            raise RuntimeError(f"{action}: {found.text}")
        return found.json()["result"]

    def add(self, *briefings: str) -> None:
        """Nothing; the folders of these briefings lie where the bot looks."""
        for name in briefings:
            shutil.copytree(BRIEFINGS / name, self.briefings / name, dirs_exist_ok=True)

    async def fresh(self, template: Path | None = None) -> None:
        """Nothing; data, briefings and the fake are as before the first start, or *template*'s."""
        for path in (self.data, self.briefings):
            shutil.rmtree(path, ignore_errors=True)
        self.briefings.mkdir()
        self.add(FIRST)
        if template is not None:
            shutil.copytree(template, self.data)
        await self.do("reset")
        await self.do("seed", number=self.dice.randrange(2**32))
        await self.do("crowd", first=ADMIN, count=1)
        self.log.forget()

    async def start(self, fault: dict[str, Any] | None = None, *arguments: str) -> Bot:
        """A bot that has begun: the plain one, or the launcher's with a *fault*."""
        spec = self.folder / f"fault-{len(self.bots)}.json"
        spec.write_text(json.dumps(fault or {}))
        module = ("tests.faults.bot", str(spec))
        bot = await self._spawn(*module, *arguments, "--config", str(self._config()))
        self.bots.append(bot)
        return bot

    async def command(self, *arguments: str, within: float = 120.0) -> tuple[int, str]:
        """The exit code of `python -m bot ARGUMENTS`, and what it printed."""
        bot = await self._spawn("bot", *arguments, "--config", str(self._config()))
        code = await bot.ended(within)
        return code, bot.output.decode("utf-8", "replace")

    async def rows(self) -> tuple[Row, ...]:
        """What `python -m bot deliveries` says."""
        code, printed = await self.command("deliveries", "--json")
        if code:
            raise RuntimeError(printed[-2000:])
        return rows_of(printed)

    async def until(
        self, condition: Callable[[], _T], within: float, what: str, bot: Bot | None = None
    ) -> _T:
        """What *condition* gives once it is true; TooLong if it is not *within* so many seconds.

        With a *bot*, also if that one ends before.
        """
        deadline = time.monotonic() + within
        while True:
            self.log.read()
            if found := condition():
                return found
            if time.monotonic() > deadline or (bot is not None and bot.process.returncode):
                tail = self.printed[-3000:]
                raise TooLong(f"{what}: not within {within:g} s; the bot printed:\n{tail}")
            await asyncio.sleep(0.02)

    async def quiet(self, seconds: float, within: float) -> None:
        """Nothing; no call arrived for so many *seconds*."""
        await self.until(
            lambda: (
                time.monotonic() - max((a.at for a in self.log.arrivals[-50:]), default=0.0)
                > seconds
            ),
            within,
            f"{seconds:g} s without a call",
        )

    async def polling(self, bot: Bot, within: float = 30.0) -> None:
        """Nothing; *bot* waits for updates."""
        async with asyncio.timeout(within):
            while not (await self.do("state"))["polling"]:
                if bot.process.returncode is not None:
                    raise TooLong(f"the bot ended: {bot.output.decode()[-3000:]}")
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Nothing; no process that was started here is left."""
        for bot in (*self.bots, self._fake):
            if bot.process.returncode is None:
                bot.process.kill()
                await bot.ended()
        await self._client.aclose()

    def _config(self) -> Path:
        path = self.folder / "config.yaml"
        options = {
            "data_dir": self.data,
            "briefings_dir": self.briefings,
            "admins": ADMIN,
        } | self.options
        path.write_text("".join(f"{name}: {value}\n" for name, value in options.items()))
        return path

    async def _spawn(self, *arguments: str) -> Bot:
        return await spawn(arguments, self.folder, {"BOT_API_URL": self.url, "BOT_TOKEN": TOKEN})


async def spawn(arguments: tuple[str, ...], folder: Path, environ: dict[str, str]) -> Bot:
    """A process of `python -m ARGUMENTS` that has begun."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT), "PTB_TIMEDELTA": "1"} | environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = bytearray()

    async def read() -> None:
        assert process.stdout is not None
        while chunk := await process.stdout.read(65536):
            output.extend(chunk)

    return Bot(process, output, asyncio.create_task(read()))


@contextlib.asynccontextmanager
async def rig(seed: int) -> AsyncIterator[Rig]:
    """A rig in a folder of its own; both are gone in the end."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        log = folder / "arrivals.jsonl"
        log.touch()
        arguments = ("tests.fake_telegram", "--log", str(log), "--seed", str(seed))
        fake = await spawn(arguments, folder, {})
        found: Rig | None = None
        try:
            async with asyncio.timeout(20):
                while b"\n" not in fake.output:
                    if fake.process.returncode is not None:
                        raise RuntimeError(fake.output.decode())
                    await asyncio.sleep(0.02)
            url = bytes(fake.output).split(b"\n")[0].decode().strip()
            found = Rig(folder, seed, Log(log), fake, url)
            yield found
        finally:
            if found is not None:
                await found.close()
            elif fake.process.returncode is None:
                fake.process.kill()
                await fake.ended()


def run(row: Callable[[Rig], Coroutine[Any, Any, _T]], seed: int) -> _T:
    """What *row* gives in a rig of its own."""

    async def within() -> _T:
        async with rig(seed) as made:
            return await row(made)

    return asyncio.run(within())
