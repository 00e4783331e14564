"""Which stories an edition tells, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editions.balance import confirmed
from bot.editions.choosing import Choice, Selection, opening, select
from bot.editions.fragments import fragment
from bot.editions.press import edition_title
from bot.editions.rubrics import Rubric, digest, roundup, rubric
from bot.judgement.ranking import Ranked, weigh
from bot.judgement.tastes import default_taste
from bot.wording import Wording
from storage.model import Contribution, Item, State, Story, Told

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DIGEST = digest([time(18)], 5)
ROUNDUP = roundup(time(23), 7)
UK = Wording("uk", ZoneInfo("Europe/Kyiv"))


def item(number: int, title: str, *, language: str = "uk", own: bool = True) -> Item:
    return Item(
        number, 1, "news", title, "", f"https://nd.ua/{number}", language, (), NOON, NOON, 1, "Наше", "nd.ua", own
    )  # fmt: skip


def ranked(number: int, importance: float, *, region: bool = False, title: str = "", language: str = "uk") -> Ranked:
    """A story of one report, with the importance it is said to have."""
    headline = title or f"Новина {number}"
    state = State(number, 1, number, 1, headline, {}, NOON)
    reasons = [Contribution("reason.region", 0.7)] if region else []
    reasons.append(Contribution("reason.base", round(importance - sum(each.points for each in reasons), 2)))
    return Ranked(Story(number, state, (item(number, headline, language=language),)), importance, tuple(reasons))


def chosen(selection: Selection) -> list[int]:
    return [choice.ranked.story.id for choice in selection.choices]


def told(story: int, version: int = 1, title: str = "", rubric: str = "digest", **toll: int) -> Told:
    return Told(State(story, version, story, 1, title or f"Новина {story}", toll, NOON), rubric, NOON, title)


# What is told


def test_the_most_important_are_told_best_first_up_to_the_size() -> None:
    selection = select([ranked(number, 10 - number) for number in range(1, 8)], {}, DIGEST, language="uk")

    assert chosen(selection) == [1, 2, 3, 4, 5]
    assert [choice.ranked.story.id for choice in selection.candidates] == [1, 2, 3, 4, 5, 6, 7]
    assert selection.enough


def test_two_stories_are_no_digest_and_four_no_roundup() -> None:
    assert not select([ranked(number, 9) for number in range(2)], {}, DIGEST, language="uk").enough
    assert not select([ranked(number, 9) for number in range(4)], {}, ROUNDUP, language="uk").enough
    assert select([ranked(number, 9) for number in range(5)], {}, ROUNDUP, language="uk").enough


def test_filler_is_not_told_to_fill_a_place() -> None:
    selection = select([ranked(1, 9), ranked(2, 8), ranked(3, 0.2)], {}, DIGEST, language="uk")

    assert chosen(selection) == [1, 2]
    assert len(selection.candidates) == 3


def test_a_story_that_nobody_told_in_the_channels_language_is_left_out() -> None:
    selection = select([ranked(1, 9, language="ru"), ranked(2, 8)], {}, DIGEST, language="uk")

    assert chosen(selection) == [2]


def test_a_story_whose_reports_were_all_withdrawn_is_no_candidate() -> None:
    gone = Ranked(Story(1, State(1, 1, 1, 1, "Знято", {}, NOON), ()), 9, ())

    assert select([gone], {}, DIGEST, language="uk").candidates == ()


def test_a_told_state_is_not_told_again_and_a_grown_toll_is() -> None:
    grown = ranked(2, 8)
    grown = Ranked(
        Story(2, State(2, 2, 2, 1, "Новина 2", {"killed": 2}, NOON), grown.story.items), 8, grown.contributions
    )

    selection = select([ranked(1, 9), grown], {1: [told(1)], 2: [told(2, killed=1)]}, DIGEST, language="uk")

    assert chosen(selection) == [2]
    [choice] = selection.choices
    assert choice.change is not None and [(each.was, each.became) for each in choice.change.growth] == [(1, 2)]


def test_a_digest_repeats_nobody_and_a_roundup_only_not_itself() -> None:
    stories = [ranked(1, 9), ranked(2, 8)]
    known = {1: [told(1, rubric="digest")], 2: [told(2, rubric="roundup")]}

    assert chosen(select(stories, known, DIGEST, language="uk")) == []
    assert chosen(select(stories, known, ROUNDUP, language="uk")) == [1]


# What shares an edition


def outside(number: int, importance: float, *, section: str = "", source: int = 2, official: bool = False) -> Ranked:
    """A story of one report that somebody else's source told."""
    one = ranked(number, importance)
    theirs = replace(
        one.story.items[0], own=False, source_id=source, family=f"f{source}", sections=(section,) * bool(section)
    )
    reasons = (*one.contributions, Contribution("reason.official", 0.3)) if official else one.contributions
    return Ranked(replace(one.story, items=(theirs,)), importance, reasons)


