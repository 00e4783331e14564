"""Follows how readers answer the channel's posts: measures each at certain ages, and lets its card say so."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk import paint
from bot.desk.paint import Easel
from bot.judgement.echo import AGES, CURVE, CURVE_MOST, echo
from storage import posts, reactions
from storage.database import Database, Reading

FOLLOWED = AGES[-1]  # after two days hardly anybody reacts, and the card is far up in the chat
LATE = timedelta(minutes=10)
PAUSE = timedelta(minutes=10)  # between two edits of one card: twenty posts a day never reach 20 edits a minute
AT_ONCE = 3  # cards a look: edits share the group's 20 messages a minute with editors' taps


async def next_due_at(db: Reading) -> datetime | None:
    """When a card is to be repainted for its reactions, None when all are true. Ages may wait for any other ring."""
    return await reactions.next_untold_at(db, PAUSE)


async def follow(db: Database, easel: Easel, now: datetime) -> None:
    """Measures the posts that came to an age, then repaints the cards that do not show their reactions."""
    for each in await reactions.ripe(db.screens, AGES, now, LATE):
        async with db.transaction() as tx:
            others = await reactions.curve(tx, each.channel_id, each.age, now - CURVE, CURVE_MOST)
            await reactions.measured(tx, each, echo(each.total, others), now)
    for post_id in await reactions.untold(db.screens, now - PAUSE, AT_ONCE):
        async with db.transaction() as tx:
            post = await posts.get(tx, post_id)
            assert post is not None  # posts are never deleted
            await paint.repaint_card(tx, easel, post, now)
