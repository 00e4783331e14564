"""/sources: the editors' hand on where news comes from. The first page is an answer, the next ones edit it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from aiogram.types import CallbackQuery, Message, Update
from markupsafe import Markup

from bot import answer
from bot.desk import said, source_acts, source_offer, source_pages, source_rows, source_words
from bot.desk.hear import Desk, Heard, may_not, tell
from bot.desk.source_offer import KINDS, Offer
from bot.desk.source_pages import FIELDS, Ask
from bot.desk.source_rows import below, codes
from bot.desk.source_words import Unmeant
from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.passes import trouble_words
from bot.screen import Page
from bot.toast import toast
from bot.turn import turn as turn_page
from bot.wording import Wording
from storage import catalogue, posts, updates

SET, REMOVE = "source.set", "source.remove"  # rights
_LOOKS: Final = ("list", "open", "drop")
_ASKED: Final[Mapping[str, str]] = {
    "weight": "weight", "tongue": "language", "remove": "remove",
    "name": "name", "address": "address", "section": "section", "zone": "zone",
}  # fmt: skip


async def sources(desk: Desk, heard: Heard, command: str) -> None:
    """/sources: everyone's health; with an address, or in reply to one: what can be read there."""
    replied = heard.message.reply_to_message
    words = said.content(heard.message, after=command).text
    words = words or (said.content(replied).text if replied is not None else "")
    if not words.strip():
        known = await source_acts.all_known(desk.db.slow, heard.now)
        await _show(desk, heard, source_pages.overview(known, 0, heard.wording, heard.now))
    elif (url := source_offer.address(words)) is None:
        await tell(desk, heard, heard.wording.html("source.bad_address"))
    elif (offer := await _found(desk, heard, url)) is not None:
        held = await catalogue.holder(desk.db.screens, offer.url)
        note = heard.wording.html("source.known") if held is not None else ""
        page = await _page(desk, held, heard.wording, heard.now, note=note) if held is not None else None
        await _show(desk, heard, page or source_offer.page(offer, heard.wording, heard.now))


def asked(message: Message) -> tuple[int, str] | None:
    """The source and the field that this message gives a value for: it is a reply to the bot's question."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot or replied.reply_markup is None:
        return None
    data = [button.callback_data for row in replied.reply_markup.inline_keyboard for button in row]
    asks = [ask for each in data if (ask := source_pages.read(each or ""))]
    return next(((ask.number, ask.more) for ask in asks if ask.act == "open" and ask.more in FIELDS), None)


async def given(desk: Desk, heard: Heard, source_id: int, field: str) -> None:
    """Words in reply to the bot's question are the source's new name, address, section or zone, or its rows'
    selector."""
    words = " ".join(said.content(heard.message).text.split())
    if not words:
        return
    if not await desk.roles.may(heard.editor.id, SET):
        await tell(desk, heard, Markup("{}").format(may_not(heard.wording, await desk.roles.who_may(SET))))
        return
    if field == "rows":
        await source_rows.given(desk, heard, source_id, words)
    elif field != "address":
        try:
            await _give(desk, heard, source_id, field, source_words.value(field, words))
        except Unmeant as error:
            await tell(desk, heard, heard.wording.html(error.key, said=error.said))
    elif (url := source_offer.address(words)) is None:
        await tell(desk, heard, heard.wording.html("source.bad_address"))
    elif (offer := await _found(desk, heard, url)) is not None:
        await _give(desk, heard, source_id, field, offer)


async def turn(desk: Desk, callback: CallbackQuery, event_update: Update, now: datetime, wording: Wording) -> None:
    """Does what the button says and shows in the same message what came of it. Anyone here may look."""
    ask, message = source_pages.read(callback.data or ""), callback.message
    if ask is None or not isinstance(message, Message):
        await toast(callback, wording.text("desk.toast.stale"))
        return
    if ask.act not in ("list", "open", "next", "drop"):
        right = REMOVE if ask.act in ("remove", "gone") else SET
        if not await desk.roles.may(callback.from_user.id, right):
            await toast(callback, may_not(wording, await desk.roles.who_may(right)), alert=True)
            return
    if ask.act == "next":
        await _next(desk, callback, message, ask, now, wording)
    elif ask.act in source_rows.LOOKS:
        await source_rows.look(desk, callback, message, ask, now, wording)
    elif ask.act in _LOOKS or ask.act in _ASKED:
        await toast(callback, wording.text("source.toast.reply" if ask.act in FIELDS else "source.toast.shown"))
        await turn_page(desk.bot, message, await _looked(desk, ask, now, wording))
    else:
        await _act(desk, callback, message, event_update, ask, now, wording)


async def _act(
    desk: Desk, callback: CallbackQuery, message: Message, update: Update, ask: Ask, now: datetime, wording: Wording
) -> None:
    editor, key = callback.from_user, "stale"
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, editor.id, editor.first_name, now)
        if ask.act == "add":
            url, kind = codes(message)[:1], next((each for each in KINDS if each == ask.more), None)
            if url and kind is not None:
                number, new = await source_acts.add(tx, url[0], kind, editor.id, now)
                ask, key = Ask("open", number), "added" if new else "known"
        else:
            found = await source_acts.known(tx, ask.number, now)
            wanted = source_pages.wanted(ask) or (source_rows.kept(message, ask, found.source) if found else None)
            if found is not None and wanted is not None:
                await source_acts.change(tx, found.source, *wanted, editor.id, now, desk.easel.wording)
                key = wanted[0]
        await updates.done(tx, update.update_id, now)
    desk.stir()
    await toast(callback, wording.text(f"source.toast.{key}"))
    shown = Ask("list") if key in ("remove", "stale") else Ask("open", ask.number)
    await turn_page(desk.bot, message, await _looked(desk, shown, now, wording))


async def _give(desk: Desk, heard: Heard, source_id: int, field: str, value: str | Offer) -> None:
    """The change, and the source's page below the words that made it, in one transaction."""
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, heard.editor.id, heard.editor.first_name, heard.now)
        found, key = await source_acts.known(tx, source_id, heard.now), field
        if found is None:
            key = "removed"
        elif isinstance(value, str):
            await source_acts.change(tx, found.source, field, value, heard.editor.id, heard.now, desk.easel.wording)
        elif not await source_acts.move(tx, found.source, value, heard.editor.id, heard.now, desk.easel.wording):
            key = "taken"
        after, note = await source_acts.known(tx, source_id, heard.now), heard.wording.html(f"source.given.{key}")
        page = source_pages.one(after, heard.wording, heard.now, note=note) if after else Page(note)
        await answer.put(tx, heard.message, below(heard, page), heard.update_id, heard.now)
    desk.stir()


