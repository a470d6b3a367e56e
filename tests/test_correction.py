"""A correction from the editor's file to the readers' chats, through the running bot."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.bot.test_push import BRIEFING, SEND, Stage
from tests.conftest import Bots
from tests.fake_telegram import FakeTelegram

OLD, NEW = "40 workers", "60 workers"
ENTRY = """corrections:
  - point: repair
    was: 40 workers
    now: 60 workers
    reason: The union had counted one crew only.
    kind: {kind}
"""


@pytest.fixture
def stage(fake: FakeTelegram, bots: Bots, tmp_path: Path) -> Stage:
    """Readers, and a directory of briefings."""
    return Stage(fake, bots, tmp_path / "briefings")


def mend(stage: Stage, kind: str = "", *, old: str = OLD, new: str = NEW) -> None:
    """Nothing; the briefing says *new* for *old* everywhere, and declares it if *kind* is given.

    The folder takes the other's place in one step, as a careful editor would have it.
    """
    folder = stage.briefings / BRIEFING
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")
    if kind:
        (folder / "corrections.yaml").write_text(ENTRY.format(kind=kind), encoding="utf-8")


async def test_a_correction_reaches_those_who_got_the_old_text(stage: Stage) -> None:
    first, second = await stage.people(2)
    await stage.start()
    await stage.publish()
    pushed = [await reader.chat.next_message() for reader in (first, second)]
    assert all("2. The harbour union said that 40 workers repaired" in m.text for m in pushed)

    mend(stage, "correction")
    for reader, message in zip((first, second), pushed, strict=True):
        notice = await reader.chat.next_message()
        assert notice.reply_to == message.id
        assert notice.text.startswith(
            "Correction to point 2 of Ferries leave Port Alba again, 1 June 2020\n\n"
            "Was: “40 workers”\n\nNow: “60 workers”\nParagraph 1, sentence 3\n\n"
            "(The union had counted one crew only.)"
        )
        edited = await reader.chat.next_edit(message)
        assert "2. Corrected on " in edited.text
        assert ": The harbour union said that 60 workers repaired" in edited.text
        assert edited.labels == message.labels
    assert all(len(reader.chat.sent) == 2 for reader in (first, second))


async def test_a_correction_reaches_who_got_an_edition_that_was_cancelled(
    stage: Stage, fake: FakeTelegram
) -> None:
    first, second = await stage.people(2)
    admin = fake.user()
    await stage.start(admins=(admin.id,))
    held = fake.fault("hold", SEND, chat=second.id)
    await stage.publish()
    message = await first.chat.next_message()
    await stage.until(lambda: held.hits)
    await admin.ask(f"/cancel {BRIEFING}")
    held.release()
    await stage.over()
    mend(stage, "correction")
    notice = await first.chat.next_message(10)
    assert notice.reply_to == message.id
    assert "Now: “60 workers”" in notice.text


async def test_the_question_about_a_point_goes_with_it_when_that_is_withdrawn(
    stage: Stage,
) -> None:
    [reader] = await stage.people(1)
    await stage.start()
    await stage.publish()
    message = await reader.chat.next_message()
    labels = message.labels
    folder = stage.briefings / BRIEFING
    briefing = yaml.safe_load((folder / "briefing.yaml").read_text(encoding="utf-8"))
    entry = {"point": "cost", "was": "4 million crowns", "now": "", "reason": "It was another."}
    briefing["points"] = [point for point in briefing["points"] if point["id"] != "cost"]
    entries = {"corrections": [entry | {"kind": "retraction"}]}
    for name, content in (("briefing", briefing), ("corrections", entries)):
        text = yaml.safe_dump(content, default_style='"', sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    edited = await reader.chat.next_edit(message)
    assert "3. Withdrawn on " in edited.text
    assert edited.labels == [*labels[:2], labels[3]]


async def test_a_typo_only_edits(stage: Stage) -> None:
    [reader] = await stage.people(1)
    await stage.start()
    await stage.publish()
    message = await reader.chat.next_message()
    mend(stage, "typo")
    edited = await reader.chat.next_edit(message)
    assert "\n2. The harbour union said that 60 workers" in edited.text
    assert len(reader.chat.sent) == 1


async def test_an_undeclared_change_is_told_to_the_admin_and_changes_nothing(
    stage: Stage, fake: FakeTelegram
) -> None:
    [reader] = await stage.people(1)
    admin = fake.user()
    admin.chat.state.known = True
    await stage.start(admins=(admin.id,))
    await stage.publish()
    await reader.chat.next_message()
    mend(stage)
    told = await admin.chat.next_message()
    assert told.text.startswith(f"These briefings cannot be used: {BRIEFING}. What answered of")
    assert f"{BRIEFING}/briefing.yaml:9: the text of 'repair' was pushed" in told.text
    answer = await reader.ask("How many workers repaired the quay?")
    assert OLD in answer.text
    assert len(reader.chat.sent) == 2


async def test_the_questions_under_a_push_work_at_once(stage: Stage) -> None:
    [reader] = await stage.people(1)
    await stage.start()
    await stage.publish()
    message = await reader.chat.next_message()
    assert message.labels[-1] == "Unsubscribe"
    for label in message.labels[:3]:
        await reader.tap(message, label)
        answer = await reader.chat.next_message()
        assert "Paragraph" in answer.text
