"""What a definition says of its pages, measured on what LibreOffice prints: size, header and footer, one page, rows together."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from perfxl.api import generate, layout
from perfxl.model.form import Form
from support.cases import form_of
from support.office import Office
from support.trials import HEAD

pytestmark = pytest.mark.client

A3_LANDSCAPE, A4 = (1191, 842), (595, 842)
PAGE = 'page: {paper: A3, orientation: landscape, header: 附件 2, footer: "第 {page} 页，共 {pages} 页"}\ncolumns:'
SINGLE = 'page: {single: true, footer: ""}\ncolumns:'
SIGNED = ("审核意见", "分管领导", "主要负责人", "经办人", "单位盖章")
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="[\d.]+" yMin="([\d.]+)"[^>]*>([^<]*)</word>')


def plan(page: str, rows: int, keep: str = ", keep: true") -> Form:
    signed = "".join(
        f"- {{row: [{{at: A, label: {what}}}, {{at: 'B:F', field: sign{number}, type: text}}], lines: 6"
        f"{keep if number else ''}}}\n"
        for number, what in enumerate(SIGNED)
    )
    table = f"""
- table: items
  columns:
  - {{at: A, label: 名称, field: name, type: text}}
  - {{at: B:F, label: 金额, field: amount, type: money}}
  rows: {rows}
  lines: 2
"""
    return form_of(f"{HEAD.replace('columns:', page, 1)}{table}{signed}rules: []\n")


@cache
def parted() -> int:
    """Return with how many rows a page ends within the signatures where nothing keeps them together."""
    for rows in range(10, 60):
        placed = layout(plan(PAGE, rows, ""))
        at = [cell.box.row for cell in placed.cells if cell.text in SIGNED]
        if any(at[0] <= end < at[-1] for end in placed.breaks):
            return rows
    raise AssertionError


def pages(office: Office, form: Form, folder: Path) -> list[tuple[tuple[int, int], list[tuple[str, float]]]]:
    """Return the pages that are printed of a blank: size in points, words in order with how far down they stand."""
    path = folder / "表.xlsx"
    path.write_bytes(generate(form))
    pdf = office.convert(path, "pdf")
    found = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    return [
        ((round(float(wide)), round(float(high))), [(text, float(top)) for top, text in _WORD.findall(content)])
        for wide, high, content in _PAGE.findall(found)
    ]


def test_size_header_footer_and_rows_that_stay_together(office: Office, tmp_path: Path) -> None:
    printed = pages(office, plan(PAGE, parted()), tmp_path)
    assert len(printed) == 2
    for number, (size, words) in enumerate(printed, start=1):
        assert size == A3_LANDSCAPE
        assert "".join(text for text, top in words if top < 60).startswith("附件2")
        assert "".join(text for text, top in words if top > 780) == f"第{number}页，共2页"
    signed = [{text for text, _ in words} & {*SIGNED} for _, words in printed]
    assert signed == [set(), {*SIGNED}]


def test_one_page_however_long(office: Office, tmp_path: Path) -> None:
    ((size, words),) = pages(office, plan(SINGLE, 60), tmp_path)
    assert size == A4
    assert {*SIGNED, "采购计划表"} <= {text for text, _ in words}
