"""Reactions: what readers of a channel left under its posts, as it stands and as it was at each age of a post."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Reading, Transaction
from storage.instants import instant, instant_or_none, seconds


@dataclass(frozen=True, slots=True)
class Told:
    """What Telegram said of a message: signs that anybody may choose with their numbers, how many there are with
    custom and paid ones, and since when."""

    counts: Mapping[str, int]
    total: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Reception:
    """How a post that stands in the channel was received: signs with their numbers, the most frequent first."""

    sent_at: datetime
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Aged:
    """A post of the channel that has just come to this age, with as many reactions."""

    chat_id: int
    message_id: int
    age: timedelta
    total: int
    channel_id: int


async def count(tx: Transaction, chat_id: int, message_id: int, what: Told, *, shown_since: datetime) -> None:
    """This stands under a post or an edition of ours, unless something later is known; of other messages nothing is
    kept. The card of a post that was sent after `shown_since` is to show it."""
    await tx.run(
        """INSERT INTO reaction (chat_id, message_id, counts_json, total, changed_at, untold)
           SELECT m.chat_id, m.message_id, :counts, :total, :at, o.post_id IS NOT NULL AND m.sent_at > :since
             FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.chat_id = :chat AND m.message_id = :message
              AND (o.intent LIKE 'post:%' OR o.edition_id IS NOT NULL)
           ON CONFLICT (chat_id, message_id) DO UPDATE SET counts_json = excluded.counts_json,
             total = excluded.total, changed_at = excluded.changed_at, untold = excluded.untold
            WHERE excluded.changed_at >= reaction.changed_at""",
        {
            "chat": chat_id,
            "message": message_id,
            "counts": json.dumps(dict(what.counts), ensure_ascii=False),
            "total": what.total,
            "at": seconds(what.at),
            "since": seconds(shown_since),
        },
    )


async def reception(db: Reading, intent: str) -> Reception | None:
    """How what was sent for this intent was received; None when nothing of it stands."""
    row = await db.one(
        """SELECT m.sent_at, r.counts_json FROM outbox AS o JOIN message AS m ON m.outbox_id = o.id
             LEFT JOIN reaction AS r ON r.chat_id = m.chat_id AND r.message_id = m.message_id
            WHERE o.intent = ? AND m.gone_at IS NULL AND m.place = 1""",
        (intent,),
    )
    if row is None:
        return None
    counts = json.loads(row["counts_json"] or "{}")
    return Reception(instant(row["sent_at"]), tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0]))))


async def next_untold_at(db: Reading, pause: timedelta) -> datetime | None:
    """When a card is to be painted next: at once for the first time, then with a pause between; None when all are
    true."""
    return instant_or_none(
        await db.value(
            "SELECT min(coalesce(told_at + ?, changed_at)) FROM reaction WHERE untold = 1",
            (pause.total_seconds() // 1,),
        )
    )


async def untold(db: Reading, before: datetime, most: int) -> list[int]:
    """Posts whose cards do not show their reactions and were not painted for them since `before`, the ones that
    waited longest first, at most so many."""
    rows = await db.all(
        """SELECT DISTINCT o.post_id FROM reaction AS r
             JOIN message AS m ON m.chat_id = r.chat_id AND m.message_id = r.message_id
             JOIN outbox AS o ON o.id = m.outbox_id
            WHERE r.untold = 1 AND coalesce(r.told_at, 0) <= ?
            ORDER BY coalesce(r.told_at, 0), o.post_id LIMIT ?""",
        (seconds(before), most),
    )
    return [row["post_id"] for row in rows]


async def told(tx: Transaction, post_id: int, now: datetime) -> None:
    """The post's card shows what is known of its reactions."""
    await tx.run(
        """UPDATE reaction SET untold = 0, told_at = ? WHERE (chat_id, message_id) IN (
             SELECT m.chat_id, m.message_id FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
              WHERE o.post_id = ? AND o.intent LIKE 'post:%')""",
        (seconds(now), post_id),
    )


