"""Every sentence that the shell says, by key, out of locales/<language>.yaml.

Texts are plain: no markup, `{name}` for a value. Which sentence fits is for others to decide.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import flat

LOCALES = Path(__file__).parent / "locales"

_FSI, _PDI = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_COUNT = "count"
_FORMS = ("zero", "one", "two", "few", "many", "other")
_FIELD = re.compile(r"[a-z_]+")


def _arabic(n: int) -> str:
    if n in (0, 1, 2):
        return _FORMS[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 >= 11 else "other"


_PLURALS: Mapping[str, tuple[tuple[str, ...], Callable[[int], str]]] = {
    "en": (("one", "other"), lambda n: "one" if n == 1 else "other"),
    "fr": (("one", "other"), lambda n: "one" if n in (0, 1) else "other"),
    "ar": (_FORMS, _arabic),
}
"""The plural forms of a language and which a whole number takes (Unicode CLDR, cardinals)."""


class TextsError(Exception):
    """A locale that cannot be used: every problem, by file and line. The translator's doing."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language. `templates` holds them by key, plural forms apart."""

    language: str
    templates: Mapping[str, str]

    @property
    def keys(self) -> frozenset[str]:
        """What `say` knows; a sentence with plural forms counts once, by its key without form."""
        return frozenset(_family(key) for key in self.templates)

    def fields(self, key: str) -> frozenset[str]:
        """The names of the values that `say` wants for *key*; KeyError if it is unknown."""
        if key in self.templates:
            return _fields(self.templates[key])
        forms = [text for name, text in self.templates.items() if _family(name) == key]
        if not forms:
            raise KeyError(key)
        return frozenset({_COUNT}).union(*map(_fields, forms))

    def say(self, key: str, /, **values: object) -> str:
        """The sentence *key* with its values; plain text.

        KeyError for an unknown key, ValueError for a missing or surplus value: our own doing.
        A whole number `count` chooses the plural form. A value whose script runs the other way
        is isolated, so that it cannot turn its surroundings round.
        """
        wanted = self.fields(key)
        if wanted != values.keys():
            raise ValueError(f"{key} wants {sorted(wanted)}, not {sorted(values)}")
        template = self.templates.get(key)
        if template is None:
            count = values[_COUNT]
            if not isinstance(count, int):
                raise ValueError(f"{key}: count must be a whole number")
            template = self.templates[f"{key}.{_plural(self.language)[1](count)}"]
        return template.format_map({name: self._isolated(v) for name, v in values.items()})

    def line(self, command: str) -> str:
        """The line that /help and the command menu show for *command*, without its slash."""
        return self.say(f"command.{command}")

    def field(self, name: str) -> str:
        """What readers call the field *name* of a briefing's front matter."""
        return self.say(f"field.{name}")

    def _isolated(self, value: object) -> str:
        text = str(value)
        other_way = ("L",) if self.language in _RIGHT_TO_LEFT else ("R", "AL")
        if any(unicodedata.bidirectional(character) in other_way for character in text):
            return f"{_FSI}{text}{_PDI}"
        return text


def path_of(language: str) -> Path:
    """The file of *language*; it may not exist."""
    return LOCALES / f"{language}.yaml"


def load(path: Path) -> Texts:
    """The texts in *path*, whose name is the language; TextsError with all that is wrong."""
    try:
        entries, broken = flat.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TextsError([f"{path}: cannot be read: {type(error).__name__}"]) from error
    texts = Texts(path.stem, {entry.key: entry.value for entry in entries})
    problems = [f"{path}:{problem.line}: {problem.message}" for problem in broken]
    for entry in entries:
        problems += [f"{path}:{entry.line}: {entry.key}: {fault}" for fault in _faults(entry.value)]
    problems += [f"{path}: {fault}" for fault in _missing_forms(texts)]
    if problems:
        raise TextsError(problems)
    return texts


def _faults(template: str) -> Iterator[str]:
    if not template.strip():
        yield "has no text"
    if re.search(r"<[a-z/]|&[a-z#0-9]+;", template, re.IGNORECASE):
        yield "holds markup: texts are plain"
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        yield f"braces do not match: {error}"
        return
    for _, name, form, conversion in parts:
        if name is not None and (form or conversion or not _FIELD.fullmatch(name)):
            yield f"{{{name}}} is no placeholder: write a name in small letters"


def _missing_forms(texts: Texts) -> Iterator[str]:
    forms, _ = _plural(texts.language)
    families = {key for key in texts.keys if key not in texts.templates}
    for family in sorted(families):
        has = {form for form in _FORMS if f"{family}.{form}" in texts.templates}
        if has != set(forms):
            yield f"{family}: {texts.language} wants the plural forms {', '.join(forms)}"


def _plural(language: str) -> tuple[tuple[str, ...], Callable[[int], str]]:
    return _PLURALS.get(language, _PLURALS["en"])


def _family(key: str) -> str:
    stem, _, form = key.rpartition(".")
    return stem if stem and form in _FORMS else key


def _fields(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)
