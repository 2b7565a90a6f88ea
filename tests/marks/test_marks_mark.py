from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.marks.mark import CannotMark, is_finding_list, mark, unmark
from perfxl.marks.notes import HEAD, TAIL
from perfxl.marks.origin import PROPERTY, origin_of
from perfxl.model.address import Box, cell_name
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Book
from perfxl.package.draft import RECORD
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.readers.book import read_book
from support import handmade
from support.effort import examples
from support.office import Office
from support.packages import parts
from support.returns import FORM, MAKERS, SECOND, by_openpyxl, by_xlsxwriter, prefixed, threaded

# What openpyxl does not know of XlsxWriter's data bars.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
REMEDIES = {"V01": "请填写。", "M06": "请核对收入性质各项与全年预算数。"}
FINDINGS = (
    Finding(
        "M06",
        WARNING,
        "收入性质合计 6558.51 与全年预算数 6558.50 相差 0.01",
        FORM,
        "C9",
        label="年度预算申请 › 按收入性质分",
        value=Decimal("6558.51"),
        expected=Decimal("6558.50"),
        related=(f"{FORM}!D6",),
    ),
    Finding("V01", ERROR, "必填项未填", FORM, "I8", label="绩效指标 › 得分"),
    Finding("V02", ERROR, "不是数字", FORM, "G12", value="=1+cmd|' /C calc'!A0"),
    Finding("S01", ERROR, "在合并单元格里", FORM, "D6"),
    Finding("M08", WARNING, "请说明原因", FORM, "B3"),
    Finding("M09", ERROR, "没有说明", FORM, "B3"),
    Finding("V01", ERROR, "在表外", FORM, "K70"),
    Finding("V10", INFO, "已转换", FORM, "A2"),
    Finding("S09", WARNING, "单位不在名单中", FORM),
    Finding("F04", WARNING, "含有宏"),
    Finding("V03", WARNING, "不是选项", SECOND, "B2"),
    Finding("V03", WARNING, "没有这张表", "没有", "B2"),
)
RETURNS = {name: maker() for name, maker in MAKERS.items()}

texts = st.text(max_size=30)
findings = st.builds(
    Finding,
    code=st.sampled_from(["V01", "M06", "C04"]),
    severity=st.sampled_from(Severity),
    message=texts,
    sheet=st.sampled_from([FORM, SECOND, None]),
    cell=st.one_of(st.none(), st.builds(cell_name, st.integers(1, 40), st.integers(1, 14))),
    label=st.one_of(st.none(), texts),
    value=st.one_of(st.none(), texts, st.booleans(), st.decimals()),
    expected=st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False)),
)


def book(data: bytes) -> Book:
    found = read_book(data)
    assert isinstance(found, Book), found
    return found


def sheets(data: bytes) -> list[tuple[str, Mapping[tuple[int, int], object], tuple[Box, ...], bool]]:
    return [
        (grid.name, grid.cells, grid.merges, grid.hidden) for grid in book(data).sheets if not is_finding_list(grid)
    ]


def notes(data: bytes, sheet: str) -> dict[str, str]:
    cells = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    return {cell.coordinate: cell.comment.text for row in cells.iter_rows() for cell in row if cell.comment}


def fill(data: bytes, sheet: str, cell: str) -> str:
    pattern = openpyxl.load_workbook(io.BytesIO(data))[sheet][cell].fill
    return f"{pattern.patternType} {pattern.fgColor.rgb}"


@pytest.mark.parametrize("maker", RETURNS)
def test_a_marked_copy_is_sound_and_holds_everything(maker: str, assert_valid_package: Callable[..., None]) -> None:
    data = RETURNS[maker]
    marked = mark(data, FINDINGS, REMEDIES)
    assert_valid_package(marked, source=data)
    assert sheets(marked) == sheets(data)
    before, after = parts(data), parts(marked)
    assert set(before) <= set(after)
    touched = r"workbook|worksheets|styles|[Cc]omment|vml|Content_Types"
    assert all(after[name] == content for name, content in before.items() if not re.search(touched, name))
    assert is_finding_list(book(marked).sheets[0])


