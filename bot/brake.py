"""What keeps messages back by order: a hold of the whole push, or of editions one by one."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator

from bot.model import Delivery
from bot.store import Ledger

HOLD = "hold"
"""Under which key the store keeps why the push is on hold."""

_LOG = logging.getLogger(__name__)

Which = Callable[[Delivery], bool]


class Brake:
    """Holds after a restart too. *recall* is told which deliveries must not go any more."""

    def __init__(self, ledger: Ledger, recall: Callable[[Which], None]) -> None:
        self._ledger = ledger
        self._recall = recall
        self._noted: str | None = None  # what the store said of the hold last
        self._closed: dict[int, Which] = {}  # what must not go of editions held or cancelled
        self._orders = 0  # how often one began or ended: what was read before is out of date then
        self._being_given = 0  # orders that the store does not know of yet
        self.held: str | None = None  # why

    async def begin(self) -> None:
        """Nothing; a hold from before the start is on."""
        self.held = self._noted = await self._ledger.noted(HOLD)
        if self.held:
            _LOG.warning("the push is on hold: %s", self.held)

    async def hold(self, reason: str) -> None:
        """Nothing; from here on nothing goes."""
        with self.order():
            self.held = reason
            self._recall(lambda _: True)
            await self._ledger.note(HOLD, reason)
            self._noted = reason

    async def release(self) -> None:
        """Nothing; all may go, editions that were held too."""
        with self.order():
            await self._ledger.note(HOLD, None)
            self._noted = None
            await self._ledger.open_editions()
            self._closed.clear()
            self.held = None

    @contextlib.contextmanager
    def order(self) -> Iterator[None]:
        """Nothing; an order is given within, and written: no older look at the store undoes it."""
        self._orders += 1
        self._being_given += 1
        try:
            yield
        finally:
            self._being_given -= 1
            self._orders += 1

    def shut(self, edition: int, which: Which = lambda _: True) -> bool:
        """Whether *edition* was open; from here on *which* of it may not go.

        Whoever calls has the store hold or cancel it, both within `order`.
        """
        if edition in self._closed:
            return False
        self._closed[edition] = which
        self._recall(self.bars)
        return True

    def bars(self, delivery: Delivery) -> bool:
        """Whether *delivery* is of what was shut."""
        which = self._closed.get(delivery.edition)
        return which is not None and which(delivery)

    async def look(self) -> bool:
        """Whether editions were opened again; what the command line did counts from here on."""
        if self._being_given:
            return False
        orders, before = self._orders, set(self._closed)
        noted = await self._ledger.noted(HOLD)
        if orders != self._orders:
            return False  # it was read before the order: the next look tells
        if noted != self._noted:
            _LOG.warning("the push is %s", f"on hold: {noted}" if noted else "on again")
            self.held = self._noted = noted
            self._closed.clear()
            if noted:
                self._recall(lambda _: True)
        if self._closed:
            shut = await self._ledger.shut()
            if orders == self._orders:
                for edition in self._closed.keys() - shut:
                    del self._closed[edition]
        return not before <= self._closed.keys()
