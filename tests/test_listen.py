"""Hearing Telegram: nothing is lost, nothing is handled twice, nobody's letter is kept or told."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot, Router
from aiogram.exceptions import ClientDecodeError
from aiogram.types import Message
from pydantic import TypeAdapter

from bot.listen import DEATHS, Listener
from storage import updates
from tests.conftest import TOKEN, House
from tests.test_logs import logged

DAY = timedelta(days=1)


def letter(update_id: int, text: str, chat: int = 2002) -> dict[str, Any]:
    """A private message as Telegram tells it."""
    person = {"id": chat, "is_bot": False, "first_name": "Тарас"}
    message = {"message_id": update_id, "date": 0, "chat": {"id": chat, "type": "private"}, "from": person}
    return {"update_id": update_id, "message": {**message, "text": text}}


class Desk:
    """Somebody who reads letters. «Зламай» breaks the reader, «чекай» waits until `go`."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.read: list[str] = []
        self.begun: list[str] = []
        self.go = asyncio.Event()
        self.waits = asyncio.Event()
        self.told: list[str | None] = []  # what kept the listener from hearing, None: nothing does
        self.steady_seconds = 0.0
        self.breaks: Callable[[str], Any] = lambda text: int(text)
        router = Router()
        router.message.register(self.attend)
        house.open(router)

    async def attend(self, message: Message) -> None:
        text = message.text or ""
        self.begun.append(text)
        if text.startswith("чекай"):
            self.waits.set()
            await self.go.wait()
        if text.startswith("зламай"):
            self.breaks(text)
        if text.startswith("дай"):
            await message.answer("ось")
        self.read.append(text)

    def listener(self) -> Listener:
        """Patient for a moment only: the waits of a real one are a second and more."""
        house = self.house
        return Listener(
            house.db,
            house.bot,
            house.dispatcher,
            lambda: house.now,
            (0.001, 0.002),
            self.on_trouble,
            self.steady_seconds,
        )

    async def on_trouble(self, kind: str | None, reason: str) -> None:
        self.told.append(kind)

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[Listener]:
        listener = self.listener()
        polling = asyncio.create_task(listener.run())
        try:
            yield listener
        finally:
            polling.cancel()
            await asyncio.wait([polling])
            await listener.stop()

    async def hear_all(self) -> None:
        """Hears until everything that Telegram has was told, confirmed and attended to."""
        telegram = self.house.telegram
        before = len(telegram.called("getUpdates"))
        async with self.hearing() as listener:
            await telegram.until(lambda: len(telegram.called("getUpdates")) > before)
            await telegram.quiet()
            await listener.settle()

    async def hear_polls(self, count: int) -> None:
        """Hears until Telegram was asked so many times."""
        async with self.hearing():
            await self.house.telegram.until(lambda: len(self.house.telegram.called("getUpdates")) >= count)

    async def rows(self) -> list[tuple[Any, ...]]:
        """(update_id, body, done?, tries, trouble) of every update on file."""
        sql = 'SELECT update_id, body, done_at IS NOT NULL, tries, trouble FROM "update" ORDER BY update_id'
        return [tuple(row) for row in await self.house.db.screens.all(sql)]

    async def store(self, *letters: dict[str, Any]) -> None:
        """What a process stored before it died."""
        async with self.house.db.transaction() as tx:
            bodies = [(each["update_id"], json.dumps(each)) for each in letters]
            await updates.keep(tx, bodies, self.house.now)


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


