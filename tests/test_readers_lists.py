"""The latest and today's top stories: what is in them, and that they stand still."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import items
from tests.conftest import MINUTE, NOON, House, headlines, labels, many, put


async def test_an_empty_newsroom_says_so_and_offers_the_next_step(home: House) -> None:
    texts = await home.say("/latest")

    assert texts[-1] == "Новин ще немає. Щойно з’являться, вони будуть тут."
    assert labels(home.last) == [["🔄 Оновити", "‹ Меню"]]


async def test_the_latest_news_are_linked_headlines_with_section_and_time(home: House) -> None:
    await put(home.db, "Розклад «електричок» <на> вихідні", NOON - timedelta(days=1), family="other")
    item = await put(home.db, "Краматорськ: воду повернули", NOON - 4 * MINUTE, section="Краматорськ")

    texts = await home.say("/latest")

    assert texts[-1] == (
        "🕑 Останні новини · станом на 14:06\n\n"
        "1. Краматорськ: воду повернули\nКраматорськ, 14:02\n"
        "2. Розклад «електричок» <на> вихідні\nother, вчора о 14:06"
    )
    link = next(entity for entity in home.last.entities if entity["type"] == "text_link")
    assert link["url"] == item.url
    assert home.telegram.called("sendMessage")[-1].params["link_preview_options"] == {"is_disabled": True}


async def test_digests_promo_and_withdrawn_items_never_appear(home: House) -> None:
    await put(home.db, "Підпишіться на нас", kind="promo")
    await put(home.db, "Дайджест", kind="digest")
    gone = await put(home.db, "Неправда про воду")
    await put(home.db, "Правда про воду")
    async with home.db.transaction() as tx:
        await items.withdraw(tx, gone.id, "недостовірно", NOON)

    latest = await home.say("/latest")
    found = await home.say("вода")

    assert headlines(latest[-1]) == headlines(found[-1]) == ["Правда про воду"]


async def test_one_story_stands_once_and_in_the_readers_language(home: House) -> None:
    first = await put(home.db, "Обстріл Покровська", NOON - 30 * MINUTE)
    await put(home.db, "Обстрел Покровска", NOON - 20 * MINUTE, language="ru", story=first.story_id)
    await put(home.db, "Обстріл Покровська: двоє загиблих", NOON - 25 * MINUTE, story=first.story_id)

    assert headlines((await home.say("/latest"))[-1]) == ["Обстріл Покровська: двоє загиблих"]
    assert headlines((await home.say("Покровськ"))[-1]) == ["Обстріл Покровська: двоє загиблих"]
    home.reader.language_code = "ru"
    assert headlines((await home.say("/latest"))[-1]) == ["Обстрел Покровска"]
    home.reader.language_code = "en"
    assert headlines((await home.say("/latest"))[-1]) == ["Обстріл Покровська: двоє загиблих"]


async def test_pages_turn_in_place(home: House) -> None:
    await many(home.db, 12)
    await home.say("/latest")
    sent = home.last
    assert labels(sent)[0] == ["‹ Новіші", "1 з 3", "Старіші ›"]
    assert [button.get("disabled") is not None for button in sent.buttons[:3]] == [True, True, False]

    await home.tap("Старіші ›")
    await home.tap("Старіші ›")

    assert home.last.message_id == sent.message_id
    assert headlines(home.last.text) == ["Новина 2", "Новина 1"]
    assert "11. Новина 2" in home.last.text
    assert [button.get("disabled") is not None for button in home.last.buttons[:3]] == [False, True, True]
    await home.tap("‹ Новіші")
    assert headlines(home.last.text)[0] == "Новина 7"


async def test_pages_do_not_jump_while_news_comes_in(home: House) -> None:
    await many(home.db, 7)
    await home.say("/latest")
    await put(home.db, "Щойно", NOON)
    home.now = NOON + 10 * MINUTE

    await home.tap("Старіші ›")

    assert headlines(home.last.text) == ["Новина 2", "Новина 1"]
    assert home.last.text.startswith("🕑 Останні новини · станом на 14:06\n")
    await home.tap("‹ Новіші")
    assert headlines(home.last.text)[0] == "Новина 7"
    await home.tap("🔄 Оновити")
    assert headlines(home.last.text)[0] == "Щойно"
    assert home.last.text.startswith("🕑 Останні новини · станом на 14:16\n")


async def test_a_list_that_became_shorter_shows_its_last_page(home: House) -> None:
    await many(home.db, 7)
    await home.say("/latest")

    await home.tap("l:9:7", stale=True)

    assert headlines(home.last.text) == ["Новина 2", "Новина 1"]


async def test_refreshing_what_has_not_changed_is_success(home: House) -> None:
    await many(home.db, 2)
    await home.say("/latest")

    tap = await home.tap("🔄 Оновити")

    assert tap.answer is not None
    assert "not modified" in home.telegram.called("editMessageText")[-1].error


async def test_a_tap_on_a_deleted_message_is_no_error(home: House) -> None:
    await many(home.db, 2)
    await home.say("/latest")
    home.telegram.delete(home.chat, home.last)

    tap = await home.tap("🔄 Оновити", home.telegram.every_message(home.chat)[-1])

    assert tap.answer is not None
    assert not home.telegram.called("editMessageText")[-1].ok


async def test_a_reader_who_blocks_the_bot_meanwhile_is_no_error(home: House) -> None:
    home.telegram.say(home.chat, home.reader, "/latest")
    home.telegram.faults.next("refuse", "sendMessage", code=403, description="Forbidden: bot was blocked by the user")

    await home.work()

    assert not home.telegram.called("sendMessage")[-1].ok


# Today


async def test_today_is_ranked_and_has_no_yesterday(home: House) -> None:
    midnight = datetime(2024, 11, 22, 22, 0, tzinfo=NOON.tzinfo)
    await put(home.db, "Вчорашнє", midnight - MINUTE)
    await put(home.db, "Розклад автобусів", midnight)
    big = await put(home.db, "Обстріл Краматорська: п’ятеро загиблих", NOON - 60 * MINUTE)
    for family in ("a", "b", "c"):
        await put(home.db, "Обстріл Краматорська", NOON - 50 * MINUTE, story=big.story_id, family=family)

    texts = await home.say("/today")

    assert texts[-1].startswith("☀️ Головне за сьогодні · станом на 14:06\n")
    assert "Вчорашнє" not in texts[-1]
    assert "Краматорська" in headlines(texts[-1])[0]


async def test_today_has_no_filler(home: House) -> None:
    await put(home.db, "Дрібниця з чужого сайту", family="other")
    await put(home.db, "Обстріл Торецька: двоє загиблих")

    texts = await home.say("/today")

    assert headlines(texts[-1]) == ["Обстріл Торецька: двоє загиблих"]


async def test_an_empty_day_leads_to_the_latest(home: House) -> None:
    await put(home.db, "Вчорашнє", NOON - timedelta(days=1))
    await home.say("/today")
    assert home.last.text == "Важливих новин сьогодні ще немає. Усі — в «Останніх»."

    await home.tap("Останні")

    assert headlines(home.last.text) == ["Вчорашнє"]


async def test_todays_pages_stay_as_they_were_until_refreshed(home: House) -> None:
    for number in range(7):
        await put(home.db, f"Подія {number}: двоє загиблих", NOON - (number + 1) * MINUTE)
    await home.say("/today")
    first = headlines(home.last.text)
    await put(home.db, "Обстріл: десятеро загиблих", NOON + MINUTE)
    home.now = NOON + 5 * MINUTE

    await home.tap("Наступні ›")
    second = headlines(home.last.text)
    await home.tap("‹ Попередні")

    assert headlines(home.last.text) == first
    assert len(set(first + second)) == len(first + second)
    assert not any("десятеро" in title for title in first + second)
    await home.tap("🔄 Оновити")
    assert "станом на 14:11" in home.last.text


async def test_yesterdays_list_is_repainted_as_todays(home: House) -> None:
    await put(home.db, "Субота: двоє загиблих")
    await home.say("/today")
    home.now = NOON + timedelta(days=1)
    await put(home.db, "Неділя: двоє загиблих", home.now - MINUTE)

    await home.tap(f"t:1:0:{int(NOON.timestamp())}", stale=True)

    assert headlines(home.last.text) == ["Неділя: двоє загиблих"]


# The week


async def test_the_week_is_ranked_and_has_no_older_news(home: House) -> None:
    week = timedelta(days=7)
    await put(home.db, "Обстріл Бахмута: п’ятеро загиблих", NOON - week - MINUTE)
    await put(home.db, "Обстріл Часового Яру: четверо загиблих", NOON - week)
    await put(home.db, "Обстріл Дружківки: одна людина загинула", NOON - MINUTE)
    await put(home.db, "Розклад автобусів", NOON - MINUTE, family="other")

    texts = await home.say("/top")

    assert texts[-1].startswith("⭐ Найважливіше за тиждень · станом на 14:06\n")
    assert headlines(texts[-1]) == [
        "Обстріл Часового Яру: четверо загиблих",
        "Обстріл Дружківки: одна людина загинула",
    ]
    assert "16 листопада о 14:06" in texts[-1]


async def test_the_weeks_pages_stay_as_they_were_until_refreshed(home: House) -> None:
    for number in range(7):
        await put(home.db, f"Подія {number}: двоє загиблих", NOON - timedelta(days=number, hours=1))
    await home.say("тиждень")
    first = headlines(home.last.text)
    await put(home.db, "Обстріл: десятеро загиблих", NOON + MINUTE)
    home.now = NOON + 5 * MINUTE

    await home.tap("Наступні ›")
    second = headlines(home.last.text)
    await home.tap("‹ Попередні")

    assert headlines(home.last.text) == first
    assert len({*first, *second}) == 7
    await home.tap("🔄 Оновити")
    assert headlines(home.last.text)[0] == "Обстріл: десятеро загиблих"


async def test_a_long_week_shows_its_twenty_weightiest_and_a_changed_story_anew(home: House) -> None:
    for number in range(50):
        await put(home.db, f"Подія {number}: {2 + number % 3} загиблих", NOON - timedelta(hours=3 * number + 1))
    await home.say("/top")
    assert all(title.endswith("4 загиблих") for title in headlines(home.last.text))
    assert labels(home.last)[0][1] == "1 з 4"
    quiet = await put(home.db, "Село Тихе без світла", NOON - 2 * MINUTE, family="other")
    await home.tap("🔄 Оновити")
    await put(home.db, "Село Тихе: дванадцятеро загиблих", NOON - MINUTE, story=quiet.story_id, family="other")

    await home.tap("🔄 Оновити")

    assert headlines(home.last.text)[0] == "Село Тихе: дванадцятеро загиблих"


async def test_an_uneventful_week_leads_to_the_latest(home: House) -> None:
    await put(home.db, "Розклад автобусів", family="other")
    await home.say("/start")

    await home.tap("За тиждень")

    assert home.last.text == "Важливих новин за тиждень немає. Усі — в «Останніх»."
    assert labels(home.last) == [["Останні"], ["🔄 Оновити", "‹ Меню"]]
