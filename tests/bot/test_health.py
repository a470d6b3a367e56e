"""When a bot counts as deaf, and what then happens to it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from bot.health import DEAF_EXIT, FILE, Health, Watchdog, found, recent


class Clock:
    """Time that stands still until a test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_it_is_healthy_for_the_limit_after_the_start_and_after_each_poll(tmp_path: Path) -> None:
    clock = Clock()
    health = Health(tmp_path / "data" / "health", 90, clock)
    seen = []
    for seconds in (0, 89, 1):
        clock.now += seconds
        seen.append(health.healthy)
    health.note()
    assert [*seen, health.healthy] == [True, True, False, True]


def test_the_file_says_the_same_to_other_processes(tmp_path: Path) -> None:
    path = tmp_path / "health"
    assert not recent(path, time.time())
    Health(path)
    assert not recent(path, time.time())  # else a bot that starts again and again seems well
    Health(path).note()
    assert recent(path, time.time())
    assert not recent(path, path.stat().st_mtime + 90)
    os.utime(path, (0, 0))
    Health(path).note()
    assert recent(path, time.time())


def test_a_line_says_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "health"
    missing = f"not running, or still reading its briefings: there is no {path}"
    assert found(path, time.time()) == missing
    health = Health(path)
    health.note()
    heard = path.stat().st_mtime
    assert found(path, heard + 5) == "healthy: Telegram was heard 5 s ago"
    assert found(path, heard + 91).startswith("deaf: Telegram was last heard 91 s ago")
    assert found(path, heard - 5) == "healthy: Telegram was heard 0 s ago"
    health.close()
    health.close()
    assert found(path, heard).startswith("not running")
    (tmp_path / "data").write_text("a file")
    assert found(tmp_path / "data" / "health", heard).startswith("unknown: ")
    Health(tmp_path / "data" / "health").close()  # is only logged


def test_a_file_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    health = Health(tmp_path / "data" / "health")
    health.note()
    assert health.healthy


def test_the_watchdog_leaves_a_healthy_process_and_ends_a_deaf_one(tmp_path: Path) -> None:
    codes: list[int] = []
    left = threading.Event()

    def leave(code: int) -> None:
        codes.append(code)
        left.set()

    healthy = Watchdog(Health(tmp_path / "a", 60), leave)
    healthy.start()
    healthy.stop()
    healthy.join(5)
    assert not codes
    Watchdog(Health(tmp_path / "b", 0.05), leave).start()
    assert left.wait(5)
    assert codes == [DEAF_EXIT]


def test_a_bot_that_hears_and_has_trouble_says_so(tmp_path: Path) -> None:
    state = Health(tmp_path / FILE)
    state.trouble = lambda: "the database cannot be written"
    state.note()
    now = time.time()
    assert not recent(tmp_path / FILE, now)
    assert found(tmp_path / FILE, now) == "unwell: the database cannot be written"
    state.trouble = lambda: None
    state.note()
    assert recent(tmp_path / FILE, now)


def test_a_bot_that_runs_and_has_heard_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / FILE
    state = Health(path)
    state.begin()
    began = path.stat().st_mtime
    assert not recent(path, began + 5)
    assert found(path, began + 5).startswith("unheard: it runs, and has not heard Telegram yet")
    assert found(path, began + 91) == (
        "not running: it broke off 91 s ago, and had not heard Telegram"
    )
    os.utime(path, (0, 0))
    state.excuse()  # it tries, and Telegram is away
    assert found(path, time.time()).startswith("unheard: ")
    state.note()
    os.utime(path, (0, 0))
    state.excuse()
    assert found(path, 91).startswith("deaf: Telegram was last heard 91 s ago")
    state.close()
    assert not path.exists()


def test_an_outage_of_telegram_is_no_deafness_of_ours(tmp_path: Path) -> None:
    clock = Clock()
    state = Health(tmp_path / FILE, 90, clock)
    clock.now += 89
    state.excuse()
    clock.now += 89
    assert state.healthy
    assert not (tmp_path / FILE).exists()
