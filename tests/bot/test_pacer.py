"""How fast the pacer lets anything be written: in virtual time, and once in real time."""

from __future__ import annotations

import asyncio
import bisect
import datetime as dt
import itertools
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import api
from bot.limits import Ceiling, Limits
from bot.pacer import JITTER, LONGEST_HALT, PACE, WINDOW, Lane, Pacer, written
from tests.bot.virtual import VirtualLoop, run
from tests.fake_telegram import FakeTelegram

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def now() -> float:
    return asyncio.get_running_loop().time()


def most(times: Sequence[float], seconds: float) -> int:
    """The largest number of *times* within any so many seconds, one end not counted."""
    ordered = sorted(times)
    ends = [bisect.bisect_left(ordered, at + seconds - 1e-6) for at in ordered]
    return max((end - start for start, end in enumerate(ends)), default=0)


@dataclass
class Rig:
    """A pacer, and what was let through: when, of which lane, to which chat."""

    per_second: int = 30
    limits: Limits = field(default_factory=Limits)
    turns: list[tuple[float, Lane, int]] = field(default_factory=list)
    waits: dict[Lane, list[float]] = field(default_factory=lambda: {lane: [] for lane in Lane})

    def __post_init__(self) -> None:
        self.pacer = Pacer(self.per_second, now, limits=self.limits, wall=self.wall)
        self._chats = itertools.count(1)

    @staticmethod
    def wall() -> dt.datetime:
        return NOW + dt.timedelta(seconds=now() - 1000)

    async def turn(self, lane: Lane = Lane.BRIEFING, chat: int | None = None) -> None:
        """One turn, to a new chat unless one is given."""
        begun, chat = now(), chat or next(self._chats)
        await self.pacer.turn(lane, chat)
        self.turns.append((now(), lane, chat))
        self.waits[lane].append(now() - begun)

    async def keep_on(self, lane: Lane, workers: int, seconds: float) -> None:
        """Nothing; for so long *workers* take turns as fast as they get them."""
        end = now() + seconds

        async def work() -> None:
            while now() < end:
                await self.turn(lane)
                await asyncio.sleep(0.08)

        await asyncio.gather(*(work() for _ in range(workers)))

    def times(self, *lanes: Lane) -> list[float]:
        return [at for at, lane, _ in self.turns if lane in (lanes or tuple(Lane))]


def share(times: Sequence[float], per_second: int) -> float:
    """The part of the permitted rate that was used, from the first turn to the last."""
    return (len(times) - 1) / (times[-1] - times[0]) / per_second


@pytest.mark.parametrize(
    ("per_second", "seconds"), [(1, 600), (7, 300), (30, 300), (200, 60), (1000, 30)]
)
def test_the_rate_is_used_and_never_exceeded(per_second: int, seconds: float) -> None:
    rig = Rig(per_second)
    run(rig.keep_on(Lane.BRIEFING, 100, seconds))
    times = rig.times()
    assert share(times, per_second) > 0.98
    assert most(times, 1.0) <= per_second
    assert sum(at < times[0] + 1.0 for at in times) <= per_second


@pytest.mark.parametrize(("per_second", "seconds"), [(30, 600), (200, 60)])
def test_late_timers_cost_little_and_break_nothing(per_second: int, seconds: float) -> None:
    chance = random.Random(4)
    rig = Rig(per_second)
    run(rig.keep_on(Lane.BRIEFING, 100, seconds), late=lambda: chance.expovariate(1000))
    assert share(rig.times(), per_second) > 0.98
    assert most(rig.times(), 1.0) <= per_second


def test_no_stall_of_the_process_lets_too_many_through() -> None:
    chance, rig = random.Random(5), Rig(30)

    async def stalls() -> None:
        for _ in range(200):
            await asyncio.sleep(chance.uniform(0, 0.3))
            stall(chance.choice([0.01, 0.1, 1.0, 3.0]))

    async def both() -> None:
        await asyncio.gather(stalls(), rig.keep_on(Lane.BRIEFING, 60, 120))

    run(both())
    assert most(rig.times(), 1.0) <= 30


