"""People first (screens, E23): what names a victim, a child, a street or the place of a strike is asked about before
it goes out, and no edition tells it by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.desk import draft_paint
from bot.desk.hear import Desk
from bot.desk.release import release_due
from bot.editions import programs
from bot.editions.compose import candidates
from bot.editions.prepare import prepare_due
from bot.editions.program import Program
from bot.intake import identity
from bot.playground import Message, User
from storage import drafts, items
from storage import flags as answers
from storage.model import Item, Report
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put

CHILD = "У селі загинула 17-річна Марія К., жила на вул. Парковій, 5"
SCHOOL = "Росіяни влучили у школу № 5 у Краматорську, будівля горить"
ROAD = "У Слов’янську полагодили дорогу біля парку"
HOUR = timedelta(hours=1)
CUT, CONSENT, ALLOWED, SAVE, AGAIN, NOW = (
    "Прибрати", "Згода є", "Можна", "✅ Зберегти", "↩️ Спитати знову", "⚡ Зараз"
)  # fmt: skip


@pytest.fixture
async def town(home: House) -> House:
    """The newsroom where Олена may publish, and drafts stand an hour ahead."""
    home.telegram.set_rights(home.channel, home.editor, can_post_messages=True)
    give(home, draft_ahead=HOUR)
    return home


def give(town: House, **wanted: object) -> None:
    """The house with other habits."""
    desk = desk_of(town)
    house = replace(desk.easel.house, **wanted)  # type: ignore[arg-type]
    town.open(desk=replace(desk, easel=replace(desk.easel, house=house)))


def desk_of(town: House) -> Desk:
    desk = town.dispatcher.workflow_data["desk"]
    assert isinstance(desk, Desk)
    return desk


async def program(town: House) -> Program:
    easel = desk_of(town).easel
    return await programs.numbered(town.db.screens, easel.house, easel.channel.id)


def card(town: House) -> Message:
    return [each for each in town.telegram.messages(town.desk) if each.by_bot][-1]


async def offered(town: House, words: str) -> Message:
    """The card of an editor's own words."""
    await town.say(f"/post {words}", town.desk, town.editor)
    return card(town)


async def tap(town: House, button: str, message: Message | None = None, who: User | None = None) -> str:
    """What the toast says."""
    tapped = town.telegram.tap(town.desk, who or town.editor, message or card(town), button)
    await town.work()
    assert tapped.answer is not None
    return str(tapped.answer["text"])


def button(town: House, beginning: str) -> str:
    return next(each for row in labels(card(town)) for each in row if each.startswith(beginning))


async def ring(town: House, at: datetime) -> list[str]:
    """What the channel shows after this minute."""
    town.now = at
    await release_due(town.db, desk_of(town).easel, at, timedelta(minutes=10))
    await town.deliver()
    return town.telegram.texts(town.channel)


async def chosen(town: House, at: datetime = NOON) -> list[str]:
    """The headlines that the one o'clock digest would tell."""
    plan = await program(town)
    [digest] = [each for each in plan.rubrics if each.name == "digest"]
    selection = await candidates(town.db.screens, plan, digest, at - 12 * HOUR, at)
    return [each.headline for each in selection.choices]


async def test_the_card_says_who_is_named_and_which_street(town: House) -> None:
    await offered(town, CHILD)

    assert "⚠️ Є ім’я дитини та назва вулиці: Марія К.; вул. Парковій, 5" in card(town).text
    assert [CUT, CONSENT, ALLOWED] in labels(card(town))


async def test_a_text_that_names_nobody_is_not_asked_about(town: House) -> None:
    await offered(town, ROAD)

    assert "⚠️" not in card(town).text
    assert (await tap(town, button(town, "✅ У чергу"))).startswith("У черзі на")


async def test_the_queue_asks_first_and_one_more_tap_answers(town: House) -> None:
    await offered(town, CHILD)

    asked = await tap(town, button(town, "✅ У чергу"))
    assert asked == "Спершу відповідь: є ім’я дитини та назва вулиці"
    assert "Після відповіді стане в чергу на" in card(town).text
    said = await tap(town, ALLOWED)

    assert said.startswith("У черзі на")
    assert "Олена: ім’я дитини та назва вулиці — можна." in card(town).text
    acts = await town.db.screens.all("SELECT act, became FROM journal WHERE act LIKE 'flag.%' ORDER BY id")
    assert [tuple(row) for row in acts] == [("flag.child", "allowed"), ("flag.street", "allowed")]


async def test_at_once_asks_too_and_back_leads_to_the_card(town: House) -> None:
    await offered(town, CHILD)

    await tap(town, NOW)
    assert "Після відповіді піде в канал." in card(town).text
    await tap(town, "‹ Назад")
    assert button(town, "✅ У чергу")
    await tap(town, NOW)
    await tap(town, CONSENT)
    texts = await ring(town, NOON + MINUTE)

    assert texts == [CHILD]


async def test_a_time_in_reply_asks_as_well(town: House) -> None:
    shown = await offered(town, CHILD)

    town.telegram.say(town.desk, town.editor, "18:40", reply_to=shown.message_id)
    await town.work()

    assert "Після відповіді стане в чергу на 18:40" in card(town).text


async def test_the_words_are_taken_out_after_a_look(town: House) -> None:
    await offered(town, CHILD)

    await tap(town, CUT)
    assert "17-річна дівчина" in card(town).text
    await tap(town, SAVE)

    assert "⚠️" not in card(town).text
    assert "У селі загинула 17-річна дівчина, жила" in card(town).text
    kept = await town.db.screens.value("SELECT text FROM post_version WHERE version = 1")
    assert kept == CHILD


