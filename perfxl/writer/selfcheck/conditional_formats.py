"""The cells of a form that turn red or yellow while a rule is broken, as conditional formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.expr.excel import is_short, to_excel_broken
from perfxl.expr.rounding import to_excel_explained
from perfxl.model.address import Box, column_letter
from perfxl.model.finding import Severity
from perfxl.model.layout import PlacedCell
from perfxl.model.live import LiveRule
from perfxl.writer.far_cells import by_names
from perfxl.writer.places import Places
from perfxl.writer.selfcheck.hidden import ERROR, SPARE, WARNING, spans
from perfxl.writer.selfcheck.lines import Red, Watch
from perfxl.writer.selfcheck.rows import RowCheck


class Coloured(NamedTuple):
    """An area, the condition on its first cell, and whether it is an error. ``names``: those that it reads, their cells."""

    box: Box
    formula: str
    error: bool
    names: tuple[tuple[str, str], ...] = ()


def coloured(watch: Watch, places: Places, prefix: str) -> Iterator[Coloured]:
    """Yield what turns red or yellow on a sheet, errors before warnings for each rule.

    A condition that is longer than Excel takes in a conditional format, or that another sheet works out, is read by a
    workbook name that begins with ``prefix``.
    """
    for area in watch.areas:
        if is_short(area.here()):
            yield Coloured(area.box, area.here(), error=True)
    for number, red in enumerate(watch.reds):
        if red.check is not None:
            yield from _by_row(red.check, places, f"{prefix}{number}")
        elif red.at is not None:
            yield from _at(red, red.at, places, f"{prefix}{number}")


class _Grade(NamedTuple):
    """A condition, whether it is an error, and the names that it uses for cells of other sheets."""

    formula: str
    error: bool
    names: tuple[tuple[str, str], ...] = ()


def _at(red: Red, at: PlacedCell, places: Places, name: str) -> Iterator[Coloured]:
    """Yield the colours of a cell; not while a text is passed over in what is added up, as its line in 填报自检."""
    silenced = () if red.silenced == "0" else ((name, red.silenced),)
    graded = (
        [_Grade(red.points, red.error)] if red.rule is None else _graded(red.rule, red.broken, red.rounding, places)
    )
    for formula, error, names in graded:
        quiet = f"AND({name}=0,{formula})" if silenced else formula
        if is_short(quiet):
            yield Coloured(at.box, quiet, error, names=(*silenced, *names))


def _graded(rule: LiveRule, broken: str, rounding: str, places: Places) -> Iterator[_Grade]:
    """Yield a rule's conditions where they are short enough: red, and yellow where rounding explains it."""
    error = rule.severity is Severity.ERROR
    broken, names = by_names(broken, places.numbers)
    if not rounding:
        if is_short(broken):
            yield _Grade(broken, error, (*names.items(),))
        return
    rounding, more = by_names(rounding, places.numbers)
    both = f"AND({broken},NOT({rounding}))"
    if is_short(both):
        yield _Grade(both, True, (*{**names, **more}.items(),))
    if is_short(broken):
        yield _Grade(broken, not is_short(both), (*names.items(),))


def _in_row(rule: LiveRule, places: Places, row: str) -> Iterator[_Grade]:
    """Yield the conditions of a rule about the rows of a table, on the first of them."""
    rounding = to_excel_explained(rule.must, places, row) if rule.summed and rule.severity is Severity.ERROR else ""
    yield from _graded(rule, to_excel_broken(rule.must, places, row), rounding, places)


def _by_row(check: RowCheck, places: Places, name: str) -> Iterator[Coloured]:
    cells = places.by_field.get(check.column, ())
    if not cells:
        return
    table = check.column.rpartition("[]")[0]
    start = 0
    for span in spans(places, table):
        inside = [cell.box for cell in cells if span.first <= cell.box.row <= span.last]
        if not inside:
            continue
        box = Box(inside[0].row, inside[0].column, inside[-1].last_row, inside[-1].last_column)
        first = f"{span.path}[0]"
        formulas = list(_in_row(check.rule, places.from_row(first), first)) if check.rule is not None else []
        if formulas:
            yield from (Coloured(box, *grade) for grade in formulas)
        elif check.watched.area:
            above = f"ROW(${column_letter(box.column)}${span.first - 1})"
            grade = f"INDEX({name},ROW()-{above}+{start})"
            yield Coloured(box, f"{grade}={ERROR}", error=True, names=((name, check.watched.area),))
            yield Coloured(box, f"{grade}={WARNING}", error=False, names=((name, check.watched.area),))
        start += span.size + SPARE
