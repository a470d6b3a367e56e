"""One push from a file in which everybody is due, to the verdict on what became of it."""

from __future__ import annotations

import asyncio
import html
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.faults.checker import Verdict, check
from tests.faults.history import FOREVER, Address, History, Reader, Row
from tests.faults.population import multiply, populate
from tests.faults.rig import NEWS, Bot, Rig

FIRST_READER = 100_000
"""Id of the first reader; the others count up from it."""

FREE = 30
"""What Telegram lets a bot send in a second."""

JITTER = 0.15
"""By how much a second may be over a higher rate: where processes share few processors, one that
has to wait writes at once what it would have written meanwhile. The free rate has no such excuse.
"""

MANY = 500
"""More readers with ids in a row are copies of the first one: the bot takes its time for each."""

LONG = " All of this was said at length." * 15
"""What makes a point as long as one may be."""
MORE = [
    {"sentence": "p1s2", "quote": "two ferries were damaged"},
    {"sentence": "p2s2", "quote": "Jon Hale keeps the lighthouse"},
]


def people(count: int) -> tuple[Reader, ...]:
    """So many readers in private chats."""
    return tuple(Reader(address=(FIRST_READER + n, 0)) for n in range(count))


async def template(rig: Rig, chats: Sequence[Address], name: str = "template") -> Path:
    """A data directory in which the first briefing was offered and *chats* are subscribed."""
    await rig.fresh()
    if rig.offered is not None and rig.offered.exists():
        shutil.copytree(rig.offered, rig.data)
    else:
        bot = await rig.start()
        await rig.polling(bot)
        await bot.stop()
        if rig.offered is not None:
            shutil.copytree(rig.data, rig.offered)
    first, last = chats[0][0], chats[-1][0]
    if len(chats) > MANY and last - first == len(chats) - 1:
        await populate(rig.data, chats[:1])
        await multiply(rig.data, len(chats) - 1, first + 1)
    else:
        await populate(rig.data, chats)
    found = rig.folder / name
    shutil.rmtree(found, ignore_errors=True)
    shutil.move(rig.data, found)
    return found


def points_of(folder: Path) -> list[str]:
    """The main points of a briefing as its editor wrote them."""
    text = (folder / "briefing.yaml").read_text(encoding="utf-8")
    return [" ".join(point["text"].split()) for point in yaml.safe_load(text)["points"]]


def published(texts: Mapping[str, str], points: Sequence[str]) -> tuple[frozenset[str], ...]:
    """The hashes of those texts that may stand for each part: every point, word for word, once."""
    groups: dict[tuple[int, ...], set[str]] = defaultdict(set)
    for name, text in texts.items():
        shown = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
        held = tuple(n for n, point in enumerate(points) if point in shown)
        if held:
            groups[held].add(name)
    whole = tuple(range(len(points)))
    if whole in groups:
        return (frozenset(groups[whole]),)
    parts: list[frozenset[str]] = []
    begin = 0
    for held in sorted(groups, key=lambda held: (held[0], -len(held))):
        if held[0] == begin and held == tuple(range(begin, begin + len(held))):
            parts.append(frozenset(groups[held]))
            begin += len(held)
    return tuple(parts) if begin == len(points) else (frozenset(),)


