"""What a checker may know: the calls that arrived, who wanted what, and what the bot says of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Address = tuple[int, int]
"""Chat and topic, 0 for none."""

FOREVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One call as the receiver saw it; times in seconds of CLOCK_MONOTONIC.

    It arrived `at`, and was answered until `end`. `processed` is whether the message stands in
    the chat, whatever the caller was told; `wait` what a 429 asked for; `text` the hash of the raw
    text.
    """

    n: int
    at: float
    end: float
    method: str = "sendMessage"
    chat: int
    topic: int = 0
    message: int = 0
    reply: int = 0
    silent: bool = False
    status: int | None = 200
    outcome: str = "ok"
    processed: bool = True
    wait: int = 0
    sent: int = 0
    text: str = ""

    @property
    def address(self) -> Address:
        """Where it went."""
        return self.chat, self.topic

    @property
    def known(self) -> bool:
        """Whether the caller was told what became of it."""
        return self.outcome in ("ok", "cut") or (self.outcome == "error" and not self.processed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat that is due the briefing from `since` until `until`, in seconds of the log's clock.

    `refuses` is whether Telegram turns every message to it away. `moved` is where its group went.
    """

    address: Address
    since: float = 0.0
    until: float = FOREVER
    refuses: bool = False
    moved: Address | None = None

    @property
    def home(self) -> Address:
        """Where its message must stand in the end."""
        return self.moved or self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of `python -m bot deliveries`; no edition: nothing became of it yet.

    `copies` is how many of this part may have arrived, as the bot sees it.
    """

    address: Address
    edition: str | None
    kind: str
    status: str
    reason: str | None
    copies: int = 0
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One push, whatever broke while it ran.

    `parts` are the hashes that may stand for part 0, 1 ... `limit` is what the bot may send in
    any second. `kills` are the moments at which it lost its memory, `jammed` the spans (begin,
    end) in which no claim could be committed. `printed` is all that it wrote to its log.
    """

    arrivals: tuple[Arrival, ...]
    readers: tuple[Reader, ...]
    rows: tuple[Row, ...]
    parts: tuple[frozenset[str], ...]
    limit: int
    kills: tuple[float, ...] = ()
    jammed: tuple[tuple[float, float], ...] = ()
    secret: str = ""
    printed: str = ""


@dataclass
class Log:
    """The fake's log file, read on as it grows."""

    path: Path
    arrivals: list[Arrival] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    reached: set[Address] = field(default_factory=set)
    _offset: int = 0

    def read(self) -> list[Arrival]:
        """What is new since the last call."""
        with self.path.open("rb") as file:
            file.seek(self._offset)
            chunk = file.read()
        whole = chunk[: chunk.rfind(b"\n") + 1]
        self._offset += len(whole)
        new = list(self._of(json.loads(line) for line in whole.splitlines()))
        self.arrivals += new
        self.reached.update(a.address for a in new if a.processed and a.method == "sendMessage")
        return new

    def forget(self) -> None:
        """Nothing; what follows is the history of another push."""
        self.read()
        self.arrivals.clear()
        self.reached.clear()

    def _of(self, lines: Iterable[Mapping[str, Any]]) -> Iterable[Arrival]:
        for line in lines:
            if "hash" in line:
                self.texts[line["hash"]] = line["text"]
            elif line["chat"] is not None:
                yield Arrival(**line)


def rows_of(printed: str) -> tuple[Row, ...]:
    """The rows in what `python -m bot deliveries --json` printed."""
    return tuple(
        Row(
            address=(row["chat"], row["topic"] or 0),
            edition=row["edition"],
            kind=row["kind"] or "",
            status=row["status"] or "",
            reason=row["reason"],
            copies=row["copies"] or 0,
            part=row["part"] or 0,
        )
        for row in json.loads(printed)
    )
