"""Whole entries are packed; nothing that a reader sees is cut in the middle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from bot.editions.packing import MESSAGE_LIMIT, TooLong, pack, shorten, units, visible

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def _link(title: str) -> Markup:
    return Markup('<a href="https://example.org/{}">{}</a>').format(title, title)


@given(st.lists(texts, min_size=1, max_size=30), st.integers(80, 400))
def test_every_entry_stands_whole_in_exactly_one_message(titles: list[str], limit: int) -> None:
    entries = [_link(title) for title in titles]

    try:
        messages = pack(Markup("Новини"), entries, Markup("Кінець"), limit=limit)
    except TooLong as refused:
        assert refused.units > limit
        return

    assert [index for message in messages for index in message.entries] == list(range(len(entries)))
    for message in messages:
        assert units(visible(message.text)) <= limit
        assert all(entries[index] in message.text for index in message.entries)
    assert messages[0].text.startswith("Новини")
    assert messages[-1].text.endswith("Кінець")


@given(texts)
def test_what_is_visible_is_what_was_written(title: str) -> None:
    assert visible(Markup("<b>{}</b>").format(title)) == title
    assert visible(escape(title)) == title


def test_a_digest_of_long_stories_takes_a_second_message() -> None:
    entries = [_link(f"{number} " + "слово " * 200) for number in range(6)]

    messages = pack(Markup(""), entries, Markup("Лише найважливіше на 18:00"))

    assert [message.entries for message in messages] == [(0, 1, 2), (3, 4, 5)]
    assert "Лише найважливіше" not in messages[0].text


def test_one_entry_too_long_for_a_message_is_refused_before_telegram_sees_it() -> None:
    with pytest.raises(TooLong):
        pack(Markup(""), [Markup("я" * (MESSAGE_LIMIT + 1))], Markup(""))


@given(texts.map(str.strip).filter(bool), st.integers(3, 80))
def test_a_shortened_text_fits_and_keeps_whole_words(text: str, limit: int) -> None:
    short = shorten(text, limit)

    assert units(short) <= limit
    assert short == text or short.endswith("…")


def test_a_word_is_not_cut_when_there_is_another_before_it() -> None:
    assert shorten("Верховна Рада проголосувала за ліквідацію", 20) == "Верховна Рада …"
