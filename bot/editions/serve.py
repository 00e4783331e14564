"""Makes one edition, puts it into the outbox, and remembers what it told and what it was chosen from."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import notes
from bot.editions.compose import Proof, compose
from bot.editions.covers import dressed
from bot.editions.packing import TooLong
from bot.editions.program import Program
from bot.editions.proofread import reject
from bot.editions.slots import Slot
from bot.judgement.leanings import features
from bot.judgement.ranking import Ranked, weigh
from storage import decisions, drafts, editions, journal, outbox
from storage.database import Transaction
from storage.decisions import Candidate
from storage.editions import Line
from storage.model import NEWS, Channel, Parcel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edition stands: its slot, the id of the draft or the missed row whose place it takes (None: it is the
    first of its slot), when it goes out (None: now), and whether an editor asked for it just now."""

    slot: Slot
    instead_of: int | None = None
    due_at: datetime | None = None
    asked: bool = False


async def serve(tx: Transaction, program: Program, place: Place, now: datetime) -> bool:
    """Whether the edition goes out; when it does not, the editors are told why."""
    slot, channel = place.slot, program.channel
    rubric = program.find(slot.rubric)
    assert rubric is not None  # slots are made of the program's rubrics
    draft = await drafts.get(tx, place.instead_of) if place.instead_of is not None else None
    # A late edition tells what is known when it goes out; one that an editor sends before its slot closes no window
    # over news that is still to come.
    until_at = now if place.asked else max(slot.at, now)
    try:
        proof = await compose(tx, program, slot, rubric, until_at=until_at, draft=draft)
    except TooLong as error:
        log.error("%s of %s %s does not fit a message: %s", slot.rubric, slot.local_date, slot.wall_time, error)
        await keep(tx, channel, place, state="held", now=now)
        await _tell(tx, notes.unprintable(program.desk, program.newsroom, slot, now), now)
        return False
    if proof.fault is not None:
        await reject(tx, program, proof.fault, now)
    edition_id = await _keep_proof(tx, channel, place, proof, now)
    await _log(tx, program, proof, edition_id, now)
    if proof.sheet is None:
        found = len(proof.selection.choices)
        if not place.asked and draft is None:  # else the draft says so, and the editor who asked sees it at once
            await _tell(tx, notes.too_few(program.desk, program.newsroom, slot, found, rubric.fewest, now), now)
        return False
    due_at = place.due_at or now
    frame = Parcel("", channel.chat, "", {}, NEWS, due_at, edition_id=edition_id)
    frame = replace(frame, stale_at=max(slot.at, due_at) + program.patience)
    await _dispatch(tx, frame, program, proof, now)
    return True


async def _dispatch(tx: Transaction, frame: Parcel, program: Program, proof: Proof, now: datetime) -> None:
    assert proof.sheet is not None  # it goes out
    silent = program.silent(frame.due_at)
    whole = dressed(program, proof.rubric, proof.slot, proof.selection.choices, proof.sheet, silent=silent)
    for number, call in enumerate(whole.calls, start=1):
        intent = f"edition:{frame.edition_id}:{number}"
        said = replace(frame, intent=intent, method=call.method, payload=call.parameters, part=number)
        await outbox.put(tx, said, now)
    await journal.write(tx, "publish", f"edition:{frame.edition_id}", now, became=proof.sheet.title)
    if whole.bare == "long":
        await _tell(tx, notes.no_card(program.desk, program.newsroom, program.channel, now), now)


async def _keep_proof(tx: Transaction, channel: Channel, place: Place, proof: Proof, now: datetime) -> int:
    lines: list[Line] = []
    if proof.sheet:
        part_of = {index: number for number, part in enumerate(proof.sheet.parts, 1) for index in part.entries}
        lines = [
            Line(choice.ranked.story.id, choice.ranked.story.state.version, part_of[index], choice.headline, str(text))
            for index, (choice, text) in enumerate(zip(proof.selection.choices, proof.sheet.lines, strict=True))
        ]
    state, title = ("approved", proof.sheet.title) if proof.sheet else ("skipped", "")
    window = (proof.from_at, proof.until_at)
    return await keep(tx, channel, place, state=state, window=window, title=title, lines=lines, now=now)


async def _log(tx: Transaction, program: Program, proof: Proof, edition_id: int, now: datetime) -> None:
    chosen = {choice.ranked.story.id for choice in proof.selection.choices} if proof.sheet else set()
    await decisions.decide(
        tx,
        channel_id=program.channel.id,
        rubric=proof.rubric.name,
        edition_id=edition_id,
        size=proof.rubric.size,
        candidates=[_candidate(choice.ranked, program, proof, chosen) for choice in proof.selection.candidates],
        now=now,
    )


def _candidate(ranked: Ranked, program: Program, proof: Proof, chosen: Collection[int]) -> Candidate:
    """The story by the newsroom's own taste: what was learned before shall not be learned again."""
    story, reasons = ranked.story, ranked.contributions
    if program.taste is not program.own_taste:
        plain = weigh(story, now=proof.until_at, rubric=proof.rubric.habits.weighs, taste=program.own_taste)
        reasons = (*plain.contributions, *(each for each in reasons if each.key == "reason.alike"))
    return Candidate(story.id, story.state.version, ranked.importance, features(story, reasons), story.id in chosen)


async def keep(
    tx: Transaction,
    channel: Channel,
    place: Place,
    *,
    state: str,
    now: datetime,
    window: tuple[datetime, datetime] | None = None,
    title: str = "",
    lines: Sequence[Line] = (),
) -> int:
    """The id of the edition that stands in this place from now on. Without a `window` it covers no time at all."""
    slot = place.slot
    from_at, until_at = window or (slot.at, slot.at)
    if place.instead_of is not None:
        await editions.remake(
            tx, place.instead_of, from_at=from_at, until_at=until_at, state=state, title=title, lines=lines, now=now
        )
        return place.instead_of
    return await editions.add(
        tx,
        channel_id=channel.id,
        rubric=slot.rubric,
        local_date=slot.local_date.isoformat(),
        wall_time=slot.wall_time,
        slot_at=slot.at,
        from_at=from_at,
        until_at=until_at,
        state=state,
        title=title,
        lines=lines,
        now=now,
    )


async def _tell(tx: Transaction, note: Parcel | None, now: datetime) -> None:
    if note is not None:
        await outbox.put(tx, note, now)
