"""The command line: what it prints, in whose language, and how it refuses. Nothing ever shows a traceback."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot import arguments
from bot.__main__ import COMMANDS, main
from bot.desk import source_acts
from bot.intake import opml
from bot.playground import Telegram, serve
from bot.settings import Settings
from bot.wording import LANGUAGES, Wording
from storage import sources
from storage.database import Database
from tests.conftest import KYIV, NOON, put

ROOT = Path(__file__).parents[1]
ITEM = "<item><title>{0}</title><link>http://nd.ua/{1}</link><pubDate>Sat, 23 Nov 2024 12:0{1}:00 GMT</pubDate></item>"
FEED = "<rss version='2.0'><channel><title>Наша</title>{}</channel></rss>"
HEADLINES = ["У Покровську через обстріл загинули двоє людей", "У Краматорську відновили водопостачання"]


class Newspaper(BaseHTTPRequestHandler):
    """`/tagged` knows what was read already; `/feed` tells everything each time."""

    def do_GET(self) -> None:
        body = FEED.format("".join(ITEM.format(title, number) for number, title in enumerate(HEADLINES))).encode()
        known = self.path == "/tagged" and self.headers.get("If-None-Match") == '"1"'
        self.send_response(304 if known else 404 if self.path == "/gone" else 200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Nobody reads it."""


