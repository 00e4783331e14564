"""The bot gets used to its newsroom: what editors decide corrects its taste, within bounds, when it helps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.taste import lived, measured
from bot.editions.program import House
from bot.editions.programs import every
from bot.editions.publish import publish_due
from bot.editions.rubrics import digest
from bot.judgement.leanings import SIGNALS, amounts, applied, bounds, feature, features, worth
from bot.judgement.learning import ENOUGH_DAYS, ENOUGH_DECISIONS, learn
from bot.judgement.preferences import Shortlist, Verdict, Weighed
from bot.judgement.ranking import weigh
from bot.judgement.states import first
from bot.judgement.tastes import default_taste
from bot.learn import KEPT, LISTS, learn_due, learn_now
from bot.newsroom import Newsroom
from bot.wording import Wordings
from storage import channels, decisions, drafts, lessons, posts, votes
from storage.database import Database, Transaction
from storage.decisions import Candidate
from storage.editorial import DraftLine
from storage.instants import instant
from storage.model import Channel, Content, Contribution, Item, Lesson, Story, Will
from tests.conftest import KYIV, NOON, put

DAY = timedelta(days=1)
TASTE = default_taste()
WORDINGS = Wordings(KYIV)
HOUSE = House(
    Newsroom("Новини Донбасу", "@nd", -100, KYIV, "uk"), WORDINGS, TASTE, (digest([time(9)], 5),), timedelta(hours=1)
)
EDITOR = 1001
PLAIN = {"reason.base": 0.8, "reason.own": 0.5}
SPORT = {**PLAIN, "reason.section:Спорт": -0.6}
LOUD_SPORT = {**SPORT, "reason.sources": 1.6}
TOWN = {**PLAIN, "reason.section:Громада": 0.0}
HURT = {**PLAIN, "reason.killed": 0.7, "reason.words:загиблі чи поранені": 0.4}


def shortlist(day: int, *stories: tuple[dict[str, float], Verdict]) -> Shortlist:
    at = NOON + day * DAY
    return Shortlist(at, at.date(), [Weighed(each, verdict) for each, verdict in stories])


def days(count: int, *stories: tuple[dict[str, float], Verdict], first: int = 0) -> list[Shortlist]:
    return [shortlist(day, *stories) for day in range(first, first + count)]


def lesson(lists: Sequence[Shortlist], *, used: bool = False) -> Lesson:
    return learn(lists, TASTE, NOON + 60 * DAY, used=used)


# What may be corrected


def test_a_section_that_weighs_nothing_yet_can_be_learned() -> None:
    item = Item(
        id=1, version=1, kind="news", title="У громаді відкрили бібліотеку", lead="", url="", language="uk",
        sections=("Громада", "Спорт"), published_at=NOON, seen_at=NOON, source_id=1, source="", family="own", own=True,
    )  # fmt: skip
    story = Story(1, first(1, item), (item,))

    reasons = weigh(story, now=NOON, rubric="digest", taste=TASTE).contributions

    found = features(story, reasons)
    assert found["reason.section:Громада"] == 0.0
    assert found["reason.section:Спорт"] == TASTE.sections["спорт"]
    assert round(sum(found.values()), 2) == round(sum(each.points for each in reasons), 2)


def test_reasons_of_one_key_are_told_apart_by_what_they_name() -> None:
    assert feature(Contribution("reason.words", 0.4, {"words": "масштаб"})) == "reason.words:масштаб"
    assert feature(Contribution("reason.sources", 0.8, {"count": 2})) == "reason.sources"


def test_dead_and_wounded_are_one_signal() -> None:
    assert amounts({"reason.killed": 0.7, "reason.wounded": 0.3, "reason.base": 0.8}) == {"signal:toll": 1.0}


def test_every_signal_has_points_and_words_in_every_language() -> None:
    for signal, held in SIGNALS.items():
        assert all(hasattr(TASTE.points, name) for name in held)
        assert all(wording.text(f"weights.signal.{signal}") for wording in WORDINGS)


@settings(max_examples=30, deadline=None)
@given(
    leanings=st.dictionaries(
        st.one_of(
            st.sampled_from([f"signal:{name}" for name in SIGNALS]),
            st.sampled_from([f"words:{each.name}" for each in TASTE.words]),
            st.text(max_size=12).map(lambda name: f"section:{name}"),
            st.text(max_size=20),
        ),
        st.floats(-100, 100),
        max_size=8,
    )
)
def test_no_whim_inverts_severity(leanings: dict[str, float]) -> None:
    after = applied(TASTE, leanings)

    for name in ("killed", "wounded", "toll_step", "toll_most"):
        assert getattr(TASTE.points, name) <= getattr(after.points, name) <= 2 * getattr(TASTE.points, name)
    for before, now in zip(TASTE.words, after.words, strict=True):
        assert abs(now.points - before.points) <= TASTE.points.killed + 0.005
        assert now.points >= before.points or before.name != "загиблі чи поранені"
    for name in leanings:
        lowest, highest = bounds(name, TASTE)
        assert lowest <= 0 <= highest
        if name.startswith("section:"):
            assert abs(worth(name, after) - worth(name, TASTE)) <= TASTE.points.killed + 0.005
    assert after.points.important == TASTE.points.important
    assert after.points.votes == TASTE.points.votes


# What is learned


def test_what_editors_always_leave_out_weighs_less() -> None:
    found = lesson(days(20, (SPORT, "dropped"), (SPORT, "dropped"), (PLAIN, "kept"), (TOWN, "raised")))

    assert found.leanings["section:Спорт"] < -0.2
    assert found.leanings["section:Громада"] > 0.2


def test_the_dead_are_never_learned_away() -> None:
    found = lesson(days(20, (HURT, "dropped"), (HURT, "dropped"), (PLAIN, "raised"), (TOWN, "alone")))

    assert not {"signal:toll", "words:загиблі чи поранені"} & found.leanings.keys()


def test_a_few_decisions_are_a_mood() -> None:
    loud: list[tuple[dict[str, float], Verdict]] = [(SPORT, "dropped"), (TOWN, "raised")] * ENOUGH_DECISIONS

    few = lesson(days(ENOUGH_DAYS + 3, (SPORT, "dropped"), (TOWN, "raised")))
    hasty = lesson(days(ENOUGH_DAYS - 1, *loud))

    assert (few.decisions, few.days, few.leanings, few.used) == (20, 10, {}, False)
    assert (hasty.leanings, hasty.agreed, hasty.used) == ({}, None, False)


def test_what_nobody_touched_teaches_nothing() -> None:
    found = lesson(days(30, (SPORT, "chosen"), (TOWN, "alone")))

    assert found == Lesson(NOON + 60 * DAY, None, 0, 0)


def test_what_helps_is_used_and_says_by_how_much() -> None:
    better: list[tuple[dict[str, float], Verdict]] = [
        (HURT, "kept"), (SPORT, "dropped"), (SPORT, "dropped"), (TOWN, "raised"), (PLAIN, "alone"),
    ]  # fmt: skip

    found = lesson(days(20, *better))

    assert found.used
    assert found.agreed is not None
    assert found.agreed_plain is not None
    assert found.agreed >= found.agreed_plain + 0.02
    assert found.since == NOON


def test_what_the_newsrooms_own_weights_foretell_is_not_learned_for_use() -> None:
    found = lesson(days(20, (HURT, "raised"), (HURT, "raised"), (SPORT, "dropped")))

    assert found.agreed == found.agreed_plain == 1.0
    assert not found.used


def test_what_no_longer_helps_is_no_longer_used() -> None:
    before = days(20, (SPORT, "raised"), (SPORT, "raised"), (TOWN, "dropped"), (PLAIN, "alone"))
    after = days(20, (SPORT, "dropped"), (SPORT, "dropped"), (TOWN, "raised"), (PLAIN, "alone"), first=20)

    assert lesson(before).used
    assert not lesson([*before, *after], used=True).used


def test_a_vote_does_not_foretell_itself() -> None:
    voted = {**SPORT, "reason.votes": 2.0}
    lists = days(20, (voted, "raised"), (voted, "raised"), (TOWN, "dropped"), (PLAIN, "alone"))

    assert lesson(lists).leanings["section:Спорт"] > 0.2


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.dictionaries(
                    st.sampled_from(["reason.sources", "reason.section:А", "reason.words:масштаб", "reason.junk:x"]),
                    st.floats(-9, 9),
                    max_size=4,
                ),
                st.sampled_from(["raised", "kept", "chosen", "alone", "dropped"]),
            ),
            max_size=6,
        ),
        max_size=30,
    )
)
def test_any_decisions_give_a_lesson_within_its_bounds(lists: list[list[tuple[dict[str, float], Any]]]) -> None:
    found = lesson([shortlist(day, *stories) for day, stories in enumerate(lists * 2)])

    for name, value in found.leanings.items():
        assert bounds(name, TASTE)[0] - 0.005 <= value <= bounds(name, TASTE)[1] + 0.005
    assert found.agreed is None or 0 <= found.agreed <= 1


def test_a_hidden_taste_is_learned_within_two_weeks() -> None:
    found = measured(0, 14, "hands", later_days=8, nightly=False)

    assert found.lessons[-1].used
    assert found.plain < found.in_use
    assert found.in_use >= 0.9 * found.allowed


def test_dice_teach_nothing() -> None:
    [lesson_of_dice], _ = lived(4, 10, "dice", nightly=False)

    assert lesson_of_dice.decisions >= ENOUGH_DECISIONS
    assert not lesson_of_dice.used


# What is read of decisions


async def decided(db: Database, at: datetime, *stories: int, edition: int | None = None, chosen: int = 1) -> None:
    async with db.transaction() as tx:
        await decisions.decide(
            tx,
            channel_id=1,
            rubric="digest",
            edition_id=edition,
            size=5,
            candidates=[
                Candidate(story, 1, 1.5, {"reason.base": 1.0, "reason.own": 0.5}, place < chosen)
                for place, story in enumerate(stories)
            ],
            now=at,
        )


async def acts(db: Database, since: datetime = NOON - DAY) -> list[str | None]:
    return [each.act for each in await decisions.seen(db.screens, 1, since)]


async def post(tx: Transaction, story: int, state: str, at: datetime = NOON) -> int:
    made = await posts.add(
        tx, channel_id=1, state=state, content=Content("Текст"), editor=EDITOR, now=at, story_id=story
    )
    return made.id


@pytest.fixture
async def channel(db: Database) -> Channel:
    """The channel, and four stories that it knows."""
    for title in ("Дощі", "Сніг", "Вітер", "Туман"):
        await put(db, title, NOON - DAY)
    async with db.transaction() as tx:
        return await channels.seed(tx, "@nd", "uk", NOON - 40 * DAY)


async def test_a_list_that_nobody_touched_is_not_read(db: Database, channel: Channel) -> None:
    await decided(db, NOON, 1, 2, 3)

    assert await acts(db) == []


async def test_a_post_that_was_queued_raises_its_story_and_one_put_away_drops_it(
    db: Database, channel: Channel
) -> None:
    async with db.transaction() as tx:
        await post(tx, 2, "queued")
        await post(tx, 3, "rejected")
        await post(tx, 1, "draft")
    await decided(db, NOON + timedelta(hours=9), 1, 2, 3, 4)

    assert await acts(db) == [None, "raised", "dropped", None]


async def test_a_rejection_that_was_undone_was_never_made(db: Database, channel: Channel) -> None:
    async with db.transaction() as tx:
        await post(tx, 2, "rejected")
    await decided(db, NOON, 1, 2)
    async with db.transaction() as tx:
        [card] = [await posts.get(tx, 1)]
        assert card is not None
        await posts.change(tx, card, state="draft", due_at=None, editor=EDITOR, now=NOON)

    assert await acts(db) == []


async def test_a_vote_raises_its_story_until_it_is_taken_back(db: Database, channel: Channel) -> None:
    async with db.transaction() as tx:
        card = await post(tx, 2, "candidate")
        await votes.put(tx, card, EDITOR, 7, NOON)
    await decided(db, NOON, 1, 2)
    raised = await acts(db)
    async with db.transaction() as tx:
        await votes.take_back(tx, card, EDITOR, 7)

    assert raised == [None, "raised"]
    assert await acts(db) == []


async def test_a_post_of_another_day_says_nothing_of_a_list(db: Database, channel: Channel) -> None:
    async with db.transaction() as tx:
        await post(tx, 2, "queued", NOON - 2 * DAY)
    await decided(db, NOON, 1, 2)

    assert await acts(db, NOON - 9 * DAY) == []


async def test_a_draft_that_editors_changed_says_what_they_kept(db: Database, channel: Channel) -> None:
    async with db.transaction() as tx:
        edition = await tx.add(
            """INSERT INTO edition
                 (channel_id, rubric, local_date, wall_time, slot_at, from_at, until_at, state, made_at, touched_at)
               VALUES (1, 'roundup', '2024-11-23', '23:00', 0, 0, 0, 'approved', 0, 1)"""
        )
        await drafts.put_lines(
            tx,
            edition,
            [
                DraftLine(1, chosen=True, version=1),
                DraftLine(2, chosen=False, version=1, touched=True),
                DraftLine(3, chosen=True, version=1, touched=True),
                DraftLine(4, chosen=True, version=1, touched=True, own_text="Туман і ожеледиця", own_version=1),
            ],
        )
    await decided(db, NOON, 1, 2, 3, 4, edition=edition)

    assert await acts(db) == ["kept", "dropped", "raised", "kept"]


async def test_logged_points_add_up_to_the_importance_that_was_given(db: Database, channel: Channel) -> None:
    async with db.transaction() as tx:
        await decisions.decide(
            tx, channel_id=1, rubric="digest", edition_id=None, size=5, now=NOON,
            candidates=[Candidate(1, 1, 2.1, {"reason.base": 0.8, "reason.own": 0.5}, chosen=True)],
        )  # fmt: skip

    logged = json.loads(await db.screens.value("SELECT features_json FROM decision_candidate"))
    assert logged == {"reason.base": 0.8, "reason.own": 0.5, decisions.REST: 0.8}


# What is done with it


async def learned(db: Database, leanings: dict[str, float], at: datetime, *, used: bool = True) -> None:
    async with db.transaction() as tx:
        await lessons.put(tx, 1, at.date().isoformat(), Lesson(at, at - DAY, 50, 9, leanings, 0.7, 0.6, used))


async def notes(db: Database) -> list[str]:
    rows = await db.screens.all("SELECT payload_json ->> 'text' AS text FROM outbox ORDER BY id")
    return [row["text"].splitlines()[0] for row in rows]


async def edited(db: Database, count: int, first: int = 0) -> None:
    """Days on which editors queue what stands under «Громада» and put away sport."""
    for day in range(first, first + count):
        at = NOON + day * DAY
        town = await put(db, f"Громада {day}", at, section="Громада")
        second = await put(db, f"Школа {day}", at, section="Громада")
        sport = [await put(db, f"Матч {day} {number}", at, section="Спорт") for number in (1, 2, 3)]
        assert town.story_id is not None
        assert second.story_id is not None
        async with db.transaction() as tx:
            await post(tx, town.story_id, "published", at)
            await post(tx, second.story_id, "published", at)
            for each in sport:
                assert each.story_id is not None
                await post(tx, each.story_id, "rejected", at)
            ordinary = [Candidate(n, 1, 1.3, PLAIN, chosen=True) for n in (1, 2)]
            await decisions.decide(
                tx, channel_id=1, rubric="digest", edition_id=None, size=5, now=at,
                candidates=[
                    *ordinary,
                    *(Candidate(each.story_id or 0, 1, 1.3, TOWN, chosen=False) for each in (town, second)),
                    *(Candidate(each.story_id or 0, 1, 2.3, LOUD_SPORT, chosen=False) for each in sport),
                ],
            )  # fmt: skip


async def test_editors_are_told_once_when_learning_begins_and_once_when_it_ends(db: Database, channel: Channel) -> None:
    await edited(db, 12)
    night = NOON + 12 * DAY

    await learn_now(db, HOUSE, channel, night)
    await learn_now(db, HOUSE, channel, night + DAY)
    begun = await notes(db)
    held = dict(await lessons.leanings(db.screens, 1))
    async with db.transaction() as tx:
        await tx.run("DELETE FROM decision_candidate")
    await learn_now(db, HOUSE, channel, night + 2 * DAY)

    assert begun == ["🎓 <b>Бот зважає на ваші рішення</b>"]
    assert held["section:Громада"] > 0
    assert (await notes(db))[1:] == ["🎓 <b>Бот більше не зважає на вивчене</b>"]
    assert await lessons.leanings(db.screens, 1) == {}


async def test_a_lesson_is_learned_once_a_night_after_four(db: Database, channel: Channel) -> None:
    clock = [datetime(2024, 11, 24, 1, 59, tzinfo=UTC)]  # 03:59 in Kyiv

    async def lived_through() -> list[str]:
        await learn_due(db, HOUSE, lambda: clock[0])
        return [row["local_date"] for row in await db.screens.all("SELECT local_date FROM lesson ORDER BY id")]

    before = await lived_through()
    clock[0] += timedelta(minutes=1)
    first_night = await lived_through()
    clock[0] += timedelta(hours=9)
    again = await lived_through()
    clock[0] += DAY

    assert (before, first_night, again) == ([], ["2024-11-24"], ["2024-11-24"])
    assert await lived_through() == ["2024-11-24", "2024-11-25"]


async def test_lists_that_are_too_old_to_teach_are_forgotten_at_night(db: Database, channel: Channel) -> None:
    await put(db, "Туман на трасах", NOON - KEPT)
    ages = [KEPT + timedelta(hours=age) for age in range(LISTS + 3)]
    for age in (*ages, KEPT - DAY, timedelta(hours=1)):
        await decided(db, NOON - age, 1)
    async with db.transaction() as tx:
        await lessons.want(tx, 1, Will(off=True), EDITOR, NOON)  # what is not learned from is not kept either

    await learn_due(db, HOUSE, lambda: NOON)

    left = [instant(row["at"]) for row in await db.screens.all("SELECT at FROM decision ORDER BY at")]
    assert left == [NOON - KEPT, NOON - KEPT + DAY, NOON - timedelta(hours=1)]
    assert await db.screens.value("SELECT count(*) FROM decision_candidate") == len(left)


async def test_who_shall_not_learn_learns_nothing_and_heeds_nothing(db: Database, channel: Channel) -> None:
    await learned(db, {"section:Спорт": 0.5}, NOON - DAY)
    async with db.transaction() as tx:
        await lessons.want(tx, 1, Will(off=True), EDITOR, NOON)

    await learn_due(db, HOUSE, lambda: NOON)

    assert await lessons.leanings(db.screens, 1) == {}
    assert await db.screens.value("SELECT count(*) FROM lesson") == 1


async def test_what_was_forgotten_teaches_nothing_any_more(db: Database, channel: Channel) -> None:
    await edited(db, 12)
    await learned(db, {"section:Спорт": 0.5}, NOON + 11 * DAY)
    async with db.transaction() as tx:
        await lessons.want(tx, 1, Will(since=NOON + 12 * DAY), EDITOR, NOON + 12 * DAY)

    await learn_now(db, HOUSE, channel, NOON + 13 * DAY)

    last = await lessons.last(db.screens, 1)
    assert last is not None
    assert (last.decisions, last.used) == (0, False)


async def test_an_edition_is_chosen_by_what_was_learned_and_logged_by_the_newsrooms_own_weights(
    db: Database, channel: Channel
) -> None:
    await learned(db, {"section:Громада": 0.7}, NOON - DAY)
    at = datetime(2024, 11, 23, 6, 50, tzinfo=UTC)
    for title in ("Краматорськ без світла", "Покровськ: захопили село", "Обстріл Лимана", "У громаді відкрили школу"):
        await put(db, title, at, section="Громада" if "громаді" in title else "")

    await publish_due(db, await every(db.screens, HOUSE), lambda: at + timedelta(minutes=10))

    rows = await db.screens.all("SELECT importance, features_json FROM decision_candidate ORDER BY place")
    logged = [json.loads(row["features_json"]) for row in rows]
    [school] = [points for points in logged if "reason.section:Громада" in points]
    assert "відкрили школу" in await db.screens.value("SELECT payload_json FROM outbox")  # alone it is below the floor
    assert school["reason.section:Громада"] == 0.0
    assert school[decisions.REST] >= 0.7
    for row, points in zip(rows, logged, strict=True):
        assert sum(points.values()) == pytest.approx(row["importance"], abs=0.001)


async def test_a_newsroom_that_taught_nothing_has_its_own_weights(db: Database, channel: Channel) -> None:
    [program] = await every(db.screens, HOUSE)

    assert program.taste is program.own_taste is TASTE
