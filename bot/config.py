"""Settings: one table of options, read once from config.yaml and the environment, then frozen.

Nothing here opens what a setting points to, but the token's file. The token is in no message.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot import flat

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder; defaults of paths are relative to it, written paths to their file."""

_LOCALES = Path(__file__).parent / "locales"
_MAX_TOKEN_FILE = 4096
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{30,}")
"""BotFather gives 8 to 10 digits, a colon and 35 characters; a little less passes as well."""
_LIKE_TOKEN = re.compile(r"\d{3,}(?::|%3A)[A-Za-z0-9_-]{8,}", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One setting of config.yaml. `low` and `high` are inclusive; `choices` may be empty.

    `parse` turns the written text into a value, or raises ValueError with what to write instead.
    `empty` is the value of an option without a default that is left out.
    """

    name: str
    parse: Callable[[str, Path], Any]
    default: str
    unit: str
    help: str
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    empty: Any = None

    @property
    def range(self) -> str:
        """What may be written, for a reader: `1 to 32`, `one of: a, b`; empty if anything."""
        if self.choices:
            return f"one of: {', '.join(self.choices)}"
        return f"{self.low} to {self.high}" if self.low is not None else ""

    def read(self, text: str, base: Path) -> Any:
        """The value that *text* stands for; ValueError where it stands for none."""
        if not text.strip():
            if not self.default:
                return self.empty
            raise ValueError("write a value, or take the line out")
        value = self.parse(text.strip(), base)
        if self.low is not None and self.high is not None and not self.low <= value <= self.high:
            raise ValueError(f"must be {self.range} {self.unit}, not {value}")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be {self.range}, not {value!r}")
        return value


def _whole(text: str, base: Path) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+(_[0-9]+)*", text) or len(text) > 18:
        raise ValueError(f"must be a whole number, not {text!r}")
    return int(text)


def _ids(text: str, base: Path) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"[1-9][0-9]{0,17}", part) for part in parts):
        raise ValueError("must be numeric ids of people, separated by commas")
    return tuple(dict.fromkeys(int(part) for part in parts))


def _time(text: str, base: Path) -> dt.time:
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    if not found:
        raise ValueError(f"must be a time of day such as 08:00, not {text!r}")
    return dt.time(int(found[1]), int(found[2]))


def _yes(text: str, base: Path) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ValueError(f"must be yes or no, not {text!r}")
    return text.lower() == "yes"


def _lower(text: str, base: Path) -> str:
    return text.lower()


def _upper(text: str, base: Path) -> str:
    return text.upper()


def _path(text: str, base: Path) -> Path:
    try:
        return base / Path(text).expanduser()
    except RuntimeError:
        raise ValueError("names the home of a user who is not known") from None


def _folder(text: str, base: Path) -> Path:
    path = _path(text, base)
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}")
    return path


def _url(text: str, base: Path) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port out of range, half an IPv6 address
        good = False
    if not good or not text.isascii() or re.search(r"[\s\\@?#]", text):
        raise ValueError("must be an address such as https://api.telegram.org, http or https")
    if _LIKE_TOKEN.search(text):
        raise ValueError("must not hold the token: end it after the host or its path")
    return text.rstrip("/")


def _int(name: str, default: int, low: int, high: int, unit: str, help_: str) -> Option:
    return Option(
        name=name, parse=_whole, default=str(default), unit=unit, low=low, high=high, help=help_
    )


def _languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _LOCALES.glob("*.yaml")))


TOKEN_FILE = Option(
    name="token_file", parse=_path, default="", unit="path",
    help="File that holds the bot's token and nothing else. BOT_TOKEN in the environment comes\n"
    "first. The token itself is never written into this file.",
)  # fmt: skip

OPTIONS: tuple[Option, ...] = (
    TOKEN_FILE,
    Option(
        name="api_url", parse=_url, default="https://api.telegram.org", unit="address",
        help="Where the Bot API is: Telegram's, or a server of your own. BOT_API_URL in the\n"
        "environment comes first.",
    ),
    Option(
        name="briefings_dir", parse=_folder, default="knowledge/briefings", unit="path",
        help="Folder of the briefings, one folder each.",
    ),
    Option(
        name="data_dir", parse=_path, default="data", unit="path",
        help="Folder for what the bot keeps. Made when it is missing.",
    ),
    Option(
        name="log_level", parse=_upper, default="INFO", unit="word",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        help="The least that is logged. No level logs the token or what readers write.",
    ),
    Option(
        name="language", parse=_lower, default="en", unit="language", choices=_languages(),
        help="Language of the bot's own sentences: the name of a file in bot/locales.",
    ),
    _int("chats_at_once", 24, 1, 32, "chats", "How many chats are served side by side."),
    _int("memory_chats", 10_000, 1, 1_000_000, "chats",
         "How many chats the short memory holds; the one quiet for longest goes first."),
    _int("memory_minutes", 60, 1, 1440, "minutes",
         "How long the short memory of a chat lasts: its last questions, for follow-ups."),
    _int("questions_per_window", 10, 1, 1000, "questions",
         "How many questions one sender may ask within the window before a pause."),
    _int("window_seconds", 30, 1, 3600, "seconds", "How long that window is."),
    _int("late_after_minutes", 10, 1, 1440, "minutes",
         "From which age on a question is answered with an apology for the delay."),
    _int("longest_question", 1000, 50, 4096, "characters",
         "How much of a question is read; the rest is cut, and the answer says so."),
    Option(
        name="admins", parse=_ids, default="", empty=(), unit="ids",
        help="Who may run the push, by numeric ids of people, separated by commas. They are told\n"
        "what goes wrong. The first one gets each briefing that goes to more than 1,000 chats\n"
        "before all others; with no admin such a briefing is held.",
    ),
    _int("sends_per_second", 30, 1, 1000, "messages",
         "How many messages are sent in any second, answers included. Telegram allows 30."),
    Option(
        name="default_hour", parse=_time, default="08:00", unit="local time",
        help="The hour that is offered first to who subscribes.",
    ),
    Option(
        name="quiet_from", parse=_time, default="22:00", unit="local time",
        help="From then on late briefings and corrections wait. Who chose a quiet hour gets the\n"
        "briefing at that hour.",
    ),
    Option(
        name="quiet_to", parse=_time, default="06:30", unit="local time",
        help="Until then. The same time as quiet_from: nothing waits.",
    ),
    Option(
        name="quiet_line", parse=_yes, default="no", unit="yes or no",
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
    token, where = environ.get("BOT_TOKEN", "").strip(), "BOT_TOKEN"
    if not token:
        if file is None:
            return None
        where = f"token_file {file}"
        try:
            with file.open("rb") as opened:
                token = opened.read(_MAX_TOKEN_FILE).decode("utf-8-sig").strip()
        except OSError as error:
            raise ValueError(f"{where}: cannot be read: {error.strerror}") from None
        except ValueError:  # not UTF-8, or a path that cannot be one
            token = ""
    if not _TOKEN.fullmatch(token):
        raise ValueError(
            f"{where}: holds no bot token: digits, a colon and 35 characters, as @BotFather gave it"
        )
    return Secret(token)


def _masked(text: str) -> str:
    return _LIKE_TOKEN.sub("<token>", text)
