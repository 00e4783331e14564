"""/drafts and /evening: where the drafts of posts and editions stand, and when the next evening's will."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from bot.desk import draft_paint
from bot.desk.content import headline
from bot.desk.hear import Desk, Heard, tell
from bot.editions import programs
from bot.editions.named import edition_words
from bot.editions.packing import shorten
from bot.editions.program import Program
from bot.editions.publish import slot_of
from bot.editions.rubrics import timings
from bot.editions.slots import next_after
from bot.screen import message_url, parameters
from storage import drafts as standing_drafts
from storage import messages, posts, sittings
from storage.database import Reading

MOST: Final = 15
TITLE_UNITS: Final = 80


async def drafts(desk: Desk, heard: Heard, command: str) -> None:
    """/drafts: every edition that stands as a draft, and every post that nobody queued, each with its message."""
    await _bring_back(desk, None, heard.now)
    db, wording, now = desk.db.screens, heard.wording, heard.now
    lines = []
    for draft in await standing_drafts.standing(db):
        at = wording.moment(draft.slot_at, now)
        name = edition_words(draft.rubric, slot_of(draft).wall_time, wording)
        lines.append(wording.html("drafts.edition", at=at, name=await _linked(db, draft.intent, name)))
    for post in await posts.unqueued(db):
        title = shorten(headline(post.content), TITLE_UNITS) or "…"
        author = await posts.name_of(db, post.created_by)
        name = await _linked(db, f"card:{post.id}", title)
        lines.append(wording.html("drafts.post", name=name, author=author) if author else name)
    if not lines:
        await tell(desk, heard, wording.html("drafts.none"))
        return
    shown = [Markup("{}. {}").format(number, line) for number, line in enumerate(lines[:MOST], 1)]
    if len(lines) > MOST:
        shown.append(Markup("{}").format(wording.count("drafts.more", len(lines) - MOST)))
    await tell(desk, heard, Markup("\n").join([wording.html("drafts.title", number=len(lines)), *shown]))


async def evening(desk: Desk, heard: Heard, command: str) -> None:
    """/evening: leads to the roundup's draft, or says when there will be one."""
    await _bring_back(desk, "roundup", heard.now)
    every = await programs.every(desk.db.screens, desk.easel.house)
    found = [each for each in every if each.find("roundup") is not None]
    if not found:
        await tell(desk, heard, heard.wording.html("evening.unwanted"))
        return
    told = [await _evening(desk.db.screens, each, heard, several=len(every) > 1) for each in found]
    first = next((below for _, below in told if below is not None), None)
    await tell(desk, heard, Markup("\n").join(said for said, _ in told), below=first if len(found) == 1 else None)


async def _evening(db: Reading, program: Program, heard: Heard, *, several: bool) -> tuple[Markup, int | None]:
    """What is said of this channel's roundup, and the message that shows its draft."""
    wording, now = heard.wording, heard.now
    channel = wording.text("evening.of", channel=program.channel.title or program.channel.chat) if several else ""
    for draft in await standing_drafts.standing(db, program.channel.id):
        shown = await messages.standing(db, draft.intent) if draft.rubric == "roundup" else None
        if shown is not None:
            name = await _linked(db, draft.intent, wording.text("evening.draft"))
            at = wording.moment(draft.slot_at, now)
            return wording.html("evening.stands", channel=channel, name=name, at=at), shown[1]
    rubric = program.find("roundup")
    assert rubric is not None  # the caller found it
    slot = next_after(timings([rubric]), program.newsroom.zone, now)
    assert slot is not None  # a rubric has walls
    at, ahead = wording.moment(slot.at, now), slot.at - program.draft_ahead
    if program.draft_ahead <= timedelta() or ahead <= now:
        return wording.html("evening.comes", channel=channel, at=at), None
    return wording.html("evening.later", channel=channel, at=at, draft=wording.moment(ahead, now)), None


async def _bring_back(desk: Desk, rubric: str | None, now: datetime) -> None:
    """A draft whose message somebody deleted is shown again."""
    for draft in await standing_drafts.standing(desk.db.screens):
        if rubric in (None, draft.rubric) and await messages.standing(desk.db.screens, draft.intent) is None:
            said = parameters(await draft_paint.look(desk.db.screens, desk.easel, draft, now))
            async with desk.db.transaction() as tx:
                await sittings.again(tx, draft, said | {"disable_notification": True}, now)


async def _linked(db: Reading, intent: str, name: str) -> Markup:
    """The name, leading to the message; only a supergroup's messages have addresses."""
    shown = await messages.standing(db, intent)
    if shown is None or not str(shown[0]).startswith("-100"):
        return Markup("{}").format(name)
    return Markup('<a href="{}">{}</a>').format(message_url(str(shown[0]), shown[1]), name)
