"""Pictures that Telegram has already: whoever needs one again sends its number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import seconds


async def known(db: Reading, key: str) -> str | None:
    """The file_id that this bot knows the picture by, None when it was never sent."""
    found = await db.value("SELECT file_id FROM picture WHERE key = ?", (key,))
    return None if found is None else str(found)


async def card_of(db: Reading, chat_id: int, message_id: int) -> Mapping[str, str] | None:
    """The words of the card that the message was sent with, None when it was sent with none."""
    found = await db.value(
        """SELECT json_extract(o.payload_json, '$.photo') FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.chat_id = ? AND m.message_id = ? AND json_type(o.payload_json, '$.photo') = 'object'""",
        (chat_id, message_id),
    )
    return None if found is None else {str(name): str(said) for name, said in json.loads(found).items()}


async def keep(tx: Transaction, key: str, file_id: str, now: datetime) -> None:
    """The picture was sent, and this is its file_id."""
    await tx.run(
        """INSERT INTO picture (key, file_id, sent_at) VALUES (?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET file_id = excluded.file_id, sent_at = excluded.sent_at""",
        (key, file_id, seconds(now)),
    )
