"""Editors say what is one story: they merge, set apart, split off, take back; and their word is kept for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk import story_page
from bot.desk.story_page import Done, Thread
from bot.editions.packing import MESSAGE_LIMIT, units, visible
from bot.intake import identity
from bot.intake.take import Intake
from bot.playground import Message, User
from bot.wording import LANGUAGES, Wording
from storage import channels, editions, items, links, merges, sources, stories
from storage.database import Database
from storage.links import Question
from storage.model import Item, Report, State
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put

UK = Wording("uk", KYIV)
FIRE, BLAZE = "На складі пального в порту спалахнула пожежа", "У порту горить паливний склад, людей евакуюють"
CREWS = "Пожежу в порту гасять сорок рятувальників"
ONE, OTHER, CUT, UNDO = "Так, одне", "Ні, різне", "✂️ 2", "↩️ Скасувати останнє"


@pytest.fixture
async def town(home: House) -> House:
    """The newsroom where Олена may publish."""
    home.telegram.set_rights(home.channel, home.editor, can_post_messages=True)
    return home


async def asked(town: House) -> tuple[Item, Item]:
    """Two reports in two stories that may be one, as intake leaves them."""
    fire = await put(town.db, FIRE, NOON - 9 * MINUTE, family="port")
    blaze = await put(town.db, BLAZE, NOON - 5 * MINUTE)
    async with town.db.transaction() as tx:
        await links.ask(tx, blaze.id, [fire.id], NOON)
    return fire, blaze


async def told_twice(town: House) -> tuple[Item, Item]:
    """One story of two reports."""
    fire = await put(town.db, FIRE, NOON - 9 * MINUTE, family="port")
    return fire, await put(town.db, CREWS, NOON - 5 * MINUTE, story=fire.story_id)


def newest(town: House) -> Message:
    return [each for each in town.telegram.messages(town.desk) if each.by_bot][-1]


async def opened(town: House, item: Item) -> Message:
    """The story's page, opened from the card of this report."""
    async with town.db.transaction() as tx:
        await items.learn_keys(tx, item.id, identity.keys(Report(item.title, url=item.url), ""))
    town.telegram.say(town.desk, town.editor, item.url)
    await town.work()
    card = newest(town)
    [button] = [label for row in labels(card) for label in row if label.startswith(("🧵", "❓"))]
    await tap(town, button, card)
    return newest(town)


async def tap(town: House, button: str, message: Message | None = None, who: User | None = None) -> str:
    """What the toast says."""
    tapped = town.telegram.tap(town.desk, who or town.editor, message or newest(town), button)
    await town.work()
    assert tapped.answer is not None
    return str(tapped.answer["text"])


async def story_of(town: House, item: Item) -> int:
    found = await items.get(town.db.screens, item.id)
    assert found is not None and found.story_id is not None
    return found.story_id


async def take(intake: Intake, db: Database, title: str, family: str, now: datetime = NOON) -> Item:
    """The report that a source of this family brings."""
    async with db.transaction() as tx:
        source = await sources.put(
            tx, url=f"https://{family}.ua/rss", name=family, kind="feed", family=family, own=False, now=now
        )
        report = Report(title, url=f"https://{family}.ua/{now:%H%M}", published_at=now, language="uk")
        [arrival] = await intake.take(tx, source, [report], now, history=False)
    return arrival.item


def buttons(message: Message) -> list[str]:
    return [label for row in labels(message) for label in row]


async def test_the_card_of_a_doubtful_report_asks_whether_it_is_the_same(town: House) -> None:
    _, blaze = await asked(town)

    page = await opened(town, blaze)

    assert "Це про те саме?" in (page.text or "")
    assert FIRE in (page.text or "")
    assert buttons(page) == [ONE, OTHER, "🔄 Оновити"]


async def test_two_stories_become_the_older_one(town: House) -> None:
    fire, blaze = await asked(town)
    await opened(town, blaze)

    said = await tap(town, ONE)

    assert said == "Об’єднано: це одна подія"
    assert await story_of(town, fire) == await story_of(town, blaze) == fire.story_id
    assert await links.standing(town.db.screens, blaze.story_id or 0) == fire.story_id
    assert "1. 13:57 · port" in (newest(town).text or "")
    assert buttons(newest(town)) == ["✂️ 1", CUT, UNDO, "🔄 Оновити"]


