"""The log of arrivals: a line of JSON for each call that ended, short enough for a million.

Times are seconds of CLOCK_MONOTONIC, which all processes of a machine share. A text stands there
once, in a line of its own before the first call that has it, and then by its hash.
"""

import asyncio
import hashlib
import json
import time
from collections import deque
from typing import Any, TextIO

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import Call

UNLOGGED = {"getupdates", "getme"}
"""Calls that tell a checker nothing."""


BLOCKED = 0.0002
"""Seconds from which on a wait for the network was one."""


def hash_of(text: str) -> str:
    """Return the name of a text in the log."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Ears:
    """Knows how late the server may be to notice a call: a busy loop sees several at once.

    A wait for the network that blocked ends when something arrives. One that did not finds what
    has arrived since the last one. A handler begins two rounds of the loop later.
    """

    def __init__(self) -> None:
        self._earliest: deque[float] = deque([time.monotonic()] * 3, maxlen=3)

    @property
    def earliest(self) -> float:
        """The moment before which a call that is noticed now did not arrive."""
        return self._earliest[0]

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch the waits of *loop* from now on."""
        selector: Any = loop._selector  # type: ignore[attr-defined]
        plain, last = selector.select, time.monotonic()

        def select(timeout: float | None = None) -> Any:
            nonlocal last
            before = time.monotonic()
            found = plain(timeout)
            now = time.monotonic()
            self._earliest.append(now if now - before > BLOCKED else last)
            last = now
            return found

        selector.select = select


class Arrivals:
    """Writes the log; give ``write`` to ``FakeTelegram.on_call``."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.ears = Ears()
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
            "early": round(call.earliest or call.started, 5),
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
