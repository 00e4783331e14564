"""Editors' votes: a 🔥 or ✍ on a card says that its story belongs into «Головне за день»."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.desk import paint
from bot.desk.content import from_report
from bot.desk.hear import Desk
from bot.playground import Message, sample_day
from bot.playground.sample_day import instant
from bot.playground.town import Town, town
from storage import posts, stories
from storage.model import Item
from tests.conftest import NOON, House, put

HOUR = timedelta(hours=1)
WATER = "У Краматорську повернули воду в чотири райони"
STRIKE = "Удар по Краматорську: двоє загиблих"


@dataclass
class Newsroom:
    """The house with two editors and what was pasted there."""

    house: House
    desk: Desk

    async def card(self, item: Item, below: Message | None = None) -> Message:
        """The card of the report, as a pasted link makes it."""
        async with self.house.db.transaction() as tx:
            made = await posts.add(
                tx,
                channel_id=self.desk.easel.channel.id,
                state="candidate",
                content=from_report(item.title, item.lead, item.url),
                editor=self.house.editor.id,
                now=NOON,
                story_id=item.story_id,
                item_id=item.id,
            )
            reply_to = below.message_id if below else None
            await paint.offer(tx, self.desk.easel, made, NOON, reply_to=reply_to)
        await self.house.deliver()
        return self.house.telegram.messages(self.house.desk)[-1]

    async def react(self, message: Message, *signs: str, who: int | None = None, anonymous: bool = False) -> str:
        """The editor's signs under the message from now on; the message's text after it."""
        editor = who or self.house.editor.id
        self.house.telegram.react(self.house.desk, editor, message, *signs, anonymous=anonymous)
        await self.house.work()
        return message.text

    async def votes(self, until_at: datetime = NOON + HOUR) -> int:
        """What an edition that takes what stood before then knows."""
        [story] = await stories.between(self.house.db.screens, NOON - HOUR, until_at)
        return story.votes


@pytest.fixture
async def room(home: House) -> Newsroom:
    asked = home.dispatcher.resolve_used_update_types()
    assert {"message_reaction", "message_reaction_count"} <= set(asked)
    await home.bot.get_updates(timeout=0, allowed_updates=asked)  # Telegram tells of reactions on request only
    home.telegram.user(1002, "Андрій")
    return Newsroom(home, home.dispatcher.workflow_data["desk"])


async def test_a_fire_on_a_card_is_a_vote_for_its_story(room: Newsroom) -> None:
    card = await room.card(await put(room.house.db, WATER))
    assert "редактор" not in card.text

    text = await room.react(card, "🔥")

    assert text.splitlines()[-2] == "🔥 1 редактор"
    assert await room.votes() == 1
    assert await room.votes(until_at=NOON) == 0  # it was not there yet
    post = await posts.get(room.house.db.screens, 1)
    assert post is not None and post.row_version == 1  # nobody's button has grown stale


async def test_each_editor_counts_once_and_may_take_it_back(room: Newsroom) -> None:
    pasted = room.house.telegram.say(room.house.desk, room.house.editor, "https://own.ua/1")
    card = await room.card(await put(room.house.db, WATER), below=pasted)

    await room.react(card, "🔥")
    await room.react(pasted, "🔥")
    assert "🔥 1 редактор\n" in card.text
    await room.react(card, "🔥", who=1002)
    assert "🔥 2 редактори\n" in card.text

    await room.react(card)
    assert "🔥 2 редактори\n" in card.text  # the sign under the pasted link still stands
    await room.react(pasted, "👍")
    assert "🔥 1 редактор\n" in card.text
    await room.react(card, who=1002)
    assert "🔥" not in card.text


@pytest.mark.parametrize("sign", ["✍", "✍\ufe0f", "🔥"])
async def test_where_people_died_no_card_burns(room: Newsroom, sign: str) -> None:
    card = await room.card(await put(room.house.db, STRIKE))

    text = await room.react(card, sign)

    assert "✍ 1 редактор\n" in text
    assert "🔥" not in text


async def test_both_cards_of_one_story_show_its_votes(room: Newsroom) -> None:
    first = await put(room.house.db, WATER)
    second = await put(room.house.db, "Вода в Краматорську: подробиці", story=first.story_id, family="other")
    cards = [await room.card(first), await room.card(second)]

    await room.react(cards[0], "🔥")
    await room.react(cards[1], "🔥", "👏", who=1002)

    assert all("🔥 2 редактори\n" in card.text for card in cards)
    assert await room.votes() == 2


async def test_a_draft_about_no_known_story_has_its_votes_too(room: Newsroom) -> None:
    await room.house.say("/post Говоримо з лікаркою зі Слов’янська", room.house.desk, room.house.editor)
    card = room.house.telegram.messages(room.house.desk)[-1]

    assert "🔥 1 редактор\n" in await room.react(card, "🔥")


@pytest.mark.parametrize("sign", ["👍", "👌", "❤\u200d🔥"])
async def test_any_other_sign_is_talk(room: Newsroom, sign: str) -> None:
    card = await room.card(await put(room.house.db, WATER))
    before = card.text

    assert await room.react(card, sign) == before
    assert not room.house.telegram.called("editMessageText")


async def test_an_anonymous_admin_is_nobody(room: Newsroom) -> None:
    card = await room.card(await put(room.house.db, WATER))

    assert "🔥" not in await room.react(card, "🔥", anonymous=True)


async def test_a_fire_elsewhere_is_no_vote(room: Newsroom) -> None:
    card = await room.card(await put(room.house.db, WATER))
    talk = room.house.telegram.say(room.house.desk, room.house.editor, "гаряча новина")
    neighbours = room.house.telegram.group("Сусіди", members=[room.house.reader], admins=[room.house.account])
    same_number = [room.house.telegram.say(neighbours, room.house.reader, "…") for _ in range(3)][card.message_id - 1]

    await room.react(talk, "🔥")
    room.house.telegram.react(neighbours, room.house.reader, same_number, "🔥")
    await room.house.work()

    assert same_number.message_id == card.message_id
    assert "🔥" not in card.text


async def test_a_vote_moves_neither_the_board_nor_the_queue(room: Newsroom) -> None:
    await room.house.say("/queue", room.house.desk, room.house.editor)
    card = await room.card(await put(room.house.db, WATER))

    await room.react(card, "🔥")

    assert [call.params["message_id"] for call in room.house.telegram.called("editMessageText")] == [card.message_id]


async def test_the_running_bot_asks_telegram_for_reactions(tmp_path: Path) -> None:
    async with town(0, tmp_path) as place:
        await place.live_until(instant("07:30"))
        source = sample_day.sources()[0]
        newest = sample_day.entries(source, instant("07:30"))[0]
        pasted = place.telegram.say(place.desk, place.editor, place.homes[source.name] + newest.path)
        await _settle(place)
        card = next(each for each in reversed(place.telegram.messages(place.desk)) if each.by_bot)

        place.telegram.react(place.desk, place.second, pasted, "✍")
        await _settle(place)

        assert "1 редактор\n" in card.text


async def _settle(place: Town) -> None:
    await place.telegram.quiet()
    await place.app.listener.settle()
    await place.app.deliverer.deliver_due(place.clock)
