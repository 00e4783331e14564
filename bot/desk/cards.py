"""The editors' card of a post (screens E1–E5, E22): one message, in the state that the post is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from bot.desk import applause, breaking_page, card_care, card_channel, correct_page, flag_page, story_page, update_page
from bot.desk.card_channel import Places
from bot.desk.content import headline
from bot.desk.correct_page import UNTOUCHED, Afterlife
from bot.desk.flag_page import NOTHING, Question
from bot.desk.update_page import UNCHANGED, Since
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
    it did not take the post, `doubted` says that nobody knows whether it did. `reports` is how many tell its story,
    `asked` whether that may be one with another, `votes` how many editors want it, `counts` the channel's reactions
    with their numbers, the most frequent first; where people died (`grave`) the card shows neither a 🔥 nor any
    reactions. `afterlife` is what became of it since it went out,
    `question` what it names that has to be answered for.
    """

    post: Post
    author: str
    last: str
    slots: Sequence[datetime]
    tomorrow: Sequence[datetime]
    item: Item | None = None
    ranked: Ranked | None = None
    voices: Sequence[Item] = ()
    reports: int = 0
    asked: bool = False
    votes: int = 0
    grave: bool = False
    counts: Sequence[tuple[str, int]] = ()
    published_at: datetime | None = None
    post_url: str = ""
    discussed: bool = False  # a group is linked to the channel
    doubted: bool = False
    refusal: str = ""
    afterlife: Afterlife = UNTOUCHED
    following: datetime | None = None
    question: Question = NOTHING
    places: Places | None = None
    since: Since = UNCHANGED


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
        "corrected": _published,
        "updated": _published,
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
    after = wording.text("card.button.after")
    text = wording.html("card.times", clock=wording.clock(now), title=_title(post))
    queued = [] if card.following is None else [replace(_slot(post, card.following, wording, now), label=after)]
    last = (
        Button(wording.text("card.button.calendar"), f"x:month:{post.id}:{post.row_version}"),
        Button(wording.text("card.button.back"), data("back", post)),
    )
    return Page(text, (tuple(near), tuple(queued), tuple(far), last))


def _offered(card: Card, wording: Wording, now: datetime) -> Page:
    post, slot = card.post, card.slots[0]
    lines = [_head(card, wording, now), _bold(_title(post)), *_about(card, wording, now)]
    lines += flag_page.lines(card.question, wording, now)
    lines += [*card_care.lines(post, wording, now), *card_channel.lines(card.places, wording)]
    lines.append(wording.html("card.slot", slot=wording.dated(slot, now)))
    keyboard = (
        (
            Button(
                wording.text("card.button.queue", slot=wording.brief(slot, now)),
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
        *breaking_page.opening(post, wording),
        *flag_page.rows(card.question, post, wording),
        *card_care.lifting(post, data, wording, now),
        *card_channel.rows(card.places, post, wording),
        *_story(card, wording),
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
        return wording.html("card.waiting", until=wording.dated(post.due_at, now))
    if post.state == "missed" and post.due_at is not None:
        return wording.html("card.missed", at=wording.dated(post.due_at, now))
    if card.ranked is not None:
        return wording.html("card.offered", importance=round(card.ranked.importance))
    return wording.html("card.draft", author=card.author)


def _queued(card: Card, wording: Wording, now: datetime) -> Page:
    post = card.post
    assert post.due_at is not None  # a queued post has its time
    lines = [
        wording.html("card.queued", moment=wording.dated(post.due_at, now)),
        _bold(_title(post)),
        wording.html("card.hands", author=card.author, last=card.last),
        *_voices(card, wording),
        *applause.votes(card.votes, wording, grave=card.grave),
        *flag_page.lines(card.question, wording, now),
        *card_care.lines(post, wording, now),
        *card_channel.lines(card.places, wording),
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
        *breaking_page.opening(post, wording),
        *flag_page.rows(card.question, post, wording),
        *card_care.rows(post, data, wording, now),
        (Button(wording.text("card.button.remove"), data("remove", post)),),
        *card_channel.rows(card.places, post, wording),
        *_story(card, wording),
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
        breaking_page.whose(post, card.last, wording),
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
    lines = [
        wording.html("card.published", at=wording.dated(at, now)),
        _bold(_title(post)),
        *applause.reactions(card.counts, now - at, wording, grave=card.grave),
        *applause.votes(card.votes, wording, grave=card.grave),
        wording.html(taken),
        *card_care.lines(post, wording, now),
        *card_channel.lines(card.places, wording),
        *correct_page.told(card.afterlife, wording),
        *update_page.lines(card.since, wording, now),
    ]
    toggle = "card.button.roundup.out" if post.in_roundup else "card.button.roundup.in"
    opening = (Button(wording.text("card.button.open"), url=card.post_url),) if card.post_url else ()
    if (
        card.post_url and card.discussed
    ):  # what readers write below it: https://core.telegram.org/api/links#message-links
        opening = (*opening, Button(wording.text("card.button.discussion"), url=f"{card.post_url}?comment=1"))
    beside = card_channel.rows(card.places, post, wording, fixed=True)
    offered, *after = correct_page.rows(post.id, post.row_version, card.afterlife, wording)
    own = (Button(wording.text(toggle), data("roundup", post)),)
    cared = card_care.rows(post, data, wording, now)
    since = update_page.rows(card.since, post, wording)
    return Page(_lines(lines), (*since, offered, opening, *after, own, *cared, *beside, *_story(card, wording)))


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
    """An editor withdrew it, or its source took it back, so that it did not go out; there is nothing to press."""
    if card.afterlife.reason:
        return correct_page.withdrawn(card.afterlife, _title(card.post), card.last, wording)
    if card.published_at is not None and card.post.stays_hours is not None:
        return Page(_lines(card_care.gone(_title(card.post), wording)))
    return Page(_lines([wording.html("card.withdrawn"), _bold(_title(card.post))]))


def _story(card: Card, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """Who else tells it, and whether another story is the same."""
    if card.post.story_id is None:
        return ()
    return story_page.opening(card.post.story_id, card.reports, wording, asked=card.asked)


def _undo(post: Post, wording: Wording, now: datetime) -> tuple[tuple[Button, ...], ...]:
    """The way back from the last act, as long as nothing else was done."""
    if not post.undo:
        return ()
    return ((Button(wording.text("card.button.undo"), data("undo", post)),),)


def _about(card: Card, wording: Wording, now: datetime) -> list[Markup]:
    lines = []
    if card.item is not None:
        since = wording.dated(card.item.published_at, now)
        lines.append(wording.html("card.item", sections=", ".join(card.item.sections) or card.item.source, since=since))
    elif card.post.content.section:
        lines.append(Markup("{}").format(card.post.content.section))
    if card.ranked is not None:
        told = [each for each in card.ranked.contributions if each.key not in UNTOLD]
        weighty = sorted(told, key=lambda each: -abs(each.points))[:REASONS]
        reasons = ", ".join(reason(each.key, dict(each.values), wording) for each in weighty)
        if reasons:
            lines.append(wording.html("card.why", importance=round(card.ranked.importance), reasons=reasons))
    return [*lines, *_voices(card, wording), *applause.votes(card.votes, wording, grave=card.grave)]


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
