"""What the operator asks on the command line, as lines to print. The bot may be running."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from bot.model import BY_OPERATOR, Status
from bot.schedule import duration
from bot.store import StoreError, keep, report

AHEAD = dt.timedelta(hours=24)
"""How far a dry run looks."""
STATUSES = (*(status.name.lower() for status in Status), report.DUE)
"""What a delivery may be asked for by."""
UNDONE = (
    "Each /forget and /unsubscribe since that backup was made is undone: tell your readers, and"
    " whoever answers for their data with you, so that it can be done again."
)
"""What a restore takes back from readers."""

_COLUMNS = ("chat", "topic", "edition", "kind", "part", "status", "copies", "due", "done", "reason")


def deliveries(
    path: Path, now: dt.datetime, briefing: str | None, status: str | None, *, as_json: bool
) -> Iterator[str]:
    """A line for each delivery and each subscription that is due one; or one array of JSON."""
    rows = report.deliveries(path, now, briefing, status)
    if as_json:
        first = True
        for row in rows:
            yield ("[" if first else ",") + json.dumps(row)
            first = False
        yield "[]" if first else "]"
        return
    yield "\t".join(_COLUMNS)
    for row in rows:
        yield "\t".join("-" if row[name] is None else str(row[name]) for name in _COLUMNS)


def dry_run(path: Path, now: dt.datetime, rate: int) -> Iterator[str]:
    """What would be pushed from now on; nothing is sent or written."""
    found = report.outlook(path, now + AHEAD)
    yield f"push: {f'on hold ({found.hold})' if found.hold else 'runs'}"
    if found.briefing is None:
        yield "briefing: none is to be pushed"
        return
    yield f"briefing: {found.briefing}{f' (held: {found.held})' if found.held else ''}"
    yield f"subscriptions: {found.active} active, {found.wanting} are to get it"
    yield f"planned already: {found.waiting} messages"
    if found.next is not None:
        yield f"next: {found.next:%Y-%m-%d %H:%M} UTC, {found.soon} within 24 hours"
    seconds = duration(found.soon, rate).total_seconds()
    yield f"time for these at {rate} a second: {dt.timedelta(seconds=round(seconds))}"


def hold(path: Path) -> Iterator[str]:
    """The push is on hold, also of a bot that runs."""
    report.steer(path, BY_OPERATOR)
    yield "on hold: nothing is sent until `python -m bot push --resume`, or /resume"


def resume(path: Path) -> Iterator[str]:
    """The push, and each edition that was held, is on again."""
    report.steer(path, None)
    yield "the push goes on"


def backup(path: Path, now: dt.datetime) -> Iterator[str]:
    """A copy of the database is made and checked."""
    if not path.exists():
        raise StoreError(f"there is no {path}: the bot has not run yet")
    yield f"copying {path} ({path.stat().st_size / 1e6:.1f} MB) ..."
    yield f"made and checked: {keep.backup(path, now)}"


def restore(path: Path, source: Path, now: dt.datetime) -> Iterator[str]:
    """A backup is put in the place of the database."""
    yield f"checking {source} ..."
    kept = keep.restore(path, source, now)
    if kept is not None:
        yield f"the old database is kept as {kept}"
    yield f"{source} is in its place. The push is on hold: it may be behind what was sent."
    yield UNDONE
    yield "Start the bot; then /resume, or `python -m bot push --resume`, lets it go on."
