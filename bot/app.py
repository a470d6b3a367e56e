"""The only place where the parts meet: settings in, a running bot out.

PTB gives the Bot, its types and its network; the loops around them are ours (see `polling` for
what comes in, `push` for what goes out by itself).
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import reset_tzpath

from telegram import Bot

from bot import api, directory, health, texts
from bot.account import Account, StartError
from bot.admin import Admin
from bot.alerts import Alerts
from bot.brake import HOLD
from bot.config import Config
from bot.courier import IN_FLIGHT
from bot.directory import Directory, Signature, signature
from bot.guard import Guard, boot_time
from bot.handlers import Handlers
from bot.health import Health, Watchdog
from bot.limits import Limits
from bot.memory import Memory
from bot.pacer import Pacer, utc_now
from bot.pages_push import PushPages
from bot.places import Places
from bot.polling import Pauses, Poller, Rhythm, Stopped, insist, unless
from bot.post import Post
from bot.push import Push
from bot.push_text import arranger
from bot.render import Renderer
from bot.schedule import Quiet
from bot.send import Sender
from bot.shelf import Shelf
from bot.store import STORE, Store, keep
from bot.subscribe import Readers
from bot.takeover import Parts, Refusals
from bot.talk import Manners, Talk
from bot.terms import Beat, Terms
from bot.upkeep import Upkeep
from bot.work import Pace, Worker
from knowledge import Library
from knowledge.load import usable_content
from knowledge.meaning import SentenceEncoder, load_encoder, users_vectors
from knowledge.model import Briefing, SmalltalkTopic

RESTORED = "restored"
"""Why the push is on hold when the database is older than what was sent."""

HOW_TO_GET_ONE = (
    "no token: ask @BotFather in Telegram for one (/newbot), then set BOT_TOKEN,"
    " or name a file that holds it as token_file in config.yaml"
)

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """All that takes time. Tests make it short; operators cannot change it."""

    pace: Pace
    rhythm: Rhythm = field(default_factory=Rhythm)
    beat: Beat = field(default_factory=Beat)
    look: float = directory.EVERY
    limits: Limits = field(default_factory=Limits)
    deaf_after: float = health.DEAF_AFTER


def build(
    config: Config,
    *,
    library: Library | None = None,
    timing: Timing | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
    boot: Callable[[], float] = boot_time,
) -> Application:
    """The bot, ready to run. StartError without a token; ContentError if no briefing is good.

    *clock* tells the time of day, *boot* the seconds since some start, whatever the clock says.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # durations of PTB's errors as timedelta
    reset_tzpath(())  # the rules of the installed tzdata, not those of the host
    if config.token is None:
        raise StartError(HOW_TO_GET_ONE)
    loaded = signature(config.briefings_dir)
    refused: Refusals = {}
    if library is None:
        content = usable_content(config.briefings_dir)
        found = encoder(config.vectors_dir)
        library, refused = Library(content.briefings, content.smalltalk, found), content.refused
    timing = timing or Timing(pace=Pace(chats_at_once=config.chats_at_once))
    at_once = timing.pace.chats_at_once + IN_FLIGHT
    bot = api.connect(config.token.reveal(), config.api_url, at_once)
    pacer = Pacer(config.sends_per_second, limits=timing.limits, wall=clock)
    guard = Guard(clock, boot)
    talk = _talk(config, library, Sender(bot, pacer), clock, guard)
    return Application(config, bot, pacer, talk, (loaded, refused), timing, guard)


def encoder(folder: Path | None) -> SentenceEncoder | None:
    """The encoder of the semantic extra, its cache in *folder*; None, and logged, without it."""
    found = load_encoder(folder, users_vectors(os.environ))
    if found is None:
        _LOG.info("asked without the semantic extra: it is not installed")
        return None
    found.encode([""])  # it is read now, not while the first reader waits
    _LOG.info("asked with the semantic extra")
    return found


def _bind(
    config: Config, briefings: Sequence[Briefing], smalltalk: Sequence[SmalltalkTopic]
) -> Library:
    """The library of *briefings* that were read while the bot runs."""
    return Library(
        briefings, smalltalk, load_encoder(config.vectors_dir, users_vectors(os.environ))
    )


