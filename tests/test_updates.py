"""A story told by a post goes on: one post is edited, readers are rung for what they must hear (C5, E21)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk.follow_up import follow
from bot.desk.release import ended, release_due
from bot.desk.update_page import aloud
from bot.intake import identity
from bot.playground import Message
from storage import items, posts
from storage.database import Transaction
from storage.model import Item, Parcel, Report, State
from tests.conftest import MINUTE, NOON, House, labels, put

ONE = "Обстріл Лиманська: загинула жінка — поліція"
TWO = "Обстріл Лиманська: вже двоє загиблих — Філашкін"
LESS = "Обстріл Лиманська: прокуратура каже про одну загиблу"
NOW, UPDATE, REPLY, LEAVE, STOP = (
    "⚡ Зараз",
    "Оновити допис",
    "Відповіддю",
    "Залишити, як є",
    "Завершити стеження",
)


@pytest.fixture
async def town(home: House) -> House:
    """The newsroom where Олена may do everything."""
    home.telegram.set_rights(
        home.channel, home.editor, can_post_messages=True, can_edit_messages=True, can_delete_messages=True
    )
    easel = home.dispatcher.workflow_data["desk"].easel

    async def hook(tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
        await ended(tx, easel, what, state, reason, now)

    home.endings = Endings(home.newsroom, home.wordings.default, hook)
    home.deliverer = Deliverer(home.db, home.bot, home.endings)
    return home


async def ring(town: House, later: timedelta = timedelta(seconds=30)) -> None:
    """Time passes, what is due goes out, and the desk is true."""
    town.now += later
    easel = town.dispatcher.workflow_data["desk"].easel
    await follow(town.db, easel, town.now)
    await release_due(town.db, easel, town.now, 10 * MINUTE)
    await town.deliver()
    await town.deliver()


def cards(town: House) -> list[Message]:
    return [each for each in town.telegram.messages(town.desk) if each.by_bot]


def buttons(message: Message) -> list[str]:
    return [label for row in labels(message) for label in row]


async def tap(town: House, button: str) -> str:
    """What the toast says; the newest card is tapped."""
    tapped = town.telegram.tap(town.desk, town.editor, cards(town)[-1], button)
    await town.work()
    assert tapped.answer is not None
    return str(tapped.answer["text"])


async def told(town: House, title: str = ONE) -> Item:
    """The report that a post in the channel tells."""
    item = await put(town.db, title)
    async with town.db.transaction() as tx:
        await items.learn_keys(tx, item.id, identity.keys(Report(item.title, url=item.url), ""))
    await town.say(item.url, town.desk, town.editor)
    await tap(town, NOW)
    await ring(town)
    return item


async def test_a_story_that_goes_on_brings_its_card_with_the_counts_and_who_said_them(town: House) -> None:
    item = await told(town)

    await put(town.db, TWO, NOON, story=item.story_id)
    await ring(town, 2 * MINUTE)

    text = cards(town)[-1].text or ""
    assert "Загиблі: 2 — Філашкін, 14:06 (було 1 — поліція, 14:02)" in text
    assert buttons(cards(town)[-1])[:4] == [UPDATE, REPLY, LEAVE, STOP]
    assert town.telegram.messages(town.channel)[0].text == ONE


async def test_the_same_post_is_edited_and_says_first_what_changed(town: House) -> None:
    item = await told(town)
    await put(town.db, TWO, NOON, story=item.story_id)
    await ring(town, 2 * MINUTE)

    assert await tap(town, UPDATE) == "Перевірте зміну на картці"
    await tap(town, "✅ Зберегти")
    await ring(town)

    [standing] = town.telegram.messages(town.channel)
    first = (standing.text or "").splitlines()[0]
    assert first.startswith("Оновлено о 14:0")
    assert "уже двоє загиблих; о 14:06 повідомляли про одного" in first
    assert TWO in (standing.text or "")
    assert UPDATE not in buttons(cards(town)[-1])


async def test_ten_updates_are_one_message(town: House) -> None:
    item = await told(town)

    for killed in range(2, 6):
        await put(town.db, f"Обстріл Лиманська: кількість загиблих зросла до {killed}", town.now, story=item.story_id)
        await ring(town, 2 * MINUTE)
        await tap(town, UPDATE)
        await tap(town, "✅ Зберегти")
        await ring(town)

    assert len(town.telegram.messages(town.channel)) == 1
    assert (town.telegram.messages(town.channel)[0].text or "").count("Оновлено о") == 1


async def test_first_deaths_are_offered_as_a_reply_first(town: House) -> None:
    item = await told(town, "Обстріл Лиманська: поранено двох людей")
    await put(town.db, "Обстріл Лиманська: загинула жінка", NOON, story=item.story_id)
    await ring(town, 2 * MINUTE)
    assert buttons(cards(town)[-1])[:2] == [REPLY, UPDATE]

    await tap(town, REPLY)
    await tap(town, NOW)
    await ring(town)

    first, second = town.telegram.messages(town.channel)
    assert second.reply_to == first.message_id
    assert "загинула жінка" in (second.text or "")


async def test_a_post_that_is_left_as_it_is_is_offered_again_only_when_more_is_known(town: House) -> None:
    item = await told(town)
    await put(town.db, TWO, NOON, story=item.story_id)
    await ring(town, 2 * MINUTE)

    await tap(town, LEAVE)
    await ring(town, 2 * MINUTE)
    assert UPDATE not in buttons(cards(town)[-1])

    await put(town.db, "Обстріл Лиманська: вже троє загиблих", town.now, story=item.story_id)
    await ring(town, 2 * MINUTE)
    assert UPDATE in buttons(cards(town)[-1])


async def test_a_story_that_nobody_follows_offers_nothing_until_it_is_followed_again(town: House) -> None:
    item = await told(town)
    await put(town.db, TWO, NOON, story=item.story_id)
    await ring(town, 2 * MINUTE)

    await tap(town, STOP)
    await put(town.db, "Обстріл Лиманська: вже троє загиблих", town.now, story=item.story_id)
    await ring(town, 2 * MINUTE)
    assert UPDATE not in buttons(cards(town)[-1])

    await tap(town, "▶️ Стежити далі")
    assert UPDATE in buttons(cards(town)[-1])


async def contradicted(town: House) -> None:
    """The prosecutors count fewer than the post would say; the story's state stays."""
    item = await told(town)
    await put(town.db, TWO, NOON, story=item.story_id)
    await ring(town, MINUTE)
    less = await put(town.db, LESS, NOON + MINUTE, story=item.story_id, family="court")
    async with town.db.transaction() as tx:
        await tx.run("DELETE FROM story_version WHERE item_id = ?", (less.id,))
        await tx.run("UPDATE story SET version = 2 WHERE id = ?", (item.story_id,))
    await ring(town, 2 * MINUTE)


