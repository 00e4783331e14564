"""Everything that people ask is answered once: also when the process is killed, the network fails, the reader left."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from aiogram.types import TelegramObject

from bot.listen import Listener
from bot.playground import Chat
from bot.playground.people import DOT
from storage import updates
from tests.conftest import House, many, put

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
READERS = ("/latest", "вода", "/weather", "photo", "album")
EDITORS = ("/help", "/post", "/post Вода є", "/queue", "http://127.0.0.1:9/unreadable")


class Process:
    """The bot's listener and what it hears; `dies` says where the next handler is cut, as by a kill."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.dies: str = "nowhere"
        self.listener = self._start()
        house.dispatcher.update.outer_middleware(self._live)
        house.open(newsroom=house.newsroom)

    def _start(self) -> Listener:
        house = self.house
        return Listener(house.db, house.bot, house.dispatcher, lambda: house.now, (0.001, 0.002))

    async def _live(self, handler: Handler, event: TelegramObject, known: dict[str, Any]) -> None:
        if self.dies == "before":
            raise asyncio.CancelledError
        await handler(event, known)
        if self.dies == "after":
            raise asyncio.CancelledError

    async def hear(self) -> None:
        """Everything that Telegram has is told, again and again until it is confirmed, and attended to."""
        waiting = list(self.house.telegram.queues[self.house.account.id].waiting)
        await self.listener.accept(waiting)
        await self.listener.settle()

    async def die(self, where: str) -> None:
        """Hears what Telegram has and is killed in the middle of it."""
        self.dies = where
        await self.hear()
        self.dies = "nowhere"

    async def rise(self) -> None:
        """A new process on the same file; Telegram tells again what was not confirmed."""
        self.listener = self._start()
        await self.hear()
        await self.house.deliver()

    async def states(self) -> list[str]:
        rows = await self.house.db.screens.all("SELECT state FROM outbox ORDER BY id")
        return [row["state"] for row in rows]


@pytest.fixture
def process(home: House) -> Process:
    return Process(home)


def ask(house: House, question: str) -> Chat:
    """A person asks this, in the chat that is given back."""
    place, who = (house.desk, house.editor) if question in EDITORS else (house.chat, house.reader)
    if question == "photo":
        house.telegram.send_photo(place, who, content=DOT)
    elif question == "album":
        house.telegram.send_album(place, who, [""] * 3)
    else:
        house.telegram.say(place, who, question)
    return place


def answers(house: House, place: Chat) -> int:
    """How many messages of the bot stand in the chat, but for the note that the board was pinned."""
    return len([each for each in house.telegram.messages(place) if each.by_bot and each.via != "pinChatMessage"])


# The process is killed


@pytest.mark.parametrize("question", READERS + EDITORS)
@pytest.mark.parametrize("where", ["before", "after"])
async def test_a_killed_process_answers_every_question_once(process: Process, where: str, question: str) -> None:
    place = ask(process.house, question)

    await process.die(where)
    await process.rise()

    assert answers(process.house, place) == 1


async def test_a_process_killed_with_the_answer_in_the_file_sends_it_when_it_rises(process: Process) -> None:
    ask(process.house, "/latest")

    await process.die("after")

    assert await process.states() == ["waiting"]
    assert await updates.open_ones(process.house.db.screens) == []
    assert answers(process.house, process.house.chat) == 0
    await process.rise()
    assert await process.states() == ["sent"]


async def test_what_telegram_tells_once_more_is_not_answered_once_more(process: Process) -> None:
    ask(process.house, "/latest")

    await process.rise()
    await process.rise()

    assert answers(process.house, process.house.chat) == 1


async def test_an_album_cut_by_a_restart_gets_one_answer(process: Process) -> None:
    house = process.house
    ask(house, "album")
    first, *others = list(house.telegram.queues[house.account.id].waiting)

    await process.listener.accept([first])
    await process.listener.settle()
    await process.rise()

    assert len(others) == 2
    assert answers(house, house.chat) == 1


async def test_a_preview_is_not_shown_again_by_a_restart(process: Process) -> None:
    house = process.house
    house.telegram.set_rights(house.channel, house.editor, can_post_messages=True)
    house.telegram.say(house.desk, house.editor, "/post Вода є")
    await process.rise()
    house.telegram.tap(house.desk, house.editor, house.telegram.messages(house.desk)[-1], "👁 Як у каналі")

    await process.die("after")
    await process.rise()

    assert len(house.telegram.whispers(house.desk, house.editor)) == 1


async def test_a_time_that_comes_too_late_for_a_post_is_answered_once(process: Process) -> None:
    house = process.house
    house.telegram.set_rights(house.channel, house.editor, can_post_messages=True)
    house.telegram.say(house.desk, house.editor, "/post Вода є")
    await process.rise()
    card = house.telegram.messages(house.desk)[-1]
    async with house.db.transaction() as tx:
        await tx.run("UPDATE post SET state = 'published'")
    house.telegram.say(house.desk, house.editor, "18:40", reply_to=card.message_id)

    await process.die("after")
    await process.rise()

    assert house.telegram.texts(house.desk).count(house.wordings.default.text("toast.not_now")) == 1


