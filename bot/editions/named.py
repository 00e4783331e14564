"""What editions are called."""

from __future__ import annotations

from bot.editions.rubrics import kind_of
from bot.wording import Wording


def edition_words(name: str, wall_time: str, wording: Wording) -> str:
    """An edition by its rubric's name and its time: «Дайджест на 18:00»."""
    return wording.text(f"edition.{kind_of(name)}", time=wall_time, section=section_of(name))


def rubric_words(name: str, wording: Wording) -> str:
    """A rubric by its name: «Головне за день», «Дайджест розділу «Окупація»»."""
    return wording.text(f"board.{kind_of(name)}", section=section_of(name))


def section_of(name: str) -> str:
    """The section that a rubric's name speaks of, with its capital; '' for a rubric of all sections."""
    section = name.partition(":")[2]
    return section[:1].upper() + section[1:]
