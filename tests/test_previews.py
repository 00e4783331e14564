"""Public channels as Telegram shows them to anybody, and what a newsroom types when it means one."""

from datetime import UTC, datetime
from html import escape
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake import identity, kinds, previews
from bot.intake.previews import Feed, UnreadableFeed
from storage.model import Report

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 2, 18, 10, 0, tzinfo=UTC)
URL = "https://t.me/s/misto_news"
HTML = "text/html; charset=utf-8"
HEAD = (
    '<div class="tgme_channel_info"><div class="tgme_channel_info_header_title"><span dir="auto">Місто &amp; область'
    "</span></div></div>"
)
OLDER = (
    '<div class="tgme_widget_message_centered js-messages_more_wrap">'
    '<a href="/s/misto_news?before=701" class="tme_messages_more js-messages_more" data-before="701"></a></div>'
)
CONTACT = (
    '<!DOCTYPE html><html><head><title>Telegram: Contact @misto_news</title></head><body><div class="tgme_page">'
    '<div class="tgme_page_extra">@misto_news</div><a class="tgme_action_button_new" href="tg://resolve?domain='
    'misto_news">Send Message</a></div></body></html>'
)


def page(*posts: str, head: str = HEAD) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Місто – Telegram</title></head><body>{head}<main>"
        f'<section class="tgme_channel_history js-message_history">{"".join(posts)}</section></main></body></html>'
    )


def post(
    text: str = "",
    number: int = 701,
    before: str = "",
    after: str = "",
    at: str = "2026-02-17T15:36:00+00:00",
    kind: str = "",
    views: str = "1.2K",
) -> str:
    said = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>' if text else ""
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap {kind}js-widget_message" '
        f'data-post="Misto_News/{number}"><div class="tgme_widget_message_user"><a href="https://t.me/Misto_News">'
        '<i class="tgme_widget_message_user_photo"><img src="https://cdn4.telesco.pe/file/face.jpg"></i></a></div>'
        '<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author"><a '
        'class="tgme_widget_message_owner_name" href="https://t.me/Misto_News"><span dir="auto">Місто</span></a></div>'
        f'{before}{said}{after}<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">'
        f'<span class="tgme_widget_message_views">{views}</span><span class="copyonly"> views</span>'
        '<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" '
        f'href="https://t.me/Misto_News/{number}"><time datetime="{at}" class="time">15:36</time></a></span>'
        "</div></div></div></div></div>"
    )


def photo(name: str, style: str = "width:800px") -> str:
    return (
        f'<a class="tgme_widget_message_photo_wrap 51 12" href="https://t.me/Misto_News/701" '
        f"style=\"{style};background-image:url('https://cdn4.telesco.pe/file/{name}.jpg')\">"
        '<div class="tgme_widget_message_photo" style="padding-top:66%"></div></a>'
    )


def read(body: str) -> Feed:
    return previews.read(body.encode(), HTML, URL, NOW, KYIV)


def one(text: str, **said: str) -> Report:
    (report,) = read(page(post(text, **said))).reports  # type: ignore[arg-type]
    return report


def test_a_post_becomes_a_report() -> None:
    feed = read(
        page(post("<b>Міст через Інгулець відкрито — ОВА.</b> Рух пустили &amp; вранці.<br/>Черга зникла.", 705))
    )

    assert (feed.title, feed.notes) == ("Місто & область", ())
    assert feed.reports == (
        Report(
            title="Міст через Інгулець відкрито — ОВА.",
            url="https://t.me/Misto_News/705",
            guid="https://t.me/Misto_News/705",
            lead="Рух пустили & вранці. Черга зникла.",
            published_at=datetime(2026, 2, 17, 15, 36, tzinfo=UTC),
            language="uk",
        ),
    )


def test_the_newest_post_comes_first() -> None:
    feed = read(page(post("Міст відкрито для руху.", 701), post("Школу закрили на карантин.", 702)))

    assert [report.title for report in feed.reports] == ["Школу закрили на карантин.", "Міст відкрито для руху."]


def test_a_post_and_its_preview_are_one_item() -> None:
    (key,) = identity.keys(one("Міст відкрито для руху."), "7")

    assert key == identity.canonical("https://t.me/s/misto_news/701?single")


def test_a_quoted_reply_is_not_the_posts_text() -> None:
    quoted = (
        '<a class="tgme_widget_message_reply" href="https://t.me/Misto_News/600"><div class="'
        'tgme_widget_message_text js-message_reply_text" dir="auto">Міст закрили на ремонт.</div></a>'
    )

    assert one("Міст знову відкрито.", before=quoted).title == "Міст знову відкрито."


def test_a_text_that_telegram_wraps_twice_is_told_once() -> None:
    twice = '<div class="tgme_widget_message_text js-message_text" dir="auto">Міст відкрито.<br>Рух пустили.</div>'

    report = one(twice)

    assert (report.title, report.lead) == ("Міст відкрито. Рух пустили.", "")


