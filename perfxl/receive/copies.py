"""The marked copy of a return, whatever its format: marks on the file itself, or on a new workbook that carries its values.

Only .xlsx and .xlsm files can be marked themselves. For all others, and for those that must not be changed, the forms are
set anew (``conversion``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.forms.layout.place import place
from perfxl.marks.error_list import NAME as LIST_NAME
from perfxl.marks.mark import CannotMark, is_finding_list, mark
from perfxl.marks.sheet import RestoredFormula
from perfxl.model.address import parse_cell
from perfxl.model.finding import Finding
from perfxl.model.grid import Book, Grid
from perfxl.model.reading import Reading, SheetReading, Sheets, read_together
from perfxl.model.submission import FormReturn, Submission
from perfxl.package.encryption import unlocked
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.package.unreadable import Unreadable
from perfxl.readers.book import read_book, workbook_part
from perfxl.readers.xlsx import read_sheets
from perfxl.receive.formulas import restored, typed_over
from perfxl.receive.hidden import with_the_way
from perfxl.rules.files import F14, strangers
from perfxl.rules.own import remedies

_MARKED_ITSELF = frozenset({"xlsx", "xlsm"})


class Copy(Struct, frozen=True):
    """A marked copy: its bytes, what its name ends in, and what there is to say about it (None: nothing)."""

    data: bytes
    suffix: str
    said: Finding | None = None


def marked_copy(data: bytes, submission: Submission, sheets: Sheets | None = None) -> Copy:
    """Return the marked copy of a return. Raises CannotMark where no form was read in it.

    ``sheets`` are those of the return as they were read, where they are at hand; else they are read once more.
    """
    if submission.source.format in _MARKED_ITSELF:
        try:
            return _marked_itself(data, submission, sheets)
        except CannotMark as why:
            if not submission.forms:
                raise
            message = f"这个文件不能直接标注（{why}），标注件是按填报内容另做的一份，问题都列在其中的错误清单里；请对照原件改正"
            said = F14.finding(message)
            findings = (*(finding for finding in submission.findings if finding.code != said.code), said)
            note = f"本文件不是原件：原件不能直接标注（{why}），这里按读到的填报内容重新排成。"
    else:
        said, findings = None, submission.findings
        kind = submission.source.format
        note = f"本文件由交回的 .{kind} 文件转换而成：表样按下发的空表，内容按读到的填报内容。请在本文件上改正后交回。"
    from perfxl.receive.conversion import Converted  # noqa: PLC0415 - most returns are marked themselves: start-up counts

    copied = Converted.of(submission, sheets or read_again(data, submission))
    notes = (note, *copied.left_out())
    moved = [copied.moved(finding) for finding in findings if not copied.solves(finding)]
    made = mark(copied.data, moved, remedies(submission.findings), notes, submission.source.sha256)
    _check_reads_back(made, _opened(copied.data).sheets)
    return Copy(made, "xlsx", said)


def _marked_itself(data: bytes, submission: Submission, sheets: Sheets | None) -> Copy:
    """Mark a return's own file; formulas that were typed over are put back. Raises CannotMark."""
    findings, formulas = submission.findings, {}
    if typed_over(submission):
        sheets = sheets or read_again(data, submission)
        back = restored(submission, sheets.readings)
        findings, formulas = back.findings, dict(back.formulas)
    grids = sheets.grids if sheets is not None else _opened(data).sheets
    led = with_the_way(findings, grids)
    made = mark(_unlocked(data), led, remedies(findings), (), submission.source.sha256, formulas)
    _check_reads_back(made, grids, formulas)
    return Copy(made, submission.source.format)


def _unlocked(data: bytes) -> bytes:
    """Return the package of a return that is enciphered without a password of its own. Raises CannotMark."""
    try:
        return unlocked(data, DEFAULT)
    except Unreadable as error:
        raise CannotMark(error.detail) from error


def _check_reads_back(
    made: bytes, grids: Sequence[Grid], formulas: Mapping[tuple[str, str], RestoredFormula] = MappingProxyType({})
) -> None:
    """Hold a marked copy against the sheets that it was made of: none is handed over that reads otherwise.

    ``formulas`` are those that were put into it. Raises CannotMark.
    """
    if not formulas and _holds_behind_its_list(made, grids):
        return  # as it nearly always does
    read_back, wanted = ([grid for grid in one if not is_finding_list(grid)] for one in (_opened(made).sheets, grids))
    cells = {(grid.name, place): cell for grid in read_back for place, cell in grid.cells.items()}
    for (sheet, name), formula in formulas.items():
        cell = cells.get((sheet, parse_cell(name)))
        if cell is None or cell.formula != formula.text:
            raise CannotMark("放回的公式读出来与写入的不同")
    own = {(sheet, parse_cell(cell)) for sheet, cell in formulas}
    if [_without(grid, own) for grid in read_back] != [_without(grid, own) for grid in wanted]:
        raise CannotMark("标注后读出的内容与原件不同")


def _holds_behind_its_list(made: bytes, grids: Sequence[Grid]) -> bool:
    """Tell whether a workbook's sheets read as these, but for a sound list of findings in front of them."""
    try:
        package = Package.open(made, DEFAULT)
        part = workbook_part(package)
        listed, *others = read_sheets(package, part, DEFAULT, unread=1) if part is not None else ()
    except (Unreadable, ValueError):
        return False
    return listed.name.startswith(LIST_NAME) and not listed.damaged and others == [*grids]


def _without(grid: Grid, cells: Collection[tuple[str, tuple[int, int]]]) -> Grid:
    if not any(sheet == grid.name for sheet, _ in cells):
        return grid
    return replace(grid, cells={place: cell for place, cell in grid.cells.items() if (grid.name, place) not in cells})


def _opened(data: bytes) -> Book:
    """Return a workbook's sheets. Raises CannotMark where it cannot be read."""
    book = read_book(data)
    if isinstance(book, Finding):
        raise CannotMark(book.message)
    return book


def read_again(data: bytes, submission: Submission) -> Sheets:
    """Read the sheets of a return as its submission has them. Raises CannotMark where that is not its file."""
    book = _opened(data)
    grids = {grid.name: grid for grid in book.sheets}
    if not all(name in grids for returned in submission.forms for name in returned.every_sheet):
        raise CannotMark("文件与读取时不同")
    readings = (_read_again(one, grids) for one in submission.forms)
    return Sheets(tuple(readings), strangers(book, submission.findings), book.sheets)


def _read_again(returned: FormReturn, grids: Mapping[str, Grid]) -> Reading:
    form = returned.read_by
    if not form.sheets:
        return read(compile_pattern(place(form)), grids[returned.sheet])
    there = [(number, name) for number, name in enumerate(returned.sheets) if name]
    patterns = {number: compile_pattern(place(form.parts[number])) for number, _ in there}
    return read_together([SheetReading(name, number, read(patterns[number], grids[name])) for number, name in there])


__all__ = ["CannotMark", "Copy", "marked_copy"]
