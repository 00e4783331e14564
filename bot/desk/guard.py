"""The guard against telling a thing twice (screens, E8): what a post would repeat, and the question about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.desk import acts, afterlife, guard_page, paint
from bot.desk.content import headline
from bot.desk.guard_page import Match
from bot.desk.paint import Easel
from bot.desk.reach import OUT
from bot.editions import programs
from bot.editions.updates import change_words
from bot.judgement import changes
from bot.judgement.grouping import WINDOW, Memory
from bot.judgement.tellings import telling
from bot.screen import message_url, parameters
from bot.wording import Wording
from storage import channels, editions, guard, journal, messages, posts, stories
from storage.database import Reading, Transaction
from storage.editorial import Before
from storage.model import Post, Told

# A needless question costs a tap, a missed one tells twice; in tens of texts common words weigh more than in thousands.
NEAR: Final = 0.35
SAME: Final = 0.9  # share of common words from which a headline says nothing that the other does not
ASKED: Final = frozenset({"slot", "now"})  # acts that let a post out


async def match(db: Reading, easel: Easel, post: Post, now: datetime, after: datetime | None = None) -> Match | None:
    """What the post would repeat in its channel, the latest telling of the same story first; None when nothing is
    known, and for what goes out in reply. With `after` only what was told since then by others' posts counts."""
    if await guard.below(db, post.id) is not None:
        return None
    told = await guard.before(db, post.channel_id, now - WINDOW, but=post.id)
    if after is not None:
        told = [each for each in told if each.how != "queue" and each.at > after]
    before = next((each for each in told if post.story_id is not None and each.story_id == post.story_id), None)
    if before is None and after is None:
        before = await _line(db, post)
    if before is None:
        before = _near(post, told, now)
    return await _matched(db, easel, post, before, now) if before is not None else None


async def asks(tx: Transaction, easel: Easel, post: Post, now: datetime) -> Match | None:
    """What speaks against letting the post out now or at a time; None when nothing does, and that is remembered. Of
    what waits in the queue already only what was told since it came there speaks against it."""
    if post.state not in acts.OPEN or await channels.is_off(tx, post.channel_id):
        return None  # the act itself says so
    after = await guard.let_at(tx, post.id) if post.state == "queued" else None
    found = await match(tx, easel, post, now, after)
    if found is None:
        await guard.let(tx, post.id, now)
    return found


async def too_late(tx: Transaction, easel: Easel, post: Post, now: datetime) -> Match | None:
    """What another post, or a person's own hands, told after an editor let this one out; None: it may go."""
    after = await guard.let_at(tx, post.id) or now - WINDOW
    return await match(tx, easel, post, now, after)


async def hold(tx: Transaction, easel: Easel, post: Post, found: Match, now: datetime) -> None:
    """The post's time has come, and it does not go: its card comes anew, with a sound, and asks."""
    after = await posts.change(tx, post, state="draft", due_at=None, editor=post.changed_by, now=now)
    assert after is not None  # read in this transaction
    await journal.write(tx, "guard", f"post:{post.id}", now, was=post.state, became="draft")
    await afterlife.raise_anew(tx, easel, after, now)
    await paint.repaint(tx, easel, after, now)
    page = guard_page.show(after, found, None, easel.wording, now, held=True)
    await messages.want(tx, f"card:{post.id}", parameters(page))


async def ask(tx: Transaction, easel: Easel, post: Post, found: Match, at: datetime | None, now: datetime) -> None:
    """The card asks whether it shall go out all the same, at that time, or (None) now."""
    page = guard_page.show(post, found, at, easel.wording, now)
    await messages.want(tx, f"card:{post.id}", parameters(page))


async def _line(db: Reading, post: Post) -> Before | None:
    """The line of an edition that told the post's story in the state that it is in; None when it says less."""
    if post.story_id is None:
        return None
    state = await stories.standing(db, post.story_id)
    told = (await editions.told(db, post.channel_id, [post.story_id])).get(post.story_id, [])
    if state is None or not told or changes.change(told[0].state, state) is not None:
        return None
    return await guard.line(db, post.channel_id, post.story_id)


def _near(post: Post, told: Sequence[Before], now: datetime) -> Before | None:
    """The telling whose words are nearest to the post's, when they are near enough."""
    memory = Memory()
    for number, each in enumerate(told):
        memory.add(number, number, _text(each.text), now)
    words = _text(post.content.text)
    alike = [memory.likeness(words, now, number) for number in range(len(told))]
    nearest = max(alike, default=0.0)
    return told[alike.index(nearest)] if nearest >= NEAR else None


def _text(text: str) -> str:
    head, _, rest = text.strip().partition("\n")
    return telling(head.strip(), " ".join(rest.split()))


async def _matched(db: Reading, easel: Easel, post: Post, before: Before, now: datetime) -> Match:
    channel = await channels.get(db, post.channel_id)
    assert channel is not None  # channels are never deleted
    url = message_url(channel.chat, before.message_id) if before.message_id is not None else ""
    other = await posts.get(db, before.post_id) if before.post_id is not None else None
    program = await programs.numbered(db, easel.house, post.channel_id)
    new = await _new(db, post, before, program.wording, now)
    return Match(before, url, new, renews=other is not None and other.state in OUT and post.content != other.content)


async def _new(db: Reading, post: Post, before: Before, wording: Wording, now: datetime) -> str:
    """What the post says beyond that telling: grown counts in words, else the sentence with another number or name."""
    told = (await editions.told(db, post.channel_id, [post.story_id or 0])).get(post.story_id or 0, [])
    state = await stories.standing(db, post.story_id) if post.story_id is not None else None
    change = changes.change(told[0].state, state) if told and state is not None else None
    if change is not None and (change.growth or change.lowered):
        said = Told(told[0].state, "post", before.at, told[0].headline)
        return change_words(said, change, wording.at(before.at), wording).partition(": ")[2]
    old, new = _parts(before.text), _parts(post.content.text)
    edit = changes.edit(old, new)
    if edit is not None:
        return edit.became
    return headline(post.content) if changes.alike(old[0], new[0]) < SAME else ""


def _parts(text: str) -> tuple[str, str]:
    head, _, rest = text.strip().partition("\n")
    return head.strip(), " ".join(rest.split())
