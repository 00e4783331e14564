"""The bot loses a right, is removed, its channel is deleted, its group gets another number, a reader blocks it: each
is noticed when Telegram says so, before a send fails, and nothing that waits is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberOwner,
    ChatMemberRestricted,
    ResultChatMemberUnion,
    User,
)

from bot.desk import standing
from bot.listen import Listener
from bot.playground import Chat, Tap
from storage import channels, outbox, posts, readers, troubles, updates
from storage.model import Content, Parcel
from tests.conftest import MINUTE, NOON, House, labels

BOT = User(id=42, is_bot=True, first_name="Головне")
RIGHTS: dict[str, Any] = {
    name: False for name, field in ChatMemberAdministrator.model_fields.items() if field.annotation is bool
}
RIGHTS.pop("can_be_edited")
LOST, WELL = "🚨 Не можу писати в канал", "✅ Знову можу писати в канал"


def restricted(**said: bool) -> ChatMemberRestricted:
    rights = {name: False for name, field in ChatMemberRestricted.model_fields.items() if field.annotation is bool}
    return ChatMemberRestricted(user=BOT, until_date=0, **(rights | said))  # type: ignore[arg-type]


def heads(home: House, chat: Chat | None = None) -> list[str]:
    """The first line of everything that the bot said in the editors' chat."""
    return [text.splitlines()[0] for text in home.telegram.texts(chat or home.desk)]


async def kinds(home: House) -> dict[str, str]:
    return {each.chat: each.kind for each in await troubles.every(home.db.screens)}


async def put(home: House, intent: str, chat: str = "@nd", **more: Any) -> None:
    known: dict[str, Any] = {"method": "sendMessage", "payload": {"text": intent}, "priority": 1, "due_at": NOON}
    async with home.db.transaction() as tx:
        assert await outbox.put(tx, Parcel(intent, chat, **(known | more)), NOON)


async def states(home: House) -> dict[str, str]:
    return {row["intent"]: row["state"] for row in await home.db.screens.all("SELECT intent, state FROM outbox")}


async def again(home: House) -> Tap:
    """An editor taps [Check again] under the alarm."""
    alarm = next(each for each in home.telegram.messages(home.desk) if each.text.startswith("🚨"))
    return await home.tap("Перевірити ще раз", alarm)


@pytest.mark.parametrize(
    ("member", "channel", "kind"),
    [
        (ChatMemberLeft(user=BOT), True, "removed"),
        (ChatMemberBanned(user=BOT, until_date=NOON), False, "removed"),
        (ChatMemberMember(user=BOT), True, "right"),
        (ChatMemberMember(user=BOT), False, None),
        (ChatMemberOwner(user=BOT, is_anonymous=False), True, None),
        (ChatMemberAdministrator(user=BOT, can_be_edited=False, **RIGHTS), True, "right"),
        (ChatMemberAdministrator(user=BOT, can_be_edited=False, **RIGHTS, can_post_messages=True), True, None),
        (ChatMemberAdministrator(user=BOT, can_be_edited=False, **RIGHTS), False, None),
        (restricted(is_member=True, can_send_messages=True), False, None),
        (restricted(is_member=True, can_send_messages=False), False, "right"),
        (restricted(is_member=False, can_send_messages=True), False, "removed"),
    ],
)
def test_a_standing_says_what_keeps_the_bot_from_writing(
    member: ResultChatMemberUnion, channel: bool, kind: str | None
) -> None:
    assert standing.lost(member, channel=channel) == kind


