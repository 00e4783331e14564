"""Is the message in the chat the one that we sent? Telegram's own library says what a message looks like."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from aiogram import Bot
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.delivery.likeness import Expected, Verdict, alike, expected
from bot.delivery.marks import Mark, Seen, address, seen
from bot.desk import content
from bot.editions.choosing import Choice
from bot.editions.press import print_sheet
from bot.editions.rubrics import rubric
from bot.editions.slots import Slot
from bot.judgement.ranking import Ranked
from bot.playground import Chat, Message
from bot.playground.cleaning import trimmed
from bot.playground.entities import Entity
from storage import channels, posts
from storage.model import Content, Item, Media, State, Story
from tests.conftest import NOON, House, put
from tests.truth import NAMES, PARSER

needs_tdjson = pytest.mark.skipif(PARSER is None, reason="tdjson is not installed")
CHANNEL, DESK, BOT, HERE = -1001, -1002, 42, 17  # HERE: the id of the message that was forwarded
LAID = {"bold", "italic", "underline", "strikethrough", "spoiler"}
KEPT = LAID | {"blockquote", "expandable_blockquote", "code", "pre", "text_link", "date_time"}
POST = (
    "<b>Ціни &amp; вода</b>\n\n"
    'У Краматорську <a href="https://own.ua/1?a=1&amp;b=2">повернули воду</a> до восьмої ранку.'
)

# What Telegram itself makes of a text: its parser reads HTML, its Markdown reader cleans what has no Markdown in it.


def ask(request: Mapping[str, Any]) -> dict[str, Any]:
    PARSER.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')
    answer: dict[str, Any] = json.loads(PARSER.td_execute(json.dumps(request).encode()) or b"{}")
    assert answer["@type"] != "error", answer
    return answer


def theirs(formatted: Mapping[str, Any]) -> tuple[str, list[Mark]]:
    """A formattedText of TDLib, cleaned by it, in our words; trimming is what it does not do offline."""
    clean = ask({"@type": "parseMarkdown", "text": formatted})
    entities = []
    for each in clean["entities"]:
        about = each["type"]
        kind = about["@type"].removeprefix("textEntityType")
        name = {"pre_code": "pre"}.get(NAMES.get(kind, kind.lower()), NAMES.get(kind, kind.lower()))
        detail = about.get("url") or about.get("language") or str(about.get("unix_time", ""))
        entities.append(Entity(name, each["offset"], each["length"], detail))
    text, entities = trimmed(clean["text"], [each for each in entities if each.type in KEPT])
    return text, [Mark(each.offset, each.length, each.type, each.argument) for each in entities]


def of_html(markup: str) -> tuple[str, list[Mark]]:
    parsed = ask({"@type": "parseTextEntities", "text": markup, "parse_mode": {"@type": "textParseModeHTML"}})
    return theirs(parsed)


def dressed(text: str, marks: Iterable[Mark]) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    """Each visible sign with what it is marked as: what a reader sees, whoever cut the marks in pieces."""
    signs, at = [], 0
    marks = list(marks)
    for sign in text:
        over = {(mark.kind, mark.detail) for mark in marks if mark.offset <= at < mark.end}
        if not sign.isspace():
            signs.append((sign, frozenset(over)))
        at += 2 if sign > "\uffff" else 1
    return signs


def ours(shown: Seen) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    """The same of our reading; of a time the instant alone, as TDLib names its format in other words."""
    marks = [replace(mark, detail=mark.detail.split()[0]) if mark.kind == "date_time" else mark for mark in shown.marks]
    return dressed(shown.text, marks)


PIECES = st.sampled_from([
    "Обстріл Краматорська", "«Вода»", "@novyny", "#вода", "t.me/nd", "https://own.ua/a?b=1&c=2", "/latest", "own.ua",
    "a@own.ua", "👩‍🚒 сім’я", "≤ 5 < 6 & 7", "14:06", " ", "\n", "\n\n", "  ", "й\u0306", "\u200b", "📅", "…",
    "\r\n", "\t", "\u202e", "\u200f\u200f\u200e", "\u2028", "я\u030a", "\xa0", "&nbsp;", "&lt;", "😀",
])  # fmt: skip
LETTERS = st.characters(
    exclude_categories=["Cs", "Cn"], exclude_characters="\0*_~|`[]", max_codepoint=0x2FFF
)  # what Markdown means something by would be read by the judge
WORDS = st.lists(PIECES | st.text(LETTERS, max_size=6), max_size=4).map("".join)
TAGS = st.sampled_from([
    "<b>…</b>", "<strong>…</strong>", "<i>…</i>", "<em>…</em>", "<u>…</u>", "<ins>…</ins>", "<s>…</s>",
    "<strike>…</strike>", "<del>…</del>", "<code>…</code>", "<pre>…</pre>",
    '<pre><code class="language-py">…</code></pre>', '<code class="language-py"><pre>…</pre></code>', '<a href="https://own.ua/?a=1&amp;b=«»">…</a>',
    '<a href="own.ua">…</a>',
    "<a href='https://OWN.ua'>…</a>", '<a href="javascript:1">…</a>', "<blockquote>…</blockquote>",
    "<blockquote expandable>…</blockquote>", "<tg-spoiler>…</tg-spoiler>", '<span class="tg-spoiler">…</span>',
    '<tg-time unix="1732363560" format="wDt">…</tg-time>', '<tg-emoji emoji-id="5">…</tg-emoji>',
    '<a href="tg://user?id=2002">…</a>', '<a href="tg://resolve?domain=nd">…</a>',
])  # fmt: skip
MARKUP = st.recursive(
    WORDS.map(html.escape),
    lambda inner: st.lists(inner | st.builds(lambda tag, held: tag.replace("…", held), TAGS, inner), max_size=4).map(
        "".join
    ),
    max_leaves=12,
)


@needs_tdjson
@settings(max_examples=200, deadline=None)
@given(MARKUP)
@example("<b>а<code>б</code>в</b>")
@example(" <b> а</b> <b>б </b> ")
@example("<i>а<b>б</b></i><b>в</b>")
@example("<b>а<blockquote>б <i>в</i></blockquote>г</b>")
@example('<a href="own.ua"><code>а</code></a>')
@example("<code><a href='own.ua'>а</a> б</code>")
@example("<blockquote>а<blockquote>б</blockquote></blockquote>")
@example("&#128512;&#x41;&amp;lt; &amp;nbsp; &nbsp; &copy=1")
def test_our_html_is_expected_to_look_as_telegram_shows_it(markup: str) -> None:
    text, marks = of_html(markup)

    shown = expected("sendMessage", {"text": markup, "parse_mode": "HTML"}).words

    assert shown.text == text.strip(" \n")
    assert ours(shown) == dressed(text, marks)


KINDS = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough", "code": "Code",
    "spoiler": "Spoiler", "pre": "Pre", "blockquote": "BlockQuote", "expandable_blockquote": "ExpandableBlockQuote",
    "text_link": "TextUrl",
}  # fmt: skip
SPANS = st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 12), st.integers(0, 12)), max_size=6)


@needs_tdjson
@settings(max_examples=200, deadline=None)
@given(WORDS, SPANS)
@example(" \r а  б", [("bold", 0, 3), ("text_link", 3, 3), ("code", 4, 2)])
def test_an_editors_entities_are_expected_as_telegram_shows_them(text: str, spans: list[tuple[str, int, int]]) -> None:
    plain = "".join(sign for sign in text if sign < "\uffff")  # an entity within a pair of units is refused
    entities, asked = [], []
    for kind, at, length in spans:
        if at < len(plain):
            where: dict[str, Any] = {"offset": at, "length": min(length, len(plain) - at)}
            link = {"url": "https://own.ua/"} if kind == "text_link" else {}
            entities.append({"type": kind} | where | link)
            asked.append({"@type": "textEntity", "type": {"@type": f"textEntityType{KINDS[kind]}"} | link} | where)
    there, marks = theirs({"@type": "formattedText", "text": plain, "entities": asked})

    shown = expected("sendPhoto", {"caption": plain, "caption_entities": entities}).words

    assert shown.text == there.strip(" \n")
    assert ours(shown) == dressed(there, marks)


ADDRESSES = st.lists(
    st.sampled_from([
        "https://", "HTTP://", "ftp://", "tg://", "ton:", "own", ".", "ua", "OWN.ua", "/", "?a=1", "#б", ":", "80", "0",
        "99999", "@", "%41", "%", " ", "приклад.укр", "[::1]", "user", "&", "_", "\t", "resolve?domain=x", "'",
    ]),
    max_size=7,
).map("".join)  # fmt: skip


@needs_tdjson
@settings(max_examples=200, deadline=None)
@given(ADDRESSES.filter(lambda url: not {"@", "["} <= set(url)))  # nobody has a name at a number
def test_an_address_is_kept_as_telegram_keeps_it(url: str) -> None:
    linked = f'<a href="{html.escape(url)}">а</a>'
    kept = [mark.detail for mark in of_html(linked)[1]] if url else []

    mine = seen("а", [{"type": "text_link", "offset": 0, "length": 1, "url": url}]).marks

    assert [mark.detail for mark in mine] == kept
    assert all(address(mark.detail) == mark.detail for mark in mine)


# Verdicts


def in_channel(chat: int = CHANNEL, number: int = HERE) -> dict[str, Any]:
    return {"type": "channel", "chat": {"id": chat}, "message_id": number}


def by(user: int) -> dict[str, Any]:
    return {"type": "user", "sender_user": {"id": user}}


def forwarded(words: str, origin: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The copy of a message of these words (our HTML)."""
    shown = expected("sendMessage", {"text": words, "parse_mode": "HTML"}).words
    entities = [
        {"type": mark.kind, "offset": mark.offset, "length": mark.length, "url": mark.detail} for mark in shown.marks
    ]
    return {"forward_origin": origin or in_channel(), "text": shown.text, "entities": entities, **more}


