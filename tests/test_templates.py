"""Templates belong to the newsroom: what they may say, what they must, and that no error of theirs stops an edition."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.__main__ import main
from bot.delivery.markup import read
from bot.editions import programs
from bot.editions.forms import LONGEST_BYTES, NAMES, Forms, built_in
from bot.editions.hand_out import hand_out
from bot.editions.press import print_sheet
from bot.editions.program import House
from bot.editions.proofread import files, proofread_due
from bot.editions.publish import publish_due
from bot.editions.rubrics import digest, rubric
from bot.editions.tongue import UnusableForm
from bot.editions.trial import samples, tried
from bot.newsroom import Newsroom
from bot.playground.world import World
from bot.wording import LANGUAGES, Wordings
from storage import channels
from storage.database import Database
from tests.conftest import KYIV, NOON, put
from tests.test_press import DIGEST, choice
from tests.test_publish import TASTE
from tests.truth import PARSER
from tests.truth import read as telegrams

HOUR = timedelta(hours=1)
NEWSROOM = Newsroom("Новини Донбасу", "@nd", -100, KYIV, "uk")
WORDINGS = Wordings(KYIV)
UK = WORDINGS.default
OWN = """{# наш #}
{% macro head(edition) %}<b>Коротко</b>{% endmacro %}
{% macro tail(edition) %}{{ edition.wall_time }} · @nd{% endmacro %}
{% macro entry(line) %}
• <a href="{{ line.url }}">{{ line.headline }}</a>{{ " — " ~ line.source if line.source }} <i>{{ line.update }}</i>
{% endmacro %}
"""
BROKEN = OWN.replace("edition.wall_time", "edition.wal_time")
ON_SOME = OWN.replace(
    "{% endmacro %}\n{% macro entry", '{% if edition.wall_time == "18:00" %}{{ say.html("no.key") }}{% endif %}'
    "{% endmacro %}\n{% macro entry"
)  # fmt: skip


def with_head(text: str) -> str:
    return f"{{% macro head(edition) %}}\n{text}\n{{% endmacro %}}{{% macro tail(edition) %}}{{% endmacro %}}"


def fault_of(text: str, name: str = "digest.html.j2") -> UnusableForm:
    [fault] = tried({name: text}, samples(NOON), UK, NEWSROOM)[1]
    assert fault.name == name
    return fault


class Newsdesk:
    """A newsroom with a folder of templates, which publishes when a test says so."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.folder = folder
        rubrics = (digest([time(13), time(18)], 5),)
        self.house = House(NEWSROOM, WORDINGS, TASTE, rubrics, HOUR, templates=folder)

    def write(self, text: str, name: str = "digest.html.j2") -> None:
        (self.folder / name).write_text(text, "utf-8")

    async def ring(self, now: datetime) -> None:
        await proofread_due(self.db, self.folder, await programs.every(self.db.screens, self.house), now)
        await publish_due(self.db, await programs.every(self.db.screens, self.house), lambda: now)

    async def texts(self, chat: str) -> list[str]:
        rows = await self.db.screens.all(
            "SELECT payload_json ->> 'text' AS text FROM outbox WHERE chat = ? ORDER BY id", (chat,)
        )
        return [row["text"] for row in rows]


@pytest.fixture
async def newsdesk(db: Database, tmp_path: Path) -> Newsdesk:
    folder = tmp_path / "templates"
    folder.mkdir()
    async with db.transaction() as tx:
        await channels.seed(tx, "@nd", "uk", at(6))
    return Newsdesk(db, folder)


def at(hour: int, minute: int = 0) -> datetime:
    """Kyiv's wall time on the day of the tests."""
    return datetime(2024, 11, 23, hour, minute, tzinfo=KYIV).astimezone(UTC)


async def news(db: Database, now: datetime, *titles: str) -> None:
    for title in titles:
        await put(db, title, now)


TITLES = ("Рада ухвалила бюджет на рік", "У Краматорську повернули воду", "Кабмін змінив правила виплат")
LATER = (
    "Верховна Рада проголосувала за ліквідацію МСЕК",
    "Росіяни захопили ще одне село на Донеччині — DeepState",
    "США передадуть Україні протипіхотні міни",
)


# What a template may say


@pytest.mark.parametrize(
    ("text", "key", "word"),
    [
        ("{{ edition.__class__ }}", "field", "edition.__class__"),
        ("{{ ''.__class__.__mro__ }}", "field", "__mro__"),
        ("{{ edition.titel }}", "field", "edition.titel"),
        ("{{ say.zone }}", "name", "say"),
        ("{{ edition }}", "name", "edition"),
        ("{{ cycler }}", "name", "cycler"),
        ("{{ edition.title | safe }}", "filter", "safe"),
        ("{{ '%999999999d' | format(1) }}", "filter", "format"),
        ("{% autoescape false %}x{% endautoescape %}", "part", "Scope"),
        ("{% for i in range(10) %}x{% endfor %}", "part", "For"),
        ("{% set x = edition.title %}", "part", "Assign"),
        ("{% include '/etc/passwd' %}", "part", "Include"),
        ("{% import 'line.html.j2' as other %}", "part", "Import"),
        ("{{ 'x' * 1000000000 }}", "part", "Mul"),
        ("{{ 9 ** 9 ** 9 }}", "part", "Pow"),
        ("{{ head(edition) }}", "part", "Call"),
        ("{{ edition['title'] }}", "part", "Getitem"),
        ("{{ say.html(edition.title) }}", "part", "Call"),
        ("{{ say.html('digest.tail', **edition) }}", "part", "Call"),
        ("{{ say.html('no.key') }}", "stumbled", ""),
        ("{{ edition.title | length > 'a' }}", "stumbled", ""),
        ("{% if %}", "syntax", ""),
        ("<div>Коротко</div>", "markup", "<div>"),
        ("<b>Коротко", "markup", ""),
        ("<a href=https://nd.ua>Коротко</a>", "markup", "<a href="),
        ("5 < 6", "markup", "< 6"),
        ("</b>", "markup", ""),
    ],
)
def test_what_a_template_may_not_say_is_told_with_its_line(text: str, key: str, word: str) -> None:
    fault = fault_of(with_head(text))

    assert (fault.key, fault.line) == (key, 0 if key == "markup" or word == "Scope" else 2)
    assert word in fault.word


@pytest.mark.parametrize(
    "text",
    [
        "{{" + "(" * 5_000 + "1" + ")" * 5_000 + "}}",
        "{% if 1 %}" * 90 + "{% endif %}" * 90,
        "{% if " + "not " * 4_000 + "1 %}{% endif %}",
    ],
    ids=["brackets", "blocks", "nots"],
)
def test_what_is_nested_without_end_is_refused(text: str) -> None:
    assert fault_of(with_head(text)).key in ("deep", "syntax")


@pytest.mark.parametrize(
    ("text", "name", "fault"),
    [
        ("{% macro head(edition) %}{% endmacro %}", "digest.html.j2", ("lacks", "tail")),
        (OWN + "Хвіст поза макросом", "digest.html.j2", ("outside", "")),
        (OWN + "{% macro foot(edition) %}{% endmacro %}", "digest.html.j2", ("macro", "foot")),
        (OWN.replace("— ", "").replace("line.source if", "'' if"), "digest.html.j2", ("untold", "line.source")),
        (OWN.replace("<i>{{ line.update }}</i>", ""), "digest.html.j2", ("untold", "line.update")),
        (OWN.replace("{{ line.url }}", "https://nd.ua"), "digest.html.j2", ("untold", "line.url")),
        (OWN.replace("{{ line.headline }}</a>", "</a>{{ line.headline }}"), "digest.html.j2", ("untold", "line.url")),
        (OWN.replace("Коротко", "<u>" * 30 + "а" + "</u>" * 30 + "б" * 4_000), "digest.html.j2", ("long", "")),
        (with_head("Підсумок"), "roundup.html.j2", ("untold", "edition.title")),
        ("", "line.html.j2", ("lacks", "entry")),
    ],
)
def test_what_a_reader_must_be_told_may_not_be_left_out(text: str, name: str, fault: tuple[str, str]) -> None:
    found = fault_of(text, name)

    assert (found.key, found.word if fault[1] else "") == fault


def test_the_built_in_templates_may_all_be_copied_and_used() -> None:
    for language in LANGUAGES:
        forms, faults = tried({name: built_in(name) for name in NAMES}, samples(NOON), WORDINGS.of(language), NEWSROOM)

        assert not faults
        assert len(forms.own) == len(NAMES)


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_whatever_comes_from_outside_is_text_in_an_own_template(headline: str) -> None:
    forms = Forms((("digest.html.j2", OWN),))

    sheet = print_sheet(
        rubric("digest", [time(18)]), [choice(headline, url='https://nd.ua/?a="><b>')], UK, NEWSROOM,
        slot=DIGEST, forms=forms,
    )  # fmt: skip

    text, entities = read(sheet.parts[0].text)
    assert " ".join(headline.split()) in " ".join(text.split())
    assert [each["url"] for each in entities if each["type"] == "text_link"] == ['https://nd.ua/?a="><b>']


PIECES = st.lists(
    st.sampled_from([
        "<b>", "</b>", "<B>", "<i >", "</i>", "<", ">", "&", "&amp;", "&nbsp;", "<b/>", "<br>", "<!-- x -->", "5 < 6",
        "</ b>", '<a href="https://nd.ua">', "<a href=https://nd.ua>", "<a href='https://nd.ua'>", "</a>", '<a href="',
        '">', "\n", "<blockquote expandable>", "</blockquote>", '<code class="language-x">', "</code>", "<tg-spoiler>",
        '<span class="tg-spoiler">', "</span>", "</tg-spoiler>", "<pre>", "</pre>", "<u", "<?", "<u\tx>", "</u>",
    ]),
    max_size=7,
)  # fmt: skip


@pytest.mark.skipif(PARSER is None, reason="tdjson is not installed")
@settings(max_examples=40, deadline=None)
@given(PIECES)
def test_what_the_check_lets_through_telegram_reads(pieces: list[str]) -> None:
    own = OWN.replace("Коротко</b>", "Коротко</b>" + "{#-#}".join(pieces))
    try:
        sheet = print_sheet(
            rubric("digest", [time(18)]), [choice("Воду повернули")], UK, NEWSROOM,
            slot=DIGEST, forms=Forms((("digest.html.j2", own),)),
        )  # fmt: skip
    except UnusableForm:
        return

    assert not isinstance(there := telegrams(str(sheet.parts[0].text), "html", World()), str), there


# The folder


def test_copies_never_overwrite_what_the_newsroom_changed(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "templates"
    assert {what for _, what in hand_out(folder)} == {"written"}
    (folder / "digest.html.j2").write_text(OWN, "utf-8")

    told = dict(hand_out(folder))

    assert {name for name, what in told.items() if what == "kept"} == {"digest.html.j2"}
    assert (folder / "digest.html.j2").read_text("utf-8") == OWN


def test_a_channel_has_its_own_folder_and_nothing_outside_is_read(tmp_path: Path) -> None:
    folder, secret = tmp_path / "templates", tmp_path / "secret"
    (folder / "ND").mkdir(parents=True)
    secret.write_text(OWN, "utf-8")
    (folder / "digest.html.j2").write_text("угорі", "utf-8")
    (folder / "ND" / "digest.html.j2").write_text("у каналу", "utf-8")
    (folder / "roundup.html.j2").symlink_to(secret)
    (folder / "weekly.html.j2").write_bytes(b"x" * (LONGEST_BYTES + 1))
    (folder / "line.html.j2").write_bytes(b"\xff\xfe")
    (folder / "reads.html.j2").mkdir()

    mine, theirs = files(folder, "@nd"), files(folder, "-1001234567890")

    assert (mine["digest.html.j2"].text, theirs["digest.html.j2"].text) == ("у каналу", "угорі")
    faults = {name: each.fault.key for name, each in mine.items() if each.fault is not None}
    assert faults == {
        "roundup.html.j2": "elsewhere",
        "weekly.html.j2": "big",
        "line.html.j2": "unread",
        "reads.html.j2": "elsewhere",
    }
    assert files(tmp_path / "absent", "@nd") == {}


# While the bot runs


async def test_an_edition_is_set_with_the_newsrooms_own_template(newsdesk: Newsdesk) -> None:
    newsdesk.write(OWN)
    await news(newsdesk.db, at(12, 30), *TITLES)

    await newsdesk.ring(at(13))

    [post] = await newsdesk.texts("@nd")
    assert post.startswith('<b>Коротко</b>\n\n• <a href="https://own.ua/')
    assert post.endswith("13:00 · @nd")
    assert await newsdesk.texts("-100") == []


async def test_a_broken_template_stops_nothing_and_is_told_once(newsdesk: Newsdesk) -> None:
    newsdesk.write(BROKEN)
    await news(newsdesk.db, at(12, 30), *TITLES)

    await newsdesk.ring(at(13))
    await newsdesk.ring(at(13, 1))
    newsdesk.write(BROKEN + "\n")  # another file, the same fault
    await newsdesk.ring(at(13, 2))

    [post] = await newsdesk.texts("@nd")
    assert post.endswith("Лише найважливіше на 13:00")
    [note] = await newsdesk.texts("-100")
    assert "digest.html.j2" in note
    assert "рядок 3: поля «edition.wal_time» немає" in note


async def test_a_mended_template_is_used_again_and_that_is_told(newsdesk: Newsdesk) -> None:
    newsdesk.write(BROKEN)
    await newsdesk.ring(at(12))
    newsdesk.write(OWN)
    await news(newsdesk.db, at(12, 30), *TITLES)

    await newsdesk.ring(at(13))

    [post] = await newsdesk.texts("@nd")
    assert post.startswith("<b>Коротко</b>")
    assert [note.split("\n")[0] for note in await newsdesk.texts("-100")] == [
        "⚠️ <b>Шаблон digest.html.j2 не діє</b>",
        "✅ Шаблон digest.html.j2 знову діє (@nd).",
    ]


async def test_a_template_that_fails_at_the_slot_itself_leaves_the_edition_whole(newsdesk: Newsdesk) -> None:
    newsdesk.write(ON_SOME)
    await news(newsdesk.db, at(12, 30), *TITLES)
    await newsdesk.ring(at(13))
    await news(newsdesk.db, at(17, 30), *LATER)

    await newsdesk.ring(at(18))
    await newsdesk.ring(at(18, 1))

    early, late = await newsdesk.texts("@nd")
    assert early.startswith("<b>Коротко</b>")
    assert late.endswith("Лише найважливіше на 18:00")
    assert late.count("<a ") == 3
    [note] = await newsdesk.texts("-100")
    assert "рядок 3: не складається" in note


async def test_a_new_template_is_tried_on_every_edition_of_the_last_week(newsdesk: Newsdesk) -> None:
    await news(newsdesk.db, at(17, 30), *LATER)
    await newsdesk.ring(at(18))
    async with newsdesk.db.transaction() as tx:
        await tx.run("UPDATE edition SET state = 'out' WHERE state = 'approved'")

    newsdesk.write(ON_SOME)
    await newsdesk.ring(at(18, 5))

    row = await newsdesk.db.screens.one("SELECT fault_json FROM template")
    assert row is not None
    assert json.loads(row["fault_json"])["key"] == "stumbled"


async def test_a_file_that_is_taken_away_gives_the_built_in_one_back(newsdesk: Newsdesk) -> None:
    newsdesk.write(OWN)
    await newsdesk.ring(at(12))
    (newsdesk.folder / "digest.html.j2").unlink()
    await news(newsdesk.db, at(12, 30), *TITLES)

    await newsdesk.ring(at(13))

    [post] = await newsdesk.texts("@nd")
    assert post.endswith("Лише найважливіше на 13:00")


# The command line


def test_the_command_copies_checks_and_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "templates"
    monkeypatch.chdir(tmp_path)
    for name, value in {"BOT_CHANNEL": "@novosti_dn", "BOT_TEMPLATES": str(folder), "BOT_DATABASE": "nd.db"}.items():
        monkeypatch.setenv(name, value)
    assert main(["templates", str(folder)]) == 0
    assert main(["templates", "--check"]) == 2  # there is no database yet
    asyncio.run(make(tmp_path / "nd.db"))
    capsys.readouterr()

    (folder / "digest.html.j2").write_text(BROKEN, "utf-8")
    (folder / "digset.html.j2").write_text(OWN, "utf-8")

    assert main(["templates", "--check"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line[0] for line in said].count("✗") == 2
    assert [line[0] for line in said].count("✓") == len(NAMES) - 1
    assert any("рядок 3: поля «edition.wal_time» немає" in line for line in said)
    assert any("digset.html.j2 не діє" in line for line in said)


@pytest.mark.parametrize("words", [["templates"], ["templates", "x", "--check"]])
def test_the_command_wants_a_folder_or_a_check(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "templates -h" in capsys.readouterr().err


async def make(path: Path) -> None:
    async with await Database.open(path):
        pass
