"""Marked copies that another program has saved since (``tests/corpus/resaved``): marks come off, all else stays."""

from __future__ import annotations

import re

import pytest

from perfxl.marks.mark import is_finding_list, mark, unmark
from perfxl.marks.notes import HEAD, TAIL
from perfxl.marks.styles import SHADES
from perfxl.model.finding import Severity
from support import corpus
from support.packages import parts

SOURCE = corpus.FILES["exceljs-table.xlsx"]
RESAVED = {path.stem: path.read_bytes() for path in sorted((corpus.FOLDER / "resaved").glob("*.xlsx"))}
FORM = "部门整体支出绩效自评表"
MOVED = 2
"""Rows that were put in above the marked cells in LibreOffice."""


def grave(data: bytes) -> list[tuple[str, str]]:
    """Return what is said of the form; that other sheets are none depends on whether a program leaves them hidden."""
    found = corpus.read(data).findings
    return [(one.code, one.message) for one in found if one.severity is not Severity.INFO and one.code != "F07"]


def test_five_programs_have_saved_it() -> None:
    assert set(RESAVED) == {"exceljs", "gnumeric", "libreoffice", "openpyxl", "sheetjs"}


@pytest.mark.parametrize("maker", RESAVED)
def test_nothing_is_said_of_our_own_marks(maker: str) -> None:
    data = RESAVED[maker]
    assert sum(map(is_finding_list, corpus.book(data).sheets)) == 1
    assert grave(data) == grave(SOURCE)


@pytest.mark.parametrize("maker", RESAVED)
def test_no_mark_is_left(maker: str) -> None:
    data = RESAVED[maker]
    clean = unmark(data)
    assert [grid.name for grid in corpus.book(clean).sheets] == [grid.name for grid in corpus.book(SOURCE).sheets]
    assert [grid.cells for grid in corpus.book(clean).sheets] == [
        grid.cells for grid in corpus.book(data).sheets if not is_finding_list(grid)
    ]
    inside = parts(clean)
    written = b"".join(content for name, content in inside.items() if "haredStrings" not in name)
    for trace in ("perfxl.error", "perfxl.warning", HEAD, TAIL):
        assert trace.encode() not in written, trace
    assert any("名称待定".encode() in content for name, content in inside.items() if "omment" in name)
    if maker != "sheetjs":  # it keeps no looks at all
        assert not [fill for cells in corpus.fills(clean).values() for fill in cells.values() if _ours(fill)]


def _ours(fill: str) -> bool:
    return any(re.search(shade, fill) for shade in SHADES)


@pytest.mark.parametrize(("maker", "down"), [("exceljs", 0), ("openpyxl", 0), ("libreoffice", MOVED)])
def test_the_officers_own_fill_comes_back_wherever_the_cell_has_moved(maker: str, down: int) -> None:
    assert "FFDDEBF7" in corpus.fills(SOURCE)[FORM]["B2"]
    assert "FFDDEBF7" in corpus.fills(unmark(RESAVED[maker]))[FORM][f"B{2 + down}"]


@pytest.mark.parametrize("maker", RESAVED)
def test_a_resaved_copy_can_be_marked_again(maker: str) -> None:
    again = mark(RESAVED[maker], corpus.read(RESAVED[maker]).findings, {})
    assert sum(map(is_finding_list, corpus.book(again).sheets)) == 1
    assert parts(unmark(again)) == parts(unmark(RESAVED[maker]))
