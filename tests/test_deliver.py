"""What the deliverer does when Telegram, the network, the disk or the process itself fails in the middle of a send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot import notes
from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.delivery.watch import Watch
from bot.playground import Chat
from storage import messages, outbox
from storage.model import Parcel
from tests.conftest import NOON, House
from tests.test_logs import logged

HOUR = 3600.0


class Stopped(Watch):
    """A watch that only tests move: whoever waits wakes when stirred."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        super().__init__()
        self._seconds = seconds

    def __call__(self) -> float:
        return self._seconds()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        await event.wait()


@dataclass
class Post:
    """The deliverer at work in the house; `seconds` is its monotonic clock, which only tests move."""

    house: House
    seconds: float = 0.0
    endings: Endings = field(init=False)
    deliverer: Deliverer = field(init=False)

    def __post_init__(self) -> None:
        self.endings = Endings(self.house.newsroom, self.house.wordings.default)
        watch = Stopped(lambda: self.seconds)
        self.deliverer = Deliverer(self.house.db, self.house.bot, self.endings, watch=watch)

    def clock(self) -> datetime:
        return self.house.now

    async def put(self, intent: str = "post:1", chat: str = "@nd", **more: Any) -> None:
        known: dict[str, Any] = {"method": "sendMessage", "payload": {"text": intent}, "priority": 1, "due_at": NOON}
        async with self.house.db.transaction() as tx:
            assert await outbox.put(tx, Parcel(intent, chat, **(known | more)), NOON)

    async def deliver(self) -> int:
        return await self.deliverer.deliver_due(self.clock)

    async def state(self, intent: str = "post:1") -> str:
        found = await outbox.find(self.house.db.screens, intent)
        return found.state if found else "none"

    def texts(self, chat: Chat | None = None) -> list[str]:
        return self.house.telegram.texts(chat or self.house.channel)

    @property
    def notes(self) -> list[str]:
        """The first line of every note that the editors have got."""
        return [text.splitlines()[0] for text in self.texts(self.house.desk)]


@pytest.fixture
async def post(house: House) -> AsyncIterator[Post]:
    desk = Post(house)
    yield desk
    await desk.deliverer.farewell(1.0)


async def edition(post: Post, parts: int = 2) -> int:
    """An approved edition in the outbox, its parts called edition:1, edition:2 …; its id."""
    async with post.house.db.transaction() as tx:
        channel_id = await tx.add("INSERT INTO channel (chat, language, created_at) VALUES ('@nd', 'uk', 0)")
        edition_id = await tx.add(
            """INSERT INTO edition
                 (channel_id, rubric, local_date, wall_time, slot_at, from_at, until_at, state, made_at)
               VALUES (?, 'digest', '2024-11-23', '13:00', 0, 0, 0, 'approved', 0)""",
            (channel_id,),
        )
    for part in range(1, parts + 1):
        await post.put(f"edition:{part}", edition_id=edition_id, part=part)
    return edition_id


async def edition_state(post: Post, edition_id: int) -> str:
    return str(await post.house.db.screens.value("SELECT state FROM edition WHERE id = ?", (edition_id,)))


async def test_what_is_due_goes_out_and_is_recorded(post: Post) -> None:
    edition_id = await edition(post)

    assert await post.deliver() == 2

    assert post.texts() == ["edition:1", "edition:2"]
    assert await edition_state(post, edition_id) == "out"
    rows = await post.house.db.screens.all("SELECT chat_id, message_id, kind FROM message ORDER BY message_id")
    assert [tuple(row) for row in rows] == [(post.house.channel.id, 1, "text"), (post.house.channel.id, 2, "text")]
    assert await post.house.db.screens.value("SELECT name || last_message_id FROM chat") == "@nd2"


async def test_a_flood_wait_postpones_as_long_as_telegram_says(post: Post) -> None:
    post.house.telegram.faults.next("flood", chat=post.house.channel, retry_after=7)
    await post.put()

    assert await post.deliver() == 0
    post.seconds = 6.9
    assert await post.deliver() == 0
    assert len(post.house.telegram.called("sendMessage")) == 1
    post.seconds = 7.0
    assert await post.deliver() == 1

    assert post.texts() == ["post:1"]
    assert post.notes == []


