"""The calendar's truth: ten years of nights, moved schedules, other zones, hours without the bot. No edition twice,
none lost, and windows without gap or overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editions import programs
from bot.editions.program import as_wish
from bot.editions.publish import LOOK_BACK, publish_due
from bot.editions.rubrics import HABITS, Rubric, rubric, timings
from bot.editions.slots import due
from storage import channels
from storage import programs as wished
from storage.database import Database
from tests.conftest import put
from tests.test_publish import NEWSROOM, house

ZONES = ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
# A day before a night on which the clocks of Kyiv or New York or both of the others change, and a year's end.
STARTS = [date(2026, 3, 27), date(2026, 10, 23), date(2027, 3, 12), date(2028, 4, 1), date(2030, 12, 30)]
WALLS = st.lists(
    st.sampled_from([time(0), time(2, 30), time(3), time(3, 30), time(4, 30), time(9), time(18), time(23, 59)]),
    min_size=1, max_size=3, unique=True,
)  # fmt: skip
DAYS = st.one_of(st.just(frozenset(range(1, 8))), st.frozensets(st.integers(1, 7), min_size=1))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", ["digest", "weekly"])
def test_ten_years_of_a_rubric_keep_every_promise_once(zone: str, name: str) -> None:
    days = frozenset({7}) if name == "weekly" else frozenset(range(1, 8))
    wanted = timings([rubric(name, [time(3, 30), time(18)], days=days)])

    slots = due(wanted, ZoneInfo(zone), datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC))

    promises = [(slot.local_date, slot.wall) for slot in slots]
    assert len(promises) == len(set(promises)) and [slot.at for slot in slots] == sorted(slot.at for slot in slots)
    each = {day for day, _ in promises}
    first = min(each)
    every = {first + timedelta(days=number) for number in range((max(each) - first).days + 1)}
    assert each == {day for day in every if day.isoweekday() in days}
    assert all(slot.at.astimezone(ZoneInfo(zone)).time() == slot.wall for slot in slots if slot.wall == time(18))


@dataclass
class Desk:
    """A newsroom whose clock walks on, with what it owes by a plain account kept beside."""

    db: Database
    zone: ZoneInfo
    rubrics: dict[str, Rubric]
    now: datetime
    owed: set[tuple[str, str, str]] = field(default_factory=set)
    news: int = 0

    async def walk(self, hours: float) -> None:
        """News comes, time passes, and then the bot looks."""
        for _ in range(4):
            self.news += 1
            await put(self.db, f"Новина номер {self.news} про місто {self.news * 7}", self.now)
        until = self.now + timedelta(hours=hours)
        for slot in due(timings(list(self.rubrics.values())), self.zone, max(self.now, until - LOOK_BACK), until):
            self.owed.add((slot.rubric, slot.local_date.isoformat(), slot.wall_time))
        self.now = until
        await self.ring()

    async def ring(self) -> None:
        own = replace(house(()), newsroom=replace(NEWSROOM, zone=self.zone))
        await publish_due(self.db, await programs.every(self.db.screens, own), lambda: self.now)

    async def wish(self, wanted: Rubric) -> None:
        """An editor sets the rubric so."""
        before = self.rubrics.get(wanted.name)
        async with self.db.transaction() as tx:
            stood = await wished.wishes(tx, 1)
            was = next((each for each in stood if each.name == wanted.name), None)
            await wished.wish(tx, 1, as_wish(wanted), 1001, self.now, was or (as_wish(before) if before else None))
        self.rubrics[wanted.name] = wanted


Step = tuple[str, object]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("walk"), st.floats(0.05, 11)),
        st.tuples(st.just("times"), st.tuples(st.sampled_from(["digest", "roundup", "morning"]), WALLS, DAYS)),
        st.tuples(st.just("zone"), st.sampled_from(ZONES)),
    ),
    min_size=6,
    max_size=14,
)


@settings(max_examples=8, deadline=None)
@given(start=st.sampled_from(STARTS), hour=st.integers(0, 23), zone=st.sampled_from(ZONES), steps=STEPS)
async def test_no_edition_is_lost_or_doubled_whatever_becomes_of_the_schedule(
    start: date, hour: int, zone: str, steps: Sequence[Step]
) -> None:
    begins = datetime.combine(start, time(hour), UTC)
    with TemporaryDirectory() as folder:
        async with await Database.open(Path(folder) / "newsroom.db") as db:
            async with db.transaction() as tx:
                await channels.seed(tx, NEWSROOM.channel, "uk", begins)
            desk = Desk(db, ZoneInfo(zone), {}, begins)
            await desk.wish(rubric("digest", [time(3, 30), time(9)]))
            await desk.wish(rubric("roundup", [time(23)]))
            for what, value in steps:
                if what == "walk":
                    assert isinstance(value, float)
                    await desk.walk(value)
                elif what == "zone":
                    desk.zone = ZoneInfo(str(value))
                    await desk.ring()
                else:
                    assert isinstance(value, tuple)
                    await desk.wish(rubric(value[0], value[1], days=value[2]))
            await desk.walk(3)

            rows = await db.screens.all("SELECT * FROM edition ORDER BY until_at, id")
            out = await db.screens.all("SELECT intent FROM outbox WHERE intent LIKE 'edition:%'")
    served = [(row["rubric"], row["local_date"], row["wall_time"]) for row in rows]
    assert len(served) == len(set(served)) and desk.owed <= set(served)
    assert len({row["intent"] for row in out}) == len(out)
    for name in {row["rubric"] for row in rows}:
        longest = int(HABITS[rubric(name, [time()]).kind].longest.total_seconds())
        told = [row for row in rows if row["rubric"] == name and row["state"] == "approved"]
        for before, after in pairwise(told):
            opened = max(
                row["until_at"]
                for row in rows
                if row["state"] == "approved" and row["id"] < after["id"]
                and row["rubric"] in ({name, "roundup"} if name == "morning" else {name})
            )  # fmt: skip
            assert before["until_at"] <= after["from_at"] == max(opened, after["until_at"] - longest)


async def test_a_time_set_after_it_has_passed_begins_tomorrow(db: Database) -> None:
    async with db.transaction() as tx:
        await channels.seed(tx, NEWSROOM.channel, "uk", datetime(2026, 11, 1, tzinfo=UTC))
    desk = Desk(db, ZoneInfo("Europe/Kyiv"), {}, datetime(2026, 11, 2, 8, 0, tzinfo=UTC))  # 10:00 in Kyiv
    await desk.wish(rubric("digest", [time(18)]))
    await desk.walk(1)

    await desk.wish(rubric("digest", [time(9), time(18)]))
    await desk.ring()

    assert await db.screens.value("SELECT count(*) FROM edition") == 0
    for _ in range(4):
        await desk.walk(6)
    rows = await db.screens.all("SELECT local_date, wall_time FROM edition ORDER BY slot_at")
    assert [tuple(row) for row in rows] == [("2026-11-02", "18:00"), ("2026-11-03", "09:00")]


async def test_a_newsroom_that_moves_west_does_not_live_its_evening_twice(db: Database) -> None:
    async with db.transaction() as tx:
        await channels.seed(tx, NEWSROOM.channel, "uk", datetime(2026, 11, 1, tzinfo=UTC))
    desk = Desk(db, ZoneInfo("Europe/Kyiv"), {}, datetime(2026, 11, 2, 15, 30, tzinfo=UTC))
    await desk.wish(rubric("digest", [time(18)]))
    await desk.walk(1)  # 18:00 in Kyiv was at 16:00 UTC
    assert await db.screens.value("SELECT count(*) FROM edition") == 1

    desk.zone = ZoneInfo("America/New_York")
    await desk.walk(8)

    assert await db.screens.value("SELECT count(*) FROM edition") == 1
