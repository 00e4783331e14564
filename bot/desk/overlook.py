"""The editors' board as it should stand: the queue, another day, or the order of its posts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.desk import board, order_page
from bot.desk.board import Board
from bot.editions import programs
from bot.editions.program import House
from bot.editions.rubrics import timings
from bot.editions.slots import due, instant
from bot.screen import Page, message_url
from storage import boards, messages, posts
from storage.database import Reading
from storage.editorial import Look
from storage.model import Post

AHEAD = timedelta(hours=24)  # how far the board looks
LOOKED = timedelta(minutes=3)  # at anything but the queue: then the board is everybody's again


async def page(db: Reading, house: House, now: datetime) -> Page:
    """The board with what somebody looks at there, or the queue."""
    wording, look = house.wordings.default, await boards.look(db, now)
    if look is not None and look.view == "pick":
        return order_page.pick([each for each in await posts.queue(db) if moves(each, now)], wording, now)
    if look is not None and look.view == "order":
        post = await posts.get(db, look.post_id or 0)
        if post is not None and moves(post, now):
            return order_page.order(post, await queue(db, post, now), wording, now)
    return board.show(await seen(db, house, look, now), wording, now)


async def queue(db: Reading, post: Post, now: datetime) -> list[Post]:
    """The posts of the same channel that can change their places, in order."""
    return [each for each in await posts.queue(db) if each.channel_id == post.channel_id and moves(each, now)]


def moves(post: Post, now: datetime) -> bool:
    """Whether its place in the queue can change still."""
    return post.state == "queued" and post.due_at is not None and post.due_at > now


async def seen(db: Reading, house: House, look: Look | None, now: datetime) -> Board:
    """What the board tells of the hours to come, or of the day that is looked at."""
    every = await programs.every(db, house)
    zone, day = house.newsroom.zone, None if look is None else look.day
    from_at, until_at = (now, now + AHEAD) if day is None else _bounds(house, day)
    queued = await posts.queue(db)
    if day is not None:
        queued = [each for each in queued if each.due_at is not None and from_at <= each.due_at < until_at]
    after = max(from_at, now) if day is not None else now
    return Board(
        posts=queued,
        editions=[
            (each.channel.id, slot)
            for each in every
            for slot in due(timings(each.rubrics), zone, after, max(until_at, after))
        ],
        drafts=await posts.waiting(db),
        last_at=await posts.last_published_at(db),
        channels={each.channel.id: each.channel.title or each.channel.chat for each in every},
        cards={each.id: url for each in queued if (url := await _card(db, each))},
        paused=[each.channel.id for each in every if each.channel.paused_at is not None],
        pending=await posts.pending(db),
        day=day,
        sent=[] if day is None else await boards.sent(db, from_at, until_at),
    )


def _bounds(house: House, day: date) -> tuple[datetime, datetime]:
    zone = house.newsroom.zone
    return instant(day, time(0), zone), instant(day + timedelta(days=1), time(0), zone)


async def _card(db: Reading, post: Post) -> str:
    """Where the post's card is to be seen; only a supergroup's messages have addresses."""
    card = await messages.standing(db, f"card:{post.id}")
    return message_url(str(card[0]), card[1]) if card and str(card[0]).startswith("-100") else ""
