"""What editors tap below a draft and write in reply to it: rights, the version and the lease are checked each time."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery, Update
from markupsafe import escape

from bot.desk import draft_acts, draft_moves, draft_paint, draft_view, draft_words
from bot.desk.draft_moves import Moved, Touch
from bot.desk.draft_page import DATA
from bot.desk.hear import Desk, Heard, may_not, react, tell
from bot.editions import programs
from bot.editions.choosing import Bar
from bot.editions.program import Program
from bot.toast import toast
from bot.wording import Wording
from storage import drafts, flags, posts, sittings, stories, updates
from storage.database import Reading, Transaction
from storage.editorial import Draft

NEEDS_TITLE = ("swap", "a", "b", "auto")  # what is done to the title has to know which stories it is made of


async def tap(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says, or says why not; the message shows what is so in either case."""
    found = DATA.fullmatch(callback.data or "")
    draft = await drafts.get(desk.db.screens, int(found[2])) if found else None
    if found is None or draft is None or found[1] not in draft_acts.RIGHTS:
        await toast(callback, wording.text("desk.toast.stale"))
        return
    name, version, story_id = found[1], int(found[3]), int(found[4]) if found[4] else None
    program = await programs.numbered(desk.db.screens, desk.easel.house, draft.channel_id)
    right, chat = draft_acts.RIGHTS[name], program.channel.chat
    if not await desk.roles.may(callback.from_user.id, right, chat):
        await toast(callback, may_not(wording, await desk.roles.who_may(right, chat)), alert=True)
        return
    if name == "view":
        await draft_view.whisper(desk, callback, event_update, program, draft, now, wording)
        return
    leads = await _leads(desk.db.screens, program, draft, now) if name in NEEDS_TITLE else ()
    editor = callback.from_user
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, editor.id, editor.first_name, now)
        touch = Touch(editor.id, now, story_id, await _version(tx, story_id), leads, program.approval)
        said = await _act(tx, desk, program, draft.id, name, version, touch, wording)
        await updates.done(tx, event_update.update_id, now)
    await toast(callback, said)
    await draft_paint.paint(desk.db, desk.easel, draft.id, now)
    desk.stir()


async def reply(desk: Desk, heard: Heard, edition_id: int) -> None:
    """An answer to the draft's message: the words that its writer was asked for, or talk with the bot."""
    draft = await drafts.get(desk.db.screens, edition_id)
    assert draft is not None  # editions are never deleted
    program = await programs.numbered(desk.db.screens, desk.easel.house, draft.channel_id)
    right, chat, wording = "draft.edit", program.channel.chat, heard.wording
    if not await desk.roles.may(heard.editor.id, right, chat):
        await tell(desk, heard, escape(may_not(wording, await desk.roles.who_may(right, chat))))
        return
    sat = await sittings.get(desk.db.screens, draft)
    if sat.writes is None or sat.written_by(heard.now) != heard.editor.id:
        await tell(desk, heard, await _not_asked(desk.db.screens, draft, heard))
        return
    try:
        words = draft_words.read(heard.message.text or "", sat.writes)
    except draft_words.Unfit as unfit:
        await tell(
            desk, heard, wording.count("draft.too_long", unfit.over) if unfit.over else wording.html("draft.wordless")
        )
        return
    leads = await _leads(desk.db.screens, program, draft, heard.now)
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, heard.editor.id, heard.editor.first_name, heard.now)
        version = await _version(tx, sat.writes_of)
        touch = Touch(heard.editor.id, heard.now, sat.writes_of, version, leads, program.approval)
        taken = await _take_words(tx, draft.id, touch, words)
        await updates.done(tx, heard.update_id, heard.now)
    await draft_paint.paint(desk.db, desk.easel, draft.id, heard.now)
    desk.stir()
    await react(desk, heard.message, "👌" if taken else "🤷")


async def _take_words(tx: Transaction, edition_id: int, touch: Touch, words: str | None) -> bool:
    """Whether the words stand: not when the draft went, or somebody took the lease, while they were read."""
    draft = await drafts.get(tx, edition_id)
    assert draft is not None  # editions are never deleted
    sat = await sittings.get(tx, draft)
    if draft.state != "drafted" or sat.written_by(touch.now) != touch.editor:
        return False
    done = draft_moves.worded(draft, sat, touch, words)
    await draft_acts.write(tx, draft, done, "line" if sat.writes == "line" else "fragment", touch)
    return done.toast != "gone"