async def test_an_update_is_on_disk_before_it_is_confirmed(desk: Desk) -> None:
    telegram = desk.house.telegram
    confirmed: dict[int, bool] = {}

    def look() -> None:
        for call in telegram.called("getUpdates"):
            before = int(call.params["offset"]) - 1
            if before > 0 and before not in confirmed:
                with closing(sqlite3.connect(desk.house.db.path)) as file:
                    found = file.execute('SELECT 1 FROM "update" WHERE update_id = ?', (before,)).fetchone()
                confirmed[before] = found is not None

    telegram.listen(look)
    for text in ("чекай", "два"):
        telegram.say(desk.house.chat, desk.house.reader, text)
    async with desk.hearing():
        await telegram.quiet()  # confirmed, although nobody has answered yet
        telegram.say(desk.house.chat, desk.house.reader, "три")
        await telegram.until(lambda: len(confirmed) == 2)

    assert list(confirmed.values()) == [True, True]
    assert desk.read == []


async def test_what_was_left_undone_is_done_at_the_next_start(desk: Desk) -> None:
    telegram = desk.house.telegram
    telegram.say(desk.house.chat, desk.house.reader, "чекай")
    async with desk.hearing():
        await desk.waits.wait()
        await telegram.quiet()
    assert [row[2] for row in await desk.rows()] == [0]

    desk.go.set()
    await desk.hear_all()

    assert desk.read == ["чекай"]
    assert [row[1:3] for row in await desk.rows()] == [(None, 1)]


async def test_a_long_backlog_is_done_whole_and_in_order(desk: Desk) -> None:
    await desk.store(*(letter(number, f"лист {number}") for number in range(1, 131)))

    await desk.hear_all()

    assert desk.read == [f"лист {number}" for number in range(1, 131)]


async def test_a_letter_that_breaks_its_reader_thrice_is_given_up_and_erased(desk: Desk) -> None:
    listener = desk.listener()

    await listener.accept([letter(1, "зламай"), letter(2, "далі"), letter(3, "інша людина", chat=7)])
    await listener.settle()

    assert desk.begun.count("зламай") == 3
    assert sorted(desk.read) == ["далі", "інша людина"]
    assert (await desk.rows())[0] == (1, None, 1, 3, "ValueError")


async def test_a_letter_that_stumbled_in_another_life_gets_all_its_tries_in_this_one(desk: Desk) -> None:
    await desk.store(letter(1, "зламай"))
    async with desk.house.db.transaction() as tx:
        await updates.stumbled(tx, 1, "ValueError")
        await updates.stumbled(tx, 1, "ValueError")

    await desk.hear_all()

    assert desk.begun == ["зламай"] * 3
    assert (await desk.rows())[0] == (1, None, 1, 5, "ValueError")


async def test_the_last_message_of_each_chat_is_known_from_what_was_heard(desk: Desk) -> None:
    raw = letter(7, "далі")
    raw["message"]["chat"]["username"] = "taras"

    await desk.listener().accept([raw])

    row = await desk.house.db.screens.one("SELECT * FROM chat")
    assert row is not None
    assert (row["id"], row["last_message_id"]) == (2002, 7)
    assert row["name"] is None  # of a person nothing but the number


async def test_each_life_counts_a_letter_before_it_tries_it(desk: Desk) -> None:
    await desk.store(letter(1, "чекай"))

    async with desk.hearing():
        await desk.waits.wait()  # the process dies here

    assert (await desk.rows())[0][2:] == (0, 1, None)


async def test_a_letter_that_killed_ten_lives_is_given_up(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.store(letter(1, "зламай"), letter(2, "далі"))
    async with desk.house.db.transaction() as tx:
        for _ in range(DEATHS):
            await updates.begun(tx, 1)

    await desk.hear_all()

    assert desk.begun == ["далі"]
    assert (await desk.rows())[0] == (1, None, 1, DEATHS, "the process died of it")
    assert "update 1 is given up" in caplog.text


async def test_who_stood_beside_a_killer_is_not_counted_with_it(desk: Desk) -> None:
    await desk.store(letter(1, "чекай"), letter(2, "сусід", chat=7), letter(3, "новий", chat=8))
    async with desk.house.db.transaction() as tx:
        await updates.begun(tx, 1)
        await updates.begun(tx, 2)

    async with desk.hearing():
        await desk.waits.wait()
        async with asyncio.timeout(60):
            while "новий" not in desk.read:
                await updates.open_ones(desk.house.db.screens)

    assert [(row[0], row[3]) for row in await desk.rows()] == [(1, 2), (2, 1), (3, 1)]


async def test_a_private_letter_is_erased_when_it_is_answered(desk: Desk) -> None:
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "Мій таємний лист")

    await desk.hear_all()

    assert desk.read == ["Мій таємний лист"]
    assert [row[1:] for row in await desk.rows()] == [(None, 1, 0, None)]


