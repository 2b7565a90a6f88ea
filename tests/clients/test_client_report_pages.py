"""The report on paper: LibreOffice prints it, and what is printed is measured against GB/T 9704."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest

import perfxl
from perfxl.forms.definition.load import shipped
from support.filings import document, filed
from support.office import Office
from support.typeset import Sheet, sheets

pytestmark = pytest.mark.client

REPORT, TABLE = "hunan-self-eval-report", "hunan-dept-self-eval"
LONG = "财政预算绩效管理单位整体支出自评报告按照要求逐项填写核对无误后报送本级主管部门备案存查" * 60
CLOSING = frozenset("，。；：、）")
TOLERANCE = 1.0  # millimetres, as the standard has it


def sample(form: str, **changes: Any) -> dict[str, Any]:
    text = (shipped() / form / "sample.json").read_text(encoding="utf-8")
    return {**json.loads(text, parse_float=Decimal), **changes}


def printed(folder: Path, office: Office, **changes: Any) -> list[Sheet]:
    """Write a report with its table, see that python-docx opens it, print it."""
    rows = sample(TABLE)["indicators"]
    rows[3]["reason"] = LONG[:500]
    made = {
        "a.json": document("a.xlsx", filed(REPORT, sample(REPORT, **changes), year=2023)),
        "b.json": document("b.xlsx", filed(TABLE, sample(TABLE, indicators=rows), year=2023)),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    (report,) = perfxl.report(folder, folder).reports
    path = folder / report.file
    assert docx.Document(str(path)).tables
    return sheets(office.print_text(path))


@pytest.fixture(scope="module")
def pages(office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[Sheet]:
    return printed(tmp_path_factory.mktemp("report"), office, functions=LONG)


def full(pages: list[Sheet]) -> list[Sheet]:
    """The pages that hold nothing but the long text."""
    found = [page for page in pages if all(line.text in LONG and line.left < 40 for line in page.body)]
    assert len(found) >= 3
    return found


def test_the_paper_is_a4(pages: list[Sheet]) -> None:
    assert {(round(page.width), round(page.height)) for page in pages} == {(210, 297)}


def test_a_page_has_twenty_two_lines(pages: list[Sheet]) -> None:
    assert {len(page.body) for page in full(pages)} == {22}


def test_a_line_has_twenty_eight_characters(pages: list[Sheet]) -> None:
    assert {len(line.text) for page in full(pages) for line in page.body} == {28}


def test_lines_are_28_points_apart(pages: list[Sheet]) -> None:
    for page in full(pages):
        tops = [line.top for line in page.body]
        gaps = {round((below - above) / 25.4 * 72, 1) for above, below in pairwise(tops)}
        assert gaps == {28.0}


def test_characters_are_16_points_less_a_fifth(pages: list[Sheet]) -> None:
    line = full(pages)[0].body[3]
    assert (line.right - line.left) / 25.4 * 72 / 28 == pytest.approx(15.8, abs=0.05)


def test_the_text_begins_28_mm_from_the_left_and_ends_at_156_mm(pages: list[Sheet]) -> None:
    for line in (line for page in full(pages) for line in page.body):
        assert line.left == pytest.approx(28, abs=TOLERANCE)
        assert line.right == pytest.approx(28 + 156, abs=TOLERANCE)


def test_the_text_area_begins_37_mm_from_the_top_and_is_225_mm_high(pages: list[Sheet]) -> None:
    for page in full(pages):
        first, last = page.body[0], page.body[-1]
        half = 28 / 72 * 25.4 / 2
        assert first.middle - half == pytest.approx(
            37, abs=3.5
        )  # where in its line a letter stands is the face's doing
        assert first.middle - half >= 36
        assert last.middle + half <= 37 + 225 + TOLERANCE


def test_no_line_reaches_beyond_the_text_area_but_closing_marks(pages: list[Sheet]) -> None:
    for page in pages:
        for line in page.body:
            beyond = 6.0 if line.text[-1:] in CLOSING else 0.5
            assert line.right <= 28 + 156.1 + beyond
            assert line.left >= 27.5


def test_the_page_number_stands_between_dashes_seven_millimetres_below_the_area(pages: list[Sheet]) -> None:
    for number, page in enumerate(pages, start=1):
        assert page.number.text.replace(" ", "") == f"—{number}—"
        assert page.number.middle - (37 + 225) == pytest.approx(7, abs=TOLERANCE)


def test_page_numbers_are_in_14_points(pages: list[Sheet]) -> None:
    heights = {round(page.number.bottom - page.number.top, 1) for page in pages}
    body = full(pages)[0].body[0]
    (height,) = heights
    assert height / (body.bottom - body.top) == pytest.approx(14 / 16, abs=0.03)


def test_odd_numbers_stand_one_character_from_the_right_and_even_ones_from_the_left(pages: list[Sheet]) -> None:
    character = 14 / 72 * 25.4
    for number, page in enumerate(pages, start=1):
        if number % 2:
            assert page.number.right == pytest.approx(28 + 156 - character, abs=TOLERANCE)
        else:
            assert page.number.left == pytest.approx(28 + character, abs=TOLERANCE)


def test_the_first_line_of_a_paragraph_is_set_in_by_two_characters(pages: list[Sheet]) -> None:
    begins = next(line for page in pages for line in page.body if line.text.startswith(LONG[:10]))
    assert begins.left - 28 == pytest.approx(2 * 15.8 / 72 * 25.4, abs=TOLERANCE)
    assert len(begins.text) == 26


def test_the_title_is_centered_and_in_22_points(pages: list[Sheet]) -> None:
    title = pages[0].body[0]
    assert title.text.replace(" ", "") == "石鼓区教育局2023年绩效自评报告"
    assert (title.left + title.right) / 2 == pytest.approx(28 + 78, abs=TOLERANCE)
    body = full(pages)[0].body[0]
    assert (title.bottom - title.top) / (body.bottom - body.top) == pytest.approx(22 / 16, abs=0.03)


def test_the_table_begins_a_page_and_nothing_of_it_is_cut(pages: list[Sheet]) -> None:
    begins = next(number for number, page in enumerate(pages) if page.body[0].text == "部门整体支出绩效自评表")
    table = pages[begins:]
    said = "".join(line.text for page in table for line in page.body)
    for word in ("预算部门名称", "1051.64万元", "偏差原因分", "家庭对教育满意度", "总分"):
        assert word in said
    for page in table:
        assert all(line.bottom <= 37 + 225 + TOLERANCE for line in page.body)
    reason = "".join(line.text for page in table for line in page.body if line.left > 28 + 133 and line.text in LONG)
    assert reason == LONG[:500]
