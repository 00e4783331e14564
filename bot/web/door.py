"""Opens the HTTP door: what the newsroom's CMS pushes, and what hubs tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

from aiohttp import web

from bot.intake import subscribe
from bot.intake.collect import Collector
from bot.intake.entries import Feed
from bot.intake.parse import Parser
from bot.intake.passes import Arrival
from bot.intake.pushed import Pushed
from bot.settings import Settings
from bot.web import hub, push
from storage.database import Database
from storage.model import Source


async def open_door(
    stack: AsyncExitStack,
    settings: Settings,
    db: Database,
    collector: Collector,
    parser: Parser,
    clock: Callable[[], datetime],
    stir: Callable[[], None],
) -> int | None:
    """The port at which it stands open until the stack is left; None when the operator wants no door. `stir` is
    called when something came that the editors may have to be told."""
    if settings.http_port is None or (settings.push_token is None and settings.public_url is None):
        return None

    async def take(pushed: Pushed) -> tuple[str, str]:
        answer = await collector.push(pushed, clock)
        stir()
        return answer

    async def take_in(source: Source, feed: Feed) -> Sequence[Arrival]:
        arrivals = await collector.take_in(source, feed, clock)
        stir()
        return arrivals

    async def hear_hub(source_id: int, body: bytes, content_type: str | None) -> int:
        return await subscribe.take(db, parser, settings.timezone, take_in, clock, source_id, body, content_type)

    door = web.Application()
    if settings.push_token is not None:
        door = push.application(settings.push_token.get_secret_value(), take)
    if settings.public_url is not None:
        door.add_routes(hub.routes(db, clock, hear_hub))
    runner = web.AppRunner(door, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, settings.http_host, settings.http_port).start()
    port: int = runner.addresses[0][1]
    return port
