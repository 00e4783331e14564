"""What the editors are told unasked: parcels to the admin chat. Each has an intent, so nothing is said twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from bot.desk import correct_page
from bot.editions.named import edition_words
from bot.editions.packing import shorten, visible
from bot.editions.slots import Slot
from bot.intake.passes import Worry
from bot.judgement.changes import Edit
from bot.judgement.states import Conflict
from bot.newsroom import Newsroom
from bot.screen import Page, parameters
from bot.wording import Wording
from storage.model import DESK, Channel, Item, Lesson, Parcel, Source

NOTE = "note:"
SUBJECT_UNITS = 80
_WORRIES = {
    "errors": "note.source",
    "rows": "note.source.rows",
    "empty": "note.source.empty",
    "silent": "note.source.silent",
}
EDIT_UNITS = 300  # of each of the two sentences that differ


def message(chat: int | str, text: Markup, *, intent: str, priority: int, now: datetime, silent: bool = True) -> Parcel:
    """A parcel with one message of our own HTML."""
    payload = {
        "text": str(text),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "disable_notification": silent,
    }
    return Parcel(intent, str(chat), "sendMessage", payload, priority, now)


def too_few(wording: Wording, newsroom: Newsroom, slot: Slot, found: int, needed: int, now: datetime) -> Parcel | None:
    """An edition does not go out: there was too little to tell."""
    text = wording.html(
        "note.too_few",
        edition=_edition(wording, slot),
        found=found,
        needed=needed,
    )
    return _note(newsroom, text, f"few:{_key(slot)}", now)


def unprintable(wording: Wording, newsroom: Newsroom, slot: Slot, now: datetime) -> Parcel | None:
    """An edition could not be set in type."""
    text = wording.html("note.unprintable", edition=_edition(wording, slot))
    return _note(newsroom, text, f"unprintable:{_key(slot)}", now, silent=False)


def expired(wording: Wording, newsroom: Newsroom, slot: Slot, draft: str, now: datetime) -> Parcel | None:
    """Midnight came before an editor's word: the edition of this draft (its intent) does not go out."""
    text = wording.html("note.draft.expired", edition=_edition(wording, slot))
    return _note(newsroom, text, f"{draft}:expired", now)


def refused(wording: Wording, newsroom: Newsroom, what: Parcel, reason: str, now: datetime) -> Parcel | None:
    """Telegram will not take a parcel."""
    text = wording.html("note.refused", subject=subject(what), reason=reason)
    return _about(newsroom, what, text, "refused", now)


def outage(wording: Wording, newsroom: Newsroom, since: datetime, until: datetime) -> Parcel | None:
    """The bot was not there for a while."""
    text = wording.html("note.outage", since=wording.dated(since, until), until=wording.dated(until, since))
    return _note(newsroom, text, f"outage:{int(since.timestamp())}", until)


def worry(wording: Wording, newsroom: Newsroom, source: Source, what: Worry, now: datetime) -> Parcel | None:
    """A source does not do its work; said once, now, and rewritten by `source_well` when it does again."""
    text = wording.html(
        _WORRIES[what.kind],
        name=source.name,
        url=source.url,
        trouble=what.words,
        since=wording.dated(what.since_at, now),
    )
    return _note(newsroom, text, f"source:{source.id}:{what.kind}:{int(now.timestamp())}", now)


def source_well(wording: Wording, source: Source, since: datetime, now: datetime) -> Markup:
    """A source does its work again; the editors were told at `since` that it did not."""
    return _over("note.source.well", wording, since, now, name=source.name)


def source_let_be(wording: Wording, source: Source, since: datetime, why: str, now: datetime) -> Markup:
    """Nobody waits for a source any more; `why`: an editor paused, removed or moved it."""
    return _over(f"note.source.let_be.{why}", wording, since, now, name=source.name)


def source_gone(wording: Wording, newsroom: Newsroom, source: Source, now: datetime) -> Parcel | None:
    """A source says of itself that it is no more, so it is paused."""
    text = wording.html("note.source.gone", name=source.name, url=source.url)
    return _note(newsroom, text, f"source:{source.id}:gone:{int(now.timestamp())}", now, silent=False)


