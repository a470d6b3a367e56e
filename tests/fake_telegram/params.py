"""Request parameters: from query, form, JSON or multipart to one dict, then typed by name."""

import json
import re
from typing import Any

from aiohttp import web

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import bad_request

_OBJECTS = {
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "entities": "message entities",
    "allowed_updates": "allowed updates",
    "commands": "commands",
    "scope": "BotCommandScope",
}
_INTEGERS = {
    *("chat_id", "user_id", "message_id", "message_thread_id", "reply_to_message_id"),
    *("offset", "limit", "timeout", "cache_time", "max_connections"),
}
_BOOLEANS = {
    *("disable_notification", "protect_content", "allow_sending_without_reply", "show_alert"),
    *("disable_web_page_preview", "drop_pending_updates", "allow_paid_broadcast"),
}


async def read_params(request: web.Request) -> dict[str, str]:
    """Return the parameters as strings, the way Telegram sees them; the body wins."""
    params = dict(request.query)
    if not request.can_read_body:
        return params
    if request.content_type == "application/json":
        body = json.loads(await request.read() or b"{}")
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON encoded data")
        params |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in body.items()}
        return params
    form = await request.post()
    return params | {
        name: value.filename if isinstance(value, web.FileField) else str(value)
        for name, value in form.items()
    }


def typed(params: dict[str, str]) -> Json:
    """Return the parameters with numbers, booleans and objects decoded by their names.

    What does not decode stays a string: the journal shows it, ``Params`` refuses it.
    """
    return {name: _decode(name, value) for name, value in params.items()}


def _decode(name: str, value: str) -> Any:
    if name in _INTEGERS and re.fullmatch(r"\s*-?\d+\s*", value):
        return int(value)
    if name in _BOOLEANS:
        return value.strip().lower() in ("true", "yes", "1")
    if name in _OBJECTS and value:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


class Params:
    """Typed access to the parameters of one call."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def string(self, name: str) -> str:
        """Return the text, empty if it is missing."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return the number, the default if it is missing or no number (as Telegram does)."""
        value = self.values.get(name)
        return value if isinstance(value, int) else default

    def boolean(self, name: str) -> bool:
        """Return the flag, false if it is missing."""
        return bool(self.values.get(name, False))

    def json(self, name: str, kind: type[Any]) -> Any:
        """Return the decoded object or array, or None if it is missing or empty.

        Raises:
            ApiError: 400 if it is no JSON or not of this kind.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            raise bad_request(f"can't parse {_OBJECTS[name]} JSON object")
        if not isinstance(value, kind):
            what = "object" if kind is dict else "array"
            raise bad_request(f"{what} expected as {_OBJECTS[name]}")
        return value
