"""An event loop in which waiting takes no time: its clock jumps to the next timer."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class _Jumping(selectors.SelectSelector):
    """A selector that jumps over the time in which nothing happens, and is *late* each time."""

    def __init__(self, late: Callable[[], float]) -> None:
        super().__init__()
        self.now = 1000.0
        self._late = late

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if timeout is None and not found:
            raise RuntimeError("nothing will ever happen")
        if timeout is not None and timeout > 0:
            self.now += timeout + self._late()
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop; its `time` begins at 1000 s. *late* says by how much each timer is late."""

    def __init__(self, late: Callable[[], float] = lambda: 0.0) -> None:
        self._jumping = _Jumping(late)
        super().__init__(self._jumping)

    def time(self) -> float:
        """The virtual time, in seconds."""
        return self._jumping.now

    def stall(self, seconds: float) -> None:
        """Nothing; so much time passes at once, as if something computed that long."""
        self._jumping.now += seconds


def run(coroutine: Coroutine[Any, Any, _T], late: Callable[[], float] = lambda: 0.0) -> _T:
    """What *coroutine* gives in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(late)) as runner:
        return runner.run(coroutine)
