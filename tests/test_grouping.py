"""Reports of one event become one story; another town, another day and another event stay apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judgement.grouping import WINDOW, Memory, Verdict
from bot.judgement.tellings import telling

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


@pytest.mark.parametrize(
    ("told", "in_russian"),
    [
        ("Верховна Рада підтримала ліквідацію МСЕК", "Верховная Рада поддержала ликвидацию МСЭК"),
        ("У Харкові внаслідок удару загинули троє людей", "В Харькове в результате удара погибли три человека"),
        (
            "Росіяни атакували Миколаїв безпілотниками, пошкоджено підстанцію",
            "Россияне атаковали Николаев дронами, повреждена подстанция",
        ),
        ("Костянтинівка залишилася без води", "Константиновка осталась без воды"),
        ("Обмін полоненими: додому повернулися сто військових", "Обмен пленными: домой вернулись сто военнослужащих"),
        (
            "Рятувальники знайшли тіло жінки під завалами у Запоріжжі",
            "Спасатели нашли тело женщины под завалами в Запорожье",
        ),
        ("На шахті у Мирнограді обвалилася порода, загинув гірник", "Обвал на шахте в Мирнограде: погиб горняк"),
        ("Угорщина заблокувала пакет санкцій проти Росії", "Венгрия заблокировала пакет санкций против России"),
    ],
)
def test_one_event_in_two_languages_is_one_story(told: str, in_russian: str) -> None:
    assert memory(told).nearest(in_russian, NOON + HOUR) == 1
    assert memory(in_russian).nearest(told, NOON + HOUR) == 1


@pytest.mark.parametrize(
    ("told", "in_russian"),
    [
        ("У Харкові внаслідок удару загинули троє людей", "В Николаеве в результате удара погибли три человека"),
        ("Костянтинівка залишилася без води", "Покровск остался без света"),
    ],
)
def test_two_events_in_two_languages_stay_two(told: str, in_russian: str) -> None:
    assert memory(told).nearest(in_russian, NOON + HOUR) is None


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
    ("here", "there"),
    [
        (
            "У Запоріжжі внаслідок ворожих атак загинуло троє людей, ще п’ятеро поранені, — ОВА",
            "У Сумах внаслідок ворожих атак загинуло троє людей, ще шестеро поранені, — ОВА",
        ),
        (
            "Удар по Павлограду: двоє загиблих, п’ятнадцять поранених",
            "Удар по Краматорську: двоє загиблих, п’ять поранених",
        ),
        ("Ворог обстріляв громади на Харківщині: є поранені", "Ворог обстріляв громади на Сумщині: є поранені"),
    ],
)
def test_blows_on_two_towns_are_two_events_however_alike_the_words(here: str, there: str) -> None:
    assert memory(here).judge(there, NOON + HOUR) == Verdict()


@pytest.mark.parametrize(
    ("told", "later", "hours"),
    [
        (
            ("Внаслідок удару по Торецьку загинув чоловік — прокуратура", "Йому було 58 років."),
            ("Внаслідок обстрілу Покровська поранено трьох людей — прокуратура", "Усі троє — працівники водоканалу."),
            29,
        ),
        (
            ("Світло в Краматорську відключатимуть двічі на день — Укренерго", "Графік діятиме до вівторка."),
            ("У школах Краматорська на тиждень скасували очні заняття — міськрада", "Причина — відключення світла."),
            62,
        ),
        (
            ("У Мирнограді відкрили другий пункт обігріву — військова адміністрація", "Там є світло й чай."),
            ("З Мирнограда за день вивезли 84 людей — військова адміністрація", "Серед них одинадцять дітей."),
            55,
        ),
        (
            ("У Покровську залишається близько 11 тисяч людей — військова адміністрація", "Торік було 60 тисяч."),
            ("У Покровську зачиняють останнє відділення банку", "Готівку можна буде отримати лише на пошті."),
            30,
        ),
        (
            ("Над Києвом уночі збили понад десять дронів — Повітряні сили", "Уламки впали у двох районах."),
            ("Сили ППО за ніч збили 76 зі 188 дронів — Повітряні сили", "Ще 95 зникли з радарів."),
            46,
        ),
        (
            ("США передадуть Україні чергову партію ракет для протиповітряної оборони", "Її вартість — 125 мільйонів."),
            ("Протиповітряна оборона збила над Дніпром сім ракет", "Дві ракети влучили в підприємство."),
            11,
        ),
    ],
)
def test_a_place_and_who_says_it_are_too_little_to_share(
    told: tuple[str, str], later: tuple[str, str], hours: float
) -> None:
    assert memory(telling(*told)).nearest(telling(*later), NOON + hours * HOUR) is None


def test_what_happened_in_a_town_is_still_known_by_its_words_the_day_after() -> None:
    known = memory("У Тернополі після нічної атаки немає світла — Укренерго")
    assert known.nearest("Світло в Тернополі повернули половині міста — міськрада", NOON + 20 * HOUR) == 1


def test_a_town_and_the_region_around_it_may_be_one_event() -> None:
    known = memory("Удар по Києву та області: загинули 16 людей, ще 28 поранені")
    assert known.nearest("На Київщині внаслідок удару загинули 17 людей, ще 28 поранені", NOON + HOUR) == 1


def test_a_blow_two_days_later_that_hurt_fewer_is_another_blow() -> None:
    known = memory("В Одесі внаслідок ракетного удару загинули четверо людей, семеро поранені")
    later = NOON + 40 * HOUR
    assert known.nearest("В Одесі внаслідок ракетного удару загинули двоє людей, двоє поранені", later) is None


def test_a_town_struck_again_the_day_after_is_another_blow_without_a_word_of_the_first() -> None:
    known = memory("Ракетний удар по Одесі: пошкоджено інфраструктуру порту")
    again = "Удар по Одесі: пошкоджено інфраструктуру порту"
    assert known.nearest(again, NOON + HOUR) == 1
    assert known.nearest(again, NOON + 25 * HOUR) is None
    assert known.nearest(f"{again}, поліція назвала підозрюваного", NOON + 25 * HOUR) == 1


def test_the_number_of_the_dead_that_grew_days_later_joins_its_event() -> None:
    known = memory("Удар по виставці на Київщині: десять загиблих, сто поранених")
    later = NOON + 60 * HOUR
    assert known.nearest("Кількість загиблих від удару по виставці на Київщині зросла до дванадцяти", later) == 1


@pytest.mark.parametrize(
    ("yesterday", "today"),
    [
        ("Втрати ворога на 19 листопада: Генштаб оновив дані", "Втрати ворога на 20 листопада: Генштаб оновив дані"),
        (
            "Погода в області на 19 листопада: хмарно, без опадів",
            "Погода в області на 20 листопада: хмарно, без опадів",
        ),
        ("Курс валют на 19 листопада: долар і євро", "Курс валют на 20 листопада: долар і євро"),
        ("Тривога у Києві через загрозу балістики", "Тривога у Києві через загрозу балістики"),
        ("Війська РФ просунулися біля двох сіл — DeepState", "Війська РФ просунулися біля двох сіл — DeepState"),
        (
            "За добу військові РФ поранили в області шістьох людей",
            "За добу військові РФ поранили в області шістьох людей",
        ),
    ],
)
def test_a_daily_series_is_new_every_day(yesterday: str, today: str) -> None:
    assert memory(yesterday, at=NOON - 24 * HOUR).nearest(today, NOON) is None


def test_those_who_agreed_are_no_weather() -> None:
    known = memory("США погодилися передати Україні протипіхотні міни — The Washington Post", at=NOON - 20 * HOUR)
    assert known.nearest("США погодилися передати Україні протипіхотні міни — ЗМІ", NOON) == 1


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


def test_what_is_likely_but_not_sure_is_asked_about() -> None:
    known = Memory(same=0.9, likely=0.2)
    for number, text in enumerate(("Аварія на водогоні: без води чотири райони", *BACKGROUND), 1):
        known.add(number, number, text, NOON)
    assert known.judge("Аварія на водогоні: воду підвозять", NOON) == Verdict(likely=(1,))
    assert known.judge("Шахісти з трьох країн приїхали на турнір", NOON) == Verdict()


def test_what_editors_merged_is_one_story_for_all_that_is_like_either_part() -> None:
    fire, minister = "На складі пального в порту спалахнула пожежа", "Міністр скасував поїздку через подію в порту"
    known = memory(fire, minister)
    known.move(2, 1, 2)
    assert known.nearest("Міністр скасував поїздку через пожежу в порту", NOON) == 1
    assert known.nearest("Пожежа на складі пального в порту", NOON) == 1
    assert known.part_of(2) == 2


def test_what_was_split_off_draws_its_own() -> None:
    known = Memory()
    for number, text in enumerate(BACKGROUND, 101):
        known.add(number, number, text, NOON)
    known.add(1, 1, "Пожежа на складі пального в порту", NOON)
    known.add(2, 1, "Міністр скасував поїздку до порту", NOON)
    known.move(2, 7)
    assert known.nearest("Міністр скасував поїздку до порту через погоду", NOON) == 7


def test_nothing_happens_when_an_unknown_report_is_moved() -> None:
    known = memory()
    known.move(999, 1)
    assert known.part_of(999) is None


def test_the_short_cut_answers_what_a_comparison_with_all_does() -> None:
    known = memory(*(f"Громада номер {number}: відкрили школу, лікарню та міст" for number in range(60)))
    again = (f"Громада номер {number}: відкрили школу, лікарню та міст" for number in range(0, 70, 7))
    for text in (*BACKGROUND, *again, "У громаді відкрили міст", "Школа номер 17", "Нічого такого"):
        assert known.nearest(text, NOON) == known.exhaustive(text, NOON)


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
