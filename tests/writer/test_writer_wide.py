"""Tables of very many rows: watched by a few formulas a rule, which say what is said row by row."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.api import generate, layout
from perfxl.expr.evaluate import evaluate
from perfxl.model.live import LiveRule
from perfxl.writer.selfcheck.columns import MANY
from perfxl.writer.selfcheck.formula import record_of
from perfxl.writer.selfcheck.hidden import Hidden
from perfxl.writer.selfcheck.lines import CheckLine, watch
from support.cases import form_of
from support.office import Office

pytestmark = pytest.mark.slow

TEXT = """\
form: tiny-wide
version: "1"
title: 人员名册
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 元
unit: unit_name
columns: {A: 8, B: 14, C: 22, D: 12, E: 12, F: 12, G: 12, H: 12, I: 12}
bands:
- title: 人员名册
- row:
  - {at: A, label: 单位名称}
  - {at: "B:D", field: unit_name, type: text, required: true}
  - {at: E, label: 标准}
  - {at: "F:I", field: standard, type: money}
- table: staff
  columns:
  - {at: A, label: 序号, field: no, serial: true}
  - {at: B, label: 姓名, field: name, type: text, length: 20}
  - {at: C, label: 编号, field: number, type: text, required: true, unique: true}
  - {at: D, label: 性质, field: kind, type: choice, choices: [在编, 编外], required: true}
  - {at: E, label: 基本工资, field: base, type: money, decimals: 1}
  - {at: F, label: 津贴, field: extra, type: money, required: "kind = '在编'", blank: "kind = '编外'"}
  - {at: G, label: 合计, field: total, type: money}
  - {at: H, label: 入职, field: since, type: date}
  - {at: I, label: 离职, field: until, type: date}
  rows: ROWS
- row:
  - {at: "A:F", label: 合计}
  - {at: G, field: sums.total, type: money, name: 合计, formula: SUM(staff.total)}
  - {at: "H:I"}
