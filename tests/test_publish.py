"""Editions over days: each slot once, nothing twice, nothing lost, and the very words that readers see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editions import programs
from bot.editions.program import House
from bot.editions.publish import publish_due
from bot.editions.rubrics import TWO_DAYS, Rubric, digest, roundup
from bot.judgement.tastes import Taste, taste
from bot.newsroom import Newsroom
from bot.wording import Wording, Wordings
from storage import channels, items
from storage.database import Database
from tests.conftest import KYIV, MINUTE, put

HOUR = timedelta(hours=1)
DIGESTS = digest([time(9), time(13), time(18)], 5)
ROUNDUP = roundup(time(23), 7)
UK = Wording("uk", KYIV)
NEWSROOM = Newsroom("Новини Донбасу", "@nd", -100, KYIV, "uk")
TASTE = taste(  # the newest first, so that a test sees why
    """
    [points]
    base = 5.0
    own = 0.2
    fresh = 1.0
    region = 0.1
    killed = 0.0
    wounded = 0.0
    toll_step = 0.0
    [region]
    stems = ["Донеч"]
    [[words]]
    name = "удар"
    points = 0.1
    stems = ["обстріл"]
    [[words]]
    name = "жертви"
    points = 0.1
    stems = ["загибл"]
    """
)


def at(wall: str, day: int = 20) -> datetime:
    """The UTC instant of Kyiv's wall time on a day of November 2024."""
    return datetime.strptime(f"2024-11-{day} {wall}", "%Y-%m-%d %H:%M").replace(tzinfo=KYIV).astimezone(UTC)


def house(rubrics: tuple[Rubric, ...], taste: Taste = TASTE) -> House:
    """A newsroom whose channel has these rubrics."""
    return House(NEWSROOM, Wordings(NEWSROOM.zone), taste, rubrics, HOUR)


@dataclass
class Channel:
    """The channel as it fills; publishing happens when a test says so."""

    db: Database
    rubrics: tuple[Rubric, ...] = (DIGESTS,)

    async def ring(self, now: datetime) -> int:
        """Everything due at `now` is published."""
        async with self.db.transaction() as tx:
            await channels.seed(tx, "@nd", "uk", at("06:00"))
        return await publish_due(self.db, await programs.every(self.db.screens, house(self.rubrics)), lambda: now)

    async def _texts(self, chat: str) -> list[str]:
        sql = "SELECT payload_json ->> 'text' AS text FROM outbox WHERE chat = ? ORDER BY id"
        return [row["text"] for row in await self.db.screens.all(sql, (chat,))]

    async def posts(self) -> list[str]:
        return await self._texts("@nd")

    async def notes(self) -> list[str]:
        return await self._texts("-100")

    async def editions(self) -> list[tuple[str, str, str]]:
        rows = await self.db.screens.all("SELECT rubric, wall_time, state FROM edition ORDER BY id")
        return [(row["rubric"], row["wall_time"], row["state"]) for row in rows]

    async def put(self, moment: datetime, *titles: str, **more: Any) -> None:
        for title in titles:
            await put(self.db, title, moment, **more)


@pytest.fixture
def channel(db: Database) -> Channel:
    return Channel(db)


# The words


async def test_a_digest_is_these_very_words(channel: Channel) -> None:
    await channel.put(at("17:50"), "У Курахівській громаді залишається 2900 людей — Філашкін")
    await channel.put(at("17:40"), "В окупованій Горлівці дрон атакував маршрутку: 10 людей поранено")
    await channel.put(at("17:30"), "Верховна Рада проголосувала за ліквідацію МСЕК", family="rada")
    await channel.ring(at("18:00"))

    assert await channel.posts() == [
        '<a href="https://own.ua/1">У Курахівській громаді залишається 2900 людей — Філашкін</a>\n\n'
        '<a href="https://own.ua/2">В окупованій Горлівці дрон атакував маршрутку: 10 людей поранено</a>\n\n'
        '<a href="https://rada.ua/3">Верховна Рада проголосувала за ліквідацію МСЕК</a> — rada\n\n'
        "Лише найважливіше на 18:00"
    ]
    payload = json.loads(await channel.db.screens.value("SELECT payload_json FROM outbox"))
    assert payload["parse_mode"] == "HTML"
    assert payload["link_preview_options"] == {"is_disabled": True}
    assert payload["disable_notification"] is False


