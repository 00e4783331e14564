"""What an editor's tap or reply makes of a draft: the draft and the sitting before in, both after and a word out.

Nothing here sends: what goes out at once, and the way back from it, is in `draft_acts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.editions.drafting import moved, reworded, toggled
from bot.editions.drafting import replaced as swapped_in
from storage.editorial import Draft, DraftLine, Sitting

LEASE: Final = timedelta(minutes=5)  # screens, E9: so long nobody else writes
FRAGMENTS: Final = ("a", "b")


@dataclass(frozen=True, slots=True)
class Touch:
    """Who acts, when, on which line's story (None: on none), and in what state that story is.

    `leads` are the stories that the title is made of, each with its state; `approval`: the newsroom wants each draft
    approved, so a changed one has to be approved anew.
    """

    editor: int
    now: datetime
    story_id: int | None = None
    version: int = 0
    leads: Sequence[tuple[int, int]] = ()
    approval: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Both after the act, and the key of what to say (below `draft.toast`), with its number."""

    draft: Draft
    sitting: Sitting
    toast: str
    number: int = 0


Move = Callable[[Draft, Sitting, Touch], Moved]


def choose(wanted: bool) -> Move:
    """The line is told, or is not. A button that says which does no harm when the news was faster."""

    def put(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
        line, place = _line(draft, touch)
        lines = _looked(draft.lines, touch)
        if line.chosen != wanted:
            lines = toggled(lines, line.story_id)
        return Moved(_edited(draft, touch, lines), sitting, "on" if wanted else "off", place + 1)

    return put


def order(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The message asks which line is meant."""
    return Moved(draft, replace(sitting, view="order", story_id=None), "order")


def line(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The message shows this line's own screen."""
    _, place = _line(draft, touch)
    return Moved(draft, replace(sitting, view="line", story_id=touch.story_id), "line", place + 1)


def back(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The message shows all lines."""
    return Moved(draft, replace(sitting, view="lines", story_id=None), "back")


def up(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """One place up."""
    return _placed(draft, sitting, touch, _line(draft, touch)[1] - 1)


def down(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """One place down."""
    return _placed(draft, sitting, touch, _line(draft, touch)[1] + 1)


def first(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """To the head of the edition."""
    return _placed(draft, sitting, touch, 0)


def last(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """Behind the last line that is told: further down nobody reads it."""
    line, place = _line(draft, touch)
    others = [each for each in draft.lines if each.story_id != line.story_id]
    told = max((at for at, each in enumerate(others) if each.chosen), default=place - 1)
    return _placed(draft, sitting, touch, told + 1)


def following(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The next candidate takes the line's place."""
    line, place = _line(draft, touch)
    lines = swapped_in(_looked(draft.lines, touch), line.story_id)
    if lines is None:
        return Moved(draft, sitting, "no_next")
    return Moved(_edited(draft, touch, lines), replace(sitting, view="lines", story_id=None), "next", place + 1)


def keep(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The editor's words stay although the story went on."""
    line, _ = _line(draft, touch)
    lines = reworded(_looked(draft.lines, touch), line.story_id, line.own_text, touch.version)
    return Moved(_edited(draft, touch, lines), sitting, "kept")


def fresh(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The story's own headline instead of the editor's words."""
    line, _ = _line(draft, touch)
    lines = reworded(_looked(draft.lines, touch), line.story_id, None, touch.version)
    return Moved(_edited(draft, touch, lines), sitting, "restored")


def swap(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The two stories of the title change places, and an editor's own fragments with them."""
    if len(touch.leads) < 2:
        return Moved(draft, sitting, "no_swap")
    one, other = (story for story, _ in touch.leads[:2])
    places = {each.story_id: place for place, each in enumerate(draft.lines)}
    lines = list(draft.lines)
    for story, place in ((one, places[other]), (other, places[one])):
        lines[place] = replace(draft.lines[places[story]], touched=True)
    after = replace(_edited(draft, touch, lines), fragment_a=draft.fragment_b, fragment_b=draft.fragment_a)
    turned = {"a": "b", "b": "a"}
    leads = {turned[name]: lead for name, lead in sitting.leads.items()}
    return Moved(after, replace(sitting, leads=leads), "swapped")


def write(what: str) -> Move:
    """A reply of this editor will be these words; for five minutes nobody else writes."""

    def open_edit(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
        if what == "line":
            _line(draft, touch)
        if sitting.written_by(touch.now) not in (None, touch.editor):
            return Moved(draft, sitting, "busy")
        of = touch.story_id if what == "line" else None
        after = replace(sitting, writes=what, writes_of=of, writer=touch.editor, until_at=touch.now + LEASE)
        return Moved(draft, after, "write")

    return open_edit


def leave(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """Nobody writes any more, and nothing was changed."""
    if sitting.written_by(touch.now) not in (None, touch.editor):
        return Moved(draft, sitting, "busy")
    return Moved(draft, _closed(sitting), "left")


def automatic(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """The words that are being written are the judgement's own again."""
    if sitting.written_by(touch.now) != touch.editor:
        return Moved(draft, sitting, "busy" if sitting.written_by(touch.now) else "not_writing")
    return worded(draft, sitting, touch, None)


def worded(draft: Draft, sitting: Sitting, touch: Touch, text: str | None) -> Moved:
    """The words that the editor wrote, where they were meant; None takes the editor's own away."""
    said, closed = "restored" if text is None else "worded", _closed(sitting)
    if sitting.writes == "line" and sitting.writes_of is not None:
        if all(each.story_id != sitting.writes_of for each in draft.lines):
            return Moved(draft, closed, "gone")
        lines = reworded(draft.lines, sitting.writes_of, text, touch.version)
        return Moved(_edited(draft, touch, lines), closed, said)
    leads = {name: lead for name, lead in sitting.leads.items() if name != sitting.writes}
    place = FRAGMENTS.index(sitting.writes or "a")
    if text is not None and place < len(touch.leads):
        leads[FRAGMENTS[place]] = touch.leads[place]
    after = _edited(draft, touch, draft.lines)
    after = replace(after, fragment_a=text) if place == 0 else replace(after, fragment_b=text)
    return Moved(after, replace(closed, leads=leads), said)


def approve(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """It goes out at its minute, just so."""
    return Moved(_settled(draft, touch, approved_at=touch.now), _lines(sitting), "approved")


def hold(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """It does not go out without another word."""
    return Moved(_settled(draft, touch, held_at=touch.now), _lines(sitting), "held")


def plan(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """It goes out at its minute after all; where drafts are approved, that is the word."""
    return Moved(_settled(draft, touch, approved_at=touch.now if touch.approval else None), _lines(sitting), "planned")


def skip(draft: Draft, sitting: Sitting, touch: Touch) -> Moved:
    """It does not go out at all; its news stays for the next."""
    return Moved(replace(_settled(draft, touch), state="skipped"), _lines(sitting), "skipped")


class Gone(Exception):
    """The line is not in the draft any more."""


def _line(draft: Draft, touch: Touch) -> tuple[DraftLine, int]:
    for place, each in enumerate(draft.lines):
        if each.story_id == touch.story_id:
            return each, place
    raise Gone


def _placed(draft: Draft, sitting: Sitting, touch: Touch, place: int) -> Moved:
    line, was = _line(draft, touch)
    lines = moved(_looked(draft.lines, touch), line.story_id, place)
    became = next(at for at, each in enumerate(lines) if each.story_id == line.story_id)
    if became == was:
        return Moved(draft, sitting, "there", was + 1)
    return Moved(_edited(draft, touch, lines), sitting, "moved", became + 1)


def _looked(lines: Sequence[DraftLine], touch: Touch) -> tuple[DraftLine, ...]:
    """The lines; the one that is acted on was looked at in the state that its story is in."""
    return tuple(
        replace(each, version=max(each.version, touch.version)) if each.story_id == touch.story_id else each
        for each in lines
    )


def _edited(draft: Draft, touch: Touch, lines: Sequence[DraftLine]) -> Draft:
    """The draft with these lines; where drafts are approved, nobody approved these."""
    after = replace(draft, lines=tuple(lines))
    return replace(after, approved_at=None, settled_by=None) if touch.approval and draft.approved_at else after


def _settled(
    draft: Draft, touch: Touch, *, approved_at: datetime | None = None, held_at: datetime | None = None
) -> Draft:
    return replace(draft, approved_at=approved_at, held_at=held_at, settled_by=touch.editor)


def _lines(sitting: Sitting) -> Sitting:
    return replace(sitting, view="lines", story_id=None)


def _closed(sitting: Sitting) -> Sitting:
    return replace(_lines(sitting), writes=None, writes_of=None, writer=None, until_at=None)
