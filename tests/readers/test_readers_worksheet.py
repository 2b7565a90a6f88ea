"""Cells and merges of one worksheet, from XML as it is found in the wild."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Content, GridCell
from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.unreadable import Unreadable, UnreadableReason
from perfxl.readers.worksheet import read_worksheet
from perfxl.readers.worksheet_scan import Shared
from support.handmade import MAIN, worksheet

SHARED = Shared(strings=("甲", ""), formats=("General", "0.00%", "yyyy/m/d h:mm"))


def cells(rows: str, after: str = "", limits: Limits = DEFAULT) -> dict[str, GridCell]:
    found = read_worksheet(worksheet(rows, after).encode(), SHARED, limits).cells
    return {cell.name: cell for cell in found.values()}


def values(rows: str) -> dict[str, Content]:
    return {name: cell.value for name, cell in cells(rows).items()}


def reason(rows: str, after: str = "", limits: Limits = DEFAULT) -> UnreadableReason:
    with pytest.raises(Unreadable) as caught:
        cells(rows, after, limits)
    return caught.value.reason


def test_a_cell_has_its_place_kind_value_and_format() -> None:
    found = cells('<row r="9"><c r="C9" s="1"><v>0.9247</v></c><c r="D9" t="s"><v>0</v></c></row>')
    assert found["C9"] == GridCell(9, 3, CellKind.NUMBER, Decimal("0.9247"), "0.00%")
    assert found["D9"] == GridCell(9, 4, CellKind.TEXT, "甲")


def test_style_only_and_empty_text_are_no_cells() -> None:
    rows = (
        '<row r="1"><c r="A1" s="1"/><c r="B1" t="s"><v>1</v></c><c r="C1" t="str"><v></v></c>'
        '<c r="D1" t="inlineStr"><is><t/></is></c><c r="E1" t="n"><v/></c>'
        '<c r="F1"><v>0</v></c><c r="G1" t="b"><v>0</v></c><c r="H1" t="str"><v> </v></c></row>'
    )
    assert values(rows) == {"F1": Decimal(0), "G1": False, "H1": " "}


def test_rows_and_cells_without_their_places() -> None:
    rows = (
        '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="5"><c r="C5"><v>5</v></c><c><v>6</v></c></row>'
        '<row><c><v>7</v></c></row><row><c r="B9"><v>9</v></c></row><row><c><v>10</v></c></row>'
    )
    assert values(rows) == {"A1": 1, "C1": 3, "C5": 5, "D5": 6, "A6": 7, "B9": 9, "A10": 10}


def test_cells_out_of_order_come_in_reading_order_and_the_last_one_counts() -> None:
    rows = (
        '<row r="2"><c r="B2"><v>4</v></c><c r="A2"><v>3</v></c></row>'
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'
    )
    assert list(values(rows).items()) == [("A1", 2), ("A2", 3), ("B2", 4)]


def test_formulas_and_their_cached_results() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>SUM(B1:C1)</f><v>3</v></c><c r="B1" t="str"><f>IF(A1=0,"",A1)</f><v></v></c>'
        '<c r="C1"><f>=A1*2</f></c><c r="D1" t="e"><f>A1/0</f><v>#DIV/0!</v></c><c r="E1" t="b"><f>A1=3</f><v>1</v></c>'
        '<c r="F1"><f ca="1">NOW()</f><v/></c></row>'
    )
    found = cells(rows)
    assert {name: (cell.kind, cell.value, cell.formula) for name, cell in found.items()} == {
        "A1": (CellKind.NUMBER, 3, "SUM(B1:C1)"),
        "B1": (CellKind.TEXT, "", 'IF(A1=0,"",A1)'),
        "C1": (CellKind.BLANK, None, "A1*2"),
        "D1": (CellKind.ERROR, "#DIV/0!", "A1/0"),
        "E1": (CellKind.BOOLEAN, True, "A1=3"),
        "F1": (CellKind.BLANK, None, "NOW()"),
    }


def test_cells_that_share_a_formula_have_it_as_it_is_in_each() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*$B$1</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c><c r="B2"><v>5</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="7"/><v>4</v></c></row>'
    )
    found = {name: cell.formula for name, cell in cells(rows).items()}
    assert found == {"A1": "B1*$B$1", "A2": "B2*$B$1", "B2": None, "A3": ""}


@pytest.mark.parametrize("reference", ["A1:A2", "A2:A1", "A1:A1048576"])
def test_cells_that_an_array_fills_have_an_empty_formula(reference: str) -> None:
    rows = (
        f'<row r="1"><c r="A1"><f t="array" ref="{reference}">B1:B2*2</f><v>2</v></c><c r="B1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>2</v></c></row>'
    )
    assert {name: cell.formula for name, cell in cells(rows).items()} == {
        "A1": "B1:B2*2",
        "B1": None,
        "A2": "",
        "B2": None,
    }


def test_inline_text_rich_and_plain() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>其中</t></r><r><t>：_x000D_</t></r>'
        "<rPh><t>qi</t></rPh></is></c>"
        '<c r="B1" t="inlineStr"><is><t xml:space="preserve"> 乙 </t></is></c>'
        '<c r="C1" t="inlineStr"><v>丙</v></c><c r="D1"><v>1</v></c>'
        '<c r="E1" t="inlineStr"><is><t>_x005F_x0041_</t></is></c></row>'
    )
    assert values(rows) == {"A1": "其中：\r", "B1": " 乙 ", "C1": "丙", "D1": 1, "E1": "_x0041_"}


def test_iso_dates_become_serial_numbers_in_a_date_format() -> None:
    found = cells('<row r="1"><c r="A1" t="d"><v>2024-01-16</v></c><c r="B1" t="d" s="2"><v>2024-01-16</v></c></row>')
    assert [(cell.value, cell.format) for cell in found.values()] == [
        (Decimal(45307), "yyyy/m/d"),
        (Decimal(45307), "yyyy/m/d h:mm"),
    ]


def test_style_that_is_not_there_is_general() -> None:
    found = cells('<row r="1"><c r="A1" s="99"><v>1</v></c><c r="B1" s="-1"><v>1</v></c></row>')
    assert {cell.format for cell in found.values()} == {"General"}


def test_later_versions_elements_are_not_taken_for_cells() -> None:
    after = (
        '<extLst><ext><x:row xmlns:x="urn:x"><x:c r="Z9"><x:v>9</x:v><x:is><x:t>no</x:t></x:is></x:c></x:row></ext>'
        '</extLst><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>'
    assert list(cells(rows, after)) == ["A1"]
    rows = '<row r="1"><c r="A1"><v>1</v><extLst><ext><v>7</v><t>8</t></ext></extLst></c></row>'
    assert values(rows) == {"A1": 1}


def test_any_prefix_and_strict_vocabulary() -> None:
    data = (
        '<p:worksheet xmlns:p="http://purl.oclc.org/ooxml/spreadsheetml/main"><p:sheetData>'
        '<p:row r="1"><p:c r="A1"><p:f>1+1</p:f><p:v>2</p:v></p:c></p:row></p:sheetData>'
        '<p:mergeCells><p:mergeCell ref="A1:B2"/></p:mergeCells></p:worksheet>'
    )
    found = read_worksheet(data.encode(), SHARED, DEFAULT)
    assert [cell.formula for cell in found.cells.values()] == ["1+1"]
    assert found.merges == (Box(1, 1, 2, 2),)


def test_merges_stay_as_they_stand_and_huge_ones_cost_nothing() -> None:
    after = (
        '<mergeCells count="4"><mergeCell ref="A1:C2"/><mergeCell ref="$B$2:D4"/><mergeCell ref="C3:A1"/>'
        '<mergeCell ref="A5:XFD1048576"/></mergeCells>'
    )
    found = read_worksheet(worksheet('<row r="1"><c r="B1"><v>1</v></c></row>', after).encode(), SHARED, DEFAULT)
    assert found.merges == (Box(1, 1, 2, 3), Box(2, 2, 4, 4), Box(1, 1, 3, 3), Box(5, 1, 1_048_576, 16_384))
    assert len(found.cells) == 1


def test_the_last_place_on_a_sheet() -> None:
    assert list(values('<row r="1048576"><c r="XFD1048576" t="e"><v>#REF!</v></c></row>')) == ["XFD1048576"]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="1048577"/>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</c></row>',
    ],
)
def test_what_cannot_be_is_damage(rows: str) -> None:
    assert reason(rows) is UnreadableReason.DAMAGED


def test_sheet_that_runs_out_of_columns_is_damage() -> None:
    assert reason('<row r="1"><c r="XFD1"/><c/></row>') is UnreadableReason.DAMAGED


@pytest.mark.parametrize("reference", ["", "A1:Z", "甲", "A1:B2:C3", "A1:XFE1", "0:5"])
def test_merge_of_no_cells_is_none(reference: str) -> None:
    after = f'<mergeCells><mergeCell ref="{reference}"/><mergeCell/><mergeCell ref="a1:b2"/></mergeCells>'
    assert read_worksheet(worksheet("", after).encode(), SHARED, DEFAULT).merges[-1:] == (Box(1, 1, 2, 2),)


def test_merges_of_whole_rows_and_columns() -> None:
    after = '<mergeCells><mergeCell ref="43:43"/><mergeCell ref="$B:C"/></mergeCells>'
    found = read_worksheet(worksheet("", after).encode(), SHARED, DEFAULT)
    assert found.merges == (Box(43, 1, 43, 16_384), Box(1, 2, 1_048_576, 3))


def test_attributes_that_say_nothing_are_passed_over() -> None:
    rows = (
        '<row r=""><c r="b1" s=""><v>1</v></c><c r="1"><v>2</v></c></row>'
        '<row r="一"><c r="" t=""><v>3</v></c><c r="D" s="x"><v>4</v></c></row>'
    )
    assert values(rows) == {"B1": Decimal(1), "C1": Decimal(2), "A2": Decimal(3), "D2": Decimal(4)}


def test_more_cells_than_allowed() -> None:
    rows = '<row r="1"><c><v>1</v></c><c><v>2</v></c><c s="1"/><c s="1"/></row>'
    assert len(cells(rows, limits=replace(DEFAULT, max_cells=2))) == 2
    assert reason(rows, limits=replace(DEFAULT, max_cells=1)) is UnreadableReason.TOO_LARGE


def test_more_merges_than_allowed() -> None:
    after = "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 3 + "</mergeCells>"
    assert reason("", after, replace(DEFAULT, max_merges=2)) is UnreadableReason.TOO_LARGE
    assert reason("", after, replace(DEFAULT, max_merged=5)) is UnreadableReason.TOO_LARGE


def test_arrays_over_each_other_are_bounded() -> None:
    row = '<row r="{0}"><c r="A{0}"><f t="array" ref="A1:A1048576">1</f><v>1</v></c></row>'
    rows = "".join(row.format(number) for number in range(1, 101))
    assert reason(rows, limits=replace(DEFAULT, max_cells=9_999)) is UnreadableReason.TOO_LARGE
    assert len(cells(rows, limits=replace(DEFAULT, max_cells=10_000))) == 100


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="str"><v>{}</v></c>',
        '<c r="A1" t="inlineStr"><is><t>{}</t></is></c>',
        '<c r="A1"><f>{}</f></c>',
        '<c r="A1" t="inlineStr"><is><r><t>{}</t></r></is></c>',
    ],
)
def test_text_longer_than_a_cell_is_refused(cell: str) -> None:
    limits = replace(DEFAULT, max_text=10)
    assert reason(f'<row r="1">{cell.format("长" * 11)}</row>', limits=limits) is UnreadableReason.TOO_LARGE
    assert cells(f'<row r="1">{cell.format("长" * 10)}</row>', limits=limits)


def test_deep_nesting_is_refused() -> None:
    deep = "<a>" * 60 + "</a>" * 60
    limits = replace(DEFAULT, max_depth=50)
    assert reason("", deep, limits) is UnreadableReason.TOO_LARGE
    assert not cells("", deep)


def test_more_elements_than_allowed() -> None:
    limits = replace(DEFAULT, max_elements=100)
    assert reason("<row/>" * 300, limits=limits) is UnreadableReason.TOO_LARGE
    assert not cells("<row/>" * 90, limits=limits)


def test_document_type_is_refused() -> None:
    data = f'<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    with pytest.raises(Unreadable) as caught:
        read_worksheet(data.encode(), SHARED, DEFAULT)
    assert caught.value.reason is UnreadableReason.DAMAGED


@pytest.mark.parametrize("encoding", ["GBK", "nonsense"])
def test_encodings_that_xml_parsers_need_not_know(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><worksheet/>'
    with pytest.raises(Unreadable) as caught:
        read_worksheet(data.encode(), SHARED, DEFAULT)
    assert caught.value.reason is UnreadableReason.DAMAGED
