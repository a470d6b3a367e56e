"""Folders of Markdown and YAML in, briefings out; or every problem of all of them at once.

With folder.py, which reads one folder, the one place of the library that reads content files.
Loading fails on whatever the reader, the records or the checks report; only coverage may be
incomplete (see coverage.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from knowledge import check, corrections, judgement_checks, parts, rates
from knowledge.draft import Draft, Placed
from knowledge.folder import (
    CORRECTIONS,
    JUDGEMENTS,
    LESSONS,
    MEASURED,
    NEEDED,
    OPTIONAL,
    WRITTEN,
    Folder,
    file_record,
)
from knowledge.judgement import Judgement
from knowledge.model import Briefing, Correction, SmalltalkTopic
from knowledge.problems import ContentError, Page, Problem
from knowledge.tally import Measured

SMALLTALK = Path(__file__).parent / "smalltalk.yaml"
_ID = re.compile(r"""[\s{-]*id:\s*["']?([a-z0-9-]+)""")


@dataclass(frozen=True, slots=True)
class Content:
    """What a folder of briefings holds: those that can be used, newest published first.

    `refused` is by briefing all that is wrong with the others.
    """

    briefings: tuple[Briefing, ...]
    smalltalk: tuple[SmalltalkTopic, ...]
    refused: Mapping[str, tuple[Problem, ...]]


def read_content(
    briefings: Path, smalltalk: Path = SMALLTALK
) -> tuple[tuple[Briefing, ...], tuple[SmalltalkTopic, ...]]:
    """Every briefing in a folder of *briefings*, newest published first, and the smalltalk.

    Raises ContentError with the problems of all files. Hidden folders are passed over.
    """
    content = usable_content(briefings, smalltalk)
    if content.refused:
        raise ContentError(chain.from_iterable(content.refused.values()))
    return content.briefings, content.smalltalk


def usable_content(briefings: Path, smalltalk: Path = SMALLTALK) -> Content:
    """What can be used of a folder of *briefings*, each of which is whole or not used at all.

    Raises ContentError with all problems if no briefing can be used, or the smalltalk cannot.
    """
    read: list[Briefing] = []
    refused: dict[str, tuple[Problem, ...]] = {}
    folders = briefing_folders(briefings)
    named: dict[str, Path] = {}
    for folder in folders:
        id_ = folder.resolve().name
        first = named.setdefault(id_, folder)
        if first is not folder:
            message = f"this is {first.as_posix()} once more: keep one, or give it another name"
            refused[folder.name] = (Problem(folder.as_posix(), 1, message),)
            continue
        try:
            read.append(load_briefing(folder, smalltalk))
        except ContentError as error:
            refused[id_] = error.problems
    found = [*chain.from_iterable(refused.values())] if folders else [_nothing_in(briefings)]
    try:
        topics = load_smalltalk(smalltalk)
    except ContentError as error:
        raise ContentError([*found, *error.problems]) from None
    if not read:
        raise ContentError(found)
    read.sort(key=lambda briefing: (briefing.article.front.published, briefing.id), reverse=True)
    return Content(tuple(read), topics, refused)


def _nothing_in(briefings: Path) -> Problem:
    message = "no briefing here: add a folder like 2020-05-04-harbour with its article.md"
    return Problem(briefings.as_posix(), 1, message)


def briefing_folders(briefings: Path) -> list[Path]:
    """The folders in *briefings* that are to hold a briefing, by name; may be empty."""
    if not briefings.is_dir():
        return []
    entries = sorted(briefings.iterdir())
    return [entry for entry in entries if entry.is_dir() and entry.name[0] not in "._"]


def places(folder: Path) -> Mapping[str, str]:
    """Where each id in the *folder* of a briefing is given, as `qa.yaml:12`; to be shown alone."""
    found: dict[str, str] = {}
    for file in (folder / name for name in (*NEEDED, *OPTIONAL)):
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        for number, line in enumerate(text.split("\n"), start=1):
            if given := _ID.match(line):
                found.setdefault(given[1], f"{file.name}:{number}")
    return found


def load_briefing(folder: Path, smalltalk: Path = SMALLTALK) -> Briefing:
    """The briefing in *folder*; ContentError with all that is wrong with it.

    What was measured of it holds only with the same *smalltalk*.
    """
    draft, entries, found = _examine(folder)
    if found:
        raise ContentError(found)
    measured, _ = load_measured(folder, smalltalk)
    corrected = tuple(entry.value for entry in entries)
    return replace(draft.briefing(), measured=measured, corrections=corrected)


def examine(folder: Path) -> tuple[Draft, tuple[Problem, ...]]:
    """What *folder* gave, and all that is wrong with it, in order of file and line.

    The draft lacks what could not be read; without problems it is a whole briefing.
    """
    draft, _, found = _examine(folder)
    return draft, found


def examine_pushed(folder: Path, pushed: corrections.Pushed) -> tuple[Problem, ...]:
    """All that *folder* says of points that were *pushed* and does not declare as a correction.

    Nothing where its points or entries cannot be read, which `examine` reports.
    """
    draft, entries, _ = _examine(folder)
    if draft.unread & {"briefing.yaml", CORRECTIONS}:
        return ()
    points = {placed.value.id: placed for placed in draft.points}
    texts = {id_: placed.value.text for id_, placed in points.items()}
    found = []
    for fault in corrections.faults(pushed, texts, [entry.value for entry in entries]):
        if fault.entry is not None:
            at = entries[fault.entry]
            found.append(Problem(at.file, at.line(), fault.message))
        elif fault.point in points:
            point = points[fault.point]
            found.append(Problem(point.file, point.line("text"), fault.message))
        else:
            found.append(Problem((folder / "briefing.yaml").as_posix(), 1, fault.message))
    return tuple(found)


def load_pushed(path: Path) -> corrections.Pushed:
    """What readers have of a briefing, from the file at *path*; ContentError if it is not whole."""
    page = Page(path.as_posix(), [])
    record = file_record(path, page, "the file", ("points", "corrections"))
    points = record.records("points", "a point", ("id", "text")) if record else []
    entries = record.records("corrections", "a correction", corrections.KEYS) if record else []
    texts = {point.id(): point.text("text") for point in points}
    read = tuple(corrections.read(entry).value for entry in entries)
    if page.problems:
        mend = "; the bot writes this file: copy it again from data/pushed"
        raise ContentError(replace(p, message=p.message + mend) for p in page.problems)
    return corrections.Pushed(texts, read)


def _examine(folder: Path) -> tuple[Draft, tuple[Placed[Correction], ...], tuple[Problem, ...]]:
    """What *folder* gave, its corrections, and all that is wrong with both."""
    folder_read = Folder(folder)
    draft = folder_read.draft()
    entries = folder_read.corrections
    wrong = corrections.problems(entries, draft)
    found = {*folder_read.problems, *check.problems(draft), *wrong}
    return draft, entries, tuple(sorted(found))


def load_smalltalk(path: Path) -> tuple[SmalltalkTopic, ...]:
    """The friendly exchanges in the file at *path*; ContentError with all that is wrong with it."""
    page = Page(path.as_posix(), [])
    record = file_record(path, page, "the file", ("smalltalk",))
    if record is None:
        raise ContentError(page.problems)
    entries = record.records("smalltalk", "a topic", parts.TOPIC_KEYS)
    topics = tuple(parts.topic(entry) for entry in entries)
    found = [*page.problems, *check.ids(topics), *check.phrasings(topics, signs=True)]
    if found:
        raise ContentError(found)
    return tuple(topic.value for topic in topics)


def load_judgements(path: Path, known: Collection[str]) -> tuple[Judgement, ...]:
    """The judgements in the file at *path*; ContentError with all that is wrong with it.

    *known* are the ids of items and of smalltalk that they may name.
    """
    judgements, problems = _judgements(path)
    found = [*problems, *judgement_checks.judgements(judgements, known)]
    if found:
        raise ContentError(found)
    return tuple(judgement.value for judgement in judgements)


def examine_judgements(
    folder: Path, draft: Draft, smalltalk: Path = SMALLTALK
) -> tuple[Problem, ...]:
    """All that is wrong with judgements and lessons in *folder*, whose other files gave *draft*.

    Nothing where the smalltalk, which they may name, cannot be read.
    """
    try:
        known = {topic.id for topic in load_smalltalk(smalltalk)}
    except ContentError:
        return ()
    known |= {p.value.id for group in (draft.pairs, draft.entities, draft.claims) for p in group}
    found: list[Problem] = []
    read: dict[str, list[Placed[Judgement]]] = {JUDGEMENTS: [], LESSONS: []}
    for name in read:
        if (folder / name).exists():
            read[name], problems = _judgements(folder / name)
            found += [*problems, *judgement_checks.judgements(read[name], known, draft)]
    found += judgement_checks.lessons(read[LESSONS], read[JUDGEMENTS], [*draft.pairs, *draft.gaps])
    return tuple(found)


def _judgements(path: Path) -> tuple[list[Placed[Judgement]], list[Problem]]:
    """What the file at *path* holds of judgements, and what alone shows to be wrong with it."""
    page = Page(path.as_posix(), [])
    record = file_record(path, page, "the file", ("judgements",))
    entries = record.records("judgements", "a judgement", parts.JUDGEMENT_KEYS) if record else []
    return [parts.judgement(entry) for entry in entries], page.problems


def load_measured(
    folder: Path, smalltalk: Path = SMALLTALK
) -> tuple[tuple[Measured, ...], tuple[Problem, ...]]:
    """What was measured of the briefing in *folder* as it is now, and what is wrong with the file.

    Nothing was where the file is missing, malformed or edited, or the content another by now.
    """
    page = Page((folder / MEASURED).as_posix(), [])
    if not (folder / MEASURED).exists():
        return (), ()
    record = file_record(folder / MEASURED, page, "the file", ("measured",))
    entries = record.records("measured", "a measurement", rates.KEYS) if record else []
    content = fingerprint(folder, smalltalk)
    found = [rates.read(entry, content) for entry in entries]
    if page.problems:
        mend = f"; no editor writes this file: run {rates.COMMAND}"
        return (), tuple(replace(p, message=p.message + mend) for p in page.problems)
    return tuple(measured for measured in found if measured), ()


def fingerprint(folder: Path, smalltalk: Path = SMALLTALK) -> str:
    """What tells one content of *folder* from another: sha256 of what editors write, in hex."""
    paths = [*(folder / name for name in WRITTEN), smalltalk]
    return rates.fingerprint((p.name, p.read_bytes()) for p in paths if p.is_file())
