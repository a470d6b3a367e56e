"""The strict YAML reader: everything is text, everything else is refused, nothing surprises it."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge import source
from knowledge.problems import Page, Problem
from knowledge.source import MAX_BYTES, MAX_DEPTH, Fields, Items, Node, Text, parse


def read(data: str | bytes, *, first_line: int = 1) -> tuple[Node | None, list[Problem]]:
    page = Page("f.yaml", [])
    raw = data.encode() if isinstance(data, str) else data
    return parse(raw, page, first_line=first_line), page.problems


def plain(node: Node | None) -> object:
    """*node* as dictionaries, lists and strings."""
    match node:
        case Text():
            return node.value
        case Items():
            return [plain(item) for item in node.items]
        case Fields():
            return {key.value: plain(value) for key, value in node.entries}
    return None


@pytest.fixture(params=["c", "pure"], autouse=True)
def _reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything holds with and without libyaml."""
    if request.param == "pure":
        monkeypatch.setattr(source, "_LOADER", yaml.SafeLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML without libyaml")


def test_mappings_lists_and_text_come_out_with_their_lines() -> None:
    node, problems = read("# about\na: x\nb:\n  - v\n  - >-\n    long\n    text\n  - [p, 'q']\n")

    assert problems == []
    assert plain(node) == {"a": "x", "b": ["v", "long text", ["p", "q"]]}
    assert isinstance(node, Fields)
    assert [key.line for key, _ in node.entries] == [2, 3]
    items = node.entries[1][1]
    assert isinstance(items, Items)
    assert [item.line for item in items.items] == [4, 5, 8]


@pytest.mark.parametrize(
    "text", ["No", "12:30", "~", "21", "2017-08-29", "null", "<<", "1e3", ""], ids=repr
)
def test_quoted_text_stays_as_it_is(text: str) -> None:
    node, problems = read(f'a: "{text}"\nb: |-\n  {text}\n')

    assert plain(node) == {"a": text, "b": text}
    assert problems == []


@pytest.mark.parametrize(
    "text",
    [
        *("no", "No", "NO", "yes", "on", "Off", "true", "False", "y", "N", "null", "~", "=", "<<"),
        *("21", "-3", "017", "0o17", "0x1F", "0b11", "1_000", "1_0.5", "12:30", "12:30:45", "1.10"),
        *("1e3", "1.5e-3", ".5", "+.inf", ".NaN", "2017-08-29", "2017-08-29 12:30:00 +01:00"),
        *("2017-08-29T12:30:00Z",),
    ],
)
def test_what_yaml_would_not_read_as_text_must_be_quoted(text: str) -> None:
    for written in (f"k: x\na: {text}\n", f"k: x\n{text}: a\n", f"k: x\nb: [{text}]\n"):
        _, problems = read(written)

        assert [(p.line, "quote it" in p.message) for p in problems] == [(2, True)]


@pytest.mark.parametrize("text", ["p1s2", "2016-12", "400km", "1.2.3", "nobody", "21 men", "a.b"])
def test_what_yaml_reads_as_text_need_not_be_quoted(text: str) -> None:
    node, problems = read(f"a: {text}")

    assert plain(node) == {"a": text}
    assert problems == []


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        ("a: x\nb: &n y\n", 2, "anchors (&n) are refused"),
        ("a: &n x\nb: *n\n", 2, "aliases (*name) are refused"),
        ("a: x\nb: *n\n", 2, "aliases (*name) are refused"),
        ("a: x\nb: !!str y\n", 2, "tags (tag:yaml.org,2002:str) are refused"),
        ("a: x\nb: !mine [y]\n", 2, "tags (!mine) are refused"),
        ("a: x\nb: y\na: z\n", 3, "key 'a' stands twice here (first on line 1)"),
        ("a: x\nb:\n  <<: {c: d}\n", 3, "quote it"),
        ("a: x\n--- \nb: y\n", 2, "a second document"),
        ("%YAML 1.1\n---\na: x\n", 1, "directives"),
        ("a: x\nb:\n", 2, "nothing stands here"),
        ("a: x\n? [b]\n: v\n", 2, "a key is a word"),
        ("a: x\nb: y: z\n", 2, "quote text that holds a colon, or look at the indentation"),
        ("a: x\nb: [y\n", 3, "colons and quotation marks of this line and the one before"),
        ("a: x\n\tb: y\n", 2, "indentation, colons and quotation marks of this line"),
        ("a:\n\tb: y\n", 2, "with spaces, not with tabs"),
        ("a:\n  - b: x\n c: y\n", 3, "look at the indentation"),
        ("a:\n  - b: x\n    c y\n    d: z\n", 4, "look at the indentation"),
        ('a: "x\nb: "y"\n', 2, "look at the indentation"),
        ('a: x\nb: "\\0"\n', 2, "control character U+0000"),
        ("a: x\nb: \x00\n", 2, "control character U+0000"),
        ("a: x\r\nb: \x1b[0m\r\n", 2, "control character U+001B"),
        ("a: x\nb: y\u2028z\n", 2, "control character U+2028"),
        (b"a: x\nb: \xff\n", 2, "not UTF-8"),
        ("a: x\n".encode("utf-16"), 1, "not UTF-8"),
        (b"", 1, "the file is empty"),
        (b"# nothing\n", 1, "the file is empty"),
        (b"a" * (MAX_BYTES + 1), 1, "over 8 MB"),
        ("a: x\nb: " + "[" * (MAX_DEPTH + 1), 2, f"nested deeper than {MAX_DEPTH}"),
        ("a: x\nb: " + "[" * 100_000, 2, f"nested deeper than {MAX_DEPTH}"),
    ],
)
def test_what_is_refused_is_reported_with_its_line(
    data: str | bytes, line: int, message: str
) -> None:
    _, problems = read(data)

    assert (line, True) in [(p.line, message in p.message) for p in problems]
    assert all(p.line <= line for p in problems)


