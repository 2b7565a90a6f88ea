"""Whether what a sheet works out is still right when rows were inserted, which have no formulas of their own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from perfxl.expr.evaluate import concrete
from perfxl.expr.from_inputs import from_inputs
from perfxl.forms.compute import compute
from perfxl.model.finding import Severity
from perfxl.model.form import Form
from perfxl.model.grid import Grid
from perfxl.model.path import generic, row_of
from perfxl.model.reading import Reading
from perfxl.rules.case import Case
from perfxl.rules.run import check
from perfxl.trial.fault import ASK, Fault
from perfxl.trial.spoken import shown, spoken
from perfxl.values.bind import bind, given, numbers_as_text
from perfxl.values.formulas.calculator import Calculator


def recalculated(grid: Grid) -> Grid:
    """Return a sheet as a program leaves it: with what its formulas give now, as far as that is known."""
    calculator, cells = Calculator([grid]), dict(grid.cells)
    for at, cell in grid.cells.items():
        result = calculator.result(grid.name, cell)
        if result is not None:
            cells[at] = cell._replace(kind=result.kind, value=result.value)
    return replace(grid, cells=cells)


def short_totals(form: Form, grid: Grid, reading: Reading) -> Iterator[Fault]:
    """Yield the formulas of a sheet with inserted rows that give something else than the import does.

    What an inserted row cannot work out is missing in a total that has to add that up: then the import has to say so.
    What can be worked out from typed cells is never missing. ``grid`` is recalculated, ``reading`` what was read of it.
    """
    calculator = Calculator([grid])
    calculate = partial(calculator.result, grid.name)
    bound = bind(form, reading, calculate)
    record = compute(form, bound.record, bound.unreadable).record
    case = Case.of(form, grid.name, reading, bound, record, stamped=True)
    passed_over = numbers_as_text(reading, record, grid, calculator)
    case = replace(case, given=given(form, reading, bound, record, calculate, passed_over))
    said = {one.path for one in check(case) if one.severity is not Severity.INFO}
    short = {path for path in reading.seen if form.fields[generic(path)].computed and not _works_out(reading, path)}
    for field, path in ((form.fields[one], path) for one in form.computed for path in record.paths(one)):
        if field.formula is None or path in short:
            continue
        reads = concrete(from_inputs(field.formula, lambda one: form.fields[one].formula), record, row_of(path))
        if not short.isdisjoint(reads):
            short.add(path)
        if not said.isdisjoint(reads):
            said.add(path)
        if path in case.given and not (path in short and path in said):
            where, more = f"{case.cell(path)}“{spoken(field)}”", "，交回后也不说" if path in short else ""
            there, right = shown(bound.stated.get(path)) or "空白", shown(record[path]) or "空白"
            yield Fault(field.line, f"插入行以后，{where}在表上显示 {there}，审核时算得 {right}{more}", ASK)


def _works_out(reading: Reading, path: str) -> bool:
    cell = reading.seen[path].cell
    return cell is not None and cell.formula is not None
