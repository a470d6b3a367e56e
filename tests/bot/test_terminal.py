"""The conversation in a terminal: whole to read, choices by number, and it always ends."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import terminal, texts
from knowledge import Library
from knowledge.load import load_briefing
from knowledge.model import QAPair
from tests.conftest import HARBOUR
from tests.factories import PAIRS, a_briefing, a_library, a_pair

ENGLISH = texts.load(texts.path_of("en"))
LIBRARY = a_library()
Talk = Callable[..., str]


class Keyboard(io.StringIO):
    """Input that somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def talk(*lines: str, library: Library = LIBRARY, longest: int = 1000) -> str:
    """What is printed after the opening when *lines* are sent, the last without a line end."""
    out = io.StringIO()
    terminal.run(library, ENGLISH, io.StringIO("\n".join(lines)), out, longest_question=longest)
    return out.getvalue().split("\n> ", 1)[1]


def test_whom_a_name_was_taken_for_is_said() -> None:
    printed = talk("Who is Ahmed Mismrai?")

    assert "Ahmed Mismari is the spokesman." in printed
    assert "(I took “Ahmed Mismrai” for Ahmed Mismari.)" in printed


def test_without_a_word_it_says_what_it_is_and_what_to_ask() -> None:
    out = io.StringIO()
    terminal.run(LIBRARY, ENGLISH, io.StringIO(""), out)
    printed = out.getvalue()
    assert "I answer questions about a news briefing" in printed
    assert "The briefing now: Attack in Libya (29 August 2017)." in printed
    assert "  1. When was the checkpoint attacked?\n  2. Where" in printed
    assert "  3. How many people were beheaded?\n" in printed
    assert printed.endswith("> \nGoodbye!\n")


def test_two_questions_are_answered_in_paragraphs_and_the_rest_of_a_cut_one_is_on_offer() -> None:
    long = " It is told at length, sentence by sentence, what happened then." * 6
    pairs = [replace(pair, answer=pair.answer + long) for pair in PAIRS[:3]]
    first, third = pairs[0], pairs[2]
    question = "When was the checkpoint attacked and how many people were beheaded?"
    printed = " ".join(talk(question, "1", library=a_library(a_briefing(pairs=pairs))).split())

    assert PAIRS[0].answer in printed
    assert PAIRS[2].answer in printed
    assert f"In full 1. {first.phrasings[0]} 2. {third.phrasings[0]}" in printed
    assert f"> 1 {first.answer}" in printed


def test_a_question_is_answered_with_its_sources() -> None:
    printed = talk("When was the checkpoint attacked?")
    assert printed.startswith("When was the checkpoint attacked?\n\nThe checkpoint at al-Fugaha")
    assert "\n  “fighters attacked the checkpoint”\n  Paragraph 1, sentence 1 · Geo" in printed
    assert "\n  https://example.org/libya?a=1&b=2#:~:text=fighters%20attacked" in printed


def test_what_is_typed_is_not_printed_again() -> None:
    out = io.StringIO()
    terminal.run(LIBRARY, ENGLISH, Keyboard("toll\n"), out)
    assert "> toll" not in out.getvalue()


def test_a_number_takes_the_choice() -> None:
    printed = talk("2")
    assert "It was at al-Fugaha." in printed
    assert "Named here" not in printed.split("> ")[0].split("It was")[0]


def test_the_numbers_are_those_of_the_last_reply() -> None:
    printed = talk("4", "3")
    assert "Fighters attacked the checkpoint on 23 August 2017." in printed
    assert "Eleven people were beheaded, said Ahmed Mismari." in printed


@pytest.mark.parametrize("number", ["0", "5", "99", "000", "9" * 5000])
def test_a_number_that_is_not_on_offer_is_said_to_be_none(number: str) -> None:
    assert f"There is no choice {number[:20]} here." in talk(number)


def test_without_choices_a_number_is_a_question() -> None:
    library = a_library(a_briefing(suggested=()))
    assert "There is no choice" not in talk("/about", "7", library=library)


