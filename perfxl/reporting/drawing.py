"""A sheet drawn as HTML: its cells as they are shown, merges, widths, and colours on the cells that findings are about.

One drawing for every page that shows a return. No inline style, so that a page's policy may forbid it: colours and lines
come from ``drawing.css``. Whatever was typed is escaped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.address import Box, cell_name, column_letter, parse_cell
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.reporting.remarks import Remark, remarks, remarks_html
from perfxl.reporting.typeset import visible
from perfxl.values.display_text import plain, rounded, shown
from perfxl.values.number_format import number_format

MOST_ROWS, MOST_COLUMNS = 600, 80
"""So much of a sheet is drawn: no form is larger, and a page with more is slow."""
_MOST_CHARACTERS = 3_000
_Place: TypeAlias = tuple[int, int]
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_PIXELS = 7.0
"""A character of a column's width on the screen."""
_PLAIN_WIDTH = 9.0


class DrawnSheet(Struct, frozen=True):
    """A sheet as HTML, and what is said of its cells as a list next to it ("" where nothing is).

    ``cells`` has the identities of the cells that findings are about, by the cells as findings name them: ``H12`` → ``s0-H12``.
    """

    name: str
    html: str
    remarks: str
    cells: Mapping[str, str]


def draw(grid: Grid, findings: Sequence[Finding], identity: str) -> DrawnSheet:
    """Draw a sheet; of the findings those count that name it, worst first where a cell has several.

    ``identity`` is what the identities in it begin with.
    """
    own = [one for one in findings if one.sheet == grid.name and one.cell]
    places = {one.cell: parse_cell(one.cell.partition(":")[0]) for one in own if one.cell}
    used = _used(grid, places.values())
    rows = min(used.last_row, MOST_ROWS)
    columns = min(used.last_column, MOST_COLUMNS)
    merges = _merges(grid, rows, columns)
    homes = {cell: _home(place, merges) for cell, place in sorted(places.items(), key=lambda item: item[1])}
    told = {cell: (row, column) for cell, (row, column) in homes.items() if row <= rows and column <= columns}
    cells = {cell: f"{identity}-{cell_name(*home)}" for cell, home in told.items()}
    said = remarks(own, cells, identity)
    about: dict[_Place, list[Remark]] = {}
    for remark in said:
        for home in dict.fromkeys(told[cell] for cell in remark.cells):
            about.setdefault(home, []).append(remark)
    drawing = _Drawing(
        grid,
        _shown(rows, grid.unseen.rows - {row for row, _ in about}),
        _shown(columns, grid.unseen.columns - {column for _, column in about}),
        merges,
        about,
        identity,
    )
    cut = (
        f'<p class="cut">这张表很大，这里只画出前 {rows} 行、前 {columns} 列。</p>'
        if used.last_row > rows or used.last_column > columns
        else ""
    )
    return DrawnSheet(grid.name, f"{''.join(drawing.parts())}{cut}", remarks_html(said, grid.name), cells)


def _used(grid: Grid, about: Iterable[_Place]) -> Box:
    """The area that holds anything: cells, merges that begin near them, findings."""
    places = [*(place for place, cell in grid.cells.items() if cell.kind is not CellKind.BLANK), *about, (1, 1)]
    rows, columns = max(row for row, _ in places), max(column for _, column in places)
    for merge in grid.merges:
        if merge.row <= rows + 1 and merge.column <= columns + 1:
            rows, columns = (
                max(rows, min(merge.last_row, MOST_ROWS)),
                max(columns, min(merge.last_column, MOST_COLUMNS)),
            )
    return Box(1, 1, rows, columns)


def _merges(grid: Grid, rows: int, columns: int) -> Mapping[_Place, Box]:
    """The merges by each cell of theirs, clipped to what is drawn; of those that lie over each other the first counts."""
    found: dict[_Place, Box] = {}
    for merge in grid.merges:
        box = merge._replace(last_row=min(merge.last_row, rows), last_column=min(merge.last_column, columns))
        inside = [
            (row, column)
            for row in range(box.row, box.last_row + 1)
            for column in range(box.column, box.last_column + 1)
        ]
        if found.keys().isdisjoint(inside):
            found.update(dict.fromkeys(inside, box))
    return found


def _home(place: _Place, merges: Mapping[_Place, Box]) -> _Place:
    """Return the cell that shows what a cell holds: the first one of its merge."""
    box = merges.get(place)
    return (box.row, box.column) if box is not None else place


