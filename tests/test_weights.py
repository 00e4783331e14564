"""/weights and /why: what was learned from editors is seen, understood and taken back by them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk import paint, weights_page, why
from bot.desk.weights_page import SHOWN, Learned
from bot.editions.packing import MESSAGE_LIMIT, units, visible
from bot.judgement.leanings import SIGNALS, applied
from bot.judgement.ranking import Ranked, weigh
from bot.judgement.states import first
from bot.judgement.tastes import default_taste
from bot.playground import Message, Tap
from bot.screen import DATA_BYTES
from bot.wording import LANGUAGES, Wordings
from storage import lessons, posts
from storage.model import BEGINNING, Channel, Content, Contribution, Item, Lesson, Story, Will
from tests.conftest import KYIV, NOON, House, labels, put

DAY = timedelta(days=1)
TASTE = default_taste()
WORDINGS = Wordings(KYIV)
UK = WORDINGS.of("uk")
LEANINGS = {"section:Громада": 0.6, "section:Спорт": -0.3, "signal:sources": 0.5, "words:масштаб": -0.2}


async def learned(home: House, *, used: bool = True, agreed: float | None = 0.71, since: bool = True) -> None:
    """Last night's lesson."""
    at = NOON - DAY / 3
    taught = Lesson(
        at, at - 23 * DAY if since else None, 148, 20, LEANINGS, agreed, None if agreed is None else 0.64, used
    )
    async with home.db.transaction() as tx:
        await lessons.put(tx, 1, at.date().isoformat(), taught)


async def weights(home: House) -> Message:
    await home.say("/weights", home.desk, home.editor)
    return newest(home)


def newest(home: House) -> Message:
    return home.telegram.messages(home.desk)[-1]


async def tap(home: House, button: str, **more: bool) -> Tap:
    tapped = home.telegram.tap(home.desk, home.editor, newest(home), button, **more)
    await home.work()
    return tapped


@pytest.fixture
def chief(home: House) -> House:
    """The house in which the editor may edit and delete in the channel."""
    home.telegram.set_rights(
        home.channel, home.editor, can_post_messages=True, can_edit_messages=True, can_delete_messages=True
    )
    return home


# What is seen


async def test_what_rose_and_what_fell_is_said_in_points(home: House) -> None:
    await learned(home)

    page = await weights(home)

    assert page.text == (
        "🎓 Чого бот навчився від редакції\n@nd · станом на 14:06\n\n"
        "Рішень: 148 · днів: 20 · перше: 31 жовтня\n"
        "Використовується · початок: сьогодні.\n"
        "У дні, яких бот не бачив, угадано 71 % ваших рішень, без навчання — 64 %.\n\n"
        "⬆️ Важить більше\nрозділ «Громада»: 0 → +0,6\nудвічі більше незалежних джерел: +0,8 → +1,2\n\n"
        "⬇️ Важить менше\nрозділ «Спорт»: −0,6 → −0,9\nтема: масштаб: +0,4 → +0,2\n\n"
        "Числа — бали з десяти. Загиблі й поранені через навчання легшими не стають. Усі бали однієї новини: /why у "
        "відповідь на її картку."
    )
    assert labels(page) == [["🧹 Скинути", "⏸ Не вчитися"], ["🔄 Оновити"]]


async def test_before_any_decision_the_page_says_how_it_learns(home: House) -> None:
    page = await weights(home)

    assert "Рішень ще немає." in page.text
    assert labels(page) == [["⏸ Не вчитися"], ["🔄 Оновити"]]


async def test_too_few_decisions_are_said_to_be_too_few(home: House) -> None:
    await learned(home, used=False, agreed=None)

    assert "Цього замало: треба щонайменше 40 рішень у 7 різних днів." in (await weights(home)).text


async def test_what_does_not_help_is_said_not_to_be_used(home: House) -> None:
    await learned(home, used=False)

    page = await weights(home)

    assert "Не використовується" in page.text
    assert "Громада" not in page.text


# What is done with it


async def test_what_was_forgotten_comes_back_with_one_tap(chief: House) -> None:
    await learned(chief)
    before = (await weights(chief)).text

    forgotten = await tap(chief, "🧹 Скинути")
    between = newest(chief).text
    held = await lessons.leanings(chief.db.screens, 1)
    back = await tap(chief, "↩️ Повернути вивчене")

    assert (forgotten.text, back.text) == ("Вивчене забуто", "Вивчене повернуто")
    assert "Вивчене забуто. Бот учиться наново" in between
    assert held == {}
    assert newest(chief).text == before
    assert await lessons.leanings(chief.db.screens, 1) == LEANINGS


async def test_learning_is_put_off_and_on(chief: House) -> None:
    await learned(chief)
    await weights(chief)

    await tap(chief, "⏸ Не вчитися")
    off = newest(chief).text
    held = await lessons.leanings(chief.db.screens, 1)
    await tap(chief, "▶️ Вчитися далі")

    assert "Навчання вимкнено" in off
    assert held == {}
    assert await lessons.leanings(chief.db.screens, 1) == LEANINGS
    acts = await chief.db.screens.all("SELECT actor, act, subject FROM journal ORDER BY id")
    assert [tuple(each) for each in acts] == [
        (chief.editor.id, "off", "learning:1"),
        (chief.editor.id, "on", "learning:1"),
    ]