def test_a_quotation_in_a_post_is_a_paragraph() -> None:
    report = one("Мер про ремонт моста через Інгулець<blockquote>Рух пустили вранці.</blockquote>Роботи тривають.")

    assert (report.title, report.lead) == (
        "Мер про ремонт моста через Інгулець",
        "Рух пустили вранці. Роботи тривають.",
    )


def test_service_messages_and_posts_without_text_are_no_news() -> None:
    feed = read(
        page(
            post("Channel photo updated", 1, kind="service_message "),
            post("", 2, before=photo("solo")),
            post('<i class="emoji" style="background-image:url(\'//telegram.org/e.png\')"><b>🔥</b></i>', 3),
            post("Міст відкрито для руху.", 4),
        )
    )

    assert [report.url for report in feed.reports] == ["https://t.me/Misto_News/4"]


@pytest.mark.parametrize(
    ("text", "title", "lead"),
    [
        ("⚡️<b>Міст через Інгулець відкрито</b>", "Міст через Інгулець відкрито", ""),
        ("❗️❗️<br/><br/>Міст через Інгулець відкрито<br/>Рух є", "Міст через Інгулець відкрито", "Рух є"),
        ("Терміново!<br/>⚡️ Вибухи у місті. Деталі згодом.", "Терміново! Вибухи у місті.", "Деталі згодом."),
        ("Дніпро<br/>Унаслідок атаки загинули двоє людей.", "Дніпро. Унаслідок атаки загинули двоє людей.", ""),
        ("«Хліба не було»: як живе окуповане село", "«Хліба не було»: як живе окуповане село", ""),
        ("+1450 військових за добу втратила росія.", "+1450 військових за добу втратила росія.", ""),
        ("Тег &lt;b&gt; і стрілка &amp;lt; у тексті новини", "Тег <b> і стрілка &lt; у тексті новини", ""),
        ("Воду з 10 липня 2026 р. дають. Зранку.", "Воду з 10 липня 2026 р. дають.", "Зранку."),
    ],
)  # fmt: skip
def test_the_first_sentence_or_line_is_the_title(text: str, title: str, lead: str) -> None:
    report = one(text)

    assert (report.title, report.lead) == (title, lead)


def test_a_sentence_too_long_for_a_title_is_told_whole_in_the_lead() -> None:
    long = "Міст через Інгулець " + "знову " * 40 + "відкрито."

    report = one(long)

    assert report.title.endswith("знову…")
    assert len(report.title) <= 160
    assert report.lead == long


def test_a_channels_signature_is_not_told() -> None:
    report = one(
        '<a href="?q=%23%D0%9C%D1%96%D1%81%D1%82%D0%BE">#Місто</a><br/>Міст через Інгулець відкрито для руху.<br/>'
        'Так каже <a href="https://t.me/mer" target="_blank">@mer</a>.<br/><br/>👉 <a href="https://t.me/+abc">'
        '<b>Підписатися</b></a> | <a href="https://t.me/Misto_bot">Надіслати новину</a><br/>#війна @misto_news'
    )

    assert (report.title, report.lead) == ("Міст через Інгулець відкрито для руху.", "Так каже @mer.")


def test_a_post_that_is_only_a_link_to_a_post_is_told() -> None:
    assert one('<a href="https://t.me/other/7">Головне за день: міст і школа</a>').title.startswith("Головне за день")


def test_the_seeds_promo_is_recognised_in_a_post() -> None:
    report = one('Новини Донбасу в Telegram - лише найважливіше<br/><a href="https://t.me/x">@novosti</a>')

    assert kinds.kind(report.title, report.lead, report.url) == "promo"


def test_the_largest_photo_of_an_album_is_the_picture() -> None:
    album = (
        '<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap">'
        + photo("small", "left:0px;width:200px;height:150px;margin-right:2px")
        + photo("large", "left:202px;width:250px;height:300px")
        + photo("equal", "left:202px;width:300px;height:250px")
        + "</div>"
    )

    assert one("Міст відкрито для руху.", before=album).image == "https://cdn4.telesco.pe/file/large.jpg"


def test_a_video_has_a_still_and_its_length_is_no_date() -> None:
    video = (
        '<a class="tgme_widget_message_video_player" href="https://t.me/Misto_News/701"><i class="'
        'tgme_widget_message_video_thumb" style="background-image:url(\'https://cdn4.telesco.pe/file/still.jpg\')"></i>'
        '<time class="message_video_duration" datetime="2020-01-01T00:00:00Z">0:30</time></a>'
    )

    report = one("Міст відкрито для руху.", before=video)

    assert report.image == "https://cdn4.telesco.pe/file/still.jpg"
    assert report.published_at == datetime(2026, 2, 17, 15, 36, tzinfo=UTC)


def test_the_face_of_the_channel_is_not_the_posts_picture() -> None:
    assert one("Міст відкрито для руху.").image is None


def test_a_forward_names_where_it_came_from() -> None:
    forwarded = (
        '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;<a class="'
        'tgme_widget_message_forwarded_from_name" href="https://t.me/dsns"><span dir="auto">ДСНС &amp; рятувальники'
        "</span></a></div>"
    )

    assert one("Рятувальники загасили пожежу.", before=forwarded).author == "ДСНС & рятувальники"


