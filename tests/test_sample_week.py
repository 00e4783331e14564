"""The demo's week: six more days of the same newspapers, and what its editors do in them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import demo, sample_day, sample_week, week
from bot.playground.demo import Teller, Town
from bot.playground.sample_day import ZONE, Item, instant
from bot.playground.town import town
from bot.wording import Wordings
from tests.test_sample_day import LATIN_IN_CYRILLIC, WINDOWS

DAYS = [f"2024-11-{number}" for number in range(21, 27)]


def later() -> list[Item]:
    return [item for source in sample_week.sources() for item in source.items if item.appears_at > instant("23:59")]


def test_the_week_begins_with_the_sample_day_as_it_is() -> None:
    for day, whole in zip(sample_day.sources(), sample_week.sources(), strict=True):
        assert whole.items[: len(day.items)] == day.items
        assert len({item.id for item in whole.items}) == len(whole.items)
        entries = sample_day.entries(whole, instant(sample_week.END))
        assert len({entry.path for entry in entries}) == len(entries)


@pytest.mark.parametrize("day", DAYS)
def test_each_day_of_the_week_has_something_for_each_digest_and_its_roundup(day: str) -> None:
    for since, until in WINDOWS[:3]:
        window = instant(f"{day} {since}"), instant(f"{day} {until}")
        assert len([item for item in later() if window[0] <= item.appears_at < window[1]]) >= 3


def test_every_headline_of_the_week_is_one_sentence_in_its_own_letters() -> None:
    for item in later():
        title, lead = item.versions[0].title, item.versions[0].lead
        assert 10 <= len(title) <= 140 and not title.endswith(".") and lead.endswith(".")
        assert not LATIN_IN_CYRILLIC.search(f"{title} {lead}")
        assert not re.search("[\"'ʼ]", title + lead)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(0, tmp_path, demo.WEEK_POLL_SECONDS) as place:
        yield place


async def leap(place: Town, to: str, until: str) -> None:
    """Lives from the one instant until the other; the bot slept before."""
    place.clock.move(instant(to))
    await demo.live(place, Teller(place, Wordings(ZONE).default, lambda line: None), instant(until))


async def test_the_editors_set_the_schedule_post_correct_and_withdraw(stage: Town) -> None:
    await leap(stage, "2024-11-20 23:30", "2024-11-20 23:41")
    assert {each.name for each in stage.rubrics} == {"digest", "roundup", "morning", "weekly", "section:окупація"}

    await leap(stage, "2024-11-21 09:50", "2024-11-21 10:01")
    [post] = stage.telegram.messages(stage.channel)
    assert post.text.startswith(week.BUS)
    await leap(stage, "2024-11-21 14:20", "2024-11-21 14:31")
    assert post.text.startswith("Виправлено о 14:30. Раніше тут було: ")

    await leap(stage, "2024-11-22 09:50", "2024-11-22 10:01")
    bridge = stage.telegram.messages(stage.channel)[-1]
    assert bridge.text.startswith(week.BRIDGE)
    await leap(stage, "2024-11-22 13:30", "2024-11-22 13:41")
    assert bridge.deleted
