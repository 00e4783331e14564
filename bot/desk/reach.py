"""Finds everywhere a post or a story went, and paints what editors are shown while they correct it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.desk import correct_page, errata
from bot.desk.content import headline
from bot.desk.correct_page import Afterlife, Editions, Reach, Subject
from bot.editions.program import House
from bot.screen import Page, message_url
from storage import channels, corrections, messages, posts, sites, stories, traces
from storage import lines as printed
from storage.database import Reading
from storage.editorial import Correction
from storage.lines import Told
from storage.model import Channel, Content, Post

OUT = frozenset({"published", "corrected", "updated"})  # a post that stands in its channel


async def of_post(db: Reading, post: Post, now: datetime) -> Reach:
    """Everywhere the post and its story went."""
    return await _reach(db, headline(await said(db, post)), post, post.story_id, now)


async def of_story(db: Reading, story_id: int, now: datetime) -> Reach:
    """Everywhere a story went that no card is of."""
    state = await stories.standing(db, story_id)
    return await _reach(db, state.title if state else "", None, story_id, now)


async def afterlife(db: Reading, post: Post) -> Afterlife:
    """What became of the post since it went out."""
    reason = await corrections.reason(db, post.id, post.story_id) if post.state == "withdrawn" else ""
    versions = await corrections.versions(db, post.id)
    sealed = any(each.sealed for each in versions)
    offer = await sites.offer(db, post.id) if post.state in OUT else None
    shown = correct_page.Offer(offer.was, offer.became, offer.withdrawn) if offer else None
    return Afterlife(len(versions), reason, sealed, shown)


async def page(db: Reading, house: House, post: Post, now: datetime) -> Page | None:
    """What the card shows while its post is being corrected or withdrawn, None when it is not."""
    going = await corrections.standing(db, home(post))
    if going is None or post.state not in OUT:
        return None
    return await painted(db, house, subject(post), going, await of_post(db, post, now), await said(db, post), now)


async def painted(
    db: Reading, house: House, what: Subject, going: Correction, reach: Reach, words: Content, now: datetime
) -> Page:
    """The page of what is going on. `words` are the post's, without the line that an earlier correction put there."""
    wording = house.wordings.default
    if going.state == "leaving":
        return correct_page.leaving(what, going, reach.title, wording)
    if going.state == "shown":
        apart = await _apart(db, what, going, words)
        return correct_page.checking(what, going, words.text, reach, wording, apart)
    return correct_page.asking(what, going, words.text, wording)


async def said(db: Reading, post: Post) -> Content:
    """The post's words without the line that its last correction put above them."""
    last = await corrections.last(db, post.id)
    return errata.bare(post.content, last.line) if last is not None else post.content


async def url_of(db: Reading, post: Post) -> str:
    """Where the post is to be seen in its channel, '' when it is not known to stand."""
    stands = await messages.standing(db, await corrections.intent_of(db, post))
    channel = await channels.get(db, post.channel_id)
    assert channel is not None  # channels are never deleted
    return message_url(channel.chat, stands[1]) if stands else ""


def home(post: Post) -> str:
    """The event of the post's card."""
    return f"card:{post.id}"


def subject(post: Post) -> Subject:
    """The post as buttons name it."""
    return Subject("p", post.id, post.row_version)


async def _apart(db: Reading, what: Subject, going: Correction, was: Content) -> Editions:
    """The editions whose line of the story stays, because it never said what is corrected."""
    post, became = await get(db, what), Content(going.text or "")
    if post is None or post.story_id is None or going.kind == "typo" or headline(was) == headline(became):
        return ()
    every = await channels.every(db)
    language = next(channel.language for channel in every if channel.id == post.channel_id)
    lines = [line for line in await printed.telling(db, post.story_id) if line.language == language]
    return _named([line for line in lines if errata.retold(line.headline, going.kind, was, became) is None], every)


def _named(lines: Sequence[Told], every: Sequence[Channel]) -> Editions:
    names = {channel.id: _name(channel) if len(every) > 1 else "" for channel in every}
    return [(names.get(line.channel_id, ""), line.rubric, line.wall_time) for line in lines]


async def _reach(db: Reading, title: str, post: Post | None, story_id: int | None, now: datetime) -> Reach:
    every = await channels.every(db)
    went = await traces.posts(db, post.id if post else None, story_id)
    lines = await printed.telling(db, story_id) if story_id is not None else []
    told = {trace.channel_id for trace in went} | {line.channel_id for line in lines}
    first = post.channel_id if post else lines[0].channel_id if lines else None
    own = next((trace for trace in went if post is not None and trace.post_id == post.id), None)
    sent_at = own.sent_at if own else None
    return Reach(
        title=title,
        sent_at=sent_at,
        editions=_named(lines, every),
        readers=len(await traces.alerted(db, story_id)) if story_id is not None else 0,
        others=[(_name(each), each.language, each.id in told) for each in every if each.id != first],
        deletable=sent_at is not None and now - sent_at < traces.DELETABLE,
    )


async def get(db: Reading, what: Subject) -> Post | None:
    """The post that a button speaks of, None when it speaks of a story or of nothing."""
    return await posts.get(db, what.id) if what.kind == "p" else None


def _name(channel: Channel) -> str:
    return channel.title or channel.chat
