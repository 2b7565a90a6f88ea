"""Lists of codes next to a definition: read, refused, offered by year and group, names filled in."""

from __future__ import annotations

import io

import openpyxl
import pytest
from forms_sample import SMALL

from perfxl.api import generate
from perfxl.forms.compute import compute
from perfxl.forms.definition.load import NOTHING_COMMON, parse
from perfxl.model.code_list import CodeList, Listed
from perfxl.model.form import Form
from perfxl.model.record import Record
from perfxl.writer.list_ranges import Part, range_name

CODES = "编码,名称,大类,停用\n0101,电脑,设备,\n0102,打印机,设备,2023\n0201,电脑,耗材,\n"
LISTS = "lists:\n- {list: kinds, file: 大类.csv}\n- {list: codes, file: 编码.csv, code: 编码, name: 名称, under: 大类, until: 停用}\n"
BANDS = """\
- row:
  - {at: A, label: 大类}
  - {at: B, field: kind, type: choice, list: kinds}
- row:
  - {at: A, label: 编码}
  - {at: B, field: code, type: choice, list: codes, within: kind}
- row:
  - {at: A, label: 品名}
  - {at: B, field: title, type: text, lookup: code}
"""
TEXT = SMALL.replace("bands:\n", f"{LISTS}bands:\n") + BANDS
FILES = (("大类.csv", "大类\n设备\n耗材\n".encode("gb18030")), ("编码.csv", CODES.encode()))


def told(text: str, *files: tuple[str, bytes]) -> str:
    """Return the mistakes in a definition, which must not be sound."""
    form, problems = parse(text, "form.yaml", NOTHING_COMMON, files)
    assert form is None
    return "\n".join(map(str, problems))


def form() -> Form:
    made, problems = parse(TEXT, "form.yaml", NOTHING_COMMON, FILES)
    assert made is not None, problems
    return made


def test_a_list_is_read_with_its_groups_together() -> None:
    listed = form().lists["codes"]
    assert listed.entries[1] == Listed("0102", "打印机", "设备", 2023)
    assert listed.grouped
    assert not form().lists["kinds"].grouped


def test_a_list_may_be_a_workbook() -> None:
    book = openpyxl.Workbook()
    for line in CODES.splitlines():
        book.active.append(line.split(","))  # type: ignore[union-attr] # a new workbook has a sheet
    saved = io.BytesIO()
    book.save(saved)
    text = TEXT.replace("编码.csv", "编码.xlsx")
    made, problems = parse(text, "form.yaml", NOTHING_COMMON, (FILES[0], ("编码.xlsx", saved.getvalue())))
    assert made is not None, problems
    assert made.lists["codes"].entries == form().lists["codes"].entries


def test_another_list_is_another_edition_of_the_form() -> None:
    other, _ = parse(
        TEXT, "form.yaml", NOTHING_COMMON, (FILES[0], ("编码.csv", CODES.replace("0201", "0202").encode()))
    )
    assert other is not None
    assert other.digest != form().digest


@pytest.mark.parametrize(
    ("old", "new", "files", "message"),
    [
        ("编码.csv", "品目.csv", FILES, "没有找到“品目.csv”"),
        ("under: 大类", "under: 类别", FILES, "里没有“类别”这一列"),
        ("list: codes, within", "list: code, within", FILES, "没有名为“code”的清单"),
        ("list: kinds}\n", "list: kinds, choices: [甲]}\n", FILES, "就不能又有 choices"),
        ("within: kind", "within: name", FILES, "within 的“name”不能用"),
        ("lookup: code", "lookup: name", FILES, "lookup 的“name”不能用"),
        ("type: text, lookup", "type: text, required: true, lookup", FILES, "由 lookup 得出"),
        ("list: kinds, file", "list: 大类, file", FILES, "清单的名称“大类”不能用"),
        ("x", "x", (FILES[0], ("编码.csv", (CODES + "0101,又一,设备,\n").encode())), "“0101”前面已经有了"),
        ("x", "x", (FILES[0], ("编码.csv", (CODES + ",无码,设备,\n").encode())), "第 5 行没有代码"),
        ("x", "x", (FILES[0], ("编码.csv", (CODES + "0301,甲,设备,明年\n").encode())), "“明年”不是年度"),
        ("x", "x", (FILES[0], ("编码.csv", b"")), "里没有内容"),
        ("x", "x", (FILES[0], ("编码.csv", b"PK\x03\x04")), "里没有内容"),
    ],
)
def test_a_mistake_is_told(old: str, new: str, files: tuple[tuple[str, bytes], ...], message: str) -> None:
    assert message in told(TEXT.replace(old, new), *files)


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        ("设备", "0101", "电脑"),
        ("耗材", "0201", "电脑"),
        ("耗材", "0101", None),
        (None, "0102", "打印机"),
        (None, None, None),
    ],
)
def test_the_name_of_a_code_is_filled_in(kind: str | None, code: str | None, name: str | None) -> None:
    values = {path: value for path, value in (("kind", kind), ("code", code)) if value is not None}
    assert compute(form(), Record(dict(values))).record["title"] == name


def test_the_sheet_knows_a_code_without_its_group_as_the_import_does() -> None:
    book = openpyxl.load_workbook(io.BytesIO(generate(form(), year=2023)))
    formula = next(str(cell.value) for row in book["小样"].iter_rows() for cell in row if "INDEX(" in str(cell.value))
    kind, code = "B2", "B3"
    alone, grouped = f"MATCH(TRIM({code}),", f'MATCH(TRIM({kind})&"|"&TRIM({code}),'
    assert f"IF(LEN({kind})=0,{alone}" in formula
    assert grouped in formula


def test_what_is_offered_depends_on_the_year_where_entries_end() -> None:
    ending, lasting = form().lists["codes"], form().lists["kinds"]
    assert range_name(ending, 2023, Part.OFFERED) != range_name(ending, 2024, Part.OFFERED)
    assert range_name(lasting, 2023, Part.OFFERED) == range_name(lasting, 2024, Part.OFFERED)
    assert [entry.ended(2024) for entry in ending.entries] == [False, True, False]
    assert not CodeList("x", ()).grouped
