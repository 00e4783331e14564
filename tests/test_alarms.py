"""What editors are told when the bot is kept from its work, and what becomes of it when all is well again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.delivery import alarms
from bot.newsroom import Newsroom
from bot.wording import Wordings
from storage import channels, messages, outbox, troubles
from storage.database import Database
from storage.instants import seconds
from storage.model import Parcel
from storage.troubles import EVERYWHERE, Kind
from tests.conftest import KYIV, MINUTE, NOON

DESK = Newsroom("Новини Донбасу", "@nd", -1001, KYIV, "uk")
UK = Wordings(KYIV).default


async def alarm(
    db: Database,
    kind: Kind = "right",
    chat: str = "@nd",
    now: datetime = NOON,
    *,
    newsroom: Newsroom = DESK,
    certain: bool = False,
) -> bool:
    async with db.transaction() as tx:
        return await alarms.alarm(tx, newsroom, UK, chat, kind, "Telegram's word", now, certain=certain)


async def all_clear(db: Database, chat: str = "@nd", now: datetime = NOON + MINUTE) -> bool:
    async with db.transaction() as tx:
        return await alarms.all_clear(tx, DESK, UK, chat, now)


async def parcels(db: Database, chat: str = "-1001") -> list[Parcel]:
    """What was put into the outbox for the chat and not dropped."""
    rows = await db.screens.all("SELECT * FROM outbox WHERE chat = ? AND state <> 'dropped' ORDER BY id", (chat,))
    return [outbox.parcel(row) for row in rows]


async def send(db: Database, what: Parcel, message_id: int = 7) -> None:
    """It stands in the chat."""
    async with db.transaction() as tx:
        await outbox.sent(tx, what.id, NOON)
        await outbox.record(tx, what.id, int(what.chat), message_id, "text", 1, NOON)


async def wait_for(db: Database, intent: str, chat: str = "@nd") -> None:
    """A parcel that is due and cannot go."""
    async with db.transaction() as tx:
        await outbox.put(tx, Parcel(intent, chat, "sendMessage", {"text": intent}, 1, NOON), NOON)


async def wanted(db: Database) -> str:
    """What the one message that is behind should show, '' when it should go, 'none' when all show what they should."""
    behind = await messages.behind(db.screens, [])
    if behind is None:
        return "none"
    return str(behind.wanted["text"]) if behind.wanted is not None else ""


SAID: dict[tuple[Kind, str], str] = {
    ("right", "@nd"): "🚨 <b>Не можу писати в канал</b>\n"
    "О 14:06 бот утратив право «Публікувати повідомлення». Черга чекає.\n"
    "Як повернути: канал → Адміністратори → бот → увімкнути право.",
    ("removed", "@nd"): "🚨 <b>Не можу писати в канал</b>\n"
    "О 14:06 бота вилучили з каналу. Черга чекає.\n"
    "Як повернути: канал → Адміністратори → додати бота з правами «Публікувати повідомлення», "
    "«Редагувати повідомлення», «Видаляти повідомлення».",
    ("absent", "@nd"): "🚨 <b>Не можу писати в канал</b>\n"
    "О 14:06 Telegram не знайшов @nd: канал видалено, або бот його не бачить. Черга чекає.\n"
    "Як повернути: додати бота до адміністраторів каналу; якщо канал інший, вписати його в BOT_CHANNEL "
    "і перезапустити бота.",
    ("removed", "-1009"): "🚨 <b>Не можу писати в -1009</b>\n"
    "Помічено о 14:06. Telegram каже: Telegram&#39;s word\n"
    "Черга чекає. Як повернути: додати бота в цей чат і дозволити йому надсилати повідомлення.",
    ("copy", EVERYWHERE): "🚨 <b>Працює друга копія бота</b>\n"
    "Помічено о 14:06: команди й кнопки чує ще хтось із тим самим токеном, тож дещо може лишитися без відповіді. "
    "Черга ціла й іде далі.\n"
    "Що зробити: зупинити другу копію. Якщо вона не ваша: @BotFather → /revoke, новий токен — у BOT_TOKEN, "
    "і перезапустити бота.",
}


@pytest.mark.parametrize(("kind", "chat"), SAID)
async def test_an_alarm_says_what_happened_what_is_safe_and_what_to_do(db: Database, kind: Kind, chat: str) -> None:
    assert await alarm(db, kind, chat)

    (told,) = await parcels(db)
    assert told.payload["text"] == SAID[kind, chat]
    assert told.intent == f"alarm:{kind}:{chat}:{seconds(NOON)}"
    assert not told.payload.get("disable_notification")
    assert told.payload["reply_markup"]["inline_keyboard"] == [
        [{"text": "Перевірити ще раз", "callback_data": f"r:{chat}"}]
    ]


async def test_a_trouble_that_lasts_is_told_once(db: Database) -> None:
    for minute in range(3):
        assert await alarm(db, now=NOON + minute * MINUTE)

    assert len(await parcels(db)) == 1


async def test_a_trouble_that_grows_worse_is_told_anew_and_the_milder_word_goes(db: Database) -> None:
    await alarm(db, "right")
    await send(db, (await parcels(db))[0])

    await alarm(db, "removed", now=NOON + MINUTE)

    assert [each.intent.split(":")[1] for each in await parcels(db)] == ["right", "removed"]
    assert await wanted(db) == ""


async def test_a_worse_trouble_takes_back_an_alarm_that_has_not_gone_yet(db: Database) -> None:
    await alarm(db, "right")

    await alarm(db, "removed", now=NOON + MINUTE)

    assert [each.intent.split(":")[1] for each in await parcels(db)] == ["removed"]


async def test_two_methods_that_name_it_differently_do_not_alarm_by_turns(db: Database) -> None:
    for kind in ("removed", "right", "absent", "removed", "absent"):
        await alarm(db, kind)

    known = await troubles.of(db.screens, "@nd")
    assert known is not None
    assert known.kind == "absent"
    journal = await db.screens.all("SELECT became FROM journal WHERE act = 'alarm'")
    assert [row["became"] for row in journal] == ["removed", "absent"]


async def test_what_telegram_says_of_the_bot_itself_counts_also_when_it_is_milder(db: Database) -> None:
    await alarm(db, "absent")

    await alarm(db, "right", now=NOON + MINUTE, certain=True)

    known = await troubles.of(db.screens, "@nd")
    assert known is not None
    assert (known.kind, known.since_at) == ("right", NOON + MINUTE)


@pytest.mark.parametrize(
    ("kind", "chat", "newsroom"),
    [
        ("right", "-1001", DESK),
        ("token", EVERYWHERE, DESK),
        ("right", "@nd", replace(DESK, admin_chat=None)),
    ],
)
async def test_where_nobody_can_be_told_the_caller_knows_it_once(
    db: Database, kind: Kind, chat: str, newsroom: Newsroom
) -> None:
    first = await alarm(db, kind, chat, newsroom=newsroom)
    again = await alarm(db, kind, chat, newsroom=newsroom)

    assert (first, again) == (False, True)
    assert await parcels(db) == []
    assert [each.kind for each in await troubles.every(db.screens)] == [kind]


async def test_the_same_message_says_that_all_is_well_and_what_waited(db: Database) -> None:
    await alarm(db)
    await send(db, (await parcels(db))[0])
    await wait_for(db, "post:1")
    await wait_for(db, "post:2")
    await wait_for(db, "another", chat="@elsewhere")

    assert await all_clear(db)

    assert await wanted(db) == (
        "✅ <b>Знову можу писати в канал</b>\nНе міг: 14:06 — 14:07. Черга йде далі.\nЧекали 2 дописи."
    )
    behind = await messages.behind(db.screens, [])
    assert behind is not None
    assert behind.wanted is not None
    assert behind.wanted["reply_markup"] == {"inline_keyboard": []}
    assert len(await parcels(db)) == 1
    assert await troubles.every(db.screens) == []


async def test_an_alarm_that_never_went_makes_way_for_a_silent_note(db: Database) -> None:
    await alarm(db)

    await all_clear(db)

    (note,) = await parcels(db)
    assert note.payload["text"].startswith("✅ <b>Знову можу писати в канал</b>")
    assert note.payload["disable_notification"]


async def test_where_the_alarm_was_deleted_a_silent_note_says_that_all_is_well(db: Database) -> None:
    await alarm(db)
    await send(db, (await parcels(db))[0])
    async with db.transaction() as tx:
        await tx.run("UPDATE message SET gone_at = 1")

    await all_clear(db)

    assert [each.intent for each in await parcels(db)][1:] == [f"clear:right:@nd:{seconds(NOON)}"]


async def test_the_desk_is_told_afterwards_that_it_could_not_be_told(db: Database) -> None:
    await alarm(db, "right", "-1001")

    await all_clear(db, "-1001")

    (note,) = await parcels(db)
    assert note.payload["text"] == "✅ <b>Знову можу писати в цей чат</b>\nНе міг: 14:06 — 14:07. Черга йде далі."


async def test_where_there_was_no_trouble_nothing_is_said(db: Database) -> None:
    assert not await all_clear(db)

    assert await parcels(db) == []
    assert await db.screens.value("SELECT count(*) FROM journal") == 0


async def test_the_second_trouble_of_a_day_is_told_like_the_first(db: Database) -> None:
    await alarm(db)
    await all_clear(db)

    assert await alarm(db, now=NOON + 2 * MINUTE)

    assert [each.intent.split(":")[0] for each in await parcels(db)] == ["clear", "alarm"]


async def test_a_channel_is_one_whether_called_by_name_or_by_number(db: Database) -> None:
    async with db.transaction() as tx:
        await channels.heard(tx, -1007, "ND", 1, NOON)

    await alarm(db, chat="-1007")
    assert (await parcels(db))[0].payload["text"] == SAID["right", "@nd"]

    assert await all_clear(db, "-1007")
    assert await troubles.every(db.screens) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("copy", "✅ <b>Друга копія бота мовчить</b>\nЗаважала: 14:06 — 14:07."),
        ("token", "✅ <b>Токен бота знову діє</b>\nTelegram не впускав: 14:06 — 14:07."),
    ],
)
async def test_hearing_again_is_told_too(db: Database, kind: Kind, text: str) -> None:
    await alarms.hearing(db, DESK, UK, kind, "409", NOON)
    await alarms.hearing(db, DESK, UK, None, "", NOON + MINUTE)

    assert (await parcels(db))[-1].payload["text"].startswith(text)


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
async def test_every_alarm_is_whole_in_every_language(db: Database, language: str) -> None:
    wording = Wordings(KYIV).of(language)

    for number, (kind, chat) in enumerate(SAID):
        async with db.transaction() as tx:
            await alarms.alarm(tx, DESK, wording, chat, kind, "слово", NOON + number * MINUTE, certain=True)
            await alarms.all_clear(tx, DESK, wording, chat, NOON + 9 * MINUTE)

    rows = await db.screens.all("SELECT json_extract(payload_json, '$.text') AS text FROM outbox")
    assert len(rows) == 2 * len(SAID)
    assert not [row["text"] for row in rows if "None" in row["text"] or "Markup" in row["text"]]
