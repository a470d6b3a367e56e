"""Editions: which are known, what they said, and who is owed a correction."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Kind, State, Status
from bot.store import Store, TextDamaged
from bot.store.editions import _KNOWN, _OUTDATED, Known, Sheet

NOW = dt.datetime(2020, 6, 1, 8, tzinfo=dt.UTC)
AT = int(NOW.timestamp())


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A fresh store."""
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        yield opened


async def see(store: Store, *sheets: Sheet) -> tuple[Known, ...]:
    """What is known once *sheets* are what their briefings say."""
    assert await store.editions.seen(sheets, await store.editions.known(), NOW)
    return await store.editions.known()


def a_sheet(briefing: str, text: str = "old", *, notice: bool = False) -> Sheet:
    return Sheet(briefing=briefing, text=text, notice=notice)


# What is known


async def test_what_lies_there_at_the_very_first_start_is_offered(store: Store) -> None:
    await see(store, a_sheet("2020-05-04-harbour"), a_sheet("2020-06-01-harbour"))
    await see(store, a_sheet("2020-06-02-harbour"))
    found = [known.edition for known in await store.editions.known()]
    assert [(e.id, e.briefing, e.offered) for e in found] == [
        (1, "2020-05-04-harbour", True),
        (2, "2020-06-01-harbour", True),
        (3, "2020-06-02-harbour", False),
    ]
    assert all(e.revision == 1 and e.seen_at == NOW for e in found)
    assert not any(e.held or e.cancelled or e.proved for e in found)


async def test_each_revision_keeps_what_it_said(store: Store) -> None:
    await see(store, a_sheet("a"))
    [known] = await see(store, a_sheet("a", "new"))
    assert (known.edition.revision, known.text, known.pushed) == (2, "new", False)
    editions = store.editions
    assert [await editions.text(1, number) for number in (1, 2, 3)] == ["old", "new", None]
    assert await editions.newest_text(1) == "new"
    assert await editions.newest_text(9) is None


async def test_a_text_that_is_not_what_was_written_is_not_given(
    store: Store, tmp_path: Path
) -> None:
    await see(store, a_sheet("a"), a_sheet("b"))
    with sqlite3.connect(tmp_path / "bot.sqlite3") as db:
        db.execute("UPDATE revision SET points = 'odd' WHERE edition = 1")
    db.close()
    with pytest.raises(TextDamaged):
        await store.editions.text(1, 1)
    with pytest.raises(TextDamaged):
        await store.editions.newest_text(1)
    assert [known.text for known in await store.editions.known()] == [None, "old"]


async def test_what_was_written_for_another_state_is_not_taken(store: Store) -> None:
    known = await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    assert not await store.editions.seen([a_sheet("a", "new")], known, NOW)  # it is pushed now
    known = await store.editions.known()
    await see(store, a_sheet("b"))
    assert not await store.editions.seen([a_sheet("b"), a_sheet("c")], known, NOW)
    assert [k.edition.briefing for k in await store.editions.known()] == ["a", "b"]


@pytest.mark.parametrize(
    ("status", "pushed"),
    [(Status.PENDING, False), (Status.SENDING, True), (Status.SENT, True), (Status.DEAD, False)],
)
async def test_pushed_is_what_somebody_has_or_may_have(
    store: Store, status: Status, *, pushed: bool
) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1, status=status)
    assert [known.pushed for known in await store.editions.known()] == [pushed]
    await store.db.write("UPDATE delivery SET ambiguous = 1", ())  # a copy may have arrived
    assert [known.pushed for known in await store.editions.known()] == [True]


# Corrections


async def reader(
    store: Store,
    chat: int,
    *,
    edition: int,
    state: State = State.ACTIVE,
    status: Status = Status.SENT,
    revision: int = 1,
    parts: int = 1,
    zone: str = "Europe/Oslo",
) -> None:
    """A subscription, which got *edition* in *revision*, in so many *parts*."""
    await store.db.write(
        "INSERT INTO subscription (id, chat, language, zone, minute, days, state, next_due,"
        " next_date, state_at, created_at) VALUES (?, ?, 'en', ?, 480, 127, ?, 0, 0, 0, 0)",
        (chat, chat, zone, state),
    )
    for part in range(parts):
        await store.db.write(
            "INSERT INTO delivery (subscription, edition, kind, part, status, sent_revision, base,"
            " not_before, expires_at, message) VALUES (?, ?, 0, ?, ?, ?, 7, 0, 0, ?)",
            (chat, edition, part, status, revision, 100 * chat + part),
        )


