"""Doing something again and again beside all else, whatever goes wrong with it at times."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.log import brief
from bot.store import StoreError

_LOG = logging.getLogger(__name__)


async def repeat(
    step: Callable[[], Awaitable[float]], stop: asyncio.Event, failed: str, again: float
) -> None:
    """Nothing; returns after *stop*. *step* is done, and says how many seconds to rest.

    What breaks is logged as what has *failed*, and tried *again* after so many seconds.
    """
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        rest = again
        try:
            rest = await step()
        except StoreError as error:
            _LOG.error("%s: %s", failed, error)
        except Exception as error:
            _LOG.error("%s, it broke off: %s", failed, brief(error))
        await asyncio.wait({stopping}, timeout=rest)
    await asyncio.wait({stopping})
