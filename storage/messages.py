"""What stands in chats because of the bot, against what should stand there: the newest wish wins.

The wish belongs to the send (the outbox row), so it can be made before anyone knows the message's number; it is
carried out once the send is resolved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Reading, Transaction
from storage.instants import seconds


@dataclass(frozen=True, slots=True)
class Behind:
    """A message that does not show what it should. `wanted` None: it should not stand at all; `instead` is what it
    shows when Telegram does not delete it any more, None: then it stays as it is."""

    chat_id: int
    message_id: int
    kind: str
    wanted_version: int
    wanted: Mapping[str, Any] | None
    instead: Mapping[str, Any] | None = None


async def want(tx: Transaction, intent: str, parameters: Mapping[str, Any]) -> None:
    """What was or will be sent for this intent should show this from now on."""
    await tx.run(
        "UPDATE outbox SET wanted_version = wanted_version + 1, wanted_json = ? WHERE intent = ?",
        (json.dumps(parameters, ensure_ascii=False), intent),
    )


async def unwant(tx: Transaction, intent: str, now: datetime, instead: Mapping[str, Any] | None = None) -> None:
    """What was sent for this intent should not stand any more; where it cannot be deleted, it should show `instead`."""
    await tx.run(
        """UPDATE outbox SET wanted_version = wanted_version + 1, unwanted_at = coalesce(unwanted_at, ?),
             instead_json = ? WHERE intent = ?""",
        (seconds(now), None if instead is None else json.dumps(instead, ensure_ascii=False), intent),
    )


async def retire(tx: Transaction, intent: str, now: datetime, instead: Mapping[str, Any]) -> None:
    """What was sent for this intent goes, and the same event may happen anew."""
    await unwant(tx, intent, now, instead)
    await tx.run("UPDATE outbox SET intent = intent || ':before:' || id WHERE intent = ?", (intent,))


async def behind(db: Reading, held_chats: list[str]) -> Behind | None:
    """The message that has waited longest to show what it should; None when all do. Chats held back are passed over,
    and what a person changed in place until an editor has decided."""
    row = await db.one(
        """SELECT m.chat_id, m.message_id, m.kind, o.wanted_version, o.wanted_json, o.unwanted_at,
                  o.instead_json
             FROM outbox AS o INDEXED BY outbox_wished JOIN message AS m ON m.outbox_id = o.id
            WHERE o.state = 'sent' AND o.wanted_version > 1 AND o.wanted_version > m.shown_version
              AND m.gone_at IS NULL AND m.place = 1
              AND (o.unwanted_at IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM hand_edit AS h WHERE h.chat_id = m.chat_id AND h.message_id = m.message_id)
                AND NOT EXISTS (
                SELECT 1 FROM correction WHERE home = 'hand:' || m.chat_id || ':' || m.message_id
                   AND state IN ('asked', 'shown', 'leaving')))
              AND NOT EXISTS (SELECT 1 FROM json_each(:held) AS h
                               WHERE h.value IN ('*', o.chat, CAST(m.chat_id AS TEXT)))
            ORDER BY o.priority, o.id LIMIT 1""",
        {"held": json.dumps(held_chats)},
    )
    if row is None:
        return None
    wanted = None if row["unwanted_at"] is not None else json.loads(row["wanted_json"])
    instead = None if row["instead_json"] is None else json.loads(row["instead_json"])
    return Behind(row["chat_id"], row["message_id"], row["kind"], row["wanted_version"], wanted, instead)


async def shown(tx: Transaction, what: Behind) -> None:
    """The message shows the version that was wanted; a wish made meanwhile stays a wish."""
    await tx.run(
        """UPDATE message SET shown_version = max(shown_version, ?), tries = tries + 1, trouble = NULL
            WHERE chat_id = ? AND message_id = ?""",
        (what.wanted_version, what.chat_id, what.message_id),
    )


async def unshown(tx: Transaction, chat_id: int, message_id: int) -> None:
    """Nobody knows what the message shows: what is wanted of it is to be shown again."""
    await tx.run(
        "UPDATE message SET shown_version = 0 WHERE chat_id = ? AND message_id = ? AND gone_at IS NULL",
        (chat_id, message_id),
    )


async def unshown_yet(db: Reading, chat_id: int, message_id: int) -> bool:
    """Whether the message is still to be made to show something else."""
    found = await db.value(
        """SELECT 1 FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.chat_id = ? AND m.message_id = ? AND o.wanted_version > m.shown_version
              AND NOT EXISTS (
                SELECT 1 FROM hand_edit AS h WHERE h.chat_id = m.chat_id AND h.message_id = m.message_id)
              AND NOT EXISTS (
                SELECT 1 FROM correction WHERE home = 'hand:' || m.chat_id || ':' || m.message_id
                   AND state IN ('asked', 'shown', 'leaving'))""",
        (chat_id, message_id),
    )
    return found is not None


async def gone(tx: Transaction, what: Behind, now: datetime) -> None:
    """The message stands no more: it was taken away, or somebody deleted it."""
    await tx.run(
        "UPDATE message SET gone_at = coalesce(gone_at, ?) WHERE chat_id = ? AND message_id = ?",
        (seconds(now), what.chat_id, what.message_id),
    )


async def wanted_version(db: Reading, outbox_id: int) -> int:
    """How often it was said what this send should show."""
    return int(await db.value("SELECT wanted_version FROM outbox WHERE id = ?", (outbox_id,)))


async def of_others(db: Reading, chat_id: int, parcel_id: int, first_id: int) -> set[int]:
    """Ids from `first_id` on that are known to be other messages than this parcel's."""
    rows = await db.all(
        """SELECT message_id FROM message WHERE chat_id = ? AND message_id >= ?
              AND outbox_id IS NOT NULL AND outbox_id <> ?""",
        (chat_id, first_id, parcel_id),
    )
    return {row["message_id"] for row in rows}


