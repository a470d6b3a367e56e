"""Who may change what is stored on a chat: in private its owner, elsewhere its admins.

Asked at each press and each command, of Telegram: a payload holds no rights, and an admin of
yesterday is none.
"""

from __future__ import annotations

from telegram import CallbackQuery, Message
from telegram.constants import ChatType

from bot.send import Sender
from bot.turn import Turn


async def may_write(sender: Sender, turn: Turn, message: Message) -> bool:
    """Whether who wrote *message* may change the settings of its chat.

    An admin who stays anonymous writes in the name of the chat; posts in a channel are its admins'.
    Who writes in the name of another chat is nobody: that channel may well be linked.
    """
    chat, person = message.chat, message.from_user
    if message.sender_chat is not None:
        return message.sender_chat.id == chat.id and chat.type != ChatType.PRIVATE
    if chat.type == ChatType.CHANNEL:
        return True
    if person is None or person.is_bot:
        return False
    if chat.type == ChatType.PRIVATE:
        return person.id == chat.id
    return await sender.is_admin(turn, chat.id, person.id)


async def may_press(sender: Sender, turn: Turn, query: CallbackQuery) -> bool:
    """Whether who pressed may change the settings of the chat that the button stands in."""
    if query.message is None or query.from_user.is_bot:
        return False
    chat, person = query.message.chat, query.from_user
    if chat.type == ChatType.PRIVATE:
        return person.id == chat.id
    return await sender.is_admin(turn, chat.id, person.id)
