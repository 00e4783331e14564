"""The playground reads and finds what Telegram's own parser (tdjson) does."""

import json
from typing import Any

import pytest
import tdjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.entities import Entity
from bot.playground.formatting import finished
from bot.playground.found import find
from bot.playground.markdown import parse_markdown_v2
from bot.playground.markup import parse_html
from bot.playground.references import UnparsableError
from bot.playground.world import World

Found = list[tuple[str, int, int, str, int]]
NAMES = {
    "TextUrl": "text_link", "MentionName": "text_mention", "PreCode": "pre_code", "CustomEmoji": "custom_emoji",
    "DateTime": "date_time", "BlockQuote": "blockquote", "ExpandableBlockQuote": "expandable_blockquote",
    "BotCommand": "bot_command", "EmailAddress": "email", "BankCardNumber": "bank_card_number",
}  # fmt: skip
TAGS = [
    "<b>", "</b>", "<i>", "</i>", "<U>", "</u >", "</>", '<a href="', '">', "</a>", "<a>", "<a href=t.me>",
    "<a href='http://x.com/?a=1&amp;b=2'>", '<a href="tg://user?id=12">', '<a href="tg://resolve?domain=x">',
    "<pre>", "</pre>", '<code class="language-py">', "<code>", "</code>", "<blockquote expandable>",
    "</blockquote>", "<blockquote>", "<tg-spoiler>", "</tg-spoiler>", '<span class="tg-spoiler">', "</span>",
    '<tg-emoji emoji-id="5">', "</tg-emoji>", '<tg-time unix="1647531900" format="wDT">', "</tg-time>",
    "&lt;", "&amp", "&#65;", "&#x1F600;", "&#xd83d;", "&nbsp;", "x", "привіт", "😀", " ", "\n", "<", "/", ">",
    "=", '"', "'", "t.me", "tg://user?id=12", "<b a=b>", "\t", "<a href=\"http://a.b:80/\">", "@", "%", "[::1]",
]  # fmt: skip
WORDS = [
    "@", "abcd", "/", "start", "#", "тег", "$", "USD", "a", "b", ".", "com", "ua", "http://", "https://", "ftp://",
    "tg://", "ton://", "user", "x@y.com", "mailto:", " ", "\n", ":", "80", "(", ")", "[", "]", "?", "!", "-", "_",
    "4111111111111111", "5555 5555 5555 4444", "1.2.3.4", "255", "ї", "«", "»", "\u200b", "😀", "1", "%",
    "привіт.укр", "Example.COM", "t.me/x", "gif", "xn--p1ai", "+", "~", "'", "<", ">", "²", "·", "é", ",", ";",
    "novosti.dn.ua/article/1-a", "1INCH", "@gif", "#1", "/queue@holovne_bot", "2026-11-23",
]  # fmt: skip
MARKS = [
    "*", "_", "__", "~", "||", "`", "```", "```py\n", "[", "](http://x.com)", "](tg://user?id=5)", "]", "(", ")",
    "![", "](tg://emoji?id=5)", "](tg://time?unix=1647531900&format=wDT)", ">", "\n>", "\n", "**>", "\\", "\\*",
    "\\.", "!", "#", "слово", "x", "😀", " ", "\r", "|", "=", "-", ".",
]  # fmt: skip


