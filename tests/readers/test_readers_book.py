"""Whole workbooks: by programs that write them, against a reader that is not ours, and by hand."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.chart import BarChart
from openpyxl.workbook.defined_name import DefinedName

from perfxl.model.address import Box, cell_name
from perfxl.model.finding import Finding
from perfxl.model.grid import Book, CellKind, Content
from perfxl.package.limits import DEFAULT
from perfxl.readers.book import read_book
from support.effort import examples
from support.handmade import book, parts, relations, workbook, worksheet, zipped

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def opened(data: bytes) -> Book:
    found = read_book(data)
    assert isinstance(found, Book), found
    return found


def only_values(found: Book) -> Mapping[str, Content]:
    (sheet,) = found.sheets
    return {cell.name: cell.value for cell in sheet.cells.values()}


def test_workbook_of_xlsxwriter() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        percent, date = made.add_format({"num_format": "0.00%"}), made.add_format({"num_format": 31})
        caption = made.add_format({"num_format": '"其中："#,##0.00"万元"'})
        sheet = made.add_worksheet("自评表")
        sheet.merge_range("A1:C1", "部门整体支出绩效自评表")
        sheet.write_rich_string("A2", made.add_format({"bold": True}), "其中", "：基本支出")
        sheet.write("B2", 6558.51, caption)
        sheet.write("C2", 0.9247, percent)
        sheet.write_blank("D2", None, percent)
        sheet.write_formula("A3", "=B2/2", percent, 3279.255)
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C3", '=IF(B2>1,"是","否")', None, "是")
        sheet.write_datetime("D3", dt.datetime(2024, 1, 16), date)  # noqa: DTZ001 - sheets know no zones
        sheet.write_boolean("E3", True)
        sheet.write_string("A4", "第一行\n第二行　")
        hidden = made.add_worksheet("_deep")
        hidden.very_hidden()
        hidden.write("A1", "stamp")
        made.add_chartsheet("图")
        made.define_name("stamp", '="hunan|2023"')
        made.define_name("_deep!local", "=_deep!$A$1")
        made.set_custom_property("perfxl", "hunan|2023")
        made.set_custom_property("year", 2023)
    found = opened(file.getvalue())
    sheet_found, deep, chart = found.sheets
    cells = {cell.name: cell for cell in sheet_found.cells.values()}
    assert {name: cell.value for name, cell in cells.items()} == {
        "A1": "部门整体支出绩效自评表",
        "A2": "其中：基本支出",
        "B2": Decimal("6558.51"),
        "C2": Decimal("0.9247"),
        "A3": Decimal("3279.255"),
        "B3": "#DIV/0!",
        "C3": "是",
        "D3": Decimal(45307),
        "E3": True,
        "A4": "第一行\n第二行　",
    }
    assert [cells[name].format for name in ("A1", "B2", "C2", "D3")] == [
        "General",
        '"其中："#,##0.00"万元"',
        "0.00%",
        'yyyy"年"m"月"d"日"',
    ]
    assert [cells[name].formula for name in ("A3", "B3", "C3", "D3")] == ["B2/2", "1/0", 'IF(B2>1,"是","否")', None]
    assert cells["B3"].kind is CellKind.ERROR
    assert sheet_found.merges == (Box(1, 1, 1, 3),)
    assert [(sheet.name, sheet.hidden) for sheet in found.sheets] == [("自评表", False), ("_deep", True), ("图", False)]
    assert deep.names == {"local": "_deep!$A$1"}
    assert not chart.cells
    assert found.names == {"stamp": '"hunan|2023"'}
    assert found.properties == {"perfxl": "hunan|2023", "year": "2023"}
    assert (found.format, found.macros, found.external_links) == ("xlsx", False, False)


def test_workbook_of_openpyxl() -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "表"
    sheet["A1"], sheet["B1"], sheet["C1"] = "甲", 6558.51, "=SUM(B1:B9)"
    sheet["D1"], sheet["E1"] = dt.date(2024, 1, 16), "#REF!"
    sheet["E1"].data_type = "e"
    sheet.merge_cells("A1:A4")
    sheet.sheet_state = "hidden"
    chart = BarChart()
    made.create_sheet("见").add_chart(chart, "B2")
    made.defined_names["stamp"] = DefinedName("stamp", attr_text='"a|b"')
    file = io.BytesIO()
    made.save(file)
    found = opened(file.getvalue())
    cells = {cell.name: cell for cell in found.sheets[0].cells.values()}
    assert {name: cell.value for name, cell in cells.items()} == {
        "A1": "甲",
        "B1": Decimal("6558.51"),
        "C1": None,
        "D1": Decimal(45307),
        "E1": "#REF!",
    }
    assert cells["C1"].formula == "SUM(B1:B9)"
    assert cells["D1"].format == "yyyy-mm-dd"
    assert found.names == {"stamp": '"a|b"'}
    assert [sheet.hidden for sheet in found.sheets] == [True, False]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).filter(
    lambda text: not text.startswith(("=", "{", "http", "mailto", "internal", "external", "#")) and "_x" not in text
)
NUMBERS = st.integers(-(10**12), 10**12) | st.decimals(-(10**9), 10**9, places=2).map(float)
SHEETS = st.dictionaries(
    st.tuples(st.integers(1, 60), st.integers(1, 30)), TEXTS | NUMBERS | st.booleans(), min_size=1, max_size=20
)

Sheet: TypeAlias = Mapping[tuple[int, int], str | float | bool]


def by_xlsxwriter(sheet: Sheet) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_urls": False}) as made:
        page = made.add_worksheet()
        for (row, column), value in sheet.items():
            page.write(row - 1, column - 1, value)
    return file.getvalue()


def by_openpyxl(sheet: Sheet) -> bytes:
    made = openpyxl.Workbook()
    for (row, column), value in sheet.items():
        made.worksheets[0].cell(row, column).value = value
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@settings(max_examples=examples(25))
@given(sheet=SHEETS, write=st.sampled_from([by_xlsxwriter, by_openpyxl]))
def test_a_reader_that_is_not_ours_reads_the_same(sheet: Sheet, write: Callable[[Sheet], bytes]) -> None:
    data = write(sheet)
    theirs = {
        cell.coordinate: cell.value
        for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()
        for cell in row
        if cell.value not in {None, ""}
    }
    ours = {
        name: float(value) if isinstance(value, Decimal) else value for name, value in only_values(opened(data)).items()
    }
    assert ours == theirs
    assert set(ours) == {cell_name(*place) for place in sheet}


@pytest.mark.parametrize("root", ["/xl/workbook.xml", "xl\\workbook.xml", "./xl/../xl/workbook.xml", "XL/Workbook.xml"])
@pytest.mark.parametrize("sheet", ["/xl/worksheets/sheet1.xml", "worksheets\\sheet1.xml", "./Worksheets/sheet1.xml"])
def test_targets_in_every_spelling(root: str, sheet: str) -> None:
    data = book(ONE, root=relations(("a", "officeDocument", root)), links=relations(("rId1", "worksheet", sheet)))
    assert only_values(opened(data)) == {"A1": 1}


def test_package_without_root_relations() -> None:
    assert only_values(opened(book(ONE, root=None))) == {"A1": 1}


def test_strict_vocabulary() -> None:
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    transitional = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    made = {
        name: content.replace(transitional, strict)
        for name, content in parts(worksheet(ONE)).items()
        if isinstance(content, str)
    }
    made["docProps/custom.xml"] = '<Properties><property name="form"><lpwstr>a</lpwstr></property></Properties>'
    made["_rels/.rels"] = relations(
        ("a", "officeDocument", "xl/workbook.xml"), ("b", "customProperties", "docProps/custom.xml")
    ).replace(transitional, strict)
    found = opened(zipped(made))
    assert only_values(found) == {"A1": 1}
    assert found.properties == {"form": "a"}


def test_missing_strings_and_styles_are_missed_by_nobody_who_does_not_use_them() -> None:
    rows = '<row r="1"><c r="A1" s="3"><v>1</v></c><c r="B1" t="inlineStr"><is><t>甲</t></is></c></row>'
    found = opened(book(rows))
    assert only_values(found) == {"A1": 1, "B1": "甲"}
    assert {cell.format for cell in found.sheets[0].cells.values()} == {"General"}


def test_lost_text_is_an_error_and_not_a_blank() -> None:
    (grid,) = opened(book('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v></v></c></row>')).sheets
    assert [(cell.name, cell.kind, cell.value) for cell in grid.cells.values()] == [("A1", CellKind.ERROR, "#REF!")]


@pytest.mark.parametrize(
    "links",
    [
        relations(),
        relations(("rId1", "worksheet", "worksheets/lost.xml")),
        relations(("rId1", "worksheet", "../../../outside.xml")),
        relations(("rId1", "worksheet", "https://example.invalid/sheet1.xml")).replace(
            "/>", ' TargetMode="External"/>'
        ),
    ],
)
def test_lost_sheet_is_damage_and_not_passed_over(links: str) -> None:
    found = read_book(book(ONE, links=links))
    assert isinstance(found, Finding)
    assert found.code == "F01"


def test_sheets_that_are_lost_are_no_reason_to_refuse_the_others() -> None:
    tabs = '<sheet name="没有" sheetId="1" r:id=""/><sheet name="表" sheetId="2" r:id="rId1"/>'
    tabs += '<sheet name="丢了" sheetId="3" r:id="rId9"/><sheet name="重复" sheetId="4" r:id="rId1"/>'
    found = opened(book(ONE, workbook=workbook(tabs)))
    assert [(sheet.name, len(sheet.cells), sheet.damaged) for sheet in found.sheets] == [
        ("没有", 0, True),
        ("表", 1, False),
        ("丢了", 0, True),
        ("重复", 0, True),
    ]


def test_a_damaged_sheet_is_no_reason_to_refuse_the_others() -> None:
    tabs = '<sheet name="坏" sheetId="1" r:id="rId2"/><sheet name="表" sheetId="2" r:id="rId1"/>'
    links = relations(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "workbook.xml"))
    found = opened(book(ONE, workbook=workbook(tabs), links=links))
    assert [(sheet.name, len(sheet.cells)) for sheet in found.sheets] == [("坏", 0), ("表", 1)]


def test_sheets_that_are_no_worksheets_are_named_without_cells() -> None:
    tabs = '<sheet name="图" r:id="c"/><sheet name="表" r:id="w"/><sheet name="宏" r:id="m"/>'
    names = '<definedNames><definedName name="a" localSheetId="1">1</definedName></definedNames>'
    links = relations(
        ("c", "chartsheet", "chartsheets/sheet1.xml"),
        ("w", "worksheet", "worksheets/sheet1.xml"),
        ("m", "xlMacrosheet", "macrosheets/sheet1.xml"),
    )
    found = opened(book(ONE, workbook=workbook(tabs, names), links=links))
    assert [(sheet.name, len(sheet.cells), dict(sheet.names)) for sheet in found.sheets] == [
        ("图", 0, {}),
        ("表", 1, {"a": "1"}),
        ("宏", 0, {}),
    ]
    assert found.macros


def test_macros_and_external_links_are_told() -> None:
    types = (
        '<Types><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    )
    sheet = ("rId1", "worksheet", "worksheets/sheet1.xml")
    without = opened(book(ONE, types=types))
    assert (without.format, without.macros, without.external_links) == ("xlsm", False, False)
    links = relations(sheet, ("v", "vbaProject", "vbaProject.bin"), ("e", "externalLink", "externalLinks/link1.xml"))
    both = opened(book(ONE, links=links))
    assert (both.format, both.macros, both.external_links) == ("xlsm", True, True)


def test_date_system_of_old_macs() -> None:
    """What shows a date is counted from 1900, whatever the file counts from; other numbers are what they are."""
    cells = '<c r="A1" t="d"><v>2024-01-16</v></c><c r="B1" s="1"><v>43845</v></c><c r="C1"><v>43845</v></c>'
    for settings_, serial in (("1", 45307), ("0", 43845)):
        data = book(f'<row r="1">{cells}</row>', workbook=_with_1904(settings_), styles=_DATES)
        assert only_values(opened(data)) == {"A1": 45307, "B1": serial, "C1": 43845}


_DATES = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def _with_1904(said: str) -> str:
    return workbook('<sheet name="表" sheetId="1" r:id="rId1"/>').replace(
        "<sheets>", f'<workbookPr date1904="{said}"/><sheets>'
    )


def test_cells_are_counted_over_all_sheets() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        for _ in range(3):
            made.add_worksheet().write_row(0, 0, [1, 2])
    assert isinstance(read_book(file.getvalue(), replace(DEFAULT, max_cells=6)), Book)
    found = read_book(file.getvalue(), replace(DEFAULT, max_cells=5))
    assert isinstance(found, Finding)
    assert found.code == "F03"
    assert "5 个" in found.message
