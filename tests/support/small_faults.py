"""Small faults for a module, each as one changed place of its syntax tree: what tests that see limits move must notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_OTHER: dict[type[ast.AST], type[Any]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}
"""What stands for what: limits by one, comparisons and reasoning turned round."""
_NAMES = {"ERROR": ("WARNING",), "WARNING": ("ERROR",), "INFO": ("WARNING",), "ROUND_HALF_UP": ("ROUND_HALF_EVEN",)}
"""Severities and the rounding of money."""
_PASSED_OVER = (ast.Assert, ast.Raise, ast.Import, ast.ImportFrom, ast.FormattedValue, ast.JoinedStr)
"""What says nothing that a caller could rely on, or only how it is said."""
_KEYWORDS = frozenset({"maxsize", "strict", "slots", "frozen", "kw_only", "repr", "compare", "color", "width"})


@dataclass(frozen=True, slots=True)
class _Place:
    """A node, by the way to it from the root: fields, and indices where a field is a list."""

    node: ast.AST
    way: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: where it is (line from 1), what stands there and what shall stand there.

    ``other`` takes the place in the sound module; without both nothing is changed.
    """

    line: int
    before: str
    after: str
    module: ast.Module
    place: _Place | None
    other: ast.AST | None

    @property
    def tree(self) -> ast.Module:
        """The module with the fault in it, made anew each time; thousands of them at once would fill the memory."""
        if self.place is None or self.other is None:
            return self.module
        return _planted(self.module, self.place, self.other)

    def __str__(self) -> str:
        return f"{self.line}: {self.before} → {self.after}"


def faults(source: str) -> Iterator[Fault]:
    """Yield every small fault of a module's source, in its order.

    Limits of comparisons by one, comparisons, ``and``/``or``, conditions and truth values turned round, numbers up and
    down by one (of a ``Decimal("0.005")`` in its last place), arithmetic, severities, statements left out.
    """
    tree = ast.parse(source)
    for place in _places(tree, ()):
        for other in _others(place.node):
            yield Fault(getattr(place.node, "lineno", 0), _said(place.node), _said(other), tree, place, other)


def _places(node: ast.AST, way: tuple[tuple[str, int | None], ...]) -> Iterator[_Place]:
    """Yield the nodes in which a fault may be; annotations, docstrings, decorators and messages are passed over."""
    if isinstance(node, _PASSED_OVER):
        return
    if way:
        yield _Place(node, way)
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            continue
        if isinstance(value, list):
            for number, child in enumerate(value):
                if isinstance(child, ast.keyword) and child.arg in _KEYWORDS:
                    continue
                if isinstance(child, ast.AST) and not _is_text(child):
                    yield from _places(child, (*way, (name, number)))
        elif isinstance(value, ast.AST):
            yield from _places(value, (*way, (name, None)))


def _is_text(node: ast.AST) -> bool:
    """Tell whether a node is a docstring, or says what cannot be."""
    match node:
        case ast.Expr(value=ast.Constant() | ast.Call(func=ast.Name(id="assert_never"))):
            return True
        case _:
            return False


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand for a node."""
    match node:
        case ast.Compare(ops=ops):
            for number, op in enumerate(ops):
                if type(op) in _OTHER:
                    yield _with(node, ops=[*ops[:number], _OTHER[type(op)](), *ops[number + 1 :]])
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in _OTHER:
            yield _with(node, op=_OTHER[type(op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.If(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Break() | ast.Continue():
            yield _OTHER[type(node)]()
        case ast.Constant(value=bool() as truth):
            yield ast.Constant(not truth)
        case ast.Constant(value=int() | float() as number):
            yield from (ast.Constant(number + by) for by in (1, -1))
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str() as written)]):
            yield from (_with(node, args=[ast.Constant(text)]) for text in _near(written))
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield from (ast.Name(other, ast.Load()) for other in _NAMES[name])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in _NAMES:
            yield from (_with(node, attr=other) for other in _NAMES[name])
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield ast.Pass()


def _near(written: str) -> Iterator[str]:
    """Yield the numbers next to a decimal one, in its last place."""
    number = Decimal(written)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int):
        step = Decimal(1).scaleb(exponent)
        yield from (str(number + step), str(number - step))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """Return a node with other fields."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _planted(tree: ast.Module, place: _Place, other: ast.AST) -> ast.Module:
    faulty = copy.deepcopy(tree)
    parent: Any = faulty
    for name, number in place.way[:-1]:
        parent = getattr(parent, name) if number is None else getattr(parent, name)[number]
    name, number = place.way[-1]
    new = copy.deepcopy(other)
    if number is None:
        setattr(parent, name, ast.copy_location(new, place.node))
    else:
        getattr(parent, name)[number] = ast.copy_location(new, place.node)
    ast.fix_missing_locations(faulty)
    return faulty


def _said(node: ast.AST) -> str:
    """A node on one line, the inside of a statement left out."""
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())[:100]
