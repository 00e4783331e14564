"""Breaking news: seen before it is sent, taken back within ten seconds, and the queue makes way for it (E19, C4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.delivery.deliver import Deliverer
from bot.delivery.endings import Endings
from bot.desk import breaking_page
from bot.desk.release import ended, release_due
from bot.editions import programs
from bot.editions.breaking import break_due
from bot.editions.packing import units
from bot.intake import identity
from bot.playground import Message
from bot.wording import Wordings
from storage import breaking, items, outbox, posts
from storage.database import Transaction
from storage.model import Content, Parcel, Post, Report
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put

DAM = "На річці прорвало дамбу, людей виводять із трьох сіл"
SLOT, NOW, BREAKING, SEND, BACK, CANCEL = (
    "✅ У чергу на 14:30",
    "⚡ Зараз",
    "🚨 Термінове",
    "🚨 Надіслати",
    "‹ Назад",
    "↩️ Скасувати",
)


@pytest.fixture
async def town(home: House) -> House:
    """The newsroom where Олена may publish."""
    home.telegram.set_rights(home.channel, home.editor, can_post_messages=True)
    easel = home.dispatcher.workflow_data["desk"].easel

    async def hook(tx: Transaction, what: Parcel, state: str, reason: str, now: datetime) -> None:
        await ended(tx, easel, what, state, reason, now)

    home.endings = Endings(home.newsroom, home.wordings.default, hook)
    home.deliverer = Deliverer(home.db, home.bot, home.endings)
    return home


async def ring(town: House, later: timedelta) -> None:
    """Time passes, and what is due goes out."""
    town.now += later
    await release_due(town.db, town.dispatcher.workflow_data["desk"].easel, town.now, 10 * MINUTE)
    await town.deliver()
    await town.deliver()


def cards(town: House) -> list[Message]:
    return [each for each in town.telegram.messages(town.desk) if each.by_bot]


async def tap(town: House, button: str, card: Message | None = None) -> str:
    """What the toast says; the newest card is tapped when not said otherwise."""
    tapped = town.telegram.tap(town.desk, town.editor, card or cards(town)[-1], button)
    await town.work()
    assert tapped.answer is not None
    return str(tapped.answer["text"])


async def draft(town: House, text: str) -> Message:
    await town.say(f"/post {text}", town.desk, town.editor)
    return cards(town)[-1]


async def post(town: House, number: int) -> Post:
    found = await posts.get(town.db.screens, number)
    assert found is not None
    return found


async def test_an_editor_sees_what_breaking_news_does_before_it_is_sent(town: House) -> None:
    town.now = NOON + 17 * MINUTE
    await tap(town, SLOT, await draft(town, "Розклад електричок на вихідні змінять"))
    await draft(town, DAM)

    said = await tap(town, BREAKING)

    assert said == "Перевірте, що буде. Ще нічого не надіслано"
    assert (cards(town)[-1].text or "").splitlines() == [
        "🚨 Термінове — перевірте",
        f"{DAM}, 14:23",
        "Куди: @nd, зі звуком, попри паузу.",
        "1 допис із черги зсунеться на 10 хв.",
    ]
    assert labels(cards(town)[-1]) == [[SEND], ["Надіслати без звуку"], [BACK]]
    await tap(town, BACK)
    assert (await post(town, 2)).state == "draft"


async def test_it_rings_goes_first_and_the_queue_makes_way(town: House) -> None:
    town.now = NOON + 17 * MINUTE
    await tap(town, SLOT, await draft(town, "Розклад електричок на вихідні змінять"))
    await draft(town, DAM)
    await tap(town, BREAKING)

    assert await tap(town, SEND) == "Піде за 10 секунд. Скасувати — кнопка нижче"
    await ring(town, timedelta(seconds=11))

    [standing] = town.telegram.messages(town.channel)
    assert standing.text == f"{DAM}, 14:23"
    [sent] = [
        each for each in town.telegram.calls if each.method == "sendMessage" and each.params.get("chat_id") == "@nd"
    ]
    assert not sent.params.get("disable_notification")
    parcel = await outbox.find(town.db.screens, "post:2:2")
    assert parcel is not None and parcel.priority == 0
    assert (await post(town, 1)).due_at == NOON + 34 * MINUTE
    assert (cards(town)[-1].text or "").startswith("✅ Опубліковано")


async def test_within_ten_seconds_it_is_taken_back_and_all_is_as_before(town: House) -> None:
    await draft(town, DAM)
    before = await post(town, 1)
    await tap(town, BREAKING)
    await tap(town, "Надіслати без звуку")
    assert (await post(town, 1)).silent

    await tap(town, CANCEL)
    await ring(town, MINUTE)

    after = await post(town, 1)
    assert (after.state, after.content, after.silent) == ("draft", before.content, before.silent)
    assert town.telegram.messages(town.channel) == []
    assert await breaking.words(town.db.screens, 1) is None


async def test_it_passes_a_pause(town: House) -> None:
    async with town.db.transaction() as tx:
        await tx.run("UPDATE channel SET paused_at = 1, paused_by = 1")
    await draft(town, DAM)
    await tap(town, BREAKING)
    await tap(town, SEND)

    await ring(town, timedelta(seconds=11))

    assert len(town.telegram.messages(town.channel)) == 1


async def test_it_says_who_says_so(town: House) -> None:
    item = await put(town.db, DAM, family="ОВА")
    async with town.db.transaction() as tx:
        await items.learn_keys(tx, item.id, identity.keys(Report(item.title, url=item.url), ""))
    await town.say(item.url, town.desk, town.editor)

    await tap(town, BREAKING)

    text = cards(town)[-1].text or ""
    assert f"{DAM} — ОВА, 14:02" in text
    assert "Джерело: ОВА · друге: немає" in text


async def test_what_was_told_already_is_said_before_it_is_sent_again(town: House) -> None:
    await tap(town, NOW, await draft(town, DAM))
    await ring(town, timedelta(seconds=30))
    await draft(town, f"{DAM} — рятувальники")

    await tap(town, BREAKING)

    assert "⚠️ Схоже, це вже було в каналі\nДопис, 14:06: «На річці прорвало дамбу" in (cards(town)[-1].text or "")


async def test_who_may_not_publish_may_not_alarm(town: House) -> None:
    author = town.telegram.user(1003, "Ірина")
    town.telegram.join(town.desk, author)
    card = await draft(town, DAM)

    tapped = town.telegram.tap(town.desk, author, card, BREAKING)
    await town.work()

    assert tapped.text == "Це може: Олена"


async def broken(town: House, least: float | None = 2.0) -> int:
    """How many alarms the bot raises by itself."""
    easel = town.dispatcher.workflow_data["desk"].easel
    every = await programs.every(town.db.screens, easel.house)
    went = await break_due(town.db, easel, every, least, town.now)
    await town.deliver()
    return went


async def dam(town: House) -> None:
    """A new story that two independent voices tell."""
    item = await put(town.db, DAM, NOON - 4 * MINUTE, family="ОВА", section="Надзвичайне")
    await put(town.db, f"{DAM} — рятувальники", NOON - 2 * MINUTE, family="ДСНС", story=item.story_id)


async def test_by_itself_nothing_breaks_until_the_newsroom_wants_it(town: House) -> None:
    await dam(town)

    assert await broken(town, None) == 0


async def test_a_great_story_of_two_voices_leaves_a_minute_after_its_card(town: House) -> None:
    await dam(town)

    assert await broken(town) == 1
    assert (cards(town)[-1].text or "").startswith("⚡ Піде в канал о 14:07:00")
    assert "🚨 Термінове: бот пропонує сам" in (cards(town)[-1].text or "")
    await ring(town, timedelta(seconds=61))

    [standing] = town.telegram.messages(town.channel)
    assert (standing.text or "").startswith(DAM)
    assert await broken(town) == 0  # its story was told


async def test_an_editor_takes_the_bots_alarm_back(town: House) -> None:
    await dam(town)
    await broken(town)

    await tap(town, CANCEL)
    await ring(town, 2 * MINUTE)

    assert town.telegram.messages(town.channel) == []
    assert (await post(town, 1)).state == "candidate"
    assert await broken(town) == 0


@pytest.mark.parametrize("trouble", ["one voice", "night", "pause", "small"])
async def test_by_itself_nothing_breaks_on_a_doubt(town: House, trouble: str) -> None:
    await dam(town)
    async with town.db.transaction() as tx:
        if trouble == "one voice":
            await tx.run("UPDATE source SET family = 'one'")
        elif trouble == "night":
            await tx.run("UPDATE channel SET quiet_from = '14:00', quiet_until = '15:00'")
        elif trouble == "pause":
            await tx.run("UPDATE channel SET paused_at = 1, paused_by = 1")

    assert await broken(town, 10.0 if trouble == "small" else 2.0) == 0


@pytest.mark.parametrize("text", ["Слово", "«Ух» & <b>", "Дуже " * 100, "🚨 Уже з емодзі\n\nІ далі"])
@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_its_form_is_one_line_that_fits(text: str, language: str) -> None:
    made = Post(1, 1, "draft", 1, 1, None, False, True, NOON, 1, NOON, 1, Content(text, url="https://nd.ua/1"))

    words = breaking_page.form(made, None, Wordings(KYIV).of(language), NOON)

    assert "\n" not in words.text
    assert units(words.text) < 400
    assert all(each["length"] <= units(words.text) for each in words.entities)