def test_calls_that_wait_for_a_connection_do_not_arrive_in_a_heap() -> None:
    chance, rig, times = random.Random(7), Rig(30), list[float]()

    async def push() -> None:
        async def work() -> None:
            while now() < 1300:
                await rig.turn()
                await asyncio.sleep(0.15 if chance.random() < 0.02 else 0.001)
                written()
                times.append(now())
                written()  # of another call: the turn counts once
                await asyncio.sleep(0.08)

        await asyncio.gather(*(work() for _ in range(32)))

    run(push())
    assert most(times, 1.0) <= 30
    assert share(sorted(times), 30) > 0.97


async def test_a_turn_counts_from_the_moment_at_which_the_call_is_written(
    fake: FakeTelegram,
) -> None:
    amal, pacer = fake.user(), Pacer(30)
    await amal.send("x")
    async with api.connect(fake.token, fake.url, 1) as bot:
        await pacer.turn(Lane.ANSWER, amal.id)
        [given] = pacer._given
        taken = given.at
        await asyncio.sleep(0.02)
        await bot.send_message(amal.id, "x")
    assert given.written
    assert taken + 0.02 < given.at < time.monotonic()


def test_nothing_goes_during_a_halt_and_little_after_it() -> None:
    rig = Rig(30)
    halts: list[tuple[float, float]] = []

    async def halt() -> None:
        for seconds in (3.0, 1.0, 30.0):
            await asyncio.sleep(15)
            rig.pacer.halt(seconds)
            halts.append((now(), now() + seconds))
            rig.pacer.halt(seconds / 2)  # a shorter one ends nothing early
            assert rig.pacer.rate == 0.0

    async def both() -> None:
        await asyncio.gather(halt(), rig.keep_on(Lane.BRIEFING, 200, 120), answers())

    async def answers() -> None:
        for _ in range(300):
            await asyncio.sleep(0.3)
            await rig.turn(Lane.ANSWER)

    run(both())
    times = rig.times()
    assert len(halts) == 3
    for begin, end in halts:
        assert not [at for at in times if begin < at < end + JITTER[0]]
        after = [at for at in times if at >= end][:60]
        assert after[0] < end + JITTER[1] + 0.1
        first = [at for at in after if at < after[0] + 1.0]
        assert len(first) <= 16
    assert most(times, 1.0) <= 30


def test_the_rate_rises_to_the_whole_again_within_ten_seconds() -> None:
    rig = Rig(30)

    async def watch() -> list[float]:
        rig.pacer.halt(1.0)
        rates = []
        for _ in range(13):
            await asyncio.sleep(1.0)
            rates.append(rig.pacer.rate)
        return rates

    rates = run(watch())
    assert rates[0] == 0.0
    assert rates[1] == pytest.approx(0.95 * 30 / PACE * 0.53, rel=0.05)
    assert all(later >= earlier for earlier, later in pairwise(rates))
    assert rates[-1] == pytest.approx(0.95 * 30 / PACE, rel=0.01)


def stall(seconds: float) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.stall(seconds)


def test_a_turn_that_a_halt_overtook_is_not_taken() -> None:
    rig = Rig(1)

    async def overtaken() -> float:
        await rig.turn()
        waiting = asyncio.create_task(rig.turn())
        await asyncio.sleep(0)
        stall(WINDOW)
        rig.pacer._serve()  # it is given its turn, and has not run since
        rig.pacer.halt(5.0)
        halted = now()
        await waiting
        return now() - halted

    assert run(overtaken()) >= 5.0
    assert len(rig.turns) == 2


def test_a_halt_is_known_by_the_wall_clock_and_outlives_a_restart() -> None:
    async def first() -> dt.datetime:
        told: list[dt.datetime] = []
        rig = Rig(30)
        rig.pacer.on_halt = told.append
        seen = [rig.pacer.halted_until]
        rig.pacer.halt(100.0)
        seen.append(rig.pacer.halted_until)
        await asyncio.sleep(101)
        seen.append(rig.pacer.halted_until)
        assert seen == [None, *told, None]
        return told[0]

    async def second(until: dt.datetime) -> float:
        rig = Rig(30)
        rig.pacer.restore(until)
        assert rig.pacer.halted_until == until
        assert ceiling(rig.pacer) == 1.0
        await rig.turn(Lane.ANSWER)
        return now() - 1000

    until = run(first())
    assert dt.timedelta(seconds=100) < until - NOW < dt.timedelta(seconds=101)
    assert (until - NOW).total_seconds() == pytest.approx(run(second(until)), abs=0.1)


