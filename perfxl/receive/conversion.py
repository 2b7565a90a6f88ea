"""A return set anew: its forms as we print them, in a new workbook, with what was typed in it, readable or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from perfxl.forms.layout.place import joined, place_live
from perfxl.forms.layout.set_out import set_out
from perfxl.marks.mark import CannotMark
from perfxl.model.address import Box
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Field
from perfxl.model.grid import Content
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.lazy_dataclass import dataclass
from perfxl.model.path import generic, row_of
from perfxl.model.reading import Reading, Sheets
from perfxl.model.record import Record
from perfxl.model.stamp import is_sheet_name
from perfxl.model.submission import FormReturn, Submission
from perfxl.model.value import Value
from perfxl.writer.write import write


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form of a return in both places: as it came back, and as it is set anew."""

    reading: Reading
    layout: Layout

    @classmethod
    def of(cls, returned: FormReturn, reading: Reading, grave: Collection[str]) -> _Sheet:
        """Set a form with what was typed into it.

        A text that could not be read stands where it stood; so does what was typed over a computed cell of which there
        is something to say (``grave``), the others compute.
        """
        layout = place_live(returned.read_by, returned.record, year=returned.year, unit_code=returned.unit.code)
        cells = list(layout.cells)
        told: set[str] = set()
        for number, cell in enumerate(cells):
            if cell.others:
                first, *others = (_as_typed(each, reading, returned.record) for each in (cell, *cell.others))
                cells[number] = joined(first, others)
                continue
            seen = reading.seen.get(cell.source)
            if seen is None or seen.content is None or cell.field is None or cell.source in told:
                continue
            typed_over = cell.field.computed and seen.cell is not None and seen.cell.formula is None
            stated = typed_over and cell.source in grave and cell.value != seen.content
            if stated or (not cell.field.computed and returned.record[cell.source] is None):
                told.add(cell.source)
                role = Role.INPUT if cell.role is Role.COMPUTED else cell.role
                cells[number] = replace(cell, role=role, text="", option="", value=_typed(seen.content, cell.field))
        return cls(reading, set_out(replace(layout, cells=tuple(cells))))

    def there(self, path: str | None, cell: str | None) -> str | None:
        """Return the new place of a path, or else of what stood in a cell."""
        for wanted in (path, *self._stood(cell)):
            if wanted and (found := self._place(wanted)):
                return found.name
        return None

    def _stood(self, cell: str | None) -> Iterator[str]:
        yield from (path for path, seen in self.reading.seen.items() if seen.name == cell)
        yield from (path for path, name in self.reading.places.items() if name == cell)

    def _place(self, path: str) -> Box | None:
        cells = (*self.layout.values, *self.layout.cells)
        placed = next((cell.box for cell in cells if path in {cell.source, *_label(cell)}), None)
        row = row_of(path)
        beside = next((cell.box for cell in self.layout.cells if row and row_of(cell.source) == row), None)
        if placed or not beside or row == path:
            return placed or beside
        # A level or a text that is merged down over several rows stands at the first of them.
        over = (cell.box for cell in self.layout.cells if cell.field and generic(cell.path) == generic(path))
        return next((box for box in over if box.row <= beside.row <= box.last_row), None)


def _as_typed(cell: PlacedCell, reading: Reading, record: Record) -> PlacedCell:
    """Return one of several values in a cell, as it was typed where it could not be read."""
    seen = reading.seen.get(cell.source)
    unread = seen is not None and seen.content is not None and record[cell.source] is None
    return replace(cell, value=str(seen.content)) if seen is not None and unread else cell


def _label(cell: PlacedCell) -> tuple[str, ...]:
    return (cell.path,) if cell.role is Role.LABEL else ()


def _typed(content: Content, field: Field) -> Value:
    """Return what stood in a cell as it is written again: a number over a number, else the text."""
    return content if isinstance(content, Decimal) and field.type.numeric else _as_text(content)


@dataclass(frozen=True, slots=True)
class Converted:
    """A return set anew: the workbook, its sheets by their names in the return, the return's other sheets."""

    data: bytes
    sheets: Mapping[str, _Sheet]
    others: tuple[str, ...]

    @classmethod
    def of(cls, submission: Submission, read_in: Sheets) -> Converted:
        """Set the forms of a return anew. Raises CannotMark where none was read in it."""
        if not submission.forms:
            raise CannotMark("文件里没有认出要填报的表")
        sheets: dict[str, _Sheet] = {}
        for returned, reading, name in zip(submission.forms, read_in.readings, _names(submission.forms), strict=True):
            grave = {
                finding.path
                for finding in submission.findings
                if finding.path and finding.sheet == returned.sheet and finding.severity is not Severity.INFO
            }
            sheet = _Sheet.of(returned, reading, grave)
            sheets[returned.sheet] = replace(sheet, layout=replace(sheet.layout, sheet=name))
        return cls(write([sheet.layout for sheet in sheets.values()]), sheets, read_in.others)

    def left_out(self) -> Iterator[str]:
        """Say which sheets of the return are not here."""
        if self.others:
            yield f"原件中的工作表{'、'.join(f'“{name}”' for name in self.others)}不是要填报的表，没有转入。"

    def solves(self, finding: Finding) -> bool:
        """Tell whether a finding is about what a formula of the return showed, which here shows what the data hold."""
        sheet = self.sheets.get(finding.sheet or "")
        seen = sheet.reading.seen.get(finding.path or "") if sheet is not None else None
        computes = seen is not None and seen.cell is not None and seen.cell.formula is not None
        return computes and finding.severity is Severity.WARNING and finding.expected is not None

    def moved(self, finding: Finding) -> Finding:
        """Return a finding at its place in the new workbook; what has none there says where it was."""
        if finding.sheet is None or finding.sheet not in self.sheets:
            return finding
        sheet = self.sheets[finding.sheet]
        name = sheet.layout.sheet
        own = f"{finding.sheet}!"
        places = (sheet.there(None, other.removeprefix(own)) for other in finding.related if other.startswith(own))
        related = tuple(f"{name}!{cell}" for cell in places if cell)
        cell = sheet.there(finding.path, finding.cell)
        message = finding.message
        if finding.cell and not cell:
            message = f"{message}（在原件的 {finding.cell} 单元格）"
        return replace(finding, sheet=name, cell=cell, message=message, related=related)


def _names(returns: Sequence[FormReturn]) -> list[str]:
    """Return the names of the new sheets: the return's own, the form's where a program would not take it."""
    names: list[str] = []
    for returned in returns:
        own = returned.sheet
        wanted = own if is_sheet_name(own) else returned.read_by.sheet
        taken = {name.casefold() for name in names}
        number, name = 1, wanted
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[:27]}({number})"
        names.append(name)
    return names


def _as_text(content: Content) -> str:
    return f"{content:f}" if isinstance(content, Decimal) else str(content)