async def newest_private(db: Reading) -> int:
    """The highest message id known in any private chat or basic group: those are numbered together."""
    found = await db.value("SELECT max(last_message_id) FROM chat WHERE id > -1000000000000")
    return int(found or 0)


async def failed(tx: Transaction, what: Behind, reason: str, *, for_ever: bool) -> None:
    """The message could not be made to show what it should; `reason` is Telegram's word. What failed `for_ever` is
    not tried again until there is another wish."""
    await tx.run(
        """UPDATE message SET tries = tries + 1, trouble = ?, shown_version = max(shown_version, ?)
            WHERE chat_id = ? AND message_id = ?""",
        (reason, what.wanted_version if for_ever else 0, what.chat_id, what.message_id),
    )


async def card_of(db: Reading, chat_id: int, message_id: int) -> int | None:
    """The post whose card this message is, None when it is no card."""
    found = await db.value(
        """SELECT o.post_id FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.chat_id = ? AND m.message_id = ? AND o.intent LIKE 'card:%'""",
        (chat_id, message_id),
    )
    return None if found is None else int(found)


async def standing(db: Reading, intent: str) -> tuple[int, int] | None:
    """(chat, message) of what was sent for this intent and stands, None when nothing does."""
    row = await db.one(
        """SELECT m.chat_id, m.message_id FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE o.intent = ? AND m.gone_at IS NULL AND m.place = 1""",
        (intent,),
    )
    return (row["chat_id"], row["message_id"]) if row else None


async def board(db: Reading) -> str | None:
    """The intent of the newest board that is wanted, None when nobody asked for one."""
    found = await db.value(
        """SELECT intent FROM outbox WHERE intent LIKE 'board:%' AND unwanted_at IS NULL
              AND state IN ('waiting', 'claimed', 'sent', 'doubt') ORDER BY id DESC LIMIT 1"""
    )
    return None if found is None else str(found)


async def is_ours(db: Reading, chat_id: int, message_id: int) -> bool:
    """Whether the bot itself sent this message, as far as it knows."""
    found = await db.value(
        "SELECT 1 FROM message WHERE chat_id = ? AND message_id = ? AND outbox_id IS NOT NULL", (chat_id, message_id)
    )
    return found is not None
