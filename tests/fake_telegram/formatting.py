"""A message's text as the bot sent it: markup parsed, lengths checked, Telegram's refusals."""

import copy
from functools import lru_cache

from tests.fake_telegram.html import HtmlError, Json, parse_html
from tests.fake_telegram.params import Params
from tests.fake_telegram.state import bad_request
from tests.fake_telegram.text import tidy, utf16_len, utf16_slice

MAX_TEXT, MAX_RAW_BYTES = 4096, 1 << 15


def formatted(params: Params, name: str) -> tuple[str, list[Json]]:
    """Return the text after parsing its markup and tidying, with its entities.

    Raises:
        ApiError: 400 if it is empty, over 32,768 bytes, or its markup is wrong.
    """
    raw = params.string(name)
    if not raw:
        raise bad_request("message text is empty")
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_RAW_BYTES:
        raise bad_request("text is too long")
    mode = params.string("parse_mode").lower()
    if mode in ("", "none"):
        text, entities = raw, _given_entities(params, raw)
    elif mode == "html":
        try:
            text, entities = _parsed(raw)
        except HtmlError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("the fake has no Markdown; use HTML")
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = tidy(text, entities)
    if not text:
        raise bad_request("text must be non-empty")
    return text, entities


@lru_cache(maxsize=512)
def _parse(raw: str) -> tuple[str, list[Json]]:
    return parse_html(raw)


def _parsed(raw: str) -> tuple[str, list[Json]]:
    text, entities = _parse(raw)  # a broadcast says the same to thousands
    return text, copy.copy(entities)


def check_length(text: str) -> None:
    """Refuse a text over 4096 UTF-16 units, counted after parsing."""
    if utf16_len(text) > MAX_TEXT:
        raise bad_request("message is too long")


def _given_entities(params: Params, text: str) -> list[Json]:
    entities = params.json("entities", list) or []
    for entity in entities:
        if not isinstance(entity, dict):
            raise bad_request("can't parse MessageEntity: expected an Object")
        for field in ("offset", "length"):
            if not isinstance(entity.get(field), int):
                reason = f"can't parse MessageEntity: Can't find field \"{field}\""
                raise bad_request(reason)
        if entity["offset"] < 0 or not utf16_slice(text, entity["offset"], entity["length"]):
            raise bad_request("entity begins after the end of the text")
    return list(entities)