def test_what_was_seen_is_not_offered_again() -> None:
    pairs: list[QAPair] = [a_pair(f"p{n}", f"Is it question number {n}?") for n in range(3)]
    library = a_library(a_briefing(pairs=pairs, suggested=("p0", "p1")))
    replies = talk("1", "1", library=library).split("\n> ")
    assert "Is it question number 1?\n  2. Is it question number 2?" in replies[0]
    assert "Related questions" in replies[1]
    assert "question number 0?" not in replies[1]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/briefing", "• Fighters attacked the checkpoint on 23 August 2017.\n  Paragraph 1"),
        ("/sources", "Read the article\n  https://example.org/libya?a=1&b=2\n"),
        ("/about", "About this bot"),
        ("/help", "/briefing "),
        ("/HELP", "/quit "),
        ("/start", "Hello! I answer questions"),
        ("/privacy", "I remember your last questions until\nyou leave."),
        ("/who Amaq", "Amaq is a news agency."),
        ("/who", "Write a name after /who."),
        ("/ask", "Write your question after /ask."),
        ("/ask When was the checkpoint attacked?", PAIRS[0].answer),
        ("/nonsense", "I do not know this command."),
        ("/subscribe 7:30", "comes in Telegram only"),
        ("/mydata", "In this terminal nothing is stored, neither in a file nor in a log.\nSo that"),
        ("/forget", "Done. I no longer remember what you asked.\nIn this terminal nothing is st"),
        ("/", "I do not know this command."),
        ("", "Type a question, the number of a choice, or /help."),
    ],
)
def test_commands(command: str, said: str) -> None:
    assert said in talk(command, "")


def test_pages_promise_nothing_that_a_terminal_has_not() -> None:
    said = talk("/start", "/help", "/privacy", "/about").lower()
    for word in ("group", "edit my", "telegram", "restart"):
        assert word not in said, word
    assert "take a choice by" in " ".join(said.split())


def test_the_languages_are_named() -> None:
    for command in ("/start", "/help"):
        said = " ".join(talk(command).split())
        assert "I understand Arabic, French and Italian too. Answers and quotes are in Eng" in said


def test_what_is_forgotten_is_not_followed_up() -> None:
    library, follow_up = Library([load_briefing(HARBOUR)]), "And when was that?"
    kept = talk("Who opened the new lighthouse?", follow_up, library=library)
    gone = talk("Who opened the new lighthouse?", "/forget", follow_up, library=library)
    said = [printed.split(f"> {follow_up}\n")[1] for printed in (kept, gone)]

    assert "opened on 2 May 2020" in said[0]
    assert said[1] == talk(follow_up, library=library).partition("\n")[2]
    assert said[1] != said[0]


def test_leaving_ends_it_and_reads_no_further() -> None:
    lines = io.StringIO("/quit\n/about\n")
    out = io.StringIO()
    terminal.run(LIBRARY, ENGLISH, lines, out)
    assert out.getvalue().endswith("> /quit\n\nGoodbye!\n")
    assert lines.read() == "/about\n"


def test_an_interrupt_ends_it() -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
            raise KeyboardInterrupt

    out = io.StringIO()
    terminal.run(LIBRARY, ENGLISH, Interrupted(), out)
    assert out.getvalue().endswith("Goodbye!\n")


def test_a_long_question_is_cut_and_says_so() -> None:
    printed = talk("When was the checkpoint attacked? " + "Really? " * 50, longest=33)
    assert "I read only its first 33 characters." in printed
    assert PAIRS[0].answer in printed


def test_lines_fit_the_terminal_but_addresses_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    printed = talk("When was the checkpoint attacked?", "/briefing", "/sources")
    assert all(len(line) <= 40 or "https://" in line for line in printed.splitlines())
    assert "  https://example.org/libya?a=1&b=2\n" in printed


def test_what_an_older_briefing_says_otherwise_is_read_below() -> None:
    folders = (HARBOUR, HARBOUR.parent / "2020-06-01-harbour")
    library = Library([load_briefing(folder) for folder in folders])
    printed = " ".join(talk("How much did the lighthouse cost?", library=library).split())
    newer, _, older = printed.partition("An older briefing, of 4 May 2020, said: ")
    assert "cost 4 million crowns. As of the briefing of 1 June 2020." in newer
    assert older.startswith("The lighthouse cost 3 million crowns. “The lighthouse cost 3 million")
    again = " ".join(talk("lighthouse cost", "And in the May briefing?", library=library).split())
    assert "As of the briefing of 4 May 2020." in again
