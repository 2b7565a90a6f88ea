"""Every regular expression of the code, and texts that make a careless one slow."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import perfxl

LONGEST = 32_767
"""Characters that a cell may hold."""
_FUNCTIONS = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
_USES = frozenset({"match", "search", "fullmatch"})
_DEFERRED = "deferred"
_REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}
_CATEGORIES = {
    constants.CATEGORY_DIGIT: "1",
    constants.CATEGORY_SPACE: " ",
    constants.CATEGORY_WORD: "a",
    constants.CATEGORY_NOT_DIGIT: "文",
    constants.CATEGORY_NOT_SPACE: "文",
    constants.CATEGORY_NOT_WORD: "，",
}


@dataclass(frozen=True, slots=True)
class Site:
    """An expression of the code: where it stands, its source, how it is used there."""

    module: str
    line: int
    pattern: re.Pattern[Any]
    uses: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.module}:{self.line}"


@dataclass(slots=True)
class Found:
    """The expressions of the code; ``built`` are places that put theirs together only as they run."""

    sites: list[Site] = field(default_factory=list)
    built: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def every_regex() -> Found:
    """Return the regular expressions of all modules, from their source."""
    found = Found()
    for name in _modules():
        module = importlib.import_module(name)
        source = Path(module.__file__ or "").read_text(encoding="utf-8")
        if "import re\n" not in source and f"import {_DEFERRED}\n" not in source:
            continue
        nodes = tuple(ast.walk(ast.parse(source)))
        uses = _uses(nodes)
        assigned = {id(value): name for name, assigned in _assigned(nodes) for value in _within(assigned)}
        for call in _calls(nodes):
            function = _function(call)
            pattern = _evaluated(call, module)
            if pattern is None:
                found.built.append(name)
                continue
            used = uses.get(assigned.get(id(call), ""), _USES) if function == "compile" else {_use(function)}
            found.sites.append(Site(name, call.lineno, pattern, frozenset(used)))
    return found


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(perfxl.__path__, "perfxl."):
        if not module.name.endswith("__main__"):
            yield module.name


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that something is assigned to, each with what that is."""
    for node in nodes:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _within(value: ast.AST) -> Iterator[ast.AST]:
    """Yield what is assigned, and what it is made of where it is made by a call: it is used as the whole is."""
    yield value
    if isinstance(value, ast.Call):
        yield from value.args


