"""The queue behind getUpdates: rising ids, confirmation by offset, expiry, one poller at a time."""

# ruff: noqa: ASYNC109 - a timeout is what the callers of a test tool name

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import ApiError, Clock

FIRST_UPDATE_ID = 730_000_001
MAX_TIMEOUT = 50
DAY, CALLBACK_LIFE = 86_400, 150
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
TERMINATED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True)
class Queued:
    """One waiting update and the moment, on the fake's clock, when it is forgotten."""

    id: int
    kind: str
    payload: Json
    expires: float

    def as_json(self) -> Json:
        """Return the Update object."""
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    """Updates that the bot has not confirmed."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self.clock = clock
        self.changed = changed
        self.next_id = FIRST_UPDATE_ID
        self.confirmed = FIRST_UPDATE_ID
        """The lowest id that is not confirmed, as the bot's offsets have it."""
        self.allowed: list[str] = []
        self.webhook_url = ""
        self._items: deque[Queued] = deque()
        self._poller: asyncio.Future[None] | None = None

    @property
    def polling(self) -> bool:
        """Whether a getUpdates call is waiting right now."""
        return self._poller is not None

    @property
    def pending(self) -> list[Queued]:
        """The updates that wait, oldest first, without the expired ones."""
        now = self.clock.now()
        if any(item.expires <= now for item in self._items):
            self._items = deque(item for item in self._items if item.expires > now)
        return list(self._items)

    def wants(self, kind: str) -> bool:
        """Return whether allowed_updates lets this kind in."""
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def add(self, kind: str, payload: Json, date: float) -> int | None:
        """Queue an update and return its id, or None if it is not wanted or born expired."""
        life = CALLBACK_LIFE if kind == "callback_query" else DAY
        if not self.wants(kind) or date + life <= self.clock.now():
            return None
        item = Queued(self.next_id, kind, payload, date + life)
        self.next_id += 1
        self._items.append(item)
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        self.changed()
        return item.id

    async def get(
        self, offset: int, limit: int, timeout: int, allowed: list[str] | None
    ) -> list[Json]:
        """Confirm what ``offset`` says, then return updates, waiting up to ``timeout`` seconds.

        Raises:
            ApiError: 409 while a webhook is set, or when a later call takes over this wait.
        """
        if self.webhook_url:
            raise ApiError(409, WEBHOOK_ACTIVE)
        if allowed is not None:
            self.allowed = allowed
        self._confirm(offset)
        limit = limit if 1 <= limit <= 100 else 100 if limit > 100 else 1
        if batch := self._batch(limit):
            return batch
        if timeout <= 0:
            return []
        self.abort(ApiError(409, TERMINATED))
        poller = self._poller = asyncio.get_running_loop().create_future()
        self.changed()
        try:
            async with asyncio.timeout(min(timeout, MAX_TIMEOUT)):
                await poller
        except TimeoutError:
            return []
        finally:
            if self._poller is poller:
                self._poller = None
                self.changed()
        return self._batch(limit)

    def abort(self, error: ApiError | None = None) -> None:
        """End a waiting call: with this error, or with nothing found."""
        poller, self._poller = self._poller, None
        if poller is not None and not poller.done():
            if error is None:
                poller.set_result(None)
            else:
                poller.set_exception(error)

    def clear(self) -> None:
        """Forget every waiting update (drop_pending_updates)."""
        self._items.clear()
        self.changed()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            keep = self.pending[offset:]
            self._items = deque(keep)
            self.confirmed = keep[0].id if keep else self.next_id
        elif 0 < offset <= self.next_id + 10:  # farther ahead, Telegram ignores it
            while self._items and self._items[0].id < offset:
                self._items.popleft()
            self.confirmed = max(self.confirmed, offset)
        self.changed()

    def _batch(self, limit: int) -> list[Json]:
        return [item.as_json() for item in self.pending[:limit]]
