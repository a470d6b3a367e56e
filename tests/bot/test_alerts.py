"""Alerts: each admin gets the sentence, once an hour, whatever Telegram does meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from bot import alerts, api
from bot.alerts import Alerts
from bot.pacer import Pacer
from bot.render import LONGEST
from bot.texts import Texts
from tests.fake_telegram import Call, FakeTelegram, User

TEXTS = Texts("en", {"broken": "Broken: {what}."})


class Now:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@contextlib.asynccontextmanager
async def telling(
    fake: FakeTelegram, *admins: User, now: Now | None = None
) -> AsyncIterator[Alerts]:
    for admin in admins:
        admin.chat.state.known = True
    bot = api.connect(fake.token, fake.url, 4)
    async with bot:
        made = Alerts(bot, Pacer(30), [admin.id for admin in admins], TEXTS, now or Now())
        yield made
        await made.close()


def said(admin: User) -> list[str]:
    return [message.text for message in admin.chat.sent]


async def test_each_admin_is_told_in_private(fake: FakeTelegram) -> None:
    amal, basil = fake.user(), fake.user()
    async with telling(fake, amal, basil) as made:
        await made.tell("broken", what="<b>this</b>")
        for admin in (amal, basil):
            assert (await admin.next_message()).text == "Broken: <b>this</b>."
    assert {call.params["link_preview_options"]["is_disabled"] for call in sent(fake)} == {True}


async def test_the_same_sentence_is_told_once_an_hour(fake: FakeTelegram) -> None:
    amal, now = fake.user(), Now()
    async with telling(fake, amal, now=now) as made:
        for what in ("this", "this", "that"):
            await made.tell("broken", what=what)
        now.seconds = alerts.ONCE_IN
        await made.tell("broken", what="this")
        await fake.wait_for(lambda: len(said(amal)) == 3)
    assert sorted(said(amal)) == ["Broken: that.", "Broken: this.", "Broken: this."]


async def test_telling_waits_for_nobody_and_goes_on_until_it_is_heard(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "FIRST_PAUSE", 0.01)
    amal = fake.user()
    async with telling(fake, amal) as made:
        fake.fail("sendMessage", 502, "Bad Gateway", count=2)
        fake.fault("cut", "sendMessage", count=2)
        async with asyncio.timeout(0.2):
            await made.tell("broken", what="this")
        assert (await amal.next_message()).text == "Broken: this."
    assert len(sent(fake)) == 5


async def test_flood_control_halts_everything(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # as the bot sets it
    amal = fake.user()
    amal.chat.state.known = True
    fake.retry_after("sendMessage", 1)
    async with api.connect(fake.token, fake.url, 4) as bot:
        pacer = Pacer(30)
        made = Alerts(bot, pacer, [amal.id], TEXTS)
        await made.tell("broken", what="this")
        await fake.wait_for(lambda: pacer.halted_until)
        assert (await amal.next_message()).text == "Broken: this."
        await made.close()
    first, second = sent(fake)
    assert second.started - (first.finished or 0) >= 1


async def test_an_admin_who_never_wrote_to_the_bot_is_logged_and_the_others_are_told(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    amal, basil, carim = fake.user(), fake.user(), fake.user()
    async with telling(fake, amal, basil, carim) as made:
        amal.chat.state.known = False
        await basil.block()
        await made.tell("broken", what="this")
        await carim.next_message()
        await fake.wait_for(lambda: len(sent(fake)) == 3)
        await fake.wait_for(lambda: f"admin {basil.id} cannot be told" in caplog.text)
    assert f"admin {amal.id} cannot be told" in caplog.text
    assert "for the operator: Broken: this." in caplog.text
    assert len(sent(fake)) == 3  # nobody is tried again


async def test_what_waits_is_bounded_and_ends_with_the_bot(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    amal = fake.user()
    fake.fault("hold", "sendMessage", count=None)
    async with telling(fake, amal) as made:
        for number in range(alerts.MOST_WAITING + 2):
            await made.tell("broken", what=number)
        assert caplog.text.count("is not told: too much waits already") == 2
        assert "Broken: 65." in caplog.text
    assert not said(amal)
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "alert"]


async def test_a_long_sentence_is_cut(fake: FakeTelegram) -> None:
    amal = fake.user()
    async with telling(fake, amal) as made:
        await made.tell("broken", what="x" * 5000)
        assert len((await amal.next_message()).text) <= LONGEST


async def test_an_unknown_sentence_is_our_own_doing(fake: FakeTelegram) -> None:
    async with telling(fake) as made:
        with pytest.raises(KeyError):
            await made.tell("nothing")


def sent(fake: FakeTelegram) -> list[Call]:
    return fake.calls("sendMessage")