def test_a_false_clock_does_not_silence_the_bot_for_ever() -> None:
    async def restored(until: dt.datetime) -> float:
        rig = Rig(30)
        rig.pacer.restore(until)
        await rig.turn(Lane.ANSWER)
        return now() - 1000

    assert run(restored(NOW.replace(year=2099))) <= LONGEST_HALT + 1
    assert run(restored(NOW.replace(year=1999))) == 0
    with pytest.raises(ValueError, match="without its zone"):
        run(restored(dt.datetime(2026, 11, 23)))


def test_calls_that_count_towards_nothing_wait_for_the_end_of_a_halt_only() -> None:
    async def opened() -> tuple[float, float]:
        rig = Rig(1)
        await rig.turn()
        await rig.pacer.open()
        at_once = now() - 1000
        rig.pacer.halt(2.0)
        asyncio.get_running_loop().call_later(1.0, rig.pacer.halt, 4.0)
        await rig.pacer.open()
        return at_once, now() - 1000

    at_once, after = run(opened())
    assert at_once == 0
    assert after >= 5.0


def test_answers_go_before_corrections_before_briefings() -> None:
    rig = Rig(10)

    async def crowd() -> None:
        lanes = [Lane.BRIEFING, Lane.CORRECTION, Lane.ANSWER, Lane.BRIEFING, Lane.CORRECTION]
        first = [rig.turn(), rig.turn()]  # from idle, two go at once
        await asyncio.gather(*first, *(rig.turn(lane) for lane in lanes))

    run(crowd())
    order = [lane for _, lane, _ in rig.turns[2:]]
    assert order == [Lane.ANSWER, *[Lane.CORRECTION] * 2, *[Lane.BRIEFING] * 2]


def test_answers_wait_for_a_slot_and_not_for_the_push() -> None:
    rig = Rig(30)

    async def both() -> None:
        async def ask() -> None:
            chance = random.Random(6)
            for _ in range(500):
                await asyncio.sleep(chance.expovariate(5))
                await rig.turn(Lane.ANSWER)

        await asyncio.gather(rig.keep_on(Lane.BRIEFING, 64, 100), ask())

    run(both())
    waits = sorted(rig.waits[Lane.ANSWER])
    assert waits[int(0.95 * len(waits))] < 0.1
    assert share(rig.times()[:2900], 30) > 0.98


@pytest.mark.parametrize("behind", [Lane.CORRECTION, Lane.BRIEFING])
def test_briefings_keep_a_fifth_when_answers_never_end(behind: Lane) -> None:
    rig = Rig(30)

    async def both() -> None:
        await asyncio.gather(rig.keep_on(Lane.ANSWER, 64, 60), rig.keep_on(behind, 64, 60))

    run(both())
    begun = rig.turns[0][0]
    lanes = [lane for at, lane, _ in rig.turns if begun + 1 < at < begun + 59]
    assert lanes.count(behind) / len(lanes) == pytest.approx(0.2, abs=0.01)
    gaps = [
        len(list(group))
        for lane, group in itertools.groupby(lanes)
        if lane is Lane.ANSWER
    ]  # fmt: skip
    assert max(gaps) == 4


def test_a_chat_gets_three_answers_at_once_and_then_one_a_second() -> None:
    rig = Rig(100)

    async def ask() -> None:
        await asyncio.gather(*(rig.turn(Lane.ANSWER, 7) for _ in range(8)))

    run(ask())
    times = [at - 1000 for at in rig.times()]
    assert times[2] < 0.1
    assert times[3] >= 1.0
    assert most(times[2:], 1.0) == 1


def test_briefings_of_one_chat_are_a_second_apart_and_nobody_waits_for_them() -> None:
    rig = Rig(30)

    async def push() -> None:
        parts = [rig.turn(Lane.BRIEFING, 7) for _ in range(5)]
        await asyncio.gather(*parts, *(rig.turn() for _ in range(100)))

    run(push())
    assert most([at for at, _, chat in rig.turns if chat == 7], 1.0) == 1
    assert share(rig.times()[:100], 30) > 0.98


