"""What is printed: one event a line, and never the token."""

from __future__ import annotations

import logging

import pytest
from telegram.error import BadRequest, NetworkError

from bot.log import MASK, Masking, brief

TOKEN = "123456789:AAsecretSecretSecretSecretSecret123"


def printed(message: str, *args: object, error: Exception | None = None) -> str:
    record = logging.LogRecord("bot", logging.INFO, "f.py", 1, message, args, None)
    if error is not None:
        try:
            raise error
        except Exception as raised:
            record.exc_info = (type(raised), raised, raised.__traceback__)
    return Masking(TOKEN).format(record)


def test_the_token_is_masked_wherever_it_stands() -> None:
    secret = TOKEN.partition(":")[2]
    for text in (
        printed("GET %s", f"https://api.telegram.org/bot{TOKEN}/getMe"),
        printed(f"quoted 123456789%3A{secret}"),
        printed("failed", error=ValueError(f"The token `{TOKEN}` was rejected")),
    ):
        assert secret not in text
        assert MASK in text


def test_what_a_line_quotes_cannot_start_another() -> None:
    text = printed("name %s", "x\n2026-01-01T00:00:00Z ERROR bot: forged\r")
    assert len(text.splitlines()) == 1


def test_without_a_token_nothing_is_masked() -> None:
    record = logging.LogRecord("bot", logging.INFO, "f.py", 1, "plain", (), None)
    assert Masking(None).format(record).endswith("INFO bot: plain")


def test_an_error_is_named_by_place_and_by_its_words_only_if_telegram_wrote_them() -> None:
    with pytest.raises(KeyError) as raised:
        raise KeyError("what a reader wrote")
    assert brief(raised.value).startswith("KeyError at test_log.py:")
    assert "reader" not in brief(raised.value)
    assert brief(BadRequest("Chat not found")) == "BadRequest: Chat not found"
    assert len(brief(BadRequest("x" * 5000))) < 200


def test_what_was_to_be_sent_is_not_quoted() -> None:
    said = "what a reader wrote \ud800"
    error = NetworkError(f"Unknown error in HTTP implementation: {said!r}")
    error.__cause__ = UnicodeEncodeError("utf-8", said, 20, 21, "surrogates not allowed")
    assert brief(error) == "NetworkError: UnicodeEncodeError"
