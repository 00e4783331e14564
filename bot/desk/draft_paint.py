"""Keeps the message that shows a draft true: whatever the news, an editor or the clock makes of it, it shows that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.desk import draft_page, draft_urge
from bot.desk.draft_acts import can_undo
from bot.desk.draft_page import Outlook, Row, View
from bot.desk.flag_page import NOTHING, Question
from bot.desk.paint import Easel
from bot.editions import programs
from bot.editions.choosing import Choice
from bot.editions.compose import Proof, candidates, window_start
from bot.editions.drafting import followed
from bot.editions.fragments import opening
from bot.editions.packing import TooLong, units, visible
from bot.editions.prepare import proof
from bot.editions.program import Program
from bot.judgement.changes import change
from bot.judgement.echo import grave
from bot.judgement.flags import found
from bot.screen import Page, message_url, parameters
from storage import channels, drafts, editions, messages, outbox, posts, sittings, stories
from storage.database import Database, Reading, Transaction
from storage.editorial import Draft, DraftLine
from storage.model import DESK, Parcel

FOLLOWED: Final = timedelta(days=1)  # so long a message tells what becomes of its edition


async def keep_up(db: Database, easel: Easel, clock: Callable[[], datetime]) -> None:
    """Every draft has its message, which shows what is so; who must approve one is reminded, and alarmed, once."""
    if easel.newsroom.admin_chat is None:
        return
    for edition_id in await sittings.shown_since(db.screens, clock() - FOLLOWED):
        await paint(db, easel, edition_id, clock())
        await draft_urge.urge(db, easel, edition_id, clock())


async def paint(db: Database, easel: Easel, edition_id: int, now: datetime) -> None:
    """The draft's message shows what is so. It is made beside the writer: an editor who was faster paints it then."""
    seen = await drafts.get(db.screens, edition_id)
    if seen is None:
        return
    sat = await sittings.get(db.screens, seen)
    page = await look(db.screens, easel, seen, now)
    if _stands(page, await sittings.shown(db.screens, seen)):
        return
    async with db.transaction() as tx:
        fresh = await drafts.get(tx, edition_id)
        if fresh == seen and await sittings.get(tx, seen) == sat:
            await _want(tx, easel, seen, page, now)


async def ended(tx: Transaction, easel: Easel, what: Parcel, now: datetime) -> None:
    """A message of the edition came to an end: sent, refused, dropped or in doubt. Its draft's message says so."""
    draft = await drafts.get(tx, what.edition_id) if what.edition_id is not None else None
    shown = await sittings.shown(tx, draft) if draft is not None and what.intent.startswith("edition:") else None
    if draft is not None and shown is not None and not _stands(page := await look(tx, easel, draft, now), shown):
        await _want(tx, easel, draft, page, now)


async def look(db: Reading, easel: Easel, draft: Draft, now: datetime) -> Page:
    """The message as it should stand now."""
    program = await programs.numbered(db, easel.house, draft.channel_id)
    sitting = await sittings.get(db, draft)
    who = sitting.acted_by if draft.state == "skipped" else draft.settled_by
    several = len(await channels.every(db)) > 1
    view = View(
        draft,
        sitting,
        channel=(program.channel.title or program.channel.chat) if several else "",
        approval=program.approval,
        paused=program.channel.paused_at is not None,
        undo=await can_undo(db, program, draft, sitting, now),
        editor=await posts.name_of(db, who) if who else "",
        writer=await posts.name_of(db, sitting.writer) if sitting.writer else "",
    )
    if draft.state != "drafted":
        return draft_page.show(await _of_ended(db, view), easel.wording, now)
    return draft_page.show(await _of_standing(db, view, program, now), easel.wording, now)


async def made(db: Reading, program: Program, draft: Draft, now: datetime) -> tuple[Proof | None, Sequence[Choice]]:
    """The edition as it would go out now, None when a line does not fit a message; and every story that it tells or
    could tell, those that it tells first, in their order."""
    try:
        whole = await proof(db, program, draft, now)
    except TooLong:
        rubric = program.find(draft.rubric)
        assert rubric is not None  # it was composed
        from_at = await window_start(db, program, rubric, now)
        chosen = await candidates(db, program, rubric, from_at, now)
        chosen = followed(draft, chosen, rubric, program.channel.language)
        return None, (*chosen.choices, *chosen.candidates)
    return whole, (*whole.selection.choices, *whole.selection.candidates)


