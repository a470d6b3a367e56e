"""The picture in the README shows what the bot says today."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from knowledge import Library
from tests import picture
from tests.fake_telegram import Message

FILE = Path(__file__).parent.parent / "docs" / "conversation.svg"


async def test_the_committed_picture_is_a_fresh_one(shipped: Library) -> None:
    answers = await picture.play(shipped)
    drawn = picture.draw(picture.QUESTIONS, answers)
    assert FILE.read_text(encoding="utf-8") == drawn, "run `make picture` and look at it"
    shown = "".join(ElementTree.fromstring(drawn).itertext())
    for word in {word for answer in answers for word in answer.text.split()}:
        assert word in shown


def test_text_is_wrapped_marked_and_escaped() -> None:
    text = "A \U0001d538 <b> & " + "word " * 40 + "\nPlace\n“quote”"
    at = len(text.encode("utf-16-le")) // 2 - len("Place\n“quote”")
    entities = [
        {"type": "bold", "offset": 2, "length": 2},
        {"type": "expandable_blockquote", "offset": at, "length": 13},
        {"type": "text_link", "offset": at, "length": 5, "url": "https://example.org/?a&b"},
    ]
    keyboard = {"inline_keyboard": [[{"text": "<One>"}, {"text": "Two"}]]}
    message = Message(1, {"text": text, "entities": entities, "reply_markup": keyboard})
    plain, quote = picture.passages(message)
    drawn = picture.draw(["Really & truly?"], [message])
    ElementTree.fromstring(drawn)

    assert not plain.quoted
    assert len(plain.lines) > 2
    assert [run.text for run in plain.lines[0] if run.look.bold] == ["\U0001d538"]
    assert quote.quoted
    assert len(quote.lines) == 2
    assert "&lt;One&gt;" in drawn
    assert 'href="https://example.org/?a&amp;b"' in drawn
