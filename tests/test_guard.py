"""Nothing is told twice: what the channel had already is asked about, whoever told it (screens, E8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from aiogram.types import Update
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk import guard_page, overheard
from bot.desk.guard_page import Match
from bot.desk.release import ended, release_due
from bot.editions import programs
from bot.editions.compose import candidates
from bot.editions.packing import MESSAGE_LIMIT, units, visible
from bot.intake import identity
from bot.intake.take import Intake
from bot.playground import Message
from bot.wording import Wordings
from storage import channels, editions, guard, items, posts
from storage.database import Transaction
from storage.editions import Line
from storage.editorial import Before
from storage.model import Content, Item, Parcel, Post, Report
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put

BURST = "Аварія на водогоні в Краматорську: чотири райони без води"
BACK = "У Краматорську після аварії на водогоні повернули воду в чотири райони"
BUSES = "Розклад електричок на вихідні змінять"
QUEUE, NOW, ANYWAY, REPLY, INSTEAD = (
    "✅ У чергу на 14:30",
    "⚡ Зараз",
    "Усе одно на 14:30",
    "Як відповідь на нього",
    "🔄 Оновити той допис",
)
WORDINGS = Wordings(KYIV)
PATIENCE = timedelta(minutes=10)


@pytest.fixture
async def town(home: House) -> House:
    """The newsroom where Олена may do everything, and the bot hears its channel."""
    home.telegram.set_rights(
        home.channel, home.editor, can_post_messages=True, can_edit_messages=True, can_delete_messages=True
    )
    home.open(overheard.router(), intake=Intake(home.newsroom, home.wordings.default))
    easel = home.dispatcher.workflow_data["desk"].easel

    async def hook(tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
        await ended(tx, easel, what, state, reason, now)

    home.endings = Endings(home.newsroom, home.wordings.default, hook)
    home.deliverer = Deliverer(home.db, home.bot, home.endings)
    return home


async def ring(town: House) -> None:
    """Half a minute passes, what is due goes out, and the desk is true."""
    town.now += timedelta(seconds=30)
    desk = town.dispatcher.workflow_data["desk"]
    await release_due(town.db, desk.easel, town.now, PATIENCE)
    await town.deliver()
    await town.deliver()


def cards(town: House) -> list[Message]:
    return [each for each in town.telegram.messages(town.desk) if each.by_bot]


async def tap(town: House, button: str, message: Message | None = None) -> str:
    """What the toast says; the message is the newest when not said otherwise."""
    shown = message or cards(town)[-1]
    tapped = town.telegram.tap(town.desk, town.editor, shown, button)
    await town.work()
    assert tapped.answer is not None
    return str(tapped.answer["text"])


async def draft(town: House, text: str) -> Message:
    """The card of words that an editor gave."""
    await town.say(f"/post {text}", town.desk, town.editor)
    return cards(town)[-1]


async def pasted(town: House, item: Item) -> Message:
    """The card of a report."""
    async with town.db.transaction() as tx:
        await items.learn_keys(tx, item.id, identity.keys(Report(item.title, url=item.url), ""))
    await town.say(item.url, town.desk, town.editor)
    return cards(town)[-1]


async def out(town: House, card: Message) -> None:
    """The card's post goes out."""
    await tap(town, NOW, card)
    await ring(town)


async def edited_by_hand(town: House, number: int, text: str) -> None:
    """A person changes a post of the bot's in the channel, and Telegram tells of it."""
    town.telegram.edit(town.channel, number, text)
    chat = {"id": town.channel.id, "type": "channel", "title": "Новини", "username": "nd"}
    at = int(town.now.timestamp())
    said = {"message_id": number, "date": at, "edit_date": at, "chat": chat, "text": text}
    update = Update.model_validate({"update_id": 9000 + number, "edited_channel_post": said})
    await town.dispatcher.feed_update(town.bot, update, now=town.now, newsroom=town.newsroom)
    await town.deliver()


def buttons(message: Message) -> list[str]:
    return [label for row in labels(message) for label in row]


async def post(town: House, number: int) -> Post:
    found = await posts.get(town.db.screens, number)
    assert found is not None
    return found


async def test_words_near_to_a_published_post_are_asked_about(town: House) -> None:
    await out(town, await draft(town, BURST))

    card = await draft(town, BACK)
    said = await tap(town, QUEUE, card)

    assert said == "Схоже, це вже було. Вирішіть на картці"
    text = cards(town)[-1].text or ""
    assert text.startswith("⚠️ Схоже, це вже було в каналі\nДопис, 14:06: «Аварія на водогоні")
    assert "Нове тут: У Краматорську після аварії" in text
    assert buttons(cards(town)[-1]) == [
        "Відкрити той допис ↗", INSTEAD, REPLY, ANYWAY, "Не публікувати", "‹ Назад"
    ]  # fmt: skip
    assert (await post(town, 2)).state == "draft"


