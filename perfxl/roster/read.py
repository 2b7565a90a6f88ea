"""Reading a roster: CSV as Excel, WPS and others save it, or a workbook; every mistake in it is told at once."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NoReturn, TypeAlias

from msgspec import Struct, field

from perfxl.model.address import column_letter
from perfxl.model.error import Error
from perfxl.model.finding import Finding
from perfxl.model.grid import Grid, GridCell
from perfxl.model.regex import deferred
from perfxl.model.roster import Roster, RosterUnit, code_key
from perfxl.model.words import squeezed, trim
from perfxl.package.limits import DEFAULT
from perfxl.readers.book import read_book
from perfxl.values.display_text import shown

CODE, NAME = "code", "name"
_HEADS = {"code": CODE, "单位代码": CODE, "name": NAME, "单位名称": NAME}
_DELIMITERS = (",", "\t", ";", "，")
_HEAD_WITHIN = 20
"""Rows in which the heads are looked for: a title may stand above them."""
_WANTED = "应有一行列名，写着“单位代码”“单位名称”（或 code、name）"

_CONTROL = deferred(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_QUOTED = deferred(r'="(.*)"|\'(.*)', re.DOTALL)
"""How people keep Excel from making a number of a code: ``="0123"``, ``'0123``."""
_POWER = deferred(r"\d(?:\.\d+)?[Ee]\+?\d+")
_EXACT_DIGITS = 15
_NAMED = 5
"""Rows that a note names one by one."""
_TELLING = 4
"""Digits of a code that is no mere number in a list."""
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})

Line: TypeAlias = tuple[int, Mapping[int, str]]
"""A row that holds something: its number and its texts by column, both from 1, ends trimmed, blanks left out."""


class RosterProblem(Struct, frozen=True):
    """A mistake in a roster; ``row`` is the row in its file, None where it is about the whole file."""

    row: int | None
    message: str

    def __str__(self) -> str:
        return self.message if self.row is None else f"第 {self.row} 行：{self.message}"


