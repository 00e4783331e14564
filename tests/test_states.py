"""A larger toll and a further report change a story; an older one never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.judgement.states import Conflict, Turn, first, headline, turn
from storage.model import Item

NOON = datetime(2024, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(number: int, title: str, hours: float = 0, source: int = 1, **others: object) -> Item:
    item = Item(
        id=number, version=1, kind="news", title=title, lead="", url=f"https://novyny.test/{number}", language="uk",
        sections=(), published_at=NOON + hours * HOUR, seen_at=NOON + hours * HOUR, source_id=source,
        source=f"Джерело {source}", family=str(source), own=False, story_id=1,
    )  # fmt: skip
    return replace(item, **others)  # type: ignore[arg-type]


BUS = report(1, "Дрон влучив в автобус: поранено чотирьох людей")
STATE = first(1, BUS)


def test_the_first_report_is_the_first_state() -> None:
    assert (STATE.version, STATE.item_id, STATE.toll, STATE.at) == (1, 1, {"wounded": 4}, NOON)


def test_a_later_and_larger_toll_is_the_next_state() -> None:
    state = turn(STATE, report(2, "Вже семеро поранених в автобусі", 1, source=2), [BUS]).state
    assert state is not None
    assert (state.version, state.item_id, state.toll) == (2, 2, {"wounded": 7})


def test_a_first_death_is_the_next_state_and_forgets_no_wounded() -> None:
    state = turn(STATE, report(2, "Унаслідок удару по автобусу загинула жінка", 1, source=2), [BUS]).state
    assert state is not None
    assert state.toll == {"wounded": 4, "killed": 1}


def test_one_who_died_of_wounds_is_no_longer_wounded() -> None:
    told = turn(STATE, report(2, "Одна людина загинула, троє поранені", 1, source=2), [BUS])
    assert told.state is not None
    assert (told.state.toll, told.conflicts) == ({"wounded": 3, "killed": 1}, ())


def test_an_earlier_publication_never_changes_the_state() -> None:
    assert turn(STATE, report(2, "В автобусі 20 поранених", -1, source=2), [BUS]) == Turn(None)


def test_a_later_and_smaller_toll_is_a_conflict() -> None:
    told = turn(STATE, report(2, "В автобусі троє поранених", 1, source=2), [BUS])
    assert told == Turn(None, (Conflict(2, "Джерело 2", "wounded", 4, 3),))


def test_a_larger_toll_with_fewer_dead_is_both() -> None:
    state = first(1, report(1, "Двоє загиблих і четверо поранених"))
    told = turn(state, report(2, "Один загиблий і десятеро поранених", 1, source=2), [])
    assert told.state is not None
    assert told.state.toll == {"killed": 2, "wounded": 10}
    assert [conflict.which for conflict in told.conflicts] == ["killed"]


def test_another_source_with_the_same_news_changes_nothing() -> None:
    assert turn(STATE, report(2, "Четверо поранених після удару по автобусу", 1, source=2), [BUS]) == Turn(None)


def test_a_further_report_of_the_same_source_is_the_next_state() -> None:
    state = turn(STATE, report(2, "Рух автобусів після удару зупинено", 1), [BUS]).state
    assert state is not None
    assert (state.title, state.toll) == ("Рух автобусів після удару зупинено", {"wounded": 4})


def test_the_same_headline_again_is_nothing_further() -> None:
    assert turn(STATE, report(2, "Дрон влучив в автобус — поранено чотирьох людей", 1), [BUS]) == Turn(None)


def test_a_corrected_headline_of_the_states_own_report_may_lower_the_toll() -> None:
    edited = replace(BUS, version=2, title="Дрон влучив в автобус: поранено двох людей")
    state = turn(STATE, edited, [edited]).state
    assert state is not None
    assert (state.version, state.item_version, state.toll) == (2, 2, {"wounded": 2})


def test_a_later_headline_that_corrects_lowers_the_toll() -> None:
    state = first(1, report(1, "Двоє загиблих і четверо поранених"))
    told = turn(state, report(2, "Уточнили: загинула одна людина", 1, source=2), [])
    assert told.state is not None
    assert (told.state.toll, told.conflicts) == ({"killed": 1, "wounded": 4}, ())


def test_an_earlier_correction_corrects_nothing_later() -> None:
    assert turn(STATE, report(2, "Уточнили: поранено двох людей", -1, source=2), [BUS]) == Turn(None)


def test_a_correction_of_something_else_lowers_nothing() -> None:
    assert turn(STATE, report(2, "Уточнили час роботи лікарні для поранених", 1, source=2), [BUS]) == Turn(None)


def test_the_states_own_report_seen_again_changes_nothing() -> None:
    assert turn(STATE, BUS, [BUS]) == Turn(None)
    assert turn(STATE, replace(BUS, version=2, image="https://novyny.test/1.jpg"), [BUS]) == Turn(None)


def test_the_newsrooms_own_report_speaks_for_the_story() -> None:
    own = report(2, "У місті дрон поранив чотирьох пасажирів автобуса", 1, source=9, own=True)
    assert headline(STATE, [BUS, own], "uk") is own


def test_the_newsrooms_own_report_is_silent_while_its_toll_is_behind() -> None:
    own = report(2, "Дрон влучив в автобус", 1, source=9, own=True)
    assert headline(STATE, [BUS, own], "uk") is BUS


def test_the_newsrooms_older_headline_does_not_tell_a_newer_state() -> None:
    own = report(1, "США передадуть міни", own=True)
    other = report(2, "Україна пообіцяла не ставити міни біля сіл", 1, source=2)
    assert headline(first(1, other), [own, other], "uk") is other


@pytest.mark.parametrize(("language", "speaks"), [("uk", 2), ("ru", 3)])
def test_among_equals_the_newsrooms_language_speaks(language: str, speaks: int) -> None:
    twins = [
        report(2, "Поранено чотирьох", 1, source=9, own=True),
        report(3, "Ранены четверо", 1, source=9, own=True, language="ru"),
    ]
    assert headline(STATE, [BUS, *twins], language).id == speaks


def test_when_the_states_report_is_withdrawn_the_newest_left_speaks() -> None:
    left = [report(2, "Дрон біля зупинки", -2), report(3, "Дрон влучив в автобус", -1)]
    assert headline(STATE, left, "uk").id == 3


ROSE = "Кількість поранених після удару зросла до семи"
KILLED = report(1, "Троє людей загинули через удар, п’ятьох поранено")


def of_three(*later: Item) -> Item:
    """Who speaks for a story in which three were killed, after these reports."""
    state = first(1, KILLED)
    for item in later:
        state = turn(state, item, [KILLED, *later]).state or state
    return headline(state, [KILLED, *later], "uk")


def test_a_headline_of_the_wounded_gives_way_to_one_that_names_the_dead() -> None:
    rose = report(2, ROSE, 1, source=2)
    both = report(3, "Удар по місту: троє загиблих, семеро поранених", 1, source=3)
    dead = report(4, "У місті жалоба: троє людей загинули", 2, source=4)
    assert of_three(rose, both) == both
    assert of_three(rose, dead) == dead


def test_an_older_headline_of_the_dead_does_not_hide_who_was_wounded_since() -> None:
    rose = report(2, ROSE, 1, source=2)
    assert of_three(rose) == rose
    fewer = report(3, "Двоє загиблих після удару", 2, source=3)
    stale = report(4, "Троє загиблих, п’ятеро поранених", 2, source=4)
    russian = report(5, "Трое погибших, семеро раненых", 2, source=5, language="ru")
    assert of_three(rose, fewer, stale, russian) == rose


def test_the_dead_whose_number_grew_meanwhile_speak() -> None:
    rose = report(2, ROSE, 1, source=2)
    grown = report(3, "Уже четверо загиблих після удару", 2, source=3)
    assert of_three(rose, grown) == grown
