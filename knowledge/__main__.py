"""python -m knowledge: ask the store, and check it. Each command opens, calls, prints."""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from knowledge import coverage, evaluate, rates, report, twins
from knowledge.answer import explain
from knowledge.draft import Draft
from knowledge.folder import JUDGEMENTS
from knowledge.jsonl import answer_lines
from knowledge.library import Library, load_library
from knowledge.load import (
    SMALLTALK,
    briefing_folders,
    examine,
    examine_judgements,
    examine_pushed,
    load_measured,
    load_pushed,
    load_smalltalk,
    places,
    read_content,
)
from knowledge.meaning import SentenceEncoder, load_encoder, users_vectors
from knowledge.measured import in_force, uses_meaning
from knowledge.plain import Labels, as_text
from knowledge.problems import ContentError, Page, Problem
from knowledge.source import Fields, Text, parse

BRIEFINGS = Path(__file__).parent / "briefings"
LABELS = Path(__file__).parent / "labels.yaml"
PUSHED = Path("data/pushed")
"""Where a bot that is run here keeps what its readers have."""
README = Path(__file__).parents[1] / "README.md"

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 the content has problems, 2 unusable arguments."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # nobody reads on: `| head`
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.close()  # else Python tries, and complains, once more at its end
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    asking = commands.add_parser("ask", help="answer a question, or questions as JSON lines")
    asking.add_argument("question", nargs="*", help="the question, in plain words")
    asking.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="QUESTION",
        help="an earlier question of the conversation; may be repeated, oldest first",
    )
    asking.add_argument("--jsonl", action="store_true", help="questions from standard input")
    asking.add_argument("--explain", action="store_true", help="show candidates and the reason")
    asking.set_defaults(run=_ask)
    checking = commands.add_parser("check", help="check the content and show its coverage")
    checking.add_argument(
        "--twins", action="store_true", help="show which pairs take each other's phrasings"
    )
    checking.add_argument(
        "--of",
        action="append",
        default=[],
        metavar="ID",
        help="with --twins, ask only what leads to this pair or gap; may be repeated",
    )
    checking.add_argument(
        "--limit", type=int, default=20, metavar="N", help="with --twins, show up to N couples"
    )
    checking.add_argument(
        "--pushed",
        type=Path,
        metavar="FOLDER",
        help="what readers have, as the bot keeps it (default: data/pushed, if it is there)",
    )
    checking.set_defaults(run=_check)
    judging = commands.add_parser("eval", help="measure the store on its judgements")
    judging.add_argument(
        "files", nargs="*", type=Path, help="judgements (default: those of each briefing)"
    )
    judging.add_argument(
        "--failures", type=int, default=0, metavar="N", help="show up to N that are not right"
    )
    judging.add_argument(
        "--write", action="store_true", help="keep the rates, for /about and the README"
    )
    judging.set_defaults(run=_eval)
    for command in (asking, checking, judging):
        command.add_argument(
            "--briefings",
            type=Path,
            default=BRIEFINGS,
            metavar="FOLDER",
            help="the folder of briefings (default: the one shipped)",
        )
    return parser


def _ask(options: argparse.Namespace) -> int:
    if options.jsonl == bool(options.question):
        print("python -m knowledge ask: give a question, or --jsonl", file=sys.stderr)
        return 2
    if options.jsonl and (options.explain or options.context):
        print("--explain and --context go with a question, not with --jsonl", file=sys.stderr)
        return 2
    library, labels = _library(options.briefings), _labels()
    if options.jsonl:
        answer_lines(library, labels, sys.stdin.buffer, sys.stdout)
        return 0
    explanation = explain(library, " ".join(options.question), options.context)
    print(as_text(library, labels, explanation.outcome))
    if options.explain:
        print()
        print("\n".join(report.explained(explanation, _places(options.briefings))))
    return 0


def _places(briefings: Path) -> Mapping[tuple[str, str], str]:
    """The file and line of each item, by the ids of its briefing and itself."""
    folders = briefing_folders(briefings)
    found = ((folder.resolve().name, places(folder)) for folder in folders)
    return {(briefing, id_): place for briefing, of in found for id_, place in of.items()}


def _labels() -> Labels:
    page = Page(LABELS.as_posix(), [])
    node = parse(LABELS.read_bytes(), page)
    if page.problems or not isinstance(node, Fields):
        raise ContentError(page.problems)
    return {key.value: value.value for key, value in node.entries if isinstance(value, Text)}


def _check(options: argparse.Namespace) -> int:
    found: list[Problem] = []
    unread: set[str] = set()
    folders = briefing_folders(_from_here(options.briefings))
    if not folders:
        print(f"{options.briefings}: no briefing here", file=sys.stderr)
        return 1
    for folder in folders:
        draft, problems = examine(folder)
        found += problems
        found += _against_pushed(folder, options.pushed)
        if draft.unread or (problems and not draft.pairs):
            unread.update((folder / name).as_posix() for name in draft.unread or ("qa.yaml",))
            print(f"{folder.name}: nothing is counted before what cannot be read is mended\n")
            continue
        found += coverage.problems(draft)
        print(f"{folder.name}: {_counts(draft)}\n{coverage.table(coverage.coverage(draft))}\n")
        found += examine_judgements(folder, draft)
        found += _measurement(folder)
    try:
        load_smalltalk(_from_here(SMALLTALK))
    except ContentError as error:
        found += error.problems
    for problem in sorted(found, key=lambda problem: (problem.file not in unread, problem)):
        print(problem)
    print(f"{len(found)} problem{'' if len(found) == 1 else 's'}")
    if options.twins and not found:
        return _twins(options)
    return 1 if found else 0


