"""What the tests of the shell share: a fake Bot API, a small library, a bot that runs."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import app
from bot.atlas import index as make_index
from bot.config import Config, Secret
from bot.limits import Limits
from bot.log import QUIET
from bot.places import Places
from bot.polling import Rhythm
from bot.store import STORE
from bot.terms import Beat
from bot.texts import Texts, path_of
from bot.texts import load as load_texts
from bot.work import Pace
from knowledge import Library, load_library
from knowledge.__main__ import BRIEFINGS as SHIPPED
from knowledge.__main__ import encoder
from knowledge.load import SMALLTALK, load_briefing, load_smalltalk
from knowledge.pleasantries import Pleasantries
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.server import TOKEN

SECRET = TOKEN.partition(":")[2]
LOOSE = Limits(chat_seconds=0.0, group=1000)
"""Limits of a chat as if there were none; those of Telegram have tests of their own."""
BRIEFINGS = Path(__file__).parent / "briefings"
HARBOUR = BRIEFINGS / "2020-05-04-harbour"


LONGEST = ("test_fault_sample.py", "test_operating.py", "test_process.py")
"""Tests that start processes and wait for them, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing; two workers, who begin with a half of the *items* each, end at the same time.

    One begins with all that needs the shipped briefings, which it then reads alone; the other with
    the LONGEST, which wait while that one works. Short ones are left for the end: a worker without
    work takes over from the end of what the other one has.
    """
    shipped = [item for item in items if "libya" in getattr(item, "fixturenames", ())]
    longest = [item for name in LONGEST for item in items if item.path.name == name]
    ahead = {*shipped, *longest}
    others = [item for item in items if item not in ahead]
    between = max(0, len(items) // 2 - len(shipped))
    items[:] = [*shipped, *others[:between], *longest, *others[between:]]


@pytest.fixture(scope="session", autouse=True)
def smalltalk_is_encoded() -> None:
    """Worked out before processes start that have little time, where the semantic extra is in."""
    Pleasantries(load_smalltalk(SMALLTALK), encoder())


@pytest.fixture(autouse=True)
def nothing_logs_the_token(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, it does at DEBUG, and no record or traceback has the fake's token."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    caplog.set_level(logging.DEBUG)
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    plain = logging.Formatter()  # the bot's own would mask it
    assert not [r.name for r in records if SECRET in plain.format(r)]


def without_token(folder: Path) -> bool:
    """Whether no file in *folder* has the fake's token; the index of places is none of ours."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".tsv"]
    return not any(SECRET.encode() in path.read_bytes() for path in files)


@pytest.fixture(scope="session")
def library() -> Library:
    """The invented briefing of Port Alba, with the bot's own smalltalk."""
    return Library([load_briefing(HARBOUR)], load_smalltalk(SMALLTALK))


@pytest.fixture(scope="session")
def libya() -> Library:
    """All briefings as they are shipped, for what must hold of every one of them.

    Reading them takes seconds: who needs no more than a library takes this one.
    """
    return load_library(SHIPPED)


@pytest.fixture(scope="session")
def shipped(libya: Library) -> Library:
    """The same as readers meet it: with the semantic extra, where that is installed.

    Its vectors are those of the command line, so that a first run works them out but once.
    """
    found = encoder()
    return Library(libya.briefings, libya.smalltalk, found) if found else libya


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The English sentences."""
    return load_texts(path_of("en"))


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of places, made once."""
    path = Places(tmp_path_factory.mktemp("places"), lambda: "").path
    make_index(path)
    return path


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A Bot API on a local socket."""
    async with FakeTelegram() as running:
        yield running


def config_for(fake: FakeTelegram, data: Path, **changes: Any) -> Config:
    """The settings of a bot that talks to *fake* and keeps its files in *data*."""
    settings: dict[str, Any] = {
        "token": Secret(fake.token),
        "api_url": fake.url,
        "briefings_dir": BRIEFINGS,
        "data_dir": data,
        "log_level": "DEBUG",
        "language": "en",
        "chats_at_once": 8,
        "memory_chats": 100,
        "memory_minutes": 60,
        "questions_per_window": 10,
        "window_seconds": 30,
        "late_after_minutes": 10,
        "longest_question": 1000,
        "admins": (),
        "sends_per_second": 1000,
        "default_hour": dt.time(8),
        "quiet_from": dt.time(22),
        "quiet_to": dt.time(6, 30),
        "quiet_line": False,
    }
    return Config(**settings | changes)


@dataclass
class Bots:
    """Starts bots against the fake, in this loop, and stops them all in the end."""

    fake: FakeTelegram
    library: Library
    data: Path
    running: dict[app.Application, asyncio.Task[None]] = field(default_factory=dict)

    def build(
        self,
        *,
        pace: dict[str, float] | None = None,
        rhythm: dict[str, float] | None = None,
        push: dict[str, float] | None = None,
        limits: Limits | None = None,
        **changes: Any,
    ) -> app.Application:
        """A bot with short pauses whose clock is the fake's."""
        config = config_for(self.fake, self.data, **changes)
        quick: dict[str, Any] = {"attempt": 2.0, "between": 0.02, "apology": 1.0, "leave": 2.0}
        quick |= {"chats_at_once": config.chats_at_once} | (pace or {})
        swift: dict[str, Any] = {
            "tick": 0.05,
            "look": 0.05,
            "idle": 0.02,
            "again": 0.1,
            "land": 2.0,
        }
        swift |= push or {}
        beat: dict[str, Any] = {"first_pause": 0.02, "longest_pause": 0.1} | (rhythm or {})
        timing = app.Timing(
            pace=Pace(**quick),
            rhythm=Rhythm(**beat),
            beat=Beat(**swift),
            look=0.05,
            limits=limits or LOOSE,
        )
        return app.build(
            config,
            library=self.library,
            timing=timing,
            clock=self.now,
            boot=self.fake.clock.now,  # a test that moves the clock lets time pass
        )

    def now(self) -> dt.datetime:
        """The time on the fake's clock."""
        return dt.datetime.fromtimestamp(self.fake.clock.now(), dt.UTC)

    async def start(self, *, wait: bool = True, **changes: Any) -> app.Application:
        """A running bot; with *wait*, one that waits for updates."""
        bot = self.build(**changes)
        self.running[bot] = asyncio.create_task(bot.run())
        if wait:
            await self.fake.wait_for(lambda: self.fake.world.queue.polling)
        return bot

    async def stop(self, bot: app.Application) -> None:
        """Nothing; *bot* has come to its end."""
        bot.stop()
        async with asyncio.timeout(10):
            await self.running.pop(bot)


async def alter(data: Path, sql: str, values: Sequence[Any] = ()) -> None:
    """Nothing; *sql* changed the file of a bot in *data* that may be running.

    In a thread: the bot may hold the file, and needs the event loop to let go of it.
    """

    def alter() -> None:
        with contextlib.closing(sqlite3.connect(data / STORE, timeout=10)) as db, db:
            db.execute(sql, values)

    await asyncio.to_thread(alter)


@pytest_asyncio.fixture
async def bots(fake: FakeTelegram, library: Library, tmp_path: Path) -> AsyncIterator[Bots]:
    """A starter of bots."""
    starter = Bots(fake, library, tmp_path / "data")
    yield starter
    for bot in list(starter.running):
        await starter.stop(bot)
    assert without_token(starter.data)


@pytest_asyncio.fixture
async def bot(bots: Bots) -> app.Application:
    """A bot that waits for updates."""
    return await bots.start()
