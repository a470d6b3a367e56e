"""The fake Bot API against the official texts, so that bot and fake do not share a mistake.

The HTML table is tdlib's own (test/message_entities.cpp, parse_html); the error texts are those of
tdlib/telegram-bot-api and of the Bot API's documentation.
"""

import asyncio
import html
import json
import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.fake_telegram import ButtonError, Clock, FakeTelegram, WaitTimeout
from tests.fake_telegram.html import HtmlError, parse_html
from tests.fake_telegram.links import LinkError, check_link
from tests.fake_telegram.text import find_entities, tidy, utf16_len, utf16_slice

ROOT = Path(__file__).resolve().parents[1]
Json = dict[str, Any]
Api = Callable[..., Awaitable[Any]]
INVALID_SURROGATE = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
    "surrogate code units"
)


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """An error answer, as the raw client of these tests reports it."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status} {body.get('description')}")
        self.status = status
        self.body = body


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client:
        yield client


@pytest.fixture
def api(fake: FakeTelegram, session: aiohttp.ClientSession) -> Api:
    async def call(method: str, **params: Any) -> Any:
        url = f"{fake.base_url}{fake.token}/{method}"
        async with session.post(url, json=params) as response:
            body = await response.json()
        assert body["ok"] is (response.status == 200)
        if response.status != 200:
            assert body["error_code"] == response.status
            raise Refused(response.status, body)
        return body["result"]

    return call


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(fake.token, base_url=fake.base_url) as client:
        yield client


def keyboard(*buttons: Json) -> Json:
    return {"inline_keyboard": [list(buttons)]}


# HTML


def entity(kind: str, offset: int, length: int, **more: Any) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("&#57311;", INVALID_SURROGATE),
        ("&#xDFDF;", INVALID_SURROGATE),
        ("&#xDFDF", INVALID_SURROGATE),
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;>", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
        ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
        ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        (
            "🏟 🏟&lt;<i>a</em   >",
            'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"',
        ),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("a<br/>b", 'Unsupported start tag "br/" at byte offset 1'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id=x>x</>", "Invalid custom emoji identifier specified"),
        ("<blockquote>a<blockquote expandable>b</></>", "Nested blockquote at byte offset 13"),
    ],
)
def test_html_refused(source: str, reason: str) -> None:
    with pytest.raises(HtmlError) as caught:
        parse_html(source)
    assert str(caught.value) == reason


ARROWS = "➡️ ➡️"
TG = "http://telegram.org/"
PARSED: list[tuple[str, str, list[Json]]] = [
    ("", "", []),
    (ARROWS, ARROWS, []),
    (
        "&ge;&lt;&gt;&amp;&quot;&laquo;&raquo;&#12345678;",
        '&ge;<>&"&laquo;&raquo;&#12345678;',
        [],
    ),
    ("&Or;&nbsp;&lt", "&Or;&nbsp;<", []),
    *[
        (f"{ARROWS}<{tag}>{ARROWS}</{tag}>", ARROWS * 2, [entity(kind, 5, 5)])
        for tag, kind in [
            ("i", "italic"),
            ("em", "italic"),
            ("b", "bold"),
            ("STRONG", "bold"),
            ("u", "underline"),
            ("ins", "underline"),
            ("s", "strikethrough"),
            ("strike", "strikethrough"),
            ("del", "strikethrough"),
            ("blockquote", "blockquote"),
            ("tg-spoiler", "spoiler"),
            ("code", "code"),
            ("pre", "pre"),
        ]
    ],
    (
        f"{ARROWS}<i>{ARROWS}</i><b>{ARROWS}</b>",
        ARROWS * 3,
        [entity("italic", 5, 5), entity("bold", 10, 5)],
    ),
    ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [entity("italic", 5, 6)]),
    (
        "🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>",
        "🏟 🏟🏟 ><🏟",
        [entity("italic", 5, 7), entity("bold", 9, 3)],
    ),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.   >a</i>", "🏟 🏟<a", [entity("italic", 6, 1)]),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.>a</i>", "🏟 🏟<a", [entity("italic", 6, 1)]),
    ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;">a</i>', "🏟 🏟<a", [entity("italic", 6, 1)]),
    ("🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;'>a</>", "🏟 🏟<a", [entity("italic", 6, 1)]),
    ("🏟 🏟&lt;<i>🏟 🏟&lt;</>", "🏟 🏟<🏟 🏟<", [entity("italic", 6, 6)]),
    ("🏟 🏟&lt;<i>a</    >", "🏟 🏟<a", [entity("italic", 6, 1)]),
    ("🏟 🏟&lt;<b></b>", "🏟 🏟<", []),
    ("<i>\n</i>", "\n", [entity("italic", 0, 1)]),
    (
        f'{ARROWS}<span class = "tg-spoiler">{ARROWS}</span>',
        ARROWS * 2,
        [entity("spoiler", 5, 5)],
    ),
    (
        "<code><i><b> </b></i></code><i><b><code> </code></b></i>",
        "  ",
        [entity(kind, place, 1) for place in (0, 1) for kind in ("code", "bold", "italic")],
    ),
    (
        "<i><b> </b> <code> </code></i>",
        "   ",
        [entity("italic", 0, 3), entity("bold", 0, 1), entity("code", 2, 1)],
    ),
    ("<a href=telegram.org>\t</a>", "\t", [entity("text_link", 0, 1, url=TG)]),
    ('<a href  ="telegram.org"   > </a>', " ", [entity("text_link", 0, 1, url=TG)]),
    (
        "<a   href=  'telegram.org?&lt;'   > </a>",
        " ",
        [entity("text_link", 0, 1, url=TG + "?<")],
    ),
    ("<a> </a>", " ", []),
    ("<a>telegram.org </a>", "telegram.org ", []),
    ("<a>telegram.org</a>", "telegram.org", [entity("text_link", 0, 12, url=TG)]),
    ("<a href='localhost'>lost</a>", "lost", []),
    ("<a href='javascript:alert(1)'>lost</a>", "lost", []),
    ("🏟&lt;<pre><code>🏟</code></>", "🏟<🏟", [entity("pre", 3, 2), entity("code", 3, 2)]),
    (
        '<pre><code class="language-fift">🏟</></>',
        "🏟",
        [entity("pre", 0, 2, language="fift")],
    ),
    (
        '<code class="language-fift"><pre>🏟</></>',
        "🏟",
        [entity("pre", 0, 2, language="fift")],
    ),
    (
        '<pre><code class="language-fift">🏟</> </>',
        "🏟 ",
        [entity("pre", 0, 3), entity("code", 0, 2)],
    ),
    (
        '<tg-emoji emoji-id = "12345">➡️</tg-emoji>',
        "➡️",
        [entity("custom_emoji", 0, 2, custom_emoji_id="12345")],
    ),
    (
        '<blockquote   cite="" askdlbas nasjdbaj nj12b3>a&lt;<pre  >b;</></>',
        "a<b;",
        [entity("blockquote", 0, 4), entity("pre", 2, 2)],
    ),
    *[
        (
            f"<blockquote   {attributes}>a&lt;<pre  >b;</></>",
            "a<b;",
            [entity("expandable_blockquote", 0, 4), entity("pre", 2, 2)],
        )
        for attributes in ("expandable", "expandable   asd", "expandable=false")
    ],
]


@pytest.mark.parametrize(("source", "text", "entities"), PARSED)
def test_html_parsed(source: str, text: str, entities: list[Json]) -> None:
    assert parse_html(source) == (text, entities)


@settings(deadline=None)
@given(st.text(), st.text(min_size=1))
def test_escaped_html_comes_back(before: str, quoted: str) -> None:
    source = f"{html.escape(before, quote=False)}<b>{html.escape(quoted)}</b>".replace(
        "&#x27;", "&#39;"
    )
    text, entities = parse_html(source)
    assert text == before + quoted
    assert entities == [entity("bold", utf16_len(before), utf16_len(quoted))]


@settings(deadline=None)
@given(st.text(alphabet="<>/ab&;=\"' #x1é🏟", max_size=40))
def test_any_html_is_parsed_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except HtmlError:
        return
    for found in entities:
        assert 0 <= found["offset"] < found["offset"] + found["length"] <= utf16_len(text)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("telegram.org", "http://telegram.org/"),
        (
            "HTTPS://Example.COM/A b?c#:~:text=In%20all",
            "https://example.com/A%20b?c#:~:text=In%20all",
        ),
        ("https://user@example.com:8080", "https://user@example.com:8080/"),
        ("https://пример.рф/файл.pdf", "https://пример.рф/файл.pdf"),
        ("http://[2001:db8:0:0:0:ff00:42:8329]", "http://[2001:db8:0:0:0:ff00:42:8329]/"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("..", "http://../"),
    ],
)
def test_links_taken(link: str, expected: str) -> None:
    assert check_link(link) == expected


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("localhost", "Wrong HTTP URL"),
        ("http://localhost", "Wrong HTTP URL"),
        ("ftp://example.com", "Unsupported URL protocol"),
        ("http://exa mple.com", "Disallowed character in URL host"),
        ("http://user@", "URL host is empty"),
        ("https:///a.pdf", "URL host is empty"),
        ("", "URL host is empty"),
        ("https://.", "Host is invalid"),
        ("http://example.com:99999", "Wrong port number specified in the URL"),
        ("https://example.com:/a", "Wrong port number specified in the URL"),
        ("https://exa%2.com/a.pdf", "Wrong percent-encoded symbol in URL host"),
        ("https://[not-ipv6]/a.pdf", "Wrong IPv6 address specified in the URL"),
        ("tg://user@x", "Wrong tg URL"),
    ],
)
def test_links_refused(link: str, reason: str) -> None:
    with pytest.raises(LinkError) as caught:
        check_link(link)
    assert str(caught.value) == reason


# text


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("🏟", 2), ("ليبيا", 5), ("👨‍👩‍👧", 8)])
def test_utf16_length(text: str, length: int) -> None:
    assert utf16_len(text) == length
    assert utf16_slice("🏟" + text + "x", 2, length) == text


def test_entities_found_in_plain_text() -> None:
    text = "🏟 /who@briefing_test_bot مرحبا @amal_2 see https://example.com/a. a/b me@x.org #سرت"
    found = [(e["type"], utf16_slice(text, e["offset"], e["length"])) for e in find_entities(text)]
    assert found == [
        ("bot_command", "/who@briefing_test_bot"),
        ("mention", "@amal_2"),
        ("url", "https://example.com/a"),
        ("hashtag", "#سرت"),
    ]


def test_text_is_trimmed_with_its_entities() -> None:
    text, entities = tidy(" \n ab c\n ", [entity("bold", 0, 5), entity("italic", 7, 2)])
    assert (text, entities) == ("ab c", [entity("bold", 0, 2)])


# transport


async def test_every_way_to_pass_parameters(
    fake: FakeTelegram, session: aiohttp.ClientSession
) -> None:
    await fake.user(5).send("hi")
    url = f"{fake.base_url}{fake.token}/sendMessage"
    params = {"chat_id": "5", "text": "سرت & 🏟"}
    multipart = aiohttp.FormData(default_to_multipart=True)
    for name, value in params.items():
        multipart.add_field(name, value)
    ways: list[Json] = [{"params": params}, {"data": params}, {"json": params}, {"data": multipart}]
    for way in ways:
        async with session.post(url, **way) as response:
            assert response.status == 200, await response.text()
    async with session.get(url.replace("sendMessage", "SENDmessage"), params=params) as response:
        assert response.status == 200
    assert [m.text for m in fake.chat(5).sent] == ["سرت & 🏟"] * 5


async def test_wrong_token_method_and_body(
    fake: FakeTelegram, session: aiohttp.ClientSession, api: Api
) -> None:
    async with session.get(f"{fake.base_url}1:no/getMe") as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")
    with pytest.raises(Refused, match=r"^404 Not Found"):
        await api("makeCoffee")
    async with session.post(
        f"{fake.base_url}{fake.token}/getMe",
        data=b"{",
        headers={"Content-Type": "application/json"},
    ) as response:
        assert response.status == 400


# getUpdates


async def test_updates_rise_until_confirmed(fake: FakeTelegram, api: Api) -> None:
    sent = await fake.bulk(3)
    ids = [m.update_id for m in sent]
    assert ids == sorted({i for i in ids if i})
    for _ in range(2):
        assert [u["update_id"] for u in await api("getUpdates")] == ids
    assert [u["update_id"] for u in await api("getUpdates", limit=2)] == ids[:2]
    assert [u["update_id"] for u in await api("getUpdates", offset=ids[1])] == ids[1:]
    assert fake.confirmed_offset == ids[1]
    assert fake.pending_updates == 2
    assert await api("getUpdates", offset=(ids[2] or 0) + 1) == []
    assert fake.pending_updates == 0


async def test_negative_offset_keeps_the_last(fake: FakeTelegram, api: Api) -> None:
    ids = [m.update_id for m in await fake.bulk(5)]
    assert [u["update_id"] for u in await api("getUpdates", offset=-2)] == ids[3:]
    assert [u["update_id"] for u in await api("getUpdates")] == ids[3:]


async def test_at_most_100_at_once(fake: FakeTelegram, api: Api) -> None:
    await fake.bulk(130)
    assert len(await api("getUpdates", limit=1000)) == 100


async def test_long_poll_waits_and_wakes(fake: FakeTelegram, api: Api) -> None:
    start = time.monotonic()
    assert await api("getUpdates", timeout=1) == []
    assert time.monotonic() - start >= 0.95
    poll = asyncio.ensure_future(api("getUpdates", timeout=9))
    await fake.wait_for(lambda: fake.world.queue.polling)
    await fake.user().send("wake")
    assert [u["message"]["text"] for u in await poll] == ["wake"]
    assert time.monotonic() - start < 4


async def test_the_older_poller_gets_the_conflict(fake: FakeTelegram, api: Api) -> None:
    older = asyncio.ensure_future(api("getUpdates", timeout=9))
    await fake.wait_for(lambda: fake.world.queue.polling)
    newer = asyncio.ensure_future(api("getUpdates", timeout=9))
    with pytest.raises(Refused) as caught:
        await older
    assert caught.value.body["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    assert caught.value.status == 409
    await fake.user().send("hi")
    assert len(await newer) == 1


async def test_a_poller_that_hangs_up_is_forgotten(fake: FakeTelegram, api: Api) -> None:
    poll = asyncio.ensure_future(api("getUpdates", timeout=9))
    await fake.wait_for(lambda: fake.world.queue.polling)
    poll.cancel()
    await fake.wait_for(lambda: not fake.world.queue.polling)
    assert fake.journal[-1].outcome == "gone"


async def test_webhook_and_polling_exclude_each_other(fake: FakeTelegram, api: Api) -> None:
    poll = asyncio.ensure_future(api("getUpdates", timeout=9))
    await fake.wait_for(lambda: fake.world.queue.polling)
    await api("setWebhook", url="https://example.com/hook")
    with pytest.raises(Refused, match="409 Conflict: terminated by setWebhook request"):
        await poll
    with pytest.raises(Refused, match="409 Conflict: can't use getUpdates method while webhook"):
        await api("getUpdates")
    await fake.user().send("hi")
    info = await api("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("https://example.com/hook", 1)
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api("getUpdates") == []
    with pytest.raises(Refused, match="bad webhook: An HTTPS URL must be provided"):
        await api("setWebhook", url="http://example.com")


async def test_allowed_updates_are_remembered(fake: FakeTelegram, api: Api) -> None:
    user = fake.user()
    await api("getUpdates", allowed_updates=["edited_message"])
    message = await user.send("hidden")
    assert message.update_id is None
    await api("getUpdates")
    await user.edit(message, "seen")
    assert [list(u)[1] for u in await api("getUpdates")] == ["edited_message"]
    await api("getUpdates", allowed_updates=[])
    assert (await user.send("seen")).update_id
    assert fake.raw_update("message_reaction", {}) is None


async def test_updates_expire(api: Api, fake: FakeTelegram) -> None:
    user = fake.user()
    message = await user.send("old")
    await user.forge_tap("x", message)
    fake.clock.advance(149)
    assert len(await api("getUpdates")) == 2
    fake.clock.advance(2)
    assert [list(u)[1] for u in await api("getUpdates")] == ["message"]
    fake.clock.advance(86_400)
    assert await api("getUpdates") == []
    born_expired = await user.send("x", date=fake.clock.now() - 86_401)
    assert born_expired.update_id is None
    assert (await user.send("x", date=fake.clock.now() - 86_000)).update_id


# sendMessage


LONG_ARABIC = "ليبيا " * 700


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "🏟" * 2049}, "message is too long"),
        ({"text": LONG_ARABIC}, "message is too long"),
        ({"text": "ب" * 16_385}, "text is too long"),
        ({"text": "x", "parse_mode": "HTTP"}, "unsupported parse_mode"),
        (
            {"text": "سرت <p>", "parse_mode": "html"},
            'can\'t parse entities: Unsupported start tag "p" at byte offset 7',
        ),
        ({"text": "x", "chat_id": 99}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "reply_to_message_id": 99}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
        (
            {"text": "x", "reply_parameters": {"message_id": 1, "quote": "no"}},
            "QUOTE_TEXT_INVALID",
        ),
        ({"text": "x", "message_thread_id": 7}, "message thread not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_refused_messages(fake: FakeTelegram, api: Api, params: Json, reason: str) -> None:
    await fake.user(5).send("hello")
    with pytest.raises(Refused) as caught:
        await api("sendMessage", **({"chat_id": 5} | params))
    assert caught.value.status == 400
    assert caught.value.body["description"] == f"Bad Request: {reason}"
    assert fake.chat(5).sent == []


BUTTON = {"text": "b"}


@pytest.mark.parametrize(
    ("buttons", "reason"),
    [
        ([BUTTON | {"callback_data": "a" * 65}], "BUTTON_DATA_INVALID"),
        ([BUTTON | {"callback_data": "ب" * 33}], "BUTTON_DATA_INVALID"),
        (
            [BUTTON | {"callback_data": ""}],
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            [BUTTON],
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            [BUTTON | {"url": "localhost"}],
            "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        ([{"text": "", "callback_data": "x"}], "BUTTON_TEXT_INVALID"),
        (
            [{"callback_data": "x"}],
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        ([BUTTON | {"callback_data": "x"}] * 101, "reply markup is too long"),
    ],
)
async def test_refused_keyboards(
    fake: FakeTelegram, api: Api, buttons: list[Json], reason: str
) -> None:
    await fake.user(5).send("hello")
    with pytest.raises(Refused) as caught:
        await api("sendMessage", chat_id=5, text="x", reply_markup=keyboard(*buttons))
    assert caught.value.body["description"] == f"Bad Request: {reason}"


async def test_limits_are_inclusive(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    send = {"chat_id": 5, "parse_mode": "HTML"}
    await api("sendMessage", text=f"<b>{'🏟' * 2048}</b>", **send)
    await api("sendMessage", text="&amp;" * 4096, **send)
    data = [BUTTON | {"callback_data": "ب" * 32}] * 100
    await api("sendMessage", text="x", reply_markup=keyboard(*data), **send)
    many = await api("sendMessage", text="<b>a</b> " * 101, **send)
    assert len(many["entities"]) == 100


async def test_the_message_is_echoed_whole(fake: FakeTelegram, api: Api) -> None:
    user = fake.user(5, "Amal", "amal")
    question = await user.send("/who 🏟", date=fake.clock.now() - 30)
    result = await api(
        "sendMessage",
        chat_id=5,
        text='<b>Sirte</b> 🏟 <a href="https://example.com/a#:~:text=b">s</a> <a href="x">lost</a>',
        parse_mode="HTML",
        disable_notification=True,
        link_preview_options={"is_disabled": True},
        reply_parameters={"message_id": question.id, "quote": "who"},
        reply_markup=keyboard(BUTTON | {"callback_data": "x"}, BUTTON | {"url": "example.com"}),
        message_effect_id="ignored",
    )
    assert result["text"] == "Sirte 🏟 s lost"
    assert result["entities"] == [
        entity("bold", 0, 5),
        entity("text_link", 9, 1, url="https://example.com/a#:~:text=b"),
    ]
    assert result["link_preview_options"] == {"is_disabled": True}
    assert result["reply_to_message"]["message_id"] == question.id
    assert result["quote"]["text"] == "who"
    assert result["reply_markup"]["inline_keyboard"][0][1]["url"] == "http://example.com/"
    assert result["from"]["is_bot"]
    assert result["chat"] == {"id": 5, "type": "private", "first_name": "Amal", "username": "amal"}
    (message,) = fake.chat(5).sent
    assert message.silent
    assert message.covered("bold") == ["Sirte"]
    assert (message.reply_to, message.labels) == (question.id, ["b", "b"])
    assert question.covered("bot_command") == ["/who"]


async def test_reply_to_nothing_can_be_allowed(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    result = await api("sendMessage", chat_id=5, text="x", reply_parameters=lenient)
    assert "reply_to_message" not in result


async def test_topics(fake: FakeTelegram, api: Api) -> None:
    forum = fake.forum({7: "News"}, bot_is_admin=True)
    user = fake.user()
    asked = await user.send("q", chat=forum, thread=7)
    assert asked.data["is_topic_message"]
    assert asked.data["reply_to_message"]["forum_topic_created"]["name"] == "News"
    result = await api("sendMessage", chat_id=forum.id, text="x", message_thread_id=7)
    assert (result["message_thread_id"], result["is_topic_message"]) == (7, True)
    assert result["chat"]["is_forum"]
    general = await api("sendMessage", chat_id=forum.id, text="x")
    assert "message_thread_id" not in general
    for unknown in (1, 8):
        with pytest.raises(Refused, match="400 Bad Request: message thread not found"):
            await api("sendMessage", chat_id=forum.id, text="x", message_thread_id=unknown)
    plain = fake.supergroup()
    ignored = await api("sendMessage", chat_id=plain.id, text="x", message_thread_id=8)
    assert "message_thread_id" not in ignored


# edit, delete, actions


async def test_edits(fake: FakeTelegram, api: Api) -> None:
    user = fake.user(5)
    own = await user.send("hello")
    markup = keyboard(BUTTON | {"callback_data": "x"})
    sent = await api(
        "sendMessage", chat_id=5, text="<b>x</b>", parse_mode="HTML", reply_markup=markup
    )
    target = {"chat_id": 5, "message_id": sent["message_id"]}
    same = {"text": "<strong>x</strong> ", "parse_mode": "HTML", "reply_markup": markup}
    with pytest.raises(Refused, match="400 Bad Request: message is not modified: specified new"):
        await api("editMessageText", **target, **same)
    edited = await api("editMessageText", **target, text="x")
    assert "entities" not in edited
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= edited["date"]
    await api("editMessageReplyMarkup", **target, reply_markup=markup)
    with pytest.raises(Refused, match="message is not modified"):
        await api("editMessageReplyMarkup", **target, reply_markup=markup)
    with pytest.raises(Refused, match="message to edit not found"):
        await api("editMessageText", chat_id=5, message_id=99, text="x")
    with pytest.raises(Refused, match="message can't be edited"):
        await api("editMessageText", chat_id=5, message_id=own.id, text="x")
    assert [m.id for m in fake.edits] == [sent["message_id"]] * 2
    assert [v["text"] for v in fake.edits[0].history] == ["x", "x"]


async def test_deletions(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    first = await api("sendMessage", chat_id=5, text="x")
    second = await api("sendMessage", chat_id=5, text="x")
    assert await api("deleteMessage", chat_id=5, message_id=first["message_id"])
    with pytest.raises(Refused, match="message to delete not found"):
        await api("deleteMessage", chat_id=5, message_id=first["message_id"])
    with pytest.raises(Refused, match="message to edit not found"):
        await api("editMessageText", chat_id=5, message_id=first["message_id"], text="y")
    fake.clock.advance(49 * 3600)
    with pytest.raises(Refused, match="message can't be deleted"):
        await api("deleteMessage", chat_id=5, message_id=second["message_id"])


async def test_chat_actions(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    assert await api("sendChatAction", chat_id=5, action="typing")
    assert [a["action"] for a in fake.chat(5).state.actions] == ["typing"]
    with pytest.raises(Refused, match="wrong parameter action in request"):
        await api("sendChatAction", chat_id=5, action="dancing")


# callback queries


async def test_taps(fake: FakeTelegram, api: Api) -> None:
    user = fake.user(5)
    await user.send("hello")
    buttons = keyboard({"text": "More", "callback_data": "m:1"}, BUTTON | {"url": "example.com"})
    await api("sendMessage", chat_id=5, text="x", reply_markup=buttons)
    message = await user.next_message()
    with pytest.raises(ButtonError, match="no button 'Less'"):
        await user.tap(message, "Less")
    with pytest.raises(ButtonError, match="no callback button"):
        await user.tap(message, "b")
    tap = await user.tap(message, "More")
    update = (await api("getUpdates"))[-1]["callback_query"]
    assert (update["id"], update["data"]) == (tap.id, "m:1")
    assert update["message"]["message_id"] == message.id
    with pytest.raises(Refused, match="message is too long"):
        await api("answerCallbackQuery", callback_query_id=tap.id, text="a" * 201)
    await api("answerCallbackQuery", callback_query_id=tap.id, text="a" * 200, show_alert=True)
    assert (await tap.answered())["show_alert"]
    late = await user.tap(message, "m:1")
    fake.clock.advance(16)
    for query in (tap.id, late.id, "12345"):
        with pytest.raises(Refused) as caught:
            await api("answerCallbackQuery", callback_query_id=query)
        assert caught.value.body["description"] == (
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    assert [a["text"] for a in fake.callback_answers] == ["a" * 200]


async def test_forged_taps(fake: FakeTelegram, api: Api) -> None:
    user = fake.user(5)
    await user.send("hello")
    await api("sendMessage", chat_id=5, text="x")
    message = await user.next_message()
    await user.forge_tap("anything", message)
    await user.forge_tap("anything", message, inaccessible=True)
    await user.forge_tap("anything")
    queries = [u["callback_query"] for u in (await api("getUpdates"))[1:]]
    assert [q.get("message", {}).get("date") == 0 for q in queries] == [False, True, False]
    assert "message" not in queries[2]


# profile


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"command": "", "description": "d"}, "command must be non-empty"),
        ({"command": "Big", "description": "d"}, "BOT_COMMAND_INVALID"),
        ({"command": "a-b", "description": "d"}, "BOT_COMMAND_INVALID"),
        ({"command": "a" * 33, "description": "d"}, "command length must not exceed 32"),
        ({"command": "a", "description": ""}, "command description must be non-empty"),
        (
            {"command": "a", "description": "d" * 257},
            "command description length must not exceed 256",
        ),
        ({"command": "a"}, "can't parse BotCommand: Can't find field \"description\""),
    ],
)
async def test_refused_commands(api: Api, command: Json, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        await api("setMyCommands", commands=[command])
    assert caught.value.body["description"] == f"Bad Request: {reason}"


async def test_commands_per_scope_and_language(fake: FakeTelegram, api: Api) -> None:
    command = {"command": "help", "description": "What I can do"}
    scope = {"type": "chat", "chat_id": 5}
    await api("setMyCommands", commands=[command])
    await api("setMyCommands", commands=[command] * 100, scope=scope, language_code="ar")
    assert await api("getMyCommands") == [command]
    assert await api("getMyCommands", language_code="ar") == []
    assert len(await api("getMyCommands", scope=scope, language_code="ar")) == 100
    await api("deleteMyCommands", scope={"type": "default"})
    assert await api("getMyCommands") == []
    with pytest.raises(Refused, match="BOT_COMMANDS_TOO_MUCH"):
        await api("setMyCommands", commands=[command] * 101)
    await api("setMyDescription", description="d" * 512)
    await api("setMyShortDescription", short_description="s", language_code="ar")
    assert fake.world.profile["short_description", "ar"] == "s"
    with pytest.raises(Refused, match="400"):
        await api("setMyShortDescription", short_description="s" * 121)


# chats


async def test_private_chat_states(fake: FakeTelegram, api: Api) -> None:
    user = fake.user(5)
    message = {"chat_id": 5, "text": "x"}
    with pytest.raises(Refused, match="400 Bad Request: chat not found"):
        await api("sendMessage", **message)
    await user.send("/start")
    await api("sendMessage", **message)
    await user.block()
    with pytest.raises(Refused, match="403 Forbidden: bot was blocked by the user"):
        await api("sendMessage", **message)
    with pytest.raises(RuntimeError, match="unblock"):
        await user.send("hm")
    await user.unblock()
    await api("sendMessage", **message)
    changes = [u["my_chat_member"] for u in await api("getUpdates") if "my_chat_member" in u]
    assert [c["new_chat_member"]["status"] for c in changes] == ["kicked", "member"]
    user.deactivate()
    with pytest.raises(Refused, match="403 Forbidden: user is deactivated"):
        await api("sendMessage", **message)


async def test_group_states(fake: FakeTelegram, api: Api) -> None:
    user = fake.user()
    group, other = fake.group(members=[user]), fake.supergroup(members=[user])
    await group.kick_bot(user)
    with pytest.raises(Refused, match="403 Forbidden: bot was kicked from the group chat"):
        await api("sendMessage", chat_id=group.id, text="x")
    await api("leaveChat", chat_id=other.id)
    with pytest.raises(Refused, match="403 Forbidden: bot is not a member of the supergroup chat"):
        await api("sendMessage", chat_id=other.id, text="x")
    channel = fake.channel(bot_is_admin=False, username="news")
    with pytest.raises(Refused, match="need administrator rights in the channel chat"):
        await api("sendMessage", chat_id="@news", text="x")
    await channel.set_bot_status("administrator", user)
    post = await api("sendMessage", chat_id="@news", text="x")
    assert post["sender_chat"]["id"] == channel.id
    assert "from" not in post


async def test_migration(fake: FakeTelegram, api: Api) -> None:
    user = fake.user()
    group = fake.group(members=[user])
    new = await group.migrate(user)
    with pytest.raises(Refused, match="group chat was upgraded to a supergroup chat") as caught:
        await api("sendMessage", chat_id=group.id, text="x")
    assert caught.value.body["parameters"] == {"migrate_to_chat_id": new.id}
    await api("sendMessage", chat_id=new.id, text="x")
    services = [u["message"] for u in await api("getUpdates")]
    assert services[0]["migrate_to_chat_id"] == new.id
    assert services[1]["migrate_from_chat_id"] == group.id


async def test_members(fake: FakeTelegram, api: Api) -> None:
    member, admin, stranger = fake.user(), fake.user(), fake.user()
    group = fake.supergroup(members=[member], admins=[admin], bot_is_admin=True)
    ids = {"chat_id": group.id}
    statuses = [
        (await api("getChatMember", user_id=user.id, **ids))["status"]
        for user in (member, admin, stranger)
    ]
    assert statuses == ["member", "administrator", "left"]
    admins = await api("getChatAdministrators", **ids)
    assert [a["user"]["id"] for a in admins] == [admin.id, (await api("getMe"))["id"]]
    await member.send("hi")
    with pytest.raises(Refused, match="there are no administrators in the private chat"):
        await api("getChatAdministrators", chat_id=member.id)


async def test_privacy_mode_hides_group_talk(fake: FakeTelegram, api: Api) -> None:
    user, group = fake.user(), fake.supergroup()
    sent = await api("sendMessage", chat_id=group.id, text="x")
    seen = {
        "talk": await user.send("just talk", chat=group),
        "mention": await user.send("@briefing_test_bot what?", chat=group),
        "command": await user.send("/help", chat=group),
        "ours": await user.send("/help@briefing_test_bot", chat=group),
        "theirs": await user.send("/help@other_bot", chat=group),
        "reply": await user.send("why?", chat=group, reply_to=sent["message_id"]),
    }
    assert {k for k, m in seen.items() if m.update_id} == {"command", "ours", "reply"}
    fake.world.privacy = False
    assert (await user.send("just talk", chat=group)).update_id
    assert (await api("getMe"))["can_read_all_group_messages"]


# flood control


async def test_flood_per_chat(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    fake.flood.enabled = True
    fake.clock.freeze()
    for _ in range(3):
        await api("sendMessage", chat_id=5, text="x")
    with pytest.raises(Refused, match="429 Too Many Requests: retry after 1") as caught:
        await api("sendMessage", chat_id=5, text="x")
    assert caught.value.body["parameters"] == {"retry_after": 1}
    fake.clock.advance(1)
    await api("sendMessage", chat_id=5, text="x")
    assert fake.flood.rejected == 1


async def test_flood_per_group_and_bot(fake: FakeTelegram, api: Api) -> None:
    fake.flood.enabled = True
    fake.clock.freeze()
    group = fake.group()
    for _ in range(20):
        fake.clock.advance(1)
        await api("sendMessage", chat_id=group.id, text="x")
    with pytest.raises(Refused, match="429") as caught:
        await api("sendMessage", chat_id=group.id, text="x")
    assert caught.value.body["parameters"]["retry_after"] == 41
    fake.clock.advance(100)
    users = [fake.user() for _ in range(31)]
    for user in users:
        await user.send("hi")
    for user in users[:30]:
        await api("sendMessage", chat_id=user.id, text="x")
    with pytest.raises(Refused, match="retry after 1"):
        await api("sendMessage", chat_id=users[30].id, text="x")
    assert fake.flood.rejected == 2


# faults


async def test_errors_by_method_chat_skip_and_count(fake: FakeTelegram, api: Api) -> None:
    for user_id in (5, 6):
        await fake.user(user_id).send("hello")
    fault = fake.fail("send.*", 500, "Internal Server Error", chat=5, skip=1, count=2)
    outcomes = []
    for chat in (5, 6, 5, 5, 6, 5):
        try:
            await api("sendMessage", chat_id=chat, text="x")
        except Refused as error:
            outcomes.append(error.status)
        else:
            outcomes.append(200)
    assert outcomes == [200, 200, 500, 500, 200, 200]
    assert fault.hits == 2
    assert await api("getMe")
    with pytest.raises(ValueError, match="no fault of kind 'fire'"):
        fake.fault("fire")


async def test_cut_and_lost_reply(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    fake.fault("cut", "sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=5, text="never")
    fake.lose_reply("sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=5, text="delivered")
    fake.fail("sendMessage", 502, "Bad Gateway", after=True)
    with pytest.raises(Refused, match="502 Bad Gateway"):
        await api("sendMessage", chat_id=5, text="delivered too")
    assert [m.text for m in fake.chat(5).sent] == ["delivered", "delivered too"]
    calls = fake.calls("sendMessage", chat=5)
    assert [(c.outcome, c.processed) for c in calls] == [
        ("cut", False),
        ("lost", True),
        ("error", True),
    ]


async def test_garbage_and_truncated(
    fake: FakeTelegram, session: aiohttp.ClientSession, api: Api
) -> None:
    url = f"{fake.base_url}{fake.token}/getMe"
    fake.garbage("getMe")
    async with session.get(url) as response:
        assert (response.status, await response.text()) == (502, "<html>502</html>")
    fake.fault("truncated", "getMe")
    async with session.get(url) as response:
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            json.loads(await response.text())
    assert await api("getMe")
    assert [c.outcome for c in fake.journal] == ["garbage", "truncated", "ok"]


async def test_delay_and_hold(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    fake.fault("delay", "sendMessage", seconds=0.2)
    start = time.monotonic()
    await api("sendMessage", chat_id=5, text="x")
    assert time.monotonic() - start >= 0.19
    hold = fake.fault("hold", "sendMessage")
    held = asyncio.ensure_future(api("sendMessage", chat_id=5, text="held"))
    await fake.wait_for(lambda: hold.hits)
    assert len(fake.chat(5).sent) == 1
    hold.release()
    assert (await held)["text"] == "held"


async def test_a_bug_in_the_fake_shows(
    fake: FakeTelegram, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    del fake.api.flood
    await fake.user(5).send("hello")
    with pytest.raises(Refused, match="500 Internal Server Error: the fake failed"):
        await api("sendMessage", chat_id=5, text="x")
    assert fake.journal[-1].outcome == "bug"
    assert "the fake failed in sendMessage" in caplog.text


async def test_conflict_on_demand(fake: FakeTelegram, api: Api) -> None:
    poll = asyncio.ensure_future(api("getUpdates", timeout=9))
    await fake.wait_for(lambda: fake.world.queue.polling)
    fake.conflict()
    with pytest.raises(Refused, match="409 Conflict: terminated by other getUpdates"):
        await poll


async def test_outage(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    url = fake.url
    async with fake.outage():
        with pytest.raises(aiohttp.ClientConnectorError):
            await api("getMe")
    assert fake.url == url
    assert len(await api("getUpdates")) == 1


# waiting


async def test_waiting_in_vain_says_what_happened(fake: FakeTelegram, api: Api) -> None:
    user = fake.user(5)
    await user.send("hello")
    await api("getMe")
    with pytest.raises(WaitTimeout) as caught:
        await user.next_message(timeout=0.1)
    text = str(caught.value)
    assert "a message in chat 5" in text
    assert "pending updates: 1" in text
    assert "#1 getMe" in text


async def test_next_message_takes_each_once(fake: FakeTelegram, api: Api) -> None:
    user = fake.user(5)
    await user.send("hello")
    for text in ("one", "two"):
        await api("sendMessage", chat_id=5, text=text)
    assert [(await user.next_message()).text, (await user.next_message()).text] == ["one", "two"]
    waiting = asyncio.ensure_future(user.next_message())
    sent = await api("sendMessage", chat_id=5, text="three")
    message = await waiting
    await api("editMessageText", chat_id=5, message_id=sent["message_id"], text="four")
    assert (await user.chat.next_edit(message)).text == "four"
    assert [m.text for m in user.chat.transcript] == ["hello", "one", "two", "four"]


async def test_reset_forgets(fake: FakeTelegram, api: Api) -> None:
    await fake.user(5).send("hello")
    fake.fail("getMe", 500, "x")
    fake.reset()
    await api("getMe")
    assert (fake.pending_updates, len(fake.journal), fake.world.chats) == (0, 1, {})


async def test_injected_clock() -> None:
    clock = Clock()
    clock.advance(-86_400 * 365)
    async with FakeTelegram(clock=clock) as fake:
        message = await fake.user().send("a year ago")
        assert message.data["date"] == pytest.approx(time.time() - 86_400 * 365, abs=5)
        assert message.update_id


# python-telegram-bot 22.8


async def test_ptb_reads_every_kind_of_update(fake: FakeTelegram, bot: Bot) -> None:
    user = fake.user(5, "Amal")
    message = await user.send("/start q-12")
    for media in ("photo", "voice", "sticker", "document", "location"):
        await user.send(media=media)
    await user.edit(message, "/start q-13")
    await user.forge_tap("x", message)
    await user.block()
    forum = fake.forum({7: "News"}, bot_is_admin=True)
    await user.send("in a topic", chat=forum, thread=7)
    await user.send("post", chat=fake.channel())
    updates = await bot.get_updates(timeout=0, allowed_updates=Update.ALL_TYPES)
    first, photo, voice, sticker, document, location, edited, tap, blocked, topic, post = updates
    assert first.message is not None
    assert first.message.entities[0].type == "bot_command"
    assert first.message.date.tzinfo is not None
    for update, name in zip(
        (photo, voice, sticker, document, location),
        ("photo", "voice", "sticker", "document", "location"),
        strict=True,
    ):
        assert getattr(update.message, name)
    assert edited.edited_message is not None
    assert edited.edited_message.text == "/start q-13"
    assert tap.callback_query is not None
    assert tap.callback_query.data == "x"
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert topic.message is not None
    assert topic.message.is_topic_message
    assert topic.message.reply_to_message is not None
    assert topic.message.reply_to_message.forum_topic_created is not None
    assert post.channel_post is not None
    assert post.channel_post.sender_chat is not None


async def test_ptb_sends_and_edits(fake: FakeTelegram, bot: Bot) -> None:
    user = fake.user(5)
    question = await user.send("who?")
    rows = [[InlineKeyboardButton("More", callback_data="m"), InlineKeyboardButton("S", url="a.b")]]
    sent = await bot.send_message(
        5,
        "Hi <blockquote expandable>&quot;quoted&quot; 🏟</blockquote>",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(rows),
        reply_parameters=ReplyParameters(question.id, allow_sending_without_reply=True),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == question.id
    assert sent.parse_entities() == {sent.entities[0]: '"quoted" 🏟'}
    assert sent.entities[0].type == "expandable_blockquote"
    assert sent.link_preview_options is not None
    assert sent.link_preview_options.is_disabled
    assert sent.reply_markup is not None
    assert sent.reply_markup.inline_keyboard[0][1].url == "http://a.b/"
    await bot.edit_message_reply_markup(5, sent.message_id)
    edited = await bot.edit_message_text("new", 5, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None
    assert await bot.send_chat_action(5, "typing")
    assert await bot.delete_message(5, sent.message_id)
    tap = await user.forge_tap("m", question)
    assert await bot.answer_callback_query(tap.id, "done", show_alert=True)
    assert tap.answer is not None
    assert tap.answer["text"] == "done"


async def test_ptb_profile_and_chats(fake: FakeTelegram, bot: Bot) -> None:
    assert bot.username == "briefing_test_bot"
    commands = [BotCommand("help", "What I can do"), BotCommand("ask", "Ask")]
    assert await bot.set_my_commands(commands)
    assert list(await bot.get_my_commands()) == commands
    assert await bot.delete_my_commands()
    assert await bot.set_my_description("d")
    assert await bot.set_my_short_description("d")
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook()
    user = fake.user(5)
    group = fake.supergroup("News", admins=[user], bot_is_admin=True)
    await user.send("hi")
    assert (await bot.get_chat(group.id)).title == "News"
    assert (await bot.get_chat(5)).first_name == "Amal"
    assert (await bot.get_chat_member(group.id, bot.id)).status == "administrator"
    assert len(await bot.get_chat_administrators(group.id)) == 2
    assert await bot.leave_chat(group.id)


async def test_ptb_error_classes(
    fake: FakeTelegram, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else reading retry_after warns
    user = fake.user(5)
    await user.send("hi")
    group = fake.group(members=[user])
    new = await group.migrate(user)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "x")
    assert migrated.value.new_chat_id == new.id
    fake.retry_after("sendMessage", 7)
    with pytest.raises(RetryAfter) as limited:
        await bot.send_message(5, "x")
    assert limited.value.retry_after == timedelta(seconds=7)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(404, "x")
    await bot.set_webhook("https://example.com/")
    with pytest.raises(Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    fake.fail("sendMessage", 401, "Unauthorized")
    with pytest.raises(InvalidToken):
        await bot.send_message(5, "x")
    for fault in (
        fake.fail("sendMessage", 500, "Internal Server Error"),
        fake.garbage("sendMessage"),
        fake.fault("cut", "sendMessage"),
        fake.lose_reply("sendMessage"),
    ):
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(5, fault.kind)
        assert type(caught.value) is NetworkError
    fake.fault("truncated", "sendMessage")
    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(5, "x")
    await user.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(5, "x")


async def test_ptb_time_out_after_delivery(fake: FakeTelegram) -> None:
    user = fake.user(5)
    await user.send("hi")
    async with Bot(fake.token, base_url=fake.base_url) as bot:
        hold = fake.fault("hold", "sendMessage", after=True)
        with pytest.raises(TimedOut):
            await bot.send_message(5, "delivered, never told", read_timeout=0.3)
        hold.release()
        never = fake.fault("hold", "sendMessage")
        with pytest.raises(TimedOut):
            await bot.send_message(5, "never delivered", read_timeout=0.3)
        await fake.wait_for(lambda: fake.journal[-1].outcome == "gone")
        never.release()
    assert [m.text for m in user.chat.sent] == ["delivered, never told"]


# a process of its own


async def test_control_over_http(fake: FakeTelegram, session: aiohttp.ClientSession) -> None:
    async def act(action: str, expect: int = 200, **arguments: Any) -> Any:
        async with session.post(f"{fake.url}/_ctl/{action}", json=arguments) as response:
            body = await response.json()
        assert response.status == expect, body
        return body["result"] if expect == 200 else body["error"]

    async with Bot(fake.token, base_url=fake.base_url) as bot:
        await act("user", id=5, name="Amal")
        sent = await act("message", user=5, text="/start")
        rows = [[InlineKeyboardButton("More", callback_data="m")]]
        await bot.send_message(5, "hi", reply_markup=InlineKeyboardMarkup(rows))
        message = await act("next_message", chat=5)
        tap = await act("tap", user=5, chat=5, message=message["message_id"], button="More")
        await bot.answer_callback_query(tap["id"], "ok")
        assert (await act("answered", tap=tap["id"]))["text"] == "ok"
        number = await act("fault", kind="error", method="getMe", status=403, description="no")
        with pytest.raises(Forbidden):
            await bot.get_me()
        assert await act("hits", number=number) == 1
    await act("edit", user=5, chat=5, message=sent["message_id"], text="/help")
    await act("block", user=5)
    assert len(await act("bulk", count=3, users=2)) == 3
    assert (await act("state"))["pending"] == 7
    chat = await act("chat", kind="forum", members=[5], topics={"7": "News"})
    await act("message", user=5, chat=chat["id"], thread=7, text="/ask")
    assert [m["_"]["outgoing"] for m in await act("transcript", chat=5)] == [False, True]
    journal = await act("journal", method="sendmessage")
    assert (journal[0]["status"], journal[0]["params"]["text"]) == (200, "hi")
    assert await act("wait_calls", method="sendMessage") == 1
    assert await act("clock", advance=60) > time.time() + 50
    assert "no button" in await act(
        "tap", 400, user=5, chat=5, message=message["message_id"], button="Less"
    )
    assert "a message in chat 5" in await act("next_message", 408, chat=5, timeout=0.1)
    assert "no action" in await act("dance", 404)
    await act("reset")
    assert (await act("state"))["calls"] == 0


async def test_as_a_process(session: aiohttp.ClientSession, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    command = ("-m", "tests.fake_telegram", "--port", "0", "--journal", str(journal))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        url = line.decode().strip()
        assert url.startswith("http://127.0.0.1:")
        async with session.get(f"{url}/_ctl/state") as response:
            token = (await response.json())["result"]["token"]
        async with session.get(f"{url}/bot{token}/getMe") as response:
            assert response.status == 200
    finally:
        process.terminate()
        code = await asyncio.wait_for(process.wait(), 10)
    assert code == 0
    assert json.loads(journal.read_text())["method"] == "getMe"


async def test_a_call_counts_from_when_it_came_in_not_from_when_it_was_noticed(
    fake: FakeTelegram,
) -> None:
    sent, written = time.monotonic(), threading.Event()

    def call() -> None:
        host = fake.url.removeprefix("http://")
        head = f"GET /bot{fake.token}/getMe HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2]))) as made:
            made.sendall(head.encode())
            written.set()
            assert b"200 OK" in made.recv(1000)

    waiting = asyncio.create_task(asyncio.to_thread(call))
    await asyncio.sleep(0)
    assert written.wait(5)  # the server, in this loop, cannot have seen it
    time.sleep(0.3)  # noqa: ASYNC251 - the server is busy
    noticed = time.monotonic()
    await waiting
    [found] = fake.calls("getMe")
    assert sent <= found.started < noticed - 0.1
