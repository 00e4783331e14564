"""The page of one long story (screens, E21)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.long_story import page
from bot.editions.packing import visible
from bot.judgement.counts import told
from bot.wording import Wordings
from storage.model import Item, State, Story
from tests.conftest import KYIV

FOUR = datetime(2024, 11, 20, 14, tzinfo=UTC)  # 16:00 in Kyiv
NOW = FOUR + timedelta(hours=2)
WORDINGS = Wordings(KYIV)


def story(*told_at: tuple[str, int], source: str = "Наше", version: int = 7) -> Story:
    items = tuple(
        Item(number, 1, "news", title, "", "", "uk", (), at, at, 1, source, "x", False)
        for number, (title, minutes) in enumerate(told_at, 1)
        for at in [FOUR + timedelta(minutes=minutes)]
    )
    state = State(1, version, 1, 1, "Обстріл Лиманська: що відомо", {}, FOUR)
    return Story(1, state, items)


LONG = story(
    ("Загинула жінка — поліція", 10),
    ("Вже двоє загиблих — Філашкін", 50),
    ("Прокуратура: один загиблий", 65),
)


def test_an_editor_sees_each_count_with_its_voices_and_who_contradicts() -> None:
    assert visible(page(LONG, WORDINGS.default, NOW).text) == (
        "Обстріл Лиманська: що відомо · оновлень: 6\n"
        "Загиблі: 2 — Філашкін, 16:50 (було 1 — поліція, 16:10)\n"
        "⚠️ Прокуратура о 17:05 називає 1"
    )


def test_a_correction_is_named_one() -> None:
    mended = story(("Двоє загиблих — Філашкін", 0), ("Уточнили: загинула одна людина — Філашкін", 30))

    assert "Загиблі: 1 — Філашкін, 16:30 (уточнено; було 2 — Філашкін, 16:00)" in visible(
        page(mended, WORDINGS.default, NOW).text
    )


def test_a_story_without_people_hurt_says_so() -> None:
    assert visible(page(story(("Воду повернули", 0)), WORDINGS.default, NOW).text).endswith(
        "Про загиблих і поранених не повідомляли."
    )


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_a_hostile_source_stays_text_in_every_language(language: str) -> None:
    rogue = story(("Поранено двох людей", 0), source="<b>{x}</b> & " + "х" * 200)

    text = page(rogue, WORDINGS.of(language), NOW).text

    assert told(rogue.items)
    assert "<b>{x}" not in text
    assert "&lt;b&gt;{x}" in text
