"""Settings: defaults, ranges, all problems at once, and a token that nothing prints."""

from __future__ import annotations

import dataclasses
import datetime as dt
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config, flat
from bot.config import OPTIONS, ROOT, Config, ConfigError
from bot.option import Option

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
EXAMPLE = ROOT / "config.example.yaml"


def read(text: str, environ: dict[str, str] | None = None, at: Path = ROOT) -> Config:
    """The settings in *text*, as if it stood in config.yaml of the folder *at*."""
    return config.parse(text, at / "config.yaml", environ or {})


def problems(text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    """What is wrong with *text*, each line without the folder."""
    with pytest.raises(ConfigError) as caught:
        read(text, environ)
    return tuple(line.removeprefix(f"{ROOT}/") for line in caught.value.problems)


def test_the_defaults() -> None:
    assert read("") == Config(
        token=None,
        api_url="https://api.telegram.org",
        briefings_dir=ROOT / "knowledge" / "briefings",
        data_dir=ROOT / "data",
        log_level="INFO",
        language="en",
        chats_at_once=24,
        memory_chats=10_000,
        memory_minutes=60,
        questions_per_window=10,
        window_seconds=30,
        late_after_minutes=10,
        longest_question=1000,
        admins=(),
        sends_per_second=30,
        default_hour=dt.time(8),
        quiet_from=dt.time(22),
        quiet_to=dt.time(6, 30),
        quiet_line=False,
    )


def test_every_setting_but_the_token_is_an_option() -> None:
    fields = {field.name for field in dataclasses.fields(Config)}
    assert {option.name for option in OPTIONS} == fields - {"token"} | {"token_file"}
    assert len(OPTIONS) == len({option.name for option in OPTIONS})


def test_the_example_is_what_the_table_says() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == config.example()


def test_the_example_names_every_option_with_default_and_unit() -> None:
    blocks = EXAMPLE.read_text(encoding="utf-8").split("\n\n")[1:]
    for option, block in zip(OPTIONS, blocks, strict=True):
        assert f"# {option.name}: {option.default}".rstrip() == block.rstrip().splitlines()[-1]
        assert option.unit in block
        assert option.range in block
        assert f"default {option.default or 'none'}" in block


def test_the_example_changes_nothing() -> None:
    assert read(EXAMPLE.read_text(encoding="utf-8")) == read("")


def test_the_example_without_its_comment_marks_is_the_defaults() -> None:
    names = {option.name for option in OPTIONS if option.default}
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    bare = [line[2:] for line in lines if line[2:].split(":")[0] in names]
    assert len(bare) == len(names)
    assert read("\n".join(bare)) == read("")


def test_every_option_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    found = read(
        "api_url: http://127.0.0.1:8081/\nbriefings_dir: news\ndata_dir: ../kept\n"
        "log_level: debug\nlanguage: EN\nchats_at_once: 32\nmemory_chats: 1_000\n"
        "memory_minutes: 5\nquestions_per_window: 3\nwindow_seconds: 7\n"
        "late_after_minutes: 20\nlongest_question: 500\nadmins: 4711, 12, 4711\n"
        "sends_per_second: 29\ndefault_hour: 7:30\nquiet_from: 23:00\nquiet_to: 0:00\n"
        "quiet_line: YES\n",
        at=tmp_path,
    )
    assert found == Config(
        token=None,
        api_url="http://127.0.0.1:8081",
        briefings_dir=tmp_path / "news",
        data_dir=tmp_path / ".." / "kept",
        log_level="DEBUG",
        language="en",
        chats_at_once=32,
        memory_chats=1000,
        memory_minutes=5,
        questions_per_window=3,
        window_seconds=7,
        late_after_minutes=20,
        longest_question=500,
        admins=(4711, 12),
        sends_per_second=29,
        default_hour=dt.time(7, 30),
        quiet_from=dt.time(23),
        quiet_to=dt.time(0),
        quiet_line=True,
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("admins: amal", "must be numeric ids of people, separated by commas"),
        ("admins: 1, 0", "must be numeric ids of people, separated by commas"),
        ("quiet_from: 24:00", "must be a time of day such as 08:00, not '24:00'"),
        ("default_hour: 8", "must be a time of day such as 08:00, not '8'"),
        ("quiet_line: perhaps", "must be yes or no, not 'perhaps'"),
    ],
)
def test_what_is_no_id_time_or_choice_is_refused(line: str, problem: str) -> None:
    assert problems(line, {}) == (f"config.yaml:1: {line.partition(':')[0]}: {problem}",)


