"""The log of arrivals: a line of JSON for each call that ended, short enough for a million.

Times are seconds of CLOCK_MONOTONIC, which all processes of a machine share. A text stands there
once, in a line of its own before the first call that has it, and then by its hash.
"""

import hashlib
import json
from typing import TextIO

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import Call

UNLOGGED = {"getupdates", "getme"}
"""Calls that tell a checker nothing."""


def hash_of(text: str) -> str:
    """Return the name of a text in the log."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Arrivals:
    """Writes the log; give ``write`` to ``FakeTelegram.on_call``."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._texts: set[str] = set()

    def write(self, call: Call) -> None:
        """Add a call that ended, and its text if it is new."""
        if call.method.lower() in UNLOGGED:
            return
        self._file.write(json.dumps(self._line(call)) + "\n")
        self._file.flush()

    def _line(self, call: Call) -> Json:
        params, result = call.params, call.result
        reply = params.get("reply_parameters")
        line: Json = {
            "n": call.number,
            "at": round(call.started, 5),
            "end": round(call.finished or call.started, 5),
            "method": call.method,
            "chat": call.chat_id,
            "topic": params.get("message_thread_id", 0),
            "message": params.get("message_id", 0),
            "reply": reply.get("message_id", 0) if isinstance(reply, dict) else 0,
            "silent": bool(params.get("disable_notification")),
            "status": call.status,
            "outcome": call.outcome,
            "processed": call.processed,
            "wait": call.retry_after,
            "sent": result.get("message_id", 0) if isinstance(result, dict) else 0,
            "text": self._text(params.get("text")),
        }
        return line

    def _text(self, text: object) -> str:
        if not isinstance(text, str):
            return ""
        name = hash_of(text)
        if name not in self._texts:
            self._texts.add(name)
            self._file.write(json.dumps({"hash": name, "text": text}) + "\n")
        return name
