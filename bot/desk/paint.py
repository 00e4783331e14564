"""Puts cards and the board into the admin chat and keeps them true: the wish is written with the change it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import board, cards, free
from bot.desk.board import Board
from bot.desk.cards import Card
from bot.desk.relist import relist
from bot.editions.rubrics import Rubric, timings
from bot.editions.slots import due
from bot.judgement.ranking import weigh
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.screen import Page, message_url, parameters
from bot.wording import Wording
from storage import items, messages, outbox, posts, stories
from storage.database import Reading, Transaction
from storage.model import Channel, Parcel, Post, Story

AHEAD = timedelta(hours=24)  # how far the board looks
PRIORITY = 2


@dataclass(frozen=True, slots=True)
class Easel:
    """What painting needs to know of the newsroom."""

    newsroom: Newsroom
    channel: Channel
    wording: Wording
    taste: Taste
    rubrics: tuple[Rubric, ...]


async def offer(tx: Transaction, easel: Easel, post: Post, now: datetime, *, reply_to: int | None = None) -> None:
    """A new post gets its card, below the message it was made from when that still stands."""
    assert easel.newsroom.admin_chat is not None  # only the desk makes posts
    page = cards.show(await card(tx, easel, post, now), easel.wording, now)
    reply = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None
    said = parameters(page) | {"disable_notification": True} | ({"reply_parameters": reply} if reply else {})
    parcel = Parcel(
        f"card:{post.id}", str(easel.newsroom.admin_chat), "sendMessage", said, PRIORITY, now, post_id=post.id
    )
    await outbox.put(tx, parcel, now)


async def repaint(tx: Transaction, easel: Easel, post: Post, now: datetime) -> None:
    """The card shows the post as it stands, and so do the board and the list of what is overdue."""
    page = cards.show(await card(tx, easel, post, now), easel.wording, now)
    await messages.want(tx, f"card:{post.id}", parameters(page))
    await repaint_board(tx, easel, now)
    await relist(tx, easel.channel, easel.wording, now)


async def show_times(tx: Transaction, easel: Easel, post: Post, now: datetime) -> None:
    """The card shows the choice of times."""
    page = cards.times(await card(tx, easel, post, now), easel.wording, now)
    await messages.want(tx, f"card:{post.id}", parameters(page))


async def new_board(tx: Transaction, easel: Easel, key: str, now: datetime) -> None:
    """A board at the end of the chat; the one before goes, so that there is one. `key` names what asked for it."""
    assert easel.newsroom.admin_chat is not None
    before = await messages.board(tx)
    page = await _board(tx, easel, now)
    parcel = Parcel(
        f"board:{key}",
        str(easel.newsroom.admin_chat),
        "sendMessage",
        parameters(page) | {"disable_notification": True},
        PRIORITY,
        now,
    )
    if await outbox.put(tx, parcel, now) and before is not None:
        await messages.unwant(tx, before, now)


async def repaint_board(tx: Transaction, easel: Easel, now: datetime) -> None:
    """The board, if there is one, shows the queue as it stands."""
    if (intent := await messages.board(tx)) is not None:
        await messages.want(tx, intent, parameters(await _board(tx, easel, now)))


async def card(db: Reading, easel: Easel, post: Post, now: datetime) -> Card:
    """All that the card of this post tells."""
    zone = easel.newsroom.zone
    taken = await taken_at(db, easel, now, but=post.id)
    item = await items.get(db, post.item_id) if post.item_id is not None else None
    members = await stories.items_of(db, post.story_id) if post.story_id is not None else []
    state = await stories.standing(db, post.story_id) if post.story_id is not None else None
    ranked = None
    if state is not None and members:
        story = Story(state.story_id, state, tuple(members))
        ranked = weigh(story, now=now, rubric="digest", taste=easel.taste)
    families = {member.family: member for member in reversed(members)}  # the first of each voice
    voices = sorted(families.values(), key=lambda member: (member.published_at, member.id))
    parcel = await outbox.find(db, f"post:{post.id}:{post.version}")
    sent = await messages.standing(db, f"post:{post.id}:{post.version}")
    return Card(
        post=post,
        author=await posts.name_of(db, post.created_by),
        last=await posts.name_of(db, post.changed_by),
        slots=free.slots(now, zone, taken, count=cards.SLOTS),
        tomorrow=free.tomorrow(now, zone),
        item=item,
        ranked=ranked,
        voices=voices,
        post_url=message_url(easel.channel.chat, sent[1]) if sent else "",
        doubted=parcel is not None and parcel.state == "doubt",
        refusal=parcel.reason or "" if parcel is not None else "",
    )


async def taken_at(db: Reading, easel: Easel, now: datetime, *, but: int | None = None) -> list[datetime]:
    """The instants at which something goes out already."""
    queued = await posts.queue(db, easel.channel.id)
    slots = due(timings(easel.rubrics), easel.newsroom.zone, now, now + 2 * AHEAD)
    return [post.due_at for post in queued if post.due_at is not None and post.id != but] + [slot.at for slot in slots]


async def _board(db: Reading, easel: Easel, now: datetime) -> Page:
    found = Board(
        posts=await posts.queue(db, easel.channel.id),
        editions=due(timings(easel.rubrics), easel.newsroom.zone, now, now + AHEAD),
        drafts=await posts.waiting(db, easel.channel.id),
        last_at=await posts.last_published_at(db, easel.channel.id),
    )
    return board.show(found, easel.wording, now)
