"""Workbooks made by hand, for what no program writes or only one: plain parts, zipped."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file of the parts, in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def relations(*entries: tuple[str, str, str]) -> str:
    """Return a relations part of (id, last word of the type, target)."""
    inside = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for name, kind, target in entries
    )
    return f'<Relationships xmlns="{PACKAGE_RELATIONS}">{inside}</Relationships>'


def worksheet(rows: str, after: str = "") -> str:
    """Return a worksheet part: the inside of its sheetData, and what stands behind it."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(sheet: str | bytes, **changes: str | bytes | None) -> dict[str, str | bytes]:
    """Return the parts of a workbook with one sheet ``表``.

    Changes by name: types, root, workbook, links (the workbook's relations), strings, styles; None leaves out.
    """
    names = {
        "types": "[Content_Types].xml",
        "root": "_rels/.rels",
        "workbook": "xl/workbook.xml",
        "links": "xl/_rels/workbook.xml.rels",
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
    }
    inside: dict[str, str | bytes | None] = {
        "types": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK_TYPE}"/></Types>',
        "root": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "workbook": workbook('<sheet name="表" sheetId="1" r:id="rId1"/>'),
        "links": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        "strings": None,
        "styles": None,
        **changes,
    }
    made = {names[key]: content for key, content in inside.items() if content is not None}
    return {**made, "xl/worksheets/sheet1.xml": sheet}


def workbook(sheets: str, rest: str = "") -> str:
    """Return a workbook part: the inside of its sheets, and what stands behind them."""
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets>{rest}</workbook>'


def book(rows: str, after: str = "", **changes: str | bytes | None) -> bytes:
    """Return a workbook with one sheet ``表``: see ``worksheet`` and ``parts``."""
    return zipped(parts(worksheet(rows, after), **changes))
