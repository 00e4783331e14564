"""An editor's minute: a link becomes a card, a tap puts it into the queue, and it goes out at its time, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground import Message, Tap, User, sample_day
from bot.playground.sample_day import instant
from bot.playground.town import Town, town


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Town]:
    """The newsroom at 07:30, with the night's news collected."""
    async with town(0, tmp_path) as open_town:
        open_town.clock.move(instant("07:20"))
        await open_town.live_until(instant("07:30"))
        yield open_town


def _address(stage: Town, story: str) -> str:
    """The page of the newsroom's own item of this story."""
    source = sample_day.sources()[0]
    item = next(each for each in source.items if each.story == story)
    entry = next(each for each in sample_day.entries(source, item.appears_at) if each.id == item.id)
    return stage.homes[source.name] + entry.path


async def _say(stage: Town, text: str, who: User | None = None, reply_to: int | None = None) -> Message:
    """An editor's message, and all that the bot does about it."""
    said = stage.telegram.say(stage.desk, who or stage.editor, text, reply_to=reply_to)
    await _settle(stage)
    return said


async def _tap(stage: Town, card: Message, button: str, who: User | None = None) -> Tap:
    """An editor's tap, answered; and all that the bot does about it."""
    tap = await stage.telegram.answered(stage.telegram.tap(stage.desk, who or stage.editor, card, button))
    await _settle(stage)
    return tap


async def _settle(stage: Town) -> None:
    await stage.telegram.quiet()
    await stage.app.listener.settle()
    await stage.app.deliverer.deliver_due(stage.clock)
    await stage.telegram.quiet()


def _card(stage: Town) -> Message:
    """The newest message of the bot in the editors' chat that shows no draft of an edition and no pin."""
    shown = [each for each in stage.telegram.messages(stage.desk) if each.by_bot and each.via != "pinChatMessage"]
    return [each for each in shown if " — чернетка\n" not in each.text][-1]


def _labels(message: Message) -> list[str]:
    return [button["text"] for button in message.buttons]


async def _offered(stage: Town) -> Message:
    """The card of a link that an editor pasted."""
    await _say(stage, _address(stage, "kostiantynivka"))
    return _card(stage)


async def test_from_a_pasted_link_to_the_channel_in_one_message_and_one_tap(stage: Town) -> None:
    card = await _offered(stage)
    assert card.text.startswith("🆕 Пропоную в канал · важливість")
    assert "Чому" in card.text
    first = _labels(card)[0]
    assert first == "✅ У чергу на 08:30"

    tap = await _tap(stage, card, first)

    assert tap.text == "У черзі на 08:30"
    assert _card(stage).text.startswith("📅 У черзі на 08:30")
    assert stage.telegram.texts(stage.channel) == []
    await stage.live_until(instant("08:31"))
    assert len(stage.telegram.messages(stage.channel)) == 1
    post = stage.telegram.messages(stage.channel)[0]
    assert post.date == instant("08:30").timestamp()
    assert {entity["type"] for entity in post.entities} >= {"bold", "text_link"}
    await _settle(stage)
    assert _card(stage).text.startswith("✅ Опубліковано: 08:30")


async def test_now_can_be_taken_back_until_it_leaves(stage: Town) -> None:
    card = await _offered(stage)

    await _tap(stage, card, "⚡ Зараз")
    assert "Піде в канал о 07:30:20" in _card(stage).text
    await _tap(stage, card, "↩️ Скасувати")
    await stage.live_until(instant("07:40"))
    assert stage.telegram.texts(stage.channel) == []

    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(seconds=25))
    assert len(stage.telegram.messages(stage.channel)) == 1


async def test_send_at_once_does_not_wait_for_the_grace(stage: Town) -> None:
    card = await _offered(stage)
    await _tap(stage, card, "⚡ Зараз")

    await _tap(stage, card, "Надіслати негайно")
    await stage.live_until(stage.clock() + timedelta(seconds=1))

    assert len(stage.telegram.messages(stage.channel)) == 1


