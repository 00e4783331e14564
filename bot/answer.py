"""Answers what a person wrote. The answer enters the outbox in one transaction with the mark that the question is
done: a process killed at any moment has done both or neither, so nobody is answered twice, and nobody not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aiogram.enums import ChatType
from aiogram.types import Message

from storage import outbox, updates
from storage.database import Database, Transaction
from storage.model import DESK, Parcel


async def once(
    db: Database, message: Message, payload: Mapping[str, Any], update_id: int, now: datetime, stir: Callable[[], None]
) -> None:
    """The update is done and its answer, sendMessage's parameters but the chat, is on its way into the same chat."""
    async with db.transaction() as tx:
        await put(tx, message, payload, update_id, now)
    stir()


async def put(tx: Transaction, message: Message, payload: Mapping[str, Any], update_id: int, now: datetime) -> None:
    """The same among the other effects of the update; the caller stirs when they are committed."""
    chat_id = message.chat.id
    topic = {"message_thread_id": message.message_thread_id} if message.is_topic_message else {}
    # The parts of an album are an update each; whichever comes first, before or after a restart, is answered.
    event = str(update_id) if message.media_group_id is None else f"album:{chat_id}:{message.media_group_id}"
    what = Parcel(
        intent=f"answer:{event}",
        chat=str(chat_id),
        method="sendMessage",
        payload={**topic, **payload},
        priority=DESK,
        due_at=now,
        reader_id=chat_id if message.chat.type == ChatType.PRIVATE else None,
        update_id=update_id,
    )
    await outbox.put(tx, what, now)
    await updates.done(tx, update_id, now)
