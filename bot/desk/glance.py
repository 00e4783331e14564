"""A look at a post in its channel before the bot edits it. Telegram tells a bot nothing of what people change in the
bot's own messages (they are outgoing, and such updates are left out), so the message is forwarded, read and deleted."""

from __future__ import annotations

from datetime import datetime

from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import Message, MessageEntity

from bot.desk import by_hand
from bot.desk.hear import Desk
from storage import corrections, messages, posts


async def glance(desk: Desk, post_id: int, now: datetime) -> None:
    """When a person changed the post in its channel its card says so, and what the bot wants of it waits. Where nothing
    can be seen (forwarding is forbidden, the network is down) all stays as it was known."""
    post = await posts.get(desk.db.screens, post_id)
    if desk.probe is None or post is None:
        return
    stands = await messages.standing(desk.db.screens, await corrections.intent_of(desk.db.screens, post))
    if stands is None or await messages.unshown_yet(desk.db.screens, *stands):
        return
    try:
        seen = await desk.bot.forward_message(desk.probe, *stands, disable_notification=True)
        await desk.bot.delete_message(desk.probe, seen.message_id)
    except (TelegramAPIError, ClientDecodeError):
        return
    async with desk.db.transaction() as tx:
        await by_hand.edited(tx, desk.easel, *stands, *words(seen), now)


def words(message: Message) -> tuple[str, list[dict[str, object]]]:
    """What the message says, and how it is formatted."""
    entities: list[MessageEntity] = message.entities or message.caption_entities or []
    return message.text or message.caption or "", [each.model_dump(mode="json", exclude_none=True) for each in entities]