async def test_a_flood_in_one_chat_holds_no_other(post: Post) -> None:
    post.house.telegram.faults.next("flood", chat=post.house.channel, retry_after=7)
    await post.put("post:1")
    await post.put("post:2")
    await post.put("card", chat=str(post.house.desk.id), priority=2)

    assert await post.deliver() == 1

    assert post.texts(post.house.desk) == ["card"]
    assert len(post.house.telegram.called("sendMessage")) == 2  # post:2 was not even tried


@pytest.mark.parametrize(
    ("fault", "landed"),
    [("lost_before", 0), ("html", 0), ("server_error", 0), ("lost_after", 1), ("html_after", 1), ("truncated", 1)],
)
async def test_a_lost_answer_is_doubt_and_not_sent_again_by_itself(post: Post, fault: str, landed: int) -> None:
    post.house.telegram.faults.next(fault, chat=post.house.channel)
    await post.put()

    await post.deliver()
    post.seconds += HOUR
    await post.deliver()
    await post.deliverer.start(NOON)

    assert await post.state() == "doubt"
    assert len(post.texts()) == landed
    assert post.deliverer.doubted.is_set()  # somebody has to look


async def test_doubt_about_the_first_part_holds_the_second(post: Post) -> None:
    post.house.telegram.faults.next("lost_after", chat=post.house.channel)
    edition_id = await edition(post)

    await post.deliver()
    post.seconds += HOUR
    await post.deliver()

    assert post.texts() == ["edition:1"]
    assert await edition_state(post, edition_id) == "approved"


async def test_without_a_connection_everything_waits_and_goes_out_once(post: Post) -> None:
    await post.put("post:1")
    await post.put("card", chat=str(post.house.desk.id), priority=2)
    await post.house.telegram.die()

    assert await post.deliver() == 0
    assert (await post.state("post:1"), await post.state("card")) == ("waiting", "waiting")
    await post.house.telegram.revive()
    assert await post.deliver() == 0  # still held: no hammering
    post.seconds += 10
    assert await post.deliver() == 2
    assert await post.deliver() == 0

    assert post.texts() == ["post:1"]
    assert post.texts(post.house.desk) == ["card"]


async def test_what_telegram_refuses_is_told_with_its_reason(post: Post) -> None:
    edition_id = await edition(post)
    async with post.house.db.transaction() as tx:
        await tx.run("""UPDATE outbox SET payload_json = '{"text": "<b>", "parse_mode": "HTML"}' WHERE part = 1""")

    await post.deliver()

    assert (await post.state("edition:1"), await post.state("edition:2")) == ("refused", "dropped")
    assert await edition_state(post, edition_id) == "held"
    assert post.texts() == []
    assert "can't parse entities" in post.texts(post.house.desk)[0]
    assert len(post.notes) == 1


async def test_a_lost_right_is_told_once_and_the_queue_goes_out_when_it_returns(post: Post) -> None:
    telegram, channel, account = post.house.telegram, post.house.channel, post.house.account
    telegram.set_rights(channel, account, can_post_messages=False)
    await post.put("post:1")
    await post.put("post:2")

    for _ in range(3):
        await post.deliver()
        post.seconds += 60
    assert len(post.notes) == 1
    assert post.notes[0].startswith("🚨")
    telegram.set_rights(channel, account, can_post_messages=True)
    await post.deliver()

    assert post.texts() == ["post:1", "post:2"]
    assert len(post.notes) == 1


async def test_a_bot_removed_from_the_channel_waits(post: Post) -> None:
    post.house.telegram.remove(post.house.channel, post.house.account)
    await post.put()

    await post.deliver()

    assert await post.state() == "waiting"
    assert len(post.notes) == 1


async def test_a_refused_note_makes_no_further_notes(post: Post) -> None:
    post.house.telegram.faults.next("refuse", chat=post.house.desk, code=400, description="Bad Request: no", times=9)
    post.house.telegram.faults.next("refuse", chat=post.house.channel, code=400, description="Bad Request: no")
    await post.put()

    await post.deliver()

    assert await post.state() == "refused"
    assert await post.state(f"{notes.NOTE}refused:post:1") == "refused"
    assert len(post.house.telegram.called("sendMessage")) == 2


