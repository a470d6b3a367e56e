"""One setting: what may be written for it, and what that means.

A parser turns a written text into a value, or raises ValueError with what to write instead. Paths
are seen from the folder of the file that they stand in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LIKE_TOKEN = re.compile(r"\d{3,}(?::|%3A)[A-Za-z0-9_-]{8,}", re.IGNORECASE)
"""What is or may be a token: it is shown to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One setting of config.yaml. `low` and `high` are inclusive; `choices` may be empty.

    `parse` turns the written text into a value, or raises ValueError with what to write instead.
    `empty` is the value of an option without a default that is left out.
    """

    name: str
    parse: Callable[[str, Path], Any]
    default: str
    unit: str
    help: str
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    empty: Any = None

    @property
    def range(self) -> str:
        """What may be written, for a reader: `1 to 32`, `one of: a, b`; empty if anything."""
        if self.choices:
            return f"one of: {', '.join(self.choices)}"
        return f"{self.low} to {self.high}" if self.low is not None else ""

    def read(self, text: str, base: Path) -> Any:
        """The value that *text* stands for; ValueError where it stands for none."""
        if not text.strip():
            if not self.default:
                return self.empty
            raise ValueError("write a value, or take the line out")
        value = self.parse(text.strip(), base)
        if self.low is not None and self.high is not None and not self.low <= value <= self.high:
            raise ValueError(f"must be {self.range} {self.unit}, not {value}")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be {self.range}, not {value!r}")
        return value


def whole(text: str, base: Path) -> int:
    """The whole number that *text* is."""
    if not re.fullmatch(r"[+-]?[0-9]+(_[0-9]+)*", text) or len(text) > 18:
        raise ValueError(f"must be a whole number, not {text!r}")
    return int(text)


def ids(text: str, base: Path) -> tuple[int, ...]:
    """The ids in *text*, each once."""
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"[1-9][0-9]{0,17}", part) for part in parts):
        raise ValueError("must be numeric ids of people, separated by commas")
    return tuple(dict.fromkeys(int(part) for part in parts))


def time_of_day(text: str, base: Path) -> dt.time:
    """The time of day that *text* is."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    if not found:
        raise ValueError(f"must be a time of day such as 08:00, not {text!r}")
    return dt.time(int(found[1]), int(found[2]))


def yes(text: str, base: Path) -> bool:
    """Whether *text* says yes."""
    if text.lower() not in ("yes", "no"):
        raise ValueError(f"must be yes or no, not {text!r}")
    return text.lower() == "yes"


def lower(text: str, base: Path) -> str:
    """*text* in small letters."""
    return text.lower()


def upper(text: str, base: Path) -> str:
    """*text* in capitals."""
    return text.upper()


def some_path(text: str, base: Path) -> Path:
    """The path that *text* is, seen from *base*."""
    try:
        return base / Path(text).expanduser()
    except RuntimeError:
        raise ValueError("names the home of a user who is not known") from None


def folder(text: str, base: Path) -> Path:
    """The folder that *text* names, which is there."""
    found = some_path(text, base)
    if not found.is_dir():
        raise ValueError(f"there is no folder {found}")
    return found


def address(text: str, base: Path) -> str:
    """The address that *text* is, without a slash at its end."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port out of range, half an IPv6 address
        good = False
    if not good or not text.isascii() or re.search(r"[\s\\@?#]", text):
        raise ValueError("must be an address such as https://api.telegram.org, http or https")
    if LIKE_TOKEN.search(text):
        raise ValueError("must not hold the token: end it after the host or its path")
    return text.rstrip("/")


def count(name: str, default: int, low: int, high: int, unit: str, help_: str) -> Option:
    """An option that is a whole number from *low* to *high*."""
    return Option(
        name=name, parse=whole, default=str(default), unit=unit, low=low, high=high, help=help_
    )