@pytest.mark.parametrize("maker", RETURNS)
def test_marks_come_off_byte_for_byte_and_twice_is_once(maker: str) -> None:
    data = RETURNS[maker]
    marked = mark(data, FINDINGS, REMEDIES)
    assert parts(unmark(marked)) == parts(data)
    assert list(parts(unmark(marked))) == list(parts(data))
    assert mark(marked, FINDINGS, REMEDIES) == marked
    assert parts(mark(marked, FINDINGS[:1], {})) == parts(mark(data, FINDINGS[:1], {}))
    assert unmark(data) is data


def forged(marked: bytes, forge: Callable[[bytes], list[list[object]]]) -> bytes:
    """Return a marked copy whose record leads from the form's sheet to something else; ``forge`` says which edits."""
    inside = dict(parts(marked))
    record = json.loads(inside[RECORD])
    name = next(name for name in record["changed"] if name.startswith("xl/worksheets/sheet1"))
    record["changed"][name]["undo"] = forge(inside[name])
    inside[RECORD] = json.dumps(record).encode()
    return handmade.zipped(inside)


def another_figure(sheet: bytes) -> list[list[object]]:
    found = next(re.finditer(rb"<v>([0-9.]+)</v></c>", sheet))
    return [[found.start(1), found.end(1), "1111.1"]]


FORGERIES: Mapping[str, Callable[[bytes], list[list[object]]]] = {
    "another figure": another_figure,
    "growing": lambda sheet: [[len(sheet), 0, ""]] * 2000,
    "outside": lambda sheet: [[0, len(sheet) + 9, ""]],
    "negative": lambda _: [[-9, 3, ""]],
    "no places": lambda _: [["x", None, ""]],
    "no numbers": lambda _: [[1e300, 1e300, ""]],
    "nothing left": lambda sheet: [[0, len(sheet), ""]],
}


@pytest.mark.slow
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_record_changes_nothing_that_is_read(forgery: str) -> None:
    data = forged(mark(RETURNS["by_xlsxwriter"], FINDINGS, REMEDIES), FORGERIES[forgery])
    assert sheets(unmark(data)) == sheets(data) == sheets(RETURNS["by_xlsxwriter"])
    again = mark(data, FINDINGS, REMEDIES)
    assert sheets(again) == sheets(data)
    assert len(again) < 2 * len(data)


def test_a_record_that_is_too_long_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = RETURNS["by_xlsxwriter"]
    marked = mark(data, FINDINGS, REMEDIES)
    monkeypatch.setattr("perfxl.package.draft._LONGEST_RECORD", 100)
    assert sheets(unmark(marked)) == sheets(data)
    unrecorded = mark(data, FINDINGS, REMEDIES)
    assert parts(unrecorded)[RECORD] == b"{}"
    assert sheets(unmark(unrecorded)) == sheets(data)
    assert not any(is_finding_list(grid) for grid in book(unmark(unrecorded)).sheets)


@settings(max_examples=examples(40))
@given(st.sampled_from(sorted(RETURNS)), st.lists(findings, max_size=8))
def test_any_findings_go_on_and_come_off(maker: str, found: list[Finding]) -> None:
    data = RETURNS[maker]
    marked = mark(data, found, {"V01": "请填写"})
    assert sheets(marked) == sheets(data)
    assert parts(unmark(marked)) == parts(data)
    assert mark(marked, found, {"V01": "请填写"}) == marked


def test_without_errors_and_warnings_nothing_is_marked() -> None:
    data = RETURNS["by_xlsxwriter"]
    only_info = (Finding("V10", INFO, "已转换", FORM, "A2"),)
    assert mark(data, only_info, {}) is data
    assert parts(mark(mark(data, FINDINGS, {}), only_info, {})) == parts(data)


