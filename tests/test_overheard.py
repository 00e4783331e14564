"""Channels that the bot is in: what others post is reported, what was posted by hand in ours is history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from aiogram.types import Update

from bot.desk import overheard
from bot.intake.take import Intake
from bot.playground import Chat
from storage import items, outbox, sources, stories, updates
from storage.model import Item, Parcel
from tests.conftest import NOON, House
from tests.test_meaning import TRUCKS, WATER, Model

HOUR = timedelta(hours=1)
QUAKE = "Землетрус у Румунії відчули в Одесі"


@dataclass
class Ear:
    """The house with the ear in it, and a neighbour's channel that the bot was let into."""

    house: House
    neighbour: Chat

    async def post(self, chat: Chat, text: str) -> int:
        message = self.house.telegram.say(chat, None, text)
        await self.house.work()
        return message.message_id

    async def let_in(self, chat: Chat) -> None:
        """An editor made it a source."""
        voice = f"t.me/{chat.username or chat.id}".lower()
        async with self.house.db.transaction() as tx:
            await sources.put(
                tx, url=f"channel:{chat.id}", name=chat.title, kind="channel", family=voice, own=False, now=NOON
            )

    async def changed_in_place(self, number: int, text: str) -> None:
        """Telegram tells of an edit in our channel, whoever posted there first."""
        chat = {"id": self.house.channel.id, "type": "channel", "title": "Новини", "username": "nd"}
        at = int(NOON.timestamp())
        post = {"message_id": number, "date": at, "edit_date": at, "chat": chat, "text": text}
        update = Update.model_validate({"update_id": number, "edited_channel_post": post})
        known = {"now": NOON, "newsroom": self.house.newsroom}
        await self.house.dispatcher.feed_update(self.house.bot, update, **known)

    async def items(self) -> list[Item]:
        return [items.item(row) for row in await self.house.db.screens.all("SELECT * FROM item_now ORDER BY id")]

    async def news(self) -> list[str]:
        """The headlines that an edition of this day could tell."""
        found = await stories.between(self.house.db.screens, NOON - HOUR, NOON + 24 * HOUR)
        return [story.state.title for story in found]


@pytest.fixture
async def ear(house: House) -> Ear:
    intake = Intake(house.newsroom, house.wordings.default)
    house.open(overheard.router(), intake=intake)
    made = Ear(house, house.telegram.channel("Сусіди", username="Susidy", admins=[house.account]))
    await made.let_in(made.neighbour)
    return made


async def test_a_channel_that_a_stranger_put_the_bot_into_waits_for_an_editor(ear: Ear) -> None:
    stranger = ear.house.telegram.channel("Чужі", username="chuzhi", admins=[ear.house.account])

    await ear.post(stranger, QUAKE)

    assert await ear.items() == []
    [source] = [each for each in await sources.all_of(ear.house.db.screens) if each.name == "Чужі"]
    assert source.state == "paused"


async def test_a_post_of_another_channel_is_its_report(ear: Ear) -> None:
    number = await ear.post(ear.neighbour, f"⚡️{QUAKE}\n\nПостраждалих немає.\n\n#новини @Susidy")

    [item] = await ear.items()
    assert (item.title, item.lead) == (QUAKE, "Постраждалих немає.")
    assert item.url == f"https://t.me/Susidy/{number}"
    assert (item.source, item.family, item.own, item.history) == ("Сусіди", "t.me/susidy", False, False)
    assert await ear.news() == [QUAKE]


async def test_an_edited_post_is_an_edit(ear: Ear) -> None:
    number = await ear.post(ear.neighbour, QUAKE)

    ear.house.telegram.edit(ear.neighbour, number, f"{QUAKE} та Ізмаїлі")
    await ear.house.work()

    [item] = await ear.items()
    assert (item.title, item.version) == (f"{QUAKE} та Ізмаїлі", 2)


async def test_what_a_post_of_a_channel_means_is_asked_as_of_any_other_report(house: House) -> None:
    model = Model()
    house.open(overheard.router(), intake=Intake(house.newsroom, house.wordings.default, model))
    ear = Ear(house, house.telegram.channel("Сусіди", username="Susidy", admins=[house.account]))
    await ear.let_in(ear.neighbour)

    await ear.post(ear.neighbour, WATER)
    await ear.post(ear.neighbour, TRUCKS)

    assert [item.story_id for item in await ear.items()] == [1, 1]


async def test_of_a_strangers_channel_the_model_is_asked_nothing(house: House) -> None:
    model = Model()
    house.open(overheard.router(), intake=Intake(house.newsroom, house.wordings.default, model))
    ear = Ear(house, house.telegram.channel("Чужі", username="chuzhi", admins=[house.account]))

    await ear.post(ear.neighbour, WATER)
    await ear.post(ear.neighbour, TRUCKS)

    assert model.asked == []


