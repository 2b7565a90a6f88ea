"""附表1 … 附表3: a form on three sheets, with formulas, rules, choices and demands across them."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from authored_returns import HERE, Typed, authored, read
from msgspec.structs import replace

from perfxl.api import generate, layouts, marked
from perfxl.forms.definition.change import Kind
from perfxl.forms.definition.changes import changes
from perfxl.forms.definition.load import lint
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.marks.mark import unmark
from perfxl.model.finding import Severity
from perfxl.model.form import Form
from perfxl.model.grid import Grid
from perfxl.model.path import row_of
from perfxl.model.reading import Candidate, Reading
from perfxl.model.record import to_data
from perfxl.model.submission import By, Submission
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.receive.library import Library
from perfxl.reporting.document import submission_json
from perfxl.rules.files import in_doubt
from perfxl.send.series import Series
from perfxl.trial.proof import try_form
from perfxl.writer.selfcheck.lines import watch_form
from perfxl.writer.write import write

NAME = "project-on-sheets"
FIRST, SECOND, THIRD = "附表1 基本情况", "附表2 绩效指标", "附表3 资金明细"
DATA: dict[str, Any] = {
    "year": 2024,
    "project_name": "业务培训",
    "unit_name": "示例区财政局",
    "kind": "新增",
    "category": "商品和服务支出",
    "staff": 20,
    "funds": {"fiscal": {"amount": 30}, "other": {"amount": 5}},
    "basis": "按年度工作计划开展",
    "filler": "王某",
    "goal": "完成全区业务骨干培训",
    "reason": "新增职能",
    "indicators": [
        {"level1": "产出指标", "level2": "数量指标", "name": "培训人次", "target": "≥200人次", "weight": 50},
        {"level1": "产出指标", "level2": "成本指标", "name": "人均成本", "target": "≤0.2万元", "weight": 20},
        {"level1": "效益指标", "level2": "社会效益指标", "name": "学员满意率", "target": "≥90%", "weight": 30},
    ],
    "details": [
        {"name": "培训班", "subject": "培训费", "count": 10, "price": 2.5},
        {"name": "教材", "subject": "印刷费", "count": 100, "price": 0.1},
    ],
}
PLANTED: dict[str, tuple[Typed, str]] = {
    "unit_name": (None, "V01"),
    "goal": (None, "V01"),
    "indicators[1].target": (None, "G04"),
    "indicators[0].weight": (55, "P01"),
    "reason": (None, "V01"),
    "details[0].price": (4.5, "M06"),
    "details[1].count": ("一百", "V02"),
}
MARKED_ELSEWHERE = {"indicators[0].weight": "weights", "details[0].price": "fund_total"}
"""Where a mistake shows that is one of a sum."""


@cache
def form() -> Form:
    return authored(NAME)


def spot(path: str, data: Mapping[str, Any] = DATA) -> tuple[str, str]:
    """Return the sheet and the cell in which a path stands in the form filled in with some data."""
    placed = [(sheet.sheet, cell) for sheet in layouts(form(), data=data) for cell in sheet.values]
    return next(
        (sheet, cell.box.name) for key in ("source", "path") for sheet, cell in placed if getattr(cell, key) == path
    )


def book(data: Mapping[str, Any] = DATA) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(generate(form(), data=dict(data))))


def saved(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def changed(typed: Mapping[str, Typed]) -> bytes:
    workbook = book()
    for path, value in typed.items():
        sheet, cell = spot(path)
        workbook[sheet][cell] = value
    return saved(workbook)


def said(submission: Submission) -> set[tuple[str, str | None, str | None]]:
    """Return the errors and warnings of a return as code, sheet and cell."""
    return {(f.code, f.sheet, f.cell) for f in submission.findings if f.severity != "info"}


def data_of(submission: Submission) -> dict[str, Any]:
    (returned,) = submission.forms
    return to_data(form(), returned.record)


def test_a_form_on_several_sheets_is_one_return() -> None:
    submission = read(form(), generate(form(), data=DATA))
    (returned,) = submission.forms
    data = data_of(submission)
    assert said(submission) == set()
    assert (returned.by, returned.sheet, returned.sheets) == (By.STAMP, FIRST, (FIRST, SECOND, THIRD))
    figures = data["detailed"], data["total"], data["per_head"], data["weights"]
    assert [str(figure) for figure in figures] == ["35", "35", "1.75", "100"]
    document = json.loads(submission_json(submission))["forms"][0]
    assert document["sheets"] == [FIRST, SECOND, THIRD]
    for path in ("project_name", "goal", "details[1].price", "indicators[2].weight"):
        assert document["cells"][path] == "!".join(spot(path))


def test_mistakes_are_found_on_each_sheet_and_across() -> None:
    submission = read(form(), changed({path: value for path, (value, _) in PLANTED.items()}))
    wanted = {(code, *spot(MARKED_ELSEWHERE.get(path, path))) for path, (_, code) in PLANTED.items()}
    # A text is passed over by the sums: those of the rows that can be read are not held against the total.
    wanted -= {("M06", *spot("fund_total"))}
    wanted |= {("Z01", *spot("details[0].amount"))}
    assert said(submission) == wanted


def test_a_total_on_another_sheet_that_does_not_agree_is_told_where_it_is() -> None:
    (told,) = [one for one in read(form(), changed({"details[0].price": 2.6})).findings if one.code == "M06"]
    assert (told.sheet, told.cell) == spot("fund_total")
    assert told.message == "附表3 的金额合计 36.00 与资金总额 35.00 相差 1.00"
    assert "!".join(spot("details[0].amount")) in told.related


def with_row_inserted(data: Mapping[str, Any], below: str, typed: Mapping[str, Typed]) -> bytes:
    """Return the filled form with a row inserted below a row of a table, and the formulas of other sheets after it."""
    (layout,) = [one for one in layouts(form(), data=data) if any(row_of(cell.source) == below for cell in one.cells)]
    number = next(cell.box.row for cell in layout.cells if cell.source and row_of(cell.source) == below)
    columns = {cell.field.key: cell.box.column for cell in layout.cells if cell.box.row == number and cell.field}
    workbook = book(data)
    sheet = workbook[layout.sheet]
    merges = list(sheet.merged_cells.ranges)
    for area in merges:
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(number + 1)
    for area in merges:
        area.shift(row_shift=1) if area.min_row > number else area.expand(down=1) if area.max_row > number else None
        sheet.merge_cells(str(area))
    for key, value in typed.items():
        sheet.cell(number + 1, columns[key]).value = value
    return saved(workbook)


def test_a_row_that_is_inserted_on_one_sheet_counts_on_another() -> None:
    typed: dict[str, Typed] = {"name": "场地", "subject": "办公费", "count": 1, "price": 4}
    submission = read(form(), with_row_inserted(DATA, "details[0]", typed))
    data = data_of(submission)
    assert [row["name"] for row in data["details"]] == ["培训班", "场地", "教材"]
    assert (str(data["detailed"]), str(data["details"][1]["amount"])) == ("39", "4")
    assert ("M06", *spot("fund_total")) in said(submission)


# -- what officers do with sheets -----------------------------------------------------------------------------------


def without_marks(workbook: openpyxl.Workbook) -> None:
    """Take away all that perfxl wrote to know the sheets by."""
    for sheet in list(workbook.worksheets):
        if sheet.title not in {FIRST, SECOND, THIRD}:
            del workbook[sheet.title]
        else:
            sheet.defined_names.clear()
    properties: Any = workbook
    for name in list(properties.custom_doc_props.names):
        del properties.custom_doc_props[name]


def renamed(workbook: openpyxl.Workbook) -> None:
    for number, name in enumerate((FIRST, SECOND, THIRD), start=1):
        workbook[name].title = f"表{number}"


def reordered(workbook: openpyxl.Workbook) -> None:
    workbook.move_sheet(THIRD, -2)


@pytest.mark.parametrize("change", [without_marks, renamed, reordered])
def test_sheets_that_were_renamed_moved_or_lost_their_marks_are_read(
    change: Callable[[openpyxl.Workbook], None],
) -> None:
    workbook = book()
    change(workbook)
    submission = read(form(), saved(workbook))
    names = ("表1", "表2", "表3") if change is renamed else (FIRST, SECOND, THIRD)
    (returned,) = submission.forms
    assert returned.sheets == names
    assert returned.by is (By.LAYOUT if change is without_marks else By.STAMP)
    assert data_of(submission) == data_of(read(form(), generate(form(), data=DATA)))
    assert {code for code, _, _ in said(submission)} <= {"S04"}


def test_a_hidden_sheet_is_read_and_told() -> None:
    workbook = book()
    workbook[THIRD].sheet_state = "hidden"
    submission = read(form(), saved(workbook))
    assert said(submission) == {("S13", *spot("details[0].name"))}
    assert f"工作表“{THIRD}”被隐藏" in next(one.message for one in submission.findings if one.code == "S13")


@pytest.mark.parametrize("name", [FIRST, SECOND, THIRD])
def test_a_sheet_that_is_not_there_is_told_once_and_the_others_are_read(name: str) -> None:
    workbook = book()
    del workbook[name]
    submission = read(form(), saved(workbook))
    assert said(submission) == {("S01", None, None)}
    (told,) = [one for one in submission.findings if one.code == "S01"]
    assert told.message.startswith(f"少了工作表“{name}”")
    (returned,) = submission.forms
    assert returned.sheets == tuple("" if one == name else one for one in (FIRST, SECOND, THIRD))
    data, whole = data_of(submission), data_of(read(form(), generate(form(), data=DATA)))
    there = {"project_name": FIRST, "goal": SECOND, "details": THIRD}
    for key, sheet in there.items():
        if key == "details":
            names = [row["name"] for row in data["details"]]
            assert names == ([] if sheet == name else [row["name"] for row in whole["details"]])
        else:
            assert data[key] == (None if sheet == name else whole[key])


def test_a_sheet_copied_by_mistake_is_told() -> None:
    workbook = book()
    workbook.copy_worksheet(workbook[SECOND]).title = "附表2 绩效指标 (2)"
    submission = read(form(), saved(workbook))
    assert ("F08" in {one.code for one in submission.findings}) is False  # one project may be handed in more than once
    assert any(one.code == "S01" and "另一份" in one.message for one in submission.findings)


def test_two_copies_of_the_form_in_one_workbook_are_two_returns() -> None:
    other = {**DATA, "project_name": "信息系统", "goal": "系统上线"}
    placed = [sheet for data in (DATA, other) for sheet in layouts(form(), data=data)]
    submission = read(form(), write(placed))
    assert said(submission) == set()
    found = [to_data(form(), one.record) for one in submission.forms]
    assert [(one["project_name"], one["goal"]) for one in found] == [
        ("业务培训", "完成全区业务骨干培训"),
        ("信息系统", "系统上线"),
    ]
    # Sheets belong together by the numbers behind their names, wherever they stand.
    workbook = openpyxl.load_workbook(io.BytesIO(write(placed)))
    workbook.move_sheet(SECOND, 3)
    moved = read(form(), saved(workbook))
    assert [to_data(form(), one.record)["goal"] for one in moved.forms] == [one["goal"] for one in found]


def parts(data: bytes) -> dict[str, bytes]:
    package = Package.open(data, DEFAULT)
    return {name: package.read(name) for name in package.names}


# -- what perfxl writes ---------------------------------------------------------------------------------------------


def test_a_marked_copy_has_marks_on_each_sheet_and_takes_them_off_again() -> None:
    data = changed({path: value for path, (value, _) in PLANTED.items()})
    submission = read(form(), data)
    copy = marked(data, submission)
    listed = openpyxl.load_workbook(io.BytesIO(copy))
    noted = {
        (sheet.title, cell.coordinate) for sheet in listed.worksheets for row in sheet for cell in row if cell.comment
    }
    assert {(sheet, cell) for _, sheet, cell in said(submission)} <= noted
    assert parts(unmark(copy)) == parts(data)


def test_a_formula_typed_over_is_put_back_with_the_sheets_that_it_reads() -> None:
    data = changed({"detailed": 99})
    submission = read(form(), data)
    copy = openpyxl.load_workbook(io.BytesIO(marked(data, submission)))
    sheet, cell = spot("detailed")
    assert copy[sheet][cell].value.startswith("=IF(COUNT('附表3 资金明细'!G5:INDEX(")


@pytest.mark.parametrize("covered", [True, False])
def test_a_workbook_of_a_series_is_what_it_is_when_rendered_by_itself(*, covered: bool) -> None:
    outgoing = [Outgoing.of(form() if covered else replace(form(), cover=None), year=2024)]
    series = Series(outgoing)
    for name, goal in (("甲局", "做好甲"), ("乙局", "做好乙"), ("丙局", "做好丙")):
        own = Own(unit=name, code="01", values={"goal": goal, "project_name": f"{name}项目"})
        assert series.workbook([own]) == write(outgoing[0].layouts(own))


def test_the_sheet_itself_watches_across_sheets() -> None:
    def counts(data: Mapping[str, Any]) -> dict[tuple[str, str], tuple[int, int, int]]:
        watched = zip((FIRST, SECOND, THIRD), watch_form(layouts(form(), data=data)), strict=True)
        return {
            (sheet, line.code + line.want): (int(line.errors.value), int(line.warnings.value), int(line.missing.value))
            for sheet, one in watched
            for line in one.lines
            if line.wrong
        }

    assert counts(DATA) == {}
    items = [{**DATA["details"][0], "price": 4.5}, DATA["details"][1]]
    found = counts({**DATA, "details": items, "reason": None})
    assert set(found) == {
        (FIRST, "M06附表3 各项金额合计等于资金总额"),
        (SECOND, "V01新增理由按要求填写"),
        (THIRD, "Z01每一项不超过附表1 的资金总额"),
    }


def test_a_blank_that_came_back_is_told_once() -> None:
    (told,) = read(form(), generate(form(), year=2024)).findings
    assert (told.code, told.sheet, told.severity) == ("S12", FIRST, Severity.ERROR)
    assert Library.of({NAME: form()}).patterns.keys() == {f"{NAME}#1", f"{NAME}#2", f"{NAME}#3"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- sheet: 附表3 资金明细", "- sheet: 附表2 绩效指标", "两张工作表都叫“附表2 绩效指标”"),
        ("- sheet: 附表3 资金明细", "- sheet: 封面", "工作表不能也叫“封面”"),
        ("  at: amount\n", "  at: fund_total\n", "规则 Z01 的 at 与 each 不在同一张工作表上"),
        ("  columns: {A: 3, B: 7,", "  columns: {B: 7,", "columns 要从 A 起依次写出各列的宽度"),
        (
            "    - {at: B:H, look: plain, label: 附表3}",
            "    - {at: B:K, look: plain, label: 附表3}",
            "这一格超出了可用的列",
        ),
    ],
)
def test_definitions_that_cannot_work_are_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = tmp_path / NAME
    shutil.copytree(HERE / NAME, folder)
    text = (folder / "form.yaml").read_text("utf-8")
    assert old in text
    (folder / "form.yaml").write_text(text.replace(old, new, 1), "utf-8")
    _, problems = lint([folder])
    assert told in {problem.message for problem in problems}


def two_alike(place: Path) -> dict[str, Form]:
    """A form on two sheets that print the same, written into a folder of its own."""
    folder = place / "alike"
    folder.mkdir()
    rows = "columns: {A: 20, B: 20}\nINbands:\nIN- row: [{at: A, label: 金额}, {at: B, field: FIELD, type: money}]\n"
    head = "form: alike\nversion: '1'\ntitle: 两张\nregion: 示例\nstage: declaration\nyear_basis: 年度\nsheet: 甲\n"
    first, second = rows.replace("IN", "").replace("FIELD", "a"), rows.replace("IN", "  ").replace("FIELD", "b")
    (folder / "form.yaml").write_text(f"{head}{first}sheets:\n- sheet: 乙\n  {second}", "utf-8")
    forms, problems = lint([folder])
    assert not problems
    return forms


def test_sheets_that_look_alike_are_told_by_the_trial(tmp_path: Path) -> None:
    forms = two_alike(tmp_path)
    assert any("印的字太像" in problem.message for problem in try_form(forms["alike"]))


def test_what_two_versions_differ_in_is_told_by_sheet() -> None:
    first, second, third = form().sheets
    other = replace(
        form(), sheets=(first, second._replace(name="附表2"), third._replace(widths=(*third.widths, Decimal(9))))
    )
    told = {(change.kind, change.name) for change in changes(form(), other)}
    assert told == {
        (Kind.REMOVED, "工作表“附表2 绩效指标”"),
        (Kind.ADDED, "工作表“附表2”"),
        (Kind.CHANGED, "工作表“附表3 资金明细”的列数"),
    }


def test_a_sheet_that_may_be_one_or_the_other_is_told_by_their_names(tmp_path: Path) -> None:
    forms = two_alike(tmp_path)
    reading = Reading({}, {}, {}, (), 0.9)
    told = in_doubt(Grid("丙", {}), [Candidate("alike", reading, "", 1), Candidate("alike", reading, "", 2)], forms)
    assert told.message == "工作表“丙”按《两张》（示例）的“甲”读取，也可能是《两张》（示例）的“乙”，请核对"
