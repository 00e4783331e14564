"""/sources: what editors see of where news comes from, and what they do with it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Dispatcher
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st

from bot.desk import door, source_acts, source_offer, source_pages, source_table, source_trial, source_words
from bot.desk.source_offer import Offer
from bot.desk.source_pages import SIZE, Known
from bot.desk.source_trial import Trial
from bot.desk.source_words import Unmeant
from bot.editions.packing import MESSAGE_LIMIT, units, visible
from bot.intake import opml, vigil
from bot.intake.answers import Refused
from bot.intake.fetch import Fetcher
from bot.intake.opml import Outline
from bot.intake.passes import Worry
from bot.playground import Message, Tap
from bot.screen import parameters
from bot.wording import LANGUAGES, Wording, Wordings
from storage import catalogue, sources
from storage.model import Headline, Report, Source, Traffic
from tests.conftest import KYIV, MINUTE, NOON, House, labels, put

UK = Wording("uk", KYIV)
RSS = "<rss version='2.0'><channel><title>Місто</title>{}</channel></rss>"
DATE = "<pubDate>Sat, 23 Nov 2024 12:0{0}:00 GMT</pubDate>"
ITEM = f"<item><title>Новина {{0}}</title><link>https://misto.ua/{{0}}</link>{DATE}</item>"
FRONT = """<html><head><title>Місто</title><link rel="alternate" type="application/rss+xml" href="{0}">
<link rel="alternate" type="application/rss+xml" href="/second"></head><body><h1>Місто</h1></body></html>"""


class Site:
    """A newspaper whose pages the test sets; `asked` are the paths in order."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {
            "/": FRONT.format("/rss"),
            "/rss": RSS.format("".join(map(ITEM.format, range(5)))),
        }
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path not in self.pages:
            return web.Response(status=404)
        page = self.pages[request.path]
        return web.Response(text=page, content_type="text/html" if "<html" in page else "application/rss+xml")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site, app = Site(), web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


@pytest.fixture
async def town(home: House) -> AsyncIterator[House]:
    """The newsroom where Олена may do all, and sites of this machine may be read."""
    home.telegram.set_rights(
        home.channel, home.editor, can_post_messages=True, can_edit_messages=True, can_delete_messages=True
    )
    desk = home.dispatcher.workflow_data["desk"]
    async with Fetcher(allow_private=True) as fetch:
        home.open(desk=replace(desk, fetch=fetch))
        yield home
    await desk.parser.close()


def newest(town: House) -> Message:
    return town.telegram.messages(town.desk)[-1]


async def say(town: House, text: str, to: Message | None = None) -> Message:
    """What stands last in the editors' chat after Олена wrote this."""
    town.telegram.say(town.desk, town.editor, text, reply_to=to.message_id if to else None)
    await town.work()
    return newest(town)


async def tap(town: House, *buttons: str) -> Tap:
    """She taps one after another in the newest message; the last tap."""
    for button in buttons:
        tapped = town.telegram.tap(town.desk, town.editor, newest(town), button)
        await town.work()
    return tapped


async def source(town: House, name: str = "Місто", url: str = "https://misto.ua/rss", **more: Any) -> Source:
    async with town.db.transaction() as tx:
        known: dict[str, Any] = {"kind": "feed", "family": "misto.ua", "own": False}
        return await sources.put(tx, url=url, name=name, now=NOON, **(known | more))


async def only(town: House) -> Source:
    """The source that there is."""
    (found,) = [each for each in await sources.all_of(town.db.screens) if each.state != "gone"]
    return found


async def journal(town: House) -> list[tuple[str, int, str, str]]:
    rows = await town.db.screens.all(
        "SELECT act, actor, was, became FROM journal WHERE act LIKE 'source:%' ORDER BY id"
    )
    return [(row["act"], row["actor"], row["was"], row["became"]) for row in rows]


