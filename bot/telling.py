"""What those parts know of the alerts that have something to tell, and not how it is sent."""

from __future__ import annotations

from typing import Protocol


class Tells(Protocol):
    """Tells the admins."""

    async def tell(self, key: str, /, **values: object) -> None:
        """Nothing; the sentence *key* is on its way to each admin, unless it was told lately."""
