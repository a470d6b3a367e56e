"""Typed payloads and their one written form: on buttons (callback_data) and in deep links.

A payload holds ids and choices, never rights or texts: readers can see and forge it. What does
not decode is None. This module knows no Telegram and looks nothing up; an id may well be unknown
by now. What is written on a button stays readable for ever: buttons are as old as messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Self, assert_never, get_args

from knowledge.model import MAX_BRIEFING_ID, Claim, Entity, Item, QAPair, is_id

MAX_BYTES = 64
"""Bytes of callback_data, and characters of a start payload (Bot API; both are ASCII here)."""

Kind = Literal["q", "e", "c"]
"""What is shown: a question-answer pair, an entity, a claim."""

_IN_BUTTON = ":"
_IN_LINK = "_"  # the only character of a start payload that no id holds
_OPEN = "b"
_SETTING = "s"
_UNSUBSCRIBE = "u"
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{0,32}")
_VALUE = re.compile(r"[A-Za-z0-9.]{0,14}")
_MINUTE = re.compile(r"0|[1-9][0-9]{0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Show:
    """Shows one item of a briefing."""

    kind: Kind
    briefing: str
    id: str

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"no kind of item: {self.kind!r}")
        _check(self.briefing, MAX_BRIEFING_ID)
        _check(self.id)

    @classmethod
    def of(cls, item: Item) -> Self:
        """The payload that shows *item*."""
        return cls(kind_of(item), item.briefing, item.id)


@dataclass(frozen=True, slots=True)
class Open:
    """Opens a briefing at its main points; None is the newest at the time of the tap."""

    briefing: str | None

    def __post_init__(self) -> None:
        if self.briefing is not None:
            _check(self.briefing, MAX_BRIEFING_ID)


Step = Literal[
    "offer", "yes", "hours", "places", "region", "set", "days", "pause", "week", "until", "resume",
    "open", "stop", "undo", "forget", "keep",
]  # fmt: skip
"""What a button of the settings does, or which page of them it opens."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A step through the settings, with what was chosen on the way.

    Before there is a subscription, the buttons carry its hour (minute of the day) and zone. A
    choice is where it leads to, never a change from what is: pressed twice, it does no harm.
    """

    step: Step
    minute: int | None = None
    zone: str = ""
    value: str = ""

    def __post_init__(self) -> None:
        good = self.minute is None or 0 <= self.minute < 24 * 60
        good = good and self.step in get_args(Step) and bool(_VALUE.fullmatch(self.value))
        if not good or not _ZONE.fullmatch(self.zone):
            raise ValueError(f"no setting: {self!r}")


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Ends the subscription of the chat that it is pressed in."""


Payload = Show | Open | Setting | Unsubscribe
"""A closed union: match it exhaustively."""


def kind_of(item: Item) -> Kind:
    """The letter for what *item* is."""
    match item:
        case QAPair():
            return "q"
        case Entity():
            return "e"
        case Claim():
            return "c"


def encode(payload: Payload) -> str:
    """The callback_data of *payload*; ASCII, at most MAX_BYTES long."""
    match payload:
        case Show():
            parts: tuple[str, ...] = (payload.kind, payload.briefing, payload.id)
        case Open():
            parts = (_OPEN, payload.briefing or "")
        case Setting():
            minute = "" if payload.minute is None else str(payload.minute)
            parts = (_SETTING, payload.step, minute, payload.zone, payload.value)
        case Unsubscribe():
            parts = (_UNSUBSCRIBE,)
        case _:
            assert_never(payload)
    return _IN_BUTTON.join(parts)


def decode(data: str) -> Payload | None:
    """The payload that *data* stands for; None if it is old, foreign or forged."""
    return _read(data, _IN_BUTTON)


def from_start(text: str) -> Payload | None:
    """The payload of a deep link; None if it is old, foreign or forged."""
    found = _read(text, _IN_LINK) if _START.fullmatch(text) else None
    return found if isinstance(found, Show | Open) else None


def _read(text: str, separator: str) -> Payload | None:
    try:
        match text.split(separator):
            case ["q" | "e" | "c" as kind, briefing, item]:
                return Show(kind, briefing, item)
            case ["b", briefing]:
                return Open(briefing or None)
            case ["s", step, minute, zone, value] if step in get_args(Step):
                if minute and not _MINUTE.fullmatch(minute):
                    return None
                return Setting(step, int(minute) if minute else None, zone, value)  # type: ignore[arg-type]
            case ["u"]:
                return Unsubscribe()
    except ValueError:  # not an id, no hour
        pass
    return None


def _check(text: str, longest: int | None = None) -> None:
    fits = is_id(text) if longest is None else is_id(text, longest)
    if not fits:
        raise ValueError(f"not an id: {text!r}")
