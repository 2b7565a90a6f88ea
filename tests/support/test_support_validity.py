from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter

from support.packages import parts
from support.validity import faults


@pytest.fixture(scope="module")
def sound() -> bytes:
    """A workbook with most of what ours have."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("自评表")
        red = book.add_format({"bg_color": "#FFC7CE"})
        sheet.merge_range("A1:C1", "部门整体支出绩效自评表", book.add_format({"bold": True}))
        sheet.write("A2", "合计")
        sheet.write_formula("B2", "=SUM(B3:B4)", None, 0)
        sheet.write_comment("B3", "万元")
        sheet.data_validation("B3:B4", {"validate": "decimal", "criteria": ">=", "value": 0})
        sheet.conditional_format("B2", {"type": "formula", "criteria": "=B2<0", "format": red})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=自评表!$B$3:$B$4"})
        sheet.insert_chart("E2", chart)
        book.set_custom_property("form", "hunan-dept-self-eval")
    return file.getvalue()


def rebuilt(package: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    inside = parts(package)
    change(inside)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return file.getvalue()


def replaced(package: bytes, part: str, old: str, new: str) -> bytes:
    def change(inside: dict[str, bytes]) -> None:
        assert re.search(old, inside[part].decode()), "the case is not what it says"
        inside[part] = re.sub(old, new, inside[part].decode(), count=1).encode()

    return rebuilt(package, change)


def test_workbooks_of_known_makers_are_sound(sound: bytes) -> None:
    assert faults(sound) == []
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.create_sheet("自评表")["A1"] = "合计"
    book.save(file)
    assert faults(file.getvalue()) == []


SHEET, STYLES, TYPES = "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        (SHEET, "<mergeCells", "<mergedCells", "not well-formed"),
        (SHEET, "<row ", '<row colour="red" ', "colour"),
        (SHEET, 's="1"', 's="99"', "A1 has cell format 99"),
        (SHEET, 't="s"><v>0', 't="s"><v>77', "A1 has no shared string"),
        (SHEET, 'r="A2"', 'r="A1"', "A1 stands out of order"),
        (SHEET, '(<mergeCell ref="A1:C1"/>)', r'\1<mergeCell ref="B1:B2"/>', "B1:B2 overlaps"),
        (SHEET, 'dxfId="0"', 'dxfId="5"', "differential format 5"),
        (SHEET, r'drawing r:id="rId\d"', 'drawing r:id="rId42"', "rId42, which is no relation"),
        (STYLES, "<cellXfs.*</cellXfs>", "", "has cell format 1 of 0"),
        (TYPES, r'<Override PartName="/xl/styles.xml"[^>]*>', "", None),
        (TYPES, "/xl/styles.xml", "/xl/stiles.xml", "gives a type for xl/stiles.xml"),
        ("xl/_rels/workbook.xml.rels", "styles.xml", "stiles.xml", "points to xl/stiles.xml"),
        ("docProps/custom.xml", ' pid="2"', "", "pid"),
        ("xl/drawings/drawing1.xml", "<xdr:to>.*</xdr:to>", "", "graphicFrame"),
    ],
)
def test_a_fault_is_found(sound: bytes, part: str, old: str, new: str, says: str | None) -> None:
    messages = [str(fault) for fault in faults(replaced(sound, part, old, new))]
    if says is None:  # xml is a type of last resort: no fault
        assert messages == []
    else:
        assert any(says in message for message in messages), messages


def test_a_part_without_type_and_a_part_that_is_gone_are_found(sound: bytes) -> None:
    added = rebuilt(sound, lambda inside: inside.update({"xl/media/image1.png": b""}))
    assert [str(fault) for fault in faults(added)] == ["[Content_Types].xml: gives no type for xl/media/image1.png"]
    assert faults(rebuilt(sound, lambda inside: inside.pop(STYLES)))


def test_damaged_bytes_are_a_fault(sound: bytes) -> None:
    assert faults(b"PK\x03\x04 no more")
    middle = sound.index(b"xl/worksheets/sheet1.xml") + 60
    assert faults(sound[:middle] + bytes([sound[middle] ^ 255]) + sound[middle + 1 :])


def test_what_extensions_add_is_ignored(sound: bytes) -> None:
    ignorable = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x9="urn:x9" mc:Ignorable="x9" '
    )
    assert faults(replaced(sound, SHEET, "<worksheet ", f'<worksheet {ignorable} x9:made="WPS" ')) == []


def test_only_faults_that_the_source_did_not_have_count(
    sound: bytes, assert_valid_package: Callable[..., None]
) -> None:
    odd = replaced(sound, SHEET, "<row ", '<row colour="red" ')
    worse = replaced(odd, SHEET, 's="1"', 's="99"')
    assert_valid_package(odd, source=odd)
    with pytest.raises(pytest.fail.Exception, match="cell format 99"):
        assert_valid_package(worse, source=odd)
    with pytest.raises(pytest.fail.Exception, match="colour"):
        assert_valid_package(odd)
