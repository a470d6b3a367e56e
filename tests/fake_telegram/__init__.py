"""A Telegram Bot API on a local socket, as strict as the real one, with faults on demand.

What belongs here: the server that the bot's tests talk to, and the API that drives its people.
``python -m tests.fake_telegram`` runs it as a process of its own: CONTRIBUTING, "By hand".

    async with FakeTelegram() as fake:           # fake.url is BOT_API_URL, fake.token BOT_TOKEN
        user = fake.user(name="Amal")
        answer = await user.ask("/start")        # send, then wait for the bot's next message
        tap = await user.tap(answer, "More")     # by label or data
        assert (await tap.answered())["text"] == "..."
        fake.retry_after("sendMessage", 3, chat=user.id)
        await fake.wait_for(lambda: fake.calls("sendMessage")[-1].status == 429)
"""

from tests.fake_telegram.driver import ButtonError, Chat, Tap, User
from tests.fake_telegram.faults import Fault
from tests.fake_telegram.server import FakeTelegram, WaitTimeout
from tests.fake_telegram.state import ApiError, Call, Clock, Message

__all__ = [
    "ApiError",
    "ButtonError",
    "Call",
    "Chat",
    "Clock",
    "FakeTelegram",
    "Fault",
    "Message",
    "Tap",
    "User",
    "WaitTimeout",
]
