"""The readers' door: a welcome, kind answers, groups, and no button that leads nowhere."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from bot.playground.people import DOT
from bot.readers.show import COMMANDS, IN_GROUPS, MENU
from bot.readers.speech import meant
from bot.wording import Wordings
from tests.conftest import KYIV, House, headlines, labels, many, put

UK = Wordings(KYIV).default


async def test_a_reader_is_welcomed_and_sees_only_what_works(home: House) -> None:
    texts = await home.say("/start")

    assert texts[-1].startswith("Вітаємо! Це бот редакції «Новини Донбасу».\n")
    assert labels(home.last) == [["Останні", "Сьогодні"], ["За тиждень", "Розділи"], ["🔎 Знайти"]]


async def test_a_newsroom_without_a_name_welcomes_too(home: House) -> None:
    home.newsroom = replace(home.newsroom, name="")

    texts = await home.say("/start")

    assert texts[-1].startswith("Вітаємо! Це бот новин.\n")


async def test_help_names_every_command_that_works(home: House) -> None:
    texts = await home.say("/help")

    assert [f"/{name} — {UK.text(f'command.{name}')}" in texts[-1] for name in MENU] == [True] * len(MENU)
    assert set(MENU) | {"start"} == set(COMMANDS)
    assert set(IN_GROUPS) < set(COMMANDS)


async def test_people_are_answered_in_their_own_language(home: House) -> None:
    home.reader.language_code = "ru"
    assert (await home.say("/help"))[-1].startswith("Что умеет этот бот")

    home.reader.language_code = "en"
    assert (await home.say("/help"))[-1].startswith("What this bot can do")


# Words, things, mistakes


@pytest.mark.parametrize("word", ["останні", "Останні!", "новини", "latest", "последние", "WHAT'S NEW"])
async def test_words_are_as_good_as_commands(home: House, word: str) -> None:
    await put(home.db, "Погода")

    texts = await home.say(word)

    assert texts[-1].startswith("🕑 Останні новини")


def test_a_word_of_a_command_in_a_longer_query_is_searched_for() -> None:
    wordings = Wordings(KYIV)

    assert meant("сьогодні", COMMANDS, wordings) == ("today", "")
    assert meant("Тиждень", COMMANDS, wordings) == ("top", "")
    assert meant("розділи", COMMANDS, wordings) == ("section", "")
    assert meant("новини Краматорська", COMMANDS, wordings) == ("search", "новини Краматорська")
    assert meant("Знайти: вода", COMMANDS, wordings)[0] == "search"
    assert meant("пошук вода Покровськ", COMMANDS, wordings) == ("search", "вода Покровськ")
    for wording in wordings:
        for command in COMMANDS:
            for word in wording.text(f"word.{command}").split(" | "):
                assert meant(word, COMMANDS, wordings) == (command, ""), f"{wording.language} {word}"


async def test_a_photo_gets_one_kind_answer_with_two_suggestions(home: House) -> None:
    home.telegram.send_photo(home.chat, home.reader, content=DOT)
    await home.work()

    assert home.last.text == UK.text("unknown.text")
    assert labels(home.last) == [["Останні", "Сьогодні"]]


async def test_an_album_gets_one_answer_not_ten(home: House) -> None:
    home.telegram.send_album(home.chat, home.reader, [""] * 10)
    await home.work()
    home.telegram.send_album(home.chat, home.reader, [""] * 2)
    await home.work()

    assert home.telegram.texts(home.chat).count(UK.text("unknown.text")) == 2


async def test_an_unknown_command_gets_a_kind_answer(home: House) -> None:
    texts = await home.say("/weather")

    assert texts[-1] == UK.text("unknown.command")


@pytest.mark.parametrize(
    "carried", ["", "q:pub:12:3", "l:", "l:-1", "L:1", "z:1", "l:1:2:3:4", "💧", "l:99999", "x" * 64, "c.Війна", "c."]
)
async def test_a_foreign_button_explains_itself(home: House, carried: str) -> None:
    await home.say("/start")
    before = home.last.text

    tap = await home.tap(carried, stale=True)

    assert tap.text == UK.text("page.toast.stale")
    assert home.last.text == before


async def test_last_weeks_keyboard_is_repainted(home: House) -> None:
    await many(home.db, 3)
    await home.say("/start")

    for carried in ("l:1:1:0", "l:7:999999999999:9999999999", "t:3:5", "s:2:1", "w:9999", "f", "m", "l:0", "p:3:5", "r",
                    "c", "c:2:1:0", "c.0123456789:2:1:0", "g", "g:2"):  # fmt: skip
        tap = await home.tap(carried, stale=True)
        assert tap.answer is not None
        assert tap.text == ""
        assert home.last.text


async def test_a_tap_answered_too_late_still_turns_the_page(home: House) -> None:
    await many(home.db, 7)
    await home.say("/latest")
    home.telegram.callback_seconds = -1.0

    await home.tap("Старіші ›")

    assert headlines(home.last.text) == ["Новина 2", "Новина 1"]


async def test_every_screen_can_be_left_and_reached_by_buttons(home: House) -> None:
    await many(home.db, 12)
    for number in range(6):
        await put(home.db, f"Обстріл {number}: двоє загиблих", section=f"Розділ {number % 2}")
    await home.say("/start")
    seen, ahead = {home.last.text}, [button["callback_data"] for button in home.last.buttons]

    for carried in itertools.islice((ahead.pop(0) for _ in itertools.count()), 60):
        await home.tap(carried, stale=True)
        live = [button["callback_data"] for button in home.last.buttons if "callback_data" in button]
        assert live, home.last.text
        seen.add(home.last.text)
        ahead += live

    titles = {text.split("·")[0].strip() for text in seen}
    assert titles >= {
        "🕑 Останні новини", "☀️ Головне за сьогодні", "⭐ Найважливіше за тиждень", "🗂 Розділ 0", "🗂 Розділ 1",
        UK.text("search.ask"),
    }  # fmt: skip


# Groups


async def test_another_group_may_ask_for_the_latest_and_search(home: House) -> None:
    group = home.telegram.group("Сусіди", members=[home.reader, home.account])
    await put(home.db, "Вода в Краматорську")

    assert headlines((await home.say("/latest@holovne_bot", group))[-1]) == ["Вода в Краматорську"]
    assert labels(home.telegram.messages(group)[-1]) == [["🔄 Оновити"]]
    assert headlines((await home.say("/search вода", group))[-1]) == ["Вода в Краматорську"]
    assert (await home.say("/search", group))[-1] == "🔎 Напишіть, що знайти, одразу після команди: /search Покровськ"


async def test_another_groups_talk_is_not_answered(home: House) -> None:
    group = home.telegram.group("Сусіди", members=[home.reader], admins=[home.account])

    for talk in ("останні", "/help", "/start@holovne_bot", "/latest@another_bot", "вода", "/top", "/section"):
        assert (await home.say(talk, group))[-1] == talk


async def test_the_readers_door_does_not_hear_the_admin_chat(home: House) -> None:
    for talk in ("/latest", "/search вода", "останні"):
        assert (await home.say(talk, home.desk, home.editor))[-1] == talk
