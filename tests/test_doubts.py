"""What an editor is asked when nobody can know by looking, and what a tap then does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.playground import Tap
from storage import channels, outbox
from storage.model import Parcel
from tests.conftest import NOON, House, labels

THERE, AGAIN, DROP = "✅ Воно там", "🔁 Немає — надіслати", "🗑 Немає й не треба"


@pytest.fixture
async def asked(home: House) -> House:
    """A house whose bot does not know whether «Воду повернуть увечері» went out, and has asked."""
    home.telegram.set_rights(home.channel, home.editor, can_post_messages=True)
    await doubt(home, "edition:1:1")
    return home


async def doubt(home: House, intent: str, why: str = "many", seen: tuple[int, ...] = (), **more: Any) -> None:
    payload = {"text": "Воду повернуть увечері"}
    async with home.db.transaction() as tx:
        await outbox.put(tx, Parcel(intent, "@nd", "sendMessage", payload, 1, NOON, **more), NOON)
        what = await outbox.claim(tx, NOON)
        assert what is not None
        await home.endings.doubted(tx, what, "Server disconnected", NOON)
        await home.endings.ask(tx, what, why, seen, NOON)
    await home.deliverer.deliver_due(lambda: home.now)


async def tap(home: House, button: str, who: int = 1001, stale: str = "") -> Tap:
    """`stale`: what the button carried before the message was rewritten."""
    [question] = [
        message for message in home.telegram.messages(home.desk) if "❓" in message.text or "☑️" in message.text
    ]
    made = home.telegram.tap(home.desk, who, question, stale or button, stale=bool(stale))
    await home.work()
    return made


def question(home: House) -> str:
    return home.telegram.texts(home.desk)[0]


async def state(home: House, intent: str = "edition:1:1") -> str:
    found = await outbox.find(home.db.screens, intent)
    assert found is not None
    return found.state


async def test_the_question_says_what_why_and_what_is_safe(asked: House) -> None:
    assert question(asked).splitlines() == [
        "❓ Не певен, чи вийшло: «Воду повернуть увечері»",
        "Telegram не відповів, а схожих повідомлень у чаті кілька.",
        "Удруге бот сам не надсилає. Погляньте, будь ласка, у чат.",
    ]
    assert labels(asked.telegram.messages(asked.desk)[0]) == [[THERE], [AGAIN], [DROP]]
    assert not asked.telegram.called("sendMessage")[-1].params.get("disable_notification")


async def test_there_means_that_it_is_never_sent_again(asked: House) -> None:
    made = await tap(asked, THERE)

    assert made.text == "Позначено: вийшло"
    assert await state(asked) == "sent"
    assert asked.telegram.texts(asked.channel) == []
    assert question(asked) == ("☑️ З’ясовано: «Воду повернуть увечері»\nОлена, 14:06: повідомлення в чаті.")


async def test_again_sends_it_once(asked: House) -> None:
    await tap(asked, AGAIN)

    assert await state(asked) == "sent"
    assert asked.telegram.texts(asked.channel) == ["Воду повернуть увечері"]


async def test_drop_sends_nothing(asked: House) -> None:
    await tap(asked, DROP)

    assert await state(asked) == "dropped"
    assert asked.telegram.texts(asked.channel) == []


async def test_of_two_editors_the_first_decides(asked: House) -> None:
    await tap(asked, AGAIN)

    late = await tap(asked, DROP, stale="d:drop:1:1")

    assert late.text == "Це вже з’ясовано"
    assert asked.telegram.texts(asked.channel) == ["Воду повернуть увечері"]


async def test_a_question_about_an_earlier_try_decides_nothing(asked: House) -> None:
    asked.telegram.faults.next("lost_before", method="sendMessage", chat="@nd")
    await tap(asked, AGAIN)  # its answer is lost again: this is another doubt

    late = await tap(asked, THERE, stale="d:there:1:1")

    assert late.text == "Це вже з’ясовано"
    assert await state(asked) == "doubt"


async def test_who_may_not_post_may_not_decide(asked: House) -> None:
    guest = asked.telegram.user(1003, "Гість")
    asked.telegram.join(asked.desk, guest)

    made = await tap(asked, AGAIN, who=guest.id)

    assert made.alert
    assert await state(asked) == "doubt"


async def test_one_message_that_may_be_it_is_linked_and_taken_for_it(home: House) -> None:
    home.telegram.set_rights(home.channel, home.editor, can_post_messages=True)
    known = home.telegram.say(home.channel, home.editor, "Воду  повернуть увечері")
    async with home.db.transaction() as tx:
        await channels.heard(tx, home.channel.id, "nd", known.message_id, NOON)
    await doubt(home, "edition:1:1", "unlike", (known.message_id,))

    assert "Схоже на це: повідомлення" in question(home)
    await tap(home, THERE)

    row = await home.db.screens.one("SELECT chat_id, message_id FROM message WHERE outbox_id = 1")
    assert row is not None
    assert tuple(row) == (home.channel.id, known.message_id)


async def test_where_there_are_no_editors_the_doubt_stays(home: House) -> None:
    home.endings = replace(home.endings, newsroom=replace(home.newsroom, admin_chat=None))

    await doubt(home, "edition:1:1")

    assert await outbox.in_doubt(home.db.screens) == []
    assert await state(home) == "doubt"