class RosterError(Error, ValueError):
    """A roster that cannot be used; carries every problem."""

    def __init__(self, problems: Sequence[RosterProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "；".join(map(str, self.problems))


def read_roster(data: bytes) -> Roster:
    """Return the units of a roster, whatever format its bytes are in: CSV in the encodings in use, or a workbook.

    The heads are ``code`` and ``name`` or 单位代码 and 单位名称 in any order; the code may be left out. Further columns
    prefill the fields that their heads name. Raises RosterError.
    """
    text = _decoded(data)
    lines = _workbook(data) if text is None or text.lstrip().startswith("<") else _delimited(text)
    return _Reader(lines).roster()


def _refuse(message: str, row: int | None = None) -> NoReturn:
    raise RosterError([RosterProblem(row, message)])


# -- from bytes to rows of texts ------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str | None:
    """Return the text that the bytes are in the first encoding that fits, None where they are no text."""
    wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _delimited(text: str) -> list[Line]:
    if len(text) > DEFAULT.max_bytes:
        _refuse("名册太大，不像是单位名单")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines: list[Line] = []
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            lines += _line(number, {column: _unquoted(cell) for column, cell in enumerate(row, start=1)})
    except csv.Error:
        _refuse("引号没有成对，或一格里的内容太长；请用 Excel 或 WPS 打开名册，核对后另存", number + 1)
    return lines


def _delimiter(text: str) -> str:
    """Return what parts the heads: a comma, in Excel's “Unicode 文本” a tab, elsewhere a semicolon."""
    first = text.splitlines()[:_HEAD_WITHIN]
    heads = next(
        (line for line in first if any(head in _head(line) for head, what in _HEADS.items() if what == NAME)), ""
    )
    return max(_DELIMITERS, key=heads.count)


def _unquoted(cell: str) -> str:
    found = _QUOTED.fullmatch(trim(cell))
    return (found[1] or found[2] or "") if found else cell


def _workbook(data: bytes) -> list[Line]:
    book = read_book(data)
    if isinstance(book, Finding):
        _refuse(f"{book.message.partition('。')[0]}。名册应是 CSV 或 Excel 工作簿（.xlsx），{_WANTED}")
    sheets = {grid.name: _sheet(grid) for grid in book.sheets if not grid.hidden}
    found = [name for name, lines in sheets.items() if _heads_at(lines) is not None]
    if len(found) > 1:
        _refuse(f"工作表{'、'.join(f'“{name}”' for name in found)}里都有单位名单，请只留一张")
    return sheets[found[0]] if found else []


def _sheet(grid: Grid) -> list[Line]:
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, column), cell in grid.cells.items():
        rows[row][column] = _cell(cell)
    return [line for number in sorted(rows) for line in _line(number, rows[number])]


def _cell(cell: GridCell) -> str:
    if isinstance(cell.value, Decimal):
        if cell.value.adjusted() >= _EXACT_DIGITS:
            return f"{cell.value.normalize():E}"  # what Excel shows too: its last digits are lost
        return shown(cell.value, cell.format)
    if isinstance(cell.value, bool):
        return "TRUE" if cell.value else "FALSE"
    return cell.value or ""


def _line(number: int, cells: Mapping[int, str]) -> list[Line]:
    kept = {column: text for column, cell in sorted(cells.items()) if (text := trim(cell))}
    return [(number, kept)] if kept else []


# -- from rows to units ---------------------------------------------------------------------------------------------


def _head(text: str) -> str:
    return squeezed(text).lower()


def _heads_at(lines: Sequence[Line]) -> int | None:
    """Return the index of the row of heads, None where there is none."""
    near = enumerate(lines[:_HEAD_WITHIN])
    return next((i for i, (_, cells) in near if NAME in {_HEADS.get(_head(text)) for text in cells.values()}), None)


class _Reader(Struct):
    """One pass over the rows; problems are gathered on the way."""

    lines: Sequence[Line]
    problems: list[RosterProblem] = field(default_factory=list)

    def problem(self, row: int | None, message: str) -> None:
        self.problems.append(RosterProblem(row, message))

    def roster(self) -> Roster:
        at = _heads_at(self.lines)
        if at is None:
            _refuse(f"找不到“单位名称”这一列。名册{_WANTED}")
        number, heads = self.lines[at]
        columns = self.columns(number, heads)
        units = tuple(self.units(self.lines[at + 1 :], columns))
        if not units and not self.problems:
            self.problem(None, "名册里没有单位")
        self.twice(units)
        if self.problems:
            raise RosterError(sorted(self.problems, key=lambda problem: problem.row or 0))
        return Roster(units, tuple(_lost_zeros(units)))

    def columns(self, number: int, heads: Mapping[int, str]) -> dict[int, str]:
        """Return what each column holds: CODE, NAME, or the head of a further column as it stands."""
        columns = {column: _HEADS.get(_head(text), text) for column, text in heads.items()}
        same: dict[str, list[int]] = defaultdict(list)
        for column, head in columns.items():
            same[_head(head)].append(column)
        for twice in same.values():
            if len(twice) > 1:
                letters = "、".join(map(column_letter, twice))
                self.problem(number, f"列名“{heads[twice[0]]}”重复（{letters} 列），只能有一列")
        return columns

    def units(self, lines: Sequence[Line], columns: Mapping[int, str]) -> Iterator[RosterUnit]:
        for row, cells in lines:
            texts = {columns[column]: text for column, text in cells.items() if column in columns}
            strange = [column_letter(column) for column in cells if column not in columns]
            if strange:
                self.problem(row, f"{'、'.join(strange)} 列没有列名，却有内容")
            for head, text in texts.items():
                if text in _ERRORS:
                    self.problem(row, f"“{head}”一列是错误值 {text}")
            name = "".join(texts.pop(NAME, "").splitlines())
            code = self.code(row, texts.pop(CODE, ""))
            if name:
                yield RosterUnit(name, code, row, texts)
            else:
                self.problem(row, "缺单位名称")

    def code(self, row: int, text: str) -> str | None:
        code = code_key(text)
        if _POWER.fullmatch(code):
            self.problem(row, f"单位代码 {text} 的末几位已丢失：代码被当成了数字。请把这一列设为文本格式，重新录入")
        return code or None

    def twice(self, units: Sequence[RosterUnit]) -> None:
        """Tell codes that stand twice, and names that no code tells apart."""
        codes: dict[str, list[RosterUnit]] = defaultdict(list)
        names: dict[str, list[RosterUnit]] = defaultdict(list)
        for unit in units:
            if unit.code:
                codes[unit.code].append(unit)
            names[_head(unit.name)].append(unit)
        for code, same in codes.items():
            if len(same) > 1:
                self.problem(same[1].row, f"单位代码 {code} 重复：{_rows(same)}")
        for same in names.values():
            if len(same) > 1 and not all(unit.code for unit in same):
                self.problem(same[1].row, f"单位名称“{same[0].name}”重复（{_rows(same)}），又没有代码可以区分")


def _lost_zeros(units: Sequence[RosterUnit]) -> Iterator[str]:
    """Yield what to say of codes that have probably lost the zeros in front of them: a program took them for numbers.

    Told by codes that have kept theirs and are longer. Where none has, by codes shorter than most, of a length at which
    none is the beginning of a longer one (301 and 301001 are a department and a unit below it).
    """
    numbers = [unit for unit in units if unit.code and unit.code.isascii() and unit.code.isdigit()]
    codes = {unit.code or "" for unit in numbers}
    kept = [code for code in codes if code.startswith("0")]
    length = min(map(len, kept)) if kept else _usual_length(codes)
    levels = {len(code) for code in codes if not kept and any(code != one and one.startswith(code) for one in codes)}
    short = [unit for unit in numbers if unit.code and len(unit.code) < length and len(unit.code) not in levels]
    if short:
        example = min((code for code in kept or codes if len(code) == length), default="")
        listed = "、".join(f"第 {unit.row} 行“{unit.name}”{unit.code}" for unit in short[:_NAMED])
        more = f"等 {len(short)} 个" if len(short) > _NAMED else ""
        yield (
            f"有的单位代码可能丢了开头的 0：{listed}{more}，别的如 {example} 有 {length} 位。"
            "如确实丢了，请在 Excel 里把代码一列设为文本格式，重新录入后再运行"
        )


def _usual_length(codes: Collection[str]) -> int:
    """Return how long most codes are, 0 where they are too short or too different to tell."""
    counts = Counter(map(len, codes))
    length, times = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return length if length >= _TELLING and 2 * times > len(codes) else 0


def _rows(units: Sequence[RosterUnit]) -> str:
    return "、".join(f"第 {unit.row} 行“{unit.name}”" for unit in units)
