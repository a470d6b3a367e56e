"""The commands: one table, which dispatch, /help and Telegram's command menu all read.

A command's line for readers is the text `command.<name>`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot import buttons
from bot.mydata import forget, mydata
from bot.routes import Command, Question
from bot.subscribe import Readers
from bot.talk import voice_of
from bot.turn import Turn
from knowledge import who


@dataclass(frozen=True, slots=True)
class Row:
    """A command. One that `shows_only` is dropped when it comes late: nobody waits for it.

    With `asks`, an argument makes it a question, which is answered however late. One that
    `always` works is never told to wait; one that `settles` something counts as no question.
    """

    name: str
    run: Callable[[Readers, Turn, Command], Awaitable[None]]
    shows_only: bool = True
    asks: bool = False
    always: bool = False
    settles: bool = False

    def waits(self, command: Command) -> bool:
        """Whether the sender of *command* still waits for the answer when it is late."""
        return not self.shows_only or (self.asks and bool(command.argument))


async def _start(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    if not command.argument:
        await readers.start(turn, command.message)
        return
    payload = buttons.from_start(command.argument)
    _, notices = talk.read("", command.message.date)
    page = talk.page(payload, command.message.chat_id, notices)
    if page is None:
        await talk.say(turn, command.message, "notice.old_link")
        return
    await talk.reply(turn, command.message, page)
    talk.opened(payload, voice_of(command.message), command.message.message_id)


async def _help(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    await talk.reply(turn, command.message, talk.renderer.help(COMMANDS))


async def _ask(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    await talk.respond(turn, Question(command.message, command.argument))


async def _briefing(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    await talk.reply(turn, command.message, talk.renderer.briefing(talk.library.newest))


async def _who(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    message, voice = command.message, voice_of(command.message)
    name, notices = talk.read(command.argument, message.date)
    if not name:
        await talk.say(turn, message, "notice.who")
        return
    outcome = who(talk.library, name)
    await talk.reply(turn, message, talk.render(outcome, voice, notices))
    talk.learn(outcome, voice, message.message_id, name)


async def _sources(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    await talk.reply(turn, command.message, talk.renderer.sources(talk.library.newest))


async def _about(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    await talk.reply(turn, command.message, talk.renderer.about())


async def _privacy(readers: Readers, turn: Turn, command: Command) -> None:
    talk = readers.talk
    page = talk.renderer.privacy(talk.manners.memory_minutes)
    await talk.reply(turn, command.message, page)


COMMANDS = {
    row.name: row
    for row in (
        Row("start", _start, asks=True),
        Row("help", _help),
        Row("ask", _ask, shows_only=False),
        Row("briefing", _briefing),
        Row("who", _who),
        Row("sources", _sources),
        Row("subscribe", Readers.subscribe, shows_only=False, settles=True),
        Row("settings", Readers.settings, settles=True),
        Row("unsubscribe", Readers.unsubscribe, shows_only=False, always=True),
        Row("about", _about),
        Row("privacy", _privacy),
        Row("mydata", mydata, shows_only=False, settles=True),
        Row("forget", forget, shows_only=False, settles=True),
    )
}
"""Every command by its name, in the order in which readers see them."""
