"""What formulas are worked out with: numbers, texts, truth values, errors, references; and how a spreadsheet takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol, TypeAlias

from perfxl.model.address import Box
from perfxl.model.regex import deferred
from perfxl.values.numeral import read_numeral


class Failed(str):
    """An error that a formula gives, by its name: ``#DIV/0!``."""

    __slots__ = ()


class ValueArea(NamedTuple):
    """A reference: a box of cells of a sheet."""

    sheet: str
    box: Box


Scalar: TypeAlias = float | str | bool | None
Operand: TypeAlias = Scalar | ValueArea
"""A value, or a reference to cells. An error is a ``Failed``, a blank None."""


class Unknown(Exception):  # noqa: N818 - it names what a result is, and never leaves this room
    """A formula that cannot be worked out here."""


class Cells(Protocol):
    """The cells of a workbook. All of it raises Unknown."""

    def value(self, sheet: str, row: int, column: int) -> Scalar:
        """Return what stands in a cell, or what its formula gives."""

    def values(self, area: ValueArea) -> Iterator[Scalar]:
        """Yield what stands in the cells of an area that hold something."""

    def counts(self, area: ValueArea) -> tuple[int, int]:
        """Return how many cells of an area hold something, and how many of them a number."""

    def step(self) -> None:
        """Count work, of which there is only so much."""


_LIKE_A_DATE: Final = deferred(r"[0-9]\s?[-/:.年月时]")
COMPARED: Final[Mapping[str, Callable[[int], bool]]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}
"""What a comparison says of the order of its two sides: below 0, 0, above 0."""


def failure(*values: Scalar) -> Failed | None:
    """Return the first error among values."""
    return next((value for value in values if isinstance(value, Failed)), None)


def number(value: Scalar) -> float | Failed:
    """Return a value as a number, as a spreadsheet takes it in a sum: text that is one counts.

    Raises Unknown for text that may be a date or a time, which count, too.
    """
    if isinstance(value, Failed):
        return value
    if value is None:
        return 0.0
    if isinstance(value, str):
        numeral = read_numeral(value)
        if numeral is None or numeral.doubt or numeral.unit not in {"", "%"}:
            if _LIKE_A_DATE.search(value):
                raise Unknown
            return Failed("#VALUE!")
        return float(numeral.value) / (100 if numeral.unit else 1)
    return float(value)


def text(value: Scalar) -> str:
    """Return a value as it stands in a text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    return value or ""


def calculated(sign: str, left: Scalar, right: Scalar) -> Scalar:
    """Return what two values give: ``+ - * / ^``."""
    a, b = number(left), number(right)
    if isinstance(a, Failed) or isinstance(b, Failed):
        return a if isinstance(a, Failed) else b
    try:
        match sign:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case "/":
                return a / b if b else Failed("#DIV/0!")
            case _:
                power = a**b
                return power if isinstance(power, float) else Failed("#NUM!")
    except (OverflowError, ZeroDivisionError):
        return Failed("#NUM!")


def compared(sign: str, left: Scalar, right: Scalar) -> Scalar:
    """Compare as a spreadsheet does: numbers before texts before truth values, texts whatever their case."""
    if failed := failure(left, right):
        return failed
    one, other = _filled(left, right), _filled(right, left)
    first, second = _rank(one), _rank(other)
    return COMPARED[sign]((first > second) - (first < second))


def _filled(value: Scalar, other: Scalar) -> Scalar:
    """Return a value, for a blank what it counts as next to another one."""
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _rank(value: Scalar) -> tuple[int, str, float]:
    """Return the place of a value in a spreadsheet's order."""
    if isinstance(value, str):
        return 1, value.lower(), 0.0
    return (2 if isinstance(value, bool) else 0), "", float(value or 0)
