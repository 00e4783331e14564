"""The editors' screens: values in, a page out."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from bot.wording import Wording


def help_page(wording: Wording, commands: Iterable[str]) -> Markup:
    """What these commands of the admin chat do."""
    lines = (
        wording.html("help.line", command=name, description=wording.text(f"desk.command.{name}")) for name in commands
    )
    return wording.html("desk.help", commands=Markup("\n").join(lines))
