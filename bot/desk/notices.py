"""What is told of corrections outside the editors' chat (C6, R6): where something stood, and to readers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.editions.packing import shorten
from bot.screen import Button, Page, parameters
from bot.wording import Wording

QUOTE_UNITS = 200


def when(at: datetime, wording: Wording, now: datetime) -> str:
    """When it was, as it stands in a sentence that is read for days: «о 14:06», «чт, 21 листопада о 14:06»."""
    return wording.dated_at(at, now)


def instead(reason: str, wording: Wording) -> dict[str, Any]:
    """C6: what stands in the place of what was withdrawn, with no name or place repeated; for a text or a caption."""
    said = parameters(Page(wording.html(f"correct.instead.{reason}")))
    return said | {"caption": said["text"]}


def fix(kind: str, was: str, became: str, at: str, url: str, wording: Wording) -> Page:
    """R6: what a reader was told, and what is right."""
    text = wording.html(f"fix.{kind}", at=at, was=shorten(was, QUOTE_UNITS), became=shorten(became, QUOTE_UNITS))
    return Page(text, ((Button(wording.text("fix.button.read"), url=url),),) if url else ())