def test_a_group_gets_twenty_a_minute() -> None:
    rig = Rig(30)

    async def push() -> None:
        lanes = itertools.cycle(Lane)
        await asyncio.gather(*(rig.turn(next(lanes), -100) for _ in range(70)))

    run(push())
    assert most(rig.times(), 60.0) == 20
    assert rig.times()[-1] - rig.times()[0] < 4 * 61


def test_chats_that_may_be_written_to_are_forgotten() -> None:
    rig = Rig(1000)

    async def push() -> None:
        await asyncio.gather(*(rig.turn(Lane.BRIEFING, n) for n in range(1, 10_000)))

    run(push())
    assert len(rig.pacer._chats) < 2200


def ceiling(pacer: Pacer) -> float:
    """The part of the permitted rate that flood control has left."""
    return pacer._ceiling.at(pacer._clock())


def test_the_ceiling_falls_once_a_minute_never_under_half_and_recovers() -> None:
    rig = Rig(30)

    async def storm() -> list[float]:
        seen = [ceiling(rig.pacer)]
        for _ in range(40):
            for _ in range(20):
                rig.pacer.halt(0.1)
                await asyncio.sleep(3.05)
            seen.append(ceiling(rig.pacer))
        return seen

    async def both() -> list[float]:
        seen = await storm()
        await asyncio.sleep(60 * 60)
        return [*seen, ceiling(rig.pacer)]

    seen = run(both())
    assert seen[0] == 1.0
    assert 0.95 <= seen[1] < 0.97
    assert all(earlier - later < 0.05 for earlier, later in pairwise(seen))
    assert min(seen) >= 0.5
    assert seen[-2] < 0.52
    assert seen[-1] == 1.0


@given(st.lists(st.tuples(st.floats(0, 200), st.booleans()), max_size=60))
def test_the_ceiling_stays_within_its_bounds(steps: list[tuple[float, bool]]) -> None:
    ceiling, at = Ceiling(), 0.0
    for seconds, flooded in steps:
        before = ceiling.at(at)
        at += seconds
        assert before <= ceiling.at(at) <= before + 0.01 * seconds / 60 + 1e-9
        if flooded:
            before = ceiling.at(at)
            ceiling.lower(at)
            assert max(0.5, before * 0.95) - 1e-9 <= ceiling.at(at) <= before


