"""Keeps foreign sites from the demo's page.

It is bound to the loopback address, and any site that is open in the same browser could still reach it there. So it
answers only to its own Host (a foreign name that resolves to 127.0.0.1 is refused) and only to its own Origin.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.playground.places import Refused

HOST = "127.0.0.1"
# Trusted Types: even a mistake in the page's own code cannot turn a text into markup.
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
        "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def guarded(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
    """Answers to its own page alone, and with the page's policy."""
    try:
        if not _own(request):
            raise web.HTTPForbidden(text="This page answers only to itself.")
        response = await handler(request)
    except Refused as refusal:
        response = web.json_response({"error": refusal.code}, status=refusal.status)
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def _own(request: web.Request) -> bool:
    """False for what a foreign site sent, whatever name it gave to this address."""
    transport = request.transport
    port = transport.get_extra_info("sockname")[1] if transport else 0
    if request.headers.get("Host") not in (f"{HOST}:{port}", f"localhost:{port}"):
        return False
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return False
    # Browsers name the origin of every POST; a request that changes something and does not is no page's.
    origin = request.headers.get("Origin", None if request.method == "POST" else "")
    return origin in ("", f"http://{request.headers['Host']}")
