"""What readers get when Telegram, the network or the bot itself fails: never silence for good."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

from bot import app, routes
from bot.account import StartError
from bot.health import FILE
from bot.store import StoreError
from bot.texts import Texts
from tests.conftest import Bots, alter
from tests.fake_telegram import FakeTelegram

QUESTION = "Who opened the lighthouse?"
ANSWER = "Mara Lind, the mayor of Port Alba, opened the new lighthouse on 2 May 2020."


async def test_flood_control_is_waited_for(fake: FakeTelegram, bots: Bots) -> None:
    await bots.start(pace={"attempt": 5.0})
    fake.retry_after("sendMessage", 1)
    answer = await fake.user().ask(QUESTION)
    assert answer.text.startswith(ANSWER)
    assert not answer.silent


async def test_flood_control_silences_the_bot_for_everybody(fake: FakeTelegram, bots: Bots) -> None:
    await bots.start(pace={"attempt": 5.0})
    fault = fake.retry_after("sendMessage", 1)
    amal, basil = fake.user(), fake.user(name="Basil")
    await amal.send(QUESTION)
    await fake.wait_for(lambda: fault.hits)
    refused = time.monotonic()
    assert (await basil.ask(QUESTION)).text.startswith(ANSWER)
    assert time.monotonic() - refused > 1.0
    assert (await amal.next_message()).text.startswith(ANSWER)


async def test_flood_control_longer_than_all_attempts_loses_no_question(
    fake: FakeTelegram, bots: Bots
) -> None:
    await bots.start(pace={"attempt": 0.3, "apology": 0.3}, rhythm={"heartbeat": 0.3})
    fake.retry_after("sendMessage", 2)
    amal, basil = fake.user(), fake.user(name="Basil")
    await amal.send(QUESTION)
    await fake.wait_for(lambda: fake.calls("sendMessage"))
    refused = time.monotonic()
    await basil.send(QUESTION)
    assert (await basil.next_message()).text.startswith(ANSWER)
    assert time.monotonic() - refused > 1.9
    assert (await amal.next_message()).text.startswith(ANSWER)
    await fake.wait_drained()
    assert [len(reader.chat.sent) for reader in (amal, basil)] == [1, 1]
    held = [call for call in fake.calls("getUpdates") if refused < call.started < refused + 1.9]
    assert {call.params["limit"] for call in held} == {1}  # it still hears, and fetches nothing


async def test_a_stop_amid_flood_control_is_at_once_and_costs_no_attempt(
    fake: FakeTelegram, bots: Bots
) -> None:
    bot = await bots.start(pace={"attempt": 0.3})
    fake.retry_after("sendMessage", 1)
    amal = fake.user()
    for _ in range(2):
        await amal.send(QUESTION)
    await fake.wait_for(lambda: fake.calls("sendMessage"))
    await asyncio.sleep(0.5)
    stopped = time.monotonic()
    await bots.stop(bot)
    assert time.monotonic() - stopped < 0.5
    await bots.start()
    for _ in range(2):
        assert (await amal.next_message()).text.startswith(ANSWER)


async def test_flood_control_outlasts_a_restart(fake: FakeTelegram, bots: Bots) -> None:
    bot = await bots.start(pace={"attempt": 0.3})
    fake.retry_after("sendMessage", 3)
    amal = fake.user()
    await amal.send(QUESTION)
    await fake.wait_for(lambda: fake.calls("sendMessage"))
    refused = time.monotonic()
    await asyncio.sleep(0.2)
    await bots.stop(bot)
    await bots.start(wait=False)
    assert (await amal.next_message()).text.startswith(ANSWER)
    assert time.monotonic() - refused >= 2.9
    assert len(fake.calls("sendMessage")) == 2


async def test_what_an_admin_says_comes_before_what_waits(fake: FakeTelegram, bots: Bots) -> None:
    readers, admin = [fake.user() for _ in range(20)], fake.user(name="Admin")
    for reader in readers:
        await reader.send(QUESTION)
    await admin.send("/hold")
    await admin.send("/status")
    await bots.start(admins=(admin.id,), chats_at_once=2)
    await fake.wait_drained()
    order = [call.chat_id for call in fake.calls("sendMessage")]
    assert order[:8].count(admin.id) == 2  # those who had a place were served meanwhile
    assert "hold" in admin.chat.sent[0].text
    assert all(len(reader.chat.sent) == 1 for reader in readers)


async def test_a_lost_reply_is_sent_once_more_without_a_sound(
    fake: FakeTelegram, bot: app.Application
) -> None:
    fake.lose_reply("sendMessage")
    amal = fake.user()
    await amal.send(QUESTION)
    first, second = await amal.next_message(), await amal.next_message()
    assert (first.text, first.silent) == (second.text, False)
    assert second.silent


@pytest.mark.parametrize("kind", ["cut", "garbage", "truncated", "error"])
async def test_any_failure_of_a_send_is_repeated(
    fake: FakeTelegram, bot: app.Application, kind: str
) -> None:
    fake.fault(kind, "sendMessage")
    assert (await fake.user().ask(QUESTION)).text.startswith(ANSWER)


async def test_an_answer_that_takes_too_long_is_tried_again(fake: FakeTelegram, bots: Bots) -> None:
    await bots.start(pace={"attempt": 0.3})
    fake.fault("hold", "sendMessage")
    answer = await fake.user().ask(QUESTION)
    assert answer.text.startswith(ANSWER)
    assert answer.silent


async def test_nobody_there_ends_quietly(
    fake: FakeTelegram, bot: app.Application, caplog: pytest.LogCaptureFixture
) -> None:
    amal, basil = fake.user(), fake.user(name="Basil")
    caplog.set_level(logging.INFO, "bot")
    await amal.send(QUESTION)
    amal.deactivate()
    await fake.wait_drained()
    assert f"chat {amal.id} cannot be written to" in caplog.text
    assert len(fake.calls("sendMessage")) == 1
    assert (await basil.ask(QUESTION)).text.startswith(ANSWER)


async def test_the_answer_follows_a_group_that_moved(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    group = fake.group(members=[amal])
    await amal.send(f"/ask {QUESTION}", chat=group)
    new = await group.migrate(amal)
    assert (await new.next_message()).text.startswith(ANSWER)
    assert not group.sent


async def test_polling_outlives_every_error(fake: FakeTelegram, bot: app.Application) -> None:
    amal = fake.user()
    faults: tuple[tuple[str, dict[str, Any]], ...] = (
        ("error", {"status": 401, "description": "Unauthorized"}),
        ("error", {"status": 404, "description": "Not Found"}),
        ("error", {"status": 409, "description": "Conflict: terminated by other getUpdates"}),
        ("error", {"status": 502, "description": "Bad Gateway", "count": 3}),
        ("error", {"status": 429, "description": "Wait", "parameters": {"retry_after": 1}}),
        ("cut", {}),
        ("garbage", {}),
        ("garbage", {"status": 200, "body": b"[]"}),
        ("truncated", {}),
    )
    for kind, options in faults:
        fault = fake.fault(kind, "getUpdates", **options)
        fake.world.queue.abort()  # the waiting poll comes back, the next one fails
        await fake.wait_for(lambda fault=fault: fault.hits == fault.count)  # type: ignore[misc]
        assert (await amal.ask("/about")).text
        fake.clock.advance(31)  # past the rate window


async def test_an_update_that_ptb_cannot_read_is_passed_over(
    fake: FakeTelegram, bot: app.Application, caplog: pytest.LogCaptureFixture
) -> None:
    amal = fake.user()
    broken = fake.raw_update("message", {"message_id": 5, "text": "a secret question"})
    assert (await amal.ask(QUESTION)).text.startswith(ANSWER)
    await fake.wait_drained()
    assert f"update {broken} cannot be read" in caplog.text
    assert "a secret question" not in caplog.text


async def test_a_start_amid_errors_is_tried_until_it_works(fake: FakeTelegram, bots: Bots) -> None:
    fake.fail("getMe", 500, "Internal Server Error", count=2)
    fake.fault("cut", "deleteWebhook")
    fake.fail("setMyCommands", 500, "Internal Server Error")
    await bots.start()
    assert (await fake.user().ask(QUESTION)).text.startswith(ANSWER)


async def test_a_webhook_that_was_left_is_removed(fake: FakeTelegram, bots: Bots) -> None:
    fake.world.queue.webhook_url = "https://old.example/hook"
    await bots.start()
    assert (await fake.user().ask(QUESTION)).text.startswith(ANSWER)


async def test_a_rejected_token_ends_the_start(fake: FakeTelegram, bots: Bots) -> None:
    fake.fail("getMe", 401, "Unauthorized")
    with pytest.raises(StartError, match="BotFather"):
        await bots.build().run()


async def test_an_update_that_always_fails_is_given_up_with_an_apology(
    fake: FakeTelegram,
    bot: app.Application,
    texts: Texts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    amal, basil = fake.user(), fake.user(name="Basil")
    fake.fail("sendMessage", 400, "Bad Request: can't parse entities: ...", chat=amal.id, count=2)
    poison = await amal.send(QUESTION)
    after = await amal.send("Who offered help?")
    sorry = await amal.next_message()
    assert sorry.text == texts.say("notice.gave_up")
    assert sorry.reply_to == poison.id
    assert (await amal.next_message()).reply_to == after.id
    assert (await basil.ask(QUESTION)).text.startswith(ANSWER)
    assert f"update {poison.update_id} given up" in caplog.text
    assert QUESTION not in caplog.text


async def test_a_fault_of_our_own_is_logged_by_place_and_not_by_its_words(
    fake: FakeTelegram,
    bot: app.Application,
    texts: Texts,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(QUESTION)

    monkeypatch.setattr(routes, "_of_text", broken)
    await fake.user().send(QUESTION)
    await fake.wait_drained()
    assert "KeyError at" in caplog.text
    assert QUESTION not in caplog.text


async def test_stopping_answers_what_is_in_flight_and_leaves_the_rest(
    fake: FakeTelegram, bots: Bots
) -> None:
    bot = await bots.start(chats_at_once=1)
    amal = fake.user()
    held = fake.fault("hold", "sendMessage")
    first = await amal.send(QUESTION)
    second = await amal.send("Who offered help?")
    await fake.wait_for(lambda: held.hits)
    bot.stop()
    held.release()
    await bots.stop(bot)
    assert [message.reply_to for message in amal.chat.sent] == [first.id]
    assert fake.confirmed_offset == second.update_id
    await bots.start()
    await fake.wait_drained()
    assert [message.reply_to for message in amal.chat.sent] == [first.id, second.id]


async def test_what_an_orderly_stop_cuts_short_is_answered_after_it(
    fake: FakeTelegram, bots: Bots
) -> None:
    for _ in range(3):  # however often: a stop is no crash
        bot = await bots.start(wait=False, pace={"leave": 0.1})
        held = fake.fault("hold", "sendMessage")
        if not fake.pending_updates:
            question = await fake.user(5).send(QUESTION)
        await fake.wait_for(lambda held=held: held.hits)  # type: ignore[misc]
        await bots.stop(bot)
        fake.faults.faults.remove(held)
    await bots.start(wait=False)
    answer = await fake.user(5).next_message()
    assert answer.reply_to == question.id
    assert answer.text.startswith(ANSWER)


async def test_one_process_per_data_directory(fake: FakeTelegram, bots: Bots) -> None:
    await bots.start()
    with pytest.raises(StoreError, match="another bot uses"):
        await bots.build().run()
    assert (bots.data / FILE).exists()  # the health of the one that runs


async def test_an_orderly_stop_leaves_no_sign_of_health(fake: FakeTelegram, bots: Bots) -> None:
    bot = await bots.start()
    assert (bots.data / FILE).exists()
    await bots.stop(bot)
    assert not (bots.data / FILE).exists()


async def test_a_store_that_fails_does_not_silence_the_bot(
    fake: FakeTelegram, bots: Bots, caplog: pytest.LogCaptureFixture
) -> None:
    await bots.start()
    await alter(bots.data, "DROP TABLE work")
    amal = fake.user()
    assert (await amal.ask(QUESTION)).text.startswith(ANSWER)
    assert (await amal.ask("Who offered help?")).text.startswith("Mara Voss")
    assert "the store failed" in caplog.text


async def test_the_heartbeat_keeps_a_busy_bot_healthy_and_confirms_nothing(
    fake: FakeTelegram, bots: Bots
) -> None:
    await bots.start(rhythm={"heartbeat": 0.05})
    held = fake.fault("hold", "sendMessage")
    question = await fake.user().send(QUESTION)
    await fake.wait_for(lambda: held.hits)
    seen = len(fake.calls("getUpdates"))
    await fake.wait_for(lambda: len(fake.calls("getUpdates")) >= seen + 3)
    assert fake.confirmed_offset <= (question.update_id or 0)
    beats = fake.calls("getUpdates")[seen + 1 :]
    assert {(call.params["limit"], call.params.get("timeout", 0)) for call in beats} == {(1, 0)}
    held.release()
    await fake.wait_drained()


async def test_a_busy_stop_is_quick(fake: FakeTelegram, bots: Bots) -> None:
    bot = await bots.start()
    async with asyncio.timeout(2):
        await bots.stop(bot)
