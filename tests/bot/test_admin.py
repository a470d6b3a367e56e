"""Whose word is an order: an admin's own, in private."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from telegram import Message

from bot.admin import ORDERS, orderer
from bot.commands import COMMANDS

AMAL = {"id": 5, "is_bot": False, "first_name": "Amal"}
GROUP = {"id": -7, "type": "group", "title": "Group"}
ORDER = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "/hold"}
FORWARD = {"type": "user", "date": 1, "sender_user": AMAL}


def a_message(**fields: Any) -> Message:
    found = Message.de_json(ORDER | {"from": AMAL} | fields, None)
    assert found is not None
    assert found.date.tzinfo is dt.UTC
    return found


def test_an_order_is_its_senders() -> None:
    assert orderer(a_message()) == 5


@pytest.mark.parametrize(
    "fields",
    [
        {"from": None},
        {"chat": GROUP},
        {"chat": {"id": -1001, "type": "supergroup", "title": "Group"}},
        {"chat": {"id": -1001, "type": "channel", "title": "Channel"}},
        {"chat": {"id": 6, "type": "private"}},
        {"chat": GROUP, "sender_chat": GROUP},
        {"sender_chat": {"id": -1001, "type": "channel", "title": "Channel"}},
        {"forward_origin": FORWARD},
        {"via_bot": {"id": 9, "is_bot": True, "first_name": "Other"}},
    ],
    ids=repr,
)
def test_a_borrowed_word_is_nobodys_order(fields: dict[str, Any]) -> None:
    assert orderer(a_message(**fields)) is None


def test_orders_are_no_commands_of_readers() -> None:
    assert not ORDERS.keys() & COMMANDS.keys()
    assert {name for name, order in ORDERS.items() if order.stale} == {"resume", "cancel"}
