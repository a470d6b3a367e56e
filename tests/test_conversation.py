"""Conversations with the running bot over a real socket, as readers see them."""

from __future__ import annotations

import pytest

from bot import app
from bot.buttons import Open, Show
from bot.texts import Texts
from tests.conftest import Bots
from tests.factories import linked
from tests.fake_telegram import FakeTelegram

BRIEFING = "2020-05-04-harbour"
QUESTION = "Who opened the lighthouse?"
ANSWER = "Mara Lind, the mayor of Port Alba, opened the new lighthouse on 2 May 2020."


async def test_a_question_is_answered_as_a_reply_with_quote_and_link(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    question = await amal.send(QUESTION)
    answer = await amal.next_message()
    assert answer.text.startswith(ANSWER)
    assert answer.reply_to == question.id
    assert "4 May 2020" in answer.text
    quotes = answer.covered("expandable_blockquote")
    assert "Mara Lind, the mayor of Port Alba, opened the new lighthouse" in quotes[0]
    links = [e["url"] for e in answer.entities if e["type"] == "text_link"]
    assert links[0].startswith("https://courier.example/storm-closes-harbour#:~:text=")
    assert answer.data["link_preview_options"] == {"is_disabled": True}
    assert not answer.silent


async def test_a_follow_up_is_understood(fake: FakeTelegram, bot: app.Application) -> None:
    amal = fake.user()
    await amal.ask(QUESTION)
    answer = await amal.ask("and when was that?")
    assert answer.text.startswith("The new lighthouse was opened on 2 May 2020.")


async def test_an_ambiguous_name_offers_choices_and_a_tap_answers(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    choices = await amal.ask("Who is Mara?")
    assert set(choices.labels) >= {"Mara Lind", "Mara Voss"}
    tap = await amal.tap(choices, "Mara Voss")
    answer = await amal.next_message()
    assert answer.text.startswith("Mara Voss is the mayor of Saltby.")
    assert answer.reply_to == choices.id
    assert (await tap.answered())["text"] == ""


async def test_related_questions_are_offered_until_they_were_seen(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    when = await amal.ask("When was the lighthouse opened?")
    assert "Who opened the new lighthouse?" in when.labels
    await amal.tap(when, "Who opened the new lighthouse?")
    who = await amal.next_message()
    assert who.text.startswith(ANSWER)
    assert "When was the lighthouse opened?" not in who.labels


async def test_talk_goes_on_from_what_a_button_showed(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    ferries = await amal.ask("How many ferries were damaged?")
    await amal.forge_tap(f"q:{BRIEFING}:lighthouse-opened", ferries)
    assert (await amal.next_message()).text.startswith(ANSWER)
    follow_up = await amal.ask("and when was that?")
    assert follow_up.text.startswith("The new lighthouse was opened on 2 May 2020.")


async def test_what_the_briefing_does_not_say_is_said_to_be_missing(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    answer = await fake.user().ask("Who won the football cup?")
    assert answer.text.startswith(texts.say("miss.not_in_briefing"))


async def test_start_help_and_the_menu_come_from_one_table(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    assert texts.say("start.welcome") in (await amal.ask("/start")).text
    menu = fake.world.commands["default", ""]
    page = (await amal.ask("/help")).text
    names = [command["command"] for command in menu]
    assert names == [
        *("start", "help", "ask", "briefing", "who", "sources", "subscribe", "settings"),
        *("unsubscribe", "about", "privacy", "mydata", "forget"),
    ]
    for command in menu:
        assert f"/{command['command']}" in page
        assert command["description"] in page


@pytest.mark.parametrize("command", ["briefing", "sources", "about", "privacy"])
async def test_every_page_is_shown(fake: FakeTelegram, bot: app.Application, command: str) -> None:
    page = await fake.user().ask(f"/{command}")
    assert len(page.text) > 50


async def test_the_briefing_opens_from_an_unanswered_question(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    missing = await amal.ask("Who won the football cup?")
    await amal.tap(missing, texts.say("offer.open"))
    assert "Two ferries were damaged" in (await amal.next_message()).text


async def test_a_deep_link_leads_to_its_answer(fake: FakeTelegram, bot: app.Application) -> None:
    link = linked(Show("q", BRIEFING, "ferries-damaged"))
    answer = await fake.user().ask(f"/start {link}")
    assert answer.text.startswith("Two ferries were damaged")


@pytest.mark.parametrize("payload", ["q_2019-01-01-gone_x", "q_2020-05-04-harbour_gone", "%%"])
async def test_an_old_deep_link_is_out_of_date(
    fake: FakeTelegram, bot: app.Application, texts: Texts, payload: str
) -> None:
    answer = await fake.user().ask(f"/start {payload}")
    assert answer.text == texts.say("notice.old_link")


async def test_who_shows_a_card_or_asks_for_a_name(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    assert (await amal.ask("/who Lind")).text.startswith("Mara Lind is the mayor of Port Alba.")
    assert (await amal.ask("/who")).text == texts.say("notice.who")
    assert set((await amal.ask("/who mara")).labels) >= {"Mara Lind", "Mara Voss"}


async def test_ask_answers_or_asks_for_a_question(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    assert (await amal.ask(f"/ask {QUESTION}")).text.startswith(ANSWER)
    assert (await amal.ask("/ask")).text == texts.say("notice.ask")
    assert (await amal.ask("/nonsense")).text == texts.say("notice.unknown_command")


async def test_an_edited_question_edits_its_answer(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    question = await amal.send(QUESTION)
    answer = await amal.next_message()
    await amal.edit(question, "How much did the lighthouse cost?")
    edited = await amal.chat.next_edit(answer)
    assert edited.text.startswith("The lighthouse cost 3 million crowns.")
    assert len(amal.chat.sent) == 1


async def test_an_edited_follow_up_still_follows_what_came_before_it(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    await amal.ask(QUESTION)
    follow_up = await amal.send("and when was this?")
    answer = await amal.next_message()
    await amal.ask("How many ferries were damaged?")
    await amal.edit(follow_up, "and when was that?")
    await fake.wait_drained()
    assert len(amal.chat.sent) == 3
    assert answer.text.startswith("The new lighthouse was opened on 2 May 2020.")


async def test_an_edit_that_changes_no_words_changes_nothing(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    question = await amal.send(QUESTION)
    await amal.next_message()
    await amal.edit(question)
    await fake.wait_drained()
    assert len(amal.chat.sent) == 1
    assert not fake.calls("editMessageText")


async def test_after_a_restart_an_edited_question_gets_a_new_answer(
    fake: FakeTelegram, bots: Bots
) -> None:
    first = await bots.start()
    amal = fake.user()
    question = await amal.send(QUESTION)
    await amal.next_message()
    await bots.stop(first)
    await bots.start()
    await amal.edit(question, "How much did the lighthouse cost?")
    answer = await amal.next_message()
    assert answer.text.startswith("The lighthouse cost 3 million crowns.")
    assert answer.reply_to == question.id


async def test_an_answer_that_is_gone_is_given_again_on_an_edit(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    question = await amal.send(QUESTION)
    answer = await amal.next_message()
    answer.deleted = True
    await amal.edit(question, "How much did the lighthouse cost?")
    assert (await amal.next_message()).reply_to == question.id


async def test_a_late_question_is_answered_with_an_apology(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    answer = await amal.ask(QUESTION, date=fake.clock.now() - 660)
    assert answer.text.startswith(ANSWER)
    assert texts.say("notice.late") in answer.text
    assert texts.say("notice.late") not in (await amal.ask("Who offered help?")).text


async def test_a_late_command_that_only_shows_something_is_dropped(
    fake: FakeTelegram, bot: app.Application
) -> None:
    amal = fake.user()
    await amal.send("/briefing", date=fake.clock.now() - 660)
    answer = await amal.ask(f"/ask {QUESTION}", date=fake.clock.now() - 650)
    assert answer.text.startswith(ANSWER)
    assert len(amal.chat.sent) == 1


async def test_a_late_deep_link_is_answered_with_an_apology(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal, late = fake.user(), fake.clock.now() - 660
    for payload, said in ((Show("q", BRIEFING, "ferries-damaged"), "Two ferries were damaged"),
                          (Open(BRIEFING), "Storm closes the harbour")):  # fmt: skip
        answer = await amal.ask(f"/start {linked(payload)}", date=late)
        assert said in answer.text
        assert texts.say("notice.late") in answer.text
    await amal.send("/start", date=late)
    answer = await amal.ask(f"/start {linked(payload)}")
    assert texts.say("notice.late") not in answer.text
    assert len(amal.chat.sent) == 3


async def test_too_many_questions_get_one_notice_then_silence_until_it_passes(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    amal = fake.user()
    for _ in range(14):
        await amal.send(QUESTION)
    await fake.wait_drained()
    sent = [message.text for message in amal.chat.sent]
    assert len(sent) == 11
    assert sent[10] == texts.say("notice.rate", count=30)
    fake.clock.advance(31)
    await amal.send(QUESTION)
    await fake.wait_for(lambda: len(amal.chat.sent) == 12)
    assert amal.chat.sent[11].text.startswith(ANSWER)


async def test_long_text_is_cut_and_the_answer_says_so(
    fake: FakeTelegram, bot: app.Application, texts: Texts
) -> None:
    answer = await fake.user().ask(f"{QUESTION} {'x' * 2000}")
    assert texts.say("notice.cut", count=1000) in answer.text


@pytest.mark.parametrize(
    ("media", "key"),
    [
        ("photo", "notice.photo"),
        ("voice", "notice.voice"),
        ("sticker", "notice.sticker"),
        ("document", "notice.not_text"),
    ],
)
async def test_what_cannot_be_read_gets_a_sentence(
    fake: FakeTelegram, bot: app.Application, texts: Texts, media: str, key: str
) -> None:
    assert (await fake.user().ask("", media=media)).text == texts.say(key)


@pytest.mark.parametrize("media", ["photo", "document"])
async def test_a_caption_is_a_question(
    fake: FakeTelegram, bot: app.Application, media: str
) -> None:
    amal = fake.user()
    assert (await amal.ask(QUESTION, media=media)).text.startswith(ANSWER)
    assert (await amal.ask(f"/ask {QUESTION}", media=media)).text.startswith(ANSWER)
