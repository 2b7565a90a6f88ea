"""The marked copy of a return, whatever its format: marks on the file itself, or on a new workbook that carries its values.

Only .xlsx and .xlsm files can be marked themselves. For all others, and for those that must not be changed, the forms are
set anew as we print them, with what was typed in the return, readable or not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perfxl.checks.catalog import CATALOG
from perfxl.forms.place import place
from perfxl.intake.pattern import compile_pattern
from perfxl.intake.read import read
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.grid import Content, Grid
from perfxl.model.layout import Layout, Role
from perfxl.model.reading import Reading
from perfxl.model.record import Record, generic
from perfxl.model.submission import FormReturn, Submission
from perfxl.model.value import Value
from perfxl.workbook.grid import read_book
from perfxl.workbook.mark import CannotMark, mark
from perfxl.workbook.write import write

_MARKED_ITSELF = frozenset({"xlsx", "xlsm"})
_NO_SHEET_NAME = frozenset("[]:*?/\\")
_LONGEST_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class Copy:
    """A marked copy: its bytes, what its name ends in, and what there is to say about it (None: nothing)."""

    data: bytes
    suffix: str
    said: Finding | None = None


def marked_copy(data: bytes, submission: Submission, forms: Callable[[], Mapping[str, Form]]) -> Copy:
    """Return the marked copy of a return. Raises CannotMark where no form was read in it.

    ``forms`` gives the definitions where they are needed: to load them takes longer than to mark a file.
    """
    if submission.source.format in _MARKED_ITSELF:
        try:
            return Copy(mark(data, submission.findings, _remedies()), submission.source.format)
        except CannotMark as why:
            if not submission.forms:
                raise
            message = f"这个文件不能直接标注（{why}），标注件是按填报内容另做的一份，问题都列在其中的错误清单里；请对照原件改正"
            said = Finding("F14", Severity.WARNING, message)
            findings = (*(finding for finding in submission.findings if finding.code != said.code), said)
            note = f"本文件不是原件：原件不能直接标注（{why}），这里按读到的填报内容重新排成。"
    else:
        said, findings = None, submission.findings
        kind = submission.source.format
        note = f"本文件由交回的 .{kind} 文件转换而成：表样按下发的空表，内容按读到的填报内容。请在本文件上改正后交回。"
    copied = _Converted.of(data, submission, forms())
    notes = (note, *copied.left_out(submission))
    return Copy(mark(copied.data, [copied.moved(finding) for finding in findings], _remedies(), notes), "xlsx", said)


def _remedies() -> Mapping[str, str]:
    return {code: rule.remedy for code, rule in CATALOG.items()}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form of a return in both places: as it came back, and as it was set anew."""

    name: str
    before: Reading
    after: Reading


