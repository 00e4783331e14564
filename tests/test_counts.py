"""Ten reports of one strike: what is counted, by whom, since when, and who says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.judgement import states
from bot.judgement.counts import Count, Saying, told
from storage.model import Item

NOON = datetime(2024, 11, 20, 14, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def report(number: int, title: str, minutes: float, source: str = "Наше") -> Item:
    at = NOON + minutes * MINUTE
    return Item(number, 1, "news", title, "", f"https://nd.test/{number}", "uk", (), at, at, number, source, "x", False)


POLICE = report(1, "У Лиманську загинула жінка — поліція", 10)
GOVERNOR = report(2, "У Лиманську вже двоє загиблих — Філашкін", 50)
PROSECUTORS = report(3, "Прокуратура: один загиблий у Лиманську", 65)


def test_a_count_knows_who_said_it_when_and_what_stood_before() -> None:
    assert told([POLICE, GOVERNOR]) == (
        Count(
            "killed",
            Saying(2, "Філашкін", GOVERNOR.published_at, 2),
            Saying(1, "поліція", POLICE.published_at, 1),
        ),
    )


def test_a_smaller_number_of_another_voice_is_a_contradiction() -> None:
    (killed,) = told([POLICE, GOVERNOR, PROSECUTORS])

    assert killed.now.count == 2
    assert killed.against == (Saying(1, "Прокуратура", PROSECUTORS.published_at, 3),)


def test_a_late_report_of_an_early_hour_contradicts_nothing() -> None:
    assert told([GOVERNOR, POLICE]) == told([POLICE, GOVERNOR])


def test_who_gives_the_same_number_later_no_longer_contradicts() -> None:
    agreed = report(4, "Прокуратура: двоє загиблих у Лиманську", 80)

    (killed,) = told([POLICE, GOVERNOR, PROSECUTORS, agreed])

    assert killed.against == ()
    assert killed.also == (Saying(2, "Прокуратура", agreed.published_at, 4),)


def test_a_new_total_ends_earlier_contradictions() -> None:
    (killed,) = told([POLICE, GOVERNOR, PROSECUTORS, report(4, "Троє загиблих у Лиманську — ОВА", 90)])

    assert (killed.now.count, killed.against) == (3, ())
    assert killed.before == Saying(2, "Філашкін", GOVERNOR.published_at, 2)


def test_a_correction_lowers_the_count_and_says_so() -> None:
    (killed,) = told([POLICE, GOVERNOR, report(4, "Уточнили: у Лиманську загинула одна людина — Філашкін", 90)])

    assert killed.mended
    assert (killed.now.count, killed.before and killed.before.count) == (1, 2)


def test_one_who_died_of_wounds_contradicts_nobody() -> None:
    killed, wounded = told([report(1, "Поранено чотирьох", 0), report(2, "Один загинув, троє поранені", 9)])

    assert (killed.now.count, wounded.now.count, wounded.against) == (1, 3, ())


def test_where_no_voice_is_named_the_source_counts() -> None:
    assert told([report(1, "Поранено двох людей", 0, "Вісті Лиманська")])[0].now.who == "Вісті Лиманська"


def test_a_story_without_people_hurt_has_no_counts() -> None:
    assert told([report(1, "У Лиманську повернули воду", 0)]) == ()


_TITLES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "Уточнили: ", "Поліція: "]),
    st.sampled_from(["", "загинуло {} людей", "{} загиблих"]).flatmap(
        lambda text: st.integers(1, 9).map(lambda count: text.format(count))
    ),
    st.sampled_from(["", ", "]),
    st.integers(2, 9).map("поранено {} людей".format) | st.just("воду повернули"),
)
_REPORTS = st.lists(st.tuples(_TITLES, st.integers(0, 5)), min_size=1, max_size=6).map(
    lambda rows: [report(number, title, minutes) for number, (title, minutes) in enumerate(rows, 1)]
)


@settings(max_examples=40, deadline=None)
@given(_REPORTS)
def test_the_counts_that_stand_are_those_of_the_storys_state(items: list[Item]) -> None:
    ordered = sorted(items, key=lambda item: (item.published_at, item.id))

    assert {count.which: count.now.count for count in told(items)} == states.of(1, ordered).toll


@settings(max_examples=40, deadline=None)
@given(_REPORTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_no_count(items: list[Item], chance: st.DrawFn) -> None:
    shuffled = list(items)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert told(shuffled) == told(items)


@settings(max_examples=40, deadline=None)
@given(_REPORTS)
def test_a_number_never_falls_without_a_word(items: list[Item]) -> None:
    state = states.first(1, items[0])
    for item in items[1:]:
        told_by = states.turn(state, item, items)
        after = told_by.state or state
        quiet = not states.lowered(state.toll, item)
        died = after.toll.get("killed", 0) > state.toll.get("killed", 0)
        assert after.at >= state.at
        for which, count in state.toll.items():
            assert after.toll[which] >= count or not quiet or (which == "wounded" and died)
        state = after
