"""What is to be made of briefings that were just read, given the editions that are known. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.revision import Arrange, Revision, first, following, read, same_story, unlawful, write
from bot.store.editions import FIRST, Known, Sheet
from knowledge.corrections import Pushed
from knowledge.model import Briefing


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The sheets that are new, and which briefings are not to be taken.

    `undeclared` are briefings that change what readers have without saying so, with what they
    have. `twins` are briefings that were seen before under another id, which follows.
    """

    sheets: tuple[Sheet, ...]
    undeclared: tuple[tuple[str, Pushed], ...] = ()
    twins: tuple[tuple[str, str], ...] = ()


def take(
    briefings: Sequence[Briefing], known: Sequence[Known], now: dt.datetime, arrange: Arrange
) -> Intake:
    """What *briefings*, newest first, mean to editions.

    An edition whose stored text is damaged stays as it is.
    """
    by_id = {k.edition.briefing: k for k in known}
    texts = {id_: _text(k) for id_, k in by_id.items()}
    sheets: list[Sheet] = []
    undeclared: list[tuple[str, Pushed]] = []
    twins: list[tuple[str, str]] = []
    for briefing in reversed(briefings):  # the newest becomes the newest edition
        on, old = _today(briefing, now), texts.get(briefing.id)
        if briefing.id not in by_id:
            made = first(briefing, on, arrange, number=FIRST)
            twin = next((i for i, t in texts.items() if t is not None and same_story(t, made)), "")
            if twin:
                twins.append((briefing.id, twin))
            else:
                sheets.append(Sheet(briefing=briefing.id, text=write(made)))
        elif old is not None:
            if by_id[briefing.id].pushed and any(unlawful(old, briefing)):
                undeclared.append((briefing.id, old.pushed()))
            else:
                sheets += _further(by_id[briefing.id], old, briefing, on, arrange)
    return Intake(sheets=tuple(sheets), undeclared=tuple(undeclared), twins=tuple(twins))


def _further(
    known: Known, old: Revision, briefing: Briefing, on: dt.date, arrange: Arrange
) -> list[Sheet]:
    """The next revision of an edition, if it is to have one."""
    number = known.edition.revision + 1
    if not known.pushed:
        made = first(briefing, on, arrange, number=number, old=old)
        return [Sheet(briefing=briefing.id, text=write(made))] if made != old else []
    made = following(old, briefing, on, arrange, number=number)
    if made == old:
        return []
    notice = any(entry.told for entry in made.mended[len(old.mended) :])
    return [Sheet(briefing=briefing.id, text=write(made), notice=notice)]


def _text(known: Known) -> Revision | None:
    try:
        return read(known.text) if known.text is not None else None
    except ValueError:
        return None


def _today(briefing: Briefing, now: dt.datetime) -> dt.date:
    """The date of *now* where the briefing is at home."""
    try:
        zone: dt.tzinfo = ZoneInfo(briefing.article.front.time_zone)
    except (ValueError, OSError):  # unknown, or no zone's name at all
        zone = dt.UTC
    return now.astimezone(zone).date()
