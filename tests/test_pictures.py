"""Pictures of editions: whole words in colours that can be read, none where people died, and one upload for each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.delivery.deliver import Deliverer
from bot.editions import programs
from bot.editions.covers import recut
from bot.editions.program import House as Newshouse
from bot.editions.publish import publish_due
from bot.editions.rubrics import Rubric, digest, roundup
from bot.pictures.card import SIZES, Card, Livery, Shape, UndrawableCard, UnreadableLogo, draw, fits, logo, recipe
from bot.pictures.colours import READABLE, colour, contrast
from bot.rooms import livery
from bot.settings import BadSettings, load
from storage import channels, messages
from tests.conftest import MINUTE, NOON, House, put
from tests.test_publish import TASTE

FIRST = "У Курахівській громаді залишається 2900 людей — Філашкін"
TITLES = (FIRST, "У Краматорську повернули воду", "Кабмін змінив правила виплат")
DIGEST = digest([time(14, 6)], 5)
words = st.lists(st.text("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’", min_size=1, max_size=18), min_size=1, max_size=30)


def card(headline: str = FIRST, shape: Shape = "wide") -> Card:
    return Card(headline, "Новини Донбасу", "23 листопада о 14:06", shape)


def png(size: tuple[int, int] = (600, 200)) -> bytes:
    out = BytesIO()
    Image.new("RGBA", size, (255, 0, 0, 255)).save(out, "PNG")
    return out.getvalue()


# The card


@pytest.mark.parametrize("shape", ["wide", "square"])
def test_a_card_is_drawn_in_its_size_and_the_same_each_time(shape: Shape) -> None:
    drawn = draw(card(shape=shape), Livery())

    with Image.open(BytesIO(drawn)) as shown:
        assert (shown.format, shown.size) == ("JPEG", SIZES[shape])
    assert drawn == draw(card(shape=shape), Livery())
    assert len(drawn) < 1_000_000


@settings(max_examples=15, deadline=None)
@given(words)
def test_words_stand_whole_and_all_of_them(found: list[str]) -> None:
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        written = ImageDraw.ImageDraw.text

        def text(self: ImageDraw.ImageDraw, at: Any, line: str, *more: Any, **named: Any) -> None:
            left, _, right, _ = self.textbbox(at, line, font=named["font"], anchor=named.get("anchor"))
            assert left >= 0 and right <= 1280
            said.append(line)
            written(self, at, line, *more, **named)

        patch.setattr(ImageDraw.ImageDraw, "text", text)
        try:
            draw(card(" ".join(found)), Livery())
        except UndrawableCard:
            assert not fits(card(" ".join(found)))
            return

    assert " ".join(said[1:-1]).split() == found


def test_a_dash_never_begins_a_line_and_a_short_word_never_ends_one() -> None:
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ImageDraw.ImageDraw, "text", lambda self, at, line, **named: lines.append(line))
        draw(card("У Києві та в області змінили розклад — обласна військова адміністрація про рух у місті"), Livery())

    assert not any(line.startswith("—") or line.endswith((" в", " та", " у")) for line in lines)


@pytest.mark.parametrize(
    ("headline", "drawn"),
    [
        ("Президент 🎉 підписав\u202e закон", True),
        ("Школа № 5: за\u0301пис до +5 °C", True),
        ("", True),
        ("в" * 120, False),
        ("слово " * 100, False),
        ("漢字", False),
    ],
)
def test_a_card_shows_what_the_font_has_or_is_not_drawn(headline: str, drawn: bool) -> None:
    assert fits(card(headline)) is drawn


def test_a_logo_stands_on_the_card_and_a_bad_one_leaves_it_whole() -> None:
    with Image.open(BytesIO(draw(card(), Livery(logo=png())))) as shown:
        red, green, _ = shown.convert("RGB").getpixel((1150, 620))  # type: ignore[misc]
    assert (red > 200, green < 60) == (True, True)

    assert draw(card(), Livery(logo=b"GIF89a")) == draw(card(), Livery())


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n", png()[:60], png((5_000, 5_000))], ids=["none", "head", "cut", "bomb"]
)
def test_what_is_no_logo_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableLogo):
        logo(data)


# The colours


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast(colour("000000"), colour("#FFFFFF")) == pytest.approx(21)
    assert contrast(colour("777777"), colour("ffffff")) == pytest.approx(4.48, abs=0.01)
    plain = Livery()
    assert min(contrast(plain.background, each) for each in (plain.ink, plain.accent)) >= READABLE


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("102440,ffffff", "colours"),
        ("102440,ffffff,жовтий", "colours"),
        ("ffffff,777777,000000", "colours.faint"),
        ("000000,ffffff,222222", "colours.faint"),
    ],
)
def test_colours_that_cannot_be_read_are_refused_at_start(
    said: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_CARD_COLOURS", said)

    with pytest.raises(BadSettings) as refused:
        load()

    assert refused.value.faults == {"BOT_CARD_COLOURS": remedy}


def test_the_newsrooms_colours_and_logo_come_from_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sign = tmp_path / "sign.png"
    sign.write_bytes(png())

    mine, trouble = livery(load(card_colours="#000000, FFFFFF, ffff00", card_logo=sign))
    sign.write_bytes(b"no picture")
    without, why = livery(load(card_logo=sign))

    assert (mine.background, mine.accent, mine.logo, trouble) == ((0, 0, 0), (255, 255, 0), png(), None)
    assert without.logo is None
    assert why


# In the channel


async def publish(house: House, picture: str, rubric: Rubric = DIGEST) -> None:
    """What is due goes out in a channel that wants this picture."""
    async with house.db.transaction() as tx:
        await channels.seed(tx, "@nd", "uk", NOON - timedelta(hours=20))
        await tx.run("UPDATE channel SET picture = ?", (picture,))
    news = Newshouse(house.newsroom, house.wordings, TASTE, (rubric,), timedelta(hours=1))
    await publish_due(house.db, await programs.every(house.db.screens, news), lambda: house.now)
    await house.deliver()


async def payloads(house: House) -> list[dict[str, Any]]:
    rows = await house.db.screens.all("SELECT payload_json FROM outbox WHERE edition_id IS NOT NULL ORDER BY id")
    return [json.loads(row["payload_json"]) for row in rows]


async def test_a_preview_is_of_the_first_story(house: House) -> None:
    for title in TITLES:
        await put(house.db, title)

    await publish(house, "preview")

    [said] = await payloads(house)
    url = said["text"].partition('href="')[2].partition('"')[0]
    assert said["link_preview_options"] == {"url": url, "prefer_large_media": True, "show_above_text": True}


async def test_a_card_goes_out_with_the_edition_below_it(house: House) -> None:
    for title in TITLES:
        await put(house.db, title)

    await publish(house, "card")

    [post] = house.telegram.messages(house.channel)
    assert post.media is not None
    assert post.text.endswith("Лише найважливіше на 14:06")
    [said] = await payloads(house)
    assert said["photo"]["headline"] in TITLES
    assert said["photo"]["shape"] == "wide"
    [file] = [each for each in house.telegram.files.by_id.values() if each.kind == "photo"]
    with Image.open(BytesIO(file.content)) as shown:
        assert shown.size == SIZES["wide"]


async def test_a_roundups_card_is_square_and_tells_its_title(house: House) -> None:
    for title in (*TITLES, "США передадуть Україні допомогу", "У Києві відкрили виставку"):
        await put(house.db, title)

    await publish(house, "card", roundup(time(14, 6), 7))

    [said] = await payloads(house)
    assert said["photo"]["shape"] == "square"
    assert said["photo"]["headline"].startswith("Головне за день: ")


async def test_where_people_died_or_were_wounded_there_is_no_card(house: House) -> None:
    wounded = "В окупованій Горлівці дрон атакував маршрутку: 10 людей поранено"
    for title in (*TITLES, wounded):
        await put(house.db, title)

    await publish(house, "card")

    [said] = await payloads(house)
    assert wounded in said["text"]
    assert "photo" not in said


async def test_a_private_name_never_stands_on_a_card(house: House) -> None:
    name = "Пекар Іван Петренко відкрив школу в Краматорську"
    await put(house.db, name, NOON - MINUTE)
    for title in TITLES:
        await put(house.db, title, NOON - 60 * MINUTE)

    await publish(house, "card")

    [said] = await payloads(house)
    assert said["text"].index(name) < said["text"].index(FIRST)
    assert "photo" not in said


async def test_an_edition_too_long_for_a_caption_goes_without_and_says_so_once(house: House) -> None:
    for day in range(2):
        for number in range(5):
            await put(house.db, f"{day} {number} " + "слово " * 45, house.now - MINUTE)
        await publish(house, "card")
        house.now += timedelta(days=1)

    assert all("photo" not in said for said in await payloads(house))
    assert len(house.telegram.texts(house.channel)) == 2
    [note] = house.telegram.texts(house.desk)
    assert note.startswith("🖼 Випуск вийшов без картки")


async def test_a_card_that_telegram_has_is_not_uploaded_again(house: House) -> None:
    for title in TITLES:
        await put(house.db, title)
    await publish(house, "card")
    async with house.db.transaction() as tx:
        await tx.run("UPDATE outbox SET state = 'waiting'")

    await house.deliver()

    first, second = house.telegram.messages(house.channel)
    assert (first.text, len(house.telegram.files.by_id)) == (second.text, 1)


async def test_a_card_that_waits_through_a_crash_is_drawn_by_the_next_process(house: House) -> None:
    for title in TITLES:
        await put(house.db, title)
    house.telegram.faults.next("flood", chat=house.channel, retry_after=60)
    await publish(house, "card")
    assert house.telegram.messages(house.channel) == []

    house.deliverer = Deliverer(house.db, house.bot, house.endings)
    await house.deliver()

    [post] = house.telegram.messages(house.channel)
    assert post.media is not None


async def test_a_card_whose_answer_was_lost_is_in_doubt_and_goes_out_once(house: House) -> None:
    for title in TITLES:
        await put(house.db, title)
    house.telegram.faults.next("lost_after", method="sendPhoto")

    await publish(house, "card")
    await house.deliver()

    assert len(house.telegram.messages(house.channel)) == 1
    assert await house.db.screens.value("SELECT state FROM outbox WHERE edition_id IS NOT NULL") == "doubt"


async def test_a_correction_changes_the_card_too_and_what_is_withdrawn_leaves_it(house: House) -> None:
    for title in TITLES:
        await put(house.db, title)
    await publish(house, "card")
    [said] = await payloads(house)
    told, mended = said["photo"]["headline"], "Виправлений заголовок першої новини"

    await want(house, recut(said | {"caption": mended}, {told: mended}))
    [post] = house.telegram.messages(house.channel)
    first = len(house.telegram.files.by_id)
    await want(house, {"text": "Допис прибрано: інформація не підтвердилася."})

    assert (post.text, first) == ("Допис прибрано: інформація не підтвердилася.", 2)
    assert len(house.telegram.files.by_id) == 3  # the card with the headline, the mended one, one without words


def test_a_correction_that_tells_of_the_dead_takes_the_headline_off_the_card() -> None:
    said = {"photo": recipe(card()), "caption": "…"}

    told = recut(said, {"Інша новина": "Через обстріл загинули двоє людей"})
    mended = recut(said, {FIRST: "У громаді залишається 2800 людей"})

    assert (told["photo"]["headline"], told["photo"]["brand"]) == ("", "Новини Донбасу")
    assert mended["photo"]["headline"] == "У громаді залишається 2800 людей"
    assert recut({"text": "…"}, {}) == {"text": "…"}


async def want(house: House, said: Mapping[str, Any]) -> None:
    """The edition's message shows this from now on."""
    async with house.db.transaction() as tx:
        await messages.want(tx, "edition:1:1", said)
    await house.deliver()
