from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.api import marked
from perfxl.forms.layout.place import place
from perfxl.marks.mark import is_finding_list, mark, unmark
from perfxl.model.address import parse_cell
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Grid
from perfxl.model.path import generic
from perfxl.model.submission import Submission
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package, Relation
from perfxl.receive import copies
from perfxl.receive.copies import CannotMark, marked_copy
from perfxl.receive.examine import with_copy
from support import corpus
from support.handmade import zipped
from support.office import Office
from support.packages import parts

FORMS = {
    "hubei-dept-goal": "exceljs-pictures.xlsx",
    "henan-dept-goal": "packed-phonetic.xlsx",
    "hunan-dept-self-eval": "sheetjs-shared.xlsx",
    "hunan-self-eval-report": "packed-prefixes.xlsx",
    "jilin-dept-self-eval": "xlsxwriter-zip64.xlsx",
    "jilin-project-self-eval": "exceljs-stream.xlsx",
    "mof-project-goal": "packed-controls.xlsx",
    "mof-project-monitor": "packed-streamed.xlsx",
    "mof-project-self-eval": "packed-later.xlsx",
    "qinghai-dept-approval": "openpyxl-rows.xlsx",
}
GARBAGE = ("约一百万", "#REF!", "12.3.4", "见附件", "待填", "　１２３．５万元")


def foreign(data: bytes, kind: str = "xls") -> Submission:
    """Return what would have been read from a file of another format with the same sheets."""
    submission = corpus.read(data)
    return replace(submission, source=replace(submission.source, format=kind))


def converted(data: bytes) -> bytes:
    return marked_copy(data, foreign(data)).data


@cache
def spoiled(name: str) -> bytes:
    """Return a return of the corpus with unreadable texts in some of its input cells, and figures over computed ones."""
    data = corpus.FILES[name]
    rng = Random(name)
    submission = corpus.read(data)
    for returned in submission.forms:
        form = corpus.library().forms[returned.form]
        reading = read(compile_pattern(place(form)), grid(data, returned.sheet))
        # What the form prints (names, levels, captions) it prints again, beside what was typed over it.
        held = [
            seen.name
            for path, seen in reading.seen.items()
            if seen.cell is not None
            and path.rpartition(".")[2] not in {"level1", "level2", "name"}
            and form.fields[generic(path)].caption is None
        ]
        for cell in rng.sample(held, min(8, len(held))):
            data = corpus.typed(data, returned.sheet, cell, rng.choice(GARBAGE))
    return data


def grid(data: bytes, name: str) -> Grid:
    return next(sheet for sheet in corpus.book(data).sheets if sheet.name == name)


