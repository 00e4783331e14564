"""What a card says of those who like its post: editors before it goes out, readers after. Never with a 🔥, and never
with reactions, where people died (screens, E23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from bot.wording import Wording

SIGNS = 3  # screens, E5: the most frequent reactions


def votes(editors: int, wording: Wording, *, grave: bool) -> list[Markup]:
    """How many editors want it in the roundup: one line, or none."""
    key = "card.votes.grave" if grave else "card.votes"
    return [Markup("{}").format(wording.count(key, editors))] if editors else []


def reactions(counts: Sequence[tuple[str, int]], age: timedelta, wording: Wording, *, grave: bool) -> list[Markup]:
    """E5: how readers answered a post of this age so far: one line, or none."""
    if grave or not counts:
        return []
    told = " · ".join(f"{sign} {number}" for sign, number in counts[:SIGNS])
    return [wording.html("card.reactions", span=_span(age, wording), counts=told)]


def _span(age: timedelta, wording: Wording) -> str:
    """«5 хвилин», «2 години», «3 дні»: the nearest."""
    minutes = max(1, round(age / timedelta(minutes=1)))
    if minutes < 60:
        return wording.count("card.span.minutes", minutes)
    hours = round(minutes / 60)
    return wording.count("card.span.hours", hours) if hours < 48 else wording.count("card.span.days", round(hours / 24))
