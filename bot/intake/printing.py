"""What a pass over the sources brought, in lines for a terminal."""

from __future__ import annotations

from bot.intake.passes import Pass, trouble_words
from bot.wording import Wording

SHOWN = 10  # headlines of one source; the rest is counted


def lines(one: Pass, wording: Wording) -> list[str]:
    """The source's line, then what it brought that is new or changed, oldest first."""
    name = one.source.url
    if one.trouble is not None:
        return [wording.text("collect.trouble", source=name, trouble=trouble_words(wording, one.trouble))]
    if one.unchanged:
        return [wording.text("collect.unchanged", source=name)]
    key = "collect.first" if one.source.first_contact_at is None else "collect.passed"
    head = wording.text(
        key,
        source=name,
        new=wording.count("collect.new", one.counted("new")),
        updated=wording.count("collect.updated", one.counted("updated")),
        duplicate=wording.count("collect.duplicate", one.counted("duplicate")),
    )
    fresh = [arrival for arrival in one.arrivals if arrival.what != "duplicate"]
    told = [
        wording.text(
            f"collect.line.{arrival.what}", time=wording.clock(arrival.item.published_at), title=arrival.item.title
        )
        for arrival in fresh[-SHOWN:]
    ]
    more = [wording.count("collect.more", len(fresh) - SHOWN)] if len(fresh) > SHOWN else []
    return [head, *more, *told]
