"""V02, V03, V04, S06 while typing: texts where figures belong, choices not offered, figures out of range, error values.

Excel's own validation stops them at the keyboard; what is pasted passes by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from msgspec import Struct

from perfxl.expr.pieces import BLANK_OR_NOTHING, none_of
from perfxl.model.address import Box, column_letter
from perfxl.model.field_type import Type
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.value import Value
from perfxl.writer.list_ranges import Part
from perfxl.writer.places import Places, column_of
from perfxl.writer.selfcheck.formula import CheckFormula
from perfxl.writer.validation import bounds

_FIRST_DAY, _LAST_DAY = Decimal(32874), Decimal(73415)
"""1990-01-01 and 2100-12-31 as Excel counts days: 20241220 typed as a date is none."""
_FAR = 2_000_000
"""More than the last row of a sheet: the first of some rows is this less the greatest distance from it."""


class WatchedArea(Struct, frozen=True):
    """Cells of one field below each other, as placed, and what is wrong in them: a condition on a cell or an area.

    ``path`` is the cell's, of a table the column's (``indicators[].weight``). ``rows`` are those that are wrong already when
    the workbook is written.
    """

    code: str
    path: str
    box: Box
    table: bool
    wrong: Callable[[str], str]
    rows: tuple[int, ...]

    def here(self) -> str:
        """Return the condition on the first cell, for a conditional format over the area."""
        return self.wrong(Box(self.box.row, self.box.column, self.box.row, self.box.column).name)

    def cells(self, places: Places) -> str:
        """Return the area for formulas on another sheet, with the rows that are inserted into a table."""
        letter, sheet = column_letter(self.box.column), places.sheet
        if not self.table:
            return f"{sheet}{letter}{self.box.row}"
        column = f"{sheet}{letter}:{letter}"
        first, last = (f"{sheet}{letter}{row}" for row in (self.box.row - 1, self.box.last_row + 1))
        return f"INDEX({column},ROW({first})+1):INDEX({column},ROW({last})-1)"

    def count(self, places: Places) -> CheckFormula:
        """Return how many cells are wrong; none of an area that was deleted."""
        cells = self.cells(places)
        return CheckFormula(f"SUMPRODUCT(--({self.wrong(cells)}))+0*ROWS({cells})", len(self.rows)).or_else("0")

    def row(self, places: Places) -> CheckFormula:
        """Return the row of the first wrong cell, 0 where there is none."""
        cells = self.cells(places)
        far = f"SUMPRODUCT(MAX(({self.wrong(cells)})*({_FAR}-ROW({cells}))))"
        return CheckFormula(f"IF({far}=0,0,{_FAR}-{far})", min(self.rows, default=0)).or_else("0")


TEXT = "V02"
COMPUTED_ERROR = "S06-computed"
"""S06 in a computed cell: a warning, and none where an input is to blame."""

WANTS: Mapping[str, str] = MappingProxyType(
    {
        "V02": "金额、分值、年度等格里填的是数字",
        "V03": "类别等格里填的是下拉列表中的一项",
        "V04": "数字在允许的范围内（金额一般不小于 0），日期是真实的日期",
        "S06": "填报的格里没有错误值（#REF!、#DIV/0! 之类）",
        COMPUTED_ERROR: "自动计算的格里没有错误值",
    }
)
SAYS: Mapping[str, str] = MappingProxyType(
    {
        "V02": "填了文字，或是以文字存放的数字，公式算不到；请删去后重新输入数字",
        "V03": "填的不在下拉列表中，请重新选择",
        "V04": "超出了允许的范围，请核对",
        "S06": "是错误值，请重新填写",
        COMPUTED_ERROR: "自动计算的格是错误值，请先改正所引用的格，公式被改动的请恢复",
    }
)


def areas(layout: Layout, places: Places) -> Iterator[WatchedArea]:
    """Yield what is watched in the cells that are typed."""
    runs: dict[str, list[PlacedCell]] = defaultdict(list)
    for cell in layout.cells:
        if cell.field is not None and cell.role is Role.INPUT and not cell.field.level and not cell.option:
            runs[column_of(cell.path)].append(cell)
    for column, cells in runs.items():
        table = column in places.columns
        for run in _runs(cells):
            yield from _watched(run, places, table=table)
    for cell in layout.cells:
        if cell.role is Role.COMPUTED and cell.field is not None and column_of(cell.path) not in places.columns:
            yield WatchedArea(COMPUTED_ERROR, cell.path, cell.box, False, _errors, ())


def _watched(run: Sequence[PlacedCell], places: Places, *, table: bool) -> Iterator[WatchedArea]:
    field, first, last = run[0].field, run[0].box, run[-1].box
    if field is None:
        return
    box = Box(first.row, first.column, last.last_row, first.last_column)

    def area(code: str, wrong: Callable[[str], str], is_wrong: Callable[[Value], bool]) -> WatchedArea:
        return WatchedArea(
            code, column_of(run[0].path), box, table, wrong, tuple(cell.box.row for cell in run if is_wrong(cell.value))
        )

    if field.type.numeric:
        # Inside a caption: what is printed there stands in the cell as text while it is blank.
        printed = (_bare(field.caption.before + field.caption.after),) if field.caption is not None else ()
        words = (*BLANK_OR_NOTHING, *printed)
        yield area(
            "V02",
            lambda cells: _texts(cells, words),
            lambda value: isinstance(value, str) and _bare(value) not in words,
        )
    low, high = (_FIRST_DAY, _LAST_DAY) if field.type is Type.DATE else bounds(field)
    if field.type is Type.DATE:
        yield area("V04", lambda cells: _beyond(cells, low, high), lambda _: False)
    elif field.type.numeric and not (low is None and high is None):
        yield area("V04", lambda cells: _beyond(cells, low, high), lambda value: _is_beyond(value, low, high))
    if field.list:
        known = {word for choice in field.choices for word in (choice.value, *choice.aliases)}
        codes, names = (places.list_range(field.list, part) for part in (Part.OFFERED, Part.NAME))
        if codes:
            yield area(
                "V03", lambda cells: _unlisted(cells, codes, names), lambda value: str(value or "") not in known | {""}
            )
    elif field.type is Type.CHOICE:
        offered = ("", *(word for choice in field.choices for word in (choice.value, *choice.aliases)))
        yield area(
            "V03",
            lambda cells: f"{none_of(cells, offered)}*(1-ISERROR({cells}))",
            lambda value: str(value or "").strip() not in offered,
        )
    yield area("S06", _errors, lambda _: False)


def _unlisted(cells: str, codes: str, names: str) -> str:
    """Return the condition that something stands in a cell, or in each of an area, that a list does not have."""
    said = f'(ISTEXT({cells})+ISNUMBER({cells}))*ISERROR(FIND("||","|"&TRIM({cells})&"|"))'
    return f"{said}*ISERROR(MATCH(TRIM({cells}),{codes},0))*ISERROR(MATCH(TRIM({cells}),{names},0))"


def _errors(cells: str) -> str:
    return f"ISERROR({cells})"


def _bare(text: str) -> str:
    return text.replace("　", "").replace(" ", "")


def _texts(cells: str, words: Sequence[str]) -> str:
    plain = f'SUBSTITUTE(SUBSTITUTE({cells},"　","")," ","")' if len(words) > len(BLANK_OR_NOTHING) else cells
    return f"ISTEXT({cells})*{none_of(plain, words)}"


def _beyond(cells: str, low: Decimal | None, high: Decimal | None) -> str:
    sides = [f"({cells}<{low})" if low is not None else "", f"({cells}>{high})" if high is not None else ""]
    return f"ISNUMBER({cells})*({'+'.join(side for side in sides if side)})"


def _is_beyond(value: Value, low: Decimal | None, high: Decimal | None) -> bool:
    if not isinstance(value, Decimal):
        return False
    return (low is not None and value < low) or (high is not None and value > high)


def _runs(cells: Sequence[PlacedCell]) -> Iterator[Sequence[PlacedCell]]:
    """Yield runs of cells that stand right below each other."""
    start = 0
    for number, (above, cell) in enumerate(pairwise(cells), start=1):
        if above.box.last_row + 1 != cell.box.row:
            yield cells[start:number]
            start = number
    yield cells[start:]
