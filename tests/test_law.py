"""The law of ARCHITECTURE.md is whole, and it bites."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import grimp

ROOT = Path(__file__).parents[1]
LAW: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


def contract(id: str) -> dict[str, Any]:  # noqa: A002 - import-linter's word
    return next(each for each in LAW["contracts"] if each["id"] == id)


def layers() -> list[list[str]]:
    return [[name.strip() for name in layer.split(":")] for layer in contract("layers")["layers"]]


def modules() -> dict[str, Path]:
    """Every module of the two packages by its name; the playground counts as one."""
    found = {}
    for package in ("bot", "storage"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if not name.startswith("bot.playground."):
                found[name] = path
    return {**found, "bot.playground": ROOT / "bot/playground/__init__.py"}


def broken(folder: Path, extra: dict[str, str]) -> str:
    """What import-linter says of a copy of the packages in which each module has one more line."""
    for package in ("bot", "storage"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for module, line in extra.items():
        with (folder / (module.replace(".", "/") + ".py")).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    program = str(Path(sys.executable).with_name("lint-imports"))
    answer = subprocess.run(  # noqa: S603 - import-linter on our own copy
        [program, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr
    return answer.stdout


def test_every_module_stands_in_one_place_of_the_law() -> None:
    standing = [name for layer in layers() for name in layer]

    rooms = {name for name in modules() if not name.endswith(".__init__")}
    assert set(standing) == rooms, "a new module says in pyproject.toml whether it is a door, a verb or a noun"
    assert len(standing) == len(set(standing))


def test_a_package_holds_no_code_of_its_own() -> None:
    for name, path in modules().items():
        if name.endswith(".__init__"):
            says = ast.parse(path.read_text("utf-8")).body
            assert all(isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in says), name


def test_nouns_reach_nothing_outside() -> None:
    nouns = set(layers()[-1])
    kept = [each for each in LAW["contracts"] if each["type"] == "protected" and each["id"] != "settings"]

    assert {name for each in kept for name in each["protected_modules"]} >= {
        "aiogram", "aiohttp", "aiosqlite", "apscheduler", "asyncio", "logging", "socket", "time",
    }  # fmt: skip
    for each in kept:
        assert not nouns & set(each["allowed_importers"]), each["name"]


def test_what_collects_and_previews_does_not_reach_telegram() -> None:
    speakers = set(contract("telegram")["allowed_importers"])
    heights = {name: height for height, layer in enumerate(layers()) for name in layer}

    for room in ("bot.rooms", "bot.intake.collect", "bot.editions.preview"):
        assert all(heights[speaker] < heights[room] for speaker in speakers)


def test_what_the_program_imports_is_installed_with_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known: set[str] = set()
    waiting = [plain_name(each) for each in project["dependencies"]]
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            needs = metadata.requires(name) or []
            waiting += [plain_name(each) for each in needs if "extra ==" not in each and installed(plain_name(each))]
    owners = metadata.packages_distributions()

    graph = grimp.build_graph("bot", "storage", include_external_packages=True)

    imported = {name for name in graph.modules if graph.is_module_squashed(name)} - sys.stdlib_module_names
    assert "aiogram" in imported
    assert {name for name in imported if not known & {plain_name(each) for each in owners.get(name, [])}} == set()


def plain_name(requirement: str) -> str:
    """`Jinja2>=3.1` is jinja2."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def test_the_law_bites(tmp_path: Path) -> None:
    said = broken(
        tmp_path,
        {
            "bot.judgement.ranking": "from bot.intake import fetch",
            "bot.judgement.toll": "import aiogram",
            "bot.editions.slots": "import time",
            "bot.editions.publish": "from bot.settings import load",
            "bot.app": "from bot.playground import serve",
            "bot.intake.take": "from bot.telegram import telegram",
            "storage.items": "from bot.wording import Wording",
        },
    )

    for breach in (
        "bot.judgement.ranking -> bot.intake.fetch",
        "bot.judgement.toll -> aiogram",
        "bot.editions.slots -> time",
        "bot.editions.publish -> bot.settings",
        "bot.app -> bot.playground",
        "bot.intake.take -> bot.telegram",
        "storage.items -> bot.wording",
    ):
        assert breach in said
