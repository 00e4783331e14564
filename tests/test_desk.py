"""The editors' door hears the admin chat, and nobody else."""

from __future__ import annotations

import pytest
from aiogram.types import Message, Update

from bot.desk import door, hear
from bot.wording import Wordings
from tests.conftest import KYIV, House

UK = Wordings(KYIV).of("uk")


@pytest.mark.parametrize("command", ["/help", "/HELP", "/help@holovne_bot", "/start@holovne_bot"])
async def test_the_desk_explains_itself_as_a_reply(home: House, command: str) -> None:
    texts = await home.say(command, home.desk, home.editor)

    asked, answer = home.telegram.messages(home.desk)
    assert texts[-1].startswith("Це чат редакції\n\n/post — ")
    assert answer.reply_to == asked.message_id


async def test_help_names_every_command_of_the_desk(home: House) -> None:
    texts = await home.say("/help", home.desk, home.editor)

    for name in door.MENU:
        assert f"/{name} — {UK.text(f'desk.command.{name}')}" in texts[-1]
    assert set(door.MENU) | {"start"} == set(door.COMMANDS)


async def test_an_editor_is_answered_in_their_own_language(home: House) -> None:
    home.editor.language_code = "en"

    texts = await home.say("/help", home.desk, home.editor)

    assert texts[-1].startswith("This is the editors’ chat")


@pytest.mark.parametrize("talk", ["Доброго ранку", "останні", "/latest", "/weather", "/help@another_bot", "help"])
async def test_ordinary_talk_gets_silence(home: House, talk: str) -> None:
    assert await home.say(talk, home.desk, home.editor) == [talk]


async def test_the_channels_own_posts_in_its_discussion_group_are_nobodys_words(home: House) -> None:
    told = home.telegram.say(home.desk, home.editor, "https://novosti.dn.ua/article/9921-voda")
    shown = Message.model_validate(
        {
            "message_id": told.message_id,
            "date": int(home.now.timestamp()),
            "chat": {"id": home.desk.id, "type": "supergroup"},
            "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
            "is_automatic_forward": True,
            "text": told.text,
        }
    )

    assert hear.heard(shown, Update(update_id=1, message=shown), home.now, UK) is None


async def test_the_same_words_elsewhere_reach_nothing_of_the_desk(home: House) -> None:
    group = home.telegram.group("Сусіди", members=[home.reader], admins=[home.account])

    assert await home.say("/help", group) == ["/help"]
    assert (await home.say("/help"))[-1].startswith("Що вміє цей бот")


async def test_a_button_from_last_week_explains_itself(home: House) -> None:
    await home.say("/help", home.desk, home.editor)
    card = home.telegram.messages(home.desk)[-1]

    tap = await home.tap("q:pub:12:3", card, stale=True)

    assert tap.text == UK.text("desk.toast.stale")
    assert home.telegram.messages(home.desk)[-1].text == card.text


async def test_a_readers_button_forwarded_to_the_desk_does_nothing_there(home: House) -> None:
    await home.say("/help", home.desk, home.editor)

    tap = await home.tap("l", home.telegram.messages(home.desk)[-1], stale=True)

    assert tap.text == UK.text("desk.toast.stale")
    assert not home.telegram.called("editMessageText")


async def test_a_tap_that_waited_for_a_restart_is_no_error(home: House) -> None:
    await home.say("/help", home.desk, home.editor)
    home.telegram.callback_seconds = -1.0

    await home.tap("q:pub:12:3", home.telegram.messages(home.desk)[-1], stale=True)

    assert not home.telegram.called("answerCallbackQuery")[-1].ok


async def test_a_question_deleted_meanwhile_is_answered_without_a_quote(home: House) -> None:
    asked = home.telegram.say(home.desk, home.editor, "/help")
    home.telegram.delete(home.desk, asked)

    await home.work()

    assert len(home.telegram.messages(home.desk)) == 1