def test_cells_are_filled_by_severity_and_keep_their_format() -> None:
    marked = openpyxl.load_workbook(io.BytesIO(mark(by_xlsxwriter(), FINDINGS, REMEDIES)))[FORM]
    assert (marked["I8"].fill.patternType, marked["C9"].fill.patternType) == ("solid", "lightUp")
    assert marked["C5"].fill.fgColor.rgb == marked["I8"].fill.fgColor.rgb  # the merge shows its first cell
    assert marked["B3"].fill.patternType == "solid"  # an error beside a warning
    assert marked["G12"].number_format == "#,##0.00"
    assert marked["G12"].border.left.style == "thin"
    assert marked["G12"].protection.locked is False
    assert marked["A2"].fill.patternType is None  # an info
    assert marked["K70"].fill.patternType == "solid"


def test_a_covered_cell_is_marked_at_the_head_of_its_merge_whatever_the_encoding() -> None:
    sheet = parts(mark(prefixed(), FINDINGS, {}))["xl/worksheets/sheet1.xml"].decode()
    assert re.search(r'<x:row r="5"><x:c r="C5" s="\d+"/></x:row>', sheet)
    assert 'sqref="B3 C5:D6' in sheet


def test_a_new_cell_takes_the_format_of_its_column() -> None:
    marked = openpyxl.load_workbook(
        io.BytesIO(mark(by_openpyxl(), [Finding("V01", ERROR, "未填", FORM, cell) for cell in ("M40", "N40")], {}))
    )[FORM]
    assert [marked[cell].fill.patternType for cell in ("M40", "N40")] == ["solid", "solid"]
    assert [marked[cell].font.bold for cell in ("M40", "N40")] == [False, True]


def test_rules_of_ours_go_before_the_officers() -> None:
    marked = parts(mark(by_xlsxwriter(), FINDINGS, {}))["xl/worksheets/sheet1.xml"].decode()
    blocks = re.findall(r'<conditionalFormatting sqref="([^"]+)"><cfRule [^>]*priority="(\d+)"', marked)
    assert [priority for _, priority in blocks] == ["1", "2", "3", "4", "5"]
    assert [block.split() for block, _ in blocks[:3]] == [["B3", "I8", "G12", "K70"], ["C5:D6"], ["C9"]]
    assert 'LEN("perfxl.error solid fg.rgb=FFDDDDDD bg.indexed=64")&gt;0' in marked


def test_notes_say_what_is_wrong_and_what_to_do() -> None:
    text = notes(mark(by_xlsxwriter(), FINDINGS, REMEDIES), FORM)["C9"]
    assert text.split("\n") == [
        HEAD,
        "警告 M06  收入性质合计 6558.51 与全年预算数 6558.50 相差 0.01",
        "应为：6558.50",
        "相关单元格：D6",
        "处理：请核对收入性质各项与全年预算数。",
        TAIL,
    ]


def test_the_officers_note_stays_and_ours_goes_behind_it() -> None:
    written = notes(mark(by_xlsxwriter(), FINDINGS, {}), FORM)["B3"]
    assert written.startswith(f"我的批注，请留着\n{HEAD}\n警告 M08")
    assert "错误 M09  没有说明" in written


def test_a_threaded_comment_gets_its_note_beside_it() -> None:
    written = notes(mark(threaded(), FINDINGS, {}), FORM)
    assert written["B3"] == "[Threaded comment]"
    assert written["C3"] == "请 看 "
    assert "关于 B3：" in written["D3"]


def test_the_list_says_it_all_and_links_to_the_cells() -> None:
    marked = openpyxl.load_workbook(io.BytesIO(mark(by_xlsxwriter(), FINDINGS, REMEDIES)))
    listed = marked["错误清单"]
    assert marked.sheetnames[0] == "错误清单"
    rows = [[cell.value for cell in row[:10]] for row in listed.iter_rows(min_row=5)]
    assert [row[0] for row in rows] == list(range(1, 12))
    assert [row[1] for row in rows] == ["错误"] * 5 + ["警告"] * 6
    assert rows[1][6] == "=1+cmd|' /C calc'!A0"
    assert listed["G6"].data_type == "s"
    assert rows[5] == [
        6,
        "警告",
        "M06",
        FORM,
        "C9",
        "年度预算申请 › 按收入性质分",
        "6558.51",
        "6558.50",
        "收入性质合计 6558.51 与全年预算数 6558.50 相差 0.01（相关单元格：D6）",
        "请核对收入性质各项与全年预算数。",
    ]
    link = listed["E10"].hyperlink
    assert link is not None
    assert link.location == f"'{FORM}'!C9"
    assert (listed.auto_filter.ref, listed.freeze_panes, listed.print_title_rows) == ("A4:J15", "A5", "$4:$4")
    assert listed.page_setup.orientation == "landscape"
    assert listed.sheet_properties.pageSetUpPr is not None
    assert listed.sheet_properties.pageSetUpPr.fitToPage