def said(findings: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    """Return what is said of what stands in fields, without the places; what a sheet or file has beside them is left out.

    So is what formulas of the return leave out: those of the copy do not.
    """
    return sorted(
        (finding.code, finding.path or "", finding.message, str(finding.value), str(finding.expected))
        for finding in findings
        if finding.severity is not Severity.INFO
        and finding.code[0] != "F"
        and finding.code not in {"S02", "S08", "S04"}
        and "写成文字的数" not in finding.message
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_converted_copy_says_of_itself_what_was_said_of_the_return(
    form: str, assert_valid_package: Callable[..., None]
) -> None:
    data = spoiled(FORMS[form])
    copy = converted(data)
    assert_valid_package(copy)
    before, after = corpus.read(data), corpus.read(copy)
    assert [returned.form for returned in after.forms] == [returned.form for returned in before.forms]
    assert [returned.record.values for returned in after.forms] == [returned.record.values for returned in before.forms]
    assert said(after.findings) == said(before.findings)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_list_of_a_converted_copy_names_its_own_cells(form: str) -> None:
    copy = converted(spoiled(FORMS[form]))
    findings = {
        (finding.code, finding.sheet, finding.cell, finding.message): finding for finding in corpus.read(copy).findings
    }
    listed = next(sheet for sheet in corpus.book(copy).sheets if is_finding_list(sheet))
    rows = [
        tuple((listed.cells[row, column].value if (row, column) in listed.cells else None) for column in (3, 4, 5, 9))
        for row in range(1, 1 + max(row for row, _ in listed.cells))
    ]
    rows = rows[rows.index(("代码", "工作表", "单元格", "说明")) + 1 :]
    assert rows
    own = [row for row in rows if row[0] not in {"S02", "S08", "S04", "F05", "F07", "F09"}]
    for code, sheet, cell, message in own:
        text = str(message).partition("（相关单元格")[0]
        assert any((code, sheet, cell) == key[:3] and key[3].startswith(text.rstrip("…")) for key in findings), (
            code,
            sheet,
            cell,
            message,
        )


def test_a_converted_copy_says_that_it_is_one_and_what_is_not_in_it() -> None:
    data = corpus.FILES["exceljs-table.xlsx"]
    listed = corpus.book(converted(data)).sheets[0]
    top = [cell.value for (row, column), cell in listed.cells.items() if column == 1 and row < 7]
    assert any("由交回的 .xls 文件转换而成" in str(text) for text in top)
    assert any("“任务台账”" in str(text) for text in top)


def test_what_stands_outside_every_field_is_listed_with_its_place_in_the_return() -> None:
    listed = corpus.book(converted(corpus.FILES["packed-wps.xlsx"])).sheets[0]
    rows = {str(cell.value): row for (row, column), cell in listed.cells.items() if column == 9}
    message, row = next((text, row) for text, row in rows.items() if "DISPIMG" in text)
    assert message.endswith("（在原件的 B41 单元格）")
    assert (row, 5) not in listed.cells


def test_a_typed_total_stays_typed_where_something_is_said_of_it() -> None:
    data = corpus.FILES["sheetjs-shared.xlsx"]
    before = corpus.read(data)
    form = before.forms[0]
    reading = read(compile_pattern(place(corpus.library().forms[form.form])), grid(data, form.sheet))
    wrong = corpus.typed(data, form.sheet, reading.seen["total.weight"].name, "90")
    copy = converted(wrong)
    after = corpus.read(copy)
    finding = next(finding for finding in after.findings if finding.path == "total.weight")
    cell = grid(copy, form.sheet).cells[parse_cell(finding.cell or "")]
    assert (str(cell.value), cell.formula) == ("90", None)


def test_two_sheets_of_one_name_or_a_bad_one_get_names_that_programs_take() -> None:
    data = corpus.FILES["sheetjs-two-forms.xlsx"]
    names = [sheet.name for sheet in corpus.book(converted(data)).sheets if not sheet.hidden]
    assert names[:3] == ["错误清单", "项目支出绩效目标申报表", "监控表"]


OURS = ("填报自检", "填表说明", "_perfxl", "_PERFXL", "_perfxl_rows", "History")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OURS, "表!表", "甲'乙", "自评表!", "[1]表"])
def test_a_form_on_a_sheet_of_another_name_than_ours_may_have_is_set_anew_under_its_own_name(name: str) -> None:
    data = corpus.FILES["exceljs-stream.xlsx"]
    workbook = parts(data)["xl/workbook.xml"]
    renamed = re.sub(rb'(<sheet [^>]*?name=")[^"]*', rb"\g<1>" + name.encode(), workbook, count=1)
    data = zipped({**parts(data), "xl/workbook.xml": renamed})
    assert [form.sheet for form in corpus.read(data).forms] == [name]
    form = corpus.read(data).forms[0].definition
    again = corpus.read(converted(data))
    assert [one.sheet for one in again.forms] == [form.sheet]
    assert again.forms[0].record == corpus.read(data).forms[0].record


@pytest.mark.slow
@pytest.mark.parametrize("name", corpus.CLOSED)
def test_signed_and_strict_returns_get_a_copy_beside_them_and_are_told_so(
    name: str, assert_valid_package: Callable[..., None]
) -> None:
    data = corpus.FILES[name]
    submission = corpus.read(data)
    told, copy = with_copy(data, submission)
    assert copy is not None
    assert [finding.code for finding in told.findings if finding not in submission.findings] == ["F14"]
    assert_valid_package(copy.data)
    assert is_finding_list(corpus.book(copy.data).sheets[0])
    assert corpus.read(copy.data).forms[0].record == submission.forms[0].record
    assert with_copy(data, told) == (told, copy)


def test_a_file_that_can_be_marked_is_marked_itself() -> None:
    data = corpus.FILES["xlsxwriter-macros.xlsm"]
    copy = marked_copy(data, corpus.read(data))
    assert (copy.suffix, copy.said) == ("xlsm", None)
    assert copy.data == marked(data, corpus.read(data))


