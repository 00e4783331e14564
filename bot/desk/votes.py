"""What people say with a reaction: an editor on a card votes for its story, readers answer a post of the channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aiogram.types import (
    MessageReactionCountUpdated,
    MessageReactionUpdated,
    ReactionCount,
    ReactionTypeEmoji,
    ReactionTypeUnion,
    Update,
)

from bot.desk import echoes, paint
from bot.desk.hear import Desk
from storage import posts, reactions, updates, votes

FOR = frozenset("🔥✍")  # screens: 🔥, and ✍ where people died; either of them is the same vote
KEPT = timedelta(days=90)


async def hear(event: MessageReactionUpdated, desk: Desk, event_update: Update, now: datetime) -> None:
    """An editor put a sign on a card or on the message it was made from, or took it away.

    Who reacts as the group itself (an anonymous admin) is nobody: votes are counted by people.
    """
    async with desk.db.transaction() as tx:
        post_id = await votes.post_of(tx, event.chat.id, event.message_id)
        if post_id is not None and event.user is not None:
            if _is_for(event.new_reaction):
                changed = await votes.put(tx, post_id, event.user.id, event.message_id, now)
            else:
                changed = await votes.take_back(tx, post_id, event.user.id, event.message_id)
            post = await posts.get(tx, post_id) if changed else None
            for card in await votes.cards_of(tx, post) if post is not None else ():
                shown = await posts.get(tx, card)
                assert shown is not None  # read in this transaction
                await paint.repaint_card(tx, desk.easel, shown, now)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()


async def count(event: MessageReactionCountUpdated, desk: Desk, event_update: Update, now: datetime) -> None:
    """Readers reacted in a channel: how many did, never who. What the bot did not send there is nobody's business."""
    total = sum(each.total_count for each in event.reactions)
    told = reactions.Told(_open(event.reactions), total, min(event.date, now))
    async with desk.db.transaction() as tx:
        await reactions.count(tx, event.chat.id, event.message_id, told, shown_since=now - echoes.FOLLOWED)
        await reactions.forget_before(tx, now - KEPT)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()


def _is_for(signs: Sequence[ReactionTypeUnion]) -> bool:
    return any(isinstance(each, ReactionTypeEmoji) and each.emoji.rstrip("\ufe0f") in FOR for each in signs)


def _open(counts: Sequence[ReactionCount]) -> dict[str, int]:
    """Those that have a sign of their own: custom ones are pictures, paid ones are stars."""
    return {each.type.emoji: each.total_count for each in counts if isinstance(each.type, ReactionTypeEmoji)}