async def test_a_private_channel_has_addresses_of_its_own(ear: Ear) -> None:
    hidden = ear.house.telegram.channel("Свої", admins=[ear.house.account])
    await ear.let_in(hidden)

    number = await ear.post(hidden, QUAKE)
    ear.house.telegram.edit(hidden, number, f"{QUAKE} та Ізмаїлі")
    await ear.post(hidden, "Синоптики обіцяють сніг на вихідних")

    channel = str(hidden.id).removeprefix("-100")
    assert [(item.url, item.version) for item in await ear.items()] == [
        (f"tg://privatepost?channel={channel}&post={number}", 2),
        (f"tg://privatepost?channel={channel}&post={number + 1}", 1),
    ]


async def test_what_was_posted_by_hand_in_our_channel_is_found_but_is_no_news(ear: Ear) -> None:
    await ear.post(ear.house.channel, QUAKE)

    [item] = await ear.items()
    assert (item.own, item.history, item.url) == (True, True, "https://t.me/nd/1")
    assert await ear.news() == []
    assert await ear.house.db.screens.value("SELECT count(*) FROM item_search WHERE item_search MATCH 'землетрус'") == 1


async def test_a_post_by_hand_says_nothing_further_of_a_story_that_waits(ear: Ear) -> None:
    await ear.post(ear.neighbour, f"{QUAKE}, поранено двох людей")

    await ear.post(ear.house.channel, f"{QUAKE}, поранено трьох людей")

    one, other = await ear.items()
    assert one.story_id == other.story_id
    state = await stories.standing(ear.house.db.screens, one.story_id or 0)
    assert state is not None
    assert (state.version, state.title) == (1, one.title)


async def test_our_channel_is_one_voice_with_our_site(ear: Ear) -> None:
    async with ear.house.db.transaction() as tx:
        await sources.put(tx, url="https://nd.ua/rss", name="НД", kind="feed", family="nd.ua", own=True, now=NOON)

    await ear.post(ear.house.channel, QUAKE)

    [item] = await ear.items()
    assert item.family == "nd.ua"


async def test_what_the_bot_posted_and_an_editor_changed_in_place_is_no_report(ear: Ear) -> None:
    async with ear.house.db.transaction() as tx:
        await outbox.put(tx, Parcel("edition:1:1", "@nd", "sendMessage", {"text": QUAKE}, 1, NOON), NOON)
    await ear.house.work()
    [sent] = ear.house.telegram.messages(ear.house.channel)

    for number in (sent.message_id, sent.message_id + 1):  # the second is nobody's of ours
        await ear.changed_in_place(number, f"{QUAKE} та Ізмаїлі")

    assert [item.url for item in await ear.items()] == [f"https://t.me/nd/{sent.message_id + 1}"]


@pytest.mark.parametrize("text", ["🔥🔥🔥", "…"])
async def test_a_post_without_words_is_no_report(ear: Ear, text: str) -> None:
    await ear.post(ear.neighbour, text)

    assert await ear.items() == []


async def test_a_picture_is_known_by_its_caption(ear: Ear) -> None:
    ear.house.telegram.send_photo(ear.neighbour, None, QUAKE)
    ear.house.telegram.send_photo(ear.neighbour, None)
    await ear.house.work()

    assert [item.title for item in await ear.items()] == [QUAKE]


async def test_hostile_words_are_only_words(ear: Ear) -> None:
    text = "Увага <b>усім</b> </a><script>alert(1)</script> {title} %s '; DROP TABLE item; -- у Краматорську"

    await ear.post(ear.neighbour, text)

    [item] = await ear.items()
    assert item.title == text


async def test_an_old_post_that_somebody_mends_is_no_news_of_today(ear: Ear) -> None:
    message = ear.house.telegram.say(ear.neighbour, None, "🔥")
    await ear.house.work()
    ear.house.now += 25 * HOUR

    ear.house.telegram.edit(ear.neighbour, message, QUAKE)
    await ear.house.work()

    [item] = await ear.items()
    assert item.history


async def test_a_paused_channel_is_not_heard(ear: Ear) -> None:
    await ear.post(ear.neighbour, QUAKE)
    async with ear.house.db.transaction() as tx:
        await tx.run("UPDATE source SET state = 'paused'")

    await ear.post(ear.neighbour, "Синоптики обіцяють сніг на вихідних")

    assert [item.title for item in await ear.items()] == [QUAKE]


async def test_an_update_is_done_with_what_it_brought(ear: Ear) -> None:
    ear.house.telegram.say(ear.neighbour, None, QUAKE)
    [update] = await ear.house.bot.get_updates(offset=ear.house.heard + 1, timeout=0)
    async with ear.house.db.transaction() as tx:
        await updates.keep(tx, [(update.update_id, "{}")], NOON)

    await ear.house.work()

    assert await updates.is_done(ear.house.db.screens, update.update_id)
    assert len(await ear.items()) == 1