def _calls(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    for node in nodes:
        if isinstance(node, ast.Call) and node.args and _function(node) in _FUNCTIONS:
            of = node.func.value if isinstance(node.func, ast.Attribute) else None
            if of is None or (isinstance(of, ast.Name) and of.id == "re"):
                yield node


def _function(call: ast.Call) -> str:
    """Return the name of what is called; what makes an expression that is compiled later compiles one."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return "compile" if isinstance(call.func, ast.Name) and call.func.id == _DEFERRED else ""


def _evaluated(call: ast.Call, module: ModuleType) -> re.Pattern[Any] | None:
    """Return the expression of a call, None where it is put together of what only runs of the code know."""
    pattern, flags = call.args[0], 0
    places = {"compile": 1, "match": 2, "search": 2, "fullmatch": 2, "split": 3, "findall": 2, "finditer": 2, "sub": 4}
    function = _function(call)
    given = [word.value for word in call.keywords if word.arg == "flags"]
    given += call.args[places.get(function, 9) :][:1]
    try:
        for flag in given:
            flags |= eval(compile(ast.Expression(flag), module.__name__, "eval"), vars(module))  # noqa: S307 - our own source
        source = eval(compile(ast.Expression(pattern), module.__name__, "eval"), vars(module))  # noqa: S307 - likewise
    except NameError:
        return None
    return re.compile(source, flags)


def _uses(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """Return by name of an expression the ways in which its module tries it."""
    uses: dict[str, set[str]] = {}
    methods = _FUNCTIONS - {"compile"}
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in methods and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(_use(node.attr))
    return uses


def _use(function: str) -> str:
    return function if function in _USES else "search"


# -- texts ------------------------------------------------------------------------------------------------------------


def hard_texts(pattern: re.Pattern[Any], length: int = LONGEST) -> Iterator[Any]:
    """Yield texts of a length that an expression may take long for: pieces of its own alphabet again and again.

    Each stands by itself, after what the expression wants before it, and before something that it never wants.
    """
    tree = parser.parse(pattern.pattern, pattern.flags)
    pieces = list(dict.fromkeys(piece for piece in _pieces(tree) if piece))
    beginnings = list(dict.fromkeys(["", *_beginnings(tree)]))
    for piece in (*pieces, *_pairs(pieces)):
        for beginning in beginnings:
            for end in ("", "\x00"):
                count = (length - len(beginning) - len(end)) // len(piece)
                text = f"{beginning}{piece * count}{end}"
                yield text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def _pairs(pieces: Sequence[str]) -> Iterator[str]:
    for first, second in pairwise(pieces):
        yield first + second


def _pieces(tree: Iterable[Any]) -> Iterator[str]:
    """Yield what each part of an expression may read, shortest first."""
    run = ""
    for code, argument in tree:
        if code is constants.LITERAL:
            run += chr(argument)
            continue
        if run:
            yield run
            run = ""
        yield from _inner_pieces(code, argument)
    if run:
        yield run


def _inner_pieces(code: Any, argument: Any) -> Iterator[str]:
    if code is constants.SUBPATTERN:
        yield from _pieces(argument[3])
        yield _sample(argument[3])
    elif code in _REPEATS:
        yield from _pieces(argument[2])
        yield _sample(argument[2])
    elif code is constants.BRANCH:
        for branch in argument[1]:
            yield from _pieces(branch)
    elif code in {constants.ASSERT, constants.ASSERT_NOT}:
        yield from _pieces(argument[1])
    elif code is constants.ATOMIC_GROUP:
        yield from _pieces(argument)
    elif code is constants.GROUPREF_EXISTS:
        yield from _pieces(argument[1])
    elif code is constants.IN:
        yield from _members(argument)
    elif code in {constants.ANY, constants.NOT_LITERAL}:
        yield "文"


def _members(members: Sequence[Any]) -> Iterator[str]:
    if members[0][0] is constants.NEGATE:
        yield "文"
        return
    for code, argument in members[:6]:
        if code is constants.LITERAL:
            yield chr(argument)
        elif code is constants.RANGE:
            yield chr(argument[0])
        elif code is constants.CATEGORY:
            yield _CATEGORIES[argument]


def _sample(tree: Iterable[Any]) -> str:
    """Return a text that a part of an expression reads, or nearly."""
    text = ""
    for code, argument in tree:
        if code is constants.LITERAL:
            text += chr(argument)
        elif code is constants.SUBPATTERN:
            text += _sample(argument[3])
        elif code in _REPEATS:
            text += _sample(argument[2]) * max(argument[0], 1)
        elif code is constants.BRANCH:
            text += _sample(argument[1][0])
        elif code is constants.ATOMIC_GROUP:
            text += _sample(argument)
        elif code is constants.IN:
            text += next(_members(argument))
        elif code in {constants.ANY, constants.NOT_LITERAL}:
            text += "文"
    return text


def _beginnings(tree: Iterable[Any]) -> Iterator[str]:
    """Yield what an expression reads before each of its repetitions that has no narrow bound."""
    items = list(tree)
    for number, (code, argument) in enumerate(items):
        if code in _REPEATS and argument[1] > 100:
            yield _sample(items[:number])
        elif code is constants.SUBPATTERN:
            yield from (_sample(items[:number]) + inner for inner in _beginnings(argument[3]))


def is_too_much_for_python_3_11(pattern: re.Pattern[Any]) -> bool:
    """Tell whether a possessive group holds a look around or another such group: Python 3.11.2 finds other matches then."""
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    return any(_lost(parser.parse(pattern.pattern, flags), inside=False))


def _lost(piece: Any, *, inside: bool) -> Iterator[bool]:
    for op, argument in piece:
        group = op is constants.POSSESSIVE_REPEAT and _is_group(argument[2])
        yield inside and (group or op in {constants.ASSERT, constants.ASSERT_NOT})
        for part in _parts(argument):
            yield from _lost(part, inside=inside or group)


def _is_group(repeated: Any) -> bool:
    return len(repeated) != 1 or repeated[0][0] not in {
        constants.IN,
        constants.LITERAL,
        constants.NOT_LITERAL,
        constants.ANY,
    }


def _parts(argument: Any) -> Iterator[Any]:
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for part in argument:
            yield from _parts(part)