LOSSES: dict[str, tuple[Callable[[House], None], str, str]] = {
    "the right to post": (
        lambda home: home.telegram.set_rights(home.channel, home.account, can_post_messages=False),
        "right",
        "О 14:06 бот утратив право «Публікувати повідомлення». Черга чекає.",
    ),
    "its office": (
        lambda home: home.telegram.demote(home.channel, home.account),
        "removed",
        "О 14:06 бота вилучили з каналу. Черга чекає.",
    ),
    "the channel": (
        lambda home: home.telegram.remove(home.channel, home.account),
        "removed",
        "О 14:06 бота вилучили з каналу. Черга чекає.",
    ),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_loss_in_the_channel_is_told_before_any_send_fails(home: House, loss: str) -> None:
    lose, kind, words = LOSSES[loss]

    lose(home)
    await home.work()

    assert await kinds(home) == {"@nd": kind}
    (alarm,) = home.telegram.messages(home.desk)
    assert alarm.text.splitlines()[:2] == [LOST, words]
    assert labels(alarm) == [["Перевірити ще раз"]]
    assert not alarm.silent
    assert {call.params["chat_id"] for call in home.telegram.called("sendMessage")} == {home.desk.id}


async def test_what_waited_goes_out_when_the_right_is_back(home: House) -> None:
    home.telegram.set_rights(home.channel, home.account, can_post_messages=False)
    await put(home, "post:1")
    await home.work()
    assert await states(home) == {f"alarm:right:@nd:{int(NOON.timestamp())}": "sent", "post:1": "waiting"}

    home.now += 4 * MINUTE
    home.telegram.set_rights(home.channel, home.account, can_post_messages=True)
    await home.work()

    assert home.telegram.texts(home.channel) == ["post:1"]
    (alarm,) = home.telegram.messages(home.desk)
    assert alarm.text == f"{WELL}\nНе міг: 14:06 — 14:10. Черга йде далі.\nЧекав 1 допис."
    assert labels(alarm) == []


async def test_a_bot_that_is_put_back_without_the_right_says_what_is_missing_now(home: House) -> None:
    home.telegram.remove(home.channel, home.account)
    await home.work()

    home.telegram.join(home.channel, home.account, by=home.editor, admin=True, can_post_messages=False)
    await home.work()

    assert await kinds(home) == {"@nd": "right"}
    (alarm,) = home.telegram.messages(home.desk)
    assert "утратив право" in alarm.text


async def test_a_deleted_channel_is_told_of_by_its_words(home: House) -> None:
    home.telegram.close_chat(home.channel)
    await put(home, "post:1")

    await home.work()

    assert await kinds(home) == {"@nd": "absent"}
    (alarm,) = home.telegram.messages(home.desk)
    assert "канал видалено, або бот його не бачить" in alarm.text
    assert (await states(home))["post:1"] == "waiting"


async def test_a_channel_that_lost_its_name_with_the_bot_is_known_by_its_number(home: House) -> None:
    async with home.db.transaction() as tx:
        await channels.heard(tx, home.channel.id, "nd", 1, NOON)
    home.channel.username = ""

    home.telegram.remove(home.channel, home.account)
    await home.work()

    assert await kinds(home) == {"@nd": "removed"}


async def test_another_right_or_another_chat_alarms_nobody(home: House) -> None:
    elsewhere = home.telegram.channel("Інший", username="other", admins=[home.account])

    home.telegram.set_rights(home.channel, home.account, can_invite_users=False)
    home.telegram.remove(elsewhere, home.account)
    await home.work()

    assert await kinds(home) == {}
    assert heads(home) == []


async def test_a_muted_bot_tells_its_own_chat_afterwards(home: House, caplog: pytest.LogCaptureFixture) -> None:
    home.telegram.restrict(home.desk, home.account, can_send_messages=False)
    await put(home, "card:1", str(home.desk.id))
    await home.work()
    assert await kinds(home) == {str(home.desk.id): "right"}
    assert "nobody can be told" in caplog.text
    assert heads(home) == []

    home.telegram.restrict(home.desk, home.account, can_send_messages=True)
    await home.work()

    assert await kinds(home) == {}
    assert sorted(heads(home)) == ["card:1", "✅ Знову можу писати в цей чат"]


async def test_the_alarm_and_the_mark_of_its_update_are_one(home: House) -> None:
    home.telegram.set_rights(home.channel, home.account, can_post_messages=False)
    (update,) = home.telegram.queues[home.account.id].waiting
    async with home.db.transaction() as tx:
        await updates.keep(tx, [(update["update_id"], json.dumps(update))], NOON)
        await tx.run("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END")

    with pytest.raises(Exception, match="disk full"):
        await home.work()

    assert await kinds(home) == {}
    assert not await updates.is_done(home.db.screens, update["update_id"])


async def test_the_listener_asks_telegram_for_changes_of_standing(home: House) -> None:
    home.dispatcher.workflow_data["newsroom"] = home.newsroom
    listener = Listener(home.db, home.bot, home.dispatcher, lambda: home.now)
    hearing = asyncio.create_task(listener.run())
    await home.telegram.until(lambda: home.telegram.called("getUpdates"))

    home.telegram.set_rights(home.channel, home.account, can_post_messages=False)
    await home.telegram.quiet()
    await listener.settle()
    hearing.cancel()
    await asyncio.wait([hearing])

    assert "my_chat_member" in home.telegram.called("getUpdates")[0].params["allowed_updates"]
    assert await kinds(home) == {"@nd": "right"}


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ("the right to post", "Права писати досі немає"),
        ("the channel", "Бота там досі немає"),
    ],
)
async def test_a_second_look_says_what_is_missing_still(home: House, loss: str, words: str) -> None:
    LOSSES[loss][0](home)
    await home.work()

    tap = await again(home)

    assert tap.text == words
    assert heads(home) == [LOST]


