"""The commands: one table, which dispatch, /help and Telegram's command menu all read.

A command's line for readers is the text `command.<name>`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot import buttons
from bot.routes import Command, Question
from bot.talk import Talk, voice_of
from bot.turn import Turn
from knowledge import who


@dataclass(frozen=True, slots=True)
class Row:
    """A command. One that `shows_only` is dropped when it comes late: nobody waits for it.

    With `asks`, an argument makes it a question, which is answered however late.
    """

    name: str
    run: Callable[[Talk, Turn, Command], Awaitable[None]]
    shows_only: bool = True
    asks: bool = False

    def waits(self, command: Command) -> bool:
        """Whether the sender of *command* still waits for the answer when it is late."""
        return not self.shows_only or (self.asks and bool(command.argument))


async def _start(talk: Talk, turn: Turn, command: Command) -> None:
    if not command.argument:
        await talk.reply(turn, command.message, talk.renderer.start())
        return
    payload = buttons.from_start(command.argument)
    _, notices = talk.read("", command.message.date)
    page = talk.page(payload, command.message.chat_id, notices)
    if page is None:
        await talk.say(turn, command.message, "notice.old_link")
        return
    await talk.reply(turn, command.message, page)
    talk.opened(payload, voice_of(command.message), command.message.message_id)


async def _help(talk: Talk, turn: Turn, command: Command) -> None:
    await talk.reply(turn, command.message, talk.renderer.help(COMMANDS))


async def _ask(talk: Talk, turn: Turn, command: Command) -> None:
    await talk.respond(turn, Question(command.message, command.argument))


async def _briefing(talk: Talk, turn: Turn, command: Command) -> None:
    await talk.reply(turn, command.message, talk.renderer.briefing(talk.library.newest))


async def _who(talk: Talk, turn: Turn, command: Command) -> None:
    message, voice = command.message, voice_of(command.message)
    name, notices = talk.read(command.argument, message.date)
    if not name:
        await talk.say(turn, message, "notice.who")
        return
    outcome = who(talk.library, name)
    await talk.reply(turn, message, talk.render(outcome, voice, notices))
    talk.learn(outcome, voice, message.message_id, name)


async def _sources(talk: Talk, turn: Turn, command: Command) -> None:
    await talk.reply(turn, command.message, talk.renderer.sources(talk.library.newest))


async def _about(talk: Talk, turn: Turn, command: Command) -> None:
    await talk.reply(turn, command.message, talk.renderer.about())


async def _privacy(talk: Talk, turn: Turn, command: Command) -> None:
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
        Row("about", _about),
        Row("privacy", _privacy),
    )
}
"""Every command by its name, in the order in which readers see them."""
