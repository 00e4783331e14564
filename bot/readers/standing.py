"""A reader blocks the bot, or takes it back: Telegram says so before any alert is refused."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import ChatMemberBanned, ChatMemberUpdated, Update

from storage import readers, updates
from storage.database import Database


async def hear(event: ChatMemberUpdated, db: Database, event_update: Update, now: datetime) -> None:
    """Nothing waits for somebody who blocked the bot; whoever is back is written to again."""
    async with db.transaction() as tx:
        if isinstance(event.new_chat_member, ChatMemberBanned):
            await readers.gone(tx, event.chat.id)
        else:
            await readers.back(tx, event.chat.id)
        await updates.done(tx, event_update.update_id, now)