def _shown(count: int, left_out: frozenset[int]) -> tuple[int, ...]:
    """Return the rows or columns that are drawn: what is hidden is not, but where something is wrong there."""
    return tuple(number for number in range(1, count + 1) if number not in left_out)


class _Drawing(Struct, frozen=True):
    """A sheet with what is to be drawn of it: rows, columns, merges by each of their cells, remarks by cell."""

    grid: Grid
    rows: Sequence[int]
    columns: Sequence[int]
    merges: Mapping[_Place, Box]
    about: Mapping[_Place, Sequence[Remark]]
    identity: str

    def parts(self) -> Iterator[str]:
        """Yield the table."""
        widths = "".join(
            f'<col width="{round(self.grid.widths.get(column, _PLAIN_WIDTH) * _PIXELS) + 5}">'
            for column in self.columns
        )
        heads = "".join(f'<th scope="col">{column_letter(column)}</th>' for column in self.columns)
        yield f'<table class="sheet" aria-label="{_attribute(self.grid.name)}"><colgroup><col width="36">{widths}</colgroup>'
        yield f"<thead><tr><td></td>{heads}</tr></thead><tbody>"
        for row in self.rows:
            cells = "".join(self._cell((row, column)) for column in self.columns)
            yield f'<tr><th scope="row">{row}</th>{cells}</tr>'
        yield "</tbody></table>"

    def _cell(self, place: _Place) -> str:
        """A cell with all that it spans; "" where another one spans it."""
        box = self.merges.get(place)
        if box is None:
            return self._td(place, "")
        down, across = _span(self.rows, box.row, box.last_row), _span(self.columns, box.column, box.last_column)
        if place != (down[0], across[0]):
            return ""
        span = (f' rowspan="{len(down)}"' if len(down) > 1 else "") + (
            f' colspan="{len(across)}"' if len(across) > 1 else ""
        )
        return self._td((box.row, box.column), span)

    def _td(self, place: _Place, span: str) -> str:
        cell, said = self.grid.cells.get(place), self.about.get(place, ())
        styles = [*(("num",) if cell is not None and cell.kind is CellKind.NUMBER else ())]
        text = _text(cell) if cell is not None else ""
        worst = next((each for each in _ORDER if any(one.entry.severity is each for one in said)), None)
        if worst is None:
            style = f' class="{" ".join(styles)}"' if styles else ""
            return f"<td{style}{span}>{text}</td>"
        about = f'id="{self.identity}-{cell_name(*place)}" tabindex="-1"'
        told = f'aria-describedby="{" ".join(one.identity for one in said)}"'
        # The sign stands in the cell as well: not everybody sees colours, and not every printer prints them.
        return (
            f'<td class="{" ".join([*styles, worst.value])}"{span} {about} {told}>'
            f'<span class="sign">{worst.chinese}</span>{text}</td>'
        )


def _span(shown: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Return those of the drawn rows or columns that lie between two."""
    return shown[bisect_left(shown, first) : bisect_left(shown, last + 1)]


def _text(cell: GridCell) -> str:
    match cell.value:
        case None:
            return ""
        case bool():
            text = "是" if cell.value else "否"
        case Decimal():
            text = figure(cell.value, cell.format)
        case str():
            text = cell.value
    lines = text[:_MOST_CHARACTERS].splitlines() or [""]
    return "<br>".join(escape(visible(line)) for line in lines) + ("…" if len(text) > _MOST_CHARACTERS else "")


def figure(number: Decimal, code: str) -> str:
    """Return a number as a sheet shows it: grouped and with decimals where its format has them, else as few as it needs."""
    read = number_format(code)
    positive = code.partition(";")[0]
    if read.date or read.time or read.scale or read.zeros > 1 or not positive.isascii():
        return shown(number, code)
    places = len(positive.partition(".")[2]) - len(positive.partition(".")[2].lstrip("0"))
    if read.percent:
        return f"{rounded(number * 100, places):.{places}f}%"
    if "0" not in positive:
        return shown(number, code)
    grouped = f"{rounded(number, places):,.{places}f}" if "," in positive else f"{rounded(number, places):.{places}f}"
    return f"{read.prefix}{grouped}{read.suffix}" if abs(number.adjusted()) < 20 else plain(number)


def _attribute(text: str) -> str:
    return escape(visible(text[:_MOST_CHARACTERS]))
