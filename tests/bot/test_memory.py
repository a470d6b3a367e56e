"""The short memory, with a clock of its own."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.memory import (
    ANSWERS,
    CONTEXT,
    PATIENCE,
    SENDERS,
    SHOWN,
    TAPS,
    Allowance,
    Answer,
    Expected,
    Memory,
    Voice,
)

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
AMAL = Voice(1)


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


def memory(clock: Clock | None = None, chats: int = 3, questions: int = 2) -> Memory:
    return Memory(
        chats=chats,
        lasts=dt.timedelta(hours=1),
        questions=questions,
        window=dt.timedelta(seconds=30),
        clock=clock or Clock(),
    )


def test_the_context_is_the_last_questions_newest_last() -> None:
    remembered = memory()
    for n in range(CONTEXT + 2):
        remembered.asked(AMAL, n, f"question {n}")
    assert remembered.context(AMAL) == tuple(f"question {n}" for n in range(2, CONTEXT + 2))


def test_the_context_of_an_edited_question_is_what_was_asked_before_it() -> None:
    remembered = memory()
    for n in (1, 2, 3):
        remembered.asked(AMAL, n, f"question {n}")
    remembered.asked(AMAL, 2, "changed")
    assert remembered.context(AMAL, before=2) == ("question 1",)
    assert remembered.context(AMAL) == ("question 1", "changed", "question 3")


def test_speakers_and_topics_of_a_group_do_not_mix() -> None:
    remembered = memory()
    voices = [Voice(1, thread, sender) for thread in (None, 7) for sender in (10, 20)]
    for at, voice in enumerate(voices):
        remembered.asked(voice, at, f"{voice.thread} {voice.sender}")
    assert [remembered.context(v) for v in voices] == [(f"{v.thread} {v.sender}",) for v in voices]


def test_pairs_and_answers_are_bounded() -> None:
    remembered = memory()
    for n in range(SHOWN + 1):
        remembered.show(1, f"pair-{n}")
    assert len(remembered.shown(1)) == SHOWN
    assert "pair-0" not in remembered.shown(1)
    for n in range(ANSWERS + 1):
        remembered.answered(1, n, Answer.of(n + 100, "?"))
    assert remembered.answer(1, 0) is None
    assert remembered.answer(1, ANSWERS) == Answer.of(ANSWERS + 100, "?")


def test_an_answer_knows_its_question_without_keeping_it() -> None:
    question = "Who claimed the attack? " * 170 + "\ud800"
    answer = Answer.of(7, question)
    assert answer.answers(question)
    assert not answer.answers(question + "!")
    assert len(answer.digest) < 20


def test_the_chat_quiet_for_longest_is_forgotten_first() -> None:
    remembered = memory(chats=2)
    remembered.asked(Voice(1), 1, "one")
    remembered.asked(Voice(2), 1, "two")
    remembered.asked(Voice(1), 2, "three")
    remembered.asked(Voice(3), 1, "four")
    assert len(remembered) == 2
    assert remembered.context(Voice(1)) == ("one", "three")
    assert remembered.context(Voice(2)) == ()


def test_a_chat_is_forgotten_after_its_time_or_on_demand() -> None:
    clock = Clock()
    remembered = memory(clock)
    remembered.asked(AMAL, 1, "question")
    clock.advance(minutes=59)
    assert remembered.context(AMAL) == ("question",)
    clock.advance(minutes=61)
    assert remembered.context(Voice(2)) == ()
    assert len(remembered) == 1
    remembered.asked(AMAL, 1, "question")
    remembered.forget(1)
    remembered.forget(1)
    assert remembered.context(AMAL) == ()


def test_the_notice_comes_once_per_window() -> None:
    remembered = memory(questions=2)
    at = [NOW + dt.timedelta(seconds=s) for s in (0, 1, 2, 3, 29, 30, 30.5, 31, 31.5, 33)]
    assert [remembered.allow(AMAL, t).value for t in at] == [
        *("yes", "yes", "notice", "quiet", "quiet"),
        *("yes", "quiet", "yes", "quiet", "notice"),
    ]


def test_the_rate_is_by_sender_over_all_topics() -> None:
    remembered = memory(questions=1)
    assert remembered.allow(Voice(1, 7, 10), NOW) is Allowance.YES
    assert remembered.allow(Voice(1, 9, 10), NOW) is Allowance.NOTICE
    assert remembered.allow(Voice(1, 7, 20), NOW) is Allowance.YES
    assert remembered.allow(Voice(2, None, 10), NOW) is Allowance.YES


def test_a_crowd_does_not_fill_the_memory() -> None:
    remembered = memory()
    for sender in range(SENDERS * 2):
        remembered.allow(Voice(1, None, sender), NOW)
        remembered.asked(Voice(1, None, sender), sender, "question")
    chat = remembered._chats[1]
    assert len(chat.rates) == SENDERS
    assert len(chat.asked) < SENDERS


@given(st.lists(st.floats(0, 200), min_size=1, max_size=60))
def test_no_window_holds_more_answers_than_allowed(seconds: list[float]) -> None:
    remembered = memory(questions=3)
    times = [NOW + dt.timedelta(seconds=s) for s in sorted(seconds)]
    granted = [t for t in times if remembered.allow(AMAL, t) is Allowance.YES]
    for start in granted:
        assert sum(start <= t < start + dt.timedelta(seconds=30) for t in granted) <= 3


def test_settings_are_counted_apart_and_more_taps_on_them() -> None:
    remembered = memory(questions=2)
    taps = [remembered.allow(AMAL, NOW, "tap") for _ in range(2 * TAPS + 1)]
    assert taps == [Allowance.YES] * 2 * TAPS + [Allowance.NOTICE]
    written = [remembered.allow(AMAL, NOW, "setting") for _ in range(3)]
    assert written == [Allowance.YES, Allowance.YES, Allowance.NOTICE]
    assert remembered.allow(AMAL, NOW) is Allowance.YES


def test_what_is_expected_is_expected_of_one_voice_and_not_for_long() -> None:
    clock = Clock()
    remembered = memory(clock)
    hour = Expected("hour", 480, "Europe/Oslo")
    remembered.expect(Voice(1, None, 10), hour)
    assert remembered.expected(Voice(1, None, 10)) == hour
    assert remembered.expected(Voice(1, None, 20)) is None
    assert remembered.expected(Voice(1, 7, 10)) is None
    remembered.expect(Voice(1, None, 10), Expected("place"))
    assert remembered.expected(Voice(1, None, 10)) == Expected("place")
    clock.now += PATIENCE
    assert remembered.expected(Voice(1, None, 10)) is None
    remembered.expect(AMAL, hour)
    remembered.met(AMAL)
    remembered.met(AMAL)
    assert remembered.expected(AMAL) is None
    remembered.expect(AMAL, hour)
    remembered.forget(1)
    assert remembered.expected(AMAL) is None
