"""The whole bot: what it does at start, at each ring, and when it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import _until_told_to_stop
from bot.app import App, opened
from bot.editions.program import as_wish
from bot.editions.rubrics import digest
from bot.playground import Telegram
from bot.settings import Settings
from storage import channels, outbox, posts, programs, sources
from storage.instants import seconds
from storage.model import Content, Parcel
from tests.conftest import MINUTE, NOON, TOKEN, House
from tests.conftest import put as put_news
from tests.test_logs import logged


class Town:
    """The bot as the operator starts it, on one database, by a clock that tests move."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.folder = folder
        self.now = NOON

    @property
    def telegram(self) -> Telegram:
        return self.house.telegram

    def clock(self) -> datetime:
        return self.now

    @asynccontextmanager
    async def open(self, **more: Any) -> AsyncIterator[App]:
        known: dict[str, Any] = {"digest_times": (), "roundup_time": None, "admin_chat": self.house.desk.id}
        settings = Settings(
            _env_file=None,
            token=TOKEN,
            channel=str(self.house.channel.id),
            api_url=self.house.bot.session.api.base.partition("/bot")[0],
            database=self.folder / "app.db",
            **(known | more),
        )
        async with opened(settings, self.clock) as app:
            yield app

    @property
    def notes(self) -> list[str]:
        return [text.splitlines()[0] for text in self.telegram.texts(self.house.desk)]


@asynccontextmanager
async def running(app: App) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(app.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def put(app: App, intent: str, due_at: datetime = NOON, **more: Any) -> None:
    known: dict[str, Any] = {"chat": "@nd", "method": "sendMessage", "payload": {"text": intent}, "priority": 1}
    async with app.db.transaction() as tx:
        await outbox.put(tx, Parcel(intent=intent, due_at=due_at, **(known | more)), NOON)


async def break_table(app: App, what: str) -> None:
    """From now on that write fails as on a full disk."""
    async with app.db.transaction() as tx:
        await tx.run(f"CREATE TRIGGER full BEFORE {what} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")


@pytest.fixture
def town(house: House, tmp_path: Path) -> Town:
    return Town(house, tmp_path)


async def test_a_visit_delivers_what_is_due_and_beats(town: Town) -> None:
    async with town.open() as app:
        await put(app, "post:1")
        town.now += MINUTE

        await app.visit()

        assert town.telegram.texts(town.house.channel) == ["post:1"]
        assert await app.db.screens.value("SELECT beat_at FROM heartbeat") == seconds(town.now)


async def test_next_due_is_the_earliest_of_poll_parcel_draft_and_edition(town: Town) -> None:
    slot_at = NOON.replace(hour=16, minute=0)  # 18:00 in Kyiv
    async with town.open(digest_times=(time(18),), draft_minutes=0) as app:
        assert await app.next_due_at() == slot_at
    async with town.open(digest_times=(time(18),)) as app:
        assert await app.next_due_at() == slot_at - 30 * MINUTE
        await put(app, "later", NOON + 30 * MINUTE)
        assert await app.next_due_at() == NOON + 30 * MINUTE
        async with app.db.transaction() as tx:
            await sources.put(
                tx, url="https://novosti.dn.ua/rss", name="НД", kind="feed", family="nd", own=True, now=NOON
            )
        assert await app.next_due_at() == NOON


async def test_a_parcel_that_waits_for_a_right_does_not_keep_the_clock_ringing(town: Town) -> None:
    town.telegram.set_rights(town.house.channel, town.house.account, can_post_messages=False)
    async with town.open() as app:
        await put(app, "post:1")

        await app.visit()

        assert await app.next_due_at() is None
    assert len(town.notes) == 1


@pytest.mark.parametrize(("away", "told"), [(4 * MINUTE, 0), (6 * MINUTE, 1)])
async def test_after_an_outage_the_editors_are_told(town: Town, away: timedelta, told: int) -> None:
    async with town.open() as app:
        await app.visit()  # and the process dies

    town.now += away
    async with town.open() as app:
        await app.visit()

    assert len(town.notes) == told
    assert all("14:06 — 14:12" in note for note in town.notes)


async def test_after_a_clean_stop_nobody_is_told(town: Town) -> None:
    async with town.open() as app, running(app):
        await town.telegram.until(lambda: town.telegram.called("getUpdates"))

    town.now += 60 * MINUTE
    async with town.open() as app:
        await app.visit()

    assert town.notes == []


async def test_a_bot_that_broke_did_not_stop_cleanly(town: Town) -> None:
    async with town.open() as app:
        async with app.db.transaction() as tx:
            await tx.run("""INSERT INTO "update" (update_id, body, received_at) VALUES (1, 'not JSON', 0)""")
        with pytest.raises(ExceptionGroup):
            await app.run()

    town.now += 60 * MINUTE
    async with town.open() as app:
        await app.visit()

    assert len(town.notes) == 1


async def test_sigterm_finishes_the_send_in_hand_and_stops_the_heart(town: Town) -> None:
    town.telegram.faults.next("delay", method="sendMessage")
    async with town.open() as app:
        await put(app, "post:1")
        stopping = asyncio.create_task(_until_told_to_stop(app.run()))
        await town.telegram.until(lambda: town.telegram.running and town.telegram.called("getMyCommands"))
        await town.telegram.until(lambda: not town.telegram.faults.plan)

        os.kill(os.getpid(), signal.SIGTERM)
        town.telegram.faults.release()
        await stopping

        found = await outbox.find(app.db.screens, "post:1")
        assert found is not None
        assert found.state == "sent"
        assert await app.db.screens.value("SELECT stopped_at FROM heartbeat") == NOON.timestamp()
    assert town.telegram.texts(town.house.channel) == ["post:1"]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ("UPDATE ON heartbeat", "the heartbeat failed"),
        ("INSERT ON edition", "publishing failed"),
        ("UPDATE ON source", "collecting failed"),
    ],
)
async def test_a_ring_that_cannot_write_is_told_and_the_bot_goes_on(town: Town, broken: str, complaint: str) -> None:
    town.now = NOON
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(town.open(digest_times=(time(14, 7),), sources=("http://127.0.0.1:1/",)))
        town.now = NOON.replace(minute=8)  # the slot of 14:07 is due
        await put(app, "post:1")
        await break_table(app, broken)
        async with logged(complaint):
            await stack.enter_async_context(running(app))
        await town.telegram.arrived(town.house.channel)
        town.telegram.say(town.house.chat, town.house.reader, "/help")
        await town.telegram.until(lambda: len(town.telegram.texts(town.house.chat)) == 2)

    assert "post:1" in town.telegram.texts(town.house.channel)


