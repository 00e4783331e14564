"""Articles' pages as newsrooms make them, broken ones first."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake import pages
from bot.intake.bodies import LIMIT_BYTES
from bot.intake.pages import Article, UnreadableFeed

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
URL = "https://misto.ua/novyny/71-mist"
MIST = "Міст через Інгулець відкрито"


def read(body: str | bytes, content_type: str | None = None, url: str = URL) -> Article:
    return pages.read(body.encode() if isinstance(body, str) else body, content_type, url, NOW, KYIV)


def page(head: str = "", body: str = "", title: str = MIST) -> Article:
    return read(f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>")


def meta(**said: str) -> str:
    names = {name.replace("__", ":"): value for name, value in said.items()}
    return "".join(f'<meta property="{name}" content="{value}">' for name, value in names.items())


def linked(data: Any) -> str:
    said = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f'<script type="application/ld+json">{said}</script>'


def news(**said: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": MIST, **said}


def dated(linked_at: str, graph_at: str = "") -> str:
    return linked(news(datePublished=linked_at)) + (meta(article__published_time=graph_at) if graph_at else "")


def test_a_page_tells_what_a_card_needs() -> None:
    article = read(
        f"""<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>{MIST} — Місто</title>
        <link rel="canonical" href="/novyny/71-mist"><meta property="og:site_name" content="Місто">
        <meta property="og:title" content="{MIST} — Місто">
        <meta property="og:description" content="Рух пустили вранці, сказали в&nbsp;ОВА. Читати далі">
        <meta property="og:image" content="/img/71.jpg"><meta property="og:image:width" content="1200">
        <meta property="article:section" content="Кривий Ріг"><meta property="article:tag" content="мости">
        <meta property="article:tag" content="Мости"><meta property="article:tag" content="дороги">
        {linked(news(datePublished="2026-02-17T17:36:00+02:00", author={"@type": "Person", "name": "Олена Коваль"}))}
        </head><body><h1>{MIST}</h1></body></html>"""
    )

    assert article == Article(
        title=MIST,
        lead="Рух пустили вранці, сказали в ОВА.",
        author="Олена Коваль",
        section="Кривий Ріг",
        tags=("мости", "дороги"),
        image="https://misto.ua/img/71.jpg",
        published_at=datetime(2026, 2, 17, 15, 36, tzinfo=UTC),
        language="uk",
        canonical=URL,
        site="Місто",
    )


def test_a_page_without_any_marks_is_read_by_its_looks() -> None:
    article = page(
        body=f"""<header><h1><a href="/">Місто</a></h1></header><article><h1>{MIST}</h1>
        <div class="news__date">Олена Коваль, 17 лютого 2026, 17:36</div>
        <img data-src="/i/71.jpg" src="data:image/gif;base64,R0"><p>Фото ОВА</p>
        <p>Рух мостом через Інгулець у Кривому Розі пустили вранці, повідомили в обласній адміністрації.</p>
        <a rel="tag" href="/t/1">мости</a></article>""",
        title=f"{MIST} | Місто",
    )

    assert (article.title, article.tags, article.image) == (MIST, ("мости",), "https://misto.ua/i/71.jpg")
    assert article.lead.startswith("Рух мостом")
    assert article.published_at == datetime(2026, 2, 17, 15, 36, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "<li><b>Дата</b>\n17.02.2026</li>", "<p>Опубліковано: вівторок, 17 лютого 2026, 17:36</p>",
        "<div>Дата публікації 17 лютого 2026 року</div>", "<p>Published on February 17, 2026</p>",
        "<p>Datum 17.02.2026</p>", "<span class=tarih>17.02.2026</span>",
    ],
)  # fmt: skip
def test_a_day_that_the_text_itself_calls_the_date_is_one(said: str) -> None:
    article = page(body=f"<p>Опубліковано: 1 січня 2020</p><h1>{MIST}</h1><p>Рух пустили 1.02.2026 вранці.</p>{said}")

    assert article.published_at is not None
    assert article.published_at.astimezone(KYIV).date() == date(2026, 2, 17)


def test_a_day_in_the_text_is_not_the_articles() -> None:
    body = f"<h1>{MIST}</h1><p>Оновлено: 17.02.2026. Дата народження мера невідома. Рух пустили 1.02.2026.</p>"

    assert page(body=body).published_at is None


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        (f"{MIST} | Місто", MIST),
        (f"{MIST} — Місто", MIST),
        (f"{MIST} - misto.ua", MIST),
        (f"{MIST} :: Новини Кривого Рогу", MIST),
        (f"Місто: {MIST}", f"Місто: {MIST}"),
        (f"Місто | {MIST}", MIST),
        (f"{MIST} | Новини | Місто", MIST),
        ("Рух мостом пустили — ОВА", "Рух мостом пустили — ОВА"),
        ("Війна, 1456-й день – хроніка", "Війна, 1456-й день – хроніка"),
        ("Місто", "Місто"),
        ("Т-72 проти «Леопарда» - хто кого", "Т-72 проти «Леопарда» - хто кого"),
    ],
)
def test_the_sites_name_is_cut_and_a_source_is_not(title: str, bare: str) -> None:
    assert page(meta(og__site_name="Місто"), title=title).title == bare


def test_what_the_heading_lacks_is_no_part_of_the_headline() -> None:
    assert page(meta(og__title=f"{MIST} - Кур’єр Криворіжжя"), f"<h1>{MIST}</h1>").title == MIST


def test_entities_are_decoded_once_and_repaired_when_doubled() -> None:
    article = page(
        meta(
            og__title="Кав&#039;ярня &quot;AT&amp;T&quot;", og__description="Об&amp;#039;єкт &amp;laquo;Міст&amp;raquo;"
        )
        + linked({"@type": "NewsArticle", "name": "", "articleSection": "Суд &amp; право"})
    )

    assert article.title == 'Кав\'ярня "AT&T"'
    assert article.lead == "Об'єкт «Міст»"
    assert article.section == "Суд & право"


@pytest.mark.parametrize("broken", [
    '<!-- {"@type":"NewsArticle","headline":"Міст","author":["Олена",],} -->',
    '//<![CDATA[\n{"@type":"NewsArticle","headline":"Міст","author":{"name":"Олена"}}\n//]]>',
    '{"@type":"NewsArticle","headline":"Міст","description":"Рух\nпустили\tвранці","author":"Олена"};',
    '{"@type":"Organization","name":"Місто"}{"@type":"NewsArticle","headline":"Міст","author":"Олена"}',
    '[[{"@type":["Thing","https://schema.org/NewsArticle"],"headline":"Міст","author":[{"@value":"Олена"}]}]]',
    '{"@graph":[{"@type":"Person","@id":"#o","name":"Олена"},{"@type":"Article","headline":"Міст","author":{"@id":"#o"}}]}',
    '{"@type":"WebPage","mainEntity":{"@type":"ReportageNewsArticle","headline":"Міст","author":"Олена"}}',
    '{"@type":"NewsArticle","headline":"Мі\\ст, /* [,] */","headline":"Міст","author":"Олена"}',
    '{"@type":"NewsArticle","headline":"Міст","author":"Оле\\на","description":"C:\\\\d",}',
    "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Міст&quot;,&quot;author&quot;:&quot;Олена&quot;}",
])  # fmt: skip
def test_json_ld_is_read_however_it_is_broken(broken: str) -> None:
    article = page(linked(broken), title="Не той")

    assert (article.title, article.author) == ("Міст", "Олена")


def test_of_many_articles_the_pages_own_is_read() -> None:
    other = news(headline="Інша новина", url="https://misto.ua/novyny/72", datePublished="2026-02-18")
    listed = {"@type": "ItemList", "itemListElement": [news(headline="Зі списку", datePublished="2026-02-18")]}
    own = news(mainEntityOfPage={"@id": URL + "?utm_source=tg"}, datePublished="2026-02-17T08:00:00Z")
    article = page(linked([listed, other, own]))

    assert (article.title, article.published_at) == (MIST, datetime(2026, 2, 17, 8, tzinfo=UTC))


def test_microdata_tells_its_own_article_and_not_the_publisher() -> None:
    article = page(
        body=f"""<div itemscope itemtype="http://schema.org/NewsArticle"><h2 itemprop="headline">{MIST} сьогодні</h2>
        <span itemprop="publisher" itemscope><b itemprop="name">ТОВ</b><img itemprop="image" src="/l.png"></span>
        <span itemprop="author" itemscope><b itemprop="name">Олена Коваль</b></span>
        <meta itemprop="datePublished" content="2026-02-17T15:36:00Z"><meta itemprop="articleSection" content="Місто">
        <div itemprop="image" itemscope><link itemprop="url" href="//cdn.misto.ua/71.jpg"></div></div>""",
        title="",
    )

    assert (article.title, article.author, article.section) == (f"{MIST} сьогодні", "Олена Коваль", "Місто")
    assert article.image == "https://cdn.misto.ua/71.jpg"
    assert article.published_at == datetime(2026, 2, 17, 15, 36, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [  # a date without a zone is the newsroom's; the future is the caller's to clamp
        (dated("2026-02-17T12:00:00"), "", "2026-02-17T10:00"),
        (dated("2026-02-17", "2026-02-17T09:05+02:00"), "", "2026-02-17T07:05"),
        (dated("2026-02-17T00:00:00+02:00", "2026-02-17T09:05+02:00"), "", "2026-02-17T07:05"),
        (dated("2026-02-17T12:00:00", "2026-02-17T12:00:00Z"), "", "2026-02-17T12:00"),
        (dated("колись", "2026-02-16T12:00Z"), "", "2026-02-16T12:00"),
        (dated("2026-02-16T12:00Z", "2026-02-17T12:00Z"), "", "2026-02-16T12:00"),
        ("", "<time datetime=2026-01-01></time><h1>Міст</h1><time datetime=2026-02-17T10:00Z>", "2026-02-17T10:00"),
        ("", '<h1>Міст</h1><p class="date">18 июля 2025, 13:25</p>', "2025-07-18T10:25"),
        ("", '<h1>Міст</h1><p class="info">13:25, 17.02.2026 Переглядів: 1200</p>', "2026-02-17T11:25"),
        ("", '<h1>Міст</h1><p class="date">Вчора о 9:05 / Олена</p>', "2026-02-17T07:05"),
        ("", '<h1>Міст</h1><a href="/72"><p class="date">17.02.2026 10:00</p></a>', None),
        ("", '<h1>Міст</h1><p class="time">13:25</p><p class="info">Тел. 056 400-20-26</p>', None),
        (dated("2027-02-17T12:00:00Z"), "", "2027-02-17T12:00"),
    ],
)  # fmt: skip
def test_the_first_date_that_can_be_believed_counts(head: str, body: str, published: str | None) -> None:
    found = page(head, body).published_at

    assert found == (datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None)


@pytest.mark.parametrize(
    ("head", "image"),
    [
        (meta(og__image="/1.jpg") + meta(og__image__secure_url="https://cdn.ua/1.jpg"), "https://cdn.ua/1.jpg"),
        (meta(og__image="data:image/png;base64,AA") + meta(twitter__image="/2.jpg"), "https://misto.ua/2.jpg"),
        (meta(og__image="/img/logo.png") + meta(twitter__image="/2.jpg"), "https://misto.ua/2.jpg"),
        (meta(og__image="/pozhezha-bilia-ofisu-google-z-logo.jpg"), "https://misto.ua/pozhezha-bilia-ofisu-google-z-logo.jpg"),
        (meta(og__image="/avatar-3-premiera.jpg"), "https://misto.ua/avatar-3-premiera.jpg"),
        (meta(og__image="/no-image.png"), None),
        (meta(og__image="/default.jpg"), None),
        (meta(og__image="https://mc.yandex.ru/watch/1"), None),
        (meta(og__image="/1.jpg") + meta(og__image__width="1") + meta(og__image__height="1"), None),
        (meta(og__image="/1-150x150.jpg") + linked(news(image="/1.jpg")), "https://misto.ua/1.jpg"),
        (linked(news(image=["/s.jpg", {"url": "/m.jpg", "width": 800}, {"url": ["/l.jpg"], "width": "1600px"}])), "https://misto.ua/l.jpg"),
        (linked(news(image="/own.png", publisher={"name": "Місто", "logo": {"url": "/own.png"}})), None),
        (meta(og__image="javascript:alert(1)") + meta(twitter__image="http://[::1/x.jpg"), None),
        (f'<base href="https://cdn.misto.ua/a/">{meta(og__image="1.jpg")}', "https://cdn.misto.ua/a/1.jpg"),
    ],
)  # fmt: skip
def test_the_picture_is_the_largest_that_a_card_may_show(head: str, image: str | None) -> None:
    assert page(head).image == image


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/novyny/71-mist#c", "https://misto.ua/novyny/71-mist"),
        ("https://www.misto.ua/ru/71", "https://www.misto.ua/ru/71"),
        ("https://m.misto.ua/71", "https://m.misto.ua/71"),
        ("https://inshe.ua/71", None),
        ("https://nemisto.ua/71", None),
        ("https://misto.ua/", None),
        ("javascript:1", None),
        ("https://misto.ua:99999/71", None),
        ("https://misto.ua:pass@misto.ua/71", None),
        ("https://misto.ua/@olena/71", "https://misto.ua/@olena/71"),
    ],
)
def test_a_canonical_address_stays_on_its_site(href: str, canonical: str | None) -> None:
    assert page(f'<link rel="canonical" href="{href}">').canonical == canonical


def test_a_lead_is_neither_stub_nor_headline_and_goes_on_where_it_was_cut() -> None:
    stub = page(meta(og__title=MIST, og__description="Подробиці читайте на сайті", description="Рух пустили."))
    same = page(meta(og__title=MIST, og__description=f"{MIST}."))
    cut = page(meta(og__description="Рух пустили…") + linked(news(description="Рух пустили вранці 17 лютого.")))

    assert (stub.lead, same.lead, cut.lead) == ("Рух пустили.", "", "Рух пустили вранці 17 лютого.")


def test_an_author_is_a_name() -> None:
    article = page(
        meta(og__site_name="Місто", article__author="https://facebook.com/olena")
        + linked(
            news(
                author=[
                    {"name": "МІСТО"},
                    {"name": "@olena"},
                    {"name": "Олена Коваль"},
                    "Олена Коваль",
                    {"name": "Іван Ґава"},
                ]
            )
        )
    )

    assert article.author == "Олена Коваль, Іван Ґава"


@pytest.mark.parametrize(
    "label",
    ['<meta charset="windows-1251">', '<meta http-equiv="Content-Type" content="text/html; charset=cp1251">', ""],
)
def test_an_old_page_is_read_in_its_own_letters(label: str) -> None:
    body = f"<html><head>{label}<title>{MIST} — Місто</title></head><body><h1>{MIST}</h1></body></html>"

    assert read(body.encode("cp1251"), "text/html").title == MIST


def test_letters_overrule_a_wrong_language() -> None:
    assert read(f'<html lang="ru"><title>{MIST}, її їздять</title>').language == "uk"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\x00 ", "empty"),
        (b"x" * (LIMIT_BYTES + 1), "too_big"),
        (b'{"title": "x"}', "not_page"),
        (b"<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", "not_page"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_page"),
        (b"%PDF-1.7 ...", "not_page"),
        (b"<html><body><p>text</p></body></html>", "not_page"),
        (b"<html><title> &nbsp; </title>", "not_page"),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(body)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "hostile",
    [
        linked("[" * 200_000),
        linked('{"@type":"NewsArticle","headline":' * 2_000 + "1" + "}" * 2_000),
        linked('{"@type":"NewsArticle","headline":"\\ud83d","image":{"url":{"url":[]}},"author":{"name":{"name":[7,null,true]}}}'),
        linked('{"@type":"NewsArticle","@id":"a","headline":{"@id":"a"},"author":{"@id":"a"},"image":{"@id":"a"}}'),
        linked('{"@type":{"a":1},"headline":[]}'),
        linked('{"@type":["Article",null,5],"datePublished":1e400,"headline":{}}'),
        linked(f'{{"@type":"Article","headline":"x","datePublished":{"9" * 5000}}}'),
        linked("{" + '"a' * 100_000) + linked('{"a":"' + "\\" * 300_000) + linked("{" + '\\"' * 300_000),
        linked("{/**/" + "/*a" * 300_000) + linked("<!--" * 100_000) + linked("{" + "\n" * 900_000 + ","),
        linked(news(keywords=["a,b"] * 50_000, image=["/a.jpg"] * 50_000, author=[{"name": "x"}] * 50_000)),
        meta(og__image="http://[") + meta(og__url="http://[") + '<link rel=canonical href="http://["><base href="http://[">',
        meta(og__title="| " * 5_000) + meta(og__site_name="|") + "<title>" + " - a" * 20_000 + "</title>",
        meta(article__published_time="9" * 100_000) + meta(article__published_time="2026-99-99T99:99"),
        "<meta name=a content=b>" * 50_000 + "<time datetime=1>" * 5_000,
        "<time>" * 5_000 + "<h1>" * 300 + '<a rel="author tag">x' * 2_000,
        '<div itemscope itemtype="Article">' * 300 + '<b itemprop="author image headline">' * 300,
        "<div class=date>1 " + "х" * 100_000 + " тому</div>" + "<div class=date>" + "1.1." * 50_000,
    ],
)  # fmt: skip
def test_a_hostile_page_ends_soon_and_well(hostile: str) -> None:
    article = page(hostile, hostile)

    assert article.title
    json.dumps([article.title, article.lead, article.author], ensure_ascii=False).encode()


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for prefix in (
        b"",
        b"<html><title>a</title>",
        b'<title>a</title><script type="application/ld+json">{"@type":"Article",',
    ):
        try:
            read(prefix + body)
        except UnreadableFeed as error:
            assert error.reason in {"empty", "too_big", "bad_encoding", "not_page"}


atoms = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
atoms |= st.sampled_from(["#a", "/1.jpg", "2026-02-17", "http://["])
keys = st.sampled_from(["@id", "@type", "@value", "name", "url", "width", "logo", "item"])
values = st.recursive(
    atoms, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
names = ["@id", "headline", "image", "author", "datePublished", "publisher", "keywords", "url", "mainEntityOfPage"]
names += ["itemListElement", "inLanguage"]


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(names), values),
    st.sampled_from(["NewsArticle", "WebPage", "BreadcrumbList", "WebSite"]),
)
def test_any_json_ld_is_read(said: dict[str, Any], kind: str) -> None:
    data = json.dumps({**said, "@type": kind}).replace("<", "")

    assert page(linked(f'[{data},{{"@id":"#a","@type":"Article","name":{data}}}]')).title


pieces = st.text(max_size=6) | st.sampled_from(
    [
        *(
            "<meta property=og:title content='",
            "<h1>",
            "</h1>",
            "<title>",
            "</title>",
            "<time datetime='",
            "2026-02-17",
        ),
        *("<div itemscope itemtype=Article>", "<b itemprop='headline author image datePublished'>", "<img src='", "'>"),
        *("<base href='", "http://[", "<article><p>", "<svg><title>", "<template>", "&#0;", "\ud800", "|", " — "),
    ]
)


@settings(deadline=None)
@given(st.lists(pieces, max_size=40).map("".join))
def test_any_soup_of_tags_is_read_or_refused(soup: str) -> None:
    try:
        article = read(soup.encode("utf-8", "surrogatepass"))
    except UnreadableFeed:
        return
    assert article.title
