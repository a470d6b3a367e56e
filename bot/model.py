"""The values of the daily briefing: who wants it, what is pushed, what became of each delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo

EVERY_DAY = 0b1111111
"""The mask of all weekdays; bit 0 is Monday."""
BY_OPERATOR = "operator"
"""The reason of a hold that was ordered, in the chat or on the command line."""


class State(IntEnum):
    """What a subscription wants, or why it gets nothing."""

    ACTIVE = 0
    PAUSED = 1  # by the reader
    STOPPED = 2  # unsubscribed; kept while deliveries to it are
    BLOCKED = 3  # by the reader, until /start
    GONE = 4  # the account, the chat, or our place in it


class Kind(IntEnum):
    """What a delivery brings."""

    BRIEFING = 0
    CORRECTION = 1  # a notice, as a reply to the briefing
    EDIT = 2  # of the briefing's message, in place
    QUIET = 3  # a line that says that there is nothing new


class Status(IntEnum):
    """Where a delivery stands."""

    PENDING = 0
    SENDING = 1  # claimed; a crash now leaves it unknown
    SENT = 2
    SKIPPED = 3  # on purpose; the reason says why
    DEAD = 4  # given up; the reason says why


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A chat and its topic, 0 for none."""

    chat: int
    topic: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When a reader wants the briefing: a minute of the local day, weekdays, an IANA zone."""

    zone: ZoneInfo
    minute: int
    days: int = EVERY_DAY

    def __post_init__(self) -> None:
        if not 0 <= self.minute < 24 * 60:
            raise ValueError(f"no minute of a day: {self.minute}")
        if not 1 <= self.days <= EVERY_DAY:
            raise ValueError(f"no set of weekdays: {self.days}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One promised delivery: the local date and the instant (UTC) that it stands for."""

    date: dt.date
    at: dt.datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a slot's instant needs its zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A chat that wants the daily briefing. `since` and `last` are ids of editions, 0 for none.

    Editions up to `since` were there when it came and are not pushed to it; `last` is the one
    that it got last. `paused_until` is None unless it is paused for a time.
    """

    id: int
    address: Address
    language: str
    wish: Wish
    state: State
    paused_until: dt.datetime | None
    next: Slot
    since: int
    last: int
    created_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A briefing as something to deliver. `held` says why nothing of it is sent; None if it may be.

    `offered` lay there at the very first start: it is shown, and not pushed. `proved` is whether
    the canary message was taken.
    """

    id: int
    briefing: str
    revision: int
    seen_at: dt.datetime
    offered: bool
    held: str | None
    cancelled: bool
    proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed row of the ledger: one message to one chat.

    `silent` is whether an earlier copy may have arrived. `message` is that of the briefing which a
    correction answers or an edit changes; None for a briefing. `revision` is the edition's newest,
    which is what is rendered; `known` is the one that the reader has (corrections only).
    """

    id: int
    subscription: int
    address: Address
    language: str
    edition: int
    kind: Kind
    revision: int
    known: int
    part: int
    base: int
    attempts: int
    ambiguous: int
    message: int | None

    @property
    def silent(self) -> bool:
        """Whether an earlier copy may have arrived: this one makes no sound."""
        return self.ambiguous > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the push stands: all subscriptions, and the deliveries of one edition.

    `due` are subscriptions whose time has come and for which nothing is planned yet. `rate` is
    how many messages a second went out over the last minute; `lateness` how long the oldest
    that may go has waited.
    """

    subscriptions: Mapping[State, int]
    due: int
    pending: int
    sending: int
    sent: int
    skipped: Mapping[str, int]
    dead: Mapping[str, int]
    rate: float
    lateness: dt.timedelta


# What became of a call to Telegram: one of these, and nothing else.


@dataclass(frozen=True, slots=True)
class Sent:
    """It was done. `message` is the id of what was sent."""

    message: int


@dataclass(frozen=True, slots=True)
class Same:
    """An edit that would have changed nothing: the message reads so already."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """It never reached Telegram: a repeat is no second copy."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was done: a repeat may be a second copy."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooMany:
    """Refused by flood control; nothing may be sent for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """Nobody there can be written to until they let us: by whom or what, as a state."""

    reason: str
    state: State


@dataclass(frozen=True, slots=True)
class NotFound:
    """No such chat or topic, or no right to write there: it may pass, or last."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup, which has another id; nothing was sent."""

    chat: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The message to edit, or the press to answer, is no longer there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """What we send is broken, for everybody."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused for a reason that we do not know; the same call will be refused again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The token is not taken."""


Result = (
    Sent | Same | Unsent | Unknown | TooMany | Lost | NotFound | Moved | Missing | Unfit | Refused
    | Rejected
)  # fmt: skip
