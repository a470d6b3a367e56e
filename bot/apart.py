"""Work in a thread of its own that no end of the bot awaits."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

_T = TypeVar("_T")
_A = TypeVarTuple("_A")


async def apart(work: Callable[[*_A], _T], *arguments: *_A) -> _T:
    """What *work* gives for *arguments*; a process that ends meanwhile leaves it undone."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def settle(put: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if done.done() else put())

    def run() -> None:
        try:
            result = work(*arguments)
        except BaseException as error:
            failed = error
            settle(lambda: done.set_exception(failed))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run, name="apart", daemon=True).start()
    return await done
