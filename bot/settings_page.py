"""The pages of subscribing and of the settings: what they say, and where their buttons lead.

Pure, as `bot.reply` and `bot.pages`. A page of somebody who is not subscribed yet carries the hour
and the zone in its buttons; one of a subscriber leaves both out: they are stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names

from bot import buttons, zones
from bot.blocks import Block, Choice, Group, Note, Reply, Text, Title
from bot.buttons import Setting
from bot.hours import clock
from bot.model import EVERY_DAY, State, Subscription
from bot.place_names import told_apart
from bot.places import Place
from bot.texts import Texts

HOURS = (360, 390, 420, 450, 480, 510, 540, 600, 720, 780, 960, 1080, 1140, 1200, 1260, 1320)
"""Minutes of the day that are offered by a button each."""
GRID = 4
"""Hours, and days, side by side."""
ZONES_A_PAGE = 30

_DATE = "EEEE d MMMM"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is on offer before it is subscribed to: a minute of the day and a zone."""

    minute: int
    zone: str

    def to(self, step: buttons.Step, value: str = "") -> Setting:
        """The payload that leads on with this."""
        return Setting(step, self.minute, self.zone, value)


@dataclass(frozen=True, slots=True)
class SettingsPages:
    """Composes the pages; `now` is the time."""

    texts: Texts
    now: dt.datetime

    # before there is a subscription

    def offer(self, draft: Draft, *, off: bool = False) -> Reply:
        """What is offered, and the button that takes it; *off*: it was there, and is not."""
        say = self.texts.say
        time, place = clock(draft.minute), zones.label(draft.zone)
        local = f"{self.now.astimezone(ZoneInfo(draft.zone)):%H:%M}"
        facts = (
            say("subscribe.hour", time=time),
            say("subscribe.place", zone=draft.zone, now=local),
            say("subscribe.right"),
        )
        return Reply(
            (
                Title(say("subscribe.title")),
                Text(say("subscribe.off" if off else "subscribe.offer")),
                Text("\n".join(facts)),
            ),
            (
                _alone(say("subscribe.yes", time=time, place=place), draft.to("yes")),
                _group(
                    Choice(say("subscribe.other_hour"), draft.to("hours")),
                    Choice(say("subscribe.other_place"), draft.to("places")),
                ),
            ),
        )

    # of a subscriber

    def subscribed(self, found: Subscription) -> Reply:
        """The confirmation: when it comes, in which zone, and when for the first time."""
        say = self.texts.say
        latest = _alone(say("subscribe.latest"), buttons.Open(None))
        blocks: list[Block] = [Title(say("subscribe.done")), *self._when(found)]
        return Reply(tuple(blocks), (latest, *self._menu(found)))

    def settings(self, found: Subscription) -> Reply:
        """The one message of the settings."""
        blocks: list[Block] = [Title(self.texts.say("settings.title")), *self._when(found)]
        return Reply(tuple(blocks), self._menu(found))

    def started(self, found: Subscription) -> Note:
        """A line for somebody who is subscribed and says hello."""
        return Note(self.texts.say("settings.start", next=self._next(found)))

    def stopped(self) -> Reply:
        """It is over, by one tap, and another takes that back."""
        undo = _alone(self.texts.say("settings.undo"), Setting("undo"))
        return Reply((Text(self.texts.say("settings.stopped")),), (undo,))

    def days(self, found: Subscription) -> Reply:
        """The weekdays, each to be taken out or in."""
        say, choices = self.texts.say, []
        for bit, name in enumerate(self._days("abbreviated")):
            on = bool(found.wish.days >> bit & 1)
            label = say("settings.chosen", label=name) if on else name
            mask = found.wish.days ^ 1 << bit or found.wish.days
            choices.append(Choice(label, Setting("days", value=str(mask))))
        head = (Title(say("settings.days_title")), Note(say("settings.days_how")))
        when = self._rhythm(found)
        return Reply((*head, when), (Group("", tuple(choices), columns=GRID), self._back()))

    def pause(self) -> Reply:
        """How long to pause."""
        say = self.texts.say
        spans = _group(
            Choice(say("settings.week"), Setting("week")),
            Choice(say("settings.until"), Setting("until")),
        )
        return Reply((Title(say("settings.pause_title")),), (spans, self._back()))

    # of both

    def hours(self, draft: Draft | None, *, group: bool, again: bool = False) -> Reply:
        """A grid of hours, and how to name another; *again*: what was written was none."""
        say = self.texts.say
        choices = (
            Choice(
                clock(minute),
                Setting("offer", minute, draft.zone) if draft else Setting("set", minute),
            )
            for minute in HOURS
        )
        how = Text(say("settings.hours_group" if group else "settings.hours_how"))
        head: list[Block] = [Text(say("settings.no_hour"))]
        if not again:
            head = [Title(say("settings.hours_title")), how]
        grid = Group("", tuple(choices), columns=GRID)
        return Reply(tuple(head), (grid, self._back(draft)))

    def places(self, draft: Draft | None, *, group: bool) -> Reply:
        """How to name a place, and the regions of the list."""
        say = self.texts.say
        how = say("settings.places_group" if group else "settings.places_how")
        return self._listed((Title(say("settings.places_title")), Text(how)), draft)

    def no_place(self, name: str, draft: Draft | None) -> Reply:
        """Nothing is called *name*, and nothing nearly so."""
        return self._listed((Text(self.texts.say("settings.no_place", name=name)),), draft)

    def no_lookup(self, draft: Draft | None) -> Reply:
        """Names cannot be looked up now."""
        return self._listed((Text(self.texts.say("settings.no_lookup")),), draft)

    def no_zone(self, draft: Draft | None) -> Reply:
        """No zone is known at the point that was shared."""
        return self._listed((Text(self.texts.say("settings.no_zone")),), draft)

    def which(self, name: str, found: Sequence[Place], draft: Draft | None, *, sure: bool) -> Reply:
        """The places that *name* may mean, likeliest first; not *sure*: it was misspelt."""
        say = self.texts.say
        labels = told_apart(found, self.texts, self.now)
        choices = tuple(
            Choice(label, _zone(place.zone, draft))
            for label, place in zip(labels, found, strict=True)
        )
        text = say("settings.which" if sure else "settings.perhaps", name=name)
        others = draft.to("places") if draft else Setting("places")
        listed = _alone(say("settings.list"), others)
        return Reply((Text(text),), (Group("", choices, columns=1), listed))

    def region(self, region: str, page: int, draft: Draft | None) -> Reply | None:
        """Page *page*, from 0, of the zones of *region*; None if there is no such page."""
        say, listed = self.texts.say, zones.regions().get(region, ())
        pages = -(-len(listed) // ZONES_A_PAGE)
        if not 0 <= page < pages:
            return None
        some = listed[page * ZONES_A_PAGE :][:ZONES_A_PAGE]
        choices = tuple(Choice(zones.label(name), _zone(name, draft)) for name in some)
        turns = []
        if page:
            turns.append(
                Choice(say("settings.earlier", number=page), _page(region, page - 1, draft))
            )
        if page + 1 < pages:
            later = say("settings.later", number=page + 2)
            turns.append(Choice(later, _page(region, page + 1, draft)))
        title = say("settings.region", region=region)
        if pages > 1:
            title = say("settings.region_part", region=region, number=page + 1, total=pages)
        up = draft.to("places") if draft else Setting("places")
        back = Choice(say("settings.back"), up)
        groups = (Group("", choices, columns=2), Group("", (*turns, back), columns=3))
        return Reply((Title(title),), groups)

    # parts

    def _listed(self, blocks: tuple[Block, ...], draft: Draft | None) -> Reply:
        regions = tuple(Choice(name, _page(name, 0, draft)) for name in zones.regions())
        return Reply(blocks, (Group("", regions, columns=3), self._back(draft)))

    def _menu(self, found: Subscription) -> tuple[Group, ...]:
        say = self.texts.say
        paused = found.state is State.PAUSED
        pause = Choice(say("settings.pause"), Setting("pause"))
        if paused:
            pause = Choice(say("settings.resume"), Setting("resume"))
        return (
            Group(
                "",
                (
                    Choice(say("settings.hour"), Setting("hours")),
                    Choice(say("settings.place"), Setting("places")),
                    Choice(say("settings.days"), Setting("days")),
                    pause,
                ),
                columns=2,
            ),
            _alone(say("settings.stop"), Setting("stop")),
        )

    def _back(self, draft: Draft | None = None) -> Group:
        there = draft.to("offer") if draft else Setting("open")
        return _alone(self.texts.say("settings.back"), there)

    def _when(self, found: Subscription) -> Iterable[Block]:
        """The rhythm, and when it comes next or why it does not."""
        say, zone = self.texts.say, found.wish.zone
        yield self._rhythm(found)
        if found.state is State.ACTIVE:
            yield Text(self._next(found))
        elif found.state is not State.PAUSED:
            yield Text(say("settings.blocked"))
        elif found.paused_until is None:
            yield Text(say("settings.paused"))
        else:
            date = self._date(found.paused_until.astimezone(zone).date())
            yield Text(say("settings.paused_until", date=date))

    def _rhythm(self, found: Subscription) -> Text:
        say, wish = self.texts.say, found.wish
        time, zone = clock(wish.minute), wish.zone.key
        if wish.days == EVERY_DAY:
            return Text(say("settings.every_day", time=time, zone=zone))
        names = (name for bit, name in enumerate(self._days("wide")) if wish.days >> bit & 1)
        return Text(say("settings.some_days", days=", ".join(names), time=time, zone=zone))

    def _next(self, found: Subscription) -> str:
        """The next delivery as its reader's clock will show it: an hour may not exist that day."""
        zone = found.wish.zone
        local = found.next.at.astimezone(zone)
        return self.texts.say(
            "settings.next",
            date=self._date(local.date()),
            time=f"{local:%H:%M}",
            zone=zone.key,
            span=self._span(found.next.at - self.now),
        )

    def _span(self, span: dt.timedelta) -> str:
        say, minutes = self.texts.say, round(span.total_seconds() / 60)
        if minutes < 1:
            return say("settings.under_a_minute")
        if minutes < 90:
            return say("settings.in_minutes", count=minutes)
        if minutes < 48 * 60:
            return say("settings.in_hours", count=round(minutes / 60))
        return say("settings.in_days", count=round(minutes / (24 * 60)))

    def _date(self, date: dt.date) -> str:
        return format_date(date, _DATE, locale=self.texts.language)

    def _days(self, width: str) -> list[str]:
        names = get_day_names(width, "stand-alone", locale=self.texts.language)  # type: ignore[arg-type]
        return [names[day].capitalize() for day in range(7)]


def _alone(label: str, payload: buttons.Payload) -> Group:
    return Group("", (Choice(label, payload),), columns=1)


def _group(*choices: Choice) -> Group:
    return Group("", choices, columns=len(choices))


def _zone(name: str, draft: Draft | None) -> Setting:
    return Setting("offer", draft.minute, name) if draft else Setting("set", zone=name)


def _page(region: str, page: int, draft: Draft | None) -> Setting:
    value = f"{region}.{page}"
    return draft.to("region", value) if draft else Setting("region", value=value)
