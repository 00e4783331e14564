"""An editor pastes the address of a site; where its news lies is the bot's business."""

import gzip
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import discovery
from bot.intake.discovery import Candidate, Kind

URL = "https://misto.ua/novyny/71-mist"
HTML = "text/html; charset=utf-8"
RSS = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'
ROBOTS = "User-agent: *\nDisallow: /admin\n"


def candidates(body: str | bytes, url: str = URL, content_type: str | None = HTML) -> tuple[Candidate, ...]:
    return discovery.candidates(body.encode() if isinstance(body, str) else body, content_type, url)


def page(head: str = "", body: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>Місто</title>{head}</head><body>{body}</body></html>"


def named(body: str, url: str = URL) -> list[str]:
    """The addresses that something on the site named, in order, without the page itself."""
    return [one.url for one in candidates(body, url)[:-1] if not one.guess]


def test_a_feed_that_the_page_declares_comes_first() -> None:
    first = candidates(page(RSS.format("Місто &raquo; стрічка", "/rss/all?a=1&amp;b=2#x")))[0]

    assert first == Candidate("https://misto.ua/rss/all?a=1&b=2", "feed", "Місто » стрічка")


@pytest.mark.parametrize(
    "link",
    [
        "<link rel=alternate type=application/rss+xml href=/rss>",
        "<LINK HREF='/rss' TYPE='application/atom+xml; charset=utf-8' REL='Alternate Home'/>",
        '<link\nrel="alternate"\ntype="application/feed+json"\nhref="https://misto.ua/rss">',
        '<link rel="alternate" type="application/rdf+xml" href="//misto.ua/rss">',
        '<link rel="alternate" type="text/xml" href="/rss">',
        '<link rel="feed" href="/rss">',
        '<base href="https://misto.ua/rss/"><link rel="alternate" type="application/rss+xml" href="../rss">',
    ],
)
def test_a_declared_feed_is_seen_however_it_is_written(link: str) -> None:
    assert named(page(link)) == ["https://misto.ua/rss"]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/json" href="https://misto.ua/wp-json/wp/v2/posts/71">',
        '<link rel="alternate" type="application/json+oembed" href="https://misto.ua/wp-json/oembed/1.0/embed?url=x">',
        '<link rel="alternate" type="text/xml+oembed" href="https://misto.ua/wp-json/oembed/1.0/embed?format=xml">',
        '<link rel="alternate" hreflang="ru" href="https://misto.ua/ru/novyny/71-mist">',
        '<link rel="alternate stylesheet" type="application/rss+xml" href="/rss">',
        '<link rel="stylesheet" href="/rss.css">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        f"<!-- {RSS.format('стара', '/old-rss')} -->",
        f"<script>document.write('{RSS.format('з коду', '/js-rss')}')</script>",
    ],
)
def test_what_is_no_feed_is_not_asked(link: str) -> None:
    assert named(page(link)) == []


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Місто » Стрічка коментарів", "/rss2"),
        ("Comments Feed", "/x/feed/"),
        ("Kommentar-Feed", "/y/feed/"),
        ("Місто", "/?feed=comments-rss2"),
        ("Дописи Олени", "/author/olena/feed/"),
        ("Міст відкрито", "/2026/02/17/mist/feed/"),
    ],
)
def test_comments_and_authors_come_after_the_news(title: str, address: str) -> None:
    head = RSS.format(title, address) + RSS.format("Місто", "/feed/")

    assert named(page(head)) == ["https://misto.ua/feed/", f"https://misto.ua{address}"]


@pytest.mark.parametrize(
    "address",
    [
        "/rss", "/rss/", "/rss.xml", "/ru/rss/all.xml", "/feed", "/index.rss", "/export/news_ukrnet.xml", "/atom.xml",
        "/rss-feeds", "/?feed=rss2", "/novyny?format=feed", "https://www.misto.ua/feeds", "https://rss.misto.ua/atom",
        "https://feeds.feedburner.com/misto",
    ],
)  # fmt: skip
def test_a_link_that_looks_like_a_feed_is_asked(address: str) -> None:
    (found,) = named(page(body=f'<a class="rss" href="{address}">RSS</a>'))

    assert found.endswith(address)


@pytest.mark.parametrize(
    "address",
    [
        "/feedback", "/2026/feed-the-hungry", "/news/atom-energy", "/novyny/71-mist", "https://feedly.com/i/feed",
        "https://other.ua/rss", "https://notmisto.ua/rss", "mailto:rss@misto.ua", "/search?q=rss", "#rss",
    ],
)  # fmt: skip
def test_a_link_that_only_sounds_like_a_feed_is_not(address: str) -> None:
    assert named(page(body=f'<a href="{address}">RSS</a>')) == []


def test_a_feed_declared_and_linked_to_is_asked_once() -> None:
    both = page(RSS.format("Місто", "https://misto.ua/feed/"), '<a href="http://www.misto.ua/feed">RSS</a>')

    found = candidates(both)

    assert [one.url for one in found if "misto.ua/feed" in one.url and one.url.rstrip("/").endswith("feed")] == [
        "https://misto.ua/feed/"
    ]


