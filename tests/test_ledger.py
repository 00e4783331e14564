"""The ledger: every outgoing action with its cause, tries and outcome, in words; and nothing of a reader."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.delivery import ledger as words
from bot.delivery.recall import AT_ONCE, recall
from bot.newsroom import Newsroom
from bot.settings import Settings
from bot.wording import LANGUAGES, Wordings
from storage import channels, ledger, outbox, posts
from storage.database import Database, Transaction
from storage.ledger import NEWEST, Scope
from storage.model import Content, Entry, Parcel
from tests.conftest import KYIV, MINUTE, NOON

DESK = "-1001234567890"
NEWSROOM = Newsroom("Новини", "@nd", int(DESK), KYIV, "uk")
UK = Wordings(KYIV).of("uk")
OURS, ALL = Scope(DESK), Scope(DESK, readers=True)
CHANNEL = -1009876543210
SECOND = timedelta(seconds=1)
ROOT = Path(__file__).parents[1]
Step = Callable[[Transaction, int], Coroutine[Any, Any, object]]


async def put(db: Database, intent: str = "note:1", *steps: Step, chat: str = DESK, **more: Any) -> int:
    """A parcel, and what happened to it one after another; its id."""
    known: dict[str, Any] = {"method": "sendMessage", "payload": {"text": "Перший\nДругий"}, "priority": 2}
    async with db.transaction() as tx:
        assert await outbox.put(tx, Parcel(intent, chat, **({"due_at": NOON} | known | more)), NOON)
        parcel_id = int(await tx.value("SELECT id FROM outbox WHERE intent = ?", (intent,)))
        for step in steps:
            await step(tx, parcel_id)
    return parcel_id


def claimed(times: int = 1) -> Step:
    async def step(tx: Transaction, number: int) -> None:
        await tx.run(
            "UPDATE outbox SET state = 'claimed', claimed_at = ?, tries = tries + ? WHERE id = ?",
            (int(NOON.timestamp()), times, number),
        )

    return step


def sent(*messages: int, chat_id: int = CHANNEL) -> Step:
    async def step(tx: Transaction, number: int) -> None:
        await outbox.sent(tx, number, NOON + 4 * SECOND)
        for place, message in enumerate(messages, start=1):
            await outbox.record(tx, number, chat_id, message, "text", place, NOON + 4 * SECOND)

    return step


def wanted(**columns: Any) -> Step:
    """Wishes of the row, and what became of its message (`m_…`)."""

    async def step(tx: Transaction, number: int) -> None:
        for name, value in columns.items():
            of_message = name.startswith("m_")
            table, key = ("message", "outbox_id") if of_message else ("outbox", "id")
            await tx.run(f"UPDATE {table} SET {name.removeprefix('m_')} = ? WHERE {key} = ?", (value, number))

    return step


async def refused(tx: Transaction, number: int) -> None:
    await outbox.refused(tx, number, "Bad Request: message is too long", NOON + SECOND)


async def doubted(tx: Transaction, number: int) -> None:
    await outbox.doubted(tx, number, "Request timeout error")


async def postponed(tx: Transaction, number: int) -> None:
    await outbox.postponed(tx, number, "Too Many Requests: retry after 7")


async def dropped(tx: Transaction, number: int) -> None:
    await outbox.dropped(tx, number, "", NOON + SECOND)


async def asked(tx: Transaction, number: int) -> None:
    await outbox.asked(tx, number, NOON + 2 * MINUTE)


async def entries(db: Database, scope: Scope = ALL) -> list[Entry]:
    return await ledger.before(db.screens, scope, NEWEST, 100)


async def lines(db: Database, scope: Scope = ALL) -> list[str]:
    """The newest entry as a terminal shows it, without its indents."""
    told = words.lines((await entries(db, scope))[0], UK, NEWSROOM, NOON + 5 * MINUTE)
    return [line.strip() for line in told]


async def edition(db: Database) -> int:
    async with db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", NOON)
        return await tx.add(
            """INSERT INTO edition
                 (channel_id, rubric, local_date, wall_time, slot_at, from_at, until_at, state, made_at)
               VALUES (?, 'digest', '2024-11-23', '13:00', 0, 0, 0, 'out', 0)""",
            (channel.id,),
        )


async def post(db: Database, *texts: str) -> int:
    """Olena's post, each text a version."""
    async with db.transaction() as tx:
        channel = await channels.seed(tx, "@nd", "uk", NOON)
        await posts.remember_name(tx, 1001, "Олена", NOON)
        made = await posts.add(
            tx, channel_id=channel.id, state="draft", content=Content(texts[0]), editor=1001, now=NOON
        )
        for text in texts[1:]:
            await posts.put_version(tx, made.id, Content(text), 1001, NOON)
    return made.id