Row = tuple[int, Kind, int, int, int, Status]


async def corrections(store: Store) -> list[Row]:
    """What corrections there are: chat, kind, revision, part, known, status."""
    rows = await store.db.read(
        "SELECT subscription, kind, revision, part, known, status FROM delivery"
        " WHERE kind IN (1, 2) ORDER BY subscription, revision, kind, part"
    )
    return [(r[0], Kind(r[1]), r[2], r[3], r[4], Status(r[5])) for r in rows]


async def plan(store: Store) -> int:
    """How many messages a plan found; another then finds none."""
    found = await store.editions.plan_corrections(NOW)
    assert await store.editions.plan_corrections(NOW) == 0
    return found


async def settle(store: Store, kind: Kind, status: Status) -> None:
    """The pending corrections of that kind came to their end."""
    await store.db.write(
        "UPDATE delivery SET status = ? WHERE kind = ? AND status = 0", (status, kind)
    )


WAITS = Status.PENDING


async def test_who_got_the_old_text_gets_a_notice_and_an_edit(store: Store) -> None:
    await see(store, a_sheet("a"), a_sheet("b"))
    await reader(store, 1, edition=1)
    await reader(store, 2, edition=2)
    await reader(store, 3, edition=1, status=Status.PENDING)
    await reader(store, 4, edition=1, status=Status.DEAD)
    assert await plan(store) == 0
    await see(store, a_sheet("a", "new", notice=True))
    await reader(store, 5, edition=1, revision=2)
    assert await plan(store) == 1
    assert await corrections(store) == [
        (1, Kind.CORRECTION, 2, 0, 1, WAITS),
        (1, Kind.EDIT, 2, 0, 1, WAITS),
    ]
    [row] = await store.db.read("SELECT DISTINCT base, not_before FROM delivery WHERE kind > 0")
    assert tuple(row) == (7, AT)


async def test_a_typo_is_mended_without_a_notice(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await see(store, a_sheet("a", "new"))
    assert await plan(store) == 1
    assert await corrections(store) == [(1, Kind.EDIT, 2, 0, 1, WAITS)]


async def test_of_two_messages_both_are_edited_and_one_notice_goes(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1, parts=2)
    await see(store, a_sheet("a", "new", notice=True))
    assert await plan(store) == 2
    assert await corrections(store) == [
        (1, Kind.CORRECTION, 2, 0, 1, WAITS),
        (1, Kind.EDIT, 2, 0, 1, WAITS),
        (1, Kind.EDIT, 2, 1, 1, WAITS),
    ]


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (State.ACTIVE, [Kind.CORRECTION, Kind.EDIT]),
        (State.PAUSED, [Kind.CORRECTION, Kind.EDIT]),
        (State.STOPPED, [Kind.EDIT]),
    ],
)
async def test_what_a_reader_gets_depends_on_what_he_wants(
    store: Store, state: State, kinds: list[Kind]
) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1, state=state)
    await see(store, a_sheet("a", "new", notice=True))
    assert await plan(store) == 1
    assert [row[1] for row in await corrections(store)] == kinds


@pytest.mark.parametrize("state", [State.BLOCKED, State.GONE])
async def test_who_cannot_be_reached_gets_it_when_he_is_back(store: Store, state: State) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1, state=state)
    await see(store, a_sheet("a", "new", notice=True))
    assert await plan(store) == 0
    assert await corrections(store) == []
    await store.db.write("UPDATE subscription SET state = 0", ())
    assert await plan(store) == 1
    assert await corrections(store) == [
        (1, Kind.CORRECTION, 2, 0, 1, WAITS),
        (1, Kind.EDIT, 2, 0, 1, WAITS),
    ]