@pytest.fixture
def newspaper() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newspaper)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An empty folder, no settings; the log as it was afterwards."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BOT_{name}".upper(), raising=False)
    monkeypatch.setenv("BOT_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


Shown = pytest.CaptureFixture[str]


def test_a_pass_prints_what_came(newspaper: str, capsys: Shown) -> None:
    status = main(["collect", f"{newspaper}/feed"])

    said = capsys.readouterr()
    assert (status, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{newspaper}/feed: перше знайомство, це вже історія, а не новини: 2 нові, 0 змінених, 0 уже було.",
        f"  + 14:00 {HEADLINES[0]}",
        f"  + 14:01 {HEADLINES[1]}",
    ]


def test_a_second_pass_knows_the_first(newspaper: str, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SOURCES", f"{newspaper}/feed,{newspaper}/tagged")
    main(["collect"])
    capsys.readouterr()

    assert main(["collect"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        f"{newspaper}/feed: 0 нових, 0 змінених, 2 уже були.",
        f"{newspaper}/tagged: без змін.",
    ]


def test_a_pass_that_reads_nothing_fails(newspaper: str, capsys: Shown) -> None:
    assert main(["collect", f"{newspaper}/gone"]) == 1

    assert capsys.readouterr().out == f"{newspaper}/gone: не прочитано. Сайт відповів помилкою 404.\n"


def test_what_is_no_address_is_said_so(capsys: Shown) -> None:
    assert main(["collect", "file:///etc/passwd"]) == 1

    assert "Адреса має починатися з http:// або https://." in capsys.readouterr().out


def test_without_sources_there_is_nothing_to_collect(capsys: Shown, tmp_path: Path) -> None:
    assert main(["collect"]) == 2

    assert capsys.readouterr() == (
        "",
        "Джерел немає: назвіть адреси після «collect» або впишіть їх у BOT_SOURCES.\n",
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [["collect", "http://nd.ua/rss"], ["run"]])
def test_a_database_in_use_names_its_process(
    command: list[str], capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "42:TEST")
    monkeypatch.setenv("BOT_CHANNEL", "@novyny")
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(Path("newsroom.db")))
        status = main(command)
        runner.run(db.close())

    assert status == 2
    assert capsys.readouterr().err == (
        f"База newsroom.db зайнята: бот уже працює (процес {os.getpid()}). Спершу зупиніть його.\n"
    )


@pytest.mark.parametrize("command", [["collect", "http://nd.ua/rss"], ["preview", "digest"]])
def test_a_file_that_is_no_database(command: list[str], capsys: Shown) -> None:
    Path("newsroom.db").write_bytes(b"Lorem ipsum " * 500)

    assert main(command) == 2

    assert capsys.readouterr().err == (
        "Базу newsroom.db не вдається відкрити: file is not a database. Перевірте BOT_DATABASE і права на теку.\n"
    )


def test_a_preview_of_an_empty_file(capsys: Shown) -> None:
    Path("newsroom.db").touch()

    assert main(["preview", "digest"]) == 2

    assert capsys.readouterr().err.startswith("Базу newsroom.db не вдається відкрити: ")


def test_a_preview_before_the_first_pass(capsys: Shown, tmp_path: Path) -> None:
    assert main(["preview", "roundup"]) == 2

    assert capsys.readouterr().err == "Бази newsroom.db ще немає. Спершу зберіть новини: «python -m bot collect».\n"
    assert not list(tmp_path.iterdir())


async def fill() -> None:
    headlines = (
        "У Покровську через обстріл загинули двоє людей", "У Краматорську відновили водопостачання",
        "У Бахмуті знищено склад боєприпасів", "Аварія на шахті в Торецьку: шестеро поранених",
        "Слов’янськ лишився без світла після удару дронів", "На Харківщині евакуювали лікарню",
    )  # fmt: skip
    async with await Database.open(Path("newsroom.db")) as db:
        for number, headline in enumerate(headlines):
            await put(db, headline, NOON - timedelta(minutes=40 + number))


@pytest.mark.parametrize("rubric", ["digest", "roundup"])
@pytest.mark.parametrize("at", ["2024-11-23 14:06", "2024-11-23T12:06+00:00"])
def test_a_preview_shows_the_edition_and_writes_nothing(rubric: str, at: str, capsys: Shown) -> None:
    asyncio.run(fill())
    before = Path("newsroom.db").read_bytes()

    assert main(["preview", rubric, "--at", at]) == 0

    assert HEADLINES[0] in capsys.readouterr().out
    assert Path("newsroom.db").read_bytes() == before


def test_a_preview_of_a_poor_day_says_so(capsys: Shown) -> None:
    asyncio.run(fill())

    assert main(["preview", "digest", "--at", "2025-03-01T13:00"]) == 0

    assert capsys.readouterr().out.startswith("Випуску не було б: важливих новин 0, треба щонайменше ")


def test_a_preview_of_an_edition_that_nobody_wants(capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(fill())
    monkeypatch.setenv("BOT_DIGEST_TIMES", "none")

    assert main(["preview", "digest"]) == 0

    assert capsys.readouterr().out.startswith("Такого випуску редакція не замовляла")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["preview", "digest", "--at", "13 h"], "«13 h» — не мить. Пишіть у лапках дату й час, як-от «2026-11-23 13"),
        (["preview", "digest", "--at", "0001-01-01"], "«0001-01-01» — не мить."),
        (["demo", "--at", "9999-12-31T23:59"], "«9999-12-31T23:59» — не мить."),
        (["demo", "--port", "99999"], "«99999» — не порт. Потрібне число від 0 до 65535."),
        (["demo", "--port", "x"], "«x» — не порт."),
        (["preview", "weekly"], "Випуску «weekly» немає. Є digest (дайджест) і roundup («Головне за день»)."),
        (["preview"], "як писати: holovne preview [-h] [--at AT] digest|roundup\nНе зрозуміло: чогось бракує"),
        (["preview", "digest", "--att", "x"], "Не зрозуміло: чогось бракує або є зайве слово."),
        (["publish"], "Не зрозуміло: чогось бракує або є зайве слово. Довідка: holovne -h"),
        ([], "як писати: holovne [-h] КОМАНДА ...\nНе зрозуміло"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_in_plain_words(words: list[str], said: str, capsys: Shown) -> None:
    assert main(words) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "usage" not in shown.err


OPML = """<opml version="2.0"><body><outline text="Область">
<outline text="Місто" xmlUrl="https://misto.ua/rss"/><outline text="Таємне" xmlUrl="https://user:word@a.ua/rss"/>
</outline><outline text="Канал" xmlUrl="https://t.me/nd_news"/></body></opml>"""


def test_a_list_of_sources_is_taken_in_and_given_out(capsys: Shown) -> None:
    Path("list.opml").write_text(OPML, "utf-8")

    assert [main(["sources", "--import", "list.opml"]) for _ in range(2)] == [0, 0]
    assert capsys.readouterr().out.splitlines() == [
        "1. додано: Місто — https://misto.ua/rss",
        "2. не додано: Таємне — https://user:word@a.ua/rss: В адресі стоять ім’я чи пароль: таких бот не відкриває.",
        "3. додано: Канал — https://t.me/nd_news",
        "Додано: 2. Уже були: 0. Не додано: 1.",
        "1. уже є: Місто — https://misto.ua/rss",
        "2. не додано: Таємне — https://user:word@a.ua/rss: В адресі стоять ім’я чи пароль: таких бот не відкриває.",
        "3. уже є: Канал — https://t.me/nd_news",
        "Додано: 0. Уже були: 2. Не додано: 1.",
    ]

    assert [(became, who) for _, became, who in done_by_the_operator()] == [
        ("https://misto.ua/rss", "оператор"), ("https://t.me/s/nd_news", "оператор"),
    ]  # fmt: skip
    assert main(["sources", "--opml"]) == 0
    listed = opml.read(capsys.readouterr().out.encode())
    assert [(each.title, each.url, each.section) for each in listed] == [
        ("Канал", "https://t.me/s/nd_news", ""),
        ("Місто", "https://misto.ua/rss", "Область"),
    ]


def test_the_health_of_sources_is_told_while_the_bot_runs(newspaper: str, capsys: Shown) -> None:
    main(["collect", f"{newspaper}/feed", f"{newspaper}/gone"])
    capsys.readouterr()

    with asyncio.Runner() as runner:
        db = runner.run(Database.open(Path("newsroom.db")))
        status = main(["sources"])
        runner.run(db.close())

    told = capsys.readouterr().out.splitlines()
    assert status == 0
    assert told[0].startswith("✅ 1. Наша — останнє нове: ")
    assert told[1] == f"   {newspaper}/feed"
    assert told[2].startswith("⚠️ 2. 127.0.0.1 — не читається, відколи: ")
    assert told[3:] == [f"   {newspaper}/gone", "   Сайт відповів помилкою 404."]


def test_a_removed_source_is_not_collected_again_by_the_settings(
    newspaper: str, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_SOURCES", f"{newspaper}/feed,{newspaper}/tagged")
    main(["collect"])

    async def remove() -> None:
        async with await Database.open(Path("newsroom.db")) as db, db.transaction() as tx:
            await source_acts.change(tx, (await sources.all_of(tx))[0], "remove", "", 1001, NOON, Wording("uk", KYIV))

    asyncio.run(remove())
    capsys.readouterr()

    assert main(["collect"]) == 0
    assert capsys.readouterr().out == f"{newspaper}/tagged: без змін.\n"


def done_by_the_operator() -> list[tuple[str, str, str]]:
    """What the journal says of the sources: the act, what it gave, and whose hand it was."""

    async def read() -> list[tuple[str, str, str]]:
        async with await Database.look(Path("newsroom.db")) as db:
            rows = await db.slow.all(
                """SELECT act, became, editor.name FROM journal JOIN editor ON editor.id = actor
                    WHERE act LIKE 'source:%' ORDER BY journal.id"""
            )
            return [(row["act"], row["became"], row["name"]) for row in rows]

    return asyncio.run(read())


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newspaper of this machine may be asked."""
    monkeypatch.setenv("BOT_ALLOW_PRIVATE_ADDRESSES", "true")


@pytest.fixture
def known(blank: Path) -> None:
    """A newsroom that has one feed, and a site that sends by itself."""
    shutil.copyfile(blank, "newsroom.db")

    async def found() -> None:
        async with await Database.open(Path("newsroom.db")) as db, db.transaction() as tx:
            for url, kind in (("https://misto.ua/rss", "feed"), ("push:", "push")):
                await sources.put(tx, url=url, name="Місто", kind=kind, family="misto.ua", own=False, now=NOON)

    asyncio.run(found())


@pytest.mark.usefixtures("private")
def test_a_source_is_added_when_the_operator_has_seen_its_headlines(newspaper: str, capsys: Shown) -> None:
    assert main(["sources", "add", f"{newspaper}/feed", "--yes"]) == 0

    told = capsys.readouterr().out
    assert told.startswith(f"🔎 Наша\nСтрічка новин\n{newspaper}/feed\n")
    assert [line.rpartition(" о ")[2] for line in told.splitlines() if line.startswith("•")] == [
        f"14:01 {HEADLINES[1]}", f"14:00 {HEADLINES[0]}",
    ]  # fmt: skip
    assert "\nДодано. Те, що там уже є, — історія, а не новини\n\n⏳ 127.0.0.1\n" in told
    assert done_by_the_operator() == [("source:add", f"{newspaper}/feed", "оператор")]
    assert main(["sources", "add", f"{newspaper}/feed"]) == 0
    assert capsys.readouterr().out.startswith("Це джерело вже є.\n\n⏳ 127.0.0.1\n")


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("Так\n", 0, "Додано."),
        ("y\n", 0, "Додано."),
        ("н\n", 1, "Нічого не додано.\n"),
        ("\4", 1, "Нічого не додано.\n"),  # Ctrl+D
    ],
    ids=["так", "yes", "no", "end"],
)
def test_at_a_terminal_the_operator_is_asked(
    answer: str, status: int, said: str, newspaper: str, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard, terminal = os.openpty()
    os.write(keyboard, answer.encode())
    with os.fdopen(terminal, encoding="utf-8") as screen:
        monkeypatch.setattr(sys, "stdin", screen)
        assert main(["sources", "add", f"{newspaper}/feed"]) == status
    os.close(keyboard)

    assert f"{HEADLINES[0]}\nДодати? [т/н] {said}" in capsys.readouterr().out
    assert len(done_by_the_operator()) == (status == 0)


@pytest.mark.usefixtures("private")
def test_where_nobody_sits_nothing_is_added_unasked(
    newspaper: str, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        statuses = [main(["sources", "add", f"{newspaper}/{page}"]) for page in ("feed", "gone")]

    assert statuses == [1, 1]
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Нічого не додано. Щоб додати без запитання, допишіть --yes.",
        "Прочитати новини за цією адресою не вдалося. Сайт відповів помилкою 404.",
    ]
    assert done_by_the_operator() == []


@pytest.mark.usefixtures("private", "known")
def test_the_operator_does_with_sources_what_editors_do_in_the_chat(newspaper: str, capsys: Shown) -> None:
    orders = (
        "pause 1", "resume 1", "rename 1 Наше місто", "section 1 Уся область", "weight 1 1,5", "language 1 ru",
        "zone 1 Europe/Warsaw", f"address 1 {newspaper}/feed",
    )  # fmt: skip

    assert [main(["sources", *order.split()]) for order in orders] == [0] * len(orders)

    told = capsys.readouterr().out
    words = ("На паузі", "Увімкнено.", "👌 Назву", "👌 Розділ", "Вагу", "Мову", "👌 Часовий пояс", "👌 Адресу")
    places = [told.find(each) for each in words]
    assert places == sorted(places)
    assert told.rpartition("👌 Адресу змінено.\n\n")[2].splitlines()[:5] == [
        "⏳ Наше місто",
        f"{newspaper}/feed",
        "Стрічка новин",
        "Вага: 1,5 · мова: російська · розділ: Уся область",
        "Часовий пояс: Europe/Warsaw",
    ]
    assert main(["sources", "remove", "1"]) == 0
    assert capsys.readouterr().out == (
        f"Прибрано: Наше місто — {newspaper}/feed. Новини, що вже надійшли, лишаються.\n"
    )
    assert {who for _, _, who in done_by_the_operator()} == {"оператор"}
    assert [act for act, _, _ in done_by_the_operator()] == [
        "source:pause", "source:wake", "source:name", "source:section", "source:weigh", "source:speak", "source:zone",
        "source:address", "source:remove",
    ]  # fmt: skip


@pytest.mark.usefixtures("private", "known")
def test_two_sources_never_have_one_address(newspaper: str, capsys: Shown) -> None:
    main(["sources", "add", f"{newspaper}/feed", "--yes"])
    capsys.readouterr()

    assert main(["sources", "address", "1", f"{newspaper}/feed"]) == 1

    assert capsys.readouterr().out == "Цю адресу вже має інше джерело.\n"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pause 3", "Джерела з номером 3 немає. Номери стоять у списку: «python -m bot sources»."),
        ("pause 0", "Джерела з номером 0 немає."),
        ("pause -1", "«-1» — не номер джерела."),
        ("remove Місто", "«Місто» — не номер джерела."),
        ("pause 2", "Місто: новини надходять звідти самі"),
        ("zone 1 Kyiv", "Такого часового поясу немає: Kyiv. Напишіть, наприклад, Europe/Kyiv; тире — як у редакції."),
        ("weight 1 3", "Такої ваги немає: 3. Можна 0,5, 1, 1,5 або 2."),
        ("language 1 pl", "Такої мови немає: pl. Можна uk, ru або en; тире — як у джерелі."),
        ("address 1 місто", "Це не адреса. Напишіть, наприклад, novosti.dn.ua або @DeepStateUA."),
        ("rename 1", "як писати: holovne sources rename [-h] N NAME [NAME ...]\nНе зрозуміло"),
        ("publish 1", "Не зрозуміло: чогось бракує або є зайве слово. Довідка: holovne sources -h"),
        ("--opml pause 1", "Не зрозуміло: чогось бракує або є зайве слово. Довідка: holovne sources -h"),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused_in_plain_words(words: str, said: str, capsys: Shown) -> None:
    assert main(["sources", *words.split()]) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert done_by_the_operator() == []


@pytest.mark.usefixtures("known")
def test_a_name_in_a_broken_encoding_is_mended() -> None:
    assert main(["sources", "rename", "1", "Місто\udcff"]) == 0

    assert done_by_the_operator() == [("source:name", "Місто?", "оператор")]


def test_an_order_before_the_first_pass(capsys: Shown, tmp_path: Path) -> None:
    statuses = [main(["sources", *order]) for order in (["pause", "1"], ["add", "привіт"])]

    assert statuses == [2, 2]
    assert capsys.readouterr().err.splitlines() == [
        "Бази newsroom.db ще немає. Спершу зберіть новини: «python -m bot collect».",
        "Це не адреса. Напишіть, наприклад, novosti.dn.ua або @DeepStateUA.",
    ]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("order", [["pause", "1"], ["add", "https://misto.ua/rss", "--yes"]], ids=["pause", "add"])
def test_while_the_bot_runs_orders_are_given_in_the_chat(order: list[str], capsys: Shown) -> None:
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(Path("newsroom.db")))
        status = main(["sources", *order])
        runner.run(db.close())

    assert status == 2
    assert capsys.readouterr().err == (
        f"База newsroom.db зайнята: бот працює (процес {os.getpid()}). "
        "Поки він працює, змінюйте джерела в чаті редакції командою /sources.\n"
    )


def test_without_sources_their_list_says_so(capsys: Shown) -> None:
    asyncio.run(fill_nothing())

    assert main(["sources"]) == 0

    assert capsys.readouterr().out == "Джерел ще немає.\n"


async def fill_nothing() -> None:
    async with await Database.open(Path("newsroom.db")):
        """An empty newsroom."""


def test_a_list_is_not_taken_in_while_the_bot_runs(capsys: Shown) -> None:
    Path("list.opml").write_text(OPML, "utf-8")
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(Path("newsroom.db")))
        status = main(["sources", "--import", "list.opml"])
        runner.run(db.close())

    assert status == 2
    assert f"процес {os.getpid()}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "Файл list.opml не прочитано: No such file or directory"),
        ("<html></html>", "Файл list.opml не прочитано: Це не OPML: списку стрічок у файлі немає."),
    ],
)
def test_a_list_that_is_none_is_refused(written: str | None, said: str, capsys: Shown, tmp_path: Path) -> None:
    if written is not None:
        Path("list.opml").write_text(written, "utf-8")

    assert main(["sources", "--import", "list.opml"]) == 2

    assert capsys.readouterr().err.strip() == said
    assert not (tmp_path / "newsroom.db").exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words", [[], *([name] for name in COMMANDS), *(["sources", name] for name in arguments.SOURCE_ACTS)]
)
def test_help_speaks_one_language(
    language: str, words: list[str], capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_LANGUAGE", language)

    with pytest.raises(SystemExit) as end:
        main([*words, "--help"])

    shown = capsys.readouterr().out
    assert end.value.code == 0
    foreign = ("usage:", "options:", "positional", "show this help")
    assert language == "en" or not any(word in shown for word in foreign)


def test_help_lists_every_command(capsys: Shown) -> None:
    with pytest.raises(SystemExit):
        main(["-h"])

    shown = capsys.readouterr().out
    assert set(COMMANDS) == set(arguments.COMMANDS)
    assert all(f"    {name} " in shown for name in COMMANDS)


def test_the_language_may_stand_in_env_file(capsys: Shown) -> None:
    Path(".env").write_text("BOT_LANGUAGE=ru\nBOT_CHANNEL=novyny\n", "utf-8")

    assert main(["collect"]) == 2

    assert capsys.readouterr().err.startswith("BOT_CHANNEL: так нельзя. ")


def test_every_fault_of_the_settings_is_named(capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_LANGUAGE", "be")
    monkeypatch.setenv("BOT_CHANNEL", "novyny")
    monkeypatch.setenv("BOT_DIGEST_SIZE", "багато")

    statuses = [main(words) for words in (["run"], ["check"], ["collect"], ["preview", "digest"])]

    lines = capsys.readouterr().err.splitlines()
    assert statuses == [2, 2, 2, 2]
    assert sorted(lines[:3]) == [
        "BOT_CHANNEL: так не можна. Впишіть @назву каналу або його номер, що починається з -100.",
        "BOT_DIGEST_SIZE: так не можна. Потрібне ціле число в межах, названих у .env.example.",
        "BOT_LANGUAGE: так не можна. Можна uk, ru або en.",
    ]
    assert lines[:3] * 4 == lines


def test_settings_that_are_not_text(capsys: Shown) -> None:
    Path(".env").write_bytes("BOT_NAME=Новини".encode("cp1251"))

    assert main(["collect"]) == 2

    assert capsys.readouterr().err == ".env: так не можна. Збережіть файл у кодуванні UTF-8.\n"


def test_the_bot_does_not_start_without_its_token_and_channel(capsys: Shown, tmp_path: Path) -> None:
    assert main(["run"]) == 2

    assert capsys.readouterr() == (
        "",
        "BOT_TOKEN не задано. Впишіть токен від @BotFather, наприклад 123456789:AAE… .\n"
        "BOT_CHANNEL не задано. Впишіть @назву каналу або його номер, що починається з -100.\n",
    )
    assert not list(tmp_path.iterdir())


def test_a_port_in_use_is_named(capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for name, value in {"TOKEN": "42:TEST", "CHANNEL": "@novyny", "PUSH_TOKEN": "cms", "HTTP_PORT": port}.items():
            monkeypatch.setenv(f"BOT_{name}", str(value))

        assert main(["run"]) == 2

    assert capsys.readouterr().err.startswith(f"Адресу 127.0.0.1:{port} не вдається відкрити: ")


async def test_check_ends_well(capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = Telegram()
    account = telegram.bot("42:TEST")
    telegram.channel(username="novyny", admins=[account])
    async with serve(telegram) as server:
        for name, value in {"TOKEN": "42:TEST", "CHANNEL": "@novyny", "API_URL": server.url}.items():
            monkeypatch.setenv(f"BOT_{name}", value)
        status = await asyncio.to_thread(main, ["check"])

    assert status == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Усе готово: можна запускати «python -m bot run»."


def test_check_ends_badly(newspaper: str, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SOURCES", f"{newspaper}/gone")

    assert main(["check"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("✗ BOT_TOKEN не задано.")
    assert lines[-2:] == [
        f"✗ Джерело {newspaper}/gone: Сайт відповів помилкою 404.",
        "Є що виправити: рядки з позначкою ✗.",
    ]


def test_what_needs_no_telegram_does_not_load_it(newspaper: str) -> None:
    program = (
        "import sys; from bot.__main__ import main\n"
        f"assert main(['collect', '{newspaper}/feed']) == 0\n"
        "assert main(['preview', 'digest']) == 0\n"
        "assert main(['outbox']) == 0\n"
        "assert main(['sources', 'pause', '1']) == 0\n"
        "print({'aiogram', 'bot.playground'} & set(sys.modules))"
    )

    answer = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.splitlines()[-1] == "set()"
    assert answer.stderr == ""