@pytest.mark.parametrize("fault", ["html", "lost_before", "truncated", "refuse"])
async def test_menus_that_cannot_be_set_stop_nothing(town: Town, fault: str) -> None:
    town.telegram.faults.next(fault, method="getMyCommands", times=99)
    async with town.open() as app, logged("not set"), running(app):
        town.telegram.say(town.house.chat, town.house.reader, "/help")
        await town.telegram.until(lambda: len(town.telegram.texts(town.house.chat)) == 2)


async def test_an_edition_that_cannot_be_made_keeps_no_post_back(town: Town) -> None:
    async with town.open(digest_times=(time(14, 7),)) as app:
        async with app.db.transaction() as tx:
            post = await posts.add(tx, channel_id=1, state="draft", content=Content("Обстріл"), editor=1001, now=NOON)
            await posts.change(tx, post, state="queued", due_at=NOON + 2 * MINUTE, editor=1001, now=NOON)
        town.now += 2 * MINUTE  # the slot of 14:07 is due, and the post
        await break_table(app, "INSERT ON edition")
        async with logged("publishing failed"):
            await app._ring()
        await app.deliverer.deliver_due(town.clock)

    assert [text.splitlines()[0] for text in town.telegram.texts(town.house.channel)] == ["Обстріл"]


async def test_an_edition_that_cannot_be_made_keeps_no_other_channel_back(town: Town) -> None:
    other = town.telegram.channel("Слово і час", username="slovo", admins=[town.house.account])
    async with town.open(digest_times=(time(14, 7),)) as app:
        async with app.db.transaction() as tx:
            second = await channels.seed(tx, "@slovo", "uk", NOON)
            wanted = as_wish(digest([time(14, 7)], 5))
            await programs.wish(tx, second.id, wanted, town.house.editor.id, NOON, None)
        for number in range(1, 6):
            await put_news(app.db, f"У Краматорську повернули воду в {number} район", NOON)
        town.now += 2 * MINUTE
        await break_table(app, "INSERT ON edition WHEN NEW.channel_id = 1")
        async with logged("publishing failed"):
            await app._ring()
        await app.deliverer.deliver_due(town.clock)

    assert town.telegram.texts(town.house.channel) == []
    assert "на 14:07" in town.telegram.texts(other)[0]