async def test_other_news_is_not_asked_about(town: House) -> None:
    await out(town, await draft(town, BURST))

    await tap(town, QUEUE, await draft(town, BUSES))

    assert (await post(town, 2)).state == "queued"


async def test_all_the_same_goes_to_the_time_that_was_asked_for(town: House) -> None:
    await out(town, await draft(town, BURST))
    await tap(town, QUEUE, await draft(town, BACK))

    said = await tap(town, ANYWAY)

    assert said == "У черзі на 14:30"
    assert (await post(town, 2)).state == "queued"
    town.now = NOON + 24 * MINUTE
    await ring(town)
    assert len(town.telegram.messages(town.channel)) == 2


async def test_it_goes_out_in_reply_to_what_stands(town: House) -> None:
    await out(town, await draft(town, BURST))
    await tap(town, QUEUE, await draft(town, BACK))

    await tap(town, REPLY)
    town.now = NOON + 24 * MINUTE
    await ring(town)

    first, second = town.telegram.messages(town.channel)
    assert second.reply_to == first.message_id


async def test_the_other_post_is_corrected_instead(town: House) -> None:
    await out(town, await draft(town, BURST))
    await tap(town, QUEUE, await draft(town, BACK))

    said = await tap(town, INSTEAD)

    assert said == "Перевірте зміну на картці того допису"
    assert (await post(town, 2)).state == "rejected"
    assert "✏️" in (cards(town)[-1].text or "")
    await tap(town, "✅ Зберегти")
    await ring(town)
    [standing] = town.telegram.messages(town.channel)
    assert BACK in (standing.text or "")


async def test_a_story_that_an_edition_told_is_asked_about_until_it_changes(town: House) -> None:
    item = await put(town.db, "Обстріл Лиманська: загинула жінка", NOON - 60 * MINUTE)
    channel = await channels.find(town.db.screens, "@nd")
    assert channel is not None and item.story_id is not None
    line = Line(item.story_id, 1, 1, item.title, item.title)
    async with town.db.transaction() as tx:
        await editions.add(
            tx, channel_id=channel.id, rubric="digest", local_date="2024-11-23", wall_time="13:00", state="out",
            slot_at=NOON - 66 * MINUTE, from_at=NOON - 90 * MINUTE, until_at=NOON - 66 * MINUTE, lines=[line], now=NOON,
        )  # fmt: skip

    await tap(town, QUEUE, await pasted(town, item))
    assert "У випуску, 13:00: «Обстріл Лиманська" in (cards(town)[-1].text or "")

    await put(town.db, "Обстріл Лиманська: вже двоє загиблих", NOON, story=item.story_id)
    await tap(town, "‹ Назад")
    await tap(town, QUEUE)
    assert (await post(town, 1)).state == "queued"


async def test_two_cards_of_one_thing_are_not_both_queued_unasked(town: House) -> None:
    await tap(town, QUEUE, await draft(town, BURST))

    card = await draft(town, BACK)
    await tap(town, "✅ У чергу на 15:30", card)

    assert (cards(town)[-1].text or "").startswith("⚠️ Схоже, це вже стоїть у черзі\nНа 14:30: «Аварія")


async def test_what_a_person_posted_meanwhile_holds_a_queued_post(town: House) -> None:
    await tap(town, QUEUE, await draft(town, BURST))
    town.now = NOON + 10 * MINUTE
    town.telegram.say(town.channel, None, "Краматорськ: аварія на водогоні, чотири райони без води")
    await town.work()

    town.now = NOON + 24 * MINUTE
    await ring(town)

    assert len(town.telegram.messages(town.channel)) == 1
    text = cards(town)[-1].text or ""
    assert text.startswith("⚠️ Не вийшло вчасно: схоже, це вже є в каналі\nВручну в каналі, 14:16: «Краматорськ: аварія")
    await tap(town, "Усе одно зараз")
    await ring(town)
    assert len(town.telegram.messages(town.channel)) == 2


