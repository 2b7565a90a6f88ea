"""What is no form is told, in a message that says what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart

from support.command import Run


def _empty(_book: Any) -> None:
    pass


def _list(book: Any) -> None:
    book.active.append(["序号", "单位", "金额", "备注"])
    for number in range(30):
        book.active.append([number, f"单位{number}", number * 1.5, "已付"])


def _many(book: Any) -> None:
    for number in range(61):
        book.create_sheet(f"表{number}")["A1"] = "项目名称"


def _long(book: Any) -> None:
    book.active["A1"], book.active["B1"], book.active["C1"] = "项目名称", "金额", "备注"
    book.active["A3001"] = "甲"


def _chart(book: Any) -> None:
    book.create_chartsheet("图").add_chart(BarChart())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_empty, "没有内容"),
        (_list, "数据清单"),
        (_many, "超过 60 张"),
        (_long, "超过 3000 行"),
        (_chart, "没有内容"),
    ],
)
def test_a_workbook_that_is_no_form_is_told(make: object, said: str, run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    make(book)  # type: ignore[operator]
    book.save(tmp_path / "a.xlsx")
    ran = run("adopt", tmp_path / "a.xlsx", "-o", tmp_path / "own")
    assert ran.code == 1
    assert said in ran.err
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(("data", "said"), [(b"", "空的"), (b"%PDF-1.7", "PDF"), (b"PK\x03\x04broken", "")])
def test_a_file_that_is_no_workbook_is_told(data: bytes, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    ran = run("adopt", tmp_path / "a.xlsx")
    assert ran.code == 3
    assert said in ran.err
    assert "交回" not in ran.err