def judged(wanted: Expected, found: Mapping[str, Any], chat: int = CHANNEL) -> Verdict:
    return alike(wanted, found, chat_id=chat, message_id=HERE, bot_id=BOT)


def post(words: str = POST) -> Expected:
    return expected("sendMessage", {"text": words, "parse_mode": "HTML"})


@pytest.mark.parametrize(
    ("origin", "verdict"),
    [
        (in_channel(), "same"),
        (in_channel(number=HERE - 1), "other"),
        (in_channel(chat=-1009), "other"),
        (by(BOT), "same"),
        (by(1001), "other"),
        ({"type": "hidden_user", "sender_user_name": "Олена"}, "other"),
        ({"type": "chat", "sender_chat": {"id": -1009}}, "other"),
        ({"type": "chat", "sender_chat": {"id": CHANNEL}}, "unsure"),
        ({"type": "news"}, "unsure"),
        ({}, "unsure"),
    ],
)
def test_what_was_first_said_elsewhere_or_by_others_is_not_ours(origin: dict[str, Any], verdict: Verdict) -> None:
    found = forwarded(POST) | {"forward_origin": origin}

    assert judged(post(), found) == verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (POST, "same"),
        (POST.replace("</a>", " #вода</a>").replace(" #вода", ""), "same"),
        (POST.replace("Ціни &amp; вода", "ЦІНИ &amp; вода"), "unsure"),
        ("ЦІНИ &amp; ВОДА У КРАМАТОРСЬКУ ПОВЕРНУЛИ ВОДУ ДО ВОСЬМОЇ РАНКУ.", "unsure"),
        ("Ціни&amp;вода\nУКраматорську\u200bповернуливоду\u200bдовосьмоїранку.", "unsure"),
        (POST.replace("\n\n", "\n"), "unsure"),
        (POST.replace("воду", "во\u200bду\xa0"), "unsure"),
        (POST.replace("<b>", "<i>").replace("</b>", "</i>"), "unsure"),
        (POST.replace("own.ua/1", "own.ua/2"), "unsure"),
        (POST.replace("восьмої", "дев’ятої"), "unsure"),
        (f"{POST}\n\nОновлено: воду дадуть і в Слов’янську.", "unsure"),
        ("<b>Ціни &amp; вода</b>\n\nУ Покровську евакуювали дев’ятьох людей, серед них дитина.", "other"),
        ("<b>Обстріл</b>", "other"),
    ],
)
def test_words_are_ours_word_for_word_and_nobodys_when_all_are_others(found: str, verdict: Verdict) -> None:
    assert judged(post(), forwarded(found)) == verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (POST, "same"),
        (POST.replace("\n\n", "\n"), "unsure"),
        (POST.replace("own.ua/1", "own.ua/2"), "unsure"),
        (POST.replace("восьмої", "дев’ятої"), "other"),
    ],
)
def test_in_a_group_where_nobody_mends_a_bots_words_other_words_are_another_message(
    found: str, verdict: Verdict
) -> None:
    assert judged(post(), forwarded(found, by(BOT)), chat=DESK) == verdict


