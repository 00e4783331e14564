"""/log: what goes out, read in the editors' chat in one message that turns in place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup

from bot.desk import log_page
from bot.desk.log_page import COUNTED, SIZE, Ledger, View
from bot.editions.packing import MESSAGE_LIMIT, units, visible
from bot.newsroom import Newsroom
from bot.playground import Message, Tap
from bot.wording import LANGUAGES, Wordings
from storage import outbox
from storage.model import Entry, Parcel, Standing
from tests.conftest import KYIV, NOON, House, labels


async def put(home: House, intent: str, text: str = "Перший", **more: Any) -> None:
    """A parcel that nobody sends."""
    known: dict[str, Any] = {"chat": str(home.desk.id), "method": "sendMessage", "priority": 2}
    parcel = Parcel(intent, payload={"text": text}, due_at=NOON + timedelta(days=1), **(known | more))
    async with home.db.transaction() as tx:
        assert await outbox.put(tx, parcel, NOON)


async def notes(home: House, count: int) -> None:
    """«Нотатка 1» to «Нотатка {count}», the last the newest."""
    for number in range(1, count + 1):
        await put(home, f"note:{number}", f"Нотатка {number}")


async def log(home: House) -> Message:
    """The answer to an editor's /log."""
    await home.say("/log", home.desk, home.editor)
    return newest(home)


def newest(home: House) -> Message:
    return home.telegram.messages(home.desk)[-1]


async def tap(home: House, button: str, **more: Any) -> Tap:
    tapped = home.telegram.tap(home.desk, home.editor, newest(home), button, **more)
    await home.work()
    return tapped


def told(message: Message) -> list[str]:
    """The notes of the page, as it shows them."""
    return [line.removeprefix("Нотатка ") for line in message.text.splitlines() if line.startswith("Нотатка ")]


async def test_the_log_answers_with_the_newest_entries(home: House) -> None:
    await notes(home, SIZE + 1)

    page = await log(home)

    assert page.text.startswith(
        "📒 Журнал: канал і редакція · станом на 14:06\n"
        "Канал і редакція — чекає: 9\n\n"
        "⏳ 14:06 Нотатка → чат редакції\n"
        "Нотатка 9\n"
        "вийде завтра 14:06:00\n\n"
    )
    assert told(page) == ["9", "8", "7", "6", "5", "4", "3", "2"]
    assert page.reply_to == home.telegram.messages(home.desk)[-2].message_id


async def test_the_log_goes_out_once_as_every_answer(home: House) -> None:
    await log(home)

    rows = await home.db.screens.all("SELECT state, update_id FROM outbox WHERE intent LIKE 'answer:%'")
    assert [tuple(row) for row in rows] == [("sent", home.heard)]


async def test_pages_turn_in_the_same_message(home: House) -> None:
    await notes(home, 2 * SIZE + 4)
    page = await log(home)
    before = len(home.telegram.messages(home.desk))

    await tap(home, "‹ Давніші")
    older = told(newest(home))
    await tap(home, "‹ Давніші")
    oldest = told(newest(home))
    await tap(home, "Новіші ›")

    assert older == ["12", "11", "10", "9", "8", "7", "6", "5"]
    assert oldest == ["4", "3", "2", "1"]
    assert told(newest(home)) == older
    assert newest(home).message_id == page.message_id
    assert len(home.telegram.messages(home.desk)) == before


async def test_the_way_back_ends_at_the_newest_page(home: House) -> None:
    await notes(home, SIZE + 4)
    await log(home)
    await tap(home, "‹ Давніші")

    await tap(home, "Новіші ›")
    assert told(newest(home)) == ["12", "11", "10", "9", "8", "7", "6", "5"]
    await tap(home, "Новіші ›")

    assert "Відповідь редакторові" in newest(home).text  # the log itself went out meanwhile
    assert told(newest(home)) == ["12", "11", "10", "9", "8", "7", "6"]
    assert "disabled" in newest(home).buttons[1]


async def test_where_nothing_follows_the_button_keeps_its_place(home: House) -> None:
    await notes(home, 1)

    page = await log(home)

    assert labels(page) == [["‹ Давніші", "Новіші ›"], ["🔄 Оновити"], ["Лише клопоти", "Разом із читачами"]]
    assert ["disabled" in button for button in page.buttons] == [True, True, False, False, False]


