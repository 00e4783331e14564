"""New words for a post on its card: who writes them (screens, E9), and what they change, before it is saved (E10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from markupsafe import Markup

from bot.desk import correct_page
from bot.desk.content import CAPTION_LIMIT, headline
from bot.editions.packing import MESSAGE_LIMIT, units
from bot.screen import Button, Page
from bot.wording import Wording
from storage.editorial import Lease
from storage.model import Content, Post

LEASED = timedelta(minutes=5)  # screens, E9: time to write a post, and short enough for a colleague to wait


def writing(post: Post, lease: Lease, editor: str, wording: Wording, now: datetime) -> Page:
    """E9: the new words are to be written in reply to the card."""
    content = post.content
    minutes = max(1, ceil((lease.until_at - now) / timedelta(minutes=1)))
    lines = [
        wording.html("edit.writes", editor=editor, at=wording.clock(lease.until_at), minutes=minutes),
        Markup("<b>{}</b>").format(headline(content) or "…"),
        wording.html("edit.title" if lease.titled else "edit.how"),
        wording.html(
            "edit.length.photo" if content.media else "edit.length",
            length=wording.count("edit.signs", units(content.text)),
            limit=CAPTION_LIMIT if content.media else MESSAGE_LIMIT,
            caption=CAPTION_LIMIT,
        ),
    ]
    titled = "edit.button.whole" if lease.titled else "edit.button.title"
    first = [Button(wording.text(titled), _data("title", post))]
    if content.media:
        first.append(Button(wording.text("edit.button.photo"), _data("photo", post)))
    rows = [tuple(first)]
    if content.url and not content.media:
        place = "edit.button.below" if content.below else "edit.button.above"
        rows.append((Button(wording.text(place), _data("above", post)),))
    rows.append(
        (
            Button(wording.text("edit.button.take"), _data("take", post)),
            Button(wording.text("edit.button.drop"), _data("drop", post)),
        )
    )
    return Page(Markup("\n").join(lines), tuple(rows))


def checking(post: Post, lease: Lease, editor: str, wording: Wording) -> Page:
    """E10: what was and what will be."""
    assert lease.content is not None  # something was written
    lines = [wording.html("edit.check", editor=editor)]
    lines += correct_page.changed(post.content.text, lease.content.text, wording)
    lines += [wording.html(f"edit.{each}") for each in others(post.content, lease.content)]
    keyboard = (
        (
            Button(wording.text("correct.button.save"), _data("save", post), style="success"),
            Button(wording.text("correct.button.again"), _data("again", post)),
        ),
        (Button(wording.text("correct.button.discard"), _data("drop", post)),),
    )
    return Page(Markup("\n").join(lines), keyboard)


def others(was: Content, becomes: Content) -> Sequence[str]:
    """What else changes beside the words: keys of what to say."""
    found = []
    if was.media != becomes.media:
        found.append("media.gone" if not becomes.media else "media.new")
    if was.below != becomes.below:
        found.append("below" if becomes.below else "above")
    return found


def merged(before: Content, said: Content, *, titled: bool) -> Content:
    """New words keep the picture, a new picture without words keeps the words; a headline alone keeps what follows it,
    and its own link and bold."""
    if titled and said.text:
        return _headed(before, " ".join(said.text.split()))
    if not said.text:
        return replace(before, media=said.media or before.media)
    return replace(before, text=said.text, entities=said.entities, media=said.media or before.media)


def _headed(before: Content, title: str) -> Content:
    old, line, rest = before.text.partition("\n")
    was, by = units(old), units(title) - units(old)
    moved = []
    for each in before.entities:
        begins, ends = each["offset"], each["offset"] + each["length"]
        if begins >= was:
            moved.append(dict(each) | {"offset": begins + by})
        elif begins == 0 and ends >= was:  # of the whole headline, or of more
            moved.append(dict(each) | {"length": each["length"] + by})
    return replace(before, text=f"{title}{line}{rest}", entities=tuple(moved))


def _data(act: str, post: Post) -> str:
    return f"x:{act}:{post.id}:{post.row_version}"
