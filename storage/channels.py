"""Channels that the newsroom publishes in, and what is known of the chats behind them."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, time

from storage import journal
from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds
from storage.model import Channel

# What still waits for an editor: a card whose post is not done, and whatever else has buttons (the board, a question,
# an alarm). It goes out again as it should show now; what it replied to stayed behind.
_OPEN = """
UPDATE outbox SET state = 'waiting', chat = :new, due_at = :now, done_at = NULL, reason = NULL,
       payload_json = json_remove(json_patch(payload_json, coalesce(wanted_json, '{}')), '$.reply_parameters'),
       wanted_version = 1, wanted_json = NULL
 WHERE chat = :old AND state IN ('sent', 'doubt') AND unwanted_at IS NULL AND update_id IS NULL
   AND CASE WHEN intent LIKE 'card:%'
            THEN post_id IN (SELECT id FROM post WHERE state IN ('candidate', 'draft', 'pending', 'queued', 'held',
                                                                 'missed', 'publishing'))
            ELSE json_array_length(coalesce(json_extract(wanted_json, '$.reply_markup.inline_keyboard'),
                                            json_extract(payload_json, '$.reply_markup.inline_keyboard'), '[]')) > 0 END
"""


def _channel(row: sqlite3.Row) -> Channel:
    return Channel(
        id=row["id"],
        chat=row["chat"],
        title=row["title"],
        language=row["language"],
        created_at=instant(row["created_at"]),
        state=row["state"],
        sections=tuple(json.loads(row["sections_json"])),
        signature=row["signature"],
        quiet_from=time.fromisoformat(row["quiet_from"]) if row["quiet_from"] else None,
        quiet_until=time.fromisoformat(row["quiet_until"]) if row["quiet_until"] else None,
        picture=row["picture"],
        pins=bool(row["pins"]),
        discussion=row["discussion"],
        paused_at=instant(row["paused_at"]) if row["paused_at"] is not None else None,
        paused_by=row["paused_by"],
        version=row["version"],
        changed_at=instant_or_none(row["changed_at"]),
        changed_by=row["changed_by"],
    )


async def seed(tx: Transaction, chat: str, language: str, now: datetime) -> Channel:
    """The channel at `chat`, which the environment names; a known one stays as it is, but for a language that no
    editor chose."""
    await tx.run(
        "INSERT INTO channel (chat, language, created_at) VALUES (?, ?, ?) ON CONFLICT (chat) DO NOTHING",
        (chat, language, seconds(now)),
    )
    await tx.run(
        """UPDATE channel SET language = :language WHERE chat = :chat AND language <> :language AND NOT EXISTS (
             SELECT 1 FROM channel_wish WHERE channel_id = channel.id AND field = 'language')""",
        {"chat": chat, "language": language},
    )
    found = await tx.one("SELECT * FROM channel WHERE chat = ?", (chat,))
    assert found is not None  # it was just put
    return _channel(found)


async def find(db: Reading, chat: str) -> Channel | None:
    """The channel at `chat`, None when it is not known yet."""
    row = await db.one("SELECT * FROM channel WHERE chat = ?", (chat,))
    return _channel(row) if row else None


async def get(db: Reading, channel_id: int) -> Channel | None:
    """The channel with this number of ours, None when there is none."""
    row = await db.one("SELECT * FROM channel WHERE id = ?", (channel_id,))
    return _channel(row) if row else None


async def every(db: Reading) -> list[Channel]:
    """The channels that the newsroom publishes in, the first one first."""
    return [_channel(row) for row in await db.all("SELECT * FROM channel WHERE state = 'active' ORDER BY id")]


async def known(db: Reading) -> list[Channel]:
    """Those and the ones that were turned off, the first one first."""
    return [_channel(row) for row in await db.all("SELECT * FROM channel ORDER BY id")]


async def chat_of(db: Reading, channel_id: int) -> str:
    """What Telegram is told of the channel with this number of ours, '' when there is none."""
    return str(await db.value("SELECT chat FROM channel WHERE id = ?", (channel_id,)) or "")


async def is_off(db: Reading, channel_id: int) -> bool:
    """Whether the newsroom does not publish there now."""
    return await db.value("SELECT 1 FROM channel WHERE id = ? AND state = 'off'", (channel_id,)) is not None


async def at(db: Reading, chat: str, username: str | None = None) -> Channel | None:
    """Our channel that Telegram calls so: by its number, its @name, or the name that it was last known by; None when
    it is none of ours."""
    row = await db.one(
        """SELECT * FROM channel WHERE chat = :chat COLLATE NOCASE OR chat = :name COLLATE NOCASE
               OR chat = (SELECT name FROM chat WHERE CAST(id AS TEXT) = :chat) COLLATE NOCASE
            ORDER BY state = 'active' DESC, id LIMIT 1""",
        {"chat": chat, "name": f"@{username}" if username else ""},
    )
    return _channel(row) if row else None


async def heard(tx: Transaction, chat_id: int, name: str | None, message_id: int, now: datetime) -> None:
    """A message with this id stands in the chat: the last one known never goes back."""
    await tx.run(
        """INSERT INTO chat (id, name, last_message_id, heard_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, heard_at = excluded.heard_at,
             last_message_id = max(last_message_id, excluded.last_message_id)""",
        (chat_id, f"@{name}" if name else None, message_id, seconds(now)),
    )


async def number_of(db: Reading, chat: str) -> int | None:
    """The number of the chat that parcels call so, None for a name that was never heard of."""
    if not chat.startswith("@"):
        return int(chat)
    found = await db.value(
        "SELECT id FROM chat WHERE name = ? COLLATE NOCASE ORDER BY heard_at DESC, id LIMIT 1", (chat,)
    )
    return None if found is None else int(found)


async def names(db: Reading) -> list[tuple[int, str]]:
    """(number, name without the sign) of every chat that has a name; of two with one name the later heard is last."""
    rows = await db.all("SELECT id, name FROM chat WHERE name IS NOT NULL ORDER BY heard_at, id")
    return [(row["id"], row["name"].removeprefix("@")) for row in rows]


async def name_of(db: Reading, chat_id: int) -> str | None:
    """The @name that the chat was last known by, None when it has none or was never heard of."""
    found = await db.value("SELECT name FROM chat WHERE id = ?", (chat_id,))
    return None if found is None else str(found)


async def standing_of(db: Reading, chat_id: int) -> int:
    """The number that this chat goes by now: a group that became a supergroup got another."""
    seen = {chat_id}
    while (moved_to := await db.value("SELECT moved_to FROM chat WHERE id = ?", (chat_id,))) is not None:
        if moved_to in seen:
            break
        seen.add(chat_id := int(moved_to))
    return chat_id


async def moved(tx: Transaction, old: int, new: int, now: datetime) -> bool:
    """The chat has another number, and what it waited for goes there; False when that was known.

    What is open (cards, the board, questions) is put out again in the new chat as it should show now. Everything that
    stood in the old one is gone: nobody may write, edit or tap there any more.
    """
    values = {"old": str(old), "new": str(new), "now": seconds(now)}
    await tx.run(
        """UPDATE outbox SET chat = :new, payload_json = json_remove(payload_json, '$.reply_parameters')
            WHERE chat = :old AND state = 'waiting'""",
        values,
    )
    if await tx.value("SELECT moved_to FROM chat WHERE id = ?", (old,)) == new:
        return False
    await tx.run(
        """INSERT INTO chat (id, moved_to, heard_at) VALUES (:id, :to, :now)
           ON CONFLICT (id) DO UPDATE SET moved_to = excluded.moved_to, heard_at = excluded.heard_at""",
        {"id": old, "to": new, "now": seconds(now)},
    )
    await tx.run(_OPEN, values)
    await tx.run("UPDATE message SET gone_at = ? WHERE chat_id = ? AND gone_at IS NULL", (seconds(now), old))
    # Of what is left in doubt there nobody can ever know more.
    await tx.run("UPDATE outbox SET done_at = :now WHERE chat = :old AND state = 'doubt' AND done_at IS NULL", values)
    await journal.write(tx, "move", f"chat:{old}", now, was=str(old), became=str(new))
    return True
