"""Breaking news by itself, where the newsroom wants it: a great new story that several tell is put before the editors
with a minute in which they can take it back, and leaves unless they do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.desk import alarm, flagged, paint
from bot.desk.breaking_page import Alarm
from bot.desk.content import excess, from_report
from bot.desk.paint import Easel
from bot.editions.program import Program
from bot.editions.righted import righted
from bot.judgement import states
from bot.judgement.ranking import Ranked, rank
from bot.judgement.words import fold
from storage import breaking, editions, journal, posts, stories
from storage import guard as told
from storage.database import Database, Reading, Transaction
from storage.model import Post

NEW: Final = timedelta(minutes=30)  # an older story broke before
GRACE: Final = timedelta(minutes=1)  # nobody asked for it, so somebody has to see it first
REST: Final = timedelta(hours=1)  # two alarms an hour are none
VOICES: Final = 2
BOT: Final = 0  # the editor of what nobody asked for


async def break_due(db: Database, easel: Easel, programs: Sequence[Program], least: float | None, now: datetime) -> int:
    """Puts the most important new story of each channel before the editors, when it matters at least so much; how many
    were put. Never in a channel's quiet hours or its pause, and nothing when `least` is None."""
    if least is None or easel.newsroom.admin_chat is None:
        return 0
    went = 0
    for program in programs:
        if program.silent(now) or program.channel.paused_at is not None:
            continue
        if await breaking.alarmed(db.screens, program.channel.id, now - REST):
            continue
        for story in await _great(db.screens, program, least, now):
            async with db.transaction() as tx:
                if await _break(tx, easel, program, story, now):
                    went += 1
                    break
    return went


async def _great(db: Reading, program: Program, least: float, now: datetime) -> list[Ranked]:
    """New stories that matter so much and that independent voices tell, the most important first."""
    found = [
        story
        for story in await stories.between(db, now - NEW, now + timedelta(seconds=1))
        if min(item.seen_at for item in story.items) >= now - NEW
        and len({item.family for item in story.items if not item.history}) >= VOICES
    ]
    ranked = rank(found, now=now, rubric="digest", taste=program.taste)
    return [each for each in ranked if each.importance >= least]


async def _break(tx: Transaction, easel: Easel, program: Program, great: Ranked, now: datetime) -> bool:
    """Whether it was put before the editors: nothing that was told, rejected or stands on a card. What names people or
    places that an editor must answer for gets its card, and does not leave."""
    channel, story = program.channel, great.story
    [item] = await righted(tx, [states.headline(story.state, story.items, channel.language)])
    sections = {fold(section) for each in story.items for section in each.sections}
    if item.language != channel.language or (channel.sections and sections.isdisjoint(channel.sections)):
        return False
    if await breaking.known(tx, channel.id, story.id) or await editions.told(tx, channel.id, [story.id]):
        return False
    made = await posts.add(
        tx,
        channel_id=channel.id,
        state="candidate",
        content=from_report(item.title, item.lead, item.url, item.sections[0] if item.sections else ""),
        editor=BOT,
        now=now,
        story_id=story.id,
        item_id=item.id,
    )
    looked = await alarm.look(tx, easel, made, now)
    stopped = excess(looked.words) > 0 or await flagged.stops(tx, easel.house, made, now + GRACE) is not None
    if looked.match is None and not stopped:
        made = await _leave(tx, made, looked, now)
    await paint.offer(tx, easel, made, now, silent=False)
    await journal.write(tx, "breaking:auto", f"post:{made.id}", now, became=made.state)
    return True


async def _leave(tx: Transaction, made: Post, looked: Alarm, now: datetime) -> Post:
    """The post, on its way: its card has the way back."""
    await breaking.put(tx, made.id, looked.words.text, looked.words.entities, now, silent=False)
    await told.let(tx, made.id, now)
    fresh = await posts.get(tx, made.id)
    assert fresh is not None  # it was just added
    undo = {"state": "candidate", "due_at": None}
    after = await posts.change(tx, fresh, state="publishing", due_at=now + GRACE, editor=BOT, now=now, undo=undo)
    assert after is not None  # read in this transaction
    return after
