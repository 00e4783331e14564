"""What people do in the newsroom's own channels with their own hands: it counts as told, and is not written over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.delivery.likeness import expected
from bot.delivery.marks import seen
from bot.desk import overwritten, paint
from bot.desk.content import headline
from bot.desk.paint import Easel
from bot.intake.passes import Arrival
from bot.judgement.toll import toll_of
from storage import corrections, guard, journal, outbox, posts, traces
from storage.database import Transaction
from storage.editorial import HandEdit
from storage.model import Channel, Post


async def posted(
    tx: Transaction, channel: Channel, chat_id: int, message_id: int, arrivals: Sequence[Arrival], at: datetime
) -> None:
    """What a person posted, or changed in what they had posted, counts as told by the channel when it is news."""
    for arrival in arrivals:
        item = arrival.item
        if item.kind == "news" and not item.withdrawn:
            toll = toll_of(item.title, item.lead)
            await guard.heard(tx, chat_id, message_id, channel.id, item.id, toll, at)


async def edited(
    tx: Transaction,
    easel: Easel,
    chat_id: int,
    message_id: int,
    text: str,
    entities: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """A message of the bot says this now. When it is not what the bot wants of it a person changed it: the post's card
    says so, or a note of its own when it is an edition's, and what the bot wants waits for an editor's word."""
    intent = await corrections.home_of(tx, chat_id, message_id)
    parcel = await outbox.find(tx, intent) if intent is not None else None
    if parcel is not None and parcel.edition_id is not None:
        await overwritten.notice(tx, easel, parcel, chat_id, message_id, text, entities, now)
    post = await posts.get(tx, parcel.post_id) if parcel is not None and parcel.post_id is not None else None
    if parcel is None or post is None:
        return
    wanted = expected(parcel.method, await traces.said(tx, parcel.id)).words
    if wanted != seen(text, entities):
        await guard.was_edited(tx, post.id, chat_id, message_id, text, entities, now)
        await journal.write(tx, "by_hand", f"post:{post.id}", now, was=headline(post.content))
    elif not await guard.forget_edit(tx, chat_id, message_id):
        return  # Telegram tells of the bot's own edit
    await paint.repaint_card(tx, easel, post, now)


async def keep(tx: Transaction, post: Post, edit: HandEdit, editor: int, now: datetime) -> None:
    """The post says what the person wrote; what the bot wanted of it is forgotten."""
    words = replace(post.content, text=edit.text, entities=edit.entities)
    await posts.put_version(tx, post.id, words, editor, now)
    await guard.settle_edit(tx, edit.chat_id, edit.message_id, ours=False)


async def undo(tx: Transaction, edit: HandEdit) -> None:
    """The message shows the bot's own words again."""
    await guard.settle_edit(tx, edit.chat_id, edit.message_id, ours=True)
