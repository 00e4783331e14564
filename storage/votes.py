"""Votes: an editor's 🔥 or ✍ on a card says that its story belongs into «Головне за день»."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from storage.database import Reading, Transaction
from storage.instants import seconds
from storage.model import Post

MOST_CARDS = 5  # of one story that show a vote: an older one is far up in the chat


async def put(tx: Transaction, post_id: int, editor: int, message_id: int, now: datetime) -> bool:
    """The editor wants the post's story; False when that was known."""
    put = "INSERT INTO vote (post_id, editor, message_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    return await tx.run(put, (post_id, editor, message_id, seconds(now))) > 0


async def take_back(tx: Transaction, post_id: int, editor: int, message_id: int) -> bool:
    """The editor took the sign away from this message; False when there was none."""
    gone = "DELETE FROM vote WHERE post_id = ? AND editor = ? AND message_id = ?"
    return await tx.run(gone, (post_id, editor, message_id)) > 0


async def of_stories(db: Reading, story_ids: Sequence[int], until_at: datetime) -> dict[int, int]:
    """How many editors wanted each of the stories before `until_at`, each once, whichever card they chose."""
    rows = await db.all(
        """SELECT post.story_id, count(DISTINCT vote.editor) AS editors FROM vote JOIN post ON post.id = vote.post_id
            WHERE post.story_id IN (SELECT value FROM json_each(?)) AND vote.at < ? GROUP BY post.story_id""",
        (json.dumps(list(story_ids)), seconds(until_at)),
    )
    return {row["story_id"]: row["editors"] for row in rows}


async def of_post(db: Reading, post: Post) -> int:
    """How many editors want the post's story; of a post about no known story, the post."""
    return int(
        await db.value(
            """SELECT count(DISTINCT editor) FROM vote
                WHERE post_id = ? OR post_id IN (SELECT id FROM post WHERE story_id = ?)""",
            (post.id, post.story_id),
        )
    )


async def post_of(db: Reading, chat_id: int, message_id: int) -> int | None:
    """The post whose card this message is, or was made from; None when it is neither."""
    found = await db.value(
        """SELECT o.post_id FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id
            WHERE m.chat_id = :chat AND m.message_id = :message AND o.intent LIKE 'card:%'
           UNION ALL
           SELECT post_id FROM outbox
            WHERE json_extract(payload_json, '$.reply_parameters.message_id') = :message AND post_id IS NOT NULL
              AND chat = CAST(:chat AS TEXT) AND intent LIKE 'card:%'
            LIMIT 1""",
        {"chat": chat_id, "message": message_id},
    )
    return None if found is None else int(found)


async def cards_of(db: Reading, post: Post) -> list[int]:
    """The posts whose cards show the votes that this one's does, itself first, at most MOST_CARDS."""
    rows = await db.all(
        """SELECT id FROM post WHERE id = :post
               OR (story_id = :story AND state NOT IN ('rejected', 'failed', 'withdrawn'))
            ORDER BY id <> :post, id DESC LIMIT :most""",
        {"post": post.id, "story": post.story_id, "most": MOST_CARDS},
    )
    return [row["id"] for row in rows]
