"""The formulas of a return that somebody typed over, as they stood there: a marked copy puts them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from perfxl.expr.excel import to_excel
from perfxl.marks.sheet import RestoredFormula
from perfxl.model.address import column_letter
from perfxl.model.expression import ExpressionError
from perfxl.model.finding import Finding, Severity
from perfxl.model.path import generic, row_of, table_of
from perfxl.model.reading import Reading
from perfxl.model.submission import By, FormReturn, Submission
from perfxl.model.value import Value
from perfxl.rules.structure import FIGURES, S04

_TYPED_OVER = FIGURES | {S04.code}


class Restored(Struct, frozen=True):
    """Findings that say what was put back, and the formulas by sheet and cell."""

    findings: tuple[Finding, ...]
    formulas: Mapping[tuple[str, str], RestoredFormula]


def typed_over(submission: Submission) -> bool:
    """Tell whether anything is said of a computed cell of a workbook that perfxl made."""
    sheets = {name: one for one in submission.forms if one.by is By.STAMP for name in one.every_sheet}
    return any(_is_meant(finding, sheets) for finding in submission.findings)


def restored(submission: Submission, readings: tuple[Reading, ...]) -> Restored:
    """Return the formulas that figures were typed over where something is said of these, each told at its finding."""
    sheets = {name: one for one in submission.forms if one.by is By.STAMP for name in one.every_sheet}
    read = {name: reading for one, reading in zip(submission.forms, readings, strict=True) for name in one.every_sheet}
    formulas: dict[tuple[str, str], RestoredFormula] = {}
    told: list[Finding] = []
    for finding in submission.findings:
        sheet = finding.sheet or ""
        formula = _formula(finding, sheets[sheet], read[sheet]) if _is_meant(finding, sheets) else None
        if formula is not None and finding.sheet and finding.cell:
            formulas[finding.sheet, finding.cell] = formula
            told.append(replace(finding, message=f"{finding.message}；这里已把公式放回，填的数不再使用"))
        else:
            told.append(finding)
    return Restored(tuple(told), formulas)


def _is_meant(finding: Finding, sheets: Mapping[str, FormReturn]) -> bool:
    if finding.code not in _TYPED_OVER or finding.severity is Severity.INFO or not finding.path:
        return False
    returned = sheets.get(finding.sheet or "")
    field = returned.read_by.fields.get(generic(finding.path)) if returned is not None else None
    return field is not None and field.formula is not None


def _formula(finding: Finding, returned: FormReturn, reading: Reading) -> RestoredFormula | None:
    """Return the formula of a cell that holds a figure; None where it has one, or where that cannot be told."""
    path = finding.path or ""
    seen, formula = reading.seen.get(path), returned.read_by.fields[generic(path)].formula
    if formula is None or seen is None or seen.cell is None or seen.cell.formula is not None:
        return None
    try:
        return RestoredFormula(
            to_excel(formula, _Seen(reading, reading.sheet_of(path)), row_of(path)), _cached(returned.record[path])
        )
    except (KeyError, ExpressionError):
        return None


def _cached(value: Value) -> str | None:
    return f"{value:f}" if isinstance(value, Decimal) else None


class _Seen(Struct, frozen=True):
    """Where the values of a return stand, for the formula printer. Raises KeyError for what was not seen."""

    reading: Reading
    home: str = ""
    """The sheet on which the formula stands, of a form on several."""

    def sheet(self, path: str) -> str:
        """Return what stands before the names of cells where a path is: nothing on the formula's own sheet."""
        there = self.reading.sheet_of(path)
        quoted = there.replace("'", "''")
        return f"'{quoted}'!" if there != self.home else ""

    def cell(self, path: str) -> str:
        return f"{self.sheet(path)}{self.reading.seen[path].name}"

    def ranges(self, path: str) -> tuple[str, ...]:
        """Return the rows of a column, from the first that is used to the last above what follows the table."""
        columns: dict[str, list[str]] = defaultdict(list)
        for own in self.reading.seen:
            if generic(own) == generic(path) and own.startswith(path.partition("[]")[0]):
                columns[table_of(row_of(own))].append(own)
        if not columns:
            raise KeyError(path)
        return tuple(self._column(table, paths) for table, paths in columns.items())

    def _column(self, table: str, paths: list[str]) -> str:
        boxes = [self.reading.seen[path].box for path in paths]
        if len({box.column for box in boxes}) > 1:
            raise KeyError(table)
        sheet, letter = self.sheet(paths[0]), column_letter(boxes[0].column)
        first, last = min(box.row for box in boxes), max(box.last_row for box in boxes)
        below = min(self._after(table, last, self.reading.sheet_of(paths[0])), default=0)
        end = f"INDEX({sheet}{letter}:{letter},ROW({sheet}{letter}{below})-1)" if below else f"{letter}{last}"
        return f"{sheet}{letter}{first}:{end}"

    def _after(self, table: str, last: int, sheet: str) -> Iterator[int]:
        """Yield the rows of a sheet below one of its rows in which something stands that is not the table's."""
        for path, seen in self.reading.seen.items():
            if seen.box.row > last and not path.startswith(f"{table}[") and self.reading.sheet_of(path) == sheet:
                yield seen.box.row

    def printed(self, path: str) -> tuple[str, ...]:
        del path
        return ()
