"""The templates that editions are set with: the built-in ones, and a newsroom's own in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import TracebackType
from typing import Any, Final

from jinja2 import TemplateError
from markupsafe import Markup

from bot.editions.tongue import LINE, Line, Masthead, UnusableForm, template
from bot.wording import Wording

NAMES: Final = (LINE, *(f"{kind}.html.j2" for kind in ("digest", "roundup", "morning", "weekly", "section", "reads")))
LONGEST_BYTES = 20_000  # the longest built-in one has 500
# What a template can stumble over while it is filled in: a text that there is not, a number compared with a word.
_STUMBLES: Final = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Forms:
    """A channel's templates: its own by file name, the built-in ones for the rest."""

    own: tuple[tuple[str, str], ...] = ()

    def form(self, kind: str, wording: Wording) -> Form:
        """The form that editions of this kind are set with. Raises UnusableForm."""
        name = f"{kind}.html.j2"
        blocks = self._macros(name, wording)
        lines, entries = (blocks, name) if "entry" in blocks else (self._macros(LINE, wording), LINE)
        return Form(name, blocks, entries, lines)

    def _macros(self, name: str, wording: Wording) -> Mapping[str, Any]:
        own = dict(self.own).get(name)
        understood = template(name, built_in(name) if own is None else own)
        macros: Mapping[str, Any] = vars(_filled(name, lambda: understood.make_module({"say": wording})))
        return macros


@dataclass(frozen=True, slots=True)
class Form:
    """One kind's template, ready to be filled in. Whatever it stumbles over is raised as UnusableForm."""

    name: str
    blocks: Mapping[str, Any]
    line_name: str  # the file that sets the lines: this one, or the one that all kinds share
    lines: Mapping[str, Any]

    def head(self, edition: Masthead) -> Markup:
        """What stands above the first line, '' for nothing."""
        return Markup(_filled(self.name, lambda: self.blocks["head"](edition)))  # noqa: S704 - it escapes by itself

    def tail(self, edition: Masthead) -> Markup:
        """What stands below the last line, '' for nothing."""
        return Markup(_filled(self.name, lambda: self.blocks["tail"](edition)))  # noqa: S704 - it escapes by itself

    def entry(self, line: Line) -> Markup:
        """One story, without the line breaks of the template's own layout; those that it means are printed."""
        text = _filled(self.line_name, lambda: self.lines["entry"](line))
        return Markup(str(text).strip())  # noqa: S704 - it escapes by itself


BUILT_IN: Final = Forms()


def built_in(name: str) -> str:
    """The text of the built-in template."""
    return (resources.files("bot.editions") / "templates" / name).read_text("utf-8")


def _filled(name: str, fill: Callable[[], Any]) -> Any:
    try:
        return fill()
    except _STUMBLES as error:
        raise UnusableForm(name, _line_of(error.__traceback__), "stumbled", str(error)) from None


def _line_of(trace: TracebackType | None) -> int:
    """The template's line that an error came from, 0 when it came from none."""
    line = 0
    while trace is not None:
        source = trace.tb_frame.f_globals.get("__jinja_template__")
        if source is not None:
            line = source.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
