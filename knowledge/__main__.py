"""python -m knowledge: ask the store, and check it. Each command opens, calls, prints."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from knowledge import coverage, judge, report
from knowledge.answer import Explanation, ask, explain
from knowledge.draft import Draft
from knowledge.judge import Judged
from knowledge.library import Library, load_library
from knowledge.load import (
    JUDGEMENTS,
    SMALLTALK,
    briefing_folders,
    examine,
    load_judgements,
    load_smalltalk,
)
from knowledge.model import Gap, items, label_of
from knowledge.plain import Labels, as_json, as_text
from knowledge.problems import ContentError, Page, Problem
from knowledge.source import Fields, Text, parse

BRIEFINGS = Path(__file__).parent / "briefings"
LABELS = Path(__file__).parent / "labels.yaml"
_LONGEST_LINE = 1_000_000
"""Characters a line of input may have; a longer one is malformed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 the content has problems, 2 unusable arguments."""
    options = _parser().parse_args(arguments)
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
    checking.set_defaults(run=_check)
    judging = commands.add_parser("eval", help="measure the store on its judgements")
    judging.add_argument(
        "files", nargs="*", type=Path, help="judgements (default: those of each briefing)"
    )
    judging.add_argument(
        "--failures", type=int, default=0, metavar="N", help="show up to N that are not right"
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
    library, labels = load_library(options.briefings), _labels()
    if options.jsonl:
        _answer_lines(library, labels, sys.stdin.buffer, sys.stdout)
        return 0
    explanation = explain(library, " ".join(options.question), options.context)
    print(as_text(library, labels, explanation.outcome))
    if options.explain:
        print()
        print("\n".join(_explained(explanation)))
    return 0


def _labels() -> Labels:
    page = Page(LABELS.as_posix(), [])
    node = parse(LABELS.read_bytes(), page)
    if page.problems or not isinstance(node, Fields):
        raise ContentError(page.problems)
    return {key.value: value.value for key, value in node.entries if isinstance(value, Text)}


def _answer_lines(library: Library, labels: Labels, lines: Iterable[bytes], out: TextIO) -> None:
    for line in lines:
        if not line.strip():
            continue
        try:
            request = _request(line)
        except ValueError as error:
            reply: dict[str, Any] = {"id": None, "error": str(error)}
        else:
            outcome = ask(library, request["q"], request["context"])
            reply = {"id": request["id"], **as_json(library, labels, outcome)}
        out.write(json.dumps(reply, ensure_ascii=False) + "\n")
        out.flush()


def _request(line: bytes) -> dict[str, Any]:
    """The request in *line*; ValueError says what is wrong with it."""
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"a line may have {_LONGEST_LINE} bytes")
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(request, dict) or not isinstance(request.get("q"), str):
        raise ValueError('expected an object like {"id": "1", "q": "...", "context": []}')
    context = request.get("context") or []
    if not isinstance(context, list) or not all(isinstance(q, str) for q in context):
        raise ValueError('"context" is a list of earlier questions')
    checked = {"id": request.get("id"), "q": request["q"], "context": context}
    # Lone surrogates and NaN pass json.loads, but no line of JSON in UTF-8 can give them back.
    json.dumps(checked, ensure_ascii=False, allow_nan=False).encode("utf-8", "strict")
    return checked


def _explained(explanation: Explanation) -> list[str]:
    """Lines that tell an editor how the question was read and why it came out so."""
    read = explanation.question
    lines = [
        f"read as   {read.kind or 'keywords'}: {' '.join(read.terms)}"
        + (f"  (background: {' '.join(read.background)})" if read.background else ""),
        f"names     {', '.join(read.entities) or '-'}"
        + (f"  shared: {read.doubtful}" if read.doubtful else "")
        + (f"  unknown: {', '.join(read.strangers)}" if read.strangers else ""),
        f"outcome   {type(explanation.outcome).__name__}: {explanation.reason}",
        "",
        "confidence  score  words  letters  covers  target",
    ]
    for c in explanation.candidates[:8]:
        hit, target = c.hit, c.hit.target
        label = target.phrasings[0] if isinstance(target, Gap) else label_of(target)
        lines.append(
            f"{c.confidence:10.3f} {hit.score:6.3f} {hit.by_words:6.3f} {hit.by_letters:8.3f} "
            f"{hit.coverage:7.2f}  {type(target).__name__} {target.id}: {label[:60]}"
        )
        if hit.unexplained:
            lines.append(f"{'':41}unexplained: {' '.join(hit.unexplained)}")
    return lines


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
        if draft.unread or (problems and not draft.pairs):
            unread.update((folder / name).as_posix() for name in draft.unread or ("qa.yaml",))
            print(f"{folder.name}: nothing is counted before what cannot be read is mended\n")
            continue
        found += coverage.problems(draft)
        print(f"{folder.name}: {_counts(draft)}\n{coverage.table(coverage.coverage(draft))}\n")
    try:
        load_smalltalk(_from_here(SMALLTALK))
    except ContentError as error:
        found += error.problems
    for problem in sorted(found, key=lambda problem: (problem.file not in unread, problem)):
        print(problem)
    print(f"{len(found)} problem{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


def _from_here(path: Path) -> Path:
    """*path* from the current folder where it lies in it, since that is shorter to read."""
    here = Path.cwd()
    return path.absolute().relative_to(here) if path.absolute().is_relative_to(here) else path


def _eval(options: argparse.Namespace) -> int:
    library = load_library(options.briefings)
    known = {item.id for b in library.briefings for item in items(b)}
    known |= {topic.id for topic in library.smalltalk}
    own = [folder / JUDGEMENTS for folder in briefing_folders(options.briefings)]
    judged: list[Judged] = []
    times: list[float] = []
    for path in options.files or [path for path in own if path.exists()]:
        for judgement in load_judgements(path, known):
            start = time.perf_counter()
            outcome = ask(library, judgement.question, judgement.context)
            times.append(time.perf_counter() - start)
            judged.append(judge.judge(judgement, outcome))
    if not judged:
        print("no judgements: write judgements.yaml beside the article", file=sys.stderr)
        return 1
    print("\n".join(report.lines(judged, times)))
    print("\n".join(report.failures(judged, options.failures)))
    return 0


def _counts(draft: Draft) -> str:
    kinds = ("pairs", "gaps", "entities", "claims", "points")
    return ", ".join(f"{len(getattr(draft, kind))} {kind}" for kind in kinds)


if __name__ == "__main__":
    sys.exit(main())
