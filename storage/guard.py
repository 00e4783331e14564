"""What a channel was told already, by whomever: the material of the guard against telling a thing twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.database import Reading, Transaction
from storage.editorial import Before, HandEdit
from storage.instants import instant, instant_or_none, seconds
from storage.model import Toll


async def before(db: Reading, channel_id: int, since: datetime, *, but: int) -> list[Before]:
    """What was told in the channel since then in posts, or waits to be, latest first; all but that post."""
    rows = await db.all(
        """SELECT 'post' AS how, coalesce(o.done_at, o.created_at) AS at, v.text, m.message_id, p.id AS post_id,
                  p.story_id
             FROM post AS p
             JOIN post_version AS v ON v.post_id = p.id AND v.version = p.version
             JOIN outbox AS o ON o.post_id = p.id AND o.intent LIKE 'post:%'
                             AND o.state IN ('waiting', 'claimed', 'sent', 'doubt')
             LEFT JOIN message AS m ON m.outbox_id = o.id AND m.place = 1 AND m.gone_at IS NULL
            WHERE p.channel_id = :channel AND p.id <> :but AND coalesce(o.done_at, o.created_at) >= :since
              AND p.state IN ('publishing', 'published', 'corrected', 'updated')
           UNION ALL
           SELECT 'queue', p.due_at, v.text, NULL, p.id, p.story_id
             FROM post AS p JOIN post_version AS v ON v.post_id = p.id AND v.version = p.version
            WHERE p.channel_id = :channel AND p.id <> :but AND p.state IN ('queued', 'publishing')
              AND p.due_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM outbox AS o WHERE o.post_id = p.id AND o.intent LIKE 'post:%' AND o.state <> 'dropped')
           UNION ALL
           SELECT 'hand', h.at, v.title || char(10) || v.lead, h.message_id, NULL, i.story_id
             FROM by_hand AS h JOIN item AS i ON i.id = h.item_id
             JOIN item_version AS v ON v.item_id = i.id AND v.version = i.version
            WHERE h.channel_id = :channel AND h.at >= :since AND i.withdrawn_at IS NULL
            ORDER BY at DESC, post_id DESC, message_id DESC""",
        {"channel": channel_id, "since": seconds(since), "but": but},
    )
    return [
        Before(row["how"], instant(row["at"]), row["text"], row["message_id"], row["post_id"], row["story_id"])
        for row in rows
    ]


async def line(db: Reading, channel_id: int, story_id: int) -> Before | None:
    """The last line of an edition that told the story in the channel, None when none did."""
    row = await db.one(
        """SELECT l.headline, e.slot_at, m.message_id
             FROM edition_line AS l JOIN edition AS e ON e.id = l.edition_id
             LEFT JOIN outbox AS o ON o.edition_id = e.id AND o.part = l.part AND o.state = 'sent'
             LEFT JOIN message AS m ON m.outbox_id = o.id AND m.place = 1 AND m.gone_at IS NULL
            WHERE e.channel_id = ? AND l.story_id = ? AND e.state IN ('approved', 'out')
            ORDER BY e.slot_at DESC, e.id DESC, m.message_id DESC""",
        (channel_id, story_id),
    )
    if row is None:
        return None
    return Before("edition", instant(row["slot_at"]), row["headline"], row["message_id"], None, story_id)


async def let(tx: Transaction, post_id: int, now: datetime) -> None:
    """An editor lets the post out, knowing what was told until now."""
    await tx.run("INSERT OR REPLACE INTO guarded (post_id, at) VALUES (?, ?)", (post_id, seconds(now)))


async def let_at(db: Reading, post_id: int) -> datetime | None:
    """When an editor last let the post out, None when nobody was asked yet."""
    return instant_or_none(await db.value("SELECT at FROM guarded WHERE post_id = ?", (post_id,)))


async def heard(
    tx: Transaction, chat_id: int, message_id: int, channel_id: int, item_id: int, toll: Toll, at: datetime
) -> None:
    """A person posted this in the channel, or changed what they had posted."""
    await tx.run(
        """INSERT INTO by_hand (chat_id, message_id, channel_id, item_id, toll_json, at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (chat_id, message_id)
             DO UPDATE SET item_id = excluded.item_id, toll_json = excluded.toll_json""",
        (chat_id, message_id, channel_id, item_id, json.dumps(dict(toll), sort_keys=True), seconds(at)),
    )


async def by_hand_between(db: Reading, channel_id: int, from_at: datetime, until_at: datetime) -> list[int]:
    """The stories that people told in the channel themselves in [from_at, until_at), in order."""
    rows = await db.all(
        """SELECT DISTINCT i.story_id FROM by_hand AS h JOIN item AS i ON i.id = h.item_id
            WHERE h.channel_id = ? AND h.at >= ? AND h.at < ? AND i.kind = 'news' AND i.withdrawn_at IS NULL
              AND i.story_id IS NOT NULL ORDER BY i.story_id""",
        (channel_id, seconds(from_at), seconds(until_at)),
    )
    return [row["story_id"] for row in rows]


async def put_below(tx: Transaction, post_id: int, message_id: int) -> None:
    """The post goes out in reply to that message of its channel."""
    await tx.run("INSERT OR REPLACE INTO post_below (post_id, message_id) VALUES (?, ?)", (post_id, message_id))


async def below(db: Reading, post_id: int) -> int | None:
    """The message that the post replies to, None when it stands alone."""
    found = await db.value("SELECT message_id FROM post_below WHERE post_id = ?", (post_id,))
    return None if found is None else int(found)


async def was_edited(
    tx: Transaction,
    post_id: int,
    chat_id: int,
    message_id: int,
    text: str,
    entities: Sequence[Mapping[str, Any]],
    at: datetime,
) -> None:
    """A person changed the post's message in its place; what the bot wants of it waits until an editor decides."""
    said = json.dumps([dict(each) for each in entities], ensure_ascii=False)
    await tx.run(
        """INSERT OR REPLACE INTO hand_edit (chat_id, message_id, post_id, text, entities_json, at)
           VALUES (?, ?, ?, ?, ?, ?)""",
        (chat_id, message_id, post_id, text, said, seconds(at)),
    )


async def forget_edit(tx: Transaction, chat_id: int, message_id: int) -> bool:
    """The message shows what the bot wants; False when nobody had changed it, or it is none of a post."""
    await tx.run(
        "UPDATE correction SET state = 'dropped', text = NULL, entities_json = '[]' WHERE home = ? AND state = 'shown'",
        (f"hand:{chat_id}:{message_id}",),
    )
    return bool(await tx.run("DELETE FROM hand_edit WHERE chat_id = ? AND message_id = ?", (chat_id, message_id)))


async def forget_edits(tx: Transaction, outbox_id: int) -> None:
    """What people wrote in the messages of this send does not stay: something is to be seen there no more."""
    for row in await tx.all("SELECT chat_id, message_id FROM message WHERE outbox_id = ?", (outbox_id,)):
        await forget_edit(tx, row["chat_id"], row["message_id"])


async def edited(db: Reading, post_id: int) -> HandEdit | None:
    """What the post says in the channel since a person changed it there; None when it says what the bot wants."""
    row = await db.one("SELECT * FROM hand_edit WHERE post_id = ? ORDER BY at DESC, message_id DESC", (post_id,))
    if row is None:
        return None
    entities = tuple(json.loads(row["entities_json"]))
    return HandEdit(row["chat_id"], row["message_id"], row["text"], entities, instant(row["at"]))


async def settle_edit(tx: Transaction, chat_id: int, message_id: int, *, ours: bool) -> None:
    """An editor decided: the message stays as the person left it, or (`ours`) shows what the bot wants of it again."""
    await tx.run("DELETE FROM hand_edit WHERE chat_id = ? AND message_id = ?", (chat_id, message_id))
    if ours:
        await tx.run(
            """UPDATE outbox SET wanted_version = wanted_version + 1, wanted_json = coalesce(wanted_json, payload_json)
                WHERE id = (SELECT outbox_id FROM message WHERE chat_id = ? AND message_id = ?)""",
            (chat_id, message_id),
        )
        return
    await tx.run(
        """UPDATE message SET shown_version = (SELECT wanted_version FROM outbox WHERE id = outbox_id)
            WHERE chat_id = ? AND message_id = ? AND outbox_id IS NOT NULL""",
        (chat_id, message_id),
    )
