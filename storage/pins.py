"""What stands pinned at the top of a chat because of the bot, against what should: the newest of a place alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import seconds


@dataclass(frozen=True, slots=True)
class Pin:
    """A message that is to be pinned (`wanted`) or unpinned."""

    id: int
    chat_id: int
    message_id: int
    wanted: bool


async def want(tx: Transaction, intent: str, chat: str, place: str, now: datetime) -> None:
    """The message of this event should be pinned, and no earlier one that took the same place."""
    await tx.run("UPDATE pin SET wanted = 0, trouble = NULL WHERE chat = ? AND place = ? AND wanted = 1", (chat, place))
    await tx.run(
        """INSERT INTO pin (intent, chat, place, wanted, at) VALUES (?, ?, ?, 1, ?)
           ON CONFLICT (intent) DO UPDATE SET wanted = 1, trouble = NULL, at = excluded.at""",
        (intent, chat, place, seconds(now)),
    )


async def unwant(tx: Transaction, intent: str) -> None:
    """The message of this event should not be pinned any more."""
    await tx.run("UPDATE pin SET wanted = 0, trouble = NULL WHERE intent = ? AND wanted = 1", (intent,))


async def behind(db: Reading, held_chats: list[str]) -> Pin | None:
    """The oldest message whose pin is not as it should be, None when all are. Chats held back are passed over."""
    row = await db.one(
        """SELECT p.id, m.chat_id, m.message_id, p.wanted
             FROM pin AS p JOIN outbox AS o ON o.intent = p.intent JOIN message AS m ON m.outbox_id = o.id
            WHERE p.wanted <> p.done AND p.trouble IS NULL AND o.state = 'sent' AND o.unwanted_at IS NULL
              AND m.gone_at IS NULL AND m.place = 1
              AND NOT EXISTS (SELECT 1 FROM json_each(?) AS h
                               WHERE h.value IN ('*', o.chat, CAST(m.chat_id AS TEXT)))
            ORDER BY p.id LIMIT 1""",
        (json.dumps(held_chats),),
    )
    return None if row is None else Pin(row["id"], row["chat_id"], row["message_id"], bool(row["wanted"]))


async def done(tx: Transaction, pin: Pin) -> None:
    """It is as it was wanted; a wish made meanwhile stays a wish."""
    await tx.run("UPDATE pin SET done = ?, trouble = NULL WHERE id = ?", (int(pin.wanted), pin.id))


async def failed(tx: Transaction, pin: Pin, reason: str) -> None:
    """Telegram will not do it: it is not tried again until something else is wanted there."""
    await tx.run("UPDATE pin SET trouble = ? WHERE id = ? AND wanted = ?", (reason, pin.id, int(pin.wanted)))
