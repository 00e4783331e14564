"""What readers leave under the channel's posts: counted, shown on the card, and measured against other posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiogram.types import Update

from bot.desk import echoes, paint
from bot.desk.content import from_report
from bot.desk.hear import Desk
from bot.judgement.echo import FEWEST
from bot.playground import Message
from storage import outbox, posts, reactions, stories
from storage.database import Transaction
from storage.model import Item, Parcel, Post
from tests.conftest import MINUTE, NOON, House, put

HOUR = 60 * MINUTE
DAY = 24 * HOUR
WATER = "У Краматорську повернули воду в чотири райони"
STRIKE = "Удар по Краматорську: двоє загиблих"


@dataclass
class Newsroom:
    """The house, and what it published."""

    house: House
    desk: Desk

    async def publish(self, item: Item, state: str = "published") -> tuple[Message, Message]:
        """A post about the report stands in the channel: (it, its card)."""
        house, easel = self.house, self.desk.easel
        content = from_report(item.title, item.lead, item.url)
        async with house.db.transaction() as tx:
            known: dict[str, Any] = {"story_id": item.story_id, "item_id": item.id}
            post = await posts.add(
                tx, channel_id=easel.channel.id, state=state, content=content, editor=1, now=house.now, **known
            )
            await paint.offer(tx, easel, post, house.now)
            said = {"text": content.text, "disable_notification": True}
            await outbox.put(tx, _parcel(post, said, house.now), house.now)
        await house.deliver()
        return house.telegram.messages(house.channel)[-1], house.telegram.messages(house.desk)[-1]

    async def react(self, post: Message, **counts: int) -> None:
        """Readers' signs under the post from now on, and all that the bot does about it now."""
        self.house.telegram.count_reactions(self.house.channel, post, **counts)
        await self.house.work()
        await self.look()

    async def look(self, after: timedelta = timedelta()) -> None:
        """The clock's ring, so much later."""
        self.house.now += after
        await echoes.follow(self.house.db, self.desk.easel, self.house.now)
        await self.house.deliver()

    async def told(self, number: int, signs: list[dict[str, Any]], at: datetime) -> None:
        """Telegram tells of a message's reactions in its own words."""
        chat = {"id": self.house.channel.id, "type": "channel", "title": "Новини", "username": "nd"}
        body = {"chat": chat, "message_id": number, "date": int(at.timestamp()), "reactions": signs}
        update = Update.model_validate({"update_id": 7, "message_reaction_count": body})
        known = {"now": self.house.now, "newsroom": self.house.newsroom}
        await self.house.dispatcher.feed_update(self.house.bot, update, **known)

    async def count(self, table: str) -> int:
        return int(await self.house.db.screens.value(f"SELECT count(*) FROM {table}"))

    async def echo(self, story_id: int) -> float | None:
        """What an edition knows of it."""
        [story] = await stories.several(self.house.db.screens, [story_id], self.house.now + MINUTE)
        return story.echo

    async def ten_posts(self, total: int) -> None:
        """A month of usual posts: ten that got so many reactions in their first half an hour."""
        async with self.house.db.transaction() as tx:
            for number in range(1, FEWEST + 1):
                await self.sent(tx, Parcel(f"post:1:old{number}", "@nd", "sendMessage", {}, 1, NOON, post_id=1), number)
                await reactions.measured(tx, self.half_an_hour_old(number, total), None, NOON - DAY)

    async def sent(self, tx: Transaction, what: Parcel, number: int) -> None:
        """It has stood in the channel since yesterday."""
        await outbox.put(tx, what, NOON - DAY)
        known = await outbox.find(tx, what.intent)
        assert known is not None
        await outbox.record(tx, known.id, self.house.channel.id, 1000 + number, "text", 1, NOON - DAY)
        await outbox.sent(tx, known.id, NOON - DAY)

    def half_an_hour_old(self, number: int, total: int) -> reactions.Aged:
        return reactions.Aged(self.house.channel.id, 1000 + number, 30 * MINUTE, total, 1)


def _parcel(post: Post, said: dict[str, Any], now: datetime) -> Parcel:
    return Parcel(
        f"post:{post.id}:{post.version}", "@nd", "sendMessage", said, 1, now,
        post_id=post.id, story_id=post.story_id, story_version=1,
    )  # fmt: skip


def _sign(emoji: str, count: int) -> dict[str, Any]:
    return {"type": {"type": "emoji", "emoji": emoji}, "total_count": count}


@pytest.fixture
async def room(home: House) -> Newsroom:
    asked = home.dispatcher.resolve_used_update_types()
    await home.bot.get_updates(timeout=0, allowed_updates=asked)  # Telegram tells of reactions on request only
    home.telegram.clock = lambda: home.now.timestamp()
    return Newsroom(home, home.dispatcher.workflow_data["desk"])


async def test_the_card_says_how_readers_answered(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, WATER))
    room.house.now += 2 * HOUR

    await room.react(post, **{"👍": 7, "❤": 41, "😁": 2, "🔥": 12})

    assert card.text.splitlines() == [
        "✅ Опубліковано: 14:06", WATER, "За 2 години: ❤ 41 · 🔥 12 · 👍 7", "У «Головному за день»: може бути",
    ]  # fmt: skip


async def test_where_people_died_nobody_counts_hearts(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, STRIKE))
    before = card.text

    await room.react(post, **{"❤": 41, "🔥": 12})

    assert card.text.replace("14:06", "") == before.replace("14:06", "")
    assert "🔥" not in card.text


