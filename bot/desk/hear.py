"""What editors write in their chat: a link, /post, /queue, words or a time in reply to a card. All else is talk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import Message, ReactionTypeEmoji, Update, User
from markupsafe import escape

from bot import answer
from bot.delivery.endings import Endings
from bot.delivery.uploads import Uploads
from bot.desk import acts, flagged, guard, paint, said
from bot.desk.acts import Acting, Done
from bot.desk.content import excess, from_report
from bot.desk.paint import Easel
from bot.desk.roles import Roles
from bot.desk.times import read as read_time
from bot.editions.righted import righted
from bot.intake import identity
from bot.intake.answers import Refused
from bot.intake.bodies import UnreadableFeed
from bot.intake.fetch import Fetcher
from bot.intake.join import post_of
from bot.intake.parse import Parser
from bot.intake.passes import trouble_words
from bot.wording import Wording
from storage import channels, items, messages, posts, updates
from storage.database import Database, Reading, Transaction
from storage.model import Content, Post, Report

MEANWHILE = timedelta(minutes=2)  # another editor pastes the same page while it is read


@dataclass(frozen=True, slots=True)
class Desk:
    """What the editors' door works with. `stir` tells the deliverer that there is something for it, `release` that a
    chat may be written to again; `moved` tells the app that the chat itself has another number."""

    db: Database
    bot: Bot
    easel: Easel
    roles: Roles
    fetch: Fetcher
    parser: Parser
    grace: timedelta
    stir: Callable[[], None]
    release: Callable[[str], None]
    moved: Callable[[], None]
    endings: Endings
    patience: timedelta = timedelta(hours=1)  # with an edition; as BOT_EDITION_PATIENCE_MINUTES
    uploads: Uploads | None = None  # None: a preview has no drawn cards
    probe: int | None = None  # the chat where a post is looked at; None: it is not


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of an editor, and when it is attended to."""

    message: Message
    editor: User
    update_id: int
    now: datetime
    wording: Wording


async def paste(desk: Desk, heard: Heard, url: str) -> None:
    """A link becomes a card; a report that the bot knows is not read again, and one that has its card is shown it."""
    await react(desk, heard.message, "👀")
    item_id = await items.known(desk.db.screens, identity.keys(Report("", url=url), ""))
    made = await _made(desk.db.screens, desk, item_id, url)
    if made is not None and await _lead_to_card(desk, heard, made):
        return
    item = await items.get(desk.db.screens, item_id) if item_id is not None else None
    if item is not None and not item.withdrawn:
        [told] = await righted(desk.db.screens, [item])
        content = from_report(told.title, told.lead, told.url)
    else:
        try:
            page = await desk.fetch.get(url)
            zone = desk.easel.newsroom.zone
            article = await desk.parser.page(page.body, page.content_type, page.url, heard.now, zone)
        except (Refused, UnreadableFeed) as error:
            unreadable = heard.wording.html("card.unreadable", trouble=trouble_words(heard.wording, error))
            await tell(desk, heard, unreadable)
            return
        content = from_report(article.title, article.lead, article.canonical or page.url, article.section or "")
    story_id = item.story_id if item is not None else None
    await _take(desk, heard, content, state="candidate", item_id=item_id, story_id=story_id)


async def post(desk: Desk, heard: Heard, command: str) -> None:
    """/post with words, on a file, or in reply to any message: a draft's card."""
    replied = heard.message.reply_to_message
    content = said.content(heard.message, after=command)
    if not content.text and not content.media and replied is not None:
        content = said.content(replied)
    if not content.text.strip() and not content.media:
        await tell(desk, heard, heard.wording.html("card.empty"))
        return
    if over := excess(content):
        await tell(desk, heard, heard.wording.count("card.too_long", over))
        return
    await _take(desk, heard, content, state="draft")


async def queue(desk: Desk, heard: Heard, command: str) -> None:
    """/queue: the board at the end of the chat."""
    async with desk.db.transaction() as tx:
        await paint.new_board(tx, desk.easel, str(heard.update_id), heard.now)
        await updates.done(tx, heard.update_id, heard.now)
    desk.stir()


