"""How a form looks when it is printed: what its author does not see in its definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.form import Form, Look
from perfxl.model.layout import Layout, Role
from perfxl.model.record import Record
from perfxl.trial.answers import answers
from perfxl.trial.fault import Fault
from perfxl.trial.return_trip import on_sheet

_OFF: Final = 0.02
"""How far from the middle, as a part of the sheet's width, a line looks centred."""
_MIDDLE: Final = "左边留一个与右边一样宽的空格，如 {at: A:B, look: plain}"
_TOGETHER: Final = "在这一行写 keep: true，与上一行印在同一页；或把 rows、lines 减少一些"


def odd_looks(form: Form, year: int) -> Iterator[Fault]:
    """Yield what looks wrong on the pages of a form: on a blank, and when every place has something in it."""
    blanks = Outgoing.holding(form, Record(), year).layouts(Own())
    typed = {answer.path: answer.value for blank in blanks for answer in answers(form, blank, year)}
    filled = Outgoing.holding(form, Record(typed), year).layouts(Own())
    for pair in zip(blanks, filled, strict=True):
        found = [*_off_centre(pair[0]), *(fault for layout in pair for fault in _left_over(layout))]
        for fault in {fault.message: fault for fault in found}.values():
            yield on_sheet(pair[0].sheet, fault) if form.sheets else fault


def _off_centre(layout: Layout) -> Iterator[Fault]:
    """Yield the lines that are meant to stand in the middle below the title, and do not: something stands next to them.

    A year with a month or quarter to be filled in next to it is no such line: the two share the row.
    """
    begins = layout.origin[1] - 1
    edges = [float(sum(layout.widths[begins:column])) for column in range(begins, len(layout.widths) + 1)]
    rows = {cell.box.row: 0 for cell in layout.cells}
    for cell in layout.cells:
        rows[cell.box.row] += cell.look is Look.CAPTION or cell.field is not None
    for cell in layout.cells:
        if cell.look is Look.CAPTION and rows[cell.box.row] == 1:
            middle = (edges[cell.box.column - 1 - begins] + edges[cell.box.last_column - begins]) / 2
            if abs(middle - edges[-1] / 2) > _OFF * edges[-1]:
                what = cell.text or (f"{cell.caption.before}{cell.caption.after}" if cell.caption else "")
                line = cell.field.line if cell.field is not None else 1
                yield Fault(line, f"{cell.box.name}“{what}”不在表的正中", _MIDDLE)


def _left_over(layout: Layout) -> Iterator[Fault]:
    """Yield what the last page holds where that is nothing but printed text, as notes and signatures without a place."""
    last = layout.breaks[-1] if layout.breaks else 0
    below = [cell for cell in layout.cells if cell.box.last_row > last]
    if last and all(cell.role is Role.LABEL for cell in below):
        text = next((cell.text for cell in below if cell.text), "")
        yield Fault(1, f"最后一页上只有“{text[:12]}”等印好的字", _TOGETHER)
