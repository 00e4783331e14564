"""Pages of headlines as sites make them, the newsroom's own first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake import kinds, lists
from bot.intake.lists import Feed, UnreadableFeed
from storage.model import Report

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 14, 0, tzinfo=UTC)  # 16:00 in Kyiv
URL = "https://misto.ua/news"
# The list beside an article of novosti.dn.ua under its two tabs: day of November 2024, time, headline.
OCCUPATION = """\
20 15:50 «Новини Донбасу» у Telegram — лише найважливіше. Підписуйтесь!
20 12:08 Окупанти виводять ППО з Євпаторії для захисту Кримського мосту — АТЕШ
20 11:59 Загинула жінка через обстріл окупованої Горлівки
20 11:59 На Луганщині окупанти не вивозять сміття: у містах з'явилися стихійні звалища, за які штрафують людей – ОВА
20 07:55 Росіяни захопили ще одне село на Донеччині — DeepState
19 23:05 Головне за день: Ядерна доктрина Путіна. Ракетами ATACMS вдарили по РФ
19 15:33 У Севастополі затримано підозрюваних у підриві машини капітана Чорноморського флоту, один із них — уродженець Львова
19 15:20 Вкрадені квартири маріупольців планують використовувати як компенсаційне житло
19 11:52 Війська армії РФ увійшли до центру Часового Яру — аналітик BILD
19 10:59 Окупована Горлівка залишилася частково без світла та тепла
19 09:45 У захопленій Горлівці внаслідок скидання вибухонебезпечного предмета з БПЛА постраждали люди
19 09:23 Війська РФ просунулися в Торецьку Донецької області, а також біля ще 7 населених пунктів — DeepState
18 23:00 Партизани влаштували диверсію на залізниці під Маріуполем: зіткнулися російські локомотиви
18 23:00 Головне за день: РФ продовжує атакувати Одесу. Росармія просувається в Часовому Яру
18 12:07 В окупованій Горлівці дрон атакував маршрутку: 10 людей поранено
18 10:30 В окупованому Криму активісти підняли український прапор
18 07:40 Війська РФ просунулися у Часовому Яру та ще біля кількох населених пунктів — DeepState
17 23:10 Головне за день: Ракети – навіть над Ужгородом та Буковелем. Масована атака по Україні
16 23:03 Головне за день: «Паспорти ДНР» більше не дійсні. Росармія окупувала селище на Донбасі
"""  # noqa: E501
ALL = """\
20 17:00 З грудня жителів окупації без російських паспортів вважатимуть «іноземцями»
20 16:23 Америка передасть Україні протипіхотні міни
20 15:59 РФ може атакувати Україну експериментальною балістичною ракетою
20 15:58 У Курахівській громаді залишається 2900 людей — Філашкін
20 15:50 «Новини Донбасу» у Telegram — лише найважливіше. Підписуйтесь!
20 15:41 Російські війська обстрілюють Краматорськ: що відомо
20 15:36 РФ проводить масовану інформаційно-психологічну атаку проти України. У чому її суть
20 15:06 ЗСУ провели штурмову операцію та стабілізували ситуацію під Торецьком: кадри ближніх боїв
20 14:59 В Україні планують ухвалити новий закон про захист персональних даних: є нюанс
20 14:30 У Верховній Раді назвали умови скасування графіків відключення світла в Україні
20 14:20 В Україні через загрозу масованої атаки РФ закрилися ще кілька посольств. Що відомо
20 13:59 Трамп найближчим часом проведе переговори з Путіним — Bloomberg
20 13:53 Росія збільшила кількість стратегічних бомбардувальників на авіабазах біля України
20 13:39 Путін не застосує ядерну зброю проти України: західні ЗМІ назвали причину
20 13:30 Верховна Рада проголосувала за ліквідацію МСЕК
20 12:49 Росія з початку повномасштабної війни депортувала з України понад 19 тисяч дітей
20 12:19 Україна підтвердила атаку на завод у Бєлгородській області Росії
20 12:08 Окупанти виводять ППО з Євпаторії для захисту Кримського мосту — АТЕШ
20 11:59 Загинула жінка через обстріл окупованої Горлівки
20 11:59 На Луганщині окупанти не вивозять сміття: у містах з'явилися стихійні звалища, за які штрафують людей – ОВА
20 11:35 У Києві підтвердили атаку на арсенал у Новгородській області РФ
"""

EVENING = datetime(2024, 11, 20, 15, 5, tzinfo=UTC)  # 17:05 in Kyiv
Line = tuple[int, str, str]
OCCUPIED, EVERYTHING = (
    [(int(line[:2]), line[3:8], line[9:]) for line in tab.splitlines()] for tab in (OCCUPATION, ALL)
)


def read(page: str, selector: str | None = None, now: datetime = NOW) -> tuple[Report, ...]:
    return lists.read(page.encode(), "text/html; charset=utf-8", URL, now, KYIV, selector).reports


def clocks(reports: tuple[Report, ...]) -> list[str]:
    return [f"{one.published_at.astimezone(KYIV):%d %H:%M}" if one.published_at else "" for one in reports]


def titles(number: int) -> list[str]:
    return [f"У місті відкрили міст номер {one}" for one in range(number)]


def page(times: str, row: str = "<li><b>{at}</b> <a href='/a/{number}'>{title}</a></li>") -> str:
    told = times.split(";")
    lines = (
        row.format(at=at.strip(), number=number, title=title)
        for number, (at, title) in enumerate(zip(told, titles(len(told)), strict=True))
    )
    return f"<html><body><ul>{''.join(lines)}</ul></body></html>"


def seed(row: Callable[[str, str, str], str], before: str, after: str) -> str:
    def tab(lines: list[Line]) -> str:
        return before + "".join(row(at, _link(title), escape(title)) for _, at, title in lines) + after

    menu = "<ul><li><a href='/o'>Окупація</a></li><li><a href='/all'>Усе про Донбас і війну</a></li></ul>"
    also = "<ul><li><a href='/article/1-x'>Читайте також: мінометний обстріл міста</a></li></ul>"
    tabs = f"<div class='tab active'>{tab(OCCUPIED)}</div><div class='tab'>{tab(EVERYTHING)}</div>"
    return f"<!doctype html><nav>{menu}</nav><article><h1>Переговори</h1>{also}</article><aside>{tabs}</aside>{menu}"


def _link(title: str) -> str:
    if kinds.kind(title) == "promo":
        return "https://t.me/novosti"
    return f"/article/{7001 + [line[2] for line in [*OCCUPIED, *EVERYTHING]].index(title)}-x"


LAYOUTS = {
    "list": seed(lambda at, to, said: f"<li><span>{at}</span><a href='{to}'>{said}</a></li>", "<ul>", "</ul>"),
    "card": seed(lambda at, to, said: f"<a class='item' href='{to}'><time>{at}</time><p>{said}</p></a>", "", ""),
    "flat": seed(lambda at, to, said: f"<b>{at}</b> <a href='{to}'>{said}</a><br>", "<p>", "</p>"),
    "table": seed(lambda at, to, said: f"<tr><td>{at}<td><a href='{to}'>{said}</a></tr>", "<table>", "</table>"),
    "text": "Стаття\n" + "".join(f"{at}\n{title}\n" for _, at, title in [*OCCUPIED, *EVERYTHING]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("later", [timedelta(), timedelta(hours=6, minutes=40)], ids=["evening", "night"])
def test_every_row_of_the_newsrooms_page_counts_once_on_its_day(layout: str, later: timedelta) -> None:
    reports = read(LAYOUTS[layout], now=EVENING + later)

    told = {title: f"{day:02} {at}" for day, at, title in [*OCCUPIED, *EVERYTHING]}
    assert dict(zip((one.title for one in reports), clocks(reports), strict=True)) == told
    assert len(reports) == len(told) == 36


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_promo_and_the_roundups_of_the_page_are_known(layout: str) -> None:
    found = [kinds.kind(one.title, one.lead, one.url) for one in read(LAYOUTS[layout], now=EVENING)]

    assert (found.count("promo"), found.count("roundup"), found.count("news")) == (1, 4, 31)


def test_a_row_of_the_site_gives_all_that_it_has() -> None:
    row = (
        "<div class='news'><a class='visual' href='/ru/article/97{number}-most'><img src='/i/blank.gif' "
        "data-bttrlazyloading-sm-src='/i/{number}.jpg'></a><div class='news__title'>"
        "<a href='/ru/article/97{number}-most'>{title}</a></div><div class='news__date'>Олена Коваль {at}</div>"
        "<ul class='news__tags'><li><a href='/tag/1'>мости</a></li><li><a href='/tag/2'>Місто</a></li></ul></div>"
    )
    reports = read(page("18 февраля 2026, 13:25; 18 февраля 2026, 09:00; 17 февраля 2026, 23:59", row))

    assert reports[0] == Report(
        title="У місті відкрили міст номер 0",
        url="https://misto.ua/ru/article/970-most",
        published_at=datetime(2026, 2, 18, 11, 25, tzinfo=UTC),
        language="uk",
        sections=("мости", "Місто"),
        image="https://misto.ua/i/0.jpg",
        author="Олена Коваль",
    )
    assert clocks(reports) == ["18 13:25", "18 09:00", "17 23:59"]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("сьогодні, 13:25; вчора, 23:50; 16 лютого, 10:00", ["18 13:25", "17 23:50", "16 10:00"]),
        ("середа, 13:25; вівторок, 23:50; понеділок, 10:00", ["18 13:25", "17 23:50", "16 10:00"]),
        ("15:50; 07:10; 23:10; 23:03", ["18 15:50", "18 07:10", "17 23:10", "17 23:03"]),
        ("18.02.2026; 17.02.2026; 17.02.2026", ["18 16:00", "17 23:59", "17 23:59"]),
    ],
)
def test_dates_are_read_in_every_form(times: str, expected: list[str]) -> None:
    assert clocks(read(page(times))) == expected


@pytest.mark.parametrize(
    "row",
    [
        "<dt>{at}</dt><dd><a href='/a/{number}'>{title}</a></dd>",
        "<a href='/a/{number}'>{title}</a> <i>{at}</i><br>",
        "{at} <a href='/a/{number}'>{title}</a><br>",
    ],
    ids=["before", "after", "text"],
)
def test_a_time_beside_its_row_is_the_rows(row: str) -> None:
    reports = read(page("13:25; 12:00; 11:00", row))

    assert [(one.title, at) for one, at in zip(reports, clocks(reports), strict=True)] == list(
        zip(titles(3), ["18 13:25", "18 12:00", "18 11:00"], strict=True)
    )


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<span>13:25</span>Міст у Лимані<em>фото</em>", "Міст у Лимані фото"),
        ("У «<b>Лимані</b>», каже мер, <span>відкрили</span> міст", "У «Лимані», каже мер, відкрили міст"),
        ("13:25 Міст у Лимані &amp; Бахмуті відкрили", "Міст у Лимані & Бахмуті відкрили"),
    ],
)
def test_the_words_of_a_headline_neither_stick_together_nor_fall_apart(inside: str, title: str) -> None:
    row = f"<li><a href='/a/{{number}}'>{inside}</a> {{at}}</li>"

    assert {one.title for one in read(page("13:25; 12:00; 11:00", row))} == {title}


def test_a_machines_date_is_believed_over_words() -> None:
    row = "<li><a href='/a/{number}'>{title}</a> <time datetime='2026-02-1{number}T10:00:00Z'>{at}</time></li>"

    assert clocks(read(page("13:25; 12:00; 11:00", row))) == ["12 12:00", "11 12:00", "10 12:00"]


def test_a_day_above_the_rows_is_theirs() -> None:
    rows = [f"<li>{at} <a href='/a/{at}'>{title}</a></li>" for at, title in zip("ABCDEF", titles(6), strict=True)]
    rows = [row.replace(f"<li>{at}", f"<li>1{n}:00") for n, (row, at) in enumerate(zip(rows, "ABCDEF", strict=True))]
    body = "".join(
        f"<h3>{day}</h3><ul>{one}{two}</ul>"
        for day, one, two in zip(("Сьогодні", "17 лютого", "14 лютого"), rows[1::2], rows[::2], strict=True)
    )

    assert clocks(read(f"<div>{body}</div>")) == [
        "18 11:00",
        "18 10:00",
        "17 13:00",
        "17 12:00",
        "14 15:00",
        "14 14:00",
    ]


def test_the_day_in_an_address_is_the_rows() -> None:
    row = "<li>{at} <a href='/2026/02/1{number}/mist'>{title}</a></li>"

    assert clocks(read(page("13:25; 12:00; 11:00", row))) == ["12 11:00", "11 12:00", "10 13:25"]


def test_rows_without_a_time_keep_the_order_of_the_page() -> None:
    reports = read(page(";;;;", "<li><a href='/news/1000{number}-mist'>{title}</a></li>"))

    assert [one.title for one in reports] == titles(5)
    assert {one.published_at for one in reports} == {None}


def test_links_start_where_the_page_says() -> None:
    body = page("13:25; 12:00; 11:00", "<li>{at} <a href='a/{number}#top'>{title}</a></li>")

    assert read(body)[0].url == "https://misto.ua/a/0"
    assert read(f"<base href='https://misto.ua/ru/'>{body}")[0].url == "https://misto.ua/ru/a/0"


@pytest.mark.parametrize(
    "picture",
    [
        "<img src='data:image/gif;base64,R0lGOD' data-src='/i/big.jpg'>",
        "<img src='/i/placeholder.png' data-original='/i/big.jpg'>",
        "<img src='/i/small.jpg' srcset='/i/small.jpg 320w, /i/big.jpg 1200w, /i/mid.jpg 640w'>",
        "<picture><source srcset='/i/mid.webp 1x, /i/big.jpg 2x'><img src='/i/small.jpg'></picture>",
        "<div style=\"background-image: url('/i/big.jpg')\"></div>",
        "<img src='/i/blank.gif'><noscript><img src='/i/big.jpg'></noscript>",
    ],
)
def test_the_largest_real_picture_is_taken(picture: str) -> None:
    row = f"<li>{picture}<b>{{at}}</b> <a href='/a/{{number}}'>{{title}}</a></li>"

    assert read(page("13:25; 12:00; 11:00", row))[0].image == "https://misto.ua/i/big.jpg"


def test_a_headline_beside_a_wordless_link_is_a_row() -> None:
    row = "<article><a href='/a/{number}'><img src='/i.jpg'></a><h3>{title}</h3><span>{at}</span></article>"
    reports = read(page("13:25; 12:00; 11:00", row))

    assert [(one.title, one.url) for one in reports] == [
        (title, f"https://misto.ua/a/{number}") for number, title in enumerate(titles(3))
    ]


def test_a_card_that_is_all_one_link_gives_headline_lead_and_time() -> None:
    lead = "Рух мостом відкрили після ремонту, який тривав два роки."
    row = f"<a class='card' href='/a/{{number}}'><time>{{at}}</time><h3>{{title}}</h3><p>{lead}</p></a>"
    first = read(page("13:25; 12:00; 11:00", row))[0]

    assert (first.title, first.lead, clocks((first,))) == (titles(1)[0], lead, ["18 13:25"])


def test_a_row_in_another_form_among_the_rows_is_one_of_them() -> None:
    body = page("13:25; 12:00; 11:00").replace(
        "<ul>", "<ul><li class='promo'><a href='https://t.me/misto'>Підписуйтесь на наш Telegram-канал</a></li>"
    )

    assert {one.url for one in read(body)} >= {"https://t.me/misto", "https://misto.ua/a/0"}


def test_the_list_of_news_is_taken_and_not_what_stands_around_it() -> None:
    popular = "".join(f"<li><a href='/p/{n}'>Найпопулярніша новина року номер {n}</a></li>" for n in range(30))
    menu = "".join(f"<li><a href='/s/{n}'>Розділ про життя міста {n}</a></li>" for n in range(40))
    body = page("13:25; 12:00; 11:00").replace(
        "<ul>", f"<nav><ul>{menu}</ul></nav><div class='popular'><ul>{popular}</ul></div><div class='main'><ul>", 1
    )

    assert sorted(one.title for one in read(body)) == titles(3)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Міст відкрито</h1><p>Рух пустили вранці, повідомила міська рада.</p>",
        page("13:25; 12:00"),
        page(";;;", "<li><a href='/a/{number}'>{title}</a></li>"),
        "<nav>" + page(";;;;;", "<li><a href='/about{number}'>{title}</a></li>") + "</nav>",
        "Міст відкрито\nРух пустили вранці.",
    ],
    ids=["article", "read also", "four without times", "menu", "prose"],
)
def test_a_page_without_a_list_is_refused(body: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(body)

    assert refused.value.reason == "no_list"


@pytest.mark.parametrize("selector", ["li.own", "li.own a", "ul#here"])
def test_the_operators_selector_says_which_rows_are_meant(selector: str) -> None:
    body = page("13:25; 12:00; 11:00; 10:00; 09:00") + page(
        "15:25; 14:00; 13:00", "<li class='own'>{at} <a href='/own/{number}'>{title}</a></li>"
    ).replace("<ul>", "<ul id='here'>")

    reports = read(body, selector)

    assert [one.url for one in reports] == [f"https://misto.ua/own/{number}" for number in range(3)]
    assert clocks(reports) == ["18 15:25", "18 14:00", "18 13:00"]


@pytest.mark.parametrize(
    ("selector", "reason"), [("li.gone", "no_rows"), ("li[[", "bad_selector"), ("p:nth", "bad_selector")]
)
def test_a_selector_that_finds_nothing_is_named(selector: str, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(page("13:25; 12:00; 11:00"), selector)

    assert (refused.value.reason, refused.value.values) == (reason, {"selector": selector})


@pytest.mark.parametrize(
    ("bomb", "reason"),
    [
        ("<div>" * 100_000, "too_deep"),
        ("<b><i><a><font>" * 50_000, "too_deep"),
        ("<p " + " ".join(f"a{number}='1'" for number in range(100_000)) + ">", "too_many_attributes"),
        ("<p>" * 1_000_000, "no_list"),
        ("<h3>Довгий заголовок без посилання</h3>" * 50_000, "no_list"),
    ],
    ids=["depth", "formatting", "attributes", "paragraphs", "headings"],
)
def test_a_bomb_of_a_list_is_put_out(bomb: str, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(bomb)

    assert refused.value.reason == reason


def test_of_an_endless_list_the_first_rows_are_read() -> None:
    body = "<ul>" + "".join(f"<li>13:25 <a href='/a/{n}'>У місті відкрили міст {n}</a></li>" for n in range(30_000))

    assert len(read(body)) == lists.ROWS


PIECES = st.sampled_from([
    "<ul>", "</ul>", "<li>", "</li>", "<a href='/a/1'>", "<a href='//'>", "<a href='http://[::1'>", "</a>", "<h3>",
    "13:25", "</h3>", "У місті відкрили міст", "<time datetime='2026-02-30'>", "<img srcset='a 9w, b'>", "вчора",
    "18 липня", "<p>", "<base href='x:'>", "<div class='date author tags'>", "\x00", "<!--", "<script>", "99.99",
    "\ud7ff", "&#0;",
])  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from([None, "li", "a", "*", ":root"]))
def test_nothing_but_a_refusal_comes_of_a_broken_page(body: str, selector: str | None) -> None:
    try:
        feed: Feed = lists.read(body.encode(), None, URL, NOW, KYIV, selector)
    except UnreadableFeed as error:
        assert error.reason in {"no_list", "no_rows", "empty"}
    else:
        assert all(one.title and (one.published_at is None or one.published_at <= NOW) for one in feed.reports)