def test_without_a_form_there_is_no_copy() -> None:
    data = corpus.FILES["packed-strict.xlsx"]
    nothing = replace(corpus.read(data), forms=())
    with pytest.raises(CannotMark):
        marked_copy(data, nothing)
    with pytest.raises(CannotMark):
        marked_copy(data, replace(foreign(data), forms=()))


@pytest.mark.client
@pytest.mark.parametrize("form", ["hunan-dept-self-eval", "hubei-dept-goal"])
def test_libreoffice_opens_a_converted_copy_and_saves_it_as_one(form: str, office: Office, tmp_path: Path) -> None:
    data = spoiled(FORMS[form])
    copy, saved = tmp_path / "copy.xlsx", tmp_path / "saved.xlsx"
    copy.write_bytes(converted(data))
    again = office.edit(copy, (), saved).read_bytes()
    assert said(corpus.read(again).findings) == said(corpus.read(data).findings)


@pytest.mark.slow
@pytest.mark.parametrize("broken", [b"", corpus.FILES["xlsxwriter-rich.xlsx"]], ids=["unreadable", "another"])
def test_a_copy_that_reads_otherwise_is_never_handed_over(monkeypatch: pytest.MonkeyPatch, broken: bytes) -> None:
    data = corpus.FILES["exceljs-pictures.xlsx"]
    submission = corpus.read(data)
    made: list[bytes] = []

    def careless(file: bytes, *others: Any) -> bytes:
        made.append(file)
        return broken if file == data else mark(file, *others)

    monkeypatch.setattr(copies, "mark", careless)
    told, copy = with_copy(data, submission)
    assert copy is not None
    assert made[0] == data
    assert [finding.code for finding in told.findings if finding not in submission.findings] == ["F14"]
    assert corpus.read(copy.data).forms[0].record == submission.forms[0].record


@pytest.mark.parametrize("broken", [b"<worksheet>", b"<!DOCTYPE x><worksheet/>"])
def test_a_copy_with_a_list_that_no_program_can_open_is_never_handed_over(
    monkeypatch: pytest.MonkeyPatch, broken: bytes
) -> None:
    data = corpus.FILES["xlsxwriter-rich.xlsx"]
    sheets = {relation.target for relation in _sheets(data)}

    def careless(*given: Any) -> bytes:
        made = Package.open(mark(*given), DEFAULT)
        if given[0] != data:
            return made.data
        (listed,) = {relation.target for relation in _sheets(made.data)} - sheets
        return made.rebuilt({listed: broken})

    assert marked_copy(data, corpus.read(data)).said is None
    monkeypatch.setattr(copies, "mark", careless)
    said = marked_copy(data, corpus.read(data)).said
    assert said is not None
    assert said.code == "F14"


def _sheets(data: bytes) -> Iterator[Relation]:
    relations = Package.open(data, DEFAULT).relations("xl/workbook.xml")
    return (relation for relation in relations if relation.kind == "worksheet")


@pytest.mark.slow
def test_where_no_copy_reads_as_the_return_does_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    data = corpus.FILES["exceljs-pictures.xlsx"]
    monkeypatch.setattr(copies, "mark", lambda *_: b"")
    told, copy = with_copy(data, corpus.read(data))
    assert copy is None
    assert [finding.code for finding in told.findings if finding not in corpus.read(data).findings] == ["F14"]


def test_a_return_with_parts_in_utf_16_is_marked_itself() -> None:
    data = corpus.FILES["exceljs-pictures.xlsx"]
    package = Package.open(data, DEFAULT)
    wide = [name for name in package.names if name.startswith("xl/worksheets/sheet") or name == "xl/styles.xml"]
    recoded = package.rebuilt({name: _wide(package.read(name)) for name in wide})
    submission = corpus.read(recoded)
    assert submission.forms[0].record == corpus.read(data).forms[0].record
    copy = marked_copy(recoded, submission)
    assert copy.said is None
    assert corpus.read(copy.data).forms[0].record == submission.forms[0].record
    assert parts(unmark(copy.data)) == parts(recoded)


def _wide(part: bytes) -> bytes:
    """Return an XML part in UTF-16 without a mark of its byte order."""
    return part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16-le")
