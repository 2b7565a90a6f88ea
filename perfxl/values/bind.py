"""From what was seen on a sheet to typed values: the record as typed, and what there is to say about each cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from perfxl.model.form import Field, Form
from perfxl.model.grid import CellKind, Content, Grid, GridCell
from perfxl.model.path import generic
from perfxl.model.reading import Reading, Sighting
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.values.coerce import CellProblem, Coerced, Typed, coerce
from perfxl.values.formulas.calculator import Calculator, Result
from perfxl.values.formulas.precedents import Precedents, Spot


class Bound(Struct, frozen=True):
    """What was typed into a form.

    ``record`` holds the values of input fields; ``stated`` those that stood in computed fields (typed or cached);
    ``remarks`` the cells with something to report, by path; ``unreadable`` the paths of input fields whose value could
    not be read (a computed one is worked out anew, whatever stands there).
    """

    record: Record
    stated: Mapping[str, Value]
    remarks: Mapping[str, Coerced]
    unreadable: frozenset[str]


Calculate: TypeAlias = Callable[[GridCell], Result | None]
"""Takes a cell with a formula and gives what that gives now, None where it is not known."""


class BoundValue(NamedTuple):
    """What the formula in a computed field gives now; ``texts`` are the numbers, by path, that it reads and passes over."""

    value: Value
    texts: tuple[str, ...] = ()


PassedOver: TypeAlias = Callable[[GridCell], tuple[str, ...]]
"""Takes a cell with a formula and gives the paths of the numbers that are typed as text where it reads them."""

_UNREADABLE = frozenset(
    {
        CellProblem.UNREADABLE,
        CellProblem.NOT_OFFERED,
        CellProblem.ERROR_CELL,
        CellProblem.PLACEHOLDER,
        CellProblem.NO_RESULT,
    }
)
_NOISE = Decimal("0.000001")


def bind(form: Form, reading: Reading, calculate: Calculate | None = None) -> Bound:
    """Coerce every sighting of a reading to its field's type; ``calculate`` works out the formulas of input fields."""
    values: dict[str, Value] = {}
    stated: dict[str, Value] = {}
    remarks: dict[str, Coerced] = {}
    unreadable: set[str] = set()
    fields, money, worked_out = form.fields, form.money, form.worked_out
    for path, sighting in reading.seen.items():
        formula = _is_formula(sighting)
        if sighting.content is None and not formula:
            continue  # a blank, of which there is nothing to say
        at = generic(path)
        field, computed = fields[at], at in worked_out
        coerced = coerce(_typed(sighting), field.type, field.choices, money)
        if formula and calculate is not None and not computed:
            coerced = _worked_out(sighting, field, money, coerced, calculate)
        if coerced.problem is not CellProblem.NONE:
            if coerced.problem is not CellProblem.NORMALISED or not _within(sighting):
                remarks[path] = coerced
            if coerced.problem in _UNREADABLE and not computed:
                unreadable.add(path)
        if coerced.value is not None:
            (stated if computed else values)[path] = coerced.value
    return Bound(Record(values, reading.sizes), stated, remarks, frozenset(unreadable))


def bound_together(parts: Sequence[Bound]) -> Bound:
    """Return what was typed into a form that stands on several sheets."""
    return Bound(
        Record(
            {path: value for one in parts for path, value in one.record.values.items()},
            {table: size for one in parts for table, size in one.record.sizes.items()},
        ),
        {path: value for one in parts for path, value in one.stated.items()},
        {path: remark for one in parts for path, remark in one.remarks.items()},
        frozenset(path for one in parts for path in one.unreadable),
    )


def given(
    form: Form, reading: Reading, bound: Bound, record: Record, calculate: Calculate, passed_over: PassedOver
) -> dict[str, BoundValue]:
    """Return what the formulas in computed fields give now: of those whose stored result is not that of the record."""
    found: dict[str, BoundValue] = {}
    worked_out = form.worked_out
    for path, sighting in reading.seen.items() if worked_out else ():
        at = generic(path)
        if at not in worked_out or sighting.cell is None or agree(bound.stated.get(path), record[path]):
            continue
        field = form.fields[at]
        result = calculate(sighting.cell) if sighting.cell.formula else None
        if result is not None and result.kind is not CellKind.ERROR:
            typed = Typed(result.kind, result.value, sighting.cell.format)
            value = coerce(typed, field.type, field.choices, form.money).value
            # One that needs every figure shows nothing where it finds a text.
            asked = result.kind is CellKind.NUMBER or value is None
            found[path] = BoundValue(value, passed_over(sighting.cell) if asked else ())
    return found


