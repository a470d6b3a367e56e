"""Text as the matcher sees it, the same for questions and content: folded, cut, transliterated.

Pure functions of a string. What a reader is shown never passes through here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer
from anyascii import anyascii

from knowledge.language import ELIDED, FRAMES, NUMBER_WORDS, POLITENESS, STOP_WORDS, UNITS
from knowledge.name_words import IN_ENGLISH

_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "ʻ": "'"}
    | {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—―−", "-")
)
_ARABIC = str.maketrans("أإآٱىةؤئ", "ااااي" + "هوي", "ـ")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*", re.UNICODE)
_ELISION = re.compile(rf"(?<![\w'])({'|'.join(ELIDED)})'(?=[^\W_])(?!s\b)(?!y\w)")
"""Not what possesses something (`the UN's`), nor English in haste (`d'you`)."""
_UNITS = frozenset(UNITS)
_UNIT = re.compile(rf"(?<=\d)(?=(?:{'|'.join(UNITS)}|million|billion)\b)")
_GLUED = re.compile(r"\d[^\W\d_]|\d[,']\d")
"""Where any of the next three may match: most texts are spared these searches."""
_APART = bytes(code if chr(code).isalnum() and code < 128 else ord(" ") for code in range(256))
_SHAPE = bytes.maketrans(
    b"0123456789'abcdefghijklmnopqrstuvwxyz", b"0" * len(b"0123456789") + b"," + b"a" * 26
)
"""All digits one and all letters one, so that _GLUED need not be sought in folded ASCII."""
_THOUSANDS = re.compile(r"(?<=\d)[,'](?=\d{3}\b)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_ENGLISH = Stemmer.Stemmer("english")
_ARABIC_STEMS = Stemmer.Stemmer("arabic")
_POLITE_WORDS = tuple(POLITENESS)
_POLITE_HEADS = frozenset(word[:2] for word in POLITENESS)
_POLITE_TAILS = frozenset(word[-2:] for word in POLITENESS)
"""The letters with which a plea begins or ends: a look that spares going through all of them."""
_POLITE = "|".join(re.escape(p) for p in sorted(POLITENESS, key=len, reverse=True))
_FRAME = re.compile("|".join(FRAMES))
FRAMED = ("briefing", "article", "text", "report", "piece")
"""Words one of which is in whatever a pattern of FRAMES matches: a look that spares a search."""
_MARKS = " \t\n,.!?:;،؛؟-"
_GAP = rf"[\s{_MARKS}]"
_OPENING = re.compile(rf"^(?:(?:{_POLITE})\b{_GAP}*)+")
_CLOSING = re.compile(rf"(?:(?<!{_GAP}){_GAP}++(?:{_POLITE}))+{_GAP}*+$")
"""The look-behind and the possessive runs keep it linear in a text of nothing but marks."""


_TEXTS = 1_024
"""Texts of which it is remembered what they came to: one is read by several, one after another."""
_PHRASINGS = 65_536
"""Phrasings whose keys are remembered: a store's checks want all of them, and then its index."""
_SINGLE_WORDS = 65_536
"""Words of which it is remembered: a store says the same ones over and over."""
_AT_ONCE = 1_000
"""Texts that are cut into words at a time: some 60 kB."""


class _Bare(dict[int, int | None]):
    """A translation table without diacritics, invisible and direction-setting characters."""

    def __missing__(self, code: int) -> int | None:
        char = chr(code)
        invisible = unicodedata.combining(char) or unicodedata.category(char) == "Cf"
        self[code] = None if invisible else code
        return self[code]


_BARE = _Bare()


@lru_cache(maxsize=_TEXTS)
def fold(text: str) -> str:
    """*text* in one form: NFKC, lower case, no diacritics, plain quotes and dashes, single spaces.

    Invisible and direction-setting characters vanish; Arabic letters that are written in several
    ways become one. Idempotent.
    """
    if text.isascii():  # nothing below would change it otherwise; most text is, so it is quick
        return " ".join(text.replace("`", "'").casefold().split())
    # Quotes first, since NFKC takes an acute accent apart; and again for what it makes of others.
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES).casefold()
    text = unicodedata.normalize("NFKD", text)
    text = unicodedata.normalize("NFKC", text.translate(_BARE)).translate(_ARABIC).casefold()
    return " ".join(text.split())