async def test_each_source_is_told_with_its_mark(town: House) -> None:
    await source(town, "Нове", "https://a.ua")
    working = await source(town, "Робоче", "https://b.ua")
    broken = await source(town, "Зламане", "https://c.ua")
    resting = await source(town, "Спить", "https://d.ua")
    async with town.db.transaction() as tx:
        due = {"now": NOON - 26 * MINUTE, "due_at": NOON}
        await sources.went_well(tx, working, etag=None, last_modified=None, fresh=True, **due)
        trouble = json.dumps({"reason": "http_status", "values": {"status": 503}})
        await sources.went_wrong(tx, broken, trouble=trouble, **due)
        await catalogue.pause(tx, resting.id)

    page = await say(town, "/sources")

    assert page.text.splitlines()[:6] == [
        "📡 Джерела: 4 · станом на 14:06",
        "",
        "⏳ 1. Нове — ще не прочитано; 0 новин за тиждень",
        "✅ 2. Робоче — останнє нове: 13:40; 0 новин за тиждень",
        "⚠️ 3. Зламане — не читається, відколи: 13:40; 0 новин за тиждень",
        "⏸ 4. Спить — на паузі; 0 новин за тиждень",
    ]
    assert labels(page) == [["1", "2", "3", "4"], ["🔄 Оновити"]]
    await tap(town, "3")
    assert "Сайт відповів помилкою 503." in newest(town).text


async def test_a_source_that_fell_silent_is_marked(town: House) -> None:
    known = await source(town)
    async with town.db.transaction() as tx:
        await sources.went_well(tx, known, now=NOON, due_at=NOON, etag=None, last_modified=None, fresh=True)
        await sources.alarmed(tx, known.id, "silent", NOON - 60 * MINUTE)

    page = await say(town, "/sources")

    assert "⚠️ 1. Місто — нового немає, відколи: 13:06; 0 новин за тиждень" in page.text


async def test_many_sources_turn_by_eight(town: House) -> None:
    for number in range(1, SIZE + 2):
        await source(town, f"Джерело {number}", f"https://{number}.ua")
    page = await say(town, "/sources")
    assert labels(page)[:3] == [["1", "2", "3", "4"], ["5", "6", "7", "8"], ["‹ Раніше", "Далі ›"]]

    await tap(town, "Далі ›")

    assert newest(town).message_id == page.message_id
    assert "9. Джерело 9" in newest(town).text
    assert "8. Джерело 8" not in newest(town).text
    assert labels(newest(town))[0] == ["9"]


async def test_a_source_shows_its_last_three_headlines(town: House) -> None:
    for number in range(1, 5):
        await put(town.db, f"Новина {number}", NOON - (10 - number) * MINUTE)

    await say(town, "/sources")
    await tap(town, "1")

    assert [line for line in newest(town).text.splitlines() if line.startswith("•")] == [
        "• 14:00 Новина 4", "• 13:59 Новина 3", "• 13:58 Новина 2",
    ]  # fmt: skip
    assert "4 новини за тиждень" in newest(town).text


async def test_a_pause_ends_with_history(town: House) -> None:
    known = await source(town)
    async with town.db.transaction() as tx:
        await sources.went_well(tx, known, now=NOON, due_at=NOON, etag='"1"', last_modified=None, fresh=True)
    await say(town, "/sources")

    assert (await tap(town, "1", "⏸ Пауза")).text == "На паузі"
    assert (await only(town)).state == "paused"
    assert await sources.due(town.db.screens, NOON + timedelta(days=1)) == []
    await tap(town, "▶️ Увімкнути")

    woken = await only(town)
    assert (woken.state, woken.first_contact_at, woken.etag) == ("active", None, None)
    assert await journal(town) == [
        ("source:pause", town.editor.id, "active", ""), ("source:wake", town.editor.id, "paused", ""),
    ]  # fmt: skip


async def test_a_name_is_given_by_a_reply(town: House) -> None:
    await source(town, "misto.ua")
    await say(town, "/sources")
    await tap(town, "1", "✏️ Назва")
    question = newest(town)
    assert "відповіддю на це повідомлення" in question.text

    page = await say(town, "Наше <місто> & село", to=question)

    assert (await only(town)).name == "Наше <місто> & село"
    assert page.text.startswith("👌 Назву змінено.\n\n⏳ Наше <місто> & село\n")


async def test_a_reply_to_a_page_that_asks_nothing_is_talk(town: House) -> None:
    await source(town)
    await say(town, "/sources")
    await tap(town, "1")
    before = len(town.telegram.messages(town.desk))

    await say(town, "цікаво", to=newest(town))

    assert len(town.telegram.messages(town.desk)) == before + 1  # hers alone
    assert (await only(town)).name == "Місто"