def numbers_as_text(
    reading: Reading,
    record: Record,
    grid: Grid,
    calculator: Calculator,
    others: Sequence[tuple[Grid, Reading]] = (),
) -> PassedOver:
    """Return what tells which numbers typed as text a formula reads: in a sum they count as nothing.

    ``others`` are the other sheets on which the form stands.
    """

    @cache  # few returns have a formula of which it is asked
    def known() -> tuple[Precedents, Mapping[tuple[str, int, int], Sequence[str]], Mapping[tuple[str, int, int], int]]:
        sheets = [(grid, _typed_as_text(reading, record)), *((one, _typed_as_text(r, record)) for one, r in others)]
        typed = {(one.name, *at): paths for one, found in sheets for at, paths in found.items()}
        order = {at: number for number, at in enumerate(typed)}
        return Precedents(calculator, grid, sheets[0][1], sheets[1:]), typed, order

    def passed_over(cell: GridCell) -> tuple[str, ...]:
        precedents, typed, order = known()
        return tuple(path for at in sorted(precedents.everywhere(cell), key=order.__getitem__) for path in typed[at])

    return passed_over


def _typed_as_text(reading: Reading, record: Record) -> dict[Spot, list[str]]:
    """Return the paths of the numbers that are typed as text, by their cells."""
    typed: dict[Spot, list[str]] = defaultdict(list)
    for path, sighting in reading.seen.items():
        cell = sighting.cell
        if cell is not None and cell.kind is CellKind.TEXT and isinstance(record[path], Decimal):
            typed[cell.row, cell.column].append(path)
    return typed


def agree(stated: Value, value: Value) -> bool:
    """Tell whether a stored result is the one worked out, but for the noise of binary numbers."""
    if isinstance(stated, Decimal) and isinstance(value, Decimal):
        return abs(stated - value) < _NOISE
    return stated == value


def _is_formula(sighting: Sighting) -> bool:
    cell = sighting.cell
    return cell is not None and cell.formula is not None and sighting.content == cell.value


def _worked_out(sighting: Sighting, field: Field, money: str, stored: Coerced, calculate: Calculate) -> Coerced:
    """Return the value of an input field that holds a formula: what it gives now, else the stored result.

    Where the file has none, and none can be worked out, that is no blank.
    """
    cell = sighting.cell
    if cell is None or cell.kind is CellKind.ERROR:
        return stored
    result = calculate(cell)
    if result is None or result.kind is CellKind.ERROR:
        return stored if cell.value is not None else Coerced(None, CellProblem.NO_RESULT)
    if result.value == cell.value or _equal(result.value, cell.value):
        return stored
    coerced = coerce(Typed(result.kind, result.value, cell.format), field.type, field.choices, money)
    if coerced.problem is not CellProblem.NONE:
        return coerced
    return replace(coerced, problem=CellProblem.RECALCULATED, typed=cell.value)


def _equal(result: Content, stored: Content) -> bool:
    """Tell whether two numbers are one, but for the noise of binary numbers."""
    if not isinstance(result, Decimal) or not isinstance(stored, Decimal):
        return False
    return abs(result - stored) <= _NOISE * max(abs(result), Decimal(1))


def _within(sighting: Sighting) -> bool:
    """Tell whether a value is a part of its cell's text: that it is no number cell is the caption's doing."""
    cell = sighting.cell
    return cell is not None and cell.kind is CellKind.TEXT and sighting.content != cell.value


def _typed(sighting: Sighting) -> Typed:
    """The cell's value, or the text inside a caption or behind a label."""
    cell, content = sighting.cell, sighting.content
    if cell is None:
        return Typed(CellKind.BLANK, None)
    if not isinstance(content, str) and content == cell.value:
        return Typed(cell.kind, content, cell.format)
    return Typed(cell.kind if cell.kind is CellKind.ERROR else CellKind.TEXT, content)
