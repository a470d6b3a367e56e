"""The judge: what the readers of a push got, and which promises that breaks. Pure.

It believes the receiver's log before the bot's own account, which may only excuse with a reason.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field

from tests.faults.history import FOREVER, Address, Arrival, History, Reader

COPIES = 3
"""Most physical copies of one message, whatever breaks."""

ON_THE_WAY = 0.15
"""Seconds in which a call may arrive that was written before its sender could know better."""

UNRECORDED = 1.5
"""Seconds before a kill in which an answered call may not have been recorded yet.

The bot takes 25 ms for it; on a machine that has much else to do, some hundred.
"""

AMID = 0.5
"""A kill was amid the push if a call arrived within so many seconds before it."""

CLAIMED = 1.2
"""Seconds of work that may have been claimed before claims began to fail."""

SECOND = 1.0
GROUP = (20, 60.0)
"""Most messages to one group, and the seconds in which."""

Item = tuple[Address, int]
"""A part of the briefing for a reader's home."""


@dataclass
class Verdict:
    """What was found: `broken` promises with an example each, and the figures."""

    broken: list[str] = field(default_factory=list)
    lost: int = 0
    named: int = 0
    most_copies: int = 0
    seconds: int = 0
    loud: int = 0
    per_kill: list[int] = field(default_factory=list)
    kills_amid: int = 0
    most_in_a_second: int = 0
    in_halts: int = 0
    jammed: int = 0
    calls_to_gone: int = 0

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        return not self.broken

    def found(self, what: str, cases: Sequence[object]) -> int:
        """How many cases there are; one is named if so."""
        if cases:
            self.broken.append(f"{what}: {len(cases)}, such as {cases[0]}")
        return len(cases)


def check(history: History) -> Verdict:
    """The verdict on one push."""
    verdict = Verdict()
    calls = sorted(
        (a for a in history.arrivals if a.method in ("sendMessage", "editMessageText")),
        key=lambda a: a.at,
    )
    homes = {reader.address: reader.home for reader in history.readers}
    homes |= {reader.home: reader.home for reader in history.readers}
    own = {reader.address for reader in history.readers}
    ours = [a for a in calls if a.address in homes and a.method == "sendMessage"]
    part_of = {name: n for n, names in enumerate(history.parts) for name in names}
    copies: dict[Item, list[Arrival]] = defaultdict(list)
    for a in ours:
        if a.processed and a.text in part_of:
            home = homes[a.address]
            place = a.address if home in own else home  # who is there already has a copy too
            copies[place, part_of[a.text]].append(a)
    _reached(history, copies, verdict)
    _copies(history, copies, verdict)
    _refused(history, ours, verdict)
    verdict.found("text that was never published", [a for a in ours if a.text not in part_of])
    verdict.found("part before its predecessor", list(_disorder(copies)))
    verdict.found("sent to who did not want it", list(_unwanted(history.readers, ours)))
    _pace(history, calls, verdict)
    verdict.jammed = verdict.found("sent though no claim could be kept", list(_jam(history, ours)))
    if history.secret and history.secret in history.printed:
        verdict.broken.append("the token was printed")
    return verdict


def _reached(history: History, copies: Mapping[Item, Sized], verdict: Verdict) -> None:
    """Each reader has every part, or the bot names it with a reason."""
    excused = {
        row.address for row in history.rows if row.status in ("dead", "skipped") and row.reason
    }
    sent = {row.address for row in history.rows if row.status == "sent"}
    lost, named, false = [], set(), []
    for reader in history.readers:
        places = (reader.home, reader.address)
        got = [any((p, n) in copies for p in places) for n in range(len(history.parts))]
        if all(got) or reader.since > 0.0 or reader.until < FOREVER:
            continue
        if {reader.address, reader.home} & excused:
            named.add(reader.home)
        else:
            lost.append(reader)
        if reader.home in sent and not any(got):
            false.append(reader)
    verdict.lost = verdict.found("lost", lost)
    verdict.named = len(named)
    verdict.found("called sent, and never arrived", false)
    briefings = [row for row in history.rows if row.kind == "briefing"]
    hidden = [r for r in briefings if len(copies.get((r.address, r.part), ())) > r.copies]
    verdict.found("more copies than the bot names", hidden)


