"""What editors tap to withdraw a story that only editions told: the note that asked about it shows all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiogram.types import Message, User
from markupsafe import escape

from bot.desk import afterlife, correct_page, reach, withdraw
from bot.desk.correct_page import Subject
from bot.desk.hear import Desk
from bot.screen import Page, parameters
from bot.wording import Wording
from storage import corrections, messages, outbox
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Tapped:
    """One tap, on what, by whom."""

    act: str
    what: Subject
    argument: int
    editor: User
    now: datetime
    wording: Wording


async def on_story(tx: Transaction, desk: Desk, tapped: Tapped, message: Message) -> str:
    """A story that only editions told is withdrawn in the note that asked about it."""
    wording, easel, now = tapped.wording, desk.easel, tapped.now
    home = await corrections.home_of(tx, message.chat.id, message.message_id)
    found = await reach.of_story(tx, tapped.what.id, now)
    if home is None or not found.editions:
        return wording.text("toast.not_now")
    if tapped.act == "kill":
        await messages.want(tx, home, parameters(correct_page.killing(tapped.what, found, easel.wording, now)))
        return wording.text("correct.toast.kill")
    if tapped.act != "gone":
        parcel = await outbox.find(tx, home)
        await corrections.drop(tx, home)
        await messages.want(tx, home, parcel.payload if parcel else parameters(Page(escape(found.title))))
        return wording.text("correct.toast.back")
    reason = correct_page.REASONS[tapped.argument % (len(correct_page.REASONS) - 1)]
    story = tapped.what.id
    going = await withdraw.begin(tx, tapped.what, home, story, reason, tapped.editor.id, now, desk.grace)
    if reason == withdraw.URGENT_REASON:
        await afterlife.take_back(tx, easel, going, now)
        return wording.text("correct.toast.hidden")
    await messages.want(tx, home, parameters(correct_page.leaving(tapped.what, going, found.title, easel.wording)))
    return wording.text("correct.toast.leaving")
