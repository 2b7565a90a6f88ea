"""One file → one Submission: recognition, identity, and the findings about a workbook as a whole."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.workbook import Workbook

from perfxl.api import generate, layout
from perfxl.demo import type_in
from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Severity
from perfxl.model.grid import Grid
from perfxl.model.roster import Expected
from perfxl.model.submission import By, Status, Submission
from perfxl.package.limits import DEFAULT
from perfxl.receive.examine import examined
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.receive.request import Request
from perfxl.rules.budget import ON_A_SHEET
from support.hunan import SHEET, typed
from support.unrelated import kin, sheets

NAME = "hunan-dept-self-eval"
FORMS = {NAME: load_forms()[NAME]}
LIBRARY = Library.of(FORMS)


@cache
def filled(year: int | None = 2023) -> bytes:
    """The Hunan form filled in by cell through openpyxl."""
    blank = generate(FORMS[NAME], year=year, unit="石鼓区教育局", unit_code="430407")
    placed = layout(FORMS[NAME], year=year, unit="石鼓区教育局", unit_code="430407")
    return type_in(blank, SHEET, typed(placed))


def changed(change: Callable[[Workbook], None]) -> bytes:
    """The same after an officer changed it."""
    book = openpyxl.load_workbook(io.BytesIO(filled()))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes, request: Request | None = None) -> Submission:
    return process(data, "a.xlsx", LIBRARY, request)


def codes(submission: Submission, *severities: Severity) -> set[str]:
    return {f.code for f in submission.findings if f.severity in (severities or tuple(Severity))}


def without_stamp(book: Workbook) -> None:
    """What is left when the form is pasted into a new file."""
    del book["_perfxl"]
    book[SHEET].defined_names.clear()
    without_properties(book)


def without_properties(book: Workbook) -> None:
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined] # the stubs do not know them
    for name in list(properties.names):
        del properties[name]


def test_a_filled_form_is_recognised_by_its_stamp() -> None:
    submission = read(filled())
    (form,) = submission.forms
    assert (form.form, form.by, form.confidence, form.year) == (NAME, By.STAMP, 1.0, 2023)
    assert (form.unit.code, form.unit.name) == ("430407", "石鼓区教育局")
    assert submission.status is Status.ACCEPTED
    assert not codes(submission, Severity.ERROR)


@pytest.mark.slow
@pytest.mark.parametrize(
    "strip",
    [
        lambda book: book[SHEET].defined_names.clear(),
        lambda book: book.remove(book["_perfxl"]),
        without_properties,
    ],
    ids=["name", "sheet", "properties"],
)
def test_one_of_the_three_places_of_the_stamp_may_get_lost(strip: Callable[[Workbook], None]) -> None:
    (form,) = read(changed(strip)).forms
    assert (form.by, form.unit.code) == (By.STAMP, "430407")


def test_without_a_stamp_it_is_recognised_by_its_labels() -> None:
    submission = read(changed(without_stamp))
    (form,) = submission.forms
    assert (form.by, form.year, form.unit.name, form.unit.code) == (By.LAYOUT, 2023, "石鼓区教育局", None)
    assert form.confidence > 0.9
    assert "S04" not in codes(submission)


def test_a_renamed_sheet_keeps_its_stamp() -> None:
    def rename(book: Workbook) -> None:
        book[SHEET].title = "Sheet1"

    (form,) = read(changed(rename)).forms
    assert (form.by, form.sheet) == (By.STAMP, "Sheet1")


def test_a_copied_sheet_claims_the_form_twice() -> None:
    def copy(book: Workbook) -> None:
        book.copy_worksheet(book[SHEET]).title = "自评表 (2)"

    submission = read(changed(copy))
    assert [form.sheet for form in submission.forms] == [SHEET, "自评表 (2)"]
    (twice,) = [f for f in submission.findings if f.code == "F08"]
    assert (twice.severity, twice.sheet) == (Severity.ERROR, "自评表 (2)")


def test_other_sheets_are_said_and_not_read() -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("通讯录").append(["姓名", "电话"])
        book.create_sheet("空表")
        hidden = book.create_sheet("底稿")
        hidden.append(["草稿"])
        hidden.sheet_state = "hidden"

    submission = read(changed(add))
    about = {f.sheet: f.severity for f in submission.findings if f.code == "F07"}
    assert about == {"通讯录": Severity.WARNING, "空表": Severity.INFO, "底稿": Severity.INFO}
    assert submission.status is Status.ACCEPTED


def test_a_workbook_without_a_form_names_the_nearest() -> None:
    book = openpyxl.Workbook()
    book.active.append(["部门整体支出绩效自评表"])  # type: ignore[union-attr]
    book.active.append(["预算部门名称", "石鼓区教育局"])  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    submission = read(buffer.getvalue())
    assert [(f.code, f.severity) for f in submission.findings] == [("F06", Severity.ERROR)]
    assert not submission.forms


def with_sheets(book: Workbook, *grids: Grid) -> bytes:
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for (row, column), cell in grid.cells.items():
            sheet.cell(row, column, str(cell.value))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.slow
def test_unrelated_sheets_are_never_forced_into_a_form() -> None:
    """Alone each is F06, beside a form each is F07; all forms are tried."""
    library, strangers = Library.of(load_forms()), [*sheets().values(), *kin().values()]
    alone = process(with_sheets(Workbook(), *strangers), "a.xlsx", library)
    assert ([f.code for f in alone.findings], alone.forms) == (["F06"], ())
    beside = process(with_sheets(openpyxl.load_workbook(io.BytesIO(filled())), *strangers), "a.xlsx", library)
    assert [form.form for form in beside.forms] == [NAME]
    assert [f.sheet for f in beside.findings if f.code == "F07"] == [grid.name for grid in strangers]
    assert len(strangers) >= 50


def test_another_year_than_asked_for() -> None:
    assert "F09" in codes(read(filled(), Request(year=2024)))
    assert "F09" not in codes(read(filled(), Request(year=2023)))


def test_another_year_in_the_caption_than_the_forms() -> None:
    def change(book: Workbook) -> None:
        book[SHEET]["A2"] = 2022

    submission = read(changed(change))
    (found,) = [f for f in submission.findings if f.code == "S11"]
    assert (found.cell, found.severity, submission.forms[0].year) == ("A2", Severity.WARNING, 2023)
    assert "S11" not in codes(read(filled()))


@pytest.mark.slow
@pytest.mark.parametrize(("until", "told"), [(2023, True), (2024, False), (2026, False)])
def test_a_goal_until_a_year_that_is_over(until: int, *, told: bool) -> None:
    form = load_forms()["hubei-dept-goal"]
    workbook = generate(form, year=2024, data={"overall": {"until": until}})
    submission = process(workbook, "a.xlsx", Library.of({form.id: form}))
    found = [f for f in submission.findings if f.code == "S11"]
    assert [(f.path, f.severity) for f in found] == ([("overall.until", Severity.WARNING)] if told else [])


def test_a_form_asked_for_by_name_skips_recognition() -> None:
    (form,) = read(changed(without_stamp), Request(form=NAME)).forms
    assert form.by is By.OPTION


def test_what_a_form_was_sent_out_as_counts_where_only_one_is_expected() -> None:
    goal = "mof-project-goal"
    request, library = Request(form=goal, expected=(Expected(goal),)), Library.of(load_forms())
    (finding,) = process(filled(), "a.xlsx", library, request).findings
    assert finding.code == "F15"
    assert "《部门整体支出绩效自评表》（湖南），这次收的是《项目支出绩效目标申报表》（全国）" in finding.message
    unstamped = process(changed(without_stamp), "a.xlsx", library, request)
    assert "F15" not in codes(unstamped)
    assert "S01" in codes(unstamped)


def test_the_same_bytes_give_the_same_submission() -> None:
    data = filled()
    assert read(data) == read(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "F01"),
        ("单位,金额\n某局,12\n".encode("gb18030"), "F01"),
        (b"PK\x03\x04" + b"\0" * 50, "F01"),
        (b"%PDF-1.7\n", "F01"),
    ],
    ids=["empty", "csv", "zip", "pdf"],
)
def test_what_cannot_be_read_is_one_finding(data: bytes, code: str) -> None:
    submission = read(data)
    assert [f.code for f in submission.findings] == [code]
    assert submission.status is Status.REJECTED
    assert not submission.forms


def test_a_truncated_file_is_one_finding() -> None:
    test_what_cannot_be_read_is_one_finding(filled()[:4000], "F01")


@pytest.mark.slow
def test_a_slipped_point_is_found_in_a_long_table() -> None:
    form = load_forms()["hubei-dept-goal"]
    amounts = [Decimal(10 + number) for number in range(300)]
    rows = [
        {"name": f"项目{number}", "category": "特定目标", "total_budget": Decimal(400), "year_budget": amount}
        for number, amount in enumerate([*amounts[:7], amounts[7] * 10000, *amounts[8:]])
    ]
    data = {"projects": rows, "funds": {"expense": {"special": {"amount": sum(amounts)}}}}
    submission = process(generate(form, year=2024, data=data), "a.xlsx", Library.of({form.id: form}))
    (found,) = [finding for finding in submission.findings if finding.code == "M10"]
    assert found.path == "projects[7].year_budget"
    assert found.fix.value == Decimal(17)


def test_no_return_has_more_findings_than_anybody_reads() -> None:
    def littered(workbook: Workbook) -> None:
        for row in range(100, 700):
            workbook[SHEET].cell(row, 30, "杂")

    found = read(changed(littered))
    told = [finding for finding in found.findings if finding.code == "S08"]
    assert len(told) == ON_A_SHEET + 1
    assert "另有 400 处" in told[-1].message


def test_a_result_has_an_end() -> None:
    outcome = examined(Request(limits=replace(DEFAULT, max_result=10_000)), "a.xlsx", filled())
    (finding,) = json.loads(outcome.document)["findings"]
    assert (finding["code"], outcome.marked) == ("F03", None)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["填报自检", "_perfxl", "_perfxl_rows", "错误清单"])
@pytest.mark.parametrize("state", ["visible", "hidden"])
def test_a_filled_form_is_never_taken_for_a_sheet_of_ours(name: str, state: Literal["visible", "hidden"]) -> None:
    def disguised(book: Workbook) -> None:
        for sheet in list(book):
            if sheet.title != SHEET:
                del book[sheet.title]
        book[SHEET].defined_names.clear()
        without_properties(book)
        book[SHEET].title = name
        book.create_sheet("空表")
        book[name].sheet_state = state

    found = read(changed(disguised))
    assert [form.sheet for form in found.forms] == [name]
