"""What editors plan: the rubrics they wish, and the drafts of editions. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Wish:
    """A rubric as editors want it. Without walls it is not wanted. `days` are 1 Monday to 7 Sunday, `sections` are
    folded, none: all. No slot before `since_at` is owed. Not `own`: it is as the environment says again, since then."""

    name: str
    walls: tuple[time, ...]
    days: frozenset[int]
    size: int
    sections: tuple[str, ...] = ()
    since_at: datetime | None = None
    own: bool = True


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A candidate of a draft. `touched`: an editor decided on it, so the judgement does not. `version` is the state
    of its story that was last looked at; `own_text` are an editor's words, which speak of the state `own_version`."""

    story_id: int
    chosen: bool
    version: int
    touched: bool = False
    own_text: str | None = None
    own_version: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that has not gone out, as editors have it: lines in their order, their own fragments, their word.

    `version` counts every change and stands in the buttons. Untouched, it follows the judgement; `approved_at`: an
    editor wants just this; `held_at`: it waits for an editor's word.
    """

    id: int
    channel_id: int
    rubric: str
    local_date: str
    wall_time: str
    slot_at: datetime
    from_at: datetime
    version: int
    state: str
    lines: tuple[DraftLine, ...]
    fragment_a: str | None = None
    fragment_b: str | None = None
    touched_at: datetime | None = None
    approved_at: datetime | None = None
    held_at: datetime | None = None
    settled_by: int | None = None
    checked_at: datetime | None = None
    reminded_at: datetime | None = None
    alarmed_at: datetime | None = None

    @property
    def intent(self) -> str:
        """The event of the message that shows it to the editors."""
        return f"draft:{self.id}"


@dataclass(frozen=True, slots=True)
class Sitting:
    """How editors sit at a draft: `view` is the screen that its message shows ('lines', 'order', or 'line' of
    `story_id`); `writer` writes words until `until_at` (`writes`: fragment 'a' or 'b', or the 'line' of `writes_of`).

    `leads` says of which story, in which state, an own fragment speaks; `undo` is the draft before the last act, which
    left it at `version`.
    """

    acted_at: datetime
    acted_by: int = 0
    act: str = ""
    version: int = 0
    view: str = "lines"
    story_id: int | None = None
    writes: str | None = None
    writes_of: int | None = None
    writer: int | None = None
    until_at: datetime | None = None
    leads: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    undo: Draft | None = None

    def written_by(self, now: datetime) -> int | None:
        """Who writes words now, None when nobody does (any more)."""
        return self.writer if self.until_at is not None and now < self.until_at else None