async def test_a_section_is_given_and_taken_away(town: House) -> None:
    await source(town)
    await say(town, "/sources")
    await tap(town, "1", "🏷 Розділ")
    question = newest(town)

    await say(town, "Область", to=question)
    assert (await only(town)).section == "Область"
    await say(town, "—", to=question)

    assert (await only(town)).section is None


async def test_a_zone_is_given_mended_and_taken_away_by_replies(town: House) -> None:
    await source(town)
    await say(town, "/sources")
    await tap(town, "1", "🕑 Часовий пояс")
    question = newest(town)
    assert "Часовий пояс: як у редакції" in question.text

    refused = await say(town, "Europe/Atlantida", to=question)
    assert refused.text.startswith("Такого часового поясу немає: Europe/Atlantida. Напишіть, наприклад, Europe/Kyiv")
    page = await say(town, "Europe/Warsaw", to=question)
    given = await only(town)
    await say(town, "—", to=question)

    assert page.text.startswith("👌 Часовий пояс змінено: так бот читатиме все нове.\n\n⏳ Місто\n")
    assert "Часовий пояс: Europe/Warsaw" in page.text
    assert given.timezone == "Europe/Warsaw"
    assert (await only(town)).timezone is None
    assert await journal(town) == [
        ("source:zone", town.editor.id, "", "Europe/Warsaw"), ("source:zone", town.editor.id, "Europe/Warsaw", ""),
    ]  # fmt: skip


async def test_who_is_awake_is_not_woken(town: House) -> None:
    known = await source(town)
    async with town.db.transaction() as tx:
        await vigil.alarm(tx, town.newsroom, UK, known, Worry("errors", NOON, "Ні."), NOON)
        alarmed = await sources.get(tx, known.id)
        assert alarmed is not None
        await source_acts.change(tx, alarmed, "wake", "", town.editor.id, NOON, UK)

    assert (await only(town)).alarm == "errors"
    assert await journal(town) == []


async def test_weight_and_language_are_chosen_by_buttons(town: House) -> None:
    await source(town)
    await say(town, "/sources")

    await tap(town, "1", "⚖️ Вага", "1,5", "🌐 Мова", "російська")
    chosen = await only(town)
    assert "Вага: 1,5 · мова: російська" in newest(town).text
    await tap(town, "🌐 Мова", "як у джерелі")

    assert (chosen.weight, chosen.language) == (1.5, "ru")
    assert (await only(town)).language is None


async def test_a_removed_source_frees_its_address(town: House) -> None:
    known = await source(town)
    await say(town, "/sources")
    await tap(town, "1", "🗑 Прибрати")
    assert (await only(town)).state == "active"  # it asks once

    assert (await tap(town, "Так, прибрати")).text == "Прибрано"

    assert "Джерел ще немає." in newest(town).text
    gone = await sources.get(town.db.screens, known.id)
    assert gone is not None
    assert gone.state == "gone"
    assert (await source(town)).id != known.id


async def test_what_editors_took_away_does_not_come_back_with_the_settings(town: House) -> None:
    known = await source(town)
    kept, never = "https://kept.ua/rss", "https://new.ua/rss"
    await source(town, "kept", kept)
    async with town.db.transaction() as tx:
        await source_acts.change(tx, known, "remove", "", town.editor.id, NOON, UK)

    assert await catalogue.wanted(town.db.screens, [known.url, kept, never]) == [kept, never]


@pytest.mark.parametrize(
    ("buttons", "said"),
    [
        (("⏸ Пауза",), "☑️ Тривогу знято: Місто\nДжерело призупинено. Тривога: 14:06."),
        (("🗑 Прибрати", "Так, прибрати"), "☑️ Тривогу знято: Місто\nДжерело прибрано. Тривога: 14:06."),
    ],
)
async def test_nobody_is_alarmed_of_a_source_that_nobody_reads(
    town: House, buttons: tuple[str, ...], said: str
) -> None:
    known = await source(town)
    async with town.db.transaction() as tx:
        worry = Worry("errors", NOON, "Сайт відповів помилкою 503.")
        await vigil.alarm(tx, town.newsroom, UK, known, worry, NOON)
    await town.deliver()
    alarm = newest(town)
    assert alarm.text.startswith("📡 Джерело мовчить: Місто")
    await say(town, "/sources")

    await tap(town, "1", *buttons)

    stands = next(each for each in town.telegram.messages(town.desk) if each.message_id == alarm.message_id)
    assert stands.text == said
    changed = await sources.get(town.db.screens, known.id)
    assert changed is not None
    assert (changed.alarm, changed.alarm_at) == (None, None)


