"""One article in two languages is two items that know each other, and one story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import identity, twins
from bot.intake.take import Intake
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import sources, stories
from storage.database import Database
from storage.model import Item, Report
from storage.twins import link, story_of

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KYIV = ZoneInfo("Europe/Kyiv")
UKRAINIAN = Report(
    "Удар по лікарні: поранено лікарку", url="https://nd.dn.ua/article/9921-udar", published_at=NOON, language="uk"
)
RUSSIAN = Report(
    "Обстрел больницы, ранена врач", url="https://nd.dn.ua/ru/article/9921-obstrel", published_at=NOON, language="ru"
)


async def take(db: Database, *reports: Report) -> list[Item]:
    """The items as they stand after one source told these, one after another."""
    intake = Intake(Newsroom("НД", "@nd", None, KYIV, "uk"), Wording("uk", KYIV))
    async with db.transaction() as tx:
        source = await sources.put(
            tx, url="https://nd.dn.ua/rss", name="НД", kind="feed", family="nd", own=True, now=NOON
        )
        for report in reports:
            await intake.take(tx, source, [report], NOON, history=False)
        return await stories.items_of(tx, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://nd.dn.ua/article/9921-udar", "https://nd.dn.ua/ru/article/9921-obstrel"),
        ("https://nd.dn.ua/ua/news/7712345", "https://nd.dn.ua/ru/news/7712345"),
        ("https://nd.dn.ua/uk/udar-po-likarni", "https://nd.dn.ua/udar-po-likarni"),
        ("https://nd.dn.ua/rus/news/2024/11/20/7485334/", "https://nd.dn.ua/news/2024/11/20/7485334/"),
        ("https://nd.dn.ua/news/udar-175012/ua", "https://nd.dn.ua/news/udar-175012/"),
    ],
)
def test_an_address_is_known_as_the_twin_of_the_other(one: str, other: str) -> None:
    first, second = identity.keys(Report("", url=one), "1"), identity.keys(Report("", url=other), "1")

    assert set(twins.keys(first)) & set(second)
    assert set(twins.keys(second)) & set(first)


@pytest.mark.parametrize(
    "url",
    ["https://nd.dn.ua/", "https://nd.dn.ua/ru/", "https://nd.dn.ua/ua", "https://t.me/ru/15", "https://t.me/nd/15"],
)
def test_front_pages_and_telegram_posts_have_no_twins(url: str) -> None:
    assert twins.keys(identity.keys(Report("", url=url), "1")) == ()


def test_other_numbers_and_other_hosts_are_no_twins() -> None:
    keys = twins.keys(identity.keys(UKRAINIAN, "1"))

    for url in ("https://nd.dn.ua/ru/article/9922-obstrel", "https://rival.ua/ru/article/9921-obstrel"):
        assert not set(keys) & set(identity.keys(Report("", url=url), "1"))


@given(st.lists(st.text(alphabet="ruak/:.?-t12", max_size=40), max_size=3))
def test_no_key_is_its_own_twin(keys: list[str]) -> None:
    assert all(key not in twins.keys([key]) for key in keys)


@pytest.mark.parametrize("reports", [(UKRAINIAN, RUSSIAN), (RUSSIAN, UKRAINIAN)])
async def test_the_twin_is_an_item_of_its_own_in_the_same_story(db: Database, reports: tuple[Report, Report]) -> None:
    first, second = await take(db, *reports)

    assert [first.title, second.title] == [report.title for report in reports]
    assert (first.version, second.version) == (1, 1)
    assert first.story_id == second.story_id
    linked = await db.screens.all("SELECT id, twin_id FROM item ORDER BY id")
    assert [(row["id"], row["twin_id"]) for row in linked] == [(1, 2), (2, 1)]


async def test_a_translation_is_no_further_news(db: Database) -> None:
    await take(db, UKRAINIAN, RUSSIAN)

    state = await stories.standing(db.screens, 1)

    assert state is not None
    assert (state.version, state.title) == (1, UKRAINIAN.title)


async def test_a_second_story_on_the_same_site_still_follows(db: Database) -> None:
    later = Report(
        "Удар по лікарні: поранено лікарку, лікарня зачинена", url="https://nd.dn.ua/article/9955-likarnia",
        published_at=NOON + HOUR, language="uk",
    )  # fmt: skip
    await take(db, UKRAINIAN, later)

    state = await stories.standing(db.screens, 1)

    assert state is not None
    assert (state.version, state.title) == (2, later.title)


async def test_a_third_address_does_not_part_twins(db: Database) -> None:
    await take(db, UKRAINIAN, RUSSIAN, Report("Удар", url="https://nd.dn.ua/ua/article/9921", published_at=NOON))

    linked = await db.screens.all("SELECT id, twin_id FROM item ORDER BY id")

    assert [(row["id"], row["twin_id"]) for row in linked][:2] == [(1, 2), (2, 1)]


async def test_nobody_is_their_own_twin(db: Database) -> None:
    await take(db, UKRAINIAN)

    async with db.transaction() as tx:
        await link(tx, 1, 1)

    assert await story_of(db.screens, 1) is None
