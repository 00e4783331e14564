"""Tries the newsroom's own templates before they are used, and again whenever a file changes.

One that fails is not used: the built-in one is, and the editors are told where and why; a template's error never
stops an edition.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot import notes
from bot.editions import programs, trial
from bot.editions.choosing import Choice
from bot.editions.forms import LONGEST_BYTES, NAMES
from bot.editions.program import House, Program, known
from bot.editions.rubrics import Rubric, rubric
from bot.editions.slots import Slot
from bot.editions.tongue import UnusableForm
from bot.judgement.changes import change
from bot.judgement.ranking import Ranked
from bot.wording import Wording
from storage import editions, items, outbox, templates
from storage.database import Database, Reading, Transaction
from storage.model import BEGINNING, Channel, State, Story
from storage.templates import Printed, Template

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the newsroom's; `fault` when it cannot even be read, and then no text."""

    path: Path
    text: str
    fault: UnusableForm | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a channel's own templates: each file's fault (None: it is used), and how many editions of the
    last week they were tried on."""

    faults: Mapping[str, UnusableForm | None]
    editions: int


async def proofread_due(db: Database, folder: Path | None, every: Sequence[Program], now: datetime) -> None:
    """Every channel's templates in the folder are tried when they are not what they were."""
    for program in every:
        found = files(folder, program.channel.chat)
        before = await templates.tried(db.screens, program.channel.id)
        if {name: each.text for name, each in found.items()} == {each.name: each.text for each in before}:
            continue
        verdict = await judge(db.screens, program, found, now)
        async with db.transaction() as tx:
            await _write(tx, program, found, verdict, before, now)


async def judge(db: Reading, program: Program, found: Mapping[str, Found], now: datetime) -> Verdict:
    """The verdict on these files, tried on samples and on every edition of the channel's last week."""
    printed = await templates.printed(db, program.channel.id, now - WEEK)
    past = [await _specimen(db, program, each) for each in printed if known(each.rubric)]
    own = {name: each.text for name, each in found.items() if each.fault is None}
    specimens = [*trial.samples(now), *past]
    faults = trial.tried(own, specimens, program.wording, program.newsroom)[1]
    wrong = {each.name: each for each in faults}
    return Verdict({name: each.fault or wrong.get(name) for name, each in found.items()}, len(past))


async def report(db: Reading, house: House, wording: Wording, now: datetime) -> AsyncIterator[tuple[str, bool]]:
    """A sentence for every file in the newsroom's folder, and whether it is as it should be. Writes nothing."""
    folder = house.templates
    assert folder is not None  # nobody asks without one
    unseeded = Channel(0, house.newsroom.channel, "", house.newsroom.language, BEGINNING)
    every = await programs.every(db, house) or [await programs.of(db, house, unseeded)]
    read: set[Path] = set()
    for program in every:
        found = files(folder, program.channel.chat)
        verdict = await judge(db, program, found, now)
        for name, each in found.items():
            read.add(each.path)
            fault, values = verdict.faults[name], {"path": each.path, "channel": program.channel.chat}
            if fault is None:
                yield wording.count("template.well", verdict.editions, **values), True
            else:
                yield wording.text("template.bad", **values, fault=trial.words(fault, wording)), False
    strange = sorted(path for path in folder.resolve().rglob("*.j2") if path not in read)
    for path in strange:
        yield wording.text("template.strange", path=path), False
    if not read and not strange:
        yield wording.text("template.none", path=folder), False


async def reject(tx: Transaction, program: Program, fault: UnusableForm, now: datetime) -> None:
    """An edition could not be set with this template: it is not used from now on, and the editors are told once."""
    if await templates.reject(tx, program.channel.id, fault.name, _as_json(fault), now):
        await _tell(tx, program, fault, now)


def files(folder: Path | None, chat: str) -> dict[str, Found]:
    """The channel's own templates: those of its own subfolder (its @name without the sign, or its number), else those
    at the top. Nothing outside the folder is read, whatever links lead there."""
    if folder is None:
        return {}
    wanted = chat.removeprefix("@").casefold()
    found = {}
    try:
        top = folder.resolve()
        own = [path for path in sorted(top.iterdir()) if path.name.casefold() == wanted and path.is_dir()]
        for name in NAMES:
            path = next((path for place in [*own, top] if (path := place / name).exists()), None)
            if path is not None:
                found[name] = _read(path, top)
    except (OSError, RuntimeError):  # no such folder: `check` says so; or links that lead to each other
        return found
    return found


def _read(path: Path, top: Path) -> Found:
    try:
        file = path.resolve()
        if not file.is_relative_to(top) or not file.is_file():
            return Found(path, "", UnusableForm(path.name, 0, "elsewhere"))
        with file.open("rb") as opened:
            text = opened.read(LONGEST_BYTES + 1)
        if len(text) > LONGEST_BYTES:
            return Found(path, "", UnusableForm(path.name, 0, "big", str(LONGEST_BYTES)))
        return Found(path, text.decode("utf-8"))
    except OSError as error:
        return Found(path, "", UnusableForm(path.name, 0, "unread", error.strerror or str(error)))
    except UnicodeDecodeError as error:
        return Found(path, "", UnusableForm(path.name, 0, "unread", error.reason))


async def _write(
    tx: Transaction,
    program: Program,
    found: Mapping[str, Found],
    verdict: Verdict,
    before: Sequence[Template],
    now: datetime,
) -> None:
    known_as = {each.name: each for each in before}
    rows = []
    for name, each in found.items():
        fault, was = verdict.faults[name], known_as.get(name)
        rows.append(Template(name, each.text, None if fault is None else _as_json(fault)))
        if fault is not None and (was is None or was.fault != _as_json(fault)):
            await _tell(tx, program, fault, now)
        elif fault is None and was is not None and was.fault is not None:
            note = notes.template_well(program.desk, program.newsroom, program.channel, name, now)
            if note is not None:
                await outbox.put(tx, note, now)
    await templates.put(tx, program.channel.id, rows, now)


async def _tell(tx: Transaction, program: Program, fault: UnusableForm, now: datetime) -> None:
    said = trial.words(fault, program.desk)
    note = notes.template(program.desk, program.newsroom, program.channel, fault.name, said, now)
    if note is not None:
        await outbox.put(tx, note, now)


def _as_json(fault: UnusableForm) -> dict[str, str | int]:
    return {"line": fault.line, "key": fault.key, "word": fault.word}


async def _specimen(db: Reading, program: Program, printed: Printed) -> trial.Specimen:
    wall = time.fromisoformat(printed.wall_time)
    made = rubric(printed.rubric, (wall,))
    slot = Slot(printed.rubric, date.fromisoformat(printed.local_date), wall, printed.slot_at)
    choices = [await _choice(db, program, made, slot, state, headline) for state, headline in printed.lines]
    return trial.Specimen(
        made, slot, tuple(each for each in choices if each), program.channel.signature, printed.fragments
    )


async def _choice(
    db: Reading, program: Program, made: Rubric, slot: Slot, state: State, headline: str
) -> Choice | None:
    """The line as it was chosen then: what the channel had told before that edition is what it was an update of."""
    item = await items.get(db, state.item_id)
    if item is None:
        return None
    told = (await editions.told(db, program.channel.id, [state.story_id])).get(state.story_id, [])
    last = next((each for each in told if each.at < slot.at and made.minds(each.rubric)), None)
    changed = change(last.state, state) if last is not None else None
    return Choice(Ranked(Story(state.story_id, state, (item,)), 0.0, ()), item, last, changed, headline)
