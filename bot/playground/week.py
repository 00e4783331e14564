"""What the editors of the demo do through its week, each thing at its hour: by words and taps, as a person would."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from bot.playground import sample_week
from bot.playground.shapes import Message
from bot.playground.town import Town

BUS = "Евакуаційний автобус зі Слов’янська ходитиме щодня о 9:00"
BUS_RIGHT = "Евакуаційний автобус зі Слов’янська ходитиме щодня о 8:00"
BRIDGE = "У Лимані з понеділка закриють єдиний міст через Чорний Жеребець"


class Editors:
    """The chief editor at the bot's cards."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._telegram = town.telegram

    async def schedule(self) -> None:
        """A brief on workdays, the week on Sunday, and the news from under occupation every afternoon."""
        await self.walk("Розклад", "Ранковий", "Випускати", "сб", "нд", "Назад", "тиждень", "Випускати", "Назад")
        await self.walk("Дайджест розділу", "Окупація", begin=False)

    async def reads(self) -> None:
        """The long reads of Saturday: of three sections only."""
        await self.walk("Розклад", "почитати", "Випускати", "Розділи", "Інтерв’ю", "Репортаж", "Спецпроєкт")

    async def post(self, title: str) -> None:
        """Pastes the link of the newsroom's own item, and sends it at once."""
        own = sample_week.sources()[0]
        await self._say(self._town.homes[own.name] + sample_week.address(own, title))
        await self.tap(self.card(title), "Зараз")

    async def correct(self, title: str, became: str) -> None:
        """Finds an error in what went out and says so."""
        await self.tap(await self.propose(title, became), "Зберегти")

    async def propose(self, title: str, became: str) -> Message:
        """The card with the correction that nobody said yes to yet."""
        await self.tap(self.card(title), "Виправити")
        await self.tap(self.card(title), "Помилка")
        asked = self.card(title)
        post = next(each for each in self._telegram.messages(self._town.channel) if title in each.text)
        await self._say(post.text.replace(title, became), asked.message_id)
        return self.message(asked.message_id)

    async def withdraw(self, title: str) -> None:
        """Takes back what proved untrue."""
        await self.tap(self.card(title), "Прибрати")
        await self.tap(self.card(title), "Недостовірно")

    async def approve(self) -> None:
        """Leaves the last of the lines that the evening's draft would tell out, and says yes to the rest."""
        draft = self.card("чернетка")
        chosen = re.findall(r"^✅ (\d+)\. ", draft.text, re.MULTILINE)
        await self.tap(draft, chosen[-1])
        await self.tap(self.message(draft.message_id), "Затвердити")

    def card(self, words: str) -> Message:
        """The newest message of the bot with buttons that has these words. Raises StopIteration when there is none."""
        shown = [each for each in self._telegram.messages(self._town.desk) if each.by_bot and each.buttons]
        return next(each for each in reversed(shown) if words in each.text)

    def message(self, number: int) -> Message:
        """The message as it stands now."""
        return self._town.desk.messages[number]

    async def tap(self, message: Message, words: str) -> None:
        """Presses the first button that has these words, and waits for all that comes of it."""
        label = next(each for each in _labels(message) if words in each)
        tap = self._telegram.tap(self._town.desk, self._town.editor, message, label)
        await self._telegram.answered(tap)
        await self._settle()

    async def walk(self, *labels: str, begin: bool = True) -> None:
        """A walk through the settings, from their first page or from where the last walk ended."""
        if begin:
            await self._say("/settings")
        page = [each for each in self._telegram.messages(self._town.desk) if each.by_bot and each.buttons][-1]
        for label in labels:
            while not any(label in each for each in _labels(self.message(page.message_id))):
                await self.tap(self.message(page.message_id), "Далі")  # a long list of sections has pages
            await self.tap(self.message(page.message_id), label)

    async def _say(self, text: str, reply_to: int | None = None) -> None:
        self._telegram.say(self._town.desk, self._town.editor, text, reply_to=reply_to)
        await self._settle()

    async def _settle(self) -> None:
        await self._telegram.quiet()
        await self._town.app.listener.settle()
        await self._town.app.deliverer.deliver_due(self._town.clock)
        await self._telegram.quiet()


def _labels(message: Message) -> list[str]:
    return [button["text"] for button in message.buttons]


ACTS: Final[Mapping[str, Callable[[Editors], Awaitable[None]]]] = MappingProxyType(
    {
        "2024-11-20 23:40": Editors.schedule,
        "2024-11-21 10:00": lambda editors: editors.post(BUS),
        "2024-11-21 14:30": lambda editors: editors.correct(BUS, BUS_RIGHT),
        "2024-11-22 10:00": lambda editors: editors.post(BRIDGE),
        "2024-11-22 13:40": lambda editors: editors.withdraw(BRIDGE),
        "2024-11-23 10:40": Editors.reads,
        "2024-11-25 22:40": Editors.approve,
    }
)