async def reply(desk: Desk, heard: Heard, post_id: int) -> None:
    """A time in reply to a card moves its post; to what nothing can be made of, a word."""
    found = await posts.get(desk.db.screens, post_id)
    if found is None:
        return
    at = read_time(heard.message.text or "", heard.now, desk.easel.newsroom.zone)
    chat = await channels.chat_of(desk.db.screens, found.channel_id)
    if not await desk.roles.may(heard.editor.id, "slot", chat):
        await tell(desk, heard, escape(may_not(heard.wording, await desk.roles.who_may("slot", chat))))
        return
    if at is None:
        await tell(desk, heard, heard.wording.html("toast.not_now"))
        return
    chief = await desk.roles.may(heard.editor.id, "settings", chat)
    acting = Acting(heard.editor.id, heard.now, desk.grace, chief=chief)
    async with desk.db.transaction() as tx:
        fresh = await posts.get(tx, post_id)
        assert fresh is not None  # posts are never deleted
        stop = await flagged.stops(tx, desk.easel.house, fresh, at) if fresh.state in acts.OPEN else None
        told = await guard.asks(tx, desk.easel, fresh, heard.now) if stop is None else None
        if stop is not None:
            done = Done(fresh, "flag.toast.asked")
        elif told is not None:
            done = Done(fresh, "guard.toast.asked")
        else:
            done = await acts.put(tx, fresh, acting, at) if fresh.state in acts.OPEN else Done(fresh, "toast.not_now")
        if too_late := done.toast == "toast.not_now":
            below = _below(heard, heard.wording.html(done.toast))
            await answer.put(tx, heard.message, below, heard.update_id, heard.now)
        await finish(tx, desk, done.post or fresh, heard.editor, heard.update_id, heard.now)
        if told is not None:
            await guard.ask(tx, desk.easel, fresh, told, at, heard.now)
        if stop is not None:
            await flagged.ask(tx, fresh, stop, at, desk.easel.wording, heard.now)
    desk.stir()
    if not too_late:
        await react(desk, heard.message, "👌")


async def finish(tx: Transaction, desk: Desk, post: Post, editor: User, update_id: int, now: datetime) -> None:
    """What every act ends with, in its transaction: the card is true, the name known, the update done."""
    await posts.remember_name(tx, editor.id, editor.first_name, now)
    await paint.repaint(tx, desk.easel, post, now)
    await updates.done(tx, update_id, now)


def may_not(wording: Wording, editors: list[str]) -> str:
    """Who may do it instead."""
    if not editors:
        return wording.text("toast.may_not.nobody")
    return wording.text("toast.may_not", editors=", ".join(editors))


async def _take(
    desk: Desk,
    heard: Heard,
    content: Content,
    *,
    state: str,
    item_id: int | None = None,
    story_id: int | None = None,
) -> None:
    async with desk.db.transaction() as tx:
        before = await _made(tx, desk, item_id, content.url)
        first = before is None or heard.now - before.created_at >= MEANWHILE
        if first:
            await posts.remember_name(tx, heard.editor.id, heard.editor.first_name, heard.now)
            made = await posts.add(
                tx,
                channel_id=desk.easel.channel.id,
                state=state,
                content=content,
                editor=heard.editor.id,
                now=heard.now,
                story_id=story_id,
                item_id=item_id,
            )
            await paint.offer(tx, desk.easel, made, heard.now, reply_to=heard.message.message_id)
            await paint.repaint_board(tx, desk.easel, heard.now)
            await updates.done(tx, heard.update_id, heard.now)
    if not first:
        await tell(desk, heard, heard.wording.html("card.exists"))
        return
    desk.stir()
    await react(desk, heard.message, "👌")


async def _made(db: Reading, desk: Desk, item_id: int | None, url: str | None) -> Post | None:
    """The post that was made of the report, or of its page before any source told it; None when none was."""
    if item_id is not None:
        return await posts.of_item(db, desk.easel.channel.id, item_id)
    post_id = await post_of(db, url) if url else None
    return await posts.get(db, post_id) if post_id is not None else None


async def _lead_to_card(desk: Desk, heard: Heard, post: Post) -> bool:
    """Whether the post has its card in the chat; then the editor is led to it."""
    card = await messages.standing(desk.db.screens, f"card:{post.id}")
    if card is None:
        return False
    await tell(desk, heard, heard.wording.html("card.exists"), below=card[1])
    return True


async def tell(desk: Desk, heard: Heard, text: str, below: int | None = None) -> None:
    """Answers below the message, or below the one with that id, and is done with the update.

    `text` is HTML, so whatever people wrote in it must be escaped.
    """
    await answer.once(desk.db, heard.message, _below(heard, text, below), heard.update_id, heard.now, desk.stir)


def _below(heard: Heard, text: str, message_id: int | None = None) -> dict[str, Any]:
    """Such an answer as sendMessage takes it."""
    return {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {
            "message_id": message_id or heard.message.message_id,
            "allow_sending_without_reply": True,
        },
    }


async def react(desk: Desk, message: Message, emoji: str) -> None:
    """A quiet receipt; a chat that allows no reactions loses nothing by it."""
    try:
        await message.react([ReactionTypeEmoji(emoji=emoji)])
    except (TelegramAPIError, ClientDecodeError):
        return


def heard(message: Message, event_update: Update, now: datetime, wording: Wording) -> Heard | None:
    """The message with what attending to it needs; None when nobody wrote it: Telegram itself puts the channel's own
    posts into its discussion group."""
    if message.from_user is None or message.is_automatic_forward:
        return None
    return Heard(message, message.from_user, event_update.update_id, now, wording)