def test_without_any_word_of_the_page_the_usual_places_are_guessed() -> None:
    *guesses, last = candidates(page())

    assert guesses[0] == Candidate("https://misto.ua/rss", "feed", guess=True)
    assert Candidate("https://misto.ua/robots.txt", "robots", guess=True) in guesses
    assert Candidate("https://misto.ua/sitemap-news.xml", "sitemap", guess=True) in guesses
    assert all(one.guess for one in guesses)
    assert last == Candidate(URL, "page")


def test_a_robots_file_names_the_sitemap_for_news_first() -> None:
    said = ROBOTS + "Sitemap: https://misto.ua/sitemap.xml\r\nsitemap: https://misto.ua/sitemap-news.xml.gz\n"

    found = candidates(said, "https://misto.ua/robots.txt", "text/plain")

    assert found[:2] == (
        Candidate("https://misto.ua/sitemap-news.xml.gz", "sitemap"),
        Candidate("https://misto.ua/sitemap.xml", "sitemap"),
    )
    assert found[-1] == Candidate("https://misto.ua/", "page")
    assert "https://misto.ua/robots.txt" not in {one.url for one in found}


def test_only_a_page_that_names_nothing_needs_its_robots_file() -> None:
    assert discovery.named(candidates(page(RSS.format("Місто", "/rss"))))
    assert not discovery.named(candidates(page()))


def test_what_the_robots_file_names_stands_among_the_guesses() -> None:
    told = candidates(ROBOTS + "Sitemap: /all.xml\nSitemap: /news.xml", "https://misto.ua/robots.txt", "text/plain")

    found = discovery.with_robots(candidates(page()), told)

    paths = [one.url.removeprefix("https://misto.ua") for one in found]
    assert paths[:4] == ["/news.xml", "/rss", "/feed/", "/all.xml"]
    assert found[-1] == Candidate(URL, "page")
    assert "robots" not in {one.kind for one in found} and len(set(paths)) == len(paths)


@pytest.mark.parametrize("typed", ["https://t.me/misto_news", "https://telegram.me/misto_news/701"])
def test_a_channel_is_read_on_its_preview(typed: str) -> None:
    assert candidates(page(RSS.format("Telegram", "/rss")), typed) == (
        Candidate("https://t.me/s/misto_news", "preview"),
    )


def test_what_is_a_feed_already_is_the_only_candidate() -> None:
    body = '<?xml version="1.0"?><rss version="2.0"><channel/></rss>'

    assert candidates(body, "https://misto.ua/rss") == (Candidate("https://misto.ua/rss", "feed"),)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'<?xml version="1.0"?>\n<!-- a > b --><rss version="2.0">', "feed"),
        (b'\xef\xbb\xbf  <feed xmlns="http://www.w3.org/2005/Atom">', "feed"),
        (b'<rdf:RDF xmlns:rdf="x">', "feed"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>', "feed"),
        (b"<br /><b>Warning</b>: mysql <rss version='2.0'>", "feed"),
        ('<?xml version="1.0" encoding="utf-16"?><rss>'.encode("utf-16"), "feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed"),
        (b'{"title": "x", "items": []}', "feed"),
        (b'{"error": 404}', "page"),
        (b'<urlset xmlns="x">', "sitemap"),
        (b'<?xml version="1.0"?><ns0:sitemapindex xmlns:ns0="x">', "sitemap"),
        (gzip.compress(b'<?xml version="1.0"?><urlset>' + b"<url/>" * 9_000, mtime=0), "sitemap"),
        (gzip.compress(b"<rss>", mtime=0)[:-6], "feed"),
        (b"\x1f\x8bnot gzip", "page"),
        (ROBOTS.encode(), "robots"),
        (b"<!doctype html><html><p>How to write &lt;rss&gt;: <rss ></p>", "page"),
        (b"<html><body>User-agent: curl", "page"),
        (b"", "page"),
        (b"\x00\xff<<<", "page"),
    ],
)
def test_an_answer_is_known_by_what_is_in_it(body: bytes, kind: Kind) -> None:
    assert discovery.kind_of(body, HTML, "https://misto.ua/x") == kind


def test_a_preview_is_known_by_its_address() -> None:
    assert discovery.kind_of(page().encode(), HTML, "https://t.me/s/misto_news") == "preview"
    assert discovery.kind_of(page().encode(), HTML, "https://t.me/misto_news") == "page"


def test_a_page_full_of_feeds_costs_the_site_twenty_requests_at_most() -> None:
    head = "".join(RSS.format("", f"/{number}/rss") for number in range(5_000))

    found = candidates(page(head, "".join(f'<a href="/a{number}/rss">' for number in range(5_000))))

    assert len(found) == 20
    assert found[-1].kind == "page"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from([HTML, None, "text/plain"]))
def test_whatever_a_site_answers_there_is_something_to_ask(body: bytes, content_type: str | None) -> None:
    found = candidates(body, URL, content_type)

    assert 1 <= len(found) <= 20
    assert len({one.url for one in found}) == len(found)


@pytest.mark.parametrize(
    "crumb", ["<!--", "<script>", '<a href="', "<a '", "<link ", "<a href=/rss>", "<base href=x>", "<a x=", "<!DOCTYPE"]
)
def test_crumbs_are_looked_through_in_time(crumb: str) -> None:
    body = page(body=crumb * (4_000_000 // len(crumb)))

    began = perf_counter()
    found = candidates(body)

    assert perf_counter() - began < 2
    assert found[-1] == Candidate(URL, "page")