def forget() -> None:
    """Nothing; no text that was read lingers in the caches that make reading quick."""
    of_texts = (fold, without_politeness, phrasing_key, cut)
    for remembered in (*of_texts, stem, latin, skeleton, without_article):
        remembered.cache_clear()


@lru_cache(maxsize=_TEXTS)
def without_politeness(text: str) -> str:
    """Folded *text* without greetings and pleas at its ends; as it was if nothing else is left."""
    folded = fold(text)
    core = folded
    if core[:2] in _POLITE_HEADS and core.startswith(_POLITE_WORDS):
        core = _OPENING.sub("", core)
    end = core.rstrip(_MARKS)  # the search for a plea there is slow
    if end[-2:] in _POLITE_TAILS and end.endswith(_POLITE_WORDS):
        core = _CLOSING.sub("", core)
    if any(map(core.__contains__, FRAMED)):
        core = _FRAME.sub("", core)
    core = core.strip(_MARKS)
    return core or folded.strip(_MARKS)


def only_polite(text: str) -> bool:
    """Whether folded *text* is nothing but greetings and pleas."""
    return not _OPENING.sub("", text).strip(_MARKS)


def words(text: str) -> list[str]:
    """The words of *text*, folded, in order: `400km` is two words, a possessive 's none.

    What French and Italian elide is a word by itself, as it is elsewhere: `l'` is `l`, `dell'` is
    `del`.
    """
    return list(cut(fold(text).strip(_MARKS)))


@lru_cache(maxsize=_TEXTS)
def cut(text: str) -> tuple[str, ...]:
    """The words of folded *text*, in order; see `words`."""
    if _is_glued(text):
        text = _THOUSANDS.sub("", text)
        text = _UNIT.sub(" ", _ORDINAL.sub("", text.replace("€", " euro ")))
    elif "€" in text:
        text = text.replace("€", " euro ")
    if text.isascii() and "'" not in text:  # most text: the same words, found five times as fast
        plain = text.encode("ascii").translate(_APART).decode("ascii").split()
        return tuple(plain if _UNITS.isdisjoint(plain) else [UNITS.get(w, w) for w in plain])
    if "'" in text:
        text = _ELISION.sub(_apart, text)
    found = []
    for word in _WORD.findall(text):
        if "'" in word:
            word = word.removesuffix("'s").removesuffix("s'")
            word = UNITS.get(word, word).replace("'", "")
        else:
            word = UNITS.get(word, word)
        if word:
            found.append(word)
    return tuple(found)


def sign(text: str) -> str:
    """The first character of a message without words, an emoji say, whatever follows it."""
    return text.strip(_MARKS)[:1]


def all_words(texts: Iterable[str]) -> set[str]:
    """The words of all *texts*, quickly, since many are cut at a time; none is remembered."""
    plain: list[str] = []
    other: list[str] = []
    for text in texts:
        (plain if text.isascii() and "'" not in text and "`" not in text else other).append(text)
    found: set[str] = set()
    for kept in (plain, other):
        for at in range(0, len(kept), _AT_ONCE):
            joined = fold.__wrapped__("\n".join(kept[at : at + _AT_ONCE]))
            found.update(cut.__wrapped__(joined))
    return found


def _is_glued(text: str) -> bool:
    """Whether _GLUED matches in folded *text*."""
    if not text.isascii():
        return _GLUED.search(text) is not None
    shape = text.encode("ascii").translate(_SHAPE)
    return b"0a" in shape or b"0,0" in shape


def _apart(elision: re.Match[str]) -> str:
    """What is elided, as a word by itself: never `all`, which tells something in English."""
    return f"{elision[1].removesuffix('l') if elision[1][-2:] == 'll' else elision[1]} "


def digits(word: str) -> str:
    """*word* as a numeral if it is a number word or a numeral in another script, else as it is."""
    if word in NUMBER_WORDS:
        return str(NUMBER_WORDS[word])
    if word.isdecimal() and not word.isascii():
        word = "".join(str(unicodedata.decimal(c)) for c in word)
    return word.lstrip("0") or "0" if word.isdecimal() else word


