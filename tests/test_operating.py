"""What the operator's document says is so: its commands run, its numbers are those of the code."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import math
import re
import shlex
import signal
import sys
from collections import Counter
from pathlib import Path

import yaml

from bot import (
    admin,
    alerts,
    canary,
    circuit,
    directory,
    guard,
    health,
    kept,
    ops,
    pacer,
    schedule,
    terms,
)
from bot.store import STORE, check
from bot.texts import Texts
from tests.fake_telegram import FakeTelegram
from tests.test_docs import BLOCKS, OPERATING, PYTHON, README, ROOT, commands, rows
from tests.test_process import Processes, processes

__all__ = ["processes"]

BOOK = BLOCKS["docs/OPERATING.md"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


async def run(folder: Path, line: str) -> tuple[int, str]:
    """The exit code and the output of a line of the document, in *folder*."""
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", line.replace(PYTHON, shlex.quote(sys.executable))),
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, printed.decode()


def lines(heading: str) -> list[str]:
    """The commands under *heading*."""
    return [
        line for b in BOOK if b.language == "sh" and b.heading == heading for line in commands(b)
    ]


async def test_the_commands_do_what_the_document_says(
    fake: FakeTelegram, processes: Processes, texts: Texts
) -> None:
    amal = fake.user()
    bot = await processes.listening("--config", "config.yaml")
    offer = await amal.ask("/subscribe", 15)
    yes = next(b["text"] for b in offer.buttons if b["callback_data"].startswith("s:yes"))
    await (await amal.tap(offer, yes)).answered()
    await fake.wait_drained()
    for line in lines("On the command line"):
        code, printed = await run(processes.folder, line)
        assert code == 0, printed
        assert printed
    columns = ("chat", "topic", "edition", "kind", "part", "status", "copies", "due", "done")
    assert (await run(processes.folder, f"{PYTHON} -m bot deliveries"))[1].startswith(
        "\t".join(columns)
    )
    for picked in rows(OPERATING, "option | what it picks"):
        option = picked[0].strip("`").replace("BRIEFING", "2020-05-04-harbour")
        for name in ops.STATUSES if "NAME" in option else ("",):
            line = f"{PYTHON} -m bot deliveries {option.replace('NAME', name)}"
            code, printed = await run(processes.folder, f"{line} --config config.yaml")
            assert code == 0, printed
    assert json.loads((await run(processes.folder, f"{PYTHON} -m bot deliveries --json"))[1]) == []
    [backup], [_, restore] = lines("Backup and restore")[:1], lines("Backup and restore")
    assert (await run(processes.folder, backup))[0] == 0
    [made] = (processes.folder / "data" / "backups").glob("*.sqlite3")
    line = restore.replace("NAME", made.stem)
    code, printed = await run(processes.folder, line)
    assert code == 2, "the bot runs"
    await amal.ask("/forget", 10)
    bot.send_signal(signal.SIGTERM)
    assert await processes.ended(bot) == 0
    code, printed = await run(processes.folder, line)
    assert code == 0, printed
    data = processes.folder / "data"
    assert [f.name for f in data.glob(f"{STORE}.before-*") if not f.name.endswith(("wal", "shm"))]
    assert "push: on hold (restored)" in (await run(processes.folder, f"{PYTHON} -m bot push"))[1]
    await processes.listening()
    assert '"chat"' in (await amal.ask("/mydata", 15)).text  # what was kept is back
    assert "on hold" in (await run(processes.folder, f"{PYTHON} -m bot push"))[1]
    assert (await run(processes.folder, f"{PYTHON} -m bot push --resume"))[0] == 0
    assert "push: runs" in (await run(processes.folder, f"{PYTHON} -m bot push"))[1]


async def test_a_damaged_database_is_refused_with_the_newest_backup(
    fake: FakeTelegram, processes: Processes
) -> None:
    await processes.kill(await processes.listening())
    [backup] = lines("Backup and restore")[:1]
    assert (await run(processes.folder, backup))[0] == 0
    data = processes.folder / "data"
    (data / STORE).write_bytes(b"\0" * 8192)
    assert await processes.ended(await processes.start()) == 2
    [made] = (data / "backups").glob("*.sqlite3")
    assert "python -m bot restore" in processes.text.splitlines()[-1]
    assert str(made) in processes.text.splitlines()[-1]


def test_orders_are_those_of_the_code() -> None:
    names = [cells[0].strip("`/") for cells in rows(OPERATING, "order | what it does")]
    assert names == list(admin.ORDERS)


def test_statuses_are_those_of_the_code() -> None:
    [cell] = [c[1] for c in rows(OPERATING, "option | what it picks") if "NAME" in c[0]]
    assert Counter(re.findall(r"`(\w+)`", cell)) == Counter(ops.STATUSES)


def test_numbers_are_those_of_the_code() -> None:
    words = " ".join(OPERATING.split())
    day = dt.timedelta(hours=1)
    for said in (
        f"more than {canary.MANY:,} chats are due",
        f"one for each of the last {kept.HOURLY} hours and the last of each of {kept.DAILY} days",
        f"and deleted after {kept.BACKUPS} days",
        f"for up to {kept.DAILY} days more",
        f"room for {kept.HOURLY + kept.DAILY} copies",
        f"Deliveries are deleted after {kept.DELIVERIES} days",
        f"subscriptions {kept.ENDED} days after they ended",
        ops.UNDONE.split(": ")[1],
        f"up to {schedule.CATCH_UP // day} hours late",
        f"after more than {guard.FARTHEST // day} hours",
        f"within {pacer.RAMP:.0f} seconds",
        f"a pause of more than {terms.LONG_HALT // dt.timedelta(minutes=1)} minutes",
        f"after {circuit.BROKEN} calls",
        f"After {circuit.UNSURE} in a row one message",
        f"after {circuit.REFUSALS} in any {circuit.AMONG} calls",
        f"less than {check.ROOM // 10**6} MB free",
        f"less than {check.LEAST_ROOM // 10**6} MB it refuses",
        f"not heard for {health.DEAF_AFTER:.0f} seconds | Exits with {health.DEAF_EXIT}",
    ):
        assert said in words, said
    kept_for = (
        f"deleted after {kept.DELIVERIES} days, subscriptions {kept.ENDED} days after they ended"
    )
    assert kept_for in " ".join(README.split())
    assert f"up to {kept.DAILY} days more" in " ".join(README.split())
    assert {3: "three"}[schedule.MOST_COPIES] in words
    assert {60.0: "every minute"}[directory.EVERY] in words
    assert {60.0: "for a minute"}[guard.DOUBT] in words
    assert {3600.0: "once an hour"}[alerts.ONCE_IN] in words


def test_how_long_the_last_one_waits_is_what_the_pacer_makes_of_it() -> None:
    for count, wait in rows(OPERATING, "chats that chose one minute"):
        number, unit = wait.split()
        seconds = int(count.replace(",", "")) * pacer.WINDOW / 30
        found = seconds / 60 if unit == "minutes" else seconds
        assert int(number) == math.ceil(found)


def test_the_composition_fits_the_image() -> None:
    [text] = [b.text for b in BOOK if b.language == "yml"]
    made = yaml.safe_load(text)
    [service] = made["services"].values()
    assert service["read_only"] is True
    assert service["stop_grace_period"] == "30s"
    assert service["environment"] == ["BOT_TOKEN"]
    [volume] = re.findall(r"^VOLUME (\S+)$", DOCKERFILE, re.MULTILINE)
    targets = {mount.split(":")[1]: mount.split(":")[0] for mount in service["volumes"]}
    assert targets[volume] in made["volumes"]
    assert targets["/app/knowledge/briefings"] == "./knowledge/briefings"
    assert "--stop-timeout 30" in README
