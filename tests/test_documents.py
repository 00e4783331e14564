"""What the documents promise is what the program does; nothing in either is forgotten."""

from __future__ import annotations

import inspect
import re
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import arguments, check
from bot.desk import door as desk
from bot.readers import show
from bot.settings import PREFIX, Settings
from bot.wording import LANGUAGES, LOCALE, Wordings
from tests.conftest import KYIV

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md"))]
OURS = ("bot", "storage", "tests", "bench", "docs", ".ci")
NEEDED = {"BOT_TOKEN", "BOT_CHANNEL", "BOT_ADMIN_CHAT"}  # stand in .env.example without a comment sign, to be filled in
SETTING = re.compile(r"^(#?)(BOT_[A-Z_]+)=(.*)$", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def written(value: Any) -> str:
    """A setting's value as it stands in `.env`."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return ",".join(written(each) for each in value)
        case SecretStr():
            return value.get_secret_value()
    return str(value)


def keys(prefix: str) -> list[str]:
    return re.findall(rf'^msgid "({re.escape(prefix)}[^"]*)"$', (LOCALE / "uk.po").read_text("utf-8"), re.MULTILINE)


def test_every_setting_stands_in_env_example_with_its_default() -> None:
    shown = {name: (sign, value) for sign, name, value in SETTING.findall(read(".env.example"))}

    assert {name: value for name, (_, value) in shown.items()} == {
        f"{PREFIX}{name}".upper(): written(known.default) for name, known in Settings.model_fields.items()
    }
    assert {name for name, (sign, _) in shown.items() if not sign} == NEEDED


def test_every_setting_says_what_it_means() -> None:
    lines = read(".env.example").splitlines()
    explained = [line.startswith("# ") and not line.startswith("# ---") for line in lines]

    for number, line in enumerate(lines):
        if SETTING.match(line) and not SETTING.match(lines[number - 1]):
            assert explained[number - 1], line


def test_env_example_can_be_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name}".upper(), raising=False)
    filled = tmp_path / ".env"
    filled.write_text(re.sub(r"^#(?=BOT_)", "", read(".env.example"), flags=re.MULTILINE), "utf-8")

    assert Settings(_env_file=filled) == Settings(_env_file=None)


def test_the_limits_in_env_example_are_the_real_ones() -> None:
    text = read(".env.example")

    for name, known in Settings.model_fields.items():
        bounds = [getattr(each, side, None) for each in known.metadata for side in ("ge", "le", "max_length")]
        limits = [str(bound) for bound in bounds if bound is not None]
        comment = text.partition(f"\n#{PREFIX}{name.upper()}=")[0].rpartition("\n#BOT_")[2]
        if name != "http_port":  # a port is a port
            assert all(re.search(rf"\b{bound}\b", comment) for bound in limits), name


def test_no_document_names_a_setting_that_there_is_not() -> None:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    catalogues = [LOCALE / f"{language}.po" for language in LANGUAGES]

    for path in [*DOCUMENTS, *catalogues]:
        assert set(re.findall(r"BOT_[A-Z_]*[A-Z]", path.read_text("utf-8"))) <= known, path.name


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    for name in ("README.md", "docs/operators.md"):
        assert set(re.findall(r"python -m bot (\w+)", read(name))) == set(arguments.COMMANDS), name


def test_the_two_commands_come_first() -> None:
    first = re.search(r"```sh\n(.*?)```", read("README.md"), re.DOTALL)
    targets = set(re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE))

    assert first is not None
    commands = [line.partition("#")[0].strip() for line in first[1].splitlines()]
    assert commands == ["make demo", "make test"]
    assert {
        target for text in map(Path.read_text, DOCUMENTS) for target in re.findall(r"`make (\w+)`", text)
    } <= targets
    assert {"demo", "test", "run"} <= targets


def test_every_command_of_the_chats_is_in_the_menus_and_the_guide() -> None:
    guide, wordings = read("docs/editors.md"), Wordings(KYIV)

    for table, group in ((show.COMMANDS, "command"), (desk.COMMANDS, "desk.command")):
        for name in table:
            assert f"`/{name}`" in guide, name
            if name != "start":  # Telegram itself offers it
                assert all(wording.text(f"{group}.{name}") for wording in wordings)
    assert set(re.findall(r"`/(\w+)`", guide)) == {*show.COMMANDS, *desk.COMMANDS}
    assert {*show.MENU, "start"} == set(show.COMMANDS)
    assert {*desk.MENU, "start"} == set(desk.COMMANDS)
    assert set(show.IN_GROUPS) <= set(show.COMMANDS)


def test_every_note_to_editors_is_explained() -> None:
    guide = read("docs/editors.md")
    wording = Wordings(KYIV).default
    values = dict.fromkeys(
        re.findall(r"\{(\w+)\}", (LOCALE / "uk.po").read_text("utf-8")), "…"
    ) | {"edition": "Дайджест на 13:00"}  # fmt: skip

    for key in keys("note."):
        heading = re.sub(r"</?b>", "", wording.text(key, **values)).split("\n")[0]
        opening = re.split(r"[:.]| …", heading.replace("13:00", "13 00"))[0].replace("13 00", "13:00").strip()
        assert f"| {opening}" in guide, f"{key}: {opening}"


def test_every_sentence_of_the_check_is_said_somewhere() -> None:
    source = inspect.getsource(check)

    for key in keys("check."):
        name = key.removeprefix("check.")
        if not name.startswith(("right.", "grade.")) and name not in {"well", "unwell", "unset"}:
            assert f'"{name}"' in source, key


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8")):
        if not target.startswith("https://"):
            assert (path.parent / target.partition("#")[0]).exists(), target


def test_every_module_that_a_document_names_exists() -> None:
    for path in DOCUMENTS:
        for name in re.findall(r"`((?:tests|storage|bot|docs|bench)/[\w/]+\.\w+)`", path.read_text("utf-8")):
            assert (ROOT / name).exists(), f"{path.name}: {name}"


def test_nothing_holds_a_path_of_one_machine() -> None:
    folder = re.compile("/" + r"(?:home|root|work|Users)/\w")
    files = [
        path for room in OURS for path in (ROOT / room).rglob("*") if path.suffix in TEXTS or path.parent.name == ".ci"
    ]
    assert files

    for path in [*files, *DOCUMENTS, ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".env.example"]:
        if path.is_file():
            assert not folder.search(path.read_text("utf-8")), path


TEXTS = {".py", ".md", ".po", ".sql", ".toml", ".j2", ".txt", ".html", ".js", ".css"}
