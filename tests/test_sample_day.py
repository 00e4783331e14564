"""The sample day and its newspapers: the demo's news is well written and happens when it should."""

import json
import re
from calendar import timegm
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import feedparser
import pytest

from bot.playground import newspapers, sample_day
from bot.playground.sample_day import Item, Source, instant

WINDOWS = [("00:00", "09:00"), ("09:00", "13:00"), ("13:00", "18:00"), ("18:00", "23:00")]
LATIN_IN_CYRILLIC = re.compile(r"[а-яіїєґё’][a-z]|[a-z][а-яіїєґё’]|(?<![\w.&#;])[aeiopcxy](?![\w’])", re.I)


def tagged(tag: str) -> list[tuple[Source, Item]]:
    return [(source, item) for source in sample_day.sources() for item in source.items if tag in item.tags]


def one(tag: str) -> tuple[Source, Item]:
    [found] = tagged(tag)
    return found


def shown(source: Source, at: str) -> dict[str, sample_day.Entry]:
    return {entry.id: entry for entry in sample_day.entries(source, instant(at))}


def headlines(language: str) -> list[str]:
    versions = [
        version
        for source in sample_day.sources()
        if source.language == language
        for item in source.items
        for version in item.versions
    ]
    return [text for version in versions for text in (version.title, version.lead)]


def number(item: Item, what: str) -> int | None:
    return next((int(tag.removeprefix(what)) for tag in item.tags if tag.startswith(what)), None)


@asynccontextmanager
async def reading(at: str) -> AsyncIterator[tuple[newspapers.Newsstand, aiohttp.ClientSession]]:
    async with newspapers.serve(lambda: instant(at)) as stand, aiohttp.ClientSession() as session:
        yield stand, session


async def read(at: str, name: str, path: str) -> tuple[int, str]:
    async with reading(at) as (stand, session), session.get(stand.homes[name] + path) as answer:
        return answer.status, await answer.text()


# The writing


def test_the_day_has_about_seventy_items_from_four_newspapers() -> None:
    fresh = [item for source in sample_day.sources() for item in source.items if "history" not in item.tags]

    assert 60 <= len(fresh) <= 75
    assert len(sample_day.sources()) == 4
    assert min(item.appears_at for item in fresh) >= instant("06:30")
    assert max(item.appears_at for item in fresh) <= instant("22:40")


def test_no_item_has_a_number_or_an_address_of_another() -> None:
    for source in sample_day.sources():
        entries = sample_day.entries(source, instant("22:40"))

        assert len({item.id for item in source.items}) == len(source.items)
        assert len({entry.path for entry in entries}) == len(entries)


def test_each_newspaper_begins_with_items_of_the_evening_before() -> None:
    for source in sample_day.sources():
        history = [item for item in source.items if "history" in item.tags]

        assert 3 <= len(history) <= 5
        assert shown(source, "06:00").keys() == {item.id for item in history}


def test_no_ukrainian_or_russian_word_hides_a_latin_letter() -> None:
    assert [text for text in headlines("uk") if LATIN_IN_CYRILLIC.search(text)] == []
    assert [text for text in headlines("ru") if LATIN_IN_CYRILLIC.search(text)] == []
    assert LATIN_IN_CYRILLIC.search("Kраматорськ")
    assert LATIN_IN_CYRILLIC.search("дрон i маршрутка")


def test_ukrainian_texts_have_no_russian_letters_and_russian_ones_no_ukrainian() -> None:
    assert [text for text in headlines("uk") if re.search("[ёъыэ]", text, re.I)] == []
    assert [text for text in headlines("ru") if re.search("[іїєґ]", text, re.I)] == []


def test_each_headline_is_one_sentence_of_at_most_140_signs() -> None:
    for source in sample_day.sources():
        for item in source.items:
            for version in item.versions:
                assert 10 <= len(version.title) <= 140
                assert not version.title.endswith(".")
                assert '"' not in version.title + version.lead
                assert version.lead.endswith((".", "!"))


def test_one_lead_is_very_long_and_one_apostrophe_is_straight() -> None:
    straight = [text for text in headlines("uk") if "'" in text]

    assert len(one("long_lead")[1].versions[0].lead) > 700
    assert straight == [one("straight_apostrophe")[1].versions[0].title]
    assert " – " in straight[0]


# What happens through the day


@pytest.mark.parametrize(("since", "until"), WINDOWS)
def test_every_window_has_five_important_events(since: str, until: str) -> None:
    events = {item.story for _, item in tagged("important") if instant(since) <= item.appears_at < instant(until)}

    assert len(events) >= 5
    assert None not in events


