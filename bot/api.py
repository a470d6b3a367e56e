"""The Bot API as the shell sees it: PTB's Bot over requests that cannot go deaf or tell tales.

One update that PTB cannot read would fail its whole batch for ever, and PTB would log what the
batch says. Here such an update comes back as its id alone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import httpx
from telegram import Bot, Update
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.pacer import written

ALLOWED_UPDATES = (
    "message", "edited_message", "channel_post", "callback_query", "my_chat_member",
)  # fmt: skip
"""The kinds of update that the shell asks for; Telegram remembers them, so all calls agree."""

POOL_SPARE = 8
"""Connections beyond one per chat that is served at the same time."""

POOLS = 8
"""Pools of connections for what is sent."""

_NUMBERS = frozenset(
    "update_id message_id date edit_date message_thread_id offset length migrate_to_chat_id"
    " migrate_from_chat_id".split()
)
_WITH_ID = frozenset("chat from user sender_chat via_bot".split())
_OBJECTS = _WITH_ID | frozenset(
    "message edited_message channel_post callback_query my_chat_member reply_to_message location"
    " forward_origin old_chat_member new_chat_member".split()
)
_LISTS = frozenset("entities caption_entities photo new_chat_members".split())
_TEXTS = frozenset("text caption data type status username first_name title".split())
"""What the shell reads of an update, by the kind of value that Telegram's Bot API gives it."""
_NEEDED = {
    **dict.fromkeys(("message", "edited_message", "channel_post"), ("chat", "date")),
    "callback_query": ("id", "from"),
    "my_chat_member": ("chat", "from", "new_chat_member"),
}
"""Fields that the shell relies on and PTB does not ask for."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_LOG = logging.getLogger(__name__)


class Request(HTTPXRequest):
    """PTB's request; a body that is no JSON is an error, and is not printed."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The object in *payload*; TelegramError where there is none."""
        try:
            found = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise TelegramError("the answer is not a JSON object")
        return found


class Pools(BaseRequest):
    """Several pools of connections as one: a pool looks at each of its own for every request.

    Half of what a push at full rate costs the processor went into that looking.
    """

    parse_json_payload = staticmethod(Request.parse_json_payload)

    def __init__(self, make: Callable[[], Request], count: int) -> None:
        self._pools = tuple(make() for _ in range(count))
        self._busy = [0] * count

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take."""
        return self._pools[0].read_timeout

    async def initialize(self) -> None:
        """Nothing; requests can be made."""
        await asyncio.gather(*(pool.initialize() for pool in self._pools))

    async def shutdown(self) -> None:
        """Nothing; all connections are closed."""
        await asyncio.gather(*(pool.shutdown() for pool in self._pools))

    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """Status and body of an answer, by way of the pool that has the fewest requests."""
        chosen = self._busy.index(min(self._busy))
        self._busy[chosen] += 1
        try:
            return await self._pools[chosen].do_request(*args, **more)
        finally:
            self._busy[chosen] -= 1


class UpdatesRequest(Request):
    """The request behind getUpdates: what PTB cannot read is cut down to its id."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The object in *payload*, each of its updates fit for `Update.de_json`."""
        found = Request.parse_json_payload(payload)
        if rb"\ud" in payload.lower():  # perhaps half a letter, which nothing could send back
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
        updates = found.get("result")
        if isinstance(updates, list):
            found["result"] = [_readable(update) for update in updates if _is_update(update)]
        return found


def _is_update(raw: Any) -> bool:
    """Whether *raw* has the id without which it can be neither worked on nor confirmed."""
    found = isinstance(raw, dict) and _is_number(raw.get("update_id"))
    if not found:
        _LOG.error("an update without an id cannot be read")
    return found


def _readable(raw: dict[str, Any]) -> dict[str, Any]:
    """*raw*; its id alone where PTB would fail on it, or would pass on what is no such thing."""
    update_id = raw["update_id"]
    try:
        Update.de_json(raw, None)
        wrong = _wrong(raw)
    except Exception as error:
        wrong = type(error).__name__
    if wrong:
        _LOG.error("update %d cannot be read (%s)", update_id, wrong)
        return {"update_id": update_id}
    return raw


def _wrong(value: Any, name: str = "") -> str:
    """The name of a field in *value*, the field *name*, that is not what its name says; or ""."""
    if name in _NUMBERS and not _is_number(value):
        return name
    for names, kind in ((_OBJECTS, dict), (_LISTS, list), (_TEXTS, str)):
        if name in names and not isinstance(value, kind):
            return name
    if name in _WITH_ID and not _is_number(value.get("id")):
        return name
    if any(field not in value for field in _NEEDED.get(name, ())):
        return name
    if isinstance(value, dict):
        return next(filter(None, (_wrong(inner, key) for key, inner in value.items())), "")
    if isinstance(value, list):
        return next(filter(None, map(_wrong, value)), "")
    return ""


def _is_number(value: Any) -> bool:
    """Whether *value* is a whole number as Telegram and SQLite have them: of 64 bits."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust: read once, since each of the pools would take its time for it."""
    return httpx.create_ssl_context()


def connect(token: str, api_url: str, chats_at_once: int) -> Bot:
    """A Bot that talks to *api_url*; nothing is sent before its `initialize`."""
    return Bot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=Pools(
            lambda: Request(
                connection_pool_size=-(-(chats_at_once + POOL_SPARE) // POOLS),
                read_timeout=8.0,
                pool_timeout=5.0,
                httpx_kwargs={"event_hooks": {"request": [_watch]}, "verify": _trusted()},
            ),
            POOLS,
        ),
        get_updates_request=UpdatesRequest(
            connection_pool_size=2,
            read_timeout=10.0,
            pool_timeout=5.0,
            httpx_kwargs={"verify": _trusted()},
        ),
    )


async def _watch(request: httpx.Request) -> None:
    """Nothing; the pacer will know when *request* was written: it may wait for a connection."""

    async def trace(event: str, _: Mapping[str, Any]) -> None:
        if event.endswith("send_request_body.complete"):
            written()

    request.extensions = {**request.extensions, "trace": trace}


def wait_of(error: RetryAfter) -> float:
    """Seconds that Telegram asks us to wait."""
    value = error.retry_after
    return value.total_seconds() if isinstance(value, dt.timedelta) else float(value)


def surely_unsent(error: NetworkError) -> bool:
    """Whether the request behind *error* never reached Telegram, so that a repeat is no copy."""
    return isinstance(error.__cause__, _NOT_SENT)


def unreachable(error: NetworkError) -> bool:
    """Whether nobody answered at the address at all."""
    return isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout))
