"""One whole newsroom day, from real feeds over HTTP to the channel, as `make demo` lives it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio

from bot.playground import demo, sample_day
from bot.playground.demo import Teller, Town
from bot.playground.sample_day import ZONE, instant
from bot.wording import Wordings
from storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")  # the day is lived once for all that is asked of it


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> AsyncIterator[Town]:
    async with demo.town(0, tmp_path_factory.mktemp("day")) as town:
        teller = Teller(town, Wordings(ZONE).default, told.append)
        await demo.live(town, teller, instant("23:30"))
        yield town


def _posts(town: Town) -> dict[str, str]:
    """The channel's posts by the wall time at which they appeared."""
    wording = Wordings(ZONE).default
    return {
        wording.clock(sample_day.instant("00:00").fromtimestamp(message.date, ZONE)): message.text
        for message in town.telegram.messages(town.channel)
    }


async def test_the_day_goes_from_feeds_to_the_channel(day: Town, told: list[str]) -> None:
    posts = _posts(day)
    lines = [line for text in posts.values() for line in text.splitlines() if line]

    # Every edition at its minute, once.
    assert list(posts) == ["09:00", "13:00", "18:00", "23:00"]
    assert [text.splitlines()[-1] for text in posts.values()] == [
        "Лише найважливіше на 09:00",
        "Лише найважливіше на 13:00",
        "Лише найважливіше на 18:00",
        "Тихої ночі. Підписатися: @novosti_dn",
    ]
    assert posts["23:00"].startswith("Головне за день: ")

    # Nothing twice, unless it changed and says how; the roundup alone sums up what the digests told.
    digests = [line for at, text in posts.items() if at != "23:00" for line in text.splitlines() if line]
    roundup = [line for line in posts["23:00"].splitlines() if line]
    assert len(digests) == len({*digests})
    assert len(roundup) == len({*roundup})
    told_again = [line for line in digests if line.startswith("Оновлено")]
    assert told_again and all("повідомляли" in line for line in told_again)

    # What never qualifies did not: promo, the channel's own roundup, routine, history, the other language.
    _nothing_of(lines, tag="promo")
    _nothing_of(lines, tag="own_roundup")
    _nothing_of(lines, tag="junk")
    _nothing_of(lines, tag="history")
    for item in next(source for source in sample_day.sources() if source.language == "ru").items:
        assert not any(version.title in line for version in item.versions for line in lines)

    # A count that grew is told as it stands; the older and smaller one that came late is not.
    assert any("10 людей поранено" in line for line in lines)
    _nothing_of(lines, tag="late")

    # What was taken back is not told afterwards, and the editors know.
    withdrawn = next(item for source in sample_day.sources() for item in source.items if "withdrawn" in item.tags)
    later = [line for at, text in posts.items() if at > "14:45" for line in text.splitlines()]
    assert not any(withdrawn.versions[-1].title in line for line in later)
    assert any(withdrawn.versions[-1].title in note for note in day.telegram.texts(day.desk))

    # The reader was answered, in forms of the word too.
    answers = day.telegram.texts(day.chat)
    assert len(answers) == 4
    assert "Горлівці" in answers[3]

    # The terminal showed all of it.
    shown = "\n".join(told)
    assert all(line in shown for line in lines)


def _nothing_of(lines: list[str], *, tag: str) -> None:
    marked = [item for source in sample_day.sources() for item in source.items if tag in item.tags]
    assert marked
    for item in marked:
        assert not any(version.title in line for version in item.versions for line in lines), item.versions[-1].title


async def test_the_day_is_kept_whole(day: Town) -> None:
    db: Database = day.app.db

    # Every entry that a feed showed is one item, however often it was polled, edited, gone and back.
    shown = {(source.name, item.id) for source in sample_day.sources() for item in source.items}
    assert await db.screens.value("SELECT count(*) FROM item") == len(shown)
    edited = [item for source in sample_day.sources() for item in source.items if len(item.versions) > 1]
    assert await db.screens.value("SELECT count(*) FROM item WHERE version > 1") == len(edited)

    # Windows of each rubric stand end to start.
    for rubric, count in (("digest", 3), ("roundup", 1)):
        windows = await db.screens.all(
            "SELECT from_at, until_at, slot_at, state FROM edition WHERE rubric = ? ORDER BY id", (rubric,)
        )
        assert [row["state"] for row in windows] == ["out"] * count
        assert all(before["until_at"] == after["from_at"] for before, after in pairwise(windows))
        assert all(row["until_at"] == row["slot_at"] for row in windows)

    # Each edition left its decision, with points that sum up to the importance it was given.
    assert await db.screens.value("SELECT count(*) FROM decision") == 4
    for row in await db.screens.all("SELECT importance, features_json FROM decision_candidate"):
        assert round(sum(json.loads(row["features_json"]).values()), 2) == pytest.approx(row["importance"])

    # Everything went out exactly once and is known by its message.
    parcels = await db.screens.all("SELECT id, state FROM outbox")
    assert {row["state"] for row in parcels} == {"sent"}
    assert await db.screens.value("SELECT count(DISTINCT outbox_id) FROM message") == len(parcels)

    # Private words are gone once they were answered.
    assert await db.screens.value('SELECT count(*) FROM "update" WHERE done_at IS NULL OR body IS NOT NULL') == 0
