"""Takes a post or a story back, everywhere it went. Until then it can be taken back itself, as «Зараз» can; what is
hidden for people's safety is hidden at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk import correct_page, notices, reach
from bot.desk.apologise import apologise
from bot.desk.content import headline
from bot.desk.correct_page import Subject
from bot.desk.paint import Easel
from bot.editions.mend import Fate, mend
from bot.screen import Page, parameters
from bot.wording import Wording
from storage import channels, corrections, items, journal, messages, posts, stories, traces
from storage import lines as printed
from storage.database import Transaction
from storage.editorial import Correction
from storage.model import Post

URGENT_REASON = "safety"
PRIVATE = frozenset({"safety", "request"})  # alerts go as the post does: to speak of it again would repeat it
POST_ALONE = "double"  # what was said was true, and stands elsewhere


async def begin(
    tx: Transaction,
    what: Subject,
    home: str,
    story_id: int | None,
    reason: str,
    editor: int,
    now: datetime,
    grace: timedelta,
) -> Correction:
    """It goes after the grace; for people's safety there is none."""
    due_at = now if reason == URGENT_REASON else now + grace
    return await corrections.begin(
        tx,
        kind="withdraw",
        home=home,
        editor=editor,
        now=now,
        post_id=what.id if what.kind == "p" else None,
        story_id=story_id,
        reason=reason,
        due_at=due_at,
    )


async def carry_out(tx: Transaction, easel: Easel, going: Correction, now: datetime) -> list[Post]:
    """Every post that it changed; none when it was carried out or taken back before."""
    if not await corrections.done(tx, going.id):
        return []
    alone = going.reason == POST_ALONE
    changed = await _take_posts(tx, easel, going, None if alone else going.story_id, now)
    subject = f"post:{going.post_id}" if going.post_id is not None else f"story:{going.story_id}"
    await journal.write(tx, "withdraw", subject, now, actor=going.editor, reason=going.reason)
    if going.story_id is None or alone:
        return changed
    changed += await _take_waiting(tx, easel, going, now)
    lines = await printed.telling(tx, going.story_id)
    wordings = easel.house.wordings
    instead = {line.language: notices.instead(going.reason, wordings.of(line.language)) for line in lines}
    await mend(tx, easel.house, [Fate(line) for line in lines], instead, now)
    title = await _title(tx, going)
    for item_id in await traces.reports(tx, going.story_id):
        await items.withdraw(tx, item_id, "editor", now)
        await journal.write(tx, "withdraw", f"item:{item_id}", now, actor=going.editor, reason=going.reason)
    await _take_alerts(tx, easel, going, title, now)
    if going.reason == URGENT_REASON:
        await corrections.seal_story(tx, going.story_id, now)
        for edition_id in dict.fromkeys(line.edition_id for line in lines):
            await traces.scrub(tx, edition_id=edition_id)
    if going.post_id is None:
        await messages.want(tx, going.home, parameters(await _done_page(tx, easel, going, title)))
    return changed


async def _take_posts(
    tx: Transaction, easel: Easel, going: Correction, story_id: int | None, now: datetime
) -> list[Post]:
    changed = []
    for trace in await traces.posts(tx, going.post_id, story_id):
        post = await posts.get(tx, trace.post_id or 0)
        assert post is not None  # posts are never deleted
        channel = await channels.get(tx, post.channel_id)
        assert channel is not None  # channels are never deleted
        wording = easel.house.wordings.of(channel.language)
        await traces.take_down(tx, trace, notices.instead(going.reason, wording), now)
        await traces.untell(tx, post.id)
        changed.append(await _withdrawn(tx, post, going, now))
    return changed


async def _take_waiting(tx: Transaction, easel: Easel, going: Correction, now: datetime) -> list[Post]:
    """Posts about it that have not gone out never will."""
    assert going.story_id is not None
    found = [await posts.get(tx, post_id) for post_id in await traces.waiting(tx, going.story_id)]
    return [await _withdrawn(tx, post, going, now) for post in found if post is not None]


async def _withdrawn(tx: Transaction, post: Post, going: Correction, now: datetime) -> Post:
    after = await posts.change(tx, post, state="withdrawn", due_at=None, editor=going.editor, now=now)
    assert after is not None  # read in this transaction
    await corrections.drop(tx, reach.home(post))
    if going.reason == URGENT_REASON:
        await corrections.seal(tx, post.id)
        await traces.scrub(tx, post_id=post.id)
    await journal.write(
        tx,
        "withdraw",
        f"post:{post.id}",
        now,
        actor=going.editor,
        was=post.state,
        became="withdrawn",
        reason=going.reason,
    )
    return after


async def _take_alerts(tx: Transaction, easel: Easel, going: Correction, title: str, now: datetime) -> None:
    """Who was told something untrue hears that; what should not have been told goes without another word."""
    assert going.story_id is not None
    for trace in await traces.alerts(tx, going.story_id):
        if trace.state == "waiting" or going.reason in PRIVATE:
            wording = easel.house.wordings.of(await traces.language_of(tx, trace.reader_id))
            await traces.take_down(tx, trace, notices.instead(going.reason, wording), now)
    if going.reason in PRIVATE:
        return

    def words(reader: Wording, at: str) -> Page:
        return notices.fix("withdrawn", title, "", at, "", reader)

    await apologise(tx, easel, going, going.story_id, words, now)


async def _title(tx: Transaction, going: Correction) -> str:
    """What readers were told of it."""
    assert going.story_id is not None
    post = await posts.get(tx, going.post_id) if going.post_id is not None else None
    state = await stories.standing(tx, going.story_id)
    return headline(await reach.said(tx, post)) if post else state.title if state else ""


async def _done_page(tx: Transaction, easel: Easel, going: Correction, title: str) -> Page:
    shown = correct_page.Afterlife(reason=going.reason, sealed=going.reason == URGENT_REASON)
    return correct_page.withdrawn(shown, title, await posts.name_of(tx, going.editor), easel.wording)
