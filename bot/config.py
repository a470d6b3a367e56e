"""Settings: one table of options, read once from config.yaml and the environment, then frozen.

Nothing here opens what a setting points to, but the token's file. The token is in no message.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import flat
from bot.option import (
    LIKE_TOKEN,
    Option,
    address,
    count,
    folder,
    ids,
    lower,
    some_path,
    time_of_day,
    upper,
    yes,
)

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder; defaults of paths are relative to it, written paths to their file."""

_LOCALES = Path(__file__).parent / "locales"
_MAX_TOKEN_FILE = 4096
_WITHOUT = "without the line token_file, `make run` is the conversation in the terminal"
"""What to do for who has no token yet."""
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{30,}")
"""BotFather gives 8 to 10 digits, a colon and 35 characters; a little less passes as well."""
_TOKEN_KEYS = frozenset({"token", "bottoken", "telegramtoken", "apitoken", "secret"})


class ConfigError(Exception):
    """Settings that cannot be used, by the operator's doing; `problems` are one line each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(_masked(problem) for problem in problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that shows itself only when asked to."""

    _value: str

    def __repr__(self) -> str:
        return "Secret(...)"

    def __str__(self) -> str:
        return repr(self)

    def reveal(self) -> str:
        """The text itself: for the call that needs it, never for a log."""
        return self._value


def _languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _LOCALES.glob("*.yaml")))


TOKEN_FILE = Option(
    name="token_file", parse=some_path, default="", unit="path",
    help="File that holds the bot's token and nothing else, and that not everybody can read.\n"
    "BOT_TOKEN in the environment comes first. The token itself is never written into this file.",
)  # fmt: skip