def test_the_evening_has_a_main_story_of_the_world_and_one_of_the_region() -> None:
    evening = [item for _, item in tagged("main") if item.appears_at >= instant("18:00")]

    assert {item.story for _, item in tagged("main")} == {"mines", "kramatorsk"}
    assert {item.story for item in evening} == {"mines", "kramatorsk"}


def test_three_events_develop_in_at_least_four_updates() -> None:
    updates = [item.story for _, item in tagged("follow_up")]

    for story in ("kramatorsk", "mines", "village", "water"):
        assert updates.count(story) >= 4


def test_three_newspapers_tell_one_event_in_two_languages_within_an_hour() -> None:
    told = tagged("three_sources")
    times = [item.appears_at for _, item in told]

    assert len({source.name for source, _ in told}) == 3
    assert {source.language for source, _ in told} == {"uk", "ru"}
    assert len({item.story for _, item in told}) == 1
    assert (max(times) - min(times)).total_seconds() <= 3600


def test_the_count_of_wounded_grows_and_an_older_smaller_one_comes_late() -> None:
    counts = {
        story: [
            number(item, "wounded:")
            for _, item in sorted(tagged("growing"), key=lambda found: found[1].published_at)
            if item.story == story
        ]
        for story in ("minibus", "kramatorsk")
    }
    source, late = one("late")

    assert counts["minibus"] == [4, 4, 7, 10]
    assert counts["kramatorsk"] == [4, 7, 7, 10, 10, 12, 12, 12]
    assert late.published_at == instant("10:40")
    assert late.id not in shown(source, "13:19")
    assert shown(source, "13:20")[late.id].published_at < instant("11:00")


def test_two_officials_name_different_counts_of_wounded() -> None:
    _, item = one("conflict")

    assert item.story == "kramatorsk"
    assert number(item, "wounded:") == 9


def test_an_edited_title_keeps_its_number_and_both_addresses() -> None:
    source, item = one("edited")
    before, after = shown(source, "14:39")[item.id], shown(source, "14:40")[item.id]

    assert "три райони" in before.title
    assert "чотири райони" in after.title
    assert before.path != after.path
    assert before.published_at == after.published_at < after.updated_at
    assert sample_day.page(source, before.path, instant("14:40")).entry == after
    assert sample_day.page(source, after.path, instant("14:39")).status == 404


def test_a_withdrawn_item_leaves_the_feed_and_its_page_is_gone() -> None:
    source, item = one("withdrawn")
    entry = shown(source, "14:44")[item.id]

    assert item.id not in shown(source, "14:45")
    assert sample_day.page(source, entry.path, instant("14:44")).status == 200
    assert sample_day.page(source, entry.path, instant("14:45")).status == 410


def test_an_item_that_leaves_and_returns_is_never_withdrawn() -> None:
    source, item = one("returns")
    path = shown(source, "13:59")[item.id].path

    assert item.id not in shown(source, "14:00")
    assert item.id in shown(source, "16:30")
    assert sample_day.page(source, path, instant("15:00")).status == 200


def test_an_item_from_the_future_stands_first() -> None:
    source, item = one("future")
    entries = sample_day.entries(source, instant("11:30"))

    assert entries[0].id == item.id
    assert entries[0].published_at > instant("23:59")


def test_the_promo_row_stands_twice_and_the_channels_own_roundup_once() -> None:
    promos = tagged("promo")
    _, roundup = one("own_roundup")

    assert len({item.versions[0].title for _, item in promos}) == 1
    assert [item.appears_at for _, item in promos] == [instant("15:50")] * 2
    assert roundup.versions[0].title.startswith("Головне за день: ")


def test_routine_junk_is_there_and_never_important() -> None:
    junk = tagged("junk")

    assert len(junk) >= 6
    assert all(not item.tags & {"important", "main"} for _, item in junk)


def test_a_feed_shows_thirty_items_newest_first() -> None:
    novyny = sample_day.sources()[0]
    entries = sample_day.entries(novyny, instant("22:40"))

    assert len(entries) == 30
    assert [e.published_at for e in entries] == sorted((e.published_at for e in entries), reverse=True)


# The newspapers over HTTP


async def test_each_feed_reads_at_noon_as_the_day_says() -> None:
    async with reading("12:00") as (stand, session):
        for source in sample_day.sources():
            async with session.get(stand.urls[source.name]) as answer:
                body, kind = await answer.read(), answer.content_type
            entries = sample_day.entries(source, instant("12:00"))
            found = titles(source, body, {"content-type": answer.headers["Content-Type"]})

            assert kind == newspapers.MEDIA_TYPES[source.format]
            assert [link for _, link in found] == [stand.homes[source.name] + e.path for e in entries]
            assert [title for title, _ in found if "Голодомору" not in title] == [
                entry.title for entry in entries if "Голодомору" not in entry.title
            ]


