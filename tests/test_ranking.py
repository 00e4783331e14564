"""What matters comes first, and every point has its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judgement.ranking import FLOOR, HIGHEST, Ranked, Rubric, enters, rank
from bot.judgement.states import first
from bot.judgement.tastes import UnreadableTaste, default_taste, taste
from storage.model import Item, Story

NOON = datetime(2024, 11, 20, 12, tzinfo=UTC)
TASTE = default_taste()


def report(number: int, title: str, **others: object) -> Item:
    item = Item(
        id=number, version=1, kind="news", title=title, lead="", url=f"https://novyny.test/{number}", language="uk",
        sections=(), published_at=NOON, seen_at=NOON, source_id=1, source="Новини", family="novyny", own=False,
    )  # fmt: skip
    return replace(item, **others)  # type: ignore[arg-type]


def story(*items: Item) -> Story:
    return Story(items[0].id, first(items[0].id, items[0]), items)


def told(*stories: Story, rubric: Rubric = "roundup", hours: float = 0) -> list[Ranked]:
    return rank(stories, now=NOON + timedelta(hours=hours), rubric=rubric, taste=TASTE)


def importance(*items: Item, rubric: Rubric = "roundup", hours: float = 0) -> float:
    return told(story(*items), rubric=rubric, hours=hours)[0].importance


PLAIN = report(1, "У громаді відкрили нову бібліотеку")


def test_more_voices_matter_more() -> None:
    others = [replace(PLAIN, id=number, family=f"family-{number}") for number in (2, 3)]
    assert importance(PLAIN, *others) > importance(PLAIN, others[0]) > importance(PLAIN)


def test_sources_of_one_family_are_one_voice() -> None:
    reasons = told(story(PLAIN, replace(PLAIN, id=2, source_id=2)))[0].contributions
    assert "reason.sources" not in [reason.key for reason in reasons]


def test_fresh_matters_in_a_digest_and_not_in_the_evening() -> None:
    assert importance(PLAIN, rubric="digest") > importance(PLAIN, rubric="digest", hours=8)
    assert importance(PLAIN, rubric="roundup") == importance(PLAIN, rubric="roundup", hours=8)


def test_after_a_half_life_half_of_the_freshness_is_left() -> None:
    points = {reason.key: reason.points for reason in told(story(PLAIN), rubric="digest", hours=8)[0].contributions}
    assert points["reason.fresh"] == pytest.approx(TASTE.points.fresh / 2)


@pytest.mark.parametrize(
    "better",
    [
        replace(PLAIN, own=True),
        replace(PLAIN, important=True),
        replace(PLAIN, sections=("Окупація",)),
        replace(PLAIN, title="У Горлівці відкрили нову бібліотеку"),
        replace(PLAIN, title="У громаді відкрили нову бібліотеку, поранено людину"),
        replace(PLAIN, title="Трамп відкрив нову бібліотеку"),
    ],
)
def test_each_signal_of_weight_adds(better: Item) -> None:
    assert importance(better) > importance(PLAIN)


def test_severity_grows_but_slowly() -> None:
    one, two, many = (importance(replace(PLAIN, title=f"Вибух: загинуло {count} людей")) for count in (1, 2, 40))
    assert one < two < many < one + 3


def test_words_of_weight_are_capped() -> None:
    loud = replace(PLAIN, title="Трамп, Путін, ядерна зброя, перемир’я, обмін полоненими, санкції, евакуація, удар")
    given_points = [reason.points for reason in told(story(loud))[0].contributions if reason.key == "reason.words"]
    assert sum(given_points) == pytest.approx(TASTE.points.words_most)


def test_routine_cannot_rise_above_its_ceiling() -> None:
    horoscope = report(1, "Гороскоп на завтра: Трамп, Горлівка, ядерна АЕС", own=True, important=True)
    many = [replace(horoscope, id=number, family=str(number)) for number in range(2, 20)]
    ranked = told(story(horoscope, *many), rubric="digest")[0]
    assert ranked.importance <= TASTE.points.junk_ceiling < FLOOR
    assert not enters(ranked)


def test_a_marked_report_enters_an_edition() -> None:
    assert enters(told(story(replace(PLAIN, important=True)))[0])


def test_being_new_alone_is_no_reason_to_be_told() -> None:
    ranked = told(story(PLAIN), rubric="digest")[0]
    assert ranked.importance > FLOOR
    assert not enters(ranked)


def test_equals_are_told_newest_first_then_by_id() -> None:
    early = [story(replace(PLAIN, id=number)) for number in (3, 1)]
    late = story(replace(PLAIN, id=2, published_at=NOON + timedelta(hours=1)))
    assert [one.story.id for one in told(*early, late)] == [2, 1, 3]


def test_the_reason_of_a_toll_says_its_count() -> None:
    reasons = told(story(replace(PLAIN, title="Загинули двоє людей, ще 7 поранено")))[0].contributions
    values = {reason.key: dict(reason.values) for reason in reasons}
    assert (values["reason.killed"], values["reason.wounded"]) == ({"count": 2}, {"count": 7})


TITLES = st.sampled_from(["Гороскоп", "Удар: 90 загиблих, 400 поранених", "Ядерний удар по Горлівці", "Новини", ""])


@given(
    st.lists(st.tuples(TITLES, st.booleans(), st.booleans(), st.text(max_size=3)), min_size=1, max_size=40),
    st.integers(0, 99),
)
def test_the_reasons_add_up_to_the_importance(rows: list[tuple[str, bool, bool, str]], hours: int) -> None:
    items = [
        replace(PLAIN, id=number, title=title, own=own, important=important, family=family)
        for number, (title, own, important, family) in enumerate(rows, 1)
    ]
    ranked = told(story(*items), rubric="digest", hours=hours)[0]
    assert sum(reason.points for reason in ranked.contributions) == pytest.approx(ranked.importance)
    assert 0 <= ranked.importance <= HIGHEST


def test_a_newsroom_weighs_its_own_way() -> None:
    sport = taste('[sections]\n"Спорт" = 5\n[points]\nbase = 0\n[[words]]\nname = "м’яч"\npoints = 1\nstems = ["гол"]')
    ranked = rank(
        [story(replace(PLAIN, title="Перший гол", sections=("СПОРТ",)))], now=NOON, rubric="roundup", taste=sport
    )
    assert ranked[0].importance == 6


@pytest.mark.parametrize(
    "toml", ["[points]\nbasis = 1", '[points]\nbase = "багато"', "[[words]]\npoints = 1", "points = 1"]
)
def test_an_unreadable_taste_is_refused(toml: str) -> None:
    with pytest.raises(UnreadableTaste):
        taste(toml)


def test_the_shipped_weights_are_the_defaults() -> None:
    assert TASTE.points == taste("").points
