"""LibreOffice opens a 汇总: every formula gives what stands in the file, figures follow 明细, pivots agree with formulas."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest

from perfxl.model.address import cell_name, parse_cell
from perfxl.year.summarize.summarize import summarize
from support.county import lay
from support.office import Office, Sheets
from support.sheets import Sheets as Written

pytestmark = pytest.mark.client

CHECKED = "自评表明细"
"""The list in which a figure is changed."""


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    lay(folder / "in", 32, years=(2023, 2024))
    return summarize(folder / "in", folder / "汇总.xlsx").path


def near(one: object, other: object) -> bool:
    """Compare a result with a cached one: doubles differ in their last digits, a blank text is no value."""
    if isinstance(one, Decimal) and isinstance(other, float | Decimal):
        gap = abs(float(one) - float(other))
        return gap <= 1e-9 * max(1.0, abs(float(other)))
    return (one or None) == (other or None)


def test_every_formula_gives_its_cached_result(office: Office, workbook: Path) -> None:
    written, found = Written(workbook.read_bytes()), office.recalculated(workbook)
    counted = 0
    for name in written.names:
        for cell, held in written[name].cells.items():
            if held.formula:
                counted += 1
                assert near(found[name].get(cell), held.value), (name, cell, held, found[name].get(cell))
    assert counted > 3_000


def head(written: Written, sheet: str, text: str) -> tuple[int, int]:
    """Return the first cell of a sheet that holds a text."""
    return next(place for place, value in sorted(written[sheet].grid.items()) if value == text)


def changed(before: Sheets, after: Sheets, sheet: str) -> dict[str, Decimal]:
    """Return by how much the numbers on a sheet differ."""
    found = {}
    for cell, value in after[sheet].items():
        was = before[sheet].get(cell)
        if isinstance(value, Decimal) and isinstance(was, Decimal) and abs(value - was) > Decimal("1e-9"):
            found[cell] = value - was
    return found


def test_a_figure_changed_in_the_list_changes_the_form_and_the_charts(
    office: Office, workbook: Path, tmp_path: Path
) -> None:
    written = Written(workbook.read_bytes())
    row, column = head(written, CHECKED, "年度预算申请 › 年度资金总额 › 年初预算数")
    cell = cell_name(row + 1, column)
    was = written[CHECKED].value(cell)
    assert isinstance(was, float)
    edited = office.fill(workbook, {CHECKED: {cell: Decimal(str(was)) + 1000}}, tmp_path / "改.xlsx")
    before, after = office.recalculated(workbook), office.recalculated(edited)
    total = changed(before, after, "自评表汇总")
    assert [gap for gap in total.values() if near(gap, Decimal(1000))]
    drawn = {
        cell_name(row, column)
        for first, last in ranges(workbook, "图表")
        for row in range(parse_cell(first)[0], parse_cell(last)[0] + 1)
        for column in range(parse_cell(first)[1], parse_cell(last)[1] + 1)
    }
    moved = {cell: gap for cell, gap in changed(before, after, "图表").items() if cell in drawn}
    assert [near(gap, Decimal(1000)) for gap in moved.values()] == [True]


def ranges(workbook: Path, sheet: str) -> list[tuple[str, str]]:
    """Return the areas of a sheet that charts draw, first and last cell."""
    with ZipFile(workbook) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    found = re.findall(r"<c:val><c:numRef><c:f>(.*?)!(\$\w+\$\d+):(\$\w+\$\d+)</c:f>", "".join(charts))
    return [(first.replace("$", ""), last.replace("$", "")) for name, first, last in found if name.strip("'") == sheet]


def test_pivots_agree_with_the_formulas_next_to_them(office: Office, workbook: Path) -> None:
    found = office.recalculated(workbook)
    sheets = [name for name in found if "透视" in name]
    assert len(sheets) == 14
    for name in sheets:
        grid = {parse_cell(cell): value for cell, value in found[name].items()}
        row = next(row for row, column in sorted(grid) if column == 1 and grid[row, column] == "单位名称")
        left = next(
            column for (at, column), value in sorted(grid.items()) if at == row and column > 1 and value == "单位名称"
        )
        last = max(at for at, column in grid if column == 1)
        # Programs put units and columns in an order of their own, and call the last row and column in their own language.
        heads = {grid[row, column]: column for column in range(2, left) if (row, column) in grid}
        own = [
            (column, heads.get(grid[row, column], max(heads.values())))
            for at, column in grid
            if at == row and column > left
        ]
        units = {grid[at, left]: at for at in range(row + 1, last)}
        assert len(own) >= 2
        assert len(units) == last - row - 1 == 4
        for at in range(row + 1, last + 1):
            there = last if at == last else units[grid[at, 1]]
            for checked, column in own:
                assert near(grid.get((at, column)), grid.get((there, checked)) or None), (
                    name,
                    grid[at, 1],
                    grid[row, checked],
                )
