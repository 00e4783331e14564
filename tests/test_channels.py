"""Several channels: the bot becomes administrator of one and asks, editors set each up in the chat, a post goes where
it belongs, and nobody else can make the newsroom publish anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.delivery.ledger import tell
from bot.desk import asks, channel_page, schedule_words, section_page, welcome_page
from bot.desk.channel_page import Found
from bot.desk.release import release_due
from bot.desk.tap import preliminary
from bot.intake import identity
from bot.playground import Chat, Message, Tap, User
from bot.screen import Page
from bot.wording import Wordings
from storage import channels, items, ledger, outbox, posts, programs, troubles, twins, wishes
from storage.editorial import Welcome
from storage.ledger import Scope
from storage.model import Channel, Item, Parcel, Report
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put

UK = Wordings(KYIV).of("uk")
ALL = {"can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True}
HOSTILE = "<b>" + "Ж" * 200 + "</b>\n\u202e" * 3


def newest(home: House) -> Message:
    return home.telegram.messages(home.desk)[-1]


async def tap(home: House, button: str, who: User | None = None, message: Message | None = None, **more: bool) -> Tap:
    shown = message or newest(home)
    known = [label for row in labels(shown) for label in row]
    label = next((each for each in known if button in each), button)
    tapped = home.telegram.tap(home.desk, who or home.editor, shown, label, **more)
    await home.work()
    return tapped


@pytest.fixture
def chief(home: House) -> House:
    """The house in which the editor is in charge of the channel."""
    home.telegram.set_rights(home.channel, home.editor, **ALL)
    return home


async def joined(home: House, by: User, title: str = "Окупація", username: str = "nd_occupied", **rights: bool) -> Chat:
    """Somebody makes the bot administrator of a channel."""
    chat = home.telegram.channel(title, username=username, admins=[by])
    home.telegram.join(chat, home.account, by=by, admin=True, **rights)
    await home.work()
    return chat


async def pasted(home: House, item: Item) -> None:
    """An editor pastes the link of a report that the bot knows."""
    async with home.db.transaction() as tx:
        await items.learn_keys(tx, item.id, identity.keys(Report("", url=item.url), ""))
    await home.say(item.url, home.desk, home.editor)


async def release(home: House) -> None:
    """The grace of «Зараз» is over."""
    home.now += MINUTE
    easel = home.dispatcher.workflow_data["desk"].easel
    await release_due(home.db, easel, home.now, 10 * MINUTE)
    await home.deliver()


async def second(home: House, language: str = "uk", title: str = "Окупація") -> Channel:
    """Another channel that the newsroom publishes in already, and that the editor is in charge of."""
    chat = home.telegram.channel(title, username="nd_second", admins=[home.account, home.editor])
    async with home.db.transaction() as tx:
        channel_id = await wishes.begin(tx, "@nd_second", title, language, NOON)
        await tx.run("UPDATE channel SET state = 'active' WHERE id = ?", (channel_id,))
        await channels.heard(tx, chat.id, "nd_second", 1, NOON)
    found = await channels.get(home.db.screens, channel_id)
    assert found is not None
    return found


# The bot becomes administrator


async def test_three_taps_set_a_channel_up_and_nothing_is_typed(chief: House) -> None:
    await put(chief.db, "Новина", section="Окупація")
    await joined(chief, chief.editor)
    question = newest(chief)
    assert question.text.splitlines()[:3] == [
        "📣 Бот тепер адміністратор каналу «Окупація» · @nd_occupied",
        "Публікувати в ньому?",
        "Хто додав: Олена",
    ]
    assert question.silent
    assert [each.chat for each in await channels.every(chief.db.screens)] == ["@nd"]

    for button in ("Так", "російська", "Обрати", "Окупація", "Далі", "Як у"):
        await tap(chief, button)

    _, other = await channels.every(chief.db.screens)
    assert (other.chat, other.language, other.sections) == ("@nd_occupied", "ru", ("окупація",))
    assert [wish.name for wish in await programs.wishes(chief.db.screens, other.id)] == ["digest", "roundup"]
    assert newest(chief).text.splitlines()[2].startswith("Мова: російська · змінено сб 23.11 (Олена)")
    assert len(chief.telegram.messages(chief.desk)) == 1


async def test_a_stranger_causes_one_quiet_question_and_nothing_goes_there(chief: House) -> None:
    stranger = chief.telegram.user(6666, HOSTILE)

    chats = [await joined(chief, stranger, HOSTILE, f"evil{number}") for number in range(3)]
    for chat in chats:
        chief.telegram.set_rights(chat, chief.account, can_edit_messages=False)
        chief.telegram.remove(chat, chief.account)
    await chief.work()

    (question,) = chief.telegram.messages(chief.desk)
    assert question.silent
    assert question.text.startswith("Бот більше не адміністратор каналу «<b>ЖЖЖ")
    assert labels(question) == []
    assert [each.chat for each in await channels.known(chief.db.screens)] == ["@nd"]


async def test_only_who_is_in_charge_says_yes(home: House) -> None:
    home.telegram.set_rights(home.channel, home.editor, can_post_messages=True)
    await joined(home, home.telegram.user(6666, "Хтось"))

    tapped = await tap(home, "Так")

    assert tapped.text == "Потрібне право публікувати в каналі"
    assert "редакція не знає" in newest(home).text
    assert [each.chat for each in await channels.known(home.db.screens)] == ["@nd"]


async def test_a_question_that_was_declined_can_be_taken_up_again(chief: House) -> None:
    await joined(chief, chief.editor)

    assert (await tap(chief, "Ні")).text == "Гаразд, там не публікуємо"
    assert newest(chief).text.startswith("У «Окупація» не публікуємо")
    await tap(chief, "Так")
    await tap(chief, "Скасувати")

    assert newest(chief).text.startswith("У «Окупація» не публікуємо")
    assert [each.state for each in await channels.known(chief.db.screens)] == ["active", "off"]
    await chief.say("/settings", chief.desk, chief.editor)
    assert ["➕ Окупація"] in labels(newest(chief))


async def test_the_rights_are_listed_and_looked_at_again(chief: House) -> None:
    chat = await joined(chief, chief.editor, can_post_messages=False, can_delete_messages=False)
    assert newest(chief).text.splitlines()[3:] == [
        "✗ публікувати",
        "✓ редагувати",
        "✗ видаляти",
        "Щоб публікувати, увімкніть право: канал → Адміністратори → бот.",
    ]
    assert (await tap(chief, "Перевірити ще раз")).text == "Прав бракує: див. ✗"

    chief.telegram.set_rights(chat, chief.account, can_post_messages=True, can_delete_messages=True)
    await chief.work()

    assert "✗" not in newest(chief).text
    assert (await tap(chief, "Перевірити ще раз")).text == "Усі права є"


async def test_a_second_tap_on_yes_changes_nothing(chief: House) -> None:
    await joined(chief, chief.editor)
    yes = f"h:yes:{chief.telegram.place(next(reversed(chief.telegram.chats))).id}:0"
    await tap(chief, "Так")

    tapped = await tap(chief, yes, stale=True)

    assert tapped.text == "Ця кнопка вже не діє. Команди чату — /help"
    assert len(await channels.known(chief.db.screens)) == 2


# What a channel is set to


async def test_settings_say_what_comes_from_the_settings_and_who_changed_the_rest(chief: House) -> None:
    await chief.say("/settings", chief.desk, chief.editor)
    assert newest(chief).text.splitlines()[:4] == [
        "⚙️ Новини · @nd",
        "",
        "Мова: українська · з налаштувань",
        "Розділи: усі",
    ]

    await tap(chief, "Мова")
    await tap(chief, "російська")

    assert "Мова: російська · змінено сб 23.11 (Олена)" in newest(chief).text
    await tap(chief, "Мова")
    await tap(chief, "Як у налаштуваннях")
    assert "Мова: українська · з налаштувань" in newest(chief).text


async def test_two_editors_at_once_one_wins_and_the_other_is_told(chief: House) -> None:
    other = chief.telegram.user(1002, "Андрій")
    chief.telegram.set_rights(chief.channel, other, **ALL)
    await chief.say("/settings", chief.desk, chief.editor)
    stale = next(each["callback_data"] for each in newest(chief).buttons if "Закріплювати" in each["text"])
    await tap(chief, "Закріплювати", other)

    tapped = await tap(chief, stale, stale=True)

    assert tapped.text == "Змінено о 14:06 (Андрій). Показую новий стан"
    assert (await channels.every(chief.db.screens))[0].pins
    assert "Закріплювати випуски: так" in newest(chief).text


async def test_quiet_hours_and_a_signature_are_given_by_a_reply(chief: House) -> None:
    await chief.say("/settings", chief.desk, chief.editor)
    for button, words in (("Тиша", "з 22 до 7:30"), ("Підпис", "Наш <сайт>:\nnovosti")):
        await tap(chief, button)
        chief.telegram.say(chief.desk, chief.editor, words, reply_to=newest(chief))
        await chief.work()

    (channel,) = await channels.every(chief.db.screens)
    assert (channel.quiet_from, channel.quiet_until) == (time(22), time(7, 30))
    assert channel.signature == "Наш <сайт>: novosti"
    assert "Підпис: Наш <сайт>: novosti · змінено сб 23.11 (Олена)" in newest(chief).text


async def test_who_is_not_in_charge_looks_only(home: House) -> None:
    await home.say("/settings", home.desk, home.editor)
    await tap(home, "Розклад")
    assert newest(home).text.startswith("🗓 Розклад каналу «Новини»")

    await tap(home, "Дайджест")
    tapped = await tap(home, "Не випускати")

    assert tapped.text == "Потрібне право публікувати в каналі"
    assert await programs.wishes(home.db.screens, 1) == []


# Several channels at the desk


async def test_a_channel_that_is_turned_off_asks_about_its_queue(chief: House) -> None:
    other = await second(chief)
    await chief.say("/post Про воду", chief.desk, chief.editor)
    await tap(chief, "@nd ⇄")
    await tap(chief, "У чергу")
    card = newest(chief)
    assert "Канал: Окупація" in card.text
    await chief.say("/settings", chief.desk, chief.editor)
    await tap(chief, "Окупація")

    await tap(chief, "Вимкнути")

    assert "З черги знято 1 допис" in newest(chief).text
    (post,) = await posts.of_channel(chief.db.screens, other.id)
    assert post.state == "draft"
    refused = await tap(chief, "Повернути", message=card)
    assert refused.text == "Канал вимкнено. Оберіть інший або ввімкніть у /settings"
    await tap(chief, "Увімкнути")
    (post,) = await posts.of_channel(chief.db.screens, other.id)
    assert post.state == "queued"


async def test_cards_of_a_channel_that_is_off_go_to_the_first(chief: House) -> None:
    await second(chief)
    await chief.say("/post Про воду", chief.desk, chief.editor)
    await tap(chief, "⇄")
    await tap(chief, "У чергу")
    await chief.say("/settings", chief.desk, chief.editor)
    await tap(chief, "Окупація")
    await tap(chief, "Вимкнути")

    await tap(chief, "Картки")

    (post,) = await posts.of_channel(chief.db.screens, 1)
    assert post.state == "draft"


async def test_a_post_goes_to_the_channel_that_its_card_says(chief: House) -> None:
    await second(chief)
    await chief.say("/post Про воду", chief.desk, chief.editor)
    await tap(chief, "⇄")

    await tap(chief, "Зараз")
    await release(chief)

    assert chief.telegram.texts(chief.channel) == []
    assert [call.params["chat_id"] for call in chief.telegram.called("sendMessage")].count("@nd_second") == 1


async def test_a_story_stands_in_two_channels_by_one_tap(chief: House) -> None:
    other = await second(chief)
    item = await put(chief.db, "Воду повернули", section="Окупація")
    await pasted(chief, item)

    tapped = await tap(chief, "І в «Окупація»")

    assert tapped.text == "Є картка й для «Окупація»"
    (post,) = await posts.of_channel(chief.db.screens, other.id)
    assert post.content.text.startswith("Воду повернули")
    first, _ = [each.text for each in chief.telegram.messages(chief.desk) if "Канал:" in each.text]
    assert "Є і в «Окупація»" in first


@pytest.mark.parametrize("translated", [True, False])
async def test_the_twin_goes_to_the_channel_of_its_language(chief: House, translated: bool) -> None:
    other = await second(chief, "ru", "Новости")
    item = await put(chief.db, "Воду повернули")
    if translated:
        twin = await put(chief.db, "Воду вернули", language="ru", story=item.story_id)
        async with chief.db.transaction() as tx:
            await twins.link(tx, item.id, twin.id)

    await pasted(chief, item)

    if not translated:
        assert "«Новости» (російська): перекладу немає" in newest(chief).text
        assert ["➕ І в «Новости»"] not in labels(newest(chief))
        return
    await tap(chief, "І в «Новости»")
    (post,) = await posts.of_channel(chief.db.screens, other.id)
    assert post.content.text.startswith("Воду вернули")


async def test_rights_at_a_card_are_those_in_its_channel(chief: House) -> None:
    other = await second(chief)
    chat = next(each for each in chief.telegram.chats.values() if each.username == "nd_second")
    chief.telegram.demote(chat, chief.editor)
    await chief.say("/post Про воду", chief.desk, chief.editor)

    assert (await tap(chief, "⇄")).text == "Потрібне право публікувати в каналі"
    assert await posts.of_channel(chief.db.screens, other.id) == []


async def test_a_loss_in_the_second_channel_is_told_by_its_name(chief: House) -> None:
    await second(chief)
    chat = next(each for each in chief.telegram.chats.values() if each.username == "nd_second")

    chief.telegram.set_rights(chat, chief.account, can_post_messages=False)
    await chief.work()
    alarm = newest(chief)
    assert alarm.text.splitlines()[0] == "🚨 Не можу писати в «Окупація»"
    assert [each.chat for each in await troubles.every(chief.db.screens)] == ["@nd_second"]
    chief.telegram.set_rights(chat, chief.account, can_post_messages=True)
    await chief.work()

    assert newest(chief).text.splitlines()[0] == "✅ Знову можу писати в «Окупація»"
    assert await troubles.every(chief.db.screens) == []


async def test_the_mark_speaks_the_language_of_the_channel(chief: House) -> None:
    other = await second(chief, "ru", "Новости")

    assert await preliminary(chief.dispatcher.workflow_data["desk"], other.chat) == " — по предварительным данным"


async def test_the_log_calls_a_channel_without_a_name_by_its_title(chief: House) -> None:
    async with chief.db.transaction() as tx:
        await wishes.begin(tx, "-1009", "Закритий", "uk", NOON)
        await outbox.put(tx, Parcel("post:1:1", "-1009", "sendMessage", {"text": "…"}, 1, NOON), NOON)

    (entry,) = await ledger.before(chief.db.screens, Scope("-100"), ledger.NEWEST, 5)

    assert tell(entry, UK, chief.newsroom, NOON).chat == "канал «Закритий»"


async def test_a_language_that_no_editor_chose_follows_the_settings(chief: House) -> None:
    async with chief.db.transaction() as tx:
        seeded = await channels.seed(tx, "@nd", "ru", NOON)
    assert seeded.language == "ru"
    async with chief.db.transaction() as tx:
        await wishes.change(tx, seeded, replace(seeded, language="en"), "language", 1001, NOON)

        again = await channels.seed(tx, "@nd", "uk", NOON)

    assert again.language == "en"


@pytest.mark.parametrize(
    "data",
    ["h:pick:1:1:none:x", "h:rub:1:1:sdeadbeef", "h:open:99:1", "h:set:1:1:quiet:9", "h:also:9:9:9", "h:on:1:1", "h"],
)
async def test_a_button_that_nobody_made_does_no_harm(chief: House, data: str) -> None:
    await chief.say("/settings", chief.desk, chief.editor)

    tapped = await tap(chief, data, stale=True)

    assert tapped.text
    (channel,) = await channels.known(chief.db.screens)
    assert channel.version == 1


# Nouns


@pytest.mark.parametrize(
    ("words", "walls"),
    [
        ("9:00, 13:00, 18:00", [time(9), time(13), time(18)]),
        ("18.30 і 9", [time(9), time(18, 30)]),
        ("9:00;9:00", [time(9)]),
        ("25:00", None),
        ("9:00 завтра", None),
        ("", None),
        (", ".join(f"{hour}:00" for hour in range(13)), None),
    ],
)
def test_times_are_read_as_editors_write_them(words: str, walls: list[time] | None) -> None:
    assert schedule_words.read(words) == (None if walls is None else tuple(walls))


@pytest.mark.parametrize(
    ("words", "hours"),
    [("22:00–7:00", (22, 7)), ("з 22 до 7", (22, 7)), ("22", None), ("22 22", None), ("22-99", None)],
)
def test_quiet_hours_are_read_as_editors_write_them(words: str, hours: tuple[int, int] | None) -> None:
    assert channel_page.night(words) == (None if hours is None else (time(hours[0]), time(hours[1])))


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_the_longest_pages_are_within_the_limits_of_screens(language: str) -> None:
    wording = Wordings(KYIV).of(language)
    named = Channel(
        1, "-1001234567890123", HOSTILE, "uk", NOON, sections=tuple(f"{'Ж' * 60}{number}" for number in range(40)),
        signature="Ж" * 200, version=10**8,
    )  # fmt: skip
    found = Found(named, [], {}, sections=[f"{'Ї' * 60}{number}" for number in range(40)], first=True)
    known = Welcome(-1001234567890123, "@" + "n" * 32, HOSTILE, "asked", (), 1)
    pages: list[Page] = [
        channel_page.show(found, wording),
        channel_page.show(replace(found, channel=replace(named, state="off"), queued=2), wording),
        channel_page.overview([found] * 3, [known] * 3, wording, NOON),
        section_page.pick(found, "sec", named.sections, 3, wording),
        welcome_page.question(known, HOSTILE, wording),
        welcome_page.languages(named, wording),
        welcome_page.sections(named, wording),
        welcome_page.schedule(named, named, wording),
        *(channel_page.choices(found, what, wording) for what in ("language", "quiet", "signature", "picture")),
    ]

    for page in pages:
        assert len(page.text.encode("utf-16-le")) // 2 < 4096
        assert page.keyboard
        for row in page.keyboard:
            assert len(row) <= 3
            assert sum(len(button.label) for button in row) <= 60
            for button in row:
                assert len(button.label.encode("utf-16-le")) // 2 <= 32, button.label
                assert len(button.data.encode()) <= 64
                assert channel_page.read(button.data) or asks.read(button.data)
