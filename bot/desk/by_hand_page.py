"""What editors are asked about a message of an edition that a person changed in the channel, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from bot.desk import correct_page
from bot.screen import Button, Page
from bot.wording import Wording
from storage.editorial import Correction

HOME: Final = "hand:"  # a message is known here by its chat and its number


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A message of an edition as the bot wants it (`ours`), what a person wrote instead, and where it is to be seen.
    `version` counts what the bot wanted of it: buttons carry it."""

    edition: str
    asked: Correction
    ours: str
    url: str
    version: int


def home(chat_id: int, message_id: int) -> str:
    """What a question about this message is found by."""
    return f"{HOME}{chat_id}:{message_id}"


def place(asked: Correction) -> tuple[int, int]:
    """(chat, message) that the question is about."""
    chat_id, message_id = asked.home.removeprefix(HOME).split(":")
    return int(chat_id), int(message_id)


def note(asked: Correction) -> str:
    """The event of the editors' message that asks."""
    return f"{HOME}{asked.id}"


def asking(found: Overwritten, wording: Wording) -> Page:
    """The difference, and whose words shall stand."""
    lines = [wording.html("by_hand.edition", edition=found.edition, at=wording.at(found.asked.at))]
    lines += correct_page.changed(found.ours, found.asked.text or "", wording)
    lines += [Markup(""), wording.html("by_hand.edition.waits")]
    keep, ours = (
        Button(wording.text(f"by_hand.button.{which}"), f"x:hand{which}:{found.asked.id}:{found.version}")
        for which in ("keep", "ours")
    )
    rows = ((Button(wording.text("by_hand.button.open"), url=found.url),), (keep, ours))
    return Page(Markup("\n").join(lines), rows)


def answered(edition: str, which: str, editor: str, wording: Wording) -> Page:
    """Whose words stand: `keep`, `ours`, or `over` where nobody is asked any more."""
    return Page(wording.html(f"by_hand.edition.{which}", edition=edition, editor=editor))
