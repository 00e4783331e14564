"""Amendments: what editors' corrections made of the words of reports, read for whatever shows these reports later."""

from __future__ import annotations

import json
from collections.abc import Sequence

from storage.database import Reading
from storage.editorial import Amendment


async def of_reports(db: Reading, item_ids: Sequence[int]) -> list[Amendment]:
    """What posts about these reports, or about their stories, were corrected to in each report's language, oldest
    first; of a post that was withdrawn too, for its report may stand."""
    rows = await db.all(
        """WITH asked AS MATERIALIZED (
             SELECT id, story_id, title, language FROM item_now WHERE id IN (SELECT value FROM json_each(:items))),
           done AS MATERIALIZED (
             SELECT c.id, p.story_id, p.item_id, ch.language
               FROM correction AS c CROSS JOIN post AS p ON p.id = c.post_id JOIN channel AS ch ON ch.id = p.channel_id
              WHERE c.state = 'done' AND c.text IS NOT NULL),
           met AS (
             SELECT done.id, i.id AS item_id, i.title
               FROM done JOIN asked AS i ON i.story_id = done.story_id AND i.language = done.language
             UNION
             SELECT done.id, i.id, i.title
               FROM done JOIN asked AS i ON i.id = done.item_id AND i.language = done.language)
           SELECT met.item_id, c.kind, c.text AS became,
                  coalesce((SELECT text FROM correction WHERE post_id = c.post_id AND id < c.id AND state = 'done'
                              AND kind <> 'withdraw' ORDER BY id DESC LIMIT 1), before.text) AS was,
                  EXISTS (SELECT 1 FROM item_version
                           WHERE item_id = met.item_id AND title = met.title AND seen_at <= v.at) AS earlier
             FROM met JOIN correction AS c ON c.id = met.id
             JOIN post_version AS v ON v.post_id = c.post_id AND v.version = (
                  SELECT max(version) FROM post_version WHERE post_id = c.post_id
                     AND text = iif(c.line = '', '', c.line || char(10, 10)) || c.text)
             JOIN post_version AS before ON before.post_id = c.post_id AND before.version = v.version - 1
            ORDER BY c.id, met.item_id""",
        {"items": json.dumps(list(item_ids))},
    )
    return [Amendment(row["item_id"], row["kind"], row["was"], row["became"], bool(row["earlier"])) for row in rows]
