"""Keeps the messages about what is overdue true: whatever becomes of a post or an edition, they show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.desk import late
from bot.desk.content import headline
from bot.desk.late import Line, Question
from bot.editions import resume
from bot.screen import Page, message_url, parameters
from bot.wording import Wording
from storage import channels, editions, messages, posts
from storage import late as questions
from storage.database import Reading, Transaction
from storage.late import Entry, Late
from storage.model import Channel

UNDO_FOR = timedelta(days=1)  # a choice of yesterday is taken back at the cards
POST_OUTCOMES = {"now": "sent", "made": "sent"}  # what is said of both alike


async def relist(tx: Transaction, channel: Channel, wording: Wording, now: datetime) -> None:
    """Every message that asks, or whose answer can be taken back, shows what is so now."""
    for asked in await questions.live(tx, channel.id):
        question = await look(tx, asked, now)
        if not question.undo and (question.act or not question.lines):
            await questions.settle(tx, asked)
        said = parameters(late.show(question, wording, now))
        shown = await questions.shown(tx, asked)
        if any(shown.get(name) != value for name, value in said.items()):
            await messages.want(tx, asked.intent, said)


async def page(db: Reading, asked: Late, wording: Wording, now: datetime) -> Page:
    """The message about this."""
    return late.show(await look(db, asked, now), wording, now)


async def look(db: Reading, asked: Late, now: datetime) -> Question:
    """What is overdue of it, or when an editor chose, what became of each."""
    fresh = now - asked.changed_at <= UNDO_FOR
    names = {each.id: each.title or each.chat for each in await channels.known(db)}
    wanted = [each for each in asked.entries if (each.outcome if asked.act else await overdue(db, each))]
    return Question(
        id=asked.id,
        version=asked.version,
        lines=[await _line(db, each, names if len(names) > 1 else {}) for each in wanted],
        gap=asked.gap,
        act=asked.act,
        editor=await posts.name_of(db, asked.changed_by),
        at=asked.changed_at,
        undo=fresh and bool(asked.act) and any([await stands(db, each) for each in wanted]),
    )


async def overdue(db: Reading, entry: Entry) -> bool:
    """Whether it still waits for an editor's word."""
    if entry.edition_id is not None:
        return await resume.overdue(db, entry.edition_id)
    assert entry.post_id is not None  # it is one or the other
    post = await posts.get(db, entry.post_id)
    return post is not None and post.state == "missed" and post.due_at == entry.due_at


async def stands(db: Reading, entry: Entry) -> bool:
    """Whether it is as the choice left it: neither gone nor changed by an editor since."""
    if entry.mark is None:
        return False
    if entry.edition_id is not None:
        return await resume.stands(db, entry.edition_id, entry.outcome, entry.mark)
    assert entry.post_id is not None  # it is one or the other
    post = await posts.get(db, entry.post_id)
    return post is not None and post.row_version == entry.mark


async def _line(db: Reading, entry: Entry, names: Mapping[int, str]) -> Line:
    outcome = POST_OUTCOMES.get(entry.outcome, entry.outcome)
    if entry.edition_id is not None:
        made = await editions.get(db, entry.edition_id)
        assert made is not None  # editions are never deleted
        return Line(entry.due_at, "", made.rubric, "", outcome, entry.became_at, names.get(made.channel_id, ""))
    assert entry.post_id is not None  # it is one or the other
    post = await posts.get(db, entry.post_id)
    assert post is not None  # posts are never deleted
    card = await messages.standing(db, f"card:{post.id}")
    # Only a supergroup's messages have addresses.
    url = message_url(str(card[0]), card[1]) if card and str(card[0]).startswith("-100") else ""
    channel = names.get(post.channel_id, "")
    return Line(entry.due_at, headline(post.content), "", url, outcome, entry.became_at, channel)
