"""getUpdates and webhooks: how updates reach a bot."""

import asyncio
import ipaddress
from urllib.parse import urlsplit

from bot.playground.params import Params
from bot.playground.refusals import RefusedError, bad
from bot.playground.shapes import Bot, Json
from bot.playground.updates import Queue, Webhook
from bot.playground.world import World

LONGEST_POLL = 50  # telegram-bot-api, Client.h
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


async def get_updates(world: World, bot: Bot, params: Params) -> list[Json]:
    """The updates from the offset on, waiting for the first one as long as the timeout says."""
    queue = world.queues[bot.id]
    if queue.webhook.url:
        raise RefusedError(409, WEBHOOK_ACTIVE)
    kinds = params.array("allowed_updates") if params.has("allowed_updates") else None
    if kinds is not None:
        queue.allow([str(kind) for kind in kinds])
    queue.poller += 1
    mine = queue.poller
    world.ring()
    queue.confirm(params.number("offset"))
    limit = min(max(params.number("limit", 100), 1), 100)
    timeout = min(max(params.number("timeout"), 0), LONGEST_POLL)
    try:
        async with asyncio.timeout(timeout):
            while not queue.waiting and timeout:
                await world.rung()
                _still_mine(queue, mine)
    except TimeoutError:
        pass
    world.ring()
    return list(queue.waiting)[:limit]


def _still_mine(queue: Queue, poller: int) -> None:
    if queue.poller != poller:
        raise RefusedError(409, OTHER_POLLER)
    if queue.webhook.url:
        raise RefusedError(409, "terminated by setWebhook request")


def set_webhook(world: World, bot: Bot, params: Params) -> bool:
    """True; updates go to that URL from now on. This playground delivers to loopback addresses only."""
    queue, url = world.queues[bot.id], params.text("url").strip()
    if params.has("allowed_updates"):
        queue.allow([str(kind) for kind in params.array("allowed_updates") or []])
    if params.flag("drop_pending_updates"):
        queue.drop()
    secret = params.text("secret_token")
    if len(secret) > 256 or not all(char.isascii() and (char.isalnum() or char in "_-") for char in secret):
        raise bad("secret token contains unallowed characters")
    if url:
        _check_url(url)
    queue.webhook = Webhook(url, secret, params.number("max_connections", 40) or 40)
    world.ring()
    return True


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad("bad webhook: invalid webhook URL specified")
    try:
        loopback = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise bad("bad webhook: the playground delivers to loopback addresses only")


def delete_webhook(world: World, bot: Bot, params: Params) -> bool:
    """True."""
    queue = world.queues[bot.id]
    if params.flag("drop_pending_updates"):
        queue.drop()
    queue.webhook = Webhook()
    world.ring()
    return True


def get_webhook_info(world: World, bot: Bot, params: Params) -> Json:
    """The Bot API's WebhookInfo."""
    queue = world.queues[bot.id]
    return queue.webhook.json(len(queue.waiting), queue.allowed)
