"""News sitemaps as sites write them."""

import gzip
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake import feeds, sitemaps
from bot.intake.bodies import LIMIT_BYTES
from bot.intake.feeds import Feed, UnreadableFeed
from storage.model import Report

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
URL = "https://misto.ua/sitemap-news.xml"
ARTICLE = """
  <url><loc>https://misto.ua/news/71001-mist</loc><lastmod>2026-02-17T18:00:00+02:00</lastmod>
    <news:news><news:publication><news:name>Місто</news:name><news:language>uk</news:language></news:publication>
      <news:publication_date>2026-02-17T17:36:00+02:00</news:publication_date>
      <news:title><![CDATA[Міст відкрито — ОВА]]></news:title><news:keywords>мости, Місто</news:keywords></news:news>
    <image:image><image:loc>https://misto.ua/i/1.jpg</image:loc><image:title>Міст</image:title></image:image>
    <image:image><image:loc>https://misto.ua/i/2.jpg</image:loc></image:image>
    <video:video><video:title>Відео про міст</video:title></video:video></url>"""
FULL = Report(
    title="Міст відкрито — ОВА",
    url="https://misto.ua/news/71001-mist",
    published_at=datetime(2026, 2, 17, 15, 36, tzinfo=UTC),
    language="uk",
    sections=("мости", "Місто"),
    image="https://misto.ua/i/1.jpg",
)


def read(body: str | bytes, now: datetime = NOW) -> Feed:
    return feeds.read(body.encode() if isinstance(body, str) else body, "text/xml", URL, now, KYIV)


def urlset(inside: str, root: str = "urlset") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><!-- <urlset> of a plugin --><{root} '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{inside}</{root}>'
    )


def article(date: str, lastmod: str = "", title: str = "Міст відкрито") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return (
        f"<url><loc>/news/71-mist</loc>{changed}<news:news><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
    )


def instant(date: str, lastmod: str = "", now: datetime = NOW) -> datetime | None:
    (report,) = read(urlset(article(date, lastmod)), now).reports
    return report.published_at


def test_an_article_of_a_news_sitemap_becomes_a_report() -> None:
    feed = read(urlset(ARTICLE))

    assert (feed.title, feed.language, feed.reports) == ("Місто", "uk", (FULL,))


@pytest.mark.parametrize(("news", "image", "own"), [("n:", "i:", "s:"), ("", "", ""), ("NEWS:", "IMAGE:", "")])
def test_the_prefixes_of_a_sitemap_mean_nothing(news: str, image: str, own: str) -> None:
    body = ARTICLE.replace("news:", news).replace("image:", image)
    for name in ("url>", "loc>", "lastmod>"):
        body = body.replace(f"<{name}", f"<{own}{name}").replace(f"</{name}", f"</{own}{name}")

    assert read(urlset(body, f"{own}urlset")).reports == (FULL,)


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("2026-02-17T17:36+02:00", "2026-02-17T15:36"),
        ("2026-02-17T17:36:00.5Z", "2026-02-17T17:36"),
        ("2026-02-17T17:36:00", "2026-02-17T15:36"),
        ("2026-02-17T12:36:00-03:00", "2026-02-17T15:36"),
        ("2026-02-17 17:36", "2026-02-17T15:36"),
    ],
)
def test_every_form_of_an_instant_is_read(said: str, utc: str) -> None:
    found = instant(said)

    assert found is not None and found.replace(second=0, microsecond=0) == datetime.fromisoformat(f"{utc}+00:00")


def test_a_bare_date_is_of_its_day_and_never_ahead() -> None:
    assert instant("2026-02-17") == datetime(2026, 2, 17, 21, 59, 59, tzinfo=UTC)
    assert instant("2026-02-18") == NOW
    assert instant("2026-02-19") == NOW


def test_a_bare_date_takes_the_time_of_the_last_change_on_that_day() -> None:
    changed = "2026-02-17T08:15:00+02:00"

    assert instant("2026-02-17", changed) == datetime(2026, 2, 17, 6, 15, tzinfo=UTC)
    assert instant("2026-02-16", changed) == datetime(2026, 2, 16, 21, 59, 59, tzinfo=UTC)


def test_an_article_dated_tomorrow_is_of_now() -> None:
    assert instant("2026-02-19T09:00:00Z") == NOW


def test_an_article_without_a_date_is_of_its_last_change() -> None:
    assert instant("", "2026-02-17T08:15:00+02:00") == datetime(2026, 2, 17, 6, 15, tzinfo=UTC)


