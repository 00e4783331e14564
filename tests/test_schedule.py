"""The schedule, changed in the chat at any moment: no edition twice, none lost, windows without gap or overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk import channel_acts, schedule_acts, schedule_page
from bot.desk.channel_page import Ask
from bot.editions import programs
from bot.editions.prepare import prepare_due
from bot.editions.program import House as Newsdesk
from bot.editions.program import as_wish
from bot.editions.publish import publish_due
from bot.editions.reschedule import reschedule
from bot.editions.rubrics import HABITS, Rubric, digest, roundup, rubric, timings
from bot.editions.slots import due
from bot.judgement.tastes import default_taste
from bot.newsroom import Newsroom
from bot.playground import Message, Tap
from bot.wording import Wordings
from storage import channels, drafts
from storage import programs as wished
from storage.database import Database
from storage.editorial import Wish
from tests.conftest import KYIV, MINUTE, House, labels, put

HALF_HOUR = timedelta(minutes=30)
HOUR = 2 * HALF_HOUR
STEPS = 27  # hours: a night with an hour more is whole
GIVEN = (digest([time(9), time(13), time(18)], 5), roundup(time(23), 7))
TASTE = default_taste()


def desk(zone_of: Newsroom | None = None, ahead: timedelta = timedelta()) -> Newsdesk:
    newsroom = zone_of or Newsroom("Новини", "@nd", -100, KYIV, "uk")
    return Newsdesk(newsroom, Wordings(KYIV), TASTE, GIVEN, timedelta(hours=1), ahead)


def at(day: str, wall: str) -> datetime:
    return datetime.fromisoformat(f"{day} {wall}").replace(tzinfo=KYIV).astimezone(UTC)


async def opened(path: Path, since: datetime) -> Database:
    db = await Database.open(path / "newsroom.db")
    async with db.transaction() as tx:
        await channels.seed(tx, "@nd", "uk", since)
    return db


async def change(db: Database, house: Newsdesk, wanted: Wish, now: datetime) -> bool:
    async with db.transaction() as tx:
        return await reschedule(tx, await programs.numbered(tx, house, 1), wanted, 1001, now)


async def ring(db: Database, house: Newsdesk, now: datetime) -> None:
    every = await programs.every(db.screens, house)
    await prepare_due(db, every, lambda: now)
    await publish_due(db, every, lambda: now)


async def served(db: Database, name: str = "digest") -> list[tuple[str, str, str]]:
    rows = await db.screens.all(
        "SELECT local_date, wall_time, state FROM edition WHERE rubric = ? ORDER BY slot_at, id", (name,)
    )
    return [(row["local_date"], row["wall_time"], row["state"]) for row in rows]


# Any changes at any moment


hours = st.integers(0, 23).map(time)
edits = st.lists(
    st.tuples(
        st.integers(0, STEPS - 1),
        st.lists(hours, max_size=12, unique=True),
        st.sets(st.integers(1, 7), min_size=4),
        st.booleans(),  # the editor is faster than the clock, or slower
    ),
    min_size=3,
    max_size=9,
)
NIGHTS = ["2024-10-26", "2025-03-29", "2024-12-31"]  # the clocks go back, go forward, the year ends


@settings(max_examples=4, deadline=None)
@given(night=st.sampled_from(NIGHTS), edits=edits)
async def test_changes_in_the_middle_of_a_day_lose_and_double_nothing(
    night: str, edits: list[tuple[int, list[time], set[int], bool]]
) -> None:
    since, house, promised = at(night, "12:00"), desk(ahead=HOUR + HALF_HOUR), set()
    with TemporaryDirectory() as folder:
        async with await opened(Path(folder), since) as db:
            for step in range(1, STEPS):
                now = since + HOUR * step
                if step % 2:
                    await put(db, f"Новина {step}", now - MINUTE)
                standing = (await programs.numbered(db.screens, house, 1)).find("digest")
                promised |= {int(now.timestamp())} if standing is not None and _promises(standing, now) else set()
                here = [each for each in edits if each[0] == step]
                for _, times, days, faster in [*here, (step, [], set(), False)]:
                    if not faster:
                        await ring(db, house, now)
                    if days:
                        await _wish(db, house, times, days, now)
                await ring(db, house, now)
            rows = await db.screens.all("SELECT * FROM edition WHERE rubric = 'digest' ORDER BY slot_at, id")

    told = [row for row in rows if row["slot_at"] <= now.timestamp() and row["state"] != "drafted"]
    assert promised <= {row["slot_at"] for row in told}, "a promised edition was lost"
    # In the spring night 03:00 and 04:00 are one moment, and two promises.
    assert len({(row["local_date"], row["wall_time"]) for row in told}) == len(told), "one promise was kept twice"
    windows = [(row["from_at"], row["until_at"]) for row in rows if row["state"] == "approved"]
    assert all(earlier[1] == later[0] for earlier, later in pairwise(windows))


async def _wish(db: Database, house: Newsdesk, times: Sequence[time], days: set[int], now: datetime) -> None:
    wanted = Wish("digest", tuple(sorted(times)), frozenset(days), 1)
    assert await change(db, house, wanted, now)


def _promises(standing: Rubric, now: datetime) -> bool:
    """Whether the rubric, as it stands a moment before, goes out at this instant."""
    slots = due(timings([standing]), KYIV, now - MINUTE, now)
    return any(standing.since_at is None or slot.at > standing.since_at for slot in slots)


async def test_an_edition_that_is_due_goes_out_before_its_time_is_moved(tmp_path: Path) -> None:
    house = desk()
    async with await opened(tmp_path, at("2024-11-20", "08:00")) as db:
        now = at("2024-11-20", "13:00")

        assert await change(db, house, Wish("digest", (time(13, 30),), GIVEN[0].days, 5), now)

        assert ("2024-11-20", "13:00", "skipped") in await served(db)
        await ring(db, house, at("2024-11-20", "13:30"))
        assert [wall for _, wall, _ in await served(db)] == ["09:00", "13:00", "13:30"]


async def test_a_draft_waits_for_its_word_before_the_times_move(tmp_path: Path) -> None:
    house = desk(ahead=HALF_HOUR)
    async with await opened(tmp_path, at("2024-11-20", "10:00")) as db:
        await ring(db, house, at("2024-11-20", "12:40"))
        async with db.transaction() as tx:
            await tx.run("UPDATE edition SET held_at = 1 WHERE state = 'drafted'")

        assert not await change(db, house, Wish("digest", (time(20),), GIVEN[0].days, 5), at("2024-11-20", "13:05"))

        assert len(await drafts.standing(db.screens, 1)) == 1


async def test_a_draft_comes_back_with_its_time(tmp_path: Path) -> None:
    house, now = desk(ahead=HALF_HOUR), at("2024-11-20", "12:40")
    async with await opened(tmp_path, at("2024-11-20", "10:00")) as db:
        await ring(db, house, now)
        given = as_wish(GIVEN[0])

        assert await change(db, house, Wish("digest", (time(18),), given.days, 5), now)
        assert await drafts.standing(db.screens, 1) == []
        assert await change(db, house, given, now + MINUTE)

        assert [each.wall_time for each in await drafts.standing(db.screens, 1)] == ["13:00"]
        await ring(db, house, at("2024-11-20", "13:00"))
        assert [wall for _, wall, state in await served(db) if state != "drafted"] == ["13:00"]


async def test_back_to_the_settings_owes_nothing_of_the_past(tmp_path: Path) -> None:
    house = desk()
    async with await opened(tmp_path, at("2024-11-19", "08:00")) as db:
        await ring(db, house, at("2024-11-20", "08:00"))
        await change(db, house, Wish("digest", (time(10),), GIVEN[0].days, 9), at("2024-11-20", "08:30"))
        found = await channel_acts.look(db.screens, house, 1, at("2024-11-20", "14:00"))
        assert found is not None
        assert found.scheduled_by["digest"].editor == ""

        async with db.transaction() as tx:
            now = at("2024-11-20", "14:00")
            await schedule_acts.plan(tx, house, found, Ask("unset", 1, 1, "digest"), 1001, now)
        await ring(db, house, at("2024-11-20", "18:00"))

        assert (await programs.numbered(db.screens, house, 1)).rubrics[0].size == 5
        assert await wished.changes(db.screens, 1) == {}
        assert [wall for day, wall, _ in await served(db) if day == "2024-11-20"] == ["10:00", "18:00"]


# The buttons


@pytest.mark.parametrize("kind", HABITS)
def test_every_kind_begins_with_something_that_goes_out(kind: str) -> None:
    name = "section:спорт" if kind == "section" else kind

    made = schedule_page.usual(name, ())

    assert made.walls and made.days and made.size in schedule_page.SIZES
    assert made.sections == ({"спорт"} if kind == "section" else frozenset())


@pytest.mark.parametrize(
    ("act", "more", "walls"),
    [
        ("later", "0900", "09:30 18:00"),
        ("sooner", "1800", "09:00 17:30"),
        ("add", "1200", "09:00 12:00 18:00"),
        ("cut", "0900", "18:00"),
        ("cut", "1000", None),
        ("add", "0900", None),
        ("later", "9999", None),
        ("size", "more", "09:00 18:00"),
        ("day", "8", None),
    ],
)
def test_a_button_changes_one_thing(act: str, more: str, walls: str | None) -> None:
    after = schedule_page.changed(digest([time(9), time(18)], 5), act, more)

    assert (None if after is None else " ".join(f"{wall:%H:%M}" for wall in after.walls)) == walls


def test_half_an_hour_goes_round_midnight_and_never_onto_another_time() -> None:
    assert schedule_page.moved(time(23, 45), "later") == time(0, 15)
    assert schedule_page.moved(time(0), "sooner") == time(23, 30)
    assert schedule_page.changed(digest([time(9), time(9, 30)], 5), "later", "0900") is None


def test_the_last_day_and_the_last_time_stay() -> None:
    only = rubric("weekly", [time(19)], days=frozenset({7}))

    assert schedule_page.changed(only, "day", "7") is None
    assert schedule_page.changed(only, "cut", "1900") is None


# In the chat


def newest(home: House) -> Message:
    return home.telegram.messages(home.desk)[-1]


async def tap(home: House, button: str) -> Tap:
    known = [label for row in labels(newest(home)) for label in row]
    label = next(each for each in known if button in each)
    tapped = home.telegram.tap(home.desk, home.editor, newest(home), label)
    await home.work()
    return tapped


async def test_an_editor_moves_adds_and_stops_without_typing(home: House) -> None:
    home.telegram.set_rights(
        home.channel, home.editor, can_post_messages=True, can_edit_messages=True, can_delete_messages=True
    )
    await home.say("/settings", home.desk, home.editor)
    for button in ("Розклад", "Дайджест", "18:00"):
        await tap(home, button)

    assert (await tap(home, "+ 30")).text == "Збережено. Було: 09:00, 13:00, 18:00"
    await tap(home, "сб")
    await tap(home, "нд")

    assert "Час: 09:00, 13:00, 18:30\nДні: у будні" in newest(home).text
    assert "Наступний: 25 листопада о 09:00" in newest(home).text
    assert (await tap(home, "Не випускати")).text == "Більше не виходить. Повернути — «Випускати»"
    assert (await tap(home, "Як у налаштуваннях")).text == "Виходитиме за цим розкладом"
    assert "Дайджест · Новини · з налаштувань" in newest(home).text


async def test_times_are_given_by_a_reply(home: House) -> None:
    home.telegram.set_rights(
        home.channel, home.editor, can_post_messages=True, can_edit_messages=True, can_delete_messages=True
    )
    await home.say("/settings", home.desk, home.editor)
    for button in ("Розклад", "Ранковий", "Випускати"):
        await tap(home, button)

    for words in ("о сьомій", "7:00 і 8:30"):
        home.telegram.say(home.desk, home.editor, words, reply_to=newest(home))
        await home.work()

    assert newest(home).text.startswith("Збережено. Було: 07:30\n\n🗓 Ранковий випуск")
    (wish,) = await wished.wishes(home.db.screens, 1)
    assert (wish.name, wish.walls) == ("morning", (time(7), time(8, 30)))
    texts = home.telegram.texts(home.desk)
    assert any(text.startswith("Не зрозумів часу.") for text in texts)