def _talk(
    config: Config,
    library: Library,
    sender: Sender,
    clock: Callable[[], dt.datetime],
    guard: Guard,
) -> Talk:
    sentences = texts.load(texts.path_of(config.language))
    return Talk(
        shelf=Shelf(library, functools.partial(Renderer, sentences)),
        texts=sentences,
        memory=Memory(
            chats=config.memory_chats,
            lasts=dt.timedelta(minutes=config.memory_minutes),
            questions=config.questions_per_window,
            window=dt.timedelta(seconds=config.window_seconds),
            clock=clock,
        ),
        sender=sender,
        manners=Manners(
            late_after=dt.timedelta(minutes=config.late_after_minutes),
            longest_question=config.longest_question,
            window_seconds=config.window_seconds,
            memory_minutes=config.memory_minutes,
        ),
        clock=clock,
        now=guard.now,
    )


class Application:
    """A bot that can be run once. Make it with `build`."""

    def __init__(
        self,
        config: Config,
        bot: Bot,
        pacer: Pacer,
        talk: Talk,
        loaded: tuple[Signature, Refusals],
        timing: Timing,
        guard: Guard,
    ) -> None:
        self._config = config
        self._bot = bot
        self._pacer = pacer
        self._talk = talk
        self._loaded = loaded
        self._timing = timing
        self._guard = guard
        self._stop = asyncio.Event()
        self._recorded = asyncio.Event()  # what lay in the directory at the start

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
                state.begin()
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
        """Nothing; until `stop`, updates are answered and briefings are pushed."""
        config, talk, stop = self._config, self._talk, self._stop
        alerts = Alerts(self._bot, self._pacer, config.admins, talk.texts)
        guard = self._guard
        pages = PushPages(store.editions, {config.language: talk.texts}, config.language)
        push = self._push(store, pages, alerts, guard)
        handlers = self._handlers(store, push, pages)
        state.trouble = lambda: push.trouble
        worker = Worker(
            *(store.work, handlers.answer, handlers.apologise, self._timing.pace, self._pacer),
            first=config.admins,
        )
        poller = Poller(self._bot, worker, state, self._timing.rhythm, self._pacer, alerts)
        account = Account(self._bot, talk.texts, self._timing.rhythm, stop)
        try:
            if await keep.Mark(store.db).behind():
                await store.ledger.note(HOLD, RESTORED)
                await alerts.tell("alert.restored")
            await push.restore()
            async with account.connected(), asyncio.TaskGroup() as group:
                group.create_task(poller.run(stop), name="poller")
                group.create_task(self._watch(store, alerts), name="directory")
                group.create_task(self._begin(push), name="push")
                group.create_task(Upkeep(store, guard.now).run(stop), name="upkeep")
        except* Stopped:
            pass
        finally:
            await alerts.close()

    def _push(self, store: Store, pages: PushPages, alerts: Alerts, guard: Guard) -> Push:
        config = self._config
        terms = Terms(
            admins=config.admins,
            quiet=Quiet(config.quiet_from, config.quiet_to),
            quiet_line=config.quiet_line,
            language=config.language,
        )
        beat = self._timing.beat
        return Push(store, Post(self._bot), self._pacer, pages, alerts, terms, guard, beat)

    def _handlers(self, store: Store, push: Push, pages: PushPages) -> Handlers:
        config, talk = self._config, self._talk
        places = Places(config.data_dir, lambda: talk.library.newest.article.front.time_zone)
        hour = config.default_hour
        readers = Readers(
            talk=talk,
            subscriptions=store.subscriptions,
            places=places,
            default=hour.hour * 60 + hour.minute,
        )
        admin = Admin(
            talk=talk,
            admins=config.admins,
            push=push,
            board=store.board,
            pages=pages,
            rate=config.sends_per_second,
        )
        return Handlers(readers, admin)

    async def _watch(self, store: Store, alerts: Alerts) -> None:
        """Nothing; until `stop`, what changes in the directory of briefings is taken over."""
        config, talk, stop = self._config, self._talk, self._stop
        parts = Parts(
            load=functools.partial(usable_content, config.briefings_dir),
            bind=functools.partial(_bind, config),
            shelf=talk.shelf,
            editions=store.editions,
            arrange=arranger(talk.texts),
            alerts=alerts,
            clock=self._guard.now,
            pushed=config.data_dir / "pushed",
        )
        loaded, refused = self._loaded
        directory = Directory(config.briefings_dir, parts, loaded)
        with contextlib.suppress(Stopped):
            pauses = Pauses(1.0, 1.0)
            start = functools.partial(directory.start, refused)
            await insist("the editions", start, stop, pauses)
            self._recorded.set()
            await directory.run(stop, self._timing.look)

    async def _begin(self, push: Push) -> None:
        """Nothing; until `stop`, what is due is pushed, once it is known what there is."""
        with contextlib.suppress(Stopped):
            await unless(self._stop, self._recorded.wait())
            await push.run(self._stop)
