"""Sentences: whole, the same in every language, all of them used, and none in the code."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import terminal, texts
from bot.commands import COMMANDS
from bot.texts import Texts, TextsError
from knowledge.model import FrontMatter

BOT = Path(texts.__file__).parent
LOCALES = sorted(texts.LOCALES.glob("*.yaml"))
ENGLISH = texts.load(texts.path_of("en"))
SAYERS = ("say", "notice", "tell")
"""Functions that take a key; within those of these names it may be handed on."""


def test_there_is_a_locale() -> None:
    assert texts.path_of("en") in LOCALES


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_every_language_says_the_same_with_the_same_values(path: Path) -> None:
    other = texts.load(path)
    assert other.keys == ENGLISH.keys
    assert {key: other.fields(key) for key in other.keys} == {
        key: ENGLISH.fields(key) for key in ENGLISH.keys
    }


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_every_sentence_can_be_said_and_is_plain(path: Path) -> None:
    loaded = texts.load(path)
    for key in loaded.keys:
        for count in (0, 1, 2, 3, 11, 100):
            values = dict.fromkeys(loaded.fields(key) - {"count"}, "x")
            if "count" in loaded.fields(key):
                said = loaded.say(key, count=count, **values)
            else:
                said = loaded.say(key, **values)
            assert said.strip()
            assert "{" not in said
            assert "  " not in said


def test_what_a_tap_shows_over_the_chat_fits() -> None:
    """A note over the chat takes 200 characters (Bot API, answerCallbackQuery)."""
    assert all(len(texts.load(path).say("notice.out_of_date")) <= 200 for path in LOCALES)


def test_the_lines_of_commands_fit_the_menu() -> None:
    """A command's description has 1 to 256 characters (Bot API, BotCommand)."""
    for path in LOCALES:
        loaded = texts.load(path)
        assert all(len(loaded.line(name)) <= 256 for name in commands_in(loaded))


# The keys and the code


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(BOT.glob("**/*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def keys_in_code() -> tuple[set[str], list[str]]:
    """The literal keys that say() and notice() are given, and where a key is not literal."""
    keys: set[str] = set()
    others: list[str] = []
    for path, tree in trees():
        tables = tables_in(tree)
        allowed = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            and function.name in (*SAYERS, "line", "field")
            for node in ast.walk(function)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in SAYERS:
                found = set[str]().union(*(_literals(value, tables) for value in node.args))
                keys |= found
                if not found and id(node) not in allowed:
                    others.append(f"{path.name}:{node.lineno}")
    return keys, others


def tables_in(tree: ast.Module) -> dict[str, set[str]]:
    """The values of a module's literal tables of texts, by the table's name."""
    tables = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            found = [_literals(value, {}) for value in node.value.values]
            if all(found) and isinstance(node.targets[0], ast.Name):
                tables[node.targets[0].id] = set[str]().union(*found)
    return tables


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _literals(node: ast.expr, tables: dict[str, set[str]]) -> set[str]:
    """The texts that *node* can be: a literal, a choice of two, an entry of a literal table."""
    match node:
        case ast.Constant(value=str() as text):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            found = (_literals(body, tables), _literals(orelse, tables))
            return found[0] | found[1] if all(found) else set()
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=table), attr="get"), args=[_, fallback]
        ) if table in tables:
            return tables[table] | _literals(fallback, tables)
        case ast.Subscript(value=ast.Name(id=table)):
            return tables.get(table, set())
    return set()


def commands_in(loaded: Texts) -> set[str]:
    return {key.partition(".")[2] for key in loaded.keys if key.startswith("command.")}


def test_keys_in_code_are_literal() -> None:
    assert keys_in_code()[1] == []


def test_every_key_in_code_exists() -> None:
    assert keys_in_code()[0] - ENGLISH.keys == set()