def source_moved(wording: Wording, newsroom: Newsroom, source: Source, url: str, now: datetime) -> Parcel | None:
    """A source is read at another address from now on, since its server says so."""
    text = wording.html("note.source.moved", name=source.name, old=source.url, url=url)
    return _note(newsroom, text, f"source:{source.id}:moved:{int(now.timestamp())}", now)


def source_zone(wording: Wording, newsroom: Newsroom, source: Source, zone: str, now: datetime) -> Parcel | None:
    """A source calls the time of its own zone UTC, and its dates are put right from now on."""
    text = wording.html("note.source.zone", name=source.name, zone=zone)
    return _note(newsroom, text, f"source:{source.id}:zone:{int(now.timestamp())}", now)


def source_zone_right(wording: Wording, newsroom: Newsroom, source: Source, now: datetime) -> Parcel | None:
    """A source whose «UTC» was the time of its own zone gives right instants again, and is believed."""
    text = wording.html("note.source.zone.right", name=source.name)
    return _note(newsroom, text, f"source:{source.id}:zone_right:{int(now.timestamp())}", now)


def site_down(wording: Wording, newsroom: Newsroom, site: str, now: datetime) -> Parcel | None:
    """A site answers of everything that it is gone, so nothing is withdrawn; rewritten by `site_up`."""
    text = wording.html("note.site_down", site=site)
    return _note(newsroom, text, site_intent(site, now).removeprefix(NOTE), now)


def site_up(wording: Wording, site: str, since: datetime, now: datetime) -> Markup:
    """A site shows its pages again; the editors were told at `since` that it did not."""
    return _over("note.site_up", wording, since, now, site=site)


def site_intent(site: str, since: datetime) -> str:
    """The event that the editors are told of a site that shows nothing since then."""
    return f"{NOTE}site:{site}:{int(since.timestamp())}"


def conflict(
    wording: Wording, newsroom: Newsroom, stands: Item, later: Item, conflicts: Sequence[Conflict], now: datetime
) -> Parcel | None:
    """A later report gives a smaller toll than the one that stands; told once, however often that report is edited."""
    text = wording.html(
        "note.conflict",
        counts=Markup("\n").join(_fewer(each, wording) for each in conflicts),
        stands=_link(stands),
        stands_source=stands.source,
        stands_at=wording.clock(stands.published_at),
        later=_link(later),
        later_source=later.source,
        later_at=wording.clock(later.published_at),
    )
    counts = "-".join(f"{each.which}{each.count}" for each in conflicts)
    return _note(newsroom, text, f"conflict:{later.id}:{counts}", now, silent=False)


def withdrawn(wording: Wording, newsroom: Newsroom, item: Item, told_in: Sequence[str], now: datetime) -> Parcel | None:
    """A report was taken back at its source; `told_in` names the editions of the channel that told its story."""
    key = "note.withdrawn.told" if told_in else "note.withdrawn"
    text = wording.html(key, title=item.title, source=item.source, editions=", ".join(told_in))
    note = _note(newsroom, text, f"withdrawn:{item.id}:{int(now.timestamp())}", now, silent=not told_in)
    if note is None or not told_in or item.story_id is None:
        return note
    recall = correct_page.recall(item.story_id, wording)
    return replace(note, payload=dict(note.payload) | {"reply_markup": parameters(Page(text, recall))["reply_markup"]})


def returned(wording: Wording, newsroom: Newsroom, item: Item, told_in: Sequence[str], now: datetime) -> Parcel | None:
    """A report whose page was gone stands there again; `told_in` as for `withdrawn`."""
    key = "note.returned.told" if told_in else "note.returned"
    text = wording.html(key, link=_link(item), source=item.source, editions=", ".join(told_in))
    return _note(newsroom, text, f"returned:{item.id}:{int(now.timestamp())}", now, silent=not told_in)


def edited(wording: Wording, newsroom: Newsroom, item: Item, edit: Edit, now: datetime) -> Parcel | None:
    """The page of what the channel told gives other numbers or names now; told once for each version of it."""
    was, became = shorten(edit.was, EDIT_UNITS), shorten(edit.became, EDIT_UNITS)
    text = wording.html("note.edited", was=was, became=became, link=_link(item), source=item.source)
    return _note(newsroom, text, f"edited:{item.id}:{item.version}", now, silent=False)