def test_all_problems_come_at_once_with_their_lines() -> None:
    text = (
        "chats_at_one: 3\n"
        "chats_at_once: 33\n"
        "window_seconds: soon\n"
        "language: tlh\n"
        "log_level: loud\n"
        "api_url: ftp://example.org\n"
        "memory_chats:\n"
        "memory_minutes: [1, 2]\n"
        "briefings_dir: /nowhere/at/all\n"
        "window_seconds: 3\n"
    )
    assert problems(text, {"BOT_TOKEN": "nonsense"}) == (
        "config.yaml:8: 'memory_minutes': write a single value, without a tag",
        "config.yaml:10: 'window_seconds' again, first in line 3",
        "config.yaml:1: unknown option 'chats_at_one': did you mean 'chats_at_once'?",
        "config.yaml:6: api_url: must be an address such as https://api.telegram.org, http or"
        " https",
        "config.yaml:9: briefings_dir: there is no folder /nowhere/at/all",
        "config.yaml:5: log_level: must be one of: DEBUG, INFO, WARNING, ERROR, not 'LOUD'",
        "config.yaml:4: language: must be one of: en, not 'tlh'",
        "config.yaml:2: chats_at_once: must be 1 to 32 chats, not 33",
        "config.yaml:7: memory_chats: write a value, or take the line out",
        "config.yaml:3: window_seconds: must be a whole number, not 'soon'",
        "BOT_TOKEN: holds no bot token: digits, a colon and 35 characters, as @BotFather gave it",
    )


@pytest.mark.parametrize("option", [option for option in OPTIONS if option.low is not None])
def test_the_ends_of_a_range_are_in_it_and_what_is_beyond_is_not(option: Option) -> None:
    assert option.low is not None
    assert option.high is not None
    for value in (option.low, option.high):
        assert getattr(read(f"{option.name}: {value}"), option.name) == value
    for value in (option.low - 1, option.high + 1):
        assert option.unit in problems(f"{option.name}: {value}")[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [", 1),
        ("\n\n}", 3),
        ("- a\n- b", 1),
        ("just words", 1),
        ("a: b\n---\nc: d", 2),
        ("a: \x07", 1),
    ],
)
def test_what_is_no_yaml_is_said_with_its_line(text: str, line: int) -> None:
    assert problems(text)[0].startswith(f"config.yaml:{line}: ")


def test_anchors_tags_and_keys_that_are_no_words_are_refused() -> None:
    entries, found = flat.read("a: &x {b: 1}\nc: *x\nd: !!int 3\n? [e]\n: f\n")
    assert [entry.key for entry in entries] == ["a.b"]
    assert [problem.line for problem in found] == [2, 3, 4]


@given(st.text() | st.text("ab: [{*&!'\"\n-}]", max_size=30))
def test_any_text_is_entries_or_problems(text: str) -> None:
    entries, found = flat.read(text)
    assert all(entry.line >= 1 for entry in entries)
    assert all(problem.line >= 1 for problem in found)


def test_words_that_yaml_would_change_stay_words() -> None:
    entries, _ = flat.read("a: no\nb: 12:30\nc: 1.10\nd: ~\n")
    assert [entry.value for entry in entries] == ["no", "12:30", "1.10", "~"]


# Where the settings come from


