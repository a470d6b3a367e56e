"""python -m tests.bench FOLDER...: the matcher beside others, on the same questions in one run.

A folder is a matching set: store.jsonl with {"id", "phrasings"} a line, queries.jsonl with
{"q", "id"}, the id null where the store must not answer. Ours runs through the code and the
settings of `ask`, the same for every set; the others are in rivals.py.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge import Library
from knowledge.answer import rank
from knowledge.meaning import Encoder
from knowledge.model import SentenceRef
from tests.archive import briefing
from tests.rivals import DEPTH, OTHERS, Matcher
from tests.scale import MEANING, OURS, encoder, one_core, percentile

WARM_UP = 20
SENTENCE = "It is so."
"""What the invented article says: stop words alone, which explain no question."""
_NONE = float("-inf")
"""The score of a question to which nothing was found: no threshold lets it through."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the entry that answers it; None where the store must not answer."""

    text: str
    id: str | None


@dataclass(frozen=True)
class MatchingSet:
    """A store, in its order, and the questions to it."""

    name: str
    store: Mapping[str, tuple[str, ...]]
    queries: tuple[Query, ...]

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Every phrasing, in the order of the store."""
        return tuple(text for phrasings in self.store.values() for text in phrasings)


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one method on one set.

    `accuracy`, `mrr` and `recall5` are over the questions that the store answers, of the first
    DEPTH entries. `right1` and `right5` are the shares of them answered, and rightly, when 1 % and
    5 % of the others get through; `auroc` tells the two apart by their best scores. These are None
    where a set has but one of the two. Times are milliseconds a question.
    """

    method: str
    accuracy: float | None
    mrr: float | None
    recall5: float | None
    right1: float | None
    right5: float | None
    auroc: float | None
    p50: float
    p99: float


METRICS = ("accuracy", "mrr", "recall5", "right1", "right5", "auroc")
"""Figures that may have a floor."""


def read(folder: Path) -> MatchingSet:
    """The matching set in *folder*; ValueError where a question's id is not in the store."""
    store = {row["id"]: tuple(row["phrasings"]) for row in _rows(folder / "store.jsonl")}
    queries = tuple(Query(row["q"], row["id"]) for row in _rows(folder / "queries.jsonl"))
    if unknown := {q.id for q in queries if q.id is not None} - set(store):
        raise ValueError(f"{folder}: not in the store: {', '.join(sorted(unknown))}")
    if empty := [id_ for id_, phrasings in store.items() if not phrasings]:
        raise ValueError(f"{folder}: no phrasings: {', '.join(empty)}")
    return MatchingSet(folder.name, store, queries)


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def ours(matching: MatchingSet, encoder: Encoder | None = None) -> Matcher:
    """What `ask` ranks: the candidates of one briefing with a pair for each entry.

    The score is the confidence. What `ask` would refuse over an unknown name, over a likelier gap
    or for want of certainty counts with its confidence too.
    """
    ref = SentenceRef(1, 1)
    entries = [(id_, phrasings, ref) for id_, phrasings in matching.store.items()]
    one = briefing("2017-08-29-set", dt.date(2017, 8, 29), {ref: SENTENCE}, entries)
    built = Library([one], encoder=encoder)
    return lambda question: [(c.hit.target.id, c.confidence) for c in rank(built, question, DEPTH)]


def matchers(
    matching: MatchingSet, encoder: Encoder | None = None
) -> Iterator[tuple[str, Matcher]]:
    """Each method by its name, ready for questions; ours first."""
    yield OURS, ours(matching)
    if encoder is not None:
        yield MEANING, ours(matching, encoder)
    for name, make in OTHERS.items():
        yield name, make(matching.store)


