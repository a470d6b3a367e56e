"""The pages of the settings: what they say of times, and that every button fits."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from bot import buttons, zones
from bot.blocks import Reply
from bot.model import EVERY_DAY, Address, Slot, State, Subscription, Wish
from bot.places import Place
from bot.render import keyboard, markup
from bot.schedule import next_slot
from bot.settings_page import Draft, SettingsPages
from bot.texts import Texts

TRIPOLI = "Africa/Tripoli"
NOW = dt.datetime(2017, 11, 26, 16, 0, tzinfo=dt.UTC)
"""A Sunday, 18:00 in Tripoli."""
LONGEST = max(zones.names(), key=len)


def subscription(
    hour: int = 8,
    zone: str = TRIPOLI,
    now: dt.datetime = NOW,
    state: State = State.ACTIVE,
    slot: Slot | None = None,
) -> Subscription:
    wish = Wish(zone=ZoneInfo(zone), minute=hour * 60)
    return Subscription(
        id=1, address=Address(1), language="en", wish=wish, state=state, paused_until=None,
        next=slot or next_slot(wish, now), since=0, last=0, created_at=now,
    )  # fmt: skip


def pages(texts: Texts, now: dt.datetime = NOW) -> SettingsPages:
    return SettingsPages(texts, now)


def said(page: Reply) -> str:
    return markup(page.blocks)


def test_the_confirmation_names_wall_time_zone_and_the_next_delivery(texts: Texts) -> None:
    page = said(pages(texts).subscribed(subscription()))
    assert "Every day at 08:00, Africa/Tripoli." in page
    assert "Next: Monday 27 November, 08:00 Africa/Tripoli, in 14 hours." in page


@pytest.mark.parametrize(
    ("away", "span"),
    [
        ({"seconds": 20}, "in less than a minute"), ({"minutes": 1}, "in 1 minute"),
        ({"minutes": 89}, "in 89 minutes"), ({"minutes": 95}, "in 2 hours"),
        ({"hours": 47}, "in 47 hours"), ({"hours": 49}, "in 2 days"), ({"days": 6}, "in 6 days"),
    ],
)  # fmt: skip
def test_how_long_it_takes_is_said_in_the_unit_that_people_use(
    texts: Texts, away: dict[str, int], span: str
) -> None:
    at = NOW + dt.timedelta(**away)
    slot = Slot(date=at.date(), at=at)
    assert f", {span}." in said(pages(texts).settings(subscription(slot=slot)))


def test_an_hour_that_does_not_exist_that_day_is_shown_as_the_clock_will_show_it(
    texts: Texts,
) -> None:
    now = dt.datetime(2026, 3, 28, 12, 0, tzinfo=dt.UTC)  # the clocks go forward at 02:00
    found = subscription(hour=2, zone="Europe/Berlin", now=now)
    page = said(pages(texts, now).settings(found))
    assert "Every day at 02:00, Europe/Berlin." in page
    assert "Next: Sunday 29 March, 03:00 Europe/Berlin" in page


def every_page(texts: Texts) -> Iterator[Reply]:
    made = pages(texts)
    found = subscription(zone=LONGEST)
    yield from (made.offer(Draft(1439, LONGEST)), made.subscribed(found), made.settings(found))
    yield from (made.stopped(), made.days(found), made.pause())
    for draft in (None, Draft(1439, LONGEST)):
        yield from (made.hours(draft, group=group) for group in (False, True))
        yield from (made.places(draft, group=group) for group in (False, True))
        yield from (made.no_place("x" * 40, draft), made.no_lookup(draft), made.no_zone(draft))
        choices = [Place("x" * 200, "GB", LONGEST), Place("y", "", "UTC")]
        yield made.which("x", choices, draft, sure=True)
        for region, listed in zones.regions().items():
            page = 0
            while (part := made.region(region, page, draft)) is not None:
                yield part
                page += 1
            assert page * 30 >= len(listed) > (page - 1) * 30


def test_every_button_of_every_page_fits_telegram_and_reads_back(texts: Texts) -> None:
    for page in every_page(texts):
        drawn = keyboard(page.groups)
        assert drawn is not None
        rows = drawn.inline_keyboard
        assert sum(map(len, rows)) <= 100
        for row in rows:
            assert 1 <= len(row) <= 8
            for button in row:
                assert isinstance(button.callback_data, str)
                assert len(button.callback_data.encode()) <= buttons.MAX_BYTES
                assert buttons.decode(button.callback_data) is not None
                assert button.text.strip()
        assert len(said(page)) < 1000


def test_the_list_leads_to_every_zone(texts: Texts) -> None:
    made, led = pages(texts), set()
    for region in zones.regions():
        page = 0
        while (part := made.region(region, page, None)) is not None:
            payloads = [choice.payload for choice in part.choices]
            led |= {p.zone for p in payloads if isinstance(p, buttons.Setting) and p.zone}
            page += 1
    assert led == set(zones.countries())
    assert made.region("Mars", 0, None) is None
    assert made.region("Europe", -1, None) is None


@pytest.mark.parametrize("days", range(1, EVERY_DAY + 1))
def test_a_tap_on_a_day_turns_that_day_and_never_takes_the_last(texts: Texts, days: int) -> None:
    wish = Wish(zone=ZoneInfo(TRIPOLI), minute=480, days=days)
    page = pages(texts).days(dataclasses.replace(subscription(), wish=wish))
    for bit, choice in enumerate(page.choices[:7]):
        assert isinstance(choice.payload, buttons.Setting)
        mask = int(choice.payload.value)
        assert mask == (days ^ 1 << bit or days)
        assert choice.label.startswith("✓") is bool(days >> bit & 1)


def test_places_that_are_called_alike_are_told_apart_by_their_time(texts: Texts) -> None:
    found = [
        Place("Springfield", "US", "America/Chicago"),
        Place("Springfield", "US", "America/New_York"),
        Place("Springfield", "ZA", "Africa/Johannesburg"),
    ]
    page = pages(texts).which("Springfield", found, None, sure=True)
    assert [choice.label for choice in page.groups[0].choices] == [
        "Springfield, United States: time of Chicago, now 10:00",
        "Springfield, United States: time of New York, now 11:00",
        "Springfield, South Africa",
    ]
