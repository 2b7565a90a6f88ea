"""Returned workbooks as several makers write them, each with much that a marked copy must not touch."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from support import handmade

FORM = "自评表"
SECOND = "其他"

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    f'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{handmade.WORKBOOK_TYPE}"/></Types>'
)


def by_xlsxwriter() -> bytes:
    """A protected form with merges, notes, rules, validations, an image, a chart; a hidden sheet; local names."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        form, hidden, second = (book.add_worksheet(name) for name in (FORM, "隐藏", SECOND))
        grey = book.add_format({"border": 1, "bg_color": "#DDDDDD", "bold": True})
        money = book.add_format({"border": 1, "num_format": "#,##0.00", "locked": False})
        text = book.add_format({"border": 1, "text_wrap": True, "font_name": "宋体"})
        light = book.add_format({"bg_color": "#E2EFDA"})
        form.merge_range("A1:I1", "部门整体支出绩效自评表", grey)
        for row in range(1, 30):
            for column in range(9):
                if column == 8 and row % 7 == 0:
                    continue
                form.write(
                    row, column, row * column if column > 3 else f"文字{row}{column}", money if column > 3 else text
                )
        form.merge_range("C5:D6", "合并", grey)
        form.write_formula("E29", "=SUM(E2:E28)", money, 1624)
        form.conditional_format("A2:I30", {"type": "blanks", "format": light})
        form.conditional_format("E2:E30", {"type": "data_bar", "data_bar_2010": True})
        form.data_validation("E2:E30", {"validate": "decimal", "criteria": ">=", "value": 0})
        form.write_comment("B3", "我的批注，请留着")
        form.insert_image("K2", "dot.png", {"image_data": io.BytesIO(_PIXEL)})
        form.insert_textbox("K8", "文本框")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{FORM}'!$E$2:$E$9"})
        form.insert_chart("K12", chart)
        form.protect(options={"insert_rows": True})
        form.print_area("A1:I30")
        form.repeat_rows(0, 1)
        form.freeze_panes(2, 1)
        hidden.hide()
        hidden.write("A1", "选项")
        second.add_table("A1:B3", {"columns": [{"header": "甲"}, {"header": "乙"}]})
        second.print_area("A1:B3")
        second.activate()
        book.define_name("全部", f"='{FORM}'!$A$1")
    return file.getvalue()


def by_openpyxl() -> bytes:
    """A form with a rule, notes and names, saved by openpyxl; one sheet is called as the list would be."""
    book = openpyxl.Workbook()
    form = book.active
    assert form is not None
    form.title = FORM
    form["A1"], form["B3"], form["C9"] = "标题", "文字", 12.5
    form["C9"].fill = PatternFill("solid", fgColor="FFFFFF00")
    form["B3"].comment = Comment("我的批注", "张某")
    form["D4"].comment = Comment("另一条", "张某")
    form.merge_cells("C5:D6")
    strong = DifferentialStyle(font=Font(bold=True))
    form.conditional_formatting.add("A1:I9", Rule(type="duplicateValues", dxf=strong))
    check = DataValidation("list", '"优,良"')
    check.add("D2")
    form.add_data_validation(check)
    form.column_dimensions["N"].font = Font(bold=True)
    book.create_sheet("错误清单")["A1"] = "这是本单位自己的表"
    second = book.create_sheet(SECOND)
    second.defined_names["局部"] = DefinedName("局部", attr_text=f"{SECOND}!$A$1")
    book.active = 2
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bare() -> bytes:
    """As little as a program can write: no styles, no views, cells and rows without their names."""
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c t='b'><v>1</v></c></row>"
    return handmade.book(
        rows, workbook=handmade.workbook(f'<sheet name="{FORM}" sheetId="7" r:id="rId1"/>'), types=_TYPES
    )


def empty() -> bytes:
    """A form with nothing on it."""
    sheet = f'<worksheet xmlns="{handmade.MAIN}"><dimension ref="A1"/><sheetData/></worksheet>'
    names = handmade.workbook(f'<sheet name="{FORM}" sheetId="1" r:id="rId1"/>')
    return handmade.zipped(handmade.parts(sheet, workbook=names, types=_TYPES))


def prefixed() -> bytes:
    """Every element with a prefix, as some Java and .NET programs write them, and a sheet in UTF-16."""
    sheet = (
        '<?xml version="1.0" encoding="UTF-16"?>'
        f'<x:worksheet xmlns:x="{handmade.MAIN}"><x:sheetData><x:row r="2" spans="1:2"><x:c r="A2" s="1"><x:v>1</x:v>'
        '</x:c></x:row><x:row r="9"/></x:sheetData><x:mergeCells count="1"><x:mergeCell ref="C5:D6"/></x:mergeCells>'
        "</x:worksheet>"
    ).encode("utf-16")
    styles = (
        f'<s:styleSheet xmlns:s="{handmade.MAIN}"><s:fonts count="1"><s:font/></s:fonts><s:fills count="2"><s:fill/>'
        '<s:fill><s:patternFill patternType="gray125"/></s:fill></s:fills><s:borders count="1"><s:border/></s:borders>'
        '<s:cellStyleXfs count="1"><s:xf/></s:cellStyleXfs><s:cellXfs><s:xf/><s:xf fillId="1"><s:alignment '
        'horizontal="center"/></s:xf></s:cellXfs><s:dxfs count="0"/></s:styleSheet>'
    )
    names = (
        f'<x:workbook xmlns:x="{handmade.MAIN}" xmlns:q="{handmade.RELATIONS}"><x:sheets><x:sheet name="{FORM}" '
        'sheetId="1" q:id="rId1"/></x:sheets></x:workbook>'
    )
    return handmade.zipped(handmade.parts(sheet, workbook=names, styles=styles, types=_TYPES))


def threaded() -> bytes:
    """A threaded comment on B3 with its stand-in note, and the drawing that shows it."""
    return _with_parts(
        by_openpyxl(),
        {
            "xl/comments/comment1.xml": (
                f'<comments xmlns="{handmade.MAIN}"><authors><author>tc={{1}}</author><author>张某</author></authors>'
                '<commentList><comment ref="B3" authorId="0"><text><t>[Threaded comment]</t></text></comment>'
                '<comment ref="C3" authorId="1"><text><r><t>请</t></r><r><t xml:space="preserve"> 看 </t></r></text>'
                "</comment></commentList></comments>"
            ).encode()
        },
    )


def zip64() -> bytes:
    """The same as openpyxl writes, but streamed: sizes behind the data, zip64 headers, some members stored."""
    written = io.BytesIO()

    class Stream(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override] # all that zipfile hands over
            return written.write(data)

    with (
        zipfile.ZipFile(io.BytesIO(by_openpyxl())) as source,
        zipfile.ZipFile(Stream(), "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for index, name in enumerate(source.namelist()):
            info = zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10))
            info.compress_type = zipfile.ZIP_STORED if index % 2 else zipfile.ZIP_DEFLATED
            with target.open(info, "w", force_zip64=True) as member:
                member.write(source.read(name))
    return written.getvalue()


MAKERS: Mapping[str, Callable[[], bytes]] = {
    maker.__name__: maker for maker in (by_xlsxwriter, by_openpyxl, bare, empty, prefixed, threaded, zip64)
}


def _with_parts(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return handmade.zipped({name: changes.get(name) or source.read(name) for name in source.namelist()})