async def test_a_second_look_finds_that_all_is_well(home: House) -> None:
    await put(home, "post:1")
    home.telegram.set_rights(home.channel, home.account, can_post_messages=False)
    await home.work()
    home.channel.member(home.account.id).rights["can_post_messages"] = True  # and Telegram's word of it was lost

    tap = await again(home)

    assert tap.text == "Усе гаразд: черга йде далі"
    assert heads(home) == [WELL]
    assert home.telegram.texts(home.channel) == ["post:1"]
    assert await kinds(home) == {}


async def test_a_second_look_without_an_answer_changes_nothing(home: House) -> None:
    home.telegram.set_rights(home.channel, home.account, can_post_messages=False)
    await home.work()
    home.telegram.faults.next("server_error", method="getChatMember")

    tap = await again(home)

    assert tap.text == "Telegram не відповів. Спробуйте за хвилину"
    assert await kinds(home) == {"@nd": "right"}


async def test_an_old_button_finds_nothing_to_mend(home: House) -> None:
    home.telegram.set_rights(home.channel, home.account, can_post_messages=False)
    await home.work()
    async with home.db.transaction() as tx:
        await troubles.end(tx, "@nd")

    tap = await again(home)

    assert tap.text == "Усе гаразд: черга йде далі"


async def draft(home: House, state: str = "draft") -> int:
    """A post with its card in the outbox; its id."""
    async with home.db.transaction() as tx:
        post = await posts.add(tx, channel_id=1, state=state, content=Content("…"), editor=1001, now=NOON)
    card = {"post_id": post.id, "payload": {"text": f"картка {state}"}, "priority": 2}
    await put(home, f"card:{post.id}", str(home.desk.id), **card)
    return post.id


async def test_a_group_that_became_a_supergroup_loses_nothing(home: House) -> None:
    await draft(home)
    await draft(home, "published")
    await put(home, "note:1", str(home.desk.id))
    await home.say("/queue", home.desk, home.editor)
    held = {"due_at": NOON + 5 * MINUTE, "payload": {"text": "далі", "reply_parameters": {"message_id": 999}}}
    await put(home, "note:2", str(home.desk.id), **held)
    async with home.db.transaction() as tx:
        await tx.run(
            """UPDATE outbox SET wanted_version = 3, wanted_json = '{"text": "картка нова"}' WHERE intent = 'card:1'"""
        )

    new = home.telegram.migrate(home.desk)
    await home.work()
    home.now += 5 * MINUTE
    await home.deliver()

    assert sorted(heads(home, new)) == sorted(
        ["ℹ️ Група стала супергрупою", "картка нова", "далі", home.telegram.texts(home.desk)[-1].splitlines()[0]]
    )
    assert home.deliverer.moved.is_set()
    assert await channels.standing_of(home.db.screens, home.desk.id) == new.id
    rows = await home.db.screens.all("SELECT DISTINCT chat_id FROM message WHERE gone_at IS NULL")
    assert [row["chat_id"] for row in rows] == [new.id]


async def test_what_was_in_doubt_in_the_old_group_is_shown_anew_or_let_be(home: House) -> None:
    await draft(home)
    await put(home, "note:1", str(home.desk.id))
    async with home.db.transaction() as tx:
        await tx.run("UPDATE outbox SET state = 'doubt'")

    new = home.telegram.migrate(home.desk)
    await home.work()

    assert heads(home, new) == ["ℹ️ Група стала супергрупою", "картка draft"]
    assert await outbox.in_doubt(home.db.screens) == []