def test_every_key_is_used() -> None:
    indirect = ("command.", "field.")  # said by line() and field()
    unused = ENGLISH.keys - keys_in_code()[0]
    assert {key for key in unused if not key.startswith(indirect)} == set()


def test_every_line_of_a_command_belongs_to_one() -> None:
    assert commands_in(ENGLISH) == {*COMMANDS, *terminal.COMMANDS}


def test_every_field_of_the_front_matter_has_its_name() -> None:
    names = {field.name for field in dataclasses.fields(FrontMatter)}
    assert {key.partition(".")[2] for key in ENGLISH.keys if key.startswith("field.")} == names


# Saying


def test_a_missing_or_surplus_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="wants"):
        ENGLISH.say("answer.as_of")
    with pytest.raises(ValueError, match="wants"):
        ENGLISH.say("answer.year", date="x")
    with pytest.raises(ValueError, match="whole number"):
        ENGLISH.say("notice.cut", count="many")
    with pytest.raises(KeyError):
        ENGLISH.say("no.such.key")
    with pytest.raises(KeyError):
        ENGLISH.line("nosuchcommand")


@pytest.mark.parametrize(
    ("language", "forms", "counts"),
    [
        ("en", ("one", "other"), {"other": (0, 2, 11, 21), "one": (1,)}),
        ("fr", ("one", "other"), {"one": (0, 1), "other": (2, 11)}),
        (
            "ar",
            ("zero", "one", "two", "few", "many", "other"),
            {
                "zero": (0,),
                "one": (1,),
                "two": (2,),
                "few": (3, 10, 103),
                "many": (11, 99, 111),
                "other": (100, 102, 201),
            },
        ),
    ],
)
def test_plural_forms_follow_the_language(
    language: str, forms: tuple[str, ...], counts: dict[str, tuple[int, ...]], tmp_path: Path
) -> None:
    path = tmp_path / f"{language}.yaml"
    lines = [f"  {form}: '{form} {{count}}'" for form in forms]
    path.write_text("\n".join(["days:", *lines]), encoding="utf-8")
    loaded = texts.load(path)
    assert loaded.keys == {"days"}
    for form, numbers in counts.items():
        assert [loaded.say("days", count=n) for n in numbers] == [f"{form} {n}" for n in numbers]


def test_a_value_that_runs_the_other_way_is_isolated() -> None:
    said = ENGLISH.say("help.example", example="من هو حفتر؟")
    assert said == "For example: \u2068من هو حفتر؟\u2069"
    arabic = Texts("ar", {"help.example": "مثال: {example}"})
    assert arabic.say("help.example", example="Haftar") == "مثال: \u2068Haftar\u2069"
    assert arabic.say("help.example", example="حفتر") == "مثال: حفتر"


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert value in ENGLISH.say("help.example", example=value)
    assert "{count}" in ENGLISH.say("help.example", example="{count}")


def test_all_that_is_wrong_with_a_locale_comes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "en.yaml"
    path.write_text(
        "a: ''\nb: '{0}'\nc: '{x!r}'\nd: '{x'\ne: '<b>x</b>'\nf: &x 1\ng: '&amp;'\n"
        "h:\n  one: '{count}'\na: again\ni: '{x:>3}'\nj: '{x.y}'\nk: '{}'\n",
        encoding="utf-8",
    )
    with pytest.raises(TextsError) as caught:
        texts.load(path)
    found = [problem.removeprefix(str(path)) for problem in caught.value.problems]
    starts = (":10: 'a' again", ":1: a: has no", ":2: b: {0}", ":3: c: {x}", ":4: d: braces",
              ":5: e: holds", ":7: g: holds", ":11: i: {x}", ":12: j: {x.y}", ":13: k: {}",
              ": h: en wants")  # fmt: skip
    assert len(found) == len(starts)
    assert all(map(str.startswith, found, starts))


def test_a_language_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TextsError, match="cannot be read"):
        texts.load(texts.path_of("tlh"))