@pytest.mark.parametrize("status", [Status.DEAD, Status.SKIPPED])
async def test_who_may_have_got_the_old_text_is_told_and_nothing_is_edited(
    store: Store, status: Status
) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1, status=status)
    await reader(store, 2, edition=1, status=status)
    await store.db.write(
        "UPDATE delivery SET ambiguous = 3, message = NULL WHERE subscription = 1", ()
    )
    await see(store, a_sheet("a", "new", notice=True))
    assert await plan(store) == 1
    assert await corrections(store) == [(1, Kind.CORRECTION, 2, 0, 1, WAITS)]


async def test_old_texts_are_found_without_a_look_at_all_deliveries(store: Store) -> None:
    for sql, values in ((_OUTDATED, (1,)), (_KNOWN, ())):
        plan = await store.db.read(f"EXPLAIN QUERY PLAN {sql}", values)
        steps = [row["detail"] for row in plan]
        assert any("delivery_unsure" in step for step in steps)
        assert any("delivery_sent" in step for step in steps)
        scans = [step for step in steps if re.match(r"SCAN (d|o|delivery)\b", step)]
        assert all(step.endswith("INDEX delivery_sending") for step in scans)  # only a few


@pytest.mark.parametrize(
    ("status", "reason"), [(Status.SKIPPED, "blocked"), (Status.DEAD, "Forbidden: bot was blocked")]
)
async def test_a_correction_that_met_a_block_waits_when_its_reader_is_back(
    store: Store, status: Status, reason: str
) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await see(store, a_sheet("a", "new", notice=True))
    assert await plan(store) == 1
    await store.db.write("UPDATE delivery SET status = ?, reason = ? WHERE kind > 0",
                         (status, reason))  # fmt: skip
    await store.db.write("UPDATE subscription SET state = 3", ())
    assert await store.subscriptions.back(1, NOW) == 1
    assert await plan(store) == 0
    assert await corrections(store) == [
        (1, Kind.CORRECTION, 2, 0, 1, WAITS),
        (1, Kind.EDIT, 2, 0, 1, WAITS),
    ]
    await see(store, a_sheet("a", "newer", notice=True))
    assert await plan(store) == 1  # one notice tells both


