"""Alarms the editors when the bot cannot do its work until a person mends it (screens, E16), and says when it is over.

The alarm is one message: it rings when the trouble begins, has a button to look again, and is rewritten when all is
well. What is known of the trouble stands in the file, so a restart or a second refusal says nothing anew.
"""

from __future__ import annotations

from datetime import datetime

from bot import notes
from bot.newsroom import Newsroom
from bot.screen import Button, Page, parameters
from bot.wording import Wording
from storage import channels, journal, messages, outbox, troubles
from storage.database import Database, Reading, Transaction
from storage.instants import seconds
from storage.model import DESK, NEWS, Parcel
from storage.troubles import EVERYWHERE, Kind, Trouble

AGAIN = "r"  # the button: `r:<chat>`
KINDS: tuple[Kind, ...] = ("right", "removed", "absent")  # of one chat; what a failed send may tell
# The words of a refusal differ from method to method, so of two refusals the graver one counts, once.
_WEIGHT: dict[Kind, int] = {"right": 0, "removed": 1, "absent": 2, "copy": 0, "token": 1}


async def alarm(
    tx: Transaction,
    newsroom: Newsroom,
    wording: Wording,
    chat: str,
    kind: Kind,
    reason: str,
    now: datetime,
    *,
    certain: bool = False,
) -> bool:
    """False when it is new and nobody can be told (no desk, the desk itself, a dead token), so the caller logs an
    error. Else the editors are alarmed, now or since it began.

    `certain`: Telegram said itself what the bot is now; without it a milder kind than the known one is nothing new.
    """
    chat = await called(tx, newsroom, chat)
    before = await troubles.of(tx, chat)
    if before is not None and not certain and _WEIGHT[kind] <= _WEIGHT[before.kind]:
        return True
    if not await troubles.begin(tx, chat, kind, reason, now):
        return True
    was = before.kind if before is not None else ""
    await journal.write(tx, "alarm", f"chat:{chat}", now, was=was, became=kind, reason=reason)
    if before is not None:
        await _take_back(tx, before, now)
    if newsroom.admin_chat is None or kind == "token" or chat == str(newsroom.admin_chat):
        return False
    title = await _title(tx, newsroom, chat)
    page = _page(newsroom, wording, Trouble(chat, kind, reason, now), now, title)
    await outbox.put(tx, _parcel(newsroom, page, intent(chat, kind, now), now), now)
    return True


async def all_clear(tx: Transaction, newsroom: Newsroom, wording: Wording, chat: str, now: datetime) -> bool:
    """Whether there was a trouble; it is over now, and the alarm says so. A note says it where no alarm stands."""
    chat = await called(tx, newsroom, chat)
    was = await troubles.end(tx, chat)
    if was is None:
        return False
    await journal.write(tx, "all_clear", f"chat:{chat}", now, was=was.kind, reason=was.reason)
    if newsroom.admin_chat is None:
        return True
    waited = await troubles.held_back(tx, chat, now)
    page = _over(newsroom, wording, was, waited, now, await _title(tx, newsroom, chat))
    known = intent(chat, was.kind, was.since_at)
    if await _stands(tx, known):
        await messages.want(tx, known, parameters(page))
    else:
        await _take_back(tx, was, now)
        what = f"clear:{was.kind}:{chat}:{seconds(was.since_at)}"
        note = notes.message(newsroom.admin_chat, page.text, intent=what, priority=DESK, now=now)
        await outbox.put(tx, note, now)
    return True


async def hearing(
    db: Database, newsroom: Newsroom, wording: Wording, kind: Kind | None, reason: str, now: datetime
) -> None:
    """Telegram does not let the bot hear (`kind` says why), or lets it hear again (None)."""
    async with db.transaction() as tx:
        if kind is None:
            await all_clear(tx, newsroom, wording, EVERYWHERE, now)
        else:
            await alarm(tx, newsroom, wording, EVERYWHERE, kind, reason, now, certain=True)