def test_a_post_from_the_future_is_from_now() -> None:
    assert one("Міст відкрито для руху.", at="2026-02-19T15:36:00+00:00").published_at == NOW


@pytest.mark.parametrize(
    ("shown", "views"),
    [("401", 401), ("1.2K", 1200), ("12.75K", 12750), ("1.1M", 1_100_000), ("3K", 3000), ("", None), ("багато", None)],
)
def test_views_are_counted_as_exactly_as_they_are_shown(shown: str, views: int | None) -> None:
    (found,) = previews.posts(page(post("Міст відкрито.", views=shown)).encode(), HTML, NOW, KYIV)

    assert found.views == views


def test_links_in_a_post_are_kept_in_order_and_once() -> None:
    text = (
        '<a href="https://misto.ua/mist-71">Міст</a> відкрито, <a href="https://misto.ua/mist-71">деталі</a>. '
        '<a href="?q=%23mist">#міст</a> <a href="https://t.me/mer/5">Мер</a> <a href="javascript:alert(1)">ні</a>'
    )

    (found,) = previews.posts(page(post(text)).encode(), HTML, NOW, KYIV)

    assert found.links == ("https://misto.ua/mist-71", "https://t.me/mer/5")


def test_a_channel_that_is_private_or_absent_is_said_to_be_so() -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(CONTACT)

    assert refused.value.reason == "no_preview"


def test_a_channel_that_has_posted_nothing_yet_is_an_empty_feed() -> None:
    assert read(page('<div class="tme_no_messages_found">No posts yet</div>')).reports == ()


def test_the_page_before_is_asked_for_by_the_number_of_the_oldest_post() -> None:
    shown = page(OLDER, post("Міст відкрито.")).encode()

    assert previews.older(shown, URL) == previews.older(shown, f"{URL}?before=721") == f"{URL}?before=701"
    assert previews.older(page(post("Міст відкрито.")).encode(), URL) is None
    assert previews.older(b"", URL) is None


def test_a_link_in_a_post_does_not_lead_the_bot_to_another_channel() -> None:
    text = 'Читайте <a href="https://t.me/s/chuzhyi?before=5">тут</a> про міст'

    assert previews.older(page(post(text)).encode(), URL) is None


@pytest.mark.parametrize(
    "typed",
    [
        "@misto_news", " t.me/misto_news ", "https://t.me/misto_news/", "http://www.t.me/s/misto_news",
        "https://telegram.me/misto_news?before=7", "https://t.me/misto_news/701", "telegram.dog/misto_news",
        "tg://resolve?domain=misto_news", "tg:resolve?start=1&domain=misto_news&post=7", "misto_news.t.me",
        "https://t.me/s/misto_news?before=701",
    ],
)  # fmt: skip
def test_a_channel_is_known_however_it_is_written(typed: str) -> None:
    assert previews.address(typed) == URL


@pytest.mark.parametrize(
    "typed",
    [
        "misto_news", "@abc", "@7misto", "https://t.me/+AbCdEf", "https://t.me/joinchat/AbCdEf", "t.me/c/1234567/8",
        "https://t.me/addstickers/Cats", "https://t.me/share?url=x", "https://misto.ua/misto_news", "редакція@misto.ua",
        "https://not.me/misto_news", "https://t.me.evil.com/misto_news", "https://t.me/", "", "@misto news",
        "https://t.me/proxy?server=1.2.3.4", "tg://proxy?domain=misto_news",
    ],
)  # fmt: skip
def test_what_is_no_public_channel_has_no_preview(typed: str) -> None:
    assert previews.address(typed) is None


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_whatever_is_typed_gives_an_address_that_names_itself(typed: str) -> None:
    found = previews.address(typed)

    assert found is None or previews.address(found) == found


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_whatever_people_write_is_told_in_a_title_and_a_lead(text: str) -> None:
    (report,) = read(page(post("Новина дня така. " + escape(text)))).reports or [Report("")]

    assert 0 < len(report.title) <= 500
    assert len(report.lead) <= 2_000
    assert "\n" not in report.title + report.lead


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div>" * 100_000, "too_deep"),
        ("<div " + " ".join(f"a{number}=1" for number in range(50_000)) + ">", "too_many_attributes"),
        (page(post("а" * 1_100_000)), "too_big"),
        ("", "empty"),
        ('{"ok": false}', "no_preview"),
        ("\x00\x01<<<>>>&&&", "no_preview"),
    ],
    ids=["nested", "attributes", "big", "empty", "json", "garbage"],
)
def test_a_hostile_page_is_refused_with_a_reason(body: str, reason: str) -> None:
    with pytest.raises(UnreadableFeed) as refused:
        read(body)

    assert refused.value.reason == reason


def test_a_page_of_a_hundred_thousand_crumbs_is_read_in_time() -> None:
    many = "".join(f'<div class="tgme_widget_message" data-post="misto/{n}">' + "</div>" for n in range(9_000))
    long = post("<b>слово</b> <br/>" * 12_000)

    began = perf_counter()
    feeds = [read(page(many)), read(page(long))]

    assert perf_counter() - began < 2
    assert len(feeds[1].reports) == 1
