"""A newsroom's list of sources comes from another reader and goes into another."""

from datetime import UTC, datetime
from time import perf_counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import opml
from bot.intake.bodies import LIMIT_BYTES, UnreadableFeed
from bot.intake.opml import Outline

NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
MISTO = Outline("Місто", "https://misto.ua/rss.xml", "https://misto.ua/", "Область / Новини")
OUTLINE = '<outline text="{0}" xmlUrl="https://misto.ua/{0}"/>'


def read(inside: str, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> tuple[Outline, ...]:
    return opml.read(
        f'{prolog}<opml version="2.0"><head><title>Мої</title></head><body>{inside}</body></opml>'.encode()
    )


def test_feeds_come_with_the_folders_they_lie_in() -> None:
    found = read(
        '<outline text="Область"><outline title="Новини" text="н">'
        '<outline text="Місто" type="rss" xmlUrl="https://misto.ua/rss.xml" htmlUrl="https://misto.ua/"/>'
        "</outline></outline>"
        '<outline text="Село" type="rss" xmlUrl="https://selo.ua/rss.xml"></outline>'
    )

    assert found == (MISTO, Outline("Село", "https://selo.ua/rss.xml"))


@pytest.mark.parametrize(
    "written",
    [
        '<OUTLINE TEXT="Місто" XMLURL="https://misto.ua/rss"/>',
        "<outline text='Місто' url='https://misto.ua/rss' type='rss'/>",
        '<outline\n  title="Місто"\n  text="інше"\n  xmlurl = "https://misto.ua/rss" />',
        '<outline text="Місто" xmlUrl="feed:https://misto.ua/rss"/>',
        '<outline text="Місто" xmlUrl="feed://misto.ua/rss"/>',
    ],
)
def test_a_feed_is_known_however_it_is_written(written: str) -> None:
    assert read(written) == (Outline("Місто", "https://misto.ua/rss"),)


def test_signs_are_decoded_once_and_an_address_keeps_its_own() -> None:
    (feed,) = read('<outline text="AT&amp;amp;T &lt;b&gt; &#8212; «Я»" xmlUrl="https://m.ua/?a=1&copy=2&amp;lt=3"/>')

    assert (feed.title, feed.url) == ("AT&amp;T <b> — «Я»", "https://m.ua/?a=1&copy=2&lt=3")


def test_a_feed_without_a_name_is_called_by_its_host() -> None:
    assert read('<outline xmlUrl="https://misto.ua/rss"/>')[0].title == "misto.ua"


def test_one_feed_in_two_folders_is_one_source() -> None:
    twice = OUTLINE.format("a")

    assert [one.section for one in read(f'<outline text="Перша">{twice}</outline>{twice}')] == ["Перша"]


@pytest.mark.parametrize(
    "written",
    [
        '<outline text="x" type="link" url="https://misto.ua/"/>',
        '<outline text="x" type="include" url="https://misto.ua/other.opml"/>',
        '<outline text="x" xmlUrl="file:///etc/passwd"/>',
        '<outline text="x" xmlUrl="javascript:alert(1)"/>',
        '<outline text="x"/>',
        "<!-- " + OUTLINE.format("a") + " -->",
        "<!-- " + OUTLINE.format("a"),
    ],
)
def test_what_is_no_feed_is_not_listed(written: str) -> None:
    assert read(written) == ()


@pytest.mark.parametrize(
    "broken",
    [
        OUTLINE.format("a") + '<outline text="b',
        OUTLINE.format("a") + "</outline></outline>",
        '<outline text="A & B < C" xmlUrl="https://misto.ua/a">',
        "<outline text=\"a\" xmlUrl='https://misto.ua/a'></outline></body>",
    ],
)
def test_a_broken_list_is_read_as_far_as_it_goes(broken: str) -> None:
    assert [one.url for one in read(broken)] == ["https://misto.ua/a"]


def test_feeds_whose_end_was_forgotten_are_no_folders() -> None:
    feeds = "".join(OUTLINE.format(number).replace("/>", ">") for number in range(40))

    assert {one.section for one in read(f'<outline text="Місто">{feeds}')} == {"Місто"}


def test_windows_letters_are_read() -> None:
    written = f'<?xml version="1.0" encoding="windows-1251"?><opml><body>{OUTLINE.format("Місто")}</body></opml>'

    assert opml.read(written.encode("cp1251"))[0].title == "Місто"


BOMB = '<!ENTITY a "ха"><!ENTITY b "&a;&a;&a;">'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"<!DOCTYPE opml [{BOMB}]><opml><body>{OUTLINE.format('&b;')}</body></opml>".encode(), "entity_bomb"),
        (b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml/>', "entity_bomb"),
        (f"<!DOCTYPE x [{BOMB}]>".encode(), "entity_bomb"),
        (b"<opml>" + b'<outline text="x">' * 100, "too_deep"),
        (b"<html><body>404</body></html>", "not_opml"),
        (b"<rss><channel/></rss>", "not_opml"),
        (b" \r\n\x00 ", "empty"),
        (b"<opml>" + b" " * LIMIT_BYTES, "too_big"),
    ],
)
def test_a_list_that_is_none_or_hostile_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        opml.read(body)

    assert refused.value.reason == reason