async def _next(
    desk: Desk, callback: CallbackQuery, message: Message, ask: Ask, now: datetime, wording: Wording
) -> None:
    """Another of the addresses that the site has."""
    await toast(callback, wording.text("source.toast.searching"))
    if not (offered := codes(message)):
        return
    zone = desk.easel.newsroom.zone
    try:
        offer = await source_acts.find(desk.fetch, desk.parser, offered[-1], now, zone, ask.number)
    except (Refused, UnreadableFeed) as error:
        await turn_page(
            desk.bot, message, Page(wording.html("source.unreadable", trouble=trouble_words(wording, error)))
        )
        return
    await turn_page(desk.bot, message, source_offer.page(offer, wording, now))


async def _found(desk: Desk, heard: Heard, url: str) -> Offer | None:
    """What can be read at the address; None, and the editor is told why, when nothing can."""
    zone = desk.easel.newsroom.zone
    try:
        return await source_acts.find(desk.fetch, desk.parser, url, heard.now, zone)
    except (Refused, UnreadableFeed) as error:
        await tell(desk, heard, heard.wording.html("source.unreadable", trouble=trouble_words(heard.wording, error)))
        return None


async def _looked(desk: Desk, ask: Ask, now: datetime, wording: Wording) -> Page:
    if ask.act == "drop":
        return Page(wording.html("source.dropped"))
    if ask.act != "list":
        page = await _page(desk, ask.number, wording, now, asking=_ASKED.get(ask.act, ""))
        if page is not None:
            return page
    number = ask.number if ask.act == "list" else 0
    return source_pages.overview(await source_acts.all_known(desk.db.slow, now), number, wording, now)


async def _page(
    desk: Desk, source_id: int, wording: Wording, now: datetime, *, asking: str = "", note: Markup | str = ""
) -> Page | None:
    found = await source_acts.known(desk.db.slow, source_id, now)
    return source_pages.one(found, wording, now, asking, note) if found else None


async def _show(desk: Desk, heard: Heard, page: Page) -> None:
    await answer.once(desk.db, heard.message, below(heard, page), heard.update_id, heard.now, desk.stir)