def learning(wording: Wording, newsroom: Newsroom, channel: Channel, lesson: Lesson, now: datetime) -> Parcel | None:
    """What was learned from the editors begins to count in this channel, or ceases to."""
    which = "begins" if lesson.used else "ends"
    text = wording.html(
        f"note.learning.{which}",
        channel=channel.title or channel.chat,
        agreed=round(100 * (lesson.agreed or 0.0)),
        plain=round(100 * (lesson.agreed_plain or 0.0)),
    )
    return _note(newsroom, text, f"learning:{channel.id}:{which}:{int(now.timestamp())}", now)


def weights(wording: Wording, newsroom: Newsroom, path: str, reason: str, now: datetime) -> Parcel | None:
    """The newsroom's own weights cannot be read; the built-in ones hold."""
    text = wording.html("note.weights", path=path, reason=shorten(reason, SUBJECT_UNITS))
    return _note(newsroom, text, f"weights:{int(now.timestamp())}", now)


def people(wording: Wording, newsroom: Newsroom, path: str, reason: str, now: datetime) -> Parcel | None:
    """The newsroom's own list of what editors are asked about cannot be read; the built-in one holds."""
    text = wording.html("note.people", path=path, reason=shorten(reason, SUBJECT_UNITS))
    return _note(newsroom, text, f"people:{int(now.timestamp())}", now)


def template(
    wording: Wording, newsroom: Newsroom, channel: Channel, name: str, fault: str, now: datetime
) -> Parcel | None:
    """A template of the newsroom's own cannot be used; the built-in one is."""
    text = wording.html(
        "note.template", name=name, channel=channel.title or channel.chat, fault=shorten(fault, EDIT_UNITS)
    )
    return _note(newsroom, text, f"template:{channel.id}:{name}:{int(now.timestamp())}", now)


def template_well(wording: Wording, newsroom: Newsroom, channel: Channel, name: str, now: datetime) -> Parcel | None:
    """A template that could not be used is used again."""
    text = wording.html("note.template.well", name=name, channel=channel.title or channel.chat)
    return _note(newsroom, text, f"template:{channel.id}:{name}:well:{int(now.timestamp())}", now)


def no_card(wording: Wording, newsroom: Newsroom, channel: Channel, now: datetime) -> Parcel | None:
    """An edition is too long to stand below a picture; told once for each channel."""
    text = wording.html("note.no_card", channel=channel.title or channel.chat)
    return _note(newsroom, text, f"no_card:{channel.id}", now)


def _fewer(found: Conflict, wording: Wording) -> Markup:
    said = wording.text("story.count.fewer", was=found.state_count, became=found.count)
    return wording.html(f"story.count.{found.which}", said=said)


def _over(key: str, wording: Wording, since: datetime, now: datetime, **values: str) -> Markup:
    """An alarm that began at `since` and is over now; it is read days later too."""
    return wording.html(key, since=wording.dated(since, now), at=wording.dated_at(now, since), **values)


def _note(newsroom: Newsroom, text: Markup, key: str, now: datetime, *, silent: bool = True) -> Parcel | None:
    if newsroom.admin_chat is None:
        return None
    return message(newsroom.admin_chat, text, intent=NOTE + key, priority=DESK, now=now, silent=silent)


def _about(newsroom: Newsroom, what: Parcel, text: Markup, trouble: str, now: datetime) -> Parcel | None:
    if what.intent.startswith(NOTE):
        return None  # a note that did not arrive cannot be told by another note
    return _note(newsroom, text, f"{trouble}:{what.intent}", now, silent=False)


def subject(what: Parcel) -> str:
    """The first line that a reader would see of it, '' for a file without words."""
    words = str(what.payload.get("text") or what.payload.get("caption") or "")
    if what.payload.get("parse_mode") == "HTML":
        words = visible(Markup(words))  # noqa: S704 - read back, not shown
    return shorten(words.strip().partition("\n")[0].strip(), SUBJECT_UNITS)


def _link(item: Item) -> Markup:
    return Markup('<a href="{}">{}</a>').format(item.url, item.title) if item.url else Markup("{}").format(item.title)


def _edition(wording: Wording, slot: Slot) -> str:
    return edition_words(slot.rubric, slot.wall_time, wording)


def _key(slot: Slot) -> str:
    return f"{slot.rubric}:{slot.local_date}:{slot.wall_time}"
