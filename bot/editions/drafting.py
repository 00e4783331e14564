"""A draft between the judgement, which follows the news, and the editors, whose word stands.

Untouched, a draft is what the judgement would choose now. Touched, it keeps what editors decided: their lines, order
and words; news takes the place of lines they left alone. Approved, it changes only where a story is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.editions.choosing import Choice, Selection
from bot.editions.rubrics import Rubric
from storage.editorial import Draft, DraftLine

MOST: Final = 12  # lines that editors are shown: screens, E13


def drafted(selection: Selection, language: str) -> tuple[DraftLine, ...]:
    """A new draft's lines: what was chosen, in its order, then the next candidates."""
    chosen = [_line(choice, chosen=True) for choice in selection.choices]
    known = {line.story_id for line in chosen}
    rest = [_line(each, chosen=False) for each in _told_in(selection.candidates, language) if _id(each) not in known]
    return (*chosen, *rest[: max(MOST - len(chosen), 0)])


def followed(draft: Draft, selection: Selection, rubric: Rubric, language: str) -> Selection:
    """The selection as the draft wants it. An editor's choice of a single line is enough."""
    standing = {_id(each): each for each in (*selection.candidates, *selection.choices)}
    lines = [line for line in follow(draft, selection, language) if line.chosen]
    choices = tuple(_worded(standing[line.story_id], line) for line in lines)
    return Selection(choices, selection.candidates, len(choices) >= (1 if _decided(draft) else rubric.fewest))


def follow(draft: Draft, selection: Selection, language: str) -> tuple[DraftLine, ...]:
    """The draft's lines after the news that the selection brings."""
    if not _decided(draft):
        looked_at = {line.story_id: line.version for line in draft.lines}
        made = drafted(selection, language)
        return tuple(replace(line, version=looked_at.get(line.story_id, line.version)) for line in made)
    standing = {_id(each) for each in (*selection.choices, *_told_in(selection.candidates, language))}
    barred = {_id(each) for each in selection.candidates if each.bar is not None}
    kept = [line for line in draft.lines if line.story_id in standing]
    # Words that nobody answered for came into the headline; an editor's own words are their answer.
    kept = [replace(line, chosen=False) if line.story_id in barred and line.own_text is None else line for line in kept]
    known = {line.story_id for line in draft.lines}
    wanted = {_id(each) for each in selection.choices}
    come = [_line(each, chosen=False) for each in selection.choices if _id(each) not in known]
    rest = [
        _line(each, chosen=False)
        for each in _told_in(selection.candidates, language)
        if _id(each) not in known | wanted
    ]
    if draft.approved_at is None:
        gone = sum(line.chosen for line in draft.lines) - sum(line.chosen for line in kept)
        kept, come = _seated(kept, come, gone, wanted, barred)
    return _shown((*kept, *come, *rest))


def conflicts(line: DraftLine, version: int) -> bool:
    """Whether the story went on after an editor wrote words of their own."""
    return line.own_text is not None and line.own_version is not None and line.own_version < version


def moved(lines: Sequence[DraftLine], story_id: int, place: int) -> tuple[DraftLine, ...]:
    """The lines with this story's at `place` (from 0; beyond the ends is the end), as an editor's decision."""
    line = next(each for each in lines if each.story_id == story_id)
    others = [each for each in lines if each.story_id != story_id]
    place = min(max(place, 0), len(others))
    return (*others[:place], replace(line, touched=True), *others[place:])


def toggled(lines: Sequence[DraftLine], story_id: int) -> tuple[DraftLine, ...]:
    """The lines with this story chosen or not any more, in their places."""
    return tuple(
        replace(each, chosen=not each.chosen, touched=True) if each.story_id == story_id else each for each in lines
    )


def replaced(lines: Sequence[DraftLine], story_id: int) -> tuple[DraftLine, ...] | None:
    """The lines with the next candidate in this story's place; None when there is none left."""
    old = next(each for each in lines if each.story_id == story_id)
    new = next((each for each in lines if not each.chosen and not each.touched), None)
    if new is None or not old.chosen:
        return None
    swap = {
        old.story_id: replace(new, chosen=True, touched=True),
        new.story_id: replace(old, chosen=False, touched=True),
    }
    return tuple(swap.get(each.story_id, each) for each in lines)


def reworded(lines: Sequence[DraftLine], story_id: int, text: str | None, version: int) -> tuple[DraftLine, ...]:
    """The lines with an editor's own words for this story, which is in state `version`; None takes them away."""
    return tuple(
        replace(each, own_text=text, own_version=None if text is None else version, touched=True)
        if each.story_id == story_id
        else each
        for each in lines
    )


def _seated(
    kept: list[DraftLine], come: list[DraftLine], gone: int, wanted: set[int], barred: set[int]
) -> tuple[list[DraftLine], list[DraftLine]]:
    """News takes the seats of what is gone, then of lines that nobody touched and the judgement no longer wants."""
    seats = [line for line in kept if line.chosen and not line.touched and line.story_id not in wanted]
    left: list[DraftLine] = []
    for line in come:
        if gone > 0:
            gone -= 1
        elif seats:
            loser = seats.pop()
            kept = [replace(each, chosen=False) if each.story_id == loser.story_id else each for each in kept]
        else:
            left.append(line)
            continue
        last = max((place for place, each in enumerate(kept) if each.chosen), default=-1)
        kept.insert(last + 1, replace(line, chosen=True))
    for place, line in enumerate(kept):  # no news for the empty seats: the next that nobody put aside
        if gone > 0 and not line.chosen and not line.touched and line.story_id not in barred:
            kept[place] = replace(line, chosen=True)
            gone -= 1
    return kept, left


def _shown(lines: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """So many as editors are shown; what is told, or what an editor decided on, stands however many there are."""
    room = MOST - sum(line.chosen or line.touched for line in lines)
    shown = []
    for line in lines:
        if not (line.chosen or line.touched):
            room -= 1
            if room < 0:
                continue
        shown.append(line)
    return tuple(shown)


def _decided(draft: Draft) -> bool:
    return draft.touched_at is not None or draft.approved_at is not None


def _line(choice: Choice, *, chosen: bool) -> DraftLine:
    return DraftLine(_id(choice), chosen, choice.ranked.story.state.version)


def _worded(choice: Choice, line: DraftLine) -> Choice:
    return choice if line.own_text is None else replace(choice, own=line.own_text)


def _id(choice: Choice) -> int:
    return choice.ranked.story.id


def _told_in(candidates: Sequence[Choice], language: str) -> list[Choice]:
    return [each for each in candidates if each.item.language == language]
