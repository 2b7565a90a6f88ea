"""Marks on a return: what is wrong shown at its cells and listed in front; and taking them off again.

Nothing of the officer's is lost: marks are spliced into the parts that they concern, all else stays byte for byte.
Marks come off by the record that travels with them, byte for byte; where another program has saved the workbook
since, they are told by what they look like (fills, rules, note blocks, the list) and taken off one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from perfxl.marks import error_list as mark_list
from perfxl.marks.error_list import is_finding_list
from perfxl.marks.notes import HEAD, Notes
from perfxl.marks.origin import ON_LIST, PROPERTY, take_origin_off, write_origin
from perfxl.marks.sheet import RestoredFormula, Worksheet, deselect
from perfxl.marks.styles import SHADES, StyleSheet
from perfxl.marks.words import paragraphs
from perfxl.marks.workbook import CannotMark, Workbook
from perfxl.model.address import Box, parse_cell
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Grid
from perfxl.package.draft import RECORD, PackageDraft, restored
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.package.splice import Malformed
from perfxl.package.unreadable import Unreadable
from perfxl.readers.book import read_book

__all__ = ["CannotMark", "is_finding_list", "mark", "unmark"]

# Where a mark, whoever saved it, leaves a trace: parts by a piece of their names. Without any there is nothing to take off.
_TRACES: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        "styles": tuple(shade.encode() for shade in SHADES),
        "comment": (HEAD.encode(),),
        "workbook.xml": (mark_list.NAME.encode(),),
        "custom": (PROPERTY.encode(),),
    }
)


def mark(
    data: bytes,
    findings: Sequence[Finding],
    remedies: Mapping[str, str],
    notes: Sequence[str] = (),
    origin: str = "",
    formulas: Mapping[tuple[str, str], RestoredFormula] = MappingProxyType({}),
) -> bytes:
    """Return the workbook with its errors and warnings marked, earlier marks taken off; infos are left out.

    ``remedies`` says by code what is to be done; ``notes`` stand on top of the list: what is to be known of the workbook
    as a whole; ``origin`` is the hash of the return, by which a copy that comes back tells what it follows; ``formulas``
    are put in marked cells, by sheet and cell, in the place of what was typed over them.
    Without errors and warnings the workbook comes back unmarked.
    Raises CannotMark for signed and strict files, and for what is no .xlsx or .xlsm.
    """
    grave = [finding for finding in findings if finding.severity is not Severity.INFO]
    if not grave:
        return unmark(data)
    try:
        package = Package.open(data, DEFAULT)
        plain = _unmarked(package)
        unmarked = package if plain is None else Package.open(plain, DEFAULT)
        return _marked(unmarked, _Marks(grave, remedies, notes, origin, formulas))
    except Unreadable as error:
        raise CannotMark(error.detail) from error
    except Malformed as error:
        raise CannotMark("文件内部的写法无法识别，请在 Excel 中打开并另存后再交") from error


def unmark(data: bytes) -> bytes:
    """Return the workbook without our marks; one that has none, or is no workbook, comes back as it is."""
    try:
        plain = _unmarked(Package.open(data, DEFAULT))
    except (Unreadable, Malformed, CannotMark):
        return data
    return data if plain is None else plain


def _unmarked(package: Package) -> bytes | None:
    """Return the file without marks, None where it has none."""
    if RECORD in package:
        plain = restored(package)
        return plain if plain is not None and _says_the_same(plain, package.data) else _cleaned(package)
    suspected = any(
        trace in package.read(name)
        for name in package.names
        if (traces := next((traces for part, traces in _TRACES.items() if part in name.lower()), None))
        for trace in traces
    )
    return _cleaned(package) if suspected else None


def _says_the_same(plain: bytes, marked: bytes) -> bool:
    """Tell whether a workbook without its marks holds what it holds with them: the record may be forged."""
    books = read_book(plain), read_book(marked)
    one, other = (
        [] if isinstance(book, Finding) else [grid for grid in book.sheets if not is_finding_list(grid)]
        for book in books
    )
    return len(one) == len(other) > 0 and all(map(_is_the_same, one, other))


def _is_the_same(plain: Grid, marked: Grid) -> bool:
    """Tell whether two sheets hold the same but for figures in whose place the marked one has formulas."""
    if (plain.name, plain.hidden, plain.merges) != (marked.name, marked.hidden, marked.merges):
        return False
    if plain.cells.keys() != marked.cells.keys():
        return False
    pairs = ((cell, marked.cells[place]) for place, cell in plain.cells.items())
    return all(cell == now or (cell.formula is None and now.formula is not None) for cell, now in pairs)


class _Marks(NamedTuple):
    """What is to be put on a workbook, as for ``mark``."""

    findings: Sequence[Finding]
    remedies: Mapping[str, str]
    notes: Sequence[str]
    origin: str
    formulas: Mapping[tuple[str, str], RestoredFormula]


def _marked(package: Package, marks: _Marks) -> bytes:
    findings, remedies, notes, origin, _ = marks
    draft = PackageDraft(package)
    workbook = Workbook(draft)
    styles = StyleSheet(draft, workbook.part)
    placed = _placed(findings, workbook)
    for sheet, cells in placed.items():
        worksheet = Worksheet(draft, workbook.worksheets[sheet], cells)
        areas: dict[Box, list[Finding]] = {}
        for cell, found in sorted(cells.items()):
            areas.setdefault(worksheet.anchor(*cell), []).extend(found)
        formulas = {parse_cell(cell): text for (own, cell), text in marks.formulas.items() if own == sheet}
        _mark_sheet(worksheet, areas, styles, formulas)
        Notes(draft, worksheet).write({box: paragraphs(found, remedies) for box, found in areas.items()})
    for part in workbook.parts.values():
        deselect(draft, part)
    name = workbook.free_name(mark_list.NAME)
    linked = {
        (finding.sheet, finding.cell) for cells in placed.values() for found in cells.values() for finding in found
    }
    listed = mark_list.FindingList(
        findings, remedies, linked, styles.looks(), notes, f"{ON_LIST}{origin}" * bool(origin)
    )
    workbook.put_in_front(name, listed.part(), listed.names(name))
    if origin:
        write_origin(draft, origin)
    styles.finish()
    return draft.finish_recorded(workbook.part)


def _placed(findings: Sequence[Finding], workbook: Workbook) -> dict[str, dict[tuple[int, int], list[Finding]]]:
    """Return by sheet and cell the findings that have one; the others stand on the list only."""
    placed: dict[str, dict[tuple[int, int], list[Finding]]] = {}
    for finding in findings:
        if finding.sheet in workbook.worksheets and finding.cell:
            try:
                cell = parse_cell(finding.cell)
            except ValueError:
                continue
            placed.setdefault(finding.sheet, {}).setdefault(cell, []).append(finding)
    return placed


def _mark_sheet(
    worksheet: Worksheet,
    areas: Mapping[Box, Sequence[Finding]],
    styles: StyleSheet,
    formulas: Mapping[tuple[int, int], RestoredFormula],
) -> None:
    by_look: dict[tuple[Severity, str], list[Box]] = {}
    formats: dict[tuple[int, int], int] = {}
    for box, found in areas.items():
        grave = any(finding.severity is Severity.ERROR for finding in found)
        severity = Severity.ERROR if grave else Severity.WARNING
        own = worksheet.format(box.row, box.column)
        by_look.setdefault((severity, styles.fill_words(own)), []).append(box)
        formats[box.row, box.column] = styles.marked(own, severity)
    for place, formula in formulas.items():
        if place in formats:
            worksheet.compute(*place, formats.pop(place), formula)
    worksheet.paint(formats)
    worksheet.add_rules(by_look, {severity: styles.rule(severity) for severity, _ in by_look})


def _cleaned(package: Package) -> bytes | None:
    """Return the workbook without what looks like our marks, None where nothing does."""
    draft = PackageDraft(package)
    workbook = Workbook(draft)
    styles = StyleSheet(draft, workbook.part)
    book = read_book(package.data)
    lists = [grid for grid in book.sheets if is_finding_list(grid)] if not isinstance(book, Finding) else []
    marks = styles.marks()
    found = bool(lists)
    for sheet, part in workbook.worksheets.items():
        if any(grid.name == sheet for grid in lists):
            continue
        worksheet = Worksheet(draft, part, None)
        covered = worksheet.take_rules_off()
        painted = {
            (row, column): styles.unmarked(
                number, next((words for box, words in covered or () if box.holds(row, column)), "")
            )
            for row, column, number in worksheet.formats()
            if number in marks
        }
        worksheet.paint(painted)
        cleared = Notes(draft, worksheet).remove()
        found = found or bool(painted) or cleared or covered is not None
    found = take_origin_off(draft) or found
    if RECORD in package:
        found = True
        draft.unrelate(workbook.part, RECORD)
        draft.remove(RECORD)
    if not found:
        return None
    if len(lists) < len(workbook.parts):  # a workbook has at least one sheet
        for grid in lists:
            workbook.take_out(grid.name)
    styles.finish()
    return draft.finish()
