"""An article's text: its front matter taken off, cut into paragraphs and sentences.

The splitter knows English news prose, and enough of Arabic and French not to go wrong on
their marks. It changes no character; it only says where a sentence ends.
"""

from __future__ import annotations

import re

_STOPS = ".!?…؟۔"
_CLOSING = "”’\"')\\]›"
_OPENING = "“‘\"'(\\[«‹"
_DASHES = "–—"
_TERMINATOR = re.compile(
    rf"(?<![{_STOPS}])(?P<stop>[{_STOPS}]++)"
    rf"(?P<close>(?:[{_CLOSING}]|\s?»)*+)"
    r"(?P<space>\s++)"
    rf"[{_OPENING}{_DASHES}¿¡•\-\s]*+"
    rf"(?P<next>[^\s{_OPENING}]++)"
)
"""A stop, the marks that close with it, and the word that follows. Possessive throughout: time
is linear in the text, whatever it holds."""
_LAST_WORD = re.compile(rf"[^\s{_OPENING}{_DASHES}/]+$")
_LONGEST_ABBREVIATION = 12


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set(
    "mr mrs ms mx dr prof gen lt col sgt capt maj brig adm cdr cmdr cpl pvt sen rep gov pres hon "
    "rev fr st messrs mme mlle me sr amb insp supt vs v e.g i.e eg ie cf viz al ft approx ca c "
    "lt.-gen maj.-gen dept gen.-maj"
)
"""Abbreviations after which a sentence never ends."""
_NUMBERED = _set(
    "no nos nr art fig p pp sec vol ch para jan feb mar apr jun jul aug sep sept oct nov dec"
)
"""Abbreviations after which a sentence does not end where a number follows."""
_EITHER = _set("u.s u.k u.n e.u u.a.e u.s.a d.c a.m p.m am pm inc ltd co corp jr etc ph.d b.c a.d")
"""Abbreviations that may end a sentence: they do where a usual opening word follows."""
_OPENERS = _set(
    "the a an he she it they we you i this that these those there here his her its their our my "
    "in on at by for from to with after before since during while when where although though "
    "if as but and or yet so however meanwhile moreover also then now both each some many most "
    "several one two no not what who why how according despite under over into among"
)
_ATTRIBUTION = re.compile(
    r"(?:[^\W\d_]\S*\s+){1,4}?"
    r"(?:said|says|asked|asks|told|added|replied|wrote|warned|shouted|cried|answered)\b"
)


def split_front_matter(text: str) -> tuple[str, str, int] | None:
    """The front matter, the body, and the body's first line; None where there is no front matter.

    The front matter stands between two lines `---`, the first of them the file's first.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return None


def paragraphs(body: str, *, first_line: int = 1) -> list[tuple[int, str]]:
    """The paragraphs of *body* with the line each starts on. Empty lines part them.

    The lines of one paragraph are joined by a space; nothing else is changed.
    """
    found: list[tuple[int, list[str]]] = []
    apart = True
    for number, line in enumerate(body.split("\n"), start=first_line):
        if not line.strip():
            apart = True
        elif apart:
            found.append((number, [line.strip()]))
            apart = False
        else:
            found[-1][1].append(line.strip())
    return [(number, " ".join(lines)) for number, lines in found]


def sentences(paragraph: str) -> list[str]:
    """The sentences of *paragraph* in order; joined by spaces they are the paragraph again.

    Empty only for blank text. Text without a final stop is a sentence too.
    """
    found: list[str] = []
    start = position = 0
    while match := _TERMINATOR.search(paragraph, position):
        if _ends(paragraph, start, match):
            found.append(paragraph[start : match.end("close")].strip())
            start = match.end("space")
        position = match.end("space")
    found.append(paragraph[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends(paragraph: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop in *match* ends the sentence that began at *start*."""
    following = match["next"]
    if not _may_open(following):
        return False
    if match["stop"] != ".":
        after = paragraph[match.start("next") : match.start("next") + 120]
        return not (match["close"] and _ATTRIBUTION.match(after))
    if match["close"]:
        return True
    stop = match.start("stop")
    last = _LAST_WORD.search(paragraph[max(start, stop - _LONGEST_ABBREVIATION) : stop])
    word = last[0].casefold() if last else ""
    if word in _TITLES:
        return False
    if word in _NUMBERED and following[0].isdigit():
        return False
    initial = len(word) == 1 and word.isalpha()
    dotted = "." in word and all(len(part) == 1 for part in word.split("."))
    if initial or dotted or word in _EITHER:
        return re.split(r"\W", following.casefold(), maxsplit=1)[0] in _OPENERS
    return not (word.isdigit() and len(word) == stop - start)  # "1. First": a list's number


def _may_open(word: str) -> bool:
    """Whether a sentence may begin with *word*: with anything but a lower-case word.

    `al-Nahr` and `eBay` may: they hold a capital.
    """
    return not word[0].islower() or any(letter.isupper() for letter in word)