async def test_a_reader_who_blocked_the_bot_is_no_news_for_the_editors(post: Post) -> None:
    reader = post.house.reader
    post.house.telegram.private(reader)
    post.house.telegram.block(reader)
    await post.put("alert", chat=str(reader.id), reader_id=reader.id, priority=3)

    await post.deliver()

    assert await post.state("alert") == "refused"
    assert post.notes == []


@pytest.mark.parametrize(
    "poison",
    [
        {"method": "sendCarrierPigeon"},
        {"payload": {"text": 5}},
        {"payload": {}},
        {"payload": {"text": "а", "chat_id": 7}},
        {"payload": {"text": "Таємний чернетковий текст", "reply_markup": {"inline_keyboard": "Таємний"}}},
    ],
)
async def test_a_poisoned_parcel_is_refused_and_the_next_one_goes(
    post: Post, poison: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    await post.put("poison", **poison)
    await post.put("post:1")

    assert await post.deliver() == 2  # the post, and the note on the poison

    found = await outbox.find(post.house.db.screens, "poison")
    assert found is not None
    assert (found.state, bool(found.reason)) == ("refused", True)
    assert post.texts() == ["post:1"]
    assert len(post.notes) == 1
    assert "Таємний" not in caplog.text


async def test_a_send_is_finished_and_recorded_although_the_bot_is_told_to_stop(post: Post) -> None:
    post.house.telegram.faults.next("delay")
    await post.put("post:1")
    await post.put("post:2")
    sending = asyncio.create_task(post.deliver())
    await post.house.telegram.until(lambda: post.house.telegram.running)

    sending.cancel()
    await asyncio.wait([sending])
    post.house.telegram.faults.release()
    await post.deliverer.farewell(5.0)

    assert (await post.state("post:1"), await post.state("post:2")) == ("sent", "waiting")
    assert post.texts() == ["post:1"]


async def test_a_send_that_outlasts_the_farewell_is_doubt_at_the_next_start(post: Post) -> None:
    post.house.telegram.faults.next("delay")
    await post.put()
    sending = asyncio.create_task(post.deliver())
    await post.house.telegram.until(lambda: post.house.telegram.running)
    sending.cancel()

    await post.deliverer.farewell(0.01)
    post.house.telegram.faults.release()
    await post.deliverer.start(NOON)

    assert await post.state() == "doubt"


async def test_how_a_send_ended_is_written_when_the_disk_has_room_again(post: Post) -> None:
    post.deliverer = Deliverer(post.house.db, post.house.bot, post.endings, watch=Watch(speed=200.0))
    await post.put()
    async with post.house.db.transaction() as tx:
        await tx.run(
            """CREATE TRIGGER full BEFORE UPDATE OF state ON outbox WHEN NEW.state = 'sent'
               BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"""
        )

    async with logged("how a send ended cannot be written"):
        sending = asyncio.create_task(post.deliver())
    async with post.house.db.transaction() as tx:
        await tx.run("DROP TRIGGER full")
    await sending

    assert await post.state() == "sent"
    assert post.texts() == ["post:1"]


async def test_what_is_put_while_the_deliverer_rests_goes_out_when_it_is_stirred(post: Post) -> None:
    running = asyncio.create_task(post.deliverer.run(post.clock))
    await post.put("post:1")
    post.deliverer.stirred.set()
    await post.house.telegram.arrived(post.house.channel)
    running.cancel()
    await asyncio.wait([running])

    assert post.texts() == ["post:1"]


async def test_the_newest_edit_wins_although_an_older_one_lands_late(post: Post) -> None:
    await post.put()
    await post.deliver()
    post.house.telegram.faults.next("late", method="editMessageText")
    await wish(post, "загинуло двоє")
    await post.deliver()

    await wish(post, "загинув один")
    post.seconds += 5.0
    await post.deliver()
    assert post.texts() == ["загинув один"]
    post.house.telegram.faults.land()
    await post.house.telegram.until(lambda: post.texts() == ["загинуло двоє"])
    post.seconds += 60.0
    await post.deliver()

    assert post.texts() == ["загинув один"]


async def wish(post: Post, text: str) -> None:
    async with post.house.db.transaction() as tx:
        await messages.want(tx, "post:1", {"text": text})