def test_who_gives_up_waiting_takes_no_turn_and_blocks_nobody() -> None:
    rig = Rig(10)

    async def crowd() -> float:
        tasks = [asyncio.create_task(rig.turn()) for _ in range(100)]
        await asyncio.sleep(0.01)
        for task in tasks[3::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return now() - 1000

    took = run(crowd())
    assert len(rig.turns) == 51
    assert took <= 50 * PACE / 10


def test_a_turn_that_was_given_and_not_taken_goes_to_the_next() -> None:
    rig = Rig(1)

    async def crowd() -> float:
        await rig.turn()
        first = asyncio.create_task(rig.turn(chat=7))
        second = asyncio.create_task(rig.turn(chat=8))
        await asyncio.sleep(0)
        stall(WINDOW)
        rig.pacer._serve()  # the first is given the turn, and has not run since
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        assert first.cancelled()
        return now() - 1000

    assert run(crowd()) == pytest.approx(WINDOW, abs=0.001)
    assert [chat for _, _, chat in rig.turns] == [1, 8]


def test_who_has_given_up_and_not_left_yet_is_passed_over() -> None:
    rig = Rig(1)

    async def crowd() -> None:
        await rig.turn()
        first = asyncio.create_task(rig.turn(chat=7))
        second = asyncio.create_task(rig.turn(chat=8))
        await asyncio.sleep(0)
        stall(2 * WINDOW)
        first.cancel()
        rig.pacer._serve()  # the first has not run since
        await second
        await asyncio.gather(first, return_exceptions=True)

    run(crowd())
    assert [chat for _, _, chat in rig.turns] == [1, 8]


@dataclass(frozen=True)
class Caller:
    """Someone who comes after so many seconds, and gives up after so many more."""

    after: float
    lane: Lane
    chat: int
    patience: float | None


CALLERS = st.builds(
    Caller,
    after=st.floats(0, 3),
    lane=st.sampled_from(Lane),
    chat=st.integers(-3, 20).filter(bool),
    patience=st.none() | st.floats(0, 2),
)


def play(
    callers: Sequence[Caller], halts: Iterable[tuple[float, float]], per_second: int, seed: int
) -> tuple[Rig, list[tuple[float, float]], int]:
    """The rig after all came, when halts were, and how many callers gave up."""
    chance = random.Random(seed)
    rig, times = Rig(per_second), list[tuple[float, float]]()

    async def call(caller: Caller) -> None:
        await asyncio.sleep(caller.after)
        async with asyncio.timeout(caller.patience):
            await rig.turn(caller.lane, caller.chat)

    async def halt(after: float, seconds: float) -> None:
        await asyncio.sleep(after)
        times.append((now(), now() + seconds))
        rig.pacer.halt(seconds)

    async def all_of_them() -> int:
        stopping = [asyncio.create_task(halt(*each)) for each in halts]
        calls = [call(caller) for caller in callers]
        results = await asyncio.gather(*calls, *stopping, return_exceptions=True)
        assert all(result is None or isinstance(result, TimeoutError) for result in results)
        return sum(result is not None for result in results)

    return rig, times, run(all_of_them(), late=lambda: chance.choice([0, 0.001, 0.05]))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(CALLERS, max_size=80),
    st.lists(st.tuples(st.floats(0, 4), st.floats(0.1, 5)), max_size=3),
    st.sampled_from([1, 3, 10, 30]),
    st.integers(0, 1000),
)
def test_whoever_comes_whatever_happens_the_limits_hold(
    callers: list[Caller], halts: list[tuple[float, float]], per_second: int, seed: int
) -> None:
    rig, halted, gave_up = play(callers, halts, per_second, seed)
    assert most(rig.times(), 1.0) <= per_second
    assert len(rig.turns) == len(callers) - gave_up
    assert all(caller.patience is not None for caller in callers) or len(rig.turns) > 0
    for begin, end in halted:
        assert not [at for at in rig.times() if begin < at < end]
    for chat in {chat for _, _, chat in rig.turns}:
        mine = [at for at, _, other in rig.turns if other == chat]
        assert most(mine, 1.0) <= 3
        pushed = [at for at, lane, c in rig.turns if c == chat and lane is not Lane.ANSWER]
        assert most(pushed, 1.0) <= 1
        assert chat > 0 or most(mine, 60.0) <= 20
    assert not any(rig.pacer._lines.values())


async def test_in_real_time_too() -> None:
    pacer, times = Pacer(50, limits=Limits()), list[float]()
    numbers = itertools.count(1)

    async def work() -> None:
        while time.monotonic() < end:
            await pacer.turn(Lane.BRIEFING, next(numbers))
            times.append(time.monotonic())
            await asyncio.sleep(0.05)

    end = time.monotonic() + 3.0
    await asyncio.gather(*(work() for _ in range(16)))
    assert most(times, 1.0) <= 50
    assert share(times, 50) > 0.9  # others use this machine too


def test_what_overlapped_a_halt_is_known() -> None:
    rig = Rig()

    async def crowd() -> list[tuple[float, bool]]:
        seen = []
        begun = now()
        for _ in range(3):
            seen.append((rig.pacer.halt_left, rig.pacer.halted_since(begun)))
            if len(seen) == 1:
                rig.pacer.halt(5)
            else:
                await asyncio.sleep(6)
        seen.append((rig.pacer.halt_left, rig.pacer.halted_since(now())))
        return seen

    before, during, after, anew = run(crowd())
    assert before == (0.0, False)
    assert during[1]
    assert 5 < during[0] <= 5 + JITTER[1]
    assert after == (0.0, True)
    assert anew == (0.0, False)


def test_a_rate_is_positive() -> None:
    with pytest.raises(ValueError, match="no rate"):
        Pacer(0)
