"""The hour that a reader wrote: 7:30, 0730, 8 pm, 8h, noon, in digits of any script.

Pure. What is not surely an hour of the day is None, never a guess.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40
"""Characters of what may be an hour; more is something else."""

_WORDS = {
    "noon": 720, "midday": 720, "midnight": 0,
    "midi": 720, "minuit": 0,
    "الظهر": 720, "ظهرا": 720, "منتصف الليل": 0, "منتصف النهار": 720,
}  # fmt: skip
_BEFORE = re.compile(r"^(?:at|@|à|a|vers|la|on|الساعة|الساعه|عند|في)\s+(?=\S)")
_MORNING = ("am", "a", "in the morning", "du matin", "صباحا", "ص")
_EVENING = (
    "pm", "p", "in the evening", "in the afternoon", "du soir", "de l'apres-midi",
    "مساء", "م", "بعد الظهر",
)  # fmt: skip
_HALVES = "|".join(re.escape(word) for word in sorted((*_MORNING, *_EVENING), key=len)[::-1])
_CLOCK = re.compile(
    rf"(?P<hour>\d{{1,2}})(?:\s?[:.,hH]\s?(?P<minute>\d{{2}})|\s(?P<spaced>\d{{2}}))?"
    rf"(?:\s?(?:h|hrs?|hours?|heures?|o'?clock|uhr))?(?:\s?(?P<half>{_HALVES}))?"
)
_BARE = re.compile(rf"(?P<hour>\d{{1,2}})(?P<minute>\d{{2}})(?:\s?h)?(?:\s?(?P<half>{_HALVES}))?")


def hour_of(text: str) -> int | None:
    """The minute of the day that *text* names; None if it is no time of day."""
    text = _plain(text)
    if not text or len(text) > LONGEST:
        return None
    text = _BEFORE.sub("", text)
    if text in _WORDS:
        return _WORDS[text]
    found = _CLOCK.fullmatch(text) or _BARE.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"] or parts.get("spaced") or 0)
    half = parts["half"]
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in _EVENING else 0)
    elif (hour, minute) == (24, 0):
        hour = 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def split(argument: str) -> tuple[int | None, str]:
    """The hour that *argument* begins with, None without one, and the rest, which is a place."""
    words = argument.split()
    for count in range(min(len(words), 5), 0, -1):
        minute = hour_of(" ".join(words[:count]))
        if minute is not None:
            rest = " ".join(words[count:])
            return minute, rest.removeprefix("in ").strip(" ,")
    return None, " ".join(words)


def clock(minute: int) -> str:
    """The wall time of *minute* of the day, such as 07:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _plain(text: str) -> str:
    """*text* in small letters, plain digits and single spaces, without accents and marks."""
    digits = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else " " if c.isnumeric() else c
        for c in text[: 4 * LONGEST]
    )
    folded = unicodedata.normalize("NFKD", digits.casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c) and c not in "\u200e\u200f")
    kept = kept.replace("：", ":").replace("’", "'").replace("٫", ".")
    kept = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", kept)
    return " ".join(kept.split()).strip(" .!؟?")
