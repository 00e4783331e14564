"""The comparison with Telegram's own parser: a wrong parse is caught, a right one is not, and each is asked once."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground import Telegram
from bot.playground.records import Call
from bot.playground.world import World
from tests.conftest import NOON, House, put
from tests.truth import Truth, texts

HEADLINE = '1. <a href="https://own.ua/1">Вода</a> @novyny'


@pytest.fixture
def fresh() -> Truth:
    """An ear of this test's own, so that what it lets lie fails nothing else."""
    return Truth()


def answered(raw: str, mode: str = "HTML", **stored: Any) -> Call:
    """A sendMessage that was answered with the message as `stored`."""
    return Call("sendMessage", {"chat_id": 5, "text": raw, "parse_mode": mode}, 42, 0.0, {"ok": True, "result": stored})


async def test_what_the_bot_sends_is_compared_and_is_true(home: House, fresh: Truth) -> None:
    await put(home.db, "Ціни <b>& @nd #вода t.me/x</b>", NOON)
    await home.say("/latest")
    await home.tap("🔄 Оновити")
    await home.bot.send_message(home.channel.id, "*жирне* _курсив_", parse_mode="MarkdownV2")
    for call in home.telegram.calls:
        fresh.hear(home.telegram, call)

    assert fresh.lies() == []
    assert fresh.compared == 2  # the page was refreshed with the same text


async def test_a_wrong_parse_is_caught_whatever_is_wrong(home: House) -> None:
    message = await home.bot.send_message(home.channel.id, HEADLINE, parse_mode="HTML")
    call = home.telegram.called("sendMessage")[-1]
    assert call.outcome is not None
    right = call.outcome["result"]
    assert [entity["type"] for entity in right["entities"]] == ["text_link", "mention"]
    assert message.text == "1. Вода @novyny"

    for wrong in wrongs(right):
        ear = Truth()
        ear.hear(home.telegram, answered(HEADLINE, **wrong))
        (lie,) = ear.lies()
        assert HEADLINE in lie
        assert repr(wrong["text"]) in lie.partition("Telegram: ")[0]
        assert "1. Вода @novyny" in lie.partition("Telegram: ")[2]


def wrongs(right: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The message with one thing wrong in each."""
    link, mention = right["entities"]
    yield {"text": right["text"] + " ", "entities": [link, mention]}
    yield {"text": right["text"], "entities": [link | {"length": 5}, mention]}
    yield {"text": right["text"], "entities": [link | {"url": "https://own.ua/"}, mention]}
    yield {"text": right["text"], "entities": [link]}
    yield {"text": right["text"], "entities": [mention, link]}
    yield {"text": right["text"]}


def test_a_text_is_shown_to_telegram_once(fresh: Truth) -> None:
    for _ in range(2):
        fresh.hear(World(), answered("<b>Вода</b>", text="Вода"))

    assert len(fresh.lies()) == 1
    fresh.hear(World(), answered("<b>Вода</b>", text="Вода"))
    assert fresh.lies() == []


@pytest.mark.parametrize("raw", ["<b>Вода", "<i>Вода</b>", "<font>Вода</font>"])
def test_a_complaint_is_compared_too(fresh: Truth, raw: str) -> None:
    refused = Call("sendMessage", {"text": raw, "parse_mode": "HTML"}, 42, 0.0, {"ok": False, "error_code": 400})
    fresh.hear(World(), refused)
    fresh.hear(World(), answered(raw + " ", text="Вода"))

    (lie,) = fresh.lies()
    assert "parse entities: " in lie.partition("Telegram: ")[2]


def test_every_text_of_a_request_is_looked_at() -> None:
    album = [{"type": "photo", "caption": f"<b>{number}</b>", "parse_mode": "HTML"} for number in "12"]
    sent = [{"caption": "1", "caption_entities": []}, {"caption": "2"}]
    content = {"message_text": "<i>3</i>", "parse_mode": "html"}
    calls = [
        Call("sendMediaGroup", {"media": album}, 42, 0.0, {"ok": True, "result": sent}),
        Call("sendMediaGroup", {"media": album[:1]}, 42, 0.0, None),
        Call("answerInlineQuery", {"results": [{"type": "article", "input_message_content": content}]}, 42, 0.0, None),
        Call("sendMessage", {"text": "<b>без розмітки</b>"}, 42, 0.0, None),
    ]

    said = [(each.raw, each.here) for call in calls for each in texts(World(), call)]

    bold, italic = ({"type": kind, "offset": 0, "length": 1} for kind in ("bold", "italic"))
    assert said == [("<b>1</b>", ("1", [])), ("<b>2</b>", ("2", [])), ("<b>1</b>", ("1", [bold])),
                    ("<i>3</i>", ("3", [italic]))]  # fmt: skip


async def test_the_ear_hears_every_playground(truth: Truth) -> None:
    telegram = Telegram()
    before = truth.compared

    telegram.remember(Call("sendMessage", {"text": "<b>Лише тут</b>", "parse_mode": "HTML"}, 42, 0.0, None))

    assert truth.lies() == []
    assert truth.compared == before + 1


# What newsrooms write, and more

PIECES = st.sampled_from([
    "Обстріл Краматорська", "«Вода»", "@nd", "#вода", "t.me/nd", "https://own.ua/a?b=1&c=2", "/latest", "own.ua",
    "$USD", "a@own.ua", "👩‍🚒 сім’я", "≤ 5 < 6 & 7", "14:06", " ", "\n", "\n\n", "  ", "й\u0306", "\u200b", "📅", "…",
    "5555555555554444",
])  # fmt: skip
LETTERS = st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0", max_codepoint=0x2FFF)
PLAIN = st.lists(PIECES | st.text(LETTERS, max_size=8), max_size=5)
LINE = st.builds(
    lambda words, tag: tag.replace("…", html.escape("".join(words))),
    PLAIN,
    st.sampled_from([
        "…", "<b>…</b>", "<i>…</i>", '<a href="https://own.ua/?a=1&amp;b=«»">…</a>', "<code>…</code>", "<u>…</u>",
        "<blockquote>…</blockquote>", "<tg-spoiler>…</tg-spoiler>", "<s>…</s>", "<pre>…</pre>",
        '<tg-time unix="1732363560" format="wDt">…</tg-time>', '<a href="tg://user?id=2002">…</a>',
        "<blockquote expandable><b>…</b></blockquote>", "<b>… <i>…</i></b>", '<b><a href="own.ua">…</a></b>',
    ]),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=6), st.sampled_from(["", " ", "\n", "\n\n"]))
def test_whatever_a_bot_writes_reads_as_telegram_reads_it(lines: list[str], gap: str) -> None:
    raw, ear, world = gap.join(lines), Truth(), World()
    world.user(2002)

    ear.hear(world, Call("sendMessage", {"text": raw, "parse_mode": "HTML"}, 42, 0.0, None))

    assert ear.lies() == []
