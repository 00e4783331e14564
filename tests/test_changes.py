"""«Оновлено» is said only when there is something to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.judgement.changes import Change, Growth, change
from storage.model import State

TOLD = State(
    1, 1, 1, 1, "Дрон влучив в автобус, четверо поранених", {"wounded": 4}, datetime(2024, 11, 20, 12, tzinfo=UTC)
)


def test_the_state_that_was_told_has_not_changed() -> None:
    assert change(TOLD, TOLD) is None


def test_a_grown_toll_says_what_it_was_and_became() -> None:
    now = replace(
        TOLD,
        version=2,
        title="Дрон влучив в автобус: загинула жінка, десятеро поранених",
        toll={"wounded": 10, "killed": 1},
    )
    assert change(TOLD, now) == Change((Growth("killed", 0, 1), Growth("wounded", 4, 10)), TOLD.title, now.title)


def test_a_really_different_headline_is_a_change() -> None:
    now = replace(TOLD, version=2, title="У місті оголосили день жалоби")
    assert change(TOLD, now) == Change((), TOLD.title, now.title)


def test_a_mended_comma_is_no_change() -> None:
    assert change(TOLD, replace(TOLD, version=2, title="Дрон влучив в автобус: четверо поранених")) is None


def test_a_lowered_count_alone_is_not_told_as_news() -> None:
    assert (
        change(TOLD, replace(TOLD, version=2, title="Дрон влучив в автобус, двоє поранених", toll={"wounded": 2}))
        is None
    )


def test_an_older_state_never_follows_a_newer_one() -> None:
    assert change(replace(TOLD, version=3), replace(TOLD, version=2, toll={"wounded": 40})) is None
