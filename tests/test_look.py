"""When an answer is lost the bot looks into the chat: what stands there is never sent again, what does not, is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot.delivery.deliver import Deliverer
from bot.delivery.doubt import AGAIN_SECONDS, BEYOND
from bot.delivery.look import Looker
from bot.delivery.pace import unlimited
from bot.playground import Chat
from storage import channels, messages, outbox
from storage.model import Parcel
from tests.conftest import NOON, House
from tests.test_deliver import Stopped, edition

FIRST: dict[str, Any] = {
    "text": "Двоє людей загинули в Краматорську",
    "entities": [{"type": "bold", "offset": 0, "length": 4}],
}
SECOND: dict[str, Any] = {"text": "Воду повернуть увечері"}


@dataclass
class Search:
    """The deliverer and the looker at work in the house; `seconds` is their watch."""

    house: House
    probe: Chat
    seconds: float = 0.0
    deliverer: Deliverer = field(init=False)
    looker: Looker = field(init=False)

    def __post_init__(self) -> None:
        house, watch, pace = self.house, Stopped(lambda: self.seconds), unlimited()
        self.deliverer = Deliverer(house.db, house.bot, house.endings, watch=watch, pace=pace)
        self.looker = Looker(
            house.db, house.bot, house.endings, self.probe.id, pace=pace, watch=watch,
            stirred=asyncio.Event(), stir=lambda: None,
        )  # fmt: skip

    def clock(self) -> datetime:
        return self.house.now

    async def known(self) -> None:
        """The bot knows where the channel and the desk are: something of its own stands there."""
        await self.put("known:1", {"text": "Доброго ранку"})
        await self.put("known:2", {"text": "Доброго ранку"}, chat=str(self.house.desk.id))
        await self.deliver()

    async def put(self, intent: str, payload: dict[str, Any], **more: Any) -> None:
        known: dict[str, Any] = {"chat": "@nd", "method": "sendMessage", "priority": 1, "due_at": NOON}
        async with self.house.db.transaction() as tx:
            await outbox.put(tx, Parcel(intent, payload=payload, **(known | more)), NOON)

    async def lose(self, fault: str, payload: dict[str, Any] = FIRST, **more: Any) -> None:
        """Sends «post:1», whose answer is lost in this way."""
        self.house.telegram.faults.next(fault, method="send*")
        await self.put("post:1", payload, **more)
        await self.deliver()
        assert await self.state() == "doubt"

    async def deliver(self) -> None:
        await self.deliverer.deliver_due(self.clock)

    async def look(self) -> float | None:
        return await self.looker.look_due(self.clock)

    async def look_twice(self) -> None:
        await self.look()
        self.seconds += AGAIN_SECONDS
        await self.look()

    async def state(self, intent: str = "post:1") -> str:
        found = await outbox.find(self.house.db.screens, intent)
        return found.state if found else "none"

    def says(self, payload: dict[str, Any] = FIRST) -> int:
        """How often the channel says it."""
        return self.house.telegram.texts(self.house.channel).count(payload["text"])

    @property
    def question(self) -> str:
        """What the editors are asked, '' when they are not."""
        return next((text for text in self.house.telegram.texts(self.house.desk) if text.startswith("❓")), "")


@pytest.fixture
async def search(house: House) -> Search:
    probe = house.telegram.group("Проба", admins=[house.account])
    made = Search(house, probe)
    await made.known()
    return made


@pytest.mark.parametrize("fault", ["lost_after", "html_after", "truncated"])
async def test_a_post_that_arrived_is_found_and_not_sent_again(search: Search, fault: str) -> None:
    await search.lose(fault)

    assert await search.look() is None
    await search.deliver()

    assert (await search.state(), search.says()) == ("sent", 1)
    row = await search.house.db.screens.one(
        "SELECT m.message_id FROM message AS m JOIN outbox AS o ON o.id = m.outbox_id WHERE o.intent = 'post:1'"
    )
    assert row is not None
    assert row["message_id"] == search.house.telegram.messages(search.house.channel)[-1].message_id


async def test_what_was_forwarded_for_looking_is_taken_away_at_once_and_rings_nobody(search: Search) -> None:
    await search.lose("lost_after")

    await search.look()

    assert search.house.telegram.messages(search.probe) == []
    assert all(call.params.get("disable_notification") for call in search.house.telegram.called("forwardMessage"))


@pytest.mark.parametrize("fault", ["lost_before", "html", "server_error"])
async def test_a_post_that_did_not_arrive_is_sent_after_two_looks_a_minute_apart(search: Search, fault: str) -> None:
    await search.lose(fault)

    assert await search.look() == AGAIN_SECONDS
    await search.deliver()
    assert search.says() == 0
    search.seconds += AGAIN_SECONDS
    assert await search.look() is None
    await search.deliver()

    assert (await search.state(), search.says()) == ("sent", 1)


async def test_a_post_that_lands_after_the_first_look_is_found_by_the_second(search: Search) -> None:
    await search.lose("late")

    await search.look()
    search.house.telegram.faults.land()
    await search.house.telegram.until(lambda: search.says() == 1)
    search.seconds += AGAIN_SECONDS
    await search.look()
    await search.deliver()

    assert (await search.state(), search.says()) == ("sent", 1)


async def test_a_look_that_began_too_early_is_not_the_second(search: Search) -> None:
    await search.lose("lost_before")
    await search.look()
    search.seconds += AGAIN_SECONDS - 1

    await search.look()

    assert await search.state() == "doubt"


async def test_other_peoples_posts_holes_and_service_messages_are_no_end(search: Search) -> None:
    telegram, channel = search.house.telegram, search.house.channel
    search.house.telegram.faults.next("late", method="sendMessage")
    await search.put("post:1", FIRST)
    await search.deliver()
    for number in range(5):
        telegram.say(channel, search.house.editor, f"Допис людини {number}")
    telegram.delete(channel, *telegram.messages(channel)[-2:])
    for _ in range(BEYOND - 3):
        telegram.delete(channel, telegram.say(channel, search.house.editor, "Помилка"))
    telegram.service(channel, search.house.editor, {"new_chat_title": "Новини"})
    search.house.telegram.faults.land()
    await telegram.until(lambda: search.says() == 1)

    await search.look()

    assert (await search.state(), search.says()) == ("sent", 1)


async def test_the_same_text_forwarded_from_elsewhere_is_not_ours(search: Search) -> None:
    telegram, channel = search.house.telegram, search.house.channel
    elsewhere = telegram.channel("Сусіди", username="susidy")
    foreign = telegram.say(elsewhere, search.house.editor, FIRST["text"], entities=FIRST["entities"])
    await search.lose("lost_before")
    telegram.forward(channel, search.house.editor, elsewhere, foreign)

    await search.look_twice()
    await search.deliver()

    assert await search.state() == "sent"
    assert search.says() == 2  # theirs and ours


async def test_two_that_look_alike_are_for_an_editor_to_tell_apart(search: Search) -> None:
    await search.lose("lost_after")
    search.house.telegram.say(search.house.channel, search.house.editor, FIRST["text"], entities=FIRST["entities"])

    await search.look()
    await search.deliver()

    assert "кілька" in search.question
    assert search.says() == 2


async def test_a_channel_that_forbids_forwarding_is_for_an_editor_to_look_at(search: Search) -> None:
    search.house.channel.protected = True
    await search.lose("lost_before")

    await search.look()
    await search.deliver()

    assert "заборонено пересилати" in search.question
    assert search.says() == 0


async def test_without_a_known_message_an_editor_is_asked(search: Search) -> None:
    async with search.house.db.transaction() as tx:
        await tx.run("DELETE FROM chat WHERE id = ?", (search.house.channel.id,))
    await search.lose("lost_after")

    await search.look()
    await search.deliver()

    assert "з якого місця шукати" in search.question


async def test_two_minutes_of_flood_waits_are_enough_to_ask_an_editor(search: Search) -> None:
    await search.lose("lost_before")
    search.house.telegram.faults.next("flood", method="forwardMessage", times=9, retry_after=50)

    for _ in range(3):
        wait = await search.look()
        assert wait is None or wait == pytest.approx(50.0)
        search.seconds += 50.0
    await search.deliver()

    assert "дві хвилини" in search.question


async def test_a_flood_wait_interrupts_a_look_and_does_not_begin_it_anew(search: Search) -> None:
    await search.lose("lost_before")
    search.house.telegram.faults.next("flood", method="forwardMessage", after=10, retry_after=5)

    await search.look()
    search.seconds += 5.0
    await search.look()

    tried = [call.params["message_id"] for call in search.house.telegram.called("forwardMessage")]
    assert tried == [*range(tried[0], tried[0] + 11), *range(tried[10], tried[0] + BEYOND)]


async def test_a_part_waits_until_the_doubt_about_the_one_before_is_over(search: Search) -> None:
    search.house.telegram.faults.next("lost_after", method="sendMessage")
    edition_id = await edition_of(search)

    await search.deliver()
    assert await search.state("edition:2") == "waiting"
    await search.look()
    await search.deliver()

    assert search.house.telegram.texts(search.house.channel)[-2:] == ["edition:1", "edition:2"]
    state = await search.house.db.screens.value("SELECT state FROM edition WHERE id = ?", (edition_id,))
    assert state == "out"


async def test_breaking_news_passes_a_doubt_and_is_not_taken_for_it(search: Search) -> None:
    await search.lose("lost_before")
    await search.put("post:2", FIRST, priority=0)

    await search.deliver()
    await search.look_twice()
    await search.deliver()

    assert (await search.state(), search.says()) == ("sent", 2)
    probed = {call.params["message_id"] for call in search.house.telegram.called("forwardMessage")}
    passed = search.house.telegram.messages(search.house.channel)[1].message_id
    assert passed not in probed  # the bot knows itself what that is


async def test_a_card_in_the_editors_chat_is_found_there(search: Search) -> None:
    await search.lose("lost_after", SECOND, chat=str(search.house.desk.id), priority=2)
    search.house.telegram.say(search.house.desk, search.house.editor, SECOND["text"])

    await search.look()
    await search.deliver()

    assert await search.state() == "sent"
    assert search.house.telegram.texts(search.house.desk).count(SECOND["text"]) == 2  # the editor's own and the card


async def test_an_alert_whose_answer_was_lost_is_never_sent_again(search: Search) -> None:
    reader = search.house.reader.id
    search.house.telegram.private(reader)
    await search.lose("lost_before", chat=str(reader), reader_id=reader, priority=3)

    await search.look_twice()
    await search.deliver()

    assert await search.state() == "doubt"
    assert search.house.telegram.texts(search.house.chat) == []
    assert search.house.telegram.called("forwardMessage") == []


@pytest.mark.parametrize(("fault", "tries"), [("lost_after", 1), ("lost_before", 2)])
async def test_an_answer_to_a_reader_arrives_once_and_nobody_else_sees_it(
    search: Search, fault: str, tries: int
) -> None:
    house = search.house
    question = house.telegram.say(house.chat, house.reader, "/latest")
    async with house.db.transaction() as tx:
        await channels.heard(tx, house.reader.id, None, question.message_id, NOON)
    answer: dict[str, Any] = {"chat": str(house.reader.id), "reader_id": house.reader.id, "update_id": 7, "priority": 2}
    await search.lose(fault, **answer)

    await search.look_twice()
    await search.deliver()

    assert await search.state() == "sent"
    assert house.telegram.texts(house.chat) == ["/latest", FIRST["text"]]
    assert len(house.telegram.called("sendMessage")) == 2 + tries
    assert house.telegram.called("forwardMessage") == []


async def test_a_correction_made_during_the_doubt_is_shown_when_it_is_over(search: Search) -> None:
    await search.lose("lost_after")
    async with search.house.db.transaction() as tx:
        await messages.want(tx, "post:1", {"text": "Загинула одна людина в Краматорську"})

    await search.deliver()
    assert search.says() == 1
    await search.look()
    await search.deliver()

    assert search.house.telegram.texts(search.house.channel)[-1] == "Загинула одна людина в Краматорську"


async def test_the_network_may_be_away_for_hours_and_nobody_is_asked(search: Search) -> None:
    await search.lose("lost_after")
    await search.house.telegram.die()

    for _ in range(5):
        assert await search.look() is not None
        search.seconds += 3600.0
    await search.house.telegram.revive()
    await search.look()

    assert (await search.state(), search.question) == ("sent", "")


async def edition_of(search: Search) -> int:
    """An edition of two parts in the outbox; its id."""

    @dataclass
    class Shelf:
        house: House
        put: Callable[..., Any]

    async def put(intent: str, **more: Any) -> None:
        await search.put(intent, {"text": intent}, **more)

    return await edition(Shelf(search.house, put))  # type: ignore[arg-type]
