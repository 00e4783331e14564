"""Search: words in any form, pages that carry their query, no dead end."""

from __future__ import annotations

from datetime import timedelta

from bot.wording import Wordings
from storage import items
from tests.conftest import KYIV, MINUTE, NOON, House, headlines, labels, put

UK = Wordings(KYIV).default


async def test_search_finds_word_forms(home: House) -> None:
    await put(home.db, "В окупованій Горлівці дрон атакував маршрутку")
    await put(home.db, "Погода на завтра")

    for question in ("/search горлівка", "Горлівка", "пошук ГОРЛІВКА", "горлівку"):
        texts = await home.say(question)
        assert headlines(texts[-1]) == ["В окупованій Горлівці дрон атакував маршрутку"], question
    assert texts[-1].startswith("🔎 горлівку · 1 новина\n")


async def test_a_headline_beats_a_mention_until_it_is_three_days_older(home: House) -> None:
    await put(home.db, "Водогін у Краматорську", NOON - timedelta(days=2))
    await put(home.db, "Засідання міськради", NOON, lead="Говорили про водогін.")
    await put(home.db, "Водогін у Торецьку", NOON - timedelta(days=5))

    texts = await home.say("водогін")

    assert headlines(texts[-1]) == ["Водогін у Краматорську", "Засідання міськради", "Водогін у Торецьку"]


async def test_found_pages_turn_in_place_and_the_query_lives_in_the_page(home: House) -> None:
    for number in range(1, 8):
        await put(home.db, f"Вода {number}", NOON - (8 - number) * MINUTE)
    await home.say("/search  Вода \n  вода ")
    await put(home.db, "Вода щойно", NOON)

    await home.tap("Наступні ›")

    assert headlines(home.last.text) == ["Вода 2", "Вода 1"]
    assert home.last.text.startswith("🔎 Вода вода · 7 новин")
    await home.tap("🔄 Оновити")
    assert headlines(home.last.text)[0] == "Вода щойно"


async def test_a_query_with_a_link_in_it_survives_turning(home: House) -> None:
    for number in range(1, 7):
        await put(home.db, f"Допис {number}", lead="Вода на example.com та @novosti #вода", at=NOON - number * MINUTE)
    await home.say("вода example.com @novosti #вода")

    await home.tap("Наступні ›")

    assert home.last.text.startswith("🔎 вода example.com @novosti #вода · 6 новин")
    assert len(headlines(home.last.text)) == 1


async def test_an_empty_search_offers_the_words_that_find_something(home: House) -> None:
    await put(home.db, "Покровськ: евакуація")

    texts = await home.say("Покровськ лікарня")

    assert texts[-1].startswith("🔎 За запитом «Покровськ лікарня» нічого немає.\n")
    assert labels(home.last) == [["Лише «Покровськ»"], ["Останні", "Сьогодні"], ["‹ Меню"]]
    await home.tap("Лише «Покровськ»")
    assert home.last.text.startswith("🔎 Покровськ · 1 новина")


async def test_a_slip_of_the_finger_is_mended_by_one_tap(home: House) -> None:
    await put(home.db, "Лікарня у Покровську знову працює", lead="Секретне слово")

    texts = await home.say("покровск лікарня")

    assert texts[-1] == ("🔎 За запитом «покровск лікарня» нічого немає.\nМожливо, ви мали на увазі Покровськ лікарня?")
    assert labels(home.last)[:2] == [["Шукати «Покровськ лікарня»"], ["Лише «лікарня»"]]
    await home.tap("Шукати «Покровськ лікарня»")
    assert home.last.text.startswith("🔎 Покровськ лікарня · 1 новина")


async def test_a_mended_word_stands_alone_when_the_rest_finds_nothing(home: House) -> None:
    await put(home.db, "Покровськ: евакуація")

    await home.say("покровск зоопарк")

    assert "Можливо, ви мали на увазі Покровськ?" in home.last.text
    await home.tap("Шукати «Покровськ»")
    assert headlines(home.last.text) == ["Покровськ: евакуація"]


async def test_only_headlines_of_the_last_month_mend_a_slip(home: House) -> None:
    old = await put(home.db, "Покровськ: евакуація", NOON - timedelta(days=31))
    gone = await put(home.db, "Торецьк без води")
    async with home.db.transaction() as tx:
        await items.withdraw(tx, gone.id, "недостовірно", NOON)

    for question in ("покровск", "торецк"):
        texts = await home.say(question)
        assert "Можливо" not in texts[-1], (question, old)


async def test_search_without_words_asks_for_them(home: House) -> None:
    assert (await home.say("/search"))[-1] == (await home.say("пошук"))[-1] == UK.text("search.ask")
    await home.say("/start")

    await home.tap("🔎 Знайти")

    assert home.last.text == UK.text("search.ask")


async def test_a_letter_to_the_bot_is_no_query(home: House) -> None:
    texts = await home.say("вода " * 60)

    assert texts[-1].startswith("Запит задовгий: можна до 256 знаків.")


async def test_nothing_of_a_query_stays_in_the_file(home: House) -> None:
    await put(home.db, "Погода")
    await home.say("секретне слово")
    await home.tap("‹ Меню")

    await home.db.checkpoint()  # the bot makes one every minute; what is written next takes the place of the log
    await put(home.db, "Дощ")
    files = home.db.path.parent.glob("newsroom.db*")
    assert not [file for file in files if "секретне".encode() in file.read_bytes()]
