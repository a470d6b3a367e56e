"""What each error of Telegram, of the network and of a proxy means, through PTB's real classes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio
from telegram import Bot
from telegram.error import TelegramError

from bot import api, results
from bot.model import Result, State
from bot.results import (
    Lost,
    Missing,
    Moved,
    NotFound,
    Refused,
    Rejected,
    Same,
    TooMany,
    Unfit,
    Unknown,
    Unsent,
)
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.server import TOKEN

PAGE = "<html><body>Please pay for the network of this hotel.</body></html>"


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB's durations as the running bot has them."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


async def result_of(answer: Callable[[httpx.Request], httpx.Response]) -> Result:
    """What a call becomes that is answered so."""
    transport = httpx.MockTransport(answer)
    bot = Bot(TOKEN, request=api.Request(httpx_kwargs={"transport": transport}))
    return await call(bot, 7)


async def call(bot: Bot, chat: int) -> Result:
    try:
        sent = await bot.send_message(chat, "x")
    except Exception as error:
        return results.of(error)
    return results.Sent(sent.message_id)


def said(status: int, description: str, **parameters: Any) -> httpx.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return httpx.Response(status, json=body | ({"parameters": parameters} if parameters else {}))


@pytest.mark.parametrize(
    ("status", "description", "result"),
    [
        (403, "Forbidden: bot was blocked by the user", Lost("", State.BLOCKED)),
        (403, "Forbidden: bot can't initiate conversation with a user", Lost("", State.BLOCKED)),
        (403, "Forbidden: user is deactivated", Lost("", State.GONE)),
        (403, "Forbidden: bot was kicked from the group chat", Lost("", State.GONE)),
        (403, "Forbidden: bot was kicked from the supergroup chat", Lost("", State.GONE)),
        (403, "Forbidden: bot was kicked from the channel chat", Lost("", State.GONE)),
        (403, "Forbidden: bot is not a member of the channel chat", Lost("", State.GONE)),
        (403, "Forbidden: the group chat was deleted", Lost("", State.GONE)),
        (403, "Forbidden: bot can't send messages to bots", Lost("", State.GONE)),
        (400, "Bad Request: USER_IS_BLOCKED", Lost("", State.BLOCKED)),
        (400, "Bad Request: INPUT_USER_DEACTIVATED", Lost("", State.GONE)),
        (403, "Forbidden: something that nobody has seen", NotFound("")),
        (400, "Bad Request: chat not found", NotFound("")),
        (400, "Bad Request: private chat not found", NotFound("")),
        (400, "Bad Request: PEER_ID_INVALID", NotFound("")),
        (400, "Bad Request: message thread not found", NotFound("")),
        (400, "Bad Request: TOPIC_CLOSED", NotFound("")),
        (400, "Bad Request: not enough rights to send text messages to the chat", NotFound("")),
        (400, "Bad Request: have no rights to send a message", NotFound("")),
        (400, "Bad Request: need administrator rights in the channel chat", NotFound("")),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", NotFound("")),
        (400, 'Bad Request: can\'t parse entities: Unsupported start tag "p"', Unfit("")),
        (400, "Bad Request: message is too long", Unfit("")),
        (400, "Bad Request: text is too long", Unfit("")),
        (400, "Bad Request: message text is empty", Unfit("")),
        (400, "Bad Request: BUTTON_DATA_INVALID", Unfit("")),
        (400, "Bad Request: can't parse inline keyboard button: x", Unfit("")),
        (413, "Request Entity Too Large", Unfit("")),
        (400, "Bad Request: message is not modified: specified new message content", Same()),
        (400, "Bad Request: message to edit not found", Missing("")),
        (400, "Bad Request: message can't be edited", Missing("")),
        (400, "Bad Request: query is too old and response timeout expired", Missing("")),
        (400, "Bad Request: something that nobody has seen", Refused("")),
        (401, "Unauthorized", Rejected()),
        (404, "Not Found", Rejected()),
        (409, "Conflict: terminated by other getUpdates request", Unsent("")),
        (429, "Too Many Requests: retry after 7", TooMany(7.0)),  # no parameters
        (429, "Too Many Requests", TooMany(results.UNSTATED_WAIT)),
        (500, "Internal Server Error", Unknown("")),
        (502, "Bad Gateway", Unknown("")),
        (504, "Gateway Timeout", Unknown("")),
    ],
)
async def test_what_telegram_says(status: int, description: str, result: Result) -> None:
    found = await result_of(lambda _: said(status, description))
    assert same(found, result)
    reason = getattr(found, "reason", "").lower()
    assert reason in description.lower()
    assert not reason.startswith(("bad request", "forbidden"))


def same(found: Result, expected: Result) -> bool:
    """Whether both are the same but for the reason."""
    if type(found) is not type(expected):
        return False
    names = [name for name in type(found).__slots__ if name != "reason"]
    return all(getattr(found, name) == getattr(expected, name) for name in names)


async def test_what_telegram_says_with_parameters() -> None:
    asked = await result_of(lambda _: said(429, "Too Many Requests", retry_after=77))
    assert asked == TooMany(77.0)
    upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
    moved = await result_of(lambda _: said(400, upgraded, migrate_to_chat_id=-1005))
    assert moved == Moved(-1005)


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (httpx.ConnectError("refused"), Unsent("ConnectError")),
        (httpx.ConnectError("[Errno -2] Name or service not known"), Unsent("ConnectError")),
        (httpx.ConnectError("CERTIFICATE_VERIFY_FAILED"), Unsent("ConnectError")),
        (httpx.ConnectTimeout("x"), Unsent("ConnectTimeout")),
        (httpx.PoolTimeout("x"), Unsent("PoolTimeout")),
        (httpx.ProxyError("407 Proxy Authentication Required"), Unsent("ProxyError")),
        (httpx.ReadTimeout("x"), Unknown("ReadTimeout")),
        (httpx.WriteTimeout("x"), Unknown("WriteTimeout")),
        (httpx.ReadError("reset"), Unknown("ReadError")),
        (httpx.WriteError("reset"), Unknown("WriteError")),
        (httpx.RemoteProtocolError("x"), Unknown("RemoteProtocolError")),
        (ValueError("of some library"), Unknown("ValueError")),
    ],
)
async def test_what_the_network_does(error: Exception, result: Result) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    assert await result_of(fail) == result


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 407, 409, 500, 502, 503])
async def test_a_page_of_a_proxy_proves_nothing(status: int) -> None:
    found = await result_of(lambda _: httpx.Response(status, text=PAGE))
    assert isinstance(found, Unknown)
    assert "hotel" not in found.reason


@pytest.mark.parametrize("body", [{"ok": True, "result": {}}, {"ok": False}, {"ok": True}, {}])
async def test_an_answer_that_makes_no_sense_proves_nothing(body: dict[str, Any]) -> None:
    assert isinstance(await result_of(lambda _: httpx.Response(200, json=body)), Unknown)


def test_errors_from_elsewhere_prove_nothing() -> None:
    assert results.of(TimeoutError()) == Unknown("TimeoutError")
    assert results.of(TelegramError("x" * 500)) == Unknown("x" * results.LONGEST_REASON)
    assert results.of(TelegramError("two\nlines")) == Unknown("two lines")


@pytest_asyncio.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    """A bot of the fake, whose patience is short."""
    request = api.Request(connection_pool_size=1, read_timeout=0.3, pool_timeout=0.1)
    async with Bot(fake.token, base_url=f"{fake.url}/bot", request=request) as bot:
        yield bot


@pytest.mark.parametrize(
    ("kind", "options", "result"),
    [
        ("cut", {}, Unknown("RemoteProtocolError")),
        ("cut", {"after": True}, Unknown("RemoteProtocolError")),
        ("hold", {}, Unknown("ReadTimeout")),
        ("garbage", {"status": 502}, Unknown("not Telegram's words: NetworkError")),
        ("truncated", {}, Unknown("the answer is not a JSON object")),
        ("error", {"status": 500}, Unknown("Internal Server Error")),
        ("error", {"status": 429, "parameters": {"retry_after": 3}}, TooMany(3.0)),
    ],
)
async def test_faults_over_a_socket(
    fake: FakeTelegram, bot: Bot, kind: str, options: dict[str, Any], result: Result
) -> None:
    amal = fake.user()
    await amal.send("x")
    fake.fault(kind, "sendMessage", **options)
    assert await call(bot, amal.id) == result
    assert isinstance(await call(bot, amal.id), results.Sent)


async def test_chats_that_are_lost_over_a_socket(fake: FakeTelegram, bot: Bot) -> None:
    amal, basil = fake.user(), fake.user(name="Basil")
    await amal.send("x")
    await basil.send("x")
    group = fake.group(members=[basil])
    await amal.block()
    moved = await group.migrate(basil)
    assert await call(bot, amal.id) == Lost("bot was blocked by the user", State.BLOCKED)
    assert await call(bot, group.id) == Moved(moved.id)
    assert await call(bot, 999_999) == NotFound("Chat not found")
    basil.deactivate()
    assert await call(bot, basil.id) == Lost("user is deactivated", State.GONE)


async def test_nobody_listens_and_no_connection_is_free(fake: FakeTelegram, bot: Bot) -> None:
    amal = fake.user()
    await amal.send("x")
    fake.fault("delay", "sendMessage", seconds=0.2)
    found = await asyncio.gather(call(bot, amal.id), call(bot, amal.id))
    assert Unsent("PoolTimeout") in found
    async with fake.outage():
        assert await call(bot, amal.id) in (Unsent("ConnectError"), Unknown("RemoteProtocolError"))
        assert await call(bot, amal.id) == Unsent("ConnectError")


async def test_requests_side_by_side_share_all_pools(fake: FakeTelegram) -> None:
    amal = fake.user()
    await amal.send("x")
    pools = api.Pools(lambda: api.Request(connection_pool_size=1, pool_timeout=0.1), 3)
    async with Bot(fake.token, base_url=f"{fake.url}/bot", request=pools) as bot:
        for _ in range(2):  # what is over leaves its place
            fake.fault("delay", "sendMessage", seconds=0.3, count=3)
            found = await asyncio.gather(*(call(bot, amal.id) for _ in range(4)))
            assert [type(result) for result in found].count(results.Sent) == 3
            assert Unsent("PoolTimeout") in found