async def _act(
    tx: Transaction, desk: Desk, program: Program, edition_id: int, name: str, version: int, touch: Touch,
    wording: Wording,
) -> str:  # fmt: skip
    """What is said about it."""
    draft = await drafts.get(tx, edition_id)
    assert draft is not None  # editions are never deleted
    sat = await sittings.get(tx, draft)
    by_news = version >= sat.version  # no editor changed it since the button was shown
    if draft.version != version and not (by_news and name in draft_acts.FORGIVING and draft.state == "drafted"):
        if draft.state != "drafted":
            return wording.text("draft.toast.over")
        if by_news:
            return wording.text("draft.toast.news")
        editor = await posts.name_of(tx, sat.acted_by)
        return wording.text("draft.toast.stale", at=wording.at(sat.acted_at), editor=editor)
    if name == "on" and (bar := await _bar(tx, program, draft, touch)) is not None:
        if draft.version != version:
            return wording.text("draft.toast.news")  # what it names was not shown with this button
        if bar.until_at is not None and bar.until_at > draft.slot_at:
            return wording.text("flag.toast.early", at=wording.moment(bar.until_at, touch.now))
        await _let(tx, bar, touch)
    done = await draft_acts.act(tx, program, draft, name, touch, desk.grace)
    if draft.approved_at is not None and done.draft.approved_at is None and draft_acts.changes_words(name):
        return wording.text("draft.toast.reopened")
    return await _said(tx, done, draft, touch, wording)


async def _bar(db: Reading, program: Program, draft: Draft, touch: Touch) -> Bar | None:
    """Why the line is left out until an editor puts it in; None when nothing is asked about it, or it is in."""
    if any(line.chosen and line.story_id == touch.story_id for line in draft.lines):
        return None
    _, choices = await draft_paint.made(db, program, draft, touch.now)
    return next((each.bar for each in choices if each.ranked.story.id == touch.story_id), None)


async def _let(tx: Transaction, bar: Bar, touch: Touch) -> None:
    """Whoever puts the line in has seen what it names, and lets it be told."""
    keys = [flag.key for flag in bar.flags]
    await flags.answer(tx, keys, "allowed", touch.editor, touch.now, story_id=touch.story_id)


async def _said(db: Reading, done: Moved, before: Draft, touch: Touch, wording: Wording) -> str:
    writer = done.sitting.written_by(touch.now)
    return wording.text(
        f"draft.toast.{done.toast}",
        number=done.number,
        at=wording.at(before.slot_at),
        editor=await posts.name_of(db, writer) if writer else "",
        until=wording.clock(done.sitting.until_at) if done.sitting.until_at else "",
    )


async def _not_asked(db: Reading, draft: Draft, heard: Heard) -> str:
    """Why nothing was done with the reply, and what to do."""
    if draft.state != "drafted":
        return heard.wording.html("draft.reply.over")
    sat = await sittings.get(db, draft)
    writer = sat.written_by(heard.now)
    if writer is None or sat.until_at is None:
        return heard.wording.html("draft.reply.how")
    editor, until = await posts.name_of(db, writer), heard.wording.clock(sat.until_at)
    return heard.wording.html("draft.reply.busy", editor=editor, until=until)


async def _leads(db: Reading, program: Program, draft: Draft, now: datetime) -> tuple[tuple[int, int], ...]:
    """The stories that the title is made of, each with the state it is in; none when the edition has no title."""
    rubric = program.find(draft.rubric)
    if draft.state != "drafted" or rubric is None or not rubric.habits.titled:
        return ()
    whole, choices = await draft_paint.made(db, program, draft, now)
    told = whole.selection.choices if whole is not None else choices
    found = draft_words.leads(told)
    return tuple((each.ranked.story.id, each.ranked.story.state.version) for each in found)


async def _version(db: Reading, story_id: int | None) -> int:
    state = await stories.standing(db, story_id) if story_id is not None else None
    return state.version if state is not None else 0