async def test_a_slow_source_is_asked_once_and_rings_nothing(town: Town) -> None:
    asked: list[asyncio.StreamWriter] = []
    come = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(writer)
        come.set()

    async with AsyncExitStack() as stack:
        site = await asyncio.start_server(hang, "127.0.0.1", 0)
        stack.callback(site.close)
        url = f"http://127.0.0.1:{site.sockets[0].getsockname()[1]}/rss"
        app = await stack.enter_async_context(town.open(sources=(url,), allow_private_addresses=True))
        await stack.enter_async_context(running(app))
        await come.wait()

        assert await app.next_due_at() is None
        await app._ring()

    assert len(asked) == 1
    for writer in asked:
        writer.close()


async def test_a_machine_that_slept_fires_nothing_and_asks(town: Town) -> None:
    async with town.open() as app:
        async with app.db.transaction() as tx:
            content = Content("Вимкнення світла")
            post = await posts.add(tx, channel_id=1, state="draft", content=content, editor=1001, now=NOON)
            await posts.change(tx, post, state="queued", due_at=NOON + 20 * MINUTE, editor=1001, now=NOON)

        await app._ring()
        town.now += 22 * MINUTE  # two minutes late: within its patience, had the bot been there
        await app._ring()
        await app.deliverer.deliver_due(town.clock)

    assert town.telegram.texts(town.house.channel) == []
    assert "🔌 Бот не працював 14:06–14:28" in town.telegram.texts(town.house.desk)[0]
    assert "Вимкнення світла" in town.telegram.texts(town.house.desk)[0]


async def test_a_clock_set_back_sends_nothing_twice(town: Town) -> None:
    async with town.open() as app, running(app):
        await put(app, "post:1")
        app._stir()
        await town.telegram.arrived(town.house.channel)

        town.now -= 60 * MINUTE
        await put(app, "post:1")
        await put(app, "post:2", due_at=town.now)
        app._stir()
        await town.telegram.arrived(town.house.channel, 2)

    assert town.telegram.texts(town.house.channel) == ["post:1", "post:2"]
    assert town.notes == []


async def test_when_the_group_became_a_supergroup_the_bot_is_opened_anew_for_it(town: Town) -> None:
    old = town.telegram.group("Редакція", members=[town.house.editor], admins=[town.house.account], supergroup=False)
    async with town.open(admin_chat=old.id) as app, running(app) as task:
        new = town.telegram.migrate(old)
        await asyncio.wait([task], timeout=60)
        assert task.done()

    async with town.open(admin_chat=old.id) as app, running(app):
        await town.telegram.arrived(new)
        assert app.house.newsroom.admin_chat == new.id
        before = len(town.telegram.messages(new))
        town.telegram.say(new, town.house.editor, "/queue")
        await town.telegram.arrived(new, before + 2)

    assert any("супергруп" in text for text in town.telegram.texts(new))


async def test_a_lost_answer_is_cleared_up_by_itself_while_the_bot_runs(town: Town) -> None:
    async with town.open() as app, running(app):
        await put(app, "post:1")
        app._stir()
        await town.telegram.arrived(town.house.channel)
        town.telegram.faults.next("lost_after", method="sendMessage")
        await put(app, "post:2")
        app._stir()
        await town.telegram.until(lambda: town.telegram.called("deleteMessage"))
        await put(app, "post:3")
        app._stir()
        await town.telegram.arrived(town.house.channel, 3)

    assert town.telegram.texts(town.house.channel) == ["post:1", "post:2", "post:3"]
    assert town.notes == []
