"""What editors tap and write to correct or withdraw what went out: rights and the version are checked again at each
tap, and act, card, wishes and the update's mark are one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiogram.types import CallbackQuery, Message, Update, User
from markupsafe import escape

from bot.desk import afterlife, correct, correct_page, paint, reach, said, withdraw
from bot.desk.content import excess
from bot.desk.correct_story import Tapped, on_story
from bot.desk.glance import glance
from bot.desk.hear import Desk, Heard, finish, may_not, react, tell
from bot.screen import parameters
from bot.toast import toast
from bot.wording import Wording
from storage import corrections, messages, posts, sites, updates
from storage.corrections import Kind
from storage.database import Transaction
from storage.model import Post

LOOKS = frozenset({"look"})
KILLS = frozenset({"kill", "gone"})


Act = Callable[[Transaction, Desk, Post, Tapped], Awaitable[str]]


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the message shows what is so in either case."""
    found, message = correct_page.read(callback.data or ""), callback.message
    if found is None or not isinstance(message, Message) or not (found[0] in ACTS or found[1].kind == "s"):
        await toast(callback, wording.text("desk.toast.stale"))
        return
    tapped = Tapped(*found, callback.from_user, now, wording)
    right = "view" if tapped.act in LOOKS else "withdraw" if tapped.act in KILLS else "correct"
    if not await desk.roles.may(callback.from_user.id, right):
        await toast(callback, may_not(wording, await desk.roles.who_may(right)), alert=True)
        return
    if tapped.act == "open" and tapped.what.kind == "p":
        await glance(desk, tapped.what.id, now)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, tapped.editor.id, tapped.editor.first_name, now)
        if tapped.what.kind == "p":
            key = await _on_post(tx, desk, tapped)
        else:
            key = await on_story(tx, desk, tapped, message)
        await updates.done(tx, event_update.update_id, now)
    desk.stir()
    await toast(callback, key)


async def hear(desk: Desk, heard: Heard, post_id: int) -> bool:
    """Whether the words in reply to the card were new ones for a post that is being corrected."""
    post = await posts.get(desk.db.screens, post_id)
    going = await corrections.standing(desk.db.screens, reach.home(post)) if post is not None else None
    if post is None or going is None or going.state not in ("asked", "shown") or post.state not in reach.OUT:
        return False
    if not await desk.roles.may(heard.editor.id, "correct"):
        await tell(desk, heard, escape(may_not(heard.wording, await desk.roles.who_may("correct"))))
        return True
    content = said.content(heard.message)
    if not content.text.strip():
        await tell(desk, heard, heard.wording.html("correct.empty"))
        return True
    over = 0
    async with desk.db.transaction() as tx:
        fresh, going = await posts.get(tx, post_id), await corrections.standing(tx, reach.home(post))
        if fresh is not None and going is not None and going.state in ("asked", "shown"):
            whole = await correct.write(tx, desk.easel, fresh, going, content.text, content.entities, heard.now)
            if over := excess(whole):
                await corrections.write(tx, going.id, None, (), "")
            else:
                fresh = await _touched(tx, fresh, heard.editor, heard.now)
                await finish(tx, desk, fresh, heard.editor, heard.update_id, heard.now)
    desk.stir()
    if over:
        await tell(desk, heard, heard.wording.count("card.too_long", over))
    else:
        await react(desk, heard.message, "👌")
    return True


async def _on_post(tx: Transaction, desk: Desk, tapped: Tapped) -> str:
    """What is said about it."""
    post, wording = await reach.get(tx, tapped.what), tapped.wording
    if post is None:
        return wording.text("toast.gone")
    if post.row_version != tapped.what.version:
        await paint.repaint_card(tx, desk.easel, post, tapped.now)
        name = await posts.name_of(tx, post.changed_by)
        return wording.text("toast.stale", at=wording.at(post.changed_at), editor=name)
    if post.state not in reach.OUT and tapped.act not in LOOKS:
        await paint.repaint_card(tx, desk.easel, post, tapped.now)
        return wording.text("toast.not_now")
    return wording.text(f"correct.toast.{await ACTS[tapped.act](tx, desk, post, tapped)}")


