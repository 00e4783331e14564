"""What editors are told unasked reads like an editor's own sentence, once, and only where there is a desk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from bot import notes
from bot.editions.slots import Slot
from bot.intake.passes import Worry
from bot.judgement.changes import Edit
from bot.judgement.states import Conflict
from bot.newsroom import Newsroom
from bot.wording import Wordings
from storage.model import Item, Parcel, Source

NOON = datetime(2024, 11, 20, 12, 0, tzinfo=UTC)  # 14:00 in Kyiv
HOUR = timedelta(hours=1)
KYIV = ZoneInfo("Europe/Kyiv")
WORDINGS = Wordings(KYIV)
UK = WORDINGS.default
DESK = Newsroom("Новини Донбасу", "@nd", -1001, KYIV, "uk")
NOBODY = replace(DESK, admin_chat=None)
SLOT = Slot("digest", date(2024, 11, 20), time(13), NOON - HOUR)
ITEM = Item(
    7, 2, "news", "Ціна <5 & більше", "", "https://nd.ua/a?b=1&c=2", "uk", (), NOON, NOON, 1, "Наше", "nd", True
)  # fmt: skip
RIVAL = replace(ITEM, id=8, title="Інша ціна", url="", source="Інше <джерело>", published_at=NOON + HOUR)
TEXT = {"text": "<a href='x'>Воду &amp; світло</a>\n\nДалі", "parse_mode": "HTML"}
POST = Parcel("edition:1:1", "@nd", "sendMessage", TEXT, 1, NOON)
SOURCE = Source(
    3, "https://x.ua/rss?a=1&b=2", "Ікс & син", "feed", "x.ua", False, 1.0, None, None, None, "active", None, None,
    None, NOON, None, 3, "{}", NOON - HOUR,
)  # fmt: skip
CONFLICT = (Conflict(8, "Інше", "killed", 10, 7),)


def every(newsroom: Newsroom, wordings: str = "uk") -> dict[str, Parcel | None]:
    """One note of each kind."""
    say = WORDINGS.of(wordings)

    def worried(kind: Literal["errors", "rows", "empty", "silent"], words: str = "") -> Parcel | None:
        return notes.worry(say, newsroom, SOURCE, Worry(kind, NOON - HOUR, words), NOON)

    return {
        "too_few": notes.too_few(say, newsroom, SLOT, 2, 3, NOON),
        "unprintable": notes.unprintable(say, newsroom, SLOT, NOON),
        "refused": notes.refused(say, newsroom, POST, "message is <too> long", NOON),
        "outage": notes.outage(say, newsroom, NOON - 26 * HOUR, NOON),
        "source": worried("errors", "Сайт <не> відповідає."),
        "source.rows": worried("rows", "На сторінці немає <списку>."),
        "source.empty": worried("empty"),
        "source.silent": worried("silent"),
        "source.gone": notes.source_gone(say, newsroom, SOURCE, NOON),
        "source.moved": notes.source_moved(say, newsroom, SOURCE, "https://y.ua/rss?a=1&b=2", NOON),
        "source.zone": notes.source_zone(say, newsroom, SOURCE, "Europe/Kyiv", NOON),
        "source.zone.right": notes.source_zone_right(say, newsroom, SOURCE, NOON),
        "site_down": notes.site_down(say, newsroom, "https://x.ua/", NOON),
        "conflict": notes.conflict(say, newsroom, ITEM, RIVAL, CONFLICT, NOON),
        "edited": notes.edited(say, newsroom, ITEM, Edit("Ціна <4", "Ціна <5"), NOON),
        "returned": notes.returned(say, newsroom, ITEM, [], NOON),
        "returned.told": notes.returned(say, newsroom, ITEM, ["Дайджест на 13:00"], NOON),
        "withdrawn": notes.withdrawn(say, newsroom, ITEM, [], NOON),
        "withdrawn.told": notes.withdrawn(say, newsroom, ITEM, ["Дайджест на 13:00", "Дайджест на 18:00"], NOON),
    }


SAID = {
    "too_few": "ℹ️ Дайджест на 13:00 — цього разу без випуску: важливих новин 2, треба щонайменше 3. "
    "Вони перейдуть у наступний.",
    "unprintable": "⛔ Дайджест на 13:00 не складено: один рядок не вміщується в повідомлення. "
    "Скоротіть заголовок на сайті.",
    "refused": "⛔ <b>Telegram не прийняв допис</b>\n«Воду &amp; світло»\nПричина: message is &lt;too&gt; long",
    "outage": "🔌 Бот не працював: вт, 19 листопада о 12:00 — ср, 20 листопада о 14:00.",
    "source": "📡 <b>Джерело мовчить: Ікс &amp; син</b>\nСайт &lt;не&gt; відповідає. Відколи: 13:00.\n"
    "Адреса: https://x.ua/rss?a=1&amp;b=2\n"
    "Бот питатиме рідше, інші джерела працюють. Якщо адреса не відкривається й у вас, зачекайте; "
    "якщо сайт переїхав, замініть її в /sources.",
    "source.rows": "📭 <b>Список новин зник: Ікс &amp; син</b>\nНа сторінці немає &lt;списку&gt;. Так видно з 13:00.\n"
    "Адреса: https://x.ua/rss?a=1&amp;b=2\n"
    "Мабуть, сайт змінив вигляд. Відкрийте сторінку: якщо новини там є, відкрийте джерело в /sources "
    "і натисніть «📍 Де новини».",
    "source.empty": "📭 <b>Стрічка порожня: Ікс &amp; син</b>\n"
    "Сайт відповідає, але новин у стрічці немає; так видно з 13:00.\nАдреса: https://x.ua/rss?a=1&amp;b=2\n"
    "Відкрийте сайт: якщо новини там є, стрічка зламана або має іншу адресу.",
    "source.silent": "🔕 <b>Нічого нового: Ікс &amp; син</b>\n"
    "Останнє нове було 13:00 — це втричі довше, ніж між його новинами звичайно.\n"
    "Адреса: https://x.ua/rss?a=1&amp;b=2\n"
    "Відкрийте сайт: якщо новини там є, стрічка зламана або має іншу адресу.",
    "source.gone": "⏸ <b>Джерело закрито: Ікс &amp; син</b>\n"
    "Сайт відповів, що цієї адреси більше не буде (помилка 410). Бот її вже не питає.\n"
    "Адреса: https://x.ua/rss?a=1&amp;b=2\nЗнайдіть нову адресу й замініть її в /sources.",
    "source.moved": "➡️ <b>Джерело переїхало: Ікс &amp; син</b>\nБуло: https://x.ua/rss?a=1&amp;b=2\n"
    "Тепер: https://y.ua/rss?a=1&amp;b=2\nБот уже читає його там; робити нічого не треба.",
    "source.zone": "🕑 <b>Годинник джерела: Ікс &amp; син</b>\n"
    "Свій місцевий час воно підписує як UTC, тож новини приходили з майбутнього.\n"
    "Відтепер бот читає його дати за часом Europe/Kyiv; робити нічого не треба.",
    "conflict": "⚠️ <b>Джерела називають різні числа</b>\nЗагиблі: було 10, пізніше 7\n"
    'Спершу: <a href="https://nd.ua/a?b=1&amp;c=2">Ціна &lt;5 &amp; більше</a> (Наше, 14:00)\n'
    "Пізніше менше: Інша ціна (Інше &lt;джерело&gt;, 15:00)\n"
    "Бот лишає більше число. Перевірте; якщо правильне менше, виправте допис у каналі.",
    "edited": "✏️ <b>Змінилося на сайті після публікації</b>\nБуло: Ціна &lt;4\nСтало: Ціна &lt;5\n"
    '<a href="https://nd.ua/a?b=1&amp;c=2">Ціна &lt;5 &amp; більше</a> (Наше). '
    "Перевірте, чи треба виправити допис у каналі.",
    "source.zone.right": "🕑 <b>Годинник джерела виправлено: Ікс &amp; син</b>\n"
    "Свій час воно знову підписує правильно, тож бот його дат більше не змінює.\n"
    "Кілька останніх новин через це могли стати на дві–три години старшими, ніж вони є.",
    "site_down": "🕳 <b>Сторінок немає: https://x.ua/</b>\n"
    "Хоч яку статтю бот там відкриває, сайт відповідає, що її немає. Схоже на збій, тож бот нічого не відкликає.\n"
    "Якщо сайт справді щось зняв, зніміть це з черги самі. Коли сторінки з’являться, ця нотатка скаже.",
    "returned": "↩️ Новина, яку джерело відкликало, знову на сайті: "
    '<a href="https://nd.ua/a?b=1&amp;c=2">Ціна &lt;5 &amp; більше</a> (Наше). У випуски вона може потрапити.',
    "returned.told": "↩️ <b>Новина, яку джерело відкликало, знову на сайті</b>\n"
    '<a href="https://nd.ua/a?b=1&amp;c=2">Ціна &lt;5 &amp; більше</a> (Наше)\n'
    "Де вона виходила: Дайджест на 13:00. Якщо допис виправлено чи видалено, вирішіть, чи повернути.",
    "withdrawn": "🗑 Джерело відкликало: «Ціна &lt;5 &amp; більше» (Наше). У канал це не потрапило.",
    "withdrawn.told": "🛑 <b>Джерело відкликало те, що вже в каналі</b>\n«Ціна &lt;5 &amp; більше» (Наше)\n"
    "Де це вийшло: Дайджест на 13:00, Дайджест на 18:00. Виправте допис у каналі.",
}


@pytest.mark.parametrize("kind", SAID)
def test_a_note_says_what_happened_and_what_to_do(kind: str) -> None:
    note = every(DESK)[kind]

    assert note is not None
    assert note.payload["text"] == SAID[kind]
    assert (note.chat, note.method, note.due_at) == ("-1001", "sendMessage", NOON)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_note_is_whole_in_every_language(language: str) -> None:
    for kind, note in every(DESK, language).items():
        assert note is not None
        text = note.payload["text"]
        assert not re.search(r"[{}]|Markup|None", text), kind
        assert [tag for tag in re.findall(r"<[^>]*>", text) if tag not in {"<b>", "</b>", "</a>"}] == re.findall(
            r'<a href="[^"]*">', text
        )


def test_nothing_is_said_where_there_is_no_desk() -> None:
    assert set(every(NOBODY).values()) == {None}


def test_a_note_that_did_not_arrive_makes_no_other_note() -> None:
    note = notes.unprintable(UK, DESK, SLOT, NOON)
    assert note is not None

    assert notes.refused(UK, DESK, note, "too long", NOON) is None


def test_every_note_is_an_event_of_its_own_that_cannot_happen_twice() -> None:
    first, again = every(DESK), every(DESK)
    intents = [note.intent for note in first.values() if note]

    assert all(intent.startswith("note:") for intent in intents)
    assert intents == [note.intent for note in again.values() if note]
    assert len({*intents}) == len(SAID) - 2  # a report is taken back, or returns, once at a time, told or not


def test_what_needs_a_hand_rings_and_the_rest_is_silent() -> None:
    silent = {kind for kind, note in every(DESK).items() if note and note.payload["disable_notification"]}

    told = {"source", "source.rows", "source.empty", "source.silent", "source.moved", "source.zone"}
    told |= {"source.zone.right", "site_down"}
    assert silent == {"too_few", "outage", "withdrawn", "returned"} | told


def test_a_long_first_line_is_shortened_to_whole_words() -> None:
    long = replace(POST, payload={"text": "слово " * 60})
    note = notes.refused(UK, DESK, long, "too long", NOON)

    assert note is not None
    subject = note.payload["text"].splitlines()[1]
    assert len(subject) <= notes.SUBJECT_UNITS + 2
    assert subject.endswith("слово …»")


def test_an_alarm_that_lasted_into_another_day_names_both() -> None:
    told = notes.source_well(WORDINGS.of("uk"), SOURCE, NOON - 26 * HOUR, NOON)

    assert told.splitlines()[1] == "Тривога: вт, 19 листопада о 12:00. Усе гаразд ср, 20 листопада о 14:00."
