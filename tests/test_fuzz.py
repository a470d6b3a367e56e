"""Updates that nobody would think of: a sample of those of ``python -m tests.fuzz``.

``FUZZ=COUNT`` and ``FUZZ_SEED=SEED`` in the environment make it another one.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from bot.api import UpdatesRequest
from tests.conftest import Bots
from tests.fake_telegram import FakeTelegram
from tests.fuzz import Maker, fuzz

SAMPLE, SEED = 250, 20_261_123
USER = {"id": 5, "is_bot": False, "first_name": "Amal"}
CHAT = {"id": 5, "type": "private"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT, "from": USER, "text": "Hello!"}


async def test_no_update_is_too_much_for_the_bot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count, seed = int(os.environ.get("FUZZ", SAMPLE)), int(os.environ.get("FUZZ_SEED", SEED))
    report = await fuzz(count, seed, tmp_path)
    with capsys.disabled():
        print(f"\n{report}")
    assert not report.problems, "\n".join([f"seed {seed}", *report.problems[:20]])
    assert all(number > count / 50 for number in report.kinds.values())
    assert report.replies > count / 5


async def test_the_same_seed_makes_the_same_updates() -> None:
    made, second = [], int(time.time()) + 0.5
    for _ in range(2):
        async with FakeTelegram() as fake:
            fake.clock.freeze()
            fake.clock.advance(second - fake.clock.now())
            maker = Maker(fake, 7)
            made.append([repr(maker.case().body) for _ in range(200)])
    assert made[0] == made[1]


async def test_an_update_that_comes_twice_is_answered_once_in_whatever_order(
    fake: FakeTelegram, bots: Bots
) -> None:
    amal, basil = fake.user(), fake.user()
    for person in (amal, basil):
        await person.send("Hello!")
        await person.send("Hello again!")
    queue = fake.world.queue
    first, second, third, fourth = queue._items
    queue._items.clear()
    queue._items.extend((second, first, second, fourth, third, third, fourth))
    await bots.start(wait=False)
    await fake.wait_drained()
    assert [len(person.chat.sent) for person in (amal, basil)] == [2, 2]


@pytest.mark.parametrize(
    "broken",
    [
        {"chat": None},
        {"chat": {"id": "5", "type": "private"}},
        {"chat": {"id": 2**63, "type": "private"}},
        {"chat": {"id": True, "type": "private"}},
        {"date": "today"},
        {"text": ["Hello!"]},
        {"entities": {"type": "bold"}},
        {"entities": [{"type": "bold", "offset": "0", "length": 1}]},
        {"from": "Amal"},
        {"reply_to_message": {"message_id": 1, "date": 1, "chat": {"id": None, "type": "x"}}},
    ],
    ids=repr,
)
def test_what_is_not_what_its_name_says_is_cut_down_to_its_id(broken: dict[str, Any]) -> None:
    assert read({"update_id": 9, "message": MESSAGE | broken}) == [{"update_id": 9}]


def test_what_the_shell_needs_must_be_there() -> None:
    for field in ("chat", "date", "message_id"):
        message = {name: value for name, value in MESSAGE.items() if name != field}
        assert read({"update_id": 9, "message": message}) == [{"update_id": 9}]
    assert read({"update_id": 9, "callback_query": {"from": USER}}) == [{"update_id": 9}]
    assert read({"update_id": 9, "my_chat_member": {"chat": CHAT}}) == [{"update_id": 9}]


@pytest.mark.parametrize("update", [{}, {"update_id": "9"}, {"update_id": 2**63}, 9, None, "x"])
def test_an_update_without_an_id_is_left_out(update: Any) -> None:
    sound = {"update_id": 9, "message": MESSAGE}
    assert read(update, sound) == [sound]


def read(*updates: Any) -> Any:
    """What the bot takes in of *updates*."""
    payload = json.dumps({"ok": True, "result": updates}).encode()
    return UpdatesRequest.parse_json_payload(payload)["result"]


def test_half_a_letter_is_read_as_a_question_mark() -> None:
    texts = {"\ud800x": "?x", "\udfff": "?", "😀\ud83d": "😀?", "\\ud800": "\\ud800", "é": "é"}
    for written, read_ in texts.items():
        [update] = read({"update_id": 9, "message": MESSAGE | {"text": written}})
        assert update["message"]["text"] == read_