@lru_cache(maxsize=_SINGLE_WORDS)
def stem(word: str) -> str:
    """The stem under which *word* is indexed: numerals for numbers, else by Snowball."""
    number = digits(word)
    if number[:1].isdigit():
        return number
    if word.isascii():
        return str(_ENGLISH.stemWord(word))
    return str(_ARABIC_STEMS.stemWord(word)) if "\u0621" <= word[0] <= "\u064a" else word


def content_words(text: str) -> list[str]:
    """The words of *text* that carry a subject, unstemmed, in order; may be empty."""
    return [w for w in words(text) if w not in STOP_WORDS]


@lru_cache(maxsize=_PHRASINGS)
def phrasing_key(text: str) -> str:
    """What makes two phrasings the same: words without case, accents, punctuation, politeness."""
    return " ".join(cut(without_politeness(text)))


def fold_name(text: str) -> str:
    """What makes two aliases the same: folded words, hyphens and apostrophes apart."""
    return " ".join(words(text.replace("-", " ")))


_FOREIGN = re.compile(
    rf"\b(?:ال)?({'|'.join(sorted(map(re.escape, IN_ENGLISH), key=len, reverse=True))})\b"
)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_CLITIC = re.compile(r"^(?:[وف]?[بك]ال|[وف]ال|[وف]?لل|[وفبكل])(?=\w{3})")


def plain_name(text: str) -> str:
    """Folded *text* of a name without elisions (`l'`, `dell'`) and dots within an acronym."""
    folded = fold(text)
    if "." in folded:
        folded = _DOTTED.sub(lambda found: found[0].replace(".", ""), folded)
    return _ELISION.sub(" ", folded).strip() if "'" in folded else folded


def without_clitic(name: str) -> str:
    """A folded *name* without what Arabic joins to its first word: `and`, `in`, `to`, `like`."""
    return _CLITIC.sub("", name)


def in_english(name: str) -> str:
    """A folded *name* with its generic French, Italian and Arabic words in English."""
    return _FOREIGN.sub(lambda found: IN_ENGLISH[found[1]], name)


_ARTICLES = frozenset({"al", "el", "il", "ul"})
_ARABIZI = str.maketrans({"2": "a", "3": "a", "5": "kh", "6": "t", "7": "h", "8": "q", "9": "q"})
_SOUNDS = (
    ("kh", "k"),
    ("gh", "g"),
    ("sh", "s"),
    ("dsch", "j"),
    ("tch", "s"),
    ("sch", "s"),
    ("ch", "s"),
    ("dj", "j"),
    ("ce", "se"),
    ("ci", "si"),
    ("ou", "u"),
    ("th", "t"),
    ("dh", "d"),
    ("ph", "f"),
    ("ck", "k"),
    ("q", "k"),
    ("c", "k"),
    ("j", "g"),
    ("z", "s"),
    ("v", "f"),
    ("p", "b"),
    ("x", "ks"),
)


@lru_cache(maxsize=_SINGLE_WORDS)
def latin(word: str) -> str:
    """*word* in Latin letters: other scripts transliterated, Arabizi digits within letters read."""
    if word.isascii():
        if any(c.isdigit() for c in word) and any(c.isalpha() for c in word):
            return word.translate(_ARABIZI)
        return word
    return re.sub(r"[^a-z0-9]", "", str(anyascii(word)).casefold())


@lru_cache(maxsize=_SINGLE_WORDS)
def skeleton(word: str) -> str:
    """The consonants of *word*, sounds that transliterations confuse made one; may be empty.

    `hashim`, `hachem`, `7ashem` and the Arabic spelling share one skeleton.
    """
    text = latin(word)
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    text = re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouwy']", "", text))
    return text[:-1] if text.endswith("h") and len(text) > 2 else text


@lru_cache(maxsize=_SINGLE_WORDS)
def without_article(word: str) -> str:
    """*word* of a name without a joined Arabic article (`القاهرة`); empty if it is one (`al`)."""
    if word in _ARTICLES:
        return ""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