async def test_an_answer_that_the_network_swallowed_is_given_again(desk: Desk) -> None:
    desk.house.telegram.faults.next("lost_before", method="sendMessage", times=2)
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "дай")

    await desk.hear_all()

    assert desk.house.telegram.texts(desk.house.chat) == ["дай", "ось"]


async def test_what_telegram_tells_twice_is_handled_once(desk: Desk) -> None:
    listener = desk.listener()

    await listener.accept([letter(1, "раз")])
    await listener.accept([letter(1, "раз"), letter(2, "два")])
    await listener.settle()
    await listener.accept([letter(2, "два")])
    await listener.settle()

    assert desk.read == ["раз", "два"]


@pytest.mark.parametrize(
    "strange",
    [
        {"message": {"message_id": 1}},
        {"message": {"chat": "тут"}},
        {"message": {"chat": {}}},
        {"message": {"chat": {"id": "сім"}, "from": {"id": None}}},
        {"message": None},
        {"callback_query": 7},
        {"poll_answer": {"user": {"id": 2002}}},
        {"a_kind_of_2031": {"chat": {"id": 2002}, "joy": True}},
        {},
    ],
)
async def test_an_update_of_unknown_shape_stops_nothing(desk: Desk, strange: dict[str, Any]) -> None:
    listener = desk.listener()

    await listener.accept([letter(1, "до"), {"update_id": 2, **strange}, letter(3, "після")])
    await listener.settle()

    assert desk.read == ["до", "після"]
    assert [row[1:3] for row in await desk.rows()] == [(None, 1)] * 3


async def test_letters_of_one_chat_wait_for_each_other_and_other_chats_do_not(desk: Desk) -> None:
    listener = desk.listener()

    await listener.accept([letter(1, "чекай"), letter(2, "другий"), letter(3, "сусід", chat=7)])
    await desk.waits.wait()
    async with asyncio.timeout(60):
        while "сусід" not in desk.read:
            await updates.open_ones(desk.house.db.screens)
    assert desk.begun == ["чекай", "сусід"]
    desk.go.set()
    await listener.settle()

    assert desk.read == ["сусід", "чекай", "другий"]


async def test_one_editors_slow_link_delays_nobody_elses_tap(desk: Desk) -> None:
    slow, quick = letter(1, "чекай", chat=-100), letter(2, "швидко", chat=-100)
    quick["message"]["from"] = quick["message"]["from"] | {"id": 1002}
    listener = desk.listener()

    await listener.accept([slow, quick])
    await desk.waits.wait()
    async with asyncio.timeout(60):
        while "швидко" not in desk.read:
            await updates.open_ones(desk.house.db.screens)
    desk.go.set()
    await listener.settle()

    assert desk.read == ["швидко", "чекай"]


@pytest.mark.parametrize("fault", ["lost_before", "html", "truncated", "server_error", "refuse"])
async def test_polling_goes_on_after_trouble(desk: Desk, fault: str) -> None:
    desk.house.telegram.faults.next(fault, method="getUpdates", times=3, code=409 if fault == "refuse" else 0)
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "раз")

    await desk.hear_all()

    assert desk.read == ["раз"]