async def test_a_new_address_ends_the_alarm_of_the_old_one(town: House, site: Site) -> None:
    known = await source(town)
    async with town.db.transaction() as tx:
        await vigil.alarm(tx, town.newsroom, UK, known, Worry("errors", NOON, "Ні."), NOON)
    await town.deliver()
    alarm = newest(town)
    await say(town, "/sources")
    await tap(town, "1", "🔗 Адреса")

    await say(town, site.url, to=newest(town))

    stands = next(each for each in town.telegram.messages(town.desk) if each.message_id == alarm.message_id)
    assert stands.text.endswith("Джерело має нову адресу. Тривога: 14:06.")
    assert (await only(town)).alarm is None


# Where the news is on a page


NEWS = "".join(
    f'<li class="{"big" if number > 5 else "small"}"><time>13:0{number}</time> '
    f'<a href="/{number}-nova">У місті відкрили новий міст номер {number}</a></li>'
    for number in range(8, 0, -1)
)


@pytest.fixture
async def listed(town: House, site: Site) -> Source:
    """A page of headlines that was read before; Олена asks what is found on it."""
    site.pages = {"/": f"<html><body><ul>{NEWS}</ul></body></html>"}
    known = await source(town, "Сторінка", f"{site.url}/", kind="page")
    async with town.db.transaction() as tx:
        await sources.went_well(tx, known, now=NOON, due_at=NOON, etag='"1"', last_modified=None, fresh=True)
    await say(town, "/sources")
    await tap(town, "1", "📍 Де новини")
    return known


def rows(message: Message) -> list[str]:
    """The headlines that the message shows."""
    return [line.removeprefix("• ") for line in message.text.splitlines() if line.startswith("•")]


async def test_a_selector_is_tried_before_it_is_saved_and_what_it_finds_is_history(town: House, listed: Source) -> None:
    found = newest(town)
    assert found.text.startswith(f"📍 Сторінка\n{listed.url}\nБот шукає заголовки сам. Знайдено 8 заголовків.")
    assert "CSS-селектор рядків відповіддю на це повідомлення" in found.text
    assert labels(found) == [["Скасувати"]]

    tried = await say(town, "li.big  >  a", to=found)
    assert "Селектор: li.big > a\nЗнайдено 3 заголовки." in tried.text
    assert rows(tried) == [f"13:0{number} У місті відкрили новий міст номер {number}" for number in (8, 7, 6)]
    assert (await only(town)).selector is None
    assert (await tap(town, "Зберегти")).text == "Збережено. Те, що вже є на сторінці, — історія"
    saved = await only(town)
    await tap(town, "📍 Де новини", "Хай бот шукає сам")
    assert (await only(town)).selector == "li.big > a"
    await tap(town, "Зберегти")

    assert (saved.selector, saved.first_contact_at, saved.etag) == ("li.big > a", None, None)
    assert (await only(town)).selector is None
    assert await journal(town) == [
        ("source:rows", town.editor.id, "", "li.big > a"), ("source:rows", town.editor.id, "li.big > a", ""),
    ]  # fmt: skip


async def test_a_selector_that_finds_nothing_says_so_and_may_be_mended_by_a_reply(
    town: House, site: Site, listed: Source
) -> None:
    texts, asked = [], newest(town)
    for selector in (".nothing", "p[[", "p " * 400):
        asked = await say(town, selector, to=asked)
        texts.append(asked.text)
        assert labels(asked) == [["Хай бот шукає сам"], ["Скасувати"]]
    mended = await say(town, ".big", to=asked)
    site.pages.clear()
    absent = await say(town, ".big", to=mended)

    assert "Селектор «.nothing» не знаходить на сторінці жодного заголовка." in texts[0]
    assert "Селектор «p[[» — не CSS." in texts[1]
    assert "…» не знаходить на сторінці жодного заголовка." in texts[2]
    assert "Знайдено 3 заголовки." in mended.text
    assert "Сайт відповів помилкою 404." in absent.text
    assert (await only(town)).selector is None