async def test_two_editors_at_once_one_wins_and_the_other_is_told_who(stage: Town) -> None:
    card = await _offered(stage)
    queue, reject = "✅ У чергу на 08:30", "Не для каналу"

    first = stage.telegram.tap(stage.desk, stage.editor, card, queue)
    second = stage.telegram.tap(stage.desk, stage.second, card, reject)
    await stage.telegram.answered(first)
    await stage.telegram.answered(second)
    await _settle(stage)

    assert first.text == "У черзі на 08:30"
    assert second.text == "Картку змінено о 07:30 (Оля). Показую новий стан"
    assert _card(stage).text.startswith("📅 У черзі")


async def test_a_time_written_in_reply_moves_the_post(stage: Town) -> None:
    card = await _offered(stage)

    await _say(stage, "18:40", reply_to=card.message_id)
    assert _card(stage).text.startswith("📅 У черзі на 18:40")
    await _say(stage, "через 20 хв", reply_to=card.message_id)

    assert _card(stage).text.startswith("📅 У черзі на 07:50")


async def test_other_words_in_reply_are_the_new_text(stage: Town) -> None:
    card = await _offered(stage)
    await _tap(stage, card, "✅ У чергу на 08:30")

    await _say(stage, "У Костянтинівці без світла дві тисячі родин", reply_to=card.message_id)
    await _tap(stage, card, "✅ Зберегти")
    await stage.live_until(instant("08:31"))

    assert stage.telegram.texts(stage.channel) == ["У Костянтинівці без світла дві тисячі родин"]


async def test_the_preview_is_exactly_the_post_and_only_its_editor_sees_it(stage: Town) -> None:
    card = await _offered(stage)

    tap = await _tap(stage, card, "👁 Як у каналі")
    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(minutes=1))

    assert tap.text == "Показую нижче — бачите лише ви"
    preview = stage.telegram.whispers(stage.desk, stage.editor)[-1]
    post = stage.telegram.messages(stage.channel)[-1]
    assert (preview.text, preview.entities, preview.link_preview) == (post.text, post.entities, post.link_preview)
    assert stage.telegram.whispers(stage.desk, stage.second) == []


async def test_a_post_command_with_words_makes_a_draft(stage: Town) -> None:
    await _say(stage, "/post Сьогодні о 18:00 говоримо з лікаркою зі Слов’янська")
    card = _card(stage)
    assert card.text.startswith("📝 Чернетка · Оля")

    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(minutes=1))

    assert stage.telegram.texts(stage.channel) == ["Сьогодні о 18:00 говоримо з лікаркою зі Слов’янська"]


async def test_deleting_the_source_message_loses_nothing(stage: Town) -> None:
    photo = stage.telegram.send_photo(stage.desk, stage.editor, caption="Черга по воду в Краматорську")
    await _say(stage, "/post", reply_to=photo.message_id)
    card = _card(stage)

    stage.telegram.delete(stage.desk, photo)
    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(minutes=1))

    post = stage.telegram.messages(stage.channel)[-1]
    assert (post.kind, post.text) == ("photo", "Черга по воду в Краматорську")


async def test_ordinary_talk_meets_silence(stage: Town) -> None:
    before = len(stage.telegram.calls)

    await _say(stage, "Хто сьогодні чергує?")
    await _say(stage, "Дивіться https://example.org/ — це цікаво")

    assert [call.method for call in stage.telegram.calls[before:] if call.method != "getUpdates"] == []


async def test_the_board_is_one_and_follows_the_queue(stage: Town) -> None:
    card = await _offered(stage)
    await _say(stage, "/queue")
    board = _card(stage)
    assert "09:00 Дайджест" in board.text

    await _tap(stage, card, "✅ У чергу на 08:30")
    shown = next(each for each in stage.telegram.messages(stage.desk) if each.message_id == board.message_id)
    assert "1. 08:30" in shown.text

    await _say(stage, "/queue")
    boards = [each for each in stage.telegram.messages(stage.desk) if each.by_bot and "📋" in each.text]
    assert len(boards) == 1