async def test_polling_goes_on_when_telegram_is_back(desk: Desk) -> None:
    await desk.house.telegram.die()

    async with desk.hearing(), logged("hearing Telegram failed"):
        pass
    await desk.house.telegram.revive()
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "раз")
    await desk.hear_all()

    assert desk.read == ["раз"]


def conflict(desk: Desk, times: int, words: str = "terminated by other getUpdates request") -> None:
    desk.house.telegram.faults.next(
        "refuse", method="getUpdates", times=times, code=409, description=f"Conflict: {words}"
    )


@pytest.mark.parametrize(("times", "told"), [(2, [None]), (3, ["copy", None]), (9, ["copy", None])])
async def test_a_second_copy_is_told_of_when_it_lasts_and_when_it_ends(
    desk: Desk, times: int, told: list[str | None]
) -> None:
    conflict(desk, times)
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "раз")

    await desk.hear_polls(times + 2)  # the last waits for what comes, so the one before was answered

    assert desk.told == told


async def test_that_all_is_well_is_told_once(desk: Desk) -> None:
    telegram = desk.house.telegram

    async with desk.hearing():
        for text in ("раз", "два", "три"):
            telegram.say(desk.house.chat, desk.house.reader, text)
            await telegram.quiet()

    assert desk.told == [None]


async def test_two_copies_that_hear_by_turns_are_two_still(desk: Desk) -> None:
    desk.steady_seconds = 3600.0
    telegram = desk.house.telegram

    async with desk.hearing() as listener:
        for turn in range(1, 6):
            conflict(desk, 1)
            telegram.say(desk.house.chat, desk.house.reader, str(turn))
            await telegram.quiet()
            await listener.settle()

    assert desk.read == ["1", "2", "3", "4", "5"]
    assert desk.told in (["copy"], [None, "copy"])  # the first poll may have come before the other copy


async def test_a_forgotten_webhook_is_taken_away_and_nothing_is_lost(desk: Desk) -> None:
    telegram = desk.house.telegram
    telegram.queues[desk.house.account.id].webhook.url = "http://127.0.0.1:1/"
    telegram.say(desk.house.chat, desk.house.reader, "раз")

    await desk.hear_all()

    assert desk.read == ["раз"]
    (call,) = telegram.called("deleteWebhook")
    assert call.params.get("drop_pending_updates") is not True
    assert desk.told == [None]


async def test_a_webhook_that_comes_back_is_a_second_copy(desk: Desk) -> None:
    conflict(desk, 6, "can't use getUpdates method while webhook is active; use deleteWebhook")
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "раз")

    await desk.hear_polls(8)

    assert len(desk.house.telegram.called("deleteWebhook")) == 1
    assert desk.told == ["copy", None]


async def test_a_webhook_that_cannot_be_taken_away_now_is_tried_again(desk: Desk) -> None:
    conflict(desk, 2, "can't use getUpdates method while webhook is active; use deleteWebhook")
    desk.house.telegram.faults.next("server_error", method="deleteWebhook")

    await desk.hear_polls(3)

    assert [call.ok for call in desk.house.telegram.called("deleteWebhook")] == [False, True]


async def test_a_revoked_token_is_told_once_with_the_remedy(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    refusal = {"code": 401, "description": "Unauthorized"}
    desk.house.telegram.faults.next("refuse", method="getUpdates", times=6, **refusal)
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "раз")

    await desk.hear_polls(8)

    told = [record for record in caplog.records if record.name == "bot.endure"]
    assert [record.levelname for record in told] == ["ERROR"]
    assert "@BotFather (/token)" in caplog.text
    assert desk.told == ["token", None]


async def test_a_token_that_is_dead_at_start_stops_nothing(desk: Desk) -> None:
    desk.house.telegram.revoke(TOKEN)

    async with desk.hearing(), logged("write it into BOT_TOKEN"):
        pass

    assert desk.told == ["token"]


