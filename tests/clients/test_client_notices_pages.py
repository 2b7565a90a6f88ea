"""The notices on paper: LibreOffice prints them; none takes more than two pages, each is numbered from 1."""

from __future__ import annotations

import datetime as dt

import pytest

import perfxl
from perfxl.model.finding import Finding, Severity
from support.filings import document, filed
from support.office import Office
from support.typeset import Sheet, sheets

pytestmark = pytest.mark.client

TABLE = "hunan-dept-self-eval"
TEXT = "全年执行数大于全年预算数，请核对两处的数，把填错的改正"


def findings(errors: int, warnings: int, length: int) -> tuple[Finding, ...]:
    text = (TEXT * 10)[:length]
    found = [Finding("M05", Severity.ERROR, f"第{number}处{text}", "自评表", f"E{number}") for number in range(errors)]
    doubts = [
        Finding("M09", Severity.WARNING, f"第{number}处{text}", "自评表", f"H{number}") for number in range(warnings)
    ]
    return (*found, *doubts)


@pytest.fixture(scope="module")
def notices(office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[list[Sheet]]:
    """Notices of all lengths, each with its pages."""
    folder = tmp_path_factory.mktemp("notices")
    cases = [
        (errors, warnings, length)
        for length in (10, 45, 200)
        for errors, warnings in ((1, 0), (9, 2), (99, 0), (99, 99))
    ]
    for number, (errors, warnings, length) in enumerate(cases):
        unit = "青溪县" + "教育" * (number + 1) + "局"
        returned = filed(TABLE, {"unit_name": unit}, year=2023, unit=unit, code=f"{number:06}")
        path = folder / f"{number:02}.json"
        path.write_bytes(document(f"交回/{unit}.xlsx", returned, findings=findings(errors, warnings, length)))
        path.with_suffix(".marked.xlsx").write_bytes(b"")
    made = perfxl.notices(folder, folder / "通知.docx", deadline=dt.date(2024, 12, 31))
    assert len(made.notices) == len(cases)
    printed: list[list[Sheet]] = []
    for page in sheets(office.print_text(folder / "通知.docx")):
        if page.number.text.replace(" ", "") == "—1—":
            printed.append([])
        printed[-1].append(page)
    assert len(printed) == len(cases)
    return printed


def test_no_notice_takes_more_than_two_pages(notices: list[list[Sheet]]) -> None:
    assert {len(pages) for pages in notices} == {1, 2}
    assert all(pages[-1].number.text.replace(" ", "") == f"—{len(pages)}—" for pages in notices)


def test_each_begins_with_its_title_and_ends_with_who_says_it(notices: list[list[Sheet]]) -> None:
    for pages in notices:
        said = [line.text.replace(" ", "") for page in pages for line in page.body]
        assert said[:2] == ["关于退回2023年度", "《部门整体支出绩效自评表》的通知"]
        assert "（审核单位盖章）" in said[-4:]
        assert "二、怎样改正" in said


def test_two_pages_are_well_filled_where_there_is_more(notices: list[list[Sheet]]) -> None:
    for pages in notices:
        said = "".join(line.text for page in pages for line in page.body)
        if "其余" in said:
            assert len(pages) == 2
            assert len(pages[1].body) >= 10


def test_the_text_stays_in_its_area(notices: list[list[Sheet]]) -> None:
    for line in (line for pages in notices for page in pages for line in page.body):
        assert line.left >= 27.5
        assert line.right <= 28 + 156.1 + 6
        assert line.bottom <= 37 + 225 + 1


def test_odd_and_even_pages_have_their_number_on_the_outer_side(notices: list[list[Sheet]]) -> None:
    for first, *rest in notices:
        assert first.number.left > 105
        assert all(page.number.right < 105 for page in rest)
