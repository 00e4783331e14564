"""Offers updates on the cards of published posts, as soon as their stories say something else."""

from __future__ import annotations

from datetime import datetime

from bot.desk import afterlife, paint, updating
from bot.desk.paint import Easel
from storage import following, posts, stories
from storage.database import Database, Transaction


async def follow(db: Database, easel: Easel, now: datetime) -> int:
    """How many posts were offered to be told anew."""
    if easel.newsroom.admin_chat is None:
        return 0
    offered = 0
    for post_id in await following.behind(db.screens, now - updating.FOLLOWED):
        async with db.transaction() as tx:
            offered += await _offer(tx, easel, post_id, now)
    return offered


async def _offer(tx: Transaction, easel: Easel, post_id: int, now: datetime) -> bool:
    """A word more, or a report that contradicts, is offered on the card where it is; other numbers bring it to the end
    of the chat, with a sound."""
    post = await posts.get(tx, post_id)
    assert post is not None and post.story_id is not None  # it was just found so
    state, known = await stories.standing(tx, post.story_id), await following.get(tx, post.id)
    assert state is not None  # its posts told one
    found = await updating.news(tx, post)
    if known is None or known.version < state.version:
        await following.put(tx, post.id, state.version, "offered" if found else "left")
    else:
        found = None  # that was offered before
    await following.saw(tx, post.id, post.story_id)
    offer = (await updating.since(tx, post)).offer
    if offer is None or (found is None and offer.against is None):
        return False
    if found is not None and dict(found[0].toll) != dict(found[1].toll):
        await afterlife.raise_anew(tx, easel, post, now)
    await paint.repaint_card(tx, easel, post, now)
    return True
