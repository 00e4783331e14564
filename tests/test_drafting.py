"""A draft between the news and the editors: whatever comes, an editor's word stands, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk import draft_moves, draft_words
from bot.desk.draft_moves import Touch
from bot.editions.choosing import Selection, select
from bot.editions.drafting import MOST, conflicts, drafted, follow, followed, moved, replaced, reworded, toggled
from storage.editorial import Draft, DraftLine, Sitting
from tests.test_choosing import NOON, ROUNDUP, ranked

ACTS = st.lists(st.tuples(st.sampled_from(["toggle", "move", "replace", "words"]), st.integers(0, 30)), max_size=8)
NEWS = st.lists(st.lists(st.integers(1, 24), unique=True, max_size=20), min_size=1, max_size=4)


def selection(stories: Sequence[int]) -> Selection:
    """What the judgement makes of these stories, the most important first."""
    return select([ranked(each, 9.9 - place * 0.1) for place, each in enumerate(stories)], {}, ROUNDUP, language="uk")


def draft(lines: Sequence[DraftLine], touched: bool = True, approved: bool = False) -> Draft:
    return Draft(
        1, 1, "roundup", "2024-11-20", "23:00", NOON, NOON, 1, "drafted", tuple(lines),
        touched_at=NOON if touched else None, approved_at=NOON if approved else None,
    )  # fmt: skip


def ids(lines: Sequence[DraftLine], *, chosen: bool = False) -> list[int]:
    return [line.story_id for line in lines if line.chosen or not chosen]


def acted(lines: tuple[DraftLine, ...], acts: Sequence[tuple[str, int]]) -> tuple[DraftLine, ...]:
    """The lines after an editor's acts on the lines at these places."""
    does: dict[str, Callable[[tuple[DraftLine, ...], int, int], tuple[DraftLine, ...]]] = {
        "toggle": lambda lines, story, _: toggled(lines, story),
        "move": lambda lines, story, at: moved(lines, story, at % 7),
        "replace": lambda lines, story, _: replaced(lines, story) or lines,
        "words": lambda lines, story, at: reworded(lines, story, f"Слова {at}", 1),
    }
    for act, at in acts:
        if lines:
            lines = does[act](lines, lines[at % len(lines)].story_id, at)
    return lines


@settings(max_examples=40)
@given(stories=st.lists(st.integers(1, 40), unique=True, max_size=30))
def test_an_untouched_draft_is_what_the_judgement_would_tell(stories: list[int]) -> None:
    found = selection(stories)

    lines = follow(draft([], touched=False), found, "uk")

    assert ids(lines, chosen=True) == [choice.ranked.story.id for choice in found.choices]
    assert len(lines) <= MOST and len(set(ids(lines))) == len(lines)


@settings(max_examples=40)
@given(begun=st.lists(st.integers(1, 24), unique=True, max_size=20), acts=ACTS, news=NEWS)
def test_an_editors_word_stands_whatever_the_news(
    begun: list[int], acts: list[tuple[str, int]], news: list[list[int]]
) -> None:
    lines = acted(drafted(selection(begun), "uk"), acts)
    for stories in news:
        found = selection(stories)
        before, lines = lines, follow(draft(lines), found, "uk")

        stood = [line for line in before if line.touched and line.story_id in stories]
        assert [line for line in lines if line in stood] == stood  # as they were, in their order
        assert set(ids(lines)) <= set(stories) and len(set(ids(lines))) == len(lines)
        kept = ids([line for line in before if line.story_id in stories])
        assert [each for each in ids(lines) if each in kept] == [each for each in kept if each in ids(lines)]


@settings(max_examples=40)
@given(begun=st.lists(st.integers(1, 24), unique=True, max_size=20), acts=ACTS, news=NEWS)
def test_approved_it_only_loses_what_is_gone(
    begun: list[int], acts: list[tuple[str, int]], news: list[list[int]]
) -> None:
    lines = acted(drafted(selection(begun), "uk"), acts)
    told = ids(lines, chosen=True)
    for stories in news:
        lines = follow(draft(lines, approved=True), selection(stories), "uk")
        told = [each for each in told if each in stories]

        assert ids(lines, chosen=True) == told