async def test_an_edition_says_its_slot_its_first_line_its_try_and_its_message(db: Database) -> None:
    payload = {"text": '<b><a href="https://nd.ua/1">Воду дали &amp; світло</a></b>\n\nЩе', "parse_mode": "HTML"}
    number = await edition(db)

    await put(db, "edition:1:2", claimed(2), sent(512), chat="@nd", payload=payload, edition_id=number, part=2)

    assert await lines(db) == [
        "2024-11-23 14:06:00  Дайджест на 13:00, частина 2 → @nd [edition:1:2]",
        "Воду дали & світло",
        "вийшло 14:06:04, з 2-ї спроби, повідомлення 512 https://t.me/nd/512",
    ]


async def test_a_post_is_told_by_the_words_it_went_out_with_and_by_who_made_it(db: Database) -> None:
    number = await post(db, "Було так\nі далі", "Стало інакше")

    await put(db, f"post:{number}:1", claimed(), sent(7), chat="@nd", post_id=number, priority=0)
    assert (await lines(db))[:2] == [
        f"2024-11-23 14:06:00  Допис (Олена), терміново → @nd [post:{number}:1]",
        "Було так",
    ]
    await put(db, f"card:{number}", claimed(), sent(8), post_id=number)
    assert (await lines(db))[:2] == [
        f"2024-11-23 14:06:00  Картка допису (Олена) → чат редакції [card:{number}]",
        "Стало інакше",
    ]


async def test_words_sealed_for_peoples_safety_are_not_told_again(db: Database) -> None:
    number = await post(db, "Ім’я й адреса")
    async with db.transaction() as tx:
        await tx.run("UPDATE post_version SET sealed = 1")

    await put(db, f"post:{number}:1", chat="@nd", post_id=number, payload={"text": "Ім’я й адреса"})

    assert "адреса" not in str(await entries(db))


async def test_a_note_says_what_it_is_about(db: Database) -> None:
    text = "📡 <b>Джерело мовчить: Наша</b>\n\nСайт не відповідає.\nАдреса: …"

    await put(db, "note:source:1:2", payload={"text": text, "parse_mode": "HTML"})

    assert (await lines(db))[1] == "📡 Джерело мовчить: Наша · Сайт не відповідає."


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ((), "чекає з 14:06:00"),
        ((claimed(),), "надсилається з 14:06:00"),
        ((claimed(3),), "надсилається з 14:06:00, з 3-ї спроби"),
        ((claimed(), sent()), "вийшло 14:06:04"),
        ((claimed(), sent(5, 6, 7, 8)), "вийшло 14:06:04, повідомлення 5, 6, 7… https://t.me/c/9876543210/5"),
        ((claimed(), postponed), "чекає з 14:06:00, спроб: 1: Too Many Requests: retry after 7"),
        ((claimed(), refused), "відмовлено 14:06:01, спроб: 1: Bad Request: message is too long"),
        ((claimed(), doubted), "надсилалося 14:06:00, невідомо, чи дійшло, спроб: 1: Request timeout error"),
        (
            (claimed(), doubted, asked),
            "надсилалося 14:06:00, невідомо, чи дійшло, спроб: 1, чекає слова редактора з 14:08:00: "
            "Request timeout error",
        ),
        ((asked,), "чекає з 14:06:00, чекає слова редактора з 14:08:00"),
        ((dropped,), "знято 14:06:01"),
        (
            (claimed(), sent(5), wanted(m_gone_at=int(NOON.timestamp()) + 60)),
            "вийшло 14:06:04, повідомлення 5, у чаті вже немає з 14:07:00",
        ),
    ],
)
async def test_an_outcome_says_when_and_why(db: Database, steps: tuple[Step, ...], outcome: str) -> None:
    await put(db, "note:1", *steps)

    assert (await lines(db))[2] == outcome


async def test_what_is_for_later_says_when_it_goes(db: Database) -> None:
    await put(db, "note:1", due_at=NOON + timedelta(days=1))

    assert (await lines(db))[2] == "вийде завтра 14:06:00"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"wanted_version": 3}, "правок ще не показано, чекає: 2"),
        ({"wanted_version": 3, "m_shown_version": 2}, "показує правку 1 із 2"),
        ({"wanted_version": 3, "m_shown_version": 3}, "показує останню правку, усього: 2"),
        (
            {"wanted_version": 3, "m_shown_version": 2, "m_tries": 4, "m_trouble": "Bad Request: BUTTON_DATA_INVALID"},
            "показує правку 1 із 2, спроб: 4: Bad Request: BUTTON_DATA_INVALID",
        ),
        ({"wanted_version": 2, "unwanted_at": 1}, "має зникнути з чату, але ще стоїть"),
    ],
)
async def test_a_message_behind_its_edits_says_how_far(db: Database, columns: dict[str, Any], said: str) -> None:
    await put(db, "card:1", claimed(), sent(5), wanted(**columns))

    assert (await lines(db))[-1] == said


