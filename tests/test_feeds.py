"""Feeds as other people write them, broken ones first."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake import feeds
from bot.intake.bodies import LIMIT_BYTES
from bot.intake.feeds import Feed, UnreadableFeed
from storage.model import Report

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
URL = "https://misto.ua/rss/all.xml"


def read(body: str | bytes, content_type: str | None = None, url: str = URL) -> Feed:
    return feeds.read(body.encode() if isinstance(body, str) else body, content_type, url, NOW, KYIV)


def rss(items: str, head: str = "", prolog: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{prolog}<rss version="2.0"><channel><title>Місто</title>{head}{items}</channel></rss>'


def one(inside: str, head: str = "") -> Report:
    (report,) = read(rss(f"<item>{inside}</item>", head)).reports
    return report


def test_an_rss_item_becomes_a_report() -> None:
    feed = read(
        rss(
            "<item><title>Міст відкрито — ОВА</title><link>/novyny/71-mist</link><guid>71</guid>"
            "<description>&lt;p&gt;Рух пустили &lt;b&gt;вранці&lt;/b&gt;.&lt;/p&gt;</description>"
            "<category>Місто</category><category>місто</category><author>red@misto.ua (Олена Коваль)</author>"
            '<enclosure url="/img/1.jpg" type="image/jpeg" length="0"/>'
            "<pubDate>Tue, 17 Feb 2026 17:36:00 EET</pubDate></item>",
            "<link>https://misto.ua/</link><language>uk-UA</language><ttl>30</ttl>",
        )
    )

    assert (feed.title, feed.language, feed.ttl, feed.notes) == ("Місто", "uk", timedelta(minutes=30), ())
    assert feed.reports == (
        Report(
            title="Міст відкрито — ОВА",
            url="https://misto.ua/novyny/71-mist",
            guid="71",
            lead="Рух пустили вранці.",
            published_at=datetime(2026, 2, 17, 15, 36, tzinfo=UTC),
            language="uk",
            sections=("Місто",),
            image="https://misto.ua/img/1.jpg",
            author="Олена Коваль",
        ),
    )


def test_atom_and_rdf_are_read() -> None:
    atom = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><title>Г</title><link href="https://g.ua/"/>'
        '<entry><title type="text">Тег &lt;b&gt; и мост</title><link rel="enclosure" href="/a.mp3"/><link href="m/1"/>'
        "<id>tag:g.ua,1</id><updated>2026-02-17T10:00:00Z</updated></entry></feed>"
    ).reports[0]
    rdf = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://g.ua/"><title>Г</title></channel>'
        '<item rdf:about="https://g.ua/1"><title>Міст</title><link>https://g.ua/1</link></item></rdf:RDF>'
    ).reports[0]

    assert (atom.title, atom.url, atom.language) == ("Тег <b> и мост", "https://g.ua/m/1", "ru")
    assert atom.published_at == datetime(2026, 2, 17, 10, tzinfo=UTC)
    assert (rdf.title, rdf.url) == ("Міст", "https://g.ua/1")


def test_a_json_feed_is_read() -> None:
    entry = {
        "id": 7, "url": "/7", "title": "Міст &amp; школа", "content_html": "<p>Рух пустили.</p><img src='/7.png'>",
        "date_published": "2026-02-17T10:00:00+02:00", "tags": ["Місто"], "authors": [{"name": "Олена"}],
    }  # fmt: skip
    feed = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Г", "items": [entry, 5]}))

    (report,) = feed.reports
    assert (report.title, report.url, report.guid) == ("Міст & школа", "https://misto.ua/7", "7")
    assert (report.lead, report.image, report.author) == ("Рух пустили.", "https://misto.ua/7.png", "Олена")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AT&amp;T у Києві", "AT&T у Києві"),
        ("AT&T у Києві", "AT&T у Києві"),
        ("Це&nbsp;&laquo;тест&raquo;&nbsp;&mdash; так&hellip;", "Це «тест» — так…"),
        ("Кам&amp;#039;янське", "Кам'янське"),
        ("Кам&amp;amp;#039;янське", "Кам'янське"),
        ("5 &lt; 6 &lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;так&lt;/b&gt;", "5 < 6 так"),
        ("<![CDATA[<b>Міст</b> &amp; школа]]>", "Міст & школа"),
        ("  Міст \n\t відкрито  ", "Міст відкрито"),
    ],
)
def test_entities_in_a_title_are_decoded_once(written: str, shown: str) -> None:
    assert one(f"<title>{written}</title>").title == shown


def test_a_title_and_a_lead_end_with_a_whole_word() -> None:
    report = one(f"<title>{'слово ' * 200}</title><description>{'інше ' * 900}</description>")

    assert len(report.title) <= 500 and report.title.endswith("слово…")
    assert len(report.lead) <= 2000 and report.lead.endswith("інше…")


@pytest.mark.parametrize(
    ("written", "lead"),
    [
        ("Рух пустили. Читати далі", "Рух пустили."),
        ("Рух пустили. &lt;a href='/1'&gt;Читать далее…&lt;/a&gt;", "Рух пустили."),
        ("Подробиці читайте на сайті", ""),
        ("Рух пустили, але […]", "Рух пустили, але…"),
        ("Міст відкрито!", ""),
        (
            "Як це було. Ми розповідаємо про них докладно і подробнее",
            "Як це було. Ми розповідаємо про них докладно і подробнее",
        ),
        ("Рух пустили вранці Детальніше на сайті", "Рух пустили вранці"),
    ],
)
def test_a_stub_and_a_repeated_title_are_no_lead(written: str, lead: str) -> None:
    assert one(f"<title>Міст відкрито</title><description>{written}</description>").lead == lead


def test_an_entry_without_a_title_is_called_by_its_beginning() -> None:
    report = one("<description>Міст відкрито для всіх авто. Рух пустили вранці.</description>")

    assert report.title == "Міст відкрито для всіх авто."
    assert report.lead == "Міст відкрито для всіх авто. Рух пустили вранці."


@pytest.mark.parametrize("charset", ["cp1251", "cp1252"])
def test_text_that_was_read_in_a_wrong_charset_is_read_again(charset: str) -> None:
    written = "Із Краматорська — «Ї» та «И»"
    mixed = "".join(bytes([byte]).decode(charset, "ignore") or chr(byte) for byte in written.encode())

    report = one(f"<title>{mixed}</title><description>{mixed}, {mixed}</description>")

    assert (report.title, report.lead) == (written, f"{written}, {written}")
    assert one("<title>СРСР і РСФРР: РОСІЯ</title>").title == "СРСР і РСФРР: РОСІЯ"


@pytest.mark.parametrize("charset", ["utf-8", "cp1251", "koi8-u", "utf-16"])
def test_a_charset_is_found_whatever_the_label_says(charset: str) -> None:
    title = "Новини міста: їжак переходить дорогу біля школи"
    body = rss(f"<item><title>{title}</title></item>").encode(charset)

    assert read(body, "application/rss+xml; charset=utf-8").reports[0].title == title


def test_a_true_label_wins_over_a_guess() -> None:
    body = rss("<item><title>Їжак і ґанок</title></item>", prolog='<?xml version="1.0" encoding="windows-1251"?>')

    assert read(body.encode("cp1251")).reports[0].title == "Їжак і ґанок"


def test_a_damaged_feed_gives_what_is_whole() -> None:
    items = "".join(f"<item><title>Новина {n}</title></item>" for n in range(5))

    cut_off = read(rss(items).encode()[:-60])
    nul = read(b"\n\n  " + rss("<item><title>a\x00b\x01c</title></item>").encode())

    assert len(cut_off.reports) >= 4 and "broken_xml" in cut_off.notes
    assert nul.reports[0].title == "abc"
    assert set(nul.notes) >= {"control_characters", "leading_space"}


def test_no_dtd_is_obeyed() -> None:
    laughs = '<!DOCTYPE r [<!ENTITY a "ха"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    feed = read(rss("<item><title>Міст &a; &b; &f;</title></item>", prolog=laughs))

    assert feed.reports[0].title == "Міст ха &b; &f;"
    assert "dtd_removed" in feed.notes


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><body>Captcha</body></html>", "html"),
        (b"Service unavailable", "not_xml"),
        (b"<catalog><page/></catalog>", "not_feed"),
        (b"<urlset><url><loc>https://misto.ua/a</loc></url></urlset>", "plain_sitemap"),
        (b'{"error": 1}', "not_feed"),
        (b'{"items": [', "not_json"),
        (b"x" * (LIMIT_BYTES + 1), "too_big"),
        (b"<rss>" + b"<a>" * 1000, "too_deep"),
        (b"<rss><item " + b'a="1" ' * 2000 + b"/></rss>", "too_many_attributes"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(body)

    assert refused.value.reason == reason


def test_a_hundred_comments_before_the_root_cost_nothing() -> None:
    assert read("<?xml version='1.0'?>" + "<!-- -->" * 500 + rss("<item><title>Міст</title></item>", prolog="")).reports


def test_an_empty_feed_is_no_error() -> None:
    assert read(rss("")).reports == ()


def test_a_thousand_items_are_enough() -> None:
    feed = read(rss("".join(f"<item><title>Новина {n}</title></item>" for n in range(1100))))

    assert len(feed.reports) == 1000 and feed.reports[0].title == "Новина 0"
    assert feed.notes == ("too_many_items",)


def test_letters_overrule_a_wrong_language() -> None:
    report = one("<title>Під'їзд і їдальня</title>", "<language>ru</language>")
    address = read(rss("<item><title>Мост</title><link>https://m.ua/ru/news/1</link></item>")).reports[0]

    assert (report.language, address.language) == ("uk", "ru")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"<rss><channel><item><title>", b'{"items":[', b"<feed><entry>"]))
def test_no_bytes_break_the_reader(body: bytes, start: bytes) -> None:
    try:
        feed = read(start + body)
    except UnreadableFeed as refused:
        assert refused.reason
    else:
        assert isinstance(feed, Feed)


@settings(max_examples=60, deadline=None)
@given(st.text("<>/&;![]CDATA\"'= itemlnk0-", max_size=120))
def test_no_markup_breaks_the_reader(text: str) -> None:
    feed = read(rss(f"<item><title>Міст</title></item><item><title>{text}</title></item>"))

    assert feed.reports[0].title == "Міст"
