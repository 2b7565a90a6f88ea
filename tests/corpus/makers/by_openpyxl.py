"""Our forms opened, added to and saved by openpyxl; and one written by it row by row: ``by_openpyxl.py BASES OUT``."""

from __future__ import annotations

import datetime as dt
import sys
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormatObject, IconSet, Rule
from openpyxl.styles import Border, Font, GradientFill, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table, TableStyleInfo

DAY = dt.datetime(2024, 1, 16, tzinfo=dt.UTC).replace(tzinfo=None)


def chart(bases: Path, out: Path) -> None:
    """Chart, picture, notes, rules that fill what will be marked, a gradient, a table and an array on a second sheet."""
    book = openpyxl.load_workbook(bases / "mof-project-self-eval.xlsx")
    form = book.worksheets[0]
    form["C3"].fill = PatternFill("lightGrid", fgColor="FF92D050", bgColor="FFFFFFFF")
    form["E6"].fill = GradientFill(stop=("FFFFFF", "DDEBF7"))
    form["E6"].comment = Comment("执行数以国库数为准", "张某", width=200, height=60)
    form["A1"].comment = Comment("标题不要改", "李某")
    orange = DifferentialStyle(fill=PatternFill(bgColor="FFFFC000"))
    red = DifferentialStyle(font=Font(color="FFFF0000"))
    lights = IconSet("3TrafficLights1", cfvo=[FormatObject("percent", limit) for limit in (0, 33, 67)])
    for place, rule in (
        ("C3:H3", Rule("expression", formula=["TRUE"], dxf=orange, stopIfTrue=True)),
        ("C6:E9", Rule("cellIs", operator="greaterThan", formula=["100"], dxf=red)),
        ("F6:F9", Rule("iconSet", iconSet=lights)),
    ):
        form.conditional_formatting.add(place, rule)
    image = Image(BytesIO((bases / "seal.png").read_bytes()))
    form.add_image(image, "J2")
    other = book.create_sheet("附表")
    for row in (("月份", "支出"), ("一月", 10), ("二月", 25.5), ("三月", 7)):
        other.append(row)
    other.add_table(Table(displayName="支出表", ref="A1:B4", tableStyleInfo=TableStyleInfo("TableStyleMedium2")))
    bars = BarChart()
    bars.add_data(Reference(other, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    other.add_chart(bars, "D2")
    other["C2"] = ArrayFormula("C2:C4", "=B2:B4*2")
    other.freeze_panes = "B2"
    other.print_title_rows = "1:1"
    book.active = 1
    _save(book, out / "openpyxl-chart.xlsx")


def rows(bases: Path, out: Path) -> None:
    """Write a form cell by cell into a new file: values and borders, no names, no stamp, strings shared."""
    source = openpyxl.load_workbook(bases / "qinghai-dept-approval.xlsx").worksheets[0]
    book = openpyxl.Workbook()
    form = book.active
    assert form is not None
    form.title = "批复表"
    thin = Side(style="hair", color="FF7F7F7F")
    for line in source.iter_rows():
        for cell in line:
            if cell.value is not None:
                new = form.cell(cell.row, cell.column, cell.value)
                new.border = Border(thin, thin, thin, thin)
    for merge in source.merged_cells.ranges:
        form.merge_cells(merge.coord)
    form.auto_filter.ref = "A6:F20"
    check = DataValidation("textLength", operator="lessThan", formula1="200")
    check.add("B3:B9")
    form.add_data_validation(check)
    form["B3"].comment = Comment("单位名称由主管部门填", "张某")
    form.column_dimensions.group("G", "H", hidden=True)
    form.sheet_view.zoomScale = 85
    _save(book, out / "openpyxl-rows.xlsx")


def _save(book: openpyxl.Workbook, path: Path) -> None:
    book.properties.created = book.properties.modified = DAY
    book.save(path)


def main(bases: Path, out: Path) -> None:
    """Write both."""
    chart(bases, out)
    rows(bases, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
