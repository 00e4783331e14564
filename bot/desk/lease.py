"""Editing a post by its card: whose turn it is, what was written, and saving it (screens, E9 and E10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk import acts, edit_page
from bot.desk.acts import Acting, Done
from bot.desk.content import excess
from bot.desk.edit_page import LEASED
from bot.screen import Page
from bot.wording import Wording
from storage import leases, posts
from storage.database import Reading, Transaction
from storage.editorial import Lease
from storage.model import Content, Post

EDITED = acts.OPEN | {"failed"}  # whose words may change before they go out


async def page(db: Reading, post: Post, wording: Wording, now: datetime) -> Page | None:
    """What the card shows while somebody writes at its post, None when nobody does."""
    found = await leases.get(db, post.id)
    if found is None or post.state not in EDITED:
        return None
    editor = await posts.name_of(db, found.editor)
    if found.content is not None:
        return edit_page.checking(post, found, editor, wording)
    return edit_page.writing(post, found, editor, wording, now) if now < found.until_at else None


async def other(db: Reading, post: Post, acting: Acting) -> Lease | None:
    """The lease of somebody else, None when this editor may write."""
    found = await leases.get(db, post.id)
    return found if found is not None and found.editor != acting.editor and acting.now < found.until_at else None


async def take(tx: Transaction, post: Post, acting: Acting) -> Done:
    """It is this editor's turn; whatever a colleague wrote and did not save stays to be checked."""
    if post.state not in EDITED:
        return Done(post, "toast.not_now")
    before = await leases.get(tx, post.id)
    wanted = Lease(post.id, acting.editor, acting.now + LEASED)
    if before is not None:
        wanted = replace(before, editor=wanted.editor, until_at=wanted.until_at)
    await leases.put(tx, wanted)
    return Done(post, "toast.editing")


async def write(tx: Transaction, post: Post, acting: Acting, said: Content) -> int:
    """Keeps what was written until somebody says yes to it; by how many signs it is too long, and then it is not
    kept."""
    found = await leases.get(tx, post.id)
    becomes = edit_page.merged(post.content, said, titled=found is not None and found.titled)
    if over := excess(becomes):
        return over
    await leases.put(tx, Lease(post.id, acting.editor, acting.now + LEASED, content=becomes))
    return 0


async def title(tx: Transaction, post: Post, acting: Acting) -> Done:
    """The next reply is the headline alone, or again all of the text."""
    found = await leases.get(tx, post.id)
    titled = found is None or not found.titled
    await leases.put(tx, Lease(post.id, acting.editor, acting.now + LEASED, titled=titled))
    return Done(post, "edit.toast.title" if titled else "toast.editing")


async def photo(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Without its picture or file; to be checked like words."""
    if not post.content.text.strip():
        return Done(post, "edit.toast.bare")
    becomes = replace(post.content, media=())
    await leases.put(tx, Lease(post.id, acting.editor, acting.now + LEASED, content=becomes))
    return Done(post, "edit.toast.check")


async def above(tx: Transaction, post: Post, acting: Acting) -> Done:
    """The page's preview stands below the words instead of above them, or the other way round."""
    done = await acts.rewrite(tx, post, acting, replace(post.content, below=not post.content.below))
    await leases.put(tx, Lease(post.id, acting.editor, acting.now + LEASED))
    return replace(done, toast="edit.toast.above" if post.content.below else "edit.toast.below")


async def again(tx: Transaction, post: Post, acting: Acting) -> Done:
    """What was written is thrown away, and the editor writes once more."""
    await leases.put(tx, Lease(post.id, acting.editor, acting.now + LEASED))
    return Done(post, "toast.editing")


async def drop(tx: Transaction, post: Post, acting: Acting) -> Done:
    """Nothing changes."""
    await leases.drop(tx, post.id)
    return Done(post, "edit.toast.dropped")


async def save(tx: Transaction, post: Post, acting: Acting) -> Done:
    """The post says what was written."""
    found = await leases.get(tx, post.id)
    if found is None or found.content is None:
        return Done(post, "toast.not_now")
    await leases.drop(tx, post.id)
    return await acts.rewrite(tx, post, acting, found.content)


LEASES: dict[str, acts.Act] = {
    "begin": take,  # at the card: unless a colleague writes
    "take": take,
    "title": title,
    "photo": photo,
    "above": above,
    "again": again,
    "drop": drop,
    "save": save,
}
