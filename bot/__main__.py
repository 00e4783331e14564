"""The command line. Every command imports only what it needs: aiogram alone costs three seconds."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import arguments
from bot.arguments import Refusal
from bot.settings import BadSettings, Settings, load, missing, tongue
from bot.wording import LANGUAGES, Wording, Wordings
from storage.database import AlreadyRunning, CannotOpen
from storage.migrate import FileFromTheFuture

REFUSED = 2  # the exit status of what could not start
INTERRUPTED, CUT = 130, 141  # as a shell says it: 128 + SIGINT, 128 + SIGPIPE


def main(words: Sequence[str] | None = None) -> int:
    """Carries out one command; its exit status."""
    wording = _speaking()
    try:
        asked = arguments.read(words, wording)
        return COMMANDS[asked.name](asked)
    except Refusal as refusal:
        print(*refusal.sentences, sep="\n", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `| less` or `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        return CUT


def _run(asked: Namespace) -> int:
    settings, wording = _settings("token", "channel")
    from bot.app import opened
    from bot.logs import set_up

    set_up(settings.log_format)

    async def run() -> bool:
        """Whether it was told to stop; False: it has to be opened anew."""
        async with contextlib.AsyncExitStack() as stack:
            try:
                app = await stack.enter_async_context(opened(settings))
            except OSError as error:  # the file has its own words; what is left is the HTTP door
                host, port = settings.http_host, settings.http_port
                raise Refusal(wording.text("door.busy", host=host, port=port, reason=error.strerror or error)) from None
            return await _until_told_to_stop(app.run())

    while not _with_database(run, wording, settings):
        continue
    return 0


def _demo(asked: Namespace) -> int:
    from bot.playground import demo
    from bot.playground.sample_day import ZONE

    demo.play(port=asked.port, at=_placed(asked.at, ZONE), browser=not asked.no_browser)
    return 0


def _check(asked: Namespace) -> int:
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


def _collect(asked: Namespace) -> int:
    settings, wording = _settings()
    if not (wanted := asked.sources or settings.sources):
        raise Refusal(wording.text("collect.no_sources"))
    from bot.intake import printing
    from bot.rooms import collecting, machine_clock
    from storage import catalogue

    async def collect() -> bool:
        async with collecting(settings, Wordings(settings.timezone, settings.language)) as rooms:
            urls = asked.sources or await catalogue.wanted(rooms.db.screens, wanted)
            these = await rooms.collector.seed(urls, machine_clock())
            passes = await rooms.collector.collect(these, machine_clock)
            for each in passes:
                print("\n".join(printing.lines(each, wording)), flush=True)
            return any(each.trouble is None for each in passes)

    return 0 if _with_database(collect, wording, settings) else 1


def _preview(asked: Namespace) -> int:
    settings, wording = _settings()
    from bot import rooms
    from bot.editions import preview
    from storage.database import Database

    async def look() -> None:
        async with await Database.look(settings.database) as db:
            now = _placed(asked.at, settings.timezone) or rooms.machine_clock()
            house = rooms.house(settings, Wordings(settings.timezone, settings.language))
            print("\n\n".join(await preview.preview(db.screens, house, asked.rubric, now)))

    if not settings.database.exists():
        raise Refusal(wording.text("database.absent", path=settings.database))
    _with_database(look, wording, settings)
    return 0


def _judge(asked: Namespace) -> int:
    settings, wording = _settings()
    from bot.judge import Asked, CannotJudge, judge
    from bot.rooms import house

    taste = house(settings, Wordings(settings.timezone, settings.language)).taste
    try:
        for said in judge(Asked(asked.files, asked.save, asked.against), taste, wording):
            print(said, flush=True)
    except CannotJudge as error:
        raise Refusal(error.sentence) from None
    return 0


def _outbox(asked: Namespace) -> int:
    settings, wording = _settings()
    if not settings.database.exists():
        raise Refusal(wording.text("database.absent", path=settings.database))
    from bot.delivery.recall import recall
    from bot.rooms import machine_clock, newsroom
    from storage import channels
    from storage.database import Database
    from storage.ledger import Scope

    async def look() -> None:
        async with await Database.look(settings.database) as db:
            house = newsroom(settings)
            if house.admin_chat is not None:
                house = replace(house, admin_chat=await channels.standing_of(db.slow, house.admin_chat))
            scope = Scope(str(house.admin_chat or ""), readers=asked.all, state=asked.state or "")
            async for said in recall(db.slow, scope, asked.count, wording, house, machine_clock()):
                print(said, flush=True)

    _with_database(look, wording, settings)
    return 0


def _sources(asked: Namespace) -> int:
    settings, wording = _settings()
    if asked.act is not None:
        return _order(asked, settings, wording)
    if asked.file is not None:
        return _import(asked.file, settings, wording)
    if not settings.database.exists():
        raise Refusal(wording.text("database.absent", path=settings.database))
    from bot.desk import source_acts, source_table
    from bot.intake import opml
    from bot.rooms import machine_clock
    from storage.database import Database

    async def look() -> None:
        now = machine_clock()
        async with await Database.look(settings.database) as db:
            known = await source_acts.all_known(db.slow, now)
        if asked.opml:
            print(opml.write(source_table.outlines(known), settings.name, now).decode(), end="")
        else:
            print("\n".join(source_table.rows(known, wording, now)) or wording.text("source.none"))

    _with_database(look, wording, settings)
    return 0


def _order(asked: Namespace, settings: Settings, wording: Wording) -> int:
    if asked.opml or asked.file is not None:
        raise Refusal(wording.text("cli.misunderstood", command=f"{arguments.PROGRAM} sources -h"))
    if asked.act != "add" and not settings.database.exists():
        raise Refusal(wording.text("database.absent", path=settings.database))
    from bot.desk import source_orders
    from bot.desk.source_orders import Order, Told
    from bot.rooms import collecting, machine_clock

    def carried_out(order: Order) -> Told:
        async def carry_out() -> Told:
            async with collecting(settings, Wordings(settings.timezone, settings.language)) as rooms:
                return await source_orders.carry_out(rooms, order, wording, machine_clock())

        told: Told = _with_database(carry_out, wording, settings, busy="source.order.busy")
        print(told.text)
        return told

    told = carried_out(source_orders.meant(asked.act, asked.number, " ".join(asked.words), wording))
    if told.offer is not None and (asked.yes or _agrees(wording)):
        told = carried_out(Order("add", offer=told.offer))
    return 0 if told.done else 1


def _agrees(wording: Wording) -> bool:
    """Whether the person at the terminal says yes to what was shown; where nobody sits, nobody does."""
    if not sys.stdin.isatty():
        print(wording.text("source.order.how"))
        return False
    try:
        said = input(wording.text("source.order.ask")).strip().lower()
    except EOFError:
        said = ""
    agrees = any(said in each.text("source.order.yes").split() for each in Wordings(wording.zone))
    if not agrees:
        print(wording.text("source.dropped"))
    return agrees


def _import(path: Path, settings: Settings, wording: Wording) -> int:
    from bot.desk import source_acts, source_orders
    from bot.intake import opml
    from bot.intake.answers import Refused
    from bot.intake.bodies import LIMIT_BYTES, UnreadableFeed
    from bot.intake.passes import trouble_words
    from bot.rooms import machine_clock
    from storage.database import Database

    try:
        with path.open("rb") as file:
            listed = opml.read(file.read(LIMIT_BYTES + 1))
    except OSError as error:
        raise Refusal(wording.text("source.import.unreadable", path=path, reason=error.strerror or error)) from None
    except UnreadableFeed as error:
        raise Refusal(
            wording.text("source.import.unreadable", path=path, reason=trouble_words(wording, error))
        ) from None

    async def enlist() -> None:
        counted, told = {"added": 0, "known": 0, "refused": 0}, []
        async with await Database.open(settings.database) as db, db.transaction() as tx:
            await source_orders.sign(tx, wording, machine_clock())
            for number, each in enumerate(listed, 1):
                trouble = ""
                try:
                    what = "added" if await source_acts.enlist(tx, each, machine_clock()) else "known"
                except Refused as error:
                    what, trouble = "refused", trouble_words(wording, error)
                counted[what] += 1
                values = {"number": number, "name": each.title, "url": each.url, "trouble": trouble}
                told.append(wording.text(f"source.import.{what}", **values))
        print(*told, wording.text("source.import.result", **counted), sep="\n")

    _with_database(enlist, wording, settings)
    return 0


def _templates(asked: Namespace) -> int:
    settings, wording = _settings()
    if asked.check == (asked.path is not None):
        raise Refusal(wording.text("cli.misunderstood", command=f"{arguments.PROGRAM} templates -h"))
    if asked.check:
        return _try_templates(settings, wording)
    from bot.editions.hand_out import hand_out

    try:
        for name, what in hand_out(asked.path):
            print(wording.text(f"template.{what}", path=asked.path / name))
    except OSError as error:
        reason = error.strerror or error
        raise Refusal(wording.text("template.unwritable", path=asked.path, reason=reason)) from None
    return 0


def _try_templates(settings: Settings, wording: Wording) -> int:
    if settings.templates is None:
        raise Refusal(wording.text("template.unset"))
    if not settings.templates.is_dir():
        raise Refusal(wording.text("template.no_folder", path=settings.templates))
    if not settings.database.exists():
        raise Refusal(wording.text("database.absent", path=settings.database))
    from bot import rooms
    from bot.editions import proofread
    from storage.database import Database

    async def look() -> bool:
        """Whether every template can be used."""
        house, well = rooms.house(settings, Wordings(settings.timezone, settings.language)), True
        async with await Database.look(settings.database) as db:
            async for said, good in proofread.report(db.slow, house, wording, rooms.machine_clock()):
                print(wording.text("check.grade.good" if good else "check.grade.bad"), said, flush=True)
                well = well and good
        return well

    return 0 if _with_database(look, wording, settings) else 1


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "run": _run,
    "demo": _demo,
    "check": _check,
    "collect": _collect,
    "preview": _preview,
    "judge": _judge,
    "outbox": _outbox,
    "sources": _sources,
    "templates": _templates,
}


def _settings(*needed: str) -> tuple[Settings, Wording]:
    """The settings and the operator's language. Raises Refusal with every fault and what to write instead."""
    try:
        settings = load()
    except BadSettings as error:
        raise Refusal(*_faults(_speaking(), "settings.bad", error.faults)) from None
    wording = Wording(settings.language, settings.timezone)
    if unset := missing(settings, *needed):
        raise Refusal(*_faults(wording, "settings.unset", unset))
    return settings, wording


