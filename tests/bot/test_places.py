"""Places by name, misspelt and in three languages, and zones by a point of the earth."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot import zones
from bot.atlas import fold
from bot.places import MOST, Places, PlacesError

HOME = "Africa/Tripoli"


@pytest.fixture
def places(atlas: Path) -> Places:
    """A search at home in Libya."""
    return Places(atlas.parent, lambda: HOME)


async def zones_of(places: Places, text: str) -> list[str]:
    return [place.zone for place in (await places.find(text)).places]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Benghazi", "Africa/Tripoli"), ("بنغازي", "Africa/Tripoli"),
        ("Misurata", "Africa/Tripoli"), ("Cairo", "Africa/Cairo"), ("le Caire", "Africa/Cairo"),
        ("القاهرة", "Africa/Cairo"), ("قاهره", "Africa/Cairo"), ("Londres", "Europe/London"),
        ("بيروت", "Asia/Beirut"), ("Beyrouth", "Asia/Beirut"), ("Sao Paulo", "America/Sao_Paulo"),
        ("SÃO PAULO", "America/Sao_Paulo"), ("new york", "America/New_York"),
        ("Djerba", "Africa/Tunis"), ("  Nairobi  ", "Africa/Nairobi"),
        ("Genève", "Europe/Zurich"), ("Istanbul", "Europe/Istanbul"),
    ],
)  # fmt: skip
async def test_a_city_is_found_in_english_arabic_and_french(
    places: Places, text: str, zone: str
) -> None:
    found = await places.find(text)
    assert found.sure
    assert [place.zone for place in found.places] == [zone]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Libya", "Africa/Tripoli"), ("la Libye", "Africa/Tripoli"), ("ليبيا", "Africa/Tripoli"),
        ("Tunisie", "Africa/Tunis"), ("Germany", "Europe/Berlin"), ("Allemagne", "Europe/Berlin"),
        ("ألمانيا", "Europe/Berlin"), ("المانيا", "Europe/Berlin"), ("UK", "Europe/London"),
        ("Royaume-Uni", "Europe/London"), ("England", "Europe/London"), ("UAE", "Asia/Dubai"),
        ("Côte d'Ivoire", "Africa/Abidjan"), ("Ivory Coast", "Africa/Abidjan"),
        ("مصر", "Africa/Cairo"), ("Tuvalu", "Pacific/Funafuti"), ("LBY", "Africa/Tripoli"),
        ("Turkey", "Europe/Istanbul"), ("Türkiye", "Europe/Istanbul"),
        ("السعودية", "Asia/Riyadh"), ("Singapore", "Asia/Singapore"),
    ],
)  # fmt: skip
async def test_a_country_is_found_in_english_arabic_and_french(
    places: Places, text: str, zone: str
) -> None:
    found = await places.find(text)
    assert found.sure
    assert [place.zone for place in found.places] == [zone]


@pytest.mark.parametrize("text", ["Tripoli", "طرابلس", "tripoli"])
async def test_an_ambiguous_name_offers_choices_biggest_first(places: Places, text: str) -> None:
    found = await places.find(text)
    assert found.sure
    assert [place.country for place in found.places][:2] == ["LY", "LB"]
    if text != "طرابلس":
        assert [place.country for place in found.places] == ["LY", "LB", "GR"]


async def test_the_country_of_the_briefing_comes_first(atlas: Path) -> None:
    greek = Places(atlas.parent, lambda: "Europe/Athens")
    assert (await zones_of(greek, "Tripoli"))[0] == "Europe/Athens"
    nowhere = Places(atlas.parent, lambda: "")
    assert (await zones_of(nowhere, "Tripoli"))[0] == "Africa/Tripoli"


@pytest.mark.parametrize(
    "text", ["Tripoli, Lebanon", "Tripoli Lebanon", "Tripoli, Liban", "طرابلس لبنان", "tripoli,LB"]
)
async def test_a_country_after_the_city_settles_it(places: Places, text: str) -> None:
    assert await zones_of(places, text) == ["Asia/Beirut"]


async def test_a_country_of_many_zones_offers_its_largest(places: Places) -> None:
    for text in ("USA", "États-Unis", "الولايات المتحدة"):
        found = await zones_of(places, text)
        assert found[:2] == ["America/New_York", "America/Chicago"]
        assert len(found) == MOST


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("tripolli", "Africa/Tripoli"), ("new yrok", "America/New_York"),
        ("Benghzi", "Africa/Tripoli"), ("Germny", "Europe/Berlin"), ("Lonndon", "Europe/London"),
        ("Johanesburg", "Africa/Johannesburg"), ("القاهرةة", "Africa/Cairo"),
        ("Tunisei", "Africa/Tunis"), ("Allemange", "Europe/Berlin"),
        ("اسطنبووول", "Europe/Istanbul"),
    ],
)  # fmt: skip
async def test_a_misspelt_name_is_offered_and_never_taken(
    places: Places, text: str, zone: str
) -> None:
    found = await places.find(text)
    assert not found.sure
    assert zone in [place.zone for place in found.places][:3]


@pytest.mark.parametrize(
    "text",
    ["", "x", "??", "asdfghjk", "12345", "x" * 5000, "\x00", "\ud800", "a\tb", "\n", "🙂" * 20],
)
async def test_what_is_no_place_is_not_found(places: Places, text: str) -> None:
    assert (await places.find(text)).places == ()


async def test_no_two_choices_share_a_zone(places: Places) -> None:
    for text in ("Springfield", "San Francisco", "Victoria", "Santiago", "Georgetown"):
        found = await zones_of(places, text)
        assert len(found) == len(set(found)) <= MOST


async def test_a_zone_by_its_name(places: Places) -> None:
    assert await zones_of(places, "africa/tripoli") == ["Africa/Tripoli"]
    assert await zones_of(places, "America/Argentina/Buenos Aires") == [
        "America/Argentina/Buenos_Aires"
    ]
    assert await zones_of(places, "utc") == ["UTC"]
    for text in ("localtime", "../../etc/passwd", "posix/UTC", "Factory", "right/UTC"):
        assert "localtime" not in await zones_of(places, text)


async def test_a_point_of_the_earth_has_its_zone(places: Places) -> None:
    assert await places.at(13.19, 32.88) == "Africa/Tripoli"
    assert await places.at(35.84, 34.43) == "Asia/Beirut"
    assert await places.at(-150.0, 0.0) in zones.names()


async def test_the_index_is_made_once_and_replaces_older_ones(tmp_path: Path) -> None:
    tmp_path.joinpath("places-0.tsv").write_text("old")
    fresh = Places(tmp_path, lambda: HOME)
    waiting = asyncio.create_task(fresh.prepare())
    await asyncio.sleep(0.1)
    waiting.cancel()
    found = await asyncio.gather(*(zones_of(fresh, "Benghazi") for _ in range(5)))
    assert found == [["Africa/Tripoli"]] * 5
    assert os.listdir(tmp_path) == [fresh.path.name]
    assert stat.S_IMODE(fresh.path.stat().st_mode) == 0o600


async def test_it_can_be_made_ahead(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    early = Places(tmp_path, lambda: HOME)
    early.warm()
    early.warm()
    assert await zones_of(early, "Benghazi") == ["Africa/Tripoli"]
    early.warm()
    broken = Places(tmp_path / "missing", lambda: HOME)
    broken.warm()
    with pytest.raises(PlacesError):
        await broken.prepare()
    await asyncio.sleep(0)
    assert "index of places was not made" in caplog.text


async def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PlacesError, match="places failed"):
        await Places(tmp_path / "missing", lambda: HOME).find("Benghazi")


async def test_a_search_leaves_no_list_behind(places: Places) -> None:
    """What one search reads is let go: a hundred take no more memory than two."""
    for _ in range(2):
        await places.find("tripolli")
    before = resident()
    await asyncio.gather(*(places.find(f"tripolli{n}") for n in range(20)))
    assert resident() - before < 20 * 2**20


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def test_only_zones_that_say_where_they_are_may_be_stored() -> None:
    assert {"localtime", "posixrules", "Factory"} & zones.names() == set()
    assert not any(name.startswith(("posix/", "right/")) for name in zones.names())
    assert zones.names() <= available_timezones()
    assert len(zones.names()) > 500
    assert all(len(name) <= 32 for name in zones.names())
    assert zones.zone("localtime") is None
    assert zones.zone("Africa/Tripoli") == ZoneInfo("Africa/Tripoli")


def test_every_zone_in_use_stands_in_the_list_once() -> None:
    listed = [name for names in zones.regions().values() for name in names]
    assert len(listed) == len(set(listed)) == len(zones.countries())
    assert HOME in zones.regions()["Africa"]


def test_names_are_folded_alike_however_they_are_written() -> None:
    for one, other in (
        ("São Tomé", "sao tome"), ("St. Louis", "Saint Louis"), ("L'Aquila", "LAquila"),
        ("القاهرة", "القاهره"), ("أسوان", "اسوان"), ("طَرَابُلُس", "طرابلس"), ("Łódź", "Lodz"),
        ("İstanbul", "istanbul"), ("New_York", "new york"), ("الجزائر", "جزائر"),
    ):  # fmt: skip
        assert fold(one) == fold(other)


def test_the_index_can_be_carried_elsewhere(atlas: Path, tmp_path: Path) -> None:
    """It lies in the data folder, and holds no path."""
    shutil.copy(atlas, tmp_path)
    found = asyncio.run(Places(tmp_path, lambda: HOME).find("Benghazi"))
    assert found.sure