async def test_a_message_nobody_changed_says_nothing_of_edits(db: Database) -> None:
    await put(db, "card:1", claimed(), sent(5))

    assert (await lines(db))[-1].startswith("вийшло")


@pytest.mark.parametrize(
    ("intent", "cause"),
    [
        ("note:few:1", "Нотатка"),
        ("board:12", "Дошка черги (/queue)"),
        ("late:1", "Перелік простроченого"),
        ("ask:12:1", "Запитання, чи дійшло"),
        ("alarm:right:@nd:1", "Тривога"),
        ("moved:-5:-1005", "Переїзд чату"),
        ("card:1", "Картка допису"),
        ("post:1:1", "Допис"),
        ("edition:1:1", "Інше (edition)"),
        ("weather:1", "Інше (weather)"),
    ],
)
async def test_each_cause_has_its_name(db: Database, intent: str, cause: str) -> None:
    await put(db, intent)

    assert (await lines(db))[0] == f"2024-11-23 14:06:00  {cause} → чат редакції [{intent}]"


@pytest.mark.parametrize(
    ("intent", "chat", "more", "cause"),
    [
        ("alert:2002:5:1", "2002", {"reader_id": 2002}, "Сповіщення читачеві"),
        ("answer:77", "2002", {"reader_id": 2002, "update_id": 77}, "Відповідь читачеві"),
        ("answer:77", "2002", {"update_id": 77}, "Відповідь читачеві"),
        ("answer:77", "-2002", {"update_id": 77}, "Відповідь у сторонній групі"),
        ("hello:2002", "2002", {}, "Сповіщення читачеві"),
    ],
)
async def test_nothing_of_a_reader_is_told(
    db: Database, intent: str, chat: str, more: dict[str, Any], cause: str
) -> None:
    await put(db, intent, claimed(), sent(512, chat_id=int(chat)), chat=chat, payload={"text": "Покровськ"}, **more)

    assert await lines(db) == [f"2024-11-23 14:06:00  {cause}", "вийшло 14:06:04"]
    assert not re.search("2002|77|512|Покровськ", str(replace((await entries(db))[0], id=0)))
    assert await entries(db, OURS) == []


async def test_an_answer_to_an_editor_is_the_newsrooms_own(db: Database) -> None:
    await put(db, "answer:77", claimed(), sent(9), update_id=77)

    assert (await lines(db, OURS))[0] == "2024-11-23 14:06:00  Відповідь редакторові → чат редакції [answer:77]"


async def test_a_channel_known_by_its_number_alone_is_called_so(db: Database) -> None:
    await put(db, "post:1:1", chat=str(CHANNEL))

    told = words.tell((await entries(db))[0], UK, replace(NEWSROOM, channel=str(CHANNEL)), NOON)

    assert told.chat == "канал"


async def test_trouble_is_what_somebody_may_have_to_do_something_about(db: Database) -> None:
    for intent, *steps in (
        ("note:well", claimed(), sent(1)),
        ("note:waits", wanted(reason=None)),
        ("note:dropped", dropped),
        ("note:doubt", claimed(), doubted),
        ("note:refused", claimed(), refused),
        ("note:postponed", claimed(), postponed),
        ("note:asked", asked),
        ("note:unedited", claimed(), sent(2), wanted(m_trouble="Bad Request")),
        ("note:gone", claimed(), sent(3), wanted(m_trouble="Bad Request", m_gone_at=1)),
    ):
        await put(db, str(intent), *steps)
    await put(db, "alert:1", claimed(), refused, chat="2002", reader_id=2002)

    found = await entries(db, Scope(DESK, troubles=True))

    assert [entry.intent for entry in found] == [
        "note:unedited", "note:asked", "note:postponed", "note:refused", "note:doubt",
    ]  # fmt: skip


async def test_the_ledger_is_read_in_both_directions(db: Database) -> None:
    ids = [await put(db, f"note:{number}") for number in range(9)]

    newest = await ledger.before(db.screens, OURS, NEWEST, 3)
    older = await ledger.before(db.screens, OURS, newest[-1].id, 3)
    newer = await ledger.after(db.screens, OURS, older[0].id, 3)

    assert [entry.id for entry in newest] == ids[:-4:-1]
    assert [entry.id for entry in older] == ids[5:2:-1]
    assert newer == newest[::-1]


