"""A formula with the result that it has in the workbook as it is written."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from perfxl.model.layout import Layout
from perfxl.model.record import Record
from perfxl.model.value import Value


class CheckFormula(NamedTuple):
    """A formula without ``=``, and its result: Excel shows it until it recalculates, other programs always."""

    text: str
    value: Decimal | str | int
    spread: bool = False
    """Whether it is worked out over areas cell by cell: an array formula of one cell."""

    @property
    def constant(self) -> bool:
        """Whether it is a plain number."""
        return self.text == str(self.value)

    def or_else(self, instead: str) -> CheckFormula:
        """Return the formula that gives something else where this one fails: what it reads was deleted, or is an error."""
        return self if self.constant else CheckFormula(f"IFERROR({self.text},{instead})", self.value, self.spread)


def record_of(*layouts: Layout) -> Record:
    """Return the values that stand on a form's sheets, rows counted as placed."""
    values: dict[str, Value] = {}
    sizes: dict[str, int] = {}
    for cell in (cell for layout in layouts for cell in layout.values):
        if not cell.path:
            continue
        if cell.value is not None and (not cell.option or cell.value == cell.option):
            values[cell.path] = cell.value
        start = 0
        while (bracket := cell.path.find("[", start)) >= 0:
            end = cell.path.index("]", bracket)
            table, number = cell.path[:bracket], int(cell.path[bracket + 1 : end])
            sizes[table] = max(sizes.get(table, 0), number + 1)
            start = end
    return Record(values, sizes)
