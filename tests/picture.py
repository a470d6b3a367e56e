"""A conversation with the real bot, drawn as a chat: `python -m tests.picture FILE`.

The bot runs in this process against the fake Bot API and sends what it would send to anyone; here
its messages are played, wrapped and drawn. The same messages give the same drawing, byte for byte.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bot import app
from bot.config import Secret, parse
from bot.work import Pace
from knowledge import ContentError, Library, load_library
from knowledge.__main__ import encoder
from tests.fake_telegram import FakeTelegram, Message

QUESTIONS = (
    "Who claimed the attack?",
    "who was the killed commander, what's he called?",
    "Do Mismari and Amaq agree on the toll?",
)
"""An answer, a near miss, and a point on which the sources do not agree."""

WIDTH = 720
_MARGIN = 18
_BOT = 640
_PAD = 14
_LINE = 21
_BLANK = 10
_SMALL_LINE = 19
_SIZE = 15.0
_QUOTE_SIZE = 13.5
_BUTTON = 29
_FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"

_INK = "#1c1e21"
_ACCENT = "#2f7fc1"
_STYLE = f"""\
text {{ font-family: {_FONT}; font-size: {_SIZE}px; fill: {_INK}; }}
.quote {{ font-size: {_QUOTE_SIZE}px; }}
.bold {{ font-weight: 600; }}
.italic {{ font-style: italic; fill: #65707a; }}
.link {{ fill: {_ACCENT}; }}
.mark {{ font-size: 26px; font-weight: 700; fill: {_ACCENT}; }}
.button {{ font-size: 13.5px; fill: #2a5d86; text-anchor: middle; }}
.name {{ font-weight: 600; }}
.small {{ font-size: 12.5px; fill: #7b8794; }}"""

_WIDTHS = {
    "ijl’‘'|": 0.23,
    " ftI![]\\/.,:;": 0.28,
    "()-r`“”·•": 0.34,
    "cksvxyzJ": 0.5,
    "FTZ+=<>~": 0.61,
    "ABEKPSVXY&": 0.67,
    "CDHNRUw": 0.73,
    "GOQ": 0.78,
    "mM%": 0.86,
    "W@…": 1.0,
}
"""Widths of characters in sizes, after Helvetica; what is not here is as wide as a figure."""
_WIDE = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_FIGURE = 0.56
_SPARE = 1.06
"""What a wider font than Helvetica may need more."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of text is shown; `link` is its address, or empty."""

    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look."""

    text: str
    look: Look


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that stand together: of one quote, or of none."""

    quoted: bool
    lines: tuple[Line, ...]

    @property
    def height(self) -> int:
        """Units from its top to the next passage."""
        if self.quoted:
            return len(self.lines) * _SMALL_LINE + 16
        return sum(_LINE if line else _BLANK for line in self.lines) + 2


def shipped() -> Library:
    """The library as readers meet it; ContentError where it is broken.

    Its vectors are those of the command line, so that a first run works them out but once.
    """
    return load_library(parse("", Path("config.yaml"), {}).briefings_dir, encoder())


async def play(library: Library, questions: Sequence[str] = QUESTIONS) -> list[Message]:
    """The answers of a running bot to *questions*, each asked when the last was answered."""
    with tempfile.TemporaryDirectory() as folder:
        async with FakeTelegram() as fake:
            config = replace(
                parse("", Path("config.yaml"), {}),
                token=Secret(fake.token),
                api_url=fake.url,
                data_dir=Path(folder),
            )
            pace = Pace(chats_at_once=1, between=0.02, leave=2.0)
            bot = app.build(config, library=library, timing=app.Timing(pace=pace))
            running = asyncio.create_task(bot.run())
            reader = fake.user()
            try:
                return [await reader.ask(question, timeout=20) for question in questions]
            finally:
                bot.stop()
                await running


def draw(questions: Sequence[str], answers: Sequence[Message]) -> str:
    """The conversation as SVG."""
    sheet = _Sheet()
    for question, answer in zip(questions, answers, strict=True):
        sheet.asked(question)
        sheet.answered(passages(answer), answer.data["reply_markup"]["inline_keyboard"])
    return sheet.svg("A conversation with Briefing Bot in Telegram")


def passages(message: Message) -> list[Passage]:
    """The text of *message*, wrapped to a bubble, its quotes apart."""
    found = []
    for quoted, looks in itertools.groupby(_looks(message), key=lambda part: part[2]):
        width = _BOT - 2 * _PAD - (34 if quoted is not None else 0)
        size = _QUOTE_SIZE if quoted is not None else _SIZE
        text = [(letter, look) for letter, look, _ in looks]
        if text and text[0][0] == "\n":
            del text[0]
        if text and text[-1][0] == "\n":
            del text[-1]
        if text:
            found.append(Passage(quoted is not None, tuple(_lines(text, width, size))))
    return found


def _looks(message: Message) -> Iterator[tuple[str, Look, int | None]]:
    """Each character with its look and the number of the quote it stands in."""
    at = 0
    for letter in message.text:
        over = [e for e in message.entities if e["offset"] <= at < e["offset"] + e["length"]]
        kinds = {entity["type"] for entity in over}
        quotes = [n for n, e in enumerate(message.entities) if e in over and _is_quote(e)]
        links = [entity["url"] for entity in over if entity["type"] == "text_link"]
        look = Look("bold" in kinds, "italic" in kinds, links[0] if links else "")
        yield letter, look, quotes[0] if quotes else None
        at += len(letter.encode("utf-16-le")) // 2


def _is_quote(entity: dict[str, Any]) -> bool:
    return entity["type"] in ("blockquote", "expandable_blockquote")


def _lines(text: Iterable[tuple[str, Look]], width: float, size: float) -> Iterator[Line]:
    """*text* in lines of at most *width*, broken at its own line breaks and between words."""
    for broken, letters in itertools.groupby(text, key=lambda part: part[0] == "\n"):
        if broken:
            yield from [()] * (len(list(letters)) - 1)
            continue
        line: list[tuple[str, Look]] = []
        for word in _words(letters):
            if line and measure([*line, *word], size) > width:
                yield _runs(line)
                line = [] if word[0][0] != " " else word[1:]
                line = line or list(word)
            else:
                line += word
        yield _runs(line)


def _words(letters: Iterable[tuple[str, Look]]) -> Iterator[list[tuple[str, Look]]]:
    """The words of *letters*, each with the space before it."""
    word: list[tuple[str, Look]] = []
    for letter, look in letters:
        if letter == " " and word:
            yield word
            word = []
        word.append((letter, look))
    yield word


def measure(letters: Iterable[tuple[str, Look]] | str, size: float) -> float:
    """About the most units that *letters* take, whatever font the viewer has."""
    return _SPARE * size * sum(_WIDE.get(letter[0], _FIGURE) for letter in letters)


def _runs(line: Iterable[tuple[str, Look]]) -> Line:
    runs = itertools.groupby(line, key=lambda part: part[1])
    return tuple(Run("".join(letter for letter, _ in letters), look) for look, letters in runs)


@dataclass
class _Sheet:
    """What was drawn so far, from the top down; `y` is where the next thing goes."""

    y: int = 76
    parts: list[str] = field(default_factory=list)

    def asked(self, text: str) -> None:
        """Nothing; a question stands at the right."""
        lines = list(_lines([(letter, Look()) for letter in text], 500, _SIZE))
        widest = max(measure("".join(run.text for run in line), _SIZE) for line in lines)
        width = round(widest) + 2 * _PAD
        left, height = WIDTH - _MARGIN - width, len(lines) * _LINE + 16
        self._box(left, self.y, width, height, "#e2f7cf", 14)
        for number, line in enumerate(lines):
            self._text(left + _PAD, self.y + 23 + number * _LINE, line)
        self.y += height + 10

    def answered(self, passages: Sequence[Passage], rows: Sequence[Sequence[Any]]) -> None:
        """Nothing; an answer stands at the left, its buttons below."""
        height = sum(passage.height for passage in passages) + 20
        self._box(_MARGIN, self.y, _BOT, height, "#ffffff", 14)
        y = self.y + 8
        for passage in passages:
            self._passage(passage, y)
            y += passage.height
        self.y += height + 4
        for row in rows:
            width = (_BOT - 4 * (len(row) - 1)) / len(row)
            for at, button in enumerate(row):
                self._button(_MARGIN + at * (width + 4), width, button["text"])
            self.y += _BUTTON + 4
        self.y += 14

    def _passage(self, passage: Passage, y: int) -> None:
        left = _MARGIN + _PAD
        if not passage.quoted:
            for line in passage.lines:
                self._text(left, y + 16, line)
                y += _LINE if line else _BLANK
            return
        width, height = _BOT - 2 * _PAD, passage.height - 6
        self._box(left, y + 4, width, height, "#eaf3fa", 5)
        self._box(left, y + 4, 4, height, _ACCENT, 2)
        self.parts.append(f'<text class="mark" x="{left + width - 20}" y="{y + 29}">”</text>')
        for number, line in enumerate(passage.lines):
            self._text(left + 13, y + 21 + number * _SMALL_LINE, line, "quote")

    def _button(self, left: float, width: float, label: str) -> None:
        self._box(left, self.y, width, _BUTTON, "#c9dbe8", 8)
        x, y = left + width / 2, self.y + 19
        self.parts.append(f'<text class="button" x="{x:g}" y="{y}">{escape(label)}</text>')

    def _box(self, x: float, y: int, width: float, height: int, fill: str, radius: int) -> None:
        size = f'x="{x:g}" y="{y}" width="{width:g}" height="{height}"'
        self.parts.append(f'<rect {size} rx="{radius}" fill="{fill}"/>')

    def _text(self, x: int, y: int, line: Line, style: str = "") -> None:
        if line:
            named = f' class="{style}"' if style else ""
            inner = "".join(map(_span, line))
            self.parts.append(f'<text{named} x="{x}" y="{y}">{inner}</text>')

    def svg(self, title: str) -> str:
        """The whole drawing."""
        height = self.y
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
            f' viewBox="0 0 {WIDTH} {height}" role="img" aria-label={quoteattr(title)}>',
            f"<title>{escape(title)}</title>",
            f"<style>\n{_STYLE}\n</style>",
            f'<rect width="{WIDTH}" height="{height}" rx="12" fill="#dde7ee"/>',
            f'<path d="M0 58V12a12 12 0 0 1 12-12H{WIDTH - 12}a12 12 0 0 1 12 12v46z"'
            ' fill="#ffffff"/>',
            f'<circle cx="{_MARGIN + 19}" cy="29" r="19" fill="{_ACCENT}"/>',
            f'<path d="M{_MARGIN + 11} 22h16M{_MARGIN + 11} 29h16M{_MARGIN + 11} 36h10"'
            ' stroke="#ffffff" stroke-width="2.5" stroke-linecap="round"/>',
            f'<text class="name" x="{_MARGIN + 50}" y="26">Briefing Bot</text>',
            f'<text class="small" x="{_MARGIN + 50}" y="44">bot</text>',
        ]
        return "\n".join([*head, *self.parts, "</svg>", ""])


def _span(run: Run) -> str:
    look = run.look
    styles = [name for name in ("bold", "italic") if getattr(look, name)]
    styles += ["link"] if look.link else []
    text = escape(run.text)
    if styles:
        text = f'<tspan class="{" ".join(styles)}">{text}</tspan>'
    return f"<a href={quoteattr(look.link)}>{text}</a>" if look.link else text


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 drawn, 1 broken content, 2 without the name of a file."""
    if len(arguments) != 1:
        print("usage: python -m tests.picture FILE.svg", file=sys.stderr)
        return 2
    try:
        library = shipped()
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    answers = asyncio.run(play(library))
    Path(arguments[0]).write_text(draw(QUESTIONS, answers), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