def test_entities_of_a_title_are_decoded() -> None:
    (report,) = read(urlset(article("2026-02-17", title="Мер &amp; рада: «м&apos;яч» &lt;b&gt;тут&lt;/b&gt;"))).reports

    assert report.title == "Мер & рада: «м'яч» тут"


def test_a_broken_article_does_not_hide_the_next() -> None:
    feed = read(urlset("<url><loc>https://misto.ua/1<news:news><news:title>Обірваний" + ARTICLE))

    assert FULL in feed.reports


def test_an_index_names_the_sitemaps_changed_last() -> None:
    days = "".join(
        f"<sitemap><loc>/map-{day}.xml</loc><lastmod>2026-01-{day:02}</lastmod></sitemap>" for day in range(1, 9)
    )
    undated = "<sitemap><loc>/map-old.xml</loc></sitemap><sitemap><loc>javascript:1</loc></sitemap>"

    feed = read(urlset(undated + days, "sitemapindex"))

    assert feed.more == tuple(f"https://misto.ua/map-{day}.xml" for day in (8, 7, 6, 5, 4))
    assert feed.reports == ()


def test_of_sitemaps_without_dates_the_news_come_first() -> None:
    names = ["pages", "tags", "news", "pages"]
    feed = read(urlset("".join(f"<sitemap><loc>/{name}.xml</loc></sitemap>" for name in names), "sitemapindex"))

    assert feed.more == ("https://misto.ua/news.xml", "https://misto.ua/pages.xml", "https://misto.ua/tags.xml")


def test_a_sitemap_in_gzip_is_opened() -> None:
    assert read(gzip.compress(urlset(ARTICLE).encode(), mtime=0)).reports == (FULL,)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (gzip.compress(b" " * (LIMIT_BYTES + 1), mtime=0), "too_big"),
        (gzip.compress(urlset(ARTICLE).encode(), mtime=0)[:-20], "bad_encoding"),
        (gzip.compress(b"", mtime=0), "empty"),
        (urlset("<url><loc>https://misto.ua/a</loc><lastmod>2026-02-17</lastmod></url>").encode(), "plain_sitemap"),
        (b"https://misto.ua/a\nhttps://misto.ua/b\n", "plain_sitemap"),
    ],
    ids=["bomb", "torn", "nothing", "plain", "text"],
)
def test_what_gives_no_headlines_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(body)

    assert refused.value.reason == reason


def test_the_title_of_a_picture_serves_where_there_is_no_other() -> None:
    picture = "<image:image><image:title>Міст уночі</image:title><image:loc>/i.jpg</image:loc></image:image>"
    (report,) = read(urlset(f"<url><loc>/a</loc>{picture}</url><url><loc>/b</loc></url>")).reports

    assert (report.title, report.url) == ("Міст уночі", "https://misto.ua/a")


def test_a_sitemap_without_news_of_two_days_is_empty_and_no_error() -> None:
    assert read(urlset("")) == Feed()


def test_of_too_many_articles_the_newest_are_taken_in_their_order() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    body = "".join(
        article((start + timedelta(minutes=number)).isoformat(), title=f"Новина {number}") for number in range(1100)
    )

    feed = read(urlset(body))

    assert feed.notes == ("too_many_items",)
    assert [report.title for report in feed.reports] == [f"Новина {number}" for number in range(100, 1100)]


TAGS = st.sampled_from([
    "<urlset>", "<url>", "</url>", "<loc>", "</loc>", "https://m.ua/1", "<n:news>", "</n:news>", "<n:title>", "&amp;",
    "<![CDATA[", "]]>", "<!--", "-->", "<sitemapindex>", "<sitemap>", "<lastmod>", "2026-02-17", "Міст", "<", ">", "/",
])  # fmt: skip


@settings(deadline=None)
@given(st.lists(TAGS, max_size=40).map("".join), st.sampled_from(["<urlset>", "<x:sitemapindex>", ""]))
def test_nothing_but_a_refusal_comes_of_garbage(body: str, root: str) -> None:
    try:
        feed = sitemaps.read((root + body).encode(), None, URL, NOW, KYIV)
    except UnreadableFeed as error:
        assert error.reason in {"plain_sitemap", "not_feed", "empty"}
    else:
        assert all(report.url and report.title for report in feed.reports) and len(feed.more) <= sitemaps.MORE
