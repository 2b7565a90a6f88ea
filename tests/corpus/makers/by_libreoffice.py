"""Our forms opened, added to and saved by LibreOffice: ``by_libreoffice.py BASES OUT PIPE`` with a Python that has ``uno``.

A LibreOffice has to listen: ``soffice --headless --accept="pipe,name=PIPE;urp;"``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import uno

XLSX = "Calc MS Excel 2007 XML"


def _property(name: str, value: object) -> Any:
    found = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, value
    return found


def _area(sheet: int, column: int, row: int, last_column: int, last_row: int) -> Any:
    return uno.createUnoStruct("com.sun.star.table.CellRangeAddress", sheet, column, row, last_column, last_row)


def _put(shape: Any, x: int, y: int, width: int, height: int) -> None:
    shape.Position = uno.createUnoStruct("com.sun.star.awt.Point", x, y)
    shape.Size = uno.createUnoStruct("com.sun.star.awt.Size", width, height)


def _desktop(pipe: str) -> Any:
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(120):
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:  # noqa: BLE001 - not there yet, whatever the bridge calls it
            time.sleep(0.5)
    raise SystemExit("LibreOffice does not answer")


def _open(desktop: Any, path: Path) -> Any:
    return desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (_property("Hidden", True),))


def _save(document: Any, path: Path, kind: str = XLSX) -> None:
    document.storeToURL(path.as_uri(), (_property("FilterName", kind),))


def _note(sheet: Any, cell: str, text: str) -> None:
    sheet.Annotations.insertNew(sheet.getCellRangeByName(cell).CellAddress, text)


def drawing(desktop: Any, bases: Path, out: Path) -> None:
    """Draw a shape, a chart and a picture; put on notes, colours and frozen panes."""
    document = _open(desktop, bases / "hunan-dept-self-eval.xlsx")
    sheet = document.Sheets.getByIndex(0)
    sheet.unprotect("")
    shape = document.createInstance("com.sun.star.drawing.EllipseShape")
    _put(shape, 22000, 1000, 3000, 1500)
    sheet.DrawPage.add(shape)
    shape.String = "初稿"
    text = document.createInstance("com.sun.star.drawing.TextShape")
    _put(text, 22000, 3000, 4000, 1000)
    sheet.DrawPage.add(text)
    text.String = "计财科填"
    picture = document.createInstance("com.sun.star.drawing.GraphicObjectShape")
    _put(picture, 22000, 5000, 1000, 1000)
    sheet.DrawPage.add(picture)
    picture.GraphicURL = (bases / "seal.png").as_uri()
    place = uno.createUnoStruct("com.sun.star.awt.Rectangle", 22000, 7000, 6000, 4000)
    sheet.Charts.addNewByName("图", place, (_area(0, 3, 4, 5, 4),), False, False)
    sheet.getCellRangeByName("D3").CellBackColor = 0xDDEBF7
    _note(sheet, "D3", "名称待核实")
    _note(sheet, "E5", "以批复数为准")
    _save(document, out / "libreoffice-drawing.xlsx")
    document.close(True)


def second(desktop: Any, bases: Path, out: Path) -> None:
    """Put in a second sheet with a filter and sums, hide a third, insert rows into the form."""
    document = _open(desktop, bases / "hubei-dept-goal.xlsx")
    form = document.Sheets.getByIndex(0)
    form.unprotect("")
    form.Rows.insertByIndex(25, 2)
    document.Sheets.insertNewByName("明细", 1)
    sheet = document.Sheets.getByName("明细")
    for row, (name, amount) in enumerate((("项目", "金额"), ("甲", "10"), ("乙", "25.5"))):
        sheet.getCellByPosition(0, row).String = name
        sheet.getCellByPosition(1, row).setFormula(amount)
    sheet.getCellByPosition(1, 3).setFormula("=SUM(B2:B3)")
    ranges = document.DatabaseRanges
    ranges.addNewByName("明细表", _area(1, 0, 0, 1, 2))
    ranges.getByName("明细表").AutoFilter = True
    document.Sheets.insertNewByName("备查", 2)
    document.Sheets.getByName("备查").IsVisible = False
    _save(document, out / "libreoffice-second-sheet.xlsx")
    document.close(True)


def through_ods(desktop: Any, bases: Path, out: Path) -> None:
    """Save as .ods first, then as .xlsx: what comes from an office without Excel."""
    document = _open(desktop, bases / "mof-project-monitor.xlsx")
    between = out / "between.ods"
    _save(document, between, "calc8")
    document.close(True)
    document = _open(desktop, between)
    _save(document, out / "libreoffice-through-ods.xlsx")
    document.close(True)
    between.unlink()


def macros(desktop: Any, _: Path, out: Path) -> None:
    """Open a workbook with macros and save it as one."""
    document = _open(desktop, out / "xlsxwriter-macros.xlsm")
    _save(document, out / "libreoffice-macros.xlsm", "Calc MS Excel 2007 VBA XML")
    document.close(True)


def resaved(desktop: Any, bases: Path, out: Path) -> None:
    """Put rows into a marked copy, above the marked cells, and save it."""
    document = _open(desktop, bases.parent / "marked.xlsx")
    form = document.Sheets.getByName("部门整体支出绩效自评表")
    form.unprotect("")
    form.Rows.insertByIndex(1, 2)
    _save(document, out / "resaved" / "libreoffice.xlsx")
    document.close(True)


def main(bases: Path, out: Path, pipe: str) -> None:
    """Write all."""
    desktop = _desktop(pipe)
    for make in (drawing, second, through_ods, macros, resaved):
        make(desktop, bases, out)
    desktop.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3])