async def test_the_headline_leads_to_what_stands_in_the_channel(home: House) -> None:
    async with home.db.transaction() as tx:
        await outbox.put(tx, Parcel("note:1", "@nd", "sendMessage", {"text": "Вода <є>"}, 1, NOON), NOON)
    await home.deliver()

    page = await log(home)

    links = [entity for entity in page.entities if entity["type"] == "text_link"]
    assert [entity["url"] for entity in links] == ["https://t.me/nd/1"]
    assert "\nВода <є>\nвийшло 14:06:00, повідомлення 1" in page.text


async def test_trouble_alone_can_be_seen(home: House) -> None:
    await notes(home, 2)
    async with home.db.transaction() as tx:
        await outbox.refused(tx, 1, "Bad Request: message is too long", NOON)
    await log(home)

    tapped = await tap(home, "Лише клопоти")

    assert tapped.text == "Показую лише клопоти"
    assert told(newest(home)) == ["1"]
    assert "⛔" in newest(home).text
    assert labels(newest(home))[-1] == ["Канал і редакція", "Разом із читачами"]


async def test_no_trouble_is_said_so(home: House) -> None:
    await log(home)

    await tap(home, "Лише клопоти")

    assert newest(home).text.endswith("\n\nКлопотів немає: усе дійшло або чекає свого часу.")


async def test_of_readers_it_says_how_many_and_on_demand_when_but_never_who_or_what(home: House) -> None:
    await put(home, "alert:2002:1", "Покровськ", chat="2002", reader_id=2002)

    page = await log(home)
    assert "Сповіщення" not in page.text
    assert "Читачі — чекає: 1" in page.text
    await tap(home, "Разом із читачами")

    assert "⏳ 14:06 Сповіщення читачеві\nвийде завтра" in newest(home).text
    assert not {"2002", "Покровськ"} & set(newest(home).text.replace(":", " ").split())


async def test_a_refresh_shows_what_happened_meanwhile(home: House) -> None:
    await notes(home, 1)
    await log(home)
    await put(home, "note:2", "Нотатка 2")

    await tap(home, "🔄 Оновити")

    assert told(newest(home)) == ["2", "1"]


async def test_a_page_that_shows_it_already_is_no_error(home: House) -> None:
    await log(home)
    await tap(home, "🔄 Оновити")

    await tap(home, "🔄 Оновити")

    refused = home.telegram.called("editMessageText")[-1]
    assert not refused.ok
    assert home.telegram.called("answerCallbackQuery")[-1].ok


async def test_a_log_deleted_under_the_finger_is_no_error(home: House) -> None:
    page = await log(home)
    home.telegram.tap(home.desk, home.editor, page, "🔄 Оновити")
    home.telegram.delete(home.desk, page)

    await home.work()

    assert not home.telegram.called("editMessageText")[-1].ok


@pytest.mark.parametrize("data", ["o", "o:", "o:everything", "o:own:before:", "o:own:before:x", "o:own:after:1:2"])
async def test_a_button_of_another_time_explains_itself(home: House, data: str) -> None:
    await log(home)

    tapped = await tap(home, data, stale=True)

    assert tapped.text == "Ця кнопка вже не діє. Команди чату — /help"
    assert not home.telegram.called("editMessageText")


async def test_it_speaks_the_language_of_who_asks(home: House) -> None:
    home.editor.language_code = "en"

    page = await log(home)

    assert page.text.startswith("📒 The log: channel and editors · as of 14:06")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_page_fits_a_message(language: str) -> None:
    many, long = 10**9, "слово " * 100
    state = dict.fromkeys(("waiting", "claimed", "sent", "refused", "doubt", "dropped"), many)
    entry = Entry(
        id=many, own=True, kind="alarm", intent=long, chat=long, to_person=False, answers=False, priority=0,
        state="doubt", due_at=NOON, created_at=NOON, claimed_at=NOON, done_at=None, asked_at=NOON, unwanted_at=None,
        tries=many, reason=long, part=many, wanted_version=many, said=long, is_html=False, rubric=None,
        wall_time=None, title="", post_text="", editor=long,
        messages=(Standing(-1001234567890, many, 2, None, many, long),) * 10,
    )  # fmt: skip
    found = Ledger(View(), [entry] * SIZE, True, True, state, state)
    newsroom = Newsroom("", "@nd", None, KYIV, "uk")

    page = log_page.show(found, Wordings(KYIV).of(language), newsroom, NOON + timedelta(days=400))

    assert sum(state.values()) > COUNTED
    assert isinstance(page.text, Markup)
    assert 3000 < units(visible(page.text)) <= MESSAGE_LIMIT
