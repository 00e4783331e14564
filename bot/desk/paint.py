"""Puts cards and the board into the admin chat and keeps them true: the wish is written with the change it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.desk import approve, cards, flagged, free, lease, overlook, reach, updating
from bot.desk.cards import Card
from bot.desk.places import places
from bot.desk.relist import relist
from bot.editions import programs
from bot.editions.program import House
from bot.editions.rubrics import timings
from bot.editions.slots import due
from bot.judgement.echo import grave
from bot.judgement.leanings import applied
from bot.judgement.ranking import weigh
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.screen import message_url, parameters
from bot.wording import Wording
from storage import (
    channels,
    corrections,
    items,
    lessons,
    links,
    messages,
    outbox,
    pins,
    posts,
    reactions,
    stories,
    votes,
)
from storage.database import Reading, Transaction
from storage.model import DESK, Channel, Parcel, Post, Story

AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Easel:
    """What painting needs to know: the house, and the channel that a new post is meant for."""

    house: House
    channel: Channel

    @property
    def newsroom(self) -> Newsroom:
        """Whose bot this is."""
        return self.house.newsroom

    @property
    def wording(self) -> Wording:
        """What the editors are told in."""
        return self.house.wordings.default

    @property
    def taste(self) -> Taste:
        """What makes a story matter here."""
        return self.house.taste


async def offer(
    tx: Transaction, easel: Easel, post: Post, now: datetime, *, reply_to: int | None = None, silent: bool = True
) -> None:
    """A new post gets its card, below the message it was made from when that still stands."""
    assert easel.newsroom.admin_chat is not None  # only the desk makes posts
    page = cards.show(await card(tx, easel, post, now), easel.wording, now)
    reply = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None
    said = parameters(page) | {"disable_notification": silent} | ({"reply_parameters": reply} if reply else {})
    parcel = Parcel(f"card:{post.id}", str(easel.newsroom.admin_chat), "sendMessage", said, DESK, now, post_id=post.id)
    await outbox.put(tx, parcel, now)


async def repaint(tx: Transaction, easel: Easel, post: Post, now: datetime) -> None:
    """The card shows the post as it stands, and so do the board and the list of what is overdue."""
    await repaint_card(tx, easel, post, now)
    await repaint_board(tx, easel, now)
    await relist(tx, easel.channel, easel.wording, now)


async def repaint_card(tx: Transaction, easel: Easel, post: Post, now: datetime) -> None:
    """The card alone shows the post as it stands: what editors and readers think of it moves nothing in the queue."""
    page = await reach.page(tx, easel.house, post, now) or await lease.page(tx, post, easel.wording, now)
    page = page or await approve.page(tx, post, easel.wording, now)
    page = page or cards.show(await card(tx, easel, post, now), easel.wording, now)
    await messages.want(tx, f"card:{post.id}", parameters(page))
    await reactions.told(tx, post.id, now)


async def show_times(tx: Transaction, easel: Easel, post: Post, now: datetime) -> None:
    """The card shows the choice of times."""
    page = cards.times(await card(tx, easel, post, now), easel.wording, now)
    await messages.want(tx, f"card:{post.id}", parameters(page))


async def new_board(tx: Transaction, easel: Easel, key: str, now: datetime) -> None:
    """A board at the end of the chat; the one before goes, so that there is one. `key` names what asked for it."""
    assert easel.newsroom.admin_chat is not None
    before = await messages.board(tx)
    page = await overlook.page(tx, easel.house, now)
    parcel = Parcel(
        f"board:{key}",
        str(easel.newsroom.admin_chat),
        "sendMessage",
        parameters(page) | {"disable_notification": True},
        DESK,
        now,
    )
    if await outbox.put(tx, parcel, now):
        await pins.want(tx, parcel.intent, parcel.chat, "board", now)
        if before is not None:
            await messages.unwant(tx, before, now)


async def repaint_board(tx: Transaction, easel: Easel, now: datetime) -> None:
    """The board, if there is one, shows the queue as it stands."""
    if (intent := await messages.board(tx)) is not None:
        await messages.want(tx, intent, parameters(await overlook.page(tx, easel.house, now)))


async def card(db: Reading, easel: Easel, post: Post, now: datetime) -> Card:
    """All that the card of this post tells."""
    zone = easel.newsroom.zone
    taken = await taken_at(db, easel, post.channel_id, now, but=post.id)
    item = await items.get(db, post.item_id) if post.item_id is not None else None
    members = await stories.items_of(db, post.story_id) if post.story_id is not None else []
    state = await stories.standing(db, post.story_id) if post.story_id is not None else None
    editors = await votes.of_post(db, post)
    channel = await channels.get(db, post.channel_id)
    assert channel is not None  # channels are never deleted
    ranked = None
    if state is not None and members:
        echo = (await reactions.echoes(db, [state.story_id], now)).get(state.story_id)
        story = Story(state.story_id, state, tuple(members), editors, echo)
        taste = applied(easel.taste, await lessons.leanings(db, post.channel_id))
        ranked = weigh(story, now=now, rubric="digest", taste=taste)
    families = {member.family: member for member in reversed(members)}  # the first of each voice
    voices = sorted(families.values(), key=lambda member: (member.published_at, member.id))
    intent = await corrections.intent_of(db, post)
    parcel = await outbox.find(db, intent)
    sent = await messages.standing(db, intent)
    heard = await reactions.reception(db, intent)
    question = await flagged.question(db, easel.house, post)
    opens_at = max(post.embargo_at or now, question.not_before or now)
    return Card(
        post=replace(post, content=await reach.said(db, post)),
        author=await posts.name_of(db, post.created_by),
        last=await posts.name_of(db, post.changed_by),
        slots=free.slots(max(now, opens_at), zone, taken, count=cards.SLOTS),
        tomorrow=[at for at in free.tomorrow(now, zone) if at >= opens_at],
        item=item,
        ranked=ranked,
        voices=voices,
        reports=len(members),
        asked=post.story_id is not None and bool(await links.questions(db, post.story_id)),
        votes=editors,
        grave=grave(state.toll if state else {}, [post.content.text, *(member.title for member in members)]),
        published_at=heard.sent_at if heard else None,
        counts=heard.counts if heard else (),
        post_url=message_url(channel.chat, sent[1]) if sent else "",
        discussed=channel.discussion is not None,
        places=await places(db, post, item),
        doubted=parcel is not None and parcel.state == "doubt",
        refusal=parcel.reason or "" if parcel is not None else "",
        afterlife=await reach.afterlife(db, post),
        following=free.following(now, await queued_at(db, post), taken),
        question=question,
        since=await updating.since(db, post),
    )


async def queued_at(db: Reading, post: Post) -> list[datetime]:
    """When the other posts of its channel's queue go out."""
    others = [each for each in await posts.queue(db) if each.channel_id == post.channel_id and each.id != post.id]
    return [each.due_at for each in others if each.due_at is not None]


async def taken_at(
    db: Reading, easel: Easel, channel_id: int, now: datetime, *, but: int | None = None
) -> list[datetime]:
    """The instants at which something goes out in this channel already."""
    queued = [post for post in await posts.queue(db) if post.channel_id == channel_id and post.id != but]
    program = await programs.numbered(db, easel.house, channel_id)
    slots = due(timings(program.rubrics), easel.newsroom.zone, now, now + 2 * AHEAD)
    return [post.due_at for post in queued if post.due_at is not None] + [slot.at for slot in slots]
