"""A sheet that is a list, as a value: its rows come one after another and are never all in memory.

Rows and columns count from 1. XlsxWriter makes the sheet around them (widths, panes, printing); the rows are written
straight into the finished package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

from perfxl.model.address import Box, column_letter
from perfxl.model.field_type import Type
from perfxl.package.splice import cell_text, quoted
from perfxl.writer.lists.looks import CellLook

LONGEST = 32_767
"""Excel's limit for the text of a cell."""

ANY_NUMBER = '">=-1E+300"'
"""What COUNTIFS takes to find every number and nothing else."""

Content: TypeAlias = str | int | Decimal | None


class ListCell(NamedTuple):
    """A cell: a value, or a formula (without ``=``) and its result; ``array``: one that works on whole columns at once."""

    look: CellLook
    value: Content = None
    formula: str = ""
    array: bool = False


class ListLine(NamedTuple):
    """A row of a sheet: its cells from ``first`` on, its height in points (None: as high as a line)."""

    number: int
    cells: Sequence[ListCell | None]
    height: float | None = None
    first: int = 1


class Link(NamedTuple):
    """A cell that leads to a file, relative to the workbook, or to a place in the workbook."""

    row: int
    column: int
    target: str = ""
    place: str = ""


class Total(Struct, frozen=True):
    """The last row of a table in a column: a label, or a formula."""

    label: str = ""
    formula: str = ""


class ListTable(Struct, frozen=True):
    """An Excel table in a list: heads in its first row; a total row last, where ``totals`` has one for each column."""

    name: str
    box: Box
    heads: tuple[str, ...]
    totals: tuple[Total, ...] = ()


class ListSheet(Struct, frozen=True):
    """A list. ``lines`` and ``links`` begin anew at each call. ``heads`` are rows to be printed on every page.

    ``frozen`` is the first cell (row, column) that moves. ``wide``: its columns go over several pages, as many as there
    are, those before the frozen one on each; else it is one page wide. ``merges`` are areas that are one cell. Of
    ``printed`` columns there is a print, of all where it is 0: what stands on the right of them is for formulas.
    After the rows of ``breaks`` a page ends.
    """

    name: str
    widths: tuple[float, ...]
    last: int
    lines: Callable[[], Iterator[ListLine]]
    tables: tuple[ListTable, ...] = ()
    links: Callable[[], Iterator[Link]] = field(default=lambda: iter(()))
    heads: tuple[int, int] = (1, 1)
    frozen: tuple[int, int] = (1, 1)
    merges: tuple[Box, ...] = ()
    printed: int = 0
    breaks: tuple[int, ...] = ()
    wide: bool = False
    portrait: bool = False


def criterion(cell: str, text: Content) -> str:
    """Return what SUMIFS takes to find exactly what stands in a cell: signs that would mean something are made plain."""
    if text is None or text == "":
        return '""'
    if isinstance(text, str) and (text[0] in "<>=" or set(text) & set("*?~")):
        plain = cell
        for sign in "~*?":
            plain = f'SUBSTITUTE({plain},"{sign}","~{sign}")'
        return f'"="&{plain}'
    return cell


def reference(sheet: str) -> str:
    """Return what stands in front of a cell's name in formulas on other sheets: ``'自评表明细'!``."""
    return "'" + sheet.replace("'", "''") + "'!"


def line_xml(line: ListLine, styles: dict[CellLook, int]) -> str:
    """Return a row as the package has it."""
    height = f' ht="{line.height:g}" customHeight="1"' if line.height is not None else ""
    cells = "".join(
        _cell_xml(f"{column_letter(column)}{line.number}", cell, styles[cell.look])
        for column, cell in enumerate(line.cells, start=line.first)
        if cell is not None
    )
    return f'<row r="{line.number}"{height}>{cells}</row>'


def _cell_xml(name: str, cell: ListCell, style: int) -> str:
    value = cell.value
    if cell.formula:
        kind = f' t="array" ref="{name}"' if cell.array else ""
        formula = f"<f{kind}>{quoted(cell.formula)}</f>"
        if isinstance(value, str) or value is None:
            return f'<c r="{name}" s="{style}" t="str">{formula}<v>{cell_text(value or "")}</v></c>'
        return f'<c r="{name}" s="{style}">{formula}<v>{_digits(value)}</v></c>'
    if value is None or value == "":
        return f'<c r="{name}" s="{style}"/>'
    if isinstance(value, str):
        return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{cell_text(value[:LONGEST])}</t></is></c>'
    return f'<c r="{name}" s="{style}"><v>{_digits(value)}</v></c>'


def _digits(value: int | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


LOOK_OF = {
    Type.MONEY: CellLook.MONEY,
    Type.PERCENT: CellLook.PERCENT,
    Type.NUMBER: CellLook.NUMBER,
    Type.INTEGER: CellLook.WHOLE,
    Type.YEAR: CellLook.YEAR,
    Type.DATE: CellLook.MIDDLE,
    Type.TICK: CellLook.MIDDLE,
    Type.CHOICE: CellLook.MIDDLE,
}
"""How the values of each type look in a list; all others are text."""
