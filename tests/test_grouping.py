"""Reports of one event become one story; another town, another day and another event stay apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judgement.grouping import WINDOW, Memory, telling

NOON = datetime(2024, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BACKGROUND = [
    "Парламент ухвалив бюджет на наступний рік",
    "У лікарнях області з’явилися нові генератори",
    "Перевізник додав рейси на грудневі вихідні",
    "Юристи безкоштовно допомагають відновити документи",
    "Школярі з прифронтових громад навчаються під землею",
    "Рибалки знайшли на узбережжі мертвих дельфінів",
]


def memory(*texts: str, at: datetime = NOON) -> Memory:
    """A memory of the background, stories 101 and on, and of the texts, stories 1 and on."""
    filled = Memory()
    for number, text in enumerate(BACKGROUND, 101):
        filled.add(number, number, text, at - HOUR)
    for number, text in enumerate(texts, 1):
        filled.add(number, number, text, at)
    return filled


def test_two_tellings_of_one_event_are_one_story() -> None:
    known = memory("Дрон влучив у маршрутку в окупованій Горлівці: поранено чотирьох людей")
    assert known.nearest("У Горлівці дрон атакував маршрутку, четверо людей поранено", NOON + HOUR) == 1


def test_the_same_event_in_the_other_language_has_a_chance() -> None:
    known = memory("Верховна Рада підтримала ліквідацію МСЕК")
    assert known.nearest("Верховная Рада поддержала ликвидацию МСЭК", NOON + HOUR) == 1


def test_another_event_begins_a_story() -> None:
    assert (
        memory("Дрон влучив у маршрутку в окупованій Горлівці").nearest("Рада ліквідувала комісії МСЕК", NOON) is None
    )


def test_an_empty_memory_knows_no_story() -> None:
    assert Memory().nearest("Будь-яка новина дня", NOON) is None


def test_the_same_blow_on_another_town_is_another_event() -> None:
    known = memory("Росіяни обстріляли Херсон: поранено двоє людей")
    assert known.nearest("Росіяни обстріляли Нікополь: поранено двоє людей", NOON + HOUR) is None


@pytest.mark.parametrize(
    ("yesterday", "today"),
    [
        ("Втрати ворога на 19 листопада: Генштаб оновив дані", "Втрати ворога на 20 листопада: Генштаб оновив дані"),
        (
            "Погода в області на 19 листопада: хмарно, без опадів",
            "Погода в області на 20 листопада: хмарно, без опадів",
        ),
        ("Курс валют на 19 листопада: долар і євро", "Курс валют на 20 листопада: долар і євро"),
        ("Війська РФ просунулися біля двох сіл — DeepState", "Війська РФ просунулися біля двох сіл — DeepState"),
        (
            "За добу військові РФ поранили в області шістьох людей",
            "За добу військові РФ поранили в області шістьох людей",
        ),
    ],
)
def test_a_daily_series_is_new_every_day(yesterday: str, today: str) -> None:
    assert memory(yesterday, at=NOON - 24 * HOUR).nearest(today, NOON) is None


def test_a_text_of_two_words_joins_only_its_equal() -> None:
    known = memory("Терміново: вибух")
    assert known.nearest("Терміново: вибухи", NOON) is None
    assert known.nearest("Терміново — вибух", NOON) == 1


def test_after_three_days_the_same_words_are_another_event() -> None:
    known = memory("Аварія на водогоні: без води чотири райони міста")
    assert known.nearest("Аварія на водогоні: без води чотири райони міста", NOON + WINDOW) == 1
    assert known.nearest("Аварія на водогоні: без води чотири райони міста", NOON + WINDOW + HOUR) is None


def test_a_removed_report_draws_nobody() -> None:
    known = memory("Аварія на водогоні: без води чотири райони міста")
    known.remove(1)
    known.remove(1)
    assert known.nearest("Аварія на водогоні: без води чотири райони міста", NOON) is None


def test_an_edited_report_is_known_by_its_new_words() -> None:
    known = memory("Аварія на водогоні: без води чотири райони міста")
    known.replace(1, 1, "Партизани підпалили склад з боєприпасами", NOON)
    assert known.nearest("Аварія на водогоні: без води чотири райони міста", NOON) is None
    assert known.nearest("Партизани підпалили склад боєприпасів", NOON) == 1


def test_old_reports_are_forgotten() -> None:
    known = memory("Аварія на водогоні: без води чотири райони міста")
    known.forget_before(NOON)
    assert len(known) == 1
    known.forget_before(NOON + HOUR)
    assert len(known) == 0


def test_only_the_beginning_of_a_lead_is_listened_to() -> None:
    assert telling("Назва", "а" * 1000) == "Назва\n" + "а" * 300


@given(st.lists(st.text(max_size=60), max_size=12), st.text(max_size=60))
def test_what_was_added_and_removed_leaves_no_trace(texts: list[str], asked: str) -> None:
    known, plain = memory("Перша новина про воду в місті"), memory("Перша новина про воду в місті")
    for number, text in enumerate(texts, 1_000):
        known.add(number, number, text, NOON)
    for number in range(1_000, 1_000 + len(texts)):
        known.remove(number)
    assert len(known) == len(plain)
    assert known.nearest(asked, NOON) == plain.nearest(asked, NOON)


@given(st.lists(st.sampled_from(BACKGROUND), min_size=1, max_size=20))
def test_the_same_day_is_grouped_the_same_way_twice(texts: list[str]) -> None:
    def grouped() -> list[int | None]:
        known, stories = Memory(), []
        for number, text in enumerate(texts, 1):
            story = known.nearest(text, NOON)
            known.add(number, story or number, text, NOON)
            stories.append(story)
        return stories

    assert grouped() == grouped()
