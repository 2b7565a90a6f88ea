"""A sheet drawn as HTML: its cells as they are shown, merges, widths, and colours on the cells that findings are about.

One drawing for every page that shows a return. No inline style, so that a page's policy may forbid it: colours and lines
come from ``drawing.css``. Whatever was typed is escaped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from perfxl.model.address import Box, cell_name, column_letter, parse_cell
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import CellKind, Grid, GridCell
from perfxl.reporting.typeset import visible
from perfxl.values.display_text import plain, rounded, shown
from perfxl.values.number_format import number_format

MOST_ROWS, MOST_COLUMNS = 600, 80
"""So much of a sheet is drawn: no form is larger, and a page with more is slow."""
_MOST_CHARACTERS = 3_000
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_PIXELS = 7.0
"""A character of a column's width on the screen."""
_PLAIN_WIDTH = 9.0


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A sheet as HTML; ``identity`` is what the identities of its cells begin with: ``s0`` → ``s0-H12``."""

    name: str
    identity: str
    html: str


def draw(grid: Grid, findings: Sequence[Finding], identity: str) -> DrawnSheet:
    """Draw a sheet; of the findings those count that name it, worst first where a cell has several."""
    about = _by_cell(finding for finding in findings if finding.sheet == grid.name)
    used = _used(grid, about)
    rows = min(used.last_row, MOST_ROWS)
    columns = min(used.last_column, MOST_COLUMNS)
    merges, covered = _merges(grid, rows, columns)
    shown_columns = [column for column in range(1, columns + 1) if column not in grid.unseen.columns]
    told = {row for row, _ in about}
    parts = [f'<table class="sheet" aria-label="{_attribute(grid.name)}">', _columns(grid, shown_columns)]
    for row in range(1, rows + 1):
        if row in grid.unseen.rows and row not in told:
            continue
        cells = "".join(
            _cell(grid, (row, column), merges, about, identity)
            for column in shown_columns
            if (row, column) not in covered
        )
        parts.append(f'<tr><th scope="row">{row}</th>{cells}</tr>')
    parts.append("</tbody></table>")
    if used.last_row > rows or used.last_column > columns:
        parts.append(f'<p class="cut">这张表很大，这里只画出前 {rows} 行、前 {columns} 列。</p>')
    return DrawnSheet(grid.name, identity, "".join(parts))


def _by_cell(findings: Iterable[Finding]) -> Mapping[tuple[int, int], list[Finding]]:
    found: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if finding.cell:
            found.setdefault(parse_cell(finding.cell.partition(":")[0]), []).append(finding)
    return found


def _used(grid: Grid, about: Collection[tuple[int, int]]) -> Box:
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


def _merges(grid: Grid, rows: int, columns: int) -> tuple[dict[tuple[int, int], Box], set[tuple[int, int]]]:
    """The merges by their first cell, clipped to what is drawn, and the cells that they cover."""
    first: dict[tuple[int, int], Box] = {}
    covered: set[tuple[int, int]] = set()
    for merge in grid.merges:
        box = merge._replace(last_row=min(merge.last_row, rows), last_column=min(merge.last_column, columns))
        place = (box.row, box.column)
        if box.row > box.last_row or box.column > box.last_column or place in covered or place in first:
            continue
        first[place] = box
        inside = {
            (row, column)
            for row in range(box.row, box.last_row + 1)
            for column in range(box.column, box.last_column + 1)
        }
        covered |= inside - {place}
    return first, covered


def _columns(grid: Grid, columns: Sequence[int]) -> str:
    widths = "".join(
        f'<col width="{round(grid.widths.get(column, _PLAIN_WIDTH) * _PIXELS) + 5}">' for column in columns
    )
    heads = "".join(f'<th scope="col">{column_letter(column)}</th>' for column in columns)
    return f'<colgroup><col width="36">{widths}</colgroup><thead><tr><td></td>{heads}</tr></thead><tbody>'


def _cell(
    grid: Grid,
    place: tuple[int, int],
    merges: Mapping[tuple[int, int], Box],
    about: Mapping[tuple[int, int], Sequence[Finding]],
    identity: str,
) -> str:
    cell, box = grid.cells.get(place), merges.get(place)
    span = _span(grid, box) if box is not None else ""
    found = about.get(place, ())
    worst = next((severity for severity in _ORDER if any(one.severity is severity for one in found)), None)
    styles = [*(("num",) if cell is not None and cell.kind is CellKind.NUMBER else ())]
    text = _text(cell) if cell is not None else ""
    if worst is None:
        style = f' class="{" ".join(styles)}"' if styles else ""
        return f"<td{style}{span}>{text}</td>"
    name = cell_name(*place)
    said = "；".join(dict.fromkeys(one.message for one in found))
    # The sign stands in the cell as well: not everybody sees colours, and not every printer prints them.
    return (
        f'<td class="{" ".join([*styles, worst.value])}"{span} id="{identity}-{name}" tabindex="-1" title="{_attribute(said)}">'
        f'<span class="sign">{worst.chinese}</span>{text}</td>'
    )


def _span(grid: Grid, box: Box) -> str:
    down = sum(row not in grid.unseen.rows for row in range(box.row, box.last_row + 1))
    across = sum(column not in grid.unseen.columns for column in range(box.column, box.last_column + 1))
    return (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")


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
