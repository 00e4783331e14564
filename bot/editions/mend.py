"""Mends editions that went out: a line says something else or is gone, whatever channel told it. All other lines, and
the title when it does not speak of the story, stay as they are."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import escape

from bot.desk.content import CAPTION_LIMIT
from bot.editions import relines
from bot.editions.covers import recut
from bot.editions.packing import MESSAGE_LIMIT, shorten, units
from bot.editions.press import Fragments, title_of
from bot.editions.program import House
from bot.editions.relines import Change
from bot.editions.rubrics import kind_of
from storage import channels, guard, journal, traces
from storage import lines as printed
from storage.database import Transaction
from storage.lines import Told
from storage.traces import Trace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a line: its headline and the mark at its end; without a headline it is gone."""

    line: Told
    headline: str = ""
    mark: str = ""


async def mend(
    tx: Transaction, house: House, fates: Sequence[Fate], instead: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """Each line of each edition meets its fate. `instead` is what a message shows, by its channel's language, when
    nothing is left of it."""
    for edition_id in dict.fromkeys(fate.line.edition_id for fate in fates):
        own = {fate.line.place: fate for fate in fates if fate.line.edition_id == edition_id}
        lines = await printed.of(tx, edition_id)
        gone = {place for place, fate in own.items() if not fate.headline}
        left = [line for line in lines if line.place not in gone]
        if left:
            await _reset(tx, house, edition_id, lines, own, instead, now)
        else:
            await _take_down(tx, edition_id, lines, instead[lines[0].language], now)
        for fate in own.values():
            if not fate.headline:
                await printed.unline(tx, fate.line)


async def _reset(
    tx: Transaction,
    house: House,
    edition_id: int,
    lines: Sequence[Told],
    own: Mapping[int, Fate],
    instead: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> None:
    was, title = await _title(tx, house, edition_id, lines, own)
    touched = {line.part for line in lines if line.place in own} | ({1} if was != title else set())
    for number in sorted(touched):
        trace = await traces.part(tx, edition_id, number)
        standing = [line for line in lines if line.part == number]
        if trace is None:
            continue
        if all(line.place in own and not own[line.place].headline for line in standing):
            await traces.take_down(tx, trace, instead[standing[0].language], now)
            continue
        await _set(tx, trace, standing, own, (was, title) if number == 1 else ("", ""))
    await journal.write(tx, "mend", f"edition:{edition_id}", now)


async def _set(
    tx: Transaction, trace: Trace, lines: Sequence[Told], own: Mapping[int, Fate], titles: tuple[str, str]
) -> None:
    """The message with its lines as they should be: with marks, when these fit, else without, else shortened."""
    said = await traces.said(tx, trace.outbox_id)
    key, limit = ("caption", CAPTION_LIMIT) if "caption" in said else ("text", MESSAGE_LIMIT)
    for marked, short in ((True, False), (False, False), (False, True)):
        new = [_worded(line, own[line.place], marked, short) for line in lines if line.place in own]
        changes = [Change(line.text, became) for line, _, became, _ in new]
        text = relines.retitled(relines.message(str(said[key]), [line.text for line in lines], changes), *titles)
        if relines.fits(text, limit):
            break
    else:
        log.error("%s does not fit a message when it is corrected", trace.intent)
        return
    words = {line.headline: headline for line, headline, _, _ in new} | ({titles[0]: titles[1]} if titles[0] else {})
    gone = "".join(line.text for line, _, became, _ in new if became is None)
    if gone:  # what is withdrawn does not wait for anybody's word
        await guard.forget_edits(tx, trace.outbox_id)
    await traces.say(tx, trace, recut(_unseen(said, gone) | {key: text}, words))
    for line, headline, became, mark in new:
        if became is not None:
            await printed.reline(tx, line, headline, became, mark)


def _unseen(said: dict[str, Any], gone: str) -> dict[str, Any]:
    """The message without the preview of a page that led from a line which is gone."""
    url = (said.get("link_preview_options") or {}).get("url")
    return said | {"link_preview_options": {"is_disabled": True}} if url and str(escape(url)) in gone else said


def _worded(line: Told, fate: Fate, marked: bool, short: bool) -> tuple[Told, str, str | None, str]:
    """The line, its new headline, its new text (None: it goes) and the mark in it."""
    if not fate.headline:
        return line, "", None, ""
    headline = shorten(fate.headline, units(line.headline)) if short else fate.headline
    mark = fate.mark if marked else ""
    return line, headline, relines.reworded(line.text, line.mark, line.headline, headline, mark), mark


async def _title(
    tx: Transaction, house: House, edition_id: int, lines: Sequence[Told], own: Mapping[int, Fate]
) -> tuple[str, str]:
    """The edition's title as it is, and as it should be: other only where the story that changed speaks in it."""
    was, fragments = await printed.title_of(tx, edition_id)
    if not was:
        return was, was
    channel = await channels.get(tx, lines[0].channel_id)
    assert channel is not None  # channels are never deleted
    wording, kind = house.wordings.of(channel.language), kind_of(lines[0].rubric)
    before = [line.headline for line in lines]
    after = [own[line.place].headline if line.place in own else line.headline for line in lines]
    kept = _kept(fragments, lines, own)
    made = title_of(kind, [each for each in after if each], wording, kept)
    if title_of(kind, before, wording, fragments) == made:
        return was, was
    await printed.retitle(tx, edition_id, made, kept)
    return was, made


def _kept(fragments: Fragments, lines: Sequence[Told], own: Mapping[int, Fate]) -> Fragments:
    """The editors' own fragments without those of the stories that changed; the second moves up when the first goes."""
    touched = [line.place in own for line in lines[:2]] + [False, False]
    one, other = (None if hit else mine for mine, hit in zip(fragments, touched, strict=False))
    first_gone = bool(lines) and lines[0].place in own and not own[lines[0].place].headline
    return (other, None) if first_gone else (one, other)


async def _take_down(
    tx: Transaction, edition_id: int, lines: Sequence[Told], instead: Mapping[str, Any], now: datetime
) -> None:
    """No line is left: the first message of the edition says so, the others go."""
    for number in sorted({line.part for line in lines}):
        trace = await traces.part(tx, edition_id, number)
        if trace is not None and number == 1 and trace.state != "waiting":
            await guard.forget_edits(tx, trace.outbox_id)
            await traces.say(tx, trace, instead)
        elif trace is not None:
            await traces.take_down(tx, trace, instead, now)
    await printed.withdraw_edition(tx, edition_id)
    await journal.write(tx, "withdraw", f"edition:{edition_id}", now)
