"""Pauses a channel and lets it go on (screens, E14): what fell into the pause is moved or asked about, never fired."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from bot.desk import late, paint, pause_page
from bot.desk.acts import Acting
from bot.desk.content import headline
from bot.desk.paint import Easel
from bot.desk.pause_page import STEP, UNDO_FOR, Paused, Waiting
from bot.desk.relist import relist
from bot.editions import programs
from bot.editions.rubrics import timings
from bot.editions.slots import due
from bot.screen import message_url, parameters
from storage import channels, journal, messages, outbox, pauses, posts
from storage.database import Database, Reading, Transaction
from storage.editorial import Pause
from storage.model import DESK, Parcel, Post
from storage.pauses import Entry, How


async def begin(tx: Transaction, easel: Easel, channel_id: int, acting: Acting) -> Pause | None:
    """From now on only what is urgent goes to the channel, and a message says so; None when it is paused already."""
    begun = await pauses.begin(tx, channel_id, acting.editor, acting.now)
    if begun is None:
        return None
    await journal.write(tx, "pause", f"channel:{channel_id}", acting.now, actor=acting.editor, became="paused")
    await put(tx, easel, begun, acting.now)
    await paint.repaint_board(tx, easel, acting.now)
    return begun


async def put(tx: Transaction, easel: Easel, pause: Pause, now: datetime) -> None:
    """The message about it stands at the end of the chat, and nowhere else."""
    assert easel.newsroom.admin_chat is not None  # only the desk pauses
    said = parameters(pause_page.show(await look(tx, easel, pause, now), easel.wording, now))
    if await outbox.find(tx, pause.intent) is not None:
        await messages.retire(tx, pause.intent, now, said | {"reply_markup": {"inline_keyboard": []}})
    await outbox.put(tx, Parcel(pause.intent, str(easel.newsroom.admin_chat), "sendMessage", said, DESK, now), now)


async def end(tx: Transaction, easel: Easel, seen: Pause, how: How, acting: Acting) -> list[datetime] | None:
    """The channel goes on; the new times of the posts that waited, none when editors are asked about each of them, and
    None when somebody was faster.

    Posts whose time passed do not leave in a burst: they are spread, or missed and so asked about (screens, E15).
    Editions are served or asked about by their own patience, as after any gap.
    """
    waiting = [await _post(tx, post_id) for post_id in await pauses.held(tx, seen, acting.now)]
    ended = await pauses.end(tx, seen, how, acting.editor, acting.now)
    if ended is None:
        return None
    times: Sequence[datetime] = []
    if how == "spread":
        taken = await paint.taken_at(tx, easel, seen.channel_id, acting.now)
        times = late.times(acting.now, taken, len(waiting), STEP)
    left = []
    for place, post in enumerate(waiting):
        assert post.due_at is not None  # its time passed
        after = await _moved(tx, post, times[place] if times else None, acting)
        await paint.repaint_card(tx, easel, after, acting.now)
        left.append(Entry(post.id, post.due_at, after.row_version))
    await pauses.put_entries(tx, ended, left)
    await journal.write(tx, how, f"channel:{seen.channel_id}", acting.now, actor=acting.editor, was="paused")
    await repaint(tx, easel, ended, acting.now)
    await paint.repaint_board(tx, easel, acting.now)
    return list(times)


async def undo(tx: Transaction, easel: Easel, seen: Pause, acting: Acting) -> bool:
    """Whether the pause lasts on, with the posts that nobody touched since back at the times that passed."""
    moved = await pauses.entries(tx, seen)
    back = await pauses.take_back(tx, seen, acting.now)
    if back is None:
        return False
    for each in moved:
        post = await _post(tx, each.post_id)
        if post.row_version != each.mark:
            continue  # an editor decided on it, or it went out
        after = await posts.change(tx, post, state="queued", due_at=each.due_at, editor=acting.editor, now=acting.now)
        assert after is not None  # read in this transaction
        await paint.repaint_card(tx, easel, after, acting.now)
    await pauses.put_entries(tx, back, [])
    await journal.write(tx, "undo", f"channel:{seen.channel_id}", acting.now, actor=acting.editor, became="paused")
    await repaint(tx, easel, back, acting.now)
    await paint.repaint_board(tx, easel, acting.now)
    await relist(tx, easel.channel, easel.wording, acting.now)
    return True


async def keep_up(db: Database, easel: Easel, now: datetime) -> None:
    """The messages about pauses count what fell into them up to now."""
    for pause in await pauses.every(db.screens):
        async with db.transaction() as tx:
            if (fresh := await pauses.get(tx, pause.id)) is not None:
                await repaint(tx, easel, fresh, now)


async def look(db: Reading, easel: Easel, pause: Pause, now: datetime) -> Paused:
    """The pause with all that its message tells."""
    active = await channels.every(db)
    channel = await channels.get(db, pause.channel_id)
    assert channel is not None  # channels are never deleted
    over = pause.ended_at is not None
    newest = await pauses.newest(db, pause.channel_id)
    ids = [] if over else await pauses.held(db, pause, now)
    return Paused(
        pause,
        (channel.title or channel.chat) if len(active) > 1 else "",
        await posts.name_of(db, pause.since_by),
        [await _waiting(db, await _post(db, post_id)) for post_id in ids],
        0 if over else await _editions(db, easel, pause, now),
        await posts.name_of(db, pause.ended_by or 0),
        pause.ended_at is not None and newest == pause and now - pause.ended_at <= UNDO_FOR,
    )


async def _moved(tx: Transaction, post: Post, at: datetime | None, acting: Acting) -> Post:
    state, due_at = ("missed", post.due_at) if at is None else ("queued", at)
    after = await posts.change(tx, post, state=state, due_at=due_at, editor=acting.editor, now=acting.now)
    assert after is not None  # read in this transaction
    act = "miss" if at is None else "queue"
    await journal.write(tx, act, f"post:{post.id}", acting.now, actor=acting.editor, was=post.state, became=after.state)
    return after


async def _editions(db: Reading, easel: Easel, pause: Pause, now: datetime) -> int:
    program = await programs.numbered(db, easel.house, pause.channel_id)
    return len(due(timings(program.rubrics), program.newsroom.zone, pause.since_at, now))


async def repaint(tx: Transaction, easel: Easel, pause: Pause, now: datetime) -> None:
    """The message shows what is so now."""
    said = parameters(pause_page.show(await look(tx, easel, pause, now), easel.wording, now))
    shown = json.loads(await pauses.shown(tx, pause) or "{}")
    if any(shown.get(name) != value for name, value in said.items()):
        await messages.want(tx, pause.intent, said)


async def _waiting(db: Reading, post: Post) -> Waiting:
    assert post.due_at is not None  # its time passed
    card = await messages.standing(db, f"card:{post.id}")
    # Only a supergroup's messages have addresses.
    url = message_url(str(card[0]), card[1]) if card and str(card[0]).startswith("-100") else ""
    return Waiting(post.due_at, headline(post.content), url)


async def _post(db: Reading, post_id: int) -> Post:
    post = await posts.get(db, post_id)
    assert post is not None  # posts are never deleted
    return post
