"""The command line. Every command imports only what it needs: aiogram alone costs three seconds."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from bot.settings import BadSettings, Settings, load, missing
from bot.wording import LANGUAGES, Wording, Wordings
from storage.database import AlreadyRunning, CannotOpen
from storage.migrate import FileFromTheFuture

REFUSED = 2  # the exit status of what could not start


class Refusal(Exception):
    """A command cannot be carried out; `sentences` say why and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def main(arguments: Sequence[str] | None = None) -> int:
    """Carries out one command; its exit status."""
    wording = _speaking(os.environ.get("BOT_LANGUAGE", ""))
    asked = _parser(wording).parse_args(arguments)
    try:
        return int(asked.command(asked))
    except Refusal as refusal:
        print(*refusal.sentences, sep="\n", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


def _run(asked: argparse.Namespace) -> int:
    settings, wording = _settings("token", "channel")
    from bot.app import opened
    from bot.logs import set_up

    set_up(settings.log_format)

    async def run() -> None:
        async with opened(settings) as app:
            await _until_told_to_stop(app.run())

    _with_database(run, wording)
    return 0


def _demo(asked: argparse.Namespace) -> int:
    from bot.playground import demo

    demo.play(port=asked.port, at=asked.at)
    return 0


def _check(asked: argparse.Namespace) -> int:
    settings, wording = _settings()
    from bot.check import check
    from bot.rooms import machine_clock

    async def look() -> bool:
        well = True
        async for finding in check(settings, wording, machine_clock()):
            print(wording.text(f"check.grade.{finding.grade}"), finding.sentence, flush=True)
            well = well and finding.grade != "bad"
        print(wording.text("check.well" if well else "check.unwell"))
        return well

    return 0 if asyncio.run(look()) else 1


def _collect(asked: argparse.Namespace) -> int:
    settings, wording = _settings()
    from bot.intake import printing
    from bot.rooms import collecting, machine_clock

    async def collect() -> bool:
        async with collecting(settings, Wordings(settings.timezone, settings.language)) as rooms:
            these = await rooms.collector.seed(asked.sources or settings.sources, machine_clock())
            if not these:
                raise Refusal(wording.text("collect.no_sources"))
            passes = await rooms.collector.collect(these, machine_clock)
            for each in passes:
                print("\n".join(printing.lines(each, wording)), flush=True)
            return any(each.trouble is None for each in passes)

    return 0 if _with_database(collect, wording) else 1


def _preview(asked: argparse.Namespace) -> int:
    settings, wording = _settings()
    from bot.editions import preview
    from bot.rooms import desk, machine_clock
    from storage.database import Database

    async def look() -> bool:
        async with await Database.look(settings.database) as db:
            now = asked.at or machine_clock()
            texts = await preview.preview(
                db.screens, desk(settings, Wordings(settings.timezone, settings.language)), asked.rubric, now
            )
        print("\n\n".join(texts))
        return True

    _with_database(look, wording)
    return 0


def _settings(*needed: str) -> tuple[Settings, Wording]:
    """The settings and the operator's language. Raises Refusal with every fault and what to write instead."""
    try:
        settings = load()
    except BadSettings as error:
        wording = _speaking(os.environ.get("BOT_LANGUAGE", ""))
        raise Refusal(*_faults(wording, "settings.bad", error.faults)) from None
    wording = Wording(settings.language, settings.timezone)
    if unset := missing(settings, *needed):
        raise Refusal(*_faults(wording, "settings.unset", unset))
    return settings, wording


def _faults(wording: Wording, key: str, faults: Any) -> list[str]:
    return [wording.text(key, name=name, remedy=wording.text(f"remedy.{remedy}")) for name, remedy in faults.items()]


def _with_database(command: Callable[[], Coroutine[Any, Any, Any]], wording: Wording) -> Any:
    """What the command returns. Raises Refusal when the database cannot be had."""
    try:
        return asyncio.run(command())
    except AlreadyRunning as error:
        raise Refusal(wording.text("database.busy", path=error.path, owner=error.owner)) from None
    except FileFromTheFuture as error:
        raise Refusal(wording.text("database.newer", found=error.found, known=error.known)) from None
    except CannotOpen as error:
        raise Refusal(wording.text("database.unreadable", path=error.path, reason=error.reason)) from None


async def _until_told_to_stop(running: Coroutine[Any, Any, None]) -> None:
    """Runs until it ends or SIGTERM or SIGINT comes; then it is cancelled and waited for."""
    task = asyncio.ensure_future(running)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="holovne", description=wording.text("cli.about"))
    commands = parser.add_subparsers(required=True, metavar=wording.text("cli.command"))

    def add(name: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        text = wording.text(f"cli.{name}")
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=command)
        return added

    add("run", _run)
    demo = add("demo", _demo)
    demo.add_argument("--port", type=int, default=8765, help=wording.text("cli.demo.port"))
    demo.add_argument("--at", type=_instant, help=wording.text("cli.demo.at"))
    add("check", _check)
    collect = add("collect", _collect)
    collect.add_argument("sources", nargs="*", metavar="SOURCE", help=wording.text("cli.collect.sources"))
    preview = add("preview", _preview)
    preview.add_argument("rubric", choices=("digest", "roundup"), help=wording.text("cli.preview.rubric"))
    preview.add_argument("--at", type=_instant, help=wording.text("cli.preview.at"))
    return parser


def _instant(text: str) -> datetime:
    """An ISO 8601 instant; without a zone it is meant in the newsroom's."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=load().timezone)


def _speaking(language: str) -> Wording:
    from zoneinfo import ZoneInfo

    return Wording(language if language in LANGUAGES else "uk", ZoneInfo("UTC"))


if __name__ == "__main__":
    sys.exit(main())
