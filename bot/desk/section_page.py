"""Sections to choose among: of a channel, of its long reads, or one for a digest of its own."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

from bot.desk.channel_page import LABEL_UNITS, Found, data, sections_line, titled
from bot.editions.packing import shorten
from bot.judgement.words import fold
from bot.screen import Button, Page
from bot.wording import Wording

PICKED: Final = 8  # sections of a page
PURPOSES: Final = ("sec", "wsec", "rsec", "new")


def code(section: str) -> str:
    """A section in a button: names may be longer than a button can carry."""
    return f"{zlib.crc32(fold(section).encode()):08x}"


def pick(found: Found, purpose: str, chosen: Sequence[str], page: int, wording: Wording) -> Page:
    """Sections to choose among. `purpose`: of the channel (sec, wsec while it is set up), of the reads (rsec), or one
    for a digest of its own (new)."""
    channel, known = found.channel, known_sections(found, chosen)
    page = max(0, min(page, (len(known) - 1) // PICKED))
    here = known[page * PICKED : (page + 1) * PICKED]
    buttons = [
        Button(
            ("✓ " if fold(each) in chosen else "") + shorten(each, LABEL_UNITS),
            data("new" if purpose == "new" else purpose, channel, code(each), str(page)),
        )
        for each in here
    ]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    if len(known) > PICKED:
        rows.append(
            (
                Button(
                    wording.text("source.button.before"),
                    data("pick", channel, purpose, str(max(0, page - 1))),
                    disabled=page == 0,
                ),
                Button(
                    wording.text("source.button.after"),
                    data("pick", channel, purpose, str(page + 1)),
                    disabled=(page + 1) * PICKED >= len(known),
                ),
            )
        )
    rows += _after_sections(found, purpose, chosen, wording)
    key = "channel.pick.none" if not known else f"channel.pick.{purpose}"
    text = wording.html(key, channel=titled(channel), sections=sections_line(chosen, wording))
    return Page(text, tuple(rows))


def known_sections(found: Found, chosen: Sequence[str] = ()) -> list[str]:
    """Every section as it is written most often, then those chosen before that no report stands in now."""
    named: dict[str, str] = {}
    for each in [*found.sections, *(each[:1].upper() + each[1:] for each in chosen)]:
        if each.strip():
            named.setdefault(fold(each), each)
    return list(named.values())


def _after_sections(found: Found, purpose: str, chosen: Sequence[str], wording: Wording) -> list[tuple[Button, ...]]:
    channel = found.channel
    if purpose == "wsec":
        return [(Button(wording.text("channel.button.next"), data("wnext", channel), style="success"),)]
    rows = []
    if chosen:
        rows.append((Button(wording.text("channel.button.sections.all"), data(purpose, channel, "all")),))
    if purpose == "sec" and found.first and "sections" in found.set_by:
        rows.append((Button(wording.text("channel.button.reset"), data("reset", channel, "sections")),))
    back = data("open", channel) if purpose == "sec" else data("times", channel)
    if purpose == "rsec":
        back = data("rub", channel, "reads")
    return [*rows, (Button(wording.text("source.button.back"), back),)]
