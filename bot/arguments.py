"""What may be written after `holovne`, and what it means. Everything a person reads here is in their language."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from bot.wording import Wording

PROGRAM = "holovne"
PORT = 8765
SHOWN, MOST_SHOWN = 50, 1_000_000  # entries of the outbox: a few screens; years of them
# What may be done with a source, and what is said after its number; the address of a new one stands alone.
SOURCE_ACTS = {
    "add": "ADDRESS", "pause": "", "resume": "", "rename": "NAME", "address": "ADDRESS", "section": "SECTION",
    "weight": "WEIGHT", "language": "uk|ru|en", "zone": "ZONE", "remove": "",
}  # fmt: skip
STATES = ("waiting", "claimed", "sent", "refused", "doubt", "dropped")  # of the outbox: ARCHITECTURE.md
DIGITS = 6  # of the number of a source
YEARS = range(1970, 2200)  # beyond, a zone's offset may lead out of the calendar


class Refusal(Exception):
    """A command cannot be carried out; `sentences` say why and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def read(arguments: Iterable[str] | None, wording: Wording) -> argparse.Namespace:
    """The command (`name`) and its values; those of the process when `arguments` is None. Raises Refusal.

    An instant without a zone is left naive: it is meant in the newsroom's.
    """
    return _parser(wording).parse_args(None if arguments is None else list(arguments))


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = _Parser(wording=wording, prog=PROGRAM, description=wording.text("cli.about"))
    title, metavar = wording.text("cli.commands"), wording.text("cli.command")
    commands = parser.add_subparsers(required=True, dest="name", title=title, metavar=metavar)
    for name, fill in COMMANDS.items():
        text = wording.text(f"cli.{name}")
        fill(commands.add_parser(name, wording=wording, help=text, description=text), wording)
    return parser


class _Parser(argparse.ArgumentParser):
    """argparse speaks English alone; this one speaks the operator's language."""

    def __init__(self, *, wording: Wording, **more: Any) -> None:
        super().__init__(**more, add_help=False, allow_abbrev=False, formatter_class=partial(_Help, wording))
        self.wording = wording
        self.options = self.add_argument_group(wording.text("cli.options"))
        self.options.add_argument("-h", "--help", action="help", help=wording.text("cli.help"))

    def error(self, message: str) -> NoReturn:
        """Raises Refusal: argparse's own words would be English."""
        raise Refusal(self.format_usage().strip(), self.wording.text("cli.misunderstood", command=f"{self.prog} -h"))


class _Help(argparse.HelpFormatter):
    def __init__(self, wording: Wording, prog: str) -> None:
        super().__init__(prog)
        self._usage_title = wording.text("cli.usage") + " "

    def add_argument(self, action: argparse.Action) -> None:
        """argparse forgets that commands stand deeper than the word above them."""
        super().add_argument(action)
        if action.nargs == argparse.PARSER:
            self._action_max_length += self._indent_increment

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self._usage_title if prefix is None else prefix)


def _nothing(parser: _Parser, wording: Wording) -> None:
    """The command takes no values."""


def _demo(parser: _Parser, wording: Wording) -> None:
    port, at = partial(_port, wording), partial(_instant, wording)
    parser.options.add_argument("--port", type=port, default=PORT, help=wording.text("cli.demo.port"))
    parser.options.add_argument("--at", type=at, help=wording.text("cli.demo.at"))
    parser.options.add_argument("--no-browser", action="store_true", help=wording.text("cli.demo.no_browser"))


def _collect(parser: _Parser, wording: Wording) -> None:
    values = parser.add_argument_group(wording.text("cli.values"))
    values.add_argument("sources", nargs="*", metavar="URL", help=wording.text("cli.collect.sources"))


def _preview(parser: _Parser, wording: Wording) -> None:
    values = parser.add_argument_group(wording.text("cli.values"))
    rubric = partial(_rubric, wording)
    values.add_argument("rubric", type=rubric, metavar="digest|roundup", help=wording.text("cli.preview.rubric"))
    parser.options.add_argument("--at", type=partial(_instant, wording), help=wording.text("cli.preview.at"))