def shared(*stories: Ranked, rubric: Rubric = DIGEST) -> list[int]:
    return chosen(select(sorted(stories, key=lambda one: -one.importance), {}, rubric, language="uk"))


def test_one_section_leaves_room_for_another() -> None:
    war = [outside(number, 9 - number / 10, section="Війна", source=number, official=True) for number in range(1, 6)]

    assert shared(*war, outside(6, 8.3, section="Окупація", official=True)) == [1, 2, 3, 4, 6]


def test_one_outside_source_leaves_room_for_another() -> None:
    theirs = [outside(number, 9 - number / 10, official=True) for number in range(1, 6)]

    assert shared(*theirs, ranked(6, 8.3), ranked(7, 8.2)) == [1, 2, 3, 6, 7]


def test_our_own_reports_may_fill_an_edition() -> None:
    ours = [ranked(number, 9 - number / 10) for number in range(1, 6)]

    assert shared(*ours, outside(6, 8.3, official=True)) == [1, 2, 3, 4, 5]


def test_what_matters_much_more_does_not_make_room() -> None:
    war = [outside(number, 9 - number / 10, section="Війна", official=True) for number in range(1, 6)]

    assert shared(*war, outside(6, 3, section="Культура", official=True)) == [1, 2, 3, 4, 5]


@given(
    st.lists(st.tuples(st.integers(15, 100), st.sampled_from(["Війна", "Місто", ""]), st.integers(1, 3)), max_size=20)
)
def test_room_for_others_costs_no_line(rows: Sequence[tuple[int, str, int]]) -> None:
    stories = [outside(number, points / 10, section=section, source=source)
               for number, (points, section, source) in enumerate(rows)]  # fmt: skip

    told = shared(*stories)

    assert len(told) == len({*told}) == min(len(rows), DIGEST.size)
    assert not rows or max(row[0] for row in rows) in [rows[number][0] for number in told]


# Who leads


@pytest.mark.parametrize("rubric", [DIGEST, ROUNDUP], ids=["digest", "roundup"])
def test_one_unconfirmed_outside_source_never_leads(rubric: Rubric) -> None:
    stories = [outside(1, 9), *(ranked(number, 9 - number) for number in range(2, 7))]

    assert shared(*stories, rubric=rubric) == [2, 1, 3, 4, 5, 6][: rubric.size]


def test_an_official_body_a_second_source_or_an_editor_confirms() -> None:
    alone = outside(1, 9)
    [one] = alone.story.items
    second = replace(alone.story, items=(one, replace(one, id=9, family="інше")))

    assert not confirmed(alone)
    assert confirmed(outside(1, 9, official=True))
    assert confirmed(replace(alone, story=second))
    assert confirmed(replace(alone, story=replace(alone.story, votes=1)))
    assert confirmed(replace(alone, story=replace(alone.story, items=(replace(one, important=True),))))


def test_a_roundup_is_not_named_by_what_nobody_confirms() -> None:
    far, near = outside(1, 9), ranked(3, 7, region=True)

    assert shared(far, ranked(2, 8), near, ranked(4, 6), ranked(5, 5), rubric=ROUNDUP)[:2] == [2, 3]


def test_where_nothing_is_confirmed_the_best_leads() -> None:
    assert shared(*(outside(number, 9 - number, source=number) for number in range(1, 5))) == [1, 2, 3, 4]


# How a roundup opens


def opened(*kinds: tuple[float, bool]) -> list[int]:
    stories = [ranked(number, points, region=region) for number, (points, region) in enumerate(kinds, 1)]
    return chosen(select(stories, {}, ROUNDUP, language="uk"))


