"""`/hub/…`: where hubs ask whether we meant it (GET), and push what their sources published (POST)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.intake.bodies import LIMIT_BYTES
from bot.intake.hubs import signed
from bot.intake.subscribe import confirm
from storage import hubs
from storage.database import Database

PATH = "/hub/{token:[0-9a-f]{64}}"
SECONDS = 15.0  # a hub that needs longer for one feed is not one to wait for
AT_ONCE = 4  # pushes in hand; the child reads one at a time, and each may hold twice LIMIT_BYTES
AGAIN_SECONDS = 60
Take = Callable[[int, bytes, str | None], Awaitable[object]]


def routes(db: Database, clock: Callable[[], datetime], take: Take, *, seconds: float = SECONDS) -> list[web.RouteDef]:
    """The two routes; `take` is called with the source's id, the body and its Content-Type once a push was answered.

    A body has `seconds` to arrive; a compressed one, which no hub sends, is refused by its header.
    """
    door = _Door(db, clock, take, seconds)
    return [web.get(PATH, door.asked, allow_head=False), web.post(PATH, door.pushed)]


class _Door:
    """Counts the pushes in hand."""

    def __init__(self, db: Database, clock: Callable[[], datetime], take: Take, seconds: float) -> None:
        self._db, self._clock, self._take, self._seconds = db, clock, take, seconds
        self._in_hand = 0

    async def asked(self, request: web.Request) -> web.Response:
        challenge = await confirm(self._db, request.match_info["token"], request.query, self._clock())
        if challenge is None:
            raise web.HTTPNotFound
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def pushed(self, request: web.Request) -> web.StreamResponse:
        found = await hubs.by_token(self._db.screens, request.match_info["token"])
        if found is None or found.confirmed_at is None:
            raise web.HTTPGone  # a hub that still rings learns that nobody is there: WebSub §7
        if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise web.HTTPUnsupportedMediaType
        if self._in_hand >= AT_ONCE:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": str(AGAIN_SECONDS)})
        self._in_hand += 1
        try:
            return await self._heard(request, found)
        finally:
            self._in_hand -= 1

    async def _heard(self, request: web.Request, found: hubs.Subscription) -> web.StreamResponse:
        """Answers before the work, and a forger like a friend: §8."""
        body = await _body(request, self._seconds)
        friend = signed(found.secret, request.headers.get("X-Hub-Signature"), body)
        answer = web.Response(status=202)
        await answer.prepare(request)
        await answer.write_eof()
        if friend:
            await self._take(found.source_id, body, request.headers.get("Content-Type"))
        else:
            async with self._db.transaction() as tx:
                await hubs.forged(tx, found.token)
        return answer


async def _body(request: web.Request, seconds: float) -> bytes:
    """The whole body. Raises HTTPRequestEntityTooLarge beyond LIMIT_BYTES, HTTPRequestTimeout."""
    said, body = request.content_length or 0, bytearray()
    try:
        async with asyncio.timeout(seconds):
            while said <= LIMIT_BYTES and len(body) <= LIMIT_BYTES:
                chunk = await request.content.readany()
                if not chunk:
                    return bytes(body)
                body += chunk
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    raise web.HTTPRequestEntityTooLarge(max_size=LIMIT_BYTES, actual_size=max(said, len(body)))
