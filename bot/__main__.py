"""`python -m bot`: run the bot, talk to it in the terminal, or look after it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config as settings

if TYPE_CHECKING:  # the parts are imported when they are needed: `health` needs few
    from bot.app import Application

_HELP = {
    "run": "answer in Telegram (default)",
    "chat": "answer in this terminal",
    "health": "exit 0 if a running bot hears Telegram, 1 if none does, 2 for unusable settings",
    "push": "what is pushed next (--dry-run); --hold and --resume steer a bot that runs, too",
    "deliveries": "every delivery, and every subscription that is due one, with its status",
    "backup": "copy the database, also of a bot that runs",
    "restore": "put the backup FILE in the place of the database of a bot that does not run",
}
_KEEPING = ("push", "deliveries", "backup", "restore")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 well ended, 1 unhealthy or broken, 2 something for the operator to mend."""
    options = _parser().parse_args(arguments)
    try:
        config = settings.load(options.config, os.environ)
    except settings.ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    if options.action == "health":
        return _health(config)
    if options.action in _KEEPING:
        return _keep(config, options)
    if options.action == "chat" or (options.or_chat and config.token is None):
        return _chat(config)
    return _run(config, options.deaf_after)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    does = "; ".join(f"{action}: {text}" for action, text in _HELP.items())
    parser.add_argument("action", nargs="?", choices=tuple(_HELP), default="run", help=does)
    parser.add_argument("--config", type=Path, help="settings (default: config.yaml, if there)")
    parser.add_argument(
        "--or-chat", action="store_true", help="without a token, chat instead of run"
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="for restore: a backup")
    steer = parser.add_mutually_exclusive_group()
    steer.add_argument("--dry-run", action="store_true", help="for push (its default)")
    steer.add_argument("--hold", action="store_true", help="for push: nothing is sent any more")
    steer.add_argument("--resume", action="store_true", help="for push: it goes on")
    parser.add_argument("--edition", metavar="BRIEFING", help="for deliveries: of this one alone")
    parser.add_argument("--status", metavar="NAME", help="for deliveries: in this status alone")
    parser.add_argument("--json", action="store_true", help="for deliveries: an array")
    parser.add_argument("--deaf-after", type=float, help=argparse.SUPPRESS)  # for tests
    return parser


def _health(config: settings.Config) -> int:
    from bot import health

    path, now = config.data_dir / health.FILE, time.time()
    print(health.found(path, now))
    return 0 if health.recent(path, now) else 1


def _keep(config: settings.Config, options: argparse.Namespace) -> int:
    from bot import ops
    from bot.pacer import utc_now
    from bot.store import STORE, StoreError

    path, now = (config.data_dir / STORE).resolve(), utc_now()
    match options.action:
        case "push" if options.hold:
            lines = ops.hold(path)
        case "push" if options.resume:
            lines = ops.resume(path)
        case "push":
            lines = ops.dry_run(path, now, config.sends_per_second)
        case "backup":
            lines = ops.backup(path, now)
        case "restore" if options.file is None:
            print("which backup? python -m bot restore FILE", file=sys.stderr)
            return 2
        case "restore":
            lines = ops.restore(path, options.file, now)
        case _ if options.status not in (None, *ops.STATUSES):
            print(f"no status {options.status!r}: {', '.join(ops.STATUSES)}", file=sys.stderr)
            return 2
        case _:
            edition, status = options.edition, options.status
            lines = ops.deliveries(path, now, edition, status, as_json=options.json)
    try:
        for line in lines:
            print(line)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # nobody reads on: `| head`
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.close()
    return 0


def _chat(config: settings.Config) -> int:
    from bot import terminal, texts
    from knowledge import ContentError, Library
    from knowledge.load import usable_content
    from knowledge.meaning import load_encoder, users_vectors

    logging.basicConfig(level=config.log_level, format="%(message)s")
    try:
        content = usable_content(config.briefings_dir)
        for problem in chain.from_iterable(content.refused.values()):
            print(problem, file=sys.stderr)
        encoder = load_encoder(config.vectors_dir, users_vectors(os.environ))
        library = Library(content.briefings, content.smalltalk, encoder)
        sentences = texts.load(texts.path_of(config.language))
    except (ContentError, texts.TextsError) as error:
        print(error, file=sys.stderr)
        return 2
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know fewer letters than we
            stream.reconfigure(errors="replace")
    try:
        terminal.run(
            library, sentences, sys.stdin, sys.stdout, longest_question=config.longest_question
        )
    except BrokenPipeError:  # nobody reads on: `| head`
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.close()  # else Python tries, and complains, once more at its end
    return 0


def _run(config: settings.Config, deaf_after: float | None) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):  # while it starts, nothing is in flight
        signal.signal(number, lambda *_: os._exit(0))  # amid an import no exception is heeded
    from bot import app, log
    from bot.account import StartError
    from bot.store import StoreError
    from bot.texts import TextsError
    from bot.work import Pace
    from knowledge import ContentError

    log.set_up(config.log_level, config.token.reveal() if config.token else None)
    timing = app.Timing(pace=Pace(chats_at_once=config.chats_at_once))
    if deaf_after is not None:
        timing = app.Timing(pace=timing.pace, deaf_after=deaf_after)
    try:
        asyncio.run(_serve(app.build(config, timing=timing)))
    except (StartError, ContentError, StoreError, TextsError) as error:
        print(error, file=sys.stderr)
        return 2
    except Exception:
        logging.getLogger(__name__).critical("the bot broke", exc_info=True)
        return 1
    return 0


async def _serve(application: Application) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, application.stop)
    await application.run()


if __name__ == "__main__":
    sys.exit(main())
