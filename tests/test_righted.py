"""A correction is not lost: whatever shows a report to a reader, or to the channel, shows it as it was corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk import errata, updating
from bot.editions import programs
from bot.editions.breaking import break_due
from bot.editions.compose import candidates
from bot.editions.righted import righted
from bot.intake import identity
from bot.judgement.amends import touches
from storage import channels, items
from storage.model import Content, Item, Report
from tests.conftest import MINUTE, NOON, House, headlines, put
from tests.test_breaking import DAM
from tests.test_corrections import (
    AGAIN,
    DATA,
    ELEVEN,
    ERROR,
    LEFT_DRY,
    OTHERS,
    RIGHT,
    TYPO,
    WATER,
    WITHDRAW,
    Newsroom,
)
from tests.test_withdrawal import GRACE, LIE, SAFETY

LEAD = "Воду дали в три райони зранку. Решта міста чекає."
ASKED = ("/latest", "/today", "/top", "/section Комунальне", "вода краматорськ")


@pytest.fixture
async def room(home: House) -> Newsroom:
    return Newsroom(home)


async def town(room: Newsroom) -> Item:
    """The water's post in the channel, two reports of the water and another story."""
    water = await put(room.house.db, WATER, NOON - 2 * MINUTE, lead=LEAD, section="Комунальне")
    await put(room.house.db, OTHERS[0], NOON - 9 * MINUTE)
    await room.publish(water, f"{WATER}\n\n{LEAD}")
    return water


async def now(room: Newsroom, item: Item) -> Item:
    """The report as it is shown."""
    found = await items.get(room.house.db.screens, item.id)
    assert found is not None
    [right] = await righted(room.house.db.screens, [found])
    return right


@pytest.mark.parametrize("kind", [TYPO, ERROR])
async def test_each_answer_to_a_reader_says_what_was_corrected(room: Newsroom, kind: str) -> None:
    water = await town(room)
    assert WATER in (await room.house.say("/latest"))[-1]

    await room.correct(kind, RIGHT)

    for question in (*ASKED, f"/start news_{water.id}"):
        answer = (await room.house.say(question))[-1]
        assert RIGHT in answer, question
        assert WATER not in answer, question


async def test_a_lead_is_mended_with_its_headline_or_is_not_shown(room: Newsroom) -> None:
    water = await town(room)
    await room.correct(ERROR, RIGHT)
    assert (await now(room, water)).lead == LEAD.replace("три", "чотири")
    assert "Воду дали в чотири райони зранку." in (await room.house.say(f"/start news_{water.id}"))[-1]

    twice = "Три райони з водою. Це ті самі три райони, що й у жовтні; ще три райони чекають."
    await room.edit_at_source(water, WATER, lead=twice)

    assert (await now(room, water)).lead == ""
    assert "три райони" not in (await room.house.say(f"/start news_{water.id}"))[-1]


async def test_search_finds_what_it_was_corrected_to(room: Newsroom) -> None:
    water = await town(room)
    dry = await put(room.house.db, LEFT_DRY, NOON - 3 * MINUTE, story=water.story_id, family="other")
    room.house.now += MINUTE
    assert "нічого немає" in (await room.house.say("чотири райони"))[-1]

    await room.correct(ERROR, RIGHT)
    found = (await room.house.say("чотири райони"))[-1]
    assert headlines(found) == [RIGHT]  # and not the other report of its story
    assert headlines((await room.house.say("лазурний"))[-1]) == [dry.title]
    assert headlines((await room.house.say("три райони"))[-1]) == [RIGHT]  # a reader may remember what was wrong

    await room.correct(ERROR, AGAIN)
    assert headlines((await room.house.say("п’ять районів"))[-1]) == [AGAIN]
    assert "нічого немає" in (await room.house.say("чотири райони"))[-1]


async def test_a_late_copy_of_the_wrong_headline_is_put_right_and_other_words_are_not(room: Newsroom) -> None:
    water = await town(room)
    await room.correct(ERROR, RIGHT)

    later = NOON + 60 * MINUTE
    copy = await put(room.house.db, WATER, later, story=water.story_id, family="copy")
    other = await put(room.house.db, f"Знову: {WATER}", later, story=water.story_id, family="other")

    assert (await now(room, copy)).title == RIGHT
    assert (await now(room, other)).title == other.title