@settings(max_examples=40)
@given(
    begun=st.lists(st.integers(1, 24), unique=True, max_size=20),
    acts=ACTS,
    stories=st.lists(st.integers(1, 24), unique=True),
)
def test_what_goes_out_is_what_the_lines_say(begun: list[int], acts: list[tuple[str, int]], stories: list[int]) -> None:
    seen = draft(acted(drafted(selection(begun), "uk"), acts))
    found = selection(stories)

    out = followed(seen, found, ROUNDUP, "uk")

    lines = [line for line in follow(seen, found, "uk") if line.chosen]
    assert [(choice.ranked.story.id, choice.own) for choice in out.choices] == [
        (line.story_id, line.own_text) for line in lines
    ]
    assert out.enough == bool(lines)


def test_a_chosen_line_is_never_cut_off_below_the_twelve() -> None:
    lines = [DraftLine(number, number in (1, 12), 1, touched=number == 12) for number in range(1, 13)]
    news = selection([20, *range(2, 13)])  # the first is gone, and something new is wanted

    after = follow(draft(lines), news, "uk")

    assert {12, 20} <= set(ids(after, chosen=True))


def test_what_an_editor_left_out_does_not_come_back_as_news() -> None:
    lines = toggled([DraftLine(number, number < 8, 1) for number in range(1, 13)], 1)
    lines = moved(lines, 1, 30)

    after = follow(draft(lines), selection([1, 30, *range(2, 13)]), "uk")

    assert 1 not in ids(after, chosen=True)


def test_a_new_state_is_known_by_the_one_that_was_looked_at() -> None:
    seen = draft([DraftLine(1, True, 1)], touched=False)
    found = selection([1])
    newer = replace(found.candidates[0].ranked.story.state, version=3)
    story = replace(found.candidates[0].ranked.story, state=newer)
    choice = replace(found.candidates[0], ranked=replace(found.candidates[0].ranked, story=story))

    assert follow(seen, Selection((choice,), (choice,), True), "uk")[0].version == 1
    assert conflicts(DraftLine(1, True, 1, own_text="Слова", own_version=2), 3)
    assert not conflicts(DraftLine(1, True, 1), 3)


# What editors' acts make of it


@settings(max_examples=40)
@given(
    place=st.integers(0, 5),
    act=st.sampled_from([draft_moves.up, draft_moves.down, draft_moves.first, draft_moves.last]),
)
def test_a_move_loses_no_line_and_ends_where_it_says(place: int, act: draft_moves.Move) -> None:
    lines = [DraftLine(number, number < 5, 1) for number in range(1, 7)]

    done = act(draft(lines), Sitting(NOON), Touch(1, NOON, place + 1, 1))

    assert sorted(ids(done.draft.lines)) == [1, 2, 3, 4, 5, 6]
    assert done.draft.lines[done.number - 1].story_id == place + 1


@settings(max_examples=40)
@given(said=st.text(max_size=200), what=st.sampled_from(["a", "b", "line"]))
def test_any_reply_is_one_fitting_line_or_is_refused(said: str, what: str) -> None:
    try:
        words = draft_words.read(said, what)
    except draft_words.Unfit:
        return
    if words is None:
        assert said.strip() in draft_words.RESTORES
    else:
        assert words == " ".join(words.split()) and 0 < len(words) <= draft_words.LIMITS[what]


@settings(max_examples=40)
@given(minutes=st.integers(0, 10), other=st.booleans())
def test_the_lease_keeps_others_out_for_five_minutes(minutes: int, other: bool) -> None:
    seen = draft([DraftLine(1, True, 1)])
    sat = draft_moves.write("a")(seen, Sitting(NOON), Touch(1, NOON)).sitting

    then: datetime = NOON + timedelta(minutes=minutes)
    again = draft_moves.write("b")(seen, sat, Touch(2 if other else 1, then))

    assert (again.toast == "busy") == (other and minutes < 5)
