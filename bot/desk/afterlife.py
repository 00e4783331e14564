"""What happens to a post after it went out without anybody's tap: a withdrawal's grace ends, its source edits it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk import correct, paint, reach, withdraw
from bot.desk.content import excess, from_report
from bot.desk.paint import Easel
from bot.judgement import changes
from bot.judgement.amends import patched, telling
from bot.screen import Page, parameters
from storage import corrections, items, messages, posts, sites
from storage.corrections import Kind
from storage.database import Database, Transaction
from storage.editorial import Correction
from storage.model import Content, Post
from storage.sites import Moved


async def follow(db: Database, easel: Easel, now: datetime) -> None:
    """Carries out the withdrawals that can be taken back no more, and tells the editors what sources changed."""
    for going in await corrections.due(db.screens, now):
        async with db.transaction() as tx:
            await take_back(tx, easel, going, now)
    if easel.newsroom.admin_chat is None:
        return
    for moved in await sites.moved(db.screens, now):
        async with db.transaction() as tx:
            await _tell(tx, easel, moved, now)


async def take_back(tx: Transaction, easel: Easel, going: Correction, now: datetime) -> list[Post]:
    """Carries the withdrawal out; every card that it concerns says so."""
    changed = await withdraw.carry_out(tx, easel, going, now)
    for post in changed:
        await paint.repaint(tx, easel, post, now)
    return changed


async def take_over(tx: Transaction, easel: Easel, post: Post, editor: int, now: datetime) -> Correction | None:
    """The words of the post's source, put before the editor as a correction; None when they change nothing."""
    offer = await sites.offer(tx, post.id)
    item = await items.get(tx, post.item_id) if post.item_id is not None else None
    if offer is None or item is None or offer.withdrawn:
        return None
    was = await reach.said(tx, post)
    text = patched(was.text, offer.was, offer.became)
    became = replace(was, text=text) if text else from_report(item.title, item.lead, item.url, was.section)
    kind: Kind = "data" if _weighs(offer.was, offer.became) else "typo"
    going = await corrections.begin(
        tx, kind=kind, home=reach.home(post), editor=editor, now=now, post_id=post.id, story_id=post.story_id
    )
    entities = () if text else became.entities
    whole = await correct.write(tx, easel, post, going, became.text, entities, now)
    if excess(whole):  # an editor knows what can be left out
        await corrections.write(tx, going.id, None, (), "")
    return await corrections.standing(tx, reach.home(post))


async def _tell(tx: Transaction, easel: Easel, moved: Moved, now: datetime) -> None:
    """A small edit is offered on the card; other numbers or names, and a report that is gone, bring the card anew."""
    post = await posts.get(tx, moved.post_id)
    assert post is not None  # posts are never deleted
    edit = changes.edit(moved.was, moved.became)
    was, became = (edit.was, edit.became) if edit else telling("\n".join(moved.was), "\n".join(moved.became))
    offered = moved.withdrawn or (bool(became) and not _holds(post.content, became))
    await sites.note(tx, moved, was, became, offered=offered)
    if offered and (moved.withdrawn or edit is not None):
        await raise_anew(tx, easel, post, now)
    else:
        await paint.repaint_card(tx, easel, post, now)


async def raise_anew(tx: Transaction, easel: Easel, post: Post, now: datetime) -> None:
    """The card at the end of the chat, with a sound; the one further up goes."""
    moved = parameters(Page(easel.wording.html("correct.card.moved")))
    await messages.retire(tx, reach.home(post), now, moved)
    await paint.offer(tx, easel, post, now, silent=False)
    if await corrections.standing(tx, reach.home(post)) is not None:
        await paint.repaint_card(tx, easel, post, now)


def _weighs(was: str, became: str) -> bool:
    """Whether numbers or names differ."""
    return changes.edit((was, ""), (became, "")) is not None


def _holds(content: Content, words: str) -> bool:
    return words in " ".join(content.text.split())
