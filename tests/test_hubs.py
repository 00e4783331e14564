"""Sources that ring when they have news: whom they name, what their hub asks, and whether it was they who rang."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intake import feeds, hubs, wire
from bot.intake.feeds import Feed
from bot.intake.hubs import Verification

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
URL = "https://misto.ua/rss.xml"
HUB = "https://hub.misto.ua/"
BODY = "<rss>Міст відкрито</rss>".encode()
ITEM = "<item><title>Міст</title><link>https://misto.ua/1</link></item>"


def read(body: str) -> Feed:
    return feeds.read(body.encode(), None, URL, NOW, KYIV)


def rss(links: str) -> Feed:
    return read(
        f'<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>М</title>'
        f"<link>https://misto.ua/</link>{links}{ITEM}</channel></rss>"
    )


def signature(method: str, known: str = "таємниця", body: bytes = BODY) -> str:
    return f"{method}={hmac.new(known.encode(), body, method).hexdigest()}"


def test_an_rss_feed_names_its_hub_and_itself() -> None:
    feed = rss(f'<a:link rel="hub" href="{HUB}"/><a:link rel="self" href="/all.xml" type="application/rss+xml"/>')

    assert (feed.hub, feed.topic) == (HUB, "https://misto.ua/all.xml")


def test_an_atom_feed_names_its_hub_and_an_entry_names_none() -> None:
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>М</title><link rel="hub" href="//hub.misto.ua/"/>'
        '<link rel="hub" href="https://second.ua/"/><link rel="self" href="https://misto.ua/atom"/>'
        '<entry><title>Міст</title><link rel="hub" href="https://wrong.ua/"/><link rel="self" href="/1"/></entry>'
        "</feed>"
    )

    assert (feed.hub, feed.topic) == (HUB, "https://misto.ua/atom")


def test_a_json_feed_names_its_hub() -> None:
    named = [{"type": "rssCloud", "url": "https://cloud.ua/"}, 7, {"type": "WebSub", "url": HUB}]
    said = {"version": "https://jsonfeed.org/version/1.1", "feed_url": "/feed.json", "hubs": named, "items": []}

    feed = read(json.dumps(said))

    assert (feed.hub, feed.topic) == (HUB, "https://misto.ua/feed.json")


def test_a_feed_with_a_hub_and_no_name_of_its_own_is_known_by_its_address() -> None:
    assert rss(f'<a:link rel="hub" href="{HUB}"/>').topic == URL


def test_a_feed_without_a_hub_has_no_topic() -> None:
    feed = rss('<a:link rel="self" href="https://misto.ua/all.xml"/>')

    assert (feed.hub, feed.topic) == (None, None)


def test_a_hub_that_is_no_web_address_is_none() -> None:
    assert rss('<a:link rel="hub" href="file:///etc/passwd"/>').hub is None


def test_the_hub_comes_back_from_the_child() -> None:
    feed = rss(f'<ttl>30</ttl><a:link rel="hub" href="{HUB}"/>')

    assert feed.hub == HUB
    assert wire.answered(wire.done(feed)) == feed


@pytest.mark.parametrize(
    "header",
    [
        f'<{HUB}>; rel="hub", <{URL}>; rel="self"',
        f"<{URL}>;rel=self,<{HUB}>;rel=hub",
        f'<https://misto.ua/a,b>; rel=next; title="a, <b>; c", <{URL}>; type="a/b"; rel="self", '
        f'<{HUB}>; REL="preload HUB"',
    ],
)
def test_an_answers_header_names_the_hub(header: str) -> None:
    assert hubs.linked(header, "https://misto.ua/other") == (HUB, URL)


@pytest.mark.parametrize("header", [None, "", "<>; rel=hub", f"{HUB}; rel=hub", f"<{HUB}>; rel=next", '<"' * 4_000])
def test_a_header_that_names_no_hub_gives_none(header: str | None) -> None:
    assert hubs.linked(header, URL) == (None, None)


def test_a_subscription_says_who_wants_what_and_for_how_long() -> None:
    assert hubs.subscription("https://bot.ua/hub/7", URL, "таємниця", 864_000) == {
        "hub.callback": "https://bot.ua/hub/7",
        "hub.mode": "subscribe",
        "hub.topic": URL,
        "hub.secret": "таємниця",
        "hub.lease_seconds": "864000",
    }


def test_a_farewell_tells_no_secret() -> None:
    assert hubs.subscription("https://bot.ua/hub/7", URL, "таємниця", 1, "unsubscribe") == {
        "hub.callback": "https://bot.ua/hub/7",
        "hub.mode": "unsubscribe",
        "hub.topic": URL,
    }


@pytest.mark.parametrize("secret", ["", "т" * 100])
def test_a_secret_that_no_hub_takes_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        hubs.subscription("https://bot.ua/hub/7", URL, secret, 1)


def test_a_secret_is_told_only_where_nobody_listens() -> None:
    assert hubs.keeps_secrets(HUB)
    assert not any(map(hubs.keeps_secrets, [None, "", "http://hub.misto.ua/", "https://[", "ftp://x"]))


def test_a_hub_asks_whether_we_meant_it() -> None:
    asked = {"hub.mode": "subscribe", "hub.topic": URL, "hub.challenge": "aB7 &<", "hub.lease_seconds": "864000"}

    assert hubs.intent(asked) == Verification("subscribe", URL, "aB7 &<", timedelta(days=10))


def test_a_hub_refuses() -> None:
    said = {"hub.mode": "denied", "hub.topic": URL, "hub.reason": "no\nsuch  topic"}

    assert hubs.intent(said) == Verification("denied", URL, reason="no such topic")


@pytest.mark.parametrize("lease", ["", "0", "-5", "скоро", "9" * 30, "²"])
def test_a_lease_that_is_no_number_is_not_said(lease: str) -> None:
    asked = {"hub.mode": "unsubscribe", "hub.topic": URL, "hub.challenge": "x", "hub.lease_seconds": lease}

    assert hubs.intent(asked) == Verification("unsubscribe", URL, "x", None)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"hub.mode": "publish", "hub.topic": URL, "hub.challenge": "x"},
        {"hub.mode": "subscribe", "hub.challenge": "x"},
        {"hub.mode": "subscribe", "hub.topic": URL},
        {"hub.mode": "subscribe", "hub.topic": URL, "hub.challenge": "x" * 5_000},
        {"hub.mode": "denied", "hub.topic": "x" * 5_000},
    ],
)
def test_what_no_hub_asks_is_no_question(asked: dict[str, str]) -> None:
    assert hubs.intent(asked) is None


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_the_hub_that_knows_the_secret_is_believed(method: str) -> None:
    assert hubs.signed("таємниця", signature(method), BODY)
    assert hubs.signed("таємниця", signature(method).upper(), BODY)


@pytest.mark.parametrize(
    "header",
    [
        None, "", "sha256", "sha256=", signature("md5"), "sha256=" + "0" * 64, signature("sha256", "інша"),
        signature("sha256", body=BODY + b" "), signature("sha256").replace("sha256", "sha1"),
        signature("sha256")[:-1], signature("sha256") + "0", "sha256=" + "ї" * 64, "plain=таємниця",
    ],
)  # fmt: skip
def test_who_does_not_know_the_secret_is_not_believed(header: str | None) -> None:
    assert not hubs.signed("таємниця", header, BODY)


def test_without_a_secret_nobody_is_believed() -> None:
    assert not hubs.signed("", f"sha256={hmac.new(b'', BODY, hashlib.sha256).hexdigest()}", BODY)


def test_a_subscription_is_renewed_well_before_it_ends() -> None:
    assert hubs.renew_at(NOW, timedelta(days=9)) == NOW + timedelta(days=6)


def test_a_lease_nobody_named_is_a_short_one() -> None:
    assert hubs.renew_at(NOW, None) == NOW + timedelta(hours=16)


@given(st.timedeltas())
@example(timedelta(0))
@example(timedelta.max)
def test_no_lease_makes_us_ask_all_day_or_never_again(lease: timedelta) -> None:
    assert NOW + timedelta(hours=1) <= hubs.renew_at(NOW, lease) <= NOW + timedelta(days=20)
