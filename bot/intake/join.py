"""Joins the posts that editors made of a page to the report of it, when a source tells it later."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intake import identity
from storage import posts, stories
from storage.database import Reading, Transaction
from storage.model import Item


async def post_of(db: Reading, url: str) -> int | None:
    """The newest post that was made of this page before any report of it was known, None when there is none."""
    loose = await posts.loose(db)
    return next((post_id for post_id, page in loose if identity.one_page(page, url)), None)


async def join(tx: Transaction, arrived: Sequence[Item]) -> None:
    """Posts made of the pages of these reports are about their stories, and what went out has told them."""
    loose = await posts.loose(tx) if arrived else []
    for post_id, page in loose:
        item = next((each for each in arrived if identity.one_page(page, each.url)), None)
        state = await stories.standing(tx, item.story_id) if item is not None and item.story_id is not None else None
        if item is not None and state is not None:
            await posts.join(tx, post_id, item.id, state)
