"""`POST /items`: the newsroom's own CMS tells what it published, changed or took back."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.intake.pushed import Pushed, Rejected, read

BODY_BYTES = 2 * 1024 * 1024
MOST_ITEMS = 500  # a CMS sends one; an import sends several times
Answer = tuple[str, str]  # new, updated, duplicate or rejected, and the reason
Take = Callable[[Pushed], Awaitable[Answer]]


def application(token: str, take: Take) -> web.Application:
    """The HTTP application; `take` is called for each object, one after another, in the order given."""

    async def items(request: web.Request) -> web.Response:
        if not _may(request, token):
            return _sorry(401, "needs the header Authorization: Bearer BOT_PUSH_TOKEN")
        try:
            body: Any = json.loads(await request.text())
        except (ValueError, RecursionError):  # also bytes that are not the text they claim to be
            return _sorry(400, "the body is not JSON")
        several = body if isinstance(body, list) else [body]
        if len(several) > MOST_ITEMS:
            return _sorry(413, f"at most {MOST_ITEMS} items at once")
        answers = [await _one(each, take) for each in several]
        return web.json_response(answers if isinstance(body, list) else answers[0])

    app = web.Application(client_max_size=BODY_BYTES)
    app.router.add_post("/items", items)
    return app


async def _one(pushed: Any, take: Take) -> dict[str, str]:
    try:
        result, reason = await take(read(pushed))
    except Rejected as error:
        result, reason = "rejected", error.reason
    address = pushed.get("url") if isinstance(pushed, dict) else None
    return {"url": address if isinstance(address, str) else "", "result": result, "reason": reason}


def _may(request: web.Request, token: str) -> bool:
    said = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(said, f"Bearer {token}".encode())


def _sorry(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)
