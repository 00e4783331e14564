"""Where drafts are approved: reminds of one that nobody approved, and alarms when its time has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import notes
from bot.desk.paint import Easel
from bot.editions import programs
from bot.editions.named import edition_words
from bot.editions.prepare import ALARM, LAST_LOOK
from bot.editions.publish import slot_of
from storage import drafts, messages, outbox
from storage.database import Database, Transaction
from storage.editorial import Draft
from storage.model import DESK, Parcel


async def urge(db: Database, easel: Easel, edition_id: int, now: datetime) -> None:
    """A reminder five minutes before the slot and an alarm ten minutes after, each once."""
    draft = await drafts.get(db.screens, edition_id)
    if draft is None or not easel.house.approval or _urgency(draft, now) is None:
        return
    async with db.transaction() as tx:
        fresh = await drafts.get(tx, edition_id)
        program = await programs.numbered(tx, easel.house, draft.channel_id)
        urgency = _urgency(fresh, now) if fresh is not None else None
        if fresh is None or urgency is None or program.channel.paused_at is not None:
            return
        await drafts.mark(tx, fresh.id, urgency, now)
        await outbox.put(tx, await _note(tx, easel, fresh, urgency, now), now)


def _urgency(draft: Draft, now: datetime) -> str | None:
    if draft.state != "drafted" or draft.approved_at is not None or draft.held_at is not None:
        return None
    if draft.alarmed_at is None and now >= draft.slot_at + ALARM:
        return "alarmed"
    if draft.reminded_at is None and draft.slot_at - LAST_LOOK <= now < draft.slot_at:
        return "reminded"
    return None


async def _note(tx: Transaction, easel: Easel, draft: Draft, urgency: str, now: datetime) -> Parcel:
    """Below the draft's message, with a sound."""
    edition = edition_words(draft.rubric, slot_of(draft).wall_time, easel.wording)
    key = "note.draft.late" if urgency == "alarmed" else "note.draft.soon"
    text = easel.wording.html(key, edition=edition, at=easel.wording.at(draft.slot_at))
    what = notes.message(
        str(easel.newsroom.admin_chat), text, intent=f"note:{draft.intent}:{urgency}", priority=DESK, now=now,
        silent=False,
    )  # fmt: skip
    shown = await messages.standing(tx, draft.intent)
    if shown is None:
        return what
    below = {"message_id": shown[1], "allow_sending_without_reply": True}
    return replace(what, payload={**what.payload, "reply_parameters": below})
