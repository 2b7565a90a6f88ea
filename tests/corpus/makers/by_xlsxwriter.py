"""Our forms copied cell by cell into XlsxWriter, with what it can add: ``by_xlsxwriter.py BASES OUT``."""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

import xlsxwriter
from macros import project
from xlsxwriter.worksheet import Worksheet

from perfxl.model.grid import Book, CellKind, Grid
from perfxl.readers.book import read_book

DAY = dt.datetime(2024, 1, 16, tzinfo=dt.UTC).replace(tzinfo=None)


def rich(bases: Path, out: Path) -> None:
    """Pictures (in the header too), chart, text box, sparklines, bars and lists of the later version, notes, links."""
    with _new(out / "xlsxwriter-rich.xlsx", {}) as book:
        form = _copied(book, _form(bases, "hunan-dept-self-eval"))
        seal = io.BytesIO((bases / "seal.png").read_bytes())
        form.insert_image("L2", "seal.png", {"image_data": seal, "description": "公章"})
        form.set_header("&C&G", {"image_center": "seal.png", "image_data_center": seal})
        form.insert_textbox("L6", "本表由计财科填报", {"width": 120, "height": 40})
        form.insert_button("L10", {"caption": "汇总"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{form.name}'!$D$5:$F$5"})
        form.insert_chart("L12", chart)
        form.add_sparkline("L4", {"range": f"'{form.name}'!D5:F5"})
        form.conditional_format("D5:F5", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
        form.conditional_format("E5:E5", {"type": "no_blanks", "format": book.add_format({"bg_color": "#C6EFCE"})})
        form.conditional_format("G5:G5", {"type": "icon_set", "icon_style": "3_stars"})
        form.data_validation("D3", {"validate": "list", "source": "=名单!$A$1:$A$3"})
        form.write_comment("D3", "请填预算部门全称", {"author": "张某", "visible": True, "width": 200})
        form.write_comment("E5", "批复数", {"author": "李某", "color": "#DDEBF7"})
        form.freeze_panes(3, 1)
        form.protect("", {"insert_rows": True})
        form.ignore_errors({"number_stored_as_text": "A1:J60"})
        listed = book.add_worksheet("名单")
        listed.write_column("A1", ["区教育局", "区民政局", "区水利局"])
        listed.hide()
        book.define_name("单位名单", "=名单!$A$1:$A$3")


def macros(bases: Path, out: Path) -> None:
    """A workbook with a macro, formats of text runs, a filter and grouped rows."""
    with _new(out / "xlsxwriter-macros.xlsm", {}) as book:
        form = _copied(book, _form(bases, "jilin-project-self-eval"))
        bold = book.add_format({"bold": True})
        form.write_rich_string("G12", "因", bold, "采购", "延期")
        form.set_row(20, None, None, {"level": 1})
        form.set_row(21, None, None, {"level": 1, "collapsed": True})
        form.write_comment("B2", "宏会自动带出项目名称")
        book.add_vba_project(io.BytesIO(project()), is_stream=True)
        book.set_vba_name("ThisWorkbook")
        form.set_vba_name("Sheet1")
        other = book.add_worksheet("台账")
        other.write_row("A1", ["项目", "金额"])
        other.autofilter("A1:B5")
        other.filter_column("B", "x > 10")
        other.write_column("A2", ["甲", "乙", "丙", "丁"])
        other.write_column("B2", [5, 15, 25, 8])
        for row in (1, 4):
            other.set_row(row, options={"hidden": True})
        other.set_vba_name("Sheet2")


def large(bases: Path, out: Path) -> None:
    """Written row by row with inline strings and zip64 headers."""
    with _new(out / "xlsxwriter-zip64.xlsx", {"constant_memory": True}) as book:
        book.use_zip64()
        form = _copied(book, _form(bases, "jilin-dept-self-eval"))
        form.set_tab_color("#00B050")


def _new(path: Path, options: dict[str, object]) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, **options})
    book.set_properties({"created": DAY})
    return book


def _form(bases: Path, form: str) -> Grid:
    book = read_book((bases / f"{form}.xlsx").read_bytes())
    assert isinstance(book, Book)
    return book.sheets[0]


def _copied(book: xlsxwriter.Workbook, grid: Grid) -> Worksheet:
    """Copy a sheet's values, formulas, number formats and merges."""
    sheet = book.add_worksheet(grid.name)
    sheet.set_column(0, 9, 14)
    covered = {
        (row, column)
        for merge in grid.merges
        for row in range(merge.row, merge.last_row + 1)
        for column in range(merge.column, merge.last_column + 1)
    }
    frame = book.add_format({"border": 1})
    for row in range(max(row for row, _ in grid.cells)):
        for column in range(max(column for _, column in grid.cells)):
            cell = grid.cells.get((row + 1, column + 1))
            if cell is None:
                if (row + 1, column + 1) not in covered:
                    sheet.write_blank(row, column, None, frame)
                continue
            style = book.add_format({"border": 1, "text_wrap": True, "num_format": cell.format})
            if cell.formula:
                value = float(cell.value) if cell.kind is CellKind.NUMBER else cell.value or ""  # type: ignore[arg-type]
                sheet.write_formula(row, column, f"={cell.formula}", style, value)
            elif cell.kind is CellKind.NUMBER:
                sheet.write_number(row, column, float(cell.value), style)  # type: ignore[arg-type]
            else:
                sheet.write_string(row, column, str(cell.value), style)
    for merge in grid.merges:
        # merge_range writes the cell anew; the range alone is what is wanted here
        sheet.merge.append([merge.row - 1, merge.column - 1, merge.last_row - 1, merge.last_column - 1])
    return sheet


def main(bases: Path, out: Path) -> None:
    """Write all."""
    rich(bases, out)
    macros(bases, out)
    large(bases, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
