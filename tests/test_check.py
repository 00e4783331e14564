"""`check` says in one sentence what is wrong with the set-up, and what to do; against the local Telegram."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiogram import types
from aiohttp import web

from bot.check import Saying, check, look_at_desk
from bot.playground import Bot as Account
from bot.playground import Chat, Telegram, serve
from bot.playground.updates import Webhook
from bot.settings import Settings
from bot.wording import Wording
from storage.database import Database
from storage.migrate import steps
from tests.conftest import KYIV, NOON, TOKEN

NOBODY = 65534
FEED = "<rss version='2.0'><channel><title>{}</title>{}</channel></rss>"
ITEM = "<item><title>Покровськ: обстріл</title><link>http://nd.ua/1</link></item>"
NOTHING_WRONG = [
    "✓ Час редакції: Europe/Kyiv, зараз 14:06.",
    "✓ Бази {path} ще немає: її створить перший запуск.",
    "✓ Токен чинний: це @holovne_bot.",
    "✓ Інлайн-режим увімкнено.",
    "✓ Канал: «Новини» (@novyny).",
    "✓ Може публікувати дописи.",
    "✓ Може редагувати й закріплювати дописи.",
    "✓ Може видаляти дописи.",
    "✓ Чат редакції: «Редакція».",
    "• Джерел немає: впишіть адреси стрічок у BOT_SOURCES, першою — стрічку свого сайту.",
]


@dataclass(repr=False)
class Setup:
    """What an operator has set up, and the Telegram that it meets."""

    telegram: Telegram
    account: Account
    channel: Chat
    desk: Chat
    url: str
    path: Path

    async def lines(self, **more: Any) -> list[str]:
        """What `check` says, as it is printed; `more` are settings that differ."""
        usual: dict[str, Any] = {
            "token": TOKEN, "channel": "@novyny", "admin_chat": self.desk.id, "api_url": self.url, "database": self.path
        }  # fmt: skip
        settings = Settings(_env_file=None, **(usual | more))
        wording = Wording(settings.language, settings.timezone)
        return [
            f"{wording.text(f'check.grade.{finding.grade}')} {finding.sentence}"
            async for finding in check(settings, wording, NOON)
        ]


@pytest.fixture
async def setup(tmp_path: Path) -> AsyncIterator[Setup]:
    telegram = Telegram(clock=NOON.timestamp)
    account = telegram.bot(TOKEN, username="holovne_bot")
    editor = telegram.user(1001, "Олена")
    channel = telegram.channel("Новини", username="novyny", admins=[account])
    desk = telegram.group("Редакція", members=[editor], admins=[account])
    async with serve(telegram) as server:
        yield Setup(telegram, account, channel, desk, server.url, tmp_path / "newsroom.db")


@asynccontextmanager
async def site(pages: dict[str, str]) -> AsyncIterator[str]:
    """The address of a web site with these pages."""

    async def answer(request: web.Request) -> web.Response:
        if request.path not in pages:
            return web.Response(status=404)
        return web.Response(text=pages[request.path], content_type="text/xml")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextmanager
def mere_mortal() -> Iterator[None]:
    """Root may read and write everything; inside, the process is nobody."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that everybody may look into; tmp_path is root's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def made(path: Path) -> None:
    async with await Database.open(path):
        pass


async def test_nothing_is_wrong(setup: Setup) -> None:
    assert await setup.lines() == [line.format(path=setup.path) for line in NOTHING_WRONG]
    assert not setup.path.exists()
    assert {call.method for call in setup.telegram.calls} == {"getMe", "getWebhookInfo", "getChat", "getChatMember"}


async def test_it_speaks_the_operators_language(setup: Setup) -> None:
    lines = await setup.lines(language="en", timezone="Europe/Warsaw")

    assert lines[0] == "✓ The newsroom’s time: Europe/Warsaw, now 13:06."


async def test_what_is_not_set_is_named_first(setup: Setup) -> None:
    lines = await setup.lines(token=None, channel=None, admin_chat=None)

    assert [line.split(" задано")[0] for line in lines[:3]] == [
        "✗ BOT_TOKEN не",
        "✗ BOT_CHANNEL не",
        "• BOT_ADMIN_CHAT не",
    ]
    assert not setup.telegram.calls


