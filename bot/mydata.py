"""What readers do about their data: see all that is stored on their chat, and delete it."""

from __future__ import annotations

import json

from bot.blocks import Choice, Group, Reply, Text, Title
from bot.buttons import Setting
from bot.render import fits, markup
from bot.routes import Command
from bot.send import Place
from bot.subscribe import Readers
from bot.turn import Turn


async def mydata(readers: Readers, turn: Turn, command: Command) -> None:
    """/mydata: everything that is stored on the chat, as JSON; as a file where it is long."""
    message, talk = command.message, readers.talk
    if not await readers.may(turn, message):
        return
    told = await readers.subscriptions.everything(message.chat_id)
    if not told["subscriptions"]:
        await talk.say(turn, message, "mydata.nothing")
        return
    text = json.dumps(told, ensure_ascii=False, indent=1)
    page = Reply((Title(talk.texts.say("mydata.title")), Text(text)))
    if fits(markup(page.blocks)):
        await readers.show(turn, message, page)
    else:
        what = talk.texts.say("mydata.file")
        await talk.sender.file(turn, Place.of(message), "mydata.json", text.encode(), what)


async def forget(readers: Readers, turn: Turn, command: Command) -> None:
    """/forget: asks once; a button deletes."""
    if not await readers.may(turn, command.message):
        return
    say = readers.talk.texts.say
    choices = (
        Choice(say("forget.yes"), Setting("forget")),
        Choice(say("forget.no"), Setting("keep")),
    )
    page = Reply((Text(say("forget.ask")),), (Group("", choices, columns=1),))
    await readers.show(turn, command.message, page)
