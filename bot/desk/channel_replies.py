"""What editors answer to a page of /settings that waits for words: times, a signature, quiet hours."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import Message
from markupsafe import Markup

from bot import answer
from bot.desk import channel_acts, channel_page, said, schedule_acts, schedule_page, schedule_words
from bot.desk.channel_acts import Said
from bot.desk.channel_page import SIGNATURE_UNITS, Ask, Found
from bot.desk.channel_taps import ANSWERED, SET, may, page_of
from bot.desk.hear import Desk, Heard, may_not, tell
from bot.desk.source_rows import below
from bot.editions.packing import units
from bot.screen import Page
from storage import channels, posts
from storage.database import Transaction


def asked(message: Message) -> Ask | None:
    """What this message gives a value for: it is a reply to a page that waits for one."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot or replied.reply_markup is None:
        return None
    data = [button.callback_data for row in replied.reply_markup.inline_keyboard for button in row]
    asks = [ask for each in data if (ask := channel_page.read(each or ""))]
    return next((ask for ask in asks if ask.act == "back" and ask.what in ANSWERED), None)


async def given(desk: Desk, heard: Heard, ask: Ask) -> None:
    """Words in reply to such a page: times, a signature, quiet hours."""
    words, wording, now = said.content(heard.message).text.strip(), heard.wording, heard.now
    if not words:
        return
    known = await channels.get(desk.db.screens, ask.number)
    if known is None or not await may(desk, heard.editor.id, known):
        await tell(desk, heard, Markup("{}").format(may_not(wording, await desk.roles.who_may(SET))))
        return
    async with desk.db.transaction() as tx:
        await posts.remember_name(tx, heard.editor.id, heard.editor.first_name, now)
        found = await channel_acts.look(tx, desk.easel.house, ask.number, now)
        assert found is not None  # channels are never deleted
        done = await _give(tx, desk, found, ask, words, heard.editor.id, now)
        fresh = await channel_acts.look(tx, desk.easel.house, ask.number, now)
        assert fresh is not None
        page = page_of(fresh, Ask("rub", ask.number, 0, ask.more) if ask.what == "times" else ask, wording, now)
        note = Markup("{}").format(wording.text(done.key, **done.values))
        page = Page(Markup("\n\n").join([note, page.text]), page.keyboard)
        await answer.put(tx, heard.message, below(heard, page), heard.update_id, now)
    desk.stir()


async def _give(tx: Transaction, desk: Desk, found: Found, ask: Ask, words: str, editor: int, now: datetime) -> Said:
    if ask.what == "times":
        name, walls = schedule_page.named(ask.more, found), schedule_words.read(words)
        if name is None or walls is None:
            return Said("schedule.given.bad")
        wanted = schedule_acts.retimed(found, desk.easel.house, name, walls)
        return await schedule_acts.put(tx, desk.easel.house, found, wanted, editor, now)
    if ask.what == "quiet":
        hours = channel_page.night(words)
        if hours is None:
            return Said("channel.given.quiet.bad")
        return await channel_acts.choose(tx, found, "quiet", f"{hours[0]:%H%M}-{hours[1]:%H%M}", editor, now)
    words = " ".join(words.split())
    if (over := units(words) - SIGNATURE_UNITS) > 0:
        return Said("channel.given.signature.long", {"over": over})
    return await channel_acts.choose(tx, found, "signature", words, editor, now)