def test_without_a_path_the_file_here_is_read_if_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load(None, {}) == read("")
    (tmp_path / "config.yaml").write_text("\ufeffwindow_seconds: 5\ndata_dir: kept\n", "utf-8")
    found = config.load(None, {})
    assert found.window_seconds == 5
    assert found.data_dir.resolve() == tmp_path / "kept"


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        config.load(tmp_path / "none.yaml", {})
    (tmp_path / "latin.yaml").write_bytes("data_dir: caf\xe9".encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        config.load(tmp_path / "latin.yaml", {})


def test_the_address_in_the_environment_comes_first() -> None:
    text = "api_url: https://one.example"
    assert read(text, {"BOT_API_URL": " http://127.0.0.1:9/ "}).api_url == "http://127.0.0.1:9"
    assert read(text, {"BOT_API_URL": " "}).api_url == "https://one.example"


@pytest.mark.parametrize(
    "url",
    [
        "api.telegram.org",
        "ftp://x",
        "https://",
        "https://:80",
        "http://x:99999",
        "http://[::1",
        "http://a b",
        "http://u:p@x",
        "http://x?y=1",
        "http://x#y",
        f"https://api.telegram.org/bot{TOKEN}",
        "http://x:0",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    [problem] = problems("", {"BOT_API_URL": url})
    assert problem.startswith("BOT_API_URL: must ")


# The token


def token_in(folder: Path, content: bytes, mode: int = 0o600) -> None:
    """Nothing; the file `secret` in *folder* holds *content*."""
    (folder / "secret").write_bytes(content)
    (folder / "secret").chmod(mode)


def test_the_token_comes_from_the_environment() -> None:
    found = read("", {"BOT_TOKEN": f" {TOKEN}\n"})
    assert found.token is not None
    assert found.token.reveal() == TOKEN


def test_the_token_comes_from_the_file_that_is_named(tmp_path: Path) -> None:
    token_in(tmp_path, f"{TOKEN}\r\n".encode())
    found = read("token_file: secret", {"BOT_TOKEN": ""}, at=tmp_path)
    assert found.token is not None
    assert found.token.reveal() == TOKEN


def test_the_environment_comes_before_the_file() -> None:
    found = read("token_file: /nowhere", {"BOT_TOKEN": TOKEN})
    assert found.token is not None


def test_a_named_file_must_hold_a_token(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in problems(f"token_file: {tmp_path}/none")[0]
    assert "cannot be read: Is a directory" in problems(f"token_file: {tmp_path}")[0]
    for content in (b"", b"\xff\xfe\x00", TOKEN.encode() * 200):
        token_in(tmp_path, content)
        assert "holds no bot token" in problems(f"token_file: {tmp_path}/secret")[0]


def test_who_has_no_token_yet_is_told_how_to_go_on(tmp_path: Path) -> None:
    token_in(tmp_path, b"\n")
    for name in ("none", "secret"):
        [problem] = problems(f"token_file: {tmp_path}/{name}")
        assert problem.endswith(
            "; without the line token_file, `make run` is the conversation in the terminal"
        )
    assert "terminal" not in problems("", {"BOT_TOKEN": "nonsense"})[0]


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o666])
def test_a_file_that_anybody_can_read_is_refused_with_its_remedy(tmp_path: Path, mode: int) -> None:
    token_in(tmp_path, TOKEN.encode(), mode)
    [problem] = problems(f"token_file: {tmp_path}/secret")
    assert problem.endswith(f": anybody on this machine can read it: chmod 600 {tmp_path}/secret")


def test_a_group_may_read_it_as_where_a_service_is_handed_its_secrets(tmp_path: Path) -> None:
    token_in(tmp_path, TOKEN.encode(), 0o440)
    assert read(f"token_file: {tmp_path}/secret").token is not None


def test_nothing_shows_the_token() -> None:
    found = read("", {"BOT_TOKEN": TOKEN})
    shown = (repr(found), str(found), repr(found.token), str(found.token), f"{found.token:}")
    assert not any(TOKEN.partition(":")[2] in text for text in shown)


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ("", {"BOT_TOKEN": f"bot{TOKEN}"}),
        ("", {"BOT_TOKEN": f"{TOKEN} x"}),
        ("", {"BOT_TOKEN": TOKEN[:30]}),
        ("", {"BOT_API_URL": f"http://x/{TOKEN}"}),
        (f"token: {TOKEN}", {}),
        (f"BOT_TOKEN: {TOKEN}", {}),
        (f"token_file: {TOKEN}", {}),
        (f"log_level: {TOKEN}", {}),
        (f"data_dir: &{TOKEN}\n  a: b", {}),
        (f"chats_at_once: {TOKEN}", {}),
        (f"briefings_dir: {TOKEN}", {}),
        (TOKEN, {}),
        (f"{TOKEN}: x", {}),
        (f"a: *{TOKEN}", {}),
        (f"a: [{TOKEN}", {}),
        (f"? [{TOKEN}]\n: {TOKEN}", {}),
    ],
)
def test_no_error_shows_the_token(text: str, environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text, environ)
    printed = "".join(traceback.format_exception(caught.value)).lower()
    secret = TOKEN.partition(":")[2].lower()
    assert secret not in printed
    assert secret[:20] not in printed


def test_a_token_among_the_settings_is_sent_to_its_place() -> None:
    assert "set BOT_TOKEN" in problems(f"bot_token: {TOKEN}")[0]