rules:
- {code: M01, each: staff, must: total = base + extra, at: total, say: "合计 {left} 与各项之和 {right} 相差 {gap}"}
- {code: M06, each: staff, must: "SUM(base, extra) <= total", at: total, say: 合计小了}
- {code: M05, each: staff, must: base <= standard, at: base, say: "工资 {left} 高于标准 {right}"}
- {code: M13, each: staff, must: "total <= MAX(staff.base) + AVERAGE(staff.extra)", at: total, say: 合计过大}
- {code: V04, each: staff, must: "IF(kind = '编外', base <= 1000, base <= 5000)", at: base, say: 工资超过标准}
- {code: G01, each: staff, must: "OR(ISBLANK(until), until >= since + 30, UPPER(number) = '001')", at: until, say: 任职太短}
- {code: G02, each: staff, must: "AND(LEN(name) >= 2, NOT(LEFT(number, 1) = '9'), COUNT(base, extra) > 0)", at: name, say: 姓名、编号不对}
- {code: M11, each: staff, must: "MIN(base, total) >= 10", at: base, say: 太小}
- {code: X04, each: staff, must: "YEAR(since) >= 1995", at: since, say: 太早}
- {code: M02, each: staff, must: "name & number <> '张三001'", at: name, say: 不是张三}
"""
ROWS = 400


def _staff(rng: random.Random, number: int) -> dict[str, Any]:
    """A person of whom anything may be wrong or left out."""

    def one_of(*choices: Any) -> Any:
        return rng.choice(choices)

    base, extra = Decimal(rng.randint(0, 60_000)) / 10, Decimal(rng.randint(0, 30_000)) / 100
    year = rng.randint(1991, 2020)
    person = {
        "name": one_of("张三", "李四丰", "王", None, "无"),
        "number": one_of(f"{number:03}", f"9{number}", "001", None),
        "kind": one_of("在编", "编外", None),
        "base": one_of(base, base + Decimal("0.01"), Decimal(5), None),
        "extra": one_of(extra, None),
        "total": one_of(base + extra, base + extra + Decimal("0.01"), base, None),
        "since": one_of(f"{year}-03-05", None),
        "until": one_of(f"{year}-03-25", f"{year + 1}-01-01", None),
    }
    return {key: value for key, value in person.items() if value is not None} or {"name": "张三"}


def _data(seed: int) -> dict[str, Any]:
    rng = random.Random(seed)
    return {"unit_name": "甲县财政局", "standard": Decimal(4500), "staff": [_staff(rng, n) for n in range(320)]}


@pytest.fixture(scope="module")
def lines() -> dict[str, CheckLine]:
    placed = layout(form_of(TEXT.replace("ROWS", str(ROWS))), data=_data(1))
    return {f"{line.code} {line.want}": line for line in watch(placed, placed.sheet, Hidden()).lines}


def test_they_count_what_is_wrong_in_every_row(lines: dict[str, CheckLine]) -> None:
    placed = layout(form_of(TEXT.replace("ROWS", str(ROWS))), data=_data(1))
    record = record_of(placed)
    rules = [rule for rule in placed.live if isinstance(rule, LiveRule) and rule.each]
    assert len(rules) == 14
    for rule in rules:
        broken = [row for row in record.rows("staff") if evaluate(rule.must, record, row) is False]
        (line,) = [line for want, line in lines.items() if want.startswith(f"{rule.code} {rule.want}")]
        counts = [part.value for part in (line.errors, line.warnings, line.missing)]
        assert sum(map(int, counts)) == len(broken) > 0, rule.want
    money = lines["M01 合计与各项之和相差"]
    assert int(money.errors.value) > 0
    assert int(money.warnings.value) > 0, "a cent is a matter of rounding"


def test_the_hidden_sheet_does_not_grow_with_the_rows() -> None:
    sizes = []
    for rows in (MANY, 5 * MANY):
        hidden = Hidden()
        placed = layout(
            form_of(TEXT.replace("ROWS", str(rows)).replace(", unique: true", "").partition("- {code: M02")[0])
        )
        watch(placed, placed.sheet, hidden)
        sizes.append(len(hidden.cells))
    assert sizes[0] == sizes[1] < 150


def test_what_excel_cannot_count_by_columns_is_watched_in_the_first_rows(
    lines: dict[str, CheckLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"V06 编号各行不相同", "M02 不是张三", "M06 合计小了"} <= lines.keys()
    for module in ("hidden", "lines"):
        monkeypatch.setattr(f"perfxl.writer.selfcheck.{module}.MOST_LINES", 300)
    placed = layout(form_of(TEXT.replace("ROWS", str(ROWS))), data=_data(1))
    found = {f"{line.code} {line.want}" for line in watch(placed, placed.sheet, Hidden()).lines}
    assert {"V06 编号各行不相同（看前 300 行）", "M02 不是张三（看前 300 行）", "M06 合计小了"} <= found


@pytest.mark.client
@pytest.mark.parametrize("seed", [1, 2])
def test_libreoffice_counts_the_same(office: Office, tmp_path: Path, seed: int) -> None:
    form = form_of(TEXT.replace("ROWS", str(ROWS)))
    path = tmp_path / "表.xlsx"
    path.write_bytes(generate(form, data=_data(seed)))
    placed = layout(form, data=_data(seed))
    wanted = {
        line.want: tuple(int(part.value) for part in (line.errors, line.warnings, line.missing, line.row))
        for line in watch(placed, placed.sheet, Hidden()).lines
    }
    sheet = office.recalculated(path)["填报自检"]
    numbers = [int(cell[1:]) for cell in sheet if cell.startswith("A") and isinstance(sheet[cell], Decimal)]
    found = {str(sheet[f"B{n}"]): tuple(int(sheet.get(f"{column}{n}") or 0) for column in "FGHI") for n in numbers}
    assert found == wanted