async def test_a_roundup_is_these_very_words(db: Database) -> None:
    channel = Channel(db, (ROUNDUP,))
    await channel.put(at("12:00"), "Росіяни захопили ще одне село на Донеччині — DeepState")
    await channel.put(at("11:00"), "США передадуть Україні протипіхотні міни")
    await channel.put(at("10:00"), "Окупанти виводять ППО з Євпаторії для захисту мосту — АТЕШ")
    await channel.put(at("09:00"), "Верховна Рада проголосувала за ліквідацію МСЕК", family="rada")
    await channel.put(at("08:00"), "У Києві відкрили виставку")
    await channel.ring(at("23:00"))

    assert await channel.posts() == [
        "<b>Головне за день: США передадуть Україні протипіхотні міни. "
        "Росіяни захопили село на Донеччині</b>\n\n"
        '<a href="https://own.ua/2">США передадуть Україні протипіхотні міни</a>\n'
        '<a href="https://own.ua/1">Росіяни захопили ще одне село на Донеччині — DeepState</a>\n'
        '<a href="https://own.ua/3">Окупанти виводять ППО з Євпаторії для захисту мосту — АТЕШ</a>\n'
        '<a href="https://own.ua/5">У Києві відкрили виставку</a>\n'
        '<a href="https://rada.ua/4">Верховна Рада проголосувала за ліквідацію МСЕК</a> — rada\n\n'
        "Тихої ночі. Підписатися: @nd"
    ]


HOSTILE = [
    '<b>Ціни</b> & "лапки" </a>',
    "Дуже " + "довгий " * 1_400 + "заголовок",
    "Справа \u2067наліво\u202e й {назад} %s",
    "🇺🇦" * 300,
]


async def test_hostile_headlines_are_text_and_never_cut_in_the_middle(channel: Channel) -> None:
    await channel.put(at("17:50"), *HOSTILE, url='https://own.ua/?a="><b>&x')
    await channel.ring(at("18:00"))

    [post] = await channel.posts()
    entries = post.split("\n\n")[:-1]
    assert len(entries) == 4
    for entry in entries:
        assert entry.startswith('<a href="https://own.ua/?a=&#34;&gt;&lt;b&gt;&amp;x">')
        assert entry.endswith("</a>")
        assert entry.count("<") == 2
    assert "&lt;b&gt;Ціни&lt;/b&gt; &amp; &#34;лапки&#34; &lt;/a&gt;" in post
    assert any(entry.endswith("довгий …</a>") for entry in entries)


async def test_a_long_digest_goes_in_two_messages_of_whole_entries(db: Database) -> None:
    channel = Channel(db, (digest([time(18)], 20),))
    await channel.put(at("17:50"), *(f"{number} " + "слово " * 48 for number in range(20)))
    await channel.ring(at("18:00"))

    posts = await channel.posts()
    assert len(posts) == 2
    assert [post.count("<a ") == post.count("</a>") for post in posts] == [True, True]
    assert "Лише найважливіше" not in posts[0] and posts[1].endswith("Лише найважливіше на 18:00")
    rows = await db.screens.all("SELECT intent, part FROM outbox ORDER BY id")
    assert [(row["intent"], row["part"]) for row in rows] == [("edition:1:1", 1), ("edition:1:2", 2)]
    lines = await db.screens.all("SELECT part, text FROM edition_line ORDER BY place")
    assert len(lines) == 20
    assert all(row["text"] in posts[row["part"] - 1] for row in lines)


# What is told


async def test_what_grew_is_told_again_and_says_how(channel: Channel) -> None:
    await channel.put(at("08:50"), "Удар по Краматорську: 10 людей поранені", "Дощі", "Сніг")
    await channel.ring(at("09:00"))
    await channel.put(at("12:00"), "Удар по Краматорську: двоє загиблих, 12 людей поранені", story=1)
    await channel.put(at("12:30"), "Вітер", "Туман")
    await channel.ring(at("13:00"))
    await channel.put(at("14:00"), "У Краматорську оголосили жалобу за жертвами удару", story=1)
    await channel.put(at("14:00"), "Град", "Іній")
    await channel.ring(at("09:00", 21))

    _, second, third = await channel.posts()
    assert "<i>Оновлено: уже двоє загиблих, 12 поранених; о 09:00 повідомляли про десятьох поранених</i>" in second
    assert "Дощі" not in second
    assert (
        "<i>Оновлено; вчора о 13:00 повідомляли: «Удар по Краматорську: двоє загиблих, 12 людей поранені»</i>" in third
    )