async def test_states_are_counted_apart_for_readers(db: Database) -> None:
    await put(db, "note:1", claimed(), sent(1))
    await put(db, "note:2", claimed(), doubted)
    await put(db, "alert:1", claimed(), sent(2), chat="2002", reader_id=2002)

    assert await ledger.counts(db.screens, DESK) == ({"sent": 1, "doubt": 1}, {"sent": 1})
    assert await ledger.counts(db.screens, DESK, 1) == ({}, {"sent": 1})
    assert words.counted({"sent": 1, "doubt": 1}, UK) == "вийшло: 1 · невідомо, чи дійшло: 1"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_tells_every_entry(db: Database, language: str) -> None:
    wording = Wordings(KYIV).of(language)
    for number, steps in enumerate(((), (claimed(2), sent(1)), (claimed(), doubted, asked), (dropped,))):
        await put(db, f"note:{number}", *steps)

    for entry in await entries(db):
        assert all(line.strip() for line in words.lines(entry, wording, NEWSROOM, NOON))


async def heard(said: AsyncIterator[str]) -> list[str]:
    return [each async for each in said]


async def test_a_terminal_shows_the_newest_last_and_the_counts_below(db: Database) -> None:
    for number in range(AT_ONCE + 2):
        await put(db, f"note:{number}")
    await put(db, "alert:1", chat="2002", reader_id=2002)

    said = await heard(recall(db.screens, OURS, AT_ONCE + 1, UK, NEWSROOM, NOON))

    intents = re.findall(r"\[(.+)\]", "".join(said))
    assert intents == [f"note:{number}" for number in range(1, AT_ONCE + 2)]
    assert said[-2:] == [f"Канал і редакція — чекає: {AT_ONCE + 2}", "Читачі — чекає: 1 (показати: --all)"]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a command runs: no settings but the chats."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BOT_{name}".upper(), raising=False)
    monkeypatch.setenv("BOT_ADMIN_CHAT", DESK)
    monkeypatch.setenv("BOT_CHANNEL", "@novyny")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Shown = pytest.CaptureFixture[str]


def test_the_command_reads_while_the_bot_runs(folder: Path, capsys: Shown) -> None:
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(folder / "newsroom.db"))
        runner.run(put(db, "post:1:1", claimed(), sent(512), chat="@nd"))
        runner.run(put(db, "note:1", claimed(), doubted))

        statuses = [main(["outbox"]), main(["outbox", "--state", "sent", "--count", "1"])]

        runner.run(db.close())
    whole, _, only = capsys.readouterr().out.partition("Канал і редакція")
    assert statuses == [0, 0]
    assert re.findall(r"\[(.+)\]", whole) == ["post:1:1", "note:1"]
    assert re.findall(r"\[(.+)\]", only) == ["post:1:1"]


def test_the_command_follows_the_editors_to_their_new_group(folder: Path, capsys: Shown) -> None:
    async def fill() -> None:
        async with await Database.open(folder / "newsroom.db") as db:
            async with db.transaction() as tx:
                await channels.moved(tx, int(DESK), CHANNEL, NOON)
            await put(db, "answer:77", chat=str(CHANNEL), update_id=77)

    asyncio.run(fill())

    assert main(["outbox"]) == 0

    assert "Відповідь редакторові → чат редакції [answer:77]" in capsys.readouterr().out


def test_the_command_says_that_there_is_nothing(folder: Path, capsys: Shown) -> None:
    statuses = [main(["outbox"])]
    with asyncio.Runner() as runner:
        runner.run(runner.run(Database.open(folder / "newsroom.db")).close())
        statuses.append(main(["outbox"]))
        db = runner.run(Database.open(folder / "newsroom.db"))
        runner.run(put(db))
        runner.run(db.close())
    statuses.append(main(["outbox", "--state", "doubt"]))

    said = capsys.readouterr()
    assert statuses == [2, 0, 0]
    assert said.err == "Бази newsroom.db ще немає. Спершу зберіть новини: «python -m bot collect».\n"
    assert said.out.splitlines() == ["Бот ще нічого не надсилав.", "Такого немає.", "Канал і редакція — чекає: 1"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--state", "lost"], "Стану «lost» немає. Є waiting, claimed, sent, refused, doubt, dropped."),
        (["--count", "0"], "«0» — не кількість. Потрібне число від 1 до 1000000."),
        (["--count", "x"], "«x» — не кількість."),
    ],
)
def test_what_the_command_cannot_mean_is_said(option: list[str], said: str, folder: Path, capsys: Shown) -> None:
    assert main(["outbox", *option]) == 2

    assert said in capsys.readouterr().err


def test_who_has_seen_enough_sees_no_traceback(folder: Path) -> None:
    async def fill() -> None:
        async with await Database.open(folder / "newsroom.db") as db:
            for number in range(400):
                await put(db, f"note:{number}", payload={"text": "слово " * 20})

    asyncio.run(fill())

    answer = subprocess.run(  # noqa: S602 - our own program, and a pipe that closes early
        f"{sys.executable} -m bot outbox --count 400 | head -n 1",
        shell=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.endswith("[note:0]\n")
    assert answer.stderr == ""