async def test_what_was_tried_on_another_address_is_not_saved(town: House, listed: Source) -> None:
    await say(town, ".big", to=newest(town))
    async with town.db.transaction() as tx:
        await catalogue.move(tx, listed.id, url="https://b.ua", kind="page", family="b.ua", now=NOON)

    assert (await tap(town, "Зберегти")).text == "Ця кнопка вже не діє"

    assert (await only(town)).selector is None


def test_a_feed_has_no_rows_to_be_found() -> None:
    pages = [source_pages.one(Known(a_source(kind=kind), Traffic(None, 0)), UK, NOON) for kind in ("feed", "page")]

    assert ["s:rows:1" in {button.data for row in page.keyboard for button in row} for page in pages] == [False, True]


async def test_who_may_not_is_told_who_may(town: House) -> None:
    await source(town)
    author = town.telegram.user(1003, "Ігор")
    town.telegram.join(town.desk, author)
    await say(town, "/sources")
    await tap(town, "1")

    tapped = town.telegram.tap(town.desk, author, newest(town), "⏸ Пауза")
    await town.work()

    assert "Олена" in (tapped.text or "")
    assert (await only(town)).state == "active"


async def test_from_a_sites_address_to_a_source_in_one_tap(town: House, site: Site) -> None:
    offer = await say(town, f"/sources {site.url}")
    assert offer.text.startswith(f"🔎 Місто\nСтрічка новин\n{site.url}/rss\n")
    assert [line for line in offer.text.splitlines() if line.startswith("•")] == [
        "• 14:04 Новина 4", "• 14:03 Новина 3", "• 14:02 Новина 2",
    ]  # fmt: skip

    await tap(town, "Додати")

    added = await only(town)
    assert (added.url, added.kind, added.own, added.first_contact_at) == (f"{site.url}/rss", "feed", True, None)
    assert newest(town).message_id == offer.message_id
    assert f"{site.url}/rss" in newest(town).text
    assert (await journal(town))[0][:2] == ("source:add", town.editor.id)


async def test_another_address_of_the_site_is_one_tap_away(town: House, site: Site) -> None:
    site.pages["/second"] = site.pages["/rss"].replace("<title>Місто</title>", "<title>Друга</title>")
    await say(town, f"/sources {site.url}")

    await tap(town, "Інша адреса")
    assert newest(town).text.startswith(f"🔎 Друга\nСтрічка новин\n{site.url}/second\n")
    await tap(town, "Додати")

    assert (await only(town)).url == f"{site.url}/second"


async def test_a_page_of_headlines_is_offered_where_there_is_no_feed(town: House, site: Site) -> None:
    rows = "".join(
        f'<li><time>13:0{number}</time> <a href="/{number}-nova">Новина міста номер {number} за день</a></li>'
        for number in range(1, 9)
    )
    site.pages = {"/": f"<html><body><ul>{rows}</ul></body></html>"}

    text = (await say(town, f"/sources {site.url}")).text
    await tap(town, "Додати")

    assert text.startswith("🔎 127.0.0.1\nСторінка зі списком заголовків\n")
    assert "• 13:01 Новина міста номер 1 за день" in text
    assert (await only(town)).kind == "page"


async def test_a_feed_that_nobody_can_read_says_why(town: House, site: Site) -> None:
    site.pages["/rss"] = "<rss version='2.0'><channel></channel></rss>"
    site.pages["/"] = site.pages["/"].replace("/second", "/rss")

    said = await say(town, f"/sources {site.url}/nowhere")

    assert said.text == "Прочитати новини за цією адресою не вдалося. Сайт відповів помилкою 404."
    assert await sources.all_of(town.db.screens) == []


async def test_an_offer_outlives_a_restart(town: House, site: Site) -> None:
    offer = await say(town, f"/sources {site.url}")
    town.telegram.tap(town.desk, town.editor, offer, "Додати")
    fresh = await town.bot.get_updates(offset=town.heard + 1, timeout=0)

    again = Dispatcher(disable_fsm=True)
    again.include_router(door.router(town.desk.id))
    known = town.dispatcher.workflow_data | {"now": town.now, "newsroom": town.newsroom}
    for update in fresh:
        await again.feed_update(town.bot, update, **known)

    assert (await only(town)).url == f"{site.url}/rss"