def titles(source: Source, body: bytes, headers: dict[str, str]) -> list[tuple[str, str]]:
    if source.format == "json":
        return [(item["title"], item["url"]) for item in json.loads(body)["items"]]
    feed: Any = feedparser.parse(body, response_headers=headers, sanitize_html=False)
    assert not feed.bozo
    assert feed.version == {"rss": "rss20", "atom": "atom10", "rdf": "rss10"}[source.format]
    for parsed, entry in zip(feed.entries, sample_day.entries(source, instant("12:00")), strict=True):
        # feedparser calls the dc:date of RDF «updated».
        stamp = parsed.get("published_parsed") or parsed.updated_parsed
        assert timegm(stamp) == entry.published_at.timestamp()
    return [(entry.title, entry.link) for entry in feed.entries]


async def test_the_doubly_escaped_title_is_doubly_escaped_in_the_feed() -> None:
    _, body = await read("12:00", "shchodnia", "/feed/atom.xml")

    assert "<title>Пам&amp;#039;ять" in body


async def test_the_russian_paper_speaks_windows_1251() -> None:
    async with reading("12:00") as (stand, session), session.get(stand.urls["kurier"]) as answer:
        body, charset = await answer.read(), answer.charset

    assert charset == "windows-1251"
    assert b'encoding="windows-1251"' in body
    assert "Горловке" in body.decode("windows-1251")


@pytest.mark.parametrize("name", sample_day.NAMES)
async def test_an_unchanged_feed_answers_304_and_a_changed_one_does_not(name: str) -> None:
    clock = [instant("12:00")]
    async with newspapers.serve(lambda: clock[0]) as stand, aiohttp.ClientSession() as session:
        url = stand.urls[name]
        async with session.get(url) as first:
            etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        asked = [{"If-None-Match": etag}, {"If-Modified-Since": modified}]
        clock[0] = instant("12:01")
        same = [(await session.get(url, headers=headers)).status for headers in asked]
        clock[0] = instant("18:00")
        later = [(await session.get(url, headers=headers)).status for headers in asked]

    assert same == [304, 304]
    assert later == [200, 200]


async def test_an_article_tells_itself_to_machines() -> None:
    source, item = one("edited")
    entry = shown(source, "15:00")[item.id]

    status, html = await read("15:00", source.name, entry.path)
    linked = json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])

    assert status == 200
    assert f'<meta property="og:title" content="{entry.title}">' in html
    assert f'<meta property="og:image" content="/img/{item.id}.png">' in html
    assert linked["headline"] == entry.title
    assert linked["datePublished"] == "2024-11-20T14:06:00+02:00"
    assert linked["dateModified"] == "2024-11-20T14:40:00+02:00"


async def test_a_withdrawn_article_answers_410_and_an_unknown_one_404() -> None:
    source, item = one("withdrawn")
    path = shown(source, "14:44")[item.id].path

    assert (await read("14:45", source.name, path))[0] == 410
    assert (await read("14:45", source.name, "/news/1-nothing"))[0] == 404
    assert (await read("14:45", source.name, "/robots.txt"))[0] == 404


async def test_an_article_of_each_newspaper_opens_with_its_words() -> None:
    for source in sample_day.sources():
        entry = sample_day.entries(source, instant("12:00"))[-1]
        status, html = await read("12:00", source.name, entry.path)

        assert status == 200
        assert entry.title in html
        assert entry.lead in html


async def test_the_front_page_repeats_rows_under_two_headings_without_dates() -> None:
    entry = next(e for e in sample_day.entries(sample_day.sources()[0], instant("16:00")) if "Окупація" in e.sections)

    _, html = await read("16:00", "novyny", "/")

    assert html.count(f'href="{entry.path}"') == 2
    assert "2024" not in html


async def test_a_picture_is_a_png_and_only_where_an_item_has_one() -> None:
    novyny = sample_day.sources()[0]
    with_picture = next(item for item in novyny.items if item.photo is not None)
    without = next(item for item in novyny.items if item.photo is None)

    async with reading("12:00") as (stand, session):
        png = await session.get(f"{stand.homes['novyny']}/img/{with_picture.id}.png")
        none = await session.get(f"{stand.homes['novyny']}/img/{without.id}.png")

        assert png.content_type == "image/png"
        assert (await png.read()).startswith(b"\x89PNG\r\n")
        assert none.status == 404