async def ripe(db: Reading, ages: Sequence[timedelta], now: datetime, late: timedelta) -> list[Aged]:
    """Posts that have come to one of the ages and were not measured at it, the youngest age first.

    One that came to it more than `late` ago, or an eighth of the age where that is more, is passed over: its count
    would be of another age.
    """
    minutes = [age // timedelta(minutes=1) for age in ages]
    rows = await db.all(
        """SELECT m.chat_id, m.message_id, age.value AS age_minutes, coalesce(r.total, 0) AS total, post.channel_id
             FROM outbox AS o JOIN post ON post.id = o.post_id
             JOIN message AS m ON m.outbox_id = o.id AND m.place = 1
             JOIN json_each(:ages) AS age
             LEFT JOIN reaction AS r ON r.chat_id = m.chat_id AND r.message_id = m.message_id
            WHERE o.post_id IS NOT NULL AND o.done_at > :now - 60 * :oldest AND o.intent LIKE 'post:%'
              AND m.gone_at IS NULL
              AND :now - m.sent_at BETWEEN 60 * age.value AND 60 * age.value + max(:late, 60 * age.value / 8)
              AND NOT EXISTS (SELECT 1 FROM reaction_age AS known WHERE known.chat_id = m.chat_id
                                 AND known.message_id = m.message_id AND known.age_minutes = age.value)
            ORDER BY age.value, m.message_id""",
        {
            "ages": json.dumps(minutes),
            "oldest": 2 * max(minutes),
            "now": seconds(now),
            "late": late // timedelta(seconds=1),
        },
    )
    return [
        Aged(row["chat_id"], row["message_id"], timedelta(minutes=row["age_minutes"]), row["total"], row["channel_id"])
        for row in rows
    ]


async def curve(db: Reading, channel_id: int, age: timedelta, since: datetime, most: int) -> list[int]:
    """How many reactions the channel's posts had at this age, measured at `since` or later, the newest first."""
    rows = await db.all(
        """SELECT a.total FROM reaction_age AS a
             JOIN message AS m ON m.chat_id = a.chat_id AND m.message_id = a.message_id
             JOIN outbox AS o ON o.id = m.outbox_id JOIN post ON post.id = o.post_id
            WHERE a.age_minutes = ? AND a.at >= ? AND post.channel_id = ?
            ORDER BY a.at DESC, a.message_id DESC LIMIT ?""",
        (age // timedelta(minutes=1), seconds(since), channel_id, most),
    )
    return [row["total"] for row in rows]


async def measured(tx: Transaction, what: Aged, echo: float | None, now: datetime) -> None:
    """So the post stood at this age. `echo`: as a multiple of the channel's curve, None when there is none."""
    await tx.run(
        """INSERT INTO reaction_age (chat_id, message_id, age_minutes, total, echo, at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING""",
        (what.chat_id, what.message_id, what.age // timedelta(minutes=1), what.total, echo, seconds(now)),
    )


async def echoes(db: Reading, story_ids: Sequence[int], until_at: datetime) -> dict[int, float]:
    """How readers answered each story's newest post, as last measured before `until_at`; stories without are left
    out. A digest's reactions belong to no one story."""
    rows = await db.all(
        """SELECT post.story_id, a.echo FROM post JOIN outbox AS o ON o.story_id = post.story_id AND o.post_id = post.id
             JOIN message AS m ON m.outbox_id = o.id
             JOIN reaction_age AS a ON a.chat_id = m.chat_id AND a.message_id = m.message_id
            WHERE post.story_id IN (SELECT value FROM json_each(?)) AND o.post_id IS NOT NULL
              AND a.echo IS NOT NULL AND a.at < ?
            ORDER BY post.story_id, m.sent_at, m.message_id, a.age_minutes""",
        (json.dumps(list(story_ids)), seconds(until_at)),
    )
    return {row["story_id"]: row["echo"] for row in rows}  # the last of a story wins


async def forget_before(tx: Transaction, at: datetime) -> None:
    """Drops what was last heard or measured before `at`."""
    await tx.run("DELETE FROM reaction WHERE changed_at < ?", (seconds(at),))
    await tx.run("DELETE FROM reaction_age WHERE at < ?", (seconds(at),))
