"""The session that sends JSON does what aiogram's own does, and every failure has a name of ours."""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiogram import Bot, methods
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError
from aiogram.methods import (
    AnswerCallbackQuery,
    BanChatMember,
    EditMessageText,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from aiohttp import web

from bot.delivery.outcome import Doubt, Failure, Later, Never, meaning
from bot.telegram import GetRawUpdates, failure, telegram
from tests.conftest import TOKEN, House

HELLO = SendMessage(chat_id="@nd", text="Привіт")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)
BUTTONS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="«Так»", callback_data="y:1")]])


@asynccontextmanager
async def speaking(bot: Bot) -> AsyncIterator[Bot]:
    """The bot, closed afterwards without the quarter of a second that aiogram's own close sleeps."""
    assert isinstance(bot.session, AiohttpSession)
    try:
        yield bot
    finally:
        await (await bot.session.create_session()).close()


@asynccontextmanager
async def gateway(status: int, body: bytes, **headers: str) -> AsyncIterator[str]:
    """Something that stands where Telegram should and answers this to everything; its URL."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def url_of(house: House) -> str:
    return house.bot.session.api.base.partition("/bot")[0]


@pytest.mark.parametrize(
    "call",
    [
        HELLO,
        SendMessage(chat_id="@nd", text=""),
        SendMessage(chat_id="@nd", text='{"a": 1} [2] true 5', disable_notification=False, protect_content=None),
        SendMessage(chat_id="@nd", text="<b>«Їжак»</b> 🦔", parse_mode="HTML", reply_markup=BUTTONS),
        SendMessage(chat_id="@nd", text="Їжак", entities=[MessageEntity(type="bold", offset=0, length=4)]),
        SendMessage(chat_id="@nd", text="Їжак", entities=[], reply_markup=ForceReply(selective=False)),
        SendMessage(
            chat_id="@nd",
            text="https://novosti.dn.ua",
            link_preview_options=LinkPreviewOptions(is_disabled=False, url="https://novosti.dn.ua/?a=1&b=2"),
            reply_parameters=ReplyParameters(message_id=7, allow_sending_without_reply=True),
        ),
        EditMessageText(chat_id="@nd", message_id=1, text="Інше", reply_markup=None),
        AnswerCallbackQuery(callback_query_id="12", text="", show_alert=False, cache_time=0),
        SetMyCommands(
            commands=[BotCommand(command="help", description="Довідка")], scope=BotCommandScopeChat(chat_id=-100)
        ),
        BanChatMember(chat_id="@nd", user_id=1, until_date=datetime(2027, 1, 1, tzinfo=UTC), revoke_messages=False),
        GetRawUpdates(offset=0, timeout=0, allowed_updates=["message", "callback_query"]),
        GetRawUpdates(offset=0, timeout=0, allowed_updates=[]),
    ],
    ids=lambda call: type(call).__name__,
)
async def test_a_call_means_the_same_to_telegram_as_aiograms_own(house: House, call: TelegramMethod[Any]) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url_of(house)))
    outcomes = []
    async with speaking(Bot(TOKEN, session=session, default=DefaultBotProperties())) as own:
        for bot in (own, house.bot):
            try:
                outcomes.append(str(await bot(call))[:20])
            except TelegramAPIError as error:
                outcomes.append(error.message)

    theirs, ours = house.telegram.calls[-2:]
    meant = {name: value for name, value in ours.params.items() if value != ""}  # a form leaves out what is empty
    assert meant == theirs.params
    assert ours.ok == theirs.ok
    assert outcomes[0].partition("=")[0] == outcomes[1].partition("=")[0]


async def test_a_file_travels_as_it_always_did(house: House) -> None:
    photo = BufferedInputFile(PNG, "card.png")

    message = await house.bot(SendPhoto(chat_id="@nd", photo=photo, caption="Їжак", reply_markup=BUTTONS))

    call = house.telegram.calls[-1]
    assert f"<card.png, {len(PNG)} bytes>" in call.params.values()
    assert (message.caption, message.content_type) == ("Їжак", "photo")


@pytest.mark.parametrize("call", [HELLO, SendPhoto(chat_id="@nd", photo=BufferedInputFile(PNG, "card.png"))])
async def test_text_and_files_both_go_through_the_proxy(house: House, call: TelegramMethod[Any]) -> None:
    unreachable = "http://telegram.invalid"  # only a proxy can know this name

    async with speaking(telegram(TOKEN, unreachable, url_of(house))) as bot:
        await bot(call)

    assert len(house.telegram.messages(house.channel)) == 1


async def failed(bot: Bot, call: TelegramMethod[Any] = HELLO) -> Failure:
    try:
        await bot(call)
    except (TelegramAPIError, ClientDecodeError) as error:
        return failure(error)
    raise AssertionError("it did not fail")


@pytest.mark.parametrize(
    ("code", "words", "parameters"),
    [
        (400, "Bad Request: chat not found", {}),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": -100123}),
        (401, "Unauthorized", {}),
        (403, "Forbidden: bot was kicked from the channel chat", {}),
        (404, "Not Found", {}),
        (409, "Conflict: terminated by other getUpdates request", {}),
        (413, "Request Entity Too Large", {}),
        (429, "Too Many Requests", {}),
        (429, "Too Many Requests: retry after 3", {"retry_after": 3}),
        (500, "Internal Server Error", {}),
        (500, "Internal Server Error: restart", {}),
        (502, "Bad Gateway", {}),
    ],
)
async def test_telegrams_word_keeps_its_number(code: int, words: str, parameters: dict[str, int]) -> None:
    said = {"ok": False, "error_code": code, "description": words, "parameters": parameters}
    async with gateway(code, json.dumps(said).encode()) as url, speaking(telegram(TOKEN, url, None)) as bot:
        found = await failed(bot)

    assert found.code == (500 if code > 500 else code)
    assert words in found.description
    assert found.connected
    assert found.retry_after == parameters.get("retry_after")
    assert found.moved_to == parameters.get("migrate_to_chat_id")
    assert isinstance(meaning(found, to_reader=True), Doubt) is (code >= 500)


async def test_a_refused_connection_was_never_there(house: House) -> None:
    await house.telegram.die()

    found = await failed(house.bot)

    assert (found.connected, found.code) == (False, None)


@pytest.mark.parametrize("fault", ["lost_before", "lost_after", "truncated", "html"])
async def test_a_lost_answer_has_no_number(house: House, fault: str) -> None:
    house.telegram.faults.next(fault)

    found = await failed(house.bot)

    assert (found.connected, found.code) == (True, None)


@pytest.mark.parametrize(
    ("cause", "connected"),
    [
        (aiohttp.ConnectionTimeoutError("Connection timeout to host https://api.telegram.org"), False),
        (aiohttp.SocketTimeoutError("Timeout on reading data from socket"), True),
        (TimeoutError(), True),
        (aiohttp.ServerDisconnectedError(), True),
    ],
)
def test_only_a_connection_that_never_stood_is_no_doubt(cause: Exception, connected: bool) -> None:
    error = TelegramNetworkError(method=HELLO, message="network")
    error.__cause__ = cause

    assert failure(error).connected is connected


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (502, "<html>Шлюз не відповідає</html>".encode("cp1251"), Doubt),
        (200, "<html>Увійдіть у мережу</html>".encode("koi8-u"), Doubt),
        (502, b'{"ok": false}', Doubt),
        (200, b'{"ok": true}', Doubt),
        (200, b'{"ok": true, "result": null}', Doubt),
        (200, b'{"ok": true, "result": {"message_id": "x"}}', Doubt),
        (200, b"[]", Doubt),
        (200, b"", Doubt),
        (400, b'{"ok": false}', Never),
        (403, b'{"ok": false, "description": null}', Later),
        (429, b'{"ok": false, "description": "Too Many Requests"}', Later),
    ],
)
async def test_a_strange_answer_is_judged_and_breaks_nothing(
    status: int, body: bytes, verdict: type[Doubt | Later | Never]
) -> None:
    async with (
        gateway(status, body, **{"Content-Type": "text/html"}) as url,
        speaking(telegram(TOKEN, url, None)) as bot,
    ):
        found = await failed(bot)

    assert isinstance(meaning(found, to_reader=False), verdict)


async def test_a_proxy_that_opens_no_way_leaves_no_doubt() -> None:
    async with gateway(407, b"") as proxy, speaking(telegram(TOKEN, "https://telegram.invalid", proxy)) as bot:
        found = await failed(bot)

    assert found.connected is False


async def test_the_words_of_a_failure_never_hold_the_token() -> None:
    token = "4242424242:AAF-abcdefghijklmnopqrstuvwxyz_0123"
    async with gateway(302, b"", Location="/bot" + token) as url, speaking(telegram(token, url, None)) as bot:
        found = await failed(bot)

    assert found.description
    assert token not in found.description


async def test_the_type_of_an_answer_outlives_the_answer(house: House) -> None:
    """pydantic holds a generic's type weakly, and builds it anew for 10 ms when nobody else does."""
    await house.bot.get_me()
    gc.collect()

    assert any(kind.__name__ == "Response[User]" for kind in methods.Response.__subclasses__())
