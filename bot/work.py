"""Working on a batch of updates: in order within a chat, chats side by side, two attempts each.

What may have killed the process before is tried alone and first, so that the next crash says
which update it was. An update that cannot be answered is given up with an apology. While Telegram
wants nothing sent, nothing is tried, and what that cut off was no attempt.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import Update

from bot.log import brief
from bot.pacer import Pacer
from bot.store import Mark, StoreError, Work
from bot.turn import Turn

ATTEMPTS = 2
"""How often an update is tried, crashes included, before it is given up."""

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long things may take, in seconds, and how many chats are served side by side."""

    chats_at_once: int = 24
    attempt: float = 20.0
    between: float = 1.0
    apology: float = 5.0
    leave: float = 7.0


class Worker:
    """Answers batches. `answer` takes a turn; `apologise` tells the chat that it was given up.

    The chats in `first` come before others, and wait for no place beside them.
    """

    def __init__(
        self,
        store: Work,
        answer: Callable[[Turn], Awaitable[None]],
        apologise: Callable[[Turn], Awaitable[None]],
        pace: Pace,
        pacer: Pacer,
        first: Collection[int] = (),
    ) -> None:
        self._store = store
        self._answer = answer
        self._apologise = apologise
        self._pace = pace
        self._pacer = pacer
        self._first = first
        self._slots = asyncio.Semaphore(pace.chats_at_once)
        self._cleared: int | None = None

    async def work(
        self, updates: Sequence[Update], below: int | None, stop: asyncio.Event
    ) -> int | None:
        """The id up to which all is answered or given up, plus one; *below* if nothing is.

        Once *stop* is set, nothing new begins and what has begun has `pace.leave` seconds.
        """
        updates = list({update.update_id: update for update in updates}.values())
        ids = [update.update_id for update in updates]
        if not ids and below == self._cleared:
            return below
        self._cleared = below
        marks = await self._kept(self._store.begin(ids, below), {})
        over = {update_id for update_id in ids if marks.get(update_id, Mark()).done}
        todo = [update for update in updates if update.update_id not in over]
        working = asyncio.create_task(self._all(todo, marks, over, stop), name="batch")
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await asyncio.wait({working}, timeout=self._pace.leave)
        finally:
            stopping.cancel()
            working.cancel()
            await asyncio.wait({working})
        if not working.cancelled():
            working.result()
        return _next(ids, over, below)

    async def _all(
        self,
        updates: Iterable[Update],
        marks: Mapping[int, Mark],
        over: set[int],
        stop: asyncio.Event,
    ) -> None:
        """Nothing; adds to *over* the ids of those that are answered or given up."""
        suspects: list[Update] = []
        chats: dict[int, list[Update]] = {}
        for update in sorted(updates, key=lambda update: _chat(update) not in self._first):
            if marks.get(update.update_id, Mark()).attempts:
                suspects.append(update)
            else:
                chats.setdefault(_chat(update), []).append(update)

        async def in_order(line: Iterable[Update]) -> None:
            for update in line:
                async with nullcontext() if _chat(update) in self._first else self._slots:
                    if stop.is_set():
                        return
                    before = marks.get(update.update_id, Mark()).attempts
                    if await self._one(update, before, stop):
                        over.add(update.update_id)

        await in_order(suspects)
        async with asyncio.TaskGroup() as group:
            for line in chats.values():
                group.create_task(in_order(line))

    async def _one(self, update: Update, attempts: int, stop: asyncio.Event) -> bool:
        """Whether *update* is over; False if *stop* came before its last attempt."""
        tries = attempts
        while attempts < ATTEMPTS:
            if not await self._open(stop):
                return False
            tries += 1
            await self._kept(self._store.started(update.update_id), None)
            answered = await self._attempt(update, tries)
            if answered:
                await self._kept(self._store.finished(update.update_id), None)
                return True
            if answered is None:
                await self._kept(self._store.released(update.update_id), None)
                continue
            attempts += 1
            if attempts < ATTEMPTS and await _set_within(stop, self._pace.between):
                return False
        await self._open(stop)
        await self._give_up(update, tries)
        return True

    async def _open(self, stop: asyncio.Event) -> bool:
        """Whether messages may be sent, after the end of a halt; False if *stop* came before."""
        while (left := self._pacer.halt_left) > 0:
            if await _set_within(stop, left):
                return False
        return True

    async def _attempt(self, update: Update, number: int) -> bool | None:
        """Whether *update* was answered; None if a halt left no time for it.

        Cut short by an orderly stop, it does not count.
        """
        began = asyncio.get_running_loop().time()
        deadline = began + self._pace.attempt
        try:
            async with asyncio.timeout_at(deadline) as limit:
                await self._answer(Turn(update, number, deadline))
        except asyncio.CancelledError:
            await self._kept(self._store.released(update.update_id), None)
            raise
        except Exception as error:
            if limit.expired() and self._pacer.halted_since(began):
                _LOG.info("update %d waits for the end of a pause", update.update_id)
                return None
            _LOG.warning("update %d failed, attempt %d: %s", update.update_id, number, brief(error))
            return False
        return True

    async def _give_up(self, update: Update, attempts: int) -> None:
        """Nothing; noted first, so that no apology is tried twice."""
        await self._kept(self._store.finished(update.update_id), None)
        _LOG.error("update %d given up after %d attempts", update.update_id, attempts)
        deadline = asyncio.get_running_loop().time() + self._pace.apology
        try:
            async with asyncio.timeout_at(deadline):
                await self._apologise(Turn(update, attempts + 1, deadline))
        except Exception as error:
            _LOG.warning("no apology for update %d: %s", update.update_id, brief(error))

    async def _kept(self, note: Coroutine[Any, Any, _T], otherwise: _T) -> _T:
        """What *note* gives; *otherwise* if the file fails: readers are answered all the same."""
        try:
            return await note
        except StoreError as error:
            _LOG.error("the store failed, a crash now may repeat answers: %s", error)
            return otherwise


def _chat(update: Update) -> int:
    """What keeps its order: the chat, else the person, else the update by itself."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    if update.effective_user is not None:
        return update.effective_user.id
    return -update.update_id


def _next(ids: Iterable[int], over: set[int], below: int | None) -> int | None:
    """The offset that confirms no id but those that are over; ids may come in any order."""
    for update_id in sorted(ids):
        if update_id not in over:
            break
        below = update_id + 1
    return below


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Whether *event* is set within *seconds*."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
