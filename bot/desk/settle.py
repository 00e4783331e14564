"""What an editor chooses about all that is overdue (screens, E15), one function an act; each can be taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk import acts, late, paint
from bot.desk.acts import Acting
from bot.desk.paint import Easel
from bot.desk.relist import overdue, stands
from bot.editions import programs, resume
from bot.judgement.leanings import applied
from bot.judgement.ranking import weigh
from storage import editions, journal, lessons, posts, stories
from storage import late as questions
from storage.database import Reading, Transaction
from storage.instants import seconds
from storage.late import Entry, Late
from storage.model import Post, Story


@dataclass(frozen=True, slots=True)
class Settled:
    """The question after the act; the key of what to say, the first new time and the counts that it names."""

    late: Late
    toast: str
    first: datetime | None = None
    back: int = 0
    number: int = 0


Settle = Callable[[Transaction, Easel, Late, Acting], Awaitable[Settled]]


async def spread(tx: Transaction, easel: Easel, asked: Late, acting: Acting) -> Settled:
    """Editions go at once, then the posts in their old order, ten minutes apart, past times that are taken."""
    entries = await _overdue(tx, asked)
    # The latest first: it tells what the earlier ones would have told, and is named by the nearer hour.
    done = [await _send(tx, easel, each, acting) for each in reversed(entries) if each.edition_id is not None]
    waiting = [each for each in entries if each.post_id is not None]
    every = {(await _post(tx, each)).channel_id for each in waiting}
    taken = [at for channel_id in sorted(every) for at in await paint.taken_at(tx, easel, channel_id, acting.now)]
    free = late.times(acting.now, taken, len(waiting))
    for entry, at in zip(waiting, free, strict=True):
        moved = await acts.put(tx, await _post(tx, entry), acting, at)
        done.append(await _left(tx, easel, entry, moved.post, "queued", acting, at))
    after = await _choose(tx, asked, "spread", done, acting)
    if free:
        return Settled(after, "late.toast.spread" if len(entries) > 1 else "toast.queued", free[0])
    return Settled(after, "late.toast.send" if any(each.mark is not None for each in done) else "late.toast.skipped")


async def top(tx: Transaction, easel: Easel, asked: Late, acting: Acting) -> Settled:
    """The most important post leaves, with a way back until then; the others are drafts, and editions do not go."""
    entries = await _overdue(tx, asked)
    waiting = [each for each in entries if each.post_id is not None]
    if not waiting:
        return Settled(asked, "late.toast.settled")
    weights = [(await _importance(tx, easel, await _post(tx, each), acting.now), each.due_at) for each in waiting]
    best = waiting[late.weightiest(weights)]
    leaving = await acts.now(tx, await _post(tx, best), acting)
    done = [await _left(tx, easel, best, leaving.post, "now", acting)]
    done += [await _drop(tx, easel, each, acting) for each in entries if each is not best]
    return Settled(
        await _choose(tx, asked, "top", done, acting), "late.toast.top" if len(done) > 1 else "late.toast.send"
    )


async def drop(tx: Transaction, easel: Easel, asked: Late, acting: Acting) -> Settled:
    """Nothing of it goes: posts are drafts, and the news of editions stays for the next."""
    done = [await _drop(tx, easel, each, acting) for each in await _overdue(tx, asked)]
    return Settled(await _choose(tx, asked, "drop", done, acting), "late.toast.drop")


async def undo(tx: Transaction, easel: Easel, asked: Late, acting: Acting) -> Settled:
    """What neither went nor was changed since is overdue again, and the question stands again."""
    chosen = [each for each in asked.entries if each.outcome]
    back = [each for each in chosen if await stands(tx, each)]
    if not back:
        return Settled(asked, "late.toast.over")
    for entry in back:
        if entry.edition_id is not None:
            await resume.take_back(tx, entry.edition_id, entry.outcome, acting.now)
            continue
        post = await _post(tx, entry)
        missed = await posts.change(tx, post, state="missed", due_at=entry.due_at, editor=acting.editor, now=acting.now)
        assert missed is not None  # read in this transaction
        await _write(tx, "undo", f"post:{post.id}", acting, post.state, missed.state)
        await paint.repaint(tx, easel, missed, acting.now)
    blank = [replace(each, outcome="", became_at=None, mark=None) for each in chosen]
    after = await _choose(tx, asked, "", blank, acting)
    part = len(back) < len(chosen)
    return Settled(after, "late.toast.undone.part" if part else "late.toast.undone", None, len(back), len(chosen))


SETTLES: dict[str, Settle] = {"spread": spread, "top": top, "drop": drop, "undo": undo}


async def _overdue(db: Reading, asked: Late) -> list[Entry]:
    return [each for each in asked.entries if await overdue(db, each)]


async def _post(db: Reading, entry: Entry) -> Post:
    assert entry.post_id is not None  # it is of a post
    post = await posts.get(db, entry.post_id)
    assert post is not None  # posts are never deleted
    return post


async def _send(tx: Transaction, easel: Easel, entry: Entry, acting: Acting) -> Entry:
    assert entry.edition_id is not None  # it is of an edition
    at = acting.now + acting.grace
    made = await editions.get(tx, entry.edition_id)
    assert made is not None  # editions are never deleted
    program = await programs.numbered(tx, easel.house, made.channel_id)
    outcome, mark = await resume.send(tx, program, entry.edition_id, acting.now, at)
    await _write(tx, "spread", f"edition:{entry.edition_id}", acting, "missed", outcome)
    return replace(entry, outcome=outcome, mark=mark)


async def _drop(tx: Transaction, easel: Easel, entry: Entry, acting: Acting) -> Entry:
    if entry.edition_id is not None:
        outcome, mark = await resume.drop(tx, entry.edition_id, acting.now)
        await _write(tx, "drop", f"edition:{entry.edition_id}", acting, "missed", outcome)
        return replace(entry, outcome=outcome, mark=mark)
    post = await _post(tx, entry)
    before = {"state": post.state, "due_at": seconds(entry.due_at)}
    after = await posts.change(tx, post, state="draft", due_at=None, editor=acting.editor, now=acting.now, undo=before)
    await _write(tx, "remove", f"post:{post.id}", acting, post.state, "draft")
    return await _left(tx, easel, entry, after, "draft", acting)


async def _left(
    tx: Transaction, easel: Easel, entry: Entry, after: Post | None, outcome: str, acting: Acting,
    became_at: datetime | None = None,
) -> Entry:  # fmt: skip
    assert after is not None  # read in this transaction
    await paint.repaint(tx, easel, after, acting.now)
    return replace(entry, outcome=outcome, became_at=became_at, mark=after.row_version)


async def _choose(tx: Transaction, asked: Late, act: str, done: list[Entry], acting: Acting) -> Late:
    await _write(tx, act or "undo", asked.intent, acting, asked.act, act)
    return await questions.choose(tx, asked, act=act, entries=done, editor=acting.editor, now=acting.now)


async def _importance(db: Reading, easel: Easel, post: Post, now: datetime) -> float | None:
    """How much its story matters, None for an editor's own post without one."""
    if post.story_id is None:
        return None
    state, members = await stories.standing(db, post.story_id), await stories.items_of(db, post.story_id)
    if state is None or not members:
        return None
    story = Story(post.story_id, state, tuple(members))
    taste = applied(easel.taste, await lessons.leanings(db, post.channel_id))
    return weigh(story, now=now, rubric="digest", taste=taste).importance


async def _write(tx: Transaction, act: str, subject: str, acting: Acting, was: str, became: str) -> None:
    await journal.write(tx, act, subject, acting.now, actor=acting.editor, was=was, became=became)
