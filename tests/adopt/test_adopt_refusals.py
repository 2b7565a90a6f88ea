"""What is no form is told, in a message that says what it is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from adopt_blanks import bare
from openpyxl.chart import BarChart
from openpyxl.styles import Border, Side

from perfxl.adopt.adopting import adopt
from perfxl.forms.definition.load import read_common, shipped
from support import corpus
from support.command import Run


def _empty(_book: Any) -> None:
    pass


def _list(book: Any) -> None:
    book.active.append(["序号", "单位", "金额", "备注"])
    for number in range(30):
        book.active.append([number, f"单位{number}", number * 1.5, "已付"])


def _titled_list(book: Any) -> None:
    book.active["A1"] = "2024年项目资金支付清单"
    book.active.merge_cells("A1:D1")
    _list(book)


def _forty(book: Any) -> None:
    book.active["A1"] = "项目名称"
    for number in range(39):
        book.create_sheet(f"表{number}")["A1"] = "项目名称"


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
        (_titled_list, "数据清单"),
        (_forty, "工作表“Sheet”“表0”“表1”等 40 张印的字太少"),
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


def _package(part: str, kind: str) -> bytes:
    """Return a package of Office Open XML with one main part."""
    buffer = io.BytesIO()
    spaces = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{spaces}/content-types"><Override PartName="/{part}" ContentType="{kind}"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{spaces}/relationships"><Relationship Id="a" Type="{office}" Target="{part}"/></Relationships>',
        )
        packed.writestr(part, "<document/>")
    return buffer.getvalue()


WORD = _package("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")
BLANK_IN_EXCEL = "要读的是公文附的 Excel 空白表"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"%PDF-1.7", f"PDF 文件，不是 Excel 工作簿。{BLANK_IN_EXCEL}"),
        (b"PK\x03\x04broken", "已损坏或不完整"),
        (WORD, f"Word 文档（.docx），不是 Excel 工作簿。{BLANK_IN_EXCEL}"),
        ("序号,单位\n1,甲\n".encode("gb18030"), f"CSV（纯文本），不是 Excel 工作簿。{BLANK_IN_EXCEL}"),
        (b"\x89PNG\r\n\x1a\n", f"图片（PNG），不是 Excel 工作簿。{BLANK_IN_EXCEL}"),
    ],
)
def test_a_file_that_is_no_workbook_is_told(data: bytes, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    ran = run("adopt", tmp_path / "a.xlsx")
    assert ran.code == 3
    assert said in ran.err
    assert "交回" not in ran.err


@pytest.mark.slow
def test_a_sheet_of_which_no_form_can_be_made_costs_only_itself(run: Run, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(bare("jilin-project-self-eval")))
    line = Side(style="thin")
    box = Border(left=line, right=line, top=line, bottom=line)
    wide = book.create_sheet("宽表")
    for column in range(1, 212):
        wide.cell(1, column, f"项目{column}").border = box
        for row in (2, 3, 4):
            wide.cell(row, column).border = box
    book.save(tmp_path / "a.xlsx")
    ran = run("adopt", tmp_path / "a.xlsx", "-o", tmp_path / "own", "--id", "own")
    assert ran.code == 0
    assert "没有读：工作表“宽表”读出的表样不能用：列太多" in ran.err
    assert (tmp_path / "own" / "own" / "form.yaml").exists()


QUICK = {"packed-wps.xlsx"}


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in corpus.FILES])
def test_what_other_programs_write_is_adopted(name: str) -> None:
    common, _ = read_common(shipped() / "common.yaml")
    made = adopt(corpus.FILES[name], name, common)
    assert max(len(one.form.fields) for one in made.forms) > 10


def test_texts_that_are_left_out_are_listed_in_runs(run: Run, tmp_path: Path) -> None:
    book: Any = openpyxl.Workbook()
    _list(book)
    line = Side(style="thin")
    for row in book.active["A1:D31"]:
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
    book.active.insert_rows(1)
    book.active["A1"] = "支付清单"
    book.save(tmp_path / "a.xlsx")
    ran = run("adopt", tmp_path / "a.xlsx", "-o", tmp_path / "own", "--id", "own")
    assert ran.code == 0
    assert "B3:B32、D3:D32" in ran.err
