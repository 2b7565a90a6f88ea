"""The lists of codes next to a definition, read from a .csv or a workbook."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from perfxl.forms.definition.language import ListSpec
from perfxl.forms.definition.problem import Problems
from perfxl.forms.stock import Files
from perfxl.model.code_list import CodeList, Listed
from perfxl.model.grid import Book, GridCell
from perfxl.model.words import squeezed, trim
from perfxl.readers.book import read_book
from perfxl.values.display_text import shown

MOST_ENTRIES = 20_000
LONGEST = 255
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:[-./年].*)?")
_TOLD = 3
"""Mistakes in one list that are told one by one."""

_Row: TypeAlias = Sequence[str]


def read_lists(specs: Sequence[ListSpec], files: Files, problems: Problems) -> dict[str, CodeList]:
    """Return the lists of a form by name; what is wrong with one is told at its place."""
    found: dict[str, CodeList] = {}
    known = dict(files)
    for spec in specs:
        if not _NAME.fullmatch(spec.list) or spec.list in found:
            problems.add(spec.place.of("list"), f"清单的名称“{spec.list}”不能用", "用小写英文，各个清单不同名")
        found[spec.list] = _List(spec, problems).read(known)
    return found


class _List(Struct, frozen=True):
    spec: ListSpec
    problems: Problems

    def read(self, files: Mapping[str, bytes]) -> CodeList:
        if self.spec.file not in files:
            remedy = "把 .csv 或 .xlsx 文件放在 form.yaml 的文件夹里，名称照写"
            self.problems.add(self.spec.place.of("file"), f"没有找到“{self.spec.file}”", remedy)
            return CodeList(self.spec.list, ())
        rows = list(_rows(files[self.spec.file]))
        if len(rows) < 2:
            self.problems.add(self.spec.place.of("file"), f"“{self.spec.file}”里没有内容", "第一行写列名，下面一行一项")
            return CodeList(self.spec.list, ())
        entries = list(self.entries(rows))
        if len(entries) > MOST_ENTRIES:
            self.problems.add(self.spec.place.of("file"), f"“{self.spec.file}”超过 {MOST_ENTRIES} 项", "分成几个清单")
        # Those of one group stand together, as a drop-down offers a range.
        order = {under: number for number, under in enumerate(dict.fromkeys(entry.under for entry in entries))}
        grouped = tuple(sorted(entries, key=lambda entry: order[entry.under]))
        return CodeList(self.spec.list, grouped, hashlib.sha256(repr(grouped).encode()).hexdigest()[:8])

    def entries(self, rows: Sequence[_Row]) -> Iterator[Listed]:
        heads = [squeezed(head) for head in rows[0]]
        columns = {key: self.column(key, heads) for key in ("code", "name", "under", "until")}
        seen: set[tuple[str, str]] = set()
        wrong: list[str] = []
        for number, row in enumerate(rows[1:], start=2):
            code, name, under, until = (_at(row, columns[key]) for key in ("code", "name", "under", "until"))
            if not code:
                if any(row):
                    wrong.append(f"第 {number} 行没有代码")
                continue
            year = _YEAR.fullmatch(until)
            if until and year is None:
                wrong.append(f"第 {number} 行的“{until}”不是年度")
            if (under, code) in seen:
                wrong.append(f"第 {number} 行的“{code}”前面已经有了")
            if len(code) > LONGEST or "\n" in code:
                wrong.append(f"第 {number} 行的代码太长")
            seen.add((under, code))
            yield Listed(code, name, under, int(year[1]) if year else None)
        if wrong:
            more = f"等 {len(wrong)} 处" if len(wrong) > _TOLD else ""
            message = f"“{self.spec.file}”{'、'.join(wrong[:_TOLD])}{more}"
            self.problems.add(self.spec.place.of("file"), message, "改正文件后再检查")

    def column(self, key: str, heads: Sequence[str]) -> int | None:
        """Return the number of a column by its head; the first is that of the codes where none is named."""
        head = getattr(self.spec, key)
        if not head:
            return 0 if key == "code" else None
        if squeezed(head) in heads:
            return heads.index(squeezed(head))
        known = "、".join(filter(None, heads))
        self.problems.add(self.spec.place.of(key), f"“{self.spec.file}”里没有“{head}”这一列", f"有的列：{known}")
        return None


def _at(row: _Row, column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _rows(data: bytes) -> Iterator[_Row]:
    """Yield the rows of a file as trimmed texts; none of one that can be read neither as text nor as a workbook."""
    if data.startswith(b"PK"):
        book = read_book(data)
        sheet = next((grid for grid in book.sheets if not grid.hidden), None) if isinstance(book, Book) else None
        cells: dict[int, dict[int, str]] = {}
        for (row, column), cell in sheet.cells.items() if sheet is not None else ():
            cells.setdefault(row, {})[column] = trim(_text(cell))
        for row in range(1, max(cells, default=0) + 1):
            held = cells.get(row, {})
            yield [held.get(column, "") for column in range(1, max(held, default=0) + 1)]
        return
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            for line in csv.reader(io.StringIO(text, newline="")):
                yield [trim(part) for part in line]
        except csv.Error:
            pass
        return


def _text(cell: GridCell) -> str:
    return shown(cell.value, cell.format) if isinstance(cell.value, Decimal) else str(cell.value or "")
