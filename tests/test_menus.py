"""Menus and descriptions: computed from the doors' tables, told to Telegram only where they differ."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot import menus
from bot.announce import announce
from bot.desk import door as desk
from bot.menus import Face, Menu
from bot.playground.menus import commands_for
from bot.readers import show
from bot.wording import Wordings
from tests.conftest import KYIV, House

WORDS = Wordings(KYIV)


def every_menu(admin_chat: int | None) -> list[Menu]:
    return menus.menus(WORDS, readers=show.MENU, groups=show.IN_GROUPS, desk=desk.MENU, admin_chat=admin_chat)


def shown(house: House, chat_id: int, language: str, *, private: bool) -> list[dict[str, Any]]:
    return commands_for(house.account, chat_id, private, 1, False, language)


def test_every_menu_is_within_telegrams_limits() -> None:
    for menu in every_menu(-100):
        assert 1 <= len(menu.commands) <= 100
        for name, description in menu.commands:
            assert re.fullmatch("[a-z0-9_]{1,32}", name)
            assert 1 <= len(description) <= 256


def test_there_is_a_menu_for_every_place_and_language() -> None:
    places = {(menu.scope, menu.chat, menu.language) for menu in every_menu(-100)}

    assert places == {
        (scope, chat, language)
        for scope, chat in (("all_private_chats", None), ("default", None), ("chat", -100))
        for language in ("", "uk", "ru", "en")
    }
    assert not [menu for menu in every_menu(None) if menu.scope == "chat"]


@pytest.mark.parametrize("name", ["Новини Донбасу", "", "Дуже довга назва редакції " * 30])
def test_descriptions_are_within_telegrams_limits(name: str) -> None:
    for face in menus.faces(WORDS, name):
        assert 1 <= len(face.description) <= 512
        assert 1 <= len(face.short) <= 120
        assert "«»" not in face.description + face.short


async def test_readers_and_editors_see_their_own_menu(house: House) -> None:
    await announce(house.bot, every_menu(house.desk.id), menus.faces(WORDS, "Новини Донбасу"))

    private = shown(house, house.reader.id, "pl", private=True)
    assert [command["command"] for command in private] == ["latest", "today", "top", "search", "section", "help"]
    assert private[0]["description"] == "Останні новини"
    assert shown(house, house.reader.id, "en", private=True)[0]["description"] == "Latest news"
    assert [command["command"] for command in shown(house, -5, "uk", private=False)] == ["latest", "search"]
    assert [command["command"] for command in shown(house, house.desk.id, "uk", private=False)] == list(desk.MENU)
    assert house.account.texts["short_description", ""].startswith("Новини редакції «Новини Донбасу»")
    assert house.account.texts["description", "en"].startswith("News from “Новини Донбасу”.")


async def test_what_telegram_has_already_is_not_set_again(house: House) -> None:
    told = every_menu(house.desk.id), menus.faces(WORDS, "")
    await announce(house.bot, *told)
    before = [call.method for call in house.telegram.calls if call.method.startswith("set")]

    await announce(house.bot, *told)

    assert [call.method for call in house.telegram.calls if call.method.startswith("set")] == before
    assert before


async def test_a_refused_menu_does_not_stop_the_others(house: House, caplog: pytest.LogCaptureFixture) -> None:
    gone = Menu("chat", -1_009_999_999_999, "", (("help", "Довідка"),))

    await announce(house.bot, [gone, *every_menu(None)], [Face("", "Новини", "Новини")])

    assert "menu chat" in caplog.text
    assert shown(house, house.reader.id, "uk", private=True)
    assert house.account.texts["description", ""] == "Новини"


async def test_a_lost_network_is_tried_once_and_not_for_every_menu(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.telegram.die()

    await announce(house.bot, every_menu(None), menus.faces(WORDS, ""))

    assert len(caplog.records) == 1
    assert "next start" in caplog.text
