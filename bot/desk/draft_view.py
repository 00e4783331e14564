"""«👁 Як у каналі»: a draft's edition as it would go out now, shown to the editor who asks and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiogram.exceptions import TelegramAPIError
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, EphemeralMessageParameters, Message, Update

from bot.delivery.calls import METHODS, Unsendable
from bot.desk import draft_paint
from bot.desk.hear import Desk
from bot.editions.covers import Call, dressed
from bot.editions.program import Program
from bot.toast import toast
from bot.wording import Wording
from storage import updates
from storage.editorial import Draft
from storage.model import DESK, Parcel


async def whisper(
    desk: Desk, callback: CallbackQuery, update: Update, program: Program, draft: Draft, now: datetime, wording: Wording
) -> None:
    """All its parts, the same but for the chat and the sound.

    At most once: the mark goes before, for one that a restart has lost is tapped for again.
    """
    async with desk.db.transaction() as tx:
        await updates.done(tx, update.update_id, now)
    wanted = draft.state == "drafted" and program.find(draft.rubric) is not None
    whole = (await draft_paint.made(desk.db.screens, program, draft, now))[0] if wanted else None
    if whole is None or whole.sheet is None:
        await toast(callback, wording.text("draft.toast.no_view"), alert=True)
        return
    calls = dressed(program, whole.rubric, whole.slot, whole.selection.choices, whole.sheet, silent=True).calls
    ephemeral = EphemeralMessageParameters(receiver_user_id=callback.from_user.id, callback_query_id=callback.id)
    places: tuple[tuple[dict[str, Any], str], ...] = (
        ({"chat_id": desk.easel.newsroom.admin_chat, "ephemeral_message_parameters": ephemeral}, "toast.preview"),
        ({"chat_id": callback.from_user.id}, "toast.preview.private"),
    )
    for place, key in places:
        if await _shown(desk, calls, place, now):
            await toast(callback, wording.text(key))
            return
    await toast(callback, wording.text("toast.preview.failed"), alert=True)


async def _shown(desk: Desk, calls: Sequence[Call], place: dict[str, Any], now: datetime) -> bool:
    """Whether every part was taken there."""
    for each in calls:
        what = Parcel("", "", each.method, each.parameters, DESK, now)
        try:
            ready = await desk.uploads.ready(what, desk.db.screens) if desk.uploads is not None else what
            method: TelegramMethod[Message] = METHODS[each.method](**ready.payload, **place)
            await desk.bot(method)
        except (TelegramAPIError, Unsendable):
            return False
    return True