async def moved(tx: Transaction, newsroom: Newsroom, wording: Wording, old: int, new: int, now: datetime) -> bool:
    """Whether it is news that the group has become a supergroup; what waited for it or was open goes there, and the
    editors' own group is told in the new place."""
    if not await channels.moved(tx, old, new, now):
        return False
    await troubles.end(tx, str(old))
    if newsroom.admin_chat == old:
        text = wording.html("alarm.moved", chat=new)
        what = f"moved:{old}:{new}"
        await outbox.put(tx, notes.message(new, text, intent=what, priority=NEWS, now=now), now)
    return True


async def called(db: Reading, newsroom: Newsroom, chat: str, username: str | None = None) -> str:
    """The chat as parcels call it: a channel that is set up by its @name has a number too, by which edits go.

    A channel that was deleted or renamed does not say its @name any more, so what it was known by counts as well.
    """
    if chat.removeprefix("-").isdigit():
        names = (username and f"@{username}", await channels.name_of(db, int(chat)))
        if newsroom.channel.casefold() in {name.casefold() for name in names if name}:
            return newsroom.channel
    if chat.casefold() == newsroom.channel.casefold():
        return newsroom.channel
    other = await channels.at(db, chat, username)
    return chat if other is None else other.chat


def intent(chat: str, kind: Kind, since: datetime) -> str:
    """The event that the editors are alarmed of this trouble."""
    return f"alarm:{kind}:{chat}:{seconds(since)}"


async def _title(db: Reading, newsroom: Newsroom, chat: str) -> str:
    """What another channel of the newsroom is called, '' for the first one and for chats that are no channels of
    ours."""
    other = await channels.at(db, chat) if chat != newsroom.channel else None
    return "" if other is None else other.title or other.chat


def _page(newsroom: Newsroom, wording: Wording, what: Trouble, now: datetime, title: str) -> Page:
    at = wording.at(now)
    key = f"alarm.{what.kind}" if what.chat in (newsroom.channel, EVERYWHERE) else "alarm.elsewhere"
    if title:
        key = f"alarm.other.{what.kind}"
    values = {"at": at, "begins_at": at[:1].upper() + at[1:], "chat": what.chat, "reason": what.reason}
    text = wording.html(key, channel=title, **values)
    return Page(text, ((Button(wording.text("alarm.button.again"), f"{AGAIN}:{what.chat}"),),))


def _over(newsroom: Newsroom, wording: Wording, was: Trouble, waited: int, now: datetime, title: str) -> Page:
    key = "alarm.well.other" if title else "alarm.well.elsewhere"
    if was.chat == EVERYWHERE:
        key = f"alarm.well.{was.kind}"
    elif was.chat == newsroom.channel:
        key = "alarm.well"
    elif was.chat == str(newsroom.admin_chat):
        key = "alarm.well.here"
    since, until = wording.dated(was.since_at, now), wording.dated(now, was.since_at)
    text = wording.html(key, since=since, until=until, chat=was.chat, channel=title)
    if waited and was.chat != EVERYWHERE:
        text += "\n" + wording.count("alarm.waited", waited)
    return Page(text)


def _parcel(newsroom: Newsroom, page: Page, what: str, now: datetime) -> Parcel:
    return Parcel(what, str(newsroom.admin_chat), "sendMessage", parameters(page), NEWS, now)


async def _stands(tx: Transaction, what: str) -> bool:
    """Whether the alarm is there to be rewritten, or may be on its way."""
    found = await outbox.find(tx, what)
    if found is None or found.state in ("waiting", "refused", "dropped"):
        return False
    return found.state != "sent" or await messages.standing(tx, what) is not None


async def _take_back(tx: Transaction, was: Trouble, now: datetime) -> None:
    """The alarm of a trouble that is over, or another now: not sent if it was not, else taken away."""
    known = intent(was.chat, was.kind, was.since_at)
    found = await outbox.find(tx, known)
    if found is not None and found.state == "waiting":
        await outbox.dropped(tx, found.id, "it is over", now)
    elif found is not None:
        await messages.unwant(tx, known, now)
