"""What the workbook part says, and the custom properties."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from perfxl.package.limits import DEFAULT
from perfxl.package.outline import Outline, SheetEntry, read_modified, read_outline, read_properties
from perfxl.package.unreadable import Unreadable, UnreadableReason
from support.handmade import workbook


def outline(sheets: str = "", rest: str = "") -> Outline:
    return read_outline(workbook(sheets, rest).encode(), DEFAULT)


def test_sheets_in_order_with_their_state() -> None:
    sheets = (
        '<sheet name="自评表" sheetId="4" r:id="rId7"/><sheet name="&amp;隐" sheetId="1" state="hidden" r:id="rId2"/>'
        '<sheet name="深藏" sheetId="2" state="veryHidden" r:id="rId3"/>'
        '<sheet name="见" sheetId="3" state="visible" r:id="rId4"/>'
    )
    assert outline(sheets).sheets == [
        SheetEntry("自评表", "rId7", hidden=False),
        SheetEntry("&隐", "rId2", hidden=True),
        SheetEntry("深藏", "rId3", hidden=True),
        SheetEntry("见", "rId4", hidden=False),
    ]


def test_names_of_the_workbook_and_of_sheets_with_their_raw_text() -> None:
    rest = (
        '<definedNames><definedName name="stamp">"hunan|2023"</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="1">表!$A$1:$I$40</definedName>'
        '<definedName name="stamp" localSheetId="0" hidden="1">"乙&amp;丙"</definedName></definedNames>'
    )
    found = outline("", rest)
    assert found.names == {"stamp": '"hunan|2023"'}
    assert found.local_names == {0: {"stamp": '"乙&丙"'}, 1: {"_xlnm.Print_Area": "表!$A$1:$I$40"}}


@pytest.mark.parametrize(("written", "expected"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_date_system(*, written: str, expected: bool) -> None:
    assert outline("", f'<workbookPr date1904="{written}"/>').date1904 is expected
    assert not outline("", "<workbookPr/>").date1904


def test_elements_of_other_programs_are_passed_over() -> None:
    rest = '<extLst><ext><e:sheet xmlns:e="urn:e" name="没有"/></ext></extLst><w:etc xmlns:w="urn:w"><w:sheet/></w:etc>'
    assert not outline("", rest).sheets


@pytest.mark.parametrize("data", ['<document xmlns="urn:word"/>', ""])
def test_what_is_no_workbook_part_is_damage(data: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_outline(data.encode(), DEFAULT)
    assert caught.value.reason is UnreadableReason.DAMAGED


def test_attributes_that_say_nothing_are_passed_over() -> None:
    found = outline(
        '<sheet sheetId="1"/>', '<definedNames><definedName name="a" localSheetId="x">1</definedName></definedNames>'
    )
    assert [(sheet.name, sheet.relation) for sheet in found.sheets] == [("", "")]
    assert found.names == {"a": "1"}


def test_more_names_than_allowed() -> None:
    names = "".join(f'<definedName name="n{number}" localSheetId="{number % 2}">1</definedName>' for number in range(5))
    data = workbook("", f"<definedNames>{names}</definedNames>").encode()
    with pytest.raises(Unreadable) as caught:
        read_outline(data, replace(DEFAULT, max_cells=4))
    assert caught.value.reason is UnreadableReason.TOO_LARGE
    assert read_outline(data, replace(DEFAULT, max_cells=5)).local_names


def test_properties_of_every_type_are_text() -> None:
    data = (
        '<Properties xmlns="urn:p" xmlns:vt="urn:v"><property name="form" pid="2">\n  <vt:lpwstr>hunan_x000D_|一'
        '</vt:lpwstr>\n</property><property name="year" pid="3"><vt:i4>2023</vt:i4></property>'
        '<property name="空" pid="4"><vt:lpwstr/></property></Properties>'
    )
    assert read_properties(data.encode(), DEFAULT) == {"form": "hunan\r|一", "year": "2023", "空": ""}


CORE = '<cp:coreProperties xmlns:cp="urn:cp" xmlns:d="urn:dc"><d:created>2020-01-01T00:00:00Z</d:created>{}</cp:coreProperties>'


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2024-01-16T08:30:00Z", dt.datetime(2024, 1, 16, 8, 30, tzinfo=dt.UTC)),
        ("2024-01-16T08:30:00+08:00", dt.datetime(2024, 1, 16, 0, 30, tzinfo=dt.UTC)),
        ("2024-01-16T08:30:00", dt.datetime(2024, 1, 16, 8, 30, tzinfo=dt.UTC)),
        (" 2024-01-16 ", dt.datetime(2024, 1, 16, tzinfo=dt.UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:30:00Z", None),
        ("9999-12-31T23:30:00-14:00", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_when_it_was_saved_last(stated: str, expected: dt.datetime | None) -> None:
    core = CORE.format(f"<d:modified>{stated}</d:modified>")
    assert read_modified(core.encode(), DEFAULT) == expected


def test_a_workbook_that_does_not_say_when() -> None:
    assert read_modified(CORE.format("").encode(), DEFAULT) is None