async def test_what_a_person_posted_counts_as_told_by_the_channel(town: House) -> None:
    town.telegram.say(town.channel, None, "У порту поранено трьох людей")
    await town.work()

    channel = await channels.find(town.db.screens, "@nd")
    assert channel is not None
    [item] = [items.item(row) for row in await town.db.screens.all("SELECT * FROM item_now")]
    [told] = (await editions.told(town.db.screens, channel.id, [item.story_id or 0]))[item.story_id or 0]
    assert (told.rubric, told.headline, dict(told.state.toll)) == ("post", item.title, {"wounded": 3})
    window = NOON - MINUTE, NOON + MINUTE
    assert await guard.by_hand_between(town.db.screens, channel.id, *window) == [item.story_id]


async def test_a_post_by_hand_is_for_the_roundup_and_not_for_a_digest(town: House) -> None:
    town.telegram.say(town.channel, None, "Обстріл Краматорська: двоє загиблих, поранено вісьмох людей")
    await town.work()
    house = town.dispatcher.workflow_data["desk"].easel.house
    [program] = await programs.every(town.db.screens, house)

    told = {}
    for wanted in program.rubrics:
        found = await candidates(town.db.screens, program, wanted, NOON - 60 * MINUTE, NOON + MINUTE)
        told[wanted.kind] = [choice.headline for choice in found.candidates]

    assert told == {"digest": [], "roundup": ["Обстріл Краматорська: двоє загиблих, поранено вісьмох людей"]}


async def test_an_edit_by_hand_is_seen_and_not_written_over(town: House) -> None:
    await out(town, await draft(town, BURST))
    [standing] = town.telegram.messages(town.channel)
    by_hand = BURST.replace("чотири", "п’ять")

    await edited_by_hand(town, standing.message_id, by_hand)

    assert "✋ Змінено вручну в каналі о 14:06: «Аварія на водогоні в Краматорську: п’ять" in (
        cards(town)[-1].text or ""
    )
    await tap(town, "Лишити, як у каналі")
    assert (await post(town, 1)).content.text == by_hand
    assert town.telegram.messages(town.channel)[0].text == by_hand
    assert "Змінено вручну" not in (cards(town)[-1].text or "")


async def test_the_bots_next_edit_waits_for_an_editor_and_is_made_at_their_word(town: House) -> None:
    await out(town, await draft(town, BURST))
    [standing] = town.telegram.messages(town.channel)
    await edited_by_hand(town, standing.message_id, "Аварія в Краматорську")
    await tap(town, QUEUE, await draft(town, BACK))
    await tap(town, INSTEAD)

    await tap(town, "✅ Зберегти")
    assert town.telegram.messages(town.channel)[0].text == "Аварія в Краматорську"

    await tap(town, "Повернути наш текст")
    assert BACK in (town.telegram.messages(town.channel)[0].text or "")


async def test_what_telegram_did_not_tell_is_seen_before_the_bot_edits(town: House) -> None:
    await out(town, await draft(town, BURST))
    [standing] = town.telegram.messages(town.channel)
    desk = town.dispatcher.workflow_data["desk"]
    town.open(desk=replace(desk, probe=town.desk.id))
    town.telegram.edit(town.channel, standing.message_id, "Аварія в Краматорську: змінив редактор")
    await town.work()  # Telegram is silent about it
    await tap(town, QUEUE, await draft(town, BACK))

    await tap(town, INSTEAD)
    await tap(town, "✅ Зберегти")

    assert town.telegram.messages(town.channel)[0].text == "Аварія в Краматорську: змінив редактор"
    assert "✋ Змінено вручну в каналі" in (cards(town)[-1].text or "")


async def test_a_stale_button_of_the_question_repaints(town: House) -> None:
    await out(town, await draft(town, BURST))
    card = await draft(town, BACK)
    await tap(town, QUEUE, card)
    await tap(town, "Не публікувати")

    tapped = town.telegram.tap(town.desk, town.editor, cards(town)[-1], "u:anyway:2:1:0", stale=True)
    await town.work()

    assert tapped.text is not None and tapped.text.startswith("Картку змінено")
    assert (await post(town, 2)).state == "rejected"


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(["post", "hand", "edition", "queue"]))
@settings(max_examples=40, deadline=None)
def test_whatever_was_written_the_question_is_a_message(told: str, new: str, how: str) -> None:
    made = Post(1, 1, "draft", 1, 1, None, False, True, NOON, 1, NOON, 1, Content(new or "…"))
    before = Before(how, NOON, told, 7, 2, 3)  # type: ignore[arg-type]

    for language in ("uk", "ru", "en"):
        page = guard_page.show(
            made, Match(before, "https://t.me/nd/7", new, renews=True), NOON, WORDINGS.of(language), NOON
        )
        assert units(visible(page.text)) <= MESSAGE_LIMIT
        for button in (button for row in page.keyboard for button in row):
            assert len(button.label) <= 32
            assert button.url or guard_page.read(button.data)