async def test_a_merge_taken_back_leaves_all_as_it_was(town: House) -> None:
    fire, blaze = await asked(town)
    await opened(town, blaze)
    await tap(town, ONE)

    said = await tap(town, UNDO)

    assert said == "Повернуто, як було"
    assert (await story_of(town, fire), await story_of(town, blaze)) == (fire.story_id, blaze.story_id)
    state = await stories.standing(town.db.screens, fire.story_id or 0)
    assert state is not None and state.title == FIRE
    assert await links.questions(town.db.screens, blaze.story_id or 0) == [
        Question(blaze.id, fire.id, fire.story_id or 0)
    ]


async def test_what_editors_set_apart_is_not_asked_again(town: House) -> None:
    fire, blaze = await asked(town)
    await opened(town, blaze)

    said = await tap(town, OTHER)
    more = await put(town.db, CREWS, NOON, story=blaze.story_id, family="third")
    async with town.db.transaction() as tx:
        await links.ask(tx, more.id, [fire.id], NOON)

    assert said == "Різні події: більше не питатиму"
    assert await links.questions(town.db.screens, blaze.story_id or 0) == []


async def test_a_report_that_is_split_off_begins_its_own_story(town: House) -> None:
    fire, crews = await told_twice(town)
    await opened(town, crews)

    said = await tap(town, CUT)

    assert said == "Відокремлено: це інша подія"
    begun = await story_of(town, crews)
    assert begun != fire.story_id == await story_of(town, fire)
    left = await stories.standing(town.db.screens, fire.story_id or 0)
    own = await stories.standing(town.db.screens, begun)
    assert (left and left.title, own and own.title) == (FIRE, CREWS)


async def test_a_split_taken_back_puts_the_report_into_its_story_again(town: House) -> None:
    fire, crews = await told_twice(town)
    await opened(town, crews)
    await tap(town, CUT)

    await tap(town, UNDO)

    assert await story_of(town, crews) == fire.story_id
    assert await town.db.screens.value("SELECT count(*) FROM story_link") == 0


async def test_the_last_report_of_a_story_cannot_leave_it(town: House) -> None:
    _, blaze = await asked(town)

    page = await opened(town, blaze)

    assert not [label for label in buttons(page) if label.startswith("✂️")]


async def test_a_button_of_an_older_page_does_nothing_but_show_the_newest(town: House) -> None:
    fire, crews = await told_twice(town)
    page = await opened(town, crews)
    async with town.db.transaction() as tx:
        await stories.tell(tx, State(fire.story_id or 0, 0, crews.id, 1, CREWS, {}, NOON), NOON)

    said = await tap(town, CUT, page)

    assert said == "Подія тим часом змінилася. Гляньте ще раз"
    assert await story_of(town, crews) == fire.story_id
    assert await tap(town, CUT) == "Відокремлено: це інша подія"


async def test_who_may_not_publish_may_look_but_not_merge(town: House) -> None:
    fire, blaze = await asked(town)
    await opened(town, blaze)
    intern = town.telegram.user(1002, "Петро")
    town.telegram.join(town.desk, intern)

    assert await tap(town, "🔄 Оновити", who=intern) == "Оновлено"
    assert "Олена" in await tap(town, ONE, who=intern)
    assert await story_of(town, blaze) != fire.story_id


async def test_the_page_of_a_story_that_was_merged_shows_the_whole(town: House) -> None:
    _, blaze = await asked(town)
    page = await opened(town, blaze)
    async with town.db.transaction() as tx:
        await merges.merge(tx, 1, 2, town.editor.id, NOON)

    await tap(town, "🔄 Оновити", page)

    assert FIRE in (newest(town).text or "") and BLAZE in (newest(town).text or "")


async def test_a_story_that_nobody_tells_any_more_says_so(town: House) -> None:
    _, blaze = await asked(town)
    await opened(town, blaze)
    async with town.db.transaction() as tx:
        await items.withdraw(tx, blaze.id, "gone", NOON)

    await tap(town, "🔄 Оновити")

    assert "вже ніхто не повідомляє" in (newest(town).text or "")


# What was told stays told


async def tell(db: Database, story_id: int, version: int) -> None:
    async with db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", NOON)
        await editions.add(
            tx, channel_id=channel.id, rubric="digest", local_date="2024-11-23", wall_time="13:00", slot_at=NOON,
            from_at=NOON, until_at=NOON, state="out", lines=[editions.Line(story_id, version, 1, "", "")], now=NOON,
        )  # fmt: skip