Change = Callable[[Setup], object]


TROUBLES: dict[str, tuple[Change, str]] = {
    "a revoked token": (
        lambda its: its.telegram.revoke(TOKEN),
        "✗ Telegram не приймає токен (Unauthorized). Візьміть чинний у @BotFather і впишіть у BOT_TOKEN.",
    ),
    "a gateway's page": (
        lambda its: its.telegram.faults.next("html", method="getMe"),
        "✗ За адресою {url} відповідає не Bot API. Перевірте BOT_API_URL.",
    ),
    "a broken server": (
        lambda its: its.telegram.faults.next("server_error", method="getMe"),
        "✗ Telegram недоступний: Internal Server Error. Перевірте мережу, BOT_PROXY і BOT_API_URL.",
    ),
    "inline mode off": (
        lambda its: setattr(its.account, "inline", False),
        "• Інлайн-режим вимкнено. Увімкнути: @BotFather → /setinline → @holovne_bot.",
    ),
    "no such channel": (
        lambda its: its.telegram.close_chat(its.channel),
        "✗ Канал @novyny недоступний: Bad Request: chat not found. Перевірте BOT_CHANNEL і додайте бота до "
        "адміністраторів каналу.",
    ),
    "no channel at all": (
        lambda its: setattr(its.channel, "type", "supergroup"),
        "✗ @novyny — не канал. Впишіть у BOT_CHANNEL @назву або номер каналу.",
    ),
    "a channel that the bot is not in": (
        lambda its: its.telegram.demote(its.channel, its.account),
        "✗ Канал @novyny недоступний: Forbidden: bot is not a member of the channel chat. Перевірте BOT_CHANNEL і "
        "додайте бота до адміністраторів каналу.",
    ),
    "not an admin": (
        lambda its: setattr(its.channel.members[its.account.id], "status", "member"),
        "✗ Бот не адміністратор каналу «Новини»: канал → Адміністратори → додати бота.",
    ),
    "an admin list that is hidden": (
        lambda its: its.telegram.faults.next(
            "refuse", method="getChatMember", code=400, description="Bad Request: member list is inaccessible"
        ),
        "✗ Бот не адміністратор каналу «Новини»: канал → Адміністратори → додати бота.",
    ),
    "no right to post": (
        lambda its: its.telegram.set_rights(its.channel, its.account, can_post_messages=False),
        "✗ Не може публікувати: канал → Адміністратори → бот → «Публікувати повідомлення».",
    ),
    "no right to edit": (
        lambda its: its.telegram.set_rights(its.channel, its.account, can_edit_messages=False),
        "✗ Не може редагувати й закріплювати: канал → Адміністратори → бот → «Редагувати повідомлення».",
    ),
    "no right to delete": (
        lambda its: its.telegram.set_rights(its.channel, its.account, can_delete_messages=False),
        "✗ Не може видаляти: канал → Адміністратори → бот → «Видаляти повідомлення».",
    ),
    "a channel that forbids copying": (
        lambda its: setattr(its.channel, "protected", True),
        "• У «Новини» заборонено копіювати: бот не зможе перевірити, чи дійшов допис, відповідь про який загубилася.",
    ),
    "a group that forbids copying": (
        lambda its: setattr(its.desk, "protected", True),
        "• У «Редакція» заборонено копіювати: бот не зможе перевірити, чи дійшов допис, відповідь про який загубилася.",
    ),
    "a group that threw the bot out": (
        lambda its: its.telegram.remove(its.desk, its.account),
        "✗ Чат редакції {desk} недоступний: Forbidden: bot was kicked from the supergroup chat. Додайте бота до "
        "групи й перевірте BOT_ADMIN_CHAT.",
    ),
    "a deaf member": (
        lambda its: its.telegram.demote(its.desk, its.account),
        "✗ Бот не бачить звичайних повідомлень групи: зробіть його адміністратором або вимкніть приватність "
        "(@BotFather → /setprivacy → Disable).",
    ),
    "a mute member": (
        lambda its: its.telegram.restrict(its.desk, its.account, can_send_messages=False),
        "✗ Бот не може писати в «Редакція»: дозвольте йому надсилати повідомлення.",
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_trouble_with_telegram_has_its_sentence(setup: Setup, name: str) -> None:
    change, told = TROUBLES[name]
    change(setup)

    lines = await setup.lines()

    assert told.format(url=setup.url, desk=setup.desk.id) in lines


async def test_a_member_that_hears_everything_is_not_deaf_but_sees_no_votes(setup: Setup) -> None:
    setup.telegram.demote(setup.desk, setup.account)
    setup.account.privacy = False

    lines = await setup.lines()

    votes = "• Бот не адміністратор групи, тож не бачить 🔥 на картках: група → Адміністратори → додати бота."
    assert [line for line in lines if line != votes] == [line.format(path=setup.path) for line in NOTHING_WRONG]
    assert votes in lines


async def test_a_network_that_is_away(setup: Setup) -> None:
    await setup.telegram.die()

    lines = await setup.lines()

    assert any(line.startswith("✗ Telegram недоступний: ") and "BOT_PROXY" in line for line in lines)
    assert TOKEN not in "".join(lines)


async def test_a_server_that_is_not_telegram(setup: Setup) -> None:
    async with site({}) as url:
        lines = await setup.lines(api_url=url)

    assert any(line == f"✗ За адресою {url} відповідає не Bot API. Перевірте BOT_API_URL." for line in lines)


async def test_a_person_is_no_admin_chat(setup: Setup) -> None:
    setup.telegram.private(setup.telegram.user(7, "Ганна"))

    assert "✗ «Ганна» — не група. Чат редакції має бути групою: BOT_ADMIN_CHAT." in await setup.lines(admin_chat=7)


def test_a_public_group_shows_itself_to_a_bot_that_is_not_in_it() -> None:
    known: dict[str, Any] = {"id": -100, "type": "supergroup", "title": "Редакція", "username": "redakcia"}
    group = types.ChatFullInfo.model_construct(**known)
    me = types.User(id=42, is_bot=True, first_name="Головне")

    [finding] = look_at_desk(group, types.ChatMemberLeft(user=me), me, Saying(Wording("uk", KYIV)))

    assert (finding.grade, finding.sentence) == ("bad", "Бота немає в групі «Редакція»: додайте його.")


async def test_a_group_that_was_upgraded_has_another_number(setup: Setup) -> None:
    small = setup.telegram.group("Редакція", admins=[setup.account], supergroup=False)
    large = setup.telegram.migrate(small)

    lines = await setup.lines(admin_chat=small.id)

    assert f"✗ Група стала супергрупою і має новий номер. Впишіть у BOT_ADMIN_CHAT: {large.id}." in lines


async def test_a_webhook_that_was_left_set(setup: Setup) -> None:
    setup.telegram.queues[setup.account.id].webhook = Webhook("https://old.example.org/hook")

    lines = await setup.lines()

    assert (
        "✗ У бота лишився вебхук (old.example.org), тож оновлень він не отримає. Зніміть його: метод deleteWebhook."
        in lines
    )


async def test_the_http_door_needs_both_settings(setup: Setup) -> None:
    told = "• BOT_HTTP_PORT діє лише разом із BOT_PUSH_TOKEN або BOT_PUBLIC_URL: задайте й те, й те або нічого."

    assert told in await setup.lines(http_port=8080)
    assert told in await setup.lines(push_token="cms")
    assert told not in await setup.lines(http_port=8080, push_token="cms")


async def test_a_healthy_database_counts_its_news(setup: Setup) -> None:
    await made(setup.path)
    before = setup.path.read_bytes()

    lines = await setup.lines(token=None)

    assert f"✓ База {setup.path} у порядку: 0 новин." in lines
    assert setup.path.read_bytes() == before


async def test_a_database_in_use_is_not_a_fault(setup: Setup) -> None:
    async with await Database.open(setup.path):
        lines = await setup.lines(token=None)

    assert f"✓ База {setup.path} у порядку: 0 новин." in lines
    assert f"• База зайнята: бот уже працює (процес {os.getpid()})." in lines


async def test_an_empty_file_is_a_new_database(setup: Setup) -> None:
    setup.path.touch()

    assert f"✓ Бази {setup.path} ще немає: її створить перший запуск." in await setup.lines(token=None)


async def test_a_folder_that_is_not_there(setup: Setup) -> None:
    path = setup.path.parent / "data" / "newsroom.db"

    lines = await setup.lines(token=None, database=path)

    assert f"✗ Теки {path.parent} немає: створіть її або змініть BOT_DATABASE." in lines


async def test_a_database_of_a_newer_program(setup: Setup) -> None:
    await made(setup.path)
    with sqlite3.connect(setup.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    lines = await setup.lines(token=None)

    assert (
        f"✗ Базу {setup.path} записала новіша версія програми (схема 99, ця знає {len(steps())}). Оновіть програму."
        in lines
    )


async def test_a_file_that_is_no_database(setup: Setup) -> None:
    setup.path.write_bytes(b"Lorem ipsum " * 500)

    lines = await setup.lines(token=None)

    assert (
        f"✗ Базу {setup.path} не вдається прочитати: file is not a database. Перевірте шлях у BOT_DATABASE або "
        "відновіть копію." in lines
    )


async def test_a_database_that_was_spoiled(setup: Setup) -> None:
    await made(setup.path)
    raw = bytearray(setup.path.read_bytes())
    raw[4096 * 8 : 4096 * 12] = b"\xff" * 4096 * 4
    setup.path.write_bytes(raw)

    lines = await setup.lines(token=None)

    assert [line for line in lines if line.startswith("✗ Баз")]


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "told"),
    [
        (0o777, 0o444, "✗ Базу {path} можна лише читати: дайте програмі право писати у файл і в теку, де він лежить."),
        (0o777, 0o000, "✗ Базу {path} не вдається прочитати: unable to open database file. Перевірте шлях у "
                       "BOT_DATABASE або відновіть копію."),
        (0o555, None, "✗ У теку {folder} не можна писати: дайте програмі це право або змініть BOT_DATABASE."),
        (0o000, 0o666, "✗ Базу {path} не вдається прочитати: Permission denied. Перевірте шлях у BOT_DATABASE або "
                       "відновіть копію."),
    ],
)  # fmt: skip
async def test_a_file_that_may_not_be_written(
    setup: Setup, shelf: Path, folder_mode: int, file_mode: int | None, told: str
) -> None:
    folder = shelf / "data"
    folder.mkdir()
    path = folder / "newsroom.db"
    if file_mode is not None:
        await made(path)
        path.chmod(file_mode)
    folder.chmod(folder_mode)

    with mere_mortal():
        lines = await setup.lines(token=None, database=path)

    folder.chmod(stat.S_IRWXU)
    assert told.format(path=path, folder=folder) in lines


async def test_every_source_has_its_sentence(setup: Setup) -> None:
    pages = {
        "/good": FEED.format("Наша", ITEM),
        "/empty": FEED.format("Порожня", ""),
        "/bad": "<html><body>Новини</body></html>",
    }
    async with site(pages) as url:
        addresses = [f"{url}/{name}" for name in ("good", "empty", "bad", "gone")]
        lines = await setup.lines(token=None, sources=",".join(addresses), allow_private_addresses=True)

        assert lines[-4:-2] == [
            "✓ Джерело «Наша»: 1 новина.",
            f"• Джерело «Порожня» ({url}/empty) читається, але порожнє.",
        ]
        assert lines[-2].startswith(f"✗ Джерело {url}/bad: За адресою звичайна сторінка")
        assert lines[-1] == f"✗ Джерело {url}/gone: Сайт відповів помилкою 404."


async def test_a_source_on_a_private_network(setup: Setup) -> None:
    async with site({"/good": FEED.format("Наша", ITEM)}) as url:
        lines = await setup.lines(token=None, sources=f"{url}/good")

    assert lines[-1] == (
        f"✗ Джерело {url}/good: Адреса веде у внутрішню мережу. Якщо так задумано, увімкніть "
        "BOT_ALLOW_PRIVATE_ADDRESSES."
    )
