"""What buttons call the places that a reader may mean. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from babel import Locale

from bot import zones
from bot.places import Place
from bot.texts import Texts


def told_apart(found: Sequence[Place], texts: Texts, now: dt.datetime) -> Iterator[str]:
    """What each of *found* is called; of those that are called alike, with their time *now*.

    A choice is a zone, which may hold several places of that name: its time is what they share.
    """
    names = [_somewhere(place, texts) for place in found]
    for name, place in zip(names, found, strict=True):
        if names.count(name) == 1:
            yield name
            continue
        local, zone = now.astimezone(ZoneInfo(place.zone)), zones.label(place.zone)
        yield texts.say("settings.told_apart", place=name, zone=zone, now=f"{local:%H:%M}")


def _somewhere(place: Place, texts: Texts) -> str:
    country = Locale(texts.language).territories.get(place.country, place.country)
    if not country:
        return place.name
    return texts.say("settings.somewhere", name=place.name, country=country)