def measure(name: str, matcher: Matcher, matching: MatchingSet) -> Result:
    """The figures of *matcher* on *matching*."""
    for text in matching.phrasings[:WARM_UP]:
        matcher(text)
    times: list[float] = []
    places: list[int] = []
    inside: list[float] = []
    right: list[float] = []
    outside: list[float] = []
    for query in matching.queries:
        start = time.perf_counter()
        ranking = matcher(query.text)[:DEPTH]
        times.append(time.perf_counter() - start)
        top = ranking[0][1] if ranking else _NONE
        if query.id is None:
            outside.append(top)
            continue
        ids = [id_ for id_, _ in ranking]
        places.append(ids.index(query.id) + 1 if query.id in ids else 0)
        inside.append(top)
        if places[-1] == 1:
            right.append(top)
    both = bool(inside and outside)
    return Result(
        method=name,
        accuracy=_mean([place == 1 for place in places]),
        mrr=_mean([1 / place if place else 0.0 for place in places]),
        recall5=_mean([1 <= place <= 5 for place in places]),
        right1=passing(right, outside, 0.01) / len(inside) if both else None,
        right5=passing(right, outside, 0.05) / len(inside) if both else None,
        auroc=auroc(inside, outside) if both else None,
        p50=percentile(times, 0.5) * 1_000,
        p99=percentile(times, 0.99) * 1_000,
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def passing(right: Sequence[float], outside: Sequence[float], share: float) -> int:
    """How many of *right* pass the lowest threshold that at most *share* of *outside* pass.

    Of equal scores all pass or none; -inf, where nothing was found, never passes.
    """
    allowed = int(share * len(outside) + 1e-9)
    stopped = sorted(outside, reverse=True)[allowed] if allowed < len(outside) else _NONE
    return sum(score > stopped for score in right)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often one of *inside* scores above one of *outside*; equal scores count half."""
    ordered = np.sort(np.asarray(outside))
    below = np.searchsorted(ordered, inside, side="left")
    up_to = np.searchsorted(ordered, inside, side="right")
    return float(np.mean((below + up_to) / 2) / len(outside))


_HEAD = "%-17s %7s %7s %7s %7s %7s %7s %8s %8s"


def table(matching: MatchingSet, results: Sequence[Result]) -> str:
    """The figures of one set, a line for each method; `-` where a set cannot tell."""
    inside = sum(query.id is not None for query in matching.queries)
    lines = [
        f"{matching.name}: {len(matching.store)} entries, {len(matching.phrasings)} phrasings; "
        f"{inside} questions in scope, {len(matching.queries) - inside} out of it",
        _HEAD % ("", "acc@1", "MRR", "rec@5", "@1 %", "@5 %", "AUROC", "p50 ms", "p99 ms"),
    ]
    for result in results:
        values = asdict(result)
        shares = ("-" if values[m] is None else f"{values[m]:.3f}" for m in METRICS)
        lines.append(_HEAD % (result.method, *shares, f"{result.p50:.2f}", f"{result.p99:.2f}"))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that the better of ours may reach on a set."""

    name: str
    metric: str
    least: float

    @classmethod
    def parse(cls, text: str) -> Floor:
        """The floor that `SET:METRIC=VALUE` stands for; ValueError where it is none."""
        match = re.fullmatch(r"(.+):(\w+)=([\d.]+)", text)
        if match is None or match[2] not in METRICS:
            raise ValueError(f"{text!r}: write SET:METRIC=VALUE, METRIC one of {METRICS}")
        return cls(match[1], match[2], float(match[3]))

    def broken(self, results: Mapping[str, Sequence[Result]]) -> str:
        """What to say of *results*, by set, that fall short; empty where they do not."""
        own = [asdict(r)[self.metric] for r in results[self.name] if r.method in (OURS, MEANING)]
        best = max((value for value in own if value is not None), default=None)
        if best is not None and best >= self.least:
            return ""
        seen = "not measured" if best is None else f"{best:.3f}"
        return f"{self.name}: {self.metric} {seen}, at least {self.least:g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 1 where ours falls short of a floor. Prints a table for each set."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="The matcher beside others, on the same questions in one run.",
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--floor",
        dest="floors",
        action="append",
        default=[],
        type=Floor.parse,
        metavar="SET:METRIC=VALUE",
        help=f"exit 1 where ours is lower; METRIC is one of {', '.join(METRICS)}; repeatable",
    )
    options = parser.parse_args(arguments)
    names = [folder.name for folder in options.folders]
    if unknown := [floor.name for floor in options.floors if floor.name not in names]:
        parser.error(f"no such set: {', '.join(unknown)}")
    one_core()
    results: dict[str, list[Result]] = {}
    with tempfile.TemporaryDirectory() as cache:
        extra = encoder(Path(cache))
        if extra is None:
            print("The semantic extra is not installed: measured without it.\n")
        for folder in options.folders:
            matching = read(folder)
            found = [measure(name, m, matching) for name, m in matchers(matching, extra)]
            results[matching.name] = found
            print(table(matching, found), end="\n\n", flush=True)
    broken = [line for floor in options.floors if (line := floor.broken(results))]
    print(*broken, sep="\n", end="\n" if broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
