"""What the launcher does to the bot from outside: the bot's own code knows nothing of it.

Steps are found, not listed: every statement, commit, call and file that is put in place has a
name made from what it is, so a dry run tells which there are.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

import aiosqlite
from telegram.request import HTTPXRequest

from bot.store import file
from bot.store.file import Session

DIED = 86
"""Exit code of a process that was ended at a step."""

_VERB = re.compile(
    r"\s*(?:WITH\b.*?\)\s*)?(INSERT|REPLACE|UPDATE|DELETE|SELECT|CREATE|BEGIN|COMMIT|PRAGMA)\b"
    r"(?:\s+OR\s+\w+)?(?:\s+(?:INTO|FROM))?\s*(\w*)",
    re.IGNORECASE | re.DOTALL,
)
_FROM = re.compile(r"\bFROM\s+(\w+)", re.IGNORECASE)
_WRITES = ("INSERT", "REPLACE", "UPDATE", "DELETE", "CREATE", "COMMIT")


class Steps:
    """Counts the steps of a run by name; ends the process at one of them, once."""

    def __init__(self, visited: Path | None, name: str | None, nth: int) -> None:
        self._visited = visited
        self._deadly = (name, nth)
        self._counts: Counter[str] = Counter()

    def reach(self, name: str) -> None:
        """Nothing, unless this is where the process dies."""
        self._counts[name] += 1
        if (name, self._counts[name]) == self._deadly:
            os._exit(DIED)
        if self._visited is not None:
            with self._visited.open("a", encoding="utf-8") as lines:
                lines.write(name + "\n")


class Statements:
    """Sees every statement of the bot's connections; *before* may raise instead of it."""

    def __init__(self, before: Callable[[str], None], after: Callable[[str], None]) -> None:
        self._before = before
        self._after = after
        self._heads: dict[int, list[str]] = {}

    def install(self) -> None:
        """Nothing; every connection opened from now on is seen."""
        plain: Any = aiosqlite.Connection._execute
        within: Any = Session.run

        @wraps(plain)
        async def seen(connection: aiosqlite.Connection, fn: Any, *args: Any, **more: Any) -> Any:
            name = self._name(connection, args[0]) if args and isinstance(args[0], str) else None
            if name is not None:
                self._before(name)
            found = await plain(connection, fn, *args, **more)
            if name is not None:
                self._after(name)
            return found

        @wraps(within)
        def run(session: Session, sql: str, work: Any) -> Any:
            name = self._name(session, sql)
            if name is not None:
                self._before(name)
            found = within(session, sql, work)
            if name is not None:
                self._after(name)
            return found

        setattr(aiosqlite.Connection, "_execute", seen)  # noqa: B010 - mypy would refuse it
        setattr(Session, "run", run)  # noqa: B010 - as above

    def _name(self, connection: object, sql: str) -> str | None:
        """What a statement is called: its verb and table; of a commit, those that it keeps."""
        found = _VERB.match(sql)
        if found is None:
            return None
        verb, table = found[1].upper(), found[2].lower()
        heads = self._heads.setdefault(id(connection), [])
        if verb == "BEGIN":
            heads.clear()
            return "BEGIN"
        if verb == "COMMIT":
            return "COMMIT of " + (" + ".join(dict.fromkeys(heads)) or "nothing")
        if verb == "PRAGMA":
            return None
        if verb == "SELECT":
            source = _FROM.search(sql)
            return f"SELECT {source[1].lower()}" if source else None
        heads.append(f"{verb} {table}")
        return heads[-1]


def crash_at(steps: Steps) -> None:
    """Nothing; statements, calls and files that are put in place are steps from now on."""
    Statements(
        lambda name: steps.reach(f"before {name}"), lambda name: steps.reach(f"after {name}")
    ).install()
    plain_call, plain_replace = HTTPXRequest.do_request, os.replace

    @wraps(plain_call)
    async def call(self: HTTPXRequest, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        steps.reach(f"before {name}")
        found = await plain_call(self, url, *args, **more)
        steps.reach(f"after {name}")
        return found

    @wraps(plain_replace)
    def replace(source: Any, target: Any, **more: Any) -> None:
        name = re.sub(r"\d+", "#", Path(target).name)
        steps.reach(f"before putting {name} in place")
        plain_replace(source, target, **more)
        steps.reach(f"after putting {name} in place")

    setattr(HTTPXRequest, "do_request", call)  # noqa: B010 - as above
    setattr(os, "replace", replace)  # noqa: B010


def fail_write(nth: int) -> None:
    """Nothing; the *nth* statement that writes will fail as on a bad disk, and no other."""
    count = 0

    def before(name: str) -> None:
        nonlocal count
        if name.startswith(_WRITES):
            count += 1
            if count == nth:
                raise sqlite3.OperationalError("disk I/O error")

    Statements(before, lambda name: None).install()


def shifted(path: Path) -> Callable[[], dt.datetime]:
    """A clock that is off by the seconds that *path* says, read anew every 20 ms."""
    read_at, offset = 0.0, 0.0

    def now() -> dt.datetime:
        nonlocal read_at, offset
        if time.monotonic() - read_at > 0.02:
            read_at, offset = time.monotonic(), float(path.read_text() or 0)
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=offset)

    return now


def timed(owner: type, name: str, path: Path) -> None:
    """Nothing; how long each call of the coroutine function took is a line in *path*."""
    plain: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @wraps(plain)
    async def measured(*args: Any, **more: Any) -> Any:
        began = time.monotonic()
        try:
            return await plain(*args, **more)
        finally:
            _note(path, name, began)

    setattr(owner, name, measured)


def timed_transactions(path: Path) -> None:
    """Nothing; how long each transaction took, begin to commit, is a line in *path* as well."""
    plain: Callable[..., Any] = file._transact

    def measured(db: sqlite3.Connection, what: Callable[..., Any]) -> Any:
        began = time.monotonic()
        try:
            return plain(db, what)
        finally:
            _note(path, what.__qualname__, began)

    setattr(file, "_transact", measured)  # noqa: B010 - mypy would refuse it


def _note(path: Path, what: str, began: float) -> None:
    now = time.monotonic()
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"what": what, "at": now, "took": now - began}) + "\n")
