"""What editors change of a channel's schedule: one act, one transaction, and what to say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Final

from bot.desk import schedule_page, schedule_words
from bot.desk.channel_acts import STALE, Said, toggled
from bot.desk.channel_page import Ask, Found
from bot.desk.section_page import code, known_sections
from bot.editions import programs
from bot.editions.packing import shorten
from bot.editions.program import House, as_wish
from bot.editions.reschedule import reschedule
from bot.editions.rubrics import Rubric
from bot.judgement.words import fold
from storage import wishes
from storage.database import Transaction
from storage.editorial import Wish

TIMES: Final = frozenset({"day", "size", "later", "sooner", "add", "cut", "start", "stop", "unset", "rsec", "new"})


async def plan(tx: Transaction, house: House, found: Found, ask: Ask, editor: int, now: datetime) -> Said:
    """What a button of the schedule does."""
    name = _named(found, ask)
    if name is None:
        return STALE
    wanted = _planned(house, found, name, ask)
    if wanted is None:
        return Said("schedule.toast.no", moved=False)
    return await put(tx, house, found, wanted, editor, now)


async def put(tx: Transaction, house: House, found: Found, wanted: Wish, editor: int, now: datetime) -> Said:
    """The channel publishes this so from now on, unless an edition of it waits for an editor's word."""
    program = await programs.of(tx, house, found.channel)
    before = program.find(wanted.name)
    if not await reschedule(tx, program, wanted, editor, now):
        return Said("schedule.toast.waits", moved=False)
    await wishes.touch(tx, found.channel, editor, now)
    if before is None or not wanted.walls:
        return Said("schedule.toast.on" if wanted.walls else "schedule.toast.off")
    key = "schedule.toast.was" if before.walls != wanted.walls else "schedule.toast.set"
    return Said(key, {"was": shorten(schedule_words.times(before.walls), 40)})


def _named(found: Found, ask: Ask) -> str | None:
    """The rubric that a button speaks of; a section's digest may be a new one."""
    if ask.act == "rsec":
        return "reads"
    if ask.act != "new":
        return schedule_page.named(ask.what, found)
    section = next((fold(each) for each in known_sections(found) if code(each) == ask.what), None)
    return None if not section else f"section:{section}"


def _planned(house: House, found: Found, name: str, ask: Ask) -> Wish | None:
    """The rubric as the button wants it, None when it cannot be so."""
    given = house.rubrics if found.first else ()
    standing = next((each for each in found.rubrics if each.name == name), None)
    if ask.act in ("start", "new"):
        return as_wish(standing or schedule_page.usual(name, given))
    if ask.act == "unset":
        plain = next((each for each in given if each.name == name), None)
        bare = plain or replace(schedule_page.usual(name, ()), walls=())
        return replace(as_wish(bare), own=False)
    if standing is None:
        return None
    if ask.act == "stop":
        return replace(as_wish(standing), walls=())
    if ask.act == "rsec":
        chosen = toggled(found, tuple(sorted(standing.sections)), ask.what)
        return None if chosen is None else replace(as_wish(standing), sections=chosen)
    after = schedule_page.changed(standing, ask.act, ask.more)
    return None if after is None else as_wish(after)


def retimed(found: Found, house: House, name: str, walls: tuple[time, ...]) -> Wish:
    """The rubric at the times that an editor wrote."""
    standing = next((each for each in found.rubrics if each.name == name), None)
    before: Rubric = standing or schedule_page.usual(name, house.rubrics if found.first else ())
    return replace(as_wish(before), walls=walls)
