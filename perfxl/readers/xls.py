"""An old workbook (.xls, .et; BIFF in a compound file or by itself) as a Book: xlrd reads the cells."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from perfxl.model.address import Box
from perfxl.model.grid import Book, CellKind, Content, Grid, GridCell
from perfxl.package import ole
from perfxl.package.limits import Limits
from perfxl.package.unreadable import Reason, Unreadable, check_count, check_length, check_size
from perfxl.readers.biff import Records, read_records
from perfxl.readers.cell_value import number_of
from perfxl.readers.merges import Merges
from perfxl.readers.styles import BUILT_IN, GENERAL

_MACRO_STORAGES = {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros"}
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(1, 6)
_FIRST_WITH_NUMBERED_FORMATS = 50  # BIFF5; before, formats were counted from 0 in each file


def read_xls(data: bytes, limits: Limits) -> Book:
    """Read an old workbook. Raises Unreadable: encrypted, over a limit, or damaged in any way."""
    check_size(data, limits)
    try:
        return _read(data, limits)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(Reason.DAMAGED, "旧版工作簿已损坏") from error


def _read(data: bytes, limits: Limits) -> Book:
    import xlrd  # noqa: PLC0415 - start-up counts: most batches have no old file

    log = io.StringIO()  # what xlrd has to say of a file, it would print
    entries = ole.top_entries(data) if data.startswith(ole.SIGNATURE) else frozenset()
    stream = _stream(data, log) if entries else data
    records = read_records(stream, limits)
    book = xlrd.open_workbook(file_contents=stream, logfile=log, formatting_info=True, on_demand=True, ragged_rows=True)
    names: dict[int, dict[str, str]] = {}
    for name in book.name_obj_list:
        names.setdefault(name.scope, {})[name.name] = _text_constant(name.raw_formula)
    check_count(len(book.name_obj_list), limits)
    return Book(
        format="xls",
        sheets=tuple(_sheets(book, records, names, limits)),
        names=names.get(-1, {}),
        date1904=book.datemode == 1,
        macros=records.macro_sheets or not entries.isdisjoint(_MACRO_STORAGES),
        external_links=records.external_links,
    )


def _stream(data: bytes, log: io.StringIO) -> bytes:
    """Return the stream of a compound file that holds the workbook. Raises ValueError where there is none."""
    from xlrd.compdoc import CompDoc  # noqa: PLC0415 - see above

    document = CompDoc(data, logfile=log)
    for name in ("Workbook", "Book"):
        memory, start, length = document.locate_named_stream(name)
        if memory:
            return bytes(memory[start : start + length])
    raise ValueError(name)


def _text_constant(formula: bytes) -> str:
    """Return a name's formula that is a text, in quotes; "" for any other ([MS-XLS] 2.5.198.89, PtgStr)."""
    if len(formula) < 3 or formula[0] != 0x17:
        return ""
    wide = formula[2] & 1
    text = formula[3 : 3 + formula[1] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
    return f'"{text}"'


def _sheets(book: Any, records: Records, names: Mapping[int, Mapping[str, str]], limits: Limits) -> Iterator[Grid]:
    formats = _formats(book)
    used = 0
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        formulas = records.formulas[number] if number < len(records.formulas) else frozenset()
        cells = {(cell.row, cell.column): cell for cell in _cells(sheet, formats, formulas, limits)}
        used += len(cells)
        check_count(used, limits)
        merges = Merges(limits)
        for first, last, left, right in sheet.merged_cells:
            if first < last and left < right:
                merges.add(Box(first + 1, left + 1, last, right))
        yield Grid(sheet.name, cells, tuple(merges.found), sheet.visibility != 0, names.get(number, {}))
        book.unload_sheet(number)


def _cells(
    sheet: Any, formats: Mapping[int, str], formulas: frozenset[tuple[int, int]], limits: Limits
) -> Iterator[GridCell]:
    for row in range(sheet.nrows):
        for column, (kind, content) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            place = (row + 1, column + 1)
            formula = "" if place in formulas else None
            if kind not in {_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR} or (content == "" and formula is None):
                continue
            code = formats.get(sheet.cell_xf_index(row, column), GENERAL)
            yield GridCell(*place, *_value(kind, content, limits), code, formula)


def _value(kind: int, content: Any, limits: Limits) -> tuple[CellKind, Content]:
    import xlrd  # noqa: PLC0415 - loaded already where this is called

    if kind == _TEXT:
        return CellKind.TEXT, check_length(content, limits)
    if kind == _BOOLEAN:
        return CellKind.BOOLEAN, bool(content)
    if kind == _ERROR:
        return CellKind.ERROR, xlrd.error_text_from_code.get(content, "#VALUE!")
    return number_of(content)


def _formats(book: Any) -> dict[int, str]:
    """Return the number format code of each cell style.

    xlrd has the built-in formats of an American Excel; where the file declares none of its own, they are as in Chinese.
    """
    from xlrd.formatting import std_format_strings  # noqa: PLC0415 - see above

    codes: dict[int, str] = {}
    for number, style in enumerate(book.xf_list):
        key = style.format_key
        declared = book.format_map[key].format_str if key in book.format_map else None
        numbered = book.biff_version >= _FIRST_WITH_NUMBERED_FORMATS
        if numbered and (not declared or declared == std_format_strings.get(key)):
            declared = BUILT_IN.get(key, declared)
        codes[number] = declared or GENERAL
    return codes