async def test_another_sentence_is_asked_about_anew(town: House) -> None:
    shown = await offered(town, CHILD)
    await tap(town, ALLOWED)

    again = "Матір, у якої загинула 17-річна Марія К., поранено"
    async with town.db.transaction() as tx:
        await tx.run("UPDATE post_version SET text = ?", (again,))
    await tap(town, button(town, "✅ У чергу"), shown)

    assert "⚠️ Є ім’я дитини" in card(town).text


async def test_an_answer_can_be_taken_back(town: House) -> None:
    await offered(town, CHILD)
    await tap(town, CONSENT)
    assert [CUT, CONSENT, ALLOWED] not in labels(card(town))

    await tap(town, AGAIN)

    assert [CUT, CONSENT, ALLOWED] in labels(card(town))


async def test_of_two_editors_one_answers_and_the_other_is_told(town: House) -> None:
    second = town.telegram.user(1002, "Андрій")
    town.telegram.join(town.desk, second)
    town.telegram.set_rights(town.channel, second, can_post_messages=True)
    shown = await offered(town, CHILD)

    first = town.telegram.tap(town.desk, town.editor, shown, CONSENT)
    late = town.telegram.tap(town.desk, second, shown, ALLOWED)
    await town.work()

    assert first.answer is not None and first.answer["text"] == "Записано: згода є"
    assert late.answer is not None and "Олена" in late.answer["text"]
    rows = await town.db.screens.all("SELECT DISTINCT answer FROM flag_answer WHERE undone_at IS NULL")
    assert [row["answer"] for row in rows] == ["consent"]


async def test_who_may_not_publish_does_not_answer(town: House) -> None:
    author = town.telegram.user(1003, "Тарас")
    town.telegram.join(town.desk, author)
    await offered(town, CHILD)

    said = await tap(town, ALLOWED, who=author)

    assert "Олена" in said
    assert "⚠️ Є" in card(town).text


async def test_what_was_named_while_it_stood_in_the_queue_does_not_go(town: House) -> None:
    await offered(town, ROAD)
    await tap(town, button(town, "✅ У чергу"))
    async with town.db.transaction() as tx:
        await tx.run("UPDATE post_version SET text = ?", (CHILD,))
    row = await town.db.screens.one("SELECT due_at FROM post")
    assert row is not None

    texts = await ring(town, datetime.fromtimestamp(row["due_at"], NOON.tzinfo))

    assert texts == []
    assert "⚠️ Є ім’я дитини" in card(town).text
    assert [CUT, CONSENT, ALLOWED] in labels(card(town))


async def test_an_edition_leaves_out_what_nobody_answered_for(town: House) -> None:
    named = await put(town.db, CHILD, section="Регіон")
    await put(town.db, ROAD, section="Регіон")
    assert CHILD not in await chosen(town)

    await answer(town, named)

    assert CHILD in await chosen(town)


async def answer(town: House, item: Item) -> None:
    """An editor answers on the card of the report."""
    async with town.db.transaction() as tx:
        await items.learn_keys(tx, item.id, identity.keys(Report(item.title, url=item.url), ""))
    await town.say(item.url, town.desk, town.editor)
    await tap(town, ALLOWED)


async def test_a_draft_shows_why_and_choosing_the_line_answers(town: House) -> None:
    await put(town.db, CHILD, NOON + HOUR, section="Регіон")
    await put(town.db, ROAD, NOON + HOUR, section="Регіон")
    town.now = NOON.astimezone(KYIV).replace(hour=17, minute=30).astimezone(NOON.tzinfo)
    await prepare_due(town.db, [await program(town)], lambda: town.now)
    [draft] = await drafts.standing(town.db.screens)
    easel = desk_of(town).easel
    await draft_paint.keep_up(town.db, easel, lambda: town.now)
    await town.deliver()
    line = next(each for each in card(town).text.splitlines() if "Марія" in each)
    assert line.startswith("▫️") and line.endswith("⚠️ ім’я дитини та назва вулиці")

    await tap(town, line.split()[1].rstrip("."))

    line = next(each for each in card(town).text.splitlines() if "Марія" in each)
    assert line.startswith("✅") and "⚠️" not in line
    fresh = await drafts.get(town.db.screens, draft.id)
    assert fresh is not None and all(each.chosen for each in fresh.lines)


async def test_the_place_of_a_strike_waits_for_the_newsrooms_own_delay(town: House) -> None:
    give(town, strike_delay=3 * HOUR)
    item = await put(town.db, SCHOOL, NOON - HOUR, section="Регіон")
    await answer(town, item)

    assert "⏳ Не раніше" in card(town).text
    said = await tap(town, NOW)
    assert said.startswith("Не раніше") and said.endswith("названо місце удару")
    assert (await tap(town, button(town, "✅ У чергу"))).startswith("У черзі на")
    row = await town.db.screens.one("SELECT due_at FROM post")
    assert row is not None and row["due_at"] >= (NOON + 2 * HOUR).timestamp()


async def test_an_edition_waits_with_the_place_of_a_strike(town: House) -> None:
    give(town, strike_delay=3 * HOUR)
    item = await put(town.db, SCHOOL, NOON - HOUR, section="Регіон")
    await answer(town, item)

    assert SCHOOL not in await chosen(town, NOON + HOUR)
    assert SCHOOL in await chosen(town, NOON + 2 * HOUR)


async def test_without_a_delay_nothing_waits(town: House) -> None:
    item = await put(town.db, SCHOOL, NOON - HOUR, section="Регіон")
    await answer(town, item)

    assert "⏳" not in card(town).text
    assert await answers.held(town.db.screens, [SCHOOL])