async def test_rights_decide_who_acts(stage: Town) -> None:
    author = stage.telegram.user(1003, "Ірина")
    stage.telegram.join(stage.desk, author)
    card = await _offered(stage)

    tap = await _tap(stage, card, "✅ У чергу на 08:30", who=author)

    assert tap.alert
    assert tap.text == "Це може: Оля, Андрій"
    assert _card(stage).text.startswith("🆕")


async def test_a_button_of_last_week_repaints(stage: Town) -> None:
    card = await _offered(stage)
    await _tap(stage, card, "Не для каналу")

    tap = stage.telegram.tap(
        stage.desk, stage.editor, card, f"q:slot:1:1:{int(instant('08:30').timestamp())}", stale=True
    )
    await stage.telegram.answered(tap)
    await _settle(stage)

    assert "Картку змінено" in (tap.text or "")
    assert _card(stage).text.startswith("🚫 Не для каналу · Оля")


async def test_the_same_link_again_leads_to_its_card(stage: Town) -> None:
    card = await _offered(stage)

    await _say(stage, _address(stage, "kostiantynivka"))

    answer = _card(stage)
    assert answer.text == "⬆️ Картка цієї новини вже є."
    assert answer.reply_to == card.message_id


async def test_a_page_that_cannot_be_read_is_said_in_words(stage: Town) -> None:
    await _say(stage, stage.homes["novyny"] + "/news/99999-nema")

    assert _card(stage).text.startswith("Сторінку не прочитано: Сайт відповів помилкою 404.")


async def test_a_late_post_waits_for_an_editor(stage: Town) -> None:
    card = await _offered(stage)
    await _tap(stage, card, "✅ У чергу на 08:30")
    stage.clock.move(instant("08:45"))  # nobody was there: the patience is ten minutes

    await stage.live_until(instant("08:46"))
    await _settle(stage)

    assert stage.telegram.texts(stage.channel) == []
    shown = next(each for each in stage.telegram.messages(stage.desk) if each.message_id == card.message_id)
    assert shown.text.startswith("⏰ Час минув: 08:30")


async def test_a_post_that_telegram_refused_may_be_rewritten(stage: Town) -> None:
    card = await _offered(stage)
    stage.telegram.faults.next("refuse", method="sendMessage", chat="@novosti_dn", description="Bad Request: no")
    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(minutes=1))
    await _settle(stage)
    shown = next(each for each in stage.telegram.messages(stage.desk) if each.message_id == card.message_id)
    assert shown.text.startswith("⛔ Telegram не прийняв: Bad Request: no")

    await _say(stage, "Інші слова", reply_to=card.message_id)
    await _tap(stage, card, "✅ Зберегти")
    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(minutes=1))

    assert stage.telegram.texts(stage.channel) == ["Інші слова"]


async def test_a_lost_answer_leaves_the_card_in_doubt_and_sends_nothing_twice(stage: Town) -> None:
    card = await _offered(stage)
    stage.telegram.faults.next("lost_after", method="sendMessage", chat="@novosti_dn")

    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(minutes=5))
    await _settle(stage)

    shown = next(each for each in stage.telegram.messages(stage.desk) if each.message_id == card.message_id)
    assert shown.text.startswith("❓ Не певен, чи допис вийшов.")
    assert len(stage.telegram.messages(stage.channel)) == 1


async def test_one_voice_alone_may_wait_for_a_second(stage: Town) -> None:
    card = await _offered(stage)
    assert "друге: немає" in card.text

    tap = await _tap(stage, card, "⏳ Чекати підтвердження")
    assert tap.text == "Чекаємо друге джерело. Спитаю: 07:50"
    await stage.live_until(instant("07:51"))
    await _settle(stage)
    assert _card(stage).text.startswith("⏳ Підтвердження ще немає")
    assert stage.telegram.texts(stage.channel) == []

    await _tap(stage, card, "«За попередніми даними»")
    await _tap(stage, card, "⚡ Зараз")
    await stage.live_until(stage.clock() + timedelta(minutes=1))

    first = stage.telegram.texts(stage.channel)[0].splitlines()[0]
    assert first.endswith("дві тисячі родин — за попередніми даними")


