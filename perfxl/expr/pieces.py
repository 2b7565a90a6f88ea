"""Pieces of an Excel formula: a text that is right under conditions, and how pieces are put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from perfxl.expr.areas import in_order, merged
from perfxl.model.expression import ExpressionError, Operator
from perfxl.model.words import NOTHING

FORMULA_LIMIT = 8192
BLANK_OR_NOTHING = ("", *NOTHING)
ERROR = "NA()"
"""What stands for a blank inside a formula."""


class Binding(IntEnum):
    """How tightly the outermost operator of a text binds, in Excel's order."""

    COMPARE = 1
    JOIN = 2
    ADD = 3
    MULTIPLY = 4
    ATOM = 5


class FormulaText(Struct, frozen=True):
    """A piece of a formula: its core is right where no cell of ``numbers`` lacks a number and no test is true."""

    core: str
    binding: Binding = Binding.ATOM
    numbers: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    fallible: bool = False

    def __post_init__(self) -> None:
        # No part may be longer than the whole: that keeps a nest of sums, each printed twice, from growing for ever.
        if len(self.core) > FORMULA_LIMIT // 2 and length(self.core) > FORMULA_LIMIT:
            raise ExpressionError(f"生成的公式超过 {FORMULA_LIMIT} 个字，Excel 不接受，请拆成几条")

    @property
    def guard(self) -> str:
        """The text that is true where it is blank, "" where it is blank by error only."""
        tests = list(dict.fromkeys(self.tests))
        if self.numbers:
            wanted = in_order(self.numbers)
            tests.insert(0, f"COUNT({listed(wanted)}){'=0' if len(wanted) == 1 else f'<{len(wanted)}'}")
        return f"OR({','.join(tests)})" if len(tests) > 1 else "".join(tests)

    def without(self, known: Collection[str]) -> FormulaText:
        """Return the text with the conditions left out that are known to be met."""
        numbers = tuple(number for number in self.numbers if number not in known)
        return replace(self, numbers=numbers, tests=tuple(test for test in self.tests if test not in known))

    def closed(self, blank: str) -> FormulaText:
        """Return a text without conditions: it gives ``blank`` where they are not met."""
        guard = self.guard
        if not guard:
            return self
        return FormulaText(f"IF({guard},{blank},{self.core})", fallible=self.fallible or blank == ERROR)

    def held(self, binding: Binding) -> str:
        """Return the core as an operand of something that binds as tightly as given."""
        return self.core if self.binding >= binding else f"({self.core})"


def joined(
    core: str, parts: Sequence[FormulaText], binding: Binding = Binding.ATOM, *, fallible: bool = False
) -> FormulaText:
    """Return a text that is blank wherever one of its parts is."""
    return FormulaText(
        core,
        binding,
        tuple(number for part in parts for number in part.numbers),
        tuple(test for part in parts for test in part.tests),
        fallible or any(part.fallible for part in parts),
    )


def infix(
    operator: Operator, left: FormulaText, right: FormulaText, level: Binding, *, fallible: bool = False
) -> FormulaText:
    """Return two operands with an operator between them, in brackets where they need them."""
    tighter = Binding(level + 1)
    core = f"{left.held(level)}{operator}{right.held(tighter)}"
    return joined(core, [left, right], level, fallible=fallible)


def literal(value: Decimal | str | bool) -> str:  # noqa: FBT001 - one of the kinds of constant
    """Return a constant as it stands in a formula."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return '"' + value.replace('"', '""') + '"'
        case _:
            return f"{value:f}"


def none_of(text: str, words: Iterable[str]) -> str:
    """Return a condition: the trimmed text of a formula is none of these words; over an area, for each cell of it."""
    return f'ISERROR(FIND("|"&TRIM({text})&"|","|{"|".join(words)}|"))'


def listed(names: Iterable[str]) -> str:
    """Return the arguments of a function, neighbouring cells as areas."""
    return ",".join(merged(names))


def length(formula: str) -> int:
    """Return the length as Excel counts it, in UTF-16 units."""
    return len(formula.encode("utf-16-le")) // 2
