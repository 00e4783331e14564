"""Does what an editor's tap or reply says about a draft: first writer wins, each act can be taken back, all is in the
journal. What an editor sends at once is served here, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.desk import draft_moves as moves
from bot.desk.draft_moves import Move, Moved, Touch
from bot.editions.packing import TooLong
from bot.editions.prepare import expires_at, proof
from bot.editions.program import Program
from bot.editions.publish import goes, slot_of
from bot.editions.serve import Place, serve
from storage import drafts, editions, journal, outbox, sittings
from storage.database import Reading, Transaction
from storage.editorial import Draft, Sitting

TAKEN_BACK: Final = "an editor took it back"
CALLED: Final = {"yes": "approve", "now": "release"}  # by the journal


@dataclass(frozen=True, slots=True)
class Kind:
    """A move, and what holds of it: the right that it needs, and whether it changes what goes out (`words`). `held`:
    only a held draft has it (True), only one that is not (False), either (None)."""

    move: Move
    right: str = "draft.edit"
    words: bool = False
    held: bool | None = None


KINDS: Final[Mapping[str, Kind]] = {
    "on": Kind(moves.choose(True), words=True),
    "off": Kind(moves.choose(False), words=True),
    "order": Kind(moves.order),
    "line": Kind(moves.line),
    "back": Kind(moves.back, "view"),
    "up": Kind(moves.up, words=True),
    "down": Kind(moves.down, words=True),
    "first": Kind(moves.first, words=True),
    "last": Kind(moves.last, words=True),
    "next": Kind(moves.following, words=True),
    "keep": Kind(moves.keep, words=True),
    "fresh": Kind(moves.fresh, words=True),
    "swap": Kind(moves.swap, words=True),
    "a": Kind(moves.write("a")),
    "b": Kind(moves.write("b")),
    "words": Kind(moves.write("line")),
    "leave": Kind(moves.leave),
    "auto": Kind(moves.automatic, words=True),
    "yes": Kind(moves.approve, "draft.settle", held=False),
    "hold": Kind(moves.hold, "draft.settle", held=False),
    "plan": Kind(moves.plan, "draft.settle", held=True),
    "skip": Kind(moves.skip, "draft.settle", held=True),
}
# What an editor means by these is the same after the news: a line is put in or left out by its story.
FORGIVING: Final = frozenset({"on", "off", "order", "line", "back", "a", "b", "words", "leave", "hold"})
RIGHTS: Final = {"now": "draft.settle", "undo": "draft.edit", "view": "view"} | {
    name: kind.right for name, kind in KINDS.items()
}


async def act(tx: Transaction, program: Program, draft: Draft, name: str, touch: Touch, grace: timedelta) -> Moved:
    """What came of the tap; the draft in it is as it stands afterwards."""
    sitting = await sittings.get(tx, draft)
    if name == "undo":
        return await _undo(tx, program, draft, sitting, touch)
    if draft.state != "drafted":
        return Moved(draft, sitting, "over")
    if name == "now":
        return await _go(tx, program, draft, sitting, touch, touch.now + grace)
    kind = KINDS[name]
    if kind.held is not None and kind.held != (draft.held_at is not None):
        return Moved(draft, sitting, "stale.again")
    if name == "plan" and touch.now >= draft.slot_at:
        return Moved(draft, sitting, "too_late")
    if name == "yes" and touch.now >= draft.slot_at and program.channel.paused_at is None:
        return await _go(tx, program, draft, sitting, touch, touch.now)
    try:
        done = kind.move(draft, sitting, touch)
    except moves.Gone:
        return Moved(draft, sitting, "gone")
    return await write(tx, draft, done, name, touch)


async def write(tx: Transaction, draft: Draft, done: Moved, name: str, touch: Touch) -> Moved:
    """The act is remembered, with the way back from it when it changed the draft."""
    if done.draft == draft:
        await sittings.put(tx, draft.id, done.sitting)
        return done
    changed = await drafts.change(
        tx, draft, done.draft, touch.now, touched=changes_words(name) or name in ("line", "fragment")
    )
    assert changed  # read in this transaction
    after = await _get(tx, draft.id)
    return Moved(after, await _sat(tx, draft, after, done.sitting, name, touch), done.toast, done.number)


async def _go(
    tx: Transaction, program: Program, draft: Draft, sitting: Sitting, touch: Touch, due_at: datetime
) -> Moved:
    """Out at `due_at`, with a way back until then. One that has too little to tell stays a draft."""
    if program.find(draft.rubric) is None:
        return Moved(draft, sitting, "over")
    if program.channel.paused_at is not None:
        return Moved(draft, sitting, "paused")
    done = moves.approve(draft, sitting, touch)
    try:
        if (await proof(tx, program, done.draft, touch.now)).sheet is None:
            return Moved(draft, sitting, "few")
    except TooLong:
        return Moved(draft, sitting, "too_long")
    await drafts.change(tx, draft, done.draft, touch.now, touched=False)
    await serve(tx, program, Place(slot_of(draft), draft.id, due_at, asked=True), touch.now)
    after = await _get(tx, draft.id)
    return Moved(after, await _sat(tx, draft, after, done.sitting, "now", touch), "sent")


async def _undo(tx: Transaction, program: Program, draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The draft as it was before the last act, as long as nothing of it went out and it would not leave at once."""
    before = sitting.undo
    if before is None:
        return Moved(draft, sitting, "no_undo")
    if not await can_undo(tx, program, draft, sitting, touch.now):
        return Moved(draft, sitting, "too_late")
    seen = draft
    if draft.state == "approved":
        for parcel in await editions.parcels(tx, draft.id):
            await outbox.dropped(tx, parcel.id, TAKEN_BACK, touch.now)
        await editions.remake(
            tx, draft.id, from_at=draft.from_at, until_at=max(draft.from_at, touch.now), state="drafted", now=touch.now
        )
        draft = await _get(tx, draft.id)
    await drafts.change(tx, draft, _restored(draft, before), touch.now, touched=False)
    after = await _get(tx, draft.id)
    return Moved(after, await _sat(tx, seen, after, replace(sitting, undo=None), "undo", touch), "undone")