# The network, the disk


@pytest.mark.parametrize("fault", ["lost_before", "lost_after", "html_after", "truncated"])
async def test_a_lost_answer_is_not_sent_on_a_guess(process: Process, fault: str) -> None:
    house = process.house
    house.telegram.faults.next(fault, "sendMessage")
    ask(house, "/latest")

    await process.rise()
    await process.rise()

    assert len(house.telegram.called("sendMessage")) == 1
    assert await process.states() == ["doubt"]


async def test_a_question_is_kept_while_the_disk_is_full(process: Process) -> None:
    house = process.house
    async with house.db.transaction() as tx:
        for table in ("outbox", "update"):
            await tx.run(
                f"""CREATE TRIGGER full_{table} BEFORE {"INSERT" if table == "outbox" else "UPDATE"} ON "{table}"
                    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"""
            )
    ask(house, "/latest")
    await process.hear()
    async with house.db.transaction() as tx:
        await tx.run("DROP TRIGGER full_outbox")
        await tx.run("DROP TRIGGER full_update")

    await process.rise()

    assert answers(house, house.chat) == 1


# Order, and who is gone


async def test_two_questions_of_one_reader_are_answered_in_order(process: Process) -> None:
    house = process.house
    await many(house.db, 3)
    house.telegram.faults.next("delay", "sendMessage", seconds=0.05)  # the first answer dawdles on its way
    for question in ("новина 3", "/weather"):
        ask(house, question)

    await process.rise()

    texts = [message.text for message in house.telegram.messages(house.chat) if message.by_bot]
    assert len(texts) == 2
    assert texts[0].startswith("🔎 новина 3")


async def test_one_readers_slow_answer_delays_nobody_elses(process: Process) -> None:
    house = process.house
    stranger = house.telegram.user(2003, "Ганна")
    other = house.telegram.private(stranger)
    house.telegram.faults.next("delay", "sendMessage", house.chat)
    ask(house, "/latest")
    house.telegram.say(other, stranger, "/latest")
    await process.hear()

    delivering = asyncio.create_task(house.deliver())
    await house.telegram.until(lambda: answers(house, other) == 1)

    assert answers(house, house.chat) == 0
    house.telegram.faults.release()
    assert await delivering == 2


async def test_an_answer_to_a_reader_who_blocked_the_bot_is_over(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    house = process.house
    house.telegram.faults.next("refuse", "sendMessage", code=403, description="Forbidden: bot was blocked by the user")
    ask(house, "вода")

    await process.rise()
    await process.rise()

    assert await process.states() == ["refused"]
    assert len(house.telegram.called("sendMessage")) == 1
    assert answers(house, house.desk) == 0
    assert str(house.reader.id) not in caplog.text


async def test_who_comes_back_is_answered_again(process: Process) -> None:
    house = process.house
    house.telegram.faults.next("refuse", "sendMessage", code=403, description="Forbidden: bot was blocked by the user")
    ask(house, "вода")
    await process.rise()

    ask(house, "/latest")
    await process.rise()

    assert answers(house, house.chat) == 1


# What is kept


@pytest.mark.parametrize("arrives", [True, False])
async def test_what_a_reader_asked_and_was_told_is_gone_when_it_is_over(process: Process, arrives: bool) -> None:
    house = process.house
    await put(house.db, "Погода")
    if not arrives:
        house.telegram.faults.next("refuse", "sendMessage", code=403, description="Forbidden: bot was blocked")
    ask(house, "таємне слово")
    await process.hear()
    assert "таємне" in await _written(house)

    await house.deliver()

    assert "таємне" not in await _written(house)


async def test_what_was_asked_in_a_group_is_gone_too(process: Process) -> None:
    house = process.house
    group = house.telegram.group("Сусіди", members=[house.reader, house.account])
    house.telegram.say(group, house.reader, "/search таємне")

    await process.rise()

    assert answers(house, group) == 1
    assert "таємне" not in await _written(house)


async def test_answers_are_forgotten_with_the_marks_of_their_questions(process: Process) -> None:
    house = process.house
    ask(house, "/latest")
    await process.rise()
    house.telegram.queues[house.account.id].waiting.clear()

    house.now += timedelta(days=3)
    ask(house, "/help")
    await process.hear()

    rows = await house.db.screens.all('SELECT update_id FROM "update" UNION ALL SELECT update_id FROM outbox')
    assert len({row["update_id"] for row in rows}) == 1
    assert len(rows) == 2


# Where it goes


async def test_an_answer_goes_into_the_topic_where_it_was_asked(process: Process) -> None:
    house = process.house
    group = house.telegram.group("Сусіди", members=[house.reader, house.account], forum=True)
    group.topics[7] = {"name": "Новини"}
    house.telegram.say(group, house.reader, "/latest@holovne_bot", thread=7)

    await process.rise()

    assert [message.thread_id for message in house.telegram.messages(group)] == [7, 7]


async def _written(house: House) -> str:
    """Every row of the file, as text."""
    with closing(sqlite3.connect(house.db.path)) as file:
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return str([file.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables])
