"""What keeps messages back by order: a hold of the whole push, or of editions one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable

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
        self.held: str | None = None  # why

    async def begin(self) -> None:
        """Nothing; a hold from before the start is on."""
        self.held = self._noted = await self._ledger.noted(HOLD)
        if self.held:
            _LOG.warning("the push is on hold: %s", self.held)

    async def hold(self, reason: str) -> None:
        """Nothing; from here on nothing goes."""
        self.held = reason
        self._recall(lambda _: True)
        await self._ledger.note(HOLD, reason)
        self._noted = reason

    async def release(self) -> None:
        """Nothing; all may go, editions that were held too."""
        await self._ledger.note(HOLD, None)
        self._noted = None
        await self._ledger.open_editions()
        self._closed.clear()
        self.held = None

    def shut(self, edition: int, which: Which = lambda _: True) -> bool:
        """Whether *edition* was open; from here on *which* of it may not go.

        Whoever calls has the store hold or cancel it.
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
        before = len(self._closed)
        noted = await self._ledger.noted(HOLD)
        if noted != self._noted:
            _LOG.warning("the push is %s", f"on hold: {noted}" if noted else "on again")
            self.held = self._noted = noted
            self._closed.clear()
            if noted:
                self._recall(lambda _: True)
        if self._closed:
            shut = await self._ledger.shut()
            for edition in self._closed.keys() - shut:
                del self._closed[edition]
        return len(self._closed) < before
