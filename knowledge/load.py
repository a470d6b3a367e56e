"""Folders of Markdown and YAML in, briefings out; or every problem of all of them at once.

The one place of the library that reads content files. Loading fails on whatever the reader,
the records or the checks report; only coverage may be incomplete (see coverage.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from knowledge import check, corrections, parts, rates
from knowledge.article import paragraphs, sentences, split_front_matter
from knowledge.draft import Draft, Placed
from knowledge.judgement import Judgement
from knowledge.model import (
    MAX_BRIEFING_ID,
    Briefing,
    Correction,
    CorrectionKind,
    FrontMatter,
    Paragraph,
    Sentence,
    SentenceRef,
    SmalltalkTopic,
    is_id,
)
from knowledge.problems import ContentError, Page, Problem, meant
from knowledge.records import Record
from knowledge.source import MAX_BYTES, Fields, decode, parse
from knowledge.tally import Measured

SMALLTALK = Path(__file__).parent / "smalltalk.yaml"

ARTICLE = "article.md"
NEEDED = ("entities.yaml", "qa.yaml", "briefing.yaml")
OPTIONAL = ("claims.yaml", "vocabulary.yaml")
JUDGEMENTS = "judgements.yaml"
LESSONS = "lessons.yaml"
MEASURED = "measured.yaml"
CORRECTIONS = "corrections.yaml"
_WRITTEN = (ARTICLE, *NEEDED, *OPTIONAL, CORRECTIONS, JUDGEMENTS, LESSONS)
_FILES = (*_WRITTEN, MEASURED)
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
    record = _record(path, page, "the file", ("points", "corrections"))
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
    folder_read = _Folder(folder)
    draft = folder_read.draft()
    entries = folder_read.corrections
    wrong = corrections.problems(entries, draft)
    found = {*folder_read.problems, *check.problems(draft), *wrong}
    return draft, entries, tuple(sorted(found))


def load_smalltalk(path: Path) -> tuple[SmalltalkTopic, ...]:
    """The friendly exchanges in the file at *path*; ContentError with all that is wrong with it."""
    page = Page(path.as_posix(), [])
    record = _record(path, page, "the file", ("smalltalk",))
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
    found = [*problems, *check.judgements(judgements, known)]
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
            found += [*problems, *check.judgements(read[name], known, draft)]
    found += check.lessons(read[LESSONS], read[JUDGEMENTS], [*draft.pairs, *draft.gaps])
    return tuple(found)


def _judgements(path: Path) -> tuple[list[Placed[Judgement]], list[Problem]]:
    """What the file at *path* holds of judgements, and what alone shows to be wrong with it."""
    page = Page(path.as_posix(), [])
    record = _record(path, page, "the file", ("judgements",))
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
    record = _record(folder / MEASURED, page, "the file", ("measured",))
    entries = record.records("measured", "a measurement", rates.KEYS) if record else []
    content = fingerprint(folder, smalltalk)
    found = [rates.read(entry, content) for entry in entries]
    if page.problems:
        mend = f"; no editor writes this file: run {rates.COMMAND}"
        return (), tuple(replace(p, message=p.message + mend) for p in page.problems)
    return tuple(measured for measured in found if measured), ()


def fingerprint(folder: Path, smalltalk: Path = SMALLTALK) -> str:
    """What tells one content of *folder* from another: sha256 of what editors write, in hex."""
    paths = [*(folder / name for name in _WRITTEN), smalltalk]
    return rates.fingerprint((p.name, p.read_bytes()) for p in paths if p.is_file())


@dataclass
class _Folder:
    """One briefing's folder while it is read."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    corrections: tuple[Placed[Correction], ...] = ()

    @property
    def id(self) -> str:
        return self.path.resolve().name

    def draft(self) -> Draft:
        """All that the files give."""
        self._names()
        front, texts = self._article()
        draft = Draft(
            id=self.id,
            article_file=self._page(ARTICLE).file,
            front=front,
            paragraphs=tuple(_paragraph(n, text) for n, (_, text) in enumerate(texts, start=1)),
            paragraph_lines=tuple(line for line, _ in texts),
        )
        draft = self._entities(draft)
        draft = self._claims(draft)
        draft = self._qa(draft)
        self._corrections()
        draft = self._front_page(draft)
        draft = self._vocabulary(draft)
        return replace(draft, unread=frozenset(self.unread))

    def _page(self, name: str) -> Page:
        return Page((self.path / name).as_posix(), self.problems)

    def _names(self) -> None:
        """Reports a folder or file whose name says nothing to us."""
        if not is_id(self.id, MAX_BRIEFING_ID):
            message = f"folder {self.id!r} does not fit a button or a link: name it like "
            message += f"2020-05-04-harbour, at most {MAX_BRIEFING_ID} characters"
            self.problems.append(Problem(self.path.as_posix(), 1, message))
        if not self.path.is_dir():
            return
        for entry in sorted(self.path.iterdir()):
            known = entry.name in _FILES or entry.name.startswith((".", "_"))
            if not known and entry.suffix in (".md", ".yaml", ".yml"):
                hint = meant(entry.name, _FILES) or f"; known are {', '.join(_FILES)}"
                message = f"unknown file {entry.name!r}{hint}"
                self.problems.append(Problem(entry.as_posix(), 1, message))

    def _article(self) -> tuple[FrontMatter | None, list[tuple[int, str]]]:
        page = self._page(ARTICLE)
        data = _bytes(self.path / ARTICLE, page)
        text = decode(data, page) if data is not None else None
        if text is None:
            self.unread.add(ARTICLE)
            return None, []
        split = split_front_matter(text)
        if split is None:
            page.report(1, "no front matter: begin with a line ---, its fields, and a line ---")
            self.unread.add(ARTICLE)
            return None, []
        head, body, body_line = split
        node = parse(head.encode(), page, first_line=2)
        record = _as_record(node, page, "the front matter", parts.FRONT_KEYS)
        texts = paragraphs(body, first_line=body_line)
        if not texts:
            page.report(body_line, "no text after the front matter: put the article there")
            self.unread.add(ARTICLE)
        return parts.front_matter(record) if record else None, texts

    def _record(self, name: str, known: Sequence[str]) -> Record | None:
        page = self._page(name)
        if name in (*OPTIONAL, CORRECTIONS) and not (self.path / name).exists():
            return None
        record = _record(self.path / name, page, name, known)
        if record is None:
            self.unread.add(name)
        return record

    def _entities(self, draft: Draft) -> Draft:
        record = self._record("entities.yaml", ("entities", "ambiguous"))
        if record is None:
            return draft
        entries = record.records("entities", "an entity", parts.ENTITY_KEYS)
        shared = record.records("ambiguous", "a shared alias", ("alias", "entities"), optional=True)
        return replace(
            draft,
            entities=tuple(parts.entity(entry, self.id, draft.front) for entry in entries),
            ambiguous=tuple(parts.ambiguous(entry) for entry in shared),
        )

    def _claims(self, draft: Draft) -> Draft:
        record = self._record("claims.yaml", ("claims",))
        if record is None:
            return draft
        entries = record.records("claims", "a claim", parts.CLAIM_KEYS)
        return replace(
            draft, claims=tuple(parts.claim(entry, self.id, draft.front) for entry in entries)
        )

    def _qa(self, draft: Draft) -> Draft:
        record = self._record("qa.yaml", ("pairs", "gaps"))
        if record is None:
            return draft
        pairs = record.records("pairs", "a pair", parts.PAIR_KEYS)
        gaps = record.records("gaps", "a gap", parts.GAP_KEYS, optional=True)
        return replace(
            draft,
            pairs=tuple(parts.pair(entry, self.id, draft.front) for entry in pairs),
            gaps=tuple(parts.gap(entry, self.id) for entry in gaps),
        )

    def _corrections(self) -> None:
        record = self._record(CORRECTIONS, ("corrections",))
        if record is not None:
            entries = record.records("corrections", "a correction", corrections.KEYS)
            self.corrections = tuple(map(corrections.read, entries))

    def _front_page(self, draft: Draft) -> Draft:
        record = self._record("briefing.yaml", ("points", "suggested"))
        if record is None:
            return draft
        gone = sum(e.value.kind is CorrectionKind.RETRACTION for e in self.corrections)
        least = max(1, 3 - gone)
        entries = record.records("points", "a point", parts.POINT_KEYS, least=least, most=6)
        points = tuple(parts.point(entry, self.id, draft.front) for entry in entries)
        suggested = record.texts("suggested", least=0)
        if len(suggested) != 3 and "suggested" not in record.broken:
            record.note("suggested", f"'suggested' holds {len(suggested)} pairs: write exactly 3")
        return replace(draft, points=points, suggested=record.place(suggested))

    def _vocabulary(self, draft: Draft) -> Draft:
        record = self._record("vocabulary.yaml", ("vocabulary",))
        if record is None:
            return draft
        groups = tuple(
            Placed(words, record.page.file, {"": (line,)})
            for words, line in record.lists("vocabulary")
        )
        return replace(draft, vocabulary=groups)


def _paragraph(number: int, text: str) -> Paragraph:
    split = enumerate(sentences(text), start=1)
    return Paragraph(number, tuple(Sentence(SentenceRef(number, n), s) for n, s in split))


def _record(path: Path, page: Page, name: str, known: Sequence[str]) -> Record | None:
    """The file at *path* as one record; None, and reported, if it is none."""
    data = _bytes(path, page)
    node = parse(data, page) if data is not None else None
    return _as_record(node, page, name, known)


def _as_record(node: object, page: Page, name: str, known: Sequence[str]) -> Record | None:
    if isinstance(node, Fields):
        return Record(node, page, name, known)
    if node is not None:
        page.report(getattr(node, "line", 1), f"{name} is keys with values: {', '.join(known)}")
    return None


def _bytes(path: Path, page: Page) -> bytes | None:
    """At most one byte over the limit of the file at *path*; None, and reported, if unreadable."""
    if not path.exists():
        page.report(1, "missing: this file is needed")
        return None
    if not path.resolve().is_relative_to(path.parent.resolve()) or not path.is_file():
        page.report(1, "not a file of this folder: put the file itself here, not a link or device")
        return None
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        page.report(1, f"cannot be read: {error.strerror}")
        return None