def _faults(wording: Wording, key: str, faults: Mapping[str, str]) -> list[str]:
    return [wording.text(key, name=name, remedy=wording.text(f"remedy.{remedy}")) for name, remedy in faults.items()]


def _with_database(
    command: Callable[[], Coroutine[Any, Any, Any]], wording: Wording, settings: Settings, busy: str = "database.busy"
) -> Any:
    """What the command returns. Raises Refusal when the database cannot be had; `busy`: what to do meanwhile."""
    try:
        return asyncio.run(command())
    except AlreadyRunning as error:
        raise Refusal(wording.text(busy, path=error.path, owner=error.owner)) from None
    except FileFromTheFuture as error:
        raise Refusal(wording.text("database.newer", found=error.found, known=error.known)) from None
    except CannotOpen as error:
        raise Refusal(wording.text("database.unreadable", path=error.path, reason=error.reason)) from None
    except sqlite3.Error as error:
        raise Refusal(wording.text("database.unreadable", path=settings.database, reason=error)) from None


async def _until_told_to_stop(running: Coroutine[Any, Any, None]) -> bool:
    """Runs until it ends by itself (False) or SIGTERM or SIGINT comes; then it is cancelled and waited for (True)."""
    task = asyncio.ensure_future(running)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False


def _placed(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant; one without a zone is meant in the newsroom's."""
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at


def _speaking() -> Wording:
    """The operator's language before the settings are known to be good."""
    language = tongue()
    return Wording(language if language in LANGUAGES else "uk", ZoneInfo("UTC"))


if __name__ == "__main__":
    sys.exit(main())
