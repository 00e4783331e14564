"""A preview is the edition that would go out, word for word, and leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

from markupsafe import Markup

from bot.editions.packing import visible
from bot.editions.preview import preview
from bot.editions.rubrics import digest, roundup
from storage.database import Database
from tests.conftest import put
from tests.test_publish import Channel, at, house

RUBRICS = (digest([time(9), time(18)], 5), roundup(time(23), 7))
HOUSE = house(RUBRICS)
TABLES = ("channel", "edition", "edition_line", "outbox", "decision", "journal", "message")


async def _rows(db: Database) -> list[int]:
    return [int(await db.screens.value(f"SELECT count(*) FROM {table}")) for table in TABLES]


async def _news(db: Database) -> None:
    for title in ("Дощі <у> Києві", "Сніг & вітер", "Росіяни захопили село на Донеччині", "Туман", "Град"):
        await put(db, title, at("08:50"))


async def test_a_preview_is_what_would_be_published(db: Database) -> None:
    await _news(db)
    channel = Channel(db, RUBRICS)
    await channel.ring(at("06:00"))

    for rubric, slot in (("digest", at("09:00")), ("roundup", at("23:00"))):
        before = await _rows(db)
        seen = await preview(db.screens, HOUSE, rubric, slot)
        assert await _rows(db) == before
        await channel.ring(slot)

        published = (await channel.posts())[-1]
        assert seen == [visible(Markup(published))]


async def test_a_preview_needs_neither_lock_nor_channel(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.db"
    async with await Database.open(path) as db:
        await _news(db)
        async with await Database.look(path) as beside:
            [text] = await preview(beside.slow, HOUSE, "digest", at("08:55"))

    assert text.endswith("Лише найважливіше на 09:00")
    assert "Дощі <у> Києві" in text


async def test_after_the_slot_was_served_the_preview_is_of_the_next(db: Database) -> None:
    await _news(db)
    channel = Channel(db, RUBRICS)
    await channel.ring(at("09:00"))

    assert await preview(db.screens, HOUSE, "digest", at("09:00")) == [
        "Випуску не було б: важливих новин 0, треба щонайменше 3."
    ]


async def test_too_few_stories_are_said_so(db: Database) -> None:
    await put(db, "Дощі", at("08:50"))

    assert await preview(db.screens, HOUSE, "digest", at("08:55")) == [
        "Випуску не було б: важливих новин 1, треба щонайменше 3."
    ]


async def test_an_edition_that_nobody_ordered_is_said_so(db: Database) -> None:
    alone = replace(HOUSE, rubrics=RUBRICS[:1], patience=timedelta(0))

    assert await preview(db.screens, alone, "roundup", at("08:55")) == [
        "Такого випуску редакція не замовляла: перевірте BOT_DIGEST_TIMES і BOT_ROUNDUP_TIME."
    ]
