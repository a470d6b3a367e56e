"""python -m tests.scale: how large an archive may grow before questions wait.

Invents archives, each one briefing of many pairs and, where MANY_SIZES say so, as many briefings
of MANY_PAIRS pairs as that makes; asks them misspelt, short, re-worded and unanswerable questions,
and prints what building, asking and memory cost beside other engines. Each engine runs in a process
of its own, on one core, so that memory is its own and times compare. Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from knowledge import Library, ask
from knowledge.answer import explain, rank
from knowledge.language import STOP_WORDS
from knowledge.model import Briefing
from tests.archive import ONE_BRIEFING, archive

if TYPE_CHECKING:
    from knowledge.meaning import Encoder
    from knowledge.sparse import Floats

_T = TypeVar("_T")
ROOT = Path(__file__).parent.parent
SIZES = (1_000, 10_000, 100_000, 300_000)
"""Phrasings of an archive."""
QUESTIONS = 560
"""Questions timed for each engine; as many others are put to the whole of `ask`."""
SLOW = 100
"""Questions timed where an engine reads every text and there are MANY of them."""
MANY = 100_000
WARM_UP = 20
MANY_PAIRS = 40
MANY_SIZES = (10_000,)
"""Phrasings of an archive that is measured as many briefings as well."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one engine cost: seconds until it has answered once, milliseconds a question, megabytes.

    `grown` is memory beyond the texts, `peak` the same at its highest, `resident` all of the
    process. `accuracy` is the share of answerable questions with the right pair first.
    """

    engine: str
    size: int
    build: float
    p50: float
    p99: float
    grown: float
    peak: float
    resident: float
    accuracy: float
    ask_p50: float | None = None
    ask_p99: float | None = None


Engine = Callable[[str], str | None]
"""A question in, the id of the best pair out; None where nothing is found."""


def encoder(folder: Path) -> Encoder | None:
    """The encoder of the semantic extra, its cache in *folder*; None where it is not installed.

    In an empty folder every vector is worked out, as at a first start.
    """
    from knowledge.meaning import load_encoder  # its weight is not that of the other engines

    return load_encoder(folder)


class RandomEncoder:
    """Encodes questions as *real* does, but stored texts as random directions, in no time.

    To see what looking through 300,000 vectors takes, without the five minutes that it takes to
    work them out. What is found by meaning is then found by chance.
    """

    def __init__(self, real: Encoder) -> None:
        self._real = real

    def encode(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*."""
        return self._real.encode(texts)

    def stored(self, texts: Sequence[str], what: str = "") -> Floats:
        """A random direction for each of *texts*, the same each time."""
        from knowledge.meaning import DIMENSIONS

        rng = np.random.default_rng(len(texts))
        vectors = rng.standard_normal((len(texts), DIMENSIONS), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def forget(self) -> None:
        """Nothing; no text of a reader is remembered."""
        self._real.forget()


def one_core() -> None:
    """Nothing; this process and what it starts run on one core from here on."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of *values* that *share* (0 to 1) of them do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _ours(briefings: Sequence[Briefing], encoder: Encoder | None = None) -> tuple[Engine, Library]:
    built = Library(briefings, encoder=encoder)

    def best(question: str) -> str | None:
        if len(built.briefings) > 1:  # each ranks its own: only `ask` says which of them counts
            found = explain(built, question).candidates
        else:
            found = rank(built, question)
        return found[0].hit.target.id if found else None

    return best, built


def _fts5(briefings: Sequence[Briefing]) -> Engine:
    from rapidfuzz import fuzz, process

    texts, ids = _flat(briefings)
    sql = sqlite3.connect(":memory:")
    sql.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='porter')")
    sql.executemany("INSERT INTO t(rowid, text) VALUES (?, ?)", enumerate(texts))

    def best(question: str) -> str | None:
        words = plain(question).split()
        query = " OR ".join(f'"{w}"' for w in words if w not in STOP_WORDS) or '""'
        rows = sql.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 50", (query,))
        near: list[int] = [row for (row,) in rows]
        chosen = process.extractOne(
            " ".join(words), [texts[row] for row in near], scorer=fuzz.token_set_ratio
        )
        return ids[near[chosen[2]]] if chosen else None

    return best


def _tantivy(briefings: Sequence[Briefing]) -> Engine:
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", tokenizer_name="en_stem")
    schema.add_unsigned_field("row", stored=True)
    index = tantivy.Index(schema.build())
    writer = index.writer(num_threads=1)
    texts, ids = _flat(briefings)
    for row, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=text, row=row))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def best(question: str) -> str | None:
        query, _ = index.parse_query_lenient(plain(question), ["text"])
        hits = searcher.search(query, 1).hits
        if not hits:
            return None
        row: int = searcher.doc(hits[0][1])["row"][0]
        return ids[row]

    return best


def _token_set(briefings: Sequence[Briefing]) -> Engine:
    from rapidfuzz import fuzz, process

    texts, ids = _flat(briefings)

    def best(question: str) -> str | None:
        chosen = process.extractOne(plain(question), texts, scorer=fuzz.token_set_ratio)
        return ids[chosen[2]] if chosen else None

    return best


def _flat(briefings: Sequence[Briefing]) -> tuple[list[str], list[str]]:
    """Every phrasing, plain, and beside it the id of its pair."""
    rows = [(plain(text), p.id) for b in briefings for p in b.pairs for text in p.phrasings]
    return [text for text, _ in rows], [id_ for _, id_ in rows]


def plain(text: str) -> str:
    """*text* in small letters, its words and numbers parted by single spaces."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


OURS, MEANING, BRUTE = "ours", "ours + meaning", "token_set_ratio"
RANDOM = "ours + random"
"""Ours with RandomEncoder; measured only where it is asked for by name."""
OTHERS: Mapping[str, Callable[[Sequence[Briefing]], Engine]] = {
    "fts5 + rapidfuzz": _fts5,
    "tantivy": _tantivy,
    BRUTE: _token_set,
}
ENGINES = (OURS, MEANING, *OTHERS)

LIMITS: Mapping[tuple[str, int], Mapping[str, float]] = {
    (OURS, 10_000): {"p99": 5, "ask_p99": 5},
    (OURS, 300_000): {
        "build": 20,
        "resident": 400,
        "p50": 5,
        "p99": 40,
        "ask_p50": 5,
        "ask_p99": 40,
    },
    (MEANING, 300_000): {"resident": 700, "p50": 20, "p99": 60, "ask_p50": 20, "ask_p99": 60},
}
"""The most that each figure may be: seconds, milliseconds, megabytes; on one core."""


def measure(engine: str, size: int, pairs_each: int = ONE_BRIEFING) -> Figures:
    """The figures of *engine* in this process, which should have done nothing else before."""
    one_core()
    briefings, queries = archive(size, 2 * QUESTIONS, pairs_each)
    half = len(queries) // 2
    asked = queries[: SLOW if engine == BRUTE and size >= MANY else half]
    warm = [b.pairs[0].phrasings[0] for b in briefings][:WARM_UP] * WARM_UP
    before = _resident()
    start = time.perf_counter()
    built: Library | None = None
    if engine in OTHERS:
        best = OTHERS[engine](briefings)
    else:
        with tempfile.TemporaryDirectory() as folder:
            real = encoder(Path(folder)) if engine in (MEANING, RANDOM) else None
            used = RandomEncoder(real) if real is not None and engine == RANDOM else real
            best, built = _ours(briefings, used)
    best(warm[0])
    if built is not None:
        ask(built, warm[0])
    build = time.perf_counter() - start
    for question in warm[:WARM_UP]:
        best(question)
    found = [_timed(best, query.text) for query in asked]
    times = [seconds for _, seconds in found]
    right = [id_ == q.id for (id_, _), q in zip(found, asked, strict=True) if q.id is not None]
    whole = []
    if built is not None:
        whole = [_timed(lambda text: ask(built, text), query.text)[1] for query in queries[half:]]
    resident = _resident()
    return Figures(
        engine=engine if len(briefings) == 1 else f"{engine}, {len(briefings)}",
        size=size,
        build=build,
        p50=percentile(times, 0.5) * 1_000,
        p99=percentile(times, 0.99) * 1_000,
        grown=resident - before,
        peak=_highest() - before,
        resident=resident,
        accuracy=sum(right) / len(right),
        ask_p50=percentile(whole, 0.5) * 1_000 if whole else None,
        ask_p99=percentile(whole, 0.99) * 1_000 if whole else None,
    )


def _timed(call: Callable[[str], _T], text: str) -> tuple[_T, float]:
    start = time.perf_counter()
    result = call(text)
    return result, time.perf_counter() - start


def _resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _highest() -> float:
    """The most megabytes that this process held; `ru_maxrss` would count the one that forked it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmHWM")) / 1_024


def broken(figures: Sequence[Figures], *, extra: bool) -> list[str]:
    """A line for each limit broken or not measured; the extra's only with *extra*."""
    lines = []
    measured = {(f.engine, f.size): asdict(f) for f in figures}
    for (engine, size), limits in LIMITS.items():
        if engine == MEANING and not extra:
            continue
        for name, limit in limits.items():
            value = measured.get((engine, size), {}).get(name)
            if value is None or value > limit:
                seen = "not measured" if value is None else f"{value:.1f}"
                lines.append(f"{engine}, {size:,} phrasings: {name} {seen}, at most {limit:g}")
    return lines


_COLUMNS = (
    *("phrasings", "engine", "build s", "p50 ms", "p99 ms"),
    *("ask p50", "ask p99", "+MB", "peak +MB", "MB", "acc@1"),
)
_HEAD = "%9s  %-19s %7s %8s %8s %8s %8s %8s %8s %8s %6s"


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 1 where a limit is broken. Prints a line for each size and engine as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="phrasings, 1000,10000")
    parser.add_argument(
        "--engine", action="append", choices=(*ENGINES, RANDOM), help="only this; repeatable"
    )
    parser.add_argument("--pairs", type=int, default=ONE_BRIEFING, help="of a briefing at most")
    parser.add_argument("--limits", action="store_true", help="exit 1 where a limit is broken")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    engines: Sequence[str] = options.engine or ENGINES
    if options.one:
        print(json.dumps(asdict(measure(engines[0], options.sizes[0], options.pairs))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        extra = encoder(Path(folder)) is not None
    if not extra:
        print("The semantic extra is not installed: measured without it.")
    print(_HEAD % _COLUMNS)
    figures = []
    for size in options.sizes:
        for engine in engines:
            if engine in (MEANING, RANDOM) and not extra:
                continue
            several = size in MANY_SIZES and engine in (OURS, MEANING)
            for pairs_each in (options.pairs, MANY_PAIRS) if several else (options.pairs,):
                figures.append(_in_a_process(engine, size, pairs_each))
                print(_line(figures[-1]), flush=True)
    lines = broken(figures, extra=extra) if options.limits else []
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if lines else 0


def _in_a_process(engine: str, size: int, pairs_each: int) -> Figures:
    command = [sys.executable, "-m", "tests.scale", "--one", f"--engine={engine}"]
    run = subprocess.run(
        [*command, f"--sizes={size}", f"--pairs={pairs_each}"],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # two on one core wait for each other
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Figures(**json.loads(run.stdout))


def _line(f: Figures) -> str:
    whole = ("-", "-") if f.ask_p50 is None else (f"{f.ask_p50:.2f}", f"{f.ask_p99:.2f}")
    return _HEAD % (
        f"{f.size:,}",
        f.engine,
        f"{f.build:.2f}",
        *(f"{f.p50:.2f}", f"{f.p99:.2f}", *whole),
        *(f"{f.grown:.0f}", f"{f.peak:.0f}", f"{f.resident:.0f}", f"{f.accuracy:.3f}"),
    )


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
