"""What an update is to the bot, without a network."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update, User

from bot.routes import (
    Command,
    Edited,
    Media,
    Membership,
    Migration,
    Point,
    Question,
    Tap,
    route,
)

ME = User(7, "Bot", is_bot=True, username="Briefing_Bot")
AMAL = {"id": 1, "is_bot": False, "first_name": "Amal"}
PRIVATE = {"id": 1, "type": "private"}
GROUP = {"id": -2, "type": "supergroup", "title": "G"}
CHANNEL = {"id": -3, "type": "channel", "title": "C"}


def update(kind: str = "message", **fields: Any) -> Update:
    base = {"message_id": 3, "date": 1_700_000_000, "chat": PRIVATE, "from": AMAL}
    found = Update.de_json({"update_id": 5, kind: base | fields}, None)
    assert found is not None
    return found


def entity(kind: str, text: str, part: str, **more: Any) -> dict[str, Any]:
    """The entity of *part* in *text*, counted in UTF-16 units as Telegram does."""
    before, _, _ = text.partition(part)
    offset = len(before.encode("utf-16-le")) // 2
    return {"type": kind, "offset": offset, "length": len(part.encode("utf-16-le")) // 2} | more


def written(text: str, kind: str, part: str, **fields: Any) -> Update:
    return update(text=text, entities=[entity(kind, text, part)], **fields)


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/who Lind", "who", "Lind"),
        ("/WHO@briefing_bot  Lind ", "who", "Lind"),
        ("/start q_2020_x", "start", "q_2020_x"),
        ("/ask\nwhy?", "ask", "why?"),
    ],
)
def test_commands_are_read(text: str, name: str, argument: str) -> None:
    found = route(written(text, "bot_command", text.split()[0], chat=GROUP), ME)
    assert isinstance(found, Command)
    assert (found.name, found.argument) == (name, argument)


def test_commands_to_other_bots_are_not_ours() -> None:
    text = "/who@another_bot Lind"
    assert route(written(text, "bot_command", text.split()[0]), ME) is None


def test_a_command_amid_a_text_is_no_command() -> None:
    found = route(written("what is /who for?", "bot_command", "/who"), ME)
    assert isinstance(found, Question)


@pytest.mark.parametrize(
    "text", ["@briefing_bot why?", "👩‍👩‍👧 @Briefing_Bot why?", "why? @BRIEFING_BOT"]
)
def test_mentions_in_groups_are_questions_without_the_name(text: str) -> None:
    name = next(word for word in text.split() if word.startswith("@"))
    found = route(written(text, "mention", name, chat=GROUP), ME)
    assert isinstance(found, Question)
    assert "why?" in found.text
    assert "@" not in found.text


def test_a_mention_of_the_bot_without_a_username_counts_too() -> None:
    text = "Bot why?"
    mention = entity("text_mention", text, "Bot", user=ME.to_dict())
    found = route(update(text=text, entities=[mention], chat=GROUP), ME)
    assert isinstance(found, Question)
    assert found.text == "why?"


def test_group_talk_is_none_of_our_business() -> None:
    assert route(update(text="why?", chat=GROUP), ME) is None
    assert route(written("@somebody why?", "mention", "@somebody", chat=GROUP), ME) is None
    assert route(update(sticker=None, chat=GROUP, new_chat_title="X"), ME) is None
    other = {"message_id": 2, "date": 1, "chat": GROUP, "from": AMAL, "text": "x"}
    assert route(update(text="why?", chat=GROUP, reply_to_message=other), ME) is None


def test_replies_to_the_bot_are_questions() -> None:
    ours = {"message_id": 2, "date": 1, "chat": GROUP, "from": ME.to_dict(), "text": "x"}
    assert isinstance(route(update(text="why?", chat=GROUP, reply_to_message=ours), ME), Question)
    dice = {"emoji": "🎲", "value": 3}
    assert isinstance(route(update(dice=dice, chat=GROUP, reply_to_message=ours), ME), Media)


def test_captions_to_the_bot_are_questions() -> None:
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 6}]
    asked = route(update(photo=photo, caption="why?"), ME)
    assert isinstance(asked, Question)
    assert asked.text == "why?"
    text = "👩‍👩‍👧 @Briefing_Bot why?"
    mention = [entity("mention", text, "@Briefing_Bot")]
    named = route(update(photo=photo, caption=text, caption_entities=mention, chat=GROUP), ME)
    assert isinstance(named, Question)
    assert named.text == "👩‍👩‍👧 why?"
    assert route(update(photo=photo, caption="why?", chat=GROUP), ME) is None
    assert isinstance(route(update("edited_message", photo=photo, caption="why?"), ME), Edited)


def test_edits_count_where_they_make_a_question() -> None:
    assert isinstance(route(update("edited_message", text="why?"), ME), Edited)
    assert route(update("edited_message", dice={"emoji": "🎲", "value": 3}), ME) is None
    for text, counts in (("/ask why?", True), ("/ask", False), ("/who Lind", False)):
        name = text.split()[0]
        found = route(
            update("edited_message", text=text, entities=[entity("bot_command", text, name)]), ME
        )
        assert isinstance(found, Edited) is counts


def test_a_location_is_a_point_where_it_is_meant_for_the_bot() -> None:
    location = {"longitude": 13.2, "latitude": 32.9}
    found = route(update(location=location), ME)
    assert isinstance(found, Point)
    assert (found.longitude, found.latitude) == (13.2, 32.9)
    assert route(update(location=location, chat=GROUP), ME) is None
    ours = {"message_id": 2, "date": 1, "chat": GROUP, "from": ME.to_dict(), "text": "x"}
    reply = update(location=location, chat=GROUP, reply_to_message=ours)
    assert isinstance(route(reply, ME), Point)


def test_a_group_that_moves_is_told_from_both_ends() -> None:
    assert route(update(chat=GROUP, migrate_to_chat_id=-100), ME) == Migration(-2, -100)
    assert route(update(chat=GROUP, migrate_from_chat_id=-1), ME) == Migration(-1, -2)


def test_of_what_a_channel_posts_only_commands_count() -> None:
    post: dict[str, Any] = {"chat": CHANNEL, "from": None, "sender_chat": CHANNEL}
    text = "/subscribe 7:30"
    command = [entity("bot_command", text, "/subscribe")]
    found = route(update("channel_post", text=text, entities=command, **post), ME)
    assert isinstance(found, Command)
    assert (found.name, found.argument) == ("subscribe", "7:30")
    assert route(update("channel_post", text="Why?", **post), ME) is None
    assert route(update("channel_post", photo=[], **post), ME) is None


def test_taps_memberships_and_the_unreadable() -> None:
    query = {"id": "1", "from": AMAL, "chat_instance": "1", "data": "x"}
    assert isinstance(route(Update.de_json({"update_id": 1, "callback_query": query}), ME), Tap)
    member = {"user": ME.to_dict(), "status": "member"}
    change = {"chat": PRIVATE, "from": AMAL, "date": 1}
    change |= {"old_chat_member": member, "new_chat_member": member}
    found = route(Update.de_json({"update_id": 1, "my_chat_member": change}), ME)
    assert isinstance(found, Membership)
    assert route(Update(1), ME) is None
    assert route(update(pinned_message=None), ME) is None
