"""What became of a claimed message, and the statements that write it into the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import assert_never

from bot.model import Delivery, Kind, Moved
from bot.schedule import Ack, Again, Dead, Decision, Halt, HoldEdition, TokenLost
from bot.store.planning import day, seconds

STRIKES = 3
"""Days on which a chat is not found before it counts as gone."""
BROKEN_PAUSE = 60
"""Seconds before content that Telegram cannot read is tried again, unless it was held."""

_OURS = " WHERE id = ? AND status = 1 AND run = ?"
_ACK = (
    "UPDATE delivery SET status = 2, message = coalesce(?, message), attempts = attempts + 1,"
    " reason = NULL, done_at = ?" + _OURS
)
_NEXT_PART = """
    INSERT OR IGNORE INTO delivery
        (subscription, edition, kind, revision, part, base, due, not_before, expires_at)
    SELECT subscription, edition, kind, revision, part + 1, base, due, not_before, expires_at
    FROM delivery WHERE id = ? AND status = 2
"""
_GOT = "UPDATE subscription SET last = max(last, ?), strikes = 0 WHERE id = ?"
_AGAIN = "UPDATE delivery SET status = 0, not_before = ?, reason = ?" + _OURS
_UNSURE = (
    "UPDATE delivery SET status = 0, attempts = attempts + 1, ambiguous = ambiguous + 1,"
    " not_before = ?, reason = ?" + _OURS
)
_DEAD = (
    "UPDATE delivery SET status = 4, attempts = attempts + 1, ambiguous = ambiguous + ?,"
    " reason = ?, done_at = ?" + _OURS
)
_CHAT_IS = (
    "UPDATE subscription SET state = ?, state_at = ? WHERE chat = ? AND state = 0 AND state_at <= ?"
)
_STRIKE = (
    "UPDATE subscription SET strikes = strikes + 1, struck = :day,"
    " state = CASE WHEN strikes + 1 >= :most AND state IN (0, 1) THEN 4 ELSE state END,"
    " state_at = CASE WHEN strikes + 1 >= :most AND state IN (0, 1) THEN :now ELSE state_at END"
    " WHERE id = :id AND struck < :day"
)
_SKIPPED = "UPDATE delivery SET status = 3, reason = ?, done_at = ?" + _OURS
_BACK = "UPDATE delivery SET status = 0" + _OURS

Values = tuple[object, ...] | dict[str, int]
Statement = tuple[str, Values]


@dataclass(frozen=True, slots=True)
class Skip:
    """There is nothing to send, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What to do with a claimed delivery; `decision` is None if no call was made.

    `parts` are the messages of its briefing; the call began at `began`, the decision fell `at`.
    """

    delivery: Delivery
    decision: Decision | Skip | None
    began: dt.datetime
    at: dt.datetime
    parts: int = 1


def written(outcome: Outcome, run: int) -> list[Statement]:
    """The statements that write *outcome*; those about its chat hold for the whole chat."""
    delivery, at = outcome.delivery, seconds(outcome.at)
    ours = (delivery.id, run)
    match outcome.decision:
        case Ack(message):
            done: list[Statement] = [(_ACK, (message, at, *ours))]
            if delivery.kind is Kind.BRIEFING:
                done.append((_GOT, (delivery.edition, delivery.subscription)))
                if delivery.part + 1 < outcome.parts:
                    done.append((_NEXT_PART, (delivery.id,)))
            return done
        case Again(not_before, ambiguous, reason):
            sql = _UNSURE if ambiguous else _AGAIN
            return [(sql, (seconds(not_before), reason, *ours))]
        case Dead(reason, state, strike):
            unsure = int(reason == "uncertain")
            dead: list[Statement] = [(_DEAD, (unsure, reason, at, *ours))]
            if state is not None:
                chat, began = delivery.address.chat, seconds(outcome.began)
                dead.append((_CHAT_IS, (int(state), at, chat, began)))
            if strike:
                today = day(outcome.at.date())
                mark = {"day": today, "most": STRIKES, "now": at, "id": delivery.subscription}
                dead.append((_STRIKE, mark))
            return dead
        case HoldEdition(reason):
            return [(_AGAIN, (at + BROKEN_PAUSE, reason, *ours))]
        case Skip(reason):
            return [(_SKIPPED, (reason, at, *ours))]
        case None | Moved() | Halt() | TokenLost():
            return [(_BACK, ours)]
        case never:
            assert_never(never)
