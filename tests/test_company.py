"""Groups, topics, buttons and several chats at once, over a real socket."""

from __future__ import annotations

import pytest

from bot import app
from bot.texts import Texts
from tests.conftest import Bots
from tests.fake_telegram import FakeTelegram

QUESTION = "Who opened the lighthouse?"
ANSWER = "Mara Lind, the mayor of Port Alba, opened the new lighthouse on 2 May 2020."


async def test_in_groups_the_bot_speaks_when_spoken_to(
    fake: FakeTelegram, bot: app.Application
) -> None:
    fake.world.privacy = False  # everything said in the group reaches the bot
    amal, basil = fake.user(), fake.user(name="Basil")
    group = fake.supergroup(members=[amal, basil])
    await amal.send("Who opened the lighthouse?", chat=group)
    await amal.send("/who@another_bot Lind", chat=group)
    await amal.send("/nonsense", chat=group)
    await amal.send_photo(chat=group)
    asked = await amal.send("/ask Who offered help?", chat=group)
    answer = await group.next_message()
    assert answer.reply_to == asked.id
    assert answer.text.startswith("Mara Voss")
    mention = await basil.send("@Briefing_Test_Bot how many ferries were damaged?", chat=group)
    answer = await group.next_message()
    assert answer.reply_to == mention.id
    assert answer.text.startswith("Two ferries")
    reply = await amal.send("Who is Lind?", chat=group, reply_to=answer)
    assert (await group.next_message()).reply_to == reply.id
    photo = await amal.send_photo(chat=group, reply_to=answer)
    assert (await group.next_message()).reply_to == photo.id
    assert len(group.sent) == 4


async def test_in_groups_each_speaker_has_a_context_of_their_own(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal, basil = fake.user(), fake.user(name="Basil")
    group = fake.group(members=[amal, basil])
    await amal.ask("/ask Who opened the lighthouse?", chat=group)
    await basil.ask("/ask How many ferries were damaged?", chat=group)
    answer = await amal.ask("/ask and when was that?", chat=group)
    assert answer.text.startswith("The new lighthouse was opened on 2 May 2020.")


async def test_answers_stay_in_their_forum_topic(fake: FakeTelegram, bot: app.Application) -> None:
    amal = fake.user()
    forum = fake.forum({7: "Harbour", 9: "Other"}, members=[amal])
    answer = await amal.ask("/ask Who is Mara?", chat=forum, thread=7)
    assert answer.thread == 7
    await amal.tap(answer, "Mara Lind")
    assert (await forum.next_message()).thread == 7


async def test_in_groups_the_rate_is_per_sender(
    fake: FakeTelegram, bots: Bots, texts: Texts
) -> None:
    await bots.start(questions_per_window=2)
    amal, basil = fake.user(), fake.user(name="Basil")
    group = fake.group(members=[amal, basil])
    for _ in range(4):
        await amal.send(f"/ask {QUESTION}", chat=group)
    asked = await basil.send("/ask Who offered help?", chat=group)
    await fake.wait_drained()
    assert len(group.sent) == 4
    assert group.sent[-1].reply_to == asked.id


@pytest.mark.parametrize(
    "data",
    ["", "hello", "q:2019-01-01-gone:x", "q:2020-05-04-harbour:gone", "e:2020-05-04-harbour:x:y",
     "e:2020-05-04-harbour:lighthouse-cost", "b:2019-01-01-gone"],
)  # fmt: skip
async def test_a_foreign_or_forged_button_is_out_of_date(
    fake: FakeTelegram, bot: app.Application, texts: Texts, data: str
) -> None:
    amal = fake.user()
    choices = await amal.ask("Who is Mara?")
    tap = await amal.forge_tap(data, choices)
    assert (await tap.answered())["text"] == texts.say("notice.out_of_date")
    assert len(amal.chat.sent) == 1


async def test_a_button_of_an_old_message_still_works(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    choices = await amal.ask("Who is Mara?")
    tap = await amal.forge_tap("q:2020-05-04-harbour:help-offered", choices, inaccessible=True)
    await tap.answered()
    assert (await amal.next_message()).text.startswith("Mara Voss")


async def test_every_tap_is_answered_even_too_many(
    fake: FakeTelegram, bots: Bots, texts: Texts
) -> None:
    await bots.start(questions_per_window=3)
    amal = fake.user()
    choices = await amal.ask("Who is Mara?")
    taps = [await amal.tap(choices, "Mara Lind") for _ in range(5)]
    said = [(await tap.answered())["text"] for tap in taps]
    assert said == ["", "", texts.say("notice.rate", count=30), "", ""]
    await fake.wait_drained()
    assert len(amal.chat.sent) == 3


async def test_a_tap_that_is_given_up_is_answered_even_if_the_apology_fails(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    choices = await amal.ask("Who is Mara?")
    fake.fail("answerCallbackQuery", 500, "Internal Server Error", count=2)
    fake.fail("sendMessage", 400, "Bad Request: can't parse entities: ...", count=None)
    tap = await amal.tap(choices, "Mara Lind")
    assert (await tap.answered())["text"] == ""


async def test_order_is_kept_within_a_chat_and_chats_run_side_by_side(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal, basil = fake.user(), fake.user(name="Basil")
    held = fake.fault("hold", "sendMessage", chat=amal.id)
    first = await amal.send(QUESTION)
    second = await amal.send("How many ferries were damaged?")
    assert (await basil.ask("Who offered help?")).text.startswith("Mara Voss")
    assert not amal.chat.sent
    held.release()
    assert (await amal.next_message()).reply_to == first.id
    assert (await amal.next_message()).reply_to == second.id


async def test_blocking_ends_quietly_and_forgets(fake: FakeTelegram, bot: app.Application) -> None:
    amal, basil = fake.user(), fake.user(name="Basil")
    await amal.ask(QUESTION)
    await amal.send("Who offered help?")
    await amal.block()
    await fake.wait_drained()
    await amal.unblock()
    answer = await amal.ask("and when was that?")
    assert not answer.text.startswith("The new lighthouse")
    assert (await basil.ask(QUESTION)).text.startswith(ANSWER)