async def test_an_offer_may_be_declined(town: House, site: Site) -> None:
    await say(town, f"/sources {site.url}")

    await tap(town, "Скасувати")

    assert newest(town).text == "Нічого не додано."
    assert await sources.all_of(town.db.screens) == []


async def test_a_known_address_opens_its_page(town: House, site: Site) -> None:
    await source(town, "Своє", f"{site.url}/rss")

    page = await say(town, f"/sources {site.url}/rss")

    assert page.text.startswith("Це джерело вже є.\n\n⏳ Своє\n")


async def test_a_second_tap_on_add_adds_nothing(town: House, site: Site) -> None:
    offer = await say(town, f"/sources {site.url}")
    taps = [town.telegram.tap(town.desk, town.editor, offer, "Додати") for _ in range(2)]

    await town.work()

    assert [tapped.text for tapped in taps][1] == "Це джерело вже є"
    assert len(await sources.all_of(town.db.screens)) == 1


async def test_a_site_is_asked_six_things_at_most(town: House, site: Site) -> None:
    site.pages = {"/": "<html><body><p>Нічого</p></body></html>"}

    said = await say(town, f"/sources {site.url}")

    assert said.text.startswith("Прочитати новини за цією адресою не вдалося.")
    assert len(site.asked) == source_acts.REQUESTS


async def test_an_address_is_changed_in_place(town: House, site: Site) -> None:
    known = await source(town)
    await say(town, "/sources")
    await tap(town, "1", "🔗 Адреса")

    page = await say(town, site.url, to=newest(town))

    assert page.text.startswith("👌 Адресу змінено.")
    moved = await only(town)
    assert (moved.id, moved.url, moved.first_contact_at) == (known.id, f"{site.url}/rss", None)
    assert ("source:address", town.editor.id, known.url, moved.url) in await journal(town)


async def test_an_address_of_another_source_is_not_taken(town: House, site: Site) -> None:
    await source(town)
    await source(town, "Інше", f"{site.url}/rss")
    await say(town, "/sources")
    await tap(town, "1", "🔗 Адреса")

    page = await say(town, site.url, to=newest(town))

    assert page.text.startswith("Цю адресу вже має інше джерело.")
    assert [each.url for each in await sources.all_of(town.db.screens)] == ["https://misto.ua/rss", f"{site.url}/rss"]


async def test_words_that_are_no_address_are_answered(town: House) -> None:
    assert (await say(town, "/sources привіт")).text.startswith("Це не адреса.")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("novosti.dn.ua", "https://novosti.dn.ua"),
        ("http://a.ua/rss і ще слова", "http://a.ua/rss"),
        ("@DeepStateUA", "https://t.me/s/DeepStateUA"),
        ("t.me/nd_news/17", "https://t.me/s/nd_news"),
        ("file:///etc/passwd", None),
        ("привіт", None),
        ("", None),
    ],
)
def test_an_address_is_known_among_words(words: str, address: str | None) -> None:
    assert source_offer.address(words) == address


@given(st.text(max_size=200))
def test_no_words_break_the_reading_of_an_address(words: str) -> None:
    found = source_offer.address(words)

    assert found is None or found.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("act", "words", "value"),
    [
        ("name", "  Наше \n місто ", "Наше місто"),
        ("name", "—", "—"),
        ("section", "—", ""),
        ("zone", "Europe/Kyiv", "Europe/Kyiv"),
        ("zone", "-", ""),
        ("weigh", "1,5", "1.5"),
        ("weigh", "2", "2.0"),
        ("speak", "RU", "ru"),
        ("speak", "–", ""),
    ],
)
def test_words_give_a_source_its_value(act: str, words: str, value: str) -> None:
    assert source_words.value(act, words) == value


@pytest.mark.parametrize(
    ("act", "words"),
    [("zone", "Europe"), ("zone", "../etc/passwd"), ("weigh", "3"), ("weigh", "nan"), ("weigh", "-"), ("speak", "pl")],
)
def test_words_that_are_no_such_value_are_answered_with_an_example(act: str, words: str) -> None:
    with pytest.raises(Unmeant) as unmeant:
        source_words.value(act, words)

    assert unmeant.value.said == words
    assert all(words in wording.text(unmeant.value.key, said=words) for wording in Wordings(KYIV))


