"""What cells stand on, colour and frame, and what stands around them: by this a form shows its labels and its inputs."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from perfxl.adopt.sheet import Cell, Sheet

_WHITE = {"theme=0", "rgb=FFFFFFFF", "rgb=00FFFFFF", "indexed=1", "indexed=9", "#ffffff"}


_NUMBERED = 3


class Ground(NamedTuple):
    """What a cell stands on: its colour, whether in a frame, whether in bold."""

    fill: str
    boxed: bool
    bold: bool


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds neither a value nor a formula."""
    return cell.value is None and not cell.formula


def ground_of(cell: Cell) -> Ground:
    """Return what a cell stands on."""
    return Ground(colour_of(cell), cell.style.boxed, cell.style.bold)


def colour_of(cell: Cell) -> str:
    """Return the colour that a cell stands on, "" for none and for white."""
    return "" if cell.style.fill in _WHITE else cell.style.fill


def counted_up(column: list[Cell]) -> list[list[Cell]]:
    """Return the figures of a column in runs in which each is one more than the one right above it."""
    found: list[list[Cell]] = []
    for cell in column:
        if found and _follows(found[-1][-1], cell):
            found[-1].append(cell)
        else:
            found.append([cell])
    return found


def _follows(above: Cell, cell: Cell) -> bool:
    return above.box.last_row + 1 == cell.box.row and cell.value == Decimal(str(above.value)) + 1


def column_numbers(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Yield the places of the figures that number columns: along a row 1, 2, 3 …, right of a text or nothing, and no other figures."""
    for row in range(1, sheet.rows + 1):
        own = [cell for cell in sheet.row(row) if isinstance(cell.value, Decimal) and cell.box.row == row]
        if len(own) >= _NUMBERED and [cell.value for cell in own] == list(range(1, len(own) + 1)):
            yield from (cell.box[:2] for cell in own)


def head_above(sheet: Sheet, row: int, column: int, passed: Container[tuple[int, int]] = ()) -> Cell | None:
    """Return the text above a row in a column, past rows that hold none there and past the cells at some places.

    A formula ends what stands below a head: a total closes it.
    """
    for above in range(row - 1, 0, -1):
        cell = sheet.cells[above, column]
        if cell.formula:
            return None
        if cell.text and cell.box[:2] not in passed:
            return cell if cell.box.column == cell.box.last_column else None
    return None


def labels_leading(sheet: Sheet) -> dict[tuple[int, int], Cell]:
    """Return the label that leads to each cell, by its first place: on its left or above in its columns, past cells on its ground.

    Above, one blank on another ground may stand between them: there the form explains its columns.
    """
    grounds = {cell.box[:2]: ground_of(cell) for cell in sheet.anchors()}
    left: dict[tuple[int, int], Cell | None] = {}
    above: dict[tuple[int, int], Cell | None] = {}
    for cell in sheet.anchors():  # in reading order: what leads to a neighbour is known when a cell comes
        left[cell.box[:2]] = _on_the_left(sheet, cell, grounds, left)
        above[cell.box[:2]] = _above(sheet, cell, grounds, above)
    return {place: label for place in grounds if (label := left[place] or above[place]) is not None}


def _on_the_left(
    sheet: Sheet, cell: Cell, grounds: Mapping[tuple[int, int], Ground], known: Mapping[tuple[int, int], Cell | None]
) -> Cell | None:
    row, last, column = cell.box.row, cell.box.last_row, cell.box.column - 1
    while column > 0:
        other = sheet.cells[row, column]
        if grounds[other.box[:2]] != grounds[cell.box[:2]]:
            return other if other.text and other.box.row <= row and other.box.last_row >= last else None
        if other.box[::2] == (row, last):
            return known[other.box[:2]]
        column = other.box.column - 1
    return None


def _above(
    sheet: Sheet, cell: Cell, grounds: Mapping[tuple[int, int], Ground], known: Mapping[tuple[int, int], Cell | None]
) -> Cell | None:
    row, passed = cell.box.row - 1, False
    while row > 0:
        other = sheet.cells[row, cell.box.column]
        if other.box[1::2] != cell.box[1::2]:
            return None
        if grounds[other.box[:2]] == grounds[cell.box[:2]]:
            if not passed:
                return known[other.box[:2]]
        elif other.text or passed or not is_blank(other):
            return other if other.text else None
        else:
            passed = True
        row = other.box.row - 1
    return None


def like(sheet: Sheet, cell: Cell) -> Iterator[Cell]:
    """Yield a cell and those above and below it in the same columns on the same ground, as far as they go."""
    yield cell
    for step in (-1, 1):
        row = cell.box.row - 1 if step < 0 else cell.box.last_row + 1
        while (one := sheet.cells.get((row, cell.box.column))) is not None:
            if ground_of(one) != ground_of(cell) or one.box[1::2] != cell.box[1::2]:
                break
            yield one
            row = one.box.row - 1 if step < 0 else one.box.last_row + 1
