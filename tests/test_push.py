"""`POST /items` over real HTTP: who may push, what each object is answered, and that nothing of it is markup."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from bot.editions import programs
from bot.editions.program import House
from bot.editions.publish import publish_due
from bot.editions.rubrics import digest
from bot.intake.collect import Collector
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.intake.pushed import Pushed
from bot.judgement.tastes import taste
from bot.newsroom import Newsroom
from bot.web.push import BODY_BYTES, MOST_ITEMS, application
from bot.wording import Wording, Wordings
from storage import channels, items
from storage.database import Database
from storage.model import Item

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KYIV = ZoneInfo("Europe/Kyiv")
UK = Wording("uk", KYIV)
NEWSROOM = Newsroom("Новини Донбасу", "@nd", None, KYIV, "uk")
TOKEN = "таємниця"
MAY = {"Authorization": f"Bearer {TOKEN}"}
URL = "https://novosti.dn.ua/article/9921-voda"


@dataclass
class Cms:
    """The newsroom's CMS, as it speaks to the bot."""

    db: Database
    session: aiohttp.ClientSession
    url: str

    async def post(self, body: str | bytes | BytesIO, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        async with self.session.post(self.url, data=body, headers=MAY if headers is None else headers) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None

    async def push(self, **pushed: Any) -> tuple[str, str]:
        """The result and the reason of one object."""
        status, answer = await self.post(json.dumps(pushed))
        assert status == 200
        return answer["result"], answer["reason"]

    async def items(self) -> list[Item]:
        return [items.item(row) for row in await self.db.screens.all("SELECT * FROM item_now ORDER BY id")]


@pytest.fixture
async def cms(db: Database) -> AsyncIterator[Cms]:
    # The child and the network are never asked: what is pushed is not fetched.
    collector = Collector(db, Fetcher(), Parser(), NEWSROOM, UK, interval=MINUTE)

    async def take(pushed: Pushed) -> tuple[str, str]:
        return await collector.push(pushed, lambda: NOON)

    runner = web.AppRunner(application(TOKEN, take), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Cms(db, session, f"http://127.0.0.1:{runner.addresses[0][1]}/items")
    await runner.cleanup()


# Who may


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer таємниц", "Bearer таємниця!", "Basic таємниця", "таємниця", "Bearer \xff"],
)
async def test_without_the_token_nothing_is_taken(cms: Cms, header: str) -> None:
    body = json.dumps({"url": URL, "title": "Воду повернули"})

    status, answer = await cms.post(body, {"Authorization": header} if header else {})

    assert (status, answer) == (401, {"error": "needs the header Authorization: Bearer BOT_PUSH_TOKEN"})
    assert await cms.items() == []


# What is no request


@pytest.mark.parametrize("body", ["", "{", "не JSON", b"\xff\xfe{}", "[" * 100_000, '{"url": ' * 50_000, "1" * 5_000])
async def test_a_body_that_is_not_json_is_refused(cms: Cms, body: str | bytes) -> None:
    assert await cms.post(body) == (400, {"error": "the body is not JSON"})


async def test_too_many_items_at_once_are_refused_and_none_is_taken(cms: Cms) -> None:
    many = [{"url": f"{URL}{number}", "title": "Воду повернули"} for number in range(MOST_ITEMS + 1)]

    assert await cms.post(json.dumps(many)) == (413, {"error": f"at most {MOST_ITEMS} items at once"})
    assert await cms.items() == []


async def test_a_body_too_large_is_refused(cms: Cms) -> None:
    status, _ = await cms.post(BytesIO(b"[" + b" " * BODY_BYTES + b"]"))

    assert status == 413


async def test_only_posts_are_heard(cms: Cms) -> None:
    async with cms.session.get(cms.url, headers=MAY) as answer:
        assert answer.status == 405


# What each object is answered


async def test_one_object_is_answered_with_one_and_a_list_with_a_list(cms: Cms) -> None:
    one = {"url": URL, "title": "Воду повернули"}

    assert await cms.post(json.dumps(one)) == (200, {"url": URL, "result": "new", "reason": ""})
    assert await cms.post("[]") == (200, [])
    status, answers = await cms.post(
        json.dumps([one, {**one, "title": "Воду знову вимкнули"}, 7, {"title": "Без адреси"}])
    )
    assert status == 200
    assert answers == [
        {"url": URL, "result": "duplicate", "reason": ""},
        {"url": URL, "result": "updated", "reason": ""},
        {"url": "", "result": "rejected", "reason": "Input should be a valid dictionary or instance of Pushed"},
        {"url": "", "result": "rejected", "reason": "url: Field required"},
    ]
    assert [item.title for item in await cms.items()] == ["Воду знову вимкнули"]


ADDRESS = "must be an address without spaces that begins with http:// or https://"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"url": "javascript:alert(1)"}, f"url: {ADDRESS}"),
        ({"url": "file:///etc/passwd"}, f"url: {ADDRESS}"),
        ({"url": ""}, f"url: {ADDRESS}"),
        ({"url": "novosti.dn.ua/article/1"}, f"url: {ADDRESS}"),
        ({"url": "https://novosti.dn.ua/a b"}, f"url: {ADDRESS}"),
        ({"url": " https://novosti.dn.ua/a\n"}, f"url: {ADDRESS}"),
        ({"url": "https://novosti.dn.ua/\0"}, f"url: {ADDRESS}"),
        ({"url": "https://novosti.dn.ua/" + "a" * 2048}, "url: String should have at most 2048 characters"),
        ({"image": "javascript:alert(1)"}, f"image: {ADDRESS}"),
        ({"image": ""}, f"image: {ADDRESS}"),
        ({"title": ""}, "title: is needed unless withdrawn is true"),
        ({"title": " <b> </b>\u200b"}, "title: is needed unless withdrawn is true"),
        ({"title": "я" * 501}, "title: String should have at most 500 characters"),
        ({"title": 7}, "title: Input should be a valid string"),
        ({"published_at": "2024-11-20T14:00:00"}, "published_at: needs a zone, as in 2026-11-20T18:00:00+02:00"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at: must be after 1990"),
        ({"published_at": "9999-12-31T23:59:59-10:00"}, "published_at: must be after 1990"),
        ({"important": "yes"}, "important: Input should be a valid boolean"),
        ({"sections": ["Війна", 7]}, "sections.1: Input should be a valid string"),
        ({"headline": "Воду повернули"}, "headline: Extra inputs are not permitted"),
    ],
)
async def test_what_cannot_be_used_is_rejected_with_its_field(cms: Cms, wrong: dict[str, Any], reason: str) -> None:
    answer = await cms.push(**{"url": URL, "title": "Воду повернули", **wrong})

    assert answer == ("rejected", reason)
    assert await cms.items() == []


