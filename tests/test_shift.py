"""Handing the shift over: what the next editor finds, and who took it (screens, E24)."""

from __future__ import annotations

import pytest

from bot.playground import Message
from storage import posts
from storage.model import Content
from tests.conftest import House
from tests.test_late import MONEY, TRAINS, WATER, Shift


@pytest.fixture
async def desk(home: House) -> Shift:
    return Shift(home, home.dispatcher.workflow_data["desk"].easel)


def _last(desk: Shift) -> Message:
    return desk.house.telegram.messages(desk.house.desk)[-1]


async def test_the_next_editor_finds_what_waits(desk: Shift) -> None:
    await desk.queued(TRAINS, "14:30")
    watched = await desk.queued(WATER, "14:20", state="held")
    card = await desk.card(watched)
    desk.house.telegram.say(desk.house.desk, desk.house.editor, "Ембарго до завтра 8", reply_to=card.message_id)
    await desk.house.work()
    async with desk.house.db.transaction() as tx:
        await posts.add(
            tx, channel_id=desk.easel.channel.id, state="draft", content=Content(MONEY),
            editor=desk.house.editor.id, now=desk.house.now,
        )  # fmt: skip

    await desk.house.say("/shift", desk.house.desk, desk.house.editor)

    assert _last(desk).text.splitlines() == [
        "🤝 Передача зміни · 14:06",
        f"Стежити: {WATER}",
        "У черзі: 1, далі 14:30",
        "Ембарго: 1, найдовше до нд 24.11, 08:00",
        "Чернетки: 1",
    ]


async def test_who_takes_the_shift_is_named_and_there_is_nothing_left_to_press(desk: Shift) -> None:
    await desk.house.say("/shift", desk.house.desk, desk.house.editor)

    tap = await desk.tap("Приймаю зміну", desk.second, _last(desk))

    assert tap.answer is not None
    assert tap.answer["text"] == "Зміну прийнято. Гарної роботи!"
    assert _last(desk).text.splitlines()[1:] == ["Нічого не чекає.", "✅ Зміну прийнято о 14:06 (Андрій)"]
    assert not _last(desk).buttons
