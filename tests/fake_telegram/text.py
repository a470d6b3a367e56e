"""Text as Telegram counts and cleans it: UTF-16 units, trimming, entities found in plain text."""

import re

from tests.fake_telegram.html import Json, sort_entities

MAX_ENTITIES = 100
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,:;!?)\]'])"
    r"|(?<![\w/@<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z][A-Za-z0-9_]{2,31})(?!\w)"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)
_TRIM = " \n"


def utf16_len(text: str) -> int:
    """Return the length in UTF-16 code units, the unit of every Telegram offset."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the part of the text that an entity covers; both numbers in UTF-16 units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def find_entities(text: str) -> list[Json]:
    """Return the commands, mentions, hashtags and links that Telegram marks by itself."""
    return [
        {
            "type": str(found.lastgroup),
            "offset": utf16_len(text[: found.start()]),
            "length": utf16_len(found[0]),
        }
        for found in _FOUND.finditer(text)
    ]


def tidy(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return the text trimmed as Telegram trims it, with entities moved along and completed.

    Entities found in the plain text join the given ones outside code and links; the first 100
    are kept, the rest dropped without an error.
    """
    start = len(text) - len(text.lstrip(_TRIM))
    text = text.strip(_TRIM)
    size = utf16_len(text)
    kept: list[Json] = []
    for entity in entities:
        begin = max(entity["offset"] - start, 0)
        end = min(entity["offset"] + entity["length"] - start, size)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    solid = [e for e in kept if e["type"] in ("code", "pre", "text_link", "mention", "url")]
    kept += [
        e
        for e in find_entities(text)
        if not any(
            e["offset"] < s["offset"] + s["length"] and s["offset"] < e["offset"] + e["length"]
            for s in solid
        )
    ]
    return text, sort_entities(kept)[:MAX_ENTITIES]