def test_a_keyboard_a_preview_and_what_telegram_finds_by_itself_are_not_compared() -> None:
    found = forwarded(POST, reply_markup={"inline_keyboard": []}, link_preview_options={"is_disabled": True})
    found["entities"].append({"type": "hashtag", "offset": 0, "length": 4})

    assert judged(post(), found) == "same"


def photo(*unique: str, caption: str = "") -> dict[str, Any]:
    sizes = [{"file_id": f"{each}-id", "file_unique_id": each} for each in unique]
    return {"forward_origin": in_channel(), "photo": sizes, "caption": caption or None, "text": None}


def picture(*unique: str, caption: str = "") -> Expected:
    return expected("sendPhoto", {"photo": "AgAC", "caption": caption}, unique)


@pytest.mark.parametrize(
    ("wanted", "found", "verdict"),
    [
        (picture("big"), photo("small", "big"), "same"),
        (picture("big", caption="Черга"), photo("small", "big", caption="Черга"), "same"),
        (picture("big"), photo("small", "other"), "other"),
        (picture("big", caption="Черга"), photo("other", caption="Черга"), "other"),
        (picture("big", caption="Черга"), photo("big", caption="Обстріл"), "unsure"),
        (picture("big"), photo("big", caption="Обстріл"), "unsure"),
        (picture(), photo("big"), "unsure"),
        (picture(""), photo("big", caption="Обстріл"), "unsure"),
        (picture(caption="Черга по воду"), photo("big", caption="Черга по воду"), "unsure"),
        (picture(caption="Черга по воду"), photo("big", caption="Обстріл Краматорська"), "other"),
        (picture("big", caption="Черга"), photo(caption="Черга"), "unsure"),
        (picture("big"), forwarded("Черга"), "other"),
        (post(), photo("big"), "other"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_unique_id_alone(wanted: Expected, found: dict[str, Any], verdict: Verdict) -> None:
    assert judged(wanted, found) == verdict


@pytest.mark.parametrize("method", ["sendVideo", "sendDocument", "sendAudio", "sendVoice", "sendAnimation"])
def test_each_kind_of_file_is_recognised_and_another_kind_is_another(method: str) -> None:
    kind = method.removeprefix("send").lower()
    file = {"file_id": "x", "file_unique_id": "u"}
    more = {"document": file} if kind == "animation" else {}  # as Telegram shows animations
    found = {"forward_origin": in_channel(), kind: file, **more}

    assert judged(expected(method, {kind: "x"}, ["u"]), found) == "same"
    assert judged(picture("u"), found) == "other"


@pytest.mark.parametrize(
    "wanted",
    [
        expected("sendPoll", {"question": "Чи є вода?"}),
        expected("sendMessage", {"text": "*Вода*", "parse_mode": "MarkdownV2"}),
        expected("sendMessage", {"text": "<font>Вода</font>", "parse_mode": "HTML"}),
        expected("sendMessage", {"text": "<b>Вода", "parse_mode": "HTML"}),
        expected("sendMessage", {"text": "Вода</b>", "parse_mode": "HTML"}),
        expected("sendMessage", {"text": "<span>Вода</span>", "parse_mode": "HTML"}),
        expected("sendMessage", {"text": "Вода<!-- -->", "parse_mode": "HTML"}),
        expected("sendMessage", {"text": '<tg-time unix="1" format="?">Вода</tg-time>', "parse_mode": "HTML"}),
    ],
)
def test_of_what_cannot_be_read_an_editor_is_asked(wanted: Expected) -> None:
    assert not wanted.comparable
    assert judged(wanted, forwarded("Вода")) == "unsure"
    assert judged(wanted, forwarded("Вода", by(1001))) == "other"


def test_what_an_address_leads_to_may_come_as_another_kind_of_file() -> None:
    wanted = expected("sendVideo", {"video": "https://own.ua/a.mp4", "caption": "Черга"})
    document = {"forward_origin": in_channel(), "document": {"file_unique_id": "u"}, "caption": "Черга"}

    assert judged(wanted, document) == "unsure"
    assert judged(wanted, forwarded("Черга")) == "other"


def test_a_message_of_a_kind_that_nobody_knows_is_looked_at_by_an_editor() -> None:
    assert judged(post(), {"forward_origin": in_channel(), "hologram": {}}) == "unsure"
    assert judged(post(), {"forward_origin": in_channel(), "poll": {"id": "1"}}) == "other"


WORD = st.text("абвгіїє’", min_size=1, max_size=7)
SENTENCE = st.lists(WORD, min_size=4, max_size=30)


@given(SENTENCE, st.data())
def test_a_post_that_an_editor_mended_by_a_word_is_never_taken_for_another(
    words: list[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    mended = [*words[:place], data.draw(WORD | st.just("")), *words[place + 1 :]]

    verdict = judged(post(" ".join(words)), forwarded(" ".join(mended)))

    assert verdict == ("same" if mended == words else "unsure")


# Over the local Telegram


def sheets(home: House) -> list[str]:
    """A digest and a roundup in type."""
    state = State(1, 1, 1, 1, "Вода", {}, NOON)
    choices = [
        Choice(Ranked(Story(1, state, (item,)), 5.0, ()), item)
        for number, title in enumerate(["Воду & світло повернули @nd", "#Обстріл <Покровська>", "Ціни на $USD ростуть"])
        for item in [
            Item(number, 1, "news", title, "", f"https://nd.ua/{number}?a=1&b=2", "uk", (), NOON, NOON, 1, "Рада & Ко",
                 "rada", number == 0)
        ]
    ]  # fmt: skip
    slots = [Slot(rubric, date(2024, 11, 23), time(18), NOON) for rubric in ("digest", "roundup")]
    return [
        str(part.text)
        for slot in slots
        for part in print_sheet(
            rubric(slot.rubric, [slot.wall]), choices, home.wordings.default, home.newsroom, slot=slot
        ).parts
    ]


async def everything_said(home: House) -> Media:
    """The bot says what it can: pages to readers, cards to editors, editions and posts in the channel. The picture
    is the one that it publishes."""
    titles = ["Воду & світло повернули", "«Обстріл» <Покровська> @nd #вода", "Ціни на $USD ростуть"]
    for number, title in enumerate(titles, start=1):
        await put(home.db, title, NOON - timedelta(minutes=number), lead="Подробиці: own.ua/a_b.", section="Донбас")
    for command in ("/start", "/help", "/latest", "/search вода", "/week", "/privacy"):
        await home.say(command)
    photo = home.telegram.send_photo(home.desk, home.editor, caption="Черга по воду #Краматорськ")
    picture = media_of(photo)
    home.telegram.say(home.desk, home.editor, "/post", reply_to=photo)
    await home.say("/post Ввечері води не буде, запасіться", home.desk, home.editor)
    await home.say("/queue", home.desk, home.editor)
    for text in sheets(home):
        await home.bot.send_message(home.channel.id, text, parse_mode="HTML")
    marks = ({"type": "bold", "offset": 0, "length": 4}, {"type": "blockquote", "offset": 6, "length": 5})
    for post in (
        Content("Вода\n\n«Є» всюди, пише @novyny", marks, url="https://own.ua/1"),
        Content("Черга за водою #Краматорськ", ({"type": "italic", "offset": 0, "length": 15},), (picture,)),
        content.from_report("Тариф — 5 грн & <більше>", "Перше. Друге! Третє? Четверте.", "https://own.ua/2"),
    ):
        parameters = content.call(post, silent=True).parameters
        send = home.bot.send_photo if post.media else home.bot.send_message
        await send(home.channel.id, **parameters)
    return picture


def media_of(photo: Message) -> Media:
    assert photo.media is not None
    largest = photo.media["photo"][-1]
    return Media("photo", largest["file_id"], largest["file_unique_id"])


def arrived(home: House, picture: Media) -> dict[Expected, tuple[int, int]]:
    """What each of the bot's messages should look like, with its chat and its id."""
    return {
        expected(call.method, call.params, [picture.unique_id]): (result["chat"]["id"], result["message_id"])
        for call in home.telegram.calls
        if call.method.startswith("send") and isinstance(result := (call.outcome or {}).get("result"), dict)
    }


async def looked_at(bot: Bot, chat_id: int, message_id: int, probe: Chat) -> dict[str, Any]:
    """The copy that the bot looks at, as the Bot API tells it."""
    copy = await bot.forward_message(probe.id, chat_id, message_id)
    return copy.model_dump(exclude_none=True)


async def test_each_message_of_ours_is_known_again_and_taken_for_no_other(home: House) -> None:
    ours = arrived(home, await everything_said(home))
    probe = home.telegram.group("Проба", members=[home.editor], admins=[home.account])
    assert {wanted.kind for wanted in ours} == {"text", "photo"}
    assert len(ours) >= 10

    for sent, (chat, number) in ours.items():
        place = {"chat_id": chat, "message_id": number, "bot_id": home.bot.id}
        copy = await looked_at(home.bot, chat, number, probe)
        assert [wanted for wanted in ours if alike(wanted, copy, **place) == "same"] == [sent]


async def test_what_people_write_forward_and_mend_is_told_from_ours(home: House) -> None:
    probe = home.telegram.group("Проба", members=[home.editor], admins=[home.account])
    wanted = post()
    sent = await home.bot.send_message(home.channel.id, POST, parse_mode="HTML")
    theirs_here = home.telegram.say(home.desk, home.editor, POST, html=True)
    brought = home.telegram.forward(home.channel, home.editor, home.channel, sent.message_id)
    shown = [(home.channel, sent.message_id), (home.desk, theirs_here.message_id), (home.channel, brought.message_id)]

    async def verdict(chat: Chat, number: int) -> Verdict:
        copy = await looked_at(home.bot, chat.id, number, probe)
        return alike(wanted, copy, chat_id=chat.id, message_id=number, bot_id=home.bot.id)

    assert [await verdict(*each) for each in shown] == ["same", "other", "other"]
    home.telegram.edit(home.channel, sent.message_id, POST.replace("восьмої", "дев’ятої"), html=True)
    assert await verdict(home.channel, sent.message_id) == "unsure"


async def test_an_editors_picture_keeps_its_unique_id_with_the_post(home: House) -> None:
    photo = home.telegram.send_photo(home.desk, home.editor, caption="Черга по воду")
    home.telegram.say(home.desk, home.editor, "/post", reply_to=photo)
    await home.work()

    row = await home.db.screens.one("SELECT max(id) AS id FROM post")
    assert row is not None
    kept = await posts.get(home.db.screens, row["id"])

    assert kept is not None
    assert kept.content.media == (media_of(photo),)
    assert kept.content.media[0].unique_id != ""


async def test_a_picture_given_before_unique_ids_were_kept_still_loads(home: House) -> None:
    async with home.db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", NOON)
        old = await posts.add(tx, channel_id=channel.id, state="draft", content=Content("Черга"), editor=1001, now=NOON)
        before = '[{"kind": "photo", "file_id": "AgAC"}]'
        await tx.run("UPDATE post_version SET media_json = ? WHERE post_id = ?", (before, old.id))

    kept = await posts.get(home.db.screens, old.id)

    assert kept is not None
    assert kept.content.media == (Media("photo", "AgAC", ""),)
