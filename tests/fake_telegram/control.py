"""The same driving API over HTTP, for a fake in a process of its own: POST /_ctl/<action>."""

# ruff: noqa: ASYNC109 - a timeout is what the callers of a test tool name

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fake_telegram.html import Json
from tests.fake_telegram.state import Message

if TYPE_CHECKING:
    from tests.fake_telegram.server import FakeTelegram


def add_control_routes(app: web.Application, fake: FakeTelegram) -> None:
    """Serve every public method of ``Control``: arguments and result as JSON.

    A wrong argument gives 400 and a wait in vain 408, with ``{"error": ...}``.
    """
    control = Control(fake)

    async def act(request: web.Request) -> web.Response:
        name = request.match_info["action"]
        method: Callable[..., Awaitable[Any]] | None = (
            None if name.startswith("_") else getattr(control, name, None)
        )
        if method is None:
            return web.json_response({"error": f"no action {name!r}"}, status=404)
        try:
            arguments = await request.json() if request.can_read_body else {}
            return web.json_response({"result": await method(**arguments)})
        except AssertionError as error:
            return web.json_response({"error": str(error)}, status=408)
        except (TypeError, ValueError, LookupError, RuntimeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    app.router.add_route("*", "/_ctl/{action}", act)


def _shown(message: Message) -> Json:
    extra = {"outgoing": message.outgoing, "deleted": message.deleted, "silent": message.silent}
    return message.data | {"_": extra | {"update_id": message.update_id}}


class Control:
    """The actions; each is an endpoint, its parameters are the fields of the JSON body."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake
        self._outages: set[asyncio.Task[None]] = set()

    def _message(self, chat_id: int, message_id: int) -> Message:
        return self._fake.world.chats[chat_id].messages[message_id]

    async def user(self, **options: Any) -> Json:
        """Create a user: id, name, username, language."""
        return self._fake.user(**options).state.as_json()

    async def chat(self, kind: str = "group", members: tuple[int, ...] = (), **more: Any) -> Json:
        """Create a chat of this kind: group, supergroup, forum or channel."""
        if kind not in ("group", "supergroup", "forum", "channel"):
            raise ValueError(f"no kind of chat {kind!r}")
        if "topics" in more:
            more["topics"] = {int(thread): name for thread, name in more["topics"].items()}
        people = [self._fake.user(user_id) for user_id in members]
        chat = getattr(self._fake, kind)(members=people, **more)
        result: Json = chat.state.as_json()
        return result

    async def message(self, user: int, chat: int | None = None, **options: Any) -> Json:
        """Send a message of a user, created if new; options as in ``User.send``."""
        where = None if chat is None else self._fake.chat(chat)
        return _shown(await self._fake.user(user).send(chat=where, **options))

    async def edit(self, user: int, chat: int, message: int, text: str) -> int | None:
        """Edit a user's message."""
        return await self._fake.user(user).edit(self._message(chat, message), text)

    async def tap(self, user: int, chat: int, message: int, button: str) -> Json:
        """Tap a button by label or data."""
        tap = await self._fake.user(user).tap(self._message(chat, message), button)
        return {"id": tap.id}

    async def forge_tap(self, user: int, data: str, message: int | None = None) -> Json:
        """Send a callback query with any data in the private chat."""
        target = None if message is None else self._message(user, message)
        return {"id": (await self._fake.user(user).forge_tap(data, target)).id}

    async def block(self, user: int) -> int | None:
        """Block the bot."""
        return await self._fake.user(user).block()

    async def unblock(self, user: int) -> int | None:
        """Unblock the bot."""
        return await self._fake.user(user).unblock()

    async def deactivate(self, user: int) -> None:
        """Delete the account."""
        self._fake.user(user).deactivate()

    async def kick(self, user: int, chat: int) -> int | None:
        """Have a user remove the bot from a chat."""
        return await self._fake.chat(chat).kick_bot(self._fake.user(user))

    async def migrate(self, user: int, chat: int) -> int:
        """Turn a group into a supergroup and return the new id."""
        return (await self._fake.chat(chat).migrate(self._fake.user(user))).id

    async def raw(self, kind: str, payload: Json, date: float | None = None) -> int | None:
        """Queue any update."""
        return self._fake.raw_update(kind, payload, date)

    async def bulk(self, count: int, **options: Any) -> list[Json]:
        """Queue many messages; returns where each one went."""
        sent = await self._fake.bulk(count, **options)
        return [{"chat": m.chat_id, "message": m.id, "update_id": m.update_id} for m in sent]

    async def fault(self, kind: str, method: str = ".*", **options: Any) -> int:
        """Plan a fault and return its number; ``body`` is text."""
        if "body" in options:
            options["body"] = options["body"].encode()
        self._fake.fault(kind, method, **options)
        return len(self._fake.faults.faults) - 1

    async def hits(self, number: int) -> int:
        """Return how many calls a fault hit."""
        return self._fake.faults.faults[number].hits

    async def release(self, number: int) -> None:
        """Let go what a hold holds."""
        self._fake.faults.faults[number].release()

    async def clear_faults(self) -> None:
        """Drop every fault."""
        self._fake.faults.clear()

    async def conflict(self) -> None:
        """End the waiting getUpdates with 409."""
        self._fake.conflict()

    async def clock(self, advance: float = 0.0, freeze: bool = False) -> float:
        """Move the clock, perhaps stop it, and return its time."""
        if freeze:
            self._fake.clock.freeze()
        self._fake.clock.advance(advance)
        return self._fake.clock.now()

    async def flood(self, enabled: bool = True, **limits: float) -> int:
        """Switch flood control and set its limits; returns how many calls it refused."""
        self._fake.flood.enabled = enabled
        for name, value in limits.items():
            if name.startswith("_") or not hasattr(self._fake.flood, name):
                raise ValueError(f"no flood limit {name!r}")
            setattr(self._fake.flood, name, value)
        return self._fake.flood.rejected

    async def privacy(self, enabled: bool) -> None:
        """Switch the privacy mode of groups."""
        self._fake.world.privacy = enabled

    async def latency(self, seconds: float) -> None:
        """Answer after an exponential wait of this mean."""
        self._fake.latency = seconds

    async def seed(self, number: int) -> None:
        """Begin anew with the numbers that latencies and faults by chance are drawn from."""
        self._fake.faults.dice.seed(number)

    async def crowd(self, first: int, count: int) -> None:
        """Create people with these ids who have written to the bot."""
        for number in range(first, first + count):
            self._fake.user(number).chat.state.known = True

    async def groups(self, first: int, count: int, kind: str = "group") -> None:
        """Create chats of this kind with the ids from first downwards."""
        for number in range(first, first - count, -1):
            getattr(self._fake, kind)(id=number)

    async def lose(self, people: tuple[int, ...], how: str = "blocked") -> None:
        """Let people be gone (blocked or deactivated); the bot is not told."""
        for number in people:
            setattr(self._fake.user(number).state, how, True)

    async def move(self, groups: tuple[tuple[int, int], ...]) -> None:
        """Turn groups into supergroups of the given ids, which may exist; the bot is not told."""
        for old, new in groups:
            if new not in self._fake.world.chats:
                self._fake.supergroup(id=new)
            state = self._fake.world.chats[old]
            state.state, state.migrated_to = "migrated", new

    async def outage(self, seconds: float) -> None:
        """Refuse connections for this long, from a moment after the answer on."""

        async def refuse() -> None:
            await asyncio.sleep(0.05)
            async with self._fake.outage():
                await asyncio.sleep(seconds)

        task = asyncio.create_task(refuse())
        self._outages.add(task)
        task.add_done_callback(self._outages.discard)

    async def reset(self) -> None:
        """Forget everything but token, port and clock."""
        self._fake.reset()

    async def next_message(self, chat: int, timeout: float = 5.0) -> Json:
        """Wait for the bot's next message in a chat."""
        return _shown(await self._fake.chat(chat).next_message(timeout))

    async def answered(self, tap: str, timeout: float = 5.0) -> Json | None:
        """Wait for the answer to a tap."""
        query = self._fake.world.callbacks[tap]
        await self._fake.wait_for(lambda: query.answer is not None, timeout, f"answer to {tap}")
        return query.answer

    async def wait_calls(
        self, method: str = "", count: int = 1, status: int | None = None, timeout: float = 5.0
    ) -> int:
        """Wait until this many finished calls of a method are in the journal."""

        def seen() -> int:
            done = (c for c in self._fake.calls(method) if c.finished is not None)
            number = sum(status is None or c.status == status for c in done)
            return number if number >= count else 0

        return await self._fake.wait_for(seen, timeout, f"{count} calls of {method or 'any'}")

    async def wait_drained(self, timeout: float = 5.0) -> None:
        """Wait until the bot has confirmed every update."""
        await self._fake.wait_drained(timeout)

    async def transcript(self, chat: int) -> list[Json]:
        """Return every message of a chat."""
        return [_shown(message) for message in self._fake.chat(chat).transcript]

    async def journal(self, since: int = 0, method: str = "") -> list[Json]:
        """Return the calls numbered above ``since``."""
        return [call.as_json() for call in self._fake.calls(method) if call.number > since]

    async def state(self) -> Json:
        """Return the counters and what the bot set."""
        world = self._fake.world
        return {
            "token": self._fake.token,
            "pending": self._fake.pending_updates,
            "confirmed": self._fake.confirmed_offset,
            "next_update_id": world.queue.next_id,
            "polling": world.queue.polling,
            "calls": len(self._fake.journal),
            "flood_rejected": self._fake.flood.rejected,
            "callback_answers": self._fake.callback_answers,
            "commands": {"/".join(key): value for key, value in world.commands.items()},
            "chats": [chat.as_json() for chat in world.chats.values()],
        }