async def can_undo(db: Reading, program: Program, draft: Draft, sitting: Sitting, now: datetime) -> bool:
    """Whether the last act can be taken back: nothing went, and as it was it would not go at once."""
    before = sitting.undo
    if before is None or now >= expires_at(draft, program):
        return False
    if draft.state == "approved":
        parcels = await editions.parcels(db, draft.id)
        waiting = all(parcel.state == "waiting" and parcel.due_at > now for parcel in parcels)
        if draft.version != sitting.version or not parcels or not waiting:
            return False  # the clock sent it, or it is on its way
    elif draft.state not in ("drafted", "skipped") or (draft.state == "skipped" and sitting.act != "skip"):
        return False
    return now < draft.slot_at or not goes(before, program)


def _restored(draft: Draft, before: Draft) -> Draft:
    return replace(
        draft,
        lines=before.lines,
        fragment_a=before.fragment_a,
        fragment_b=before.fragment_b,
        approved_at=before.approved_at,
        held_at=before.held_at,
        settled_by=before.settled_by,
        state="drafted",
    )


async def _sat(tx: Transaction, before: Draft, after: Draft, sitting: Sitting, name: str, touch: Touch) -> Sitting:
    undo = None if name == "undo" else before
    sat = replace(sitting, act=name, acted_at=touch.now, acted_by=touch.editor, version=after.version, undo=undo)
    await sittings.put(tx, after.id, sat)
    was, became = _told(before), _told(after)
    called = CALLED.get(name, name)
    await journal.write(tx, called, f"edition:{after.id}", touch.now, actor=touch.editor, was=was, became=became)
    return sat


def _told(draft: Draft) -> str:
    """The draft in the journal: its state, the stories that it tells in their order, and editors' words."""
    state = draft.state
    if state == "drafted" and (draft.held_at or draft.approved_at):
        state = "held" if draft.held_at else "approved"
    lines = [
        f"{each.story_id}: {each.own_text}" if each.own_text else str(each.story_id)
        for each in draft.lines
        if each.chosen
    ]
    own = [each for each in (draft.fragment_a, draft.fragment_b) if each]
    return "; ".join([state, *own, *lines])


def changes_words(name: str) -> bool:
    """Whether the act is about what goes out, and not about whether it goes."""
    return name in KINDS and KINDS[name].words


async def _get(tx: Transaction, edition_id: int) -> Draft:
    draft = await drafts.get(tx, edition_id)
    assert draft is not None  # editions are never deleted
    return draft
