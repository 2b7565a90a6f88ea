from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.finding import Finding, Severity, Shown
from perfxl.model.submission import FormReturn, Source, Submission
from perfxl.model.value import WordValue
from perfxl.reporting.findings import COLUMNS, findings_csv
from support.effort import examples


def submission(file: str, *findings: Finding, forms: tuple[FormReturn, ...] = ()) -> Submission:
    return Submission(Source(file, "00", 1, "xlsx"), forms, findings)


def warning(code: str = "M06", message: str = "不符", value: Shown = None, sheet: str | None = "自评表") -> Finding:
    return Finding(code, Severity.WARNING, message, sheet, "C9", "funds.total", "年度资金总额", value, Decimal("1E+2"))


def rows(content: Iterable[bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(content).decode("utf-8-sig"), newline="")))


def test_a_row_has_what_the_finding_has() -> None:
    content = findings_csv([submission("教育/a.xlsx", warning(value=Decimal("867.50")))])
    assert (
        b"".join(content)
        == (
            "\ufefffile,sheet,cell,code,severity,path,label,value,expected,message\r\n"
            '"教育/a.xlsx","自评表","C9","M06","warning","funds.total","年度资金总额","867.50","100","不符"\r\n'
        ).encode()
    )


@pytest.mark.parametrize("mark", [";", "\t", ",", '"', "\n"])
def test_nothing_typed_parts_a_row_whatever_lists_are_parted_by(mark: str) -> None:
    _, line, *rest = (
        b"".join(findings_csv([submission("a.xlsx", warning(value=f"甲{mark}=1+1"))])).decode().split("\r\n")
    )
    assert rest == [""]
    assert [each.strip('"') for each in csv.reader([line], delimiter=",").__next__()][7].endswith("=1+1")
    assert f'"甲{mark.replace(chr(34), chr(34) * 2)}=1+1"' in line


def test_no_findings_leave_the_head() -> None:
    assert rows(findings_csv([submission("a.xlsx")])) == [list(COLUMNS)]


def test_what_a_finding_lacks_is_an_empty_cell() -> None:
    content = findings_csv([submission("a.xlsx", Finding("F01", Severity.ERROR, "这是图片"))])
    assert rows(content)[1] == ["a.xlsx", "", "", "F01", "error", "", "", "", "", "这是图片"]


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋A1",
        "＠x",
        "  =1",
        "　=1",
        "-A1",
    ],
)
def test_what_would_run_is_made_inert(typed: str) -> None:
    assert rows(findings_csv([submission("a.xlsx", warning(value=typed))]))[1][7] == "'" + typed


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (Decimal(-5), "-5"),
        (Decimal("-1234.50"), "-1234.50"),
        ("-5", "-5"),
        ("-1,234.50", "-1,234.50"),
        ("+3.5%", "+3.5%"),
        ("-", "-"),
        ("—", "—"),
        ("≥95%", "≥95%"),
        ("1=1", "1=1"),
        (True, "是"),
        (False, "否"),
        (None, ""),
        (WordValue("≥5个"), "≥5个"),
        (Decimal("1E+999999"), "1E+999999"),
    ],
)
def test_numbers_and_harmless_texts_stay_as_they_are(value: Shown, cell: str) -> None:
    assert rows(findings_csv([submission("a.xlsx", warning(value=value))]))[1][7] == cell


def test_every_column_is_guarded() -> None:
    row = rows(findings_csv([submission("=a.xlsx", warning(message="=1", sheet="@表"))]))[1]
    assert (row[0], row[1], row[9]) == ("'=a.xlsx", "'@表", "'=1")


@settings(max_examples=examples(60))
@given(st.lists(st.text(), max_size=4))
def test_whatever_is_typed_stays_in_its_cell(typed: list[str]) -> None:
    read = rows(findings_csv([submission("a.xlsx", *(warning(value=text) for text in typed))]))
    assert [len(row) for row in read] == [len(COLUMNS)] * (len(typed) + 1)
    assert [row[7].removeprefix("'") for row in read[1:]] == [text.removeprefix("'") for text in typed]


def test_a_name_that_is_no_text_does_not_stop_the_rest() -> None:
    batch = [submission("\udcff.xlsx", warning())]
    assert rows(findings_csv(batch))[1][0] == "?.xlsx"
