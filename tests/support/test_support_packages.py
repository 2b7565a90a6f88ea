from __future__ import annotations

import io

import xlsxwriter

from support.packages import differences, readable


def workbook(*labels: str, width: int = 10) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("自评表")
        sheet.set_column(0, 0, width)
        sheet.write_column("A1", labels)
    return file.getvalue()


def test_a_workbook_does_not_differ_from_itself() -> None:
    text = readable(workbook("部门名称", "合计"))
    assert differences(text, text) == ""


def test_a_difference_names_its_part_and_shows_both_sides() -> None:
    found = differences(readable(workbook("合计")), readable(workbook("合计", width=12)))
    assert found.startswith("--- xl/worksheets/sheet1.xml")
    assert [line[0] for line in found.splitlines() if "<col " in line] == ["-", "+"]


def test_a_new_label_changes_its_own_cell_alone() -> None:
    before, after = readable(workbook("甲", "丙")), readable(workbook("乙", "丙"))
    changed = [
        line for line in differences(before, after).splitlines() if line.startswith(("+ ", "- ")) and "<v>" in line
    ]
    assert [line.split("<v>")[1][0] for line in changed] == ["甲", "乙"]


def test_a_part_that_is_gone_is_a_difference() -> None:
    text = readable(workbook("合计"))
    assert "docProps/core.xml" in differences(text, text[: text.index("=== docProps/core.xml")])


def test_what_is_no_xml_is_known_by_its_hash() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.add_worksheet()
        book.set_size(1000, 1000)
        book.add_vba_project(io.BytesIO(b"not really macros"), is_stream=True)
    assert "17 bytes, sha256 " in readable(file.getvalue())
