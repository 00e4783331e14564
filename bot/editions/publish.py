"""Makes the editions whose time has come and puts them into the outbox: each slot once, whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import notes
from bot.editions.compose import Draft, compose
from bot.editions.packing import TooLong
from bot.editions.press import Sheet
from bot.editions.rubrics import Rubric, timings
from bot.editions.slots import Slot, due, next_after
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import editions, journal, outbox
from storage.database import Database, Reading, Transaction
from storage.editions import Line
from storage.journal import Candidate
from storage.model import Channel, Contribution, Parcel

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(hours=24)  # a slot older than a day is not worth a question
PRIORITY = 1


@dataclass(frozen=True, slots=True)
class Desk:
    """What publishing needs to know of the newsroom."""

    newsroom: Newsroom
    wording: Wording
    rubrics: tuple[Rubric, ...]
    taste: Taste
    patience: timedelta

    def rubric(self, name: str) -> Rubric:
        """The rubric of this name."""
        return next(rubric for rubric in self.rubrics if rubric.name == name)


def next_slot_at(desk: Desk, now: datetime) -> datetime | None:
    """When the next edition is due, None when the newsroom wants none."""
    slot = next_after(timings(desk.rubrics), desk.newsroom.zone, now)
    return slot.at if slot else None


async def publish_due(db: Database, desk: Desk, channel: Channel, clock: Callable[[], datetime]) -> int:
    """Serves every slot that is due and was not; how many editions went into the outbox.

    A slot later than the newsroom's patience is not sent: the editors are told of all such together.
    """
    now = clock()
    waiting = await _unserved(db.screens, desk, channel, now)
    late = [slot for slot in waiting if now - slot.at > desk.patience]
    if late:
        await _miss(db, desk, channel, late, now)
    went = 0
    for slot in waiting[len(late) :]:
        # The instant is taken inside the transaction: reports are stamped inside theirs, so none that is
        # committed later can fall into a window that was closed.
        async with db.transaction() as tx:
            went += await _serve(tx, desk, channel, slot, clock())
    return went


async def _unserved(db: Reading, desk: Desk, channel: Channel, now: datetime) -> list[Slot]:
    after = max(now - LOOK_BACK, channel.created_at)
    slots = due(timings(desk.rubrics), desk.newsroom.zone, after, now)
    return [
        slot
        for slot in slots
        if not await editions.made(db, channel.id, slot.rubric, slot.local_date.isoformat(), slot.wall_time)
    ]


async def _miss(db: Database, desk: Desk, channel: Channel, slots: Sequence[Slot], now: datetime) -> None:
    async with db.transaction() as tx:
        for slot in slots:
            await _add(tx, channel, slot, state="missed", from_at=slot.at, until_at=slot.at, now=now)
            await journal.write(tx, "miss", f"{slot.rubric}:{slot.local_date}:{slot.wall_time}", now)
        await _tell(tx, notes.missed(desk.wording, desk.newsroom, slots, now), now)


async def _serve(tx: Transaction, desk: Desk, channel: Channel, slot: Slot, now: datetime) -> bool:
    rubric = desk.rubric(slot.rubric)
    try:
        draft = await compose(
            tx,
            channel,
            slot,
            rubric,
            until_at=max(slot.at, now),  # a late edition tells what is known when it goes out
            taste=desk.taste,
            wording=desk.wording,
            newsroom=desk.newsroom,
        )
    except TooLong as error:
        log.error("%s of %s %s does not fit a message: %s", slot.rubric, slot.local_date, slot.wall_time, error)
        await _add(tx, channel, slot, state="held", from_at=slot.at, until_at=slot.at, now=now)
        await _tell(tx, notes.unprintable(desk.wording, desk.newsroom, slot, now), now)
        return False
    edition_id = await _keep(tx, channel, draft, now)
    await _log(tx, channel, draft, edition_id, now)
    if draft.sheet is None:
        found = len(draft.selection.choices)
        await _tell(tx, notes.too_few(desk.wording, desk.newsroom, slot, found, rubric.fewest, now), now)
        return False
    await _dispatch(tx, channel, edition_id, draft.sheet, now)
    return True


async def _dispatch(tx: Transaction, channel: Channel, edition_id: int, sheet: Sheet, now: datetime) -> None:
    for number, part in enumerate(sheet.parts, start=1):
        intent = f"edition:{edition_id}:{number}"
        parcel = notes.message(channel.chat, part.text, intent=intent, priority=PRIORITY, now=now, silent=False)
        await outbox.put(tx, replace(parcel, edition_id=edition_id, part=number), now)
    await journal.write(tx, "publish", f"edition:{edition_id}", now, became=sheet.title)


async def _keep(tx: Transaction, channel: Channel, draft: Draft, now: datetime) -> int:
    lines: list[Line] = []
    if draft.sheet:
        part_of = {index: number for number, part in enumerate(draft.sheet.parts, 1) for index in part.entries}
        lines = [
            Line(
                choice.ranked.story.id, choice.ranked.story.state.version, part_of[index], choice.item.title, str(text)
            )
            for index, (choice, text) in enumerate(zip(draft.selection.choices, draft.sheet.lines, strict=True))
        ]
    return await _add(
        tx,
        channel,
        draft.slot,
        state="approved" if draft.sheet else "skipped",
        from_at=draft.from_at,
        until_at=draft.until_at,
        title=draft.sheet.title if draft.sheet else "",
        lines=lines,
        now=now,
    )


async def _log(tx: Transaction, channel: Channel, draft: Draft, edition_id: int, now: datetime) -> None:
    chosen = {choice.ranked.story.id for choice in draft.selection.choices} if draft.sheet else set()
    await journal.decide(
        tx,
        channel_id=channel.id,
        rubric=draft.rubric.name,
        edition_id=edition_id,
        size=draft.rubric.size,
        candidates=[
            Candidate(
                choice.ranked.story.id,
                choice.ranked.story.state.version,
                choice.ranked.importance,
                _features(choice.ranked.contributions),
                choice.ranked.story.id in chosen,
            )
            for choice in draft.selection.candidates
        ],
        now=now,
    )


def _features(contributions: Sequence[Contribution]) -> dict[str, float]:
    """The points of each reason; reasons of one key are told apart by what they name (a kind of words, a section)."""
    features: dict[str, float] = {}
    for each in contributions:
        named = [value for value in each.values.values() if isinstance(value, str)]
        feature = ":".join([each.key, *named])
        features[feature] = round(features.get(feature, 0.0) + each.points, 2)
    return features


async def _add(
    tx: Transaction,
    channel: Channel,
    slot: Slot,
    *,
    state: str,
    from_at: datetime,
    until_at: datetime,
    now: datetime,
    title: str = "",
    lines: Sequence[Line] = (),
) -> int:
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