async def told(db: Database, story_id: int) -> list[str]:
    found = await editions.told(db.screens, 1, [story_id])
    return [each.state.title for each in found.get(story_id, [])]


async def test_what_was_told_of_a_merged_story_is_told_of_the_whole(town: House) -> None:
    fire, blaze = await asked(town)
    await tell(town.db, blaze.story_id or 0, 1)
    await opened(town, blaze)

    await tap(town, ONE)
    whole = await told(town.db, fire.story_id or 0)
    await tap(town, UNDO)

    assert whole == [BLAZE]
    assert (await told(town.db, fire.story_id or 0), await told(town.db, blaze.story_id or 0)) == ([], [BLAZE])


async def test_what_a_split_report_told_is_not_told_again(town: House) -> None:
    fire, crews = await told_twice(town)
    await tell(town.db, fire.story_id or 0, 2)
    await opened(town, crews)

    await tap(town, CUT)

    assert await told(town.db, await story_of(town, crews)) == [CREWS]
    assert await told(town.db, fire.story_id or 0) == []


# What comes later


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_is_like_either_part_of_a_merged_story_joins_it(db: Database, town: House, restarted: bool) -> None:
    intake = Intake(town.newsroom, UK)
    storm = await take(intake, db, "Негода знеструмила чотирнадцять сіл на півночі області", "one")
    school = await take(intake, db, "Учнів Лиманської гімназії перевели на дистанційне навчання", "two")
    assert storm.story_id != school.story_id
    async with db.transaction() as tx:
        await merges.merge(tx, storm.story_id or 0, school.story_id or 0, town.editor.id, NOON)
    intake = Intake(town.newsroom, UK) if restarted else intake

    joined = await take(intake, db, "Учні Лиманської гімназії перейшли на дистанційне навчання", "three", NOON + MINUTE)
    intake = Intake(town.newsroom, UK) if restarted else intake
    later = await take(intake, db, "Лиманська гімназія: дистанційне навчання для учнів", "four", NOON + 2 * MINUTE)

    assert (joined.story_id, later.story_id) == (storm.story_id, storm.story_id)


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_is_like_a_split_report_follows_it(db: Database, town: House, restarted: bool) -> None:
    intake = Intake(town.newsroom, UK)
    first = await take(intake, db, FIRE, "one")
    second = await take(intake, db, f"{FIRE}: що відомо", "two")
    assert first.story_id == second.story_id
    async with db.transaction() as tx:
        begun = await merges.split(tx, first.story_id or 0, second.id, town.editor.id, NOON)
        await stories.tell(tx, State(begun, 0, second.id, 1, second.title, {}, NOON), NOON)
    intake = Intake(town.newsroom, UK) if restarted else intake

    third = await take(intake, db, f"{FIRE}: що відомо про причини", "three", NOON + MINUTE)

    assert third.story_id == begun


async def test_a_report_that_is_likely_the_same_is_noted_for_the_editors(db: Database, town: House) -> None:
    intake = Intake(town.newsroom, UK)
    old = await take(intake, db, "Аварія на водогоні: без води чотири райони міста", "one")
    new = await take(intake, db, "У місті підвозять воду: аварія триває", "two", NOON + MINUTE)

    assert new.story_id != old.story_id
    assert await links.questions(db.screens, new.story_id or 0) == [Question(new.id, old.id, old.story_id or 0)]
    assert await links.questions(db.screens, old.story_id or 0) == [Question(old.id, new.id, new.story_id or 0)]


# The page


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400), st.integers(1, 40), st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_the_page_always_fits_into_one_message(title: str, reports: int, likely: int, language: str) -> None:
    wording = Wording(language, KYIV)
    item = Item(
        id=10**11, version=1, kind="news", title=title, lead="", url="https://a.ua", language="uk", sections=(),
        published_at=NOON - timedelta(days=3), seen_at=NOON, source_id=1, source=title, family="", own=False,
        story_id=10**11,
    )  # fmt: skip
    state = State(10**11, 1, item.id, 1, title, {}, NOON)
    done = Done(10**11, "merge", "О" * 64, NOON - timedelta(days=3))
    told_by = [replace(item, id=item.id + number) for number in range(reports)]

    page = story_page.show(Thread(10**11, 10**8, state, told_by, [item] * likely, done), wording, NOON)

    assert units(visible(page.text)) <= MESSAGE_LIMIT
    for button in (button for row in page.keyboard for button in row):
        assert story_page.read(button.data) is not None
        assert len(button.data.encode()) <= 64