def test_positions_of_sheets_follow_the_list() -> None:
    marked = mark(by_xlsxwriter(), FINDINGS, {})
    opened = openpyxl.load_workbook(io.BytesIO(marked))
    assert opened.active is opened["错误清单"]
    assert [sheet.title for sheet in opened if sheet.sheet_view.tabSelected] == ["错误清单"]
    assert opened[FORM].print_title_rows == "$1:$2"
    assert opened[SECOND].print_area == f"'{SECOND}'!$A$1:$B$3"


def test_an_own_sheet_of_that_name_is_no_list_of_ours() -> None:
    marked = mark(by_openpyxl(), FINDINGS, {})
    assert [grid.name for grid in book(marked).sheets] == ["错误清单2", FORM, "错误清单", SECOND]
    assert [is_finding_list(grid) for grid in book(marked).sheets] == [True, False, False, False]


def test_the_list_is_known_by_what_it_says_and_not_by_its_place_or_name() -> None:
    again = io.BytesIO()
    opened = openpyxl.load_workbook(io.BytesIO(mark(by_openpyxl(), FINDINGS, {})))
    listed = opened["错误清单2"]
    listed.title = "问题"
    listed.insert_rows(1)
    opened.move_sheet("问题", 2)
    opened.save(again)
    assert [grid.name for grid in book(again.getvalue()).sheets if is_finding_list(grid)] == ["问题"]
    listed["C5"] = "编码"
    opened.save(again)
    assert not any(is_finding_list(grid) for grid in book(again.getvalue()).sheets)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (handmade.zipped({**handmade.parts(handmade.worksheet("")), "_xmlsignatures/origin.sigs": b""}), "签名"),
        (handmade.book("", workbook='<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'), "严格"),
        (handmade.book("", workbook="<workbook><sheets>"), "另存"),
        (handmade.zipped({"[Content_Types].xml": "<Types/>"}), "工作簿"),
        (b"%PDF-1.4", "Excel"),
    ],
)
def test_what_cannot_be_marked_says_why_and_unmarks_as_itself(data: bytes, why: str) -> None:
    with pytest.raises(CannotMark, match=why):
        mark(data, FINDINGS, {})
    assert unmark(data) is data


def test_marks_come_off_a_copy_that_another_program_has_saved() -> None:
    data = by_openpyxl()
    again = io.BytesIO()
    opened = openpyxl.load_workbook(io.BytesIO(mark(data, FINDINGS, REMEDIES)))
    opened[FORM]["C9"] = 6558.5
    opened.save(again)
    clean = unmark(again.getvalue())
    assert [grid.name for grid in book(clean).sheets] == [FORM, "错误清单", SECOND]
    assert notes(clean, FORM) == notes(data, FORM)
    for cell in ("B3", "C5", "C9", "G12", "I8", "K70"):
        assert fill(clean, FORM, cell) == fill(data, FORM, cell), cell
    assert b"perfxl" not in parts(clean)["xl/worksheets/sheet2.xml"]
    assert unmark(clean) is clean


def test_what_the_officer_wrote_into_our_note_stays() -> None:
    again = io.BytesIO()
    opened = openpyxl.load_workbook(io.BytesIO(mark(by_xlsxwriter(), FINDINGS, {})))
    comment = opened[FORM]["I8"].comment
    assert comment is not None
    comment.text += "\n已补填"
    opened.save(again)
    assert notes(unmark(again.getvalue()), FORM) == {"B3": "我的批注，请留着", "I8": "已补填"}


