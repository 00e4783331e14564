"""The editors' card of a post (screens E1–E5, E22): one message, in the state that the post is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.desk.content import headline
from bot.editions.packing import shorten
from bot.judgement.ranking import Ranked
from bot.screen import Button, Page
from bot.wording import Wording
from storage.model import Item, Post

TITLE_UNITS = 300
SLOTS = 3  # a row of buttons
UNTOLD = frozenset({"reason.base", "reason.limit"})  # every story has them: they explain nothing
REASONS = 4  # the weightiest; /why will tell all


@dataclass(frozen=True, slots=True)
class Card:
    """A post with what its card tells about it. `slots` are the next free times, `tomorrow` two of the next day.

    `author` and `last` are the names of who made it and who changed it last; `item` and `ranked` are None for a
    post that was not made from a report, `post_url` is '' until it is published. `refusal` is Telegram's word when
    it did not take the post, `doubted` says that nobody knows whether it did.
    """

    post: Post
    author: str
    last: str
    slots: Sequence[datetime]
    tomorrow: Sequence[datetime]
    item: Item | None = None
    ranked: Ranked | None = None
    voices: Sequence[Item] = ()
    published_at: datetime | None = None
    post_url: str = ""
    doubted: bool = False
    refusal: str = ""


def data(act: str, post: Post, argument: int | None = None) -> str:
    """Callback data: `q:<act>:<post>:<row version>[:<argument>]`."""
    tail = "" if argument is None else f":{argument}"
    return f"q:{act}:{post.id}:{post.row_version}{tail}"


def show(card: Card, wording: Wording, now: datetime) -> Page:
    """The card in the state of its post."""
    painter = {
        "queued": _queued,
        "publishing": _leaving,
        "published": _published,
        "rejected": _rejected,
        "failed": _failed,
        "withdrawn": _withdrawn,
    }
    return painter.get(card.post.state, _offered)(card, wording, now)


def times(card: Card, wording: Wording, now: datetime) -> Page:
    """E3: when it goes out, by slots instead of digits."""
    post = card.post
    near = [_slot(post, at, wording, now) for at in card.slots[:SLOTS]]
    far = [_slot(post, at, wording, now) for at in card.tomorrow]
    text = wording.html("card.times", clock=wording.clock(now), title=_title(post))
    return Page(text, (tuple(near), tuple(far), (Button(wording.text("card.button.back"), data("back", post)),)))


def _offered(card: Card, wording: Wording, now: datetime) -> Page:
    post, slot = card.post, card.slots[0]
    lines = [_head(card, wording, now), _bold(_title(post)), *_about(card, wording, now)]
    lines.append(wording.html("card.slot", slot=wording.moment(slot, now)))
    keyboard = (
        (
            Button(
                wording.text("card.button.queue", slot=wording.moment(slot, now)),
                data("slot", post, int(slot.timestamp())),
                style="success",
            ),
        ),
        (
            Button(wording.text("card.button.now"), data("now", post)),
            Button(wording.text("card.button.times"), data("times", post)),
            Button(wording.text("card.button.preview"), data("view", post)),
        ),
        (
            Button(wording.text("card.button.edit"), data("edit", post)),
            Button(wording.text("card.button.reject"), data("reject", post)),
        ),
        *_waiting(card, wording),
        *_undo(post, wording, now),
    )
    return Page(_lines(lines), keyboard)


def _waiting(card: Card, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """E22: what one voice alone says may wait for a second, or go out with a mark."""
    if len(card.voices) != 1:
        return ()
    again = card.post.state == "held" and card.post.due_at is None
    wait = "card.button.wait.again" if again else "card.button.wait"
    row = (Button(wording.text(wait), data("wait", card.post)),)
    return ((*row, Button(wording.text("card.button.mark"), data("mark", card.post))),) if again else (row,)


def _head(card: Card, wording: Wording, now: datetime) -> Markup:
    """Why the post waits for an editor: nobody was there at its time, or it is new."""
    post = card.post
    if post.state == "held":
        if post.due_at is None:
            return wording.html("card.unconfirmed")
        return wording.html("card.waiting", until=wording.moment(post.due_at, now))
    if post.state == "missed" and post.due_at is not None:
        return wording.html("card.missed", at=wording.moment(post.due_at, now))
    if card.ranked is not None:
        return wording.html("card.offered", importance=round(card.ranked.importance))
    return wording.html("card.draft", author=card.author)


def _queued(card: Card, wording: Wording, now: datetime) -> Page:
    post = card.post
    assert post.due_at is not None  # a queued post has its time
    lines = [
        wording.html("card.queued", moment=wording.moment(post.due_at, now)),
        _bold(_title(post)),
        wording.html("card.hands", author=card.author, last=card.last),
        *_voices(card, wording),
    ]
    sound = "card.button.sound.off" if post.silent else "card.button.sound.on"
    keyboard = (
        (
            Button(wording.text("card.button.move"), data("times", post)),
            Button(wording.text("card.button.edit"), data("edit", post)),
            Button(wording.text("card.button.preview"), data("view", post)),
        ),
        (
            Button(wording.text(sound), data("sound", post)),
            Button(wording.text("card.button.now"), data("now", post)),
        ),
        (Button(wording.text("card.button.remove"), data("remove", post)),),
    )
    return Page(_lines(lines), keyboard)


def _leaving(card: Card, wording: Wording, now: datetime) -> Page:
    post = card.post
    if card.doubted:
        return Page(_lines([wording.html("card.doubt"), _bold(_title(post))]))
    if post.due_at is None or post.due_at <= now:
        return Page(_lines([wording.html("card.sending"), _bold(_title(post))]))
    lines = [
        wording.html("card.leaving", at=f"{post.due_at.astimezone(wording.zone):%H:%M:%S}"),
        _bold(_title(post)),
        wording.html("card.tapped.silent" if post.silent else "card.tapped", editor=card.last),
    ]
    keyboard = (
        (
            Button(wording.text("card.button.cancel"), data("cancel", post), style="danger"),
            Button(wording.text("card.button.go"), data("go", post)),
        ),
    )
    return Page(_lines(lines), keyboard)


def _published(card: Card, wording: Wording, now: datetime) -> Page:
    post = card.post
    at = card.published_at or post.changed_at
    taken = "card.roundup.yes" if post.in_roundup else "card.roundup.no"
    lines = [wording.html("card.published", at=wording.moment(at, now)), _bold(_title(post)), wording.html(taken)]
    toggle = "card.button.roundup.out" if post.in_roundup else "card.button.roundup.in"
    opening = (Button(wording.text("card.button.open"), url=card.post_url),) if card.post_url else ()
    return Page(_lines(lines), (opening, (Button(wording.text(toggle), data("roundup", post)),)))


def _rejected(card: Card, wording: Wording, now: datetime) -> Page:
    lines = [wording.html("card.rejected", editor=card.last), _bold(_title(card.post))]
    return Page(_lines(lines), _undo(card.post, wording, now))


def _failed(card: Card, wording: Wording, now: datetime) -> Page:
    """Telegram did not take it: other words may pass."""
    lines = [wording.html("card.failed", reason=card.refusal), _bold(_title(card.post))]
    row = (
        Button(wording.text("card.button.edit"), data("edit", card.post)),
        Button(wording.text("card.button.reject"), data("reject", card.post)),
    )
    return Page(_lines(lines), (row,))


def _withdrawn(card: Card, wording: Wording, now: datetime) -> Page:
    """Its source took it back, so it did not go out; there is nothing to press."""
    return Page(_lines([wording.html("card.withdrawn"), _bold(_title(card.post))]))


def _undo(post: Post, wording: Wording, now: datetime) -> tuple[tuple[Button, ...], ...]:
    """The way back from the last act, as long as nothing else was done."""
    if not post.undo:
        return ()
    return ((Button(wording.text("card.button.undo"), data("undo", post)),),)


def _about(card: Card, wording: Wording, now: datetime) -> list[Markup]:
    lines = []
    if card.item is not None:
        since = wording.moment(card.item.published_at, now)
        lines.append(wording.html("card.item", sections=", ".join(card.item.sections) or card.item.source, since=since))
    elif card.post.content.section:
        lines.append(Markup("{}").format(card.post.content.section))
    if card.ranked is not None:
        told = [each for each in card.ranked.contributions if each.key not in UNTOLD]
        weighty = sorted(told, key=lambda each: -abs(each.points))[:REASONS]
        reasons = ", ".join(reason(each.key, dict(each.values), wording) for each in weighty)
        if reasons:
            lines.append(wording.html("card.why", importance=round(card.ranked.importance), reasons=reasons))
    return [*lines, *_voices(card, wording)]


def reason(key: str, values: dict[str, object], wording: Wording) -> str:
    """One reason of an importance, in words."""
    if "junk" in values:
        values = values | {"junk": wording.text(f"junk.{values['junk']}")}
    count = values.get("count")
    if isinstance(count, int):
        return wording.count(key, count, **{name: value for name, value in values.items() if name != "count"})
    return wording.text(key, **values)


def _voices(card: Card, wording: Wording) -> list[Markup]:
    """E22: who says so, and who else."""
    if not card.voices:
        return []
    first, *others = card.voices
    told = wording.html("card.source", source=first.source, at=wording.clock(first.published_at))
    if others:
        return [told + wording.html("card.source.second", source=others[0].source)]
    return [told + wording.html("card.source.alone")]


def _slot(post: Post, at: datetime, wording: Wording, now: datetime) -> Button:
    return Button(wording.moment(at, now), data("slot", post, int(at.timestamp())))


def _title(post: Post) -> str:
    return shorten(headline(post.content), TITLE_UNITS) or "…"


def _bold(text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)


def _lines(lines: Sequence[Markup]) -> Markup:
    return Markup("\n").join(line for line in lines if line)
