"""/why: every reason of a story's importance with its points, as they add up, and what learning made of them."""

from __future__ import annotations

from collections.abc import Sequence

from babel.numbers import format_decimal
from markupsafe import Markup

from bot.desk.cards import reason
from bot.editions.packing import shorten
from bot.judgement.leanings import feature
from bot.judgement.ranking import Ranked
from bot.screen import Page
from bot.wording import Wording
from storage.model import Contribution

TITLE_UNITS, REASON_UNITS, MOST_REASONS = 300, 120, 24  # together below 4096


def page(ranked: Ranked, plain: Ranked, wording: Wording) -> Page:
    """The reasons, the weightiest first. `plain` is the same story by the newsroom's own taste."""
    head = wording.html(
        "why.title", importance=round(ranked.importance), title=shorten(ranked.story.state.title, TITLE_UNITS)
    )
    told = sorted(_told(ranked.contributions, plain.contributions), key=lambda each: -abs(each[0].points))
    lines = [_line(each, before, wording) for each, before in told[:MOST_REASONS]]
    total = wording.html("why.total", points=points(ranked.importance, wording))
    if ranked.importance != plain.importance:
        total = wording.html(
            "why.total.learned",
            points=points(ranked.importance, wording),
            plain=points(plain.importance, wording),
        )
    return Page(Markup("\n\n").join([head, Markup("\n").join(lines), total]))


def points(number: float, wording: Wording) -> str:
    """Points as the language writes them, with their sign: «+0,6»; none are «0»."""
    if not round(number, 2):
        return "0"
    return str(format_decimal(number, format="+0.0#;−0.0#", locale=wording.language))


def _told(now: Sequence[Contribution], plain: Sequence[Contribution]) -> list[tuple[Contribution, float]]:
    """Each reason with the points that it would have without learning; one that learning took to nothing is told."""
    before = {feature(each): each for each in plain}
    told = [(each, before.pop(feature(each)).points if feature(each) in before else 0.0) for each in now]
    return told + [(Contribution(each.key, 0.0, each.values), each.points) for each in before.values()]


def _line(each: Contribution, before: float, wording: Wording) -> Markup:
    said = shorten(reason(each.key, dict(each.values), wording), REASON_UNITS)
    learned = each.points != before
    return wording.html(
        "why.line.learned" if learned else "why.line",
        points=points(each.points, wording),
        reason=said,
        plain=points(before, wording),
    )