class _Plain(yaml.SafeDumper):
    """Writes everything out: content knows no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def lengthen(folder: Path) -> None:
    """Nothing; the briefing has six points, so long and so well cited that one message is short."""
    path = folder / "briefing.yaml"
    briefing = yaml.safe_load(path.read_text(encoding="utf-8"))
    points = briefing["points"]
    cited = [citation for point in points for citation in point["citations"]] + MORE
    for point in points:
        point["citations"] = cited[:5]
    again = [
        point | {"id": point["id"] + "-again", "text": "Once more: " + point["text"]}
        for point in points
    ]
    briefing["points"] = [p | {"text": (p["text"] + LONG)[:500]} for p in (*points, *again)]
    path.write_text(yaml.dump(briefing, Dumper=_Plain), encoding="utf-8")


class Round:
    """A push to *readers* within `limit` a second."""

    def __init__(self, rig: Rig, readers: Sequence[Reader], limit: int) -> None:
        self.rig = rig
        self.readers = tuple(readers)
        self.limit = limit
        self.kills: list[float] = []
        self.jammed: list[tuple[float, float]] = []
        self.rows: tuple[Row, ...] = ()
        self._left = {r.home for r in self.readers if not r.refuses and r.until == FOREVER}
        self._home = {r.address: r.home for r in self.readers}
        self._read = 0
        self._got: dict[Address, set[str]] = defaultdict(set)
        self._parts = 1

    async def begin(
        self, data: Path, latency: float = 0.08, *, news: bool = True, long: bool = False
    ) -> None:
        """Nothing; a new briefing lies there, and all are due. No bot runs yet."""
        await self.rig.fresh(data)
        if news:
            self.rig.add(NEWS)
        if long:
            self._parts = 2
            lengthen(self.rig.briefings / NEWS)
        self.rig.options["sends_per_second"] = self.limit
        chats = sorted(r.address[0] for r in self.readers if r.address[0] > 0)
        if chats:
            await self.rig.do("crowd", first=chats[0], count=chats[-1] - chats[0] + 1)
        await self.rig.do("latency", seconds=latency)

    def left(self) -> set[Address]:
        """The homes that not all parts reached so far."""
        new, self._read = self.rig.log.arrivals[self._read :], len(self.rig.log.arrivals)
        for a in new:
            if a.processed and a.method == "sendMessage":
                home = self._home.get(a.address, a.address)
                self._got[home].add(a.text)
                if len(self._got[home]) >= self._parts:
                    self._left.discard(home)
        return self._left

    def named(self) -> set[Address]:
        """Those of whom the bot says why they got nothing."""
        return {row.address for row in self.rows if row.status in ("dead", "skipped")}

    async def done(self, bot: Bot, within: float) -> None:
        """Nothing; every reader has a message or is named by the bot."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            before = len(self.left())
            for _ in range(100):
                self.rig.log.read()
                if not self.left() or bot.process.returncode is not None:
                    return
                await asyncio.sleep(0.05)
            if len(self.left()) == before:
                self.rows = await self.rig.rows()
                if self.left() <= self.named():
                    return

    async def settled(self, within: float, every: float = 15.0) -> None:
        """Nothing; the bot says that it has nothing left to send."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            self.rows = await self.rig.rows()
            if not any(row.status in ("pending", "sending") for row in self.rows):
                return
            await asyncio.sleep(every)

    async def verdict(
        self, bot: Bot, within: float = 120.0, settle: float = 1.0, *, ask: bool = True
    ) -> Verdict:
        """The judgement, once all is done and *bot* was stopped in good order.

        With *ask* its own account is read as well; one that was read amid the push is out of date.
        """
        await self.done(bot, within)
        await self.rig.quiet(settle, settle + 30)
        code, took = await bot.stop()
        if ask or self.rows:
            self.rows = await self.rig.rows()
        found = check(self.history())
        if code != 0 or took > 10:
            found.broken.append(f"the bot ended with {code} after {took:.1f} s")
        return found

    def history(self, **more: Any) -> History:
        """What happened so far."""
        self.rig.log.read()
        values: dict[str, Any] = {
            "arrivals": tuple(self.rig.log.arrivals),
            "readers": self.readers,
            "rows": self.rows,
            "parts": published(self.rig.log.texts, points_of(self.rig.briefings / NEWS)),
            "limit": self.limit if self.limit <= FREE else round(self.limit * (1 + JITTER)),
            "kills": tuple(self.kills),
            "jammed": tuple(self.jammed),
            "secret": self.rig.token.partition(":")[2],
            "printed": self.rig.printed,
        }
        return History(**values | more)


def merged(verdicts: Iterable[Verdict]) -> Verdict:
    """What several rounds come to."""
    total = Verdict()
    for one in verdicts:
        total.broken += one.broken
        total.per_kill += one.per_kill
        for name in ("lost", "named", "seconds", "loud", "in_halts", "jammed", "kills_amid"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        for name in ("most_copies", "most_in_a_second", "calls_to_gone"):
            setattr(total, name, max(getattr(total, name), getattr(one, name)))
    return total
