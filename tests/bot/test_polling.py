"""Pauses between failures, and waiting that a stop ends."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import NetworkError, RetryAfter

from bot.polling import Pauses, Stopped, insist, unless


@given(st.integers(0, 40))
def test_pauses_grow_and_stay_within_bounds(failures: int) -> None:
    pauses = Pauses(1.0, 30.0)
    waits = [pauses.after(NetworkError("x")) for _ in range(failures)]
    assert all(1.0 <= wait <= 30.0 for wait in waits)
    assert all(wait >= 15.0 for wait in waits[5:])
    pauses.reset()
    assert pauses.after(NetworkError("x")) == 1.0


def test_telegram_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    assert Pauses(1.0, 30.0).after(RetryAfter(dt.timedelta(seconds=77))) == 77


async def test_a_stop_ends_any_waiting_and_cancels_it() -> None:
    stop, cancelled = asyncio.Event(), asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    waiting = asyncio.create_task(unless(stop, forever()))
    await asyncio.sleep(0)
    stop.set()
    with pytest.raises(Stopped):
        await waiting
    assert cancelled.is_set()


async def test_insisting_ends_with_success_with_a_final_error_or_with_a_stop() -> None:
    stop, pauses = asyncio.Event(), Pauses(0.001, 0.001)
    results: list[Exception] = [NetworkError("x"), ValueError("x"), OSError("x")]

    async def call() -> str:
        if results:
            raise results.pop(0)
        return "done"

    assert await insist("it", call, stop, pauses) == "done"
    results.append(KeyError("x"))
    with pytest.raises(KeyError):
        await insist("it", call, stop, pauses, final=(KeyError,))
    stop.set()
    results.extend(NetworkError("x") for _ in range(100))
    with pytest.raises(Stopped):
        await insist("it", call, stop, pauses)
