"""The conversation in a terminal: the same replies as in Telegram, choices by their number.

What is shown is decided in `bot.reply` and `bot.pages`; here it is read, wrapped and printed.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TextIO, assert_never

from bot import buttons
from bot.blocks import Block, Choice, Link, Note, Point, Quote, Reply, Text, Title
from bot.memory import CONTEXT
from bot.pages import Pages
from bot.texts import Texts
from knowledge import Library, ask, who
from knowledge.model import QAPair
from knowledge.outcomes import Answered, Outcome, Smalltalk

COMMANDS = (
    *("start", "help", "ask", "briefing", "who", "sources", "about", "privacy"),
    *("mydata", "forget", "quit"),
)
"""What may follow a slash here: the same as in Telegram, and a way out."""
IN_TELEGRAM = ("subscribe", "settings", "unsubscribe")
"""Commands of the daily briefing, which has nowhere to come to here."""

_WIDEST = 88
_NARROWEST = 30
_INDENT = "  "
_BETWEEN = " · "


def run(
    library: Library, texts: Texts, lines: TextIO, out: TextIO, *, longest_question: int = 1000
) -> None:
    """Nothing; the conversation is over: *lines* came to their end, or the reader left.

    Where *lines* is no terminal, what is read is printed too, so that the output reads whole.
    """
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))
    talk = _Talk(Pages(texts, library), out, width, longest_question)
    echo = not lines.isatty()
    talk.print(talk.pages.start())
    talk.line(texts.say("terminal.hint"))
    try:
        while talk.open:
            out.write("\n" + texts.say("terminal.prompt"))
            out.flush()
            line = lines.readline()
            if not line:
                break
            if echo:
                out.write(line if line.endswith("\n") else line + "\n")
            talk.take(line.strip())
    except KeyboardInterrupt:
        pass
    out.write(f"\n{texts.say('terminal.bye')}\n")
    out.flush()


@dataclass(slots=True)
class _Talk:
    """One conversation: what was asked and shown, and the choices now on offer."""

    pages: Pages
    out: TextIO
    width: int
    longest: int
    open: bool = True
    asked: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    choices: tuple[Choice, ...] = ()

    def take(self, text: str) -> None:
        """Nothing; *text* is answered."""
        out_of_range = bool(self.choices) and text.isascii() and text.isdigit()
        if not text:
            self.line(self.pages.texts.say("terminal.hint"))
        elif text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            self._command(name.lower(), argument.strip())
        elif out_of_range and text.lstrip("0") in map(str, range(1, len(self.choices) + 1)):
            self._choose(self.choices[int(text) - 1])
        elif out_of_range:
            self.line(self.pages.texts.say("terminal.no_choice", number=text[:20]))
        else:
            self._ask(text)

    def print(self, reply: Reply) -> None:
        """Nothing; *reply* is printed and its choices are on offer."""
        self.choices = reply.choices
        for block in reply.blocks:
            self.line(*_plain(block))
        number = 0
        for group in reply.groups:
            lines = [group.heading] if group.heading else []
            for choice in group.choices:
                number += 1
                say = self.pages.texts.say
                lines.append(_INDENT + say("offer.numbered", number=number, label=choice.label))
            self.line(*lines)

    def line(self, *lines: str) -> None:
        """Nothing; a paragraph of *lines* is printed, each wrapped; addresses stay whole."""
        self.out.write("\n")
        for line in lines:
            indent = line[: len(line) - len(line.lstrip())]
            wrapped = textwrap.fill(
                line.strip(),
                self.width,
                initial_indent=indent,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
            self.out.write(wrapped + "\n")

    def _ask(self, text: str) -> None:
        notices = []
        if len(text) > self.longest:
            text = text[: self.longest]
            notices.append(self.pages.texts.say("notice.cut", count=self.longest))
        outcome = ask(self.pages.library, text, self.asked)
        reply = self.pages.replies.outcome(outcome, shown=self.shown, notices=notices)
        self._learn(outcome, text)
        self.print(reply)

    def _learn(self, outcome: Outcome, text: str) -> None:
        if not isinstance(outcome, Smalltalk):
            self.asked = [*self.asked, text][-CONTEXT:]
        if isinstance(outcome, Answered):
            self.shown.update(item.id for item in outcome.items if isinstance(item, QAPair))

    def _choose(self, choice: Choice) -> None:
        reply = self.pages.payload(choice.payload, shown=self.shown)
        if reply is None:
            self.line(self.pages.texts.say("notice.out_of_date"))
            return
        if isinstance(choice.payload, buttons.Show):
            self.asked = [*self.asked, choice.label][-CONTEXT:]
            if choice.payload.kind == "q":
                self.shown.add(choice.payload.id)
        self.print(reply)

    def _command(self, name: str, argument: str) -> None:
        say, newest = self.pages.texts.say, self.pages.library.newest
        pages: Mapping[str, Callable[[], Reply]] = {
            "start": self.pages.start,
            "briefing": lambda: self.pages.briefing(newest),
            "sources": lambda: self.pages.sources(newest),
            "about": self.pages.about,
            "privacy": lambda: self.pages.privacy(None),
            "help": lambda: self.pages.help(COMMANDS, terminal=True),
        }
        if name == "quit":
            self.open = False
        elif name in pages:
            self.print(pages[name]())
        elif name == "who" and argument:
            outcome = who(self.pages.library, argument[: self.longest])
            reply = self.pages.replies.outcome(outcome, shown=self.shown)
            self._learn(outcome, argument[: self.longest])
            self.print(reply)
        elif name == "who":
            self.line(say("notice.who"))
        elif name == "ask" and argument:
            self._ask(argument)
        elif name == "ask":
            self.line(say("notice.ask"))
        elif name == "mydata":
            self.line(say("terminal.mydata"), say("terminal.memory"))
        elif name == "forget":
            self.asked, self.shown = [], set()
            self.line(say("terminal.forgotten"), say("terminal.mydata"))
        elif name in IN_TELEGRAM:
            self.line(say("terminal.telegram_only"))
        else:
            self.line(say("notice.unknown_command"))


def _plain(block: Block) -> tuple[str, ...]:
    """The lines of *block*, indented where they belong to what stands above."""
    match block:
        case Title() | Text() | Note():
            return tuple(block.text.split("\n"))
        case Link():
            return (block.label, _INDENT + block.url)
        case Quote():
            place = _BETWEEN.join(filter(None, [block.place.label, block.publisher]))
            return tuple(_INDENT + line for line in (block.text, place, block.place.url) if line)
        case Point():
            lines = [f"• {block.text}", *([_INDENT + block.note] if block.note else [])]
            places = _BETWEEN.join(place.label for place in block.places)
            return (*lines, *([_INDENT + places] if places else []))
        case _ as never:
            assert_never(never)
