"""The HTTP side of the demo's page: its files, what stands in the town now, and what one does there."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import quote

import aiohttp
from aiohttp import BodyPartReader, web

from bot.playground.acts import MOST_PHOTOS, Acts
from bot.playground.cards import Cards
from bot.playground.gate import HEADERS, HOST, guarded
from bot.playground.hours import Hours
from bot.playground.places import Refused
from bot.playground.scene import Scene
from bot.playground.shapes import Json
from bot.playground.town import Town, ended

log = logging.getLogger(__name__)

ACT_LIMIT = 64 * 1024  # the longest text is 4096 signs, and each may be six bytes as JSON
PHOTO_LIMIT = 10 * 1024 * 1024  # https://core.telegram.org/bots/api#sendphoto
FORM_LIMIT = 40 * 1024 * 1024
GATHER_SECONDS = 0.03  # what happens together is told together
BREATH_SECONDS = 15.0  # a comment down a quiet stream, so that a dead one is noticed
TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
}
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}


@dataclass
class Stage:
    """The page's server, open: `url` is where to look."""

    town: Town
    hours: Hours
    scene: Scene
    acts: Acts
    cards: Cards
    url: str = ""

    def application(self) -> web.Application:
        """Every address that there is."""
        app = web.Application(middlewares=[guarded], client_max_size=FORM_LIMIT)
        app.router.add_get("/", _file)
        app.router.add_get("/page/{name}", _file)
        app.router.add_get("/api/state", self._state)
        app.router.add_get("/api/events", self.events)
        app.router.add_get("/api/file/{id}", self._upload)
        app.router.add_get("/api/picture", self._picture)
        app.router.add_post("/api/act", self._act)
        app.router.add_post("/api/photos", self._photos)
        return app

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self.scene.pieces())

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: everything at first, then the pieces that changed; null for what is gone."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"} | HEADERS)
        with suppress(ConnectionResetError):  # the page was closed while it was told something
            await response.prepare(request)
            await self._tell(response)
        return response

    async def _tell(self, response: web.StreamResponse) -> None:
        shown: dict[str, str] = {}
        first = True
        while True:
            revision = self.town.telegram.revision
            now = {name: json.dumps(piece, ensure_ascii=False) for name, piece in self.scene.pieces().items()}
            changed = {name: json.loads(text) for name, text in now.items() if shown.get(name) != text}
            changed |= dict.fromkeys(shown.keys() - now.keys())
            if changed or first:
                told = json.dumps({"all": first, "pieces": changed}, ensure_ascii=False)
                await response.write(f"data: {told}\n\n".encode())
            shown, first = now, False
            await self._stirred(response, revision)

    async def _stirred(self, response: web.StreamResponse, revision: int) -> None:
        while self.town.telegram.revision == revision:
            try:
                await asyncio.wait_for(self.town.telegram.rung(), BREATH_SECONDS)
            except TimeoutError:
                await response.write(b": still here\n\n")
        await asyncio.sleep(GATHER_SECONDS)

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.town.telegram.files.by_id.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        body = file.content
        if not body and file.url:
            body, _ = await self.cards.get(file.url)
        return _bytes(body, file.name or file.kind)

    async def _picture(self, request: web.Request) -> web.Response:
        body, trouble = await self.cards.get(request.query.get("url", ""))
        if trouble:
            raise web.HTTPNotFound
        return _bytes(body, "picture")

    async def _act(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        body = bytearray()
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > ACT_LIMIT:
                raise web.HTTPRequestEntityTooLarge(ACT_LIMIT, len(body))
        return web.json_response(await self.acts.do(_object(bytes(body))))

    async def _photos(self, request: web.Request) -> web.Response:
        if request.content_type != "multipart/form-data":
            raise web.HTTPUnsupportedMediaType
        asked: Json = {}
        pictures: list[bytes] = []
        size_bytes = 0
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise Refused("unknown")
            body = await _part(part)
            size_bytes += len(body)
            if size_bytes > FORM_LIMIT:
                raise web.HTTPRequestEntityTooLarge(FORM_LIMIT, size_bytes)
            if part.name == "photo":
                pictures.append(body)
            elif part.name == "act":
                asked = _object(body)
            if len(pictures) > MOST_PHOTOS:
                raise Refused("photos")
        return web.json_response(self.acts.photos(asked, pictures))


async def _file(request: web.Request) -> web.Response:
    name = request.match_info.get("name", "index.html")
    known = {each.name: each for each in (files(__package__) / "page").iterdir()}
    kind = TYPES.get(name.rpartition(".")[2])
    if name not in known or kind is None:
        raise web.HTTPNotFound
    return web.Response(body=known[name].read_bytes(), content_type=kind, charset="utf-8")


def _bytes(body: bytes, name: str) -> web.Response:
    """A picture as a picture, anything else as something to save: a page must not come out of an upload."""
    kind = next((kind for sign, kind in PICTURES.items() if body.startswith(sign)), None)
    saved = {"Content-Disposition": "attachment; filename*=UTF-8''" + quote(name, safe="")}
    return web.Response(body=body, content_type=kind or "application/octet-stream", headers={} if kind else saved)


def _object(body: bytes) -> Json:
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise Refused("unknown")
    return asked


async def _part(part: BodyPartReader) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk():
        body += chunk
        if len(body) > PHOTO_LIMIT:
            raise web.HTTPRequestEntityTooLarge(PHOTO_LIMIT, len(body))
    return bytes(body)


def _tell_trouble(task: asyncio.Task[None]) -> None:
    """A room that fell is seen in the terminal; the page would only stand still."""
    if not task.cancelled() and (error := task.exception()):
        log.error("a part of the demo ended", exc_info=error)


@asynccontextmanager
async def opened(town: Town, port: int) -> AsyncIterator[Stage]:
    """The page on `port` (0: any), open until the block ends; the clock walks meanwhile. Raises OSError."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        hours, cards = Hours(town), Cards(session, town.homes.values(), town.telegram.ring)
        stage = Stage(town, hours, Scene(town, hours, cards), Acts(town, hours), cards)
        runner = web.AppRunner(stage.application(), access_log=None, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, HOST, port).start()
        stage.url = f"http://{HOST}:{runner.addresses[0][1]}"
        for room in (town.app.announce(), hours.run()):  # the menus that a real start sets, and the clock's walk
            task = asyncio.create_task(room)
            task.add_done_callback(_tell_trouble)
            stack.push_async_callback(ended, task)
        yield stage
        if hours.errand is not None:
            await ended(hours.errand)