async def test_what_became_of_a_report_does_not_depend_on_where_its_post_is_now(room: Newsroom) -> None:
    """The post was a double and is withdrawn alone: its report stands, and was wrong."""
    water = await town(room)
    await room.correct(ERROR, RIGHT)
    await room.tap(WITHDRAW)
    await room.tap("Дубль — лише цей допис")
    await room.later(GRACE)
    assert room.channel() == []

    assert (await now(room, water)).title == RIGHT
    assert RIGHT in (await room.house.say("/latest"))[-1]


@pytest.mark.parametrize("reason", [LIE, SAFETY])
async def test_what_was_withdrawn_is_nowhere(room: Newsroom, reason: str) -> None:
    water = await town(room)
    await room.correct(ERROR, RIGHT)
    await room.tap(WITHDRAW)
    await room.tap(reason)
    await room.later(GRACE)

    for question in (*ASKED, "чотири райони", "лазурний", f"/start news_{water.id}"):
        answer = (await room.house.say(question))[-1]
        assert "райони" not in answer.partition("\n")[2], question
        assert "повернули" not in answer, question


async def test_a_page_asks_once_for_all_its_corrections(room: Newsroom) -> None:
    """A list of a hundred must not become a hundred questions."""
    await town(room)
    await room.correct(ERROR, RIGHT)
    some = [each for each in await items.since(room.house.db.screens, NOON - timedelta(hours=1)) for _ in range(50)]
    asked: list[str] = []

    class Counted:
        async def all(self, sql: str, parameters: object = ()) -> list[object]:
            asked.append(sql)
            return await room.house.db.screens.all(sql, parameters)  # type: ignore[arg-type, return-value]

    told = await righted(Counted(), some)  # type: ignore[arg-type]

    assert len(asked) == 1
    assert len(told) == len(some)
    assert {each.title for each in told} == {RIGHT, OTHERS[0]}


async def test_an_edition_is_asked_about_the_people_that_it_would_name_and_not_those_of_its_reports(
    room: Newsroom,
) -> None:
    unnamed = "Обстріл Краматорська: загинула жінка, 34 роки"
    item = await put(room.house.db, unnamed, NOON - 2 * MINUTE)
    await room.publish(item, unnamed)
    [program] = await programs.every(room.house.db.screens, room.easel.house)
    rubric = program.find("roundup")
    assert rubric is not None

    async def barred() -> list[bool]:
        found = await candidates(room.house.db.screens, program, rubric, NOON - 60 * MINUTE, ELEVEN)
        return [each.bar is not None for each in found.candidates if each.ranked.story.id == item.story_id]

    assert await barred() == [False]

    await room.correct(DATA, "Обстріл Краматорська: загинула Марія Коваленко, 34 роки")

    assert await barred() == [True]


async def test_a_new_card_and_an_update_begin_with_what_was_corrected(room: Newsroom) -> None:
    water = await town(room)
    copy = await put(room.house.db, WATER, NOON - 3 * MINUTE, story=water.story_id, family="copy")
    async with room.house.db.transaction() as tx:
        await items.learn_keys(tx, copy.id, identity.keys(Report(copy.title, url=copy.url), ""))
    await room.correct(ERROR, RIGHT)

    update = await updating.words(room.house.db.screens, await room.post())
    await room.house.say(copy.url, room.house.desk, room.house.editor)

    assert update is not None and update[1].text.startswith(RIGHT)
    assert (await room.post(2)).content.text == RIGHT


async def test_breaking_news_of_another_channel_begins_with_what_was_corrected(room: Newsroom) -> None:
    dam = await put(room.house.db, DAM, NOON - 4 * MINUTE, family="ОВА", section="Надзвичайне")
    await put(room.house.db, f"{DAM} — рятувальники", NOON - 2 * MINUTE, family="ДСНС", story=dam.story_id)
    await room.publish(dam, DAM)
    await room.correct(ERROR, DAM.replace("трьох", "двох"))
    async with room.house.db.transaction() as tx:
        await channels.seed(tx, "@second", "uk", NOON)

    every = await programs.every(room.house.db.screens, room.easel.house)
    assert await break_due(room.house.db, room.easel, every, 2.0, room.house.now) == 1

    assert (await room.post(2)).content.text.startswith(DAM.replace("трьох", "двох"))


@given(st.sampled_from([WATER, RIGHT, AGAIN, LEFT_DRY]), st.sampled_from([WATER, RIGHT, AGAIN]), st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_lead_says_what_was_wrong(was: str, became: str, lead: str) -> None:
    told = errata.releaded(f"{lead} {was}", "error", Content(was), Content(became))
    assert was == became or not touches(told, was, became)