def test_reading_goes_on_after_what_is_wrong_in_one_place() -> None:
    node, problems = read("a: no\nb: &x !t v\nc: *x\nd: z\nd: w\n")

    assert [p.line for p in problems] == [1, 2, 2, 3, 5]
    assert plain(node) == {"a": "no", "b": "v", "c": None, "d": "z"}


def test_an_alias_bomb_is_refused_unexpanded() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )

    _, problems = read(bomb)

    assert len(problems) == 9 + 8 * 9


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_NODES", 1_000)

    _, problems = read("[" + "a," * 1_000 + "]")

    assert "over 1000 values" in problems[0].message


def test_a_byte_order_mark_and_foreign_line_ends_do_no_harm() -> None:
    node, problems = read("\ufeffa: x\r\nb: 'y'\rc: z\n")

    assert plain(node) == {"a": "x", "b": "y", "c": "z"}
    assert problems == []


def test_lines_count_from_where_the_text_stands_in_its_file() -> None:
    node, problems = read("a: x\nb: no\n", first_line=10)

    assert isinstance(node, Fields)
    assert node.line == 10
    assert [p.line for p in problems] == [11]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b'"\\UFFFFFFFF"')
@example(b'"\\ud800"')
@example(b"%YAML 1.99999999999999999999\n---\na")
@example(b"? - ? - ? -")
@example(b"{a: [}")
def test_no_bytes_raise(data: bytes) -> None:
    node, problems = read(data)

    assert node is not None or problems


@given(st.text(alphabet="ab:-?[]{}&*!|>'\"%@`,# \n\t~<=0123e.", max_size=80))
def test_no_yaml_raises(text: str) -> None:
    node, problems = read(text)

    assert node is not None or problems
    assert all(1 <= p.line <= text.count("\n") + 2 for p in problems)


def test_a_large_file_is_read_in_well_under_a_second(request: pytest.FixtureRequest) -> None:
    if "pure" in request.node.name:
        pytest.skip("a matter of the C reader")
    pair = "- id: a\n  phrasings:\n" + '    - "What happened then, and why?"\n' * 9
    data = pair * (400_000 // len(pair))
    start = time.perf_counter()

    _, problems = read(data)

    assert time.perf_counter() - start < 1
    assert problems == []
