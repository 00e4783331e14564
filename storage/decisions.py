"""Decisions: every candidate list an edition was chosen from, and what editors did with its stories."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from storage.database import Reading, Transaction
from storage.instants import instant, seconds

Act = Literal["kept", "dropped", "raised"]
SAME_DAY: Final = timedelta(hours=24)  # a post made so near to a list is a word on the story in it
READ: Final = 30  # of a list; nobody compares with what stands further down
REST: Final = "learned"  # the feature that makes plain points add up to the importance that was given
_SEEN = """
WITH RECURSIVE merged AS (          -- the story that editors made a story a part of, and that one's in turn
  SELECT id AS part_id, merged_into AS story_id FROM story WHERE merged_into IS NOT NULL
   UNION
  SELECT merged.part_id, story.merged_into FROM merged JOIN story ON story.id = merged.story_id
   WHERE story.merged_into IS NOT NULL),
hand AS (                      -- the last word on each story by a post of its own
  SELECT story_id, at, CASE WHEN state = 'rejected' THEN 'dropped' ELSE 'raised' END AS act FROM (
    SELECT story_id, state, max(changed_at, coalesce((SELECT max(at) FROM vote WHERE post_id = post.id), 0)) AS at
      FROM post
     WHERE channel_id = :channel AND story_id IS NOT NULL
       AND (state IN ('queued', 'publishing', 'published', 'corrected', 'updated', 'rejected')
            OR id IN (SELECT post_id FROM vote)))
   WHERE at >= :since - :day),
heard AS (                          -- a word on the whole is one on each part, by whose number a list may hold it
  SELECT story_id, at, act FROM hand
   UNION ALL
  SELECT merged.part_id, hand.at, hand.act FROM hand JOIN merged USING (story_id)),
word AS (
  SELECT c.decision_id, c.place, heard.act, max(heard.at) AS at
    FROM heard
    JOIN decision_candidate AS c ON c.story_id = heard.story_id
    JOIN decision AS d ON d.id = c.decision_id
   WHERE d.channel_id = :channel AND d.at >= :since AND abs(d.at - heard.at) <= :day
   GROUP BY c.decision_id, c.place),
told AS (
  SELECT c.decision_id, c.place, c.features_json, c.chosen, d.at,
         coalesce(CASE WHEN l.touched AND NOT l.chosen THEN 'dropped'
                       WHEN l.touched AND l.own_text IS NULL THEN 'raised'
                       WHEN l.chosen AND coalesce(e.touched_at, e.approved_at) IS NOT NULL THEN 'kept' END,
                  word.act) AS act
    FROM decision AS d
    JOIN decision_candidate AS c ON c.decision_id = d.id
    LEFT JOIN edition AS e ON e.id = d.edition_id
    LEFT JOIN draft_line AS l ON l.edition_id = e.id AND l.story_id = c.story_id
    LEFT JOIN word ON word.decision_id = c.decision_id AND word.place = c.place
   WHERE d.channel_id = :channel AND d.at >= :since)
SELECT decision_id AS id, at, features_json, chosen, act FROM told
 WHERE decision_id IN (SELECT decision_id FROM told WHERE act IS NOT NULL) AND (act IS NOT NULL OR place <= :read)
 ORDER BY at, decision_id, place
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story in a candidate list, with what its importance was made of by the newsroom's own taste."""

    story_id: int
    story_version: int
    importance: float
    features: Mapping[str, float]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A story of a list that editors decided about, or that stood beside one: `features` as JSON. `act` is None when
    it was left alone."""

    decision_id: int
    at: datetime
    features: str
    chosen: bool
    act: Act | None


async def decide(
    tx: Transaction,
    *,
    channel_id: int,
    rubric: str,
    edition_id: int | None,
    size: int,
    candidates: Sequence[Candidate],
    now: datetime,
) -> int:
    """The id of a logged candidate list, best first: what learning will learn from."""
    decision_id = await tx.add(
        "INSERT INTO decision (channel_id, rubric, edition_id, size, at) VALUES (?, ?, ?, ?, ?)",
        (channel_id, rubric, edition_id, size, seconds(now)),
    )
    await tx.run_each(
        """INSERT INTO decision_candidate
             (decision_id, place, story_id, story_version, importance, features_json, chosen)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                decision_id,
                place,
                each.story_id,
                each.story_version,
                each.importance,
                json.dumps(_whole(each), sort_keys=True),
                int(each.chosen),
            )
            for place, each in enumerate(candidates, start=1)
        ],
    )
    return decision_id


def _whole(candidate: Candidate) -> dict[str, float]:
    """The features, adding up to the importance: what learning added to the newsroom's own points is one more."""
    rest = round(candidate.importance - sum(candidate.features.values()), 2)
    return {**candidate.features, REST: rest} if rest else dict(candidate.features)


async def seen(db: Reading, channel_id: int, since: datetime) -> list[Seen]:
    """The channel's lists made since then in which editors decided about a story, earliest first: the stories that they
    decided about and the first READ of each list, best first.

    Their word is read where it stands, so what was undone was never said: in the lines of the draft, or within a day
    of the list in a post about the story. One that was queued or has an editor's vote raises it, one that was put
    away drops it.
    """
    asked = {"channel": channel_id, "since": seconds(since), "day": int(SAME_DAY.total_seconds()), "read": READ}
    rows = await db.all(_SEEN, asked)
    return [Seen(row["id"], instant(row["at"]), row["features_json"], bool(row["chosen"]), row["act"]) for row in rows]


async def known_before(db: Reading, channel_id: int, at: datetime) -> bool:
    """Whether lists of the channel made before `at` are still remembered."""
    sql = "SELECT EXISTS (SELECT 1 FROM decision WHERE channel_id = ? AND at < ?)"
    return bool(await db.value(sql, (channel_id, seconds(at))))


async def forget_before(tx: Transaction, channel_id: int, at: datetime, most: int) -> None:
    """The oldest lists of the channel made before `at` are forgotten with their stories: at most so many, for a list
    has hundreds and everybody waits for one writer."""
    asked = (channel_id, seconds(at), most)
    await tx.run(
        """DELETE FROM decision_candidate WHERE decision_id IN (
             SELECT id FROM decision WHERE channel_id = ? AND at < ? ORDER BY at, id LIMIT ?)""",
        asked,
    )
    await tx.run(
        """DELETE FROM decision WHERE id IN (
             SELECT id FROM decision WHERE channel_id = ? AND at < ? ORDER BY at, id LIMIT ?)""",
        asked,
    )
