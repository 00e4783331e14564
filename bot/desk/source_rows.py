"""Where the news is on a page of headlines: editors look at what the bot finds, give a selector, and save it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from aiogram.types import CallbackQuery, Message

from bot import answer
from bot.desk import source_acts, source_trial
from bot.desk.hear import Desk, Heard, tell
from bot.desk.source_pages import Ask
from bot.screen import Page, parameters
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import sources
from storage.database import Reading
from storage.model import Source

LOOKS: Final = ("rows", "auto")  # what is found now, and what is found without a selector


async def look(
    desk: Desk, callback: CallbackQuery, message: Message, ask: Ask, now: datetime, wording: Wording
) -> None:
    """What stands on the page now, in the same message."""
    source = await _listed(desk.db.screens, ask.number)
    if source is None:
        await toast(callback, wording.text("source.toast.stale"))
        return
    await toast(callback, wording.text("source.toast.looking"))
    selector = source.selector if ask.act == "rows" else None
    await turn_page(desk.bot, message, await _tried(desk, source, selector, now, wording))


async def given(desk: Desk, heard: Heard, source_id: int, selector: str) -> None:
    """What the selector finds, below the words that gave it; nothing is saved yet."""
    source = await _listed(desk.db.screens, source_id)
    if source is None:
        await tell(desk, heard, heard.wording.html("source.given.removed"))
        return
    page = await _tried(desk, source, selector, heard.now, heard.wording)
    await answer.once(desk.db, heard.message, below(heard, page), heard.update_id, heard.now, desk.stir)


def kept(message: Message, ask: Ask, source: Source) -> tuple[str, str] | None:
    """What saving does to the source: an act and its value; None when the message shows another page than it has."""
    shown = codes(message)
    if ask.act != "keep" or source.kind != "page" or shown[:1] != [source.url]:
        return None
    if ask.more == "auto":
        return "rows", ""
    return ("rows", shown[1]) if ask.more == "said" and len(shown) > 1 else None


def below(heard: Heard, page: Page) -> dict[str, object]:
    """The page as an answer below the editor's words, without a sound."""
    return parameters(page) | {
        "disable_notification": True,
        "reply_parameters": {"message_id": heard.message.message_id, "allow_sending_without_reply": True},
    }


def codes(message: Message) -> list[str]:
    """What the message shows as code, in order: of an offer the address to read and the one that was asked about, of
    a trial the address and the selector."""
    return [each.extract_from(message.text or "") for each in message.entities or () if each.type == "code"]


async def _listed(db: Reading, source_id: int) -> Source | None:
    source = await sources.get(db, source_id)
    return source if source is not None and source.kind == "page" and source.state != "gone" else None


async def _tried(desk: Desk, source: Source, selector: str | None, now: datetime, wording: Wording) -> Page:
    zone = ZoneInfo(source.timezone) if source.timezone else desk.easel.newsroom.zone
    return source_trial.page(
        await source_acts.tried(desk.fetch, desk.parser, source, selector, now, zone), wording, now
    )