async def test_a_second_reset_from_an_old_page_does_not_lose_the_way_back(chief: House) -> None:
    await learned(chief)
    page = await weights(chief)
    old = next(button["callback_data"] for button in page.buttons if "Скинути" in button["text"])
    await tap(chief, "🧹 Скинути")

    again = await tap(chief, old, stale=True)

    assert again.text == "Теперішній стан"
    assert (await lessons.will(chief.db.screens, 1)).before == BEGINNING


async def test_who_may_not_edit_the_channel_looks_only(home: House) -> None:
    await learned(home)
    await weights(home)

    refused = await tap(home, "🧹 Скинути")
    looked = await tap(home, "🔄 Оновити")

    assert refused.alert
    assert looked.text == "Теперішній стан"
    assert await lessons.leanings(home.db.screens, 1) == LEANINGS


# /why


async def test_why_tells_every_point_and_what_learning_changed(home: House) -> None:
    await learned(home)
    item = await put(home.db, "У громаді відкрили школу", section="Громада")
    async with home.db.transaction() as tx:
        post = await posts.add(
            tx, channel_id=1, state="candidate", content=Content(item.title), editor=1001, now=NOON,
            story_id=item.story_id, item_id=item.id,
        )  # fmt: skip
        await paint.offer(tx, home.dispatcher.workflow_data["desk"].easel, post, NOON)
    await home.deliver()
    card = newest(home)

    home.telegram.say(home.desk, home.editor, "/why", reply_to=card.message_id)
    await home.work()

    text = newest(home).text
    assert text.splitlines()[:2] == ["⚖️ Чому 5 із 10", "У громаді відкрили школу"]
    assert "+0,6 розділ «Громада» · 🎓 без навчання 0" in text
    assert "+0,8 новина, не рутина\n" in text
    told = [line.partition(" ")[0] for line in text.splitlines()[3:-2]]
    total = text.splitlines()[-1].split()[1]
    assert round(sum(map(number, told)), 2) == number(total)
    assert " · без навчання " in text.splitlines()[-1]


def number(said: str) -> float:
    return float(said.replace(",", ".").replace("−", "-"))


async def test_why_without_a_card_says_how_to_ask(home: House) -> None:
    texts = await home.say("/why", home.desk, home.editor)

    assert texts[-1] == "Надішліть /why у відповідь на картку новини: бот покаже всі бали її важливості."


async def test_a_post_of_an_editors_own_has_no_points(home: House) -> None:
    await home.say("/post Вітаємо колег", home.desk, home.editor)
    card = newest(home)

    home.telegram.say(home.desk, home.editor, "/why", reply_to=card.message_id)
    await home.work()

    assert newest(home).text == "Цей допис зроблено не з новини, яку бот знає, тож балів у нього немає."


def test_a_reason_that_learning_took_to_nothing_is_told() -> None:
    item = Item(
        id=1, version=1, kind="news", title="Матч", lead="", url="", language="uk", sections=("Спорт",),
        published_at=NOON, seen_at=NOON, source_id=1, source="", family="own", own=True,
    )  # fmt: skip
    story = Story(1, first(1, item), (item,))
    plain, ranked = (
        weigh(story, now=NOON, rubric="roundup", taste=taste)
        for taste in (TASTE, applied(TASTE, {"section:Спорт": 0.6}))
    )

    assert "0 розділ «Спорт» · 🎓 без навчання −0,6" in visible(why.page(ranked, plain, UK).text)


# Limits


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_pages_are_within_telegrams_limits(language: str) -> None:
    wording = WORDINGS.of(language)
    leanings = {f"section:{'&' * 200}{number}": 0.1 + number / 1000 for number in range(30)}
    leanings |= {f"section:{'<' * 200}{number}": -0.1 - number / 1000 for number in range(30)}
    leanings |= {f"signal:{name}": 0.5 for name in SIGNALS}
    channel = Channel(999_999_999, "@nd", "Н" * 255, "uk", NOON)
    lesson = Lesson(NOON, NOON - 400 * DAY, 99_999, 90, leanings, 0.7, 0.6, used=True)
    page = weights_page.show(Learned(channel, TASTE, lesson, NOON, Will(NOON), [channel]), wording, NOON)
    story = Story(1, first(1, ITEM), (ITEM,))
    many = tuple(Contribution("reason.words", 0.1, {"words": f"{'&' * 300}{number}"}) for number in range(40))
    reasons = why.page(Ranked(story, 4.0, many), Ranked(story, 4.0, ()), wording)

    assert units(visible(page.text)) <= MESSAGE_LIMIT
    assert units(visible(reasons.text)) <= MESSAGE_LIMIT
    assert visible(page.text).count(" → ") == 2 * SHOWN
    for button in (button for row in page.keyboard for button in row):
        assert len(button.label) <= 32
        assert len(button.data.encode()) <= DATA_BYTES


ITEM = Item(
    id=1, version=1, kind="news", title="Н" * 900, lead="", url="", language="uk", sections=(),
    published_at=NOON, seen_at=NOON, source_id=1, source="", family="own", own=True,
)  # fmt: skip


@pytest.mark.parametrize(
    "data", ["w:", "w:reset", "w:reset:1", "w:drop:1:0", "w:on:1:-1", "w:on:1:1234567890123", "w:on:x:0"]
)
def test_a_button_that_is_none_of_ours_asks_nothing(data: str) -> None:
    assert weights_page.read(data) is None