async def _open(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    found = await reach.of_post(tx, post, tapped.now)
    page = correct_page.opening(reach.subject(post), found, desk.easel.wording, tapped.now)
    await messages.want(tx, reach.home(post), parameters(page))
    return "open"


async def _kill(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    found = await reach.of_post(tx, post, tapped.now)
    page = correct_page.killing(reach.subject(post), found, desk.easel.wording, tapped.now)
    await messages.want(tx, reach.home(post), parameters(page))
    return "kill"


async def _look(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    every = await corrections.versions(tx, post.id)
    names = [await posts.name_of(tx, each.editor) for each in every]
    page = correct_page.version(reach.subject(post), every, tapped.argument, names, desk.easel.wording)
    await messages.want(tx, reach.home(post), parameters(page))
    return "look"


async def _begin(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    kind: Kind = tapped.act  # type: ignore[assignment]
    await corrections.begin(
        tx,
        kind=kind,
        home=reach.home(post),
        editor=tapped.editor.id,
        now=tapped.now,
        post_id=post.id,
        story_id=post.story_id,
    )
    await _repainted(tx, desk, post, tapped)
    return "ask"


async def _again(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    going = await corrections.standing(tx, reach.home(post))
    if going is not None and going.state == "shown":
        await corrections.write(tx, going.id, None, (), "")
    await _repainted(tx, desk, post, tapped)
    return "ask"


async def _save(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    going = await corrections.standing(tx, reach.home(post))
    after = None
    if going is not None and going.state == "shown":
        after = await correct.save(tx, desk.easel, post, going, tapped.editor.id, tapped.now)
    if after is not None:
        await sites.settle(tx, post.id)
    await paint.repaint(tx, desk.easel, after or post, tapped.now)
    return "saved" if after is not None else "over"


async def _gone(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    reason = correct_page.REASONS[tapped.argument % len(correct_page.REASONS)]
    going = await withdraw.begin(
        tx, tapped.what, reach.home(post), post.story_id, reason, tapped.editor.id, tapped.now, desk.grace
    )
    if reason == withdraw.URGENT_REASON:
        await afterlife.take_back(tx, desk.easel, going, tapped.now)
        return "hidden"
    await _repainted(tx, desk, post, tapped)
    return "leaving"


async def _back(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    going = await corrections.standing(tx, reach.home(post))
    if going is None:
        await paint.repaint_card(tx, desk.easel, post, tapped.now)
        return "back"
    await corrections.drop(tx, going.home)
    await _repainted(tx, desk, post, tapped)
    return "undone" if going.kind == "withdraw" else "dropped"


async def _site(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    going = await afterlife.take_over(tx, desk.easel, post, tapped.editor.id, tapped.now)
    await _repainted(tx, desk, post, tapped)
    if going is None:
        return "over"
    return "check" if going.state == "shown" else "ask"


async def _leave(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> str:
    await sites.settle(tx, post.id)
    await _repainted(tx, desk, post, tapped)
    return "left"


ACTS: dict[str, Act] = {
    "open": _open,
    "kill": _kill,
    "look": _look,
    "typo": _begin,
    "data": _begin,
    "error": _begin,
    "again": _again,
    "save": _save,
    "gone": _gone,
    "back": _back,
    "site": _site,
    "leave": _leave,
}


async def _repainted(tx: Transaction, desk: Desk, post: Post, tapped: Tapped) -> None:
    """The card of the post as it stands now, in a version that no older button carries."""
    after = await _touched(tx, post, tapped.editor, tapped.now)
    await paint.repaint_card(tx, desk.easel, after, tapped.now)


async def _touched(tx: Transaction, post: Post, editor: User, now: datetime) -> Post:
    after = await posts.change(
        tx, post, state=post.state, due_at=post.due_at, editor=editor.id, now=now, undo=post.undo
    )
    assert after is not None  # read in this transaction
    return after
