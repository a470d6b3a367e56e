"""What a choice about the daily briefing changes, and the page that follows it.

Knows no Telegram: an address, who speaks, and whether others are there are given. Whoever comes
here has the right to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeGuard
from zoneinfo import ZoneInfo

from bot import zones
from bot.blocks import Reply, Text
from bot.buttons import Setting
from bot.memory import Expected, Voice
from bot.model import EVERY_DAY, Address, State, Subscription, Wish
from bot.settings_page import Draft, SettingsPages
from bot.store import Subscriptions
from bot.store.planning import PAUSE
from bot.talk import Talk

_TABLES = {"subscription": "forget.subscription", "delivery": "forget.delivery"}
_WANTING = (State.ACTIVE, State.PAUSED)


class OutOfDate(Exception):  # noqa: N818 - the reader is told, nothing is wrong
    """A button names what is not there."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Changes subscriptions. `default` is the minute of the day that is offered first."""

    talk: Talk
    subscriptions: Subscriptions
    default: int

    @property
    def pages(self) -> SettingsPages:
        """Composes the pages as things are now."""
        talk = self.talk
        return SettingsPages(talk.texts, talk.now())

    @property
    def home_zone(self) -> str:
        """The zone of the newest briefing, which is offered first."""
        name = self.talk.library.newest.article.front.time_zone
        return name if name in zones.names() else "UTC"

    def draft(self, found: Subscription | None) -> Draft:
        """What is offered: what the reader has or had, else the default."""
        if found is None:
            return Draft(self.default, self.home_zone)
        return Draft(found.wish.minute, found.wish.zone.key)

    def home(self, found: Subscription | None, *, off: bool = False) -> Reply:
        """The settings of a subscriber; what is offered to anybody else, *off* said to be so."""
        if is_on(found):
            return self.pages.settings(found)
        return self.pages.offer(self.draft(found), off=off)

    async def take(self, address: Address, draft: Draft, days: int = EVERY_DAY) -> Reply:
        """The confirmation: *address* is subscribed as *draft* has it, on *days*."""
        wish = Wish(zone=_zone(draft.zone), minute=draft.minute, days=days)
        texts, now = self.talk.texts, self.talk.now()
        found = await self.subscriptions.put(address, texts.language, wish, now)
        return self.pages.subscribed(found)

    async def choose(
        self,
        address: Address,
        draft: Draft | None,
        *,
        minute: int | None = None,
        zone: str | None = None,
    ) -> Reply:
        """The page after an hour or a zone was chosen.

        With *draft* it is what is offered next; without, it is stored, if *address* is subscribed.
        """
        found = await self.subscriptions.of(address)
        if draft is None and is_on(found):
            wish = found.wish
            wish = wish if minute is None else replace(wish, minute=minute)
            wish = wish if zone is None else replace(wish, zone=_zone(zone))
            changed = await self.subscriptions.change(address, wish, self.talk.now())
            return self.home(changed, off=True)
        draft = draft or self.draft(found)
        draft = draft if minute is None else replace(draft, minute=minute)
        draft = draft if zone is None else replace(draft, zone=_zone(zone).key)
        return self.pages.offer(draft)

    async def step(
        self, setting: Setting, address: Address, voice: Voice, *, group: bool
    ) -> Reply | None:
        """The page that *setting* leads to, done what it does; None if there is nothing to end.

        OutOfDate where it names a zone or a page that is not there.
        """
        draft = self._carried(setting)
        match setting.step:
            case "yes":
                if draft is None:
                    raise OutOfDate
                self.talk.memory.met(voice)
                return await self.take(address, draft)
            case "offer":
                if draft is not None:
                    return self.pages.offer(draft)
                return self.home(await self.subscriptions.of(address))
            case "hours" | "places" | "region":
                return await self._open(setting, address, voice, draft, group=group)
            case "set":
                zone = setting.zone or None
                return await self.choose(address, None, minute=setting.minute, zone=zone)
            case "forget":
                return await self.forget(address.chat)
            case "keep":
                return Reply((Text(self.talk.texts.say("forget.kept")),))
            case "stop":
                await self.subscriptions.stop(address, self.talk.now())
                found = await self.subscriptions.of(address)
                return self.pages.stopped() if found else None
            case "undo":
                found = await self.subscriptions.undo_stop(address, self.talk.now())
                return self.home(found, off=True)
            case _:
                return await self._change(setting, address)

    async def forget(self, chat: int) -> Reply:
        """The report: everything on *chat* is deleted, here and in memory, and looked for again."""
        say = self.talk.texts.say
        done = await self.subscriptions.forget(chat)
        self.talk.memory.forget(chat)
        rows = [
            say("forget.rows", table=say(_TABLES[table]), count=count)
            for table, count in done.deleted.items()
        ]
        proof = say("forget.left", count=done.left) if done.left else say("forget.proved")
        return Reply((Text("\n".join([say("forget.done"), *rows])), Text(proof)))

    async def _open(
        self, setting: Setting, address: Address, voice: Voice, draft: Draft | None, *, group: bool
    ) -> Reply:
        """A page that asks for an hour or a place; it may be written as well."""
        found = await self.subscriptions.of(address)
        if draft is None and not is_on(found):
            return self.home(found, off=True)
        if setting.step == "region":
            region, _, page = setting.value.partition(".")
            listed = self.pages.region(region, int(page), draft) if page.isdecimal() else None
            if listed is None:
                raise OutOfDate
            return listed
        what = Expected("hour" if setting.step == "hours" else "place", *_parts(draft))
        self.talk.memory.expect(voice, what)
        if setting.step == "hours":
            return self.pages.hours(draft, group=group)
        return self.pages.places(draft, group=group)

    async def _change(self, setting: Setting, address: Address) -> Reply:
        """The settings with days, pause or its end as *setting* has it."""
        found = await self.subscriptions.of(address)
        if not is_on(found):
            return self.home(found, off=True)
        now, store = self.talk.now(), self.subscriptions
        changed: Subscription | None = found
        match setting.step:
            case "days" if setting.value:
                wish = replace(found.wish, days=_days(setting.value))
                changed = await store.change(address, wish, now)
            case "week":
                changed = await store.pause(address, now + PAUSE, now)
            case "until":
                changed = await store.pause(address, None, now)
            case "resume":
                changed = await store.resume(address, now)
            case "pause":
                return self.pages.pause()
        if setting.step == "days" and is_on(changed):
            return self.pages.days(changed)
        return self.home(changed, off=True)

    def _carried(self, setting: Setting) -> Draft | None:
        """The hour and zone that *setting* carries; None if they are the stored ones."""
        if setting.minute is None or not setting.zone:
            return None
        return Draft(setting.minute, _zone(setting.zone).key)


def is_on(found: Subscription | None) -> TypeGuard[Subscription]:
    """Whether *found* is a subscription that its reader wants."""
    return found is not None and found.state in _WANTING


def drafted(expected: Expected | None) -> Draft | None:
    """What stood beside what was *expected*; None if that is stored."""
    if expected is None or expected.minute is None:
        return None
    return Draft(expected.minute, expected.zone)


def _parts(draft: Draft | None) -> tuple[int | None, str]:
    return (draft.minute, draft.zone) if draft else (None, "")


def _zone(name: str) -> ZoneInfo:
    found = zones.zone(name)
    if found is None:
        raise OutOfDate
    return found


def _days(mask: str) -> int:
    days = int(mask) if mask.isdecimal() and mask.isascii() else 0
    if not 1 <= days <= EVERY_DAY:
        raise OutOfDate
    return days