@dataclass(frozen=True, slots=True)
class _Converted:
    """A return set anew: the workbook, its sheets by their names in the return, the return's other sheets."""

    data: bytes
    sheets: Mapping[str, _Sheet]
    others: tuple[Grid, ...]

    @classmethod
    def of(cls, data: bytes, submission: Submission, forms: Mapping[str, Form]) -> _Converted:
        """Set the forms of a return anew. Raises CannotMark where it cannot be read, or none was read in it."""
        book = read_book(data)
        if isinstance(book, Finding):
            raise CannotMark(book.message)
        if not submission.forms:
            raise CannotMark("文件里没有认出要填报的表")
        grids = {grid.name: grid for grid in book.sheets}
        patterns = {form.form: compile_pattern(place(forms[form.form])) for form in submission.forms}
        before = [read(patterns[form.form], grids[form.sheet]) for form in submission.forms]
        grave = {
            (finding.sheet, finding.path)
            for finding in submission.findings
            if finding.path and finding.severity is not Severity.INFO
        }
        names = _names(submission.forms, forms)
        placed = [
            replace(_placed(form, reading, forms), sheet=name)
            for form, reading, name in zip(submission.forms, before, names, strict=True)
        ]
        # Where everything stands there, rows counted as in the return, the reader knows best.
        anew = read_book(write(placed))
        if isinstance(anew, Finding):
            raise CannotMark(anew.message)
        after = [read(patterns[form.form], grid) for form, grid in zip(submission.forms, anew.sheets, strict=False)]
        stated = [
            _with_stated(layout, old, new, {path for sheet, path in grave if sheet == form.sheet})
            for layout, form, old, new in zip(placed, submission.forms, before, after, strict=True)
        ]
        sheets = {
            form.sheet: _Sheet(name, old, new)
            for form, name, old, new in zip(submission.forms, names, before, after, strict=True)
        }
        return cls(write(stated), sheets, tuple(grid for grid in book.sheets if grid.name not in sheets))

    def left_out(self, submission: Submission) -> Iterator[str]:
        """Say which sheets of the return are not here."""
        told = {finding.sheet for finding in submission.findings if finding.code == "F07"}
        names = [grid.name for grid in self.others if grid.cells and grid.name in told]
        if names:
            yield f"原件中的工作表{'、'.join(f'“{name}”' for name in names)}不是要填报的表，没有转入。"

    def moved(self, finding: Finding) -> Finding:
        """Return a finding at its place in the new workbook; what has none there says where it was."""
        if finding.sheet is None or finding.sheet not in self.sheets:
            return finding
        sheet = self.sheets[finding.sheet]
        related = [
            f"{sheet.name}!{there}"
            for name in finding.related
            if name.startswith(f"{finding.sheet}!")
            and (there := _there(sheet, None, name.removeprefix(f"{finding.sheet}!")))
        ]
        cell = _there(sheet, finding.path, finding.cell)
        message = finding.message
        if finding.cell and not cell:
            message = f"{message}（在原件的 {finding.cell} 单元格）"
        return replace(finding, sheet=sheet.name, cell=cell, message=message, related=tuple(related))


def _there(sheet: _Sheet, path: str | None, cell: str | None) -> str | None:
    """Return the new place of a path, or else of what stood in a cell."""
    if path and path in sheet.after.seen:
        return sheet.after.seen[path].name
    if path and path in sheet.after.places:
        return sheet.after.places[path]
    stood = next((path for path, seen in sheet.before.seen.items() if seen.name == cell), None)
    stood = stood or next((path for path, name in sheet.before.places.items() if name == cell), None)
    return _there(sheet, stood, None) if stood else None


def _names(returns: Sequence[FormReturn], forms: Mapping[str, Form]) -> list[str]:
    """Return the names of the new sheets: the return's own, the form's where a program would not take it."""
    names: list[str] = []
    for returned in returns:
        own = returned.sheet
        bad = len(own) > _LONGEST_SHEET_NAME or not _NO_SHEET_NAME.isdisjoint(own) or own.strip("'") != own
        wanted = forms[returned.form].sheet if bad or not own.strip() else own
        taken = {name.casefold() for name in names}
        number, name = 1, wanted
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[:27]}({number})"
        names.append(name)
    return names


def _placed(returned: FormReturn, reading: Reading, forms: Mapping[str, Form]) -> Layout:
    """Set a form with what was typed into it; a text that could not be read stands where it stood."""
    form, record = forms[returned.form], returned.record
    unread: dict[str, Value] = {
        path: _as_text(seen.content)
        for path, seen in reading.seen.items()
        if seen.content is not None and record[path] is None and not form.fields[generic(path)].computed
    }
    typed = Record({**record.values, **unread}, record.sizes)
    return place(form, typed, year=returned.year, unit_code=returned.unit.code)


def _as_text(content: Content) -> str:
    return f"{content:f}" if not isinstance(content, (str, bool)) and content is not None else str(content)


def _with_stated(layout: Layout, before: Reading, after: Reading, grave: Collection[str]) -> Layout:
    """Return a layout with what the return had in computed cells of which something is to be said; the others compute."""
    stated = {
        after.seen[path].box: before.seen[path].content
        for path in grave
        if path in before.seen and path in after.seen and before.seen[path].content is not None
    }
    cells = tuple(
        replace(cell, role=Role.INPUT, value=stated[cell.box])
        if cell.role is Role.COMPUTED and cell.box in stated and cell.value != stated[cell.box]
        else cell
        for cell in layout.cells
    )
    return replace(layout, cells=cells)


__all__ = ["CannotMark", "Copy", "marked_copy"]
