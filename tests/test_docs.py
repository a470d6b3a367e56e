"""What the documents say is true: commands run, examples load, tables and links agree."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import bot
from bot import terminal
from bot.commands import COMMANDS
from bot.config import OPTIONS
from bot.health import DEAF_AFTER, DEAF_EXIT
from bot.store.work import KEPT_SECONDS
from bot.texts import Texts
from knowledge import Library
from knowledge.folder import ARTICLE, CORRECTIONS, NEEDED, OPTIONAL
from knowledge.judge import suits
from knowledge.library import _KNOWN_GAP
from knowledge.load import SMALLTALK, load_briefing, load_judgements, load_smalltalk
from knowledge.model import MAX_ANSWER, MAX_CITATIONS, Briefing, items
from knowledge.problems import Page
from knowledge.source import parse
from tests import bench

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "knowledge" / "briefings"
NAMES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/OPERATING.md")
DOCUMENTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
README, CONTRIBUTING, CHANGELOG, OPERATING = DOCUMENTS.values()
PYTHON = ".venv/bin/python"
CODES = {f"{PYTHON} -m bot": {2}, f"{PYTHON} -m bot health": {0, 1}}
"""Exit codes, without a token, of commands that do not end with 0."""
WITH_DATA = tuple(f"{PYTHON} -m bot {name}" for name in ("push", "deliveries", "backup", "restore"))
"""Commands on what a bot has kept; without any they exit with 2. test_operating.py has some."""


class Block(NamedTuple):
    """A fenced block: its language, its text, and the heading that it stands under."""

    language: str
    text: str
    heading: str


class Run(NamedTuple):
    """What a command came to."""

    code: int
    output: str
    errors: str


def blocks(document: str) -> list[Block]:
    fence = re.compile(r"^(#+ [^\n]*)$|^( *)```(\w+)\n(.*?)^\2```$", re.MULTILINE | re.DOTALL)
    found, heading = [], ""
    for match in fence.finditer(document):
        if match[1]:
            heading = match[1].lstrip("# ")
        else:
            found.append(Block(match[3], textwrap.dedent(match[4]), heading))
    return found


def commands(block: Block) -> list[str]:
    """The lines of a shell block, without comments."""
    lines = [re.sub(r"(^|\s+)#\s.*", "", line) for line in block.text.splitlines()]
    return [line for line in lines if line]


def rows(document: str, head: str) -> list[list[str]]:
    """The cells of the table whose first line begins with *head*, without its head."""
    table = document[document.index(f"\n| {head}") + 1 :].split("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


BLOCKS = {name: blocks(document) for name, document in DOCUMENTS.items()}
SHELL = [
    line for found in BLOCKS.values() for b in found if b.language == "sh" for line in commands(b)
]
OURS = list(dict.fromkeys(line for line in SHELL if PYTHON in line))
SHOWN = {
    commands(before)[-1]: after.text
    for found in BLOCKS.values()
    for before, after in itertools.pairwise(found)
    if before.language == "sh" and after.language == "text"
}
"""The output that documents show, by the command that stands above it."""
TALK = next(text for text in SHOWN.values() if text.startswith("> "))


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory, shipped: Library
) -> Iterator[Mapping[str, Future[Run]]]:
    """Every command of the project that a document names, as a process of its own.

    An earlier start has encoded the *shipped* texts, so that none has to say that it does.
    """
    empty = tmp_path_factory.mktemp("nowhere")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    environ["PYTHONPATH"] = str(ROOT)

    def run(line: str) -> Run:
        done = subprocess.run(
            ["bash", "-c", line.replace(PYTHON, shlex.quote(sys.executable))],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            cwd=empty,
            env=environ,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {line: pool.submit(run, line) for line in OURS}


def agrees(shown: str, printed: str) -> bool:
    """Whether *printed* holds what is *shown*; a line `...` stands for any lines."""
    lines = [
        r"(?:.*\n)*?" if line == "..." else re.escape(line + "\n") for line in shown.splitlines()
    ]
    return re.search("^" + "".join(lines), printed, re.MULTILINE) is not None


@pytest.mark.parametrize("line", OURS)
def test_commands_run(line: str, runs: Mapping[str, Future[Run]]) -> None:
    run = runs[line].result()
    wanted = {2} if line.startswith(WITH_DATA) else CODES.get(line, {0})
    assert run.code in wanted, run.errors
    assert "usage:" not in run.errors
    assert "Traceback" not in run.errors
    if f"{PYTHON} -m knowledge" in line:
        assert run.errors == ""


@pytest.mark.parametrize("line", [line for line in SHOWN if line in OURS])
def test_commands_print_what_is_shown(line: str, runs: Mapping[str, Future[Run]]) -> None:
    assert agrees(SHOWN[line], runs[line].result().output), runs[line].result().output


def test_the_talk_in_the_terminal_is_a_real_one(
    shipped: Library, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    asked = "".join(f"{line[2:]}\n" for line in TALK.splitlines() if line.startswith("> "))
    out = io.StringIO()
    terminal.run(shipped, texts, io.StringIO(asked), out)
    assert agrees(TALK, out.getvalue()), out.getvalue()


def test_the_reply_of_jsonl_has_the_keys_of_its_table(runs: Mapping[str, Future[Run]]) -> None:
    [line] = [line for line in OURS if "--jsonl" in line]
    reply = json.loads(runs[line].result().output)
    table = {cells[0].strip("`"): cells[1] for cells in rows(README, "key of the reply")}
    assert list(table) == list(reply)
    assert re.findall(r"`(\w+)`", table["citations"])[:6] == list(reply["citations"][0])
    assert f"at most {MAX_ANSWER} characters" in table["answer"]
    assert f"at most {MAX_CITATIONS}," in table["citations"]


@pytest.mark.parametrize("name", NAMES)
def test_targets_of_make_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = re.findall(r"`make\s+([a-z]+)", DOCUMENTS[name])
    named += [line.split()[1] for line in SHELL if line.startswith("make ")]
    assert set(named) <= targets


def test_the_container_is_run_as_its_file_says() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^# \w+: +(docker .*)$", dockerfile, re.MULTILINE):
        assert line in SHELL


def test_what_the_container_holds_can_be_read_whatever_the_umask_of_the_checkout() -> None:
    build, final = (ROOT / "Dockerfile").read_text(encoding="utf-8").rsplit("\nFROM ", 1)
    assert build.rindex("chmod -R a+rX /app") > build.rindex("\nCOPY ")
    assert set(re.findall(r"^COPY (\S+)", final, re.MULTILINE)) == {"--from=build"}


def test_the_table_of_settings_is_that_of_the_code() -> None:
    expected = []
    for option in OPTIONS:
        range_ = f"{option.range} {option.unit}" if option.low is not None else option.range
        default = f"`{option.default}`" if option.default else "none"
        cells = (f"`{option.name}`", " ".join(option.help.split()), default, range_ or option.unit)
        expected.append(f"| {' | '.join(cells)} |")
    assert "\n".join(expected) in README


def test_variables_of_the_environment_are_read() -> None:
    code = (ROOT / "bot" / "config.py").read_text(encoding="utf-8")
    for name in set(re.findall(r"\bBOT_[A-Z_]+", README)):
        assert f'environ.get("{name}"' in code or f'environ["{name}"]' in code


def test_the_table_of_commands_is_that_of_the_code(texts: Texts) -> None:
    expected = [[f"`/{name}`", texts.line(name)] for name in COMMANDS]
    assert rows(README, "command | what a reader gets") == expected


def test_limits_are_those_of_the_code() -> None:
    assert f"{DEAF_AFTER:.0f} seconds" in README
    assert f"\n| {DEAF_EXIT} | Telegram was not heard" in README
    assert f"{KEPT_SECONDS // 3600} hours" in README
    assert f"at most {MAX_ANSWER} characters" in CONTRIBUTING
    assert f"With `unknown` {_KNOWN_GAP} where" in README
    assert bot.__version__ in CHANGELOG


@pytest.mark.usefixtures("shipped")  # what an earlier start has left: so this one is quick
def test_the_real_bot_is_run_by_hand_as_described(tmp_path: Path) -> None:
    fake, bot_, reader = (b.text for b in BLOCKS["CONTRIBUTING.md"] if b.heading == "By hand")
    (tmp_path / "config.yaml").write_text("data_dir: data\n", encoding="utf-8")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    environ["PYTHONPATH"] = str(ROOT)
    started: list[subprocess.Popen[str]] = []

    def start(text: str) -> subprocess.Popen[str]:
        line = text.replace(f"\n{PYTHON}", f"\nexec {PYTHON}").replace(
            PYTHON, shlex.quote(sys.executable)
        )
        started.append(
            subprocess.Popen(
                ["bash", "-c", line.strip()],
                cwd=tmp_path,
                env=environ,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        )
        return started[-1]

    def sent(line: str) -> Any:
        _, address, _, body = shlex.split(line)
        with urllib.request.urlopen(address, body.encode(), timeout=120) as reply:
            return json.load(reply)["result"]

    try:
        printed = start(f"\n{fake}").stdout
        assert printed is not None
        url = printed.readline().strip()
        start(bot_.replace("http://127.0.0.1:40321", url))
        message, answer = reader.replace("http://127.0.0.1:40321", url).splitlines()
        sent(message)
        said = sent(answer.replace('"chat": 5', '"chat": 5, "timeout": 100'))["text"]
        assert said.startswith("ISIS claimed it")
    finally:
        for process in reversed(started):
            with process:
                process.terminate()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    """The briefing that the examples of CONTRIBUTING make, through the real loader."""
    folder = tmp_path_factory.mktemp("briefings") / "2017-08-29-example"
    folder.mkdir()
    for block in BLOCKS["CONTRIBUTING.md"]:
        if block.heading in (ARTICLE, *NEEDED, *OPTIONAL, CORRECTIONS, "judgements.yaml"):
            (folder / block.heading).write_text(block.text, encoding="utf-8")
    return load_briefing(folder)


def test_the_examples_are_a_briefing_with_something_of_everything(example: Briefing) -> None:
    for part in ("entities", "ambiguous", "claims", "pairs", "gaps", "points", "vocabulary",
                 "corrections"):  # fmt: skip
        assert getattr(example, part), part
    assert any(pair.derived for pair in example.pairs)
    assert any(entity.moments for entity in example.entities)


def test_the_example_is_letter_for_letter_from_the_briefing(example: Briefing) -> None:
    article = (SHIPPED / "2017-08-29-libya" / ARTICLE).read_text(encoding="utf-8")
    for sentence in example.article.sentences.values():
        assert sentence.text in article


def test_every_example_is_yaml_as_content_may_use_it(tmp_path: Path) -> None:
    for name, found in BLOCKS.items():
        for block in found:
            page = Page(name, [])
            if block.language == "yaml":
                parse(block.text.encode(), page)
            assert page.problems == []
    [talk] = [b.text for b in BLOCKS["CONTRIBUTING.md"] if b.heading == "smalltalk.yaml"]
    (tmp_path / "smalltalk.yaml").write_text(talk, encoding="utf-8")
    assert load_smalltalk(tmp_path / "smalltalk.yaml")


def test_the_example_of_a_matching_set_is_one(tmp_path: Path) -> None:
    files = [b.text for b in BLOCKS["CONTRIBUTING.md"] if b.language == "jsonl"]
    for name, text in zip(("store", "queries"), files, strict=True):
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    matching = bench.read(tmp_path)
    assert len(matching.store) == 2
    assert {query.id for query in matching.queries} == {"opening", None}


def test_the_judgements_of_the_example_refer_to_what_is_there(
    example: Briefing, tmp_path: Path
) -> None:
    [text] = [b.text for b in BLOCKS["CONTRIBUTING.md"] if b.heading == "judgements.yaml"]
    known = {item.id for item in items(example)}
    topics = {topic.id for topic in load_smalltalk(SMALLTALK)}
    path = tmp_path / "judgements.yaml"
    path.write_text(text, encoding="utf-8")
    judgements = load_judgements(path, known | topics)
    for judgement in judgements:
        refs = {*judgement.cites, *judgement.cites_all}
        refs |= {ref for reading in judgement.readings for ref in reading.cites}
        assert refs <= set(example.article.sentences)
    held = [j for j in judgements if (j.says or j.readings) and not j.opens]
    assert held
    for judgement in held:
        assert any(suits(judgement, item) for item in items(example)), judgement.question


def test_the_shipped_judgements_have_the_keys_that_are_described() -> None:
    described = next(p for p in CONTRIBUTING.split("\n### ") if p.startswith("judgements.yaml"))
    for path in (*SHIPPED.glob("*/judgements.yaml"), *SHIPPED.glob("*/lessons.yaml")):
        text = path.read_text(encoding="utf-8")
        for key in set(re.findall(r"^(?:  - |    )(\w+):", text, re.MULTILINE)) - {"question"}:
            assert f"`{key}`" in described


def test_messages_of_the_checker_are_its_own() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in sorted(ROOT.glob("knowledge/*.py")))
    for cells in rows(CONTRIBUTING, "it says"):
        for fragment in re.findall(r"`([^`]+)`", cells[0]):
            assert fragment in code, fragment


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", DOCUMENTS[name])
    for link in filter(None, (a or b for a, b in links)):
        if link.startswith("#"):
            titles = re.findall(r"^#+ (.*)$", DOCUMENTS[name], re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
            assert link[1:] in anchors
        elif not link.startswith("https://"):
            assert ((ROOT / name).parent / link).exists(), link


@pytest.mark.parametrize("name", NAMES)
def test_documents_speak_of_the_project_alone(name: str) -> None:
    strange = (
        r"\b(?:pypi|pythonhosted|npmjs|crates|docker)\.(?:org|io|com)\b",  # a registry
        r"(?<![\w.])/(?:work|home|root|tmp|Users|opt|mnt|var)/",  # a machine
        r"(?i)\bissues? #?\d|(?<!\w)#\d",  # a tracker
    )
    for pattern in strange:
        assert re.findall(pattern, DOCUMENTS[name]) == []