def _against_pushed(folder: Path, pushed: Path | None) -> tuple[Problem, ...]:
    """What *folder* changes of what readers have without saying so; *pushed* holds that."""
    if pushed is not None and not pushed.is_dir():
        return (Problem(pushed.as_posix(), 1, "no such folder: give the one that the bot writes"),)
    path = (pushed or PUSHED) / f"{folder.resolve().name}.yaml"
    try:
        return examine_pushed(folder, load_pushed(path)) if path.is_file() else ()
    except ContentError as error:
        return error.problems


def _measurement(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with the file of measured rates; a note is printed where there are none."""
    measured, problems = load_measured(folder)
    if not problems and not any(in_force(entry) and not entry.meaning for entry in measured):
        first = "" if (folder / JUDGEMENTS).exists() else f"write {JUDGEMENTS}, then "
        print(f"{folder.name}: not measured: {first}run {rates.COMMAND}\n")
    return problems


def _twins(options: argparse.Namespace) -> int:
    sys.stdout.flush()  # what was checked can be read while this takes long
    library = _library(options.briefings)
    phrasings = twins.stored(library)
    if unknown := set(options.of) - {s.target.id for s in phrasings}:
        print(f"no pair or gap has the id {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    if options.of:
        phrasings = tuple(s for s in phrasings if s.target.id in options.of)
    print(f"asking {len(phrasings)} phrasings", file=sys.stderr, flush=True)
    found = list(_shown(twins.tried(library, phrasings), len(phrasings)))
    print(f"\nasked {_mode(uses_meaning(library))}")
    print("\n".join(report.twins(found, options.limit)))
    return 0


def _mode(meaning: bool) -> str:
    return f"{'with' if meaning else 'without'} the semantic extra"


def _shown(steps: Iterable[T], total: int) -> Iterator[T]:
    """*steps* as they come, how far they are on standard error: each percent, or each tenth."""
    live, shown = sys.stderr.isatty(), 0
    by = 1 if live else 10
    for number, step in enumerate(steps, start=1):
        percent = 100 * number // total // by * by
        if percent > shown:
            shown = percent
            end = "\r" if live and number < total else "\n"
            print(f"{percent:3} %", end=end, file=sys.stderr, flush=True)
        yield step


def _from_here(path: Path) -> Path:
    """*path* from the current folder where it lies in it, since that is shorter to read."""
    here = Path.cwd()
    return path.absolute().relative_to(here) if path.absolute().is_relative_to(here) else path


def _eval(options: argparse.Namespace) -> int:
    if options.write and options.files:
        message = "--write measures each briefing on its own judgements: give no files"
        print(f"python -m knowledge eval: {message}", file=sys.stderr)
        return 2
    runs = list(evaluate.runs(options.briefings, options.files, encoder()))
    judged = [j for run in runs for j in run.judged]
    if not judged:
        print("no judgements: write judgements.yaml beside the article", file=sys.stderr)
        return 1
    print(f"asked {_mode(runs[0].meaning)}\n")
    print("\n".join(report.lines(judged, [s for run in runs for s in run.seconds])))
    print("\n".join(report.failures(judged, options.failures)))
    if options.write:
        if runs[0].meaning:
            runs += evaluate.runs(options.briefings, (), None)
        _write(options, runs)
    return 0


def _write(options: argparse.Namespace, found: Sequence[evaluate.Run]) -> None:
    """Nothing; what was measured is written beside the judgements, and into the README."""
    for folder in dict.fromkeys(run.path.parent for run in found):
        path = evaluate.keep(folder, [run for run in found if run.path.parent == folder])
        print(f"written: {_from_here(path)}")
    if options.briefings.resolve() == BRIEFINGS.resolve() and README.is_file():
        briefings, _ = read_content(options.briefings)
        before = README.read_bytes().decode("utf-8")
        after = report.in_readme(before, report.readme(briefings, _labels()))
        if after is None:
            print(f"{README.name} has no one place for the rates: {report.BEGIN}", file=sys.stderr)
        elif after != before:
            README.write_bytes(after.encode("utf-8"))
            print(f"written: {_from_here(README)}")


def _library(briefings: Path) -> Library:
    """The library of all briefings in a folder, with the semantic extra where it is installed."""
    return load_library(briefings, encoder())


def encoder() -> SentenceEncoder | None:
    """The encoder of the semantic extra, with its cache among the user's."""
    return load_encoder(users_vectors(os.environ))


def _counts(draft: Draft) -> str:
    kinds = ("pairs", "gaps", "entities", "claims", "points")
    return ", ".join(f"{len(getattr(draft, kind))} {kind}" for kind in kinds)


if __name__ == "__main__":
    sys.exit(main())
