"""The language of templates: the few parts of Jinja2 that a newsroom's own file may be made of.

The file is a guest. Jinja2's sandbox keeps it from our objects; beside that nothing that it may say repeats or
multiplies, so whatever is written there ends soon and stays short, and nothing takes the escaping away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

LINE: Final = "line.html.j2"
DEEPEST = 30  # Python refuses a hundred blocks in each other; nobody reads ten
_FILTERS: Final = ("default", "e", "escape", "length", "trim")  # none that makes more of a text, none that unescapes it
_PARTS: Final = (
    nodes.And, nodes.Call, nodes.Compare, nodes.Concat, nodes.CondExpr, nodes.Const, nodes.Filter, nodes.Getattr,
    nodes.If, nodes.Keyword, nodes.Name, nodes.Not, nodes.Operand, nodes.Or, nodes.Output, nodes.TemplateData,
)  # fmt: skip


class UnusableForm(Exception):
    """A template that cannot be used: its file, the line (0: the whole file), what is wrong (a key of the catalogue
    under `template.fault`) and the word it is about."""

    def __init__(self, name: str, line: int, key: str, word: str = "") -> None:
        super().__init__(f"{name}:{line}: {key} {word}".strip())
        self.name = name
        self.line = line
        self.key = key
        self.word = word


@dataclass(frozen=True, slots=True)
class Line:
    """What a template is told of one story. `source` is named when the headline does not name it itself."""

    headline: str
    url: str
    source: str
    update: str


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a template is told of the edition. `subscribe` is the channel's @name, '' when it has none; `section` names
    what a section's digest is about; `signature` are the channel's own last words, '' for the built-in ones."""

    title: str
    wall_time: str
    subscribe: str
    section: str = ""
    signature: str = ""


TOLD: Final = {"entry": Line, "head": Masthead, "tail": Masthead}  # each macro, and what it is told


@lru_cache(maxsize=128)  # a channel has seven; a dozen channels
def template(name: str, text: str) -> Template:
    """The file, understood. Raises UnusableForm when it says anything that a template may not."""
    try:
        tree = _ENVIRONMENT.parse(text)
        _look(name, tree)
        code = _ENVIRONMENT.compile(text, name, name)
    except TemplateSyntaxError as error:
        raise UnusableForm(name, error.lineno, "syntax", error.message or "") from None
    except (RecursionError, SyntaxError, MemoryError):
        raise UnusableForm(name, 0, "deep") from None
    return Template.from_code(_ENVIRONMENT, code, {})


def _look(name: str, tree: nodes.Template) -> None:
    """Raises UnusableForm unless the file is made of the macros that it must have, and these of the few parts."""
    wanted = {"entry"} if name == LINE else {"head", "tail"}
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, nodes.Macro):
            told = TOLD.get(node.name)
            if told is None or len(node.args) != 1 or node.defaults or node.name in found:
                raise UnusableForm(name, node.lineno, "macro", node.name)
            found.add(node.name)
            known = {node.args[0].name: frozenset(each.name for each in fields(told))}
            for part, depth in _parts(node.body):
                if fault := _fault(part, known) or (("deep", "") if depth > DEEPEST else None):
                    raise UnusableForm(name, part.lineno or 0, *fault)
        elif not (isinstance(node, nodes.Output) and all(_blank(each) for each in node.nodes)):
            raise UnusableForm(name, node.lineno, "outside")
    if missing := sorted(wanted - found):
        raise UnusableForm(name, 0, "lacks", missing[0])


def _fault(part: nodes.Node, known: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    """What is wrong with the part and the word it is about; None when it may stand."""
    match part:
        case nodes.Getattr(node=nodes.Name(name=owner), attr=attr):
            if owner not in known:
                return "name", owner
            return None if attr in known[owner] else ("field", f"{owner}.{attr}")
        case nodes.Getattr(attr=attr):
            return "field", attr
        case nodes.Name(name=word):  # alone: the whole edition is no text
            return "name", word
        case nodes.Filter(name=word):
            return None if word in _FILTERS else ("filter", word)
        case nodes.Call() if not _speaks(part):
            return "part", "Call"
    return None if isinstance(part, _PARTS) else ("part", type(part).__name__)


def _speaks(call: nodes.Call) -> bool:
    """Whether it asks for a text of the catalogue by its key: `say.html("digest.tail", time=…)`."""
    match call:
        case nodes.Call(
            node=nodes.Getattr(node=nodes.Name(name="say"), attr="text" | "html"),
            args=[nodes.Const()],
            dyn_args=None,
            dyn_kwargs=None,
        ):
            return True
    return False


def _parts(body: list[nodes.Node]) -> Iterator[tuple[nodes.Node, int]]:
    """Every part below, and how deep it stands; without recursion, for it may stand very deep."""
    waiting = [(node, 1) for node in reversed(body)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        said = {"node"} if isinstance(node, nodes.Call | nodes.Getattr) and _named(node) else None
        waiting += [(child, depth + 1) for child in node.iter_child_nodes(exclude=said)]


def _named(node: nodes.Call | nodes.Getattr) -> bool:
    """Whether what it is asked of was looked at with it."""
    return _speaks(node) if isinstance(node, nodes.Call) else isinstance(node.node, nodes.Name)


def _blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData) and not node.data.strip()


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, cache_size=0
    )
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: FILTERS[name] for name in _FILTERS}
    return made


_ENVIRONMENT: Final = _environment()
