"""What matters comes first, and every point has its reason."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.judgement import ranking, signals
from bot.judgement.ranking import FLOOR, HIGHEST, TOP, Ranked, enters, rank, weigh
from bot.judgement.signals import Rubric
from bot.judgement.states import first
from bot.judgement.tastes import UnreadableTaste, default_taste, taste
from bot.wording import LANGUAGES, LOCALE
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


def freshness(one: Story, hours: float = 0) -> float:
    [ranked] = told(one, rubric="digest", hours=hours)
    return sum(reason.points for reason in ranked.contributions if reason.key == "reason.fresh")


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
    new, old = (freshness(story(PLAIN), hours) for hours in (0, TASTE.points.half_life_hours))
    assert old == pytest.approx(new / 2) and new > 0


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


# Who says so, and how loudly


def reasons(one: Story, **others: Any) -> dict[str, float]:
    """Points by key; words by their name."""
    [ranked] = told(one, **others)
    return {reason.values.get("words", reason.key): reason.points for reason in ranked.contributions}


def test_an_editors_vote_lifts_a_story_and_many_lift_it_within_bounds() -> None:
    one, two, crowd = (reasons(replace(story(PLAIN), votes=votes))["reason.votes"] for votes in (1, 2, 500))
    assert 0 < one < two < crowd == TASTE.points.votes_most


def test_readers_answer_counts_only_beyond_the_usual() -> None:
    loud = reasons(replace(story(PLAIN), echo=2.0))
    assert loud["reason.echo"] == TASTE.points.echo
    assert reasons(replace(story(PLAIN), echo=1_000.0))["reason.echo"] == TASTE.points.echo_most
    for silent in (None, 0.0, 0.4, 1.0):
        assert "reason.echo" not in reasons(replace(story(PLAIN), echo=silent))


def test_nobody_counts_hearts_where_people_were_hurt() -> None:
    hurt = story(replace(PLAIN, title="Унаслідок удару поранено двох людей"))
    assert "reason.echo" not in reasons(replace(hurt, echo=8.0))


@pytest.mark.parametrize("who", ["ДСНС", "Генштаб", "прокуратура", "поліція", "МУС"])
def test_an_official_body_confirms(who: str) -> None:
    assert reasons(story(replace(PLAIN, title=f"{PLAIN.title} — {who}")))["reason.official"] == TASTE.points.official


def test_what_only_the_lead_tells_counts_for_less() -> None:
    above, below = (
        story(replace(PLAIN, title="У Горлівці перемир’я")),
        story(replace(PLAIN, lead="У Горлівці перемир’я")),
    )
    for key in ("reason.region", "війна і мир"):
        assert reasons(below)[key] == pytest.approx(reasons(above)[key] * TASTE.points.lead, abs=0.01)


def test_an_explainer_is_no_event() -> None:
    assert reasons(story(replace(PLAIN, title="Чому в громаді відкрили бібліотеку")))["пояснення, а не подія"] < 0
    assert "пояснення, а не подія" not in reasons(story(replace(PLAIN, lead="Чому в громаді відкрили бібліотеку")))


@pytest.mark.parametrize("mark", ["❗️", "⚡️ ", "Терміново: ", "Срочно! "])
def test_a_sources_mark_of_urgency_counts(mark: str) -> None:
    assert reasons(story(replace(PLAIN, title=mark + PLAIN.title)))["reason.urgent"] == TASTE.points.urgent


def test_a_source_that_always_shouts_says_nothing_by_it() -> None:
    shouted = [story(report(number, f"❗️Новина {number}", source_id=2)) for number in range(1, 5)]
    seldom = [story(report(number, f"{'❗️' if number == 10 else ''}Подія {number}")) for number in range(10, 18)]

    urgent = [one.story.id for one in told(*shouted, *seldom)
              if "reason.urgent" in [reason.key for reason in one.contributions]]  # fmt: skip

    assert urgent == [10]


# One thing told once


STRIKE = "Удар по Краматорську: загинули {} людей, зруйновано під’їзд дев’ятиповерхівки на вулиці Паркова"


def test_of_two_stories_about_one_thing_the_second_makes_room() -> None:
    main, again = story(report(1, STRIKE.format(5))), story(report(2, STRIKE.format(4)))
    other = story(report(3, "Верховна Рада ухвалила закон про мобілізацію"))

    ranked = told(main, again, other)

    assert [one.story.id for one in ranked] == [1, 3, 2]
    [near] = [reason for reason in ranked[2].contributions if reason.key == "reason.alike"]
    assert (near.points, dict(near.values)) == (TASTE.points.alike, {"story": 1})


def test_blows_on_two_towns_are_two_things() -> None:
    titles = ["Удар по Краматорську: загинули двоє людей", "Удар по Дружківці: загинули двоє людей"]

    ranked = told(*(story(report(number, title)) for number, title in enumerate(titles, 1)))

    assert all(reason.key != "reason.alike" for one in ranked for reason in one.contributions)


def test_what_is_near_another_is_told_later_but_stays_above_the_floor() -> None:
    near = told(*(story(report(number, STRIKE.format(number))) for number in (5, 4)))[1]

    assert near.importance < FLOOR + 0.5 and enters(near)


def test_what_is_far_down_is_not_compared() -> None:
    titles = [f"Подія {number} у громаді {chr(1072 + number % 30) * 5}" for number in range(TOP)]
    stories = [story(report(number, title, important=True)) for number, title in enumerate(titles, 1)]
    twins = [story(report(number, STRIKE.format(""))) for number in (98, 99)]

    last = told(*stories, *twins)[-2:]

    assert all(reason.key != "reason.alike" for one in last for reason in one.contributions)


def test_a_trifle_of_this_minute_stays_a_trifle() -> None:
    trifle, weighty = story(PLAIN), story(replace(PLAIN, title="Удар: загинули 9 людей"))
    assert freshness(trifle) < freshness(weighty)


@pytest.mark.parametrize(
    "title", ["Меморіал захисникам", "Слухання в Конгресі", "Меморандум підписано", "Ударник праці?"]
)
def test_a_word_that_only_begins_alike_is_no_rumour(title: str) -> None:
    assert "чутки й дрібниці" not in reasons(story(replace(PLAIN, title=title)))


TITLES = st.sampled_from(["Гороскоп", "Удар: 90 загиблих, 400 поранених", "Ядерний удар по Горлівці", "Новини", ""])


@given(
    st.lists(st.tuples(TITLES, st.booleans(), st.booleans(), st.text(max_size=3)), min_size=1, max_size=40),
    st.integers(0, 99),
    st.integers(0, 9),
    st.none() | st.floats(0, 99),
)
def test_the_reasons_add_up_to_the_importance(
    rows: list[tuple[str, bool, bool, str]], hours: int, votes: int, echo: float | None
) -> None:
    items = [
        replace(PLAIN, id=number, title=title, own=own, important=important, family=family)
        for number, (title, own, important, family) in enumerate(rows, 1)
    ]
    whole, half = story(*items), story(*items[len(items) // 2 :])
    ranked = told(replace(whole, votes=votes, echo=echo), replace(half, id=99), rubric="digest", hours=hours)
    for one in ranked:
        assert sum(reason.points for reason in one.contributions) == pytest.approx(one.importance)
        assert 0 <= one.importance <= HIGHEST
    assert [one.importance for one in ranked] == sorted((one.importance for one in ranked), reverse=True)


def urgent_once(story: Story) -> Story:
    """The same with each report from a source of its own: none of them shouts."""
    return replace(story, items=tuple(replace(item, source_id=item.id) for item in story.items))


SEEN = st.builds(
    lambda title, lead, sections, own, important, family, weight: replace(
        PLAIN, title=title, lead=lead, sections=sections, own=own, important=important, family=family, weight=weight
    ),
    st.sampled_from(
        [
            "Обстріл Горлівки: двоє загиблих",
            "❗ Трамп приїхав",
            "Гороскоп на завтра",
            "Чому подорожчав хліб",
            "Рада зібралась",
        ]
    ),
    st.sampled_from(["", "Про це повідомили в поліції.", "У Бахмуті поранено трьох людей, сказали в ОВА."]),
    st.sampled_from([(), ("Фронт",), ("Спорт", "Окупація")]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["one", "two"]),
    st.sampled_from([0.5, 1.0, 2.0]),
)
LIKED = st.tuples(
    st.lists(SEEN, min_size=1, max_size=3), st.integers(0, 3), st.sampled_from([None, 0.5, 2.0]), st.integers(0, 30)
)


@settings(max_examples=60)
@given(st.lists(LIKED, min_size=1, max_size=12), st.sampled_from(["digest", "roundup"]))
def test_a_story_weighs_among_others_what_it_weighs_alone(
    rows: list[tuple[list[Item], int, float | None, int]], rubric: Rubric
) -> None:
    stories = []
    for number, (reports, votes, echo, hours) in enumerate(rows):
        at = NOON - timedelta(hours=hours, seconds=number)
        items = [replace(item, id=10 * number + place, published_at=at) for place, item in enumerate(reports)]
        stories.append(urgent_once(replace(story(*items), votes=votes, echo=echo)))

    together = told(*stories, rubric=rubric)

    alone = {each.id: weigh(each, now=NOON, rubric=rubric, taste=TASTE) for each in stories}
    assert len(together) == len(stories)
    for one in together:
        beside = [reason for reason in one.contributions if reason.key == "reason.alike"]
        lost = sum(reason.points for reason in beside)
        assert one.contributions == (*alone[one.story.id].contributions, *beside)
        assert one.importance == round(alone[one.story.id].importance + lost, 2)


KEYS = re.compile(r'(?:reason\(|Contribution\()"(reason\.[a-z]+)"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    known = (LOCALE / f"{language}.po").read_text("utf-8")
    keys = [*KEYS.findall(inspect.getsource(signals) + inspect.getsource(ranking)), "reason.killed", "reason.wounded"]

    assert len(keys) > 15
    assert [key for key in keys if f'msgid "{key}"' not in known] == []


def test_a_newsroom_weighs_its_own_way() -> None:
    sport = taste('[sections]\n"Спорт" = 5\n[points]\nbase = 0\n[[words]]\nname = "м’яч"\npoints = 1\nstems = ["гол"]')
    ranked = rank(
        [story(replace(PLAIN, title="Перший гол", sections=("СПОРТ",)))], now=NOON, rubric="roundup", taste=sport
    )
    assert ranked[0].importance == 6


@pytest.mark.parametrize(
    "toml", ["[points]\nbasis = 1", '[points]\nbase = "багато"', "[[words]]\npoints = 1", "points = 1", "[points"]
)
def test_an_unreadable_taste_is_refused(toml: str) -> None:
    with pytest.raises(UnreadableTaste):
        taste(toml)


def test_the_shipped_weights_are_the_defaults() -> None:
    assert TASTE.points == taste("").points
