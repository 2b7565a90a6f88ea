"""OpenDocument spreadsheets (.ods): read like new workbooks, and never trusted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.forms.definition.load import load_forms
from perfxl.model.address import Box
from perfxl.model.finding import Finding
from perfxl.model.grid import Book, CellKind
from perfxl.package.limits import DEFAULT
from perfxl.readers.book import read_book
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.effort import examples
from support.handmade import zipped
from support.packages import parts

FOREIGN = Path(__file__).parent / "foreign"
SAVED = (FOREIGN / "jilin-dept-self-eval.ods").read_bytes()
SPACES = (
    'xmlns:office="urn:o" xmlns:table="urn:t" xmlns:text="urn:x" xmlns:style="urn:s" xmlns:number="urn:n" '
    'xmlns:calcext="urn:c"'
)
STYLES = (
    '<number:date-style style:name="N1"><number:year number:style="long"/><number:text>年</number:text>'
    "<number:month/><number:text>月</number:text></number:date-style>"
    '<number:percentage-style style:name="N2"><number:number number:decimal-places="1"/><number:text>%</number:text>'
    "</number:percentage-style>"
    '<style:style style:name="c1" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="c2" style:family="table-cell" style:data-style-name="N2"/>'
    '<style:style style:name="c3" style:family="table-cell" style:parent-style-name="c2"/>'
    '<style:style style:name="t1" style:family="table"><style:table-properties table:display="false"/></style:style>'
)


SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


def ods(rows: str, *, before: str = "", table: str = "", manifest: str = "<m/>", doctype: str = "") -> bytes:
    content = (
        f'<?xml version="1.0"?>{doctype}<office:document-content {SPACES}><office:automatic-styles>{STYLES}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{before}"
        f'<table:table table:name="表" {table}>{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": SPREADSHEET, "content.xml": content, "META-INF/manifest.xml": manifest})


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def cell(attributes: str = "", *lines: str, element: str = "table-cell") -> str:
    return f"<table:{element} {attributes}>{''.join(f'<text:p>{line}</text:p>' for line in lines)}</table:{element}>"


def read(data: bytes) -> Book:
    found = read_book(data)
    assert isinstance(found, Book), found
    return found


def test_a_form_saved_as_ods_is_known_by_its_stamp_and_said_to_be_converted() -> None:
    forms = load_forms()
    found = process(SAVED, "表.xls", Library.of(forms))
    (form,) = found.forms
    assert (found.source.format, form.form, form.by.value) == ("ods", "jilin-dept-self-eval", "stamp")
    assert form.data["indicators"]
    assert "F12" in {finding.code for finding in found.findings}
    assert found.source.modified is not None


def test_kinds_of_cells_and_their_formats() -> None:
    book = read(
        ods(
            row(
                cell('office:value-type="percentage" office:value="0.95" table:style-name="c3"', "95.0%"),
                cell('office:value-type="percentage" office:value="0.95"', "95%"),
                cell('office:value-type="date" office:date-value="2024-01-16" table:style-name="c1"', "2024年1月"),
                cell('office:value-type="date" office:date-value="2024-01-16"'),
                cell('office:value-type="currency" office:value="12.5"'),
                cell('office:value-type="boolean" office:boolean-value="true"'),
                cell('office:value-type="time" office:time-value="PT12H00M00S"'),
                cell('office:value-type="string" calcext:value-type="error" table:formula="of:=1/0"', "#DIV/0!"),
                cell('office:value-type="float" office:value="3" table:formula="of:=[.A1]*2"'),
                cell('office:value-type="string"', "第一段", 'a<text:s text:c="2"/>b<text:tab/>c  d'),
                cell('office:value-type="string"', "甲<text:span>乙</text:span>"),
            )
        )
    )
    cells = {one.name: (one.kind, one.value, one.format, one.formula) for one in book.sheets[0].cells.values()}
    number = CellKind.NUMBER
    assert cells == {
        "A1": (number, Decimal("0.95"), "0.0%", None),
        "B1": (number, Decimal("0.95"), "0%", None),
        "C1": (number, Decimal(45307), 'yyyy"年"m"月"', None),
        "D1": (number, Decimal(45307), "yyyy/m/d", None),
        "E1": (number, Decimal("12.5"), "General", None),
        "F1": (CellKind.BOOLEAN, True, "General", None),
        "G1": (number, Decimal("0.5"), "h:mm:ss", None),
        "H1": (CellKind.ERROR, "#DIV/0!", "General", "1/0"),
        "I1": (number, Decimal(3), "General", "A1*2"),
        "J1": (CellKind.TEXT, "第一段\na  b\tc d", "General", None),
        "K1": (CellKind.TEXT, "甲乙", "General", None),
    }


def test_merges_covered_cells_repeated_rows_and_notes() -> None:
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    book = read(
        ods(
            row(
                cell('table:number-columns-spanned="2" table:number-rows-spanned="2"', "标题").replace(
                    "<text:p>", f"{note}<text:p>", 1
                ),
                cell("", "盖住的", element="covered-table-cell"),
                cell('table:number-columns-repeated="2"', "同"),
            )
            + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
            + f'<table:table-row table:number-rows-repeated="2">{cell("", "末")}</table:table-row>',
            table='table:style-name="t1"',
        )
    )
    (sheet,) = book.sheets
    assert {one.name: one.value for one in sheet.cells.values()} == {
        "A1": "标题",
        "B1": "盖住的",
        "C1": "同",
        "D1": "同",
        "A1048572": "末",
        "A1048573": "末",
    }
    assert sheet.merges == (Box(1, 1, 2, 2),)
    assert sheet.hidden


def test_1904() -> None:
    settings_ = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    book = read(ods(row(cell('office:value-type="date" office:date-value="1904-01-02"')), before=settings_))
    assert book.sheets[0].cells[1, 1].value == 1463


def refused(data: bytes) -> str:
    found = read_book(data)
    assert isinstance(found, Finding)
    return found.code


@pytest.mark.slow
def test_what_must_not_be_read() -> None:
    text = cell("", "&a;")
    assert refused(ods(row(text), doctype='<!DOCTYPE a [<!ENTITY a "a">]>')) == "F01"
    assert refused(ods(row(cell("", "甲")), manifest="<m><manifest:encryption-data/></m>")) == "F02"
    many = f'<table:table-row table:number-rows-repeated="999999">{cell("", "甲")}</table:table-row>'
    assert refused(ods(many)) == "F03"
    assert refused(ods(row(cell('table:number-columns-repeated="16384"', "甲")) * 40)) == "F03"
    assert refused(ods(row(cell("", '<text:s text:c="99999999999"/>')))) == "F03"


def test_more_merges_than_allowed() -> None:
    data = ods(row(cell('table:number-columns-spanned="2"', "") * 9))
    assert isinstance(read_book(data, replace(DEFAULT, max_merges=9)), Book)
    found = read_book(data, replace(DEFAULT, max_merges=8))
    assert isinstance(found, Finding)
    assert (found.code, "合并的单元格超过 8 处" in found.message) == ("F03", True)


@pytest.mark.parametrize("without", [{"mimetype"}, {"mimetype", "META-INF/manifest.xml"}])
def test_known_by_more_than_one_member(without: set[str]) -> None:
    manifest = (
        f'<m:manifest xmlns:m="urn:m"><m:file-entry m:media-type="{SPREADSHEET}" m:full-path="/"/>'
        '<m:file-entry m:media-type="text/xml" m:full-path="content.xml"/></m:manifest>'
    )
    whole = parts(ods(row(cell('office:value-type="float" office:value="1"')), manifest=manifest))
    assert read(zipped({name: part for name, part in whole.items() if name not in without})).format == "ods"


def test_a_document_with_a_spreadsheet_in_it_is_none() -> None:
    manifest = (
        '<m:manifest xmlns:m="urn:m"><m:file-entry m:media-type="application/vnd.oasis.opendocument.text" m:full-path="/"/>'
        f'<m:file-entry m:media-type="{SPREADSHEET}" m:full-path="Object 1/"/></m:manifest>'
    )
    found = read_book(zipped({"META-INF/manifest.xml": manifest, "content.xml": "<office/>"}))
    assert isinstance(found, Finding)
    assert "OpenDocument 文档" in found.message


def test_what_stands_beside_the_sheets_may_be_damaged() -> None:
    whole = parts(ods(row(cell('office:value-type="float" office:value="1"'))))
    assert read(zipped({**whole, "meta.xml": "<meta>"})).properties == {}


def test_links() -> None:
    kept = "<table:table table:name=\"'file:///C:/b.ods'#$表\">" + row(cell("", "甲")) + "</table:table>"
    book = read(ods(row(cell("", "乙")), before=kept))
    assert book.external_links
    assert [sheet.name for sheet in book.sheets] == ["表"]
    assert not read(ods(row(cell("", "乙")))).external_links


@settings(max_examples=examples(30))
@given(st.integers(0, 3000), st.integers(0, 20), st.sampled_from([b"", b"-1", b"9" * 30, b"<", b'"', b"\xff", b"x"]))
def test_altered_in_any_way(start: int, length: int, piece: bytes) -> None:
    plain = ods(row(cell('office:value-type="date" office:date-value="2024-01-16"', "甲")) + row(cell("", "乙")))
    damaged = plain[:start] + piece + plain[start + length :]
    found = read_book(damaged)
    assert isinstance(found, Book) or found.code in {"F01", "F02", "F03"}
