"""The HTTP side: routes, the journal, faults on the wire, and waiting for things to happen."""

# ruff: noqa: ASYNC109 - a timeout is what the callers of a test tool name

import asyncio
import contextlib
import inspect
import itertools
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.fake_telegram.control import add_control_routes
from tests.fake_telegram.driver import Driver
from tests.fake_telegram.ear import Ear, heard
from tests.fake_telegram.faults import Fault, FaultPlan, Flood
from tests.fake_telegram.html import Json
from tests.fake_telegram.methods import BotApi
from tests.fake_telegram.params import Params, read_params, typed
from tests.fake_telegram.state import BOT_ID, ApiError, Call, Clock
from tests.fake_telegram.updates import TERMINATED
from tests.fake_telegram.world import World

T = TypeVar("T")

TOKEN = f"{BOT_ID}:AAFakeFakeFakeFakeFakeFakeFakeFake_-"
_log = logging.getLogger(__name__)
MAX_BODY = 64 * 1024 * 1024


class WaitTimeout(AssertionError):  # noqa: N818 - a failed assertion, not an error
    """What was waited for did not happen; the text shows what did."""


class FakeTelegram(Driver):
    """A Bot API on 127.0.0.1, and the people who use it.

    ``async with FakeTelegram() as fake`` starts it; ``fake.url`` is the server, for
    BOT_API_URL, ``fake.base_url`` what python-telegram-bot's ``base_url`` wants, ``fake.token``
    the only token it takes.
    """

    def __init__(self, *, port: int = 0, token: str = TOKEN, clock: Clock | None = None) -> None:
        self.token = token
        self.journal: list[Call] = []
        self.on_call: Callable[[Call], None] | None = None
        """Called with every finished call, for a journal in a file."""
        self._port = port
        self._runner: web.AppRunner | None = None
        self._waiters: set[asyncio.Event] = set()
        self._work: set[asyncio.Task[Any]] = set()
        self.latency = 0.0
        """Mean seconds, exponential, from a call's effect to its answer; not of getUpdates."""
        self.clock = clock or Clock()
        self._create_world()

    def _create_world(self) -> None:
        self._ids = itertools.count(1)
        self.world = World(self.clock, self.changed)
        self.flood = Flood(self.clock)
        self.faults = FaultPlan()
        self.api = BotApi(self.world, self.flood)

    # life

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.faults.clear()
        await self._stop()

    async def _start(self) -> None:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", r"/bot{token}/{method}", self._serve)
        add_control_routes(app, self)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0
        )
        await self._runner.setup()
        await web.SockSite(self._runner, Ear.at(self._port)).start()
        self._port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        self.world.queue.abort()
        for task in self._work:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def reset(self) -> None:
        """Forget everything but the token, the port and the clock."""
        self.faults.clear()
        self.world.queue.abort()
        self.journal.clear()
        self._create_world()
        self.changed()

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        if not self._port:
            raise RuntimeError("the fake is not running: use `async with FakeTelegram() as fake`")
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What ``ApplicationBuilder.base_url`` takes."""
        return f"{self.url}/bot"

    # faults

    def fault(self, kind: str, method: str = ".*", **options: Any) -> Fault:
        """Plan a fault (see ``Fault``) for the calls whose method matches the regex in full."""
        return self.faults.add(Fault(kind, method, **options))

    def fail(self, method: str, status: int, description: str, **options: Any) -> Fault:
        """Answer with this error; ``after=True`` processes the call all the same."""
        return self.fault("error", method, status=status, description=description, **options)

    def retry_after(self, method: str, seconds: int, **options: Any) -> Fault:
        """Answer with 429 and retry_after."""
        text = f"Too Many Requests: retry after {seconds}"
        parameters = {"retry_after": seconds}
        return self.fail(method, 429, text, parameters=parameters, **options)

    def lose_reply(self, method: str, **options: Any) -> Fault:
        """Process the call, then close the connection without an answer."""
        return self.fault("cut", method, after=True, **options)

    def garbage(self, method: str, body: bytes = b"<html>502</html>", **options: Any) -> Fault:
        """Answer with these bytes instead of JSON, by default with status 502."""
        return self.fault("garbage", method, **({"status": 502, "body": body} | options))

    def conflict(self) -> None:
        """End the waiting getUpdates with 409, as a second poller would."""
        self.world.queue.abort(ApiError(409, TERMINATED))

    @contextlib.asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Refuse connections within the block; what the server knows stays."""
        await self._stop()
        try:
            yield
        finally:
            await self._start()

    # reading

    def calls(self, method: str = "", chat: int | None = None) -> list[Call]:
        """Return the calls of this method (any case; all if empty), to this chat."""
        return [
            call
            for call in self.journal
            if (not method or call.method.lower() == method.lower())
            and (chat is None or call.chat_id == chat)
        ]

    @property
    def pending_updates(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.world.queue.pending)

    @property
    def confirmed_offset(self) -> int:
        """The lowest update_id that is not confirmed."""
        return self.world.queue.confirmed

    # waiting

    def changed(self) -> None:
        """Wake those who wait: something happened."""
        for event in self._waiters:
            event.set()

    async def wait_for(self, condition: Callable[[], T], timeout: float = 5.0, what: str = "") -> T:
        """Return the condition's value once it is true.

        It is asked again at each change here, and every 50 ms for changes elsewhere.

        Raises:
            WaitTimeout: after ``timeout`` seconds, with what did happen.
        """
        event = asyncio.Event()
        self._waiters.add(event)
        deadline = time.monotonic() + timeout
        try:
            while not (value := condition()):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise WaitTimeout(self._report(what or _source(condition), timeout))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), min(left, 0.05))
                event.clear()
            return value
        finally:
            self._waiters.discard(event)

    async def wait_drained(self, timeout: float = 5.0) -> None:
        """Wait until the bot has confirmed every update."""
        await self.wait_for(lambda: not self.pending_updates, timeout, "every update confirmed")

    def _report(self, what: str, timeout: float) -> str:
        queue = self.world.queue
        lines = [f"not within {timeout:g} s: {what}", f"pending updates: {len(queue.pending)}"]
        lines.append(f"a poller waits: {queue.polling}; offset confirmed: {queue.confirmed}")
        lines += [f"last {min(len(self.journal), 8)} of {len(self.journal)} calls:"]
        for call in self.journal[-8:]:
            shown = {k: v for k, v in call.params.items() if k in ("chat_id", "text", "offset")}
            status = f"{call.status} {call.outcome} {call.description or ''}"
            lines.append(f"  #{call.number} {call.method} {shown} -> {status}".rstrip()[:300])
        return "\n".join(lines)

    # serving

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            params = typed(await read_params(request))
        except (ApiError, ValueError):
            return _answer(400, error=ApiError(400, "Bad Request: can't parse the request body"))
        call = Call(len(self.journal) + 1, name, params, heard(request.transport))
        self.journal.append(call)
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            return await self._run(call, request)
        except ApiError as error:
            call.outcome, call.status, call.description = "error", error.status, error.description
            call.retry_after = int((error.parameters or {}).get("retry_after", 0))
            return _answer(error.status, error=error)
        except asyncio.CancelledError:
            call.outcome = "gone"
            raise
        except Exception as error:
            _log.exception("the fake failed in %s", name)
            text = f"Internal Server Error: the fake failed: {error!r}"
            call.outcome, call.status, call.description = "bug", 500, text
            return _answer(500, error=ApiError(500, text))
        finally:
            call.finished = time.monotonic()
            if self.on_call is not None:
                self.on_call(call)
            self.changed()

    async def _run(self, call: Call, request: web.Request) -> web.StreamResponse:
        faults = self.faults.take(call.method, call.chat_id)
        if response := await self._apply(faults, False, call, request, b""):
            return response
        work: Coroutine[Any, Any, Any] = self.api.call(call.method.lower(), Params(call.params))
        if call.method.lower() == "getupdates":
            result = await work  # ends when the client goes away
            call.result = [update["update_id"] for update in result]
        else:
            await self._shielded(self._process(call, work))
            result = call.result
            if self.latency:
                await asyncio.sleep(self.faults.dice.expovariate(1 / self.latency))
        call.processed = True
        body = json.dumps({"ok": True, "result": result}).encode()
        if response := await self._apply(faults, True, call, request, body):
            return response
        call.outcome, call.status = "ok", 200
        return web.Response(body=body, content_type="application/json")

    @staticmethod
    async def _process(call: Call, work: Coroutine[Any, Any, Any]) -> None:
        call.result = await work
        call.processed = True

    async def _shielded(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Finish the work even if the client hangs up, as a server does."""
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return await asyncio.shield(task)

    async def _apply(
        self, faults: Iterable[Fault], after: bool, call: Call, request: web.Request, body: bytes
    ) -> web.StreamResponse | None:
        """Apply the faults of this moment; the answer of the one that ends the call, or None."""
        for fault in faults:
            if fault.after != after and fault.kind not in ("garbage", "truncated"):
                continue
            match fault.kind:
                case "delay" | "hold":
                    await fault.wait()
                case "error":
                    raise fault.error()
                case "cut":
                    call.outcome = "lost" if after else "cut"
                    if request.transport is not None:
                        request.transport.abort()
                    return web.Response()
                case "garbage" if after == fault.after:
                    call.outcome, call.status = "garbage", fault.status
                    return web.Response(status=fault.status, body=fault.body)
                case "truncated" if after:
                    call.outcome, call.status = "truncated", 200
                    half = body[: len(body) // 2]
                    return web.Response(body=half, content_type="application/json")
        return None


def _answer(status: int, error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": status, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=status)


def _source(condition: Callable[[], object]) -> str:
    try:
        return " ".join(inspect.getsource(condition).split())
    except (OSError, TypeError):
        return repr(condition)
