"""Why a cell was taken for what it is, in the words of somebody who looks at the sheet, and how sure that is."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.adopt.grid import Grid, Kind, Spot
from perfxl.adopt.guess import Sure
from perfxl.values.label_text import flat

_LONGEST_QUOTED = 20


class Reason(NamedTuple):
    """How sure it is what a cell is for, and why."""

    sure: Sure
    why: str


def reason_of(grid: Grid, spot: Spot) -> Reason:
    """Return why a spot was taken for what it is."""
    told, open_ = grid.sheet.told, not spot.cell.style.locked
    if spot.cell.marks:
        return Reason(Sure.CERTAIN, "格里写有标记")
    match spot.kind:
        case Kind.LABEL:
            return Reason(Sure.CERTAIN if told and not open_ else Sure.LIKELY, spot.why or "格里有字，照原样印")
        case Kind.CAPTION:
            return Reason(Sure.CERTAIN, "格里的字留有填写的位置")
        case Kind.COMPUTED:
            return Reason(Sure.CERTAIN, "原表这一格是公式")
        case Kind.INPUT if told and open_:
            return Reason(Sure.CERTAIN, "工作表有保护，这一格没有锁定")
        case Kind.INPUT if spot.cell.limit is not None and spot.cell.limit.kind not in {"", "any"}:
            return Reason(Sure.CERTAIN, "设有数据有效性")
        case Kind.INPUT:
            return Reason(Sure.LIKELY, _of_input(grid, spot))
        case Kind.FRAME | Kind.VOID:
            return Reason(Sure.CERTAIN if told else Sure.LIKELY, _of_nothing(grid, spot))


def _of_input(grid: Grid, spot: Spot) -> str:
    """Return what shows that a cell is asked for on a sheet that is not protected: what it is itself, what stands around it."""
    cell = spot.cell
    if spot.why:
        itself = spot.why
    elif spot.typed:
        itself = "原来的内容当作填报的内容，没有印"
    elif cell.text:
        itself = "格里的字只是举例"
    elif cell.value is not None:
        itself = "格里已有的数当作预先填好的"
    else:
        itself = "有框的空白格"
    left, above = _label_on_the_left(grid, spot), _label_above(grid, spot)
    around = [f"左边印着“{left}”"] if left else []
    around += [f"上面印着“{above}”"] if above else []
    return "，".join([itself, *around])


def _of_nothing(grid: Grid, spot: Spot) -> str:
    if spot.why:
        return spot.why
    if spot.text:
        return f"印的“{spot.text.strip()}”表示不填"
    if grid.sheet.told:
        return "工作表有保护，这一格锁定"
    if grid.is_corner(spot):
        return "表格左上角的空格，右边和下面都是印的字"
    return "左边和上面都没有说明填什么的字" if spot.cell.style.boxed else "没有框，也没有字"


def label_of(grid: Grid, spot: Spot) -> str:
    """Return the printed text that leads to a spot, on its left or above it, "" where none does; a label's own text."""
    return _quoted(spot) if spot.printed else _label_on_the_left(grid, spot) or _label_above(grid, spot)


def _label_on_the_left(grid: Grid, spot: Spot) -> str:
    """Return the nearest text printed on the left of a spot in its first row, "" where there is none."""
    column = spot.left - 1
    while column > 0:
        left = grid.at(spot.top, column)
        if left.printed:
            return _quoted(left)
        column = left.left - 1
    return ""


def _label_above(grid: Grid, spot: Spot) -> str:
    """Return the nearest text printed above a spot in the same columns, "" where none is, or the columns end before."""
    row = spot.top - 1
    while row > 0:
        above = grid.at(row, spot.left)
        if (above.left, above.right) != (spot.left, spot.right):
            return ""
        if above.printed:
            return _quoted(above)
        row = above.top - 1
    return ""


def _quoted(spot: Spot) -> str:
    said = flat(spot.text).rstrip(":：")
    return f"{said[:_LONGEST_QUOTED]}……" if len(said) > _LONGEST_QUOTED else said