async def _of_standing(db: Reading, view: View, program: Program, now: datetime) -> View:
    draft, rubric = view.draft, program.find(view.draft.rubric)
    if rubric is None:
        return replace(view, outlook="empty")
    whole, choices = await made(db, program, draft, now)
    by_story = {each.ranked.story.id: each for each in reversed(choices)}
    rows = [await _row(db, program, line, by_story[line.story_id]) for line in draft.lines if line.story_id in by_story]
    told = [each for each in by_story.values() if _chosen(draft, each)]
    told.sort(key=lambda each: [line.story_id for line in draft.lines].index(each.ranked.story.id))
    fragments = opening([each.headline for each in told]) if rubric.habits.titled else []
    own = (draft.fragment_a, draft.fragment_b)
    outlook: Outlook = "too_long" if whole is None else ""
    if whole is not None and whole.sheet is None:
        outlook = "few" if whole.selection.choices else "empty"
    parts = whole.sheet.parts if whole is not None and whole.sheet is not None else ()
    return replace(
        view,
        rows=rows,
        fragments=[mine or theirs for mine, theirs in zip(own, fragments, strict=False)],
        stale=await _stale(db, view, fragments, by_story),
        length=sum(units(visible(part.text)) for part in parts),
        fewest=rubric.fewest,
        outlook=outlook,
    )


async def _row(db: Reading, program: Program, line: DraftLine, choice: Choice) -> Row:
    story = choice.ranked.story
    looked_at = line.version if line.own_version is None else line.own_version
    before = await stories.in_state(db, story.id, looked_at)
    went_on = before is not None and change(before, story.state) is not None
    return Row(
        story_id=story.id,
        headline=line.own_text or choice.headline,
        chosen=line.chosen,
        votes=story.votes,
        grave=grave(story.state.toll, [item.title for item in story.items]),
        own=line.own_text is not None,
        news=choice.item.title if went_on else "",
        news_at=story.state.at if went_on else None,
        question=_question(program, line, choice),
    )


def _question(program: Program, line: DraftLine, choice: Choice) -> Question:
    """What keeps the line out; of an editor's own words it is told, and they stand."""
    if line.own_text is not None:
        return Question(found(line.own_text, program.caution))
    return Question(choice.bar.flags, not_before=choice.bar.until_at) if choice.bar is not None else NOTHING


async def _stale(
    db: Reading, view: View, fragments: Sequence[str], by_story: dict[int, Choice]
) -> list[tuple[str, str]]:
    """An editor's fragments that speak of a story which went on since, with what the judgement would say now."""
    found = []
    for place, (name, own) in enumerate((("a", view.draft.fragment_a), ("b", view.draft.fragment_b))):
        story_id, version = view.sitting.leads.get(name, (0, 0))
        now_so = by_story.get(story_id)
        before = await stories.in_state(db, story_id, version)
        if own is None or before is None or place >= len(fragments):
            continue
        if now_so is None or change(before, now_so.ranked.story.state) is not None:
            found.append((name, fragments[place]))
    return found


async def _of_ended(db: Reading, view: View) -> View:
    draft = view.draft
    went = await sittings.went(db, draft.id)
    waiting = [each.due_at for each in await editions.parcels(db, draft.id) if each.state == "waiting"]
    view = replace(view, ended=await sittings.ended_by(db, draft.id), leaves_at=min(waiting, default=None))
    if went is None:
        return view
    chat, message_id, at = went
    url = message_url(chat, message_id) if chat.startswith(("@", "-100")) else ""
    return replace(view, went_at=at, url=url)


def _chosen(draft: Draft, choice: Choice) -> bool:
    return any(line.chosen and line.story_id == choice.ranked.story.id for line in draft.lines)


def _stands(page: Page, shown: object) -> bool:
    return isinstance(shown, dict) and all(shown.get(name) == said for name, said in parameters(page).items())


async def _want(tx: Transaction, easel: Easel, draft: Draft, page: Page, now: datetime) -> None:
    """The message is put, or shows this page from now on. It rings where it needs an editor's word."""
    said = parameters(page)
    if await outbox.find(tx, draft.intent) is not None:
        await messages.want(tx, draft.intent, said)
    elif draft.state == "drafted":
        said |= {"disable_notification": not easel.house.approval}
        what = Parcel(draft.intent, str(easel.newsroom.admin_chat), "sendMessage", said, DESK, now)
        await outbox.put(tx, what, now)
