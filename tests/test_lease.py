"""One editor writes at a post at a time, and sees what will change before it is saved (screens, E9 and E10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import care, edit_page
from bot.editions.packing import units
from bot.playground import User
from storage import leases, posts
from storage.model import Content, Media, Post
from tests.conftest import MINUTE, House, labels
from tests.test_late import TRAINS, Shift

PHOTO = Media("photo", "a-photo", "a")
LINKED = Content(
    "Воду повернули\n\nУ трьох районах.",
    ({"type": "bold", "offset": 0, "length": 14}, {"type": "italic", "offset": 16, "length": 1}),
)


class Writing(Shift):
    """The desk at work, writing."""

    async def reply(self, post: Post, text: str, who: User | None = None) -> str:
        """Words in reply to the card; the card after them."""
        card = await self.card(post)
        self.house.telegram.say(self.house.desk, who or self.house.editor, text, reply_to=card.message_id)
        await self.house.work()
        return (await self.card(post)).text

    async def press(self, post: Post, button: str, who: User | None = None) -> str:
        tap = await self.tap(button, who, await self.card(post))
        return str(tap.answer["text"]) if tap.answer else ""

    async def text(self, post: Post) -> str:
        found = await posts.get(self.house.db.screens, post.id)
        assert found is not None
        return found.content.text

    async def contain(self, post: Post, content: Content) -> None:
        async with self.house.db.transaction() as tx:
            await posts.put_version(tx, post.id, content, self.house.editor.id, self.house.now)


@pytest.fixture
async def desk(home: House) -> Writing:
    return Writing(home, home.dispatcher.workflow_data["desk"].easel)


async def test_who_takes_the_edit_is_named_with_the_time_and_the_limit(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")

    said = await desk.press(post, "✏️ Змінити")

    card = await desk.card(post)
    assert said == "Напишіть новий текст у відповідь на картку"
    assert card.text.splitlines() == [
        "✏️ Редагує Оля · до 14:11 (ще 5 хв)",
        TRAINS,
        "Напишіть новий текст у відповідь на цю картку. Фото чи відео у відповідь замінить ілюстрацію.",
        "Зараз 18 знаків, можна 4096, із фото — 1024.",
    ]
    assert labels(card) == [["Тільки заголовок"], ["Перехопити правку", "Скасувати правку"]]


async def test_new_words_are_shown_word_by_word_before_they_are_saved(desk: Writing) -> None:
    post = await desk.queued("Воду повернули у трьох районах", "15:30")

    card = await desk.reply(post, "Воду повернули у чотирьох районах")
    before = await desk.text(post)
    said = await desk.press(post, "✅ Зберегти")

    assert card.splitlines() == [
        "✏️ Перевірте зміну · Оля",
        "Було: Воду повернули у трьох районах",
        "Стало: Воду повернули у чотирьох районах",
    ]
    assert (before, said) == ("Воду повернули у трьох районах", "Збережено")
    assert await desk.text(post) == "Воду повернули у чотирьох районах"
    assert (await desk.card(post)).text.startswith("📅 У черзі на 15:30")


async def test_what_is_thrown_away_changes_nothing(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.reply(post, "Інші слова")

    said = await desk.press(post, "Відкинути")

    assert said == "Правку скасовано, допис не змінено"
    assert await desk.text(post) == TRAINS
    assert (await desk.card(post)).text.startswith("📅 У черзі на 15:30")


async def test_a_colleague_waits_while_somebody_writes_or_takes_the_edit_over(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.press(post, "✏️ Змінити")

    await desk.reply(post, "Слова Андрія", desk.second)
    told = desk.house.telegram.texts(desk.house.desk)[-1]
    await desk.press(post, "Перехопити правку", desk.second)
    card = await desk.reply(post, "Слова Андрія", desk.second)

    assert told == "Зараз редагує Оля, до 14:11"
    assert card.startswith("✏️ Перевірте зміну · Андрій")
    assert await desk.press(post, "✅ Зберегти") == "Зараз редагує Андрій, до 14:11"


async def test_a_turn_without_a_word_ends_after_five_minutes_and_the_card_is_back(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.press(post, "✏️ Змінити")
    ends_at = await leases.next_due_at(desk.house.db.screens)

    desk.house.now += 5 * MINUTE
    await care.follow(desk.house.db, desk.easel, desk.house.now)
    await desk.house.deliver()

    assert ends_at == desk.house.now
    assert (await desk.card(post)).text.startswith("📅 У черзі на 15:30")


async def test_words_outlive_the_turn_and_a_colleague_may_save_them(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.reply(post, "Слова Олі")

    desk.house.now += 6 * MINUTE
    await care.follow(desk.house.db, desk.easel, desk.house.now)
    await desk.press(post, "✅ Зберегти", desk.second)

    assert await desk.text(post) == "Слова Олі"


async def test_a_headline_alone_keeps_the_rest(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.contain(post, LINKED)
    await desk.press(post, "✏️ Змінити")
    await desk.press(post, "Тільки заголовок")

    await desk.reply(post, "Воду дали всім")
    await desk.press(post, "✅ Зберегти")

    assert await desk.text(post) == "Воду дали всім\n\nУ трьох районах."


async def test_a_picture_is_removed_only_after_a_look(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.contain(post, Content(TRAINS, media=(PHOTO,)))
    await desk.press(post, "✏️ Змінити")

    await desk.press(post, "Прибрати фото")
    card = (await desk.card(post)).text
    await desk.press(post, "✅ Зберегти")

    found = await posts.get(desk.house.db.screens, post.id)
    assert found is not None
    assert "Ілюстрацію прибрано" in card
    assert found.content == Content(TRAINS)


async def test_what_is_too_long_is_refused_with_the_number_and_the_turn_stays(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.contain(post, Content(TRAINS, media=(PHOTO,)))

    await desk.reply(post, "я" * 1025)

    assert desk.house.telegram.texts(desk.house.desk)[-1].startswith("⛔ Задовго на 1 знак.")
    assert await desk.text(post) == TRAINS


async def test_the_preview_turns_below_the_text_and_back(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")
    await desk.contain(post, Content(TRAINS, url="https://novosti.dn.ua/1"))
    await desk.press(post, "✏️ Змінити")

    said = await desk.press(post, "Прев’ю: над текстом")

    found = await posts.get(desk.house.db.screens, post.id)
    assert found is not None
    assert (said, found.content.below) == ("Прев’ю стоятиме під текстом", True)
    assert ["Прев’ю: під текстом"] in labels(await desk.card(post))


async def test_hostile_words_are_shown_as_they_are(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")

    card = await desk.reply(post, "<b>Увага</b> & «лапки» </s>")

    assert "<b>Увага</b> & «лапки» </s>" in card


async def test_whoever_may_not_publish_edits_no_colleagues_post(desk: Writing) -> None:
    post = await desk.queued(TRAINS, "15:30")

    said = await desk.press(post, "✏️ Змінити", desk.house.reader)
    await desk.reply(post, "Слова читача", desk.house.reader)

    assert "Оля" in said
    assert await desk.text(post) == TRAINS


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_a_new_headline_moves_what_is_formatted_below_it(title: str, rest: str) -> None:
    words = " ".join(title.split())
    before = replace(LINKED, text=LINKED.text + rest)

    after = edit_page.merged(before, Content(title), titled=True)

    below = after.entities[-1]
    assert after.text.partition("\n")[2] == before.text.partition("\n")[2]
    assert below["offset"] - units(words) == 16 - 14
