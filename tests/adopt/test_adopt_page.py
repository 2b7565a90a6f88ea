"""Paper, header and footer of an original, from workbooks of every format."""

from __future__ import annotations

import os
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from adopt_blanks import stripped_of
from openpyxl.styles import Border, Side
from test_adopt_authored import adopted
from test_adopt_authored import forms as authored_forms

from perfxl.adopt.page_lines import page_line
from perfxl.adopt.workbook import sheets_of
from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from support.office import installation

NAME = "monthly-statistics"


def original() -> bytes:
    return stripped_of(generate(authored_forms()[NAME], year=2024), authored_forms()[NAME].sheet)


def with_a_list_beside(data: bytes, *, boxed: bool = False) -> bytes:
    """Return a workbook with a list to choose from outside of what is printed."""
    book: Any = openpyxl.load_workbook(BytesIO(data))
    sheet = book.active
    sheet.protection.sheet = False
    sheet.print_area = f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    sheet["AB2"], sheet["AB3"] = "新增项目", "延续项目"
    if boxed:
        line = Side(style="thin")
        sheet["AB2"].border = Border(left=line, right=line, top=line, bottom=line)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_what_is_not_printed_is_no_part_of_the_form() -> None:
    made, plain = adopted(with_a_list_beside(original())), adopted(original())
    assert "打印区域以外的没有读：AB2:AB3；是表上的，请先改打印区域再读" in [one.text for one in made.remarks]
    assert "延续项目" not in made.text
    assert made.form.widths == plain.form.widths


def test_a_form_that_has_grown_beyond_its_print_area_is_read_whole() -> None:
    (sheet,) = sheets_of(with_a_list_beside(original(), boxed=True))
    assert sheet.unprinted == ()
    assert sheet.columns == 28


def test_paper_header_and_footer_are_those_of_the_original() -> None:
    page = adopted(original()).form.page
    assert (page.paper.value, page.landscape, page.header) == ("A3", True, "分月统计")


def test_a_filled_original_gives_no_header() -> None:
    book: Any = openpyxl.load_workbook(BytesIO(original()))
    book.active["D4"] = "青溪区教育局"
    book.active.oddHeader.center.text = "青溪区教育局"
    buffer = BytesIO()
    book.save(buffer)
    assert "青溪区" not in adopted(buffer.getvalue()).text


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("&C第 &P 页，共 &N 页", "第 {page} 页，共 {pages} 页"),
        ('&L&"宋体,常规"&10附表 2', "附表 2"),
        ("&C&D", ""),
        ("&Lleft&C&KFF0000mid&&dle&Rright", "mid&dle"),
        ("&A &P", ""),
        ("", ""),
        ("{}", ""),
    ],
)
def test_codes_of_a_line(code: str, line: str) -> None:
    assert page_line(code) == line


@pytest.mark.client
@pytest.mark.slow
@pytest.mark.xdist_group("adopt-resaved")
def test_libreoffice_keeps_the_page_in_xls_and_ods(tmp_path: Path) -> None:
    installed = installation()
    assert installed is not None
    (tmp_path / "a.xlsx").write_bytes(with_a_list_beside(original()))
    for suffix in ("xls", "ods"):
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [str(installed.soffice), profile, "--headless", "--convert-to", suffix, "--outdir", str(tmp_path)]
        subprocess.run(
            [*command, str(tmp_path / "a.xlsx")], check=True, capture_output=True, timeout=200, env={**os.environ}
        )
        (sheet,) = sheets_of((tmp_path / f"a.{suffix}").read_bytes())
        assert (sheet.paper.large, sheet.paper.landscape, sheet.paper.header) == (True, True, "分月统计"), suffix
        assert sheet.paper.footer == "第 {page} 页，共 {pages} 页", suffix
        assert sheet.unprinted == ("AB2", "AB3"), suffix
        assert not sheet.hides


def test_a_shipped_form_has_its_usual_footer() -> None:
    assert {form.page.footer for form in load_forms().values()} == {adopted(original()).form.page.footer}