def test_a_record_that_lies_is_not_believed() -> None:
    package = Package.open(mark(by_openpyxl(), FINDINGS, {}), DEFAULT)
    for lie in (b"", b"[]", b'{"changed":{"xl/none.xml":{"sha256":"","undo":[]}},"added":{}}', b'{"changed":1}'):
        clean = unmark(package.rebuilt({"xl/perfxl/marks.json": lie}))
        assert sheets(clean) == sheets(by_openpyxl())
        assert notes(clean, FORM) == notes(by_openpyxl(), FORM)


@pytest.mark.client
@pytest.mark.parametrize("maker", ["by_xlsxwriter", "by_openpyxl", "threaded"])
def test_libreoffices_workbooks_are_marked_and_cleaned_of_marks(
    maker: str, office: Office, tmp_path: Path, assert_valid_package: Callable[..., None]
) -> None:
    (tmp_path / "typed.xlsx").write_bytes(RETURNS[maker])
    data = office.edit(tmp_path / "typed.xlsx", (), tmp_path / "return.xlsx").read_bytes()
    marked = mark(data, FINDINGS, REMEDIES)
    assert_valid_package(marked, source=data)
    assert parts(unmark(marked)) == parts(data)
    (tmp_path / "marked.xlsx").write_bytes(marked)
    saved = office.edit(tmp_path / "marked.xlsx", (), tmp_path / "again.xlsx").read_bytes()
    assert is_finding_list(book(saved).sheets[0])
    clean = unmark(saved)
    assert_valid_package(clean, source=saved)
    assert sheets(clean) == sheets(data)
    assert notes(clean, FORM) == notes(data, FORM)
    for cell in ("B3", "C5", "C9", "G12", "I8", "K70"):
        assert fill(clean, FORM, cell) == fill(data, FORM, cell), cell
    assert unmark(clean) is clean


ORIGIN = "0123456789abcdef" * 4


@pytest.mark.parametrize("maker", RETURNS)
def test_a_marked_copy_knows_what_it_was_made_from(maker: str, assert_valid_package: Callable[..., None]) -> None:
    data = RETURNS[maker]
    marked = mark(data, FINDINGS, REMEDIES, origin=ORIGIN)
    assert_valid_package(marked, source=data)
    assert origin_of(book(data)) is None
    assert origin_of(book(marked)) == ORIGIN
    assert parts(unmark(marked)) == parts(data)
    again = mark(marked, FINDINGS, REMEDIES, origin="f" * 64)
    assert origin_of(book(again)) == "f" * 64
    assert parts(unmark(again)) == parts(data)


def test_it_knows_that_without_the_list_and_without_the_property() -> None:
    saved = openpyxl.load_workbook(io.BytesIO(mark(RETURNS["by_openpyxl"], FINDINGS, REMEDIES, origin=ORIGIN)))
    del saved["错误清单"]
    buffer = io.BytesIO()
    saved.save(buffer)
    assert origin_of(book(buffer.getvalue())) == ORIGIN
    cleaned = unmark(buffer.getvalue())
    assert origin_of(book(cleaned)) is None
    found = book(mark(RETURNS["by_openpyxl"], FINDINGS, REMEDIES, origin=ORIGIN))
    assert origin_of(replace(found, properties={})) == ORIGIN
    assert origin_of(replace(found, properties={PROPERTY: "=1"})) == ORIGIN


def test_marks_are_printed_though_fills_are_not() -> None:
    data = printed_without_fills()
    copy = mark(data, FINDINGS[:2], REMEDIES)
    sheet = openpyxl.load_workbook(io.BytesIO(copy))[FORM]
    assert not sheet.page_setup.blackAndWhite
    back = unmark(copy)
    assert back is not None
    assert Package.open(back, DEFAULT).read("xl/worksheets/sheet1.xml") == Package.open(data, DEFAULT).read(
        "xl/worksheets/sheet1.xml"
    )


def printed_without_fills() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(by_openpyxl()))
    book[FORM].page_setup.blackAndWhite = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
