"""Expressions of the rule language as trees: what perfxl.expr parses, prints as Excel formulas and evaluates."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.field_type import Sort
from perfxl.model.regex import deferred

_INDEX = deferred(r"\[\d+\]")


class ExpressionError(ValueError):
    """An expression that is not in the language, or a formula that Excel would not take.

    ``message`` says in Chinese what is wrong and what to write instead; ``column`` is the character of the source that
    it is about, from 1, or 0 where it is about the whole.
    """

    def __init__(self, message: str, column: int = 0) -> None:
        self.message = message
        self.column = column
        super().__init__(f"第 {column} 个字：{message}" if column else message)


class Operator(StrEnum):
    """The operators between two operands, as Excel writes them."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    EQUAL = "="
    UNEQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    JOIN = "&"

    @property
    def compares(self) -> bool:
        return self not in ARITHMETIC and self is not Operator.JOIN

    @property
    def strict(self) -> bool:
        """Whether equal sides break the comparison."""
        return self in {Operator.LESS, Operator.MORE}


ARITHMETIC = frozenset({Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE})


class Function(StrEnum):
    """The functions of the language; all are Excel's, by Excel's names, but SAID, DECIMALS, FITS and SAMEROWS.

    SAID counts like COUNTA, but passes over cells that say that there is nothing (perfxl.model.words). DECIMALS counts
    the decimals of a number, SAMEROWS the rows that are like this one in some columns; FITS tells whether a text is of a kind
    (perfxl.expr.patterns).
    """

    SUM = "SUM"
    SUMIF = "SUMIF"
    SUMPRODUCT = "SUMPRODUCT"
    COUNT = "COUNT"
    COUNTA = "COUNTA"
    COUNTIF = "COUNTIF"
    SAID = "SAID"
    MIN = "MIN"
    MAX = "MAX"
    AVERAGE = "AVERAGE"
    ROUND = "ROUND"
    ABS = "ABS"
    DECIMALS = "DECIMALS"
    IF = "IF"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    ISBLANK = "ISBLANK"
    LEN = "LEN"
    TRIM = "TRIM"
    UPPER = "UPPER"
    LEFT = "LEFT"
    RIGHT = "RIGHT"
    MID = "MID"
    DATE = "DATE"
    YEAR = "YEAR"
    MONTH = "MONTH"
    DAY = "DAY"
    FITS = "FITS"
    SAMEROWS = "SAMEROWS"


class Node(Struct, frozen=True, dict=True):
    """Part of an expression. What is worked out of it once (``perfxl.model.once``) is kept with it, and is no part of its value."""


class Constant(Node, frozen=True):
    """A number, text or truth written in the expression."""

    value: Decimal | str | bool


class Blank(Node, frozen=True):
    """The word BLANK: no value."""


class FieldRef(Node, frozen=True):
    """One cell. ``path`` is generic: ``indicators[].weight`` is the weight of the row that the expression is about."""

    path: str
    sort: Sort

    def path_at(self, row: str) -> str:
        """Return the concrete path in a row (``indicators[3]``). Raises ValueError where the row does not reach."""
        return in_brackets(self.path, row, self.path.count("[]")) if "[]" in self.path else self.path


class Range(Node, frozen=True):
    """Several cells: columns of growing tables, fields of a group, in the order of the form.

    The first ``bound`` brackets of each path mean the row that the expression is about, the others all rows:
    ``goals[].indicators[].weight`` with bound 1 are the weights within one goal, with bound 0 those of all goals.
    """

    fields: tuple[FieldRef, ...]
    bound: int = 0

    def paths_at(self, row: str) -> tuple[str, ...]:
        """Return the paths in a row, open brackets left in. Raises ValueError where the row does not reach."""
        if not self.bound:
            return tuple(field.path for field in self.fields)
        return tuple(in_brackets(field.path, row, self.bound) for field in self.fields)


class Negate(Node, frozen=True):
    """A number with its sign turned."""

    operand: Expr


class Binary(Node, frozen=True):
    """Arithmetic on two numbers or dates, a comparison of two values of one sort, or two texts put together."""

    operator: Operator
    left: Expr
    right: Expr


class Call(Node, frozen=True):
    """A function of arguments; the words and, or, not are calls too."""

    function: Function
    arguments: tuple[Expr, ...]


Expr: TypeAlias = Constant | Blank | FieldRef | Range | Negate | Binary | Call


@lru_cache(maxsize=8192)
def in_brackets(path: str, row: str, count: int) -> str:
    """Put a row's first indices in place of the first brackets of a path. Raises ValueError where it has too few."""
    indices = _INDEX.findall(row)
    if len(indices) < count:
        raise ValueError(f"{path!r} needs a row with {count} indices, got {row!r}")
    for index in indices[:count]:
        path = path.replace("[]", index, 1)
    return path
