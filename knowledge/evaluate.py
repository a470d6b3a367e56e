"""The work behind `python -m knowledge eval`: judgements asked and timed, their rates kept.

Part of the command line: it reads the clock and writes files, and prints nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import judge, rates
from knowledge.answer import ask
from knowledge.folder import JUDGEMENTS, MEASURED
from knowledge.judge import Judged
from knowledge.library import Library, load_library
from knowledge.load import briefing_folders, fingerprint, load_judgements, load_measured
from knowledge.meaning import Encoder
from knowledge.measured import in_force, thresholds, uses_meaning
from knowledge.model import items


@dataclass(frozen=True)
class Run:
    """The judgements in the file *path*, asked in one mode; the seconds that each took."""

    path: Path
    meaning: bool
    judged: tuple[Judged, ...]
    seconds: tuple[float, ...]


def runs(briefings: Path, files: Sequence[Path], encoder: Encoder | None) -> Iterator[Run]:
    """Each of *files* asked of all *briefings*; without files, each briefing's own of it alone."""
    library = load_library(briefings, encoder)
    if files:
        yield from (_run(library, path) for path in files)
        return
    for folder in briefing_folders(briefings):
        if (folder / JUDGEMENTS).exists():
            yield _run(library.edition(folder.resolve().name), folder / JUDGEMENTS)


def _run(library: Library, path: Path) -> Run:
    known = {item.id for b in library.briefings for item in items(b)}
    known |= {topic.id for topic in library.smalltalk}
    judged, seconds = [], []
    for judgement in load_judgements(path, known):
        start = time.perf_counter()
        outcome = ask(library, judgement.question, judgement.context)
        seconds.append(time.perf_counter() - start)
        judged.append(judge.judge(judgement, outcome))
    return Run(path, uses_meaning(library), tuple(judged), tuple(seconds))


def keep(folder: Path, measured: Sequence[Run]) -> Path:
    """The file in *folder* that now holds the rates of *measured*, at most one run a mode.

    A mode that was not measured now keeps its rates if they still hold.
    """
    new = [
        rates.measure(run.judged, meaning=run.meaning, thresholds=thresholds()) for run in measured
    ]
    old = [entry for entry in load_measured(folder)[0] if in_force(entry)]
    path = folder / MEASURED
    text = rates.written(rates.merged(new, old), fingerprint(folder))
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