async def test_a_digest_repeats_nobody_and_a_roundup_sums_up_the_day_but_not_the_day_before(db: Database) -> None:
    channel = Channel(db, (DIGESTS, ROUNDUP))
    await channel.put(at("08:50"), "Дощі", "Сніг", "Вітер", "Туман", "Град")
    for wall in ("09:00", "13:00", "18:00"):
        await channel.ring(at(wall))
    await channel.ring(at("23:00"))
    await channel.put(at("23:30"), "Іній", "Мряка", "Ожеледь", "Спека", "Роса")
    for wall in ("09:00", "13:00", "18:00", "23:00"):
        await channel.ring(at(wall, 21))

    told = [
        [word for word in ("Дощі", "Сніг", "Іній", "Роса") if f">{word}<" in post] for post in await channel.posts()
    ]
    assert told == [["Дощі", "Сніг"], ["Дощі", "Сніг"], ["Іній", "Роса"], ["Іній", "Роса"]]


async def test_what_no_digest_may_tell(channel: Channel) -> None:
    await channel.put(at("08:50"), "Дощі", "Сніг", "Вітер")
    await channel.put(at("08:50"), "Дожди в Донецке", language="ru")
    await channel.put(at("08:50"), "Знято з сайту")
    async with channel.db.transaction() as tx:
        await items.withdraw(tx, 5, "push", at("08:55"))
    await channel.ring(at("09:00"))

    [post] = await channel.posts()
    assert post.count("<a ") == 3
    assert "Дожди" not in post and "Знято" not in post


async def test_an_imported_archive_is_no_news(channel: Channel) -> None:
    await channel.put(at("08:50"), "Дощі", "Сніг", "Вітер", "Туман")
    async with channel.db.transaction() as tx:  # it arrived now and says that it is of last week
        await tx.run("UPDATE story_version SET as_of = as_of - 7 * 86400 WHERE story_id = 4")
        await tx.run("UPDATE item SET published_at = published_at - 7 * 86400 WHERE id = 4")
    await channel.ring(at("09:00"))

    [post] = await channel.posts()
    assert "Туман" not in post


# Slots


async def test_too_few_make_no_digest_but_one_note_and_go_to_the_next(channel: Channel) -> None:
    await channel.put(at("08:50"), "Дощі", "Сніг")
    await channel.ring(at("09:00"))
    await channel.ring(at("09:00"))
    await channel.put(at("12:00"), "Вітер")
    await channel.ring(at("13:00"))

    [post] = await channel.posts()
    assert all(f">{word}<" in post for word in ("Дощі", "Сніг", "Вітер"))
    assert await channel.editions() == [("digest", "09:00", "skipped"), ("digest", "13:00", "approved")]
    assert await channel.notes() == [
        "ℹ️ Дайджест на 09:00 — цього разу без випуску: важливих новин 2, треба щонайменше 3. "
        "Вони перейдуть у наступний."
    ]


async def test_later_than_patience_nothing_is_sent_by_itself(db: Database) -> None:
    channel = Channel(db, (DIGESTS, ROUNDUP))
    await channel.put(at("08:50"), "Дощі", "Сніг", "Вітер")
    await channel.ring(at("23:30"))
    await channel.ring(at("23:40"))
    await channel.ring(at("09:00", 21))

    assert await channel.editions() == [
        ("digest", "09:00", "missed"),
        ("digest", "13:00", "missed"),
        ("digest", "18:00", "missed"),
        ("roundup", "23:00", "skipped"),
        ("digest", "09:00", "approved"),
    ]
    [post] = await channel.posts()
    assert "Дощі" in post


