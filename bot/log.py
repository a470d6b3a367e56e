"""Logging: one event a line on standard error, and the token in none of them.

Loggers of the libraries stay at WARNING even when ours is at DEBUG: httpx and PTB would print the
token and what readers write.
"""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import Path

from telegram.error import TelegramError

MASK = "<token>"

LONGEST_REASON = 150
"""Characters of an error's text that are logged: a proxy may answer with a whole page."""

_QUOTES = "Unknown error in HTTP implementation"
"""How PTB begins its own words for what failed here; they may quote what was to be sent."""

QUIET = ("httpx", "httpcore", "telegram", "aiosqlite", "asyncio")
"""Loggers that would print what nobody is to read."""

_HERE = Path(__file__).resolve().parent.parent


class Masking(logging.Formatter):
    """A formatter whose lines, tracebacks included, never hold the token or its secret half."""

    def __init__(self, token: str | None) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        secret = token.partition(":")[2] if token else ""
        self._masked = tuple(part for part in (token, secret) if part)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line of *record*; a line break in what it quotes starts no new line."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        """All that is printed of *record*, masked."""
        text = super().format(record)
        for part in self._masked:
            text = text.replace(part, MASK)
        return text


def set_up(level: str, token: str | None) -> None:
    """Nothing; from here on all loggers print to standard error through `Masking`."""
    handler = logging.StreamHandler()
    handler.setFormatter(Masking(token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def brief(error: BaseException) -> str:
    """The kind of *error* and where it arose, in one line; its text only if Telegram wrote it.

    The text of any other error may quote a reader.
    """
    if isinstance(error, TelegramError):
        said = error.message
        if said.startswith(_QUOTES):
            said = type(error.__cause__).__name__
        return f"{type(error).__name__}: {said[:LONGEST_REASON]}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).parent.parent == _HERE]
    places = [f"{Path(f.filename).name}:{f.lineno}" for f in (ours or frames)[-3:]]
    return " ".join([type(error).__name__, *(["at", " > ".join(places)] if places else [])])