async def test_a_forgotten_reader_gets_nothing(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await store.db.write("DELETE FROM subscription", ())
    await see(store, a_sheet("a", "new", notice=True))
    assert await plan(store) == 1
    assert await corrections(store) == []


async def test_a_second_correction_takes_the_place_of_a_notice_that_waits(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await see(store, a_sheet("a", "new", notice=True))
    await plan(store)
    await see(store, a_sheet("a", "newer", notice=True))
    assert await plan(store) == 1
    assert await corrections(store) == [
        (1, Kind.CORRECTION, 2, 0, 1, Status.SKIPPED),
        (1, Kind.EDIT, 2, 0, 1, Status.SKIPPED),
        (1, Kind.CORRECTION, 3, 0, 1, WAITS),
        (1, Kind.EDIT, 3, 0, 1, WAITS),
    ]
    rows = await store.db.read("SELECT DISTINCT reason FROM delivery WHERE status = 3")
    assert [row[0] for row in rows] == ["superseded"]


async def test_a_second_notice_tells_only_what_the_first_did_not(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await see(store, a_sheet("a", "new", notice=True))
    await plan(store)
    await settle(store, Kind.CORRECTION, Status.SENT)
    await settle(store, Kind.EDIT, Status.SENT)
    await see(store, a_sheet("a", "newer", notice=True))
    await plan(store)
    assert (await corrections(store))[2:] == [
        (1, Kind.CORRECTION, 3, 0, 2, WAITS),
        (1, Kind.EDIT, 3, 0, 1, WAITS),  # an edit shows all that was mended since it was sent
    ]


async def test_a_notice_that_was_lost_is_told_with_the_next(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await see(store, a_sheet("a", "new", notice=True))
    await plan(store)
    await settle(store, Kind.CORRECTION, Status.DEAD)
    await see(store, a_sheet("a", "newer"))  # a typo: what was not told still is to be
    await plan(store)
    assert (1, Kind.CORRECTION, 3, 0, 1, WAITS) in await corrections(store)


async def test_a_typo_after_a_notice_that_waits_does_not_lose_it(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await see(store, a_sheet("a", "new", notice=True))
    await plan(store)
    await see(store, a_sheet("a", "newer"))
    await plan(store)
    assert (1, Kind.CORRECTION, 3, 0, 1, WAITS) in await corrections(store)


async def test_nothing_is_planned_for_who_is_being_written_to(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1)
    await see(store, a_sheet("a", "new", notice=True))
    await plan(store)
    await settle(store, Kind.CORRECTION, Status.SENDING)
    await see(store, a_sheet("a", "newer", notice=True))
    assert await plan(store) == 0
    # It was rendered from the newest revision, as all that is claimed.
    await store.db.write("UPDATE delivery SET status = 2, sent_revision = 3 WHERE status = 1", ())
    assert await plan(store) == 1
    assert not [row for row in await corrections(store) if row[1:3] == (Kind.CORRECTION, 3)]


async def test_notices_wait_for_the_morning_and_edits_do_not(store: Store) -> None:
    await see(store, a_sheet("a"))
    await reader(store, 1, edition=1, zone="Asia/Tokyo")
    await reader(store, 2, edition=1, zone="Europe/Oslo")
    await see(store, a_sheet("a", "new", notice=True))
    morning = NOW + dt.timedelta(hours=3)

    def opens(zone: ZoneInfo) -> dt.datetime:
        return morning if zone.key == "Asia/Tokyo" else NOW

    assert await store.editions.plan_corrections(NOW, opens) == 2
    rows = await store.db.read(
        "SELECT subscription, kind, not_before FROM delivery WHERE kind > 0 ORDER BY 1, 2"
    )
    assert [(row[0], row[1], row[2] - AT) for row in rows] == [
        (1, Kind.CORRECTION, 3 * 3600),
        (1, Kind.EDIT, 0),
        (2, Kind.CORRECTION, 0),
        (2, Kind.EDIT, 0),
    ]


STEP = st.sampled_from(["typo", "fact", "plan", "sent", "dead", "waits", "newcomer"])


@settings(deadline=None, max_examples=40)
@given(st.lists(STEP, max_size=14))
async def test_whatever_happens_each_reader_is_told_each_fact_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    """What is told by notices that arrived, with the one that waits, has no gap and no overlap."""
    async with await Store.open(tmp_path_factory.mktemp("s") / "bot.sqlite3") as store:
        await see(store, a_sheet("a"))
        await reader(store, 1, edition=1)
        facts, revision, began = set[int](), 1, {1: 1}
        for step in [*steps, "plan"]:
            match step:
                case "typo" | "fact":
                    revision += 1
                    facts |= {revision} if step == "fact" else set()
                    await see(store, a_sheet("a", f"t{revision}", notice=step == "fact"))
                case "plan":
                    await store.editions.plan_corrections(NOW)
                case "sent" | "dead":
                    status = Status.SENT if step == "sent" else Status.DEAD
                    await store.db.write(
                        "UPDATE delivery SET status = ?, sent_revision = ?"
                        " WHERE kind > 0 AND status = 0",
                        (status, revision),
                    )
                case "newcomer":
                    chat = len(began) + 1
                    began[chat] = revision
                    await reader(store, chat, edition=1, revision=revision)
        rows = await store.db.read(
            "SELECT subscription, known, max(revision, coalesce(sent_revision, 0)), status"
            " FROM delivery WHERE kind = 1 AND status IN (0, 2) ORDER BY id"
        )
        dead = await store.db.read(
            "SELECT subscription FROM delivery WHERE kind = 1 AND status = 4"
        )
        for chat, first in began.items():
            told = [f for r in rows if r[0] == chat for f in facts if r[1] < f <= r[2]]
            assert len(told) == len(set(told))
            if chat not in {row[0] for row in dead}:
                assert set(told) == {f for f in facts if f > first}