OPTIONS: tuple[Option, ...] = (
    TOKEN_FILE,
    Option(
        name="api_url", parse=address, default="https://api.telegram.org", unit="address",
        help="Where the Bot API is: Telegram's, or a server of your own. BOT_API_URL in the\n"
        "environment comes first.",
    ),
    Option(
        name="briefings_dir", parse=folder, default="knowledge/briefings", unit="path",
        help="Folder of the briefings, one folder each.",
    ),
    Option(
        name="data_dir", parse=some_path, default="data", unit="path",
        help="Folder for what the bot keeps. Made when it is missing.",
    ),
    Option(
        name="log_level", parse=upper, default="INFO", unit="word",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        help="The least that is logged. No level logs the token or what readers write.",
    ),
    Option(
        name="language", parse=lower, default="en", unit="language", choices=_languages(),
        help="Language of the bot's own sentences: the name of a file in bot/locales.",
    ),
    count("chats_at_once", 24, 1, 32, "chats", "How many chats are served side by side."),
    count("memory_chats", 10_000, 1, 1_000_000, "chats",
         "How many chats the short memory holds; the one quiet for longest goes first."),
    count("memory_minutes", 60, 1, 1440, "minutes",
         "How long the short memory of a chat lasts: its last questions, for follow-ups."),
    count("questions_per_window", 10, 1, 1000, "questions",
         "How many questions one sender may ask within the window before a pause."),
    count("window_seconds", 30, 1, 3600, "seconds", "How long that window is."),
    count("late_after_minutes", 10, 1, 1440, "minutes",
         "From which age on a question is answered with an apology for the delay."),
    count("longest_question", 1000, 50, 4096, "characters",
         "How much of a question is read; the rest is cut, and the answer says so."),
    Option(
        name="admins", parse=ids, default="", empty=(), unit="ids",
        help="Who may run the push, by numeric ids of people, separated by commas. They are told\n"
        "what goes wrong. The first one gets each briefing that goes to more than 1,000 chats\n"
        "before all others; with no admin such a briefing is held.",
    ),
    count("sends_per_second", 30, 1, 1000, "messages",
         "How many messages are sent in any second, answers included. Telegram allows 30."),
    Option(
        name="default_hour", parse=time_of_day, default="08:00", unit="local time",
        help="The hour that is offered first to who subscribes.",
    ),
    Option(
        name="quiet_from", parse=time_of_day, default="22:00", unit="local time",
        help="From then on late briefings and corrections wait. Who chose a quiet hour gets the\n"
        "briefing at that hour.",
    ),
    Option(
        name="quiet_to", parse=time_of_day, default="06:30", unit="local time",
        help="Until then. The same time as quiet_from: nothing waits.",
    ),
    Option(
        name="quiet_line", parse=yes, default="no", unit="yes or no",
        help="Whether a line is sent on a day without a new briefing.",
    ),
)  # fmt: skip
"""Every option of config.yaml, in the order of the example file."""
_NAMES = tuple(option.name for option in OPTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings, complete and checked; units as in OPTIONS. No token: None."""

    token: Secret | None
    api_url: str
    briefings_dir: Path
    data_dir: Path
    log_level: str
    language: str
    chats_at_once: int
    memory_chats: int
    memory_minutes: int
    questions_per_window: int
    window_seconds: int
    late_after_minutes: int
    longest_question: int
    admins: tuple[int, ...]
    sends_per_second: int
    default_hour: dt.time
    quiet_from: dt.time
    quiet_to: dt.time
    quiet_line: bool

    @property
    def vectors_dir(self) -> Path:
        """Folder for the vectors of what editors wrote; it may be deleted, and is made anew."""
        return self.data_dir / "vectors"


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The settings in *path*; without one, those in ./config.yaml if it is there.

    ConfigError, with every problem, if a file or a variable cannot be used.
    """
    if path is None:
        path = Path("config.yaml")
        if not path.exists():
            return parse("", path, environ)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError([f"{path}:1: not UTF-8: save the file as UTF-8"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from None
    return parse(text, path, environ)


def parse(text: str, path: Path, environ: Mapping[str, str]) -> Config:
    """The settings in *text*, which stands in the file *path*; ConfigError as for `load`."""
    entries, broken = flat.read(text)
    problems = [f"{path}:{problem.line}: {problem.message}" for problem in broken]
    written = {entry.key: entry for entry in entries}
    unknown = [entry for entry in entries if entry.key not in _NAMES]
    problems += [f"{path}:{entry.line}: {_unknown(entry.key)}" for entry in unknown]
    values: dict[str, Any] = {}
    for option in OPTIONS:
        found, where, base = option.default, option.name, ROOT
        if option.name in written:
            entry = written[option.name]
            found, where, base = entry.value, f"{path}:{entry.line}: {option.name}", path.parent
        if option.name == "api_url" and environ.get("BOT_API_URL", "").strip():
            found, where = environ["BOT_API_URL"], "BOT_API_URL"
        try:
            values[option.name] = option.read(found, base)
        except ValueError as error:
            problems.append(f"{where}: {error}")
    try:
        token = _token(environ, values.pop(TOKEN_FILE.name, None))
    except ValueError as error:
        problems.append(str(error))
    if problems:
        raise ConfigError(problems)
    return Config(token=token, **values)


def example() -> str:
    """The text of config.example.yaml: every option, commented out at its default."""
    parts = [
        "# Settings of Briefing Bot. Copy this file to config.yaml and change what you need.\n"
        "# Every option may be left out; each stands here at its default. Paths are relative to\n"
        "# the file they stand in.\n"
        "# The token is no option: set BOT_TOKEN in the environment, or name a file below.\n"
    ]
    for option in OPTIONS:
        notes = [option.unit, *([option.range] if option.range else [])]
        notes.append(f"default {option.default or 'none'}")
        lines = [*option.help.split("\n"), f"({'; '.join(notes)})"]
        comment = "\n".join(f"# {line}" for line in lines)
        parts.append(f"{comment}\n# {option.name}: {option.default}".rstrip() + "\n")
    return "\n".join(parts)


def _unknown(key: str) -> str:
    if re.sub(r"[^a-z]", "", key.lower()) in _TOKEN_KEYS:
        return "the token does not belong here: set BOT_TOKEN, or name its file with token_file"
    [nearest] = difflib.get_close_matches(key, _NAMES, n=1, cutoff=0)
    return f"unknown option {key!r}: did you mean {nearest!r}?"


def _token(environ: Mapping[str, str], file: Path | None) -> Secret | None:
    """The token; None if neither place names one. ValueError if what is there is no token."""
    token, where, instead = environ.get("BOT_TOKEN", "").strip(), "BOT_TOKEN", ""
    if not token:
        if file is None:
            return None
        where = f"token_file {file}"
        try:
            with file.open("rb") as opened:
                mode = os.fstat(opened.fileno()).st_mode
                token = opened.read(_MAX_TOKEN_FILE).decode("utf-8-sig").strip()
        except OSError as error:
            raise ValueError(f"{where}: cannot be read: {error.strerror}; {_WITHOUT}") from None
        except ValueError:  # not UTF-8, or a path that cannot be one
            token, mode = "", 0
        if mode & stat.S_IROTH:
            raise ValueError(f"{where}: anybody on this machine can read it: chmod 600 {file}")
        instead = f"; {_WITHOUT}"
    if not _TOKEN.fullmatch(token):
        wanted = "digits, a colon and 35 characters, as @BotFather gave it"
        raise ValueError(f"{where}: holds no bot token: {wanted}{instead}")
    return Secret(token)


def _masked(text: str) -> str:
    return LIKE_TOKEN.sub("<token>", text)