@given(st.sampled_from(["zone", "weigh", "speak"]), st.text(max_size=300))
@example("zone", "\0")
@example("zone", "\ud800")
def test_no_words_break_the_reading_of_a_value(act: str, words: str) -> None:
    with contextlib.suppress(Unmeant):
        assert source_words.value(act, words) != "—"


@given(st.text(max_size=64))
def test_no_button_of_strangers_is_understood_by_halves(data: str) -> None:
    ask = source_pages.read(f"s:{data}")

    assert ask is None or f"s:{data}".startswith(f"s:{ask.act}")


def a_source(**more: Any) -> Source:
    known: dict[str, Any] = dict.fromkeys(Source.__dataclass_fields__)
    known |= {
        "id": 1,
        "url": "https://a.ua",
        "name": "А",
        "kind": "feed",
        "family": "a.ua",
        "own": False,
        "weight": 1.0,
    }
    return Source(**(known | {"state": "active", "due_at": NOON, "failures": 0} | more))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_pages_fit_a_message(language: str) -> None:
    wording = Wordings(KYIV).of(language)
    long = a_source(name="Слово " * 500, url="https://a.ua/" + "x" * 3000, section="Розділ " * 500, trouble="{}")
    rows = [Headline("Заголовок " * 60, "https://a.ua/1", NOON)] * 3
    known = Known(long, Traffic(NOON, 1_000_000), rows)
    reports = tuple(Report("Заголовок " * 60, published_at=NOON) for _ in range(3))
    offer = Offer("https://a.ua/" + "x" * 980, "feed", "Назва " * 100, reports, "https://b.ua/" + "x" * 980, 3)
    asked = ("", "name", "address", "section", "zone", "weight", "language", "remove")
    refused = Refused("http_status", status=503)
    tried = Trial(long, "a" * 300, reports), Trial(long, "a " * 2000), Trial(long, None, trouble=refused)

    pages = [source_pages.one(known, wording, NOON, each) for each in asked]
    pages += [source_trial.page(each, wording, NOON) for each in tried]
    pages += [source_pages.overview([known] * 20, 1, wording, NOON), source_offer.page(offer, wording, NOON)]

    for page in pages:
        assert units(visible(page.text)) <= MESSAGE_LIMIT
        assert parameters(page)["reply_markup"]["inline_keyboard"]


def test_a_trouble_of_another_version_has_words_too() -> None:
    for trouble in (
        "",
        "[]",
        "{}",
        '{"reason": "of the future", "values": {}}',
        '{"reason": "http_status", "values": {}}',
    ):
        assert source_pages.trouble(a_source(trouble=trouble), UK) == "Причина невідома."


def test_a_source_that_sends_by_itself_has_no_address_to_change() -> None:
    page = source_pages.one(Known(a_source(kind="push"), Traffic(None, 0)), UK, NOON)

    data = {button.data for row in page.keyboard for button in row}
    assert not {"s:pause:1", "s:address:1", "s:zone:1", "s:remove:1"} & data
    assert {"s:name:1", "s:weight:1"} <= data


def test_what_goes_out_as_opml_comes_back() -> None:
    known = [Known(a_source(id=2, section="Область", name="Б"), Traffic(None, 0)),
             Known(a_source(kind="push", url="push:"), Traffic(None, 0))]  # fmt: skip

    listed = opml.read(opml.write(source_table.outlines(known), "Джерела", NOON))

    assert listed == (Outline("Б", "https://a.ua", section="Область"),)


async def test_a_list_adds_what_is_new_and_refuses_secrets(town: House) -> None:
    async with town.db.transaction() as tx:
        feed = Outline("Місто", "https://misto.ua/rss", section="Область")
        channel = Outline("Канал", "https://t.me/nd_news")
        assert [await source_acts.enlist(tx, each, NOON) for each in (feed, channel, feed)] == [True, True, False]
        with pytest.raises(Refused, match="credentials"):
            await source_acts.enlist(tx, Outline("Таємне", "https://user:word@a.ua/rss"), NOON)

    found = await sources.all_of(town.db.screens)
    assert [(each.url, each.kind, each.section, each.own) for each in found] == [
        ("https://misto.ua/rss", "feed", "Область", False),
        ("https://t.me/s/nd_news", "preview", None, False),
    ]
