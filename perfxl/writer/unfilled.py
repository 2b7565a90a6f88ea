"""Where something is still to be filled in: the tests behind the light fill of a generated workbook.

What must be filled in is filled lightly until it is. What need not be is so only as long as something of that is lacking:
on a form that is ready, a cell that is blank is blank on purpose, and nothing of the fill is printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from perfxl.expr.pieces import BLANK_OR_NOTHING, none_of
from perfxl.model import stamp
from perfxl.model.address import Box, column_letter
from perfxl.model.field_type import Type
from perfxl.model.form import Caption, Required
from perfxl.model.layout import Layout, PlacedCell, Role, RowKind
from perfxl.writer.places import Places, column_of
from perfxl.writer.shared_cell import NO_DATE, inside

UNFINISHED = f"{stamp.NAME}_unfinished"
"""The sheet's own defined name that tells whether something is lacking that must be filled in."""


def blank_tests(layout: Layout, places: Places) -> list[tuple[Box, str]]:
    """Return where something is still to be filled in, as areas with the formula that tests their first cell.

    A cell that stands once is tested by itself; a required cell of a growing table counts once its row has a name; a
    printed 二级 wants a first name, an amount is wanted where its column has none.
    """
    amounts = _amounts(layout, places)
    tests = []
    for cell in layout.cells:
        if cell.role is Role.INPUT and cell.field is not None and not _in_table(cell, places):
            test = _left(cell)
            if not any(map(_must, (cell, *cell.others))):
                test = f"AND({test},{_until(amounts.get(_column(cell), ()))})"
            tests.append((cell.box, test))
    for cells in places.own_columns:
        tests += _required(cells, places)
    tests += _groups(layout, places)
    return tests


def unfinished(layout: Layout, places: Places) -> str:
    """Return the formula of UNFINISHED: whether a cell that must be filled in is blank, or a table of indicators whole."""
    lacking = [
        unfilled(cell, f"{places.sheet}{_fixed(cell.box)}")
        for cell in layout.values
        if cell.role is Role.INPUT and _must(cell) and not _in_table(cell, places)
    ]
    for cells in _names(layout, places):
        first, last = cells[0].box, cells[-1].box
        lacking.append(f"COUNTA({places.sheet}{_fixed(first)}:{_fixed(last)})=0")
    # Where rows were deleted that are meant here, nobody knows: the fill stays.
    return f"IFERROR(OR({','.join(lacking)}),TRUE)" if lacking else "FALSE"


def _left(cell: PlacedCell) -> str:
    """Return the condition that a cell is still to be filled: where it has several places, one that must be, or all."""
    values = (cell, *cell.others)
    must = [unfilled(each, cell.box.name) for each in values if _must(each)]
    if must:
        return f"OR({','.join(must)})" if len(must) > 1 else must[0]
    left = [unfilled(each, cell.box.name) for each in values]
    return f"AND({','.join(left)})" if len(left) > 1 else left[0]


def _must(cell: PlacedCell) -> bool:
    return cell.field is not None and cell.field.required is Required.ALWAYS


def _until(amounts: Sequence[PlacedCell]) -> str:
    """Return until when a cell that need not be filled is still asked for."""
    if not amounts:
        return UNFINISHED
    return f"OR({UNFINISHED},COUNT({','.join(_fixed(cell.box) for cell in amounts)})=0)"


def _amounts(layout: Layout, places: Places) -> Mapping[tuple[str, int, int], Sequence[PlacedCell]]:
    """Return the amounts that stand below each other, of a fund table or of a list by 性质: one of them is wanted."""
    found: dict[tuple[str, int, int], list[PlacedCell]] = defaultdict(list)
    for cell in layout.cells:
        amount = cell.field is not None and cell.field.type is Type.MONEY
        if cell.role is Role.INPUT and amount and not _in_table(cell, places):
            found[_column(cell)].append(cell)
    return {column: cells for column, cells in found.items() if len(cells) > 1}


def _column(cell: PlacedCell) -> tuple[str, int, int]:
    return cell.path.partition(".")[0], cell.box.column, cell.box.last_column


def _fixed(box: Box) -> str:
    return f"${column_letter(box.column)}${box.row}"


def _in_table(cell: PlacedCell, places: Places) -> bool:
    return places.rows[cell.box.row].kind is RowKind.TABLE and column_of(cell.path) in places.columns


def unfilled(cell: PlacedCell, at: str) -> str:
    """Return the condition that a cell that stands once is still to be filled; ``at`` is its name in the formula."""
    if cell.until is not None:
        said = inside(cell, at)
        date = cell.field is not None and cell.field.type is Type.DATE
        return f'OR({said}="",{said}="{NO_DATE}")' if date else f'{said}=""'
    if cell.caption is None:
        return f"LEN(TRIM({at}))=0"
    if cell.field is not None and cell.field.type.numeric:
        return f"NOT(ISNUMBER({at}))"
    if cell.field is not None and cell.field.type is Type.DATE:
        # A date typed as text (2024.12.20, 二〇二四年…) is read when the form comes back; a number has none of the print.
        return f"IF(ISNUMBER({at}),FALSE,{_holds_no_more(cell.caption, at)})"
    return _holds_no_more(cell.caption, at)


def _holds_no_more(caption: Caption, at: str) -> str:
    """Return the condition that a cell holds nothing beyond its printed text."""
    printed = caption.before + caption.after
    return f'LEN(TRIM(SUBSTITUTE({at},"　","")))<={len(printed.replace("　", "").strip())}'


def _required(cells: tuple[PlacedCell, ...], places: Places) -> list[tuple[Box, str]]:
    field = cells[0].field
    if field is None or field.required is not Required.IN_USE or field.computed or field.level:
        return []
    first, last = cells[0].box, cells[-1].box
    name = places.names(cells[0].path)
    if name is None or name.path == cells[0].path:
        return []
    named = f"${column_letter(name.box.column)}{first.row}"
    area = Box(first.row, first.column, last.last_row, first.last_column)
    return [(area, f"AND({none_of(named, BLANK_OR_NOTHING)},LEN(TRIM({first.name}))=0)")]


def _groups(layout: Layout, places: Places) -> list[tuple[Box, str]]:
    """The first name of each printed 二级; a table without any wants one in its first row."""
    tests = []
    for cell, name in _first_names(layout, places):
        letter = column_letter(name.box.column)
        span = f"${letter}${cell.box.row}:${letter}${cell.box.last_row}"
        box = Box(cell.box.row, name.box.column, cell.box.row, name.box.last_column)
        tests.append((box, f"AND(COUNTA({span})=0,{UNFINISHED})"))
    return tests


def _first_names(layout: Layout, places: Places) -> Iterator[tuple[PlacedCell, PlacedCell]]:
    """Yield each printed 二级 with the cell of its first name, where that is to be typed."""
    for cell in layout.cells:
        if cell.field is not None and cell.field.level == 2 and cell.role is Role.PRINTED:
            name = places.cells.get(f"{cell.path.rpartition('.')[0]}.name")
            if name is not None and name.role is Role.INPUT:
                yield cell, name


def _names(layout: Layout, places: Places) -> Iterator[tuple[PlacedCell, ...]]:
    """Yield the names of each table that has printed 二级, of the first repetition where it stands in a block."""
    seen: set[str] = set()
    for _, name in _first_names(layout, places):
        path = name.field.path if name.field is not None else ""
        if path not in seen:
            seen.add(path)
            yield places.columns[column_of(name.path)]