def test_a_roundup_opens_with_the_country_and_then_the_region() -> None:
    assert opened((9, True), (8, True), (7, False), (6, False), (5, True)) == [3, 1, 2, 4, 5]
    assert opened((9, False), (8, False), (7, True), (6, False), (5, True)) == [1, 3, 2, 4, 5]
    assert opened((9, False), (8, True), (7, True), (6, False), (5, True)) == [1, 2, 3, 4, 5]


def test_a_story_is_of_the_region_when_the_judgement_says_so() -> None:
    titles = ["Горлівка без води", "США дадуть Україні міни", "Дощі", "Сніг", "Вітер"]
    weighed = [weigh(ranked(place, 9, title=title).story, now=NOON, rubric="roundup", taste=default_taste())
               for place, title in enumerate(titles)]  # fmt: skip

    far, near = opening([Choice(each, each.story.items[0]) for each in weighed])[:2]

    assert (far.item.title, near.item.title) == (titles[1], titles[0])


def test_a_roundup_of_one_kind_opens_with_the_two_best() -> None:
    assert opened(*[(9 - number, True) for number in range(5)]) == [1, 2, 3, 4, 5]
    assert opened(*[(9 - number, False) for number in range(5)]) == [1, 2, 3, 4, 5]


def test_a_story_below_the_size_is_not_raised_for_its_kind() -> None:
    assert opened(*[(9, True)] * 7, (3, False)) == [1, 2, 3, 4, 5, 6, 7]


def test_of_two_that_matter_as_much_the_one_that_few_words_tell_opens() -> None:
    long = "У Вербанії через негоду скасували сорок рейсів, закрили два порти й перенесли вибори до парламенту"
    short = "Вербанія відкрила новий порт"

    def first(points: float) -> str:
        told = {long: 9.0, short: points, "Росіяни захопили село на Донеччині": 8.0}
        stories = [ranked(place, told[title], title=title, region=not place) for place, title in enumerate(told, -2)]
        return opening([Choice(each, each.story.items[0]) for each in stories])[0].item.title

    assert first(8.7) == short
    assert first(8.6) == long  # what matters more comes first, however many words it takes


def test_a_digest_stays_in_order_of_importance() -> None:
    stories = [ranked(1, 9, region=True), ranked(2, 8, region=True), ranked(3, 7)]

    assert chosen(select(stories, {}, DIGEST, language="uk")) == [1, 2, 3]


def test_the_title_and_the_first_two_lines_agree() -> None:
    titles = ["Росіяни захопили село на Донеччині", "Горлівка без води", "США дадуть Україні міни", "Дощі", "Сніг"]
    stories = [ranked(place, 9 - place, region=place < 2, title=title) for place, title in enumerate(titles)]

    choices = select(stories, {}, ROUNDUP, language="uk").choices

    assert [choice.item.title for choice in choices[:2]] == [titles[2], titles[0]]
    assert (
        edition_title("roundup", choices, UK)
        == "Головне за день: США дадуть Україні міни. Росіяни захопили село на Донеччині"
    )


@given(st.lists(st.tuples(st.integers(20, 100), st.booleans()), max_size=12))
def test_a_roundup_tells_the_same_stories_whatever_it_opens_with(kinds: Sequence[tuple[int, bool]]) -> None:
    order = sorted(kinds, key=lambda kind: -kind[0])
    stories = [ranked(number, points / 10, region=region) for number, (points, region) in enumerate(order)]

    choices = select(stories, {}, ROUNDUP, language="uk").choices
    ids = [choice.ranked.story.id for choice in choices]

    assert sorted(ids) == list(range(min(len(order), 7)))
    assert ids[2:] == sorted(ids[2:])
    regions = [order[number][1] for number in ids]
    assert regions[:2] == [False, True] or len({*regions}) < 2
    assert edition_title("roundup", choices, UK).startswith(
        "Головне за день: " + ". ".join(fragment(choice.item.title) for choice in choices[:2])
    )


def test_a_digest_does_not_repeat_what_a_sections_digest_or_a_reminder_told() -> None:
    section = rubric("section:окупація", [time(17)])

    assert DIGEST.minds(section.name) and DIGEST.minds("reads") and section.minds("digest")
    assert not ROUNDUP.minds(section.name) and not rubric("reads", [time(11)]).minds("digest")
