"""The operator's command line: what became of each delivery, what comes, backup and restore."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.model import Address, Wish
from bot.schedule import Ack, Dead, Decision, Quiet
from bot.store import STORE, Store
from bot.store.editions import Sheet
from bot.store.outcomes import Outcome
from bot.store.planning import Planner

QUIET = Quiet(dt.time(0), dt.time(0))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings lie; the environment holds none."""
    for name in ("BOT_TOKEN", "BOT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "config.yaml").write_text("data_dir: data\nsends_per_second: 1\n")
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    return main([*arguments, "--config", str(folder / "config.yaml")])


async def fill(path: Path) -> None:
    """One reader has it, one could not be written to, one is planned, one due, one not yet."""
    now = dt.datetime.now(dt.UTC)
    at = now - dt.timedelta(minutes=2)
    later = now + dt.timedelta(minutes=30)
    async with await Store.open(path) as store:
        await store.editions.seen([Sheet(briefing="old", text="x")], [], now)
        for chat, due in ((1, at), (2, at), (3, at), (4, at), (5, later)):
            wish = Wish(zone=ZoneInfo("UTC"), minute=due.hour * 60 + due.minute)
            before = now - dt.timedelta(hours=1)
            await store.subscriptions.put(Address(chat), "en", wish, before)
        known = await store.editions.known()
        await store.editions.seen([Sheet(briefing="new", text="y")], known, now)
        await store.ledger.prove(2)
        await store.ledger.recover()
        await Planner(store.db, QUIET, quiet_line=False).plan(now, limit=3)
        claimed = (await store.ledger.claim(now, 2, QUIET)).deliveries
        decisions: tuple[Decision, ...] = (Ack(10), Dead("blocked"))
        for delivery, decision in zip(claimed, decisions, strict=True):
            outcome = Outcome(delivery=delivery, decision=decision, began=now, at=now)
            await store.ledger.settle([outcome])


@pytest.fixture
def filled(folder: Path) -> Path:
    """A store with some of everything."""
    asyncio.run(fill(folder / "data" / STORE))
    return folder


def rows(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> list[Any]:
    assert run(folder, "deliveries", "--json", *more) == 0
    found: list[Any] = json.loads(capsys.readouterr().out)
    return found


def test_each_due_subscription_and_its_end_is_listed(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(filled, capsys)
    assert [(r["chat"], r["edition"], r["kind"], r["status"]) for r in found] == [
        (1, "new", "briefing", "sent"),
        (2, "new", "briefing", "dead"),
        (3, "new", "briefing", "pending"),
        (4, None, None, "due"),
    ]
    assert [(r["copies"], r["reason"]) for r in found[:2]] == [(1, None), (0, "blocked")]


def test_what_is_listed_can_be_chosen(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [r["chat"] for r in rows(filled, capsys, "--status", "dead")] == [2]
    assert [r["chat"] for r in rows(filled, capsys, "--status", "due")] == [4]
    assert [r["chat"] for r in rows(filled, capsys, "--edition", "new")] == [1, 2, 3]
    assert rows(filled, capsys, "--edition", "other") == []
    assert run(filled, "deliveries", "--status", "lost") == 2
    assert "pending, sending, sent" in capsys.readouterr().err


def test_the_list_is_a_table_to_read(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(filled, "deliveries") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("\t")[:4] == ["chat", "topic", "edition", "kind"]
    assert lines[2].split("\t")[-1] == "blocked"
    assert len(lines) == 5


def test_a_dry_run_says_what_comes(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(filled, "push", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "push: runs\nbriefing: new\n" in said
    assert "5 active, 4 are to get it" in said
    assert "time for these at 1 a second: 0:00:04" in said


def test_the_brake_can_be_put_and_lifted(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(filled, "push", "--hold") == 0
    assert run(filled, "push") == 0
    assert "push: on hold (operator)" in capsys.readouterr().out
    assert run(filled, "push", "--resume") == 0
    assert run(filled, "push") == 0
    assert "push: runs" in capsys.readouterr().out


def test_a_backup_can_be_put_back(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(filled, "backup") == 0
    made = capsys.readouterr().out.split("made and checked: ")[1].strip()
    (filled / "data" / STORE).write_bytes(b"broken")
    assert run(filled, "restore", made) == 0
    said = capsys.readouterr().out
    assert "The push is on hold" in said
    assert "Each /forget and /unsubscribe since that backup was made is undone" in said
    assert len(rows(filled, capsys)) == 4
    assert run(filled, "push") == 0
    assert "push: on hold (restored)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [("restore",), ("restore", "missing"), ("backup",), ("deliveries",), ("push",),
     ("push", "--hold")],
)  # fmt: skip
def test_what_cannot_be_done_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert run(folder, *arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1