async def test_a_page_that_the_bot_does_not_know_is_read_for_its_card(stage: Town) -> None:
    source = sample_day.sources()[0]
    later = sample_day.entries(source, instant("07:56"))[0]  # on the site already, and not in the feed that was polled
    stage.clock.move(instant("07:56"))

    await _say(stage, stage.homes[source.name] + later.path)

    card = _card(stage)
    assert card.text.startswith("📝 Чернетка · Оля")
    assert later.title in card.text
    assert later.sections[0] in card.text
    assert "✅ У чергу на" in _labels(card)[0]


async def test_what_was_posted_before_its_feed_told_it_is_told_once(stage: Town) -> None:
    source = sample_day.sources()[0]
    later = sample_day.entries(source, instant("07:56"))[0]
    stage.clock.move(instant("07:56"))
    await _say(stage, stage.homes[source.name] + later.path)
    await _tap(stage, _card(stage), "⚡ Зараз")

    await stage.live_until(instant("09:01"))  # the feed is polled, and the digest of 09:00 goes out
    told = [text for text in stage.telegram.texts(stage.channel) if later.title in text]

    assert len(told) == 1
    assert len(stage.telegram.texts(stage.channel)) == 2


async def test_a_page_that_two_editors_paste_before_its_feed_tells_it_has_one_card(stage: Town) -> None:
    source = sample_day.sources()[0]
    later = sample_day.entries(source, instant("07:56"))[0]
    stage.clock.move(instant("07:56"))

    stage.telegram.say(stage.desk, stage.second, stage.homes[source.name] + later.path)  # both at one moment
    await _say(stage, stage.homes[source.name] + later.path + "?utm_source=chat")
    await _say(stage, stage.homes[source.name] + later.path)

    assert [later.title in each.text for each in stage.telegram.messages(stage.desk) if each.by_bot].count(True) == 1


async def test_a_receipt_that_fails_makes_no_second_card(stage: Town) -> None:
    stage.telegram.faults.next("html", method="setMessageReaction")

    await _say(stage, "/post Одна новина — одна картка")

    cards = [each for each in stage.telegram.messages(stage.desk) if each.by_bot]
    assert [each.text.splitlines()[1] for each in cards] == ["Одна новина — одна картка"]


async def test_an_editors_name_is_text_in_an_answer_too(stage: Town) -> None:
    stage.editor.first_name = "<b>Оля"
    author = stage.telegram.user(1003, "Ірина")
    stage.telegram.join(stage.desk, author)
    card = await _offered(stage)

    await _say(stage, "18:40", who=author, reply_to=card.message_id)

    assert _card(stage).text == "Це може: <b>Оля, Андрій"


async def test_a_story_taken_back_at_its_source_leaves_the_queue(stage: Town) -> None:
    source = sample_day.sources()[0]
    item = next(each for each in source.items if "withdrawn" in each.tags)
    entry = next(each for each in sample_day.entries(source, item.appears_at) if each.id == item.id)
    stage.clock.move(instant("14:25"))
    await stage.live_until(instant("14:40"))
    await _say(stage, stage.homes[source.name] + entry.path)
    card = _card(stage)
    await _tap(stage, card, "✅ У чергу на 15:30")

    await stage.live_until(instant("15:35"))
    await _settle(stage)

    assert not any(entry.title in text for text in stage.telegram.texts(stage.channel))
    shown = next(each for each in stage.telegram.messages(stage.desk) if each.message_id == card.message_id)
    assert shown.text.startswith("🗑 Джерело відкликало новину")

    await _say(stage, stage.homes[source.name] + entry.path)
    assert _card(stage).text.startswith("⬆️ Картка цієї новини вже є.")
