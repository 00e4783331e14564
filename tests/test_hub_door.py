"""Sources that ring: a hub on this machine asks, confirms and pushes over real HTTP, and so do its impostors."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from bot.intake import subscribe
from bot.intake.answers import Answer, Refused, onward
from bot.intake.bodies import LIMIT_BYTES
from bot.intake.entries import Feed
from bot.intake.fetch import Fetcher
from bot.intake.parse import Parser
from bot.intake.passes import Arrival
from bot.intake.take import Intake
from bot.newsroom import Newsroom
from bot.web import hub
from bot.wording import Wording
from storage import hubs, sources
from storage.database import Database
from storage.hubs import Subscription
from storage.model import Source

NOON = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WAIT = timedelta(minutes=5)
KYIV = ZoneInfo("Europe/Kyiv")
TOPIC = "https://misto.ua/rss.xml"
ATOM = "application/atom+xml"


def rss(*titles: str) -> bytes:
    rows = "".join(
        f"<item><title>{title}</title><link>https://misto.ua/{1000 + number}-x</link></item>"
        for number, title in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title>Місто</title>{rows}</channel></rss>'.encode()


def answered(link: str = "") -> Answer:
    return Answer(200, TOPIC, None, b"", "application/rss+xml", None, None, None, None, link)


def signature(secret: str, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


@dataclass
class Hub:
    """A hub that keeps what it was sent, answers with `status`, and asks back at once when it is `eager`."""

    status: int = 202
    place: str = ""
    eager: bool = False
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.eager:
            assert await question(form["hub.callback"], form["hub.topic"]) == (200, "виклик")
        if request.path == "/" and self.place:
            return web.Response(status=self.status, headers={"Location": self.place})
        return web.Response(status=202 if self.place else self.status)


async def question(callback: str, topic: str, mode: str = "subscribe", **more: str) -> tuple[int, str]:
    asked = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": "виклик", **more}
    async with aiohttp.ClientSession() as session, session.get(callback, params=asked) as answer:
        return answer.status, await answer.text()


@asynccontextmanager
async def served(*routes: web.RouteDef) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass
class Newspaper:
    """One source of the newsroom, its hub, our door, and a clock that only tests move."""

    db: Database
    parser: Parser
    fetch: Fetcher
    hub: Hub
    source: Source
    door: str = ""
    now: datetime = NOON
    held: asyncio.Event | None = None
    taken: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    intake: Intake = field(
        default_factory=lambda: Intake(Newsroom("Місто", "@m", None, KYIV, "uk"), Wording("uk", KYIV))
    )

    async def take(self, source_id: int, body: bytes, content_type: str | None) -> None:
        if self.held is not None:
            await self.held.wait()
        new = await subscribe.take(
            self.db, self.parser, KYIV, self.take_in, lambda: self.now, source_id, body, content_type
        )
        self.taken.put_nowait(new)

    async def take_in(self, source: Source, feed: Feed) -> Sequence[Arrival]:
        async with self.db.transaction() as tx:
            return await self.intake.take(tx, source, feed.reports, self.now, history=False)

    async def polled(
        self, feed: Feed | None = None, *, link: str = "", fresh: bool = False, wait: timedelta = WAIT
    ) -> timedelta:
        """How long until the next poll, where it would be `wait` without a hub."""
        async with self.db.transaction() as tx:
            due_at = await subscribe.polled(
                tx, self.source, answered(link), feed, fresh=fresh, due_at=self.now + wait, now=self.now
            )
        return due_at - self.now

    async def named(self, topic: str = TOPIC) -> None:
        await self.polled(Feed(hub=self.hub.url, topic=topic))

    async def renew(self) -> int:
        return await subscribe.renew_due(self.db, self.fetch, self.door, lambda: self.now)

    async def known(self) -> Subscription:
        found = await hubs.of(self.db.screens, self.source.id)
        assert found is not None
        return found

    async def callback(self) -> str:
        return f"{self.door}/hub/{(await self.known()).token}"

    async def subscribed(self, **more: str) -> None:
        """Named, asked for and confirmed."""
        await self.named()
        await self.renew()
        assert await question(await self.callback(), TOPIC, **more) == (200, "виклик")

    async def push(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """The status of a push; with no headers given it is signed rightly."""
        headers = signature((await self.known()).secret, body) if headers is None else headers
        async with (
            asyncio.timeout(60),
            aiohttp.ClientSession() as session,
            session.post(await self.callback(), data=body, headers=headers) as answer,
        ):
            return answer.status

    async def brought(self, body: bytes) -> int:
        """How many new reports a push brought."""
        assert await self.push(body) == 202
        async with asyncio.timeout(60):
            return await self.taken.get()

    async def titles(self) -> list[str]:
        return [row["title"] for row in await self.db.screens.all("SELECT title FROM item_now ORDER BY id")]


@pytest.fixture
async def paper(db: Database) -> AsyncIterator[Newspaper]:
    async with db.transaction() as tx:
        source = await sources.put(
            tx, url=TOPIC, name="Місто", kind="feed", family="misto.ua", own=False, now=NOON
        )  # fmt: skip
    parser, ours = Parser(), Hub()
    async with Fetcher(allow_private=True) as fetch, served(web.post("/{any:.*}", ours.hear)) as ours.url:
        found = Newspaper(db, parser, fetch, ours, source)
        async with served(*hub.routes(db, lambda: found.now, found.take, seconds=0.3)) as found.door:
            yield found
    await parser.close()


# Subscribing


async def test_the_hub_that_a_feed_names_is_asked_once(paper: Newspaper) -> None:
    await paper.named()
    await paper.named()

    assert (await paper.renew(), await paper.renew()) == (1, 0)
    known = await paper.known()
    assert paper.hub.asked == [
        {
            "hub.callback": f"{paper.door}/hub/{known.token}",
            "hub.mode": "subscribe",
            "hub.topic": TOPIC,
            "hub.secret": known.secret,
            "hub.lease_seconds": "864000",
        }
    ]
    assert (known.state, known.asked_at, len(known.token), len(known.secret)) == ("asked", NOON, 64, 64)
    assert known.token != known.secret


async def test_an_answers_header_goes_before_the_feed(paper: Newspaper) -> None:
    await paper.polled(Feed(hub=paper.hub.url, topic=TOPIC), link='<https://hub.ua/>; rel=hub, </all>; rel="self"')

    known = await paper.known()
    assert (known.hub, known.topic) == ("https://hub.ua/", "https://misto.ua/all")


async def test_an_unchanged_feed_changes_nothing_and_one_without_a_hub_leaves_it(paper: Newspaper) -> None:
    await paper.named()
    await paper.polled(None)
    assert (await paper.known()).hub == paper.hub.url

    await paper.polled(Feed())

    assert await hubs.of(paper.db.screens, paper.source.id) is None
    assert await paper.renew() == 0


async def test_a_feed_that_changes_its_hub_at_every_poll_makes_us_ask_once_an_hour(paper: Newspaper) -> None:
    for number in range(5):
        await paper.named(f"{TOPIC}?{number}")
        await paper.renew()
    asked = len(paper.hub.asked)
    paper.now += HOUR

    await paper.renew()

    assert (asked, [form["hub.topic"] for form in paper.hub.asked]) == (1, [f"{TOPIC}?0", f"{TOPIC}?4"])


async def test_a_hub_that_does_not_answer_is_asked_ever_more_rarely(paper: Newspaper) -> None:
    paper.hub.status = 500
    await paper.named()
    waits = []
    for _ in range(7):
        assert await paper.renew() == 0
        known = await paper.known()
        waits.append((known.due_at - paper.now) / HOUR)
        paper.now = known.due_at

    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert (known.state, known.reason) == ("asked", "http_status")


async def test_a_hub_inside_the_newsrooms_network_is_not_asked(paper: Newspaper) -> None:
    await paper.named()
    async with Fetcher() as careful:
        paper.fetch = careful
        assert await paper.renew() == 0

    assert ((await paper.known()).reason, paper.hub.asked) == ("private_address", [])


async def test_a_hub_that_moved_is_asked_where_it_is(paper: Newspaper) -> None:
    paper.hub.status, paper.hub.place = 307, "/new"
    await paper.named()

    assert await paper.renew() == 1
    assert len(paper.hub.asked) == 2
    assert paper.hub.asked[0] == paper.hub.asked[1]


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_would_make_a_post_a_get_is_a_refusal(paper: Newspaper, status: int) -> None:
    paper.hub.status, paper.hub.place = status, "/new"
    await paper.named()

    assert await paper.renew() == 0
    assert (len(paper.hub.asked), (await paper.known()).reason) == (1, "http_status")


async def test_a_hub_that_sends_us_round_in_circles_is_left(paper: Newspaper) -> None:
    paper.hub.status, paper.hub.place = 308, "/?"
    with pytest.raises(Refused) as refused:
        await paper.fetch.post(paper.hub.url + "/", {"hub.mode": "subscribe"})

    assert refused.value.reason == "redirects"


@pytest.mark.parametrize(
    ("place", "reason"),
    [("http://hub.ua/", "scheme"), ("file:///etc/passwd", "scheme"), ("//[", "bad_url")],
)
def test_a_secret_does_not_leave_https(place: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        onward("https://hub.ua/a", place)

    assert refused.value.reason == reason
    assert onward("https://hub.ua/a", "/b") == "https://hub.ua/b"


async def test_an_answers_link_headers_are_read(paper: Newspaper) -> None:
    async def answer(request: web.Request) -> web.Response:
        said = web.Response(text="<rss/>")
        said.headers.add("Link", '<https://hub.ua/>; rel="hub"')
        said.headers.add("Link", f'<{TOPIC}>; rel="self"')
        return said

    async with served(web.get("/rss", answer)) as site:
        found = await paper.fetch.get(f"{site}/rss")

    assert found.link == f'<https://hub.ua/>; rel="hub", <{TOPIC}>; rel="self"'


async def test_a_secret_is_told_over_https_only(paper: Newspaper) -> None:
    paper.door = "https://bot.misto.ua"
    await paper.named()

    assert await paper.renew() == 0
    assert paper.hub.asked == []  # it was asked over https, which it does not speak
    assert (await paper.known()).reason in {"tls", "connection"}


async def test_paused_sources_ask_no_hub(paper: Newspaper) -> None:
    await paper.named()
    async with paper.db.transaction() as tx:
        await tx.run("UPDATE source SET state = 'paused'")

    assert (await paper.renew(), await hubs.next_due_at(paper.db.screens)) == (0, None)


# The hub asks back


async def test_a_hub_is_confirmed_and_asked_again_two_thirds_into_its_lease(paper: Newspaper) -> None:
    await paper.subscribed(**{"hub.lease_seconds": str(9 * 86_400)})

    known = await paper.known()
    assert (known.state, known.ends_at, known.due_at) == ("confirmed", NOON + 9 * DAY, NOON + 6 * DAY)
    assert await hubs.next_due_at(paper.db.screens) == NOON + 6 * DAY
    paper.now += 6 * DAY
    assert await paper.renew() == 1
    known = await paper.known()
    assert (known.state, known.ends_at, known.due_at) == ("confirmed", NOON + 9 * DAY, NOON + 6 * DAY + HOUR)


async def test_a_hub_may_confirm_while_it_is_being_asked(paper: Newspaper) -> None:
    paper.hub.eager = True
    await paper.named()

    assert await paper.renew() == 1
    assert ((await paper.known()).state, (await paper.known()).tries) == ("confirmed", 0)


async def test_a_hub_that_confirms_and_then_breaks_off_is_confirmed(paper: Newspaper) -> None:
    paper.hub.eager, paper.hub.status = True, 500
    await paper.named()

    assert await paper.renew() == 0
    assert ((await paper.known()).state, (await paper.known()).reason) == ("confirmed", None)


async def test_a_challenge_is_answered_as_plain_text(paper: Newspaper) -> None:
    await paper.named()
    await paper.renew()
    asked = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "<script>"}

    async with aiohttp.ClientSession() as session, session.get(await paper.callback(), params=asked) as answer:
        assert (answer.content_type, answer.headers["X-Content-Type-Options"]) == ("text/plain", "nosniff")
        assert await answer.text() == "<script>"


@pytest.mark.parametrize(
    ("topic", "more"),
    [
        ("https://misto.ua/other.xml", {}),
        (TOPIC + "/", {}),
        (TOPIC, {"hub.mode": "unsubscribe"}),
        (TOPIC, {"hub.mode": "publish"}),
        (TOPIC, {"hub.challenge": ""}),
        (TOPIC, {"hub.challenge": "x" * 2_000}),
    ],
)
async def test_what_we_did_not_ask_for_is_not_confirmed(paper: Newspaper, topic: str, more: dict[str, str]) -> None:
    await paper.named()
    await paper.renew()

    status, _ = await question(await paper.callback(), topic, **more)

    assert (status, (await paper.known()).state) == (404, "asked")


async def test_nobody_confirms_for_us_before_we_asked(paper: Newspaper) -> None:
    await paper.named()

    assert (await question(await paper.callback(), TOPIC))[0] == 404


@pytest.mark.parametrize("token", ["0" * 64, "0", "", "../items", "%00" * 64])
async def test_a_guessed_address_is_nobodys(paper: Newspaper, token: str) -> None:
    await paper.subscribed()

    status, _ = await question(f"{paper.door}/hub/{token}", TOPIC)

    assert status == 404


async def test_a_hub_that_refuses_is_asked_again_in_a_week(paper: Newspaper) -> None:
    await paper.subscribed()

    status, _ = await question(await paper.callback(), TOPIC, "denied", **{"hub.reason": "немає такої стрічки"})

    known = await paper.known()
    assert (status, known.state, known.reason) == (200, "refused", "немає такої стрічки")
    assert (known.due_at, known.ends_at) == (NOON + 7 * DAY, None)


# The hub pushes


async def test_what_a_hub_pushes_is_taken_in_once(paper: Newspaper) -> None:
    await paper.subscribed()

    assert await paper.brought(rss("Воду повернули")) == 1
    assert await paper.brought(rss("Воду повернули", "Міст відкрито")) == 1
    assert await paper.brought(rss("Воду повернули", "Міст відкрито")) == 0

    assert await paper.titles() == ["Воду повернули", "Міст відкрито"]
    found = await sources.get(paper.db.screens, paper.source.id)
    assert found is not None
    assert found.fresh_at == NOON


async def test_an_edit_that_is_pushed_is_an_edit(paper: Newspaper) -> None:
    await paper.subscribed()
    await paper.brought(rss("Воду повернули"))

    assert await paper.brought(rss("Воду повернули в Костянтинівку")) == 0
    assert await paper.titles() == ["Воду повернули в Костянтинівку"]


async def test_the_hub_is_answered_before_the_work(paper: Newspaper) -> None:
    await paper.subscribed()
    paper.held = asyncio.Event()

    assert await paper.push(rss("Воду повернули")) == 202
    before = await paper.titles()
    paper.held.set()
    async with asyncio.timeout(60):
        await paper.taken.get()

    assert (before, await paper.titles()) == ([], ["Воду повернули"])


async def test_too_many_pushes_at_once_are_asked_to_come_later(paper: Newspaper) -> None:
    await paper.subscribed()
    paper.held = asyncio.Event()
    body = rss("Воду повернули")
    for _ in range(hub.AT_ONCE):
        assert await paper.push(body) == 202

    assert await paper.push(body) == 503
    paper.held.set()
    for _ in range(hub.AT_ONCE):
        async with asyncio.timeout(60):
            await paper.taken.get()
    assert await paper.brought(body) == 0


@pytest.mark.parametrize("forger", ["unsigned", "another secret", "another body", "md5"])
async def test_a_forger_is_answered_like_a_friend_counted_and_not_believed(paper: Newspaper, forger: str) -> None:
    await paper.subscribed()
    secret, body = (await paper.known()).secret, rss("Мер утік")
    headers = {
        "unsigned": {},
        "another secret": signature("таємниця", body),
        "another body": signature(secret, rss("Воду повернули")),
        "md5": {"X-Hub-Signature": "md5=" + "0" * 32},
    }

    assert await paper.push(body, headers[forger]) == 202
    assert await paper.brought(rss("Воду повернули")) == 1

    known = await paper.known()
    assert (await paper.titles(), known.forged) == (["Воду повернули"], 1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\0" * 1_000, b"<rss>" * 10_000])
async def test_a_push_that_cannot_be_read_is_dropped(paper: Newspaper, body: bytes) -> None:
    await paper.subscribed()

    assert await paper.brought(body) == 0
    assert await paper.brought(rss("Воду повернули")) == 1


async def test_a_paused_source_takes_no_push(paper: Newspaper) -> None:
    await paper.subscribed()
    async with paper.db.transaction() as tx:
        await tx.run("UPDATE source SET state = 'paused'")

    assert await paper.brought(rss("Воду повернули")) == 0
    assert await paper.titles() == []


async def test_a_push_before_the_hub_was_confirmed_is_nobodys(paper: Newspaper) -> None:
    await paper.named()
    await paper.renew()

    assert await paper.push(rss("Воду повернули")) == 410


async def test_a_hub_that_a_feed_left_learns_that_nobody_is_there(paper: Newspaper) -> None:
    await paper.subscribed()
    body, callback, known = rss("Воду повернули"), await paper.callback(), await paper.known()
    await paper.polled(Feed())

    async with (
        aiohttp.ClientSession() as session,
        session.post(callback, data=body, headers=signature(known.secret, body)) as answer,
    ):
        assert answer.status == 410


async def in_pieces(size_bytes: int) -> AsyncIterator[bytes]:
    for _ in range(size_bytes // 65_536 + 1):
        yield b" " * 65_536


@pytest.mark.parametrize("said", [True, False])
async def test_a_body_too_large_is_refused_whether_or_not_it_says_so(paper: Newspaper, said: bool) -> None:
    await paper.subscribed()
    body = BytesIO(b" " * (LIMIT_BYTES + 1)) if said else in_pieces(LIMIT_BYTES)

    async with aiohttp.ClientSession() as session, session.post(await paper.callback(), data=body) as answer:
        assert answer.status == 413


async def test_a_body_that_does_not_come_is_not_waited_for(paper: Newspaper) -> None:
    await paper.subscribed()
    host, port = paper.door.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    token = (await paper.known()).token

    writer.write(f"POST /hub/{token} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\n<rss".encode())
    async with asyncio.timeout(60):
        said = await reader.readline()
    writer.close()

    assert said == b"HTTP/1.1 408 Request Timeout\r\n"


async def test_a_hub_that_hangs_up_leaves_room_for_the_next(paper: Newspaper) -> None:
    await paper.subscribed()
    host, port = paper.door.removeprefix("http://").split(":")
    token = (await paper.known()).token
    for _ in range(hub.AT_ONCE):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST /hub/{token} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\n<rss".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with asyncio.timeout(60):
        while await paper.push(rss("Воду повернули")) == 503:
            continue
        assert await paper.taken.get() == 1


async def test_a_compressed_body_is_not_opened(paper: Newspaper) -> None:
    await paper.subscribed()

    bomb = gzip.compress(b" " * 50_000_000)

    assert await paper.push(bomb, {"Content-Encoding": "gzip"}) == 415


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_not_heard(paper: Newspaper, method: str) -> None:
    await paper.subscribed()

    async with aiohttp.ClientSession() as session, session.request(method, await paper.callback()) as answer:
        assert answer.status == 405


# Polling beside it


async def test_while_pushes_come_polls_are_rare(paper: Newspaper) -> None:
    await paper.subscribed(**{"hub.lease_seconds": "864000"})
    before = await paper.polled()
    await paper.brought(rss("Воду повернули"))

    assert (before, await paper.polled()) == (WAIT, WAIT * subscribe.SLOWLY)
    assert await paper.polled(wait=2 * HOUR) == 6 * HOUR
    assert await paper.polled(wait=DAY) == DAY


async def test_what_a_push_missed_brings_the_polls_back(paper: Newspaper) -> None:
    await paper.subscribed(**{"hub.lease_seconds": "864000"})
    await paper.brought(rss("Воду повернули"))
    paper.now += HOUR

    missed = await paper.polled(fresh=True)
    paper.now += HOUR
    later = await paper.polled()
    await paper.brought(rss("Воду повернули", "Міст відкрито"))

    assert (missed, later, await paper.polled()) == (WAIT, WAIT, WAIT * subscribe.SLOWLY)


@pytest.mark.parametrize(("lease", "after"), [(2 * HOUR, 2 * HOUR), (5 * DAY, DAY)])
async def test_a_hub_that_fell_silent_is_not_relied_on(paper: Newspaper, lease: timedelta, after: timedelta) -> None:
    await paper.subscribed(**{"hub.lease_seconds": str(int(lease.total_seconds()))})
    await paper.brought(rss("Воду повернули"))
    paper.now += after - timedelta(seconds=1)
    before = await paper.polled()

    paper.now += timedelta(seconds=1)

    assert (before, await paper.polled()) == (WAIT * subscribe.SLOWLY, WAIT)
