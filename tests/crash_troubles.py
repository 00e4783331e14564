"""Everything that the machine does to the bot, by name."""

from __future__ import annotations

from collections.abc import Callable

from bot.playground.floods import Limit
from tests.crash_bot import DOUBTS, STEPS, Step
from tests.crash_machine import Machine, Trouble

FAULTS = 6  # answers that are harmed in a day
LATE_SECONDS = 30.0  # of the bot's watch
HOUR_SECONDS = 3600.0
SENDS = "send*"


def at(step: Step, *, fills: bool = False) -> Trouble:
    """The first life dies at the step, or its disk is full from there."""

    async def trouble(machine: Machine) -> None:
        machine.step, machine.fills = step, fills
        await machine.reached(lambda: machine.sprung.value > 0)

    return trouble


def in_doubt(step: Step) -> Trouble:
    """The first life dies while the answer is on its way, the second at the step."""

    async def trouble(machine: Machine) -> None:
        machine.step_after = step
        await during("held", SENDS)(machine)
        await machine.reached(lambda: machine.sprung.value > 0)

    return trouble


def during(kind: str, method: str, *, lost: str = "", release: bool = True) -> Trouble:
    """The bot is killed in a call of the method: before Telegram does what it was asked ("delay"; it does it after
    the death, unless `release` is False), or when it did and its answer is on the way ("held"). `lost` is what befell a
    send before."""

    async def trouble(machine: Machine) -> None:
        telegram = machine.town.telegram
        if lost:
            telegram.faults.next(lost, method=SENDS, chat=machine.town.channel)
        chat = machine.town.channel if method == SENDS else None
        fault = telegram.faults.next(kind, method=method, chat=chat, after=1 if method == SENDS else 0)
        await machine.reached(lambda: fault not in telegram.faults.plan)
        machine.kill()
        if release:
            telegram.faults.release()

    return trouble


def kills(times: int) -> Trouble:
    """The bot is killed at random instants."""

    async def trouble(machine: Machine) -> None:
        until = machine.tried + times
        while machine.tried < until:
            await machine.moment(1.2)
            machine.kill()

    return trouble


async def telegram_dies(machine: Machine) -> None:
    """Telegram is away three times, and every call to it is cut."""
    for _ in range(3):
        await machine.moment(1.2)
        machine.tried += 1
        await machine.town.telegram.die()
        await machine.moment()
        await machine.town.telegram.revive()


def harm(kind: str, *, seconds: float | None = None, times: int = 1) -> Trouble:
    """Answers are harmed in this way, at random; half of them answers to sends."""

    async def trouble(machine: Machine) -> None:
        faults, chance = machine.town.telegram.faults, machine.chance
        planned = [
            faults.next(
                kind,
                method=chance.choice([SENDS, None]),
                after=chance.randrange(5),
                times=times,
                seconds=None if seconds is None else seconds / machine.speed,
                retry_after=chance.randrange(1, 9),
            )
            for _ in range(FAULTS)
        ]
        await machine.reached(lambda: not faults.plan)
        machine.tried += len(planned)
        if kind == "late":
            landed = machine.town.telegram.calls
            await machine.reached(lambda: sum(call.fault == "late" for call in landed) >= len(planned))

    return trouble


async def half_limits(machine: Machine) -> None:
    """Telegram allows half of what it documents."""
    floods = machine.town.telegram.floods
    floods.on(chat=Limit(1, 2.0), group=Limit(10, 60.0), overall=Limit(15, 1.0))


async def others(machine: Machine) -> None:
    """Other people write in between, while answers are lost."""
    for kind in ("lost_after", "lost_before"):
        for _ in range(2):
            machine.town.telegram.faults.next(kind, method=SENDS, after=machine.chance.randrange(4))
    for _ in range(40):
        await machine.moment(0.2)
        machine.tried += 1
        machine.town.disturb(machine.chance)


async def disk_fills(machine: Machine) -> None:
    """The disk is full for a while, at random instants."""
    for _ in range(4):
        await machine.moment(1.2)
        await machine.fill_disk(machine.chance.uniform(0.02, 0.4))


def clock(seconds: float) -> Trouble:
    """The machine's clock is wrong by so much for a while."""

    async def trouble(machine: Machine) -> None:
        await machine.moment(3.0)
        machine.tried += 1
        machine.jump(seconds)
        await machine.moment(2.0)
        machine.jump(-seconds)

    return trouble


async def everything(machine: Machine) -> None:
    """All of it in one day."""
    faults, chance = machine.town.telegram.faults, machine.chance
    for kind in ("lost_after", "lost_before", "truncated", "html_after", "flood", "late"):
        faults.next(kind, method=SENDS, after=chance.randrange(6), seconds=LATE_SECONDS / machine.speed)
    for step in (kills(2), telegram_dies, kills(2), disk_fills):
        machine.town.disturb(chance)
        await step(machine)
    await machine.reached(lambda: not faults.plan)


CALLS: dict[str, Callable[[], Trouble]] = {
    "call, before Telegram hears": lambda: during("delay", SENDS, release=False),
    "call, lands after death": lambda: during("delay", SENDS),
    "answer on its way": lambda: during("held", SENDS),
    "look, before": lambda: during("delay", "forwardMessage", lost="lost_after", release=False),
    "look, answer on its way": lambda: during("held", "forwardMessage", lost="lost_after"),
    "look, taken away": lambda: during("held", "deleteMessage", lost="lost_after"),
}
KILLS: dict[str, Trouble] = {
    **{f"killed: {name}": at(step) for name, step in STEPS.items()},
    **{f"killed: {name}": make() for name, make in CALLS.items()},
    **{f"killed: {name}": in_doubt(step) for name, step in DOUBTS.items()},
}
FULL: dict[str, Trouble] = {
    f"disk full: {name}": at(step, fills=True) for name, step in STEPS.items() if step.when != "after"
}
TROUBLES: dict[str, Trouble] = {
    "killed five times": kills(5),
    "Telegram dies": telegram_dies,
    "lost before": harm("lost_before"),
    "lost after": harm("lost_after"),
    "half an answer": harm("truncated"),
    "gateway's page": harm("html_after"),
    "late effect": harm("late", seconds=LATE_SECONDS),
    "429 storm": harm("flood", times=4),
    "half limits": half_limits,
    "others' posts": others,
    "disk full": disk_fills,
    "clock +1 h": clock(HOUR_SECONDS),
    "clock −1 h": clock(-HOUR_SECONDS),
}
EVERYTHING: dict[str, Trouble] = {"everything": everything}