def test_a_plain_doctype_hurts_nobody() -> None:
    assert len(read(OUTLINE.format("a"), '<!DOCTYPE opml SYSTEM "opml.dtd">')) == 1


def test_only_the_first_thousand_feeds_are_taken() -> None:
    found = read("".join(OUTLINE.format(number) for number in range(1_500)))

    assert (len(found), found[-1].title) == (1_000, "999")


def test_a_list_that_hides_its_feed_behind_endless_folders_is_not_read_to_its_end() -> None:
    assert read("<outline/>" * 100 + OUTLINE.format("a")) != ()
    assert read("<outline/>" * 30_000 + OUTLINE.format("a")) == ()


@pytest.mark.parametrize(
    "crumb",
    ["<!--", "<![CDATA[", '<outline a="', "<outline '", "<outline ", '<outline a="">', "&amp;", "<outline/>", 'a="'],
)
def test_crumbs_are_read_in_time(crumb: str) -> None:
    body = b"<opml><body>" + (crumb * (4_000_000 // len(crumb))).encode()

    began = perf_counter()
    try:
        opml.read(body)
    except UnreadableFeed:
        assert crumb == '<outline a="">'

    assert perf_counter() - began < 2


def test_a_written_list_is_read_by_others() -> None:
    tree = ElementTree.fromstring(opml.write([MISTO], 'Джерела «Міста» & "інші"', NOW))  # noqa: S314 - our own

    (folder,) = tree.findall("body/outline")
    (feed,) = folder
    assert (tree.get("version"), tree.findtext("head/title")) == ("2.0", 'Джерела «Міста» & "інші"')
    assert tree.findtext("head/dateCreated") == "Wed, 18 Feb 2026 10:00:00 +0000"
    assert folder.attrib == {"text": "Область / Новини"}
    assert feed.attrib == {
        "type": "rss", "text": "Місто", "xmlUrl": "https://misto.ua/rss.xml", "htmlUrl": "https://misto.ua/",
    }  # fmt: skip


def test_one_list_gives_one_file_whatever_its_order() -> None:
    others = [Outline("Село", "https://selo.ua/rss"), Outline("Азов", "https://azov.ua/rss", section="Море"), MISTO]

    assert opml.write(others, "М", NOW) == opml.write(reversed(others), "М", NOW)


outlines = st.builds(
    Outline,
    title=st.text(max_size=30),
    url=st.text(st.characters(codec="ascii", exclude_categories=["C", "Z"]), max_size=20).map(
        lambda tail: f"https://misto.ua/{tail}"
    ),
    site=st.sampled_from([None, "https://misto.ua/?a=1&b='2'"]),
    section=st.text(max_size=30),
)


@given(st.lists(outlines, max_size=6, unique_by=lambda one: one.url))
def test_what_was_written_is_read_the_same(listed: list[Outline]) -> None:
    written = opml.write(listed, "М", NOW)

    found = opml.read(written)

    assert sorted(one.url for one in found) == sorted(one.url for one in listed)
    assert opml.read(opml.write(found, "М", NOW)) == tuple(
        sorted(found, key=lambda one: (one.section, one.title, one.url))
    )
    assert ElementTree.fromstring(written).tag == "opml"  # noqa: S314 - our own


@given(st.lists(st.sampled_from(["Місто", "Село", '«Я» & "ти" <b>', "it's"]), min_size=1, unique=True))
def test_names_and_folders_come_back_to_the_letter(names: list[str]) -> None:
    listed = {Outline(name, f"https://misto.ua/{place}", None, name) for place, name in enumerate(names)}

    assert set(opml.read(opml.write(listed, "М", NOW))) == listed
