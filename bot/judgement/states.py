"""When a report changes what its story says, and which report speaks for the story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.judgement.toll import corrects, toll, toll_of
from bot.judgement.words import words
from storage.model import Item, State, Toll


@dataclass(frozen=True, slots=True)
class Conflict:
    """A later report that counts fewer people than the state does: editors hear of it, the state stays."""

    item_id: int
    source: str
    which: str
    state_count: int
    count: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What a report did: the state that the story is in from now on (None: as before), and what it contradicts."""

    state: State | None
    conflicts: tuple[Conflict, ...] = ()


def first(story_id: int, item: Item) -> State:
    """The state that a report gives to a story which begins with it."""
    return State(story_id, 1, item.id, item.version, item.title, toll_of(item.title, item.lead), item.published_at)


def turn(state: State, item: Item, items: Iterable[Item]) -> Turn:
    """What the report does to the story's state. `items`: the story's reports that stand; the report may be among them.

    A report published before the state's own never changes it; a smaller count never replaces a larger one, unless
    the state's own report was edited or a later headline says that it corrects.
    """
    if item.id == state.item_id:
        return Turn(_edited(state, item))
    if item.published_at < state.at:
        return Turn(None)
    told = toll_of(item.title, item.lead)
    mended = lowered(state.toll, item)
    if mended:
        return Turn(_after(state, item, {**_joined(state.toll, told), **mended}))
    conflicts = _conflicts(state, item, told)
    if _grown(state.toll, told):
        return Turn(_after(state, item, _joined(state.toll, told)), conflicts)
    if conflicts or not _follows(state, item, items):
        return Turn(None, conflicts)
    return Turn(_after(state, item, _joined(state.toll, told)))


def of(story_id: int, items: Sequence[Item]) -> State:
    """The state that these reports, oldest publication first, put their story into. Raises IndexError for none."""
    state = first(story_id, items[0])
    for item in items[1:]:
        state = turn(state, item, items).state or state
    return state


def headline(state: State, items: Sequence[Item], language: str) -> Item:
    """The report that the channel quotes: the newsroom's newest whose toll is not behind, else the state's own.

    Among equals the newsroom's language wins. Only a report at least as new as the state can speak for it. One that
    tells the wounded and leaves out the dead gives way to one that names them. Raises ValueError when no report stands.
    """
    spoken = _speaker(state, items, language)
    told = toll(spoken.title)
    if not told or "killed" in told or not state.toll.get("killed"):
        return spoken
    naming = [item for item in items if item.language == spoken.language and _names_the_dead(state, item)]
    return max(naming, key=lambda item: (item.own, item.published_at, item.id), default=spoken)


def _speaker(state: State, items: Sequence[Item], language: str) -> Item:
    speaking = [item for item in items if item.id == state.item_id or _keeps_up(state, item)]
    own = [item for item in speaking if item.own]
    if own:
        return max(own, key=lambda item: (item.language == language, item.published_at, item.id))
    if speaking:
        return min(speaking, key=lambda item: (item.language != language, item.id != state.item_id, item.id))
    return max(items, key=lambda item: (item.published_at, item.id))


def lowered(known: Toll, item: Item) -> Toll:
    """What a headline with a word of correction says when it counts fewer people than are known; else nothing."""
    told = toll(item.title) if corrects(item.title) else {}
    return told if any(count < known.get(which, 0) for which, count in told.items()) else {}


def behind(known: Toll, told: Toll) -> bool:
    """Whether a count of `told` is missing or smaller than the known one."""
    return any(told.get(which, 0) < count for which, count in known.items())


def died_of_wounds(known: Toll, told: Toll) -> bool:
    """Whether fewer are wounded because as many, or more, have died since."""
    if "wounded" not in told:
        return False
    died = told.get("killed", 0) - known.get("killed", 0)
    return 0 < known.get("wounded", 0) - told["wounded"] <= died


def _names_the_dead(state: State, item: Item) -> bool:
    """Whether its headline counts no fewer dead than are known, nor fewer wounded when it counts them. A report that is
    older than the state does not know the last count of it: what it would hide is news."""
    told = toll(item.title)
    fresh = "wounded" not in told or told["wounded"] >= state.toll.get("wounded", 0)
    return item.published_at >= state.at and told.get("killed", 0) >= state.toll["killed"] and fresh


def _keeps_up(state: State, item: Item) -> bool:
    return item.published_at >= state.at and not behind(state.toll, toll_of(item.title, item.lead))


def _edited(state: State, item: Item) -> State | None:
    told = toll_of(item.title, item.lead)
    if item.version <= state.item_version or (item.title == state.title and told == state.toll):
        return None
    return _after(state, item, told)


def _after(state: State, item: Item, toll: Toll) -> State:
    return replace(
        state,
        version=state.version + 1,
        item_id=item.id,
        item_version=item.version,
        title=item.title,
        toll=toll,
        at=max(state.at, item.published_at),
    )


def _grown(known: Toll, told: Toll) -> bool:
    return any(count > known.get(which, 0) for which, count in told.items())


def _joined(known: Toll, told: Toll) -> dict[str, int]:
    """The larger counts; when someone died of wounds, as many fewer are wounded."""
    joined = {which: max(known.get(which, 0), told.get(which, 0)) for which in {**known, **told}}
    if died_of_wounds(known, told):
        joined["wounded"] = told["wounded"]
    return joined


def _conflicts(state: State, item: Item, told: Toll) -> tuple[Conflict, ...]:
    fewer = [which for which, count in told.items() if count < state.toll.get(which, 0)]
    if died_of_wounds(state.toll, told):
        fewer = [which for which in fewer if which != "wounded"]
    return tuple(Conflict(item.id, item.source, which, state.toll[which], told[which]) for which in sorted(fewer))


def _follows(state: State, item: Item, items: Iterable[Item]) -> bool:
    """Whether a source that told of the story before says something further: other words than any it used."""
    same = [other for other in items if other.source_id == item.source_id and other.id != item.id]
    said = [words(other.title) for other in same] + [words(state.title)]
    return bool(same) and words(item.title) not in said
