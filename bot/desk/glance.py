"""A look at a post in its channel before the bot edits it. Telegram tells a bot nothing of what people change in the
bot's own messages (they are outgoing, and such updates are left out), so the message is forwarded, read and deleted."""

from __future__ import annotations

from datetime import datetime

from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import Message, MessageEntity

from bot.desk import by_hand
from bot.desk.hear import Desk
from storage import corrections, lines, messages, posts

EDITIONS = 3  # that told the story: the digest, the roundup, and one more


async def glance(desk: Desk, post_id: int, now: datetime) -> None:
    """When a person changed the post in its channel its card says so, and what the bot wants of it waits; likewise the
    editions that told its story, of which the newest are looked at. Where nothing can be seen (forwarding is forbidden,
    the network is down) all stays as it was known."""
    db = desk.db.screens
    post = await posts.get(db, post_id)
    if desk.probe is None or post is None:
        return
    stands = await messages.standing(db, await corrections.intent_of(db, post))
    told = await lines.messages(db, post.story_id) if post.story_id is not None else []
    for each in ([stands] if stands is not None else []) + told[:EDITIONS]:
        if not await messages.unshown_yet(db, *each):
            await _look(desk, desk.probe, each, now)


async def _look(desk: Desk, probe: int, stands: tuple[int, int], now: datetime) -> None:
    try:
        seen = await desk.bot.forward_message(probe, *stands, disable_notification=True)
        await desk.bot.delete_message(probe, seen.message_id)
    except (TelegramAPIError, ClientDecodeError):
        return
    async with desk.db.transaction() as tx:
        await by_hand.edited(tx, desk.easel, *stands, *words(seen), now)


def words(message: Message) -> tuple[str, list[dict[str, object]]]:
    """What the message says, and how it is formatted."""
    entities: list[MessageEntity] = message.entities or message.caption_entities or []
    return message.text or message.caption or "", [each.model_dump(mode="json", exclude_none=True) for each in entities]
