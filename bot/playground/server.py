"""The Bot API server: a real TCP port on the loopback address, over a `Telegram` that lives beside it."""

import asyncio
from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from bot.playground.faults import Fault
from bot.playground.hooks import deliver
from bot.playground.methods import perform
from bot.playground.params import Params
from bot.playground.people import Telegram
from bot.playground.records import Call
from bot.playground.refusals import RefusedError
from bot.playground.requests import BODY_LIMIT, params_of
from bot.playground.shapes import Bot, Json

T = TypeVar("T")
HOST = "127.0.0.1"
PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"


class Server:
    """A listening server: `url` is its base, `close()` ends it. An async context manager."""

    def __init__(self, telegram: Telegram, port: int = 0) -> None:
        self.telegram = telegram
        self.port = port
        self.runner: web.AppRunner | None = None
        self.tasks: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def open(self) -> "Server":
        """Listens; the port is known afterwards."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0, handler_cancellation=True)
        await self.runner.setup()
        site = web.TCPSite(self.runner, HOST, self.port, reuse_address=True)
        await site.start()
        self.port = self.runner.addresses[0][1]
        if self not in self.telegram._servers:
            self.telegram._servers.append(self)
        self._spawn(deliver(self.telegram))
        return self

    async def die(self) -> None:
        """Cuts every connection; the port refuses new ones."""
        while self.tasks:  # Python 3.11's wait_for may swallow a cancellation that meets what it waited for
            for task in list(self.tasks):
                task.cancel()
            await asyncio.wait(list(self.tasks), timeout=1)
        if self.runner is not None:
            for handler in list(self.runner.server.connections if self.runner.server else ()):
                transport = handler.transport
                if transport is not None:
                    transport.abort()
            await self.runner.cleanup()
        self.runner = None

    async def revive(self) -> None:
        """Listens again on the same port."""
        if self.runner is None:
            await self.open()

    async def close(self) -> None:
        await self.die()
        if self in self.telegram._servers:
            self.telegram._servers.remove(self)

    async def __aenter__(self) -> "Server":
        return self if self.runner is not None else await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __await__(self) -> Generator[Any, None, "Server"]:
        return self.__aenter__().__await__()

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            bot = self._bot(request.match_info["token"])
            params = await params_of(request)
        except RefusedError as refusal:
            return _answer(refusal.answer())
        call = Call(method, params.plain(), bot.id, self.telegram.now())
        fault = self.telegram.faults.take(method, params)
        if method.lower() == "getupdates" and fault is None:
            return _answer(await perform(self.telegram, bot, params, call))
        self.telegram.running += 1
        self.telegram.ring()
        try:
            if fault is None:
                return _answer(await perform(self.telegram, bot, params, call))
            call.fault = fault.kind
            return await self._harmed(request, bot, params, call, fault)
        finally:
            self.telegram.running -= 1
            self.telegram.ring()

    def _bot(self, token: str) -> Bot:
        bot = self.telegram.bots.get(token)
        if bot is None or bot.revoked:
            raise RefusedError(401, "")
        return bot

    async def _harmed(
        self, request: web.Request, bot: Bot, params: Params, call: Call, fault: Fault
    ) -> web.StreamResponse:
        """The request meets its planned trouble."""
        faults = self.telegram.faults
        match fault.kind:
            case "delay":
                # Telegram does the work even when the bot has stopped waiting for the answer.
                work = self._spawn(self._later(bot, params, call, fault.seconds, faults.held))
                return _answer(await asyncio.shield(work))
            case "held":
                answer = _answer(await perform(self.telegram, bot, params, call))
                await _pass(fault.seconds, faults.held)
                return answer
            case "lost_after" | "truncated" | "html_after":
                body = web.json_response(await perform(self.telegram, bot, params, call)).body
                if fault.kind == "truncated":
                    half = bytes(body)[: len(bytes(body)) // 2] if isinstance(body, bytes) else b"{"
                    return web.Response(body=half, content_type="application/json")
                return _page(fault) if fault.kind == "html_after" else _cut(request)
            case "late":
                self._spawn(self._later(bot, params, call, fault.seconds, faults.landing))
                return _cut(request)
        self.telegram.remember(call)
        match fault.kind:
            case "lost_before":
                return _cut(request)
            case "html":
                return _page(fault)
            case "flood":
                after = fault.retry_after
                refusal = RefusedError(429, f"Too Many Requests: retry after {after}", retry_after=after)
                call.outcome = refusal.answer()
            case "server_error":
                code, text = fault.code or 500, fault.description or "Internal Server Error"
                call.outcome = {"ok": False, "error_code": code, "description": text}
            case _:
                refusal = RefusedError(fault.code or 400, "", **fault.parameters)
                call.outcome = refusal.answer()
                call.outcome["description"] = fault.description or call.outcome["description"]
        return _answer(call.outcome)

    async def _later(self, bot: Bot, params: Params, call: Call, seconds: float | None, event: asyncio.Event) -> Json:
        """Performs the request after so many seconds, or at the event when none are given."""
        await _pass(seconds, event)
        return await perform(self.telegram, bot, params, call)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        try:
            self._bot(request.match_info["token"])
        except RefusedError as refusal:
            return _answer(refusal.answer())
        file = self.telegram.files.at(request.match_info["path"])
        if file is None:
            return _answer(RefusedError(404, "").answer())
        return web.Response(body=file.content, content_type="application/octet-stream")


async def _pass(seconds: float | None, event: asyncio.Event) -> None:
    """Returns after so many seconds, or at the event when none are given."""
    await (event.wait() if seconds is None else asyncio.sleep(seconds))


def _answer(body: Json) -> web.Response:
    status = 200 if body.get("ok") else int(body["error_code"])
    headers = {}
    if "retry_after" in body.get("parameters", {}):
        headers["Retry-After"] = str(body["parameters"]["retry_after"])
    return web.json_response(body, status=status, headers=headers)


def _page(fault: Fault) -> web.Response:
    return web.Response(text=PAGE, status=fault.code or 502, content_type="text/html")


def _cut(request: web.Request) -> web.StreamResponse:
    """Cuts the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def serve(telegram: Telegram, port: int = 0) -> Server:
    """`async with serve(telegram) as server:` or `server = await serve(telegram)`; then `server.url`."""
    return Server(telegram, port)
