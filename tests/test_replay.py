"""A recorded feed played to the real collector while it is killed, and the eye that would see a loss."""

from __future__ import annotations

import gzip
import json
import random
from email.utils import formatdate
from pathlib import Path

import pytest

from bench.recording import Entry, Poll, Timeline, contradictions, read, telling
from bench.replay import Replay, nursery
from bench.replay_life import MOMENTS, Death, deaths
from bench.verdict import Found, Row, judged

BEGIN = 1_750_000_000
POLL = 2_520  # seconds, as in the recordings


def entry(number: int, title: str, lead: str = "", *, at: str = "https://www.gazeta.ua/news") -> Entry:
    return Entry(title, f"{at}/{number}-x", lead, formatdate(BEGIN - 3600 + number % 1000))


OLD = entry(41001, "Міст відкрили після ремонту", "Рух дозволено легковикам.")
FIRE = entry(41002, "Пожежа на складі", "Горить дах.")
OUT = entry(41002, "Пожежу на складі загасили", "Постраждалих немає.")
TRAM = entry(41003, "Трамвай № 4 змінює маршрут", "До п’ятниці.")
WATER = entry(41004, "У Слов’янську не буде води", "До вечора.")


def timeline(*polls: tuple[Entry, ...]) -> Timeline:
    return Timeline("gazeta", tuple(Poll(BEGIN + number * POLL, entries) for number, entries in enumerate(polls)))


WEEK = timeline((FIRE, OLD), (TRAM, FIRE, OLD), (TRAM, OUT, OLD), (), (WATER, TRAM, OUT), (WATER, TRAM, OUT), (OLD,))
TOLD = [
    Found(1, True, telling(OLD.title, OLD.description, OLD.link)),
    Found(2, True, telling(FIRE.title, FIRE.description, FIRE.link)),
    Found(2, True, telling(OUT.title, OUT.description, OUT.link)),
    Found(3, False, telling(TRAM.title, TRAM.description, TRAM.link)),
    Found(4, False, telling(WATER.title, WATER.description, WATER.link)),
]


async def test_a_collector_that_is_killed_misses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    replay = Replay(WEEK, tmp_path / "newsroom.db", nursery())

    row = await replay.run([Death(0, "parsing"), Death(2, "written", statements=20)])

    assert row == Row("gazeta", polls=7, kills=2, articles=4, edits=1, seen=1, back=3, returns=3), row.details
    assert replay.dead == {"parsing": 1, "written": 1}


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (TOLD[:-1], {"missed": 1}),
        ([*TOLD, TOLD[3]._replace(item_id=5)], {"doubled": 1}),
        ([TOLD[0], TOLD[1], TOLD[3], TOLD[4]], {"seen": 0}),
        ([*TOLD, TOLD[3]], {"invented": 1}),
        ([TOLD[0]._replace(history=False), *TOLD[1:]], {"history": 1}),
        ([*TOLD[:3], TOLD[3], TOLD[4]._replace(item_id=3)], {"missed": 1, "invented": 1}),
        ([*TOLD, Found(5, False, telling("Реклама", "", "https://reklama.ua/1"))], {"doubled": 1}),
    ],
    ids=["lost", "twice", "edit lost", "edit invented", "history told as news", "two under one item", "from nowhere"],
)
def test_the_eye_sees_what_is_wrong(found: list[Found], wrong: dict[str, int]) -> None:
    right = {"missed": 0, "doubled": 0, "history": 0, "edits": 1, "seen": 1, "invented": 0}

    row = judged(WEEK, 0, found)

    assert {name: getattr(row, name) for name in right} == right | wrong
    assert not row.well
    assert judged(WEEK, 0, TOLD).well


def test_witnesses_that_contradict_the_address_are_named() -> None:
    moved = entry(41003, TRAM.title, TRAM.description, at="https://gazeta.example/news")
    renamed = [entry(33700001, title, at=f"https://www.svoboda.org/a/{title}") for title in ("pozhar", "posle-pozhara")]

    said = list(contradictions(timeline((TRAM,), (moved,), (FIRE, OUT), (renamed[0],), (renamed[1],))))

    assert [line.split(": ")[1] for line in said] == [f"{TRAM.title} | {TRAM.description}", "a 33700001"]


def test_one_poll_of_ten_is_a_death_and_the_first_contact_always() -> None:
    year = timeline(*[(entry(41000 + number // 2, "Новина"),) for number in range(400)])

    drawn = list(deaths(year, 10, random.Random(1)))

    assert [death.poll // 10 for death in drawn] == list(range(40))
    assert drawn[0].poll == 0
    assert {death.moment for death in drawn} == set(MOMENTS)


def test_polls_that_found_nothing_new_are_folded_to_one(tmp_path: Path) -> None:
    item = {"title": FIRE.title, "link": FIRE.link, "description": None, "categories": ["Місто"]}
    polls = [{"ts": [BEGIN, BEGIN + 1, BEGIN + 2], "ids": [0]}, {"ts": [BEGIN + 3], "ids": None}]
    path = tmp_path / "gazeta.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"items": [item], "polls": polls}).encode()))

    recorded = read(path)

    shown = Entry(FIRE.title, FIRE.link, "", "", categories=("Місто",))
    assert recorded.polls == tuple(Poll(BEGIN + number, (shown,) if number < 3 else ()) for number in range(4))
    assert [poll.at - BEGIN for poll in recorded.changes().polls] == [0, 1, 3]


def test_an_article_recorded_by_its_versions_stands_until_it_was_last_seen(tmp_path: Path) -> None:
    seen = {"seen_utc": "2025-07-19T21:00:00+00:00", "title": FIRE.title, "link": FIRE.link}
    edited = {"seen_utc": "2025-07-20T09:00:00+00:00", "title": OUT.title, "link": OUT.link}
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({"last_seen_utc": "2025-07-21T10:00:00+00:00", "versions": [seen, edited]}), "utf-8")

    polls = read(path).polls

    assert [[one.title for one in poll.entries] for poll in polls] == [[FIRE.title], [OUT.title], []]
