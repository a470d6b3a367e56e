"""The checker on made-up histories: it must see each broken promise, and nothing in a good one."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checker import Verdict, check
from tests.faults.history import Arrival, History, Log, Reader, Row, rows_of
from tests.faults.rounds import published

PARTS = (frozenset({"a"}),)


def arrival(at: float, chat: int = 1, **more: Any) -> Arrival:
    values: dict[str, Any] = {"n": 1, "at": at, "end": at + 0.05, "chat": chat, "text": "a"}
    return Arrival(**values | more)


def history(*arrivals: Arrival, readers: int | tuple[Reader, ...] = 1, **more: Any) -> History:
    if isinstance(readers, int):
        readers = tuple(Reader(address=(chat, 0)) for chat in range(1, readers + 1))
    values: dict[str, Any] = {
        "arrivals": arrivals,
        "readers": readers,
        "rows": (),
        "parts": PARTS,
        "limit": 30,
    }
    return History(**values | more)


def row(status: str, reason: str | None = None, copies: int = 0, chat: int = 1) -> Row:
    return Row(
        address=(chat, 0), edition="x", kind="briefing", status=status, reason=reason, copies=copies
    )


def wrong(verdict: Verdict) -> str:
    [what] = verdict.broken
    return what


def test_a_good_push_breaks_nothing() -> None:
    calls = [arrival(n / 28.9, chat=n + 1) for n in range(100)]

    verdict = check(history(*calls, readers=100))

    assert verdict.good
    assert (verdict.most_in_a_second, verdict.most_copies, verdict.lost) == (29, 1, 0)


def test_a_reader_without_a_copy_and_without_a_reason_is_lost() -> None:
    assert wrong(check(history())).startswith("lost: 1")
    assert wrong(check(history(rows=(row("pending"),)))).startswith("lost: 1")
    assert wrong(check(history(rows=(row("dead"),)))).startswith("lost: 1")
    assert wrong(check(history(arrival(1, processed=False, status=500)))).startswith("lost: 1")


def test_a_reader_who_is_named_with_a_reason_is_not_lost() -> None:
    verdict = check(history(rows=(row("dead", "uncertain"),)))

    assert verdict.good
    assert verdict.named == 1


def test_a_row_that_says_sent_is_no_excuse() -> None:
    assert check(history(rows=(row("sent"),))).broken[-1].startswith("called sent")


def test_a_copy_that_the_bot_does_not_name_is_seen() -> None:
    calls = (arrival(1, outcome="lost"), arrival(3, silent=True))

    assert check(history(*calls, rows=(row("sent", copies=2),))).good
    hidden = check(history(*calls, rows=(row("sent", copies=1),)))
    assert wrong(hidden).startswith("more copies than the bot names")


def test_a_part_that_is_missing_or_early_is_seen() -> None:
    two = (frozenset({"a"}), frozenset({"b"}))

    assert check(history(arrival(1), arrival(2, text="b"), parts=two)).good
    assert wrong(check(history(arrival(1), parts=two))).startswith("lost")
    early = history(arrival(1, text="b"), arrival(2), parts=two)
    assert wrong(check(early)).startswith("part before its predecessor")


def test_a_second_copy_after_a_kill_is_counted_and_must_be_silent() -> None:
    killed = history(arrival(1), arrival(3, silent=True), kills=(1.1,))

    verdict = check(killed)

    assert verdict.good
    assert verdict.per_kill == [1]
    loud = replace(killed, arrivals=(arrival(1), arrival(3)))
    assert wrong(check(loud)).startswith("second copy with a sound")


def test_a_second_copy_without_a_cause_is_seen() -> None:
    assert wrong(check(history(arrival(1), arrival(3, silent=True)))).startswith("second copy wit")
    recorded = history(arrival(1), arrival(9, silent=True), kills=(5.0,))
    assert wrong(check(recorded)).startswith("second copy without a cause")


@pytest.mark.parametrize("outcome", ["lost", "gone", "garbage", "truncated", "error"])
def test_a_second_copy_after_a_lost_answer_is_no_fault(outcome: str) -> None:
    first = arrival(1, outcome=outcome, status=None)

    assert check(history(first, arrival(3, silent=True))).good


def test_a_fourth_copy_is_one_too_many() -> None:
    calls = [arrival(n, silent=n > 0, outcome="lost") for n in range(4)]

    assert check(history(*calls[:3])).good
    assert wrong(check(history(*calls))).startswith("more than 3 copies")


def test_a_second_with_too_many_is_seen_wherever_it_begins() -> None:
    calls = [arrival(0.5 + n / 31, chat=n + 1) for n in range(31)]

    assert "31 in the second from 0.50; 30 may be" in wrong(check(history(*calls, readers=31)))


def test_a_group_has_its_own_window() -> None:
    readers = (Reader(address=(-5, 0)),)
    other = [arrival(n * 2.0, chat=-5, text="a", topic=n) for n in range(21)]
    topics = tuple(Reader(address=(-5, n)) for n in range(21))

    assert wrong(check(history(*other, readers=topics))).startswith("group over")
    assert check(history(arrival(0, chat=-5), readers=readers)).good


def test_a_call_within_a_halt_is_seen_but_not_one_that_was_on_its_way() -> None:
    stop = arrival(1, status=429, outcome="error", processed=False, wait=3)
    on_its_way, again = arrival(1.1, chat=2), arrival(4.06)

    assert check(history(stop, on_its_way, again, readers=2)).good
    verdict = check(history(stop, arrival(2, chat=2), again, readers=2))
    assert wrong(verdict).startswith("sent during a halt: 1")


def test_a_text_that_was_never_published_is_seen() -> None:
    verdict = check(history(arrival(1, text="z"), arrival(2)))

    assert wrong(verdict).startswith("text that was never published")


def test_a_message_to_someone_who_left_is_seen() -> None:
    left = (Reader(address=(1, 0), until=2.0),)

    assert check(history(arrival(1), readers=left)).good
    assert check(history(readers=left)).good
    assert wrong(check(history(arrival(3), readers=left))).startswith("sent to who")


def test_a_group_that_moved_has_one_copy_in_its_new_place() -> None:
    moved = (Reader(address=(-5, 0), moved=(-7, 0)), Reader(address=(-7, 0)))
    refused = arrival(1, chat=-5, status=400, outcome="error", processed=False)

    assert check(history(refused, arrival(2, chat=-7), readers=moved)).good
    both = (arrival(1, chat=-5), arrival(2, chat=-7))
    assert check(history(*both, readers=moved)).good  # each was subscribed, and nobody knew
    twice = history(arrival(1, chat=-5), arrival(2, chat=-7, silent=True), readers=moved[:1])
    assert wrong(check(twice)).startswith("second copy without a cause")


def test_what_is_sent_while_no_claim_can_be_kept_is_seen() -> None:
    jammed = ((1.0, 5.0),)

    assert check(history(arrival(1.5), jammed=jammed)).good
    assert wrong(check(history(arrival(3), jammed=jammed))).startswith("sent though no claim")


def test_how_often_a_chat_was_called_that_turns_us_away() -> None:
    calls = [arrival(n, status=403, outcome="error", processed=False) for n in range(2)]
    readers = (Reader(address=(1, 0), refuses=True),)

    verdict = check(history(*calls, rows=(row("dead", "blocked"),), readers=readers))

    assert verdict.calls_to_gone == 2


def test_a_printed_token_is_seen() -> None:
    assert wrong(check(history(arrival(1), secret="x:y", printed="a x:y b"))).startswith("the tok")


def test_a_text_is_published_if_it_holds_every_point_word_for_word() -> None:
    texts = {
        "a": "<b>News</b>\n1. One &amp; all.\n2. Two.",
        "b": "1. One & al.\n2. Two.",
        "c": "Hi",
    }

    assert published(texts, ["One & all.", "Two."]) == (frozenset({"a"}),)


def test_the_parts_of_a_long_briefing_are_told_by_their_points() -> None:
    texts = {"b": "3. Three.", "a": "1. One. 2. Two.", "old": "1. One."}

    assert published(texts, ["One.", "Two.", "Three."]) == (frozenset({"a"}), frozenset({"b"}))
    assert published({"b": "3. Three."}, ["One.", "Two.", "Three."]) == (frozenset(),)


def test_the_log_is_read_on_as_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "log"
    fields = dataclasses.asdict(arrival(1.0))
    whole = json.dumps({"hash": "a", "text": "hello"}) + "\n" + json.dumps(fields) + "\n"
    path.write_text(whole[:-10])
    log = Log(path)

    assert not log.read()
    path.write_text(whole)
    assert log.read() == [arrival(1.0)]
    assert not log.read()
    assert (log.texts, log.reached) == ({"a": "hello"}, {(1, 0)})


def test_what_the_bot_says_of_deliveries_is_read() -> None:
    said = {"chat": 1, "topic": 0, "edition": "x", "kind": "briefing", "part": 0}
    end = {"status": "dead", "reason": "uncertain", "copies": 3, "due": None, "done": None}

    [found] = rows_of(json.dumps([said | end]))

    assert (found.address, found.status, found.reason, found.copies) == (
        (1, 0),
        "dead",
        "uncertain",
        3,
    )