async def test_what_was_wrong_with_the_old_group_is_over(home: House) -> None:
    home.telegram.restrict(home.desk, home.account, can_send_messages=False)
    await home.work()
    home.telegram.restrict(home.telegram.migrate(home.desk), home.account, can_send_messages=True)

    await home.work()

    assert await kinds(home) == {}


async def test_a_group_is_told_once_however_often_it_is_heard_that_it_moved(home: House) -> None:
    new = home.telegram.migrate(home.desk)
    await home.work()
    async with home.db.transaction() as tx:
        again = await channels.moved(tx, home.desk.id, new.id, NOON)

    assert not again
    assert heads(home, new) == ["ℹ️ Група стала супергрупою"]
    assert await home.db.screens.value("SELECT count(*) FROM journal WHERE act = 'move'") == 1


async def test_what_is_put_for_the_old_number_later_goes_to_the_new_one_too(home: House) -> None:
    new = home.telegram.migrate(home.desk)
    await home.work()
    await put(home, "note:late", str(home.desk.id))

    async with home.db.transaction() as tx:
        await channels.moved(tx, home.desk.id, new.id, NOON)
    await home.deliver()

    assert heads(home, new)[-1] == "note:late"


async def test_a_group_that_moved_twice_is_found(home: House) -> None:
    async with home.db.transaction() as tx:
        for old, new in ((-1, -2), (-2, -3), (-3, -1)):  # the last cannot be, and must not go round for ever
            await channels.moved(tx, old, new, NOON)

    assert await channels.standing_of(home.db.screens, -2) in (-3, -1)
    assert await channels.standing_of(home.db.screens, -9) == -9


async def alert(home: House, reader_id: int) -> None:
    await put(home, f"alert:{reader_id}", str(reader_id), reader_id=reader_id, due_at=NOON + MINUTE)


async def test_nothing_waits_for_a_reader_who_blocked_the_bot(home: House) -> None:
    neighbour = home.telegram.user(2003, "Ганна")
    home.telegram.private(neighbour)
    async with home.db.transaction() as tx:
        for person in (home.reader.id, neighbour.id):
            await tx.run("INSERT INTO reader (id, language, created_at) VALUES (?, 'uk', 0)", (person,))
    for person in (home.reader.id, neighbour.id):
        await alert(home, person)

    home.telegram.block(home.reader)
    await home.work()

    assert await states(home) == {"alert:2002": "dropped", "alert:2003": "waiting"}
    rows = await home.db.screens.all("SELECT id, state FROM reader ORDER BY id")
    assert [tuple(row) for row in rows] == [(2002, "gone"), (2003, "active")]
    assert await home.db.screens.value("SELECT payload_json FROM outbox WHERE intent = 'alert:2002'") == "{}"


async def test_a_reader_who_took_the_bot_back_is_written_to_again(home: House) -> None:
    async with home.db.transaction() as tx:
        await tx.run("INSERT INTO reader (id, language, created_at) VALUES (2002, 'uk', 0)")
        await readers.gone(tx, 2002)

    home.telegram.block(home.reader, blocked=False)
    await home.work()

    assert await home.db.screens.value("SELECT state FROM reader") == "active"


async def test_of_a_stranger_who_blocks_the_bot_nothing_is_kept(home: House) -> None:
    home.telegram.block(home.reader)
    await home.work()

    assert await home.db.screens.value("SELECT count(*) FROM reader") == 0
    assert await kinds(home) == {}


async def test_a_channel_that_goes_by_its_number_is_noticed_too(home: House) -> None:
    desk = home.dispatcher.workflow_data["desk"]
    newsroom = replace(home.newsroom, channel=str(home.channel.id))
    house = replace(desk.easel.house, newsroom=newsroom)
    home.dispatcher.workflow_data["desk"] = replace(desk, easel=replace(desk.easel, house=house))

    home.telegram.set_rights(home.channel, home.account, can_post_messages=False)
    await home.work()

    assert await kinds(home) == {str(home.channel.id): "right"}
    assert heads(home) == [LOST]
