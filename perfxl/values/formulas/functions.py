"""The functions that stand in forms, and those that people type into them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from msgspec import Struct

from perfxl.model.address import Box
from perfxl.values.formulas.operands import Cells, Failed, Operand, Scalar, Unknown, ValueArea, failure, number

_MOST_PLACES = 15


class Arguments(Struct, frozen=True):
    """The arguments of a call. All of it raises Unknown."""

    cells: Cells
    given: Sequence[Operand]

    def __len__(self) -> int:
        return len(self.given)

    def one(self, position: int, otherwise: Scalar = None) -> Scalar:
        """Return an argument that has to be one value."""
        return single(self.cells, self.given[position]) if position < len(self.given) else otherwise

    def each(self) -> Iterator[tuple[Scalar, bool]]:
        """Yield the values of all arguments, and whether they were given as such and not by a reference."""
        for argument in self.given:
            if isinstance(argument, ValueArea):
                for value in self.cells.values(argument):
                    yield value, False
            else:
                yield argument, True

    def counts(self) -> Iterator[tuple[int, int]]:
        """Yield how many values each argument has, and how many of them are numbers."""
        for argument in self.given:
            if isinstance(argument, ValueArea):
                yield self.cells.counts(argument)
            else:
                yield argument is not None, isinstance(argument, float)


def single(cells: Cells, operand: Operand) -> Scalar:
    """Return the value of an operand that has to be one value. Raises Unknown."""
    if not isinstance(operand, ValueArea):
        return operand
    if not operand.box.single:
        raise Unknown
    return cells.value(operand.sheet, operand.box.row, operand.box.column)


Function: TypeAlias = Callable[[Arguments], Operand]


def _numbers(arguments: Arguments) -> list[float] | Failed:
    """Return the numbers among arguments: those in cells, and those that are given as such."""
    found: list[float] = []
    for value, given in arguments.each():
        if isinstance(value, Failed):
            return value
        if isinstance(value, float):
            found.append(value)
        elif given and value is not None:
            counted = number(value)
            if isinstance(counted, Failed):
                return counted
            found.append(counted)
    return found


def _over_numbers(function: Callable[[list[float]], Scalar]) -> Function:
    def called(arguments: Arguments) -> Operand:
        numbers = _numbers(arguments)
        return numbers if isinstance(numbers, Failed) else function(numbers)

    return called


def _of_one(function: Callable[[float], Scalar]) -> Function:
    def called(arguments: Arguments) -> Operand:
        only = number(arguments.one(0))
        return only if isinstance(only, Failed) else function(only)

    return called


def _to_places(rounded: Callable[[float], float]) -> Function:
    """Return a function that rounds to places: of the size of a number, the decimal that it is shown as."""

    def called(arguments: Arguments) -> Operand:
        exact, places = number(arguments.one(0)), number(arguments.one(1, 0.0))
        if isinstance(exact, Failed) or isinstance(places, Failed):
            return exact if isinstance(exact, Failed) else places
        if abs(places) > _MOST_PLACES or not math.isfinite(exact):
            raise Unknown
        power = Decimal(10) ** int(places)
        scaled = abs(Decimal(f"{exact:.15g}")) * power
        return math.copysign(float(Decimal(rounded(float(scaled))) / power), exact)

    return called


def _count(arguments: Arguments) -> Operand:
    return float(sum(numbers for _, numbers in arguments.counts()))


def _count_filled(arguments: Arguments) -> Operand:
    return float(sum(filled for filled, _ in arguments.counts()))


def _if(arguments: Arguments) -> Operand:
    asked = arguments.one(0)
    if isinstance(asked, Failed):
        return asked
    if isinstance(asked, str):
        return Failed("#VALUE!")
    chosen = 1 if asked else 2
    return arguments.given[chosen] if chosen < len(arguments) else False


def _if_error(arguments: Arguments) -> Operand:
    value = arguments.one(0)
    return arguments.one(1, "") if isinstance(value, Failed) else value


def _all_or_any(combined: Callable[[list[bool]], bool]) -> Function:
    def called(arguments: Arguments) -> Operand:
        values = list(arguments.each())
        if any(given and not isinstance(value, bool | float) for value, given in values):
            raise Unknown
        truths = [bool(value) for value, _ in values if isinstance(value, bool | float)]
        return failure(*(value for value, _ in values)) or (combined(truths) if truths else Failed("#VALUE!"))

    return called


def _row(arguments: Arguments) -> Operand:
    if len(arguments) != 1 or not isinstance(arguments.given[0], ValueArea):
        raise Unknown
    return float(arguments.given[0].box.row)


def _index(arguments: Arguments) -> Operand:
    """Return the cell of an area that row and column lead to, as a reference."""
    area = arguments.given[0] if arguments.given else None
    row, column = number(arguments.one(1, 1.0)), number(arguments.one(2, 1.0))
    if not isinstance(area, ValueArea) or isinstance(row, Failed) or isinstance(column, Failed) or not (row and column):
        raise Unknown
    at = (area.box.row + int(row) - 1, area.box.column + int(column) - 1)
    if not area.box.holds(*at):
        return Failed("#REF!")
    return ValueArea(area.sheet, Box(*at, *at))


def _average(numbers: list[float]) -> Scalar:
    return math.fsum(numbers) / len(numbers) if numbers else Failed("#DIV/0!")


FUNCTIONS: Final[Mapping[str, Function]] = {
    "SUM": _over_numbers(math.fsum),
    "PRODUCT": _over_numbers(lambda numbers: math.prod(numbers) if numbers else 0.0),
    "AVERAGE": _over_numbers(_average),
    "MIN": _over_numbers(lambda numbers: min(numbers, default=0.0)),
    "MAX": _over_numbers(lambda numbers: max(numbers, default=0.0)),
    "COUNT": _count,
    "COUNTA": _count_filled,
    "ABS": _of_one(abs),
    "INT": _of_one(lambda value: float(math.floor(value))),
    "VALUE": _of_one(lambda value: value),
    "ROUND": _to_places(lambda value: float(math.floor(value + 0.5))),
    "ROUNDUP": _to_places(lambda value: float(math.ceil(value))),
    "ROUNDDOWN": _to_places(lambda value: float(math.floor(value))),
    "TRUNC": _to_places(lambda value: float(math.floor(value))),
    "IF": _if,
    "IFERROR": _if_error,
    "AND": _all_or_any(all),
    "OR": _all_or_any(any),
    "NOT": _of_one(lambda value: not value),
    "ROW": _row,
    "INDEX": _index,
}