async def test_a_card_is_repainted_for_readers_once_in_ten_minutes(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, WATER))
    await room.react(post, **{"❤": 1})
    assert "За 1 хвилину: ❤ 1\n" in card.text

    for count in range(2, 9):
        room.house.now += MINUTE
        await room.react(post, **{"❤": count})
    assert "❤ 1\n" in card.text
    await room.look(after=3 * MINUTE)

    assert "За 10 хвилин: ❤ 8\n" in card.text
    assert len(room.house.telegram.called("editMessageText")) == 2


async def test_an_act_of_an_editor_shows_the_reactions_too(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, WATER))
    await room.react(post, **{"❤": 1})
    await room.react(post, **{"❤": 5})

    async with room.house.db.transaction() as tx:
        found = await posts.get(tx, 1)
        assert found is not None
        await paint.repaint(tx, room.desk.easel, found, room.house.now)
    await room.look(after=11 * MINUTE)

    assert "За 1 хвилину: ❤ 5\n" in card.text
    assert len(room.house.telegram.called("editMessageText")) == 2  # nothing was left to say


async def test_after_two_days_the_card_rests(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, WATER))
    room.house.now += 2 * DAY + MINUTE

    await room.react(post, **{"❤": 41})

    assert "❤" not in card.text
    assert await room.count("reaction") == 1


async def test_what_telegram_told_earlier_never_replaces_what_it_told_later(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, WATER))
    await room.told(post.message_id, [_sign("❤", 9)], room.house.now + 5 * MINUTE)
    room.house.now += 5 * MINUTE

    await room.told(post.message_id, [_sign("❤", 12)], room.house.now)
    await room.told(post.message_id, [_sign("❤", 3)], room.house.now - MINUTE)
    await room.look()

    assert "❤ 12\n" in card.text


async def test_custom_and_paid_signs_count_but_have_no_letter_to_show(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, WATER))
    custom = {"type": {"type": "custom_emoji", "custom_emoji_id": "5"}, "total_count": 30}
    paid = {"type": {"type": "paid"}, "total_count": 4}

    await room.told(post.message_id, [custom, _sign("❤", 6), paid], NOON)
    await room.look()

    assert "За 1 хвилину: ❤ 6\n" in card.text
    assert await room.house.db.screens.value("SELECT total FROM reaction") == 40


async def test_reactions_that_were_taken_away_leave_no_line(room: Newsroom) -> None:
    post, card = await room.publish(await put(room.house.db, WATER))
    await room.react(post, **{"❤": 1})

    room.house.now += 10 * MINUTE
    await room.react(post)

    assert "❤" not in card.text


async def test_what_others_posted_in_the_channel_is_not_kept(room: Newsroom) -> None:
    by_hand = room.house.telegram.say(room.house.channel, None, "Допис руками")

    await room.react(by_hand, **{"❤": 41})

    assert await room.count("reaction") == 0


async def test_after_ninety_days_nothing_of_it_is_kept(room: Newsroom) -> None:
    old, _ = await room.publish(await put(room.house.db, WATER))
    await room.react(old, **{"❤": 41})
    await room.look(after=30 * MINUTE)
    assert (await room.count("reaction"), await room.count("reaction_age")) == (1, 1)

    room.house.now += 91 * DAY
    post, _ = await room.publish(await put(room.house.db, STRIKE))
    await room.react(post, **{"😢": 3})

    assert await room.house.db.screens.value("SELECT group_concat(message_id) FROM reaction") == str(post.message_id)
    assert await room.count("reaction_age") == 0


async def test_a_storys_echo_is_a_multiple_of_what_the_channels_posts_usually_get(room: Newsroom) -> None:
    item = await put(room.house.db, WATER)
    post, _ = await room.publish(item)
    await room.ten_posts(total=10)
    await room.react(post, **{"❤": 20, "🔥": 5})
    assert await room.echo(1) is None  # it is too young to be compared

    await room.look(after=30 * MINUTE)

    assert await room.echo(1) == 2.5


async def test_a_post_that_nobody_answered_has_an_echo_of_nothing(room: Newsroom) -> None:
    await room.publish(await put(room.house.db, WATER))
    await room.ten_posts(total=10)

    await room.look(after=30 * MINUTE)

    assert await room.echo(1) == 0.0


async def test_a_young_channel_only_gathers_its_curve(room: Newsroom) -> None:
    post, _ = await room.publish(await put(room.house.db, WATER))
    await room.react(post, **{"❤": 20})

    for _ in range(3):
        await room.look(after=30 * MINUTE)

    rows = await room.house.db.screens.all("SELECT age_minutes, total, echo FROM reaction_age ORDER BY age_minutes")
    assert [tuple(row) for row in rows] == [(30, 20, None), (60, 20, None)]
    assert await room.echo(1) is None


async def test_what_an_outage_hid_is_not_measured_late(room: Newsroom) -> None:
    post, _ = await room.publish(await put(room.house.db, WATER))
    await room.react(post, **{"❤": 20})

    await room.look(after=4 * HOUR + 31 * MINUTE)

    assert await room.count("reaction_age") == 0


async def test_a_digest_answers_for_no_one_story(room: Newsroom) -> None:
    item = await put(room.house.db, WATER)
    await room.publish(item)
    await room.ten_posts(total=10)
    async with room.house.db.transaction() as tx:
        await room.sent(tx, Parcel("digest:1", "@nd", "sendMessage", {}, 1, NOON, story_id=item.story_id), 99)
        await reactions.measured(tx, room.half_an_hour_old(99, 90), 9.0, NOON)

    assert await room.echo(1) is None
