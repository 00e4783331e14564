"""What editors set of a channel and its schedule: one act, one transaction, and what to say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.desk import acts, paint, schedule_page
from bot.desk.acts import Acting
from bot.desk.channel_page import FIELDS, PICTURES, Found
from bot.desk.paint import Easel
from bot.desk.section_page import code, known_sections
from bot.editions import programs
from bot.editions.program import House
from bot.editions.reschedule import clear
from bot.judgement.words import fold
from bot.wording import LANGUAGES
from storage import channels, outbox, posts, wishes
from storage import programs as wished
from storage.database import Reading, Transaction
from storage.editorial import Field
from storage.model import Channel

SEEN_FOR: Final = timedelta(days=60)  # sections that no report of two months stands in are not offered


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of the act: a key of the catalogue with its values. `moved`: something changed."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    moved: bool = True


STALE: Final = Said("desk.toast.stale", moved=False)


async def look(db: Reading, house: House, channel_id: int, now: datetime) -> Found | None:
    """The channel with all that its pages tell, None when there is none with this number."""
    channel = await channels.get(db, channel_id)
    if channel is None:
        return None
    program = await programs.of(db, house, channel)
    return Found(
        channel,
        program.rubrics,
        await wishes.set_by(db, channel_id),
        await wished.changes(db, channel_id),
        await wishes.sections(db, now - SEEN_FOR),
        first=channel.chat == house.newsroom.channel,
        alone=len(await channels.known(db)) < 2,
        templates=house.templates is not None,
        queued=len(await wishes.shelved(db, channel)) if channel.state == "off" else 0,
    )


async def choose(tx: Transaction, found: Found, what: str, value: str, editor: int, now: datetime) -> Said:
    """A field is set to the value that a button or a reply gave; «reset» gives it back to the settings."""
    channel = found.channel
    name: Field | None = next((each for each in FIELDS if each == what), None)
    wanted = None if name is None else _with(channel, name, value)
    if name is None or wanted is None:
        return STALE
    if not await wishes.change(tx, channel, wanted, name, editor, now):
        return STALE
    return Said("channel.toast.pins" if name == "pins" and wanted.pins else "channel.toast.set")


async def reset(tx: Transaction, house: House, found: Found, what: str, editor: int, now: datetime) -> Said:
    """The field is as the environment says again."""
    name: Field | None = next((each for each in FIELDS if each == what), None)
    if name is None or not found.first:
        return STALE
    plain = Channel(0, "", "", house.newsroom.language, now)
    values = {part: getattr(plain, part) for part in _PARTS.get(name, (name,))}
    wanted = replace(found.channel, **values)
    done = await wishes.change(tx, found.channel, wanted, name, editor, now, own=False)
    return Said("channel.toast.reset") if done else STALE


async def toggle(tx: Transaction, found: Found, which: str, editor: int, now: datetime) -> Said:
    """A section is told of by the channel, or no more; «all» for every one."""
    chosen = toggled(found, found.channel.sections, which)
    if chosen is None:
        return STALE
    wanted = replace(found.channel, sections=chosen)
    done = await wishes.change(tx, found.channel, wanted, "sections", editor, now)
    return Said("channel.toast.sections" if chosen else "channel.toast.sections.all") if done else STALE


async def off(tx: Transaction, easel: Easel, found: Found, acting: Acting) -> Said:
    """The newsroom publishes there no more: what was queued are drafts, and what was drafted ends."""
    channel = found.channel
    if (
        found.first
        or channel.state == "off"
        or not await wishes.switch(tx, channel, acting.editor, acting.now, on=False)
    ):
        return STALE
    for post in await posts.queue(tx):
        gone = await outbox.find(tx, f"post:{post.id}:{post.version}")
        if post.channel_id == channel.id and (gone is None or gone.state == "dropped"):
            await acts.shelve(tx, post, acting)
    await clear(tx, channel.id, acting.now)
    for post_id in await wishes.shelved(tx, await _fresh(tx, channel)):
        await _repaint(tx, easel, post_id, acting.now)
    await paint.repaint_board(tx, easel, acting.now)
    return Said("channel.toast.off")


async def on(tx: Transaction, easel: Easel, found: Found, acting: Acting) -> Said:
    """It publishes there again; posts that nobody touched meanwhile go back to their times."""
    shelved = await wishes.shelved(tx, found.channel)
    if found.channel.state != "off" or not await wishes.switch(tx, found.channel, acting.editor, acting.now, on=True):
        return STALE
    for post_id in shelved:
        post = await posts.get(tx, post_id)
        assert post is not None  # posts are never deleted
        await acts.undo(tx, post, acting)
        await _repaint(tx, easel, post_id, acting.now)
    await paint.repaint_board(tx, easel, acting.now)
    return Said("channel.toast.on")


async def carry(tx: Transaction, easel: Easel, found: Found, acting: Acting) -> Said:
    """The cards of a channel that is off are for the first channel from now on."""
    for post_id in await wishes.shelved(tx, found.channel):
        post = await posts.get(tx, post_id)
        assert post is not None  # posts are never deleted
        await posts.carry(tx, post, easel.channel.id, acting.editor, acting.now)
        await _repaint(tx, easel, post_id, acting.now)
    return Said("channel.toast.carried")


async def _fresh(tx: Transaction, channel: Channel) -> Channel:
    found = await channels.get(tx, channel.id)
    assert found is not None  # channels are never deleted
    return found


async def _repaint(tx: Transaction, easel: Easel, post_id: int, now: datetime) -> None:
    post = await posts.get(tx, post_id)
    assert post is not None  # posts are never deleted
    await paint.repaint_card(tx, easel, post, now)


_PARTS: Final[Mapping[str, tuple[str, ...]]] = {"quiet": ("quiet_from", "quiet_until")}


def _with(channel: Channel, name: Field, value: str) -> Channel | None:
    """The channel with this value, None for one that it cannot have."""
    if name == "language" and value in LANGUAGES:
        return replace(channel, language=value)
    if name == "picture":
        picture = next((each for each in PICTURES if each == value), None)
        return None if picture is None else replace(channel, picture=picture)
    if name == "pins":
        return replace(channel, pins=value == "yes")
    if name == "signature":
        return replace(channel, signature="" if value == "none" else value)
    if name == "quiet" and value == "none":
        return replace(channel, quiet_from=None, quiet_until=None)
    begins, _, ends = value.partition("-")
    first, last = schedule_page.wall_of(begins), schedule_page.wall_of(ends)
    return None if first is None or last is None else replace(channel, quiet_from=first, quiet_until=last)


def toggled(found: Found, chosen: tuple[str, ...], which: str) -> tuple[str, ...] | None:
    """The chosen sections with this one, or without it when it was among them; None when nobody knows it."""
    if which == "all":
        return ()
    section = next((fold(each) for each in known_sections(found, chosen) if code(each) == which), None)
    return None if section is None else tuple(sorted(set(chosen) ^ {section}))