def telegram(request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


telegram({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def theirs(entities: list[dict[str, Any]]) -> Found:
    found = []
    for entity in entities:
        kind = entity["type"]["@type"].removeprefix("textEntityType")
        argument = entity["type"].get("url") or entity["type"].get("language") or ""
        numbers = (entity["type"].get(name) for name in ("user_id", "custom_emoji_id", "unix_time"))
        number = next((int(value) for value in numbers if value), 0)
        found.append((NAMES.get(kind, kind.lower()), entity["offset"], entity["length"], argument, number))
    return [one for one in found if one[0] != "mediatimestamp"]


def ours(entities: list[Entity]) -> Found:
    return [(e.type, e.offset, e.length, "" if e.type == "date_time" else e.argument, e.number) for e in entities]


def parsed_there(text: str, mode: dict[str, Any]) -> object:
    answer = telegram({"@type": "parseTextEntities", "text": text, "parse_mode": mode})
    return answer["message"] if answer["@type"] == "error" else (answer["text"], theirs(answer["entities"]))


def html_there(text: str) -> object:
    return parsed_there(text, {"@type": "textParseModeHTML"})


def html_here(text: str) -> object:
    try:
        plain, entities = parse_html(text)
    except UnparsableError as error:
        return f"Can't parse entities: {error}"
    return plain, ours(entities)


def markdown_here(text: str) -> object:
    try:
        plain, entities = parse_markdown_v2(text)
    except UnparsableError as error:
        return f"Can't parse entities: {error}"
    return plain, ours(entities)


def soup(words: list[str], most: int = 9) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), max_size=most).map("".join)


LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(soup(TAGS) | LETTERS)
@settings(max_examples=250, deadline=None)
def test_html_reads_as_telegram_reads_it(text: str) -> None:
    assert html_here(text) == html_there(text)


@given(soup(MARKS) | LETTERS)
@settings(max_examples=200, deadline=None)
def test_markdown_reads_as_telegram_reads_it(text: str) -> None:
    there = parsed_there(text, {"@type": "textParseModeMarkdown", "version": 2})

    assert markdown_here(text) == there


@given(soup(WORDS))
@settings(max_examples=250, deadline=None)
def test_links_and_tags_are_found_where_telegram_finds_them(text: str) -> None:
    assert ours(find(text)) == theirs(telegram({"@type": "getTextEntities", "text": text})["entities"])


@pytest.mark.parametrize(
    "text",
    [
        "<b>жирне <i>і курсив</i></b>",
        '<pre><code class="language-python">x = 1</code></pre>',
        "<code><pre>x</pre></code>",
        "<blockquote expandable>хвіст <a href='https://novosti.dn.ua/article/1'>тут</a></blockquote>",
        '<tg-time unix="1647531900" format="r">через 24 хв</tg-time>',
        '<tg-time unix="1647531900" format="x">?</tg-time>',
        '<tg-emoji emoji-id="x">👍</tg-emoji>',
        '<span class="spoiler">ні</span>',
        "<a href='javascript:alert(1)'>ні</a>",
        "<a href='https://example.com:99999'>ні</a>",
        "<a>http://Приклад.укр</a>",
        "<b>не закрито",
        "<b>не</i> той",
        "</b>",
        "<b",
        "<b ='x'>",
        "<a href=x,y>z</a>",
        "&amp;lt; &lt; &quot; &apos; &copy; &#0; &#1114111; &#x10FFFE;",
        "a < b > c",
        "<b></b>порожнє",
        "рядок\r\nрядок\u202e",
    ],
)
def test_html_that_newsrooms_write(text: str) -> None:
    assert html_here(text) == html_there(text)


def test_a_null_byte_is_refused() -> None:
    assert html_here("a\0b") == "Can't parse entities: Text must not contain null bytes"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("  <b> а </b>  ", " а", [("bold", 0, 2)]),
        ("\n\nа\n", "а", []),
        ("<b>а</b><b>б</b>", "аб", [("bold", 0, 2)]),
        ("<b>а<i>б</i></b>", "аб", [("bold", 0, 1), ("bold", 1, 1), ("italic", 1, 1)]),
        ("<i>а<b>б</b></i>", "аб", [("italic", 0, 1), ("bold", 1, 1), ("italic", 1, 1)]),
        (
            "<b>а<blockquote>б</blockquote>в</b>",
            "абв",
            [("bold", 0, 1), ("blockquote", 1, 1), ("bold", 1, 1), ("bold", 2, 1)],
        ),
        ("<b>а<code>б</code></b>", "аб", [("bold", 0, 1), ("code", 1, 1)]),
        ("а\tб\rв\u200fг", "а бв\u200fг", []),
        ("<b>#тег</b>", "#тег", [("hashtag", 0, 4), ("bold", 0, 4)]),
        ("<code>#тег</code>", "#тег", [("code", 0, 4)]),
        ("<a href='t.me'>http://a.ua</a>", "http://a.ua", [("text_link", 0, 11)]),
        ("<b> \n </b>", "", []),
    ],
)
def test_a_parsed_text_is_cleaned_trimmed_and_completed(
    html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    plain, found = finished(World(), *parse_html(html))

    assert plain == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities
