"""Dates in folded text, in English, French, Italian and Arabic: which day, month and year they say.

Knows no briefing; what a date means for a question is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MONTHS = {
    word: number
    for number, forms in enumerate(
        (
            "january jan janvier gennaio يناير جانفي",
            "february feb fevrier febbraio فبراير فيفري",
            "march mar mars marzo مارس",
            "april apr avril aprile ابريل افريل",
            "may mai maggio مايو ماي",
            "june jun juin giugno يونيو جوان",
            "july jul juillet luglio يوليو جويليه",
            "august aug aout agosto اغسطس اوت",
            "september sep sept septembre settembre سبتمبر",
            "october oct octobre ottobre اكتوبر",
            "november nov novembre نوفمبر",
            "december dec decembre dicembre ديسمبر",
        ),
        start=1,
    )
    for word in forms.split()
}
MONTH_NAMES = {number: name for name, number in reversed(MONTHS.items())} | {0: ""}
"""The English name of each month; none of no month."""
TOKEN = re.compile(r"[\w\u0300-\u036f\u064b-\u0652]+|[^\w\s]")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"\d{1,2}(?:st|nd|rd|th|er)?"
_YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"(?<!\S)(?:\d{{4}} - \d{{1,2}} - \d{{1,2}}|\d{{1,2}} ([/.]) \d{{1,2}} \1 {_YEAR}"
    rf"|{_DAY} (?:of |de |di )?(?:{_MONTH})(?: ,)?(?: (?:of |de )?{_YEAR})?"
    rf"|(?:{_MONTH}) {_DAY}(?: ,)?(?: {_YEAR})?"
    rf"|(?:{_MONTH})(?: ,)?(?: (?:of |de )?{_YEAR})?|{_YEAR})(?!\S)"
)
"""A date among folded tokens with a space between any two."""
Date = tuple[int | None, int | None, int | None]
"""Year, month and day as far as they are said."""


def date_in(tokens: Sequence[str]) -> tuple[tuple[Date, ...], list[str]]:
    """What a date among *tokens* may mean, and the tokens that are none of it."""
    text = " ".join(tokens)
    match = DATE.search(text)
    if match is None:
        return (), list(tokens)
    return dates_of(match[0]), [*text[: match.start()].split(), *text[match.end() :].split()]


def dates_of(text: str) -> tuple[Date, ...]:
    """What *text*, matched by DATE, may mean: two things where day and month may be swapped."""
    numbers = [int(n) for n in re.findall(r"(?<!\S)\d+", text)]
    month = next((MONTHS[w] for w in text.split() if w in MONTHS), None)
    if month is None and len(numbers) == 3:
        one, two, three = numbers
        return ((one, two, three),) if one > 31 else ((three, two, one), (three, one, two))
    year = next((n for n in numbers if n > 31), None)
    return ((year, month, next((n for n in numbers if n <= 31), None)),)


def dates_in(folded: str) -> list[tuple[Date, ...]]:
    """The dates in *folded* text in order, each with all that it may mean."""
    text = " ".join(TOKEN.findall(folded))
    return [dates_of(match[0]) for match in DATE.finditer(text)]
