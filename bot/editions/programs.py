"""Reads what each channel publishes; editors may change it at any time, so nobody keeps it."""

from __future__ import annotations

from dataclasses import replace

from bot.editions.forms import Forms
from bot.editions.program import House, Program, program
from storage import channels, lessons, templates
from storage import programs as wished
from storage.database import Reading
from storage.model import Channel


async def every(db: Reading, house: House) -> list[Program]:
    """The program of every channel that the newsroom publishes in, the first channel first."""
    return [await of(db, house, channel) for channel in await channels.every(db)]


async def of(db: Reading, house: House, channel: Channel) -> Program:
    """The program of this channel."""
    made = program(house, channel, await wished.wishes(db, channel.id), await lessons.leanings(db, channel.id))
    own = await templates.tried(db, channel.id) if house.templates is not None else []
    return replace(made, forms=Forms(tuple((each.name, each.text) for each in own if each.fault is None)))


async def numbered(db: Reading, house: House, channel_id: int) -> Program:
    """The program of the channel with this number of ours, which must exist."""
    channel = await channels.get(db, channel_id)
    assert channel is not None  # channels are never deleted
    return await of(db, house, channel)
