"""What a post names that an editor must answer for before it goes out, and until when the place of a strike waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk.flag_page import NOTHING, Question, asking
from bot.editions.program import House
from bot.judgement import flags
from bot.screen import parameters
from bot.wording import Wording
from storage import flags as answers
from storage import items, messages, posts, stories
from storage.database import Reading, Transaction
from storage.model import Post

MINUTE = timedelta(minutes=1)


async def question(db: Reading, house: House, post: Post) -> Question:
    """What is to be asked about the post as it reads now; nothing where it names nobody and no place."""
    found = flags.found(post.content.text, house.caution)
    if not found:
        return NOTHING
    held = {each.key: each for each in await answers.held(db, [flag.sentence for flag in found])}
    answered = [
        (flag, answer.answer, await posts.name_of(db, answer.editor))
        for flag in found
        if (answer := held.get(flag.key)) is not None
    ]
    not_before = None
    if house.strike_delay and any(flag.kind == "strike" for flag in found):
        not_before = to_the_minute(await _first_at(db, post) + house.strike_delay)
    return Question(tuple(flag for flag in found if flag.key not in held), tuple(answered), not_before)


async def stops(db: Reading, house: House, post: Post, at: datetime) -> Question | None:
    """What speaks against letting the post out at this instant; None when nothing does."""
    asked = await question(db, house, post)
    early = asked.not_before is not None and at < asked.not_before
    return asked if asked.open or early else None


async def ask(
    tx: Transaction, post: Post, found: Question, at: datetime | None, wording: Wording, now: datetime
) -> None:
    """The card asks, before it goes into the queue at that time, or (None) out."""
    await messages.want(tx, f"card:{post.id}", parameters(asking(post, found, at, wording, now)))


async def allow(tx: Transaction, post: Post, found: Question, editor: int, now: datetime) -> None:
    """An editor was shown what is open, and lets it out."""
    keys = [flag.key for flag in found.open]
    await answers.answer(tx, keys, "allowed", editor, now, post_id=post.id, story_id=post.story_id)


def to_the_minute(at: datetime) -> datetime:
    """The first whole minute that is not before."""
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + MINUTE


async def _first_at(db: Reading, post: Post) -> datetime:
    """When its strike was first told of."""
    members = await stories.items_of(db, post.story_id) if post.story_id is not None else []
    if not members and post.item_id is not None and (item := await items.get(db, post.item_id)) is not None:
        members = [item]
    return min((each.published_at for each in members), default=post.created_at)