async def test_a_contradiction_is_settled_by_an_editors_word(town: House) -> None:
    await contradicted(town)
    assert {"Залишити 2", "Уточнити: 1"} <= set(buttons(cards(town)[-1]))

    await tap(town, "Залишити 2")

    assert "Залишити 2" not in buttons(cards(town)[-1])
    assert UPDATE in buttons(cards(town)[-1])


async def test_a_smaller_count_that_an_editor_believes_corrects_the_post(town: House) -> None:
    await contradicted(town)

    await tap(town, "Уточнити: 1")
    await tap(town, "✅ Зберегти")
    await ring(town)

    [standing] = town.telegram.messages(town.channel)
    assert (standing.text or "").startswith("Виправлено о")
    assert LESS in (standing.text or "")


async def test_two_editors_at_once_one_updates_and_the_other_sees_it(town: House) -> None:
    item = await told(town)
    await put(town.db, TWO, NOON, story=item.story_id)
    await ring(town, 2 * MINUTE)
    card = cards(town)[-1]

    first = town.telegram.tap(town.desk, town.editor, card, UPDATE)
    second = town.telegram.tap(town.desk, town.editor, card, STOP)
    await town.work()

    assert first.text == "Перевірте зміну на картці"
    assert second.text is not None and second.text.startswith("Картку змінено")
    post = await posts.get(town.db.screens, 1)
    assert post is not None and post.state == "published"


@pytest.mark.parametrize(
    ("was", "now", "heard"),
    [
        ("Поранено двох", "Загинула жінка", True),
        ("Загинула жінка", "Вже двоє загиблих", False),
        ("Вибухи в місті", "ОВА підтвердила влучання", True),
        ("Людей шукають", "Рятувальну операцію завершено", True),
        ("Світла немає", "Ремонт завершено", False),
    ],
)
def test_what_readers_must_hear_is_little(was: str, now: str, heard: bool) -> None:
    tolls = {"Загинула жінка": {"killed": 1}, "Вже двоє загиблих": {"killed": 2}}
    one, other = (
        State(1, number, number, 1, title, tolls.get(title, {}), NOON) for number, title in enumerate((was, now), 1)
    )

    assert aloud(one, other) is heard
