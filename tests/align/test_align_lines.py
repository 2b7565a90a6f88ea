from __future__ import annotations

from decimal import Decimal

from perfxl.align.lines import lines
from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Content, Grid, GridCell


def grid(
    cells: dict[tuple[int, int], Content], *merges: Box, formats: dict[tuple[int, int], str] | None = None
) -> Grid:
    made = {}
    for at, value in sorted(cells.items()):
        kind = CellKind.NUMBER if isinstance(value, Decimal) else CellKind.TEXT
        made[at] = GridCell(*at, kind, value, (formats or {}).get(at, "General"))
    return Grid("表", made, merges)


def test_a_merge_is_one_cell_and_covers_its_rows() -> None:
    read = lines(grid({(1, 1): "竖排", (1, 2): "甲", (2, 2): "乙"}, Box(1, 1, 2, 1)))
    assert [spot.box.range_name for spot in read.rows[1]] == ["A1:A2", "B1"]
    assert read.tall[2, 1] is read.rows[1][0]
    assert (2, 2) not in read.tall


def test_a_covered_copy_is_no_value() -> None:
    read = lines(grid({(1, 1): "甲", (1, 2): "甲"}, Box(1, 1, 1, 2)))
    assert [cell.name for cell in read.copies] == ["B1"]
    assert [spot.text for spot in read.rows[1]] == ["甲"]


def test_what_a_merge_hides_is_no_value_either() -> None:
    read = lines(grid({(1, 1): "甲", (1, 2): "乙"}, Box(1, 1, 1, 2)))
    assert [cell.value for cell in read.hidden] == ["乙"]
    assert not read.copies


def test_under_a_blank_merge_a_value_stands_for_itself() -> None:
    read = lines(grid({(1, 1): " ", (1, 2): "乙"}, Box(1, 1, 1, 2)))
    assert [spot.text for spot in read.rows[1]] == ["乙"]


def test_of_overlapping_merges_the_first_counts() -> None:
    read = lines(grid({(1, 1): "甲", (1, 3): "乙"}, Box(1, 1, 1, 2), Box(1, 2, 1, 3)))
    assert [spot.box.range_name for spot in read.rows[1]] == ["A1:B1", "C1"]


def test_blank_texts_are_nothing() -> None:
    assert not lines(grid({(1, 1): "　\n", (2, 1): "\u200b", (3, 1): ""})).rows


def test_a_huge_merge_costs_nothing() -> None:
    read = lines(grid({(1, 1): "甲"}, Box(1, 1, 1_048_576, 16_384)))
    assert read.rows[1][0].box.single


def test_a_number_reads_with_what_its_format_prints() -> None:
    formats = {(1, 1): '"其他资金："0.00"万元"', (2, 1): '"填报日期："yyyy"年"m"月"d"日"'}
    read = lines(grid({(1, 1): Decimal("95.42"), (2, 1): Decimal(45307)}, formats=formats))
    assert read.rows[1][0].flat == "其他资金:95.42万元"
    assert read.rows[2][0].flat == "填报日期:45307"


def test_what_stands_before_a_colon() -> None:
    read = lines(grid({(1, 1): "部门名称：某局", (2, 1): "部门名称：", (3, 1): "其中：财政拨款：12"}))
    assert [read.rows[row][0].before for row in (1, 2, 3)] == ["部门名称", "", "财政拨款"]
