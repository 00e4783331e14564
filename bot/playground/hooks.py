"""Delivering updates to webhooks."""

import asyncio
import json
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, MultipartReader

from bot.playground.methods import perform
from bot.playground.params import Params
from bot.playground.records import Call
from bot.playground.requests import multipart
from bot.playground.shapes import Json
from bot.playground.updates import Queue
from bot.playground.world import World

RETRY_SECONDS = (0.02, 0.05, 0.1, 0.5, 1.0)  # Telegram waits longer; a test need not
TIMEOUT = ClientTimeout(total=60)


async def deliver(world: World) -> None:
    """Posts what waits to every bot's webhook, one update after another, until it is cancelled."""
    async with ClientSession(timeout=TIMEOUT) as session:
        failures: dict[int, int] = {}
        while True:
            queue = next((one for one in world.queues.values() if one.webhook.url and one.waiting), None)
            if queue is None:
                await world.rung()
                continue
            update = queue.waiting[0]
            if await _post(session, world, queue, update):
                queue.confirm(update["update_id"] + 1)
                failures.pop(update["update_id"], None)
                world.ring()
                continue
            failed = failures[update["update_id"]] = failures.get(update["update_id"], 0) + 1
            await asyncio.sleep(RETRY_SECONDS[min(failed, len(RETRY_SECONDS)) - 1])


async def _post(session: ClientSession, world: World, queue: Queue, update: Json) -> bool:
    """True when the bot took the update; else the webhook's last error says why not."""
    headers = {"Content-Type": "application/json"}
    if queue.webhook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = queue.webhook.secret
    url, error = queue.webhook.url, ""
    try:
        async with session.post(url, data=json.dumps(update), headers=headers, allow_redirects=False) as answer:
            if 200 <= answer.status < 300:
                await _obey(world, queue, answer)
                return True
            error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except (ClientError, TimeoutError) as trouble:
        error = f"Connection failed: {type(trouble).__name__}"
    queue.webhook.last_error, queue.webhook.last_error_at = error, world.now()
    return False


async def _obey(world: World, queue: Queue, answer: ClientResponse) -> None:
    """Runs the method that the bot gave in its answer, if it did; nobody hears the outcome."""
    params: Params | None = None
    if answer.content_type == "multipart/form-data":
        params = await multipart(MultipartReader.from_response(answer), {})
    elif answer.content_type == "application/json":
        body: Any = json.loads(await answer.read() or b"null")
        params = Params(body) if isinstance(body, dict) else None
    if params is None or not params.has("method"):
        return
    bot = next(bot for bot in world.bots.values() if world.queues[bot.id] is queue)
    await perform(world, bot, params, Call(params.text("method"), params.plain(), bot.id, world.now()))
