"""The only place where the parts meet: settings in, a running bot out.

PTB gives the Bot, its types and its network; the loop around them is ours (see `polling`, `work`).
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from telegram import Bot, BotCommand
from telegram.error import InvalidToken

from bot import api, health, texts
from bot.commands import COMMANDS
from bot.config import Config
from bot.handlers import Handlers
from bot.health import Health, Watchdog
from bot.log import brief
from bot.memory import Memory
from bot.polling import Pauses, Poller, Rhythm, Stopped, insist, unless
from bot.render import Renderer
from bot.send import Sender
from bot.store import Store
from bot.talk import Manners, Talk
from bot.work import Pace, Worker
from knowledge import Library, load_library
from knowledge.meaning import SentenceEncoder, load_encoder

STORE = "bot.sqlite3"
"""Name of the store's file in the data directory."""

HOW_TO_GET_ONE = (
    "no token: ask @BotFather in Telegram for one (/newbot), then set BOT_TOKEN,"
    " or name a file that holds it as token_file in config.yaml"
)
REJECTED = "Telegram rejects the token: ask @BotFather for a valid one (/token)"

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


class StartError(Exception):
    """The bot cannot start until the operator changes something; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """All that takes time. Tests make it short; operators cannot change it."""

    pace: Pace
    rhythm: Rhythm = field(default_factory=Rhythm)
    deaf_after: float = health.DEAF_AFTER


def utc_now() -> dt.datetime:
    """The time, with its zone."""
    return dt.datetime.now(dt.UTC)


def build(
    config: Config,
    *,
    library: Library | None = None,
    timing: Timing | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
) -> Application:
    """The bot, ready to run. StartError without a token; ContentError for broken briefings."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # durations of PTB's errors as timedelta
    if config.token is None:
        raise StartError(HOW_TO_GET_ONE)
    library = library or load_library(config.briefings_dir, encoder(config.vectors_dir))
    timing = timing or Timing(pace=Pace(chats_at_once=config.chats_at_once))
    bot = api.connect(config.token.reveal(), config.api_url, timing.pace.chats_at_once)
    talk = _talk(config, library, bot, clock)
    return Application(config, bot, Handlers(talk), timing)


def encoder(folder: Path | None) -> SentenceEncoder | None:
    """The encoder of the semantic extra, its cache in *folder*; None, and logged, without it."""
    found = load_encoder(folder)
    if found is None:
        _LOG.info("asked without the semantic extra: it is not installed")
        return None
    found.encode([""])  # it is read now, not while the first reader waits
    _LOG.info("asked with the semantic extra")
    return found


def _talk(config: Config, library: Library, bot: Bot, clock: Callable[[], dt.datetime]) -> Talk:
    sentences = texts.load(texts.path_of(config.language))
    return Talk(
        library=library,
        renderer=Renderer(sentences, library),
        texts=sentences,
        memory=Memory(
            chats=config.memory_chats,
            lasts=dt.timedelta(minutes=config.memory_minutes),
            questions=config.questions_per_window,
            window=dt.timedelta(seconds=config.window_seconds),
            clock=clock,
        ),
        sender=Sender(bot),
        manners=Manners(
            late_after=dt.timedelta(minutes=config.late_after_minutes),
            longest_question=config.longest_question,
            window_seconds=config.window_seconds,
            memory_minutes=config.memory_minutes,
        ),
        clock=clock,
    )


class Application:
    """A bot that can be run once. Make it with `build`."""

    def __init__(self, config: Config, bot: Bot, handlers: Handlers, timing: Timing) -> None:
        self._config = config
        self._bot = bot
        self._handlers = handlers
        self._timing = timing
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Nothing; `run` comes to its end within 10 s, what is in flight answered."""
        self._stop.set()

    async def run(self) -> None:
        """Nothing; returns after `stop`. StartError or StoreError if it cannot begin."""
        data = self._config.data_dir
        state = Health(data / health.FILE, self._timing.deaf_after)
        watchdog = Watchdog(state)
        watchdog.start()
        try:
            async with await Store.open(data / STORE) as store:
                try:
                    await self._serve(store, state)
                finally:
                    state.close()  # ours while the store is: another bot's stays
        except Stopped:
            pass
        finally:
            watchdog.stop()
        _LOG.info("stopped")

    async def _serve(self, store: Store, state: Health) -> None:
        async with self._connected():
            worker = Worker(
                store.work, self._handlers.answer, self._handlers.apologise, self._timing.pace
            )
            await Poller(self._bot, worker, state, self._timing.rhythm).run(self._stop)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        """A bot that knows its name, has no webhook, and shows its commands."""
        try:
            await self._insist("getMe", self._bot.initialize)
            await self._insist("deleteWebhook", self._bot.delete_webhook)
            await self._show_commands()
            _LOG.info("@%s is listening", self._bot.username)
            yield
        finally:
            await self._bot.shutdown()

    async def _show_commands(self) -> None:
        """Nothing; the menu is a nicety: if Telegram will not take it now, the bot starts."""
        line = self._handlers.talk.texts.line
        menu = [BotCommand(name, line(name)) for name in COMMANDS]
        try:
            await unless(self._stop, self._bot.set_my_commands(menu))
        except Stopped:
            raise
        except Exception as error:
            _LOG.warning("the command menu was not set: %s", brief(error))

    async def _insist(self, what: str, call: Callable[[], Awaitable[_T]]) -> _T:
        """What *call* gives, tried until it works. StartError if the token is at fault."""

        async def once() -> _T:
            try:
                return await call()
            except InvalidToken as error:
                raise StartError(REJECTED) from error

        rhythm = self._timing.rhythm
        pauses = Pauses(rhythm.first_pause, rhythm.longest_pause)
        return await insist(what, once, self._stop, pauses, final=(StartError,))