def _copies(history: History, copies: Mapping[Item, list[Arrival]], verdict: Verdict) -> None:
    """No copy too many, none with a sound, none without a cause."""
    causes: Counter[float] = Counter()
    unexplained, loud = [], []
    for item in copies.values():
        verdict.most_copies = max(verdict.most_copies, len(item))
        for first, second in itertools.pairwise(item):
            verdict.seconds += 1
            if not second.silent:
                loud.append(second)
            kill = _cause(history.kills, first, second)
            if kill is not None:
                causes[kill] += 1
            elif first.known:
                unexplained.append(second)
    verdict.per_kill = [causes[kill] for kill in history.kills]
    times = sorted(a.at for a in history.arrivals)
    for kill in history.kills:
        last = bisect_right(times, kill) - 1
        verdict.kills_amid += last >= 0 and times[last] > kill - AMID
    verdict.loud = verdict.found("second copy with a sound", loud)
    verdict.found("second copy without a cause", unexplained)
    verdict.found(f"more than {COPIES} copies", [c[-1] for c in copies.values() if len(c) > COPIES])


def _cause(kills: Iterable[float], first: Arrival, second: Arrival) -> float | None:
    """The kill that left it open whether *first* had arrived; None if there was none."""
    for kill in kills:
        if first.at <= kill <= second.at and first.end >= kill - UNRECORDED:
            return kill
    return None


def _refused(history: History, ours: Iterable[Arrival], verdict: Verdict) -> None:
    """Who turns us away is called once, and named."""
    gone = {reader.address for reader in history.readers if reader.refuses}
    calls = Counter(a.address for a in ours if a.address in gone and a.status in (400, 403))
    verdict.calls_to_gone = max(calls.values(), default=0)


def _disorder(copies: Mapping[Item, list[Arrival]]) -> Iterable[Arrival]:
    for (home, part), item in copies.items():
        before = copies.get((home, part - 1))
        if part and (before is None or before[0].at > item[0].at):
            yield item[0]


def _unwanted(readers: Iterable[Reader], ours: Iterable[Arrival]) -> Iterable[Arrival]:
    spans = {reader.address: (reader.since, reader.until + ON_THE_WAY) for reader in readers}
    for a in ours:
        since, until = spans.get(a.address, (0.0, FOREVER))
        if not since <= a.at <= until:
            yield a


def _pace(history: History, calls: Sequence[Arrival], verdict: Verdict) -> None:
    """The windows of the bot and of each chat, and silence while Telegram asks for it."""
    verdict.most_in_a_second, crowded = most_within([a.at for a in calls], SECOND)
    if verdict.most_in_a_second > history.limit:
        verdict.broken.append(
            f"{verdict.most_in_a_second} in the second from {crowded:.2f}; {history.limit} may be"
        )
    chats: dict[int, list[float]] = defaultdict(list)
    for a in calls:
        if a.chat < 0 and a.processed:
            chats[a.chat].append(a.at)
    most, seconds = GROUP
    full = [chat for chat, times in chats.items() if most_within(times, seconds)[0] > most]
    verdict.found("group over its limit", full)
    verdict.in_halts = verdict.found("sent during a halt", list(_in_halts(calls)))


def most_within(times: Sequence[float], window: float) -> tuple[int, float]:
    """The most of *times*, in their order, that lie within any *window*, and when that begins."""
    most, begin, low = 0, 0.0, 0
    for high, latest in enumerate(times):
        while low < high and latest - times[low] >= window:
            low += 1
        if high - low + 1 > most:
            most, begin = high - low + 1, times[low]
    return most, begin


def _in_halts(calls: Sequence[Arrival]) -> Iterable[Arrival]:
    """The calls that arrived after a 429 was answered and before its time was over."""
    halts = sorted((a.end + ON_THE_WAY, a.end + a.wait) for a in calls if a.status == 429)
    merged: list[tuple[float, float]] = []
    for begin, end in halts:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    found = iter(merged)
    now = next(found, None)
    for a in calls:
        while now is not None and now[1] <= a.at:
            now = next(found, None)
        if now is None:
            return
        if a.at > now[0]:
            yield a


def _jam(history: History, ours: Iterable[Arrival]) -> Iterable[Arrival]:
    for a in ours:
        if any(begin + CLAIMED < a.at < end for begin, end in history.jammed):
            yield a
