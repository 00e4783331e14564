"""An edition that a person changed in the channel: the editors see the difference, and say whose words stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiogram.types import Update
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.marks import seen
from bot.delivery.markup import read
from bot.delivery.typeset import typeset
from bot.desk import overheard
from bot.intake.take import Intake
from bot.playground import Message
from storage import corrections
from tests.conftest import House, labels
from tests.test_corrections import ELEVEN, ERROR, OTHERS, RIGHT, WATER, WITHDRAW, Newsroom, day
from tests.test_withdrawal import GRACE, LIE

KEEP, OURS = "Лишити, як у каналі", "Повернути наш текст"
WAITS = "✋ «Головне за день» на 23:00 змінено вручну в каналі о 23:00"


class Channel(Newsroom):
    """The newsroom after its roundup, hearing its own channel."""

    async def by_hand(self, was: str, became: str) -> None:
        """A person changes these words of a line of the roundup, and Telegram tells of it. What is formatted stays
        so."""
        house, message = self.house, self.roundup
        before = message.text or ""
        at = before.rindex(was)
        text = before[:at] + became + before[at + len(was) :]
        moved = [dict(each) for each in message.entities]
        for each in moved:
            if each["offset"] <= at < each["offset"] + each["length"]:
                each["length"] += len(became) - len(was)
            elif each["offset"] > at:
                each["offset"] += len(became) - len(was)
        moved = [each for each in moved if each["length"] > 0]
        edited = house.telegram.edit(house.channel, message, typeset(text, moved), html=True)
        chat = {"id": house.channel.id, "type": "channel", "title": "Новини", "username": "nd"}
        now = int(house.now.timestamp())
        said = {"message_id": edited.message_id, "date": now, "edit_date": now, "chat": chat, "text": edited.text,
                "entities": edited.entities}  # fmt: skip
        update = Update.model_validate({"update_id": 9_000 + len(text), "edited_channel_post": said})
        await house.dispatcher.feed_update(house.bot, update, now=house.now, newsroom=house.newsroom)
        await house.deliver()

    def card(self) -> Message:
        every = [each for each in self.house.telegram.messages(self.house.desk) if each.by_bot and each.buttons]
        return [each for each in every if not (each.text or "").startswith("✋")][-1]

    @property
    def roundup(self) -> Message:
        return self.house.telegram.messages(self.house.channel)[-1]

    @property
    def note(self) -> Message:
        """What the editors were asked last."""
        notes = [each for each in self.house.telegram.messages(self.house.desk) if (each.text or "").startswith("✋")]
        return notes[-1]


@pytest.fixture
async def room(home: House) -> Channel:
    home.open(overheard.router(), intake=Intake(home.newsroom, home.wordings.default))
    room = Channel(home)
    await day(room)
    await room.edition(ELEVEN)
    return room


async def test_the_editors_see_what_was_changed_and_the_bot_does_not_write_over_it(room: Channel) -> None:
    await room.by_hand(OTHERS[0], "Уряд збільшив виплати переселенцям")

    text = room.note.text or ""
    assert text.startswith(WAITS)
    assert "Було: Уряд підняв виплати" in text and "Стало: Уряд збільшив виплати" in text
    assert "не правитиме, доки ви не вирішите" in text
    assert labels(room.note) == [["Відкрити в каналі ↗"], [KEEP, OURS]]

    await room.correct(ERROR, RIGHT)
    assert WATER in (room.roundup.text or "")  # the bot's next edit waits for an editor


async def test_our_own_words_come_back_at_an_editors_word(room: Channel) -> None:
    before = room.roundup.text
    await room.by_hand(OTHERS[0], "Уряд збільшив виплати")

    assert await room.tap(OURS, room.note) == "Повертаю наш текст"

    assert room.roundup.text == before
    assert room.note.text == "✋ «Головне за день» на 23:00: повернули текст бота · Олена"
    assert room.note.buttons == []


async def test_what_stays_as_a_person_wrote_it_stays_so_when_another_line_is_corrected(room: Channel) -> None:
    before, entities = room.roundup.text or "", len(room.roundup.entities)
    await room.by_hand(OTHERS[0], "Уряд збільшив виплати")

    assert await room.tap(KEEP, room.note) == "Лишаю текст, як у каналі"
    await room.correct(ERROR, RIGHT)

    after = room.roundup.text or ""
    assert "Уряд збільшив виплати" in after and f"{OTHERS[0]}:" not in after
    assert f"{RIGHT}\nВиправлено о 23:00" in after
    assert after.replace("Уряд збільшив виплати", OTHERS[0]).replace(f"{RIGHT}\nВиправлено о 23:00", WATER) == before
    assert len(room.roundup.entities) >= entities  # links and bold stand as they stood


async def test_a_line_reworded_by_hand_is_found_by_its_later_correction(room: Channel) -> None:
    await room.by_hand("повернули воду в три", "знову є вода: три")
    await room.tap(KEEP, room.note)

    await room.correct(ERROR, RIGHT)

    text = room.roundup.text or ""
    assert "У Краматорську знову є вода: чотири райони" in text
    assert all(title in text for title in OTHERS)


async def test_a_withdrawal_waits_for_nobody(room: Channel) -> None:
    await room.by_hand(OTHERS[0], "Уряд збільшив виплати")
    await room.tap(WITHDRAW)
    await room.tap(LIE)
    await room.later(GRACE)

    assert "Краматорськ" not in (room.roundup.text or "")
    assert await room.tap(KEEP, room.note) == "Цього вже не зробити. Показую, як є"
    assert room.note.buttons == []


async def test_an_editor_decides_on_what_they_saw(room: Channel) -> None:
    """What the bot wants of the message changed since the question was painted: it is painted again first."""
    await room.by_hand(OTHERS[0], "Уряд збільшив виплати")
    await room.correct(ERROR, RIGHT)

    said = await room.tap(OURS, room.note)

    assert said == "Цього вже не зробити. Показую, як є"
    assert "чотири" in (room.note.text or "")
    await room.tap(OURS, room.note)
    assert RIGHT in (room.roundup.text or "") and OTHERS[0] in (room.roundup.text or "")


async def test_a_person_who_takes_it_back_answers_the_question(room: Channel) -> None:
    await room.by_hand(OTHERS[0], "Уряд збільшив виплати")

    await room.by_hand("Уряд збільшив виплати", OTHERS[0])

    assert room.note.text == "✋ «Головне за день» на 23:00: у каналі знову текст бота"
    home = f"hand:{room.house.channel.id}:{room.roundup.message_id}"
    assert await corrections.standing(room.house.db.screens, home) is None


async def test_what_telegram_did_not_tell_is_seen_before_the_bot_corrects(room: Channel) -> None:
    room.house.open(desk=replace(room.desk, probe=room.house.desk.id))
    message = room.roundup
    text = (message.text or "").replace(OTHERS[0], "Уряд збільшив виплати")
    room.house.telegram.edit(room.house.channel, message.message_id, text)
    await room.house.work()  # Telegram is silent about it

    await room.correct(ERROR, RIGHT)

    assert room.roundup.text == text
    assert any((each.text or "").startswith(WAITS) for each in room.house.telegram.messages(room.house.desk))


kinds = st.sampled_from(["bold", "italic", "underline", "spoiler", "text_link", "hashtag"])
spans = st.lists(st.tuples(kinds, st.integers(0, 12), st.integers(1, 8)), max_size=4)


@given(st.text(alphabet="аб <&>\"'😀\n", max_size=14), spans)
@settings(max_examples=40, deadline=None)
def test_what_a_person_formatted_looks_the_same_when_the_bot_sets_it(
    text: str, marks: list[tuple[str, int, int]]
) -> None:
    whole = text.replace("😀", "я")  # an entity never cuts a sign in two
    entities = [
        {"type": kind, "offset": at, "length": length, "url": "https://nd.ua/?a=1&b=%222"}
        for kind, at, length in marks
        if at + length <= len(whole)
    ]
    links = [each for each in entities if each["type"] == "text_link"]  # Telegram lets no two links cross
    entities = [each for each in entities if each["type"] != "text_link"] + links[:1]

    assert seen(*read(typeset(whole, entities))) == seen(whole, entities)
    assert read(typeset(text))[0] == text
