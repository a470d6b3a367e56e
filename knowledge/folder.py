"""The folder of one briefing: the names of its files, and a draft of what they give.

Files are opened here, one folder or file at a time; what they say is read into values by parts.py.
Problems are collected, none is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from knowledge import corrections, parts
from knowledge.article import paragraphs, sentences, split_front_matter
from knowledge.draft import Draft, Placed
from knowledge.model import (
    MAX_BRIEFING_ID,
    Correction,
    CorrectionKind,
    FrontMatter,
    Paragraph,
    Sentence,
    SentenceRef,
    is_id,
)
from knowledge.problems import Page, Problem, meant
from knowledge.records import Record
from knowledge.source import MAX_BYTES, Fields, decode, parse

ARTICLE = "article.md"
NEEDED = ("entities.yaml", "qa.yaml", "briefing.yaml")
OPTIONAL = ("claims.yaml", "vocabulary.yaml")
JUDGEMENTS = "judgements.yaml"
LESSONS = "lessons.yaml"
MEASURED = "measured.yaml"
CORRECTIONS = "corrections.yaml"
WRITTEN = (ARTICLE, *NEEDED, *OPTIONAL, CORRECTIONS, JUDGEMENTS, LESSONS)
"""What editors write."""
_FILES = (*WRITTEN, MEASURED)


@dataclass
class Folder:
    """One briefing's folder while it is read."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    corrections: tuple[Placed[Correction], ...] = ()

    @property
    def id(self) -> str:
        """The id of its briefing."""
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
        record = file_record(self.path / name, page, name, known)
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


def file_record(path: Path, page: Page, name: str, known: Sequence[str]) -> Record | None:
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