async def test_half_a_sign_is_rejected_and_the_rest_of_the_list_is_taken(cms: Cms) -> None:
    pushed = [{"url": URL, "title": "Пів \ud83d знака"}, {"url": URL + "-2", "title": "Воду повернули"}]

    status, answers = await cms.post(json.dumps(pushed))

    assert status == 200
    assert [each["result"] for each in answers] == ["rejected", "new"]


async def test_markup_in_title_and_lead_is_made_text(cms: Cms) -> None:
    await cms.push(
        url=URL,
        title="<h1>Ціна &lt;&nbsp;<b>5</b> грн &amp; більше</h1>",
        text="<p>Перше.</p><script>alert(1)</script><p>Друге &quot;слово&quot;.</p>",
        published_at="2024-11-20T13:30:00+02:00",
        sections=["Ціни"],
    )

    [item] = await cms.items()
    assert item.title == "Ціна < 5 грн & більше"
    assert item.lead == 'Перше. Друге "слово".'
    assert item.published_at == NOON - 30 * MINUTE
    assert (item.language, item.sections, item.own, item.source) == ("uk", ("Ціни",), True, "Новини Донбасу")


async def test_the_newsrooms_important_mark_is_kept(cms: Cms) -> None:
    await cms.push(url=URL, title="Воду повернули")
    before = (await cms.items())[0].important

    answer = await cms.push(url=URL, title="Воду повернули", important=True)
    await cms.push(url=URL, title="Воду знову вимкнули")

    assert answer == ("duplicate", "")
    assert (before, (await cms.items())[0].important) == (False, True)


async def test_what_is_not_known_cannot_be_withdrawn(cms: Cms) -> None:
    assert await cms.push(url=URL, withdrawn=True) == ("rejected", "url: no item with this address is known")


async def test_a_withdrawn_item_stays_withdrawn_and_the_cms_is_told_so(cms: Cms) -> None:
    await cms.push(url=URL, title="Воду повернули")

    first = await cms.push(url=URL + "?utm_source=cms", withdrawn=True)
    second = await cms.push(url=URL, withdrawn=True)
    returned = await cms.push(url=URL, title="Воду повернули, тепер точно")

    assert first == ("updated", "withdrawn")
    assert second == ("duplicate", "withdrawn before")
    assert returned == ("duplicate", "withdrawn before")
    assert await items.count(cms.db.screens) == 0


async def test_hostile_text_is_only_text_in_the_channel(cms: Cms) -> None:
    hostile = '<script> <u> "Ціни" & {url} %s \\n'
    for number, title in enumerate((hostile, "Воду в Краматорську повернули", "Верховна Рада ухвалила бюджет"), 1):
        escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        await cms.push(url=f'https://nd.ua/article/100{number}-x?a="><b>&b', title=escaped)
    rubrics = (digest([time(14, 10)], 5),)
    house = House(NEWSROOM, Wordings(KYIV), taste("[points]\nbase = 5.0"), rubrics, 60 * MINUTE)
    async with cms.db.transaction() as tx:
        await channels.seed(tx, "@nd", "uk", NOON - MINUTE)

    every = await programs.every(cms.db.screens, house)
    assert await publish_due(cms.db, every, lambda: NOON + 10 * MINUTE) == 1

    text = await cms.db.screens.value("SELECT payload_json ->> 'text' FROM outbox")
    assert (
        '<a href="https://nd.ua/article/1001-x?a=&#34;&gt;&lt;b&gt;&amp;b">'
        "&lt;script&gt; &lt;u&gt; &#34;Ціни&#34; &amp; {url} %s \\n</a>\n\n"
    ) in text
    assert text.count("<a ") == text.count("</a>") == 3
