"""Makes one edition, puts it into the outbox, and remembers what it told and what it was chosen from."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import notes
from bot.editions.compose import Draft, compose
from bot.editions.packing import TooLong
from bot.editions.press import Sheet
from bot.editions.rubrics import Rubric
from bot.editions.slots import Slot
from bot.judgement.tastes import Taste
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import editions, journal, outbox
from storage.database import Transaction
from storage.editions import Line
from storage.journal import Candidate
from storage.model import Channel, Contribution, Parcel

log = logging.getLogger(__name__)
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edition stands: its slot, the id of the missed row whose place it takes (None: it is the first of its
    slot), and when it goes out (None: now)."""

    slot: Slot
    instead_of: int | None = None
    due_at: datetime | None = None


async def serve(tx: Transaction, desk: Desk, channel: Channel, place: Place, now: datetime) -> bool:
    """Whether the edition goes out; when it does not, the editors are told why."""
    slot = place.slot
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
        await keep(tx, channel, place, state="held", now=now)
        await _tell(tx, notes.unprintable(desk.wording, desk.newsroom, slot, now), now)
        return False
    edition_id = await _keep_draft(tx, channel, place, draft, now)
    await _log(tx, channel, draft, edition_id, now)
    if draft.sheet is None:
        found = len(draft.selection.choices)
        if place.instead_of is None:  # else the editor who asked for it sees it at once
            await _tell(tx, notes.too_few(desk.wording, desk.newsroom, slot, found, rubric.fewest, now), now)
        return False
    due_at = place.due_at or now
    frame = Parcel("", channel.chat, "", {}, PRIORITY, due_at, edition_id=edition_id)
    await _dispatch(tx, replace(frame, stale_at=max(slot.at, due_at) + desk.patience), draft.sheet, now)
    return True


async def _dispatch(tx: Transaction, frame: Parcel, sheet: Sheet, now: datetime) -> None:
    for number, part in enumerate(sheet.parts, start=1):
        intent = f"edition:{frame.edition_id}:{number}"
        said = notes.message(frame.chat, part.text, intent=intent, priority=PRIORITY, now=now, silent=False)
        await outbox.put(tx, replace(frame, intent=intent, method=said.method, payload=said.payload, part=number), now)
    await journal.write(tx, "publish", f"edition:{frame.edition_id}", now, became=sheet.title)


async def _keep_draft(tx: Transaction, channel: Channel, place: Place, draft: Draft, now: datetime) -> int:
    lines: list[Line] = []
    if draft.sheet:
        part_of = {index: number for number, part in enumerate(draft.sheet.parts, 1) for index in part.entries}
        lines = [
            Line(
                choice.ranked.story.id, choice.ranked.story.state.version, part_of[index], choice.item.title, str(text)
            )
            for index, (choice, text) in enumerate(zip(draft.selection.choices, draft.sheet.lines, strict=True))
        ]
    state, title = ("approved", draft.sheet.title) if draft.sheet else ("skipped", "")
    window = (draft.from_at, draft.until_at)
    return await keep(tx, channel, place, state=state, window=window, title=title, lines=lines, now=now)


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