async def test_a_little_late_an_edition_tells_what_is_known_when_it_goes(channel: Channel) -> None:
    await channel.put(at("08:50"), "Дощі", "Сніг", "Вітер")
    await channel.put(at("09:20"), "Туман")
    await channel.ring(at("09:30"))

    [post] = await channel.posts()
    assert "Туман" in post
    assert post.endswith("Лише найважливіше на 09:00")


async def test_a_slot_is_served_once_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "restarted.db"
    async with await Database.open(path) as db:
        await put(db, "Дощі", at("08:50"))
        await put(db, "Сніг", at("08:50"))
        await put(db, "Вітер", at("08:50"))
        first = await Channel(db).ring(at("09:00"))
    async with await Database.open(path) as db:
        again = [await Channel(db).ring(at("09:00")), await Channel(db).ring(at("09:10"))]

        assert (first, again) == (1, [0, 0])
        assert len(await Channel(db).posts()) == 1


async def test_a_channel_has_no_slots_before_it_was_there(channel: Channel) -> None:
    await channel.ring(at("08:59"))

    assert await channel.editions() == []
    assert await channel.notes() == []


async def test_every_decision_is_logged_with_points_that_add_up(channel: Channel) -> None:
    await channel.put(at("08:50"), *(f"Новина {number}" for number in range(7)))
    await channel.put(at("08:55"), "Обстріл Донеччини: троє загиблих", section="Війна")
    await channel.ring(at("09:00"))

    [decision] = await channel.db.screens.all("SELECT * FROM decision")
    assert (decision["rubric"], decision["size"], decision["edition_id"]) == ("digest", 5, 1)
    rows = await channel.db.screens.all("SELECT * FROM decision_candidate ORDER BY place")
    assert [row["chosen"] for row in rows] == [1] * 5 + [0] * 3
    assert [row["importance"] for row in rows] == sorted((row["importance"] for row in rows), reverse=True)
    for row in rows:
        assert sum(json.loads(row["features_json"]).values()) == pytest.approx(row["importance"], abs=0.001)


# Windows


@settings(max_examples=20, deadline=None)
@given(
    arrivals=st.lists(st.integers(0, 72 * 12), min_size=1, max_size=14),
    rings=st.lists(st.integers(0, 72 * 12), max_size=16),
    on_time=st.booleans(),
)
async def test_all_news_is_told_once_and_no_window_has_a_gap(
    arrivals: Sequence[int], rings: Sequence[int], on_time: bool
) -> None:
    # Five-minute steps over three days; the bot may be there at every slot, or only now and then.
    start = at("06:00")
    slots = [at(f"{wall:%H:%M}", day) for day in (20, 21, 22) for wall in DIGESTS.walls] if on_time else []
    last = start + 74 * HOUR
    seen = [start + step * 5 * MINUTE for step in arrivals] + [last - MINUTE] * 3
    with TemporaryDirectory() as folder:
        async with await Database.open(Path(folder) / "newsroom.db") as db:
            channel = Channel(db, (digest(DIGESTS.walls, 100),))
            events = [(moment, f"Новина {number}") for number, moment in enumerate(seen, 1)]
            events += [(moment, "") for moment in (*slots, *(start + step * 5 * MINUTE for step in rings))]
            events += [(at("09:00", 23), "")]
            for moment, title in sorted(events):
                await (channel.put(moment, title) if title else channel.ring(moment))

            told = await db.screens.all(
                """SELECT i.seen_at FROM edition_line AS l JOIN item AS i ON i.story_id = l.story_id
                   ORDER BY i.seen_at"""
            )
            windows = await db.screens.all("SELECT from_at, until_at FROM edition WHERE state = 'approved' ORDER BY id")
    borders = [(row["from_at"], row["until_at"]) for row in windows]
    longest = int(TWO_DAYS.total_seconds())
    assert all(after[0] == max(before[1], after[1] - longest) for before, after in pairwise(borders))
    covered = [moment for moment in seen if any(start <= moment.timestamp() < end for start, end in borders)]
    assert [row["seen_at"] for row in told] == sorted(int(moment.timestamp()) for moment in covered)
    if on_time:  # what came in the last two days is told, whatever was skipped
        assert {moment for moment in seen if moment >= at("09:00", 23) - TWO_DAYS} <= {*covered}
