"""A return set anew: its forms as we print them, in a new workbook, with what was typed in it, readable or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.layout.place import joined, place_sheets
from perfxl.forms.layout.set_out import set_out
from perfxl.marks.mark import CannotMark
from perfxl.model.address import Box
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Field
from perfxl.model.grid import Content
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import generic, row_of
from perfxl.model.reading import Reading, Sheets
from perfxl.model.record import Record
from perfxl.model.stamp import is_sheet_name
from perfxl.model.submission import FormReturn, Submission
from perfxl.model.value import Value
from perfxl.writer.write import write

_NOT_THERE = Reading({}, {}, {}, (), 0.0)


class _Sheet(Struct, frozen=True, dict=True):
    """A sheet of a return in both places: as it came back, and as it is set anew."""

    reading: Reading
    layout: Layout

    @classmethod
    def of(cls, layout: Layout, returned: FormReturn, reading: Reading, grave: Collection[str]) -> _Sheet:
        """Set a sheet with what was typed into it.

        A text that could not be read stands where it stood; so does what was typed over a computed cell of which there
        is something to say (``grave``), the others compute.
        """
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

    def _stood(self, cell: str | None) -> Sequence[str]:
        return self._paths.get(cell or "", ())

    @cached_property
    def _paths(self) -> Mapping[str, Sequence[str]]:
        """The paths of what stood in a cell, by its name in the return."""
        found: dict[str, list[str]] = {}
        for path, seen in self.reading.seen.items():
            found.setdefault(seen.name, []).append(path)
        for path, name in self.reading.places.items():
            found.setdefault(name, []).append(path)
        return found

    @cached_property
    def _boxes(self) -> Mapping[str, Box]:
        """The first cell of each path."""
        found: dict[str, Box] = {}
        for cell in (*self.layout.values, *self.layout.cells):
            for path in (cell.source, *_label(cell)):
                found.setdefault(path, cell.box)
        return found

    @cached_property
    def _rows(self) -> Mapping[str, Box]:
        """The first cell of each row of a growing table."""
        found: dict[str, Box] = {}
        for cell in self.layout.cells:
            found.setdefault(row_of(cell.source), cell.box)
        return found

    def _place(self, path: str) -> Box | None:
        placed, row = self._boxes.get(path), row_of(path)
        beside = self._rows.get(row) if row else None
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


class Converted(Struct, frozen=True):
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
        layouts: list[Layout] = []
        for returned, reading in zip(submission.forms, read_in.readings, strict=True):
            grave = {
                finding.path
                for finding in submission.findings
                if finding.path and finding.sheet in returned.every_sheet and finding.severity is not Severity.INFO
            }
            placed = place_sheets(returned.read_by, returned.record, year=returned.year, unit_code=returned.unit.code)
            read_as = {one.part: one.reading for one in reading.parts} or {0: reading}
            for number, (layout, own) in enumerate(zip(placed, returned.sheets or (returned.sheet,), strict=True)):
                # A sheet that did not come back is set blank.
                sheet = _Sheet.of(layout, returned, read_as.get(number, _NOT_THERE), grave)
                name = _new_name(own, layout.sheet, [known.sheet for known in layouts])
                layouts.append(replace(sheet.layout, sheet=name))
                if own:
                    sheets[own] = replace(sheet, layout=layouts[-1])
        return cls(write(layouts), sheets, read_in.others)

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
        related = tuple(filter(None, map(self._there, finding.related)))
        cell = sheet.there(finding.path, finding.cell)
        message = finding.message
        if finding.cell and not cell:
            message = f"{message}（在原件的 {finding.cell} 单元格）"
        return replace(finding, sheet=name, cell=cell, message=message, related=related)

    def _there(self, related: str) -> str | None:
        """Return the new place of another cell that a finding names, None where it has none."""
        own, _, cell = related.rpartition("!")
        sheet = self.sheets.get(own)
        there = sheet.there(None, cell) if sheet is not None else None
        return f"{sheet.layout.sheet}!{there}" if sheet is not None and there else None


def _new_name(own: str, printed: str, known: Sequence[str]) -> str:
    """Return the name of a new sheet: the return's own, the form's where a program would not take it."""
    wanted = own if is_sheet_name(own) else printed
    taken = {name.casefold() for name in known}
    number, name = 1, wanted
    while name.casefold() in taken:
        number += 1
        name = f"{wanted[:27]}({number})"
    return name


def _as_text(content: Content) -> str:
    return f"{content:f}" if isinstance(content, Decimal) else str(content)