async def test_what_cannot_be_written_of_a_trouble_is_written_at_the_next_poll(desk: Desk) -> None:
    tried: list[str | None] = []

    async def full_disk(kind: str | None, reason: str) -> None:
        tried.append(kind)
        if len(tried) == 1:
            raise sqlite3.OperationalError("database or disk is full")

    desk.on_trouble = full_disk  # type: ignore[method-assign]
    conflict(desk, 4)
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "раз")

    await desk.hear_polls(6)

    assert tried == ["copy", "copy", None]


async def test_a_flood_of_polls_waits_as_long_as_telegram_says(desk: Desk) -> None:
    desk.house.telegram.faults.next("flood", method="getUpdates", retry_after=3600)

    async with desk.hearing(), logged("again in 3600 s"):
        pass

    assert len(desk.house.telegram.called("getUpdates")) == 1


async def test_a_full_disk_confirms_nothing_and_loses_nothing(desk: Desk) -> None:
    desk.house.telegram.say(desk.house.chat, desk.house.reader, "раз")
    async with desk.house.db.transaction() as tx:
        await tx.run(
            """CREATE TRIGGER full BEFORE INSERT ON "update"
               BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"""
        )

    async with desk.hearing() as listener:
        async with logged("hearing Telegram failed"):
            pass
        async with desk.house.db.transaction() as tx:
            await tx.run("DROP TRIGGER full")
        await desk.house.telegram.quiet()
        await listener.settle()

    assert desk.read == ["раз"]


async def test_numbers_that_start_anew_after_a_quiet_week_are_heard(desk: Desk) -> None:
    telegram = desk.house.telegram
    telegram.say(desk.house.chat, desk.house.reader, "раз")
    await desk.hear_all()

    desk.house.now += 8 * DAY
    telegram.queues[desk.house.account.id].next_id = 5
    for text in ("два", "три"):
        telegram.say(desk.house.chat, desk.house.reader, text)
    await desk.hear_all()

    assert desk.read == ["раз", "два", "три"]


@pytest.mark.parametrize("days", [1.5, 3, 8])
async def test_an_old_letter_told_again_is_confirmed_and_not_answered_again(desk: Desk, days: float) -> None:
    listener, telegram = desk.listener(), desk.house.telegram
    telegram.say(desk.house.chat, desk.house.reader, "раз")
    told = list(telegram.queues[desk.house.account.id].waiting)
    await listener.accept(told)  # stored and answered; the process dies before the next poll
    await listener.settle()

    desk.house.now += days * DAY
    await desk.hear_all()

    assert desk.read == ["раз"]


def _bad_answer(text: str) -> None:
    raise ClientDecodeError("Failed to decode object", ValueError(text), {"result": {"text": text}})


@pytest.mark.parametrize("breaks", [int, TypeAdapter(int).validate_python, _bad_answer, {}.__getitem__])
async def test_a_letter_that_breaks_its_reader_is_quoted_in_no_log(
    desk: Desk, breaks: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    desk.breaks = breaks
    listener = desk.listener()

    await listener.accept([letter(1, "зламай: мій таємний лист")])
    await listener.settle()

    assert "update 1 failed" in caplog.text
    assert "таємний" not in caplog.text
    assert "таємний" not in str(await desk.rows())


async def test_an_unreadable_letter_is_quoted_in_no_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    listener = desk.listener()
    unreadable = letter(1, "мій таємний лист")
    unreadable["message"]["date"] = "таємно"

    await listener.accept([unreadable])
    await listener.settle()

    assert "ValidationError" in caplog.text
    assert "таємн" not in caplog.text


async def test_the_bot_is_given_to_every_letter(desk: Desk) -> None:
    given: list[Bot] = []
    router = Router()
    router.edited_message.register(lambda message, bot: given.append(bot))
    desk.house.open(router)
    listener = desk.listener()

    await listener.accept([{"update_id": 1, "edited_message": letter(1, "раз")["message"]}])
    await listener.settle()

    assert given == [desk.house.bot]
