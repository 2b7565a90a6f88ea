"""A sheet as its maker left it, put together from its values and its looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from perfxl.adopt.sheet import MOST_LOOKS, PLAIN, UNKNOWN, Cell, Content, Limit, Looks, Sheet, Style
from perfxl.model.address import Box, cell_name
from perfxl.model.grid import ALL_SEEN, CellKind, Grid, GridCell
from perfxl.values.dates import serial_date
from perfxl.values.number_format import is_date

MOST_COLUMNS = 256
"""Columns of a sheet that are looked at."""
_EQUAL_ROWS = 200
"""Blank rows alike at the end of a sheet, of which no more are kept: a thousand rows say no more than these."""


def lay(grid: Grid, looks: Looks) -> Sheet:
    """Return a sheet from the values that it holds and from how it looks.

    What is in use ends with the last cell that holds, frames or opens something; formats strewn beyond it do not count.
    What is hidden on a sheet without locks is left out: nobody can fill it in, and no form prints it. Locks say of each cell
    what it is, also of those that help to compute.
    A merge that overlaps another is left out, as Excel leaves it out. Of blank rows alike at the end the first are kept.
    """
    is_open = any(not style.locked for (_, column), style in looks.styles.items() if column <= MOST_COLUMNS)
    told = looks.guarded and is_open
    grid = replace(grid, unseen=ALL_SEEN) if told else grid
    found = _found(grid, looks)
    unprinted = () if told else tuple(_beyond(found, looks.printed))
    for place in unprinted:
        del found[place]
    used = [
        place
        for place, cell in found.items()
        if cell.value is not None or cell.formula or cell.style.boxed or (told and not cell.style.locked)
    ]
    # A list to choose from says that something is asked for, but programs give it to all rows down to the sheet's end.
    in_use = {row for row, _ in used}
    used += [place for place in looks.limits if place[0] in in_use and place[1] <= MOST_COLUMNS]
    used += _below_heads(found, looks.limits, max(in_use, default=0))
    rows, columns = max((row for row, _ in used), default=0), max((column for _, column in used), default=0)
    cut = _to_cut(found, grid, rows)
    rows -= cut
    cells: dict[tuple[int, int], Cell] = {}
    for box in sorted(grid.merges):
        if box.row > rows or box.column > columns:
            continue
        covered = _covered(box, rows, columns)
        if any(one in cells for one in covered):
            continue
        inside = box._replace(last_row=min(box.last_row, rows), last_column=min(box.last_column, columns))
        cells |= dict.fromkeys(covered, _merged(found, inside))
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            place = (row, column)
            if place not in cells:
                cells[place] = found.get(place) or Cell(Box(row, column, row, column))
    rest = dict.fromkeys(range(1, rows + 1), looks.rest) if looks.rest else {}
    return Sheet(
        grid.name,
        dict(sorted(cells.items())),
        rows,
        columns,
        looks.widths,
        rest | dict(looks.heights),
        looks.paper,
        told,
        looks.guarded and not is_open,
        cut,
        any(_hidden(grid, place) for place in grid.cells),
        tuple(cell_name(*place) for place in unprinted),
        looks.exact | (rest.keys() - looks.heights.keys()),
    )


def _below_heads(
    found: Mapping[tuple[int, int], Cell], limits: Mapping[tuple[int, int], Limit], last: int
) -> Iterator[tuple[int, int]]:
    """Yield the places of validations that begin right below a text in the last row that shows anything: rows without a look."""
    headed = {
        column
        for row, column in limits
        if row == last + 1 and (last, column) not in limits and (cell := found.get((last, column))) and cell.text
    }
    yield from (place for place in limits if place[0] > last and place[1] in headed)


def _beyond(found: Mapping[tuple[int, int], Cell], printed: Box | None) -> list[tuple[int, int]]:
    """Return the cells with content outside of what is printed: lists to choose from, sums for whoever made the form.

    None where the form goes on right behind, or has frames or colours outside: then nobody has set its print area again.
    """
    if printed is None:
        return []
    outside = [cell for place, cell in found.items() if not printed.holds(*place)]
    content = [cell for cell in outside if cell.value is not None or cell.formula]
    near = printed._replace(
        row=printed.row - 1,
        column=printed.column - 1,
        last_row=printed.last_row + 1,
        last_column=printed.last_column + 1,
    )
    if any(cell.style.boxed or cell.style.fill for cell in outside) or any(
        near.holds(*cell.box[:2]) for cell in content
    ):
        return []
    return sorted(cell.box[:2] for cell in content)


def _to_cut(found: Mapping[tuple[int, int], Cell], grid: Grid, rows: int) -> int:
    """Return how many rows at the end of a sheet say no more than those above them: blank or with formulas, and alike."""
    if rows <= _EQUAL_ROWS:
        return 0
    merged = max((box.last_row for box in grid.merges), default=0)
    signs: dict[int, list[tuple[int, Style, Limit | None, bool]]] = defaultdict(list)
    held = merged
    for (row, column), cell in found.items():
        signs[row].append((column, cell.style, cell.limit, bool(cell.formula)))
        if cell.value is not None:
            held = max(held, row)
    last = rows
    if held < MOST_LOOKS < rows:  # below, only formulas are known, not the looks of their cells
        last = MOST_LOOKS
    first = last
    while first - 1 > held and sorted(signs[first - 1], key=_column) == sorted(signs[last], key=_column):
        first -= 1
    return max(rows - (first + _EQUAL_ROWS - 1), 0) if last - first >= _EQUAL_ROWS else 0


def _column(sign: tuple[int, Style, Limit | None, bool]) -> int:
    return sign[0]


def _found(grid: Grid, looks: Looks) -> dict[tuple[int, int], Cell]:
    """Return the cells that a file has, by their own place."""
    found: dict[tuple[int, int], Cell] = {}
    merged = {box[:2] for box in grid.merges if not _hidden(grid, box[2:])}
    for place in looks.styles.keys() | looks.limits.keys() | grid.cells.keys():
        if place[1] > MOST_COLUMNS or (place not in merged and _hidden(grid, place)):
            continue
        row, column = place
        value, formula = _content(grid.cells.get(place))
        style = looks.styles.get(place, PLAIN)
        found[place] = Cell(Box(row, column, row, column), value, formula, style, looks.limits.get(place))
    return found


def _hidden(grid: Grid, place: tuple[int, int]) -> bool:
    return place[0] in grid.unseen.rows or place[1] in grid.unseen.columns


def _content(cell: GridCell | None) -> tuple[Content, str]:
    """Return the value of a cell, and its formula where it has one: what a formula gave last is not the form's."""
    if cell is None:
        return None, ""
    if cell.formula is not None:
        return None, cell.formula or UNKNOWN
    value = cell.value
    if isinstance(value, Decimal) and cell.kind is CellKind.NUMBER and is_date(cell.format):
        day = serial_date(value)
        return (value if day is None else day), ""
    if isinstance(value, str):
        return (value if value.strip() else None), ""
    return value, ""


def _covered(box: Box, rows: int, columns: int) -> list[tuple[int, int]]:
    """Return the places of a merge as far as the sheet is in use."""
    return [
        (row, column)
        for row in range(box.row, min(box.last_row, rows) + 1)
        for column in range(box.column, min(box.last_column, columns) + 1)
    ]


def _merged(found: Mapping[tuple[int, int], Cell], box: Box) -> Cell:
    """Return the cell of a merge: what its first cell holds, with the lines of all that it covers."""
    first = found.get(box[:2]) or Cell(Box(*box[:2], *box[:2]))
    sides = set(first.style.sides)
    for place in ((box.row, box.last_column), (box.last_row, box.column), box[2:]):
        other = found.get(place)
        sides |= other.style.sides if other is not None else set()
    return replace(first, box=box, style=replace(first.style, sides=frozenset(sides)))
