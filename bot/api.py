"""The Bot API as the shell sees it: PTB's Bot over requests that cannot go deaf or tell tales.

One update that PTB cannot read would fail its whole batch for ever, and PTB would log what the
batch says. Here such an update comes back as its id alone.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import httpx
from telegram import Bot, Update
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that the shell asks for; Telegram remembers them, so all calls agree."""

POOL_SPARE = 8
"""Connections beyond one per chat that is served at the same time."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
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


class UpdatesRequest(Request):
    """The request behind getUpdates: what PTB cannot read is cut down to its id."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The object in *payload*, each of its updates fit for `Update.de_json`."""
        found = Request.parse_json_payload(payload)
        updates = found.get("result")
        if isinstance(updates, list):
            found["result"] = [_readable(update) for update in updates]
        return found


def _readable(raw: Any) -> Any:
    try:
        Update.de_json(raw, None)
    except Exception as error:
        update_id = int(raw["update_id"])
        _LOG.error("update %d cannot be read (%s)", update_id, type(error).__name__)
        return {"update_id": update_id}
    return raw


def connect(token: str, api_url: str, chats_at_once: int) -> Bot:
    """A Bot that talks to *api_url*; nothing is sent before its `initialize`."""
    return Bot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=Request(
            connection_pool_size=chats_at_once + POOL_SPARE, read_timeout=8.0, pool_timeout=5.0
        ),
        get_updates_request=UpdatesRequest(
            connection_pool_size=2, read_timeout=10.0, pool_timeout=5.0
        ),
    )


def wait_of(error: RetryAfter) -> float:
    """Seconds that Telegram asks us to wait."""
    value = error.retry_after
    return value.total_seconds() if isinstance(value, dt.timedelta) else float(value)


def surely_unsent(error: NetworkError) -> bool:
    """Whether the request behind *error* never reached Telegram, so that a repeat is no copy."""
    return isinstance(error.__cause__, _NOT_SENT)
