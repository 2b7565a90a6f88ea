"""The worksheets that forms are written onto: XlsxWriter's, with what it does for others' sake left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellBlankTuple, Worksheet

from perfxl.model.address import Box, cell_name
from perfxl.writer.content import Content

_BLOCK = 16
"""Rows that are told together which columns they reach over."""
_FEWEST = 2
"""Cells that can be merged."""
_ASKED = frozenset({"type", "criteria", "format"})
_FILL = _ASKED | {"priority"}


class PlainSheet(Worksheet):  # type: ignore[misc] # XlsxWriter has no types of its own
    """A worksheet whose formulas name no function that is newer than Excel 2007.

    XlsxWriter looks in each formula for each of 150 newer ones, which want a prefix in the file: a quarter to a third of
    the time that a form takes. A test asks XlsxWriter about every function of every form.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002
        return formula.removeprefix("=")


class QuickSheet(PlainSheet):
    """The same, for the kinds of cells and conditions that forms have; others are left to XlsxWriter."""

    def merge_range(
        self, first_row: int, first_col: int, last_row: int, last_col: int, data: Content, cell_format: Format = None
    ) -> int:
        rows, columns = range(first_row, last_row + 1), range(first_col, last_col + 1)
        at = [(row, column) for row in rows for column in columns]
        if data or cell_format is None or len(at) < _FEWEST or not self.merged_cells.keys().isdisjoint(at):
            # Which writes what stands there, or says what is wrong.
            done: int = super().merge_range(first_row, first_col, last_row, last_col, data, cell_format)
            return done
        self._check_dimensions(first_row, first_col)
        self._check_dimensions(last_row, last_col)
        self.merged_cells.update(dict.fromkeys(at, _range(first_row, first_col, last_row, last_col)))
        self.merge.append([first_row, first_col, last_row, last_col])
        blank = CellBlankTuple(cell_format)
        for row in rows:
            self.table[row].update(dict.fromkeys(columns, blank))
        return 0

    def conditional_format(
        self, first_row: int, first_col: int, last_row: int, last_col: int, options: Mapping[str, Any]
    ) -> int:
        if options.keys() != _ASKED or options["type"] != "formula":
            done: int = super().conditional_format(first_row, first_col, last_row, last_col, options)
            return done
        rule = {
            "type": "expression",
            "criteria": options["criteria"],
            "format": options["format"]._get_dxf_index(),  # noqa: SLF001 - this class is at home in XlsxWriter's insides
            "priority": self.dxf_priority,
        }
        self.dxf_priority += 1
        self.cond_formats.setdefault(_range(first_row, first_col, last_row, last_col), []).append(rule)
        return 0

    def _calculate_spans(self) -> None:
        if self.comments:
            super()._calculate_spans()
            return
        reached: dict[int, list[int]] = defaultdict(list)
        for row, cells in self.table.items():
            if cells:
                reached[row // _BLOCK] += (min(cells), max(cells))
        self.row_spans = {block: f"{min(columns) + 1}:{max(columns) + 1}" for block, columns in reached.items()}

    def _write_cell(self, row: int, col: int, cell: CellBlankTuple) -> None:
        behind = _behind_format(cell) if cell.format else None
        if behind is None:
            super()._write_cell(row, col, cell)
            return
        index = cell.format._get_xf_index()  # noqa: SLF001 - likewise
        self.fh.write(f'<c r="{cell_name(row + 1, col + 1)}" s="{index}"{behind}')

    def _write_merge_cell(self, merged_range: Sequence[int]) -> None:
        self.fh.write(f'<mergeCell ref="{_range(*merged_range)}"/>')

    def _write_conditional_formatting(self, cond_range: str, params: Sequence[Mapping[str, object]]) -> None:
        if any(one.keys() != _FILL or one["type"] != "expression" for one in params):
            super()._write_conditional_formatting(cond_range, params)
            return
        rules = (
            f'<cfRule type="expression" dxfId="{one["format"]}" priority="{one["priority"]}">'
            f"<formula>{self._escape_control_characters(self._escape_data(str(one['criteria'])[1:]))}</formula></cfRule>"
            for one in params
        )
        self.fh.write(f'<conditionalFormatting sqref="{cond_range}">{"".join(rules)}</conditionalFormatting>')


def _range(first_row: int, first_col: int, last_row: int, last_col: int) -> str:
    return Box(first_row + 1, first_col + 1, last_row + 1, last_col + 1).range_name


def _behind_format(cell: CellBlankTuple) -> str | None:
    """Return what stands behind the format of a cell in the file, None of kinds that forms have few of."""
    match type(cell).__name__:
        case "Blank":
            return "/>"
        case "String":
            return f' t="s"><v>{cell.string}</v></c>'
        case "Number" | "Datetime":
            return f"><v>{cell.number:.16G}</v></c>"
        case _:
            return None