def _judge(parser: _Parser, wording: Wording) -> None:
    values = parser.add_argument_group(wording.text("cli.values"))
    values.add_argument("files", nargs="+", type=Path, metavar="FILE", help=wording.text("cli.judge.files"))
    parser.options.add_argument("--save", type=Path, metavar="SNAPSHOT", help=wording.text("cli.judge.save"))
    parser.options.add_argument("--against", type=Path, metavar="SNAPSHOT", help=wording.text("cli.judge.against"))


def _outbox(parser: _Parser, wording: Wording) -> None:
    count, state, states = partial(_count, wording), partial(_state, wording), ", ".join(STATES)
    parser.options.add_argument("--all", action="store_true", help=wording.text("cli.outbox.all"))
    said = wording.text("cli.outbox.count", count=SHOWN)
    parser.options.add_argument("--count", type=count, default=SHOWN, help=said)
    said = wording.text("cli.outbox.state", states=states)
    parser.options.add_argument("--state", type=state, help=said)


def _sources(parser: _Parser, wording: Wording) -> None:
    either = parser.options.add_mutually_exclusive_group()
    either.add_argument("--opml", action="store_true", help=wording.text("cli.sources.opml"))
    said = wording.text("cli.sources.import")
    either.add_argument("--import", dest="file", type=Path, metavar="FILE", help=said)
    title, metavar = wording.text("cli.sources.acts"), wording.text("cli.sources.act")
    acts = parser.add_subparsers(dest="act", title=title, metavar=metavar)
    for name, value in SOURCE_ACTS.items():
        text = wording.text(f"cli.sources.{name}")
        one: _Parser = acts.add_parser(name, wording=wording, help=text, description=text)
        one.set_defaults(number=0, words=[], yes=False)
        values = one.add_argument_group(wording.text("cli.values"))
        if name == "add":
            one.options.add_argument("--yes", action="store_true", help=wording.text("cli.sources.yes"))
        else:
            number = partial(_number, wording)
            values.add_argument("number", type=number, metavar="N", help=wording.text("cli.sources.number"))
        if value:
            text = wording.text(f"cli.sources.value.{name}")
            many = value in ("NAME", "SECTION")  # of several words, as a person says it
            values.add_argument("words", nargs="+" if many else 1, metavar=value, help=text)


def _templates(parser: _Parser, wording: Wording) -> None:
    values = parser.add_argument_group(wording.text("cli.values"))
    values.add_argument("path", nargs="?", type=Path, metavar="PATH", help=wording.text("cli.templates.path"))
    parser.options.add_argument("--check", action="store_true", help=wording.text("cli.templates.check"))


def _count(wording: Wording, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= MOST_SHOWN:
        raise Refusal(wording.text("cli.bad.count", text=text, most=MOST_SHOWN))
    return int(text)


def _number(wording: Wording, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > DIGITS:
        raise Refusal(wording.text("cli.bad.number", text=text))
    return int(text)


def _state(wording: Wording, text: str) -> str:
    if text not in STATES:
        raise Refusal(wording.text("cli.bad.state", text=text, states=", ".join(STATES)))
    return text


def _rubric(wording: Wording, text: str) -> str:
    if text not in ("digest", "roundup"):
        raise Refusal(wording.text("cli.bad.rubric", text=text))
    return text


def _port(wording: Wording, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 65_535:
        raise Refusal(wording.text("cli.bad.port", text=text))
    return int(text)


def _instant(wording: Wording, text: str) -> datetime:
    """An ISO 8601 instant, naive when no zone is named."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(wording.text("cli.bad.instant", text=text)) from None
    if at.year not in YEARS:
        raise Refusal(wording.text("cli.bad.instant", text=text))
    return at


COMMANDS = {
    "run": _nothing,
    "demo": _demo,
    "check": _nothing,
    "collect": _collect,
    "preview": _preview,
    "judge": _judge,
    "outbox": _outbox,
    "sources": _sources,
    "templates": _templates,
}
