from __future__ import annotations

import pytest

from perfxl.expr.areas import in_order, merged


@pytest.mark.parametrize(
    ("cells", "areas"),
    [
        ("C9 C10 C11", "C9:C11"),
        ("C9 D9 E9 E10", "C9:E9 E10"),
        ("C9 C10 D10", "C9:C10 D10"),
        ("C9 D9 D10 D11", "C9:D9 D10:D11"),
        ("C9 C11", "C9 C11"),
        ("C10 C9", "C10 C9"),
        ("C9 D10", "C9 D10"),
        ("C9 C9", "C9 C9"),
        ("C9 C10 G12:G38 C11", "C9:C10 G12:G38 C11"),
        ("$C$9 $C$10", "$C$9:$C$10"),
        ("'表'!C9 '表'!C10", "'表'!C9:C10"),
        ("甲!C9 乙!C10", "甲!C9 乙!C10"),
        ("C9 1 C10", "C9 1 C10"),
        ("XFD1 XFE1", "XFD1 XFE1"),
    ],
)
def test_neighbours_become_areas(cells: str, areas: str) -> None:
    assert merged(cells.split()) == areas.split()


def test_cells_in_reading_order_once() -> None:
    assert in_order(["F5", "E5", "F5", "D4"]) == ["D4", "E5", "F5"]
    assert in_order(["D4", "x!y", "1", "A1:B2", "C3"])[:3] == ["x!y", "1", "A1:B2"]
